"""What is counted over judged questions, and how noise is put on and measured."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intents.evaluation import evaluate
from intents.measures import (
    Share,
    bin_edges,
    calibration,
    confused_attributes,
    confused_statuses,
    groups,
    noise_cost,
    noised,
)
from intents.noise import KINDS
from tests.intents.judged import RIGHT, judged, row, several


def test_a_share_leaves_out_what_was_not_asked() -> None:
    assert Share.of([True, None, False, True]) == Share(2, 3)
    assert Share(2, 3).value == pytest.approx(2 / 3)


def test_a_difference_is_in_points_and_exact() -> None:
    assert Share(19, 20).points_above(Share(20, 20)) == -5
    assert Share(3, 4).points_above(Share(1, 2)) == 25


def test_every_question_stands_in_the_groups_of_its_chat_status_attribute_and_subject() -> None:
    rows = [row("ก"), row("ข", 3, "c"), row("ค", 4), replace(row("ง", 5), subjects=(frozenset({"pmqa", "best"}),))]
    found = groups([judged(each) for each in rows])
    assert {name: len(chosen) for name, chosen in found.items()} == {
        "everything": 4,
        "single questions": 3,
        "in conversations": 1,
        "status answered": 4,
        "attribute conditions": 4,
        "subject service": 3,
    }


def test_subjects_with_long_names_alike_at_the_beginning_are_groups_of_their_own() -> None:
    rows = [
        replace(row("ก", line), subjects=(frozenset({"participation.effective", last}),))
        for line, last in enumerate(["participation.expanded"] * 3 + ["participation.open"] * 3)
    ]
    found = groups([judged(each) for each in rows])
    assert [len(chosen) for name, chosen in found.items() if name.startswith("subject")] == [3, 3]


def test_what_was_taken_for_another_is_counted_and_an_alternative_is_not() -> None:
    alternatives = replace(row("ค"), attributes=("conditions", "apply"), statuses=("answered", "unknown"))
    answers = [
        judged(row("ก"), attribute="examples"),
        judged(row("ข"), attribute="examples", status="clarify"),
        judged(alternatives, attribute="apply", status="unknown"),
    ]
    assert confused_attributes(answers) == {("conditions", "examples"): 2}
    assert confused_statuses(answers) == {("answered", "clarify"): 1}


def test_a_confidence_that_is_true_has_no_error() -> None:
    measured = calibration(several(*[True] * 9, False, confidence=0.9))
    assert measured is not None
    assert (measured.whole.labels, measured.whole.confidence) == (Share(9, 10), pytest.approx(0.9))
    assert measured.expected_error == pytest.approx(0)
    assert measured.brier == pytest.approx(0.9 * 0.01 + 0.1 * 0.81)


def test_overconfidence_and_doubt_do_not_cancel_out() -> None:
    measured = calibration(several(False, confidence=0.75) + several(True, confidence=0.85))
    assert measured is not None
    assert {low: bin_.labels for low, bin_ in measured.bins.items()} == {0.7: Share(0, 1), 0.8: Share(1, 1)}
    assert measured.expected_error == pytest.approx((0.75 + 0.15) / 2)


@pytest.mark.parametrize(("confidence", "low"), [(0.0, 0.0), (0.5, 0.5), (0.8999, 0.8), (0.95, 0.95), (1.0, 0.95)])
def test_a_bin_begins_at_its_lower_edge_and_certainty_is_in_the_last(confidence: float, low: float) -> None:
    measured = calibration(several(True, confidence=confidence))
    assert measured is not None
    assert list(measured.bins) == [low]
    assert low in [edge for edge, _ in bin_edges()]


def test_asking_back_and_refusing_are_no_answers_to_be_sure_of() -> None:
    assert calibration(several(True, status="clarify") + several(True, status="out_of_scope")) is None
    measured = calibration(several(True, status="clarify") + several(True, status="unknown"))
    assert measured is not None
    assert measured.whole.labels.asked == 1


@pytest.mark.parametrize("kind", KINDS)
def test_noise_changes_the_question_and_nothing_else_of_a_row(kind: str) -> None:
    clean = row("อยากสมัครรางวัลเลิศรัฐ ปี 2568 ได้ไหม", 7)
    (typed,) = noised([clean], kind)
    assert typed.question != clean.question
    assert replace(typed, question=clean.question) == clean
    assert noised([clean], kind) == [typed]
    assert noised([replace(clean, line=8)], kind) == [replace(typed, line=8)], "a row inserted above changes no noise"


def test_noise_that_changes_nothing_is_not_asked_but_a_chat_is_asked_whole() -> None:
    rows = [row("มีกี่ปี", 2), row("ปี 2568 ล่ะ", 3), row("คืออะไร", 4, "c"), row("ปี 2568 ล่ะ", 5, "c"), row("เอ๊ะ", 6, "d")]
    typed = noised(rows, "digits")
    assert [(each.line, each.question) for each in typed] == [(3, "ปี ๒๕๖๘ ล่ะ"), (4, "คืออะไร"), (5, "ปี ๒๕๖๘ ล่ะ")]


def test_noise_is_charged_for_the_questions_that_it_changed() -> None:
    rows = [row("คืออะไร", 2, "c"), row("ปี 2568", 3, "c"), row("ปี 2567", 4)]
    clean = [judged(rows[0]), judged(rows[1]), judged(rows[2], attribute="examples")]
    typed = evaluate(noised(rows, "digits"), lambda question, _: replace(RIGHT, status="unknown"))
    cost = noise_cost("digits", clean, typed)
    assert (cost.kind, cost.clean, cost.noisy) == ("digits", Share(1, 2), Share(0, 2))
