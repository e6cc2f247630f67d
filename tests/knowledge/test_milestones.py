"""Wrong dates are refused with the reason, the entry and what to write instead; right ones are taken as they stand."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime
from typing import Any

import pytest
import yaml

from knowledge.loader import ContentError, Problem, load_knowledge
from knowledge.model import SUBJECT_KEYS, Milestone, MilestoneDate
from tests.knowledge.dated_round import dated_knowledge, day, milestone, milestones

CLOSING = "2569.closing"


def content(calendar: Sequence[dict[str, Any]], **others: list[dict[str, Any]]) -> dict[str, str]:
    """A round that holds nothing but milestones: of the awards, and of other subjects by name."""
    files: dict[str, Any] = {
        "round": {"year": 2568, "name": "รางวัลเลิศรัฐ", "slides": "สไลด์"},
        "facts": {
            "facts": {"won": {"type": "bool", "label": "เคยได้รางวัล"}},
            "questions": [{"id": "won", "ask": "ถาม", "facts": ["won"], "answers": [{"label": "ไม่ทราบ", "facts": {}}]}],
        },
    }
    for key in SUBJECT_KEYS:
        parent = {} if key == "awards" else {"parent": key.rpartition(".")[0] or "awards"}
        steps = list(calendar) if key == "awards" else others.get(key, [])
        files[key] = {"subject": key, "name": key, "label": "ป้าย", "milestones": steps} | parent
    return {f"2568/{name}.yaml": yaml.safe_dump(file, allow_unicode=True) for name, file in files.items()}


def problems(*calendar: dict[str, Any], **others: list[dict[str, Any]]) -> list[Problem]:
    with pytest.raises(ContentError) as caught:
        load_knowledge(content(calendar, **others))
    return list(caught.value.problems)


def loaded(*calendar: dict[str, Any]) -> list[Milestone]:
    return [e for e in load_knowledge(content(calendar)).newest.entries if isinstance(e, Milestone)]


def closing(date: Any, **more: Any) -> dict[str, Any]:
    return milestone("closing", "ปิดรับสมัคร", date) | more


def opening(date: Any, **more: Any) -> dict[str, Any]:
    return milestone("opening", "เปิดรับสมัคร", date) | more


@pytest.mark.parametrize(
    ("step", "problem", "fix"),
    [
        (closing(day(2569, 2, 31)), "month 2 of 2569 has no day 31, its last is 28", "correct the day or leave it out"),
        (closing(day(2568, 2, 29)), "month 2 of 2568 has no day 29, its last is 28", "correct the day"),
        (closing({"year": 2568, "month": 4, "day": 0}), "month 4 of 2568 has no day 0", "correct the day"),
        (closing(day(2568, 13, 1)), "there is no month 13", "use a month from 1 to 12"),
        (
            closing(day(2026, 3, 31)),
            "2026 is not a year of the Buddhist Era, it looks like a Greg",
            "write 2569 for 2026",
        ),
        (closing(day(2399, 3, 31)), "2399 is not a year of the Buddhist Era", "from 2500 to 2700"),
        (closing(day(69, 3, 31)), "69 is not a year of the Buddhist Era", "write 2569"),
        (closing(day(2572, 3, 31)), "31/3/2572 is far from the round 2568", "use a year from 2566 to 2571"),
        (closing(day(2565, 3)), "3/2565 is far from the round 2568", "use a year from 2566 to 2571"),
        (closing(day(2569, 3, 31), until=day(2596, 4, 1)), "1/4/2596 is far from the round 2568", "2566 to 2571"),
        (
            closing(day(2569, 3, 15), until=day(2569, 3, 1)),
            "the span runs backwards: from 15/3/2569 to 1/3/2569",
            "write the first day in 'date' and the last in 'until'",
        ),
        (closing(day(2569, 3), until=day(2569, 4)), "the span runs over months, not days", "a day in 'date' and in"),
        (closing(day(2569, 3, 1), until=day(2569, 4)), "the span runs over months, not days", "a day in 'date' and in"),
        (closing(None, until=day(2569, 4, 1)), "the span has a last day and no first", "give 'date'"),
        (closing(day(2569, 3), time="16:30"), "it has the time 16:30 and no day", "give the day in 'date'"),
        (closing(None, time="16:30"), "it has the time 16:30 and no day", "or take 'time' out"),
        (closing(day(2569, 3, 1), time="16.30"), "'16.30' is not a time of day", '"16:30"'),
        (closing(day(2569, 3, 1), time="24:00"), "'24:00' is not a time of day", 'from "00:00" to "23:59"'),
        (closing(day(2569, 3, 1), time=990), "the time was read as the number 990", 'time: "16:30"'),
        (closing(day(2569, 3, 1), time=16.5), "'time' should be text", "in quotes"),
        (closing(day(2569, 3, 1), link="ftp://example.go.th"), "is not a web address", "https://"),
        (closing(day(2569, 3, 1), link="javascript:alert(1)"), "is not a web address", "https://"),
        (closing(day(2569, 3, 1), kind="close"), "unknown kind 'close'", "did you mean 'closing'?"),
        (closing(day(2569, 3, 1), kind="ปิดรับ"), "unknown kind 'ปิดรับ'", "use one of: briefing, opening, closing"),
        (closing(day(2569, 3, 1), subjects=["servise"]), "unknown subject 'servise'", "did you mean 'service'?"),
        (closing(day(2569, 3, 1), cancelled="yes"), "'cancelled' should be true or false", "without quotes"),
        (closing(day(2569, 3, 1), source={}), "it has a date and no source", "who announced it"),
        (closing(day(2569, 3, 1), util=day(2569, 3, 2)), "unknown key 'util'", "did you mean 'until'?"),
        (closing("31 มีนาคม 2569"), "'date' should be a group of keys, found text", "'key: value'"),
    ],
)
def test_a_wrong_date_is_refused_with_its_reason(step: dict[str, Any], problem: str, fix: str) -> None:
    (found,) = problems(step)
    assert (found.file, found.entry) == ("2568/awards.yaml", CLOSING)
    assert problem in found.problem
    assert fix in found.fix
    assert "\n" not in str(found)


@pytest.mark.parametrize("written", [date(2569, 3, 31), date(2026, 3, 31), datetime(2026, 3, 31, 16, 30)])
def test_a_date_that_yaml_reads_as_one_is_refused_with_what_to_write(written: date) -> None:
    (found,) = problems(closing(written))
    assert f"the date is written as {written.isoformat()[:10]}, not in keys" in found.problem
    assert "write {year: 2569, month: 3, day: 31}" in found.fix


def test_every_mistake_of_one_milestone_is_named_at_once() -> None:
    found = problems(closing(day(2569, 2, 31), time="9", link="x", subjects=["x"], kind="x"), opening(day(2026, 1, 1)))
    assert len([p for p in found if p.entry == CLOSING]) == 5
    assert len([p for p in found if p.entry == "2569.opening"]) == 1


# -- closing before opening ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("opens", "closes"),
    [
        (opening(day(2569, 3, 15)), closing(day(2569, 3, 14))),
        (opening(day(2569, 3, 15)), closing(day(2569, 2))),
        (opening(day(2569, 4)), closing(day(2569, 3, 31))),
        (opening(day(2569, 3, 15)), closing(day(2569, 3, 1), until=day(2569, 3, 14))),
        (opening(day(2569, 3, 15)), closing(day(2569, 3, 14), subjects=["service.innovation"])),
        (opening(day(2569, 3, 15), subjects=["pmqa", "service.innovation"]), closing(day(2569, 3, 14))),
    ],
)
def test_a_closing_before_the_opening_of_the_same_subjects_is_refused(
    opens: dict[str, Any], closes: dict[str, Any]
) -> None:
    (found,) = problems(closes, opens)
    assert (found.file, found.entry) == ("2568/awards.yaml", CLOSING)
    assert "before it opens on" in found.problem
    assert "(2569.opening)" in found.problem
    assert "correct one of the two dates" in found.fix


def test_the_two_are_compared_across_files_and_although_other_entries_are_malformed() -> None:
    service = [
        closing(day(2569, 3, 1), id="service.closing"),
        {"id": "service.other", "kind": "others", "name": "อื่น"},
    ]
    found = problems(opening(day(2569, 3, 15)), service=service)
    assert [(p.file, p.entry) for p in found] == [
        ("2568/service.yaml", "service.closing"),
        ("2568/service.yaml", "service.other"),
    ]
    assert found[0].problem == "'service' closes on 1/3/2569, before it opens on 15/3/2569 (2569.opening)"


@pytest.mark.parametrize(
    "calendar",
    [
        (opening(day(2569, 3, 15)), closing(day(2569, 3, 15))),
        (opening(day(2569, 3, 15)), closing(day(2569, 3))),  # it may well be later in that month
        (opening(day(2569, 3, 15), subjects=["pmqa"]), closing(day(2569, 3, 1), subjects=["service"])),
        (opening(day(2569, 3, 15), cancelled=True), closing(day(2569, 3, 1))),
        (opening(day(2569, 3, 15), published=False), closing(day(2569, 3, 1))),
        (opening(None), closing(day(2569, 3, 1))),
        # opened a second time
        (opening(day(2569, 3, 1)), closing(day(2569, 3, 31)), opening(day(2569, 6, 1), id="again")),
        # one category that opens and closes ahead of the rest
        (
            opening(day(2569, 3, 15)),
            opening(day(2569, 1, 5), id="early", subjects=["service.agenda"]),
            closing(day(2569, 2, 5), subjects=["service.agenda"]),
        ),
    ],
)
def test_what_can_be_is_taken(calendar: tuple[dict[str, Any], ...]) -> None:
    assert len(loaded(*calendar)) == len(calendar)


# -- what becomes of them ------------------------------------------------------------------------------------------


def test_every_key_reaches_the_frozen_value() -> None:
    (found,) = loaded(
        closing(
            day(2569, 3, 30),
            until=day(2569, 3, 31),
            time="16:30",
            subjects=["service", "pmqa", "service"],
            place="ที่นี่",
            link="https://example.go.th/{a}",
            note="เฉพาะรอบปี {round}",
            cancelled=True,
        )
    )
    assert (found.date, found.until) == (MilestoneDate(2569, 3, 30), MilestoneDate(2569, 3, 31))
    assert (found.time, found.subjects, found.cancelled) == ("16:30", ("service", "pmqa"), True)
    assert (found.place, found.link, found.note) == ("ที่นี่", "https://example.go.th/{a}", "เฉพาะรอบปี 2568")


def test_what_is_left_out_has_a_plain_meaning() -> None:
    (found,) = loaded({"id": "briefing", "kind": "briefing", "name": "ประชุมชี้แจง"})
    assert (found.date, found.until, found.time, found.link, found.cancelled) == (None, None, "", "", False)
    assert found.subjects == ("awards",)
    (leap,) = loaded(closing(day(2567, 2, 29)))
    assert leap.date == MilestoneDate(2567, 2, 29)


def test_the_seed_still_has_one_date_and_a_dated_round_stands_beside_it() -> None:
    knowledge = dated_knowledge()
    seed = [e for e in knowledge.rounds[2568].entries if isinstance(e, Milestone)]
    assert [(m.id, m.date, m.subjects) for m in seed] == [("awards.ceremony", MilestoneDate(2568, 9, 12), ("awards",))]
    found = {e.id for e in knowledge.rounds[2569].entries if isinstance(e, Milestone)}
    assert found == {step["id"] for step in milestones() if step["kind"] != "ceremony"} | {"awards.ceremony"}
