"""A process serves what is published: swapped while it runs, and never worse than before."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Engine, create_engine
from structlog.testing import capture_logs

from bot.published import Published, UnusableError
from bot.settings import SettingsError
from bot.storage.database import make_engine, migrate
from knowledge.documents import Documents
from knowledge.loader import ContentError, Problem
from tests.bot.eventually import eventually
from tests.bot.published_content import publish

Log = list[Any]


class Compiler:
    """Makes a word of the documents; what it was given before stands behind it. "broken" is what it cannot make."""

    def __init__(self) -> None:
        self.calls: list[tuple[str, str | None]] = []
        self.allowed = threading.Event()
        self.allowed.set()
        self.begun = threading.Event()

    def __call__(self, documents: Documents | None, previous: str | None) -> str:
        word = "own" if documents is None else documents["phrases.yaml"]
        self.calls.append((word, previous))
        self.begun.set()
        assert self.allowed.wait(10)
        if word == "broken":
            raise ContentError((Problem("phrases.yaml", "a", "wrong", "mend it"),) * 9)
        if word == "impossible":
            raise ZeroDivisionError
        return word


@pytest.fixture
def compiler() -> Compiler:
    return Compiler()


@pytest.fixture
def published(engine: Engine, compiler: Compiler) -> Iterator[Published[str]]:
    published = Published(engine, compiler)
    yield published
    published.stop()


@pytest.fixture
def log() -> Iterator[Log]:
    with capture_logs() as entries:
        yield entries


def events(log: Log) -> list[str]:
    return [entry["event"] for entry in log]


def words(word: str) -> dict[str, str]:
    return {"phrases.yaml": word}


def test_while_nothing_is_published_the_programs_own_content_is_served(published: Published[str]) -> None:
    assert published.serving is None
    with pytest.raises(RuntimeError, match="nothing is loaded yet"):
        published.current()
    published.start()
    assert published.current() == "own"
    assert published.serving is not None
    assert published.serving.revision is None


def test_at_the_start_the_newest_revision_is_served(engine: Engine, published: Published[str]) -> None:
    publish(engine, words("one"))
    publish(engine, words("two"))
    published.start()
    assert published.current() == "two"


def test_another_revision_is_compiled_from_the_one_before_and_swapped_in(
    engine: Engine, published: Published[str], compiler: Compiler, log: Log
) -> None:
    assert published.refresh()
    publish(engine, words("one"))
    publish(engine, words("two"))
    assert published.refresh()
    assert published.current() == "two"
    assert not published.refresh()
    assert compiler.calls == [("own", None), ("two", "own")]
    assert [(entry["event"], entry["revision"], entry["log_level"]) for entry in log] == [
        ("revision_served", None, "info"),
        ("revision_served", 2, "info"),
    ]


def test_the_thread_finds_it_by_itself_and_ends(engine: Engine, published: Published[str]) -> None:
    published.start(every=0.01)
    publish(engine, words("one"))
    eventually(lambda: published.current() == "one")
    published.stop()
    publish(engine, words("two"))
    assert not [thread for thread in threading.enumerate() if thread.name == "published"]
    assert published.current() == "one"


def test_while_one_is_compiled_the_old_one_answers_and_nobody_waits(
    engine: Engine, published: Published[str], compiler: Compiler
) -> None:
    published.start(every=0.01)
    compiler.begun.clear()
    compiler.allowed.clear()
    publish(engine, words("one"))
    assert compiler.begun.wait(10)
    assert not published.refresh()
    assert published.current() == "own"
    compiler.allowed.set()
    eventually(lambda: published.current() == "one")


@pytest.mark.parametrize("word", ["broken", "impossible"])
def test_a_revision_that_cannot_be_used_is_told_once_and_the_old_one_goes_on(
    engine: Engine, published: Published[str], compiler: Compiler, log: Log, word: str
) -> None:
    publish(engine, words("one"))
    published.refresh()
    publish(engine, words(word))
    assert [published.refresh() for _ in range(3)] == [False] * 3
    assert published.current() == "one"
    assert [call for call, _ in compiler.calls] == ["one", word]
    [told] = [entry for entry in log if entry["event"] == "revision_unusable"]
    assert (told["log_level"], told["revision"], told["serving"]) == ("error", 2, 1)
    assert "lertrat knowledge import" in told["fix"]
    if word == "broken":
        assert (told["count"], told["problems"]) == (9, ["phrases.yaml: a: wrong → mend it"] * 5)
    else:
        assert told["error"] == "ZeroDivisionError"
    publish(engine, words("three"))
    assert published.refresh()
    assert published.current() == "three"


def test_a_process_that_starts_serves_the_newest_that_can_be_used(
    engine: Engine, published: Published[str], compiler: Compiler, log: Log
) -> None:
    for word in ("one", "two", "broken", "impossible"):
        publish(engine, words(word))
    published.start()
    assert published.serving is not None
    assert (published.serving.revision, published.current()) == (2, "two")
    assert events(log) == ["revision_unusable", "revision_unusable", "revision_served"]
    assert not published.refresh()
    assert len(compiler.calls) == 3


def test_where_no_revision_can_be_used_the_start_fails_and_the_own_content_is_not_passed_off_as_published(
    engine: Engine, published: Published[str], compiler: Compiler
) -> None:
    publish(engine, words("broken"))
    with pytest.raises(UnusableError, match="publish corrected content: `lertrat knowledge import DIRECTORY`"):
        published.start()
    assert [call for call, _ in compiler.calls] == ["broken"]


def test_a_database_without_the_table_holds_no_revision_and_is_told_once(sqlite_url: str, log: Log) -> None:
    engine = make_engine(sqlite_url)
    published = Published(engine, Compiler())
    assert published.refresh()
    assert not published.refresh()
    assert published.current() == "own"
    assert events(log) == ["revisions_table_missing", "revision_served"]
    assert log[0]["fix"] == "run `lertrat migrate`"
    migrate(sqlite_url)
    publish(engine, words("one"))
    assert published.refresh()
    assert published.current() == "one"
    engine.dispose()


def test_a_database_that_is_away_is_told_once_and_found_again(tmp_path: Path, log: Log) -> None:
    here, away = tmp_path / "here", tmp_path / "away"
    here.mkdir()
    url = f"sqlite:///{here / 'lertrat.db'}"
    migrate(url)
    engine = make_engine(url)
    publish(engine, words("one"))
    published = Published(engine, Compiler())
    published.refresh()
    log.clear()

    engine.dispose()
    here.rename(away)
    assert [published.refresh() for _ in range(3)] == [False] * 3
    assert published.current() == "one"
    assert [(entry["event"], entry["log_level"]) for entry in log] == [("revisions_unreachable", "error")]
    assert log[0]["fix"] == "check DATABASE_URL and that the database runs"

    away.rename(here)
    publish(engine, words("two"))
    assert published.refresh()
    assert published.current() == "two"
    assert events(log) == ["revisions_unreachable", "revisions_reachable_again", "revision_served"]
    engine.dispose()


def test_a_start_waits_for_its_database_and_then_gives_up_rather_than_guess(log: Log) -> None:
    engine = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    compiler = Compiler()
    published = Published(engine, compiler)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database cannot be reached"):
        published.start(every=0.01, patience=0.05)
    assert events(log) == ["revisions_unreachable"]
    assert compiler.calls == []


def test_a_start_goes_on_once_its_database_is_there(tmp_path: Path, log: Log) -> None:
    url = f"sqlite:///{tmp_path / 'late' / 'lertrat.db'}"
    engine = make_engine(url)
    (tmp_path / "late").rmdir()
    published = Published(engine, Compiler())
    starting = threading.Thread(target=published.start, kwargs={"every": 0.01})
    starting.start()
    eventually(lambda: "revisions_unreachable" in events(log))
    migrate(url)
    starting.join(10)
    assert published.current() == "own"
    published.stop()
    engine.dispose()


def test_a_database_that_was_put_back_to_an_older_state_is_followed(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    publish(engine, words("one"))
    publish(engine, words("two"))
    published = Published(engine, Compiler())
    published.refresh()
    with engine.begin() as connection:
        connection.exec_driver_sql("DELETE FROM revisions WHERE id = 2")
    assert published.refresh()
    assert published.current() == "one"
    engine.dispose()


def test_what_is_made_aside_is_served_when_it_is_ready(engine: Engine, compiler: Compiler, log: Log) -> None:
    asked: list[tuple[Any, str]] = []
    allowed = threading.Event()

    def complete(documents: Documents | None, compiled: str) -> str | None:
        asked.append((documents, compiled))
        assert allowed.wait(10)
        return f"{compiled}, whole"

    published = Published(engine, compiler, complete, complete_after=0)
    assert published.refresh()
    assert published.current() == "own"
    allowed.set()
    eventually(lambda: published.current() == "own, whole")
    assert asked == [(None, "own")]
    eventually(lambda: "revision_completed" in events(log))


def test_what_was_made_aside_of_an_older_revision_is_not_served(engine: Engine, compiler: Compiler) -> None:
    begun, allowed, done = threading.Event(), threading.Event(), threading.Event()

    def complete(documents: Documents | None, compiled: str) -> str | None:
        if compiled != "own":
            return None
        begun.set()
        assert allowed.wait(10)
        done.set()
        return "too late"

    published = Published(engine, compiler, complete, complete_after=0)
    published.refresh()
    assert begun.wait(10)
    publish(engine, words("new"))
    assert published.refresh()
    allowed.set()
    assert done.wait(10)
    published.stop()
    assert published.current() == "new"


def test_nothing_is_made_aside_of_what_was_replaced_at_once(engine: Engine, compiler: Compiler) -> None:
    asked: list[str] = []
    rested = threading.Event()

    class Rest(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            assert rested.wait(10)
            return False

    def complete(documents: Documents | None, compiled: str) -> str | None:
        asked.append(compiled)
        return None

    published = Published(engine, compiler, complete)
    published._stopped = Rest()
    published.refresh()
    publish(engine, words("new"))
    assert published.refresh()
    threads = [thread for thread in threading.enumerate() if thread.name == "complete"]
    rested.set()
    for thread in threads:
        thread.join(10)
    assert asked == ["new"]


def test_what_fails_aside_changes_nothing(engine: Engine, compiler: Compiler, log: Log) -> None:
    def complete(documents: Documents | None, compiled: str) -> str | None:
        raise MemoryError

    published = Published(engine, compiler, complete, complete_after=0)
    published.refresh()
    eventually(lambda: "revision_not_completed" in events(log))
    assert published.current() == "own"
