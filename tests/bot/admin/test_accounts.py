"""Accounts: invitations, passwords, resets, roles, and the owner who always stays."""

from __future__ import annotations

import html
import re
import subprocess
import sys
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pyotp
import pytest
from flask import Flask
from sqlalchemy import Engine, func, select, text, update
from sqlalchemy.exc import DBAPIError

from bot.admin import accounts, passwords, people, roles
from bot.admin import audit as writing
from bot.admin.accounts import Refused
from bot.admin.pages.audit_log import GROUPS
from bot.now import utc_now
from bot.storage import audit, users
from bot.storage.console_tables import invitations, sessions
from bot.storage.console_tables import users as table
from tests.bot.admin.conftest import PASSWORD, TOTP_SECRET, Client, account, session_of
from tests.bot.admin.test_sign_in import SIGN_IN, actions, submit, submit_code

NEW = "เดินช้าช้าแต่ไปถึง"
INVITE = {"role": "editor", "note": "คุณสมหมาย"}
PERSON = {"name": "Somying.K", "full_name": "สมหญิง  ใจดี", "password": NEW, "again": NEW}


def invited(owner: Client, data: dict[str, str] = INVITE) -> str:
    """The path of a new link."""
    page = owner.post("/admin/users/invite", data)
    found = re.search(r">(http://localhost)?(/admin/invitation/[\w-]+)<", page.text)
    assert found, page.text
    return found[2]


def user_of(engine: Engine, name: str) -> users.User:
    with engine.connect() as connection:
        user = users.by_name(connection, name)
    assert user is not None
    return user


def test_an_invitation_opens_one_account_of_the_role_that_was_chosen(owner: Client, app: Flask, engine: Engine) -> None:
    link = invited(owner)
    guest = Client(app)
    assert "ผู้แก้ไข" in guest.get(link).text
    assert "คุณสมหมาย" in owner.get("/admin/users/").text, "it is listed while it is good"
    answer = guest.post(link, {**PERSON, "role": "owner"}, page=link)
    assert answer.headers["Location"] == SIGN_IN
    user = user_of(engine, "somying.k")
    assert (user.full_name, user.role, user.created_by) == ("สมหญิง ใจดี", "editor", "owner")
    assert user.password_hash.startswith("$argon2id$")
    assert submit(guest, "somying.k", NEW) == "/admin/"
    assert Client(app).get(link).status_code == 404, "once"
    assert "คุณสมหมาย" not in owner.get("/admin/users/").text
    assert actions(engine) == ["invitation.create", "invitation.accept", "sign_in"]


def test_of_two_who_follow_one_link_at_once_one_gets_an_account(owner: Client, app: Flask, engine: Engine) -> None:
    link = invited(owner)
    guests = [Client(app) for _ in range(4)]
    tokens = [guest.token(link) for guest in guests]
    together = threading.Barrier(len(guests))

    def follow(number: int) -> str | None:
        together.wait()
        data = {**PERSON, "name": f"guest{number}", "csrf_token": tokens[number]}
        return guests[number].http.post(link, data=data).headers.get("Location")

    with ThreadPoolExecutor(len(guests)) as threads:
        went = list(threads.map(follow, range(len(guests))))
    assert sorted(went, key=str) == [SIGN_IN, None, None, None]
    with engine.connect() as connection:
        assert len([user for user in users.listed(connection) if user.name.startswith("guest")]) == 1


def test_a_link_that_is_old_withdrawn_or_made_up_opens_nothing(owner: Client, app: Flask, engine: Engine) -> None:
    old, withdrawn = invited(owner), invited(owner)
    with engine.begin() as connection:
        first = connection.execute(select(func.min(invitations.c.id))).scalar_one()
        connection.execute(
            update(invitations).where(invitations.c.id == first).values(expires_at=utc_now() - timedelta(seconds=1))
        )
    assert owner.post(f"/admin/users/invitations/{first + 1}/withdraw").status_code == 302
    for link in (old, withdrawn, "/admin/invitation/made-up", "/admin/invitation/" + "x" * 3000):
        assert Client(app).get(link).status_code == 404
        assert Client(app).post(link, PERSON, page=SIGN_IN).status_code == 404


