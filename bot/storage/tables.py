"""The tables of everything durable. Times are stored in UTC and come back with that time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Column,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    String,
    Table,
    Text,
    TypeDecorator,
    UniqueConstraint,
    text,
)
from sqlalchemy.engine import Dialect

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "fk": "fk_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcTime(TypeDecorator[datetime]):
    """A moment. SQLite keeps no time zone, so it is always UTC there; a time without zone is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect) -> datetime | None:
        """To UTC; ValueError for a time without zone."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a stored time needs its time zone")
        return value.astimezone(UTC)

    def process_result_value(self, value: Any, dialect: Dialect) -> datetime | None:
        """From UTC."""
        if value is None:
            return None
        moment: datetime = value
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)


# A question that could not be answered, without who asked it. `message_hash` lets an unsent message be erased; one
# message may ask several questions.
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", String(64), nullable=False),
    Column("question", Text, nullable=False),
    Column("question_hash", String(32), nullable=False),
    Column("reason", String(32), nullable=False),
    Column("subjects", JSON, nullable=False),
    Column("attribute", String(32), nullable=False),
    Column("round", Integer),
    Column("asked_at", UtcTime, nullable=False, index=True),
    Column("message_hash", String(32), index=True),
    UniqueConstraint("event_id", "question_hash"),
)

# Personal data, kept with the person's consent: somebody asked for a person. `state`: open, answered, closed.
handovers = Table(
    "handovers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("event_id", String(64), nullable=False, unique=True),
    Column("chat", String(64), nullable=False),
    Column("source", String(8), nullable=False),
    Column("user", String(64)),
    Column("question", Text, nullable=False),
    Column("state", String(16), nullable=False),
    Column("opened_at", UtcTime, nullable=False),
    Column("closed_at", UtcTime, index=True),
    Column("message_hash", String(32), index=True),
)
# One hand-over at a time in a chat: its second request joins the first.
Index(
    "uq_handovers_unclosed_chat",
    handovers.c.chat,
    unique=True,
    sqlite_where=text("state <> 'closed'"),
    postgresql_where=text("state <> 'closed'"),
)

# What was said in a hand-over. `author`: person, office. The office's messages carry the retry key they are pushed with
# and `sent_at` once LINE took them.
handover_messages = Table(
    "handover_messages",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("handover", Integer, ForeignKey("handovers.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("event_id", String(64), unique=True),
    Column("author", String(8), nullable=False),
    Column("text", Text, nullable=False),
    Column("written_at", UtcTime, nullable=False),
    Column("message_hash", String(32), index=True),
    Column("retry_key", String(36)),
    Column("sent_at", UtcTime),
)

# A chat's wish to be reminded of a subject (`awards` is the whole scheme), kept until it is cancelled.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", String(64), nullable=False),
    Column("source", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("lead_days", JSON, nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat", "subject"),
)

# All content as it was published: the YAML documents by path. Numbered 1, 2, 3 … without gaps; a row is never changed.
revisions = Table(
    "revisions",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("documents", JSON, nullable=False),
    Column("note", Text, nullable=False),
    Column("author", String(64), nullable=False),
    Column("published_at", UtcTime, nullable=False),
)
