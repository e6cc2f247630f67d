"""A worker for the console's calls, and the clock's minute with a sender, for tests of messages to many."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from functools import partial
from typing import Any, cast

import dramatiq
from redis import Redis
from sqlalchemy import Engine

from bot.admin.worker_tasks import Office, carry_out
from bot.line import Line
from bot.now import make_now
from bot.published import Published
from bot.rate import Limiter
from bot.release import release
from bot.reminders import plan
from bot.sending import Sender
from bot.settings import Settings
from bot.tasks import declare_work_for_console, make_broker
from knowledge.model import Knowledge


@contextmanager
def console_worker(settings: Settings, engine: Engine, redis: Redis) -> Iterator[None]:
    """A worker's threads on the real queue, which understand no question."""
    published = Published[Any](engine, lambda documents, before: None)
    office = Office(settings, engine, redis, make_now(settings), published, cast(Any, lambda documents: None))
    broker = make_broker(redis)
    declare_work_for_console(broker, partial(carry_out, office))
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=2)
    worker.start()
    yield
    worker.stop()
    broker.close()


def minute(engine: Engine, redis: Redis, host: str, now: datetime, most: int | None = None) -> None:
    """Plan, let go, and send what may be sent; at most `most` batches of it."""
    line = Line("token", host, "key")
    plan(engine, Knowledge(), now)
    batches = 0
    for number in release(engine, line, now, lambda *_: None):
        limiter = Limiter(redis, "m", 0)
        sender = Sender(engine, line, limiter, limiter, lambda: now, lambda *_: None)
        while (most is None or batches < most) and sender.send_some(number).more:
            batches += 1
    release(engine, line, now, lambda *_: None)
