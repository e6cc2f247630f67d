"""Accuracy over labelled questions: by status, attribute, subject and content, with the worst misses.

The labelled file is a TSV with a header: question, subjects, attribute, status, source_lines, and optionally contains
and conversation (docs/questions.md). "/" separates acceptable alternatives, "|" joins what is expected together.
"""

from __future__ import annotations

import csv
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import regex

from knowledge.model import ATTRIBUTE_KEYS, SUBJECT_KEYS

STATUSES = ("answered", "unknown", "clarify", "out_of_scope", "command")
_ASKING_NOTHING = {"smalltalk", "out_of_scope"}
# Commands stand for themselves: whether they name a subject is not held against them.
_SUBJECT_MAY_BE_EMPTY = {"quiz", "reminder", "contact", *_ASKING_NOTHING}
_SPACES = regex.compile(r"[\s,]+")
_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")


class EvaluationError(ValueError):
    """A labelled file that cannot be used; says which line and why."""


@dataclass(frozen=True)
class Labelled:
    """One labelled question. Each tuple holds acceptable alternatives; `contains` the pieces that must all be there."""

    line: int
    question: str
    subjects: tuple[frozenset[str], ...]
    attributes: tuple[str, ...]
    statuses: tuple[str, ...]
    contains: tuple[tuple[str, ...], ...]
    conversation: str | None


@dataclass(frozen=True)
class Outcome:
    """What was answered."""

    subjects: tuple[str, ...]
    attribute: str
    status: str
    text: str
    confidence: float


@dataclass(frozen=True)
class Judged:
    """One question with its outcome and what of it is right. `content` is None where no content is required."""

    labelled: Labelled
    outcome: Outcome
    subject: bool
    attribute: bool
    status: bool
    content: bool | None

    @property
    def labels(self) -> bool:
        """Subject, attribute and status together."""
        return self.subject and self.attribute and self.status


