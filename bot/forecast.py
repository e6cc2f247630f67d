"""A dry run: who would get what, when, and what it costs. Nothing is written and nothing is sent."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from sqlalchemy import Connection

from bot import audiences, calendar_changes
from bot.quiet import next_waking
from bot.reminder_texts import known_day, reminder
from bot.reminders import due_between
from bot.storage import broadcasts, deliveries, known_dates, subscriptions
from bot.storage.known_dates import Known
from knowledge.calendar import milestones
from knowledge.model import Knowledge


@dataclass(frozen=True)
class Expected:
    """One Broadcast to come. Times are of the program's clock; `users` count to the quota, and each of the `groups` counts
    its members, which LINE alone knows. `milestone` is the id of what a reminder reminds of, `broadcast` the number of one
    that is there already."""

    title: str
    at: datetime
    expires_at: datetime | None
    users: int
    groups: int
    state: str
    milestone: str = ""
    broadcast: int | None = None

    @property
    def calls(self) -> int:
        """Deliveries: multicasts of up to 500 users, and a push for each group."""
        return -(-self.users // deliveries.PER_MULTICAST) + self.groups


@dataclass(frozen=True)
class _Coming:
    """What an Expected is made of, before its recipients are counted, which takes the longer the more people there are.
    `audience` is None where they are written already."""

    title: str
    at: datetime
    expires_at: datetime | None
    audience: audiences.Audience | None
    state: str
    milestone: str = ""
    broadcast: int | None = None
    key: str = ""


def forecast(
    connection: Connection, knowledge: Knowledge, now: datetime, days: int, limit: int | None = None
) -> list[Expected]:
    """What the next `days` would bring as wishes and calendar stand, in order of time: what waits already, and reminders.
    Of the first `limit` alone if given."""
    until = now + timedelta(days=days)
    coming = [*_waiting(connection, now, until), *_reminders(connection, knowledge, now, until)]
    counted = (_counted(connection, one) for one in sorted(coming, key=lambda one: one.at))
    return list(islice(filter(None, counted), limit))


def told_at_once(connection: Connection, knowledge: Knowledge, now: datetime) -> list[Expected]:
    """What would be told of this calendar as soon as it is published: dates announced, moved, withdrawn."""
    found = []
    for news in calendar_changes.expected(connection, knowledge, now):
        users, groups = audiences.count(connection, news.audience)
        found.append(Expected(news.title, next_waking(now), None, users, groups, news.kind))
    return found


def _waiting(connection: Connection, now: datetime, until: datetime) -> Iterator[_Coming]:
    states = (broadcasts.SCHEDULED, broadcasts.PLANNING, broadcasts.SENDING)
    for one in broadcasts.in_states(connection, *states):
        at = max(one.send_at or now, now)
        if at <= until:
            audience = one.audience if one.planned_at is None else None
            yield _Coming(one.title, at, one.expires_at, audience, one.state, broadcast=one.id)


def _reminders(connection: Connection, knowledge: Knowledge, now: datetime, until: datetime) -> Iterator[_Coming]:
    known = {
        (year, m.id): Known(m.name, known_day(m), m.cancelled, now)
        for year, round_ in knowledge.rounds.items()
        for m in milestones(round_)
    }
    told = known_dates.all_known(connection)
    known |= {key: told[key] for key in known if key in told and told[key].day == known[key].day}
    wanted = subscriptions.leads_in_use(connection)
    for due in due_between(knowledge, known, wanted, now, until):
        title, _ = reminder(due.milestone, due.round, due.at.date())
        yield _Coming(title, due.at, due.expires_at, due.audience, "planned", due.milestone.id, key=due.key)


def _counted(connection: Connection, one: _Coming) -> Expected | None:
    """None for a reminder that nobody wished for, or that is a Broadcast already."""
    if one.key and broadcasts.by_key(connection, one.key) is not None:
        return None
    if one.audience is not None:
        users, groups = audiences.count(connection, one.audience)
    else:
        users, groups = deliveries.open_recipients(connection, one.broadcast or 0)
    if one.key and not users and not groups:
        return None
    return Expected(one.title, one.at, one.expires_at, users, groups, one.state, one.milestone, one.broadcast)
