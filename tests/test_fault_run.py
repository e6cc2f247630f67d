"""The fault run and the benchmark of broadcasts, short, by their commands: real processes, all of which end with them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from collections import Counter
from functools import partial
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from sqlalchemy import Engine

from bot.cli import lertrat
from bot.fault_run.story import Expected
from bot.fault_run.tally import Tally, table, tally
from bot.now import utc_now
from bot.settings import Settings
from bot.storage import broadcasts, deliveries
from tests.bot.eventually import eventually

SHORT = ("fault-run", "--seconds", "6", "--subscribers", "150", "--seed", "3")


@pytest.fixture(autouse=True)
def _with_the_kept_fit(fitted_folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "fitted").symlink_to(fitted_folder)
    monkeypatch.setenv("VAR_DIR", str(tmp_path))


def test_every_subscriber_gets_each_reminder_once_or_the_row_says_why_not() -> None:
    done = CliRunner().invoke(lertrat, SHORT)
    assert done.exit_code == 0, done.output
    assert "every subscriber once, or the row says why not" in done.stdout
    (total,) = (line for line in done.stdout.splitlines() if line.split()[:1] == ["all"])
    due, once, twice = total.split()[1:4]
    assert int(due) > 300
    assert int(once.replace("·", "0")) <= int(due)
    assert twice == total.split()[-1] == "·"


def test_whatever_it_started_ends_with_it() -> None:
    environment = {n: v for n, v in os.environ.items() if n == "VAR_DIR" or n.lower() not in Settings.model_fields}
    # A shell that runs the tests in the background has Ctrl-C ignored, by them and by all that they start.
    hear_it = partial(signal.signal, signal.SIGINT, signal.SIG_DFL)
    run = subprocess.Popen(
        [sys.executable, "-m", "bot.cli", *SHORT],
        env=environment,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=hear_it,
    )
    started: set[psutil.Process] = set()

    def all_are_there() -> bool:
        started.update(psutil.Process(run.pid).children(recursive=True))
        return sum(map(is_ours, started)) >= 4

    def is_ours(one: psutil.Process) -> bool:
        try:
            return "bot.cli" in " ".join(one.cmdline())
        except (psutil.NoSuchProcess, psutil.ZombieProcess):  # something short that a process of ours ran
            return False

    eventually(all_are_there, 120)
    run.send_signal(signal.SIGINT)
    said = run.communicate(timeout=60)[1]
    assert run.returncode == 130, said
    assert "stopped" in said
    # It waits for what it started itself; what those started got the same signal, and is gone a moment later.
    eventually(lambda: not any(one.is_running() and one.status() != psutil.STATUS_ZOMBIE for one in started), 30)


def test_a_database_that_is_in_use_is_refused(engine: Engine) -> None:
    with engine.begin() as connection:
        broadcasts.create(
            connection, key="k", kind="message", title="t", messages=[], audience={}, state="draft",
            created_at=utc_now(), created_by="t",
        )  # fmt: skip
    address = engine.url.render_as_string(hide_password=False)
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *SHORT, "--database", address], capture_output=True, text=True, check=False
    )
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "lertrat: --database: holds data already; name an empty database"


def test_the_benchmark_says_how_fast_how_large_and_beside_what() -> None:
    done = CliRunner().invoke(lertrat, ["benchmark", "broadcasts", "--subscribers", "4000", "--throttle", "20"])
    assert done.exit_code == 0, done.output
    header, *rows = (re.split(r" {2,}", line.strip()) for line in done.stdout.splitlines())
    assert [row[:2] for row in rows] == [["4,000", "any"], ["4,000", "20"]]
    free, throttled = (dict(zip(header, row, strict=True)) for row in rows)
    assert float(free["bare"]) > 0
    assert float(throttled["floor"]) == 0.4
    assert float(free["ratio"]) > 0
    assert float(throttled["ratio"]) > 0.8
    assert 0 < float(free["planner MB"]) < 1000


@pytest.fixture
def sent(engine: Engine) -> Engine:
    """A broadcast whose rows say: U1 and U2 sent, U3 expired."""
    with engine.begin() as connection:
        number = broadcasts.create(
            connection, key="k", kind="reminder", title="t", messages=[{"type": "text", "text": "พรุ่งนี้ ปิดรับ"}],
            audience={}, state="done", created_at=utc_now(), created_by="t",
        )  # fmt: skip
        assert number is not None
        deliveries.write(connection, number, ["U1", "U2"], state="sent", done_at=utc_now())
        deliveries.write(connection, number, ["U3"], state="expired", done_at=utc_now())
    return engine


DUE = Expected("closing", 1, "พรุ่งนี้ ", "ปิดรับ", frozenset({"U1", "U2", "U3"}))


def account(**got: int) -> dict[str, object]:
    return {"titles": {"d": "พรุ่งนี้ ปิดรับ"}, "delivered": {"d": got}, "complaints": []}


def counted(found: Tally) -> tuple[int, int, Counter[str], int]:
    (line,) = found.lines
    return line.once, line.twice, line.said, line.lost


def test_who_got_it_once_and_whom_a_row_speaks_for_is_well(sent: Engine) -> None:
    found = tally([DUE], account(U1=1, U2=1), sent, "")
    assert counted(found) == (2, 0, Counter(expired=1), 0)
    assert found.is_clean
    assert table(found)[-1].split() == ["all", "3", "2", "·", "·", "1", "·", "·", "·", "·"]


@pytest.mark.parametrize(
    ("got", "count"),
    [
        ({"U1": 2, "U2": 1}, (1, 1, Counter(expired=1), 0)),  # twice
        ({"U1": 1}, (1, 0, Counter(expired=1), 1)),  # the row says sent
        ({"U1": 1, "U2": 1, "U3": 1}, (3, 0, Counter(), 0)),  # the row says expired
        ({"U1": 1, "U2": 1, "U4": 1}, (2, 0, Counter(expired=1), 0)),  # nobody asked for it
    ],
)
def test_whatever_went_wrong_is_seen(
    sent: Engine, got: dict[str, int], count: tuple[int, int, Counter[str], int]
) -> None:
    found = tally([DUE], account(**got), sent, "")
    assert counted(found) == count
    assert not found.is_clean


def test_a_message_that_nobody_expected_is_seen(sent: Engine) -> None:
    assert tally([], account(U1=1, U2=1), sent, "").unexpected == 2
    assert tally([], account(U1=1), sent, "U1").unexpected == 0
