"""The shape of the content files, as pydantic models, and plain sentences for what does not fit it.

Only `loader.py` uses this: the rest of the program reads the frozen values of `model.py`. What needs more than one
file to judge (repeated ids, unknown topics, missing subjects) is judged there.
"""

from __future__ import annotations

import difflib
from collections.abc import Callable, Iterable
from datetime import date
from typing import Annotated, Any, ClassVar
from urllib.parse import urlsplit

import regex
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, ValidationInfo, field_validator
from pydantic_core import ErrorDetails, PydanticCustomError

from knowledge.model import ATTRIBUTE_KEYS, MILESTONE_KINDS, SUBJECT_KEYS, Certainty

LABEL_CLUSTERS = 20  # LINE's limit for a quick-reply label
FIRST_YEAR, LAST_YEAR = 2500, 2700
_CLUSTER = regex.compile(r"\X")
_LIMIT = regex.compile(r"\{[^{}]*\}")  # filled in by templates.py
_LINES = regex.compile(r"\d+(?:-\d+)?(?:;\d+(?:-\d+)?)*")
_ID = regex.compile(r"[A-Za-z0-9._-]+")
_TIME = regex.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def suggestion(wrong: str, known: Iterable[str]) -> str:
    """A fix for a misspelt key: the nearest known one, or all of them."""
    names = list(known)
    near = difflib.get_close_matches(wrong, names, n=1)
    return f"did you mean '{near[0]}'?" if near else f"use one of: {', '.join(names)}"


def _mistake(problem: str, fix: str) -> PydanticCustomError:
    # Braces would be read as a template by pydantic, so both sentences travel in the context.
    return PydanticCustomError("content", "{problem}", {"problem": problem, "fix": fix})


def one_of(kind: str, known: Iterable[str]) -> Callable[[str], str]:
    """A validator that takes `known` words only."""
    names = tuple(known)

    def check(value: str) -> str:
        if value not in names:
            raise _mistake(f"unknown {kind} '{value}'", suggestion(value, names))
        return value

    return check


def _check_label(value: str) -> str:
    clusters = len(_CLUSTER.findall(_LIMIT.sub("0 ปี", value)))
    if clusters > LABEL_CLUSTERS:
        raise _mistake(
            f"the label '{value}' has {clusters} characters as people see them, more than {LABEL_CLUSTERS}",
            f"shorten it to at most {LABEL_CLUSTERS}",
        )
    return value


def _check_id(value: str) -> str:
    if not _ID.fullmatch(value):
        raise _mistake(f"the id '{value}' is malformed", "use Latin letters, digits, '.', '_' and '-' only")
    return value


def _check_lines(value: str) -> str:
    ranges = (
        [[int(number) for number in part.split("-")] for part in value.split(";")] if _LINES.fullmatch(value) else []
    )
    if not ranges or any(part[0] < 1 or part[0] > part[-1] for part in ranges):
        raise _mistake(f"the source lines '{value}' are malformed", 'write them like "95-98" or "27-34;66-90"')
    return value


def _check_url(value: str) -> str:
    try:
        parts = urlsplit(value)
        good = parts.scheme in ("http", "https") and "." in (parts.hostname or "") and not regex.search(r"\s", value)
    except ValueError:
        good = False
    if not good:
        raise _mistake(f"'{value}' is not a web address", "write the whole address, beginning with https:// or http://")
    return value


def _check_link(value: str) -> str:
    return _check_url(value) if value else value


def _check_year(value: int) -> int:
    if not FIRST_YEAR <= value <= LAST_YEAR:
        if FIRST_YEAR <= value + 543 <= LAST_YEAR:
            problem = f"{value} is not a year of the Buddhist Era, it looks like a Gregorian one"
            raise _mistake(problem, f"write {value + 543} for {value}")
        fix = f"write {2500 + value}" if 0 <= value < 100 else f"use a year from {FIRST_YEAR} to {LAST_YEAR}"
        raise _mistake(f"{value} is not a year of the Buddhist Era", fix)
    return value


def _check_month(value: int) -> int:
    if not 1 <= value <= 12:
        raise _mistake(f"there is no month {value}", "use a month from 1 to 12")
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
    urls: list[Annotated[str, AfterValidator(_check_url)]] = Field(default_factory=list)


def _check_stated(source: SourcePart) -> SourcePart:
    if source.lines is None and not source.urls:
        raise _mistake("the source is empty", "give lines of the slides, urls, or both (only a gap may have none)")
    return source


Stated = Annotated[SourcePart, AfterValidator(_check_stated)]


