"""`lertrat teach`: which of the labelled questions to take into phrases.yaml."""

from __future__ import annotations

from itertools import groupby
from pathlib import Path

import click
import yaml

from bot.assistant import load_services
from intents.evaluation import EvaluationError, read_labelled
from intents.lessons import Lesson, misread, spoken_for

_WIDTH = 1_000  # A phrasing is one line.


@click.command()
@click.argument("files", nargs=-1, required=True, type=click.Path(exists=True, dir_okay=False, path_type=Path))
def command(files: tuple[Path, ...]) -> None:
    """Print what the labelled questions of FILES have to teach, as phrasings to read over and put into phrases.yaml.

    Of what is misread by its words alone, that which the other phrasings do not speak against. Takes two fits' time. Never
    give it questions that are to measure something.
    """
    services = load_services()
    matcher, today = services.matchers[services.knowledge.newest.year], services.now().date()
    try:
        lessons = [lesson for file in files for lesson in misread(file.name, read_labelled(file), matcher, today)]
    except (EvaluationError, OSError, UnicodeDecodeError) as error:
        raise click.ClickException(str(error)) from None
    kept = sorted(spoken_for(lessons, matcher.material), key=lambda lesson: lesson.attribute)
    for attribute, of_it in groupby(kept, key=lambda lesson: lesson.attribute):
        click.echo(f"{attribute}:")
        for lesson in of_it:
            click.echo(f"  - {_quoted(lesson)}  # {lesson.file}:{lesson.line} {lesson.probability:.2f}")
    click.echo(f"{len(lessons)} misread by their words alone, {len(kept)} of them to teach", err=True)


def _quoted(lesson: Lesson) -> str:
    return yaml.safe_dump(lesson.text, allow_unicode=True, default_style='"', width=_WIDTH).strip()
