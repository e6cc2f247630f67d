"""The Dramatiq queue: who puts a chat on it, and the thin actor that takes one off."""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Any

import dramatiq
import structlog
from dramatiq.broker import Consumer
from dramatiq.brokers.redis import RedisBroker
from dramatiq.common import dq_name
from dramatiq.middleware import TimeLimitExceeded
from redis import Redis, RedisError

from bot.logs import failure, pseudonym
from bot.storage.console_jobs import LONGEST_WORK

log = structlog.get_logger(__name__)

NAMESPACE = "lertrat-tasks"
CHATS = "chats"
PROCESS_CHAT = "process_chat"
BROADCASTS = "broadcasts"
SEND_BROADCAST = "send_broadcast"
CONSOLE = "console"
WORK_FOR_CONSOLE = "work_for_console"
# Milliseconds between two looks at an empty queue, by what waits in it: a person for an answer, an administrator for a page, a
# message to many, which is paced anyway, and what was put off. Every look is a call to Redis, and six queues looked at a
# hundred times a second kept a third of a core busy.
_LOOK_EVERY = {CHATS: 10, CONSOLE: 25, BROADCASTS: 50}
_LOOK_AT_DELAYED_EVERY = 100
LONGEST_CONSOLE_WORK = int(LONGEST_WORK.total_seconds() * 1000)


class _Broker(RedisBroker):
    """Dramatiq's, which looks at each queue as often as that needs."""

    def consume(self, queue_name: str, prefetch: int = 1, timeout: int = 5000) -> Consumer:
        """As there; `timeout`, in milliseconds, is the longest sleep between two looks."""
        often = _LOOK_AT_DELAYED_EVERY if queue_name == dq_name(queue_name) else _LOOK_EVERY[queue_name]
        return super().consume(queue_name, prefetch, min(timeout, often))


def make_broker(client: Redis) -> RedisBroker:
    """The queue on Redis, by a client whose answers are bytes. Opens no connection yet.

    A killed worker's tasks are taken over some 15 s later; dead letters are kept for 7 days.
    """
    return _Broker(  # type: ignore[no-untyped-call]
        client=client, namespace=NAMESPACE, heartbeat_timeout=15_000, maintenance_chance=20_000
    )


def dead_letters(redis: Redis) -> int:
    """How many tasks failed for good in the last 7 days. Raises redis.RedisError."""
    return sum(redis.zcard(f"{NAMESPACE}:{queue}.XQ") for queue in (CHATS, BROADCASTS, CONSOLE))


def chat_queue(broker: dramatiq.Broker) -> Callable[[str], None]:
    """A function that queues the task of one chat; it raises redis.RedisError. Needs no actor in this process."""
    broker.declare_queue(CHATS)

    def enqueue(chat: str) -> None:
        broker.enqueue(_message(chat))

    return enqueue


def declare_process_chat(broker: RedisBroker, process: Callable[[str], float | None], log_key: str) -> None:
    """Declare the worker's actor. `process(chat)` gives the seconds until it wants to be called again, or None."""

    def process_chat(chat: str) -> None:
        try:
            again = process(chat)
        except (Exception, TimeLimitExceeded) as error:
            # Dramatiq would log the chat's id as it is, unless it is told to try again.
            log.error("chat_not_processed", chat=pseudonym(chat, log_key), **failure(error))
            raise dramatiq.Retry from None
        if again is None:
            return
        delay = int(again * 1000)
        # One delayed task a chat: tasks that come meanwhile would each start a chain of their own.
        if delay == 0 or broker.client.set(f"lertrat:again:{chat}", "1", nx=True, px=delay):
            broker.enqueue(_message(chat), delay=delay or None)

    actor = dramatiq.actor(
        actor_name=PROCESS_CHAT,
        queue_name=CHATS,
        broker=broker,
        max_retries=5,
        min_backoff=500,
        max_backoff=10_000,
        time_limit=120_000,
    )(process_chat)
    # Dramatiq writes an actor's arguments, here the chat's id, to a log that bears this module's name.
    actor.logger.setLevel(logging.WARNING)


def _message(chat: str) -> dramatiq.Message[None]:
    return dramatiq.Message(queue_name=CHATS, actor_name=PROCESS_CHAT, args=(chat,), kwargs={}, options={})


def broadcast_queue(broker: dramatiq.Broker) -> Callable[[int, int], None]:
    """A function that queues the sending of one Broadcast under a slot's number; it raises redis.RedisError."""
    broker.declare_queue(BROADCASTS)

    def enqueue(number: int, slot: int) -> None:
        broker.enqueue(_send_message(number, slot))

    return enqueue


def declare_send_broadcast(broker: RedisBroker, send: Callable[[int, int], float | None]) -> None:
    """Declare the worker's actor. `send(number, slot)` gives the seconds until it wants to be called again, or None.

    A task that fails is not tried again by the queue: the clock sees what waits, and queues it every minute.
    """

    def send_broadcast(number: int, slot: int) -> None:
        try:
            again = send(number, slot)
        except (Exception, TimeLimitExceeded) as error:
            log.error("broadcast_not_sent", broadcast=number, **failure(error))
            return
        if again is None:
            return
        try:
            broker.enqueue(_send_message(number, slot), delay=int(again * 1000) or None)
        except RedisError as error:
            # Not a dead letter that alarms somebody: the slot is soon free, and the clock queues another task.
            log.warning("broadcast_not_queued_again", broadcast=number, error=type(error).__name__)

    dramatiq.actor(actor_name=SEND_BROADCAST, queue_name=BROADCASTS, broker=broker, max_retries=0, time_limit=120_000)(
        send_broadcast
    )


def _send_message(number: int, slot: int) -> dramatiq.Message[None]:
    return dramatiq.Message(
        queue_name=BROADCASTS, actor_name=SEND_BROADCAST, args=(number, slot), kwargs={}, options={}
    )


def console_queue(broker: dramatiq.Broker) -> Callable[[str, dict[str, Any]], None]:
    """A function that queues what the console asks of a worker; it raises redis.RedisError."""
    broker.declare_queue(CONSOLE)

    def enqueue(kind: str, order: dict[str, Any]) -> None:
        broker.enqueue(
            dramatiq.Message(queue_name=CONSOLE, actor_name=WORK_FOR_CONSOLE, args=(kind, order), kwargs={}, options={})
        )

    return enqueue


def declare_work_for_console(broker: RedisBroker, carry_out: Callable[[str, dict[str, Any]], None]) -> None:
    """Declare the worker's actor. What fails is told to the console, and not tried again by the queue."""

    def work_for_console(kind: str, order: dict[str, Any]) -> None:
        try:
            carry_out(kind, order)
        except (Exception, TimeLimitExceeded) as error:
            log.error("console_not_served", kind=kind, **failure(error))

    actor = dramatiq.actor(
        actor_name=WORK_FOR_CONSOLE,
        queue_name=CONSOLE,
        broker=broker,
        max_retries=0,
        time_limit=LONGEST_CONSOLE_WORK,
    )(work_for_console)
    # Dramatiq would log what the console asked, somebody's question for instance.
    actor.logger.setLevel(logging.WARNING)
