"""Teaching one question: its wording becomes a phrasing of an Entry, and is published by itself once its effect was seen.

What others are drafting stays in the draft. Where the draft has another set of phrasings for the same Entry, the wording
joins that draft instead, for nobody's change may be overtaken unseen.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, Engine

from bot.admin import audit, drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.ask_worker import WorkerDoor
from bot.admin.audit import Actor
from bot.now import utc_now
from bot.storage import drafts as draft_rows
from bot.storage import revisions, unanswered
from bot.storage.console_jobs import Job
from bot.storage.drafts import WHOLE
from bot.storage.revisions import OutdatedError

if TYPE_CHECKING:
    from knowledge.documents import Documents

MEASURE = "teach"
"""The kind of job; bot.admin.teaching_effect does it."""
LONGEST_PHRASING = 200
MOST_PHRASINGS = 5
LONGEST_REASON = 500


@dataclass(frozen=True)
class Lesson:
    """Which questions are to be answered by which Entry (knowledge/entries.py), and the phrasings that teach it."""

    ids: tuple[int, ...]
    path: str
    name: str
    phrasings: tuple[str, ...]

    @classmethod
    def of(cls, request: Mapping[str, Any]) -> Lesson:
        """From a job's JSON."""
        return cls(tuple(request["ids"]), request["path"], request["name"], tuple(request["phrasings"]))

    @property
    def object(self) -> str:
        """What the log calls it: the Entry, never the question."""
        return f"{self.path}: {self.name}"[:200]


def lesson(base: Documents, ids: Iterable[int], path: str, name: str, typed: Iterable[str]) -> Lesson:
    """The lesson, checked against the published documents. Refused."""
    phrasings = tuple(dict.fromkeys(" ".join(text.split()) for text in typed if text.strip()))
    if not phrasings:
        raise Refused("กรุณาเขียนวลีอย่างน้อย 1 วลี", "phrasing")
    if len(phrasings) > MOST_PHRASINGS or any(len(text) > LONGEST_PHRASING for text in phrasings):
        raise Refused(f"วลีหนึ่งยาวได้ไม่เกิน {LONGEST_PHRASING} ตัวอักษร และครั้งละไม่เกิน {MOST_PHRASINGS} วลี", "phrasing")
    found = Lesson(tuple(sorted(set(ids))), path, name, phrasings)
    place = drafts.place_in(base.get(path, ""), name)
    if place is None:
        raise Refused("ไม่มีรายการความรู้นี้แล้ว กรุณาเลือกรายการอื่น", "entry")
    if not set(phrasings) - set(place.keys.get("phrasings") or ()):
        raise Refused("รายการนี้มีวลีนี้อยู่แล้ว กรุณาเขียนวลีให้ต่างออกไป หรือเลือกรายการอื่น", "phrasing")
    return found


def documents_with(base: Documents, lesson: Lesson) -> dict[str, str]:
    """The documents with the phrasings in. Refused when the Entry is gone, or written so that it cannot be edited."""
    from knowledge import yaml_edits
    from knowledge.entries import NoEntryError

    text = base.get(lesson.path, "")
    place = drafts.place_in(text, lesson.name)
    if place is None:
        raise Refused("ไม่มีรายการความรู้นี้แล้ว กรุณาเลือกรายการอื่น", "entry")
    try:
        changed = yaml_edits.changed(text, lesson.name, {"phrasings": _joined(place.keys, lesson)})
    except (NoEntryError, yaml_edits.CannotEditError):
        raise Refused("แก้รายการนี้อัตโนมัติไม่ได้ กรุณาเพิ่มวลีในหน้าความรู้", "entry") from None
    return {**base, lesson.path: changed}


def begin(connection: Connection, worker: WorkerDoor, user: Actor, lesson: Lesson) -> int:
    """Have a worker measure the lesson; the job's number, to be queued when the transaction is over."""
    return worker.start(connection, MEASURE, asdict(lesson), user.name)


