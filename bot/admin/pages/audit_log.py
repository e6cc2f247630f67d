"""What was done in the console, for publishers and owners; there is nothing here that changes it."""

from __future__ import annotations

from datetime import datetime, time, timedelta

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue
from wtforms import SelectField
from wtforms.validators import Length

from bot.admin.audit import ACTIONS, COMMAND_LINE, by, told
from bot.admin.console import Console
from bot.admin.day_field import day_of
from bot.admin.forms import Form, TextField, choices
from bot.admin.roles import needs
from bot.now import BANGKOK
from bot.storage import audit as rows

A_PAGE = 50
WITHOUT_ACCOUNT = "ระบบ หรือคำสั่งบนเครื่องแม่ข่าย"
GROUPS = {
    "": "ทุกเรื่อง",
    "sign_in": "การเข้าสู่ระบบ",
    "sign_out": "การออกจากระบบ",
    "account": "บัญชีของตนเอง",
    "user": "การจัดการผู้ใช้",
    "invitation": "ลิงก์เชิญและลิงก์ตั้งรหัสผ่าน",
    "knowledge": "ความรู้",
    "inbox": "กล่องคำถาม",
    "calendar": "ปฏิทิน",
    "broadcast": "ข้อความ",
    "privacy": "ข้อมูลส่วนบุคคล",
}


class FilterForm(Form):
    """What is looked for; read only, so without a token."""

    class Meta(Form.Meta):
        """Sent by GET."""

        csrf = False

    name = SelectField("ผู้ใช้", validate_choice=False)
    action = SelectField("เรื่อง", choices=choices(GROUPS.items()), validate_choice=False)
    since = TextField("ตั้งแต่วันที่", [Length(max=40)], description="เช่น 31/3/2569")
    until = TextField("ถึงวันที่", [Length(max=40)], description="เช่น 31 มี.ค. 69")


def page(console: Console) -> Blueprint:
    """`/admin/audit-log`."""
    blueprint = Blueprint("audit_log", __name__, url_prefix="/audit-log")

    @blueprint.get("/")
    @needs("publisher")
    def index() -> ResponseReturnValue:
        form = FilterForm(request.args)
        number = max(1, request.args.get("page", 1, int))
        with console.engine.connect() as connection:
            form.name.choices = choices(
                [
                    ("", "ทุกคน"),
                    *((name, WITHOUT_ACCOUNT if name == COMMAND_LINE else name) for name in rows.names(connection)),
                ]
            )
            wanted = _wanted(form)
            count = rows.count(connection, wanted)
            found = rows.found(connection, wanted, limit=A_PAGE, offset=(number - 1) * A_PAGE)
        last = max(1, -(-count // A_PAGE))
        kept = {key: value for key, value in request.args.items() if key != "page"}
        return render_template(
            "admin/audit_log.html",
            form=form,
            records=found,
            count=count,
            number=number,
            last=last,
            kept=kept,
            actions=ACTIONS,
            told=told,
            by=by,
        )

    return blueprint


def _wanted(form: FilterForm) -> rows.Wanted:
    """The filters that are filled in rightly; what is not says so beside its field and does not count."""
    form.validate()
    since, until = day_of(form.since), day_of(form.until)
    return rows.Wanted(
        name=form.name.data or "",
        action=form.action.data if form.action.data in GROUPS else "",
        since=datetime.combine(since, time(), BANGKOK) if since else None,
        until=datetime.combine(until + timedelta(days=1), time(), BANGKOK) if until else None,
    )
