"""The chat page in a real Chromium."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Locator, Page, ViewportSize, expect, sync_playwright

from bot.simulator.config import SimulatorConfig
from bot.simulator.server import Running, running
from tests.bot.axe import axe_findings
from tests.bot.simulator.cards import bubble, flex
from tests.bot.simulator.echo_bot import EchoBot, call, text
from tests.bot.simulator.test_rich_menus import png

SOMSRI = "สมศรี (กรม)"
ANAN = "อนันต์ (อบต.)"
GROUP = "กลุ่มทีมรางวัล"
DESKTOP: ViewportSize = {"width": 1280, "height": 800}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


@pytest.fixture
def config(config: SimulatorConfig) -> SimulatorConfig:
    """With LINE's own patience: beside a browser a bot may need more than half a second, and nothing here is late."""
    return replace(config, webhook_timeout_seconds=SimulatorConfig.webhook_timeout_seconds)


@pytest.fixture(params=[DESKTOP, PHONE], ids=["desktop", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, simulator: Running, bot: EchoBot) -> Iterator[Page]:
    """The page at one width; it fails the test when the browser's console shows an error."""
    card = {**flex(bubble()), "quickReply": text("", "กำหนดการ")["quickReply"]}
    carousel = flex({"type": "carousel", "contents": [bubble(size="kilo"), bubble(size="kilo")]})
    bot.answers = {"": [text("ได้ยินแล้ว\nค่ะ", "เงื่อนไข", "ตัวอย่าง")], "เงื่อนไข": [card], "ทั้งหมด": [carousel]}
    page = browser.new_page(viewport=request.param)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.set_default_timeout(5000)
    page.goto(simulator.url + "/")
    expect(column(page, SOMSRI)).to_be_visible()
    yield page
    page.close()
    assert errors == []


def column(page: Page, name: str) -> Locator:
    return page.locator(f'section.column[data-name="{name}"]')


def say(page: Page, name: str, words: str) -> None:
    box = column(page, name).locator("textarea")
    box.fill(words)
    box.press("Enter")


def show(page: Page, name: str) -> Locator:
    page.locator("#tabs button", has_text=name).click()
    expect(column(page, name)).to_be_visible()
    return column(page, name)


def test_a_question_is_answered_with_chips_that_vanish(page: Page) -> None:
    chat = column(page, SOMSRI)
    say(page, SOMSRI, "มีกี่ประเภท")
    expect(chat.locator(".own .bubble")).to_have_text("มีกี่ประเภท")
    expect(chat.locator(".bot .bubble")).to_have_text("ได้ยินแล้ว\nค่ะ", use_inner_text=True)
    expect(chat.locator(".bot .took")).to_have_text(re.compile(r"^ตอบใน \d+ มิลลิวินาที$"))
    expect(chat.locator(".chip")).to_have_text(["เงื่อนไข", "ตัวอย่าง"])
    chat.locator(".chip", has_text="เงื่อนไข").click()
    expect(chat.locator(".own .bubble")).to_have_text(["มีกี่ประเภท", "เงื่อนไข"])
    expect(chat.locator(".chip")).to_have_text(["กำหนดการ"])
    expect(chat.locator("textarea")).to_have_value("")


def test_a_card_shows_and_its_buttons_work(page: Page, bot: EchoBot) -> None:
    chat = column(page, SOMSRI)
    say(page, SOMSRI, "เงื่อนไข")
    card = chat.locator(".card")
    expect(card.locator(".card-header")).to_contain_text("ต้องใช้งานจริงมาแล้ว")
    expect(card.get_by_role("link", name="เปิดเว็บไซต์")).to_have_attribute("href", "https://example.com/")
    card.get_by_role("button", name="เริ่มทำแบบทดสอบ").click()
    expect(chat.locator(".own .bubble")).to_have_text(["เงื่อนไข", "เริ่มทำแบบทดสอบ"])
    assert bot.wait_for(2)[1]["postback"] == {"data": "quiz=1"}
    card.get_by_role("button", name="ดูตัวอย่างผลงาน").click()
    expect(chat.locator(".own .bubble").last).to_have_text("ตัวอย่างผลงาน")


def test_a_card_looks_as_its_properties_say(page: Page) -> None:
    say(page, SOMSRI, "เงื่อนไข")
    card = column(page, SOMSRI).locator(".card")
    header = card.locator(".card-header")
    expect(header).to_have_css("background-color", "rgb(11, 107, 58)")
    expect(header).to_have_css("padding", "16px")
    expect(header.locator(".text").last).to_have_css("font-weight", "700")
    expect(header.locator(".text").last).to_have_css("font-size", "19px")
    body = card.locator(".card-body")
    expect(body.locator("> .box").first).to_have_css("margin-top", "8px")
    expect(body.locator(".separator")).to_have_css("margin-top", "12px")
    label, value = (body.locator("> .box", has_text="ระยะเวลา").locator(".text").nth(n).bounding_box() for n in (0, 1))
    assert label is not None
    assert value is not None
    assert value["width"] / label["width"] == pytest.approx(5 / 3, rel=0.02)
    assert value["x"] == pytest.approx(label["x"] + label["width"] + 8, abs=0.5)


def test_a_script_is_only_text(page: Page, bot: EchoBot) -> None:
    nasty = '<script>document.title="x"</script><img src=x onerror="document.title=1">'
    bot.answers[nasty] = [text(nasty), flex(bubble(header=nasty), nasty)]
    say(page, SOMSRI, nasty)
    chat = column(page, SOMSRI)
    expect(chat.locator(".bot .bubble")).to_have_text(nasty)
    expect(chat.locator(".card-header .text").first).to_have_text(nasty)
    expect(chat.locator("img")).to_have_count(0)
    assert "ห้องแชตทดสอบ" in page.title()


def test_nothing_is_wider_than_the_screen(page: Page, simulator: Running) -> None:
    chat = column(page, SOMSRI)
    for words in ("x" * 300, "เงื่อนไข", "ทั้งหมด"):
        say(page, SOMSRI, words)
        expect(chat.locator(".own .bubble").last).to_have_text(words)
    expect(chat.locator(".carousel .card")).to_have_count(2)
    wide = (
        "[document.documentElement, ...document.querySelectorAll('.scroller')].map(e => e.scrollWidth - e.clientWidth)"
    )
    assert set(page.evaluate(wide)) == {0}
    widths = page.evaluate("[...document.querySelectorAll('.line')].map(e => e.getBoundingClientRect().right)")
    assert max(widths) <= page.evaluate("innerWidth")
    assert simulator.world.webhooks


def test_people_block_unblock_and_take_back(page: Page, bot: EchoBot) -> None:
    chat = column(page, SOMSRI)
    # Each webhook has a connection of its own: what is done at once may arrive in any order, so each step waits.
    chat.get_by_role("button", name="เพิ่มเพื่อน").click()
    expect(chat.locator(".notice").last).to_have_text("เพิ่มผู้ช่วยเป็นเพื่อนแล้ว")
    bot.wait_for(1)
    say(page, SOMSRI, "พิมพ์ผิด")
    expect(chat.locator(".own .bubble")).to_have_text("พิมพ์ผิด")
    bot.wait_for(2)
    chat.locator(".message.own").hover()
    chat.get_by_role("button", name="ยกเลิกการส่ง: พิมพ์ผิด").click()
    expect(chat.locator(".own .bubble")).to_have_text("ยกเลิกการส่งข้อความแล้ว")
    bot.wait_for(3)
    chat.get_by_role("button", name="บล็อก", exact=True).click()
    expect(chat.get_by_role("button", name="เลิกบล็อก")).to_be_visible()
    expect(chat.locator("textarea")).to_be_disabled()
    bot.wait_for(4)
    chat.get_by_role("button", name="เลิกบล็อก").click()
    assert [event["type"] for event in bot.wait_for(5)] == ["follow", "message", "unsend", "unfollow", "follow"]


def test_attachments_are_hints(page: Page, bot: EchoBot) -> None:
    chat = column(page, SOMSRI)
    for count, (label, shown) in enumerate((("สติกเกอร์", "สติกเกอร์"), ("ไฟล์", "แบบฟอร์ม.pdf")), start=1):
        chat.locator("summary").click()
        chat.get_by_role("button", name=label).click()
        expect(chat.locator(".own .hint").last).to_contain_text(shown)
        bot.wait_for(count)
    assert [event["message"]["type"] for event in bot.wait_for(2)] == ["sticker", "file"]


def test_a_group_calls_the_assistant_by_name(page: Page, bot: EchoBot) -> None:
    chat = show(page, GROUP)
    chat.get_by_role("button", name="เชิญเข้ากลุ่ม").click()
    bot.wait_for(1)
    chat.get_by_label("ส่งในชื่อ").select_option(label=ANAN)
    say(page, GROUP, "มีกี่ประเภท")
    expect(chat.locator(".own .bubble")).to_have_text("@ผู้ช่วยเลิศรัฐ มีกี่ประเภท")
    expect(chat.locator(".own .name")).to_have_text(ANAN)


def test_one_chat_at_a_time_on_a_phone_and_three_on_a_desk(page: Page) -> None:
    expected = 3 if page.viewport_size == DESKTOP else 1
    expect(page.locator("section.column:visible")).to_have_count(expected)
    show(page, ANAN)
    expect(page.locator("section.column:visible")).to_have_count(expected)


def test_a_new_person_gets_a_chat(page: Page) -> None:
    page.get_by_role("button", name="+ เพิ่มผู้ใช้").click()
    page.get_by_label("ชื่อที่แสดง").fill("มานี")
    page.get_by_role("button", name="เพิ่ม", exact=True).click()
    expect(column(page, "มานี")).to_be_visible()
    say(page, "มานี", "สวัสดี")
    expect(column(page, "มานี").locator(".bot .bubble")).to_be_visible()


def test_a_reload_keeps_the_chat(page: Page) -> None:
    say(page, SOMSRI, "เงื่อนไข")
    expect(column(page, SOMSRI).locator(".card")).to_be_visible()
    page.reload()
    expect(column(page, SOMSRI).locator(".card")).to_be_visible()
    expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text("เงื่อนไข")
    expect(column(page, SOMSRI).locator(".chip")).to_have_text(["กำหนดการ"])


def test_the_loading_animation_ends_with_the_answer(page: Page, simulator: Running) -> None:
    person = simulator.world.find(SOMSRI)
    assert person is not None
    call(simulator.url, "POST", "/v2/bot/chat/loading/start", {"chatId": person.id, "loadingSeconds": 20})
    typing = column(page, SOMSRI).locator(".typing")
    expect(typing).to_be_visible()
    say(page, SOMSRI, "x")
    expect(column(page, SOMSRI).locator(".bot .bubble")).to_be_visible()
    expect(typing).to_be_hidden()


def test_the_tools_switch_what_the_platform_does(page: Page, simulator: Running, bot: EchoBot) -> None:
    page.get_by_role("button", name="เครื่องมือทดสอบ").click()
    drawer = page.get_by_role("dialog")
    expect(drawer.locator("#quota-left")).to_have_text("เหลือ 300 จาก 300 ข้อความ (ใช้ไปแล้ว 0)")
    drawer.get_by_label("ใช้ไปแล้ว").fill("290")
    drawer.get_by_role("button", name="บันทึก").click()
    expect(drawer.locator("#quota-left")).to_have_text("เหลือ 10 จาก 300 ข้อความ (ใช้ไปแล้ว 290)")
    drawer.get_by_label("ส่งซ้ำเมื่อบอตไม่ตอบรับ").uncheck()
    drawer.get_by_label("ส่งทุกเหตุการณ์สองครั้ง").check()
    drawer.get_by_label("ชนิด").select_option("503")
    drawer.get_by_role("button", name="ตั้งค่า").click()
    expect(drawer.locator("#faults li")).to_have_text("503 ไม่พร้อมให้บริการ อีก 1 ครั้ง")
    settings = simulator.world.settings
    assert (settings.redelivery, settings.duplicate, simulator.world.quota_used()) == (False, True, 290)
    page.keyboard.press("Escape")
    expect(drawer).to_be_hidden()
    say(page, SOMSRI, "x")
    assert len({event["webhookEventId"] for event in bot.wait_for(2)}) == 1


def test_it_works_by_keyboard_alone(page: Page) -> None:
    page.locator("#tabs button").first.focus()
    page.keyboard.press("Enter")
    column(page, SOMSRI).locator("textarea").focus()
    page.keyboard.type("สวัสดี")
    page.keyboard.press("Shift+Enter")
    page.keyboard.type("ค่ะ")
    page.keyboard.press("Enter")
    expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text("สวัสดี\nค่ะ", use_inner_text=True)
    expect(column(page, SOMSRI).locator(".chip").first).to_be_visible()
    last = column(page, SOMSRI).locator(".chip").last
    for _ in range(3):  # what lies between may still be disabled while the message is on its way
        page.keyboard.press("Shift+Tab")
        if last.evaluate("e => e === document.activeElement"):
            break
    expect(last).to_be_focused()


def test_a_chip_keeps_the_focus_when_an_older_message_changes(page: Page, simulator: Running) -> None:
    """As when the assistant's answer is there before its webhook has been acknowledged."""
    say(page, SOMSRI, "สวัสดี")
    chip = column(page, SOMSRI).locator(".chip").first
    chip.focus()
    drawn = column(page, SOMSRI).locator("li.own").element_handle()
    chat = simulator.world.find(SOMSRI)
    assert chat is not None
    simulator.world.note_webhook({chat.messages[0].event_id or ""}, "200")
    page.wait_for_function("drawn => !drawn.isConnected", arg=drawn)
    expect(chip).to_be_focused()


@pytest.mark.parametrize("opened", ["chat", "tools"])
def test_axe_finds_nothing(page: Page, opened: str) -> None:
    say(page, SOMSRI, "เงื่อนไข")
    expect(column(page, SOMSRI).locator(".card")).to_be_visible()
    say(page, SOMSRI, "ทั้งหมด")
    expect(column(page, SOMSRI).locator(".carousel")).to_be_visible()
    say(page, SOMSRI, "x")
    expect(column(page, SOMSRI).locator(".chip").first).to_be_visible()
    if opened == "tools":
        page.get_by_role("button", name="เครื่องมือทดสอบ").click()
    assert axe_findings(page) == []


def test_a_restart_of_the_stand_in_is_survived(
    browser: Browser, config: SimulatorConfig, simulator: Running, tmp_path: Path
) -> None:
    kept = replace(config, state_file=tmp_path / "simulator.json")
    page = browser.new_page(viewport=DESKTOP)
    with running(kept) as first:
        page.goto(first.url + "/")
        say(page, SOMSRI, "อยู่ไหม")
        expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text("อยู่ไหม")
    expect(page.locator("#offline")).to_be_visible()
    with running(kept, urlsplit(first.url).port or 0) as second:
        expect(page.locator("#offline")).to_be_hidden()
        expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text("อยู่ไหม")
        say(page, SOMSRI, "กลับมาแล้ว")
        expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text(["อยู่ไหม", "กลับมาแล้ว"])
        second.world.clear()
        expect(column(page, SOMSRI).locator(".own .bubble")).to_have_count(0)
        page.close()


@pytest.fixture
def menu(page: Page, simulator: Running, bot: EchoBot) -> Locator:
    """The default menu, 800 x 400 with two halves, under the chat of a friend."""
    size = {"width": 800, "height": 400}
    halves = [
        {"type": "message", "label": "ถามคำถาม", "text": "ถามหน่อย"},
        {"type": "postback", "label": "ปฏิทิน", "data": "calendar", "displayText": "ขอปฏิทิน"},
    ]
    areas = [
        {"bounds": {"x": 400 * index, "y": 0, "width": 400, "height": 400}, "action": action}
        for index, action in enumerate(halves)
    ]
    menus = simulator.world.rich_menus
    made = menus.create({"size": size, "selected": True, "name": "m", "chatBarText": "เมนู", "areas": areas})
    made.image, made.image_type = png(800, 400), "image/png"
    call(simulator.url, "POST", f"/v2/bot/user/all/richmenu/{made.id}")
    expect(page.locator(".rich-menu:visible")).to_have_count(0)
    column(page, SOMSRI).get_by_role("button", name="เพิ่มเพื่อน").click()
    bot.wait_for(1)
    return column(page, SOMSRI).locator(".rich-menu")


def test_a_friend_taps_the_areas_of_the_menu(page: Page, menu: Locator, bot: EchoBot) -> None:
    image = menu.locator("img")
    expect(image).to_be_visible()
    assert image.evaluate("i => i.decode().then(() => [i.naturalWidth, i.naturalHeight])") == [800, 400]
    box = image.bounding_box()
    assert box is not None
    assert box["width"] / box["height"] == pytest.approx(2, rel=0.02)
    # By position, as a finger does: the right half is the calendar, the left one the question.
    page.mouse.click(box["x"] + box["width"] * 0.9, box["y"] + box["height"] / 2)
    assert bot.wait_for(2)[1]["postback"] == {"data": "calendar"}
    page.mouse.click(box["x"] + box["width"] * 0.1, box["y"] + box["height"] / 2)
    assert bot.wait_for(3)[2]["message"]["text"] == "ถามหน่อย"
    expect(column(page, SOMSRI).locator(".own .bubble")).to_have_text(["ขอปฏิทิน", "ถามหน่อย"])


def test_the_menu_is_folded_and_unfolded_by_its_bar(page: Page, menu: Locator) -> None:
    bar = menu.get_by_role("button", name="เมนู", exact=True)
    for expanded in ("false", "true"):
        bar.click()
        expect(bar).to_have_attribute("aria-expanded", expanded)
        expect(menu.locator("img")).to_be_visible(visible=expanded == "true")


def test_no_menu_in_groups_for_strangers_or_after_a_block(page: Page, menu: Locator, simulator: Running) -> None:
    expect(menu).to_be_visible()
    for name in (ANAN, GROUP):
        expect(show(page, name).locator(".rich-menu")).to_be_hidden()
    show(page, SOMSRI).get_by_role("button", name="บล็อก", exact=True).click()
    expect(menu).to_be_hidden()
    column(page, SOMSRI).get_by_role("button", name="เลิกบล็อก").click()
    expect(menu).to_be_visible()
    call(simulator.url, "DELETE", "/v2/bot/user/all/richmenu")
    expect(menu).to_be_hidden()


def test_the_menu_leaves_room_and_axe_finds_nothing(page: Page, menu: Locator) -> None:
    expect(menu.locator("img")).to_be_visible()
    say(page, SOMSRI, "x")
    expect(column(page, SOMSRI).locator(".chip").first).to_be_visible()
    chat = column(page, SOMSRI).locator(".scroller").bounding_box()
    box = menu.bounding_box()
    assert chat is not None
    assert box is not None
    assert chat["height"] >= 120
    assert box["y"] + box["height"] <= page.evaluate("innerHeight")
    assert axe_findings(page) == []


def test_an_empty_chat_says_what_to_do(page: Page) -> None:
    chat = column(page, SOMSRI)
    expect(chat.locator(".empty")).to_contain_text("เพิ่มเพื่อน")
    say(page, SOMSRI, "x")
    expect(chat.locator(".empty")).to_be_hidden()


def test_a_bot_that_does_not_answer_is_told_under_the_message(page: Page, bot: EchoBot) -> None:
    bot.statuses = [500] * 9
    say(page, SOMSRI, "x")
    expect(column(page, SOMSRI).locator(".own .failed")).to_have_text("บอตตอบ 500")


def test_a_message_elsewhere_is_counted_on_a_phone(page: Page, simulator: Running) -> None:
    person = simulator.world.find(ANAN)
    assert person is not None
    call(simulator.url, "POST", "/v2/bot/message/push", {"to": person.id, "messages": [text("ข่าว")]})
    unread = page.locator("#tabs button", has_text=ANAN).locator(".unread")
    if page.viewport_size == PHONE:
        expect(unread).to_have_text("1")
    expect(show(page, ANAN).locator(".bot .took")).to_have_text("ข้อความพุช")
    expect(unread).to_have_count(0)
