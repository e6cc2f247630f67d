"""Work that a worker does for the console, and what came of it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Connection, Row, delete, func, select, update

from bot.now import utc_now
from bot.storage.console_tables import console_jobs

KEPT_DAYS = 30
"""No longer: what is measured again gives the same result, and it holds wordings of people's questions, if masked ones."""


LONGEST_WAIT = timedelta(minutes=5)
LONGEST_WORK = timedelta(minutes=10)
"""The queue's time limit: a measurement takes a minute."""
_LOST = {"waiting": LONGEST_WAIT, "running": LONGEST_WAIT + LONGEST_WORK}


@dataclass(frozen=True)
class Job:
    """One piece of work. `state`: waiting, running, done, failed; `progress` in percent. Times are UTC.

    What nobody can be at any more counts as failed, whatever its row says, so that it can be asked for again. A worker
    that takes it up all the same may end it.
    """

    id: int
    kind: str
    state: str
    request: dict[str, Any]
    result: dict[str, Any]
    progress: int
    created_by: str
    created_at: datetime
    done_at: datetime | None


def add(connection: Connection, kind: str, request: dict[str, Any], by: str, moment: datetime) -> int:
    """A job that waits; its number."""
    statement = console_jobs.insert().values(
        kind=kind, state="waiting", request=request, result={}, progress=0, created_by=by, created_at=moment
    )
    number: int = connection.execute(statement.returning(console_jobs.c.id)).scalar_one()
    return number


def by_id(connection: Connection, number: int) -> Job | None:
    """One job."""
    row = connection.execute(select(console_jobs).where(console_jobs.c.id == number)).one_or_none()
    return None if row is None else _job(row)


def newest(connection: Connection, kind: str) -> Job | None:
    """The job of a kind that was asked for last."""
    statement = select(console_jobs).where(console_jobs.c.kind == kind).order_by(console_jobs.c.id.desc()).limit(1)
    row = connection.execute(statement).one_or_none()
    return None if row is None else _job(row)


def listed(connection: Connection, kind: str, limit: int = 30) -> list[Job]:
    """The last jobs of a kind, the newest first."""
    statement = select(console_jobs).where(console_jobs.c.kind == kind).order_by(console_jobs.c.id.desc()).limit(limit)
    return [_job(row) for row in connection.execute(statement)]


def begin(connection: Connection, number: int) -> bool:
    """Take a job up, also one whose worker died; False when it is over."""
    return _move(connection, number, state="running", progress=0)


def note_progress(connection: Connection, number: int, percent: int) -> None:
    """Keep how far a running job is."""
    _move(connection, number, progress=percent)


def end(connection: Connection, number: int, state: str, result: dict[str, Any], moment: datetime) -> bool:
    """Keep what came of a job, "done" or "failed"; False when that was kept before."""
    return _move(connection, number, state=state, result=result, progress=100, done_at=moment)


def end_unqueued(connection: Connection, number: int, moment: datetime) -> bool:
    """The queue would not take it: failed, unless a worker has it from before; whether it is."""
    statement = update(console_jobs).where(console_jobs.c.id == number, console_jobs.c.state == "waiting")
    return connection.execute(statement.values(state="failed", progress=100, done_at=moment)).rowcount == 1


def delete_before(connection: Connection, moment: datetime) -> int:
    """Delete the jobs that were asked for before `moment`, with what came of them; how many. None works that long."""
    return connection.execute(delete(console_jobs).where(console_jobs.c.created_at < moment)).rowcount


def count(connection: Connection) -> int:
    """How many are kept."""
    return connection.execute(select(func.count()).select_from(console_jobs)).scalar_one()


def _job(row: Row[Any]) -> Job:
    job = Job(**row._mapping)
    lost = job.state in _LOST and utc_now() - job.created_at > _LOST[job.state]
    return replace(job, state="failed") if lost else job


def _move(connection: Connection, number: int, **values: object) -> bool:
    over = console_jobs.c.state.in_(("done", "failed"))
    statement = update(console_jobs).where(console_jobs.c.id == number, ~over).values(**values)
    return connection.execute(statement).rowcount == 1
