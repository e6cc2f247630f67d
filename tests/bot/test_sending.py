"""Sending over real HTTP and real Redis, on both databases: whatever breaks, each recipient gets a message once."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine, event, text

from bot import sending as module
from bot.line import Line
from bot.now import BANGKOK, utc_now
from bot.rate import Limiter
from bot.sending import Sender, Sent, backoff, next_limit, send_until
from bot.storage import broadcasts, deliveries, erasure, sending
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer
from tests.bot.subscribers import MULTICAST, received, rows, states, users

NOON = datetime(2026, 3, 24, 12, tzinfo=BANGKOK)
HELLO = [{"type": "text", "text": "ใกล้ปิดรับแล้ว"}]
MONTHLY = (429, {"message": "You have reached your monthly limit."})
RATE = (429, {"message": "The API rate limit has been exceeded. Try again later."})


class World:
    """A sender, and the two clocks that it goes by."""

    def __init__(self, engine: Engine, server: LineServer, redis: Redis) -> None:
        self.engine, self.server, self.redis = engine, server, redis
        self.now, self.real = NOON, utc_now()
        self.alerts: list[str] = []
        self.line = Line("token", server.host, "key")

    def impatient(self) -> None:
        """Wait no longer for an answer than for one that never comes."""
        self.line = Line("token", self.server.host, "key", timeout=(1.0, 0.3))

    def sender(self, parallel: int = 1) -> Sender:
        return Sender(
            self.engine,
            self.line,
            Limiter(self.redis, "multicast", 0),
            Limiter(self.redis, "push", 0),
            lambda: self.now,
            lambda subject, _text: self.alerts.append(subject),
            parallel=parallel,
            real=lambda: self.real,
        )

    def broadcast(self, chats: list[str], **more: Any) -> int:
        values: dict[str, Any] = {"expires_at": NOON.replace(hour=20), "state": "sending", "kind": "reminder", **more}
        with self.engine.begin() as connection:
            number = broadcasts.create(
                connection,
                key=f"k{len(chats)}{more}",
                title="ปิดรับ",
                messages=HELLO,
                audience={"kind": "chats", "chats": []},
                created_at=NOON,
                created_by="test",
                **values,
            )
            assert number is not None
            connection.execute(broadcasts.broadcasts.update().values(planned_at=NOON))
            deliveries.write(connection, number, chats)
        return number

    def later(self, seconds: float) -> None:
        self.real += timedelta(seconds=seconds)

    def send_all(self, number: int = 1, sender: Sender | None = None, rounds: int = 30) -> None:
        """Send until nothing is left, leases and backoffs passing meanwhile."""
        sender = sender or self.sender()
        for _ in range(rounds):
            while sender.send_some(number).more:
                pass
            if not {"created"} & set(states(self.engine, number)):
                return
            self.later(61)


@pytest.fixture
def world(engine: Engine, line_server: LineServer, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(deliveries, "PER_MULTICAST", 5)
    return World(engine, line_server, redis)


@pytest.mark.parametrize("parallel", [1, 4])
def test_everyone_gets_one_message(world: World, parallel: int) -> None:
    chats = [*users(333), "C1", "R1"]
    number = world.broadcast(sorted(chats))
    world.send_all(number, world.sender(parallel))
    assert received(world.server) == dict.fromkeys(chats, 1)
    assert states(world.engine) == {"sent": 335}
    assert all(row.done_at == NOON and row.lease is None and not row.unsure for row in rows(world.engine))


def test_quick_batches_are_followed_by_larger_ones(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    monkeypatch.setattr(module, "LARGEST_BATCH", 7)
    monkeypatch.setattr(module, "QUICK_SECONDS", 60.0)
    claimed: list[int] = []

    class Noting(Sender):
        def send_some(self, number: int, keep: Callable[[], None] = lambda: None, *, limit: int | None = None) -> Sent:
            before = states(world.engine).get("sent", 0)
            sent = super().send_some(number, keep, limit=limit)
            claimed.append(states(world.engine).get("sent", 0) - before)
            return sent

    chats = users(5 * 25)
    number = world.broadcast(chats)
    sender = Noting(
        world.engine,
        world.line,
        Limiter(world.redis, "multicast", 0),
        Limiter(world.redis, "push", 0),
        lambda: world.now,
        lambda *_: None,
        real=lambda: world.real,
    )
    send_until(sender, number, 60, lambda: None)
    assert claimed == [calls * 5 for calls in (3, 6, 7, 7, 2)] + [0]
    assert received(world.server) == dict.fromkeys(chats, 1)


def test_slow_batches_become_small_again() -> None:
    assert [next_limit(limit, 1.0) for limit in (400, 60, 50)] == [200, 50, 50]
    assert [next_limit(limit, 0.1) for limit in (50, 300, 400)] == [100, 400, 400]


@pytest.mark.parametrize(
    "failures",
    [
        [(500, {})] * 3,
        [(503, {})] * 9,
        [RATE] * 7,
        ["hang", "hang"],
        ["cut", "cut", "cut"],
        ["drop"] * 6,
        ["cut", (500, {}), "drop", RATE, "cut"],
    ],
    ids=str,
)
def test_what_line_could_not_take_is_tried_again_with_the_same_key_and_body(world: World, failures: list[Any]) -> None:
    chats = users(40)
    number = world.broadcast(chats)
    world.server.failures = list(failures)
    if "hang" in failures:
        world.impatient()
    world.send_all(number)
    assert received(world.server) == dict.fromkeys(chats, 1)
    assert states(world.engine) == {"sent": 40}
    bodies: dict[str, set[str]] = {}
    for call in world.server.calls:
        bodies.setdefault(call.headers["x-line-retry-key"], set()).add(str(call.body))
    assert all(len(same) == 1 for same in bodies.values())


def test_a_delivery_that_failed_waits_before_it_is_tried_again(world: World) -> None:
    number = world.broadcast(["U1"])
    world.server.failures = [(500, {})]
    sender = world.sender()
    for _ in range(3):
        sender.send_some(number)
    assert len(world.server.calls) == 1
    world.later(61)
    sender.send_some(number)
    assert [call.status for call in world.server.calls] == [500, 200]


def test_the_wait_doubles_up_to_a_minute() -> None:
    assert 0.5 <= backoff(1) <= 1
    assert 4 <= backoff(4) <= 8
    assert 30 <= backoff(500) <= 60


class Killed(BaseException):
    """Like kill -9: nothing catches it."""


def test_a_sender_killed_at_any_point_sends_to_everyone_once(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "BATCH", 3)
    # The points at which it can die are counted: a machine that stalls shall not make other ones.
    monkeypatch.setattr(module, "KEEP_EVERY_SECONDS", 60.0)
    monkeypatch.setattr(module, "BATCH_SECONDS", 60.0)
    left = 0

    def maybe_die(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    event.listen(world.engine, "commit", maybe_die)
    call = world.line.multicast_json

    def calling(*arguments: Any) -> None:
        maybe_die()
        call(*arguments)
        maybe_die()

    monkeypatch.setattr(world.line, "multicast_json", calling)
    chats = users(40)
    death = deaths = 0
    while deaths == death:
        death += 1
        number = world.broadcast(chats, urgency=death)
        world.server.calls.clear()
        left = death
        try:
            world.send_all(number)
        except Killed:
            deaths += 1
        left = 0
        world.later(61)
        world.send_all(number)
        assert received(world.server) == dict.fromkeys(chats, 1), f"death {death}"
        assert states(world.engine, number) == {"sent": 40}
    event.remove(world.engine, "commit", maybe_die)
    assert deaths > 20


def test_many_senders_at_once_make_no_call_twice(world: World) -> None:
    chats = users(400)
    number = world.broadcast(chats)

    def send(_: int) -> None:
        while world.sender().send_some(number).more:
            pass

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(send, range(4)))
    assert received(world.server) == dict.fromkeys(chats, 1)
    assert len(world.server.calls) == 80


def test_a_claim_is_as_large_as_asked_for_whatever_plan_the_database_makes(world: World) -> None:
    # By a nested loop PostgreSQL looks for "the first three" again for every row.
    number = world.broadcast(users(400))
    with world.engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            for method in ("hashagg", "hashjoin", "mergejoin", "sort", "material"):
                connection.execute(text(f"SET LOCAL enable_{method} = off"))
        claimed = sending.claim(connection, number, limit=3, lease="one", until=world.real, now=NOON, real=world.real)
    assert len(claimed) == 3


def test_a_sender_that_lost_its_lease_overwrites_nothing(world: World) -> None:
    number = world.broadcast(["U1"])
    with world.engine.begin() as connection:
        claim = {"limit": 5, "until": world.real + timedelta(seconds=20), "now": NOON}
        (first,) = sending.claim(connection, number, lease="slow", real=world.real, **claim)  # type: ignore[arg-type]
        assert not first.unsure
        later = world.real + timedelta(seconds=21)
        (second,) = sending.claim(connection, number, lease="quick", real=later, **claim)  # type: ignore[arg-type]
        assert second.unsure
        assert second.first_attempt_at == first.first_attempt_at
        sending.record(connection, [sending.Outcome(first, "failed")], lease="slow", now=NOON)
        assert deliveries.in_states(connection, number, "created")
        sending.record(connection, [sending.Outcome(second, "sent")], lease="quick", now=NOON)
        sending.record(connection, [sending.Outcome(first, "failed")], lease="slow", now=NOON)
    assert states(world.engine) == {"sent": 1}


def test_a_lease_is_short_and_held_as_long_as_its_sender_lives(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "KEEP_EVERY_SECONDS", 0.01)
    number = world.broadcast(users(10))
    began, asked = world.real, 0
    call = world.line.multicast_json

    def slowly(*arguments: Any) -> None:
        nonlocal asked
        # Real time goes on while LINE takes its time, longer than a lease that nobody renews.
        for _ in range(4):
            world.later(module.LEASE_SECONDS - 1)
            until = world.real + timedelta(seconds=module.LEASE_SECONDS)
            eventually(lambda at=until: {row.lease_until for row in rows(world.engine)} - {None} == {at})  # type: ignore[misc]
            with world.engine.connect() as connection:
                asked += sending.claimable(connection, number, world.real, 5)
        call(*arguments)

    monkeypatch.setattr(world.line, "multicast_json", slowly)
    world.sender().send_some(number)
    assert (world.real - began).total_seconds() > 3 * module.LEASE_SECONDS
    assert asked == 0
    assert received(world.server) == dict.fromkeys(users(10), 1)


def test_the_monthly_limit_holds_the_rest_and_tells(world: World) -> None:
    number = world.broadcast(users(50))
    world.server.failures = [None, None, MONTHLY]
    sender = world.sender()
    assert not sender.send_some(number).more
    assert states(world.engine) == {"sent": 10, "held": 40}
    assert world.alerts == ["held"]
    assert len(world.server.calls) == 3
    untried = [row for row in rows(world.engine) if row.state == "held"][1:]
    assert all(row.attempts == 0 and row.first_attempt_at is None and not row.unsure for row in untried)


@pytest.mark.parametrize(("before", "state"), [([], "failed"), (["cut"], "uncertain")])
def test_what_line_refuses_has_failed_unless_it_may_have_been_taken_before(
    world: World, before: list[Any], state: str
) -> None:
    number = world.broadcast(["U1"])
    world.server.failures = [*before, (400, {"message": "The request body has 1 error(s)"})]
    world.send_all(number)
    assert states(world.engine) == {state: 1}
    assert world.alerts == [state]


def test_a_refused_token_pauses_the_rest(world: World) -> None:
    number = world.broadcast(users(50))
    world.server.failures = [(401, {"message": "Authentication failed"})]
    world.sender().send_some(number)
    assert states(world.engine) == {"failed": 5, "paused": 45}
    assert "access" in world.alerts


def test_a_key_older_than_23_hours_is_not_tried_again(world: World) -> None:
    number = world.broadcast(["U1"], expires_at=None)
    world.server.failures = ["cut"]
    sender = world.sender()
    sender.send_some(number)
    world.later(61)
    world.now += timedelta(hours=23, minutes=1)
    sender.send_some(number)
    assert states(world.engine) == {"uncertain": 1}
    assert len(world.server.calls) == 1


def test_a_key_that_was_refused_for_certain_is_as_good_as_new(world: World) -> None:
    number = world.broadcast(["U1"], expires_at=None)
    world.server.failures = [RATE]
    sender = world.sender()
    sender.send_some(number)
    world.later(61)
    world.now += timedelta(hours=23, minutes=1)
    sender.send_some(number)
    assert states(world.engine) == {"sent": 1}


@pytest.mark.parametrize(("first", "state"), [([], "expired"), ([RATE], "expired"), (["cut"], "uncertain")])
def test_nothing_is_sent_past_its_time(world: World, first: list[Any], state: str) -> None:
    number = world.broadcast(["U1"], at_night=True)
    world.server.failures = list(first)
    sender = world.sender()
    if first:
        sender.send_some(number)
    world.later(61)
    world.now = NOON.replace(hour=20)
    sender.send_some(number)
    assert states(world.engine) == {state: 1}
    assert len(world.server.calls) == len(first)


@pytest.mark.parametrize(("hour", "minute", "calls"), [(7, 59, 0), (8, 0, 1), (19, 59, 1), (20, 0, 0), (23, 0, 0)])
def test_nobody_is_disturbed_at_night(world: World, hour: int, minute: int, calls: int) -> None:
    number = world.broadcast(["U1"], expires_at=None)
    world.now = NOON.replace(hour=hour, minute=minute)
    world.sender().send_some(number)
    assert len(world.server.calls) == calls


@pytest.mark.parametrize("state", ["planning", "paused", "cancelled", "done", "scheduled", "draft"])
def test_only_a_broadcast_that_is_sending_is_sent(world: World, state: str) -> None:
    world.sender().send_some(world.broadcast(["U1"], state=state))
    assert world.server.calls == []


def test_a_chat_is_erased_from_what_was_not_tried_and_later_from_what_is_under_way(world: World) -> None:
    number = world.broadcast(sorted(["U1", "U2", "U3"]))
    erasure.erase_chat(world.engine, "U1")
    world.server.failures = ["cut"]
    sender = world.sender()
    sender.send_some(number)
    erasure.erase_chat(world.engine, "U2")
    assert [(row.chats, row.erase) for row in rows(world.engine)] == [("U2 U3", "U2")]
    world.later(61)
    sender.send_some(number)
    assert received(world.server) == {"U2": 1, "U3": 1}
    assert [(row.chats, row.erase, row.state) for row in rows(world.engine)] == [("U3", "", "sent")]
    erasure.erase_chat(world.engine, "U3")
    assert [(row.chats, row.state, row._mapping["count"]) for row in rows(world.engine)] == [("", "sent", 2)]


def test_an_erased_group_gets_nothing(world: World) -> None:
    number = world.broadcast(["C1"])
    erasure.erase_chat(world.engine, "C1")
    world.send_all(number)
    assert (world.server.calls, states(world.engine)) == ([], {"cancelled": 0})


def test_redis_away_slows_nothing_down_for_good(world: World, tmp_path: Any) -> None:
    number = world.broadcast(users(20))
    away = Redis(unix_socket_path=str(tmp_path / "none"))
    sender = world.sender()
    sender._limiters[deliveries.MULTICAST] = Limiter(away, "multicast", 100)
    sender.send_some(number)
    assert states(world.engine) == {"sent": 20}


def test_calls_are_spaced_over_all_processes(redis: Redis) -> None:
    one, two = Limiter(redis, "m", 200), Limiter(redis, "m", 200)
    turns = sorted([*one.book(5), *two.book(5), *one.book(5)])
    gaps = [second - first for first, second in pairwise(turns)]
    assert min(gaps) > 0.003
    assert 14 * 0.005 <= turns[-1] - turns[0] < 0.2


def test_a_database_that_was_away_is_no_harm(world: World, monkeypatch: pytest.MonkeyPatch) -> None:
    number = world.broadcast(users(30))

    with monkeypatch.context() as patch:
        patch.setattr(sending, "record", lambda *_, **__: (_ for _ in ()).throw(ConnectionError))
        with pytest.raises(ConnectionError):
            world.sender().send_some(number)
    world.later(module.LEASE_SECONDS + 1)
    world.send_all(number)
    assert received(world.server) == dict.fromkeys(users(30), 1)
    assert states(world.engine) == {"sent": 30}
    assert len(world.server.accepted(MULTICAST)) == 6
