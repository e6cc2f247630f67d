"""What a turn leans on: one or several of a list, the earlier award, the same question of another, a work told in pieces."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from bot.turn import Answer
from tests.bot.talk import Talk


def last(services: Services, said: str) -> Answer:
    """The answer to the last message of a conversation; messages are parted by "|"."""
    talk = Talk(services)
    turns = [talk.say(text) for text in said.split("|")]
    return turns[-1].replies[0]


@pytest.mark.parametrize(
    ("said", "subjects", "attribute"),
    [
        # Several of a list.
        ("สาขาบริการมีกี่ประเภท|ข้อ 1 กับข้อ 3 ต่างกันยังไง", "service.innovation service.integration", "comparison"),
        ("สาขาบริการมีกี่ประเภท|ข้อ 1 กับข้อ 3 ต่างกันยังไง|อันหลังต้องกี่หน่วยงาน", "service.integration", "conditions"),
        ("ประเภทที่ 2 กับประเภทที่ 3 ของรางวัลบริการ ต่างกันยังไง", "service.expansion service.integration", "comparison"),
        (
            "สาขามีส่วนร่วมมีอะไรบ้าง|อันที่ 2 เงื่อนไข|ต่างจากอันแรกยังไง",
            "participation.effective participation.open",
            "comparison",
        ),
        # One more of the same branch, and one of another by its place there.
        ("สาขามีส่วนร่วมมีอะไรบ้าง|อันแรกกับอันที่สองต่างกันยังไง|แล้วอันที่สามล่ะ", "participation.expanded", "definition"),
        ("pmqa มีอะไรบ้าง|งั้นกลับมาสาขาบริการ ข้อ 2 คืออะไร", "service.expansion", "definition"),
        ("ตอบโจทย์ตรงใจคืออะไร|แล้วอันถัดไปล่ะ", "service.facilitation", "definition"),
        ("เลิศรัฐมีรางวัลอะไรบ้าง|เอาเฉพาะของบริการ|ข้อ 6 เงื่อนไขอะไร", "service.agenda", "conditions"),
        ("สาขาบริการมีกี่ประเภท|ข้อ 3 ต้องมีอะไรบ้าง|ไม่ใช่ กดผิด ข้อ 4", "service.responsive", "conditions"),
        # Of two that were compared, the one that states it.
        ("เลื่องลือกับขยายผลมาตรฐานต่างกันยังไง|ย้อนหลังไม่เกิน 5 ปี เป็นของประเภทไหน", "service.expansion", "conditions"),
        ("ยอดเยี่ยมกับเกียรติยศต่างกันยังไง|แล้วรางวัลเลิศรัฐสาขาล่ะ", "branch", "definition"),
        # Names that say which branch of a shared name, what an earlier work won, or what is left aside.
        ("ขยายผลการมีส่วนร่วมคืออะไร", "participation.expanded", "definition"),
        ("มีส่วนร่วมแบบขยายผล เงื่อนไขอะไร", "participation.expanded", "conditions"),
        ("เงื่อนไขเลื่องลือขยายผล|ถ้าเดิมเป็นนวัตกรรมบริการ", "participation.expanded", "conditions"),
        ("เงื่อนไขเลื่องลือขยายผล|เราได้สัมฤทธิผลปี 66 เริ่มขยายปี 68 ส่งได้ไหม", "participation.expanded", "conditions"),
        ("เงื่อนไขขับเคลื่อนเห็นผล|ถ้าไม่เคยได้ ขยายผลมาตรฐานการบริการส่งได้ไหม", "service.expansion", "conditions"),
        ("เลิศรัฐยอดเยี่ยมคืออะไร|ขอรายชื่อหน่วยงานที่เคยได้รับเกียรติยศเลิศรัฐ", "honor", "examples"),
        ("เงื่อนไข PMQA|skip PMQA ก่อน ขับเคลื่อนเห็นผลต้องมีอะไร", "service.agenda", "conditions"),
        # The same of another.
        ("บูรณาการต้องทำมากี่ปี|แล้วนวัตกรรมบริการก็ 1 ปีเหมือนกันไหม", "service.innovation", "conditions"),
        ("ตัวอย่างบูรณาการ|แล้วตอบโจทย์ตรงใจล่ะ เงื่อนไข", "service.responsive", "conditions"),
        # What is asked of all awards, whatever was talked about.
        ("pmqa มีอะไรบ้าง|งานเดียวส่งหลายประเภทได้ไหม", "awards", "conditions"),
        # A number is no name.
        ("ขับเคลื่อนเห็นผลกระทบแค่หมู่บ้านเดียว 40 หลังคาเรือน ไหวไหม", "service.agenda", "conditions"),
    ],
)
def test_what_is_leant_on(services: Services, said: str, subjects: str, attribute: str) -> None:
    answer = last(services, said)
    assert (" ".join(answer.subjects), answer.attribute) == (subjects, attribute)


@pytest.mark.parametrize(
    ("said", "year"),
    [
        # No award was won in a year to come.
        ("เงื่อนไขขยายผลมาตรฐานการบริการ|เคยได้ระดับดีปี 65 ปีหน้าส่งทันไหม", 2569),
        ("เงื่อนไขเลื่องลือขยายผล|ได้รางวัลปี 65 เริ่มขยายปี 66|ส่งปีหน้า", 2569),
        ("กำหนดการรอบ 2570|พิธีมอบรางวัลรอบ 68 เดือนไหน", 2568),
        ("เงื่อนไขนวัตกรรมบริการปี 2570|เงื่อนไขบูรณาการของปีเดียวกัน", 2570),
    ],
)
def test_the_round_is_the_one_that_is_meant(services: Services, said: str, year: int) -> None:
    assert last(services, said).year == year


@pytest.mark.parametrize(
    ("pieces", "subject"),
    [
        ("จังหวัดเราทำระบบเชื่อมข้อมูลกับ 3 กรม|ใช้มา 14 เดือนแล้ว|ทำ survey แล้ว|สรุปว่าอันไหนแน่", "service.integration"),
        ("สนง.เราทำ dashboard ความยากจน วิเคราะห์ข้อมูลให้ผู้ว่ากำหนดนโยบาย|ใช้ทั้งประเทศ|ส่งประเภทไหน", "service.agenda"),
    ],
)
def test_a_work_is_told_of_before_anything_is_asked(services: Services, pieces: str, subject: str) -> None:
    answer = last(services, pieces)
    assert answer.attribute == "recommend"
    assert answer.subjects[0] == subject


@pytest.mark.parametrize(
    "said", ["ระยะเวลาดำเนินการ", "ต้องเชื่อม 3 กรมหรือ", "เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน", "ประเภทใดต้องทำมาแล้ว 1 ปี"]
)
def test_what_asks_or_tells_of_a_category_begins_no_work(services: Services, said: str) -> None:
    assert last(services, said).attribute == "conditions"


@pytest.mark.parametrize(
    "said", ["เรามีเวลา 3 เดือน", "หนูอ่านแล้วงงเรื่อง 5 ปี", "เราทำเรื่องลาไปแล้ว 3 วัน", "เราอยู่กรมที่ดิน มี 5 หน่วยงานในสังกัดแล้ว"]
)
def test_a_remark_is_no_work(services: Services, said: str) -> None:
    talk = Talk(services)
    talk.say(said)
    assert "ของท่าน" not in talk.say("นวัตกรรมบริการต้องมีอะไรบ้าง").replies[0].gist
    assert not talk.conversation.facts


def test_the_next_point_of_a_category_is_no_other_category(services: Services) -> None:
    assert last(services, "เงื่อนไขตอบโจทย์ตรงใจ|ข้อถัดไปหมายความว่าไง").subjects == ("service.responsive",)


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        ("เตือนก่อนปิดรับสมัคร|ไม่เอา 3 วัน เอา 14 วัน", "reminder"),
        ("เตือนก่อนปิดรับสมัคร|ขอก่อนซัก 5 วัน", "reminder"),
        ("เตือนก่อนปิดรับสมัคร|เป็น 12 เดือนถึงจะส่งได้ใช่ไหม", "conditions"),
        ("เตือนก่อนปิดรับสมัคร|ขอ 2 วันคิดก่อน", "smalltalk"),
    ],
)
def test_other_days_while_the_wish_is_asked_about(services: Services, said: str, attribute: str) -> None:
    assert last(services, said).attribute == attribute


def test_two_numbered_questions_are_both_answered(services: Services) -> None:
    talk = Talk(services)
    turn = talk.say("ขอสอบถาม 2 ประเด็น 1) เลิศรัฐยอดเยี่ยมให้ใครคะ 2) มอบรางวัลปี 2568 เดือนไหนคะ")
    assert [answer.attribute for answer in turn.replies] == ["definition", "deadline"]


@pytest.mark.parametrize(("said", "status"), [("คับ", "command"), ("ๆๆๆ", "out_of_scope")])
def test_a_bare_word_of_courtesy_is_no_miss(services: Services, said: str, status: str) -> None:
    assert last(services, said).status == status
