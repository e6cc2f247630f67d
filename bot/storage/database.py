"""The database: one engine for SQLite or PostgreSQL, and its migrations."""

from __future__ import annotations

import json
import sqlite3
import time
from pathlib import Path
from typing import Any
from urllib.parse import quote

import sqlalchemy
from sqlalchemy import URL, Connection, Engine, Select, Table, event, func, select
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.engine import make_url
from sqlalchemy.exc import SQLAlchemyError

from bot.settings import SettingsError


def make_engine(database: str) -> Engine:
    """An engine for `Settings.database`; nothing is opened yet.

    SettingsError for an address that cannot be read or a SQLite directory that cannot be made.
    """
    url = _address(database)
    if url.get_backend_name() != "sqlite":
        return _postgres(url)
    try:
        if url.database and url.database != ":memory:":
            Path(url.database).parent.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"DATABASE_URL or VAR_DIR: {error.strerror}: {error.filename}; choose another") from None
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": 10}, json_serializer=_json)
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def make_reader(database: str) -> Engine:
    """The same for commands that only read: it writes nothing, and makes neither a file nor a directory.

    SettingsError for an address that cannot be read.
    """
    url = _address(database)
    if url.get_backend_name() != "sqlite":
        return _postgres(url, postgresql_readonly=True)
    if url.database and url.database != ":memory:":
        # As a file's URI: "rw" opens what is there and makes nothing.
        url = url.set(database=f"file:{quote(url.database)}").update_query_dict({"mode": "rw", "uri": "true"})
    engine = sqlalchemy.create_engine(url, connect_args={"timeout": 10})
    event.listen(engine, "connect", _forbid_writing)
    return engine


def _address(database: str) -> URL:
    try:
        url = make_url(database)
        url.get_dialect()
    except (SQLAlchemyError, ValueError) as error:
        raise SettingsError(f"DATABASE_URL: cannot be read ({str(error).splitlines()[0]}); correct it") from None
    return url


def _postgres(url: URL, **options: object) -> Engine:
    return sqlalchemy.create_engine(
        url,
        pool_pre_ping=True,
        connect_args={"connect_timeout": 5},
        execution_options=options,
        json_serializer=_json,
    )


def _json(value: object) -> str:
    # Thai as it is: escaped, a Revision takes twice the room.
    return json.dumps(value, ensure_ascii=False)


def _forbid_writing(connection: Any, _record: object) -> None:
    connection.execute("PRAGMA query_only=ON")


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Readers do not block the writer, a busy writer is waited for, and references hold."""
    cursor = connection.cursor()
    for pragma in ("busy_timeout=10000", "foreign_keys=ON", "synchronous=NORMAL"):
        cursor.execute(f"PRAGMA {pragma}")
    _keep_a_log(cursor)
    cursor.close()


def _keep_a_log(cursor: sqlite3.Cursor) -> None:
    """Set the write-ahead log, which the file then remembers.

    A file that several processes open for the first time at once answers "database is locked" to this one statement
    without waiting for the busy_timeout, so the waiting is done here.
    """
    until = time.monotonic() + 10
    while True:
        try:
            cursor.execute("PRAGMA journal_mode=WAL")
        except sqlite3.OperationalError as error:
            if error.sqlite_errorcode != sqlite3.SQLITE_BUSY or time.monotonic() > until:
                raise
            time.sleep(0.01)
        else:
            return


def migrate(database: str) -> None:
    """Bring the database up to date. SettingsError when it cannot be reached."""
    # Alembic and its templates are only needed here; importing them would slow every other start down.
    from alembic import command
    from alembic.config import Config

    import migrations

    config = Config()
    config.set_main_option("script_location", str(Path(migrations.__file__).parent))
    engine = make_engine(database)
    try:
        with engine.connect() as connection:
            # Two processes that migrate at once take turns; the second then finds nothing left to do.
            if engine.dialect.name == "postgresql":
                connection.exec_driver_sql("SELECT pg_advisory_xact_lock(20250568)")
            else:
                connection.exec_driver_sql("BEGIN IMMEDIATE")
            config.attributes["connection"] = connection
            command.upgrade(config, "head")
            connection.commit()
    except sqlalchemy.exc.OperationalError as error:
        reason = str(error.orig).strip().splitlines()[0]
        raise SettingsError(f"DATABASE_URL: the database cannot be reached ({reason}); check it") from None
    finally:
        engine.dispose()


def insert_once(connection: Connection, table: Table, values: dict[str, object]) -> bool:
    """Insert a row unless one of its unique keys is there already; whether it was inserted."""
    insert = postgresql.insert(table) if connection.dialect.name == "postgresql" else sqlite.insert(table)
    statement = insert.values(**values).on_conflict_do_nothing()
    # Without this option PostgreSQL's count is not asked for where the program gives the primary key itself.
    return connection.execute(statement, execution_options={"preserve_rowcount": True}).rowcount == 1


def joined(connection: Connection, statement: Select[tuple[str]]) -> list[str]:
    """The texts (without spaces) of a one-column query, each once, in byte order.

    They come as one text: a row of its own for each costs several times as much as finding it.
    """
    column = next(iter(statement.subquery().c))
    text = connection.execute(select(func.aggregate_strings(column, " "))).scalar()
    # Already in order as a rule, so that sorting costs next to nothing.
    return sorted(dict.fromkeys(text.split(" "))) if text else []