def read_labelled(path: Path) -> list[Labelled]:
    """The labelled questions of a TSV. Raises EvaluationError naming the line, OSError when it cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {"question", "subjects", "attribute", "status"} - set(rows.fieldnames or ())
        if missing:
            raise EvaluationError(f"{path.name}: the header lacks {', '.join(sorted(missing))}")
        return [_labelled(path, number, row) for number, row in enumerate(rows, start=2)]


def _labelled(path: Path, line: int, row: dict[str, str | None]) -> Labelled:
    def alternatives(column: str, allowed: Iterable[str]) -> tuple[str, ...]:
        values = tuple(value.strip() for value in (row.get(column) or "").split("/"))
        for value in values:
            if value not in allowed:
                raise EvaluationError(f"{path.name}:{line}: {column} {value!r} is none of {', '.join(allowed)}")
        return values

    subjects = []
    for choice in (row["subjects"] or "").split("/"):
        keys = frozenset(key.strip() for key in choice.split("|") if key.strip())
        if keys - set(SUBJECT_KEYS):
            raise EvaluationError(f"{path.name}:{line}: unknown subject in {choice!r}")
        subjects.append(keys)
    contains = tuple(tuple(part.split("/")) for part in (row.get("contains") or "").split("|") if part.strip())
    return Labelled(
        line,
        row["question"] or "",
        tuple(subjects),
        alternatives("attribute", ATTRIBUTE_KEYS),
        alternatives("status", STATUSES),
        contains,
        row.get("conversation") or None,
    )


def judge(labelled: Labelled, outcome: Outcome) -> Judged:
    """Compare an outcome with its labels."""
    subjects = frozenset(outcome.subjects)
    free = set(labelled.attributes) & _SUBJECT_MAY_BE_EMPTY and not subjects
    text = _squeezed(outcome.text)
    content = all(any(_squeezed(piece) in text for piece in pieces) for pieces in labelled.contains)
    return Judged(
        labelled,
        outcome,
        subject=subjects in labelled.subjects or bool(free) or bool(set(labelled.attributes) & _ASKING_NOTHING),
        attribute=outcome.attribute in labelled.attributes,
        status=outcome.status in labelled.statuses,
        content=content if labelled.contains else None,
    )


def _squeezed(text: str) -> str:
    return _SPACES.sub("", text.translate(_THAI_DIGITS)).lower()


def evaluate(rows: Iterable[Labelled], ask: Callable[[str, str | None], Outcome]) -> Iterator[Judged]:
    """Ask every question in order, within its conversation, and judge it."""
    for row in rows:
        yield judge(row, ask(row.question, row.conversation))


def report(judged: list[Judged], misses: int = 20) -> str:
    """The measurements as text for a person, at most `misses` of the wrong ones shown."""
    if not judged:
        return "no questions"
    lines = [f"{len(judged)} questions"]
    for name, chosen in _groups(judged).items():
        content = [j.content for j in chosen if j.content is not None]
        shares = [sum(getattr(j, kind) for j in chosen) for kind in ("labels", "subject", "attribute", "status")]
        parts = [f"{share / len(chosen):6.1%}" for share in shares]
        parts.append(f"{sum(content) / len(content):6.1%} of {len(content)}" if content else "     –")
        lines.append(f"{name:<28} {len(chosen):>4}  " + "  ".join(parts))
    lines.insert(1, f"{'':<28} {'n':>4}  {'all 3':>6}  {'subj.':>6}  {'attr.':>6}  {'status':>6}  content")
    lines += ["", "confusions (expected → got):"]
    confused = Counter(
        (f"{j.labelled.attributes[0]}/{j.labelled.statuses[0]}", f"{j.outcome.attribute}/{j.outcome.status}")
        for j in judged
        if not (j.attribute and j.status)
    )
    lines += [f"  {count:>3}  {expected} → {got}" for (expected, got), count in confused.most_common(15)]
    wrong = sorted((j for j in judged if not j.labels or j.content is False), key=lambda j: -j.outcome.confidence)
    lines += ["", f"misses, the most confident first ({len(wrong)}):"]
    lines += [_miss(j) for j in wrong[:misses]]
    return "\n".join(lines)


def _groups(judged: list[Judged]) -> dict[str, list[Judged]]:
    groups: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        groups["everything"].append(j)
        groups["in conversations" if j.labelled.conversation else "single questions"].append(j)
    for j in sorted(judged, key=lambda j: j.labelled.statuses[0]):
        groups[f"status {j.labelled.statuses[0]}"].append(j)
    for j in sorted(judged, key=lambda j: j.labelled.attributes[0]):
        groups[f"attribute {j.labelled.attributes[0]}"].append(j)
    for j in sorted(judged, key=lambda j: "|".join(sorted(j.labelled.subjects[0]))):
        groups[f"subject {'|'.join(sorted(j.labelled.subjects[0])) or '–'}"[:28]].append(j)
    return {name: chosen for name, chosen in groups.items() if len(chosen) > 2 or not name.startswith("subject")}


def _miss(judged: Judged) -> str:
    labelled, outcome = judged.labelled, judged.outcome
    expected = "/".join("|".join(sorted(s)) or "–" for s in labelled.subjects)
    wanted = f"{expected} {'/'.join(labelled.attributes)} {'/'.join(labelled.statuses)}"
    got = f"{'|'.join(outcome.subjects) or '–'} {outcome.attribute} {outcome.status}"
    missing = [p for p in labelled.contains if not any(_squeezed(a) in _squeezed(outcome.text) for a in p)]
    lacking = f"  lacks {missing}" if missing and judged.labels else ""
    where = f"{labelled.line}{f' [{labelled.conversation}]' if labelled.conversation else ''}"
    return f"  {where}: {labelled.question}\n      wanted {wanted}; got {got} ({outcome.confidence:.2f}){lacking}"
