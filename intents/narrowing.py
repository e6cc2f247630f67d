"""Which piece of content a reading asks for: one entry, one figure of an example, a topic, or the attribute as a whole."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, replace

import regex

from intents.entities import years
from intents.finding import Finding
from intents.learnt import Learnt
from intents.match import Context, Reading
from intents.namings import asks_likewise, only_adds
from intents.phrasebook import prepare
from intents.references import is_what_if, tells_of_work
from intents.signs import asks_meaning
from intents.stated import top
from intents.understanding import Understanding
from knowledge.model import Condition, Entry, Example, Gap, Round

# A topic carried over from the turn before is as good as asked.
_CARRIED = 0.99
# Figures nearly as like as the best one are told beside it.
_NEARLY_AS_LIKE = 0.75

# What must be, and what if, is no figure of a past work.
_OF_CONDITIONS = regex.compile(r"ต้อง|ถ้า|เงื่อนไข|เกณฑ์|กำหนด")


def _of_other_rounds(gap: Gap, own: int) -> bool:
    """Whether a gap is asked of other rounds than its `own` alone: each of its phrasings names one."""
    named = [{m.year for m in years(prepare(text), own, 10)} for text in gap.phrasings]
    return bool(named) and all(of - {own} for of in named)


@dataclass(frozen=True)
class _Topics:
    """What a question says of topics: the one asked for, and a belief for each."""

    asked: str | None
    believed: dict[str, float]
    carried: str | None


class Narrower:
    """Narrows readings by one round's content."""

    def __init__(self, round_: Round, learnt: Learnt) -> None:
        self._round = round_
        self._learnt = learnt
        self._of: dict[tuple[str, str], list[Entry]] = defaultdict(list)
        for entry in round_.entries:
            if entry.published:
                self._of[entry.subject, entry.attribute].append(entry)
        self._of_other_rounds = {
            e.id for e in round_.entries if isinstance(e, Gap) and _of_other_rounds(e, round_.year)
        }
        self._subject_of_figure = {f.id: e.subject for e in round_.entries if isinstance(e, Example) for f in e.figures}
        self._figures_of = {e.id: [f.id for f in e.figures] for e in round_.entries if isinstance(e, Example)}

    def narrow(self, reading: Reading, found: Understanding, finding: Finding, context: Context) -> Reading:
        """`reading` with the one entry, figure or topic that was asked for, if one stands out."""
        topics = self._topics(reading, found, context)
        entries = self._ranked(reading, found, finding, topics)
        meaning = asks_meaning(found.text)
        if not meaning:
            entries = self._conditions_first(entries, found)
        what_if = reading.attribute == "conditions" and is_what_if(found.text)
        alone = len(reading.subjects) == 1 and bool(entries)
        best: Entry | None = None
        also: tuple[str, ...] = ()
        if alone and entries[0][0] >= self._enough(entries[0][1], reading, found, what_if, meaning):
            best = entries[0][1]
        if isinstance(best, Condition):
            least = max(self._learnt.also_from, self._learnt.also_share * entries[0][0])
            also = tuple(e.id for score, e in entries[1:4] if score >= least and isinstance(e, Condition))
        if best is None and alone and entries[0][0] >= self._learnt.beside_from:
            # Not sure enough to stand alone, but worth telling beside the whole.
            also = (entries[0][1].id,)
        topic = best.topic if best is not None and best.topic is not None else topics.asked
        figure = None
        if reading.attribute == "examples":
            figures = self._figures(found, best, context, reading.subjects)
            figure, also = (figures[0], figures[1:]) if figures else (None, ())
            reading = self._of_its_category(reading, figure)
        return replace(reading, topic=topic, entry=best.id if best else None, also=also, figure=figure, what_if=what_if)

    def _of_its_category(self, reading: Reading, figure: str | None) -> Reading:
        """`reading` of the category of the work whose figure is told, where it was asked of all or of a branch."""
        category = self._subject_of_figure.get(figure or "")
        whole = len(reading.subjects) == 1 and reading.subjects[0] in self._round.ancestors(category or "awards")
        return replace(reading, subjects=(category,)) if category and whole else reading

    def asks_figure(self, found: Understanding, finding: Finding, context: Context) -> bool:
        """Whether a question after an example asks for one of the figures of the works that its subjects have."""
        if finding.by != "context" or context.attribute != "examples" or _OF_CONDITIONS.search(found.text):
            return False
        works = [e.id for s in finding.alternatives[0][0] for e in self._of[s, "examples"]]
        figures = (figure for work in works for figure in self._figures_of.get(work, ()))
        return any(found.likeness.get(figure, 0.0) >= self._learnt.figure_of_known_from for figure in figures)

    def _topics(self, reading: Reading, found: Understanding, context: Context) -> _Topics:
        """The topic asked for among those of the reading's attribute, if its subjects can answer for it."""
        carries = (
            found.reference.bare or only_adds(found) or asks_likewise(found)
        ) and reading.attribute == context.attribute
        carried = context.topic if carries else None
        if reading.attribute == "definition" and not self._has(reading.subjects, "definition", carried):
            # "แล้วสาขามีส่วนร่วมล่ะ" after which branches there are: what that one is.
            carried = None
        believed = {**found.topics}
        for told, belief in found.told.items():
            believed[told] = max(belief, believed.get(told, 0.0))
        own = {t: p for t, p in believed.items() if self._round.topics[t].attribute == reading.attribute}
        sure = bool(own) and max(own.values()) >= self._learnt.topic_from
        topic: str | None = top(own) if sure else carried
        if topic and topic != carried and found.topics.get(topic, 0.0) < self._learnt.elsewhere_from:
            # Of several subjects, "both with one work?" is asked of the scheme.
            holders = reading.subjects if len(reading.subjects) < 2 else (*reading.subjects, "awards")
            held = self._has(holders, reading.attribute, topic)
            # What a subject is, is told by itself before a point of what it belongs to; and a unit alone does not make
            # a subject answer for a point that it does not have.
            if not held and reading.attribute == "definition":
                topic = carried
            elif not held and topic in found.told:
                topic = None
        return _Topics(topic, believed, carried)

    def _has(self, subjects: tuple[str, ...], attribute: str, topic: str | None) -> bool:
        """Whether one of the subjects has an entry of its own on a topic."""
        return any(e.topic == topic for s in subjects for e in self._of[s, attribute])

    def _ranked(
        self, reading: Reading, found: Understanding, finding: Finding, topics: _Topics
    ) -> list[tuple[float, Entry]]:
        """The subjects' entries with how well each answers, best first."""
        entries: list[tuple[float, Entry]] = []
        of_this_round = {m.year for m in found.years if m.role == "round"} == {self._round.year}
        for subject in reading.subjects:
            for entry in self._of[subject, reading.attribute]:
                if of_this_round and entry.id in self._of_other_rounds:
                    continue
                score = found.likeness.get(entry.id, 0.0)
                if entry.topic:
                    # Of the entries on one topic, the likeness to their own phrasings decides.
                    belief = _CARRIED if entry.topic == topics.carried else topics.believed.get(entry.topic, 0.0)
                    score = self._learnt.topic_weight * belief + self._learnt.likeness_weight * score
                entries.append((score + (entry.id in finding.examples), entry))
        entries.sort(key=lambda item: -item[0])
        return entries

    def _enough(self, entry: Entry, reading: Reading, found: Understanding, what_if: bool, meaning: bool) -> float:
        """How good `entry`, the best one, must be to answer by itself."""
        as_a_whole = self._learnt.general_weight * found.general.get(reading.attribute, 0.0)
        enough = max(self._learnt.entry_from, as_a_whole)
        if not isinstance(entry, Gap) or meaning:
            return enough
        described = what_if and tells_of_work(found.text)
        return max(enough, self._learnt.gap_what_if_from if described else self._learnt.gap_from)

    def _conditions_first(self, entries: list[tuple[float, Entry]], found: Understanding) -> list[tuple[float, Entry]]:
        """The ranked entries, a gap behind what is known of its topic unless the gap itself was clearly asked for."""
        if not entries or not isinstance(entries[0][1], Gap) or not entries[0][1].topic:
            return entries
        gap = entries[0][1]
        for place, (_, entry) in enumerate(entries[1:], start=1):
            if entry.topic == gap.topic and entry.subject == gap.subject and not isinstance(entry, Gap):
                nearer = found.likeness.get(gap.id, 0.0) - found.likeness.get(entry.id, 0.0)
                if nearer < self._learnt.gap_nearer_by:
                    return [(entries[0][0], entry), entries[0], *entries[1:place], *entries[place + 1 :]]
        return entries

    def _works_of(self, subjects: tuple[str, ...]) -> list[str]:
        """The ids of the past works of `subjects`; of all where those have none."""
        own = [e.id for s in subjects for e in self._of[s, "examples"] if e.id in self._figures_of]
        return own or list(self._figures_of)

    def _figures(
        self, found: Understanding, entry: Entry | None, context: Context, subjects: tuple[str, ...]
    ) -> tuple[str, ...]:
        """The ids of the figure that was asked for and of those nearly as like; none when none is like."""
        known = entry.id if entry else context.entry if context.entry in self._figures_of else None
        works = [known] if known else self._works_of(subjects)
        figures = [figure for work in works for figure in self._figures_of.get(str(work), ())]
        figures.sort(key=lambda figure: -found.likeness.get(figure, 0.0))
        least = self._learnt.figure_of_known_from if known else self._learnt.figure_from
        if not figures or found.likeness.get(figures[0], 0.0) < least:
            return ()
        best = found.likeness[figures[0]]
        return tuple(f for f in figures[:3] if found.likeness.get(f, 0.0) >= _NEARLY_AS_LIKE * best)
