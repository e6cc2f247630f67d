"""Inbox and Try it in a real Chromium: at every size, by keyboard, and the steps that teaching one question takes."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from playwright.sync_api import expect

from bot.admin import drafts
from bot.admin.worker_tasks import Office
from bot.dispatch import Services
from bot.storage import revisions
from tests.bot.admin.conftest import Counted, OpenPage, Running, account, check_page, shot, tab_to
from tests.bot.admin.test_inbox_pages import EVIL, open_handover
from tests.bot.admin.test_inbox_pages import few_questions as few_questions
from tests.bot.admin.understanding import ask_in_vain, understanding_worker
from tests.bot.eventually import eventually

# Nothing of ours is named or meant, as far as the assistant can tell; what it is about stands in its only known word.
ASKED = "ขอโพยนวัตกรรมบริการฉบับมือใหม่"
# It is like what is known of a patent, and still not understood.
LIKE_A_PATENT = "โพยเรื่องสิทธิบัตรของมือใหม่"
LONG_SECONDS = 120_000
SIZES = ("phone", "tablet", "desktop")
pytestmark = pytest.mark.usefixtures("few_questions")


@pytest.fixture
def office(console: Running, services: Services) -> Iterator[Office]:
    """A worker that understands questions."""
    with understanding_worker(console.settings, console.engine, console.redis, services) as office:
        yield office


def test_one_question_is_taught_in_three_steps_and_live(
    office: Office, console: Running, open_page: OpenPage, counted: Counted
) -> None:
    ask_in_vain(console.engine, LIKE_A_PATENT)
    watched = open_page("publisher", "desktop")
    watched.page.set_default_timeout(LONG_SECONDS)
    watched.goto("/admin/inbox/")  # a worker that has just started takes a while to put the first questions together
    page = watched.goto("/admin/")
    shot(page, "inbox-teaser-desktop")
    counted.click(page.get_by_role("button", name="สอนให้ตอบแบบนี้"))
    publish = page.get_by_role("button", name="เผยแพร่ให้ผู้ช่วยตอบแบบนี้")
    expect(publish).to_be_visible(timeout=LONG_SECONDS)
    shot(page, "inbox-lesson-desktop")
    check_page(page)
    reason = page.get_by_label("เหตุผลที่ยังจะเผยแพร่")
    if reason.count():
        counted.fill(reason, "คำถามนั้นไม่มีคนถามแล้ว")
    counted.click(publish)
    expect(page.get_by_text("สอนแล้ว และเผยแพร่เป็นฉบับที่ 1")).to_be_visible()
    assert len(counted.steps) <= 3, counted.steps
    eventually(lambda: office.published.serving is not None and office.published.serving.revision == 1, seconds=60)
    with console.engine.connect() as connection:
        assert LIKE_A_PATENT in str(revisions.documents_of(connection, 1))
    assert page.get_by_role("link", name=LIKE_A_PATENT).count() == 0


def test_another_entry_is_chosen_and_the_lesson_joins_the_draft(
    office: Office, console: Running, open_page: OpenPage
) -> None:
    ask_in_vain(console.engine, ASKED, reason="unhelpful")
    page = open_page("editor", "phone").goto("/admin/inbox/")
    page.set_default_timeout(LONG_SECONDS)
    page.get_by_role("link", name=ASKED).click()
    page.get_by_label("ค้นหาคำตอบอื่น").fill("สิทธิบัตร")
    page.get_by_role("button", name="ค้นหา").click()
    expect(page.get_by_role("heading", name="ผลการค้นหา")).to_be_visible()
    check_page(page)
    shot(page, "inbox-group-found-phone")
    page.get_by_label("วลีที่จะสอน").fill("โพยเรื่องสิทธิบัตรของมือใหม่")
    page.get_by_role("button", name="ใช้คำตอบนี้").first.click()
    add = page.get_by_role("button", name="เพิ่มลงในฉบับร่าง")
    expect(add).to_be_visible(timeout=LONG_SECONDS)
    shot(page, "inbox-lesson-phone")
    check_page(page)
    add.click()
    expect(page.get_by_text("เพิ่มวลีไว้ในฉบับร่างแล้ว")).to_be_visible()
    with console.engine.connect() as connection:
        assert "โพยเรื่องสิทธิบัตรของมือใหม่" in str(drafts.draft(connection).documents)
        assert revisions.newest_id(connection) is None


@pytest.mark.parametrize("size", SIZES)
def test_every_page_of_the_inbox_can_be_used_at_every_size(
    office: Office, console: Running, open_page: OpenPage, size: str
) -> None:
    numbers = ask_in_vain(
        console.engine,
        "สาขาบริการหน่วยนึงยื่นได้กี่ชิ้นงานเหรอ",
        EVIL,
        "โทรกลับนายสมชาย ใจดี 081-234-5678",
        "สาขาบริการ หน่วยงานหนึ่งยื่นได้กี่ชิ้นงาน",
        ASKED,
        reason="unhelpful",
    )
    person = open_handover(console.engine, EVIL)
    watched = open_page("editor", size)
    watched.page.set_default_timeout(60_000)
    for name, path in {
        "inbox": "/admin/inbox/",
        "group": f"/admin/inbox/{numbers[0]}",
        "answer": f"/admin/inbox/{numbers[4]}/answer",
        "people": "/admin/inbox/people",
        "person": f"/admin/inbox/people/{person}",
        "settled": "/admin/inbox/settled",
        "try": "/admin/try/",
    }.items():
        page = watched.goto(path)
        if name == "person":
            # Without LINE the quota is not told; that it is not is no fault of the page.
            expect(page.locator("[data-quota]")).not_to_contain_text("กำลังถาม")
            watched.complaints.clear()
        shot(page, f"inbox-{name}-{size}")
        check_page(page)


@pytest.mark.parametrize("size", SIZES)
def test_try_it_draws_the_cards_side_by_side(office: Office, console: Running, open_page: OpenPage, size: str) -> None:
    user = account(console.engine, "owner")
    with console.engine.begin() as connection:
        path, name = "2568/service.innovation.yaml", "service.innovation.definition"
        drafts.put_entry(connection, user, path, name, {"gist": "คำตอบของฉบับร่าง"}, 0)
    page = open_page("viewer", size).goto("/admin/try/")
    page.set_default_timeout(LONG_SECONDS)
    page.get_by_label("คำถาม").fill(f"นวัตกรรมบริการคืออะไร {EVIL}")
    page.get_by_label("คำถาม").press("Enter")
    expect(page.get_by_role("heading", name="ฉบับร่าง")).to_be_visible(timeout=LONG_SECONDS)
    expect(page.get_by_text("ฉบับร่างตอบต่างจากฉบับที่เผยแพร่")).to_be_visible()
    expect(page.get_by_role("group", name="คำตอบใน LINE ของฉบับร่าง").get_by_text("คำตอบของฉบับร่าง")).to_be_visible()
    assert page.locator("img[src=x]").count() == 0
    shot(page, f"try-{size}")
    check_page(page)


def test_by_keyboard_alone(office: Office, console: Running, open_page: OpenPage) -> None:
    ask_in_vain(console.engine, "ที่จอดรถวันงานอยู่ตรงไหน")
    page = open_page("editor", "desktop").goto("/admin/inbox/")
    page.set_default_timeout(60_000)
    tab_to(page, page.get_by_role("link", name="ที่จอดรถวันงานอยู่ตรงไหน"))
    page.keyboard.press("Enter")
    tab_to(page, page.get_by_role("button", name="อยู่นอกขอบเขต"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("ทำเครื่องหมายว่าอยู่นอกขอบเขตแล้ว 1 คำถาม")).to_be_visible()
