"""The shape of a milestone, and what is wrong with dates: each mistake says why, and what to write instead."""

from __future__ import annotations

from calendar import monthrange
from datetime import date
from typing import Annotated, Any

import regex
from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from knowledge.model import ERA, MILESTONE_KINDS
from knowledge.schema_parts import (
    FIRST_YEAR,
    BuddhistYear,
    EntryPart,
    Part,
    Said,
    SourcePart,
    SubjectKey,
    check_url,
    mistake,
    one_of,
)

_TIME = regex.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


def _check_month(value: int) -> int:
    if not 1 <= value <= 12:
        raise mistake(f"there is no month {value}", "use a month from 1 to 12")
    return value


def _check_link(value: str) -> str:
    return check_url(value) if value else value


class DatePart(Part):
    year: BuddhistYear
    month: Annotated[int, AfterValidator(_check_month)]
    day: int | None = None

    @model_validator(mode="before")
    @classmethod
    def _in_keys(cls, value: Any) -> Any:
        if isinstance(value, date):  # YAML makes one of a bare 2569-03-31
            year = value.year if value.year >= FIRST_YEAR else value.year + ERA
            fix = f"write {{year: {year}, month: {value.month}, day: {value.day}}}"
            raise mistake(f"the date is written as {value.isoformat()[:10]}, not in keys", fix)
        return value

    @field_validator("day")
    @classmethod
    def _exists(cls, day: int | None, info: ValidationInfo) -> int | None:
        year, month = info.data.get("year"), info.data.get("month")
        if day is not None and year and month:
            last = monthrange(year - ERA, month)[1]
            if not 1 <= day <= last:
                problem = f"month {month} of {year} has no day {day}, its last is {last}"
                raise mistake(problem, "correct the day or leave it out")
        return day

    def __str__(self) -> str:
        return "/".join(str(part) for part in (self.day, self.month, self.year) if part)

    def earliest(self) -> date:
        """The Gregorian day, or the first of the month."""
        return date(self.year - ERA, self.month, self.day or 1)

    def latest(self) -> date:
        """The Gregorian day, or the last of the month."""
        return date(self.year - ERA, self.month, self.day or monthrange(self.year - ERA, self.month)[1])


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
                raise mistake("it has a date and no source", fix)
        return day

    @field_validator("until")
    @classmethod
    def _is_a_span(cls, until: DatePart | None, info: ValidationInfo) -> DatePart | None:
        first = info.data.get("date")
        if until is None or "date" not in info.data:
            return until
        if first is None:
            raise mistake("the span has a last day and no first", "give 'date', its first day, or take 'until' out")
        if first.day is None or until.day is None:
            raise mistake("the span runs over months, not days", "give a day in 'date' and in 'until'")
        if until.latest() < first.earliest():
            raise mistake(
                f"the span runs backwards: from {first} to {until}",
                "write the first day in 'date' and the last in 'until'",
            )
        return until

    @field_validator("time", mode="before")
    @classmethod
    def _is_a_time(cls, time: Any, info: ValidationInfo) -> Any:
        if isinstance(time, int) and not isinstance(time, bool):  # YAML reads a bare 16:30 as minutes
            hours, minutes = divmod(time, 60)
            clock = f"{hours:02}:{minutes:02}" if 0 <= hours < 24 else "16:30"
            raise mistake(f"the time was read as the number {time}", f'write it in quotes: time: "{clock}"')
        if not isinstance(time, str) or not time.strip():
            return time
        if not _TIME.fullmatch(time.strip()):
            raise mistake(f"'{time}' is not a time of day", 'write it like "09:00" or "16:30", from "00:00" to "23:59"')
        if "date" in info.data and (info.data["date"] is None or info.data["date"].day is None):
            raise mistake(f"it has the time {time} and no day", "give the day in 'date', or take 'time' out")
        return time
