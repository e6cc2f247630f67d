"""A round's calendar as the console shows it: what is published, with what the shared draft would change."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection

from bot.admin import drafts
from bot.admin.draft_rows import drafted
from bot.calendar_wording import KIND_NAMES, left
from bot.storage import drafts as rows
from bot.storage.drafts import WHOLE
from knowledge.calendar import days_left, earliest, is_on, is_past, last_day, latest, when_text
from knowledge.model import Certainty, Milestone, MilestoneDate, Source

if TYPE_CHECKING:
    from knowledge.documents import Documents

KINDS = {**KIND_NAMES, "other": "เรื่องอื่น"}
# What a milestone of each kind is called until somebody writes something better.
NAMES = {
    "briefing": "ประชุมชี้แจงรางวัลเลิศรัฐ",
    "opening": "เปิดรับสมัครรางวัลเลิศรัฐ",
    "closing": "ปิดรับสมัครรางวัลเลิศรัฐ",
    "documents": "ส่งเอกสารรางวัลเลิศรัฐ",
    "site_visit": "ตรวจประเมินในพื้นที่",
    "results": "ประกาศผลรางวัลเลิศรัฐ",
    "ceremony": "พิธีมอบรางวัลเลิศรัฐ",
}
CERTAINTIES = {"certain": "แน่นอนแล้ว", "uncertain": "ยังไม่แน่นอน", "to_confirm": "รอยืนยัน"}
MILESTONES = "milestones"


@dataclass(frozen=True)
class Step:
    """One milestone of the calendar. `published` and `drafted` are None where it is not, and `drafted` where nobody changes
    it; `author` changed it last; `path` and `id` name its Entry."""

    path: str
    id: str
    published: Milestone | None
    drafted: Milestone | None
    author: str = ""
    removed: bool = False

    @property
    def shown(self) -> Milestone:
        """As published, else as drafted."""
        found = self.published or self.drafted
        assert found is not None  # noqa: S101 - `steps` makes no other
        return found

    @property
    def key(self) -> str:
        """How forms name it."""
        return f"{self.path}|{self.id}"

    @property
    def new_date(self) -> str:
        """The date that the draft gives it, where that differs; "" for none."""
        if self.drafted is None or self.published is None:
            return ""
        told = when_text(self.drafted)
        return told if told != when_text(self.published) else ""


def steps(connection: Connection, year: int, base: Documents | None = None) -> list[Step]:
    """The milestones of a round (Buddhist Era) in the order of their dates, those without one last."""
    documents = drafts.published(connection)[1] if base is None else base
    changes = {(row.path, row.entry): row for row in rows.listed(connection) if row.path.startswith(f"{year}/")}
    found = []
    for path in sorted({*_of_round(documents, year), *(path for path, _ in changes)}):
        own = _milestones(documents.get(path, ""), path)
        whole = changes.get((path, WHOLE))
        names = {*own, *(name for p, name in changes if p == path and name != WHOLE)}
        if whole is not None:
            names |= set(_milestones(whole.content or "", path))
        for name in names:
            row = changes.get((path, name))
            changed = row is not None or whole is not None
            text = (whole.content if whole else documents.get(path)) or ""
            section, keys = (drafted(text, row, name) if changed else None) or ("", None)
            if keys is not None and section != MILESTONES:
                continue
            changed_one = as_milestone(keys, path) if keys is not None else None
            if own.get(name) is None and changed_one is None:
                continue
            author = row.author if row else whole.author if whole else ""
            if changed_one == own.get(name):
                changed_one, author = None, ""
            found.append(Step(path, name, own.get(name), changed_one, author, changed and keys is None))
    return sorted(found, key=lambda step: _order(step.shown))


def as_milestone(keys: Mapping[str, Any], path: str) -> Milestone | None:
    """The value of a milestone's keys; None while they are not whole, as a draft's may be. `path` is its document's."""
    # Imported here: the web process starts without what reads content.
    from pydantic import ValidationError

    from knowledge.milestone_schema import DatePart, MilestonePart

    def day(part: DatePart | None) -> MilestoneDate | None:
        return MilestoneDate(part.year, part.month, part.day) if part else None

    try:
        part = MilestonePart.model_validate(keys)
    except ValidationError:
        return None
    return Milestone(
        id=part.id,
        subject=subject_of(path),
        attribute="deadline",
        source=Source(part.source.lines, tuple(part.source.urls)),
        certainty=Certainty(part.certainty),
        caution=part.caution,
        published=part.published,
        kind=part.kind,
        name=part.name,
        date=day(part.date),
        until=day(part.until),
        time=part.time,
        subjects=tuple(part.subjects),
        place=part.place,
        link=part.link,
        note=part.note,
        cancelled=part.cancelled,
    )


def subject_of(path: str) -> str:
    """The subject of a document: "service" of "2568/service.yaml"."""
    return path.rpartition("/")[2].rpartition(".")[0]


def standing(milestone: Milestone, today: date, at: time) -> str:
    """Where it stands today, in a few words."""
    if milestone.cancelled:
        return "ยกเลิกแล้ว"
    if milestone.date is None:
        return "ยังไม่ประกาศวัน"
    if is_past(milestone, today, at):
        return "ผ่านไปแล้ว"
    if is_on(milestone, today) and last_day(milestone) != today:
        return "อยู่ในช่วงนี้"
    days = days_left(milestone, today)
    if days is None or days < 0:
        end = latest(milestone)
        return "เดือนนี้" if end and (end.year, end.month) == (today.year, today.month) else "ยังไม่ประกาศวัน"
    return left(days)


def _of_round(documents: Documents, year: int) -> list[str]:
    return [path for path in documents if path.startswith(f"{year}/")]


def _milestones(text: str, path: str) -> dict[str, Milestone]:
    document = drafts.parsed_document(text) or {}
    listed = document.get(MILESTONES)
    found: dict[str, Milestone] = {}
    for keys in listed if isinstance(listed, list) else ():
        milestone = as_milestone(keys, path) if isinstance(keys, dict) else None
        if milestone is not None:
            found[milestone.id] = milestone
    return found


def _order(milestone: Milestone) -> tuple[date, date, str, str]:
    return earliest(milestone) or date.max, latest(milestone) or date.max, milestone.time or "24:00", milestone.id
