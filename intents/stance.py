"""What a text makes of words in it: told, denied, unsure, or only asked or wished and so not told at all."""

from __future__ import annotations

from enum import Enum

import regex

from intents.reading import Reading, folded


class Stance(Enum):
    """How a person stands to what their words say."""

    TOLD = "told"
    DENIED = "denied"
    UNSURE = "unsure"
    NOT_TOLD = "not told"


# How far before and after the words, in letters of the key, anything can speak of them.
_BEFORE, _AFTER = 34, 26

_NOT_SURE = (
    "ไม่แน่ใจ|ไม่ค่อยแน่ใจ|ไม่มั่นใจ|ไม่(?:ค่อย)?รู้|ไม่ทราบ|จำไม่(?:ค่อย)?ได้|จำไม่แม่น|ไม่ชัวร์|ไม่ชัด|ไม่เคลียร์|ยังงง|สับสน|ลืม(?:ไป)?แล้ว|ลืม"
)
_NEGATION = "ยังไม่ได้|ยังไม่เคย|ยังไม่มี|ยังไม่|ยังไม|ไม่ได้|ไม่เคย|ไม่มี|ไม่ใช่|ไม่ทัน|ไม่(?!แน่|รู้|ทราบ|ว่า|เกิน|ถึง|น้อย|ต่ำ|ครบ|ค่อยแน่|ชัว|มั่น|ค์)|ไร้|ปราศจาก"
_FILLER = "มีการ|มี|การ|ได้|ทำ|เคย|จัด|เก็บ|ถึงขั้น|ถึงกับ|ผล|เรื่อง|งาน|ให้|จะ|เริ่ม|ค่อย|ข้อมูล|เป็น|ว่า|ตัว|แบบ|พวก|เลย|ถึง|ที่|วัด|สำรวจ|ออก|มา|เอา|นำ|ระบบ|ด้าน|เกี่ยวกับ|ปรับปรุง|ปรับ|ครอบคลุม"
# "ยังไม่ให้ประชาชนเข้ามา…": what is denied of the people who are let do it.
_LET = r"(?:(?:มี|ได้|เคย|เปิด|โอกาส|พื้นที่|เปิดรับ){0,3}ให้(?:ปชช|ประชาชน|ชาวบ้าน|ชุมชน|เกษตรกร|ภาคประชาชน|ภาคประชาสังคม|ประชาสังคม|เครือข่าย|ภาคี|ผู้รับบริการ|ผู้ประกอบการ|เอกชน|คนนอก|คน|ใคร)?(?:ใน(?:พื้นที่|ชุมชน))?(?:ได้|เข้า|มา|มี|ไป|ช่วย|ออก|ร่วม|ส่วน|กัน){0,4})?"
_DENIED = regex.compile(folded(rf"(?<!ทำ|จำ)(?:{_NEGATION})(?:{_LET})(?:{_FILLER}){{0,4}}$"))
_DENIED_TWICE = regex.compile(folded(r"(?:ไม่ใช่|ใช่|ไม่ได้แปล|ไม่ได้หมายความ)(?:ว่า)?(?:เรา|หน่วยงาน|กรม|จะ)?$"))
# "สถิติยังไม่มี", "ความพึงพอใจยังไม่ได้วัดเลย": nothing more may follow, or it denies that ("ไม่ได้ทำสถิติ").
_DENIED_AFTER = regex.compile(
    folded(
        r"^(?:ก็|นี่|อันนี้|เรา|ตรงนี้|ส่วนนี้|นั้น|ตอนนี้|ของเรา|ของงานนี้|เชิง|อะ|เนี่ย|ผู้รับบริการ|ประชาชน|ของผู้รับบริการ|กัน)*(?:ยังไม่ได้|ยังไม่มี|ยังไม่เคย|ไม่ได้|ไม่มี|ไม่เคย|ยังไม่)(?:ทำ|วัด|สำรวจ|มี|เก็บ|เริ่ม|ประเมิน|ออก|แสดง|สรุป|คิด|จัด|เชื่อม|ได้)*(?:เลย|ครับ|ค่ะ|คะ|อะ|นะ|จ้า|แน่นอน|จริง|ใด|สักอย่าง|กัน|คับ)*"
    )
)
_AT_REST = regex.compile(folded(r"$|แต่|ส่งได้|ได้ไหม|จะส่ง|จะได้|ผ่านไหม|ถือ|นับ|[?]"))
_DENIED_AFTER_SHORT = regex.compile(folded(r"^(?:ก็|นี่|อะ)*(?:ยัง(?:เลย|อะ|ครับ|คะ)|ยัง$|เปล่า(?!ประ))"))
_AFFIRMED_AFTER = regex.compile(
    folded(
        r"^(?:ก็|นี่|อันนี้|เรา|ด้วย|ผู้รับบริการ|ประชาชน|ของผู้รับบริการ)*(?:มี|ทำ|วัด|สำรวจ|เก็บ|ประเมิน|ได้)*(?:ไว้|อยู่)?(?:แล้ว|เรียบร้อย|ครบ|ตลอด|ทุกปี|ทุกเดือน)(?!เหรอ|หรือ|ไหม)"
    )
)
_AFFIRMED_BEFORE = regex.compile(
    folded(
        r"(?<!ไม่|ไม่ได้|ต้อง|เคย)(?:มีการ|มี|ทำ|วัด|เก็บ|สำรวจ|ได้ทำ|จัดทำ|ประเมิน|สรุป|แสดง)(?:ผล|ข้อมูล|เป็น|แบบ|การ|ออกมาเป็น|ใน|เชิง|ระดับ)*$"
    )
)

