"""What is said: composed from the real knowledge, whole, with its round and its sources, and nothing that is not known."""

from __future__ import annotations

import itertools
import re
from typing import Any

import pytest

from bot import wording
from bot.answers import Composer
from bot.dispatch import Services
from bot.flex import plain, render
from bot.simulator.validation import check_messages
from bot.turn import Answer
from intents.match import Match, Reading
from knowledge.model import ATTRIBUTE_KEYS, Certainty, Condition, Example, Gap, Milestone, Round
from knowledge.templates import applied_to
from tests.bot.talk import Talk, labels

# Those that are commands, or no matter of content.
NOT_COMPOSED = {"smalltalk", "out_of_scope", "quiz", "reminder"}
COMPOSED = [attribute for attribute in ATTRIBUTE_KEYS if attribute not in NOT_COMPOSED]
PHONE = re.compile(r"0[\s-]?2[\s-]?356[\s-]?9999")


@pytest.fixture
def talk(services: Services) -> Talk:
    return Talk(services)


@pytest.fixture
def round_(services: Services) -> Round:
    return services.knowledge.newest


@pytest.fixture
def composer(round_: Round) -> Composer:
    return Composer(round_)


def compose(composer: Composer, reading: Reading, years: tuple[int, ...] = ()) -> Answer:
    found: Any = None  # what is said depends on the reading alone, not on how it was found
    return composer.answer(Match("ถาม", "ถาม", (reading,), "answer", found, found, years=years))


def everything(round_: Round) -> list[Reading]:
    """Every subject × attribute, topic, published entry and figure that can be asked for by itself."""
    readings = [Reading((key,), attribute, 1.0) for key in round_.subjects for attribute in COMPOSED]
    readings += [
        Reading((key,), t.attribute, 1.0, topic=t.key) for key in round_.subjects for t in round_.topics.values()
    ]
    for entry in round_.entries:
        if entry.published:
            readings.append(Reading((entry.subject,), entry.attribute, 1.0, topic=entry.topic, entry=entry.id))
        if isinstance(entry, Example) and entry.published:
            readings += [
                Reading((entry.subject,), "examples", 1.0, entry=entry.id, figure=figure.id) for figure in entry.figures
            ]
    siblings = [[child.key for child in round_.children(key)] for key in round_.subjects]
    for keys in siblings:
        readings += [Reading(pair, a, 1.0) for pair in itertools.combinations(keys, 2) for a in COMPOSED]
        readings += [Reading(three, "comparison", 1.0) for three in itertools.combinations(keys, 3)]
    return readings


def test_whatever_is_asked_is_composed_named_and_within_lines_limits(composer: Composer, round_: Round) -> None:
    readings = everything(round_)
    assert len(readings) > 1000
    for reading in readings:
        answer = compose(composer, reading)
        assert answer.status in ("answered", "unknown"), reading
        assert labels(answer)[1:] == (reading.subjects, reading.attribute)
        assert answer.gist.strip(), reading
        assert (answer.year, answer.rules_year) == (2568, 2568)
        assert str(round_.year) in answer.header, reading
        assert check_messages(render([answer])) is None, reading


def test_what_is_answered_names_its_source(composer: Composer, round_: Round) -> None:
    without = [
        reading
        for reading in everything(round_)
        if reading.attribute != "recommend"
        and (answer := compose(composer, reading)).status == "answered"
        and not answer.sources
    ]
    assert without == []


def test_what_is_recommended_names_its_source(composer: Composer, round_: Round) -> None:
    answers = [compose(composer, Reading((key,), "recommend", 1.0)) for key in round_.subjects]
    assert [answer.subjects for answer in answers if answer.status == "answered" and not answer.sources] == []


def unknown_in(composer: Composer, round_: Round) -> list[tuple[Reading, Answer]]:
    composed = [(reading, compose(composer, reading)) for reading in everything(round_)]
    return [(reading, answer) for reading, answer in composed if answer.status == "unknown"]


def test_what_is_not_known_offers_a_person_and_for_dates_a_reminder(composer: Composer, round_: Round) -> None:
    unknown = [(reading, answer) for reading, answer in unknown_in(composer, round_) if not reading.figure]
    assert {reading.attribute for reading, _ in unknown} >= {"deadline", "documents", "scoring", "contact", "apply"}
    for reading, answer in unknown:
        assert wording.ASK_A_PERSON in answer.buttons, reading
        assert (wording.REMIND_WHEN_ANNOUNCED in answer.buttons) == (reading.attribute == "deadline"), reading


