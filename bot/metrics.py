"""Figures for Prometheus: what this host's processes counted, and what Redis and the database hold right now.

With PROMETHEUS_MULTIPROC_DIR set before the start (`lertrat run` and `lertrat web` do), the processes of one host count
into that directory, and every web process tells the sum.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest, multiprocess
from prometheus_client.core import GaugeMetricFamily, Metric
from prometheus_client.registry import REGISTRY, Collector
from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot import health
from bot.inbox import PENDING
from bot.storage import handovers, unanswered
from bot.tasks import dead_letters

REQUESTS = Counter("lertrat_http_requests", "HTTP requests answered.", ["endpoint", "status"])
REQUEST_SECONDS = Histogram(
    "lertrat_http_request_seconds",
    "Seconds to answer an HTTP request.",
    ["endpoint"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2),
)


class Present(Collector):
    """Reads what is true at the moment of the scrape; a part that is away is left out."""

    def __init__(self, redis: Redis, engine: Engine) -> None:
        self._redis = redis
        self._engine = engine

    def collect(self) -> Iterable[Metric]:
        """The gauges."""
        try:
            yield _gauge("lertrat_workers", "Workers seen in the last 30 s.", health.workers_alive(self._redis))
            yield _gauge("lertrat_chats_waiting", "Chats with an event to answer.", self._redis.zcard(PENDING))
            yield _gauge("lertrat_dead_letters", "Tasks that failed for good.", dead_letters(self._redis))
        except RedisError:
            pass
        try:
            with self._engine.connect() as connection:
                yield _gauge("lertrat_unanswered", "Questions kept unanswered.", unanswered.count(connection))
                yield _gauge(
                    "lertrat_handovers_unclosed", "Hand-overs not closed.", handovers.count_unclosed(connection)
                )
        except SQLAlchemyError:
            pass


def exposition(redis: Redis, engine: Engine) -> bytes:
    """All figures in Prometheus's text format."""
    present = CollectorRegistry()
    present.register(Present(redis, engine))
    if "PROMETHEUS_MULTIPROC_DIR" not in os.environ:
        return generate_latest(REGISTRY) + generate_latest(present)
    multiprocess.MultiProcessCollector(present)  # type: ignore[no-untyped-call]
    return generate_latest(present)


def _gauge(name: str, meaning: str, value: float) -> Metric:
    return GaugeMetricFamily(name, meaning, value)
