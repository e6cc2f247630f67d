"""The tasks that send a Broadcast: whatever is left to send when one ends is queued again, and not left for a minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.line import Line
from bot.now import BANGKOK, utc_now
from bot.rate import Limiter
from bot.sending import Sender, Sent
from bot.slots import SlotSender, fill
from bot.storage import broadcasts, deliveries
from tests.bot.line_server import LineServer
from tests.bot.subscribers import states

NOON = datetime(2026, 3, 24, 12, tzinfo=BANGKOK)
NIGHT = NOON.replace(hour=22)


class World:
    """A Broadcast that is being sent, and the clocks that its tasks go by: `ahead` seconds is what the slot's clock shows
    when it looks whether something is left, as on a machine that was busy meanwhile."""

    def __init__(self, engine: Engine, server: LineServer, redis: Redis) -> None:
        self.engine, self.server, self.redis = engine, server, redis
        self.now, self.ahead = NOON, 0.0
        with engine.begin() as connection:
            number = broadcasts.create(
                connection,
                key="k",
                title="ปิดรับ",
                messages=[{"type": "text", "text": "ใกล้ปิดรับแล้ว"}],
                audience={"kind": "chats", "chats": []},
                created_at=NOON,
                created_by="test",
                state="sending",
                kind="reminder",
                expires_at=NOON + timedelta(days=1),
            )
            assert number is not None
            self.number = number
        self.write("U1")

    def write(self, chat: str) -> None:
        with self.engine.begin() as connection:
            deliveries.write(connection, self.number, [chat])

    def send(self, kind: type[Sender] = Sender) -> float | None:
        sender = kind(
            self.engine,
            Line("token", self.server.host, "key"),
            Limiter(self.redis, "multicast", 0),
            Limiter(self.redis, "push", 0),
            lambda: self.now,
            lambda _subject, _text: None,
        )
        slots = SlotSender(self.redis, self.engine, sender, 1, lambda: utc_now() + timedelta(seconds=self.ahead))
        return slots.send(self.number, 0)


@pytest.fixture
def world(engine: Engine, line_server: LineServer, redis: Redis) -> World:
    return World(engine, line_server, redis)


def test_when_all_is_sent_no_task_is_left(world: World) -> None:
    assert world.send() is None
    assert states(world.engine) == {"sent": 1}


def test_what_has_to_be_tried_again_is_waited_for(world: World) -> None:
    world.server.failures += ["cut"]
    wait = world.send()
    assert wait is not None
    assert 0 < wait <= 1


def test_what_became_due_while_the_task_looked_is_not_left_for_the_clock(world: World) -> None:
    world.server.failures += ["cut"]
    world.ahead = 60
    assert world.send() == 0
    assert states(world.engine) == {"created": 1}


def test_what_was_planned_while_the_slot_was_taken_is_not_left_for_the_clock(world: World) -> None:
    queued: list[tuple[int, int]] = []

    class LastLook(Sender):
        """After it saw that nothing is left, the clock plans more and finds the slot taken."""

        def send_some(self, number: int, keep: Callable[[], None] = lambda: None, *, limit: int | None = None) -> Sent:
            sent = super().send_some(number, keep, limit=limit)
            if not sent.more and not queued:
                world.write("U2")
                fill(world.redis, world.engine, lambda *task: queued.append(task), [number], 1)
            return sent

    assert world.send(LastLook) == 0
    assert queued == []
    assert states(world.engine) == {"sent": 1, "created": 1}


def test_what_the_night_keeps_back_is_left_to_the_clock(world: World) -> None:
    world.now = NIGHT
    assert world.send() is None
    assert states(world.engine) == {"created": 1}