def test_the_database_holds_no_link_that_could_be_followed(owner: Client, app: Flask, engine: Engine) -> None:
    link = invited(owner)
    with engine.connect() as connection:
        kept = connection.execute(select(invitations.c.token_hash)).scalar_one()
    assert kept not in link
    assert Client(app).get(f"/admin/invitation/{kept}").status_code == 404


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"name": "ab cd"}, "เว้นวรรคไม่ได้"),
        ({"name": "<b>"}, "เว้นวรรคไม่ได้"),
        ({"name": "OWNER"}, "มีผู้ใช้ชื่อนี้แล้ว"),
        ({"full_name": "  "}, "กรุณากรอกชื่อและนามสกุล"),
        ({"full_name": ""}, "กรุณากรอกช่องนี้"),
        ({"again": "ไม่ตรงกับอันแรกเลย"}, "กรุณากรอกให้ตรงกันทั้งสองช่อง"),
        ({"password": "สั้น", "again": "สั้น"}, "รหัสผ่านสั้นเกินไป"),
        ({"password": "Somying.K2569ok", "again": "Somying.K2569ok"}, "รหัสผ่านต้องไม่มีชื่อผู้ใช้"),
    ],
)
def test_what_is_wrong_with_a_new_account_is_said_at_its_field(
    owner: Client, app: Flask, engine: Engine, wrong: dict[str, str], told: str
) -> None:
    link = invited(owner)
    page = Client(app).post(link, {**PERSON, **wrong}, page=link)
    assert page.status_code == 200
    assert told in page.text
    assert NEW not in page.text, "no password comes back"
    assert Client(app).get(link).status_code == 200, "the link is still good"
    with engine.connect() as connection:
        assert [user.name for user in users.listed(connection)] == ["owner"]


@pytest.mark.parametrize(
    "password",
    [
        "",
        "สั้นไป",
        "aaaaaaaaaaaaaaaa",
        "abcdefghijklmnop",
        "9876543210987",
        "password2569!",
        "รหัสผ่านของฉัน",
        "x1" * 101,
        "owner-owner-2569",
    ],
)
def test_a_password_that_is_soon_guessed_is_refused(password: str) -> None:
    assert passwords.problem_with(password, "owner")


@pytest.mark.parametrize("password", [NEW, PASSWORD, "correct horse battery", "ก้าวไปข้างหน้า2569"])
def test_a_sentence_makes_a_good_password(password: str) -> None:
    assert passwords.problem_with(password, "owner") == ""


