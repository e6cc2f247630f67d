"""Validated content files → the frozen values of `model.py`. Nothing can go wrong here: `loader.py` has checked all."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge import schema
from knowledge.model import (
    Ambiguity,
    Certainty,
    Condition,
    Entry,
    Example,
    Figure,
    Gap,
    Milestone,
    MilestoneDate,
    Option,
    Round,
    Source,
    Subject,
    Text,
    Topic,
)


def built_round(head: schema.RoundFile, files: list[schema.SubjectFile]) -> Round:
    """The frozen values of one round, from validated files that are given in the order of SUBJECT_KEYS."""
    return Round(
        year=head.year,
        name=head.name,
        slides=head.slides,
        subjects={file.subject: _subject(file) for file in files},
        topics={
            key: Topic(key, topic.name, topic.attribute, tuple(topic.phrasings)) for key, topic in head.topics.items()
        },
        entries=tuple(entry for file in files for entry in _entries(file)),
        ambiguities=tuple(
            Ambiguity(
                id=part.id,
                phrasings=tuple(part.phrasings),
                ask=part.ask,
                options=tuple(Option(option.label, option.question) for option in part.options),
                subject=part.subject,
                attribute=part.attribute,
            )
            for part in head.ambiguities
        ),
    )


def _subject(file: schema.SubjectFile) -> Subject:
    return Subject(
        key=file.subject,
        name=file.name,
        label=file.label,
        parent=file.parent,
        english=file.english,
        aliases=tuple(file.aliases),
        old_names=tuple(file.old_names),
        cues=tuple(file.cues),
    )


def _entries(file: schema.SubjectFile) -> Iterator[Entry]:
    """The entries of one subject: texts, conditions, examples, gaps, milestones, each in file order."""

    def shared(part: schema.EntryPart, attribute: str) -> dict[str, Any]:
        return {
            "id": part.id,
            "subject": file.subject,
            "attribute": attribute,
            "source": _source(part.source),
            "certainty": Certainty(part.certainty),
            "caution": part.caution,
            "topic": part.topic,
            "phrasings": tuple(part.phrasings),
            "published": part.published,
        }

    for text in file.texts:
        yield Text(
            **shared(text, text.attribute),
            gist=text.gist,
            text=text.text,
            items=tuple(text.items),
            numbered=text.numbered,
        )
    for condition in file.conditions:
        yield Condition(
            **shared(condition, "conditions"),
            label=condition.label,
            text=condition.text,
            other_rounds=condition.other_rounds or "",
        )
    for example in file.examples:
        yield Example(
            **shared(example, "examples"),
            title=example.title,
            label=example.label,
            agency=example.agency,
            year=example.year,
            level=example.level,
            summary=example.summary,
            aliases=tuple(example.aliases),
            figures=tuple(_figure(figure) for figure in example.figures),
        )
    for gap in file.gaps:
        yield Gap(**shared(gap, gap.attribute), text=gap.text, question=gap.question)
    for step in file.milestones:
        yield Milestone(
            **shared(step, "deadline"),
            kind=step.kind,
            name=step.name,
            date=MilestoneDate(step.date.year, step.date.month, step.date.day) if step.date else None,
            place=step.place,
            note=step.note,
        )


def _figure(figure: schema.FigurePart) -> Figure:
    return Figure(
        id=figure.id,
        label=figure.label,
        text=figure.text,
        source=_source(figure.source),
        phrasings=tuple(figure.phrasings),
        certainty=Certainty(figure.certainty),
        caution=figure.caution,
    )


def _source(source: schema.SourcePart) -> Source:
    return Source(source.lines, tuple(source.urls))
