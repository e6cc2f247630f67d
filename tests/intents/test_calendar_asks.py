"""What a question asks of the calendar, as people type it."""

from __future__ import annotations

import pytest

from intents.calendar_asks import CalendarAsk, calendar_ask
from intents.normalize import clean, plain


def read(text: str) -> CalendarAsk:
    return calendar_ask(plain(clean(text)))


@pytest.mark.parametrize(
    ("text", "mode", "kind"),
    [
        ("ปิดรับสมัครวันไหนคะ", "date", "closing"),
        ("สาขาบริการปิดวันไหน", "date", "closing"),
        ("หมดเขตเมื่อไหร่", "date", "closing"),
        ("ส่งได้ถึงวันไหนอะ", "date", "closing"),
        ("ขยายเวลารับสมัครไหม", "date", "closing"),
        ("รอบหน้าเปิดวันไหน", "date", "opening"),
        ("เปิดรับเมื่อไหร่", "date", "opening"),
        ("มอบรางวัลเดือนกันยาใช่มั้ย", "date", "ceremony"),
        ("ประกาศผลวันไหน", "date", "results"),
        ("กรรมการลงพื้นที่ช่วงไหน", "date", "site_visit"),
        ("ประชุมชี้แจงวันไหน", "date", "briefing"),
        ("ส่งเล่มถึงวันไหน", "date", "documents"),
        ("เหลืออีกกี่วัน", "days_left", ""),
        ("เหลืออีกกี่วันปิดรับ", "days_left", "closing"),
        ("อีกกี่วันมอบรางวัล", "days_left", "ceremony"),
        ("ปิดรับไปยัง", "state", "closing"),
        ("ปิดรับแล้วหรือยังคะ", "state", "closing"),
        ("ปิดยังคับ", "state", "closing"),
        ("ยังสมัครทันมั้ย", "state", "closing"),
        ("เปิดยัง", "state", "opening"),
        ("ต่อไปมีอะไร", "next", ""),
        ("แล้วต่อไปคืออะไรคะ", "next", ""),
        ("กำหนดการถัดไปคืออะไร", "next", ""),
        ("อะไรผ่านไปแล้วบ้าง", "passed", ""),
        ("ขอปฏิทินทั้งหมด", "whole", ""),
        ("ปติทินรอบ 70", "whole", ""),
        ("ไทม์ไลน์ทั้งปี", "whole", ""),
        ("กำหนดการ", "whole", ""),
        ("ต้องใช้ data analytics ไหม", "date", ""),
    ],
)
def test_what_is_asked_is_told_by_its_words(text: str, mode: str, kind: str) -> None:
    ask = read(text)
    assert (ask.mode, ask.kind) == (mode, kind)


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("มีนามีอะไรบ้าง", 3),
        ("มี.ค. มีอะไร", 3),
        ("มีค มีอะไรบ้าง", 3),
        ("เดือน 3 มีอะไรบ้าง", 3),
        ("เดือนเมษามีกำหนดการอะไรบ้าง", 4),
        ("ก.พ. มีอะไร", 2),
        ("กุมภามีอะไรบ้าง", 2),
        ("ตุลาคมมีอะไร", 10),
        ("แล้วกันยาล่ะ", 9),
        ("march มีอะไร", 3),
    ],
)
def test_a_month_is_known_by_its_names_and_abbreviations(text: str, month: int) -> None:
    ask = read(text)
    assert (ask.mode, ask.month) == ("month", month)


@pytest.mark.parametrize(("text", "from_now"), [("เดือนนี้มีอะไรบ้าง", 0), ("เดือนหน้ามีอะไร", 1), ("เดือนที่แล้วมีอะไรบ้าง", -1)])
def test_a_month_is_counted_from_this_one(text: str, from_now: int) -> None:
    assert read(text).months_from_now == from_now


@pytest.mark.parametrize(
    "text", ["ก.พ.ร. มีอะไรบ้าง", "ก.พ.ร มีอะไรบ้าง", "ใช้มานานเท่าไหร่ มีอะไรบ้าง", "มีนานไหม อะไรบ้าง", "ตุลาการมีอะไรบ้าง"]
)
def test_words_that_begin_like_a_month_are_none(text: str) -> None:
    assert read(text).mode != "month"


@pytest.mark.parametrize("text", ["ต่อไปมีอะไร", "มีนามีอะไรบ้าง", "เดือนนี้มีอะไรบ้าง", "อะไรผ่านไปแล้วบ้าง"])
def test_short_questions_that_name_no_date_are_sure_by_themselves(text: str) -> None:
    assert read(text).sure


@pytest.mark.parametrize(
    "text", ["ต่อไปมีประเภทอะไร", "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง", "รางวัลมีอะไรบ้าง", "ต่อไปต้องใช้เอกสารอะไร"]
)
def test_other_questions_are_not(text: str) -> None:
    assert not read(text).sure


@pytest.mark.parametrize(
    ("text", "relative"),
    [
        ("ปีนี้ปิดเมื่อไหร่", "this"),
        ("รอบนี้ปิดวันไหน", "this"),
        ("รอบหน้าเปิดวันไหน", "next"),
        ("ปีหน้าเปิดวันไหน", "next"),
        ("ปิดวันไหน", ""),
    ],
)
def test_this_and_the_next_round_are_told_apart(text: str, relative: str) -> None:
    assert read(text).relative == relative


def test_the_file_is_asked_for() -> None:
    assert read("ขอไฟล์ปฏิทิน").file
    assert not read("ขอปฏิทิน").file
