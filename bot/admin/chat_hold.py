"""Holds a chat while the console changes what is kept of it, so that no worker writes back what it read before."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from redis import Redis

from bot.admin.accounts import Refused
from bot.inbox import ChatLock

PATIENCE_SECONDS = 8.0


@contextmanager
def held(redis: Redis, chat: str, enqueue: Callable[[str], None], busy: str) -> Iterator[ChatLock]:
    """The chat, held; what was sent to it meanwhile is queued in the end. Refused with `busy` while it is being answered."""
    until = time.monotonic() + PATIENCE_SECONDS
    while (lock := ChatLock.seize(redis, chat)) is None:
        if time.monotonic() > until:
            raise Refused(busy)
        time.sleep(0.1)
    try:
        yield lock
    finally:
        if lock.release():
            enqueue(chat)
