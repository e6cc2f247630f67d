"""What the content files are built of: single values with their checks, and the keys that every entry has."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from typing import Annotated, ClassVar
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from knowledge.model import ATTRIBUTE_KEYS, SUBJECT_KEYS, Certainty

LABEL_CLUSTERS = 20  # LINE's limit for a quick-reply label
FIRST_YEAR, LAST_YEAR = 2500, 2700
_CLUSTER = regex.compile(r"\X")
_LIMIT = regex.compile(r"\{[^{}]*\}")  # filled in by templates.py
_LINES = regex.compile(r"\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*")
_ID = regex.compile(r"[A-Za-z0-9._-]+")


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """A fix for a misspelt key: the nearest known one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(wrong, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"use one of: {', '.join(names)}"


def mistake(problem: str, fix: str) -> PydanticCustomError:
    """An error of a validator; `schema.sentences` gives both sentences back."""
    # Braces would be read as a template by pydantic, so both sentences travel in the context.
    return PydanticCustomError("content", "{problem}", {"problem": problem, "fix": fix})


def one_of(kind: str, known: Iterable[str]) -> Callable[[str], str]:
    """A validator that takes `known` words only."""
    names = tuple(known)

    def check(value: str) -> str:
        if value not in names:
            raise mistake(f"unknown {kind} '{value}'", suggestion(value, names))
        return value

    return check


def _check_label(value: str) -> str:
    clusters = len(_CLUSTER.findall(_LIMIT.sub("0 ปี", value)))
    if clusters > LABEL_CLUSTERS:
        raise mistake(
            f"the label '{value}' has {clusters} characters as people see them, more than {LABEL_CLUSTERS}",
            f"shorten it to at most {LABEL_CLUSTERS}",
        )
    return value


def _check_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise mistake(f"the id '{value}' is malformed", "use Latin letters, digits, '.', '_' and '-' only")
    return value


def _check_lines(value: str) -> str:
    ranges = (
        [[int(number) for number in part.split("-")] for part in value.split(";")] if _LINES.fullmatch(value) else []
    )
    if not ranges or any(part[0] < 1 or part[0] > part[-1] for part in ranges):
        raise mistake(f"the source lines '{value}' are malformed", 'write them like "95-98" or "27-34;66-90"')
    return value


def check_url(value: str) -> str:
    """A validator that takes web addresses only."""
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not regex.search(r"\s", value)
    except ValueError:
        good = False
    if not good:
        raise mistake(f"'{value}' is not a web address", "write the whole address, beginning with https:// or http://")
    return value


def _check_year(value: int) -> int:
    if not FIRST_YEAR <= value <= LAST_YEAR:
        if FIRST_YEAR <= value + 543 <= LAST_YEAR:
            problem = f"{value} is not a year of the Buddhist Era, it looks like a Gregorian one"
            raise mistake(problem, f"write {value + 543} for {value}")
        fix = f"write {2500 + value}" if 0 <= value < 100 else f"use a year from {FIRST_YEAR} to {LAST_YEAR}"
        raise mistake(f"{value} is not a year of the Buddhist Era", fix)
    return value


Said = Annotated[str, StringConstraints(min_length=1)]
Id = Annotated[str, AfterValidator(_check_id)]
Label = Annotated[Said, AfterValidator(_check_label)]
SubjectKey = Annotated[str, AfterValidator(one_of("subject", SUBJECT_KEYS))]
AttributeKey = Annotated[str, AfterValidator(one_of("attribute", ATTRIBUTE_KEYS))]
CertaintyKey = Annotated[str, AfterValidator(one_of("certainty", (c.value for c in Certainty)))]
BuddhistYear = Annotated[int, AfterValidator(_check_year)]
Sayings = Annotated[list[Said], Field(default_factory=list)]


class Part(BaseModel):
    """A group of keys in a content file; unknown ones are errors."""

    model_config = ConfigDict(extra="forbid", strict=True, str_strip_whitespace=True)


class SourcePart(Part):
    lines: Annotated[str, AfterValidator(_check_lines)] | None = None
    urls: list[Annotated[str, AfterValidator(check_url)]] = Field(default_factory=list)


def _check_stated(source: SourcePart) -> SourcePart:
    if source.lines is None and not source.urls:
        raise mistake("the source is empty", "give lines of the slides, urls, or both (only a gap may have none)")
    return source


Stated = Annotated[SourcePart, AfterValidator(_check_stated)]


class CautiousPart(Part):
    """What can be uncertain. `caution` is checked as a field, so that other mistakes of the entry do not hide it."""

    needs_caution: ClassVar[bool] = True
    certainty: CertaintyKey = Certainty.CERTAIN.value
    caution: str = Field("", validate_default=True)

    @field_validator("caution")
    @classmethod
    def _stated_unless_certain(cls, value: str, info: ValidationInfo) -> str:
        certainty = info.data.get("certainty", Certainty.CERTAIN.value)
        if cls.needs_caution and certainty != Certainty.CERTAIN.value and not value:
            raise mistake(f"it is '{certainty}' but has no caution", "add 'caution': the Thai sentence shown with it")
        return value


class EntryPart(CautiousPart):
    id: Id
    source: Stated
    topic: Said | None = None
    phrasings: Sayings
    published: bool = True
