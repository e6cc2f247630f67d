"""The evaluation as a person reads it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from intents.evaluation import Judged
from intents.measures import NoiseCost, Share
from intents.past_run import Changes, changes, run_of
from intents.plain_answers import PlainResult
from intents.report import report
from tests.intents.judged import judged, row, several

THEN = datetime(2025, 6, 1, 10, tzinfo=UTC)
NEEDED = tuple(replace(row(question, line), contains=(("ต้อง",),)) for line, question in enumerate("กขคง", start=2))
ANSWERS = [
    judged(NEEDED[0], text="ต้องทำ"),
    judged(NEEDED[1], text="ต้องทำ", attribute="examples", confidence=0.4),
    judged(NEEDED[2], text="ต้องทำ", subjects=("pmqa",), confidence=0.9, understood="read ค\nby name"),
    judged(NEEDED[3], text="ไม่มี", confidence=0.1),
]


def line_of(text: str, beginning: str) -> str:
    (line,) = [line for line in text.splitlines() if line.strip().startswith(beginning)]
    return line


def against(
    now: Sequence[Judged], then: Sequence[Judged], noise: Sequence[NoiseCost] = (), file: bytes = b""
) -> Changes:
    return changes(now, file, run_of(then, noise, THEN, b""))


def test_without_questions_there_is_nothing_to_report() -> None:
    assert report([]) == "no questions"


def test_shares_are_given_by_group() -> None:
    shown = report(ANSWERS)
    assert shown.splitlines()[0] == "4 questions"
    assert line_of(shown, "everything").split()[1:] == ["4", "50.0%", "75.0%", "75.0%", "100.0%", "75.0%", "of", "4"]
    assert line_of(shown, "subject service").split()[2:4] == ["4", "50.0%"]
    assert "in conversations" not in shown


def test_confusions_are_a_table_of_what_was_asked_by_what_was_understood() -> None:
    answers = [*ANSWERS, judged(row("จ"), attribute="apply"), judged(row("ฉ"), attribute="apply", status="unknown")]
    shown = report(answers)
    heads = shown.splitlines()[shown.splitlines().index(line_of(shown, "asked right")) :][:2]
    assert [line.split() for line in heads] == [
        ["asked", "right", "apply", "examp"],
        ["conditions", "6", "3", "2", "1"],
    ]
    assert line_of(shown, "1  answered →") == "    1  answered → unknown"
    assert "taken for another" not in report(several(True))
    assert "what was given" not in report(several(True))


def test_calibration_says_what_was_right_of_the_answers_of_each_confidence() -> None:
    shown = report(several(True, True, True, False, confidence=0.92) + several(False, status="out_of_scope"))
    assert line_of(shown, "0.90 to 0.95").split() == ["0.90", "to", "0.95", "4", "92.0%", "75.0%", "-17.0"]
    assert line_of(shown, "expected calibration").strip() == (
        "expected calibration error 0.170, Brier score 0.216"  # (3 · 0.08² + 0.92²) / 4
    )
    assert line_of(shown, "refused").split()[2:] == ["1", "50.0%", "0.0%", "-50.0"]
    assert "asked back" not in shown


def test_the_most_confident_miss_comes_first_with_what_was_understood() -> None:
    shown = report(ANSWERS)
    misses = shown[shown.index("misses,") :].splitlines()
    assert misses[0] == "misses, the most confident first (3):"
    assert misses[1:5] == [
        "  4: ค",
        "      wanted service conditions answered; got pmqa conditions answered (0.90)",
        "      read ค",
        "      by name",
    ]
    assert [line.strip() for line in misses if line[2:3].isdigit()] == ["4: ค", "3: ข", "5: ง"]
    assert misses[-1].endswith("(0.10); lacks ต้อง")
    assert report(ANSWERS, misses=1).count("wanted") == 1


def test_noise_that_costs_more_than_five_points_is_marked() -> None:
    costs = [NoiseCost("typo", Share(20, 20), Share(19, 20)), NoiseCost("slang", Share(20, 20), Share(18, 20))]
    shown = report(ANSWERS, noise=[*costs, NoiseCost("digits", Share(0, 0), Share(0, 0))])
    assert line_of(shown, "typo").split() == ["typo", "20", "100.0%", "95.0%", "-5.0"]
    assert line_of(shown, "slang").split()[:5] == ["slang", "20", "100.0%", "90.0%", "-10.0"]
    assert line_of(shown, "slang").endswith("more than 5 points below")
    assert line_of(shown, "digits").split() == ["digits", "0", "–", "–"]
    assert line_of(shown, "all kinds").split()[2:6] == ["40", "100.0%", "92.5%", "-7.5"]
    assert "noise" not in report(ANSWERS)


def test_plain_methods_stand_beside_ours_with_single_questions_apart() -> None:
    rows = [row("ก"), row("ข", 3, "c")]
    answers = [judged(rows[0], attribute="apply"), judged(rows[1])]
    plain = [judged(rows[0]), judged(rows[1], status="unknown")]
    shown = report(answers, plain=[PlainResult("linear", 7, plain, [1.0, 2.0, 6.0])], milliseconds=[3.0, 4.0, 5.0])
    assert "taught the same 7 phrasings" in shown
    ours = ["ours", "50.0%", "100.0%", "50.0%", "100.0%", "0.0%", "100.0%", "0.0%", "100.0%", "4.00"]
    assert line_of(shown, "ours").split() == ours
    linear = ["linear", "50.0%", "100.0%", "100.0%", "50.0%", "100.0%", "100.0%", "100.0%", "100.0%", "2.00"]
    assert line_of(shown, "linear").split() == linear


def test_each_group_stands_beside_its_change_since_the_last_run() -> None:
    now = [*several(True, True, True, False), judged(replace(row("ค", 6), contains=(("ต้อง",),)), text="ต้อง")]
    then = [*several(True, False, True, False), judged(replace(row("ค", 6), contains=(("ต้อง",),)))]
    shown = report(now, changes=against(now, then))
    assert "last run, 2025-06-01 10:00" in shown
    everything = ["5", "80.0%", "+20.0", "80.0%", "100.0%", "100.0%", "100.0%", "of", "1", "+100.0"]
    assert line_of(shown, "everything").split()[1:] == everything
    assert "has changed" not in shown
    assert shown.index("became right since the last run: 2:") < shown.index("  3: ถาม 3") < shown.index("  6: ค")
    assert "became wrong since the last run: 0" in shown.splitlines()
    same = report(now, changes=against(now, now))
    assert line_of(same, "everything").split()[1:4] == ["5", "80.0%", "="]


def test_a_changed_file_is_told_and_what_is_not_in_both_has_no_change() -> None:
    now = [*several(True, True), judged(row("ใหม่", 9, "c"))]
    shown = report(now, changes=against(now, several(False, True, True), file=b"changed"))
    assert "has changed since: 1 new, 1 gone, 0 with other labels; the changes count the 2 questions in both." in shown
    assert line_of(shown, "everything").split()[1:4] == ["3", "100.0%", "+50.0"]
    assert line_of(shown, "in conversations").split()[2:5] == ["1", "100.0%", "100.0%"]


def test_a_question_that_became_wrong_by_its_label_is_marked() -> None:
    then = several(True, True)
    now = [judged(replace(then[0].labelled, attributes=("apply",))), then[1]]
    shown = report(now, changes=against(now, then, file=b"changed"))
    assert "  2: ถาม 2  (other labels now)" in shown.splitlines()


def test_at_most_twenty_changed_questions_are_listed() -> None:
    now, then = several(*[True] * 25), several(*[False] * 25)
    shown = report(now, changes=against(now, then))
    listed = shown[shown.index("became right") : shown.index("became wrong")].splitlines()
    assert listed[0] == "became right since the last run: 25, the first 20:"
    assert sum("ถาม" in line for line in listed) == 20


def test_noise_and_calibration_stand_beside_those_of_the_last_run() -> None:
    now, then = several(True, confidence=0.9), several(True, confidence=0.8)
    costs = [NoiseCost("typo", Share(10, 10), Share(7, 10))]
    past = [NoiseCost("typo", Share(10, 10), Share(5, 10))]
    shown = report(now, noise=costs, changes=against(now, then, past))
    assert line_of(shown, "typo").split()[:6] == ["typo", "10", "100.0%", "70.0%", "+20.0", "-30.0"]
    assert "error 0.100 (was 0.200), Brier score 0.010 (was 0.040)" in shown
    other = report(now, noise=costs, changes=against(now, then, past, file=b"changed"))
    assert line_of(other, "typo").split()[:5] == ["typo", "10", "100.0%", "70.0%", "-30.0"]
    assert "was" not in other


def test_noise_of_an_earlier_run_than_the_last_names_its_day() -> None:
    answers, costs = several(True), [NoiseCost("typo", Share(10, 10), Share(5, 10))]
    earlier = run_of(answers, costs, THEN, b"")
    last = run_of(answers, [], THEN + timedelta(days=3), b"", earlier)
    shown = report(answers, noise=costs, changes=changes(answers, b"", last))
    assert "compared with those of 2025-06-01 10:00" in shown
    assert line_of(shown, "typo").split()[4] == "="
    assert "compared with those" not in report(answers, noise=costs, changes=changes(answers, b"", earlier))
    assert "compared with those" not in report(answers, noise=costs, changes=changes(answers, b"edited", last))


def test_the_report_fits_a_terminal() -> None:
    attributes = ("definition", "conditions", "deadline", "examples", "comparison", "documents", "apply", "scoring")
    more = ("advice", "recommend", "quiz", "reminder", "contact", "smalltalk", "out_of_scope")
    wrong = [
        judged(replace(row("ก", line), contains=(("ข",),)), attribute=attribute)
        for line, attribute in enumerate(attributes + more, start=2)
    ]
    plain = [PlainResult("rapidfuzz", 9000, [judged(j.labelled, **{}) for j in wrong], [1.0])]
    costs = [NoiseCost("elongation", Share(1000, 1000), Share(1, 1000))]
    shown = report(wrong, 0, noise=costs, plain=plain, milliseconds=[1.0], changes=against(wrong, wrong, costs))
    assert max(len(line) for line in shown.splitlines()) <= 120
    assert "scori" in shown


def test_the_times_are_last() -> None:
    times = [float(ms) for ms in range(100)]
    assert report(ANSWERS, milliseconds=times).splitlines()[-1] == "ms a question: median 50.0, 99th percentile 99.0"
