"""The calendar of a round: what comes, what has passed, whom it concerns, and which reminders are due.

Pure: no clock and no I/O. Every `date` is a Gregorian day in Asia/Bangkok, every `time` a time of that day; years of the
Buddhist Era stand in the texts only (date_texts.py). Entries that are not published are never seen here.
"""

from __future__ import annotations

import calendar
from collections.abc import Iterable
from datetime import date, time

from knowledge.date_texts import date_text as date_text
from knowledge.date_texts import day_text as day_text
from knowledge.date_texts import month_text as month_text
from knowledge.date_texts import short_day as short_day
from knowledge.date_texts import span_text as span_text
from knowledge.date_texts import time_text as time_text
from knowledge.date_texts import when_text as when_text
from knowledge.leads import DEFAULT_LEADS as DEFAULT_LEADS
from knowledge.leads import MOST_DAYS, MOST_MONTHS
from knowledge.leads import Lead as Lead
from knowledge.leads import longest_first as longest_first
from knowledge.leads import parsed_leads as parsed_leads
from knowledge.model import ERA, Knowledge, Milestone, MilestoneDate, Round

_ALL_LEADS = (*(Lead(days) for days in range(MOST_DAYS + 1)), *(Lead(n, "m") for n in range(1, MOST_MONTHS + 1)))


# -- one milestone -------------------------------------------------------------------------------------------------


def first_day(milestone: Milestone) -> date | None:
    """Its day, or the first of its span; None while no day is announced."""
    return milestone.date.as_date() if milestone.date else None


def last_day(milestone: Milestone) -> date | None:
    """Its day, or the last of its span; None while no day is announced."""
    return (milestone.until.as_date() if milestone.until else None) or first_day(milestone)


def earliest(milestone: Milestone) -> date | None:
    """The first day on which it can be: of a month that month's first. None without a date."""
    if milestone.date is None:
        return None
    return first_day(milestone) or date(milestone.date.year - ERA, milestone.date.month, 1)


def latest(milestone: Milestone) -> date | None:
    """The last day on which it can be: of a month that month's last. None without a date."""
    return last_day(milestone) or (_month_end(milestone.date) if milestone.date else None)


def remind_day(milestone: Milestone) -> date | None:
    """The day that reminders count to: the first of a span, but the last of one in which something closes. None while no
    day is announced."""
    return last_day(milestone) if milestone.kind == "closing" else first_day(milestone)


def is_past(milestone: Milestone, today: date, at: time | None = None) -> bool:
    """Whether it is over: from the day after its last day (or month); on that day once its own time has passed, where `at`
    says what time it is. What has no date is not over."""
    last = latest(milestone)
    if last is None or last > today:
        return False
    return last < today or (at is not None and bool(milestone.time) and at >= time.fromisoformat(milestone.time))


def is_on(milestone: Milestone, today: date) -> bool:
    """Whether `today` is its day, or one of its span."""
    first, last = first_day(milestone), last_day(milestone)
    return first is not None and last is not None and first <= today <= last


def days_left(milestone: Milestone, today: date) -> int | None:
    """Days until its `remind_day`; 0 on the day, negative behind it, None while no day is announced."""
    day = remind_day(milestone)
    return (day - today).days if day else None


def leads_due(milestone: Milestone, day: date, wanted: Iterable[Lead]) -> tuple[Lead, ...]:
    """Those of the lead times `wanted` whose reminder falls on `day`; none of what is cancelled or has no day yet."""
    target = remind_day(milestone)
    if target is None or milestone.cancelled or not milestone.published or day > target:
        return ()
    return tuple(lead for lead in wanted if lead.before(target) == day)


def due_leads(milestone: Milestone, today: date) -> tuple[Lead, ...]:
    """Every possible lead time whose reminder falls on `today`: at most one in days, and months beside it."""
    return leads_due(milestone, today, _ALL_LEADS)


# -- whom it concerns ----------------------------------------------------------------------------------------------


def subjects_of(milestone: Milestone) -> tuple[str, ...]:
    """The subjects that it is for."""
    return milestone.subjects or (milestone.subject,)


def covers(milestone: Milestone, subject: str, round_: Round) -> bool:
    """Whether it is for the whole of `subject`: it names the subject or one above it."""
    return not set(subjects_of(milestone)).isdisjoint(round_.ancestors(subject))


def applies_to(milestone: Milestone, subject: str, round_: Round) -> bool:
    """Whether it concerns who asks about `subject`: it names the subject, one above it or one below it."""
    below = any(subject in round_.ancestors(named) for named in subjects_of(milestone))
    return below or covers(milestone, subject, round_)


def concerns(milestone: Milestone, subject: str, round_: Round) -> bool:
    """Whether it applies to who asks about `subject`, and is not the closing of the others, where that closes by itself."""
    return applies_to(milestone, subject, round_) and not _is_overruled(milestone, subject, round_)


def matching_subjects(milestone: Milestone, round_: Round) -> frozenset[str]:
    """Every subject whose subscribers it concerns."""
    return frozenset(subject for subject in round_.subjects if concerns(milestone, subject, round_))


