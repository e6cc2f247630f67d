"""The shared draft: entries changed by several people at once, over what is published, never overwriting unseen."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from sqlalchemy import Engine

from bot.admin import drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.drafts import Conflict, DraftEntry
from bot.storage import audit
from bot.storage import drafts as rows
from bot.storage.database import make_engine
from bot.storage.users import User
from tests.bot.admin.conftest import account
from tests.bot.published_content import own_documents, publish

PATH = "2568/service.innovation.yaml"
FIGURE = "service.innovation.robot / service.innovation.robot.drugs"
OLD, NEW = "ผสมยาเคมีบำบัดได้ 24 ชนิด", "ผสมยาเคมีบำบัดได้ 25 ชนิด"
FAQ = {
    "id": "service.innovation.faq",
    "attribute": "apply",
    "gist": "เขียนภาษาใดก็ได้",
    "source": {"lines": "1"},
    "phrasings": ["ใช้ภาษาอะไร"],
}


@pytest.fixture
def somsri(engine: Engine) -> User:
    return account(engine, "editor", "somsri")


@pytest.fixture
def mana(engine: Engine) -> User:
    return account(engine, "editor", "mana")


def seen(engine: Engine, name: str = FIGURE, path: str = PATH) -> DraftEntry:
    with engine.connect() as connection:
        found = drafts.entry_of(connection, path, name)
    assert found is not None
    return found


def put(engine: Engine, user: User, changes: dict[str, Any], version: int, name: str = FIGURE) -> int:
    with engine.begin() as connection:
        return drafts.put_entry(connection, user, PATH, name, changes, version)


def whole(engine: Engine) -> drafts.Draft:
    with engine.connect() as connection:
        return drafts.draft(connection)


def log(engine: Engine) -> list[tuple[str, str, str]]:
    with engine.connect() as connection:
        found = audit.found(connection, audit.Wanted())
    return [(record.name, record.action, record.object) for record in reversed(found)]


def test_a_change_is_in_the_draft_and_not_in_what_is_published(engine: Engine, somsri: User) -> None:
    put(engine, somsri, {"text": NEW}, 0)
    draft = whole(engine)
    assert draft.base[PATH].count(OLD) == 1
    assert (draft.documents[PATH].count(OLD), draft.documents[PATH].count(NEW)) == (0, 1)
    assert {path for path in draft.base if draft.base[path] != draft.documents[path]} == {PATH}
    assert (seen(engine).keys["text"], seen(engine).author) == (NEW, "somsri")
    assert log(engine) == [("somsri", "knowledge.edit", f"{PATH}: {FIGURE}")]


def test_nobody_overwrites_what_he_has_not_seen(engine: Engine, somsri: User, mana: User) -> None:
    put(engine, somsri, {"text": NEW}, 0)
    with pytest.raises(Conflict) as conflict:
        put(engine, mana, {"label": "ยา"}, 0)
    assert conflict.value.theirs is not None
    assert conflict.value.theirs.author == "somsri"
    put(engine, mana, {"label": "ยา"}, seen(engine).version)
    assert (seen(engine).keys["text"], seen(engine).keys["label"]) == (NEW, "ยา")
    assert [name for name, _, _ in log(engine)] == ["somsri", "mana"]


def test_a_change_that_was_thrown_away_and_made_anew_is_another(engine: Engine, somsri: User, mana: User) -> None:
    first = put(engine, somsri, {"text": NEW}, 0)
    with engine.begin() as connection:
        assert drafts.discard(connection, somsri, PATH, FIGURE, first)
    put(engine, somsri, {"text": "อย่างอื่น"}, 0)
    with pytest.raises(Conflict):
        put(engine, mana, {"text": "ทับ"}, first)
    assert seen(engine).keys["text"] == "อย่างอื่น"


def test_of_many_that_save_at_once_one_succeeds(engine: Engine, somsri: User) -> None:
    address = engine.url.render_as_string(hide_password=False)
    together, outcomes = threading.Barrier(5), []

    def hurry(number: int) -> None:
        own = make_engine(address)
        together.wait()
        try:
            outcomes.append(put(own, somsri, {"text": f"ข้อความ {number}"}, 0) > 0)
        except Conflict:
            outcomes.append(False)
        own.dispose()

    threads = [threading.Thread(target=hurry, args=(number,)) for number in range(5)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(outcomes) == [False] * 4 + [True]
    assert len(log(engine)) == 1


def test_an_entry_that_is_as_published_again_leaves_nothing_behind(engine: Engine, somsri: User) -> None:
    version = put(engine, somsri, {"text": NEW}, 0)
    assert put(engine, somsri, {"text": OLD}, version) == 0
    assert whole(engine).rows == ()
    assert whole(engine).documents == whole(engine).base


def test_what_says_nothing_new_is_no_change(engine: Engine, somsri: User) -> None:
    assert put(engine, somsri, {"text": OLD}, 0) == 0
    assert (whole(engine).rows, log(engine)) == ((), [])


def test_an_entry_is_added_edited_and_removed(engine: Engine, somsri: User) -> None:
    with engine.begin() as connection:
        drafts.add_entry(connection, somsri, PATH, "texts", FAQ)
    found = seen(engine, FAQ["id"])
    assert (found.section, found.base, found.change) == ("texts", None, "added")
    put(engine, somsri, {"gist": "ภาษาไทย"}, found.version, FAQ["id"])
    assert "gist: ภาษาไทย" in whole(engine).documents[PATH]
    assert publishing.problems_of(whole(engine).documents) == ()
    with engine.begin() as connection:
        drafts.remove_entry(connection, somsri, PATH, FAQ["id"], seen(engine, FAQ["id"]).version)
    assert whole(engine).documents == whole(engine).base


def test_an_id_is_new_in_the_whole_round(engine: Engine, somsri: User) -> None:
    with engine.begin() as connection:
        assert drafts.new_id(connection, PATH, "faq") == "service.innovation.faq"
        drafts.add_entry(connection, somsri, PATH, "texts", FAQ)
        assert drafts.new_id(connection, PATH, "faq") == "service.innovation.faq_2"
        with pytest.raises(Refused):
            drafts.add_entry(connection, somsri, "2568/service.agenda.yaml", "texts", FAQ)
        with pytest.raises(Refused):
            drafts.add_entry(connection, somsri, "2568/none.yaml", "texts", {"id": "x"})


def test_with_a_work_go_the_changes_of_its_figures(engine: Engine, somsri: User) -> None:
    put(engine, somsri, {"text": NEW}, 0)
    with engine.begin() as connection:
        drafts.remove_entry(connection, somsri, PATH, "service.innovation.robot", 0)
    assert [(row.entry, row.change) for row in whole(engine).rows] == [("service.innovation.robot", "removed")]
    assert "service.innovation.robot" not in whole(engine).documents[PATH]
    with engine.connect() as connection:
        assert drafts.entry_of(connection, PATH, "service.innovation.robot") is None


def test_changes_of_different_keys_go_together_with_what_was_published_meanwhile(engine: Engine, somsri: User) -> None:
    put(engine, somsri, {"label": "ยา"}, 0)
    documents = own_documents()
    documents[PATH] = documents[PATH].replace(OLD, NEW)
    publish(engine, documents)
    draft = whole(engine)
    assert (draft.based_on, draft.stale) == (1, ())
    assert (seen(engine).keys["text"], seen(engine).keys["label"]) == (NEW, "ยา")


def test_a_change_of_what_was_published_otherwise_meanwhile_is_stale(engine: Engine, somsri: User) -> None:
    version = put(engine, somsri, {"text": "อย่างหนึ่ง"}, 0)
    documents = own_documents()
    documents[PATH] = documents[PATH].replace(OLD, NEW)
    publish(engine, documents)
    draft = whole(engine)
    assert [row.entry for row in draft.stale] == [FIGURE]
    assert draft.documents == draft.base
    # Saving it again, with the other value in view, settles it.
    put(engine, somsri, {"text": "อีกอย่าง"}, version)
    assert whole(engine).stale == ()


def test_saving_a_stale_change_as_it_is_settles_it(engine: Engine, somsri: User) -> None:
    version = put(engine, somsri, {"text": "อย่างหนึ่ง"}, 0)
    documents = own_documents()
    documents[PATH] = documents[PATH].replace(OLD, NEW)
    publish(engine, documents)
    assert [row.entry for row in whole(engine).stale] == [FIGURE]
    put(engine, somsri, {}, version)  # the form was sent just as it was shown
    assert whole(engine).stale == ()
    assert "อย่างหนึ่ง" in whole(engine).documents[PATH]


def test_what_was_published_by_itself_is_not_overwritten_unseen(engine: Engine, somsri: User) -> None:
    shown = seen(engine)
    documents = own_documents()
    documents[PATH] = documents[PATH].replace(OLD, NEW)
    publish(engine, documents)
    with pytest.raises(Conflict), engine.begin() as connection:
        drafts.put_entry(connection, somsri, PATH, FIGURE, {"text": "ทับ"}, 0, shown.keys)
    assert (whole(engine).rows, log(engine)) == ((), [])
    with engine.begin() as connection:  # another key of it can be changed
        drafts.put_entry(connection, somsri, PATH, FIGURE, {"label": "ยา"}, 0, shown.keys)
    assert (seen(engine).keys["text"], seen(engine).keys["label"]) == (NEW, "ยา")


def test_an_id_that_was_removed_but_is_published_is_taken(engine: Engine, somsri: User) -> None:
    other = "service.innovation.duration"
    with engine.begin() as connection:
        drafts.remove_entry(connection, somsri, PATH, other, 0)
        assert drafts.new_id(connection, PATH, "duration") == f"{other}_2"
        with pytest.raises(Refused):
            drafts.add_entry(connection, somsri, PATH, "texts", {**FAQ, "id": other})
        drafts.add_entry(connection, somsri, PATH, "texts", {**FAQ, "id": f"{other}_2"})
    assert whole(engine).stale == ()


def test_a_whole_document_is_stale_once_another_was_published(engine: Engine, somsri: User) -> None:
    first, second = own_documents(), own_documents()
    first[PATH] = first[PATH].replace(OLD, NEW)
    publish(engine, first)
    imported = {PATH: first[PATH].replace(NEW, "ผสมได้ 99 ชนิด")}
    with engine.begin() as connection:
        drafts.put_documents(connection, somsri, imported, "knowledge.import")
    other = "2568/service.agenda.yaml"
    publish(engine, {**first, other: first[other] + "# another file\n"})
    assert whole(engine).stale == ()
    publish(engine, second)
    draft = whole(engine)
    assert [(row.path, row.entry) for row in draft.stale] == [(PATH, rows.WHOLE)]
    assert draft.documents == draft.base
    with engine.begin() as connection:  # brought in again, over what is published now
        drafts.put_documents(connection, somsri, imported, "knowledge.import")
    assert whole(engine).stale == ()
    publish(engine, {**second, **imported})  # somebody published the very same
    assert whole(engine).stale == ()


def test_a_whole_document_takes_the_place_of_what_was_changed_in_it(engine: Engine, somsri: User) -> None:
    put(engine, somsri, {"text": NEW}, 0)
    text = own_documents()[PATH].replace(OLD, "ผสมได้ 99 ชนิด")
    with engine.begin() as connection:
        drafts.put_documents(connection, somsri, {PATH: text}, "knowledge.import")
    draft = whole(engine)
    assert [(row.entry, row.change) for row in draft.rows] == [(rows.WHOLE, "edited")]
    assert draft.documents[PATH] == text
    put(engine, somsri, {"text": NEW}, 0)
    assert NEW in whole(engine).documents[PATH]


def test_whoever_asks_for_what_is_not_there_is_refused(engine: Engine, somsri: User) -> None:
    with pytest.raises(Refused):
        put(engine, somsri, {"text": "ก"}, 0, "service.innovation.none")
    with engine.connect() as connection:
        assert drafts.entry_of(connection, "2568/none.yaml", FIGURE) is None
        assert drafts.version_of(connection, PATH, FIGURE) == (0, "")
