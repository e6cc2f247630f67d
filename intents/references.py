"""The words by which a question leans on the turn before: follow-ups, corrections and "the second one"."""

from __future__ import annotations

from dataclasses import dataclass

import regex

from intents.phrasebook import SUBJECT_MARK, YEAR_MARK

_FOLLOW_UP = regex.compile(
    r"^(?:งั้น)?เอาแค่|^(?:แล้ว|ละ|แลว|ส่วน|กับ|อ้าว|งั้น|ถ้างั้น|และ|พอจะมี)(?!เสร็จ)|(?:ล่ะ|หล่ะ|ล่า|(?<!แ)ละ|หละ)(?=\s|$|[?ค])|ด้วย$|อีก(?:ที|อัน)|เหมือนกัน(?:ไหม)?$"
    r"|^มี(?:อัน|ตัว|งาน|แบบ|เรื่อง)?(?:อื่น)?\s?อีก|(?:อัน|ตัว|งาน)อื่น"
    rf"|^(?:อัน|ตัว)?(?:ของ|ฝั่ง)\s?{SUBJECT_MARK}"
)
_DEMONSTRATIVE = regex.compile(
    r"(?:อัน|ประเภท|รางวัล|ตัว|ข้อ|สาขา|หมวด|เรื่อง|งาน|ผลงาน|แบบ|ที่)(?:นี้|นั้น|เนี้ย|นี่|เนี่ย)|ของมัน|มัน(?=ต้อง|คือ|มี|ใช้)|ดังกล่าว|ข้างบน|เมื่อกี้|ตะกี้|(?:อัน|ตัว|ประเภท)ก่อนหน้า(?:นี้|นั้น)?"
)
_CORRECTION = regex.compile(
    r"^(?:อุ๊ย|อุ้ย|อ้าว|เฮ้ย|เบลอ|มึน|โทด(?:ที่?)?|พูดผิด|ถามผิด|เขียนผิด|เรียนผิด|กดผิด|อีกแล้ว|อีก|อ๋อ|อ่อ|อ้อ|เอ่อ|เอ้ย|เอ๊ย|โทษที|ขอโทษ|ขออภัย|ผิด|ผม|หนู|เรา|พี่|จะ|\s)*(?:พิมพ?์?ผิด|เรียนผิด|กดผิด|ไม่ใช่|หมายความว่า|ไม่ช่าย|หมายถึง|ไม่เอา(?=มี|นวัต|บูรณ|ขับ|ยก|ตอบ|ขยาย|เลื่อง|สัมฤทธิ|เปิดใจ)|ไม่ได้(?:ถาม|หมายถึง)|เปลี่ยน(?:เป็น|ไป)|เอา(?:ของ|เป็น|อัน)|แก้(?:เป็น|ใหม่)?(?=\s|$|ปี)|ผมถาม|หนูถาม|ที่ถามคือ)|พิมพ?์?ผิด$"
)
# "ตัวแรกไม่เอาแล้ว เอาบูรณาการแทน"
_INSTEAD = regex.compile(rf"(?:เอา|เปลี่ยนเป็น|ขอ)\s?{SUBJECT_MARK}\s?(?:แทน|ดีกว่า)$")
# "The other one", and not "another example" or "is there another one?".
_OTHER = regex.compile(
    r"(?<!มี)(?<!อัน)(?<!ตัว)อีก(?:อัน|ตัว(?!อย่าง)|ประเภท|แบบ|สาขา|รางวัล|ข้อ)(?:หนึ่ง|นึง|นั้น|\s?1(?!\d))?(?!\s?(?:ไหม|บ้าง|มั่ง))"
)
# "Not that one": what follows is meant, not what is pointed at.
_NOT_THAT = regex.compile(
    r"(?:อัน|ตัว|ประเภท|ข้อ)(?:แรก|หลัง|สอง|สาม|ที่\s?\d)\s?ไม่(?:เอา|สน(?:ใจ)?)(?:แล้ว)?|ไม่ใช่\s?(?:อัน|ตัว|ประเภท|รางวัล|งาน|ข้อ|แบบ)?(?:นี้|นั้น|แรก|หลัง)"
)
# "Which one must …?" stands where a name would.
_WHICH_MUST = regex.compile(
    r"(?:มี)?(?:ประเภท|อัน|ตัว|สาขา|รางวัล|หมวด)(?:ไหน|ใด)(?:บ้าง|มั่ง)?\s?(?:ที่)?\s?(?=ต้อง|ห้าม|ไม่(?!เคย)|กำหนด|บังคับ|ใช้มา|ทำมา)"
)
# Points at one of several that were talked about, and at nothing where none were; "งานนี้" is one's own.
_THAT_ONE = regex.compile(
    r"(?:อัน|ประเภท|ตัว|ข้อ|หมวด)(?:นี้|นั้น|เนี้ย|เนี่ย)|(?:รางวัล|สาขา|เรื่อง)นั้น|ของมัน|(?:^|\s)มัน(?=คือ|ต้อง|มี|ต่าง)|ข้างบน|เมื่อกี้|ตะกี้|ดังกล่าว"
)
# Stands for what is pointed at while names and pointing words are told apart.
_POINTED = "\0"
_NAME_AND_NAME = regex.compile(rf"(?<={SUBJECT_MARK})\s?กะ\s?(?={SUBJECT_MARK})")
_BOTH = regex.compile(
    r"ทั้ง(?:สอง|2|คู่|สาม|3)(?:อัน|ประเภท|ตัว|อย่าง|รางวัล)?|(?:สอง|2|สาม|3)\s?(?:อัน|ประเภท|ตัว|อย่าง|รางวัล)(?:นี้|นั้น)|ทั้งหมด(?:นี้|นั้น)"
)
_ORDINALS: tuple[tuple[regex.Pattern[str], int], ...] = tuple(
    (regex.compile(pattern), index)
    for pattern, index in (
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:แรก|หนึ่ง|1)(?!\d)|อันบน|ตัวบน", 0),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:สอง|2(?!\d))|(?:อัน|ตัว)กลาง", 1),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:สาม|3(?!\d))", 2),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:สี่|4(?!\d))", 3),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:ห้า|5)(?![\dม])", 4),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:หก|6(?!\d))", 5),
        (r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา)(?:ที่)?\s?(?:หลัง|สุดท้าย|ท้าย)|อันล่าง|ตัวล่าง|ประการ(?:หลัง|สุดท้าย)", -1),
    )
)  # fmt: skip
# Several of a list: "ข้อ 1 กับข้อ 3", "ข้อสามสี่ห้า", "อันแรกต่างกับอันสุดท้ายยังไง".
_PLACES = {
    **{word: place for place, word in enumerate(["หนึ่ง", "สอง", "สาม", "สี่", "ห้า", "หก"])},
    **{str(place + 1): place for place in range(6)},
    **{"แรก": 0, "หลัง": -1, "สุดท้าย": -1, "ท้าย": -1},
}
_LISTED = r"(?:อัน|ตัว|ประเภท|ข้อ|รางวัล|แบบ|สาขา|ประการ)(?:ที่)?"
_PLACE = rf"(?P<place>{'|'.join(_PLACES)})(?!\d|\s?(?:หน่วย|กรม|แห่ง|ปี|เดือน|พื้นที่|อำเภอ|ตำบล|จังหวัด|สำนัก|คน|วัน|%|เปอร์|หมู่บ้าน|ชุมชน|ขั้นตอน|ล้าน|บาท|นาที|ชั่วโมง|ครั้ง|เรื่อง|โครงการ|ราย|เท่า|ระบบ))"
_SEVERAL = regex.compile(
    rf"{_LISTED}\s?{_PLACE}"
    rf"(?:(?:\s?(?:,|/|-|และ|กับ|กะ|หรือ|ต่าง(?:กับ|จาก|กะ))\s?(?:{_LISTED})?\s?|\s(?:{_LISTED}\s?)?|(?=หนึ่ง|สอง|สาม|สี่|ห้า|หก)){_PLACE})+"
)
# What may stand beside a name without asking for anything: "แล้วประเภทนวัตกรรมบริการล่ะ".
_FILLER = regex.compile(
    rf"{SUBJECT_MARK}|(?<=งั้น\s?)ก็(?=\s?{SUBJECT_MARK})|(?<={SUBJECT_MARK}\s?)(?:ก็)?น่าจะได้$|ผิด(?=\s|หมาย|$)|(?<=^(?:แล้ว)?ของ\s?{SUBJECT_MARK}\s?)มี(?:ด้วย)?ไหม|^(?:แล้ว)?มีของ\s?(?:ปี|รอบ)?\s?{YEAR_MARK}\s?(?:ด้วย)?ไหม$|(?:ปี|รอบ)?\s?{YEAR_MARK}|(?:พิมพ?์?|พูด|ถาม|เขียน|เรียน|กด)ผิด(?:อีก(?:แล้ว)?)?|อุ[๊้]ย(?=\s?(?:พูด|พิมพ|ถาม|เขียน|ไม่ใช่|หมายถึง))|^มี(?:อัน|ตัว|งาน|แบบ|เรื่อง)?(?:อื่น)?\s?อีก(?:ไหม|บ้าง|มั่ง)?|^(?:โห|โอ้โห|เยอะจัง|เอ้อ|เออ|\s)+|เบลอ|มึน|(?<=เอา)แค่|พอ$|แล้ว|ล่ะ|หล่ะ|ละ|ของ|ประเภท|สาขา|รางวัล|(?:อัน|ตัว)ที่อยู่|อันนี้|อัน|ไม่ใช่สิ|ไม่ใช่|หมายถึง|เอา|ขอ|ด้วย|อะ(?!ไร)|ส่วน|กับ|และ|ที่|เป็น|คือ|นั้น|นี้|อ่ะ|ถาม|เปลี่ยน|ไป|หน่อย|ถ้า|งั้น|อ๋อ|เอ้ย|เอ๊ย|โทษที|ขอโทษ|เฉพาะ|อย่างเดียว|เท่านั้น|ผม|หนู|เรา|จะ|สนใจ|เลือก|อยากรู้|เรื่อง|เลย|ต้อง(?=$)|ก่อน|แทน|ดีกว่า|ฝั่ง|แยก(?!กัน|ต่าง|ยัง|ไง)|ดู(?=$|\s)|ใน$|(?:ปี|รอบ)เดียวกัน|ก็?ยังไม่(?:รู้|มี|ประกาศ)(?:อีก)?(?:หรือ|ใช่ไหม)$|ก็เหมือนกัน(?:ไหม|หรือ)$|ตัว(?!อย่าง)|ทำไม(?!ต้อง)|อ้าว|ปี\s?\d+|[\s?!.,/:\-\"'()“”]"
)


