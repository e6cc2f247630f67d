"""The learnt numbers: how they are learnt, kept and read."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import pytest

from intents.learning import fit_logistic, search
from intents.learnt import FILE, NUMBERS, Learnt, Logistic, learnt, read_learnt, write_learnt


@dataclass(frozen=True)
class Signs:
    speaks: float
    idle: float


def cases(count: int = 200) -> tuple[list[Signs], list[bool]]:
    chance = random.Random(1)
    signs = [Signs(chance.random(), chance.random()) for _ in range(count)]
    return signs, [sign.speaks + 0.2 * chance.random() > 0.6 for sign in signs]


def test_a_logistic_learns_which_sign_speaks() -> None:
    signs, outcomes = cases()
    fitted = fit_logistic(signs, outcomes)
    assert fitted.logistic.weights["speaks"] > 5 * abs(fitted.logistic.weights["idle"])
    assert fitted.logistic.probability(Signs(0.95, 0.5)) > 0.8 > 0.2 > fitted.logistic.probability(Signs(0.05, 0.5))
    assert len(fitted.held_out) == len(signs)


def test_too_few_cases_of_a_kind_say_so() -> None:
    with pytest.raises(ValueError, match="200 cases, 3 of them true"):
        fit_logistic(cases()[0], [True] * 3 + [False] * 197)


def peak(name: str, at: float) -> Callable[[Learnt], float]:
    return lambda numbers: 1 - abs(getattr(numbers, name) - at)


def test_a_search_goes_on_while_it_gets_better_and_leaves_alone_what_does_not_matter() -> None:
    start = Learnt()
    found = list(search(start, peak("entry_from", 0.9)))
    assert [name for name, _, _ in found] == ["entry_from"]
    best = found[-1][1]
    assert abs(best.entry_from - 0.9) < abs(start.entry_from - 0.9) / 2
    assert replace(best, entry_from=start.entry_from) == start


def test_what_makes_no_difference_is_not_changed() -> None:
    assert list(search(Learnt(), lambda numbers: 0.5)) == []


def test_what_is_written_is_read_back(tmp_path: Path) -> None:
    numbers = replace(Learnt(), entry_from=0.123, certainty=Logistic(-1.5, {"confidence": 2.25}))
    write_learnt(numbers, tmp_path / "learnt.json")
    assert read_learnt(tmp_path / "learnt.json") == numbers


@pytest.mark.parametrize("text", ["", "{}", "[]", '{"entry_from": "high"}'])
def test_a_spoilt_file_says_how_to_make_it_anew(tmp_path: Path, text: str) -> None:
    (tmp_path / "learnt.json").write_text(text)
    with pytest.raises(ValueError, match="lertrat learn"):
        read_learnt(tmp_path / "learnt.json")


def test_the_programs_own_numbers_are_all_there_and_within_their_bounds() -> None:
    assert set(json.loads(FILE.read_text("utf-8"))) == {*NUMBERS, "strangeness", "certainty"}
    assert all(0 < getattr(learnt(), name) < 2 for name in NUMBERS)
