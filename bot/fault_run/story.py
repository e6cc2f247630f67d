"""What a fault run is about: a calendar over some weeks, subscribers of every kind, and who is then due what.

Who is due is worked out here from the calendar alone, without the program's planning. Days are counted from the first
morning (`FIRST_DAY`, Bangkok).
"""

from __future__ import annotations

import calendar
import random
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from hashlib import sha256
from typing import Any

import yaml

FIRST_DAY = date(2025, 6, 2)
YEAR = 2568  # its round, in the Buddhist Era
PAGE = "https://www.opdc.go.th/award-fault-run"
SUBJECTS = (
    *("awards", "pmqa", "pmqa.excellent", "service", "service.innovation", "service.expansion"),
    *("participation", "participation.open"),
)
LEADS = (("30d", "7d", "1d", "0d"), ("1m", "30d"), ("14d", "1d"), ("0d",), ("7d", "0d"), ("1m", "1d"))
# Mornings that are lived through, in the order in which they are added to a longer run.
_MORNINGS = (0, 30, 1, 23, 29, 31, 7, 14)


@dataclass(frozen=True)
class Step:
    """One milestone on the day `day`, for the subscribers of `subjects`."""

    kind: str
    name: str
    day: int
    subjects: tuple[str, ...] = ("awards",)
    time: str = ""


STEPS = (
    Step("briefing", "ประชุมชี้แจงการสมัคร", 1, ("pmqa", "participation"), "13:00"),
    Step("other", "สัมมนาแลกเปลี่ยนเรียนรู้", 14, ("participation",)),
    Step("closing", "ปิดรับใบสมัคร", 30, time="16:30"),
    Step("documents", "ส่งเอกสารเพิ่มเติม", 31, ("service",)),
    Step("site_visit", "ตรวจประเมิน ณ พื้นที่", 37, ("pmqa", "service")),
    Step("ceremony", "พิธีมอบรางวัล", 53),
    Step("results", "แจ้งผลการพิจารณา", 60),
)
# The date that moves in the middle of the run.
MOVED, MOVED_TO = "แจ้งผลการพิจารณา", 59


@dataclass
class Subscriber:
    """A chat with its wishes: lead times by subject."""

    chat: str
    wishes: dict[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True)
class Expected:
    """One message that is due to `chats`. `begins` and `contains` tell it from every other by what people read."""

    title: str
    day: int
    begins: str
    contains: str
    chats: frozenset[str] = frozenset()

    def is_told_by(self, text: str) -> bool:
        """Whether a message that reads like this is the one."""
        return text.startswith(self.begins) and self.contains in text


def mornings(count: int) -> list[int]:
    """The days of so many mornings, in order."""
    return sorted(_MORNINGS[: min(count, len(_MORNINGS))])


MOST_MORNINGS = len(_MORNINGS)


def subscribers(count: int, seed: int) -> list[Subscriber]:
    """So many, a tenth of them groups and rooms, many with several wishes that overlap."""
    draw = random.Random(seed)  # noqa: S311 - drawn the same each time on purpose
    found = []
    for number in range(count):
        kind = draw.choices("UCR", (90, 8, 2))[0]
        one = Subscriber(kind + sha256(f"{seed} {number}".encode()).hexdigest()[:32])
        for subject in draw.sample(SUBJECTS, draw.choices((1, 2, 3), (60, 25, 15))[0]):
            one.wishes[subject] = draw.choices(LEADS, (60, 10, 8, 8, 7, 7))[0]
        found.append(one)
    return found


def documents(own: dict[str, str], *, moved: bool) -> dict[str, str]:
    """The program's own content with this calendar in its round. Nothing that is learnt differs, so that its fit serves."""
    path = f"{YEAR}/awards.yaml"
    value = yaml.safe_load(own[path])
    (ceremony,) = (one for one in value["milestones"] if one["kind"] == "ceremony")
    learnt = {key: ceremony[key] for key in ("id", "topic", "phrasings")}
    value["milestones"] = [_written(step, learnt) for step in steps(moved=moved)]
    return own | {path: yaml.safe_dump(value, allow_unicode=True, sort_keys=False)}


def steps(*, moved: bool) -> tuple[Step, ...]:
    """The calendar, before or after its change."""
    return tuple(replace(step, day=MOVED_TO) if moved and step.name == MOVED else step for step in STEPS)


def announced(people: list[Subscriber]) -> Expected:
    """The message that tells the whole calendar at its first publication."""
    chats = frozenset(one.chat for one in people if any(_wish(one, step) for step in STEPS))
    return Expected("announcement of all dates", 0, "ประกาศกำหนดการ", str(len(STEPS)), chats)


def changed(told: frozenset[str], day: int) -> Expected:
    """The message about the date that moved on `day`, due to those who were told the old one."""
    return Expected(f"{MOVED}: moved", day, "เลื่อนกำหนดการ", MOVED, told)


def reminders(people: list[Subscriber], last: int, moved_on: int | None) -> Iterator[Expected]:
    """Every reminder that is due from the first morning to the one of day `last`; a date that moves on `moved_on` holds
    up to then, and the new one from the day after."""
    for day in range(last + 1):
        for step in steps(moved=moved_on is not None and day > moved_on):
            chats = frozenset(one.chat for one in people if day in _days(one, step))
            if chats:
                left = step.day - day
                begins = {0: "วันนี้ ", 1: "พรุ่งนี้ "}.get(left, f"อีก {left} วัน ")
                yield Expected(f"{step.name}: {left} d ahead", day, begins, step.name, chats)


def _days(one: Subscriber, step: Step) -> set[int]:
    return {_before(step.day, lead) for wish in _wish(one, step) for lead in one.wishes[wish]}


def _wish(one: Subscriber, step: Step) -> list[str]:
    """The subjects of its wishes that a milestone concerns: the same one, one above or one below."""
    return [wish for wish in one.wishes if any(_covers(wish, s) or _covers(s, wish) for s in step.subjects)]


def _covers(above: str, below: str) -> bool:
    return above in ("awards", below) or below.startswith(f"{above}.")


def _before(day: int, lead: str) -> int:
    if lead.endswith("d"):
        return day - int(lead[:-1])
    at = FIRST_DAY + timedelta(days=day)
    year, month = (at.year, at.month - 1) if at.month > 1 else (at.year - 1, 12)
    return (date(year, month, min(at.day, calendar.monthrange(year, month)[1])) - FIRST_DAY).days


def _written(step: Step, ceremony: dict[str, Any]) -> dict[str, Any]:
    at = FIRST_DAY + timedelta(days=step.day)
    return {
        "id": f"{YEAR}.{step.kind}",
        "kind": step.kind,
        "name": step.name,
        "date": {"year": at.year + 543, "month": at.month, "day": at.day},
        "subjects": list(step.subjects),
        "source": {"urls": [PAGE]},
        **({"time": step.time} if step.time else {}),
        **(ceremony if step.kind == "ceremony" else {}),
    }
