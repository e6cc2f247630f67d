"""`lertrat knowledge`: the content as files, checked here and published by knowledge_revisions.py."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import click

from bot.commands import knowledge_revisions
from bot.content import checked, files_of, own_files
from intents.phrasebook import Phrasebook
from knowledge.documents import PHRASES
from knowledge.loader import ContentError


@click.group()
def command() -> None:
    """Check, publish and compare the knowledge files."""


for part in (
    knowledge_revisions.import_,
    knowledge_revisions.export,
    knowledge_revisions.diff,
    knowledge_revisions.history,
):
    command.add_command(part)


@command.command()
@click.argument("directory", required=False, type=click.Path(exists=True, file_okay=False, path_type=Path))
def check(directory: Path | None) -> None:
    """Check the content of DIRECTORY (default: the program's own): a folder for each round, and phrases.yaml.

    Every mistake is a line: file: entry: problem → fix.
    """
    try:
        files, borrowed = files_of(directory) if directory else (own_files(), False)
        knowledge, book = checked(files)
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(f"{len(error.problems)} problem(s) found", err=True)
        raise click.exceptions.Exit(1) from None
    for year, content in sorted(knowledge.rounds.items()):
        kinds = Counter(type(entry).__name__.lower() for entry in content.entries)
        counts = ", ".join(f"{number} {kind}" for kind, number in sorted(kinds.items()))
        click.echo(f"{year}: OK, {len(content.subjects)} subjects, {len(content.entries)} entries ({counts})")
    whose = ", the program's own" if borrowed else ""
    click.echo(f"{PHRASES}: OK{whose}, {len(book.attributes)} attributes, {len(book.commands)} commands, {_size(book)}")


def _size(book: Phrasebook) -> str:
    listed = [*book.attributes.values(), *(c.phrasings for c in book.commands.values()), book.out_of_scope]
    return f"{sum(map(len, listed))} phrasings"
