"""Carries out what a Turn asks for beyond its replies. Doing it twice for the same event changes nothing."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

from sqlalchemy import Connection, Engine

from bot.logs import pseudonym
from bot.storage import chats, consents, erasure, followers, handovers, subscriptions, unanswered
from bot.turn import (
    CancelReminderWishes,
    CloseHandover,
    Effect,
    EraseChat,
    EraseMessage,
    Event,
    KeepFollower,
    KeepHandoverMessage,
    OpenHandover,
    RecordReminderWish,
    RecordUnanswered,
)

WHOLE_SCHEME = "awards"


class Effects:
    """The one place where a Turn reaches the database.

    `key` is SECRET_KEY; `forget` drops a chat's short state (conversation) when the chat is erased.
    """

    def __init__(self, engine: Engine, key: str, forget: Callable[[str], None] | None = None) -> None:
        self._engine = engine
        self._key = key
        self._forget = forget

    def perform(self, effect: Effect, event: Event) -> None:
        """Carry out one effect of `event`, at most once per event id. SQLAlchemyError when the database is away."""
        match effect:
            case EraseChat():
                erasure.erase_chat(self._engine, event.chat)
                if self._forget is not None:
                    self._forget(event.chat)
            case EraseMessage():
                erasure.erase_message(self._engine, pseudonym(effect.message_id, self._key))
            case KeepFollower() if self._follows(event.chat):
                pass  # nearly always, and reading waits for no other writer
            case _:
                with self._engine.begin() as connection:
                    self._write(connection, effect, event)

    def _follows(self, chat: str) -> bool:
        with self._engine.connect() as connection:
            return chats.follows(connection, chat)

    def _write(self, connection: Connection, effect: Effect, event: Event) -> None:
        moment = datetime.fromtimestamp(event.timestamp / 1000, UTC)
        message_hash = pseudonym(event.message_id, self._key) if event.message_id else None
        match effect:
            case RecordUnanswered():
                unanswered.record(
                    connection,
                    event_id=event.id,
                    question=effect.question,
                    reason=effect.reason,
                    subjects=effect.subjects,
                    attribute=effect.attribute,
                    year=effect.year,
                    asked_at=moment,
                    message_hash=message_hash,
                )
            case OpenHandover():
                handovers.open_handover(
                    connection,
                    event_id=event.id,
                    chat=event.chat,
                    source=event.source,
                    user=event.user,
                    question=effect.question,
                    opened_at=moment,
                    message_hash=message_hash,
                )
            case KeepHandoverMessage():
                waiting = handovers.unclosed_in(connection, event.chat)
                if waiting is not None:
                    handovers.record_person_message(
                        connection,
                        event_id=event.id,
                        handover_id=waiting.id,
                        text=effect.text,
                        written_at=moment,
                        message_hash=message_hash,
                    )
            case CloseHandover():
                waiting = handovers.unclosed_in(connection, event.chat)
                # A hand-over that was opened after this event is not the one that it closed.
                if waiting is not None and waiting.opened_at <= moment:
                    handovers.close(connection, waiting.id, moment)
            case RecordReminderWish():
                if effect.consent is not None:
                    consents.give(
                        connection,
                        chat=event.chat,
                        given_at=moment,
                        wording_version=effect.consent,
                        event_id=event.id,
                    )
                for subject in effect.subjects or (WHOLE_SCHEME,):
                    subscriptions.subscribe(
                        connection,
                        chat=event.chat,
                        source=event.source,
                        subject=subject,
                        leads=effect.leads,
                        event_id=event.id,
                        created_at=moment,
                    )
            case CancelReminderWishes():
                chats.end_wishes(connection, event.chat, effect.subjects)
            case KeepFollower():
                followers.follow(connection, chat=event.chat, since=moment, event_id=event.id)
