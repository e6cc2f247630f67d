"""What stands behind an Entry's form: its choices, checks before anything is written, and somebody else's change at once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.admin import drafts, knowledge, problem_wording, publishing
from bot.admin.accounts import Refused
from bot.admin.drafts import Draft, DraftEntry
from bot.admin.entry_forms import Context
from bot.admin.problem_wording import Told

if TYPE_CHECKING:
    from knowledge.documents import Documents
    from knowledge.facts import Fact
    from knowledge.model import Knowledge

Keys = Mapping[str, Any]


class Broken(Exception):
    """The change would break the content; `problems` are in Thai. Nothing was written."""

    def __init__(self, problems: list[Told]) -> None:
        super().__init__("; ".join(one.technical for one in problems))
        self.problems = problems


@dataclass(frozen=True)
class Merged:
    """Two people's changes of one Entry laid together: `keys` for the form, and the keys that both changed, with the
    other's value."""

    keys: dict[str, Any]
    theirs: dict[str, Any]
    disputed: tuple[str, ...]


def context_of(draft: Draft, path: str) -> Context:
    """The choices of the forms of one document."""
    from bot.wording import ATTRIBUTE_NAMES

    folder = path.partition("/")[0] if "/" in path else next(iter(knowledge.years(draft)), "")
    head = drafts.parsed_document(draft.documents.get(f"{folder}/round.yaml", "")) or {}
    document = drafts.parsed_document(draft.documents.get(path, "")) or {}
    topics, kinds = head.get("topics"), document.get("kinds")
    choices = {
        "attributes": ATTRIBUTE_NAMES,
        "subjects": knowledge.subjects(draft, folder),
        "topics": {k: str(t.get("name", k)) for k, t in topics.items()} if isinstance(topics, dict) else {},
        "kinds": {str(k): str(name) for k, name in kinds.items()} if isinstance(kinds, dict) else {},
    }
    return Context(choices, facts_of(draft.documents.get(f"{folder}/facts.yaml", "")))


@lru_cache(maxsize=8)
def facts_of(text: str) -> Mapping[str, Fact]:
    """The facts of a facts.yaml; none where it is broken."""
    from pydantic import ValidationError

    from knowledge.assembly import built_facts
    from knowledge.fact_schema import FactFile

    try:
        return built_facts(FactFile.model_validate(drafts.parsed_document(text)))
    except ValidationError:
        return {}


def check(draft: Draft, documents: Documents, path: str, name: str) -> None:
    """Broken, when `documents` have a mistake that the draft has not, or one in this Entry."""
    before = set(publishing.problems_of(draft.documents))
    found = [
        one for one in publishing.problems_of(documents) if one not in before or (one.file, one.entry) == (path, name)
    ]
    if found:
        raise Broken([problem_wording.told(one) for one in found])


def with_changes(draft: Draft, path: str, name: str, changes: Keys) -> dict[str, str]:
    """The draft's documents with an Entry changed."""
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    try:
        return {**draft.documents, path: yaml_edits.changed(draft.documents[path], name, changes)}
    except (NoEntryError, KeyError):
        raise Refused("ไม่มีรายการนี้แล้ว อาจถูกลบไประหว่างที่คุณเปิดอยู่") from None
    except yaml_edits.CannotEditError:
        raise Refused("ไฟล์นี้เขียนในรูปแบบที่แก้ทีละรายการไม่ได้ กรุณาดาวน์โหลด แก้ไข แล้วนำเข้าใหม่") from None


def with_new(draft: Draft, path: str, section: str, keys: Keys, example: str = "") -> dict[str, str]:
    """The draft's documents with a new Entry."""
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    try:
        return {**draft.documents, path: yaml_edits.added(draft.documents[path], section, keys, example)}
    except (NoEntryError, KeyError, yaml_edits.CannotEditError):
        raise Refused("เพิ่มรายการในที่นี้ไม่ได้ กรุณาลองใหม่") from None


def without(draft: Draft, path: str, name: str) -> dict[str, str]:
    """The draft's documents without an Entry."""
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    try:
        return {**draft.documents, path: yaml_edits.removed(draft.documents[path], name)}
    except (NoEntryError, KeyError, yaml_edits.CannotEditError):
        raise Refused("ลบรายการนี้ไม่ได้") from None


def merged(seen: Keys, mine: Keys, current: DraftEntry) -> Merged:
    """My changes over what the Entry is by now; where both changed a key otherwise, mine stands and theirs is told."""
    keys = dict(current.keys)
    theirs = {key: current.keys.get(key) for key in {**seen, **current.keys} if current.keys.get(key) != seen.get(key)}
    for key, value in mine.items():
        if value is None:
            keys.pop(key, None)
        else:
            keys[key] = value
    disputed = tuple(key for key in mine if key in theirs and theirs[key] != mine[key])
    return Merged(keys, theirs, disputed)


def knowledge_of(draft: Draft, published: Knowledge | None, path: str) -> Knowledge | None:
    """A Knowledge that has the document's round, for a preview: what is published (cheap), else the draft's own."""
    folder = path.partition("/")[0]
    if published is not None and folder.isdigit() and int(folder) in published.rounds:
        return published
    return _loaded(tuple(sorted(draft.documents.items())))


@lru_cache(maxsize=2)
def _loaded(documents: tuple[tuple[str, str], ...]) -> Knowledge | None:
    from knowledge.loader import ContentError, load_knowledge

    try:
        return load_knowledge(dict(documents))
    except ContentError:
        return None


def work_of(connection: Connection, path: str, name: str) -> dict[str, Any]:
    """The keys of the work that a figure belongs to; {} for all else."""
    example = name.partition(" / ")[0] if " / " in name else ""
    found = drafts.entry_of(connection, path, example) if example else None
    return found.keys if found else {}
