"""Signing in: one step or two, for whom, for how long, and what does not work."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pyotp
import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, func, select, update

from bot.admin import passwords, two_step
from bot.admin.signed_in import POLLS
from bot.app import create_app
from bot.now import utc_now
from bot.storage import audit, users
from bot.storage.console_tables import sessions
from tests.bot.admin.conftest import PASSWORD, TOTP_SECRET, Client, account, console_settings, session_of

SIGN_IN = "/admin/sign-in"
TWO_STEP = "/admin/two-step"
WRONG = "ชื่อผู้ใช้หรือรหัสผ่านไม่ถูกต้อง"


def submit(client: Client, name: str, password: str = PASSWORD) -> str:
    """Where a sign-in leads; "" when it fails."""
    answer = client.post(SIGN_IN, {"name": name, "password": password}, page=SIGN_IN)
    assert answer.status_code in (200, 302), answer.text
    return answer.headers.get("Location", "")


def submit_code(client: Client, code: str) -> str:
    answer = client.post(TWO_STEP, {"code": code}, page=TWO_STEP)
    assert answer.status_code in (200, 302), answer.text
    return answer.headers.get("Location", "")


def code_now(secret: str = TOTP_SECRET) -> str:
    return pyotp.TOTP(secret).now()


def actions(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [record.action for record in reversed(audit.found(connection, audit.Wanted()))]


def secret_of(client: Client) -> str:
    """The secret in the browser's cookie."""
    with client.http.session_transaction("/admin/") as cookie:
        return str(cookie.get("_user_id", ""))


@pytest.mark.parametrize("role", ["viewer", "editor"])
def test_whoever_cannot_publish_signs_in_by_password(anybody: Client, engine: Engine, role: str) -> None:
    account(engine, role, "somsri")
    assert submit(anybody, " SomSri ") == "/admin/"
    home = anybody.get("/admin/")
    assert home.status_code == 200
    assert "คุณsomsri" in home.text
    assert actions(engine) == ["sign_in"]


@pytest.mark.parametrize("role", ["publisher", "owner"])
def test_whoever_can_publish_needs_a_code_too(anybody: Client, engine: Engine, role: str) -> None:
    account(engine, role)
    assert submit(anybody, role) == TWO_STEP
    for page in ("/admin/", "/admin/account/", "/admin/users/"):
        assert anybody.get(page).headers["Location"] == TWO_STEP
    assert submit_code(anybody, code_now()) == "/admin/"
    assert anybody.get("/admin/").status_code == 200
    assert actions(engine) == ["sign_in"]


@pytest.mark.parametrize(
    ("name", "password"),
    [("editor", "ผิดแน่นอนเลย"), ("nobody", PASSWORD), ("closed", PASSWORD), ("", ""), ("editor", "")],
)
def test_nobody_is_told_whether_name_or_password_is_wrong(
    anybody: Client, engine: Engine, name: str, password: str
) -> None:
    account(engine, "editor")
    closed = account(engine, "editor", "closed")
    with engine.begin() as connection:
        users.change(connection, closed.id, active=False)
    answer = anybody.post(SIGN_IN, {"name": name, "password": password}, page=SIGN_IN)
    assert answer.status_code == 200
    assert (WRONG in answer.text) == bool(name and password)
    assert anybody.get("/admin/").status_code == 302


def test_a_name_that_nobody_has_costs_as_much_as_a_wrong_password() -> None:
    # By what is computed rather than by the clock, which a busy machine sets.
    assert passwords._nobodys().split("$")[3] == passwords.hashed("x").split("$")[3]
    assert not passwords.is_right(None, "anything")


def test_failed_tries_are_written_down_but_not_what_was_typed_for_a_name(anybody: Client, engine: Engine) -> None:
    account(engine, "editor")
    submit(anybody, "editor", "ผิดแน่นอนเลย")
    submit(anybody, "my-password-in-the-wrong-field", "x")
    with engine.connect() as connection:
        records = audit.found(connection, audit.Wanted())
    assert [(record.action, record.object) for record in records] == [("sign_in.failed", "editor")]


def test_a_code_works_once_and_neither_does_an_older_one_then(app: Flask, engine: Engine) -> None:
    user = account(engine, "owner")
    first, second = Client(app), Client(app)
    code = code_now()
    submit(first, "owner")
    assert submit_code(first, code) == "/admin/"
    submit(second, "owner")
    assert submit_code(second, code) == ""
    with engine.connect() as connection:
        taken = users.by_id(connection, user.id)
    assert taken is not None
    older = pyotp.TOTP(TOTP_SECRET).generate_otp(taken.totp_step - 1)
    assert submit_code(second, older) == ""
    assert second.get("/admin/").headers["Location"] == TWO_STEP
    assert submit_code(second, pyotp.TOTP(TOTP_SECRET).generate_otp(taken.totp_step + 1)) == "/admin/"


