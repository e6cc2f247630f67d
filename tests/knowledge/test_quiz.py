"""The quiz as a value: whatever is answered it ends, asks nothing twice and nothing idle, and says what the rules say."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.eligibility import categories, verdicts
from knowledge.facts import Known
from knowledge.loader import load_knowledge
from knowledge.model import QuizQuestion, Round
from knowledge.quiz import (
    TOLD,
    Response,
    chosen,
    collected,
    next_question,
    progress,
    question_again,
    unsure,
)
from knowledge.rules import Outcome, undecided
from tests.knowledge.test_eligibility import facts as any_facts

ROUND = load_knowledge().newest
MOST_QUESTIONS = 20


def answered(round_: Round, question: QuizQuestion, draw: st.DataObject) -> dict[str, Any]:
    """Any answer to a question: unsure, one of those offered, or several where several may be."""
    places = st.integers(0, len(question.answers) - 1)
    picks = st.lists(places, min_size=1, max_size=3, unique=True) if question.several else places.map(lambda n: [n])
    given_ = draw.draw(st.none() | picks)
    found = None if given_ is None else chosen(question, given_)
    return unsure(question) if found is None else found


def taken(draw: st.DataObject, responses: list[Response]) -> list[Response]:
    """The quiz answered to its end, whatever is answered."""
    asked: list[str] = []
    while question := next_question(ROUND, collected(ROUND, responses)):
        assert not set(question.facts) & set(collected(ROUND, responses)), "a fact is asked twice"
        asked.append(question.id)
        assert len(asked) <= MOST_QUESTIONS, asked
        responses = [*responses, Response(question.id, answered(ROUND, question, draw))]
    return responses


@settings(max_examples=80, deadline=None)
@given(st.data())
def test_the_quiz_ends_for_every_sequence_of_answers_and_asks_no_fact_twice(draw: st.DataObject) -> None:
    taken(draw, [])


@settings(max_examples=60, deadline=None)
@given(st.data(), any_facts())
def test_what_was_told_at_the_start_is_not_asked(draw: st.DataObject, told: dict[str, Any]) -> None:
    taken(draw, [Response(TOLD, told)])


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_the_verdicts_are_those_of_the_rules_on_what_was_collected_and_nothing_asked_could_change_them(
    draw: st.DataObject,
) -> None:
    facts = collected(ROUND, taken(draw, []))
    known = Known(ROUND.facts, facts)
    unsettled = {
        name
        for key, verdict in verdicts(ROUND, facts).items()
        if verdict.outcome is Outcome.UNKNOWN and not ROUND.subjects[key.partition(":")[0]].kinds
        for c in verdict.of(Outcome.UNKNOWN)
        for name in undecided(c.rule, known, ROUND.asked)
    }
    # What is still open was asked and is unsure or vague, or hangs on something that is.
    assert {n for n in unsettled if n not in facts and not hangs_on_unsure(n, facts)} == set()


def hangs_on_unsure(name: str, facts: dict[str, Any]) -> bool:
    parent = ROUND.facts[name].parent
    while parent in ROUND.facts:
        if parent in facts and facts[parent] is None:
            return True
        parent = ROUND.facts[parent].parent
    return False


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_every_question_can_still_change_a_verdict(draw: st.DataObject) -> None:
    responses: list[Response] = []
    while question := next_question(ROUND, collected(ROUND, responses)):
        facts = collected(ROUND, responses)
        open_before = {k for k, v in verdicts(ROUND, facts).items() if v.outcome is Outcome.UNKNOWN}
        known = Known(ROUND.facts, facts)
        needed = {
            name
            for key in open_before
            for c in verdicts(ROUND, facts)[key].of(Outcome.UNKNOWN)
            for name in undecided(c.rule, known, ROUND.asked)
        }
        parents = {p for name in needed if (p := ROUND.facts[name].parent)}
        assert set(question.facts) & (needed | parents), question.id
        responses.append(Response(question.id, answered(ROUND, question, draw)))


def path(*answers: dict[str, Any]) -> list[str]:
    """The questions' ids on the way, each filled from the first answers that know its facts."""
    known = {name: value for answer in answers for name, value in answer.items()}
    responses: list[Response] = []
    asked: list[str] = []
    while question := next_question(ROUND, collected(ROUND, responses)):
        asked.append(question.id)
        responses.append(Response(question.id, {name: known.get(name) for name in question.facts}))
    return asked


