"""Dates as office staff type them: read, or refused with the reason."""

from __future__ import annotations

from contextlib import suppress
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.date_texts import MONTHS, SHORT_MONTHS
from knowledge.model import ERA, MilestoneDate
from knowledge.typed_dates import TypedDate, UnreadableError, read_date, typed_text

DAY = MilestoneDate(2569, 3, 31)


@pytest.mark.parametrize(
    "text",
    [
        "31/3/2569",
        "31/03/69",
        "31 มี.ค. 69",
        "31 มีค 2569",
        "31มี.ค.2569",
        "31 มีนาคม 2569",
        "31 มีนาคม พ.ศ. 2569",
        "วันที่ 31 มีนาคม 2569",
        "วันอังคารที่ 31 มีนาคม 2569",
        "๓๑/๓/๒๕๖๙",
        " 31 - 3 - 2569 ",
        "31.3.2569",
    ],
)
def test_a_day_in_many_ways(text: str) -> None:
    assert read_date(text) == TypedDate(DAY)


@pytest.mark.parametrize("text", ["", " ", "-", "ยังไม่ประกาศ"])
def test_not_announced(text: str) -> None:
    assert read_date(text) == TypedDate()


@pytest.mark.parametrize("text", ["มี.ค. 2569", "มีนาคม 69", "เดือนมีนาคม 2569", "3/2569"])
def test_a_month(text: str) -> None:
    assert read_date(text) == TypedDate(MilestoneDate(2569, 3))


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("1-15 มี.ค. 2569", (2569, 3, 1), (2569, 3, 15)),
        ("1 – 15 มีนาคม 69", (2569, 3, 1), (2569, 3, 15)),
        ("1-15/3/2569", (2569, 3, 1), (2569, 3, 15)),
        ("28 ก.พ. - 3 มี.ค. 2569", (2569, 2, 28), (2569, 3, 3)),
        ("28 ธ.ค. 2568 ถึง 3 ม.ค. 2569", (2568, 12, 28), (2569, 1, 3)),
        ("1/3/2569 - 15/3/2569", (2569, 3, 1), (2569, 3, 15)),
    ],
)
def test_a_span(text: str, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert read_date(text) == TypedDate(MilestoneDate(*first), MilestoneDate(*last))


@pytest.mark.parametrize("text", ["31/3/2569 16.30 น.", "31 มี.ค. 69 เวลา 16:30", "31 มีนาคม 2569 16:30น."])
def test_with_a_time_of_day(text: str) -> None:
    assert read_date(text) == TypedDate(DAY, None, "16:30")


def test_whole_hours_need_the_word_time() -> None:
    assert read_date("31 มี.ค. 2569 เวลา 9 น.").time == "09:00"


@pytest.mark.parametrize(
    ("text", "because"),
    [
        ("31/2/2569", "ไม่มีวันที่ 31 เดือนนี้มีถึงวันที่ 28"),
        ("31 ก.พ. 69", "ไม่มีวันที่ 31"),
        ("0/3/2569", "ไม่มีวันที่ 0"),
        ("31/13/2569", "ไม่มีเดือนที่ 13"),
        ("31/3/2026", "ดูเหมือนปี ค.ศ. กรุณาเขียนปี พ.ศ. คือ 2569"),
        ("31 มีนาคม 2026", "คือ 2569"),
        ("2026-03-31", "ใช้ปี พ.ศ."),
        ("31/3/256", "ไม่ใช่ปี พ.ศ."),
        ("31/3/25690", "ไม่ใช่ปี พ.ศ."),
        ("31 มี.ค.", "ยังไม่มีปี"),
        ("31", "อ่านวันที่"),
        ("31 มีนา 2569", "ไม่มีเดือนชื่อ"),
        ("15-1 มี.ค. 2569", "ช่วงวันย้อนหลัง"),
        ("มี.ค. 2569 - เม.ย. 2569", "ต้องมีวันที่ทั้งวันแรกและวันสุดท้าย"),
        ("1 - 2 - 3 มี.ค. 2569", "วันแรกและวันสุดท้ายเท่านั้น"),
        ("31/3/2569 25.00 น.", "ไม่มีเวลา 25.00"),
        ("มี.ค. 2569 16.30 น.", "มีเวลาแต่ไม่มีวันที่"),
        ("พรุ่งนี้", "ยังไม่มีปี"),
        ("<script>alert(1)</script>", "อ่านวันที่"),
    ],
)
def test_what_is_refused_says_why(text: str, because: str) -> None:
    with pytest.raises(UnreadableError, match=because):
        read_date(text)


@given(st.dates(date(1960, 1, 1), date(2150, 1, 1)), st.integers(0, 400))
def test_what_is_shown_in_the_field_is_read_back(first: date, more: int) -> None:
    def of(day: date) -> MilestoneDate:
        return MilestoneDate(day.year + ERA, day.month, day.day)

    until = of(first + timedelta(days=more)) if more else None
    assert read_date(typed_text(of(first), until)) == TypedDate(of(first), until)
    assert read_date(typed_text(MilestoneDate(first.year + ERA, first.month))) == TypedDate(
        MilestoneDate(first.year + ERA, first.month)
    )
    for names in (MONTHS, SHORT_MONTHS):
        assert read_date(f"{first.day} {names[first.month - 1]} {first.year + ERA}") == TypedDate(of(first))


@given(st.text(max_size=40))
def test_anything_else_is_refused_and_never_fails(text: str) -> None:
    with suppress(UnreadableError):
        assert isinstance(read_date(text), TypedDate)
