"""The draft as a whole: what differs, what is wrong with it, what it would answer differently, and publishing it."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from bot.admin import differing, drafts, problem_wording, publishing
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, typed
from bot.admin.publishing import LONGEST_NOTE
from bot.admin.roles import needs
from bot.admin.signed_in import who


class PublishForm(Form):
    """What a person says to it."""

    note = TextAreaField("บันทึกไว้ในประวัติ", [Length(max=LONGEST_NOTE)], description="เช่น แก้ตามประกาศวันที่ 3 ธ.ค.")
    reason = TextAreaField("เหตุผลที่เผยแพร่ ทั้งที่มีคำถามที่จะตอบผิด", [Length(max=LONGEST_NOTE)])


def page(console: Console) -> Blueprint:
    """`/admin/knowledge/publish/`."""
    blueprint = Blueprint("knowledge_publish", __name__, url_prefix="/knowledge/publish")
    engine = console.engine

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        return _page(PublishForm(formdata=None))

    @blueprint.post("/check")
    @needs("editor")
    def check() -> ResponseReturnValue:
        with engine.begin() as connection:
            job = publishing.start_check(connection, console.worker, who().user)
        console.worker.queue(job)
        return redirect(url_for(".index"))

    @blueprint.post("/")
    @needs("publisher")
    def publish() -> ResponseReturnValue:
        form = PublishForm()
        if not form.validate():
            return _page(form)
        try:
            number = publishing.publish(
                engine, who().user, request.form.get("digest", ""), typed(form.note), typed(form.reason)
            )
        except Refused as refused:
            form.refuse(refused)
            return _page(form)
        flash(f"เผยแพร่แล้วเป็นฉบับที่ {number} ผู้ช่วยใน LINE ตอบตามนี้ทันที", "success")
        return redirect(url_for("admin.knowledge_history.show", number=number))

    @blueprint.post("/discard")
    @needs("editor")
    def discard() -> ResponseReturnValue:
        path, name = request.form.get("path", ""), request.form.get("name", "")
        with engine.begin() as connection:
            gone = drafts.discard(connection, who().user, path, name, request.form.get("version", 0, type=int))
        if gone:
            flash("ทิ้งการแก้ไขแล้ว รายการนี้กลับไปเป็นตามที่เผยแพร่อยู่", "success")
        else:
            flash("รายการนี้เพิ่งถูกแก้หรือทิ้งไปแล้ว กรุณาดูอีกครั้ง", "warning")
        return redirect(url_for(".index"))

    def _page(form: PublishForm) -> str:
        with engine.connect() as connection:
            ready = publishing.readiness(connection)
        result = ready.job.result if ready.measured and ready.job else {}
        return render_template(
            "admin/knowledge_publish.html",
            ready=ready,
            draft=ready.draft,
            rows={(row.path, row.entry): row for row in ready.draft.rows},
            changes=differing.told(ready.draft.base, ready.draft.documents),
            problems=[problem_wording.told(problem) for problem in ready.problems],
            result=result,
            sorts=differing.sorted_by_kind(result.get("changes", [])),
            statuses=differing.STATUSES,
            form=form,
        )

    return blueprint
