"""A rule in Thai, for people who want to see what the program really tests."""

from __future__ import annotations

from collections.abc import Mapping

from knowledge.facts import Fact
from knowledge.rules import All, Any, Comparison, Limit, Rule, Unless
from knowledge.templates import duration

Facts = Mapping[str, Fact]

_ORDERS = {"at_least": "ไม่น้อยกว่า", "more_than": "มากกว่า", "at_most": "ไม่เกิน", "less_than": "น้อยกว่า"}
# Years are early or late, not many or few.
_YEAR_ORDERS = {"at_least": "ไม่ก่อน", "more_than": "หลัง", "at_most": "ไม่เกิน", "less_than": "ก่อน"}
_UNITS = {"months": "เดือน", "percent": "จุดร้อยละ"}
_EVERY, _EITHER = "ต้องตรงทุกข้อ", "ตรงข้อใดข้อหนึ่งก็พอ"
_ONLY_WHEN = "ไม่ผ่านก็ต่อเมื่อทราบแล้วว่า "


def worded(rule: Rule, facts: Facts, year: int) -> tuple[str, ...]:
    """One line, or what binds the parts together and then a line for each part.

    Limits that reckon with the round's year are told for the round of `year` (Buddhist Era).
    """
    if isinstance(rule, All | Any) and len(rule.parts) > 1 and not _about_one(rule):
        lead = _EVERY if isinstance(rule, All) else _EITHER
        return (lead, *(_line(part, facts, year) for part in rule.parts))
    return (_line(rule, facts, year),)


def _line(rule: Rule, facts: Facts, year: int, *, inside: bool = False) -> str:
    """The rule in one line, in brackets where it stands `inside` another and would be read wrongly without."""
    if isinstance(rule, Comparison):
        return f"{facts[rule.fact].label}{_test(rule, facts, year)}"
    if isinstance(rule, Unless):
        return _ONLY_WHEN + _line(rule.part, facts, year, inside=True)
    if _about_one(rule):
        label = facts[next(p.fact for p in rule.parts if isinstance(p, Comparison))].label
        return label + " และ".join(_test(p, facts, year) for p in rule.parts if isinstance(p, Comparison))
    joined = (" และ " if isinstance(rule, All) else " หรือ ").join(
        _line(p, facts, year, inside=True) for p in rule.parts
    )
    return f"({joined})" if inside and len(rule.parts) > 1 else joined


def _about_one(rule: All | Any) -> bool:
    """Whether it is a range of one number: its name need not be said twice."""
    named = {part.fact if isinstance(part, Comparison) and part.operator in _ORDERS else "" for part in rule.parts}
    return isinstance(rule, All) and len(named) == 1 and "" not in named


def _test(test: Comparison, facts: Facts, year: int) -> str:
    """What is asked of the fact, to stand right behind its name."""
    fact = facts[test.fact]
    if test.operator == "is":
        return ": ใช่" if True in test.values else ": ไม่ใช่"
    if test.operator == "one_of":
        left_open = f" (ถ้าเป็น {_either(fact, test.unsure)} ยังสรุปไม่ได้)" if test.unsure else ""
        return f": {_either(fact, test.values)}{left_open}"
    if test.operator == "includes_any":
        least = "อย่างน้อยหนึ่งใน" if len(test.values) > 1 else ""
        return f": มี{least} {_either(fact, test.values)}"
    orders = _YEAR_ORDERS if fact.type == "year" else _ORDERS
    return f" {orders[test.operator]}{_limit(fact, test.limit, facts, year)}"


def _either(fact: Fact, values: tuple[str, ...]) -> str:
    """“ก”, “ข” หรือ “ค”; the marks keep names apart that hold spaces and brackets themselves."""
    found = [fact.choice(value) for value in values]
    names = [f"“{choice.label}”" for choice in found if choice]
    return f"{', '.join(names[:-1])} หรือ {names[-1]}" if len(names) > 1 else names[0]


def _limit(fact: Fact, limit: Limit, facts: Facts, year: int) -> str:
    if limit.round:
        return f"ปี {_number(year + limit.value)} ({_from_round(limit.value, year)})"
    if limit.fact is None:
        return _amount(fact, limit.value)
    other = f" {facts[limit.fact].label}"
    if not limit.value:
        return other
    return f"{other} {'+' if limit.value > 0 else '−'} {_number(abs(limit.value))} {_unit(fact)}".rstrip()


def _from_round(years: float, year: int) -> str:
    """How a year lies to the round's: what moves with it is told as what moves."""
    if not years:
        return "ปีของรอบที่ส่ง"
    return f"รอบปี {year} {'+' if years > 0 else '−'} {_number(abs(years))} ปี"


def _amount(fact: Fact, value: float) -> str:
    if fact.unit == "months" and value == int(value):
        return f" {duration(int(value))}"
    if fact.unit == "percent":
        return f"ร้อยละ {_number(value)}"
    return f" {_number(value)} {_unit(fact)}".rstrip()


def _unit(fact: Fact) -> str:
    return "ปี" if fact.type == "year" else _UNITS.get(fact.unit, fact.unit)


def _number(value: float) -> str:
    return str(int(value)) if value == int(value) else str(value)
