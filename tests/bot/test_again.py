"""The last answer once more, or shorter."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from bot.turn import Answer
from tests.bot.test_telling import last


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
    before, after = last(services, said.split("|")[0]), last(services, said)
    assert after.attribute == attribute
    assert (after.subjects, after.attribute, after.status, len(body(after))) != (
        before.subjects,
        before.attribute,
        before.status,
        len(body(before)),
    ) or "ส่งอีกรอบ" in said


def test_with_nothing_said_before_there_is_nothing_to_say_again(services: Services) -> None:
    assert last(services, "ขออีกที").attribute != "conditions"
