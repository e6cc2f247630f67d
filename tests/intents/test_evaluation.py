"""Labelled questions: how they are read and judged."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents.evaluation import EvaluationError, Labelled, Outcome, evaluate, judge, read_labelled

HEADER = "question\tsubjects\tattribute\tstatus\tsource_lines\tcontains\tconversation\n"


def write(tmp_path: Path, *rows: str, header: str = HEADER) -> Path:
    file = tmp_path / "asked.tsv"
    file.write_text(header + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return file


def labelled(tmp_path: Path, row: str) -> Labelled:
    (only,) = read_labelled(write(tmp_path, row))
    return only


def outcome(
    subjects: tuple[str, ...] = ("service",),
    attribute: str = "conditions",
    status: str = "answered",
    text: str = "",
    confidence: float = 0.5,
) -> Outcome:
    return Outcome(subjects, attribute, status, text, confidence)


def test_alternatives_and_pieces_are_read(tmp_path: Path) -> None:
    row = labelled(tmp_path, "ถาม “อะไร”\tservice|pmqa/awards\tapply/documents\tanswered/unknown\t1-2\tก/ข|ค\tc1")
    assert row.question == "ถาม “อะไร”"
    assert row.subjects == (frozenset({"service", "pmqa"}), frozenset({"awards"}))
    assert (row.attributes, row.statuses) == (("apply", "documents"), ("answered", "unknown"))
    assert row.contains == (("ก", "ข"), ("ค",))
    assert (row.line, row.conversation) == (2, "c1")


def test_the_last_columns_may_be_missing(tmp_path: Path) -> None:
    file = write(tmp_path, "ถาม\t\tsmalltalk\tcommand", header="question\tsubjects\tattribute\tstatus\n")
    (row,) = read_labelled(file)
    assert (row.contains, row.conversation, row.subjects) == ((), None, (frozenset(),))


@pytest.mark.parametrize(
    ("row", "said"),
    [
        ("ถาม\tservice\tprice\tanswered\t\t\t", "attribute 'price'"),
        ("ถาม\tservice\tdeadline\tmaybe\t\t\t", "status 'maybe'"),
        ("ถาม\tservice.nothing\tdeadline\tunknown\t\t\t", "service.nothing"),
        ("ถาม\tservice\t\tunknown\t\t\t", "attribute ''"),
    ],
)
def test_a_mistake_names_its_line(tmp_path: Path, row: str, said: str) -> None:
    file = write(tmp_path, "ดี\tservice\tdeadline\tunknown\t\t\t", row)
    with pytest.raises(EvaluationError) as raised:
        read_labelled(file)
    assert str(raised.value).startswith("asked.tsv:3: ")
    assert said in str(raised.value)


def test_a_header_that_lacks_columns_says_which(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="lacks attribute, status"):
        read_labelled(write(tmp_path, header="question\tsubjects\n"))


def test_any_of_the_alternatives_is_right(tmp_path: Path) -> None:
    row = labelled(tmp_path, "ถาม\tservice|pmqa/awards\tapply/documents\tanswered/unknown\t\t\t")
    assert judge(row, outcome(("pmqa", "service"), "apply", "unknown")).labels
    assert judge(row, outcome(("awards",), "documents", "answered")).labels


def test_part_of_a_set_is_wrong(tmp_path: Path) -> None:
    row = labelled(tmp_path, "ถาม\tservice|pmqa\tapply\tanswered\t\t\t")
    judged = judge(row, outcome(("service",), "apply", "answered"))
    assert (judged.subject, judged.attribute, judged.status, judged.labels) == (False, True, True, False)
    assert not judge(row, outcome(("service", "pmqa", "awards"), "apply")).subject


def test_what_is_shown_must_hold_every_piece_in_any_spelling_of_its_digits(tmp_path: Path) -> None:
    row = labelled(tmp_path, "ถาม\tservice\tconditions\tanswered\t\t2 พื้นที่/สองพื้นที่|12000\t")
    whole = judge(row, outcome(text="ขยาย ๒ พื้นที่ รวม 12,000 คน"))
    assert (whole.content, whole.missing, whole.right) == (True, (), True)
    part = judge(row, outcome(text="ขยาย 2 พื้นที่"))
    assert (part.content, part.missing, part.labels, part.right) == (False, (("12000",),), True, False)


def test_without_pieces_there_is_no_content_to_judge(tmp_path: Path) -> None:
    judged = judge(labelled(tmp_path, "ถาม\tservice\tconditions\tanswered\t\t\t"), outcome())
    assert (judged.content, judged.right) == (None, True)
    wrong = judge(judged.labelled, outcome(attribute="examples"))
    assert (wrong.content, wrong.right) == (None, False)


@pytest.mark.parametrize("attribute", ["quiz", "reminder", "contact"])
def test_a_command_may_name_no_subject_but_no_wrong_one(tmp_path: Path, attribute: str) -> None:
    row = labelled(tmp_path, f"ถาม\tawards\t{attribute}\tcommand\t\t\t")
    assert judge(row, outcome((), attribute, "command")).labels
    assert not judge(row, outcome(("pmqa",), attribute, "command")).subject


def test_questions_are_asked_in_order_within_their_conversation(tmp_path: Path) -> None:
    rows = read_labelled(
        write(tmp_path, "ก\tservice\tconditions\tanswered\t\t\tc", "ข\tservice\tconditions\tanswered\t\t\t")
    )
    asked: list[tuple[str, str | None]] = []

    def ask(question: str, conversation: str | None) -> Outcome:
        asked.append((question, conversation))
        return outcome()

    assert all(judged.labels for judged in evaluate(rows, ask))
    assert asked == [("ก", "c"), ("ข", None)]
