"""Logs are one JSON object a line for machines, and no id can be read from them."""

from __future__ import annotations

import json
import subprocess
import sys

from bot.logs import pseudonym

PROGRAM = """
import logging, structlog
from bot.logs import configure_logs
configure_logs("warning", "json")
structlog.get_logger("bot.x").info("too_quiet")
structlog.get_logger("bot.x").warning("event_failed", error="ผิด")
logging.getLogger("apscheduler.scheduler").warning("late by %s", "3 s")
try:
    1 / 0
except ZeroDivisionError:
    logging.getLogger("gunicorn.error").exception("broke")
"""


def test_each_entry_is_one_json_object_on_stderr() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=True)
    entries = [json.loads(line) for line in done.stderr.splitlines()]
    assert [(entry["event"], entry["level"]) for entry in entries] == [
        ("event_failed", "warning"),
        ("late by 3 s", "warning"),
        ("broke", "error"),
    ]
    assert entries[0]["error"] == "ผิด"
    assert "ZeroDivisionError" in entries[2]["exception"]
    assert done.stdout == ""


def test_a_pseudonym_is_stable_keyed_and_tells_nothing() -> None:
    user = "U" + "4af4980629" * 3 + "ab"
    assert pseudonym(user, "key-1") == pseudonym(user, "key-1") != pseudonym(user, "key-2")
    assert len(pseudonym(user, "key-1")) == 12
    assert user[1:9] not in pseudonym(user, "key-1")
