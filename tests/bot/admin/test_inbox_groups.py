"""Which questions asked in vain belong together, and what they may be attached to; on both databases."""

from __future__ import annotations

from pathlib import Path

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.admin import drafts, inbox_groups, publishing, teaching
from bot.admin.accounts import Refused
from bot.admin.inbox_groups import wording
from bot.admin.teaching import Lesson
from bot.admin.teaching_effect import answered
from bot.admin.try_questions import answer as try_it
from bot.admin.worker_tasks import Office
from bot.dispatch import Services
from bot.now import utc_now
from bot.storage import unanswered
from tests.bot.admin.conftest import account, console_settings
from tests.bot.admin.understanding import ask_in_vain, office_of

WORKS = ("สาขาบริการหน่วยนึงยื่นได้กี่ชิ้นงานเหรอ", "สาขาบริการ หน่วยงานหนึ่งยื่นได้กี่ชิ้นงาน", "สาขาบริการ หน่วยหนึ่งยื่นได้กี่ชิ้นงานคะ")


@pytest.fixture
def office(engine: Engine, redis: Redis, redis_url: str, tmp_path: Path, services: Services) -> Office:
    """A worker's office."""
    return office_of(console_settings(redis_url, "", tmp_path), engine, redis, services)


def test_what_is_alike_is_one_group_and_the_newest_comes_first(office: Office, engine: Engine) -> None:
    numbers = ask_in_vain(engine, WORKS[0], "ที่จอดรถวันงานอยู่ตรงไหน", WORKS[1], "แต่งกายยังไงไปงาน", WORKS[2])
    found = inbox_groups.answer(office, {})["groups"]
    assert [group["ids"] for group in found] == [[numbers[4], numbers[2], numbers[0]], [numbers[3]], [numbers[1]]]


def test_the_same_asked_of_two_categories_is_two_groups(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, "นวัตกรรมบริการยื่นได้กี่ชิ้น", "บูรณาการข้อมูลยื่นได้กี่ชิ้น")
    assert len(inbox_groups.answer(office, {})["groups"]) == 2


def test_nothing_personal_leaves_the_worker(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, "โทรกลับ 0812345678 ด้วย")
    assert "0812345678" not in str(inbox_groups.answer(office, {}))


def test_the_likeliest_entry_is_proposed_first(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, "นวัตกรรมบริการใช้งานมาแค่ครึ่งปียื่นไหวไหม")
    (group,) = inbox_groups.answer(office, {})["groups"]
    assert group["proposals"][0]["name"].startswith("service.innovation.")
    scores = [one["score"] for one in group["proposals"]]
    assert scores == sorted(scores, reverse=True)
    assert 1 <= len(scores) <= inbox_groups.PROPOSALS


@pytest.mark.parametrize("question", ["กล้วยหอมทองราคากิโลละเท่าไหร่", "ที่จอดรถวันงานอยู่ตรงไหน", "ขอสไลด์อบรมหน่อย"])
def test_what_is_like_nothing_and_names_nothing_is_given_no_proposal(
    office: Office, engine: Engine, question: str
) -> None:
    ask_in_vain(engine, question)
    (group,) = inbox_groups.answer(office, {})["groups"]
    assert group["proposals"] == []


def test_what_only_names_a_subject_is_offered_its_answers_and_none_by_one_click(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, "ขอโพยนวัตกรรมบริการฉบับมือใหม่")
    (group,) = inbox_groups.answer(office, {})["groups"]
    assert group["proposals"][0]["name"] == "service.innovation.definition"
    assert {one["likely"] for one in group["proposals"]} == {False}


