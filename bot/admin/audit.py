"""What was done in the console, written down in the transaction that does it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, Protocol

from sqlalchemy import Connection

from bot.admin import roles
from bot.now import utc_now
from bot.storage import audit as rows

# What each action is called on the screen. An action that is not here cannot be recorded.
ACTIONS = {
    "account.password": "เปลี่ยนรหัสผ่านของตนเอง",
    "account.recovery_codes": "สร้างรหัสสำรองชุดใหม่",
    "account.recovery_code_used": "เข้าสู่ระบบด้วยรหัสสำรอง",
    "account.two_step": "ตั้งค่าการยืนยันสองขั้น",
    "broadcast.cancel": "ยกเลิกการส่งข้อความ",
    "broadcast.create": "ร่างข้อความ",
    "broadcast.edit": "แก้ไขร่างข้อความ",
    "broadcast.pause": "พักการส่งข้อความ",
    "broadcast.resume": "ส่งข้อความต่อ",
    "broadcast.schedule": "ตั้งเวลาส่งข้อความ",
    "broadcast.send": "ส่งข้อความทันที",
    "broadcast.settle": "จัดการข้อความที่ส่งไม่สำเร็จหรือไม่แน่ใจ",
    "broadcast.test": "ส่งข้อความทดสอบ",
    "calendar.draft": "บันทึกวันในปฏิทินเป็นฉบับร่าง",
    "calendar.publish": "เผยแพร่วันในปฏิทิน",
    "inbox.close": "ปิดคำขอคุยกับเจ้าหน้าที่",
    "inbox.dismissed": "ปิดคำถามโดยไม่ต้องทำอะไร",
    "inbox.faq": "เขียนคำตอบใหม่จากกล่องคำถาม",
    "inbox.out_of_scope": "ทำเครื่องหมายคำถามว่าอยู่นอกขอบเขต",
    "inbox.reopen": "นำคำถามกลับเข้ากล่อง",
    "inbox.reply": "ตอบผู้ที่ขอคุยกับเจ้าหน้าที่",
    "inbox.teach": "สอนคำถามจากกล่องคำถาม",
    "invitation.accept": "เปิดบัญชีจากลิงก์เชิญ",
    "invitation.create": "สร้างลิงก์เชิญ",
    "invitation.reset": "สร้างลิงก์ตั้งรหัสผ่านใหม่",
    "invitation.reset_used": "ตั้งรหัสผ่านใหม่จากลิงก์",
    "invitation.withdraw": "ยกเลิกลิงก์เชิญ",
    "knowledge.add": "เพิ่มรายการความรู้ในฉบับร่าง",
    "knowledge.check": "ตรวจฉบับร่าง",
    "knowledge.copy_round": "เปิดรอบใหม่ในฉบับร่าง",
    "knowledge.discard": "ทิ้งการแก้ไขในฉบับร่าง",
    "knowledge.edit": "แก้ไขรายการความรู้ในฉบับร่าง",
    "knowledge.export": "ดาวน์โหลดไฟล์ความรู้",
    "knowledge.import": "นำเข้าไฟล์ความรู้ในฉบับร่าง",
    "knowledge.publish": "เผยแพร่ความรู้",
    "knowledge.remove": "ลบรายการความรู้ในฉบับร่าง",
    "knowledge.roll_back": "ย้อนกลับไปใช้ฉบับก่อน",
    "privacy.erase": "ลบข้อมูลของแชทตามคำขอ",
    "privacy.export": "ส่งออกข้อมูลของแชทตามคำขอ",
    "privacy.find": "ค้นหาข้อมูลของแชทด้วยรหัส",
    "privacy.retention": "ลบข้อมูลที่ครบกำหนดโดยอัตโนมัติ",
    "sign_in": "เข้าสู่ระบบ",
    "sign_in.failed": "เข้าสู่ระบบไม่สำเร็จ",
    "sign_out": "ออกจากระบบ",
    "user.activate": "เปิดใช้บัญชี",
    "user.create": "สร้างบัญชี",
    "user.deactivate": "ปิดบัญชี",
    "user.role": "เปลี่ยนสิทธิ์",
    "user.sign_out": "บังคับให้ออกจากระบบ",
    "user.two_step_reset": "ล้างการยืนยันสองขั้น",
}

COMMAND_LINE = "lertrat"
BY_COMMAND = "คำสั่งบนเครื่องแม่ข่าย"
# Of whom no account is known.
_NOBODY = {"privacy.retention": "ระบบ", "sign_in.failed": "ไม่ทราบว่าใคร"}

# What stands in a record's detail, in the words of the screen; what is not here is shown as it is.
_DETAILS = {
    "again": "ส่งอีกครั้ง",
    "at": "เวลาส่ง",
    "characters": "จำนวนตัวอักษร",
    "date": "กำหนดการ",
    "delivery": "การส่งที่",
    "draft": "เก็บในฉบับร่าง",
    "entries": "จำนวนรายการ",
    "files": "จำนวนไฟล์",
    "from": "จาก",
    "keys": "ช่อง",
    "left": "รหัสสำรองเหลือ",
    "note": "หมายเหตุ",
    "number": "ฉบับที่",
    "questions": "จำนวนคำถาม",
    "reason": "เหตุผล",
    "regressions": "คำถามที่จะตอบผิด",
    "revision": "ฉบับที่",
    "role": "สิทธิ์",
    "round": "รอบปี",
    "sessions": "จำนวนอุปกรณ์",
    "settled": "บันทึกว่า",
    "step": "ขั้น",
    "to": "เป็น",
}
_VALUES = {
    **roles.THAI,
    "password": "รหัสผ่าน",
    "code": "รหัสยืนยัน",
    "arrived": "ถึงแล้ว",
    "not arrived": "ไม่ถึง",
    "again": "ส่งอีกครั้ง",
}


class Actor(Protocol):
    """Who did it: bot.storage.users.User, or whatever has an id and a name."""

    @property
    def id(self) -> int:
        """The account's number."""

    @property
    def name(self) -> str:
        """The account's name."""


