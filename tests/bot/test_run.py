"""`lertrat run`, for real: one address that answers, data that stays, and nothing left when it ends."""

from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any, Protocol
from urllib.request import ProxyHandler, Request, build_opener

import psutil
import pytest
from redis import Redis

from bot.rich_menu import menu
from tests.bot.eventually import eventually
from tests.ports import HOST, free_port

HTTP = build_opener(ProxyHandler({}))
USER = "U" + "5" * 32


class Run:
    """One `lertrat run` in a process of its own."""

    def __init__(self, var: Path, port: int, *arguments: str) -> None:
        self.var = var
        self.port = port
        self._complaints = var.parent / f"stderr-{port}"
        with self._complaints.open("a") as stderr:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", "run", "--port", str(port), *arguments],
                env=os.environ | {"VAR_DIR": str(var)},
                stdout=subprocess.PIPE,
                stderr=stderr,
                text=True,
            )
        assert self.process.stdout is not None
        self._stdout = self.process.stdout

    @property
    def complaints(self) -> str:
        """Everything that it and its parts said on stderr."""
        return self._complaints.read_text(encoding="utf-8")

    def address(self) -> str:
        """What it printed, once it is ready. Fails with its complaints when it ended instead."""
        line = self._stdout.readline().strip()
        assert line, self.complaints
        return line

    def processes(self) -> list[psutil.Process]:
        """The run and all that it started."""
        return [psutil.Process(self.process.pid), *psutil.Process(self.process.pid).children(recursive=True)]

    def redis(self) -> Redis:
        """Its private Redis."""
        found = json.loads((self.var / "running.json").read_text(encoding="utf-8"))
        return Redis.from_url(found["environment"]["REDIS_URL"])

    def end(self, number: signal.Signals) -> int:
        """Its exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        self.process.wait(40)
        self._stdout.close()
        return self.process.returncode


@pytest.fixture
def port() -> int:
    # The stand-in's page is at the next one.
    return free_port(following=1)


class StartRun(Protocol):
    """Starts a run with its data in `var`; see Run."""

    def __call__(self, var: Path, port: int, *arguments: str) -> Run: ...


@pytest.fixture
def start_run() -> Iterator[StartRun]:
    """What it starts ends with the test, however the test ends."""
    runs: list[Run] = []

    def start(var: Path, port: int, *arguments: str) -> Run:
        runs.append(Run(var, port, *arguments))
        return runs[-1]

    yield start
    for run in runs:
        run.end(signal.SIGTERM)


def call(address: str, body: dict[str, Any] | None = None) -> dict[str, Any]:
    data = None if body is None else json.dumps(body).encode()
    request = Request(address, data=data, headers={"Content-Type": "application/json"})
    with HTTP.open(request, timeout=40) as response:
        found: dict[str, Any] = json.loads(response.read())
        return found


def answer_to(text: str, page: str) -> bool:
    """Whether the assistant answers a person who writes `text` on the chat page."""
    known = call(f"{page}simulator/actions", {"type": "text", "user": USER, "text": text})["version"]
    found = call(f"{page}simulator/messages?user={USER}&after={known - 1}&wait=30")
    return any(message["author"] == "bot" for message in found["messages"])


def test_it_answers_refuses_a_second_run_and_keeps_its_data(start_run: StartRun, tmp_path: Path, port: int) -> None:
    started = start_run(tmp_path / "var", port)
    page = started.address()
    assert call(f"http://127.0.0.1:{started.port}/readyz") == {"status": "ready"}
    assert answer_to("รางวัลเลิศรัฐคืออะไร", page)
    # The stand-in's friends see the menu without anybody putting it up.
    assert call(f"{page}simulator/updates")["richMenu"]["name"] == menu.name()
    complaints = [line for line in started.complaints.splitlines() if "Still loading" not in line]
    assert len(complaints) <= 4, started.complaints

    second = start_run(started.var, free_port())
    assert second.end(signal.SIGCONT) == 2
    assert f"is in use by another run (process {started.process.pid})" in second.complaints

    with closing(started.redis()) as redis:
        redis.set("kept", "1")
        socket_directory = Path(redis.connection_pool.connection_kwargs["path"]).parent
    everything = started.processes()
    assert len(everything) >= 7
    assert started.end(signal.SIGINT) == 0
    assert [process for process in everything if process.is_running()] == []
    assert not socket_directory.exists()

    again = start_run(started.var, started.port)
    assert again.address() == page
    with closing(again.redis()) as redis:
        assert redis.get("kept") == b"1"

    # A worker that is killed is replaced, and what was asked meanwhile is answered.
    (worker,) = [
        process.children()[0]
        for process in again.processes()[1:]
        if process.cmdline()[-1] == "worker" and process.children()
    ]
    worker.kill()
    call(f"{page}simulator/actions", {"type": "text", "user": USER, "text": "รางวัลมีกี่ประเภท"})

    def messages() -> list[str]:
        found = call(f"{page}simulator/messages?user={USER}")["messages"]
        return [message["author"] for message in found]

    eventually(lambda: messages().count("bot") >= 2 and messages()[-1] == "bot", seconds=120)

    # Even when nothing can be tidied up, nothing goes on.
    everything = again.processes()
    again.end(signal.SIGKILL)
    eventually(lambda: not any(process.is_running() for process in everything), seconds=30)


def test_a_port_in_use_is_one_line(start_run: StartRun, tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind((HOST, 0))
        taken.listen()
        run = start_run(tmp_path / "var", taken.getsockname()[1])
        assert run.process.wait(60) == 2
        assert run.end(signal.SIGCONT) == 2
        assert run.complaints.startswith(f"lertrat: PORT: {run.port} cannot be used")
    assert run.complaints.count("\n") == 1


def test_insisting_on_line_needs_its_secrets(start_run: StartRun, tmp_path: Path, port: int) -> None:
    run = start_run(tmp_path / "var", port, "--no-simulator")
    assert run.process.wait(60) == 2
    assert run.end(signal.SIGCONT) == 2
    assert run.complaints.startswith("lertrat: LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN: missing")
    assert run.complaints.count("\n") == 1
    assert not (tmp_path / "var").exists()
