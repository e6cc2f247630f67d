"""Whether this deployment can answer staff now, and if not, what is missing."""

from __future__ import annotations

from datetime import datetime
from typing import cast

from redis import Redis, RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot.now import utc_now

# Set by each worker that has loaded the knowledge, under its own name, to expire 30 s after it was last alive.
WORKER_KEYS = "lertrat:worker:*"
WORKER_SECONDS = 30
# The moment (UTC) at which a clock last did all that its minute asks for.
CLOCK_KEY = "lertrat:clock"
CLOCK_KEPT_SECONDS = 30 * 86_400


def problems(redis: Redis, engine: Engine) -> dict[str, str]:
    """What is missing, by part ("redis", "database", "worker"), each with what to do; empty when all is well."""
    found: dict[str, str] = {}
    try:
        if workers_alive(redis) == 0:
            found["worker"] = f"no worker was seen in the last {WORKER_SECONDS} s; start one with `lertrat worker`"
    except RedisError as error:
        found["redis"] = f"no answer ({type(error).__name__}); check REDIS_URL and that Redis runs"
    try:
        with engine.connect() as connection:
            connection.execute(text("SELECT count(*) FROM alembic_version"))
    except SQLAlchemyError as error:
        found["database"] = f"no answer ({type(error).__name__}); check DATABASE_URL and run `lertrat migrate`"
    return found


def workers_alive(redis: Redis) -> int:
    """How many workers were seen in the last WORKER_SECONDS. RedisError when Redis is away."""
    return sum(1 for _ in redis.scan_iter(match=WORKER_KEYS, count=1000))


def note_clock(redis: Redis) -> None:
    """A clock has done its minute. RedisError when Redis is away."""
    redis.set(CLOCK_KEY, utc_now().isoformat(), ex=CLOCK_KEPT_SECONDS)


def clock_seen(redis: Redis) -> datetime | None:
    """When a clock last did its minute; None when that is too long ago, or never was. RedisError when Redis is away."""
    found = cast("bytes | None", redis.get(CLOCK_KEY))
    return datetime.fromisoformat(found.decode()) if found else None
