"""A round's calendar as an .ics file (RFC 5545), for the calendar of a phone or an office."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

from icalendar import Calendar, Event, Timezone, TimezoneStandard

from bot import wording
from bot.citing import sources
from bot.now import BANGKOK
from knowledge.calendar import first_day, last_day, milestones, subjects_of, when_text
from knowledge.model import Certainty, Milestone, Round

PRODUCT = "-//lertrat//calendar//TH"


def to_ics(round_: Round, made_at: datetime, edition: int = 0) -> bytes:
    """The published milestones that have a day, as events; those known by their month, or not at all, are left out.

    A day or a span lasts all day, a day with a time is a moment in Asia/Bangkok. An event keeps its UID when it moves, and
    `edition` grows from one published calendar to the next, so that whoever has an older one takes the newer.
    """
    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("x-wr-calname", wording.calendar_of(round_.name))
    file.add("x-wr-timezone", str(BANGKOK))
    file.add_component(_bangkok())  # a file without any event needs something
    for milestone in milestones(round_):
        if first_day(milestone):
            file.add_component(_event(milestone, round_, made_at, edition))
    return bytes(file.to_ical())


def _event(milestone: Milestone, round_: Round, made_at: datetime, edition: int) -> Event:
    first, last = first_day(milestone), last_day(milestone)
    assert first is not None  # noqa: S101 - to_ics takes no other
    event = Event()
    event.add("uid", f"{milestone.id}.{round_.year}@lertrat")
    event.add("dtstamp", made_at.astimezone(UTC))
    event.add("sequence", edition)
    if milestone.time and last == first:
        event.add("dtstart", datetime.combine(first, time.fromisoformat(milestone.time), BANGKOK))
    else:
        event.add("dtstart", first)
        event.add("dtend", (last or first) + timedelta(days=1))  # the day behind the last, as the format has it
    event.add("summary", wording.cancelled(milestone.name) if milestone.cancelled else milestone.name)
    event.add("description", "\n".join(_told(milestone, round_)))
    event.add("status", _status(milestone))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    if milestone.place:
        event.add("location", milestone.place)
    if milestone.link:
        event.add("url", milestone.link)
    return event


def _status(milestone: Milestone) -> str:
    if milestone.cancelled:
        return "CANCELLED"
    return "CONFIRMED" if milestone.certainty is Certainty.CERTAIN else "TENTATIVE"


def _told(milestone: Milestone, round_: Round) -> list[str]:
    names = [round_.subjects[key].name for key in subjects_of(milestone) if key != "awards"]
    meant_for = wording.meant_for(names) if names else ""
    lines = (when_text(milestone), meant_for, milestone.note, milestone.link, milestone.caution)
    return [line for line in (*lines, *sources(round_, [milestone])) if line]


def _bangkok() -> Timezone:
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))  # local time, as the format has it
    offset = timedelta(hours=7)  # all year, ever since 1920
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", str(BANGKOK))
    zone.add_component(standard)
    return zone
