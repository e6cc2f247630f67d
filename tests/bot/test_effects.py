"""Effects reach the database once for each event, whatever is repeated, and are erased when asked."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, func, select

from bot.effects import Effects
from bot.storage import handovers, subscriptions, unanswered
from bot.storage.chats import StoredChats
from bot.storage.erasure import delete_expired
from bot.storage.tables import handover_messages, metadata
from bot.stored import Kept
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

ASKED = datetime(2025, 8, 1, 2, 30, tzinfo=UTC)
EVENT = Event(
    id="01HEVENT",
    kind="text",
    chat="Uchat",
    source="user",
    timestamp=int(ASKED.timestamp() * 1000),
    user="Uchat",
    message_id="m-1",
)
QUESTION = RecordUnanswered("ค่าสมัครเท่าไหร่", "unknown", ("awards",), "apply", 2570)


@pytest.fixture
def effects(engine: Engine) -> Effects:
    return Effects(engine, "key-of-the-tests")


def rows(engine: Engine, table: str) -> list[Any]:
    with engine.connect() as connection:
        return list(connection.execute(select(metadata.tables[table])))


def later(event: Event, **changes: Any) -> Event:
    return replace(event, timestamp=event.timestamp + 60_000, **changes)


@pytest.mark.parametrize(
    ("effect", "table"),
    [
        (QUESTION, "unanswered"),
        (OpenHandover("ขอคุยกับเจ้าหน้าที่"), "handovers"),
        (RecordReminderWish(("service.innovation",)), "subscriptions"),
    ],
)
def test_an_effect_that_is_repeated_is_kept_once(engine: Engine, effects: Effects, effect: Effect, table: str) -> None:
    effects.perform(effect, EVENT)
    effects.perform(effect, EVENT)
    assert len(rows(engine, table)) == 1


def test_an_unanswered_question_names_nobody(engine: Engine, effects: Effects) -> None:
    effects.perform(QUESTION, replace(EVENT, chat="Uperson", user="Uperson"))
    (row,) = rows(engine, "unanswered")
    assert (row.question, row.reason, row.subjects, row.attribute, row.round, row.asked_at) == (
        "ค่าสมัครเท่าไหร่",
        "unknown",
        ["awards"],
        "apply",
        2570,
        ASKED,
    )
    assert "Uperson" not in str(row)
    assert "m-1" not in str(row)


def test_two_questions_of_one_message_are_both_kept(engine: Engine, effects: Effects) -> None:
    effects.perform(QUESTION, EVENT)
    effects.perform(RecordUnanswered("ยื่นที่ไหน " * 400, "unknown"), EVENT)
    assert len(rows(engine, "unanswered")) == 2


def test_a_second_request_joins_the_hand_over_that_is_open(engine: Engine, effects: Effects) -> None:
    effects.perform(OpenHandover("เรื่องที่หนึ่ง"), EVENT)
    effects.perform(OpenHandover("เรื่องที่สอง"), later(EVENT, id="e-2"))
    assert [row.question for row in rows(engine, "handovers")] == ["เรื่องที่หนึ่ง"]


def test_a_hand_over_can_follow_a_closed_one(engine: Engine, effects: Effects) -> None:
    effects.perform(OpenHandover("เรื่องที่หนึ่ง"), EVENT)
    effects.perform(CloseHandover(), later(EVENT, id="e-2"))
    effects.perform(OpenHandover("เรื่องที่สอง"), later(EVENT, id="e-3"))
    assert [row.state for row in rows(engine, "handovers")] == ["closed", "open"]


def test_a_repeated_closing_does_not_close_the_next_hand_over(engine: Engine, effects: Effects) -> None:
    effects.perform(OpenHandover("เรื่องที่หนึ่ง"), EVENT)
    closing = later(EVENT, id="e-2")
    effects.perform(CloseHandover(), closing)
    effects.perform(OpenHandover("เรื่องที่สอง"), later(closing, id="e-3"))
    effects.perform(CloseHandover(), closing)
    assert [row.state for row in rows(engine, "handovers")] == ["closed", "open"]


def test_what_is_written_while_waiting_is_kept_with_the_hand_over(engine: Engine, effects: Effects) -> None:
    effects.perform(KeepHandoverMessage("ก่อนขอ"), EVENT)
    effects.perform(OpenHandover("ขอคุย"), EVENT)
    for _ in range(2):
        effects.perform(KeepHandoverMessage("โครงการชื่อ ก"), later(EVENT, id="e-2", message_id="m-2"))
    with engine.connect() as connection:
        (waiting,) = handovers.unclosed(connection)
        said = handovers.messages_of(connection, waiting.id)
    assert said == [("person", "โครงการชื่อ ก", ASKED + timedelta(minutes=1))]


def test_a_wish_without_subject_is_for_the_whole_scheme_and_can_change_its_lead_times(
    engine: Engine, effects: Effects
) -> None:
    effects.perform(RecordReminderWish(()), EVENT)
    effects.perform(RecordReminderWish((), ("30d", "7d")), later(EVENT, id="e-2"))
    with engine.connect() as connection:
        (wish,) = subscriptions.of_chat(connection, "Uchat")
    assert (wish.subject, wish.leads) == ("awards", ("30d", "7d"))


def test_cancelling_ends_every_wish_of_this_chat_only(engine: Engine, effects: Effects) -> None:
    effects.perform(RecordReminderWish(("service", "pmqa")), EVENT)
    effects.perform(RecordReminderWish(("service",)), replace(EVENT, chat="Cgroup", source="group", id="e-2"))
    effects.perform(CancelReminderWishes(), later(EVENT, id="e-3"))
    assert [row.chat for row in rows(engine, "subscriptions")] == ["Cgroup"]


def test_erasing_a_chat_erases_all_that_names_it(engine: Engine) -> None:
    forgotten: list[str] = []
    effects = Effects(engine, "key-of-the-tests", forgotten.append)
    effects.perform(OpenHandover("ขอคุย"), EVENT)
    effects.perform(KeepHandoverMessage("โครงการชื่อ ก"), later(EVENT, id="e-2"))
    effects.perform(RecordReminderWish(()), later(EVENT, id="e-3"))
    effects.perform(EraseChat(), later(EVENT, id="e-4"))
    assert [rows(engine, table) for table in ("handovers", "handover_messages", "subscriptions")] == [[], [], []]
    assert forgotten == ["Uchat"]


def test_a_message_that_was_taken_back_is_erased_wherever_it_was_kept(engine: Engine, effects: Effects) -> None:
    effects.perform(QUESTION, EVENT)
    effects.perform(RecordUnanswered("อีกคำถาม", "unclear"), replace(EVENT, id="e-0", message_id="m-0"))
    effects.perform(OpenHandover("ขอคุย"), EVENT)
    effects.perform(KeepHandoverMessage("โครงการชื่อ ก"), later(EVENT, id="e-2", message_id="m-2"))
    unsend = later(EVENT, id="e-3", kind="unsend", message_id=None)
    effects.perform(EraseMessage("m-1"), unsend)
    effects.perform(EraseMessage("m-2"), unsend)
    assert [row.question for row in rows(engine, "unanswered")] == ["อีกคำถาม"]
    assert [row.question for row in rows(engine, "handovers")] == [""]
    assert rows(engine, "handover_messages") == []


def test_what_is_past_its_days_is_deleted_and_the_rest_stays(engine: Engine, effects: Effects) -> None:
    effects.perform(QUESTION, EVENT)
    effects.perform(RecordUnanswered("ใหม่", "unclear"), later(EVENT, id="e-2"))
    effects.perform(OpenHandover("เก่า"), EVENT)
    effects.perform(KeepHandoverMessage("โครงการชื่อ ก"), later(EVENT, id="e-3"))
    effects.perform(CloseHandover(), EVENT)
    effects.perform(OpenHandover("ยังเปิดอยู่"), EVENT)
    now = ASKED + timedelta(days=30, seconds=30)
    assert delete_expired(engine, now, unanswered_days=30, handover_days=30, delivery_days=90) == (1, 1, 0)
    assert [row.question for row in rows(engine, "unanswered")] == ["ใหม่"]
    with engine.connect() as connection:
        assert unanswered.count(connection) == 1
        assert connection.execute(select(func.count()).select_from(handover_messages)).scalar_one() == 0


def test_an_answer_that_failed_to_go_out_keeps_its_retry_key(engine: Engine, effects: Effects) -> None:
    effects.perform(OpenHandover("ขอคุย"), EVENT)
    with engine.begin() as connection:
        (waiting,) = handovers.unclosed(connection)
        first = handovers.draft_answer(connection, waiting.id, "คำตอบ", ASKED)
        again = handovers.draft_answer(connection, waiting.id, "คำตอบ", ASKED)
        handovers.answer_sent(connection, waiting.id, first.id, ASKED)
        new = handovers.draft_answer(connection, waiting.id, "คำตอบ", ASKED)
        state = handovers.unclosed(connection)[0].state
    assert first.retry_key == again.retry_key != new.retry_key
    assert state == "answered"


def test_consent_is_kept_once_and_with_the_wish_that_it_was_asked_for(engine: Engine, effects: Effects) -> None:
    effects.perform(RecordReminderWish(("service",), ("7d",), consent=1), EVENT)
    effects.perform(RecordReminderWish(("pmqa",), consent=2), later(EVENT, id="e-2"))
    (consent,) = rows(engine, "consents")
    assert (consent.chat, consent.kind, consent.wording_version, consent.given_at) == ("Uchat", "reminders", 1, ASKED)
    assert [row.subject for row in rows(engine, "subscriptions")] == ["service", "pmqa"]
    stored = StoredChats(engine)
    assert stored.has_consented("Uchat")
    assert not stored.has_consented("Uother")
    assert stored.wishes("Uchat") == (Kept("service", ("7d",)), Kept("pmqa", ("30d", "7d", "1d", "0d")))


def test_one_wish_is_cancelled_by_its_subject(engine: Engine, effects: Effects) -> None:
    effects.perform(RecordReminderWish(("service", "pmqa")), EVENT)
    effects.perform(CancelReminderWishes(("pmqa",)), later(EVENT, id="e-2"))
    assert [row.subject for row in rows(engine, "subscriptions")] == ["service"]


def test_erasing_a_chat_erases_its_consent_and_its_followership(engine: Engine, effects: Effects) -> None:
    effects.perform(RecordReminderWish((), consent=1), EVENT)
    effects.perform(KeepFollower(), EVENT)
    effects.perform(EraseChat(), later(EVENT, id="e-2"))
    assert [rows(engine, table) for table in ("consents", "followers", "subscriptions")] == [[], [], []]
