"""A dry run: who would get what, when, and what it costs. Nothing is written and nothing is sent."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection

from bot import audiences
from bot.reminder_texts import known_day, reminder
from bot.reminders import due_between
from bot.storage import broadcasts, deliveries, known_dates, subscriptions
from bot.storage.known_dates import Known
from knowledge.calendar import milestones
from knowledge.model import Knowledge


@dataclass(frozen=True)
class Expected:
    """One Broadcast to come. Times are of the program's clock; `users` count to the quota, and each of the `groups` counts
    its members, which LINE alone knows."""

    title: str
    at: datetime
    expires_at: datetime | None
    users: int
    groups: int
    state: str

    @property
    def calls(self) -> int:
        """Deliveries: multicasts of up to 500 users, and a push for each group."""
        return -(-self.users // deliveries.PER_MULTICAST) + self.groups


def forecast(connection: Connection, knowledge: Knowledge, now: datetime, days: int) -> list[Expected]:
    """What the next `days` would bring as wishes and calendar stand, in order of time: what waits already, and reminders."""
    found = [*_waiting(connection, now, now + timedelta(days=days))]
    known = {
        (year, m.id): Known(m.name, known_day(m), m.cancelled, now)
        for year, round_ in knowledge.rounds.items()
        for m in milestones(round_)
    }
    told = known_dates.all_known(connection)
    known |= {key: told[key] for key in known if key in told and told[key].day == known[key].day}
    wanted = subscriptions.leads_in_use(connection)
    for due in due_between(knowledge, known, wanted, now, now + timedelta(days=days)):
        if broadcasts.by_key(connection, due.key) is not None:
            continue
        users, groups = audiences.count(connection, due.audience)
        if users or groups:
            title, _ = reminder(due.milestone, due.round, due.at.date())
            found.append(Expected(title, due.at, due.expires_at, users, groups, "planned"))
    return sorted(found, key=lambda one: one.at)


def _waiting(connection: Connection, now: datetime, until: datetime) -> list[Expected]:
    found = []
    states = (broadcasts.SCHEDULED, broadcasts.PLANNING, broadcasts.SENDING)
    for one in broadcasts.in_states(connection, *states):
        at = max(one.send_at or now, now)
        if at > until:
            continue
        if one.planned_at is None:
            users, groups = audiences.count(connection, one.audience)
        else:
            users, groups = deliveries.open_recipients(connection, one.id)
        found.append(Expected(one.title, at, one.expires_at, users, groups, one.state))
    return found
