"""Reads a date as office staff type it: "31/3/2569", "31 มี.ค. 69 16.30 น.", "1-15 มีนาคม 2569", "มี.ค. 2569", "ยังไม่ประกาศ".

Years are of the Buddhist Era, two digits mean 25xx. Nothing is guessed: what can be read in two ways, or is no day of the
calendar, is refused with a sentence in Thai that says what to write.
"""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date

import regex

from knowledge.date_texts import MONTHS, NOT_ANNOUNCED, SHORT_MONTHS
from knowledge.model import ERA, MilestoneDate

EXAMPLES = "เช่น 31/3/2569, 31 มี.ค. 69, 1-15 มี.ค. 2569 หรือ มี.ค. 2569"
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_NOTHING = {"", "-", "–", "ไม่มี", "ยังไม่มี", NOT_ANNOUNCED, "ยังไม่กำหนด", "ยังไม่ประกาศวัน"}
_TIME = regex.compile(
    r"(?:เวลา\s*)?(?<![\d/.:])([0-2]?\d)[.:]([0-5]\d)\s*(?:น\.?|นาฬิกา)?$|(?:เวลา\s*)([0-2]?\d)\s*(?:น\.?|นาฬิกา)$"
)
_SPAN = regex.compile(r"\s*(?:-|–|—|ถึงวันที่|ถึง)\s*")
_IN_FIGURES = regex.compile(r"(\d{1,2})\s*[/.-]\s*(\d{1,2})\s*[/.-]\s*(\d+)")
_MONTH_IN_FIGURES = regex.compile(r"(\d{1,2})\s*/\s*(\d{4})")
_IN_WORDS = regex.compile(r"(?:(\d{1,2})\s*)?([ก-๙][ก-๙.]*\.?)\s*(\d+)?")
_SPAN_IN_FIGURES = regex.compile(r"(\d{1,2})\s*[-–—]\s*(\d{1,2})\s*/\s*(\d{1,2})\s*/\s*(\d+)")


class UnreadableError(ValueError):
    """It cannot be a date. The text is one polite sentence in Thai that says why, and what to write."""


@dataclass(frozen=True)
class TypedDate:
    """What was typed. `date` is None for "not announced yet"; `until` is the last day of a span; `time` is "16:30" or ""."""

    date: MilestoneDate | None = None
    until: MilestoneDate | None = None
    time: str = ""


def read_date(text: str) -> TypedDate:
    """The date that `text` says. UnreadableError when it says none, or one that does not exist."""
    text = regex.sub(r"\s+", " ", text.translate(_THAI_DIGITS).replace("\u200b", "")).strip()
    if text in _NOTHING:
        return TypedDate()
    if regex.match(r"\d{4}\s*[-/.]", text):
        raise UnreadableError(f"กรุณาเขียนวันที่ขึ้นก่อน และใช้ปี พ.ศ. {EXAMPLES}")
    text, time = _time(text)
    # "1-15 มี.ค. 69" borrows month and year for its first day from the last one.
    whole = _SPAN_IN_FIGURES.fullmatch(text)
    if whole:
        parts = [f"{whole[1]}/{whole[3]}/{whole[4]}", f"{whole[2]}/{whole[3]}/{whole[4]}"]
    elif _IN_FIGURES.fullmatch(text):
        parts = [text]
    else:
        parts = _SPAN.split(text)
    if len(parts) > 2:
        raise UnreadableError(f"อ่านวันที่ “{text}” ไม่ได้ กรุณาเขียนวันแรกและวันสุดท้ายเท่านั้น {EXAMPLES}")
    last = _day(parts[-1], None)
    first = _day(parts[0], last) if len(parts) == 2 else last
    if len(parts) == 1:
        return _with_time(TypedDate(last), time)
    if first.day is None or last.day is None:
        raise UnreadableError("ช่วงวันต้องมีวันที่ทั้งวันแรกและวันสุดท้าย เช่น 1-15 มี.ค. 2569")
    if _gregorian(last) < _gregorian(first):
        raise UnreadableError(f"ช่วงวันย้อนหลัง: วันสุดท้าย ({_said(last)}) มาก่อนวันแรก ({_said(first)}) กรุณาสลับหรือแก้วันที่")
    return _with_time(TypedDate(first, None if first == last else last), time)


