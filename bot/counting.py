"""Counts what the assistant is used for, day by day and without identity, for the administrators' dashboard.

Turns are counted in the process's memory and written every two seconds: of all workers' threads each would otherwise wait
for the same few rows. What a worker that is killed has counted since is lost, which moves no figure that anybody acts on.
People are counted by a hash that is salted with a number which Redis forgets after the day (or week), in a HyperLogLog,
which holds no hash either: nobody can tell afterwards who was there.
"""

from __future__ import annotations

import hashlib
import secrets
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable
from datetime import date, datetime, timedelta
from typing import cast

import structlog
from redis import Redis, RedisError
from sqlalchemy import Engine
from sqlalchemy.exc import SQLAlchemyError

from bot.logs import failure
from bot.now import BANGKOK, Now
from bot.storage import statistics
from bot.storage.statistics import Counted
from bot.turn import Conversation, Event, OpenHandover, Quiz, RecordUnanswered, Turn
from knowledge.model import Knowledge
from knowledge.quiz import TOLD, collected, next_question

log = structlog.get_logger(__name__)

FLUSH_SECONDS = 2.0
MOST_PEOPLE = 100_000  # kept in memory while Redis is away
# Names in the table; the keys are explained at each.
ANSWER = "answer"  # status of an answer to a question: answered, clarify, unknown, out_of_scope
SUBJECT = "subject"  # subject key of a question that was answered, or whose answer is not known
ATTRIBUTE = "attribute"  # the same for what was asked of it
REPLY_MS = "reply_ms"  # upper bound of a class of reply times, see CLASSES
FAILED = "failed"  # turns that ended in an apology
QUIZ_STARTED = "quiz_started"
QUIZ_AT = "quiz_at"  # where the quizzes stand that were last touched that day: a question's id, or DONE
DONE = "done"
KEPT = "kept"  # questions kept for the inbox, by reason
HANDOVER = "handover"  # people who asked for a person
PEOPLE = "people"  # key "day", or "week" at the week's Monday

QUESTIONS = ("answered", "clarify", "unknown", "out_of_scope")
# What is said about the quiz, reminders and manners is no question about the awards.
_NO_QUESTION = ("quiz", "reminder", "smalltalk")
# Milliseconds, each a quarter more than the one before: a percentile is told to within a tenth or so.
CLASSES = tuple(dict.fromkeys(round(20 * 1.25**step) for step in range(37)))  # 20 ms … 61 s
SLOWER = 999_999  # the class of all that took longer

Position = Callable[[Quiz], str]
_SALT_SECONDS = {"day": 2 * 86_400, "week": 9 * 86_400}


def reply_class(milliseconds: int) -> str:
    """The upper bound of the class that a reply time belongs to."""
    place = bisect_left(CLASSES, milliseconds)
    return str(CLASSES[place] if place < len(CLASSES) else SLOWER)


def monday(day: date) -> date:
    """The first day of a day's week."""
    return day - timedelta(days=day.weekday())


def counts_of(event: Event, before: Conversation, turn: Turn, today: date, position: Position) -> Counter[Counted]:
    """What one Turn adds. `position` tells where a quiz stands: a question's id, or DONE."""
    found: Counter[Counted] = Counter()
    for answer in turn.replies:
        if answer.status not in QUESTIONS or answer.attribute in _NO_QUESTION:
            continue
        found[Counted(today, ANSWER, answer.status)] += 1
        if answer.status in ("answered", "unknown"):
            found.update(Counted(today, SUBJECT, subject) for subject in set(answer.subjects))
            found[Counted(today, ATTRIBUTE, answer.attribute)] += 1
    for effect in turn.effects:
        if isinstance(effect, RecordUnanswered):
            found[Counted(today, KEPT, effect.reason)] += 1
        elif isinstance(effect, OpenHandover):
            found[Counted(today, HANDOVER)] += 1
    found.update(_quiz(before.quiz, turn.conversation.quiz, today, position))
    return found


def _quiz(before: Quiz | None, after: Quiz | None, today: date, position: Position) -> Counter[Counted]:
    """A quiz that moves takes its mark from where it stood, on the day when it was last touched, to where it stands. One
    that is given up leaves it there."""
    found: Counter[Counted] = Counter()
    if after is None or after == before:
        return found
    if before is None or before.id != after.id:
        found[Counted(today, QUIZ_STARTED)] += 1
    else:
        touched = _day_of(before.seen)
        found[Counted(touched, QUIZ_AT, position(before))] -= 1
    found[Counted(today, QUIZ_AT, position(after))] += 1
    return found