_WHAT_IF = regex.compile(
    r"(?:ส่ง|สมัคร|เข้า|ผ่าน|ลง|นับ|ถือ|ยื่น|ใช้|ได้|ทัน)\S*.*(?:ไหม|หรือไม่|หรือเปล่า|รึเปล่า|หรือยัง)|ถ้า.*(?:ล่ะ|ไหม|ได้)"
)
_OWN_WORK = regex.compile(
    r"(?:^|\s)(?:เรา|กอง|กรม|หน่วยงาน|ที่|เป็น(?:งาน|ระบบ|โครงการ)(?:ที่)?)?(?:ทำ|พัฒนา|มีระบบ|สร้าง|ใช้|เชื่อม|เปิด|จัด)|ของ(?:เรา|ข้าพเจ้า)|ลด\S*จาก\s?\d|(?:เรา|ผม|หนู)(?:เอา|นำ)(?!ไว้|ไป(?:คุย|ถาม|บอก|ปรึกษา|คิด|รายงาน))|\d+\s?(?:เดือน|หน่วยงาน|กรม|แห่ง)"
)


_MAY = regex.compile(
    r"(?:ส่ง|สมัคร|เข้า|ผ่าน|ลง|ยื่น|ได้|ทัน|พอ|เสนอ|ประกวด|มีสิทธิ์?)\S*\s?\S{0,40}(?:ไหม|หรือยัง|หรือ(?=\s|$))|(?:ไหม|หรือยัง)$|^(?:แล้ว)?ถ้า.*(?:ล่ะ|ละ)$"
)


