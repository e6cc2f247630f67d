"""Conversations with the real handlers, for tests."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.dispatch import Services, dispatch
from bot.turn import Answer, Conversation, Event, Turn

CHAT = "U" + "a" * 32


def event(kind: str = "text", text: str = "", **more: object) -> Event:
    """An event of a chat with one person; `more` are further fields of Event."""
    fields: dict[str, object] = {"id": "e1", "chat": CHAT, "source": "user", "timestamp": 0, "user": CHAT} | more
    return Event(kind=kind, text=text, **fields)  # type: ignore[arg-type]


@dataclass
class Talk:
    """One chat's turns, each with the conversation that the one before left."""

    services: Services
    conversation: Conversation = field(default_factory=Conversation)

    def turn(self, event: Event, year: int | None = None) -> Turn:
        """The turn of any event."""
        turn = dispatch(event, self.conversation, self.services, year)
        self.conversation = turn.conversation
        return turn

    def say(self, *texts: str) -> Turn:
        """The turn of the last of `texts`, sent one after the other."""
        turns = [self.turn(event(text=text)) for text in texts]
        return turns[-1]

    def answer(self, *texts: str) -> Answer:
        """The one reply to the last of `texts`."""
        (reply,) = self.say(*texts).replies
        return reply


def labels(answer: Answer) -> tuple[str, tuple[str, ...], str]:
    """The contract's labels."""
    return answer.status, answer.subjects, answer.attribute
