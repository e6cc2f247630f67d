"""Every Revision that was published: what it changed, how two differ, and going back to one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection
from wtforms import TextAreaField
from wtforms.validators import Length

from bot.admin import differing, drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, typed
from bot.admin.publishing import LONGEST_NOTE
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.storage import revisions


class BackForm(Form):
    """Going back needs a reason."""

    reason = TextAreaField("เหตุผลที่ย้อนกลับ", [Length(max=LONGEST_NOTE)])


def page(console: Console) -> Blueprint:
    """`/admin/knowledge/history/`."""
    blueprint = Blueprint("knowledge_history", __name__, url_prefix="/knowledge/history")
    engine = console.engine

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        with engine.connect() as connection:
            known = revisions.listed(connection)
        return render_template("admin/knowledge_history.html", revisions=known)

    @blueprint.get("/<int:number>")
    @needs("viewer")
    def show(number: int) -> ResponseReturnValue:
        return _page(number, BackForm(formdata=None))

    @blueprint.get("/compare")
    @needs("viewer")
    def compare() -> ResponseReturnValue:
        old, new = request.args.get("from", 0, type=int), request.args.get("to", 0, type=int)
        with engine.connect() as connection:
            before, after = _documents(connection, old), _documents(connection, new)
            known = revisions.listed(connection)
        if before is None or after is None:
            abort(404)
        return render_template(
            "admin/knowledge_compare.html", old=old, new=new, revisions=known, changes=differing.told(before, after)
        )

    @blueprint.post("/<int:number>/check")
    @needs("publisher")
    def check(number: int) -> ResponseReturnValue:
        with engine.begin() as connection:
            if revisions.documents_of(connection, number) is None:
                abort(404)
            job = publishing.start_check_of(connection, console.worker, who().user, number)
        console.worker.queue(job)
        return redirect(url_for(".show", number=number))

    @blueprint.post("/<int:number>/back")
    @needs("publisher")
    def back(number: int) -> ResponseReturnValue:
        form = BackForm()
        if not form.validate():
            return _page(number, form)
        try:
            made = publishing.roll_back(
                engine, who().user, number, request.form.get("seen", 0, type=int), typed(form.reason)
            )
        except Refused as refused:
            form.refuse(refused)
            return _page(number, form)
        flash(f"ย้อนกลับแล้ว เนื้อหาของฉบับที่ {number} เผยแพร่อยู่เป็นฉบับที่ {made}", "success")
        return redirect(url_for(".show", number=made))

    def _page(number: int, form: BackForm) -> str:
        with engine.connect() as connection:
            known = {revision.id: revision for revision in revisions.listed(connection)}
            documents = revisions.documents_of(connection, number)
            if documents is None:
                abort(404)
            before = _documents(connection, number - 1)
            based_on, published = drafts.published(connection)
            job = publishing.check_of(connection, drafts.digest_of(documents, based_on))
        is_newest = number == based_on
        return render_template(
            "admin/knowledge_revision.html",
            revision=known[number],
            newest=based_on,
            is_newest=is_newest,
            changes=differing.told(before or {}, documents),
            back=[] if is_newest else differing.told(published, documents),
            job=job,
            sorts=differing.sorted_by_kind(job.result.get("changes", [])) if job and job.state == "done" else [],
            statuses=differing.STATUSES,
            form=form,
        )

    def _documents(connection: Connection, number: int) -> dict[str, str] | None:
        """Of a Revision; of what the program came with for 0."""
        if number == 0:
            return dict(drafts.own_documents())
        return revisions.documents_of(connection, number)

    return blueprint
