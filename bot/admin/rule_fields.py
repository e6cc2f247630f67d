"""A rule as fields that people can read, and back: a tree of groups ("all of", "any of") and comparisons of one fact each.

Fields are named by where the node stands: `rule.r.group`, `rule.r.0.fact`, `rule.r.0.op`, `rule.r.0.number` …
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from werkzeug.datastructures import MultiDict

from knowledge.facts import Fact

ORDERS = {"at_least": "ไม่น้อยกว่า", "more_than": "มากกว่า", "at_most": "ไม่เกิน", "less_than": "น้อยกว่า"}
GROUPS = {"all": "ต้องตรงทุกข้อ", "any": "ตรงข้อใดข้อหนึ่งก็พอ"}
UNITS = {"months": "เดือน", "percent": "จุดร้อยละ"}
ROOT = "r"
BASE_ROUND = "@round"
DEEPEST = 4
MOST_PARTS = 20

Form = MultiDict[str, str]


@dataclass(frozen=True)
class Node:
    """One group or one comparison. `negated`: it only counts against a work, once it is known to be true."""

    path: str
    group: str = ""
    negated: bool = False
    parts: tuple[Node, ...] = ()
    fact: Fact | None = None
    op: str = ""
    number: str = ""
    base: str = ""
    states: Mapping[str, str] = field(default_factory=dict)

    @property
    def unit(self) -> str:
        """What the number counts."""
        if self.fact is None or self.fact.type == "year":
            return "ปี"
        return UNITS.get(self.fact.unit, self.fact.unit)


class BadRule(ValueError):
    """What was typed is no rule; one Thai sentence."""


def node_of(rule: Any, facts: Mapping[str, Fact]) -> Node | None:
    """The fields of a rule as YAML gives it; None where there is none, or the form cannot show it (it stays as it is)."""
    if not rule:
        return None
    try:
        node = _node(rule, facts, ROOT)
        return node if raw_of(node) == plain(rule) else None
    except (KeyError, TypeError, AttributeError, BadRule):
        return None


def plain(rule: Any) -> Any:
    """A rule with each comparison by itself: {fact, at_least, at_most} is two of them."""
    if not isinstance(rule, dict):
        return rule
    for group in ("all", "any"):
        if group in rule:
            return {group: [plain(part) for part in rule[group]]}
    if "unless" in rule:
        return {"unless": plain(rule["unless"])}
    tests = [key for key in rule if key not in ("fact", "unsure")]
    if len(tests) <= 1:
        return dict(rule)
    return {"all": [{"fact": rule["fact"], key: rule[key]} for key in tests]}


def from_form(form: Form, facts: Mapping[str, Fact]) -> Node | None:
    """The node that was sent; None when all of it was taken out. BadRule."""
    return _read(form, facts, ROOT, 0)


def with_part(node: Node | None, at: str, fact: Fact) -> Node:
    """The rule with one more comparison in the group at `at`; a comparison alone becomes a group of two."""
    new = Node("", fact=fact, op="at_least" if fact.type in ("number", "year") else "is")
    if node is None:
        return _placed(new, ROOT)
    return _placed(_with(node, at, new), ROOT)


def raw_of(node: Node | None) -> Any:
    """The rule as YAML has it. BadRule, naming what is missing."""
    if node is None:
        return None
    if node.group:
        parts = [raw_of(part) for part in node.parts]
        raw: Any = {node.group: parts}
    else:
        raw = _test(node)
    return {"unless": raw} if node.negated else raw


def _node(rule: Any, facts: Mapping[str, Fact], path: str, negated: bool = False) -> Node:
    rule = plain(rule)
    if "unless" in rule:
        if negated:
            raise BadRule
        return _node(rule["unless"], facts, path, True)
    for group in GROUPS:
        if group in rule:
            parts = tuple(_node(part, facts, f"{path}.{i}") for i, part in enumerate(rule[group]))
            return Node(path, group, negated, parts)
    fact = facts[rule["fact"]]
    op = next(key for key in rule if key not in ("fact", "unsure"))
    wanted = rule[op]
    if op in ORDERS:
        number, base = (wanted, "") if not isinstance(wanted, dict) else (0, "")
        if isinstance(wanted, dict):
            base = BASE_ROUND if "round" in wanted else str(wanted["fact"])
            number = wanted["round"] if "round" in wanted else wanted.get("plus", 0)
        return Node(path, "", negated, (), fact, op, str(number), base)
    if op == "is":
        return Node(path, "", negated, (), fact, "is", "yes" if wanted else "no")
    states = dict.fromkeys(rule.get("unsure") or (), "unsure") | dict.fromkeys(wanted, "yes")
    return Node(path, "", negated, (), fact, op, states=states)


def _read(form: Form, facts: Mapping[str, Fact], path: str, depth: int) -> Node | None:
    prefix = f"rule.{path}."
    if depth > DEEPEST or form.get(f"{prefix}drop"):
        return None
    negated = bool(form.get(f"{prefix}negated"))
    group = form.get(f"{prefix}group", "")
    if group:
        if group not in GROUPS:
            raise BadRule("กรุณาเลือกวิธีรวมเกณฑ์จากรายการ")
        there = [i for i in range(MOST_PARTS) if any(name.startswith(f"{prefix}{i}.") for name in form)]
        parts = [part for i in there if (part := _read(form, facts, f"{path}.{i}", depth + 1))]
        return _placed(Node(path, group, negated, tuple(parts)), path) if parts else None
    name = form.get(f"{prefix}fact", "")
    if not name:
        return None
    if name not in facts:
        raise BadRule("กรุณาเลือกข้อที่ตรวจจากรายการ")
    fact = facts[name]
    states = {choice.value: form.get(f"{prefix}choice.{choice.value}", "no") for choice in fact.choices}
    return Node(
        path,
        "",
        negated,
        (),
        fact,
        form.get(f"{prefix}op", ""),
        form.get(f"{prefix}number", "").strip(),
        form.get(f"{prefix}base", ""),
        states,
    )


def _test(node: Node) -> dict[str, Any]:
    fact = node.fact
    assert fact is not None  # noqa: S101 - a group has parts, a comparison its fact
    if fact.type == "bool":
        return {"fact": fact.name, "is": node.number != "no"}
    if fact.type in ("choice", "set"):
        op = "one_of" if fact.type == "choice" else "includes"
        passing = [c.value for c in fact.choices if node.states.get(c.value) == "yes"]
        unsure = [c.value for c in fact.choices if node.states.get(c.value) == "unsure"]
        if not passing:
            raise BadRule(f"{fact.label}: กรุณาเลือกอย่างน้อยหนึ่งค่าที่ผ่าน")
        return {"fact": fact.name, op: passing} | ({"unsure": unsure} if unsure else {})
    if node.op not in ORDERS:
        raise BadRule(f"{fact.label}: กรุณาเลือกวิธีเทียบ")
    try:
        number = float(node.number)
        shown: int | float = int(number) if number == int(number) else number
    except (ValueError, OverflowError):
        raise BadRule(f"{fact.label}: กรุณากรอกเป็นตัวเลข") from None
    if node.base == BASE_ROUND:
        return {"fact": fact.name, node.op: {"round": shown}}
    if node.base:
        return {"fact": fact.name, node.op: {"fact": node.base} | ({"plus": shown} if shown else {})}
    return {"fact": fact.name, node.op: shown}


def _with(node: Node, at: str, new: Node) -> Node:
    if node.path == at:
        if node.group and not node.negated:
            return Node(at, node.group, False, (*node.parts, new))
        return Node(at, "all", False, (node, new))
    return Node(node.path, node.group, node.negated, tuple(_with(part, at, new) for part in node.parts), node.fact, node.op, node.number, node.base, node.states)  # fmt: skip


def _placed(node: Node, path: str) -> Node:
    parts = tuple(_placed(part, f"{path}.{i}") for i, part in enumerate(node.parts))
    return Node(path, node.group, node.negated, parts, node.fact, node.op, node.number, node.base, node.states)
