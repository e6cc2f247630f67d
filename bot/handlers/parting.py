"""The questions that one message holds, where each of several is clear by itself."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot.dispatch import Request
from intents.match import Match
from intents.normalize import clean, plain

# Where one message holds several questions, they are parted here …
_PARTS = regex.compile(
    r"\n+|[?？]+\s*|\s+(?:แล้วก็|และอยาก(?:รู้|ทราบ)(?:ว่า)?|และ|อีก(?:เรื่อง|คำถาม|ข้อ))\s*|\s+(?=แล้ว|ละ(?:ก็)?(?:ต้อง|มี|ใช้|ทำ|เกณฑ์|ส่ง|ปิด))"
    r"|(?<=อะไร|บ้าง|ยังไง|ไหม|มั้ย|เท่าไหร่|เท่าไร|คะ|ครับ|คับ|กี่\S{1,8})\s+"
)
# … where each part asks by itself.
_ASKS = regex.compile(
    r"ไหม|มั้ย|กี่|อะไร|ยังไง|อย่างไร|เท่า|ไหน|เมื่อ|เปล่า|ใคร|คือ|ขอ|บ้าง|ป่าว|รึ|ปะ|หรอ|ล่ะ|ตัวอย่าง|เงื่อนไข|เกณฑ์|เอกสาร|แบบฟอร์ม|กำหนดการ"
)
# "… มีกี่ประเภท อะไรบ้าง": no question by itself, it belongs to what stands before.
_BARE = regex.compile(r"(?:คือ|มี|ได้แก่|เป็น)?\s?(?:อะไร|ยังไง|ใคร|ที่?ไหน|เมื่อไหร่|เท่าไหร่|กี่อย่าง)?\s?(?:บ้าง)?")
_MOST_QUESTIONS = 3


def asks(text: str) -> bool:
    """Whether a word of `text` asks something."""
    return bool(_ASKS.search(text))


def several(request: Request) -> list[Match]:
    """The questions of the event's text, understood; none where it does not hold two or three, each clear by itself."""
    texts: list[str] = []
    for part in (part.strip() for part in _PARTS.split(request.event.text) if part and len(part.strip()) > 3):
        if texts and _BARE.fullmatch(plain(clean(part))):
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
    labels = {(m.best.subjects, m.best.attribute, m.best.entry, m.best.topic, m.best.figure) for m in clear}
    return clear if len(clear) == len(texts) and len(labels) == len(clear) else []
