"""What is said to the quiz itself rather than to its question: back, skip, stop, start again, the result.

Only whole messages count: "ข้าม" is a control, "ข้ามหน่วยงาน" is not.
"""

from __future__ import annotations

from dataclasses import dataclass

import regex

from intents.normalize import clean, plain

_POLITE = r"(?:ขอ|ช่วย|อยาก|จะ|เอา)?"
_END = r"(?:ก่อน|เลย|หน่อย|ที|ด้วย|ดีกว่า|แล้ว|ได้ไหม|นะ|แระ|ละ|\s|[.!?])*"
_QUIZ = r"(?:แบบ(?:ตรวจสอบ|ทดสอบ|ประเมิน|สอบถาม)|ควิซ|ควิส|quiz|คำถาม|การตรวจสอบ)"
_PATTERNS = {
    "back": rf"{_POLITE}(?:ย้อน(?:กลับ)?(?:ไป)?|กลับ(?:ไป)?|ถอย(?:กลับ)?|back|undo)\s?(?:ข้อ(?:ก่อน(?:หน้า)?|ที่แล้ว|เดิม)|คำถาม(?:ก่อน(?:หน้า)?|ที่แล้ว)|(?:ไป)?ก่อนหน้า|1\s?ข้อ|หนึ่งข้อ|อีกข้อ)?{_END}|{_POLITE}(?:ข้อ|คำถาม)(?:ก่อน(?:หน้า)?|ที่แล้ว){_END}|(?:กด|ตอบ|พิมพ์)ผิด{_END}",
    "skip": rf"{_POLITE}(?:ข้าม|skip|ผ่าน|เว้น)\s?(?:ข้อนี้|คำถามนี้|ไป(?:ข้อ(?:ถัดไป|ต่อไป|หน้า)?)?|ไปเลย)?{_END}|ไม่(?:ขอ)?ตอบ(?:ข้อนี้)?{_END}|(?:ขอ)?ไม่ตอบ(?:ข้อนี้)?{_END}|(?:ไป)?(?:ข้อ(?:ถัดไป|ต่อไป|หน้า)|next){_END}",
    "cancel": rf"(?:(?:ไม่(?:ทำ|เล่น|เอา|ตอบ)(?:ต่อ)?|พอ)(?:แล้ว|ก่อน|ละ|เลย|\s)*)?{_POLITE}(?:ยกเลิก|เลิก(?:ทำ|เล่น)?|หยุด(?:ทำ)?|ออก(?:จาก)?|จบ|พอ|ปิด|cancel|stop|exit|quit)\s?(?:การทำ)?{_QUIZ}?(?:นี้)?{_END}|ไม่(?:อยาก)?(?:ทำ|เล่น|เอา)(?:ต่อ|แล้ว)?\s?{_QUIZ}?{_END}(?<!ไม่ทำ)(?<!ไม่เอา)|ไว้(?:ก่อน|ทีหลัง|วันหลัง|คราวหน้า){_END}|(?:เดี๋ยว|ค่อย)(?:มา|กลับมา)?ทำ(?:ทีหลัง|ใหม่|วันหลัง|ต่อทีหลัง){_END}",
    "restart": rf"{_POLITE}(?:เริ่ม|ทำ|ตอบ|เอา|เล่น)\s?{_QUIZ}?\s?(?:ใหม่|อีก(?:ครั้ง|รอบ|ที)|ซ้ำ)(?:ทั้งหมด|หมด|อีกครั้ง|ตั้งแต่(?:ต้น|แรก)|จากศูนย์)?{_END}|(?:restart|reset|รีเซ็ต|ล้าง(?:คำตอบ)?){_END}|เริ่ม(?:ต้น)?(?:ตั้งแต่|จาก)(?:ต้น|แรก){_END}",
    "resume": rf"{_POLITE}(?:ทำ|ตอบ|เล่น|ไป|ถาม|ตรวจ)\s?{_QUIZ}?\s?ต่อ(?:{_QUIZ}|จาก(?:เดิม|ที่ค้าง|เมื่อกี้)\S*)?{_END}|(?:กลับ(?:มา|ไป)(?:ทำ)?){_QUIZ}{_END}|(?:ต่อ|continue|resume|ข้อเดิม|ถามใหม่){_END}|ถึงข้อ(?:ไหน|อะไร){_END}",
    "change": rf"{_POLITE}(?:แก้(?:ไข)?|เปลี่ยน|แก้ใหม่)\s?(?:คำตอบ)?\s?(?:ข้อ(?:ที่)?\s?(?<number>\d{{1,2}}))?{_END}",
    "result": rf"{_POLITE}(?:ดู|สรุป|ขอดู|แสดง|โชว์)?\s?(?:ผล(?:ลัพธ์)?(?:การ)?(?:ของ)?\s?(?:{_QUIZ}|ตรวจสอบ|ประเมิน|ทดสอบ|เมื่อกี้|ตะกี้|เมื่อสักครู่|ล่าสุด|ก่อนหน้า|ที่ทำ(?:ไว้|ไป)?|ออกมา|ตอนนี้|เลย)+|สรุปผล|ดูผล(?:ลัพธ์)?|ผลออก(?:มา)?(?:ยังไง|เป็นไง)?)\s?(?:เป็น(?:ยังไง|ไง|อะไร)|เมื่อกี้|ตะกี้|ล่าสุด|อีก(?:ที|ครั้ง|รอบ)|ได้อะไร)?{_END}",
    "continue": rf"{_POLITE}(?:ตรวจ|เช็ค|เช็ก|ถาม)\s?(?:สอบ)?\s?(?:ต่อ)?\s?ทีละข้อ(?:ต่อ)?(?:จากนี้)?{_END}|ทำ{_QUIZ}(?:ต่อ)?จากนี้{_END}",
}
_WHOLE = {name: regex.compile(pattern) for name, pattern in _PATTERNS.items()}
_ROUND = regex.compile(
    r"(?:แล้ว|และ|ถ้า(?:เป็น)?|ลอง|ขอ|ดู|เทียบ|เปรียบเทียบ|ผล|กับ|ของ|ควิซ|ควิส|ตรวจสอบ|ส่ง|ใน|เป็น|สำหรับ|\s)*"
    r"(?:รอบ|ปี)(?:ปี|ที่)?\s?(?<year>(?:25)?\d\d|หน้า)\s?(?:ล่ะ|บ้าง|ผลเป็นไง|ผลเป็นยังไง|เป็นไง|เป็นยังไง|ได้ไหม|ได้ผลยังไง|\s)*"
)