def test_what_can_be_answered_by_now_says_so(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง")
    (group,) = inbox_groups.answer(office, {})["groups"]
    assert group["now"] == "answered"


def test_what_did_not_help_is_not_proposed_again(office: Office, engine: Engine, services: Services) -> None:
    question = "นวัตกรรมบริการต้องใช้มากี่ปี"
    matcher = services.matchers[2568]
    shown = matcher.match(question).best.entry
    assert shown
    ask_in_vain(engine, question, reason="unhelpful")
    (group,) = inbox_groups.answer(office, {})["groups"]
    assert shown not in [one["name"] for one in group["proposals"]]


def test_the_most_frequent_wording_stands_for_a_group(engine: Engine) -> None:
    ask_in_vain(engine, "ยาวกว่ามาก ๆ เลย", "สั้น", reason="unclear")
    ask_in_vain(engine, "ยาวกว่ามาก ๆ เลย", start=7)
    with engine.connect() as connection:
        assert wording(unanswered.listed(connection)) == "ยาวกว่ามาก ๆ เลย"


# -- teaching


QUESTION = "ขอโพยสำหรับคนไม่เคยส่งนวัตกรรมบริการ"
ENTRY = ("2568/service.innovation.yaml", "service.innovation.fits")


def lesson_for(engine: Engine, question: str = QUESTION, entry: tuple[str, str] = ENTRY) -> Lesson:
    """A lesson of one question."""
    with engine.connect() as connection:
        _, base = drafts.published(connection)
        ids = [one.id for one in unanswered.listed(connection)]
    return teaching.lesson(base, ids, *entry, [question])


def test_a_phrasing_goes_into_its_entry_and_nothing_else_changes(engine: Engine) -> None:
    ask_in_vain(engine, QUESTION)
    lesson = lesson_for(engine)
    with engine.connect() as connection:
        _, base = drafts.published(connection)
    documents = teaching.documents_with(base, lesson)
    assert [path for path in base if base[path] != documents[path]] == [ENTRY[0]]
    place = drafts.place_in(documents[ENTRY[0]], ENTRY[1])
    assert place.keys["phrasings"][-1] == QUESTION
    assert publishing.problems_of(documents) == ()


@pytest.mark.parametrize("typed", ["", "   ", "ก" * 201])
def test_what_cannot_be_a_phrasing_is_refused(engine: Engine, typed: str) -> None:
    with engine.connect() as connection, pytest.raises(Refused):
        teaching.lesson(drafts.published(connection)[1], [1], *ENTRY, [typed])


def test_an_entry_that_is_gone_is_refused(engine: Engine) -> None:
    with engine.connect() as connection:
        _, base = drafts.published(connection)
    for entry in (("2568/service.yaml", "nothing"), ("../etc/passwd", "x"), ("", "")):
        with pytest.raises(Refused):
            teaching.lesson(base, [1], *entry, ["คำถาม"])


def test_the_question_is_answered_by_the_entry_once_it_is_taught(office: Office, engine: Engine) -> None:
    ask_in_vain(engine, QUESTION)
    lesson = lesson_for(engine)
    with engine.connect() as connection:
        documents = teaching.documents_with(drafts.published(connection)[1], lesson)
        questions = unanswered.listed(connection)
    (told,) = answered(office.published.current(), office.compile(documents), questions, lesson)
    assert (told["right"], told["after"]) == (True, "answered")


def test_a_lesson_joins_the_draft_where_somebody_is_at_the_same_phrasings(engine: Engine) -> None:
    (number,) = ask_in_vain(engine, QUESTION)
    user = account(engine, "editor")
    lesson = lesson_for(engine)
    with engine.begin() as connection:
        assert not teaching.must_join_draft(connection, lesson)
        seen = drafts.entry_of(connection, *ENTRY)
        assert seen is not None
        drafts.put_entry(connection, user, *ENTRY, {"gist": "อื่น"}, seen.version)
        assert not teaching.must_join_draft(connection, lesson)
        seen = drafts.entry_of(connection, *ENTRY)
        assert seen is not None
        drafts.put_entry(connection, user, *ENTRY, {"phrasings": [*seen.keys["phrasings"], "ของคนอื่น"]}, seen.version)
        assert teaching.must_join_draft(connection, lesson)
    teaching.join_draft(engine, user, lesson)
    with engine.connect() as connection:
        entry = drafts.entry_of(connection, *ENTRY)
        (question,) = unanswered.by_ids(connection, [number])
    assert entry is not None
    assert entry.keys["phrasings"][-2:] == ["ของคนอื่น", QUESTION]
    assert (question.state, question.settled_by, question.entry) == ("taught", "editor", f"{ENTRY[0]}: {ENTRY[1]}")


# -- what becomes of questions


def test_a_question_is_settled_once_and_can_be_reopened(engine: Engine) -> None:
    numbers = ask_in_vain(engine, "ก", "ข")
    with engine.begin() as connection:
        before = unanswered.stamp(connection)
        assert unanswered.settle(connection, numbers, unanswered.DISMISSED, "a", utc_now()) == 2
        assert unanswered.settle(connection, numbers, unanswered.TAUGHT, "b", utc_now()) == 0
        assert unanswered.stamp(connection) != before
        assert unanswered.listed(connection) == []
        assert {q.settled_by for q in unanswered.listed(connection, [unanswered.DISMISSED])} == {"a"}
        assert unanswered.reopen(connection, numbers[:1]) == 1
        assert [q.id for q in unanswered.listed(connection)] == numbers[:1]


# -- try it


def test_try_it_tells_every_step_of_what_is_published_and_of_the_draft(office: Office, engine: Engine) -> None:
    question = "นวัตกรรมบริการใช้มา 6 เดือนส่งได้ไหม"
    alone = try_it(office, {"question": question})
    assert alone["draft"] is None
    side = alone["published"]
    assert side["words"]
    assert side["candidates"][0]["subjects"] == ["นวัตกรรมบริการ"]
    assert side["candidates"][0]["confidence"] > 0.3
    assert {"answer", "ask_back", "answer_named", "strange"} == side["thresholds"].keys()
    assert [(one["fact"], one["value"]) for one in side["facts"]] == [("months_in_use", 6)]
    assert "‹ชื่อรางวัล›" in side["words"]
    assert "subjectx" not in str(side["words"]) + side["ranked"]
    assert {"subject": "นวัตกรรมบริการ", "outcome": "fail"}.items() <= side["rules"][0].items()
    assert "fail" in [one["outcome"] for one in side["rules"][0]["checked"]]
    assert side["messages"][0]["type"] == "flex"
    (focus,) = (
        one
        for one in try_it(office, {"question": "หน่วยงานเราทำนวัตกรรมบริการมา 6 เดือน ส่งได้ไหม"})["published"]["facts"]
        if one["fact"] == "focus"
    )
    choices = {choice.label for choice in office.published.current().knowledge.newest.facts["focus"].choices}
    assert set(focus["value"]) <= choices
    definition = (ENTRY[0], "service.innovation.definition")
    user = account(engine, "editor")
    with engine.begin() as connection:
        drafts.put_entry(connection, user, *definition, {"gist": "คำตอบฉบับร่าง"}, 0)
    both = try_it(office, {"question": "นวัตกรรมบริการคืออะไร"})
    assert "คำตอบฉบับร่าง" in both["draft"]["text"]
    assert "คำตอบฉบับร่าง" not in both["published"]["text"]
    assert both["same"] is False


def test_a_broken_draft_is_said_to_be_and_the_published_side_stays(office: Office, engine: Engine) -> None:
    user = account(engine, "editor")
    with engine.begin() as connection:
        drafts.put_documents(connection, user, {"2568/service.yaml": "subject: service\n"}, "knowledge.edit")
    found = try_it(office, {"question": "นวัตกรรมบริการคืออะไร"})
    assert found["draft"] is None
    assert found["draft_problem"]
    assert found["published"]["statuses"] == ["answered"]
