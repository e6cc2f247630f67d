"""GET /calendar/2569.ics: a round's calendar for a phone to keep."""

from __future__ import annotations

from typing import TYPE_CHECKING

from flask import Blueprint, Response

from bot.now import utc_now

if TYPE_CHECKING:
    from bot.published import Published
    from knowledge.model import Knowledge

CONTENT_TYPE = "text/calendar; charset=utf-8"


def calendar_page(published: Published[Knowledge]) -> Blueprint:
    """`/calendar/<year>.ics`, the Buddhist-era year of a round, of what is published at the moment of the request.

    404 with a sentence for a round that is not known; 503 while nobody can tell what is published.
    """
    page = Blueprint("calendar", __name__)

    @page.get("/calendar/<int:year>.ics")
    def ics(year: int) -> Response:
        # Imported here, with the knowledge: the process that takes LINE's events has to start at once.
        from bot.ics import to_ics

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


def _refused(sentence: str, status: int) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
