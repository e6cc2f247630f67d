"""What the dashboard counts: per day, without identity, and at no cost to any answer."""

from __future__ import annotations

import itertools
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.counting import CLASSES, DONE, SLOWER, Counting, counts_of, monday, quiz_position, reply_class
from bot.line import Line
from bot.now import BANGKOK
from bot.processing import Processor
from bot.storage import statistics
from bot.storage.database import make_engine
from bot.storage.statistics import Counted
from bot.turn import Answer, Conversation, OpenHandover, Quiz, RecordUnanswered, Turn
from knowledge.loader import load_knowledge
from knowledge.quiz import Response, collected, next_question, unsure
from tests.bot.line_server import LineServer
from tests.bot.talk import CHAT, event
from tests.bot.test_processing import Desk, as_text

TODAY = date(2025, 6, 1)
NOON = datetime(2025, 6, 1, 12, tzinfo=BANGKOK)
NOWHERE = Quiz("q", 2568)


def nobody_asks(quiz: Quiz) -> str:
    raise AssertionError("no quiz was under way")


def named(counts: Counter[Counted], name: str) -> dict[str, int]:
    return {counted.key: value for counted, value in counts.items() if counted.name == name}


def counted(turn: Turn, before: Conversation | None = None) -> Counter[Counted]:
    return counts_of(event(text="ถาม"), before or Conversation(), turn, TODAY, nobody_asks)


@pytest.fixture
def counting(engine: Engine, redis: Redis) -> Counting:
    return Counting(engine, redis, lambda: NOON, nobody_asks)


def stored(engine: Engine) -> dict[tuple[str, str], int]:
    with engine.connect() as connection:
        rows = statistics.between(connection, date(2025, 1, 1), date(2026, 1, 1))
    return {(counted.name, counted.key): value for counted, value in rows.items()}


def answered(subject: str = "awards") -> Turn:
    return Turn(Conversation(), (Answer("answered", "ตอบ", (subject,), "conditions"),))


def test_each_answer_to_a_question_is_counted_with_its_subjects() -> None:
    found = counted(
        Turn(
            Conversation(),
            (
                Answer("answered", "", ("service.innovation", "service.integration"), "conditions"),
                Answer("unknown", "", ("pmqa",), "contact"),
                Answer("clarify", "", ("best", "honor"), "deadline"),
                Answer("out_of_scope", "", (), "out_of_scope"),
            ),
        )
    )
    assert named(found, "answer") == {"answered": 1, "unknown": 1, "clarify": 1, "out_of_scope": 1}
    assert named(found, "subject") == {"service.innovation": 1, "service.integration": 1, "pmqa": 1}
    assert named(found, "attribute") == {"conditions": 1, "contact": 1}


@pytest.mark.parametrize("attribute", ["quiz", "reminder", "smalltalk"])
def test_manners_reminders_and_the_quiz_are_no_questions(attribute: str) -> None:
    assert counted(Turn(Conversation(), (Answer("clarify", "", (), attribute),))) == Counter()
    assert counted(Turn(Conversation(), (Answer("command", "", (), "contact"),))) == Counter()


def test_what_is_kept_for_people_is_counted_by_reason() -> None:
    effects = (
        RecordUnanswered("เบอร์โทร", "unknown"),
        RecordUnanswered("อากาศ", "out_of_scope"),
        OpenHandover("ช่วยด้วย"),
    )
    found = counted(Turn(Conversation(), (), effects))
    assert named(found, "kept") == {"unknown": 1, "out_of_scope": 1}
    assert named(found, "handover") == {"": 1}
    assert "เบอร์โทร" not in str(found)


