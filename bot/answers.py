"""Match + knowledge → Answer: what is said, before any looks.

Every sentence that states a fact is an entry's own; what stands here only frames it (round, source, what is not known).
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property, partial

from bot import wording
from bot.choosing import comparison, recommendation, short
from bot.citing import cautions, cited, sources
from bot.turn import Answer, Block, Button
from bot.works import figure_answer, of_another_year, work_answer, works_answer
from intents.match import Match, Reading
from knowledge.date_texts import when_text
from knowledge.model import Condition, Entry, Example, Figure, Gap, Milestone, Round, Subject, Text

_LISTS_OF_PARTS = ("parts", "pmqa_categories")


@dataclass(frozen=True)
class Composer:
    """Composes answers from one round's knowledge. `asked_year` is the round that the question named, if any."""

    round: Round
    asked_year: int | None = None

    def answer(self, match: Match) -> Answer:
        """The answer to the match's first reading; its status is "answered" or "unknown"."""
        return self.of_reading(match.best, match.years, match.year)

    def of_reading(self, reading: Reading, named: Sequence[int] = (), year: int | None = None) -> Answer:
        """The same for a reading however it was come by; `named` and `year` are Match.years and Match.year."""
        figures = [self._figures[key] for key in (reading.figure, *reading.also) if key in self._figures]
        if figures:
            return self.framed(figure_answer(self.round, figures, named), reading)
        years = [*named, *([year] if year else [])]
        composers: dict[str, Callable[[Reading], Answer]] = {
            "examples": partial(self._examples, years=years),
            "comparison": partial(comparison, self),
            "recommend": partial(recommendation, self),
            "deadline": self._deadline,
        }
        return self.framed(composers.get(reading.attribute, self.plain)(reading), reading)

    @cached_property
    def by_id(self) -> dict[str, Entry]:
        """The round's entries."""
        return {entry.id: entry for entry in self.round.entries}

    @cached_property
    def _figures(self) -> dict[str | None, tuple[Example, Figure]]:
        works = [e for e in self.round.entries if isinstance(e, Example) and e.published]
        return {figure.id: (work, figure) for work in works for figure in work.figures}

    def _is_main(self, entry: Entry) -> bool:
        """Whether the entry is its subject's own definition, which is told together with what belongs to it."""
        own = self.round.of(entry.subject, "definition")
        return entry.attribute == "definition" and bool(own) and own[0] is entry

    # -- framing ---------------------------------------------------------------------------------------------------

    def framed(self, answer: Answer, reading: Reading) -> Answer:
        """The answer with its labels, its round and what may be asked next."""
        notes = list(answer.notes)
        if self.asked_year and self.asked_year != self.round.year and reading.attribute != "deadline":
            notes.insert(0, wording.other_round(self.asked_year, self.round.year))
        buttons = answer.buttons or self._next_buttons(reading, answer)
        return replace(
            answer,
            subjects=reading.subjects,
            attribute=reading.attribute,
            header=answer.header or self._header(reading.subjects),
            notes=tuple(dict.fromkeys(notes)),
            sources=tuple(dict.fromkeys(answer.sources)),
            buttons=buttons,
            year=self.asked_year or self.round.year,
            rules_year=self.round.year,
            confidence=reading.confidence,
        )

    def _header(self, subjects: Sequence[str]) -> str:
        names = " / ".join(self.round.subjects[key].label for key in subjects[:3])
        return f"{names} · {wording.rules_of(self.round.year)}" if names else wording.rules_of(self.round.year)

    def _next_buttons(self, reading: Reading, answer: Answer) -> tuple[Button, ...]:
        buttons: list[Button] = []
        if answer.status == "unknown":
            if reading.attribute == "deadline" and (self.asked_year or self.round.year) >= self.round.year:
                buttons.append(wording.REMIND_WHEN_ANNOUNCED)
            buttons.append(wording.ASK_A_PERSON)
        subjects = [self.round.subjects[key] for key in reading.subjects]
        if len(subjects) > 1:
            return (*buttons, *(Button(f"เงื่อนไข{s.label}", f"เงื่อนไข{s.name}") for s in subjects[:6]))
        for subject in subjects:
            children = self.round.children(subject.key)
            if children and reading.attribute in ("definition", "recommend", "comparison"):
                buttons += [Button(child.label, f"{child.name}คืออะไร") for child in children]
                continue
            shows_conditions = reading.attribute == "conditions" and not reading.entry
            if reading.attribute == "definition" and reading.entry is None:
                shows_conditions = not children
            if self.round.of(subject.key, "conditions") and not shows_conditions:
                buttons.append(Button("เงื่อนไข", f"เงื่อนไข{subject.name}"))
            works = [e for e in self.round.of(subject.key, "examples") if isinstance(e, Example)]
            if works and reading.attribute != "examples":
                buttons.append(Button("ตัวอย่างผลงาน", f"ตัวอย่างผลงาน{subject.name}"))
            if reading.attribute != "definition" and subject.key != "awards":
                buttons.append(Button("คืออะไร", f"{subject.name}คืออะไร"))
        return tuple(buttons[:8])

    # -- one attribute of one or several subjects --------------------------------------------------------------------

    def plain(self, reading: Reading) -> Answer:
        """What the content says of the reading's subjects and attribute, as narrow as it was asked."""
        if len(reading.subjects) > 1:
            return self._side_by_side(reading)
        if reading.entry and reading.also:
            first = self.by_id[reading.entry]
            if reading.what_if:
                return self._with_other_conditions(self.entry(first), first)
            return self.entries([first, *(self.by_id[key] for key in reading.also)])
        if reading.entry and not self._is_main(self.by_id[reading.entry]):
            entry = self.by_id[reading.entry]
            answer = self.entry(entry)
            return self._with_other_conditions(answer, entry) if reading.what_if else answer
        subject = reading.subjects[0] if reading.subjects else "awards"
        below = self.round.children(subject)
        if (
            reading.attribute == "conditions"
            and below
            and subject != "awards"
            and not reading.topic
            and not reading.entry
        ):
            stated = tuple(s.key for s in below if self.round.of(s.key, "conditions"))
            if stated:
                return self._side_by_side(replace(reading, subjects=stated))
        if reading.topic and reading.topic in self.round.topics:
            entries = self._with_topic(subject, reading.topic)
            if entries:
                return self.entries(entries)
            if reading.attribute == "conditions":
                return self._not_stated(subject, reading.topic)
        entries = self._inherited(subject, reading.attribute)
        if not entries:
            return self.nothing(reading)
        if reading.attribute == "advice" and entries[0].subject != subject:
            # Advice on choosing a category is none on how to do well in this one.
            entries.sort(key=lambda entry: not isinstance(entry, Gap))
            return self._with_beside(self.entry(entries[0]), entries[1:])
        return self._with_beside(self.entries(entries), [self.by_id[key] for key in reading.also])

    def _with_other_conditions(self, answer: Answer, entry: Entry) -> Answer:
        """The point that was asked, and under it what else is required."""
        others = [e for e in self.round.of(entry.subject, "conditions") if isinstance(e, Condition) and e is not entry]
        said = {answer.gist, *(line for block in answer.blocks for line in block.lines)}
        if not isinstance(entry, Condition):
            # What the first line answers is not told again in the condition's own words.
            others = [e for e in others if not entry.topic or e.topic != entry.topic]
        lines = tuple(e.text for e in others if e.text not in said)
        if not lines:
            return answer
        blocks = (*answer.blocks, Block("bullets", lines, wording.OTHER_CONDITIONS))
        notes = tuple(dict.fromkeys((*answer.notes, *cautions(others))))
        return replace(answer, blocks=blocks, notes=notes, sources=sources(self.round, [entry, *others]))

    def _with_beside(self, answer: Answer, beside: Sequence[Entry]) -> Answer:
        """The answer, and under it what else may have been meant and is not in it yet."""
        blocks = list(answer.blocks)
        said = {answer.gist, *(line for block in blocks for line in block.lines)}
        added = [e for e in beside if isinstance(e, Text | Gap) and short(e) not in said]
        for entry in added:
            blocks.append(Block("paragraph", (short(entry),), wording.BESIDE))
            if isinstance(entry, Text):
                blocks += [block for block in _text_blocks(entry) if block.kind != "paragraph"]
        notes = tuple(dict.fromkeys((*answer.notes, *cautions(added))))
        return replace(
            answer, blocks=tuple(blocks), notes=notes, sources=(*answer.sources, *sources(self.round, added))
        )

    def _with_topic(self, subject: str, topic: str) -> list[Entry]:
        """The entries on a topic: the subject's own, else its parts', else those of what it is a part of."""
        parts = [child.key for child in self.round.children(subject)]
        # What a branch is divided into says nothing about one of its categories.
        above = [] if topic == "parts" else list(self.round.ancestors(subject))[1:]
        for key in (subject, *parts, *above):
            entries = [e for e in self.round.entries if e.subject == key and e.topic == topic and e.published]
            if entries:
                return entries
        return []

    def _inherited(self, subject: str, attribute: str) -> list[Entry]:
        """The subject's own entries, else those of the branch or scheme that it belongs to."""
        if attribute in ("conditions", "definition", "examples"):
            return list(self.round.of(subject, attribute))
        for key in self.round.ancestors(subject):
            entries = self.round.of(key, attribute)
            if entries:
                return list(entries)
        return []

    def entry(self, entry: Entry) -> Answer:
        """One piece of content as an answer by itself."""
        if isinstance(entry, Gap):
            beside = self.round.of(entry.subject, entry.attribute) if entry.topic else ()
            known = [e for e in beside if isinstance(e, Condition) and e.topic == entry.topic]
            blocks = (Block("bullets", tuple(e.text for e in known), wording.WHAT_IS_KNOWN),) if known else ()
            return cited(Answer("unknown", entry.text, blocks=blocks), self.round, [entry, *known])
        if isinstance(entry, Condition):
            return cited(Answer("answered", entry.text), self.round, [entry])
        if isinstance(entry, Milestone):
            return self._milestone(entry)
        if isinstance(entry, Example):
            return work_answer(self.round, entry)
        if isinstance(entry, Text):
            return cited(Answer("answered", entry.gist or entry.text, blocks=_text_blocks(entry)), self.round, [entry])
        raise TypeError(f"no answer is composed from {type(entry).__name__}")

    def entries(self, entries: Sequence[Entry]) -> Answer:
        """Several entries of one subject as one answer; what is not known only speaks where nothing else does."""
        if len(entries) == 1:
            return self.entry(entries[0])
        known = [e for e in entries if not isinstance(e, Gap)]
        if not known:
            first, *rest = [e for e in entries if isinstance(e, Gap)]
            blocks = (Block("bullets", tuple(e.text for e in rest)),) if rest else ()
            return Answer(
                "unknown", first.text, blocks=blocks, notes=cautions(entries), sources=sources(self.round, entries)
            )
        conditions = [e for e in known if isinstance(e, Condition)]
        if conditions:
            subject = self.round.subjects[conditions[0].subject]
            lines = tuple(e.text for e in conditions)
            return Answer(
                "answered",
                self._conditions_gist(subject, conditions),
                blocks=(Block("numbered", lines),) if len(lines) > 1 else (),
                notes=cautions(conditions),
                sources=sources(self.round, conditions),
            )
        return self._definition(known) if known[0].attribute == "definition" else self.entry(known[0])

    def _conditions_gist(self, subject: Subject, told: Sequence[Condition]) -> str:
        if len(told) == 1:
            return told[0].text
        total = sum(isinstance(e, Condition) for e in self.round.of(subject.key, "conditions"))
        # Only the whole list is counted.
        return (
            wording.conditions_of(subject.name, total)
            if len(told) == total
            else wording.some_conditions_of(subject.name)
        )

    def _definition(self, known: Sequence[Entry]) -> Answer:
        """The main text of a subject, its parts where it has any, and its conditions where it is a category."""
        first, *others = known
        answer = self.entry(first)
        parts = [e for e in others if isinstance(e, Text) and e.topic in _LISTS_OF_PARTS]
        conditions = [e for e in self.round.of(first.subject, "conditions") if isinstance(e, Condition)]
        blocks = list(answer.blocks)
        for part in parts:
            title = "" if part.gist == answer.gist else part.gist
            blocks += [Block(block.kind, block.lines, block.title or title) for block in _text_blocks(part)]
        if conditions and not self.round.children(first.subject):
            blocks.append(Block("bullets", tuple(e.text for e in conditions), wording.CONDITION))
        else:
            conditions = []
        used = [first, *parts, *conditions]
        return replace(answer, blocks=tuple(blocks), notes=cautions(used), sources=sources(self.round, used))

    def _side_by_side(self, reading: Reading) -> Answer:
        """The same point of several subjects, a line each."""
        lines, used = [], []
        own = {e.subject for e in self.round.entries if reading.topic and e.topic == reading.topic}
        if reading.topic and not own & set(reading.subjects):
            shared = self._with_topic(reading.subjects[0], reading.topic)
            if shared:
                return self.entries(shared)
        for key in reading.subjects:
            entries: list[Entry] = []
            if reading.topic:
                entries = [
                    e for e in self.round.entries if e.subject == key and e.topic == reading.topic and e.published
                ]
            entries = entries or [
                e for e in self.round.of(key, reading.attribute) if not (reading.topic and isinstance(e, Gap))
            ]
            if not entries:
                continue
            shown = entries if reading.topic else [e for e in entries if not isinstance(e, Gap)]
            if reading.attribute == "conditions":
                shown = [e for e in shown if isinstance(e, Condition)] or shown[:1]
            texts = [short(e) for e in shown][: 1 if reading.attribute == "definition" else 12]
            used.extend(shown)
            lines.append(f"{self.round.subjects[key].name}\t{' · '.join(texts)}")
        if not lines:
            return self.nothing(reading)
        status = "unknown" if all(isinstance(e, Gap) for e in used) else "answered"
        topic = self.round.topics.get(reading.topic or "")
        what = topic.name if topic else wording.ATTRIBUTE_NAMES[reading.attribute]
        gist = wording.several(what, len(lines)) if status == "answered" else wording.nothing_stated(what)
        return Answer(
            status,
            gist,
            blocks=(Block("pairs", tuple(lines)),),
            notes=cautions(used),
            sources=sources(self.round, used),
        )

    def _not_stated(self, subject: str, topic: str) -> Answer:
        """The question is clear and the subject's rules say nothing of it: say so, and show what they do say."""
        conditions = [e for e in self.round.of(subject, "conditions") if isinstance(e, Condition)]
        name = self.round.subjects[subject].name
        blocks = (Block("bullets", tuple(e.text for e in conditions), wording.STATED_CONDITIONS),) if conditions else ()
        return Answer(
            "unknown",
            wording.not_stated(self.round.topics[topic].name, name),
            blocks=blocks,
            sources=sources(self.round, conditions),
        )

    def nothing(self, reading: Reading) -> Answer:
        """The plain word that nothing is known."""
        topic = self.round.topics.get(reading.topic or "")
        what = topic.name if topic else wording.ATTRIBUTE_NAMES[reading.attribute]
        names = " และ ".join(self.round.subjects[key].name for key in reading.subjects)
        return Answer("unknown", wording.nothing_known(what, names))

    def _examples(self, reading: Reading, years: Sequence[int]) -> Answer:
        if reading.entry:
            return self.entry(self.by_id[reading.entry])
        works = [e for e in self.round.entries if isinstance(e, Example) and e.published]
        below = [w for w in works if any(s in self.round.ancestors(w.subject) for s in reading.subjects)]
        if below:
            answer = work_answer(self.round, below[0]) if len(below) == 1 else works_answer(self.round, below)
            return of_another_year(answer, below, years)
        entries = [e for s in reading.subjects for e in self._inherited(s, "examples")]
        return self.entries(entries) if entries else self.nothing(reading)

    # -- calendar ---------------------------------------------------------------------------------------------------

    def _deadline(self, reading: Reading) -> Answer:
        other = self.asked_year is not None and self.asked_year != self.round.year
        entries = self._inherited(reading.subjects[0] if reading.subjects else "awards", "deadline")
        known = [e for e in entries if isinstance(e, Milestone) and e.date]
        lines = tuple(f"{e.name}\t{when_text(e)}" for e in known if not e.cancelled)
        dates = (Block("pairs", lines, wording.of_round(self.round.year)),)
        gaps = [self.by_id[reading.entry]] if reading.entry else [e for e in entries if isinstance(e, Gap)][:1]
        if reading.entry or reading.topic:
            answer = self.plain(reading)
        else:
            answer = self.entry(gaps[0]) if gaps else self.nothing(reading)
        if other:
            # A date of one round is no answer about another.
            answer = replace(answer, status="unknown", gist=wording.no_dates_yet(self.asked_year), blocks=())
        if answer.status == "unknown" and lines:
            answer = replace(answer, blocks=(*answer.blocks, *dates))
            # The slides and one page vouch for a date that was not asked for.
            of_gap = sources(self.round, gaps)
            kept = [one for one in answer.sources if one not in of_gap]
            return replace(answer, sources=(*kept, *sources(self.round, [*gaps, *known])[:2]))
        return answer

    def _milestone(self, milestone: Milestone) -> Answer:
        if milestone.date is None:
            return cited(Answer("unknown", wording.not_announced(milestone.name)), self.round, [milestone])
        parts = (milestone.place, milestone.note, milestone.link)
        details = tuple(Block("paragraph", (part,)) for part in parts if part)
        gist = f"{milestone.name} {when_text(milestone)}"
        if milestone.cancelled:
            gist = wording.cancelled(gist)
        return cited(Answer("answered", gist, blocks=details), self.round, [milestone])


def _text_blocks(entry: Text) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if entry.gist and entry.text and entry.text.strip() != entry.gist.strip():
        blocks.append(Block("paragraph", (entry.text,)))
    if entry.items:
        blocks.append(Block("numbered" if entry.numbered else "bullets", entry.items))
    return tuple(blocks)
