"""Accounts of the console: opening one, signing in by one or two steps, changing and resetting a password."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import timedelta

from sqlalchemy import Connection, Engine

from bot.admin import audit, passwords, two_step
from bot.admin.roles import ENROL_STAGE, FULL, ROLES, TWO_STEP, TWO_STEP_STAGE
from bot.now import utc_now
from bot.storage import console_sessions as sessions
from bot.storage import users
from bot.storage.console_sessions import Session
from bot.storage.users import Invitation, User

INVITED_FOR = timedelta(days=7)
RESET_FOR = timedelta(days=1)
LONGEST_FULL_NAME = 120
_NAME = re.compile(r"[\w.@+-]{2,64}")


class Refused(Exception):
    """What somebody asked for cannot be. The text is one polite sentence in Thai; `field` names the form's field."""

    def __init__(self, sentence: str, field: str = "") -> None:
        super().__init__(sentence)
        self.field = field


@dataclass(frozen=True)
class SignIn:
    """A sign-in that was begun or completed: the browser's new secret, and what is still missing."""

    token: str
    stage: str


def normal_name(text: str) -> str:
    """A name as it is kept, however it was typed."""
    return unicodedata.normalize("NFKC", text).strip().casefold()


def sign_in(engine: Engine, name: str, password: str, hours: int) -> SignIn | None:
    """The first step: None when name or password is wrong, or the account is closed, which nobody is told apart."""
    with engine.connect() as connection:
        user = users.by_name(connection, normal_name(name))
    right = passwords.is_right(user.password_hash if user else None, password)
    with engine.begin() as connection:
        if user is None:
            # What was typed is not written down: it may be somebody's password.
            return None
        if not right or not user.active:
            audit.record(connection, None, "sign_in.failed", user.name, {"step": "password"})
            return None
        if passwords.is_outdated(user.password_hash):
            users.change(connection, user.id, password_hash=passwords.hashed(password))
        return _start(connection, user, _missing(user), hours)


def second_step(engine: Engine, user: User, session: Session, code: str, hours: int) -> SignIn | None:
    """The second step: a code of the authenticator, or a recovery code; None when it is wrong or was used before."""
    with engine.begin() as connection:
        recovered = two_step.looks_like_recovery(code)
        if recovered:
            taken = users.take_recovery_code(connection, user.id, two_step.recovery_hash(code), utc_now())
        else:
            step = two_step.step_of(user.totp_secret or "", code)
            taken = step is not None and users.take_totp_step(connection, user.id, step)
        if not taken:
            audit.record(connection, None, "sign_in.failed", user.name, {"step": "code"})
            return None
        if recovered:
            left = users.recovery_codes_left(connection, user.id)
            audit.record(connection, user, "account.recovery_code_used", user.name, {"left": left})
        sessions.end(connection, session.token_hash)
        return _start(connection, user, FULL, hours)


def enrolled(engine: Engine, user: User, session: Session, code: str, hours: int) -> tuple[SignIn, list[str]] | None:
    """Set up the authenticator whose secret the session holds, once it gave a right code: the completed sign-in and the
    recovery codes to show once. None when the code is wrong. All other sessions of the account end."""
    step = two_step.step_of(session.totp_secret or "", code)
    if step is None:
        return None
    codes = two_step.new_recovery_codes()
    with engine.begin() as connection:
        users.change(connection, user.id, totp_secret=session.totp_secret, totp_step=step)
        users.set_recovery_codes(connection, user.id, [two_step.recovery_hash(one) for one in codes])
        audit.record(connection, user, "account.two_step", user.name)
        sessions.end_all(connection, user.id)
        return _start(connection, user, FULL, hours), codes


def new_recovery_codes(engine: Engine, user: User) -> list[str]:
    """Replace an account's recovery codes; to be shown once."""
    codes = two_step.new_recovery_codes()
    with engine.begin() as connection:
        users.set_recovery_codes(connection, user.id, [two_step.recovery_hash(one) for one in codes])
        audit.record(connection, user, "account.recovery_codes", user.name)
    return codes


def change_password(engine: Engine, user: User, old: str, new: str, hours: int) -> SignIn:
    """Set one's own password; all sessions of the account end and a new one begins. Refused."""
    if not passwords.is_right(user.password_hash, old):
        raise Refused("รหัสผ่านปัจจุบันไม่ถูกต้อง", "old")
    _check_password(new, user.name, user.full_name)
    if passwords.is_right(user.password_hash, new):
        raise Refused("รหัสผ่านใหม่ต้องไม่ซ้ำกับรหัสผ่านเดิม", "password")
    with engine.begin() as connection:
        users.change(connection, user.id, password_hash=passwords.hashed(new))
        # Whoever holds a reset link that was sent before would set another one.
        users.withdraw_resets(connection, user.id)
        audit.record(connection, user, "account.password", user.name)
        sessions.end_all(connection, user.id)
        return _start(connection, user, FULL, hours)


