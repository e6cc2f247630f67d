"""What is changed and not yet published, a row an Entry; each row is only ever written over by who has seen it."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, delete, select, update

from bot.storage.console_tables import drafts
from bot.storage.database import insert_once

WHOLE = ""
"""The name of the row of a document as a whole."""


@dataclass(frozen=True)
class Row:
    """One change. `entry` is WHOLE for the document itself; `change`: edited, added, removed; `content` as
    bot.admin.drafts writes it. `updated_at` is UTC."""

    id: int
    path: str
    entry: str
    change: str
    content: str | None
    version: int
    author: str
    updated_at: datetime
    based_on: int


def listed(connection: Connection) -> list[Row]:
    """Every row; those of whole documents first, then as they were begun."""
    rows = [Row(**row._mapping) for row in connection.execute(select(drafts).order_by(drafts.c.id))]
    return sorted(rows, key=lambda row: row.entry != WHOLE)


def found(connection: Connection, path: str, entry: str) -> Row | None:
    """One row."""
    statement = select(drafts).where(drafts.c.path == path, drafts.c.entry == entry)
    row = connection.execute(statement).one_or_none()
    return None if row is None else Row(**row._mapping)


def write(
    connection: Connection,
    *,
    path: str,
    entry: str,
    change: str,
    content: str | None,
    author: str,
    moment: datetime,
    based_on: int,
    seen: int,
) -> int | None:
    """Write a row over its version `seen` (0: there is none yet); the new version, None when there is another."""
    values: dict[str, object] = {
        "path": path,
        "entry": entry,
        "change": change,
        "content": content,
        "author": author,
        "updated_at": moment,
        "based_on": based_on,
    }
    if seen:
        here = (drafts.c.path == path) & (drafts.c.entry == entry) & (drafts.c.version == seen)
        written = connection.execute(update(drafts).where(here).values(**values, version=seen + 1)).rowcount == 1
        return seen + 1 if written else None
    # A row that was thrown away and begun anew is not to be taken for the one that somebody has seen.
    version = secrets.randbelow(1_000_000_000) + 1
    return version if insert_once(connection, drafts, {**values, "version": version}) else None


def throw_away(connection: Connection, path: str, entry: str, seen: int) -> bool:
    """Delete a row in its version `seen`; False when it is another by now, or gone."""
    here = (drafts.c.path == path) & (drafts.c.entry == entry) & (drafts.c.version == seen)
    return connection.execute(delete(drafts).where(here)).rowcount == 1


def throw_away_all(connection: Connection, rows: Iterable[Row]) -> bool:
    """Delete these rows as they were read; False when one of them is another by now."""
    return all(throw_away(connection, row.path, row.entry, row.version) for row in rows)
