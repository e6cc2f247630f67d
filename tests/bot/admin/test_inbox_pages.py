"""The inbox over HTTP: masked, safe, each page for its role; teaching, new answers, hand-overs; on both databases."""

from __future__ import annotations

import html
import json
import re
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine, text, update

from bot.admin import chat_hold, drafts, handover_reply, teaching
from bot.admin.inbox_groups import AWAY_KEY, KEY, stamp_of
from bot.admin.worker_tasks import Office
from bot.app import create_app
from bot.conversation import ConversationStore
from bot.dispatch import Services
from bot.inbox import ChatLock, Inbox
from bot.now import utc_now
from bot.settings import Settings
from bot.storage import audit, console_jobs, handovers, revisions, unanswered
from bot.storage.tables import handover_messages
from bot.turn import Conversation
from tests.bot.admin.conftest import Client, account, console_settings
from tests.bot.admin.understanding import ask_in_vain, understanding_worker
from tests.bot.eventually import eventually
from tests.bot.line_server import PUSH, LineServer
from tests.bot.talk import event

EVIL = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
QUESTION = "ขอโพยสำหรับคนไม่เคยส่งนวัตกรรมบริการ"
LIKELY = "โพยเรื่องสิทธิบัตรของมือใหม่"
ENTRY = "2568/service.innovation.yaml|service.innovation.fits"
CHAT = "U" + "b" * 32


@pytest.fixture
def settings(redis_url: str, tmp_path: Path, line_server: LineServer) -> Settings:
    """LINE is the tests' own."""
    return console_settings(redis_url, "", tmp_path, line_api_host=line_server.host)


@pytest.fixture
def app(settings: Settings, engine: Engine, redis: Redis) -> Flask:
    """The web process."""
    return create_app(settings, engine=engine, redis=redis)


@pytest.fixture
def office(settings: Settings, engine: Engine, redis: Redis, services: Services) -> Iterator[Office]:
    """A worker."""
    with understanding_worker(settings, engine, redis, services) as office:
        yield office


@pytest.fixture
def few_questions(monkeypatch: pytest.MonkeyPatch) -> None:
    """The effect is measured on the first of the labelled questions: all of them take a while."""
    from intents import evaluation

    own = evaluation.own_labelled()[:25]
    monkeypatch.setattr(evaluation, "own_labelled", lambda: own)


@pytest.fixture
def no_worker(redis: Redis) -> None:
    """It did not answer a moment ago, so nobody waits for it."""
    redis.set(AWAY_KEY, "1")


def actions(engine: Engine) -> list[str]:
    """What the log has of the inbox, the oldest first."""
    with engine.connect() as connection:
        found = audit.found(connection, audit.Wanted())
    return [record.action for record in reversed(found) if record.action.startswith("inbox.")]


def open_handover(engine: Engine, question: str = "ส่งผลงานช้าได้ไหม", chat: str = CHAT) -> int:
    """Somebody asked for a person; the number."""
    with engine.begin() as connection:
        handovers.open_handover(
            connection,
            event_id=f"handover-{chat}",
            chat=chat,
            source="user",
            user=chat,
            question=question,
            opened_at=utc_now() - timedelta(minutes=5),
            message_hash=None,
        )
        found = handovers.unclosed_in(connection, chat)
    assert found is not None
    return found.id


# -- what is shown


@pytest.mark.usefixtures("no_worker")
def test_questions_are_shown_masked_and_as_text(viewer: Client, engine: Engine) -> None:
    ask_in_vain(engine, "โทรกลับ นายสมชาย ใจดี 081-234-5678", EVIL)
    page = viewer.get("/admin/inbox/").text
    assert "โทรกลับ นาย[ชื่อ] [เบอร์โทร]" in page
    assert "081-234-5678" not in page
    assert EVIL not in page
    assert "<img src=x" not in page
    assert html.escape("<script>alert(1)</script>") in page


@pytest.mark.usefixtures("no_worker")
def test_without_a_worker_the_same_words_are_one_group(viewer: Client, engine: Engine) -> None:
    ask_in_vain(engine, "ที่จอดรถ", "แต่งกาย")
    ask_in_vain(engine, "ที่จอดรถ", start=9)
    page = viewer.get("/admin/inbox/").text
    assert "2 เรื่อง จาก 3 คำถาม" in page
    assert "ระบบประมวลผลยังไม่ตอบ" in page
    assert page.index("ที่จอดรถ</a>") < page.index("แต่งกาย</a>")


