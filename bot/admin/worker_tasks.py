"""What the console may ask of a worker: names → functions, and how the worker carries one out.

To add one: write `def name(office: Office, request: Json) -> Json` (a call) or `def name(office: Office, request: Json,
progress: Callable[[int], None]) -> Json` (a job) in a module of bot/admin, and its line here. Modules are loaded when they are asked for.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Any

import structlog
from dramatiq.middleware import TimeLimitExceeded
from redis import Redis
from sqlalchemy import Engine
from sqlalchemy.exc import DBAPIError

from bot.admin.ask_worker import ANSWER_KEPT_SECONDS, Json
from bot.logs import failure
from bot.now import Now, utc_now
from bot.published import Published
from bot.settings import Settings
from bot.storage import console_jobs

if TYPE_CHECKING:
    from bot.dispatch import Services
    from knowledge.documents import Documents

log = structlog.get_logger(__name__)

CALLS = {
    "handover_send": "bot.admin.handover_reply:send",
    "inbox_groups": "bot.admin.inbox_groups:answer",
    "ping": "bot.admin.worker_tasks:ping",
    "line_names": "bot.admin.line_calls:test_names",
    "line_test_send": "bot.admin.line_calls:test_send",
    "quota": "bot.admin.quota:answer",
    "try_it": "bot.admin.try_questions:answer",
}
JOBS: dict[str, str] = {
    "teach": "bot.admin.teaching_effect:measure",
    "count": "bot.admin.worker_tasks:count",
    "check_knowledge": "bot.admin.check_draft:check",
}


@dataclass(frozen=True)
class Office:
    """What a task works with. `compile(documents)` makes Services of a draft (seconds; a ContentError's `problems` where
    it is broken); `published.current()` are those that answer now."""

    settings: Settings
    engine: Engine
    redis: Redis
    now: Now
    published: Published[Services]
    compile: Callable[[Documents | None], Services]


def carry_out(office: Office, kind: str, order: Json) -> None:
    """Do what the queue brought: kind "call" or "job". Raises nothing but redis.RedisError: what fails is told to who asked."""
    if kind == "call":
        _answer(office, order)
    else:
        _work(office, int(order["job"]))


def _answer(office: Office, order: Json) -> None:
    if time.time() > order["until"]:
        return  # nobody waits any more
    try:
        answer: Json = {"answer": _function(CALLS, order["call"])(office, order["request"])}
    except (Exception, TimeLimitExceeded) as error:
        log.error("console_call_failed", call=order["call"], **failure(error))
        answer = {"failed": type(error).__name__}
    with office.redis.pipeline() as pipe:
        pipe.rpush(order["key"], json.dumps(answer, ensure_ascii=False))
        pipe.expire(order["key"], ANSWER_KEPT_SECONDS)
        pipe.execute()


def _work(office: Office, number: int) -> None:
    def progress(percent: int) -> None:
        with office.engine.begin() as connection:
            console_jobs.note_progress(connection, number, percent)

    with office.engine.begin() as connection:
        job = console_jobs.by_id(connection, number)
        if job is None or not console_jobs.begin(connection, number):
            return
    try:
        state, result = "done", _function(JOBS, job.kind)(office, job.request, progress)
    except (Exception, TimeLimitExceeded) as error:
        log.error("console_job_failed", kind=job.kind, **failure(error))
        state, result = "failed", {"error": type(error).__name__}
    _end(office, number, state, result)


def _end(office: Office, number: int, state: str, result: Json) -> None:
    """Once more when that fails: a row that is left "running" keeps people waiting."""

    def end(state: str, result: Json) -> None:
        with office.engine.begin() as connection:
            console_jobs.end(connection, number, state, result, utc_now())

    try:
        end(state, result)
    except (DBAPIError, TimeLimitExceeded) as error:
        log.warning("console_job_ended_twice", **failure(error))
        end(state, result)
    except Exception as error:
        # It cannot be kept, however often that is tried.
        log.error("console_job_not_kept", **failure(error))
        end("failed", {"error": type(error).__name__})


def _function(table: dict[str, str], name: str) -> Callable[..., Any]:
    module, _, function = table[name].partition(":")
    found: Callable[..., Any] = getattr(import_module(module), function)
    return found


def ping(office: Office, request: Json) -> Json:
    """Which Revision this worker answers by; `echo` comes back."""
    serving = office.published.serving
    return {"revision": serving.revision if serving else None, "echo": request.get("echo")}


def count(office: Office, request: Json, progress: Callable[[int], None]) -> Json:
    """Count up to `to`: shows that jobs are taken up."""
    for number in range(1, request["to"] + 1):
        progress(100 * number // request["to"])
    return {"counted": request["to"]}
