"""`lertrat benchmark`: how fast the assistant understands, measured on this machine."""

from __future__ import annotations

import statistics
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.commands import benchmark_broadcasts, benchmark_intents, benchmark_quiz
from bot.commands.benchmark_intents import peak_megabytes, percentile
from intents.evaluation import EvaluationError, read_labelled
from intents.noise import noisy
from intents.phrasebook import SUBJECT_MARK, YEAR_MARK, Phrasing, load_phrasebook, phrasings, prepare
from knowledge.loader import ContentError, load_knowledge
from knowledge.model import Round

if TYPE_CHECKING:
    from intents.fitted import Material

# Every so many of the built-in phrasings: enough for a 99th percentile, done in some seconds.
_BUILT_IN = 1000
# What the libraries load late, and the first touch of every page, is not matching.
_WARM_UP = 20


@click.group()
def command() -> None:
    """Measure the assistant on this machine."""


command.add_command(benchmark_intents.command, "intents")
command.add_command(benchmark_broadcasts.command, "broadcasts")
command.add_command(benchmark_quiz.command, "quiz")


@command.command()
@click.option(
    "--file",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Labelled questions (columns: docs/questions.md) instead of the built-in ones.",
)
@click.option("--phrasings", "most", type=click.IntRange(100, 50_000), help="Fit so many, mistyped copies among them.")
def matching(file: Path | None, most: int | None) -> None:
    """Time the understanding of many questions, one after the other, without any context; the whole fit before it, and
    bringing the fit up to date with one phrasing more.

    The last line compares with the plainest matcher there is, rapidfuzz `ratio` to every phrasing of ours, in the
    same run: it says how much of a slow figure is the machine's.
    """
    # Imported here: the help needs no scikit-learn.
    from rapidfuzz import fuzz, process

    from intents.fitted import make, update
    from intents.learnt import learnt
    from intents.matcher import Matcher

    try:
        asked = [row.question for row in read_labelled(file)] if file else None
        if asked == []:
            raise click.ClickException(f"there are no questions in {file}")
        round_, book = load_knowledge().newest, load_phrasebook()
    except (ContentError, EvaluationError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    texts = [prepare(row.text) for row in phrasings(round_, book)]
    questions = asked or _built_in(round_, texts)
    started = time.perf_counter()
    matcher = Matcher(round_, book, lambda material: make(_as_many(material, most)), learnt())
    fitted = time.perf_counter() - started
    started = time.perf_counter()
    more = (*matcher.fitted.phrasings, Phrasing("จอดรถหน้าห้องประชุมวันรับรางวัลได้ตรงไหน", "contact"))
    update(matcher.fitted, replace(matcher.material, phrasings=more))
    updated = time.perf_counter() - started
    ours = _timed(matcher.match, questions)
    plainest = _timed(lambda question: process.extractOne(question, texts, scorer=fuzz.ratio), questions)
    median = statistics.median(ours)
    rows = (
        ("questions", f"{len(questions)}"),
        ("phrasings", f"{len(matcher.fitted.phrasings)}"),
        ("fit", f"{fitted:.2f} s"),
        ("one more", f"{updated:.2f} s"),
        ("median", f"{median:.2f} ms"),
        ("99th percentile", f"{percentile(ours, 0.99):.2f} ms"),
        ("max", f"{max(ours):.2f} ms"),
        ("questions/s", f"{1000 * len(ours) / sum(ours):.0f}"),
        ("peak memory", f"{peak_megabytes():.0f} MB"),
        ("rapidfuzz ratio, median", f"{statistics.median(plainest):.2f} ms"),
        ("ours / rapidfuzz", f"{median / statistics.median(plainest):.2f}"),
    )
    for name, value in rows:
        click.echo(f"{name:<24} {value:>12}")


def _as_many(material: Material, most: int | None) -> Material:
    """`material` with so many phrasings: those spread evenly over all of them, or mistyped copies besides."""
    known = material.phrasings
    if most is None:
        return material
    if most <= len(known):
        return replace(material, phrasings=tuple(known[place * len(known) // most] for place in range(most)))
    copies = (
        replace(known[place % len(known)], text=noisy(known[place % len(known)].text, "typo", place))
        for place in range(most - len(known))
    )
    return replace(material, phrasings=(*known, *copies))


def _built_in(round_: Round, texts: Sequence[str]) -> list[str]:
    """Phrasings as somebody would type them, with the subjects' names in turn, spread over all there are."""
    names = [subject.name for subject in round_.subjects.values()]
    chosen = texts[:: max(1, len(texts) // _BUILT_IN)]
    return [
        text.replace(SUBJECT_MARK, names[place % len(names)]).replace(YEAR_MARK, str(round_.year))
        for place, text in enumerate(chosen)
    ]


def _timed(understand: Callable[[str], object], questions: Sequence[str]) -> list[float]:
    """Milliseconds for each question."""
    # The last ones: a matcher remembers what it has just understood, and would not be timed.
    for question in questions[-_WARM_UP:]:
        understand(question)
    times = []
    with click.progressbar(questions, label="matching", file=sys.stderr) as bar:
        for question in bar:
            started = time.perf_counter()
            understand(question)
            times.append((time.perf_counter() - started) * 1000)
    return times
