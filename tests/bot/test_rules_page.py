"""The rule book as a page: safe headers, plain refusals, and readable in a real Chromium on a phone and on a desk."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
from flask import Flask
from flask.testing import FlaskClient
from playwright.sync_api import Browser, Page, ViewportSize, expect, sync_playwright

from bot.app import create_app
from bot.rulebook import chapters
from bot.settings import Settings
from bot.storage.database import make_engine, migrate
from knowledge.loader import load_knowledge
from tests.bot.axe import axe_findings
from tests.bot.published_content import publish, with_months
from tests.bot.serving import served

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The whole web process; the page needs no Redis, and no table in the database."""
    return create_app(_settings(tmp_path_factory.mktemp("rules")))


def _settings(folder: Path, database_url: str = "") -> Settings:
    return Settings(
        line_channel_secret="secret",
        line_channel_access_token="token",
        redis_url=f"unix://{folder}/no-redis",
        database_url=database_url,
        var_dir=folder,
    )


@pytest.fixture
def client(app: Flask) -> FlaskClient:
    return app.test_client()


@pytest.fixture(scope="module")
def address(app: Flask) -> Iterator[str]:
    with served(app) as address:
        yield address


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=arguments)
        yield browser
        browser.close()


@pytest.fixture(params=[DESKTOP, TABLET, PHONE], ids=["desktop", "tablet", "phone"])
def page(request: pytest.FixtureRequest, browser: Browser, address: str) -> Iterator[Page]:
    """The page at one width; it fails the test when the browser's console says something or asks elsewhere."""
    page = browser.new_page(viewport=request.param)
    errors: list[str] = []
    page.on("console", lambda message: errors.append(message.text) if message.type in ("error", "warning") else None)
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("request", lambda asked: None if asked.url.startswith(address) else errors.append(asked.url))
    page.set_default_timeout(5000)
    page.goto(f"{address}/rules?round=2570")
    yield page
    page.close()
    assert errors == []


def test_every_condition_of_the_newest_round_is_on_the_page(client: FlaskClient) -> None:
    answer = client.get("/rules")
    assert (answer.status_code, answer.content_type) == (200, "text/html; charset=utf-8")
    assert '<html lang="th">' in answer.text
    assert "<h1>เกณฑ์รางวัลเลิศรัฐ รอบปี 2568</h1>" in answer.text
    for chapter in chapters(load_knowledge().newest):
        for category in chapter.categories:
            for part in category.parts:
                for one in (*part.judged, *part.unjudged):
                    asks = [question.ask for question in one.questions]
                    for words in (one.label, one.text, *one.rule, *asks, *one.sources, *one.cautions):
                        assert escape(words) in answer.text, one.id


def test_a_round_to_come_is_shown_with_its_own_years(client: FlaskClient) -> None:
    text = client.get("/rules?round=2570").text
    assert "รอบปี 2570 − 2 ปี" in text
    assert "ที่แสดงนี้คือเกณฑ์รอบปี 2568" in text
    assert "รอบปี 2568 − 2 ปี" in client.get("/rules?round=2568").text


@pytest.mark.parametrize("asked", ["", "x", "68", "25680", "2568.0", "-2568", "2_568", "<script>", "2499", "2701"])
def test_what_is_no_year_is_refused_with_a_plain_sentence(client: FlaskClient, asked: str) -> None:
    answer = client.get("/rules", query_string={"round": asked})
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert answer.text == "รอบปีต้องเป็นปี พ.ศ. ตั้งแต่ 2500 ถึง 2700 เช่น /rules?round=2568\n"


def test_a_round_before_the_oldest_is_refused_with_a_plain_sentence(client: FlaskClient) -> None:
    answer = client.get("/rules?round=2567")
    assert (answer.status_code, answer.content_type) == (400, "text/plain; charset=utf-8")
    assert answer.text == "ไม่มีเกณฑ์ของรอบปี 2567 ในระบบ รอบเก่าที่สุดที่มีคือรอบปี 2568\n"


def test_the_page_may_load_its_own_style_and_nothing_else(client: FlaskClient) -> None:
    page, health = client.get("/rules"), client.get("/healthz")
    policy = dict(part.split(" ", 1) for part in page.headers["Content-Security-Policy"].split("; "))
    assert policy == {
        "default-src": "'none'",
        "style-src": "'self'",
        "frame-ancestors": "'none'",
        "base-uri": "'none'",
        "form-action": "'none'",
    }
    for name in ("X-Content-Type-Options", "X-Frame-Options", "Referrer-Policy", "Cache-Control"):
        assert page.headers[name] == health.headers[name]
    assert "style-src" not in health.headers["Content-Security-Policy"]
    assert not re.search(r"<script|<style| style=| on\w+=|https?://", page.text)


