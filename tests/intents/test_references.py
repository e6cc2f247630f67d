"""How a question leans on the turn before."""

from __future__ import annotations

import pytest

from intents.phrasebook import SUBJECT_MARK
from intents.references import reference


@pytest.mark.parametrize("text", ["แล้วเงื่อนไขล่ะ", "แล้วล่ะ", f"ส่วน{SUBJECT_MARK}", "เงื่อนไขล่ะ", f"แล้ว {SUBJECT_MARK} ล่ะ"])
def test_a_follow_up_is_known_by_its_first_or_last_word(text: str) -> None:
    assert reference(text).follow_up


@pytest.mark.parametrize("text", ["ทำเสร็จแล้วส่งได้ไหม", "แล้วเสร็จเมื่อไหร่", f"{SUBJECT_MARK}คืออะไร", "เงื่อนไขมีอะไรบ้าง"])
def test_a_question_by_itself_is_no_follow_up(text: str) -> None:
    assert not reference(text).follow_up


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("อันแรก", 0),
        ("ข้อ 1", 0),
        ("อันที่สอง", 1),
        ("ประเภทที่ 3", 2),
        ("อันหลัง", -1),
        ("ประเภทสุดท้ายต้องทำกี่ปี", -1),
        ("ข้อ 12", None),
        ("เงื่อนไขมีอะไรบ้าง", None),
    ],
)
def test_an_ordinal_counts_from_the_first_or_is_the_last(text: str, place: int | None) -> None:
    assert reference(text).ordinal == place


@pytest.mark.parametrize(
    "text", ["ไม่ใช่ หมายถึงอีกอัน", "โทษที เปลี่ยนเป็น pmqa", f"หมายถึง {SUBJECT_MARK}", f"เอาของ {SUBJECT_MARK}"]
)
def test_a_correction_is_known_by_its_beginning(text: str) -> None:
    assert reference(text).correction


@pytest.mark.parametrize("text", ["ทั้งสองอันต่างกันยังไง", "สองประเภทนี้", "ทั้งคู่"])
def test_both_points_at_all_that_was_listed(text: str) -> None:
    assert reference(text).both


@pytest.mark.parametrize(
    "text", [SUBJECT_MARK, f"แล้ว {SUBJECT_MARK} ล่ะ", f"ไม่ใช่ หมายถึง {SUBJECT_MARK}", "อันที่สอง", f"{SUBJECT_MARK} ปี 2570"]
)
def test_a_name_with_nothing_asked_is_bare(text: str) -> None:
    assert reference(text).bare


@pytest.mark.parametrize("text", [f"{SUBJECT_MARK}คืออะไร", f"เงื่อนไข{SUBJECT_MARK}", "อันที่สองต้องทำกี่ปี"])
def test_a_name_with_a_question_is_not_bare(text: str) -> None:
    assert not reference(text).bare


def test_this_one_points_back() -> None:
    assert reference("ประเภทนี้ต้องทำกี่ปี").demonstrative
    assert not reference("ประเภทไหนต้องทำกี่ปี").demonstrative
