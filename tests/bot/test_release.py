"""What may be sent within the month's messages, what is held, and how everything ends, on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.now import BANGKOK, utc_now
from bot.release import end_what_is_over, release
from bot.storage import broadcasts, deliveries, sending
from tests.bot.line_server import LineServer
from tests.bot.subscribers import received, rows, states, users
from tests.bot.test_sending import World

NOON = datetime(2026, 3, 24, 12, tzinfo=BANGKOK)
QUOTA, USED = "/v2/bot/message/quota", "/v2/bot/message/quota/consumption"


@pytest.fixture
def world(engine: Engine, line_server: LineServer, redis: Redis, monkeypatch: pytest.MonkeyPatch) -> World:
    monkeypatch.setattr(deliveries, "PER_MULTICAST", 50)
    return World(engine, line_server, redis)


def quota(world: World, limit: int | None, used: int = 0) -> None:
    world.server.answers |= {
        QUOTA: {"type": "none"} if limit is None else {"type": "limited", "value": limit},
        USED: {"totalUsage": used},
    }


def let_go(world: World) -> list[int]:
    return release(
        world.engine,
        world.line,
        world.now,
        lambda subject, text: world.alerts.append(f"{subject}: {text}"),
        lambda: world.real,
    )


def state(world: World, number: int) -> str:
    with world.engine.connect() as connection:
        found = broadcasts.by_id(connection, number)
    assert found
    return found.state


def test_without_a_limit_everything_goes(world: World) -> None:
    quota(world, None)
    number = world.broadcast(users(120), state="planning")
    assert let_go(world) == [number]
    assert (state(world, number), states(world.engine)) == ("sending", {"created": 120})
    world.send_all(number)
    assert let_go(world) == []
    assert state(world, number) == "done"


def test_what_does_not_fit_is_held_the_most_urgent_first_and_the_administrator_is_told(world: World) -> None:
    quota(world, 1000, used=830)
    later = world.broadcast(users(100), state="planning", urgency=30)
    urgent = world.broadcast(users(120), state="planning", urgency=1)
    assert let_go(world) == [urgent, later]
    assert states(world.engine, urgent) == {"created": 120}
    # 50 fit whole; the second is untouched and fits not at all.
    assert states(world.engine, later) == {"created": 50, "held": 50}
    assert len(world.alerts) == 1
    assert "830 จาก 1,000" in world.alerts[0]
    assert "50 ข้อความ" in world.alerts[0]


def test_a_delivery_that_fits_in_part_is_split_under_another_key(world: World) -> None:
    quota(world, 70)
    number = world.broadcast(users(120), state="planning")
    let_go(world)
    assert [(row._mapping["count"], row.state) for row in rows(world.engine)] == [
        (50, "created"),
        (20, "created"),
        (20, "held"),
        (30, "held"),
    ]
    assert len({row.retry_key for row in rows(world.engine)}) == 4
    assert sorted(chat for row in rows(world.engine) for chat in row.chats.split()) == users(120)
    world.send_all(number)
    quota(world, 70, used=70)
    let_go(world)
    assert states(world.engine) == {"sent": 70, "held": 50}
    # The next month.
    quota(world, 70)
    let_go(world)
    world.send_all(number)
    assert received(world.server) == dict.fromkeys(users(120), 1)
    let_go(world)
    assert state(world, number) == "done"


def test_what_is_under_way_is_counted_and_no_false_alarm_is_given(world: World) -> None:
    quota(world, 100)
    number = world.broadcast(users(100), state="sending")
    with world.engine.begin() as connection:
        sending.claim(
            connection, number, limit=1, lease="x", until=world.real + timedelta(seconds=20), now=NOON, real=world.real
        )
    quota(world, 100, used=50)  # that one is counted already
    let_go(world)
    assert states(world.engine) == {"created": 50, "held": 50}
    assert world.alerts == []
    assert [row.state for row in rows(world.engine)] == ["created", "held"]


def test_what_line_refused_is_not_asked_for_again_at_once(world: World) -> None:
    quota(world, 1000)
    number = world.broadcast(users(50), state="sending")
    world.server.failures = [(429, {"message": "You have reached your monthly limit."})]
    world.sender().send_some(number)
    assert states(world.engine) == {"held": 50}
    let_go(world)
    assert states(world.engine) == {"held": 50}
    world.later(301)
    let_go(world)
    assert states(world.engine) == {"created": 50}


def test_what_was_refused_after_it_may_have_been_taken_is_let_go_too(world: World) -> None:
    quota(world, 1000)
    number = world.broadcast(["U1"], state="sending")
    world.server.failures = ["drop", (429, {"message": "You have reached your monthly limit."})]
    sender = world.sender()
    sender.send_some(number)
    world.later(61)
    sender.send_some(number)
    assert [(row.state, row.unsure) for row in rows(world.engine)] == [("held", True)]
    world.later(301)
    let_go(world)
    world.send_all(number)
    assert received(world.server) == {"U1": 1}


def test_while_line_does_not_tell_its_quota_nothing_new_starts(world: World) -> None:
    started = world.broadcast(users(10), state="sending")
    waiting = world.broadcast(users(11), state="planning")
    world.server.failures = [(500, {})]
    assert let_go(world) == [started]
    assert state(world, waiting) == "planning"


def test_at_night_nothing_starts_but_what_a_person_wanted_at_night(world: World) -> None:
    quota(world, None)
    world.now = NOON.replace(hour=22)
    world.broadcast(users(10), state="planning", expires_at=None)
    night = world.broadcast(users(11), state="planning", at_night=True, expires_at=None, kind="message")
    assert let_go(world) == [night]


@pytest.mark.parametrize("before", ["planning", "sending", "paused"])
def test_what_is_late_expires_and_never_misleads(world: World, before: str) -> None:
    number = world.broadcast(users(60), state=before)
    world.now = NOON.replace(hour=20)
    end_what_is_over(world.engine, world.now, lambda *_: None, lambda: world.real)
    assert (state(world, number), states(world.engine)) == ("expired", {"expired": 60})


def test_a_held_one_that_may_have_been_taken_ends_as_uncertain(world: World) -> None:
    number = world.broadcast(["U1", "U2"])
    world.server.failures = ["cut"]
    world.sender().send_some(number)
    world.now = NOON.replace(hour=21)
    told: list[str] = []
    end_what_is_over(world.engine, world.now, lambda subject, _: told.append(subject), lambda: world.real)
    assert (state(world, number), states(world.engine), told) == ("done", {"uncertain": 2}, ["uncertain"])


def test_what_is_under_way_when_it_is_cancelled_is_ended_when_that_is_over(world: World) -> None:
    number = world.broadcast(users(60))
    with world.engine.begin() as connection:
        until = world.real + timedelta(seconds=20)
        sending.claim(connection, number, limit=1, lease="x", until=until, now=NOON, real=world.real)
        broadcasts.move(connection, number, ["sending"], "cancelled")
        sending.cancel(connection, number, NOON, world.real, "stopped")
    assert states(world.engine) == {"created": 50, "cancelled": 10}
    end: Any = (world.engine, NOON, lambda *_: None, lambda: world.real)
    end_what_is_over(*end)
    assert states(world.engine) == {"created": 50, "cancelled": 10}
    world.later(21)
    end_what_is_over(*end)
    assert states(world.engine) == {"uncertain": 50, "cancelled": 10}
    assert utc_now() < world.real


def test_an_old_key_is_given_up_even_when_nobody_sends(world: World) -> None:
    number = world.broadcast(["U1"], expires_at=None)
    world.server.failures = ["cut"]
    world.sender().send_some(number)
    end_what_is_over(world.engine, NOON + timedelta(hours=23), lambda *_: None, lambda: world.real)
    assert states(world.engine) == {"uncertain": 1}
