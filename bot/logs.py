"""Logs: constant messages with fields, on stderr; JSON unless a person reads along. Never message text or plain ids."""

from __future__ import annotations

import hashlib
import hmac
import logging
import sys
from pathlib import PurePath
from traceback import extract_tb

import structlog
from structlog.typing import Processor


def pseudonym(identifier: str, key: str) -> str:
    """12 hexadecimal characters that stand for a LINE id (or message id) in logs and hashes.

    Keyed, so that nobody without SECRET_KEY can test which id is behind it; the same id gives the same pseudonym.
    """
    return hmac.new(key.encode(), identifier.encode(), hashlib.sha256).hexdigest()[:12]


def failure(error: BaseException) -> dict[str, str]:
    """Log fields that say what failed and where, without the error's own text: that may quote a message or an id."""
    frames = [f"{PurePath(frame.filename).name}:{frame.lineno}" for frame in extract_tb(error.__traceback__)[-6:]]
    return {"error": type(error).__name__, "where": " > ".join(frames)}


class _Stderr(logging.Handler):
    """Writes to what sys.stderr is at the moment: Dramatiq puts a pipe of its own there."""

    def emit(self, record: logging.LogRecord) -> None:
        """One line, or several with a traceback."""
        try:
            sys.stderr.write(self.format(record) + "\n")
            sys.stderr.flush()
        except Exception:  # logging must never end the work that it tells of
            self.handleError(record)


def configure_logs(level: str = "warning", style: str = "auto") -> None:
    """Send structlog and the standard library's logging (gunicorn, dramatiq, apscheduler …) to stderr in one form.

    `style` is "text", "json" or "auto" (text in a terminal); libraries are never logged below warning.
    """
    severity = getattr(logging, level.upper())
    text = style == "text" or (style == "auto" and sys.stderr.isatty())
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    renderer: Processor = (
        structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty(), pad_event_to=0)
        if text
        else structlog.processors.JSONRenderer(ensure_ascii=False)
    )
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(severity),
        cache_logger_on_first_use=False,
    )
    final: list[Processor] = [structlog.stdlib.ProcessorFormatter.remove_processors_meta]
    if not text:
        final.append(structlog.processors.format_exc_info)
    handler = _Stderr()
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=[*final, renderer]))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(severity)
    for noisy in ("apscheduler", "dramatiq", "urllib3", "werkzeug", "alembic"):
        logging.getLogger(noisy).setLevel(max(severity, logging.WARNING))