@pytest.mark.usefixtures("no_worker")
def test_by_reason(viewer: Client, engine: Engine) -> None:
    ask_in_vain(engine, "ที่จอดรถ")
    ask_in_vain(engine, "ตอบไม่ตรงเลย", reason="unhelpful", start=5)
    page = viewer.get("/admin/inbox/?reason=unhelpful").text
    assert "ตอบไม่ตรงเลย" in page
    assert "ที่จอดรถ" not in page


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize("path", ["teach", "answer", "out-of-scope", "dismiss"])
def test_a_viewer_changes_nothing(viewer: Client, engine: Engine, path: str) -> None:
    (number,) = ask_in_vain(engine, "ที่จอดรถ")
    assert viewer.post(f"/admin/inbox/{number}/{path}", {"entry": ENTRY}).status_code == 403
    with engine.connect() as connection:
        assert unanswered.stamp(connection).count == 1


@pytest.mark.usefixtures("no_worker")
def test_a_question_that_is_gone_is_no_page(editor: Client) -> None:
    assert editor.get("/admin/inbox/999").status_code == 404
    assert editor.get("/admin/inbox/lessons/999").status_code == 404
    assert editor.get("/admin/inbox/people/999").status_code == 404


def test_what_a_worker_grouped_is_asked_once_while_nothing_changes(
    office: Office, viewer: Client, engine: Engine, redis: Redis
) -> None:
    ask_in_vain(engine, LIKELY)
    assert "น่าจะตอบด้วย" in viewer.get("/admin/inbox/").text
    kept = redis.get(KEY)
    assert isinstance(kept, bytes)
    assert LIKELY not in kept.decode()
    redis.set(KEY, kept.replace(b'"proposals": [{', b'"proposals": [], "x": [{'))
    assert "น่าจะตอบด้วย" not in viewer.get("/admin/inbox/").text
    ask_in_vain(engine, "ที่จอดรถ", start=3)
    assert "น่าจะตอบด้วย" in viewer.get("/admin/inbox/").text


# -- settling


@pytest.mark.usefixtures("no_worker")
def test_dismissed_and_brought_back(editor: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, "ที่จอดรถ")
    assert "ปิดเรื่องแล้ว 1 คำถาม" in editor.post(f"/admin/inbox/{number}/dismiss", follow_redirects=True).text
    assert editor.get(f"/admin/inbox/{number}").status_code == 404
    assert "ที่จอดรถ" in editor.get("/admin/inbox/settled").text
    editor.post(f"/admin/inbox/settled/{number}/reopen")
    assert editor.get(f"/admin/inbox/{number}").status_code == 200
    assert actions(engine) == ["inbox.dismissed", "inbox.reopen"]


@pytest.mark.usefixtures("no_worker")
def test_out_of_scope_joins_the_draft_of_what_is_refused(editor: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, "นายสมชาย ใจดี ที่จอดรถอยู่ไหน")
    editor.post(f"/admin/inbox/{number}/out-of-scope")
    with engine.connect() as connection:
        seen = drafts.entry_of(connection, "phrases.yaml", "out_of_scope.near")
        (question,) = unanswered.by_ids(connection, [number])
    assert seen is not None
    assert seen.keys[""][-1] == "ที่จอดรถอยู่ไหน"
    assert question.state == "out_of_scope"


@pytest.mark.usefixtures("no_worker")
def test_what_was_refused_as_out_of_scope_already_changes_no_draft(editor: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, "ราคาทองวันนี้", reason="out_of_scope")
    editor.post(f"/admin/inbox/{number}/out-of-scope")
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()


def hidden(page: str, name: str) -> list[str]:
    """The values of a form's hidden field."""
    return re.findall(rf'name="{name}" value="([^"]*)"', page)


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize("way", ["dismiss", "out-of-scope", "answer"])
def test_what_was_asked_since_the_page_was_opened_is_not_settled_unseen(
    editor: Client, engine: Engine, redis: Redis, way: str
) -> None:
    first, second = ask_in_vain(engine, "ที่จอดรถอยู่ไหน", "ที่จอดรถ อยู่ไหน")
    together(redis, engine, [second, first])
    page = editor.get(f"/admin/inbox/{second}" + ("/answer" if way == "answer" else "")).text
    shown = set(hidden(page, "shown"))
    assert shown == {f"{second},{first}"}
    (third,) = ask_in_vain(engine, "ที่จอดรถของคนพิการอยู่ไหน", start=5)
    together(redis, engine, [third, second, first])
    sent = {"shown": shown.pop(), **(ANSWER if way == "answer" else {})}
    assert editor.post(f"/admin/inbox/{second}/{way}", sent).status_code == 302
    with engine.connect() as connection:
        assert [question.id for question in unanswered.listed(connection)] == [third]


