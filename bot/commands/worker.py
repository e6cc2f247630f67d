"""`lertrat worker`."""

from __future__ import annotations

import os
import sys

import click

from bot.logs import configure_logs
from bot.settings import load_settings

# Milliseconds after which an idle thread looks whether it shall stop; Dramatiq reads it from the environment. (How soon a
# task is taken up is up to bot/tasks.py.)
IDLE_POLL = "200"


@click.command()
def command() -> None:
    """Start the worker process: it understands and answers."""
    settings = load_settings()
    settings.require_line()
    settings.require_redis()
    configure_logs(settings.log_level, settings.log_format)
    os.environ.setdefault("dramatiq_worker_timeout", IDLE_POLL)
    # Dramatiq reads that variable when it is first imported.
    from dramatiq import cli

    arguments = cli.make_argument_parser().parse_args(  # type: ignore[no-untyped-call]
        [
            *("bot.worker:start", "--processes", "1", "--threads", str(settings.worker_threads)),
            *("--skip-logging", "--worker-shutdown-timeout", "8000"),
        ]
    )
    sys.exit(cli.main(arguments))  # type: ignore[no-untyped-call]
