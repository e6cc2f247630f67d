"""Whose number is it: durations, years, counts and percentages of a text as the facts that they tell.

The word nearest before a number says what it counts: "ใช้มา 2 ปี" is use, "ขยายผลมา 2 ปี" expansion, "รอ 2 เดือน" neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import regex

from intents.quantities import (
    BUDDHIST,
    YEARS,
    Number,
    Quantity,
    When,
    agencies,
    areas,
    durations,
    months_since,
    percents,
    times,
)
from intents.reading import Reading, folded
from intents.stance import Stance, stance


@dataclass(frozen=True)
class Counted:
    """A fact told at key[start:end)."""

    fact: str
    value: Any
    start: int
    end: int


_NEAR = 40
_AFTER = 24
# Whose time it is. Of words that begin at one place the first counts.
_TIME = regex.compile(
    folded(
        r"(?P<process>ใช้เวลา|ระยะเวลา(?!ใช้|ดำเนิน|ที่ใช้)|ลดลง|ลด|รอ(?![บง]|(?:ให้|จน|กว่า|กระทั่ง|จะ|มัน|ใช้)*(?:ครบ|เต็ม))|เหลือ|เร็วขึ้น|ภายใน|เสร็จ|ทุก(?!วันนี้)|แผน|โครงการ(?=\s?\d)|หลักสูตร|อายุ|สัญญา|งบ|รับประกัน|จาก(?=\d)|ค้าง|พัฒนามา|สร้างมา|เขียนมา|ทดลอง|นำร่อง|ทดสอบ|อบรม|วิจัย|ศึกษา|ดำเนินคดี|จ่าย|ทำงานมา|รับราชการ|ปีละ|ในรอบ|ระหว่างพัฒนา)"
        r"|(?P<lookback>ย้อนหลัง|ที่ผ่านมามี)"
        r"|(?P<future>อีก(?=\s?\d)|จะครบ|จะมี|ข้างหน้า)"
        r"|(?P<round>รอบ|เสนอ|ขอรับ|เกณฑ์|เงื่อนไข|ประจำปี|ส่ง|สมัคร|ประกวด|กติกา|ยื่น|ทัน)"
        r"|(?P<expansion>(?<!เลื่องลือ|ส่ง|ลือ)ขยาย(?!ผลมาตรฐาน|ผลการบริการ|ผลบริการ)|ต่อยอด(?!จาก)|พัฒนาต่อ)"
        r"|(?P<award>ได้รางวัล|(?<!ขอ|ได้|พิธี|วัน|งาน)รับรางวัล(?!ที่|เมื่อไ|วัน)|รางวัลชมเชย|ได้ดี|ได้ระดับ|ดีเด่น|ระดับดี|เคยได้|ชนะ|ได้รับ|ที่ได้|ได้เลิศรัฐ|ชมเชย|ได้(?=(?:มา)?(?:เมื่อ|ตอน)?ปี(?:25|20)?\d\d)|คว้า(?!ม)|สัมฤทธิผล(?=ปี))"
        r"|(?P<use>รอ(?:ให้|จน|กว่า|กระทั่ง|จะ|มัน|ใช้)*(?=ครบ|เต็ม)(?:ครบ(?=\s?\d)|เต็ม(?=\s?\d))?|(?<!ไม่|ทดลอง|ทดสอบ|ลอง)ใช้(?!เวลา|งบ|เงิน|คน|ข้อมูลร่วม)|เปิด(?!เผย|รับสมัคร|ใจ)|ดำเนินการ|ดำเนินงาน|ทำ(?!ไม|งานแทน|แทน|สถิติ|แบบ)|เริ่ม|ตั้งแต่|ให้บริการ|บริการมา|รัน|มาแล้ว|ขึ้นระบบ|go ?live|ติดตั้ง|launch|ออนไลน์|เห็นผล|มีผล|เพิ่ง|พึ่ง|ใช้งาน|อยู่มา)"
    )
)
_AWARD_AFTER = regex.compile(
    folded(r"^(?:นี่|ก็|เรา|เคย)?(?:ได้(?:รับ)?(?:รางวัล|ดีเด่น|ระดับ|ดี|เลิศรัฐ)|ที่(?:เคย)?ได้|ระดับ(?:ดี|ดีเด่น))")
)
_USE_AFTER = regex.compile(folded(r"^(?:ก็|ถึง|เรา)?(?:เริ่ม(?!ขยาย)|เปิด(?:ใช้|ให้|ตัว|ระบบ)|ใช้(?:มา|จริง|งาน))"))
_EXPANSION_AFTER = regex.compile(folded(r"^(?:ก็|ถึง|เรา)?(?:เริ่ม)?ขยาย"))
# What may follow a duration that no word claims: it is then how long the work has been in use.
_STANDS_ALONE = regex.compile(
    folded(
        r"^(?:แล้ว|กว่า|เต็ม|พอดี|เอง|นี่|นี้|นะ|ก็|มา|เท่านั้น|ครับ|ค่ะ|คะ|อะ)*(?:ได้|ส่ง|ละ|ล่ะ|พอ|ทัน|สมัคร|เข้า|ผ่าน|ยัง|$|แต่|วัด|ไม่ใช่|เอ้ย|เอ๊ย|โทษที|แก้เป็น|ทำไง|ทำยังไง|จะเป็น|งานที่|อีก|ส่วน|โครงการที่|ผลงานที่|\?)|^แล้ว"
    )
)
_RULE_AFTER = regex.compile(folded(r"^(?:นี่|นี้)?(?:ต้อง|นับ(?:ยังไง|จาก|ตั้งแต่|ถึง|อย่าง)|คือ|หมายถึง|แปลว่า|ของเงื่อนไข|ตามเกณฑ์)"))
_DAYS_IN_USE = regex.compile(folded(r"(?:มา|ได้|ใช้(?:งาน)?|เพิ่ง\S{0,6}|แค่|เพียง)$"))
_STILL_TO_COME = regex.compile(
    folded(r"(?:อีก|ขาด|เหลือ)(?:อีก|แค่|เพียง|ประมาณ|ราว|\d{1,2}(?:เดือน|วัน|สัปดาห์)|เดือนเดียว|ไม่กี่เดือน|ถึง|ก็|จะ|ครบ)*$")
)
_A_RATE = regex.compile(folded(r"^แล้วแต่|ต่อ(?:ครั้ง|คน|ปี|ราย)"))


def counted_facts(reading: Reading, today: date, year: int, asked: Sequence[str]) -> Iterator[Counted]:
    """The facts that the numbers of a text tell, in no order."""
    if regex.search(r"\d|ปี|เดือน", reading.key):
        yield from _of_durations(reading, today, asked)
        yield from _of_years(reading, today, year, asked)
    yield from _of_agencies(reading, asked)
    yield from _of_areas(reading, asked)
    yield from _of_percents(reading, asked)


def _nearest(pattern: regex.Pattern[str], reading: Reading, start: int) -> regex.Match[str] | None:
    """The last match of a role's words that ends before key[start]."""
    last = None
    for match in pattern.finditer(reading.key, max(0, start - _NEAR), min(len(reading.key), start + 4)):
        if match.end() > start and match.lastgroup not in ("future", "process"):
            break
        if match.start() < start:
            last = match
    return last