def together(redis: Redis, engine: Engine, ids: list[int]) -> None:
    """What a worker would have found: one group."""
    with engine.connect() as connection:
        stamp = stamp_of(connection)
    redis.set(KEY, json.dumps({"stamp": stamp, "groups": [{"ids": ids, "now": "", "proposals": []}]}))


# -- a new answer

ANSWER = {
    "subject": "2568/awards.yaml",
    "attribute": "apply",
    "gist": "จอดรถได้ที่อาคารจอดรถ",
    "text": "",
    "source": "https://www.example.go.th/parking",
    "phrasings": "จอดรถที่ไหน\nมีที่จอดรถไหม",
}


@pytest.mark.usefixtures("no_worker")
def test_a_new_answer_goes_to_the_draft(editor: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, "จอดรถที่ไหน")
    done = editor.post(f"/admin/inbox/{number}/answer", ANSWER)
    assert done.status_code == 302, done.text
    with engine.connect() as connection:
        entry = drafts.entry_of(connection, "2568/awards.yaml", "awards.faq")
        (question,) = unanswered.by_ids(connection, [number])
    assert entry is not None
    assert entry.keys == {
        "id": "awards.faq",
        "attribute": "apply",
        "gist": ANSWER["gist"],
        "source": {"urls": [ANSWER["source"]]},
        "phrasings": ["จอดรถที่ไหน", "มีที่จอดรถไหม"],
    }
    assert (question.state, question.entry) == ("faq", "2568/awards.yaml: awards.faq")


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize(
    "wrong",
    [
        {"gist": ""},
        {"source": ""},
        {"source": "ถามคนข้าง ๆ มา"},
        {"source": "99-1"},
        {"subject": "2568/facts.yaml"},
        {"attribute": "quiz"},
        {"phrasings": "  \n "},
    ],
)
def test_a_new_answer_that_is_incomplete_writes_nothing(editor: Client, engine: Engine, wrong: dict[str, str]) -> None:
    (number,) = ask_in_vain(engine, "จอดรถที่ไหน")
    page = editor.post(f"/admin/inbox/{number}/answer", {**ANSWER, **wrong})
    assert page.status_code == 200
    assert "alert-danger" in page.text
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()
        assert unanswered.stamp(connection).count == 1


@pytest.mark.usefixtures("no_worker")
def test_a_new_answer_that_comes_at_the_same_moment_as_another_keeps_what_was_typed(
    editor: Client, engine: Engine
) -> None:
    if engine.dialect.name != "postgresql":
        pytest.skip("on SQLite one writes at a time")
    (number,) = ask_in_vain(engine, "จอดรถที่ไหน")
    token, pages = editor.token(), []

    def send() -> None:
        data = {**ANSWER, "csrf_token": token}
        pages.append(editor.http.post(f"/admin/inbox/{number}/answer", data=data))

    sending = threading.Thread(target=send)
    with engine.begin() as connection:
        keys = {"id": "awards.faq", "attribute": "apply", "gist": "อื่น", "source": {"lines": "1"}, "phrasings": ["อื่น"]}
        drafts.add_entry(connection, account(engine, "editor", "mana"), "2568/awards.yaml", "texts", keys)
        sending.start()
        waiting = text("SELECT count(*) FROM pg_locks WHERE NOT granted")
        with engine.connect() as other:
            eventually(lambda: other.execute(waiting).scalar_one() > 0)
    sending.join()
    assert pages[0].status_code == 200
    assert "คุณ mana แก้รายการนี้ไปแล้ว" in pages[0].text
    assert ANSWER["gist"] in pages[0].text
    with engine.connect() as connection:
        assert unanswered.stamp(connection).count == 1


# -- teaching


def measured(client: Client, engine: Engine, number: int, **more: Any) -> int:
    """Begin a lesson, and wait until it is measured; its job."""
    done = client.post(f"/admin/inbox/{number}/teach", {"entry": ENTRY, **more})
    assert done.status_code == 302, done.text
    job = int(re.findall(r"\d+", done.location)[-1])

    def over() -> bool:
        with engine.connect() as connection:
            found = console_jobs.by_id(connection, job)
        return found is not None and found.state in ("done", "failed")

    eventually(over, seconds=120)
    return job


