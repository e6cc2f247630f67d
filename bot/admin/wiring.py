"""The administrators' console under /admin/: its pages, in one visible row, and what they share."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from flask import Blueprint, Flask, Response, current_app, render_template, request
from flask_bootstrap import Bootstrap5
from flask_limiter import RateLimitExceeded
from flask_login import current_user
from flask_wtf.csrf import CSRFError
from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError
from werkzeug.exceptions import HTTPException
from werkzeug.middleware.proxy_fix import ProxyFix

from bot.admin import audit, fonts, roles
from bot.admin.ask_worker import WorkerDoor
from bot.admin.console import Console
from bot.admin.guard import csrf, guard, make_limiter, with_headers
from bot.admin.navigation import entries
from bot.admin.pages import (
    account,
    audit_log,
    broadcasts,
    calendar,
    cards,
    home,
    inbox,
    invitation,
    jobs,
    knowledge,
    knowledge_files,
    knowledge_history,
    knowledge_publish,
    privacy,
    rulebook,
    sign_in,
    statistics,
    try_it,
    users,
)
from bot.admin.signed_in import keep_signed_in
from bot.admin.thai_time import thai_date, thai_moment
from bot.now import make_now
from bot.settings import Settings, secret_key

if TYPE_CHECKING:
    from bot.published import Published
    from knowledge.model import Knowledge

# One line a page: a function that takes the Console and gives a Blueprint with its own url_prefix below /admin.
PAGES: tuple[Callable[[Console], Blueprint], ...] = (
    home.page,
    statistics.page,
    rulebook.page,
    privacy.page,
    sign_in.page,
    invitation.page,
    account.page,
    users.page,
    knowledge.page,
    knowledge_publish.page,
    knowledge_history.page,
    knowledge_files.page,
    cards.page,
    inbox.page,
    try_it.page,
    calendar.page,
    broadcasts.page,
    audit_log.page,
    jobs.page,
)

LARGEST_REQUEST = 2 * 1024 * 1024  # bytes; a YAML or XLSX upload is smaller
_SENTENCES = {
    400: ("ส่งข้อมูลไม่สำเร็จ", "ข้อมูลที่ส่งมาไม่ครบหรือไม่ถูกต้อง กรุณากลับไปลองอีกครั้ง"),
    403: ("ไม่มีสิทธิ์เปิดหน้านี้", "บัญชีของคุณไม่มีสิทธิ์สำหรับหน้านี้ หากจำเป็นต้องใช้ กรุณาติดต่อเจ้าของระบบ"),
    404: ("ไม่พบหน้านี้", "ไม่มีหน้านี้ หรือรายการถูกลบไปแล้ว"),
    405: ("ทำแบบนี้ไม่ได้", "หน้านี้เปิดด้วยวิธีนี้ไม่ได้ กรุณาเริ่มจากหน้าหลัก"),
    413: ("ไฟล์ใหญ่เกินไป", "ไฟล์หรือข้อความที่ส่งใหญ่เกินไป กรุณาลดขนาดแล้วลองอีกครั้ง"),
    429: ("ลองบ่อยเกินไป", "มีการลองหลายครั้งเกินไป กรุณารอประมาณ 15 นาทีแล้วลองใหม่"),
    500: ("ระบบขัดข้อง", "เกิดข้อผิดพลาดในระบบ ข้อมูลที่บันทึกไว้แล้วยังอยู่ครบ กรุณาลองใหม่ หากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบ"),
    503: ("ระบบไม่พร้อมชั่วคราว", "บางส่วนของระบบยังไม่ตอบ กรุณาลองใหม่ในอีกสักครู่"),
}


def add_console(
    app: Flask,
    settings: Settings,
    engine: Engine,
    redis: Redis,
    published: Published[Knowledge],
    enqueue: Callable[[str, dict[str, object]], None],
) -> None:
    """Serve the console under /admin/; `enqueue` puts work for a worker into the queue."""
    app.config.update(
        SECRET_KEY=secret_key(settings),
        SESSION_COOKIE_NAME="lertrat_console",
        SESSION_COOKIE_PATH="/admin/",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.public_url.startswith("https://"),
        WTF_CSRF_CHECK_DEFAULT=False,  # LINE posts to this process too; bot.admin.guard checks the console's forms
        WTF_CSRF_TIME_LIMIT=None,  # as long as the session
        BOOTSTRAP_SERVE_LOCAL=True,
    )
    if settings.trusted_proxies:
        count = settings.trusted_proxies
        app.wsgi_app = ProxyFix(app.wsgi_app, x_for=count, x_proto=count, x_host=0)  # type: ignore[method-assign]
    limiter = make_limiter(redis)
    worker = WorkerDoor(redis, enqueue, engine)
    console = Console(settings, engine, redis, published, worker, limiter, make_now(settings))
    admin = Blueprint(
        "admin",
        __name__,
        url_prefix="/admin",
        template_folder="templates",
        static_folder="static",
        static_url_path="/static",
    )
    guard(admin)
    admin.context_processor(_shared)
    fonts.serve(admin)
    for page in PAGES:
        admin.register_blueprint(page(console))
    Bootstrap5(app)
    csrf.init_app(app)
    limiter.init_app(app)
    keep_signed_in(app, engine, settings.console_idle_minutes)
    app.jinja_env.filters.update(thai_date=thai_date, thai_moment=thai_moment)
    app.register_blueprint(admin)

    @app.before_request
    def small_enough() -> None:
        if request.blueprint and request.blueprint.startswith("admin"):
            request.max_content_length = LARGEST_REQUEST


def is_console(path: str) -> bool:
    """Whether an address belongs to the console."""
    return path.startswith("/admin/")


def error_page(error: Exception) -> Response:
    """What went wrong, in Thai, for people; for a script, as JSON."""
    code = error.code or 500 if isinstance(error, HTTPException) else 500
    if isinstance(error, SQLAlchemyError | RedisError):
        code = 503
    title, sentence = _SENTENCES.get(code, _SENTENCES[400] if code < 500 else _SENTENCES[500])
    if isinstance(error, CSRFError):
        sentence = "หน้านี้เปิดค้างไว้นานเกินไป หรือถูกส่งมาจากที่อื่น จึงยังไม่ได้บันทึก กรุณากลับไปเปิดหน้าใหม่แล้วลองอีกครั้ง"
    if request.headers.get("X-CSRFToken"):
        response = Response(f'{{"error": "{sentence}"}}', status=code, content_type="application/json")
    else:
        page = render_template("admin/error.html", title=title, sentence=sentence, code=code, **_shared())
        response = Response(page, status=code, content_type="text/html; charset=utf-8")
    if isinstance(error, RateLimitExceeded):
        response.headers["Retry-After"] = "900"
    return with_headers(response)


def _shared() -> dict[str, object]:
    """What every template may use."""
    return {
        "signed_in": None if current_user.is_anonymous else current_user,
        "navigation": entries(),
        "roles": roles,
        "actions": audit.ACTIONS,
        "views": current_app.view_functions,
    }
