"""What one row of the shared draft does to its document: the change that it holds, and whether it still fits."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.storage import revisions
from bot.storage.drafts import WHOLE, Row

if TYPE_CHECKING:
    from knowledge.documents import Documents

EDITED, ADDED, REMOVED = "edited", "added", "removed"


@lru_cache(maxsize=128)
def applied(text: str | None, row: Row) -> str | None:
    """The document with a row's change; "" when it goes, None when the change does not fit any more."""
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    if row.entry == WHOLE:
        return row.content or ""
    if text is None:
        return None
    content = content_of(row)
    try:
        if row.change == ADDED:
            return yaml_edits.added(text, content["section"], content["entry"], content.get("example", ""))
        place = place_in(text, row.entry)
        if place is None:
            return text if row.change == REMOVED else None
        if row.change == REMOVED:
            return yaml_edits.removed(text, row.entry) if place.keys == content["was"] else None
        for key, was in content["was"].items():
            if place.keys.get(key) not in (was, content["keys"][key]):
                return None
        return yaml_edits.changed(text, row.entry, content["keys"])
    except (NoEntryError, yaml_edits.CannotEditError):
        return None


@lru_cache(maxsize=1)
def own_documents() -> Documents:
    """The content that the program came with."""
    from bot.content import as_documents, own_files

    return as_documents(own_files())


def outdated(connection: Connection, changes: Iterable[Row], based_on: int | None, base: Documents) -> set[int]:
    """The rows of whole documents that were published otherwise since they were laid over: they would take that back."""
    wholes = [row for row in changes if row.entry == WHOLE and row.based_on != (based_on or 0)]
    then = {
        number: (revisions.documents_of(connection, number) or {}) if number else own_documents()
        for number in {row.based_on for row in wholes}
    }
    return {row.id for row in wholes if base.get(row.path) not in (then[row.based_on].get(row.path), row.content)}


def content_of(row: Row) -> dict[str, Any]:
    """What a row of one Entry holds."""
    found: dict[str, Any] = json.loads(row.content or "{}")
    return found


def drafted(text: str, row: Row | None, name: str) -> tuple[str, dict[str, Any]] | None:
    """An Entry's section and keys in the document `text` with the change of its row; None where it is none or removed."""
    if row is not None and row.change == REMOVED:
        return None
    if row is not None and row.change == ADDED:
        content = content_of(row)
        return str(content["section"]), dict(content["entry"])
    place = place_in(text, name)
    if place is None:
        return None
    keys = dict(place.keys)
    if row is not None:
        lay_over(keys, content_of(row)["keys"])
    return place.section, keys


def lay_over(keys: dict[str, Any], changes: Mapping[str, Any]) -> None:
    """Set keys; None takes one out."""
    for key, value in changes.items():
        if value is None:
            keys.pop(key, None)
        else:
            keys[key] = value


def place_in(text: str, name: str) -> Any:
    """The knowledge.entries.Place of an Entry in one document, None where it has none."""
    from knowledge.entries import place_of

    document = parsed_document(text)
    return place_of(document, name) if document is not None else None


@lru_cache(maxsize=64)
def parsed_document(text: str) -> dict[str, Any] | None:
    """The keys of one document, parsed once; not to be changed."""
    from knowledge.documents import parsed

    return parsed(text)[0] if text else None
