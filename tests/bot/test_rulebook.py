"""The rule book shows every condition once, as the content has it."""

from __future__ import annotations

import shutil
from collections import Counter
from pathlib import Path

import pytest

from bot.rulebook import Category, Provision, borrowed, chapters, without_rules
from knowledge.eligibility import categories, requirements
from knowledge.loader import CONTENT, load_knowledge
from knowledge.model import Condition, Round, Text
from knowledge.rules import facts_in


@pytest.fixture(scope="module")
def round_() -> Round:
    return load_knowledge().rounds[2568]


def shown(round_: Round) -> dict[str, Category]:
    return {category.key: category for chapter in chapters(round_) for category in chapter.categories}


def judged(category: Category) -> list[Provision]:
    return [provision for part in category.parts for provision in part.judged]


def unjudged(category: Category) -> list[Provision]:
    return [provision for part in category.parts for provision in part.unjudged]


def provision(round_: Round, id_: str) -> Provision:
    return next(p for c in shown(round_).values() for p in (*judged(c), *unjudged(c)) if p.id == id_)


def test_every_category_stands_under_its_branch(round_: Round) -> None:
    assert [chapter.key for chapter in chapters(round_)] == ["service", "participation"]
    assert tuple(shown(round_)) == categories(round_)
    for chapter in chapters(round_):
        assert all(category.key.startswith(f"{chapter.key}.") for category in chapter.categories)


def test_every_ruled_entry_appears_exactly_once_in_its_category(round_: Round) -> None:
    for key, category in shown(round_).items():
        assert Counter(p.id for p in judged(category)) == Counter(e.id for e in requirements(round_, key))
        assert all(p.rule for p in judged(category))


def test_every_condition_appears_exactly_once_in_its_category(round_: Round) -> None:
    for key, category in shown(round_).items():
        ids = Counter(p.id for p in (*judged(category), *unjudged(category)))
        assert {c.id: ids[c.id] for c in round_.conditions(key)} == {c.id: 1 for c in round_.conditions(key)}


def test_what_no_facts_decide_stands_apart_without_rule_or_question(round_: Round) -> None:
    (purpose,) = unjudged(shown(round_)["service.expansion"])
    assert purpose.id == "service.expansion.purpose"
    assert (purpose.rule, purpose.questions) == ((), ())
    assert purpose.sources


def test_the_scope_of_the_branch_comes_first(round_: Round) -> None:
    for key, category in shown(round_).items():
        assert judged(category)[0].id == f"{key.partition('.')[0]}.scope"


def test_advice_is_marked_and_comes_after_what_is_demanded(round_: Round) -> None:
    advice = [p.advice for p in judged(shown(round_)["service.innovation"])]
    assert advice == [False, False, False, True]
    marked = {p.id for category in shown(round_).values() for p in judged(category) if p.advice}
    assert marked == {e.id for e in round_.entries if isinstance(e, Text) and e.rule}


def test_kinds_have_parts_of_their_own_behind_what_all_share(round_: Round) -> None:
    parts = shown(round_)["participation.expanded"].parts
    assert [part.title for part in parts] == ["เงื่อนไขร่วมของทุกแบบ", "แบบเชิงพื้นที่", "แบบพัฒนาต่อยอดอย่างยั่งยืน"]
    kinds = {e.id: e.kind for e in round_.entries if isinstance(e, Condition)}
    for part, kind in zip(parts, ("", "area", "sustained"), strict=True):
        assert {kinds.get(p.id, "") for p in (*part.judged, *part.unjudged)} == {kind}


def test_a_category_without_kinds_is_one_untitled_part(round_: Round) -> None:
    assert [part.title for part in shown(round_)["service.agenda"].parts] == [""]


def test_every_question_shown_feeds_a_fact_of_its_rule_and_none_is_left_out(round_: Round) -> None:
    asks_for = {question.id: question.facts for question in round_.questions}
    scopes = [subject.scope for subject in round_.subjects.values() if subject.scope]
    rules = {e.id: e.rule for e in (*scopes, *round_.entries) if isinstance(e, Condition | Text)}
    for category in shown(round_).values():
        for p in judged(category):
            rule = rules[p.id]
            assert rule is not None
            facts = set(facts_in(rule))
            assert {q.id for q in p.questions} == {id_ for id_, asked in asks_for.items() if facts & set(asked)}
            assert p.questions, p.id
            assert all(q.combined == (len(asks_for[q.id]) > 1) for q in p.questions)


def test_what_asks_for_one_fact_alone_comes_before_what_asks_for_several(round_: Round) -> None:
    asked = provision(round_, "service.integration.agencies").questions
    assert [question.id for question in asked] == ["agency_count", "works_on_behalf_of_each_other", "integration"]
    assert [question.combined for question in asked] == [False, False, True]


def test_sources_are_told_and_cautions_where_something_is_not_certain(round_: Round) -> None:
    percent = provision(round_, "service.expansion.percent")
    assert percent.sources == ("สไลด์ชี้แจงรางวัลเลิศรัฐ รอบปี 2568 (บรรทัด 126-127)",)
    assert len(percent.cautions) == 1
    assert provision(round_, "service.expansion.prior_level").cautions == ()
    for category in shown(round_).values():
        assert all(p.sources for p in (*judged(category), *unjudged(category)))


def test_awards_that_nothing_is_checked_for_are_named(round_: Round) -> None:
    names = {round_.subjects[key].name for key in ("best", "honor", "branch", "pmqa")}
    assert set(without_rules(round_)) == names
    assert len(without_rules(round_)) == 4


def test_another_round_has_its_own_years_and_says_whose_rules_they_are() -> None:
    later = load_knowledge().round_for(2570)
    assert later is not None
    assert provision(later, "participation.expanded.latest_start").rule == (
        "ปีที่เริ่มขยายผล ไม่เกินปี 2568 (รอบปี 2570 − 2 ปี)",
    )
    assert "2568" in provision(later, "participation.expanded.latest_start").label
    assert borrowed(later).startswith("ยังไม่มีเกณฑ์ของรอบปี 2570 ในระบบ ที่แสดงนี้คือเกณฑ์รอบปี 2568")


def test_its_own_round_is_not_borrowed(round_: Round) -> None:
    assert borrowed(round_) == ""


def test_a_changed_limit_changes_the_rule_and_the_text(tmp_path: Path) -> None:
    content = shutil.copytree(CONTENT, tmp_path / "content")
    file = content / "2568" / "service.integration.yaml"
    before = file.read_text(encoding="utf-8")
    assert before.count("at_least: 12") == 1
    file.write_text(before.replace("at_least: 12", "at_least: 24"), encoding="utf-8")
    duration = provision(load_knowledge(content).newest, "service.integration.duration")
    assert duration.rule == ("ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 2 ปี",)
    assert "2 ปี" in duration.text
    assert "2 ปี" in duration.label
    assert "1 ปี" not in duration.text + duration.label
