"""The calendar in the console: what is shown, and dates that are set, checked, published, or refused."""

from __future__ import annotations

import re
from datetime import date, datetime
from html import unescape
from typing import Any

import pytest
from flask import Flask
from redis import Redis
from sqlalchemy import Engine

from bot.admin import date_changes, drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.calendar_view import Step, as_milestone, standing, steps
from bot.admin.date_changes import Wanted
from bot.admin.timeline import timeline
from bot.app import create_app
from bot.now import BANGKOK, utc_now
from bot.storage import audit, console_jobs, known_dates, revisions
from bot.storage import drafts as rows
from knowledge.model import MilestoneDate
from tests.bot.admin.conftest import Client, account, console_settings
from tests.bot.admin.measuring import measured_as, publish_date
from tests.bot.published_content import own_documents, publish
from tests.bot.subscribers import subscribe, users

AWARDS = "2568/awards.yaml"
CEREMONY = "awards.ceremony"
CLOSING = "awards.closing_date"
CHECK, PUBLISH, DRAFT = "/admin/calendar/check", "/admin/calendar/publish", "/admin/calendar/draft"
URL = "https://www.example.go.th/announce"
QUICK = {"form": "quick", "what": f"{AWARDS}|new:closing", "when": "31/3/2569 16.30 น.", "source": URL}
NOW = datetime(2026, 1, 20, 10, tzinfo=BANGKOK)
MARCH = {"year": 2569, "month": 3, "day": 31}


@pytest.fixture
def app(engine: Engine, redis: Redis, redis_url: str, tmp_path: Any) -> Flask:
    """The console, where it is always NOW."""
    clock = f"{NOW.isoformat()} 0.000001"
    settings = console_settings(redis_url, "", tmp_path, lertrat_clock=clock)
    return create_app(settings, engine=engine, redis=redis)


def digest_in(page: str) -> str:
    found = re.search(r'name="digest" value="(\w+)"', page)
    assert found, page
    return found[1]


def checked(client: Client, engine: Engine, form: dict[str, str]) -> str:
    """The page of a check, once a worker has measured it."""
    measured_as(engine, digest_in(client.post(CHECK, form).text))
    return client.post(CHECK, {**form, "look": "1"}).text


def milestones_now(engine: Engine) -> dict[str, Step]:
    with engine.connect() as connection:
        return {step.id: step for step in steps(connection, 2568)}


def log(engine: Engine) -> list[str]:
    with engine.connect() as connection:
        return [row.action for row in audit.found(connection, audit.Wanted(), limit=50)]


def closing(**keys: Any) -> Wanted:
    return Wanted(AWARDS, "", {"kind": "closing", "name": "ปิดรับ", "date": MARCH, "source": {"urls": [URL]}, **keys})


def test_a_closing_date_from_nothing_to_live(publisher: Client, engine: Engine) -> None:
    subscribe(engine, users(3))
    page = publisher.post(CHECK, QUICK)
    assert page.status_code == 200
    assert "กำลังถามชุดคำถามทดสอบ" in page.text
    assert "เผยแพร่ทันที" not in page.text
    early = publisher.post(PUBLISH, {**QUICK, "digest": digest_in(page.text)})
    assert "ยังตรวจไม่เสร็จ" in early.text
    page_text = checked(publisher, engine, QUICK)
    assert "ตอบถูกเดิม 500 ข้อ หลังเผยแพร่ 500 ข้อ" in page_text
    for told in ("วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น.", "อีก 70 วัน", "3 คน ใช้ 3 ข้อความ", URL, "ปิดรับสมัครรางวัลเลิศรัฐ"):
        assert told in page_text, told
    assert revisions_of(engine) is None  # looking changes nothing
    done = publisher.post(PUBLISH, carried(page_text), follow_redirects=True)
    assert "เผยแพร่แล้ว (ฉบับที่ 1)" in done.text
    found = milestones_now(engine)[CLOSING].published
    assert found is not None
    assert (found.date, found.time, found.kind) == (MilestoneDate(2569, 3, 31), "16:30", "closing")
    assert found.source.urls == (URL,)
    assert log(engine).count("calendar.publish") == 1
    # What the file said before stands there byte for byte.
    with engine.connect() as connection:
        documents = revisions.documents_of(connection, 1) or {}
    own = own_documents()
    assert {path for path in own if own[path] != documents[path]} == {AWARDS}
    kept, lines = own[AWARDS].splitlines(), documents[AWARDS].splitlines()
    assert [line for line in kept if line not in lines] == []


