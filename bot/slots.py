"""How many tasks send one Broadcast at a time: as many as there are slots, each held in Redis by the task that has it.

A slot only keeps the queue short. Without it, or with two tasks in one, the leases of the Deliveries see to it that each is
sent by one task at a time.
"""

from __future__ import annotations

import threading
from collections.abc import Callable

import structlog
from redis import Redis, RedisError
from sqlalchemy import Engine

from bot.now import Now, utc_now
from bot.sending import BATCH, Sender, send_until
from bot.storage import sending

log = structlog.get_logger(__name__)

SEND_SECONDS = 20.0  # then the thread is given back, and the task queued again
QUEUED_SECONDS = 5.0  # a task that is not taken up for so long is queued again
HELD_SECONDS = 5.0  # renewed every second; a killed task's slot is free again after that
BUSY_SECONDS = 0.5
LONGEST_WAIT_SECONDS = 30.0  # beyond that the clock comes sooner


def fill(
    redis: Redis,
    engine: Engine,
    enqueue: Callable[[int, int], None],
    numbers: list[int],
    slots: int,
    real: Now = utc_now,
) -> int:
    """Queue a task for every free slot of these Broadcasts that has something to do; how many. redis.RedisError,
    SQLAlchemyError."""
    queued = 0
    for number in numbers:
        with engine.connect() as connection:
            waiting = sending.claimable(connection, number, real(), limit=BATCH * slots)
        for slot in range(min(slots, -(-waiting // BATCH))):
            if redis.set(_key(number, slot), "1", nx=True, px=int(QUEUED_SECONDS * 1000)):
                enqueue(number, slot)
                queued += 1
    return queued


class SlotSender:
    """What the worker's task does. At most `at_once` threads of this process send at a time, so that chats are answered
    meanwhile."""

    def __init__(self, redis: Redis, engine: Engine, sender: Sender, at_once: int, real: Now = utc_now) -> None:
        self._redis = redis
        self._engine = engine
        self._sender = sender
        self._real = real
        self._free = threading.BoundedSemaphore(at_once)

    def send(self, number: int, slot: int) -> float | None:
        """Send what one Broadcast has; seconds until there may be more to do, or None when the clock will say."""
        if not self._free.acquire(blocking=False):
            return BUSY_SECONDS
        try:
            sent = send_until(self._sender, number, SEND_SECONDS, lambda: self._hold(number, slot))
        finally:
            self._free.release()
        if sent.more:
            return 0.0
        # Given back before looking: what the clock planned while the slot was taken is seen now, or queued by the clock.
        self._let_go(number, slot)
        with self._engine.connect() as connection:
            if not (sent.kept_back or sent.hopeless) and sending.claimable(connection, number, self._real(), limit=1):
                return 0.0
            soon = sending.next_attempt(connection, number)
        # What is kept back waits for the night's end, for a person, or for the clock.
        if soon is None or sent.kept_back:
            return None
        # On a busy machine its time may have come meanwhile.
        wait = max(0.0, (soon - self._real()).total_seconds())
        return wait if wait < LONGEST_WAIT_SECONDS else None

    def _hold(self, number: int, slot: int) -> None:
        try:
            self._redis.set(_key(number, slot), "1", px=int(HELD_SECONDS * 1000))
        except RedisError as error:
            log.warning("slot_not_held", error=type(error).__name__)

    def _let_go(self, number: int, slot: int) -> None:
        try:
            self._redis.delete(_key(number, slot))
        except RedisError as error:
            log.warning("slot_not_given_back", error=type(error).__name__)


def _key(number: int, slot: int) -> str:
    return f"lertrat:sending:{number}:{slot}"