def test_a_quiz_takes_its_mark_along_and_leaves_it_where_it_stops() -> None:
    knowledge = load_knowledge()
    round_ = knowledge.newest

    def position(quiz: Quiz) -> str:
        return quiz_position(knowledge, quiz)

    def unsure_of_all(quiz: Quiz) -> Quiz:
        while (due := next_question(round_, collected(round_, quiz.responses))) is not None:
            quiz = replace(quiz, responses=(*quiz.responses, Response(due.id, unsure(due))))
        return quiz

    before, total = Conversation(), Counter[Counted]()

    def goes_on(quiz: Quiz | None) -> dict[str, int]:
        nonlocal before
        after = Conversation(quiz=quiz)
        total.update(counts_of(event(), before, Turn(after), TODAY, position))
        before = after
        return +Counter(named(total, "quiz_at"))

    quiz = Quiz("first", round_.year, seen=int(NOON.timestamp()))
    first = position(quiz)
    assert goes_on(quiz) == {first: 1}
    quiz = replace(quiz, responses=unsure_of_all(quiz).responses[:1])
    second = position(quiz)
    assert goes_on(quiz) == {second: 1}
    goes_on(None)  # cancelled, or forgotten
    quiz = Quiz("second", round_.year, seen=int(NOON.timestamp()))
    assert goes_on(quiz) == {second: 1, first: 1}, "the one given up stopped at its second question"
    quiz = unsure_of_all(quiz)
    assert goes_on(quiz) == {second: 1, DONE: 1}
    assert goes_on(replace(quiz, again=first)) == {second: 1, first: 1}, "its first answer is being changed"
    assert goes_on(replace(quiz, again="")) == {second: 1, DONE: 1}
    assert named(total, "quiz_started") == {"": 2}


def test_a_quiz_that_goes_on_another_day_stands_there() -> None:
    evening = int(datetime(2025, 5, 31, 23, tzinfo=BANGKOK).timestamp())
    before, after = replace(NOWHERE, seen=evening), replace(NOWHERE, seen=evening + 7200)
    turn = Turn(Conversation(quiz=after))
    found = counts_of(event(), Conversation(quiz=before), turn, TODAY, lambda quiz: "focus")
    assert found == {Counted(TODAY, "quiz_at", "focus"): 1, Counted(date(2025, 5, 31), "quiz_at", "focus"): -1}


def test_reply_times_fall_into_classes_that_leave_no_gap() -> None:
    assert reply_class(0) == reply_class(20) == "20"
    assert reply_class(21) == str(CLASSES[1])
    assert reply_class(CLASSES[-1]) == str(CLASSES[-1])
    assert reply_class(CLASSES[-1] + 1) == str(SLOWER)
    assert all(later <= earlier * 1.3 for earlier, later in itertools.pairwise(CLASSES))


def test_what_was_counted_is_added_up_in_the_database(counting: Counting, engine: Engine) -> None:
    for _ in range(3):
        counting.turn(event(), Conversation(), answered(), failed=False)
        counting.replied(120)
    counting.flush()
    counting.turn(event(), Conversation(), answered(), failed=False)
    counting.flush()
    counting.flush()
    found = stored(engine)
    assert found["answer", "answered"] == 4
    assert found["reply_ms", reply_class(120)] == 3
    assert "failed" not in {name for name, _ in found}


def test_an_apology_is_counted_as_such(counting: Counting, engine: Engine) -> None:
    counting.turn(event(), Conversation(), Turn(Conversation()), failed=True)
    counting.flush()
    assert stored(engine)["failed", ""] == 1


def test_people_are_counted_once_a_day_and_nobody_stays(counting: Counting, engine: Engine, redis: Redis) -> None:
    for person in (CHAT, "U" + "b" * 32, CHAT):
        counting.turn(event(chat=person, user=person), Conversation(), answered(), failed=False)
        counting.flush()
    # In a group it is the person who speaks that counts, not the group.
    counting.turn(event(chat="C" + "c" * 32, user=CHAT, source="group"), Conversation(), answered(), failed=False)
    counting.flush()
    found = stored(engine)
    assert (found["people", "day"], found["people", "week"]) == (2, 2)
    kept = [(key, redis.dump(key)) for key in redis.keys("*")]  # type: ignore[union-attr]
    assert len(kept) == 4
    assert not [key for key, value in kept if CHAT.encode() in key + (value or b"")]
    assert all(0 < redis.ttl(key) <= 9 * 86_400 for key, _ in kept)  # type: ignore[operator]


def test_the_same_person_cannot_be_followed_from_day_to_day(engine: Engine, redis: Redis) -> None:
    for day in (NOON, NOON + timedelta(days=1)):
        counting = Counting(engine, redis, lambda day=day: day, nobody_asks)
        counting.turn(event(), Conversation(), answered(), failed=False)
        counting.flush()
    one, other = (redis.get(f"lertrat:people:day:2025-06-0{number}") for number in (1, 2))
    assert one
    assert other
    assert one != other, "each day has a salt of its own"


