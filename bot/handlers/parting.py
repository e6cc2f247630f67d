"""The questions that one message holds, where each of several is clear by itself."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot.dispatch import Request
from intents.match import Match, Reading
from intents.normalize import clean, plain
from intents.references import asks_may

# Where one message holds several questions, they are parted here …
_PARTS = regex.compile(
    r"\n+|[?？]+\s*|\.{2,}\s*|(?:^|\s+)\d(?:\)|\.(?!\d))\s*|\s+(?:แล้วก็|และอยาก(?:รู้|ทราบ)(?:ว่า)?|และ|อีก(?:เรื่อง|คำถาม|ข้อ))\s*|\s+(?:กับ|พร้อม(?:ทั้ง|กับ)?)\s?(?=(?:ตัวอย่าง|เงื่อนไข|เกณฑ์|กำหนด)(?!.*(?:ต่าง|เหมือน|เทียบ)))|\s+(?=แล้ว|ละ(?:ก็)?(?:ต้อง|มี|ใช้|ทำ|เกณฑ์|ส่ง|ปิด))"
    r"|(?<=อะไร|บ้าง|ยังไง|ไหม|มั้ย|เท่าไหร่|เท่าไร|ที่ไหน|เมื่อไหร่|เมื่อไร|คะ|ครับ|คับ|กี่\S{1,8})\s+"
)
# … where each part asks by itself.
_ASKS = regex.compile(
    r"ไหม|มั้ย|กี่|อะไร|ว่าไร|ยังไง|อย่างไร|เท่า|ไหน|เมื่อ(?!\s?(?:ปี|รอบ|พ\.ศ|\d))|เปล่า|ใคร|คือ(?!ว่า)|ขอ(?!ง|รับ)|บ้าง|ป่าว|(?<!ค)รึ|ปะ|หรอ|ล่ะ|ตัวอย่าง|เงื่อนไข|เกณฑ์|เอกสาร|แบบฟอร์ม|กำหนดการ"
)
# "… มีกี่ประเภท อะไรบ้าง": no question by itself, it belongs to what stands before.
_BARE = regex.compile(r"(?:คือ|มี|ได้แก่|เป็น)?\s?(?:อะไร|ยังไง|ใคร|ที่?ไหน|เมื่อไหร่|เท่าไหร่|กี่อย่าง)?\s?(?:บ้าง)?")
# "แล้วตอบโจทย์ตรงใจล่ะ เงื่อนไข": a name to lean on, and what is asked of it.
_NAMES_ONLY = regex.compile(r"(?:แล้ว|ละ|ส่วน|งั้น|อ๋อ|อ่อ|\s)*\S+(?:ล่ะ|ละ|หล่ะ)")
_WHAT_OF_IT = regex.compile(
    r"(?:ขอ)?(?:เงื่อนไข|เกณฑ์|ตัวอย่าง(?:ผลงาน)?|เอกสาร|แบบฟอร์ม|กำหนดการ|วันปิดรับ|(?:แตก)?ต่างกัน(?:ยังไง|ตรงไหน)?)(?:ด้วย|หน่อย|อะไรบ้าง)?"
)
# "ขอสอบถาม 2 ประเด็น 1) … 2) …"
_ANNOUNCES = regex.compile(r"(?:ขอ)?(?:สอบ)?(?:ถาม)?\s?\d?\s?(?:ประเด็น|ข้อ|เรื่อง|คำถาม)(?:ดังนี้)?")
# "ถ้าเราจะส่งบ้าง ต้องมีอะไร": what is supposed belongs to what is asked of it.
_SUPPOSES = regex.compile(r"^(?:แล้ว|งั้น)?(?:ถ้า|สมมติ|สมมุติ|หาก)(?!.*(?:ไหม|ล่ะ|ละ|หรือยัง|ยังไง|อะไร|เท่าไหร่|เมื่อไหร่|ไหน)$)")
_MOST_QUESTIONS = 3
_SURE = 0.9  # a part that asks for all conditions in so many words
# Of so many letters a message tells of something before it asks.
_LONG = 30
_OF_THE_WORK = ("conditions", "recommend")
_OF_THE_SCHEME = ("deadline", "documents")


def asks(text: str) -> bool:
    """Whether a word of `text` asks something."""
    return bool(_ASKS.search(text))


def several(request: Request) -> list[Match]:
    """The questions of the event's text, understood; none where it does not hold two or three, each clear by itself."""
    texts: list[str] = []
    for part in (part.strip() for part in _PARTS.split(request.event.text) if part and len(part.strip()) > 3):
        if not texts and _ANNOUNCES.fullmatch(plain(clean(part))):
            continue
        if texts and _belongs_to(plain(clean(texts[-1])), plain(clean(part))):
            texts[-1] = f"{texts[-1]} {part}"
        else:
            texts.append(part)
    if not 2 <= len(texts) <= _MOST_QUESTIONS or not all(map(asks, texts)):
        return []
    matches = [request.understand(texts[0])]
    for text in texts[1:]:
        # A later question leans on the first one's subject and round, not on the turn before.
        first = matches[0].best
        leaning = replace(
            request,
            conversation=replace(
                request.conversation,
                subjects=first.subjects,
                attribute=first.attribute,
                entry=first.entry,
                topic=None,
                year=matches[0].year,
            ),
        )
        matches.append(leaning.understand(text))
    clear = [m for m in matches if m.decision == "answer" and m.command is None and m.best.attribute != "smalltalk"]
    labels = {(m.best.subjects, m.best.attribute, m.best.entry, m.best.topic, m.best.figure, m.year) for m in clear}
    if len(clear) != len(texts) or len(labels) != len(clear) or _one_said_twice(request.match.best, clear):
        return []
    return clear


def _belongs_to(before: str, part: str) -> bool:
    """Whether cleaned `part` is no question by itself after `before`."""
    if _NAMES_ONLY.fullmatch(before) and _WHAT_OF_IT.fullmatch(part):
        return True
    return bool(_BARE.fullmatch(part) or _SUPPOSES.match(before))


def asked_at_the_end(request: Request) -> Match | None:
    """What a long message comes to ask ("… ทีมพร้อมแล้ว ต้องยื่นภายในวันไหน"): its last words, understood, where they surely
    ask for what is no matter of the work that stands before them; else None."""
    said = plain(clean(request.event.text))
    before, _, last = said.rpartition(" ")
    if len(before) < _LONG or asks(before) or not asks(last) or asks_may(last):
        return None
    if request.match.best.attribute not in _OF_THE_WORK:
        return None
    match = request.understand(last)
    surely = match.decision == "answer" and match.best.confidence >= _SURE and match.command is None
    return match if surely and match.best.attribute in _OF_THE_SCHEME else None


def _one_said_twice(whole: Reading, parts: list[Match]) -> bool:
    """ "ต้องมีผลงานกี่ชิ้นคะ ส่งได้กี่เรื่อง": one part asks for the point that the whole message asks for, and the others,
    none too surely, for nothing narrower than all of the same."""
    same = [m for m in parts if whole.topic and m.best.topic == whole.topic]
    others = [m.best for m in parts if m not in same]
    return bool(same) and all(
        (one.subjects, one.attribute, one.topic, one.entry) == (whole.subjects, whole.attribute, None, None)
        and one.confidence < _SURE
        for one in others
    )
