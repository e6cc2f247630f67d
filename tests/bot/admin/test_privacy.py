"""Personal data: what is stored and for how long, found by a code, handed over, erased; and nothing of it where it need not be."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, select

from bot.admin import chat_hold, personal_data, privacy_facts
from bot.app import create_app
from bot.chat_codes import as_written, coder, is_of
from bot.clock import delete_what_expired
from bot.conversation import ConversationStore
from bot.effects import Effects
from bot.inbox import ChatLock, Inbox
from bot.now import utc_now
from bot.settings import Settings
from bot.storage import audit, console_jobs, deliveries, handovers, personal
from bot.storage.audit import Wanted
from bot.storage.console_tables import audit as audit_table
from bot.storage.tables import metadata
from bot.turn import Conversation, EraseChat, KeepFollower, OpenHandover, Quiz, RecordReminderWish
from knowledge.quiz import Response
from tests.bot.admin.conftest import Client, account, console_settings, no_redis
from tests.bot.talk import CHAT, event

SECRET = "secret-key-of-the-tests"  # as in console_settings
OTHER = "U" + "b" * 32
GROUP = "C" + "c" * 32
CODE = coder(SECRET)(CHAT)


def fill(engine: Engine, redis: Redis, *chats: str) -> None:
    """Everything that can be stored of some chats, and a message that went to all of them."""
    effects = Effects(engine, SECRET)
    for number, chat in enumerate(chats):
        source = {"U": "user", "C": "group"}[chat[0]]
        said = [
            event(id=f"{number}-{place}", chat=chat, user=chat, source=source, message_id="m") for place in range(3)
        ]
        if source == "user":
            effects.perform(KeepFollower(), said[0])
        effects.perform(RecordReminderWish(("awards",), ("7d",), 1), said[1])
        effects.perform(OpenHandover("ช่วยดูผลงานให้หน่อย"), said[2])
        store = ConversationStore(redis, 3600)
        store.save(
            chat,
            Conversation(
                subjects=("pmqa",), last_question="ถามลับ", quiz=Quiz("q", 2568, (Response("focus", {"focus": None}),))
            ),
        )
    with engine.begin() as connection:
        number = _broadcast(connection)
        deliveries.write(connection, number, sorted(chats), state=deliveries.SENT, done_at=utc_now())


def _broadcast(connection: Any) -> int:
    number: int = connection.execute(
        metadata.tables["broadcasts"]
        .insert()
        .values(
            key="message:1",
            kind="message",
            title="ประกาศ",
            messages=[],
            audience={"kind": "everyone"},
            urgency=1,
            state="done",
            at_night=False,
            cursor="",
            created_at=utc_now(),
            created_by="tests",
            note="",
        )
        .returning(metadata.tables["broadcasts"].c.id)
    ).scalar_one()
    return number


def everything(engine: Engine, redis: Redis) -> str:
    """All that is stored, as one text."""
    with engine.connect() as connection:
        rows = [repr(row) for table in metadata.sorted_tables for row in connection.execute(select(table))]
    keys = [(key, redis.dump(key)) for key in redis.scan_iter("*")]
    return "\n".join([*rows, *map(repr, keys)])


def logged(engine: Engine, action: str) -> list[audit.Record]:
    with engine.connect() as connection:
        return audit.found(connection, Wanted(action=action))


# The code


def test_a_code_is_read_however_it_is_typed() -> None:
    assert len(CODE) == 14
    for typed in (CODE.lower(), CODE.replace("-", ""), f"  {CODE} ", CODE.replace("-", " "), CODE.replace("-", "–")):
        assert as_written(typed) == CODE
    assert as_written("OIL0-0000-0000") == "0110-0000-0000"
    assert as_written("๑๒๓๔-5678-9ABC") == "1234-5678-9ABC"
    for wrong in ("", "7K2M", CODE + "0", "กขคง-ABCD-EFGH", "<b>-ABCD-EFGH"):
        assert as_written(wrong) == ""


def test_a_code_is_of_one_chat_and_of_one_secret() -> None:
    code = coder(SECRET)
    assert code(CHAT) == CODE
    assert len({code(f"U{number:032x}") for number in range(20_000)}) == 20_000
    assert coder("another secret key")(CHAT) != CODE
    assert [is_of(SECRET, CODE)(chat) for chat in (CHAT, OTHER)] == [True, False]
    assert all(is_of(SECRET, code(f"U{number:032x}"))(f"U{number:032x}") for number in range(1000))
    assert CHAT[1:9] not in CODE


# Who may do what


def test_every_page_says_what_is_kept_and_for_how_long(
    redis: Redis, redis_url: str, engine: Engine, tmp_path: Path
) -> None:
    settings = console_settings(
        redis_url, "", tmp_path, conversation_hours=7, handover_days=11, delivery_days=13, unanswered_days=17
    )
    viewer = Client(create_app(settings, engine=engine, redis=redis)).sign_in_as(engine, "viewer")
    for path in ("/admin/privacy/", "/admin/privacy/auditor"):
        page = viewer.get(path).text
        for said in ("7 ชั่วโมง", "11 วัน", "13 วัน", "17 วัน", "25 ชั่วโมง"):
            assert said in page, (path, said)


def test_only_an_owner_is_offered_the_search(viewer: Client, app: Flask, engine: Engine) -> None:
    assert 'name="code"' not in viewer.get("/admin/privacy/").text
    assert 'name="code"' in Client(app).sign_in_as(engine, "owner").get("/admin/privacy/").text


def test_a_publisher_cannot_find_export_or_erase(publisher: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT)
    for path in ("find", "export", "erase"):
        assert publisher.post(f"/admin/privacy/{path}", {"code": CODE, "sure": "y"}).status_code == 403
    assert CHAT in everything(engine, redis)
    assert logged(engine, "privacy") == []


# A person's rights


def test_a_chat_is_found_by_its_code_and_never_shown_by_its_id(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT, OTHER)
    page = owner.post("/admin/privacy/find", {"code": CODE.lower().replace("-", " ")}).text
    assert f'<span class="secret">{CODE}</span>' in page
    assert "แชทส่วนตัว" in page
    assert "<dt>การเตือนที่ขอไว้</dt><dd>1 รายการ</dd>" in page
    assert "<dt>ข้อความที่ส่งถึง</dt><dd>1 รายการ</dd>" in page
    assert CHAT not in page
    assert "ถามลับ" not in page, "what somebody said is in the file that they asked for, not on the screen"
    [record] = logged(engine, "privacy.find")
    assert record.object.startswith("เลขที่ ")
    assert record.object.removeprefix("เลขที่ ") in page
    assert CODE not in repr(record)


def test_a_group_and_a_chat_with_nothing_but_a_conversation_are_found_too(
    owner: Client, engine: Engine, redis: Redis
) -> None:
    fill(engine, redis, GROUP)
    ConversationStore(redis, 60).save(OTHER, Conversation(last_question="ถาม"))
    assert "กลุ่ม" in owner.post("/admin/privacy/find", {"code": coder(SECRET)(GROUP)}).text
    page = owner.post("/admin/privacy/find", {"code": coder(SECRET)(OTHER)}).text
    assert "<dt>บทสนทนาล่าสุด</dt><dd>มี" in page


@pytest.mark.parametrize(
    ("code", "told"), [("ABC", "รหัสไม่ถูกต้อง"), ("0000-0000-0000", "ไม่พบข้อมูลของรหัสนี้"), ("", "กรุณากรอกช่องนี้")]
)
def test_a_wrong_code_is_told_in_thai(owner: Client, code: str, told: str) -> None:
    for path in ("find", "export", "erase"):
        answer = owner.post(f"/admin/privacy/{path}", {"code": code, "sure": "y"})
        assert answer.status_code == 200
        assert told in answer.text


def test_the_file_holds_all_of_the_chat_and_nothing_of_others(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT, OTHER)
    answer = owner.post("/admin/privacy/export", {"code": CODE})
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lertrat-personal-data.json"'
    assert CODE not in answer.headers["Content-Disposition"]
    whole = json.loads(answer.data)
    assert {kind: len(whole[kind]) for kind in personal_data.KINDS} == {
        "follower": 1,
        "consents": 1,
        "reminders": 1,
        "handovers": 1,
        "sent": 1,
        "rides": 0,
    }
    assert whole["handovers"][0]["question"] == "ช่วยดูผลงานให้หน่อย"
    assert whole["conversation"]["last_question"] == "ถามลับ"
    assert whole["sent"][0]["title"] == "ประกาศ"
    text = answer.data.decode()
    assert CHAT not in text
    assert OTHER not in text
    assert [record.object for record in logged(engine, "privacy.export")] == [f"เลขที่ {whole['reference']}"]


def test_every_table_that_knows_a_chat_is_in_the_file_and_in_the_erasure(engine: Engine) -> None:
    """A table that is added later is not forgotten: it has to be named in bot.storage.personal and bot.storage.erasure."""
    known = {"followers", "consents", "subscriptions", "handovers", "rides"}
    assert {table.name for table in metadata.sorted_tables if "chat" in table.c} == known
    assert {table.name for table in metadata.sorted_tables if "chats" in table.c} == {"delivery_recipients"}


def test_erasing_leaves_nothing_and_others_alone(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT, OTHER)
    answer = owner.post("/admin/privacy/erase", {"code": CODE, "sure": "y"}, follow_redirects=True)
    left = everything(engine, redis)
    assert CHAT not in left.replace(repr(CODE), "")
    assert "ลบข้อมูลทั้งหมดของแชทนี้แล้ว" in answer.text
    with engine.connect() as connection:
        kept = personal.of_chat(connection, OTHER)
    assert {kind: len(rows) for kind, rows in kept.items()} == {
        "follower": 1,
        "consents": 1,
        "reminders": 1,
        "handovers": 1,
        "sent": 1,
        "rides": 0,
    }
    assert ConversationStore(redis, 60).load(OTHER).last_question == "ถามลับ"
    [record] = logged(engine, "privacy.erase")
    assert record.object.removeprefix("เลขที่ ") in answer.text
    assert record.detail == {"การคุยกับเจ้าหน้าที่": 1, "การเตือนที่ขอไว้": 1, "ความยินยอม": 1, "เป็นผู้ติดตาม": 1, "ข้อความที่ส่งถึง": 1}
    assert "ไม่พบข้อมูลของรหัสนี้" in owner.post("/admin/privacy/find", {"code": CODE}).text


def test_it_is_the_same_erasure_as_in_the_chat(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT, OTHER)
    Effects(engine, SECRET, ConversationStore(redis, 60).forget).perform(EraseChat(), event(chat=OTHER, user=OTHER))
    owner.post("/admin/privacy/erase", {"code": CODE, "sure": "y"})
    left = everything(engine, redis)
    assert CHAT not in left
    assert OTHER not in left


def test_without_the_tick_nothing_is_erased(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT)
    page = owner.post("/admin/privacy/erase", {"code": CODE}).text
    assert "กรุณาทำเครื่องหมายเพื่อยืนยัน" in page
    assert CHAT in everything(engine, redis)
    assert logged(engine, "privacy.erase") == []


def test_a_chat_that_is_being_answered_is_left_until_that_is_over(
    engine: Engine, redis: Redis, owner: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_hold, "PATIENCE_SECONDS", 0.0)
    fill(engine, redis, CHAT)
    lock = ChatLock.seize(redis, CHAT)
    assert lock is not None
    assert "กำลังมีการตอบอยู่" in owner.post("/admin/privacy/erase", {"code": CODE, "sure": "y"}).text
    with engine.connect() as connection:
        assert len(personal.of_chat(connection, CHAT)["handovers"]) == 1
    lock.release()
    owner.post("/admin/privacy/erase", {"code": CODE, "sure": "y"})
    assert CHAT not in everything(engine, redis)


def test_what_was_sent_meanwhile_is_still_answered(engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT)
    queued: list[str] = []
    Inbox(redis, lambda chat: None).accept([event(id="late", text="ถาม", message_id="late")], 1)
    data = personal_data.PersonalData(engine, redis, SECRET, ConversationStore(redis, 60), queued.append)
    data.erase(account(engine, "owner"), CODE)
    assert queued == [CHAT]
    assert ConversationStore(redis, 60).load(CHAT) == Conversation()


def test_without_redis_nothing_is_erased_by_half(engine: Engine, redis: Redis, redis_url: str, tmp_path: Path) -> None:
    fill(engine, redis, CHAT)
    gone = no_redis(tmp_path)
    app = create_app(console_settings(redis_url, "", tmp_path), engine=engine, redis=gone)
    owner = Client(app).sign_in_as(engine, "owner")
    for path in ("find", "export", "erase"):
        assert "Redis ไม่ตอบ" in owner.post(f"/admin/privacy/{path}", {"code": CODE, "sure": "y"}).text
    with engine.connect() as connection:
        assert len(personal.of_chat(connection, CHAT)["handovers"]) == 1


# What happens by itself


def test_the_automatic_erasure_is_written_down(viewer: Client, engine: Engine) -> None:
    with engine.begin() as connection:
        handovers.open_handover(
            connection,
            event_id="e",
            chat=CHAT,
            source="user",
            user=CHAT,
            question="ถาม",
            opened_at=utc_now(),
            message_hash=None,
        )
        [open_one] = handovers.unclosed(connection)
        handovers.close(connection, open_one.id, utc_now() - timedelta(days=100))
    assert "ยังไม่มีบันทึกการลบอัตโนมัติ" in viewer.get("/admin/privacy/").text
    delete_what_expired(Settings(), engine)
    [record] = logged(engine, "privacy.retention")
    assert record.user is None
    assert record.detail == {"คำถามที่ตอบไม่ได้": 0, "การคุยกับเจ้าหน้าที่": 1, "รายการผู้รับข้อความ": 0}
    page = viewer.get("/admin/privacy/").text
    assert "(ครั้งล่าสุด)" in page
    assert "การคุยกับเจ้าหน้าที่ 1" in page
    assert "ไม่ได้ทำงานมาเกินหนึ่งวัน" not in page


def test_what_was_measured_with_peoples_questions_is_told_and_goes_with_time(viewer: Client, engine: Engine) -> None:
    now = utc_now()
    with engine.begin() as connection:
        old = [console_jobs.add(connection, "teach", {}, "tests", now - timedelta(days=31)) for _ in range(2)]
        console_jobs.end(connection, old[0], "done", {"changes": [{"question": "ถาม"}]}, now)
        new = console_jobs.add(connection, "teach", {}, "tests", now - timedelta(days=29))
        kept = next(one for one in privacy_facts.kept(connection, Settings()) if "ผลการตรวจฉบับร่าง" in one.what)
    assert (kept.count, kept.how_long) == (3, "30 วันหลังสั่งตรวจ")
    assert kept.what in viewer.get("/admin/privacy/").text
    delete_what_expired(Settings(), engine)
    with engine.connect() as connection:
        assert [job.id for job in console_jobs.listed(connection, "teach")] == [new]


def test_an_automatic_erasure_that_stopped_is_noticed(engine: Engine) -> None:
    delete_what_expired(Settings(), engine)
    with engine.connect() as connection:
        assert not privacy_facts.retention(connection, datetime.now(UTC)).late
        assert privacy_facts.retention(connection, datetime.now(UTC) + timedelta(hours=40)).late


def test_the_auditors_page_shows_what_was_done(owner: Client, viewer: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT)
    owner.post("/admin/privacy/erase", {"code": CODE, "sure": "y"})
    page = viewer.get("/admin/privacy/auditor").text
    assert "ลบข้อมูลของแชทตามคำขอ" in page
    assert "โดย owner" in page
    assert "เจ้าของระบบ 1 คน" in page
    assert CHAT not in page
    assert CODE not in page


def test_no_code_and_no_id_stays_in_the_log(owner: Client, engine: Engine, redis: Redis) -> None:
    fill(engine, redis, CHAT)
    for path in ("find", "export", "erase"):
        owner.post(f"/admin/privacy/{path}", {"code": CODE, "sure": "y"})
    with engine.connect() as connection:
        rows = repr(connection.execute(select(audit_table)).all())
    assert len(logged(engine, "privacy")) == 3
    assert CHAT not in rows
    assert CODE not in rows
