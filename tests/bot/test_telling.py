"""What is told of somebody's own work without a question: who they are, what they do, what it won, what was wrong."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from bot.turn import Answer, Turn
from tests.bot.talk import Talk


def last(services: Services, said: str) -> Answer:
    """The answer to the last message of a conversation; messages are parted by "|"."""
    return talked(services, said)[1].replies[0]


def talked(services: Services, said: str) -> tuple[Talk, Turn]:
    """A conversation and its last turn."""
    talk = Talk(services)
    turns = [talk.say(text) for text in said.split("|")]
    return talk, turns[-1]


@pytest.mark.parametrize(
    "said",
    [
        # Who they are, and then what they do.
        "ทัณฑสถานครับ มีสอนอาชีพให้ผู้ต้องขัง มีโรงงานมารับไปทำงานต่อ",
        "เทศบาลเมืองค่ะ ทำธนาคารขยะกับชาวบ้าน 9 ชุมชน",
        "อำเภอเราออกใบแทนให้จังหวัดอื่นได้เลย ชาวบ้านไม่ต้องเดินทาง",
        "เราเป็น รพ.สต. ลดเวลารอคิวจาก 3 ชม เหลือ 1 ชม",
        "ช่วยดูให้หน่อย งานหนูคือระบบนัดทำบัตรที่บ้าน",
        "เรามีตลาดนัดที่ชาวบ้านบริหารกันเอง",
        # "โรงงาน" has nothing of who does not understand.
        "วิทยาลัยการอาชีพค่ะ ทำระบบจับคู่นักศึกษากับโรงงาน ใช้มา 2 ปี",
        # Agencies that are worked with, though one of them is a past work's.
        "ขนส่งจังหวัดค่ะ เราเชื่อมข้อมูลกับกรมที่ดินและกรมพัฒน์ฯ ผ่านระบบ",
    ],
)
def test_who_tells_of_their_work_is_heard(services: Services, said: str) -> None:
    answer = last(services, said)
    assert answer.attribute == "recommend"
    assert answer.status in ("clarify", "answered")


@pytest.mark.parametrize(
    ("said", "attribute", "status"),
    [
        ("หวัดดีครับ ผมอยู่ประมงจังหวัดครับ", "smalltalk", "command"),
        ("ขนส่งจังหวัด เปิดกี่โมง", "out_of_scope", "out_of_scope"),
        ("โรงพยาบาลใกล้ฉันมีที่จอดรถไหม", "out_of_scope", "out_of_scope"),
        ("เทศบาลตำบลค่ะ ขอเงื่อนไขนวัตกรรมบริการ", "conditions", "answered"),
        ("กรมเราทำระบบจองคิวออนไลน์|ราคาทองวันนี้", "out_of_scope", "out_of_scope"),
        # What offices do, and what others have, is nothing that is told of oneself.
        ("โรงพยาบาลศิริราช เปิดรับสมัครพยาบาลหลายอัตรา", "out_of_scope", "out_of_scope"),
        ("โรงเรียนลูก มีประชุมผู้ปกครองพรุ่งนี้", "out_of_scope", "out_of_scope"),
        ("ค่ายมือถือ ลดราคาเครื่องใหม่ทุกรุ่น", "out_of_scope", "out_of_scope"),
        ("ผมมีลูกสองคนกำลังเรียน", "out_of_scope", "out_of_scope"),
        ("เงื่อนไขนวัตกรรมบริการ|ถ้าน้ำมันขึ้นราคาอีกล่ะ", "out_of_scope", "out_of_scope"),
        # What a work is does not say who may enter.
        ("เลื่องลือขยายผลต้องกี่พื้นที่|เป็นพื้นที่เดียว ส่งรางวัลนี้ได้ไหม", "conditions", "answered"),
        ("สมัครออนไลน์ที่ไหน|มีช่องทางอื่นอีกไหม", "contact", "unknown"),
    ],
)
def test_who_asks_or_only_says_who_they_are_tells_of_no_work(
    services: Services, said: str, attribute: str, status: str
) -> None:
    answer = last(services, said)
    assert (answer.attribute or "out_of_scope", answer.status) == (attribute, status)


def test_an_award_of_ones_own_is_told_first(services: Services) -> None:
    talk, turn = talked(services, "หมู่บ้านเราได้สัมฤทธิผลดีเด่นเมื่อปี 2565")
    assert (turn.replies[0].attribute, turn.replies[0].subjects) == ("recommend", ("participation.expanded",))
    assert talk.conversation.facts["prior_category"] == "participation.effective"
    answer = talk.say("ตอนนี้ขยายไปอีก 4 หมู่บ้าน เริ่มปี 66").replies[0]
    assert answer.subjects == ("participation.expanded",)


def test_a_past_work_is_not_ones_own(services: Services) -> None:
    answer = last(services, "DSI ได้รางวัลขยายผลปี 2567")
    assert (answer.attribute, answer.subjects) == ("examples", ("service.expansion",))


def test_a_description_goes_on_in_any_words(services: Services) -> None:
    talk, turn = talked(services, "เทศบาลทำระบบแจ้งเหตุ ส่งประเภทไหนดี|ใช้มา 2 ปี|ชาวบ้านลงแรงกันเอง ดูแลกันเอง เราหนุนวิชาการ")
    assert turn.replies[0].attribute == "recommend"
    assert talk.conversation.facts["months_in_use"] == 24
    assert "ชาวบ้านลงแรงกันเอง" in talk.conversation.last_question


def test_a_description_goes_on_after_a_verdict(services: Services) -> None:
    said = "เงื่อนไขนวัตกรรมบริการ|ใช้มา 14 เดือน|AI ซื้อเขามานะ แต่เอามาสอนต่อเอง"
    answer = last(services, said)
    assert (answer.attribute, answer.subjects) == ("conditions", ("service.innovation",))


@pytest.mark.parametrize(
    "said",
    [
        # What reminds, or is asked, belongs to the work.
        "รพ.เราทำระบบช่วยเตือนคนไข้กินยา ใช้มา 3 ปีแล้ว",
        "อำเภอเราทำแชทบอทให้คนสอบถามสิทธิ ใช้มา 3 ปี",
        "ผมอยู่เทศบาลทำโครงการจัดการขยะ ใช้มา 3 ปี",
    ],
)
def test_what_a_work_does_is_no_question(services: Services, said: str) -> None:
    talk, turn = talked(services, said)
    assert turn.replies[0].attribute == "recommend"
    assert talk.conversation.facts["months_in_use"] == 36


@pytest.mark.parametrize(
    ("said", "told"),
    [
        ("แก้ปัญหาความจนแล้ว 20 ครัวเรือน ส่งขับเคลื่อนเห็นผลได้ไหม", True),
        ("ขับเคลื่อนเห็นผลได้ไหม แก้ครบตั้งแต่รับเรื่องจนปิดเรื่อง", False),
    ],
)
def test_until_is_no_poverty(services: Services, said: str, told: bool) -> None:
    talk, _ = talked(services, said)
    assert (talk.conversation.facts.get("agenda_issue") == 6) is told


@pytest.mark.parametrize(
    ("said", "fact", "value"),
    [
        (
            "โรงเรียนได้สัมฤทธิผลปี 2566 เริ่มขยายปี 2567 อีก 5 โรงเรียน ส่งเลื่องลือขยายผลได้ไหม|ขอโทษที พิมพ์ผิด ได้ปี 2565 ไม่ใช่ 2566",
            "prior_award_year",
            2565,
        ),
        ("ใช้มา 8 เดือน ส่งนวัตกรรมบริการได้ไหม|ไม่ใช่ 8 เดือน 14 เดือน", "months_in_use", 14),
        ("ใช้มา 4 เดือน เชื่อม 3 กรม ส่งบูรณาการได้ไหม|รออีก 8 เดือนล่ะ", "months_in_use", 12),
    ],
)
def test_a_value_that_was_wrong_is_put_right(services: Services, said: str, fact: str, value: int) -> None:
    talk, turn = talked(services, said)
    assert turn.replies[0].attribute == "conditions"
    assert talk.conversation.facts[fact] == value


def test_the_year_that_follows_from_what_was_told_is_said(services: Services) -> None:
    answer = last(services, "เลื่องลือ ได้รางวัลปี 2566 ต้องเริ่มขยายไม่เกินปีไหน")
    assert any("ต้องไม่เกินปี 2569" in line for block in answer.blocks for line in block.lines)


@pytest.mark.parametrize(
    ("said", "subjects", "attribute"),
    [
        # The kind of a category, of the same work.
        ("ขยายไป 4 อำเภอ ส่งเลื่องลือแบบพื้นที่ได้ไหม|งั้นแบบต่อยอดล่ะ", "participation.expanded", "conditions"),
        # What a word of the rules takes in is no what-if.
        ("เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|ธนาคารนับเป็นหน่วยงานไหม", "service.integration", "conditions"),
        # Who may enter is no matter of the work.
        ("เลิศรัฐคืออะไร|ชาวบ้านทั่วไปส่งได้มั้ย", "awards", "apply"),
        ("ใครสมัครได้บ้าง|แล้วมหาลัยเอกชน", "awards", "apply"),
        # Of a past work: its level, its kind, its category once a figure of it is told.
        ("ตัวอย่างนวัตกรรมบริการ|งานนั้นได้ดีเด่นเลยไหม", "service.innovation", "examples"),
        ("ตัวอย่างที่เคยได้รางวัล|ช่วยราษฎรบนพื้นที่สูงไปกี่ครัวเรือน", "participation.expanded", "examples"),
        # Does it pass, by what does it fail, and what else is there?
        ("สรุปนวัตกรรมบริการผ่านเกณฑ์มั้ย", "service.innovation", "conditions"),
        ("เชื่อม 2 กรม ส่งบูรณาการได้ไหม|บูรณาการตกเพราะอะไรนะ", "service.integration", "conditions"),
        ("ถ้าไม่มีอะไรใหม่ ส่งนวัตกรรมบริการได้ไหม|แล้วมีทางอื่นไหม", "awards", "recommend"),
        # What is supposed, or said against it, is asked of the category.
        ("เงื่อนไขนวัตกรรมบริการ|ถ้าใช้โดรนบินสำรวจด้วยล่ะ", "service.innovation", "conditions"),
        # Whom to call, and what to be told of, is the scheme's.
        ("เงื่อนไขขับเคลื่อนเห็นผล|ขอช่องทางติดต่อ ก.พ.ร.", "awards", "contact"),
        ("เงื่อนไขสัมฤทธิผล|งั้นถ้ากำหนดการออกแล้วรบกวนแจ้งด้วยนะ", "awards", "reminder"),
        # A person, whatever is talked about.
        ("pmqa คืออะไร|ขอคุยกับเจ้าหน้าที่ที่ดูแลเรื่องนี้", "awards", "contact"),
    ],
)
def test_what_is_asked_in_the_middle_is_asked_of_the_right_thing(
    services: Services, said: str, subjects: str, attribute: str
) -> None:
    answer = last(services, said)
    assert (" ".join(answer.subjects or ("awards",)), answer.attribute) == (subjects, attribute)


def test_a_round_that_is_named_after_dates_is_the_one_that_is_meant(services: Services) -> None:
    talk, turn = talked(services, "เลิศรัฐปี 70 เปิดรับเมื่อไหร่|หมายถึงปี 68 น่ะ")
    assert turn.replies[0].attribute == "deadline"
    assert talk.conversation.year == 2568


def test_what_may_mean_several_things_still_may_beside_this_award(services: Services) -> None:
    answer = last(services, "มีกี่หมวดคะ รางวัลนี้")
    assert answer.status == "clarify"


def test_lead_times_are_changed_while_it_is_asked_whether_they_may_be_kept(services: Services) -> None:
    talk, turn = talked(services, "เตือนก่อนปิดรับ 10 วัน|เปลี่ยนใจ เอา 3 วันพอ")
    assert turn.replies[0].attribute == "reminder"
    assert talk.conversation.wish is not None
    assert talk.conversation.wish.leads == ("3d",)
