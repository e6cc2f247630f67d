"""One fault run: mornings lived through while processes are killed and LINE fails, then the account."""

from __future__ import annotations

import random
import time
from collections import Counter
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime, timedelta
from datetime import time as clock_time
from pathlib import Path
from typing import Any

from redis import RedisError
from sqlalchemy import func, select

from bot.content import as_documents, own_files
from bot.fault_run import story
from bot.fault_run.stage import Stage, StageError
from bot.fault_run.story import Expected
from bot.fault_run.tally import Tally, tally
from bot.health import WORKER_KEYS
from bot.now import BANGKOK, utc_now
from bot.storage import revisions, subscriptions
from bot.storage.tables import broadcasts, deliveries, known_dates

MORNING_SECONDS = 13.0  # real time from 07:55 to 20:05 of one day
START_SECONDS = 9.0  # in which both workers are ready on a machine for which these times are made
KILL_EVERY_SECONDS = 2.5
LONGEST_AWAY_SECONDS = 1.5
BOTH_WORKERS = 0.2  # how often a worker is killed while the other one is away
MONTHLY_SECONDS = 3.0
LONGEST_NIGHT_SECONDS = 60.0
REST_SECONDS = 60.0
QUOTA = 1_000_000
ALERT_CHAT = "U" + "a" * 32
RATES = {
    "500": 0.03,
    "503": 0.03,
    "429": 0.03,
    "reset before": 0.03,
    "500 after": 0.02,
    "reset after": 0.03,
    "timeout after": 0.01,
}
VICTIMS = ("worker 1", "worker 2", "clock 1", "clock 2", "redis")

Say = Callable[[str], None]


@dataclass(frozen=True)
class Outcome:
    """What a run came to. `kills` by process, `faults` and `calls` as LINE counted them, `seconds` of real time."""

    tally: Tally
    kills: Counter[str]
    faults: dict[str, int]
    calls: dict[str, int]
    days: int
    seconds: float


def run(
    *, seconds: float, seed: int, count: int, database: str = "", logs: Path | None = None, say: Say = lambda _: None
) -> Outcome:
    """Live through as many mornings as fit into `seconds` of faults, with `count` subscribers. What comes by chance comes
    from `seed`, as far as processes that run at once allow. StageError when it cannot be set up."""
    began = time.monotonic()
    with Stage(database, seed=seed, logs=logs, ALERT_CHAT=ALERT_CHAT, MULTICASTS_PER_SECOND="0") as stage:
        return _Run(stage, seconds, seed, count, say).live(began)