def test_who_keeps_quiet_is_nobody(counting: Counting, engine: Engine) -> None:
    counting.turn(event(kind="unfollow"), Conversation(), Turn(Conversation()), failed=False)
    counting.flush()
    assert stored(engine) == {}


def test_a_redis_that_lost_its_day_lowers_no_figure(counting: Counting, engine: Engine, redis: Redis) -> None:
    for letter in "abc":
        person = "U" + letter * 32
        counting.turn(event(chat=person, user=person), Conversation(), answered(), failed=False)
    counting.flush()
    redis.flushall()
    counting.turn(event(), Conversation(), answered(), failed=False)
    counting.flush()
    assert stored(engine)["people", "day"] == 3


def test_the_week_begins_on_monday() -> None:
    assert [monday(date(2025, 6, day)).isoformat() for day in (1, 2, 8, 9)] == [
        "2025-05-26",
        "2025-06-02",
        "2025-06-02",
        "2025-06-09",
    ]


def test_without_database_and_redis_figures_wait(engine: Engine, redis: Redis, tmp_path: object) -> None:
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    gone = Redis(unix_socket_path=f"{tmp_path}/none")
    counting = Counting(away, gone, lambda: NOON, nobody_asks)
    counting.turn(event(), Conversation(), answered(), failed=False)
    counting.flush()
    counting._engine, counting._redis = engine, redis
    counting.flush()
    found = stored(engine)
    assert (found["answer", "answered"], found["people", "day"]) == (1, 1)


def test_nothing_that_goes_wrong_reaches_the_answer(engine: Engine, redis: Redis) -> None:
    counting = Counting(engine, redis, lambda: NOON, nobody_asks)
    counting.turn(event(), Conversation(), Turn(Conversation(quiz=NOWHERE)), failed=False)
    counting.flush()
    assert stored(engine) == {}


# In the shell


@pytest.fixture
def counting_desk(desk: Desk, counting: Counting) -> Iterator[Desk]:
    """A desk whose Processor counts."""
    original = desk.process

    def process() -> float | None:
        return Processor(
            desk.redis,
            desk.conversations,
            lambda e, c: desk.dispatch(e, c),
            desk.render,
            desk.line,
            desk.storage,
            log_key="key",
            now=lambda: desk.time + 150,
            counts=counting,
        ).process(CHAT.replace("a", "1"))

    desk.process = process  # type: ignore[method-assign]
    yield desk
    desk.process = original  # type: ignore[method-assign]


@pytest.fixture
def desk(redis: Redis, line_server: LineServer) -> Desk:
    return Desk(redis, line_server, Line("token", line_server.host, "key"), render=as_text)


def test_an_event_is_counted_once_and_its_reply_with_its_time(
    counting_desk: Desk, counting: Counting, engine: Engine
) -> None:
    counting_desk.dispatch = lambda event, conversation: answered()
    counting_desk.receive()
    counting_desk.process()
    counting_desk.process()
    counting.flush()
    found = stored(engine)
    assert (found["answer", "answered"], found["reply_ms", reply_class(150)], found["people", "day"]) == (1, 1, 1)


def test_a_turn_whose_reply_is_sent_again_is_not_counted_again(
    counting_desk: Desk, counting: Counting, engine: Engine
) -> None:
    counting_desk.dispatch = lambda event, conversation: answered()
    counting_desk.server.failures.append((500, {"message": "later"}))
    counting_desk.receive()
    assert counting_desk.process() is not None
    assert counting_desk.process() is None
    counting.flush()
    found = stored(engine)
    assert found["answer", "answered"] == 1
    assert found["reply_ms", reply_class(150)] == 1


def test_a_turn_that_failed_is_counted_as_failed(counting_desk: Desk, counting: Counting, engine: Engine) -> None:
    def broken(event: object, conversation: object) -> Turn:
        raise RuntimeError

    counting_desk.dispatch = broken
    counting_desk.receive()
    counting_desk.process()
    counting.flush()
    assert stored(engine)["failed", ""] == 1
