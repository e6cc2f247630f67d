"""The rule book against an independent reading of the sources: tests/eligibility/verdicts.jsonl, and laws that hold for all facts."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.eligibility import categories, verdicts
from knowledge.facts import Fact, FactError, checked, readable
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge, Round
from knowledge.rules import Outcome

CASES = [
    json.loads(line)
    for line in (Path(__file__).parents[1] / "eligibility" / "verdicts.jsonl").read_text("utf-8").splitlines()
]
KNOWLEDGE = load_knowledge()
ROUND = KNOWLEDGE.newest
# The names and types that other programs rely on.
CONTRACT = {
    "focus": "set", "months_in_use": "number", "is_new_or_derived_innovation": "bool",
    "only_claim_is_shorter_time": "bool", "builds_on_awarded_work": "bool", "prior_level": "choice",
    "prior_category": "choice", "prior_award_year": "year", "expansion_start_year": "year",
    "expansion_percent": "number", "expansion_areas": "number", "quality_extension": "bool",
    "digital_data_integration": "bool", "agency_count": "number", "works_on_behalf_of_each_other": "bool",
    "satisfaction_measured": "bool", "satisfaction_statistics": "bool", "pain_point_end_to_end": "bool",
    "permits_whole_organisation": "bool", "cites_citizen_manual": "bool", "agenda_issue": "number",
    "wide_impact": "bool", "data_analytics": "bool", "participation_level": "choice",
    "discloses_information": "bool", "public_policy_input": "bool", "core_mission_or_large_project": "bool",
    "global_change_areas": "set", "follows_government_policy": "bool", "work_won_participation_award": "bool",
}  # fmt: skip


def rules_of(year: int, knowledge: Knowledge = KNOWLEDGE) -> Round:
    found = knowledge.round_for(year)
    assert found is not None
    return found


def outcomes(round_: Round, facts: dict[str, Any]) -> dict[str, str]:
    return {
        subject: verdict.outcome.value for subject, verdict in verdicts(round_, checked(round_.facts, facts)).items()
    }


@pytest.mark.parametrize("case", CASES, ids=[case["name"] for case in CASES])
def test_every_verdict_is_that_of_the_independent_reading(case: dict[str, Any]) -> None:
    assert outcomes(rules_of(case["round"]), case["facts"]) == case["verdicts"]


def test_the_facts_are_those_of_the_contract() -> None:
    assert {name: fact.type for name, fact in ROUND.facts.items()} == CONTRACT


def test_awards_that_nobody_enters_for_have_no_verdict() -> None:
    assert len(categories(ROUND)) == 9
    assert not {"best", "honor", "branch", "pmqa"} & {key.partition(":")[0] for key in verdicts(ROUND, {})}


def test_nothing_known_rejects_nothing() -> None:
    assert set(outcomes(ROUND, {}).values()) == {"unknown"}
    assert set(outcomes(ROUND, dict.fromkeys(CONTRACT)).values()) == {"unknown"}


def values(fact: Fact) -> st.SearchStrategy[Any]:
    """Every kind of value of one fact."""
    if fact.type == "bool":
        return st.booleans()
    if fact.type == "choice":
        return st.sampled_from([choice.value for choice in fact.choices])
    if fact.type == "set":
        listed = st.lists(st.sampled_from([choice.value for choice in fact.choices]), unique=True)
        return listed | listed.map(lambda some: {"includes": some})
    least, most = (2555, 2571) if fact.type == "year" else (0, min(fact.most or 100, 100))
    numbers = st.integers(least, most)
    ends = st.tuples(numbers, numbers).map(lambda two: {"min": min(two), "max": max(two)})
    return numbers | ends | numbers.map(lambda n: {"min": n}) | numbers.map(lambda n: {"max": n})


def facts() -> st.SearchStrategy[dict[str, Any]]:
    """Any facts about one work."""
    return st.fixed_dictionaries({}, optional={name: values(fact) for name, fact in ROUND.facts.items()})


@settings(max_examples=300, deadline=None)
@given(facts(), st.data(), st.sampled_from([2568, 2569, 2570]))
def test_another_known_fact_never_turns_pass_or_fail_into_unknown(
    before: dict[str, Any], data: st.DataObject, year: int
) -> None:
    missing = [name for name in ROUND.facts if name not in before]
    if not missing:
        return
    name = data.draw(st.sampled_from(missing))
    after = {**before, name: data.draw(values(ROUND.facts[name]))}
    known = outcomes(rules_of(year), before)
    # A parent that turns out false may turn a child's pass into a failure; nothing decided becomes undecided.
    assert [s for s, o in outcomes(rules_of(year), after).items() if o == "unknown" and known[s] != "unknown"] == []


@settings(max_examples=200, deadline=None)
@given(facts())
def test_unsure_is_the_same_as_not_told(known: dict[str, Any]) -> None:
    told = {**dict.fromkeys(CONTRACT), **known}
    assert outcomes(ROUND, told) == outcomes(ROUND, known)


@settings(max_examples=200, deadline=None)
@given(facts())
def test_a_category_fails_by_one_condition_and_passes_by_all(known: dict[str, Any]) -> None:
    for subject, verdict in verdicts(ROUND, known).items():
        if ROUND.subjects[subject.partition(":")[0]].kinds and ":" not in subject:
            continue
        failed, unknown = verdict.of(Outcome.FAIL), verdict.of(Outcome.UNKNOWN)
        expected = Outcome.FAIL if failed else Outcome.UNKNOWN if unknown else Outcome.PASS
        assert verdict.outcome is expected


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"months": 3}, "unknown fact 'months'"),
        ({"months_in_use": "12"}, "'months_in_use' is a number"),
        ({"months_in_use": True}, "'months_in_use' is a number"),
        ({"months_in_use": 1.5}, "whole number"),
        ({"months_in_use": -1}, "from 0 to"),
        ({"months_in_use": float("nan")}, "is a number"),
        ({"months_in_use": {"min": 5, "max": 2}}, "holds nothing"),
        ({"months_in_use": {"from": 5}}, "is a number or"),
        ({"agenda_issue": 9}, "from 0 to 8"),
        ({"focus": "service"}, "is a list of"),
        ({"focus": ["everything"]}, "is a list of"),
        ({"prior_level": "best"}, "is one of"),
        ({"satisfaction_measured": 1}, "is true or false"),
        ([], "an object of names and values"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_what_can(values: Any, said: str) -> None:
    with pytest.raises(FactError, match=re.escape(said)):
        checked(ROUND.facts, values)


def test_what_an_older_version_kept_is_read_as_far_as_it_still_means_something() -> None:
    kept = {"months_in_use": 8, "gone": True, "agency_count": "three", "focus": ["service"]}
    assert readable(ROUND.facts, kept) == {"months_in_use": 8, "focus": ["service"]}
