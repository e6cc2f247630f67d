"""What the first page and the calendar ask of the database does not grow with subscribers and drafts."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, event

from bot.admin import drafts
from bot.admin.calendar_view import steps
from bot.admin.dashboard import FORECAST_KEPT, FORECAST_KEY, REMINDERS_SHOWN
from bot.app import create_app
from bot.forecast import forecast
from bot.now import BANGKOK
from knowledge.loader import load_knowledge
from tests.bot.admin.conftest import Client, account, console_settings
from tests.bot.admin.test_calendar_page import AWARDS, URL
from tests.bot.published_content import own_documents, publish
from tests.bot.subscribers import subscribe, users

NOW = datetime(2026, 1, 20, 10, tzinfo=BANGKOK)
COUNT = "count(*)"


@pytest.fixture
def app(engine: Engine, redis: Redis, redis_url: str, tmp_path: Any) -> Flask:
    """The console, where it is always NOW."""
    settings = console_settings(redis_url, "", tmp_path, lertrat_clock=f"{NOW.isoformat()} 0.000001")
    return create_app(settings, engine=engine, redis=redis)


@contextmanager
def asked(engine: Engine) -> Iterator[list[str]]:
    """The statements that the database is asked."""
    statements: list[str] = []

    def note(_connection: object, _cursor: object, statement: str, *_rest: object) -> None:
        statements.append(" ".join(statement.split()))

    event.listen(engine, "before_cursor_execute", note)
    yield statements
    event.remove(engine, "before_cursor_execute", note)


def steps_of(year: int) -> list[dict[str, Any]]:
    """Eight dates that somebody may wish to be reminded of."""
    return [
        {
            "id": f"awards.step_{number}",
            "name": f"กำหนดการที่ {number}",
            "kind": "other",
            "date": {"year": year, "month": 2, "day": number + 10},
            "source": {"urls": [URL]},
        }
        for number in range(8)
    ]


def with_steps() -> dict[str, str]:
    from knowledge import yaml_edits

    documents = own_documents()
    for entry in steps_of(2569):
        documents[AWARDS] = yaml_edits.added(documents[AWARDS], "milestones", entry)
    return documents


def test_only_the_reminders_that_are_shown_are_counted(engine: Engine) -> None:
    subscribe(engine, users(3))
    knowledge = load_knowledge(with_steps())
    with engine.connect() as connection:
        whole = forecast(connection, knowledge, NOW, 60)
        with asked(engine) as statements:
            first = forecast(connection, knowledge, NOW, 60, REMINDERS_SHOWN)
    assert len(whole) > REMINDERS_SHOWN
    assert first == whole[:REMINDERS_SHOWN]
    assert sum(COUNT in statement for statement in statements) == REMINDERS_SHOWN


def test_the_first_page_counts_once_a_minute(viewer: Client, engine: Engine, redis: Redis) -> None:
    subscribe(engine, users(3))
    publish(engine, with_steps())

    def shown() -> tuple[str, bool]:
        with asked(engine) as statements:
            page = viewer.get("/admin/").text
        section = page.partition('id="reminders"')[2].partition("</ul>")[0]
        return section, any("subscriptions" in statement for statement in statements)

    first, counted = shown()
    assert counted
    assert first.count("ถึง 3 คน") == REMINDERS_SHOWN
    assert shown() == (first, False), "the same, and nobody was counted"
    [key] = redis.keys(f"{FORECAST_KEY}*")  # type: ignore[misc]
    assert 0 < redis.ttl(key) <= FORECAST_KEPT  # type: ignore[operator]
    publish(engine, own_documents())
    assert "กำหนดการที่" not in shown()[0], "a new Revision is shown at once"


def test_the_calendar_reads_what_is_published_once_however_much_is_drafted(engine: Engine) -> None:
    publish(engine, with_steps())
    user = account(engine, "editor")

    def reads() -> int:
        with asked(engine) as statements, engine.connect() as connection:
            found = steps(connection, 2568)
        assert {step.id for step in found} >= {f"awards.step_{number}" for number in range(8)}
        return len(statements)

    before = reads()
    with engine.begin() as connection:
        for number in range(6):
            drafts.put_entry(connection, user, AWARDS, f"awards.step_{number}", {"note": "ร่าง"}, 0)
        drafts.remove_entry(connection, user, AWARDS, "awards.step_6", 0)
        version = drafts.add_entry(connection, user, AWARDS, "milestones", {**steps_of(2569)[0], "id": "awards.new"})
        drafts.put_entry(connection, user, AWARDS, "awards.new", {"note": "ใหม่"}, version)
    assert reads() == before
    with engine.connect() as connection:
        found = {step.id: step for step in steps(connection, 2568)}
        for name in (*(f"awards.step_{number}" for number in range(8)), "awards.new"):
            entry = drafts.entry_of(connection, AWARDS, name)
            step = found[name]
            assert step.removed == (entry is None), name
            assert (step.drafted.note if step.drafted else None) == (entry.keys.get("note") if entry else None), name
