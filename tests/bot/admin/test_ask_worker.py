"""What the console asks of a worker: over a real queue, answered or visibly not."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import Any, cast

import dramatiq
import pytest
from dramatiq.middleware import TimeLimitExceeded
from redis import Redis
from sqlalchemy import Engine, event, update
from sqlalchemy.exc import OperationalError

from bot.admin import drafts, worker_tasks
from bot.admin.ask_worker import ANSWERS, WorkerAway, WorkerDoor
from bot.admin.worker_tasks import Office, carry_out
from bot.app import create_app
from bot.now import make_now, utc_now
from bot.published import Published
from bot.storage import console_jobs
from bot.storage.console_tables import console_jobs as table
from bot.tasks import CONSOLE, LONGEST_CONSOLE_WORK, NAMESPACE, console_queue, declare_work_for_console, make_broker
from tests.bot.admin.conftest import Client, account, console_settings, no_redis
from tests.bot.admin.test_drafts import FIGURE, NEW, PATH
from tests.bot.eventually import eventually


@pytest.fixture
def office(engine: Engine, redis: Redis, redis_url: str, tmp_path: Path) -> Office:
    """A worker's office; what it publishes is the program's own content, compiled by nothing."""
    settings = console_settings(redis_url, "", tmp_path)
    published = Published[Any](engine, lambda documents, before: "compiled")
    published.refresh()
    return Office(
        settings, engine, redis, make_now(settings), published, cast(Callable[[Any], Any], lambda documents: documents)
    )


@pytest.fixture
def door(redis: Redis, engine: Engine) -> WorkerDoor:
    """The web process's side."""
    return WorkerDoor(redis, console_queue(make_broker(redis)), engine)


@pytest.fixture
def worker(office: Office, redis: Redis) -> Iterator[None]:
    """A worker's threads on the real queue."""
    broker = make_broker(redis)
    declare_work_for_console(broker, partial(carry_out, office))
    worker = dramatiq.Worker(broker, worker_timeout=10, worker_threads=2)
    worker.start()
    yield
    worker.stop()
    broker.close()


@pytest.mark.usefixtures("worker")
def test_a_call_is_answered(door: WorkerDoor, redis: Redis) -> None:
    assert door.ask("ping", {"echo": "สวัสดี <b>"}) == {"revision": None, "echo": "สวัสดี <b>"}
    assert redis.keys(f"{ANSWERS}*") == [], "nothing is left"


@pytest.mark.usefixtures("worker")
def test_a_call_that_fails_says_so_at_once_in_thai(door: WorkerDoor, capsys: pytest.CaptureFixture[str]) -> None:
    began = time.monotonic()
    with pytest.raises(WorkerAway, match="ระบบประมวลผลขัดข้อง"):
        door.ask("no-such-call", {"question": "ความลับของผู้ถาม"})
    assert time.monotonic() - began < 10
    assert "ความลับ" not in "".join(capsys.readouterr())


def test_without_a_worker_the_page_is_told_in_thai_and_the_call_is_not_done_later(
    door: WorkerDoor, office: Office, redis: Redis
) -> None:
    with pytest.raises(WorkerAway, match="ยังไม่ตอบ"):
        door.ask("ping", {}, seconds=0.2)
    queued = redis.hgetall(f"{NAMESPACE}:{CONSOLE}.msgs")
    (message,) = (json.loads(raw) for raw in cast(dict[bytes, bytes], queued).values())
    carry_out(office, *message["args"])
    assert redis.keys(f"{ANSWERS}*") == []


def test_an_answer_that_nobody_fetches_is_forgotten(office: Office, redis: Redis) -> None:
    carry_out(office, "call", {"call": "ping", "request": {}, "key": f"{ANSWERS}x", "until": time.time() + 5})
    assert 0 < cast(int, redis.ttl(f"{ANSWERS}x")) <= 60


@pytest.mark.usefixtures("worker")
def test_a_job_is_done_and_its_result_kept(door: WorkerDoor, engine: Engine, viewer: Client) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 3}, "tests")
    assert viewer.get(f"/admin/jobs/{number}").json == {"state": "waiting", "progress": 0}
    door.queue(number)
    eventually(lambda: viewer.get(f"/admin/jobs/{number}").json == {"state": "done", "progress": 100}, seconds=20)
    with engine.connect() as connection:
        job = console_jobs.newest(connection, "count")
    assert job is not None
    assert (job.id, job.result, job.created_by) == (number, {"counted": 3}, "tests")


def test_a_job_that_fails_says_so(door: WorkerDoor, office: Office, engine: Engine) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {}, "tests")
    carry_out(office, "job", {"job": number})
    with engine.connect() as connection:
        job = console_jobs.by_id(connection, number)
    assert job is not None
    assert (job.state, job.result) == ("failed", {"error": "KeyError"})


def test_a_job_that_is_delivered_twice_keeps_its_first_result(door: WorkerDoor, office: Office, engine: Engine) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 2}, "tests")
    carry_out(office, "job", {"job": number})
    with engine.begin() as connection:
        assert not console_jobs.end(connection, number, "failed", {}, utc_now())
    carry_out(office, "job", {"job": number})
    carry_out(office, "job", {"job": 999})
    with engine.connect() as connection:
        job = console_jobs.by_id(connection, number)
    assert job is not None
    assert (job.state, job.result) == ("done", {"counted": 2})


def test_a_job_whose_worker_died_is_taken_up_by_the_next(door: WorkerDoor, office: Office, engine: Engine) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 2}, "tests")
        assert console_jobs.begin(connection, number)
        console_jobs.note_progress(connection, number, 50)
    carry_out(office, "job", {"job": number})
    with engine.connect() as connection:
        job = console_jobs.by_id(connection, number)
    assert job is not None
    assert job.state == "done"


