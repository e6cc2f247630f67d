"""The whole program as processes: a person's broadcast from the command line to each chat, past a killed worker and clock."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, datetime

import pytest

from bot.settings import Settings
from bot.simulator.world import Fault
from bot.storage import broadcasts, deliveries, followers, tables
from tests.bot.eventually import eventually
from tests.stack import Stack, person, words

# The clock works once a minute: whatever one minute could not do on a busy machine, the next one does.
PATIENCE = 150.0


def lertrat(stack: Stack, *arguments: str) -> str:
    inherited = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *arguments],
        env=inherited | stack.environment,
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout


def test_a_broadcast_reaches_everyone_once_through_killed_processes(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"broadcast-{number}" for number in range(1100)]
    with stack.engine.begin() as connection:
        # Other tests' webhooks made a follower of a chat whose id LINE would refuse.
        connection.execute(tables.followers.delete())
        for name in names:
            stack.world.add_user(name)
            chat = stack.world.find(name)
            assert chat is not None
            followers.follow(connection, chat=chat.id, since=datetime.now(UTC), event_id="e")
    monkeypatch.setattr(stack.world.settings, "quota", None)
    with stack.world.lock:
        stack.world.faults.append(Fault("reset_after", 1, "/v2/bot/message/multicast"))
    number = int(lertrat(stack, "broadcast", "create", "--to", "everyone", "--text", "ประกาศรอบใหม่").split()[0][1:])
    lertrat(stack, "broadcast", "send", str(number), "--at-night")
    with stack.command("clock") as doomed:
        eventually(lambda: any(call["path"].endswith("multicast") for call in stack.calls()), PATIENCE)
        doomed.kill()

    def is_sent() -> bool:
        with stack.engine.connect() as connection:
            return {*deliveries.totals(connection, number)} == {"sent"}

    with stack.command("clock"):
        eventually(is_sent, PATIENCE)

        def is_done() -> bool:
            with stack.engine.connect() as connection:
                found = broadcasts.by_id(connection, number)
            return found is not None and found.planned_at is not None

        eventually(is_done, PATIENCE)
    got = {}
    for name in names:
        got[name] = [words(m) for m in stack.answers(person(name), 0, 0) if "ประกาศรอบใหม่" in words(m)]
    assert set(map(len, got.values())) == {1}
    assert f"ส่งแล้ว  {len(names):,} ราย" in lertrat(stack, "broadcast", "report", str(number))
