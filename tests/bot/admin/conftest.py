"""The console, running: with clients of every role that are signed in, and a real Chromium in front of it."""

from __future__ import annotations

import os
import re
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from argon2 import PasswordHasher
from flask import Flask
from flask.testing import FlaskClient
from jinja2 import FileSystemBytecodeCache
from playwright.sync_api import Browser, BrowserContext, Locator, Page, Playwright, ViewportSize, sync_playwright
from redis import Redis
from sqlalchemy import Engine, make_url
from werkzeug.test import TestResponse

from bot.admin import passwords, two_step
from bot.admin.roles import FULL, TWO_STEP
from bot.app import create_app
from bot.connections import connect_redis
from bot.now import utc_now
from bot.settings import Settings
from bot.storage import console_sessions, users
from bot.storage.database import make_engine
from bot.storage.users import User
from tests.bot.axe import axe_findings
from tests.bot.serving import served
from tests.conftest import copy_sqlite

DESKTOP: ViewportSize = {"width": 1280, "height": 800}
TABLET: ViewportSize = {"width": 768, "height": 1024}
PHONE: ViewportSize = {"width": 360, "height": 740}
SIZES = {"phone": PHONE, "tablet": TABLET, "desktop": DESKTOP}
PASSWORD = "ดอกบัวบานยามเช้า"
# argon2 is slow on purpose; these tests try many passwords, and all their accounts share one hash.
passwords._hasher = PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
PASSWORD_HASH = passwords.hashed(PASSWORD)
TOTP_SECRET = two_step.new_secret()
# Each test has an application of its own; they share the compiled templates.
_TEMPLATES = tempfile.TemporaryDirectory(prefix="lertrat-test-")
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": FileSystemBytecodeCache(_TEMPLATES.name)}


def console_settings(redis_url: str, database_url: str, folder: Path, **more: Any) -> Settings:
    """Settings of a console of its own; LINE is nowhere."""
    return Settings(
        **{
            "line_channel_secret": "secret",
            "line_channel_access_token": "token",
            "line_api_host": "http://127.0.0.1:9",
            "redis_url": redis_url,
            "database_url": database_url,
            "var_dir": folder,
            "secret_key": "secret-key-of-the-tests",
            **more,
        }
    )


def no_redis(folder: Path) -> Redis:
    """A client as every process has it, of a Redis that is not there."""
    return connect_redis(console_settings(f"unix://{folder}/none", "", folder))


def account(engine: Engine, role: str, name: str = "", full_name: str = "") -> User:
    """The account of a role (made at the first call), with PASSWORD, and TOTP_SECRET where the role needs it."""
    name = name or role
    with engine.begin() as connection:
        users.create(
            connection,
            name=name,
            full_name=full_name or f"คุณ{name}",
            role=role,
            password_hash=PASSWORD_HASH,
            created_at=utc_now(),
            created_by="tests",
        )
        user = users.by_name(connection, name)
        assert user is not None
        if role in TWO_STEP:
            users.change(connection, user.id, totp_secret=TOTP_SECRET)
        found = users.by_id(connection, user.id)
        assert found is not None
        return found


def session_of(engine: Engine, user: User, stage: str = FULL) -> str:
    """The secret of a new session."""
    secret, now = passwords.token(), utc_now()
    with engine.begin() as connection:
        console_sessions.start(
            connection,
            token_hash=passwords.token_hash(secret),
            user=user.id,
            stage=stage,
            moment=now,
            expires_at=now + timedelta(hours=1),
        )
    return secret


class Client:
    """A browser without a screen: forms are filled in by name and sent with the page's own token."""

    def __init__(self, app: Flask) -> None:
        self.http: FlaskClient = app.test_client()

    def sign_in_as(self, engine: Engine, role: str, name: str = "") -> Client:
        """Signed in, by a session that is put into the cookie."""
        secret = session_of(engine, account(engine, role, name))
        with self.http.session_transaction("/admin/") as cookie:
            cookie["_user_id"] = secret
            cookie["_fresh"] = True
        return self

    def get(self, path: str, **more: Any) -> TestResponse:
        """A page."""
        return self.http.get(path, **more)

    def token(self, path: str = "/admin/account/") -> str:
        """The token against forged forms, as it stands in a page."""
        found = re.search(r'name="csrf-token" content="([^"]+)"', self.http.get(path, follow_redirects=True).text)
        assert found, path
        return found[1]

    def post(
        self, path: str, data: dict[str, Any] | None = None, page: str = "/admin/account/", **more: Any
    ) -> TestResponse:
        """A form, with the token of `page`."""
        return self.http.post(path, data={"csrf_token": self.token(page), **(data or {})}, **more)

    def post_json(self, path: str, json: Any, **more: Any) -> TestResponse:
        """What a page's script sends."""
        return self.http.post(path, json=json, headers={"X-CSRFToken": self.token()}, **more)


