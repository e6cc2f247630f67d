"""Tells whoever runs the program that something needs a person: an error in the log, a figure, and ALERT_CHAT."""

from __future__ import annotations

import threading
import time
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

import structlog
from prometheus_client import Counter
from redis import Redis, RedisError

if TYPE_CHECKING:
    from bot.line import Line

log = structlog.get_logger(__name__)

ALERTS = Counter("lertrat_alerts", "Times that something needed a person.", ["subject"])
QUIET_SECONDS = 3600  # real time between two messages about the same thing

# subject (a constant word for the log), Thai text
Alert = Callable[[str, str], None]


class Alerts:
    """`chat` is ALERT_CHAT; empty: only the log and the figure tell."""

    def __init__(self, redis: Redis, line: Line | None, chat: str) -> None:
        self._redis = redis
        self._line = line
        self._chat = chat
        self._told: dict[str, float] = {}
        self._lock = threading.Lock()

    def __call__(self, subject: str, text: str) -> None:
        """Tell it; at most once an hour for one subject. Raises nothing."""
        ALERTS.labels(subject).inc()
        if not self._is_news(subject):
            return
        log.error("needs_a_person", subject=subject)
        if not self._chat or self._line is None:
            return
        # Imported here: only a process that sends has it loaded.
        from bot.line import LineError

        try:
            self._line.push(self._chat, [{"type": "text", "text": text[:5000]}], str(uuid.uuid4()))
        except LineError as error:
            log.error("alert_not_sent", subject=subject, status=error.status)

    def _is_news(self, subject: str) -> bool:
        try:
            return bool(self._redis.set(f"lertrat:alert:{subject}", "1", nx=True, ex=QUIET_SECONDS))
        except RedisError:
            with self._lock:
                before = self._told.get(subject)
                if before is not None and time.monotonic() - before < QUIET_SECONDS:
                    return False
                self._told[subject] = time.monotonic()
                return True