# What must not keep people waiting for ever


@pytest.mark.parametrize(("state", "minutes"), [("waiting", 6), ("running", 16)])
def test_a_job_that_nobody_can_be_at_any_more_counts_as_failed(
    door: WorkerDoor, engine: Engine, viewer: Client, state: str, minutes: int
) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 2}, "tests")
        connection.execute(update(table).values(state=state, created_at=utc_now() - timedelta(minutes=minutes)))
    assert viewer.get(f"/admin/jobs/{number}").json == {"state": "failed", "progress": 0}
    with engine.begin() as connection:
        assert {job.state for job in console_jobs.listed(connection, "count")} == {"failed"}
        connection.execute(update(table).values(created_at=utc_now() - timedelta(minutes=minutes - 2)))
        assert getattr(console_jobs.newest(connection, "count"), "state", "") == state


def test_a_job_that_was_given_up_is_ended_by_a_worker_that_comes_late(
    door: WorkerDoor, office: Office, engine: Engine
) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 2}, "tests")
        connection.execute(update(table).values(created_at=utc_now() - timedelta(hours=1)))
    carry_out(office, "job", {"job": number})
    assert state_of(engine, number) == ("done", {"counted": 2})


def test_a_job_is_given_up_later_than_the_queue_stops_it() -> None:
    assert console_jobs._LOST["running"].total_seconds() > LONGEST_CONSOLE_WORK / 1000


def state_of(engine: Engine, number: int) -> tuple[str, dict[str, Any]]:
    with engine.connect() as connection:
        job = console_jobs.by_id(connection, number)
    assert job is not None
    return job.state, job.result


def too_long(office: Office, request: dict[str, Any], progress: Callable[[int], None]) -> dict[str, Any]:
    """What Dramatiq raises in a task's thread when its time is over."""
    raise TimeLimitExceeded


def not_json(office: Office, request: dict[str, Any], progress: Callable[[int], None]) -> dict[str, Any]:
    """A result that no column can hold."""
    return {"found": {1, 2}}


@pytest.mark.parametrize(
    ("name", "told"), [("too_long", {"TimeLimitExceeded"}), ("not_json", {"StatementError", "TypeError"})]
)
def test_a_job_that_takes_too_long_or_cannot_be_kept_has_failed(
    door: WorkerDoor, office: Office, engine: Engine, monkeypatch: pytest.MonkeyPatch, name: str, told: set[str]
) -> None:
    monkeypatch.setitem(worker_tasks.JOBS, name, f"{__name__}:{name}")
    with engine.begin() as connection:
        number = door.start(connection, name, {}, "tests")
    carry_out(office, "job", {"job": number})
    state, result = state_of(engine, number)
    assert state == "failed"
    assert result["error"] in told, "either database names it otherwise"


def test_a_call_that_takes_too_long_says_so(
    door: WorkerDoor, office: Office, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    def call(office: Office, request: dict[str, Any]) -> dict[str, Any]:
        raise TimeLimitExceeded

    monkeypatch.setattr(worker_tasks, "ping", call)
    order = {"call": "ping", "request": {}, "key": f"{ANSWERS}x", "until": time.time() + 5}
    carry_out(office, "call", order)
    assert json.loads(cast(list[bytes], redis.lrange(f"{ANSWERS}x", 0, -1))[0]) == {"failed": "TimeLimitExceeded"}


def test_a_result_that_the_database_refuses_once_is_kept_all_the_same(
    door: WorkerDoor, office: Office, engine: Engine
) -> None:
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 1}, "tests")
    refused: list[str] = []

    def refuse(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        if statement.startswith("UPDATE console_jobs") and "done_at" in statement and not refused:
            refused.append(statement)
            raise OperationalError(statement, None, Exception("the database was restarted"))

    event.listen(engine, "before_cursor_execute", refuse)
    carry_out(office, "job", {"job": number})
    event.remove(engine, "before_cursor_execute", refuse)
    assert len(refused) == 1
    assert state_of(engine, number) == ("done", {"counted": 1})


def test_while_the_queue_is_away_the_page_says_so_and_lets_one_try_again(
    engine: Engine, redis_url: str, tmp_path: Path
) -> None:
    app = create_app(console_settings(redis_url, "", tmp_path), engine=engine, redis=no_redis(tmp_path))
    editor = Client(app).sign_in_as(engine, "editor")
    with engine.begin() as connection:
        drafts.put_entry(connection, account(engine, "editor"), PATH, FIGURE, {"text": NEW}, 0)
    page = editor.post("/admin/knowledge/publish/check", follow_redirects=True)
    assert page.status_code == 200
    assert "การตรวจครั้งก่อนไม่สำเร็จ กรุณาลองอีกครั้ง" in page.text
    assert "ตรวจฉบับร่าง</button>" in page.text
    with engine.connect() as connection:
        [job] = console_jobs.listed(connection, "check_knowledge")
    assert (job.state, job.done_at is not None) == ("failed", True)


def test_a_job_that_a_worker_has_already_is_not_given_up_for_the_queue(
    door: WorkerDoor, engine: Engine, redis: Redis, tmp_path: Path
) -> None:
    away = WorkerDoor(redis, console_queue(make_broker(no_redis(tmp_path))), engine)
    with engine.begin() as connection:
        number = door.start(connection, "count", {"to": 1}, "tests")
        console_jobs.begin(connection, number)
    away.queue(number)
    assert state_of(engine, number) == ("running", {})


def test_everything_that_can_be_asked_for_is_there() -> None:
    for name in (*worker_tasks.CALLS.items(), *worker_tasks.JOBS.items()):
        assert callable(worker_tasks._function(dict([name]), name[0])), name
