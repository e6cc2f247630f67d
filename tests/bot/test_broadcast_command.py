"""`lertrat broadcast` and `lertrat reminders` on a real SQLite file, with the clock and a worker's sender beside them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest
from click.testing import CliRunner, Result
from redis import Redis
from sqlalchemy import Engine

from bot.commands.broadcast import command as broadcast
from bot.commands.reminders import command as reminders
from bot.line import Line
from bot.now import BANGKOK, utc_now
from bot.rate import Limiter
from bot.recipients import write_planned
from bot.release import release
from bot.reminders import plan
from bot.sending import Sender
from bot.storage import followers
from bot.storage.database import make_engine, migrate
from knowledge.model import Knowledge
from tests.bot.line_server import LineServer
from tests.bot.subscribers import received, states, subscribe, users

CLOCK = "2026-03-20T10:00:00+07:00 0.000001"
NOW = datetime(2026, 3, 20, 10, tzinfo=BANGKOK)


@pytest.fixture
def engine(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch, line_server: LineServer, tmp_path: Any
) -> Iterator[Engine]:
    for name, value in {
        "DATABASE_URL": sqlite_url,
        "VAR_DIR": str(tmp_path),
        "LINE_CHANNEL_SECRET": "s" * 32,
        "LINE_CHANNEL_ACCESS_TOKEN": "t" * 32,
        "LINE_API_HOST": line_server.host,
        "LERTRAT_CLOCK": CLOCK,
        "BROADCAST_TEST_CHATS": "U1, U2",
    }.items():
        monkeypatch.setenv(name, value)
    migrate(sqlite_url)
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


def run(*arguments: str) -> Result:
    return CliRunner().invoke(broadcast, list(arguments))


def said(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.output


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code in (1, 2), result.output
    assert "Traceback" not in result.output
    return result.output


def minute(engine: Engine, line_server: LineServer, redis: Redis, now: datetime = NOW, send: bool = True) -> None:
    """The clock's minute, and a worker that does what it queued."""
    line = Line("t", line_server.host, "key")
    plan(engine, Knowledge(), now)
    for number in release(engine, line, now, lambda *_: None):
        limiter = Limiter(redis, "m", 0)
        sender = Sender(engine, line, limiter, limiter, lambda: now, lambda *_: None)
        while send and sender.send_some(number).more:
            pass
    release(engine, line, now, lambda *_: None)


def test_from_draft_to_report(engine: Engine, line_server: LineServer, redis: Redis) -> None:
    with engine.begin() as connection:
        for chat in users(7):
            followers.follow(connection, chat=chat, since=NOW, event_id="e")
    subscribe(engine, ["C1"])  # a group follows nobody
    assert said("create", "--to", "everyone", "--text", "เปิดรับสมัครแล้ว\\nส่งได้เลย").startswith("#1 ร่างไว้แล้ว")
    shown = said("preview", "1")
    assert "เปิดรับสมัครแล้ว\nส่งได้เลย" in shown
    assert "ถึง: ทุกคนที่ติดตาม — 7 คน 0 กลุ่ม" in shown
    assert "ใช้โควตา: 7 ข้อความ" in shown
    said("test", "1", "Ume")
    assert received(line_server) == {"Ume": 1}
    minute(engine, line_server, redis)
    assert len(line_server.accepted("/v2/bot/message/multicast")) == 0  # a draft goes nowhere
    assert "20/03/2569 10:00" in said("send", "1")
    minute(engine, line_server, redis)
    assert received(line_server) == {"Ume": 1, **dict.fromkeys(users(7), 1)}
    report = said("report", "1")
    assert "เสร็จแล้ว" in report
    assert "ส่งแล้ว  7 ราย (1 ครั้งที่เรียก)" in report
    assert "7/7" in said("list")
    assert "เสร็จแล้ว" in said("watch", "1")


def test_a_card_to_the_subscribers_of_a_subject_at_a_time(
    engine: Engine, line_server: LineServer, redis: Redis
) -> None:
    subscribe(engine, ["U1"], "service.innovation")
    subscribe(engine, ["U2"], "awards")
    subscribe(engine, ["U3"], "pmqa")
    said("create", "--to", "subject:service", "--card-title", "ประชุมชี้แจง", "--card-text", "ทางออนไลน์", "--card-button", "เข้าร่วม", "--card-link", "https://example.go.th/x")  # fmt: skip
    assert "ประชุมชี้แจง" in said("preview", "1")
    assert "21/03/2569 09:30" in said("schedule", "1", "2569-03-21 09:30")
    minute(engine, line_server, redis, NOW + timedelta(hours=23))
    assert received(line_server) == {}
    minute(engine, line_server, redis, NOW + timedelta(hours=23, minutes=30))
    assert received(line_server, "example.go.th") == {"U1": 1, "U2": 1}


