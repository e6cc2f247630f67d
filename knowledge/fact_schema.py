"""The shape of facts.yaml: the Facts, and the questions of the quiz that ask for them."""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import AfterValidator, Field

from knowledge.schema_parts import Id, Label, Part, Said, one_of

FACT_TYPES = ("bool", "number", "year", "choice", "set")


class ChoicePart(Part):
    value: Said
    label: Said


class FactPart(Part):
    type: Annotated[str, AfterValidator(one_of("type", FACT_TYPES))]
    label: Said
    unit: str = ""
    parent: Said | None = None
    choices: list[ChoicePart] = Field(default_factory=list)
    least: int | None = None
    most: int | None = None


class AnswerPart(Part):
    label: Label
    more: str = ""
    also: list[Said] = Field(default_factory=list)
    facts: dict[str, Any] = Field(default_factory=dict)


class QuestionPart(Part):
    id: Id
    ask: Said
    hint: str = ""
    facts: list[Said] = Field(min_length=1)
    answers: list[AnswerPart] = Field(min_length=1)
    several: bool = False
    one_tap: bool = False
    otherwise: dict[str, Any] = Field(default_factory=dict)


class FactFile(Part):
    facts: dict[str, FactPart] = Field(min_length=1)
    questions: list[QuestionPart] = Field(default_factory=list)
