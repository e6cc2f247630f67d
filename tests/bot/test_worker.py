"""The real worker process, as it is started in production."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import IO

import pytest
from redis import Redis

from bot.conversation import ConversationStore
from bot.health import workers_alive
from bot.inbox import Inbox
from bot.storage.database import make_engine, migrate
from bot.tasks import chat_queue, make_broker
from bot.turn import Event
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer
from tests.bot.published_content import own_documents, publish, with_months

CHAT = "U" + "4" * 32


COMMAND = [sys.executable, "-m", "bot.cli", "worker"]
ROOT = Path(__file__).parents[2]
DURATION = "บูรณาการข้อมูลต้องใช้มาแล้วกี่ปี"


@pytest.fixture
def environment(redis_url: str, line_server: LineServer, tmp_path: Path, fitted_folder: Path) -> dict[str, str]:
    """What a worker needs to know; VAR_DIR is the test's own."""
    (tmp_path / "fitted").symlink_to(fitted_folder)
    return {
        "PATH": os.environ["PATH"],
        "REDIS_URL": redis_url,
        "VAR_DIR": str(tmp_path),
        "LINE_API_HOST": line_server.host,
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LOG_LEVEL": "info",
    }


def say(redis: Redis, number: int, text: str) -> None:
    """A person's message, put where the web process puts it."""
    event = Event(
        id=f"e{number}",
        kind="text",
        chat=CHAT,
        source="user",
        timestamp=number,
        user=CHAT,
        reply_token=f"token-{number}",
        text=text,
        message_id=f"m{number}",
    )
    Inbox(redis, chat_queue(make_broker(redis))).accept([event], number)


def test_the_worker_loads_says_that_it_is_there_and_answers_what_waited(
    redis: Redis, redis_url: str, line_server: LineServer, environment: dict[str, str]
) -> None:
    question = "รางวัลเลิศรัฐคืออะไร"
    say(redis, 1, question)
    assert workers_alive(redis) == 0
    with subprocess.Popen(COMMAND, env=environment, cwd=ROOT, stderr=subprocess.PIPE, text=True) as process:
        try:
            eventually(lambda: line_server.accepted(), seconds=120)
            assert workers_alive(redis) == 1
        finally:
            process.terminate()
            _, logs = process.communicate(timeout=30)

    [sent] = line_server.accepted()
    assert sent["replyToken"] == "token-1"
    assert "เลิศรัฐ" in str(sent["messages"])
    assert ConversationStore(redis, 60).load(CHAT).subjects == ("awards",)
    assert "event_answered" in logs
    assert CHAT not in logs
    assert question not in logs
    assert process.returncode == 0


def test_a_running_worker_answers_by_what_is_published_meanwhile(
    redis: Redis, redis_url: str, line_server: LineServer, environment: dict[str, str], sqlite_url: str
) -> None:
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    publish(engine, own_documents())
    with (
        tempfile.TemporaryFile("w+", encoding="utf-8") as errors,
        subprocess.Popen(COMMAND, env=environment | {"DATABASE_URL": sqlite_url}, cwd=ROOT, stderr=errors) as process,
    ):
        try:
            eventually(lambda: workers_alive(redis), seconds=120)
            say(redis, 1, DURATION)
            eventually(lambda: line_server.accepted())
            publish(engine, with_months(18))
            eventually(lambda: '"revision": 2' in logged(errors), seconds=60)
            say(redis, 2, DURATION)
            eventually(lambda: len(line_server.accepted()) == 2)
            publish(engine, {"2568/best.yaml": "broken"})
            eventually(lambda: "revision_unusable" in logged(errors))
            say(redis, 3, DURATION)
            eventually(lambda: len(line_server.accepted()) == 3)
        finally:
            process.terminate()
            process.wait(30)
    engine.dispose()
    first, second, third = [str(sent["messages"]) for sent in line_server.accepted()]
    assert "ไม่น้อยกว่า 1 ปี" in first
    assert "1 ปี 6 เดือน" not in first
    assert "1 ปี 6 เดือน" in second
    assert "1 ปี 6 เดือน" in third


def test_a_worker_that_finds_nothing_to_serve_says_why_and_ends(
    redis: Redis, environment: dict[str, str], sqlite_url: str
) -> None:
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    publish(engine, {"2568/best.yaml": "broken"})
    engine.dispose()
    done = subprocess.run(
        COMMAND,
        env=environment | {"DATABASE_URL": sqlite_url},
        cwd=ROOT,
        stderr=subprocess.PIPE,
        text=True,
        timeout=60,
    )
    assert done.returncode != 0
    assert "worker_cannot_start" in done.stderr
    assert "lertrat knowledge import" in done.stderr
    assert "Traceback" not in done.stderr
    assert workers_alive(redis) == 0


def logged(errors: IO[str]) -> str:
    """All that was logged so far; the file's own place stays, since the worker writes at it."""
    return os.pread(errors.fileno(), 1_000_000, 0).decode()
