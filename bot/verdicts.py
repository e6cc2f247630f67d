"""Verdicts in words: what a work has, what it lacks and by how much, and when it would have it.

Numbers come from the rules and from the person's own facts; nothing here knows any limit.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

from bot import quiz_wording as wording
from knowledge.eligibility import Checked, Verdict, best_kind
from knowledge.facts import Fact, Facts, Interval, Known, Value
from knowledge.model import Condition, Entry, Round
from knowledge.rules import Comparison, Outcome, comparisons, facts_in, undecided
from knowledge.templates import duration

MARKS = {Outcome.PASS: "✓", Outcome.FAIL: "✗", Outcome.UNKNOWN: "?"}
_ORDERS = ("at_least", "more_than", "at_most", "less_than")


def stated(checked: Checked) -> str:
    """What a requirement demands, in one sentence."""
    entry = checked.entry
    return entry.text if isinstance(entry, Condition) else entry.gist


def short_name(checked: Checked) -> str:
    """A requirement in a few words."""
    entry = checked.entry
    return entry.label if isinstance(entry, Condition) and entry.label else stated(checked)


def line(round_: Round, checked: Checked, facts: Facts, today: date) -> str:
    """One requirement as a line of a card, "mark\\ttext": what it demands, what the work has, and where it stands."""
    text = stated(checked)
    if checked.outcome is Outcome.FAIL:
        lacking = " ".join(filter(None, (shortfall(round_, checked, facts), when(round_, checked, facts, today))))
        text += f" — {lacking}" if lacking else ""
    elif checked.outcome is Outcome.UNKNOWN:
        asked = missing(round_, checked, facts)
        text += f" — {wording.STILL_TO_KNOW}{asked}{_own_limit(round_, checked, facts)}" if asked else ""
    else:
        had = ", ".join(_told_numbers(round_, checked, facts))
        text += f" — {wording.YOURS} {had}" if had else ""
    return f"{MARKS[checked.outcome]}\t{text} {source_of(checked.entry)}".rstrip()


def source_of(entry: Entry) -> str:
    """Where a requirement stands, short: "(สไลด์ 97-98)"."""
    source = entry.source
    if source.lines:
        return f"({wording.SLIDES} {source.lines.replace(';', ', ')})"
    return f"({wording.PUBLIC})" if source.urls else ""


def missing(round_: Round, checked: Checked, facts: Facts) -> str:
    """What has to be known before the requirement is settled, as the facts' names; those that are only vague included."""
    open_ones = undecided(checked.rule, Known(round_.facts, facts), round_.asked)
    return " · ".join(round_.facts[name].label for name in facts_in(checked.rule) if name in open_ones)


def _own_limit(round_: Round, checked: Checked, facts: Facts) -> str:
    """The year that follows from what was told of the work by this requirement alone (" (ตามข้อนี้ต้องไม่เกินปี 2569)"); "" where none does."""
    known = Known(round_.facts, facts)
    for comparison in comparisons(checked.rule):
        told = facts.get(comparison.fact) is not None
        if (
            told
            or round_.facts[comparison.fact].type != "year"
            or not isinstance(facts.get(comparison.limit.fact or ""), int)
        ):
            continue
        limit = comparison.limit.interval(known, round_.asked)
        if limit is not None and limit.low is not None and limit.low == limit.high:
            return f" ({wording.BY_THIS}{wording.NEEDS_YEAR[comparison.operator]} {limit.low:g})"
    return ""


def value_words(fact: Fact, value: Value) -> str:
    """One fact's value as people say it: "18 เดือน", "ปี 2564", "ระดับดีเด่น", "ใช่"."""
    if value is None:
        return wording.UNSURE
    if fact.type == "bool":
        return wording.TRUE if value else wording.FALSE
    if fact.type == "choice":
        choice = fact.choice(value)
        return choice.label if choice else str(value)
    if fact.type == "set":
        listed = value["includes"] if isinstance(value, Mapping) else value
        return " และ ".join(choice.label for choice in fact.choices if choice.value in listed) or wording.NONE_OF_THEM
    there = Interval.of(value)
    if there.low == there.high and there.low is not None:
        return _number(fact, there.low)
    if there.low is None and there.high is not None:
        return f"{wording.AT_MOST} {_number(fact, there.high)}"
    if there.high is None and there.low is not None:
        return f"{_number(fact, there.low)} ขึ้นไป"
    if there.low is None or there.high is None:
        return wording.UNSURE
    return f"{there.low:g}-{_number(fact, there.high)}"


def _number(fact: Fact, number: float) -> str:
    if fact.type == "year":
        return f"ปี {number:g}"
    if fact.unit == "months":
        return f"{number:g} เดือน"
    return f"ร้อยละ {number:g}" if fact.unit == "percent" else f"{number:g} {fact.unit}".rstrip()


def _told_numbers(round_: Round, checked: Checked, facts: Facts) -> Iterator[str]:
    told = [n for n in facts_in(checked.rule) if facts.get(n) is not None and round_.facts[n].type != "bool"]
    for name in told:
        # Two years in one line are told apart by their names.
        label = f"{round_.facts[name].label} " if len(told) > 1 else ""
        yield f"{label}{told_words(round_, name, facts[name])}"


