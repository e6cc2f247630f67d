"""The clock process: what happens by itself. Two of them running by mistake do no harm."""

from __future__ import annotations

import signal
from collections.abc import Callable
from datetime import UTC, datetime
from types import FrameType

import structlog
from apscheduler.schedulers.blocking import BlockingScheduler
from redis import Redis, RedisError
from sqlalchemy import Connection, Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.admin import audit
from bot.connections import connect_redis
from bot.inbox import sweep, unix_milliseconds
from bot.now import fastest, make_now
from bot.published import Published
from bot.settings import Settings, secret_key
from bot.storage.database import make_engine
from bot.storage.erasure import delete_expired
from bot.tasks import broadcast_queue, chat_queue, make_broker
from knowledge.documents import Documents
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge

log = structlog.get_logger(__name__)

SWEEP_EVERY_SECONDS = 5
# A chat whose worker died is taken up again while its reply token (1 minute) lives.
STUCK_SECONDS = 15.0


def run_clock(settings: Settings) -> None:
    """Work until SIGTERM or SIGINT. SettingsError without REDIS_URL."""
    redis, engine = connect_redis(settings, timeout=5), make_engine(settings.database)
    broker = make_broker(redis)
    scheduler = make_scheduler(settings, redis, chat_queue(broker), engine)
    add_minutes(scheduler, settings, redis, engine, broadcast_queue(broker))

    def stop(_number: int, _frame: FrameType | None) -> None:
        scheduler.shutdown(wait=False)

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    scheduler.start()


def make_scheduler(
    settings: Settings, redis: Redis, enqueue: Callable[[str], None], engine: Engine
) -> BlockingScheduler:
    """The jobs and their times; not started. `enqueue` queues a chat's task."""
    # Jobs are late on a busy machine rather than left out, and never run twice at once.
    scheduler = BlockingScheduler(
        timezone="Asia/Bangkok", job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": 3600}
    )
    scheduler.add_job(sweep_stuck_chats, "interval", seconds=SWEEP_EVERY_SECONDS, args=[redis, enqueue])
    scheduler.add_job(delete_what_expired, "cron", hour=3, minute=17, args=[settings, engine])
    # Also at the start: a machine that is switched off at night deletes all the same.
    scheduler.add_job(delete_what_expired, args=[settings, engine])
    return scheduler


def add_minutes(
    scheduler: BlockingScheduler, settings: Settings, redis: Redis, engine: Engine, enqueue: Callable[[int, int], None]
) -> None:
    """The job that plans reminders and lets broadcasts go, every minute of the program's clock."""
    # What takes seconds to import is left to the process that needs it.
    from bot.line import Line
    from bot.minute import Minute, seconds_between

    line = None
    if settings.has_line:
        line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
    else:
        log.error("clock_sends_nothing", problem="LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN are missing")

    def compile(documents: Documents | None, _before: Knowledge | None) -> Knowledge:
        return load_knowledge() if documents is None else load_knowledge(documents)

    minute = Minute(settings, redis, engine, Published(engine, compile), line, make_now(settings), enqueue)
    # The first at once.
    scheduler.add_job(
        minute.pass_by,
        "interval",
        seconds=seconds_between(fastest(settings)),
        next_run_time=datetime.now(UTC),
        id="minute",
    )


def sweep_stuck_chats(redis: Redis, enqueue: Callable[[str], None]) -> None:
    """Queue again the chats whose event waits with no worker on it."""
    try:
        sweep(redis, enqueue, STUCK_SECONDS, unix_milliseconds())
    except RedisError as error:
        log.error("sweep_failed", error=type(error).__name__)


def delete_what_expired(settings: Settings, engine: Engine) -> None:
    """Delete the unanswered questions, closed hand-overs and recipients of Deliveries that are past their days."""
    try:
        questions, handovers, recipients = delete_expired(
            engine,
            make_now(settings)(),
            unanswered_days=settings.unanswered_days,
            handover_days=settings.handover_days,
            delivery_days=settings.delivery_days,
            note=_write_down,
        )
    except SQLAlchemyError as error:
        log.error("retention_failed", error=type(error).__name__)
        return
    log.info("retention_done", unanswered=questions, handovers=handovers, deliveries=recipients)


def _write_down(connection: Connection, deleted: tuple[int, int, int]) -> None:
    """In the console's log, for whoever has to show that it is done."""
    names = ("คำถามที่ตอบไม่ได้", "การคุยกับเจ้าหน้าที่", "รายการผู้รับข้อความ")
    audit.record(connection, None, "privacy.retention", detail=dict(zip(names, deleted, strict=True)))
