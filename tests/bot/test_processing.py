"""One chat's events on their way to LINE: in order, answered once, and never silently lost."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import pytest
from redis import Redis

from bot.conversation import ConversationStore
from bot.inbox import ChatLock, Inbox, sweep
from bot.line import Line
from bot.processing import MOST_STARTS, MOST_WAITING, NOT_SAVED, SORRY, Processor
from bot.turn import (
    Answer,
    CancelReminderWishes,
    Conversation,
    Effect,
    EraseChat,
    EraseMessage,
    Event,
    RecordReminderWish,
    RecordUnanswered,
    Turn,
)
from tests.bot.line_server import INVALID_TOKEN, PUSH, LineServer

CHAT = "U" + "1" * 32
START = 1_751_000_000_000
EXPIRED = "expired-token"


def echo(event: Event, conversation: Conversation) -> Turn:
    return Turn(replace(conversation, last_question=event.text), (Answer("answered", f"ตอบ {event.text}"),))


def as_text(answers: Sequence[Answer]) -> list[dict[str, Any]]:
    return [{"type": "text", "text": answer.gist} for answer in answers]


@dataclass
class Storage:
    """Effects as they were carried out; `away` makes each fail."""

    done: list[tuple[Effect, str]] = field(default_factory=list)
    away: bool = False

    def perform(self, effect: Effect, event: Event) -> None:
        if self.away:
            raise ConnectionError("the question was: ลับ")
        self.done.append((effect, event.id))


@dataclass
class Desk:
    """A chat with everything round it; time stands still unless a test moves it."""

    redis: Redis
    server: LineServer
    line: Line
    dispatch: Callable[[Event, Conversation], Turn] = echo
    render: Callable[[Sequence[Answer]], list[dict[str, Any]]] = as_text
    push_fallback: bool = False
    time: int = START
    storage: Storage = field(default_factory=Storage)
    queued: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.conversations = ConversationStore(self.redis, 3600)

    def receive(self, text: str = "ถาม", **changes: Any) -> None:
        number = changes.get("timestamp", self.time)
        event = Event(
            id=f"event-{text}-{number}",
            kind="text",
            chat=CHAT,
            source="user",
            timestamp=number,
            user=CHAT,
            reply_token=f"token-{text}",
            text=text,
            message_id=f"message-{text}",
        )
        Inbox(self.redis, self.queued.append).accept([replace(event, **changes)], self.time)

    def process(self) -> float | None:
        return Processor(
            self.redis,
            self.conversations,
            lambda event, conversation: self.dispatch(event, conversation),
            self.render,
            self.line,
            self.storage,
            log_key="key",
            push_fallback=self.push_fallback,
            now=lambda: self.time,
        ).process(CHAT)

    @property
    def replies(self) -> list[list[str]]:
        """The texts of each reply that LINE took."""
        return [[message["text"] for message in body["messages"]] for body in self.server.accepted()]

    @property
    def conversation(self) -> Conversation:
        return self.conversations.load(CHAT)

    def left(self) -> set[str]:
        """What Redis still holds of this chat, apart from its conversation."""
        keys = {str(key, "utf-8") for key in self.redis.keys("lertrat:*") if isinstance(key, bytes)}
        return {key for key in keys if CHAT in key and not key.startswith("lertrat:conversation:")} | (
            {"pending"} if self.redis.zcard("lertrat:pending") else set()
        )


@pytest.fixture
def desk(redis: Redis, line_server: LineServer) -> Desk:
    return Desk(redis, line_server, Line("token", line_server.host, "key", timeout=(1.0, 2.0)))


def test_effects_that_take_long_do_not_cost_the_chat(desk: Desk) -> None:
    held: list[int] = []

    class Slow(Storage):
        def perform(self, effect: Effect, event: Event) -> None:
            held.append(desk.redis.pttl(f"lertrat:lock:{CHAT}"))
            desk.redis.pexpire(f"lertrat:lock:{CHAT}", 2000)  # as if it had taken ten seconds

    desk.storage = Slow()
    desk.dispatch = lambda event, conversation: replace(
        echo(event, conversation), effects=(RecordUnanswered("ก", "unknown"), RecordUnanswered("ข", "unknown"))
    )
    desk.receive("หนึ่ง")

    assert desk.process() is None
    assert desk.replies == [["ตอบ หนึ่ง"]]
    assert min(held) > 10_000


def test_a_message_is_answered_remembered_and_gone(desk: Desk) -> None:
    desk.receive("หนึ่ง")

    assert desk.process() is None
    assert desk.replies == [["ตอบ หนึ่ง"]]
    assert desk.conversation.last_question == "หนึ่ง"
    assert desk.left() == set()


def test_a_burst_is_answered_in_the_order_of_its_timestamps(desk: Desk) -> None:
    for text, timestamp in (("สาม", 3), ("หนึ่ง", 1), ("สอง", 2)):
        desk.receive(text, timestamp=timestamp)
    desk.process()

    assert desk.replies == [["ตอบ หนึ่ง"], ["ตอบ สอง"], ["ตอบ สาม"]]


def test_a_turn_without_replies_keeps_quiet(desk: Desk) -> None:
    desk.dispatch = lambda event, conversation: Turn(replace(conversation, handover="open"))
    desk.receive()
    desk.process()

    assert desk.server.calls == []
    assert desk.conversation.handover == "open"
    assert desk.left() == set()


def test_while_another_program_has_the_channel_nothing_is_sent(desk: Desk) -> None:
    desk.receive(active=False)
    desk.process()

    assert desk.server.calls == []
    assert desk.left() == set()


def test_a_locked_chat_is_left_to_its_worker(desk: Desk) -> None:
    desk.receive()
    lock = ChatLock.seize(desk.redis, CHAT)

    assert desk.process() is None
    assert desk.server.calls == []
    assert lock is not None
    assert lock.release()  # so the holder looks again
    desk.process()
    assert desk.replies == [["ตอบ ถาม"]]


def test_what_arrives_during_the_last_answer_is_answered_too(desk: Desk) -> None:
    def dispatch(event: Event, conversation: Conversation) -> Turn:
        if event.text == "หนึ่ง":
            desk.receive("สอง", timestamp=START + 1)
        return echo(event, conversation)

    desk.dispatch = dispatch
    desk.receive("หนึ่ง")
    desk.process()

    assert desk.replies == [["ตอบ หนึ่ง"], ["ตอบ สอง"]]


def test_many_workers_answer_a_long_burst_once_and_in_order(desk: Desk) -> None:
    texts = [str(number) for number in range(40)]
    for number, text in enumerate(texts):
        desk.receive(text, timestamp=number)

    def work() -> None:
        while desk.process() is not None:
            pass

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    work()

    assert desk.replies == [[f"ตอบ {text}"] for text in texts]
    assert desk.left() == set()


def test_a_worker_that_lost_its_chat_neither_saves_nor_replies(desk: Desk) -> None:
    def dispatch(event: Event, conversation: Conversation) -> Turn:
        desk.redis.set(f"lertrat:lock:{CHAT}", "another worker")
        return echo(event, conversation)

    desk.dispatch = dispatch
    desk.receive()

    assert desk.process() is None
    assert desk.server.calls == []
    assert desk.conversation == Conversation()
    assert desk.redis.get(f"lertrat:lock:{CHAT}") == b"another worker"


def taken_over(desk: Desk, before_reply: bool) -> None:
    """A worker dies round its reply: the turn is saved, and the lock runs out."""

    class Killed(BaseException):
        pass

    real = desk.line.reply

    def dying(token: str, messages: Any) -> None:
        if not before_reply:
            real(token, messages)
        raise Killed

    desk.line.reply = dying  # type: ignore[method-assign]
    with pytest.raises(Killed):
        desk.process()
    desk.line.reply = real  # type: ignore[method-assign]
    desk.redis.delete(f"lertrat:lock:{CHAT}")


@pytest.mark.parametrize("before_reply", [True, False])
def test_a_saved_turn_is_sent_again_without_thinking_again(desk: Desk, before_reply: bool) -> None:
    desk.receive("ถาม")
    taken_over(desk, before_reply)
    desk.dispatch = lambda event, conversation: pytest.fail("dispatched twice")

    assert desk.process() is None
    assert desk.replies == [["ตอบ ถาม"]]
    assert desk.conversation == Conversation(last_question="ถาม")
    assert desk.left() == set()


def test_an_event_that_kills_its_workers_is_given_up_with_an_apology(desk: Desk) -> None:
    class Killed(BaseException):
        pass

    def dispatch(event: Event, conversation: Conversation) -> Turn:
        raise Killed

    desk.dispatch = dispatch
    desk.receive()
    for _ in range(MOST_STARTS):
        with pytest.raises(Killed):
            desk.process()
    desk.process()

    assert desk.replies == [[SORRY["text"]]]
    assert desk.left() == set()


def fail(*_: Any) -> Any:
    raise KeyError("ข้อความลับ")


@pytest.mark.parametrize("part", ["dispatch", "render"])
def test_a_failure_is_apologized_for_and_the_next_message_is_answered(
    desk: Desk, part: str, capsys: pytest.CaptureFixture[str]
) -> None:
    working = getattr(desk, part)
    setattr(desk, part, fail)
    desk.receive("หนึ่ง", timestamp=1)
    desk.process()
    setattr(desk, part, working)
    desk.receive("สอง", timestamp=2)
    desk.process()

    assert desk.replies == [[SORRY["text"]], ["ตอบ สอง"]]
    output = capsys.readouterr().out
    assert "event-หนึ่ง" in output
    assert "KeyError" in output
    assert "ข้อความลับ" not in output


@pytest.mark.parametrize("changes", [{"addressed": False}, {"kind": "memberJoined"}, {"kind": "unfollow"}])
def test_nobody_is_apologized_to_who_asked_nothing(desk: Desk, changes: dict[str, Any]) -> None:
    desk.dispatch = fail
    desk.receive(**changes)
    desk.process()

    assert desk.server.calls == []
    assert desk.left() == set()


def wishing(*effects: Effect) -> Callable[[Event, Conversation], Turn]:
    return lambda event, conversation: replace(echo(event, conversation), effects=effects)


def test_effects_are_carried_out_with_their_event(desk: Desk) -> None:
    wish = RecordReminderWish(("awards",))
    desk.dispatch = wishing(wish)
    desk.receive("เตือน")
    desk.process()

    assert desk.storage.done == [(wish, f"event-เตือน-{START}")]
    assert desk.replies == [["ตอบ เตือน"]]


def test_what_could_not_be_saved_is_said_and_the_conversation_stays(desk: Desk) -> None:
    desk.dispatch = wishing(RecordReminderWish(("awards",)))
    desk.storage.away = True
    desk.receive()
    desk.process()

    assert desk.replies == [[NOT_SAVED["text"]]]
    assert desk.conversation == Conversation()


def test_a_tap_that_ends_reminders_in_standby_waits_for_the_storage(desk: Desk) -> None:
    ends = CancelReminderWishes(None)
    desk.dispatch = lambda event, conversation: Turn(conversation, (Answer("command", "เลิกเตือนแล้ว"),), (ends,))
    desk.storage.away = True
    desk.receive("", kind="postback", postback="stop:all", active=False, reply_token=None)
    assert desk.process() is not None
    desk.storage.away = False
    desk.process()

    assert [effect for effect, _ in desk.storage.done] == [ends]
    assert desk.server.calls == []
    assert desk.left() == set()


def test_an_unanswered_question_that_could_not_be_kept_is_still_replied_to(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.dispatch = wishing(RecordUnanswered("ลับ", "unknown"))
    desk.storage.away = True
    desk.receive("ถาม")
    desk.process()

    assert desk.replies == [["ตอบ ถาม"]]
    output = capsys.readouterr().out
    assert "effect_failed" in output
    assert "ลับ" not in output


def test_an_unfollow_erases_even_what_the_storage_gives_back_late(desk: Desk) -> None:
    desk.receive("หนึ่ง", timestamp=1)
    desk.process()
    desk.dispatch = lambda event, conversation: Turn(Conversation(), effects=(EraseChat(),))
    desk.receive("", kind="unfollow", timestamp=2, reply_token=None)
    desk.storage.away = True
    for _ in range(MOST_STARTS + 2):
        assert desk.process() == 5.0
    desk.storage.away = False

    assert desk.process() is None
    assert desk.storage.done == [(EraseChat(), "event--2")]
    assert desk.conversation == Conversation()
    assert not [key for key in desk.redis.keys("*") if CHAT.encode() in key]


def test_a_withdrawn_message_takes_its_question_and_waiting_answer_along(desk: Desk) -> None:
    desk.receive("ลับ", timestamp=1, reply_token=EXPIRED)
    desk.process()
    assert desk.conversation.last_question == "ลับ"
    assert desk.conversation.waiting

    desk.dispatch = lambda event, conversation: Turn(conversation, effects=(EraseMessage(event.message_id or ""),))
    desk.receive("", kind="unsend", message_id="message-ลับ", timestamp=2, reply_token=None)
    desk.process()

    assert desk.conversation == Conversation()
    assert not any("ลับ".encode() in (desk.redis.get(key) or b"") for key in desk.redis.keys("lertrat:conv*"))


def test_withdrawing_another_message_leaves_the_question(desk: Desk) -> None:
    desk.receive("คำถาม", timestamp=1)
    desk.process()
    desk.dispatch = lambda event, conversation: Turn(conversation, effects=(EraseMessage(event.message_id or ""),))
    desk.receive("", kind="unsend", message_id="message-อื่น", timestamp=2, reply_token=None)
    desk.process()

    assert desk.conversation.last_question == "คำถาม"


def test_a_message_delivered_after_it_was_withdrawn_is_not_answered(desk: Desk) -> None:
    desk.dispatch = lambda event, conversation: Turn(conversation, effects=(EraseMessage(event.message_id or ""),))
    desk.receive("", kind="unsend", message_id="message-ลับ", timestamp=2, reply_token=None)
    desk.process()
    desk.dispatch = echo
    desk.receive("ลับ", timestamp=1)
    desk.process()

    assert desk.server.calls == []
    assert desk.left() == set()


@pytest.mark.parametrize("failure", [(500, {}), (429, {"message": "rate limit"}), "hang", "drop"])
def test_line_is_tried_again_with_the_same_answer(desk: Desk, failure: Any) -> None:
    desk.server.failures = [failure]
    desk.receive("ถาม")

    again = desk.process()
    assert again is not None
    assert 0 < again < 5
    desk.dispatch = lambda event, conversation: pytest.fail("dispatched twice")
    assert desk.process() is None
    assert desk.replies == [["ตอบ ถาม"]]


def test_a_reply_that_line_took_though_it_seemed_to_fail_is_not_sent_twice(desk: Desk) -> None:
    desk.server.failures = ["cut"]
    desk.receive("ถาม")

    assert desk.process() is not None
    assert desk.process() is None
    assert [call.status for call in desk.server.calls] == [200, 400]
    assert desk.conversation.waiting == ()


def test_while_line_is_away_the_chats_other_messages_keep_their_order(desk: Desk) -> None:
    desk.server.failures = [(500, {})]
    desk.receive("หนึ่ง", timestamp=1)
    desk.receive("สอง", timestamp=2)
    desk.process()
    desk.process()

    assert desk.replies == [["ตอบ หนึ่ง"], ["ตอบ สอง"]]


def test_an_answer_whose_minute_passed_leads_the_next_reply(desk: Desk) -> None:
    desk.server.failures = [(503, {})] * 2
    desk.receive("หนึ่ง", timestamp=1)
    assert desk.process() is not None
    desk.time += 60_000
    assert desk.process() is None
    assert desk.left() == set()
    desk.receive("สอง", timestamp=2)
    desk.process()

    assert desk.replies == [["ตอบ หนึ่ง", "ตอบ สอง"]]
    assert desk.conversation.waiting == ()


def test_a_token_that_never_worked_lets_the_answer_wait(desk: Desk) -> None:
    desk.receive("หนึ่ง", timestamp=1, reply_token=EXPIRED)
    desk.receive("สอง", timestamp=2, reply_token=None)
    desk.receive("สาม", timestamp=3)
    desk.process()

    assert desk.replies == [["ตอบ หนึ่ง", "ตอบ สอง", "ตอบ สาม"]]


def test_a_call_has_five_messages_at_most_and_the_new_answer_is_among_them(desk: Desk) -> None:
    for number in range(MOST_WAITING + 2):
        desk.receive(str(number), timestamp=number, reply_token=None)
    desk.process()
    desk.receive("ใหม่", timestamp=100)
    desk.receive("สุดท้าย", timestamp=101)
    desk.process()

    assert desk.replies == [
        ["ตอบ 2", "ตอบ 3", "ตอบ 4", "ตอบ 5", "ตอบ ใหม่"],
        ["ตอบ 6", "ตอบ 7", "ตอบ 8", "ตอบ 9", "ตอบ สุดท้าย"],
    ]


def test_a_late_answer_is_pushed_once_where_that_is_allowed(desk: Desk) -> None:
    desk.push_fallback = True
    desk.server.failures = [INVALID_TOKEN, "cut", INVALID_TOKEN]
    desk.receive("ถาม", reply_token=EXPIRED)
    assert desk.process() == 5.0
    assert desk.process() is None

    pushed = [call for call in desk.server.calls if call.path == PUSH]
    assert [call.status for call in pushed] == [200, 409]
    assert len({call.headers["x-line-retry-key"] for call in pushed}) == 1
    assert desk.conversation.waiting == ()


def test_a_push_beyond_the_months_limit_waits_instead(desk: Desk) -> None:
    desk.push_fallback = True
    desk.server.failures = [INVALID_TOKEN, (429, {"message": "You have reached your monthly limit."})]
    desk.receive("ถาม")
    desk.process()

    assert [message["text"] for message in desk.conversation.waiting] == ["ตอบ ถาม"]
    assert desk.left() == set()


def test_an_answer_that_line_does_not_take_becomes_an_apology(desk: Desk) -> None:
    desk.server.failures = [(400, {"message": "A message (messages[0]) in the request body is invalid"})]
    desk.receive()
    desk.process()

    assert desk.replies == [[SORRY["text"]]]
    assert desk.left() == set()


def test_a_redelivered_event_is_answered_with_its_new_token(desk: Desk) -> None:
    desk.server.failures = [(500, {})]
    desk.receive("ถาม", timestamp=1, reply_token="first")
    desk.process()
    desk.receive("ถาม", timestamp=1, reply_token="second", redelivery=True)
    desk.process()

    assert [body["replyToken"] for body in desk.server.accepted()] == ["second"]


def test_a_chat_whose_worker_died_is_swept_up_once_its_lock_ran_out(desk: Desk) -> None:
    desk.receive()
    queued: list[str] = []
    lock = ChatLock.seize(desk.redis, CHAT)
    assert lock is not None

    assert sweep(desk.redis, queued.append, 5, START + 4_000) == 0  # too early
    assert sweep(desk.redis, queued.append, 5, START + 6_000) == 0  # somebody works on it
    desk.redis.delete(f"lertrat:lock:{CHAT}")
    assert sweep(desk.redis, queued.append, 5, START + 7_000) == 1
    assert sweep(desk.redis, queued.append, 5, START + 8_000) == 0  # queued a moment ago
    assert queued == [CHAT]
    desk.process()
    assert sweep(desk.redis, queued.append, 5, START + 60_000) == 0


def test_an_unreadable_stored_event_does_not_block_its_chat(desk: Desk) -> None:
    desk.receive("เสีย", timestamp=1)
    desk.redis.hset(f"lertrat:events:{CHAT}", "event-เสีย-1", "{broken")
    desk.receive("ดี", timestamp=2)
    desk.process()

    assert desk.replies == [["ตอบ ดี"]]
    assert desk.left() == set()
