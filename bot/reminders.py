"""Plans reminders: which are due, as Broadcasts, and who gets them, as Deliveries. Nothing is sent here.

`plan` may be called at any moment, by any number of processes, and killed at any point: every step is one transaction
under a key or a comparison that only one of them can pass, and what a step needs is read from the database again.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

import structlog
from sqlalchemy import Connection, Engine

from bot import audiences, calendar_changes
from bot.now import BANGKOK
from bot.quiet import evening_of, morning_of
from bot.recipients import write_planned
from bot.reminder_texts import known_day, reminder
from bot.storage import broadcasts, known_dates, subscriptions
from knowledge.calendar import days_left, leads_due, matching_subjects, milestones
from knowledge.leads import Lead
from knowledge.model import Knowledge, Milestone, Round

log = structlog.get_logger(__name__)

BY_ITSELF = "lertrat"
# A day further back is long past, and its reminders with it.
MOST_DAYS_LATE = 400


@dataclass(frozen=True)
class Planned:
    """What one call of `plan` did: Broadcasts that came about (`changes` tell dates, `reminders` remind of them) and
    Deliveries written."""

    changes: int = 0
    reminders: int = 0
    deliveries: int = 0


@dataclass(frozen=True)
class Due:
    """One reminder: of a milestone, on one morning before its day. `at` is when it is sent, `expires_at` when it would
    mislead; both in Bangkok. `leads` are all the wished lead times that fall on that morning, such as a month and 30 days:
    whoever wished both is told once. `key` is its Broadcast's, and counts days, so that a ride claims the same one."""

    key: str
    milestone: Milestone
    round: Round
    leads: tuple[Lead, ...]
    at: datetime
    expires_at: datetime

    @property
    def audience(self) -> audiences.Audience:
        """Who wished for it."""
        return audiences.of_subjects(matching_subjects(self.milestone, self.round), *map(str, self.leads))

    @property
    def lead(self) -> Lead:
        """One of them."""
        return self.leads[0]

    @property
    def urgency(self) -> int:
        """Fewer days left are more urgent."""
        return min(days_left(self.milestone, self.at.date()) or 0, 99)


def plan(
    engine: Engine,
    knowledge: Knowledge,
    now: datetime,
    *,
    revision: int = 0,
    meanwhile: Callable[[], None] | None = None,
) -> Planned:
    """Bring everything up to `now` (program's clock): changed dates, due reminders, scheduled Broadcasts, Deliveries.

    `revision` numbers what `knowledge` is of: an older one than planned last does nothing, so that a clock that has not
    heard of a new Revision cannot move dates back. `meanwhile` as in recipients.write_planned. SQLAlchemyError while the database is away.
    """
    with engine.begin() as connection:
        stands = known_dates.planner_at(connection, now, revision)
    # What a process that was killed began comes first: changes ask who was told.
    written = write_planned(engine, now, meanwhile)
    if stands is None:
        return Planned(deliveries=written)
    changes = calendar_changes.tell(engine, knowledge, now)
    reminders = _plan_due(engine, knowledge, stands.planned_until, now)
    with engine.begin() as connection:
        for one in broadcasts.in_states(connection, broadcasts.SCHEDULED):
            if one.send_at is not None and one.send_at <= now:
                upto = one.upto if one.upto is not None else audiences.upto(connection, one.audience)
                broadcasts.move(connection, one.id, [broadcasts.SCHEDULED], broadcasts.PLANNING, upto=upto)
    return Planned(changes, reminders, written + write_planned(engine, now, meanwhile))


def due_between(
    knowledge: Knowledge,
    known: dict[tuple[int, str], known_dates.Known],
    wanted: set[str],
    after: datetime,
    upto: datetime,
) -> Iterator[Due]:
    """The reminders with a lead time in `wanted` that fall into the time behind `after` up to `upto`, in order of days.

    None of a date that was first seen after that moment: whoever waits for it was told by the announcement.
    """
    leads = [Lead.parse(text) for text in sorted(wanted)]
    day = max(after.astimezone(BANGKOK).date(), upto.astimezone(BANGKOK).date() - timedelta(days=MOST_DAYS_LATE))
    while day <= upto.astimezone(BANGKOK).date():
        at = morning_of(day)
        if after < at <= upto:
            for year, round_ in sorted(knowledge.rounds.items()):
                for milestone in milestones(round_):
                    seen = known.get((year, milestone.id))
                    if seen is None or seen.day != known_day(milestone) or seen.seen_at > at:
                        continue
                    if together := leads_due(milestone, day, leads):
                        yield _due(milestone, round_, together, at)
        day += timedelta(days=1)


def due_for(connection: Connection, knowledge: Knowledge, chat: str, now: datetime, hours: float = 24) -> list[Due]:
    """The reminders of one chat that fall into the `hours` behind `now`, each once: what could ride on a reply."""
    wishes = subscriptions.of_chat(connection, chat)
    if not wishes:
        return []
    found = due_between(
        knowledge,
        known_dates.all_known(connection),
        {lead for wish in wishes for lead in wish.leads},
        now,
        now + timedelta(hours=hours),
    )
    return [
        due
        for due in found
        if any(
            wish.subject in due.audience["subjects"] and not {*map(str, due.leads)}.isdisjoint(wish.leads)
            for wish in wishes
        )
    ]


def _plan_due(engine: Engine, knowledge: Knowledge, planned_until: datetime, now: datetime) -> int:
    """Keep a Broadcast for every reminder that is due, all in one transaction; how many."""
    first = morning_of(planned_until.astimezone(BANGKOK).date())
    if now < (first if first > planned_until else first + timedelta(days=1)):
        return 0
    with engine.connect() as connection:
        known, wanted = known_dates.all_known(connection), subscriptions.leads_in_use(connection)
        upto = subscriptions.last_id(connection)
        due = [
            one
            for one in due_between(knowledge, known, wanted, planned_until, now)
            if audiences.page(connection, one.audience, after="", upto=upto, limit=1).chats
        ]
    kept = 0
    with engine.begin() as connection:
        if not known_dates.planned(connection, planned_until, now):
            return 0
        for one in due:
            title, messages = reminder(one.milestone, one.round, one.at.date())
            number = broadcasts.create(
                connection,
                key=one.key,
                kind=broadcasts.REMINDER,
                title=title,
                messages=messages,
                audience=one.audience,
                state=broadcasts.PLANNING,
                created_at=now,
                created_by=BY_ITSELF,
                urgency=one.urgency,
                send_at=one.at,
                expires_at=one.expires_at,
                upto=upto,
                tells=[(one.round.year, one.milestone.id, known_day(one.milestone))],
            )
            kept += number is not None
    if kept:
        log.info("reminders_planned", count=kept)
    return kept


def _due(milestone: Milestone, round_: Round, leads: tuple[Lead, ...], at: datetime) -> Due:
    day: date = at.date()
    expires_at = evening_of(day)
    if milestone.time and days_left(milestone, day) == 0:
        # On the day itself it must not come after the fact.
        expires_at = min(expires_at, datetime.combine(day, time.fromisoformat(milestone.time), BANGKOK))
    key = f"{broadcasts.REMINDER}:{round_.year}:{milestone.id}:{known_day(milestone).partition(' ')[0]}:{days_left(milestone, day)}d"
    return Due(key, milestone, round_, leads, at, expires_at)
