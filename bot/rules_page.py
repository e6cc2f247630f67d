"""GET /rules: the rule book as a page to read and to print. No scripts, and one style sheet of its own."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

if TYPE_CHECKING:
    from bot.published import Published, Serving
    from knowledge.model import Knowledge

# All else is as bot.app has it for every answer.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_YEAR = re.compile(r"\d{4}")
_PAGES_KEPT = 8


def rules_page(published: Published[Knowledge]) -> Blueprint:
    """`/rules`, `/rules?round=2570` and the style sheet, of what is published at the moment of the request.

    A round that is no year, or older than every known one, gets 400 with a sentence that says so; 503 while nobody can
    tell what is published.
    """
    page = Blueprint("rules", __name__, template_folder="templates", static_folder="static", static_url_path="/rules")

    @lru_cache(_PAGES_KEPT)
    def drawn(serving: Serving[Knowledge], year: int) -> str:
        from bot import rulebook

        round_ = serving.compiled.round_for(year)
        assert round_ is not None  # noqa: S101 - `rules` has refused it
        return render_template("rules.html", round=round_, book=rulebook, chapters=rulebook.chapters(round_))

    @page.get("/rules")
    def rules() -> Response:
        published.refresh()
        serving = published.serving
        if serving is None:
            return _refused("ขออภัยค่ะ ตอนนี้ระบบเปิดเกณฑ์ให้ดูไม่ได้ กรุณาลองใหม่ภายหลัง", 503)
        from knowledge.schema_parts import FIRST_YEAR, LAST_YEAR

        knowledge = serving.compiled
        asked = request.args.get("round", str(knowledge.newest.asked))
        year = int(asked) if _YEAR.fullmatch(asked) else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return _refused(f"รอบปีต้องเป็นปี พ.ศ. ตั้งแต่ {FIRST_YEAR} ถึง {LAST_YEAR} เช่น /rules?round=2568")
        oldest = min(knowledge.rounds)
        if year < oldest:
            return _refused(f"ไม่มีเกณฑ์ของรอบปี {year} ในระบบ รอบเก่าที่สุดที่มีคือรอบปี {oldest}")
        response = Response(drawn(serving, year), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return page


def _refused(sentence: str, status: int = 400) -> Response:
    return Response(f"{sentence}\n", status=status, content_type="text/plain; charset=utf-8")
