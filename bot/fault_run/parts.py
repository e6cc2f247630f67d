"""The processes of a fault run. Only what was started here is ended here: each has a process group of its own, and is told
by the kernel when the run itself dies."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

_LIFELINE = Path(__file__).parents[1] / "lifeline.py"


class Part:
    """One process that may be killed and started again. What it logs is appended to `directory`/`name`.log."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], directory: Path) -> None:
        self.name = name
        self.log = directory / f"{name}.log"
        self._command = [sys.executable, "-I", str(_LIFELINE), str(os.getpid()), *command]
        self._environment = dict(environment)
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def is_alive(self) -> bool:
        """Whether it runs."""
        return self._process is not None and self._process.poll() is None

    @property
    def pid(self) -> int:
        """Its process id; 0 before it was started."""
        return self._process.pid if self._process else 0

    def start(self) -> None:
        """Start it. Its stdin stays open as long as this process lives."""
        with self.log.open("ab") as log:
            self._process = subprocess.Popen(  # noqa: S603 - the program's own commands
                self._command,
                env=self._environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=log,
                start_new_session=True,
            )

    def first_line(self) -> str:
        """The first line of its stdout; waits for it."""
        assert self._process is not None  # noqa: S101 - called behind start
        assert self._process.stdout is not None  # noqa: S101 - asked for above
        return self._process.stdout.readline().decode().strip()

    def say(self, line: str) -> None:
        """One line to its stdin."""
        assert self._process is not None  # noqa: S101 - called behind start
        assert self._process.stdin is not None  # noqa: S101 - asked for above
        self._process.stdin.write(f"{line}\n".encode())
        self._process.stdin.flush()

    def kill(self) -> None:
        """kill -9, with everything that it started."""
        if self._process is None:
            return
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, signal.SIGKILL)
        self._process.wait()
        for stream in (self._process.stdin, self._process.stdout):
            if stream is not None:
                with suppress(OSError):
                    stream.close()

    def wait(self, seconds: float) -> bool:
        """Whether it ended within so many seconds."""
        if self._process is None:
            return True
        try:
            self._process.wait(seconds)
        except subprocess.TimeoutExpired:
            return False
        return True


def program(*arguments: str) -> list[str]:
    """The command line of `lertrat …`."""
    return [sys.executable, "-m", "bot.cli", *arguments]
