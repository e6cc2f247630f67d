"""Broadcasts by people: written, looked at, tested, sent, stopped and reported on. The command line and the console call
this; whatever a person may do wrong is a RefusedError that says what to do."""

from __future__ import annotations

import secrets
import uuid
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from bot import audiences
from bot.flex import Json
from bot.limits import MESSAGES_PER_CALL, TEXT_UTF16, json_bytes, utf16_length
from bot.now import utc_now
from bot.quiet import evening_of, is_quiet, next_waking
from bot.reminder_texts import ON_CARD, rendered
from bot.storage import broadcasts, deliveries, rides, sending
from bot.storage.broadcasts import DRAFT, PAUSED, PLANNING, SCHEDULED, SENDING, Broadcast
from bot.storage.deliveries import Total
from bot.turn import Answer, Block, Button

if TYPE_CHECKING:
    from bot.line import Line

EXPIRES_AFTER = timedelta(days=2)  # what a person sends is news for so long, unless he says otherwise
TITLE_LENGTH = 60
CARD_BYTES = 40_000


class RefusedError(Exception):
    """What was asked for cannot be done. The text is one line that says why, and what to do."""


@dataclass(frozen=True)
class Card:
    """A card: its first line, a text, and a button that opens a web page or says its own label."""

    title: str
    text: str
    button: str = ""
    link: str = ""


@dataclass(frozen=True)
class Report:
    """How a Broadcast stands. `totals` are Deliveries and recipients by state; `rides` how many were told on a reply,
    `unsure_rides` how many of whom nobody can tell whether they were."""

    broadcast: Broadcast
    totals: dict[str, Total]
    rides: int
    unsure_rides: int = 0

    def recipients(self, *states: str) -> int:
        """How many recipients are in these states; in all without any."""
        return sum(total.recipients for state, total in self.totals.items() if not states or state in states)

    @property
    def over(self) -> int:
        """How many recipients' Deliveries are resolved."""
        return self.recipients() - self.recipients(*deliveries.OPEN)

    @property
    def is_final(self) -> bool:
        """Whether nothing of it will change by itself."""
        return self.broadcast.state in broadcasts.FINAL and not self.recipients(*deliveries.OPEN)


def compose(text: str = "", card: Card | None = None) -> list[Json]:
    """The LINE messages of a text, a card, or both. RefusedError for nothing, or more than LINE takes."""
    messages: list[Json] = []
    if text.strip():
        if utf16_length(text.strip()) > TEXT_UTF16:
            raise RefusedError(
                f"the text has {utf16_length(text.strip()):,} characters, LINE takes {TEXT_UTF16:,}; shorten it"
            )
        messages.append({"type": "text", "text": text.strip()})
    if card is not None:
        if not card.title.strip() or not card.text.strip():
            raise RefusedError("a card needs a title and a text")
        if card.link and not card.link.startswith("https://"):
            raise RefusedError("the card's link does not begin with https://; correct it")
        if card.link and not card.button:
            raise RefusedError("the card's link needs a button's label")
        if card.button and not card.link:
            raise RefusedError("the card's button needs a link")
        lines = tuple(line for line in card.text.splitlines() if line.strip())
        link = (Button(card.button, card.button, link=card.link),) if card.link else ()
        messages += rendered(Answer(ON_CARD, card.title.strip(), blocks=(Block("paragraph", lines),), buttons=link))
    if not messages:
        raise RefusedError("there is nothing to send; give a text or a card")
    if len(messages) > MESSAGES_PER_CALL or json_bytes(messages) > CARD_BYTES:
        raise RefusedError("it is longer than LINE takes in one call; shorten it")
    return messages


def create(
    engine: Engine, *, messages: Sequence[Json], audience: audiences.Audience, title: str, now: datetime, by: str
) -> int:
    """Keep a draft; its number."""
    with engine.begin() as connection:
        number = broadcasts.create(
            connection,
            key=f"{broadcasts.MESSAGE}:{secrets.token_hex(12)}",
            kind=broadcasts.MESSAGE,
            title=title.strip()[:TITLE_LENGTH],
            messages=[dict(message) for message in messages],
            audience=audience,
            state=DRAFT,
            created_at=now,
            created_by=by[:64],
        )
    if number is None:
        raise RefusedError("it was not kept; try again")
    return number


