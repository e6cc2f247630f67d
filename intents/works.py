"""Texts that describe a work of somebody's own, or more than one."""

from __future__ import annotations

from functools import lru_cache

import regex

_WORK = r"(?:ผลงาน|งาน|โครงการ|ระบบ|อัน|ตัว|ชิ้น)"
# "งานแรก … อีกงาน …"; "ต่อยอดจากงานแรก", "เป็นระบบแรกของประเทศ" and "ใช้งาน 2 ปี" speak of one.
_BEGINS = regex.compile(
    rf"(?<!จาก)(?<!ถาม|ขอ|ดู|รู้)(?<!ต่อยอด)(?<!เป็น)(?<!กับ)(?<!เชื่อม)(?<!ส่ง|ลง|สมัคร|ยื่น)(?:ส่วน|แล้วก็|และ)?\s?(?:"
    rf"(?<!อีก)(?<!หน่วย){_WORK}(?:แรก(?!ของ|ใน)|สอง(?!\s?(?:แห่ง|งาน|ปี|เดือน|ตัว|ระบบ|กรม|หน่วย|ฝ่าย|ส่วน))|\s[กข](?=\s)|ที่\s?(?:แรก|หนึ่ง|สอง|สาม|[123](?!\d))|หนึ่ง(?!\s?(?:ใน|ปี|เดือน|ชิ้น|เรื่อง))|\s?[ab](?![a-z]))"
    rf"|อีก\s?{_WORK}(?:หนึ่ง|นึง)?)"
)
# "แอปคิวใช้ 8 เดือน กับระบบนัดหมอใช้ 3 ปี": two things that are named, each with its own time of use.
_THING = r"(?:ผลงาน|งาน|โครงการ|ระบบ|แอปพลิเคชัน|แอป|แอพ|เว็บไซต์|เว็บ|แพลตฟอร์ม|แชทบอท|แชตบอต|บอท|ไลน์|ตู้|คลินิก|ศูนย์|บริการ)"
_NAME = r"(?!(?:นี้|นั้น|เดิม|เก่า|ของกรม|ของหน่วยงาน|อื่น))(?:(?!ขยาย|ต่อยอด|พัฒนา|นำร่อง|ทดลอง|ใช้|เปิด|ทำมา|เริ่ม|เพิ่ง|กับ|และ|ส่วน|แล้วก็|เชื่อม|ลด|รอ)[^\d,]){1,30}?"
_USED = (
    r"\s?(?:นี่|ก็|เพิ่ง|พึ่ง|เริ่ม|จะ|มี)*(?:ใช้(?!เวลา|งบ)|เปิด|ทำมา|เริ่ม)(?:งาน|จริง|ให้บริการ|บริการ|ตัว|มา|ได้|แล้ว|แค่|เพียง|ประมาณ|เกือบ|ไม่ถึง|แค่|\s)*"
    r"(?:\d[\d.-]*\s?|(?:หนึ่ง|สอง|สาม|สี่|ห้า|หก|เจ็ด|แปด|เก้า|สิบ|ครึ่ง|หลาย)+\s?)?(?:ปี(?!ละ)|เดือน(?!ละ)|ด\.|วัน|สัปดาห์)[ก-๙]{0,8}"
)
_EACH_ITS_OWN = regex.compile(
    rf"{_THING}{_NAME}{_USED}[^\d]{{0,12}}?(?<!เชื่อม|ร่วม|คู่|ใช้)(?:\s(?P<next>ส่วน)|(?:กับ|และ|แล้วก็|,))\s?(?:อีก)?(?P<thing>{_THING}){_NAME}{_USED}"
    rf"|(?<![ก-๙]){_NAME}{_USED}\s(?P<next>ส่วน)(?!ร่วม|ผล|งบ|เงิน|คน|การ|ความ|ข้อมูล|แบบ|สถิติ|ที่|นี้){_NAME}{_USED}"
)
_COUNTS_ONLY = regex.compile(
    rf"(?:.{{0,12}}\s)?(?:เรา|ผม|หนู|กอง|กรม|หน่วยงาน|ตอนนี้|ที่นี่|\s)*(?:มี|จะส่ง|อยากส่ง|ทำ|ส่ง)?(?:อยู่)?\s?(?:สอง|สาม|2|3)\s?{_WORK}"
)
_JOINED = regex.compile(r"\s?(?:กับ|และ|แล้วก็|,)$")
_LETTER = regex.compile(r"\p{L}")


