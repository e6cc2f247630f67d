"""A real Redis and a small LINE to talk to."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from bot.embedded import redis_server
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis that lives as long as the tests."""
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        socket = Path(directory) / "redis.sock"
        command = [redis_server(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", directory]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            url = f"unix://{socket}"
            client = Redis.from_url(url)
            eventually(lambda: _answers(client))
            client.close()
            yield url
            process.terminate()


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of an empty Redis; answers are bytes."""
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture
def line_server() -> Iterator[LineServer]:
    """A stand-in for LINE's sending side."""
    server = LineServer()
    yield server
    server.stop()


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
