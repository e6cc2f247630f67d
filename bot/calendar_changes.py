"""Compares the published calendar with what was told of it, and tells what is new: dates announced, moved, withdrawn.

A date that moves is told in two steps. First what still waits to tell the old date is stopped; when nothing of it is under
way any longer, those who were told it hear of the change. Both may be repeated: the second is what makes the calendar known.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import structlog
from sqlalchemy import Connection, Engine

from bot import audiences, reminder_texts
from bot.now import BANGKOK, utc_now
from bot.quiet import evening_of, next_waking
from bot.reminder_texts import known_day
from bot.storage import broadcasts, deliveries, known_dates, sending
from bot.storage.broadcasts import Broadcast, Told
from bot.storage.known_dates import Known
from knowledge.calendar import is_past, latest, matching_subjects, milestones
from knowledge.model import Knowledge, Milestone, Round

log = structlog.get_logger(__name__)

NEWS_DAYS = 7  # so long is a change worth telling
_BY_ITSELF = "lertrat"
_TOLD = (deliveries.SENT, deliveries.UNCERTAIN, audiences.RIDDEN)


@dataclass(frozen=True)
class _Change:
    """What differs of one milestone. `now` is None when the calendar no longer has it."""

    year: int
    id: str
    old: Known | None
    now: Milestone | None
    day: str
    cancelled: bool

    def known(self, now: datetime) -> Known:
        """What is kept of it from now on."""
        name = self.now.name if self.now else self.old.name if self.old else ""
        return Known(name, self.day, self.cancelled, now)

    @property
    def key(self) -> Told:
        return self.year, self.id, self.day

    @property
    def is_news(self) -> bool:
        """Whether there is a date now that nobody could know before: not one that takes the place of a told one."""
        if not self.day or self.cancelled:
            return False
        old = self.old.day if self.old and not self.old.cancelled else ""
        # A day in the month that was announced before.
        return not old or (len(old) == len("2569-03") and self.day.startswith(f"{old}-") and ".." not in self.day)

    @property
    def takes_back(self) -> str:
        """The date that was told and no longer holds, "" when there is none."""
        return self.old.day if self.old and not self.old.cancelled and not self.is_news else ""


def tell(engine: Engine, knowledge: Knowledge, now: datetime) -> int:
    """Keep a Broadcast for every change of the calendar; how many."""
    with engine.connect() as connection:
        known = known_dates.all_known(connection)
    today = now.astimezone(BANGKOK).date()
    changes = list(_changes(knowledge, known))
    kept = 0
    for year in sorted({change.year for change in changes}):
        mine = [change for change in changes if change.year == year]
        news = [change for change in mine if not change.takes_back]
        kept += _announce(engine, knowledge, year, news, today, now)
        for change in mine:
            if change.takes_back:
                kept += _take_back(engine, knowledge, change, today, now)
    return kept


@dataclass(frozen=True)
class News:
    """What publishing would tell at once: `kind` as a Broadcast's, and to whom."""

    kind: str
    title: str
    audience: audiences.Audience


def expected(connection: Connection, knowledge: Knowledge, now: datetime) -> list[News]:
    """What `tell` would keep, as things stand; nothing is written."""
    known, today, found = known_dates.all_known(connection), now.astimezone(BANGKOK).date(), []
    for year, round_ in sorted(knowledge.rounds.items()):
        changes = [change for change in _changes(knowledge, known) if change.year == year]
        fresh = [c.now for c in changes if c.is_news and c.now is not None and not is_past(c.now, today)]
        if fresh:
            subjects = frozenset[str]().union(*(matching_subjects(m, round_) for m in fresh))
            title, _ = reminder_texts.announcement(fresh, round_)
            found.append(News(broadcasts.ANNOUNCEMENT, title, audiences.of_subjects(subjects)))
        for change in changes:
            if old := change.takes_back:
                if _end_of(old) < today and (change.now is None or change.cancelled or is_past(change.now, today)):
                    continue
                telling = broadcasts.telling(connection, year, change.id, old)
                audience = _who_was_told(change, round_, telling)
                name = change.known(now).name
                title, _ = reminder_texts.change(change.now, name, reminder_texts.known_text(old), round_)
                found.append(News(broadcasts.CHANGE, title, audience))
    return found