# Each handler of a turn asks it of the same text.
@lru_cache(maxsize=256)
def several_works(text: str) -> tuple[str, ...]:
    """The parts of a cleaned text that speak of different works ("งานแรกใช้มา 2 ปี อีกงาน 6 เดือน"); empty when it is one work."""
    starts = [match.start() for match in _BEGINS.finditer(text)]
    if len(starts) < 2 and (match := _EACH_ITS_OWN.search(text)):
        starts = [match.start(), match.start("next") if match["next"] else match.start("thing")]
    if not starts:
        return ()
    # What leads up to two works that are named speaks of neither ("เรามี 2 งาน").
    if starts[0] > 0 and len(starts) == 1:
        if _COUNTS_ONLY.fullmatch(text[: starts[0]].strip()):
            # "เรามีสองผลงาน อันแรก…", and nothing of the other one.
            return ()
        starts.insert(0, 0)
    parts = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    parts = [_JOINED.sub("", part) for part in parts]
    telling = [part for part in parts if len(_LETTER.findall(part)) >= 4]
    return tuple(telling) if len(telling) > 1 else ()


# A body of the person's that has or does something, or where they work: a work may be told of, but nothing is asked.
_BODY = (
    r"(?:เขต(?=ใน|\s?กทม|บาง)|หน่วยงาน|กอง(?!ทุน)|กรม|เทศบาล|อบต\.?|อบจ\.?|โรงพยาบาล|รพ\.?(?:สต\.?)?|โรงเรียน|รร\.?|วิทยาลัย|มหาวิทยาลัย|มหาลัย|คณะ(?!กรรมการ)"
    r"|สำนัก(?:งาน)?|จังหวัด|อำเภอ|เขตพื้นที่|ศูนย์|ทีม|สนง\.?|เรือนจำ|ทัณฑสถาน|คลินิก|ท[มตน]\.|พมจ\.?|สส[จอ]\.?|สพ[ปม]\.?|กศน\.?|สกร\.?|พช\.?"
    r"|ฝ่าย|แผนก|หน่วย(?=พัฒนา|ทหาร|แพทย์|กู้|บริการ|แม่)|นิคม|ด่าน|สถานี|โรงพัก|สภ\.|ค่าย|ทหาร|ตำรวจ|สรรพากร|ขนส่ง|ที่ดิน(?=จังหวัด|อำเภอ|พื้นที่|สาขา)"
    r"|(?:แรงงาน|เกษตร|ปศุสัตว์|ประมง|พาณิชย์|วัฒนธรรม|สาธารณสุข|ประกันสังคม|ท้องถิ่น|พัฒนาชุมชน)(?:จังหวัด|อำเภอ)|อุทยาน|ชลประทาน|ป่าไม้|ประปา)"
)
_OWN_WORK = regex.compile(
    rf"^(?:เรา|ผม|หนู|พี่|{_BODY}\S{{0,8}}?)?(?:ได้|เพิ่ง|กำลัง)?(?:ทำ|พัฒนา|จัดทำ|สร้าง|เปิดตัว|ริเริ่ม)(?!ไม|ใจ|ร้าย|โทษ|บุญ|อาหาร|กับข้าว|งานไม่)\s?\S{{5}}"
    rf"|(?:{_BODY}\S{{0,12}}?|^)(?:เรา|ผม|หนู|พี่)?(?:มี|ทำ|จัดทำ|พัฒนา|สร้าง)(?:โครงการ|ระบบ|ผลงาน|งาน|แอป|นวัตกรรม)"
    r"|^(?:ช่วยดู(?:ให้)?(?:หน่อย|ที)?\s)?(?:ผล)?(?:งาน|โครงการ|ระบบ)(?:ของ)?(?:เรา|ผม|หนู|พี่)\s?(?:คือ|เป็น)\s?(?:ระบบ|แอป|โครงการ|การ|ศูนย์|บริการ|แพลตฟอร์ม|นวัตกรรม|เว็บ|ไลน์|งาน|เครือข่าย|ออก|รับ|ให้|ตรวจ|ช่วย|แจก|สอน|ฝึก|เชื่อม|นัด)\S{3}"
    rf"|(?:โครงการ|ระบบ|ผลงาน)ของ(?:เรา|หน่วย|{_BODY})|^ของ(?:เรา|{_BODY}\S{{0,8}}?)\s?(?:คือ|เป็น)(?!ประเภท|รางวัล|ยังไง|อะไร|ไง)\S{{4}}|^(?:เรา|ผม|หนู|พี่)?(?:อยู่|ทำงาน(?:ที่|อยู่)?)\s?(?:ที่)?\s?{_BODY}"
)
# "เรือนจำครับ มีฝึกอาชีพ…", "อำเภอเรารับเรื่องต่อภาษีรถแทนขนส่ง": who it is, and then what they do.
_DEED = (
    r"(?:ก็|ได้|เพิ่ง|กำลัง|เรา|ผม|หนู|พี่|คือ|ตอนนี้|\s)*(?:ทำ|มี|จัด|เปิด|ใช้|ลด|พัฒนา|สร้าง|เชื่อม|ตั้ง|ขุด|เจาะ|สอน|ดูแล|ปรับ|แก้|รวม|เก็บ|วาง|ออก|ร่วม|ช่วย|ต่อ"
    r"|รับ|บริการ|ส่งต่อ|แอป|ระบบ|เว็บ|โครงการ|แจก|ฝึก|ปลูก|ฟื้นฟู|ชวน|รณรงค์|คิด|ย้าย|ยก|เอา)(?!ไม|ใจ|ร้าย|โทษ|บุญ|ข้าว|อาหาร)"
)
_WHO_AND_WHAT = regex.compile(
    rf"^(?!.*(?:รับสมัคร|ลดราคา|แถวบ้าน|บ้านผม|บ้านเรา))(?:(?:เรา|ผม|หนู|พี่)?(?:เป็น|อยู่(?:ที่)?))?\s?{_BODY}\S{{0,24}}(?:\s\S{{2,16}})?\s{_DEED}(?:\S|\s){{8}}|^(?!.*บ้าน(?:ผม|เรา)){_BODY}\S{{0,16}}?(?:เรา|ผม|หนู|พี่)\s?{_DEED}\S{{8}}"
    r"|^(?:เรา|ผม|หนู|พี่)มี(?:ศูนย์|ตลาด|คลินิก|เว็บ|ไลน์|ช่องทาง|กิจกรรม|เครือข่าย|ธนาคาร|หลักสูตร|แพลตฟอร์ม|ฐานข้อมูล|จุดบริการ|ตู้|หุ่นยนต์|อุปกรณ์|เครื่อง|แปลง|สวน|ป่าชุมชน)\S{4}"
)

_WHO_ONLY = regex.compile(
    rf"(?:เรา|ผม|หนู|พี่)?(?:เป็น|อยู่|ทำงาน(?:ที่|อยู่)?)\s?(?:ที่)?\s?{_BODY}(?:(?!ทำ|พัฒนา|สร้าง|จัด|เปิด|มี)\S){{0,30}}"
)


def says_who_only(text: str) -> bool:
    """Whether cleaned `text` says where somebody works, and nothing else ("ผมอยู่ประมงจังหวัด")."""
    return bool(_WHO_ONLY.fullmatch(text))


def describes_own_work(text: str) -> bool:
    """Whether cleaned `text` says that somebody has or makes something, as who describes a work does."""
    return bool(_OWN_WORK.search(text))


def says_who_and_what(text: str) -> bool:
    """Whether cleaned `text` names who somebody is and then what is done there; a stranger may say the same of any office."""
    return bool(_WHO_AND_WHAT.search(text))
