"""A short Thai text as numbers: TF-IDF of its words, its characters and its tone-less characters."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Mapping, Sequence
from functools import lru_cache
from typing import Protocol

import numpy as np
import numpy.typing as npt
from scipy import sparse

from intents.normalize import skeleton

Floats = npt.NDArray[np.floating]


class Segmenter(Protocol):
    """What finds words in a text."""

    def words(self, text: str) -> Sequence[str]:
        """The words of `text` in order."""


def _characters(text: str, most: int) -> list[str]:
    padded = f" {text} "
    return [padded[i : i + n] for n in range(2, most + 1) for i in range(len(padded) - n + 1)]


def _analyzers(segmenter: Segmenter) -> tuple[Callable[[str], Sequence[str]], ...]:
    """The channels. A wrong cut between words spoils the first, and only that; a lost tone mark all but the last."""

    def word_grams(text: str) -> list[str]:
        found = segmenter.words(text)
        # Which word comes first and which last tells as much as two that follow one another.
        ends = ("", *found, "") if found else ()
        return [*found, *(f"{a} {b}" for a, b in itertools.pairwise(ends))]

    return (word_grams, lambda text: _characters(text, 5), lambda text: _characters(skeleton(text), 4))


class Features:
    """The vocabulary of some texts, and any text's features by it: one row, each of its channels of length 1.

    `vocabularies` has for each channel the number of each of its features; `weights` a weight for every feature.
    """

    def __init__(self, vocabularies: Sequence[Mapping[str, int]], weights: Floats, segmenter: Segmenter) -> None:
        self.vocabularies = tuple(vocabularies)
        self.weights = weights
        self._segmenter = segmenter
        self._analyzers = _analyzers(segmenter)
        self.one = lru_cache(maxsize=64)(self._one)
        """The features of one text, for whoever asks for the same text twice: a matrix of one row, not to be changed."""

    @classmethod
    def fit(cls, texts: Sequence[str], segmenter: Segmenter) -> Features:
        """The vocabulary of `texts`, weighted by inverse document frequency. ValueError where no text has a letter."""
        # Imported here: a process that only ranks does without it.
        from sklearn.feature_extraction.text import TfidfVectorizer

        vocabularies: list[dict[str, int]] = []
        weights: list[Floats] = []
        start = 0
        for analyzer in _analyzers(segmenter):
            channel = TfidfVectorizer(analyzer=analyzer, dtype=np.float32)
            try:
                channel.fit(texts)
            except ValueError:
                # No text has a single feature in this channel.
                vocabularies.append({})
                continue
            vocabularies.append({str(gram): start + int(place) for gram, place in channel.vocabulary_.items()})
            weights.append(channel.idf_)
            start += len(channel.idf_)
        if not any(vocabularies[:1]):
            raise ValueError("empty vocabulary: no text has a word")
        return cls(vocabularies, np.concatenate(weights).astype(np.float32), segmenter)

    def _one(self, text: str) -> sparse.csr_matrix:
        return self.of([text])

    def of(self, texts: Sequence[str]) -> sparse.csr_matrix:
        """The features of `texts`, a row each."""
        places: list[npt.NDArray[np.int32]] = []
        values: list[Floats] = []
        ends = [0]
        for text in texts:
            ends.append(ends[-1])
            for vocabulary, analyzer in zip(self.vocabularies, self._analyzers, strict=True):
                known = [place for place in map(vocabulary.get, analyzer(text)) if place is not None]
                if not known:
                    continue
                found, times = np.unique(np.array(known, dtype=np.int32), return_counts=True)
                weighed = (1 + np.log(times, dtype=np.float32)) * self.weights[found]
                places.append(found)
                values.append((weighed / np.linalg.norm(weighed)).astype(np.float32))
                ends[-1] += len(found)
        data = np.concatenate(values) if values else np.zeros(0, dtype=np.float32)
        columns = np.concatenate(places) if places else np.zeros(0, dtype=np.int32)
        return sparse.csr_matrix((data, columns, np.array(ends, dtype=np.int32)), shape=(len(texts), len(self.weights)))

    def cosines_of_one(self, row: sparse.csr_matrix, by_feature: sparse.csr_matrix) -> Floats:
        """The same of one row: as a matrix times a vector it takes two thirds of the time."""
        cosines: Floats = by_feature[row.indices].T @ row.data
        return cosines / len(self.vocabularies)

    def cosines(self, rows: sparse.csr_matrix, by_feature: sparse.csr_matrix) -> Floats:
        """Cosine (0 to 1, the mean of the channels) of each row to each column of `by_feature`."""
        dense: Floats = (rows @ by_feature).toarray()
        return dense / len(self.vocabularies)

    def reweighted(self, factors: Floats) -> Features:
        """These features, each weight multiplied by its factor."""
        return Features(self.vocabularies, self.weights * factors, self._segmenter)

    def reweighted_rows(self, rows: sparse.csr_matrix, factors: Floats) -> sparse.csr_matrix:
        """Rows that `of` gave, as the reweighted features would give them."""
        data = rows.data * factors[rows.indices]
        text = np.repeat(np.arange(rows.shape[0]), np.diff(rows.indptr))
        channel = np.empty(rows.shape[1], dtype=np.int8)
        for number, vocabulary in enumerate(self.vocabularies):
            channel[np.fromiter(vocabulary.values(), dtype=np.intp, count=len(vocabulary))] = number
        part = text * len(self.vocabularies) + channel[rows.indices]
        lengths = np.sqrt(np.bincount(part, weights=data.astype(np.float64) ** 2))
        scaled = (data / lengths[part]).astype(np.float32)
        return sparse.csr_matrix((scaled, rows.indices, rows.indptr), shape=rows.shape)

    def with_texts(self, texts: Sequence[str]) -> Features:
        """These features and those that `texts` have besides, each weighing as much as most do."""
        vocabularies = [dict(vocabulary) for vocabulary in self.vocabularies]
        size = len(self.weights)
        for text in texts:
            for vocabulary, analyzer in zip(vocabularies, self._analyzers, strict=True):
                for gram in analyzer(text):
                    if gram not in vocabulary:
                        vocabulary[gram] = size
                        size += 1
        usual = float(np.median(self.weights)) if len(self.weights) else 1.0
        weights = np.concatenate([self.weights, np.full(size - len(self.weights), usual, dtype=np.float32)])
        return Features(vocabularies, weights, self._segmenter)