def revisions_of(engine: Engine) -> int | None:
    with engine.connect() as connection:
        return revisions.newest_id(connection)


def test_only_the_one_date_goes_out_of_a_shared_draft(publisher: Client, engine: Engine) -> None:
    editor = account(engine, "editor", "somchai")
    with engine.begin() as connection:
        seen = drafts.entry_of(connection, AWARDS, CEREMONY)
        assert seen is not None
        drafts.put_entry(connection, editor, AWARDS, CEREMONY, {"place": "ที่อื่น"}, seen.version)
    publisher.post(PUBLISH, carried(checked(publisher, engine, QUICK)))
    found = milestones_now(engine)
    assert found[CLOSING].published is not None
    assert found[CEREMONY].shown.place != "ที่อื่น"
    with engine.connect() as connection:
        left = drafts.draft(connection)
    assert [(row.entry, row.author) for row in left.rows] == [(CEREMONY, "somchai")]
    assert left.stale == ()


def test_a_draft_of_the_same_date_goes_on_from_what_was_published(engine: Engine) -> None:
    editor, user = account(engine, "editor", "somchai"), account(engine, "publisher")
    with engine.begin() as connection:
        changes = {"place": "ที่อื่น", "date": {"year": 2568, "month": 9, "day": 20}}
        drafts.put_entry(connection, editor, AWARDS, CEREMONY, changes, 0)
        wanted = Wanted(AWARDS, CEREMONY, {"date": {"year": 2568, "month": 9, "day": 15}})
        found = date_changes.check(connection, wanted, NOW)
    assert any("somchai" in sentence for sentence in found.warnings)
    date_changes.publish(engine, user, wanted, measured_as(engine, found.digest), found.version)
    with engine.connect() as connection:
        left, entry = drafts.draft(connection), drafts.entry_of(connection, AWARDS, CEREMONY)
    assert left.stale == ()
    assert entry is not None
    assert (entry.keys["date"]["day"], entry.keys["place"]) == (15, "ที่อื่น")
    assert len(left.rows) == 1


def test_a_drafted_milestone_is_published_alone_and_leaves_the_draft(engine: Engine) -> None:
    editor, user = account(engine, "editor"), account(engine, "publisher")
    with engine.begin() as connection:
        date_changes.keep(connection, editor, closing(), 0)
    drafted = milestones_now(engine)[CLOSING]
    assert (drafted.published, drafted.author) == (None, "editor")
    wanted = Wanted(AWARDS, CLOSING, {"time": "16:30"})
    publish_date(engine, user, wanted, NOW)
    step = milestones_now(engine)[CLOSING]
    assert step.published is not None
    assert (step.published.time, step.drafted) == ("16:30", None)
    with engine.connect() as connection:
        assert drafts.draft(connection).rows == ()


def test_what_was_published_meanwhile_stops_the_publication(publisher: Client, engine: Engine) -> None:
    page = publisher.post(CHECK, QUICK)
    publish(engine, own_documents())
    again = publisher.post(PUBLISH, {**QUICK, "digest": digest_in(page.text)})
    assert "เปลี่ยนไปหลังจากที่ตรวจ" in again.text
    assert 'value="31/3/2569 16.30 น."' in again.text  # what was typed is still there
    assert revisions_of(engine) == 1
    assert CLOSING not in milestones_now(engine)


