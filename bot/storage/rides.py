"""Reminders that ride on a free reply instead of costing a message of the quota.

A ride takes the chat out of its Delivery before the first attempt, or keeps it out of one that is not planned yet; both
in the transaction of the claim, so that a person is told once.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, delete, func, select, text, update

from bot.storage import broadcasts, deliveries
from bot.storage.database import insert_once
from bot.storage.tables import rides

CLAIMED, DELIVERED, RETURNED, UNCERTAIN = "claimed", "delivered", "returned", "uncertain"
_UNSETTLED = (CLAIMED, UNCERTAIN)
_RIDE = "rode on replies"


@dataclass(frozen=True)
class Waiting:
    """A reminder of which a chat's Delivery waits for its first attempt. `tells`: (round, milestone id, day) …"""

    key: str
    kind: str
    title: str
    messages: list[dict[str, Any]]
    tells: list[broadcasts.Told]


def waiting_for(connection: Connection, chat: str) -> list[Waiting]:
    """What could ride on the next reply in this chat, the most urgent first: reminders, announcements and changes."""
    found = []
    for one in broadcasts.in_states(connection, broadcasts.PLANNING, broadcasts.SENDING):
        if one.kind == broadcasts.MESSAGE:
            continue
        delivery = deliveries.holding(connection, one.id, chat)
        if delivery and delivery.state in deliveries.OPEN and not delivery.attempts and delivery.lease is None:
            tells = broadcasts.told_by(connection, one.id)
            found.append(Waiting(one.key, one.kind, one.title, one.messages, tells))
    return found


def claim(connection: Connection, *, key: str, chat: str, event_id: str, at: datetime) -> bool:
    """Let the reminder with this key (planned or to be planned) ride on the reply to an event.

    False, and nothing changed, when it rode before, is on its way already, or does not go to this chat. Call it in a
    transaction that has read nothing yet.
    """
    values: dict[str, object] = {"key": key, "chat": chat, "event_id": event_id, "state": CLAIMED, "at": at}
    if not insert_once(connection, rides, values):
        return False
    found = broadcasts.by_key(connection, key)
    if found is None or _is_to_be_written(found, chat):
        return True  # planning leaves out whoever is in this table
    if found.state not in broadcasts.FINAL:
        delivery = deliveries.holding(connection, found.id, chat)
        if delivery is not None and deliveries.take_out(connection, delivery.id, chat, _RIDE):
            return True
    connection.execute(delete(rides).where(rides.c.key == key, rides.c.chat == chat))
    return False


def deliver(connection: Connection, event_id: str) -> int:
    """The reply to this event was accepted: claimed (or uncertain by now) → delivered; how many rides."""
    statement = update(rides).where(rides.c.event_id == event_id, rides.c.state.in_(_UNSETTLED))
    return connection.execute(statement.values(state=DELIVERED)).rowcount


def give_back(connection: Connection, event_id: str) -> int:
    """The reply to this event will never be accepted: claimed → returned, and a Delivery of its own where the Broadcast
    is planned already; how many rides."""
    rows = connection.execute(
        update(rides)
        .where(rides.c.event_id == event_id, rides.c.state.in_(_UNSETTLED))
        .values(state=RETURNED)
        .returning(rides.c.key, rides.c.chat)
    ).all()
    for key, chat in rows:
        found = broadcasts.by_key(connection, key)
        if found is None or _is_to_be_written(found, chat):
            continue  # planning takes it
        states = {
            broadcasts.PAUSED: deliveries.PAUSED,
            broadcasts.CANCELLED: deliveries.CANCELLED,
            broadcasts.EXPIRED: deliveries.EXPIRED,
        }
        deliveries.write(connection, found.id, [chat], state=states.get(found.state, deliveries.CREATED))
        broadcasts.move(connection, found.id, [broadcasts.DONE], broadcasts.SENDING, done_at=None)
    return len(rows)


def give_up_old(connection: Connection, before: datetime) -> int:
    """Claims from before that moment (program's clock) whose reply has not settled them → uncertain; how many.

    Nobody can tell whether LINE accepted the reply, so they are neither told again nor counted as told. A reply that comes
    yet, such as one that waited while no worker ran, settles them all the same.
    """
    old = update(rides).where(rides.c.state == CLAIMED, rides.c.at < before)
    return connection.execute(old.values(state=UNCERTAIN)).rowcount


def _is_to_be_written(found: broadcasts.Broadcast, chat: str) -> bool:
    """Whether planning has not yet come to this chat."""
    return found.state not in broadcasts.FINAL and found.planned_at is None and found.cursor < chat


def hold_still(connection: Connection) -> None:
    """Let no ride be claimed or given back until this transaction ends; SQLite has one writer anyway."""
    if connection.dialect.name == "postgresql":
        connection.execute(text("LOCK TABLE rides IN SHARE MODE"))


def riding(connection: Connection, key: str, chats: Sequence[str]) -> set[str]:
    """Those of `chats` (in byte order) whose reminder rides or rode."""
    if not chats:
        return set()
    statement = select(rides.c.chat).where(
        rides.c.key == key, rides.c.state != RETURNED, rides.c.chat.between(chats[0], chats[-1])
    )
    return set(connection.execute(statement).scalars())


def ridden(connection: Connection, keys: Collection[str], ahead: str, *, after: str, limit: int) -> list[str]:
    """The first `limit` chats after `after` that one of these reminders rode to, in byte order; `ahead` begins the keys of
    others."""
    which: ColumnElement[bool] = rides.c.key.in_(sorted(keys))
    if ahead:
        which |= rides.c.key.startswith(ahead, autoescape=True)
    statement = select(rides.c.chat).where(which, rides.c.state != RETURNED, rides.c.chat > after)
    return list(connection.execute(statement.distinct().order_by(rides.c.chat).limit(limit)).scalars())


def totals(connection: Connection, key: str) -> dict[str, int]:
    """How many rides of a reminder are in each state."""
    statement = select(rides.c.state, func.count()).where(rides.c.key == key).group_by(rides.c.state)
    return {row.state: row[1] for row in connection.execute(statement)}


def delete_before(connection: Connection, moment: datetime) -> int:
    """Forget the rides claimed before `moment`; how many."""
    return connection.execute(delete(rides).where(rides.c.at < moment)).rowcount


def erase_chat(connection: Connection, chat: str) -> int:
    """Forget a chat's rides; how many."""
    return connection.execute(delete(rides).where(rides.c.chat == chat)).rowcount
