"""Ranks the labels of a short Thai text: a linear model over TF-IDF of words, characters and tone-less characters.

Knows nothing of awards: it takes any texts and labels. Linear models over these channels ranked best on public Thai sets;
ridge regression on one-hot labels is one with a closed form, so that a fit is exact and deterministic (docs/decisions/).
"""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import Ridge

from intents.normalize import skeleton

Floats = npt.NDArray[np.floating]

# Softmax sharpness, set by hand: ridge's scores lie close together, and a softmax of them as they are would be flat.
# The probabilities rank; they are not calibrated.
_SHARPNESS = 9.0
_RIDGE = 0.6
CHANNELS = 3


def _characters(text: str, least: int, most: int) -> list[str]:
    padded = f" {text} "
    return [padded[i : i + n] for n in range(least, most + 1) for i in range(len(padded) - n + 1)]


@dataclass(frozen=True)
class Ranking:
    """Labels with their probabilities (summing to 1), best first."""

    labels: tuple[str, ...]
    probabilities: tuple[float, ...]


class Features:
    """The vocabulary of some texts, and any text's features by it: one row, each of three channels of length 1.

    `words` splits a text into its words.
    """

    def __init__(self, texts: Sequence[str], words: Callable[[str], list[str]]) -> None:
        self._words = words
        self._analyzers: tuple[Callable[[str], list[str]], ...] = (
            self._word_grams,
            lambda text: _characters(text, 2, 5),
            lambda text: _characters(skeleton(text), 2, 4),
        )
        self._channels = [
            TfidfVectorizer(analyzer=analyzer, sublinear_tf=True, dtype=np.float32) for analyzer in self._analyzers
        ]
        self.rows: sparse.csr_matrix = sparse.hstack([c.fit_transform(texts) for c in self._channels], format="csr")
        """The features of `texts`, a row each."""
        self._starts = np.cumsum([0, *(len(channel.vocabulary_) for channel in self._channels)])
        # Features by rows: a question's few features pick out the few rows that share any.
        self._by_feature: sparse.csr_matrix = self.rows.T.tocsr()

    def _word_grams(self, text: str) -> list[str]:
        words = self._words(text)
        return words + [f"{a} {b}" for a, b in itertools.pairwise(words)]

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """The features of other texts, a row each."""
        return sparse.hstack([channel.transform(texts) for channel in self._channels], format="csr")

    def of_one(self, text: str) -> sparse.csr_matrix:
        """As `of` for one text, by the same formula: the library's checks of its input take longer than its sums."""
        columns: list[int] = []
        values: list[Floats] = []
        for channel, analyzer, start in zip(self._channels, self._analyzers, self._starts, strict=False):
            vocabulary = channel.vocabulary_
            counts = Counter(place for gram in analyzer(text) if (place := vocabulary.get(gram)) is not None)
            if counts:
                places = np.fromiter(counts.keys(), dtype=np.int64, count=len(counts))
                frequencies = np.fromiter(counts.values(), dtype=np.float32, count=len(counts))
                weights = (1 + np.log(frequencies)) * channel.idf_[places]
                columns.extend(places + start)
                values.append(weights / np.linalg.norm(weights))
        data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        return sparse.csr_matrix((data, columns, [0, len(columns)]), shape=(1, int(self._starts[-1])))

    def likeness(self, vector: sparse.csr_matrix) -> Floats:
        """Cosine (0 to 1, the mean of the channels) of one row of features to each of the fitted texts."""
        return np.asarray((vector @ self._by_feature).todense()).ravel() / CHANNELS


class Ranker:
    """A linear model from features to labels: `rows` has a row for each of `labels`."""

    def __init__(self, rows: sparse.csr_matrix, labels: Sequence[str]) -> None:
        self.labels = tuple(sorted(set(labels)))
        index = {label: i for i, label in enumerate(self.labels)}
        targets = np.zeros((len(labels), len(self.labels)), dtype=np.float32)
        targets[np.arange(len(labels)), [index[label] for label in labels]] = 1.0
        # Rare labels must not drown: each label's rows weigh the same in sum, up to a point.
        counts = targets.sum(axis=0)
        weights = (targets @ (1.0 / np.sqrt(counts))) * np.sqrt(counts.mean())
        model = Ridge(alpha=_RIDGE, fit_intercept=False, solver="cholesky")
        model.fit(rows, targets, sample_weight=weights)
        self.coefficients: Floats = np.ascontiguousarray(model.coef_.T)
        """A row a feature, a column a label."""

    @classmethod
    def of(cls, labels: tuple[str, ...], coefficients: Floats) -> Ranker:
        """A ranker that was fitted before; `coefficients` has a column for each of `labels`."""
        ranker = cls.__new__(cls)
        ranker.labels, ranker.coefficients = labels, coefficients
        return ranker

    def rank(self, vector: sparse.csr_matrix) -> Ranking:
        """All labels, best first."""
        scores = np.asarray(vector @ self.coefficients).ravel()
        exponents = np.exp(_SHARPNESS * (scores - scores.max()))
        probabilities = exponents / exponents.sum()
        order = np.argsort(-probabilities, kind="stable")
        return Ranking(
            tuple(self.labels[i] for i in order),
            tuple(float(probabilities[i]) for i in order),
        )
