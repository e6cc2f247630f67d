"""Dashboard, statistics, health, rule book and personal data in a real browser, at every size and by keyboard."""

from __future__ import annotations

import io
import json
import os
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import load_workbook
from playwright.sync_api import expect

from bot.admin import quota
from bot.chat_codes import coder
from bot.clock import delete_what_expired
from bot.counting import monday
from bot.storage import personal
from bot.storage.statistics import Counted
from tests.bot.admin.conftest import OpenPage, Running, check_every_size, check_page, tab_to
from tests.bot.admin.test_privacy import CHAT, SECRET, fill
from tests.bot.admin.test_statistics import keep, some, today
from tests.bot.eventually import eventually

CODE = coder(SECRET)(CHAT)


@pytest.fixture
def used(console: Running) -> Running:
    """A console with two weeks of use, and LINE's answer of a moment ago."""
    for back in range(14):
        day = today() - timedelta(days=back)
        keep(console.engine, some(day, 1 + back % 4))
        keep(console.engine, {Counted(monday(day), "people", "week"): 3})
    said = {"at": quota.utc_now().isoformat(), "limit": 5000, "used": 1200}
    console.redis.set(quota.KEY, json.dumps(said))
    return console


def test_the_dashboard_and_its_charts_at_every_size(used: Running, open_page: OpenPage) -> None:
    watched = open_page("viewer", "phone")
    page = watched.goto("/admin/")
    check_page(page)
    page.get_by_text("ดูเป็นตาราง").click()
    check_every_size(page, "home")
    chart = page.locator("main svg.chart[role=img]").first
    box = chart.bounding_box()
    assert box is not None
    assert box["width"] >= 280
    letters = chart.locator("text").first.evaluate("e => e.getBoundingClientRect().height")
    assert letters >= 11, "the chart's letters can be read"
    assert "เหลือ 3,800 จาก 5,000" in page.get_by_role("status").filter(has_text="เหลือ").inner_text()


def test_statistics_at_every_size(used: Running, open_page: OpenPage) -> None:
    watched = open_page("viewer", "phone")
    page = watched.goto("/admin/statistics/")
    check_every_size(page, "statistics")
    page.get_by_role("link", name="สัปดาห์ก่อนหน้า").click()
    page.get_by_role("link", name="สัปดาห์ถัดไป").click()
    page.get_by_label("ตั้งแต่วันที่").fill("31/2/2569")
    page.get_by_role("button", name="ดาวน์โหลด CSV").click()
    told = page.locator(".wrong")
    expect(told).to_be_in_viewport()
    check_every_size(page, "report-refused")


def test_the_report_by_keyboard(used: Running, open_page: OpenPage) -> None:
    page = open_page("viewer").goto("/admin/")
    link = page.get_by_role("link", name="ดูสถิติทั้งหมดและดาวน์โหลดรายงาน")
    tab_to(page, link)
    page.keyboard.press("Enter")
    button = page.get_by_role("button", name="ดาวน์โหลด Excel (XLSX)")
    page.wait_for_url("**/statistics/")
    tab_to(page, button)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    book = load_workbook(io.BytesIO(Path(download.value.path()).read_bytes()))
    assert book["รายวัน"]["A1"].value == "วันที่"
    assert isinstance(book["รายวัน"].cell(book["รายวัน"].max_row, 3).value, int)


def test_the_state_of_the_system_at_every_size(used: Running, open_page: OpenPage) -> None:
    page = open_page("viewer", "phone").goto("/admin/health")
    check_every_size(page, "health")
    assert "ไม่มีตัวตอบคำถามทำงานอยู่" in page.get_by_role("main").inner_text()


def test_the_first_page_waits_for_no_worker_and_says_when_none_answers(
    console: Running, open_page: OpenPage, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(quota, "WAIT_SECONDS", 0.5)
    told = open_page("viewer").goto("/admin/").locator("[data-quota]")
    eventually(lambda: "ยังไม่ตอบ" in told.inner_text())


def test_the_rule_book_at_every_size(console: Running, open_page: OpenPage) -> None:
    page = open_page("viewer", "phone").goto("/admin/rulebook/")
    check_every_size(page, "rulebook")
    first = page.get_by_role("navigation", name="สารบัญ").get_by_role("link").nth(1)
    first.click()
    assert page.url.rpartition("#")[2]
    assert page.get_by_text("ระบบตรวจ", exact=True).count() > 20


def test_personal_data_at_every_size(console: Running, open_page: OpenPage) -> None:
    delete_what_expired(console.settings, console.engine)
    fill(console.engine, console.redis, CHAT)
    page = open_page("owner", "phone").goto("/admin/privacy/")
    check_every_size(page, "privacy")
    page.get_by_label("รหัสข้อมูลของแชท").fill(CODE.lower())
    page.get_by_role("button", name="ค้นหา").click()
    check_every_size(page, "privacy-chat")
    assert CHAT not in page.content()
    page.goto(f"{console.address}/admin/privacy/auditor")
    check_every_size(page, "auditor")


def test_a_persons_request_from_the_code_to_the_erasure_by_keyboard(console: Running, open_page: OpenPage) -> None:
    fill(console.engine, console.redis, CHAT)
    page = open_page("owner").goto("/admin/privacy/")
    field = page.get_by_label("รหัสข้อมูลของแชท")
    tab_to(page, field)
    page.keyboard.type(CODE)
    page.keyboard.press("Enter")
    page.wait_for_url("**/find")
    export = page.get_by_role("button", name="ดาวน์โหลดไฟล์ JSON")
    tab_to(page, export)
    with page.expect_download() as download:
        page.keyboard.press("Enter")
    assert json.loads(Path(download.value.path()).read_text())["code"] == CODE
    tick = page.get_by_label("ยืนยันว่าเจ้าของแชทขอให้ลบ")
    tab_to(page, tick)
    page.keyboard.press("Space")
    tab_to(page, page.get_by_role("button", name="ลบข้อมูลทั้งหมด"))
    page.keyboard.press("Enter")
    page.get_by_text("ลบข้อมูลทั้งหมดของแชทนี้แล้ว").wait_for()
    with console.engine.connect() as connection:
        assert list(personal.chats(connection)) == []


def test_the_auditors_page_is_printed_without_menu_and_buttons(console: Running, open_page: OpenPage) -> None:
    page = open_page("viewer").goto("/admin/privacy/auditor")
    page.evaluate("window.print = () => { document.title = 'printing'; }")
    page.get_by_role("button", name="พิมพ์เอกสารนี้").click()
    assert page.title() == "printing"
    page.emulate_media(media="print")
    assert not page.get_by_role("navigation", name="เมนูหลัก").is_visible()
    assert not page.locator(".top").is_visible()
    assert not page.locator("[data-print]").is_visible()
    assert page.get_by_role("heading", name="4. การลบอัตโนมัติ").is_visible()
    if os.environ.get("SCREENSHOTS"):
        page.pdf(path=Path(os.environ["SCREENSHOTS"]) / "auditor.pdf", format="A4")
