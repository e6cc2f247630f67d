"""Labelled questions and judged answers, made in a line."""

from __future__ import annotations

from dataclasses import replace

from intents.evaluation import Judged, Labelled, Outcome, judge

RIGHT = Outcome(("service",), "conditions", "answered", "", 0.5)


def row(question: str, line: int = 2, conversation: str | None = None) -> Labelled:
    """A question to which RIGHT is right."""
    return Labelled(line, question, (frozenset({"service"}),), ("conditions",), ("answered",), (), conversation)


def judged(labelled: Labelled, **given: object) -> Judged:
    """RIGHT given to a question, but for some fields."""
    return judge(labelled, replace(RIGHT, **given))  # type: ignore[arg-type]


def several(*rights: bool, confidence: float = 0.5, status: str = "answered") -> list[Judged]:
    """One question after the other, answered right or wrong with that confidence."""
    return [
        judged(
            row(f"ถาม {line}", line), confidence=confidence, status=status, subjects=("service" if right else "pmqa",)
        )
        for line, right in enumerate(rights, start=2)
    ]
