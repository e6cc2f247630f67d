from __future__ import annotations

import http.client
import json
from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest

from bot.line import Line
from bot.simulator.config import SimulatorConfig
from bot.simulator.server import Running, running

TOKEN = "channel-token"


@pytest.fixture
def stand_in(monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    """A LINE to put menus up at, over HTTP."""
    monkeypatch.setenv("LERTRAT_SIMULATOR", "1")
    config = SimulatorConfig(
        webhook_url="http://127.0.0.1:9/webhook",
        channel_secret="channel-secret",
        channel_access_token=TOKEN,
        fault_hold_seconds=0,
    )
    with running(config) as simulator:
        yield simulator


@pytest.fixture
def line(stand_in: Running) -> Line:
    return Line(TOKEN, stand_in.url, "key-of-the-logs", timeout=(1.0, 5.0))


def break_next(stand_in: Running, path: str, kind: str) -> None:
    """Let the next call whose path starts with `path` go wrong."""
    connection = http.client.HTTPConnection(urlsplit(stand_in.url).netloc, timeout=5)
    connection.request(
        "POST", "/simulator/faults", json.dumps({"kind": kind, "path": path}), {"Content-Type": "application/json"}
    )
    assert connection.getresponse().status == 200
    connection.close()


def calls(stand_in: Running) -> list[str]:
    """What was called that changed something, in order: "POST richmenu"; menus' ids left out."""
    kept = stand_in.world.log_of(stand_in.world.calls)
    paths = [
        (call["method"], call["path"].removeprefix("/v2/bot/").split("/")) for call in kept if call["method"] != "GET"
    ]
    return [f"{method} {'/'.join(part for part in path if not part.startswith('richmenu-'))}" for method, path in paths]
