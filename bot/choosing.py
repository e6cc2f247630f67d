"""Answers that help to choose: subjects compared, and the category that fits a work."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from bot import wording
from bot.citing import cautions, sources
from bot.turn import Answer, Block
from intents.match import Reading
from knowledge.model import Condition, Entry, Example, Gap, Text

if TYPE_CHECKING:
    from bot.answers import Composer


def comparison(composer: Composer, reading: Reading) -> Answer:
    """Two or more subjects side by side; of a branch, its categories."""
    round_ = composer.round
    if reading.entry:
        return composer.plain(reading)
    subjects = reading.subjects
    if len(subjects) == 1:
        own = round_.of(subjects[0], "comparison")
        if own:
            return composer.entries(own)
        if not round_.children(subjects[0]):
            # Two kinds of one category: what the content says of them.
            return composer.plain(replace(reading, attribute="definition"))
        subjects = tuple(s.key for s in round_.children(subjects[0]))
    parents = {round_.subjects[key].parent for key in subjects}
    shared = [e for p in parents if p and len(parents) == 1 for e in round_.of(p, "comparison")]
    if shared:
        return composer.entries(shared)
    blocks, used = [], []
    for key in subjects:
        entries: list[Entry] = [*round_.of(key, "definition")[:1]]
        conditions = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
        lines = [f"{wording.WHAT}\t{short(e)}" for e in entries]
        if len(subjects) <= 2:
            lines += [f"{e.label or wording.CONDITION}\t{e.text}" for e in conditions]
        elif len(subjects) == 3 and conditions:
            # Three in full would not fit on a phone: what is required by name, the words behind the buttons.
            lines.append(f"{wording.CONDITION}\t{' · '.join(e.label or e.text for e in conditions)}")
        if len(subjects) <= 3:
            entries += conditions
        if lines:
            blocks.append(Block("pairs", tuple(lines), round_.subjects[key].name))
            used.extend(entries)
    if not blocks:
        return composer.nothing(reading)
    names = [round_.subjects[key].label for key in subjects]
    return Answer(
        "answered",
        wording.compared(names),
        blocks=tuple(blocks),
        notes=cautions(used),
        sources=sources(round_, used),
    )


def recommendation(composer: Composer, reading: Reading) -> Answer:
    """Which category fits the work described; without a description, what fits which."""
    round_ = composer.round
    if reading.entry:
        return composer.entry(composer.by_id[reading.entry])
    narrow = [key for key in reading.subjects if not round_.children(key)]
    if narrow and not any(round_.of(key, "recommend") for key in narrow):
        # An award that nobody applies for is explained, not suggested.
        return composer.plain(replace(reading, attribute="definition"))
    if narrow:
        blocks, used = [], []
        for key in narrow[:3]:
            conditions = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
            fits = round_.of(key, "recommend")[:1]
            lines = [short(e) for e in fits] + [e.text for e in conditions]
            blocks.append(Block("bullets", tuple(lines), round_.subjects[key].name))
            used += [*fits, *conditions]
        names = " หรือ ".join(round_.subjects[key].name for key in narrow[:3])
        return Answer(
            "answered",
            wording.might_fit(names),
            blocks=tuple(blocks),
            notes=(wording.preliminary(round_.year), *cautions(used)),
            sources=sources(round_, used),
        )
    subject = reading.subjects[0] if reading.subjects else "awards"
    own = list(round_.of(subject, "recommend"))
    below = [e for child in round_.children(subject) for e in round_.of(child.key, "recommend")[:1]]
    suggestions = tuple(f"{round_.subjects[e.subject].name}\t{short(e)}" for e in below)
    answer = composer.entry(own[0]) if own else Answer("answered", wording.CHOOSE_BY_WORK)
    return replace(
        answer,
        blocks=(*answer.blocks, *((Block("pairs", suggestions),) if suggestions else ())),
        sources=sources(round_, [*own[:1], *below]),
    )


def short(entry: Entry) -> str:
    """The entry in one sentence."""
    if isinstance(entry, Text):
        return entry.gist or entry.text
    if isinstance(entry, Condition | Gap):
        return entry.text
    if isinstance(entry, Example):
        return entry.label or entry.title
    return ""
