"""Short answers to what the assistant has just asked: "ใช่", "ยังเลย", "3", "ปี 64", "ไม่แน่ใจ"."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from typing import Any

import regex

from intents.quantities import BUDDHIST, YEARS, bare_number, buddhist, times
from intents.reading import Reading, folded
from intents.stance import denies

NUMBERS = {"agency_count": 1000, "expansion_areas": 10_000, "expansion_percent": 100, "agenda_issue": 8}
"""The facts that a bare number answers, each with the greatest that makes sense. Months need their unit."""

_NOT_BOOLEANS = {
    *NUMBERS, *YEARS, "months_in_use", "focus", "prior_level", "prior_category", "participation_level", "global_change_areas",
}  # fmt: skip

_SOFT = "ครับ|ค่ะ|คะ|จ้า|จ้ะ|นะ|อะ|อ่ะ|เลย|แล้ว|ผม|ดิฉัน|หนู|พี่|เรา|ก็|อยู่|จริง|แหละ|สิ|ซิ|ด้วย|ทั้งหมด|เรียบร้อย|คับ|มั้ง|เหมือนกัน|ตอนนี้|เอ่อ|อืม|น่ะ|ล่ะ|ละ"
_YES = "ใช่|มี|ทำ|เคย|ได้|วัด|สำรวจ|เชื่อม|เป็น|ตรง|จริง|ถูก(?:ต้อง)?|แน่นอน|ครบ|อืม|อือ|เออ|yes|โอเค|ok|น่าจะ(?:ใช่|มี|ทำ|เคย|ได้)|คิดว่า(?:ใช่|มี)|yep|y"
_VAGUE_YES = "น่าจะ|คง(?:จะ)?(?:งั้น|ใช่|มี|เคย|ได้)|คิดว่า(?:ใช่|มี|ได้|งั้น|เคย)?|เรียบร้อย|ประมาณนั้น|งั้น|เสร็จ"
_NO = "ไม่น่า(?:จะ)?(?:ใช่|มี|เคย|ได้)|ไม่ถูก(?:ต้อง)?|ไม่(?:ใช่|มี|ได้|เคย|ทำ|ครบ|ตรง|เป็น|เชื่อม|วัด|ได้ทำ|ได้มี|ได้วัด|ได้เป็น|ถึง|น่า(?:ใช่|มี))?|ยัง(?:ไม่(?:ได้|มี|เคย|ทำ)?(?:ทำ|วัด|มี)?)?|เปล่า|ป่าว|no|nope|ไม่น่า(?:จะ)?(?:ใช่|มี|เคย|ได้)|ไม่ถูก(?:ต้อง)?|ม่าย|คงไม่(?:ใช่|มี)?|ไม่น่า(?:จะ)?|(?:น่าจะ|คิดว่า)ไม่(?:น่า|ใช่|มี|ได้|เคย|ถึง)?|(?:น่าจะ|คิดว่า|คง)ยัง|n"
_UNSURE = "(?:ยัง)?ไม่(?:ค่อย)?(?:แน่ใจ|รู้|ทราบ|มั่นใจ|ชัวร์)|จำ(?:ปี|ระดับ|เลข|ตัวเลข|จำนวน|สาขา|ที่ได้)*ไม่(?:ค่อย)?ได้|งง|ข้าม|ไม่ตอบ|ข้ามไม่ตอบ|ข้ามไป|ขอข้าม|ข้ามก่อน|ข้ามข้อนี้|น่าจะไม่แน่ใจ|ตอบไม่(?:ได้|ถูก)|ไม่มีข้อมูล|ขอเช็คก่อน|ขอเช็ก(?:ก่อน)?|ต้องถามก่อน|ขอถามก่อน|skip|ลืม|ไม่แน่|แล้วแต่|เดี๋ยวเช็ค|ไม่แน่นอน|\\?"
_SOFTLY = f"(?:{_SOFT}|\\.|\\?)*"
_ALL_YES = regex.compile(
    folded(
        rf"{_SOFTLY}(?:(?:มี|ใช่|ทำ|ได้)?(?:ครบ)?(?:ทั้ง(?:คู่|สอง(?:อย่าง|ข้อ)?|2(?:อย่าง|ข้อ)?|หมด)|ครบทุกอย่าง|ครบ|หมด)){_SOFTLY}"
    )
)
_ALL_NO = regex.compile(
    folded(
        rf"{_SOFTLY}(?:ยัง)?(?:ไม่มีเลย|ไม่(?:มี|ใช่|ได้|เคย|ทำ|ได้ทำ|มีครบ)?(?:ทั้ง(?:คู่|สอง(?:อย่าง|ข้อ)?|2(?:อย่าง|ข้อ)?|หมด)|สักอย่าง|เลยสักอย่าง|อะไรเลย)){_SOFTLY}"
    )
)
_BARE_YES = regex.compile(folded(rf"{_SOFTLY}(?:(?:{_YES}|{_VAGUE_YES}){_SOFTLY}){{1,3}}"))
_PLAIN_YES = regex.compile(folded(rf"(?:ใช่|มี|ได้|ทำได้|เคย|yes){_SOFTLY}"))
_BARE_NO = regex.compile(folded(rf"{_SOFTLY}(?:(?:{_NO}){_SOFTLY}){{1,3}}"))
_BARE_UNSURE = regex.compile(folded(rf"{_SOFTLY}(?:(?:{_UNSURE}){_SOFTLY}){{1,3}}(?:ว่า(?!.*ต้อง).{{0,20}})?"))
# "ไม่แน่ใจค่ะ ต้องไปถามพี่อีกคน": what follows may be any chatter, but neither a question nor a number.
_UNSURE_FIRST = regex.compile(
    folded(rf"{_SOFTLY}(?:อันนี้|ตรงนี้|ข้อนี้|เรื่องนี้|ส่วนนี้)?{_SOFTLY}(?:(?:{_UNSURE}){_SOFTLY}){{1,3}}")
)
_TO_BE_ASKED = regex.compile(
    folded(
        r"(?:เดี๋ยว|ต้อง|ขอ|คงต้อง|เดี๋ยวขอ|เดี๋ยวต้อง|ขอเวลา)(?:กลับ)?(?:ไป|ลอง)(?:ไป)?(?:ถาม|เช็ค|เช็ก|เชค|ดู|ตรวจ|หา)|(?:เดี๋ยว|ขอ|ต้อง|คงต้อง)(?:ถาม|เช็ค|เช็ก|เชค|ตรวจ).{0,24}ก่อน$"
    )
)
_ASKS = regex.compile(folded(r"\?|ไหม|มั้ย|มัย|อะไร|เมื่อไ|ยังไง|เท่าไ|กี่|ทำไม|คือ|หรือ|ล่ะ$|ใคร|ไหน|ต้องมี|ต้องทำ|ช่วย|อธิบาย|\d"))
_BARE_YEARS = regex.compile(folded(r"(?P<year>\d{2}|\d{4})(?:กับ|และ|แล้วก็|ขยาย|เริ่ม|,|-| )+(?P<year>\d{2}|\d{4})"))
_LEADING = regex.compile(folded(rf"(?:(?P<yes>{_YES})|(?P<no>{_NO}))(?:ครับ|ค่ะ|คะ|จ้า|แล้ว|เลย|คับ)*"))


def bare_answers(
    reading: Reading, asked: Sequence[str], found: Collection[str], spans: Collection[tuple[int, int]], today: date
) -> Iterator[tuple[str, Any]]:
    """The asked facts that a short answer tells, beside those `found` in its wording at `spans`."""
    key = reading.key
    open_facts = [fact for fact in asked if fact not in found]
    booleans = [fact for fact in open_facts if fact not in _NOT_BOOLEANS]
    if _BARE_UNSURE.fullmatch(key):
        yield from ((fact, None) for fact in open_facts)
        return
    if len(asked) > 1 and booleans and not found and (_ALL_YES.fullmatch(key) or _ALL_NO.fullmatch(key)):
        yield from ((fact, _ALL_YES.fullmatch(key) is not None) for fact in booleans)
        return
    numbers = list(_numbers(reading, asked, open_facts, today))
    yield from numbers
    if len(booleans) == 1 and (len(asked) == 1 or found):
        answer = None if _of_another(reading, booleans[0]) else _yes_or_no(reading, spans)
        if answer is not None:
            yield booleans[0], answer
            return
    if not numbers and not found and _unsure_first(reading):
        yield from ((fact, None) for fact in open_facts)


# A verb that answers one question is no yes to another: "สำรวจแล้ว" says nothing of whether agencies work for each other.
_OWN_VERBS = {
    "satisfaction_measured": "วัด|สำรวจ",
    "satisfaction_statistics": "วัด|สำรวจ",
    "digital_data_integration": "เชื่อม",
    "works_on_behalf_of_each_other": "เชื่อม",
}
_VERBS = regex.compile(folded("วัด|สำรวจ|เชื่อม"))


def _of_another(reading: Reading, fact: str) -> bool:
    own = folded(_OWN_VERBS[fact]).split("|") if fact in _OWN_VERBS else []
    return any(verb not in own for verb in _VERBS.findall(reading.key))


def _unsure_till(reading: Reading) -> int | None:
    """Where in the key the words end that say first of all that the person is unsure."""
    return next((gap for gap in sorted(reading.gaps)[:6] if _UNSURE_FIRST.fullmatch(reading.key, 0, gap)), None)


def _unsure_first(reading: Reading) -> bool:
    """Whether a text says at first that the person is unsure, or must ask others, and then only chats."""
    end = _unsure_till(reading)
    if end is not None:
        return not _ASKS.search(reading.key, end)
    return _TO_BE_ASKED.match(reading.key) is not None and not _ASKS.search(reading.key)


def _yes_or_no(reading: Reading, spans: Collection[tuple[int, int]]) -> bool | None:
    """What a whole text, its beginning or what it holds beside `spans` says."""
    rest = "".join(c for i, c in enumerate(reading.key) if not any(start <= i < end for start, end in spans))
    unsure = _unsure_till(reading)
    after = reading.key[unsure:] if unsure is not None else ""
    for text in (reading.key, rest, after):
        if _BARE_NO.fullmatch(text):
            return False
        # Beside another fact "น่าจะ" and "แล้ว" belong to that one: only a plain yes is an answer of its own.
        if _BARE_YES.fullmatch(text) if text is reading.key or not spans else _PLAIN_YES.fullmatch(text):
            return True
    if any(start == 0 for start, _ in spans):
        # The first words tell something else: "สำรวจแล้ว" is no yes to what was asked.
        return None
    leading = None
    for match in _LEADING.finditer(reading.key, overlapped=False):
        leading = match if match.start() == 0 and match.end() in reading.gaps else None
        break
    return None if leading is None else bool(leading["yes"])


def _numbers(
    reading: Reading, asked: Sequence[str], open_facts: Sequence[str], today: date
) -> Iterator[tuple[str, Any]]:
    years_asked = [fact for fact in open_facts if fact in YEARS]
    number = bare_number(reading)
    if years_asked and len(years_asked) < len(set(asked) & set(YEARS)):
        # The year that was named is told already.
        return
    if years_asked:
        named = [when.year for when in times(reading, today) if not denies(reading.key[: when.start])]
        if not named:
            digits = _BARE_YEARS.fullmatch(reading.key)
            numbers = map(int, digits.captures("year")) if digits else [number] if isinstance(number, int) else []
            named = [year for year in map(buddhist, numbers) if year is not None and year <= today.year + BUDDHIST]
        if len(named) == 2 and len(years_asked) == 2:
            yield from zip(YEARS, sorted(named), strict=True)
        elif len(named) == 1 and len(years_asked) == 1:
            yield years_asked[0], named[0]
        elif isinstance(number, dict) and len(years_asked) == 1:
            ends = {key: buddhist(int(end)) for key, end in number.items()}
            if None not in ends.values():
                yield years_asked[0], ends
        return
    counted = [fact for fact in open_facts if fact in NUMBERS]
    if number is not None and len(counted) == 1:
        greatest = max(number.values()) if isinstance(number, dict) else number
        whole = isinstance(number, dict | int) or counted[0] == "expansion_percent"
        if counted[0] == "agency_count" and greatest < 1:
            return
        if greatest <= NUMBERS[counted[0]] and whole and (counted[0] != "agenda_issue" or isinstance(number, int)):
            yield counted[0], number
