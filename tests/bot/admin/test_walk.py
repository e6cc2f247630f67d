"""A day at the office, with the whole program running as processes: from the first sign-in to what arrives in LINE, and
what an attacker left there meanwhile. Ten minutes of the program's clock pass in one."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pyotp
import pytest
from playwright.sync_api import Page, expect

from bot.now import anchored
from bot.settings import Settings
from tests.bot.admin.conftest import PASSWORD, Counted, OpenPage, Running, check_every_size
from tests.bot.eventually import eventually
from tests.stack import Json, Stack, buttons, person, start, words

NAME = "<img src=x onerror=\"document.title='broken'\">สมศรี"
EVIL = "<script>document.title='broken'</script> กล้วยหอมทองราคากิโลละเท่าไหร่ โทร 081-234-5678"
SOURCE = "https://www.example.go.th/announce/2569"
ASKING = person("walk")
OTHER = person("walk-other")
SECONDS = 90  # a busy machine, and a clock that looks every six seconds
NUMBER = re.compile(r"\d[\d,]*")

expect.set_options(timeout=SECONDS * 1000)


@pytest.fixture(scope="module")
def whole_stack(fitted_folder: Path) -> Iterator[Stack]:
    """A program of its own, on 20 January 2569 from 10:00 on."""
    # A short path: that of a Unix socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        clock = anchored("2026-01-20T10:00:00+07:00 10")
        yield from start(Path(directory), fitted_folder, LERTRAT_CLOCK=clock, BROADCAST_TEST_CHATS=OTHER)


@pytest.fixture
def console(stack: Stack) -> Iterator[Running]:
    """Its console, and its clock."""
    with stack.command("clock"):
        yield Running(stack.address, None, stack.engine, stack.redis, None)  # type: ignore[arg-type]


def told(stack: Stack, chat: str, text: str) -> str:
    """What somebody is answered."""
    return "\n".join(words(message) for message in stack.ask(chat, text))


def tapped(stack: Stack, chat: str, message: Json, label: str) -> str:
    """What comes of a tap."""
    done = stack.act(chat, **buttons(message)[label])
    stack.answers(chat, done["version"])
    stack.settle()
    return "\n".join(words(one) for one in stack.answers(chat, done["version"], 0))


def came(stack: Stack, chat: str, text: str) -> bool:
    """Whether a chat was ever told so."""
    return any(text in words(message) for message in stack.answers(chat, 0, 0))


def figure(page: Page, name: str) -> int:
    """A figure of the dashboard."""
    found = NUMBER.search(page.locator(f"dl.figures div:has(dt:text-is('{name}')) dd").first.inner_text())
    assert found, name
    return int(found[0].replace(",", ""))


def sign_in_for_the_first_time(stack: Stack, page: Page) -> None:
    """An owner, whose account the command line opened."""
    inherited = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
    subprocess.run(
        [sys.executable, "-m", "bot.cli", "admin", "create-user", "somchai", "--full-name", NAME],
        env=inherited | stack.environment,
        input=PASSWORD,
        text=True,
        check=True,
        capture_output=True,
    )
    page.get_by_label("ชื่อผู้ใช้").fill("somchai")
    page.get_by_label("รหัสผ่าน").fill(PASSWORD)
    page.get_by_role("button", name="เข้าสู่ระบบ").click()
    page.get_by_text("สแกนไม่ได้").click()
    page.get_by_label("รหัสยืนยัน").fill(pyotp.TOTP(page.locator(".secret").inner_text()).now())
    page.get_by_role("button", name="เปิดใช้การยืนยันสองขั้น").click()
    page.get_by_role("link", name="เก็บรหัสแล้ว").click()
    expect(page.get_by_role("heading", name="หน้าหลัก")).to_be_visible()


def test_a_day_at_the_office(stack: Stack, console: Running, open_page: OpenPage, counted: Counted) -> None:
    stack.world.add_user("สมหญิง", ASKING)
    stack.world.add_user(NAME, OTHER)
    for chat in (ASKING, OTHER):
        stack.act(chat, "follow")
    stack.settle()

    # People ask, wish to be reminded, and leave what an attacker would.
    assert "ยังไม่มีข้อมูลวันปิดรับสมัคร" in told(stack, ASKING, "ปิดรับสมัครวันไหน")
    told(stack, ASKING, "เตือนก่อนปิดรับ 7 วัน")
    assert "ตั้งเตือนแล้ว" in told(stack, ASKING, "ยินยอม")
    told(stack, ASKING, EVIL)
    answer = stack.ask(ASKING, "นวัตกรรมบริการคืออะไร")[0]
    assert "ขอบคุณ" in tapped(stack, ASKING, answer, "ไม่ตรงคำถาม")
    code = re.search(r"[0-9A-Z]{4}-[0-9A-Z]{4}-[0-9A-Z]{4}", told(stack, ASKING, "ข้อมูลของฉัน"))
    assert code

    page = open_page(size="phone").goto("/admin/")
    sign_in_for_the_first_time(stack, page)

    # A closing date, from the dashboard to a person's LINE.
    counted.fill(page.get_by_label("วันที่ (พ.ศ.)"), "31/3/2569 16.30 น.")
    counted.fill(page.get_by_label("ที่มา"), SOURCE)
    counted.click(page.get_by_role("button", name="ตรวจดูก่อนเผยแพร่"))
    expect(page.get_by_text("1 คน ใช้ 1 ข้อความ").first).to_be_visible()
    publish = page.get_by_role("button", name="เผยแพร่ทันที")
    publish.wait_for(timeout=SECONDS * 1000)  # a worker asks all labelled questions first
    check_every_size(page, "walk-date-check")
    counted.click(publish)
    expect(page.get_by_text("เผยแพร่แล้ว (ฉบับที่ 1)")).to_be_visible()
    assert len(counted.steps) <= 5
    eventually(lambda: "31 มีนาคม 2569" in told(stack, OTHER, "ปิดรับสมัครวันไหน"), SECONDS)
    eventually(lambda: came(stack, ASKING, "31 มีนาคม 2569"), SECONDS)
    check_every_size(page, "walk-calendar")

    # A message to all, tested before, watched until it has arrived.
    page.goto(f"{console.address}/admin/broadcasts/new")
    page.get_by_label("ข้อความ (ไม่บังคับ)").fill("<b>เปิดรับสมัครแล้ว</b>")
    expect(page.get_by_text("จะส่งถึง 2 คน")).to_be_visible()
    check_every_size(page, "walk-message")
    page.get_by_role("button", name="บันทึกร่าง").click()
    expect(page.locator("[data-quota]")).to_contain_text("ข้อความในเดือนนี้")
    page.get_by_role("link", name="ส่งทดสอบให้ตัวเอง").click()
    expect(page.get_by_label(NAME)).to_be_checked()
    page.get_by_role("button", name="ส่งทดสอบ").click()
    expect(page.get_by_text("ส่งทดสอบแล้ว")).to_be_visible()
    assert came(stack, OTHER, "<b>เปิดรับสมัครแล้ว</b>")
    assert not came(stack, ASKING, "<b>เปิดรับสมัครแล้ว</b>")
    page.get_by_role("button", name="ส่งถึง 2 คน ทันที").click()
    expect(page.get_by_role("heading", name="ผลการส่ง")).to_be_visible()
    expect(page.locator("[data-tally=sent] span")).to_have_text("2")
    assert came(stack, ASKING, "<b>เปิดรับสมัครแล้ว</b>")
    check_every_size(page, "walk-report")
    page.get_by_role("link", name="กลับไปรายการข้อความ").click()
    expect(page.get_by_text("ถึงแล้ว 2 จาก 2 ราย")).to_be_visible()
    check_every_size(page, "walk-messages")

    # The dashboard tells of it, and of nobody.
    def is_counted() -> bool:
        page.goto(f"{console.address}/admin/")
        well = page.locator(".states .state-bad").count() == 0  # its clock runs ten times as fast, and may be late once
        return well and figure(page, "คนที่ใช้") == 2 and figure(page, "คำถาม") >= 4

    eventually(is_counted, SECONDS)
    expect(page.locator("[data-quota]")).to_contain_text("ข้อความในเดือนนี้")
    check_every_size(page, "walk-home")
    main = page.locator("main").inner_html()
    for private in (ASKING, OTHER, "สมศรี", "สมหญิง", "081-234-5678", code[0]):
        assert private not in main
    page.goto(f"{console.address}/admin/inbox/")
    expect(page.get_by_text("กล้วยหอมทอง")).to_be_visible()
    expect(page.get_by_text("นวัตกรรมบริการคืออะไร")).to_be_visible()
    assert "081-234-5678" not in page.content()
    check_every_size(page, "walk-inbox")

    # What is kept of a person is given to him, and erased.
    page.goto(f"{console.address}/admin/privacy/")
    page.get_by_label("รหัสข้อมูลของแชท").fill(code[0])
    page.get_by_role("button", name="ค้นหา").click()
    check_every_size(page, "walk-privacy")
    with page.expect_download() as download:
        page.get_by_role("button", name="ดาวน์โหลดไฟล์ JSON").click()
    assert json.loads(Path(download.value.path()).read_text())["code"] == code[0]
    page.get_by_label("ยืนยันว่าเจ้าของแชทขอให้ลบ").check()
    page.get_by_role("button", name="ลบข้อมูลทั้งหมด").click()
    expect(page.get_by_text("ลบข้อมูลทั้งหมดของแชทนี้แล้ว")).to_be_visible()
    assert "ยังไม่" in told(stack, ASKING, "การเตือนของฉัน")

    page.goto(f"{console.address}/admin/audit-log/")
    for action in ("เผยแพร่วันในปฏิทิน", "ส่งข้อความทดสอบ", "ลบข้อมูลของแชทตามคำขอ"):
        expect(page.get_by_role("main")).to_contain_text(action)
    check_every_size(page, "walk-log")
    assert page.title() != "broken"
    assert page.locator("img[src=x]").count() == 0
