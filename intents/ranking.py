"""Ranks the labels of a short Thai text: kernel ridge regression over TF-IDF of words and characters, then calibrated.

Knows nothing of awards: it takes any texts and labels. The kernel is a function of the cosines between a text and the
fitted ones, which tell at the same time how near each of them is. Why so, and what was measured: docs/decisions/0017.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
from scipy import linalg, sparse

from intents.features import Features, Floats, Segmenter

# Strength of the ridge, on a kernel of 0 to 1. On MASSIVE's dev set best from 0.4 to 0.9 for many texts a label, from 0.2 to 0.4
# for few.
_RIDGE = 0.5
# An added text is to win at once, so it is trusted more than one of thousands.
_RIDGE_OF_ADDED = 0.05
# What the kernel below makes of two texts that have nothing in common.
_LIKENESS_OF_ALL = np.float32(np.exp(-1))
# A feature's weight grows with the fourth root of what a first fit makes of it; the constant keeps features that tell labels
# little from being lost, since they tell texts apart.
_RELEVANCE_POWER = 0.25
_LEAST_RELEVANCE = 0.05
# The scores lie within 0 to 1; so spread out, scikit-learn's usual strength of regularisation fits them.
_SPREAD = 5.0
_CALIBRATION_STEPS = 200
# Before any text, each label is taken to have had this many that scored so much for it and nothing for any other. On MASSIVE
# with 8 texts a label it adds two points, and 1 to 10 of them do as well.
_PURE_WEIGHT = 3.0
_PURE_SCORE = 0.5
# Rows of the kernel matrix made at a time: 500 by 10,000 single-precision numbers are 20 MB.
_BLOCK = 500


class Ranker:
    """Labelled texts, fitted. Safe to share between threads.

    `duals` (texts × labels) is what a text's nearness says for a label; `mixing` (labels × labels) and `bias` make log
    odds of the labels' scores.
    """

    def __init__(
        self,
        features: Features,
        rows: sparse.csr_matrix,
        labels: tuple[str, ...],
        duals: Floats,
        mixing: Floats,
        bias: Floats,
    ) -> None:
        self.features = features
        self.rows = rows
        self.labels = labels
        # Label by label in memory: times one vector, that takes less than half the time of text by text.
        self.duals = np.asfortranarray(duals)
        self.mixing = mixing
        self.bias = bias
        # Features by texts: a question's few features pick out the few texts that share any.
        self._by_feature = rows.T.tocsr()

    @classmethod
    def fit(
        cls, features: Features, rows: sparse.csr_matrix, labels: Sequence[str], groups: Sequence[str] = ()
    ) -> Ranker:
        """Fitted to `rows`, texts as `features` has them, with a label each. Exact, so the same for the same texts.

        `groups` part the texts more finely than the labels do, where those of one label are to be told apart too.
        """
        features, rows, names, duals, held_out = _solved(features, rows, labels, groups)
        mixing, bias = _calibration(held_out, labels, len(names))
        return cls(features, rows, names, duals.astype(np.float32), mixing, bias)

    @staticmethod
    def left_out(
        features: Features, rows: sparse.csr_matrix, labels: Sequence[str], groups: Sequence[str] = ()
    ) -> tuple[tuple[str, ...], Floats]:
        """The labels, and for each text (row) the probability of each of them had it not been fitted itself."""
        _, _, names, _, held_out = _solved(features, rows, labels, groups)
        mixing, bias = _calibration(held_out, labels, len(names))
        return names, _softmax(held_out.astype(np.float32) @ mixing.T + bias)

    def read(self, text: str) -> tuple[Floats, Floats]:
        """The probability of each label (they sum to 1), and the cosine (0 to 1) to each fitted text."""
        cosines = self.features.cosines_of_one(self.features.one(text), self._by_feature)
        odds = self.mixing @ (_kernel(cosines) @ self.duals) + self.bias
        return _softmax(odds), cosines

    def updated(self, kept: Sequence[int], texts: Sequence[str], labels: Sequence[str]) -> Ranker:
        """A ranker of the texts at the places `kept` and of further `texts`, in milliseconds; `labels` are of them all.

        What was fitted stays as it is; the new texts are fitted to what it leaves unexplained of them. So a new text and
        its near likes get its label at once, while the weight of all others is right only after the next whole fit.
        The kernel gives a text some likeness to all others; that share of what comes and goes is taken out of the bias, so
        that what has nothing in common with it stays as it was.
        """
        features = self.features.with_texts(texts)
        places = np.array(kept, dtype=np.intp)
        rows = sparse.csr_matrix(self.rows[places])
        rows.resize(len(kept), len(features.weights))
        names = tuple(sorted(set(labels)))
        column = {name: i for i, name in enumerate(names)}
        old = [(place, column[name]) for place, name in enumerate(self.labels) if name in column]
        duals = np.zeros((len(kept) + len(texts), len(names)), dtype=np.float32)
        # A label that is new is as sure of itself as the others are.
        mixing = np.eye(len(names), dtype=np.float32) * np.diag(self.mixing).mean()
        bias = np.full(len(names), self.bias.mean(), dtype=np.float32)
        gone = np.zeros(len(names), dtype=np.float32)
        left_out = np.setdiff1d(np.arange(len(self.duals)), places)
        for place, now in old:
            duals[: len(kept), now] = self.duals[places, place]
            gone[now] = _LIKENESS_OF_ALL * self.duals[left_out, place].sum()
            mixing[now, [to for _, to in old]] = self.mixing[place, [of for of, _ in old]]
            bias[now] = self.bias[place]
        bias += mixing @ gone
        if texts:
            added = features.of(texts)
            targets = np.zeros((len(texts), len(names)), dtype=np.float32)
            targets[np.arange(len(texts)), [column[label] for label in labels[len(kept) :]]] = 1.0
            left = targets - gone - _kernel(features.cosines(added, rows.T.tocsr())) @ duals[: len(kept)]
            among = _kernel(features.cosines(added, added.T.tocsr())) - _LIKENESS_OF_ALL
            among[np.diag_indices(len(texts))] += _RIDGE_OF_ADDED
            duals[len(kept) :] = linalg.solve(among, left, assume_a="pos")
            bias -= mixing @ (_LIKENESS_OF_ALL * duals[len(kept) :].sum(axis=0))
            rows = sparse.vstack([rows, added], format="csr")
        return Ranker(features, rows, names, duals, mixing, bias)

    def arrays(self) -> dict[str, Any]:
        """All that `from_arrays` needs, as plain arrays."""
        channels = self.features.vocabularies
        return {
            "grams": np.frombuffer(
                "\0".join(gram for channel in channels for gram in channel).encode(), dtype=np.uint8
            ),
            "places": np.array([place for channel in channels for place in channel.values()], dtype=np.int32),
            "channels": np.array([len(channel) for channel in channels]),
            "weights": self.features.weights,
            "data": self.rows.data,
            "indices": self.rows.indices,
            "indptr": self.rows.indptr,
            "labels": np.array(self.labels),
            "duals": self.duals,
            "mixing": self.mixing,
            "bias": self.bias,
        }

    @classmethod
    def from_arrays(cls, arrays: Mapping[str, Any], segmenter: Segmenter) -> Ranker:
        """A ranker that was fitted before. KeyError or ValueError when `arrays` is not what `arrays` gave."""
        grams = arrays["grams"].tobytes().decode().split("\0")
        pairs = iter(zip(grams, arrays["places"].tolist(), strict=True))
        vocabularies = [dict(itertools.islice(pairs, size)) for size in arrays["channels"].tolist()]
        features = Features(vocabularies, arrays["weights"], segmenter)
        shape = (len(arrays["indptr"]) - 1, len(arrays["weights"]))
        rows = sparse.csr_matrix((arrays["data"], arrays["indices"], arrays["indptr"]), shape=shape)
        labels = tuple(map(str, arrays["labels"]))
        return cls(features, rows, labels, arrays["duals"], arrays["mixing"], arrays["bias"])


def _softmax(odds: Floats) -> Floats:
    exponents: Floats = np.exp(odds - odds.max(axis=-1, keepdims=True))
    exponents /= exponents.sum(axis=-1, keepdims=True)
    return exponents


def _solved(
    features: Features, rows: sparse.csr_matrix, labels: Sequence[str], groups: Sequence[str]
) -> tuple[Features, sparse.csr_matrix, tuple[str, ...], Floats, Floats]:
    """The features and rows weighted anew, the labels, each text's duals, and its scores had it not been fitted."""
    relevance = _relevance(_cosines(rows, features), rows, _one_hot(groups or labels)[1])
    features, rows = features.reweighted(relevance), features.reweighted_rows(rows, relevance)
    names, targets = _one_hot(labels)
    kernel = _kernel(_cosines(rows, features))
    # Rare labels must not drown: each label's texts weigh the same in sum, up to a point.
    counts = targets.sum(axis=0)
    weights = (1.0 / np.sqrt(counts))[targets.argmax(axis=1)] * np.sqrt(counts.mean())
    kernel[np.diag_indices(len(labels))] += (_RIDGE / weights).astype(np.float32)
    factor, _ = linalg.lapack.spotrf(kernel, lower=1, overwrite_a=1)
    duals = linalg.cho_solve((factor, True), targets, check_finite=False)
    inverse, _ = linalg.lapack.spotri(factor, lower=1, overwrite_c=1)
    # The closed form of leaving one out.
    return features, rows, names, duals, targets - duals / np.diag(inverse)[:, None]


