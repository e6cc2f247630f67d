"""What a question was understood to mean: the value that passes from the matcher to the answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

if TYPE_CHECKING:
    from intents.decision import CertaintySigns
    from intents.finding import Finding
    from intents.understanding import Understanding


@dataclass(frozen=True)
class Context:
    """What the turn before was about, so that a follow-up can lean on it.

    `offered` are the subject keys that the last message listed, in its order ("อันหลัง" is the last of them); `recent` is
    the first that was talked about by itself and then the last ones, each once, the latest last;
    `year` is the round asked about, in Buddhist Era.
    """

    subjects: tuple[str, ...] = ()
    attribute: str | None = None
    topic: str | None = None
    entry: str | None = None
    year: int | None = None
    offered: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reading:
    """One way to read a question. `confidence` is 0 to 1.

    `topic` and `entry` (an id) narrow the answer to one point, `also` are ids of further entries that it touches, and
    `figure` is the id of one figure of an example. `what_if` marks "may we, with work like ours?": the point that was
    asked comes first, and the other conditions still count.
    """

    subjects: tuple[str, ...]
    attribute: str
    confidence: float
    topic: str | None = None
    entry: str | None = None
    also: tuple[str, ...] = ()
    what_if: bool = False
    figure: str | None = None


@dataclass(frozen=True)
class Match:
    """The ranked readings of one question and what to do with them.

    `decision` is "answer" (the first reading), "ask_back" (`readings` are the alternatives, or `ambiguity` names the
    content's own question) or "refuse" (not about the awards, or not understood: `reason` is "out_of_scope" or
    "unclear"). `year` is the round asked about, None when the question names none.
    """

    question: str
    normalized: str
    readings: tuple[Reading, ...]
    decision: str
    understanding: Understanding
    """What was found in the question by itself."""
    finding: Finding
    """Which subjects were found, and how."""
    year: int | None = None
    ambiguity: str | None = None
    command: str | None = None
    reason: str = ""
    years: tuple[int, ...] = ()
    """Years that were named with no part of their own: for a figure, the year that is asked about."""
    certainty: CertaintySigns | None = None
    """What speaks for and against the first reading; None where a rule decided."""
    unnamed: bool = False
    """No subject was named, pointed to or carried over, though one is needed; `readings` may have what it could be."""

    @property
    def best(self) -> Reading:
        """The first reading; `readings` is never empty."""
        return self.readings[0]


_THE_SAME_YEAR = regex.compile(r"(?:ปี|รอบ)เดียวกัน")


def round_asked(found: Understanding, context: Context, newest: int) -> int | None:
    """The round that the question is about: named as one, or a lone year that cannot be a work's."""
    if _THE_SAME_YEAR.search(found.text):
        return context.year
    for mention in reversed(found.years):
        if mention.role == "round":
            return mention.year
    for mention in found.years:
        if mention.role == "other" and mention.year > newest:
            return mention.year
    named = found.reference.bare or found.reference.correction
    if context.attribute == "deadline" and named and found.years and found.years[-1].role == "other":
        # "หมายถึงปี 68" after dates were asked for.
        return found.years[-1].year
    return context.year if found.reference.follow_up or found.reference.demonstrative or found.reference.bare else None
