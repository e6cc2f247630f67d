"""Answers about past works: one, one of its figures, or a list of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from bot import wording
from bot.citing import cautions, sources
from bot.turn import Answer, Block, Button
from knowledge.model import Certainty, Entry, Example, Figure, Round

# A phone shows about this many bullets without scrolling twice; the rest is a button away.
_MOST_FIGURES = 5


def work_answer(round_: Round, work: Example) -> Answer:
    """One past work: what it is, what it won, and its main figures; the other figures are a button away."""
    by = " — ".join(part for part in (work.title, work.agency) if part)
    award = wording.awarded(round_.subjects[work.subject].name, work.year, work.level)
    blocks = [Block("paragraph", (by,)), Block("paragraph", (award,))]
    figures = [f for f in work.figures if f.certainty is not Certainty.TO_CONFIRM]
    if figures:
        blocks.append(Block("bullets", tuple(f.text for f in figures[:_MOST_FIGURES]), wording.FIGURES))
    shown: list[Entry | Figure] = [work, *figures[:_MOST_FIGURES]]
    more = tuple(
        Button(figure.label, f"{work.label or work.title} {figure.label}") for figure in figures[_MOST_FIGURES:][:4]
    )
    name = round_.subjects[work.subject].name
    return Answer(
        "answered",
        work.summary or by,
        blocks=tuple(blocks),
        notes=cautions(shown),
        sources=sources(round_, [work]),
        buttons=(*more, Button("เงื่อนไข", f"เงื่อนไข{name}")),
    )


def figure_answer(round_: Round, found: Sequence[tuple[Example, Figure]], years: Sequence[int]) -> Answer:
    """One figure of a work first, then those that may also have been meant. `years` are the years asked for."""
    (work, figure), *others = found
    others = [(w, f) for w, f in others if w is work and f.certainty is not Certainty.TO_CONFIRM]
    by = " — ".join(part for part in (work.title, work.agency) if part)
    award = wording.awarded(round_.subjects[work.subject].name, work.year, work.level)
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
        notes=cautions(shown),
        sources=sources(round_, shown),
        buttons=(
            *((wording.ASK_A_PERSON,) if status == "unknown" else ()),
            Button("ดูผลงานนี้", f"ผลงาน {work.label or work.title}"),
            Button("เงื่อนไข", f"เงื่อนไข{round_.subjects[work.subject].name}"),
        ),
    )


def of_another_year(answer: Answer, works: Sequence[Example], years: Sequence[int]) -> Answer:
    """`answer` about `works` as it stands when works of `years` were asked for: theirs are not known."""
    held = {work.year for work in works}
    missing = [year for year in years if year not in held]
    if not works or not missing or len(missing) < len(years):
        return answer
    known = Block("paragraph", (answer.gist,), wording.of_round(max(held)))
    return replace(answer, status="unknown", gist=wording.no_winners_of(missing[0]), blocks=(known, *answer.blocks))


def works_answer(round_: Round, works: Sequence[Example]) -> Answer:
    """Several past works, a line and a button each."""
    lines = tuple(f"{round_.subjects[w.subject].name}\t{w.label or w.title}" for w in works)
    return Answer(
        "answered",
        wording.works(len(works)),
        blocks=(Block("pairs", lines),),
        sources=sources(round_, works),
        buttons=tuple(Button(w.label or w.title, f"ผลงาน {w.label or w.title}") for w in works),
    )