_CONTRAST = folded("(?<!ตั้ง)แต่(?!ก|ง)|ส่วน(?!ร่วม|ราช)|เพราะ|แล้วก็|ถ้า|พอ(?!ใจ)|สรุป")
_REQUIRED = regex.compile(
    folded("(?<!ถูก)ต้อง(?!การ)|จำเป็น|ควร|บังคับ|เกณฑ์|เงื่อนไข|กติกา|(?<!เ)กี่(?!ย|ฬ)|ตามข้อ|ขั้นต่ำคือ|กำหนดว่า|กำหนดให้")
)
_WISHED = regex.compile(
    folded(
        r"(?:อยาก(?!ส่ง|สมัคร|ลง|รู้|ทราบ|ถาม|เข้า|ได้|ขอ|ปรึกษา)|กำลังจะ|วางแผน|ตั้งใจ|เตรียม(?!ส่ง|สมัคร)|คิดจะ|แผนจะ|ว่าจะ(?!ส่ง|สมัคร|ลง|ยื่น)|(?<!น่า|ถึง|พอ|กว่า|ก็|อยาก|เหมือน|เพิ่ง|พึ่ง|เกือบ|ใกล้)จะ(?!ส่ง|สมัคร|ลง|เข้า|ยื่น|เอา|ได้|ครบ|ผ่าน|มี|เป็น|นับ|ถือ)|ปีหน้า|เดือนหน้า|ในอนาคต|หวังว่า|อยู่ระหว่าง)"
    )
)
_OTHERS = regex.compile(
    folded(
        r"ใคร(?:เคย|ได้|บ้าง|ทำ|ที่)|(?:หน่วยงาน|กรม|งาน|ผลงาน|ที่|โครงการ|จังหวัด|ระบบ|อัน)ไหน(?!ดี)|มีหน่วยงานที่|มีงานที่|มีผลงานที่|คนที่|(?:ทำ|เขียน|เตรียม)?ยังไงให้|ยังไงถึง"
    )
)
_EXAMPLE = regex.compile(folded("ตัวอย่าง|คำว่า|ความหมาย|นิยาม|ขอรายละเอียด|ขอรายชื่อ|ขอดู|วิธีทำให้"))
# "สัมฤทธิผลประชาชนมีส่วนร่วม", "บริหารราชการแบบมีส่วนร่วม".
_NAME_BEGINS = regex.compile(folded(r"(?:ฤทธิ์?ผล|สัมฤทธผล|สำริดผล|สัมริดผล|ราชการแบบ)$"))
_NAME_GOES_ON = regex.compile(folded(r"ประชาชน|(?:การ)?มีส่วนร่วม"))
_AIMED = regex.compile(
    folded(
        r"(?<!ได้|ได้รับ|ได้รับราง|ชนะ|ประ|ราง|วัล)(?:ส่ง|สมัคร|ลง|ยื่น|ประเภท|รางวัล|สาขา|ประกวด|หมวด|เสนอ|เกี่ยวกับรางวัล)(?:เข้า|เป็น|ใน|ของ|ด้าน|เรื่อง|ประเภท|รางวัล|สาขา|ที่)*$"
    )
)
_ASKED = regex.compile(
    folded(
        r"^(?:แล้ว|ด้วย|ก่อน|มา|กัน|ไว้|อยู่|จริง|ขึ้นไป|เลย|ไป|ๆ|นี่|เนี่ย|นี้|เป็น|ได้(?=หรือเปล่า$)|ถึง|ให้|ผล|ของ|ต้อง|ที่ว่า)*(?:(?:ยาก|ง่าย)?ไหม(?!ว่า)|มัย|(?:ยาก|ง่าย)?มั้ย|หรือ(?:เปล่า|ไม่|ยัง|ป่าว)|หรอ|เหรอ|รึ(?:เปล่า|ยัง|ป่าว|ไม่)|ป่าว|ปะ(?![ก-ฮ])|คือ(?:อะไร|ไร|ยัง)|คือรางวัล|คือระดับ|หมายถึง|หมายความ|แปลว่า|ยังไง|ยังงัย|อย่างไร|อะไร|ไร(?![ก-ฮ])|กับใคร|ใคร|เท่าไ|กี่(?!ย|ฬ)|ทำไม|เมื่อไ|ไหน|แค่ไหน|ใช่(?:ไหม|มั้ย|ปะ|หรือ|รึ|เปล่า)|มี\S{0,8}(?:อะไร|บ้าง)|รวม\S{0,10}(?:ไหม|มั้ย)|บ้าง(?:คะ|ครับ)?$|ที่ไหน)|^(?:นี่|เนี่ย|ก็)?(?:บังคับ|จำเป็น|ต้อง(?:มี|ทำ|วัด|ใช้)|ย้อนหลัง)|^.{0,16}(?:หมายถึง|หมายความ|แปลว่า|คืออะไร|คือไร|นิยาม)|^(?:กับ|ระหว่าง|ของ|จาก)?\S{0,6}(?:(?<!เ)กี่(?!ย|ฬ)|ใคร(?!มา))"
    )
)
# "ไม่แน่ใจว่า 8 เดือนส่งได้ไหม" is unsure of the rules, not of the months.
_ELIGIBLE = regex.compile(
    folded(r"ส่ง|สมัคร|ได้ไหม|ได้มั้ย|ได้หรือ|ได้รึ|ได้ปะ|เข้าเกณฑ์|ผ่าน|ทัน|นับ|ถือ|พอไหม|เข้าข่าย|ลงได้|ลงประเภท|ควรลง|เหมาะ")
)
_UNSURE_BEFORE = regex.compile(folded(rf"(?:{_NOT_SURE})(?:เหมือนกัน|เลย|จริง|ว่า|เรื่อง|ตัวเลข|ของ|ด้วยว่า)*"))
_UNSURE_AFTER = regex.compile(
    folded(
        rf"^(?:แล้ว|ก็|นี่|อะ|ตรงนี้|อันนี้|เนี่ย|หรือ|รึ|เปล่า|ป่าว|ยัง|ไหม|มั้ย|ไม่|ด้วย|เหมือนกัน|เลย|ผม|หนู|เรา|พี่|คือ|ไว้|กัน|จริง|ครับ|ค่ะ|คะ|อันที่จริง|ที่ได้|เท่าไหร่|เท่าไร|ไหน|อะไร|ไร|ได้|ต้อง){{0,5}}(?:ยัง)?(?:{_NOT_SURE})(?!ว่า|เรื่อง)"
    )
)
_UNSURE_OF_IT = regex.compile(folded(rf"(?:ก็|นี่|อะ|ตรงนี้|เนี่ย|เรา)*(?:ยัง)?(?:{_NOT_SURE})ว่า(?!ต้อง)"))
# After a denial these ask nothing: "ไม่ได้เชื่อมกับใคร".
_ANYTHING = regex.compile(folded(r"(?:กับ|ของ|จาก|ที่)?(?:อะไร|ใคร|ไหน)(?!.{0,8}(?:ไหม|หรือ|รึ))"))


