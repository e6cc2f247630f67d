"""Broadcasts by people: written, looked at, tested, sent, stopped and reported on. The command line and the console call
this; whatever a person may do wrong is a RefusedError that says what to do."""

from __future__ import annotations

import hashlib
import json
import secrets
import uuid
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from bot import audiences
from bot.broadcast_wording import BROADCAST_STATES
from bot.flex import Json
from bot.limits import MESSAGES_PER_CALL, TEXT_UTF16, URI_UTF16, json_bytes, utf16_length
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
_ONLY_DRAFTS = "ข้อความนี้{state}แล้ว แก้ไขได้เฉพาะร่าง"


class RefusedError(Exception):
    """What was asked for cannot be done. The text is one line that says why, and what to do; `thai` says it to staff."""

    def __init__(self, text: str, thai: str) -> None:
        super().__init__(text)
        self.thai = thai


Also = Callable[[Connection, Broadcast], None]
"""What else belongs to a step: done in its transaction, with the Broadcast as it then is. What it raises undoes the step."""


def nothing_else(_connection: Connection, _one: Broadcast) -> None:
    """Nothing."""


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
        length = utf16_length(text.strip())
        if length > TEXT_UTF16:
            raise RefusedError(
                f"the text has {length:,} characters, LINE takes {TEXT_UTF16:,}; shorten it",
                f"ข้อความยาว {length:,} ตัวอักษร LINE รับได้ไม่เกิน {TEXT_UTF16:,} กรุณาตัดให้สั้นลง",
            )
        messages.append({"type": "text", "text": text.strip()})
    if card is not None:
        messages += _card(card)
    if not messages:
        raise RefusedError(
            "there is nothing to send; give a text or a card", "ยังไม่มีเนื้อหา กรุณาเขียนข้อความหรือการ์ดอย่างน้อยหนึ่งอย่าง"
        )
    if len(messages) > MESSAGES_PER_CALL or json_bytes(messages) > CARD_BYTES:
        raise RefusedError(
            "it is longer than LINE takes in one call; shorten it", "เนื้อหายาวเกินกว่าที่ LINE รับได้ในครั้งเดียว กรุณาตัดให้สั้นลง"
        )
    return messages


def _card(card: Card) -> list[Json]:
    if not card.title.strip() or not card.text.strip():
        raise RefusedError("a card needs a title and a text", "การ์ดต้องมีทั้งหัวเรื่องและเนื้อความ")
    if card.link and not card.link.startswith("https://"):
        raise RefusedError("the card's link does not begin with https://; correct it", "ลิงก์ของการ์ดต้องขึ้นต้นด้วย https://")
    if utf16_length(card.link) > URI_UTF16:
        raise RefusedError("the card's link is longer than LINE takes; shorten it", "ลิงก์ของการ์ดยาวเกินกว่าที่ LINE รับได้")
    if card.link and not card.button:
        raise RefusedError("the card's link needs a button's label", "มีลิงก์แล้ว กรุณาใส่ข้อความบนปุ่มด้วย")
    if card.button and not card.link:
        raise RefusedError("the card's button needs a link", "มีข้อความบนปุ่มแล้ว กรุณาใส่ลิงก์ที่จะเปิดด้วย")
    lines = tuple(line for line in card.text.splitlines() if line.strip())
    link = (Button(card.button, card.button, link=card.link),) if card.link else ()
    return rendered(Answer(ON_CARD, card.title.strip(), blocks=(Block("paragraph", lines),), buttons=link))


def create(
    engine: Engine,
    *,
    text: str = "",
    card: Card | None = None,
    audience: audiences.Audience,
    title: str,
    now: datetime,
    by: str,
    also: Also = nothing_else,
) -> int:
    """Keep a draft; its number. RefusedError as `compose`."""
    messages = compose(text, card)
    with engine.begin() as connection:
        number = broadcasts.create(
            connection,
            key=f"{broadcasts.MESSAGE}:{secrets.token_hex(12)}",
            kind=broadcasts.MESSAGE,
            title=title.strip()[:TITLE_LENGTH],
            messages=messages,
            audience=audience,
            state=DRAFT,
            created_at=now,
            created_by=by[:64],
            written=_written(text, card),
        )
        if number is None:
            raise RefusedError("it was not kept; try again", "ยังไม่ได้บันทึก กรุณาลองอีกครั้ง")
        also(connection, _found(connection, number))
    return number


