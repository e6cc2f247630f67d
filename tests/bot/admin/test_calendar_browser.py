"""The calendar and messages in a real Chromium: at three sizes, by keyboard, and how few steps a date takes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import expect
from redis import Redis
from sqlalchemy import Engine

from bot.admin.date_changes import Wanted
from bot.app import create_app
from bot.dispatch import Services
from bot.line import Line
from bot.now import BANGKOK
from bot.storage import broadcasts as stored
from bot.storage import followers, revisions
from intents.evaluation import own_labelled
from knowledge.loader import load_knowledge
from tests.bot.admin.broadcasting import minute
from tests.bot.admin.conftest import (
    Counted,
    OpenPage,
    Running,
    account,
    check_every_size,
    check_page,
    console_settings,
    served,
    shot,
    tab_to,
)
from tests.bot.admin.measuring import publish_date
from tests.bot.admin.understanding import understanding_worker
from tests.bot.line_server import LineServer
from tests.bot.subscribers import received, subscribe, user, users

NOW = datetime(2026, 1, 20, 10, tzinfo=BANGKOK)
URL = "https://www.example.go.th/announce/2569"
AWARDS = "2568/awards.yaml"
SIZES = ("phone", "tablet", "desktop")
TESTER = user(1_000_000)

expect.set_options(timeout=20_000)


@pytest.fixture
def console(
    sqlite_engine: Engine,
    redis: Redis,
    redis_url: str,
    tmp_path: Path,
    line_server: LineServer,
    services: Services,
    monkeypatch: pytest.MonkeyPatch,
) -> Iterator[Running]:
    """The console on 20 January 2569, 10:00, with a worker that talks to the tests' own LINE, and measures by few questions."""
    asked = [row for row in own_labelled() if "deadline" in row.attributes]
    monkeypatch.setattr("intents.evaluation.own_labelled", lambda: asked)
    line_server.answers["/v2/bot/message/quota"] = {"type": "limited", "value": 5000}
    line_server.answers["/v2/bot/message/quota/consumption"] = {"totalUsage": 1200}
    line_server.answers[f"/v2/bot/profile/{TESTER}"] = {"userId": TESTER, "displayName": "สมหญิง ใจดี"}
    settings = console_settings(
        redis_url,
        str(sqlite_engine.url),
        tmp_path,
        lertrat_clock=f"{NOW.isoformat()} 0.000001",
        line_api_host=line_server.host,
        broadcast_test_chats=TESTER,
    )
    app = create_app(settings, engine=sqlite_engine, redis=redis)
    # Worker and web process share this one, and its first look at LINE and the content would hold up the page.
    Line("token", line_server.host, "key").quota()
    load_knowledge()
    with understanding_worker(settings, sqlite_engine, redis, services), served(app) as address:
        yield Running(address, app, sqlite_engine, redis, settings)


def a_year_of_dates(engine: Engine) -> None:
    """A calendar with something of every sort, published."""
    made: list[tuple[str, str, dict[str, Any]]] = [
        ("briefing", "ประชุมชี้แจงรางวัลเลิศรัฐ", {"date": {"year": 2568, "month": 12, "day": 15}, "time": "09:00"}),
        ("opening", "เปิดรับสมัคร", {"date": {"year": 2569, "month": 1, "day": 5}}),
        ("closing", "ปิดรับสมัครรางวัลเลิศรัฐ", {"date": {"year": 2569, "month": 2, "day": 27}, "time": "16:30"}),
        ("site_visit", "ตรวจประเมินในพื้นที่", {"date": {"year": 2569, "month": 4, "day": 1}, "until": {"year": 2569, "month": 5, "day": 15}}),
        ("results", "ประกาศผล", {"date": {"year": 2569, "month": 7}, "certainty": "to_confirm", "caution": "รอประกาศอย่างเป็นทางการ"}),
    ]  # fmt: skip
    owner = account(engine, "owner")
    for kind, name, keys in made:
        wanted = Wanted(AWARDS, "", {"kind": kind, "name": name, "source": {"urls": [URL]}, **keys})
        publish_date(engine, owner, wanted, NOW)


