"""Messages to many in the console: composed by editors, sent by publishers, stopped, settled; and what is refused."""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine

from bot import audiences, broadcasts
from bot.app import create_app
from bot.now import BANGKOK, utc_now
from bot.settings import Settings
from bot.storage import audit, followers
from bot.storage import broadcasts as stored
from bot.storage.broadcasts import Broadcast
from bot.storage.tables import deliveries as deliveries_table
from tests.bot.admin.broadcasting import console_worker, minute
from tests.bot.admin.conftest import Client, console_settings
from tests.bot.line_server import LineServer
from tests.bot.subscribers import received, rows, states, subscribe, user, users

NOW = datetime(2026, 1, 20, 10, tzinfo=BANGKOK)
LIST, NEW = "/admin/broadcasts/", "/admin/broadcasts/new"
DRAFT = {"text": "เปิดรับสมัครแล้ว", "audience": "everyone", "title": "เปิดรับ"}
EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
TESTERS = f"{user(901)}, {user(902)}"


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, line_server: LineServer) -> Settings:
    """It is NOW, LINE is the tests' own, and there is a test list."""
    return console_settings(
        redis_url,
        "",
        tmp_path,
        lertrat_clock=f"{NOW.isoformat()} 0.000001",
        line_api_host=line_server.host,
        broadcast_test_chats=TESTERS,
    )


@pytest.fixture
def app(settings: Settings, engine: Engine, redis: Redis) -> Flask:
    return create_app(settings, engine=engine, redis=redis)


@pytest.fixture
def worker(settings: Settings, engine: Engine, redis: Redis) -> Iterator[None]:
    with console_worker(settings, engine, redis):
        yield


def follow(engine: Engine, count: int) -> None:
    with engine.begin() as connection:
        for chat in users(count):
            followers.follow(connection, chat=chat, since=NOW, event_id="e")


def one(engine: Engine, number: int = 1) -> Broadcast:
    with engine.connect() as connection:
        found = stored.by_id(connection, number)
    assert found is not None
    return found


def drafted(editor: Client, **more: str) -> None:
    answer = editor.post(NEW, {**DRAFT, **more})
    assert answer.status_code == 302, answer.text


def seen(client: Client, number: int = 1) -> str:
    found = re.search(r'name="seen" value="(\w+)"', client.get(f"{LIST}{number}").text)
    assert found
    return found[1]


def log(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        return [(row.name, row.action, row.object) for row in audit.found(connection, audit.Wanted(), limit=20)]


def test_from_an_editors_draft_to_a_publishers_report(
    editor: Client, publisher: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    follow(engine, 7)
    drafted(editor)
    page = publisher.get(f"{LIST}1").text
    assert "ตอนนี้ 7 คน" in page
    assert "ส่งถึง 7 คน ทันที" in page
    minute(engine, redis, line_server.host, NOW)
    assert received(line_server) == {}  # a draft goes nowhere
    answer = publisher.post(f"{LIST}1/send", {"seen": seen(publisher)}, follow_redirects=True)
    assert "สั่งส่งแล้ว ระบบจะเริ่มส่งภายในหนึ่งนาที" in answer.text
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=1))
    assert received(line_server) == dict.fromkeys(users(7), 1)
    page = publisher.get(f"{LIST}1").text
    assert "ผลการส่ง" in page
    assert re.search(r'data-tally="sent"><dt>ส่งแล้ว</dt><dd><span>7</span>', page)
    assert "ถึงแล้ว 7 จาก 7 ราย" in publisher.get(LIST).text
    assert log(engine) == [("publisher", "broadcast.send", "#1 เปิดรับ"), ("editor", "broadcast.create", "#1 เปิดรับ")]


def test_live_progress_counts_up(
    publisher: Client, editor: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    follow(engine, 1200)
    drafted(editor)
    publisher.post(f"{LIST}1/send", {"seen": seen(publisher)})
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=1), most=0)
    now = publisher.get(f"{LIST}1/progress").json
    assert now is not None
    assert (now["state"], now["total"], now["planned"]) == ("sending", 1200, True)
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=2))
    now = publisher.get(f"{LIST}1/progress").json
    assert now is not None
    assert (now["final"], now["over"], now["counts"]["sent"]) == (True, 1200, 1200)


