"""`lertrat knowledge import|export|diff|history`: the content between a directory and the published Revisions."""

from __future__ import annotations

import getpass
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.content import as_documents, checked, files_of, own_files, reading_revisions
from bot.now import BANGKOK, utc_now
from bot.settings import load_settings
from knowledge.differences import Difference, differences
from knowledge.documents import PHRASES, Documents, is_path
from knowledge.loader import ContentError

if TYPE_CHECKING:
    from sqlalchemy import Connection

OWN = "the program's own content"
_SIGNS = {"added": "+", "removed": "-", "changed": "~"}
_DIRECTORY = click.Path(file_okay=False, path_type=Path)
_EXISTING = click.Path(exists=True, file_okay=False, path_type=Path)
_NUMBER = click.IntRange(min=1)


@click.command("import")
@click.argument("directory", type=_EXISTING)
@click.option("--note", default="", help="Why, for the history.")
@click.option(
    "--based-on", type=_NUMBER, help="The revision that the files were exported from: refuses if another is published."
)
def import_(directory: Path, note: str, based_on: int | None) -> None:
    """Publish the content of DIRECTORY: a folder for each round, and phrases.yaml (default: the program's own).

    It is checked first: with any mistake, each a line, nothing is published. Running processes serve it at once.
    """
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage import revisions
    from bot.storage.database import make_engine, migrate

    documents = _documents_of(directory, check=True)
    settings = load_settings()
    migrate(settings.database)
    engine = make_engine(settings.database)
    try:
        with engine.begin() as connection:
            newest = revisions.newest_id(connection)
            before, name = _published(connection, newest)
            found = differences(before, documents)
            if newest is not None and not found:
                click.echo(f"{name} holds just this; nothing to publish")
                return
            number = revisions.publish(
                connection,
                documents,
                based_on=newest if based_on is None else based_on,
                note=note,
                author=_user()[:64],
                published_at=utc_now(),
            )
    except revisions.OutdatedError as error:
        raise click.ClickException(
            f"{error}; take its changes over (`lertrat knowledge diff {directory}` shows them) and import again"
        ) from None
    except SQLAlchemyError as error:
        raise click.ClickException(
            f"the database does not answer ({type(error).__name__}); check DATABASE_URL"
        ) from None
    finally:
        engine.dispose()
    _print(found)
    click.echo(f"revision {number}: published, compared with {name}: {_counted(found)}")


@click.command()
@click.argument("directory", type=_DIRECTORY)
@click.option("--revision", "number", type=_NUMBER, help="Not the published one, but this.")
@click.option("--force", is_flag=True, help="Write over what is in DIRECTORY.")
def export(directory: Path, number: int | None, force: bool) -> None:
    """Write the published revision, or the program's own content while there is none, into DIRECTORY.

    The files are what was imported, byte for byte.
    """
    with _revisions() as connection:
        documents, name = _revision(connection, number)
    strange = [path for path in documents if not is_path(path)]
    if strange:
        raise click.ClickException(f"{name} has a document at '{strange[0]}', where none may stand; nothing is written")
    try:
        if not force and directory.exists() and any(directory.iterdir()):
            raise click.UsageError(f"{directory} is not empty; name another directory, or write over it with --force")
        for path, text in documents.items():
            target = directory / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(text.encode())
        left = sorted(set(files_of(directory)[0]) - {*documents})
    except OSError as error:
        raise click.ClickException(f"{error.filename}: {error.strerror}; nothing more is written") from None
    click.echo(f"{name}: {len(documents)} files are in {directory}")
    for path in left:
        click.echo(f"{path}: was there before and is not of {name}; take it away before you import", err=True)