def create(
    engine: Engine, actor: User | None, *, name: str, full_name: str, role: str, password: str, link: Invitation | None
) -> User:
    """Open an account: by the command line (no actor, no link) or by whoever follows an invitation. Refused."""
    name, full_name = normal_name(name), " ".join(full_name.split())
    if not _NAME.fullmatch(name):
        raise Refused("ชื่อผู้ใช้ต้องยาว 2 ถึง 64 ตัว ใช้ตัวอักษร ตัวเลข จุด ขีด และ @ ได้ แต่เว้นวรรคไม่ได้", "name")
    if not 1 <= len(full_name) <= LONGEST_FULL_NAME:
        raise Refused(f"กรุณากรอกชื่อและนามสกุล ไม่เกิน {LONGEST_FULL_NAME} ตัวอักษร", "full_name")
    if role not in ROLES:
        raise Refused("ไม่รู้จักสิทธิ์นี้", "role")
    _check_password(password, name, full_name)
    password_hash = passwords.hashed(password)
    with engine.begin() as connection:
        now = utc_now()
        if link is not None and not users.take_invitation(connection, link.id, now):
            raise Refused("ลิงก์นี้ถูกใช้ไปแล้วหรือหมดอายุ กรุณาขอลิงก์ใหม่จากเจ้าของระบบ")
        by = link.created_by if link else audit.COMMAND_LINE
        if not users.create(
            connection,
            name=name,
            full_name=full_name,
            role=role,
            password_hash=password_hash,
            created_at=now,
            created_by=by,
        ):
            raise Refused("มีผู้ใช้ชื่อนี้แล้ว กรุณาเลือกชื่ออื่น", "name")
        user = users.by_name(connection, name)
        assert user is not None  # noqa: S101 - made two lines above
        audit.record(
            connection, user if link else actor, "invitation.accept" if link else "user.create", name, {"role": role}
        )
        return user


def reset_password(engine: Engine, link: Invitation, user: User, new: str) -> None:
    """Set the password of a reset link's account, and sign it out everywhere. Refused."""
    _check_password(new, user.name, user.full_name)
    password_hash = passwords.hashed(new)
    with engine.begin() as connection:
        if not users.take_invitation(connection, link.id, utc_now()):
            raise Refused("ลิงก์นี้ถูกใช้ไปแล้วหรือหมดอายุ กรุณาขอลิงก์ใหม่จากเจ้าของระบบ")
        users.change(connection, user.id, password_hash=password_hash)
        sessions.end_all(connection, user.id)
        audit.record(connection, user, "invitation.reset_used", user.name)


def link_of(engine: Engine, token: str) -> tuple[Invitation, User | None] | None:
    """The link behind a secret and, for a reset, its account; None when it is no good (any more)."""
    with engine.connect() as connection:
        link = users.invitation(connection, passwords.token_hash(token), utc_now())
        if link is None:
            return None
        user = users.by_id(connection, link.user) if link.user is not None else None
    if link.user is not None and (user is None or not user.active):
        return None
    return link, user


def sign_out(engine: Engine, user: User, session: Session) -> None:
    """End one session."""
    with engine.begin() as connection:
        sessions.end(connection, session.token_hash)
        audit.record(connection, user, "sign_out", user.name)


def _missing(user: User) -> str:
    if user.totp_secret:
        return TWO_STEP_STAGE
    return ENROL_STAGE if user.role in TWO_STEP else FULL


def _start(connection: Connection, user: User, stage: str, hours: int) -> SignIn:
    """A session with a secret of its own; the one before it, if any, is of no use for it."""
    token, now = passwords.token(), utc_now()
    sessions.start(
        connection,
        token_hash=passwords.token_hash(token),
        user=user.id,
        stage=stage,
        moment=now,
        expires_at=now + timedelta(hours=hours),
    )
    if stage == FULL:
        users.change(connection, user.id, signed_in_at=now)
        audit.record(connection, user, "sign_in", user.name)
    return SignIn(token, stage)


def _check_password(password: str, *names: str) -> None:
    problem = passwords.problem_with(password, *names)
    if problem:
        raise Refused(problem, "password")
