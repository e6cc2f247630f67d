"""Learns the numbers of intents/learnt.py from outcomes: logistic regressions, and a search along one number at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from intents.learnt import NUMBERS, Learnt, Logistic

# A number is tried at these multiples of itself, and again from where it got better.
_STEPS = (0.75, 1.33)
# Of two values that are as good as each other the one nearer the present stays; a gain of one question in a thousand
# would follow chance.
_WORTH = 0.001
_FOLDS = 10


@dataclass(frozen=True)
class Fitted:
    """A logistic regression and, for judging it, the probability of each case by a model that did not see the case."""

    logistic: Logistic
    held_out: tuple[float, ...]


def fit_logistic(signs: Sequence[Any], outcomes: Sequence[bool]) -> Fitted:
    """Probability of `outcomes` from `signs` (dataclasses of numbers), in ten folds. ValueError with too few of a kind."""
    if min(sum(outcomes), len(outcomes) - sum(outcomes)) < _FOLDS:
        raise ValueError(f"{len(outcomes)} cases, {sum(outcomes)} of them true: there must be {_FOLDS} of each kind")
    names = list(asdict(signs[0]))
    rows = np.array([[float(value) for value in asdict(sign).values()] for sign in signs])
    model = LogisticRegression(max_iter=1000)
    held_out = cross_val_predict(model, rows, np.array(outcomes), cv=_FOLDS, method="predict_proba")[:, 1]
    model.fit(rows, np.array(outcomes))
    weights = dict(zip(names, map(float, model.coef_[0]), strict=True))
    return Fitted(Logistic(float(model.intercept_[0]), weights), tuple(map(float, held_out)))


def search(start: Learnt, quality: Callable[[Learnt], float], rounds: int = 1) -> Iterator[tuple[str, Learnt, float]]:
    """Improve one number after the other; yields each that changed, the numbers from then on and their quality (0 to 1).

    `quality` must be deterministic. A later number is searched with the earlier ones as they were found.
    """
    best, reached = start, quality(start)
    for _ in range(rounds):
        before = reached
        for name in NUMBERS:
            for step in _STEPS:
                improved = False
                while (
                    value := quality(tried := replace(best, **{name: getattr(best, name) * step}))
                ) >= reached + _WORTH:
                    best, reached, improved = tried, value, True
                if improved:
                    yield name, best, reached
                    break
        if reached == before:
            return