@pytest.mark.parametrize("code", ["000000", "12345", "", "abcdef", "١٢٣٤٥٦", "0" * 40])
def test_a_wrong_code_opens_nothing(anybody: Client, engine: Engine, code: str) -> None:
    account(engine, "owner")
    submit(anybody, "owner")
    assert submit_code(anybody, code) == ""
    assert anybody.get("/admin/").headers["Location"] == TWO_STEP


def test_a_recovery_code_works_once_however_it_is_typed(app: Flask, engine: Engine) -> None:
    user = account(engine, "owner")
    codes = two_step.new_recovery_codes()
    assert len(set(codes)) == two_step.RECOVERY_CODES
    with engine.begin() as connection:
        users.set_recovery_codes(connection, user.id, [two_step.recovery_hash(code) for code in codes])
    first, second = Client(app), Client(app)
    submit(first, "owner")
    assert submit_code(first, codes[0].upper().replace("-", " ")) == "/admin/"
    submit(second, "owner")
    assert submit_code(second, codes[0]) == ""
    assert submit_code(second, codes[1]) == "/admin/"
    with engine.connect() as connection:
        assert users.recovery_codes_left(connection, user.id) == two_step.RECOVERY_CODES - 2
    assert "account.recovery_code_used" in actions(engine)


def test_the_first_sign_in_of_an_owner_sets_the_second_step_up(anybody: Client, engine: Engine) -> None:
    user = account(engine, "owner")
    with engine.begin() as connection:
        users.change(connection, user.id, totp_secret=None)
    assert submit(anybody, "owner") == "/admin/account/two-step"
    assert anybody.get("/admin/users/").headers["Location"] == "/admin/account/two-step"
    page = anybody.get("/admin/account/two-step").text
    secret = re.search(r'class="secret">([A-Z2-7]+)<', page)
    assert secret
    assert "<svg" in page
    assert anybody.get("/admin/account/two-step").text.count(secret[1]) == 1, "the same until it is confirmed"
    wrong = anybody.post("/admin/account/two-step", {"code": "000000"}, page="/admin/account/two-step")
    assert "รหัสไม่ตรง" in wrong.text
    done = anybody.post("/admin/account/two-step", {"code": code_now(secret[1])}, page="/admin/account/two-step")
    assert len(re.findall(r"<code>[a-z2-9]{4}-[a-z2-9]{4}-[a-z2-9]{4}</code>", done.text)) == two_step.RECOVERY_CODES
    assert anybody.get("/admin/users/").status_code == 200
    assert anybody.get("/admin/account/two-step").headers["Location"] == "/admin/account/", "not shown twice"
    assert actions(engine) == ["account.two_step", "sign_in"]


def test_a_second_authenticator_cannot_be_put_over_the_first(owner: Client, engine: Engine) -> None:
    answer = owner.post("/admin/account/two-step", {"code": code_now()})
    assert answer.headers["Location"] == "/admin/account/"
    with engine.connect() as connection:
        user = users.by_name(connection, "owner")
    assert user is not None
    assert user.totp_secret == TOTP_SECRET


def test_the_secret_of_a_sign_in_is_a_new_one_at_each_step(app: Flask, engine: Engine) -> None:
    account(engine, "owner")
    client = Client(app)
    with client.http.session_transaction("/admin/") as cookie:
        cookie["_user_id"] = "planted-by-somebody-else"
        cookie["csrf_token"] = "planted"
    submit(client, "owner")
    half = secret_of(client)
    submit_code(client, code_now())
    whole = secret_of(client)
    assert len({"planted-by-somebody-else", half, whole, ""}) == 4
    with client.http.session_transaction("/admin/") as cookie:
        assert cookie.get("csrf_token") != "planted"
    # Whoever knew a secret from before has nothing.
    for old in ("planted-by-somebody-else", half):
        thief = Client(app)
        with thief.http.session_transaction("/admin/") as cookie:
            cookie["_user_id"] = old
        assert thief.get("/admin/").headers["Location"] == SIGN_IN


def test_a_cookie_that_was_not_signed_here_is_nobody(app: Flask, engine: Engine, tmp_path: Path, redis: Redis) -> None:
    other = create_app(
        console_settings("unix:///nowhere", "", tmp_path, secret_key="another-key-of-somebody"),
        engine=engine,
        redis=redis,
    )
    forged = Client(other).sign_in_as(engine, "owner")
    assert forged.get("/admin/").status_code == 200
    cookie = forged.http.get_cookie("lertrat_console", path="/admin/")
    assert cookie is not None
    thief = Client(app)
    thief.http.set_cookie("lertrat_console", cookie.value, path="/admin/")
    assert thief.get("/admin/").headers["Location"] == SIGN_IN