def quiz_position(knowledge: Knowledge, quiz: Quiz) -> str:
    """The id of the question that is due in a quiz; DONE where none is."""
    round_ = knowledge.round_for(quiz.year) or knowledge.newest
    facts = collected(round_, quiz.responses)
    if any(response.question == quiz.again != TOLD for response in quiz.responses):
        return quiz.again  # an answer is being changed
    due = next_question(round_, facts)
    return due.id if due else DONE


def _day_of(seconds: int) -> date:
    return datetime.fromtimestamp(seconds, BANGKOK).date()


class Counting:
    """What a worker counts. Safe to share between its threads; none of its methods raises or waits for a server, but
    `flush`, which waits and does not raise."""

    def __init__(self, engine: Engine, redis: Redis, now: Now, position: Position) -> None:
        self._engine = engine
        self._redis = redis
        self._now = now
        self._position = position
        self._lock = threading.Lock()
        self._counts: Counter[Counted] = Counter()
        self._people: set[tuple[date, str]] = set()
        self._writing = threading.Lock()

    def turn(self, event: Event, before: Conversation, turn: Turn, *, failed: bool) -> None:
        """Count one event's Turn; `failed`: an apology was all that came of it."""
        try:
            today = self._today()
            found = counts_of(event, before, turn, today, self._position)
            if failed:
                found[Counted(today, FAILED)] += 1
        except Exception as error:  # no answer is lost for a figure
            log.error("turn_not_counted", **failure(error))
            return
        with self._lock:
            self._counts.update(found)
            if (turn.replies or failed) and len(self._people) < MOST_PEOPLE:
                self._people.add((today, event.user or event.chat))

    def replied(self, milliseconds: int) -> None:
        """Count a reply that LINE took, so long after the question came in."""
        counted = Counted(self._today(), REPLY_MS, reply_class(milliseconds))
        with self._lock:
            self._counts[counted] += 1

    def start(self, every: float = FLUSH_SECONDS) -> None:
        """Write by itself from now on, as long as the process lives."""

        def keep() -> None:
            while True:
                threading.Event().wait(every)
                self.flush()

        threading.Thread(target=keep, name="statistics", daemon=True).start()

    def flush(self) -> None:
        """Write what was counted. What cannot be written is kept for the next time."""
        with self._writing:
            with self._lock:
                counts, self._counts = self._counts, Counter()
                people, self._people = self._people, set()
            try:
                self._add({counted: value for counted, value in counts.items() if value})
            except SQLAlchemyError as error:
                log.error("statistics_not_written", **failure(error))
                with self._lock:
                    self._counts.update(counts)
            try:
                self._meet(people)
            except (RedisError, SQLAlchemyError) as error:
                log.error("people_not_counted", **failure(error))
                with self._lock:
                    self._people |= people

    def _add(self, counts: dict[Counted, int]) -> None:
        if counts:
            with self._engine.begin() as connection:
                statistics.add(connection, counts)

    def _meet(self, people: set[tuple[date, str]]) -> None:
        if not people:
            return
        seen: dict[Counted, int] = {}
        for day in {day for day, _ in people}:
            who = [person for when, person in people if when == day]
            for kind, first in (("day", day), ("week", monday(day))):
                seen[Counted(first, PEOPLE, kind)] = self._distinct(kind, first, who)
        with self._engine.begin() as connection:
            statistics.raise_to(connection, seen)

    def _distinct(self, kind: str, first: date, people: list[str]) -> int:
        """How many different people were there in the period so far, these included."""
        seconds = _SALT_SECONDS[kind]
        key = f"lertrat:people:{kind}:{first.isoformat()}"
        salt_key = f"lertrat:people-salt:{kind}:{first.isoformat()}"
        self._redis.set(salt_key, secrets.token_bytes(32), nx=True, ex=seconds)
        salt = cast("bytes | None", self._redis.get(salt_key)) or secrets.token_bytes(32)
        with self._redis.pipeline() as pipe:
            pipe.pfadd(key, *(hashlib.blake2b(one.encode(), key=salt, digest_size=16).digest() for one in people))
            pipe.expire(key, seconds)
            pipe.pfcount(key)
            return int(pipe.execute()[2])

    def _today(self) -> date:
        return self._now().astimezone(BANGKOK).date()
