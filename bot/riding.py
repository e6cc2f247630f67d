"""Reminders that ride on a free reply: chosen and claimed before it, told with it, settled after it.

A claim takes the chat out of the reminder's own Delivery (storage/rides.py). It is `delivered` once the reply was accepted
and `returned`, for a Delivery of its own, once it is certain that it never will be. The answer comes first: whatever goes
wrong here, it goes out without a ride.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import structlog
from sqlalchemy import Connection, Engine

from bot.limits import MESSAGES_PER_CALL, QUICK_REPLIES
from bot.logs import failure
from bot.now import BANGKOK, Now
from bot.reminder_texts import STOP_ALL, known_day, ride, stop_data
from bot.reminder_wording import NOT_ALL, NOT_THIS, several_rides
from bot.reminders import due_for
from bot.storage import broadcasts, rides, subscriptions
from bot.turn import CancelReminderWishes, Effect, EraseChat, Event, RecordReminderWish
from knowledge.calendar import is_past, matching_subjects
from knowledge.model import Knowledge, Milestone

log = structlog.get_logger(__name__)

Message = dict[str, Any]

HOURS_AHEAD = 24
MOST_AT_ONCE = 3
PAUSE_SECONDS = 30.0  # after the database was found away, answers do not wait for it again
# A turn that changes the reminders says itself what is set; the next reply takes what is due.
_ABOUT_REMINDERS = (RecordReminderWish, CancelReminderWishes, EraseChat)


@dataclass(frozen=True)
class _Candidate:
    """One that could ride: a reminder in one `sentence` with the `stop` of its button, or news with its own messages."""

    key: str
    sentence: str = ""
    stop: str = ""
    messages: tuple[Message, ...] = field(default=())


class Riding:
    """Rides of all chats. `knowledge` gives what is published now; `now` is the program's clock, `monotonic` real seconds."""

    def __init__(
        self,
        engine: Engine,
        knowledge: Callable[[], Knowledge],
        now: Now,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._engine = engine
        self._knowledge = knowledge
        self._now = now
        self._monotonic = monotonic
        self._away_until = 0.0

    def board(
        self, event: Event, ride_id: str, effects: Sequence[Effect], answer: Sequence[Message]
    ) -> tuple[Message, ...]:
        """Claim what is due in the event's chat under `ride_id`, and give the messages that tell it behind the messages of
        `answer`; none where nothing is due, no message is left to LINE's five, or the database is away."""
        wanted = event.kind in ("text", "postback") and event.active and event.reply_token is not None
        room = MESSAGES_PER_CALL - len(answer)
        if not wanted or not answer or not room or any(isinstance(effect, _ABOUT_REMINDERS) for effect in effects):
            return ()
        if self._monotonic() < self._away_until:
            return ()
        try:
            with self._engine.connect() as connection:
                found = list(self._candidates(connection, event.chat))
            return self._claimed(event, ride_id, found, answer, room) if found else ()
        except Exception as error:  # whatever it is, the person gets the answer
            log.error("ride_failed", event_id=event.id, **failure(error))
            self._away_until = self._monotonic() + PAUSE_SECONDS
            return ()

    def arrived(self, ride_id: str) -> None:
        """The reply was accepted. A failure is only logged: the person was told, and a claim is never told again."""
        try:
            with self._engine.begin() as connection:
                rides.deliver(connection, ride_id)
        except Exception as error:
            log.error("ride_not_settled", **failure(error))

    def returned(self, ride_id: str) -> None:
        """The reply will never be accepted: its rides are to be sent after all. SQLAlchemyError when the database is away;
        then it has to be said again."""
        with self._engine.begin() as connection:
            rides.give_back(connection, ride_id)

    def _candidates(self, connection: Connection, chat: str) -> Iterator[_Candidate]:
        """What is due in a chat and still true, the most urgent first; of one milestone only one."""
        knowledge, now = self._knowledge(), self._now().astimezone(BANGKOK)
        wishes = {wish.subject for wish in subscriptions.of_chat(connection, chat)}
        if not wishes:
            return
        told: set[tuple[int, str]] = set()
        for waiting in rides.waiting_for(connection, chat):
            dates = [(year, name, _milestone(knowledge, year, name), day) for year, name, day in waiting.tells]
            if not any(m and wishes & matching_subjects(m, knowledge.rounds[year]) for year, _, m, _ in dates):
                continue
            if waiting.kind != broadcasts.REMINDER:
                yield _Candidate(waiting.key, messages=tuple(waiting.messages))
                continue
            for year, name, milestone, day in dates:
                # One that has moved meanwhile is planned anew, and what has passed is told to nobody.
                if milestone and (year, name) not in told and _holds(milestone, day, now):
                    told.add((year, name))
                    yield _Candidate(waiting.key, ride(milestone, now.date()), stop_data(year, name))
        for due in due_for(connection, knowledge, chat, now, HOURS_AHEAD):
            one = (due.round.year, due.milestone.id)
            # Who wishes to hear on the day itself is not told on the day before.
            if one not in told and (due.lead.count or due.at.date() == now.date()):
                told.add(one)
                yield _Candidate(due.key, ride(due.milestone, now.date()), stop_data(*one))

    def _claimed(
        self, event: Event, ride_id: str, found: Sequence[_Candidate], answer: Sequence[Message], room: int
    ) -> tuple[Message, ...]:
        """Claim as many as there is room for, all or none; the messages that tell them."""
        reminders = [one for one in found if one.sentence][:MOST_AT_ONCE]
        news = next((one for one in found if 0 < len(one.messages) <= room - bool(reminders)), None)
        with self._engine.begin() as connection:
            at = self._now()
            riding = [
                one
                for one in (*([news] if news else []), *reminders)
                if rides.claim(connection, key=one.key, chat=event.chat, event_id=ride_id, at=at)
            ]
        told = [message for one in riding for message in one.messages]
        sentences = [one for one in riding if one.sentence]
        if sentences:
            told.append({"type": "text", "text": several_rides([one.sentence for one in sentences])})
        if told:
            stop = sentences[0].stop if len(riding) == 1 and sentences else STOP_ALL
            told[-1] = _with_buttons(told[-1], answer[-1], stop)
            log.info("reminders_ride", event_id=event.id, count=len(riding))
        return tuple(told)


def _milestone(knowledge: Knowledge, year: int, name: str) -> Milestone | None:
    round_ = knowledge.rounds.get(year)
    return next((e for e in round_.entries if e.id == name and isinstance(e, Milestone)), None) if round_ else None


def _holds(milestone: Milestone, day: str, now: datetime) -> bool:
    return (
        milestone.published
        and not milestone.cancelled
        and known_day(milestone) == day
        and not is_past(milestone, now.date(), now.time())
    )


def _with_buttons(message: Message, before: Message, stop: str) -> Message:
    """`message` with the quick replies of the one before it, which LINE shows under the last message only, and a first one
    to stop."""
    label = NOT_ALL if stop == STOP_ALL else NOT_THIS
    items: list[Any] = [
        {"type": "action", "action": {"type": "postback", "label": label, "data": stop, "displayText": label}}
    ]
    for shown in (before, message):
        items += [item for item in shown.get("quickReply", {}).get("items", []) if item not in items]
    return message | {"quickReply": {"items": items[:QUICK_REPLIES]}}
