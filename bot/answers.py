"""Match + knowledge → Answer: what is said, before any looks.

Every sentence that states a fact is an entry's own; what stands here only frames it (round, source, what is not known).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from bot import wording
from bot.turn import Answer, Block, Button
from intents.match import Match, Reading
from knowledge.model import Certainty, Condition, Entry, Example, Figure, Gap, Milestone, Round, Source, Text

# A phone shows about this many bullets without scrolling twice; the rest is a button away.
_MOST_FIGURES = 6


@dataclass(frozen=True)
class Composer:
    """Composes answers from one round's knowledge. `asked_year` is the round that the question named, if any."""

    round: Round
    asked_year: int | None = None

    def answer(self, match: Match) -> Answer:
        """The answer to the match's first reading; its status is "answered" or "unknown"."""
        reading = match.best
        figures = [self._figures[key] for key in (reading.figure, *reading.also) if key in self._figures]
        if figures:
            return self._framed(self._figure(figures, match.years), reading)
        compose = {
            "examples": self._examples,
            "comparison": self._comparison,
            "recommend": self._recommend,
            "deadline": self._deadline,
        }.get(reading.attribute, self._plain)
        return self._framed(compose(reading), reading)

    @cached_property
    def _by_id(self) -> dict[str, Entry]:
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

    def _framed(self, answer: Answer, reading: Reading) -> Answer:
        """The answer with its labels, its round and what may be asked next."""
        notes = list(answer.notes)
        if self.asked_year and self.asked_year != self.round.year:
            notes.insert(0, wording.other_round(self.asked_year, self.round.year))
        buttons = answer.buttons or self._next_buttons(reading, answer.status)
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

    def _next_buttons(self, reading: Reading, status: str) -> tuple[Button, ...]:
        buttons: list[Button] = []
        if status == "unknown":
            if reading.attribute == "deadline":
                buttons.append(wording.REMIND_WHEN_ANNOUNCED)
            buttons.append(wording.ASK_A_PERSON)
        for key in reading.subjects[:2]:
            name, several = self.round.subjects[key].name, len(reading.subjects) > 1
            label = f" {self.round.subjects[key].label}" if several else ""
            for attribute, text in (("conditions", "เงื่อนไข"), ("examples", "ตัวอย่างผลงาน"), ("definition", "คืออะไร")):
                if (attribute != reading.attribute or reading.entry) and self.round.of(key, attribute):
                    question = f"{name}{text}" if attribute == "definition" else f"{text}{name}"
                    buttons.append(Button(f"{text}{label}", question))
        return tuple(buttons[:5])

    def source(self, source: Source) -> list[str]:
        """The source as staff see it: the slides' lines, or the address of a public page."""
        shown = [wording.slides(self.round.slides, source.lines)] if source.lines else []
        return shown + [wording.public_page(url) for url in source.urls]

    def _sources(self, entries: Iterable[Entry | Figure]) -> tuple[str, ...]:
        return tuple(text for entry in entries for text in self.source(entry.source))

    @staticmethod
    def _cautions(entries: Iterable[Entry | Figure]) -> tuple[str, ...]:
        return tuple(entry.caution for entry in entries if entry.certainty is not Certainty.CERTAIN and entry.caution)

    # -- one attribute of one or several subjects --------------------------------------------------------------------

    def _plain(self, reading: Reading) -> Answer:
        if len(reading.subjects) > 1:
            return self._side_by_side(reading)
        if reading.also:
            return self._entries([self._by_id[key] for key in (str(reading.entry), *reading.also)])
        if reading.entry and not self._is_main(self._by_id[reading.entry]):
            return self._entry(self._by_id[reading.entry])
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
                return self._entries(entries)
            if reading.attribute == "conditions":
                return self._not_stated(subject, reading.topic)
        entries = self._inherited(subject, reading.attribute)
        return self._entries(entries) if entries else self._nothing(reading)

    def _with_topic(self, subject: str, topic: str) -> list[Entry]:
        for key in self.round.ancestors(subject):
            entries = [e for e in self.round.entries if e.subject == key and e.topic == topic and e.published]
            if entries:
                return entries
        return []

    def _inherited(self, subject: str, attribute: str) -> list[Entry]:
        """The subject's own entries, else those of the branch or scheme that it belongs to."""
        if attribute in ("conditions", "definition", "examples", "advice"):
            return list(self.round.of(subject, attribute))
        for key in self.round.ancestors(subject):
            entries = self.round.of(key, attribute)
            if entries:
                return list(entries)
        return []

    def _entry(self, entry: Entry) -> Answer:
        cautions, sources = self._cautions([entry]), self._sources([entry])
        if isinstance(entry, Gap):
            return Answer("unknown", entry.text, notes=cautions, sources=sources)
        if isinstance(entry, Condition):
            return Answer("answered", entry.text, notes=cautions, sources=sources)
        if isinstance(entry, Milestone):
            return self._milestone(entry)
        if isinstance(entry, Example):
            return self._work(entry)
        if isinstance(entry, Text):
            return Answer(
                "answered", entry.gist or entry.text, blocks=_text_blocks(entry), notes=cautions, sources=sources
            )
        raise TypeError(f"no answer is composed from {type(entry).__name__}")

    def _entries(self, entries: Sequence[Entry]) -> Answer:
        """Several entries of one subject as one answer; what is not known only speaks where nothing else does."""
        if len(entries) == 1:
            return self._entry(entries[0])
        known = [e for e in entries if not isinstance(e, Gap)]
        if not known:
            first, *rest = [e for e in entries if isinstance(e, Gap)]
            blocks = (Block("bullets", tuple(e.text for e in rest)),) if rest else ()
            return Answer(
                "unknown", first.text, blocks=blocks, notes=self._cautions(entries), sources=self._sources(entries)
            )
        conditions = [e for e in known if isinstance(e, Condition)]
        if conditions:
            subject = self.round.subjects[conditions[0].subject]
            lines = tuple(e.text for e in conditions)
            return Answer(
                "answered",
                wording.conditions_of(subject.name, len(lines)) if len(lines) > 1 else lines[0],
                blocks=(Block("numbered", lines),) if len(lines) > 1 else (),
                notes=self._cautions(conditions),
                sources=self._sources(conditions),
            )
        return self._definition(known) if known[0].attribute == "definition" else self._entry(known[0])

    def _definition(self, known: Sequence[Entry]) -> Answer:
        """The main text of a subject, its parts where it has any, and its conditions where it is a category."""
        first, *others = known
        answer = self._entry(first)
        parts = [e for e in others if isinstance(e, Text) and e.topic == "parts"]
        conditions = [e for e in self.round.of(first.subject, "conditions") if isinstance(e, Condition)]
        blocks = list(answer.blocks)
        for part in parts:
            blocks += [Block(block.kind, block.lines, block.title or part.gist) for block in _text_blocks(part)]
        if conditions and not self.round.children(first.subject):
            blocks.append(Block("bullets", tuple(e.text for e in conditions), wording.CONDITION))
        else:
            conditions = []
        used = [first, *parts, *conditions]
        return replace(answer, blocks=tuple(blocks), notes=self._cautions(used), sources=self._sources(used))

    def _side_by_side(self, reading: Reading) -> Answer:
        """The same point of several subjects, a line each."""
        lines, used = [], []
        own = {e.subject for e in self.round.entries if reading.topic and e.topic == reading.topic}
        if reading.topic and not own & set(reading.subjects):
            shared = self._with_topic(reading.subjects[0], reading.topic)
            if shared:
                return self._entries(shared)
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
            texts = [_short(e) for e in shown][: 1 if reading.attribute == "definition" else 12]
            used.extend(shown)
            lines.append(f"{self.round.subjects[key].name}\t{' · '.join(texts)}")
        if not lines:
            return self._nothing(reading)
        status = "unknown" if all(isinstance(e, Gap) for e in used) else "answered"
        topic = self.round.topics.get(reading.topic or "")
        gist = wording.several(topic.name if topic else wording.ATTRIBUTE_NAMES[reading.attribute], len(lines))
        return Answer(
            status,
            gist,
            blocks=(Block("pairs", tuple(lines)),),
            notes=self._cautions(used),
            sources=self._sources(used),
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
            sources=self._sources(conditions),
        )

    def _nothing(self, reading: Reading) -> Answer:
        topic = self.round.topics.get(reading.topic or "")
        what = topic.name if topic else wording.ATTRIBUTE_NAMES[reading.attribute]
        names = " และ ".join(self.round.subjects[key].name for key in reading.subjects)
        return Answer("unknown", wording.nothing_known(what, names))

    # -- examples ----------------------------------------------------------------------------------------------------

    def _examples(self, reading: Reading) -> Answer:
        works = [e for e in self.round.entries if isinstance(e, Example) and e.published]
        if reading.entry:
            return self._entry(self._by_id[reading.entry])
        below = [w for w in works if any(s in self.round.ancestors(w.subject) for s in reading.subjects)]
        if not below:
            entries = [e for s in reading.subjects for e in self._inherited(s, "examples")]
            return self._entries(entries) if entries else self._nothing(reading)
        if len(below) == 1:
            return self._work(below[0])
        lines = tuple(f"{self.round.subjects[w.subject].name}\t{w.label or w.title}" for w in below)
        buttons = tuple(Button(w.label[:20] or w.title[:20], f"ผลงาน {w.label or w.title}") for w in below)
        return Answer(
            "answered",
            wording.works(len(below)),
            blocks=(Block("pairs", lines),),
            sources=self._sources(below),
            buttons=buttons,
        )

    def _work(self, work: Example) -> Answer:
        by = " — ".join(part for part in (work.title, work.agency) if part)
        award = wording.awarded(self.round.subjects[work.subject].name, work.year, work.level)
        blocks = [Block("paragraph", (by,)), Block("paragraph", (award,))]
        figures = [f for f in work.figures if f.certainty is not Certainty.TO_CONFIRM]
        if figures:
            blocks.append(Block("bullets", tuple(f.text for f in figures[:_MOST_FIGURES]), wording.FIGURES))
        shown: list[Entry | Figure] = [work, *figures[:_MOST_FIGURES]]
        more = tuple(
            Button(figure.label[:20], f"{work.label or work.title} {figure.label}")
            for figure in figures[_MOST_FIGURES:][:4]
        )
        name = self.round.subjects[work.subject].name
        return Answer(
            "answered",
            work.summary or by,
            blocks=tuple(blocks),
            notes=self._cautions(shown),
            sources=self._sources([work]),
            buttons=(*more, Button("เงื่อนไข", f"เงื่อนไข{name}")),
        )

    def _figure(self, found: Sequence[tuple[Example, Figure]], years: Sequence[int]) -> Answer:
        """One figure of a work first, then those that may also have been meant. `years` are the years asked for."""
        (work, figure), *others = found
        others = [(w, f) for w, f in others if w is work and f.certainty is not Certainty.TO_CONFIRM]
        by = " — ".join(part for part in (work.title, work.agency) if part)
        award = wording.awarded(self.round.subjects[work.subject].name, work.year, work.level)
        blocks = [Block("paragraph", (by,)), Block("paragraph", (award,))]
        status = "unknown" if figure.certainty is Certainty.TO_CONFIRM else "answered"
        gist = figure.text
        missing = [year for year in years if not re.search(rf"(?<!\d)(?:{year}|{year - 2500})(?!\d)", figure.text)]
        if missing:
            status, gist = "unknown", wording.no_figure_of(missing[0])
            blocks.insert(0, Block("bullets", (figure.text,), wording.FIGURE_AT_HAND))
        if others:
            blocks.append(Block("bullets", tuple(f.text for _, f in others), wording.RELATED_FIGURES))
        shown = [figure, *(f for _, f in others)]
        return Answer(
            status,
            gist,
            blocks=tuple(blocks),
            notes=self._cautions(shown),
            sources=self._sources(shown),
            buttons=(
                Button("ดูผลงานนี้", f"ผลงาน {work.label or work.title}"),
                Button("เงื่อนไข", f"เงื่อนไข{self.round.subjects[work.subject].name}"),
            ),
        )

    # -- comparison, recommendation, calendar --------------------------------------------------------------------------

    def _comparison(self, reading: Reading) -> Answer:
        if reading.entry:
            return self._plain(reading)
        subjects = reading.subjects
        if len(subjects) == 1:
            own = self.round.of(subjects[0], "comparison")
            if own:
                return self._entries(own)
            if not self.round.children(subjects[0]):
                # Two kinds of one category: what the content says of them.
                return self._plain(replace(reading, attribute="definition"))
            subjects = tuple(s.key for s in self.round.children(subjects[0]))
        parents = {self.round.subjects[key].parent for key in subjects}
        shared = [e for p in parents if p and len(parents) == 1 for e in self.round.of(p, "comparison")]
        if shared:
            return self._entries(shared)
        blocks, used = [], []
        for key in subjects:
            entries: list[Entry] = [*self.round.of(key, "definition")[:1]]
            conditions = [e for e in self.round.of(key, "conditions") if isinstance(e, Condition)]
            lines = [f"{wording.WHAT}\t{_short(e)}" for e in entries]
            if len(subjects) <= 3:
                lines += [f"{e.label or wording.CONDITION}\t{e.text}" for e in conditions]
                entries += conditions
            if lines:
                blocks.append(Block("pairs", tuple(lines), self.round.subjects[key].name))
                used.extend(entries)
        if not blocks:
            return self._nothing(reading)
        names = [self.round.subjects[key].label for key in subjects]
        return Answer(
            "answered",
            wording.compared(names),
            blocks=tuple(blocks),
            notes=self._cautions(used),
            sources=self._sources(used),
        )

    def _recommend(self, reading: Reading) -> Answer:
        if reading.entry:
            return self._entry(self._by_id[reading.entry])
        narrow = [key for key in reading.subjects if not self.round.children(key)]
        if narrow:
            blocks, used = [], []
            for key in narrow[:3]:
                conditions = [e for e in self.round.of(key, "conditions") if isinstance(e, Condition)]
                fits = self.round.of(key, "recommend")[:1]
                lines = [_short(e) for e in fits] + [e.text for e in conditions]
                blocks.append(Block("bullets", tuple(lines), self.round.subjects[key].name))
                used += [*fits, *conditions]
            names = " หรือ ".join(self.round.subjects[key].name for key in narrow[:3])
            return Answer(
                "answered",
                wording.might_fit(names),
                blocks=tuple(blocks),
                notes=(wording.preliminary(self.round.year), *self._cautions(used)),
                sources=self._sources(used),
            )
        subject = reading.subjects[0] if reading.subjects else "awards"
        own = list(self.round.of(subject, "recommend"))
        below = [
            e
            for s in self.round.subjects.values()
            if subject in list(self.round.ancestors(s.key))[1:]
            for e in self.round.of(s.key, "recommend")[:1]
        ]
        below = [e for e in below if not self.round.children(e.subject)]
        suggestions = tuple(f"{self.round.subjects[e.subject].name}\t{_short(e)}" for e in below)
        answer = self._entry(own[0]) if own else Answer("answered", wording.CHOOSE_BY_WORK)
        return replace(
            answer,
            blocks=(*answer.blocks, *((Block("pairs", suggestions),) if suggestions else ())),
            sources=self._sources([*own[:1], *below]),
        )

    def _deadline(self, reading: Reading) -> Answer:
        later = self.asked_year is not None and self.asked_year > self.round.year
        if reading.entry is None and not reading.topic:
            entries = self._inherited(reading.subjects[0] if reading.subjects else "awards", "deadline")
            gaps = [e for e in entries if isinstance(e, Gap)]
            known = [e for e in entries if isinstance(e, Milestone) and e.date]
            lines = tuple(f"{e.name}\t{wording.date_text(e.date)}" for e in known if e.date)
            gist = gaps[0].text if gaps else wording.nothing_known(wording.ATTRIBUTE_NAMES["deadline"], "")
            answer = Answer("unknown", gist, blocks=(Block("pairs", lines, wording.KNOWN_DATES),) if lines else ())
            return replace(answer, sources=self._sources(known))
        answer = self._plain(reading)
        if later and answer.status == "answered":
            # A date of an earlier round is no answer about a later one.
            past = Block("paragraph", (answer.gist,), wording.of_round(self.round.year))
            return replace(
                answer, status="unknown", gist=wording.no_dates_yet(self.asked_year), blocks=(past, *answer.blocks)
            )
        return answer

    def _milestone(self, milestone: Milestone) -> Answer:
        sources, cautions = self._sources([milestone]), self._cautions([milestone])
        if milestone.date is None:
            return Answer("unknown", wording.not_announced(milestone.name), sources=sources, notes=cautions)
        details = tuple(part for part in (milestone.place, milestone.note) if part)
        gist = f"{milestone.name} {wording.date_text(milestone.date)}"
        return Answer(
            "answered", gist, blocks=tuple(Block("paragraph", (d,)) for d in details), sources=sources, notes=cautions
        )


def _text_blocks(entry: Text) -> tuple[Block, ...]:
    blocks: list[Block] = []
    if entry.gist and entry.text and entry.text.strip() != entry.gist.strip():
        blocks.append(Block("paragraph", (entry.text,)))
    if entry.items:
        blocks.append(Block("numbered" if entry.numbered else "bullets", entry.items))
    return tuple(blocks)


def _short(entry: Entry) -> str:
    """The entry in one sentence."""
    if isinstance(entry, Text):
        return entry.gist or entry.text
    if isinstance(entry, Condition | Gap):
        return entry.text
    if isinstance(entry, Example):
        return entry.label or entry.title
    return ""
