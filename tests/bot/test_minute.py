"""The clock's minute, the queue and real workers together: from a calendar to what each subscriber got."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

import dramatiq
import pytest
from redis import Redis
from sqlalchemy import Engine, create_engine

from bot import health
from bot import minute as module
from bot.health import CLOCK_KEY, clock_seen
from bot.line import Line
from bot.minute import Minute, seconds_between
from bot.now import BANGKOK
from bot.published import Published
from bot.settings import Settings
from bot.storage import broadcasts
from bot.storage.database import make_engine, migrate
from bot.tasks import broadcast_queue, declare_send_broadcast, make_broker
from bot.worker import make_slot_sender
from knowledge.model import Knowledge
from tests.bot.eventually import eventually
from tests.bot.line_server import LineServer
from tests.bot.subscribers import received, states, subscribe, users
from tests.bot.test_reminders import CLOSING, calendar


class Clocks:
    """Clock processes that share a database and a Redis, and workers beside them."""

    def __init__(self, settings: Settings, redis: Redis, redis_url: str, server: LineServer) -> None:
        self.settings, self.redis, self.redis_url, self.server = settings, redis, redis_url, server
        self.engine = make_engine(settings.database)
        self.knowledge = calendar(CLOSING)
        self.now = datetime(2026, 3, 20, 9, tzinfo=BANGKOK)
        self.workers: list[Any] = []

    def clock(self, engine: Engine | None = None) -> Minute:
        broker = make_broker(self.redis)
        published: Published[Knowledge] = Published(engine or self.engine, lambda *_: self.knowledge)
        published.refresh()
        line = Line("token", self.server.host, "key")
        return Minute(
            self.settings,
            self.redis,
            engine or self.engine,
            published,
            line,
            lambda: self.now,
            broadcast_queue(broker),
        )

    def work(self) -> None:
        broker = make_broker(self.redis)
        sender = make_slot_sender(self.settings, self.redis)
        sender._sender._now = lambda: self.now
        declare_send_broadcast(broker, sender.send)
        worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=3)
        worker.start()
        self.workers.append((worker, broker))

    def stop(self) -> None:
        for worker, broker in self.workers:
            worker.stop(timeout=5000)
            broker.close()
            broker.client.close()
        self.engine.dispose()


@pytest.fixture
def clocks(
    sqlite_url: str, redis: Redis, redis_url: str, line_server: LineServer, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Clocks]:
    monkeypatch.setattr("bot.storage.deliveries.PER_MULTICAST", 5)
    migrate(sqlite_url)
    settings = Settings(
        database_url=sqlite_url,
        line_channel_secret="s",
        line_channel_access_token="t",
        line_api_host=line_server.host,
        secret_key="key-of-the-tests-",
        multicasts_per_second=0,
        redis_url=redis_url,
        alert_chat="Uadmin",
    )
    clocks = Clocks(settings, redis, redis_url, line_server)
    yield clocks
    clocks.stop()


def test_two_clocks_and_two_workers_tell_everyone_once(clocks: Clocks) -> None:
    chats = [*users(203), "C1"]
    subscribe(clocks.engine, chats)
    minutes = [clocks.clock(), clocks.clock()]
    clocks.work()
    clocks.work()
    for moment in (datetime(2026, 3, 20, 9, tzinfo=BANGKOK), datetime(2026, 3, 24, 8, tzinfo=BANGKOK)):
        clocks.now = moment
        for minute in minutes:
            minute.pass_by()
        eventually(lambda: not {"created"} & set(states(clocks.engine)), seconds=30)
    assert received(clocks.server, "อีก 7 วัน") == dict.fromkeys(chats, 1)
    assert received(clocks.server, "ประกาศวันแล้ว") == dict.fromkeys(chats, 1)
    minutes[0].pass_by()
    with clocks.engine.connect() as connection:
        assert [one.state for one in broadcasts.newest(connection, 9)] == ["done", "done"]


def test_a_clock_says_that_it_goes_also_on_days_when_nothing_is_due(clocks: Clocks, tmp_path: Any) -> None:
    clocks.clock(create_engine(f"sqlite:///{tmp_path}/none/lertrat.db")).pass_by()
    assert clock_seen(clocks.redis) is None
    for hour in (9, 12):
        clocks.redis.delete(CLOCK_KEY)
        clocks.now = datetime(2026, 1, 5, hour, tzinfo=BANGKOK)
        clocks.clock().pass_by()
        assert clock_seen(clocks.redis) is not None, hour


def test_what_failed_is_taken_up_by_the_worker_itself(clocks: Clocks) -> None:
    subscribe(clocks.engine, users(12))
    clocks.server.failures = [None, None, (500, {}), "cut"]  # the first two tell the quota
    clocks.work()
    clocks.clock().pass_by()
    eventually(lambda: states(clocks.engine) == {"sent": 12}, seconds=30)
    assert received(clocks.server) == dict.fromkeys(users(12), 1)


def test_the_administrator_is_told_once_an_hour(clocks: Clocks) -> None:
    subscribe(clocks.engine, users(12))
    clocks.server.answers = {
        "/v2/bot/message/quota": {"type": "limited", "value": 3},
        "/v2/bot/message/quota/consumption": {"totalUsage": 0},
    }
    clock = clocks.clock()
    for _ in range(3):
        clock.pass_by()
    assert received(clocks.server) == {"Uadmin": 1}
    assert "ต้องเพิ่มอีก 9 ข้อความ" in str(clocks.server.accepted("/v2/bot/message/push")[0])


def test_a_clock_outlives_a_database_and_a_redis_that_are_away(clocks: Clocks, tmp_path: Any) -> None:
    away = create_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    clock = clocks.clock(away)
    clock._published = Published(clocks.engine, lambda *_: clocks.knowledge)
    clock.pass_by()
    clock.pass_by()
    assert received(clocks.server) == {"Uadmin": 1}
    clock = clocks.clock()
    clock._redis = Redis(unix_socket_path=str(tmp_path / "none"))
    subscribe(clocks.engine, users(3))
    clock.pass_by()
    assert states(clocks.engine) == {"created": 3}  # planned all the same
    clocks.work()
    clocks.clock().pass_by()
    eventually(lambda: states(clocks.engine) == {"sent": 3}, seconds=20)


def test_the_clock_keeps_up_with_a_fast_time() -> None:
    assert (seconds_between(1), seconds_between(60), seconds_between(86_400)) == (60, 1, 0.2)


def test_the_first_are_told_while_the_others_are_still_being_planned(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.recipients.STEP", 10)
    monkeypatch.setattr("bot.recipients.MEANWHILE_SECONDS", 0)
    seen: list[tuple[str, int]] = []
    release = module.release

    def noting(*arguments: Any) -> list[int]:
        ready = release(*arguments)
        with clocks.engine.connect() as connection:
            seen.extend((one.state, sum(states(clocks.engine).values())) for one in broadcasts.newest(connection, 1))
        return ready

    monkeypatch.setattr(module, "release", noting)
    subscribe(clocks.engine, users(55))
    clocks.work()
    clock = clocks.clock()
    clock.pass_by()
    assert seen[0] == ("sending", 10)
    eventually(lambda: states(clocks.engine) == {"sent": 55} or clock.pass_by() is not None, seconds=30)
    assert received(clocks.server) == dict.fromkeys(users(55), 1)


def test_a_missing_worker_is_told_when_it_had_time_to_start(
    clocks: Clocks, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    starting = clocks.clock()
    starting.pass_by()
    assert "no_worker" not in capsys.readouterr().out
    monkeypatch.setattr(module, "WORKER_STARTS_SECONDS", 0.0)
    starting.pass_by()
    assert "no_worker" in capsys.readouterr().out
    clocks.redis.set(health.WORKER_KEYS.replace("*", "1"), "1")
    starting.pass_by()
    assert "no_worker" not in capsys.readouterr().out
