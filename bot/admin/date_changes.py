"""Sets a date of the calendar: what would change is checked, measured and told first, then published by itself, or kept in
the draft.

A worker asks all labelled questions of it, as of a whole draft (bot.admin.publishing). Everything else of the shared draft
stays as it is, and unpublished.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from bot.admin import audit, drafts
from bot.admin.accounts import Refused
from bot.admin.ask_worker import Json, WorkerDoor
from bot.admin.audit import Actor
from bot.admin.calendar_view import CERTAINTIES, KINDS, MILESTONES, as_milestone, subject_of
from bot.admin.draft_rows import content_of
from bot.admin.drafts import ADDED, Conflict
from bot.admin.problem_wording import told
from bot.admin.publishing import (
    LONGEST_NOTE,
    check_of,
    is_measured,
    problems_of,
    refuse_worse,
    regressions_of,
    start_check_as,
    told_in_history,
)
from bot.now import BANGKOK, utc_now
from bot.storage import drafts as rows
from bot.storage import revisions
from bot.storage.drafts import WHOLE, Row
from knowledge.calendar import first_day, is_past, last_day, when_text
from knowledge.model import Milestone

if TYPE_CHECKING:
    from bot.forecast import Expected
    from knowledge.documents import Documents

# What may be set here. Phrasings and topics, by which questions are understood, are not among it.
KEYS = ("kind", "name", "date", "until", "time", "subjects", "place", "link", "note", "cancelled", "certainty", "caution", "source")  # fmt: skip
AHEAD_DAYS = 400

_SINCE = "ปฏิทินหรือฉบับที่เผยแพร่เปลี่ยนไปหลังจากที่ตรวจ จึงยังไม่ได้เผยแพร่ กรุณาตรวจดูอีกครั้ง"


@dataclass(frozen=True)
class Wanted:
    """How somebody wants one milestone: `keys` of the YAML to set, None takes one out; no keys at all ask for
    what the draft has of it. `entry` is "" for a new one; `shown` are the keys that a form had shown, None where it showed none."""

    path: str
    entry: str
    keys: Mapping[str, Any]
    shown: Mapping[str, Any] | None = None

    @property
    def as_json(self) -> Json:
        """What a worker needs to make the same documents of."""
        return {"path": self.path, "entry": self.entry, "keys": dict(self.keys)}


@dataclass(frozen=True)
class Difference:
    """One line of what changes; `old` is "" for what was not there."""

    label: str
    old: str
    new: str


@dataclass(frozen=True)
class Checked:
    """What publishing a Wanted would do. `problems` keep it from being published, `warnings` do not; `blocked` says why it
    can only be kept in the draft; `digest` names what would be published, and over what; `version` is that of the draft's
    row, 0 for none."""

    entry: str
    milestone: Milestone | None
    differences: tuple[Difference, ...]
    problems: tuple[str, ...]
    warnings: tuple[str, ...]
    blocked: str
    at_once: tuple[Expected, ...]
    reminders: tuple[Expected, ...]
    digest: str
    version: int

    @property
    def can_be_published(self) -> bool:
        """Whether only a person's word is missing."""
        return bool(self.differences) and not self.problems and not self.blocked


@dataclass(frozen=True)
class _Made:
    """The documents with the one change, and what they are based on."""

    entry: str
    based_on: int | None
    documents: Documents
    before: dict[str, Any]
    after: dict[str, Any]
    row: Row | None
    blocked: str = ""


def check(connection: Connection, wanted: Wanted, now: datetime) -> Checked:
    """What publishing it would do. Refused when there is no such milestone."""
    made = _made(connection, wanted)
    milestone = as_milestone(made.after, wanted.path)
    problems = [told(problem).sentence for problem in problems_of(made.documents)]
    at_once: list[Expected] = []
    reminders: list[Expected] = []
    warnings = list(_warnings(milestone, now)) if milestone else []
    if made.row is not None and not made.blocked:
        warnings.append(_of_draft(made.row, wanted))
    if not problems and not made.blocked:
        at_once, reminders = _effects(connection, made, now)
    return Checked(
        made.entry,
        milestone,
        tuple(_differences(made, wanted.path)),
        tuple(dict.fromkeys(problems)),
        tuple(warnings),
        made.blocked,
        tuple(at_once),
        tuple(reminders),
        drafts.digest_of(made.documents, made.based_on),
        _version(made.row),
    )