def rewrite(
    engine: Engine,
    number: int,
    *,
    text: str = "",
    card: Card | None = None,
    audience: audiences.Audience,
    title: str,
    seen: str,
    also: Also = nothing_else,
) -> None:
    """Change a draft that is still as `seen` (its `digest`). RefusedError as `compose`, and for what changed meanwhile."""
    values = {
        "title": title.strip()[:TITLE_LENGTH],
        "messages": compose(text, card),
        "audience": audience,
        "written": _written(text, card),
    }

    with engine.begin() as connection:
        # The row is locked by this first change, so that what is compared stays as it is.
        before = _moved(connection, number, [DRAFT], DRAFT, "is {state}: only a draft can be changed", _ONLY_DRAFTS)
        _as_seen(before, seen)
        also(connection, _moved(connection, number, [DRAFT], DRAFT, "is no draft any more", _ONLY_DRAFTS, **values))


def _written(text: str, card: Card | None) -> Json:
    return {"text": text, "card": asdict(card) if card else None}


def digest(one: Broadcast) -> str:
    """What a person looked at: title, messages and audience, in brief."""
    seen = json.dumps([one.title, one.messages, one.audience], sort_keys=True)
    return hashlib.sha256(seen.encode()).hexdigest()[:24]


def _as_seen(one: Broadcast, seen: str | None) -> None:
    if seen is not None and seen != digest(one):
        raise RefusedError(
            f"broadcast {one.id} was changed meanwhile; look at it again",
            "มีผู้อื่นแก้ไขข้อความนี้หลังจากที่คุณเปิดดู กรุณาอ่านข้อความล่าสุดก่อน แล้วทำใหม่อีกครั้ง",
        )


def schedule(
    engine: Engine,
    number: int,
    *,
    at: datetime,
    now: datetime,
    until: datetime | None = None,
    at_night: bool = False,
    seen: str | None = None,
    also: Also = nothing_else,
) -> Broadcast:
    """draft or scheduled → scheduled, to be sent at `at` and never past `until`; only while it is as `seen` (its `digest`),
    if given. RefusedError for times that do not fit."""
    if at < now - timedelta(minutes=1):
        raise RefusedError(
            "that time has passed; give a later one, or send it at once", "เวลานั้นผ่านไปแล้ว กรุณาเลือกเวลาภายหลัง หรือส่งทันที"
        )
    if is_quiet(at) and not at_night:
        raise RefusedError(
            "nobody is disturbed between 20:00 and 08:00; give another time, or --at-night",
            "ระบบไม่ส่งรบกวนผู้รับระหว่าง 20.00 ถึง 08.00 น. กรุณาเลือกเวลาอื่น",
        )
    until = until or max(at + EXPIRES_AFTER, evening_of((at + EXPIRES_AFTER).date()))
    if until <= at:
        raise RefusedError(
            "it would be too late before it is sent; give a later end", "เวลาที่ข้อความหมดประโยชน์ต้องอยู่หลังเวลาส่ง กรุณาแก้ไข"
        )
    values = {"send_at": at, "expires_at": until, "at_night": at_night}
    with engine.begin() as connection:
        problem = "is {state}: only a draft can be scheduled"
        thai = "ข้อความนี้{state}แล้ว ตั้งเวลาหรือส่งได้เฉพาะที่ยังไม่เริ่มส่ง"
        found = _moved(connection, number, [DRAFT, SCHEDULED], SCHEDULED, problem, thai, **values)
        _as_seen(found, seen)
        also(connection, found)
    return found


def send_now(
    engine: Engine,
    number: int,
    *,
    now: datetime,
    at_night: bool = False,
    seen: str | None = None,
    also: Also = nothing_else,
) -> Broadcast:
    """draft or scheduled → scheduled for this moment; in the quiet hours for the end of them, unless `at_night`."""
    at = now if at_night else next_waking(now)
    return schedule(engine, number, at=at, now=now, at_night=at_night, seen=seen, also=also)