def schedule(
    engine: Engine, number: int, *, at: datetime, now: datetime, until: datetime | None = None, at_night: bool = False
) -> Broadcast:
    """draft or scheduled → scheduled, to be sent at `at` and never past `until`. RefusedError for times that do not fit."""
    if at < now - timedelta(minutes=1):
        raise RefusedError("that time has passed; give a later one, or send it at once")
    if is_quiet(at) and not at_night:
        raise RefusedError("nobody is disturbed between 20:00 and 08:00; give another time, or --at-night")
    until = until or max(at + EXPIRES_AFTER, evening_of((at + EXPIRES_AFTER).date()))
    if until <= at:
        raise RefusedError("it would be too late before it is sent; give a later end")
    values = {"send_at": at, "expires_at": until, "at_night": at_night}
    return _move(engine, number, [DRAFT, SCHEDULED], SCHEDULED, "is {state}: only a draft can be scheduled", **values)


def send_now(engine: Engine, number: int, *, now: datetime, at_night: bool = False) -> Broadcast:
    """draft or scheduled → scheduled for this moment; in the quiet hours for the end of them, unless `at_night`."""
    return schedule(engine, number, at=now if at_night else next_waking(now), now=now, at_night=at_night)


def pause(engine: Engine, number: int) -> Broadcast:
    """scheduled, planning or sending → paused; what is under way arrives all the same."""
    with engine.begin() as connection:
        found = _moved(
            connection, number, [SCHEDULED, PLANNING, SENDING], PAUSED, "is {state}: there is nothing to pause"
        )
        sending.pause(connection, number, utc_now())
    return found


def resume(engine: Engine, number: int) -> Broadcast:
    """paused → as it was: scheduled, being planned, or being sent."""
    with engine.begin() as connection:
        before = _found(connection, number)
        state = SENDING if before.planned_at else PLANNING if before.cursor else SCHEDULED
        if before.send_at is None:
            state = DRAFT
        found = _moved(connection, number, [PAUSED], state, "is {state}: only a paused one can be resumed")
        sending.resume(connection, number)
    return found


def cancel(engine: Engine, number: int, *, now: datetime) -> Broadcast:
    """Anything that is not over → cancelled: nobody else gets it. What is under way arrives, or is uncertain."""
    with engine.begin() as connection:
        states = [DRAFT, SCHEDULED, PLANNING, SENDING, PAUSED]
        found = _moved(connection, number, states, broadcasts.CANCELLED, "is {state}: it is over", done_at=now)
        sending.cancel(connection, number, now, utc_now(), "cancelled by a person")
    return found


def test_send(engine: Engine, line: Line, number: int, chat: str) -> None:
    """Push the messages to one chat, to be looked at. It costs one message; RefusedError when LINE does not take them."""
    from bot.line import LineError

    with engine.connect() as connection:
        found = _found(connection, number)
    try:
        line.push(chat, found.messages, str(uuid.uuid4()))
    except LineError as error:
        raise RefusedError(f"LINE did not take it ({error})") from None


def settle(engine: Engine, delivery: int, state: str, *, now: datetime) -> None:
    """What a person found out about an uncertain or failed Delivery: "sent", "failed", or "created" to send it again."""
    with engine.begin() as connection:
        if not sending.settle(connection, delivery, state, now):
            raise RefusedError(
                f"delivery {delivery} is neither uncertain nor failed, or who it went to is no longer known; "
                "see `lertrat broadcast show`"
            )
        found = deliveries.by_id(connection, delivery)
        if state == deliveries.CREATED and found is not None:
            again = {"done_at": None, "expires_at": now + EXPIRES_AFTER}
            broadcasts.move(connection, found.broadcast, broadcasts.FINAL, SENDING, **again)


def report(connection: Connection, number: int) -> Report:
    """How a Broadcast stands. RefusedError when there is none."""
    found = _found(connection, number)
    ridden = rides.totals(connection, found.key)
    told = ridden.get(rides.DELIVERED, 0) + ridden.get(rides.CLAIMED, 0)
    return Report(found, deliveries.totals(connection, number), told, ridden.get(rides.UNCERTAIN, 0))


def _move(engine: Engine, number: int, old: Sequence[str], new: str, problem: str, **values: object) -> Broadcast:
    with engine.begin() as connection:
        return _moved(connection, number, old, new, problem, **values)


def _moved(
    connection: Connection, number: int, old: Sequence[str], new: str, problem: str, **values: object
) -> Broadcast:
    if not broadcasts.move(connection, number, old, new, **values):
        raise RefusedError(f"broadcast {number} {problem.format(state=_found(connection, number).state)}")
    return _found(connection, number)


def _found(connection: Connection, number: int) -> Broadcast:
    found = broadcasts.by_id(connection, number)
    if found is None:
        raise RefusedError(f"there is no broadcast {number}; see `lertrat broadcast list`")
    return found