@pytest.mark.usefixtures("few_questions")
def test_taught_measured_published_and_live(office: Office, publisher: Client, engine: Engine) -> None:
    number, other = ask_in_vain(engine, QUESTION, "ที่จอดรถอยู่ไหน")
    job = measured(publisher, engine, number)
    page = publisher.get(f"/admin/inbox/lessons/{job}").text
    assert "จะตอบด้วยรายการนี้" in page
    assert "คำถามชุดวัดผล 25 ข้อ" in page
    with engine.connect() as connection:
        assert revisions.newest_id(connection) is None
    done = publisher.post(f"/admin/inbox/lessons/{job}/publish", follow_redirects=True)
    assert "เผยแพร่เป็นฉบับที่ 1" in done.text
    eventually(lambda: office.published.serving is not None and office.published.serving.revision == 1, seconds=60)
    match = office.published.current().matchers[2568].match(QUESTION)
    assert (match.decision, match.best.entry) == ("answer", "service.innovation.fits")
    with engine.connect() as connection:
        states = {question.id: question.state for question in unanswered.by_ids(connection, [number, other])}
    assert states == {number: "taught", other: "open"}
    assert actions(engine) == ["inbox.teach"]
    # Once more changes nothing: the questions are settled, and another Revision is published by now.
    again = publisher.post(f"/admin/inbox/lessons/{job}/publish")
    assert "alert-danger" in again.text
    with engine.connect() as connection:
        assert revisions.newest_id(connection) == 1


