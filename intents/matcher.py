"""Understands a question: text and what was said before in, ranked readings and a decision out.

`fit` compiles one round's knowledge and the phrasebook; `Matcher.match` is pure and safe to share between threads.
A reading joins two independent findings: which subjects (named, pointed to by an example or a condition, or carried
over) and what is asked of them (ranked by the linear model), narrowed by the likeness to the content's own phrasings.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
from scipy import sparse

from intents.entities import Gazetteer, strangers_pattern, years
from intents.facts import FactFinder
from intents.fitted import fitted
from intents.match import Context, Match, Reading
from intents.normalize import clean, plain
from intents.phrasebook import OUT_OF_SCOPE, Phrasebook, phrasings
from intents.ranking import CHANNELS, Features, Floats
from intents.references import is_what_if, reference, tells_of_work, without_leaning
from intents.scope import KnownWords, ScopeSigns, asks_to_write
from intents.signs import asks_meaning, attributes_told, denies_next, topics_told
from intents.subjects import Finding, SubjectFinder, compares, top
from intents.tokenize import Tokenizer
from intents.training import mark, own_meaning
from intents.understanding import Understanding
from knowledge.model import Condition, Entry, Example, Gap, Round

# All of these were set by hand, watching the tune set's totals (docs/questions.md); none is calibrated yet.
# Below the first a question is asked back, below the second refused.
ANSWER_FROM = 0.34
ASK_BACK_FROM = 0.16
# Where the subject is certain, a wrong attribute does less harm and shows at once.
ANSWER_NAMED_FROM = 0.24
# A command mistaken is said "no" to in a word.
ANSWER_COMMAND_FROM = 0.2
# An entry is picked for itself from this likeness (0 to 1) on; below it the whole attribute is answered.
ENTRY_FROM = 0.42
TOPIC_WEIGHT = 0.7
LIKENESS_WEIGHT = 0.6
# … or from this share of the probability that the attribute was asked about as a whole.
GENERAL_WEIGHT = 0.6
# Further conditions that a what-if touches ("since 2564, two areas") are told too, from this likeness on.
ALSO_FROM = 0.25
# What may have been meant is told beside the whole attribute, from this likeness on.
BESIDE_FROM = 0.22
# A gap speaks before a condition on the same topic only when it is nearer by this much.
GAP_NEARER_BY = 0.25
# A topic that the subject has nothing on is looked for above it from this probability on.
ELSEWHERE_FROM = 0.6
# Saying that something is not known takes more likeness than saying what is.
GAP_FROM = 0.55
# … and still more where a work was described: then the conditions are what helps.
GAP_WHAT_IF_FROM = 0.8
# A question as near as this (cosine, 0 to 1) to one that is ambiguous by itself is asked back.
AMBIGUOUS_FROM = 0.8
# More strangeness (probability, 0 to 1) than this puts a question that names nothing of ours out of scope.
STRANGE_FROM = 0.4
# With less of its weight in known words (0 to 1), a refused text is not understood rather than out of scope.
UNKNOWN_WORDS_TO = 0.1
# What a question that leans on the turn before adds to the attribute that was talked about.
CARRIED_ATTRIBUTE = 0.4
# A topic as probable as this is the point in which several subjects are asked about.
POINT_FROM = 0.4
# What a word that leaves no doubt adds to its attribute's probability.
TELLING_WORD = 0.4


class Matcher:
    """One round's compiled knowledge. `words` of the domain join the dictionary of the tokenizer."""

    def __init__(self, round_: Round, book: Phrasebook, kept: Path | None = None) -> None:
        self.round = round_
        self.book = book
        self.gazetteer = Gazetteer(round_)
        self._strangers = strangers_pattern(book.strangers)
        self.tokenizer = Tokenizer(self.gazetteer.words)
        self.facts = FactFinder(self.gazetteer, self.tokenizer)
        self._finder = SubjectFinder(round_, self.gazetteer.shared)
        rows = own_meaning([replace(row, text=self._marked(row.text)) for row in phrasings(round_, book)])
        self.features = Features([row.text for row in rows], self.tokenizer.words)
        rows, self.ranker = fitted(rows, self.features, kept)
        self._entries = {entry.id: entry for entry in round_.entries}
        self._of: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in round_.entries:
            if entry.published:
                self._of[entry.subject, entry.attribute].append(entry)
        self._figures_of = {e.id: [f.id for f in e.figures] for e in round_.entries if isinstance(e, Example)}
        self._known = KnownWords(rows, self.tokenizer.words)
        self._strange = np.array([row.label == OUT_OF_SCOPE for row in rows])
        self._telling = np.array(
            [place for place, row in enumerate(rows) if row.entry and not reference(row.text).bare]
        )
        self._asked = [rows[place] for place in self._telling]
        self._asked_keys = tuple(dict.fromkeys(key for row in self._asked for key in (row.entry, row.figure) if key))
        places = {key: place for place, key in enumerate(self._asked_keys)}
        self._entry_places = np.array([places[str(row.entry)] for row in self._asked])
        self._figure_places = np.array([places[row.figure or str(row.entry)] for row in self._asked])
        self._ambiguous = [
            (ambiguity, self.features.of([plain(clean(text)) for text in ambiguity.phrasings]))
            for ambiguity in round_.ambiguities
        ]

    def _marked(self, text: str) -> str:
        # The content's own phrasings are spelt right, or wrong on purpose.
        names, _ = self.gazetteer.mentions(text, self._boundaries(text), misspelt=False)
        return mark(text, names, years(text, 0, 0))

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
        strangers = [(match.start(), match.end()) for match in self._strangers.finditer(text)]
        cues = [m for m in cues if not denies_next(text[: m.start])]
        denied = tuple(m for m in names if denies_next(text[: m.start]))
        names = [m for m in names if m not in denied]
        names = [m for m in names if not any(start <= m.start and m.end <= end for start, end in strangers)]
        named_years = years(text, today.year + 543, today.month)
        marked = mark(text, names, named_years)
        vector = self.features.of_one(without_leaning(marked))
        ranking = self.ranker.rank(vector)
        attributes: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = defaultdict(float)
        commands: dict[str, float] = defaultdict(float)
        general: dict[str, float] = {}
        for label, probability in zip(ranking.labels, ranking.probabilities, strict=True):
            if label.startswith("!"):
                commands[label[1:]] += probability
                attributes[self.book.commands[label[1:]].attribute] += probability
            else:
                attribute, _, topic = label.partition(":")
                attributes[attribute] += probability
                if not topic:
                    general[attribute] = probability
                if topic:
                    topics[topic] += probability
        told: dict[str, float] = {}
        for topic, belief in topics_told(text, named_years):
            told[topic] = max(told.get(topic, 0.0), belief)
        cosines = self.features.likeness(vector)
        signs = ScopeSigns(
            stranger_probability=attributes[OUT_OF_SCOPE],
            likeness_to_ours=float(cosines[~self._strange].max()),
            likeness_to_strangers=float(cosines[self._strange].max()),
            known_words=self._known.share(marked),
            cues=min(len(cues), 2),
            smalltalk_probability=attributes["smalltalk"],
        )
        return Understanding(
            text=text,
            marked=marked,
            words=tuple(self.tokenizer.words(marked)),
            names=tuple(names),
            cues=tuple(cues),
            denied=denied,
            years=tuple(named_years),
            reference=reference(marked),
            attributes=dict(attributes),
            topics=dict(topics),
            told=told,
            commands=dict(commands),
            general=general,
            likeness=self._likeness(cosines[self._telling]),
            ambiguity=self._ambiguity(vector) if not names else None,
            stranger=bool(strangers),
            strangeness=signs.strangeness(),
            known_words=signs.known_words,
        )

    def _likeness(self, cosines: Floats) -> dict[str, float]:
        """Cosine (0 to 1) to the nearest phrasing of each entry and each figure that has any likeness at all."""
        best = np.zeros(len(self._asked_keys))
        np.maximum.at(best, self._entry_places, cosines)
        np.maximum.at(best, self._figure_places, cosines)
        return {self._asked_keys[place]: float(best[place]) for place in np.flatnonzero(best > 0.2)}

    def match(self, question: str, context: Context | None = None, today: date | None = None) -> Match:
        """Read `question` in its context. Never raises on any text; nothing readable is refused as "unclear"."""
        context = context or Context()
        found = self.understand(question, today or date.today())
        year = _round_asked(found, context, self.round.year)
        finding = self._finder.find(found, context)
        readings = self._readings(found, finding, context)
        match = Match(
            question=question,
            normalized=found.text,
            readings=tuple(readings[:5]),
            decision="answer",
            year=year,
            years=tuple(mention.year for mention in found.years if mention.role == "other"),
            command=self._command(found, readings),
            unnamed=finding.by == "nothing",
            steps={"understanding": found, "subjects": finding},
        )
        return self._decide(match, found, finding, context)

    def _command(self, found: Understanding, readings: list[Reading]) -> str | None:
        attribute = readings[0].attribute
        keys = [key for key in found.commands if self.book.commands[key].attribute == attribute]
        best = max(keys, key=found.commands.__getitem__, default=None)
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
        if finding.example and top(scores) not in ("comparison", "documents"):
            scores["examples"] = scores.get("examples", 0.0) + 1.0
        if compares(found):
            scores["comparison"] = scores.get("comparison", 0.0) + 0.5
        if leaning.bare and (found.names or leaning.ordinal is not None or leaning.both):
            # After a finished answer a bare name starts anew; after the assistant's own question it answers that.
            if finding.example:
                return {"examples": 1.0}
            carries = leaning.follow_up or leaning.correction or leaning.ordinal is not None or not context.subjects
            return {(context.attribute if carries and context.attribute else "definition"): 1.0}
        if finding.by == "context" and context.attribute in scores and leaning.follow_up:
            scores[context.attribute] += CARRIED_ATTRIBUTE * (1 - max(scores.values()))
        if found.names:
            for key in (OUT_OF_SCOPE, "smalltalk"):
                scores[key] = scores.get(key, 0.0) * 0.3
        if not compares(found) and len(finding.named) > 1 and found.topics.get(top(found.topics), 0.0) >= POINT_FROM:
            # "Which of the two must …?" asks for that one point of both.
            point = self.round.topics[top(found.topics)].attribute
            scores[point] = scores.get(point, 0.0) + 0.5
        for attribute in attributes_told(found.text):
            scores[attribute] = scores.get(attribute, 0.0) + TELLING_WORD
        # What is described without a category's name asks for one.
        what_if = is_what_if(found.text) and tells_of_work(found.text)
        if (finding.by == "cue" or (finding.by == "content" and what_if)) and scores.get(
            "conditions", 0.0
        ) + scores.get("recommend", 0.0) > 0.5:
            moved = (0.8 if what_if else 0.5) * scores.get("conditions", 0.0)
            scores["recommend"] = scores.get("recommend", 0.0) + moved
            scores["conditions"] = scores.get("conditions", 0.0) - moved
        total = sum(scores.values())
        return {key: value / total for key, value in scores.items()}

    def _narrow(self, reading: Reading, found: Understanding, finding: Finding, context: Context) -> Reading:
        """The one entry, figure or topic that was asked for, if one stands out."""
        carries = found.reference.bare and reading.attribute == context.attribute
        carried = context.topic if carries else None
        believed = {t: max(found.topics.get(t, 0.0), found.told.get(t, 0.0)) for t in {**found.topics, **found.told}}
        topics = {t: p for t, p in believed.items() if self.round.topics[t].attribute == reading.attribute}
        topic = top(topics) if topics and max(topics.values()) >= 0.35 else carried
        if topic and topics.get(topic, 0.0) < ELSEWHERE_FROM and reading.attribute == "definition" and topic != carried:
            # What a subject is, is told by itself before a point of what it belongs to is.
            own = any(e.topic == topic for s in reading.subjects for e in self._of[s, reading.attribute])
            topic = topic if own else carried
        if topic and topic != carried and found.topics.get(topic, 0.0) < ELSEWHERE_FROM and topic in found.told:
            # A unit alone does not make a subject answer for a point that it does not have.
            held = any(e.topic == topic for s in reading.subjects for e in self._of[s, reading.attribute])
            topic = topic if held else None
        entries: list[tuple[float, Entry]] = []
        for subject in reading.subjects:
            for entry in self._of[subject, reading.attribute]:
                score = found.likeness.get(entry.id, 0.0)
                if entry.topic:
                    # Of the entries on one topic, the likeness to their own phrasings decides.
                    probability = 0.99 if entry.topic == carried else believed.get(entry.topic, 0.0)
                    score = TOPIC_WEIGHT * probability + LIKENESS_WEIGHT * score
                if entry.id in finding.examples:
                    score += 1.0
                entries.append((score, entry))
        entries.sort(key=lambda item: -item[0])
        meaning = asks_meaning(found.text)
        if not meaning:
            entries = _conditions_first(entries, found)
        enough = max(ENTRY_FROM, GENERAL_WEIGHT * found.general.get(reading.attribute, 0.0))
        what_if = reading.attribute == "conditions" and is_what_if(found.text)
        if entries and isinstance(entries[0][1], Gap):
            described = what_if and tells_of_work(found.text)
            enough = enough if meaning else max(enough, GAP_WHAT_IF_FROM if described else GAP_FROM)
        best = entries[0][1] if entries and entries[0][0] >= enough and len(reading.subjects) == 1 else None
        also: tuple[str, ...] = ()
        if isinstance(best, Condition):
            near = [e for score, e in entries[1:4] if score >= max(ALSO_FROM, 0.4 * entries[0][0])]
            also = tuple(e.id for e in near if isinstance(e, Condition))
        if best is None and entries and len(reading.subjects) == 1 and entries[0][0] >= BESIDE_FROM:
            # Not sure enough to stand alone, but worth telling beside the whole.
            also = (entries[0][1].id,)
        if best is not None and best.topic is not None:
            topic = best.topic
        figure = None
        if reading.attribute == "examples":
            figures = self._figures(found, best, context)
            figure, also = (figures[0], figures[1:]) if figures else (None, ())
        chosen = best.id if best else None
        return replace(reading, topic=topic, entry=chosen, also=also, figure=figure, what_if=what_if)

    def _figures(self, found: Understanding, entry: Entry | None, context: Context) -> tuple[str, ...]:
        """The ids of the figure that was asked for and of those nearly as like; none when none is like."""
        works = (
            [entry.id] if entry else [context.entry] if context.entry in self._figures_of else list(self._figures_of)
        )
        known = bool(entry) or context.entry in self._figures_of
        figures = [figure for work in works for figure in self._figures_of.get(str(work), ())]
        figures.sort(key=lambda figure: -found.likeness.get(figure, 0.0))
        if not figures or found.likeness.get(figures[0], 0.0) < (0.3 if known else 0.5):
            return ()
        best = found.likeness[figures[0]]
        return tuple(f for f in figures[:3] if found.likeness.get(f, 0.0) >= 0.75 * best)

    def _decide(self, match: Match, found: Understanding, finding: Finding, context: Context) -> Match:
        best = match.best
        if not found.words:
            return replace(match, decision="refuse", reason="unclear")
        ours = {s for m in found.names if m.score == 1 for s in m.name.subjects}
        # Beside another award's name, only a category of ours makes the question ours.
        if found.stranger and ours <= {"awards"}:
            return replace(match, decision="refuse", reason=OUT_OF_SCOPE)
        if asks_to_write(found.text):
            return replace(match, decision="refuse", reason=OUT_OF_SCOPE)
        leaning = bool(context.subjects or context.offered) and (found.reference.follow_up or found.reference.bare)
        if best.attribute == OUT_OF_SCOPE or (not found.names and not leaning and found.strangeness > STRANGE_FROM):
            reason = "unclear" if found.known_words < UNKNOWN_WORDS_TO else OUT_OF_SCOPE
            return replace(match, decision="refuse", reason=reason)
        if found.ambiguity and not context.subjects:
            return replace(match, decision="ask_back", ambiguity=found.ambiguity)
        if finding.by in ("ambiguous", "nothing") and best.attribute not in (
            "smalltalk",
            "contact",
            "quiz",
            "reminder",
        ):
            return replace(match, decision="ask_back")
        if best.attribute in ("quiz", "reminder", "contact") and best.confidence >= ANSWER_COMMAND_FROM:
            return match
        if best.confidence >= (ANSWER_NAMED_FROM if finding.by in ("name", "example", "context") else ANSWER_FROM):
            return match
        if best.confidence >= ASK_BACK_FROM or finding.by in ("name", "example"):
            return replace(match, decision="ask_back")
        return replace(match, decision="refuse", reason="unclear")

    def _ambiguity(self, vector: sparse.csr_matrix) -> str | None:
        for ambiguity, phrasing_vectors in self._ambiguous:
            if float((phrasing_vectors @ vector.T).max()) / CHANNELS >= AMBIGUOUS_FROM:
                return ambiguity.id
        return None


