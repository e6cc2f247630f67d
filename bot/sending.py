"""Sends what is planned: claims Deliveries, calls LINE, and keeps what became of each.

Killed at any point, nothing is lost and nothing is sent twice: a claim is committed before its call, the same retry key
and body go out again after it, and LINE answers 409 to what it took before. Claims and results are kept some
Deliveries at a time, since a commit costs as much as a call.
"""

from __future__ import annotations

import json
import random
import secrets
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import Engine

from bot.alerts import Alert
from bot.line import Line, PermanentError, RetryableError
from bot.now import Now, utc_now
from bot.quiet import is_quiet
from bot.rate import Limiter
from bot.storage import broadcasts, deliveries, sending
from bot.storage.broadcasts import Broadcast
from bot.storage.sending import Claimed, Outcome

log = structlog.get_logger(__name__)

BATCH = 50
# A batch that was over sooner than that is followed by one of twice as many, up to the largest: on SQLite each claim waits
# for the planner. At LINE's pace it stays at BATCH, so that a pause is soon heard.
QUICK_SECONDS = 0.25
LARGEST_BATCH = 400
# Renewed as long as its holder lives, so that a killed one's Deliveries are soon taken over. Should it run out all the same,
# the second call has the same key.
LEASE_SECONDS = 6.0
BATCH_SECONDS = 8.0  # no new call of a batch after that
KEEP_EVERY_SECONDS = 1.0
FIRST_BACKOFF_SECONDS = 1.0
LONGEST_BACKOFF_SECONDS = 60.0
# So many calls in a row that LINE could not take: the rest of the batch would fare the same.
HOPELESS = 5
REFUSED_AGAIN_SECONDS = 300.0  # until the month's messages are asked for again


@dataclass(frozen=True)
class Sent:
    """What one call of `send_some` did: `resolved` Deliveries, and whether it is worth asking for more right away.

    `kept_back`: nothing of this Broadcast may be tried now, by the night or a person; `hopeless`: LINE takes nothing now."""

    resolved: int
    more: bool
    kept_back: bool = False
    hopeless: bool = False


class Sender:
    """Safe to share between threads. `parallel` is how many calls of a batch are made at once."""

    def __init__(
        self,
        engine: Engine,
        line: Line,
        multicasts: Limiter,
        pushes: Limiter,
        now: Now,
        alert: Alert,
        *,
        parallel: int = 4,
        real: Now = utc_now,
    ) -> None:
        self._engine = engine
        self._line = line
        self._limiters = {deliveries.MULTICAST: multicasts, deliveries.PUSH: pushes}
        self._now = now
        self._alert = alert
        self._real = real
        self._parallel = parallel
        self._pool = ThreadPoolExecutor(parallel, thread_name_prefix="line")

    def send_some(self, number: int, keep: Callable[[], None] = lambda: None, *, limit: int | None = None) -> Sent:
        """Claim up to `limit` (BATCH) Deliveries of one Broadcast and send them; `keep` is called every second meanwhile.
        SQLAlchemyError while the database is away: then the claims stay, and are sent again when their lease is over."""
        lease = secrets.token_hex(8)
        now, real = self._now(), self._real()
        with self._engine.begin() as connection:
            broadcast = broadcasts.by_id(connection, number)
            if broadcast is None or broadcast.state != broadcasts.SENDING or not _may_start(broadcast, now):
                return Sent(0, more=False, kept_back=True)
            until = real + timedelta(seconds=LEASE_SECONDS)
            claimed = sending.claim(
                connection, number, limit=limit or BATCH, lease=lease, until=until, now=now, real=real
            )
        if not claimed:
            return Sent(0, more=False)
        batch = _Batch(self, broadcast, claimed)
        resolved, kept = 0, time.monotonic()
        for outcomes in batch.run(self._pool, self._parallel):
            with self._engine.begin() as connection:
                sending.record(connection, outcomes, lease=lease, now=self._now())
                if time.monotonic() - kept >= KEEP_EVERY_SECONDS:
                    until = self._real() + timedelta(seconds=LEASE_SECONDS)
                    sending.renew(connection, [one.id for one in claimed], lease=lease, until=until)
            if time.monotonic() - kept >= KEEP_EVERY_SECONDS:
                keep()
                kept = time.monotonic()
            resolved += sum(outcome.state not in deliveries.OPEN for outcome in outcomes)
        self._tell(broadcast, batch)
        return Sent(resolved, more=not batch.hopeless, hopeless=batch.hopeless)

    def _tell(self, broadcast: Broadcast, batch: _Batch) -> None:
        if batch.refused_access:
            # Every other Delivery would fail as well; a person puts the token right and resumes.
            with self._engine.begin() as connection:
                if broadcasts.move(connection, broadcast.id, [broadcasts.SENDING], broadcasts.PAUSED):
                    sending.pause(connection, broadcast.id, self._real())
            self._alert("access", f"LINE ไม่รับ access token จึงพักการส่ง “{broadcast.title}” ไว้ แก้ token แล้วสั่งส่งต่อ")
        for state, text in (
            (deliveries.HELD, "โควตาข้อความของเดือนนี้หมด จึงพักไว้ก่อน"),
            (deliveries.FAILED, "LINE ไม่รับข้อความ"),
            (deliveries.UNCERTAIN, "ไม่แน่ใจว่า LINE รับข้อความแล้วหรือไม่"),
        ):
            if state in batch.seen:
                self._alert(
                    state,
                    f"การส่ง “{broadcast.title}” (#{broadcast.id}): {text} ดู lertrat broadcast show {broadcast.id}",
                )


