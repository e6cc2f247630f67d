"""The console's accounts, their recovery codes, and the links that open or reset one."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import ColumnElement, Connection, delete, func, select, update

from bot.storage.console_tables import invitations, recovery_codes, users
from bot.storage.database import insert_once


@dataclass(frozen=True)
class User:
    """One account. `totp_secret` is None until the two-step sign-in is set up. Times are UTC."""

    id: int
    name: str
    full_name: str
    role: str
    password_hash: str
    totp_secret: str | None
    totp_step: int
    active: bool
    created_at: datetime
    created_by: str
    signed_in_at: datetime | None


@dataclass(frozen=True)
class Invitation:
    """A link that is good once. With `user` it sets that account's password anew, else it opens an account of `role`."""

    id: int
    role: str
    user: int | None
    note: str
    created_at: datetime
    created_by: str
    expires_at: datetime
    used_at: datetime | None


def create(
    connection: Connection,
    *,
    name: str,
    full_name: str,
    role: str,
    password_hash: str,
    created_at: datetime,
    created_by: str,
) -> bool:
    """Open an account; False when the name is taken."""
    return insert_once(
        connection,
        users,
        {
            "name": name,
            "full_name": full_name,
            "role": role,
            "password_hash": password_hash,
            "totp_step": 0,
            "active": True,
            "created_at": created_at,
            "created_by": created_by,
        },
    )


def by_id(connection: Connection, number: int) -> User | None:
    """One account."""
    return _one(connection, users.c.id == number)


def by_name(connection: Connection, name: str) -> User | None:
    """One account by the name that is typed to sign in."""
    return _one(connection, users.c.name == name)


def listed(connection: Connection) -> list[User]:
    """All accounts: active ones first, by name."""
    rows = connection.execute(select(users).order_by(users.c.active.desc(), users.c.name))
    return [User(**row._mapping) for row in rows]


def change(connection: Connection, number: int, **values: object) -> None:
    """Set columns of an account."""
    connection.execute(update(users).where(users.c.id == number).values(**values))


def take_totp_step(connection: Connection, number: int, step: int) -> bool:
    """Use up the code of a time step; False when it, or a later one, was used before."""
    statement = update(users).where(users.c.id == number, users.c.totp_step < step).values(totp_step=step)
    return connection.execute(statement).rowcount == 1


def lock_owners(connection: Connection) -> list[int]:
    """The active owners; nobody else changes them until the transaction ends, so that one always stays."""
    # Written to, not only read: SQLite then takes the writer's lock at once.
    connection.execute(update(users).where(users.c.role == "owner").values(role="owner"))
    rows = connection.execute(select(users.c.id).where(users.c.role == "owner", users.c.active).with_for_update())
    return [row.id for row in rows]


def set_recovery_codes(connection: Connection, number: int, hashes: list[str]) -> None:
    """Replace an account's recovery codes."""
    connection.execute(delete(recovery_codes).where(recovery_codes.c.user == number))
    if hashes:
        connection.execute(recovery_codes.insert(), [{"user": number, "code_hash": code} for code in hashes])


def take_recovery_code(connection: Connection, number: int, code_hash: str, moment: datetime) -> bool:
    """Use up one code; False when it is not there or was used before."""
    statement = update(recovery_codes).where(
        recovery_codes.c.user == number, recovery_codes.c.code_hash == code_hash, recovery_codes.c.used_at.is_(None)
    )
    return connection.execute(statement.values(used_at=moment)).rowcount == 1


def recovery_codes_left(connection: Connection, number: int) -> int:
    """How many codes an account has left."""
    statement = select(func.count()).where(recovery_codes.c.user == number, recovery_codes.c.used_at.is_(None))
    return connection.execute(statement).scalar_one()


def invite(
    connection: Connection,
    *,
    token_hash: str,
    role: str,
    user: int | None,
    note: str,
    created_at: datetime,
    created_by: str,
    expires_at: datetime,
) -> None:
    """Keep a link. Of one account's links only the newest is good."""
    if user is not None:
        connection.execute(delete(invitations).where(invitations.c.user == user, invitations.c.used_at.is_(None)))
    connection.execute(
        invitations.insert().values(
            token_hash=token_hash,
            role=role,
            user=user,
            note=note,
            created_at=created_at,
            created_by=created_by,
            expires_at=expires_at,
        )
    )


def invitation(connection: Connection, token_hash: str, moment: datetime) -> Invitation | None:
    """A link that is still good at `moment`."""
    statement = select(*_invitation_columns()).where(
        invitations.c.token_hash == token_hash, invitations.c.used_at.is_(None), invitations.c.expires_at > moment
    )
    row = connection.execute(statement).one_or_none()
    return None if row is None else Invitation(**row._mapping)


def open_invitations(connection: Connection, moment: datetime) -> list[Invitation]:
    """The links that are still good, the newest first."""
    statement = (
        select(*_invitation_columns())
        .where(invitations.c.used_at.is_(None), invitations.c.expires_at > moment)
        .order_by(invitations.c.id.desc())
    )
    return [Invitation(**row._mapping) for row in connection.execute(statement)]


def take_invitation(connection: Connection, number: int, moment: datetime) -> bool:
    """Use up a link; False when it was used before, or its time is over."""
    statement = update(invitations).where(
        invitations.c.id == number, invitations.c.used_at.is_(None), invitations.c.expires_at > moment
    )
    return connection.execute(statement.values(used_at=moment)).rowcount == 1


def withdraw_invitation(connection: Connection, number: int) -> bool:
    """Make a link useless; False when it was used or is gone."""
    statement = delete(invitations).where(invitations.c.id == number, invitations.c.used_at.is_(None))
    return connection.execute(statement).rowcount == 1


def withdraw_resets(connection: Connection, number: int) -> int:
    """Make the unused reset links of an account useless; how many."""
    statement = delete(invitations).where(invitations.c.user == number, invitations.c.used_at.is_(None))
    return connection.execute(statement).rowcount


def withdraw_made_by(connection: Connection, name: str) -> int:
    """Make the unused links useless that an account made, invitations and resets of others; how many."""
    statement = delete(invitations).where(invitations.c.created_by == name, invitations.c.used_at.is_(None))
    return connection.execute(statement).rowcount


def _invitation_columns() -> list[ColumnElement[object]]:
    return [column for column in invitations.c if column.name != "token_hash"]


def _one(connection: Connection, condition: ColumnElement[bool]) -> User | None:
    row = connection.execute(select(users).where(condition)).one_or_none()
    return None if row is None else User(**row._mapping)
