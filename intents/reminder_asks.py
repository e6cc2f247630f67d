"""What is asked about reminders: how long before, whether more or instead, whether to stop.

Everything is read from cleaned text (intents.normalize.clean and plain), so that particles and Thai digits are gone.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import regex

from knowledge.leads import MOST_DAYS, MOST_MONTHS, Lead, longest_first

MOST_LEADS = 8
"""More reminders of one date than these are a nuisance; the longest are kept."""

_TONES = regex.compile(r"[\u0e47-\u0e4e]")


def _pattern(text: str) -> regex.Pattern[str]:
    # Tone marks are what a phone's keyboard loses first: neither side has them.
    return regex.compile(_TONES.sub("", text))


def _toneless(text: str) -> str:
    return _TONES.sub("", text)


_ONES = {"หนึ่ง": 1, "นึง": 1, "เอ็ด": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9}
_ONES = {_toneless(word): number for word, number in _ONES.items()}
_ONE = "|".join(_ONES)
_WORD = rf"(?:(?:ยี่|{_ONE})?สิบ(?:{_ONE})?|{_ONE})"
_NUMBER = rf"(?:\d{{1,4}}|{_toneless(_WORD)})"
_JOIN = r"(?:\s*(?:,|/|และ|กับ|หรือ|แล้วก็|\+|-)\s*|\s+)"
_DAY, _WEEK, _MONTH = r"(?:วัน|days?)", r"(?:สัปดาห์|สัปดา|อาทิตย์|อาทิต|วีค|weeks?)", r"(?:เดือน|months?)"
# "30, 7 และ 1 วัน": one unit for all numbers before it; of "3 วันที่ 5" the second is a date.
_SPANS = _pattern(
    rf"(?P<half>ครึ่ง)\s?(?P<unit>{_MONTH})|"
    rf"(?<!วันที่\s?)(?P<numbers>{_NUMBER}(?:{_JOIN}{_NUMBER})*)\s*(?P<unit>{_DAY}(?!\s?ที่\s?\d)|{_WEEK}|{_MONTH})|"
    rf"(?P<unit>{_WEEK}|{_MONTH}|(?<!ทุก|ตอน)วัน)\s?(?P<one>หนึ่ง|นึง|เดียว)"
    rf"|(?P<some>สัก|ซัก)\s?(?P<unit>{_WEEK}|{_MONTH})"
)
_EACH = _pattern(_NUMBER)
_SAME_DAY = _pattern(r"(?<!ก่อน|ถึง|ก่อนถึง)วัน(?:นั้น|จริง|สุดท้าย|เดียวกัน|ปิดรับเลย)|ณ วัน(?:ปิดรับ)?")
_ADDS = _pattern(r"เพิ่ม|อีก(?!ต่อไป|แล้ว)|นอกจาก|เสริม")
_ALL = _pattern(r"(?:ทั้งหมด|ทุก)(?:ประเภท|สาขา|รางวัล|เรื่อง|อย่าง|อัน|กำหนดการ|วัน)?|ทั้งหมด|หมดเลย|\ball\b|everything")
# Things that offices make, and that remind others …
_THING = (
    r"(?:ระบบ|แอป(?:พลิเคชัน)?|แอพ(?:พลิเคชัน)?|โปรแกรม|application|app|แชทบอท|แชตบอท|chatbot|บอท|bot|ไลน์(?:บอท|โอเอ)?|line|แพลตฟอร์ม|platform|เว็บ(?:ไซต์)?"
    r"|เครื่อง|อุปกรณ์|เซ็นเซอร์|sensor|กล้อง|ป้าย|หอ|สัญญาณ|เสียงตามสาย|นาฬิกา|นวัตกรรม|โครงการ|ผลงาน|บริการ|ศูนย์|ข้อความ|จดหมาย|sms|งาน|แดชบอร์ด|dashboard|ai|iot)"
)
# … and whom or what of: no date of an award has these words.
_OTHERS = (
    r"(?:ภัย|น้ำ|ไฟ|ฝุ่น|pm ?2|หมอก|ดิน(?:ถล่ม|สไลด์)|แผ่นดินไหว|สึนามิ|พายุ|ฝน|อากาศ|โรค|ไข้|ระบาด|ผู้ป่วย|คนไข้|ผู้รับบริการ|ผู้ใช้บริการ|ผู้สูงอายุ|ผู้สูงวัย|คนแก่"
    r"|เด็ก|แม่|หญิง|ผู้ปกครอง|นักเรียน|ประชาชน|ชาวบ้าน|ชุมชน|เกษตรกร|ชาวนา|ผู้ประกอบการ|ผู้ประกันตน|เจ้าของ|นายจ้าง|ลูกหนี้|ผู้เสียภาษี|ผู้ขับขี่|คนขับ|เจ้าหน้าที่(?!ก\.?พ)|พยาบาล|แพทย์|หมอ"
    r"|กินยา|ทานยา|ยา|นัด|วัคซีน|ฉีด|ตรวจสุขภาพ|ความจำ|ล้ม|พลัด|จมน้ำ|ต่ออายุ|หมดอายุ|ใบอนุญาต|ใบขับขี่|ภาษี|ชำระ|จ่าย|ค่า|หนี้|เบี้ย|บิล|ทะเบียน|อุบัติเหตุ|จุดเสี่ยง|รถ|เหตุ|ฉุกเฉิน|ขยะ|สาร|พื้นที่เสี่ยง)"
)
_WARNS = r"(?:แจ้งเตือน|เตือน)"
_OF_OTHERS = _pattern(rf"{_WARNS}\s?(?:ให้|แก่|กับ|ไปยัง|ถึง|เรื่อง|ว่า|การ|ระดับ|สถานการณ์|คุณภาพ|ก่อน|เมื่อ)*\s?{_OTHERS}")
_BY_THING = _pattern(rf"{_THING}\S{{0,12}}{_WARNS}")
# What is told or asked of such a thing: in use, made, which award it may be entered for.
_ASKED_OF_WORK = _pattern(
    r"(?:ส่ง|สมัคร|ยื่น|ลง|เข้า|เสนอ)\S{0,12}\s?(?:ไหม|ไหน|ใด|อะไร|หรือ)|เป็นนวัตกรรม|นับเป็น|ถือเป็น|ใช้(?:มา|งานมา|จริง)|\d\s?(?:ปี|เดือน)(?:แล้ว|กว่า)?\s*$"
    r"|ลด(?:เวลา|ขั้นตอน|ระยะ|การ|อัตรา)|ได้(?:รับ)?รางวัล|พัฒนา(?:ขึ้น|เอง)|ต่อยอด|ขยายผล(?:ไป|จาก|สู่)|เชื่อม(?:ข้อมูล|โยง)|ของ(?:เรา|กรม|กอง|โรงพยาบาล|รพ|เทศบาล|อบต|จังหวัด|หน่วยงาน)"
    rf"|(?:^|\s|เรา|กรม|กอง|ทีม|แห่ง)(?:ทำ|พัฒนา|สร้าง|คิดค้น|จัดทำ|ออกแบบ)(?:ตัว)?{_THING}"
)
# Said to the assistant, whatever else stands there.
_WISHED = _pattern(
    r"(?:ช่วย|ฝาก|รบกวน|อย่าลืม|ตั้ง(?:การ|ค่า)?|ขอ(?:ให้|รับ|เปิด|ตั้ง|ใช้)?(?:การ|ระบบ)?|อยาก(?:ให้|ได้|รับ)(?:การ)?|สมัครรับ(?:การ)?|ลงทะเบียนรับ(?:การ)?|เปิด(?:การ|ระบบ)?)"
    rf"{_WARNS}(?!\s?{_OTHERS})"
    rf"|{_WARNS}(?:ฉัน|ผม|หนู|เรา|พี่|ดิฉัน|ด้วย|หน่อย|ที(?=\s|$)|นะ|me)|{_WARNS}.{{0,40}}(?:ด้วย|หน่อย|(?<!พื้น|หน้า|เจ้าหน้า)ที|ให้นะ)(?:นะ)?$|remind me"
)
# A round's year is no number of days.
_ROUNDS = _pattern(r"(?:รอบ|ปี)(?:ปี|ที่|งบประมาณ)?\s?(?:\d{4}|\d{2})(?!\d)")
_ALLOWS = {"d": MOST_DAYS, "m": MOST_MONTHS}


@dataclass(frozen=True)
class LeadsSaid:
    """The lead times that a text names, the longest first; `adds` when they come beside what is set already; `beyond`
    when one was too long to be kept."""

    leads: tuple[Lead, ...] = ()
    adds: bool = False
    beyond: bool = False


def leads_said(text: str) -> LeadsSaid:
    """The lead times in cleaned `text`: "7 วัน", "สองสัปดาห์" (14 days), "30 7 1 วัน", "เดือนนึง", "วันนั้นเลย"."""
    said = _ROUNDS.sub(" ", _toneless(text))
    leads: list[Lead] = []
    beyond = False
    for count, unit in _spans(said):
        if 0 <= count <= _ALLOWS[unit] and (count or unit == "d"):
            leads.append(Lead(count, "d" if unit == "d" else "m"))
        else:
            beyond = True
    if _SAME_DAY.search(said):
        leads.append(Lead(0))
    return LeadsSaid(longest_first(leads)[:MOST_LEADS], bool(_ADDS.search(said)), beyond)


def means_all(text: str) -> bool:
    """Whether cleaned `text` speaks of everything ("ทั้งหมด", "ทุกประเภท")."""
    return bool(_ALL.search(_toneless(text)))


def tells_of_warnings(text: str) -> bool:
    """Whether cleaned `text` tells of a work that reminds or warns somebody ("ระบบแจ้งเตือนผู้ป่วย"), which is no wish to be
    reminded."""
    said = _toneless(text).lower()
    if _WISHED.search(said):
        return False
    return bool(_OF_OTHERS.search(said) or (_BY_THING.search(said) and _ASKED_OF_WORK.search(said)))


def _spans(said: str) -> Iterator[tuple[int, str]]:
    """Counts of days ("d") or months ("m"); a week is seven days, half a month fifteen."""
    for found in _SPANS.finditer(said):
        unit = found["unit"]
        if found["half"]:
            yield 15, "d"
            continue
        counts = [_count(number[0]) for number in _EACH.finditer(found["numbers"])] if found["numbers"] else [1]
        for count in counts:
            if regex.fullmatch(_toneless(_MONTH), unit):
                yield count, "m"
            elif regex.fullmatch(_toneless(_WEEK), unit):
                yield 7 * count, "d"
            else:
                yield count, "d"


def _count(word: str) -> int:
    if word.isdecimal():
        return int(word)
    tens, ten, ones = word.partition("สิบ")
    if not ten:
        return _ONES[tens]
    return (2 if tens.startswith("ย") else _ONES.get(tens, 1)) * 10 + _ONES.get(ones, 0)
