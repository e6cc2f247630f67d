"""The shared draft: what editors changed and nobody published yet, laid over what is published.

For other pages (inbox, calendar): `put_entry`, `add_entry` and `remove_entry` change the draft in the caller's transaction
and write it down in the log; `entry_of` reads one Entry with its version for a form; publishing is bot.admin.publishing.

    with engine.begin() as connection:
        seen = drafts.entry_of(connection, "2568/awards.yaml", "awards.closing_date")
        drafts.put_entry(connection, who().user, seen.path, seen.name, {"date": {...}}, seen.version)

Keys and values are those of the YAML (docs/content.md); names of Entries are those of knowledge/entries.py. An Entry's row
keeps the keys that changed and what they were, so changes of different keys and Entries never get into each other's way.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.admin import audit
from bot.admin.accounts import Refused
from bot.admin.audit import Actor
from bot.admin.draft_rows import ADDED as ADDED
from bot.admin.draft_rows import EDITED as EDITED
from bot.admin.draft_rows import REMOVED as REMOVED
from bot.admin.draft_rows import applied, content_of, drafted, lay_over, outdated
from bot.admin.draft_rows import own_documents as own_documents
from bot.admin.draft_rows import parsed_document as parsed_document
from bot.admin.draft_rows import place_in as place_in
from bot.now import utc_now
from bot.storage import drafts as rows
from bot.storage import revisions
from bot.storage.drafts import WHOLE, Row

if TYPE_CHECKING:
    from knowledge.documents import Documents

Keys = Mapping[str, Any]


class Conflict(Exception):
    """Somebody else changed the Entry since the version that the form showed; nothing was written.

    `theirs` is the row as it is now, None when it was thrown away or published meanwhile.
    """

    def __init__(self, theirs: Row | None) -> None:
        who = f"คุณ {theirs.author} " if theirs else "มีผู้อื่น"
        super().__init__(f"{who}แก้รายการนี้ไปแล้วระหว่างที่คุณเปิดอยู่ จึงยังไม่ได้บันทึก กรุณาตรวจดูก่อน")
        self.theirs = theirs


@dataclass(frozen=True)
class DraftEntry:
    """One Entry as the draft has it. `version` is 0 while nobody changed it; `base` are its published keys, None where it
    is not published; `author` changed it last."""

    path: str
    name: str
    section: str
    keys: dict[str, Any]
    version: int
    base: dict[str, Any] | None
    author: str = ""
    change: str = ""


@dataclass(frozen=True)
class Draft:
    """What would be published now. `based_on` is the published Revision (None: the program's own content), `base` its
    documents; `documents` have the changes of `rows`; `stale` are rows that no longer fit, since what they changed was
    published otherwise meanwhile, or cannot be written: those are not in `documents`, and keep it from being published."""

    based_on: int | None
    base: Documents
    documents: Documents
    rows: tuple[Row, ...]
    stale: tuple[Row, ...]

    @property
    def digest(self) -> str:
        """Changes with anything that would be published, and with what it is compared with."""
        return digest_of(self.documents, self.based_on)


def digest_of(documents: Documents, based_on: int | None) -> str:
    """The same for any documents."""
    found = hashlib.sha256(str(based_on).encode())
    for path, text in sorted(documents.items()):
        found.update(f"\0{path}\0{len(text)}\0{text}".encode())
    return found.hexdigest()[:32]


# -- reading


def published(connection: Connection) -> tuple[int | None, Documents]:
    """The published Revision's number and documents; None and the program's own content while there is none."""
    number = revisions.newest_id(connection)
    if number is None:
        return None, own_documents()
    return number, revisions.documents_of(connection, number) or {}


def draft(connection: Connection) -> Draft:
    """The whole draft."""
    based_on, base = published(connection)
    changes = rows.listed(connection)
    documents, stale = dict(base), []
    old = outdated(connection, changes, based_on, base)
    for row in changes:
        text = None if row.id in old else applied(documents.get(row.path), row)
        if text is None:
            stale.append(row)
        elif text == "":
            documents.pop(row.path, None)
        else:
            documents[row.path] = text
    return Draft(based_on, base, documents, tuple(changes), tuple(stale))


def entry_of(connection: Connection, path: str, name: str) -> DraftEntry | None:
    """One Entry, as the draft has it; None where there is none, or it is removed."""
    _, base = published(connection)
    whole, row = rows.found(connection, path, WHOLE), rows.found(connection, path, name)
    found = drafted((whole.content if whole else base.get(path)) or "", row, name)
    if found is None:
        return None
    section, keys = found
    published_place = place_in(base.get(path, ""), name)
    return DraftEntry(
        path,
        name,
        section,
        keys,
        row.version if row else 0,
        dict(published_place.keys) if published_place else None,
        row.author if row else "",
        row.change if row else "",
    )


def version_of(connection: Connection, path: str, name: str) -> tuple[int, str]:
    """The version of an Entry's row and who wrote it; (0, "") where there is none. Cheap: open forms ask for it."""
    row = rows.found(connection, path, name)
    return (row.version, row.author) if row else (0, "")


# -- changing


def put_entry(
    connection: Connection,
    user: Actor,
    path: str,
    entry_id: str,
    changes: Keys,
    based_on_version: int,
    shown: Keys | None = None,
) -> int:
    """Set some keys of an Entry in the draft (None takes a key out); the version that it has then.

    `based_on_version` is the DraftEntry.version that the form showed, `shown` the keys. Conflict when another version is
    there by now, or another value of one of `changes` (it may have been published without a row); Refused when there is no
    such Entry. 0 when the Entry is as published again, so that nothing is left of it in the draft.
    """
    seen = entry_of(connection, path, entry_id)
    row = rows.found(connection, path, entry_id)
    if (row.version if row else 0) != based_on_version:
        raise Conflict(row)
    if seen is None:
        raise Refused("ไม่มีรายการนี้แล้ว อาจถูกลบไประหว่างที่คุณเปิดอยู่")
    text = _text_below(connection, path)
    below, current = _keys_in(text, entry_id), dict(seen.keys)
    if row is None or row.change != ADDED:  # of one reading with `below`: something may be published at this moment
        current = dict(below)
        lay_over(current, content_of(row)["keys"] if row else {})
    if shown is not None and overtaken(current, shown, changes):
        raise Conflict(row)
    wanted = dict(current)
    lay_over(wanted, changes)
    told = sorted(key or seen.name for key in changes if current.get(key) != wanted.get(key))
    if not told and (row is None or applied(text, row) is not None):
        return seen.version  # a row that does not fit any more is written anew, over what is published now
    audit.record(connection, user, "knowledge.edit", f"{path}: {entry_id}", {"keys": told})
    if row is not None and row.change == ADDED:
        return _write(connection, user, path, entry_id, ADDED, {"section": seen.section, "entry": wanted}, row)
    changed = {key: wanted.get(key) for key in {**below, **wanted} if wanted.get(key) != below.get(key)}
    if not changed:
        if row is not None and not rows.throw_away(connection, path, entry_id, row.version):
            raise Conflict(rows.found(connection, path, entry_id))
        return 0
    content = {"keys": changed, "was": {key: below.get(key) for key in changed}}
    return _write(connection, user, path, entry_id, EDITED, content, row)


def overtaken(current: Keys, shown: Keys, changes: Keys) -> bool:
    """Whether a key that somebody changes has another value by now than the form showed."""
    return any(current.get(key) != shown.get(key) for key in changes)


def add_entry(connection: Connection, user: Actor, path: str, section: str, entry: Keys, example: str = "") -> int:
    """Add an Entry to a section of a document ("texts", "gaps", "milestones" …; with `example`, a figure to it); its version.

    `entry` needs an "id" that is new in the whole round (`new_id` makes one). Refused when it is taken, or there is no such
    document.
    """
    from knowledge.entries import figure_name

    current = draft(connection)
    if path not in current.documents:
        raise Refused("ไม่มีไฟล์เนื้อหานี้")
    if entry["id"] in _taken(current, path):
        raise Refused("รหัสนี้มีอยู่แล้ว กรุณาใช้รหัสอื่น", "id")
    name = figure_name(example, entry["id"]) if example else str(entry["id"])
    content = {
        "section": section,
        "entry": {key: value for key, value in entry.items() if value is not None},
        "example": example,
    }
    audit.record(connection, user, "knowledge.add", f"{path}: {name}")
    return _write(connection, user, path, name, ADDED, content, rows.found(connection, path, name))


def remove_entry(connection: Connection, user: Actor, path: str, entry_id: str, based_on_version: int) -> None:
    """Take an Entry out in the draft; with an example go the changes of its figures. Conflict as `put_entry`."""
    seen, row = entry_of(connection, path, entry_id), rows.found(connection, path, entry_id)
    if (row.version if row else 0) != based_on_version:
        raise Conflict(row)
    if seen is None:
        raise Refused("ไม่มีรายการนี้แล้ว")
    audit.record(connection, user, "knowledge.remove", f"{path}: {entry_id}")
    for other in rows.listed(connection):
        if other.path == path and other.entry.startswith(f"{entry_id} / "):
            rows.throw_away(connection, path, other.entry, other.version)
    if row is not None and row.change == ADDED:
        if not rows.throw_away(connection, path, entry_id, row.version):
            raise Conflict(rows.found(connection, path, entry_id))
        return
    _write(connection, user, path, entry_id, REMOVED, {"was": _keys_in(_text_below(connection, path), entry_id)}, row)


def put_documents(
    connection: Connection,
    user: Actor,
    documents: Mapping[str, str | None],
    action: str,
    seen: Iterable[Row] | None = None,
) -> None:
    """Lay whole documents over the draft (None: the document goes), in place of all that was changed in them; `action` is
    what the log calls it. Refused when somebody else changes one of them at this moment, or when that would drop other rows
    than those that somebody has `seen`."""
    based_on, base = published(connection)
    dropped = [row for row in rows.listed(connection) if row.path in documents]
    if (seen is not None and set(dropped) != set(seen)) or not rows.throw_away_all(connection, dropped):
        raise Refused("มีผู้อื่นแก้ฉบับร่างพร้อมกัน กรุณาลองอีกครั้ง")
    for path, text in documents.items():
        if text == base.get(path):
            continue
        change = REMOVED if text is None else EDITED if path in base else ADDED
        written = rows.write(
            connection,
            path=path,
            entry=WHOLE,
            change=change,
            content=text,
            author=user.name,
            moment=utc_now(),
            based_on=based_on or 0,
            seen=0,
        )
        if written is None:
            raise Refused("มีผู้อื่นแก้ฉบับร่างพร้อมกัน กรุณาลองอีกครั้ง")
    audit.record(connection, user, action, ", ".join(documents), {"files": len(documents)})


def discard(connection: Connection, user: Actor, path: str, entry_id: str, version: int) -> bool:
    """Throw one change away; False when it is another by now, or gone."""
    if not rows.throw_away(connection, path, entry_id, version):
        return False
    audit.record(connection, user, "knowledge.discard", f"{path}: {entry_id}" if entry_id else path)
    return True


def new_id(connection: Connection, path: str, stem: str) -> str:
    """An id that is new in the round of the document: its subject, `stem`, and a number where that is taken."""
    taken = _taken(draft(connection), path)
    subject = path.rpartition("/")[2].removesuffix(".yaml")
    wanted, number = f"{subject}.{stem}", 1
    while (found := wanted if number == 1 else f"{wanted}_{number}") in taken:
        number += 1
    return found


def _taken(current: Draft, path: str) -> set[str]:
    """The ids that nothing new may have in a document's round: what is removed but still published keeps its own, for one row
    cannot both take it out and put it in; and what was added and is stale keeps its row."""
    folder = path.partition("/")[0]
    added = {row.entry.rpartition(" / ")[2] for row in current.stale if row.change == ADDED}
    return ids_of(current.documents, folder) | ids_of(current.base, folder) | added


def ids_of(documents: Documents, folder: str) -> set[str]:
    """Every id of one round."""
    from knowledge.entries import places

    return {
        str(place.keys.get("id", place.name))
        for path, text in documents.items()
        if path.startswith(f"{folder}/")
        for place in places(parsed_document(text) or {})
    }


# -- how rows are kept


def _write(
    connection: Connection, user: Actor, path: str, name: str, change: str, content: Keys, row: Row | None
) -> int:
    version = rows.write(
        connection,
        path=path,
        entry=name,
        change=change,
        content=json.dumps(content, ensure_ascii=False),
        author=user.name,
        moment=utc_now(),
        based_on=revisions.newest_id(connection) or 0,
        seen=row.version if row else 0,
    )
    if version is None:
        raise Conflict(rows.found(connection, path, name))
    return version


def _text_below(connection: Connection, path: str) -> str:
    """A document without the rows of its Entries: as published, or as the whole document in the draft has it."""
    whole = rows.found(connection, path, WHOLE)
    return (whole.content if whole else published(connection)[1].get(path)) or ""


def _keys_in(text: str, name: str) -> dict[str, Any]:
    place = place_in(text, name)
    return dict(place.keys) if place else {}
