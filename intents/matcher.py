"""Understands a question: text and what was said before in, ranked readings and a decision out.

`fit` compiles one round's knowledge and the phrasebook; `Matcher.match` is pure and safe to share between threads.
A reading joins two independent findings: which subjects (named, pointed to by an example or a condition, or carried
over) and what is asked of them (ranked by the linear model), narrowed by the likeness to the content's own phrasings.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from copy import copy
from datetime import date
from functools import partial
from pathlib import Path

import regex

from intents.corpus import Corpus
from intents.decision import decide
from intents.entities import Gazetteer, Strangers, years
from intents.facts import FactFinder
from intents.finding import Finding
from intents.fitted import Fitted, Material, obtain, obtain_soon
from intents.leaning import FEW_WORDS
from intents.learnt import Learnt
from intents.learnt import learnt as own_numbers
from intents.match import Context, Match, Reading, round_asked
from intents.namings import asks_if_one, asks_likewise, compares, only_adds
from intents.narrowing import Narrower
from intents.normalize import clean, plain
from intents.phrasebook import OUT_OF_SCOPE, Phrasebook, phrasings
from intents.references import asks_may, is_what_if, reference, tells_of_work, without_leaning
from intents.reminder_asks import tells_of_warnings
from intents.scope import ScopeSigns
from intents.signs import asks_if_it_passes, asks_its_level, attributes_told, denies_next, is_past, topics_told
from intents.spelling import Speller
from intents.stated import WHICH, top
from intents.subjects import SubjectFinder
from intents.tokenize import Tokenizer
from intents.training import mark
from intents.understanding import Understanding
from knowledge.model import Round

# From this probability on, that a question with an example's name in it is a stranger, it asks for something else (set by
# hand: the examples' own questions reach 0.11).
_ANOTHER_SERVICE_FROM = 0.13
_WHAT_IT_TAKES = regex.compile(r"(?:เอา|ขอ|ต้องมี|ต้องใช้|ดู|กำหนด)อะไรบ้าง$")
# "จัดมากี่ปีแล้ว": of the award, and no limit.
_SO_FAR = regex.compile(r"(?:จัด|มี|แจก|ให้)(?:กัน)?มา(?:แล้ว)?\s?กี่|กี่\S{0,6}แล้ว")
_MUST_BE_SO_MANY = regex.compile(
    r"\d\s?(?:หน่วยงาน|กรม|พื้นที่|จังหวัด)\s?(?:ก็|พอ|ได้)|(?:ต้อง|ขั้นต่ำ|อย่างน้อย|ไม่น้อยกว่า).*กี่|กี่\S+(?:ขั้นต่ำ|ขึ้นไป|ถึงจะ|ถึงส่ง)|ต้อง(?:มี|ทำ|ขยาย)?\s?(?:สอง|สาม|\d)\s?(?:พื้นที่|หน่วยงาน|กรม)"
)
# "ถ้าดึง สปสช. มาด้วยล่ะ" is no wish to be reminded.
_SUPPOSED = regex.compile(r"^(?:แล้ว)?ถ้า(?!.*(?:เตือน|แจ้ง)).*(?:ล่ะ|ละ)$")
_OF_RULES = regex.compile(r"เกณฑ์|เงื่อนไข|กติกา|คุณสมบัติ")
_OF_AN_AWARD = regex.compile(r"รางวัล|เลิศรัฐ|เกณฑ์|ผลงาน")
# What is told of the work is nearly as near to the question as any stranger's.
_NEARLY_AS_NEAR = 0.9


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
        self.material = Material(
            tuple(phrasings(round_, book)),
            self._marked,
            self.tokenizer,
            self.gazetteer.keys,
            {key: command.attribute for key, command in book.commands.items()},
        )
        self.fitted = obtain_(self.material)
        # A name stands in no phrasing, since its mark does.
        self._speller = Speller(self.corpus.words, self.tokenizer, self.gazetteer.spoken)
        ambiguous = [(a.id, plain(clean(text))) for a in round_.ambiguities for text in a.phrasings]
        self._ambiguities = [key for key, _ in ambiguous]
        features = self.corpus.ranker.features
        self._ambiguous = features.of([text for _, text in ambiguous]).T.tocsr()

    @property
    def corpus(self) -> Corpus:
        """The phrasings, fitted."""
        return self.fitted.corpus

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

    def repaired(self, question: str) -> str:
        """`question` with its misspelt words put right; as it was typed where there are none."""
        cleaned = clean(question, self.tokenizer.coverage)
        right = self._speller.repaired(cleaned)
        return question if right == cleaned else right

    def understand(self, question: str, today: date) -> Understanding:
        """What stands in the question itself, without any context. `today` is in Asia/Bangkok."""
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
            topics=wording.topics,
            told=told,
            commands=wording.commands,
            general=wording.general,
            likeness=wording.likeness,
            ambiguity=None if any(m.name.subjects != ("awards",) for m in names) else self._ambiguity(asked),
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
                readings.append(self._narrower.narrow(reading, found, finding, context))
        readings.sort(key=lambda reading: -reading.confidence)
        return readings

    def _attributes(self, found: Understanding, finding: Finding, context: Context) -> dict[str, float]:
        """P(attribute), with what the named things and the turn before say about it."""
        scores = dict(found.attributes)
        leaning = found.reference
        told = tuple(attributes_told(found.text))
        warns = tells_of_warnings(found.text)
        if warns:
            told = tuple(attribute for attribute in told if attribute != "reminder")
        # "ขอใบอนุญาต อย. …": the agency of an example is asked for its own service.
        elsewhere = (
            finding.by == "example"
            and scores[OUT_OF_SCOPE] >= _ANOTHER_SERVICE_FROM
            and not (_OF_AN_AWARD.search(found.text) or _told_of(found, finding))
        )
        if elsewhere:
            scores[OUT_OF_SCOPE] += 1.0
        elif (
            finding.example
            and top(scores) not in ("comparison", "documents")
            and not (top(scores) == "conditions" and _OF_RULES.search(found.text))
        ):
            scores["examples"] = scores.get("examples", 0.0) + 1.0
        if self._narrower.asks_figure(found, finding, context):
            # "ความพึงพอใจอะ" after a past work asks for its figure, whatever the rules say of that.
            short = leaning.follow_up or len(found.words) <= FEW_WORDS
            scores["examples"] = scores.get("examples", 0.0) + (1.0 if short else self.learnt.telling_word)
            scores[OUT_OF_SCOPE] *= 0.3
        if context.attribute == "examples" and finding.by == "context" and asks_its_level(found.text):
            # "อันนั้นได้ดีเด่นเลยไหม" after a past work: of that.
            scores["examples"] = scores.get("examples", 0.0) + self.learnt.telling_word
        if compares(found):
            scores["comparison"] = scores.get("comparison", 0.0) + self.learnt.comparing_word
        elif asks_likewise(found):
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop("comparison", 0.0)
        elif asks_if_one(found):
            scores["definition"] = scores.get("definition", 0.0) + scores.pop("comparison", 0.0)
        pointed = leaning.ordinal is not None or leaning.other
        carries = leaning.follow_up or leaning.correction or pointed or not context.subjects
        # After "อยากเห็นผลงานจริง" of all awards, the name of one narrows that.
        of_all = [self.round.subjects[key].parent is None for key in context.subjects]
        carries |= of_all == [True] and context.attribute not in (None, "definition", "recommend")
        # So does one of several that the last answer was about.
        carries |= len(context.subjects) > 1 and bool(finding.named) and set(finding.named) < set(context.subjects)
        # So does the next of several that were offered, once one of them was told.
        carries |= len(context.offered) > 2 and bool(finding.named) and set(finding.named) < set(context.offered)
        if leaning.bare and (found.names or pointed or leaning.both or (finding.by == "context" and carries)):
            # After a finished answer a bare name starts anew; after the assistant's own question it answers that.
            if finding.example:
                return {"examples": 1.0}
            before = context.attribute if carries and context.attribute else "definition"
            if before == "comparison" and len(finding.named) == 1 and len(context.subjects) > 1:
                # "แล้วรางวัลเลิศรัฐสาขาล่ะ" after two were compared: what that is.
                before = "definition"
            return {before: 1.0}
        if finding.by == "context" and finding.attribute:
            return {finding.attribute: 1.0}
        if finding.by == "context" and context.attribute and not told and self._says_more(found, context, scores):
            scores[context.attribute] = scores.get(context.attribute, 0.0) + 1.0
            scores[OUT_OF_SCOPE] = scores["smalltalk"] = 0.0
        elif finding.by == "context" and context.attribute in scores and leaning.follow_up and not told:
            scores[context.attribute] += self.learnt.carried_attribute * (1 - max(scores.values()))
        # "ตำรวจขยายผล…": a name that several share is a common word, and no sign by itself that ours are meant.
        if found.names and not elsewhere and finding.by != "ambiguous":
            for key in (OUT_OF_SCOPE, "smalltalk"):
                scores[key] = scores.get(key, 0.0) * 0.3
        if (
            not compares(found)
            and len(finding.named) > 1
            and found.topics.get(top(found.topics), 0.0) >= self.learnt.point_from
        ):
            # "Which of the two must …?" asks for that one point of both.
            point = self.round.topics[top(found.topics)].attribute
            scores[point] = scores.get(point, 0.0) + 0.5
        if "examples" not in told and context.attribute != "examples" and self._limit_asked(found, finding, scores):
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop(top(scores))
        if context.attribute == "recommend" and not told and tells_of_work(found.text) and not is_what_if(found.text):
            # "Which one fits?", and then the work is told of.
            scores["recommend"] = scores.get("recommend", 0.0) + self.learnt.telling_word
            scores[OUT_OF_SCOPE] *= 0.3
        for attribute in (*told, finding.attribute) if finding.attribute else told:
            scores[attribute] = scores.get(attribute, 0.0) + self.learnt.telling_word
        if (
            finding.by == "context"
            and len(context.subjects) == 1
            and asks_may(found.text)
            and tells_of_work(found.text)
        ):
            # "เชื่อมข้อมูลกับกรมเดียว จะเสนอผลงานได้ไหม" is no question about how to apply, nor for another one.
            moved = scores.pop("apply", 0.0) + (0.0 if WHICH.search(found.text) else scores.pop("recommend", 0.0))
            scores["conditions"] = scores.get("conditions", 0.0) + moved
        may = finding.by == "name" and len(finding.named) == 1 and not {"recommend", "quiz"} & {*told}
        passes = asks_if_it_passes(found.text)
        if (
            may
            and (passes or asks_may(found.text) or _WHAT_IT_TAKES.search(found.text))
            and not WHICH.search(found.text)
        ):
            # "May we?", "what does it take?" about a named category is about its conditions.
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop("recommend", 0.0)
            if passes:
                scores["conditions"] += scores.pop("definition", 0.0)
            if "examples" not in told and asks_may(found.text) and tells_of_work(found.text):
                # "เราเอาหุ่นยนต์มาใช้ ลงนวัตกรรมบริการได้ไหม": like a past work, and not one.
                scores["conditions"] += scores.pop("examples", 0.0)
        # What is described without a category's name asks for one.
        what_if = is_what_if(found.text) and tells_of_work(found.text) and not self._of_the_scheme(found)
        if (finding.by == "cue" or (finding.by == "content" and what_if)) and scores.get(
            "conditions", 0.0
        ) + scores.get("recommend", 0.0) > 0.5:
            moved = (self.learnt.recommended_what_if if what_if else self.learnt.recommended) * scores.get(
                "conditions", 0.0
            )
            scores["recommend"] = scores.get("recommend", 0.0) + moved
            scores["conditions"] = scores.get("conditions", 0.0) - moved
        if warns or _SUPPOSED.search(found.text):
            # "ระบบแจ้งเตือนผู้ป่วย ส่งได้ไหม": what a work does is no wish.
            scores["reminder"] = 0.0
        total = sum(scores.values())
        return {key: value / total for key, value in scores.items()}

    @staticmethod
    def _says_more(found: Understanding, context: Context, scores: dict[str, float]) -> bool:
        """Whether a question that leans on the one before asks nothing by itself: it names a thing to ask that of, or tells
        of the work."""
        if top(scores) == "examples" and found.text.startswith("ของเรา"):
            # "ของเราทำใน รพ. ที่เดียว": like a past work, and one's own.
            if context.attribute not in ("conditions", "recommend"):
                return False
            scores["examples"] = 0.0
            return True
        if top(scores) not in (OUT_OF_SCOPE, "smalltalk"):
            return False
        return only_adds(found) or (context.attribute in ("conditions", "recommend") and tells_of_work(found.text))

    def _of_the_scheme(self, found: Understanding) -> bool:
        """ "ปี 70 ใช้เกณฑ์เดิมไหม": a point of all awards, of which no category has a condition."""
        topic = top(found.topics)
        return found.topics.get(topic, 0.0) >= self.learnt.point_from and not self._finder.states(
            [topic], tuple(self.round.subjects)
        )

    def _limit_asked(self, found: Understanding, finding: Finding, scores: dict[str, float]) -> bool:
        """ "เลื่องลือกี่พื้นที่": a number that the subject has a condition on, though works have figures of the kind."""
        topics = [topic for topic, belief in found.told.items() if belief >= 0.5]
        first = top(scores)
        so_many = "กี่" in found.text and not _SO_FAR.search(found.text)
        must = first == "definition" and (so_many or _MUST_BE_SO_MANY.search(found.text) is not None)
        return (
            (first == "examples" or must)
            and not finding.example
            and not is_past(found.text)
            and any(self._finder.states(topics, subjects) for subjects, _ in finding.alternatives)
        )

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
        return other


def _told_of(found: Understanding, finding: Finding) -> bool:
    """Whether something that is told of the work that was named is as near as any stranger's question."""
    nearest = max((found.likeness.get(work, 0.0) for work in finding.examples), default=0.0)
    return nearest > 0 and nearest >= _NEARLY_AS_NEAR * found.signs.likeness_to_strangers


def fit(round_: Round, book: Phrasebook, folders: Sequence[Path] = (), keep_in: Path | None = None) -> Matcher:
    """Compile `round_` and `book` into a Matcher; deterministic. Takes half a minute where none of `folders` keeps the
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
