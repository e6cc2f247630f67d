"""Which reminders come about, for whom and when, on both databases."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine

from bot import recipients
from bot.now import BANGKOK
from bot.reminders import Planned, due_for, plan
from bot.storage import broadcasts, deliveries, rides, subscriptions
from bot.storage.broadcasts import Broadcast
from bot.storage.tables import broadcasts as table
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge, Milestone
from tests.bot.subscribers import rows, states, subscribe, users
from tests.knowledge.dated_round import dated, step

SEED = load_knowledge()


def at(month: int, day: int, hour: int = 8, minute: int = 0) -> datetime:
    """A moment of 2569 in Bangkok."""
    return datetime(2026, month, day, hour, minute, tzinfo=BANGKOK)


def calendar(*steps: Milestone) -> Knowledge:
    return Knowledge({2569: dated(SEED.newest, *steps)})


CLOSING = step("closing", (2569, 3, 31), name="ปิดรับสมัคร", time="16:30")
PMQA = step("closing", (2569, 3, 13), id="closing.pmqa", name="ปิดรับ PMQA", subjects=("pmqa",))


def found(engine: Engine, kind: str = "") -> list[Broadcast]:
    with engine.connect() as connection:
        every = broadcasts.in_states(connection, *broadcasts.STATES)
    return sorted((one for one in every if kind in one.kind), key=lambda one: one.id)


def known(engine: Engine, knowledge: Knowledge, moment: datetime) -> None:
    """The calendar is known, and nobody is left to be told."""
    plan(engine, knowledge, moment)
    with engine.begin() as connection:
        connection.execute(table.delete())


def everyone(engine: Engine) -> list[str]:
    return sorted(chat for row in rows(engine) for chat in row.chats.split())


def test_a_reminder_comes_about_at_eight_on_its_day_and_once(engine: Engine) -> None:
    subscribe(engine, ["U1", "U2"])
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 20))

    assert plan(engine, knowledge, at(3, 24, 7, 59)).reminders == 0
    assert plan(engine, knowledge, at(3, 24, 8, 0)) == Planned(0, 1, 1)
    for minute in range(1, 4):
        assert plan(engine, knowledge, at(3, 24, 8, minute)) == Planned()

    (one,) = found(engine)
    assert one.key == "reminder:2569:closing:2569-03-31:7d"
    assert (one.send_at, one.expires_at) == (at(3, 24, 8), at(3, 24, 20))
    assert "อีก 7 วัน" in one.messages[0]["altText"]
    assert everyone(engine) == ["U1", "U2"]


def test_every_lead_time_has_its_own_day_and_the_day_itself_ends_with_the_deadline(engine: Engine) -> None:
    subscribe(engine, ["U1"], leads=("1m", "30d", "7d", "1d", "0d"))
    knowledge = calendar(CLOSING)
    moment = at(2, 1, 9)
    known(engine, knowledge, moment)
    while moment < at(4, 2):
        moment += timedelta(hours=11)
        plan(engine, knowledge, moment)

    assert [(one.key.rpartition(":")[2], one.send_at, one.expires_at) for one in found(engine)] == [
        ("31d", at(2, 28), at(2, 28, 20)),
        ("30d", at(3, 1), at(3, 1, 20)),
        ("7d", at(3, 24), at(3, 24, 20)),
        ("1d", at(3, 30), at(3, 30, 20)),
        ("0d", at(3, 31), at(3, 31, 16, 30)),
    ]


def test_a_person_with_several_matching_wishes_is_told_once(engine: Engine) -> None:
    subscribe(engine, ["U1"], "awards", "pmqa", "pmqa.four")
    subscribe(engine, ["U2"], "service.innovation")
    knowledge = calendar(PMQA)
    known(engine, knowledge, at(3, 1))
    plan(engine, knowledge, at(3, 6, 9))
    assert everyone(engine) == ["U1"]


def test_two_lead_times_that_fall_on_one_morning_are_one_reminder(engine: Engine) -> None:
    subscribe(engine, ["U1"], leads=("1m", "31d"))
    subscribe(engine, ["U2"], leads=("31d",))
    subscribe(engine, ["U3"], "pmqa", leads=("1m",))
    subscribe(engine, ["U4"], leads=("30d",))
    with engine.begin() as connection:
        subscriptions.subscribe(
            connection, chat="U3", source="user", subject="awards", leads=("31d",), event_id="e", created_at=at(1, 1)
        )
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(2, 1))
    plan(engine, knowledge, at(2, 28, 9))
    assert everyone(engine) == ["U1", "U2", "U3"]
    with engine.connect() as connection:
        keys = {due.key for chat in ("U1", "U2", "U3") for due in due_for(connection, knowledge, chat, at(2, 28, 7))}
    assert keys == {one.key for one in found(engine)}


def test_only_who_wished_for_this_lead_time_gets_it(engine: Engine) -> None:
    subscribe(engine, ["U1"], leads=("14d",))
    subscribe(engine, ["U2"], leads=("7d",))
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 1))
    plan(engine, knowledge, at(3, 17, 9))
    assert everyone(engine) == ["U1"]
    plan(engine, knowledge, at(3, 24, 9))
    assert everyone(engine) == ["U1", "U2"]


def test_groups_are_pushed_to_one_by_one_and_users_by_five_hundred(engine: Engine) -> None:
    chats = [*users(1203), "C" + "1" * 32, "R" + "2" * 32]
    subscribe(engine, chats)
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 1))
    plan(engine, knowledge, at(3, 24, 9))
    assert [(row.call, row._mapping["count"]) for row in rows(engine)] == [
        ("multicast", 500),
        ("multicast", 500),
        ("multicast", 203),
        ("push", 1),
        ("push", 1),
    ]
    assert everyone(engine) == sorted(chats)
    assert len({row.retry_key for row in rows(engine)}) == 5


def test_a_reminder_that_is_planned_too_late_is_written_down_as_expired(engine: Engine) -> None:
    subscribe(engine, ["U1", "U2"])
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 23, 12))
    plan(engine, knowledge, at(3, 25, 9))
    assert [(row.state, row.chats) for row in rows(engine)] == [("expired", "U1 U2")]


def test_who_subscribes_later_is_left_out(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    subscribe(engine, ["U1"])
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 20))
    with monkeypatch.context() as patch:
        patch.setattr("bot.reminders.write_planned", lambda *_: 0)
        plan(engine, knowledge, at(3, 24, 9))
    subscribe(engine, ["U2"])
    plan(engine, knowledge, at(3, 24, 10))
    assert everyone(engine) == ["U1"]


def test_a_month_a_cancelled_one_and_one_without_date_remind_nobody(engine: Engine) -> None:
    subscribe(engine, ["U1"])
    knowledge = calendar(step("results", (2569, 8)), step("other"), step("ceremony", (2569, 3, 31), cancelled=True))
    known(engine, knowledge, at(3, 1))
    for day in range(2, 31):
        plan(engine, knowledge, at(3, day, 9))
    assert found(engine) == []


def test_two_planners_at_once_write_each_chat_once(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(recipients, "STEP", 50)
    chats = users(330)
    subscribe(engine, chats)
    knowledge = calendar(CLOSING, replace(PMQA, date=CLOSING.date, subjects=("awards",)))
    known(engine, knowledge, at(3, 20))
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda moment: plan(engine, knowledge, moment), [at(3, 24, 9)] * 4))
    assert sorted(one.key.split(":")[2] for one in found(engine)) == ["closing", "closing.pmqa"]
    assert everyone(engine) == sorted(chats * 2)
    assert all(one.planned_at for one in found(engine))


class Killed(BaseException):
    """Like kill -9: nothing catches it."""


def test_a_planner_killed_at_any_commit_leaves_nothing_out_and_nothing_double(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    from sqlalchemy import event

    monkeypatch.setattr(recipients, "STEP", 40)
    chats = users(130)
    subscribe(engine, chats)
    knowledge = calendar(CLOSING)
    deaths = 0
    left = 0

    def die(*_: Any) -> None:
        nonlocal left
        left -= 1
        if left == 0:
            raise Killed

    event.listen(engine, "commit", die)
    death = before = 0
    while death == 0 or deaths > before:
        death, before = death + 1, deaths
        for moment in (at(3, 20), at(3, 24, 9)):
            left = death
            try:
                plan(engine, knowledge, moment)
            except Killed:
                deaths += 1
                left = 0
                plan(engine, knowledge, moment)
            left = 0
        assert sorted(chats * 2) == everyone(engine), f"death at commit {death}"
        assert [one.kind for one in found(engine)] == ["announcement", "reminder"]
        with engine.begin() as connection:
            for name in ("broadcasts", "known_dates", "planner", "deliveries"):
                connection.execute(table.metadata.tables[name].delete())
    event.remove(engine, "commit", die)
    assert deaths > 8  # one for each commit of a whole run


def test_new_dates_are_told_once_in_one_message(engine: Engine) -> None:
    subscribe(engine, ["U1"], "pmqa")
    subscribe(engine, ["U2"], "service")
    without = calendar(replace(CLOSING, date=None, time=""), replace(PMQA, date=None), step("opening", (2568, 2, 2)))
    plan(engine, without, at(1, 5))
    assert found(engine) == []  # what is over is no news
    for minute in (1, 2):
        plan(engine, calendar(CLOSING, PMQA), at(1, 6, 9, minute))
    (one,) = found(engine)
    assert one.kind == "announcement"
    assert all(words in str(one.messages) for words in ("ปิดรับสมัคร", "31 มีนาคม 2569", "ปิดรับ PMQA", "13 มีนาคม 2569"))
    assert everyone(engine) == ["U1", "U2"]


def test_new_dates_are_told_in_their_order(engine: Engine) -> None:
    subscribe(engine, ["U1"])
    plan(engine, calendar(CLOSING, PMQA), at(3, 1))
    (one,) = found(engine)
    told = str(one.messages)
    assert 0 < told.index("13 มีนาคม 2569") < told.index("31 มีนาคม 2569")


def test_who_closes_by_themselves_are_not_reminded_of_the_closing_of_the_others(engine: Engine) -> None:
    subscribe(engine, ["U1"], "pmqa")
    subscribe(engine, ["U2"], "service")
    knowledge = calendar(CLOSING, PMQA)
    known(engine, knowledge, at(3, 20))
    plan(engine, knowledge, at(3, 24))
    assert everyone(engine) == ["U2"]


def test_what_is_announced_at_night_waits_for_the_morning(engine: Engine) -> None:
    subscribe(engine, ["U1"])
    plan(engine, calendar(CLOSING), at(1, 5, 22))
    assert found(engine)[0].send_at == at(1, 6, 8)


def sent(engine: Engine, *numbers: int) -> None:
    with engine.begin() as connection:
        for number in numbers:
            connection.execute(
                deliveries.deliveries.update().where(deliveries.deliveries.c.broadcast == number).values(state="sent")
            )
            broadcasts.move(connection, number, ["planning"], "done")


def test_a_moved_date_stops_what_waits_and_tells_those_who_were_told(engine: Engine) -> None:
    subscribe(engine, ["U1", "U2", "U3", "U4"])
    plan(engine, calendar(CLOSING), at(3, 1))  # the announcement
    with engine.begin() as connection:
        (announcement,) = broadcasts.in_states(connection, "planning")
        rides.claim(connection, key=announcement.key, chat="U3", event_id="e", at=at(3, 1))
        rides.deliver(connection, "e")
        subscriptions.unsubscribe(connection, "U2")
    sent(engine, announcement.id)
    subscribe(engine, ["U5"])
    plan(engine, calendar(CLOSING), at(3, 24, 9))  # the reminder waits
    moved = calendar(replace(CLOSING, date=replace(CLOSING.date, month=4, day=10)))  # type: ignore[type-var]
    for minute in (1, 2):
        plan(engine, moved, at(3, 24, 9, minute))

    announcement, reminder, change = found(engine)
    assert (reminder.state, change.kind) == ("cancelled", "change")
    assert states(engine, reminder.id) == {"cancelled": 4}
    assert sorted(chat for row in rows(engine, change.id) for chat in row.chats.split()) == ["U1", "U3", "U4"]
    assert all(words in str(change.messages) for words in ("31 มีนาคม 2569", "10 เมษายน 2569"))
    # The new date has reminders of its own.
    plan(engine, moved, at(4, 3, 9))
    assert found(engine, "reminder")[-1].key == "reminder:2569:closing:2569-04-10:7d"


@pytest.mark.parametrize(
    ("now", "words"),
    [
        (replace(CLOSING, cancelled=True), "ยกเลิกแล้ว"),
        (replace(CLOSING, date=None, time=""), "ยังไม่ประกาศวันใหม่"),
        (None, "ยังไม่ประกาศวันใหม่"),
        (replace(CLOSING, time="12:00"), "เวลา 12.00 น."),
    ],
)
def test_a_cancelled_or_withdrawn_date_and_another_hour_are_told_too(
    engine: Engine, now: Milestone | None, words: str
) -> None:
    subscribe(engine, ["U1"])
    plan(engine, calendar(CLOSING), at(3, 1))
    sent(engine, 1)
    plan(engine, calendar(*([now] if now else [])), at(3, 24, 9))
    change = found(engine)[-1]
    assert change.kind == "change"
    assert words in str(change.messages)
    assert "ปิดรับสมัคร" in str(change.messages)
    assert everyone(engine) == ["U1", "U1"]


def test_a_change_waits_for_the_calls_that_are_under_way(engine: Engine) -> None:
    from bot.now import utc_now
    from bot.storage import sending

    subscribe(engine, ["U1"])
    plan(engine, calendar(CLOSING), at(3, 1))
    with engine.begin() as connection:
        broadcasts.move(connection, 1, ["planning"], "sending")
        (claimed,) = sending.claim(
            connection, 1, limit=9, lease="me", until=utc_now() + timedelta(seconds=60), now=at(3, 1), real=utc_now()
        )
    moved = calendar(replace(CLOSING, cancelled=True))
    plan(engine, moved, at(3, 1, 9))
    assert [one.kind for one in found(engine)] == ["announcement"]
    with engine.begin() as connection:
        sending.record(connection, [sending.Outcome(claimed, "sent")], lease="me", now=at(3, 1, 9))
    plan(engine, moved, at(3, 1, 9, 1))
    assert [one.kind for one in found(engine)] == ["announcement", "change"]
    assert everyone(engine) == ["U1", "U1"]


def test_an_announcement_that_is_stopped_halfway_is_told_anew_to_the_others(engine: Engine) -> None:
    subscribe(engine, users(700))
    plan(engine, calendar(CLOSING, PMQA), at(1, 5, 9))
    first = rows(engine)[0]
    with engine.begin() as connection:
        table_ = deliveries.deliveries
        connection.execute(table_.update().where(table_.c.id == first.id).values(state="sent"))
    moved = [replace(one, date=replace(one.date, month=4)) for one in (CLOSING, PMQA)]  # type: ignore[type-var]
    moved[0] = replace(moved[0], date=replace(moved[0].date, day=10))  # type: ignore[type-var]
    for minute in (1, 2):
        plan(engine, calendar(*moved), at(1, 5, 9, minute))
    told = [(one.kind, sum(states(engine, one.id).values())) for one in found(engine)]
    assert sorted(told) == [("announcement", 200), ("announcement", 700), ("change", 500), ("change", 500)]
    anew = [one for one in found(engine, "announcement") if one.id != first.broadcast]
    assert not set(first.chats.split()) & {c for row in rows(engine, anew[0].id) for c in row.chats.split()}
    assert "10 เมษายน 2569" in str(anew[0].messages)


def test_a_clock_with_an_older_revision_moves_no_date_back(engine: Engine) -> None:
    subscribe(engine, ["U1"])
    moved = calendar(replace(CLOSING, date=replace(CLOSING.date, month=4, day=10)))  # type: ignore[type-var]
    plan(engine, moved, at(3, 1), revision=2)
    before = found(engine)
    assert plan(engine, calendar(CLOSING), at(3, 1, 9), revision=1) == Planned()
    assert [one.id for one in found(engine)] == [one.id for one in before]


def test_a_reminder_that_rides_ahead_of_its_day_is_left_out_and_heard_of_when_the_date_moves(engine: Engine) -> None:
    subscribe(engine, ["U1", "U2"])
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 20))
    with engine.begin() as connection:
        (due,) = due_for(connection, knowledge, "U1", at(3, 23, 10))
        assert due.key == "reminder:2569:closing:2569-03-31:7d"
        assert rides.claim(connection, key=due.key, chat="U1", event_id="e", at=at(3, 23, 10))
        assert not rides.claim(connection, key=due.key, chat="U1", event_id="f", at=at(3, 23, 11))
    plan(engine, knowledge, at(3, 24, 9))
    assert everyone(engine) == ["U2"]
    sent(engine, found(engine)[0].id)
    plan(engine, calendar(replace(CLOSING, cancelled=True)), at(3, 24, 10))
    assert sorted(everyone(engine)) == ["U1", "U2", "U2"]


def test_a_ride_that_fails_gets_its_own_delivery(engine: Engine) -> None:
    subscribe(engine, ["U1", "U2"])
    knowledge = calendar(CLOSING)
    known(engine, knowledge, at(3, 20))
    plan(engine, knowledge, at(3, 24, 9))
    (one,) = found(engine)
    with engine.begin() as connection:
        (waiting,) = rides.waiting_for(connection, "U1")
        assert rides.claim(connection, key=waiting.key, chat="U1", event_id="e", at=at(3, 24, 9))
    assert [row.chats for row in rows(engine)] == ["U2"]
    with engine.begin() as connection:
        assert rides.give_back(connection, "e") == 1
        assert rides.give_back(connection, "e") == 0
    assert [(row.chats, row.state) for row in rows(engine, one.id)] == [("U2", "created"), ("U1", "created")]