def test_a_figure_that_is_held_back_offers_a_person(composer: Composer, round_: Round) -> None:
    unknown = [(reading, answer) for reading, answer in unknown_in(composer, round_) if reading.figure]
    assert [reading.figure for reading, answer in unknown if wording.ASK_A_PERSON not in answer.buttons] == []


PLAINLY_NOT = re.compile("ยังไม่|ไม่ได้|ไม่มี|ไม่เผยแพร่")


def test_what_is_not_known_is_said_in_the_first_line(composer: Composer, round_: Round) -> None:
    assert [(r, a.gist) for r, a in unknown_in(composer, round_) if not PLAINLY_NOT.search(a.gist)] == []


def test_an_unpublished_entry_is_never_shown(composer: Composer, round_: Round) -> None:
    hidden = [entry for entry in round_.entries if not entry.published]
    texts = [part for e in hidden for part in (getattr(e, "gist", ""), getattr(e, "text", ""), e.caution) if part]
    assert any(PHONE.search(text) for text in texts)
    for reading in everything(round_):
        shown = plain([compose(composer, reading)])
        assert not PHONE.search(shown), reading
        assert not any(text in shown for text in texts), reading


def test_a_gap_is_never_an_answer(composer: Composer, round_: Round) -> None:
    for entry in round_.entries:
        if isinstance(entry, Gap) and entry.published:
            answer = compose(composer, Reading((entry.subject,), entry.attribute, 1.0, entry=entry.id))
            assert answer.status == "unknown", entry.id


def test_what_is_not_certain_says_so(composer: Composer, round_: Round) -> None:
    # A gap says itself that nothing is known.
    doubtful = [
        e for e in round_.entries if e.published and e.certainty is not Certainty.CERTAIN and not isinstance(e, Gap)
    ]
    assert doubtful
    for entry in doubtful:
        answer = compose(composer, Reading((entry.subject,), entry.attribute, 1.0, topic=entry.topic, entry=entry.id))
        assert entry.caution in answer.notes, entry.id


@pytest.mark.parametrize(
    "key", ["service.innovation", "service.expansion", "service.integration", "participation.open"]
)
def test_all_conditions_of_a_category_are_listed_and_counted(composer: Composer, round_: Round, key: str) -> None:
    conditions = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
    answer = compose(composer, Reading((key,), "conditions", 1.0))
    (listed,) = answer.blocks
    assert listed.lines == tuple(e.text for e in conditions)
    assert f"{len(conditions)} ข้อ" in answer.gist


def test_a_single_condition_is_the_whole_answer(composer: Composer, round_: Round) -> None:
    for entry in round_.entries:
        if isinstance(entry, Condition):
            answer = compose(composer, Reading((entry.subject,), "conditions", 1.0, entry=entry.id))
            assert (answer.gist, answer.blocks) == (entry.text, ()), entry.id


def test_two_or_three_are_compared_side_by_side(composer: Composer, round_: Round) -> None:
    for keys in (
        ("service.innovation", "service.integration"),
        ("service.innovation", "service.expansion", "service.agenda"),
    ):
        answer = compose(composer, Reading(keys, "comparison", 1.0))
        assert [block.title for block in answer.blocks] == [round_.subjects[key].name for key in keys]
        for key, block in zip(keys, answer.blocks, strict=True):
            shown = "\n".join(block.lines)
            conditions = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
            # Three in full would not fit on a phone.
            assert all((e.text if len(keys) == 2 else e.label) in shown for e in conditions)


def test_the_same_point_of_several_is_a_line_each(composer: Composer, round_: Round) -> None:
    keys = ("service.innovation", "service.integration", "participation.effective")
    answer = compose(composer, Reading(keys, "conditions", 1.0, topic="duration"))
    (block,) = answer.blocks
    assert [line.split("\t")[0] for line in block.lines] == [round_.subjects[key].name for key in keys]
    assert all("1 ปี" in line for line in block.lines)


def test_a_figure_comes_first_and_its_work_after(composer: Composer, round_: Round) -> None:
    for work in round_.entries:
        if not isinstance(work, Example) or not work.published:
            continue
        for figure in work.figures:
            answer = compose(composer, Reading((work.subject,), "examples", 1.0, entry=work.id, figure=figure.id))
            assert answer.gist == figure.text
            assert any(work.title in line for block in answer.blocks for line in block.lines)
            assert answer.status == ("unknown" if figure.certainty is Certainty.TO_CONFIRM else "answered"), figure.id


