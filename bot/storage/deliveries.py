"""Deliveries: one call to LINE each, and the chats that it goes to. What sending does to them is in sending.py."""

from __future__ import annotations

import uuid
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, Row, delete, func, or_, select, update

from bot.storage.tables import broadcasts, deliveries, delivery_recipients

CREATED, PAUSED, CANCELLED, SENT, HELD = "created", "paused", "cancelled", "sent", "held"
FAILED, EXPIRED, UNCERTAIN = "failed", "expired", "uncertain"
STATES = (CREATED, PAUSED, HELD, SENT, FAILED, EXPIRED, UNCERTAIN, CANCELLED)
OPEN = (CREATED, PAUSED, HELD)  # may still be sent

MULTICAST, PUSH = "multicast", "push"
PER_MULTICAST = 500


@dataclass(frozen=True)
class Delivery:
    """One call; the fields are explained at the table. `retry_at` and `lease_until` are real time, the others are of the
    program's clock, all UTC."""

    id: int
    broadcast: int
    call: str
    retry_key: str
    count: int
    first_chat: str
    last_chat: str
    state: str
    first_attempt_at: datetime | None
    unsure: bool
    attempts: int
    retry_at: datetime | None
    lease: str | None
    lease_until: datetime | None
    problem: str
    erase: str
    done_at: datetime | None


@dataclass(frozen=True)
class Total:
    """How many Deliveries and how many recipients are in one state."""

    deliveries: int
    recipients: int


def write(
    connection: Connection,
    broadcast: int,
    chats: Sequence[str],
    *,
    state: str = CREATED,
    problem: str = "",
    done_at: datetime | None = None,
) -> int:
    """Write the Deliveries for `chats` (in byte order): multicasts of up to 500 users, a push for each group or room, each
    with its own retry key. How many."""
    # Ids of users begin with U, of groups with C, of rooms with R.
    begin, end = bisect_left(chats, "U"), bisect_left(chats, "V")
    calls = [(MULTICAST, chats[first : min(first + PER_MULTICAST, end)]) for first in range(begin, end, PER_MULTICAST)]
    calls += [(PUSH, [chat]) for chat in (*chats[:begin], *chats[end:])]
    rows = [
        {
            "broadcast": broadcast,
            "call": call,
            "retry_key": str(uuid.uuid4()),
            "count": len(group),
            "first_chat": group[0],
            "last_chat": group[-1],
            "state": state,
            "unsure": False,
            "attempts": 0,
            "problem": problem,
            "erase": "",
            "done_at": done_at,
        }
        for call, group in calls
    ]
    if rows:
        connection.execute(deliveries.insert(), rows)
        connection.execute(
            delivery_recipients.insert(),
            [
                {"retry_key": row["retry_key"], "chats": " ".join(group)}
                for row, (_, group) in zip(rows, calls, strict=True)
            ],
        )
    return len(rows)


def totals(connection: Connection, broadcast: int) -> dict[str, Total]:
    """What became of a Broadcast's Deliveries, by state; a state that none is in is left out."""
    rows = connection.execute(
        select(deliveries.c.state, func.count(), func.sum(deliveries.c.count))
        .where(deliveries.c.broadcast == broadcast)
        .group_by(deliveries.c.state)
    )
    return {state: Total(number, int(recipients or 0)) for state, number, recipients in rows}


def open_recipients(connection: Connection, broadcast: int) -> tuple[int, int]:
    """How many users, and how many groups and rooms, a Broadcast may still be sent to."""
    rows = connection.execute(
        select(deliveries.c.call, func.sum(deliveries.c.count))
        .where(deliveries.c.broadcast == broadcast, deliveries.c.state.in_(OPEN))
        .group_by(deliveries.c.call)
    )
    found = {call: int(number or 0) for call, number in rows}
    return found.get(MULTICAST, 0), found.get(PUSH, 0)


def by_id(connection: Connection, number: int) -> Delivery | None:
    """One Delivery, or None."""
    row = connection.execute(select(deliveries).where(deliveries.c.id == number)).first()
    return _delivery(row) if row else None


def in_states(connection: Connection, broadcast: int, *states: str, limit: int = 1000) -> list[Delivery]:
    """A Broadcast's Deliveries in these states, in order."""
    statement = select(deliveries).where(deliveries.c.broadcast == broadcast, deliveries.c.state.in_(states))
    return [_delivery(row) for row in connection.execute(statement.order_by(deliveries.c.id).limit(limit))]


def recipients(connection: Connection, retry_key: str) -> list[str]:
    """The chats of one Delivery in byte order; none when they were erased."""
    found = connection.execute(
        select(delivery_recipients.c.chats).where(delivery_recipients.c.retry_key == retry_key)
    ).scalar()
    return found.split() if found else []


def chats_reached(connection: Connection, broadcast: int, states: Sequence[str], after: str) -> Iterator[str]:
    """The chats after `after` of a Broadcast's Deliveries in these states, in byte order; a Delivery at a time in memory."""
    seen = after
    while True:
        row = connection.execute(
            select(deliveries.c.id, deliveries.c.first_chat, deliveries.c.last_chat, delivery_recipients.c.chats)
            .join(delivery_recipients, delivery_recipients.c.retry_key == deliveries.c.retry_key)
            .where(deliveries.c.broadcast == broadcast, deliveries.c.state.in_(states), deliveries.c.last_chat > seen)
            .order_by(deliveries.c.first_chat)
            .limit(1)
        ).first()
        if row is None:
            return
        # Ranges overlap where a chat got a Delivery of its own after all: those of one range together.
        inside = connection.execute(
            select(delivery_recipients.c.chats)
            .join(deliveries, delivery_recipients.c.retry_key == deliveries.c.retry_key)
            .where(
                deliveries.c.broadcast == broadcast,
                deliveries.c.state.in_(states),
                deliveries.c.first_chat <= row.last_chat,
                deliveries.c.last_chat > seen,
                deliveries.c.last_chat <= row.last_chat,
            )
        ).scalars()
        yield from sorted({chat for chats in inside for chat in chats.split() if chat > seen})
        seen = row.last_chat


