"""Which round a question about dates is for."""

from __future__ import annotations

from datetime import date, time

from knowledge.calendar import first_day, is_closed, milestones, open_or_next_round
from knowledge.model import ERA, Knowledge, Milestone, Round


def coming_by_clock(today: date) -> int:
    """The round that comes next by the clock: one is named for the year of its ceremony, which is in September."""
    return today.year + ERA + (today.month > 9)


def round_asked(
    knowledge: Knowledge, today: date, at: time, *, named: int | None, relative: str, clock: int | None
) -> int:
    """The round's year (Buddhist Era). `named` stands in the question as a number, or is carried over; `relative` is
    "this" or "next", and `clock` what those words mean by the clock alone.

    "รอบนี้" and "รอบหน้า" go by the calendar's open or next round, and by the clock where the calendar is silent.
    """
    if named is not None and not relative:
        return named
    told = open_or_next_round(knowledge, today)
    if relative == "next":
        if told is not None:
            return told + 1 if has_opened(knowledge.rounds[told], today) else told
        return _not_closed(knowledge, clock or coming_by_clock(today), today, at)
    if relative == "this":
        return told or clock or today.year + ERA
    return told or knowledge.newest.year


def round_after(knowledge: Knowledge, year: int, today: date) -> int:
    """The round to offer when that of `year` is over."""
    return max(year + 1, _not_closed(knowledge, coming_by_clock(today), today, time()))


def has_dates(round_: Round) -> bool:
    """Whether any date of it is announced that a work is sent by: an opening or a closing."""
    return any(m.date and m.kind in ("opening", "closing") and not m.cancelled for m in milestones(round_))


def has_opened(round_: Round, today: date) -> bool:
    """Whether applications have been opened by `today`."""
    return any((day := first_day(m)) is not None and day <= today for m in openings(round_))


def openings(round_: Round, subject: str = "awards") -> tuple[Milestone, ...]:
    """When applications for `subject` open, not cancelled, in order."""
    return tuple(m for m in milestones(round_, subject) if m.kind == "opening" and not m.cancelled)


def _not_closed(knowledge: Knowledge, year: int, today: date, at: time) -> int:
    """`year`, or the first after it whose calendar does not say that it is closed."""
    while year in knowledge.rounds and is_closed(knowledge.rounds[year], "awards", today, at):
        year += 1
    return year