def test_a_figure_of_another_year_is_not_passed_off(composer: Composer, round_: Round) -> None:
    work, figure = next(
        (w, f)
        for w in round_.entries
        if isinstance(w, Example)
        for f in w.figures
        if "2541" not in f.text and f.certainty is Certainty.CERTAIN
    )
    answer = compose(composer, Reading((work.subject,), "examples", 1.0, entry=work.id, figure=figure.id), (2541,))
    assert answer.status == "unknown"
    assert "2541" in answer.gist
    assert any(figure.text in block.lines for block in answer.blocks)


def test_works_are_listed_with_a_button_each(composer: Composer, round_: Round) -> None:
    works = [e for e in round_.entries if isinstance(e, Example) and e.published and e.subject.startswith("service.")]
    answer = compose(composer, Reading(("service",), "examples", 1.0))
    assert str(len(works)) in answer.gist
    assert [button.text for button in answer.buttons] == [f"ผลงาน {w.label or w.title}" for w in works]


# -- rounds and dates --------------------------------------------------------------------------------------------------


def test_every_answer_for_a_later_round_says_whose_rules_it_gives(round_: Round) -> None:
    later = Composer(round_, 2570)
    for key, attribute in itertools.product(round_.subjects, COMPOSED):
        answer = compose(later, Reading((key,), attribute, 1.0))
        assert (answer.year, answer.rules_year) == (2570, 2568)
        if attribute == "deadline":
            # No rules are given here: the first line says that nothing is known, dates stand under their own year.
            assert (answer.status, "2570" in answer.gist) == ("unknown", True), key
            assert all("2568" in block.title for block in answer.blocks), key
        else:
            assert any("2570" in note and "2568" in note for note in answer.notes), (key, attribute)


@pytest.mark.parametrize("year", [2566, 2570])
def test_a_date_of_one_round_is_no_answer_about_another(round_: Round, year: int) -> None:
    other = Composer(round_, year)
    for entry in round_.entries:
        if isinstance(entry, Milestone) and entry.published:
            answer = compose(other, Reading((entry.subject,), "deadline", 1.0, entry=entry.id))
            assert (answer.status, str(year) in answer.gist) == ("unknown", True), entry.id
            assert all(str(round_.year) in block.title for block in answer.blocks), entry.id
            assert (wording.REMIND_WHEN_ANNOUNCED in answer.buttons) == (year > round_.year), entry.id


def test_a_year_that_was_reckoned_for_one_round_is_never_given_for_another(round_: Round) -> None:
    reckoned = {e.text for e in round_.entries if isinstance(e, Condition) and e.other_rounds}
    assert reckoned
    later, readings = Composer(applied_to(round_, 2570), 2570), everything(round_)
    wrong = [r for r in readings if any(text in plain([compose(later, r)]) for text in reckoned)]
    assert wrong == []
    this = Composer(round_, round_.year)
    assert any(text in plain([compose(this, r)]) for r in readings for text in reckoned)


@pytest.mark.parametrize(
    ("question", "status"),
    [
        # The latest year itself is stated for round 2568 alone; the rule that it comes from holds on.
        ("เลื่องลือขยายผลปี 2570 ต้องเริ่มขยายผลอย่างช้าปีไหน", "unknown"),
        ("เงื่อนไขเลื่องลือขยายผล ปี 2570", "answered"),
        ("รอบ 2570 เลื่องลือขยายผลต้องเริ่มขยายภายในกี่ปี", "answered"),
    ],
)
def test_a_later_rounds_latest_start_is_said_to_be_unconfirmed(talk: Talk, question: str, status: str) -> None:
    answer = talk.answer(question)
    shown = plain([answer])
    assert (answer.status, answer.subjects) == (status, ("participation.expanded",))
    assert "ผลงานที่ส่งในรอบปี 2568 ต้องเริ่ม" not in shown
    assert "2570" in shown


# -- lists and cautions ------------------------------------------------------------------------------------------------


def test_where_several_conditions_are_told_each_caution_names_its_own(composer: Composer, round_: Round) -> None:
    named = 0
    for key in round_.subjects:
        conditions = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
        if len(conditions) < 2 or round_.children(key):
            continue
        notes = compose(composer, Reading((key,), "conditions", 1.0)).notes
        for e in conditions:
            if e.certainty is not Certainty.CERTAIN:
                assert f"{e.label}: {e.caution}" in notes, e.id
                alone = compose(composer, Reading((key,), "conditions", 1.0, topic=e.topic, entry=e.id)).notes
                assert e.caution in alone, e.id
                named += 1
    assert named > 2