def record(
    connection: Connection,
    user: Actor | None,
    action: str,
    object: str = "",
    detail: Mapping[str, Any] | None = None,
) -> None:
    """Write down that `user` (None: the command line) did `action` (a key of ACTIONS) to `object`.

    On the connection that does it, so that nothing is done without being written down. `detail` is JSON, and never holds
    a password, a link, a code, or anything of a person on LINE.
    """
    if action not in ACTIONS:
        raise ValueError(f"no such action: {action}; add it to bot.admin.audit.ACTIONS with its Thai name")
    rows.add(
        connection,
        at=utc_now(),
        user=None if user is None else user.id,
        name=COMMAND_LINE if user is None else user.name,
        action=action,
        object=object,
        detail=detail or {},
    )


def told(detail: Mapping[str, Any]) -> list[str]:
    """A record's detail for people: "จาก ผู้แก้ไข", "เป็น ผู้ดู"; what is empty is left out."""
    return [
        f"{_DETAILS.get(key, key)} {_told(value)}" for key, value in detail.items() if value not in ("", None, [], {})
    ]


def by(record: rows.Record) -> str:
    """Who did it, for people."""
    if record.user is not None:
        return record.name
    return _NOBODY.get(record.action, BY_COMMAND)


def _told(value: object) -> str:
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่ใช่"
    if isinstance(value, list | tuple):
        return ", ".join(map(_key, value))
    return _VALUES.get(str(value), str(value))


def _key(key: object) -> str:
    # Imported here: what writes drafts down is shown by it.
    from bot.admin.differing import KEYS

    # A figure's text has no key: it goes by its Entry's name, which the record names already.
    text = str(key)
    return KEYS.get(text, KEYS[""] if "." in text else text)
