"""The tables of the administrators' console: who may do what, what was done, what is being worked on, and figures."""

from __future__ import annotations

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    String,
    Table,
    Text,
    UniqueConstraint,
)

from bot.storage.tables import UtcTime, metadata

# An account is never deleted, since the log names it; `active` ends it. `name` is what is typed to sign in, in small
# letters; `role`: viewer, editor, publisher, owner. `totp_step` is the time step of the last code that was taken, so that
# no code works twice.
users = Table(
    "users",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("name", String(64), nullable=False, unique=True),
    Column("full_name", String(120), nullable=False),
    Column("role", String(16), nullable=False),
    Column("password_hash", String(200), nullable=False),
    Column("totp_secret", String(64)),
    Column("totp_step", Integer, nullable=False),
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("signed_in_at", UtcTime),
)

# Each opens the two-step sign-in once, in place of a code from the telephone.
recovery_codes = Table(
    "recovery_codes",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("code_hash", String(64), nullable=False),
    Column("used_at", UtcTime),
)

# A link that is good once: to open an account of `role`, or, with `user`, to set that account's password anew.
invitations = Table(
    "invitations",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("token_hash", String(64), nullable=False, unique=True),
    Column("role", String(16), nullable=False),
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE")),
    Column("note", String(120), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("expires_at", UtcTime, nullable=False),
    Column("used_at", UtcTime),
)

# Who is signed in. The browser holds the token, the table its hash. `stage`: two_step (a code is missing), enrol (an
# authenticator has to be set up first), full. `totp_secret` is the one that is being set up.
sessions = Table(
    "sessions",
    metadata,
    Column("token_hash", String(64), primary_key=True),
    Column("user", Integer, ForeignKey("users.id", ondelete="CASCADE"), nullable=False, index=True),
    Column("stage", String(16), nullable=False),
    Column("totp_secret", String(64)),
    Column("created_at", UtcTime, nullable=False),
    Column("seen_at", UtcTime, nullable=False, index=True),
    Column("expires_at", UtcTime, nullable=False),
)

# What was done in the console and by whom. Rows are only ever added: triggers refuse everything else.
audit = Table(
    "audit",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("at", UtcTime, nullable=False, index=True),
    Column("user", Integer),
    Column("name", String(64), nullable=False, index=True),
    Column("action", String(64), nullable=False, index=True),
    Column("object", String(200), nullable=False),
    Column("detail", JSON, nullable=False),
)

# What is changed and not yet published, shared by all. One row an Entry: `entry` is its id within the document at `path`
# ("" for the document as a whole); `change`: edited, added, removed (then `content` is None). `version` counts its changes,
# so that nobody overwrites what he has not seen; `based_on` is the Revision that was edited (0: the program's own content).
drafts = Table(
    "drafts",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("path", String(200), nullable=False),
    Column("entry", String(200), nullable=False),
    Column("change", String(16), nullable=False),
    Column("content", Text),
    Column("version", Integer, nullable=False),
    Column("author", String(64), nullable=False),
    Column("updated_at", UtcTime, nullable=False),
    Column("based_on", Integer, nullable=False),
    UniqueConstraint("path", "entry"),
)

# Work that a worker does for the console. `state`: waiting, running, done, failed; `progress` in percent.
console_jobs = Table(
    "console_jobs",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("kind", String(32), nullable=False),
    Column("state", String(16), nullable=False),
    Column("request", JSON, nullable=False),
    Column("result", JSON, nullable=False),
    Column("progress", Integer, nullable=False),
    Column("created_by", String(64), nullable=False),
    Column("created_at", UtcTime, nullable=False),
    Column("done_at", UtcTime),
    Index("ix_console_jobs_kind_created_at", "kind", "created_at"),
)

# Sums of a day (Bangkok's), without anybody's identity: what is counted, and of which kind.
statistics_daily = Table(
    "statistics_daily",
    metadata,
    Column("day", Date, primary_key=True),
    Column("name", String(32), primary_key=True),
    Column("key", String(120), primary_key=True),
    Column("value", Integer, nullable=False),
)
