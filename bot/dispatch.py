"""Which handler answers an event: the first that does, in the order of HANDLERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from functools import cached_property

from bot.now import BANGKOK
from bot.turn import Conversation, Event, Turn
from intents.match import Context, Match
from intents.matcher import Matcher
from knowledge.model import Knowledge, Round


@dataclass(frozen=True)
class Services:
    """What handlers may use. `matchers` has one for each round's year; `now` returns an aware time."""

    knowledge: Knowledge
    matchers: Mapping[int, Matcher]
    now: Callable[[], datetime]


@dataclass(frozen=True)
class Request:
    """One event in its conversation; understanding it is left until a handler asks."""

    event: Event
    conversation: Conversation
    services: Services
    year: int | None = None

    @property
    def round(self) -> Round:
        """The round whose rules answer: the one asked for, else the newest earlier one, else the newest."""
        asked = self.year or self.conversation.year
        return self.services.knowledge.round_for(asked) or self.services.knowledge.newest

    @property
    def matcher(self) -> Matcher:
        """The compiled matcher of that round."""
        return self.services.matchers[self.round.year]

    @cached_property
    def match(self) -> Match:
        """The event's text, understood in its conversation."""
        return self.understand(self.event.text)

    def understand(self, text: str) -> Match:
        """Any text, understood in this conversation."""
        return self.matcher.match(text, self.context, self.services.now().astimezone(BANGKOK).date())

    @property
    def context(self) -> Context:
        """What was said before, as the matcher takes it."""
        c = self.conversation
        return Context(c.subjects, c.attribute, c.topic, c.entry, c.year, c.offered)


Handler = Callable[[Request], Turn | None]


def dispatch(event: Event, conversation: Conversation, services: Services, year: int | None = None) -> Turn:
    """The Turn of the first handler that takes the event; the last one takes all. `year` asks for one round."""
    # Imported here: the handlers' modules take Request from this one.
    from bot.handlers import HANDLERS

    request = Request(event, conversation, services, year)
    for handler in HANDLERS:
        turn = handler(request)
        if turn is not None:
            # cached_property keeps its value in the instance's dictionary: what was never asked for is not computed.
            return turn if turn.match else replace(turn, match=request.__dict__.get("match"))
    return Turn(conversation)