class _Cautious(Part):
    """What can be uncertain. `caution` is checked as a field, so that other mistakes of the entry do not hide it."""

    needs_caution: ClassVar[bool] = True
    certainty: CertaintyKey = Certainty.CERTAIN.value
    caution: str = Field("", validate_default=True)

    @field_validator("caution")
    @classmethod
    def _stated_unless_certain(cls, value: str, info: ValidationInfo) -> str:
        certainty = info.data.get("certainty", Certainty.CERTAIN.value)
        if cls.needs_caution and certainty != Certainty.CERTAIN.value and not value:
            raise _mistake(f"it is '{certainty}' but has no caution", "add 'caution': the Thai sentence shown with it")
        return value


class EntryPart(_Cautious):
    id: Id
    source: Stated
    topic: Said | None = None
    phrasings: Sayings
    published: bool = True


class TextPart(EntryPart):
    attribute: AttributeKey
    gist: Said
    text: str = ""
    items: Sayings
    numbered: bool = False
    rule: Any = None  # rule_schema.py judges rules, since they need the facts


class ConditionPart(EntryPart):
    label: Label
    text: Said
    other_rounds: Said | None = None
    kind: Said | None = None
    rule: Any = None
    essential: bool = False


class FigurePart(_Cautious):
    id: Id
    label: Label
    text: Said
    source: Stated
    phrasings: Sayings


class ExamplePart(EntryPart):
    title: Said
    label: Label
    agency: str = ""
    year: BuddhistYear
    level: str = ""
    summary: Said
    aliases: Sayings
    figures: list[FigurePart] = Field(default_factory=list)


class GapPart(EntryPart):
    # A gap's text is its own caution: it says what is not known.
    needs_caution: ClassVar[bool] = False
    source: SourcePart
    certainty: CertaintyKey = Certainty.TO_CONFIRM.value
    attribute: AttributeKey
    text: Said
    question: Said


def _shown(day: DatePart) -> str:
    return f"{day.day}/{day.month}/{day.year}"


class DatePart(Part):
    year: BuddhistYear
    month: Annotated[int, AfterValidator(_check_month)]
    day: int | None = None

    @field_validator("day")
    @classmethod
    def _exists(cls, day: int | None, info: ValidationInfo) -> int | None:
        year, month = info.data.get("year"), info.data.get("month")
        if day is not None and year and month:
            try:
                date(year - 543, month, day)
            except ValueError:
                raise _mistake(f"month {month} of {year} has no day {day}", "correct the day or leave it out") from None
        return day

    def as_day(self) -> date | None:
        """The Gregorian day, or None for a month."""
        return date(self.year - 543, self.month, self.day) if self.day else None


class MilestonePart(EntryPart):
    kind: Annotated[str, AfterValidator(one_of("kind", MILESTONE_KINDS))]
    name: Said
    date: DatePart | None = None
    until: DatePart | None = None
    time: str = ""
    subjects: list[SubjectKey] = Field(default_factory=list)
    place: str = ""
    link: Annotated[str, AfterValidator(_check_link)] = ""
    note: str = ""
    cancelled: bool = False
    source: SourcePart = Field(default_factory=SourcePart)

    @field_validator("date")
    @classmethod
    def _has_a_source(cls, day: DatePart | None, info: ValidationInfo) -> DatePart | None:
        # The source is an entry's key, and therefore known before those of its kind.
        if day is not None and "source" in info.data:
            source = info.data["source"]
            if source.lines is None and not source.urls:
                fix = "say in 'source' who announced it: lines of the slides, urls, or both"
                raise _mistake("it has a date and no source", fix)
        return day

    @field_validator("until")
    @classmethod
    def _is_a_span(cls, until: DatePart | None, info: ValidationInfo) -> DatePart | None:
        first = info.data.get("date")
        if until is None or "date" not in info.data:
            return until
        if first is None:
            raise _mistake("the span has a last day and no first", "give 'date', its first day, or take 'until' out")
        begins, ends = first.as_day(), until.as_day()
        if begins is None or ends is None:
            raise _mistake("the span runs over months, not days", "give a day in 'date' and in 'until'")
        if ends < begins:
            raise _mistake(
                f"the span runs backwards: from {_shown(first)} to {_shown(until)}",
                "write the first day in 'date' and the last in 'until'",
            )
        return until

    @field_validator("time", mode="before")
    @classmethod
    def _is_a_time(cls, time: Any, info: ValidationInfo) -> Any:
        if isinstance(time, int) and not isinstance(time, bool):  # YAML reads a bare 16:30 as minutes
            hours, minutes = divmod(time, 60)
            clock = f"{hours:02}:{minutes:02}" if 0 <= hours < 24 else "16:30"
            raise _mistake(f"the time was read as the number {time}", f'write it in quotes: time: "{clock}"')
        if not isinstance(time, str) or not time.strip():
            return time
        if not _TIME.fullmatch(time.strip()):
            raise _mistake(
                f"'{time}' is not a time of day", 'write it like "09:00" or "16:30", from "00:00" to "23:59"'
            )
        if "date" in info.data and (info.data["date"] is None or info.data["date"].day is None):
            raise _mistake(f"it has the time {time} and no day", "give the day in 'date', or take 'time' out")
        return time


