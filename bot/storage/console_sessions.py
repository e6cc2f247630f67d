"""Who is signed in to the console. The browser holds a secret, the table its hash."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, func, select, update

from bot.storage.console_tables import sessions

# Often enough for an expiry in minutes, seldom enough not to write at every request.
NOTED_EVERY = timedelta(seconds=30)


@dataclass(frozen=True)
class Session:
    """One sign-in. `stage`: two_step, enrol or full. Times are UTC."""

    token_hash: str
    user: int
    stage: str
    totp_secret: str | None
    created_at: datetime
    seen_at: datetime
    expires_at: datetime


def start(
    connection: Connection, *, token_hash: str, user: int, stage: str, moment: datetime, expires_at: datetime
) -> None:
    """A new sign-in; what has expired is forgotten by the way."""
    connection.execute(delete(sessions).where(sessions.c.expires_at <= moment))
    connection.execute(
        sessions.insert().values(
            token_hash=token_hash,
            user=user,
            stage=stage,
            created_at=moment,
            seen_at=moment,
            expires_at=expires_at,
        )
    )


def alive(connection: Connection, token_hash: str, moment: datetime, idle: timedelta) -> Session | None:
    """The session of a secret, unless it has expired or was left alone for longer than `idle`."""
    statement = select(sessions).where(
        sessions.c.token_hash == token_hash, sessions.c.expires_at > moment, sessions.c.seen_at > moment - idle
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Session(**row._mapping)


def note_seen(connection: Connection, session: Session, moment: datetime) -> None:
    """Keep that it is in use."""
    connection.execute(update(sessions).where(sessions.c.token_hash == session.token_hash).values(seen_at=moment))


def keep_totp_secret(connection: Connection, token_hash: str, secret: str) -> None:
    """The authenticator that is being set up in this session."""
    connection.execute(update(sessions).where(sessions.c.token_hash == token_hash).values(totp_secret=secret))


def end(connection: Connection, token_hash: str) -> None:
    """Sign out."""
    connection.execute(delete(sessions).where(sessions.c.token_hash == token_hash))


def end_all(connection: Connection, user: int) -> int:
    """Sign an account out everywhere; how many sessions."""
    return connection.execute(delete(sessions).where(sessions.c.user == user)).rowcount


def count(connection: Connection, user: int, moment: datetime, idle: timedelta) -> int:
    """How many sessions of an account are alive."""
    statement = select(func.count()).where(
        sessions.c.user == user, sessions.c.expires_at > moment, sessions.c.seen_at > moment - idle
    )
    return connection.execute(statement).scalar_one()
