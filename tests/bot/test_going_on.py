"""What is said on of a work that is being talked about: facts in pieces, the answer to a condition, the verdict once more."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from bot.turn import Turn
from knowledge.facts import merged
from tests.bot.talk import Talk


def after(services: Services, said: str) -> tuple[Talk, Turn]:
    """A conversation and its last turn; messages are parted by "|"."""
    talk = Talk(services)
    turns = [talk.say(text) for text in said.split("|")]
    return talk, turns[-1]


@pytest.mark.parametrize(
    ("said", "subject", "gist"),
    [
        # A fact told after the conditions of a category gets its verdict, and is kept.
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน", "service.innovation", "ยังไม่เข้าเกณฑ์"),
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน|ทำไมอะ", "service.innovation", "ยังไม่เข้าเกณฑ์"),
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน|เอ้ย 14 เดือน", "service.innovation", "มีผลสำเร็จแล้ว 1 ปี"),
        # The answer to the condition that was just told.
        ("บูรณาการต้องกี่หน่วยงาน|3", "service.integration", "จำนวนหน่วยงาน"),
        ("ต้องวัดความพึงพอใจมั้ย|บูรณาการข้อมูลค่ะ|วัดแล้วค่ะ", "service.integration", "วัดความพึงพอใจ"),
        ("บูรณาการข้อมูลต้องวัดความพึงพอใจมั้ย|ยังไม่ได้วัด", "service.integration", "ยังไม่เข้าเกณฑ์"),
        ("ตอบโจทย์ตรงใจต้องสำรวจด้วยเหรอ|ยังไม่ได้สำรวจค่ะ", "service.responsive", "ยังไม่เข้าเกณฑ์"),
        # Of the whole, and of other numbers.
        ("เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|สรุปส่งได้ยัง", "service.integration", "ยังต้องทราบ"),
        ("ใช้มา 8 เดือน เชื่อม 2 กรม ส่งบูรณาการได้ป่าว|อีกกรมนึง|รออีก 4 เดือน", "service.integration", "จำนวนหน่วยงาน"),
        ("บูรณาการต้องกี่หน่วยงาน|เราทำกับ 2 กรม|อีกกรมนึง", "service.integration", "ที่บอกมาผ่าน (จำนวนหน่วยงาน)"),
        ("เลื่องลือต้องขยายกี่พื้นที่|ขยายไป 4 อำเภอ|เริ่มปี 66|เดิมได้สัมฤทธิผลปี 64", "participation.expanded", "ครบทุกข้อ"),
        ("เลื่องลือต้องขยายกี่พื้นที่|ขยายไป 4 อำเภอ|เริ่มปี 68", "participation.expanded", "ยังไม่เข้าเกณฑ์"),
        ("เชื่อม 4 กรม ใช้มา 8 เดือน ส่งบูรณาการได้ไหม|ระยะเวลาพอไหม", "service.integration", "ยังไม่เข้าเกณฑ์"),
        ("ได้ดีเด่นปี 2560 จะส่งขยายผลมาตรฐานได้ไหม|รางวัลเก่าเกินไปไหม", "service.expansion", "ยังไม่เข้าเกณฑ์"),
        # What others did, seen or not, and what has nothing to do with it.
        ("ใช้มา 2 ปี ไม่พบปัญหา หน่วยงานอื่นใช้ได้ทันที ส่งนวัตกรรมบริการได้ไหม", "service.innovation", "ยังต้องทราบ"),
        ("ใช้มา 2 ปี ไม่เจอปัญหา ที่อื่นทำกันเยอะแล้ว ส่งนวัตกรรมบริการได้ไหม", "service.innovation", "ยังไม่เข้าเกณฑ์"),
        ("ยังไม่เห็นที่อื่นทำแบบนี้มาก่อน ใช้มา 2 ปี ส่งนวัตกรรมบริการได้ไหม", "service.innovation", "ครบทุกข้อ"),
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 2 ปี|แต่กรมอื่นก็เคยทำแบบนี้แล้ว", "service.innovation", "ยังไม่เข้าเกณฑ์"),
        ("เคยได้ดีเด่นปี 65 เริ่มขยายปี 66 ส่งเลื่องลือได้ไหม|1 อำเภอ", "participation.expanded", "พัฒนาต่อยอด"),
        # The same work for another category that shares the name.
        ("เคยได้ดีเด่นปี 65 ส่งขยายผลปี 68 ได้มั้ย|เลื่องลือค่ะ", "participation.expanded", "ยังต้องทราบ"),
    ],
)
def test_what_is_told_of_a_work_is_judged(services: Services, said: str, subject: str, gist: str) -> None:
    _, turn = after(services, said)
    (answer,) = turn.replies
    assert (answer.subjects, answer.attribute) == ((subject,), "conditions")
    assert gist in answer.gist


@pytest.mark.parametrize(
    ("said", "subjects", "attribute", "status"),
    [
        # One point of the rules is asked, whatever was told of a work before.
        ("ทำมา 2 ปี ส่งสัมฤทธิผลได้ไหม|แล้วส่งได้กี่เรื่อง", ("participation.effective",), "conditions", "answered"),
        ("เคยได้ดีเด่นปี 65 เริ่มขยายปี 66 ส่งเลื่องลือได้ไหม|ผลงานเดียวลงสองประเภทพร้อมกันได้มั้ย", None, "conditions", "unknown"),
        ("ทำมา 2 ปี ส่งสัมฤทธิผลได้ไหม|เลื่องลือต้องต่อจากรางวัลไหน", ("participation.expanded",), "conditions", "answered"),
        ("ด้านเศรษฐกิจของสัมฤทธิผลรวมเรื่องการท่องเที่ยวด้วยไหม", ("participation.effective",), "definition", "answered"),
        # A long description, and then the date is wanted.
        ("ระบบนัดหมอของเราใช้มา 3 ปี พึงพอใจร้อยละ 95 ทีมพร้อมแล้ว ต้องยื่นภายในวันไหน", None, "deadline", "unknown"),
        # Awards that others won, and other people's awards.
        ("ขอรายชื่อผลงานที่ได้รางวัลปี 67 เอาไว้เทียบ", None, "examples", "answered"),
        ("รางวัลครูดีเด่นของคุรุสภาส่งชื่อได้ถึงวันไหน", (), "out_of_scope", "out_of_scope"),
        (
            "โรงงานเราลดของเสียได้ร้อยละ 20 ใน 3 ปี จะสมัคร Thailand Quality Award ต้องทำไง",
            (),
            "out_of_scope",
            "out_of_scope",
        ),
    ],
)
def test_what_asks_something_else_is_no_more_of_a_work(
    services: Services, said: str, subjects: tuple[str, ...] | None, attribute: str, status: str
) -> None:
    _, turn = after(services, said)
    answer = turn.replies[0]
    assert (answer.attribute or "out_of_scope", answer.status) == (attribute, status)
    assert subjects is None or answer.subjects == subjects


@pytest.mark.parametrize(
    ("said", "subject", "attribute"),
    [
        ("เทียบนวัตกรรมบริการกับบูรณาการข้อมูล|อันแรกเงื่อนไขอะไรบ้าง บูรณาการอะ", "service.integration", "conditions"),
        (
            "ใช้มา 8 เดือน ส่งนวัตกรรมบริการได้ไหม|บูรณาการข้อมูลล่ะ ใช้มา 2 ปี ส่งได้ไหม|อันแรกชื่ออังกฤษว่าอะไร",
            "service.innovation",
            "definition",
        ),
        ("สาขาบริการมีกี่ประเภท|ข้อแรกเงื่อนไขอะไรบ้าง|แล้วข้อ 2 ล่ะ", "service.expansion", "conditions"),
        ("ประเภทที่ 3 ของรางวัลบริการภาครัฐเงื่อนไขอะไร", "service.integration", "conditions"),
        ("อันสุดท้ายของรางวัลบริการภาครัฐเงื่อนไขอะไร", "service.agenda", "conditions"),
        ("ข้อสุดท้ายของนวัตกรรมบริการคืออะไร", "service.innovation", "definition"),
        ("ประเภทสุดท้ายของรางวัลเลิศรัฐคืออะไร", "participation", "definition"),
        # A name inside what is asked of the one that is pointed at, and "one of".
        ("สาขาบริการภาครัฐมีประเภทอะไรบ้าง|ประเภทที่ 3 ต้องใช้นวัตกรรมด้วยไหม", "service.integration", "conditions"),
        ("มีตัวหนึ่งในสาขามีส่วนร่วมที่ต้องทำ 2 ปี คือตัวไหน", "participation.expanded", "definition"),
        ("สาขาบริการภาครัฐเป็นประเภทหนึ่งของรางวัลเลิศรัฐใช่ไหม", "service", "definition"),
        ("เทียบนวัตกรรมบริการกับบูรณาการข้อมูล|ขอเงื่อนไขอันที่ 4 บูรณาการอะ", "service.integration", "conditions"),
        ("ขอแบบฟอร์มนวัตกรรมบริการ|โทษที พูดผิด หมายถึงของบูรณาการข้อมูล", "service.integration", "documents"),
    ],
)
def test_what_is_pointed_at_is_what_was_named_listed_or_talked_about(
    services: Services, said: str, subject: str, attribute: str
) -> None:
    _, turn = after(services, said)
    assert (turn.replies[0].subjects, turn.replies[0].attribute) == ((subject,), attribute)


def test_a_work_that_is_told_of_in_pieces_is_one_work(services: Services) -> None:
    talk, turn = after(services, "กรมเราทำระบบจองคิวออนไลน์")
    assert turn.replies[0].status == "clarify"
    for said in ("ใช้มาปีครึ่ง", "ลดจาก 3 ชม เหลือ 10 นาที", "ส่งประเภทไหนดี"):
        (answer,) = talk.say(said).replies
        assert (answer.attribute, answer.subjects) == ("recommend", ("service.responsive",)), said
    assert talk.conversation.facts == {"focus": {"includes": ["service"]}, "months_in_use": 18}
    (answer,) = talk.say("อันแรกต้องมีอะไรบ้าง").replies
    assert (answer.attribute, answer.subjects) == ("conditions", ("service.responsive",))


@pytest.mark.parametrize(
    "said",
    [
        "ได้รางวัลเลิศรัฐ 2566 ส่งอะไรได้บ้าง",
        "กรมได้ดีเด่น 2565 ส่งประเภทไหนได้",
        "ชนะรางวัลเลิศรัฐปี 66 สมัครอะไรได้บ้าง",
        "เราทำปฏิทินเพาะปลูกออนไลน์ให้เกษตรกร ใช้มา 2 ปี ยังไม่มีใครทำ",
    ],
)
def test_a_work_with_an_award_or_a_calendar_of_its_own_gets_a_short_list(services: Services, said: str) -> None:
    _, turn = after(services, said)
    assert turn.replies[0].attribute == "recommend"
    assert turn.replies[0].gist.startswith("จากที่เล่ามา ใกล้เคียง")


def test_what_was_denied_with_something_else_is_open_again_once_that_is_affirmed(services: Services) -> None:
    talk, _ = after(services, "ตอบโจทย์ตรงใจต้องสำรวจด้วยเหรอ|ยังไม่ได้สำรวจค่ะ")
    facts = talk.conversation.facts
    assert facts == {"satisfaction_measured": False, "satisfaction_statistics": False}
    defined = services.knowledge.newest.facts
    assert merged(facts, {"satisfaction_measured": True}, defined) == {"satisfaction_measured": True}
    # What is told itself stays, and so does everything else.
    both = {"satisfaction_measured": True, "satisfaction_statistics": False}
    assert merged(facts, both, defined) == both
    assert merged({**facts, "agency_count": 2}, {"agency_count": 3}, defined) == {**facts, "agency_count": 3}
    answer = talk.say("ถ้าสำรวจแล้วล่ะ").replies[0]
    assert "ยังไม่เข้าเกณฑ์" not in answer.gist


@pytest.mark.parametrize("said", ["ยังไม่เข้าใจค่ะ", "ยังไม่เคลียร์", "ไม่มีแล้วค่ะ", "ยังไม่แน่ใจ"])
def test_who_does_not_understand_has_denied_nothing(services: Services, said: str) -> None:
    talk, turn = after(services, f"ตอบโจทย์ตรงใจต้องสำรวจความพึงพอใจไหม|{said}")
    assert False not in talk.conversation.facts.values()
    assert "ยังไม่เข้าเกณฑ์" not in turn.replies[0].gist


def test_more_of_what_was_told_adds_up(services: Services) -> None:
    talk, _ = after(services, "เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|เพิ่มอีก 2 กรม")
    assert talk.conversation.facts["agency_count"] == 5


def test_another_work_is_not_this_one(services: Services) -> None:
    talk, turn = after(services, "เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|งานแรก 3 กรม อีกงาน 5 กรม ใช้มา 1 ปี")
    assert turn.replies[0].status == "clarify"
    assert talk.conversation.facts == {}


def test_the_earlier_award_of_a_work_is_not_the_one_that_is_looked_for(services: Services) -> None:
    talk, turn = after(services, "เราขยายโครงการไป 4 จังหวัด ส่งอะไรดี|ของเดิมเป็นสาขามีส่วนร่วม สัมฤทธิผล ได้ปี 65")
    assert (turn.replies[0].attribute, turn.replies[0].subjects[0]) == ("recommend", "participation.expanded")
    assert talk.conversation.facts["prior_category"] == "participation.effective"
    assert talk.conversation.facts["expansion_areas"] == 4


@pytest.mark.parametrize(
    ("said", "attribute", "status"),
    [
        # A nod is no answer, and a question no fact.
        ("บูรณาการข้อมูลต้องวัดความพึงพอใจมั้ย|โอเคค่ะ", "smalltalk", "command"),
        ("เงื่อนไขนวัตกรรมบริการ|ขอบคุณค่ะ", "smalltalk", "command"),
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน|ต้องจดสิทธิบัตรด้วยปะ", "conditions", "answered"),
        ("เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|ปิดรับวันไหน", "deadline", "unknown"),
        ("กรมเราทำระบบจองคิวออนไลน์|ราคาทองวันนี้", "out_of_scope", "out_of_scope"),
        ("กรมเราทำระบบจองคิวออนไลน์|ใช้มาปีครึ่ง|ลาป่วย 3 วัน", "out_of_scope", "out_of_scope"),
        ("เงื่อนไขนวัตกรรมบริการ|แล้วลาป่วยล่ะ", "out_of_scope", "out_of_scope"),
        # Who does not understand has told nothing, and who asks where or when wants no list of awards.
        ("บูรณาการข้อมูลต้องวัดความพึงพอใจมั้ย|ไม่มีคำถามแล้วค่ะ", "smalltalk", "command"),
        ("ใช้มา 2 ปี เชื่อม 3 กรม ส่งอะไรดี|ส่งที่ไหนคะ", "apply", "unknown"),
        ("ใช้มา 2 ปี เชื่อม 3 กรม ส่งอะไรดี|ต้องส่งเอกสารอะไรบ้าง", "documents", "unknown"),
        ("ใช้มา 2 ปี เชื่อม 3 กรม ส่งอะไรดี|ส่งได้ถึงวันไหน", "deadline", "unknown"),
        ("ใช้มา 2 ปี เชื่อม 3 กรม ส่งอะไรดี|ช่วยเขียนใบสมัครให้หน่อย", "out_of_scope", "out_of_scope"),
        ("เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|งั้นสมัครทันไหม", "deadline", "unknown"),
        # What means something by itself is not about the work any more.
        ("กรมเราทำระบบจองคิวออนไลน์|รางวัลมีกี่ประเภท", "definition", "answered"),
    ],
)
def test_what_asks_something_by_itself_is_answered_by_itself(
    services: Services, said: str, attribute: str, status: str
) -> None:
    _, turn = after(services, said)
    assert (turn.replies[0].attribute, turn.replies[0].status) == (attribute, status)


@pytest.mark.parametrize(
    ("said", "subject", "attribute"),
    [
        ("ตอบโจทย์ตรงใจคืออะไร|ทำในกองเดียวได้ปะ", "service.responsive", "conditions"),
        ("เทศบาลสมัครรางวัลบริการได้มั้ย|แล้วรัฐวิสาหกิจล่ะ", "service", "apply"),
        ("ลดละเลิกยังมีอยู่มั้ย|แล้วต้องทำอะไรบ้างอะ", "service.facilitation", "conditions"),
        ("pmqa 4.0 คืออะไร|ขอคุยกับคน|ต้องกี่คะแนน", "pmqa.four", "scoring"),
        ("พิธีมอบรางวัลวันไหน|ที่ไหนคะ", "awards", "deadline"),
        ("ประเภทไหนต้อง 1 ปี|แล้วอันไหนต้อง 2 ปี", "participation.expanded", "conditions"),
        ("ไม่เอาpmqaละ เอามีส่วนร่วมดีกว่า มีประเภทไหนบ้าง", "participation", "definition"),
        ("เรามีผลงานได้ดีเด่นสาขาบริการปี 66 และดีเด่น PMQA ปี 67 จะได้ยอดเยี่ยมไหมคะ", "best", "conditions"),
        ("ต่อยอดงานบริการภาครัฐเก่า ลงเลื่องลือขยายผลได้ไหม", "participation.expanded", "conditions"),
        ("รางวัลของตลาดโอ๊ะป่อย ใช้เกณฑ์ไร", "participation.effective", "conditions"),
        ("เลื่องลือเชิงพื้นที่ต้องกี่พื้นที่", "participation.expanded", "conditions"),
        ("เลื่องลือแบบต่อยอดยั่งยืน ต้องมาจากรางวัลเดิมตัวไหน", "participation.expanded", "conditions"),
        ("เดดไลน์ส่งเลิศรัฐ??", "awards", "deadline"),
    ],
)
def test_what_leans_on_the_turn_before_or_on_names(services: Services, said: str, subject: str, attribute: str) -> None:
    _, turn = after(services, said)
    assert (turn.replies[0].subjects, turn.replies[0].attribute) == ((subject,), attribute)


def test_what_is_open_for_other_rounds_is_not_said_of_this_one(services: Services) -> None:
    for said, status in (("2568", "answered"), ("2571", "unknown")):
        _, turn = after(services, f"ถ้าจะส่งเลื่องลือปี {said} ต้องเริ่มขยายผลช้าสุดปีไหน")
        assert turn.replies[0].status == status
        assert ("อย่างช้าที่สุดปี 2566" in str(turn.replies[0])) == (said == "2568")


@pytest.mark.parametrize(
    "said", ["งานที่ได้รางวัลปี 67 ของสาขาบริการมีอะไรบ้าง", "กรมที่ดินเคยได้รางวัลอะไรบ้าง", "เขียนยังไงให้ได้ดีเด่น ขอทริคหน่อย"]
)
def test_what_tells_of_no_work_gets_no_short_list(services: Services, said: str) -> None:
    _, turn = after(services, said)
    assert turn.replies[0].attribute != "recommend"


@pytest.mark.parametrize(
    ("said", "subjects", "attribute"),
    [
        (
            "สาขาบริการภาครัฐมีกี่ประเภท|ข้อ 3 มีเงื่อนไขอะไรบ้าง|แล้วข้อ 4 ล่ะ|ขอตัวอย่างของทั้งสองข้อเลย",
            ("service.integration", "service.responsive"),
            "examples",
        ),
        (
            "เงื่อนไขนวัตกรรมบริการ|แล้วบูรณาการข้อมูลล่ะ|แล้วตัวอย่างของอันก่อนหน้าล่ะ",
            ("service.innovation",),
            "examples",
        ),
        (
            "เงื่อนไขนวัตกรรมบริการ|แล้วบูรณาการข้อมูลล่ะ|ตอบโจทย์ตรงใจคืออะไร|ขอตัวอย่างของอันที่ถามตอนแรกหน่อย",
            ("service.innovation",),
            "examples",
        ),
        (
            "บูรณาการข้อมูลกับนวัตกรรมบริการต่างกันไง|แล้วอันหลังต้องกี่ปี|ไม่ใช่ดิ หมายถึงอันแรก",
            ("service.integration",),
            "conditions",
        ),
        (
            "ใช้มา 4 เดือน แก้ pain point ทั้งกระบวนการ มีสถิติพึงพอใจ ส่งนวัตกรรมบริการได้ไหม|แล้วตอบโจทย์ตรงใจล่ะ|สรุปเงื่อนไขของสองประเภทนี้ให้หน่อย",
            ("service.innovation", "service.responsive"),
            "conditions",
        ),
    ],
)
def test_what_was_talked_about_lately_can_be_pointed_at(
    services: Services, said: str, subjects: tuple[str, ...], attribute: str
) -> None:
    _, turn = after(services, said)
    assert (set(turn.replies[0].subjects), turn.replies[0].attribute) == (set(subjects), attribute)


def test_an_award_that_is_told_of_with_its_year_is_no_question_of_its_own(services: Services) -> None:
    said = "ผลงานที่ได้รับรางวัลสัมฤทธิผลประชาชนมีส่วนร่วมเมื่อปี 2563 และเริ่มขยายผลปี 2567 เสนอขอรับรางวัลเลื่องลือขยายผลได้หรือไม่"
    _, turn = after(services, said)
    assert [reply.subjects for reply in turn.replies] == [("participation.expanded",)]


@pytest.mark.parametrize(
    "said", ["SE-AM หมวด IM การจัดการนวัตกรรม ต้องได้กี่คะแนน", "ITA ปีนี้เน้นการมีส่วนร่วมกี่คะแนน", "ขยายผล TQA ยังไง"]
)
def test_beside_another_award_a_word_of_every_award_is_none_of_ours(services: Services, said: str) -> None:
    _, turn = after(services, said)
    assert turn.replies[0].status == "out_of_scope"


@pytest.mark.parametrize(
    ("said", "subject", "attribute"),
    [
        ("ตัวอย่างของยกระดับการอำนวยความสะดวก|มันอยู่ประเภทไหนนะ", "service.facilitation", "examples"),
        ("เงื่อนไขนวัตกรรมบริการ|ใช้มา 8 เดือน|งั้นส่งอะไรแทนดี", "awards", "recommend"),
        ("ตอบโจทย์ตรงใจมีตัวอย่างมั้ย|เงื่อนไขล่ะ|ของเราทำในรพ.ที่เดียว ไม่ได้เชื่อมกับใคร", "service.responsive", "conditions"),
        ("มีรางวัลอะไรบ้าง|แล้วรางวัลที่ให้หน่วยงานที่เด่นทุกสาขาชื่ออะไร", "best", "definition"),
        ("บริการภาครัฐ ข้อ 4 เงื่อนไข", "service.responsive", "conditions"),
        ("เงื่อนไขเปิดใจใกล้ชิดประชาชน|ตัวอย่างล่ะ|ข้อ 2 มีตัวอย่างไหม", "participation.effective", "examples"),
        ("ขอตัวอย่างงานที่เคยได้ดีเด่นหน่อย", "awards", "examples"),
        ("กรมส่งเสริมการเกษตรเคยได้เลิศรัฐเรื่องอะไร", "awards", "examples"),
        ("ถ้าไม่ใช่นวัตกรรมใหม่ ควรไปประเภทไหนแทนคะ", "service", "recommend"),
        ("บูรณาการกี่หน่วยงาน", "service.integration", "conditions"),
        ("ประเภทไหนในสาขามีส่วนร่วมที่ไม่ได้กำหนดระยะเวลาขั้นต่ำ", "participation.open", "conditions"),
    ],
)
def test_what_a_question_of_one_thing_is_about(services: Services, said: str, subject: str, attribute: str) -> None:
    _, turn = after(services, said)
    assert (turn.replies[0].subjects, turn.replies[0].attribute) == ((subject,), attribute)


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("ได้เปิดใจปี 2563 เริ่มขยายปี 2565 ส่งเลื่องลือขยายผลได้ไหม|งั้นส่งแบบต่อยอดได้ไหม", "พัฒนาต่อยอดอย่างยั่งยืน"),
        ("ได้เปิดใจปี 2563 เริ่มขยายปี 2565 ส่งเลื่องลือขยายผลได้ไหม|แล้วลงแบบแรกได้ไหม", "เชิงพื้นที่"),
        ("ได้สัมฤทธิผลปี 2563 เริ่มขยายปี 2565 ส่งเลื่องลือขยายผลได้ไหม|ขยายไป 1 พื้นที่ได้ไหม", "เชิงพื้นที่"),
    ],
)
def test_the_kind_that_is_meant_is_the_one_judged(services: Services, said: str, kind: str) -> None:
    _, turn = after(services, said)
    (answer,) = turn.replies
    assert (answer.subjects, answer.attribute) == (("participation.expanded",), "conditions")
    assert f"({kind})" in answer.gist


def test_where_it_is_to_be_sent_and_when_are_two_questions(services: Services) -> None:
    _, turn = after(services, "สมัครที่ไหน ปิดรับเมื่อไหร่")
    assert [reply.attribute for reply in turn.replies] == ["apply", "deadline"]


@pytest.mark.parametrize("said", ["ทำหนังสือเชิญประชุมกรมการอำเภอให้หน่อย", "ทำจดหมายขอบคุณวิทยากรให้ที"])
def test_what_is_to_be_written_is_refused(services: Services, said: str) -> None:
    _, turn = after(services, said)
    assert turn.replies[0].status == "out_of_scope"


@pytest.mark.parametrize(
    ("said", "subject", "attribute"),
    [
        # A point of the conditions that were listed is none of another category.
        ("เงื่อนไขบูรณาการข้อมูล|ไม่ผ่านข้อ 4 ส่งได้ไหม", "service.integration", "conditions"),
        # The award that a work had before, and not the one that was asked about before.
        ("เงื่อนไขนวัตกรรมบริการ|แล้วขยายผลมาตรฐานบริการล่ะ|รางวัลก่อนหน้าต้องได้ระดับไหน", "service.expansion", "conditions"),
        # No kind of a category.
        ("เราทำนวัตกรรมบริการใหม่ ใช้มา 2 ปี ส่งนวัตกรรมบริการได้ไหม|ส่งแบบออนไลน์ได้ไหม", "service.innovation", "apply"),
        ("ชาวบ้านร่วมแก้ไขข้อบัญญัติตำบล ส่งอะไรดี", "participation.open", "recommend"),
        # A paper that is the work.
        ("เราทำหนังสือเดินทางออนไลน์ให้ ประชาชน ใช้มา 2 ปี ส่งประเภทไหนดี", "awards", "recommend"),
        ("ตัวอย่างนวัตกรรมบริการ|ของเราก็มีหุ่นยนต์", "service.innovation", "examples"),
        ("รางวัลนวัตกรรมบริการจัดมากี่ปีแล้ว", "service.innovation", "definition"),
        ("เงื่อนไขนวัตกรรมบริการ|แล้วบูรณาการข้อมูลล่ะ|แล้วนวัตกรรมบริการล่ะ|อันที่ถามตอนแรกต้องกี่ปี", "service.innovation", "conditions"),
        ("เราเปิดเผยข้อมูลงบประมาณ แต่อยู่สาขาบริการ ส่งประเภทไหน", "participation.open", "recommend"),
        ("จังหวัดเราเคยได้เลิศรัฐด้านไหนบ้างถึงจะส่งเลื่องลือได้", "participation.expanded", "conditions"),
        ("ขอตัวอย่าง|งานนี้เข้าประเภทไหน", "awards", "recommend"),
    ],
)
def test_what_only_sounds_like_it_is_not_taken_for_it(
    services: Services, said: str, subject: str, attribute: str
) -> None:
    _, turn = after(services, said)
    assert (turn.replies[0].subjects, turn.replies[0].attribute) == ((subject,), attribute)


def test_two_that_are_named_are_both_and_three_are_three(services: Services) -> None:
    before = "เงื่อนไขนวัตกรรมบริการ|แล้วบูรณาการข้อมูลล่ะ|แล้วสัมฤทธิผลล่ะ|"
    _, turn = after(services, before + "ทั้งสามประเภทนี้ใช้มา 2 ปีพอไหม")
    assert turn.replies[0].subjects == ("service.innovation", "service.integration", "participation.effective")
    _, turn = after(services, before + "เปิดใจกับสัมฤทธิผล ทั้งสองประเภทต่างกันยังไง")
    assert turn.replies[0].subjects == ("participation.open", "participation.effective")


@pytest.mark.parametrize("said", ["ข้อนี้ต้องใช้ data analytics ด้วยไหม", "อันนั้นต้องเปิดเผยข้อมูลไหม"])
def test_who_points_at_nothing_is_asked_what_is_meant(services: Services, said: str) -> None:
    _, turn = after(services, said)
    assert turn.replies[0].status == "clarify"


def test_another_award_that_one_holds_is_no_stranger(services: Services) -> None:
    _, turn = after(services, "เคยได้ UN Public Service Award ส่งขยายผลได้ไหม")
    assert turn.replies[0].status == "clarify"
    assert "service.expansion" in turn.replies[0].subjects


@pytest.mark.parametrize(
    ("said", "subjects", "attribute", "status"),
    [
        # One of several by a word of it, asked about or told of.
        (
            "ลดขั้นตอนใบอนุญาตทั้งกรม แล้วก็เชื่อมข้อมูลกับอีก 2 กรม เข้าอันไหน|อันใบอนุญาตต้องอ้างคู่มืออะไร",
            ("service.facilitation",),
            "conditions",
            "answered",
        ),
        ("เงื่อนไขตอบโจทย์ตรงใจ|แล้วอีกอันที่เป็นอนุมัติอนุญาตชื่ออะไร", ("service.facilitation",), "definition", "answered"),
        # Nobody enters a work of participation for an award of services.
        ("งานเปิดใจที่ได้รางวัลปี 66 เอามาทำช่องทางออนไลน์ต่อยอด ส่งอะไรดี", ("participation.expanded",), "recommend", "answered"),
        # The earlier award is named, not asked about; "ก็ได้" has won nothing.
        ("เงื่อนไขเลื่องลือขยายผล|อันนี้ต่อจากงานที่ได้เปิดใจได้ไหม", ("participation.expanded",), "conditions", "answered"),
        ("ถามเลิศรัฐก็ได้ หุ่นยนต์ผสมยาได้รางวัลประเภทไหน", ("service.innovation",), "examples", "answered"),
        ("รางวัลบริการภาครัฐมีอะไรบ้าง|ละมีส่วนร่วมล่ะ", ("participation",), "definition", "answered"),
        # Only the scheme knows of it, and it is asked of two.
        (
            "ผลงานเดียวส่งทั้งนวัตกรรมบริการและบูรณาการข้อมูลได้ไหม",
            ("service.innovation", "service.integration"),
            "conditions",
            "unknown",
        ),
        ("หน่วยงานไหนเป็นคนจัดเลิศรัฐ", ("awards",), "definition", "answered"),
        # What the rules demand, asked in the middle of the quiz in words of theirs.
        (
            "ขอทำแบบตรวจสอบ|งานบริการประชาชนค่ะ|ที่ว่าทำงานแทนกันนี่ใช้กับกี่หน่วยงานขึ้นไป",
            ("service.integration",),
            "conditions",
            "answered",
        ),
    ],
)
def test_what_a_name_or_a_word_of_it_stands_for(
    services: Services, said: str, subjects: tuple[str, ...], attribute: str, status: str
) -> None:
    _, turn = after(services, said)
    answer = turn.replies[0]
    assert (answer.subjects, answer.attribute, answer.status) == (subjects, attribute, status)
