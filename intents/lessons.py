"""Which labelled questions have something to teach: those that the ranker misreads though the other phrasings speak for them.

A question that is read right already teaches little, and costs a question's time for ever. One that all other phrasings
speak against was mostly understood by what stood before it ("69" after a date), or has a label that nobody else would give.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date

from intents.evaluation import Labelled
from intents.fitted import Material, left_out
from intents.matcher import Matcher
from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, YEAR_MARK, Phrasing
from intents.understanding import Understanding

# A question whose attribute is at least as probable as this (0 to 1) by its words alone has nothing to teach, and the others speak
# against one whose attribute they make less probable than that. What was measured with which: docs/decisions/0027.
_READ_RIGHT_FROM = 0.8
_SPOKEN_AGAINST_BELOW = 0.06
_SHORTEST = 4
# These are commands, and a phrasing of one says which.
_COMMANDS = {"quiz", "reminder", "contact", "smalltalk"}
# Labels that hold together for a work that is told of: that is read from its facts, and its wording is like no other.
_OF_A_WORK = {"recommend", "conditions"}
# A year in a phrasing has to be one; which says nothing.
_A_YEAR = "2568"


@dataclass(frozen=True)
class Lesson:
    """A phrasing to add to phrases.yaml under `attribute`, and the question of which file and line it is. `probability` (0 to
    1) is what all other phrasings make of it."""

    text: str
    attribute: str
    file: str
    line: int
    probability: float = 0.0


def misread(file: str, rows: Iterable[Labelled], matcher: Matcher, today: date) -> Iterator[Lesson]:
    """The questions of a file that the ranker by itself gives no attribute they may have, as it reads them. Of several
    attributes that are right, the lesson is the most probable one."""
    for row in rows:
        found = matcher.understand(row.question, today)
        text = _as_read(found, in_conversation=row.conversation is not None)
        attribute = max(row.attributes, key=lambda key: found.attributes.get(key, 0.0))
        if (
            len(text) >= _SHORTEST
            and not found.stranger
            and not set(row.attributes) >= _OF_A_WORK
            and not ("command" in row.statuses and attribute in _COMMANDS)
            and (attribute == OUT_OF_SCOPE) == (row.statuses == (OUT_OF_SCOPE,))
            and found.attributes.get(attribute, 0.0) < _READ_RIGHT_FROM
        ):
            yield Lesson(text, attribute, file, row.line)


def spoken_for(lessons: Iterable[Lesson], material: Material) -> Iterator[Lesson]:
    """Those that the phrasings of `material` and the other lessons do not speak against, each text once. Takes a whole fit's
    time."""
    old = material.phrasings
    known = {row.text for row in old}
    texts = {lesson.text: lesson for lesson in lessons if lesson.text not in known}
    new = tuple(Phrasing(lesson.text, lesson.attribute) for lesson in texts.values())
    probable = left_out(replace(material, phrasings=(*old, *new)))
    for place, lesson in enumerate(texts.values(), start=len(old)):
        if (probability := probable.get(place, 0.0)) >= _SPOKEN_AGAINST_BELOW:
            yield replace(lesson, probability=probability)


def _as_read(found: Understanding, *, in_conversation: bool) -> str:
    """The question as the ranker gets it, as a phrasing; empty where it leans on the turn before in more than a word."""
    reference = found.reference
    points = reference.correction or reference.ordinal is not None or reference.other or reference.both
    if reference.bare or (in_conversation and points and not reference.follow_up):
        return ""
    text = found.asked if in_conversation and reference.follow_up else found.marked
    return " ".join(text.replace(SUBJECT_MARK, "{s}").replace(YEAR_MARK, _A_YEAR).split())
