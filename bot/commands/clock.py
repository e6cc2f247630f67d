"""`lertrat clock`."""

from __future__ import annotations

import click

from bot.clock import run_clock
from bot.logs import configure_logs
from bot.settings import load_settings


@click.command()
def command() -> None:
    """Start the clock process: it takes up stuck chats and deletes what is past its time."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    run_clock(settings)
