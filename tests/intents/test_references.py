"""How a question leans on the turn before."""

from __future__ import annotations

import pytest

from intents.phrasebook import SUBJECT_MARK, YEAR_MARK
from intents.references import reference, without_leaning


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
    ("text", "places"),
    [
        ("ข้อ 1 กับข้อ 3 ต่างกันยังไง", (0, 2)),
        ("ข้อ 2 กับ 4 ต่างกันยังไง", (1, 3)),
        ("ข้อสามสี่ห้าต่างกันยังไง", (2, 3, 4)),
        ("อันแรกต่างกับอันสุดท้ายยังไง", (0, -1)),
        ("ประเภทที่ 2 และประเภทที่ 5", (1, 4)),
        ("ข้อ 3 2 หน่วยงานได้ไหม", ()),
        ("อันแรกต้องกี่ปี", ()),
        ("อันแรกหลังสมัครแล้วต้องทำอะไร", ()),
        ("ข้อ 1 2 หมู่บ้าน", ()),
        ("ประเภทที่ 1, 5 ชุมชน", ()),
    ],
)
def test_several_of_a_list_are_pointed_at_together(text: str, places: tuple[int, ...]) -> None:
    assert reference(text).ordinals == places


def test_the_place_that_stands_first_counts() -> None:
    assert reference("อันหลัง ถ้าได้สาขาหนึ่งล่ะ").ordinal == -1


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


@pytest.mark.parametrize("text", ["อีกอัน", "แล้วอีกตัวล่ะ", "ไม่ใช่ อีกอัน", "อีกประเภทต้องทำกี่ปี", "ไม่ใช่อันนั้น หมายถึงอีกอัน"])
def test_the_other_one_is_the_one_not_talked_about(text: str) -> None:
    assert reference(text).other


@pytest.mark.parametrize("text", ["ขออีกตัวอย่าง", "มีอีกอันไหม", "มีอีกไหม", "อีกเรื่องนึง"])
def test_another_one_is_not_the_other_one(text: str) -> None:
    assert not reference(text).other


@pytest.mark.parametrize(
    "text", ["อีกอันล่ะ", "ไม่ใช่อันนั้น อีกอัน", f"เอ้ย พิมพ์ผิด {SUBJECT_MARK}", "มีอันอื่นอีกไหม", f"แล้ว {YEAR_MARK} ล่ะ"]
)
def test_what_only_points_is_bare(text: str) -> None:
    assert reference(text).bare


def test_not_that_one_points_at_nothing() -> None:
    assert not reference("ไม่ใช่อันนั้น").demonstrative
    assert reference("ไม่ใช่อันแรก อันหลัง").ordinal == -1


def test_a_slip_of_the_thumb_is_a_correction() -> None:
    assert reference(f"เอ้ย พิมพ์ผิด {SUBJECT_MARK}").correction
    assert reference(f"เอ้ย {YEAR_MARK} พิมพ์ผิด").correction


def test_more_of_the_same_follows_up() -> None:
    assert reference("มีอีกไหม").follow_up
    assert reference("มีอันอื่นอีกไหม").follow_up


def test_and_between_two_names_is_no_follow_up() -> None:
    text = f"ส่งทั้ง {SUBJECT_MARK} และ {SUBJECT_MARK} ได้ไหม"
    assert not reference(text).follow_up
    assert without_leaning(text) == text


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("ตัวไหนต้องทำ 2 ปี", f"{SUBJECT_MARK} ต้องทำ 2 ปี"),
        (f"{SUBJECT_MARK}กะ{SUBJECT_MARK}", f"{SUBJECT_MARK} กับ {SUBJECT_MARK}"),
        (f"{SUBJECT_MARK} มันคืออะไร", f"{SUBJECT_MARK} คืออะไร"),
        ("อีกอันพึงพอใจเท่าไหร่", f"{SUBJECT_MARK} พึงพอใจเท่าไหร่"),
    ],
)
def test_what_stands_for_a_name_is_read_as_one(text: str, read: str) -> None:
    assert without_leaning(text) == read
