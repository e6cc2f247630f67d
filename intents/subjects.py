"""Decides which subjects a question is about: named, pointed to, carried over from the turn before, or none in particular."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import regex

from intents.match import Context
from knowledge.model import SUBJECT_KEYS, Round

if TYPE_CHECKING:
    from intents.matcher import Understanding

# Asked without a name, these are about the scheme as a whole.
_OF_THE_SCHEME = {"deadline", "documents", "apply", "contact", "reminder", "quiz", "recommend", "scoring"}
_WHICH = regex.compile(r"(?:ประเภท|อัน|สาขา|รางวัล|หมวด|ตัว|แบบ|เรื่อง)(?:ไหน|ใด|ใหน|หนาย)|ไหนบ้าง|(?:ประเภท|รางวัล)อะไรบ้าง")
# Likeness (0 to 1) to a piece of content's own phrasing that lets it speak for its subject.
_ENTRY_SPEAKS_FROM = 0.55
_TOPIC_SPEAKS_FROM = 0.4


@dataclass(frozen=True)
class Finding:
    """The subjects found. `alternatives` pairs subject sets with a belief (0 to 1), best first, never empty; `by` is how:
    "name", "ambiguous", "example", "context", "content", "cue" or "default"; `examples` are ids of the works named."""

    alternatives: tuple[tuple[tuple[str, ...], float], ...]
    by: str
    named: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    @property
    def example(self) -> bool:
        """Whether a past work was named."""
        return bool(self.examples)


def find_subjects(round_: Round, found: Understanding, context: Context) -> Finding:
    """The subjects of an understood question; see Finding."""
    examples = tuple(dict.fromkeys(m.name.entry for m in found.names if m.name.kind == "example" and m.name.entry))
    pointed = _pointed_to(found, context)
    if pointed:
        return Finding(((pointed, 1.0),), "context", pointed, examples)
    if found.names:
        return _named(round_, found, context, examples)
    if leans(found, context) and not _content_elsewhere(round_, found, context):
        return Finding(((context.subjects, 0.95),), "context")
    by_content = _by_content(round_, found)
    if by_content:
        return by_content
    by_cue = _by_cue(found)
    if by_cue and _top(found.attributes) not in ("deadline", "documents", "contact", "smalltalk", "out_of_scope"):
        return by_cue
    attribute = _top(found.attributes)
    return Finding(((("awards",), 0.9 if attribute in _OF_THE_SCHEME else 0.6),), "default")


def _top(scores: dict[str, float]) -> str:
    return max(scores, key=lambda key: scores[key], default="")


def _pointed_to(found: Understanding, context: Context) -> tuple[str, ...]:
    """ "The second one", "both": among the subjects that the last message listed."""
    reference = found.reference
    if len(context.offered) > 1 and not found.names:
        if reference.both:
            return context.offered
        if reference.ordinal is not None and reference.ordinal < len(context.offered):
            return (context.offered[reference.ordinal],)
    return ()


def leans(found: Understanding, context: Context) -> bool:
    """Whether a question that names nothing is about what was said before."""
    if not context.subjects:
        return False
    reference = found.reference
    if reference.follow_up or reference.demonstrative or reference.correction or reference.bare:
        return True
    # The calendar, forms and contacts are the scheme's, unless the person points back.
    return _top(found.attributes) not in (*_OF_THE_SCHEME, "smalltalk", "out_of_scope", "recommend")


def _content_elsewhere(round_: Round, found: Understanding, context: Context) -> bool:
    """Whether the question asks for a piece of content that only another subject has."""
    if found.reference.follow_up or found.reference.demonstrative:
        return False
    best = _top(found.entries)
    entry = next((e for e in round_.entries if e.id == best), None)
    if entry is None or found.entries[best] < 0.75 or entry.subject in context.subjects:
        return False
    return not any(e.topic and e.topic == entry.topic and e.subject in context.subjects for e in round_.entries)


def _named(round_: Round, found: Understanding, context: Context, examples: tuple[str, ...]) -> Finding:
    sure: dict[str, float] = {}
    unsure: list[tuple[str, ...]] = []
    for mention in found.names:
        if len(mention.name.subjects) == 1:
            subject = mention.name.subjects[0]
            sure[subject] = max(sure.get(subject, 0.0), mention.score)
        else:
            unsure.append(mention.name.subjects)
    for subjects in unsure:
        # "เลื่องลือ … ขยายผล": the clear name settles the unclear one; so does a branch that was named beside it.
        if any(s in sure or any(parent in sure for parent in _parents(round_, s)) for s in subjects):
            narrowed = [s for s in subjects if any(parent in sure for parent in _parents(round_, s))]
            if len(narrowed) == 1 and not any(s in sure for s in subjects):
                sure[narrowed[0]] = 0.95
            continue
        beliefs = _evidence(round_, found, context, subjects)
        best, second = sorted(beliefs.values(), reverse=True)[:2]
        if best - second < 0.5:
            ranked = sorted(beliefs.items(), key=lambda item: -item[1])
            return Finding(tuple(((subject,), 0.5) for subject, _ in ranked), "ambiguous", (), examples)
        sure[max(beliefs, key=lambda subject: beliefs[subject])] = 0.9
    named = [s for s in sure if not any(s in _parents(round_, other) for other in sure if other != s)]
    works = {m.name.subjects[0] for m in found.names if m.name.kind == "example"}
    if works and set(named) <= works | {"awards"}:
        named = [s for s in named if s != "awards"] or named
    ordered = tuple(sorted(named, key=lambda s: list(sure).index(s)))
    by = "example" if works and set(ordered) <= works else "name"
    # The scheme's name alone says little: what is asked may still point to one subject.
    if ordered == ("awards",):
        content = _by_content(round_, found)
        if content and content.alternatives[0][1] > 0.6:
            return content
    return Finding(((ordered, min(sure[s] for s in ordered)),), by, ordered, examples)


def _parents(round_: Round, key: str) -> tuple[str, ...]:
    return tuple(parent for parent in round_.ancestors(key) if parent != key)


def _evidence(round_: Round, found: Understanding, context: Context, subjects: tuple[str, ...]) -> dict[str, float]:
    """How much else in the question speaks for each of `subjects`; a whole point each for clear signs."""
    beliefs = dict.fromkeys(subjects, 0.0)
    for subject in subjects:
        for cue in found.cues:
            if subject in cue.name.subjects and not all(s in cue.name.subjects for s in subjects):
                beliefs[subject] += 1.0
        if subject in context.subjects:
            beliefs[subject] += 0.8
        topics = {e.topic for e in round_.entries if e.subject == subject and e.topic and e.published}
        others = {e.topic for e in round_.entries if e.subject in subjects and e.subject != subject and e.topic}
        beliefs[subject] += sum(p for topic, p in found.topics.items() if topic in topics - others)
    return beliefs


def _by_content(round_: Round, found: Understanding) -> Finding | None:
    """The subject of the one piece of content that the question asks for, or all that have its topic."""
    attribute = _top(found.attributes)
    if attribute in ("smalltalk", "out_of_scope", "recommend", "quiz", "reminder"):
        return None
    topic = _top(found.topics)
    if topic and found.topics[topic] >= _TOPIC_SPEAKS_FROM:
        having = {e.subject for e in round_.entries if e.topic == topic and e.published}
        subjects = tuple(key for key in SUBJECT_KEYS if key in having)
        if len(subjects) == 1 or (subjects and _WHICH.search(found.text)):
            return Finding(((subjects, min(1.0, found.topics[topic] + 0.3)),), "content")
        if "awards" in subjects:
            return Finding(((("awards",), min(1.0, found.topics[topic] + 0.3)),), "content")
        cued = _by_cue(found)
        if cued and cued.alternatives[0][0][0] in subjects:
            return Finding(cued.alternatives, "content")
        if 1 < len(subjects) <= 3:
            return Finding(((subjects, min(1.0, found.topics[topic] + 0.3)),), "content")
        if subjects:
            return Finding(tuple(((s,), 0.5) for s in subjects), "ambiguous")
    best = _top(found.entries)
    if best and found.entries[best] >= _ENTRY_SPEAKS_FROM:
        entry = next(e for e in round_.entries if e.id == best)
        return Finding((((entry.subject,), found.entries[best]),), "content")
    return None


def _by_cue(found: Understanding) -> Finding | None:
    weights: dict[str, float] = defaultdict(float)
    for cue in found.cues:
        for subject in cue.name.subjects:
            weights[subject] += len(cue.name.text) ** 0.5 / len(cue.name.subjects)
    if not weights:
        return None
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    total = sum(weights.values())
    return Finding(tuple(((subject,), 0.5 + 0.4 * weight / total) for subject, weight in ranked[:3]), "cue")
