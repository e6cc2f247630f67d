"""What the clock does every minute: plan what is due, let go what may be sent, and see that somebody sends it."""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

import structlog
from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import health, slots
from bot.alerts import Alerts
from bot.line import Line
from bot.logs import failure
from bot.now import Now
from bot.published import Published
from bot.release import release
from bot.reminders import plan
from bot.settings import Settings
from bot.storage import rides
from bot.tasks import dead_letters
from knowledge.model import Knowledge

log = structlog.get_logger(__name__)

MINUTE = 60.0
SHORTEST_SECONDS = 0.2
# A reply settles its rides within seconds, and a reply token lives for a minute, of a second delivery up to 20 more.
RIDES_UNSETTLED = timedelta(minutes=30)
# A worker that has to fit first is there after a minute or two.
WORKER_STARTS_SECONDS = 180.0


def seconds_between(speed: float) -> float:
    """Real seconds between two minutes of a program's clock that runs `speed` times as fast."""
    return max(SHORTEST_SECONDS, MINUTE / speed)


class Minute:
    """One clock process's turn. `line` None: the LINE secrets are missing, so nothing is sent."""

    def __init__(
        self,
        settings: Settings,
        redis: Redis,
        engine: Engine,
        published: Published[Knowledge],
        line: Line | None,
        now: Now,
        enqueue: Callable[[int, int], None],
    ) -> None:
        self._settings = settings
        self._redis = redis
        self._engine = engine
        self._published = published
        self._line = line
        self._now = now
        self._enqueue = enqueue
        self._alerts = Alerts(redis, line, settings.alert_chat)
        self._dead = 0
        self._database_away = False
        self._worker_seen = time.monotonic()

    def pass_by(self) -> None:
        """Everything that is to be done at this minute. Raises nothing: the next minute does what this one could not."""
        try:
            self._watch()
            self._work()
            self._database_away = False
        except RedisError as error:
            log.error("clock_without_redis", error=type(error).__name__)
        except SQLAlchemyError as error:
            log.error("clock_without_database", **failure(error))
            if self._database_away:
                self._alerts("database", "ฐานข้อมูลไม่ตอบ การเตือนและการส่งข้อความหยุดไว้ก่อน ตรวจ DATABASE_URL และเครื่องฐานข้อมูล")
            self._database_away = True
        except Exception as error:  # the clock must go on, whatever one minute brings
            log.error("clock_failed", **failure(error))
            self._alerts("clock", "การวางแผนการเตือนขัดข้อง ดูบันทึกของระบบ (clock_failed)")

    def _work(self) -> None:
        self._published.refresh()
        serving = self._published.serving
        if serving is None:
            return
        revision = serving.revision or 0
        plan(self._engine, serving.compiled, self._now(), revision=revision, meanwhile=self._let_go)
        self._let_go()
        self._give_up_rides()
        health.note_clock(self._redis)

    def _give_up_rides(self) -> None:
        with self._engine.begin() as connection:
            uncertain = rides.give_up_old(connection, self._now() - RIDES_UNSETTLED)
        if uncertain:
            self._alerts("rides", f"ไม่แน่ใจว่าการเตือนที่แจ้งไปกับคำตอบถึงผู้รับหรือไม่ {uncertain} ราย ดู lertrat broadcast report")

    def _let_go(self) -> None:
        if self._line is None:
            return
        ready = release(self._engine, self._line, self._now(), self._alerts)
        slots.fill(self._redis, self._engine, self._enqueue, ready, self._settings.send_workers)

    def _watch(self) -> None:
        try:
            dead = dead_letters(self._redis)
            if dead > self._dead:
                self._alerts("dead_letters", f"มีงาน {dead} งานที่ทำไม่สำเร็จ ดูบันทึกของระบบ (chat_not_processed)")
            self._dead = dead
            if health.workers_alive(self._redis):
                self._worker_seen = time.monotonic()
            elif time.monotonic() - self._worker_seen >= WORKER_STARTS_SECONDS:
                log.error("no_worker", fix="start one with `lertrat worker`")
        except RedisError as error:
            # Planning needs no Redis.
            log.error("clock_without_redis", error=type(error).__name__)