def stance(reading: Reading, start: int, end: int, *, named_only: bool = False, aimed: bool = False) -> Stance:
    """How the text stands to key[start:end).

    `named_only` words tell nothing until something affirms or denies them; `aimed` ones tell nothing after words for
    entering an award ("ส่งประเภท…"), where they are its name.
    """
    before, after = reading.key[max(0, start - _BEFORE) : start], reading.key[end : end + _AFTER]
    clause = _clause(reading, start)
    if (
        (aimed and _aimed(reading, start, before))
        or _REQUIRED.search(clause)
        or (_OTHERS.search(clause + reading.key[start:end]) and not _negative(reading, start, before))
        or _EXAMPLE.search(reading.key[:start])
    ):
        return Stance.NOT_TOLD
    tail = _UNSURE_BEFORE.search(clause)
    if (
        (tail and not _ELIGIBLE.search(after))
        or _UNSURE_AFTER.search(after)
        or (named_only and _UNSURE_OF_IT.match(after))
    ):
        return Stance.UNSURE
    if not tail and _ASKED.search(after) and not (_ANYTHING.match(after) and _negative(reading, start, before)):
        return Stance.NOT_TOLD
    denied = denies(before) or _denied_after(reading, end, after)
    if not denied and _WISHED.search(clause):
        return Stance.NOT_TOLD
    if named_only and not denied:
        return Stance.TOLD if _AFFIRMED_AFTER.search(after) or _AFFIRMED_BEFORE.search(before) else Stance.NOT_TOLD
    return Stance.DENIED if denied else Stance.TOLD


