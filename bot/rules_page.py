"""GET /rules: the rule book as a page to read and to print. No scripts, and one style sheet of its own."""

from __future__ import annotations

import re
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from flask import Blueprint, Response, render_template, request

if TYPE_CHECKING:
    from knowledge.model import Knowledge

# All else is as bot.app has it for every answer.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; style-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'"
)
_YEAR = re.compile(r"\d{4}")
_PAGES_KEPT = 8


def rules_page() -> Blueprint:
    """`/rules`, `/rules?round=2570` and the style sheet.

    A round that is no year, or older than every known one, gets 400 with a sentence that says so.
    """
    page = Blueprint("rules", __name__, template_folder="templates", static_folder="static", static_url_path="/rules")

    @cache
    def knowledge() -> Knowledge:
        # At the first request: the process that takes LINE's events has to start at once.
        from knowledge.loader import load_knowledge

        return load_knowledge()

    @lru_cache(_PAGES_KEPT)
    def drawn(year: int) -> str:
        from bot import rulebook

        round_ = knowledge().round_for(year)
        assert round_ is not None  # noqa: S101 - `rules` has refused it
        return render_template("rules.html", round=round_, book=rulebook, chapters=rulebook.chapters(round_))

    @page.get("/rules")
    def rules() -> Response:
        from knowledge.schema import FIRST_YEAR, LAST_YEAR

        asked = request.args.get("round", str(knowledge().newest.asked))
        year = int(asked) if _YEAR.fullmatch(asked) else 0
        if not FIRST_YEAR <= year <= LAST_YEAR:
            return _refused(f"รอบปีต้องเป็นปี พ.ศ. ตั้งแต่ {FIRST_YEAR} ถึง {LAST_YEAR} เช่น /rules?round=2568")
        oldest = min(knowledge().rounds)
        if year < oldest:
            return _refused(f"ไม่มีเกณฑ์ของรอบปี {year} ในระบบ รอบเก่าที่สุดที่มีคือรอบปี {oldest}")
        response = Response(drawn(year), content_type="text/html; charset=utf-8")
        response.headers["Content-Security-Policy"] = CONTENT_SECURITY_POLICY
        return response

    return page


def _refused(sentence: str) -> Response:
    return Response(f"{sentence}\n", status=400, content_type="text/plain; charset=utf-8")
