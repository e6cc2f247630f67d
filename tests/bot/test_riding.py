"""Reminders on free replies: told once, by the reply or by their own Delivery, whatever is killed or away in between."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine, update
from sqlalchemy.exc import OperationalError

from bot.effects import Effects
from bot.inbox import ChatLock
from bot.limits import MESSAGES_PER_CALL, QUICK_REPLIES
from bot.line import Line
from bot.now import BANGKOK
from bot.processing import Processor
from bot.reminders import plan
from bot.riding import Riding
from bot.storage import rides, subscriptions
from bot.storage.tables import deliveries as deliveries_table
from bot.turn import Answer, CancelReminderWishes, Conversation, Effect, Event, RecordReminderWish, Turn
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge, Milestone
from tests.bot.line_server import PUSH, LineServer
from tests.bot.subscribers import rows, subscribe, user
from tests.bot.test_processing import CHAT, Desk, as_text, echo
from tests.knowledge.dated_round import dated, step

SEED = load_knowledge()
CLOSING = step("closing", (2569, 3, 31), name="ปิดรับสมัคร", time="16:30")
PMQA = step("closing", (2569, 3, 31), id="closing.pmqa", name="ปิดรับ PMQA", subjects=("pmqa",))
OTHER = user(1)
KEY = "reminder:2569:closing:2569-03-31:7d"


def at(month: int, day: int, hour: int = 9) -> datetime:
    """A moment of 2569 in Bangkok."""
    return datetime(2026, month, day, hour, tzinfo=BANGKOK)


def calendar(*steps: Milestone) -> Knowledge:
    return Knowledge({2569: dated(SEED.newest, *(steps or (CLOSING,)))})


class Killed(BaseException):
    """What is running stops here, as by kill -9."""


@dataclass
class RideDesk(Desk):
    """A chat whose replies carry what is due; `kill` is where the worker dies, once."""

    engine: Engine = field(kw_only=True)
    knowledge: Knowledge = field(default_factory=calendar)
    moment: datetime = field(default_factory=lambda: at(3, 24))
    kill: str = ""

    def __post_init__(self) -> None:
        super().__post_init__()
        self.riding = Riding(self.engine, lambda: self.knowledge, lambda: self.moment)

    def reached(self, where: str) -> None:
        if self.kill == where:
            self.kill = ""
            raise Killed

    def process(self) -> float | None:
        return Processor(
            self.redis,
            self.conversations,
            lambda event, conversation: self.dispatch(event, conversation),
            self.render,
            _Line(self),
            self.storage,
            log_key="key",
            push_fallback=self.push_fallback,
            now=lambda: self.time,
            rides=_Rides(self),
        ).process(CHAT)

    def until_done(self) -> None:
        """Process until nothing is left, through one kill; 5 s pass each time something has to wait."""
        for _ in range(10):
            try:
                if self.process() is None and not self.left():
                    return
            except Killed:
                pass
            self.time += 5000
        raise AssertionError(self.left())

    @property
    def told(self) -> list[str]:
        """The texts that remind, of the replies that LINE took."""
        return [text for reply in self.replies for text in reply if "ขอแจ้งด้วยว่า" in text]

    @property
    def waiting(self) -> list[str]:
        """The chats that a Delivery still goes to."""
        return sorted(
            chat for row in rows(self.engine) if row.state in ("created", "held") for chat in row.chats.split()
        )

    @property
    def states(self) -> list[str]:
        """What became of the rides."""
        with self.engine.connect() as connection:
            return sorted(connection.execute(rides.rides.select().with_only_columns(rides.rides.c.state)).scalars())


class _Line:
    def __init__(self, desk: RideDesk) -> None:
        self._desk = desk

    def reply(self, token: str, messages: Sequence[dict[str, Any]]) -> None:
        self._desk.reached("before the reply")
        self._desk.line.reply(token, messages)
        self._desk.reached("replied")

    def push(self, to: str, messages: Sequence[dict[str, Any]], retry_key: str) -> None:
        self._desk.line.push(to, messages, retry_key)


class _Rides:
    def __init__(self, desk: RideDesk) -> None:
        self._desk = desk

    def board(
        self, event: Event, ride_id: str, effects: Sequence[Effect], answer: Sequence[dict[str, Any]]
    ) -> tuple[dict[str, Any], ...]:
        self._desk.reached("before the claim")
        found = self._desk.riding.board(event, ride_id, effects, answer)
        self._desk.reached("claimed")
        return found

    def arrived(self, ride_id: str) -> None:
        self._desk.riding.arrived(ride_id)
        self._desk.reached("settled")

    def returned(self, ride_id: str) -> None:
        self._desk.reached("before the return")
        self._desk.riding.returned(ride_id)
        self._desk.reached("returned")


@pytest.fixture
def desk(redis: Redis, line_server: LineServer, engine: Engine) -> RideDesk:
    """Two people who are to be reminded seven days before the closing, which was planned an hour ago."""
    desk = RideDesk(redis, line_server, Line("token", line_server.host, "key"), engine=engine)
    subscribe(engine, [CHAT, OTHER])
    plan(engine, desk.knowledge, at(3, 20))
    with engine.begin() as connection:
        connection.execute(deliveries_table.delete())
        connection.execute(rides.broadcasts.broadcasts.delete())
    return desk


@pytest.fixture
def planned(desk: RideDesk) -> RideDesk:
    """The same once the reminder is planned."""
    plan(desk.engine, desk.knowledge, at(3, 24))
    assert desk.waiting == sorted([CHAT, OTHER])
    return desk


def test_what_waits_rides_on_the_reply_and_leaves_its_delivery(planned: RideDesk) -> None:
    planned.receive("ถาม")
    assert planned.process() is None
    assert planned.replies == [["ตอบ ถาม", planned.told[0]]]
    assert "อีก 7 วัน" in planned.told[0]
    assert "ปิดรับสมัคร" in planned.told[0]
    assert (planned.waiting, planned.states) == ([OTHER], ["delivered"])


def test_it_rides_once(planned: RideDesk) -> None:
    for number in range(3):
        planned.receive(f"ถาม {number}", timestamp=planned.time + number)
    planned.process()
    assert len(planned.replies) == 3
    assert len(planned.told) == 1


def test_what_is_held_for_the_quota_rides(planned: RideDesk) -> None:
    with planned.engine.begin() as connection:
        connection.execute(update(deliveries_table).values(state="held", problem="quota"))
    planned.receive()
    planned.process()
    assert len(planned.told) == 1
    assert planned.waiting == [OTHER]


def test_what_is_being_sent_does_not_ride(planned: RideDesk) -> None:
    with planned.engine.begin() as connection:
        connection.execute(update(deliveries_table).values(attempts=1))
    planned.receive()
    planned.process()
    assert (planned.replies, planned.told) == ([["ตอบ ถาม"]], [])


def test_what_is_due_within_a_day_rides_ahead_and_is_then_left_out(desk: RideDesk) -> None:
    desk.moment = at(3, 23, 10)
    desk.receive()
    desk.process()
    assert "อีก 8 วัน" in desk.told[0]
    plan(desk.engine, desk.knowledge, at(3, 24))
    assert desk.waiting == [OTHER]


def test_who_wants_to_hear_on_the_day_is_not_told_the_day_before(desk: RideDesk) -> None:
    with desk.engine.begin() as connection:
        subscriptions.unsubscribe(connection, CHAT)
    subscribe(desk.engine, [CHAT], leads=("0d",))
    desk.moment = at(3, 30, 10)
    desk.receive("หนึ่ง")
    desk.process()
    assert desk.told == []
    desk.moment = at(3, 31, 7)
    desk.receive("สอง")
    desk.process()
    assert "วันนี้" in desk.told[0]


@pytest.mark.parametrize(
    "where", ["before the claim", "claimed", "saved", "before the reply", "replied", "settled", "done"]
)
def test_a_worker_killed_anywhere_tells_once(planned: RideDesk, where: str, monkeypatch: pytest.MonkeyPatch) -> None:
    save, done = ChatLock.save, ChatLock.done

    def saving(lock: ChatLock, *arguments: Any, **more: Any) -> None:
        save(lock, *arguments, **more)
        planned.reached("saved")

    def leaving(lock: ChatLock, event_id: str) -> None:
        done(lock, event_id)
        planned.reached("done")

    monkeypatch.setattr(ChatLock, "save", saving)
    monkeypatch.setattr(ChatLock, "done", leaving)
    planned.kill = where
    planned.receive()
    planned.until_done()

    assert planned.kill == ""
    assert [reply[0] for reply in planned.replies] == ["ตอบ ถาม"]
    assert len(planned.told) + planned.waiting.count(CHAT) == 1
    assert planned.waiting.count(OTHER) == 1
    assert "claimed" not in planned.states


@pytest.mark.parametrize("where", ["", "before the return", "returned"])
def test_an_answer_that_has_to_wait_leaves_its_ride_behind(planned: RideDesk, where: str) -> None:
    planned.kill = where
    planned.receive(reply_token="expired-1")
    planned.until_done()
    assert planned.replies == []
    assert [message["text"] for message in planned.conversation.waiting] == ["ตอบ ถาม"]
    assert planned.waiting == sorted([CHAT, OTHER])
    assert planned.states == ["returned"]
    # The next reply tells what waited, and does not take along what goes by itself now.
    planned.receive("อีก")
    planned.process()
    assert planned.replies == [["ตอบ ถาม", "ตอบ อีก"]]


@pytest.mark.parametrize("where", ["", "before the return", "returned"])
def test_an_answer_that_line_refuses_with_its_ride_goes_without(planned: RideDesk, where: str) -> None:
    planned.kill = where
    planned.server.failures = [(400, {"message": "A message (messages[1]) in the request body is invalid"})]
    planned.receive()
    planned.until_done()
    assert planned.replies == [["ตอบ ถาม"]]
    assert planned.waiting == sorted([CHAT, OTHER])


def test_a_reply_that_was_cut_off_counts_as_told(planned: RideDesk) -> None:
    planned.server.failures = ["cut"]
    planned.receive()
    planned.until_done()
    assert len(planned.told) == 1
    assert (planned.waiting, planned.states) == ([OTHER], ["delivered"])


def test_a_push_in_the_place_of_the_reply_takes_it_along(planned: RideDesk) -> None:
    planned.push_fallback = True
    planned.receive(reply_token="expired-1")
    planned.until_done()
    (pushed,) = planned.server.accepted(PUSH)
    assert len(pushed["messages"]) == 2
    assert (planned.waiting, planned.states) == ([OTHER], ["delivered"])


def test_a_database_that_is_away_costs_the_ride_and_not_the_answer(
    planned: RideDesk, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[str] = []

    def away(*_: Any, **__: Any) -> Any:
        calls.append("asked")
        raise OperationalError("select", {}, Exception("away"))

    monkeypatch.setattr(rides, "waiting_for", away)
    for number in range(3):
        planned.receive(f"ถาม {number}", timestamp=planned.time + number)
    planned.process()
    assert [len(reply) for reply in planned.replies] == [1, 1, 1]
    assert calls == ["asked"]  # the others did not wait for it


def test_a_return_waits_for_a_database_that_is_away(planned: RideDesk, monkeypatch: pytest.MonkeyPatch) -> None:
    back = rides.give_back
    tries: list[str] = []

    def away(connection: Any, event_id: str) -> int:
        tries.append(event_id)
        if len(tries) < 3:
            raise OperationalError("update", {}, Exception("away"))
        return back(connection, event_id)

    monkeypatch.setattr(rides, "give_back", away)
    planned.receive(reply_token="expired-1")
    planned.until_done()
    assert len(tries) == 3
    assert planned.waiting == sorted([CHAT, OTHER])


def full(count: int) -> Callable[[Event, Conversation], Turn]:
    return lambda event, conversation: Turn(conversation, tuple(Answer("answered", f"{n}") for n in range(count)))


@pytest.mark.parametrize(("count", "told"), [(MESSAGES_PER_CALL - 1, 1), (MESSAGES_PER_CALL, 0)])
def test_five_messages_are_all_that_a_reply_takes(planned: RideDesk, count: int, told: int) -> None:
    planned.dispatch = full(count)
    planned.receive()
    planned.process()
    assert len(planned.replies[0]) == MESSAGES_PER_CALL
    assert len(planned.told) == told


@pytest.mark.parametrize("effect", [RecordReminderWish(("pmqa",)), CancelReminderWishes()])
def test_a_turn_about_reminders_carries_none(planned: RideDesk, effect: Effect) -> None:
    planned.dispatch = lambda event, conversation: replace(echo(event, conversation), effects=(effect,))
    planned.receive()
    planned.process()
    assert (planned.replies, planned.told) == ([["ตอบ ถาม"]], [])


@pytest.mark.parametrize("changes", [{"kind": "follow", "text": ""}, {"kind": "sticker", "text": ""}])
def test_only_what_was_asked_carries_one(planned: RideDesk, changes: dict[str, str]) -> None:
    planned.receive(**changes)
    planned.process()
    assert planned.told == []


def test_a_date_that_moved_is_not_told(planned: RideDesk) -> None:
    planned.knowledge = calendar(replace(CLOSING, time="12:00"))
    planned.receive()
    planned.process()
    assert planned.told == []


def test_whoever_ended_the_wish_is_not_told_and_leaves_what_was_planned(planned: RideDesk) -> None:
    Effects(planned.engine, "key").perform(
        CancelReminderWishes(), Event("e", "text", CHAT, "user", timestamp=planned.time, user=CHAT)
    )
    assert planned.waiting == [OTHER]
    planned.receive()
    planned.process()
    assert planned.told == []


def test_another_wish_keeps_what_was_planned_for_it(planned: RideDesk) -> None:
    subscribe(planned.engine, [CHAT], "pmqa")
    Effects(planned.engine, "key").perform(
        CancelReminderWishes(("awards",)), Event("e", "text", CHAT, "user", timestamp=planned.time, user=CHAT)
    )
    assert planned.waiting == sorted([CHAT, OTHER])


def test_several_are_told_in_one_message(desk: RideDesk) -> None:
    desk.knowledge = calendar(CLOSING, PMQA)
    plan(desk.engine, desk.knowledge, at(3, 23))
    with desk.engine.begin() as connection:
        connection.execute(deliveries_table.delete())
        connection.execute(rides.broadcasts.broadcasts.delete())
    plan(desk.engine, desk.knowledge, at(3, 24))
    desk.receive()
    desk.process()
    (text,) = desk.told
    assert text.count("•") == 2
    assert text.count("ขอแจ้งด้วยว่า") == 1
    assert desk.states == ["delivered", "delivered"]


def buttoned(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    action = {"type": "message", "label": "ปุ่ม", "text": "ปุ่ม"}
    items = [{"type": "action", "action": action | {"text": f"ปุ่ม {n}"}} for n in range(QUICK_REPLIES)]
    return [message | {"quickReply": {"items": items}} for message in as_text(answers)]


def test_the_buttons_of_the_answer_stay_and_a_first_one_stops(planned: RideDesk) -> None:
    planned.render = buttoned
    planned.receive()
    planned.process()
    (reply,) = planned.server.accepted()
    items = [item["action"] for item in reply["messages"][-1]["quickReply"]["items"]]
    assert items[0] == {
        "type": "postback",
        "label": "เลิกเตือนเรื่องนี้",
        "data": "stop:2569/closing",
        "displayText": "เลิกเตือนเรื่องนี้",
    }
    assert [item["text"] for item in items[1:]] == [f"ปุ่ม {n}" for n in range(QUICK_REPLIES - 1)]


def test_news_of_dates_rides_with_its_own_message(desk: RideDesk) -> None:
    announced = step("results", (2569, 8, 14), name="ประกาศผล")
    desk.knowledge = calendar(CLOSING, announced)
    plan(desk.engine, desk.knowledge, at(3, 21, 9))
    assert desk.waiting == sorted([CHAT, OTHER])
    desk.moment = at(3, 21, 10)
    desk.receive()
    desk.render = as_text
    desk.process()
    (reply,) = desk.server.accepted()
    assert reply["messages"][-1]["type"] == "flex"
    assert "ประกาศผล" in reply["messages"][-1]["altText"]
    assert (desk.waiting, desk.states) == ([OTHER], ["delivered"])