def _kernel(cosines: Floats) -> Floats:
    """Steeper than the cosine itself, so that near texts count more than many that are a little alike."""
    steeper: Floats = cosines - 1
    return np.exp(steeper, out=steeper)


def _cosines(rows: sparse.csr_matrix, features: Features) -> Floats:
    """Of each row to each, a block at a time: the library's sparse product takes twice the room of its dense result."""
    by_feature = rows.T.tocsr()
    cosines = np.empty((rows.shape[0], rows.shape[0]), dtype=np.float32)
    for start in range(0, rows.shape[0], _BLOCK):
        cosines[start : start + _BLOCK] = features.cosines(rows[start : start + _BLOCK], by_feature)
    return cosines


def _one_hot(labels: Sequence[str]) -> tuple[tuple[str, ...], Floats]:
    names = tuple(sorted(set(labels)))
    index = {name: i for i, name in enumerate(names)}
    targets = np.zeros((len(labels), len(names)), dtype=np.float32)
    targets[np.arange(len(labels)), [index[label] for label in labels]] = 1.0
    return names, targets


def _relevance(cosines: Floats, rows: sparse.csr_matrix, targets: Floats) -> Floats:
    """A factor for each feature, by how much a linear fit makes of it for telling `targets` apart; about 1."""
    cosines[np.diag_indices(len(cosines))] += _RIDGE
    duals = linalg.solve(cosines, targets, assume_a="pos", overwrite_a=True, check_finite=False)
    squares = np.zeros(rows.shape[1])
    for start in range(0, targets.shape[1], _BLOCK // 5):
        squares += ((rows.T @ duals[:, start : start + _BLOCK // 5]) ** 2).sum(axis=1)
    used = np.bincount(rows.indices, minlength=rows.shape[1])
    strengths = np.sqrt(squares)
    usual = float((strengths * used).sum() / max(1, used.sum())) or 1.0
    factors: Floats = ((strengths / usual + _LEAST_RELEVANCE) ** _RELEVANCE_POWER).astype(np.float32)
    return factors


def _calibration(scores: Floats, labels: Sequence[str], size: int) -> tuple[Floats, Floats]:
    """Log odds from held-out scores, by multinomial logistic regression: which labels' scores speak for which label."""
    # Imported here: a process that only ranks does without it.
    from sklearn.linear_model import LogisticRegression

    if size < 2:
        return np.ones((size, size), dtype=np.float32), np.zeros(size, dtype=np.float32)
    names = sorted(set(labels))
    # A label of few texts would not be learnt to be spoken for by its own score.
    pure = np.eye(size, dtype=np.float32) * _PURE_SCORE
    weights = [1.0] * len(labels) + [_PURE_WEIGHT] * size
    model = LogisticRegression(max_iter=_CALIBRATION_STEPS)
    model.fit(np.vstack([scores, pure]) * _SPREAD, [*labels, *names], sample_weight=weights)
    coefficients, bias = model.coef_, model.intercept_
    if size == 2:
        coefficients, bias = np.vstack([-coefficients, coefficients]) / 2, np.array([-bias[0], bias[0]]) / 2
    return (coefficients * _SPREAD).astype(np.float32), bias.astype(np.float32)
