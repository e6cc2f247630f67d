"""`lertrat knowledge`."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from knowledge.loader import ContentError, load_knowledge


@click.group()
def command() -> None:
    """Check the knowledge files."""


@command.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(directory: Path | None) -> None:
    """Check the content of DIRECTORY (default: the program's own), a folder for each round.

    Every mistake is a line: file: entry: problem → fix.
    """
    try:
        knowledge = load_knowledge(directory)
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(f"{len(error.problems)} problem(s) found", err=True)
        raise click.exceptions.Exit(1) from None
    for year, content in sorted(knowledge.rounds.items()):
        kinds = Counter(type(entry).__name__.lower() for entry in content.entries)
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        click.echo(f"{year}: OK, {len(content.subjects)} subjects, {len(content.entries)} entries ({counts})")
