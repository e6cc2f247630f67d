"""Many subscribers at once, and LINE's own account of what each of them got."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import UTC, datetime
from hashlib import sha256
from typing import Any

from sqlalchemy import Engine

from bot.storage import subscriptions
from bot.storage.tables import deliveries, delivery_recipients
from tests.bot.line_server import LineServer

LONG_AGO = datetime(2025, 1, 1, tzinfo=UTC)
MULTICAST = "/v2/bot/message/multicast"


def user(number: int) -> str:
    """The id of a user, of LINE's shape."""
    return "U" + sha256(str(number).encode()).hexdigest()[:32]


def users(count: int) -> list[str]:
    """So many of them, in byte order."""
    return sorted(user(number) for number in range(count))


def subscribe(engine: Engine, chats: Iterable[str], *subjects: str, leads: tuple[str, ...] = ()) -> None:
    """Each chat wishes to be reminded of each subject."""
    with engine.begin() as connection:
        for chat in chats:
            for subject in subjects or ("awards",):
                subscriptions.subscribe(
                    connection,
                    chat=chat,
                    source="user" if chat.startswith("U") else "group",
                    subject=subject,
                    leads=leads,
                    event_id=f"e-{chat}",
                    created_at=LONG_AGO,
                )


def received(server: LineServer, containing: str = "") -> Counter[str]:
    """How many messages with these words LINE delivered to each chat."""
    found: Counter[str] = Counter()
    for path in (MULTICAST, "/v2/bot/message/push"):
        for body in server.accepted(path):
            if containing in str(body["messages"]):
                to = body["to"]
                found.update([to] if isinstance(to, str) else to)
    return found


def rows(engine: Engine, broadcast: int | None = None) -> list[Any]:
    """The Deliveries with their chats, in order."""
    statement = deliveries.select().add_columns(delivery_recipients.c.chats)
    statement = statement.outerjoin(delivery_recipients, delivery_recipients.c.retry_key == deliveries.c.retry_key)
    if broadcast is not None:
        statement = statement.where(deliveries.c.broadcast == broadcast)
    with engine.connect() as connection:
        return list(connection.execute(statement.order_by(deliveries.c.id)))


def states(engine: Engine, broadcast: int | None = None) -> Counter[str]:
    """How many recipients are in each state."""
    found: Counter[str] = Counter()
    for row in rows(engine, broadcast):
        found[row.state] += row._mapping["count"]
    return found
