"""Whether this deployment can answer staff now, and if not, what is missing."""

from __future__ import annotations

from redis import Redis, RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

# Set by each worker that has loaded the knowledge, under its own name, to expire 30 s after it was last alive.
WORKER_KEYS = "lertrat:worker:*"
WORKER_SECONDS = 30


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