def _conditions_first(entries: list[tuple[float, Entry]], found: Understanding) -> list[tuple[float, Entry]]:
    """The ranked entries, with a gap behind what is known of its topic unless the gap itself was clearly asked for."""
    if not entries or not isinstance(entries[0][1], Gap) or not entries[0][1].topic:
        return entries
    gap = entries[0][1]
    for place, (_, entry) in enumerate(entries[1:], start=1):
        if entry.topic == gap.topic and entry.subject == gap.subject and not isinstance(entry, Gap):
            nearer = found.likeness.get(gap.id, 0.0) - found.likeness.get(entry.id, 0.0)
            if nearer < GAP_NEARER_BY:
                return [(entries[0][0], entry), entries[0], *entries[1:place], *entries[place + 1 :]]
    return entries


def _round_asked(found: Understanding, context: Context, newest: int) -> int | None:
    """The round that the question is about: named as one, or a lone year that cannot be a work's."""
    for mention in reversed(found.years):
        if mention.role == "round":
            return mention.year
    for mention in found.years:
        if mention.role == "other" and mention.year > newest:
            return mention.year
    return context.year if found.reference.follow_up or found.reference.demonstrative or found.reference.bare else None


def fit(round_: Round, book: Phrasebook, kept: Path | None = None) -> Matcher:
    """Compile `round_` and `book` into a Matcher; deterministic. `kept` is a folder for fitted models (see fitted.py)."""
    return Matcher(round_, book, kept)
