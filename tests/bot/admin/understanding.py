"""A worker that understands questions, and an inbox with something in it, for tests of inbox and Try it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import dramatiq
from redis import Redis
from sqlalchemy import Engine

from bot.admin.worker_tasks import Office, carry_out
from bot.dispatch import Services
from bot.now import make_now
from bot.published import Published
from bot.settings import Settings
from bot.storage import unanswered
from bot.tasks import declare_work_for_console, make_broker
from knowledge.documents import Documents

ASKED_AT = datetime(2026, 11, 20, 3, tzinfo=UTC)


def office_of(settings: Settings, engine: Engine, redis: Redis, services: Services) -> Office:
    """A worker's office, which serves what is published in `engine`: `services` while that is nothing."""
    from bot.assistant import load_services

    def compile_(documents: Documents | None, before: Services | None = None) -> Services:
        return (
            services
            if documents is None
            else load_services(services.now, documents=documents, soon=True, before=services)
        )

    published = Published[Services](engine, compile_)
    published.refresh()
    return Office(settings, engine, redis, make_now(settings), published, compile_)


@contextmanager
def understanding_worker(settings: Settings, engine: Engine, redis: Redis, services: Services) -> Iterator[Office]:
    """The same on the real queue; a Revision that is published is served as by the program."""
    office = office_of(settings, engine, redis, services)
    office.published.start(every=0.1)
    broker = make_broker(redis)
    declare_work_for_console(broker, partial(carry_out, office))
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=2)
    worker.start()
    yield office
    worker.stop()
    broker.close()
    office.published.stop()


def ask_in_vain(engine: Engine, *questions: str, reason: str = "unclear", start: int = 0, **more: Any) -> list[int]:
    """Keep questions, each a minute after the one before; their numbers."""
    with engine.begin() as connection:
        for number, question in enumerate(questions, start=start):
            unanswered.record(
                connection,
                event_id=f"event-{number}",
                question=question,
                reason=reason,
                **{"subjects": (), "attribute": "", "year": None, "message_hash": None, **more},
                asked_at=ASKED_AT + timedelta(minutes=number),
            )
        found = {question.text: question.id for question in unanswered.listed(connection)}
    return [found[question] for question in questions]
