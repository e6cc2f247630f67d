"""The Conversations of all chats, in Redis, each forgotten after a quiet time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import cast

import structlog
from pydantic import TypeAdapter, ValidationError
from redis import Redis, WatchError
from redis.client import Pipeline

from bot.settings import Settings
from bot.turn import Conversation

log = structlog.get_logger(__name__)

VERSION = 1  # raise it when a field changes its meaning: what an older program wrote is then forgotten, not misread


@dataclass(frozen=True)
class Remembered:
    """What is kept of one chat. `asked_in` are the ids of the messages that `conversation.last_question` stood in."""

    conversation: Conversation = field(default_factory=Conversation)
    asked_in: tuple[str, ...] = ()
    version: int = VERSION


_JSON = TypeAdapter(Remembered)


class ConversationStore:
    """Loads and saves Conversations by chat id; both times are in seconds, counted from the latest save.

    `handover_ttl` is for a chat whose hand-over is open: it stays quiet for as long as a person may need, not `ttl`.
    """

    def __init__(self, redis: Redis, ttl: int, handover_ttl: int | None = None) -> None:
        self._redis = redis
        self._ttl = ttl
        self._handover_ttl = max(ttl, handover_ttl or 0)

    def load(self, chat: str) -> Conversation:
        """The chat's Conversation; a fresh one when there is none, or none that this version can read."""
        return self.recall(chat).conversation

    def recall(self, chat: str) -> Remembered:
        """The same, with the messages that its last question stood in."""
        return _read(cast("bytes | None", self._redis.get(_key(chat))))

    @classmethod
    def of(cls, redis: Redis, settings: Settings) -> ConversationStore:
        """The store with the settings' times."""
        return cls(redis, settings.conversation_hours * 3600, settings.handover_days * 86_400)

    def save(self, chat: str, conversation: Conversation) -> None:
        """Keep a Conversation by itself."""
        self.put(self._redis, chat, Remembered(conversation))

    def put(self, target: Redis | Pipeline, chat: str, remembered: Remembered) -> None:
        """Keep it through `target`: a transaction, or Redis at once. A fresh one is not kept at all."""
        if remembered.conversation == Conversation():
            target.delete(_key(chat))
        else:
            ttl = self._handover_ttl if remembered.conversation.handover == "open" else self._ttl
            target.set(_key(chat), _JSON.dump_json(remembered), ex=ttl)

    def forget(self, chat: str) -> None:
        """Erase the chat's Conversation."""
        self._redis.delete(_key(chat))

    def update(self, chat: str, change: Callable[[Conversation], Conversation]) -> None:
        """Change a Conversation from outside a turn, such as when a hand-over is closed by hand."""
        while True:
            with self._redis.pipeline() as pipe:
                pipe.watch(_key(chat))  # type: ignore[no-untyped-call]
                remembered = _read(cast("bytes | None", pipe.get(_key(chat))))
                pipe.multi()
                self.put(pipe, chat, replace(remembered, conversation=change(remembered.conversation)))
                try:
                    pipe.execute()
                except WatchError:
                    continue
                return


def _key(chat: str) -> str:
    return f"lertrat:conversation:{chat}"


def _read(body: bytes | None) -> Remembered:
    if body is None:
        return Remembered()
    try:
        remembered = _JSON.validate_json(body)
    except ValidationError:
        log.warning("conversation_unreadable")
        return Remembered()
    return remembered if remembered.version == VERSION else Remembered()
