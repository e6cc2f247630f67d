"""Opening a new round by copying one: its content, with everything still to be confirmed, and no dates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.admin import drafts
from bot.admin.accounts import Refused
from bot.admin.audit import Actor

if TYPE_CHECKING:
    from knowledge.documents import Documents

_SECTIONS = ("texts", "conditions", "examples", "figures", "milestones", "gaps")
_DATES = ("date", "until", "time", "cancelled")


def caution(source: int, year: int) -> str:
    """What is shown with an answer of the new round that nobody has confirmed yet."""
    return f"คัดลอกจากรอบปี {source} ยังไม่ได้ยืนยันกับประกาศของรอบปี {year}"


def copied(documents: Documents, source: int, year: int) -> dict[str, str]:
    """The documents of the new round `year`, by path (both Buddhist Era)."""
    from knowledge import yaml_edits

    made = {}
    for path, text in documents.items():
        folder, _, file = path.rpartition("/")
        if folder == str(source):
            document = drafts.parsed_document(text) or {}
            made[f"{year}/{file}"] = yaml_edits.all_changed(text, dict(_changes(document, file, source, year)))
    return made


def open_round(connection: Connection, user: Actor, source: int, year: int) -> int:
    """Lay a copy of round `source` over the draft, as round `year`; how many files. Refused when that one is there already,
    or the year is none of the Buddhist Era."""
    from knowledge.schema_parts import FIRST_YEAR, LAST_YEAR

    draft = drafts.draft(connection)
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Refused(f"กรุณากรอกปี พ.ศ. สี่หลัก เช่น {source + 1}", "year")
    if any(path.startswith(f"{year}/") for path in draft.documents):
        raise Refused(f"มีรอบปี {year} อยู่แล้ว", "year")
    if f"{source}/round.yaml" not in draft.documents:
        raise Refused("ไม่มีรอบที่จะคัดลอก", "source")
    made = copied(draft.documents, source, year)
    drafts.put_documents(connection, user, made, "knowledge.copy_round")
    return len(made)


def _changes(document: dict[str, Any], file: str, source: int, year: int) -> Iterator[tuple[str, dict[str, Any]]]:
    from knowledge.entries import HEAD, places

    told = caution(source, year)
    for place in places(document):
        keys = place.keys
        if place.name == HEAD and file == "round.yaml":
            yield HEAD, {"year": year, "name": str(keys.get("name", "")).replace(str(source), str(year))}
        elif place.name == HEAD and isinstance(keys.get("scope"), dict):
            scope = keys["scope"]
            yield HEAD, {"scope": {**scope, "certainty": "to_confirm", "caution": scope.get("caution") or told}}
        elif place.section in _SECTIONS:
            changes: dict[str, Any] = {"certainty": "to_confirm"}
            if place.section != "gaps" and not keys.get("caution"):
                changes["caution"] = told
            if place.section == "milestones":
                changes |= dict.fromkeys((key for key in _DATES if key in keys), None)
            yield place.name, changes
