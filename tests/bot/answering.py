"""A whole worker with the simplest assistant, in a process of its own where a test has to kill it.

    python -m tests.bot.answering REDIS_URL LINE_HOST WHERE

WHERE it stops for good, having said so on stdout: "dispatch", "reply" (before it) or "replied".
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Sequence
from typing import Any

import dramatiq
from dramatiq.brokers.redis import RedisBroker
from redis import Redis

from bot.conversation import ConversationStore
from bot.line import Line
from bot.logs import configure_logs
from bot.processing import Processor
from bot.tasks import declare_process_chat, make_broker
from bot.turn import Answer, Conversation, Effect, Event, Turn


def echo(event: Event, conversation: Conversation) -> Turn:
    return Turn(Conversation(last_question=event.text), (Answer("answered", f"ตอบ {event.text}"),))


def as_text(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": answer.gist} for answer in answers]


class NoEffects:
    def perform(self, effect: Effect, event: Event) -> None:
        raise AssertionError


class Stopping:
    """Says where it is, and stays there for good when it is to stop there."""

    def __init__(self, where: str, line: Line) -> None:
        self._where = where
        self._line = line

    def dispatch(self, event: Event, conversation: Conversation) -> Turn:
        self._reached("dispatch")
        return echo(event, conversation)

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> None:
        self._reached("reply")
        self._line.reply(token, messages)
        self._reached("replied")

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> None:
        raise AssertionError

    def _reached(self, where: str) -> None:
        if where == self._where:
            print(where, flush=True)
            threading.Event().wait()


def make_worker(redis_url: str, line: Line, stop_at: str = "") -> tuple[RedisBroker, dramatiq.Worker]:
    """A broker and its worker of 4 threads, not started."""
    redis = Redis.from_url(redis_url)
    broker = make_broker(redis)
    stopping = Stopping(stop_at, line)
    processor = Processor(
        redis, ConversationStore(redis, 3600), stopping.dispatch, as_text, stopping, NoEffects(), log_key="key"
    )
    declare_process_chat(broker, processor.process, "key")
    return broker, dramatiq.Worker(broker, worker_timeout=10, worker_threads=4)


if __name__ == "__main__":
    address, host, place = sys.argv[1:]
    configure_logs()  # to stderr: stdout says where it stops
    make_worker(address, Line("token", host, "key"), place)[1].start()
    print("ready", flush=True)
    threading.Event().wait()
