"""What the database keeps of one chat, as the handlers ask for it (bot.stored.Stored)."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import Connection, Engine, select

from bot.storage import broadcasts, consents, deliveries, subscriptions
from bot.storage.tables import followers
from bot.stored import Kept


class StoredChats:
    """Reads of one chat's rows. SQLAlchemyError when the database is away. `code` is bot.chat_codes.coder's."""

    def __init__(self, engine: Engine, code: Callable[[str], str] = lambda chat: "") -> None:
        self._engine = engine
        self._code = code

    def wishes(self, chat: str) -> tuple[Kept, ...]:
        """Its reminders, the oldest first."""
        with self._engine.connect() as connection:
            return tuple(Kept(row.subject, row.leads) for row in subscriptions.of_chat(connection, chat))

    def has_consented(self, chat: str) -> bool:
        """Whether it agreed to being kept for reminders."""
        with self._engine.connect() as connection:
            return consents.given(connection, chat)

    def code(self, chat: str) -> str:
        """The code by which an officer finds it."""
        return self._code(chat)


def follows(connection: Connection, chat: str) -> bool:
    """Whether the chat is kept among the followers."""
    return connection.execute(select(followers.c.id).where(followers.c.chat == chat)).first() is not None


def end_wishes(connection: Connection, chat: str, subjects: tuple[str, ...] | None) -> None:
    """End the chat's wishes for these subjects, None: all; and take it out of what was planned for them and is not sent.

    Call it in a transaction that has read nothing yet.
    """
    subscriptions.unsubscribe(connection, chat, subjects)
    left = {wish.subject for wish in subscriptions.of_chat(connection, chat)}
    for one in broadcasts.in_states(connection, broadcasts.PLANNING, broadcasts.SENDING, broadcasts.PAUSED):
        wanted = one.audience.get("subjects")
        if wanted is None or left.intersection(wanted):
            continue
        delivery = deliveries.holding(connection, one.id, chat)
        if delivery is not None:
            deliveries.take_out(connection, delivery.id, chat, "unsubscribed")
