"""Questions that could not be answered, kept without their asker until an administrator sees to them."""

from __future__ import annotations

import hashlib
from datetime import datetime

from sqlalchemy import Connection, delete, func, select

from bot.storage.database import insert_once
from bot.storage.tables import unanswered


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