def test_another_date_than_the_one_checked_is_not_published(publisher: Client, engine: Engine) -> None:
    digest = digest_in(publisher.post(CHECK, QUICK).text)
    again = publisher.post(PUBLISH, {**QUICK, "when": "1/4/2569", "digest": digest})
    assert "เปลี่ยนไปหลังจากที่ตรวจ" in again.text
    assert revisions_of(engine) is None


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"when": "31/2/2569"}, "ไม่มีวันที่ 31 เดือนนี้มีถึงวันที่ 28"),
        ({"when": "31/3/2026"}, "กรุณาเขียนปี พ.ศ. คือ 2569"),
        ({"when": "15-1 มี.ค. 2569"}, "ช่วงวันย้อนหลัง"),
        ({"when": "31/3/2560"}, "ห่างจากรอบปี 2568"),
        ({"source": ""}, "กรุณาใส่ที่มาของวันที่"),
        ({"source": "javascript:alert(1)"}, "ที่มานี้ใช้ไม่ได้"),
        ({"source": "98-53"}, "ที่มานี้ใช้ไม่ได้"),
        ({"what": f"{AWARDS}|new:nothing"}, "กรุณาเลือกเรื่องจากรายการ"),
        ({"what": "../etc/passwd|awards.ceremony"}, "กรุณาเลือกเรื่องจากรายการ"),
        ({"what": f"{AWARDS}|awards.name"}, "กรุณาเลือกเรื่องจากรายการ"),
    ],
)
def test_what_cannot_be_is_refused_with_the_reason(
    publisher: Client, engine: Engine, changed: dict[str, str], because: str
) -> None:
    page = publisher.post(CHECK, {**QUICK, **changed})
    assert because in page.text
    assert "เผยแพร่ทันที" not in page.text
    publisher.post(PUBLISH, {**QUICK, **changed, "digest": "0" * 32})
    assert revisions_of(engine) is None


def test_a_closing_before_its_opening_is_refused(engine: Engine) -> None:
    user = account(engine, "publisher")
    opening = closing(kind="opening", name="เปิดรับ", date={"year": 2569, "month": 4, "day": 2})
    publish_date(engine, user, opening, NOW)
    with engine.connect() as connection:
        found = date_changes.check(connection, closing(), NOW)
    assert found.problems == ("วันปิดรับ 31/3/2569 อยู่ก่อนวันเปิดรับ 2/4/2569",)
    assert not found.can_be_published
    with pytest.raises(Refused, match="ยังมีข้อผิดพลาด"):
        date_changes.publish(engine, user, closing(), found.digest, found.version)
    assert revisions_of(engine) == 1


def test_a_date_that_moves_tells_how_many_hear_of_it(publisher: Client, engine: Engine) -> None:
    subscribe(engine, users(4))
    first = closing()
    publish_date(engine, account(engine, "publisher"), first, NOW)
    _minute(engine)
    move = {"form": "quick", "what": f"{AWARDS}|{CLOSING}", "when": "7 เม.ย. 2569", "source": ""}
    page = publisher.post(CHECK, move)
    assert "เลื่อนกำหนดการ: ปิดรับ" in page.text
    assert "4 คน ใช้ 4 ข้อความ" in page.text
    for part in ("<del>วันอังคารที่ 31 มีนาคม 2569</del>", "<ins>วันอังคารที่ 7 เมษายน 2569</ins>"):
        assert part in page.text


def _minute(engine: Engine) -> None:
    """The clock's minute: what is published is announced, and sent."""
    from bot.reminders import plan
    from bot.storage.tables import deliveries
    from knowledge.loader import load_knowledge

    with engine.connect() as connection:
        _, documents = drafts.published(connection)
    plan(engine, load_knowledge(documents), NOW, revision=1)
    with engine.begin() as connection:
        connection.execute(deliveries.update().values(state="sent"))
        assert known_dates.all_known(connection)[2568, CLOSING].day == "2569-03-31"


def test_an_editor_keeps_a_draft_and_cannot_publish(editor: Client, publisher: Client, engine: Engine) -> None:
    page = editor.post(CHECK, QUICK)
    assert "เก็บไว้ในฉบับร่าง" in page.text
    assert "เผยแพร่ทันที" not in page.text
    assert editor.post(PUBLISH, {**QUICK, "digest": digest_in(page.text)}).status_code == 403
    assert revisions_of(engine) is None
    assert editor.post(DRAFT, QUICK).status_code == 302
    assert "อยู่ในฉบับร่าง ยังไม่เผยแพร่ (แก้โดย editor)" in editor.get("/admin/calendar/").text
    assert log(engine)[:2] == ["calendar.draft", "knowledge.add"]


def test_a_viewer_sees_the_calendar_and_changes_nothing(viewer: Client, engine: Engine) -> None:
    page = viewer.get("/admin/calendar/")
    assert "พิธีมอบรางวัลเลิศรัฐ" in page.text
    assert "ตรวจดูก่อนเผยแพร่" not in page.text
    for path in (CHECK, DRAFT, PUBLISH):
        assert viewer.post(path, QUICK).status_code == 403
    assert viewer.get(f"/admin/calendar/date?path={AWARDS}").status_code == 403
    with engine.connect() as connection:
        assert rows.listed(connection) == []


