"""The state of the system as administrators see it: whatever is away, the page says so and what to do."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.admin import quota
from bot.admin.ask_worker import WorkerDoor
from bot.admin.quota import Quota
from bot.admin.system_health import BAD, OK, WARNING, Part, parts, worst
from bot.admin.worker_tasks import Office, carry_out
from bot.app import create_app
from bot.health import CLOCK_KEY, WORKER_KEYS, note_clock
from bot.inbox import PENDING, unix_milliseconds
from bot.line import Line
from bot.now import utc_now
from bot.settings import Settings
from bot.storage.database import make_engine
from bot.tasks import CHATS, NAMESPACE
from tests.bot.admin.conftest import Client, console_settings, no_redis
from tests.bot.line_server import LineServer

WELL = Quota(utc_now(), 5000, 100)


def all_well(redis: Redis) -> None:
    redis.set(WORKER_KEYS.replace("*", "1"), "1")
    note_clock(redis)


def part(found: list[Part], name: str) -> Part:
    [one] = [part for part in found if part.name.startswith(name)]
    return one


def test_all_is_well(redis: Redis, engine: Engine) -> None:
    all_well(redis)
    found = parts(redis, engine, WELL)
    assert {(one.state, one.advice) for one in found} == {(OK, "")}
    assert worst(found) == OK
    assert "เหลือ 4,900 จาก 5,000" in part(found, "LINE").found


@pytest.mark.parametrize(
    ("said", "state", "found"),
    [
        (None, WARNING, "ยังไม่ได้ถาม LINE"),
        (Quota(utc_now(), problem="401"), BAD, "LINE ไม่รับรหัสของระบบ"),
        (Quota(utc_now(), problem="0"), BAD, "LINE ไม่ตอบ"),
        (Quota(utc_now(), 200, 250), BAD, "โควตาข้อความของเดือนนี้หมดแล้ว"),
        (Quota(utc_now(), None, 250), OK, "ไม่จำกัด"),
    ],
)
def test_what_line_said(redis: Redis, engine: Engine, said: Quota | None, state: str, found: str) -> None:
    one = part(parts(redis, engine, said), "LINE")
    assert one.state == state
    assert found in one.found


def test_a_queue_that_grows_and_tasks_that_failed(redis: Redis, engine: Engine) -> None:
    redis.zadd(PENDING, {"U1": unix_milliseconds()})
    assert part(parts(redis, engine, WELL), "คิว") == Part("คิวข้อความ", OK, "รออยู่ 1 แชท")
    redis.zadd(f"{NAMESPACE}:{CHATS}.XQ", {"x": 1})
    assert part(parts(redis, engine, WELL), "คิว").state == WARNING
    redis.zadd(PENDING, {"U2": unix_milliseconds() - 60_000})
    one = part(parts(redis, engine, WELL), "คิว")
    assert (one.state, one.found) == (BAD, "รออยู่ 2 แชท นานที่สุด 60 วินาที")


def test_a_clock_that_stopped(redis: Redis, engine: Engine) -> None:
    assert part(parts(redis, engine, WELL), "นาฬิกา").state == WARNING
    for minutes, state, found in ((4, OK, "ทำงานทุกนาที"), (30, BAD, "หยุดมาแล้ว 30 นาที")):
        redis.set(CLOCK_KEY, (utc_now() - timedelta(minutes=minutes)).isoformat())
        one = part(parts(redis, engine, WELL), "นาฬิกา")
        assert (one.state, one.found) == (state, found)


def test_no_worker(redis: Redis, engine: Engine) -> None:
    assert part(parts(redis, engine, WELL), "ตัวตอบ").state == BAD


def test_with_redis_away(engine: Engine, redis: Redis, tmp_path: Path) -> None:
    all_well(redis)
    found = parts(no_redis(tmp_path), engine, None)
    assert part(found, "Redis").found == "ไม่ตอบ"
    assert part(found, "ตัวตอบ").found == part(found, "คิว").found == "ตรวจไม่ได้เพราะ Redis ไม่ตอบ"
    assert part(found, "ฐานข้อมูล").state == OK
    assert worst(found) == BAD


def test_with_the_database_away(redis: Redis) -> None:
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    found = parts(redis, away, WELL)
    assert part(found, "ฐานข้อมูล").found == "ฐานข้อมูลไม่ตอบ"
    assert part(found, "Redis").state == OK


@pytest.mark.parametrize(
    "path", ["/admin/", "/admin/health", "/admin/statistics/", "/admin/privacy/", "/admin/rulebook/"]
)
def test_every_page_opens_without_redis(engine: Engine, redis_url: str, tmp_path: Path, path: str) -> None:
    gone = no_redis(tmp_path)
    app = create_app(console_settings(redis_url, "", tmp_path), engine=engine, redis=gone)
    answer = Client(app).sign_in_as(engine, "viewer").get(path)
    assert answer.status_code == 200
    if path in ("/admin/", "/admin/health"):
        assert "Redis (ที่พักข้อความและคิวงาน)" in answer.text
        assert "ไม่ตอบ" in answer.text


def test_asking_line_without_redis_or_worker_is_told(
    engine: Engine, redis: Redis, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "WAIT_SECONDS", 0.1)
    gone = no_redis(tmp_path)
    settings = console_settings(redis_url, "", tmp_path)
    viewer = Client(create_app(settings, engine=engine, redis=redis)).sign_in_as(engine, "viewer")
    assert "ยังไม่ตอบ" in viewer.post("/admin/quota", follow_redirects=True).text
    answer = viewer.post_json("/admin/quota.json", {})
    assert (answer.status_code, "ยังไม่ตอบ" in answer.json["sentence"]) == (200, True)
    app = create_app(console_settings(f"unix://{tmp_path}/none", "", tmp_path), engine=engine, redis=gone)
    other = Client(app).sign_in_as(engine, "viewer", "other")
    assert "Redis ไม่ตอบ" in other.post("/admin/quota", follow_redirects=True).text
    answer = other.post_json("/admin/quota.json", {})
    assert (answer.status_code, "Redis ไม่ตอบ" in answer.json["sentence"]) == (200, True)


# The quota, by way of a worker


def door(redis: Redis, settings: Settings, engine: Engine) -> WorkerDoor:
    """A worker that takes up each call at once."""
    office = cast(Office, SimpleNamespace(settings=settings, redis=redis))
    return WorkerDoor(redis, lambda kind, order: carry_out(office, kind, order), engine)


@pytest.fixture
def line_door(
    redis: Redis, redis_url: str, line_server: LineServer, tmp_path: Path, sqlite_engine: Engine
) -> Callable[[], WorkerDoor]:
    """The same with a LINE that can be told what to say."""
    Line(
        "token", line_server.host, "key"
    )  # loads what a worker has loaded: on a busy machine that takes longer than a page waits
    settings = console_settings(redis_url, "", tmp_path, line_api_host=line_server.host)
    return lambda: door(redis, settings, sqlite_engine)


def test_the_quota_is_asked_once_in_some_minutes(
    redis: Redis, line_server: LineServer, line_door: Callable[[], WorkerDoor]
) -> None:
    line_server.answers = {
        "/v2/bot/message/quota": {"type": "limited", "value": 500},
        "/v2/bot/message/quota/consumption": {"totalUsage": 120},
    }
    worker = line_door()
    assert quota.kept(redis) is None
    assert quota.current(redis, worker).sentence == "เหลือ 380 จาก 500 ข้อความในเดือนนี้"
    asked = len(line_server.calls)
    assert quota.current(redis, worker).left == 380
    assert len(line_server.calls) == asked
    said: dict[str, Any] = json.loads(cast(bytes, redis.get(quota.KEY)))
    redis.set(quota.KEY, json.dumps(said | {"at": (utc_now() - timedelta(minutes=6)).isoformat()}))
    assert quota.current(redis, worker).left == 380
    assert len(line_server.calls) > asked


def test_a_line_that_refuses_is_told_as_such(
    redis: Redis, line_server: LineServer, line_door: Callable[[], WorkerDoor]
) -> None:
    line_server.failures = [(401, {"message": "Authentication failed"})]
    found = quota.ask(line_door())
    assert (found.problem, found.sentence) == ("401", "ถาม LINE ไม่สำเร็จ")
    assert quota.kept(redis) == found
