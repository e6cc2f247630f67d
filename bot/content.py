"""The content that a command works on: the program's own, a directory's, or what is published."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from bot.settings import Settings, SettingsError
from intents.phrasebook import OWN_PHRASES, Phrasebook, load_phrasebook, phrasebook_of
from knowledge.documents import PHRASES, Documents, File, files_in, parsed
from knowledge.facts import Fact
from knowledge.loader import CONTENT, FACT_FILE, ContentError, Problem, load_knowledge
from knowledge.model import Knowledge
from knowledge.schema_parts import suggestion

if TYPE_CHECKING:
    from sqlalchemy import Connection


def own_files() -> dict[str, File]:
    """The program's own content, by path: what is served while nothing is published."""
    return {**files_in(CONTENT), PHRASES: OWN_PHRASES.read_bytes()}


def files_of(directory: Path) -> tuple[dict[str, File], bool]:
    """The content files of a directory; whether its phrasebook is the program's own, for want of one there.

    ContentError when the directory cannot be read.
    """
    try:
        files = files_in(directory)
    except OSError as error:
        problem = f"cannot be read ({error.strerror or error})"
        raise ContentError((Problem(str(directory), "whole directory", problem, "name another one"),)) from None
    borrowed = PHRASES not in files
    if borrowed:
        files[PHRASES] = OWN_PHRASES.read_bytes()
    return files, borrowed


def checked(files: Mapping[str, File]) -> tuple[Knowledge, Phrasebook]:
    """What the files hold. ContentError with every mistake of every file."""
    problems: list[Problem] = []
    knowledge, book = Knowledge(), None
    try:
        knowledge = load_knowledge(files)
        problems += _fact_problems(knowledge)
    except ContentError as error:
        problems += error.problems
    try:
        book = phrasebook_in(files)
        problems += _command_problems(book)
    except ContentError as error:
        problems += error.problems
    if problems or book is None:
        raise ContentError(tuple(problems))
    return knowledge, book


def phrasebook_in(files: Mapping[str, File] | None) -> Phrasebook:
    """The phrasebook among documents; the program's own where there are none, or it is not among them."""
    return load_phrasebook() if files is None or PHRASES not in files else phrasebook_of(files[PHRASES])


def _fact_problems(knowledge: Knowledge) -> Iterator[Problem]:
    # Chats under way and other programs hold values of these facts, whatever is published meanwhile.
    own = _own_facts()
    for year, round_ in sorted(knowledge.rounds.items()):
        for name, fact in own.items():
            there = round_.facts.get(name)
            problem, fix = "", "put it back: chats under way and other programs go by it"
            if there is None:
                problem = "the fact is missing"
            elif there.type != fact.type:
                problem = f"the type was '{fact.type}' and is '{there.type}'"
            elif gone := {choice.value for choice in fact.choices} - {choice.value for choice in there.choices}:
                problem = f"the choice '{min(gone)}' is missing"
            if problem:
                yield Problem(f"{year}/{FACT_FILE}", f"facts.{name}", problem, fix)


@cache
def _own_facts() -> Mapping[str, Fact]:
    return load_knowledge().newest.facts


def _command_problems(book: Phrasebook) -> Iterator[Problem]:
    # What a command does is code: content can say how it is given, and no more.
    known = load_phrasebook().commands
    for key in book.commands.keys() - known.keys():
        yield Problem(PHRASES, f"commands.{key}", f"unknown command '{key}'", suggestion(key, known))
    for key in known.keys() - book.commands.keys():
        yield Problem(PHRASES, f"commands.{key}", f"the command '{key}' is missing", "add its attribute and phrasings")


def as_documents(files: Mapping[str, File]) -> dict[str, str]:
    """The texts of the files, byte for byte. ContentError when one is no text."""
    documents: dict[str, str] = {}
    problems: list[Problem] = []
    for path, file in sorted(files.items()):
        try:
            if isinstance(file, OSError):
                raise file
            documents[path] = file if isinstance(file, str) else file.decode("utf-8")
        except (OSError, UnicodeDecodeError):
            problems += [Problem(path, "whole file", *mistake) for mistake in parsed(file)[1]]
    if problems:
        raise ContentError(tuple(problems))
    return documents


@contextmanager
def reading_revisions(database: str) -> Iterator[Connection]:
    """A connection that can only read, to a database that holds Revisions. SettingsError where it is none, or away."""
    # Imported here: most commands need no database.
    from sqlalchemy.exc import SQLAlchemyError

    from bot.storage import revisions
    from bot.storage.database import make_reader

    engine = make_reader(database)
    try:
        with engine.connect() as connection:
            if not revisions.has_table(connection):
                raise SettingsError("DATABASE_URL: the database has no table of revisions; run `lertrat migrate`")
            yield connection
    except SQLAlchemyError as error:
        reason = str(getattr(error, "orig", error)).strip().splitlines()[0]
        raise SettingsError(f"DATABASE_URL: the database cannot be reached ({reason}); check it") from None
    finally:
        engine.dispose()


def published_documents(settings: Settings) -> Documents | None:
    """What is published in the database that DATABASE_URL names; None (the program's own content) where it names none,
    or nothing is published there. SettingsError when it is away or was never migrated."""
    if not settings.database_url:
        return None
    from bot.storage import revisions

    with reading_revisions(settings.database) as connection:
        newest = revisions.newest_id(connection)
        return None if newest is None else revisions.documents_of(connection, newest)