def test_a_draft_is_edited_and_nobody_overwrites_what_he_has_not_seen(editor: Client, engine: Engine) -> None:
    drafted(editor, card_title="ประชุม", card_text="บรรทัดหนึ่ง\nบรรทัดสอง", card_button="เปิด", card_link="https://example.go.th/x", audience="subject", subject="pmqa")  # fmt: skip
    form = editor.get(f"{LIST}1/edit").text
    for shown in ("เปิดรับสมัครแล้ว", "บรรทัดหนึ่ง\nบรรทัดสอง", 'value="https://example.go.th/x"'):
        assert shown in form
    assert re.search(r'<option selected value="pmqa">', form)
    was = broadcasts.digest(one(engine))
    assert editor.post(f"{LIST}1/edit", {**DRAFT, "text": "ใหม่", "seen": was}).status_code == 302
    assert one(engine).messages == [{"type": "text", "text": "ใหม่"}]
    again = editor.post(f"{LIST}1/edit", {**DRAFT, "text": "ของฉัน", "seen": was})
    assert "มีผู้อื่นแก้ไขข้อความนี้" in again.text
    assert "ของฉัน" in again.text  # what was typed stays
    assert one(engine).messages == [{"type": "text", "text": "ใหม่"}]


def test_what_was_changed_after_it_was_looked_at_is_not_sent(
    editor: Client, publisher: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    follow(engine, 2)
    drafted(editor)
    looked_at = seen(publisher)
    editor.post(f"{LIST}1/edit", {**DRAFT, "text": "อีกอย่าง", "seen": looked_at})
    for path, more in (("send", {}), ("schedule", {"day": "21/1/2569", "at": "9.00"})):
        answer = publisher.post(f"{LIST}1/{path}", {"seen": looked_at, **more}, follow_redirects=True)
        assert "มีผู้อื่นแก้ไขข้อความนี้" in answer.text
    assert one(engine).state == stored.DRAFT
    publisher.post(f"{LIST}1/send", {"seen": ""})
    assert one(engine).state == stored.DRAFT
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=1))
    assert received(line_server) == {}


def test_at_a_time_of_the_buddhist_era(publisher: Client, editor: Client, engine: Engine) -> None:
    drafted(editor)
    answer = publisher.post(f"{LIST}1/schedule", {"day": "21 ม.ค. 69", "at": "9.30", "seen": seen(publisher)}, follow_redirects=True)  # fmt: skip
    assert "21 ม.ค. 2569 09:30 น." in answer.text
    found = one(engine)
    assert (found.state, found.send_at) == (stored.SCHEDULED, datetime(2026, 1, 21, 9, 30, tzinfo=BANGKOK))


@pytest.mark.parametrize(
    ("day", "at", "because"),
    [
        ("19/1/2569", "9.00", "เวลานั้นผ่านไปแล้ว"),
        ("21/1/2569", "21.00", "ระหว่าง 20.00 ถึง 08.00"),
        ("21/1/2569", "", "กรุณาระบุเวลา"),
        ("21/1/2026", "9.00", "คือ 2569"),
        ("1-3/2/2569", "9.00", "วันเดียว"),
        ("31/2/2569", "9.00", "ไม่มีวันที่ 31"),
        ("", "9.00", "กรุณาระบุวันที่"),
        ("ก.พ. 2569", "9.00", "มีเวลาแต่ไม่มีวันที่"),
    ],
)
def test_a_time_that_does_not_fit_is_refused(
    publisher: Client, editor: Client, engine: Engine, day: str, at: str, because: str
) -> None:
    drafted(editor)
    answer = publisher.post(f"{LIST}1/schedule", {"day": day, "at": at, "seen": seen(publisher)})
    assert because in answer.text
    assert one(engine).state == stored.DRAFT


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"text": ""}, "ยังไม่มีเนื้อหา"),
        ({"text": " \n "}, "ยังไม่มีเนื้อหา"),
        ({"text": "ก" * 5001}, "LINE รับได้ไม่เกิน 5,000"),
        ({"card_title": "มีแต่หัว"}, "การ์ดต้องมีทั้งหัวเรื่องและเนื้อความ"),
        ({"card_title": "ก", "card_text": "ข", "card_link": "http://x.go.th", "card_button": "ค"}, "ขึ้นต้นด้วย https://"),
        ({"card_title": "ก", "card_text": "ข", "card_link": "javascript:alert(1)", "card_button": "ค"}, "https://"),
        ({"card_title": "ก", "card_text": "ข", "card_button": "ค"}, "กรุณาใส่ลิงก์"),
        ({"audience": "subject", "subject": "nothing"}, "กรุณาเลือกเรื่องจากรายการ"),
        ({"audience": "all"}, "กรุณาเลือกจากรายการ"),
    ],
)
def test_a_draft_that_cannot_be_sent_is_not_kept(
    editor: Client, engine: Engine, changed: dict[str, str], because: str
) -> None:
    answer = editor.post(NEW, {**DRAFT, "subject": "awards", **changed})
    assert answer.status_code == 200
    assert because in answer.text
    with engine.connect() as connection:
        assert stored.count(connection) == 0


