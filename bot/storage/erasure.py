"""What is erased on request, on unsend, and with time, across every table."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from sqlalchemy import Connection, Engine

from bot.storage import consents, console_jobs, deliveries, followers, handovers, rides, subscriptions, unanswered


def erase_chat(engine: Engine, chat: str) -> None:
    """Erase all that is stored of a chat. Unanswered questions name nobody and stay."""
    with engine.begin() as connection:
        erase_rows(connection, chat)


def erase_rows(connection: Connection, chat: str) -> dict[str, int]:
    """The same in a transaction that has read nothing yet; how many rows of each kind, named as in bot.storage.personal."""
    return {
        "handovers": handovers.erase_chat(connection, chat),
        "reminders": subscriptions.erase_chat(connection, chat),
        "consents": consents.erase_chat(connection, chat),
        "follower": followers.erase_chat(connection, chat),
        "sent": deliveries.erase_chat(connection, chat),
        "rides": rides.erase_chat(connection, chat),
    }


def erase_message(engine: Engine, message_hash: str) -> None:
    """Erase what was stored of one message that its sender took back."""
    with engine.begin() as connection:
        unanswered.erase_message(connection, message_hash)
        handovers.erase_message(connection, message_hash)


def delete_expired(
    engine: Engine,
    now: datetime,
    *,
    unanswered_days: int,
    handover_days: int,
    delivery_days: int,
    note: Callable[[Connection, tuple[int, int, int]], None] = lambda connection, deleted: None,
) -> tuple[int, int, int]:
    """Delete what is past its time; how many unanswered questions, closed hand-overs, and Deliveries' recipients. `note`
    writes that down in the same transaction."""
    with engine.begin() as connection:
        rides.delete_before(connection, now - timedelta(days=delivery_days))
        console_jobs.delete_before(connection, now - timedelta(days=min(console_jobs.KEPT_DAYS, unanswered_days)))
        deleted = (
            unanswered.delete_before(connection, now - timedelta(days=unanswered_days)),
            handovers.delete_closed_before(connection, now - timedelta(days=handover_days)),
            deliveries.delete_recipients_before(connection, now - timedelta(days=delivery_days)),
        )
        note(connection, deleted)
        return deleted
