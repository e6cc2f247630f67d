"""What stands before and after every view of the console: who may open it, forged forms, too many tries, safe headers."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response, abort, current_app, g, jsonify, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_limiter import Limiter
from flask_login import current_user
from flask_wtf.csrf import CSRFProtect
from redis import Redis

from bot.admin.accounts import normal_name
from bot.admin.passwords import token_hash
from bot.admin.roles import ANYONE, ENROL_STAGE, FULL, TWO_STEP_STAGE, at_least
from bot.admin.signed_in import POLLS, cannot_tell, nobody, who

log = structlog.get_logger(__name__)

HEADERS = {
    "Content-Security-Policy": "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "font-src 'self'; connect-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    # Forms sent over HTTPS are checked by where they come from, which "no-referrer" would hide.
    "Referrer-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
}
HTTPS_SECONDS = 365 * 86_400
STATIC = "admin.static"
# The page that takes the next step of a sign-in.
STAGE_PAGES = {
    TWO_STEP_STAGE: "admin.sign_in.two_step",
    ENROL_STAGE: "admin.account.two_step",
    FULL: "admin.home.index",
}

csrf = CSRFProtect()


def make_limiter(redis: Redis) -> Limiter:
    """Counts tries in Redis, so for all web processes together; in this process's memory while Redis is away."""
    return Limiter(
        key_func=address,
        storage_uri="redis://",
        storage_options={"connection_pool": redis.connection_pool},  # type: ignore[dict-item]
        strategy="fixed-window",
        key_prefix="lertrat:console",
        in_memory_fallback_enabled=True,
        swallow_errors=True,
    )


def address() -> str:
    """Where a request comes from; behind a reverse proxy TRUSTED_PROXIES says how many to believe."""
    return request.remote_addr or "unknown"


def tried_name() -> str:
    """The account that a sign-in tries, not readable in Redis."""
    return token_hash(normal_name(request.form.get("name", "")))


def tried_name_from_here() -> str:
    """The same, for each address by itself: a stranger's tries do not lock an account's own people out at once."""
    return f"{tried_name()}:{address()}"


def tried_account() -> str:
    """The account of an unfinished sign-in, or of the one that is signed in."""
    return "nobody" if nobody() else str(who().user.id)


def tell_failed() -> None:
    """Let this request count as a failed try."""
    g.console_failed = True


def has_failed(_response: Response) -> bool:
    """Whether it does."""
    return bool(g.get("console_failed"))


def guard(admin: Blueprint) -> None:
    """Set it up for the blueprint and those within it. (The limiter asks before each view by itself.)"""

    @admin.before_request
    def check() -> ResponseReturnValue | None:
        view = current_app.view_functions[request.endpoint or ""]
        if request.endpoint == STATIC:
            return None
        role, stage = getattr(view, "needs_role", None), getattr(view, "needs_stage", FULL)
        if role is None:
            log.error("console_view_without_role", endpoint=request.endpoint)
            abort(403)
        if cannot_tell():
            abort(503)
        if role != ANYONE and nobody():
            return _to_sign_in()
        csrf.protect()
        return None if role == ANYONE else _not_allowed(role, stage)

    @admin.after_request
    def safe_headers(response: Response) -> Response:
        return with_headers(response)


def with_headers(response: Response) -> Response:
    """A page's own policy stays where it has one."""
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if current_app.config["SESSION_COOKIE_SECURE"]:
        # PUBLIC_URL begins with https: who typed a password there shall not be led to http by anybody on the way.
        response.headers.setdefault("Strict-Transport-Security", f"max-age={HTTPS_SECONDS}")
    return response


def safe_next(path: str) -> str:
    """`path` when it is a page of the console, else ""."""
    return path if path.startswith("/admin/") and "\\" not in path and "//" not in path and path.isprintable() else ""


def _to_sign_in() -> ResponseReturnValue:
    if request.headers.get("X-CSRFToken"):
        return jsonify(error="กรุณาเข้าสู่ระบบอีกครั้ง"), 401
    # A script's request is no page to come back to.
    is_page = "text/html" in request.headers.get("Accept", "text/html") and request.endpoint not in POLLS
    if request.method == "GET" and is_page:
        session["next"] = safe_next(request.full_path.rstrip("?"))
    return redirect(url_for("admin.sign_in.index"))


def _not_allowed(role: str, stage: str) -> ResponseReturnValue | None:
    if current_user.session.stage != stage and not (stage == ENROL_STAGE and current_user.session.stage == FULL):
        return redirect(url_for(STAGE_PAGES[current_user.session.stage]))
    if not at_least(current_user.user.role, role):
        abort(403)
    return None