def test_the_preview_is_what_would_be_sent(editor: Client, engine: Engine) -> None:
    follow(engine, 3)
    form = {**DRAFT, "subject": "awards", "card_title": "ประชุม", "card_text": "ออนไลน์"}
    found = editor.http.post(f"{LIST}preview", data=form, headers={"X-CSRFToken": editor.token()}).json
    assert found is not None
    assert (found["users"], found["problem"]) == (3, "")
    drafted(editor, card_title="ประชุม", card_text="ออนไลน์")
    assert found["messages"] == one(engine).messages
    empty = editor.http.post(f"{LIST}preview", data={"text": ""}, headers={"X-CSRFToken": editor.token()}).json
    assert empty is not None
    assert "ยังไม่มีเนื้อหา" in empty["problem"]


@pytest.mark.usefixtures("worker")
def test_a_test_goes_to_the_chosen_one_alone(
    editor: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    line_server.answers[f"/v2/bot/profile/{user(901)}"] = {"userId": user(901), "displayName": "สมหญิง <b>"}
    follow(engine, 3)
    drafted(editor)
    page = editor.get(f"{LIST}1/test").text
    assert "สมหญิง &lt;b&gt;" in page
    assert user(901) not in page
    answer = editor.post(f"{LIST}1/test", {"target": "1"}, follow_redirects=True)
    assert "ส่งทดสอบแล้ว" in answer.text
    assert received(line_server) == {user(902): 1}
    assert one(engine).state == stored.DRAFT
    assert log(engine)[0] == ("editor", "broadcast.test", "#1")
    assert editor.post(f"{LIST}1/test", {"target": "2"}).status_code == 400
    assert editor.post(f"{LIST}1/test", {"target": "-1"}).status_code == 400
    line_server.failures.append((400, {"message": "no"}))
    answer = editor.post(f"{LIST}1/test", {"target": "0"}, follow_redirects=True)
    assert "LINE ไม่รับข้อความนี้" in answer.text


def test_paused_resumed_and_cancelled(
    publisher: Client, editor: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    follow(engine, 3)
    drafted(editor)
    publisher.post(f"{LIST}1/send", {"seen": seen(publisher)})
    assert "พักไว้" in publisher.post(f"{LIST}1/pause", follow_redirects=True).text
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=1))
    assert received(line_server) == {}
    assert "ส่งต่อ" in publisher.get(f"{LIST}1").text
    publisher.post(f"{LIST}1/resume")
    assert one(engine).state == stored.SCHEDULED
    publisher.post(f"{LIST}1/cancel")
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=2))
    assert received(line_server) == {}
    assert "ยกเลิกแล้ว" in publisher.post(f"{LIST}1/pause", follow_redirects=True).text
    assert [action for _, action, _ in log(engine)] == [
        "broadcast.cancel", "broadcast.resume", "broadcast.pause", "broadcast.send", "broadcast.create",
    ]  # fmt: skip


# What needs a person


def trouble(engine: Engine, state: str, problem: str, number: int = 1) -> int:
    """One Delivery of that Broadcast is in this state; its id."""
    with engine.begin() as connection:
        table = deliveries_table
        first = rows(engine, number)[0].id
        connection.execute(
            table.update().where(table.c.id == first).values(state=state, problem=problem, done_at=utc_now())
        )
    return int(first)


def sent(publisher: Client, editor: Client, engine: Engine, redis: Redis, line_server: LineServer) -> None:
    follow(engine, 2)
    drafted(editor)
    publisher.post(f"{LIST}1/send", {"seen": seen(publisher)})
    minute(engine, redis, line_server.host, NOW + timedelta(minutes=1))


