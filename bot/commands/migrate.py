"""`lertrat migrate`."""

from __future__ import annotations

import click

from bot.settings import load_settings
from bot.storage.database import migrate


@click.command()
def command() -> None:
    """Bring the database up to date. Safe to repeat."""
    migrate(load_settings().database)
    click.echo("database: up to date", err=True)
