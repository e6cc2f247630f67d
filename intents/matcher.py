"""Understands a question: text and what was said before in, ranked readings and a decision out.

`fit` compiles one round's knowledge and the phrasebook; `Matcher.match` is pure and safe to share between threads.
A reading joins two independent findings: which subjects (named, pointed to by an example or a condition, or carried
over) and what is asked of them (ranked by the linear model), narrowed by the likeness to the content's own phrasings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
from scipy import sparse

from intents.entities import Gazetteer, Mention, YearMention, strangers_pattern, years
from intents.match import Context, Match, Reading
from intents.normalize import clean, plain
from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, Phrasebook, Phrasing, augmented, label_of, phrasings
from intents.ranking import Ranker
from intents.references import Reference, reference
from intents.subjects import Finding, find_subjects
from intents.tokenize import Tokenizer
from knowledge.model import Entry, Round

# Learnt on the tune set (docs/decisions/): below the first a question is asked back, below the second refused.
ANSWER_FROM = 0.34
ASK_BACK_FROM = 0.16
# An entry is picked for itself from this likeness (0 to 1) on; below it the whole attribute is answered.
ENTRY_FROM = 0.52
# A text with fewer known letter groups than this is no question about anything here.
KNOWN_FROM = 0.45


@dataclass(frozen=True)
class Understanding:
    """Everything found in one question, for the decision and for people who ask why."""

    text: str
    marked: str
    words: tuple[str, ...]
    names: tuple[Mention, ...]
    cues: tuple[Mention, ...]
    years: tuple[YearMention, ...]
    reference: Reference
    attributes: dict[str, float]
    topics: dict[str, float]
    commands: dict[str, float]
    entries: dict[str, float]
    figures: dict[str, float]
    stranger: bool
    known: float


class Matcher:
    """One round's compiled knowledge. `words` of the domain join the dictionary of the tokenizer."""

    def __init__(self, round_: Round, book: Phrasebook) -> None:
        self.round = round_
        self.book = book
        self.gazetteer = Gazetteer(round_)
        self._strangers = strangers_pattern(book.strangers)
        self.tokenizer = Tokenizer(_domain_words(round_))
        rows = [replace(row, text=self._marked(row.text)) for row in phrasings(round_, book)]
        training = list(augmented(rows))
        self.ranker = Ranker([text for text, _ in training], [label for _, label in training], self.tokenizer.words)
        self._entry_of = {entry.id: entry for entry in round_.entries}
        self._asked = [row for row in rows if row.entry is not None]
        self._asked_vectors: sparse.csr_matrix = self.ranker.vectors([row.text for row in self._asked])
        self._ambiguous = [
            (ambiguity, self.ranker.vectors([plain(clean(text)) for text in ambiguity.phrasings]))
            for ambiguity in round_.ambiguities
        ]

    def _marked(self, text: str) -> str:
        names, _ = self.gazetteer.mentions(text, self._boundaries(text))
        return mark(text, names)

    def _boundaries(self, text: str) -> frozenset[int]:
        places, at = {0}, 0
        for token in self.tokenizer.words(text):
            start = text.find(token, at)
            at = start + len(token)
            places |= {start, at}
        return frozenset(places)

    def understand(self, question: str, today: date) -> Understanding:
        """What stands in the question itself, without any context. `today` is in Asia/Bangkok."""
        text = plain(clean(question, self.tokenizer.coverage))
        names, cues = self.gazetteer.mentions(text, self._boundaries(text))
        marked = mark(text, names)
        vector = self.ranker.vector(marked)
        ranking = self.ranker.rank(vector)
        attributes: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = defaultdict(float)
        commands: dict[str, float] = defaultdict(float)
        for label, probability in zip(ranking.labels, ranking.probabilities, strict=True):
            if label.startswith("!"):
                commands[label[1:]] += probability
                attributes[self.book.commands[label[1:]].attribute] += probability
            else:
                attribute, _, topic = label.partition(":")
                attributes[attribute] += probability
                if topic:
                    topics[topic] += probability
        entries, figures = self._likeness(vector)
        return Understanding(
            text=text,
            marked=marked,
            words=tuple(self.tokenizer.words(marked)),
            names=tuple(names),
            cues=tuple(cues),
            years=tuple(years(text, today.year + 543, today.month)),
            reference=reference(marked),
            attributes=dict(attributes),
            topics=dict(topics),
            commands=dict(commands),
            entries=entries,
            figures=figures,
            stranger=bool(self._strangers.search(text)),
            known=self.ranker.known(marked),
        )

    def _likeness(self, vector: sparse.csr_matrix) -> tuple[dict[str, float], dict[str, float]]:
        """Cosine (0 to 1) to the nearest phrasing of each entry and figure."""
        cosines = np.asarray((self._asked_vectors @ vector.T).todense()).ravel() / 3
        entries: dict[str, float] = defaultdict(float)
        figures: dict[str, float] = defaultdict(float)
        for row, cosine in zip(self._asked, cosines, strict=True):
            entry, value = str(row.entry), float(cosine)
            entries[entry] = max(entries[entry], value)
            if row.figure:
                figures[row.figure] = max(figures[row.figure], value)
        return dict(entries), dict(figures)

    def match(self, question: str, context: Context | None = None, today: date | None = None) -> Match:
        """Read `question` in its context. Never raises on any text; nothing readable is refused as "unclear"."""
        context = context or Context()
        found = self.understand(question, today or date.today())
        year = _round_asked(found, context, self.round.year)
        finding = find_subjects(self.round, found, context)
        readings = self._readings(found, finding, context)
        match = Match(
            question=question,
            normalized=found.text,
            readings=tuple(readings[:5]),
            decision="answer",
            year=year,
            command=self._command(found, readings),
            steps={"understanding": found, "subjects": finding},
        )
        return self._decide(match, found, finding, context)

    def _command(self, found: Understanding, readings: list[Reading]) -> str | None:
        attribute = readings[0].attribute
        keys = [key for key in found.commands if self.book.commands[key].attribute == attribute]
        best = max(keys, key=lambda key: found.commands[key], default=None)
        if best is None or attribute not in ("smalltalk", "quiz", "reminder", "contact"):
            return None
        others = max(
            (p for label, p in found.topics.items() if self.round.topics[label].attribute == attribute), default=0
        )
        return best if found.commands[best] >= others else None

    def _readings(self, found: Understanding, finding: Finding, context: Context) -> list[Reading]:
        attributes = self._attributes(found, finding, context)
        readings = []
        for subjects, belief in finding.alternatives:
            for attribute, probability in sorted(attributes.items(), key=lambda item: -item[1])[:4]:
                own_subjects = () if attribute in ("smalltalk", OUT_OF_SCOPE) else subjects
                reading = Reading(own_subjects, attribute, belief * probability)
                readings.append(self._narrow(reading, found, finding, context))
        readings.sort(key=lambda reading: -reading.confidence)
        return readings

    def _attributes(self, found: Understanding, finding: Finding, context: Context) -> dict[str, float]:
        """P(attribute), with what the named things and the turn before say about it."""
        scores = dict(found.attributes)
        leaning = found.reference
        if finding.example and max(scores, key=lambda key: scores[key]) not in ("comparison", "documents"):
            scores["examples"] = scores.get("examples", 0.0) + 1.0
        if len(finding.named) >= 2 and scores.get("comparison", 0.0) > 0.15:
            scores["comparison"] += 0.5
        if leaning.bare and (found.names or leaning.ordinal is not None or leaning.both):
            carried = context.attribute if context.attribute and context.subjects else None
            scores = {
                carried or "definition": 1.0,
                **{key: value * 0.1 for key, value in scores.items() if key != carried},
            }
            if carried:
                scores.pop("definition", None)
        if found.names:
            for key in (OUT_OF_SCOPE, "smalltalk"):
                scores[key] = scores.get(key, 0.0) * 0.3
        # What is described without a category's name asks for one.
        if finding.by == "cue" and scores.get("conditions", 0.0) + scores.get("recommend", 0.0) > 0.5:
            scores["recommend"] = scores.get("recommend", 0.0) + 0.5 * scores.get("conditions", 0.0)
            scores["conditions"] = 0.5 * scores.get("conditions", 0.0)
        total = sum(scores.values())
        return {key: value / total for key, value in scores.items()}

    def _narrow(self, reading: Reading, found: Understanding, finding: Finding, context: Context) -> Reading:
        """The one entry, figure or topic that was asked for, if one stands out."""
        carried = context.topic if found.reference.bare and reading.attribute == context.attribute else None
        best: tuple[float, Entry | None] = (0.0, None)
        for entry in self.round.entries:
            if not entry.published or entry.attribute != reading.attribute or entry.subject not in reading.subjects:
                continue
            score = found.entries.get(entry.id, 0.0)
            if entry.topic:
                score = max(
                    score, min(1.0, found.topics.get(entry.topic, 0.0) * 1.1), 0.99 if entry.topic == carried else 0.0
                )
            if entry.id in finding.examples:
                score += 1.0
            if score > best[0]:
                best = (score, entry)
        entry = best[1] if best[0] >= ENTRY_FROM else None
        topics = {t: p for t, p in found.topics.items() if self.round.topics[t].attribute == reading.attribute}
        topic = max(topics, key=lambda t: topics[t]) if topics and max(topics.values()) >= 0.35 else carried
        if entry is not None and entry.topic is not None:
            topic = entry.topic
        figure = None
        if reading.attribute == "examples":
            figure = self._figure(found, entry, context)
        return replace(reading, topic=topic, entry=entry.id if entry else None, figure=figure)

    def _figure(self, found: Understanding, entry: Entry | None, context: Context) -> str | None:
        works = {entry.id} if entry else ({context.entry} if context.entry else set())
        rows = {row.figure for row in self._asked if row.figure and (not works or row.entry in works)}
        best = max(rows, key=lambda figure: found.figures.get(str(figure), 0.0), default=None)
        return best if best and found.figures.get(best, 0.0) >= (0.3 if works else 0.5) else None

    def _decide(self, match: Match, found: Understanding, finding: Finding, context: Context) -> Match:
        best = match.best
        if not found.text or (found.known < KNOWN_FROM and not found.names):
            return replace(match, decision="refuse", reason="unclear")
        if found.stranger and not found.names:
            return replace(match, decision="refuse", reason=OUT_OF_SCOPE)
        if best.attribute == OUT_OF_SCOPE:
            return replace(match, decision="refuse", reason=OUT_OF_SCOPE)
        ambiguity = self._ambiguity(found)
        if ambiguity and not (context.subjects and found.reference.follow_up):
            return replace(match, decision="ask_back", ambiguity=ambiguity)
        if best.confidence >= ANSWER_FROM:
            return match
        if best.confidence >= ASK_BACK_FROM or finding.by in ("name", "ambiguous", "example"):
            return replace(match, decision="ask_back")
        return replace(match, decision="refuse", reason="unclear")

    def _ambiguity(self, found: Understanding) -> str | None:
        if found.names:
            return None
        vector = self.ranker.vector(found.marked)
        for ambiguity, phrasing_vectors in self._ambiguous:
            if float((phrasing_vectors @ vector.T).max()) / 3 >= 0.8:
                return ambiguity.id
        return None


def mark(text: str, names: list[Mention]) -> str:
    """`text` with every name replaced by the subject's mark."""
    for mention in reversed(names):
        text = f"{text[: mention.start]} {SUBJECT_MARK} {text[mention.end :]}"
    return " ".join(text.split())


def _domain_words(round_: Round) -> set[str]:
    words: set[str] = set()
    for subject in round_.subjects.values():
        words |= {subject.name, *subject.aliases, *subject.old_names, *subject.cues}
    return {word.lower() for word in words if 2 < len(word) <= 24}


def _round_asked(found: Understanding, context: Context, newest: int) -> int | None:
    """The round that the question is about: named as one, or a lone year that cannot be a work's."""
    for mention in found.years:
        if mention.role == "round":
            return mention.year
    for mention in found.years:
        if mention.role == "other" and mention.year >= newest:
            return mention.year
    return context.year if found.reference.follow_up or found.reference.demonstrative or found.reference.bare else None


def fit(round_: Round, book: Phrasebook) -> Matcher:
    """Compile `round_` and `book` into a Matcher; deterministic."""
    return Matcher(round_, book)


__all__ = ["Matcher", "Phrasing", "Understanding", "fit", "label_of", "mark"]
