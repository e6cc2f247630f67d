"""The shipped menu: what the image shows, what LINE is told and what the assistant understands are one thing."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, sync_playwright

from bot.assistant import Session
from bot.dispatch import Services
from bot.limits import ACTION_TEXT_UTF16, LABEL_GRAPHEMES, grapheme_length, utf16_length
from bot.rich_menu import drawing, menu

# What each area is for, in the words of the assistant's own answers.
MEANT = {
    "ask": ("command", "smalltalk"),
    "quiz": ("command", "quiz"),
    "calendar": (None, "deadline"),
    "reminders": ("command", "reminder"),
    "person": ("command", "contact"),
}


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=drawing.CHROMIUM, args=["--headless=new", "--no-sandbox"])
        yield browser
        browser.close()


def test_the_image_is_what_line_takes() -> None:
    png = menu.image()
    assert drawing.size_of(png) == (menu.WIDTH, menu.HEIGHT) == (2500, 1686)
    assert len(png) <= 1_000_000


def test_the_image_is_drawn_from_this_very_description() -> None:
    assert drawing.note_of(menu.image()) == menu.drawn_from(), "draw it anew: make rich-menu"


def test_the_areas_cover_the_image_and_nothing_twice() -> None:
    rows = [(area.y, area.y + area.height) for area in menu.AREAS]
    assert sum(area.width * area.height for area in menu.AREAS) == menu.WIDTH * menu.HEIGHT
    for top, bottom in set(rows):
        row = sorted((a.x, a.x + a.width) for a in menu.AREAS if a.y == top)
        assert row[0][0] == 0
        assert row[-1][1] == menu.WIDTH
        assert all(left[1] == right[0] for left, right in pairwise(row))
        assert bottom == menu.HEIGHT or bottom in {other for other, _ in rows}


def test_line_takes_the_labels_and_the_texts() -> None:
    assert len(menu.CHAT_BAR_TEXT) <= 14
    for area in menu.AREAS:
        assert grapheme_length(area.label) <= LABEL_GRAPHEMES
        assert utf16_length(area.text) <= ACTION_TEXT_UTF16
    assert [area.key for area in menu.AREAS] == list(MEANT)


def test_another_area_or_image_makes_another_name(monkeypatch: pytest.MonkeyPatch) -> None:
    name = menu.name()
    assert name.startswith(menu.NAME_PREFIX)
    monkeypatch.setattr(menu, "CHAT_BAR_TEXT", "เมนู")
    menu.name.cache_clear()
    try:
        assert menu.name() != name
    finally:
        menu.name.cache_clear()


@pytest.mark.parametrize("area", menu.AREAS, ids=lambda area: area.key)
@pytest.mark.parametrize("before", [(), ("เริ่มทำแบบตรวจสอบ",)], ids=["fresh", "in a quiz"])
def test_a_tap_is_understood(services: Services, area: menu.Area, before: tuple[str, ...]) -> None:
    session = Session(services)
    for text in before:
        session.ask(text, "chat")
    answer = session.ask(area.text, "chat").as_json()
    status, attribute = MEANT[area.key]
    assert answer["attribute"] == attribute
    assert status in (None, answer["status"])
    assert answer["confidence"] > 0.9


def test_nothing_is_cut_and_everything_is_readable(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": menu.WIDTH, "height": menu.HEIGHT})
    page.set_content(drawing.page())
    assert page.evaluate(drawing._CUT, drawing.AIR) == []
    # A phone of 360 pixels shows the image at this scale: no letter below 18 pixels there.
    sizes = page.evaluate("[...document.querySelectorAll('.line')].map(e => parseFloat(getComputedStyle(e).fontSize))")
    assert len(sizes) == sum(len(area.lines) for area in menu.AREAS)
    assert min(sizes) * 360 / menu.WIDTH > 18
    found = Axe().run(page, options={"runOnly": ["color-contrast"]})
    assert found.response["violations"] == []
    assert [passed["id"] for passed in found.response["passes"]] == ["color-contrast"]
    page.close()


def test_a_label_that_does_not_fit_is_found(browser: Browser) -> None:
    page = browser.new_page(viewport={"width": menu.WIDTH, "height": menu.HEIGHT})
    page.set_content(drawing.page().replace("ถามคำถาม", "ถามคำถามทุกเรื่องเกี่ยวกับรางวัล"))
    assert page.evaluate(drawing._CUT, drawing.AIR) == ["ask"]
    page.close()


def test_an_image_without_a_note_says_nothing() -> None:
    png = menu.image()
    start = png.index(b"tEXt") - 4
    length = int.from_bytes(png[start : start + 4], "big") + 12
    plain = png[:start] + png[start + length :]
    assert drawing.note_of(plain) == ""
    assert drawing.with_note(plain, menu.drawn_from()) == png
    with pytest.raises(ValueError, match="not a PNG"):
        drawing.size_of(b"GIF89a")
