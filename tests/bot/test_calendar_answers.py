"""What is told of a calendar, without any question in words."""

from __future__ import annotations

from datetime import date, time

import pytest

from bot.calendar_answers import Calendar, month_answer
from bot.calendar_rounds import round_after, round_asked
from bot.flex import plain
from bot.turn import Answer
from intents.calendar_asks import CalendarAsk
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge, Milestone
from tests.knowledge.dated_round import dated, step

SEED = load_knowledge()
TODAY = date(2026, 3, 10)
OPENING = step("opening", (2569, 2, 2), name="เปิดรับสมัคร")
CLOSING = step("closing", (2569, 3, 31), name="ปิดรับสมัคร", time="16:30")


def calendar(*steps: Milestone, today: date = TODAY, at: time = time(10), subject: str = "awards") -> Calendar:
    knowledge = Knowledge({2569: dated(SEED.newest, *steps)})
    return Calendar(knowledge, knowledge.rounds[2569], subject, today, at)


def told(found: Answer | None) -> str:
    assert found is not None
    return plain([found])


def test_what_is_cancelled_is_said_to_be_and_counts_for_nothing() -> None:
    steps = (OPENING, step("ceremony", (2569, 9, 11), name="พิธีมอบรางวัล", cancelled=True))
    found = calendar(*steps).answer(CalendarAsk("date", "ceremony"))
    assert told(found).startswith("ยกเลิกแล้ว: พิธีมอบรางวัล วันศุกร์ที่ 11 กันยายน 2569")
    assert "ยกเลิกแล้ว\nพิธีมอบรางวัล: วันศุกร์ที่ 11 กันยายน 2569" in told(calendar(*steps).whole())


def test_a_cancelled_closing_is_no_closing() -> None:
    steps = (OPENING, step("closing", (2569, 3, 5), name="ปิดรับสมัคร", cancelled=True))
    assert told(calendar(*steps).answer(CalendarAsk("state", "closing"))).startswith("เปิดรับแล้วค่ะ แต่ยังไม่ประกาศวันปิดรับ")


def test_what_stands_in_the_calendar_without_a_date_is_not_known() -> None:
    found = calendar(OPENING, step("results", name="ประกาศผล")).answer(CalendarAsk("date", "results"))
    assert found is not None
    assert (found.status, found.gist) == ("unknown", "ประกาศผล รอบปี 2569 ยังไม่ประกาศค่ะ")


def test_of_what_the_calendar_does_not_hold_nothing_is_said_here() -> None:
    assert calendar(OPENING).answer(CalendarAsk("date", "ceremony")) is None
    assert calendar().answer(CalendarAsk("next")) is None
    assert calendar().answer(CalendarAsk("whole")) is None
    assert calendar().answer(CalendarAsk("state", "closing")) is None


def test_a_span_that_has_begun_says_until_when() -> None:
    visits = step("site_visit", (2569, 3, 9), until=(2569, 3, 20), name="ตรวจประเมิน")
    assert "9–20 มีนาคม 2569 (อยู่ในช่วงนี้ ถึง 20 มี.ค. 2569)" in told(
        calendar(visits).answer(CalendarAsk("date", "site_visit"))
    )


@pytest.mark.parametrize(
    ("today", "at", "first"),
    [
        (date(2026, 3, 30), time(23), "เหลืออีก 1 วัน (พรุ่งนี้) ปิดรับสมัคร"),
        (date(2026, 3, 31), time(16), "วันนี้แล้วค่ะ ปิดรับสมัคร"),
        (date(2026, 3, 31), time(16, 30), "รอบปี 2569 ปิดรับแล้วค่ะ"),
        (date(2026, 4, 1), time(0), "รอบปี 2569 ปิดรับแล้วค่ะ"),
    ],
)
def test_the_last_hours_are_counted_to_the_minute(today: date, at: time, first: str) -> None:
    ask = CalendarAsk("days_left", "closing")
    assert told(calendar(OPENING, CLOSING, today=today, at=at).answer(ask)).startswith(first)


def test_documents_without_a_day_of_their_own_are_due_with_the_closing() -> None:
    found = calendar(OPENING, CLOSING).answer(CalendarAsk("date", "documents"))
    assert told(found).startswith("ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569")