def follow(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        for chat in users(count):
            followers.follow(connection, chat=chat, since=NOW, event_id="e")


@pytest.mark.parametrize("size", SIZES)
def test_a_closing_date_is_live_within_five_steps_from_the_dashboard(
    open_page: OpenPage, console: Running, counted: Counted, size: str
) -> None:
    subscribe(console.engine, users(12))
    page = open_page("publisher", size).goto("/admin/")
    # "ปิดรับสมัคร" stands first in the list.
    expect(page.get_by_label("เรื่อง", exact=True)).to_have_value(f"{AWARDS}|new:closing")
    counted.fill(page.get_by_label("วันที่ (พ.ศ.)"), "31/3/2569 16.30 น.")
    counted.fill(page.get_by_label("ที่มา"), URL)
    counted.click(page.get_by_role("button", name="ตรวจดูก่อนเผยแพร่"))
    expect(page.get_by_text("วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น.").first).to_be_visible()
    expect(page.get_by_text("12 คน ใช้ 12 ข้อความ").first).to_be_visible()
    expect(page.locator("[data-quota]")).to_have_text("เหลือ 3,800 จาก 5,000 ข้อความในเดือนนี้")
    expect(page.get_by_role("heading", name="ตอบตามที่แก้ไข")).to_be_visible()
    expect(page.get_by_text("ปิดรับสมัครรางวัลเลิศรัฐ วันอังคารที่ 31 มีนาคม 2569").first).to_be_visible()
    check_page(page)
    shot(page, f"calendar-check-{size}")
    counted.click(page.get_by_role("button", name="เผยแพร่ทันที"))
    expect(page.get_by_text("เผยแพร่แล้ว (ฉบับที่ 1)")).to_be_visible()
    check_page(page)
    print(f"steps for a closing date ({size}): {len(counted.steps)}")
    assert len(counted.steps) <= 5
    with console.engine.connect() as connection:
        documents = revisions.documents_of(connection, 1) or {}
    assert "awards.closing_date" in documents[AWARDS]


def test_a_date_moves_within_five_steps_with_the_choice_among_them(
    open_page: OpenPage, console: Running, counted: Counted
) -> None:
    page = open_page("publisher", "phone").goto("/admin/")
    counted.choose(page.get_by_label("เรื่อง", exact=True), f"{AWARDS}|awards.ceremony")
    counted.fill(page.get_by_label("วันที่ (พ.ศ.)"), "20 ก.ย. 68")
    counted.fill(page.get_by_label("ที่มา"), URL)
    counted.click(page.get_by_role("button", name="ตรวจดูก่อนเผยแพร่"))
    counted.click(page.get_by_role("button", name="เผยแพร่ทันที"))
    expect(page.locator("strong").get_by_text("วันเสาร์ที่ 20 กันยายน 2568")).to_be_visible()
    assert len(counted.steps) <= 5


def test_the_calendar_fits_every_size(open_page: OpenPage, console: Running) -> None:
    a_year_of_dates(console.engine)
    subscribe(console.engine, users(1234)[:40])
    page = open_page("publisher", "phone").goto("/admin/calendar/?days=90")
    expect(page.get_by_role("img", name="เส้นเวลาของกำหนดการ")).to_be_visible()
    expect(page.get_by_role("heading", name="ปิดรับสมัครรางวัลเลิศรัฐ")).to_be_visible()
    expect(page.get_by_text("ปิดรับสมัครรางวัลเลิศรัฐ (อีก 30 วัน)")).to_be_visible()
    expect(page.get_by_text("เหลือ 3,800 จาก 5,000 ข้อความในเดือนนี้")).to_be_visible()
    check_every_size(page, "calendar")
    page.get_by_role("link", name="แก้ไข ประกาศผล").click()
    expect(page.get_by_label("วันที่ (พ.ศ.)")).to_have_value("ก.ค. 2569")
    check_every_size(page, "calendar-date")


def test_a_wrong_date_is_told_at_its_field_and_by_keyboard_alone(open_page: OpenPage, console: Running) -> None:
    page = open_page("publisher", "desktop").goto("/admin/calendar/")
    when = page.get_by_label("วันที่ (พ.ศ.)")
    tab_to(page, when)
    page.keyboard.type("31/2/2026")
    page.keyboard.press("Enter")
    expect(page.get_by_text("ปี 2026 ดูเหมือนปี ค.ศ. กรุณาเขียนปี พ.ศ. คือ 2569")).to_be_visible()
    expect(when).to_have_attribute("aria-invalid", "true")
    check_every_size(page, "calendar-refused")
    tab_to(page, when)
    page.keyboard.press("Control+A")
    page.keyboard.type("28 ก.พ. 2569")
    tab_to(page, page.get_by_label("ที่มา"))
    page.keyboard.type("53-54")
    page.keyboard.press("Enter")
    publish = page.get_by_role("button", name="เผยแพร่ทันที")
    expect(page.get_by_text("ตรงกับวันหยุดสุดสัปดาห์")).to_be_visible()
    tab_to(page, publish)
    page.keyboard.press("Enter")
    expect(page.get_by_text("เผยแพร่แล้ว")).to_be_visible()


def test_a_message_from_writing_to_its_report(open_page: OpenPage, console: Running, line_server: LineServer) -> None:
    follow(console.engine, 1200)
    page = open_page("publisher", "phone").goto("/admin/broadcasts/")
    page.get_by_role("link", name="เขียนข้อความใหม่").click()
    page.get_by_label("ข้อความ (ไม่บังคับ)").fill("เปิดรับสมัครรางวัลเลิศรัฐแล้วค่ะ 🎉\nส่งผลงานได้ถึง 31 มีนาคม 2569")
    page.get_by_label("หัวเรื่องของการ์ด").fill("ประชุมชี้แจงออนไลน์")
    page.get_by_label("เนื้อความของการ์ด").fill("วันที่ 28 มกราคม 2569\nเวลา 09.00 น.")
    page.get_by_label("ข้อความบนปุ่ม").fill("เข้าร่วมประชุม")
    page.get_by_label("ลิงก์ของปุ่ม").fill("https://www.example.go.th/meeting")
    preview = page.locator(".line-preview")
    expect(preview.get_by_text("เข้าร่วมประชุม")).to_be_visible()
    expect(page.get_by_text("จะส่งถึง 1,200 คน")).to_be_visible()
    expect(page.get_by_label("เรื่องที่ตั้งเตือน")).to_be_hidden()
    check_every_size(page, "broadcast-form")
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_text("บันทึกร่างแล้ว")).to_be_visible()
    expect(page.get_by_text("เหลือ 3,800 จาก 5,000 ข้อความในเดือนนี้")).to_be_visible()
    check_every_size(page, "broadcast-draft")
    page.get_by_role("link", name="ส่งทดสอบให้ตัวเอง").click()
    expect(page.get_by_label("สมหญิง ใจดี")).to_be_checked()
    expect(page.locator("[data-quota]")).to_have_text("เหลือ 3,800 จาก 5,000 ข้อความในเดือนนี้")
    check_every_size(page)
    page.get_by_role("button", name="ส่งทดสอบ").click()
    expect(page.get_by_text("ส่งทดสอบแล้ว")).to_be_visible()
    assert received(line_server) == {TESTER: 1}
    page.get_by_role("button", name="ส่งถึง 1,200 คน ทันที").click()
    expect(page.get_by_text("สั่งส่งแล้ว ระบบจะเริ่มส่งภายในหนึ่งนาที")).to_be_visible()
    # One multicast of three, then it is seen going on, and paused.
    minute(console.engine, console.redis, line_server.host, NOW + timedelta(minutes=1), most=0)
    expect(page.get_by_role("progressbar")).to_be_visible()
    expect(page.get_by_text("ดำเนินการแล้ว 0 จาก 1,200 ราย")).to_be_visible()
    check_every_size(page, "broadcast-sending")
    page.get_by_role("button", name="พักการส่ง").click()
    expect(page.get_by_role("button", name="ส่งต่อ")).to_be_visible()
    page.get_by_role("button", name="ส่งต่อ").click()
    expect(page.get_by_text("กำลังส่ง").first).to_be_visible()
    # The page finds out by itself that all was sent.
    minute(console.engine, console.redis, line_server.host, NOW + timedelta(minutes=2))
    expect(page.get_by_role("heading", name="ผลการส่ง")).to_be_visible()
    expect(page.locator("[data-tally=sent] span")).to_have_text("1,200")
    check_every_size(page, "broadcast-report")
    assert received(line_server) == {TESTER: 1, **dict.fromkeys(users(1200), 1)}


