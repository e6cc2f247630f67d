"""Facts: what is known of one work, and what each of them may be.

A value is plain JSON, as the contract has it: true or false, a number, a text, a list, `{"min": …, "max": …}` for a vague
number, `{"includes": […]}` for a set of which only a part is known, and None (or no value at all) for unsure.
Years are Buddhist Era. Source of the names and types: the project's design, "Facts".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

Value = Any
Facts = Mapping[str, Value]

INCLUDES = "includes"
# Nothing that is counted here comes near it; what is greater is a slip of the finger.
_MOST_NUMBER = 1_000_000


@dataclass(frozen=True)
class Choice:
    """One value of a choice or set, with its Thai name (`label`, short enough for a sentence)."""

    value: str
    label: str


@dataclass(frozen=True)
class Fact:
    """One thing about a work. `type` is "bool", "number", "year", "choice" or "set".

    `unit` says how a number is told ("months", "percent", or a Thai counting word); `parent` is the fact, or the choice of a
    set fact, without which this one counts as false, 0 or empty; numbers lie within `least` and `most`.
    """

    name: str
    type: str
    label: str
    unit: str = ""
    parent: str | None = None
    choices: tuple[Choice, ...] = ()
    least: int | None = None
    most: int | None = None

    def choice(self, value: str) -> Choice | None:
        """The choice with that value."""
        return next((choice for choice in self.choices if choice.value == value), None)


class FactError(ValueError):
    """A fact's value that cannot be one; the message says which, what was found and what is possible."""


def checked(defined: Mapping[str, Fact], values: object) -> dict[str, Value]:
    """`values` as Facts, or FactError. A fact whose value is None is kept: it was asked and is unsure."""
    if not isinstance(values, Mapping):
        raise FactError('"facts" is an object of names and values')
    return {str(name): _checked(defined, str(name), value) for name, value in values.items()}


def readable(defined: Mapping[str, Fact], values: Mapping[str, Value]) -> dict[str, Value]:
    """Those of `values` that are still facts and possible: what an older version of the content kept may be neither."""
    kept = {}
    for name, value in values.items():
        try:
            kept[name] = _checked(defined, name, value)
        except FactError:
            continue
    return kept


def merged(before: Facts, after: Facts, defined: Mapping[str, Fact] | None = None) -> dict[str, Value]:
    """The facts of `before` with those of `after` in their place. A set that is known whole stays, where only a part of it is
    told again: "งานบริการ" in passing does not unsay that it is nothing else. With what facts are `defined`, what was denied
    only because it belongs to something that was denied is open again once that is affirmed ("ถ้าสำรวจแล้วล่ะ")."""
    whole = {name for name, value in before.items() if isinstance(value, list)}
    told = {name: v for name, v in after.items() if not (name in whole and isinstance(v, Mapping))}
    turned = {name for name, value in told.items() if value is True and before.get(name) is False}
    open_again = {name for name in before if defined and name in defined and defined[name].parent in turned}
    return {**{name: v for name, v in before.items() if v is not False or name not in open_again}, **told}


def _checked(defined: Mapping[str, Fact], name: str, value: Value) -> Value:
    fact = defined.get(name)
    if fact is None:
        raise FactError(f"unknown fact '{name}'; `lertrat facts` lists them")
    if value is None:
        return None
    if fact.type == "bool":
        if isinstance(value, bool):
            return value
        raise FactError(f"'{name}' is true or false, found {value!r}")
    if fact.type == "choice":
        if isinstance(value, str) and fact.choice(value):
            return value
        raise FactError(f"'{name}' is one of {_names(fact)}, found {value!r}")
    if fact.type == "set":
        return _checked_set(fact, value)
    if isinstance(value, Mapping):
        return _checked_range(fact, value)
    return _checked_number(fact, value)


def _checked_set(fact: Fact, value: Value) -> Value:
    partly = isinstance(value, Mapping) and set(value) == {INCLUDES}
    listed = value[INCLUDES] if partly else value
    if not isinstance(listed, list) or not all(isinstance(v, str) and fact.choice(v) for v in listed):
        raise FactError(f"'{fact.name}' is a list of {_names(fact)}, found {value!r}")
    unique = list(dict.fromkeys(listed))
    return {INCLUDES: unique} if partly else unique


def _checked_range(fact: Fact, value: Mapping[Any, Value]) -> dict[str, Value]:
    if not value or not set(value) <= {"min", "max"}:
        raise FactError(f'\'{fact.name}\' is a number or {{"min": …, "max": …}}, found {value!r}')
    ends = {key: _checked_number(fact, end) for key, end in value.items() if end is not None}
    if not ends or ends.get("min", 0) > ends.get("max", _MOST_NUMBER):
        raise FactError(f"'{fact.name}' has a range that holds nothing: {value!r}")
    return ends


def _checked_number(fact: Fact, value: Value) -> int | float:
    if isinstance(value, bool) or not isinstance(value, int | float) or value != value:
        raise FactError(f"'{fact.name}' is a number, found {value!r}")
    if isinstance(value, float) and fact.unit != "percent":
        if not value.is_integer():
            raise FactError(f"'{fact.name}' is a whole number, found {value!r}")
        value = int(value)
    number: int | float = value
    least, most = fact.least or 0, _MOST_NUMBER if fact.most is None else fact.most
    if not least <= number <= most:
        raise FactError(f"'{fact.name}' is from {least} to {most}, found {value!r}")
    return number


def _names(fact: Fact) -> str:
    return ", ".join(choice.value for choice in fact.choices)


@dataclass(frozen=True)
class Interval:
    """What is known of a number: both ends are possible; None is no limit."""

    low: float | None
    high: float | None

    @classmethod
    def of(cls, value: Value) -> Interval:
        """The interval of a number or a vague number."""
        return cls(value.get("min"), value.get("max")) if isinstance(value, Mapping) else cls(value, value)


@dataclass(frozen=True)
class Known:
    """The facts of one work, with what a parent says about its children."""

    defined: Mapping[str, Fact]
    values: Facts

    def denied(self, parent: str | None) -> bool:
        """Whether the parent (a fact, or a choice of a set) is known not to hold."""
        if parent is None:
            return False
        if parent in self.defined:
            return self.nothing(parent)
        owner = next(fact for fact in self.defined.values() if fact.type == "set" and fact.choice(parent))
        value = self.values.get(owner.name)
        return isinstance(value, list) and parent not in value

    def nothing(self, name: str) -> bool:
        """Whether the fact is known to be false, 0 or empty, by itself or because its parent is."""
        if self.denied(self.defined[name].parent):
            return True
        value = self.values.get(name)
        if isinstance(value, Mapping):
            return value.get("max") == 0
        return value is not None and not value
