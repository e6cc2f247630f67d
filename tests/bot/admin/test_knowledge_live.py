"""A correction made in the browser, with the whole program running as processes: two workers, two web processes, people who
ask all the while. Everybody is answered once, and what is asked after two seconds is answered by the new Revision."""

from __future__ import annotations

import json
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import expect

from bot.app import create_app
from bot.settings import Settings
from bot.storage import revisions
from tests.bot.admin.conftest import Counted, OpenPage, Running
from tests.bot.eventually import eventually
from tests.ports import HOST, free_port
from tests.stack import Stack, get, person, start, words

QUESTION = "นวัตกรรมบริการต้องใช้มาแล้วกี่ปี"
OLD, NEW = "ไม่น้อยกว่า 1 ปี", "ไม่น้อยกว่า 1 ปี 6 เดือน"
LIVE_SECONDS = 2.0  # of a machine that has time for it; a busy one takes as much longer as for anything else
WAITING_SECONDS = 240  # the whole evaluation set, twice, on a busy machine
WORKERS = 2


@pytest.fixture(scope="module")
def whole_stack(fitted_folder: Path) -> Iterator[Stack]:
    """A program of its own, for what is published stays published."""
    # A short path: that of a Unix socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        yield from start(Path(directory), fitted_folder)


@pytest.fixture
def console(stack: Stack) -> Running:
    """Its console; the application here only makes cookies."""
    settings = Settings(**{name.lower(): value for name, value in stack.environment.items()})  # type: ignore[arg-type]
    app = create_app(settings, engine=stack.engine, redis=stack.redis)
    return Running(stack.address, app, stack.engine, stack.redis, settings)


@contextmanager
def one_more_of_each(stack: Stack) -> Iterator[str]:
    """Another worker and another web process; the address of the latter."""
    first = stack.environment["PORT"]
    stack.environment["PORT"] = str(free_port())
    address = f"http://{HOST}:{stack.environment['PORT']}"
    try:
        with stack.command("worker"), stack.command("web", "--host", HOST):
            yield address
    finally:
        stack.environment["PORT"] = first


class Asking:
    """People who ask the same, one after the other, each in a chat of his own."""

    def __init__(self, stack: Stack) -> None:
        self._stack = stack
        self._over = threading.Event()
        self.asked: dict[str, float] = {}

    def one(self) -> None:
        """Somebody new asks now."""
        chat = person(f"live-{len(self.asked)}")
        self._stack.world.add_user(f"คนที่ {len(self.asked)}", chat)
        self.asked[chat] = time.time()
        self._stack.act(chat, "text", text=QUESTION)

    def go_on(self) -> None:
        """Until it is over."""
        while not self._over.wait(0.2):
            self.one()

    @contextmanager
    def meanwhile(self) -> Iterator[None]:
        """All the while."""
        thread = threading.Thread(target=self.go_on)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()


def busyness() -> float:
    """How many times as long as its own work a process takes here at this moment: 1 on a machine that is free."""
    began, worked = time.perf_counter(), time.process_time()
    while time.process_time() - worked < 0.3:
        sum(range(1000))
    return max(1.0, (time.perf_counter() - began) / (time.process_time() - worked))


def served(stack: Stack, revision: int | None) -> int:
    """How many processes have begun to serve a Revision (None: the program's own content), by their logs."""
    told = [json.loads(line) for line in stack.log_since({}).splitlines() if line.startswith("{")]
    return sum(one.get("event") == "revision_served" and one["revision"] == revision for one in told)


def test_a_correction_is_served_by_every_process_within_two_seconds_and_nobody_is_lost(
    stack: Stack, console: Running, open_page: OpenPage, counted: Counted
) -> None:
    asking = Asking(stack)
    with one_more_of_each(stack) as other_web:
        eventually(lambda: served(stack, None) == WORKERS, seconds=WAITING_SECONDS)
        page = open_page("publisher").goto("/admin/")
        page.set_default_timeout(30_000)
        counted.fill(page.get_by_label("ค้นหาคำตอบที่ต้องการแก้"), "ใช้มานานแค่ไหน นวัตกรรมบริการ")
        counted.click(page.get_by_role("link", name="มีผลสำเร็จแล้ว 1 ปี").first)
        counted.fill(page.get_by_label("จำนวน (เดือน)"), "18")
        counted.click(page.get_by_role("button", name="บันทึกและไปเผยแพร่"))
        publish = page.get_by_role("button", name="เผยแพร่ให้ผู้ใช้เห็น")
        publish.wait_for(timeout=WAITING_SECONDS * 1000)
        if page.get_by_label("เหตุผลที่เผยแพร่").count():
            counted.fill(page.get_by_label("เหตุผลที่เผยแพร่"), "ประกาศฉบับใหม่")
        assert [NEW in get(f"{web}/rules")[1].decode() for web in (stack.address, other_web)] == [False, False]
        with asking.meanwhile():
            eventually(lambda: len(asking.asked) >= 5)
            counted.click(publish)
            expect(page.get_by_text("เผยแพร่แล้วเป็นฉบับที่ 1")).to_be_visible()
            published = published_at(stack)
            limit = LIVE_SECONDS * busyness()
            eventually(lambda: max(asking.asked.values()) > published + limit + 3, seconds=120)
        for web in (stack.address, other_web):
            assert NEW in get(f"{web}/rules")[1].decode()
        stack.settle()
    assert len(counted.steps) <= 6, counted.steps
    assert served(stack, 1) == WORKERS + len((stack.address, other_web))
    told = {chat: stack.answers(chat, 0, 0) for chat in asking.asked}
    assert {len(answers) for answers in told.values()} == {1}
    assert stack.refused_calls() == []
    new = {chat: NEW in words(answers[0]) for chat, answers in told.items()}
    assert all(new[chat] or OLD in words(told[chat][0]) for chat in told)
    assert not all(new.values())
    late = [round(at - published, 2) for chat, at in asking.asked.items() if not new[chat] and at > published]
    print(
        f"the last old answer was asked for {max(late, default=0):.2f} s after publishing (limit here: {limit:.2f} s)"
    )
    assert max(late, default=0) <= limit, (late, limit)


def published_at(stack: Stack) -> float:
    """The moment that the first Revision bears."""
    with stack.engine.connect() as connection:
        return revisions.listed(connection)[0].published_at.timestamp()