def holding(connection: Connection, broadcast: int, chat: str) -> Delivery | None:
    """The Delivery of a Broadcast that has this chat among its recipients, or None."""
    rows = connection.execute(
        select(deliveries, delivery_recipients.c.chats)
        .join(delivery_recipients, delivery_recipients.c.retry_key == deliveries.c.retry_key)
        .where(deliveries.c.broadcast == broadcast, deliveries.c.first_chat <= chat, deliveries.c.last_chat >= chat)
    )
    for row in rows:
        if chat in row.chats.split():
            return _delivery(row)
    return None


def untouched() -> ColumnElement[bool]:
    """The condition on deliveries that no attempt was made or is about to be made, so that the body may still change."""
    return (
        deliveries.c.state.in_(OPEN)
        & (deliveries.c.attempts == 0)
        & deliveries.c.unsure.is_(False)
        & deliveries.c.lease.is_(None)
    )


def take_out(connection: Connection, delivery: int, chat: str, problem: str) -> bool:
    """Take a chat out of a Delivery before its first attempt; False when it is too late for that.

    The last one leaves it `cancelled` with `problem`.
    """
    row = connection.execute(
        update(deliveries)
        .where(deliveries.c.id == delivery, untouched())
        .values(count=deliveries.c.count - 1)
        .returning(deliveries.c.retry_key)
    ).first()
    if row is None:
        return False
    # The Delivery is locked by now: whoever else takes somebody out waits and reads what is left.
    left = [one for one in recipients(connection, row.retry_key) if one != chat]
    _keep(connection, row.retry_key, left)
    if not left:
        connection.execute(
            update(deliveries).where(deliveries.c.id == delivery).values(state=CANCELLED, problem=problem)
        )
    return True


def erase_chat(connection: Connection, chat: str) -> int:
    """Forget a chat in every Delivery; in how many. One that may be under way forgets it when it is resolved."""
    # A Broadcast whose Deliveries are being written is waited for, so that none is overlooked.
    connection.execute(
        select(broadcasts.c.id)
        .where(broadcasts.c.state.in_(("planning", "sending")), broadcasts.c.planned_at.is_(None))
        .order_by(broadcasts.c.id)
        .with_for_update()
    )
    stopped_at = update(broadcasts).where(broadcasts.c.cursor == chat, broadcasts.c.state.in_(("cancelled", "expired")))
    connection.execute(stopped_at.values(cursor=""))
    numbers = connection.execute(select(broadcasts.c.id).order_by(broadcasts.c.id)).scalars().all()
    found = [one for number in numbers if (one := holding(connection, number, chat)) is not None]
    for delivery in found:
        if take_out(connection, delivery.id, chat, "erased"):
            continue
        late = (
            update(deliveries)
            .where(
                deliveries.c.id == delivery.id,
                deliveries.c.state.in_(OPEN),
                or_(deliveries.c.unsure, deliveries.c.lease.is_not(None)),
            )
            .values(erase=func.trim(deliveries.c.erase + " " + chat))
        )
        if connection.execute(late).rowcount == 0:
            # Refused before or resolved: nothing under its key can still be accepted with another body.
            refused = update(deliveries).where(deliveries.c.id == delivery.id, deliveries.c.state.in_(OPEN))
            connection.execute(refused.values(count=deliveries.c.count - 1))
            _keep(
                connection,
                delivery.retry_key,
                [one for one in recipients(connection, delivery.retry_key) if one != chat],
            )
    return len(found)


def forget_erased(connection: Connection, retry_keys: Iterable[str]) -> None:
    """Carry out the erasures that waited for these Deliveries to be resolved."""
    keys = list(retry_keys)
    rows = connection.execute(
        select(deliveries.c.id, deliveries.c.retry_key, deliveries.c.erase).where(
            deliveries.c.retry_key.in_(keys), deliveries.c.erase != "", deliveries.c.state.not_in(OPEN)
        )
    ).all()
    for row in rows:
        gone = set(row.erase.split())
        _keep(
            connection,
            row.retry_key,
            [one for one in recipients(connection, row.retry_key) if one not in gone],
        )
        connection.execute(update(deliveries).where(deliveries.c.id == row.id).values(erase=""))


def delete_recipients_before(connection: Connection, moment: datetime) -> int:
    """Forget who the Deliveries resolved before `moment` went to; how many Deliveries."""
    old = select(deliveries.c.retry_key).where(deliveries.c.done_at < moment)
    named = update(deliveries).where(deliveries.c.done_at < moment, deliveries.c.last_chat != "")
    connection.execute(named.values(first_chat="", last_chat=""))
    return connection.execute(delete(delivery_recipients).where(delivery_recipients.c.retry_key.in_(old))).rowcount


def _keep(connection: Connection, retry_key: str, chats: Sequence[str]) -> None:
    connection.execute(
        update(delivery_recipients).where(delivery_recipients.c.retry_key == retry_key).values(chats=" ".join(chats))
    )
    # The range that they are found by names two of them.
    first, last = (chats[0], chats[-1]) if chats else ("", "")
    connection.execute(
        update(deliveries).where(deliveries.c.retry_key == retry_key).values(first_chat=first, last_chat=last)
    )


def _delivery(row: Row[Any]) -> Delivery:
    return Delivery(**{name: row._mapping[deliveries.c[name]] for name in Delivery.__dataclass_fields__})