def test_a_plain_service_work_is_settled_in_six_questions() -> None:
    strengths = dict(next(q for q in ROUND.questions if q.id == "strengths").otherwise)
    asked = path(
        {"focus": ["service"], "builds_on_awarded_work": False, "months_in_use": 24},
        {**strengths, "digital_data_integration": True},
        {"agency_count": 3, "works_on_behalf_of_each_other": False, "satisfaction_measured": True},
    )
    assert asked[:1] == ["focus"]
    assert sorted(asked) == [
        "builds_on_awarded_work",
        "focus",
        "integration",
        "months_in_use",
        "satisfaction_measured",
        "strengths",
    ]


def test_work_on_the_organisation_alone_is_settled_at_once() -> None:
    assert path({"focus": ["organization"]}) == ["focus"]


def test_no_earlier_award_leaves_out_everything_about_it() -> None:
    asked = path({"focus": ["participation"], "participation_level": "inform_consult", "builds_on_awarded_work": False})
    assert not {"prior_category", "prior_award_year", "expansion_start_year", "expansion_areas"} & set(asked)


def test_only_what_is_missing_of_a_question_is_asked() -> None:
    told = {"focus": ["service"], "digital_data_integration": True, "agency_count": 2, "months_in_use": 24}
    question = None
    facts: dict[str, Any] = dict(told)
    while question := next_question(ROUND, facts):
        if question.id == "works_on_behalf_of_each_other":
            return
        assert question.id != "integration"
        facts |= unsure(question) | (chosen(question, [0]) or {})
    pytest.fail("two agencies were never asked whether they work on behalf of each other")


def test_a_category_s_kind_is_asked_about_until_one_kind_settles_it() -> None:
    won = {
        "focus": ["participation"], "participation_level": "none", "builds_on_awarded_work": True,
        "work_won_participation_award": False, "prior_category": "participation.effective",
        "prior_award_year": 2563, "expansion_start_year": 2566, "expansion_areas": 3, "quality_extension": True,
    }  # fmt: skip
    asked = path(won)
    assert "expansion_areas" in asked
    assert "quality_extension" not in asked, "the other kind passes already"


def test_several_answers_fill_several_facts_and_the_rest_count_as_no() -> None:
    (question,) = [q for q in ROUND.questions if q.id == "strengths"]
    found = chosen(question, [0, 2])
    assert found is not None
    assert found["is_new_or_derived_innovation"] is True
    assert found["pain_point_end_to_end"] is True
    assert found["digital_data_integration"] is False
    assert found["agenda_issue"] == 0


@pytest.mark.parametrize("picks", [[], [99], [-1], [0, 6]])
def test_answers_that_cannot_be_together_or_are_not_there_are_none(picks: list[int]) -> None:
    (question,) = [q for q in ROUND.questions if q.id == "strengths"]
    assert chosen(question, picks) is None


def test_values_of_a_set_add_up() -> None:
    (question,) = [q for q in ROUND.questions if q.id == "direction"]
    assert chosen(question, [0, 2, 4]) == {
        "global_change_areas": ["society", "environment"],
        "follows_government_policy": True,
    }


def test_a_branch_told_in_passing_does_not_open_the_others_again() -> None:
    told = [Response("focus", {"focus": ["service"]}), Response(TOLD, {"focus": {"includes": ["service"]}})]
    assert collected(ROUND, told) == {"focus": ["service"]}


def test_a_response_to_a_question_that_is_gone_breaks_nothing() -> None:
    old = [
        Response("a_question_of_last_year", {"a_fact_of_last_year": 3, "focus": ["service"], "agency_count": "many"})
    ]
    assert collected(ROUND, old) == {"focus": ["service"]}
    assert question_again(ROUND, "a_question_of_last_year") is None
    assert progress(ROUND, old).number == 2


def test_the_estimate_comes_down_to_the_truth() -> None:
    responses: list[Response] = []
    while question := next_question(ROUND, collected(ROUND, responses)):
        told = progress(ROUND, responses)
        assert told.number == len(responses) + 1
        assert told.about >= told.number
        responses.append(Response(question.id, chosen(question, [0]) or {}))
    assert progress(ROUND, responses).about - len(responses) <= 1


def test_whoever_started_from_one_branch_is_not_asked_about_the_other() -> None:
    facts: dict[str, Any] = {"focus": {"includes": ["service"]}, "months_in_use": 24}
    while question := next_question(ROUND, facts):
        assert not any(ROUND.facts[name].parent == "participation" for name in question.facts), question.id
        facts |= unsure(question) | (chosen(question, [0]) or {})
    assert verdicts(ROUND, facts)["participation.open"].outcome is Outcome.UNKNOWN


def test_every_fact_of_a_rule_can_be_asked_alone() -> None:
    for name in ROUND.facts:
        assert ROUND.question_for(name) is not None, name
    assert len(categories(ROUND)) == 9
