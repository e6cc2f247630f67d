"""The plain ways to find a text's label, to compare with: what anybody would build without this project.

None of them cleans a text up; only the split into words is ours, since Thai has no spaces between words.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Protocol

from rapidfuzz import fuzz, process
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline, make_union
from sklearn.svm import LinearSVC

from intents.ranking_text import general_tokenizer

Predict = Callable[[str], str | None]
"""A text's label; None for no answer."""


class Fit(Protocol):
    """Learns from texts and their labels, one each."""

    def __call__(self, texts: Sequence[str], labels: Sequence[str], /) -> Predict:
        """What finds the label of a text."""


def keywords(texts: Sequence[str], labels: Sequence[str]) -> Predict:
    """The label of the stored text that is exactly the same, the first of several; as LINE's own auto-reply."""
    stored: dict[str, str] = {}
    for text, label in zip(texts, labels, strict=True):
        stored.setdefault(text, label)
    return stored.get


def nearest(texts: Sequence[str], labels: Sequence[str]) -> Predict:
    """The label of the stored text with the greatest rapidfuzz `ratio`."""

    def predict(text: str) -> str:
        _, _, place = process.extractOne(text, texts, scorer=fuzz.ratio)
        return labels[place]

    return predict


def linear(texts: Sequence[str], labels: Sequence[str]) -> Predict:
    """A linear support vector machine over TF-IDF of characters 1–4 and words, all else as scikit-learn has it.

    Raises ValueError where there are fewer than two labels.
    """
    model = make_pipeline(
        make_union(
            TfidfVectorizer(analyzer="char", ngram_range=(1, 4)),
            TfidfVectorizer(analyzer=general_tokenizer().words),
        ),
        LinearSVC(random_state=0),
    )
    model.fit(texts, labels)
    return lambda text: str(model.predict([text])[0])


BASELINES: dict[str, Fit] = {"keywords": keywords, "rapidfuzz": nearest, "linear": linear}
"""By name, the plainest first."""
