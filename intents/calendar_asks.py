"""What is asked of the calendar: what is next, how many days are left, whether it is closed, a month, the whole.

Read from cleaned text (intents.normalize.clean and plain). The matcher tells that a date is asked about; what stands here
tells which, and recognises the few short questions that name no date at all ("ต่อไปมีอะไร").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import regex

from knowledge.date_texts import MONTHS

_TONES = regex.compile(r"[\u0e47-\u0e4e]")


def _pattern(text: str) -> regex.Pattern[str]:
    # Tone marks are what a phone's keyboard loses first: neither side has them.
    return regex.compile(_TONES.sub("", text))


Mode = Literal["date", "days_left", "state", "next", "passed", "month", "whole"]

# What a step of the calendar is called; the first that a text holds is the one asked about.
_KINDS = tuple(
    (_pattern(pattern), kind)
    for pattern, kind in (
        (r"ชี้แจง|คลินิกให้คำ|อบรม(?:การ)?สมัคร|briefing", "briefing"),
        (r"ส่งเล่ม|ส่งเอกสาร|ส่งรายงาน|เอกสารรอบ|ส่ง(?:เอกสาร|เล่ม)?เพิ่มเติม|รูปเล่ม", "documents"),
        (r"site ?visit|ลงพื้นที่|ตรวจประเมิน|ตรวจเยี่ยม|ตรวจพื้นที่|มาตรวจ|ลงตรวจ", "site_visit"),
        (r"ประกาศผล|ผล(?:รางวัล)?ออก|รู้ผล|ประกาศรายชื่อ|แจ้งผล|ผลการพิจารณา|ประกาศรางวัล", "results"),
        (r"มอบรางวัล|แจก(?:รางวัล|โล่|กัน)|พิธี|รับโล่|รับรางวัล|งานมอบ|ceremony", "ceremony"),
        (r"(?<!เ)ปิด(?:รับ|ลับ|สมัคร|ระบบ)|หมดเขต|เดดไลน์|เดทไลน์|deadline|วันสุดท้าย|ขยายเวลา|(?:ส่ง|สมัคร|ยื่น|รับสมัคร)\S{0,6}(?:ได้)?ถึง|ทันไหม", "closing"),
        (r"เปิดรับ|เปิดสมัคร|เปิดระบบ|เริ่มรับ|เริ่มสมัคร|เปิดให้(?:ส่ง|สมัคร)|เปิดเมื่อ|เปิด(?:วัน|เดือน|ตอน)ไหน|เปิด(?:แล้ว)?(?:หรือ)?ยัง", "opening"),
        (r"(?<!เ)ปิด(?!บัง|ท้าย)", "closing"),
    )
)  # fmt: skip
_DAYS_LEFT = _pattern(
    r"(?:เหลือ|อีก)\S{0,8}\s?กี่\s?(?:วัน|อาทิตย์|สัปดาห์|เดือน)|กี่วัน(?:จะ|ถึง|ก่อน)|เหลือเวลา|เวลาเหลือ|อีกนานไหม|days? left"
)
_STATE = _pattern(
    r"(?:ปิด|เปิด|หมดเขต)\S{0,10}(?:หรือ)?ยัง(?=\s|$)|(?:ปิด|เปิด|หมดเขต)\S{0,10}(?:แล้ว|อยู่)\s?(?:ใช่)?(?:ไหม|หรือ)"
    r"|ยัง(?:เปิด|รับ|สมัคร|ส่ง|ยื่น|ทัน)|(?:ส่ง|สมัคร|ยื่น)\S{0,6}ทัน(?:ไหม|หรือ)|หมดเขต(?:แล้ว)?(?:ไหม|หรือ)"
)
_AFTERWARDS = r"(?:แล้ว|จบ\S{0,10}|หลัง)?\s?(?:จากนี้|จากนั้น|หลังจากนี้|หลังจากนั้น|ต่อจากนี้|ต่อไป|ถัดไป|อันต่อไป|อันถัดไป)"
_NEXT_WHOLE = _pattern(
    rf"{_AFTERWARDS}\s?(?:จะ)?(?:มี|คือ|เป็น|ถึง|ต้องทำ|ทำ)?\s?(?:กำหนดการ|กิจกรรม|วัน|งาน|เรื่อง|รายการ|นัด)?(?:สำคัญ)?(?:อะไร|ไหน|ไร)\s?(?:บ้าง|มั่ง|ต่อ|อีก)?"
    rf"|(?:มี)?อะไร\s?(?:อยู่|เป็น|คือ|จะมา|จะถึง|ใกล้ถึง)?\s?(?:ต่อไป|ถัดไป|ต่อจากนี้|เร็วๆ?นี้)\s?(?:บ้าง|มั่ง)?"
    r"|(?:มี)?อะไร(?:ใกล้|จะ)(?:จะ)?ถึง(?:แล้ว)?\s?(?:บ้าง)?|what'?s next|next"
)
_NEXT = _pattern(
    r"(?:กำหนดการ|กิจกรรม|วันสำคัญ|คิว|รายการ|ปฏิทิน|นัด)(?:ต่อไป|ถัดไป|อันต่อไป|อันถัดไป|ที่ใกล้|ที่จะถึง|ใกล้ที่สุด|หน้า(?!ที่))|ใกล้(?:จะ)?ถึง(?:วัน)?อะไร"
)
_PASSED = _pattern(
    r"(?:อะไร|กำหนดการ|วัน(?:ไหน|อะไร)|ขั้น(?:ไหน|ตอนไหน))\S{0,8}(?:ผ่าน|เลย|จบ|พ้น)(?:ไป|มา)?แล้ว|(?:ผ่าน|เลย|พ้น)(?:อะไร|วันไหน)(?:ไป|มา)?(?:แล้ว)"
    r"|(?:กำหนดการ|ปฏิทิน)ที่ผ่าน(?:มา|ไป)"
)
_WHOLE = _pattern(
    r"ปฏิทิน|ปติทิน|ปฎิทิน|ไทม์ไลน์|ไทมไลน์|timeline|calendar|ตารางเวลา|วันสำคัญ|(?:กำหนดการ|กำหนดวัน)(?:ทั้งหมด|ทั้งปี|ทุกอย่าง|มีอะไร|เป็น(?:ยังไง|ไง)|รอบ|ปี)?$|กำหนดการ(?:ทั้ง|มีอะไร|ทุก)|(?<![a-z])ics\b"
)
_FILE = _pattern(r"(?<![a-z])ics\b|ไฟล์ปฏิทิน|google ?calendar|กูเกิ้ล?\s?(?:ปฏิทิน|calendar)|(?:ลง|ใส่|เพิ่ม)(?:ใน)?ปฏิทิน")
_THIS = _pattern(r"(?:ปี|รอบ)(?:งบ(?:ประมาณ)?)?(?:นี้|ปัจจุบัน)")
_COMING = _pattern(r"(?:ปี|รอบ)(?:งบ(?:ประมาณ)?)?(?:หน้า|ต่อไป|ถัดไป|ใหม่)|(?:ปี|รอบ)ที่จะถึง")

# "มีนา" begins "มีนาน" (is there long) and "ตุลา" begins "ตุลาการ" (judges).
_SHORT = (
    "มกรา", "กุมภา", "มีนา(?=คม|มี|นี้|ล่ะ|\\s|$|ต้อง|ปี|ทำ|เป็น|กำหนด|จะ|\\d)", "เมษา", "พฤษภา|พฤกษภา", "มิถุนา", "กรกฎา|กรกดา",
    "สิงหา", "กันยา", "ตุลา(?!การ)", "พฤศจิกา|พฤษจิกา", "ธันวา",
)  # fmt: skip
_DOTTED = ("ม.ค", "ก.พ", "มี.ค", "เม.ย", "พ.ค", "มิ.ย", "ก.ค", "ส.ค", "ก.ย", "ต.ค", "พ.ย", "ธ.ค")
_ENGLISH = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
# The dots of "มี.ค." are left out too; "ก.พ.ร." is an office.
_MONTHS = tuple(
    _pattern(
        rf"{full}|(?:{short})(?:คม|ยน|พันธ์|คน)?|(?<![ก-๙.]){dotted.replace('.', '[.]')}(?![.]?\s?[ก-๙][.])(?![.]?\s?ร(?![ก-๙]))"
        rf"(?:[.]|(?![ก-๙]))|(?<![ก-๙.])(?:{dotted.replace('.', '')})(?=\s|\d|มี|นี้)|\b{english}[a-z]*\b"
    )
    for full, short, dotted, english in zip(MONTHS, _SHORT, _DOTTED, _ENGLISH, strict=True)
)
_RELATIVE_MONTH = _pattern(r"เดือน(?P<which>นี้|หน้า|ถัดไป|ต่อไป|ก่อน|ที่แล้ว)")
_NUMBERED_MONTH = _pattern(r"เดือน(?:ที่)?\s?(?P<number>1[0-2]|[1-9])(?!\d)")
# A month is asked about as a whole: "มีนามีอะไรบ้าง", and not "ปิดรับมีนาใช่ไหม".
_OF_MONTH = _pattern(
    r"(?:มี|ต้อง(?:ทำ)?|ทำ|เป็น|กำหนดการ|ปฏิทิน|กิจกรรม|วันสำคัญ)\S{0,20}?(?:อะไร|บ้าง|ไหม|ไร)|กำหนดการ|ปฏิทิน|ล่ะ$"
)
_LITTLE_ELSE = 14


@dataclass(frozen=True)
class CalendarAsk:
    """What is asked of the calendar. `kind` is one of knowledge.model.MILESTONE_KINDS, or empty where none is named;
    `month` is 1 to 12 and `months_from_now` -1, 0 or 1 (one of them with mode "month"); `sure` when the words ask for the
    calendar whatever else they might mean; `relative` is "this" or "next" for "รอบนี้", "ปีหน้า"; `file` asks for the .ics."""

    mode: Mode
    kind: str = ""
    month: int | None = None
    months_from_now: int | None = None
    sure: bool = False
    relative: Literal["", "this", "next"] = ""
    file: bool = False


def calendar_ask(text: str) -> CalendarAsk:
    """What cleaned `text` asks of the calendar, supposing that it asks something of it (or `sure`)."""
    said = _TONES.sub("", text)
    relative: Literal["", "this", "next"] = "next" if _COMING.search(said) else "this" if _THIS.search(said) else ""
    kind = next((kind for pattern, kind in _KINDS if pattern.search(said)), "")
    if _NEXT_WHOLE.fullmatch(said.strip()):
        return CalendarAsk("next", sure=True, relative=relative)
    month, from_now, words = _month(said)
    if (month or from_now is not None) and not kind and _OF_MONTH.search(said):
        return CalendarAsk("month", "", month, from_now, sure=len(said) - words <= _LITTLE_ELSE, relative=relative)
    if _PASSED.search(said):
        return CalendarAsk("passed", kind, sure=len(said) <= 2 * _LITTLE_ELSE, relative=relative)
    if _NEXT.search(said):
        return CalendarAsk("next", sure=True, relative=relative)
    if _DAYS_LEFT.search(said):
        return CalendarAsk("days_left", kind, relative=relative)
    if kind in ("", "closing", "opening") and _STATE.search(said):
        return CalendarAsk("state", kind or "closing", relative=relative)
    if not kind and _WHOLE.search(said):
        file = bool(_FILE.search(said))
        return CalendarAsk("whole", sure=file, relative=relative, file=file)
    return CalendarAsk("date", kind, relative=relative)


def _month(said: str) -> tuple[int | None, int | None, int]:
    """The month that is named, or how many months from now, and how many letters name it."""
    relative = _RELATIVE_MONTH.search(said)
    if relative:
        which = relative["which"]
        return None, 0 if which == _TONES.sub("", "นี้") else -1 if which in _BEFORE else 1, len(relative[0])
    numbered = _NUMBERED_MONTH.search(said)
    if numbered:
        return int(numbered["number"]), None, len(numbered[0])
    for number, pattern in enumerate(_MONTHS, start=1):
        if found := pattern.search(said):
            return number, None, len(found[0])
    return None, None, 0


_BEFORE = tuple(_TONES.sub("", word) for word in ("ก่อน", "ที่แล้ว"))
