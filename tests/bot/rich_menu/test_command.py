"""`lertrat rich-menu` on the command line."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import lertrat
from bot.line import Line
from bot.rich_menu import menu
from bot.simulator.server import Running
from tests.bot.rich_menu.conftest import TOKEN, break_next


@pytest.fixture
def office(stand_in: Running, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CliRunner:
    """A command line that reaches the stand-in."""
    monkeypatch.setenv("VAR_DIR", str(tmp_path))
    monkeypatch.setenv("LINE_API_HOST", stand_in.url)
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "channel-secret")
    monkeypatch.setenv("LINE_CHANNEL_ACCESS_TOKEN", TOKEN)
    monkeypatch.setenv("LOG_LEVEL", "error")
    return CliRunner()


def test_put_up_shown_and_taken_down(office: CliRunner, stand_in: Running) -> None:
    nothing = office.invoke(lertrat, ["rich-menu", "show"])
    assert nothing.exit_code == 1
    assert nothing.stdout.startswith("ยังไม่มีเมนูที่แสดงให้ทุกคน")

    assert office.invoke(lertrat, ["rich-menu", "upload"]).stdout == "ตั้งเมนูแล้ว\n"
    assert office.invoke(lertrat, ["rich-menu", "upload"]).stdout.startswith("เมนูนี้ตั้งไว้แล้ว")

    shown = office.invoke(lertrat, ["rich-menu", "show"])
    assert shown.exit_code == 0
    assert shown.stdout.startswith(f"เมนูที่แสดงให้ทุกคน: {menu.name()} (รุ่นนี้)\n")
    for area in menu.AREAS:
        assert f"- {area.label} → “{area.text}”\n" in shown.stdout

    assert office.invoke(lertrat, ["rich-menu", "remove"]).stdout == "ลบเมนูของระบบนี้แล้ว 1 รายการ\n"
    assert office.invoke(lertrat, ["rich-menu", "remove"]).stdout == "ไม่มีเมนูของระบบนี้\n"
    assert stand_in.world.rich_menus.shown() is None


def test_an_older_and_a_strange_menu_are_told_apart(office: CliRunner, line: Line) -> None:
    for name, which in ((menu.NAME_PREFIX + "x", "รุ่นก่อนของระบบนี้"), ("Songkran\x1b[31m", "ไม่ใช่ของระบบนี้")):
        identity = line.create_rich_menu({**menu.line_object(), "name": name})
        line.upload_rich_menu_image(identity, menu.image())
        line.set_default_rich_menu(identity)
        shown = office.invoke(lertrat, ["rich-menu", "show"])
        assert shown.exit_code == 1
        assert which in shown.stdout.splitlines()[0]
        assert "\x1b" not in shown.stdout
    assert "เมนูของระบบนี้ที่ไม่ได้แสดง: 1 รายการ" in shown.stdout
    told = office.invoke(lertrat, ["rich-menu", "upload"]).stdout.splitlines()
    assert told[0] == "ตั้งเมนูแล้ว"
    assert told[1] == "ลบเมนูรุ่นก่อนของระบบนี้ 1 รายการ"
    assert told[2].endswith("Songkran [31m")


@pytest.mark.parametrize(
    ("path", "kind", "said"),
    [
        ("/v2/bot/richmenu/list", "500", "Error: LINE did not take it (500 Internal Server Error); people see"),
        ("/v2/bot/richmenu/richmenu-", "reset", "Error: LINE did not answer ("),
        ("/v2/", "429", "Error: LINE did not take it (429 The API rate limit has been exceeded. Try again later.); "),
    ],
)
def test_a_failure_is_one_line_and_one(office: CliRunner, stand_in: Running, path: str, kind: str, said: str) -> None:
    break_next(stand_in, path, kind)
    failed = office.invoke(lertrat, ["rich-menu", "upload"])
    assert failed.exit_code == 1
    assert failed.stderr.startswith(said)
    assert failed.stderr.count("\n") == 1


def lertrat_process(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "bot.cli", *arguments]
    return subprocess.run(command, env=os.environ | environment, capture_output=True, text=True, timeout=60)


def test_a_wrong_token_and_a_missing_one_are_settings(office: CliRunner, tmp_path: Path) -> None:
    wrong = lertrat_process("rich-menu", "upload", LINE_CHANNEL_ACCESS_TOKEN="another")
    assert wrong.returncode == 2
    assert wrong.stderr.startswith("lertrat: LINE_CHANNEL_ACCESS_TOKEN: LINE does not know it")
    assert wrong.stderr.count("\n") == 1
    missing = lertrat_process("rich-menu", "show", LINE_CHANNEL_ACCESS_TOKEN="", LINE_CHANNEL_SECRET="")
    assert missing.returncode == 2
    assert missing.stderr.startswith("lertrat: LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN: missing")


def test_the_preview_is_the_shipped_image(tmp_path: Path) -> None:
    written = CliRunner().invoke(lertrat, ["rich-menu", "preview", str(tmp_path / "menu.png")])
    assert written.exit_code == 0
    assert (tmp_path / "menu.png").read_bytes() == menu.image()
    nowhere = CliRunner().invoke(lertrat, ["rich-menu", "preview", str(tmp_path / "no" / "menu.png")])
    assert nowhere.exit_code == 1
    assert nowhere.stderr.endswith("name a file that can be written\n")
