"""The program's clock: real time, or the fault runs' own time that starts elsewhere and may run faster."""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from bot.settings import Settings, parse_clock

BANGKOK = ZoneInfo("Asia/Bangkok")

Now = Callable[[], datetime]
FASTEST = 1_000_000.0


def make_now(settings: Settings) -> Now:
    """A function that gives the present moment, with its time zone (Asia/Bangkok)."""
    if not settings.lertrat_clock:
        return lambda: datetime.now(BANGKOK)
    if settings.lertrat_clock.startswith("@"):
        return _FileClock(settings.lertrat_clock)
    start, speed, since = parse_clock(settings.lertrat_clock)
    began = time.time() if since is None else since
    return lambda: (start + timedelta(seconds=(time.time() - began) * speed)).astimezone(BANGKOK)


class _FileClock:
    """The clock of `@FILE`, which may be replaced at any moment: time then goes on from another moment, at another speed."""

    def __init__(self, clock: str) -> None:
        self._clock = clock
        self._seen: tuple[tuple[int, int], tuple[datetime, float, float | None]] | None = None

    def __call__(self) -> datetime:
        found = os.stat(self._clock[1:])
        version = (found.st_ino, found.st_mtime_ns)
        seen = self._seen
        if seen is None or seen[0] != version:
            seen = self._seen = (version, parse_clock(self._clock))
        start, speed, since = seen[1]
        return (start + timedelta(seconds=(time.time() - (since or 0.0)) * speed)).astimezone(BANGKOK)


def fastest(settings: Settings) -> float:
    """How many times as fast as real time the program's clock may run."""
    if settings.lertrat_clock.startswith("@"):
        return FASTEST
    return parse_clock(settings.lertrat_clock)[1] if settings.lertrat_clock else 1.0


def anchored(clock: str) -> str:
    """LERTRAT_CLOCK with the real start time written in, so that processes started later agree on the time."""
    if clock.startswith("@"):
        return clock
    start, speed, since = parse_clock(clock)
    return f"{start.isoformat()} {speed:g} {time.time() if since is None else since:.6f}"


def utc_now() -> datetime:
    """The real present moment in UTC."""
    return datetime.now(UTC)