def test_only_a_whole_list_is_counted(composer: Composer, round_: Round) -> None:
    by_topic: dict[tuple[str, str], list[Condition]] = {}
    for entry in round_.entries:
        if isinstance(entry, Condition) and entry.published and entry.topic:
            by_topic.setdefault((entry.subject, entry.topic), []).append(entry)
    parts = {place: found for place, found in by_topic.items() if len(found) > 1}
    assert parts
    for (key, topic), told in parts.items():
        every = [e for e in round_.of(key, "conditions") if isinstance(e, Condition)]
        assert len(told) < len(every), key
        answer = compose(composer, Reading((key,), "conditions", 1.0, topic=topic))
        assert {e.text for e in told} <= {line for block in answer.blocks for line in block.lines}
        assert not re.search(r"\d ข้อ", answer.gist), (key, answer.gist)
        assert f"{len(every)} ข้อ" in compose(composer, Reading((key,), "conditions", 1.0)).gist


def test_the_ceremony_of_the_round_has_its_day_in_thai(composer: Composer, round_: Round) -> None:
    answer = compose(composer, Reading(("awards",), "deadline", 1.0, entry="awards.ceremony"))
    assert answer.status == "answered"
    assert "วันศุกร์ที่ 12 กันยายน 2568" in answer.gist


# -- asked in words ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("question", ["ปิดรับเมื่อไหร่", "ประกาศผลเมื่อไหร่", "กำหนดการรอบ 2570", "เลื่องลือขยายผลปิดวันไหน"])
def test_a_date_that_is_not_known_cites_the_slides_once(talk: Talk, round_: Round, question: str) -> None:
    answer = talk.answer(question)
    assert answer.status == "unknown"
    assert sum(round_.slides in one for one in answer.sources) == 1


def test_one_figure_is_answered_in_the_first_line(talk: Talk) -> None:
    answer = talk.answer("ลดจาก 11 ขั้นตอนเหลือกี่ขั้น")
    assert answer.status == "answered"
    assert "3 ขั้นตอน" in answer.gist


def test_a_list_is_shown_whole(talk: Talk, round_: Round) -> None:
    answer = talk.answer("รางวัลเลิศรัฐมีกี่ประเภท อะไรบ้าง")
    shown = plain([answer])
    assert "6 ประเภท" in answer.gist
    assert all(name in shown for name in ("ยอดเยี่ยม", "เกียรติยศ", "สาขา", "PMQA", "บริการภาครัฐ", "มีส่วนร่วม"))


def test_one_condition_is_answered_alone(talk: Talk) -> None:
    answer = talk.answer("บูรณาการข้อมูลต้องมีกี่หน่วยงาน")
    assert "3 หน่วยงาน" in answer.gist
    assert answer.blocks == ()


def test_which_ones_demand_a_year_names_them_all(talk: Talk) -> None:
    answer = talk.answer("ประเภทไหนบ้างที่ต้องทำมาแล้ว 1 ปี")
    assert set(answer.subjects) == {"service.innovation", "service.integration", "participation.effective"}


@pytest.mark.parametrize(
    ("question", "attribute"),
    [
        ("ปิดรับสมัครวันไหน", "deadline"),
        ("แบบฟอร์มใบสมัครโหลดที่ไหน", "documents"),
        ("ขอเบอร์โทร กพร.", "contact"),
        ("ค่าสมัครเท่าไหร่", "apply"),
        ("PMQA ต้องได้กี่คะแนน", "scoring"),
    ],
)
def test_what_the_knowledge_lacks_is_said_plainly(talk: Talk, question: str, attribute: str) -> None:
    answer = talk.answer(question)
    assert (answer.status, answer.attribute) == ("unknown", attribute)
    assert "ยังไม่" in answer.gist
    assert not PHONE.search(plain([answer]))


def test_every_button_that_leads_on_is_understood(talk: Talk, round_: Round) -> None:
    """A tapped button sends its text: it must be answered, and about the same subject."""
    composer, wrong = Composer(round_), []
    for key, attribute in itertools.product(round_.subjects, ("definition", "conditions", "examples")):
        for button in compose(composer, Reading((key,), attribute, 1.0)).buttons:
            reply = Talk(talk.services).answer(button.text)
            if reply.status not in ("answered", "unknown", "command"):
                wrong.append((key, attribute, button.text, reply.status))
    assert wrong == []


def test_every_option_of_the_contents_own_questions_is_answered(talk: Talk, round_: Round) -> None:
    options = [(a.id, option) for a in round_.ambiguities for option in a.options]
    assert options
    wrong = [
        (i, o.question)
        for i, o in options
        if Talk(talk.services).answer(o.question).status not in ("answered", "unknown")
    ]
    assert wrong == []
