"""Whether every part of the system works, for people: what was found, and what to do where it is not well."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import cast

from redis import Redis, RedisError
from sqlalchemy import Engine, text
from sqlalchemy.exc import SQLAlchemyError

from bot import health
from bot.admin.quota import Quota
from bot.inbox import PENDING, unix_milliseconds
from bot.now import utc_now
from bot.tasks import dead_letters

OK, WARNING, BAD = "ok", "warning", "bad"
STATES = {OK: "ปกติ", WARNING: "ควรตรวจสอบ", BAD: "ขัดข้อง"}
# A chat that waits longer has lost its reply token's minute, or soon will.
LONG_WAIT = timedelta(seconds=45)
# The clock plans every minute.
CLOCK_LATE = timedelta(minutes=5)
_NOT_KNOWN = "ตรวจไม่ได้เพราะ Redis ไม่ตอบ"


@dataclass(frozen=True)
class Part:
    """One part of the system. `found` is what was seen, `advice` what to do, "" when all is well."""

    name: str
    state: str
    found: str
    advice: str = ""


def parts(redis: Redis, engine: Engine, quota: Quota | None) -> list[Part]:
    """All parts, in the order in which they depend on each other. Raises nothing."""
    return [
        _asked("Redis (ที่พักข้อความและคิวงาน)", lambda: _redis(redis)),
        _asked("ฐานข้อมูล", lambda: _database(engine)),
        _asked("ตัวตอบคำถาม (worker)", lambda: _workers(redis)),
        _asked("คิวข้อความ", lambda: _queue(redis)),
        _asked("นาฬิกางาน (clock)", lambda: _clock(redis)),
        _line(quota),
    ]


def worst(found: list[Part]) -> str:
    """The state of the whole."""
    states = {part.state for part in found}
    return BAD if BAD in states else WARNING if WARNING in states else OK


def _asked(name: str, look: Callable[[], tuple[str, str, str]]) -> Part:
    try:
        return Part(name, *look())
    except RedisError:
        if name.startswith("Redis"):
            return Part(
                name, BAD, "ไม่ตอบ", "ข้อความใหม่จาก LINE จะถูกส่งซ้ำมาเองเมื่อกลับมาทำงาน โปรดแจ้งผู้ดูแลระบบให้ตรวจ REDIS_URL"
            )
        return Part(name, BAD, _NOT_KNOWN)
    except SQLAlchemyError:
        return Part(name, BAD, "ฐานข้อมูลไม่ตอบ", "โปรดแจ้งผู้ดูแลระบบให้ตรวจ DATABASE_URL และสั่ง lertrat migrate")


def _redis(redis: Redis) -> tuple[str, str, str]:
    began = time.perf_counter()
    redis.ping()
    return OK, f"ตอบใน{_milliseconds(began)}", ""


def _database(engine: Engine) -> tuple[str, str, str]:
    began = time.perf_counter()
    with engine.connect() as connection:
        connection.execute(text("SELECT count(*) FROM alembic_version"))
    kind = "PostgreSQL" if engine.dialect.name == "postgresql" else "SQLite"
    return OK, f"{kind} ตอบใน{_milliseconds(began)}", ""


def _workers(redis: Redis) -> tuple[str, str, str]:
    number = health.workers_alive(redis)
    if not number:
        return BAD, "ไม่มีตัวตอบคำถามทำงานอยู่", "ผู้ใช้จะยังไม่ได้รับคำตอบ โปรดแจ้งผู้ดูแลระบบให้เริ่ม lertrat worker"
    return OK, f"ทำงานอยู่ {number} ตัว", ""


def _queue(redis: Redis) -> tuple[str, str, str]:
    dead, waiting = dead_letters(redis), redis.zcard(PENDING)
    oldest = cast("list[tuple[bytes, float]]", redis.zrange(PENDING, 0, 0, withscores=True))
    waited = timedelta(milliseconds=unix_milliseconds() - oldest[0][1]) if oldest else timedelta()
    found = f"รออยู่ {waiting:,} แชท" if waiting else "ไม่มีข้อความค้าง"
    if waited > LONG_WAIT:
        return BAD, f"{found} นานที่สุด {round(waited.total_seconds()):,} วินาที", "ระบบตอบไม่ทัน โปรดแจ้งผู้ดูแลระบบ"
    if dead:
        return WARNING, f"{found} · งานที่ทำไม่สำเร็จใน 7 วัน {dead:,} งาน", "โปรดแจ้งผู้ดูแลระบบให้ดูบันทึกของระบบ"
    return OK, found, ""


def _clock(redis: Redis) -> tuple[str, str, str]:
    seen = health.clock_seen(redis)
    advice = "การเตือนจะยังไม่ถูกส่ง โปรดแจ้งผู้ดูแลระบบให้เริ่ม lertrat clock"
    if seen is None:
        return WARNING, "ยังไม่เคยทำงาน", advice
    late = utc_now() - seen
    if late > CLOCK_LATE:
        minutes = round(late.total_seconds() / 60)
        return BAD, f"หยุดมาแล้ว {minutes:,} นาที", advice
    return OK, "ทำงานทุกนาที", ""


def _line(quota: Quota | None) -> Part:
    name = "LINE"
    if quota is None:
        return Part(name, WARNING, "ยังไม่ได้ถาม LINE", "กด “ถาม LINE ตอนนี้” ในหน้าสถานะระบบ")
    if quota.problem in ("401", "403"):
        return Part(name, BAD, "LINE ไม่รับรหัสของระบบ", "โปรดแจ้งผู้ดูแลระบบให้ตรวจ LINE_CHANNEL_ACCESS_TOKEN")
    if quota.problem:
        return Part(name, BAD, "LINE ไม่ตอบ", "หาก LINE ขัดข้อง ระบบจะลองส่งใหม่เอง หากนานเกิน 1 ชั่วโมง โปรดแจ้งผู้ดูแลระบบ")
    if quota.left == 0:
        return Part(
            name, BAD, "โควตาข้อความของเดือนนี้หมดแล้ว", "คำตอบในแชทยังส่งได้ แต่การเตือนจะพักไว้จนกว่าจะเพิ่มโควตาหรือขึ้นเดือนใหม่"
        )
    return Part(name, OK, f"ตอบปกติ · {quota.sentence}")


def _milliseconds(began: float) -> str:
    taken = (time.perf_counter() - began) * 1000
    return "เวลาไม่ถึง 1 มิลลิวินาที" if taken < 1 else f" {taken:,.0f} มิลลิวินาที"
