"""Redis stops and comes back while webhook and worker go on."""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import RedisError

from bot.embedded import redis_command, redis_server
from bot.inbox import ChatLock, Inbox, sweep, unix_milliseconds
from bot.line import Line
from bot.tasks import chat_queue
from tests.bot.answering import make_worker
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer
from tests.bot.test_events import message, parsed
from tests.bot.test_tasks import stop


@contextmanager
def running(data: Path, socket: Path) -> Iterator[None]:
    """A Redis that keeps its data on disk."""
    with subprocess.Popen(redis_command(redis_server(), data, socket), stdout=subprocess.DEVNULL) as process:
        try:
            eventually(lambda: answers(socket))
            yield
        finally:
            process.terminate()


def answers(socket: Path) -> bool:
    client = Redis(unix_socket_path=str(socket))
    try:
        return bool(client.ping())
    except RedisError:
        return False
    finally:
        client.close()


def test_what_was_accepted_before_redis_stopped_is_answered_when_it_is_back(line_server: LineServer) -> None:
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        data, socket = Path(directory), Path(directory) / "r.sock"
        url = f"unix://{socket}"
        broker, worker = make_worker(url, Line("token", line_server.host, "key"))
        redis = Redis.from_url(url)
        inbox = Inbox(redis, chat_queue(broker))
        with running(data, socket):
            # Accepted while a worker holds the chat that will never finish.
            assert ChatLock.seize(redis, parsed(message())[0].chat) is not None
            worker.start()
            inbox.accept(parsed(message("หนึ่ง", webhookEventId="e1", replyToken="token-1")), unix_milliseconds())
        with pytest.raises(RedisError):
            inbox.accept(parsed(message("สอง", webhookEventId="e2")), unix_milliseconds())
        with running(data, socket):
            # What Redis refused, LINE delivers again.
            inbox.accept(parsed(message("สอง", webhookEventId="e2", replyToken="token-2")), unix_milliseconds())

            def swept_and_answered() -> bool:
                sweep(redis, chat_queue(broker), 2, unix_milliseconds())
                return len(line_server.accepted()) == 2

            eventually(swept_and_answered, seconds=40)
            stop(broker, worker)
            redis.close()

    assert [body["replyToken"] for body in line_server.accepted()] == ["token-1", "token-2"]