def typed_text(date: MilestoneDate | None, until: MilestoneDate | None = None) -> str:
    """A date as it stands in the field when it is edited: "31/3/2569", "1/3/2569 - 15/3/2569", "มี.ค. 2569", ""."""
    if date is None:
        return ""
    if date.day is None:
        return f"{SHORT_MONTHS[date.month - 1]} {date.year}"
    return " - ".join(f"{one.day}/{one.month}/{one.year}" for one in (date, until) if one)


def _with_time(read: TypedDate, time: str) -> TypedDate:
    if time and read.date is not None and read.date.day is None:
        raise UnreadableError("มีเวลาแต่ไม่มีวันที่ กรุณาระบุวันที่ด้วย หรือเอาเวลาออก")
    return TypedDate(read.date, read.until, time)


def _time(text: str) -> tuple[str, str]:
    """The text without its time of day, and that as "16:30"."""
    found = _TIME.search(text)
    if found is None or not found.start():
        return text, ""
    hour, minute = int(found[1] or found[3]), int(found[2] or 0)
    if hour > 23:
        raise UnreadableError(f"ไม่มีเวลา {hour:02}.{minute:02} น. กรุณาเขียนเวลาตั้งแต่ 00.00 ถึง 23.59 น.")
    return text[: found.start()].strip(), f"{hour:02}:{minute:02}"


def _day(text: str, borrow: MilestoneDate | None) -> MilestoneDate:
    text = regex.sub(r"^(วัน\S*ที่|วันที่|เดือน)\s*", "", text.strip())
    text = regex.sub(r"\s*(พ\.?\s?ศ\.?|ปี)\s*(?=\d)", " ", text).strip()
    if found := _IN_FIGURES.fullmatch(text):
        return _checked(int(found[1]), int(found[2]), _year(found[3]))
    if found := _MONTH_IN_FIGURES.fullmatch(text):
        return _checked(None, int(found[1]), _year(found[2]))
    if found := _IN_WORDS.fullmatch(text):
        year = _year(found[3]) if found[3] else borrow.year if borrow else 0
        if not year:
            raise UnreadableError(f"ยังไม่มีปี กรุณาระบุปี พ.ศ. ด้วย {EXAMPLES}")
        return _checked(int(found[1]) if found[1] else None, _month(found[2]), year)
    if borrow and regex.fullmatch(r"\d{1,2}", text):
        return _checked(int(text), borrow.month, borrow.year)
    raise UnreadableError(f"อ่านวันที่ “{text}” ไม่ได้ กรุณาเขียน {EXAMPLES}")


def _month(word: str) -> int:
    bare = word.replace(".", "")
    for names in (MONTHS, SHORT_MONTHS):
        for number, name in enumerate(names, 1):
            if bare == name.replace(".", ""):
                return number
    raise UnreadableError(f"ไม่มีเดือนชื่อ “{word}” กรุณาเขียนชื่อเดือนเต็มหรือย่อ เช่น มีนาคม หรือ มี.ค.")


def _year(digits: str) -> int:
    year = int(digits)
    if len(digits) == 2:
        return 2500 + year
    if len(digits) == 4 and 1957 <= year <= 2157:
        raise UnreadableError(f"ปี {year} ดูเหมือนปี ค.ศ. กรุณาเขียนปี พ.ศ. คือ {year + ERA}")
    if len(digits) != 4 or not 2500 <= year <= 2700:
        raise UnreadableError(f"ปี {digits} ไม่ใช่ปี พ.ศ. ที่ใช้ได้ กรุณาเขียนปี พ.ศ. สี่หลัก เช่น 2569")
    return year


def _checked(day: int | None, month: int, year: int) -> MilestoneDate:
    if not 1 <= month <= 12:
        raise UnreadableError(f"ไม่มีเดือนที่ {month} กรุณาเขียน วัน/เดือน/ปี เช่น 31/3/2569")
    last = monthrange(year - ERA, month)[1]
    if day is not None and not 1 <= day <= last:
        raise UnreadableError(f"{MONTHS[month - 1]} {year} ไม่มีวันที่ {day} เดือนนี้มีถึงวันที่ {last} กรุณาแก้ไข")
    return MilestoneDate(year, month, day)


def _gregorian(day: MilestoneDate) -> date:
    return date(day.year - ERA, day.month, day.day or 1)


def _said(day: MilestoneDate) -> str:
    return f"{day.day} {SHORT_MONTHS[day.month - 1]} {day.year}"
