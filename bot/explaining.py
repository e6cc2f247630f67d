"""Why a question was answered as it was: every step of understanding with its scores, as text for a person."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict
from typing import Any

from bot.assistant import Asked, Session
from bot.flex import plain
from bot.now import BANGKOK
from intents.learnt import Learnt, Logistic
from intents.match import Match, Reading
from intents.matcher import Matcher
from intents.understanding import Understanding

_MOST = 5


def explained(session: Session, asked: Asked) -> str:
    """The steps from the text to the answer, one after the other."""
    # A turn that needed no understanding (a tap, a control of the quiz) is explained all the same.
    services = session.services
    year = asked.answers[0].year if asked.answers else None
    round_ = services.knowledge.round_for(year or services.knowledge.newest.year) or services.knowledge.newest
    matcher = services.matchers.get(round_.year, services.matchers[services.knowledge.newest.year])
    today = services.now().astimezone(BANGKOK).date()
    match = asked.match or matcher.match(asked.question, today=today)
    found = match.understanding
    told = matcher.facts.find(asked.question, today, round_.year)
    lines = [
        *_text(match, found),
        *_named(found),
        *_asked(found, matcher),
        *_subjects(match),
        *_readings(match.readings),
        *_decision(match, found, matcher.learnt),
        *_section("facts told", (f"{fact.fact} = {fact.value!r}   “{fact.words}”" for fact in told)),
        f"answered by   {asked.handler}, {asked.milliseconds:.1f} ms",
        *(
            f"{'answer':14}{a.status} {'|'.join(a.subjects) or '–'} {a.attribute} {a.confidence:.3f}"
            for a in asked.answers
        ),
        "",
        plain(asked.answers),
    ]
    return "\n".join(lines)


def _section(title: str, lines: Iterator[str]) -> Iterator[str]:
    for number, line in enumerate(lines):
        yield f"{title if number == 0 else '':14}{line}"


def _best(scores: Mapping[str, float]) -> Iterator[str]:
    ranked = sorted(scores.items(), key=lambda item: -item[1])
    return (f"{score:.3f}  {key}" for key, score in ranked[:_MOST] if score >= 0.005)


def _text(match: Match, found: Understanding) -> Iterator[str]:
    yield f"{'question':14}{match.question}"
    yield f"{'normalised':14}{found.text}"
    yield f"{'as ranked':14}{found.asked}"
    yield f"{'words':14}{' | '.join(found.words)}"


def _named(found: Understanding) -> Iterator[str]:
    for title, mentions in (("names", found.names), ("words of work", found.cues), ("denied", found.denied)):
        yield from _section(
            title,
            (
                f"{m.score:.2f}  “{found.text[m.start : m.end]}” → {'|'.join(m.name.subjects)} ({m.name.kind})"
                for m in mentions
            ),
        )
    yield from _section("years", (f"{year.year} as {year.role}" for year in found.years))
    if found.stranger:
        yield f"{'stranger':14}names another award or scheme"
    leans = [name for name, value in asdict(found.reference).items() if value not in (False, None, ())]
    if leans:
        yield f"{'leans':14}{', '.join(leans)}"


def _asked(found: Understanding, matcher: Matcher) -> Iterator[str]:
    yield from _section("attributes", _best(found.attributes))
    yield from _section("topics", _best(found.topics))
    yield from _section("told by words", _best(found.told))
    yield from _section("commands", _best(found.commands))
    yield from _section(
        "nearest", (f"{p:.3f}  {row.text}   [{row.label}]" for row, p in matcher.corpus.nearest(found.asked, _MOST))
    )
    yield from _section("content", _best(found.likeness))


def _subjects(match: Match) -> Iterator[str]:
    finding = match.finding
    choices = ((f"{belief:.3f}  {'|'.join(subjects)}") for subjects, belief in finding.alternatives[:_MOST])
    yield f"{'subjects by':14}{finding.by}"
    yield from _section("", choices)


def _readings(readings: tuple[Reading, ...]) -> Iterator[str]:
    def shown(reading: Reading) -> str:
        narrowed = [
            f"{name} {value}"
            for name, value in (("topic", reading.topic), ("entry", reading.entry), ("figure", reading.figure))
            if value
        ]
        also = [f"beside it {', '.join(reading.also)}"] if reading.also else []
        parts = ["|".join(reading.subjects) or "–", reading.attribute, *narrowed, *also]
        return f"{reading.confidence:.3f}  {'  '.join(parts)}"

    return _section("readings", (shown(reading) for reading in readings))


def _decision(match: Match, found: Understanding, learnt: Learnt) -> Iterator[str]:
    strangeness = learnt.strangeness.probability(found.signs)
    yield f"{'strangeness':14}{strangeness:.3f}  refused above {learnt.strange_from:.3f} when nothing of ours is named"
    yield from _section("", _weighed(found.signs, learnt.strangeness))
    if found.ambiguity:
        key, likeness = found.ambiguity
        yield f"{'ambiguous':14}{likeness:.3f}  {key}, asked back from {learnt.ambiguous_from:.3f} on"
    if match.certainty:
        yield f"{'certainty':14}{learnt.certainty.probability(match.certainty):.3f}"
        yield from _section("", _weighed(match.certainty, learnt.certainty))
        yield (
            f"{'thresholds':14}answered from {learnt.answer_from:.3f} ({learnt.answer_named_from:.3f} of a certain"
            f" subject), asked back from {learnt.ask_back_from:.3f}, of confidence {match.certainty.confidence:.3f}"
        )
    yield f"{'decision':14}{match.decision}{f' ({match.reason})' if match.reason else ''}"


def _weighed(signs: Any, logistic: Logistic) -> Iterator[str]:
    values = asdict(signs)
    return (
        f"{weight * float(values[name]):+.3f}  {name} {float(values[name]):.3f} × {weight:+.3f}"
        for name, weight in logistic.weights.items()
    )