def told_words(round_: Round, name: str, value: Value) -> str:
    """As `value_words`; where a number stands for one of a list, by its name in the list."""
    question = round_.question_for(name)
    if question and round_.facts[name].most == len(question.answers) - 1:
        exact = next((a.label for a in question.answers if a.facts == {name: value}), None)
        return exact or wording.TRUE
    return value_words(round_.facts[name], value)


def failing(round_: Round, checked: Checked, facts: Facts) -> Comparison | None:
    """The comparison of numbers by which the requirement fails, the first in its order; None where none does."""
    known = Known(round_.facts, facts)
    for comparison in comparisons(checked.rule):
        told = facts.get(comparison.fact) is not None and not known.nothing(comparison.fact)
        if comparison.operator in _ORDERS and told and comparison.outcome(known, round_.asked) is Outcome.FAIL:
            return comparison
    return None


def shortfall(round_: Round, checked: Checked, facts: Facts) -> str:
    """By how much the requirement is missed: "ต้อง 12 เดือน ของท่าน 8 เดือน ขาดอีก 4 เดือน"; "" where no number says it."""
    comparison = failing(round_, checked, facts)
    if comparison is None:
        return ""
    fact, value = round_.facts[comparison.fact], facts[comparison.fact]
    limit = comparison.limit.interval(Known(round_.facts, facts), round_.asked)
    if limit is None or limit.low is None or limit.high is None:
        return ""
    has = f"{wording.YOURS}{'' if fact.type == 'year' else ' '}{value_words(fact, value)}"
    exact = None if isinstance(value, Mapping) else value
    if fact.type == "year":
        gap = _years_apart(comparison, exact, limit, facts, round_.asked)
        return f"{wording.NEEDS_YEAR[comparison.operator]} {limit.low:g} {has}{gap}"
    space = "" if fact.unit == "percent" else " "
    needs = f"{wording.NEEDS[comparison.operator]}{space}{_number(fact, limit.low)}"
    if exact is not None and comparison.operator == "at_least":
        return f"{needs} {has} {wording.LACKING} {_number(fact, limit.low - exact)}"
    return f"{needs} {has}"


def _years_apart(comparison: Comparison, value: float | None, limit: Interval, facts: Facts, year: int) -> str:
    """How many years lie between, where the limit is so many years from something."""
    if value is None:
        return ""
    allowed = abs(int(comparison.limit.value))
    if comparison.limit.round:
        return wording.years_before_round(int(year - value), year, allowed, early=comparison.operator == "at_least")
    since = facts.get(comparison.limit.fact or "")
    return wording.years_after(int(value - since), allowed) if isinstance(since, int) and allowed else ""


def when(round_: Round, checked: Checked, facts: Facts, today: date) -> str:
    """When time alone would mend it: the month in which a duration is reached, or the round for which a year is early enough."""
    comparison = failing(round_, checked, facts)
    value = facts.get(comparison.fact) if comparison else None
    if comparison is None or not isinstance(value, int) or isinstance(value, bool):
        return ""
    fact, limit = round_.facts[comparison.fact], comparison.limit
    if fact.unit == "months" and comparison.operator == "at_least" and not limit.fact:
        reached = today.month - 1 + int(limit.value) - value
        return wording.reached(duration(int(limit.value)), reached % 12, today.year + 543 + reached // 12)
    if limit.round and comparison.operator == "at_most":
        return wording.from_round(value - int(limit.value))
    if limit.round and comparison.operator == "less_than":
        return wording.from_round(value - int(limit.value) + 1)
    return ""


def deciding(round_: Round, found: Mapping[str, Verdict], subject: str) -> tuple[Verdict, str]:
    """The Verdict to explain for `subject`, and the name to explain it under (a category's kind has its own)."""
    verdict = best_kind(found, subject)
    key, _, kind = verdict.subject.partition(":")
    name = round_.subjects[key].name
    return verdict, f"{name} ({round_.subjects[key].kinds[kind]})" if kind else name


def is_of_its_sort(verdict: Verdict) -> bool:
    """Whether nothing essential is known to be missing: what else fails may still be reached."""
    return not any(isinstance(c.entry, Condition) and c.entry.essential for c in verdict.of(Outcome.FAIL))


def own_points(round_: Round, verdict: Verdict, facts: Facts) -> tuple[Checked, ...]:
    """The requirements worth a line: not the branch's scope, not advice that nothing speaks against, and not what fails
    only because something that another failing line is about does not hold."""
    known = Known(round_.facts, facts)
    failed = {name for c in verdict.of(Outcome.FAIL) for name in facts_in(c.rule) if known.nothing(name)}

    def follows(checked: Checked) -> bool:
        parents = [round_.facts[name].parent for name in facts_in(checked.rule)]
        return all(parent in failed and known.denied(parent) for parent in parents)

    return tuple(
        c
        for c in verdict.checked
        if not c.entry.id.endswith(".scope")
        and (isinstance(c.entry, Condition) or c.outcome is Outcome.FAIL)
        and not (c.outcome is Outcome.FAIL and follows(c))
    )
