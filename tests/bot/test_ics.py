"""The calendar's file, read back by another's parser; and that it is served from what is published."""

from __future__ import annotations

import os
import subprocess
import sys
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from icalendar import Calendar, Event

from bot.app import create_app
from bot.ics import to_ics
from bot.now import BANGKOK
from bot.settings import Settings
from bot.storage.database import make_engine, migrate
from knowledge.loader import load_knowledge
from knowledge.model import Certainty, Knowledge, Round
from tests.bot.published_content import own_documents, publish
from tests.knowledge.dated_round import PAGE, dated, dated_knowledge, milestone, seed_with, step
from tests.knowledge.dated_round import day as on

MADE_AT = datetime(2026, 1, 5, 3, 4, 5, tzinfo=UTC)


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return dated_knowledge()


@pytest.fixture(scope="module")
def blank() -> Round:
    return load_knowledge().newest


def events(file: bytes) -> dict[str, Event]:
    """The events by UID; the parser refuses what is malformed."""
    calendar = Calendar.from_ical(file)
    assert isinstance(calendar, Calendar)
    assert calendar.errors == []
    assert all(event.errors == [] for event in calendar.events)
    return {str(event["uid"]): event for event in calendar.events}


def test_each_milestone_with_a_day_is_an_event_and_no_other_is(knowledge: Knowledge) -> None:
    found = events(to_ics(knowledge.rounds[2569], MADE_AT, 7))
    assert {uid: (e["dtstart"].dt, e["dtend"].dt if "dtend" in e else None) for uid, e in found.items()} == {
        "2569.briefing.2569@lertrat": (datetime(2026, 1, 14, 9, tzinfo=BANGKOK), None),
        "2569.opening.2569@lertrat": (date(2026, 2, 2), date(2026, 2, 3)),
        "2569.closing.2569@lertrat": (datetime(2026, 3, 31, 16, 30, tzinfo=BANGKOK), None),
        "2569.closing.pmqa.2569@lertrat": (date(2026, 3, 13), date(2026, 3, 14)),
        "2569.closing.service.2569@lertrat": (datetime(2026, 4, 17, 16, 30, tzinfo=BANGKOK), None),
        "2569.documents.2569@lertrat": (date(2026, 4, 30), date(2026, 5, 1)),
        "2569.visits.2569@lertrat": (date(2026, 5, 25), date(2026, 6, 13)),
        "awards.ceremony.2569@lertrat": (datetime(2026, 9, 11, 13, tzinfo=BANGKOK), None),
    }
    assert {(e["sequence"], e["dtstamp"].dt) for e in found.values()} == {(7, MADE_AT)}
    # A moment is the same wherever the phone is.
    assert found["2569.closing.2569@lertrat"]["dtstart"].dt.astimezone(UTC) == datetime(2026, 3, 31, 9, 30, tzinfo=UTC)


def test_an_event_tells_what_the_milestone_does(knowledge: Knowledge) -> None:
    found = events(to_ics(knowledge.rounds[2569], MADE_AT))
    briefing, visits = found["2569.briefing.2569@lertrat"], found["2569.visits.2569@lertrat"]
    assert briefing["summary"] == "ประชุมชี้แจงการสมัคร"
    assert (briefing["location"], briefing["url"]) == ("ประชุมออนไลน์", f"{PAGE}/briefing")
    assert briefing["description"].split("\n") == [
        "วันพุธที่ 14 มกราคม 2569 เวลา 09.00 น.",
        f"{PAGE}/briefing",
        f"แหล่งสาธารณะ (ไม่ใช่สไลด์): {PAGE}",
    ]
    assert visits["description"].split("\n")[:2] == [
        "25 พฤษภาคม – 12 มิถุนายน 2569",
        "สำหรับ รางวัลคุณภาพการบริหารจัดการภาครัฐ, รางวัลบริการภาครัฐ, รางวัลการบริหารราชการแบบมีส่วนร่วม",
    ]


def test_what_is_cancelled_or_uncertain_says_so(blank: Round) -> None:
    steps = (
        step("opening", (2569, 2, 2)),
        step("closing", (2569, 3, 31), cancelled=True),
        step("ceremony", (2569, 9, 11), certainty=Certainty.UNCERTAIN, caution="ยังไม่เป็นทางการ"),
        step("documents", (2569, 4, 1), published=False),
    )
    found = list(events(to_ics(dated(blank, *steps), MADE_AT)).values())
    assert [(e["status"], e["summary"]) for e in found] == [
        ("CONFIRMED", "opening"),
        ("CANCELLED", "ยกเลิกแล้ว: closing"),
        ("TENTATIVE", "ceremony"),
    ]
    assert "ยังไม่เป็นทางการ" in found[2]["description"]


