"""Ranks the labels of any short Thai text, from the text as it was typed: clean-up, features and model in one object.

It learns from pairs of text and label alone, so that what the product reads with can be measured on any labelled texts.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from intents.features import Features
from intents.normalize import clean, plain
from intents.ranking import Ranker
from intents.tokenize import Tokenizer


@dataclass(frozen=True)
class TextRanker:
    """A fitted model with what prepares a text for it; safe to share between threads."""

    _tokenizer: Tokenizer
    _ranker: Ranker

    def best(self, text: str) -> str:
        """The most probable label of a text as it was typed."""
        probabilities, _ = self._ranker.read(_prepared(text, self._tokenizer))
        return self._ranker.labels[int(probabilities.argmax())]


@cache
def general_tokenizer() -> Tokenizer:
    """The tokenizer without any round's words, built once: its dictionary takes a second."""
    return Tokenizer()


def classifier(texts: Sequence[str], labels: Sequence[str]) -> TextRanker:
    """Fit a ranker to texts as they were typed, with the label of each; deterministic.

    Raises ValueError where no text has a word.
    """
    tokenizer = general_tokenizer()
    prepared = [_prepared(text, tokenizer) for text in texts]
    features = Features.fit(prepared, tokenizer)
    return TextRanker(tokenizer, Ranker.fit(features, features.of(prepared), labels))


def _prepared(text: str, tokenizer: Tokenizer) -> str:
    """As a question is prepared in matcher.py, but for the marks of the awards' names."""
    return plain(clean(text, tokenizer.coverage))