def asks_may(text: str) -> bool:
    """Whether cleaned `text` asks if a work may be entered, or what if it were otherwise."""
    return bool(_MAY.search(text))


_OF_THE_RULES = regex.compile(
    r"^(?:เดี๋ยว\s?)?(?:คำ)?ที่ว่า.*(?:กี่|อะไร|ยังไง)|กี่\S{0,20}(?:ขึ้นไป|ขั้นต่ำ|เป็นอย่างน้อย)|อย่างน้อย\S{0,4}กี่"
    r"|กำหนดขั้นต่ำ|ขั้นต่ำ\S{0,4}(?:กี่|เท่าไหร่|ไหม)|(?:แปลว่า|หมายถึง|หมายความว่า)\s?(?:อะไร|ไร|ไง|ยังไง)|(?:นับ|คิด|วัด)(?:ยังไง|จากอะไร|แบบไหน)|(?:นับ|ถือ)(?:ว่า)?(?:[ก-๙]{2,16})?เป็น\s?(?:\d\s?)?(?:หน่วย(?:งาน)?|กรม|พื้นที่)(?:ได้|ด้วย|ใน.{4,30})*ไหม"
)


_SUPPOSES = regex.compile(r"^(?:แล้ว)?(?:ถ้า|สมมติ(?:ว่า)?|สมมุติ(?:ว่า)?)(?!.*(?:เตือน|แจ้ง)).{6,}(?:ล่ะ|ละ)$")


