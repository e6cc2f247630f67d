"""What the knowledge pages list: every Entry of the draft, found by words, subject, attribute, certainty and round."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from bot.admin.drafts import Draft, parsed_document
from bot.storage.drafts import WHOLE

if TYPE_CHECKING:
    from knowledge.model import Entry, Knowledge, Round

KINDS = {
    "texts": "ข้อความ",
    "conditions": "เงื่อนไข",
    "examples": "ตัวอย่างผลงาน",
    "figures": "ตัวเลขของผลงาน",
    "gaps": "เรื่องที่ยังไม่มีข้อมูล",
    "milestones": "กำหนดการ",
    "": "ชื่อและคำเรียก",
    "topics": "หัวข้อร่วม",
    "ambiguities": "คำถามที่ต้องถามกลับ",
    "questions": "คำถามของแบบตรวจสอบ",
    "facts": "ข้อเท็จจริงของผลงาน",
    "attributes": "วิธีถามแต่ละเรื่อง",
    "commands": "วิธีสั่งงาน",
    "out_of_scope": "คำถามนอกเรื่อง",
}
"""Sections of the content files, as people call what stands in them."""
HEAD = "head"
"""What the section "" is called in an address."""
CERTAINTIES = {"certain": "ยืนยันแล้ว", "to_confirm": "รอยืนยัน", "uncertain": "ไม่แน่ชัด"}
CHANGES = {"edited": "แก้ไข", "added": "เพิ่ม", "removed": "ลบ"}
_FIXED_ATTRIBUTES = {
    "conditions": "conditions",
    "examples": "examples",
    "figures": "examples",
    "milestones": "deadline",
}
TITLES = ("label", "gist", "title", "name", "ask", "question", "text")
_SAID = ("gist", "text", "summary", "question", "note", "agency")
_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


@dataclass(frozen=True)
class Item:
    """One Entry as it is listed. `subject` is its file's, "" for what belongs to none; `certainty` a key of CERTAINTIES;
    `change` is what the draft did to it, "" for nothing; `year` is "" for what is of no round."""

    path: str
    name: str
    section: str
    title: str
    text: str
    subject: str
    subject_label: str
    attribute: str
    certainty: str
    year: str
    is_shown: bool
    searched: str
    titled: str
    change: str = ""
    author: str = ""

    @property
    def kind(self) -> str:
        """What people call its section."""
        return KINDS.get(self.section, self.section)


@dataclass(frozen=True)
class Wanted:
    """What to list; "" is everything. `certainty` "open" is what anybody still has to settle; `changed` is the draft only."""

    words: str = ""
    subject: str = ""
    attribute: str = ""
    certainty: str = ""
    year: str = ""
    kind: str = ""
    changed: bool = False


def listed(draft: Draft, wanted: Wanted) -> list[Item]:
    """The Entries that are wanted: by words the best first, else in the order of the files."""
    words = bare(wanted.words).split()
    found = [item for item in items(draft) if _fits(item, wanted) and all(word in item.searched for word in words)]
    if words:
        # A title that has the words is what was looked for; then comes what is said, last how it is asked for.
        found.sort(key=lambda item: -sum((word in item.titled) * 2 + (word in bare(item.text)) for word in words))
    return found


def items(draft: Draft) -> list[Item]:
    """Every Entry of the draft, the newest round first."""
    rows = {(row.path, row.entry): row for row in draft.rows}
    found = []
    for path in sorted(draft.documents, key=_order):
        whole = rows.get((path, WHOLE))
        for item in _of_document(path, draft.documents[path]):
            row = rows.get((path, item.name)) or whole
            found.append(replace(item, change=row.change, author=row.author) if row else item)
    return found


def filled(items: Sequence[Item], published: Knowledge | None) -> list[Item]:
    """The items with the limits that they name ("{months_in_use}") filled in, where they are as published."""
    made = []
    for item in items:
        if published is not None and not item.change and "{" in item.title + item.text and item.year.isdigit():
            entry = _entries(published, int(item.year)).get(item.name)
            said = {key: getattr(entry, key, "") for key in (*TITLES, *_SAID)}
            title = title_of(said, item.title)
            item = replace(
                item, title=title, text=next((said[k] for k in _SAID if said[k] not in ("", title)), item.text)
            )
        made.append(item)
    return made


@lru_cache(maxsize=8)
def _by_id(round_: Round) -> dict[str, Entry]:
    return {entry.id: entry for entry in round_.entries}


def _entries(published: Knowledge, year: int) -> dict[str, Entry]:
    return _by_id(published.rounds[year]) if year in published.rounds else {}


def years(draft: Draft) -> list[str]:
    """The rounds, the newest first."""
    return sorted({path.partition("/")[0] for path in draft.documents if "/" in path}, reverse=True)


def subjects(draft: Draft, year: str = "") -> dict[str, str]:
    """The subjects' labels by key, in the order of the scheme; of one round, or of the newest."""
    from knowledge.model import SUBJECT_KEYS

    folder = year or next(iter(years(draft)), "")
    heads = {key: parsed_document(draft.documents.get(f"{folder}/{key}.yaml", "")) for key in SUBJECT_KEYS}
    return {key: str(head.get("label", key)) for key, head in heads.items() if head}