def _told(fact: str, value: Any, quantity: Quantity | When, reading: Reading) -> Iterator[Counted]:
    """The fact, unless its words are denied or only asked about; None for its value when they are unsure."""
    stands = stance(reading, quantity.start, quantity.end)
    if stands is Stance.TOLD or stands is Stance.UNSURE:
        yield Counted(fact, value if stands is Stance.TOLD else None, quantity.start, quantity.end)


def _of_durations(reading: Reading, today: date, asked: Sequence[str]) -> Iterator[Counted]:
    found = list(durations(reading))
    coming = _still_missing(reading, found)
    if coming is not None:
        yield from _told("months_in_use", coming.value, coming, reading)
    for quantity in found:
        if coming is not None and coming.start <= quantity.start < coming.end:
            continue
        match = _nearest(_TIME, reading, quantity.start)
        role = match.lastgroup if match else None
        before = reading.key[max(0, quantity.start - 16) : quantity.start]
        after = reading.key[quantity.end : quantity.end + _AFTER]
        waited = match is not None and match[0].startswith("รอ")
        if _A_RATE.search(after[:8]) or (_AGO.match(after) and not waited) or _STILL_TO_COME.search(before):
            continue
        if quantity.unit == "day" and not (role == "use" and (_DAYS_IN_USE.search(before) or after.startswith("แลว"))):
            continue
        if role == "use":
            yield from _told("months_in_use", quantity.value, quantity, reading)
        elif role in ("expansion", "award"):
            # "ได้ดีเด่นมา ใช้มา" has its own word; a gap between "ได้ดีเด่นปี 64" and "5 ปี" has none.
            fact = "expansion_start_year" if role == "expansion" else "prior_award_year"
            if quantity.unit == "year":
                yield from _told(fact, _year_before(quantity.value, today), quantity, reading)
        elif _unclaimed(role, after, asked):
            yield from _told("months_in_use", quantity.value, quantity, reading)


