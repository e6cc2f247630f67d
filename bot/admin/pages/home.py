"""The console's first page, and the state of the system."""

from __future__ import annotations

from flask import Blueprint, flash, jsonify, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError

from bot.admin import dashboard, quota, system_health
from bot.admin.ask_worker import WorkerAway
from bot.admin.console import Console
from bot.admin.drawn_figures import answers_by_day
from bot.admin.reports import names_of
from bot.admin.roles import needs
from bot.admin.system_health import Part

REDIS_AWAY = "Redis ไม่ตอบ จึงยังถาม LINE ไม่ได้ กรุณาลองใหม่ในอีกสักครู่"


def page(console: Console) -> Blueprint:
    """`/admin/`, `/admin/health` and `/admin/quota`."""
    blueprint = Blueprint("home", __name__)

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        today, week, days = dashboard.today_and_week(console)
        with console.engine.connect() as connection:
            waiting = dashboard.waiting(connection)
        return render_template(
            "admin/home.html",
            today=today,
            week=week,
            chart=answers_by_day(days),
            days=days,
            waiting=waiting,
            reminders=dashboard.reminders_to_come(console),
            names=names_of(dashboard.knowledge_of(console)),
            **_state(),
        )

    @blueprint.get("/health")
    @needs("viewer")
    def health() -> ResponseReturnValue:
        return render_template("admin/health.html", states=system_health.STATES, **_state())

    @blueprint.post("/quota")
    @needs("viewer")
    def ask_quota() -> ResponseReturnValue:
        """Ask LINE now, and come back to the page about it."""
        try:
            flash(quota.ask(console.worker).sentence, "info")
        except WorkerAway as away:
            flash(str(away), "warning")
        except RedisError:
            flash(REDIS_AWAY, "warning")
        return redirect(url_for("admin.home.health"))

    @blueprint.post("/quota.json")
    @needs("viewer")
    def quota_now() -> ResponseReturnValue:
        """The same for the script of the first page, which waits for nothing that was asked a moment ago.

        Nobody answering is a sentence like any other: a refused request would be an error of the page.
        """
        try:
            sentence = quota.current(console.redis, console.worker).sentence
        except WorkerAway as away:
            sentence = str(away)
        except RedisError:
            sentence = REDIS_AWAY
        return jsonify(sentence=sentence)

    def _state() -> dict[str, object]:
        said = dashboard.quota_kept(console)
        found: list[Part] = system_health.parts(console.redis, console.engine, said)
        troubles = [part for part in found if part.state == system_health.BAD]
        return {"parts": found, "troubles": troubles, "worst": system_health.worst(found), "quota": said}

    return blueprint