@pytest.fixture
def app(engine: Engine, redis: Redis, redis_url: str, tmp_path: Path) -> Flask:
    """The web process on each kind of database and a real Redis."""
    return create_app(console_settings(redis_url, "", tmp_path), engine=engine, redis=redis)


@pytest.fixture
def anybody(app: Flask) -> Client:
    """Nobody who is signed in."""
    return Client(app)


@pytest.fixture
def viewer(app: Flask, engine: Engine) -> Client:
    """Signed in with the least role."""
    return Client(app).sign_in_as(engine, "viewer")


@pytest.fixture
def editor(app: Flask, engine: Engine) -> Client:
    """Signed in."""
    return Client(app).sign_in_as(engine, "editor")


@pytest.fixture
def publisher(app: Flask, engine: Engine) -> Client:
    """Signed in."""
    return Client(app).sign_in_as(engine, "publisher")


@pytest.fixture
def owner(app: Flask, engine: Engine) -> Client:
    """Signed in with the highest role."""
    return Client(app).sign_in_as(engine, "owner")


# SQLite alone, for tests of pages


@pytest.fixture
def sqlite_engine(migrated_sqlite: Path, sqlite_url: str) -> Iterator[Engine]:
    """A migrated SQLite database."""
    copy_sqlite(migrated_sqlite, str(make_url(sqlite_url).database))
    engine = make_engine(sqlite_url)
    yield engine
    engine.dispose()


@dataclass
class Running:
    """A console that is served, and what it stands on."""

    address: str
    app: Flask
    engine: Engine
    redis: Redis
    settings: Settings


@pytest.fixture
def console(sqlite_engine: Engine, redis: Redis, redis_url: str, tmp_path: Path) -> Iterator[Running]:
    """A console for a real browser, on SQLite and a real Redis. No worker: see `worker`."""
    settings = console_settings(redis_url, str(sqlite_engine.url), tmp_path)
    app = create_app(settings, engine=sqlite_engine, redis=redis)
    with served(app) as address:
        yield Running(address, app, sqlite_engine, redis, settings)


# As long as a module: another module's own would not start beside it.
@pytest.fixture(scope="module")
def playwright() -> Iterator[Playwright]:
    """Playwright."""
    with sync_playwright() as found:
        yield found


@pytest.fixture(scope="module")
def browser(playwright: Playwright) -> Iterator[Browser]:
    """Debian's Chromium."""
    browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", args=["--no-sandbox"])
    yield browser
    browser.close()


@dataclass
class Watched:
    """A page in the browser, and what its browser complained of."""

    page: Page
    address: str
    complaints: list[str] = field(default_factory=list)

    def goto(self, path: str) -> Page:
        """Open a page of the console."""
        self.page.goto(self.address + path)
        return self.page


OpenPage = Callable[..., Watched]


@pytest.fixture
def open_page(console: Running, browser: Browser) -> Iterator[OpenPage]:
    """`open_page("editor", "phone")`: a page of the browser, signed in (role "" is nobody). At the end nothing may have
    been complained of (CSP, missing files, scripts), and nothing asked of another address."""
    contexts: list[BrowserContext] = []
    opened: list[Watched] = []

    def open_(role: str = "", size: str = "desktop", name: str = "") -> Watched:
        context = browser.new_context(
            viewport=SIZES[size], has_touch=size == "phone", locale="th-TH", reduced_motion="reduce"
        )
        contexts.append(context)
        if role:
            client = Client(console.app).sign_in_as(console.engine, role, name)
            cookie = client.http.get_cookie("lertrat_console", path="/admin/")
            assert cookie is not None
            context.add_cookies([{"name": cookie.key, "value": cookie.value, "domain": "127.0.0.1", "path": "/admin/"}])
        page = context.new_page()
        page.set_default_timeout(15_000)
        watched = Watched(page, console.address)
        page.on(
            "console", lambda said: watched.complaints.append(said.text) if said.type in ("error", "warning") else None
        )
        page.on("pageerror", lambda error: watched.complaints.append(str(error)))
        page.on(
            "request",
            lambda asked: (
                None
                if asked.url.startswith((console.address, "data:", "blob:"))
                else watched.complaints.append(asked.url)
            ),
        )
        opened.append(watched)
        return watched

    yield open_
    complaints = [complaint for watched in opened for complaint in watched.complaints]
    for context in contexts:
        context.close()
    assert complaints == []


