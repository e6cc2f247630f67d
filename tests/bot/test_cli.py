"""The command line: mistakes are one line, findings end with 1, wrong usage with 2."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from click.testing import CliRunner
from redis import Redis

from bot.cli import lertrat
from bot.conversation import ConversationStore
from bot.effects import Effects
from bot.settings import settings_table
from bot.storage import handovers
from bot.storage.database import make_engine, migrate
from bot.turn import Conversation, Event, KeepHandoverMessage, OpenHandover
from tests.bot.line_server import PUSH, LineServer

ROOT = Path(__file__).parents[2]
CHAT = "U" + "a" * 32
RETRY_KEY = "x-line-retry-key"


@pytest.fixture
def office(
    tmp_path: Path, redis: Redis, redis_url: str, line_server: LineServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[CliRunner]:
    """A command line on a database with one person who waits for an answer."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("LINE_API_HOST", line_server.host)
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "secret")
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", "token")
    database = f"sqlite:///{tmp_path / 'lertrat.db'}"
    migrate(database)
    engine = make_engine(database)
    effects = Effects(engine, "key-of-the-tests")
    asked = Event(id="e1", kind="text", chat=CHAT, source="user", timestamp=1_754_000_000_000, user=CHAT)
    effects.perform(OpenHandover("ส่งเอกสารที่ไหน"), asked)
    effects.perform(
        KeepHandoverMessage("โครงการ\x1b[31m ก"),
        Event(id="e2", kind="text", chat=CHAT, source="user", timestamp=1_754_000_060_000, user=CHAT),
    )
    ConversationStore(redis, 60).save(CHAT, Conversation(handover="open", misses=2, last_question="ส่งเอกสารที่ไหน"))
    yield CliRunner()
    engine.dispose()


def state(tmp_path: Path) -> list[str]:
    engine = make_engine(f"sqlite:///{tmp_path / 'lertrat.db'}")
    with engine.connect() as connection:
        states = [handover.state for handover in handovers.unclosed(connection)]
    engine.dispose()
    return states


def test_the_list_shows_who_waits_for_what(office: CliRunner) -> None:
    done = office.invoke(lertrat, ["handovers", "list"])
    assert done.exit_code == 0
    assert "#1  01/08/2568 05:13  open" in done.output
    assert "คำถาม: ส่งเอกสารที่ไหน" in done.output
    assert "ผู้ถาม: โครงการ [31m ก" in done.output
    assert "\x1b" not in done.output


def test_an_answer_is_pushed_and_kept(office: CliRunner, line_server: LineServer, tmp_path: Path) -> None:
    done = office.invoke(lertrat, ["handovers", "answer", "1", "ส่งที่สำนักงานค่ะ"])
    assert (done.exit_code, done.output) == (0, "#1: ส่งแล้ว\n")
    (call,) = line_server.calls
    assert (call.path, call.body["to"], call.body["messages"][0]["text"]) == (PUSH, CHAT, "ส่งที่สำนักงานค่ะ")
    assert state(tmp_path) == ["answered"]


def test_an_answer_that_failed_goes_out_again_under_the_same_key(
    office: CliRunner, line_server: LineServer, tmp_path: Path
) -> None:
    line_server.failures.append((500, {"message": "down"}))
    failed = office.invoke(lertrat, ["handovers", "answer", "1", "ส่งที่สำนักงานค่ะ"])
    assert failed.exit_code == 1
    assert "Error: LINE did not take the message" in failed.output
    assert state(tmp_path) == ["open"]
    assert office.invoke(lertrat, ["handovers", "answer", "1", "ส่งที่สำนักงานค่ะ"]).exit_code == 0
    keys = [value for call in line_server.calls for name, value in call.headers.items() if name.lower() == RETRY_KEY]
    assert len(keys) == len(line_server.calls) == 2
    assert keys[0] == keys[1]


def test_closing_gives_the_chat_back_to_the_assistant(office: CliRunner, redis: Redis, tmp_path: Path) -> None:
    done = office.invoke(lertrat, ["handovers", "close", "1"])
    assert done.exit_code == 0
    conversation = ConversationStore(redis, 60).load(CHAT)
    assert (conversation.handover, conversation.misses, conversation.last_question) == ("", 0, "ส่งเอกสารที่ไหน")
    assert state(tmp_path) == []
    again = office.invoke(lertrat, ["handovers", "close", "1"])
    assert (again.exit_code, again.output) == (1, "Error: request 1 is closed; see `lertrat handovers list`\n")


@pytest.mark.parametrize(
    ("arguments", "status"),
    [
        (["handovers", "answer", "99", "x"], 1),
        (["handovers", "answer", "1", "  "], 2),
        (["handovers", "answer", "1", "ก" * 5001], 2),
        (["handovers", "answer", "one", "x"], 2),
        (["handovers", "open"], 2),
        (["dance"], 2),
    ],
)
def test_a_mistake_is_explained_and_nothing_is_sent(
    office: CliRunner, line_server: LineServer, arguments: list[str], status: int
) -> None:
    done = office.invoke(lertrat, arguments)
    assert done.exit_code == status
    assert "Error: " in done.output
    assert line_server.calls == []


def test_the_shipped_knowledge_is_sound() -> None:
    done = CliRunner().invoke(lertrat, ["knowledge", "check"])
    assert (done.exit_code, done.output.startswith("2568: OK, 19 subjects")) == (0, True), done.output


def test_a_mistake_in_the_knowledge_is_a_line_with_its_fix(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "knowledge" / "content", tmp_path / "content")
    file = tmp_path / "content" / "2568" / "awards.yaml"
    file.write_text(file.read_text(encoding="utf-8") + "\nsurprise: 1\n", encoding="utf-8")
    done = CliRunner().invoke(lertrat, ["knowledge", "check", str(tmp_path / "content")])
    assert done.exit_code == 1
    first = done.stdout.splitlines()[0]
    assert first.startswith("2568/awards.yaml: ")
    assert "surprise" in first
    assert " → " in first


def test_the_settings_are_printed_as_the_table() -> None:
    assert CliRunner().invoke(lertrat, ["settings"]).output == settings_table() + "\n"


def test_checking_knowledge_loads_neither_line_nor_the_matcher() -> None:
    program = """
import sys
from click.testing import CliRunner
from bot.cli import lertrat
CliRunner().invoke(lertrat, ["knowledge", "check"])
CliRunner().invoke(lertrat, ["--help"])
heavy = {"linebot", "pythainlp", "sklearn", "sqlalchemy", "redis", "flask"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    done = subprocess.run([sys.executable, "-c", program], env=os.environ, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
