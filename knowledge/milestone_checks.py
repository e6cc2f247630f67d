"""What the loader asks of the dates of a whole round, as (entry, problem, fix) by file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from knowledge.milestone_schema import DatePart, MilestonePart
from knowledge.model import SUBJECT_KEYS

YEARS_BEFORE, YEARS_AFTER = 2, 3
"""How far from its round's year a date can lie; farther off it is a slip of the pen."""


@dataclass(frozen=True)
class _Step:
    file: str
    part: MilestonePart
    subjects: frozenset[str]  # each that it is for, with all below it


def milestone_problems(raws: Iterable[tuple[str, Any, Any]], year: int) -> Iterator[tuple[str, str, str, str]]:
    """(file, entry, problem, fix) for the milestones of the round `year`, given as (file, the file's subject, what YAML
    gave). A malformed one is passed over: the schema says what is wrong with it."""
    steps = [step for file, subject, raw in raws if (step := _step(file, subject, raw))]
    for step in steps:
        for day in (step.part.date, step.part.until):
            if day and not year - YEARS_BEFORE <= day.year <= year + YEARS_AFTER:
                problem = f"{day} is far from the round {year}"
                fix = f"use a year from {year - YEARS_BEFORE} to {year + YEARS_AFTER}, or put it into its own round"
                yield step.file, step.part.id, problem, fix
    counted = [step for step in steps if step.part.date and step.part.published and not step.part.cancelled]
    openings = [step for step in counted if step.part.kind == "opening"]
    for closing in counted:
        if closing.part.kind == "closing" and (found := _opens_too_late(closing, openings)):
            subject, opening = found
            yield (
                closing.file,
                closing.part.id,
                f"'{subject}' closes on {_end(closing.part)}, before it opens on {opening.part.date} ({opening.part.id})",
                "correct one of the two dates, or the subjects that they are for",
            )


def _opens_too_late(closing: _Step, openings: list[_Step]) -> tuple[str, _Step] | None:
    """A subject that the closing is for and that has not opened before, with its first opening."""
    for subject in SUBJECT_KEYS:
        if subject in closing.subjects:
            own = [step for step in openings if subject in step.subjects]
            first = min(own, key=lambda step: _start(step.part).earliest(), default=None)
            if first and _end(closing.part).latest() < _start(first.part).earliest():
                return subject, first
    return None


def _step(file: str, subject: Any, raw: Any) -> _Step | None:
    try:
        part = MilestonePart.model_validate(raw)
    except ValidationError:
        return None
    named = part.subjects or [subject]
    return _Step(file, part, frozenset(key for key in SUBJECT_KEYS if any(_is_within(key, above) for above in named)))


def _is_within(key: str, above: Any) -> bool:
    return above in ("awards", key) or key.startswith(f"{above}.")


def _start(part: MilestonePart) -> DatePart:
    assert part.date  # noqa: S101 - only dated ones are compared
    return part.date


def _end(part: MilestonePart) -> DatePart:
    return part.until or _start(part)
