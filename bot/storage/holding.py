"""Holds Deliveries back while the month's messages do not suffice for them, and lets them go."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, and_, case, func, or_, select, update

from bot.storage import deliveries as all_deliveries
from bot.storage.deliveries import CREATED, HELD, OPEN, untouched
from bot.storage.tables import deliveries, delivery_recipients

NO_ROOM = "no messages left this month"

_d = deliveries.c


@dataclass(frozen=True)
class Waiting:
    """A Delivery that nobody is at. `count` is what it takes from the quota: nothing where it may have been taken already,
    which is counted as under way. `untouched`: it may still be split."""

    id: int
    count: int
    state: str
    call: str
    untouched: bool


def in_flight(connection: Connection, numbers: Collection[int]) -> int:
    """How many messages LINE may be counting at this moment, or may have counted without our knowing."""
    statement = select(func.sum(_d.count)).where(
        _d.broadcast.in_(list(numbers)), _d.state.in_(OPEN), or_(_d.unsure, _d.lease.is_not(None))
    )
    return int(connection.execute(statement).scalar() or 0)


def waiting(connection: Connection, broadcast: int, real: datetime) -> list[Waiting]:
    """What of a Broadcast waits for messages, in order; not what LINE itself refused a moment ago (`retry_at`, real
    time, is still to come)."""
    refused = and_(_d.state == HELD, _d.retry_at > real)
    rows = connection.execute(
        select(
            _d.id,
            case((_d.unsure, 0), else_=_d.count).label("number"),
            _d.state,
            _d.call,
            untouched().label("untouched"),
        )
        .where(
            _d.broadcast == broadcast,
            _d.state.in_((CREATED, HELD)),
            _d.lease.is_(None),
            or_(_d.retry_at.is_(None), ~refused),
        )
        .order_by(_d.id)
    )
    return [Waiting(row.id, row.number, row.state, row.call, bool(row.untouched)) for row in rows]


def hold(connection: Connection, broadcast: int, ids: Collection[int]) -> int:
    """created → held, for those of `ids` that nobody is at; how many."""
    return _move(connection, broadcast, ids, CREATED, HELD, NO_ROOM)


def let_go(connection: Connection, broadcast: int, ids: Collection[int]) -> int:
    """held → created; how many."""
    return _move(connection, broadcast, ids, HELD, CREATED, "")


def split(connection: Connection, delivery: int, room: int) -> bool:
    """Leave the first `room` users in a multicast that nobody attempted; the others get one of their own, which is held.
    False when it is too late for that."""
    row = connection.execute(
        update(deliveries)
        .where(_d.id == delivery, untouched())
        .values(count=room)
        .returning(_d.broadcast, _d.retry_key)
    ).first()
    if row is None:
        return False
    chats = all_deliveries.recipients(connection, row.retry_key)
    first, rest = chats[:room], chats[room:]
    connection.execute(
        update(deliveries)
        .where(_d.id == delivery)
        .values(last_chat=first[-1], count=len(first), state=CREATED, problem="")
    )
    connection.execute(
        update(delivery_recipients)
        .where(delivery_recipients.c.retry_key == row.retry_key)
        .values(chats=" ".join(first))
    )
    all_deliveries.write(connection, row.broadcast, rest, state=HELD, problem=NO_ROOM)
    return True


def _move(connection: Connection, broadcast: int, ids: Collection[int], old: str, new: str, problem: str) -> int:
    moved = 0
    wanted = sorted(ids)
    for first in range(0, len(wanted), 500):
        statement = update(deliveries).where(
            _d.broadcast == broadcast,
            _d.id.in_(wanted[first : first + 500]),
            _d.state == old,
            _d.lease.is_(None),
        )
        moved += connection.execute(statement.values(state=new, problem=problem, retry_at=None)).rowcount
    return moved
