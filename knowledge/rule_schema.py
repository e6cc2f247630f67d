"""The rules of the content files: from YAML to Rule, with a plain sentence for each rule that cannot be right.

{fact: months_in_use, at_least: 12}                       numbers and years: at_least, more_than, at_most, less_than
{fact: expansion_start_year, at_most: {round: -2}}        … reckoned from the round's year
{fact: expansion_start_year, at_most: {fact: prior_award_year, plus: 3}}
{fact: satisfaction_measured, is: true}                   bools
{fact: prior_level, one_of: [excellent, good]}            choices; `unsure` lists values that leave it open
{fact: focus, includes: [service]}                        sets: one of them is enough
{all: [...]}    {any: [...]}    {unless: {...}}           `unless` counts only what is known
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping
from typing import Any as Raw

from knowledge.facts import Fact, Known, Value
from knowledge.rules import All, Any, Comparison, Limit, Outcome, Rule, Unless, comparisons, evaluate, facts_in
from knowledge.schema_parts import suggestion

_ORDERS = ("at_least", "more_than", "at_most", "less_than")
_OPERATORS = {
    "number": _ORDERS,
    "year": _ORDERS,
    "bool": ("is",),
    "choice": ("one_of",),
    "set": ("includes",),
}
_SORTS = {
    "number": "a number",
    "year": "a year",
    "bool": "true or false",
    "choice": "one of some values",
    "set": "a set",
}
_GROUPS = ("all", "any", "unless")
_MOST_SITUATIONS = 20_000


class RuleError(ValueError):
    """A rule that cannot be right."""

    def __init__(self, problem: str, fix: str) -> None:
        super().__init__(f"{problem} → {fix}")
        self.problem = problem
        self.fix = fix


def rule_of(raw: Raw, facts: Mapping[str, Fact]) -> Rule:
    """The Rule that YAML gives, or RuleError."""
    if not isinstance(raw, dict) or not raw:
        raise RuleError("a rule is a group of keys", "write it like {fact: months_in_use, at_least: 12}")
    groups = [key for key in _GROUPS if key in raw]
    if groups:
        if len(raw) > 1:
            raise RuleError(f"'{groups[0]}' stands beside other keys", "put them inside it, or write two rules")
        inside = raw[groups[0]]
        if groups[0] == "unless":
            return Unless(rule_of(inside, facts))
        if not isinstance(inside, list) or not inside:
            raise RuleError(f"'{groups[0]}' is not a list of rules", f"write {groups[0]}: [{{…}}, {{…}}]")
        parts = tuple(rule_of(part, facts) for part in inside)
        return All(parts) if groups[0] == "all" else Any(parts)
    return _test_of(raw, facts)


def _test_of(raw: dict[Raw, Raw], facts: Mapping[str, Fact]) -> Rule:
    fact = _fact(raw.get("fact"), facts)
    allowed = _OPERATORS[fact.type]
    tests: list[Rule] = []
    for key, wanted in raw.items():
        if key in ("fact", "unsure"):
            continue
        if key not in allowed:
            known = any(key in operators for operators in _OPERATORS.values())
            problem = (
                f"'{fact.name}' is {_SORTS[fact.type]}, which '{key}' does not test"
                if known
                else f"unknown key '{key}'"
            )
            raise RuleError(problem, f"test it with {' or '.join(allowed)}")
        tests.append(_comparison(fact, str(key), wanted, raw.get("unsure"), facts))
    if not tests:
        raise RuleError(f"nothing is asked of '{fact.name}'", f"test it with {' or '.join(allowed)}")
    return tests[0] if len(tests) == 1 else All(tuple(tests))


def _fact(name: Raw, facts: Mapping[str, Fact]) -> Fact:
    if name is None:
        raise RuleError("the rule names no fact", "begin it with 'fact:', 'all:', 'any:' or 'unless:'")
    if name not in facts:
        raise RuleError(f"the rule names an unknown fact '{name}'", suggestion(str(name), facts))
    return facts[str(name)]


def _comparison(fact: Fact, key: str, wanted: Raw, unsure: Raw, facts: Mapping[str, Fact]) -> Comparison:
    if key in _ORDERS:
        return Comparison(fact.name, key, limit=_limit(fact, wanted, facts))
    if key == "is":
        if not isinstance(wanted, bool):
            raise RuleError(f"'is' of '{fact.name}' is neither true nor false", "write is: true or is: false")
        return Comparison(fact.name, "is", values=(wanted,))
    values, left_open = _values(fact, wanted), _values(fact, unsure if unsure is not None else [])
    if not values:
        raise RuleError(f"'{key}' of '{fact.name}' lists nothing, so it can never pass", "list the values that pass")
    return Comparison(fact.name, "one_of" if key == "one_of" else "includes_any", values=values, unsure=left_open)


def _values(fact: Fact, listed: Raw) -> tuple[str, ...]:
    if not isinstance(listed, list):
        raise RuleError(f"'{fact.name}' is compared with {listed!r}, not with a list", "write the values as [a, b]")
    for value in listed:
        if not isinstance(value, str) or fact.choice(value) is None:
            raise RuleError(
                f"'{fact.name}' has no value {value!r}", suggestion(str(value), [c.value for c in fact.choices])
            )
    return tuple(listed)


def _limit(fact: Fact, wanted: Raw, facts: Mapping[str, Fact]) -> Limit:
    if isinstance(wanted, dict):
        if set(wanted) == {"round"} and _is_number(wanted["round"]):
            if fact.type != "year":
                raise RuleError(f"'{fact.name}' is no year, but is held against the round's", "give a number")
            return Limit(wanted["round"], round=True)
        if "fact" in wanted and set(wanted) <= {"fact", "plus"} and _is_number(wanted.get("plus", 0)):
            other = _fact(wanted["fact"], facts)
            if other.type != fact.type:
                raise RuleError(f"'{fact.name}' and '{other.name}' are not of one sort", "compare years with years")
            return Limit(wanted.get("plus", 0), fact=other.name)
    elif _is_number(wanted):
        if fact.type == "year":
            raise RuleError(f"'{fact.name}' is held against a fixed year", "write {round: -2}, so that it moves along")
        return Limit(wanted)
    fix = "write a number, {round: -2} or {fact: …, plus: 3}"
    raise RuleError(f"'{fact.name}' is held against {wanted!r}, which is no number", fix)


def _is_number(value: Raw) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


def can_pass(rules: Iterable[Rule], facts: Mapping[str, Fact], year: int) -> bool:
    """Whether some facts pass all the rules together: tried on the values where each comparison changes its mind."""
    whole = All(tuple(rules))
    choices = {name: _telling_values(facts[name], whole, year) for name in facts_in(whole)}
    situations = itertools.product(*choices.values())
    for situation in itertools.islice(situations, _MOST_SITUATIONS):
        known = Known(facts, dict(zip(choices, situation, strict=True)))
        if evaluate(whole, known, year) is Outcome.PASS:
            return True
    # Too many to try them all: nothing was proven.
    return next(situations, None) is not None


def _telling_values(fact: Fact, rule: Rule, year: int) -> list[Value]:
    if fact.type == "bool":
        return [True, False]
    if fact.type == "choice":
        return [choice.value for choice in fact.choices]
    if fact.type == "set":
        return [[], *([choice.value] for choice in fact.choices), [choice.value for choice in fact.choices]]
    steps = {c.limit.value for c in comparisons(rule) if c.operator in _ORDERS}
    base = [year + step * sign for step in steps for sign in (1, -1)] if fact.type == "year" else list(steps)
    near = {value + delta for value in base for delta in (-1, 0, 1)}
    least, most = fact.least or 0, fact.most
    return sorted(value for value in near if value >= least and (most is None or value <= most))
