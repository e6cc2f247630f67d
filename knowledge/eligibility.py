"""What the rules of a round say of one work: a Verdict for each category and each of its kinds."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from knowledge.facts import Facts, Known
from knowledge.model import SUBJECT_KEYS, Condition, Round, Text
from knowledge.rules import Outcome, Rule, either, evaluate, together

Requirement = Condition | Text


@dataclass(frozen=True)
class Checked:
    """One requirement and what the facts make of it."""

    entry: Requirement
    outcome: Outcome

    @property
    def rule(self) -> Rule:
        """The requirement's rule; only requirements that have one are checked."""
        assert self.entry.rule is not None  # noqa: S101 - `requirements` takes no others
        return self.entry.rule


@dataclass(frozen=True)
class Verdict:
    """What the rules say of one work and one category. `subject` is a subject's key, with ":kind" behind it for a kind."""

    subject: str
    outcome: Outcome
    checked: tuple[Checked, ...]

    def of(self, outcome: Outcome) -> tuple[Checked, ...]:
        """The requirements that came to `outcome`."""
        return tuple(c for c in self.checked if c.outcome is outcome)


@lru_cache(maxsize=64)
def categories(round_: Round) -> tuple[str, ...]:
    """The subjects that a work can be entered for: those with rules. Awards that nobody applies for have none."""
    ruled = {e.subject for e in round_.entries if isinstance(e, Condition | Text) and e.rule and e.published}
    return tuple(key for key in SUBJECT_KEYS if key in ruled)


@lru_cache(maxsize=1024)
def requirements(round_: Round, subject: str) -> tuple[Requirement, ...]:
    """All that has a rule and counts for `subject` (or its kind, "subject:kind"): its branch's scope, then its own."""
    key, _, kind = subject.partition(":")
    scopes = [s.scope for k in reversed(list(round_.ancestors(key))) if (s := round_.subjects[k]).scope]
    own = [e for e in round_.entries if e.subject == key and e.published and isinstance(e, Condition | Text) and e.rule]
    if kind:
        own = [e for e in own if not isinstance(e, Condition) or e.kind in ("", kind)]
    return (*(s for s in scopes if s), *own)


def verdicts(round_: Round, facts: Facts) -> dict[str, Verdict]:
    """The Verdict for every category of `round_` and every kind of those that have kinds, for the year asked about."""
    known = Known(round_.facts, facts)
    outcomes: dict[str, Outcome] = {}

    def checked(entry: Requirement) -> Checked:
        if entry.id not in outcomes:
            assert entry.rule is not None  # noqa: S101 - `requirements` takes no others
            outcomes[entry.id] = evaluate(entry.rule, known, round_.asked)
        return Checked(entry, outcomes[entry.id])

    found: dict[str, Verdict] = {}
    for key in categories(round_):
        parts = tuple(f"{key}:{kind}" for kind in round_.subjects[key].kinds)
        for part in parts:
            found[part] = _verdict(part, tuple(map(checked, requirements(round_, part))))
        whole = tuple(map(checked, requirements(round_, key)))
        found[key] = Verdict(key, either([found[p].outcome for p in parts]), whole) if parts else _verdict(key, whole)
    return found


def _verdict(subject: str, checked: tuple[Checked, ...]) -> Verdict:
    return Verdict(subject, together([c.outcome for c in checked]), checked)


def best_kind(found: Mapping[str, Verdict], subject: str) -> Verdict:
    """The Verdict that decides for `subject`: its own, or that of the kind that fails least."""
    kinds = [verdict for key, verdict in found.items() if key.startswith(f"{subject}:")]
    order = {Outcome.PASS: 0, Outcome.UNKNOWN: 1, Outcome.FAIL: 2}
    return min(kinds, key=lambda v: (order[v.outcome], len(v.of(Outcome.FAIL))), default=None) or found[subject]
