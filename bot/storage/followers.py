"""The people who follow the account, for messages to everyone. Groups and rooms are not among them."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.storage.database import insert_once, joined
from bot.storage.tables import followers


def follow(connection: Connection, *, chat: str, since: datetime, event_id: str) -> bool:
    """Keep a follower, on a follow event or any other event of a 1:1 chat; False when known already."""
    return insert_once(connection, followers, {"chat": chat, "since": since, "event_id": event_id})


def chats_after(connection: Connection, *, after: str = "", upto: int | None = None, limit: int) -> list[str]:
    """The first `limit` followers after `after`, in byte order; `upto`: only those that had an id by then."""
    statement = select(followers.c.chat).where(followers.c.chat > after)
    if upto is not None:
        statement = statement.where(followers.c.id <= upto)
    return joined(connection, statement.order_by(followers.c.chat).limit(limit))


def count(connection: Connection) -> int:
    """How many follow."""
    return connection.execute(select(func.count()).select_from(followers)).scalar_one()


def last_id(connection: Connection) -> int:
    """The newest follower's id, 0 when there is none."""
    return connection.execute(select(func.max(followers.c.id))).scalar() or 0


def erase_chat(connection: Connection, chat: str) -> int:
    """Forget a follower, on unfollow or on request; 1 or 0."""
    return connection.execute(delete(followers).where(followers.c.chat == chat)).rowcount
