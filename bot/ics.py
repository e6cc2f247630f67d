"""A round's calendar as an .ics file (RFC 5545), and where it is fetched: GET /calendar/2569.ics."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from typing import TYPE_CHECKING, Any

from flask import Blueprint, Response

from bot import wording
from bot.now import BANGKOK, utc_now

if TYPE_CHECKING:
    from bot.published import Published
    from knowledge.model import Knowledge, Milestone, Round

CONTENT_TYPE = "text/calendar; charset=utf-8"
PRODUCT = "-//lertrat//calendar//TH"


def calendar_page(published: Published[Knowledge]) -> Blueprint:
    """`/calendar/<year>.ics`, the Buddhist-era year of a round, of what is published at the moment of the request.

    404 with a sentence for a round that is not known; 503 while nobody can tell what is published.
    """
    page = Blueprint("calendar", __name__)

    @page.get("/calendar/<int:year>.ics")
    def ics(year: int) -> Response:
        published.refresh()
        serving = published.serving
        if serving is None:
            return _refused("ขออภัยค่ะ ตอนนี้ระบบเปิดปฏิทินให้ไม่ได้ กรุณาลองใหม่ภายหลัง", 503)
        round_ = serving.compiled.rounds.get(year)
        if round_ is None:
            newest = serving.compiled.newest.year
            return _refused(f"ไม่มีปฏิทินของรอบปี {year} ในระบบ รอบล่าสุดที่มีคือ /calendar/{newest}.ics", 404)
        response = Response(to_ics(round_, utc_now(), serving.revision or 0), content_type=CONTENT_TYPE)
        # Shown rather than kept: a phone then offers to add the events.
        response.headers["Content-Disposition"] = f'inline; filename="lertrat-{year}.ics"'
        return response

    return page


def to_ics(round_: Round, made_at: datetime, edition: int = 0) -> bytes:
    """The published milestones that have a day, as events; those known by their month, or not at all, are left out.

    A day or a span lasts all day, a day with a time is a moment in Asia/Bangkok. An event keeps its UID when it moves, and
    `edition` grows from one published calendar to the next, so that whoever has an older one takes the newer.
    """
    # Imported here, with the knowledge: the process that takes LINE's events has to start at once.
    from icalendar import Calendar

    from knowledge.calendar import first_day, milestones

    file = Calendar()
    file.add("prodid", PRODUCT)
    file.add("version", "2.0")
    file.add("x-wr-calname", wording.calendar_of(round_.name))
    file.add("x-wr-timezone", str(BANGKOK))
    file.add_component(_bangkok())  # also what makes a file of a calendar without any event
    for milestone in milestones(round_):
        if first_day(milestone):
            file.add_component(_event(milestone, round_, made_at, edition))
    return bytes(file.to_ical())


def _event(milestone: Milestone, round_: Round, made_at: datetime, edition: int) -> Any:
    from icalendar import Event

    from knowledge.calendar import first_day, last_day

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
    event.add("status", _status(milestone))
    event.add("transp", "TRANSPARENT")  # nobody is busy because of it
    if milestone.place:
        event.add("location", milestone.place)
    if milestone.link:
        event.add("url", milestone.link)
    event.add("description", "\n".join(_told(milestone, round_)))
    return event


def _status(milestone: Milestone) -> str:
    if milestone.cancelled:
        return "CANCELLED"
    return "CONFIRMED" if milestone.certainty == "certain" else "TENTATIVE"


def _told(milestone: Milestone, round_: Round) -> list[str]:
    from knowledge.calendar import subjects_of, when_text

    names = [round_.subjects[key].name for key in subjects_of(milestone) if key != "awards"]
    lines = [when_text(milestone), wording.meant_for(names) if names else "", milestone.note, milestone.link]
    return [line for line in (*lines, milestone.caution) if line]


def _bangkok() -> Any:
    from icalendar import Timezone, TimezoneStandard

    # The same offset all year, and ever since 1920.
    offset = timedelta(hours=7)
    standard = TimezoneStandard()
    standard.add("dtstart", datetime(1970, 1, 1))
    standard.add("tzoffsetfrom", offset)
    standard.add("tzoffsetto", offset)
    standard.add("tzname", "+07")
    zone = Timezone()
    zone.add("tzid", str(BANGKOK))
    zone.add_component(standard)
    return zone


def _refused(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
