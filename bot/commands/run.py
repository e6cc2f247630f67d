"""`lertrat run`."""

from __future__ import annotations

import click

from bot.logs import configure_logs
from bot.run import KeepsFailing, NotReady, run
from bot.settings import load_settings


@click.command()
@click.option("--no-simulator", is_flag=True, help="Insist on LINE (LINE_API_HOST); needs the two LINE secrets.")
@click.option("--port", type=click.IntRange(1, 65535), help="Port of the web process; PORT when not given.")
def command(no_simulator: bool, port: int | None) -> None:
    """Start everything on this machine; Ctrl-C ends it.

    While no LINE secret is set, a stand-in with a chat page takes LINE's place.
    """
    settings = load_settings(**({} if port is None else {"port": port}))
    configure_logs(settings.log_level, settings.log_format)
    try:
        run(settings, simulator=not no_simulator)
    except (KeepsFailing, NotReady) as error:
        raise click.ClickException(str(error)) from None
