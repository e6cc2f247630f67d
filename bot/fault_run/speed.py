"""How fast a broadcast is planned and sent by the real processes, beside the bare cost of its multicasts."""

from __future__ import annotations

import itertools
import json
import os
import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from sqlalchemy import insert

from bot import audiences, broadcasts
from bot.content import as_documents, own_files
from bot.fault_run.parts import Part
from bot.fault_run.stage import Stage, StageError
from bot.now import BANGKOK, utc_now
from bot.settings import load_settings
from bot.storage.deliveries import PER_MULTICAST, SENT
from bot.storage.tables import subscriptions

NOON = datetime(2026, 3, 3, 12, tzinfo=BANGKOK)
LONGEST_SECONDS = 3600.0
_ROWS = 20_000


@dataclass(frozen=True)
class Speed:
    """One measurement. `seconds` from the order to send up to LINE's last recipient, `bare` of the same multicasts by the
    HTTP client alone (the better of before and after), `planned` up to the last Delivery
    written; memory in MB is the highest of the process and what it started,
    `planner_s` and `sender_s` are the seconds of processor time that they took (all workers together)."""

    subscribers: int
    throttle: int
    seconds: float
    planned: float
    bare: float
    planner_mb: float
    sender_mb: float
    planner_s: float
    sender_s: float

    @property
    def calls(self) -> int:
        """How many multicasts."""
        return -(-self.subscribers // PER_MULTICAST)

    @property
    def floor(self) -> float:
        """The seconds that the throttle alone demands, 0 without one."""
        return self.calls / self.throttle if self.throttle else 0.0


def measure(count: int, *, throttle: int, workers: int, database: str = "") -> Speed:
    """Send to `count` subscribers; `throttle` is how many multicasts a second LINE takes, 0: any number. StageError."""
    with Stage(
        database, light=True, workers=workers, clocks=1, MULTICASTS_PER_SECOND=str(throttle), LOG_LEVEL="error"
    ) as stage:
        stage.fit(as_documents(own_files()))
        stage.set_clock(NOON, 1)
        _subscribe(stage, count)
        card = broadcasts.Card("อีก 7 วัน ปิดรับสมัคร", "เมื่อ วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น.\nส่งใบสมัครทางระบบออนไลน์")
        parts = {name: part for name, part in stage.parts.items() if name not in ("line", "redis")}
        bare = _bare(stage, count, workers, json.dumps(broadcasts.compose(card=card))) if not throttle else 0.0
        for part in parts.values():
            part.start()
        stage.wait_for_workers(workers)
        before = stage.account()["recipients"]
        stage.tell_line(per_second=throttle)
        number = broadcasts.create(
            stage.engine,
            card=card,
            audience=audiences.of_subject("service"),
            title="benchmark",
            now=NOON,
            by="benchmark",
        )
        senders = [part for name, part in parts.items() if name.startswith("worker")]
        planner = parts["clock 1"]
        planner_s, sender_s = _processor(planner), sum(map(_processor, senders))
        began = time.perf_counter()
        broadcasts.send_now(stage.engine, number, now=NOON)
        planned: list[float] = []

        def is_over() -> bool:
            if not planned and _is_planned(stage, number):
                planned.append(time.perf_counter() - began)
            return bool(planned) and stage.account()["recipients"] - before >= count

        stage.wait(is_over, LONGEST_SECONDS, "not all were sent")
        seconds = time.perf_counter() - began
        stage.wait(lambda: _all_sent(stage, number, count), 60, "the rows do not say that all is sent")
        if stage.account()["recipients"] - before != count:
            raise StageError("LINE counted more recipients than there are subscribers")
        took = (_processor(planner) - planner_s, sum(map(_processor, senders)) - sender_s)
        memory = (_peak(planner), max(map(_peak, senders)))
        for part in parts.values():
            part.kill()
        if not throttle:
            bare = min(bare, _bare(stage, count, workers, json.dumps(broadcasts.compose(card=card))))
        return Speed(count, throttle, seconds, planned[0], bare, *memory, *took)


def _subscribe(stage: Stage, count: int) -> None:
    rows = (
        {
            "chat": f"U{number:032x}",
            "source": "user",
            "subject": "service.innovation" if number % 2 else "awards",
            "leads": " 30d 7d 1d 0d ",
            "event_id": "benchmark",
            "created_at": utc_now(),
        }
        for number in range(count)
    )
    with stage.engine.begin() as connection:
        while some := list(itertools.islice(rows, _ROWS)):
            connection.execute(insert(subscriptions), some)


def _bare(stage: Stage, count: int, workers: int, messages: str) -> float:
    """The same calls with the same number of processes and threads."""
    settings = load_settings()
    threads = settings.send_workers * settings.send_parallel
    calls = -(-count // PER_MULTICAST)
    shares = [calls // workers + (number < calls % workers) for number in range(workers)]
    running = []
    for number, share in enumerate(shares):
        part = stage.bare(f"bare {number + 1}", share, PER_MULTICAST, threads, messages)
        running.append(part)
    for part in running:
        part.first_line()
    for part in running:
        part.say("go")
    seconds = max(float(part.first_line()) for part in running)
    for part in running:
        part.wait(10)
        part.kill()
    return seconds


def _is_planned(stage: Stage, number: int) -> bool:
    with stage.engine.connect() as connection:
        return broadcasts.report(connection, number).broadcast.planned_at is not None


def _all_sent(stage: Stage, number: int, count: int) -> bool:
    with stage.engine.connect() as connection:
        totals = broadcasts.report(connection, number).totals
    return set(totals) == {SENT} and totals[SENT].recipients == count


def _peak(part: Part) -> float:
    """The highest resident memory of a process or one that it started, in MB; Linux only, else 0."""
    highest = 0
    for process in _of(part):
        with suppress(OSError, ValueError):
            lines = (process / "status").read_text().splitlines()
            (line,) = (one for one in lines if one.startswith("VmHWM"))
            highest = max(highest, int(line.split()[1]))
    return highest / 1024


def _processor(part: Part) -> float:
    """Seconds of processor time that a process and what it started have taken; Linux only, else 0."""
    ticks = 0
    for process in _of(part):
        with suppress(OSError, ValueError, IndexError):
            ticks += sum(map(int, _stat(process)[11:13]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _of(part: Part) -> list[Path]:
    """The directories in /proc of a process and what it started."""
    found = []
    for process in Path("/proc").glob("[0-9]*"):
        with suppress(OSError, ValueError, IndexError):
            if int(_stat(process)[2]) == part.pid:
                found.append(process)
    return found


def _stat(process: Path) -> list[str]:
    # Behind the name, which may hold anything: state, parent, group, …
    return (process / "stat").read_text().rpartition(")")[2].split()
