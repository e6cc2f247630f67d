"""What differs between two sets of documents, and between answers, as the pages show it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from bot.admin import knowledge
from bot.admin.drafts import parsed_document
from bot.admin.entry_saving import facts_of
from bot.storage.drafts import WHOLE

if TYPE_CHECKING:
    from knowledge.differences import Difference, Line
    from knowledge.documents import Documents
    from knowledge.facts import Fact

KEYS = {
    "": "ข้อความ",
    "gist": "คำตอบบรรทัดแรก",
    "text": "ข้อความ",
    "items": "รายการย่อย",
    "numbered": "ใส่เลขข้อ",
    "label": "ป้ายชื่อ",
    "title": "ชื่อผลงาน",
    "name": "ชื่อ",
    "agency": "หน่วยงาน",
    "year": "ปี",
    "level": "ระดับ",
    "summary": "สรุป",
    "aliases": "ชื่ออื่น",
    "old_names": "ชื่อเดิม",
    "cues": "คำที่ชี้มาเรื่องนี้",
    "english": "ชื่อภาษาอังกฤษ",
    "source": "ที่มา",
    "certainty": "ความแน่ชัด",
    "caution": "ข้อควรระวัง",
    "phrasings": "วิธีถาม",
    "topic": "หัวข้อร่วม",
    "published": "แสดงให้ผู้ใช้เห็น",
    "attribute": "เรื่อง",
    "rule": "เกณฑ์ที่ระบบตรวจ",
    "question": "คำถามถึงเจ้าหน้าที่",
    "date": "วันที่",
    "until": "ถึงวันที่",
    "time": "เวลา",
    "place": "สถานที่",
    "link": "ลิงก์",
    "note": "หมายเหตุ",
    "cancelled": "ยกเลิก",
    "subjects": "ใช้กับ",
    "ask": "คำถามที่ถามกลับ",
    "options": "ตัวเลือก",
    "slides": "ชื่อเอกสารที่มา",
    "other_rounds": "ข้อความเมื่อถามถึงรอบอื่น",
    "essential": "ขาดไม่ได้",
    "kind": "แบบ",
    "hint": "คำอธิบาย",
    "section": "ที่อยู่ในไฟล์",
    "facts": "ข้อเท็จจริง",
    "choices": "ตัวเลือก",
    "answers": "คำตอบให้เลือก",
    "several": "เลือกได้หลายข้อ",
    "otherwise": "เมื่อไม่เลือกข้อใด",
}
DATES = ("date", "until")
"""Keys whose values the differences tell in words already."""
CHANGES = {"added": "เพิ่ม", "removed": "ลบ", "changed": "แก้ไข"}
SORTS = {
    "worse": "เคยตอบถูก แต่จะตอบผิด",
    "edited": "ตอบตามที่แก้ไข",
    "unlabelled": "คำถามที่เกี่ยวข้องซึ่งคำตอบจะเปลี่ยน",
    "same": "คำตอบเปลี่ยน แต่ยังถูกหรือผิดเท่าเดิม",
    "better": "เคยตอบผิด แต่จะตอบถูก",
}
STATUSES = {
    "answered": "ตอบได้",
    "unknown": "ยังไม่มีข้อมูล",
    "clarify": "ถามกลับ",
    "out_of_scope": "นอกเรื่อง",
    "command": "คำสั่ง",
}


@dataclass(frozen=True)
class Change:
    """One Entry that differs. `name` is that of knowledge/entries.py, "" for a whole file; `lines` are (sign, key, text)."""

    path: str
    name: str
    kind: str
    title: str
    change: str
    lines: tuple[tuple[str, str, str], ...]
    note: str

    @property
    def said(self) -> str:
        """What was done to it."""
        return CHANGES[self.change]


def told(before: Documents, after: Documents) -> list[Change]:
    """Every Entry that differs, in the order of the files."""
    from knowledge.differences import differences

    return [_change(one, before, after) for one in differences(before, after)]


def sorted_by_kind(changes: Iterable[Mapping[str, Any]]) -> list[tuple[str, str, list[Mapping[str, Any]]]]:
    """A check's changed answers by their sort, what matters most first: (sort, heading, answers)."""
    listed = list(changes)
    found = ((sort, heading, [one for one in listed if one["sort"] == sort]) for sort, heading in SORTS.items())
    return [group for group in found if group[2]]


def said(key: str, value: Any, facts: Mapping[str, Fact], path: str) -> str:
    """The value of an Entry's key as one text for people, a rule in words; `facts` are those of the round that `path` is of."""
    # Imported here: the web process starts without what reads content.
    from bot.rule_wording import worded
    from knowledge.rule_schema import RuleError, rule_of

    if key != "rule" or not isinstance(value, dict):
        return knowledge.shown(value)
    try:
        lead, *parts = worded(rule_of(value, facts), facts, int(path[:4]))
    except (RuleError, LookupError, ValueError):  # of a draft that is not right yet
        return knowledge.shown(value)
    return f"{lead}: {' · '.join(parts)}" if parts else lead


def _text(line: Line, facts: Mapping[str, Fact], path: str) -> str:
    is_data = isinstance(line.value, dict | list | bool) and line.key not in DATES
    return said(line.key, line.value, facts, path) if is_data else line.text


def _filled(title: str, name: str, path: str, documents: Documents) -> str:
    """A title with the limits that it names; as it is written while the draft is not right yet."""
    from knowledge.loader import ContentError, load_knowledge

    try:
        round_ = load_knowledge(documents).rounds[int(path[:4])]
    except (ContentError, LookupError, ValueError):
        return title
    entry = next((entry for entry in round_.entries if entry.id == name), None)
    return knowledge.title_of({key: getattr(entry, key, "") for key in knowledge.TITLES}, title)


def _facts(documents: Documents, path: str) -> Mapping[str, Fact]:
    return facts_of(documents.get(f"{path.partition('/')[0]}/facts.yaml", ""))


def _change(one: Difference, before: Documents, after: Documents) -> Change:
    from knowledge.differences import SECTION, WHOLE_FILE
    from knowledge.entries import HEAD, place_of

    document = parsed_document((after if one.change != "removed" else before).get(one.file, "")) or {}
    name = WHOLE if one.entry == WHOLE_FILE else one.entry
    place = place_of(document, name) if name else None
    if place is None and name in document:
        name, place = HEAD, place_of(document, HEAD)
    title = knowledge.title_of(place.keys, name) if place else (one.file if not name else one.entry)
    if "{" in title:
        title = _filled(title, name, one.file, after if one.change != "removed" else before)
    if place and place.name == HEAD:
        title = f"{document.get('name', one.file)}: {KEYS.get(one.entry, one.entry)}"
    facts = {"-": _facts(before, one.file), "+": _facts(after, one.file)}
    lines: Sequence[tuple[str, str, str]] = [
        (line.sign, KEYS.get(line.key, line.key), _text(line, facts[line.sign], one.file))
        for line in one.lines
        if line.key != SECTION
    ]
    if not lines and place and one.change != "changed":
        sign = "+" if one.change == "added" else "-"
        lines = [
            (sign, KEYS.get(key, key), said(key, value, facts[sign], one.file))
            for key, value in place.keys.items()
            if key not in ("id", "figures")
        ]
    note = {"": ""}.get(one.note, "เฉพาะรูปแบบของไฟล์ เช่น หมายเหตุหรือลำดับ" if one.note else "")
    return Change(
        one.file,
        name,
        knowledge.KINDS.get(place.section, "") if place else "ทั้งไฟล์",
        title,
        one.change,
        tuple(lines),
        note,
    )
