"""The last answer once more, or shorter."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from bot.handlers.again import again
from bot.turn import Answer
from tests.bot.test_telling import last, talked


def body(answer: Answer) -> list[str]:
    return [line for block in answer.blocks for line in block.lines]


@pytest.mark.parametrize(
    "said",
    [
        "เงื่อนไขสัมฤทธิผลมีอะไรบ้าง",
        "เปิดใจกับสัมฤทธิผลต่างกันยังไง",
        "ปางมะผ้าทำอะไร",
        "ปิดรับวันไหน",
        "นวัตกรรมใช้มา 8 เดือนส่งได้ไหม",
        "รางวัลขยายผล เงื่อนไขอะไร",
        "มีสาขาอะไรบ้าง|แล้วสาขามีส่วนร่วมล่ะ",
    ],
)
@pytest.mark.parametrize("asked", ["ขออีกทีครับ", "ทวนอีกรอบได้ไหมคะ", "อธิบายใหม่หน่อย"])
def test_the_same_is_said_once_more(services: Services, said: str, asked: str) -> None:
    first, second = last(services, said), last(services, f"{said}|{asked}")
    assert second.gist == first.gist
    assert (second.notes, second.status) == (first.notes, first.status)
    if first.status != "unknown":  # which comes once with the way to a person
        assert second.blocks == first.blocks


@pytest.mark.parametrize("asked", ["ขอสั้นๆ", "สรุปสั้นๆหน่อยค่ะ", "ยาวไป", "สั้นกว่านี้ได้ไหม", "ขอสั้นๆ ผอ ไม่อ่านยาว"])
def test_conditions_get_shorter_and_keep_their_numbers_and_cautions(services: Services, asked: str) -> None:
    whole = last(services, "เงื่อนไขสัมฤทธิผลมีอะไรบ้าง")
    short = last(services, f"เงื่อนไขสัมฤทธิผลมีอะไรบ้าง|{asked}")
    assert (short.gist, short.notes, short.sources) == (whole.gist, whole.notes, whole.sources)
    assert len(body(short)) == len(body(whole))
    assert sum(map(len, body(short))) < sum(map(len, body(whole))) * 0.8
    assert [line for line in body(whole) if "1" in line] == [line for line in body(short) if "1" in line]


def test_a_comparison_gets_shorter_and_what_follows_gets_the_whole_again(services: Services) -> None:
    said = "เปิดใจกับสัมฤทธิผลต่างกันยังไง"
    whole, short = last(services, said), last(services, f"{said}|ยาวไป สรุปสั้นๆ")
    assert short.subjects == whole.subjects
    assert len(body(short)) < len(body(whole)) / 2
    assert last(services, f"{said}|ขอสั้นๆ|ขออีกที").blocks == whole.blocks


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        # Of a work, of something else, of nothing.
        ("เงื่อนไขนวัตกรรมบริการ|ส่งอีกรอบได้ไหม", "conditions"),
        ("เงื่อนไขนวัตกรรมบริการ|ขอสั้นๆ เงื่อนไขบูรณาการข้อมูล", "conditions"),
        ("เงื่อนไขนวัตกรรมบริการ|ขอตัวอย่างอีกที", "examples"),
    ],
)
def test_what_says_more_is_a_question_of_its_own(services: Services, said: str, attribute: str) -> None:
    turn = talked(services, said)[1]
    assert turn.replies[0].attribute == attribute
    assert turn.handler != again.__name__


@pytest.mark.parametrize(
    ("asked", "attribute"),
    [
        ("ขอสั้นๆ วันปิดรับ", "deadline"),
        ("สรุปสั้นๆ วิธีสมัคร", "apply"),
        ("ขอสั้นๆ เบอร์ติดต่อ", "contact"),
        ("ขอสั้นๆ ฝนตกหนักมาก", "smalltalk"),
    ],
)
def test_who_asks_for_something_else_in_short_gets_that(services: Services, asked: str, attribute: str) -> None:
    assert last(services, f"เงื่อนไขนวัตกรรมบริการ|{asked}").attribute == attribute


@pytest.mark.parametrize(
    "said", ["ปางมะผ้า telemed ดูแลกี่ราย", "เงื่อนไขบูรณาการข้อมูล|ข้อ 2 คืออะไร", "กองเราทำระบบจองคิว ใช้มา 2 ปี"]
)
def test_a_figure_a_point_and_what_was_told_come_again_as_they_were(services: Services, said: str) -> None:
    first, second = last(services, said), last(services, f"{said}|ขออีกที")
    assert (second.gist, second.attribute) == (first.gist, first.attribute)


def test_several_answers_come_again_together(services: Services) -> None:
    said = "นวัตกรรมบริการต้องใช้มากี่ปี และบูรณาการข้อมูลต้องกี่หน่วยงาน"
    first, second = talked(services, said)[1], talked(services, f"{said}|ขออีกที")[1]
    assert len(first.replies) == 2
    assert [answer.gist for answer in second.replies] == [answer.gist for answer in first.replies]


def test_with_nothing_said_before_there_is_nothing_to_say_again(services: Services) -> None:
    turn = talked(services, "ขออีกที")[1]
    assert turn.replies[0].status == "out_of_scope"
    assert turn.handler != again.__name__
