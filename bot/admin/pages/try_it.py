"""Try it: how any question is understood and answered, by what is published and by the draft, side by side."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from redis import RedisError
from wtforms.validators import DataRequired, Length

from bot.admin.ask_worker import Json, WorkerAway
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, typed
from bot.admin.roles import needs
from bot.admin.try_questions import thai_value

CALL = "try_it"
SECONDS = 45.0  # a draft that nobody tried before is understood first
LONGEST = 1000
STATUSES = {
    "answered": "ตอบได้",
    "unknown": "ยังไม่มีข้อมูล",
    "clarify": "ถามกลับ",
    "out_of_scope": "นอกขอบเขต",
    "command": "คำสั่งหรือทักทาย",
}
DECISIONS = {"answer": "ตอบ", "ask_back": "ถามกลับ", "refuse": "ไม่ตอบ"}
OUTCOMES = {"pass": "ผ่าน", "fail": "ไม่ผ่าน", "unknown": "ยังไม่ทราบ"}


class TryForm(Form):
    """One question."""

    question = TextField("คำถาม", [DataRequired("กรุณาพิมพ์คำถาม"), Length(max=LONGEST)])


def page(console: Console) -> Blueprint:
    """`/admin/try/`. A question is sent as a form, not in the address: it may hold what does not belong into logs."""
    blueprint = Blueprint("try_it", __name__, url_prefix="/try")

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        return _page(TryForm(formdata=None), None)

    @blueprint.post("/")
    @needs("viewer")
    @console.limiter.limit("60 per minute")
    def ask() -> ResponseReturnValue:
        form = TryForm()
        if not form.validate():
            return _page(form, None)
        try:
            found = console.worker.ask(CALL, {"question": typed(form.question)}, seconds=SECONDS)
        except WorkerAway as away:
            form.form_errors.append(str(away))
            return _page(form, None)
        except RedisError:
            form.form_errors.append("ระบบยังไม่พร้อม กรุณาลองใหม่ในอีกสักครู่")
            return _page(form, None)
        return _page(form, found)

    def _page(form: TryForm, found: Json | None) -> str:
        sides = []
        if found:
            sides.append(("ฉบับที่เผยแพร่", found["published"]))
            if found["draft"]:
                sides.append(("ฉบับร่าง", found["draft"]))
        return render_template(
            "admin/try_it.html",
            form=form,
            found=found,
            sides=sides,
            statuses=STATUSES,
            decisions=DECISIONS,
            outcomes=OUTCOMES,
            attributes=_attribute_names(),
            thai_value=thai_value,
            asked=bool(request.form),
        )

    return blueprint


def _attribute_names() -> dict[str, str]:
    from bot.wording import ATTRIBUTE_NAMES

    return ATTRIBUTE_NAMES
