"""Personal data: what is stored and for how long, a person's rights over it, and a page for an auditor."""

from __future__ import annotations

from flask import Blueprint, Response, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError
from wtforms import BooleanField
from wtforms.validators import InputRequired, Length

from bot.admin import privacy_facts
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, typed
from bot.admin.personal_data import KINDS, PersonalData
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.conversation import ConversationStore
from bot.now import utc_now
from bot.reminder_wording import CONSENT_VERSION
from bot.settings import secret_key
from bot.tasks import chat_queue, make_broker

REDIS_AWAY = "Redis ไม่ตอบ จึงยังทำรายการนี้ไม่ได้และยังไม่มีอะไรถูกลบ กรุณาลองใหม่ในอีกสักครู่"


class CodeForm(Form):
    """Which chat."""

    code = TextField(
        "รหัสข้อมูลของแชท",
        [InputRequired(), Length(max=40)],
        description="ผู้ใช้พิมพ์ “ข้อมูลของฉัน” ในแชท แล้วแจ้งรหัส 12 ตัวที่เห็น เช่น 7K2M-Q9XA-4T0C",
    )


class EraseForm(CodeForm):
    """The same, meant in earnest."""

    sure = BooleanField("ยืนยันว่าเจ้าของแชทขอให้ลบ และเข้าใจว่าลบแล้วเรียกคืนไม่ได้", [InputRequired("กรุณาทำเครื่องหมายเพื่อยืนยัน")])


def page(console: Console) -> Blueprint:
    """`/admin/privacy/` and below."""
    blueprint = Blueprint("privacy", __name__, url_prefix="/privacy")
    settings = console.settings

    data = PersonalData(
        console.engine,
        console.redis,
        secret_key(settings),
        ConversationStore.of(console.redis, settings),
        chat_queue(make_broker(console.redis)),
    )

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        return _index(CodeForm())

    @blueprint.get("/auditor")
    @needs("viewer")
    def auditor() -> ResponseReturnValue:
        with console.engine.connect() as connection:
            return render_template(
                "admin/privacy_auditor.html",
                kept=privacy_facts.kept(connection, settings),
                retention=privacy_facts.retention(connection, utc_now()),
                acts=privacy_facts.acts(connection),
                accounts=privacy_facts.accounts(connection),
                consent_version=CONSENT_VERSION,
                now=utc_now(),
            )

    @blueprint.post("/find")
    @needs("owner")
    def find() -> ResponseReturnValue:
        form = CodeForm()
        if not form.validate():
            return _index(form)
        try:
            return _chat(form, EraseForm(formdata=None, code=typed(form.code)))
        except Refused as refused:
            form.refuse(refused)
        except RedisError:
            form.form_errors.append(REDIS_AWAY)
        return _index(form)

    @blueprint.post("/export")
    @needs("owner")
    def export() -> ResponseReturnValue:
        form = CodeForm()
        if not form.validate():
            return _index(form)
        try:
            body = data.export(who().user, typed(form.code))
        except Refused as refused:
            form.refuse(refused)
            return _index(form)
        except RedisError:
            form.form_errors.append(REDIS_AWAY)
            return _index(form)
        response = Response(body, content_type="application/json; charset=utf-8")
        response.headers["Content-Disposition"] = 'attachment; filename="lertrat-personal-data.json"'
        return response

    @blueprint.post("/erase")
    @needs("owner")
    def erase() -> ResponseReturnValue:
        form = EraseForm()
        try:
            if not form.validate():
                return _chat(form, form) if form.code.data else _index(form)
            number = data.erase(who().user, typed(form.code))
        except Refused as refused:
            form.refuse(refused)
            return _index(form)
        except RedisError:
            form.form_errors.append(REDIS_AWAY)
            return _index(form)
        flash(f"ลบข้อมูลทั้งหมดของแชทนี้แล้ว จดเลขที่ {number} ไว้ในคำขอของผู้ใช้", "success")
        return redirect(url_for("admin.privacy.index"))

    def _index(form: CodeForm) -> str:
        with console.engine.connect() as connection:
            return render_template(
                "admin/privacy.html",
                kept=privacy_facts.kept(connection, settings),
                retention=privacy_facts.retention(connection, utc_now()),
                form=form,
            )

    def _chat(form: CodeForm, erase_form: EraseForm) -> str:
        found, number = data.find(who().user, typed(form.code))
        return render_template("admin/privacy_chat.html", found=found, number=number, kinds=KINDS, form=erase_form)

    return blueprint
