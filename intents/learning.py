"""Learns the numbers of intents/learnt.py from outcomes: logistic regressions, and a search along one number at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import cross_val_predict

from intents.learnt import NUMBERS, Learnt, Logistic

# A number is tried at these multiples of itself.
_STEPS = (0.5, 0.75, 0.9, 1.1, 1.25, 1.6)
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
        improved = False
        for name in NUMBERS:
            now = getattr(best, name)
            tried = {step: quality(replace(best, **{name: now * step})) for step in _STEPS}
            top = max(tried.values())
            if top < reached + _WORTH:
                continue
            # The middle of those that are as good stands farthest from where it gets worse.
            as_good = [step for step, value in tried.items() if value == top]
            best, reached, improved = replace(best, **{name: now * as_good[len(as_good) // 2]}), top, True
            yield name, best, reached
        if not improved:
            return
