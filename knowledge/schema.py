"""The shape of the content files, as pydantic models, and plain sentences for what does not fit it.

Only `loader.py` uses this: the rest of the program reads the frozen values of `model.py`. What needs more than one
file to judge (repeated ids, unknown topics, missing subjects) is judged there.
"""

from __future__ import annotations

from typing import Any, ClassVar

from pydantic import BaseModel, Field
from pydantic_core import ErrorDetails

from knowledge.milestone_schema import DatePart, MilestonePart
from knowledge.model import Certainty
from knowledge.schema_parts import (
    AttributeKey,
    BuddhistYear,
    CautiousPart,
    CertaintyKey,
    EntryPart,
    Id,
    Label,
    Part,
    Said,
    Sayings,
    SourcePart,
    Stated,
    SubjectKey,
    suggestion,
)


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


class FigurePart(CautiousPart):
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


class ScopePart(CautiousPart):
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
