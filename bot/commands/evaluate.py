"""`lertrat evaluate`: how many labelled questions are answered right."""

from __future__ import annotations

import sys
from pathlib import Path

import click

from bot.assistant import Session, load_services
from intents.evaluation import EvaluationError, Judged, Outcome, evaluate, read_labelled, report


@click.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--misses", default=20, show_default=True, help="How many wrong answers to show.")
def command(file: Path, misses: int) -> None:
    """Ask every question of FILE (columns: docs/questions.md) and print the accuracy."""
    try:
        rows = read_labelled(file)
    except (EvaluationError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    session = Session(load_services())
    times: list[float] = []

    def ask(question: str, conversation: str | None) -> Outcome:
        asked = session.ask(question, conversation)
        times.append(asked.milliseconds)
        shown = asked.as_json()
        first = asked.answers[0] if asked.answers else None
        return Outcome(
            first.subjects if first else (),
            str(shown["attribute"]),
            str(shown["status"]),
            str(shown["text"]),
            first.confidence if first else 1.0,
        )

    judged: list[Judged] = []
    with click.progressbar(evaluate(rows, ask), length=len(rows), label="asking", file=sys.stderr) as bar:
        judged.extend(bar)
    click.echo(report(judged, misses))
    times.sort()
    click.echo(
        f"\nms a question: median {times[len(times) // 2]:.1f}, 99th percentile {times[int(len(times) * 0.99)]:.1f}"
    )