def test_a_form_from_elsewhere_is_refused(publisher: Client, engine: Engine) -> None:
    digest = digest_in(publisher.post(CHECK, QUICK).text)
    for path in (CHECK, DRAFT, PUBLISH):
        answer = publisher.http.post(path, data={**QUICK, "digest": digest})
        assert answer.status_code == 400, path
    assert revisions_of(engine) is None


WHOLE = {
    "form": "whole",
    "path": AWARDS,
    "entry": CEREMONY,
    "version": "0",
    "name": "พิธีมอบรางวัลเลิศรัฐ",
    "kind": "ceremony",
    "when": "1-2 ต.ค. 2568",
    "place": "หอประชุม",
    "source_urls": URL,
    "certainty": "certain",
    "subjects": ["service", "pmqa"],
}


def test_everything_of_a_milestone_can_be_edited(publisher: Client, engine: Engine) -> None:
    form = publisher.get(f"/admin/calendar/date?path={AWARDS}&entry={CEREMONY}").text
    assert 'value="12/9/2568"' in form
    page = checked(publisher, engine, WHOLE)
    for told in ("1–2 ตุลาคม 2568", "หอประชุม", "แน่นอนแล้ว", "ไม่มีแล้ว"):
        assert told in page, told
    publisher.post(PUBLISH, {**WHOLE, "digest": digest_in(page)})
    found = milestones_now(engine)[CEREMONY].published
    assert found is not None
    assert (found.until, found.subjects, found.caution, found.note) == (
        MilestoneDate(2568, 10, 2), ("pmqa", "service"), "", ""
    )  # fmt: skip
    assert found.topic is None or found.topic == "ceremony"
    with engine.connect() as connection:  # how it is understood stays
        assert drafts.entry_of(connection, AWARDS, CEREMONY).keys["topic"] == "ceremony"  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("changed", "because"),
    [
        ({"when": "ต.ค. 2568", "time": "9.00"}, "มีเวลาแต่ไม่มีวันที่"),
        ({"time": "9 โมง"}, "อ่าน"),
        ({"link": "javascript:alert(1)"}, "ลิงก์นี้ใช้ไม่ได้"),
        ({"source_urls": "53-54"}, "ใส่ได้เฉพาะลิงก์"),
        ({"source_lines": URL}, "ใส่ได้เฉพาะเลขบรรทัด"),
        ({"source_urls": ""}, "กรุณาใส่ที่มาของวันที่"),
        ({"certainty": "uncertain"}, "กรุณาเขียนประโยค"),
        ({"kind": "party"}, "กรุณาเลือกจากรายการ"),
        ({"name": ""}, "กรุณากรอกช่องนี้"),
    ],
)
def test_the_whole_form_says_what_is_wrong_at_its_field(editor: Client, changed: dict[str, str], because: str) -> None:
    page = editor.post(CHECK, {**WHOLE, **changed}).text
    assert because in page
    assert "is-invalid" in page or "alert-danger" in page
    assert "เก็บไว้ในฉบับร่าง" not in page


def test_two_people_at_one_date_do_not_overwrite_each_other(editor: Client, engine: Engine) -> None:
    other = account(engine, "editor", "somchai")
    with engine.begin() as connection:
        drafts.put_entry(connection, other, AWARDS, CEREMONY, {"place": "ที่อื่น"}, 0)
    page = editor.post(DRAFT, WHOLE)
    assert "somchai" in page.text
    assert "ที่อื่น" in milestones_now(engine)[CEREMONY].drafted.place  # type: ignore[union-attr]


def test_what_somebody_wrote_is_never_a_script(publisher: Client, engine: Engine) -> None:
    evil = {**WHOLE, "name": '<script>alert("x")</script>', "place": '"><img src=x onerror=alert(1)>'}
    page = checked(publisher, engine, evil)
    publisher.post(PUBLISH, {**evil, "digest": digest_in(page)})
    for text in (page, publisher.get("/admin/calendar/").text, publisher.get("/admin/").text):
        assert "<script>alert" not in text
        assert "<img src=x" not in text
    assert "&lt;script&gt;" in publisher.get("/admin/calendar/").text