def _changes(knowledge: Knowledge, known: dict[tuple[int, str], Known]) -> list[_Change]:
    current = {(year, m.id): m for year, round_ in knowledge.rounds.items() for m in milestones(round_)}
    found = []
    for year, name in sorted({*current, *known}):
        milestone, old = current.get((year, name)), known.get((year, name))
        day = known_day(milestone) if milestone else ""
        cancelled = milestone.cancelled if milestone else False
        if old is None or (old.day, old.cancelled) != (day, cancelled):
            found.append(_Change(year, name, old, milestone, day, cancelled))
    return found


def _announce(
    engine: Engine, knowledge: Knowledge, year: int, changes: Sequence[_Change], today: date, now: datetime
) -> int:
    """Make what is new known, and one Broadcast of it; 1 or 0."""
    if not changes:
        return 0
    news = [c.now for c in changes if c.is_news and c.now is not None and not is_past(c.now, today)]
    with engine.begin() as connection:
        for change in changes:
            if not known_dates.learn(connection, year, change.id, change.old, change.known(now)):
                connection.rollback()
                return 0
        if not news:
            return 0
        round_ = knowledge.rounds[year]
        subjects = frozenset[str]().union(*(matching_subjects(m, round_) for m in news))
        audience = audiences.of_subjects(subjects)
        if not audiences.page(connection, audience, after="", upto=None, limit=1).chats:
            return 0
        return _keep_announcement(connection, news, round_, audience, now, "")


def _keep_announcement(
    connection: Connection,
    news: Sequence[Milestone],
    round_: Round,
    audience: audiences.Audience,
    now: datetime,
    again: str,
) -> int:
    # Told in the order of their dates, whatever they are called.
    title, messages = reminder_texts.announcement([m for m in milestones(round_) if m in news], round_)
    tells = [(round_.year, m.id, known_day(m)) for m in news]
    digest = hashlib.sha256(repr((sorted(tells), now.isoformat(), again)).encode()).hexdigest()[:16]
    number = broadcasts.create(
        connection,
        key=f"{broadcasts.ANNOUNCEMENT}:{round_.year}:{digest}",
        kind=broadcasts.ANNOUNCEMENT,
        title=title,
        messages=messages,
        audience=audience,
        state=broadcasts.PLANNING,
        created_at=now,
        created_by=_BY_ITSELF,
        urgency=40,
        send_at=next_waking(now),
        expires_at=_news_until(news, now),
        upto=audiences.upto(connection, audience),
        tells=tells,
    )
    return int(number is not None)


def _take_back(engine: Engine, knowledge: Knowledge, change: _Change, today: date, now: datetime) -> int:
    """Stop what would still tell a date that no longer holds, then tell those who were told it; how many Broadcasts."""
    old = change.takes_back
    with engine.begin() as connection:
        telling = broadcasts.telling(connection, change.year, change.id, old)
        for one in telling:
            stopped = broadcasts.move(
                connection, one.id, [*_STOPPABLE], broadcasts.CANCELLED, done_at=now, note="its date no longer holds"
            )
            if stopped:
                sending.cancel(connection, one.id, now, utc_now(), "its date no longer holds")
    numbers = [one.id for one in telling]
    with engine.begin() as connection:
        if numbers and sending.in_flight(connection, numbers, utc_now()):
            log.info("change_waits_for_calls_under_way", milestone=change.id)
            return 0  # the next minute knows whom they reached
        for one in telling:
            # What was under way when it was stopped, and did not arrive.
            sending.cancel(connection, one.id, now, utc_now(), "its date no longer holds")
        if not known_dates.learn(connection, change.year, change.id, change.old, change.known(now)):
            return 0
        round_ = knowledge.rounds.get(change.year)
        over = _end_of(old) < today and (change.now is None or change.cancelled or is_past(change.now, today))
        if round_ is None or over:
            return 0
        kept = _keep_change(connection, change, round_, telling, now)
        for one in telling:
            if one.kind == broadcasts.ANNOUNCEMENT:
                kept += _announce_again(connection, one, round_, today, now)
        return kept


