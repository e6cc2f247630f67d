"""How people ask: phrases.yaml and the knowledge's own phrasings as labelled training texts."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import regex
from pydantic import BaseModel, ConfigDict, ValidationError

from knowledge.documents import PHRASES, File, parsed_once
from knowledge.loader import ContentError, Problem
from knowledge.model import ATTRIBUTE_KEYS, Condition, Entry, Example, Gap, Round, Text

SUBJECT_MARK = "xsubjectx"
"""Stands for a subject's name in every text that is ranked, so that one phrasing teaches all subjects."""

YEAR_MARK = "xyearx"
"""Stands for a year: which one it is says nothing about what is asked."""

OUT_OF_SCOPE = "out_of_scope"
OWN_PHRASES = Path(__file__).with_name(PHRASES)
_SLOT = regex.compile(r"\{s\}")


class _Command(BaseModel):
    model_config = ConfigDict(extra="forbid")
    attribute: str
    phrasings: list[str]


class _OutOfScope(BaseModel):
    model_config = ConfigDict(extra="forbid")
    near: list[str]
    far: list[str]
    names: list[str] = []


class _Phrases(BaseModel):
    model_config = ConfigDict(extra="forbid")
    attributes: dict[str, list[str]]
    commands: dict[str, _Command]
    out_of_scope: _OutOfScope


@dataclass(frozen=True)
class Command:
    """Something the assistant is told to do; `attribute` is the label under which it is reported."""

    key: str
    attribute: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True)
class Phrasebook:
    """phrases.yaml: phrasings by attribute (`{s}` stands for a subject's name) and by command, and what is not ours.

    `strangers` are names of other awards and schemes: naming one and none of ours puts a question out of scope.
    """

    attributes: dict[str, tuple[str, ...]]
    commands: dict[str, Command]
    out_of_scope: tuple[str, ...]
    strangers: tuple[str, ...]


def load_phrasebook(path: Path | None = None) -> Phrasebook:
    """Read phrases.yaml (default: the package's own). Raises ContentError naming file, entry, problem and fix."""
    path = path or OWN_PHRASES
    try:
        return phrasebook_of(path.read_bytes(), path.name)
    except OSError as error:
        return phrasebook_of(error, path.name)


def phrasebook_of(file: File, name: str = PHRASES) -> Phrasebook:
    """The phrasebook that a document holds; `name` is what its mistakes are reported under.

    Raises ContentError with all mistakes.
    """
    raw, mistakes = parsed_once(file)
    problems = [Problem(name, "whole file", problem, fix) for problem, fix in mistakes]
    try:
        phrases = None if raw is None else _Phrases.model_validate(raw)
    except ValidationError as error:
        phrases = None
        for detail in error.errors(include_url=False):
            entry = ".".join(str(part) for part in detail["loc"])
            problems.append(Problem(name, entry, detail["msg"], "see docs/content.md for the keys of phrases.yaml"))
    if phrases is not None:
        problems += [Problem(name, *found) for found in _mistakes(phrases)]
    if phrases is None or problems:
        raise ContentError(tuple(problems))
    return Phrasebook(
        attributes={key: tuple(texts) for key, texts in phrases.attributes.items()},
        commands={
            key: Command(key, command.attribute, tuple(command.phrasings)) for key, command in phrases.commands.items()
        },
        out_of_scope=(*phrases.out_of_scope.near, *phrases.out_of_scope.far),
        strangers=tuple(phrases.out_of_scope.names),
    )


def _mistakes(phrases: _Phrases) -> Iterator[tuple[str, str, str]]:
    """What no type can say, as (entry, problem, fix)."""
    used = [(key, key) for key in phrases.attributes]
    used += [(f"commands.{key}", command.attribute) for key, command in phrases.commands.items()]
    for entry, attribute in used:
        if attribute not in ATTRIBUTE_KEYS:
            yield entry, f"'{attribute}' is not an attribute", f"use one of {', '.join(ATTRIBUTE_KEYS)}"
    listed = {f"attributes.{key}": texts for key, texts in phrases.attributes.items()}
    listed |= {f"commands.{key}": command.phrasings for key, command in phrases.commands.items()}
    listed |= {f"out_of_scope.{key}": texts for key, texts in phrases.out_of_scope.model_dump().items()}
    for entry, texts in listed.items():
        if any(not text.strip() for text in texts):
            yield entry, "a phrasing is empty", "write it, or take it out"


@dataclass(frozen=True)
class Phrasing:
    """One training text, on one line. `label` is "attribute", "attribute:topic", "!command" or
    "out_of_scope"; `entry` and `figure` say which piece of content it asks for, where it asks for one."""

    text: str
    label: str
    entry: str | None = None
    figure: str | None = None


# The same phrasings are compiled again with every revision that is published.
@lru_cache(maxsize=40_000)
def prepare(text: str) -> str:
    """A phrasing as the ranker should see it: cleaned, particles off, slots marked."""
    # Imported here: to read and check the phrasings needs no PyThaiNLP.
    from intents.normalize import clean, plain

    return plain(clean(_SLOT.sub(f" {SUBJECT_MARK} ", text)))


def label_of(entry: Entry) -> str:
    """The label of an entry's phrasings."""
    return f"{entry.attribute}:{entry.topic}" if entry.topic else entry.attribute


def phrasings(round_: Round, book: Phrasebook) -> Iterator[Phrasing]:
    """All training texts of one round as they are written, without augmentation, in a fixed order."""
    for attribute, texts in book.attributes.items():
        for text in texts:
            yield Phrasing(_one_line(text), attribute)
    for command in book.commands.values():
        for text in command.phrasings:
            yield Phrasing(_one_line(text), f"!{command.key}")
    for text in book.out_of_scope:
        yield Phrasing(_one_line(text), OUT_OF_SCOPE)
    for topic in round_.topics.values():
        for text in topic.phrasings:
            yield Phrasing(_one_line(text), f"{topic.attribute}:{topic.key}")
    for entry in round_.entries:
        if entry.published:
            yield from _entry_phrasings(entry)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def _entry_phrasings(entry: Entry) -> Iterator[Phrasing]:
    for text in entry.phrasings:
        yield Phrasing(_one_line(text), label_of(entry), entry.id)
    if isinstance(entry, Condition) and entry.label:
        yield Phrasing(_one_line(entry.label), label_of(entry), entry.id)
    if isinstance(entry, Gap | Text) and entry.topic is None and not entry.phrasings:
        return
    if isinstance(entry, Example):
        for figure in entry.figures:
            for text in (figure.label, *figure.phrasings):
                yield Phrasing(_one_line(text), "examples", entry.id, figure.id)
