"""Revisions: everything that the assistant knew from one moment on, kept whole, never changed and never deleted.

They are numbered 1, 2, 3 …; the greatest number is what is published.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from sqlalchemy import Connection, func, inspect, select

from bot.storage.database import insert_once
from bot.storage.tables import revisions

if TYPE_CHECKING:
    from knowledge.documents import Documents


@dataclass(frozen=True)
class Revision:
    """One Revision without its documents. `author` is an account's name, `published_at` in UTC."""

    id: int
    note: str
    author: str
    published_at: datetime


class OutdatedError(Exception):
    """Another Revision was published since the one that a new one was based on; nothing was published.

    `published` is that other one, None where there is none at all.
    """

    def __init__(self, based_on: int | None, published: Revision | None) -> None:
        since = f"revision {published.id} was published by {published.author}" if published else "nothing is published"
        super().__init__(f"{since}, but this is based on {f'revision {based_on}' if based_on else 'no revision'}")
        self.published = published


def newest_id(connection: Connection) -> int | None:
    """The number of the published Revision, None before the first. Cheap: asked for several times a second."""
    newest: int | None = connection.execute(select(func.max(revisions.c.id))).scalar_one()
    return newest


def documents_of(connection: Connection, revision_id: int) -> dict[str, str] | None:
    """The documents of one Revision, None where there is no such one."""
    return connection.execute(select(revisions.c.documents).where(revisions.c.id == revision_id)).scalar_one_or_none()


def listed(connection: Connection) -> list[Revision]:
    """Every Revision, the newest first."""
    heads = select(revisions.c.id, revisions.c.note, revisions.c.author, revisions.c.published_at)
    rows = connection.execute(heads.order_by(revisions.c.id.desc()))
    return [Revision(row.id, row.note, row.author, row.published_at) for row in rows]


def publish(
    connection: Connection,
    documents: Documents,
    *,
    based_on: int | None,
    note: str,
    author: str,
    published_at: datetime,
) -> int:
    """Publish documents that were checked; the new Revision's number.

    `based_on` is the number that was published when the work on them began (None: none was). OutdatedError when another
    one was published meanwhile, by whichever process: of two at once, one is refused.
    """
    number = (based_on or 0) + 1
    values: dict[str, object] = {
        "id": number,
        "documents": dict(documents),
        "note": note,
        "author": author,
        "published_at": published_at,
    }
    # The number is taken by whoever comes first, so that nobody needs a lock.
    if newest_id(connection) != based_on or not insert_once(connection, revisions, values):
        raise OutdatedError(based_on, next(iter(listed(connection)), None))
    return number


def has_table(connection: Connection) -> bool:
    """Whether the database was migrated far enough to hold a Revision."""
    return inspect(connection).has_table(revisions.name)
