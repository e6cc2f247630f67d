"""From a signed webhook through the queue to LINE, with real workers, some of which are killed."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import dramatiq
import pytest
from dramatiq.brokers.redis import RedisBroker
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis

from bot.inbox import Inbox
from bot.line import Line
from bot.tasks import CHATS, NAMESPACE, chat_queue, dead_letters, declare_process_chat, make_broker
from bot.webhook import create_blueprint
from tests.bot.answering import make_worker
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer
from tests.bot.test_events import message

SECRET = "secret"


Serve = Callable[[str], FlaskClient]


@pytest.fixture
def serve(redis: Redis) -> Iterator[Serve]:
    """The web process, by the address of its Redis."""
    with ExitStack() as clients:

        def serve(redis_url: str) -> FlaskClient:
            broker = make_broker(Redis.from_url(redis_url))
            clients.callback(broker.client.close)
            inbox = Inbox(clients.enter_context(Redis.from_url(redis_url)), chat_queue(broker))
            app = Flask("test")
            app.register_blueprint(create_blueprint(SECRET, inbox))
            return app.test_client()

        yield serve


@pytest.fixture
def web(serve: Serve, redis_url: str) -> FlaskClient:
    return serve(redis_url)


@pytest.fixture
def start_worker(redis: Redis, redis_url: str, line_server: LineServer) -> Iterator[Callable[..., dramatiq.Worker]]:
    started: list[tuple[RedisBroker, dramatiq.Worker]] = []

    def start(redis_url: str = redis_url) -> dramatiq.Worker:
        broker, worker = make_worker(redis_url, Line("token", line_server.host, "key"))
        started.append((broker, worker))
        worker.start()
        return worker

    yield start
    for broker, worker in started:
        stop(broker, worker)


def stop(broker: RedisBroker, worker: dramatiq.Worker) -> None:
    worker.stop(timeout=5000)
    broker.close()
    broker.client.close()


def post(web: FlaskClient, *texts: str, user: str = "U1", first: int = 1) -> None:
    events: list[dict[str, Any]] = [
        message(
            text,
            source={"type": "user", "userId": user},
            webhookEventId=f"{user}-{first + number}",
            timestamp=first + number,
            replyToken=f"token-{user}-{first + number}",
        )
        for number, text in enumerate(texts)
    ]
    body = json.dumps({"destination": "U0", "events": events}).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    assert web.post("/webhook", data=body, headers={"x-line-signature": signature}).status_code == 200


def replies(server: LineServer) -> list[tuple[str, str]]:
    """The reply tokens that LINE took, each with the text."""
    return [(body["replyToken"], body["messages"][0]["text"]) for body in server.accepted()]


def test_many_users_are_answered_each_in_order(
    web: FlaskClient, line_server: LineServer, start_worker: Callable[..., dramatiq.Worker]
) -> None:
    start_worker()
    start_worker()
    users = [f"U{number}" for number in range(6)]
    for round_ in range(4):
        for user in users:
            post(web, f"ก{round_}", f"ข{round_}", user=user, first=10 * round_)
            post(web, f"ก{round_}", f"ข{round_}", user=user, first=10 * round_)  # LINE's duplicate

    eventually(lambda: len(line_server.accepted()) == 48)
    for user in users:
        texts = [text for token, text in replies(line_server) if token.startswith(f"token-{user}-")]
        assert texts == [f"ตอบ {letter}{round_}" for round_ in range(4) for letter in "กข"]


def test_an_idle_worker_answers_at_once(
    web: FlaskClient, line_server: LineServer, start_worker: Callable[..., dramatiq.Worker]
) -> None:
    start_worker()
    post(web, "อุ่นเครื่อง")
    eventually(lambda: line_server.accepted())
    began = time.monotonic()
    post(web, "ถาม", first=2)
    eventually(lambda: len(line_server.accepted()) == 2)

    assert line_server.calls[-1].at - began < 1


def test_while_line_fails_the_queue_brings_the_answer_again(
    web: FlaskClient, line_server: LineServer, start_worker: Callable[..., dramatiq.Worker]
) -> None:
    line_server.failures = [(500, {})] * 3
    start_worker()
    post(web, "ถาม")

    eventually(lambda: line_server.accepted())
    assert replies(line_server) == [("token-U1-1", "ตอบ ถาม")]
    assert [call.status for call in line_server.calls] == [500, 500, 500, 200]


def test_a_killed_workers_event_is_answered_once_by_another(
    serve: Serve,
    redis_url: str,
    line_server: LineServer,
    start_worker: Callable[..., dramatiq.Worker],
) -> None:
    # Each in a database of its own, all at once: a takeover takes the better part of 20 s.
    places = {"dispatch": f"{redis_url}?db=1", "reply": f"{redis_url}?db=2", "replied": f"{redis_url}?db=3"}
    posted = {place: die_at(place, url, serve(url), line_server.host) for place, url in places.items()}
    for url in places.values():
        start_worker(url)

    for url in places.values():
        with Redis.from_url(url) as redis:
            eventually(lambda redis=redis: redis.zcard("lertrat:pending") == 0, seconds=50)  # type: ignore[misc]
    assert sorted(replies(line_server)) == [(f"token-{place}-1", "ตอบ ถาม") for place in sorted(places)]
    for call in line_server.calls:
        assert call.at - posted[call.body["replyToken"].split("-")[1]] < 55  # a reply token lives for 60 s


def die_at(place: str, redis_url: str, web: FlaskClient, line_host: str) -> float:
    """Have a worker killed (kill -9) at one place of the answer to a message of the user `place`; when it came in."""
    command = [sys.executable, "-m", "tests.bot.answering", redis_url, line_host, place]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=Path(__file__).parents[2]) as doomed:
        try:
            assert doomed.stdout is not None
            assert doomed.stdout.readline() == "ready\n"
            posted = time.monotonic()
            post(web, "ถาม", user=place)
            assert doomed.stdout.readline() == f"{place}\n"
        finally:
            doomed.kill()
    return posted


def test_a_chat_that_is_to_be_tried_again_is_queued_once(redis: Redis, redis_url: str) -> None:
    broker = make_broker(Redis.from_url(redis_url))
    calls: list[str] = []

    def process(chat: str) -> float:
        calls.append(chat)
        return 30.0

    declare_process_chat(broker, process, "key")
    for _ in range(10):
        chat_queue(broker)("U1")
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=4)
    worker.start()
    eventually(lambda: len(calls) == 10 and redis.hlen(f"{NAMESPACE}:{CHATS}.msgs") == 0)
    stop(broker, worker)

    assert redis.hlen(f"{NAMESPACE}:{CHATS}.DQ.msgs") == 1


def test_a_task_that_fails_for_good_is_kept_and_counted_and_names_nobody(
    redis: Redis, redis_url: str, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    broker = make_broker(Redis.from_url(redis_url))
    declare_process_chat(broker, lambda chat: 1 // 0, "key")
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=1)
    worker.start()
    broker.enqueue(
        dramatiq.Message(
            queue_name=CHATS, actor_name="process_chat", args=("U-secret",), kwargs={}, options={"max_retries": 0}
        )
    )

    eventually(lambda: dead_letters(redis) == 1)
    stop(broker, worker)
    output = capfd.readouterr().out
    assert "ZeroDivisionError" in output
    assert "U-secret" not in output + caplog.text