def test_passwords_are_hashed_as_owasp_advises() -> None:
    """argon2id with 19 MiB and 2 rounds at least; the tests themselves hash faster."""
    program = "from bot.admin import passwords; print(passwords.hashed('x'))"
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True)
    found = re.match(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=1\$", done.stdout)
    assert found
    assert int(found[1]) >= 19 * 1024
    assert int(found[2]) >= 2


def test_a_weak_hash_is_renewed_at_the_next_sign_in(anybody: Client, engine: Engine) -> None:
    user = account(engine, "editor")
    weak = passwords.PasswordHasher(time_cost=1, memory_cost=16, parallelism=1).hash(PASSWORD)
    with engine.begin() as connection:
        users.change(connection, user.id, password_hash=weak)
    submit(anybody, "editor")
    assert user_of(engine, "editor").password_hash != weak
    assert submit(anybody, "editor") == "/admin/"


def test_one_password_however_its_letters_are_composed(anybody: Client) -> None:
    composed, decomposed = "น้ำใจงามยามยาก", "น้\u0e4d\u0e32ใจงามยามยาก"
    assert passwords.is_right(passwords.hashed(composed), decomposed)


def test_changing_ones_password_ends_all_other_sessions(editor: Client, app: Flask, engine: Engine) -> None:
    other = Client(app).sign_in_as(engine, "editor")
    assert other.get("/admin/").status_code == 200
    data = {"new-old": PASSWORD, "new-password": NEW, "new-again": NEW}
    assert editor.post("/admin/account/password", data).headers["Location"] == "/admin/account/"
    assert "เปลี่ยนรหัสผ่านแล้ว" in editor.get("/admin/account/").text, "still signed in, by a new secret"
    assert other.get("/admin/").headers["Location"] == SIGN_IN
    assert submit(Client(app), "editor", PASSWORD) == ""
    assert submit(Client(app), "editor", NEW) == "/admin/"
    assert "account.password" in actions(engine)


@pytest.mark.parametrize(
    ("data", "told"),
    [
        ({"new-old": "ไม่ใช่อันนี้แน่นอน", "new-password": NEW, "new-again": NEW}, "รหัสผ่านปัจจุบันไม่ถูกต้อง"),
        ({"new-old": PASSWORD, "new-password": PASSWORD, "new-again": PASSWORD}, "ต้องไม่ซ้ำ"),
        ({"new-old": PASSWORD, "new-password": "สั้น", "new-again": "สั้น"}, "สั้นเกินไป"),
    ],
)
def test_a_wrong_change_of_password_changes_nothing(
    editor: Client, engine: Engine, data: dict[str, str], told: str
) -> None:
    assert told in editor.post("/admin/account/password", data).text
    assert passwords.is_right(user_of(engine, "editor").password_hash, PASSWORD)


def test_whoever_finds_a_screen_unlocked_cannot_guess_the_password_there(editor: Client) -> None:
    data = {"new-old": "ไม่ใช่อันนี้แน่นอน", "new-password": NEW, "new-again": NEW}
    assert [editor.post("/admin/account/password", data).status_code for _ in range(9)] == [200] * 8 + [429]


def test_new_recovery_codes_need_the_password_and_replace_the_old(owner: Client, engine: Engine) -> None:
    refused = owner.post("/admin/account/recovery-codes", {"confirm-password": "ไม่ใช่"})
    assert "รหัสผ่านปัจจุบันไม่ถูกต้อง" in refused.text
    first = re.findall(
        r"<code>([\w-]+)</code>", owner.post("/admin/account/recovery-codes", {"confirm-password": PASSWORD}).text
    )
    second = re.findall(
        r"<code>([\w-]+)</code>", owner.post("/admin/account/recovery-codes", {"confirm-password": PASSWORD}).text
    )
    assert len(first) == len(second) == 10
    assert not set(first) & set(second)
    client = Client(owner.http.application)
    submit(client, "owner")
    assert submit_code(client, first[0]) == ""
    assert submit_code(client, second[0]) == "/admin/"


def test_an_owner_resets_a_password_by_a_link_that_is_good_once(owner: Client, app: Flask, engine: Engine) -> None:
    editor = Client(app).sign_in_as(engine, "editor")
    user = user_of(engine, "editor")
    page = owner.post(f"/admin/users/{user.id}/reset").text
    link = re.search(r">http://localhost(/admin/invitation/[\w-]+)<", page)
    assert link
    newer = re.search(r">http://localhost(/admin/invitation/[\w-]+)<", owner.post(f"/admin/users/{user.id}/reset").text)
    assert newer
    assert Client(app).get(link[1]).status_code == 404, "only the newest is good"
    guest = Client(app)
    assert "editor" in guest.get(newer[1]).text
    data = {"password": NEW, "again": NEW, "name": "owner", "role": "owner"}
    assert guest.post(newer[1], data, page=newer[1]).headers["Location"] == SIGN_IN
    assert editor.get("/admin/").headers["Location"] == SIGN_IN, "signed out everywhere"
    assert submit(guest, "editor", PASSWORD) == ""
    assert submit(guest, "editor", NEW) == "/admin/"
    assert user_of(engine, "editor").role == "editor"
    assert Client(app).get(newer[1]).status_code == 404


def test_a_reset_link_of_an_account_that_was_closed_meanwhile_is_no_good(
    owner: Client, app: Flask, engine: Engine
) -> None:
    user = account(engine, "editor")
    secret = people.reset_link(engine, None, user)
    owner.post(f"/admin/users/{user.id}/active", {"active": "no"})
    assert Client(app).get(f"/admin/invitation/{secret}").status_code == 404


def role_changed(engine: Engine, user: users.User) -> None:
    people.set_role(engine, account(engine, "owner"), user, "editor")


def closed_and_opened(engine: Engine, user: users.User) -> None:
    for active in (False, True):
        people.set_active(engine, account(engine, "owner"), user, active)


def password_changed(engine: Engine, user: users.User) -> None:
    accounts.change_password(engine, user, PASSWORD, NEW, 1)


@pytest.mark.parametrize("change", [role_changed, closed_and_opened, password_changed])
def test_no_reset_link_outlives_a_change_of_its_account(
    app: Flask, engine: Engine, change: Callable[[Engine, users.User], None]
) -> None:
    user, other = account(engine, "owner", "second"), account(engine, "editor")
    secret, others = people.reset_link(engine, None, user), people.reset_link(engine, None, other)
    change(engine, user)
    assert Client(app).get(f"/admin/invitation/{secret}").status_code == 404
    assert Client(app).get(f"/admin/invitation/{others}").status_code == 200, "somebody else's"


@pytest.mark.parametrize("change", [role_changed, closed_and_opened])
def test_no_link_outlives_the_right_of_whoever_made_it(
    app: Flask, engine: Engine, change: Callable[[Engine, users.User], None]
) -> None:
    user, owner, editor = account(engine, "owner", "second"), account(engine, "owner"), account(engine, "editor")
    made = people.invite(engine, user, "owner", ""), people.reset_link(engine, user, editor)
    others = people.invite(engine, owner, "viewer", "")
    change(engine, user)
    for secret in made:
        assert Client(app).get(f"/admin/invitation/{secret}").status_code == 404
    assert Client(app).get(f"/admin/invitation/{others}").status_code == 200


def test_a_link_whose_time_is_over_while_its_form_is_filled_in_is_no_good(engine: Engine) -> None:
    secret = people.invite(engine, account(engine, "owner"), "editor", "")
    found = accounts.link_of(engine, secret)
    assert found is not None
    with engine.begin() as connection:
        connection.execute(update(invitations).values(expires_at=utc_now() - timedelta(seconds=1)))
    with pytest.raises(Refused, match="หมดอายุ"):
        accounts.create(engine, None, name="late", full_name="มาสาย", role="editor", password=NEW, link=found[0])


def test_a_reset_password_does_not_take_the_second_step_away(owner: Client, app: Flask, engine: Engine) -> None:
    other = account(engine, "owner", "other")
    secret = people.reset_link(engine, None, other)
    guest = Client(app)
    guest.post(f"/admin/invitation/{secret}", {"password": NEW, "again": NEW}, page=f"/admin/invitation/{secret}")
    assert submit(guest, "other", NEW) == "/admin/two-step"


def test_a_lost_telephone_is_forgotten_by_an_owner_and_another_set_up(
    owner: Client, app: Flask, engine: Engine
) -> None:
    publisher = account(engine, "publisher")
    old = session_of(engine, publisher)
    owner.post(f"/admin/users/{publisher.id}/two-step-reset")
    thief = Client(app)
    with thief.http.session_transaction("/admin/") as cookie:
        cookie["_user_id"] = old
    assert thief.get("/admin/").status_code == 302
    guest = Client(app)
    assert submit(guest, "publisher") == "/admin/account/two-step"
    secret = re.search(r'class="secret">([A-Z2-7]+)<', guest.get("/admin/account/two-step").text)
    assert secret
    assert secret[1] != TOTP_SECRET
    guest.post("/admin/account/two-step", {"code": pyotp.TOTP(secret[1]).now()}, page="/admin/account/two-step")
    assert guest.get("/admin/").status_code == 200


def test_another_role_holds_at_once_and_asks_for_the_second_step(owner: Client, app: Flask, engine: Engine) -> None:
    editor = Client(app).sign_in_as(engine, "editor")
    user = user_of(engine, "editor")
    assert owner.post(f"/admin/users/{user.id}/role", {"role": "publisher"}).status_code == 302
    assert editor.get("/admin/").headers["Location"] == SIGN_IN
    assert submit(editor, "editor") == "/admin/account/two-step"
    owner.post(f"/admin/users/{user.id}/role", {"role": "viewer"})
    assert submit(editor, "editor") == "/admin/"
    assert editor.get("/admin/audit-log/").status_code == 403
    assert "แก้ไข" in owner.post(f"/admin/users/{user.id}/role", {"role": "emperor"}).text
    assert user_of(engine, "editor").role == "viewer"


def test_a_closed_account_is_out_at_once_and_may_come_back(owner: Client, app: Flask, engine: Engine) -> None:
    editor = Client(app).sign_in_as(engine, "editor")
    user = user_of(engine, "editor")
    owner.post(f"/admin/users/{user.id}/active", {"active": "no"})
    assert editor.get("/admin/").status_code == 302
    assert submit(editor, "editor") == ""
    owner.post(f"/admin/users/{user.id}/active", {"active": "yes"})
    assert submit(editor, "editor") == "/admin/"


def test_an_owner_signs_somebody_out_everywhere(owner: Client, app: Flask, engine: Engine) -> None:
    editor = Client(app).sign_in_as(engine, "editor")
    owner.post(f"/admin/users/{user_of(engine, 'editor').id}/sign-out")
    assert editor.get("/admin/").headers["Location"] == SIGN_IN


@pytest.mark.parametrize(("path", "data"), [("role", {"role": "viewer"}), ("active", {"active": "no"})])
def test_the_last_owner_stays(owner: Client, engine: Engine, path: str, data: dict[str, str]) -> None:
    me = user_of(engine, "owner")
    page = owner.post(f"/admin/users/{me.id}/{path}", data, follow_redirects=True)
    assert "ต้องมีเจ้าของระบบที่ใช้งานได้อย่างน้อยหนึ่งคน" in page.text
    assert user_of(engine, "owner") == me


def test_two_owners_who_close_each_other_at_once_leave_one(engine: Engine) -> None:
    both = [account(engine, "owner", "first"), account(engine, "owner", "second")]
    together = threading.Barrier(2)

    def close(number: int) -> bool:
        together.wait()
        try:
            people.set_active(engine, both[1 - number], both[number], False)
        except Refused:
            return False
        return True

    with ThreadPoolExecutor(2) as threads:
        assert sorted(threads.map(close, range(2))) == [False, True]
    with engine.connect() as connection:
        assert sum(user.active for user in users.listed(connection)) == 1


def test_a_name_that_is_a_script_is_text_everywhere(owner: Client, engine: Engine) -> None:
    evil = "<script>alert(1)</script>\"'><img src=x onerror=alert(1)>"
    user = account(engine, "editor", "evil", full_name=evil)
    owner.post("/admin/users/invite", {"role": "viewer", "note": evil})
    owner.post(f"/admin/users/{user.id}/sign-out")
    for path in (
        "/admin/users/",
        f"/admin/users/{user.id}",
        "/admin/audit-log/",
        "/admin/audit-log/?name=%3Cscript%3Ealert(1)",
    ):
        page = owner.get(path, follow_redirects=True).text
        assert "<script>alert" not in page, path
        assert "<img" not in page, path
    assert html.escape("<script>alert(1)") in owner.get("/admin/users/").text


# The log


def test_the_log_cannot_be_changed_even_by_the_programs_own_connection(owner: Client, engine: Engine) -> None:
    owner.post("/admin/users/invite", INVITE)
    statements = ["UPDATE audit SET name = 'somebody'", "DELETE FROM audit", "DELETE FROM audit WHERE id = 1"]
    if engine.dialect.name == "postgresql":
        statements.append("TRUNCATE audit")
    for statement in statements:
        with pytest.raises(DBAPIError, match="rows are only ever added"), engine.begin() as connection:
            connection.execute(text(statement))
    assert actions(engine) == ["invitation.create"]


def test_what_cannot_be_written_down_is_not_done(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    user = account(engine, "editor")
    monkeypatch.delitem(writing.ACTIONS, "user.role")
    with pytest.raises(ValueError, match="no such action"):
        people.set_role(engine, user, user, "viewer")
    assert user_of(engine, "editor").role == "editor"


def test_the_log_says_who_did_what_and_is_searched(publisher: Client, engine: Engine) -> None:
    somsri = account(engine, "owner", "somsri")
    with engine.begin() as connection:
        for number in range(55):
            writing.record(connection, somsri, "user.sign_out", f"person{number}")
        writing.record(connection, None, "user.create", "first")
    first = publisher.get("/admin/audit-log/").text
    assert "พบ 56 รายการ" in first
    assert "คำสั่งบนเครื่องแม่ข่าย" in first
    assert "person54" in first
    assert "person4<" not in first
    assert "หน้า 1 จาก 2" in first
    assert "person4<" in publisher.get("/admin/audit-log/?page=2&name=somsri").text
    assert "พบ 55 รายการ" in publisher.get("/admin/audit-log/?name=somsri&action=user").text
    assert "พบ 0 รายการ" in publisher.get("/admin/audit-log/?action=sign_in").text
    assert "พบ 0 รายการ" in publisher.get("/admin/audit-log/?until=1/1/2563").text
    assert "พบ 56 รายการ" in publisher.get("/admin/audit-log/?since=1 ม.ค. 63&page=x").text
    assert "อ่านวันที่" in publisher.get("/admin/audit-log/?since=yesterday").text
    assert "กรุณาเขียนวัน เดือน และปี" in publisher.get("/admin/audit-log/?since=มี.ค. 2569").text
    assert 'class="wrong"' not in first
    assert publisher.get("/admin/audit-log/?name=nobody&action=made-up&page=-5").status_code == 200


def test_every_kind_of_action_can_be_looked_for() -> None:
    assert {action.partition(".")[0] for action in writing.ACTIONS} == set(GROUPS) - {""}


def test_details_are_told_in_thai() -> None:
    assert writing.told({"from": "editor", "to": "viewer", "odd": 3}) == ["จาก ผู้แก้ไข", "เป็น ผู้ดู", "odd 3"]


def test_nothing_secret_stands_in_the_log(owner: Client, app: Flask, engine: Engine) -> None:
    link = invited(owner)
    Client(app).post(link, PERSON, page=link)
    owner.post("/admin/account/recovery-codes", {"confirm-password": PASSWORD})
    with engine.connect() as connection:
        rows = audit.found(connection, audit.Wanted())
        kept = (
            repr(rows)
            + repr(connection.execute(select(sessions)).all())
            + repr(connection.execute(select(table.c.password_hash)).all())
        )
    for secret in (link.rpartition("/")[2], NEW, PASSWORD):
        assert secret not in kept
    assert len(rows) == 3


def test_roles_stand_in_one_row() -> None:
    assert [roles.at_least("publisher", role) for role in roles.ROLES] == [True, True, True, False]
    assert not roles.at_least("emperor", "viewer")
    with pytest.raises(ValueError, match="no such role"):
        roles.needs("emperor")


def test_the_log_is_thai_whatever_was_written_down(publisher: Client, engine: Engine) -> None:
    user = account(engine, "editor")
    with engine.begin() as connection:
        writing.record(connection, user, "knowledge.edit", "x", {"keys": ["certainty", "text", "service.x / reach"]})
        published = {"entries": 3, "regressions": 0, "note": "", "reason": ""}
        writing.record(connection, user, "knowledge.publish", "ฉบับที่ 2", published)
        writing.record(connection, user, "inbox.teach", "y", {"questions": 2, "draft": True})
        writing.record(connection, user, "inbox.reply", "คำขอที่ 1", {"again": True})
        writing.record(connection, None, "privacy.retention", detail={"คำถามที่ตอบไม่ได้": 0})
        writing.record(connection, None, "user.create", "first")
        writing.record(connection, None, "sign_in.failed", "first", {"step": "code"})
    page = publisher.get("/admin/audit-log/").text
    lines = [" ".join(line.split()) for line in re.findall(r'<span class="help">([^<]*·[^<]*)</span>', page)]
    assert [line.partition(" · ")[2] for line in lines] == [
        "ไม่ทราบว่าใคร · ขั้น รหัสยืนยัน",
        "คำสั่งบนเครื่องแม่ข่าย",
        "ระบบ · คำถามที่ตอบไม่ได้ 0",
        "editor · ส่งอีกครั้ง ใช่",
        "editor · จำนวนคำถาม 2 · เก็บในฉบับร่าง ใช่",
        "editor · จำนวนรายการ 3 · คำถามที่จะตอบผิด 0",
        "editor · ช่อง ความแน่ชัด, ข้อความ, ข้อความ",
    ]
    assert "ระบบ หรือคำสั่งบนเครื่องแม่ข่าย</option>" in page
    assert ">lertrat<" not in page
