"""The small LINE of fault runs, over real HTTP in its own process."""

from __future__ import annotations

import http.client
import json
import subprocess
import sys
import uuid
from collections.abc import Iterator
from typing import Any

import pytest

MULTICAST, PUSH = "/v2/bot/message/multicast", "/v2/bot/message/push"
HELLO = [{"type": "text", "text": "สวัสดี"}]


class Small:
    """The process, and calls to it."""

    def __init__(self, *arguments: str) -> None:
        command = [sys.executable, "-m", "bot.fault_run.line", *arguments]
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self.process.stdout is not None
        self.port = int(self.process.stdout.readline())

    def call(self, method: str, path: str, body: Any = None, key: str = "", timeout: float = 10) -> tuple[int, Any]:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=timeout)
        try:
            headers = {"X-Line-Retry-Key": key} if key else {}
            connection.request(method, path, None if body is None else json.dumps(body), headers)
            answer = connection.getresponse()
            return answer.status, json.loads(answer.read())
        finally:
            connection.close()

    def multicast(self, *chats: str, key: str = "", messages: Any = HELLO, **more: Any) -> int:
        body = {"to": list(chats), "messages": messages}
        return self.call("POST", MULTICAST, body, key or str(uuid.uuid4()), **more)[0]

    def plan(self, **wanted: Any) -> None:
        self.call("PUT", "/_plan", wanted)

    def account(self) -> Any:
        return self.call("GET", "/_account")[1]

    def got(self) -> Any:
        return {self.account()["titles"][digest]: counts for digest, counts in self.account()["delivered"].items()}

    def stop(self) -> None:
        self.process.communicate(timeout=10)


@pytest.fixture
def small() -> Iterator[Small]:
    small = Small()
    yield small
    small.stop()


def test_it_counts_what_each_chat_got_and_takes_a_key_once(small: Small) -> None:
    key = str(uuid.uuid4())
    assert small.multicast("U1", "U2", key=key) == 200
    assert small.multicast("U1", "U2", key=key) == 409
    assert small.call("POST", PUSH, {"to": "U1", "messages": HELLO}, str(uuid.uuid4()))[0] == 200
    assert small.got() == {"สวัสดี": {"U1": 2, "U2": 1}}
    assert small.account()["complaints"] == []


def test_it_complains_of_another_body_under_the_same_key_and_of_odd_calls(small: Small) -> None:
    key = str(uuid.uuid4())
    small.multicast("U1", key=key)
    assert small.multicast("U2", key=key) == 409
    assert small.multicast("U1", key="no-uuid") == 400
    assert small.multicast("U1", "U1") == 400
    assert small.multicast("C1") == 400
    assert small.multicast("U1", messages=[]) == 400
    assert small.got() == {"สวัสดี": {"U1": 1}}
    assert len(small.account()["complaints"]) == 5


@pytest.mark.parametrize(
    ("fault", "status", "accepted"),
    [("500", 500, False), ("503", 503, False), ("429", 429, False), ("500 after", 500, True)],
)
def test_a_refusal_comes_before_or_after_it_accepts(small: Small, fault: str, status: int, accepted: bool) -> None:
    key = str(uuid.uuid4())
    small.plan(rates={fault: 1.0})
    assert small.multicast("U1", key=key) == status
    small.plan(rates={})
    assert small.multicast("U1", key=key) == (409 if accepted else 200)
    assert small.got() == {"สวัสดี": {"U1": 1}}
    assert small.account()["faults"][fault] == 1


@pytest.mark.parametrize(("fault", "accepted"), [("reset before", False), ("reset after", True)])
def test_a_connection_is_cut_before_or_after_it_accepts(small: Small, fault: str, accepted: bool) -> None:
    key = str(uuid.uuid4())
    small.plan(rates={fault: 1.0})
    with pytest.raises(ConnectionError):
        small.multicast("U1", key=key)
    small.plan(rates={})
    assert small.multicast("U1", key=key) == (409 if accepted else 200)


def test_an_accepted_call_may_get_no_answer(small: Small) -> None:
    key = str(uuid.uuid4())
    small.plan(rates={"timeout after": 1.0})
    with pytest.raises(TimeoutError):
        small.multicast("U1", key=key, timeout=0.2)
    small.plan(rates={})
    assert small.multicast("U1", key=key) == 409


def test_the_month_and_the_second_have_their_limits(small: Small) -> None:
    small.plan(quota=3)
    assert small.multicast("U1", "U2") == 200
    assert small.multicast("U1", "U2") == 429
    assert small.call("GET", "/v2/bot/message/quota")[1] == {"type": "limited", "value": 3}
    assert small.call("GET", "/v2/bot/message/quota/consumption")[1] == {"totalUsage": 2}
    small.plan(monthly=True, quota=100)
    assert small.multicast("U1") == 429
    assert small.call("GET", "/v2/bot/message/quota/consumption")[1] == {"totalUsage": 100}
    small.plan(monthly=False, per_second=1)
    assert sorted(small.multicast(f"U{number}") for number in range(3)) == [200, 429, 429]


def test_in_a_hurry_it_counts_recipients_only() -> None:
    small = Small("--light")
    assert small.multicast("U1", "U2", messages=[{"type": "text", "text": '"U'}]) == 200
    assert small.account()["recipients"] == 2
    assert small.account()["delivered"] == {}
    small.stop()


def test_the_same_seed_draws_the_same_faults() -> None:
    drawn = []
    for _ in range(2):
        small = Small("--seed", "7")
        small.plan(rates={"500": 0.3, "429": 0.3})
        drawn.append([small.multicast("U1") for _ in range(30)])
        small.stop()
    assert drawn[0] == drawn[1]
    assert {*drawn[0]} == {200, 429, 500}
