"""The named things in a question: subjects and works by their names, and years with their part in it."""

from __future__ import annotations

import pytest

from intents.entities import Gazetteer, Strangers, years
from intents.matcher import Matcher
from intents.normalize import clean, plain
from knowledge.model import Round


def subjects_in(matcher: Matcher, text: str) -> list[tuple[str, ...]]:
    read = plain(clean(text))
    names, _ = matcher.gazetteer.mentions(read, matcher._boundaries(read))
    return [mention.name.subjects for mention in names]


def test_every_official_name_and_label_is_found(matcher: Matcher, round_: Round) -> None:
    missed = [
        (subject.key, name)
        for subject in round_.subjects.values()
        for name in (subject.name, subject.label)
        if not any(subject.key in found for found in subjects_in(matcher, name))
    ]
    assert missed == []


def test_a_name_is_found_with_its_place(gazetteer: Gazetteer) -> None:
    text = "เงื่อนไขของนวัตกรรมบริการ"
    (mention,), _ = gazetteer.mentions(text, frozenset())
    assert (text[mention.start : mention.end], mention.score) == ("นวัตกรรมบริการ", 1.0)


@pytest.mark.parametrize(
    ("typed", "subject"),
    [
        ("นวตกรรมบรการคืออะไร", "service.innovation"),
        ("เงื่อนไขรางวัลเริศรัฐ", "awards"),
        ("บูรนาการข้อมูล", "service.integration"),
        ("สัมฤทธิ์ผลประชาชนมีส่วนร่วม", "participation.effective"),
        ("เลืองลือขยายผล", "participation.expanded"),
        ("pmqa4.0", "pmqa.four"),
    ],
)
def test_a_misspelt_name_is_found(matcher: Matcher, typed: str, subject: str) -> None:
    assert (subject,) in subjects_in(matcher, typed)


@pytest.mark.parametrize(
    "text",
    ["บริการ", "บริหาร", "ดีเด่น", "หน่วยงานของรัฐ", "ศูนย์บริการร่วม", "รางวัลโนเบล", "ยกระดับคุณภาพชีวิต", "ยกระดับการท่องเที่ยว"],
)
def test_everyday_words_name_nothing(matcher: Matcher, text: str) -> None:
    assert subjects_in(matcher, text) == []


@pytest.mark.parametrize("text", ["อยู่ที่ไหน", "อยากรู้", "ค่อยส่ง", "xpmqax"])
def test_a_short_name_counts_only_as_a_word_of_its_own(matcher: Matcher, text: str) -> None:
    assert subjects_in(matcher, text) == []


def test_a_short_name_by_itself_counts(matcher: Matcher) -> None:
    assert subjects_in(matcher, "pmqa คืออะไร") == [("pmqa",)]
    assert subjects_in(matcher, "ผลงานของ อย") == [("service.facilitation",)]


def test_the_longest_name_wins_and_names_do_not_overlap(matcher: Matcher) -> None:
    assert subjects_in(matcher, "PMQA 4.0 กับ PMQA รายหมวด") == [("pmqa.four",), ("pmqa.category",)]
    assert subjects_in(matcher, "นวัตกรรมบริการกับบูรณาการข้อมูล") == [("service.innovation",), ("service.integration",)]


def test_a_name_that_two_subjects_share_is_ambiguous(matcher: Matcher) -> None:
    (found,) = subjects_in(matcher, "ขยายผล")
    assert set(found) == {"service.expansion", "participation.expanded"}


def test_only_exact_names_where_misspelt_ones_are_not_wanted(gazetteer: Gazetteer) -> None:
    typed = "เงื่อนไขบูรนากานข้อมูน"
    assert [mention.name.subjects for mention in gazetteer.mentions(typed, frozenset())[0]] == [
        ("service.integration",)
    ]
    assert gazetteer.mentions(typed, frozenset(), misspelt=False)[0] == []


def named(text: str, month: int = 6) -> list[tuple[int, str]]:
    """Years and roles in a text that is asked in 2568."""
    return [(mention.year, mention.role) for mention in years(plain(clean(text)), 2568, month)]


