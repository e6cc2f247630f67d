"""Moments and days as people read them: Bangkok time, Thai months, the Buddhist Era."""

from __future__ import annotations

from datetime import date, datetime

from bot.now import BANGKOK

MONTHS = ("ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค.")


def thai_date(day: date | datetime | None) -> str:
    """`27 พ.ย. 2569`; a dash for None. A moment is taken in Bangkok."""
    if day is None:
        return "–"
    if isinstance(day, datetime):
        day = day.astimezone(BANGKOK).date()
    return f"{day.day} {MONTHS[day.month - 1]} {day.year + 543}"


def thai_moment(moment: datetime | None) -> str:
    """`27 พ.ย. 2569 14:05 น.`; a dash for None."""
    if moment is None:
        return "–"
    return f"{thai_date(moment)} {moment.astimezone(BANGKOK):%H:%M} น."
