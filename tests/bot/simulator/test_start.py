"""It never runs by accident, and its chats outlive it."""

from __future__ import annotations

import json
import os
import re
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from bot.simulator.app import create_app
from bot.simulator.config import SimulatorConfig, SimulatorRefused
from bot.simulator.server import running
from tests.bot.simulator.echo_bot import SECRET, TOKEN, Json, call, text

SOMSRI = "สมศรี (กรม)"
COMMAND = [sys.executable, "-m", "bot.simulator", "--port", "0", "--webhook-url"]


@pytest.mark.parametrize(
    "url",
    [
        "https://127.0.0.1/webhook",
        "http://10.0.0.1/webhook",
        "http://example.com/webhook",
        "http://127.0.0.1.example.com/webhook",
        "http://localhost@example.com/webhook",
        "",
    ],
)
def test_a_webhook_elsewhere_is_refused(url: str) -> None:
    with pytest.raises(SimulatorRefused, match="loopback"):
        SimulatorConfig(url, SECRET, TOKEN)


def test_without_the_marker_there_is_no_app(config: SimulatorConfig, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LERTRAT_SIMULATOR", raising=False)
    with pytest.raises(SimulatorRefused, match="LERTRAT_SIMULATOR=1"):
        create_app(config)


def environment(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("LINE_", "LERTRAT_"))}
    return {**kept, "LINE_CHANNEL_SECRET": SECRET, "LINE_CHANNEL_ACCESS_TOKEN": TOKEN, **more}


@pytest.mark.parametrize(
    ("webhook", "more", "words"),
    [
        ("http://127.0.0.1:9/webhook", {}, "LERTRAT_SIMULATOR=1"),
        ("http://example.com/webhook", {"LERTRAT_SIMULATOR": "1"}, "loopback"),
        ("http://127.0.0.1:9/webhook", {"LERTRAT_SIMULATOR": "1", "LINE_CHANNEL_SECRET": ""}, "LINE_CHANNEL_SECRET"),
    ],
)
def test_a_wrong_setting_ends_the_command_with_one_line(webhook: str, more: dict[str, str], words: str) -> None:
    ended = subprocess.run(
        [*COMMAND, webhook], env=environment(**more), capture_output=True, text=True, timeout=30, check=False
    )
    assert (ended.returncode, ended.stderr.count("\n")) == (2, 1)
    assert words in ended.stderr


def test_the_command_serves_until_told_to_stop_and_keeps_the_chats(tmp_path: Path) -> None:
    state = tmp_path / "state" / "simulator.json"
    command = [*COMMAND, "http://127.0.0.1:9/webhook", "--state", str(state)]
    with subprocess.Popen(
        command, env=environment(LERTRAT_SIMULATOR="1"), stdout=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout is not None
        url = process.stdout.readline().split()[1].rstrip("/")
        assert call(url, "POST", "/simulator/users", {"name": "มานี"}).status == 200
        process.send_signal(signal.SIGTERM)
        assert process.wait(10) == 0
    assert "มานี" in [chat["name"] for chat in json.loads(state.read_text("utf-8"))["chats"]]


def test_chats_keys_and_quota_survive_a_restart(
    config: SimulatorConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LERTRAT_SIMULATOR", "1")
    kept = replace(config, state_file=tmp_path / "simulator.json")
    with running(kept) as first:
        person = first.world.find(SOMSRI)
        assert person is not None
        body: Json = {"to": person.id, "messages": [text("ยังอยู่")]}
        key = "123e4567-e89b-12d3-a456-426614174000"
        assert call(first.url, "POST", "/v2/bot/message/push", body, retry_key=key).status == 200
    with running(kept) as second:
        messages = call(second.url, "GET", f"/simulator/messages?user={person.id}").body["messages"]
        assert [m["content"]["text"] for m in messages] == ["ยังอยู่"]
        assert call(second.url, "POST", "/v2/bot/message/push", body, retry_key=key).status == 409
        assert call(second.url, "GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 1}


def test_a_state_that_cannot_be_read_is_put_aside(
    config: SimulatorConfig, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LERTRAT_SIMULATOR", "1")
    state = tmp_path / "simulator.json"
    state.write_text('{"chats": [{"of": "another version"}]}')
    with running(replace(config, state_file=state)) as simulator:
        assert simulator.world.find(SOMSRI) is not None
    assert (tmp_path / "simulator.unreadable").exists()


def test_the_bot_never_imports_it() -> None:
    bot = Path(__file__).parents[3] / "bot"
    others = [path for path in bot.rglob("*.py") if "simulator" not in path.relative_to(bot).parts]
    importing = re.compile(r"^\s*(from|import) bot\.simulator|^\s*from bot import .*simulator", re.MULTILINE)
    assert len(others) > 5
    assert [path.name for path in others if importing.search(path.read_text("utf-8"))] == []