class _Batch:
    """The calls of one claim. `hopeless`: another one would fare the same at this moment."""

    def __init__(self, sender: Sender, broadcast: Broadcast, claimed: Sequence[Claimed]) -> None:
        self._sender = sender
        self._broadcast = broadcast
        self._claimed = claimed
        self._messages = json.dumps(broadcast.messages)
        self._began = time.monotonic()
        self._in_a_row = 0
        self._stop = threading.Event()
        self._monthly_limit = False
        self.seen: set[str] = set()
        self.refused_access = False
        self.hopeless = False

    def run(self, pool: ThreadPoolExecutor, parallel: int) -> Iterator[list[Outcome]]:
        """Make the calls; the outcomes, some at a time, none left out. Every second it gives some, or none."""
        waiting = deque(self._with_turns())
        ready: deque[Outcome] = deque()

        def work() -> None:
            # A future for each call would cost a good part of the call.
            while True:
                try:
                    claimed, turn = waiting.popleft()
                except IndexError:
                    return
                ready.append(self._noted(self._attempt(claimed, turn)))

        running = {pool.submit(work) for _ in range(min(parallel, len(waiting)))}
        while running:
            done, running = wait(running, timeout=KEEP_EVERY_SECONDS)
            yield [ready.popleft() for _ in range(len(ready))]
            for one in done:
                one.result()

    def _with_turns(self) -> Iterator[tuple[Claimed, float]]:
        for call, limiter in self._sender._limiters.items():
            mine = [one for one in self._claimed if one.call == call]
            if mine:
                yield from zip(mine, limiter.book(len(mine)), strict=True)

    def _attempt(self, claimed: Claimed, turn: float) -> Outcome:
        """One call at its turn; every way in which it can end is an Outcome."""
        sender = self._sender
        if turn > time.monotonic() and not self._stop.is_set():
            if turn - self._began > BATCH_SECONDS:
                self._stop.set()
            else:
                time.sleep(turn - time.monotonic())
        if time.monotonic() - self._began > BATCH_SECONDS:
            self._stop.set()
        if self._monthly_limit:
            return Outcome(claimed, deliveries.HELD, untried=True, problem=MONTHLY)
        if self._stop.is_set():
            return Outcome(claimed, deliveries.CREATED, untried=True)
        now = sender._now()
        if too_old(claimed, now):
            return Outcome(claimed, deliveries.UNCERTAIN, untried=True, problem="its retry key is too old")
        if self._broadcast.expires_at is not None and now >= self._broadcast.expires_at:
            state = deliveries.UNCERTAIN if claimed.unsure else deliveries.EXPIRED
            return Outcome(claimed, state, untried=True, problem="its time was over")
        if not claimed.chats:
            return Outcome(claimed, deliveries.CANCELLED, untried=True, problem="nobody is left")
        try:
            if claimed.call == deliveries.PUSH:
                sender._line.push(claimed.chats, self._broadcast.messages, claimed.retry_key)
            else:
                to = '["' + claimed.chats.replace(" ", '","') + '"]'
                sender._line.multicast_json(to, self._messages, claimed.retry_key, claimed.count)
        except RetryableError as error:
            retry_at = sender._real() + timedelta(seconds=backoff(claimed.attempts))
            return Outcome(
                claimed,
                deliveries.CREATED,
                unsure=error.unsure,
                retry_at=retry_at,
                problem=f"{error.status or 'no answer'}",
            )
        except PermanentError as error:
            return self._refused(claimed, error)
        return Outcome(claimed, deliveries.SENT)

    def _refused(self, claimed: Claimed, error: PermanentError) -> Outcome:
        if error.monthly_limit:
            again = self._sender._real() + timedelta(seconds=REFUSED_AGAIN_SECONDS)
            return Outcome(claimed, deliveries.HELD, retry_at=again, problem=MONTHLY)
        problem = f"refused ({error.status})"
        if error.status in (401, 403):
            self.refused_access = True
        state = deliveries.UNCERTAIN if claimed.unsure else deliveries.FAILED
        return Outcome(claimed, state, problem=problem)

    def _noted(self, outcome: Outcome) -> Outcome:
        """Whatever an outcome means for the rest of the batch."""
        if outcome.state == deliveries.HELD:
            self._monthly_limit = True
        elif outcome.state == deliveries.CREATED and not outcome.untried:
            self._in_a_row += 1
        elif outcome.state == deliveries.SENT:
            self._in_a_row = 0
        if self._monthly_limit or self.refused_access or self._in_a_row >= HOPELESS:
            self.hopeless = True
            self._stop.set()
        if not outcome.untried or outcome.state == deliveries.UNCERTAIN:
            self.seen.add(outcome.state)
        return outcome


