"""Who follows the account, kept from any event of a chat of their own: the audience of messages to everyone."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

import structlog

from bot.logs import failure
from bot.turn import Effect, Event, KeepFollower

log = structlog.get_logger(__name__)

PAUSE_SECONDS = 30.0  # after the database was found away, no chat waits for it on this account
_ENDS = ("unfollow", "leave")


class _Effects(Protocol):
    def perform(self, effect: Effect, event: Event) -> None: ...


class Following:
    """Keeps the follower behind an event, after its answer. Never raises; the next event of the chat tries again."""

    def __init__(self, effects: _Effects, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._effects = effects
        self._monotonic = monotonic
        self._away_until = 0.0

    def __call__(self, event: Event) -> None:
        """Keep who is behind the event, if that is one person who has not just left."""
        if event.source != "user" or event.kind in _ENDS or self._monotonic() < self._away_until:
            return
        try:
            self._effects.perform(KeepFollower(), event)
        except Exception as error:  # the storage is away, in whichever way
            log.error("follower_not_kept", **failure(error))
            self._away_until = self._monotonic() + PAUSE_SECONDS
