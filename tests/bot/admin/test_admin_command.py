"""`lertrat admin`: the first account, and the way back in."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from flask import Flask
from sqlalchemy import Engine

from bot.storage import users
from tests.bot.admin.conftest import Client, account
from tests.bot.admin.test_accounts import NEW
from tests.bot.admin.test_sign_in import SIGN_IN, actions, submit


def admin(engine: Engine, folder: Path, *arguments: str, typed: str = "") -> tuple[int, str, str]:
    environment = os.environ | {
        "DATABASE_URL": engine.url.render_as_string(hide_password=False),
        "VAR_DIR": str(folder / "var"),
        "PUBLIC_URL": "https://bot.example",
    }
    command = [sys.executable, "-m", "bot.cli", "admin", *arguments]
    done = subprocess.run(command, env=environment, input=typed, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_first_owner_is_made_on_the_command_line(app: Flask, engine: Engine, tmp_path: Path) -> None:
    assert admin(engine, tmp_path, "create-user", "Somchai", typed=f"{NEW}\n") == (0, "somchai: owner\n", "")
    guest = Client(app)
    assert submit(guest, "somchai", NEW) == "/admin/account/two-step"
    code, out, err = admin(engine, tmp_path, "create-user", "somchai", typed=f"{NEW}\n")
    assert (code, out, err) == (1, "", "Error: มีผู้ใช้ชื่อนี้แล้ว กรุณาเลือกชื่ออื่น\n")
    code, out, err = admin(engine, tmp_path, "create-user", "other", typed="short\n")
    assert code == 1
    assert "รหัสผ่านสั้นเกินไป" in err
    assert admin(engine, tmp_path, "create-user", "other", "--role", "emperor", typed=f"{NEW}\n")[0] == 2
    created = admin(
        engine, tmp_path, "create-user", "other", "--role", "viewer", "--full-name", "อื่น ใจดี", typed=f"{NEW}\n"
    )
    assert created[0] == 0
    assert (
        admin(engine, tmp_path, "list-users")[1]
        == "other\tviewer\tactive\tpassword only\nsomchai\towner\tactive\tpassword only\n"
    )
    assert actions(engine) == ["user.create", "user.create"]


def test_an_owner_who_lost_everything_gets_back_in(app: Flask, engine: Engine, tmp_path: Path) -> None:
    owner = account(engine, "owner")
    code, out, err = admin(engine, tmp_path, "reset-user", "owner", "--two-step")
    assert (code, err) == (0, "")
    assert out.startswith("https://bot.example/admin/invitation/")
    link = out.strip().removeprefix("https://bot.example")
    guest = Client(app)
    assert guest.post(link, {"password": NEW, "again": NEW}, page=link).headers["Location"] == SIGN_IN
    assert submit(guest, "owner", NEW) == "/admin/account/two-step"
    assert admin(engine, tmp_path, "reset-user", "nobody")[0] == 1
    with engine.begin() as connection:
        users.change(connection, owner.id, active=False)
    code, _, err = admin(engine, tmp_path, "reset-user", "owner")
    assert (code, "is closed" in err) == (1, True)