def test_the_database_holds_no_secret_that_a_browser_could_use(owner: Client, app: Flask, engine: Engine) -> None:
    with engine.connect() as connection:
        kept = connection.execute(select(sessions.c.token_hash)).scalars().all()
    assert secret_of(owner) not in kept
    for stolen in kept:
        thief = Client(app)
        with thief.http.session_transaction("/admin/") as cookie:
            cookie["_user_id"] = stolen
        assert thief.get("/admin/").status_code == 302


def test_a_session_ends_when_nobody_clicks_for_an_hour(viewer: Client, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(sessions).values(seen_at=utc_now() - timedelta(minutes=59)))
    assert viewer.get("/admin/").status_code == 200
    with engine.begin() as connection:
        seen = connection.execute(select(sessions.c.seen_at)).scalar_one()
        assert utc_now() - seen < timedelta(minutes=1), "the click counts"
        connection.execute(update(sessions).values(seen_at=utc_now() - timedelta(minutes=61)))
    assert viewer.get("/admin/").headers["Location"] == SIGN_IN


POLLED = ("/admin/jobs/1", "/admin/knowledge/version?path=x&name=y", "/admin/broadcasts/1/progress")


@pytest.mark.parametrize("path", POLLED)
def test_a_page_that_is_left_open_does_not_keep_its_session_alive(viewer: Client, engine: Engine, path: str) -> None:
    left = utc_now() - timedelta(minutes=59)
    with engine.begin() as connection:
        connection.execute(update(sessions).values(seen_at=left))
    assert viewer.get(path).status_code in (200, 404), "it is answered"
    with engine.begin() as connection:
        assert connection.execute(select(sessions.c.seen_at)).scalar_one() == left
        connection.execute(update(sessions).values(seen_at=left - timedelta(minutes=2)))
    assert viewer.get(path).headers["Location"] == SIGN_IN


def test_all_that_polls_is_known(app: Flask) -> None:
    adapter = app.url_map.bind("localhost")
    assert {adapter.match(path.partition("?")[0])[0] for path in POLLED} == POLLS


@pytest.mark.parametrize(
    ("path", "accepted"),
    [*((path, "text/html") for path in POLLED), ("/admin/knowledge/found?q=x", "application/json")],
)
def test_after_signing_in_nobody_lands_on_a_scripts_answer(
    app: Flask, engine: Engine, path: str, accepted: str
) -> None:
    account(engine, "viewer")
    client = Client(app)
    client.get("/admin/knowledge/", headers={"Accept": "text/html,application/xhtml+xml"})
    assert client.get(path, headers={"Accept": accepted}).headers["Location"] == SIGN_IN
    assert submit(client, "viewer") == "/admin/knowledge/"


def test_a_session_ends_after_its_hours_however_busy_it_is(viewer: Client, engine: Engine) -> None:
    with engine.begin() as connection:
        connection.execute(update(sessions).values(expires_at=utc_now() - timedelta(seconds=1)))
    assert viewer.get("/admin/").headers["Location"] == SIGN_IN


def test_signing_out_ends_the_session_not_only_the_cookie(viewer: Client, app: Flask, engine: Engine) -> None:
    secret = secret_of(viewer)
    assert viewer.post("/admin/sign-out").headers["Location"] == SIGN_IN
    thief = Client(app)
    with thief.http.session_transaction("/admin/") as cookie:
        cookie["_user_id"] = secret
    assert thief.get("/admin/").status_code == 302
    assert actions(engine) == ["sign_out"]


def test_expired_sessions_are_forgotten_at_the_next_sign_in(anybody: Client, engine: Engine) -> None:
    user = account(engine, "editor")
    session_of(engine, user)
    with engine.begin() as connection:
        connection.execute(update(sessions).values(expires_at=utc_now() - timedelta(days=1)))
    submit(anybody, "editor")
    with engine.connect() as connection:
        assert connection.execute(select(func.count()).select_from(sessions)).scalar_one() == 1


def test_after_signing_in_the_page_that_was_asked_for_opens(anybody: Client, engine: Engine) -> None:
    account(engine, "owner")
    assert anybody.get("/admin/audit-log/?name=owner").headers["Location"] == SIGN_IN
    submit(anybody, "owner")
    assert submit_code(anybody, code_now()) == "/admin/audit-log/?name=owner"


@pytest.mark.parametrize(
    "path", ["//evil.example/admin/", "/admin//evil.example", "/admin/\\evil.example", "https://evil.example"]
)
def test_no_other_place_is_gone_to_after_signing_in(anybody: Client, engine: Engine, path: str) -> None:
    account(engine, "editor")
    with anybody.http.session_transaction("/admin/") as cookie:
        cookie["next"] = path
    assert submit(anybody, "editor") == "/admin/"
