"""Asks a worker for what needs the understanding of questions, which the web process never loads.

A call waits for its answer; a job is a row that a page looks at until it is done. What can be asked for stands in
bot/admin/worker_tasks.py.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Mapping
from typing import Any

import structlog
from redis import Redis, RedisError
from sqlalchemy import Connection, Engine

from bot.logs import failure
from bot.now import utc_now
from bot.storage import console_jobs

log = structlog.get_logger(__name__)

Json = dict[str, Any]

ANSWERS = "lertrat:console:answer:"
ANSWER_KEPT_SECONDS = 60
CALL_SECONDS = 15.0
# Shorter than the time limit of a Redis connection.
LOOK_SECONDS = 0.5


class WorkerAway(Exception):
    """No worker answered in time, or it failed. The text is one polite sentence in Thai."""


class WorkerDoor:
    """Puts calls and jobs into the queue. While it is away a call raises redis.RedisError, and a job has failed."""

    def __init__(self, redis: Redis, enqueue: Callable[[str, Json], None], engine: Engine) -> None:
        self._redis = redis
        self._enqueue = enqueue
        self._engine = engine

    def ask(self, call: str, request: Mapping[str, Any], seconds: float = CALL_SECONDS) -> Json:
        """What a worker answers to one call. WorkerAway after `seconds`, or when it fails."""
        key = ANSWERS + secrets.token_urlsafe(16)
        deadline = time.monotonic() + seconds
        self._enqueue("call", {"call": call, "request": dict(request), "key": key, "until": time.time() + seconds})
        while time.monotonic() < deadline:
            found = self._redis.blpop([key], timeout=LOOK_SECONDS)
            if found:
                answer: Json = json.loads(found[1])
                if "failed" in answer:
                    raise WorkerAway("ระบบประมวลผลขัดข้อง กรุณาลองอีกครั้ง หากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบ")
                return dict(answer["answer"])
        raise WorkerAway("ระบบประมวลผลยังไม่ตอบ อาจกำลังเริ่มทำงานหรือมีงานมาก กรุณาลองใหม่ในอีกสักครู่")

    def start(self, connection: Connection, kind: str, request: Mapping[str, Any], by: str) -> int:
        """Write a job's row; its number. Call `queue` with it once the transaction is over."""
        return console_jobs.add(connection, kind, dict(request), by, utc_now())

    def queue(self, job: int) -> None:
        """Let a worker take up a job whose row is written. The page that waits for one says that it failed, and offers to
        try again, also when the queue is away."""
        try:
            self._enqueue("job", {"job": job})
        except RedisError as error:
            log.error("console_job_not_queued", **failure(error))
            with self._engine.begin() as connection:
                console_jobs.end_unqueued(connection, job, utc_now())
