"""Which handler answers an event: the first that does, in the order of HANDLERS."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import Any

from bot import rating
from bot.now import BANGKOK
from bot.stored import NOTHING_STORED, Stored
from bot.turn import Conversation, Event, Turn
from intents.controls import Control, control
from intents.facts import Told
from intents.match import Context, Match
from intents.matcher import Matcher
from knowledge.facts import readable
from knowledge.model import Knowledge, Round


@dataclass(frozen=True)
class Services:
    """What handlers may use. `matchers` has one for each round's year; `now` returns an aware time; `quiz_hours` is how
    long an unfinished quiz waits; `public_url` is where the outside world reaches the web process, "" for nowhere."""

    knowledge: Knowledge
    matchers: Mapping[int, Matcher]
    now: Callable[[], datetime]
    quiz_hours: float = 12
    public_url: str = ""


@dataclass(frozen=True)
class Request:
    """One event in its conversation; understanding it is left until a handler asks."""

    event: Event
    conversation: Conversation
    services: Services
    year: int | None = None
    stored: Stored = NOTHING_STORED

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
        return self.matcher.match(text, self.context, self.today)

    @property
    def today(self) -> date:
        """The day in Bangkok."""
        return self.services.now().astimezone(BANGKOK).date()

    @property
    def seconds(self) -> int:
        """The time in Unix seconds."""
        return int(self.services.now().timestamp())

    @property
    def asked_year(self) -> int:
        """The round that is asked about, in Buddhist Era; the newest where none was named."""
        return self.year or self.conversation.year or self.services.knowledge.newest.year

    def rules(self, year: int) -> Round:
        """The newest rules for the round of `year`, worded for it; the newest of all where there are none so early."""
        return self.services.knowledge.round_for(year) or self.services.knowledge.newest

    @cached_property
    def _found(self) -> dict[tuple[str, tuple[str, ...]], tuple[Told, ...]]:
        return {}

    @cached_property
    def control(self) -> Control | None:
        """What the event's text says to a quiz."""
        return control(self.event.text, self.today.year + 543 + (self.today.month > 9))

    def told(self, asked: tuple[str, ...] = ()) -> dict[str, Any]:
        """The facts that the event's text tells of a work; `asked` are those that the assistant has just asked for."""
        return {told.fact: told.value for told in self.tellings(self.event.text, asked)}

    def tellings(self, text: str, asked: tuple[str, ...] = ()) -> tuple[Told, ...]:
        """The same of any text, with the words that told them. What cannot be a fact's value is left out."""
        key = (text, asked)
        if key not in self._found:
            self._found[key] = self.matcher.facts.find(text, self.today, self.asked_year, asked)
        found = self._found[key]
        possible = readable(self.round.facts, {told.fact: told.value for told in found})
        return tuple(told for told in found if told.fact in possible)

    @property
    def context(self) -> Context:
        """What was said before, as the matcher takes it."""
        c = self.conversation
        return Context(c.subjects, c.attribute, c.topic, c.entry, c.year, c.offered, c.recent)


Handler = Callable[[Request], Turn | None]


def dispatch(
    event: Event,
    conversation: Conversation,
    services: Services,
    year: int | None = None,
    stored: Stored | None = None,
) -> Turn:
    """The Turn of the first handler that takes the event; the last one takes all. `year` asks for one round, `stored` is
    what is kept of the chat (default: nothing)."""
    # Imported here: the handlers' modules take Request from this one.
    from bot.handlers import HANDLERS

    request = Request(event, conversation, services, year, stored or NOTHING_STORED)
    for handler in HANDLERS:
        turn = handler(request)
        if turn is not None:
            if turn.replies and conversation.wish is not None and turn.conversation.wish is conversation.wish:
                # Consent is asked for once; whoever goes on about something else has not given it.
                turn = replace(turn, conversation=replace(turn.conversation, wish=None))
            turn = rating.offered(turn, event, handler.__name__)
            turn = replace(turn, conversation=turn.conversation.after(conversation))
            # cached_property keeps its value in the instance's dictionary: what was never asked for is not computed.
            return replace(turn, match=turn.match or request.__dict__.get("match"), handler=handler.__name__)
    return Turn(conversation)
