"""How people tell a fact of their work: tellings.yaml, each phrase compiled to be looked up in a Reading's key."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Container, Iterator
from dataclasses import dataclass
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import regex
import yaml
from pydantic import BaseModel, ConfigDict, ValidationError

from intents.reading import Reading, Spelling, fold, folded, marked
from knowledge.loader import ContentError, Problem

ABOUT = "about"
"""The value of a phrase that names a fact without telling it: only what stands around it makes it one."""

# The marks of a phrase and what they are in a regular expression.
_MARKS = {
    # What people put between the words neither denies nor demands.
    "…": folded("(?:(?!ไม่|ต้อง(?!การ)).){0,12}?"),
    "(": "(?:",
    ")": ")",
    "<": "(?:",
    ">*": "){0,3}",
    ">": ")?",
    "|": "|",
    "(?!": "(?!",
    "#*": r"[\d -]*",
    "#": r"\d",
}
_PART = regex.compile(r"\(\?!|>\*|#\*|.", regex.DOTALL)


class _Telling(BaseModel):
    model_config = ConfigDict(extra="forbid")
    value: Any
    phrases: list[str] = []
    asked: list[str] = []


class _Implied(BaseModel):
    model_config = ConfigDict(extra="forbid")
    fact: str
    value: Any


class _FactTellings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    about: list[str] = []
    tells: list[_Telling] = []
    implies: list[_Implied] = []


class _Tellings(BaseModel):
    model_config = ConfigDict(extra="forbid")
    facts: dict[str, _FactTellings]
    spellings: dict[str, list[str]] = {}


@dataclass(frozen=True)
class Phrase:
    """One way to say that `fact` has `value` (or, with ABOUT, to name it). `anchor` is a part that a key must hold.

    `only_asked` phrases mean so much only as an answer to the question for the fact.
    """

    fact: str
    value: Any
    anchor: str
    pattern: regex.Pattern[str]
    only_asked: bool = False


@dataclass(frozen=True)
class Hit:
    """A Phrase found at key[start:end)."""

    phrase: Phrase
    start: int
    end: int


@dataclass(frozen=True)
class Tellings:
    """tellings.yaml: phrases, what a fact says of others (`implies`: when it is true or told), and misspelt words."""

    phrases: tuple[Phrase, ...]
    implies: dict[str, tuple[tuple[str, Any], ...]]
    spellings: tuple[Spelling, ...]

    @cached_property
    def booleans(self) -> frozenset[str]:
        """The facts that are true or false."""
        return frozenset(phrase.fact for phrase in self.phrases if isinstance(phrase.value, bool))

    @cached_property
    def _by_beginning(self) -> dict[str, list[Phrase]]:
        """The phrases by the first two letters of what a key must hold; few stand in any one text."""
        grouped: dict[str, list[Phrase]] = defaultdict(list)
        for phrase in self.phrases:
            grouped[phrase.anchor[:2]].append(phrase)
        return grouped

    def hits(self, reading: Reading, asked: Container[str] = ()) -> Iterator[Hit]:
        """Every place where a phrase stands, in no order; they may overlap."""
        key = reading.key
        # In the text's order: of hits that are as good as each other the first is taken, in every process the same.
        for beginning in dict.fromkeys(("", *key, *map(str.__add__, key, key[1:]))):
            for phrase in self._by_beginning.get(beginning, ()):
                if phrase.anchor in key and (not phrase.only_asked or phrase.fact in asked):
                    for match in phrase.pattern.finditer(key):
                        yield Hit(phrase, match.start(), match.end())


@cache
def load_tellings(path: Path | None = None) -> Tellings:
    """Read tellings.yaml (default: the package's own). Raises ContentError naming file, entry, problem and fix."""
    path = path or Path(__file__).with_name("tellings.yaml")

    def error(entry: str, problem: str, fix: str) -> ContentError:
        return ContentError((Problem(path.name, entry, problem, fix),))

    try:
        raw = yaml.load(path.read_text("utf-8"), Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))  # noqa: S506
        tellings = _Tellings.model_validate(raw)
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as exception:
        raise error("", f"cannot be read: {exception}", "correct the file's YAML") from exception
    except ValidationError as exception:
        first = exception.errors()[0]
        entry = ".".join(str(part) for part in first["loc"])
        raise error(entry, first["msg"], "see the head of tellings.yaml for its keys") from exception
    phrases: list[Phrase] = []
    for fact, told in tellings.facts.items():
        listed = [(ABOUT, text, False) for text in told.about]
        listed += [(t.value, text, False) for t in told.tells for text in t.phrases]
        listed += [(t.value, text, True) for t in told.tells for text in t.asked]
        for value, text, only_asked in listed:
            try:
                phrases.append(_phrase(fact, value, text, only_asked))
            except (regex.error, ValueError) as exception:
                fix = "see the head of tellings.yaml for the marks"
                raise error(f"facts.{fact}: {text}", str(exception), fix) from exception
        for implied in told.implies:
            if implied.fact not in tellings.facts:
                raise error(f"facts.{fact}.implies", f"'{implied.fact}' has no tellings", "name a fact of this file")
    return Tellings(
        phrases=tuple(phrases),
        implies={fact: tuple((i.fact, i.value) for i in told.implies) for fact, told in tellings.facts.items()},
        spellings=tuple(
            (regex.compile("|".join(map(folded, wrongs))), "".join(map(fold, right)))
            for right, wrongs in tellings.spellings.items()
        ),
    )


def _phrase(fact: str, value: Any, text: str, only_asked: bool) -> Phrase:
    """A phrase as a regular expression over keys, or ValueError where its marks do not pair."""
    if text.count("(") != text.count(")") or text.count("<") != text.count(">"):
        raise ValueError("brackets do not pair")
    pattern: list[str] = []
    outside, depth = [""], 0
    for part in _PART.findall(marked(text.lower())):
        if part in _MARKS:
            depth += part.startswith(("(", "<")) - part.startswith((")", ">"))
            pattern.append(_MARKS[part])
            outside.append("")
        else:
            kept = fold(part)
            pattern.append(regex.escape(kept))
            if depth == 0:
                outside[-1] += kept
    if not any(fold(part) for part in _PART.findall(text) if part not in _MARKS):
        raise ValueError("says nothing")
    compiled = regex.compile("".join(pattern) + _NOT_INSIDE_A_WORD)
    return Phrase(fact, value, max(outside, key=len), compiled, only_asked)


# A vowel after the phrase makes its last letter the beginning of another syllable.
_NOT_INSIDE_A_WORD = folded(r"(?![ะาำิีึืฺุู])")