class _Run:
    def __init__(self, stage: Stage, seconds: float, seed: int, count: int, say: Say) -> None:
        self._stage = stage
        self._say = say
        self._random = random.Random(seed)  # noqa: S311 - drawn the same each time on purpose
        self._own = as_documents(own_files())
        self._people = story.subscribers(count, seed)
        self._seconds = seconds
        self._mornings: list[int] = []
        self._length = 0.0
        self._slowness = 1.0
        self._kills: Counter[str] = Counter()
        self._back_at: dict[str, float] = {}
        self._moved_on: int | None = None
        self._known: set[bytes] = set()  # workers that were ready
        self._away: list[str] = []  # workers that were killed and are not ready again

    def live(self, began: float) -> Outcome:
        stage = self._stage
        stage.set_clock(_at(0, 5), 1)
        self._say("starting two workers, two clocks, Redis and a small LINE")
        stage.fit(story.documents(self._own, moved=False))
        self._publish(moved=False)
        self._subscribe()
        for name in VICTIMS[:4]:
            stage.parts[name].start()
        started = time.monotonic()
        stage.wait_for_workers(2)
        # On a slow machine fewer mornings and kills, so that a killed worker is back before the day is over.
        self._slowness = max(1.0, (time.monotonic() - started) / START_SECONDS)
        length = MORNING_SECONDS * self._slowness
        self._mornings = story.mornings(max(1, round(self._seconds / length)))
        self._length = self._seconds / len(self._mornings)
        self._say(f"{len(self._people):,} subscribers, {len(self._mornings)} mornings of {self._length:.0f} s")
        stage.wait(self._dates_are_known, 60, "no clock plans")
        self._loading()
        stage.tell_line(rates=RATES, quota=QUOTA)
        for number, day in enumerate(self._mornings):
            self._night_before(day)
            self._morning(day, moving=number == 1, short_of_messages=number == 2)
        self._come_to_rest()
        account = stage.account()
        return Outcome(
            tally(self._expected(account), account, stage.engine, ALERT_CHAT),
            self._kills,
            account["faults"],
            account["calls"],
            self._mornings[-1] + 1,
            time.monotonic() - began,
        )

    # The story

    def _night_before(self, day: int) -> None:
        """It is 05:00 until a worker is back: a day that begins without one would test little."""
        self._stage.set_clock(_at(day, 5), 1)
        until = time.monotonic() + LONGEST_NIGHT_SECONDS
        while self._loading() > 1 and time.monotonic() < until:
            self._bring_back(time.monotonic())
            time.sleep(0.05)

    def _morning(self, day: int, *, moving: bool, short_of_messages: bool) -> None:
        """One day from 07:55 to 20:05 under faults; of the last one a part, so that the rest is sent in peace."""
        last = day == self._mornings[-1]
        self._stage.set_clock(_at(day, 7, 55), 12 * 3600 / self._length)
        self._say(f"day {day}: {_at(day, 8):%d %B %Y}")
        start = time.monotonic()
        until = start + self._length * (0.75 if last else 1.0) + 10 / 720 * self._length
        kill_at = start + self._pause()
        move_at = start + self._random.uniform(0.1, 0.5) * self._length if moving else float("inf")
        monthly = (start, start + MONTHLY_SECONDS) if short_of_messages else (float("inf"), float("inf"))
        is_monthly = False
        while (now := time.monotonic()) < until:
            if now >= kill_at:
                self._kill(self._victim())
                kill_at = now + self._pause()
            if now >= move_at:
                self._publish(moved=True)
                self._moved_on, move_at = day, float("inf")
            if is_monthly != (monthly[0] <= now < monthly[1]):
                is_monthly = not is_monthly
                self._stage.tell_line(monthly=is_monthly)
            self._bring_back(now)
            time.sleep(0.02)
        if is_monthly:
            self._stage.tell_line(monthly=False)

    def _victim(self) -> str:
        """Any process. A worker takes its time to be back: seldom is the other one killed as well meanwhile."""
        name = self._random.choice(VICTIMS)
        if name.startswith("worker") and self._loading() and self._random.random() > BOTH_WORKERS:
            return self._random.choice([other for other in VICTIMS if not other.startswith("worker")])
        return name

    def _loading(self) -> int:
        """How many workers that were killed are not back yet."""
        with suppress(RedisError):
            keys = set(self._stage.redis.scan_iter(WORKER_KEYS))
            del self._away[: len(keys - self._known)]
            self._known |= keys
        return len(self._away)

    def _kill(self, name: str) -> None:
        part = self._stage.parts[name]
        if name in self._back_at or not part.is_alive:
            return
        part.kill()
        self._kills[name] += 1
        if name.startswith("worker"):
            self._away.append(name)
        self._back_at[name] = time.monotonic() + self._random.uniform(0, LONGEST_AWAY_SECONDS)

    def _bring_back(self, now: float) -> None:
        for name in VICTIMS:
            part = self._stage.parts[name]
            if name in self._back_at:
                if now >= self._back_at[name]:
                    del self._back_at[name]
                    part.start()
            elif not part.is_alive:
                # Nobody killed it: without its Redis, for instance, a worker may end by itself.
                self._kills[f"{name} by itself"] += 1
                part.start()

    def _pause(self) -> float:
        longest = 2 * KILL_EVERY_SECONDS
        return self._slowness * min(self._random.expovariate(1 / KILL_EVERY_SECONDS), longest)

    def _come_to_rest(self) -> None:
        """No more faults: what may still be sent is sent, and what is held until the evening ends with it."""
        stage = self._stage
        stage.tell_line(rates={}, monthly=False)
        self._bring_back(float("inf"))
        self._say("no more faults; waiting until nothing is in motion")
        stage.set_clock(_at(self._mornings[-1], 18), 1)
        try:
            stage.wait(lambda: not self._in_motion(("created", "paused")), REST_SECONDS, "still in motion")
        except StageError as error:
            self._say(str(error))
        stage.set_clock(_at(self._mornings[-1], 20, 5), 60)
        with suppress(StageError):
            stage.wait(lambda: not self._in_motion(("created", "paused")), REST_SECONDS, "still in motion")

    # What it needs

    def _publish(self, *, moved: bool) -> None:
        documents = story.documents(self._own, moved=moved)
        with self._stage.engine.begin() as connection:
            revisions.publish(
                connection,
                documents,
                based_on=revisions.newest_id(connection),
                note="fault run",
                author="fault run",
                published_at=utc_now(),
            )

    def _subscribe(self) -> None:
        with self._stage.engine.begin() as connection:
            for one in self._people:
                for subject, leads in one.wishes.items():
                    subscriptions.subscribe(
                        connection,
                        chat=one.chat,
                        source={"U": "user", "C": "group", "R": "room"}[one.chat[0]],
                        subject=subject,
                        leads=leads,
                        event_id="fault-run",
                        created_at=utc_now(),
                    )

    def _dates_are_known(self) -> bool:
        with self._stage.engine.connect() as connection:
            return bool(connection.execute(select(func.count()).select_from(known_dates)).scalar())

    def _in_motion(self, states: tuple[str, ...]) -> bool:
        with self._stage.engine.connect() as connection:
            open_ones = select(deliveries.c.id).where(deliveries.c.state.in_(states)).limit(1)
            unwritten = select(broadcasts.c.id).where(
                broadcasts.c.state.in_(("planning", "sending")), broadcasts.c.planned_at.is_(None)
            )
            return any(connection.execute(found.limit(1)).first() for found in (open_ones, unwritten))

    def _expected(self, account: dict[str, Any]) -> list[Expected]:
        announced = story.announced(self._people)
        found = [announced, *story.reminders(self._people, self._mornings[-1], self._moved_on)]
        if self._moved_on is not None:
            told = {
                chat
                for digest, counts in account["delivered"].items()
                if announced.is_told_by(account["titles"][digest])
                for chat in counts
            }
            wishing = frozenset(told) & announced.chats
            found.append(story.changed(wishing, self._moved_on))
        return sorted(found, key=lambda one: one.day)


def _at(day: int, hour: int, minute: int = 0) -> datetime:
    return datetime.combine(story.FIRST_DAY + timedelta(days=day), clock_time(hour, minute), BANGKOK)
