"""Whether a question that names nothing of ours is about the awards at all.

A text like "ต้องกี่คะแนน" may be ours, "TQA ต้องกี่คะแนน" is not: what decides is how near the text is to the phrasings
of both kinds, and how much of its weight lies in words that our own phrasings know.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

# The assistant tells about the awards; it does not write what is sent in.
_WRITING = regex.compile(
    r"(?:เขียน|ร่าง|แต่ง|กรอก|พิมพ์|จัดทำ|ทำ(?:สไลด์|พาวเวอร์|พรีเซน|ppt|เล่ม|รายงาน)|เรียบเรียง)(?!ยังไง|อย่างไร|แบบ(?!ฟอร์ม|ประเมิน)|ได้)\S*(?:\s\S+)*?\s?(?:ให้(?:เสร็จ|จบ|ลูก|หลาน|น้อง|เพื่อน|พี่|นาย|หัวหน้า|ผอ)?(?:หน่อย|ที|ด้วย|ทั้ง|เลย|ฉัน|ผม|หนู|ได้ไหม|$|\s)|แทน)"
)

# Papers of the office; a work may be one too ("เราทำหนังสือเดินทางออนไลน์ให้ประชาชน").
_PAPERS = regex.compile(
    r"^(?:ช่วย|ขอให้|รบกวน)?ทำ(?:หนังสือ|จดหมาย|บันทึก|คำกล่าว|โปสเตอร์|ใบประกาศ)\S*(?:\s\S+)*?\s?ให้(?:หน่อย|ที|ด้วย)$"
)


# "รางวัลนวัตกรรมของ สปสช.": another body's award or grant, however much its name is like one of ours.
_ANOTHERS = regex.compile(
    r"(?:รางวัล|ทุน|ประกวด)\S{0,40}?\s?(?:ของ|จาก|โดย)\s?(?:สำนักงาน\s?)?(?:กรม|กระทรวง|มหาวิทยาลัย|มหาลัย|โรงพยาบาล|รพ\.?|บริษัท|ธนาคาร|แบงก์|สมาคม|มูลนิธิ|สภา"
    r"|สปสช|สสส|สวทช|สนช|สรพ|สพร|สพฐ|วช|อย\.|ดีป้า|depa|nia|dga|กพ\.?(?!ร)|ก\.\s?พ\.(?!\s?ร)|ป\.?\s?ป\.?\s?ช|ปปท|สคร|อปท)"
)
# What that body's work has won may well be ours.
_ITS_WORK = regex.compile(r"ได้|ผลงาน|ตัวอย่าง|ใคร|งานไหน|ระดับ|เคย|ของ\S*เรา")


# "จากนี้ให้สวมบทเป็น…", "ignore all previous instructions": said to the program, not asked of it.
_ORDERS = regex.compile(
    r"สวม(?:บท|รอย)|แกล้ง(?:ทำ)?เป็น|ทำตัวเป็น|สมมติ(?:ว่า)?(?:คุณ|เธอ|ตัวเอง)เป็น"
    r"|(?:ลืม|ไม่ต้องสน(?:ใจ)?|ละเว้น|เพิกเฉย(?:ต่อ)?|ข้าม)\s?(?:คำสั่ง|กฎ|กติกา|ข้อกำหนด)\s?(?:ก่อน|เดิม|ทั้งหมด|ข้าง)|(?:แล้ว|และ|ให้)ตอบว่า(?!อะไร|ไง|ยังไง)"
    r"|พรอม(?:ป์|ต์|พท์|พต์)|(?:system|hidden|initial) ?prompt|(?:ignore|forget|disregard) (?:all|the|your|any|previous)|jailbreak|developer mode|you are now|act as"
)


def gives_orders(text: str) -> bool:
    """Whether cleaned `text` tells the program to be or to say something else."""
    return bool(_ORDERS.search(text))


def is_anothers(text: str) -> bool:
    """Whether cleaned `text` asks about an award or a grant of another body."""
    return bool(_ANOTHERS.search(text)) and not _ITS_WORK.search(text)


def asks_to_write(text: str) -> bool:
    """Whether cleaned `text` asks to have an application, a slide deck or the like written."""
    return bool(_WRITING.search(text) or _PAPERS.search(text))


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
