"""What is stored of people, why, for how long and how it goes: from the settings and the database as they are now."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import Connection, func, select

from bot.inbox import KEPT_SECONDS
from bot.settings import Settings
from bot.storage import audit, console_jobs, personal, unanswered
from bot.storage.audit import Record, Wanted
from bot.storage.console_tables import users

RUNS_SHOWN = 5
ACTS_SHOWN = 50
# It runs every night, and at each start.
RETENTION_LATE = timedelta(hours=36)


@dataclass(frozen=True)
class Kept:
    """One kind of data. `count`: how many records there are now; None where they are not counted."""

    what: str
    why: str
    where: str
    how_long: str
    count: int | None = None


@dataclass(frozen=True)
class Retention:
    """The automatic erasure: its latest runs, the newest first, and whether one is overdue."""

    runs: list[Record]
    late: bool


def kept(connection: Connection, settings: Settings) -> list[Kept]:
    """Everything that is about people on LINE."""
    totals = personal.totals(connection)
    database, redis = "ฐานข้อมูล", "Redis (หน่วยความจำชั่วคราว)"
    on_request = "หรือเมื่อผู้ใช้พิมพ์ “ลบข้อมูลของฉัน” หรือบล็อกบัญชี"
    return [
        Kept(
            "ข้อความที่รอตอบ",
            "ตอบตามลำดับ และไม่ให้ข้อความหายเมื่อระบบขัดข้อง",
            redis,
            f"จนตอบเสร็จ ไม่เกิน {KEPT_SECONDS // 3600} ชั่วโมง",
        ),
        Kept(
            "หัวข้อที่คุยล่าสุด และคำตอบในแบบตรวจสอบ",
            "ให้ถามต่อเนื่องและทำแบบตรวจสอบต่อได้",
            redis,
            f"{settings.conversation_hours} ชั่วโมงหลังข้อความสุดท้าย "
            f"(ระหว่างรอเจ้าหน้าที่ไม่เกิน {settings.handover_days} วัน) {on_request}",
        ),
        Kept(
            "รหัสแชท LINE ของผู้ที่เป็นเพื่อน",
            "ส่งประกาศถึงทุกคน",
            database,
            f"จนบล็อกบัญชี {on_request}",
            totals["follower"],
        ),
        Kept(
            "การเตือนที่ขอไว้ (รหัสแชท เรื่อง และเวลาที่ให้เตือน)",
            "เตือนก่อนถึงวันตามที่ขอ โดยถามความยินยอมก่อน",
            database,
            f"จนยกเลิกการเตือน {on_request}",
            totals["reminders"],
        ),
        Kept(
            "บันทึกความยินยอม (รหัสแชท เวลา และฉบับของข้อความที่ถาม)",
            "เป็นหลักฐานว่าได้ขอความยินยอมแล้ว",
            database,
            "จนผู้ใช้ขอลบหรือบล็อกบัญชี",
            totals["consents"],
        ),
        Kept(
            "การคุยกับเจ้าหน้าที่ (รหัสแชท คำถาม และข้อความที่คุย)",
            "ให้เจ้าหน้าที่ตอบกลับได้ โดยถามความยินยอมก่อน",
            database,
            f"{settings.handover_days} วันหลังปิดเรื่อง {on_request}",
            totals["handovers"],
        ),
        Kept(
            "รายการผู้รับการเตือนและประกาศ (รหัสแชท)",
            "ไม่ให้ส่งซ้ำหรือตกหล่น และแจ้งผู้ที่ได้รับวันเดิมเมื่อวันเปลี่ยน",
            database,
            f"{settings.delivery_days} วันหลังส่งเสร็จ {on_request}",
            totals["sent"] + totals["rides"],
        ),
        Kept(
            "คำถามที่ตอบไม่ได้หรือตอบไม่ตรง ไม่มีชื่อหรือรหัสของผู้ถาม",
            "ปรับปรุงคำตอบ (ก่อนแสดง ระบบปิดเบอร์โทร อีเมล เลขยาว และชื่อให้)",
            database,
            f"{settings.unanswered_days} วัน หรือเมื่อผู้ใช้ยกเลิกข้อความนั้นใน LINE",
            unanswered.count(connection),
        ),
        Kept(
            "ผลการตรวจฉบับร่างและผลการสอน ซึ่งมีข้อความคำถามจากกล่องคำถามบางข้อ โดยปิดข้อมูลส่วนบุคคลแล้ว",
            "ดูก่อนเผยแพร่ว่าคำตอบใดจะเปลี่ยน",
            database,
            f"{min(console_jobs.KEPT_DAYS, settings.unanswered_days)} วันหลังสั่งตรวจ",
            console_jobs.count(connection),
        ),
        Kept(
            "สถิติรายวัน เป็นผลรวม ไม่ระบุตัวผู้ใช้",
            "ดูการใช้งานและทำรายงาน (นับจำนวนคนด้วยรหัสที่สุ่มใหม่ทุกวันและทิ้งเมื่อพ้นช่วง)",
            database,
            "ไม่มีกำหนด เพราะไม่ใช่ข้อมูลส่วนบุคคล",
        ),
    ]


def retention(connection: Connection, now: datetime) -> Retention:
    """What the automatic erasure did; `now` is real time."""
    runs = audit.found(connection, Wanted(action="privacy.retention"), limit=RUNS_SHOWN)
    return Retention(runs, not runs or now - runs[0].at > RETENTION_LATE)


def acts(connection: Connection) -> list[Record]:
    """What was looked up, handed over and erased on request, the newest first."""
    found = audit.found(connection, Wanted(action="privacy"), limit=ACTS_SHOWN * 4)
    return [record for record in found if record.action != "privacy.retention"][:ACTS_SHOWN]


def accounts(connection: Connection) -> dict[str, int]:
    """How many active accounts of the console each role has."""
    rows = connection.execute(select(users.c.role, func.count()).where(users.c.active.is_(True)).group_by(users.c.role))
    return {row.role: row[1] for row in rows}
