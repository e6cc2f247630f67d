"""Deliveries that wait for a person: held for want of messages, refused by LINE, or uncertain; and what to do about each."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection, func, select

from bot.storage import broadcasts
from bot.storage import deliveries as states
from bot.storage.broadcasts import Broadcast
from bot.storage.deliveries import Delivery
from bot.storage.sending import BY_HAND
from bot.storage.tables import deliveries

MOST = 50
_d = deliveries.c
_REFUSED = re.compile(r"refused \((\d{3})\)")


@dataclass(frozen=True)
class Held:
    """What of one Broadcast waits for messages: so many calls to so many recipients."""

    broadcast: Broadcast
    deliveries: int
    recipients: int


@dataclass(frozen=True)
class Unsettled:
    """One Delivery that only a person can settle. `why` and `advice` are Thai; `again` says whether it may be sent again."""

    delivery: Delivery
    broadcast: Broadcast
    why: str
    advice: str
    again: bool


@dataclass(frozen=True)
class Attention:
    """All of it; `more` Deliveries are not among the `unsettled`."""

    held: tuple[Held, ...]
    unsettled: tuple[Unsettled, ...]
    more: int

    @property
    def count(self) -> int:
        """How many things wait for a person."""
        return len(self.held) + len(self.unsettled) + self.more


def attention(connection: Connection, number: int | None = None) -> Attention:
    """What waits for a person, of one Broadcast or of all; the newest first."""
    only = _d.broadcast == number if number is not None else _d.broadcast.is_not(None)
    held = connection.execute(
        select(_d.broadcast, func.count(), func.sum(_d.count))
        .where(only, _d.state == states.HELD)
        .group_by(_d.broadcast)
        .order_by(_d.broadcast.desc())
    ).all()
    open_ = only & _d.state.in_((states.UNCERTAIN, states.FAILED)) & (_d.problem != BY_HAND)
    total: int = connection.execute(select(func.count()).where(open_)).scalar_one()
    ids = connection.execute(select(_d.id).where(open_).order_by(_d.id.desc()).limit(MOST)).scalars().all()
    known: dict[int, Broadcast] = {}

    def broadcast(of: int) -> Broadcast:
        if of not in known:
            found = broadcasts.by_id(connection, of)
            assert found is not None  # noqa: S101 - a Delivery never outlives its Broadcast
            known[of] = found
        return known[of]

    unsettled = []
    for each in ids:
        delivery = states.by_id(connection, each)
        if delivery is not None:
            unsettled.append(_unsettled(connection, delivery, broadcast(delivery.broadcast)))
    return Attention(
        tuple(Held(broadcast(of), calls, int(recipients)) for of, calls, recipients in held),
        tuple(unsettled),
        total - len(unsettled),
    )


def held_advice(held: Held, now: datetime) -> str:
    """What to do about what is held."""
    if held.broadcast.state == broadcasts.PAUSED:
        return "ข้อความนี้พักไว้ กดส่งต่อเมื่อพร้อม ระบบจะตรวจโควตาอีกครั้งก่อนส่ง"
    if held.broadcast.expires_at is not None and held.broadcast.expires_at <= now:
        return "เลยเวลาที่ควรส่งแล้ว ระบบจะไม่ส่งอีก และจะสรุปเป็นหมดเวลาก่อนส่งภายในหนึ่งนาที"
    return "ระบบจะส่งเองทันทีที่มีโควตา เลือกได้สามทาง: เพิ่มโควตาใน LINE Official Account Manager, รอโควตาของเดือนใหม่ (หากยังไม่หมดเวลาส่ง) หรือยกเลิกข้อความ"


def _unsettled(connection: Connection, delivery: Delivery, one: Broadcast) -> Unsettled:
    again = bool(states.recipients(connection, delivery.retry_key))
    if delivery.state == states.UNCERTAIN:
        why = "LINE อาจรับข้อความไปแล้ว แต่ไม่มีคำตอบที่แน่นอน"
        advice = (
            "ถามผู้รับสักคนว่าได้รับหรือไม่ แล้วเลือก “ถึงแล้ว” หรือ “ไม่ถึง” หากส่งอีกครั้ง ผู้ที่ได้รับแล้วอาจได้รับซ้ำ"
            if again
            else "ถามผู้รับสักคนว่าได้รับหรือไม่ แล้วเลือก “ถึงแล้ว” หรือ “ไม่ถึง” ส่งอีกครั้งไม่ได้ เพราะไม่เก็บรายชื่อผู้รับแล้ว"
        )
        return Unsettled(delivery, one, why, advice, again)
    found = _REFUSED.search(delivery.problem)
    code = int(found[1]) if found else 0
    why, advice = {
        400: ("LINE ไม่รับเนื้อหา หรือผู้รับรายนี้รับไม่ได้", "ตรวจเนื้อหาแล้วร่างใหม่ หากเป็นกลุ่ม ตรวจว่าผู้ช่วยยังอยู่ในกลุ่มนั้น"),
        401: ("LINE ไม่ยอมรับรหัสของระบบ", "แจ้งผู้ดูแลระบบให้ตรวจรหัสเชื่อมต่อ LINE แล้วจึงส่งอีกครั้ง"),
        403: ("บัญชี LINE นี้ไม่มีสิทธิ์ส่ง", "แจ้งผู้ดูแลระบบให้ตรวจสิทธิ์ของบัญชี LINE แล้วจึงส่งอีกครั้ง"),
    }.get(code, ("LINE ไม่รับข้อความ", "ลองส่งอีกครั้ง หากยังไม่ได้ โปรดแจ้งผู้ดูแลระบบ"))
    if not again:
        advice += " (ส่งอีกครั้งจากที่นี่ไม่ได้ เพราะไม่เก็บรายชื่อผู้รับแล้ว)"
    return Unsettled(delivery, one, why, advice, again)
