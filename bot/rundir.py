"""VAR_DIR while `lertrat run` runs: the lock that keeps a second run away, and what other commands need to join in."""

from __future__ import annotations

import fcntl
import json
import os
import shutil
import tempfile
import time
from pathlib import Path

from bot.embedded import SOCKET_PREFIX
from bot.settings import Settings, SettingsError

LOCK = "run.lock"
RUNNING = "running.json"
LEFTOVER_SECONDS = 20.0


class RunDirectory:
    """The lock on VAR_DIR. Children inherit its file, so it is free only once the last of them has ended."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        self._file: int | None = None

    def acquire(self) -> int:
        """Take the lock; its file descriptor, to be inherited by children.

        Waits for the ending children of a run that was killed. SettingsError while another run is alive.
        """
        try:
            self.directory.mkdir(mode=0o700, parents=True, exist_ok=True)
            self._file = os.open(self.directory / LOCK, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise SettingsError(
                f"VAR_DIR: {error.strerror}: {error.filename}; name a directory that can be written to"
            ) from None
        deadline = time.monotonic() + LEFTOVER_SECONDS
        while True:
            try:
                fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
                break
            except BlockingIOError:
                owner = os.pread(self._file, 20, 0).decode("ascii", "replace").strip()
                if _alive(owner) or time.monotonic() > deadline:
                    os.close(self._file)
                    self._file = None
                    raise SettingsError(
                        f"VAR_DIR: {self.directory} is in use by another run (process {owner}); "
                        "stop that one, or set VAR_DIR to another directory"
                    ) from None
                time.sleep(0.1)
        os.ftruncate(self._file, 0)
        os.pwrite(self._file, str(os.getpid()).encode(), 0)
        self._remove_leftovers()
        return self._file

    def publish(self, environment: dict[str, str], socket_directory: Path | None) -> None:
        """Write down how this run's services are reached; readable by the owner only."""
        text = json.dumps({"environment": environment, "socket_directory": str(socket_directory or "")})
        handle, draft = tempfile.mkstemp(dir=self.directory, prefix=f"{RUNNING}.")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        os.replace(draft, self.directory / RUNNING)

    def release(self) -> None:
        """Forget this run. The lock's file stays: removing it would let two runs lock two files of one name."""
        self._remove_leftovers()
        if self._file is not None:
            os.ftruncate(self._file, 0)
            os.close(self._file)
            self._file = None

    def _remove_leftovers(self) -> None:
        left = _read(self.directory)
        directory = Path(str(left.get("socket_directory") or "/"))
        if directory.name.startswith(SOCKET_PREFIX):
            shutil.rmtree(directory, ignore_errors=True)
        (self.directory / RUNNING).unlink(missing_ok=True)


def joined_settings(settings: Settings) -> Settings:
    """`settings`, with what is unset taken from the run that is alive on the same VAR_DIR, if there is one."""
    environment = _read(settings.var_dir).get("environment")
    if not isinstance(environment, dict):
        return settings
    # LINE_DATA_API_HOST follows LINE_API_HOST, so it is never unset by itself.
    given = set(settings.model_fields_set)
    if "line_api_host" not in given:
        given.discard("line_data_api_host")
    return settings.model_copy(
        update={name.lower(): value for name, value in environment.items() if name.lower() not in given}
    )


def _read(directory: Path) -> dict[str, object]:
    try:
        found = json.loads((directory / RUNNING).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _alive(process: str) -> bool:
    try:
        os.kill(int(process), 0)
    except (ValueError, ProcessLookupError):
        return False
    except PermissionError:
        return True
    return True
