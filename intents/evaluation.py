"""Labelled questions: reading them, asking them, and judging what was answered.

The labelled file is a TSV with a header: question, subjects, attribute, status, source_lines, and optionally contains
and conversation (docs/questions.md). "/" separates acceptable alternatives, "|" joins what is expected together.
"""

from __future__ import annotations

import csv
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path

import regex

from knowledge.model import ATTRIBUTE_KEYS, SUBJECT_KEYS

QUESTIONS = Path(__file__).with_name("questions")
"""The labelled questions that are part of the program: the console measures a draft by them."""
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
    """What was answered. `understood` says for a person what the question was taken to mean, in a line or two."""

    subjects: tuple[str, ...]
    attribute: str
    status: str
    text: str
    confidence: float
    understood: str = ""


@dataclass(frozen=True)
class Judged:
    """One question with its outcome and what of it is right.

    `content` is None where no content is required; `missing` are the pieces that the text lacks.
    """

    labelled: Labelled
    outcome: Outcome
    subject: bool
    attribute: bool
    status: bool
    content: bool | None
    missing: tuple[tuple[str, ...], ...] = ()

    @property
    def labels(self) -> bool:
        """Subject, attribute and status together."""
        return self.subject and self.attribute and self.status

    @property
    def right(self) -> bool:
        """The labels, and the content where some is required."""
        return self.labels and self.content is not False


def read_labelled(path: Path) -> list[Labelled]:
    """The labelled questions of a TSV. Raises EvaluationError naming the line, OSError when it cannot be read."""
    with path.open(encoding="utf-8", newline="") as file:
        rows = csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE)
        missing = {"question", "subjects", "attribute", "status"} - set(rows.fieldnames or ())
        if missing:
            raise EvaluationError(f"{path.name}: the header lacks {', '.join(sorted(missing))}")
        return [_labelled(path, number, row) for number, row in enumerate(rows, start=2)]


def own_labelled() -> list[Labelled]:
    """The program's own labelled questions; conversations of different files stay apart."""
    return [
        replace(row, conversation=f"{path.stem}/{row.conversation}") if row.conversation else row
        for path in sorted(QUESTIONS.glob("*.tsv"))
        for row in read_labelled(path)
    ]


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
    text = squeezed(outcome.text)
    missing = tuple(pieces for pieces in labelled.contains if not any(squeezed(piece) in text for piece in pieces))
    return Judged(
        labelled,
        outcome,
        subject=subjects in labelled.subjects or bool(free) or bool(set(labelled.attributes) & _ASKING_NOTHING),
        attribute=outcome.attribute in labelled.attributes,
        status=outcome.status in labelled.statuses,
        content=not missing if labelled.contains else None,
        missing=missing,
    )


def squeezed(text: str) -> str:
    """`text` as pieces of it are looked for: Arabic digits, small letters, no spaces."""
    return _SPACES.sub("", text.translate(_THAI_DIGITS)).lower()


def evaluate(rows: Iterable[Labelled], ask: Callable[[str, str | None], Outcome]) -> Iterator[Judged]:
    """Ask every question in order, within its conversation, and judge it."""
    for row in rows:
        yield judge(row, ask(row.question, row.conversation))