def refuse_if_drafted_since(connection: Connection, wanted: Wanted, version: int) -> None:
    """Refused when the draft's row of it is not the `version` that somebody has seen."""
    _refuse_other_row(rows.found(connection, wanted.path, wanted.entry) if wanted.entry else None, version)


def start_check(connection: Connection, worker: WorkerDoor, user: Actor, wanted: Wanted, digest: str) -> int:
    """Have a worker measure what was checked under `digest`; the job's number, to be queued after the transaction."""
    return start_check_as(connection, worker, user, {"digest": digest, "date": wanted.as_json})


def documents_with(connection: Connection, wanted: Json) -> tuple[int | None, Documents, Documents]:
    """Of Wanted.as_json: which Revision is published, its documents, and those with the one change. Refused."""
    made = _made(connection, Wanted(**wanted))
    return made.based_on, drafts.published(connection)[1], made.documents


def publish(engine: Engine, user: Actor, wanted: Wanted, digest: str, version: int = 0, reason: str = "") -> int:
    """Publish the one change that was checked under `digest`; the new Revision's number. `reason` is why it may answer some
    questions worse. Refused, with nothing changed, when it is not what was checked any more, is not measured, the draft's row
    is not `version`, or it has problems."""
    try:
        with engine.begin() as connection:
            made = _made(connection, wanted)
            if made.blocked:
                raise Refused(made.blocked)
            _refuse_other_row(made.row, version)
            if drafts.digest_of(made.documents, made.based_on) != digest:
                raise Refused(_SINCE)
            if problems_of(made.documents):
                raise Refused("ยังมีข้อผิดพลาด จึงเผยแพร่ไม่ได้ กรุณาตรวจดูอีกครั้ง")
            if made.before == made.after:
                raise Refused("ไม่มีอะไรเปลี่ยนจากที่เผยแพร่อยู่")
            job = check_of(connection, digest)
            if job is None or not is_measured(job):
                raise Refused("ยังตรวจไม่เสร็จ จึงยังไม่ได้เผยแพร่ กรุณากดตรวจดูอีกครั้ง แล้วรอให้ตรวจเสร็จ")
            refuse_worse(job, reason)
            milestone = as_milestone(made.after, wanted.path)
            said = f"{milestone.name} {when_text(milestone)}" if milestone else made.entry
            number = revisions.publish(
                connection,
                made.documents,
                based_on=made.based_on,
                note=told_in_history(f"ปฏิทิน: {said}", reason),
                author=user.name,
                published_at=utc_now(),
            )
            _settle_draft(connection, user, wanted, made)
            detail = {
                "revision": number,
                "date": said,
                "regressions": regressions_of(job),
                "reason": reason[:LONGEST_NOTE],
            }
            audit.record(connection, user, "calendar.publish", f"{wanted.path}: {made.entry}", detail)
        return number
    except (revisions.OutdatedError, Conflict):
        raise Refused(_SINCE) from None


def keep(connection: Connection, user: Actor, wanted: Wanted, version: int) -> str:
    """Keep it in the shared draft; the Entry's id. `version` is that of the draft's Entry as the form showed it. Refused and
    drafts.Conflict as there."""
    if wanted.entry:
        drafts.put_entry(connection, user, wanted.path, wanted.entry, wanted.keys, version, wanted.shown)
        return wanted.entry
    entry = _new_id(connection, wanted)
    drafts.add_entry(connection, user, wanted.path, MILESTONES, {"id": entry, **_set(wanted.keys)})
    return entry


