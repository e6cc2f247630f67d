"""What stands before every view: roles, forged forms, too many tries; and safe headers behind it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine

from bot.admin.guard import safe_next
from bot.admin.roles import ANYONE, ROLES
from bot.app import create_app
from bot.storage.database import make_engine
from tests.bot.admin.conftest import PASSWORD, Client, account, console_settings
from tests.bot.admin.test_sign_in import SIGN_IN, WRONG, submit, submit_code

OPEN = {
    "admin.font",
    "admin.invitation.index",
    "admin.invitation.submit",
    "admin.sign_in.index",
    "admin.sign_in.sign_out",
    "admin.sign_in.submit",
}


@pytest.fixture(scope="module")
def unused(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """An application whose routes are looked at; nothing is behind it."""
    folder = tmp_path_factory.mktemp("unused")
    return create_app(console_settings(f"unix://{folder}/no-redis", "", folder), engine=make_engine("sqlite://"))


def views(app: Flask) -> list[tuple[str, str, str]]:
    """Each view of the console: endpoint, method, an address of it."""
    found = []
    for rule in app.url_map.iter_rules():
        if rule.endpoint.startswith("admin.") and rule.endpoint != "admin.static":
            path = re.sub(r"<int:\w+>", "1", rule.rule)
            path = re.sub(r"<[^>]+>", "x", path)
            found += [(rule.endpoint, method, path) for method in sorted((rule.methods or set()) - {"HEAD", "OPTIONS"})]
    return found


def test_every_view_says_who_may_open_it(unused: Flask) -> None:
    needed = {
        endpoint: getattr(unused.view_functions[endpoint], "needs_role", None) for endpoint, _, _ in views(unused)
    }
    assert {endpoint for endpoint, role in needed.items() if role not in (*ROLES, ANYONE)} == set()
    assert {endpoint for endpoint, role in needed.items() if role == ANYONE} == OPEN


def test_no_view_both_shows_and_changes(unused: Flask) -> None:
    """So that what changes has a role of its own, and the token is asked for."""
    methods: dict[str, set[str]] = {}
    for endpoint, method, _ in views(unused):
        methods.setdefault(endpoint, set()).add(method)
    assert {endpoint: found for endpoint, found in methods.items() if len(found) != 1} == {}


def test_nobody_opens_anything_without_signing_in(anybody: Client, app: Flask) -> None:
    for endpoint, method, path in views(app):
        if endpoint in OPEN:
            continue
        answer = anybody.http.open(path, method=method)
        assert (answer.status_code, answer.headers.get("Location")) == (302, SIGN_IN), endpoint


@pytest.mark.parametrize("role", ROLES)
def test_what_belongs_to_a_higher_role_is_refused(app: Flask, engine: Engine, role: str) -> None:
    client = Client(app).sign_in_as(engine, role)
    account(engine, "owner", "highest")
    for endpoint, method, path in views(app):
        needed = getattr(app.view_functions[endpoint], "needs_role", "")
        if needed == ANYONE or ROLES.index(needed) <= ROLES.index(role):
            continue
        answer = client.get(path) if method == "GET" else client.post(path)
        assert answer.status_code == 403, endpoint
        assert "ไม่มีสิทธิ์เปิดหน้านี้" in answer.text
        assert "highest" not in answer.text


def test_a_form_without_its_token_changes_nothing(owner: Client, app: Flask, engine: Engine) -> None:
    for endpoint, method, path in views(app):
        if method != "POST":
            continue
        for headers in ({}, {"X-CSRFToken": "forged"}, {"Origin": "https://evil.example"}):
            answer = owner.http.post(path, data={"csrf_token": "forged"} if headers else {}, headers=headers)
            assert answer.status_code == 400, endpoint
    assert owner.get("/admin/").status_code == 200, "not signed out either"


def test_the_token_of_another_browser_is_no_good(owner: Client, app: Flask, engine: Engine) -> None:
    other = Client(app).sign_in_as(engine, "owner", "other")
    answer = owner.http.post("/admin/users/invite", data={"csrf_token": other.token(), "role": "owner"})
    assert answer.status_code == 400
    assert "ยังไม่ได้บันทึก" in answer.text


def test_a_sign_in_cannot_be_forged_either(app: Flask, engine: Engine) -> None:
    account(engine, "editor")
    client = Client(app)
    answer = client.http.post(SIGN_IN, data={"name": "editor", "password": PASSWORD})
    assert answer.status_code == 400
    assert client.get("/admin/").status_code == 302


def test_a_page_behind_https_refuses_forms_from_elsewhere(
    engine: Engine, redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    settings = console_settings(redis_url, "", tmp_path, trusted_proxies=1, public_url="https://bot.example")
    client = Client(create_app(settings, engine=engine, redis=redis))
    secure = {"X-Forwarded-Proto": "https"}
    page = client.http.get(SIGN_IN, base_url="http://bot.example", headers=secure)
    cookie = page.headers["Set-Cookie"]
    assert "Secure" in cookie
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    assert "Path=/admin/" in cookie
    assert page.headers["Strict-Transport-Security"] == "max-age=31536000"
    token = re.search(r'name="csrf-token" content="([^"]+)"', page.text)
    assert token
    sent = {"name": "x", "password": "y", "csrf_token": token[1]}
    value = cookie.partition("=")[2].partition(";")[0]
    for referrer, status in (("https://evil.example/", 400), ("", 400), ("https://bot.example/admin/sign-in", 200)):
        headers = {**secure, "Referer": referrer, "Cookie": f"lertrat_console={value}"}
        browser = client.http.application.test_client(use_cookies=False)
        answer = browser.post(SIGN_IN, base_url="http://bot.example", data=sent, headers=headers)
        assert answer.status_code == status, referrer


def test_guessing_a_password_is_stopped_and_even_the_right_one_waits_then(app: Flask, engine: Engine) -> None:
    account(engine, "editor")
    client = Client(app)
    for _ in range(8):
        assert submit(client, "editor", "ผิดแน่นอนเลย") == ""
    answer = client.post(SIGN_IN, {"name": "Editor ", "password": PASSWORD}, page=SIGN_IN)
    assert answer.status_code == 429
    assert answer.headers["Retry-After"] == "900"
    assert "ลองบ่อยเกินไป" in answer.text
    # The account's own people, who sit elsewhere, are not locked out by it.
    elsewhere = client.http.post(
        SIGN_IN,
        data={"csrf_token": client.token(SIGN_IN), "name": "editor", "password": PASSWORD},
        environ_base={"REMOTE_ADDR": "10.0.0.2"},
    )
    assert elsewhere.headers["Location"] == "/admin/"


def test_guessing_from_many_addresses_is_stopped_too(app: Flask, engine: Engine) -> None:
    account(engine, "editor")
    client = Client(app)
    token = client.token(SIGN_IN)
    statuses = [
        client.http.post(
            SIGN_IN,
            data={"csrf_token": token, "name": "editor", "password": "ผิดแน่นอนเลย"},
            environ_base={"REMOTE_ADDR": f"10.0.0.{number}"},
        ).status_code
        for number in range(42)
    ]
    assert statuses == [200] * 40 + [429] * 2


def test_trying_many_names_from_one_address_is_stopped(app: Flask) -> None:
    client = Client(app)
    token = client.token(SIGN_IN)
    data = {"csrf_token": token, "password": "ผิดแน่นอนเลย"}
    statuses = [client.http.post(SIGN_IN, data={**data, "name": f"n{number}"}).status_code for number in range(62)]
    assert statuses == [200] * 60 + [429] * 2


def test_right_sign_ins_are_not_counted(app: Flask, engine: Engine) -> None:
    account(engine, "editor")
    assert {submit(Client(app), "editor") for _ in range(10)} == {"/admin/"}


def test_guessing_a_code_is_stopped(app: Flask, engine: Engine) -> None:
    account(engine, "owner")
    client = Client(app)
    submit(client, "owner")
    for _ in range(8):
        assert submit_code(client, "000000") == ""
    assert client.post("/admin/two-step", {"code": "000000"}, page="/admin/two-step").status_code == 429
    again = Client(app)
    submit(again, "owner")
    assert again.post("/admin/two-step", {"code": "000000"}, page="/admin/two-step").status_code == 429


def test_while_redis_is_away_tries_are_counted_all_the_same(sqlite_engine: Engine, tmp_path: Path) -> None:
    app = create_app(console_settings(f"unix://{tmp_path}/no-redis", "", tmp_path), engine=sqlite_engine)
    account(sqlite_engine, "editor")
    client = Client(app)
    for _ in range(8):
        answer = client.post(SIGN_IN, {"name": "editor", "password": "ผิดแน่นอนเลย"}, page=SIGN_IN)
        assert WRONG in answer.text
    assert client.post(SIGN_IN, {"name": "editor", "password": PASSWORD}, page=SIGN_IN).status_code == 429
    assert submit(Client(app).sign_in_as(sqlite_engine, "viewer"), "viewer") == "/admin/"


def test_a_header_that_names_another_address_does_not_hide_who_tries(app: Flask, engine: Engine) -> None:
    account(engine, "editor")
    client = Client(app)
    data = {"csrf_token": client.token(SIGN_IN), "name": "editor", "password": "ผิดแน่นอนเลย"}
    statuses = [
        client.http.post(SIGN_IN, data=data, headers={"X-Forwarded-For": f"10.0.0.{number}"}).status_code
        for number in range(9)
    ]
    assert statuses == [200] * 8 + [429]


def test_behind_a_proxy_everybody_is_counted_apart(
    sqlite_engine: Engine, redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    app = create_app(console_settings(redis_url, "", tmp_path, trusted_proxies=1), engine=sqlite_engine, redis=redis)
    client = Client(app)
    data = {"csrf_token": client.token(SIGN_IN), "name": "editor", "password": "ผิดแน่นอนเลย"}

    def tried(sent: str) -> int:
        return client.http.post(SIGN_IN, data=data, headers={"X-Forwarded-For": sent}).status_code

    # What the browser itself wrote into the header stands before what the proxy adds.
    assert [tried(f"10.9.9.{number}, 10.0.0.1") for number in range(9)] == [200] * 8 + [429]
    assert tried("10.0.0.2") == 200


def test_while_the_database_is_away_the_page_says_so_in_thai(
    tmp_path: Path, redis: Redis, redis_url: str, sqlite_engine: Engine
) -> None:
    settings = console_settings(redis_url, "", tmp_path)
    signed_in = Client(create_app(settings, engine=sqlite_engine, redis=redis)).sign_in_as(sqlite_engine, "owner")
    cookie = signed_in.http.get_cookie("lertrat_console", path="/admin/")
    assert cookie is not None
    away = make_engine("postgresql+psycopg://nobody@127.0.0.1:1/nothing")
    client = Client(create_app(settings, engine=away, redis=redis))
    client.http.set_cookie("lertrat_console", cookie.value, path="/admin/")
    for answer in (client.get("/admin/"), client.get("/admin/users/"), client.get("/admin/sign-in")):
        assert answer.status_code == 503
        assert "ระบบไม่พร้อมชั่วคราว" in answer.text
    guest = Client(create_app(settings, engine=away, redis=redis))
    answer = guest.post(SIGN_IN, {"name": "owner", "password": PASSWORD}, page=SIGN_IN)
    assert answer.status_code == 503


def test_every_page_has_a_policy_without_anything_inline_or_from_outside(owner: Client, app: Flask) -> None:
    paths = [path for endpoint, method, path in views(app) if method == "GET" and endpoint != "admin.font"]
    for path in [*paths, "/admin/nothing-here"]:
        answer = owner.get(path)
        assert "Strict-Transport-Security" not in answer.headers  # this one is served without HTTPS
        policy = dict(part.split(" ", 1) for part in answer.headers["Content-Security-Policy"].split("; "))
        assert policy["default-src"] == "'none'", path
        assert policy["frame-ancestors"] == "'none'"
        assert "unsafe" not in answer.headers["Content-Security-Policy"]
        assert not re.search(r"https?:", answer.headers["Content-Security-Policy"])
        for name, value in (
            ("X-Content-Type-Options", "nosniff"),
            ("X-Frame-Options", "DENY"),
            ("Referrer-Policy", "same-origin"),
            ("Cache-Control", "no-store"),
        ):
            assert answer.headers[name] == value, (path, name)
        assert not re.search(r"<script(?![^>]* src=)|<style| style=\"| on\w+=\"|javascript:", answer.text), path
        assert not re.search(r"(?:src|href|action)=\"(?:https?:)?//", answer.text), path


@pytest.mark.parametrize(
    "path", ["/admin/users/999", "/admin/nothing", "/admin/jobs/5", "/admin/font/Sarabun-..%2Fx.ttf"]
)
def test_what_is_not_there_is_a_thai_page(owner: Client, path: str) -> None:
    answer = owner.get(path)
    assert (answer.status_code, answer.content_type) == (404, "text/html; charset=utf-8")
    assert "ไม่พบหน้านี้" in answer.text


def test_a_fault_is_a_thai_page_without_what_went_wrong(
    owner: Client, app: Flask, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(**_: object) -> str:
        raise ValueError("a secret of the inside")

    view = app.view_functions["admin.home.index"]
    broken.needs_role, broken.needs_stage = view.needs_role, view.needs_stage  # type: ignore[attr-defined]
    monkeypatch.setitem(app.view_functions, "admin.home.index", broken)
    answer = owner.get("/admin/")
    assert answer.status_code == 500
    assert "ระบบขัดข้อง" in answer.text
    assert "secret" not in answer.text
    assert "secret of the inside" not in "".join(capsys.readouterr())


def test_a_view_without_role_is_refused_to_everybody(
    owner: Client, app: Flask, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(app.view_functions, "admin.home.index", lambda: "open")
    assert owner.get("/admin/").status_code == 403


def test_a_script_whose_session_is_over_gets_json(anybody: Client) -> None:
    answer = anybody.http.post("/admin/users/invite", headers={"X-CSRFToken": "x", "Accept": "application/json"})
    assert (answer.status_code, answer.json) == (401, {"error": "กรุณาเข้าสู่ระบบอีกครั้ง"})


def test_no_other_page_reads_or_sets_a_cookie(owner: Client) -> None:
    for path in ("/healthz", "/nothing", "/bootstrap/static/css/bootstrap.min.css"):
        with owner.http.get(path) as answer:
            assert "Set-Cookie" not in answer.headers
            assert "Cookie" not in answer.headers.get("Vary", "")


def test_too_large_a_form_is_refused(owner: Client) -> None:
    answer = owner.post("/admin/users/invite", {"note": "x" * 3_000_000})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    ("path", "safe"),
    [
        ("/admin/users/?page=2", True),
        ("/admin/", True),
        ("", False),
        ("/rules", False),
        ("//evil.example/admin/", False),
        ("/admin/..//evil.example", False),
        ("https://evil.example/admin/", False),
        ("/admin/\\evil", False),
        ("/admin/\r\nX: y", False),
    ],
)
def test_only_the_consoles_own_pages_are_gone_to(path: str, safe: bool) -> None:
    assert safe_next(path) == (path if safe else "")


def test_the_fonts_are_our_own_and_kept_by_the_browser(anybody: Client) -> None:
    for weight in ("Regular", "SemiBold"):
        answer = anybody.get(f"/admin/font/Sarabun-{weight}.ttf")
        assert answer.data[:4] == b"\x00\x01\x00\x00"
        assert answer.headers["Cache-Control"] == "public, max-age=2592000"
        answer.close()
