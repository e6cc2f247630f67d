"""What LINE gets to hear for whatever it posts."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any

import pytest
from flask import Flask
from flask.testing import FlaskClient
from redis import Redis
from redis.exceptions import ConnectionError as RedisConnectionError

from bot.inbox import ChatLock, Inbox
from bot.reminder_texts import stop_data
from bot.webhook import LARGEST_BODY, create_blueprint
from tests.bot.test_events import USER, message

SECRET = "channel-secret"


def signature(body: bytes, secret: str = SECRET) -> str:
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


class Wiring:
    def __init__(self, redis: Redis) -> None:
        self.redis = redis
        self.queued: list[str] = []
        self.client = self.serve(Inbox(redis, self.queued.append))

    @staticmethod
    def serve(inbox: Any) -> FlaskClient:
        app = Flask("test")
        app.register_blueprint(create_blueprint(SECRET, inbox))
        return app.test_client()

    def post(self, body: bytes | Any, sign: str | None = None, header: str = "X-Line-Signature") -> int:
        raw = body if isinstance(body, bytes) else json.dumps(body).encode()
        headers = {header: signature(raw) if sign is None else sign}
        return self.client.post("/webhook", data=raw, headers=headers).status_code

    def waiting(self, chat: str) -> list[str]:
        """The texts of the chat's events, in the order of their turn; afterwards there are none."""
        texts = []
        lock = ChatLock.seize(self.redis, chat)
        assert lock is not None
        while (received := lock.first()) is not None:
            texts.append(received.event.text)
            lock.done(received.event.id)
        lock.release()
        return texts


@pytest.fixture
def wiring(redis: Redis) -> Wiring:
    return Wiring(redis)


def body(*events: Any) -> dict[str, Any]:
    return {"destination": USER, "events": list(events)}


def test_a_signed_message_waits_for_its_chat(wiring: Wiring) -> None:
    assert wiring.post(body(message("หนึ่ง"))) == 200
    assert wiring.queued == [USER]
    assert wiring.waiting(USER) == ["หนึ่ง"]


@pytest.mark.parametrize("header", ["x-line-signature", "X-LINE-SIGNATURE"])
def test_the_headers_case_does_not_matter(wiring: Wiring, header: str) -> None:
    assert wiring.post(body(message()), header=header) == 200


@pytest.mark.parametrize("wrong", ["", "x", "ลายเซ็น", signature(b"another body"), signature(b"{}", "other secret")])
def test_a_wrong_signature_is_refused_and_nothing_is_taken(wiring: Wiring, wrong: str) -> None:
    raw = json.dumps(body(message())).encode()
    answer = wiring.client.post(
        "/webhook", data=raw, environ_overrides={"HTTP_X_LINE_SIGNATURE": wrong.encode().decode("latin-1")}
    )

    assert answer.status_code == 400
    assert wiring.queued == []


def test_a_missing_signature_is_refused(wiring: Wiring) -> None:
    assert wiring.client.post("/webhook", data=b"{}").status_code == 400


@pytest.mark.parametrize(
    "raw",
    [
        b"",
        b"not JSON",
        b"\xff\xfe\x00",
        b"[" * 100_000,
        b"1" * 6000,
        b"null",
        b"[]",
        b'{"events": null}',
        b'{"events": {}}',
        b'{"events": []}',
        b'{"events": [null, 1, "x", [], {}, {"type": "message"}]}',
    ],
)
def test_a_signed_body_that_cannot_be_read_is_not_asked_for_again(wiring: Wiring, raw: bytes) -> None:
    assert wiring.post(raw) == 200
    assert wiring.queued == []


@pytest.mark.parametrize("letter", ["a", "ก"])
def test_a_megabyte_of_text_is_taken(wiring: Wiring, letter: str) -> None:
    assert wiring.post(body(message(letter * 1024 * 1024))) == 200
    assert wiring.queued == [USER]


def test_more_than_the_largest_body_is_refused(wiring: Wiring) -> None:
    assert wiring.post(b" " * (LARGEST_BODY + 1)) == 413


