"""What is kept of an evaluation, and what it says about the next one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from intents.evaluation import Judged
from intents.measures import NoiseCost, Share, calibration
from intents.past_run import Changes, Run, changes, run_of
from tests.intents.judged import judged, row, several

THEN = datetime(2025, 6, 1, 10, tzinfo=UTC)
FILE = b"the questions"


def kept(answers: Sequence[Judged], noise: Sequence[NoiseCost] = (), file: bytes = FILE) -> Run:
    """A run as it comes back from where it was kept."""
    return Run.model_validate_json(run_of(answers, noise, THEN, file).model_dump_json())


def compared(now: Sequence[Judged], then: Sequence[Judged], file: bytes = FILE) -> Changes:
    return changes(now, file, kept(then))


def test_what_is_kept_comes_back_whole_and_holds_no_question() -> None:
    answers = several(True, False)
    noise = [NoiseCost("typo", Share(2, 2), Share(1, 2))]
    run = kept(answers, noise)
    assert run == run_of(answers, noise, THEN, FILE)
    assert run.groups["everything"]["labels"] == Share(1, 2)
    assert run.groups["everything"]["content"] == Share(0, 0)
    assert run.calibration == calibration(answers)
    assert [(past.line, past.right) for past in run.rows] == [(2, True), (3, False)]
    assert "ถาม" not in run.model_dump_json()
    assert "\\u0e" not in run.model_dump_json()


def test_the_change_of_a_group_is_in_points() -> None:
    now, then = several(True, True, True, False), several(True, False, False, False)
    change = compared(now, then)
    assert change.same_file
    assert change.points(now, "labels") == pytest.approx(50)
    assert change.points(now, "attribute") == pytest.approx(0)
    assert change.points(now, "content") is None
    assert change.points(now[3:], "labels") == pytest.approx(0)


def test_the_questions_that_became_right_and_wrong_are_told() -> None:
    change = compared(several(True, False, True, False), several(False, True, True, False))
    assert [j.labelled.line for j in change.became(right=True)] == [2]
    assert [j.labelled.line for j in change.became(right=False)] == [3]


def test_missing_content_makes_a_question_wrong_too() -> None:
    needed = replace(row("ก"), contains=(("ต้อง",),))
    change = compared([judged(needed, text="ไม่มี")], [judged(needed, text="ต้องทำ")])
    assert len(change.became(right=False)) == 1
    assert change.points(change.judged, "labels") == pytest.approx(0)
    assert change.points(change.judged, "content") == pytest.approx(-100)


def test_of_a_changed_file_only_the_rows_in_both_are_compared_wherever_they_moved() -> None:
    then = several(True, False, True)
    now = [
        judged(row("ใหม่", 2), subjects=("pmqa",)),
        judged(replace(then[1].labelled, line=3)),
        judged(replace(then[0].labelled, line=4)),
    ]
    change = compared(now, then, b"other questions")
    assert not change.same_file
    assert (change.new, change.gone, change.relabelled) == (1, 1, 0)
    assert change.points(now, "labels") == pytest.approx(50)
    assert change.points(now[:1], "labels") is None
    assert [j.labelled.line for j in change.became(right=True)] == [3]
    assert change.became(right=False) == []


def test_other_labels_are_told_apart_from_other_answers() -> None:
    then = several(True, True)
    relabelled = replace(then[0].labelled, attributes=("apply",))
    change = compared([judged(relabelled), then[1]], then, b"other labels")
    assert (change.new, change.gone, change.relabelled) == (0, 0, 1)
    (wrong,) = change.became(right=False)
    assert change.is_relabelled(wrong)


def test_the_same_question_twice_or_in_another_chat_is_another_row() -> None:
    rows = [row("ก", 2), row("ก", 3), row("ก", 4, "c")]
    then = [judged(rows[0]), judged(rows[1], status="unknown"), judged(rows[2], status="unknown")]
    now = [judged(rows[0]), judged(rows[1]), judged(rows[2], status="unknown")]
    assert [j.labelled.line for j in compared(now, then).became(right=True)] == [3]
    assert compared([judged(replace(rows[0], conversation="d"))], then).new == 1


def test_noise_is_compared_on_the_same_file_only() -> None:
    answers = several(True)
    last = kept(answers, [NoiseCost("typo", Share(9, 10), Share(4, 10))])
    cost = NoiseCost("typo", Share(9, 10), Share(6, 10))
    assert changes(answers, FILE, last).noise_points(cost) == pytest.approx(20)
    assert changes(answers, FILE, last).noise_points(replace(cost, kind="tones")) is None
    assert changes(answers, b"other", last).noise_points(cost) is None
    assert changes(answers, FILE, kept(answers)).noise_points(cost) is None
    assert changes(answers, FILE, last).noise_points(replace(cost, noisy=Share(0, 0))) is None


def test_a_run_without_noise_hands_on_what_was_measured_before_of_the_same_file() -> None:
    answers = several(True)
    last = kept(answers, [NoiseCost("typo", Share(9, 10), Share(4, 10))])
    later = THEN + timedelta(days=1)
    handed_on = run_of(answers, [], later, FILE, last)
    assert handed_on.noise == last.noise
    assert handed_on.noise is not None
    assert (handed_on.date, handed_on.noise.date) == (later, THEN)
    assert run_of(answers, [], later, b"other", last).noise is None
    measured = run_of(answers, [NoiseCost("typo", Share(9, 10), Share(5, 10))], later, FILE, last).noise
    assert measured is not None
    assert (measured.date, measured.kinds) == (later, {"typo": Share(5, 10)})
