"""Validated content files → the frozen values of `model.py`.

Nothing can go wrong here but a limit that a text names and no rule has (templates.py): `loader.py` has checked the rest.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from knowledge import fact_schema, schema
from knowledge.facts import Choice, Fact
from knowledge.milestone_schema import DatePart
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
    QuizAnswer,
    QuizQuestion,
    Round,
    Source,
    Subject,
    Text,
    Topic,
)
from knowledge.rule_schema import rule_of
from knowledge.schema_parts import EntryPart, SourcePart


def built_facts(file: fact_schema.FactFile) -> dict[str, Fact]:
    """The Facts of one round by name."""
    return {
        name: Fact(
            name=name,
            type=part.type,
            label=part.label,
            unit=part.unit,
            parent=part.parent,
            choices=tuple(Choice(choice.value, choice.label) for choice in part.choices),
            least=part.least,
            most=part.most,
        )
        for name, part in file.facts.items()
    }


def built_questions(file: fact_schema.FactFile) -> tuple[QuizQuestion, ...]:
    """The quiz's questions as written."""
    return tuple(
        QuizQuestion(
            id=part.id,
            ask=part.ask,
            facts=tuple(part.facts),
            answers=tuple(QuizAnswer(a.label, a.facts, a.more, tuple(a.also)) for a in part.answers),
            hint=part.hint,
            several=part.several,
            one_tap=part.one_tap,
            otherwise=part.otherwise,
        )
        for part in file.questions
    )


def built_round(head: schema.RoundFile, files: list[schema.SubjectFile], questions: fact_schema.FactFile) -> Round:
    """The frozen values of one round as written, from validated files in the order of SUBJECT_KEYS."""
    facts = built_facts(questions)
    return Round(
        year=head.year,
        name=head.name,
        slides=head.slides,
        asked=head.year,
        facts=facts,
        questions=built_questions(questions),
        subjects={file.subject: _subject(file, facts) for file in files},
        topics={
            key: Topic(key, topic.name, topic.attribute, tuple(topic.phrasings)) for key, topic in head.topics.items()
        },
        entries=tuple(entry for file in files for entry in entries_of(file, facts)),
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


def _subject(file: schema.SubjectFile, facts: dict[str, Fact]) -> Subject:
    return Subject(
        key=file.subject,
        name=file.name,
        label=file.label,
        parent=file.parent,
        english=file.english,
        aliases=tuple(file.aliases),
        old_names=tuple(file.old_names),
        cues=tuple(file.cues),
        kinds=dict(file.kinds),
        scope=_scope(file.subject, file.scope, facts) if file.scope else None,
    )


def _scope(subject: str, part: schema.ScopePart, facts: dict[str, Fact]) -> Condition:
    return Condition(
        id=f"{subject}.scope",
        subject=subject,
        attribute="conditions",
        source=_source(part.source),
        certainty=Certainty(part.certainty),
        caution=part.caution,
        label=part.label,
        text=part.text,
        essential=True,
        rule=rule_of(part.rule, facts),
    )


def entries_of(file: schema.SubjectFile, facts: dict[str, Fact]) -> Iterator[Entry]:
    """The entries of one subject: texts, conditions, examples, gaps, milestones, each in file order."""

    def shared(part: EntryPart, attribute: str) -> dict[str, Any]:
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
            rule=None if text.rule is None else rule_of(text.rule, facts),
        )
    for condition in file.conditions:
        yield Condition(
            **shared(condition, "conditions"),
            label=condition.label,
            text=condition.text,
            other_rounds=condition.other_rounds or "",
            kind=condition.kind or "",
            essential=condition.essential,
            rule=None if condition.rule is None else rule_of(condition.rule, facts),
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
            date=_date(step.date),
            until=_date(step.until),
            time=step.time,
            subjects=tuple(dict.fromkeys(step.subjects)) or (file.subject,),
            place=step.place,
            link=step.link,
            note=step.note,
            cancelled=step.cancelled,
        )


def _date(part: DatePart | None) -> MilestoneDate | None:
    return MilestoneDate(part.year, part.month, part.day) if part else None


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


def _source(source: SourcePart) -> Source:
    return Source(source.lines, tuple(source.urls))
