"""What a worker finds when it measures a draft against what is published."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from sqlalchemy import Engine

from bot.admin import check_draft, date_changes, drafts, publishing
from bot.admin.date_changes import Wanted
from bot.admin.worker_tasks import carry_out
from bot.dispatch import Services
from bot.now import utc_now
from bot.settings import Settings
from bot.storage import console_jobs
from intents.evaluation import own_labelled
from knowledge import yaml_edits
from tests.bot.admin.conftest import Client, account
from tests.bot.admin.test_drafts import FIGURE, NEW, PATH
from tests.bot.admin.understanding import ask_in_vain, office_of
from tests.bot.published_content import own_documents


def compiled(services: Services, documents: dict[str, str]) -> Services:
    from bot.assistant import load_services

    return load_services(services.now, documents=documents, soon=True, before=services)


def compared(services: Services, name: str, changes: dict[str, Any], inbox: tuple[str, ...] = ()) -> dict[str, Any]:
    base = own_documents()
    draft = {**base, PATH: yaml_edits.changed(base[PATH], name, changes)}
    progress: list[int] = []
    found = check_draft.compared(services, compiled(services, draft), base, draft, inbox, progress.append)
    assert progress == sorted(progress)
    return found


def test_a_corrected_figure_is_told_as_edited_and_is_no_regression(services: Services) -> None:
    inbox = ("ยาเคมีบำบัดผสมได้กี่ชนิด หุ่นยนต์อุดร", "สวัสดี")
    found = compared(services, FIGURE, {"text": NEW}, inbox)
    assert (found["regressions"], found["total"]) == (0, len(own_labelled()))
    sorts = {change["question"]: change["sort"] for change in found["changes"]}
    assert sorts["หุ่นยนผสมยาเคมีบำบัดผสมได้กี่ชนิด"] == "edited"
    assert sorts[inbox[0]] == "unlabelled"
    assert inbox[1] not in sorts
    assert "worse" not in sorts.values()
    assert all("25 ชนิด" in change["after"]["text"] for change in found["changes"])


def test_an_entry_that_is_hidden_makes_questions_be_answered_wrong(services: Services) -> None:
    found = compared(services, "service.innovation.duration", {"published": False})
    worse = [change for change in found["changes"] if change["sort"] == "worse"]
    assert found["regressions"] == len(worse) > 0
    assert found["changes"][: len(worse)] == worse
    assert found["after"] < found["before"]


def test_one_more_phrasing_leaves_all_other_answers_as_they_were(services: Services) -> None:
    phrasings = ["ผสมยาได้กี่ชนิด", "ยากี่ชนิด", "ตัวยาที่เครื่องรองรับมีเท่าไร"]
    found = compared(services, FIGURE, {"phrasings": phrasings})
    assert abs(found["after"] - found["before"]) <= 5


def test_the_job_measures_the_draft_that_it_was_asked_about_and_no_other(
    services: Services, engine: Engine, redis: Redis, redis_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("intents.evaluation.own_labelled", lambda: own_labelled()[:20])
    settings = Settings(redis_url=redis_url, var_dir=tmp_path)
    office = office_of(settings, engine, redis, services)
    user = account(engine, "editor")
    with engine.begin() as connection:
        drafts.put_entry(connection, user, PATH, FIGURE, {"text": NEW}, 0)
        digest = drafts.draft(connection).digest
        job = console_jobs.add(connection, publishing.CHECK, {"digest": digest}, "editor", utc_now())
        late = console_jobs.add(connection, publishing.CHECK, {"digest": "another"}, "editor", utc_now())
    carry_out(office, "job", {"job": job})
    carry_out(office, "job", {"job": late})
    with engine.connect() as connection:
        ready = publishing.readiness(connection)
        assert ready.measured
        assert ready.job is not None
        assert ready.job.result["total"] == 20
        assert ready.can_be_published
        found = console_jobs.by_id(connection, late)
    assert found is not None
    assert found.result == {"outdated": True}


def test_what_people_asked_is_kept_and_shown_without_their_personal_data(
    services: Services,
    engine: Engine,
    redis: Redis,
    redis_url: str,
    tmp_path: Path,
    viewer: Client,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("intents.evaluation.own_labelled", lambda: own_labelled()[:20])
    office = office_of(Settings(redis_url=redis_url, var_dir=tmp_path), engine, redis, services)
    question = "ยาเคมีบำบัดผสมได้กี่ชนิด หุ่นยนต์อุดร โทร {} ค่ะ"
    ask_in_vain(engine, *map(question.format, ("081-234-5678", "081-234-5679")))
    with engine.begin() as connection:
        drafts.put_entry(connection, account(engine, "editor"), PATH, FIGURE, {"text": NEW}, 0)
        digest = drafts.draft(connection).digest
        job = console_jobs.add(connection, publishing.CHECK, {"digest": digest}, "editor", utc_now())
    carry_out(office, "job", {"job": job})
    with engine.connect() as connection:
        found = console_jobs.by_id(connection, job)
    assert found is not None
    asked = [change["question"] for change in found.result["changes"] if change["about"] == "กล่องคำถาม"]
    assert asked == [question.format("[เบอร์โทร]")], "asked once, whoever's number it was"
    assert "234" not in repr(found.result)
    page = viewer.get("/admin/knowledge/publish/").text
    assert asked[0] in page
    assert "234" not in page


def test_a_draft_that_is_broken_fails_its_check(
    services: Services, engine: Engine, redis: Redis, redis_url: str, tmp_path: Path
) -> None:
    office = office_of(Settings(redis_url=redis_url, var_dir=tmp_path), engine, redis, services)
    user = account(engine, "editor")
    with engine.begin() as connection:
        drafts.put_entry(connection, user, PATH, FIGURE, {"certainty": "somehow"}, 0)
        digest = drafts.draft(connection).digest
        job = console_jobs.add(connection, publishing.CHECK, {"digest": digest}, "editor", utc_now())
    carry_out(office, "job", {"job": job})
    with engine.connect() as connection:
        ready = publishing.readiness(connection)
    assert ready.job is not None
    assert (ready.job.state, ready.measured, ready.can_be_published) == ("failed", False, False)


AWARDS = "2568/awards.yaml"
CLOSING = {
    "kind": "closing",
    "name": "ปิดรับสมัครรางวัลเลิศรัฐ",
    "date": {"year": 2569, "month": 3, "day": 31},
    "time": "16:30",
    "source": {"urls": ["https://www.example.go.th/announce"]},
}


@pytest.mark.parametrize(
    ("entry", "keys", "question", "told"),
    [
        ("", CLOSING, "เลิศรัฐปิดรับสมัครวันไหน", "31 มีนาคม 2569"),
        (
            "awards.ceremony",
            {"date": {"year": 2568, "month": 11, "day": 14}, "certainty": None, "caution": None},
            "พิธีมอบรางวันเลิศรัฐ 2568 จัดวันไหน",
            "14 พฤศจิกายน 2568",
        ),
    ],
    ids=["set", "moved"],
)
def test_the_job_asks_about_a_date_and_what_it_makes_known_is_no_regression(
    services: Services,
    engine: Engine,
    redis: Redis,
    redis_url: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    entry: str,
    keys: dict[str, Any],
    question: str,
    told: str,
) -> None:
    few = [row for row in own_labelled() if "deadline" in row.attributes or row.question.startswith("สวัสดี")]
    monkeypatch.setattr("intents.evaluation.own_labelled", lambda: few)
    office = office_of(Settings(redis_url=redis_url, var_dir=tmp_path), engine, redis, services)
    wanted = Wanted(AWARDS, entry, keys)
    with engine.begin() as connection:
        digest = date_changes.check(connection, wanted, services.now()).digest
        request = {"digest": digest, "date": wanted.as_json}
        job = console_jobs.add(connection, publishing.CHECK, request, "editor", utc_now())
        gone = {"digest": digest, "date": {**wanted.as_json, "entry": "awards.nothing"}}
        late = console_jobs.add(connection, publishing.CHECK, gone, "editor", utc_now())
    carry_out(office, "job", {"job": job})
    carry_out(office, "job", {"job": late})
    with engine.connect() as connection:
        found, outdated = publishing.check_of(connection, digest), console_jobs.by_id(connection, late)
    assert found is not None
    assert outdated is not None
    assert outdated.result == {"outdated": True}
    assert (found.state, found.result["total"], found.result["regressions"]) == ("done", len(few), 0)
    changes = {change["question"]: change for change in found.result["changes"]}
    assert changes[question]["sort"] == "edited"
    assert told in changes[question]["after"]["text"]
    by_its_name = next(change for change in found.result["changes"] if change["sort"] == "unlabelled")
    assert told in by_its_name["after"]["text"]


def test_a_date_that_is_taken_away_makes_questions_be_answered_wrong(services: Services) -> None:
    base = own_documents()
    draft = {**base, AWARDS: yaml_edits.changed(base[AWARDS], "awards.ceremony", {"date": None, "place": None})}
    found = check_draft.compared(services, compiled(services, draft), base, draft, (), lambda _: None)
    worse = [change["question"] for change in found["changes"] if change["sort"] == "worse"]
    assert "พิธีมอบรางวันเลิศรัฐ 2568 จัดวันไหน" in worse
