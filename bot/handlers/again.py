"""The last answer once more, or shorter: "ขออีกที", "ขอสั้นๆ", "ยาวไป สรุปให้หน่อย"."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot import wording
from bot.answers import Composer
from bot.dispatch import Request
from bot.handlers.going_on import going_on
from bot.handlers.parting import several
from bot.handlers.point import point
from bot.handlers.understood import understood
from bot.turn import Answer, Block, Turn
from intents.match import Reading
from intents.normalize import clean, plain
from knowledge.model import Condition, Round

_ASK = r"(?:ขอ|ช่วย|ตอบ|พูด|บอก|ทวน|อธิบาย|เอา|ว่า|พิมพ์|ดู|อ่าน|ฟัง|คำตอบ|ให้|มา|เมื่อกี้|ตะกี้|สรุป|แบบ|แค่|ย่อ|\s)*"
_PLEASE = r"(?:ให้|หน่อย|ที|ได้ไหม|ด้วย|นึง|หนึ่ง|นิด|อีกนิด|ดิ|สิ|\s)*"
# "ส่งอีกรอบได้ไหม" is of a work.
_AGAIN = regex.compile(rf"{_ASK}(?:อีก\s?(?:ที|ครั้ง|รอบ|หน)|(?<=พูด|ตอบ|บอก|อธิบาย|ทวน)(?:ใหม่|ซ้ำ)){_PLEASE}")
_SHORT = rf"{_ASK}(?:สั้น|กระชับ)(?:กว่านี้|ลง|เข้าใจง่าย|ง่าย)?{_PLEASE}"
# Whoever says why asks nothing more: "ขอสั้นๆ ผอ ไม่อ่านยาว", and not "ขอสั้นๆ วันปิดรับ".
_WHY = r"(?=.*(?:ผอ|หัวหน้า|เจ้านาย|ท่าน|อ่าน|ไม่มีเวลา|รีบ|บรรทัด|ตาลาย|จอเล็ก|จำไม่|จดไม่))(?!.*(?:เงื่อนไข|รางวัล|วัน|สมัคร|ส่ง|ติดต่อ|เบอร์|คะแนน|เอกสาร)).{2,30}"
_SHORTER = regex.compile(
    rf"(?:(?:มัน)?ยาว(?:ไป|เกิน|จัง|มาก)+\s?)?{_SHORT}(?:\s{_WHY})?|(?:มัน)?ยาว(?:ไป|เกิน|จัง|มาก)+(?:\s?{_ASK}{_PLEASE})?"
)
_NUMBER = regex.compile(r"\d")
# What is composed of the content alone, whoever asks and whatever was told; all else is read anew, as a figure is.
_OF_THE_CONTENT = ("conditions", "definition", "comparison", "advice", "scoring", "documents", "apply")


def again(request: Request) -> Turn | None:
    """The Turn of who wants the last answer once more or shorter; None where nothing else was answered, or more is said."""
    before = request.conversation
    if before.quiz is not None or not before.last_question:
        return None
    said = plain(clean(request.event.text))
    shorter = _SHORTER.fullmatch(said)
    if shorter is None and not _AGAIN.fullmatch(said):
        return None
    turn = _once_more(request)
    if shorter is None:
        return turn
    return replace(turn, replies=tuple(shortened(reply, request.round) for reply in turn.replies))


def _once_more(request: Request) -> Turn:
    before = request.conversation
    anew = replace(request, event=replace(request.event, text=before.last_question))
    composed = before.subjects and before.attribute in _OF_THE_CONTENT and not (before.facts or before.options)
    one_point = point(anew)
    if not composed or one_point or several(anew):
        return one_point or going_on(anew) or understood(anew)
    reading = Reading(before.subjects, before.attribute or "", 1.0, before.topic, before.entry)
    answer = Composer(request.round, request.year or before.year).of_reading(reading)
    return Turn(replace(before, misses=0, handover=""), (answer,))


def shortened(answer: Answer, round_: Round) -> Answer:
    """An answer without its paragraphs, conditions without a number by their labels; cautions and sources stay."""
    conditions = [e for e in round_.entries if isinstance(e, Condition) and e.label]
    labels = {e.text: e.label for e in conditions if not _NUMBER.search(e.text)}
    blocks = tuple(_shortened(block, labels) for block in answer.blocks if block.kind != "paragraph")
    return replace(answer, blocks=blocks)


def _shortened(block: Block, labels: dict[str, str]) -> Block:
    if block.kind != "pairs":
        return replace(block, lines=tuple(labels.get(line, line) for line in block.lines))
    conditions = [labels[text] for line in block.lines if (text := line.partition("\t")[2]) in labels]
    lines = [line for line in block.lines if line.partition("\t")[2] not in labels]
    if conditions:
        lines.append(f"{wording.CONDITION}\t{' · '.join(conditions)}")
    return replace(block, lines=tuple(lines))
