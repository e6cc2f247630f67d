"""Signing in, by one or two steps, and out."""

from __future__ import annotations

from flask import Blueprint, redirect, render_template, session, url_for
from flask.typing import ResponseReturnValue
from flask_login import current_user
from wtforms import PasswordField
from wtforms.validators import InputRequired, Length

from bot.admin import accounts
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, typed
from bot.admin.guard import (
    STAGE_PAGES,
    address,
    has_failed,
    safe_next,
    tell_failed,
    tried_account,
    tried_name,
    tried_name_from_here,
)
from bot.admin.passwords import LONGEST
from bot.admin.roles import ANYONE, FULL, TWO_STEP_STAGE, needs
from bot.admin.signed_in import begin, forget, nobody, who

# Failed tries. A password has 12 characters at least, so these are far below what guessing takes.
PER_NAME_AND_ADDRESS = "8 per 15 minutes"
PER_NAME = "40 per hour"
PER_ADDRESS = "60 per 15 minutes"
CODES_PER_ACCOUNT = "8 per 15 minutes"


class SignInForm(Form):
    """The first step."""

    name = TextField("ชื่อผู้ใช้", [InputRequired(), Length(max=64)])
    password = PasswordField("รหัสผ่าน", [InputRequired(), Length(max=LONGEST)])


class CodeForm(Form):
    """The second step."""

    code = TextField("รหัสยืนยัน", [InputRequired(), Length(max=40)])


class EmptyForm(Form):
    """A button and its token."""


def page(console: Console) -> Blueprint:
    """`/admin/sign-in`, `/admin/two-step`, `/admin/sign-out`."""
    blueprint = Blueprint("sign_in", __name__)
    limit, hours = console.limiter.limit, console.settings.console_hours

    @blueprint.get("/sign-in")
    @needs(ANYONE)
    def index() -> ResponseReturnValue:
        if not nobody() and current_user.is_authenticated:
            return redirect(url_for("admin.home.index"))
        return render_template("admin/sign_in.html", form=SignInForm())

    @blueprint.post("/sign-in")
    @needs(ANYONE)
    @limit(PER_NAME_AND_ADDRESS, key_func=tried_name_from_here, deduct_when=has_failed)
    @limit(PER_NAME, key_func=tried_name, deduct_when=has_failed)
    @limit(PER_ADDRESS, key_func=address, deduct_when=has_failed)
    def submit() -> ResponseReturnValue:
        form = SignInForm()
        if not form.validate():
            return render_template("admin/sign_in.html", form=form)
        begun = accounts.sign_in(console.engine, typed(form.name), typed(form.password), hours)
        if begun is None:
            tell_failed()
            form.form_errors.append("ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง กรุณาลองอีกครั้ง")
            return render_template("admin/sign_in.html", form=form)
        return _go_on(begun)

    @blueprint.get("/two-step")
    @needs("viewer", stage=TWO_STEP_STAGE)
    def two_step() -> ResponseReturnValue:
        return render_template("admin/two_step.html", form=CodeForm())

    @blueprint.post("/two-step")
    @needs("viewer", stage=TWO_STEP_STAGE)
    @limit(CODES_PER_ACCOUNT, key_func=tried_account, deduct_when=has_failed)
    def submit_two_step() -> ResponseReturnValue:
        form = CodeForm()
        if form.validate():
            me = who()
            done = accounts.second_step(console.engine, me.user, me.session, typed(form.code), hours)
            if done is not None:
                return _go_on(done)
            tell_failed()
            form.form_errors.append("รหัสไม่ถูกต้องหรือใช้ไปแล้ว กรุณารอรหัสชุดใหม่ในแอปแล้วลองอีกครั้ง")
        return render_template("admin/two_step.html", form=form)

    @blueprint.post("/sign-out")
    @needs(ANYONE)
    def sign_out() -> ResponseReturnValue:
        if not nobody():
            accounts.sign_out(console.engine, who().user, who().session)
        forget()
        return redirect(url_for("admin.sign_in.index"))

    def _go_on(step: accounts.SignIn) -> ResponseReturnValue:
        wanted = safe_next(session.get("next", ""))
        begin(console.engine, step)
        if step.stage != FULL:
            session["next"] = wanted
            return redirect(url_for(STAGE_PAGES[step.stage]))
        return redirect(wanted or url_for("admin.home.index"))

    return blueprint