def test_pause_resume_and_cancel_midway(
    engine: Engine, line_server: LineServer, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.storage.deliveries.PER_MULTICAST", 2)
    monkeypatch.setattr("bot.sending.BATCH", 2)
    subscribe(engine, users(20), "pmqa")
    said("create", "--to", "subject:pmqa", "--text", "ข่าว")
    said("send", "1")
    minute(engine, line_server, redis, send=False)
    line = Line("t", line_server.host, "key")
    limiter = Limiter(redis, "m", 0)
    sender = Sender(engine, line, limiter, limiter, lambda: NOW, lambda *_: None)
    sender.send_some(1)
    assert "พักไว้แล้ว" in said("pause", "1")
    assert not sender.send_some(1).more
    assert states(engine) == {"sent": 4, "paused": 16}
    assert "พักไว้" in said("watch", "1")
    assert "กำลังส่ง" in said("resume", "1")
    sender.send_some(1)
    shown = said("cancel", "1")
    assert "ส่งแล้ว  8 ราย" in shown
    assert "ยกเลิก  12 ราย" in shown
    minute(engine, line_server, redis)
    assert sum(received(line_server).values()) == 8
    assert "it is over" in refused("cancel", "1")
    assert "only a paused one" in refused("resume", "1")


def test_one_that_is_paused_before_it_starts_goes_on_from_there(
    engine: Engine, line_server: LineServer, redis: Redis
) -> None:
    subscribe(engine, ["U1"], "pmqa")
    said("create", "--to", "subject:pmqa", "--text", "ข่าว")
    said("send", "1")
    said("pause", "1")
    minute(engine, line_server, redis)
    assert received(line_server) == {}
    said("resume", "1")
    minute(engine, line_server, redis)
    assert received(line_server) == {"U1": 1}


def test_what_is_uncertain_is_settled_by_a_person(engine: Engine, line_server: LineServer, redis: Redis) -> None:
    said("create", "--to", "test", "--text", "ข่าว")
    said("send", "1")
    minute(engine, line_server, redis, send=False)
    line_server.failures = [None, None, (400, {"message": "no"})]  # the first two tell the quota
    minute(engine, line_server, redis)
    shown = said("show", "1")
    found = re.search(r"การส่งที่ (\d+): ส่งไม่สำเร็จ 2 ราย", shown)
    assert found, shown
    assert "รอส่ง" in said("settle", found[1], "again")
    minute(engine, line_server, redis)
    assert received(line_server) == {"U1": 1, "U2": 1}
    assert "neither uncertain nor failed" in refused("settle", found[1], "sent")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["create", "--to", "everyone"], "there is nothing to send"),
        (["create", "--to", "everyone", "--text", "ก" * 5001], "5,001"),
        (["create", "--to", "nobody", "--text", "x"], "subject:KEY"),
        (["create", "--to", "subject:nothing", "--text", "x"], "subject:KEY"),
        (["create", "--to", "test", "--card-title", "ก", "--card-text", "ข", "--card-link", "http://x"], "https://"),
        (["preview", "9"], "there is no broadcast 9"),
        (["send", "9"], "there is no broadcast 9"),
        (["schedule", "1", "2569-03-31 07:59"], "nobody is disturbed"),
        (["schedule", "1", "2569-03-19 09:00"], "has passed"),
        (["schedule", "1", "tomorrow"], "is no time"),
        (["schedule", "1", "2569-03-31 09:00", "--until", "2569-03-31 08:30"], "later end"),
        (["pause", "1"], "there is nothing to pause"),
    ],
)
def test_what_cannot_be_done_is_one_line(engine: Engine, arguments: list[str], words: str) -> None:
    said("create", "--to", "everyone", "--text", "ข่าว")
    assert words in refused(*arguments)


def test_at_night_it_waits_unless_it_is_meant(
    engine: Engine, monkeypatch: pytest.MonkeyPatch, line_server: LineServer, redis: Redis
) -> None:
    monkeypatch.setenv("LERTRAT_CLOCK", "2026-03-20T22:00:00+07:00 0.000001")
    said("create", "--to", "test", "--text", "ข่าว")
    assert "21/03/2569 08:00" in said("send", "1")
    night = NOW.replace(hour=22)
    minute(engine, line_server, redis, night)
    assert received(line_server) == {}
    assert "20/03/2569 22:00" in said("send", "1", "--at-night")
    minute(engine, line_server, redis, night)
    assert received(line_server) == {"U1": 1, "U2": 1}


def test_one_that_was_never_sent_in_time_says_who_did_not_get_it(
    engine: Engine, line_server: LineServer, redis: Redis
) -> None:
    said("create", "--to", "test", "--text", "ข่าว")
    said("schedule", "1", "2569-03-21 09:00", "--until", "2569-03-21 12:00")
    late = datetime(2026, 3, 22, 9, tzinfo=BANGKOK)
    for _ in range(3):
        minute(engine, line_server, redis, late)
    assert "หมดเวลาก่อนส่ง  2 ราย" in said("report", "1")
    assert received(line_server) == {}


def test_a_dry_run_says_who_gets_what_when_and_what_it_costs(
    engine: Engine, line_server: LineServer, monkeypatch: pytest.MonkeyPatch
) -> None:
    from tests.bot.test_reminders import CLOSING, PMQA, calendar

    monkeypatch.setattr("bot.commands.reminders.load_knowledge", lambda: calendar(CLOSING, PMQA))
    line_server.answers = {
        "/v2/bot/message/quota": {"type": "limited", "value": 500},
        "/v2/bot/message/quota/consumption": {"totalUsage": 490},
    }
    subscribe(engine, ["U1", "U2", "C1"], leads=("7d", "1d"))
    subscribe(engine, ["U3"], "pmqa", leads=("1d", "0d"))
    result = CliRunner().invoke(reminders, ["--days", "30"])
    assert result.exit_code == 0, result.output
    lines = result.output.splitlines()
    assert lines[0] == "24/03/2569 08:00  จะเตือน  ปิดรับสมัคร (อีก 7 วัน)"
    assert lines[1].strip() == "2 คน และ 1 กลุ่ม ใน 2 ครั้งที่เรียก โควตา 2 สะสม 2 ข้อความ"
    assert lines[2] == "30/03/2569 08:00  จะเตือน  ปิดรับสมัคร (พรุ่งนี้)"
    # PMQA has a closing of its own, which is over: who subscribed to it is not told of the general one.
    assert lines[-1] == "ต้องใช้ 4 ข้อความ เดือนนี้เหลือ 10 จาก 500 — พอ"
    assert states(engine) == {}
    assert write_planned(engine, utc_now()) == 0
