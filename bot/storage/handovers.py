"""Hand-overs to a person, and what was said in them. Personal data: kept with consent, erased on request."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.storage.database import insert_once
from bot.storage.tables import handover_messages, handovers


@dataclass(frozen=True)
class Handover:
    """One request for a person. `state`: "open", "answered" (the office wrote) or "closed". Times are UTC."""

    id: int
    chat: str
    source: str
    user: str | None
    question: str
    state: str
    opened_at: datetime
    closed_at: datetime | None


@dataclass(frozen=True)
class OfficeMessage:
    """A message of the office. Pushed with `retry_key`; `sent_at` (UTC) is None until LINE took it."""

    id: int
    text: str
    retry_key: str
    written_at: datetime
    sent_at: datetime | None


def open_handover(
    connection: Connection,
    *,
    event_id: str,
    chat: str,
    source: str,
    user: str | None,
    question: str,
    opened_at: datetime,
    message_hash: str | None,
) -> bool:
    """Open a hand-over; False when this event opened one before, or the chat has one that is not closed."""
    return insert_once(
        connection,
        handovers,
        {
            "event_id": event_id,
            "chat": chat,
            "source": source,
            "user": user,
            "question": question,
            "state": "open",
            "opened_at": opened_at,
            "message_hash": message_hash,
        },
    )


def unclosed(connection: Connection) -> list[Handover]:
    """The hand-overs that are not closed, the oldest first."""
    rows = connection.execute(select(handovers).where(handovers.c.state != "closed").order_by(handovers.c.opened_at))
    return [_handover(row) for row in rows]


def by_id(connection: Connection, handover_id: int) -> Handover | None:
    """One hand-over, or None."""
    row = connection.execute(select(handovers).where(handovers.c.id == handover_id)).first()
    return _handover(row) if row else None


def unclosed_in(connection: Connection, chat: str) -> Handover | None:
    """The chat's hand-over that is not closed, or None."""
    row = connection.execute(select(handovers).where(handovers.c.chat == chat, handovers.c.state != "closed")).first()
    return _handover(row) if row else None


def close(connection: Connection, handover_id: int, closed_at: datetime) -> bool:
    """open or answered → closed; False when it was closed before."""
    return (
        connection.execute(
            update(handovers)
            .where(handovers.c.id == handover_id, handovers.c.state != "closed")
            .values(state="closed", closed_at=closed_at)
        ).rowcount
        == 1
    )


def record_person_message(
    connection: Connection,
    *,
    event_id: str,
    handover_id: int,
    text: str,
    written_at: datetime,
    message_hash: str | None,
) -> bool:
    """Keep what the person wrote while waiting; False when this event's message is kept already."""
    return insert_once(
        connection,
        handover_messages,
        {
            "event_id": event_id,
            "handover": handover_id,
            "author": "person",
            "text": text,
            "written_at": written_at,
            "message_hash": message_hash,
        },
    )


def draft_answer(connection: Connection, handover_id: int, text: str, written_at: datetime) -> OfficeMessage:
    """The office's message that is to be pushed. The same text that was not sent yet keeps its retry key."""
    waiting = connection.execute(
        select(handover_messages).where(
            handover_messages.c.handover == handover_id,
            handover_messages.c.author == "office",
            handover_messages.c.text == text,
            handover_messages.c.sent_at.is_(None),
        )
    ).first()
    if waiting is None:
        waiting = connection.execute(
            handover_messages.insert()
            .values(
                handover=handover_id,
                author="office",
                text=text,
                written_at=written_at,
                retry_key=str(uuid.uuid4()),
            )
            .returning(handover_messages)
        ).one()
    return OfficeMessage(waiting.id, waiting.text, waiting.retry_key, waiting.written_at, waiting.sent_at)


def unsent(connection: Connection, handover_id: int, message_id: int) -> OfficeMessage | None:
    """A message of the office that LINE has not taken yet."""
    row = connection.execute(
        select(handover_messages).where(
            handover_messages.c.id == message_id,
            handover_messages.c.handover == handover_id,
            handover_messages.c.author == "office",
            handover_messages.c.sent_at.is_(None),
        )
    ).first()
    return OfficeMessage(row.id, row.text, row.retry_key, row.written_at, None) if row else None


def answer_sent(connection: Connection, handover_id: int, message_id: int, sent_at: datetime) -> None:
    """LINE took the office's message: open → answered."""
    connection.execute(
        update(handover_messages)
        .where(handover_messages.c.id == message_id, handover_messages.c.sent_at.is_(None))
        .values(sent_at=sent_at)
    )
    connection.execute(
        update(handovers).where(handovers.c.id == handover_id, handovers.c.state == "open").values(state="answered")
    )


def messages_of(connection: Connection, handover_id: int) -> list[tuple[str, str, datetime]]:
    """(author, text, written at in UTC) of a hand-over, in order; author is "person" or "office"."""
    rows = connection.execute(
        select(handover_messages.c.author, handover_messages.c.text, handover_messages.c.written_at)
        .where(handover_messages.c.handover == handover_id)
        .order_by(handover_messages.c.id)
    )
    return [(row.author, row.text, row.written_at) for row in rows]


@dataclass(frozen=True)
class Said:
    """One message of a hand-over. `sent_at` is of the office's: None until LINE took it."""

    id: int
    author: str
    text: str
    written_at: datetime
    sent_at: datetime | None


def thread(connection: Connection, handover_id: int) -> list[Said]:
    """What was said since the hand-over was opened, in order."""
    rows = connection.execute(
        select(handover_messages).where(handover_messages.c.handover == handover_id).order_by(handover_messages.c.id)
    )
    return [Said(row.id, row.author, row.text, row.written_at, row.sent_at) for row in rows]


def recently_closed(connection: Connection, limit: int = 20) -> list[Handover]:
    """The hand-overs closed last, the newest first."""
    statement = select(handovers).where(handovers.c.state == "closed").order_by(handovers.c.closed_at.desc())
    return [_handover(row) for row in connection.execute(statement.limit(limit))]


def count_unclosed(connection: Connection) -> int:
    """How many hand-overs wait for a person or are being answered."""
    return connection.execute(
        select(func.count()).select_from(handovers).where(handovers.c.state != "closed")
    ).scalar_one()


def delete_closed_before(connection: Connection, moment: datetime) -> int:
    """Delete the hand-overs closed before `moment`, their messages included; how many."""
    return connection.execute(delete(handovers).where(handovers.c.closed_at < moment)).rowcount


def erase_chat(connection: Connection, chat: str) -> int:
    """Erase every hand-over of a chat, its messages included; how many."""
    return connection.execute(delete(handovers).where(handovers.c.chat == chat)).rowcount


def erase_message(connection: Connection, message_hash: str) -> None:
    """Erase what one message said: its text in a hand-over goes, the request itself stays."""
    connection.execute(delete(handover_messages).where(handover_messages.c.message_hash == message_hash))
    connection.execute(update(handovers).where(handovers.c.message_hash == message_hash).values(question=""))


def _handover(row: Row[tuple[object, ...]]) -> Handover:
    return Handover(row.id, row.chat, row.source, row.user, row.question, row.state, row.opened_at, row.closed_at)
