"""Whether a question that names nothing of ours is about the awards at all.

A text like "ต้องกี่คะแนน" may be ours, "TQA ต้องกี่คะแนน" is not: what decides is how near the text is to the phrasings
of both kinds, and how much of its weight lies in words that our own phrasings know.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

# The assistant tells about the awards; it does not write what is sent in.
_WRITING = regex.compile(
    r"(?:เขียน|ร่าง|แต่ง|กรอก|พิมพ์|จัดทำ|ทำ(?:สไลด์|พาวเวอร์|พรีเซน|ppt|เล่ม|รายงาน)|เรียบเรียง)(?!ยังไง|อย่างไร|แบบ|ได้)\S*(?:\s\S+)*?\s?(?:ให้(?:ลูก|หลาน|น้อง|เพื่อน|พี่|นาย|หัวหน้า|ผอ)?(?:หน่อย|ที|ด้วย|ทั้ง|เลย|ฉัน|ผม|หนู|ได้ไหม|$|\s)|แทน)"
)


def asks_to_write(text: str) -> bool:
    """Whether cleaned `text` asks to have an application, a slide deck or the like written."""
    return bool(_WRITING.search(text))


@dataclass(frozen=True)
class ScopeSigns:
    """What speaks for and against; likenesses are cosines, all are 0 to 1 but `cues`, a count up to 2."""

    stranger_probability: float
    likeness_to_ours: float
    likeness_to_strangers: float
    known_words: float
    """Of the words that a dictionary has, the share of rarity in those that our phrasings have."""
    garbled: float
    """Share of the letters that stand in no word: slips of the thumb, or nonsense."""
    cues: int
    smalltalk_probability: float