def _made(connection: Connection, wanted: Wanted) -> _Made:
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    based_on, base = drafts.published(connection)
    text = base.get(wanted.path)
    whole = rows.found(connection, wanted.path, WHOLE)
    row = rows.found(connection, wanted.path, wanted.entry) if wanted.entry else None
    if wanted.entry and (
        drafts.entry_of(connection, wanted.path, wanted.entry) is None
        and drafts.place_in(text or "", wanted.entry) is None
    ):
        raise Refused("ไม่มีรายการนี้ในปฏิทินแล้ว อาจถูกลบไปแล้ว")
    entry = wanted.entry or _new_id(connection, wanted)
    asked = wanted.keys
    if not asked and row is not None and row.change == drafts.EDITED:
        asked = content_of(row)["keys"]
    keys = {key: asked[key] for key in KEYS if key in asked}
    blocked = ""
    if text is None:
        blocked = "รอบนี้ยังไม่ได้เผยแพร่ จึงบันทึกได้เฉพาะในฉบับร่าง"
    elif whole is not None:
        blocked = f"คุณ {whole.author} นำไฟล์ทั้งไฟล์เข้าฉบับร่างไว้ จึงบันทึกได้เฉพาะในฉบับร่าง"
    elif row is not None and row.change == drafts.REMOVED:
        blocked = f"คุณ {row.author} ลบรายการนี้ไว้ในฉบับร่าง กรุณาทิ้งการลบนั้นก่อน"
    if blocked or text is None:
        seen = drafts.entry_of(connection, wanted.path, entry)
        before = dict(seen.keys) if seen else {}
        return _Made(entry, based_on, base, before, _laid(before, keys), row, blocked)
    place = drafts.place_in(text, entry)
    try:
        if place is not None:
            before, after = dict(place.keys), _laid(place.keys, keys)
            new = yaml_edits.changed(text, entry, keys)
        else:
            seen = drafts.entry_of(connection, wanted.path, entry) if wanted.entry else None
            before, after = {}, _laid(seen.keys if seen else {"id": entry}, keys)
            new = yaml_edits.added(text, MILESTONES, after)
    except (NoEntryError, yaml_edits.CannotEditError):
        raise Refused("แก้ไฟล์เนื้อหานี้จากหน้าปฏิทินไม่ได้ กรุณาแจ้งผู้ดูแลระบบ") from None
    return _Made(entry, based_on, {**base, wanted.path: new}, before, after, row)


def _version(row: Row | None) -> int:
    return row.version if row else 0


def _refuse_other_row(row: Row | None, version: int) -> None:
    if _version(row) == version:
        return
    who = f"คุณ {row.author} " if row else "มีผู้อื่น"
    raise Refused(f"{who}แก้รายการนี้ในฉบับร่างระหว่างที่คุณเปิดอยู่ จึงยังไม่ได้ทำอะไร กรุณาเปิดรายการนี้จากปฏิทินใหม่ แล้วตรวจดูอีกครั้ง")


def _of_draft(row: Row, wanted: Wanted) -> str:
    """What becomes of somebody's draft of the same milestone."""
    if row.change == ADDED:
        return (
            f"กำหนดการนี้คุณ {row.author} เขียนไว้ในฉบับร่าง ยังไม่เคยเผยแพร่ หากเผยแพร่จากหน้านี้จะเผยแพร่ทั้งกำหนดการ และออกจากฉบับร่าง"
        )
    if not wanted.keys:
        return f"คุณไม่ได้แก้อะไรในหน้านี้ สิ่งที่จะเผยแพร่คือส่วนที่คุณ {row.author} ร่างไว้ กรุณาตรวจดูก่อน"
    drafted = content_of(row)["keys"]
    if any(key in drafted and drafted[key] != value for key, value in wanted.keys.items()):
        return f"คุณ {row.author} แก้รายการนี้ค้างไว้ในฉบับร่าง ส่วนที่แก้ตรงกับหน้านี้จะถูกแทนที่ ส่วนอื่นยังอยู่ในฉบับร่างตามเดิม"
    return f"คุณ {row.author} แก้รายการนี้ค้างไว้ในฉบับร่าง ส่วนที่ไม่ได้แก้ในหน้านี้จะยังอยู่ในฉบับร่างตามเดิม ไม่ถูกเผยแพร่"


