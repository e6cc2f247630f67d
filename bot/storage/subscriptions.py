"""Wishes to be reminded, one a chat and subject, kept until they are cancelled."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.storage.database import insert_once
from bot.storage.tables import subscriptions


@dataclass(frozen=True)
class Subscription:
    """One chat's wish. `subject` is a subject key (`awards`: the whole scheme), `lead_days` empty the default lead
    times, `source` "user", "group" or "room"."""

    chat: str
    source: str
    subject: str
    lead_days: tuple[int, ...]


def subscribe(
    connection: Connection,
    *,
    chat: str,
    source: str,
    subject: str,
    lead_days: tuple[int, ...],
    event_id: str,
    created_at: datetime,
) -> bool:
    """Keep a wish; a later wish for the same subject only changes its lead times. Whether it is new."""
    values: dict[str, object] = {
        "chat": chat,
        "source": source,
        "subject": subject,
        "lead_days": list(lead_days),
        "event_id": event_id,
        "created_at": created_at,
    }
    if insert_once(connection, subscriptions, values):
        return True
    connection.execute(
        update(subscriptions)
        .where(subscriptions.c.chat == chat, subscriptions.c.subject == subject)
        .values(lead_days=list(lead_days))
    )
    return False


def of_chat(connection: Connection, chat: str) -> list[Subscription]:
    """The chat's wishes, the oldest first."""
    rows = connection.execute(select(subscriptions).where(subscriptions.c.chat == chat).order_by(subscriptions.c.id))
    return [Subscription(row.chat, row.source, row.subject, tuple(row.lead_days)) for row in rows]


def erase_chat(connection: Connection, chat: str) -> int:
    """End every wish of a chat; how many."""
    return connection.execute(delete(subscriptions).where(subscriptions.c.chat == chat)).rowcount
