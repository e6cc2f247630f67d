"""How many messages are left this month: asked of LINE by a worker, kept in Redis for whoever looks next."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from redis import Redis, RedisError

from bot.admin.ask_worker import Json, WorkerDoor
from bot.admin.worker_tasks import Office
from bot.now import utc_now

KEY = "lertrat:console:quota"
KEPT_SECONDS = 86_400
FRESH = timedelta(minutes=1)
CALL = "quota"
WAIT_SECONDS = 8.0


@dataclass(frozen=True)
class Quota:
    """What LINE said at `at` (UTC). `limit` is None where there is none; `used` is approximate. `problem`: LINE's HTTP
    status as a text ("0": no answer) where it said nothing, else ""."""

    at: datetime
    limit: int | None = None
    used: int = 0
    problem: str = ""

    @property
    def left(self) -> int | None:
        """Messages that may still be sent this month; None for any number."""
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def is_fresh(self) -> bool:
        """Whether it need not be asked again yet."""
        return timedelta() <= utc_now() - self.at < FRESH

    @property
    def sentence(self) -> str:
        """For people."""
        if self.problem:
            return "ถาม LINE ไม่สำเร็จ"
        if self.left is None:
            return f"ไม่จำกัด (ใช้ไปแล้วประมาณ {self.used:,} ข้อความในเดือนนี้)"
        return f"เหลือ {self.left:,} จาก {self.limit:,} ข้อความในเดือนนี้"


def kept(redis: Redis) -> Quota | None:
    """What was heard last, fresh or not; None when that is too long ago. RedisError."""
    found = cast("bytes | None", redis.get(KEY))
    return _quota(json.loads(found)) if found else None


def ask(worker: WorkerDoor) -> Quota:
    """What LINE says now. WorkerAway; RedisError."""
    return _quota(worker.ask(CALL, {}, seconds=WAIT_SECONDS))


def current(redis: Redis, worker: WorkerDoor) -> Quota:
    """What was heard in the last minutes, else what LINE says now. WorkerAway; RedisError."""
    found = kept(redis)
    return found if found is not None and found.is_fresh else ask(worker)


def answer(office: Office, request: Json) -> Json:
    """The worker's side: ask LINE, and keep it."""
    from bot.line import Line, LineError
    from bot.settings import secret_key

    settings = office.settings
    said: Json = {"at": datetime.now(UTC).isoformat()}
    try:
        quota = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings)).quota()
    except LineError as error:
        said["problem"] = str(error.status)
    else:
        said |= {"limit": quota.limit, "used": quota.used}
    with suppress(RedisError):  # the answer goes the same way, and will say so
        office.redis.set(KEY, json.dumps(said), ex=KEPT_SECONDS)
    return said


def _quota(said: dict[str, Any]) -> Quota:
    return Quota(
        datetime.fromisoformat(said["at"]), said.get("limit"), int(said.get("used", 0)), str(said.get("problem", ""))
    )