def test_a_duplicate_is_taken_once_and_queued_again_while_it_waits(wiring: Wiring) -> None:
    wiring.post(body(message("ครั้งเดียว")))
    wiring.post(body(message("ครั้งเดียว", deliveryContext={"isRedelivery": True})))

    assert wiring.queued == [USER, USER]
    assert wiring.waiting(USER) == ["ครั้งเดียว"]


def test_a_duplicate_of_an_answered_event_is_dropped(wiring: Wiring) -> None:
    wiring.post(body(message()))
    wiring.waiting(USER)
    wiring.queued.clear()

    assert wiring.post(body(message())) == 200
    assert wiring.queued == []
    assert wiring.waiting(USER) == []


def test_a_redelivery_brings_its_own_reply_token(wiring: Wiring) -> None:
    wiring.post(body(message(replyToken="old")))
    wiring.post(body(message(replyToken="new")))
    lock = ChatLock.seize(wiring.redis, USER)
    assert lock is not None
    received = lock.first()

    assert received is not None
    assert received.event.reply_token == "new"


def test_one_webhook_of_several_users_queues_a_task_each_and_keeps_the_order(wiring: Wiring) -> None:
    other = {"type": "user", "userId": "U" + "9" * 32}
    events = [
        message("สาม", webhookEventId="e3", timestamp=3),
        message("อื่น", webhookEventId="e4", timestamp=1, source=other),
        message("หนึ่ง", webhookEventId="e1", timestamp=1),
        message("หนึ่งครึ่ง", webhookEventId="e0", timestamp=1),
    ]
    wiring.post(body(*events))
    wiring.post(body(message("สอง", webhookEventId="e2", timestamp=2)))

    assert wiring.queued == [USER, other["userId"], USER]
    assert wiring.waiting(USER) == ["หนึ่ง", "หนึ่งครึ่ง", "สอง", "สาม"]


def test_in_standby_only_what_erases_or_ends_reminders_is_taken(wiring: Wiring) -> None:
    wiring.post(body(message(mode="standby")))
    assert wiring.queued == []

    wiring.post(body(message(mode="standby", type="postback", postback={"data": "remind:no"}, webhookEventId="e1")))
    assert wiring.queued == []

    wiring.post(body(message(mode="standby", type="unfollow", webhookEventId="e2")))
    assert wiring.queued == [USER]

    other = {"type": "user", "userId": "U" + "9" * 32}
    stop = {"data": stop_data(2568, "awards.ceremony")}
    wiring.post(body(message(mode="standby", type="postback", postback=stop, webhookEventId="e3", source=other)))
    assert wiring.queued == [USER, other["userId"]]


def test_every_key_has_a_time_limit(wiring: Wiring) -> None:
    wiring.post(body(message()))

    keys = wiring.redis.keys("*")
    assert len(keys) == 4  # claim, inbox, bodies, pending
    assert all(wiring.redis.ttl(key) > 0 for key in keys)


def test_without_redis_line_is_asked_to_come_again() -> None:
    away = Redis.from_url("unix:///nowhere/redis.sock")
    client = Wiring.serve(Inbox(away, lambda chat: None))
    raw = json.dumps(body(message())).encode()

    answer = client.post("/webhook", data=raw, headers={"x-line-signature": signature(raw)})

    assert answer.status_code == 503


def test_a_queue_that_fails_after_the_claim_is_healed_by_the_redelivery(redis: Redis) -> None:
    queued: list[str] = []

    def failing(chat: str) -> None:
        raise RedisConnectionError

    raw = json.dumps(body(message())).encode()
    headers = {"x-line-signature": signature(raw)}
    first = Wiring.serve(Inbox(redis, failing)).post("/webhook", data=raw, headers=headers)
    again = Wiring.serve(Inbox(redis, queued.append)).post("/webhook", data=raw, headers=headers)

    assert (first.status_code, again.status_code) == (503, 200)
    assert queued == [USER]
