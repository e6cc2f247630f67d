"""What the loader asks of facts, questions and rules, as (entry, problem, fix); each works on what YAML gave."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from knowledge.fact_schema import FactFile
from knowledge.facts import Fact, FactError, checked
from knowledge.rule_schema import RuleError, can_pass, rule_of
from knowledge.rules import Rule, facts_in
from knowledge.schema_parts import suggestion
from knowledge.templates import year_facts

Found = Iterator[tuple[str, str, str]]


def fact_problems(file: FactFile, facts: Mapping[str, Fact], year: int) -> Found:
    """Mistakes of facts.yaml that need the whole file to see."""
    owners: dict[str, str] = {}
    for name, fact in facts.items():
        if fact.type == "set":
            owners |= {choice.value: name for choice in fact.choices}
        if bool(fact.choices) != (fact.type in ("choice", "set")):
            yield name, f"its type is '{fact.type}'", "only 'choice' and 'set' have choices, and they need some"
    for name, fact in facts.items():
        if fact.parent is not None and fact.parent not in facts and fact.parent not in owners:
            yield name, f"unknown parent '{fact.parent}'", suggestion(fact.parent, [*facts, *owners])
        elif _circular(name, facts):
            yield name, "it is its own parent", "take one 'parent' out of the circle"
    seen: set[str] = set()
    for question in file.questions:
        if question.id in seen:
            yield question.id, f"the id '{question.id}' stands twice", "give one of them another id"
        seen.add(question.id)
        for name in question.facts:
            if name not in facts:
                yield question.id, f"asks for an unknown fact '{name}'", suggestion(name, facts)
        for answer in question.answers:
            for name in answer.facts:
                if name not in question.facts:
                    yield (
                        question.id,
                        f"the answer '{answer.label}' fills '{name}'",
                        "list it in 'facts', or take it out",
                    )
        for filled in (*(answer.facts for answer in question.answers), question.otherwise):
            try:
                checked(facts, year_facts(filled, year))
            except FactError as error:
                yield question.id, str(error), "correct the answer's facts"


def _circular(name: str, facts: Mapping[str, Fact]) -> bool:
    above, current = set(), facts[name].parent
    while current is not None and current in facts and current not in above:
        above.add(current)
        current = facts[current].parent
    return name in above


def rule_problems(
    raw: Mapping[Any, Any], facts: Mapping[str, Fact], asked: Collection[tuple[str, ...]], year: int
) -> Found:
    """Mistakes of one subject's rules: in one by itself, or in several that can never pass together.

    `asked` are the facts of each of the quiz's questions.
    """
    kinds = raw.get("kinds") if isinstance(raw.get("kinds"), dict) else {}
    together: dict[str, list[Rule]] = defaultdict(list)
    for name, entry in _ruled(raw):
        kind = entry.get("kind")
        if kind is not None and kind not in (kinds or {}):
            yield name, f"unknown kind '{kind}'", "list it under 'kinds' of this file, or take 'kind' out"
        if entry.get("rule") is None:
            continue
        try:
            rule = rule_of(entry["rule"], facts)
        except RuleError as error:
            yield name, error.problem, error.fix
            continue
        for fact in facts_in(rule):
            if (fact,) not in asked:
                yield name, f"the rule needs '{fact}', which no question asks for alone", "add a question to facts.yaml"
        if not can_pass([rule], facts, year):
            yield name, "the rule can never pass", "correct its limits"
            continue
        for key in [kind] if kind else [*kinds, ""] if kinds else [""]:
            together[key or ""].append(rule)
    for kind, rules in together.items():
        if len(rules) > 1 and not all(can_pass(group, facts, year) for group in _sharing_facts(rules)):
            where = f"of the kind '{kind}' " if kind else ""
            yield (
                "conditions",
                f"the rules {where}can never pass together",
                "correct the one that contradicts the others",
            )


def _ruled(raw: Mapping[Any, Any]) -> Iterator[tuple[str, dict[Any, Any]]]:
    scope = raw.get("scope")
    if isinstance(scope, dict):
        yield "scope", scope
    for section in ("conditions", "texts"):
        listed = raw.get(section)
        for entry in listed if isinstance(listed, list) else []:
            if isinstance(entry, dict):
                yield str(entry.get("id")), entry


def _sharing_facts(rules: list[Rule]) -> list[list[Rule]]:
    """The rules in groups that have facts in common: only those can contradict each other."""
    groups: list[tuple[set[str], list[Rule]]] = []
    for rule in rules:
        names = set(facts_in(rule))
        touching = [group for group in groups if group[0] & names]
        groups = [group for group in groups if not group[0] & names]
        groups.append((names.union(*(g[0] for g in touching)), [*(r for g in touching for r in g[1]), rule]))
    return [group for _, group in groups]
