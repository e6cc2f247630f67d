"""What the pages about messages say of one: its state, whom it goes to, and when it begins to go out."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from bot import audiences
from bot.admin.date_changes import subject_name
from bot.admin.thai_time import thai_moment
from bot.broadcast_wording import BROADCAST_STATES
from bot.storage.broadcasts import Broadcast

if TYPE_CHECKING:
    from knowledge.documents import Documents

SOON = timedelta(minutes=2)


def state_told(one: Broadcast) -> str:
    """A sentence about the state that a step led to."""
    return f"สถานะตอนนี้: {BROADCAST_STATES[one.state]}"


def is_soon(one: Broadcast, now: datetime) -> bool:
    """Whether it is worth waiting in front of the page."""
    return one.send_at is not None and one.send_at - now < SOON


def beginning(one: Broadcast, now: datetime) -> str:
    """When a scheduled message begins to go out."""
    if is_soon(one, now):
        return "ระบบจะเริ่มส่งภายในหนึ่งนาที หน้านี้จะแสดงความคืบหน้าเอง"
    return f"ระบบจะเริ่มส่ง {thai_moment(one.send_at)}"


def sent_to(one: Broadcast, base: Documents) -> str:
    """Whom it goes to."""
    kind = one.audience["kind"]
    if kind == audiences.EVERYONE:
        return "ทุกคนที่ติดตาม"
    if kind == audiences.CHATS:
        return "รายชื่อทดสอบ"
    if kind == audiences.TOLD:
        return "ผู้ที่เคยได้รับแจ้งวันเดิม"
    named = [subject_name(base, newest_round(base), key) for key in one.audience["subjects"]]
    more = f" และอีก {len(named) - 3} เรื่อง" if len(named) > 3 else ""
    return f"ผู้ที่ตั้งเตือน {', '.join(named[:3])}{more}"


def newest_round(base: Documents) -> str:
    """The newest round's year, as its folder is called."""
    years = [path.partition("/")[0] for path in base if path.endswith("/round.yaml")]
    return max(years, default="")
