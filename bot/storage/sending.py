"""What sending does to Deliveries: claimed under a lease, resolved into a final state, or given back to be tried again.

A Delivery is sent only from `created`. While it is claimed, and whenever its claimer died, LINE may have accepted it:
`unsure`, or a lease that is still there, says so. `real` is real time (leases and retries), `now` the program's clock.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, Connection, and_, case, exists, func, literal, or_, select, update

from bot.storage import deliveries as all_deliveries
from bot.storage.deliveries import CANCELLED, CREATED, EXPIRED, FAILED, OPEN, PAUSED, SENT, UNCERTAIN
from bot.storage.tables import UtcTime, broadcasts, deliveries, delivery_recipients

KEY_HOURS = 23  # LINE forgets a retry key 24 hours after its first attempt
BY_HAND = "settled by hand"

_d = deliveries.c


@dataclass(frozen=True)
class Claimed:
    """A Delivery to send now. `chats` are separated by spaces; `unsure`: an earlier attempt may have been accepted;
    `first_attempt_at` (program's clock) is that of this retry key."""

    id: int
    call: str
    retry_key: str
    count: int
    chats: str
    first_attempt_at: datetime
    unsure: bool
    attempts: int


@dataclass(frozen=True)
class Outcome:
    """What became of one claimed Delivery. `state`: a final one, `held`, or `created` for one that is to be tried again at
    `retry_at` (real time). `untried`: no call was made."""

    claimed: Claimed
    state: str
    unsure: bool = False
    untried: bool = False
    retry_at: datetime | None = None
    problem: str = ""


def claim(
    connection: Connection, broadcast: int, *, limit: int, lease: str, until: datetime, now: datetime, real: datetime
) -> list[Claimed]:
    """Claim up to `limit` Deliveries that may be attempted, for whoever holds `lease` up to `until` (real time).

    Their attempt is noted with that; it begins as soon as this transaction is committed.
    """
    sending = select(broadcasts.c.id).where(broadcasts.c.id == broadcast, broadcasts.c.state == "sending")
    # Whoever stops the Broadcast waits for this transaction, and then sees what is claimed.
    if (
        connection.dialect.name == "postgresql"
        and connection.execute(sending.with_for_update(read=True)).first() is None
    ):
        return []
    # A CTE is looked up once. PostgreSQL may look a subquery up again for every row, skip what it has just locked, and so
    # claim far more than the limit.
    due = (
        select(_d.id)
        .where(_d.broadcast == broadcast, _d.state == CREATED, _past(_d.retry_at, real), _past(_d.lease_until, real))
        .order_by(_d.id)
        .limit(limit)
        .with_for_update(skip_locked=True)
        .cte("due")
    )
    rows = connection.execute(
        update(deliveries)
        .where(_d.id.in_(select(due.c.id)), _d.state == CREATED, _past(_d.lease_until, real), exists(sending))
        .values(
            unsure=_may_be_accepted(),
            lease=lease,
            lease_until=until,
            attempts=_d.attempts + 1,
            first_attempt_at=func.coalesce(_d.first_attempt_at, literal(now, UtcTime)),
        )
        .returning(_d.id, _d.call, _d.retry_key, _d.count, _d.first_attempt_at, _d.unsure, _d.attempts),
    ).all()
    if not rows:
        return []
    keys = [row.retry_key for row in rows]
    found = connection.execute(select(delivery_recipients).where(delivery_recipients.c.retry_key.in_(keys)))
    chats: dict[str, str] = {row.retry_key: row.chats for row in found}
    claimed = [
        Claimed(
            row.id,
            row.call,
            row.retry_key,
            row._mapping["count"],
            chats.get(row.retry_key, ""),
            row.first_attempt_at,
            row.unsure,
            row.attempts,
        )
        for row in rows
    ]
    return sorted(claimed, key=lambda one: one.id)


def renew(connection: Connection, ids: Collection[int], *, lease: str, until: datetime) -> None:
    """Hold those of these Deliveries that are still under `lease` up to `until` (real time)."""
    connection.execute(update(deliveries).where(_d.id.in_(list(ids)), _d.lease == lease).values(lease_until=until))


def record(connection: Connection, outcomes: Sequence[Outcome], *, lease: str, now: datetime) -> None:
    """Keep what became of claimed Deliveries, none or some. One whose lease another took over only changes when it was accepted."""
    sent = [outcome.claimed for outcome in outcomes if outcome.state == SENT]
    if sent:
        connection.execute(
            update(deliveries)
            .where(_d.id.in_([one.id for one in sent]), _d.state.in_(OPEN))
            .values(state=SENT, done_at=now, problem="", **_FREE, unsure=False, retry_at=None)
        )
    for outcome in outcomes:
        if outcome.state == SENT:
            continue
        one = outcome.claimed
        values: dict[str, object] = {"state": outcome.state, "problem": outcome.problem, "retry_at": outcome.retry_at}
        if outcome.untried:
            values["attempts"] = one.attempts - 1
        if outcome.state not in OPEN:
            values["done_at"] = now
        unsure = outcome.unsure or one.unsure
        # A key that was refused for certain is as good as new.
        values |= {"unsure": unsure, "first_attempt_at": one.first_attempt_at if unsure else None}
        connection.execute(
            update(deliveries).where(_d.id == one.id, _d.lease == lease, _d.state == CREATED).values(**values, **_FREE)
        )
    if outcomes:
        all_deliveries.forget_erased(connection, [o.claimed.retry_key for o in outcomes if o.state not in OPEN])


def claimable(connection: Connection, broadcast: int, real: datetime, limit: int) -> int:
    """How many of its Deliveries may be attempted now, counted up to `limit`."""
    due = (
        select(_d.id)
        .where(_d.broadcast == broadcast, _d.state == CREATED, _past(_d.retry_at, real), _past(_d.lease_until, real))
        .limit(limit)
    )
    return connection.execute(select(func.count()).select_from(due.subquery())).scalar_one()


def next_attempt(connection: Connection, broadcast: int) -> datetime | None:
    """When (real time) the next of its `created` Deliveries may be attempted that has to wait; None when none waits."""
    # What is claimed had its time to be tried again in the past.
    waits = func.coalesce(_d.lease_until, _d.retry_at)
    statement = select(func.min(waits, type_=_d.retry_at.type)).where(_d.broadcast == broadcast, _d.state == CREATED)
    return connection.execute(statement).scalar()


def in_flight(connection: Connection, numbers: Collection[int], real: datetime) -> int:
    """How many Deliveries of these Broadcasts somebody is calling LINE with at this moment."""
    statement = select(func.count()).where(
        _d.broadcast.in_(list(numbers)), _d.state.in_(OPEN), _d.lease.is_not(None), _d.lease_until > real
    )
    return connection.execute(statement).scalar_one()


def pause(connection: Connection, broadcast: int, real: datetime) -> int:
    """created → paused, but for what is under way; how many."""
    return _change(connection, broadcast, (CREATED,), real, state=PAUSED)


def resume(connection: Connection, broadcast: int) -> int:
    """paused → created; how many."""
    statement = update(deliveries).where(_d.broadcast == broadcast, _d.state == PAUSED)
    return connection.execute(statement.values(state=CREATED)).rowcount


def cancel(connection: Connection, broadcast: int, now: datetime, real: datetime, problem: str) -> int:
    """What is not sent → cancelled, or uncertain where LINE may have accepted it; what is under way stays. How many."""
    return _end(connection, _d.broadcast == broadcast, CANCELLED, now, real, problem)


def expire(connection: Connection, broadcast: int, now: datetime, real: datetime) -> int:
    """The same at the end of a Broadcast's time: expired or uncertain."""
    return _end(connection, _d.broadcast == broadcast, EXPIRED, now, real, "its time was over")


def give_up_old_keys(connection: Connection, broadcast: int, now: datetime, real: datetime) -> int:
    """What LINE may have accepted under a key that it is about to forget → uncertain; how many."""
    old = and_(_d.broadcast == broadcast, _may_be_accepted(), _d.first_attempt_at <= now - timedelta(hours=KEY_HOURS))
    return _end(connection, old, UNCERTAIN, now, real, f"no certain answer in {KEY_HOURS} hours")


def settle(connection: Connection, delivery: int, state: str, now: datetime) -> bool:
    """What a person found out about an uncertain or failed Delivery: `sent`, `failed`, or `created` to send it again.
    False when it is in another state, or to be sent again while its recipients are forgotten."""
    values: dict[str, object] = {"state": state, "problem": BY_HAND, "done_at": now, "unsure": False, **_FREE}
    where = [_d.id == delivery, _d.state.in_((UNCERTAIN, FAILED))]
    if state == CREATED:
        # LINE has forgotten the key, or refused it; the body stays the same.
        values |= {"done_at": None, "problem": "", "first_attempt_at": None, "retry_at": None, "attempts": 0}
        where.append(exists().where(delivery_recipients.c.retry_key == _d.retry_key, delivery_recipients.c.chats != ""))
    return connection.execute(update(deliveries).where(*where).values(**values)).rowcount == 1


_FREE: dict[str, object] = {"lease": None, "lease_until": None}


def _past(moment: ColumnElement[datetime | None], real: datetime) -> ColumnElement[bool]:
    return or_(moment.is_(None), moment <= real)


def _may_be_accepted() -> ColumnElement[bool]:
    return or_(_d.unsure, _d.lease.is_not(None))


def _change(connection: Connection, broadcast: int, states: Sequence[str], real: datetime, **values: object) -> int:
    statement = update(deliveries).where(_d.broadcast == broadcast, _d.state.in_(states), _past(_d.lease_until, real))
    return connection.execute(statement.values(unsure=_may_be_accepted(), **_FREE, **values)).rowcount


def _end(
    connection: Connection, which: ColumnElement[bool], state: str, now: datetime, real: datetime, problem: str
) -> int:
    ended = connection.execute(
        update(deliveries)
        .where(which, _d.state.in_(OPEN), _past(_d.lease_until, real))
        .values(
            state=case((_may_be_accepted(), UNCERTAIN), else_=state),
            unsure=_may_be_accepted(),
            problem=problem,
            done_at=now,
            **_FREE,
        )
        .returning(_d.retry_key, _d.erase)
    ).all()
    all_deliveries.forget_erased(connection, [row.retry_key for row in ended if row.erase])
    return len(ended)
