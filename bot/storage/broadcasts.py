"""Broadcasts: one message to many. Each transition is one function; a final state is never overwritten.

Moments are of the program's clock (bot.now.make_now), which a fault run may let go fast.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.storage.database import insert_once
from bot.storage.tables import broadcast_dates, broadcasts

DRAFT, SCHEDULED, PLANNING, SENDING, PAUSED = "draft", "scheduled", "planning", "sending", "paused"
CANCELLED, DONE, EXPIRED = "cancelled", "done", "expired"
STATES = (DRAFT, SCHEDULED, PLANNING, SENDING, PAUSED, CANCELLED, DONE, EXPIRED)
FINAL = (CANCELLED, DONE, EXPIRED)

WRITTEN_IN = (PLANNING, SENDING)  # Deliveries are written while the first of them are sent

REMINDER, ANNOUNCEMENT, CHANGE, MESSAGE = "reminder", "announcement", "change", "message"

# round (Buddhist Era), the milestone's id, the day as in known_dates
Told = tuple[int, str, str]


@dataclass(frozen=True)
class Broadcast:
    """One message to many; the fields are explained at the table. Moments are UTC."""

    id: int
    key: str
    kind: str
    title: str
    messages: list[dict[str, Any]]
    audience: dict[str, Any]
    urgency: int
    state: str
    send_at: datetime | None
    expires_at: datetime | None
    at_night: bool
    cursor: str
    upto: int | None
    planned_at: datetime | None
    done_at: datetime | None
    created_at: datetime
    created_by: str
    note: str
    written: dict[str, Any] | None


def create(
    connection: Connection,
    *,
    key: str,
    kind: str,
    title: str,
    messages: Sequence[dict[str, Any]],
    audience: dict[str, Any],
    state: str,
    created_at: datetime,
    created_by: str,
    urgency: int = 50,
    send_at: datetime | None = None,
    expires_at: datetime | None = None,
    at_night: bool = False,
    upto: int | None = None,
    note: str = "",
    tells: Iterable[Told] = (),
    written: dict[str, Any] | None = None,
) -> int | None:
    """Keep a new Broadcast; its id, None when there is one with this key already."""
    values: dict[str, object] = {
        "key": key,
        "kind": kind,
        "title": title,
        "messages": list(messages),
        "audience": audience,
        "urgency": urgency,
        "state": state,
        "send_at": send_at,
        "expires_at": expires_at,
        "at_night": at_night,
        "cursor": "",
        "upto": upto,
        "created_at": created_at,
        "created_by": created_by,
        "note": note,
        "written": written,
    }
    if not insert_once(connection, broadcasts, values):
        return None
    number: int = connection.execute(select(broadcasts.c.id).where(broadcasts.c.key == key)).scalar_one()
    rows = [{"broadcast": number, "round": year, "milestone": name, "day": day} for year, name, day in tells]
    if rows:
        connection.execute(broadcast_dates.insert(), rows)
    return number


def by_id(connection: Connection, number: int) -> Broadcast | None:
    """One Broadcast, or None."""
    row = connection.execute(select(broadcasts).where(broadcasts.c.id == number)).first()
    return _broadcast(row) if row else None


def by_key(connection: Connection, key: str) -> Broadcast | None:
    """One Broadcast, or None."""
    row = connection.execute(select(broadcasts).where(broadcasts.c.key == key)).first()
    return _broadcast(row) if row else None


def in_states(connection: Connection, *states: str) -> list[Broadcast]:
    """The Broadcasts in these states, the most urgent first, then the earliest."""
    statement = select(broadcasts).where(broadcasts.c.state.in_(states))
    rows = connection.execute(statement.order_by(broadcasts.c.urgency, broadcasts.c.send_at, broadcasts.c.id))
    return [_broadcast(row) for row in rows]


def unwritten(connection: Connection) -> list[int]:
    """The Broadcasts whose Deliveries are being written, the most urgent first."""
    return [one.id for one in in_states(connection, *WRITTEN_IN) if one.planned_at is None]


def count(connection: Connection) -> int:
    """How many there are."""
    return connection.execute(select(func.count()).select_from(broadcasts)).scalar_one()


def newest(connection: Connection, limit: int, offset: int = 0) -> list[Broadcast]:
    """The last `limit` Broadcasts, the newest first; those behind the first `offset`."""
    rows = connection.execute(select(broadcasts).order_by(broadcasts.c.id.desc()).limit(limit).offset(offset))
    return [_broadcast(row) for row in rows]


def telling(connection: Connection, year: int, milestone: str, day: str) -> list[Broadcast]:
    """The Broadcasts that tell this date of a milestone."""
    dates = broadcast_dates.c
    rows = connection.execute(
        select(broadcasts)
        .join(broadcast_dates, dates.broadcast == broadcasts.c.id)
        .where(dates.round == year, dates.milestone == milestone, dates.day == day)
        .order_by(broadcasts.c.id)
    )
    return [_broadcast(row) for row in rows]


def told_by(connection: Connection, number: int) -> list[Told]:
    """The dates that a Broadcast tells."""
    rows = connection.execute(select(broadcast_dates).where(broadcast_dates.c.broadcast == number))
    return [(row.round, row.milestone, row.day) for row in rows]


def move(connection: Connection, number: int, old: Sequence[str], new: str, **values: object) -> bool:
    """From one of the states `old` to `new`, with other columns; False when it was in none of them."""
    statement = update(broadcasts).where(broadcasts.c.id == number, broadcasts.c.state.in_(old))
    return connection.execute(statement.values(state=new, **values)).rowcount == 1


def lock_for_planning(connection: Connection, number: int, cursor: str) -> bool:
    """Be the only one to write this Broadcast's Deliveries until the transaction ends; False when it was stopped, its
    cursor is not here, or all are written."""
    statement = update(broadcasts).where(
        broadcasts.c.id == number,
        broadcasts.c.state.in_(WRITTEN_IN),
        broadcasts.c.cursor == cursor,
        broadcasts.c.planned_at.is_(None),
    )
    return connection.execute(statement.values(cursor=cursor)).rowcount == 1


def advance(connection: Connection, number: int, cursor: str, planned_at: datetime | None) -> None:
    """Set the cursor of a locked Broadcast; `planned_at` when all its Deliveries are written."""
    statement = update(broadcasts).where(broadcasts.c.id == number)
    connection.execute(statement.values(cursor=cursor, planned_at=planned_at))


def discard(connection: Connection, number: int) -> bool:
    """Drop one that found nobody to send to; False when it is no longer in `planning`."""
    statement = delete(broadcasts).where(broadcasts.c.id == number, broadcasts.c.state == PLANNING)
    return connection.execute(statement).rowcount == 1


def _broadcast(row: Row[Any]) -> Broadcast:
    return Broadcast(**row._mapping)
