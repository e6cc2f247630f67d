"""Words that say something sure by themselves."""

from __future__ import annotations

import pytest

from intents.entities import YearMention, years
from intents.signs import asks_meaning, attributes_told, denies_next, is_past, topics_told


def topics(text: str, named: list[YearMention] | None = None) -> set[str]:
    return {topic for topic, _ in topics_told(text, named or [])}


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ต้องเริ่มภายในกี่ปี", "expansion_start"),
        ("เริ่มภายใน 3 ปี", "expansion_start"),
        ("ต้องทำมากี่ปี", "duration"),
        ("ทำมา 8 เดือนได้ไหม", "duration"),
        ("ทำมาครึ่งปีแล้ว", "duration"),
        ("ย้อนหลังได้กี่ปี", "prior_age"),
        ("ต้องขยายกี่%", "expansion_percent"),
        ("ขยายร้อยละ 80", "expansion_percent"),
        ("ขยาย 2 จังหวัด", "expansion_areas"),
        ("ต้องมีกี่หน่วยงาน", "agency_count"),
        ("ทำ 3 กรม", "agency_count"),
        ("ทำในกรมเดียวได้ไหม", "end_to_end"),
        ("ได้ระดับดีเด่นมา", "prior_level"),
        ("ลดเวลาจาก 30 วัน", "shorter_time"),
    ],
)
def test_a_number_with_its_unit_speaks_for_its_condition(text: str, topic: str) -> None:
    assert topic in topics(text)


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("ย้อนหลังได้กี่ปี", "duration"),
        ("เริ่มภายใน 3 ปี", "duration"),
        ("เกณฑ์ปี 2568", "duration"),
        ("กี่กรรมการ", "agency_count"),
    ],
)
def test_a_number_speaks_for_no_other_condition(text: str, topic: str) -> None:
    assert topic not in topics(text)


def test_what_says_nothing_sure_speaks_for_nothing() -> None:
    assert topics("รางวัลเลิศรัฐคืออะไร") == set()
    assert list(attributes_told("รางวัลเลิศรัฐคืออะไร")) == []


def test_years_told_of_ones_own_work_speak_for_what_counts_from_them() -> None:
    text = "ได้รางวัลปี 64 เริ่มขยายปี 67"
    assert {"expansion_start", "prior_age"} <= topics(text, list(years(text, 2568, 2568)))


def test_every_belief_is_a_share() -> None:
    text = "ภายใน 3 ปี 8 เดือน ย้อนหลัง 50% 2 จังหวัด 3 หน่วยงาน กรมเดียว ดีเด่น ลดเวลา"
    beliefs = [belief for _, belief in topics_told(text, [])]
    assert len(beliefs) >= 7
    assert all(0 < belief < 1 for belief in beliefs)


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("คะแนนเต็มเท่าไหร่", "scoring"),
        ("ใบสมัครกี่หน้า", "documents"),
        ("ปิดรับเมื่อไหร่", "deadline"),
        ("ต้องยื่นภายในวันไหน", "deadline"),
        ("ปีที่แล้วใครได้", "examples"),
    ],
)
def test_a_word_leaves_no_doubt_about_what_is_asked(text: str, attribute: str) -> None:
    assert list(attributes_told(text)) == [attribute]


@pytest.mark.parametrize(("text", "asked"), [("คำว่าเป็นรูปธรรม", True), ("end to end แปลว่าอะไร", True), ("กี่ปี", False)])
def test_a_question_for_a_meaning_is_known(text: str, asked: bool) -> None:
    assert asks_meaning(text) is asked


@pytest.mark.parametrize(
    ("before", "denied"),
    [
        ("เราไม่มี", True),
        ("งานนี้ไม่ใช่", True),
        ("ไม่ได้ทำ", True),
        ("เรา ไม่ได้ ทำ", True),
        ("เปิดเผยไม่ได้ ส่ง", False),
        ("เรามี", False),
        ("ไม่มีใครทำมาก่อนเลย", False),
    ],
)
def test_what_follows_a_denial_is_not_there(before: str, denied: bool) -> None:
    assert denies_next(before) is denied


@pytest.mark.parametrize(
    ("text", "attribute"),
    [
        ("งานนี้เข้าหมวดไหน", "recommend"),
        ("จะยื่นตัวไหนได้บ้าง", "recommend"),
        ("รางวัลที่ให้ชาวบ้านร่วมทำ เรียกว่าอะไร", "definition"),
        ("มีงานไหนได้ดีเด่นบ้าง", "examples"),
        ("ใกล้ปิดแล้วทักมาหน่อย", "reminder"),
    ],
)
def test_a_phrase_leaves_no_doubt_about_what_is_asked(text: str, attribute: str) -> None:
    assert attribute in attributes_told(text)


@pytest.mark.parametrize("text", ["ทำจดหมายแจ้งเตือนภาษีแบบใหม่", "ช่วยบอกทีว่าต้องทำกี่ปี", "ต้องส่งอะไรได้บ้าง"])
def test_a_work_is_no_wish_and_a_demand_no_recommendation(text: str) -> None:
    assert list(attributes_told(text)) == []


def test_what_follows_no_is_meant() -> None:
    assert not denies_next("ไม่ใช่ ของ")
    assert denies_next("ไม่ใช่")


def test_years_since_an_award_are_no_time_of_use() -> None:
    assert topics("ต้องได้รางวัลมากี่ปี") == {"prior_age"}


def test_a_number_that_was_reached_is_past() -> None:
    assert is_past("ขยายไปกี่พื้นที่")
    assert not is_past("ต้องขยายกี่พื้นที่")
