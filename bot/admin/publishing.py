"""From the draft to a published Revision: checked by the program, measured by a worker, confirmed by a person.

    with engine.begin() as connection:
        job = publishing.start_check(connection, console.worker, who().user)   # a running check of the same draft is taken
    console.worker.queue(job)                                                  # page: admin.knowledge_publish.index
    publishing.publish(engine, who().user, digest, note, reason)               # the new Revision's number

Nothing is published that was not checked just as it is: `digest` names the draft that the person has seen. All of it is one
transaction, so that a publication that fails changes nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Connection, Engine

from bot.admin import audit, drafts
from bot.admin.accounts import Refused
from bot.admin.ask_worker import Json, WorkerDoor
from bot.admin.audit import Actor
from bot.admin.drafts import Draft
from bot.now import utc_now
from bot.storage import console_jobs, revisions
from bot.storage import drafts as rows
from bot.storage.console_jobs import Job
from bot.storage.revisions import OutdatedError

if TYPE_CHECKING:
    from knowledge.documents import Documents
    from knowledge.loader import Problem

CHECK = "check_knowledge"
"""The kind of job; bot.admin.check_draft does it."""
LONGEST_NOTE = 500

_CHANGED_SINCE = "ฉบับร่างหรือฉบับที่เผยแพร่เปลี่ยนไปหลังจากที่ตรวจ จึงยังไม่ได้เผยแพร่ กรุณาตรวจใหม่แล้วดูอีกครั้ง"


@dataclass(frozen=True)
class Readiness:
    """What still keeps a draft from being published. `job` is the newest check of just this draft; `regressions` counts
    questions that were answered right and would not be any more."""

    draft: Draft
    problems: tuple[Problem, ...]
    job: Job | None

    @property
    def measured(self) -> bool:
        """Whether a worker has measured it to the end."""
        return is_measured(self.job)

    @property
    def waiting(self) -> bool:
        """Whether a worker is at it."""
        return self.job is not None and self.job.state in ("waiting", "running")

    @property
    def regressions(self) -> int:
        """How many; 0 before it is measured."""
        return regressions_of(self.job)

    @property
    def can_be_published(self) -> bool:
        """Whether only a person's word is missing."""
        draft = self.draft
        return bool(draft.rows) and not draft.stale and not self.problems and self.measured


def readiness(connection: Connection) -> Readiness:
    """How far the draft is."""
    draft = drafts.draft(connection)
    return Readiness(draft, problems_of(draft.documents), check_of(connection, draft.digest))


def check_of(connection: Connection, digest: str) -> Job | None:
    """The newest check of the documents of that digest; one that failed or came too late only where no other is."""
    found = [job for job in console_jobs.listed(connection, CHECK) if job.request.get("digest") == digest]
    good = [job for job in found if job.state != "failed" and not job.result.get("outdated")]
    return next(iter([*good, *found]), None)


def start_check(connection: Connection, worker: WorkerDoor, user: Actor) -> int:
    """Have a worker measure the draft as it is now; the job's number, to be queued when the transaction is over. A check of
    just this draft that is under way or done is not begun again (queueing it twice does no harm)."""
    digest = drafts.draft(connection).digest
    known = _good_check(connection, digest)
    if known is not None:
        return known.id
    audit.record(connection, user, "knowledge.check")
    return worker.start(connection, CHECK, {"digest": digest}, user.name)


def start_check_of(connection: Connection, worker: WorkerDoor, user: Actor, number: int) -> int:
    """The same for going back to an earlier Revision."""
    based_on, _ = drafts.published(connection)
    documents = revisions.documents_of(connection, number) or {}
    digest = drafts.digest_of(documents, based_on)
    return start_check_as(connection, worker, user, {"digest": digest, "revision": number})


def start_check_as(connection: Connection, worker: WorkerDoor, user: Actor, request: Json) -> int:
    """The same for what a request of bot.admin.check_draft names; `digest` is among it."""
    known = _good_check(connection, request["digest"])
    return known.id if known is not None else worker.start(connection, CHECK, request, user.name)


def is_measured(job: Job | None) -> bool:
    """Whether a worker has measured it to the end."""
    return job is not None and job.state == "done" and not job.result.get("outdated")


def refuse_worse(job: Job, reason: str, field: str = "") -> None:
    """Refused, when some questions would be answered worse and nobody said why that may be."""
    count = regressions_of(job)
    if count and not reason.strip():
        raise Refused(f"มี {count} คำถามที่เคยตอบถูกแต่จะตอบผิด กรุณาเขียนเหตุผลที่ยังจะเผยแพร่", field)


