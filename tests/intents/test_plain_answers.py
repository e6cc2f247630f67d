"""The plain methods get what the assistant gets, and their labels are answers."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import Any

import pytest

from intents.baselines import BASELINES
from intents.phrasebook import SUBJECT_MARK, Phrasebook, load_phrasebook, phrasings, prepare
from intents.plain_answers import Taught, outcome_of, taught
from knowledge.loader import load_knowledge
from knowledge.model import ATTRIBUTE_KEYS, SUBJECT_KEYS, Condition, Gap, Milestone, MilestoneDate, Text

ROUND = load_knowledge().newest
BOOK = load_phrasebook()
TAUGHT = list(taught(ROUND, BOOK))


def test_they_are_taught_every_phrasing_of_the_assistant_and_no_other_but_ambiguities() -> None:
    own = Counter(prepare(row.text) for row in phrasings(ROUND, BOOK))
    ambiguous = Counter(prepare(text) for ambiguity in ROUND.ambiguities for text in ambiguity.phrasings)
    theirs = Counter(prepare(phrasing.text) for phrasing in TAUGHT)
    with_names = sum(count for text, count in own.items() if SUBJECT_MARK in text)
    assert len(TAUGHT) == own.total() + ambiguous.total()
    for text in [text for text in own if SUBJECT_MARK in text]:
        del own[text]
    assert own + ambiguous <= theirs
    assert (theirs - own - ambiguous).total() == with_names


def test_no_slot_is_left_and_every_subject_takes_its_turn_with_all_its_names() -> None:
    assert not [phrasing for phrasing in TAUGHT if "{s}" in phrasing.text]
    definitions = TAUGHT[: len(BOOK.attributes["definition"])]
    asked = {subject for phrasing in definitions for subject in phrasing.subjects}
    assert asked == set(SUBJECT_KEYS)
    assert definitions[0] == Taught("รางวัลเลิศรัฐคืออะไร", ("awards",), "definition", "answered")
    names = {phrasing.text for phrasing in definitions if phrasing.subjects == ("pmqa",)}
    assert len(names) > 5
    assert len([alias for alias in ROUND.subjects["pmqa"].aliases if any(alias in text for text in names)]) > 3


def test_two_slots_are_two_subjects() -> None:
    (pair,) = [p for p in TAUGHT if p.attribute == "comparison" and len(p.subjects) == 2][:1]
    assert len(set(pair.subjects)) == 2
    assert outcome_of(pair.label).subjects == pair.subjects


def test_a_name_in_an_entrys_phrasing_is_its_own_subjects_and_one_in_a_strangers_makes_it_no_subjects() -> None:
    gap = Gap(
        id="a", subject="pmqa", attribute="conditions", source=ROUND.entries[0].source, phrasings=("{s} ใช้กี่ปี",) * 2
    )
    few = replace(ROUND, entries=(gap,), topics={}, ambiguities=())
    stranger, *own = taught(few, Phrasebook({}, {}, ("ส่ง{s}ไปดวงจันทร์",), ()))
    award = next(iter(ROUND.subjects.values())).name
    assert stranger == Taught(f"ส่ง{award}ไปดวงจันทร์", (), "out_of_scope", "out_of_scope")
    first, second, *_ = dict.fromkeys((ROUND.subjects["pmqa"].name, *ROUND.subjects["pmqa"].aliases))
    assert [phrasing.text for phrasing in own] == [f"{first} ใช้กี่ปี", f"{second} ใช้กี่ปี"]
    assert {phrasing.subjects for phrasing in own} == {("pmqa",)}


def test_what_is_not_said_of_a_subject_is_looked_up_above_it_and_a_command_is_one() -> None:
    source = ROUND.entries[0].source
    condition = Condition(id="a", subject="service.innovation", attribute="conditions", source=source)
    gap = Gap(id="b", subject="service", attribute="conditions", source=source)
    few = replace(ROUND, entries=(condition, gap), topics={}, ambiguities=())
    book = Phrasebook({"conditions": ("{s}ต้องมีอะไร",) * len(SUBJECT_KEYS), "quiz": ("{s}ลองเช็ก",)}, {}, (), ())
    *conditions, quiz = taught(few, book)
    statuses = {phrasing.subjects[0]: phrasing.status for phrasing in conditions}
    assert statuses["service.innovation"] == "answered"
    assert {key for key, status in statuses.items() if status == "unknown"} == {
        key for key in SUBJECT_KEYS if key.startswith("service") and key != "service.innovation"
    }
    assert quiz.status == "command"


def test_an_entry_without_an_answer_is_unknown_and_one_on_a_topic_does_not_answer_the_whole() -> None:
    source = ROUND.entries[0].source
    asked: dict[str, Any] = {"phrasings": ("เมื่อไหร่",), "source": source, "subject": "awards"}
    entries = (
        Milestone(id="open", attribute="deadline", **asked),
        Milestone(id="prize", attribute="deadline", date=MilestoneDate(2568, 9), **asked),
        Text(id="phone", attribute="contact", topic="phone", **asked),
    )
    few = replace(ROUND, entries=entries, topics={}, ambiguities=())
    book = Phrasebook({"deadline": ("วันไหน",), "contact": ("ติดต่อยังไง",)}, {}, (), ())
    statuses = [(phrasing.text, phrasing.status) for phrasing in taught(few, book)]
    assert statuses[:2] == [("วันไหน", "unknown"), ("ติดต่อยังไง", "unknown")]
    assert [status for _, status in statuses[2:]] == ["unknown", "answered", "answered"]
    whole = replace(few, entries=(*entries, Text(id="all", attribute="contact", **asked)))
    assert [phrasing.status for phrasing in taught(whole, book)][1] == "answered"


def test_every_label_is_an_answer_of_the_contract() -> None:
    for phrasing in TAUGHT:
        outcome = outcome_of(phrasing.label)
        assert (outcome.subjects, outcome.attribute, outcome.status) == (
            phrasing.subjects,
            phrasing.attribute,
            phrasing.status,
        )
        assert outcome.attribute in ATTRIBUTE_KEYS
        assert set(outcome.subjects) <= set(SUBJECT_KEYS)


def test_no_answer_is_a_refusal() -> None:
    outcome = outcome_of(None)
    assert (outcome.subjects, outcome.attribute, outcome.status) == ((), "out_of_scope", "out_of_scope")


@pytest.mark.parametrize("name", BASELINES)
def test_a_plain_method_answers_what_it_was_taught(name: str) -> None:
    some = TAUGHT[:20] + [p for p in TAUGHT if p.attribute == "out_of_scope"][:20]
    predict = BASELINES[name]([p.text for p in some], [p.label for p in some])
    assert outcome_of(predict(some[0].text)).subjects == ("awards",)
    assert outcome_of(predict(some[-1].text)).status == "out_of_scope"
