"""`lertrat web`."""

from __future__ import annotations

import os

import click
from gunicorn.app.base import BaseApplication

from bot.logs import configure_logs
from bot.settings import Settings, load_settings

OPTIONS = {
    "worker_class": "gthread",
    # One process: its threads wait for Redis, not for the processor.
    "workers": 1,
    "timeout": 30,
    "graceful_timeout": 8,
    "keepalive": 30,
    "control_socket_disable": True,
    "loglevel": "warning",
    "accesslog": None,
}


class _Gunicorn(BaseApplication):  # type: ignore[misc]
    def __init__(self, settings: Settings, host: str) -> None:
        self._options = {**OPTIONS, "bind": f"{host}:{settings.port}", "threads": settings.web_threads}
        super().__init__()

    def load_config(self) -> None:
        """gunicorn's settings are the program's own; its environment variable and files are not read."""
        for name, value in self._options.items():
            self.cfg.set(name, value)

    def load(self) -> object:
        """The application, loaded in the serving process."""
        from bot.app import create_app

        return create_app()


@click.command()
@click.option("--host", default="0.0.0.0", show_default=True, help="Address to listen at.")  # noqa: S104
def command(host: str) -> None:
    """Start the web process at PORT."""
    settings = load_settings()
    settings.require_line()
    settings.require_redis()
    configure_logs(settings.log_level, settings.log_format)
    metrics = settings.var_dir.absolute() / "metrics"
    metrics.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault("PROMETHEUS_MULTIPROC_DIR", str(metrics))
    _Gunicorn(settings, host).run()
