"""Content for tests: the seed, and a copy of it for the round of 2569 in which dates are announced.

What stands there (years are Buddhist Era, times Asia/Bangkok; all stand in awards.yaml):

    briefing    2569.briefing       14 January 2569, 09:00                   for all
    opening     2569.opening        2 February 2569                          for all
    closing     2569.closing        31 March 2569, 16:30                     for all, below which two have their own
    closing     2569.closing.pmqa   13 March 2569                            pmqa
    closing     2569.closing.service  17 April 2569, 16:30                   service
    documents   2569.documents      30 April 2569                            service, participation
    site visits 2569.visits         25 May to 12 June 2569                   pmqa, service, participation
    results     2569.results        August 2569 (no day yet)                 for all
    ceremony    awards.ceremony      11 September 2569, 13:00                 for all
    other       2569.other          not announced                            for all
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

import yaml

from knowledge.documents import files_in
from knowledge.loader import CONTENT, load_knowledge
from knowledge.model import Knowledge, Milestone, MilestoneDate, Round, Source

YEAR = 2569
PAGE = "https://www.opdc.go.th/award-2569"


def day(year: int, month: int, day: int | None = None) -> dict[str, int]:
    """A date as YAML has it; the year is Buddhist Era."""
    return {"year": year, "month": month} | ({"day": day} if day else {})


def milestone(kind: str, name: str, date: Mapping[str, int] | None = None, **more: Any) -> dict[str, Any]:
    """A milestone as YAML has it; its id is that of its kind unless given."""
    source = {"urls": [PAGE]} if date else {}
    return {
        "id": f"{YEAR}.{kind}",
        "kind": kind,
        "name": name,
        "source": source,
        **({"date": date} if date else {}),
        **more,
    }


def milestones() -> list[dict[str, Any]]:
    """The calendar above, as YAML has it."""
    return [
        milestone(
            "briefing", "ประชุมชี้แจงการสมัคร", day(2569, 1, 14), time="09:00", place="ประชุมออนไลน์", link=f"{PAGE}/briefing"
        ),
        milestone("opening", "เปิดรับสมัคร", day(2569, 2, 2), link=f"{PAGE}/apply"),
        milestone("closing", "ปิดรับสมัคร", day(2569, 3, 31), time="16:30"),
        milestone("closing", "ปิดรับสมัคร PMQA", day(2569, 3, 13), id="2569.closing.pmqa", subjects=["pmqa"]),
        milestone(
            "closing",
            "ปิดรับสมัครบริการภาครัฐ",
            day(2569, 4, 17),
            time="16:30",
            id="2569.closing.service",
            subjects=["service"],
        ),
        milestone("documents", "ส่งเอกสารเพิ่มเติม", day(2569, 4, 30), subjects=["service", "participation"]),
        milestone(
            "site_visit",
            "ตรวจประเมิน ณ พื้นที่",
            day(2569, 5, 25),
            until=day(2569, 6, 12),
            id="2569.visits",
            subjects=["pmqa", "service", "participation"],
        ),
        milestone("results", "ประกาศผลรางวัล", day(2569, 8)),
        milestone("ceremony", "พิธีมอบรางวัลเลิศรัฐ", day(2569, 9, 11), time="13:00", place="อิมแพค เมืองทองธานี"),
        milestone("other", "เปิดรับฟังความเห็นต่อเกณฑ์"),
    ]


def seed_documents() -> dict[str, str]:
    """The content of the package, without the phrasebook."""
    found = {}
    for path, file in files_in(CONTENT).items():
        assert isinstance(file, bytes)
        found[path] = file.decode("utf-8")
    return found


def documents(calendar: Iterable[Mapping[str, Any]] | None = None, year: int = YEAR) -> dict[str, str]:
    """The seed and beside it the round of `year` with this calendar (default: the one above) in its awards.yaml.

    `knowledge.loader.load_knowledge` takes it; what is to be published needs the phrasebook beside it
    (tests.bot.published_content.own_documents() | documents()).
    """
    found = seed_documents()
    for path, text in list(found.items()):
        copied = f"{year}/{path.partition('/')[2]}"
        if path.endswith("/round.yaml"):
            text = text.replace("year: 2568\n", f"year: {year}\n", 1).replace("ประจำปี 2568", f"ประจำปี {year}", 1)
        if path.endswith("/awards.yaml"):
            text = with_milestones(text, milestones() if calendar is None else calendar)
        found[copied] = text
    return found


def seed_with(calendar: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """The seed alone, with this calendar in the place of its own."""
    found = seed_documents()
    return found | {"2568/awards.yaml": with_milestones(found["2568/awards.yaml"], calendar)}


def with_milestones(awards: str, calendar: Iterable[Mapping[str, Any]]) -> str:
    """The text of an awards.yaml with this calendar in the place of its own.

    The ceremony, without a date where the calendar has none, keeps its id and phrasings: they are all that is learnt of
    milestones, so that the seed's fit serves and nothing is fitted anew.
    """
    value = yaml.safe_load(awards)
    (ceremony,) = value["milestones"]
    learnt = {key: ceremony[key] for key in ("id", "topic", "phrasings")}
    steps = [dict(step) | (learnt if step["kind"] == "ceremony" else {}) for step in calendar]
    if not any(step["kind"] == "ceremony" for step in steps):
        steps.append({"kind": "ceremony", "name": ceremony["name"], "source": {}} | learnt)
    value["milestones"] = steps
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def dated_knowledge(calendar: Iterable[Mapping[str, Any]] | None = None) -> Knowledge:
    """`documents`, loaded (a second)."""
    return load_knowledge(documents(calendar))


def dated(round_: Round, *steps: Milestone, year: int = YEAR) -> Round:
    """A round with these milestones in the place of its own, without reading any file."""
    others = tuple(entry for entry in round_.entries if not isinstance(entry, Milestone))
    return replace(round_, year=year, asked=year, entries=(*others, *steps))


def step(kind: str, date: tuple[int, ...] | None = None, **more: Any) -> Milestone:
    """A milestone as the loader makes it: `date` and `until` are (2569, 3, 31) or (2569, 3), Buddhist Era; `subjects` are
    everyone's unless given."""
    keys = {"id": kind, "subject": "awards", "attribute": "deadline", "source": Source(urls=(PAGE,)), "kind": kind}
    keys |= {"name": kind, "subjects": ("awards",), "date": MilestoneDate(*date) if date else None} | more
    if "until" in more:
        keys["until"] = MilestoneDate(*more["until"])
    return Milestone(**keys)
