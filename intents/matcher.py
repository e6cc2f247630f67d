"""Understands a question: text and what was said before in, ranked readings and a decision out.

`fit` compiles one round's knowledge and the phrasebook; `Matcher.match` is pure and safe to share between threads.
A reading joins two independent findings: which subjects (named, pointed to by an example or a condition, or carried
over) and what is asked of them (ranked by the linear model), narrowed by the likeness to the content's own phrasings.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from functools import lru_cache, partial
from pathlib import Path

import regex

from intents.asked_for import AttributeFinder
from intents.corpus import Corpus
from intents.decision import decide
from intents.entities import Gazetteer, Strangers, years
from intents.facts import FactFinder
from intents.finding import Finding
from intents.fitted import Fitted, Material, obtain, obtain_soon
from intents.learnt import Learnt
from intents.learnt import learnt as own_numbers
from intents.match import Context, Match, Reading, round_asked
from intents.narrowing import Narrower
from intents.normalize import clean, plain
from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, Phrasebook, phrasings, prepare
from intents.references import reference, without_leaning
from intents.scope import ScopeSigns
from intents.signs import asks_for_a_person, denies_next, topics_ruled_out, topics_told
from intents.spelling import Speller
from intents.subjects import SubjectFinder
from intents.tokenize import Tokenizer
from intents.training import mark
from intents.understanding import Understanding
from knowledge.model import Round

# "มีกี่หมวด รางวัลนี้": said beside what may mean several things, it settles nothing.
# What stands round an ambiguous question and says nothing of which is meant.
_OF_THIS = regex.compile(
    rf"^(?:ตกลง|สรุป)(?:ว่า|แล้ว)?\s?(?:มัน)?|\s?(?:กันแน่|งง)(?=\s|$)|\s?(?:ของ)?{SUBJECT_MARK}$|^{SUBJECT_MARK}\s?"
)


# Several handlers look at the parts of one message, each in its own context; what stands in them is the same.
_LATELY_UNDERSTOOD = 32


class Matcher:
    """One round's compiled knowledge. `fitted` holds what was learnt from its phrasings."""

    def __init__(self, round_: Round, book: Phrasebook, obtain_: Callable[[Material], Fitted], learnt: Learnt) -> None:
        self.round = round_
        self.book = book
        self.gazetteer = Gazetteer(round_)
        self._strangers = Strangers(book.strangers)
        self.tokenizer = Tokenizer(self.gazetteer.words)
        self.facts = FactFinder(self.gazetteer, self.tokenizer)
        self.learnt = learnt
        self._finder = SubjectFinder(round_, self.gazetteer.shared, learnt)
        self._narrower = Narrower(round_, learnt)
        self._asked_for = AttributeFinder(round_, self._finder, self._narrower, learnt)
        self.material = Material(
            tuple(phrasings(round_, book)),
            self._marked,
            self.tokenizer,
            self.gazetteer.keys,
            {key: command.attribute for key, command in book.commands.items()},
        )
        self._entries_on: dict[str, list[str]] = defaultdict(list)
        for entry in round_.entries:
            if entry.topic:
                self._entries_on[entry.topic].append(entry.id)
        self.fitted = obtain_(self.material)
        # A name stands in no phrasing, since its mark does.
        self._speller = Speller(self.corpus.words, self.tokenizer, self.gazetteer.spoken)
        ambiguous = [(a.id, plain(clean(text))) for a in round_.ambiguities for text in a.phrasings]
        self._ambiguities = [key for key, _ in ambiguous]
        features = self.corpus.ranker.features
        self._ambiguous = features.of([text for _, text in ambiguous]).T.tocsr()
        self.understand = lru_cache(maxsize=_LATELY_UNDERSTOOD)(self._understand)
        """What stands in a question itself, without any context; `today` is in Asia/Bangkok."""

    @property
    def corpus(self) -> Corpus:
        """The phrasings, fitted."""
        return self.fitted.corpus

    def _marked(self, phrasing: str) -> str:
        text = prepare(phrasing)
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

    def repaired(self, question: str) -> str:
        """`question` with its misspelt words put right; as it was typed where there are none."""
        cleaned = clean(question, self.tokenizer.coverage)
        right = self._speller.repaired(cleaned)
        return question if right == cleaned else right

    def _understand(self, question: str, today: date) -> Understanding:
        text = plain(clean(self.repaired(question), self.tokenizer.coverage))
        names, cues = self.gazetteer.mentions(text, self._boundaries(text))
        if not names and not self.tokenizer.knows(text):
            names = self.gazetteer.begun(text)
        strangers = self._strangers.spans(text)
        cues = [m for m in cues if not denies_next(text[: m.start])]
        denied = tuple(m for m in names if denies_next(text[: m.start]))
        names = [m for m in names if m not in denied]
        names = [m for m in names if not any(start <= m.start and m.end <= end for start, end in strangers)]
        named_years = years(text, today.year + 543, today.month)
        marked = mark(text, names, named_years)
        asked = without_leaning(marked)
        wording = self.corpus.read(asked)
        words = self.tokenizer.words(marked)
        ruled_out = topics_ruled_out(text)
        topics = wording.topics | dict.fromkeys(ruled_out & wording.topics.keys(), 0.0)
        not_asked = {e for topic in ruled_out for e in self._entries_on.get(topic, ())}
        likeness = wording.likeness | dict.fromkeys(not_asked & wording.likeness.keys(), 0.0)
        told: dict[str, float] = {}
        for topic, belief in topics_told(text, named_years):
            told[topic] = max(told.get(topic, 0.0), belief)
        signs = ScopeSigns(
            stranger_probability=wording.attributes[OUT_OF_SCOPE],
            likeness_to_ours=wording.likeness_to_ours,
            likeness_to_strangers=wording.likeness_to_strangers,
            known_words=self.corpus.known_share([w for w in words if w.isascii() or self.tokenizer.knows(w)]),
            garbled=self.tokenizer.garbled(marked),
            cues=min(len(cues), 2),
            smalltalk_probability=wording.attributes["smalltalk"],
        )
        return Understanding(
            text=text,
            marked=marked,
            words=words,
            names=tuple(names),
            cues=tuple(cues),
            denied=denied,
            years=tuple(named_years),
            reference=reference(marked),
            asked=asked,
            attributes=wording.attributes,
            topics=topics,
            told=told,
            commands=wording.commands,
            general=wording.general,
            likeness=likeness,
            ambiguity=None
            if any(m.name.subjects != ("awards",) for m in names)
            else self._ambiguity(_OF_THIS.sub("", asked)),
            stranger=bool(strangers),
            signs=signs,
        )

    def match(self, question: str, context: Context | None = None, today: date | None = None) -> Match:
        """Read `question` in its context. Never raises on any text; nothing readable is refused as "unclear"."""
        context = context or Context()
        found = self.understand(question, today or date.today())
        year = round_asked(found, context, self.round.year)
        finding = self._finder.find(found, context)
        readings = self._readings(found, finding, context)
        if year and year > self.round.year and not found.years and readings[0].attribute == "examples":
            # What won is asked for, whatever year to come was talked about before.
            year = None
        match = Match(
            question=question,
            normalized=found.text,
            readings=tuple(readings[:5]),
            decision="answer",
            year=year,
            years=tuple(mention.year for mention in found.years if mention.role == "other"),
            command=self._command(found, readings),
            unnamed=finding.by == "nothing" or (finding.by == "ambiguous" and not found.names),
            understanding=found,
            finding=finding,
        )
        return decide(match, found, finding, context, self.learnt)

    def _command(self, found: Understanding, readings: list[Reading]) -> str | None:
        attribute = readings[0].attribute
        if attribute == "contact" and asks_for_a_person(found.text):
            return "person"
        keys = [key for key in found.commands if self.book.commands[key].attribute == attribute]
        best = max(keys, key=found.commands.__getitem__, default=None)
        if best is None or attribute not in ("smalltalk", "quiz", "reminder", "contact"):
            return None
        others = max(
            (p for label, p in found.topics.items() if self.round.topics[label].attribute == attribute), default=0
        )
        return best if found.commands[best] >= others else None

    def _readings(self, found: Understanding, finding: Finding, context: Context) -> list[Reading]:
        attributes = self._asked_for.probabilities(found, finding, context)
        readings = []
        for subjects, belief in finding.alternatives:
            for attribute, probability in sorted(attributes.items(), key=lambda item: -item[1])[:4]:
                own_subjects = () if attribute in ("smalltalk", OUT_OF_SCOPE) else subjects
                reading = Reading(own_subjects, attribute, belief * probability)
                readings.append(self._narrower.narrow(reading, found, finding, context))
        readings.sort(key=lambda reading: -reading.confidence)
        return readings

    def _ambiguity(self, asked: str) -> tuple[str, float] | None:
        if not self._ambiguities:
            return None
        features = self.corpus.ranker.features
        cosines = features.cosines_of_one(features.one(asked), self._ambiguous)
        nearest = int(cosines.argmax())
        return self._ambiguities[nearest], float(cosines[nearest])

    def with_numbers(self, learnt: Learnt) -> Matcher:
        """The same matcher deciding by other learnt numbers."""
        other = copy(self)
        other.learnt = learnt
        other._finder = SubjectFinder(self.round, self.gazetteer.shared, learnt)
        other._narrower = Narrower(self.round, learnt)
        other._asked_for = AttributeFinder(self.round, other._finder, other._narrower, learnt)
        return other


def fit(round_: Round, book: Phrasebook, folders: Sequence[Path] = (), keep_in: Path | None = None) -> Matcher:
    """Compile `round_` and `book` into a Matcher; deterministic. Takes a minute where none of `folders` keeps the
    fit; then it is kept in `keep_in`."""
    return Matcher(round_, book, partial(obtain, folders=folders, keep_in=keep_in), own_numbers())


def fit_soon(
    round_: Round,
    book: Phrasebook,
    folders: Sequence[Path] = (),
    keep_in: Path | None = None,
    before: Matcher | None = None,
) -> Matcher:
    """As `fit`, but rather than take long it brings `before`, or a kept fit of other phrasings, up to date.

    Then Matcher.fitted.whole is false: what is old answers as it did, what is new is right for itself and its near likes.
    """
    base = before.fitted if before is not None else None
    return Matcher(round_, book, partial(obtain_soon, folders=folders, keep_in=keep_in, before=base), own_numbers())
