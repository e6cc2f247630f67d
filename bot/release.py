"""Lets Broadcasts go: ends those whose time is over, and starts those for which the month's messages suffice.

LINE counts every recipient. What does not fit is held, the most urgent is served first, and the administrator is told what
it would take; the next call, a minute later, looks again.
"""

from __future__ import annotations

from datetime import datetime

import structlog
from sqlalchemy import Connection, Engine, exists, select

from bot.alerts import Alert
from bot.line import Line, PermanentError, Quota, RetryableError
from bot.now import Now, utc_now
from bot.quiet import is_quiet
from bot.storage import broadcasts, deliveries, holding, sending
from bot.storage.broadcasts import CANCELLED, DONE, EXPIRED, PAUSED, PLANNING, SCHEDULED, SENDING, Broadcast
from bot.storage.tables import broadcasts as broadcasts_table
from bot.storage.tables import deliveries as deliveries_table

log = structlog.get_logger(__name__)

QUOTA = "quota"


def release(engine: Engine, line: Line, now: datetime, alert: Alert, real: Now = utc_now) -> list[int]:
    """End what is over, hold and let go what the quota says; the Broadcasts that have something to send, in order.

    SQLAlchemyError while the database is away. While LINE does not tell its quota, nothing new starts.
    """
    end_what_is_over(engine, now, alert, real)
    with engine.connect() as connection:
        waiting = [
            one
            for one in broadcasts.in_states(connection, PLANNING, SENDING)
            if (one.planned_at or one.cursor) and (one.at_night or not is_quiet(now))
        ]
        # Before LINE is asked: what goes out meanwhile is then counted twice rather than not at all.
        under_way = holding.in_flight(connection, [one.id for one in broadcasts.in_states(connection, SENDING, PAUSED)])
    if not waiting:
        return []
    try:
        quota = line.quota()
    except RetryableError as error:
        log.warning("quota_not_told", status=error.status)
        return [one.id for one in waiting if one.state == SENDING]
    except PermanentError as error:
        # Whoever does not tell a limit refuses by himself what is too much.
        log.warning("quota_not_told", status=error.status)
        quota = Quota(None, 0)
    if quota.limit is not None:
        # Who comes first is known when all are known.
        waiting = [one for one in waiting if one.planned_at is not None or one.state == SENDING]
    room = None if quota.limit is None else max(quota.limit - quota.used - under_way, 0)
    missing: list[tuple[Broadcast, int]] = []
    for one in waiting:
        with engine.begin() as connection:
            left, short = _fit(connection, one, room, real())
            if one.state == PLANNING:
                broadcasts.move(connection, one.id, [PLANNING], SENDING)
        room = left
        if short:
            missing.append((one, short))
    # What is under way may be counted already; the next minute knows.
    if missing and sum(short for _, short in missing) > under_way:
        _tell(missing, quota, alert)
    return [one.id for one in waiting]


def end_what_is_over(engine: Engine, now: datetime, alert: Alert, real: Now = utc_now) -> None:
    """Everything past its time gets the state that says so; what has nothing left to send is done."""
    with engine.connect() as connection:
        active = broadcasts.in_states(connection, SCHEDULED, PLANNING, SENDING, PAUSED)
        left_behind = _final_with_open(connection)
    for number in left_behind:
        with engine.begin() as connection:
            sending.cancel(connection, number, now, real(), "stopped")
    for one in active:
        with engine.begin() as connection:
            late = one.expires_at is not None and one.expires_at <= now
            if one.planned_at is None:
                if late and one.state in (SCHEDULED, PAUSED):
                    # Who would have got it is written down before it ends.
                    broadcasts.move(connection, one.id, [one.state], PLANNING)
                continue
            uncertain = sending.give_up_old_keys(connection, one.id, now, real())
            if late:
                sending.expire(connection, one.id, now, real())
            totals = deliveries.totals(connection, one.id)
            if not any(state in totals for state in deliveries.OPEN):
                over = EXPIRED if set(totals) == {deliveries.EXPIRED} else DONE
                broadcasts.move(connection, one.id, [PLANNING, SENDING, PAUSED], over, done_at=now)
        if uncertain or (late and deliveries.UNCERTAIN in totals):
            alert(
                deliveries.UNCERTAIN,
                f"“{one.title}” (#{one.id}): ไม่แน่ใจว่า LINE รับข้อความบางส่วนแล้วหรือไม่ ดู lertrat broadcast show {one.id}",
            )
        if late and deliveries.EXPIRED in totals:
            log.error("deliveries_expired", broadcast=one.id, recipients=totals[deliveries.EXPIRED].recipients)


def _final_with_open(connection: Connection) -> list[int]:
    """Broadcasts that were stopped while something of them was under way."""
    still = exists().where(
        deliveries_table.c.broadcast == broadcasts_table.c.id, deliveries_table.c.state.in_(deliveries.OPEN)
    )
    stopped = select(broadcasts_table.c.id).where(broadcasts_table.c.state == CANCELLED, still)
    return list(connection.execute(stopped).scalars())


def _fit(connection: Connection, one: Broadcast, room: int | None, real: datetime) -> tuple[int | None, int]:
    """Hold or let go the Deliveries of one Broadcast; what room is left, and how many messages are missing."""
    waiting = holding.waiting(connection, one.id, real)
    total = sum(delivery.count for delivery in waiting)
    if room is None or total <= room:
        holding.let_go(connection, one.id, [each.id for each in waiting if each.state == deliveries.HELD])
        return None if room is None else room - total, 0
    go, stay, missing = [], [], 0
    for each in waiting:
        if each.count <= room:
            room -= each.count
            go.append(each)
        elif room and each.untouched and each.call == deliveries.MULTICAST and holding.split(connection, each.id, room):
            missing += each.count - room
            room = 0
        else:
            missing += each.count
            stay.append(each)
    holding.let_go(connection, one.id, [each.id for each in go if each.state == deliveries.HELD])
    holding.hold(connection, one.id, [each.id for each in stay if each.state == deliveries.CREATED])
    return room, missing


def _tell(missing: list[tuple[Broadcast, int]], quota: Quota, alert: Alert) -> None:
    lines = [f"“{one.title}” ขาด {short:,} ข้อความ" for one, short in missing[:10]]
    total = sum(short for _, short in missing)
    alert(
        QUOTA,
        f"โควตาข้อความของเดือนนี้ไม่พอ (ใช้ไป {quota.used:,} จาก {quota.limit or 0:,}) ต้องเพิ่มอีก {total:,} ข้อความ จึงพักไว้ก่อน:\n"
        + "\n".join(lines),
    )