@pytest.mark.usefixtures("few_questions")
def test_an_editor_cannot_publish_but_puts_it_into_the_draft(office: Office, editor: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    job = measured(editor, engine, number)
    assert editor.post(f"/admin/inbox/lessons/{job}/publish").status_code == 403
    assert "เผยแพร่ให้ผู้ช่วยตอบแบบนี้" not in editor.get(f"/admin/inbox/lessons/{job}").text
    editor.post(f"/admin/inbox/lessons/{job}/draft")
    with engine.connect() as connection:
        seen = drafts.entry_of(connection, *ENTRY.split("|"))
        assert revisions.newest_id(connection) is None
    assert seen is not None
    assert seen.keys["phrasings"][-1] == QUESTION


def lesson_done(engine: Engine, number: int, **result: Any) -> int:
    """A lesson with a result as a worker would have left it; its job."""
    path, _, name = ENTRY.partition("|")
    lesson = teaching.Lesson((number,), path, name, (QUESTION,))
    with engine.begin() as connection:
        based_on, base = drafts.published(connection)
        digest = drafts.digest_of(teaching.documents_with(base, lesson), based_on)
        request = {"ids": [number], "path": lesson.path, "name": lesson.name, "phrasings": [QUESTION]}
        job = console_jobs.add(connection, teaching.MEASURE, request, "tests", utc_now())
        told = {
            "digest": digest,
            "based_on": based_on,
            "problems": [],
            "before": 10,
            "after": 9,
            "total": 10,
            "regressions": 1,
            "improvements": 0,
            "changes": [],
            "answers": [{"id": number, "before": "out_of_scope", "after": "answered", "right": True}],
        }
        console_jobs.begin(connection, job)
        console_jobs.end(connection, job, "done", {**told, **result}, utc_now())
    return job


def test_what_makes_something_worse_needs_a_reason(publisher: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    job = lesson_done(engine, number)
    page = publisher.post(f"/admin/inbox/lessons/{job}/publish", {"reason": "  "}).text
    assert "กรุณาเขียนเหตุผล" in page
    with engine.connect() as connection:
        assert revisions.newest_id(connection) is None
    publisher.post(f"/admin/inbox/lessons/{job}/publish", {"reason": "คำถามนั้นเลิกใช้แล้ว"})
    with engine.connect() as connection:
        (revision,) = revisions.listed(connection)
    assert "คำถามนั้นเลิกใช้แล้ว" in revision.note


@pytest.mark.parametrize("result", [{"digest": "another"}, {"problems": ["broken"]}])
def test_what_was_not_measured_just_so_is_never_published(
    publisher: Client, engine: Engine, result: dict[str, Any]
) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    job = lesson_done(engine, number, **result)
    publisher.post(f"/admin/inbox/lessons/{job}/publish", {"reason": "x"})
    with engine.connect() as connection:
        assert revisions.newest_id(connection) is None
        assert unanswered.stamp(connection).count == 1
    assert actions(engine) == []


def test_what_stands_in_the_draft_is_not_published_with_a_lesson(publisher: Client, engine: Engine) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    with engine.begin() as connection:
        someone = account(engine, "editor")
        drafts.put_entry(connection, someone, "2568/service.yaml", "service.definition", {"gist": "ยังไม่พร้อม"}, 0)
    job = lesson_done(engine, number)
    publisher.post(f"/admin/inbox/lessons/{job}/publish", {"reason": "x"})
    with engine.connect() as connection:
        documents = revisions.documents_of(connection, 1)
        assert documents is not None
        assert "ยังไม่พร้อม" not in documents["2568/service.yaml"]
        assert QUESTION in documents["2568/service.innovation.yaml"]
        draft = drafts.draft(connection)
    assert (len(draft.rows), draft.stale) == (1, ())


@pytest.mark.usefixtures("no_worker")
@pytest.mark.parametrize("entry", ["", "|", "2568/service.yaml|nothing", "../x|y", EVIL])
def test_an_entry_that_is_none_teaches_nothing(editor: Client, engine: Engine, entry: str) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    page = editor.post(f"/admin/inbox/{number}/teach", {"entry": entry})
    assert (page.status_code, "alert-danger" in page.text) == (200, True)
    assert EVIL not in page.text


# -- hand-overs


def test_an_officers_answer_is_pushed_once_and_the_assistant_keeps_quiet(
    office: Office, editor: Client, engine: Engine, line_server: LineServer
) -> None:
    number = open_handover(engine)
    done = editor.post(f"/admin/inbox/people/{number}/reply", {"text": "ส่งได้ถึงวันศุกร์"}, follow_redirects=True)
    assert "ส่งข้อความถึงผู้ถามแล้ว" in done.text
    (pushed,) = line_server.accepted(PUSH)
    assert (pushed["to"], pushed["messages"]) == (CHAT, [{"type": "text", "text": "ส่งได้ถึงวันศุกร์"}])
    with engine.connect() as connection:
        found = handovers.by_id(connection, number)
        (said,) = handovers.thread(connection, number)
    assert found is not None
    assert found.state == "answered"
    assert said.sent_at is not None
    assert actions(engine) == ["inbox.reply"]


def test_what_line_did_not_take_is_kept_and_goes_again_under_its_own_key(
    office: Office, editor: Client, engine: Engine, line_server: LineServer
) -> None:
    number = open_handover(engine)
    line_server.failures.append((500, {"message": "error"}))
    page = editor.post(f"/admin/inbox/people/{number}/reply", {"text": "สวัสดีค่ะ"}, follow_redirects=True).text
    assert "ยังไม่ถึงผู้ถาม" in page
    with engine.connect() as connection:
        (said,) = handovers.thread(connection, number)
    editor.post(f"/admin/inbox/people/{number}/again/{said.id}")
    keys = [call.headers["x-line-retry-key"] for call in line_server.calls if call.path == PUSH]
    assert len(keys) == 2
    assert len(set(keys)) == 1
    # Taken by now: nothing is sent a third time.
    editor.post(f"/admin/inbox/people/{number}/again/{said.id}")
    assert len([call for call in line_server.calls if call.path == PUSH]) == 2


def test_a_used_up_quota_is_told_in_thai(
    office: Office, editor: Client, engine: Engine, line_server: LineServer
) -> None:
    number = open_handover(engine)
    line_server.failures.append((429, {"message": "You have reached your monthly limit."}))
    page = editor.post(f"/admin/inbox/people/{number}/reply", {"text": "สวัสดีค่ะ"}, follow_redirects=True).text
    assert "โควตาข้อความของเดือนนี้หมดแล้ว" in page


def test_a_key_that_line_may_have_forgotten_is_not_used_again(
    office: Office, editor: Client, engine: Engine, line_server: LineServer
) -> None:
    number = open_handover(engine)
    with engine.begin() as connection:
        message = handovers.draft_answer(connection, number, "ค้างอยู่", utc_now())
        connection.execute(update(handover_messages).values(written_at=utc_now() - timedelta(hours=24)))
    page = editor.post(f"/admin/inbox/people/{number}/again/{message.id}", follow_redirects=True).text
    assert "23 ชั่วโมง" in page
    assert line_server.calls == []


@pytest.mark.parametrize("text", ["", "   ", "ก" * 5001, "😀" * 2501])
def test_what_line_would_not_take_is_refused_before_it_is_written(editor: Client, engine: Engine, text: str) -> None:
    number = open_handover(engine)
    assert "is-invalid" in editor.post(f"/admin/inbox/people/{number}/reply", {"text": text}).text
    with engine.connect() as connection:
        assert handovers.thread(connection, number) == []


def test_closing_gives_the_chat_back(editor: Client, engine: Engine, redis: Redis, settings: Settings) -> None:
    number = open_handover(engine)
    conversations = ConversationStore.of(redis, settings)
    conversations.save(CHAT, Conversation(handover="open", last_question="x"))
    editor.post(f"/admin/inbox/people/{number}/close")
    assert conversations.load(CHAT).handover == ""
    page = editor.post(f"/admin/inbox/people/{number}/reply", {"text": "สาย"}, follow_redirects=True).text
    assert "ปิดไปแล้ว" in page
    assert "ปิดไปแล้ว" in editor.post(f"/admin/inbox/people/{number}/close", follow_redirects=True).text
    assert actions(engine) == ["inbox.close"]


def test_closing_waits_for_the_message_that_is_being_processed(
    engine: Engine, redis: Redis, settings: Settings
) -> None:
    number, user = open_handover(engine), account(engine, "editor")
    conversations = ConversationStore.of(redis, settings)
    quiet = Conversation(handover="open", last_question="x")
    conversations.save(CHAT, quiet)
    lock = ChatLock.seize(redis, CHAT)  # a worker
    assert lock is not None
    queued: list[str] = []
    Inbox(redis, lambda chat: None).accept([event(id="late", chat=CHAT, text="ถาม", message_id="late")], 1)
    closing = threading.Thread(
        target=handover_reply.close, args=(engine, redis, conversations, queued.append, user, number)
    )
    closing.start()
    closing.join(1.0)
    assert closing.is_alive()
    conversations.save(CHAT, quiet)  # as it was read before
    lock.release()
    closing.join()
    assert conversations.load(CHAT).handover == ""
    assert queued == [CHAT]  # what came meanwhile is answered
    assert ChatLock.seize(redis, CHAT) is not None


def test_a_chat_that_stays_busy_is_not_closed_by_half(
    editor: Client, engine: Engine, redis: Redis, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(chat_hold, "PATIENCE_SECONDS", 0.0)
    number = open_handover(engine)
    lock = ChatLock.seize(redis, CHAT)
    assert lock is not None
    page = editor.post(f"/admin/inbox/people/{number}/close", follow_redirects=True)
    assert "กำลังมีการตอบอยู่" in page.text
    assert actions(engine) == []
    lock.release()
    editor.post(f"/admin/inbox/people/{number}/close")
    assert actions(engine) == ["inbox.close"]


def test_what_people_wrote_to_an_officer_is_not_for_viewers(viewer: Client, engine: Engine) -> None:
    number = open_handover(engine, "ความลับของฉัน")
    assert "ความลับ" not in viewer.get("/admin/inbox/people").text
    assert viewer.get(f"/admin/inbox/people/{number}").status_code == 403


def test_script_in_a_hand_over_is_text(editor: Client, engine: Engine) -> None:
    number = open_handover(engine, EVIL)
    for path in ("/admin/inbox/people", f"/admin/inbox/people/{number}"):
        page = editor.get(path).text
        assert "<img src=x" not in page
        assert html.escape("<script>alert(1)</script>") in page


# -- try it


def test_try_it_shows_the_card_as_data_and_every_step(office: Office, viewer: Client) -> None:
    page = viewer.post("/admin/try/", {"question": f"นวัตกรรมบริการคืออะไร {EVIL}"}).text
    assert "ตัวเลือกของความหมาย" in page
    assert "data-messages='[" in page
    assert "<img src=x" not in page
    assert "ไม่มีฉบับร่าง" in page


def test_try_it_needs_a_question_and_leaves_none_in_the_address(viewer: Client) -> None:
    assert "กรุณาพิมพ์คำถาม" in viewer.post("/admin/try/", {"question": " "}).text
    assert viewer.get("/admin/try/?question=ลับ").text.count("ลับ") == viewer.get("/admin/try/").text.count("ลับ")
