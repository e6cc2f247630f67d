"""A number that a rule tests stands in the rule and nowhere else: change it there, and every text follows."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from knowledge.eligibility import verdicts
from knowledge.loader import CONTENT, load_knowledge
from knowledge.model import Condition, Entry, Gap, Knowledge, Round, Text
from knowledge.rules import Outcome
from knowledge.templates import duration


def changed(tmp_path: Path, file: str, before: str, after: str) -> Knowledge:
    """The program's own content with one line of it changed."""
    content = tmp_path / "content"
    shutil.copytree(CONTENT, content)
    path = content / "2568" / file
    text = path.read_text("utf-8")
    place = text.index(before)
    path.write_text(text[:place] + after + text[place + len(before) :], "utf-8")
    return load_knowledge(content)


def shown(round_: Round, subject: str) -> Iterator[str]:
    """What staff can read of a subject's own conditions, and of what is said about them."""
    for entry in round_.entries:
        if entry.subject == subject and entry.attribute in ("conditions", "recommend"):
            yield from texts(entry)


def texts(entry: Entry) -> Iterator[str]:
    yield entry.caution
    if isinstance(entry, Condition):
        yield from (entry.label, entry.text, entry.other_rounds)
    elif isinstance(entry, Text):
        yield from (entry.gist, entry.text, *entry.items)
    elif isinstance(entry, Gap):
        yield from (entry.text, entry.question)


def test_no_text_is_left_unfilled() -> None:
    knowledge = load_knowledge()
    for round_ in (knowledge.newest, knowledge.round_for(2570)):
        assert round_ is not None
        assert [t for e in round_.entries for t in texts(e) if "{" in t] == []
        assert [a.label for q in round_.questions for a in q.answers if "{" in a.label] == []


@pytest.mark.parametrize(
    ("file", "subject", "before", "after", "was", "becomes"),
    [
        ("service.integration.yaml", "service.integration", "at_least: 12", "at_least: 24", "1 ปี", "2 ปี"),
        ("service.innovation.yaml", "service.innovation", "at_least: 12", "at_least: 30", "1 ปี", "2 ปี 6 เดือน"),
        ("service.expansion.yaml", "service.expansion", "round: -5", "round: -7", "5 ปี", "7 ปี"),
        ("service.expansion.yaml", "service.expansion", "more_than: 80", "more_than: 65", "ร้อยละ 80", "ร้อยละ 65"),
        ("service.integration.yaml", "service.integration", "at_least: 3", "at_least: 4", "3 หน่วยงาน", "4 หน่วยงาน"),
        (
            "participation.expanded.yaml",
            "participation.expanded",
            "at_least: 2}",
            "at_least: 5}",
            "ไม่น้อยกว่า 2 พื้นที่",
            "ไม่น้อยกว่า 5 พื้นที่",
        ),
        ("participation.expanded.yaml", "participation.expanded", "plus: 3", "plus: 4", "3 ปีหลัง", "4 ปีหลัง"),
        (
            "participation.expanded.yaml",
            "participation.expanded",
            "{round: -2}",
            "{round: -1}",
            "ที่สุดปี 2566",
            "ที่สุดปี 2567",
        ),
    ],
)
def test_a_limit_that_is_changed_in_its_rule_is_changed_in_every_text(
    tmp_path: Path, file: str, subject: str, before: str, after: str, was: str, becomes: str
) -> None:
    old = list(shown(load_knowledge().newest, subject))
    new = list(shown(changed(tmp_path, file, before, after).newest, subject))
    assert any(was in text for text in old)
    assert [text for text in new if was in text] == []
    assert sum(becomes in text for text in new) >= sum(was in text for text in old)


def test_the_verdict_changes_with_the_limit(tmp_path: Path) -> None:
    facts = {
        "focus": ["service"],
        "digital_data_integration": True,
        "agency_count": 3,
        "months_in_use": 18,
        "satisfaction_measured": True,
    }
    stricter = changed(tmp_path, "service.integration.yaml", "at_least: 12", "at_least: 24")
    assert verdicts(load_knowledge().newest, facts)["service.integration"].outcome is Outcome.PASS
    assert verdicts(stricter.newest, facts)["service.integration"].outcome is Outcome.FAIL


def test_another_round_has_its_own_years() -> None:
    knowledge = load_knowledge()
    later = knowledge.round_for(2570)
    assert later is not None
    assert (later.year, later.asked) == (2568, 2570)
    (latest,) = [e for e in later.entries if e.id == "participation.expanded.latest_start"]
    assert isinstance(latest, Condition)
    assert "2570" in latest.text
    assert "ปี 2568" in latest.text
    assert "ยืนยัน" in latest.text
    (question,) = [q for q in later.questions if q.id == "prior_award_year"]
    assert question.answers[0].facts == {"prior_award_year": 2569}
    assert question.answers[0].label == "2569"


@pytest.mark.parametrize(
    ("months", "words"), [(0, "0 เดือน"), (8, "8 เดือน"), (12, "1 ปี"), (18, "1 ปี 6 เดือน"), (24, "2 ปี")]
)
def test_months_are_told_as_people_tell_them(months: int, words: str) -> None:
    assert duration(months) == words
