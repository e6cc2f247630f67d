"""All that the database keeps of a chat, read together: to find it, to hand it over, and to count it."""

from __future__ import annotations

from collections.abc import Generator, Iterator
from typing import Any

from sqlalchemy import Column, Connection, func, select

from bot.storage import broadcasts, deliveries, handovers, subscriptions
from bot.storage.tables import broadcasts as broadcasts_table
from bot.storage.tables import consents, delivery_recipients, followers, rides
from bot.storage.tables import handovers as handovers_table
from bot.storage.tables import subscriptions as subscriptions_table

# In the order in which a chat is likely to be found.
_COLUMNS: tuple[Column[str], ...] = (
    followers.c.chat,
    subscriptions_table.c.chat,
    consents.c.chat,
    handovers_table.c.chat,
    rides.c.chat,
)
_AT_ONCE = 20_000


def chats(connection: Connection) -> Generator[str, None, None]:
    """Every chat of which anything is kept; one that is kept several times comes several times. Close it if you leave
    before its end."""
    for column in _COLUMNS:
        with connection.execute(select(column).execution_options(yield_per=_AT_ONCE)) as rows:
            yield from rows.scalars()
    with connection.execute(select(delivery_recipients.c.chats).execution_options(yield_per=200)) as rows:
        for text in rows.scalars():
            yield from text.split()


def of_chat(connection: Connection, chat: str) -> dict[str, list[dict[str, Any]]]:
    """Everything of one chat by kind, as JSON with moments in ISO 8601. LINE's id is not among it."""
    follows = connection.execute(select(followers.c.since).where(followers.c.chat == chat)).all()
    agreed = connection.execute(select(consents).where(consents.c.chat == chat).order_by(consents.c.id)).all()
    asked = connection.execute(select(handovers_table).where(handovers_table.c.chat == chat)).all()
    ridden = connection.execute(select(rides).where(rides.c.chat == chat).order_by(rides.c.id)).all()
    return {
        "follower": [{"since": row.since.isoformat()} for row in follows],
        "consents": [
            {"kind": row.kind, "given_at": row.given_at.isoformat(), "wording_version": row.wording_version}
            for row in agreed
        ],
        "reminders": [
            {"subject": wish.subject, "leads": list(wish.leads), "since": wish.created_at.isoformat()}
            for wish in subscriptions.of_chat(connection, chat)
        ],
        "handovers": [
            {
                "question": row.question,
                "state": row.state,
                "opened_at": row.opened_at.isoformat(),
                "closed_at": row.closed_at.isoformat() if row.closed_at else None,
                "messages": [
                    {"author": author, "text": text, "written_at": at.isoformat()}
                    for author, text, at in handovers.messages_of(connection, row.id)
                ],
            }
            for row in asked
        ],
        "sent": [*_sent(connection, chat)],
        "rides": [{"reminder": row.key, "state": row.state, "at": row.at.isoformat()} for row in ridden],
    }


def _sent(connection: Connection, chat: str) -> Iterator[dict[str, Any]]:
    for number in connection.execute(select(broadcasts_table.c.id).order_by(broadcasts_table.c.id)).scalars().all():
        found = deliveries.holding(connection, number, chat)
        one = broadcasts.by_id(connection, number) if found else None
        if found and one:
            done = found.done_at.isoformat() if found.done_at else None
            yield {"title": one.title, "kind": one.kind, "state": found.state, "done_at": done}


def totals(connection: Connection) -> dict[str, int]:
    """How many rows of each kind there are, by the names of `of_chat`."""
    counted = {
        "follower": followers.c.id,
        "consents": consents.c.id,
        "reminders": subscriptions_table.c.id,
        "handovers": handovers_table.c.id,
        "sent": delivery_recipients.c.retry_key,
        "rides": rides.c.id,
    }
    return {kind: connection.execute(select(func.count(column))).scalar_one() for kind, column in counted.items()}
