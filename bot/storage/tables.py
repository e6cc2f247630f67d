"""The tables of everything durable. Times are stored in UTC and come back with that time zone."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from sqlalchemy import (
    JSON,
    Boolean,
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


# Chats are compared and ordered byte by byte on both databases, as Python does it.
CHAT = String(64).with_variant(String(64, collation="C"), "postgresql")

# A question that could not be answered, without who asked it. `message_hash` lets an unsent message be erased; one
# message may ask several questions. `state`: open, else what an administrator made of it (taught, faq, out_of_scope, dismissed);
# `entry` is what it was attached to.
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
    Column("state", String(16), nullable=False, server_default="open"),
    Column("settled_at", UtcTime),
    Column("settled_by", String(64)),
    Column("entry", String(200)),
    UniqueConstraint("event_id", "question_hash"),
    Index("ix_unanswered_state_id", "state", "id"),
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

# A chat's wish to be reminded of a subject (`awards` is the whole scheme), kept until it is cancelled. `leads` are its lead
# times with a space around each (" 30d 7d 1d 0d "), so that LIKE finds one.
subscriptions = Table(
    "subscriptions",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", CHAT, nullable=False),
    Column("source", String(8), nullable=False),
    Column("subject", String(64), nullable=False),
    Column("leads", String(200), nullable=False),
    Column("event_id", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    UniqueConstraint("chat", "subject"),
    # All that planning reads, in the order in which it reads it: the table itself is not touched.
    Index("ix_subscriptions_planning", "chat", "subject", "leads"),
)

# Who agreed to what being kept, and to which wording (PDPA).
consents = Table(
    "consents",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", CHAT, nullable=False),
    Column("kind", String(16), nullable=False),
    Column("given_at", UtcTime, nullable=False),
    Column("wording_version", Integer, nullable=False),
    Column("event_id", String(64), nullable=False),
    UniqueConstraint("chat", "kind"),
)

# The people who follow the account: the audience "everyone".
followers = Table(
    "followers",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("chat", CHAT, nullable=False, unique=True),
    Column("since", UtcTime, nullable=False),
    Column("event_id", String(64), nullable=False),
)

# One message to many. `kind`: reminder, announcement, change, message. `state`: draft, scheduled, planning, sending,
# paused, cancelled, done, expired. Its recipients are written as Deliveries in the order of their chats; `cursor` is the
# last chat that was looked at, `planned_at` is set when all are written. `upto` is the highest id of a subscription or
# follower that was there when the Broadcast came about. `urgency` 0 is served first when messages are short. `written` is
# what a person typed, from which `messages` were made: {"text": "", "card": null or its parts}.
broadcasts = Table(
    "broadcasts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False, unique=True),
    Column("kind", String(16), nullable=False),
    Column("title", Text, nullable=False),
    Column("messages", JSON, nullable=False),
    Column("audience", JSON, nullable=False),
    Column("urgency", Integer, nullable=False),
    Column("state", String(16), nullable=False),
    Column("send_at", UtcTime),
    Column("expires_at", UtcTime),
    Column("at_night", Boolean, nullable=False),
    Column("cursor", CHAT, nullable=False),
    Column("upto", Integer),
    Column("planned_at", UtcTime),
    Column("done_at", UtcTime),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("note", Text, nullable=False),
    Column("written", JSON),
    Index("ix_broadcasts_state_send_at", "state", "send_at"),
)

# Which dates of the calendar a Broadcast tells, so that whoever was told one hears when it changes. `day` as in known_dates.
broadcast_dates = Table(
    "broadcast_dates",
    metadata,
    Column("broadcast", Integer, ForeignKey("broadcasts.id", ondelete="CASCADE"), primary_key=True),
    Column("round", Integer, primary_key=True),
    Column("milestone", String(120), primary_key=True),
    Column("day", String(64), nullable=False),
    Index("ix_broadcast_dates_milestone", "round", "milestone", "day"),
)

# One call to LINE: a multicast to `count` users or a push to one chat, always under the same `retry_key`. `state`: created,
# paused, cancelled, sent, held, failed, expired, uncertain. `unsure`: an attempt may have been accepted. `lease`: who is at
# it, until `lease_until` (real time, as is `retry_at`). `erase` are chats to forget once the call is resolved.
deliveries = Table(
    "deliveries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("broadcast", Integer, ForeignKey("broadcasts.id", ondelete="CASCADE"), nullable=False),
    Column("call", String(9), nullable=False),
    Column("retry_key", String(36), nullable=False, unique=True),
    Column("count", Integer, nullable=False),
    Column("first_chat", CHAT, nullable=False),
    Column("last_chat", CHAT, nullable=False),
    Column("state", String(16), nullable=False),
    Column("first_attempt_at", UtcTime),
    Column("unsure", Boolean, nullable=False),
    Column("attempts", Integer, nullable=False),
    Column("retry_at", UtcTime),
    Column("lease", String(32)),
    Column("lease_until", UtcTime),
    Column("problem", String(200), nullable=False),
    Column("erase", Text, nullable=False),
    Column("done_at", UtcTime),
    Index("ix_deliveries_broadcast_state_count", "broadcast", "state", "count"),
    Index("ix_deliveries_broadcast_first_chat", "broadcast", "first_chat", "last_chat"),
    Index("ix_deliveries_done_at", "done_at"),
)

# The chats of a Delivery in order, with a space between two. A table of its own: a Delivery's row changes twice, this never
# after the first attempt, and it alone is emptied when its time is over.
delivery_recipients = Table(
    "delivery_recipients",
    metadata,
    Column(
        "retry_key",
        String(36),
        ForeignKey("deliveries.retry_key", ondelete="CASCADE"),
        primary_key=True,
        nullable=False,
    ),
    Column("chats", Text, nullable=False),
)

# A reminder that rides on a free reply instead of being sent. `key`: its Broadcast's, which may not be there yet. `state`:
# claimed, delivered, returned (the reply failed, so that it is to be sent after all), uncertain (nobody can tell any more).
rides = Table(
    "rides",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("key", String(200), nullable=False),
    Column("chat", CHAT, nullable=False, index=True),
    Column("event_id", String(64), nullable=False, index=True),
    Column("state", String(16), nullable=False),
    Column("at", UtcTime, nullable=False),
    UniqueConstraint("key", "chat"),
)

# The calendar as it was told last, with the milestone's name then. `day` is "" for a date that is not known (any more), else the text of the whole date.
known_dates = Table(
    "known_dates",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("round", Integer, nullable=False),
    Column("milestone", String(120), nullable=False),
    Column("name", Text, nullable=False),
    Column("day", String(64), nullable=False),
    Column("cancelled", Boolean, nullable=False),
    Column("seen_at", UtcTime, nullable=False),
    UniqueConstraint("round", "milestone"),
)

# One row: up to which moment reminders are planned, and by which Revision (0: the program's own content).
planner = Table(
    "planner",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=False),
    Column("planned_until", UtcTime, nullable=False),
    Column("revision", Integer, nullable=False),
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
