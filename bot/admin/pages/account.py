"""One's own account: password, two-step sign-in, recovery codes."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import PasswordField
from wtforms.validators import EqualTo, InputRequired, Length

from bot.admin import accounts, passwords
from bot.admin import two_step as authenticator
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, typed
from bot.admin.guard import has_failed, tell_failed, tried_account
from bot.admin.pages.sign_in import CODES_PER_ACCOUNT, CodeForm
from bot.admin.roles import ENROL_STAGE, TWO_STEP, needs
from bot.admin.signed_in import begin, who
from bot.storage import console_sessions, users


class PasswordForm(Form):
    """A new password for oneself."""

    old = PasswordField("รหัสผ่านปัจจุบัน", [InputRequired(), Length(max=passwords.LONGEST)])
    password = PasswordField(
        "รหัสผ่านใหม่",
        [InputRequired()],
        description=f"อย่างน้อย {passwords.SHORTEST} ตัวอักษร ใช้ประโยคภาษาไทยที่จำง่ายก็ได้",
    )
    again = PasswordField("รหัสผ่านใหม่อีกครั้ง", [InputRequired(), EqualTo("password")])


class ConfirmForm(Form):
    """One's password once more, before something that would open the account to whoever found the screen unlocked."""

    password = PasswordField("รหัสผ่านปัจจุบัน", [InputRequired(), Length(max=passwords.LONGEST)])


def page(console: Console) -> Blueprint:
    """`/admin/account` and below."""
    blueprint = Blueprint("account", __name__, url_prefix="/account")
    engine, hours = console.engine, console.settings.console_hours
    limit = console.limiter.limit(CODES_PER_ACCOUNT, key_func=tried_account, deduct_when=has_failed)

    def shown(password: PasswordForm, confirm: ConfirmForm) -> str:
        with engine.connect() as connection:
            left = users.recovery_codes_left(connection, who().user.id)
        return render_template(
            "admin/account.html", password_form=password, confirm_form=confirm, user=who().user, codes_left=left
        )

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        return shown(PasswordForm(prefix="new"), ConfirmForm(prefix="confirm"))

    @blueprint.post("/password")
    @needs("viewer")
    @limit
    def password() -> ResponseReturnValue:
        form = PasswordForm(prefix="new")
        if form.validate():
            try:
                begun = accounts.change_password(engine, who().user, typed(form.old), typed(form.password), hours)
            except Refused as refused:
                if refused.field == "old":
                    tell_failed()
                form.refuse(refused)
            else:
                begin(engine, begun)
                flash("เปลี่ยนรหัสผ่านแล้ว และออกจากระบบในอุปกรณ์อื่นทั้งหมดแล้ว", "success")
                return redirect(url_for("admin.account.index"))
        return shown(form, ConfirmForm(formdata=None, prefix="confirm"))

    @blueprint.get("/two-step")
    @needs("viewer", stage=ENROL_STAGE)
    def two_step() -> ResponseReturnValue:
        return _enrolment(CodeForm())

    @blueprint.post("/two-step")
    @needs("viewer", stage=ENROL_STAGE)
    @limit
    def enrol() -> ResponseReturnValue:
        form, me = CodeForm(), who()
        if me.user.totp_secret or not form.validate():
            return _enrolment(form)
        done = accounts.enrolled(engine, me.user, me.session, typed(form.code), hours)
        if done is None:
            tell_failed()
            form.form_errors.append("รหัสไม่ตรง กรุณาตรวจว่านาฬิกาของโทรศัพท์ตรง แล้วใส่รหัสล่าสุดในแอป")
            return _enrolment(form)
        begun, codes = done
        begin(engine, begun)
        return render_template("admin/recovery_codes.html", codes=codes, next=url_for("admin.home.index"))

    @blueprint.post("/recovery-codes")
    @needs("viewer")
    @limit
    def recovery_codes() -> ResponseReturnValue:
        form, user = ConfirmForm(prefix="confirm"), who().user
        if form.validate() and user.totp_secret:
            if passwords.is_right(user.password_hash, typed(form.password)):
                codes = accounts.new_recovery_codes(engine, user)
                return render_template("admin/recovery_codes.html", codes=codes, next=url_for("admin.account.index"))
            tell_failed()
            form.refuse(Refused("รหัสผ่านปัจจุบันไม่ถูกต้อง", "password"))
        return shown(PasswordForm(formdata=None, prefix="new"), form)

    def _enrolment(form: CodeForm) -> ResponseReturnValue:
        me = who()
        if me.user.totp_secret:
            # A telephone that is in use is replaced by an owner's reset only, else an unlocked screen would suffice.
            return redirect(url_for("admin.account.index"))
        secret = me.session.totp_secret
        if secret is None:
            secret = authenticator.new_secret()
            with engine.begin() as connection:
                console_sessions.keep_totp_secret(connection, me.session.token_hash, secret)
        return render_template(
            "admin/enrol.html",
            form=form,
            secret=secret,
            picture=authenticator.picture(secret, me.user.name),
            forced=me.user.role in TWO_STEP,
        )

    return blueprint
