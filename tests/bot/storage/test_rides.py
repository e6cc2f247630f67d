"""Rides that nobody settles: said to be uncertain, never told again, settled by a reply that comes yet; on both databases."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import Engine

from bot import broadcasts
from bot.broadcast_wording import report_lines
from bot.now import BANGKOK
from bot.storage import rides
from bot.storage.broadcasts import create

NOON = datetime(2026, 3, 24, 12, tzinfo=BANGKOK)
KEY = "reminder:2569:closing:2569-03-31:7d"


@pytest.fixture
def riding(engine: Engine) -> Engine:
    """One chat's reminder is claimed by a reply."""
    with engine.begin() as connection:
        assert rides.claim(connection, key=KEY, chat="U1", event_id="e1", at=NOON)
    return engine


def give_up(engine: Engine, minutes: int) -> int:
    with engine.begin() as connection:
        return rides.give_up_old(connection, NOON + timedelta(minutes=minutes))


def totals(engine: Engine) -> dict[str, int]:
    with engine.connect() as connection:
        return rides.totals(connection, KEY)


def test_a_claim_that_nobody_settles_becomes_uncertain_and_is_not_told_again(riding: Engine) -> None:
    assert give_up(riding, 0) == 0
    assert give_up(riding, 1) == 1
    assert give_up(riding, 2) == 0
    assert totals(riding) == {"uncertain": 1}
    with riding.begin() as connection:
        assert rides.riding(connection, KEY, ["U1"]) == {"U1"}
        assert not rides.claim(connection, key=KEY, chat="U1", event_id="e2", at=NOON)


def test_a_reply_that_comes_yet_settles_it(riding: Engine) -> None:
    give_up(riding, 1)
    with riding.begin() as connection:
        assert rides.deliver(connection, "e1") == 1
    assert totals(riding) == {"delivered": 1}
    assert give_up(riding, 99) == 0


def test_a_reply_that_fails_yet_gives_it_back(riding: Engine) -> None:
    give_up(riding, 1)
    with riding.begin() as connection:
        assert rides.give_back(connection, "e1") == 1
    assert totals(riding) == {"returned": 1}


def test_the_report_tells_it(riding: Engine) -> None:
    give_up(riding, 1)
    with riding.begin() as connection:
        number = create(
            connection,
            key=KEY,
            kind="reminder",
            title="ปิดรับ",
            messages=[],
            audience={},
            state="done",
            created_at=NOON,
            created_by="t",
        )
        assert number is not None
        lines = report_lines(broadcasts.report(connection, number))
    assert [line.split("  ")[1:] for line in lines] == [["แจ้งไปกับคำตอบ แต่ไม่แน่ใจว่าถึง", "1 ราย"], ["รวม", "1 ราย"]]