@click.command()
@click.argument("directory", required=False, type=_EXISTING)
@click.option("--from", "old", type=_NUMBER, help="Not from the published revision, but from this.")
@click.option("--to", "new", type=_NUMBER, help="To this revision, in place of a directory.")
def diff(directory: Path | None, old: int | None, new: int | None) -> None:
    """Show what differs from the published revision to DIRECTORY (default: the program's own content), entry by entry.

    Exit status 1 when there is a difference. While nothing is published, the program's own content stands for it.
    """
    if directory is not None and new is not None:
        raise click.UsageError("give DIRECTORY or --to, not both")
    with _revisions() as connection:
        before, before_name = _revision(connection, old)
        if new is not None:
            after, after_name = _revision(connection, new)
        elif directory is not None:
            after, after_name = _documents_of(directory), str(directory)
        else:
            after, after_name = as_documents(own_files()), OWN
    click.echo(f"from {before_name} to {after_name}:")
    found = differences(before, after)
    _print(found)
    click.echo(_counted(found))
    raise click.exceptions.Exit(1 if found else 0)


@click.command()
def history() -> None:
    """List the revisions, the newest (the published one) first. Times are Bangkok's."""
    from bot.storage import revisions

    with _revisions() as connection:
        known = revisions.listed(connection) if connection else []
    for revision in known:
        when = revision.published_at.astimezone(BANGKOK)
        note = _one_line(revision.note)
        click.echo(
            f"{revision.id:>5}  {when:%Y-%m-%d %H:%M}  {_one_line(revision.author)}{f'  {note}' if note else ''}"
        )
    if not known:
        click.echo(f"nothing is published; {OWN} answers")


@contextmanager
def _revisions() -> Iterator[Connection | None]:
    """The database that `lertrat run` would use; None where that one is still to be made."""
    settings = load_settings()
    if not settings.database_url and not Path(settings.database.removeprefix("sqlite:///")).exists():
        yield None
        return
    with reading_revisions(settings.database) as connection:
        yield connection


def _revision(connection: Connection | None, number: int | None) -> tuple[Documents, str]:
    """The documents of a revision (None: of what is published) and what to call them."""
    from bot.storage import revisions

    if number is None:
        return _published(connection, revisions.newest_id(connection) if connection else None)
    documents = revisions.documents_of(connection, number) if connection else None
    if documents is None:
        raise click.ClickException(f"there is no revision {number}; see `lertrat knowledge history`")
    return documents, f"revision {number}"


def _published(connection: Connection | None, newest: int | None) -> tuple[Documents, str]:
    if newest is None:
        return as_documents(own_files()), f"{OWN} (nothing is published)"
    return _revision(connection, newest)


def _documents_of(directory: Path, check: bool = False) -> dict[str, str]:
    """The documents of a directory; with a mistake, each is a line and the command ends."""
    try:
        files, borrowed = files_of(directory)
        if check:
            checked(files)
        documents = as_documents(files)
    except ContentError as error:
        for problem in error.problems:
            click.echo(str(problem))
        click.echo(f"{len(error.problems)} problem(s) found{', nothing is published' if check else ''}", err=True)
        raise click.exceptions.Exit(1) from None
    if borrowed:
        click.echo(f"{PHRASES}: not in {directory}, so the program's own is taken", err=True)
    return documents


def _print(found: Sequence[Difference]) -> None:
    file = ""
    for one in found:
        if one.file != file:
            file = one.file
            click.echo(file)
        note = f" ({one.note})" if one.note else ""
        click.echo(f"  {_SIGNS[one.change]} {_one_line(one.entry)}{note}")
        for line in one.lines:
            key = f"{line.key}: " if line.key else ""
            click.echo(_one_line(f"{line.sign} {key}{line.text}", indent=6))


def _counted(found: Sequence[Difference]) -> str:
    if not found:
        return "no difference"
    counts: Counter[str] = Counter(one.change for one in found)
    return ", ".join(f"{counts[change]} {change}" for change in _SIGNS if counts[change])


def _one_line(text: str, indent: int = 0) -> str:
    """Without line breaks and control characters: what somebody wrote must not steer the terminal."""
    return " " * indent + " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _user() -> str:
    try:
        return getpass.getuser()
    except (OSError, KeyError):  # no account of that number on this machine
        return "unknown"