def regressions_of(job: Job | None) -> int:
    """How many questions were answered right and would not be any more; 0 before that is measured."""
    return int(job.result.get("regressions", 0)) if job else 0


def _good_check(connection: Connection, digest: str) -> Job | None:
    known = check_of(connection, digest)
    return None if known is None or known.state == "failed" or known.result.get("outdated") else known


def publish(engine: Engine, user: Actor, digest: str, note: str, reason: str = "") -> int:
    """Publish the draft that has this digest; the new Revision's number. `reason` is why it may answer some questions worse.

    Refused, with nothing changed, when it is broken, not measured, empty, or not the one that the person has seen.
    """
    with engine.begin() as connection:
        ready = readiness(connection)
        if ready.draft.digest != digest:
            raise Refused(_CHANGED_SINCE)
        refuse(ready)
        if ready.job is not None:
            refuse_worse(ready.job, reason, "reason")
        number = _publish(connection, user, ready.draft.documents, ready.draft.based_on, told_in_history(note, reason))
        if not rows.throw_away_all(connection, ready.draft.rows):
            raise Refused(_CHANGED_SINCE)
        detail = {
            "entries": len(ready.draft.rows),
            "regressions": ready.regressions,
            "note": note[:LONGEST_NOTE],
            "reason": reason[:LONGEST_NOTE],
        }
        audit.record(connection, user, "knowledge.publish", f"ฉบับที่ {number}", detail)
    return number


def roll_back(engine: Engine, user: Actor, number: int, seen: int, reason: str) -> int:
    """Publish an earlier Revision anew, as a Revision of its own; the draft stays. `seen` is the one that was published when
    the person looked. Refused when another one was published since, or this program cannot use that one any more."""
    if not reason.strip():
        raise Refused("กรุณาเขียนเหตุผลที่ย้อนกลับ", "reason")
    with engine.begin() as connection:
        documents = revisions.documents_of(connection, number)
        newest = revisions.newest_id(connection)
        if documents is None or number == newest:
            raise Refused("ย้อนกลับไปฉบับนี้ไม่ได้")
        if newest != seen:
            raise Refused(_CHANGED_SINCE)
        found = problems_of(documents)
        if found:
            raise Refused(f"โปรแกรมรุ่นปัจจุบันใช้ฉบับนี้ไม่ได้ พบข้อผิดพลาด {len(found)} แห่ง")
        made = _publish(connection, user, documents, newest, told_in_history(f"ย้อนกลับไปใช้ฉบับที่ {number}", reason))
        audit.record(
            connection, user, "knowledge.roll_back", f"ฉบับที่ {number} → {made}", {"reason": reason[:LONGEST_NOTE]}
        )
    return made


def refuse(ready: Readiness) -> None:
    """Refused, when something other than a person's word is missing."""
    if not ready.draft.rows:
        raise Refused("ไม่มีการแก้ไขที่รอเผยแพร่")
    if ready.draft.stale:
        raise Refused("มีรายการที่ถูกเผยแพร่เป็นอย่างอื่นไปแล้ว กรุณาเปิดรายการนั้นตรวจดูก่อน")
    if ready.problems:
        raise Refused(f"ฉบับร่างยังมีข้อผิดพลาด {len(ready.problems)} แห่ง จึงเผยแพร่ไม่ได้")
    if not ready.measured:
        raise Refused("ยังตรวจฉบับร่างไม่เสร็จ กรุณารอให้ตรวจเสร็จก่อน")


def problems_of(documents: Documents) -> tuple[Problem, ...]:
    """Every mistake of the content; none when it can be published."""
    return _problems(tuple(sorted(documents.items())))


@lru_cache(maxsize=4)
def _problems(documents: tuple[tuple[str, str], ...]) -> tuple[Problem, ...]:
    # Imported here: the web process starts without what reads content.
    from bot.content import checked
    from knowledge.loader import ContentError

    try:
        checked(dict(documents))
    except ContentError as error:
        return error.problems
    return ()


def _publish(connection: Connection, user: Actor, documents: Documents, based_on: int | None, note: str) -> int:
    try:
        return revisions.publish(
            connection, documents, based_on=based_on, note=note, author=user.name, published_at=utc_now()
        )
    except OutdatedError:
        raise Refused(_CHANGED_SINCE) from None


def told_in_history(note: str, reason: str) -> str:
    """What a Revision is noted with."""
    parts = [note.strip()[:LONGEST_NOTE], f"เหตุผล: {reason.strip()[:LONGEST_NOTE]}" if reason.strip() else ""]
    return " · ".join(filter(None, parts))
