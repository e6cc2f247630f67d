"""How far a worker's job is, for pages that wait for one."""

from __future__ import annotations

from flask import Blueprint, abort, jsonify
from flask.typing import ResponseReturnValue

from bot.admin.console import Console
from bot.admin.roles import needs
from bot.storage import console_jobs


def page(console: Console) -> Blueprint:
    """`/admin/jobs/7` as JSON: state and progress; static/jobs.js asks for it."""
    blueprint = Blueprint("jobs", __name__, url_prefix="/jobs")

    @blueprint.get("/<int:number>")
    @needs("viewer")
    def show(number: int) -> ResponseReturnValue:
        with console.engine.connect() as connection:
            job = console_jobs.by_id(connection, number)
        if job is None:
            abort(404)
        return jsonify(state=job.state, progress=job.progress)

    return blueprint
