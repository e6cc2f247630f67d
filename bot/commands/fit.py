"""`lertrat fit`: the whole fit of the content, made and kept, so that starts take seconds."""

from __future__ import annotations

import fcntl
import json
import os
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from bot.assistant import INSTALLED
from bot.content import phrasebook_in, published_documents
from bot.settings import load_settings
from intents.fitted import is_kept, keep
from intents.matcher import fit
from knowledge.documents import Documents
from knowledge.loader import ContentError, load_knowledge

# Beside a process that answers people, a fit waits for its turn.
_NICENESS = 10


@click.command()
@click.option("--installed", is_flag=True, help="Fit the program's own content and keep it with the installation.")
@click.option("--stdin", "given", is_flag=True, help="Take the documents from stdin: a JSON object, path to text.")
def command(installed: bool, given: bool) -> None:
    """Fit the content and keep the fit in VAR_DIR/fitted: what is published, else the program's own.

    Does nothing where it is kept already. Running processes do this by themselves when something is published.
    """
    if installed and given:
        raise click.UsageError("--installed is for the program's own content")
    settings = load_settings()
    folder = INSTALLED if installed else settings.var_dir / "fitted"
    try:
        documents = None if installed else _given() if given else published_documents(settings)
        knowledge, book = load_knowledge(documents), phrasebook_in(documents)
        os.nice(_NICENESS)
        with _alone_in(folder):
            for year, round_ in sorted(knowledge.rounds.items()):
                began = time.monotonic()
                matcher = fit(round_, book, [folder])
                if not is_kept(matcher.material, folder):
                    keep(matcher.fitted, matcher.material, folder)
                click.echo(f"{year}: {len(matcher.fitted.places)} phrasings, {time.monotonic() - began:.1f} s")
    except (ContentError, ValueError) as error:
        raise click.ClickException(str(error)) from None
    except OSError as error:
        raise click.ClickException(f"{folder}: cannot be written ({error.strerror}); check VAR_DIR") from None


def _given() -> Documents:
    documents = json.load(sys.stdin)
    if not isinstance(documents, dict) or not all(isinstance(text, str) for text in documents.values()):
        raise ValueError("stdin: is no JSON object of texts; give {path: text, …}")
    return documents


@contextmanager
def _alone_in(folder: Path) -> Iterator[None]:
    """While this lasts, no other process fits into `folder`; the second one then finds what the first has made."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield
