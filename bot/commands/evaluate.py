"""`lertrat evaluate`: how many labelled questions are answered right."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import click

from bot.assistant import Session, load_services
from bot.dispatch import Services
from bot.judging import outcome
from bot.kept_runs import keep, last_run, path_for
from bot.memory import settle
from bot.settings import load_settings
from intents.baselines import BASELINES
from intents.evaluation import EvaluationError, Judged, Labelled, Outcome, evaluate, judge, read_labelled
from intents.measures import NoiseCost, noise_cost, noised
from intents.noise import KINDS
from intents.past_run import Run, changes, run_of
from intents.plain_answers import PlainResult, outcome_of, taught
from intents.report import report


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", default=20, show_default=True, help="How many wrong answers to show.")
@click.option("--no-noise", is_flag=True, help="Leave out the questions mistyped on purpose.")
@click.option("--no-baselines", is_flag=True, help="Leave out the plain methods.")
@click.option("--no-keep", is_flag=True, help="Do not keep this run for the next one to be compared with.")
def command(file: Path, misses: int, no_noise: bool, no_baselines: bool, no_keep: bool) -> None:
    """Ask every question of FILE (columns: docs/questions.md) and print the accuracy.

    Also by kind of noise, beside plain methods, and compared with the last run on FILE, which is kept in VAR_DIR without
    the questions.
    """
    kept = path_for(load_settings().var_dir, file)
    try:
        content = file.read_bytes()
        rows = read_labelled(file)
    except (EvaluationError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    last = _last(kept)
    services = load_services()
    settle()  # as the worker does
    times: list[float] = []
    judged = list(_shown("asking", evaluate(rows, _asking(services, times)), len(rows)))
    noise = [] if no_noise or not rows else _noise(services, rows, judged)
    plain = [] if no_baselines or not rows else _plain(services, rows)
    changed = changes(judged, content, last) if last else None
    click.echo(report(judged, misses, noise=noise, plain=plain, milliseconds=times, changes=changed))
    if rows and not no_keep:
        _keep(kept, run_of(judged, noise, services.now(), content, last))


def _asking(services: Services, times: list[float]) -> Callable[[str, str | None], Outcome]:
    """Asks in new conversations; what each question takes (ms) is added to `times`."""
    session = Session(services)

    def ask(question: str, conversation: str | None) -> Outcome:
        asked = session.ask(question, conversation)
        times.append(asked.milliseconds)
        return outcome(asked)

    return ask


def _shown(label: str, judged: Iterator[Judged], length: int) -> Iterator[Judged]:
    with click.progressbar(judged, length=length, label=label, file=sys.stderr) as bar:
        yield from bar


def _noise(services: Services, rows: Sequence[Labelled], clean: Sequence[Judged]) -> list[NoiseCost]:
    costs = []
    for kind in KINDS:
        typed = noised(rows, kind)
        asked = _shown(f"asking with noise: {kind}", evaluate(typed, _asking(services, [])), len(typed))
        costs.append(noise_cost(kind, clean, asked))
    return costs


def _plain(services: Services, rows: Sequence[Labelled]) -> list[PlainResult]:
    """Each plain method on the newest round's phrasings."""
    newest = services.knowledge.newest
    phrasings = list(taught(newest, services.matchers[newest.year].book))
    results = []
    for name, fit in BASELINES.items():
        click.echo(f"{name}: learning {len(phrasings)} phrasings", err=True)
        predict = fit([phrasing.text for phrasing in phrasings], [phrasing.label for phrasing in phrasings])
        times: list[float] = []
        judged = []
        with click.progressbar(rows, label=f"asking {name}", file=sys.stderr) as bar:
            for row in bar:
                started = time.perf_counter()
                label = predict(row.question)
                times.append((time.perf_counter() - started) * 1000)
                judged.append(judge(row, outcome_of(label)))
        results.append(PlainResult(name, len(phrasings), judged, times))
    return results


def _last(path: Path) -> Run | None:
    try:
        return last_run(path)
    except (OSError, ValueError):
        click.echo(f"Warning: {path} cannot be read, so nothing is compared with the last run", err=True)
        return None


def _keep(path: Path, run: Run) -> None:
    try:
        keep(path, run)
    except OSError as error:
        reason = error.strerror or error
        click.echo(f"Warning: this run is not kept for the next one to be compared with ({path}: {reason})", err=True)
