"""What the first page shows: today, what waits for people, what will be sent next, and whether all is well."""

from __future__ import annotations

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, cast

import structlog
from redis import RedisError
from sqlalchemy import Connection, func, select
from sqlalchemy.exc import SQLAlchemyError

from bot.admin import quota as quotas
from bot.admin.console import Console
from bot.admin.figures import Figures, Period, day_of, figures, week_of
from bot.admin.quota import Quota
from bot.forecast import Expected, forecast
from bot.logs import failure
from bot.now import BANGKOK
from bot.storage import handovers, statistics
from bot.storage.statistics import Counted
from bot.storage.tables import unanswered
from knowledge.model import Knowledge

log = structlog.get_logger(__name__)

FORECAST_DAYS = 60
REMINDERS_SHOWN = 4
FORECAST_KEY = "lertrat:console:forecast"
FORECAST_KEPT = 60  # seconds


@dataclass(frozen=True)
class Waiting:
    """What waits for people: questions that nobody has looked at, and chats that asked for a person."""

    questions: int
    handovers: int


def today_of(console: Console) -> date:
    """The day in Bangkok, by the program's clock."""
    return console.now().astimezone(BANGKOK).date()


def knowledge_of(console: Console) -> Knowledge | None:
    """What is published; None while nobody can tell."""
    console.published.refresh()
    serving = console.published.serving
    return serving.compiled if serving else None


def rows_of(console: Console, period: Period) -> Mapping[Counted, int]:
    """All sums of a period."""
    with console.engine.connect() as connection:
        return statistics.between(connection, period.first, period.last)


def today_and_week(console: Console) -> tuple[Figures, Figures, list[Figures]]:
    """Today, this week, and each of its days."""
    today = today_of(console)
    week = week_of(today)
    rows = rows_of(console, week)
    return figures(day_of(today), rows), figures(week, rows), [figures(day, rows) for day in week.days()]


def waiting(connection: Connection) -> Waiting:
    """How much waits."""
    open_ones = select(func.count()).select_from(unanswered).where(unanswered.c.state == "open")
    return Waiting(connection.execute(open_ones).scalar_one(), handovers.count_unclosed(connection))


def reminders_to_come(console: Console) -> list[Expected] | None:
    """The next messages to many, the earliest first, as they stood up to a minute ago: to count who wishes for them takes the
    longer the more do. None when nobody can tell."""
    knowledge = knowledge_of(console)
    if knowledge is None:
        return None
    serving = console.published.serving
    key = f"{FORECAST_KEY}:{serving.revision if serving else None}"
    with suppress(RedisError):
        if kept := cast("bytes | None", console.redis.get(key)):
            return [_expected(one) for one in json.loads(kept)]
    try:
        with console.engine.connect() as connection:
            found = forecast(connection, knowledge, console.now(), FORECAST_DAYS, REMINDERS_SHOWN)
    except SQLAlchemyError as error:
        log.warning("forecast_not_made", **failure(error))
        return None
    with suppress(RedisError):
        console.redis.set(key, json.dumps([asdict(one) for one in found], default=datetime.isoformat), ex=FORECAST_KEPT)
    return found


def _expected(kept: dict[str, Any]) -> Expected:
    until = kept["expires_at"]
    times = {
        "at": datetime.fromisoformat(kept["at"]),
        "expires_at": None if until is None else datetime.fromisoformat(until),
    }
    return Expected(**{**kept, **times})


def quota_kept(console: Console) -> Quota | None:
    """What LINE said last of the month's messages; None when it is not known, or Redis is away."""
    try:
        return quotas.kept(console.redis)
    except RedisError:
        return None
