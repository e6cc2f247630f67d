"""Who may use the console: for owners."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import RadioField
from wtforms.validators import Length

from bot.admin import people, roles
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, choices, typed
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.now import utc_now
from bot.storage import users as stored
from bot.storage.users import User

CHOICES = choices((role, roles.THAI[role]) for role in roles.ROLES)


class InviteForm(Form):
    """A link for somebody new."""

    note = TextField("ลิงก์นี้ให้ใคร", [Length(max=people.LONGEST_NOTE)], description="จดไว้กันสับสน เช่น คุณสมหญิง กลุ่มรางวัล")
    role = RadioField("สิทธิ์", choices=CHOICES, default="editor")


class RoleForm(Form):
    """Another role."""

    role = RadioField("สิทธิ์", choices=CHOICES)


def page(console: Console) -> Blueprint:
    """`/admin/users` and below."""
    blueprint = Blueprint("users", __name__, url_prefix="/users")
    engine = console.engine

    @blueprint.get("/")
    @needs("owner")
    def index() -> ResponseReturnValue:
        return _list(InviteForm())

    @blueprint.post("/invite")
    @needs("owner")
    def invite() -> ResponseReturnValue:
        form = InviteForm()
        if not form.validate():
            return _list(form)
        secret = people.invite(engine, who().user, form.role.data, typed(form.note))
        return render_template("admin/link.html", link=_address(secret), role=form.role.data, user=None)

    @blueprint.post("/invitations/<int:number>/withdraw")
    @needs("owner")
    def withdraw(number: int) -> ResponseReturnValue:
        if people.withdraw(engine, who().user, number):
            flash("ยกเลิกลิงก์แล้ว", "success")
        else:
            flash("ลิงก์นี้ถูกใช้หรือยกเลิกไปแล้ว", "warning")
        return redirect(url_for("admin.users.index"))

    @blueprint.get("/<int:number>")
    @needs("owner")
    def show(number: int) -> ResponseReturnValue:
        return _one(_user(number))

    @blueprint.post("/<int:number>/role")
    @needs("owner")
    def role(number: int) -> ResponseReturnValue:
        user, form = _user(number), RoleForm()
        if not form.validate():
            return _one(user, form)
        try:
            people.set_role(engine, who().user, user, form.role.data)
        except Refused as refused:
            form.refuse(refused)
            return _one(user, form)
        return _done(user, f"เปลี่ยนสิทธิ์ของ {user.full_name} เป็น{roles.THAI[form.role.data]}แล้ว")

    @blueprint.post("/<int:number>/active")
    @needs("owner")
    def active(number: int) -> ResponseReturnValue:
        user, wanted = _user(number), request.form.get("active") == "yes"
        try:
            people.set_active(engine, who().user, user, wanted)
        except Refused as refused:
            flash(str(refused), "danger")
            return redirect(url_for("admin.users.show", number=number))
        return _done(user, f"{'เปิดใช้' if wanted else 'ปิด'}บัญชีของ {user.full_name} แล้ว")

    @blueprint.post("/<int:number>/reset")
    @needs("owner")
    def reset(number: int) -> ResponseReturnValue:
        user = _user(number)
        if not user.active:
            abort(404)
        secret = people.reset_link(engine, who().user, user)
        return render_template("admin/link.html", link=_address(secret), role=user.role, user=user)

    @blueprint.post("/<int:number>/two-step-reset")
    @needs("owner")
    def two_step_reset(number: int) -> ResponseReturnValue:
        user = _user(number)
        people.reset_two_step(engine, who().user, user)
        return _done(user, f"ล้างการยืนยันสองขั้นของ {user.full_name} แล้ว")

    @blueprint.post("/<int:number>/sign-out")
    @needs("owner")
    def sign_out(number: int) -> ResponseReturnValue:
        user = _user(number)
        people.sign_out_everywhere(engine, who().user, user)
        return _done(user, f"ให้ {user.full_name} ออกจากระบบในทุกอุปกรณ์แล้ว")

    def _list(form: InviteForm) -> str:
        with engine.connect() as connection:
            everybody = stored.listed(connection)
            links = stored.open_invitations(connection, utc_now())
        names = {user.id: user.full_name for user in everybody}
        return render_template("admin/users.html", users=everybody, links=links, names=names, form=form)

    def _one(user: User, form: RoleForm | None = None) -> str:
        return render_template("admin/user.html", user=user, form=form or RoleForm(role=user.role))

    def _user(number: int) -> User:
        with engine.connect() as connection:
            user = stored.by_id(connection, number)
        if user is None:
            abort(404)
        return user

    def _done(user: User, sentence: str) -> ResponseReturnValue:
        flash(sentence, "success")
        return redirect(url_for("admin.users.show", number=user.id))

    def _address(secret: str) -> str:
        path = url_for("admin.invitation.index", secret=secret)
        return f"{console.settings.public_url or request.host_url.rstrip('/')}{path}"

    return blueprint