def _settle_draft(connection: Connection, user: Actor, wanted: Wanted, made: _Made) -> None:
    """What the draft holds of this Entry goes on from what is published now."""
    row = made.row
    if row is None:
        return
    seen = drafts.entry_of(connection, wanted.path, made.entry)
    left = {} if seen is None or row.change == ADDED else {**seen.keys, **_set(wanted.keys)}
    if row.change == ADDED or left == made.after:
        if not rows.throw_away(connection, row.path, row.entry, row.version):
            raise Conflict(rows.found(connection, row.path, row.entry))
        return
    drafts.put_entry(connection, user, wanted.path, made.entry, wanted.keys, row.version)


def _effects(connection: Connection, made: _Made, now: datetime) -> tuple[list[Expected], list[Expected]]:
    """What is told at once, and the reminders that follow."""
    from bot.forecast import forecast, told_at_once
    from knowledge.loader import load_knowledge

    knowledge = load_knowledge(made.documents)
    coming = forecast(connection, knowledge, now, AHEAD_DAYS)
    return told_at_once(connection, knowledge, now), [one for one in coming if one.milestone == made.entry]


def _warnings(milestone: Milestone, now: datetime) -> list[str]:
    local = now.astimezone(BANGKOK)
    first, last = first_day(milestone), last_day(milestone)
    found = []
    if milestone.date and not milestone.cancelled and is_past(milestone, local.date(), local.time()):
        found.append("วันนี้ผ่านวันนั้นไปแล้ว จะไม่มีการแจ้งหรือเตือนใคร")
    for day in {first, last} - {None}:
        if day is not None and day.weekday() >= 5:
            found.append(f"{when_text(milestone)} ตรงกับวันหยุดสุดสัปดาห์ กรุณาตรวจว่าถูกต้อง")
            break
    return found


def _differences(made: _Made, path: str) -> list[Difference]:
    old, new = _said(made.before, path, made.documents), _said(made.after, path, made.documents)
    return [
        Difference(label, old.get(label, ""), text)
        for label in {**new, **old}
        if old.get(label, "") != (text := new.get(label, ""))
    ]


def _said(keys: Mapping[str, Any], path: str, documents: Documents) -> dict[str, str]:
    """A milestone's keys in words, in the order in which people read them."""
    if not keys:
        return {}
    milestone = as_milestone({"name": "-", "kind": "other", **keys}, path)
    source = keys.get("source") or {}
    lines = f"สไลด์บรรทัด {source['lines']}" if source.get("lines") else ""
    subjects = [*keys.get("subjects", ())] or [subject_of(path)]
    said = {
        "ชื่อ": keys.get("name", ""),
        "วัน": when_text(milestone) if milestone else "",
        "เรื่อง": KINDS.get(keys.get("kind", ""), ""),
        "ใช้กับ": ", ".join(subject_name(documents, path.partition("/")[0], key) for key in subjects),
        "สถานที่": keys.get("place", ""),
        "ลิงก์": keys.get("link", ""),
        "หมายเหตุ": keys.get("note", ""),
        "สถานะ": "ยกเลิก" if keys.get("cancelled") else "ตามกำหนด",
        "ความแน่นอน": CERTAINTIES.get(keys.get("certainty", "certain"), ""),
        "ข้อควรระวัง": keys.get("caution", ""),
        "ที่มา": ", ".join(filter(None, [lines, *source.get("urls", ())])),
    }
    return {label: str(text) for label, text in said.items() if text}


def subject_name(documents: Documents, year: str, key: str) -> str:
    """What a subject is called in a round."""
    if key == "awards":
        return "ทุกรางวัล"
    document = drafts.parsed_document(documents.get(f"{year}/{key}.yaml", ""))
    return str((document or {}).get("name", key))


def _new_id(connection: Connection, wanted: Wanted) -> str:
    return drafts.new_id(connection, wanted.path, f"{wanted.keys.get('kind', 'other')}_date")


def _set(keys: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in keys.items() if value is not None}


def _laid(keys: Mapping[str, Any], changes: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in {**keys, **changes}.items() if value is not None}