def test_what_needs_a_person_says_what_to_do(open_page: OpenPage, console: Running, line_server: LineServer) -> None:
    trouble(console, line_server)
    page = open_page("publisher", "phone").goto("/admin/broadcasts/")
    page.get_by_role("link", name="ต้องจัดการ 3 รายการ").click()
    expect(page.get_by_text("เพิ่มโควตาใน LINE Official Account Manager")).to_be_visible()
    check_every_size(page, "attention")
    page.get_by_role("button", name="ถึงแล้ว").first.click()
    expect(page.get_by_text("บันทึกแล้ว")).to_be_visible()
    expect(page.get_by_text("LINE อาจรับข้อความไปแล้ว")).to_be_hidden()


def trouble(console: Running, line_server: LineServer) -> None:
    """One Broadcast is held; of another, one call is uncertain and one failed."""
    from bot import audiences, broadcasts
    from bot.storage.tables import deliveries
    from tests.bot.subscribers import rows

    follow(console.engine, 900)
    for title, text in (("แจ้งเลื่อนประชุม", "เลื่อนประชุม"), ("ขอบคุณผู้ร่วมงาน", "ขอบคุณ")):
        number = broadcasts.create(
            console.engine, text=text, audience=audiences.of_everyone(), title=title, now=NOW, by="editor"
        )
        broadcasts.send_now(console.engine, number, now=NOW)
    minute(console.engine, console.redis, line_server.host, NOW + timedelta(minutes=1), most=0)
    with console.engine.begin() as connection:
        ids = [[row.id for row in rows(console.engine, number)] for number in (1, 2)]
        for number, state, problem in (
            (ids[0][0], "held", "no room"),
            (ids[0][1], "held", "no room"),
            (ids[1][0], "uncertain", "no certain answer in 23 hours"),
            (ids[1][1], "failed", "refused (400)"),
        ):
            values = {"state": state, "problem": problem, "done_at": NOW if state != "held" else None}
            connection.execute(deliveries.update().where(deliveries.c.id == number).values(**values))
        stored.move(connection, 2, [stored.SENDING], stored.DONE)


def test_a_stored_script_does_not_run(open_page: OpenPage, console: Running) -> None:
    evil = "<img src=x onerror=\"document.title='broken'\"><script>document.title='broken'</script>"
    page = open_page("editor", "desktop").goto("/admin/broadcasts/new")
    page.get_by_label("ข้อความ (ไม่บังคับ)").fill(evil)
    page.get_by_label("หัวเรื่องของการ์ด").fill(evil)
    page.get_by_label("เนื้อความของการ์ด").fill(evil)
    expect(page.locator(".line-preview").get_by_text("<img src=x").first).to_be_visible()
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.get_by_text("บันทึกร่างแล้ว")).to_be_visible()
    expect(page.locator(".line-preview").get_by_text("<img src=x").first).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    assert page.title() != "broken"