def test_what_will_be_sent_stands_on_the_page(publisher: Client, engine: Engine) -> None:
    subscribe(engine, users(2))
    wanted = closing(date={"year": 2569, "month": 1, "day": 27})
    publish_date(engine, account(engine, "publisher"), wanted, NOW)
    page = publisher.get("/admin/calendar/?days=30").text
    assert "ปิดรับ (พรุ่งนี้)" in page
    assert "26 ม.ค. 2569 08:00 น." in page
    assert "2 คน ใช้ 2 ข้อความ" in page


def test_a_round_that_is_not_there_and_an_entry_that_is_no_milestone(editor: Client) -> None:
    assert editor.get("/admin/calendar/?round=2570").status_code == 404
    assert editor.get(f"/admin/calendar/date?path={AWARDS}&entry=head").status_code == 404
    assert editor.get("/admin/calendar/date?path=phrases.yaml").status_code == 404


# The drawing


def _step(name: str, **keys: Any) -> Step:
    found = as_milestone({"id": name, "kind": "other", "name": name, "source": {"urls": [URL]}, **keys}, AWARDS)
    assert found is not None
    return Step(AWARDS, name, found, None)


def test_a_timeline_stands_in_order_of_time() -> None:
    found = timeline(
        [
            _step("a", date={"year": 2569, "month": 1, "day": 1}),
            _step("b", date={"year": 2569, "month": 2}),
            _step("c", date={"year": 2569, "month": 2, "day": 1}, until={"year": 2569, "month": 3, "day": 31}),
            _step("d"),
        ],
        date(2026, 1, 20),
    )
    assert found is not None
    a, b, c = found.bars
    assert a.x < b.x == c.x
    assert (a.width, b.soft, c.soft) == (0, True, False)
    assert c.width > b.width > 0
    assert (a.past, b.past) == (True, False)
    assert found.today is not None
    assert a.x < found.today < b.x
    assert found.ticks[0].label == "ม.ค. 69"


def test_nothing_dated_is_no_timeline() -> None:
    assert timeline([_step("d")], date(2026, 1, 20)) is None


@pytest.mark.parametrize(
    ("keys", "told"),
    [
        ({"date": {"year": 2569, "month": 1, "day": 20}}, "วันนี้"),
        ({"date": {"year": 2569, "month": 1, "day": 20}, "time": "09:00"}, "ผ่านไปแล้ว"),
        ({"date": {"year": 2569, "month": 1, "day": 21}}, "พรุ่งนี้"),
        ({"date": {"year": 2569, "month": 1, "day": 1}, "until": {"year": 2569, "month": 1, "day": 31}}, "อยู่ในช่วงนี้"),
        ({"date": {"year": 2569, "month": 1}}, "เดือนนี้"),
        ({}, "ยังไม่ประกาศวัน"),
        ({"cancelled": True}, "ยกเลิกแล้ว"),
    ],
)
def test_where_a_milestone_stands(keys: dict[str, Any], told: str) -> None:
    assert standing(_step("x", **keys).shown, NOW.date(), NOW.time()) == told


def test_a_round_that_is_a_draft_keeps_its_dates_in_the_draft(publisher: Client, engine: Engine) -> None:
    owner = account(engine, "owner")
    copied = {
        path.replace("2568/", "2569/"): text.replace("year: 2568\n", "year: 2569\n", 1)
        for path, text in own_documents().items()
        if path.startswith("2568/")
    }
    with engine.begin() as connection:
        drafts.put_documents(connection, owner, copied, "knowledge.import")
    assert "รอบนี้อยู่ในฉบับร่าง ยังไม่เผยแพร่" in publisher.get("/admin/calendar/?round=2569").text
    quick = {**QUICK, "what": "2569/awards.yaml|new:closing"}
    page = publisher.post(CHECK, quick)
    assert "รอบนี้ยังไม่ได้เผยแพร่" in page.text
    assert "เผยแพร่ทันที" not in page.text
    refused = publisher.post(PUBLISH, {**quick, "digest": digest_in(page.text)})
    assert "รอบนี้ยังไม่ได้เผยแพร่" in refused.text
    assert publisher.post(DRAFT, quick).status_code == 302
    assert "ปิดรับสมัครรางวัลเลิศรัฐ" in publisher.get("/admin/calendar/?round=2569").text
    assert revisions_of(engine) is None