@pytest.mark.parametrize(
    ("state", "problem", "advice"),
    [
        ("uncertain", "no certain answer in 23 hours", "ถามผู้รับสักคนว่าได้รับหรือไม่"),
        ("failed", "refused (401)", "ตรวจรหัสเชื่อมต่อ LINE"),
        ("failed", "refused (400)", "ตรวจเนื้อหาแล้วร่างใหม่"),
        ("failed", "refused (500)", "ลองส่งอีกครั้ง"),
    ],
)
def test_each_says_what_to_do(
    publisher: Client, editor: Client, viewer: Client, engine: Engine, redis: Redis, line_server: LineServer,
    state: str, problem: str, advice: str,
) -> None:  # fmt: skip
    sent(publisher, editor, engine, redis, line_server)
    assert "ไม่มีอะไรค้าง" in publisher.get(f"{LIST}attention").text
    trouble(engine, state, problem)
    for page in (publisher.get(f"{LIST}attention").text, publisher.get(f"{LIST}1").text):
        assert advice in page
        assert "ส่งอีกครั้ง" in page
    assert "ต้องจัดการ 1 รายการ" in publisher.get(LIST).text
    looked = viewer.get(f"{LIST}attention").text
    assert advice in looked
    assert "/settle" not in looked


@pytest.mark.parametrize(("wanted", "state"), [("sent", "sent"), ("failed", "failed"), ("again", "created")])
def test_an_uncertain_one_is_settled_by_a_person(
    publisher: Client, editor: Client, engine: Engine, redis: Redis, line_server: LineServer, wanted: str, state: str
) -> None:
    sent(publisher, editor, engine, redis, line_server)
    number = trouble(engine, "uncertain", "its retry key is too old")
    answer = publisher.post(f"{LIST}deliveries/{number}/settle", {"state": wanted}, follow_redirects=True)
    assert "บันทึกแล้ว" in answer.text
    assert "ไม่มีอะไรค้าง" in answer.text
    assert dict(states(engine)) == {state: 2}
    if wanted == "again":
        line_server.spent.clear()  # LINE has forgotten the key by then
        minute(engine, redis, line_server.host, NOW + timedelta(minutes=2))
        assert received(line_server) == dict.fromkeys(users(2), 2)
    assert ("publisher", "broadcast.settle", "#1 เปิดรับ") in log(engine)
    twice = publisher.post(f"{LIST}deliveries/{number}/settle", {"state": "sent"}, follow_redirects=True)
    assert "บันทึกแล้ว" not in twice.text or wanted == "failed"
    assert publisher.post(f"{LIST}deliveries/{number}/settle", {"state": "cancelled"}).status_code == 400


def test_what_is_held_says_what_it_takes(
    publisher: Client, editor: Client, engine: Engine, redis: Redis, line_server: LineServer
) -> None:
    line_server.answers["/v2/bot/message/quota"] = {"type": "limited", "value": 10}
    line_server.answers["/v2/bot/message/quota/consumption"] = {"totalUsage": 10}
    sent(publisher, editor, engine, redis, line_server)
    assert received(line_server) == {}
    page = publisher.get(f"{LIST}attention").text
    assert "โควตาไม่พอ ขาดอีกประมาณ 2 ข้อความ" in page
    assert "เพิ่มโควตาใน LINE Official Account Manager" in page
    publisher.post(f"{LIST}1/cancel")
    assert "ไม่มีอะไรค้าง" in publisher.get(f"{LIST}attention").text


# Who may not


@pytest.mark.parametrize("step", ["send", "schedule", "pause", "resume", "cancel"])
def test_an_editor_sends_nothing(editor: Client, engine: Engine, step: str) -> None:
    drafted(editor)
    digest = broadcasts.digest(one(engine))
    assert editor.post(f"{LIST}1/{step}", {"seen": digest, "day": "21/1/2569", "at": "9.00"}).status_code == 403
    assert one(engine).state == stored.DRAFT
    page = editor.get(f"{LIST}1").text
    assert f"/{step}" not in page
    assert editor.post(f"{LIST}deliveries/1/settle", {"state": "sent"}).status_code == 403