def must_join_draft(connection: Connection, lesson: Lesson) -> bool:
    """Whether somebody is drafting the same phrasings, or the whole document."""
    rows = [row for row in draft_rows.listed(connection) if row.path == lesson.path]
    return any(row.entry == WHOLE or (row.entry == lesson.name and _phrasings_differ(connection, row)) for row in rows)


def join_draft(engine: Engine, user: Actor, lesson: Lesson) -> None:
    """Put the phrasings into the shared draft and settle the questions. Refused, drafts.Conflict."""
    with engine.begin() as connection:
        seen = drafts.entry_of(connection, lesson.path, lesson.name)
        if seen is None:
            raise Refused("ไม่มีรายการความรู้นี้แล้ว กรุณาเลือกรายการอื่น", "entry")
        drafts.put_entry(
            connection, user, lesson.path, lesson.name, {"phrasings": _joined(seen.keys, lesson)}, seen.version
        )
        settled = unanswered.settle(connection, lesson.ids, unanswered.TAUGHT, user.name, utc_now(), lesson.object)
        audit.record(connection, user, "inbox.teach", lesson.object, {"questions": settled, "draft": True})


def publish(engine: Engine, user: Actor, job: Job, reason: str = "") -> tuple[int, int]:
    """Publish a lesson whose effect was measured; the new Revision's number, and how many questions that settled.

    Refused, with nothing changed, when something else was published since, it is broken, or it needs a reason.
    """
    lesson, result = Lesson.of(job.request), job.result
    if job.state != "done" or result.get("problems"):
        raise Refused("ยังวัดผลไม่เสร็จ กรุณารอสักครู่")
    worse = int(result.get("regressions", 0))
    if worse and not reason.strip():
        raise Refused(f"มี {worse} คำถามที่เคยตอบถูกแต่จะตอบผิด กรุณาเขียนเหตุผลที่ยังจะเผยแพร่", "reason")
    with engine.begin() as connection:
        based_on, base = drafts.published(connection)
        documents = documents_with(base, lesson)
        if drafts.digest_of(documents, based_on) != result["digest"]:
            raise Refused("มีการเผยแพร่ความรู้ฉบับใหม่หลังจากที่วัดผล กรุณาวัดผลอีกครั้ง")
        if publishing.problems_of(documents):
            raise Refused("เผยแพร่ไม่ได้ เพราะเนื้อหามีข้อผิดพลาด")
        if must_join_draft(connection, lesson):
            raise Refused("มีผู้อื่นกำลังแก้วลีของรายการนี้อยู่ กรุณาเพิ่มลงในฉบับร่างแทน")
        note = f"สอนคำถามจากกล่องคำถาม: {lesson.name}" + (
            f" · เหตุผล: {reason.strip()[:LONGEST_REASON]}" if worse else ""
        )
        try:
            number = revisions.publish(
                connection, documents, based_on=based_on, note=note, author=user.name, published_at=utc_now()
            )
        except OutdatedError:
            raise Refused("มีการเผยแพร่ความรู้ฉบับใหม่หลังจากที่วัดผล กรุณาวัดผลอีกครั้ง") from None
        right = [one["id"] for one in result.get("answers", ()) if one["right"]]
        settled = unanswered.settle(connection, right, unanswered.TAUGHT, user.name, utc_now(), lesson.object)
        detail = {"revision": number, "questions": settled, "regressions": worse, "reason": reason[:LONGEST_REASON]}
        audit.record(connection, user, "inbox.teach", lesson.object, detail)
    return number, settled


def _joined(keys: Mapping[str, Any], lesson: Lesson) -> list[str]:
    return list(dict.fromkeys([*(keys.get("phrasings") or ()), *lesson.phrasings]))


def _phrasings_differ(connection: Connection, row: draft_rows.Row) -> bool:
    seen = drafts.entry_of(connection, row.path, row.entry)
    base = (seen.base or {}) if seen else {}
    return seen is None or seen.keys.get("phrasings") != base.get("phrasings")
