"""`lertrat settings`."""

from __future__ import annotations

import click

from bot.settings import settings_table


@click.command()
def command() -> None:
    """Print every setting with its default and meaning, as the table of the README."""
    click.echo(settings_table())