_ANNOUNCED_AGAIN = "announced again with the dates that hold"
_STOPPABLE = (broadcasts.SCHEDULED, broadcasts.PLANNING, broadcasts.SENDING, broadcasts.PAUSED)


def _keep_change(
    connection: Connection, change: _Change, round_: Round, telling: Sequence[Broadcast], now: datetime
) -> int:
    audience = _who_was_told(change, round_, telling)
    if not _anybody(connection, audience):
        return 0
    name = change.known(now).name
    title, messages = reminder_texts.change(change.now, name, reminder_texts.known_text(change.takes_back), round_)
    moved_on = change.now is not None and change.day and not change.cancelled
    number = broadcasts.create(
        connection,
        key=f"{broadcasts.CHANGE}:{change.year}:{change.id}:{now.timestamp():.3f}",
        kind=broadcasts.CHANGE,
        title=title,
        messages=messages,
        audience=audience,
        state=broadcasts.PLANNING,
        created_at=now,
        created_by=_BY_ITSELF,
        urgency=0,
        send_at=next_waking(now),
        expires_at=_news_until([change.now] if moved_on and change.now else [], now),
        tells=[change.key] if moved_on else [],
    )
    return int(number is not None)


def _who_was_told(change: _Change, round_: Round, telling: Sequence[Broadcast]) -> audiences.Audience:
    """Those who were told the date that no longer holds, by these Broadcasts or on a reply, and still wish to hear."""
    subjects = matching_subjects(change.now, round_) if change.now else frozenset(round_.subjects)
    states = set(_TOLD)
    if change.day.partition(" ")[0] == change.takes_back.partition(" ")[0]:
        # Only the time of day differs: the reminders that were stopped are due under the same key, and not planned again.
        states.add(deliveries.CANCELLED)
    # A reminder that rode ahead of its time has no Broadcast, but a key.
    ahead = f"{broadcasts.REMINDER}:{change.year}:{change.id}:{change.takes_back.partition(' ')[0]}:"
    return audiences.of_told([one.id for one in telling], states, subjects, ahead)


def _announce_again(connection: Connection, stopped: Broadcast, round_: Round, today: date, now: datetime) -> int:
    """An announcement that was stopped before it had reached everyone: with the dates that hold, to the others."""
    audience = audiences.of_told([stopped.id], [deliveries.CANCELLED], stopped.audience["subjects"])
    marked = broadcasts.move(
        connection, stopped.id, [broadcasts.CANCELLED], broadcasts.CANCELLED, note=_ANNOUNCED_AGAIN
    )
    if stopped.note == _ANNOUNCED_AGAIN or not marked or not _anybody(connection, audience):
        return 0
    told = {(year, name) for year, name, _ in broadcasts.told_by(connection, stopped.id)}
    news = [
        m
        for m in milestones(round_)
        if (round_.year, m.id) in told and m.date and not m.cancelled and not is_past(m, today)
    ]
    return _keep_announcement(connection, news, round_, audience, now, f"{stopped.id}") if news else 0


def _anybody(connection: Connection, audience: audiences.Audience) -> bool:
    after, more = "", True
    while more:
        page = audiences.page(connection, audience, after=after, upto=None, limit=1000)
        if page.chats:
            return True
        after, more = page.last, page.more
    return False


def _news_until(news: Sequence[Milestone], now: datetime) -> datetime:
    """When telling it would come too late: some days on, or when the last of it is over."""
    send_at = next_waking(now)
    longest = send_at + timedelta(days=NEWS_DAYS)
    last = max((day for m in news if (day := latest(m))), default=None)
    return min(longest, max(evening_of(last), send_at + timedelta(hours=1))) if last else longest


def _end_of(day: str) -> date:
    """The last day of a date as known_dates keeps it; of a month its 28th."""
    text = day.partition(" ")[0].rpartition("..")[2]
    year, month, *rest = map(int, text.split("-"))
    return date(year - 543, month, rest[0] if rest else 28)
