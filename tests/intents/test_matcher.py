"""Understanding whole questions of the real round: what they are about, what is asked, and when to ask back or refuse.

Confidences are not tested: they move with every phrasing that is added. What is promised is the decision.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intents.match import Context, Match
from intents.matcher import Matcher, fit
from intents.phrasebook import Command, Phrasebook
from knowledge.model import SUBJECT_KEYS, Round

TODAY = date(2025, 6, 1)
TWO = ("service.innovation", "service.integration")
AFTER_CONDITIONS = Context(("service.innovation",), "conditions")
AFTER_A_LIST = Context(("service",), "definition", offered=TWO)


def ask(matcher: Matcher, question: str, context: Context | None = None, today: date = TODAY) -> Match:
    return matcher.match(question, context, today)


def labels(match: Match) -> tuple[str, tuple[str, ...], str]:
    return match.decision, match.best.subjects, match.best.attribute


# -- by itself ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "subjects", "attribute"),
    [
        ("รางวัลเลิศรัฐคืออะไร", ("awards",), "definition"),
        ("เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง", ("service.innovation",), "conditions"),
        ("เงือนไขนวตกรรมบรการมีไรบ้างคะ", ("service.innovation",), "conditions"),
        ("ขอตัวอย่างผลงานบูรณาการข้อมูล", ("service.integration",), "examples"),
        ("PMQA ต้องได้กี่คะแนน", ("pmqa",), "scoring"),
        ("ปิดรับสมัครวันไหน", ("awards",), "deadline"),
        ("แบบฟอร์มใบสมัครโหลดที่ไหน", ("awards",), "documents"),
        ("นวัตกรรมบริการกับบูรณาการข้อมูลต่างกันยังไง", TWO, "comparison"),
        ("ik';y]g]bLiy{8nvvtwi", ("awards",), "definition"),
    ],
)
def test_a_clear_question_is_read_at_once(
    matcher: Matcher, question: str, subjects: tuple[str, ...], attribute: str
) -> None:
    assert labels(ask(matcher, question)) == ("answer", subjects, attribute)


def test_every_subject_is_recognised_by_its_name(matcher: Matcher, round_: Round) -> None:
    asked = {key: ask(matcher, f"{subject.name}คืออะไร") for key, subject in round_.subjects.items()}
    wrong = {key: labels(match) for key, match in asked.items() if labels(match) != ("answer", (key,), "definition")}
    assert wrong == {}


def test_one_condition_is_picked_out_when_only_that_was_asked(matcher: Matcher) -> None:
    match = ask(matcher, "บูรณาการข้อมูลต้องมีกี่หน่วยงาน")
    assert match.best.entry == "service.integration.agencies"


def test_one_figure_is_picked_out_of_a_work(matcher: Matcher) -> None:
    match = ask(matcher, "แชร์ลูกโซ่ลดจาก 11 ขั้นตอนเหลือกี่ขั้น")
    assert (match.decision, match.best.figure) == ("answer", "service.expansion.dsi.steps")


@pytest.mark.parametrize("question", ["ขยายผลมีเงื่อนไขอะไรบ้าง", "ขยายผลคืออะไร"])
def test_a_name_of_two_categories_is_asked_back(matcher: Matcher, question: str) -> None:
    match = ask(matcher, question)
    assert match.decision == "ask_back"
    assert {r.subjects for r in match.readings} == {("service.expansion",), ("participation.expanded",)}


def test_the_branch_beside_an_ambiguous_name_settles_it(matcher: Matcher) -> None:
    match = ask(matcher, "ขยายผลของสาขามีส่วนร่วมมีเงื่อนไขอะไร")
    assert labels(match) == ("answer", ("participation.expanded",), "conditions")


def test_a_question_of_several_readings_is_asked_back_in_the_contents_words(matcher: Matcher, round_: Round) -> None:
    match = ask(matcher, "มีกี่หมวด")
    assert match.decision == "ask_back"
    assert match.ambiguity in {ambiguity.id for ambiguity in round_.ambiguities}


@pytest.mark.parametrize("question", ["เงื่อนไขมีอะไรบ้าง", "เงื่อนไข", "เงื่อนไขล่ะ"])
def test_conditions_of_nothing_in_particular_are_asked_back(matcher: Matcher, question: str) -> None:
    match = ask(matcher, question)
    assert (match.decision, match.unnamed) == ("ask_back", True)
    assert len({reading.subjects for reading in match.readings}) > 1


@pytest.mark.parametrize(
    "question",
    ["ราคาทองวันนี้", "TQA ต้องกี่คะแนน", "อยากสั่งข้าวมันไก่", "รางวัลออสการ์มีกี่สาขา", "สมัครงานราชการที่ไหน", "แก้โค้ด python ให้หน่อย"],
)
def test_strangers_are_refused(matcher: Matcher, question: str) -> None:
    match = ask(matcher, question)
    assert (match.decision, match.reason) == ("refuse", "out_of_scope")


@pytest.mark.parametrize("question", ["", "   ", "😀🙏", "5555", "\u200b", "???"])
def test_nothing_to_read_is_refused_as_unclear(matcher: Matcher, question: str) -> None:
    match = ask(matcher, question)
    assert (match.decision, match.reason) == ("refuse", "unclear")


@pytest.mark.parametrize(
    ("said", "command", "attribute"),
    [
        ("สวัสดีค่ะ", "greeting", "smalltalk"),
        ("ขอบคุณมากครับ", "thanks", "smalltalk"),
        ("ขอคุยกับเจ้าหน้าที่", "person", "contact"),
        ("ลบข้อมูลของฉัน", "erase", "smalltalk"),
        ("เมนู", "help", "smalltalk"),
        ("คุยกับบอทต่อ", "resume", "smalltalk"),
        ("ยกเลิกการแจ้งเตือน", "cancel_reminders", "reminder"),
        ("เตือนฉันเมื่อประกาศวันรับสมัคร", "set_reminder", "reminder"),
    ],
)
def test_a_command_is_told_from_a_question(matcher: Matcher, said: str, command: str, attribute: str) -> None:
    match = ask(matcher, said)
    assert (match.decision, match.command) == ("answer", command)
    assert match.best.attribute in (attribute, "contact")


def test_a_question_is_no_command(matcher: Matcher) -> None:
    assert ask(matcher, "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง").command is None


# -- years -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "year"),
    [
        ("เงื่อนไขนวัตกรรมบริการ ปี 2570", 2570),
        ("เงื่อนไขนวัตกรรมบริการรอบ 70 มีอะไรบ้าง", 2570),
        ("เกณฑ์นวัตกรรมบริการปี ๒๕๖๙ คืออะไร", 2569),
        ("เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง", None),
        ("เคยได้รางวัลปี 2564 ส่งขยายผลบริการได้ไหม", None),
    ],
)
def test_the_round_is_what_was_asked_for(matcher: Matcher, question: str, year: int | None) -> None:
    assert ask(matcher, question).year == year


def test_the_next_round_goes_by_the_date(matcher: Matcher) -> None:
    question = "รอบหน้าเปิดรับสมัครเมื่อไหร่"
    assert ask(matcher, question, today=date(2026, 9, 30)).year == 2569
    assert ask(matcher, question, today=date(2026, 10, 1)).year == 2570


# -- in a conversation -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "context", "subjects", "attribute"),
    [
        ("แล้วบูรณาการข้อมูลล่ะ", AFTER_CONDITIONS, ("service.integration",), "conditions"),
        ("แล้วเงื่อนไขล่ะ", Context(("service.innovation",), "definition"), ("service.innovation",), "conditions"),
        ("ไม่ใช่ หมายถึงขยายผลบริการ", AFTER_CONDITIONS, ("service.expansion",), "conditions"),
        ("อันหลังมีเงื่อนไขอะไร", AFTER_A_LIST, ("service.integration",), "conditions"),
        ("ขออธิบายอันแรก", AFTER_A_LIST, ("service.innovation",), "definition"),
        ("อันที่สอง", replace(AFTER_A_LIST, attribute="conditions"), ("service.integration",), "conditions"),
        ("ทั้งสองอันต่างกันยังไง", AFTER_A_LIST, TWO, "comparison"),
        ("ต่างกันยังไง", AFTER_A_LIST, TWO, "comparison"),
        ("มีตัวอย่างไหม", AFTER_CONDITIONS, ("service.innovation",), "examples"),
        ("ปิดรับสมัครวันไหน", AFTER_CONDITIONS, ("awards",), "deadline"),
    ],
)
def test_a_question_leans_on_the_turn_before(
    matcher: Matcher, question: str, context: Context, subjects: tuple[str, ...], attribute: str
) -> None:
    assert labels(ask(matcher, question, context)) == ("answer", subjects, attribute)


@pytest.mark.parametrize(
    ("question", "context", "subjects", "attribute"),
    [
        ("อันแรกคืออะไร", AFTER_A_LIST, ("service.innovation",), "definition"),
        ("ขอตัวอย่างผลงานหน่อย", AFTER_CONDITIONS, ("service.innovation",), "examples"),
    ],
)
def test_a_question_leans_on_the_turn_before_in_every_wording(
    matcher: Matcher, question: str, context: Context, subjects: tuple[str, ...], attribute: str
) -> None:
    assert labels(ask(matcher, question, context)) == ("answer", subjects, attribute)


def test_an_ordinal_beyond_what_was_listed_points_at_nothing(matcher: Matcher) -> None:
    match = ask(matcher, "อันที่ห้าคืออะไร", AFTER_A_LIST)
    assert match.best.subjects not in (("service.innovation",), ("service.integration",))


def test_a_name_wins_over_what_was_talked_about(matcher: Matcher) -> None:
    match = ask(matcher, "PMQA 4.0 คืออะไร", AFTER_CONDITIONS)
    assert labels(match) == ("answer", ("pmqa.four",), "definition")


def test_another_round_of_the_same_answer(matcher: Matcher) -> None:
    match = ask(matcher, "แล้วปี 2570 ล่ะ", AFTER_CONDITIONS)
    assert labels(match) == ("answer", ("service.innovation",), "conditions")
    assert match.year == 2570


def test_a_stranger_is_refused_in_a_conversation_too(matcher: Matcher) -> None:
    match = ask(matcher, "ราคาทองวันนี้เท่าไหร่", AFTER_CONDITIONS)
    assert (match.decision, match.reason) == ("refuse", "out_of_scope")


# -- always ------------------------------------------------------------------------------------------------------------


@given(
    question=st.one_of(
        st.text(max_size=200),
        st.lists(
            st.sampled_from(
                [
                    "เงื่อนไข",
                    "นวัตกรรมบริการ",
                    "ขยายผล",
                    "อันที่",
                    "2570",
                    "แล้ว",
                    "ล่ะ",
                    "pmqa",
                    " ",
                    "\u0e49",
                    "ไม่ใช่",
                    "ต่างกัน",
                    "?",
                    "\n",
                ]
            ),
            max_size=8,
        ).map("".join),
    ),
    context=st.builds(
        Context,
        subjects=st.lists(st.sampled_from(SUBJECT_KEYS), max_size=3, unique=True).map(tuple),
        attribute=st.sampled_from([None, "conditions", "definition", "examples", "comparison", "smalltalk"]),
        offered=st.lists(st.sampled_from(SUBJECT_KEYS), max_size=7, unique=True).map(tuple),
    ),
)
@settings(max_examples=150, deadline=None)
@example("\ud800\x00", Context())
@example("ๆ", Context())
@example("x" * 5000, Context())
@example("ทั้งสอง", Context(offered=("pmqa",)))
def test_any_text_in_any_context_is_read(matcher: Matcher, question: str, context: Context) -> None:
    match = ask(matcher, question, context)
    assert match.decision in ("answer", "ask_back", "refuse")
    assert match.readings
    assert all(0 <= reading.confidence <= 1.0001 for reading in match.readings)
    assert [r.confidence for r in match.readings] == sorted((r.confidence for r in match.readings), reverse=True)
    assert all(subject in SUBJECT_KEYS for reading in match.readings for subject in reading.subjects)


def test_two_fits_of_the_same_knowledge_read_alike(matcher: Matcher) -> None:
    book, few = matcher.book, slice(0, 6)
    # A small phrasebook: fitting grows with the cube of the texts, determinism does not.
    small = Phrasebook(
        {key: texts[few] for key, texts in book.attributes.items()},
        {key: Command(key, c.attribute, c.phrasings[few]) for key, c in book.commands.items()},
        book.out_of_scope[::40],
        book.strangers,
    )
    entries = tuple(replace(entry, phrasings=entry.phrasings[:2]) for entry in matcher.round.entries)
    topics = {key: replace(topic, phrasings=topic.phrasings[few]) for key, topic in matcher.round.topics.items()}
    round_ = replace(matcher.round, entries=entries, topics=topics)
    first, second = fit(round_, small), fit(round_, small)
    for question in ("เงื่อนไขนวัตกรรมบริการ", "ขยายผลคืออะไร", "ราคาทอง", "มีกี่หมวด", "ลดเหลือกี่ขั้นตอน"):
        one, other = first.match(question, today=TODAY), second.match(question, today=TODAY)
        assert (one.readings, one.decision, one.command) == (other.readings, other.decision, other.command)


# -- in a conversation -------------------------------------------------------------------------------------------------

BOTH = ("participation.expanded", "service.expansion")
AFTER_ONE_OF_TWO = Context(("participation.expanded",), "conditions", offered=BOTH)


@pytest.mark.parametrize(
    "question", ["แล้วอีกอัน", "ไม่ใช่อันนั้น อีกอัน", "ของบริการ", "อันของบริการต้องได้ระดับไหนมาก่อน", "ฝั่งบริการล่ะ"]
)
def test_the_other_one_and_that_of_the_branch_are_found_among_those_in_question(
    matcher: Matcher, question: str
) -> None:
    assert labels(ask(matcher, question, AFTER_ONE_OF_TWO)) == ("answer", ("service.expansion",), "conditions")


@pytest.mark.parametrize("question", ["แต่โครงการนี้เคยได้เปิดใจมาแล้ว", "รางวัลเดิมคือเปิดใจ", "ต่อยอดจากเปิดใจได้ไหม"])
def test_an_earlier_award_does_not_become_what_is_talked_about(matcher: Matcher, question: str) -> None:
    context = Context(("participation.effective",), "conditions")
    assert ask(matcher, question, context).best.subjects == ("participation.effective",)


def test_an_earlier_award_by_itself_is_what_is_asked_about(matcher: Matcher) -> None:
    assert ask(matcher, "ต่อยอดจากเปิดใจได้ไหม").best.subjects == ("participation.open",)


def test_more_of_the_same_asks_for_the_same_attribute(matcher: Matcher) -> None:
    context = Context(("service.innovation",), "examples")
    assert labels(ask(matcher, "มีอีกมั้ย", context)) == ("answer", ("service.innovation",), "examples")


def test_a_word_that_leaves_no_doubt_beats_what_was_asked_before(matcher: Matcher) -> None:
    assert ask(matcher, "งั้นเอาตัวอย่างแทน", AFTER_CONDITIONS).best.attribute == "examples"


def test_a_name_mistyped_keeps_the_attribute(matcher: Matcher) -> None:
    context = Context(("service.integration",), "definition")
    expected = ("answer", ("service.responsive",), "definition")
    assert labels(ask(matcher, "เอ้ย พิมพ์ผิด ตอบโจทย์ตรงใจ", context)) == expected


def test_a_figure_after_an_example_is_asked_of_it(matcher: Matcher) -> None:
    context = Context(("service.facilitation",), "examples", offered=("service.responsive", "service.facilitation"))
    assert ask(matcher, "อันหลังลดเวลากี่ %", context).best.attribute == "examples"


def test_all_awards_are_the_schemes_whatever_was_talked_about(matcher: Matcher) -> None:
    assert ask(matcher, "ขอสรุปรางวัลทั้งหมดหน่อย", AFTER_CONDITIONS).best.subjects == ("awards",)


# -- which ones --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("question", "subjects"),
    [
        ("ประเภทไหนต้องวัดพึงพอใจบ้าง", {"service.integration", "service.responsive"}),
        ("ตัวไหนต้องทำมา 2 ปีขึ้น", {"participation.expanded"}),
        ("ประเภทไหนต้องเคยได้รางวัลมาก่อน", {"service.expansion", "participation.expanded"}),
    ],
)
def test_which_ones_must_is_answered_by_those_that_state_it(
    matcher: Matcher, question: str, subjects: set[str]
) -> None:
    match = ask(matcher, question)
    assert (match.decision, set(match.best.subjects), match.best.attribute) == ("answer", subjects, "conditions")


def test_which_ones_need_not_is_answered_by_the_others(matcher: Matcher) -> None:
    need_not = set(ask(matcher, "ประเภทไหนที่ไม่ต้องครบ 1 ปี").best.subjects)
    must = set(ask(matcher, "ประเภทไหนต้องทำมาครบ 1 ปี").best.subjects)
    assert "service.responsive" in need_not
    assert "service.innovation" in must
    assert not need_not & must


def test_two_names_of_one_subject_are_not_compared(matcher: Matcher) -> None:
    question = "รางวัลคุณภาพการบริหารจัดการภาครัฐคือตัวเดียวกะ pmqa ป่าว"
    assert labels(ask(matcher, question)) == ("answer", ("pmqa",), "definition")


def test_an_examples_agency_asked_for_its_own_service_is_no_question_for_us(matcher: Matcher) -> None:
    assert ask(matcher, "โดนแชร์ลูกโซ่โกง แจ้งความดีเอสไอที่ไหน").reason == "out_of_scope"
    assert ask(matcher, "ผลงานดีเอสไอแชร์ลูกโซ่ได้รางวัลอะไร").best.attribute == "examples"


def test_an_example_of_anything_is_of_the_scheme(matcher: Matcher) -> None:
    assert ask(matcher, "ขอตัวอย่างหน่อย").best.subjects == ("awards",)


def test_a_number_that_is_required_is_no_figure_of_a_work(matcher: Matcher) -> None:
    assert ask(matcher, "เลื่องลือกี่พื้นที่").best.attribute == "conditions"