def pause(engine: Engine, number: int, *, also: Also = nothing_else) -> Broadcast:
    """scheduled, planning or sending → paused; what is under way arrives all the same."""
    with engine.begin() as connection:
        found = _moved(
            connection,
            number,
            [SCHEDULED, PLANNING, SENDING],
            PAUSED,
            "is {state}: there is nothing to pause",
            "ข้อความนี้{state}แล้ว จึงไม่มีอะไรให้พัก",
        )
        sending.pause(connection, number, utc_now())
        also(connection, found)
    return found


def resume(engine: Engine, number: int, *, also: Also = nothing_else) -> Broadcast:
    """paused → as it was: scheduled, being planned, or being sent."""
    with engine.begin() as connection:
        before = _found(connection, number)
        state = SENDING if before.planned_at else PLANNING if before.cursor else SCHEDULED
        if before.send_at is None:
            state = DRAFT
        problem = "is {state}: only a paused one can be resumed"
        found = _moved(connection, number, [PAUSED], state, problem, "ข้อความนี้{state} ส่งต่อได้เฉพาะที่พักไว้")
        sending.resume(connection, number)
        also(connection, found)
    return found


def cancel(engine: Engine, number: int, *, now: datetime, also: Also = nothing_else) -> Broadcast:
    """Anything that is not over → cancelled: nobody else gets it. What is under way arrives, or is uncertain."""
    with engine.begin() as connection:
        states = [DRAFT, SCHEDULED, PLANNING, SENDING, PAUSED]
        problem, thai = "is {state}: it is over", "ข้อความนี้{state}แล้ว จึงยกเลิกไม่ได้"
        found = _moved(connection, number, states, broadcasts.CANCELLED, problem, thai, done_at=now)
        sending.cancel(connection, number, now, utc_now(), "cancelled by a person")
        also(connection, found)
    return found


def test_send(engine: Engine, line: Line, number: int, chat: str) -> None:
    """Push the messages to one chat, to be looked at. It costs one message; RefusedError when LINE does not take them."""
    from bot.line import LineError

    with engine.connect() as connection:
        found = _found(connection, number)
    try:
        line.push(chat, found.messages, str(uuid.uuid4()))
    except LineError as error:
        raise RefusedError(f"LINE did not take it ({error})", "LINE ไม่รับข้อความนี้ กรุณาตรวจเนื้อหาแล้วลองอีกครั้ง") from None


def settle(engine: Engine, delivery: int, state: str, *, now: datetime, also: Also = nothing_else) -> None:
    """What a person found out about an uncertain or failed Delivery: "sent", "failed", or "created" to send it again."""
    with engine.begin() as connection:
        if not sending.settle(connection, delivery, state, now):
            raise RefusedError(
                f"delivery {delivery} is neither uncertain nor failed, or who it went to is no longer known; "
                "see `lertrat broadcast show`",
                "รายการนี้มีผู้จัดการไปแล้ว หรือระบบไม่เก็บรายชื่อผู้รับแล้ว",
            )
        found = deliveries.by_id(connection, delivery)
        assert found is not None  # noqa: S101 - it was settled a moment ago
        if state == deliveries.CREATED:
            again = {"done_at": None, "expires_at": now + EXPIRES_AFTER}
            broadcasts.move(connection, found.broadcast, broadcasts.FINAL, SENDING, **again)
        also(connection, _found(connection, found.broadcast))


def report(connection: Connection, number: int) -> Report:
    """How a Broadcast stands. RefusedError when there is none."""
    found = _found(connection, number)
    ridden = rides.totals(connection, found.key)
    told = ridden.get(rides.DELIVERED, 0) + ridden.get(rides.CLAIMED, 0)
    return Report(found, deliveries.totals(connection, number), told, ridden.get(rides.UNCERTAIN, 0))


def _moved(
    connection: Connection, number: int, old: Sequence[str], new: str, problem: str, thai: str, **values: object
) -> Broadcast:
    if not broadcasts.move(connection, number, old, new, **values):
        state = _found(connection, number).state
        raise RefusedError(
            f"broadcast {number} {problem.format(state=state)}", thai.format(state=BROADCAST_STATES[state])
        )
    return _found(connection, number)


def _found(connection: Connection, number: int) -> Broadcast:
    found = broadcasts.by_id(connection, number)
    if found is None:
        raise RefusedError(f"there is no broadcast {number}; see `lertrat broadcast list`", "ไม่มีข้อความนี้ อาจถูกลบไปแล้ว")
    return found
