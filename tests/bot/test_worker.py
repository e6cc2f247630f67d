"""The real worker process, as it is started in production."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from redis import Redis

from bot.conversation import ConversationStore
from bot.health import workers_alive
from bot.inbox import Inbox
from bot.tasks import chat_queue, make_broker
from bot.turn import Event
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer

CHAT = "U" + "4" * 32


def test_the_worker_loads_says_that_it_is_there_and_answers_what_waited(
    redis: Redis, redis_url: str, line_server: LineServer, tmp_path: Path, fitted_folder: Path
) -> None:
    (tmp_path / "fitted").symlink_to(fitted_folder)
    event = Event(
        id="e1",
        kind="text",
        chat=CHAT,
        source="user",
        timestamp=1,
        user=CHAT,
        reply_token="token-1",
        text="รางวัลเลิศรัฐคืออะไร",
        message_id="m1",
    )
    broker = make_broker(redis_url)
    Inbox(redis, chat_queue(broker)).accept([event], 1)
    broker.client.close()
    environment = {
        "PATH": os.environ["PATH"],
        "REDIS_URL": redis_url,
        "VAR_DIR": str(tmp_path),
        "LINE_API_HOST": line_server.host,
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
        "LOG_LEVEL": "info",
    }
    command = [sys.executable, "-m", "bot.cli", "worker"]
    assert workers_alive(redis) == 0
    with subprocess.Popen(
        command, env=environment, cwd=Path(__file__).parents[2], stderr=subprocess.PIPE, text=True
    ) as process:
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
    assert event.text not in logs
    assert process.returncode == 0
