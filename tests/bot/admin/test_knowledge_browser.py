"""The knowledge pages in a real Chromium: every task from the dashboard to its result, at three sizes and by keyboard."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from playwright.sync_api import expect

from bot.admin import drafts, knowledge, publishing
from bot.limits import grapheme_length
from bot.published import Published, published_knowledge
from bot.storage import revisions
from knowledge.model import Example
from tests.bot.admin.conftest import Counted, OpenPage, Running, check_page, shot, tab_to
from tests.bot.admin.test_knowledge_pages import DRUGS, DURATION, INNOVATION, entry_address, measured
from tests.bot.admin.understanding import understanding_worker
from tests.bot.eventually import eventually

if TYPE_CHECKING:
    from bot.dispatch import Services

SIZES = ("phone", "tablet", "desktop")
NEW = "ผสมยาเคมีบำบัดได้ 25 ชนิด"


@pytest.fixture(autouse=True)
def _read_before(console: Running) -> None:
    """The content is read and checked once in a process: on a busy machine longer than a page waits."""
    with console.engine.connect() as connection:
        draft = drafts.draft(connection)
    knowledge.items(draft)
    publishing.problems_of(draft.documents)


def draft_entry(console: Running, name: str, changes: dict[str, object], path: str = INNOVATION) -> None:
    """Somebody changes an entry."""
    from bot.storage import users
    from tests.bot.admin.conftest import account

    user = account(console.engine, "editor", "somsri")
    with console.engine.begin() as connection:
        seen = drafts.entry_of(connection, path, name)
        assert seen is not None
        drafts.put_entry(connection, user, path, name, changes, seen.version)
        assert users.by_name(connection, "somsri")


def test_a_figure_is_corrected_and_live_in_at_most_six_steps(
    console: Running, open_page: OpenPage, counted: Counted, services: Services
) -> None:
    page = open_page("publisher").goto("/admin/")
    with understanding_worker(console.settings, console.engine, console.redis, services):
        counted.fill(page.get_by_label("ค้นหาคำตอบที่ต้องการแก้"), "ผสมยาได้กี่ชนิด")
        counted.click(page.get_by_role("link", name="ชนิดยาที่ผสมได้").first)
        counted.fill(page.get_by_label("ข้อความพร้อมตัวเลข"), NEW)
        counted.click(page.get_by_role("button", name="บันทึกและไปเผยแพร่"))
        expect(page.get_by_role("heading", name="กำลังตรวจ")).to_be_visible()
        publish = page.get_by_role("button", name="เผยแพร่ให้ผู้ใช้เห็น")
        publish.wait_for(timeout=240_000)
        assert page.get_by_text("ตอบตามที่แก้ไข").is_visible()
        shot(page, "publish-ready")
        check_page(page)
        serving = published_knowledge(console.engine)
        serving.start()
        counted.click(publish)
        expect(page.get_by_text("เผยแพร่แล้วเป็นฉบับที่ 1")).to_be_visible()
    eventually(lambda: NEW in figures(serving), seconds=2)
    serving.stop()
    assert len(counted.steps) <= 6, counted.steps
    assert len(counted.steps) == 5


def figures(serving: Published[object]) -> set[str]:
    knowledge = serving.current()
    works = [e for e in knowledge.newest.entries if isinstance(e, Example)]  # type: ignore[attr-defined]
    return {figure.text for work in works for figure in work.figures}


PAGES: dict[str, Callable[[Running], str]] = {
    "list": lambda _: "/admin/knowledge/",
    "filters": lambda _: "/admin/knowledge/?certainty=open&subject=service.innovation",
    "figure": lambda _: entry_address(DRUGS),
    "condition": lambda _: entry_address(DURATION),
    "rule-with-parts": lambda _: entry_address("service.integration.agencies", "2568/service.integration.yaml"),
    "example": lambda _: entry_address("service.innovation.robot"),
    "text": lambda _: entry_address("service.innovation.meaning"),
    "subject": lambda _: entry_address("head"),
    "new-milestone": lambda _: (
        f"/admin/knowledge/new?{urlencode({'path': '2568/awards.yaml', 'section': 'milestones'})}"
    ),
    "history": lambda _: "/admin/knowledge/history/",
    "files": lambda _: "/admin/knowledge/files/",
    "publish-empty": lambda _: "/admin/knowledge/publish/",
}


@pytest.mark.parametrize("size", SIZES)
def test_every_page_can_be_read_and_used_at_every_size(console: Running, open_page: OpenPage, size: str) -> None:
    watched = open_page("owner", size)
    for name, address in PAGES.items():
        page = watched.goto(address(console))
        assert page.locator("h1").count() == 1, name
        if page.locator("#preview").count():
            page.locator("#preview > *").first.wait_for()
        shot(page, f"{name}-{size}")
        check_page(page)


@pytest.mark.parametrize("size", SIZES)
def test_a_draft_a_conflict_and_history_at_every_size(console: Running, open_page: OpenPage, size: str) -> None:
    watched = open_page("owner", size)
    page = watched.goto(entry_address(DRUGS))
    draft_entry(console, DRUGS, {"text": "ผสมยาได้ 30 ชนิด", "label": "ชนิดยา"})
    page.get_by_label("ข้อความพร้อมตัวเลข").fill(NEW)
    page.get_by_role("button", name="บันทึกเป็นฉบับร่าง").click()
    expect(page.get_by_role("alert").filter(has_text="ยังไม่ได้บันทึก")).to_be_visible()
    # The browser says that the address answered 409, as it is meant to.
    watched.complaints[:] = [c for c in watched.complaints if "409" not in c]
    expect(page.get_by_text("อีกคนเปลี่ยนเป็น: ผสมยาได้ 30 ชนิด")).to_be_visible()
    shot(page, f"conflict-{size}")
    check_page(page)
    page.get_by_role("button", name="บันทึกเป็นฉบับร่าง").click()
    expect(page.get_by_text("บันทึกในฉบับร่างแล้ว")).to_be_visible()
    worse = {
        "question": "ผสมยาได้กี่ชนิด",
        "about": "",
        "sort": "worse",
        "before": {"status": "answered", "text": "ผสมยาเคมีบำบัดได้ 24 ชนิด\nนวัตกรรมบริการ"},
        "after": {"status": "unknown", "text": "ยังไม่มีข้อมูลนี้"},
        "missing": [],
    }
    measured(console.engine, {"regressions": 1, "changes": [worse]})
    page = watched.goto("/admin/knowledge/publish/")
    shot(page, f"publish-{size}")
    check_page(page)
    page.get_by_role("button", name="เผยแพร่ให้ผู้ใช้เห็น").click()
    expect(page.get_by_role("alert").or_(page.locator(".wrong")).first).to_be_visible()
    page.get_by_label("เหตุผลที่เผยแพร่").fill("ตัวเลขใหม่ตามหนังสือ")
    page.get_by_role("button", name="เผยแพร่ให้ผู้ใช้เห็น").click()
    expect(page.get_by_text("เผยแพร่แล้วเป็นฉบับที่ 1")).to_be_visible()
    draft_entry(console, DRUGS, {"text": "ผสมยาได้ 31 ชนิด"})
    measured(console.engine)
    page = watched.goto("/admin/knowledge/publish/")
    page.get_by_role("button", name="เผยแพร่ให้ผู้ใช้เห็น").click()
    page.goto(f"{console.address}/admin/knowledge/history/")
    shot(page, f"history-{size}")
    check_page(page)
    page.get_by_role("button", name="เปรียบเทียบ").click()
    expect(page.get_by_text("ผสมยาได้ 31 ชนิด")).to_be_visible()
    shot(page, f"compare-{size}")
    check_page(page)
    page.goto(f"{console.address}/admin/knowledge/history/1")
    page.get_by_text("ย้อนกลับไปใช้ฉบับนี้").click()
    page.get_by_label("เหตุผลที่ย้อนกลับ").fill("ตัวเลขเดิมถูกแล้ว")
    shot(page, f"back-{size}")
    check_page(page)
    page.get_by_role("button", name="ย้อนกลับไปใช้ฉบับที่ 1").click()
    expect(page.get_by_text("เผยแพร่อยู่เป็นฉบับที่ 3")).to_be_visible()
    with console.engine.connect() as connection:
        assert revisions.documents_of(connection, 3) == revisions.documents_of(connection, 1)


def test_limits_are_counted_as_line_counts_them_while_one_types(open_page: OpenPage) -> None:
    page = open_page("editor").goto(entry_address(DRUGS))
    label = page.get_by_label("ป้ายชื่อสั้น")
    count = page.locator("#label-count")
    for text in ("ที่นี่น้ำใจ", "👩‍👩‍👧‍👦 ครอบครัว", "กำลัง", "{months_in_use} แล้ว", "ก" * 25):
        label.fill(text)
        expected = grapheme_length(text.replace("{months_in_use}", "0 ปี"))
        expect(count).to_contain_text(f"{expected} จาก 20")
    expect(count).to_contain_text("ยาวเกินที่ LINE รับได้")
    page.get_by_label("ข้อความพร้อมตัวเลข").fill("😀" * 3)
    expect(page.locator("#text-count")).to_contain_text("6 จาก")


def test_the_card_beside_the_form_follows_what_is_typed(open_page: OpenPage) -> None:
    page = open_page("editor").goto(entry_address(DRUGS))
    preview = page.locator("#preview")
    expect(preview).to_contain_text("ผสมยาเคมีบำบัดได้ 24 ชนิด")
    page.get_by_label("ข้อความพร้อมตัวเลข").fill(NEW)
    expect(preview).to_contain_text(NEW)
    page.get_by_label("ความแน่ชัด").select_option("to_confirm")
    page.get_by_label("ข้อควรระวังที่แสดงกับคำตอบ").fill("รอหนังสือยืนยัน")
    expect(preview).to_contain_text("⚠ รอหนังสือยืนยัน")
    page.get_by_label("ข้อความพร้อมตัวเลข").fill("")
    expect(preview).to_contain_text("กรอกข้อมูลให้ครบก่อน")


def test_whoever_has_the_form_open_is_told_that_somebody_else_saved(console: Running, open_page: OpenPage) -> None:
    watched = open_page("editor")
    watched.page.clock.install()
    page = watched.goto(entry_address(DRUGS))
    draft_entry(console, DRUGS, {"text": "ผสมยาได้ 30 ชนิด"})
    page.clock.run_for(6000)
    expect(page.locator("#newer")).to_contain_text("somsri เพิ่งบันทึกรายการนี้")


def test_an_entry_is_corrected_by_keyboard_alone(console: Running, open_page: OpenPage) -> None:
    page = open_page("editor").goto("/admin/knowledge/")
    tab_to(page, page.get_by_label("ค้นหา", exact=True))
    page.keyboard.type("ผสมยาได้กี่ชนิด")
    page.keyboard.press("Enter")
    first = page.locator(".row-link").first
    tab_to(page, first)
    page.keyboard.press("Enter")
    text = page.get_by_label("ข้อความพร้อมตัวเลข")
    tab_to(page, text)
    page.keyboard.press("Control+A")
    page.keyboard.type(NEW)
    tab_to(page, page.get_by_role("button", name="บันทึกเป็นฉบับร่าง"))
    page.keyboard.press("Enter")
    expect(page.get_by_text("บันทึกในฉบับร่างแล้ว")).to_be_visible()
    with console.engine.connect() as connection:
        found = drafts.entry_of(connection, INNOVATION, DRUGS)
    assert found is not None
    assert found.keys["text"] == NEW


def test_script_typed_into_an_entry_does_nothing_anywhere(console: Running, open_page: OpenPage) -> None:
    attack = "<img src=x onerror=\"document.title='ถูกแฮก'\"><script>document.title='ถูกแฮก'</script>"
    draft_entry(console, DRUGS, {"text": attack, "phrasings": [attack]})
    watched = open_page("owner")
    for address in (entry_address(DRUGS), "/admin/knowledge/?q=script", "/admin/knowledge/publish/", "/admin/"):
        page = watched.goto(address)
        if page.locator("#preview").count():
            expect(page.locator("#preview")).to_contain_text("<script>")
        if page.get_by_label("ค้นหาคำตอบที่ต้องการแก้").count():
            page.get_by_label("ค้นหาคำตอบที่ต้องการแก้").fill("onerror")
            expect(page.locator(".quick-found")).to_contain_text("onerror")
        assert "ถูกแฮก" not in page.title()


def test_a_round_is_opened_downloaded_changed_and_taken_in_again(
    console: Running, open_page: OpenPage, tmp_path: Path
) -> None:
    page = open_page("editor").goto("/admin/knowledge/files/")
    page.get_by_label("ปีของรอบใหม่ (พ.ศ.)").fill("2570")
    page.get_by_role("button", name="เปิดรอบใหม่ในฉบับร่าง").click()
    expect(page.get_by_text("เปิดรอบปี 2570 ในฉบับร่างแล้ว")).to_be_visible()
    page.goto(f"{console.address}/admin/knowledge/files/")
    with page.expect_download() as downloading:
        page.get_by_role("link", name="ฉบับร่าง", exact=True).click()
    with zipfile.ZipFile(downloading.value.path()) as archive:
        files = {name: archive.read(name).decode() for name in archive.namelist()}
    path = "2570/service.innovation.yaml"
    files[path] = files[path].replace("ผสมยาเคมีบำบัดได้ 24 ชนิด", NEW)
    changed = io.BytesIO()
    with zipfile.ZipFile(changed, "w") as archive:
        for name, text in files.items():
            archive.writestr(name, text)
    (tmp_path / "round.zip").write_bytes(changed.getvalue())
    page.get_by_label("ไฟล์ .zip หรือ .yaml").set_input_files(tmp_path / "round.zip")
    page.get_by_role("button", name="นำเข้าในฉบับร่าง").click()
    # The whole round is a draft that somebody may have worked on: it is not written over unasked.
    expect(page.get_by_role("alert")).to_contain_text("2570/service.innovation.yaml (แก้โดย editor)")
    page.get_by_label("แทนที่การแก้ไขข้างต้น").check()
    page.get_by_label("ไฟล์ .zip หรือ .yaml").set_input_files(tmp_path / "round.zip")
    page.get_by_role("button", name="นำเข้าในฉบับร่าง").click()
    expect(page.get_by_text("นำเข้า 1 ไฟล์ในฉบับร่างแล้ว")).to_be_visible()
    with console.engine.connect() as connection:
        draft = drafts.draft(connection)
    assert draft.documents == {**draft.documents, **files}
    assert publishing.problems_of(draft.documents) == ()