def title_of(keys: Mapping[str, Any], name: str = "") -> str:
    """What an Entry is called in lists: its label or its first line."""
    return next((str(keys[key]) for key in TITLES if keys.get(key)), name)


def shown(value: Any) -> str:
    """A key's value as one text for people."""
    if value is None or value in ("", [], {}):
        return "(ว่าง)"
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่ใช่"
    if isinstance(value, list):
        return " · ".join(shown(part) for part in value)
    if isinstance(value, dict):
        return ", ".join(shown(part) for part in value.values())
    return str(value)


def bare(text: str) -> str:
    """As texts are looked through: small letters, Arabic digits."""
    return text.translate(_DIGITS).lower()


def attribute_of(section: str, name: str, keys: Mapping[str, Any]) -> str:
    """What the Entry answers, "" where it is no answer."""
    if section == "attributes":
        return name.partition(".")[2]
    return _FIXED_ATTRIBUTES.get(section) or str(keys.get("attribute", ""))


def _order(path: str) -> tuple[int, int, str]:
    from knowledge.model import SUBJECT_KEYS

    folder, _, file = path.rpartition("/")
    key = file.removesuffix(".yaml")
    year = int(folder) if folder.isdigit() else 0
    return -year, SUBJECT_KEYS.index(key) if key in SUBJECT_KEYS else len(SUBJECT_KEYS), key


def _fits(item: Item, wanted: Wanted) -> bool:
    return (
        (not wanted.subject or item.subject == wanted.subject)
        and (not wanted.attribute or item.attribute == wanted.attribute)
        and (not wanted.year or item.year in (wanted.year, ""))
        and (not wanted.kind or (item.section or HEAD) == wanted.kind)
        and (not wanted.changed or bool(item.change))
        and (
            not wanted.certainty
            or item.certainty == wanted.certainty
            or (wanted.certainty == "open" and item.certainty in ("to_confirm", "uncertain"))
        )
    )


@lru_cache(maxsize=64)
def _of_document(path: str, text: str) -> Sequence[Item]:
    return tuple(_items(path, parsed_document(text) or {}))


def _items(path: str, document: Mapping[str, Any]) -> Iterator[Item]:
    from bot.wording import ATTRIBUTE_NAMES
    from knowledge.entries import places

    folder, _, file = path.rpartition("/")
    subject = str(document.get("subject", ""))
    label = str(document.get("label", ""))
    for place in places(document):
        keys = place.keys
        if place.name == HEAD and (not keys.get("name") or file == "facts.yaml"):
            continue
        attribute = attribute_of(place.section, place.name, keys)
        title = str(document.get("name")) if place.name == HEAD else title_of(keys, place.name)
        if place.section == "attributes":
            title = ATTRIBUTE_NAMES.get(attribute, attribute)
        example = place.name.partition(" / ")[0] if " / " in place.name else ""
        work: Mapping[str, Any] = next((w for w in document.get("examples") or () if w.get("id") == example), {})
        said = [str(keys.get(key, "")) for key in _SAID]
        shown = next((part for part in said if part and part != title), "")
        asked = [str(word) for key in ("phrasings", "aliases", "items", "") for word in _texts(keys.get(key))]
        words = [
            title,
            *said,
            *asked,
            label,
            subject,
            place.name,
            str(work.get("title", "")),
            str(work.get("agency", "")),
        ]
        words += [str(word) for word in _texts(work.get("aliases"))]
        yield Item(
            path,
            place.name,
            place.section,
            f"{work['label']}: {title}" if work else title,
            shown,
            subject,
            label,
            attribute,
            str(keys.get("certainty") or ("to_confirm" if place.section == "gaps" else "certain")),
            folder,
            keys.get("published") is not False,
            bare("\n".join(words)),
            bare(f"{work.get('label', '')} {title}"),
        )


def _texts(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
