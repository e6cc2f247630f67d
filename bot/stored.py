"""What the handlers may know of a chat beyond its Conversation: its reminders, and whether it agreed to be kept.

In the worker that is the database (storage/chats.py); `lertrat ask` writes nothing and remembers as long as its process lives.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Protocol

from bot.turn import CancelReminderWishes, Effect, EraseChat, RecordReminderWish
from knowledge.leads import DEFAULT_LEADS


@dataclass(frozen=True)
class Kept:
    """One reminder of a chat: a subject key (`awards`: all) and its lead times, as texts of knowledge.leads.Lead."""

    subject: str
    leads: tuple[str, ...]


class Stored(Protocol):
    """Reads of one chat's rows. Each may raise what the database raises."""

    def wishes(self, chat: str) -> tuple[Kept, ...]:
        """Its reminders, the oldest first."""

    def has_consented(self, chat: str) -> bool:
        """Whether it agreed to being kept for reminders."""

    def code(self, chat: str) -> str:
        """The code by which an officer finds it (bot.chat_codes); "" where nobody could look it up."""


class NothingStored:
    """A chat of which nothing is kept."""

    def wishes(self, chat: str) -> tuple[Kept, ...]:
        """None."""
        return ()

    def has_consented(self, chat: str) -> bool:
        """Not asked yet."""
        return False

    def code(self, chat: str) -> str:
        """None."""
        return ""


NOTHING_STORED = NothingStored()


@dataclass
class InMemory:
    """What `effects` would have left in the database, as long as the process lives."""

    _wishes: dict[str, dict[str, tuple[str, ...]]] = field(default_factory=dict)
    _agreed: set[str] = field(default_factory=set)

    def wishes(self, chat: str) -> tuple[Kept, ...]:
        """Its reminders, the oldest first."""
        return tuple(Kept(subject, leads) for subject, leads in self._wishes.get(chat, {}).items())

    def has_consented(self, chat: str) -> bool:
        """Whether it agreed."""
        return chat in self._agreed

    def code(self, chat: str) -> str:
        """None: nothing outlives the process."""
        return ""

    def take(self, chat: str, effects: Iterable[Effect]) -> None:
        """Carry out those effects that change what can be read here."""
        for effect in effects:
            match effect:
                case RecordReminderWish():
                    if effect.consent is not None:
                        self._agreed.add(chat)
                    for subject in effect.subjects or ("awards",):
                        self._wishes.setdefault(chat, {})[subject] = effect.leads or tuple(map(str, DEFAULT_LEADS))
                case CancelReminderWishes(None):
                    self._wishes.pop(chat, None)
                case CancelReminderWishes(subjects):
                    for subject in subjects or ():
                        self._wishes.get(chat, {}).pop(subject, None)
                case EraseChat():
                    self._wishes.pop(chat, None)
                    self._agreed.discard(chat)