MONTHLY = "the month's messages are used up"


def too_old(claimed: Claimed, now: datetime) -> bool:
    """Whether LINE may have forgotten the key of an attempt that it may have accepted."""
    return claimed.unsure and now - claimed.first_attempt_at >= timedelta(hours=sending.KEY_HOURS)


def backoff(attempts: int) -> float:
    """Seconds until the next attempt after so many (1 …): doubling, and spread, so that many do not come at once."""
    longest: float = min(FIRST_BACKOFF_SECONDS * 2 ** min(attempts - 1, 20), LONGEST_BACKOFF_SECONDS)
    return longest * random.uniform(0.5, 1.0)  # noqa: S311 - no secret


def _may_start(broadcast: Broadcast, now: datetime) -> bool:
    return broadcast.at_night or not is_quiet(now)


def send_until(sender: Sender, number: int, seconds: float, keep: Callable[[], None]) -> Sent:
    """Send batches of one Broadcast for some `seconds` (real time); what the last one did. `keep` is called before each
    batch and every second."""
    began = time.monotonic()
    until, limit = began + seconds, BATCH
    while True:
        keep()
        sent = sender.send_some(number, keep, limit=limit)
        ended = time.monotonic()
        if not sent.more or ended >= until:
            return sent
        limit, began = next_limit(limit, ended - began), ended


def next_limit(limit: int, seconds: float) -> int:
    """How many Deliveries to claim after a batch of up to `limit` that took so long."""
    return min(limit * 2, LARGEST_BATCH) if seconds < QUICK_SECONDS else max(limit // 2, BATCH)
