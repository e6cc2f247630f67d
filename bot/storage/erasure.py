"""What is erased on request, on unsend, and with time, across every table."""

from __future__ import annotations

from datetime import datetime, timedelta

from sqlalchemy import Engine

from bot.storage import consents, deliveries, followers, handovers, rides, subscriptions, unanswered


def erase_chat(engine: Engine, chat: str) -> None:
    """Erase all that is stored of a chat. Unanswered questions name nobody and stay."""
    with engine.begin() as connection:
        handovers.erase_chat(connection, chat)
        subscriptions.erase_chat(connection, chat)
        consents.erase_chat(connection, chat)
        followers.erase_chat(connection, chat)
        deliveries.erase_chat(connection, chat)
        rides.erase_chat(connection, chat)


def erase_message(engine: Engine, message_hash: str) -> None:
    """Erase what was stored of one message that its sender took back."""
    with engine.begin() as connection:
        unanswered.erase_message(connection, message_hash)
        handovers.erase_message(connection, message_hash)


def delete_expired(
    engine: Engine, now: datetime, *, unanswered_days: int, handover_days: int, delivery_days: int
) -> tuple[int, int, int]:
    """Delete what is past its time; how many unanswered questions, closed hand-overs, and Deliveries' recipients."""
    with engine.begin() as connection:
        rides.delete_before(connection, now - timedelta(days=delivery_days))
        return (
            unanswered.delete_before(connection, now - timedelta(days=unanswered_days)),
            handovers.delete_closed_before(connection, now - timedelta(days=handover_days)),
            deliveries.delete_recipients_before(connection, now - timedelta(days=delivery_days)),
        )
