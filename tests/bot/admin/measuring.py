"""What a worker would have found, for tests of what may be published."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from sqlalchemy import Engine

from bot.admin import date_changes, publishing
from bot.admin.date_changes import Wanted
from bot.now import utc_now
from bot.storage import console_jobs
from bot.storage.users import User

FOUND = {"before": 500, "after": 500, "total": 527, "regressions": 0, "changes": [], "asked": 530}


def measured_as(engine: Engine, digest: str, **result: Any) -> str:
    """As if a worker had measured the documents of that digest; which comes back."""
    with engine.begin() as connection:
        number = console_jobs.add(connection, publishing.CHECK, {"digest": digest}, "editor", utc_now())
        console_jobs.begin(connection, number)
        console_jobs.end(connection, number, "done", {**FOUND, **result}, utc_now())
    return digest


def publish_date(engine: Engine, user: User, wanted: Wanted, now: datetime) -> int:
    """Check, measure and publish one date; the Revision's number."""
    with engine.connect() as connection:
        found = date_changes.check(connection, wanted, now)
    return date_changes.publish(engine, user, wanted, measured_as(engine, found.digest), found.version)
