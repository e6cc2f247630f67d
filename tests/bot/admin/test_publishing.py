"""From a draft to a Revision: only what was checked, whole or not at all."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine, text
from sqlalchemy.exc import DBAPIError

from bot.admin import drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.ask_worker import WorkerDoor
from bot.published import published_knowledge
from bot.storage import audit, revisions
from bot.storage.users import User
from knowledge.model import Example
from tests.bot.admin.conftest import account
from tests.bot.admin.test_drafts import FIGURE, NEW, OLD, PATH
from tests.bot.admin.test_knowledge_pages import measured
from tests.bot.published_content import own_documents, publish


@pytest.fixture
def user(engine: Engine) -> User:
    return account(engine, "publisher")


def change(engine: Engine, user: User, changes: dict[str, Any], name: str = FIGURE) -> None:
    with engine.begin() as connection:
        found = drafts.entry_of(connection, PATH, name)
        assert found is not None
        drafts.put_entry(connection, user, PATH, name, changes, found.version)


def state(engine: Engine) -> tuple[int | None, int, int]:
    """The published Revision, how many changes wait, how many publications the log has."""
    with engine.connect() as connection:
        published = audit.count(connection, audit.Wanted(action="knowledge.publish"))
        return revisions.newest_id(connection), len(drafts.draft(connection).rows), published


def test_what_was_checked_is_published_and_the_draft_is_empty_then(engine: Engine, user: User) -> None:
    change(engine, user, {"text": NEW})
    assert publishing.publish(engine, user, measured(engine), "แก้ตัวเลข") == 1
    assert state(engine) == (1, 0, 1)
    with engine.connect() as connection:
        documents = revisions.documents_of(connection, 1)
        assert documents == {**own_documents(), PATH: (documents or {})[PATH]}
        assert revisions.listed(connection)[0].note == "แก้ตัวเลข"


def test_a_running_process_serves_it(engine: Engine, user: User) -> None:
    serving = published_knowledge(engine)
    serving.refresh()
    change(engine, user, {"text": NEW})
    publishing.publish(engine, user, measured(engine), "")
    assert serving.refresh()
    works = [entry for entry in serving.current().newest.entries if isinstance(entry, Example)]
    assert NEW in {figure.text for work in works for figure in work.figures}


def refused(engine: Engine, user: User, digest: str, reason: str = "") -> str:
    before = state(engine)
    with pytest.raises(Refused) as error:
        publishing.publish(engine, user, digest, "", reason)
    assert state(engine) == before
    return str(error.value)


def test_nothing_is_published_that_was_not_checked_just_as_it_is(engine: Engine, user: User) -> None:
    assert "ไม่มีการแก้ไข" in refused(engine, user, measured(engine))
    change(engine, user, {"text": NEW})
    with engine.connect() as connection:
        digest = drafts.draft(connection).digest
    assert "ยังตรวจฉบับร่างไม่เสร็จ" in refused(engine, user, digest)
    seen = measured(engine)
    change(engine, user, {"label": "ยา"})
    assert "เปลี่ยนไปหลังจากที่ตรวจ" in refused(engine, user, seen)
    seen = measured(engine)
    publish(engine, {**own_documents(), "2568/best.yaml": own_documents()["2568/best.yaml"] + "\n# อีกคน\n"})
    assert "เปลี่ยนไปหลังจากที่ตรวจ" in refused(engine, user, seen)


@pytest.mark.parametrize(
    "broken",
    [
        {"certainty": "somehow"},
        {"source": {}},
        {"label": "ก" * 30},
        {"text": ""},
        {"nonsense": "x"},
        {"certainty": "to_confirm"},
        {"text": "{no_limit}"},
    ],
)
def test_a_broken_draft_is_never_published_however_it_came_about(
    engine: Engine, user: User, broken: dict[str, Any]
) -> None:
    change(engine, user, broken)
    assert "ข้อผิดพลาด" in refused(engine, user, measured(engine), "ยืนยันจะเผยแพร่")


def test_a_broken_whole_document_is_never_published(engine: Engine, user: User) -> None:
    for text_ in ("ไม่ใช่ YAML: [", "year: 2568\n", own_documents()[PATH].replace("at_least: 12", "at_least: many")):
        with engine.begin() as connection:
            drafts.put_documents(connection, user, {PATH: text_}, "knowledge.import")
        assert "ข้อผิดพลาด" in refused(engine, user, measured(engine))


def test_a_regression_needs_a_reason_which_the_history_keeps(engine: Engine, user: User) -> None:
    change(engine, user, {"text": NEW})
    digest = measured(engine, {"regressions": 2})
    assert "2 คำถาม" in refused(engine, user, digest, "  ")
    publishing.publish(engine, user, digest, "แก้", "ตัวเลขเก่าผิด")
    with engine.connect() as connection:
        assert revisions.listed(connection)[0].note == "แก้ · เหตุผล: ตัวเลขเก่าผิด"
        record = audit.found(connection, audit.Wanted(action="knowledge.publish"))[0]
    assert (record.detail["regressions"], record.detail["reason"]) == (2, "ตัวเลขเก่าผิด")


# What the database refuses: the Revision itself, taking the draft's rows out after it, and the log's line at the end.
FAILING = {"revisions": "INSERT", "drafts": "DELETE", "audit": "INSERT"}


@contextmanager
def a_database_that_fails(engine: Engine, table: str, event: str) -> Iterator[None]:
    """While it lasts, the database gives up at that statement, as on a full disk."""
    if engine.dialect.name == "sqlite":
        begin = f"CREATE TRIGGER full_disk BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, 'the disk is full'); END"
        end = "DROP TRIGGER full_disk"
    else:
        begin = (
            "CREATE FUNCTION full_disk() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE EXCEPTION 'the disk is full'; END $$; "
            f"CREATE TRIGGER full_disk BEFORE {event} ON {table} FOR EACH ROW EXECUTE FUNCTION full_disk()"
        )
        end = f"DROP TRIGGER full_disk ON {table}; DROP FUNCTION full_disk"
    with engine.begin() as connection:
        connection.exec_driver_sql(begin)
    yield
    with engine.begin() as connection:
        connection.exec_driver_sql(end)


@pytest.mark.parametrize("table", sorted(FAILING))
def test_a_publication_during_which_the_database_fails_changes_nothing(engine: Engine, user: User, table: str) -> None:
    change(engine, user, {"text": NEW})
    digest, before = measured(engine), state(engine)
    serving = published_knowledge(engine)
    serving.refresh()
    answering = serving.current()
    with a_database_that_fails(engine, table, FAILING[table]), pytest.raises(DBAPIError, match="the disk is full"):
        publishing.publish(engine, user, digest, "")
    assert state(engine) == before
    assert not serving.refresh()
    assert serving.current() is answering
    assert publishing.publish(engine, user, digest, "") == 1


def test_a_change_made_while_it_is_published_is_not_lost(
    engine: Engine, user: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    change(engine, user, {"text": NEW})
    digest = measured(engine)
    refuse = publishing.refuse

    def meanwhile(ready: publishing.Readiness) -> None:
        refuse(ready)
        # As if a row had been written by somebody else after it was read.
        object.__setattr__(ready.draft.rows[0], "version", ready.draft.rows[0].version - 1)

    monkeypatch.setattr(publishing, "refuse", meanwhile)
    assert "เปลี่ยนไปหลังจากที่ตรวจ" in refused(engine, user, digest)


def test_a_check_is_begun_once_for_one_draft_and_again_when_it_failed(engine: Engine, user: User, redis: Redis) -> None:
    door = WorkerDoor(redis, lambda kind, order: None, engine)
    change(engine, user, {"text": NEW})
    with engine.begin() as connection:
        first = publishing.start_check(connection, door, user)
        assert publishing.start_check(connection, door, user) == first
    with engine.begin() as connection:
        connection.execute(text("update console_jobs set state = 'failed'"))
        second = publishing.start_check(connection, door, user)
    assert second != first
    change(engine, user, {"text": "อย่างอื่น"})
    with engine.begin() as connection:
        assert publishing.start_check(connection, door, user) not in (first, second)


def test_going_back_publishes_the_old_documents_anew_and_keeps_the_draft(engine: Engine, user: User) -> None:
    publish(engine, own_documents())
    changed = own_documents()
    changed[PATH] = changed[PATH].replace(OLD, NEW)
    publish(engine, changed)
    change(engine, user, {"label": "ยา"})
    assert publishing.roll_back(engine, user, 1, 2, "ตัวเลขเดิมถูกแล้ว") == 3
    with engine.connect() as connection:
        assert revisions.documents_of(connection, 3) == own_documents()
        assert revisions.listed(connection)[0].note == "ย้อนกลับไปใช้ฉบับที่ 1 · เหตุผล: ตัวเลขเดิมถูกแล้ว"
        assert audit.count(connection, audit.Wanted(action="knowledge.roll_back")) == 1
    assert state(engine)[1] == 1


@pytest.mark.parametrize(("number", "seen", "reason"), [(1, 2, " "), (2, 2, "ก"), (9, 2, "ก"), (1, 1, "ก")])
def test_going_back_is_refused_without_reason_to_what_is_published_to_nothing_and_unseen(
    engine: Engine, user: User, number: int, seen: int, reason: str
) -> None:
    publish(engine, own_documents())
    publish(engine, {**own_documents(), "phrases.yaml": own_documents()["phrases.yaml"] + "# ก\n"})
    before = state(engine)
    with pytest.raises(Refused):
        publishing.roll_back(engine, user, number, seen, reason)
    assert state(engine) == before


def test_what_this_program_cannot_use_any_more_is_not_gone_back_to(engine: Engine, user: User) -> None:
    publish(engine, {"2568/round.yaml": "year: 2568\n"})
    publish(engine, own_documents())
    with pytest.raises(Refused, match="โปรแกรมรุ่นปัจจุบันใช้ฉบับนี้ไม่ได้"):
        publishing.roll_back(engine, user, 1, 2, "ก")
