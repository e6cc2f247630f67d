"""Run by Alembic: online only, on the connection that bot.storage.database.migrate hands over."""

from typing import Literal

from alembic import context
from alembic.autogenerate.api import AutogenContext

from bot.settings import load_settings
from bot.storage import console_tables  # noqa: F401 - they register themselves
from bot.storage.database import make_engine
from bot.storage.tables import UtcTime, metadata


def column_type(kind: str, item: object, _context: AutogenContext) -> str | Literal[False]:
    """A migration names plain types, so that it outlives the program's own."""
    return "sa.DateTime(timezone=True)" if kind == "type" and isinstance(item, UtcTime) else False


connection = context.config.attributes.get("connection")
if connection is None:
    # `alembic revision --autogenerate` comes without one.
    connection = make_engine(load_settings().database).connect()
context.configure(connection=connection, target_metadata=metadata, render_as_batch=True, render_item=column_type)
with context.begin_transaction():
    context.run_migrations()
