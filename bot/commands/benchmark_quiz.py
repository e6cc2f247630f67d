"""`lertrat benchmark quiz`: how many questions the quiz takes, over works drawn by chance."""

from __future__ import annotations

import random
import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import click

from knowledge.loader import ContentError, load_knowledge
from knowledge.model import QuizQuestion, Round
from knowledge.quiz import FOCUS, chosen, next_question, unsure

# How often each trait of a work holds when a question offers several.
_TRAIT = 0.3


@dataclass(frozen=True)
class _Work:
    """One work drawn by chance: the same fact has the same value whatever question asks for it."""

    number: int
    focus: tuple[str, ...]

    def answers(self, question: QuizQuestion) -> dict[str, Any]:
        if question.facts == (FOCUS,):
            return {FOCUS: list(self.focus)}
        if question.several and not question.one_tap:
            traits = [
                i for i, a in enumerate(question.answers) if a.facts and self._draw(sorted(a.facts)).random() < _TRAIT
            ]
            return chosen(question, traits or [len(question.answers) - 1]) or unsure(question)
        return chosen(question, [self._draw(question.facts).randrange(len(question.answers))]) or unsure(question)

    def _draw(self, names: Sequence[str]) -> random.Random:
        return random.Random(f"{self.number} {' '.join(names)}")  # noqa: S311 - drawn the same each time on purpose


def _first_needed(round_: Round, facts: dict[str, Any]) -> QuizQuestion | None:
    """The quiz without foresight: every fact of the work's branches, one question each, in the content's order."""
    branches = facts.get(FOCUS, [FOCUS])
    for question in round_.questions:
        (name, *others) = question.facts
        parent = round_.facts[name].parent
        of_it = parent is None or parent in branches or (parent in round_.facts and bool(facts.get(parent)))
        if not others and name not in facts and of_it:
            return question
    return None


@click.command()
@click.option(
    "--works", default=500, show_default=True, type=click.IntRange(10, 100_000), help="How many of each kind."
)
def command(works: int) -> None:
    """Count the questions of the quiz: median, 90th percentile and most, for works of each kind.

    Beside it stands a quiz that asks for every fact of the work's branches, over the same works in the same run.
    """
    try:
        round_ = load_knowledge().newest
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"{'':28}{'median':>8}{'90 %':>8}{'most':>8}{'5 to 8':>9}{'every fact: median':>21}{'ratio':>8}")
    for title, focus in (
        ("service", ("service",)),
        ("participation", ("participation",)),
        ("service and participation", ("service", "participation")),
    ):
        drawn = [_Work(number, focus) for number in range(works)]
        ours = sorted(_count(round_, work, next_question) for work in drawn)
        plain = [_count(round_, work, _first_needed) for work in drawn[: works // 5]]
        within = sum(5 <= count <= 8 for count in ours) / len(ours)
        ratio = statistics.mean(plain) / statistics.mean(ours)
        click.echo(
            f"{title:28}{statistics.median(ours):8g}{ours[int(0.9 * len(ours))]:8}{ours[-1]:8}{within:9.0%}"
            f"{statistics.median(plain):21g}{ratio:8.1f}"
        )


def _count(round_: Round, work: _Work, following: Callable[[Round, dict[str, Any]], QuizQuestion | None]) -> int:
    facts: dict[str, Any] = {}
    count = 0
    while question := following(round_, facts):
        facts = {**facts, **unsure(question), **work.answers(question)}
        count += 1
    return count
