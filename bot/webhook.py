"""POST /webhook: a signed body from LINE, its events taken into the inbox, and 200 long before LINE's 2 s are over."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from collections.abc import Callable, Sequence
from typing import Any, Protocol

import structlog
from flask import Blueprint, Response, request
from redis import RedisError

from bot.events import is_done_in_standby, parse
from bot.inbox import unix_milliseconds
from bot.turn import Event

log = structlog.get_logger(__name__)

LARGEST_BODY = 8 * 1024 * 1024  # bytes: a million Thai letters, each written as \uXXXX, and room to spare


class EventInbox(Protocol):
    """Where events go: bot.inbox.Inbox."""

    def accept(self, events: Sequence[Event], now: int) -> int: ...


def create_blueprint(channel_secret: str, inbox: EventInbox, now: Callable[[], int] = unix_milliseconds) -> Blueprint:
    """The webhook: 400 for a bad signature, 413 for more than 8 MiB, 503 while Redis is away, else 200.

    A signed body that cannot be read gets 200 and a line in the log, since LINE would only send the same again.
    """
    blueprint = Blueprint("webhook", __name__)

    @blueprint.post("/webhook")
    def webhook() -> Response:
        request.max_content_length = LARGEST_BODY  # reading more raises Flask's own 413
        body = request.get_data(cache=False)
        if not is_signed(body, request.headers.get("x-line-signature", ""), channel_secret):
            log.warning("webhook_signature_wrong", bytes=len(body))
            return _plain("bad signature", 400)
        events = [event for event in parse(_read(body)) if event.active or is_done_in_standby(event)]
        try:
            fresh = inbox.accept(events, now())
        except RedisError as error:
            log.error("webhook_refused", reason="redis", error=type(error).__name__)
            return _plain("try again", 503)
        log.info("webhook_accepted", events=len(events), fresh=fresh)
        return _plain("ok", 200)

    return blueprint


def is_signed(body: bytes, signature: str, channel_secret: str) -> bool:
    """Whether `signature` is base64(HMAC-SHA256(channel secret, body)), compared in constant time."""
    expected = base64.b64encode(hmac.new(channel_secret.encode(), body, hashlib.sha256).digest())
    return hmac.compare_digest(expected, signature.encode("utf-8", "surrogateescape"))


def _read(body: bytes) -> dict[str, Any]:
    try:
        value = json.loads(body)
    except (ValueError, RecursionError) as error:
        log.warning("webhook_unreadable", error=type(error).__name__, bytes=len(body))
        return {}
    if not isinstance(value, dict) or not isinstance(value.get("events"), list):
        log.warning("webhook_without_events", bytes=len(body))
        return {}
    return value


def _plain(text: str, status: int) -> Response:
    return Response(text, status, mimetype="text/plain")
