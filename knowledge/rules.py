"""Rules: three-valued tests over Facts. Pass, fail, or unknown where the facts do not settle it; unsure never rejects.

A rule is data of the content files, read by `rule_of`; `evaluate` says what it makes of some facts, `comparisons` which of
its comparisons decided. No year and no limit stands in code: each is the content's, relative to the round's year or to
another fact where it reckons with those.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from knowledge.facts import INCLUDES, Interval, Known, Value


class Outcome(StrEnum):
    """What a rule makes of some facts."""

    PASS = "pass"  # noqa: S105 - no password
    FAIL = "fail"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Limit:
    """What a number is held against: `value`, plus the round's year where `round`, plus another fact's value."""

    value: float = 0
    round: bool = False
    fact: str | None = None

    def interval(self, known: Known, year: int) -> Interval | None:
        """The limit for a round's `year`; None while its fact is not known."""
        base = self.value + (year if self.round else 0)
        if self.fact is None:
            return Interval(base, base)
        value = known.values.get(self.fact)
        if value is None or known.nothing(self.fact):
            return None
        there = Interval.of(value)
        return Interval(
            None if there.low is None else there.low + base, None if there.high is None else there.high + base
        )


@dataclass(frozen=True)
class Comparison:
    """One fact against one thing. `operator` is "at_least", "more_than", "at_most" or "less_than" (with a Limit), "is" (a
    bool), "one_of" (values of a choice, with those that leave it open in `unsure`) or "includes_any" (values of a set)."""

    fact: str
    operator: str
    limit: Limit = Limit()
    values: tuple[Value, ...] = ()
    unsure: tuple[str, ...] = ()

    def outcome(self, known: Known, year: int) -> Outcome:
        """What it makes of the facts."""
        fact = known.defined[self.fact]
        if known.nothing(self.fact):
            # A year that there is none of is neither early nor late enough.
            if fact.type == "number":
                return self._compared(Interval(0, 0), known, year)
            return Outcome.PASS if self.operator == "is" and False in self.values else Outcome.FAIL
        value = known.values.get(self.fact)
        if value is None:
            return Outcome.UNKNOWN
        if self.operator == "is":
            return _settled(value in self.values)
        if self.operator == "one_of":
            return Outcome.UNKNOWN if value in self.unsure else _settled(value in self.values)
        if self.operator == "includes_any":
            if isinstance(value, dict):
                return Outcome.PASS if set(self.values) & set(value[INCLUDES]) else Outcome.UNKNOWN
            return _settled(bool(set(self.values) & set(value)))
        return self._compared(Interval.of(value), known, year)

    def _compared(self, there: Interval, known: Known, year: int) -> Outcome:
        limit = self.limit.interval(known, year)
        if limit is None:
            nothing = self.limit.fact is not None and known.nothing(self.limit.fact)
            return Outcome.FAIL if nothing else Outcome.UNKNOWN
        if self.operator in ("at_least", "more_than"):
            return _ordered(there, limit, strict=self.operator == "more_than")
        return _ordered(limit, there, strict=self.operator == "less_than")


@dataclass(frozen=True)
class All:
    """Passes when every part does."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Any:
    """Passes when one part does."""

    parts: tuple[Rule, ...]


@dataclass(frozen=True)
class Unless:
    """Fails when its part passes, else passes: what only counts when it is known."""

    part: Rule


Rule = Comparison | All | Any | Unless


def _settled(true: bool) -> Outcome:
    return Outcome.PASS if true else Outcome.FAIL


def _ordered(greater: Interval, smaller: Interval, *, strict: bool) -> Outcome:
    """Whether `greater` is at least (where `strict`, more than) `smaller`, wherever in their intervals they lie."""
    if greater.low is not None and smaller.high is not None:
        surely = greater.low > smaller.high if strict else greater.low >= smaller.high
        if surely:
            return Outcome.PASS
    if greater.high is not None and smaller.low is not None:
        never = greater.high <= smaller.low if strict else greater.high < smaller.low
        if never:
            return Outcome.FAIL
    return Outcome.UNKNOWN


def together(outcomes: list[Outcome]) -> Outcome:
    """All of them: one failure decides, else one unknown."""
    return (
        Outcome.FAIL if Outcome.FAIL in outcomes else Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.PASS
    )


def either(outcomes: list[Outcome]) -> Outcome:
    """One of them: one pass decides, else one unknown."""
    return (
        Outcome.PASS if Outcome.PASS in outcomes else Outcome.UNKNOWN if Outcome.UNKNOWN in outcomes else Outcome.FAIL
    )


def evaluate(rule: Rule, known: Known, year: int) -> Outcome:
    """What the rule makes of the facts for the round of `year` (Buddhist Era)."""
    if isinstance(rule, Comparison):
        return rule.outcome(known, year)
    if isinstance(rule, Unless):
        return Outcome.FAIL if evaluate(rule.part, known, year) is Outcome.PASS else Outcome.PASS
    outcomes = [evaluate(part, known, year) for part in rule.parts]
    return together(outcomes) if isinstance(rule, All) else either(outcomes)


def comparisons(rule: Rule) -> Iterator[Comparison]:
    """Every comparison of the rule, in reading order."""
    if isinstance(rule, Comparison):
        yield rule
    elif isinstance(rule, Unless):
        yield from comparisons(rule.part)
    else:
        for part in rule.parts:
            yield from comparisons(part)


def facts_in(rule: Rule) -> tuple[str, ...]:
    """The facts that the rule looks at, in reading order."""
    named = [name for c in comparisons(rule) for name in (c.fact, c.limit.fact) if name]
    return tuple(dict.fromkeys(named))


def undecided(rule: Rule, known: Known, year: int) -> set[str]:
    """The facts that could still change what the rule comes to; empty where it is settled."""
    if evaluate(rule, known, year) is not Outcome.UNKNOWN:
        return set()
    if isinstance(rule, Comparison):
        named = [name for name in (rule.fact, rule.limit.fact) if name]
        open_ones = {name for name in named if known.values.get(name) is None}
        return open_ones or set(named)
    parts = (rule.part,) if isinstance(rule, Unless) else rule.parts
    return set().union(*(undecided(part, known, year) for part in parts))
