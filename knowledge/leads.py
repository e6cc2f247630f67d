"""How long before a day somebody wants to be reminded: so many days or months."""

from __future__ import annotations

import calendar
import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

MOST_DAYS = 365
MOST_MONTHS = 12
_WRITTEN = re.compile(r"([0-9]{1,3})([dm])")


@dataclass(frozen=True)
class Lead:
    """A lead time: 0 to 365 days ("d"; 0 is the day itself) or 1 to 12 months ("m"). ValueError for any other."""

    count: int
    unit: Literal["d", "m"] = "d"

    def __post_init__(self) -> None:
        least, most = (0, MOST_DAYS) if self.unit == "d" else (1, MOST_MONTHS)
        if self.unit not in ("d", "m") or not least <= self.count <= most:
            raise ValueError(f"'{self.count}{self.unit}' is no lead time: 0d to {MOST_DAYS}d or 1m to {MOST_MONTHS}m")

    @classmethod
    def parse(cls, text: str) -> Lead:
        """The lead time written as "30d", "1m" or "0d", as `str` gives it. ValueError for anything else."""
        found = _WRITTEN.fullmatch(text)
        if found is None:
            raise ValueError(f"'{text}' is no lead time: write it like 7d or 1m")
        return cls(int(found[1]), "d" if found[2] == "d" else "m")

    def __str__(self) -> str:
        return f"{self.count}{self.unit}"

    def before(self, day: date) -> date:
        """The day that lies so long before `day`. A month earlier is the same day of that month, or its last one where it
        is shorter: one month before 31 March is 28 or 29 February. OverflowError before year 1."""
        if self.unit == "d":
            return day - timedelta(days=self.count)
        years, month = divmod(day.year * 12 + day.month - 1 - self.count, 12)
        if years < 1:
            raise OverflowError("date value out of range")
        return date(years, month + 1, min(day.day, calendar.monthrange(years, month + 1)[1]))

    def text(self) -> str:
        """In Thai: "30 วัน", "1 เดือน", "ในวันนั้น"."""
        if self.count == 0:
            return "ในวันนั้น"
        return f"{self.count} {'วัน' if self.unit == 'd' else 'เดือน'}"

    @property
    def order(self) -> tuple[int, str]:
        """A key to sort by, from the day itself to the longest; a month counts as 30 days, and behind 30 days."""
        return self.count * (1 if self.unit == "d" else 30), self.unit


DEFAULT_LEADS = (Lead(30), Lead(7), Lead(1), Lead(0))


def longest_first(leads: Iterable[Lead]) -> tuple[Lead, ...]:
    """Each once, the longest first."""
    return tuple(sorted(set(leads), key=lambda lead: lead.order, reverse=True))


def parsed_leads(text: str) -> tuple[Lead, ...]:
    """The lead times of "30d 7d 1d 0d", spaces around them allowed, the longest first. ValueError for a wrong one."""
    return longest_first(Lead.parse(part) for part in text.split())
