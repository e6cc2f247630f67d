"""Writes the Deliveries of a Broadcast, in steps that one process at a time takes and that a killed one leaves whole."""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from datetime import datetime

import structlog
from sqlalchemy import Engine

from bot import audiences
from bot.storage import broadcasts, deliveries, rides

log = structlog.get_logger(__name__)

# Chats of one step: 40 multicasts. A step is one transaction; memory holds one step, whatever the audience.
STEP = 40 * deliveries.PER_MULTICAST
MEANWHILE_SECONDS = 0.2


def write_planned(engine: Engine, now: datetime, meanwhile: Callable[[], None] | None = None) -> int:
    """Write the Deliveries of every Broadcast that is planned to their end; how many were written by this call.

    Two processes at once share the work: a step that the other one took is simply not taken again. `meanwhile` is called
    after the first step and then now and again, so that what is written is sent while the rest is being written.
    """
    with engine.connect() as connection:
        waiting = broadcasts.unwritten(connection)
    written, called = 0, -math.inf
    for number in waiting:
        more = True
        while more:
            more, wrote = _step(engine, number, now)
            written += wrote
            if more and meanwhile is not None and time.monotonic() - called > MEANWHILE_SECONDS:
                meanwhile()
                called = time.monotonic()
    return written


def _step(engine: Engine, number: int, now: datetime) -> tuple[bool, int]:
    """Write the next Deliveries; whether there may be more, and how many were written."""
    with engine.begin() as connection:
        found = broadcasts.by_id(connection, number)
        # From here on nobody else writes for this Broadcast, and no chat is erased meanwhile.
        if found is None or not broadcasts.lock_for_planning(connection, number, found.cursor):
            with engine.connect() as other:
                again = broadcasts.by_id(other, number)
            return again is not None and again.state in broadcasts.WRITTEN_IN and again.planned_at is None, 0
        page = audiences.page(connection, found.audience, after=found.cursor, upto=found.upto, limit=STEP)
        rides.hold_still(connection)
        riding = rides.riding(connection, found.key, page.chats)
        chats = [chat for chat in page.chats if chat not in riding] if riding else page.chats
        late = found.expires_at is not None and found.expires_at <= now
        wrote = deliveries.write(
            connection,
            number,
            chats,
            state=deliveries.EXPIRED if late else deliveries.CREATED,
            problem="planned after its time" if late else "",
            done_at=now if late else None,
        )
        if page.more:
            broadcasts.advance(connection, number, page.last, None)
            return True, wrote
        nobody = not wrote and not deliveries.totals(connection, number) and not rides.totals(connection, found.key)
        if nobody and found.kind != broadcasts.MESSAGE:
            broadcasts.discard(connection, number)
        else:
            # Nobody's id stays behind in it: the cursor is only for who goes on.
            broadcasts.advance(connection, number, "", now)
    log.info("broadcast_planned", broadcast=number, kind=found.kind)
    return False, wrote
