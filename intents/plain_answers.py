"""The plain methods of baselines.py on the assistant's own task: what they are taught, and what their labels answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import cycle, repeat

from intents.evaluation import Judged, Outcome
from intents.phrasebook import OUT_OF_SCOPE, Phrasebook
from knowledge.model import Condition, Entry, Example, Gap, Milestone, Round, Text

_SLOT = "{s}"
_SCHEME = ("awards",)
_COMMANDS = ("quiz", "reminder")


@dataclass(frozen=True)
class Taught:
    """A phrasing as it was written, and the answer to it: what a plain method learns from."""

    text: str
    subjects: tuple[str, ...]
    attribute: str
    status: str

    @property
    def label(self) -> str:
        """The whole answer as one label; outcome_of reads it."""
        return f"{'|'.join(self.subjects)} {self.attribute} {self.status}"


@dataclass(frozen=True)
class PlainResult:
    """What one plain method, taught `taught` phrasings, made of the questions, each as it stands; times of one each."""

    name: str
    taught: int
    judged: Sequence[Judged]
    milliseconds: Sequence[float]


def taught(round_: Round, book: Phrasebook) -> Iterator[Taught]:
    """Every phrasing that the assistant learns from (phrasebook.phrasings), and the content's ambiguities.

    Where a subject's name belongs, the subjects take turns, each with one of its names after the other; an entry's own
    subject stands in its phrasings.
    """
    subjects = cycle(round_.subjects)
    names = {s.key: cycle(dict.fromkeys((s.name, *s.aliases))) for s in round_.subjects.values()}

    def filled(text: str, turns: Iterator[str]) -> tuple[str, tuple[str, ...]]:
        """The text with the names of the next subjects, and those subjects."""
        named: list[str] = []
        while _SLOT in text:
            named.append(next(turns))
            text = text.replace(_SLOT, next(names[named[-1]]), 1)
        return text, tuple(named)

    def asked(text: str, attribute: str, status: str | None = None) -> Taught:
        text, named = filled(text, subjects)
        about = named or _SCHEME
        return Taught(text, about, attribute, status or _status(round_, about[0], attribute))

    for attribute, texts in book.attributes.items():
        yield from (asked(text, attribute) for text in texts)
    for command in book.commands.values():
        yield from (asked(text, command.attribute, "command") for text in command.phrasings)
    for text in book.out_of_scope:
        yield Taught(filled(text, subjects)[0], (), OUT_OF_SCOPE, OUT_OF_SCOPE)
    for topic in round_.topics.values():
        yield from (asked(text, topic.attribute) for text in topic.phrasings)
    for entry in round_.entries:
        if entry.published:
            status = "answered" if _says_something(entry) else "unknown"
            for text in _phrasings(entry):
                yield Taught(filled(text, repeat(entry.subject))[0], (entry.subject,), entry.attribute, status)
    for ambiguity in round_.ambiguities:
        for text in ambiguity.phrasings:
            yield Taught(text, (ambiguity.subject,), ambiguity.attribute, "clarify")


def _phrasings(entry: Entry) -> Iterator[str]:
    yield from entry.phrasings
    if isinstance(entry, Condition) and entry.label:
        yield entry.label
    if isinstance(entry, Example):
        for figure in entry.figures:
            yield figure.label
            yield from figure.phrasings


def _says_something(entry: Entry) -> bool:
    return not (isinstance(entry, Gap) or (isinstance(entry, Milestone) and entry.date is None))


def _status(round_: Round, subject: str, attribute: str) -> str:
    """Whether the content answers an attribute of a subject as a whole, or the nearest subject above that has it."""
    if attribute in _COMMANDS:
        return "command"
    entries = next((found for key in round_.ancestors(subject) if (found := round_.of(key, attribute))), ())
    # A text on one topic is no answer to the whole; conditions and examples are, one by one. What has no entries
    # anywhere is put together from others (comparisons, all examples).
    whole = any(isinstance(e, Condition | Example) or (isinstance(e, Text) and e.topic is None) for e in entries)
    return "answered" if whole or not entries else "unknown"


def outcome_of(label: str | None) -> Outcome:
    """The answer that a label stands for. None, no answer, is a refusal: silence is right where nothing is ours."""
    subjects, attribute, status = (label or f" {OUT_OF_SCOPE} {OUT_OF_SCOPE}").split(" ")
    return Outcome(tuple(subjects.split("|")) if subjects else (), attribute, status, "", 1.0)
