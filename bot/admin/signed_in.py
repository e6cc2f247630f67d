"""Who is at the browser: Flask-Login's user, found by the secret in the cookie among the sessions of the database."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import cast

import structlog
from flask import Flask, Request, g, request, session
from flask.sessions import SecureCookieSession, SecureCookieSessionInterface
from flask_login import LoginManager, current_user, login_user
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.admin.accounts import SignIn
from bot.admin.passwords import token_hash
from bot.admin.roles import FULL, THAI, at_least
from bot.logs import failure
from bot.now import utc_now
from bot.storage import console_sessions, users
from bot.storage.console_sessions import NOTED_EVERY, Session
from bot.storage.users import User

log = structlog.get_logger(__name__)

# What an open page's script asks for again and again by itself: nobody need sit before it.
POLLS = frozenset({"admin.jobs.show", "admin.knowledge.version", "admin.broadcasts.progress"})


@dataclass(frozen=True)
class SignedIn:
    """The account and its session; `token` is the browser's secret."""

    user: User
    session: Session
    token: str

    is_active = True
    is_anonymous = False

    @property
    def is_authenticated(self) -> bool:
        """Whether all steps were taken."""
        return self.session.stage == FULL

    def get_id(self) -> str:
        """What Flask-Login keeps in the cookie."""
        return self.token

    def may(self, role: str) -> bool:
        """Whether this account may do what `role` may."""
        return self.is_authenticated and at_least(self.user.role, role)

    @property
    def role_name(self) -> str:
        """Its role in Thai."""
        return THAI[self.user.role]


class ConsoleCookies(SecureCookieSessionInterface):
    """Cookies for the console alone: LINE's events and the public pages do without reading or setting one."""

    def open_session(self, app: Flask, request: Request) -> SecureCookieSession | None:
        """What the cookie holds; None elsewhere, which Flask takes for a session that cannot be written."""
        return super().open_session(app, request) if request.path.startswith("/admin/") else None


def keep_signed_in(app: Flask, engine: Engine, idle_minutes: int) -> None:
    """Set Flask-Login up: sessions end after `idle_minutes` without a request (other than POLLS), or when their time is over."""
    app.session_interface = ConsoleCookies()
    manager = LoginManager()
    manager.session_protection = None  # the address of a phone changes; the secret is what counts
    idle = timedelta(minutes=idle_minutes)

    @manager.user_loader  # type: ignore[untyped-decorator]
    def load(token: str) -> SignedIn | None:
        now = utc_now()
        try:
            with engine.connect() as connection:
                found = console_sessions.alive(connection, token_hash(token), now, idle)
                user = users.by_id(connection, found.user) if found else None
        except SQLAlchemyError as error:
            # Asked once: the page that says so must not wait for the database again.
            log.error("console_sessions_unreachable", **failure(error))
            g.console_away = True
            return None
        if found is None or user is None or not user.active:
            return None
        if now - found.seen_at > NOTED_EVERY and request.endpoint not in POLLS:
            with engine.begin() as connection:
                console_sessions.note_seen(connection, found, now)
        return SignedIn(user, found, token)

    manager.init_app(app)


def begin(engine: Engine, sign_in: SignIn) -> None:
    """Hand the browser its new secret. Nothing of the cookie from before stays: neither a secret that somebody else may
    have put there, nor its form tokens."""
    session.clear()
    with engine.connect() as connection:
        now = utc_now()
        found = console_sessions.alive(connection, token_hash(sign_in.token), now, timedelta(minutes=1))
        user = users.by_id(connection, found.user) if found else None
    assert found is not None  # noqa: S101 - it was begun a moment ago
    assert user is not None  # noqa: S101
    login_user(SignedIn(user, found, sign_in.token))


def forget() -> None:
    """Take everything from the browser."""
    session.clear()


def who() -> SignedIn:
    """Who is signed in; only for views that need a role or a stage."""
    return cast(SignedIn, current_user._get_current_object())


def nobody() -> bool:
    """Whether the browser has no session at all, not even one that lacks a step."""
    return bool(current_user.is_anonymous)


def cannot_tell() -> bool:
    """Whether the database is away, so that nobody knows who it is."""
    return nobody() and bool(g.get("console_away"))