# "อีก 2 เดือนจะครบ 1 ปี" is ten months of use.
_MISSING = regex.compile(
    folded(
        r"(?:อีก|ขาด|เหลือ)(?:อีก|แค่|เพียง|ประมาณ|ราว|สัก|ไป)*(?:(?P<months>\d{1,2}) ?เดือน|(?P<one>เดือนเดียว))(?:เอง|ก็|ถึง|จะ|กว่า|มัน|ได้|ใช้|ใช้งาน|มา|เท่านั้น)*(?:ครบ|เต็ม)(?=(?P<year>ปี(?! ?\d|งบ|ที่))?)"
    )
)


def _still_missing(reading: Reading, found: Sequence[Quantity]) -> Quantity | None:
    """The use so far, told by what it still lacks of a whole time."""
    for match in _MISSING.finditer(reading.key):
        lacking = int(match["months"] or 1)
        # "ครบ" may begin the whole time itself ("ครบปี").
        whole = next((q for q in found if match.end() - 4 <= q.start <= match.end() + 1), None)
        months = 12 if match["year"] else whole.value if whole else None
        if isinstance(months, int) and months > lacking:
            end = max(match.end("year"), whole.end if whole else 0, match.end())
            return Quantity(months - lacking, "month", match.start(), end)
    return None


def _unclaimed(role: str | None, after: str, asked: Sequence[str]) -> bool:
    """Whether a duration that no word claims is how long the work has been in use."""
    if _RULE_AFTER.search(after):
        return False
    if "months_in_use" in asked:
        return role in (None, "round")
    return role is None and _STANDS_ALONE.search(after) is not None


_AGO = regex.compile(folded(r"(?:ที่แล้ว|ก่อน|ที่ผ่านมา)(?!มี)"))


def _year_before(months: Number, today: date) -> Any:
    """The year that lies so many months before `today`, or a range."""

    def year(count: float) -> int:
        return (today.year * 12 + today.month - 1 - int(count)) // 12 + BUDDHIST

    if not isinstance(months, dict):
        return year(months)
    low = year(months["max"]) if "max" in months else None
    high = year(months["min"]) if "min" in months else None
    if low == high and low is not None:
        return low
    return {key: end for key, end in (("min", low), ("max", high)) if end is not None}


def _of_years(reading: Reading, today: date, year: int, asked: Sequence[str]) -> Iterator[Counted]:
    claimed: set[int] = set()
    for when in times(reading, today):
        match = _nearest(_TIME, reading, when.start)
        role = match.lastgroup if match else None
        prize = _PRIZE.search(reading.key, max(0, when.start - _NEAR), when.start)
        if (
            prize
            and when.year < year
            and (match is None or match.start() <= prize.start())
            and _of_an_expansion(reading, prize, when)
        ):
            match, role = prize, "award"
        after = reading.key[when.end : when.end + _AFTER]
        taken = match is not None and match.start() in claimed
        if when.role == "round" or when.year > year:
            # "ดีเด่นปี 2562 … รอบ 68": the word told the first year.
            role = role if role in ("use", "expansion", "award") and not taken else "round"
        if role == "use" and match is not None and _started_expanding(reading, match, asked):
            role = "expansion"
        if match is not None:
            claimed.add(match.start())
        # "ได้รางวัลปี 2563 ปี 2566 เริ่มขยาย": a word tells one year, the next one looks to what follows it.
        if taken or role in (None, "process", "round"):
            for name, pattern in (("award", _AWARD_AFTER), ("use", _USE_AFTER), ("expansion", _EXPANSION_AFTER)):
                if following := pattern.search(after):
                    role = name
                    claimed.update(range(when.end, when.end + following.end() + 1))
        if role is None and "months_in_use" in asked and not set(YEARS) & set(asked):
            role = "use"
        elif role is None and "builds_on_awarded_work" in asked:
            role = "award"
        elif role == "use" and (not _is_start(reading, when) or (when.year >= year and _TO_ENTER.search(after))):
            continue
        if role == "use":
            yield from _told("months_in_use", months_since(when, today), when, reading)
        elif role == "expansion":
            yield from _told("expansion_start_year", when.year, when, reading)
        elif role == "award" and when.year <= year:
            yield from _told("prior_award_year", when.year, when, reading)


