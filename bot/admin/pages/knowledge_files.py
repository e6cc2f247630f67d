"""The content as files, in and out, and opening a new round."""

from __future__ import annotations

import hashlib
import io
import json

from flask import Blueprint, abort, flash, redirect, render_template, request, send_file, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.file import FileField, FileRequired
from wtforms import IntegerField, SelectField, StringField
from wtforms.validators import InputRequired

from bot.admin import audit, content_files, drafts, knowledge, rounds
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, choices
from bot.admin.problem_wording import Told
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.storage import revisions
from bot.storage.drafts import Row


class ImportForm(Form):
    """Files of the content."""

    file = FileField("ไฟล์ .zip หรือ .yaml", [FileRequired("กรุณาเลือกไฟล์")])
    round = SelectField("ถ้าเป็นไฟล์ .yaml เดียว เป็นของรอบปี", [InputRequired()])
    replaces = StringField()


class RoundForm(Form):
    """A new round."""

    source = SelectField("คัดลอกจากรอบปี", [InputRequired()], coerce=int)
    year = IntegerField("ปีของรอบใหม่ (พ.ศ.)", [InputRequired()])


def page(console: Console) -> Blueprint:
    """`/admin/knowledge/files/`."""
    blueprint = Blueprint("knowledge_files", __name__, url_prefix="/knowledge/files")
    engine = console.engine

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        return _page()

    @blueprint.get("/download/<which>")
    @needs("viewer")
    def download(which: str) -> ResponseReturnValue:
        with engine.begin() as connection:
            if which == "draft":
                documents = drafts.draft(connection).documents
            elif which == "published":
                number, documents = drafts.published(connection)
                which = f"revision-{number}" if number else "own"
            else:
                found = revisions.documents_of(connection, int(which)) if which.isdigit() and len(which) < 9 else None
                if found is None:
                    abort(404)
                documents, which = found, f"revision-{which}"
            audit.record(connection, who().user, "knowledge.export", which)
        return send_file(
            io.BytesIO(content_files.packed(documents)),
            mimetype="application/zip",
            as_attachment=True,
            download_name=f"lertrat-{which}.zip",
        )

    @blueprint.post("/import")
    @needs("editor")
    def take_in() -> ResponseReturnValue:
        form, others = _forms()
        if not form.validate():
            return _page(form, others)
        problems: list[Told] = []
        try:
            file = form.file.data
            documents = content_files.unpacked(file.filename or "", file.read(), form.round.data)
            with engine.connect() as connection:
                draft = drafts.draft(connection)
            if len(documents) > 1:
                # Whoever sends back all of it has touched none of these: what others draft in them stays.
                documents = {path: text for path, text in documents.items() if text != draft.base.get(path)}
            problems = content_files.problems_with(draft, documents)
            if problems:
                raise Refused(f"ไม่ได้นำเข้า เพราะพบข้อผิดพลาด {len(problems)} แห่ง", "file")
            differing = {path: text for path, text in documents.items() if draft.documents.get(path) != text}
            if not differing:
                raise Refused("ไฟล์ที่นำเข้าเหมือนกับที่เผยแพร่อยู่ หรือเหมือนกับฉบับร่างอยู่แล้ว จึงไม่มีอะไรเปลี่ยน", "file")
            dropped = [row for row in draft.rows if row.path in differing]
            if dropped and form.replaces.data != _named(dropped):
                return _page(form, others, dropped=dropped)
            with engine.begin() as connection:
                drafts.put_documents(connection, who().user, differing, "knowledge.import", dropped)
        except Refused as refused:
            form.refuse(refused)
            return _page(form, others, problems)
        flash(f"นำเข้า {len(differing)} ไฟล์ในฉบับร่างแล้ว กรุณาตรวจสิ่งที่ต่างก่อนเผยแพร่", "success")
        return redirect(url_for("admin.knowledge_publish.index"))

    @blueprint.post("/round")
    @needs("editor")
    def open_round() -> ResponseReturnValue:
        others, form = _forms()
        if not form.validate():
            return _page(others, form)
        try:
            with engine.begin() as connection:
                count = rounds.open_round(connection, who().user, form.source.data, form.year.data or 0)
        except Refused as refused:
            form.refuse(refused)
            return _page(others, form)
        flash(f"เปิดรอบปี {form.year.data} ในฉบับร่างแล้ว ({count} ไฟล์) ทุกรายการรอยืนยัน และยังไม่มีวันที่", "success")
        return redirect(url_for("admin.knowledge.index", round=form.year.data))

    def _forms() -> tuple[ImportForm, RoundForm]:
        sent = request.endpoint or ""
        with engine.connect() as connection:
            years = knowledge.years(drafts.draft(connection))
        into = ImportForm() if sent.endswith("take_in") else ImportForm(formdata=None)
        copy = RoundForm() if sent.endswith("open_round") else RoundForm(formdata=None)
        into.round.choices = choices((year, year) for year in years)
        copy.source.choices = choices((year, year) for year in years if year.isdigit())
        if not sent.endswith("open_round") and years:
            copy.year.data = int(years[0]) + 1
        return into, copy

    def _page(
        into: ImportForm | None = None,
        copy: RoundForm | None = None,
        problems: list[Told] | None = None,
        dropped: list[Row] | None = None,
    ) -> str:
        if into is None or copy is None:
            into, copy = _forms()
        with engine.connect() as connection:
            waiting = len(drafts.draft(connection).rows)
            number = revisions.newest_id(connection)
        authors: dict[str, list[str]] = {}
        for row in dropped or ():
            authors.setdefault(row.path, []).append(row.author)
        return render_template(
            "admin/knowledge_files.html",
            into=into,
            copy=copy,
            problems=problems or [],
            waiting=waiting,
            number=number,
            dropped={path: sorted(set(names)) for path, names in sorted(authors.items())},
            named=_named(dropped or []),
        )

    return blueprint


def _named(dropped: list[Row]) -> str:
    """Names just these changes, so that a tick is for what was shown and for nothing that came since."""
    said = sorted((row.path, row.entry, row.version) for row in dropped)
    return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:32]