def supposes(text: str) -> bool:
    """Whether cleaned `text` asks what if something were so ("ถ้าใช้โดรนบินรังวัดด้วยล่ะ")."""
    return bool(_SUPPOSES.search(text))


def asks_of_the_rules(text: str) -> bool:
    """Whether cleaned `text` asks what the rules demand in words of theirs ("ที่ว่าทำงานแทนกัน กี่หน่วยงานขึ้นไป")."""
    return bool(_OF_THE_RULES.search(text))


_ENTERS = regex.compile(r"(?:ส่ง|สมัคร|ลง|ยื่น|เสนอ|ประกวด)(?:เข้า|ใน|เป็น|ด้าน|เรื่อง|ประเภท|รางวัล|สาขา|\s)*$")


def enters(before: str) -> bool:
    """Whether the name that follows cleaned `before` is what a work is to be entered for: "…ส่ง" before "เลื่องลือ"."""
    return bool(_ENTERS.search(before))


def points_back(text: str) -> bool:
    """Whether cleaned `text` points at one thing that was talked about before."""
    return bool(_THAT_ONE.search(text))


def is_what_if(text: str) -> bool:
    """Whether cleaned `text` asks if something may be done or sent."""
    return bool(_WHAT_IF.search(text))


def tells_of_work(text: str) -> bool:
    """Whether cleaned `text` tells something of a work."""
    return bool(_OWN_WORK.search(text))


_LEANING_WORDS = regex.compile(
    r"^(?:แล้ว|ละ|แลว|ส่วน|งั้น|ถ้างั้น|อ้าว)(?!เสร็จ)\s*|\s*(?:ล่ะ|หล่ะ|(?<!แ|ร้อย)ละ|หละ)(?=\s|$)|(?<=\S{4})\s*ด้วย$"
)


def without_leaning(text: str) -> str:
    """Marked text without the words that only tie it to what was said before; "the first one" is a subject's name."""
    text = _LEANING_WORDS.sub("", text).strip() or text
    text = _NAME_AND_NAME.sub(" กับ ", _NOT_THAT.sub("ไม่ใช่ ", text))
    text = _WHICH_MUST.sub(f" {SUBJECT_MARK} ", _OTHER.sub(f" {SUBJECT_MARK} ", text))
    text = _SEVERAL.sub(f" {SUBJECT_MARK} กับ {SUBJECT_MARK} ", text)
    for pattern, _ in _ORDINALS:
        text = pattern.sub(f" {SUBJECT_MARK} ", text)
    # "รางวัลนั้นมันคือ…", and a name with "this one" after it: one subject.
    marked = " ".join(_DEMONSTRATIVE.sub(f" {_POINTED} ", text).split())
    return marked.replace(f"{SUBJECT_MARK} {_POINTED}", SUBJECT_MARK).replace(_POINTED, SUBJECT_MARK)


@dataclass(frozen=True)
class Reference:
    """How a question leans on what was said before. `other` is "the other one"; `ordinal` counts from 0, -1 is the last;
    `ordinals` are the places where several are pointed at ("ข้อ 1 กับข้อ 3"), else none."""

    follow_up: bool
    demonstrative: bool
    correction: bool
    both: bool
    other: bool
    ordinal: int | None
    ordinals: tuple[int, ...]
    bare: bool
    """Nothing is asked beside the names themselves."""


def reference(text: str) -> Reference:
    """The reference in cleaned text whose names are marked."""
    text = _NOT_THAT.sub("ไม่ใช่ ", text)
    instead = bool(_INSTEAD.search(text))
    places = [(match.start(), index) for pattern, index in _ORDINALS if (match := pattern.search(text))]
    ordinal = min(places)[1] if places else None
    return Reference(
        follow_up=bool(_FOLLOW_UP.search(text)),
        demonstrative=bool(_DEMONSTRATIVE.search(text)),
        correction=instead or bool(_CORRECTION.search(text)),
        both=bool(_BOTH.search(text)),
        other=bool(_OTHER.search(text)),
        ordinal=ordinal,
        ordinals=_several(text),
        bare=instead or not _FILLER.sub("", _without_ordinals(text)),
    )


def _several(text: str) -> tuple[int, ...]:
    row = _SEVERAL.search(text)
    return tuple(dict.fromkeys(_PLACES[word] for word in row.captures("place"))) if row else ()


def _without_ordinals(text: str) -> str:
    text = _SEVERAL.sub("", text)
    for pattern, _ in _ORDINALS:
        text = pattern.sub("", text)
    return _BOTH.sub("", _DEMONSTRATIVE.sub("", _OTHER.sub("", text)))