def drafted(engine: Engine, name: str, **changes: Any) -> None:
    """Somebody's draft of the ceremony."""
    with engine.begin() as connection:
        seen = drafts.entry_of(connection, AWARDS, CEREMONY)
        assert seen is not None
        drafts.put_entry(connection, account(engine, "editor", name), AWARDS, CEREMONY, changes, seen.version)


def opened(client: Client) -> dict[str, Any]:
    """What a browser sends of the ceremony's form when nothing is changed in it."""
    page = client.get(f"/admin/calendar/date?path={AWARDS}&entry={CEREMONY}").text
    form = page[page.index('class="card-like"') : page.index("</form>", page.index('class="card-like"'))]
    sent: dict[str, Any] = {}
    for tag in re.findall(r"<input\b[^>]*>", form):
        had = dict(re.findall(r'([\w-]+)="([^"]*)"', tag))
        if had.get("type") in ("checkbox", "radio") and " checked" not in tag:
            continue
        sent[had["name"]] = unescape(had.get("value", ""))
    for name, text in re.findall(r'<textarea\b[^>]*\bname="([^"]+)"[^>]*>\r?\n?(.*?)</textarea>', form, re.S):
        sent[name] = unescape(text)
    kind = re.search(r'<option selected value="(\w+)"', form)
    assert kind, form
    return {name: value for name, value in sent.items() if name != "csrf_token"} | {"kind": kind[1]}


def carried(page: str) -> dict[str, str]:
    """What the check page sends on."""
    form = page[page.index('action="/admin/calendar/publish"') :].partition("</form>")[0]
    found = [dict(re.findall(r'(name|value)="([^"]*)"', tag)) for tag in re.findall(r"<input\b[^>]*>", form)]
    return {one["name"]: unescape(one.get("value", "")) for one in found if one["name"] != "csrf_token"}


def test_what_a_colleague_drafts_of_the_same_date_is_not_published_with_it(publisher: Client, engine: Engine) -> None:
    drafted(engine, "somchai", place="ที่ยังเป็นความลับ")
    page = checked(publisher, engine, {**opened(publisher), "when": "20/9/2568"})
    assert "จะยังอยู่ในฉบับร่างตามเดิม ไม่ถูกเผยแพร่" in page
    assert "ที่ยังเป็นความลับ" not in page[page.index('id="changes"') : page.index('class="actions"')]
    assert "เผยแพร่แล้ว" in publisher.post(PUBLISH, carried(page), follow_redirects=True).text
    step = milestones_now(engine)[CEREMONY]
    assert step.published is not None
    assert step.drafted is not None
    assert (step.published.date, step.drafted.date) == (MilestoneDate(2568, 9, 20), MilestoneDate(2568, 9, 20))
    assert step.published.place.startswith("ห้องรอยัล")
    assert step.drafted.place == "ที่ยังเป็นความลับ"


def test_a_draft_is_published_from_the_calendar_when_just_that_is_asked(publisher: Client, engine: Engine) -> None:
    drafted(engine, "somchai", place="หอประชุมใหม่")
    page = checked(publisher, engine, opened(publisher))
    assert "สิ่งที่จะเผยแพร่คือส่วนที่คุณ somchai ร่างไว้" in page
    assert "<ins>หอประชุมใหม่</ins>" in page
    publisher.post(PUBLISH, carried(page))
    step = milestones_now(engine)[CEREMONY]
    assert step.published is not None
    assert (step.published.place, step.drafted) == ("หอประชุมใหม่", None)
    with engine.connect() as connection:
        assert rows.listed(connection) == []


QUICK_MOVE = {"form": "quick", "what": f"{AWARDS}|{CEREMONY}", "when": "20/9/2568", "source": URL}


@pytest.mark.parametrize("quick", [True, False])
def test_what_a_colleague_drafts_after_the_check_stops_it(publisher: Client, engine: Engine, quick: bool) -> None:
    drafted(engine, "somchai", place="ที่หนึ่ง")
    page = checked(publisher, engine, QUICK_MOVE if quick else {**opened(publisher), "when": "20/9/2568"})
    drafted(engine, "wichai", date={"year": 2568, "month": 9, "day": 25})
    for address in (PUBLISH, DRAFT):
        assert "คุณ wichai แก้รายการนี้" in publisher.post(address, carried(page)).text
    assert revisions_of(engine) is None
    step = milestones_now(engine)[CEREMONY]
    assert step.drafted is not None
    assert (step.drafted.date, step.drafted.place) == (MilestoneDate(2568, 9, 25), "ที่หนึ่ง")


