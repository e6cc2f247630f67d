"""One point of the list that was just shown: "ข้อ 3", "ข้อสองหมายถึงอะไร", "ข้อสุดท้ายล่ะ"."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot import wording
from bot.answers import Composer
from bot.dispatch import Request
from bot.turn import Answer, Turn
from intents.match import Reading
from intents.normalize import clean, plain
from knowledge.model import Condition

_NUMBERS = {
    "แรก": 1, "หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10,
}  # fmt: skip
# A list that has no numbers on the card is counted by who reads it.
_LISTS = ("numbered", "bullets")
_LAST = ("สุดท้าย", "ท้าย", "หลังสุด", "ล่างสุด")
_POINT = regex.compile(
    r"^(?:แล้ว|ละ|ขอ|อธิบาย|ขยายความ|ดู|อ่าน|ใน|ถาม|เรื่อง|เงื่อนไข|เกณฑ์|คือ|\s)*"
    rf"(?:หัว)?ข้อ(?:ที่)?\s?(?:(?P<digits>\d{{1,2}})|(?P<word>{'|'.join((*_NUMBERS, *_LAST))}))"
    r"(?:\s|นี้|นั้น|นี่|มัน|คือ|คือว่า|ว่า|หมายถึง|หมายความ|แปล|อะไร|ไร|อย่างไร|ยังไง|ไง|อธิบาย|ขยายความ|เพิ่ม|เติม|หน่อย|ด้วย|ที|อีก"
    r"|ล่ะ|ละ|ค่ะ|คะ|ครับ|ไหม|ให้|ฟัง|ดู|ตรง|[?.,])*$"
)
# A point of what was listed was asked for just before.
_OF_THEM = regex.compile(rf"ข้อ(?:ที่)?\s?(?:\d|{'|'.join(_NUMBERS)})")


def point(request: Request) -> Turn | None:
    """The Turn for one point of the list that was told last; None where the text asks for none, or none was told."""
    said = _POINT.match(plain(clean(request.event.text)))
    if said is None:
        return None
    listed, reading, composer = _listed(request)
    if not listed:
        return None
    number = _number(said["digits"] or said["word"], len(listed))
    offered = request.conversation.offered
    if number <= len(offered) and (
        number > len(listed) or _OF_THEM.search(plain(clean(request.conversation.last_question)))
    ):
        return None  # "ข้อ 3 เงื่อนไขอะไร", "แล้วข้อ 5 ล่ะ": of the categories that were listed before
    if not 1 <= number <= len(listed):
        answer = Answer("clarify", wording.points_up_to(len(listed)), reading.subjects, reading.attribute)
        return Turn(request.conversation, (answer,))
    line = listed[number - 1]
    told = [
        e for e in composer.round.of(reading.subjects[0], "conditions") if isinstance(e, Condition) and e.text == line
    ]
    whole = composer.of_reading(reading)
    one = composer.framed(composer.entry(told[0]), reading) if told else replace(whole, blocks=())
    answer = replace(one, gist=wording.point(number, line), buttons=whole.buttons)
    # The list stays the one that is talked about: "ข้อ 4" may follow.
    kept = replace(request.conversation, last_question=request.event.text, misses=0, options=(), handover="")
    return Turn(kept, (answer,))


def _listed(request: Request) -> tuple[tuple[str, ...], Reading, Composer]:
    """The lines of the one list in the answer before this one; none where it had none, or listed subjects."""
    before = request.conversation
    composer = Composer(request.round, request.year or before.year)
    reading = Reading(before.subjects, before.attribute or "", 1.0, before.topic, before.entry)
    if len(before.subjects) != 1 or before.attribute not in (
        "conditions",
        "definition",
        "scoring",
        "documents",
        "advice",
    ):
        return (), reading, composer
    lists = [block.lines for block in composer.of_reading(reading).blocks if block.kind in _LISTS]
    names = {subject.name for subject in composer.round.children(before.subjects[0])}
    if len(lists) != 1 or set(lists[0]) & names:
        return (), reading, composer  # a list of categories: intents.references points at one
    return lists[0], reading, composer


def _number(said: str, count: int) -> int:
    if said.isdigit():
        return int(said)
    return count if said in _LAST else _NUMBERS[said]