def _started_expanding(reading: Reading, match: regex.Match[str], asked: Sequence[str]) -> bool:
    """Whether a word for beginning belongs to an expansion: "เริ่มขยายตั้งแต่ปี 66", "ต่อยอดเชิงคุณภาพ เริ่มปี 65".

    What began is the expansion when a text has spoken of one and of no use since, or when its beginning was asked for.
    """
    if _BEGUN.search(reading.key, max(0, match.start() - 12), match.end()) is None:
        return False
    before = reading.key[: match.start()]
    if "expansion_start_year" in asked and not _USED.search(before[-24:]):
        return True
    return _EXPANDING.search(before) is not None


_BEGUN = regex.compile(folded(r"(?:ตั้งแต่|เริ่ม)(?:ทำ|ดำเนินการ|ดำเนินงาน|ลงมือ)?(?:มา)?(?:ตั้งแต่)?$"))
_USED = regex.compile(folded(r"ใช้|เปิด|ให้บริการ"))
_EXPANDING = regex.compile(
    folded(
        r"(?:(?<!เลื่องลือ|ส่ง|ประเภท|รางวัล|ลือ)ขยาย(?!ผลมาตรฐาน|ผลการบริการ|ผลบริการ)|ต่อยอด|พัฒนาต่อ|ทำต่อ|มาพัฒนา|ปรับปรุงต่อ)(?:(?!ใช้|เปิด|ให้บริการ|ขึ้นระบบ).)*$"
    )
)
# "จากรางวัลปี 2564", "รางวัลปี 2563 ขยายผลปี 2566": elsewhere the year of an award is the round's.
_PRIZE = regex.compile(
    folded(
        r"(?<!ส่ง|สมัคร|ประกวด|ขอรับ|ยื่น|เสนอ|เข้า|รอบ|ลง|เกณฑ์)(?P<from>(?:จาก|ต่อ|ของ|ต่อยอด|ขยาย|ผล|งาน|โครงการ|ระบบ)(?:ที่|เป็น)?)?รางวัล(?:เลิศรัฐ|เดิม|เก่า|ระดับดี|ดีเด่น|เมื่อ|ตอน|ได้|มา|ที่)*ปี?$"
    ),
    regex.REVERSE,
)
_EXPANDED_WHEN = regex.compile(
    folded(
        r"(?<!เลื่องลือ|ส่ง|ประเภท|รางวัล|ลือ)(?:ขยาย|ต่อยอด)(?!ผลมาตรฐาน|ผลการบริการ|ผลบริการ)(?:ผล|งาน|ไป|มา|แล้ว|เมื่อ|ตอน|ตั้งแต่|เริ่ม|ปี|ได้|อีก)*\d|เริ่ม(?:ขยาย|ต่อยอด)"
    )
)


def _of_an_expansion(reading: Reading, prize: regex.Match[str], when: When) -> bool:
    """Whether the year beside a word for a prize is the one that a work, since expanded, was awarded in."""
    if prize["from"] is not None:
        return _EXPANDED_BY_US.search(reading.key) is not None
    return _EXPANDED_WHEN.search(reading.key) is not None


