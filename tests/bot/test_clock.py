"""What happens by itself: stuck chats are taken up again, and what is past its days goes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from datetime import UTC, datetime
from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine, create_engine

from bot.clock import delete_what_expired, make_scheduler, sweep_stuck_chats
from bot.effects import Effects
from bot.settings import Settings
from bot.storage import unanswered
from bot.storage.database import migrate
from bot.turn import Event, RecordUnanswered
from tests.bot.eventually import eventually

LONG_AGO = Event(id="e", kind="text", chat="U1", source="user", timestamp=1_000_000_000_000)


def test_a_chat_whose_worker_died_is_queued_again(redis: Redis) -> None:
    redis.zadd("lertrat:pending", {"U1": 1})
    redis.zadd("lertrat:inbox:U1", {"e": 1})
    queued: list[str] = []
    sweep_stuck_chats(redis, queued.append)
    assert queued == ["U1"]


def test_a_redis_that_is_away_does_not_end_the_clock(
    tmp_path: Path, caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    with Redis(unix_socket_path=str(tmp_path / "no-redis")) as away:
        sweep_stuck_chats(away, lambda chat: None)
    assert "sweep_failed" in caplog.text + capsys.readouterr().out


def test_old_questions_are_deleted_by_the_settings_days(engine: Engine) -> None:
    effects = Effects(engine, "key-of-the-tests")
    now = Event(id="n", kind="text", chat="U1", source="user", timestamp=int(datetime.now(UTC).timestamp() * 1000))
    effects.perform(RecordUnanswered("เก่า", "unknown"), LONG_AGO)
    effects.perform(RecordUnanswered("ใหม่", "unknown"), now)
    delete_what_expired(Settings(unanswered_days=1), engine)
    with engine.connect() as connection:
        assert unanswered.count(connection) == 1


def test_a_database_that_is_away_does_not_end_the_clock(
    caplog: pytest.LogCaptureFixture, capsys: pytest.CaptureFixture[str]
) -> None:
    delete_what_expired(Settings(), create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing"))
    assert "retention_failed" in caplog.text + capsys.readouterr().out


def test_the_sweep_comes_every_five_seconds_and_the_deletion_daily(redis: Redis, sqlite_url: str) -> None:
    scheduler = make_scheduler(Settings(), redis, lambda chat: None, create_engine(sqlite_url))
    triggers = [str(job.trigger) for job in scheduler.get_jobs()]
    assert triggers[:2] == ["interval[0:00:05]", "cron[hour='3', minute='17']"]


def test_the_clock_process_ends_when_it_is_told(redis_url: str, redis: Redis, tmp_path: Path) -> None:
    database = f"sqlite:///{tmp_path / 'lertrat.db'}"
    migrate(database)
    redis.zadd("lertrat:pending", {"U1": 1})
    redis.zadd("lertrat:inbox:U1", {"e": 1})
    environment = os.environ | {"REDIS_URL": redis_url, "DATABASE_URL": database, "VAR_DIR": str(tmp_path)}
    command = [sys.executable, "-m", "bot.cli", "clock"]
    with subprocess.Popen(command, env=environment, stderr=subprocess.PIPE, text=True) as process:
        eventually(lambda: redis.llen("lertrat-tasks:chats") == 1, seconds=30)
        process.send_signal(signal.SIGTERM)
        complaints = process.communicate(timeout=10)[1]
    assert process.returncode == 0
    assert "Traceback" not in complaints
