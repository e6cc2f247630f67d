"""An engine that only reads makes nothing and writes nothing."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError, OperationalError

from bot.settings import SettingsError
from bot.storage.database import make_engine, make_reader, migrate


def test_a_reader_reads_what_is_there_and_changes_nothing(engine: Engine, database_url: str) -> None:
    reader = make_reader(database_url)
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar_one() == 0
    for statement in ("DELETE FROM revisions", "CREATE TABLE mine (id integer)"):
        with pytest.raises(DBAPIError), reader.begin() as connection:
            connection.execute(text(statement))
    reader.dispose()


@pytest.mark.parametrize("name", ["new/lertrat.db", "lertrat.db", "ก ข#?%20.db"])
def test_a_reader_makes_neither_a_file_nor_a_directory(tmp_path: Path, name: str) -> None:
    reader = make_reader(f"sqlite:///{tmp_path / name}")
    with pytest.raises(OperationalError):
        reader.connect()
    reader.dispose()
    assert list(tmp_path.iterdir()) == []


def test_a_reader_finds_a_file_of_any_name(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path / 'ก ข#%20.db'}"
    migrate(url)
    reader = make_reader(url)
    with reader.connect() as connection:
        assert connection.execute(text("SELECT count(*) FROM revisions")).scalar_one() == 0
    reader.dispose()


@pytest.mark.parametrize("make", [make_engine, make_reader])
@pytest.mark.parametrize("address", ["nonsense", "martian://host/name", "postgresql+psycopg://host:port/name"])
def test_an_address_that_cannot_be_read_is_one_line(make: object, address: str) -> None:
    assert callable(make)
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: cannot be read \(.*\); correct it$"):
        make(address)


def test_processes_that_open_a_new_file_at_once_wait_for_each_other(tmp_path: Path) -> None:
    def opened(path: Path) -> None:
        engine = make_engine(f"sqlite:///{path}")
        together.wait()
        with engine.begin() as connection:
            connection.exec_driver_sql("CREATE TABLE IF NOT EXISTS opened (number)")
        engine.dispose()

    # One in twenty of such files had answered "database is locked" to somebody.
    together = threading.Barrier(6)
    with ThreadPoolExecutor(6) as threads:
        for number in range(60):
            list(threads.map(opened, [tmp_path / f"{number}.db"] * 6))