class ScopePart(_Cautious):
    label: Label
    text: Said
    source: Stated
    rule: Any


class SubjectFile(Part):
    subject: SubjectKey
    name: Said
    label: Label
    parent: SubjectKey | None = None
    english: str = ""
    aliases: Sayings
    old_names: Sayings
    cues: Sayings
    kinds: dict[str, Said] = Field(default_factory=dict)
    scope: ScopePart | None = None
    texts: list[TextPart] = Field(default_factory=list)
    conditions: list[ConditionPart] = Field(default_factory=list)
    examples: list[ExamplePart] = Field(default_factory=list)
    gaps: list[GapPart] = Field(default_factory=list)
    milestones: list[MilestonePart] = Field(default_factory=list)


class TopicPart(Part):
    name: Said
    attribute: AttributeKey
    phrasings: Sayings


class OptionPart(Part):
    label: Label
    question: Said


class AmbiguityPart(Part):
    id: Id
    phrasings: list[Said] = Field(min_length=1)
    ask: Said
    options: list[OptionPart] = Field(min_length=2)
    subject: SubjectKey
    attribute: AttributeKey


class RoundFile(Part):
    year: BuddhistYear
    name: Said
    slides: Said
    topics: dict[str, TopicPart] = Field(default_factory=dict)
    ambiguities: list[AmbiguityPart] = Field(default_factory=list)


# The sections of a subject file that hold entries, in the order in which they are loaded.
ENTRY_SECTIONS = ("texts", "conditions", "examples", "gaps", "milestones")
_PARTS: dict[str, type[BaseModel]] = {
    "texts": TextPart,
    "conditions": ConditionPart,
    "examples": ExamplePart,
    "figures": FigurePart,
    "gaps": GapPart,
    "milestones": MilestonePart,
    "source": SourcePart,
    "date": DatePart,
    "until": DatePart,
    "topics": TopicPart,
    "ambiguities": AmbiguityPart,
    "options": OptionPart,
}
_WANTED = {
    "string_type": ("text", "write words, in quotes where they look like a number"),
    "int_type": ("a whole number", "write digits only, without quotes"),
    "bool_type": ("true or false", "write true or false, without quotes"),
    "list_type": ("a list", "write [a, b] or one '- item' a line"),
    "dict_type": ("a group of keys", "write 'key: value' lines below it"),
    "model_type": ("a group of keys", "write 'key: value' lines below it"),
}
_FOUND = {str: "text", int: "a number", float: "a number", bool: "true or false", list: "a list", dict: "keys"}


def sentences(error: ErrorDetails, top: type[BaseModel]) -> tuple[str, str]:
    """One of pydantic's errors as (problem, fix), both plain English. `top` is the model of the whole file."""
    loc, kind = error["loc"], error["type"]
    end = loc[-2:] if len(loc) < 2 or isinstance(loc[-2], str) else loc[-1:]
    place = ".".join(str(part + 1) if isinstance(part, int) else part for part in end if part != "[key]")
    key = str(loc[-1]) if loc and isinstance(loc[-1], str) else place
    if kind == "content":
        return str(error["ctx"]["problem"]), str(error["ctx"]["fix"])
    if kind == "missing":
        return f"the key '{key}' is missing", f"add '{key}:'"
    if kind == "extra_forbidden":
        owner = next((_PARTS[p] for p in reversed(loc[:-1]) if isinstance(p, str) and p in _PARTS), top)
        return f"unknown key '{key}'", suggestion(key, owner.model_fields)
    if kind == "string_too_short":
        return f"'{place}' is empty", "write it, or take the line out"
    if kind == "too_short":
        return f"'{key}' has too few items", f"give at least {error['ctx']['min_length']}"
    if kind in _WANTED:
        wanted, fix = _WANTED[kind]
        return f"'{place}' should be {wanted}, found {_found(error['input'])}", fix
    return f"'{place}' is wrong: {error['msg']}", "see docs/content.md for the form"


def _found(value: Any) -> str:
    if value is None:
        return "nothing"
    kind = _FOUND.get(type(value), type(value).__name__)
    return kind if isinstance(value, list | dict | bool) else f"{kind} ({value})"
