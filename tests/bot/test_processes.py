"""Children are restarted when they die, given up when they keep dying, and never outlive their parent."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from bot.processes import Child, KeepsFailing, stop_all
from bot.rundir import RunDirectory, joined_settings
from bot.settings import Settings, SettingsError
from tests.bot.eventually import eventually

WAIT = "import time; time.sleep(600)"
# A parent with a child of its own, like gunicorn and Dramatiq; both tell their process ids.
FAMILY = f"""
import os, subprocess, sys
child = subprocess.Popen([sys.executable, "-c", {WAIT!r}])
print(os.getpid(), child.pid, file=open(sys.argv[1], "w"), flush=True)
child.wait()
"""


@pytest.fixture
def lock_file(tmp_path: Path) -> Iterator[int]:
    directory = RunDirectory(tmp_path / "var")
    yield directory.acquire()
    directory.release()


def gone(process: int) -> bool:
    return not psutil.pid_exists(process) or psutil.Process(process).status() == psutil.STATUS_ZOMBIE


def pids_in(file: Path) -> list[int]:
    eventually(lambda: file.exists() and len(file.read_text().split()) == 2)
    return [int(word) for word in file.read_text().split()]


def test_what_a_child_says_appears_behind_its_name(lock_file: int, capfd: pytest.CaptureFixture[str]) -> None:
    child = Child("worker", [sys.executable, "-c", "import sys; print('สวัสดี', file=sys.stderr)"], os.environ, lock_file)
    child.start()
    said = ""

    def heard() -> bool:
        nonlocal said
        said += capfd.readouterr().err
        return "worker    | สวัสดี\n" in said

    eventually(heard)
    stop_all([child])


def test_a_child_that_died_is_started_again(lock_file: int, tmp_path: Path) -> None:
    file = tmp_path / "pids"
    child = Child("worker", [sys.executable, "-c", FAMILY, str(file)], os.environ, lock_file)
    child.start()
    first = pids_in(file)
    file.unlink()
    os.kill(first[0], signal.SIGKILL)
    eventually(lambda: child.restart_if_dead() or file.exists())
    second = pids_in(file)
    assert set(first).isdisjoint(second)
    # What the dead one had started does not go on beside its successor.
    eventually(lambda: gone(first[1]))
    stop_all([child])
    eventually(lambda: gone(second[0]) and gone(second[1]))


def test_a_child_that_keeps_dying_is_given_up_by_name(lock_file: int) -> None:
    child = Child("worker", [sys.executable, "-c", "raise SystemExit(7)"], os.environ, lock_file)
    child.start()

    def watch_for_ever() -> None:
        deadline = time.monotonic() + 30
        while time.monotonic() < deadline:
            child.restart_if_dead()

    with pytest.raises(KeepsFailing, match=r"^worker keeps failing \(3 times in \d+ s, exit code 7\)"):
        watch_for_ever()


def test_no_child_outlives_a_parent_that_was_killed(tmp_path: Path) -> None:
    file = tmp_path / "pids"
    parent = f"""
import os, sys, time
from pathlib import Path
from bot.processes import Child
from bot.rundir import RunDirectory
lock_file = RunDirectory(Path({str(tmp_path)!r}) / "var").acquire()
Child("redis", [sys.executable, "-c", "import os, time; print(os.getppid(), os.getpid(), file=open({str(file)!r}, 'w'), flush=True); time.sleep(600)"], os.environ, lock_file).start()
time.sleep(600)
"""
    with subprocess.Popen([sys.executable, "-c", parent]) as process:
        parent_id, child = pids_in(file)
        assert parent_id == process.pid
        process.kill()
    eventually(lambda: gone(child))
    # And with the last of them the directory is free again.
    directory = RunDirectory(tmp_path / "var")
    directory.acquire()
    directory.release()


def test_a_second_run_on_the_same_directory_is_refused(tmp_path: Path) -> None:
    first = RunDirectory(tmp_path)
    first.acquire()
    with pytest.raises(SettingsError, match=rf"^VAR_DIR: .* is in use by another run \(process {os.getpid()}\)"):
        RunDirectory(tmp_path).acquire()
    first.release()
    RunDirectory(tmp_path).acquire()


def test_other_commands_find_the_run_that_is_alive(tmp_path: Path) -> None:
    directory = RunDirectory(tmp_path)
    directory.acquire()
    directory.publish({"REDIS_URL": "unix:///tmp/x.sock", "LINE_DATA_API_HOST": "http://127.0.0.1:1"}, None)
    joined = joined_settings(Settings(var_dir=tmp_path))
    assert (joined.redis_url, joined.line_data_api_host) == ("unix:///tmp/x.sock", "http://127.0.0.1:1")
    own = joined_settings(Settings(var_dir=tmp_path, redis_url="redis://mine"))
    assert own.redis_url == "redis://mine"
    directory.release()
    assert joined_settings(Settings(var_dir=tmp_path)).redis_url == ""


def test_a_directory_that_cannot_be_made_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(SettingsError, match=r"^VAR_DIR: "):
        RunDirectory(tmp_path / "file" / "var").acquire()
