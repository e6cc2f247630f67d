"""Wishes to be reminded, one a chat and subject, kept until they are cancelled.

Lead times are the texts of knowledge.calendar.Lead: "30d", "1m", "0d" (the day itself).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, or_, select, update

from bot.storage.database import insert_once, joined
from bot.storage.tables import subscriptions
from knowledge.leads import DEFAULT_LEADS

_DEFAULT_LEADS = tuple(map(str, DEFAULT_LEADS))


@dataclass(frozen=True)
class Subscription:
    """One chat's wish. `subject` is a subject key (`awards`: the whole scheme), `leads` its lead times in the order in which
    they were given, `source` "user", "group" or "room", `created_at` UTC."""

    chat: str
    source: str
    subject: str
    leads: tuple[str, ...]
    created_at: datetime


def subscribe(
    connection: Connection,
    *,
    chat: str,
    source: str,
    subject: str,
    leads: Sequence[str] = (),
    event_id: str,
    created_at: datetime,
) -> bool:
    """Keep a wish; a later wish for the same subject only changes its lead times. Whether it is new.

    No `leads` means the default ones.
    """
    text = f" {' '.join(dict.fromkeys(leads or _DEFAULT_LEADS))} "
    values: dict[str, object] = {
        "chat": chat,
        "source": source,
        "subject": subject,
        "leads": text,
        "event_id": event_id,
        "created_at": created_at,
    }
    if insert_once(connection, subscriptions, values):
        return True
    connection.execute(
        update(subscriptions).where(subscriptions.c.chat == chat, subscriptions.c.subject == subject).values(leads=text)
    )
    return False


def of_chat(connection: Connection, chat: str) -> list[Subscription]:
    """The chat's wishes, the oldest first."""
    rows = connection.execute(select(subscriptions).where(subscriptions.c.chat == chat).order_by(subscriptions.c.id))
    return [Subscription(row.chat, row.source, row.subject, tuple(row.leads.split()), row.created_at) for row in rows]


def unsubscribe(connection: Connection, chat: str, subjects: Collection[str] | None = None) -> int:
    """End the chat's wishes for these subjects, None: all of them; how many."""
    statement = delete(subscriptions).where(subscriptions.c.chat == chat)
    if subjects is not None:
        statement = statement.where(subscriptions.c.subject.in_(sorted(subjects)))
    return connection.execute(statement).rowcount


def erase_chat(connection: Connection, chat: str) -> int:
    """End every wish of a chat; how many."""
    return unsubscribe(connection, chat)


def chats_matching(
    connection: Connection,
    subjects: Collection[str],
    leads: Collection[str] = (),
    *,
    after: str = "",
    upto: int | None = None,
    limit: int,
) -> list[str]:
    """The chats of the first `limit` wishes after `after` that are for one of `subjects`, each once, in byte order.

    No `leads`: whatever their lead times are. `upto`: only wishes that had an id by then. Fewer than `limit` chats are not
    the last ones where somebody has several wishes; an empty list is.
    """
    statement = select(subscriptions.c.chat).where(_matching(subjects, leads), subscriptions.c.chat > after)
    if upto is not None:
        statement = statement.where(subscriptions.c.id <= upto)
    return joined(connection, statement.order_by(subscriptions.c.chat).limit(limit))


def count_matching(connection: Connection, subjects: Collection[str], leads: Collection[str] = ()) -> tuple[int, int]:
    """How many users and how many groups and rooms `chats_matching` would give in all."""
    chats = select(subscriptions.c.chat).where(_matching(subjects, leads)).distinct().subquery()
    users = func.coalesce(func.sum(chats.c.chat.startswith("U").cast(subscriptions.c.id.type)), 0)
    row = connection.execute(select(users, func.count()).select_from(chats)).one()
    return int(row[0]), int(row[1]) - int(row[0])


def still_wishing(connection: Connection, chats: Sequence[str], subjects: Collection[str]) -> set[str]:
    """Those of `chats` (in byte order) that wish to hear of one of `subjects`."""
    if not chats:
        return set()
    statement = select(subscriptions.c.chat).where(
        _matching(subjects, ()), subscriptions.c.chat.between(chats[0], chats[-1])
    )
    return set(connection.execute(statement).scalars()).intersection(chats)


def leads_in_use(connection: Connection) -> set[str]:
    """Every lead time that somebody wished."""
    texts = connection.execute(select(subscriptions.c.leads).distinct()).scalars()
    return {lead for text in texts for lead in text.split()}


def last_id(connection: Connection) -> int:
    """The newest wish's id, 0 when there is none."""
    return connection.execute(select(func.max(subscriptions.c.id))).scalar() or 0


def _matching(subjects: Collection[str], leads: Collection[str]) -> ColumnElement[bool]:
    condition: ColumnElement[bool] = subscriptions.c.subject.in_(sorted(subjects))
    if not leads:
        return condition
    return condition & or_(*(subscriptions.c.leads.contains(f" {lead} ") for lead in sorted(leads)))
