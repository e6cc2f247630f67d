"""The hours in which nobody is disturbed: 20:00 to 08:00 in Bangkok."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from bot.now import BANGKOK

MORNING = time(8)
EVENING = time(20)


def is_quiet(now: datetime) -> bool:
    """Whether nothing starts being sent at this moment."""
    return not MORNING <= now.astimezone(BANGKOK).time() < EVENING


def morning_of(day: date) -> datetime:
    """08:00 of a day in Bangkok."""
    return datetime.combine(day, MORNING, BANGKOK)


def evening_of(day: date) -> datetime:
    """20:00 of a day in Bangkok."""
    return datetime.combine(day, EVENING, BANGKOK)


def next_waking(now: datetime) -> datetime:
    """`now` outside of the quiet hours, else the end of them."""
    if not is_quiet(now):
        return now
    local = now.astimezone(BANGKOK)
    return morning_of(local.date() if local.time() < MORNING else local.date() + timedelta(days=1))