@pytest.mark.parametrize(
    "text",
    [
        "ก, ข; ค: ง\\จ \\n ฉ",
        "บรรทัดแรก\nEND:VEVENT\nEND:VCALENDAR",
        "ที่" * 200,
        '"อ้าง" = 100% 🎉',
        "a\r\nATTENDEE:mailto:x@example.com",
    ],
)
def test_no_text_breaks_out_of_its_place(blank: Round, text: str) -> None:
    file = to_ics(dated(blank, step("other", (2569, 2, 2), name=text, place=text, note=text)), MADE_AT)
    (event,) = events(file).values()
    plain = text.replace("\r\n", "\n")
    assert (event["summary"], event["location"]) == (plain, plain)
    assert plain in event["description"]
    assert "attendee" not in event
    assert max(len(line) for line in file.split(b"\r\n")) <= 75


def test_a_span_with_a_time_lasts_whole_days_and_one_day_spans_are_days(blank: Round) -> None:
    steps = (
        step("opening", (2569, 2, 27), until=(2569, 3, 2), time="09:00"),
        step("documents", (2569, 4, 1), until=(2569, 4, 1)),
    )
    spans = [(e["dtstart"].dt, e["dtend"].dt) for e in events(to_ics(dated(blank, *steps), MADE_AT)).values()]
    assert spans == [(date(2026, 2, 27), date(2026, 3, 3)), (date(2026, 4, 1), date(2026, 4, 2))]


def test_a_calendar_without_any_day_is_a_calendar_all_the_same(blank: Round) -> None:
    file = to_ics(dated(blank, step("results", (2569, 8)), step("other")), MADE_AT)
    assert events(file) == {}
    calendar = Calendar.from_ical(file)
    assert calendar["x-wr-calname"] == f"กำหนดการ {blank.name}"
    assert [str(zone["tzid"]) for zone in calendar.walk("VTIMEZONE")] == ["Asia/Bangkok"]


# -- GET /calendar/<year>.ics --------------------------------------------------------------------------------------


def _settings(folder: Path, database_url: str = "") -> Settings:
    return Settings(
        line_channel_secret="secret",
        line_channel_access_token="token",
        redis_url=f"unix://{folder}/no-redis",
        database_url=database_url,
        var_dir=folder,
    )


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> FlaskClient:
    """The whole web process; the file needs no Redis, and no table in the database."""
    return create_app(_settings(tmp_path_factory.mktemp("ics"))).test_client()


def test_the_file_of_the_programs_own_content_has_its_ceremony(client: FlaskClient) -> None:
    answer = client.get("/calendar/2568.ics?openExternalBrowser=1")
    assert (answer.status_code, answer.content_type) == (200, "text/calendar; charset=utf-8")
    assert answer.headers["Content-Disposition"] == 'inline; filename="lertrat-2568.ics"'
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    (event,) = events(answer.data).values()
    assert event["dtstart"].dt == date(2025, 9, 12)
    assert event["status"] == "TENTATIVE"


@pytest.mark.parametrize("year", [0, 2025, 2567, 2570, 99999999999])
def test_a_round_that_is_not_known_is_refused_with_a_plain_sentence(client: FlaskClient, year: int) -> None:
    answer = client.get(f"/calendar/{year}.ics")
    assert (answer.status_code, answer.content_type) == (404, "text/plain; charset=utf-8")
    assert answer.text == f"ไม่มีปฏิทินของรอบปี {year} ในระบบ รอบล่าสุดที่มีคือ /calendar/2568.ics\n"


@pytest.mark.parametrize(
    "path", ["/calendar/", "/calendar/x.ics", "/calendar/-1.ics", "/calendar/2568", "/calendar/../app.ics"]
)
def test_what_is_no_year_is_not_found(client: FlaskClient, path: str) -> None:
    assert client.get(path).status_code == 404


def test_the_file_is_of_what_is_published_at_the_moment(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'lertrat.db'}")
    migrate(str(engine.url))
    client = create_app(_settings(tmp_path), engine=engine).test_client()
    days = []
    for date_ in (on(2568, 3, 30), on(2568, 3, 31), None):
        publish(engine, own_documents() | seed_with([milestone("closing", "ปิดรับสมัคร", date_)]))
        days.append([(e["dtstart"].dt, e["sequence"]) for e in events(client.get("/calendar/2568.ics").data).values()])
    assert days == [[(date(2025, 3, 30), 1)], [(date(2025, 3, 31), 2)], []]
    engine.dispose()


def test_while_nobody_can_tell_what_is_published_there_is_no_file(tmp_path: Path) -> None:
    settings = _settings(tmp_path, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    answer = create_app(settings).test_client().get("/calendar/2568.ics")
    assert (answer.status_code, answer.content_type) == (503, "text/plain; charset=utf-8")


def test_the_web_process_starts_without_what_the_file_needs(tmp_path: Path) -> None:
    program = """
import sys
from bot.app import create_app
client = create_app().test_client()
print(sorted({"icalendar", "knowledge.loader", "bot.ics"} & set(sys.modules)))
print(client.get("/calendar/2568.ics").status_code)
"""
    environment = os.environ | {
        "REDIS_URL": f"unix://{tmp_path}/no-redis",
        "VAR_DIR": str(tmp_path),
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["[]", "200"]