def test_its_style_is_the_one_file_that_is_served(client: FlaskClient) -> None:
    style = client.get("/rules/rules.css")
    assert (style.status_code, style.mimetype) == (200, "text/css")
    assert style.headers["X-Content-Type-Options"] == "nosniff"
    for path in ("/rules/", "/rules/../app.py", "/rules/%2e%2e/app.py", "/static/rules.css", "/rules/rules.html"):
        assert client.get(path).status_code == 404
    style.close()


def test_the_content_is_loaded_at_the_first_request_and_nothing_that_understands_questions(tmp_path: Path) -> None:
    program = """
import sys
from bot.app import create_app
heavy = {"intents", "linebot", "pythainlp", "sklearn", "numpy", "rapidfuzz", "alembic"}
reads = lambda: "knowledge.loader" in sys.modules
client = create_app().test_client()
print(reads(), client.get("/rules").status_code, reads())
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    environment = os.environ | {
        "REDIS_URL": f"unix://{tmp_path}/no-redis",
        "VAR_DIR": str(tmp_path),
        "LINE_CHANNEL_SECRET": "secret",
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False 200 True\n[]"


def test_the_page_shows_what_is_published_at_the_moment(tmp_path: Path) -> None:
    engine = make_engine(f"sqlite:///{tmp_path / 'lertrat.db'}")
    migrate(str(engine.url))
    client = create_app(_settings(tmp_path), engine=engine).test_client()
    assert "1 ปี 6 เดือน" not in client.get("/rules").text
    publish(engine, with_months(18))
    assert "1 ปี 6 เดือน" in client.get("/rules").text
    publish(engine, {"2568/round.yaml": "broken"})
    assert "1 ปี 6 เดือน" in client.get("/rules").text
    publish(engine, with_months(12))
    assert "1 ปี 6 เดือน" not in client.get("/rules").text
    engine.dispose()


def test_while_nobody_can_tell_what_is_published_the_page_says_that_it_cannot(tmp_path: Path) -> None:
    settings = _settings(tmp_path, database_url="postgresql://nobody@127.0.0.1:1/nothing")
    answer = create_app(settings).test_client().get("/rules")
    assert (answer.status_code, answer.content_type) == (503, "text/plain; charset=utf-8")
    assert answer.text == "ขออภัยค่ะ ตอนนี้ระบบเปิดเกณฑ์ให้ดูไม่ได้ กรุณาลองใหม่ภายหลัง\n"


def test_nothing_is_wider_than_the_screen(page: Page) -> None:
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    rights = page.evaluate("[...document.querySelectorAll('body *')].map(e => e.getBoundingClientRect().right)")
    assert max(rights) <= page.evaluate("innerWidth")
    cut = page.evaluate(
        "[...document.querySelectorAll('body *')].filter(e => e.clientWidth && e.scrollWidth > e.clientWidth + 1).length"
    )
    assert cut == 0


def test_axe_finds_nothing(page: Page) -> None:
    assert axe_findings(page) == []


def test_the_contents_lead_to_every_category_and_back(page: Page) -> None:
    names = page.locator("main h3")
    links = page.get_by_role("navigation", name="สารบัญ").locator("li li a")
    assert links.count() == names.count() == 9
    for index in range(links.count()):
        links.nth(index).click()
        expect(names.nth(index)).to_be_in_viewport()
        page.locator(".category").nth(index).get_by_role("link", name="กลับไปสารบัญ").click()
        expect(page.get_by_role("heading", name="สารบัญ")).to_be_in_viewport()


def test_headings_go_down_one_level_at_a_time(page: Page) -> None:
    levels = [
        int(tag[1]) for tag in page.evaluate("[...document.querySelectorAll('h1,h2,h3,h4,h5,h6')].map(e => e.tagName)")
    ]
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_style_is_applied_and_print_leaves_out_what_paper_cannot_do(page: Page) -> None:
    expect(page.locator(".back").first).to_be_visible()
    expect(page.locator(".provision").first).to_have_css("border-radius", "10px")
    page.emulate_media(media="print")
    expect(page.locator(".back").first).to_be_hidden()
    expect(page.locator("body")).to_have_css("background-color", "rgb(255, 255, 255)")
