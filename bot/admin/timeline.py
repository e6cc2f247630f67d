"""A round's calendar drawn as a timeline: months from left to right, a line a milestone. Figures for an SVG; nothing moves."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot.admin.calendar_view import Step
from knowledge.calendar import earliest, first_day, latest, when_text
from knowledge.date_texts import SHORT_MONTHS
from knowledge.model import ERA, Milestone

MONTH = 84  # px
ROW = 46
HEAD = 40
MARGIN = 12
LEAST_BAR = 10
NAME_WIDTH = 200
MOST_MONTHS = 36


@dataclass(frozen=True)
class Tick:
    """The beginning of a month."""

    x: float
    label: str


@dataclass(frozen=True)
class Bar:
    """One milestone: a diamond where `width` is 0, else a bar; `soft` where only the month is known. `name_x` is where its
    name begins or, with `at_end`, ends."""

    x: float
    y: float
    width: float
    soft: bool
    past: bool
    kind: str
    name: str
    when: str
    name_x: float
    at_end: bool


@dataclass(frozen=True)
class Timeline:
    """The drawing; `today` is None where it is not among its months."""

    width: int
    height: int
    ticks: tuple[Tick, ...]
    bars: tuple[Bar, ...]
    today: float | None


def timeline(steps: Sequence[Step], today: date) -> Timeline | None:
    """The milestones that have a date; None where there is none."""
    dated = [step.shown for step in steps if step.shown.date and not step.shown.cancelled]
    if not dated:
        return None
    begin = min(_begins(one) for one in dated).replace(day=1)
    end = max(_ends(one) for one in dated)
    if abs((today - begin).days) < 300 or abs((today - end).days) < 300:
        begin, end = min(begin, today.replace(day=1)), max(end, today)
    # A year that was mistyped must not draw a timeline of centuries.
    months = min((end.year - begin.year) * 12 + end.month - begin.month + 1, MOST_MONTHS)
    width = max(2 * MARGIN + months * MONTH, 2 * MARGIN + NAME_WIDTH * 2)

    def x(day: date) -> float:
        start = day.replace(day=1)
        after = (start + timedelta(days=32)).replace(day=1)
        index = (day.year - begin.year) * 12 + day.month - begin.month
        return round(MARGIN + MONTH * (index + (day - start).days / (after - start).days), 1)

    ticks = tuple(Tick(MARGIN + MONTH * number, _label(begin, number)) for number in range(months))
    bars = tuple(_bar(one, number, x, today, width) for number, one in enumerate(dated) if x(_begins(one)) < width)
    inside = begin <= today and x(today) <= width - MARGIN
    return Timeline(width, HEAD + ROW * len(bars) + MARGIN, ticks, bars, x(today) if inside else None)


def _bar(milestone: Milestone, number: int, x: Callable[[date], float], today: date, width: int) -> Bar:
    first, last = _begins(milestone), _ends(milestone)
    left = x(first)
    right = min(x(last + timedelta(days=1)), width - MARGIN)
    long = max(right - left, LEAST_BAR) if first != last else 0.0
    at_end = left > width / 2
    return Bar(
        x=left,
        y=HEAD + ROW * number + ROW / 2,
        width=long,
        soft=first_day(milestone) is None,
        past=last < today,
        kind=milestone.kind,
        name=milestone.name,
        when=when_text(milestone),
        name_x=left - 12 if at_end else left + max(long, 8) + 6,
        at_end=at_end,
    )


def _label(begin: date, number: int) -> str:
    years, month = divmod(begin.month - 1 + number, 12)
    name = SHORT_MONTHS[month]
    return f"{name} {(begin.year + years + ERA) % 100}" if number == 0 or month == 0 else name


def _begins(milestone: Milestone) -> date:
    found = earliest(milestone)
    assert found is not None  # noqa: S101 - only dated ones are drawn
    return found


def _ends(milestone: Milestone) -> date:
    return latest(milestone) or _begins(milestone)
