"""What an owner does to other people's accounts. Of the owners one always stays."""

from __future__ import annotations

from sqlalchemy import Connection, Engine

from bot.admin import audit, passwords
from bot.admin.accounts import INVITED_FOR, RESET_FOR, Refused
from bot.admin.roles import ROLES
from bot.now import utc_now
from bot.storage import console_sessions as sessions
from bot.storage import users
from bot.storage.users import User

LONGEST_NOTE = 120


def invite(engine: Engine, actor: User, role: str, note: str) -> str:
    """A link's secret that opens an account of `role`, for a week; shown once. `note`: for whom. Refused."""
    if role not in ROLES:
        raise Refused("ไม่รู้จักสิทธิ์นี้", "role")
    secret, now = passwords.token(), utc_now()
    with engine.begin() as connection:
        users.invite(
            connection,
            token_hash=passwords.token_hash(secret),
            role=role,
            user=None,
            note=note[:LONGEST_NOTE],
            created_at=now,
            created_by=actor.name,
            expires_at=now + INVITED_FOR,
        )
        audit.record(connection, actor, "invitation.create", note[:LONGEST_NOTE], {"role": role})
    return secret


def reset_link(engine: Engine, actor: User | None, user: User) -> str:
    """A link's secret that sets an account's password anew, for a day; shown once. The old password works until then."""
    secret, now = passwords.token(), utc_now()
    with engine.begin() as connection:
        users.invite(
            connection,
            token_hash=passwords.token_hash(secret),
            role=user.role,
            user=user.id,
            note="",
            created_at=now,
            created_by=actor.name if actor else audit.COMMAND_LINE,
            expires_at=now + RESET_FOR,
        )
        audit.record(connection, actor, "invitation.reset", user.name)
    return secret


def withdraw(engine: Engine, actor: User, number: int) -> bool:
    """Make a link useless; False when it was used or is gone."""
    with engine.begin() as connection:
        withdrawn = users.withdraw_invitation(connection, number)
        if withdrawn:
            audit.record(connection, actor, "invitation.withdraw", str(number))
        return withdrawn


def set_role(engine: Engine, actor: User, user: User, role: str) -> None:
    """Another role; the account signs in anew, since it may need a second step now. Refused."""
    if role not in ROLES:
        raise Refused("ไม่รู้จักสิทธิ์นี้", "role")
    with engine.begin() as connection:
        if role != "owner":
            _keep_an_owner(connection, user)
        users.change(connection, user.id, role=role)
        _forget_links(connection, user)
        sessions.end_all(connection, user.id)
        audit.record(connection, actor, "user.role", user.name, {"from": user.role, "to": role})


def set_active(engine: Engine, actor: User, user: User, active: bool) -> None:
    """Close an account, or open it again. Refused."""
    with engine.begin() as connection:
        if not active:
            _keep_an_owner(connection, user)
            _forget_links(connection, user)
        users.change(connection, user.id, active=active)
        sessions.end_all(connection, user.id)
        audit.record(connection, actor, "user.activate" if active else "user.deactivate", user.name)


def reset_two_step(engine: Engine, actor: User | None, user: User) -> None:
    """Forget a lost telephone: the account signs in by password and, where its role demands it, sets up another."""
    with engine.begin() as connection:
        users.change(connection, user.id, totp_secret=None)
        users.set_recovery_codes(connection, user.id, [])
        sessions.end_all(connection, user.id)
        audit.record(connection, actor, "user.two_step_reset", user.name)


def sign_out_everywhere(engine: Engine, actor: User, user: User) -> int:
    """End all sessions of an account; how many."""
    with engine.begin() as connection:
        ended = sessions.end_all(connection, user.id)
        audit.record(connection, actor, "user.sign_out", user.name, {"sessions": ended})
        return ended


def _forget_links(connection: Connection, user: User) -> None:
    """Neither a reset link that is under way nor a link that the account made outlives what it was allowed to do."""
    users.withdraw_resets(connection, user.id)
    users.withdraw_made_by(connection, user.name)


def _keep_an_owner(connection: Connection, user: User) -> None:
    if users.lock_owners(connection) == [user.id]:
        raise Refused("ต้องมีเจ้าของระบบที่ใช้งานได้อย่างน้อยหนึ่งคน กรุณาตั้งเจ้าของระบบอีกคนก่อน")