@dataclass(frozen=True)
class Control:
    """`name` is "back", "skip", "cancel", "restart", "resume", "change", "result", "continue" or "round"; `number` is the
    question to change (from 1) or the round's year in Buddhist Era."""

    name: str
    number: int | None = None


_ASKS_FOR_QUIZ = regex.compile(
    r"(?:แบบ(?:ตรวจสอบ|ทดสอบ|ประเมิน)|ควิซ|ควิส|quiz|(?:เช็ค|เช็ก|ตรวจ(?:สอบ)?)\s?(?:คุณสมบัติ|เกณฑ์|ให้(?:หน่อย|ที)))(?!นี้|คือ)"
)


def asks_for_quiz(text: str) -> bool:
    """Whether a raw text asks to have a work checked."""
    return bool(_ASKS_FOR_QUIZ.search(plain(clean(text))))


def control(text: str, next_round: int) -> Control | None:
    """The control that a raw text is, or None; `next_round` is the year that "the next round" means."""
    said = plain(clean(text))
    for name, pattern in _WHOLE.items():
        match = pattern.fullmatch(said)
        if match:
            number = match["number"] if name == "change" else None
            return Control(name, int(number) if number else None)
    match = _ROUND.fullmatch(said)
    if match:
        year = match["year"]
        return Control("round", next_round if year == "หน้า" else int(year) + (2500 if len(year) == 2 else 0))
    return None
