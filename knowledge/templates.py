"""Texts with their limits filled in: a number that a rule tests stands in the rule and nowhere else.

    {months_in_use}                               the limit of the entry's own rule: "1 ปี", "3", "2566" for a year
    {agency_count#2}                              of its second comparison of that fact
    {prior_award_year.years}                      how many years a limit lies from what it is reckoned from: "5 ปี"
    {expansion_start_year@2563}                   the year that a limit reckons from another fact's year
    {service.integration.duration/months_in_use}  the limit of another entry's rule
    {round}  {round-1}  {home}                    the round asked about, the one before it, and the one that the content is of

A quiz answer may fill a year in the same way: {round: -1}.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import fields, is_dataclass, replace
from typing import Any, TypeVar

from knowledge.facts import Facts
from knowledge.model import Condition, Entry, QuizQuestion, Round, Text
from knowledge.rules import Comparison, Rule, comparisons

_PLACE = re.compile(
    r"\{(?:(?P<entry>[A-Za-z0-9_.]+)/)?(?P<fact>[a-z_]+)(?:#(?P<nth>\d))?(?:\.(?P<years>years)|@(?P<at>\d{4})|(?P<less>-\d))?\}"
)
_ANY_BRACE = re.compile(r"\{[^{}]*\}")
# How people ask is their own, whatever the limits are.
_NOT_FILLED = {
    "id",
    "subject",
    "attribute",
    "topic",
    "phrasings",
    "aliases",
    "source",
    "rule",
    "kind",
    "subjects",
    "link",
    "time",
    "facts",
    "otherwise",
}
_T = TypeVar("_T")


class TemplateError(ValueError):
    """A text that names a limit which no rule has. `entry` is the id of the entry that it stands in."""

    def __init__(self, entry: str, problem: str, fix: str) -> None:
        super().__init__(f"{entry}: {problem} → {fix}")
        self.entry = entry
        self.problem = problem
        self.fix = fix


def applied_to(round_: Round, year: int) -> Round:
    """The round with its rules and texts for the round of `year` (Buddhist Era). Raises TemplateError."""
    template = round_.template or round_
    rules = {e.id: e.rule for e in template.entries if isinstance(e, Condition | Text) and e.rule}
    months = {name for name, fact in template.facts.items() if fact.unit == "months"}
    filler = _Filler(rules, months, template.year, year)
    scopes = {
        key: replace(s, scope=filler.filled(s.scope, s.scope.id)) if s.scope else s
        for key, s in template.subjects.items()
    }
    return replace(
        template,
        asked=year,
        template=template,
        subjects=scopes,
        entries=tuple(filler.filled(_for_other_rounds(e, template.year, year), e.id) for e in template.entries),
        questions=tuple(_in_years(filler.filled(q, q.id), year) for q in template.questions),
    )


def _in_years(question: QuizQuestion, year: int) -> QuizQuestion:
    answers = tuple(replace(answer, facts=year_facts(answer.facts, year)) for answer in question.answers)
    return replace(question, answers=answers)


def year_facts(facts: Facts, year: int) -> Facts:
    """The facts that a quiz answer fills, with {round: n} as a year of the Buddhist Era."""
    return {
        name: year + int(value["round"]) if isinstance(value, Mapping) and set(value) == {"round"} else value
        for name, value in facts.items()
    }


def _for_other_rounds(entry: Entry, home: int, asked: int) -> Entry:
    if asked != home and isinstance(entry, Condition) and entry.other_rounds:
        return replace(entry, text=entry.other_rounds)
    return entry


class _Filler:
    def __init__(self, rules: Mapping[str, Rule], months: set[str], home: int, asked: int) -> None:
        self._rules = rules
        self._months = months
        self._home = home
        self._asked = asked

    def filled(self, value: _T, owner: str) -> _T:
        """`value` with every text inside it filled in; the very same where there is nothing to fill."""
        found: Any = value
        if isinstance(found, str):
            found = self._text(found, owner) if "{" in found else found
        elif isinstance(found, tuple):
            parts = tuple(self.filled(part, owner) for part in found)
            found = parts if any(a is not b for a, b in zip(parts, found, strict=True)) else found
        elif is_dataclass(found) and not isinstance(found, type):
            changed = {}
            for field in fields(found):
                if field.name not in _NOT_FILLED:
                    before = getattr(found, field.name)
                    after = self.filled(before, owner)
                    if after is not before:
                        changed[field.name] = after
            found = replace(found, **changed) if changed else found
        return found  # type: ignore[no-any-return]

    def _text(self, text: str, owner: str) -> str:
        def limit(match: re.Match[str]) -> str:
            place = _PLACE.fullmatch(match[0])
            if place is None:
                raise TemplateError(owner, f"'{match[0]}' names no limit", "see knowledge/templates.py for the forms")
            return self._limit(place, owner)

        return _ANY_BRACE.sub(limit, text)

    def _limit(self, place: re.Match[str], owner: str) -> str:
        if place["fact"] == "round":
            return str(self._asked + int(place["less"] or 0))
        if place["fact"] == "home":
            return str(self._home)
        entry = place["entry"] or owner
        rule = self._rules.get(entry)
        if rule is None:
            raise TemplateError(
                owner, f"'{place[0]}': '{entry}' has no rule", "name an entry with a rule before the '/'"
            )
        tests = [
            c
            for c in comparisons(rule)
            if c.fact == place["fact"] and c.operator not in ("is", "one_of", "includes_any")
        ]
        nth = int(place["nth"] or 1)
        if not 1 <= nth <= len(tests):
            raise TemplateError(owner, f"'{place[0]}': the rule has no such limit", f"it compares {_named(rule)}")
        return self._worded(tests[nth - 1], place, owner)

    def _worded(self, test: Comparison, place: re.Match[str], owner: str) -> str:
        limit = test.limit
        if place["years"]:
            return f"{abs(int(limit.value))} ปี"
        if place["at"]:
            return str(int(place["at"]) + int(limit.value))
        if limit.fact:
            raise TemplateError(owner, f"'{place[0]}' depends on another fact", "write .years or @2563 behind the name")
        if limit.round:
            return str(self._asked + int(limit.value))
        return duration(int(limit.value)) if test.fact in self._months else f"{limit.value:g}"


def _named(rule: Rule) -> str:
    return ", ".join(dict.fromkeys(c.fact for c in comparisons(rule)))


def duration(months: int) -> str:
    """Months in Thai words: 12 → "1 ปี", 18 → "1 ปี 6 เดือน", 8 → "8 เดือน"."""
    years, rest = divmod(months, 12)
    parts = [f"{years} ปี"] if years else []
    if rest or not years:
        parts.append(f"{rest} เดือน")
    return " ".join(parts)