def too_wide(page: Page) -> list[str]:
    """What sticks out of the screen, or is cut off within its box."""
    return list(
        page.evaluate(
            """() => {
              const shown = e => e.checkVisibility() && !e.closest('.skip, .visually-hidden, svg');
              const all = [...document.querySelectorAll('body *')].filter(shown);
              const scrolls = e => e.closest('.scrolls, textarea, pre');
              const bad = all.filter(e => !scrolls(e) && (e.getBoundingClientRect().right > innerWidth + 1
                || (e.clientWidth && e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX !== 'visible'
                    && !e.matches('input, select, textarea'))));
              return bad.map(e => e.outerHTML.slice(0, 120));
            }"""
        )
    )


def too_small(page: Page) -> list[str]:
    """Buttons, fields and menu lines that are too small for a finger: less than 24 px (WCAG 2.2 AA), or 40 px for what
    is not a link in running text."""
    return list(
        page.evaluate(
            """() => [...document.querySelectorAll('button, select, textarea, input:not([type=hidden]), a.btn, nav a')]
              .filter(e => e.checkVisibility())
              .filter(e => { const box = (e.matches('[type=checkbox], [type=radio]') ? e.closest('.form-check') || e : e)
                .getBoundingClientRect();
                return box.height < (e.matches('[type=checkbox], [type=radio]') ? 24 : 40) || box.width < 24; })
              .map(e => e.outerHTML.slice(0, 120))"""
        )
    )


def check_page(page: Page) -> None:
    """All that holds of every page at every size, once it is there with its styles: what a click led to may have its text
    before them."""
    page.wait_for_load_state("load")
    assert axe_findings(page) == []
    assert too_wide(page) == []
    assert too_small(page) == []
    fonts = page.evaluate(
        "document.fonts.ready.then(() => [...document.fonts].filter(f => f.status === 'loaded').length)"
    )
    assert fonts >= 1, "the Thai font was not loaded"


def shot(page: Page, name: str) -> None:
    """A picture to look at, where SCREENSHOTS names a folder."""
    if folder := os.environ.get("SCREENSHOTS"):
        page.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


def check_every_size(page: Page, name: str = "") -> None:
    """The page as it stands, on a telephone, a tablet and a desk."""
    before = page.viewport_size
    for size, viewport in SIZES.items():
        page.set_viewport_size(viewport)
        check_page(page)
        if name:
            shot(page, f"{name}-{size}")
    if before:
        page.set_viewport_size(before)


class Counted:
    """Counts what a person does: each click, and each field that is filled in, is one step."""

    def __init__(self) -> None:
        self.steps: list[str] = []

    def click(self, where: Locator) -> None:
        """One click."""
        self.steps.append(f"click {where}")
        where.click()

    def fill(self, where: Locator, text: str) -> None:
        """One field."""
        self.steps.append(f"fill {where}")
        where.fill(text)

    def choose(self, where: Locator, value: str) -> None:
        """One choice from a list."""
        self.steps.append(f"choose {where}")
        where.select_option(value)


@pytest.fixture
def counted() -> Counted:
    """Steps from the dashboard: `len(counted.steps) <= 6`."""
    return Counted()


def tab_to(page: Page, where: Locator, most: int = 60) -> None:
    """Go to an element by the Tab key alone; AssertionError when it cannot be reached."""
    for _ in range(most):
        page.keyboard.press("Tab")
        if where.evaluate("e => e === document.activeElement"):
            return
    raise AssertionError(f"not reached by Tab: {where}")
