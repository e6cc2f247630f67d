"""Child processes of `lertrat run`: started, watched, restarted, and ended with everything that they started."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections import deque
from collections.abc import Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import structlog

DEATHS_ALLOWED = 3
DEATHS_WINDOW_SECONDS = 30.0
STOP_SECONDS = 10.0

log = structlog.get_logger(__name__)


class KeepsFailing(Exception):
    """A child died several times in a row. The text is one line for the person who started it."""


class Child:
    """One process, in a group of its own: Ctrl-C in the terminal reaches the supervisor only, and ending the group
    ends what the process started. Start it from the main thread: the kernel tells it of that thread's death."""

    def __init__(self, name: str, command: Sequence[str], environment: Mapping[str, str], lock_file: int) -> None:
        self.name = name
        self._command = [sys.executable, "-I", str(Path(__file__).with_name("lifeline.py")), str(os.getpid()), *command]
        self._environment = dict(environment)
        self._lock_file = lock_file
        self._process: subprocess.Popen[str] | None = None
        self._deaths: deque[float] = deque(maxlen=DEATHS_ALLOWED)

    def start(self) -> None:
        """Start it; its stderr appears line by line behind its name."""
        process = subprocess.Popen(  # noqa: S603 - the program's own commands
            self._command,
            env=self._environment,
            stdin=subprocess.DEVNULL,
            # Logs and complaints go to stderr; what libraries print besides is of no use to anyone.
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
            pass_fds=(self._lock_file,),
        )
        self._process = process
        threading.Thread(target=_relay, args=(self.name, process), daemon=True).start()

    def restart_if_dead(self, window: float = DEATHS_WINDOW_SECONDS) -> None:
        """Start it again when it has died. KeepsFailing at the third death within `window` seconds."""
        if self._process is None or self._process.poll() is None:
            return
        code = self._process.returncode
        self._signal(signal.SIGKILL)
        self._deaths.append(time.monotonic())
        if len(self._deaths) == DEATHS_ALLOWED and self._deaths[-1] - self._deaths[0] < window:
            raise KeepsFailing(
                f"{self.name} keeps failing ({DEATHS_ALLOWED} times in "
                f"{self._deaths[-1] - self._deaths[0]:.0f} s, exit code {code}); its last lines above say why"
            )
        log.warning("child_restarted", child=self.name, exit_code=code)
        self.start()

    def ask_to_stop(self) -> None:
        """SIGTERM to the process itself, which ends its own children in order."""
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()

    def stop(self, deadline: float) -> None:
        """Wait for its end until `deadline` (monotonic seconds), then kill what is left of its group."""
        if self._process is None:
            return
        with suppress(subprocess.TimeoutExpired):
            self._process.wait(max(0.0, deadline - time.monotonic()))
        self._signal(signal.SIGKILL)
        self._process.wait()

    def _signal(self, number: signal.Signals) -> None:
        assert self._process is not None  # noqa: S101 - a started child has a process
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(self._process.pid, number)


def stop_all(children: Sequence[Child]) -> None:
    """End the children together, within STOP_SECONDS and then by force."""
    for child in children:
        child.ask_to_stop()
    deadline = time.monotonic() + STOP_SECONDS
    for child in children:
        child.stop(deadline)


def _relay(name: str, process: subprocess.Popen[str]) -> None:
    assert process.stderr is not None  # noqa: S101 - asked for above
    with process.stderr as lines:
        for line in lines:
            sys.stderr.write(f"{name:<9} | {line}")
            sys.stderr.flush()