def test_a_viewer_writes_nothing(viewer: Client, editor: Client, engine: Engine) -> None:
    drafted(editor)
    for path in (NEW, f"{LIST}1/edit", f"{LIST}preview", f"{LIST}1/test"):
        assert viewer.post(path, DRAFT).status_code == 403, path
    for path in (NEW, f"{LIST}1/edit", f"{LIST}1/test"):
        assert viewer.get(path).status_code == 403, path
    assert viewer.get(f"{LIST}1").status_code == 200


@pytest.mark.parametrize("path", ["new", "preview", "1/edit", "1/test", "1/send", "1/schedule", "1/pause", "1/resume", "1/cancel", "deliveries/1/settle"])  # fmt: skip
def test_a_form_from_elsewhere_is_refused(publisher: Client, editor: Client, engine: Engine, path: str) -> None:
    drafted(editor)
    data = {**DRAFT, "seen": broadcasts.digest(one(engine)), "target": "0", "state": "sent"}
    assert publisher.http.post(f"{LIST}{path}", data=data).status_code == 400
    forged = publisher.http.post(f"{LIST}{path}", data={**data, "csrf_token": "forged"})
    assert forged.status_code == 400
    assert one(engine).state == stored.DRAFT
    with engine.connect() as connection:
        assert stored.count(connection) == 1


def test_a_stored_script_is_only_ever_text(editor: Client, publisher: Client, engine: Engine) -> None:
    drafted(editor, text=EVIL, title=EVIL[:60], card_title=EVIL, card_text=EVIL)
    for path in (
        LIST,
        f"{LIST}1",
        f"{LIST}1/edit",
        f"{LIST}1/test",
        f"{LIST}attention",
        "/admin/audit-log/",
        "/admin/",
    ):
        page = publisher.get(path).text
        assert "<script>alert" not in page, path
        assert "<img src=x" not in page, path
    found = re.search(r'data-messages="([^"]*)"', publisher.get(f"{LIST}1").text)
    assert found

    assert json.loads(html.unescape(found[1])) == one(engine).messages


def test_reminders_are_shown_but_not_edited(publisher: Client, engine: Engine) -> None:
    with engine.begin() as connection:
        stored.create(
            connection, key="reminder:x", kind=stored.REMINDER, title="เตือน", messages=[{"type": "text", "text": "ก"}],
            audience=audiences.of_subjects(["awards"], "7d"), state=stored.DRAFT,
            created_at=NOW, created_by="lertrat",
        )  # fmt: skip
    page = publisher.get(f"{LIST}1").text
    assert "ระบบ (ตามปฏิทิน)" in page
    assert "/send" not in page
    assert "แก้ไขได้เฉพาะร่าง" in publisher.get(f"{LIST}1/edit", follow_redirects=True).text
    assert publisher.get(f"{LIST}2").status_code == 404


def test_subscribers_of_a_subject_are_counted(editor: Client, publisher: Client, engine: Engine) -> None:
    subscribe(engine, ["U1"], "service.innovation")
    subscribe(engine, ["U2", "C1"], "awards")
    subscribe(engine, ["U3"], "pmqa")
    drafted(editor, audience="subject", subject="service")
    page = publisher.get(f"{LIST}1").text
    assert "ตอนนี้ 2 คน 1 กลุ่ม" in page
    assert "ตามจำนวนสมาชิกของแต่ละกลุ่ม" in page
    drafted(editor, audience="test")
    assert "ตอนนี้ 2 คน" in publisher.get(f"{LIST}2").text


def test_no_test_list_is_said_so(engine: Engine, redis: Redis, redis_url: str, tmp_path: Path) -> None:
    app = create_app(console_settings(redis_url, "", tmp_path), engine=engine, redis=redis)
    editor = Client(app).sign_in_as(engine, "editor")
    assert "ยังไม่ได้ตั้งรายชื่อทดสอบ" in editor.post(NEW, {**DRAFT, "audience": "test"}).text
    drafted(editor)
    assert "ยังไม่ได้ตั้งรายชื่อทดสอบ" in editor.get(f"{LIST}1/test").text


def test_the_web_process_stays_light(app: Flask) -> None:
    """Sending goes through a worker; nothing of these pages loads LINE's SDK or what understands questions."""
    import subprocess
    import sys

    code = (
        "import sys, bot.admin.pages.broadcasts, bot.admin.pages.calendar\n"
        "print(sorted({'linebot', 'sklearn', 'pythainlp', 'numpy', 'yaml', 'rapidfuzz'} & "
        "{name.partition('.')[0] for name in sys.modules}))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