_EXPANDED_BY_US = regex.compile(
    folded(r"(?<!เลื่องลือ|ส่ง|ประเภท|ลือ)(?:ขยาย(?!ผลมาตรฐาน|ผลการบริการ|ผลบริการ)|ต่อยอด|พัฒนาต่อ)")
)
_START = regex.compile(
    folded(
        r"(?:ตั้งแต่|เริ่ม(?:ใช้|ทำ|ดำเนินการ|เปิด|งาน|ให้บริการ|ใช้งาน|ใช้จริง)*|เปิด(?:ใช้|ตัว|ให้บริการ|บริการ|ระบบ|งาน)*|ใช้(?:มา|งาน|จริง|งานจริง)*(?:ตั้งแต่)?|ขึ้นระบบ|go ?live|launch|ทำมา(?:ตั้งแต่)?|ดำเนินการ(?:มา)?(?:ตั้งแต่)?|ให้บริการ(?:มา)?|ติดตั้ง|เพิ่ง\S{0,10}|พึ่ง\S{0,10}|มา(?:ตั้งแต่)?)(?:จริง|งาน|เมื่อ|ตอน|ใน|ช่วง|ต้น|กลาง|ปลาย|ราว|ประมาณ|ปี|เดือน|งบ|งบประมาณ|พ.?ศ.?|แล้ว|คือ|วันที่ ?\d{1,2}|\d{1,2}|สัก|ก็|น่าจะ|นี้| )*$"
    )
)


# "…มาแล้ว ปีนี้จะส่ง…" is the year of the round.
_TO_ENTER = regex.compile(folded(r"^(?:ก็|เรา|นี้)*(?:จะ|อยาก|กะ|ขอ|กำลัง)*(?:ส่ง|สมัคร|ยื่น|ลง(?!มือ)|ประกวด)"))


def _is_start(reading: Reading, when: When) -> bool:
    """Whether a time is when the use began: "ตั้งแต่ปี 66", not "ใช้งบปี 66" or "ใช้เกณฑ์ปี 66"."""
    return bool(
        _START.search(reading.key[max(0, when.start - 30) : when.start])
        or _USE_AFTER.search(reading.key[when.end : when.end + _AFTER])
    )


_LINKING = r"เชื่อม|แชร์|แลก|บูรณาการ|ข้อมูล|ฐาน|api|ดาต้า|data|ลิงก์|ลิงค์"
_AGENCY = regex.compile(
    folded(
        rf"(?P<link>{_LINKING})|(?P<other>ขยาย|อบรม|ผู้ใช้|นำไปใช้|เอาไปใช้|ใช้(?:งาน)?(?:ใน|แล้ว|อยู่|ที่)|สมัคร|ประกวด|ลูกค้า|เผยแพร่|รางวัล|ให้บริการ|แจก|ส่งผลงาน|ดูงาน|สนใจ|ประเมิน)"
        r"|(?P<join>ร่วม|ระหว่าง|แทนกัน|กับ|ทำงาน|มี|รวม)"
    )
)
_AGENCIES_NAMED = regex.compile(folded(r"หน่วยงาน\S{0,10}$"))
_LINKED_AFTER = regex.compile(folded(rf"^\S{{0,8}}?(?:{_LINKING})"))
_AND_ANOTHER = regex.compile(folded(r"(?:กับ|และ|ร่วม|เชื่อม|มี|ข้อมูล)?อีก(?:ทั้งหมด)?$"))
_WITH = regex.compile(folded(r"(?:กับ|จาก)(?:ทั้งหมด|หน่วยงาน(?=\d)|ประมาณ|ราว)?$"))
_OUR_OWN_TOO = regex.compile(folded(r"^.{0,4}?(?:รวม(?:ของ)?(?:เรา|ตัวเอง|กรมเรา|หน่วยงานเรา|ตัวเราเอง)|นับ(?:รวม)?เรา)"))
_WITHOUT_US = regex.compile(folded(r"^.{0,4}?(?:ไม่รวม|ไม่นับ|นอกจาก)(?:ของ)?(?:เรา|ตัวเอง|กรมเรา|หน่วยงานเรา)|^อื่น"))