def test_a_category_hears_of_its_own_closing_and_the_scheme_of_all() -> None:
    own = step("closing", (2569, 3, 13), id="closing.pmqa", name="ปิดรับ PMQA", subjects=("pmqa",))
    of_pmqa = told(calendar(OPENING, CLOSING, own, subject="pmqa.four").answer(CalendarAsk("date", "closing")))
    assert of_pmqa.startswith("ปิดรับ PMQA วันศุกร์ที่ 13 มีนาคม 2569 (อีก 3 วัน)")
    of_service = told(calendar(OPENING, CLOSING, own, subject="service").answer(CalendarAsk("date", "closing")))
    assert "PMQA" not in of_service
    assert "ปิดรับต่างวันออกไป\nปิดรับ PMQA" in told(calendar(OPENING, CLOSING, own).answer(CalendarAsk("date", "closing")))


@pytest.mark.parametrize(
    ("ask", "year", "first"),
    [
        (CalendarAsk("month", month=3), None, "เดือนมีนาคม 2569 มีกำหนดการ 1 รายการ"),
        (CalendarAsk("month", month=2), None, "เดือนกุมภาพันธ์ 2569 มีกำหนดการ 1 รายการ"),
        (CalendarAsk("month", month=2), 2570, "เดือนกุมภาพันธ์ 2570 ไม่มีกำหนดการที่ประกาศไว้ค่ะ"),
        (CalendarAsk("month", months_from_now=0), None, "เดือนมีนาคม 2569"),
        (CalendarAsk("month", months_from_now=-1), None, "เดือนกุมภาพันธ์ 2569 มีกำหนดการ 1"),
        (CalendarAsk("month", months_from_now=1), None, "เดือนเมษายน 2569 ไม่มี"),
        (CalendarAsk("month", month=8), None, "เดือนสิงหาคม 2569 มีกำหนดการ 1"),
    ],
)
def test_a_month_is_that_to_come_or_the_last_one_with_dates(ask: CalendarAsk, year: int | None, first: str) -> None:
    found = calendar(OPENING, CLOSING, step("results", (2569, 8), name="ประกาศผล"))
    assert told(month_answer(found, ask, year)).startswith(first)


def test_next_month_of_december_is_january() -> None:
    found = calendar(OPENING, today=date(2026, 12, 5))
    assert told(month_answer(found, CalendarAsk("month", months_from_now=1), None)).startswith("เดือนมกราคม 2570")


def rounds(*steps: Milestone) -> Knowledge:
    return Knowledge({2568: SEED.newest, 2569: dated(SEED.newest, *steps)})


@pytest.mark.parametrize(
    ("today", "relative", "year"),
    [
        (date(2025, 12, 1), "this", 2569),
        (date(2025, 12, 1), "next", 2569),
        (date(2026, 2, 15), "this", 2569),
        (date(2026, 2, 15), "next", 2570),
        (date(2026, 5, 1), "next", 2570),
        (date(2026, 12, 1), "next", 2570),
    ],
)
def test_this_round_and_the_next_go_by_the_calendar(today: date, relative: str, year: int) -> None:
    found = round_asked(rounds(OPENING, CLOSING), today, time(10), named=None, relative=relative, clock=None)
    assert found == year


@pytest.mark.parametrize(
    ("today", "relative", "clock", "year"),
    [(date(2026, 11, 1), "next", 2570, 2570), (date(2026, 5, 1), "this", 2569, 2569)],
)
def test_and_by_the_clock_where_it_is_silent(today: date, relative: str, clock: int, year: int) -> None:
    found = round_asked(rounds(), today, time(10), named=None, relative=relative, clock=clock)
    assert found == year


def test_a_year_that_is_named_is_meant() -> None:
    assert round_asked(rounds(OPENING, CLOSING), TODAY, time(10), named=2568, relative="", clock=None) == 2568


def test_what_follows_a_round_that_is_over_is_the_next_that_is_not() -> None:
    assert round_after(rounds(OPENING, CLOSING), 2568, date(2026, 4, 2)) == 2570
    assert round_after(rounds(OPENING, CLOSING), 2568, TODAY) == 2569
