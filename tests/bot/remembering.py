"""Conversations with the real handlers, whose reminders are kept as the database would keep them."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dispatch import dispatch
from bot.stored import InMemory
from bot.turn import Event, Turn
from tests.bot.talk import CHAT, Talk, event


@dataclass
class Remembering(Talk):
    """One chat's turns; what is set in one is found by the next."""

    stored: InMemory = field(default_factory=InMemory)

    def turn(self, event: Event, year: int | None = None) -> Turn:
        """The turn of any event."""
        turn = dispatch(event, self.conversation, self.services, year, self.stored)
        self.conversation = turn.conversation
        self.stored.take(event.chat, turn.effects)
        return turn

    def tap(self, data: str) -> Turn:
        """The turn of a button's postback."""
        return self.turn(event("postback", postback=data))

    @property
    def wishes(self) -> dict[str, tuple[str, ...]]:
        """What is set, with its lead times."""
        return {wish.subject: wish.leads for wish in self.stored.wishes(CHAT)}
