"""The calendar as it was told last, and how far planning has come. Both change only from what they were seen to be, so
that of two clocks one acts.

A date's text is reminder_texts.known_day's: "2569-03-31 16:30" in the Buddhist Era, "" while it is not known.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, select, update

from bot.storage.database import insert_once
from bot.storage.tables import known_dates, planner


@dataclass(frozen=True)
class Known:
    """A milestone's name and date as told. `seen_at` is when this date was first seen (program's clock, UTC)."""

    name: str
    day: str
    cancelled: bool
    seen_at: datetime


@dataclass(frozen=True)
class Planner:
    """Reminders due up to `planned_until` (program's clock, UTC) are planned, by a Revision not older than `revision`."""

    planned_until: datetime
    revision: int


def all_known(connection: Connection) -> dict[tuple[int, str], Known]:
    """Every date that was told, by round (Buddhist Era) and milestone."""
    rows = connection.execute(select(known_dates))
    return {(row.round, row.milestone): Known(row.name, row.day, row.cancelled, row.seen_at) for row in rows}


def learn(connection: Connection, year: int, milestone: str, old: Known | None, new: Known) -> bool:
    """Keep what a milestone's date is now; False when it is no longer `old`: another process was quicker."""
    values: dict[str, object] = {
        "name": new.name,
        "day": new.day,
        "cancelled": new.cancelled,
        "seen_at": new.seen_at,
    }
    if old is None:
        return insert_once(connection, known_dates, {"round": year, "milestone": milestone, **values})
    statement = update(known_dates).where(
        known_dates.c.round == year,
        known_dates.c.milestone == milestone,
        known_dates.c.day == old.day,
        known_dates.c.cancelled == old.cancelled,
    )
    return connection.execute(statement.values(**values)).rowcount == 1


def planner_at(connection: Connection, now: datetime, revision: int) -> Planner | None:
    """Where planning stands, begun at `now` if it never was; None when a newer Revision than `revision` has planned."""
    insert_once(connection, planner, {"id": 1, "planned_until": now, "revision": revision})
    newer = update(planner).where(planner.c.id == 1, planner.c.revision <= revision)
    if connection.execute(newer.values(revision=revision)).rowcount != 1:
        return None
    row = connection.execute(select(planner)).one()
    return Planner(row.planned_until, row.revision)


def planned(connection: Connection, old: datetime, new: datetime) -> bool:
    """Reminders due up to `new` are planned; False when another process planned since."""
    statement = update(planner).where(planner.c.id == 1, planner.c.planned_until == old)
    return connection.execute(statement.values(planned_until=new)).rowcount == 1
