"""The migrations make exactly the tables that the program uses, on both databases."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from sqlalchemy import Engine, inspect, text

import migrations
from bot.settings import SettingsError
from bot.storage.database import make_engine, migrate
from bot.storage.tables import metadata

_MOMENT = datetime(2025, 8, 1, 1, 2, 3, tzinfo=UTC)


def test_the_migrated_database_is_what_the_tables_say(engine: Engine) -> None:
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []
    assert set(metadata.tables) < set(inspect(engine).get_table_names())


def test_migrating_twice_keeps_the_data(engine: Engine, database_url: str) -> None:
    table = metadata.tables["subscriptions"]
    row = {"chat": "U1", "source": "user", "subject": "awards", "leads": " 7d ", "event_id": "e"}
    with engine.begin() as connection:
        connection.execute(table.insert().values(**row, created_at=_MOMENT))
    migrate(database_url)
    with engine.connect() as connection:
        assert connection.execute(table.select()).one().created_at == _MOMENT


def test_two_releases_at_once_both_end_well(database_url: str) -> None:
    command = [sys.executable, "-m", "bot.cli", "migrate"]
    environment = os.environ | {"DATABASE_URL": database_url}
    releases = [subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    assert [(release.communicate()[1], release.returncode) for release in releases] == [
        ("database: up to date\n", 0)
    ] * 3


def test_a_database_that_is_away_is_one_line() -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database cannot be reached .*$"):
        migrate("postgresql+psycopg://nobody@127.0.0.1:1/nothing")


def test_sqlite_lets_readers_work_beside_a_writer(sqlite_url: str) -> None:
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    with engine.connect() as connection:
        modes = [
            connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        ]
    engine.dispose()
    assert modes == ["wal", 1, 10000]


def test_wishes_kept_as_lists_of_days_become_lead_times(database_url: str) -> None:
    engine = make_engine(database_url)
    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    rows = {"U1": "[]", "U2": "[7, 30]", "U3": "[7, 30]", "U4": "[0]"}
    with engine.begin() as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, "0002")
        for chat, days in rows.items():
            connection.execute(
                text(
                    "INSERT INTO subscriptions (chat, source, subject, lead_days, event_id, created_at)"
                    f" VALUES ('{chat}', 'user', 'awards', '{days}', 'e', '2025-08-01 01:02:03')"
                )
            )
    migrate(database_url)
    with engine.connect() as connection:
        kept = connection.execute(text("SELECT chat, leads FROM subscriptions ORDER BY chat")).all()
    engine.dispose()
    assert [tuple(row) for row in kept] == [
        ("U1", " 30d 7d 1d 0d "),
        ("U2", " 30d 7d "),
        ("U3", " 30d 7d "),
        ("U4", " 0d "),
    ]