def test_what_a_colleague_drafts_while_the_form_is_open_is_told_at_the_check(publisher: Client, engine: Engine) -> None:
    sent = {**opened(publisher), "when": "20/9/2568"}
    drafted(engine, "somchai", date={"year": 2568, "month": 9, "day": 25})
    page = publisher.post(CHECK, sent).text
    assert "คุณ somchai แก้รายการนี้ในฉบับร่าง" in page
    assert "เผยแพร่ทันที" not in page


def test_what_the_quick_form_replaces_of_a_draft_is_told(publisher: Client, engine: Engine) -> None:
    drafted(engine, "somchai", date={"year": 2568, "month": 9, "day": 25})
    assert "ส่วนที่แก้ตรงกับหน้านี้จะถูกแทนที่" in publisher.post(CHECK, QUICK_MOVE).text


def test_a_drafted_milestone_goes_out_whole_and_the_page_says_so(publisher: Client, engine: Engine) -> None:
    with engine.begin() as connection:
        date_changes.keep(connection, account(engine, "editor", "somchai"), closing(), 0)
    page = checked(publisher, engine, {**QUICK, "what": f"{AWARDS}|{CLOSING}"})
    assert "เผยแพร่ทั้งกำหนดการ" in page
    assert "จะยังอยู่ในฉบับร่างตามเดิม" not in page
    publisher.post(PUBLISH, carried(page))
    assert milestones_now(engine)[CLOSING].published is not None


def test_a_date_that_makes_answers_wrong_needs_a_reason(publisher: Client, engine: Engine) -> None:
    answer = {"status": "answered", "text": "ตอบ"}
    worse = {"question": "ปิดรับวันไหน", "about": "", "sort": "worse", "before": answer, "after": answer, "missing": []}
    first = publisher.post(CHECK, QUICK).text
    measured_as(engine, digest_in(first), regressions=1, after=499, changes=[worse])
    page = publisher.post(CHECK, {**QUICK, "look": "1"}).text
    assert "เคยตอบถูก แต่จะตอบผิด (1)" in page
    assert 'name="reason"' in page
    refused = publisher.post(PUBLISH, carried(page))
    assert "กรุณาเขียนเหตุผล" in refused.text
    assert revisions_of(engine) is None
    assert "เผยแพร่แล้ว" in publisher.post(PUBLISH, {**carried(page), "reason": "ป้ายเดิม"}, follow_redirects=True).text
    with engine.connect() as connection:
        entry = next(e for e in audit.found(connection, audit.Wanted(), limit=9) if e.action == "calendar.publish")
        assert revisions.listed(connection)[0].note.endswith("เหตุผล: ป้ายเดิม")
    assert (entry.detail["regressions"], entry.detail["reason"]) == (1, "ป้ายเดิม")


def test_a_check_that_failed_is_told_and_not_begun_again_by_looking(publisher: Client, engine: Engine) -> None:
    publisher.post(CHECK, QUICK)
    with engine.begin() as connection:
        (job,) = console_jobs.listed(connection, publishing.CHECK)
        console_jobs.end(connection, job.id, "failed", {"error": "Boom"}, utc_now())
    page = publisher.post(CHECK, {**QUICK, "look": "1"}).text
    assert "การตรวจไม่สำเร็จ" in page
    assert "data-job" not in page
    with engine.connect() as connection:
        assert len(console_jobs.listed(connection, publishing.CHECK)) == 1
    assert "กำลังถามชุดคำถามทดสอบ" in publisher.post(CHECK, QUICK).text
    with engine.connect() as connection:
        assert len(console_jobs.listed(connection, publishing.CHECK)) == 2


def test_a_date_that_is_only_for_the_draft_is_not_measured(publisher: Client, engine: Engine) -> None:
    unchanged = publisher.post(CHECK, opened(publisher)).text
    assert "ไม่มีอะไรเปลี่ยนจากที่เผยแพร่อยู่" in unchanged
    with engine.connect() as connection:
        assert console_jobs.listed(connection, publishing.CHECK) == []
