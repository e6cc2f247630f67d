"""Who agreed to what being kept (PDPA): asked for once, recorded, and gone when the chat is erased."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, select

from bot.storage.database import insert_once
from bot.storage.tables import consents

REMINDERS = "reminders"


def give(
    connection: Connection, *, chat: str, kind: str = REMINDERS, given_at: datetime, wording_version: int, event_id: str
) -> bool:
    """Record a consent; False when the chat gave it before. `wording_version`: which text it was asked with."""
    return insert_once(
        connection,
        consents,
        {
            "chat": chat,
            "kind": kind,
            "given_at": given_at,
            "wording_version": wording_version,
            "event_id": event_id,
        },
    )


def given(connection: Connection, chat: str, kind: str = REMINDERS) -> bool:
    """Whether the chat agreed."""
    found = select(consents.c.id).where(consents.c.chat == chat, consents.c.kind == kind)
    return connection.execute(found).first() is not None


def erase_chat(connection: Connection, chat: str) -> int:
    """Forget the chat's consents; how many."""
    return connection.execute(delete(consents).where(consents.c.chat == chat)).rowcount
