"""The log of what was done in the console. Rows are added and read; nothing changes or removes one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Connection, func, select

from bot.storage.console_tables import audit

LONGEST_OBJECT = 200


@dataclass(frozen=True)
class Record:
    """One thing that was done. `name` is the account's name then; `user` is None for the command line. `at` is UTC."""

    id: int
    at: datetime
    user: int | None
    name: str
    action: str
    object: str
    detail: dict[str, Any]


def add(
    connection: Connection,
    *,
    at: datetime,
    user: int | None,
    name: str,
    action: str,
    object: str,
    detail: Mapping[str, Any],
) -> None:
    """Add one row."""
    connection.execute(
        audit.insert().values(
            at=at, user=user, name=name, action=action, object=object[:LONGEST_OBJECT], detail=dict(detail)
        )
    )


@dataclass(frozen=True)
class Wanted:
    """Which rows: of whom, `action` whole ("user.create") or its first part ("user"), from `since` until before `until`."""

    name: str = ""
    action: str = ""
    since: datetime | None = None
    until: datetime | None = None


def found(connection: Connection, wanted: Wanted, limit: int = 50, offset: int = 0) -> list[Record]:
    """Rows, the newest first."""
    statement = select(audit).where(*_conditions(wanted)).order_by(audit.c.id.desc()).limit(limit).offset(offset)
    return [Record(**row._mapping) for row in connection.execute(statement)]


def count(connection: Connection, wanted: Wanted) -> int:
    """How many rows `found` has in all."""
    return connection.execute(select(func.count(audit.c.id)).where(*_conditions(wanted))).scalar_one()


def names(connection: Connection) -> list[str]:
    """Everybody who did something, by name."""
    return list(connection.execute(select(audit.c.name).distinct().order_by(audit.c.name)).scalars())


def _conditions(wanted: Wanted) -> list[ColumnElement[bool]]:
    conditions: list[ColumnElement[bool]] = []
    if wanted.name:
        conditions.append(audit.c.name == wanted.name)
    if wanted.action:
        first_part = audit.c.action.startswith(f"{wanted.action}.", autoescape=True)
        conditions.append((audit.c.action == wanted.action) | first_part)
    if wanted.since is not None:
        conditions.append(audit.c.at >= wanted.since)
    if wanted.until is not None:
        conditions.append(audit.c.at < wanted.until)
    return conditions
