"""Questions that could not be answered, kept without their asker until an administrator sees to them."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.storage.database import insert_once
from bot.storage.tables import unanswered

OPEN, TAUGHT, FAQ, OUT_OF_SCOPE, DISMISSED = "open", "taught", "faq", "out_of_scope", "dismissed"
_AT_ONCE = 500  # SQLite takes only so many values in one statement


@dataclass(frozen=True)
class Question:
    """One question as it was typed. `reason`: unknown, out_of_scope, unclear, unhelpful; `year` in Buddhist Era; times UTC;
    `state`: OPEN, else what was made of it, and with which `entry`."""

    id: int
    text: str
    reason: str
    subjects: tuple[str, ...]
    attribute: str
    year: int | None
    asked_at: datetime
    state: str
    settled_at: datetime | None
    settled_by: str | None
    entry: str | None


@dataclass(frozen=True)
class Stamp:
    """Changes whenever the open questions do."""

    count: int
    newest: int


def record(
    connection: Connection,
    *,
    event_id: str,
    question: str,
    reason: str,
    subjects: tuple[str, ...],
    attribute: str,
    year: int | None,
    asked_at: datetime,
    message_hash: str | None,
) -> bool:
    """Keep one question of one event; False when it is kept already. `year`: the round, Buddhist Era."""
    return insert_once(
        connection,
        unanswered,
        {
            "event_id": event_id,
            "question": question,
            "question_hash": hashlib.sha256(question.encode("utf-8", "replace")).hexdigest()[:32],
            "reason": reason,
            "subjects": list(subjects),
            "attribute": attribute,
            "round": year,
            "asked_at": asked_at,
            "message_hash": message_hash,
        },
    )


def count(connection: Connection) -> int:
    """How many questions are kept."""
    return connection.execute(select(func.count()).select_from(unanswered)).scalar_one()


def delete_before(connection: Connection, moment: datetime) -> int:
    """Delete the questions asked before `moment`; how many."""
    return connection.execute(delete(unanswered).where(unanswered.c.asked_at < moment)).rowcount


def erase_message(connection: Connection, message_hash: str) -> int:
    """Erase what one message asked; how many rows."""
    return connection.execute(delete(unanswered).where(unanswered.c.message_hash == message_hash)).rowcount


def listed(connection: Connection, states: Iterable[str] = (OPEN,), limit: int = 2000) -> list[Question]:
    """The questions in these states, the newest first."""
    statement = (
        select(unanswered)
        .where(unanswered.c.state.in_([*states]))
        .order_by(unanswered.c.asked_at.desc(), unanswered.c.id.desc())
        .limit(limit)
    )
    return [_question(row) for row in connection.execute(statement)]


def by_ids(connection: Connection, ids: Iterable[int]) -> list[Question]:
    """These questions, the newest first; those that are gone are left out."""
    wanted = sorted(set(ids))
    found = [
        _question(row)
        for start in range(0, len(wanted), _AT_ONCE)
        for row in connection.execute(select(unanswered).where(unanswered.c.id.in_(wanted[start : start + _AT_ONCE])))
    ]
    return sorted(found, key=lambda question: (question.asked_at, question.id), reverse=True)


def stamp(connection: Connection) -> Stamp:
    """How the open questions stand now. Cheap."""
    statement = select(func.count(), func.max(unanswered.c.id)).where(unanswered.c.state == OPEN)
    count, newest = connection.execute(statement).one()
    return Stamp(count, newest or 0)


def settle(
    connection: Connection, ids: Iterable[int], state: str, by: str, at: datetime, entry: str | None = None
) -> int:
    """open → `state`; how many. Those that somebody else settled meanwhile stay as they are."""
    wanted = sorted(set(ids))
    return sum(
        connection.execute(
            update(unanswered)
            .where(unanswered.c.id.in_(wanted[start : start + _AT_ONCE]), unanswered.c.state == OPEN)
            .values(state=state, settled_by=by, settled_at=at, entry=entry)
        ).rowcount
        for start in range(0, len(wanted), _AT_ONCE)
    )


def reopen(connection: Connection, ids: Iterable[int]) -> int:
    """Back to open; how many."""
    wanted = sorted(set(ids))
    return sum(
        connection.execute(
            update(unanswered)
            .where(unanswered.c.id.in_(wanted[start : start + _AT_ONCE]), unanswered.c.state != OPEN)
            .values(state=OPEN, settled_by=None, settled_at=None, entry=None)
        ).rowcount
        for start in range(0, len(wanted), _AT_ONCE)
    )


def _question(row: Row[Any]) -> Question:
    return Question(
        row.id,
        row.question,
        row.reason,
        tuple(row.subjects),
        row.attribute,
        row.round,
        row.asked_at,
        row.state,
        row.settled_at,
        row.settled_by,
        row.entry,
    )
