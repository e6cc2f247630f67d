"""`lertrat learn`: the numbers that decide, learnt from labelled questions."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path

import click

from bot.assistant import Asked, Session, load_services
from bot.dispatch import Services
from bot.judging import outcome
from intents.decision import CertaintySigns
from intents.evaluation import EvaluationError, Judged, Labelled, judge, read_labelled
from intents.learning import fit_logistic, search
from intents.learnt import FILE, Learnt, learnt, write_learnt
from intents.noise import KINDS, noisy
from intents.phrasebook import OUT_OF_SCOPE
from intents.scope import ScopeSigns


@dataclass(frozen=True)
class _Case:
    labelled: Labelled
    asked: Asked
    judged: Judged

    @property
    def right(self) -> bool:
        return self.judged.labels and self.judged.content is not False


class _Teacher:
    """Asks all questions again and again, with other numbers each time; what does not depend on them is kept."""

    def __init__(self, services: Services, rows: list[list[Labelled]]) -> None:
        self._services = services
        self._rows = rows
        for matcher in services.matchers.values():
            # Both are pure; a search asks some hundred times for the same.
            setattr(matcher, "understand", lru_cache(maxsize=None)(matcher.understand))  # noqa: B010
            setattr(matcher.facts, "find", lru_cache(maxsize=None)(matcher.facts.find))  # noqa: B010

    def cases(self, numbers: Learnt) -> Iterator[_Case]:
        """Every question, asked with `numbers`."""
        for rows in self._rows:
            session = Session(self._with(numbers))
            for row in rows:
                asked = session.ask(row.question, row.conversation)
                yield _Case(row, asked, judge(row, outcome(asked)))

    def mistyped(self, numbers: Learnt) -> Iterator[_Case]:
        """The questions that stand alone, as they are and mistyped: whoever is in a hurry is no stranger for it."""
        for rows in self._rows:
            session = Session(self._with(numbers))
            for row in rows:
                if row.conversation:
                    continue
                for text in dict.fromkeys((row.question, *(noisy(row.question, kind, row.question) for kind in KINDS))):
                    asked = session.ask(text)
                    yield _Case(row, asked, judge(row, outcome(asked)))

    def _with(self, numbers: Learnt) -> Services:
        matchers = {year: matcher.with_numbers(numbers) for year, matcher in self._services.matchers.items()}
        return replace(self._services, matchers=matchers)

    def quality(self, numbers: Learnt) -> float:
        """The share of the questions that are answered right: labels and content."""
        rights = [case.right for case in self.cases(numbers)]
        return sum(rights) / len(rights)


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--rounds", default=1, show_default=True, help="How often to go through all the numbers.")
@click.option("--to", "path", default=FILE, type=click.Path(dir_okay=False, path_type=Path), help="The file to write.")
def command(files: tuple[Path, ...], rounds: int, path: Path) -> None:
    """Learn what decides between readings from the labelled questions of FILES, and write it down.

    Never give it questions that are to measure something. Takes minutes; the same files give the same numbers.
    """
    try:
        rows = [read_labelled(file) for file in files]
    except (EvaluationError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    teacher = _Teacher(load_services(), rows)
    try:
        numbers = _with_strangeness(teacher, learnt())
        click.echo(f"right before: {teacher.quality(numbers):.2%} of {sum(map(len, rows))}")
        for name, better, quality in search(numbers, teacher.quality, rounds):
            click.echo(f"{name:24} {getattr(numbers, name):.3f} → {getattr(better, name):.3f}   right: {quality:.2%}")
            numbers = better
        numbers = _with_certainty(teacher, numbers)
        write_learnt(numbers, path)
    except (ValueError, OSError) as error:
        raise click.ClickException(str(error)) from None
    click.echo(f"written: {path}")


def _with_strangeness(teacher: _Teacher, numbers: Learnt) -> Learnt:
    """`numbers` with the gate for strangers fitted on the questions that name nothing of ours."""
    signs: list[ScopeSigns] = []
    strangers: list[bool] = []
    for case in teacher.mistyped(numbers):
        found = case.asked.match.understanding if case.asked.match else None
        if found and found.words and not (found.names or found.stranger or found.reference.follow_up):
            signs.append(found.signs)
            strangers.append(OUT_OF_SCOPE in case.labelled.attributes)
    fitted = fit_logistic(signs, strangers)
    pairs = list(zip(fitted.held_out, strangers, strict=True))
    kept = sum(p <= numbers.strange_from for p, stranger in pairs if not stranger)
    refused = sum(p > numbers.strange_from for p, stranger in pairs if stranger)
    click.echo(
        f"strangers: {refused} of {sum(strangers)} refused, {kept} of {len(pairs) - sum(strangers)} of ours kept"
        f" (each judged by a gate that had not seen it)"
    )
    return replace(numbers, strangeness=fitted.logistic)


def _with_certainty(teacher: _Teacher, numbers: Learnt) -> Learnt:
    """`numbers` with the confidence fitted on what was answered."""
    signs: list[CertaintySigns] = []
    rights: list[bool] = []
    for case in (*teacher.cases(numbers), *teacher.mistyped(numbers)):
        match = case.asked.match
        if match and match.certainty and match.decision == "answer":
            signs.append(match.certainty)
            rights.append(case.judged.labels)
    fitted = fit_logistic(signs, rights)
    error = sum((p - right) ** 2 for p, right in zip(fitted.held_out, rights, strict=True)) / len(rights)
    share = sum(rights) / len(rights)
    click.echo(
        f"certainty: Brier score {error:.4f} held out, {share * (1 - share):.4f} by the share of right answers alone"
    )
    return replace(numbers, certainty=fitted.logistic)
