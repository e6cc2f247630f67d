"""The program's clock of a fault run: its own time, its own speed, and one that jumps."""

from __future__ import annotations

import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.now import BANGKOK, FASTEST, anchored, fastest, make_now
from bot.settings import Settings, SettingsError, load_settings
from tests.bot.eventually import eventually

LOOPBACK = "http://127.0.0.1:1"
MORNING = datetime(2025, 8, 1, 8, tzinfo=BANGKOK)


def write(file: Path, start: datetime, speed: float) -> None:
    draft = file.with_suffix(".new")
    draft.write_text(f"{start.isoformat()} {speed:g} {time.time():.6f}", encoding="ascii")
    os.replace(draft, file)


def settings(clock: str) -> Settings:
    return load_settings(lertrat_clock=clock, line_api_host=LOOPBACK)


def test_a_clock_in_a_file_jumps_when_the_file_is_replaced(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write(file, MORNING, 1)
    now = make_now(settings(f"@{file}"))
    assert timedelta(0) <= now() - MORNING < timedelta(minutes=1)
    write(file, MORNING + timedelta(days=20), 3600)
    first = now()
    assert timedelta(days=20) <= first - MORNING < timedelta(days=22)
    eventually(lambda: now() - first >= timedelta(seconds=30), seconds=1)


def test_how_fast_it_may_run(tmp_path: Path) -> None:
    file = tmp_path / "clock"
    write(file, MORNING, 1)
    assert fastest(settings(f"@{file}")) == FASTEST
    assert fastest(settings("2025-08-01T08:00:00+07:00 60")) == 60
    assert fastest(settings("")) == 1
    assert anchored(f"@{file}") == f"@{file}"


@pytest.mark.parametrize("content", [None, "", "2025-08-01T08:00:00+07:00 60", "nonsense 1 1"])
def test_a_file_without_a_whole_clock_is_refused(tmp_path: Path, content: str | None) -> None:
    file = tmp_path / "clock"
    if content is not None:
        file.write_text(content, encoding="ascii")
    with pytest.raises(SettingsError, match="LERTRAT_CLOCK: names no file"):
        settings(f"@{file}")


def test_a_file_is_refused_on_real_line_like_any_other_clock(tmp_path: Path) -> None:
    write(tmp_path / "clock", MORNING, 1)
    with pytest.raises(SettingsError, match="loopback"):
        load_settings(lertrat_clock=f"@{tmp_path / 'clock'}")
