"""Sums of a day, without anybody's identity. `name` is what was counted, `key` of which kind; days are Bangkok's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import Connection, func, select
from sqlalchemy.dialects import postgresql, sqlite

from bot.storage.console_tables import statistics_daily as table

# A database takes only so many values in one statement (SQLite: 32,766).
ROWS_AT_ONCE = 500


@dataclass(frozen=True, order=True)
class Counted:
    """What a figure belongs to."""

    day: date
    name: str
    key: str = ""


def add(connection: Connection, counts: Mapping[Counted, int]) -> None:
    """Add to the sums, each in its place; in one statement for up to ROWS_AT_ONCE of them."""
    _upsert(connection, counts, greatest=False)


def raise_to(connection: Connection, counts: Mapping[Counted, int]) -> None:
    """Let these figures be at least so large: for counts that are told as a whole, and of which a part may get lost."""
    _upsert(connection, counts, greatest=True)


def _upsert(connection: Connection, counts: Mapping[Counted, int], *, greatest: bool) -> None:
    # Always in one order, so that two workers wait for each other and never both.
    ordered = sorted(counts.items())
    on_postgres = connection.dialect.name == "postgresql"
    for first in range(0, len(ordered), ROWS_AT_ONCE):
        rows = [
            {"day": counted.day, "name": counted.name, "key": counted.key, "value": value}
            for counted, value in ordered[first : first + ROWS_AT_ONCE]
        ]
        insert = postgresql.insert(table) if on_postgres else sqlite.insert(table)
        insert = insert.values(rows)
        new = insert.excluded.value
        larger = func.greatest(table.c.value, new) if on_postgres else func.max(table.c.value, new)
        value = larger if greatest else table.c.value + new
        connection.execute(insert.on_conflict_do_update(index_elements=["day", "name", "key"], set_={"value": value}))


def between(connection: Connection, first: date, last: date) -> dict[Counted, int]:
    """Every figure of the days from `first` to `last`, both included."""
    rows = connection.execute(select(table).where(table.c.day.between(first, last)))
    return {Counted(row.day, row.name, row.key): row.value for row in rows}


def first_day(connection: Connection) -> date | None:
    """The earliest day of which anything is kept."""
    found: date | None = connection.execute(select(func.min(table.c.day))).scalar()
    return found
