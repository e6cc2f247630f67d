"""The web process: everything it serves, wired in one place.

It never loads the LINE SDK or what understands questions, and the knowledge only once somebody reads the rule book,
fetches a calendar or opens the console's pages about it.
"""

from __future__ import annotations

import time

import structlog
from flask import Flask, Response, g, jsonify, request
from redis import Redis
from sqlalchemy import Engine
from werkzeug.exceptions import HTTPException, MethodNotAllowed

from bot import health, metrics
from bot.admin.wiring import add_console, error_page, is_console
from bot.calendar_page import calendar_page
from bot.connections import connect_redis
from bot.inbox import Inbox
from bot.logs import configure_logs, failure
from bot.published import published_knowledge
from bot.rules_page import rules_page
from bot.settings import Settings, load_settings
from bot.storage.database import make_engine
from bot.tasks import chat_queue, console_queue, make_broker
from bot.webhook import create_blueprint

log = structlog.get_logger(__name__)

SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'",
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}
PLAIN = {404: "not found", 405: "method not allowed", 413: "too large", 500: "internal error"}


def create_app(settings: Settings | None = None, *, redis: Redis | None = None, engine: Engine | None = None) -> Flask:
    """The WSGI application; gunicorn calls it as `bot.app:create_app()`, with the settings of the environment.

    SettingsError without the LINE secrets or without REDIS_URL.
    """
    settings = settings or load_settings()
    settings.require_line()
    configure_logs(settings.log_level, settings.log_format)
    redis = redis if redis is not None else connect_redis(settings)
    engine = engine if engine is not None else make_engine(settings.database)
    broker = make_broker(redis)

    # Bootstrap-Flask hangs its files on the path of the application's own, of which there are none.
    app = Flask("bot", static_folder=None, static_url_path="/static")
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.register_blueprint(create_blueprint(settings.line_channel_secret, Inbox(redis, chat_queue(broker))))
    published = published_knowledge(engine)
    app.register_blueprint(rules_page(published))
    app.register_blueprint(calendar_page(published))
    _register_status(app, redis, engine)
    add_console(app, settings, engine, redis, published, console_queue(broker))
    app.before_request(_begin)
    app.after_request(_finish)
    app.register_error_handler(HTTPException, _plain_error)
    app.register_error_handler(Exception, _unexpected_error)
    return app


def _register_status(app: Flask, redis: Redis, engine: Engine) -> None:
    @app.get("/healthz")
    def healthz() -> Response:
        return jsonify(status="ok")

    @app.get("/readyz")
    def readyz() -> tuple[Response, int]:
        missing = health.problems(redis, engine)
        if missing:
            return jsonify(status="not ready", missing=missing), 503
        return jsonify(status="ready"), 200

    @app.get("/metrics")
    def metrics_page() -> Response:
        return Response(metrics.exposition(redis, engine), content_type="text/plain; version=0.0.4; charset=utf-8")


def _begin() -> None:
    g.began = time.perf_counter()


def _finish(response: Response) -> Response:
    for name, value in SECURITY_HEADERS.items():
        response.headers.setdefault(name, value)
    # Unknown addresses share one label, so that a scanner cannot fill the memory with labels.
    endpoint = request.endpoint or "unknown"
    metrics.REQUESTS.labels(endpoint, str(response.status_code)).inc()
    if "began" in g:
        metrics.REQUEST_SECONDS.labels(endpoint).observe(time.perf_counter() - g.began)
    return response


def _plain_error(error: HTTPException) -> Response:
    if is_console(request.path):
        return error_page(error)
    code = error.code or 500
    response = Response(f"{PLAIN.get(code, error.name.lower())}\n", status=code, content_type="text/plain")
    if isinstance(error, MethodNotAllowed):
        response.headers["Allow"] = ", ".join(error.valid_methods or ())
    return response


def _unexpected_error(error: Exception) -> Response:
    if is_console(request.path):
        # Not the error's own text: a database's quotes what people wrote.
        log.error("request_failed", endpoint=request.endpoint, **failure(error))
        return error_page(error)
    log.error("request_failed", endpoint=request.endpoint, error=type(error).__name__, exc_info=error)
    return Response("internal error\n", status=500, content_type="text/plain")
