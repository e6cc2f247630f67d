"""The program's clock: real time, or the fault runs' own time that starts elsewhere and may run faster."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.settings import Settings, parse_clock

BANGKOK = ZoneInfo("Asia/Bangkok")

Now = Callable[[], datetime]


def make_now(settings: Settings) -> Now:
    """A function that gives the present moment, with its time zone (Asia/Bangkok)."""
    if not settings.lertrat_clock:
        return lambda: datetime.now(BANGKOK)
    start, speed, since = parse_clock(settings.lertrat_clock)
    began = time.time() if since is None else since
    return lambda: (start + timedelta(seconds=(time.time() - began) * speed)).astimezone(BANGKOK)


def anchored(clock: str) -> str:
    """LERTRAT_CLOCK with the real start time written in, so that processes started later agree on the time."""
    start, speed, since = parse_clock(clock)
    return f"{start.isoformat()} {speed:g} {time.time() if since is None else since:.3f}"


def utc_now() -> datetime:
    """The real present moment in UTC."""
    return datetime.now(UTC)