def _is_overruled(milestone: Milestone, subject: str, round_: Round) -> bool:
    if milestone.kind != "closing" or milestone.cancelled or not covers(milestone, subject, round_):
        return False
    closings = [m for m in milestones(round_) if m.kind == "closing" and not m.cancelled]
    for above in round_.ancestors(subject):
        if above in subjects_of(milestone):
            return False
        if any(above in subjects_of(other) for other in closings):
            return True
    return False


# -- a round's calendar --------------------------------------------------------------------------------------------


def milestones(round_: Round, subject: str | None = None) -> tuple[Milestone, ...]:
    """All published ones in the order of their dates, those without a date last; only those that concern `subject` if
    given: where it closes by itself, not the closing that holds for the others. The cancelled are among them."""
    found = [
        entry
        for entry in round_.entries
        if isinstance(entry, Milestone) and entry.published and (not subject or concerns(entry, subject, round_))
    ]
    return tuple(sorted(found, key=_chronological))


def upcoming(round_: Round, today: date, subject: str | None = None, at: time | None = None) -> tuple[Milestone, ...]:
    """What is dated and not over (a span that has begun is among it), not cancelled, in order."""
    return tuple(m for m in milestones(round_, subject) if m.date and not m.cancelled and not is_past(m, today, at))


def passed(round_: Round, today: date, subject: str | None = None, at: time | None = None) -> tuple[Milestone, ...]:
    """What is over and was not cancelled, in order."""
    return tuple(m for m in milestones(round_, subject) if not m.cancelled and is_past(m, today, at))


def not_announced(round_: Round, subject: str | None = None) -> tuple[Milestone, ...]:
    """What has no date yet and is not cancelled, in the order of the files."""
    return tuple(m for m in milestones(round_, subject) if m.date is None and not m.cancelled)


def next_milestone(round_: Round, today: date, subject: str | None = None, at: time | None = None) -> Milestone | None:
    """The next thing that happens: what begins next, or the end of what has begun, whichever comes first."""

    def turn(milestone: Milestone) -> tuple[date, str]:
        # Upcoming ones have a date.
        begins, ends = earliest(milestone) or date.max, latest(milestone) or date.max
        return (begins if begins >= today else ends), milestone.time or "24:00"

    return min(upcoming(round_, today, subject, at), key=turn, default=None)


def closings_of(round_: Round, subject: str) -> tuple[Milestone, ...]:
    """What decides when applications for `subject` close, not cancelled, in order: the closings of the nearest subject
    that has any, from `subject` itself upwards, and the closings of what is below it."""
    closings = [
        m for m in milestones(round_) if m.kind == "closing" and not m.cancelled and applies_to(m, subject, round_)
    ]
    nearest: set[str] = set()
    for above in round_.ancestors(subject):
        nearest = {m.id for m in closings if above in subjects_of(m)}
        if nearest:
            break
    return tuple(m for m in closings if m.id in nearest or not covers(m, subject, round_))


def closing_of(round_: Round, subject: str) -> Milestone | None:
    """The closing that holds for all of `subject`; None where there is none, or only those of parts of it. Of several the
    last dated one."""
    found = [m for m in closings_of(round_, subject) if covers(m, subject, round_)]
    return max(found, key=lambda m: latest(m) or date.min, default=None)


def is_closed(round_: Round, subject: str, today: date, at: time | None = None) -> bool:
    """Whether applications for `subject` are over: all that decides it is, and nothing has opened them again."""
    closings = closings_of(round_, subject)
    if not closings or not all(is_past(m, today, at) for m in closings):
        return False
    last = max(latest(m) or date.min for m in closings)
    openings = [first_day(m) for m in milestones(round_, subject) if m.kind == "opening" and not m.cancelled]
    return not any(day is not None and last < day <= today for day in openings)


# -- all rounds ----------------------------------------------------------------------------------------------------


def open_or_next_round(knowledge: Knowledge, today: date) -> int | None:
    """The round (Buddhist-era year) to which works can be sent today, the newest of several; else the one that opens or
    closes next; None where no calendar tells."""
    open_ = [year for year, round_ in knowledge.rounds.items() if _is_open(round_, today)]
    if open_:
        return max(open_)
    coming = {
        year: min(
            (d for m in upcoming(r, today) if m.kind in ("opening", "closing") and (d := earliest(m))), default=None
        )
        for year, r in knowledge.rounds.items()
    }
    return min(((day, year) for year, day in coming.items() if day), default=(None, None))[1]


def _is_open(round_: Round, today: date) -> bool:
    steps = [m for m in milestones(round_) if not m.cancelled]
    # One that is known by its month has opened for certain when the month is over.
    if not any(m.kind == "opening" and (day := first_day(m) or latest(m)) and day <= today for m in steps):
        return False
    if any(m.kind == "closing" for m in steps):
        return not is_closed(round_, "awards", today)
    return not any(m.kind in ("results", "ceremony") and is_past(m, today) for m in steps)


def _month_end(month: MilestoneDate) -> date:
    year = month.year - ERA
    return date(year, month.month, calendar.monthrange(year, month.month)[1])


def _chronological(milestone: Milestone) -> tuple[date, date, str]:
    return (
        earliest(milestone) or date.max,
        last_day(milestone) or latest(milestone) or date.max,
        milestone.time or "24:00",
    )
