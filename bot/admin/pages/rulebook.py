"""The rule book of /rules inside the console: what the system checks, in words, with sources and questions."""

from __future__ import annotations

from flask import Blueprint, abort, render_template, request
from flask.typing import ResponseReturnValue

from bot import rulebook
from bot.admin import dashboard
from bot.admin.console import Console
from bot.admin.roles import needs


def page(console: Console) -> Blueprint:
    """`/admin/rulebook/`, `?round=2568`."""
    blueprint = Blueprint("rulebook", __name__, url_prefix="/rulebook")

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        knowledge = dashboard.knowledge_of(console)
        if knowledge is None:
            abort(503)
        year = request.args.get("round", knowledge.newest.year, int)
        round_ = knowledge.rounds.get(year)
        if round_ is None:
            abort(404)
        return render_template(
            "admin/rulebook.html",
            book=rulebook,
            round=round_,
            years=sorted(knowledge.rounds, reverse=True),
            chapters=rulebook.chapters(round_),
        )

    return blueprint