def _of_agencies(reading: Reading, asked: Sequence[str]) -> Iterator[Counted]:
    for quantity in agencies(reading):
        match = _nearest(_AGENCY, reading, quantity.start)
        role = match.lastgroup if match else None
        after = reading.key[quantity.end : quantity.end + _AFTER]
        before = reading.key[max(0, quantity.start - 20) : quantity.start]
        linked = _links(reading, quantity.start) or bool(_LINKED_AFTER.search(after))
        if role == "other" or (
            quantity.unit in (folded("แห่ง"), folded("ที่"))
            and not (linked or _AGENCIES_NAMED.search(before) or "agency_count" in asked)
        ):
            continue
        value = quantity.value
        if _WITHOUT_US.search(after) or (_AND_ANOTHER.search(before) and not _OUR_OWN_TOO.search(after)):
            value = _plus(value, 1)
        elif _WITH.search(before) and not _OUR_OWN_TOO.search(after):
            value = _plus(value, 0, 1)
        told = list(_told("agency_count", value, quantity, reading))
        yield from told
        if told and linked and told[0].value is not None:
            yield Counted("digital_data_integration", True, quantity.start, quantity.end)


_LINK = regex.compile(folded(_LINKING))


def _links(reading: Reading, start: int) -> bool:
    return bool(_LINK.search(reading.key, max(0, start - 24), start))


def _plus(value: Number, low: int, more: int = 0) -> Number:
    """A number with `low` added, and up to `more` beyond."""
    ends = value if isinstance(value, dict) else {"min": value, "max": value}
    if not more and not isinstance(value, dict):
        return value + low
    return {key: end + low + (more if key == "max" else 0) for key, end in ends.items()}


_EXPANDED = regex.compile(folded(r"ขยาย|เลื่องลือ|ต่อยอดไป"))
_NOT_EXPANDED = regex.compile(
    folded(r"เชื่อม|เคยใช้|ผู้ใช้|เครือข่าย(?=\d)|นำร่อง|ต้นแบบ(?:ใน)?(?=\d)|เดิมมี|จากเดิม|(?:จาก|\dใน)(?:ทั้งหมด)?$|ทั้งหมด$")
)


def _of_areas(reading: Reading, asked: Sequence[str]) -> Iterator[Counted]:
    for quantity in areas(reading):
        start = max(0, quantity.start - _NEAR - 5)
        expanded = list(_EXPANDED.finditer(reading.key, start, quantity.start))
        after = _EXPANSION_AFTER.match(reading.key[quantity.end : quantity.end + _AFTER])
        named = "expansion_areas" in asked
        if not (expanded or after or named):
            continue
        between = reading.key[expanded[-1].end() if expanded else start : quantity.start]
        if _NOT_EXPANDED.search(between) and not named:
            continue
        yield from _told("expansion_areas", quantity.value, quantity, reading)


_SHARE = regex.compile(
    folded(
        r"(?P<satisfaction>พอใจ)|(?P<process>ลด|เร็ว|ประหยัด|เพิ่มขึ้น|สำเร็จ|ถูกต้อง|แม่น|คะแนน|รายได้|เพิ่มรายได้|โต)"
        r"|(?P<expansion>ขยาย|ครอบคลุม|ต่อยอด|เชิงคุณภาพ|เชิงพื้นที่|คิดเป็น)"
    )
)
_SATISFIED_AFTER = regex.compile(folded(r"^\S{0,10}?พอใจ"))


def _of_percents(reading: Reading, asked: Sequence[str]) -> Iterator[Counted]:
    for quantity in percents(reading):
        match = _nearest(_SHARE, reading, quantity.start)
        role = match.lastgroup if match else None
        after = reading.key[quantity.end : quantity.end + _AFTER]
        if role not in ("satisfaction", "expansion") and _SATISFIED_AFTER.search(after):
            role = "satisfaction"
        elif role is None and _EXPANSION_AFTER.search(after):
            role = "expansion"
        elif role is None and "satisfaction_statistics" in asked:
            role = "satisfaction"
        if role == "satisfaction":
            yield from _told("satisfaction_statistics", True, quantity, reading)
            yield from _told("satisfaction_measured", True, quantity, reading)
        elif role == "expansion" or (role is None and "expansion_percent" in asked):
            yield from _told("expansion_percent", quantity.value, quantity, reading)
