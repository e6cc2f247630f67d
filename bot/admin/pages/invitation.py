"""What a link opens: a new account, or a new password for one."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from bot.admin import accounts, passwords
from bot.admin.accounts import LONGEST_FULL_NAME, Refused
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, typed
from bot.admin.guard import address
from bot.admin.roles import ANYONE, needs
from bot.storage.users import Invitation, User

PER_ADDRESS = "60 per hour"


class NewPasswordForm(Form):
    """A new password, twice."""

    password = PasswordField(
        "รหัสผ่านใหม่",
        [InputRequired()],
        description=f"อย่างน้อย {passwords.SHORTEST} ตัวอักษร ใช้ประโยคภาษาไทยที่จำง่ายก็ได้",
    )
    again = PasswordField("รหัสผ่านใหม่อีกครั้ง", [InputRequired(), EqualTo("password")])


class NewAccountForm(NewPasswordForm):
    """A new account."""

    name = TextField(
        "ชื่อผู้ใช้", [InputRequired(), Length(max=64)], description="ใช้ตอนเข้าสู่ระบบ เช่น somchai หรืออีเมลของหน่วยงาน"
    )
    full_name = TextField("ชื่อและนามสกุล", [InputRequired(), Length(max=LONGEST_FULL_NAME)])


def page(console: Console) -> Blueprint:
    """`/admin/invitation/<secret>`."""
    blueprint = Blueprint("invitation", __name__, url_prefix="/invitation")

    @blueprint.get("/<secret>")
    @needs(ANYONE)
    @console.limiter.limit(PER_ADDRESS, key_func=address)
    def index(secret: str) -> ResponseReturnValue:
        link, user = _link(secret)
        return _shown(_form(user), link, user)

    @blueprint.post("/<secret>")
    @needs(ANYONE)
    @console.limiter.limit(PER_ADDRESS, key_func=address)
    def submit(secret: str) -> ResponseReturnValue:
        link, user = _link(secret)
        form = _form(user)
        if not form.validate():
            return _shown(form, link, user)
        try:
            if user is not None:
                accounts.reset_password(console.engine, link, user, typed(form.password))
                flash("ตั้งรหัสผ่านใหม่แล้ว กรุณาเข้าสู่ระบบ", "success")
            else:
                accounts.create(
                    console.engine,
                    None,
                    name=typed(form.name),
                    full_name=typed(form.full_name),
                    role=link.role,
                    password=typed(form.password),
                    link=link,
                )
                flash("เปิดบัญชีแล้ว กรุณาเข้าสู่ระบบด้วยชื่อผู้ใช้และรหัสผ่านที่ตั้งไว้", "success")
        except Refused as refused:
            form.refuse(refused)
            return _shown(form, link, user)
        return redirect(url_for("admin.sign_in.index"))

    def _link(secret: str) -> tuple[Invitation, User | None]:
        found = accounts.link_of(console.engine, secret)
        if found is None:
            abort(404)
        return found

    return blueprint


def _form(user: User | None) -> NewPasswordForm:
    return NewAccountForm() if user is None else NewPasswordForm()


def _shown(form: NewPasswordForm, link: Invitation, user: User | None) -> str:
    return render_template("admin/invitation.html", form=form, link=link, user=user)
