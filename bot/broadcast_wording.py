"""Thai words for Broadcasts and Deliveries, as the command line and the console show them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from bot.now import BANGKOK
from bot.storage import broadcasts, deliveries

if TYPE_CHECKING:
    from bot.broadcasts import Report

BROADCAST_STATES = {
    broadcasts.DRAFT: "ร่าง",
    broadcasts.SCHEDULED: "ตั้งเวลาไว้",
    broadcasts.PLANNING: "กำลังเตรียม",
    broadcasts.SENDING: "กำลังส่ง",
    broadcasts.PAUSED: "พักไว้",
    broadcasts.CANCELLED: "ยกเลิก",
    broadcasts.DONE: "เสร็จแล้ว",
    broadcasts.EXPIRED: "หมดเวลา",
}
DELIVERY_STATES = {
    deliveries.CREATED: "รอส่ง",
    deliveries.PAUSED: "พักไว้",
    deliveries.HELD: "รอโควตา",
    deliveries.SENT: "ส่งแล้ว",
    deliveries.FAILED: "ส่งไม่สำเร็จ",
    deliveries.EXPIRED: "หมดเวลาก่อนส่ง",
    deliveries.UNCERTAIN: "ไม่แน่ใจว่าถึง",
    deliveries.CANCELLED: "ยกเลิก",
}
KINDS = {
    broadcasts.REMINDER: "เตือน",
    broadcasts.ANNOUNCEMENT: "ประกาศวัน",
    broadcasts.CHANGE: "แจ้งเปลี่ยน",
    broadcasts.MESSAGE: "ข้อความ",
}


def thai_time(moment: datetime | None) -> str:
    """Bangkok time with the Buddhist year, as dd/mm/yyyy hh:mm; a dash for none."""
    if moment is None:
        return "-"
    local = moment.astimezone(BANGKOK)
    return f"{local:%d/%m}/{local.year + 543} {local:%H:%M}"


def audience_text(audience: dict[str, object]) -> str:
    """Who it goes to, in brief."""
    match audience:
        case {"kind": "everyone"}:
            return "ทุกคนที่ติดตาม"
        case {"kind": "subjects", "subjects": list(subjects), "leads": list(leads)}:
            named = ", ".join(map(str, subjects[:4])) + (f" และอีก {len(subjects) - 4}" if len(subjects) > 4 else "")
            return f"ผู้ตั้งเตือน {named}" + (f" ล่วงหน้า {', '.join(leads)}" if leads else "")
        case {"kind": "chats", "chats": list(chats)}:
            return f"รายชื่อทดสอบ {len(chats)} แชท"
        case _:
            return "ผู้ที่เคยได้รับวันเดิม"


def report_lines(report: Report) -> list[str]:
    """The report, a line a state; states that none is in are left out."""
    lines = [
        f"  {name}  {report.totals[state].recipients:,} ราย ({report.totals[state].deliveries:,} ครั้งที่เรียก)"
        for state, name in DELIVERY_STATES.items()
        if state in report.totals
    ]
    if report.rides:
        lines.append(f"  แจ้งไปกับคำตอบแล้ว  {report.rides:,} ราย")
    if report.unsure_rides:
        lines.append(f"  แจ้งไปกับคำตอบ แต่ไม่แน่ใจว่าถึง  {report.unsure_rides:,} ราย")
    lines.append(f"  รวม  {report.recipients() + report.rides + report.unsure_rides:,} ราย")
    return lines