@pytest.mark.parametrize("text", ["ปี 2568", "ปี ๒๕๖๘", "ปี 68", "ปี68", "ปี 2025", "พ.ศ. 2568", "ปี '68", "ปีงบ 68", "ปี ๖๘"])
def test_a_year_is_known_in_every_form(text: str) -> None:
    assert named(text) == [(2568, "other")]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("เงื่อนไขรอบ 70 มีอะไรบ้าง", [(2570, "round")]),
        ("เกณฑ์ปี 2570", [(2570, "round")]),
        ("รางวัลประจำปี 2569", [(2569, "round")]),
        ("ได้รางวัลปี 2563 เริ่มขยายผลปี 2566", [(2563, "award"), (2566, "start")]),
        ("เคยได้ดีเด่นปี 64 ส่งรอบ 69 ได้ไหม", [(2564, "award"), (2569, "round")]),
        ("ใช้มาตั้งแต่ 2565", [(2565, "start")]),
    ],
)
def test_a_year_has_the_part_that_the_words_before_it_give(text: str, found: list[tuple[int, str]]) -> None:
    assert named(text) == found


@pytest.mark.parametrize("text", ["ลดลง 68%", "ปี 68 คน", "12568 ราย", "1/2/2568", "68", "ผู้ใช้ 67 ราย"])
def test_a_number_that_is_no_year_is_left_alone(text: str) -> None:
    assert named(text) == []


@pytest.mark.parametrize(
    ("text", "in_june", "in_october", "in_december"),
    [
        ("ปีนี้ปิดเมื่อไหร่", 2568, 2568, 2568),
        ("ปีหน้าเปิดเมื่อไหร่", 2569, 2569, 2569),
        ("รอบนี้ปิดเมื่อไหร่", 2568, 2569, 2569),
        ("รอบหน้าเปิดเมื่อไหร่", 2568, 2569, 2569),
        ("รอบที่แล้วใครได้", 2567, 2568, 2568),
        ("ปีที่แล้วใครได้", 2567, 2567, 2567),
    ],
)
def test_this_year_and_the_next_round_go_by_the_date(
    text: str, in_june: int, in_october: int, in_december: int
) -> None:
    assert [year for year, _ in named(text, 6)] == [in_june]
    assert [year for year, _ in named(text, 10)] == [in_october]
    assert [year for year, _ in named(text, 12)] == [in_december]


@pytest.mark.parametrize("text", ["เงื่อนไขปีหน้า", "เกณฑ์รอบหน้าคะ"])
def test_next_year_at_the_end_of_a_question_is_known(text: str) -> None:
    assert len(named(text, 6)) == 1


def test_strangers_are_words_of_their_own() -> None:
    strangers = Strangers(["TQA", "นายกดีเด่น"])
    assert strangers.spans("tqa คืออะไร")
    assert strangers.spans("รางวัลนายกดีเด่นคืออะไร")
    assert not strangers.spans("xtqay")
    assert not Strangers([]).spans("อะไรก็ได้")


def test_a_name_ends_after_the_marks_that_belong_to_it(gazetteer: Gazetteer) -> None:
    names, _ = gazetteer.mentions("ตอบโจทย์ล่ะ", frozenset({0, 8, 11}))
    assert [(m.start, m.end) for m in names] == [(0, 8)]


@pytest.mark.parametrize(
    ("text", "subjects"),
    [
        ("แล้วของบริการล่ะ", ["service"]),
        ("อันของบริการต้องทำกี่ปี", ["service"]),
        ("มีส่วนร่วมมีกี่ประเภท", ["participation"]),
        ("คุณภาพของบริการต้องดี", []),
        ("ประชาชนมีส่วนร่วมแค่ไหน", []),
    ],
)
def test_a_branch_is_called_by_its_common_word_only_beside_another(
    gazetteer: Gazetteer, text: str, subjects: list[str]
) -> None:
    names, _ = gazetteer.mentions(text, frozenset())
    assert [key for m in names for key in m.name.subjects] == subjects


def test_a_year_before_what_a_round_does_is_the_rounds() -> None:
    assert [y.role for y in years("ปี 68 มอบรางวัลเมื่อไหร่", 2568, 6)] == ["round"]