def _aimed(reading: Reading, start: int, before: str) -> bool:
    """Whether the words at key[start] are the name of a category that is entered or spoken of."""
    if _NAME_BEGINS.search(before) and _NAME_GOES_ON.match(reading.key, start):
        return True
    return _AIMED.search(before) is not None


def _denied_after(reading: Reading, end: int, after: str) -> bool:
    """Whether what follows key[:end] takes it back, and speaks of nothing else."""
    if _DENIED_AFTER_SHORT.search(after):
        return True
    match = _DENIED_AFTER.match(after)
    if match is None:
        return False
    return end + match.end() in reading.gaps or _AT_REST.match(after, match.end()) is not None


def denies(before: str) -> bool:
    """Whether the end of a key denies what comes next: once, not twice ("ไม่ใช่ว่าไม่ได้…")."""
    match = _DENIED.search(before)
    return match is not None and not _DENIED_TWICE.search(before[: match.start()])


def _negative(reading: Reading, start: int, before: str) -> bool:
    """Whether a negation stands before the words at key[start] or begins them."""
    return denies(before) or reading.key.startswith((folded("ไม่"), folded("ยังไม่")), start)


_LAST_CONTRAST = regex.compile(rf".*(?:{_CONTRAST})")


def _clause(reading: Reading, start: int) -> str:
    """What stands before `start` in its own clause: back to the nearest gap between words, or to a "but".

    A gap beside a number parts nothing, nor does one after "ว่า".
    """
    first = max(0, start - _BEFORE)
    for place in range(start, first, -1):
        if place in reading.gaps and not _JOINED.search(reading.key[max(0, place - 9) : place + 1]):
            first = place
            break
    clause = reading.key[first:start]
    contrast = _LAST_CONTRAST.match(clause)
    return clause[contrast.end() :] if contrast else clause


_JOINED = regex.compile(folded(r"[\d%].?$|(?:ว่า|เรื่อง|ต้อง|ยัง|ไม่|(?<!จำ)ไม่ได้|ไม่มี).$"))
