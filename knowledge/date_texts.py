"""Days in Thai words, with years of the Buddhist Era. Every `date` is a Gregorian day in Asia/Bangkok."""

from __future__ import annotations

from datetime import date

from knowledge.model import ERA, Milestone, MilestoneDate

MONTHS = (
    "มกราคม", "กุมภาพันธ์", "มีนาคม", "เมษายน", "พฤษภาคม", "มิถุนายน",
    "กรกฎาคม", "สิงหาคม", "กันยายน", "ตุลาคม", "พฤศจิกายน", "ธันวาคม",
)  # fmt: skip
SHORT_MONTHS = (
    "ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.",
)  # fmt: skip
WEEKDAYS = ("จันทร์", "อังคาร", "พุธ", "พฤหัสบดี", "ศุกร์", "เสาร์", "อาทิตย์")
NOT_ANNOUNCED = "ยังไม่ประกาศ"


def day_text(day: date) -> str:
    """A day in full: "วันศุกร์ที่ 12 กันยายน 2568"."""
    return f"วัน{WEEKDAYS[day.weekday()]}ที่ {day.day} {month_text(day.year + ERA, day.month)}"


def short_day(day: date) -> str:
    """A day in brief: "12 ก.ย. 2568"."""
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year + ERA}"


def month_text(year: int, month: int) -> str:
    """A month of a Buddhist-era year: "กันยายน 2568"."""
    return f"{MONTHS[month - 1]} {year}"


def date_text(day: MilestoneDate) -> str:
    """A day in full, or "เดือนกันยายน 2568" where only the month is known."""
    gregorian = day.as_date()
    return day_text(gregorian) if gregorian else f"เดือน{month_text(day.year, day.month)}"


def span_text(first: date, last: date) -> str:
    """Some days in a row: "1–15 มีนาคม 2569", "28 กุมภาพันธ์ – 3 มีนาคม 2569"; a single day in full."""
    if first == last:
        return day_text(first)
    end = f"{last.day} {month_text(last.year + ERA, last.month)}"
    if (first.year, first.month) == (last.year, last.month):
        return f"{first.day}–{end}"
    year = f" {first.year + ERA}" if first.year != last.year else ""
    return f"{first.day} {MONTHS[first.month - 1]}{year} – {end}"


def time_text(time: str) -> str:
    """A time of day ("16:30") as Thai offices write it: "เวลา 16.30 น."; empty for none."""
    return f"เวลา {time.replace(':', '.')} น." if time else ""


def when_text(milestone: Milestone) -> str:
    """When it is: a day, a span or a month, its time behind it; "ยังไม่ประกาศ" without a date."""
    if milestone.date is None:
        return NOT_ANNOUNCED
    first, last = milestone.date.as_date(), milestone.until.as_date() if milestone.until else None
    when = span_text(first, last) if first and last else date_text(milestone.date)
    return " ".join(part for part in (when, time_text(milestone.time)) if part)
