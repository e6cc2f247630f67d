"""What is meant by few words: one of a branch, another category after a verdict, a point that names no round."""

from __future__ import annotations

import pytest

from bot import wording
from bot.dispatch import Services
from bot.quiz_wording import NOT_READ
from intents.normalize import clean, plain
from tests.bot.test_telling import last, talked


@pytest.mark.parametrize(
    ("said", "subjects", "attribute"),
    [
        # One of two that share a name, by its branch.
        ("รางวัลขยายผลคืออะไร|หมายถึงตัวที่อยู่สาขาบริการ", "service.expansion", "definition"),
        ("ขอเกณฑ์ประเภทขยายผลหน่อย|ของสาขาบริการ|ไม่ใช่สิ พิมพ์ผิด เอาของสาขามีส่วนร่วม", "participation.expanded", "conditions"),
        # One that is named beside one that is pointed at, and the two last talked about.
        (
            "สาขามีส่วนร่วมมีอะไรบ้าง|เปิดใจกับอันสุดท้ายต่างกันยังไง",
            "participation.open participation.expanded",
            "comparison",
        ),
        ("เงื่อนไขนวัตกรรมบริการ|แล้วตอบโจทย์ล่ะ|อันนี้กับอันเมื่อกี้ต่างกันยังไง", "service.innovation service.responsive", "comparison"),
        ("ระบบคิวออนไลน์เนี่ย นวัตกรรมบริการหรือตอบโจทย์ตรงใจ", "service.innovation service.responsive", "recommend"),
        ("เงื่อนไขนวัตกรรมบริการ|ไม่ใช่อันนี้ หมายถึงตัวที่เกี่ยวกับการอนุมัติอนุญาต", "service.facilitation", "definition"),
        # Elsewhere, once a category does not take it; and into that one, or not.
        ("ใช้มา 8 เดือน ส่งนวัตกรรมบริการได้ไหม|งั้นพอมีที่ไหนพอส่งได้", "awards", "recommend"),
        ("ใช้มา 8 เดือน ส่งนวัตกรรมบริการได้ไหม|งั้นบูรณาการข้อมูลก็ไม่ได้ใช่ไหม", "service.integration", "conditions"),
        ("ชาวบ้านแค่มาฟัง ส่งสัมฤทธิผลได้ไหม|งั้นไปเปิดใจแทนดีไหม", "participation.open", "conditions"),
        ("กองเราทำระบบจองคิว ใช้มา 2 ปี|แบบนี้คือนวัตกรรมบริการปะคะ", "service.innovation", "conditions"),
        ("ใช้มา 8 เดือนเองครับ|งั้นนวัตกรรมบริการตกเลยสิ", "service.innovation", "conditions"),
        # The same of another category.
        ("บูรณาการข้อมูลต้องใช้มากี่ปี|นวัตกรรมบริการเท่ากันไหม", "service.innovation", "conditions"),
        # A past work's level, and what others have won.
        ("ตัวอย่างเลื่องลือขยายผล|อันนี้ระดับดีเด่นด้วยไหม", "participation.expanded", "examples"),
        ("เคยได้ดีเด่นปี 65 ส่งขยายผลมาตรฐานได้ไหม|ดีเอสไอเคยได้อันนี้ไหม", "service.expansion", "examples"),
        ("กลับมาเรื่องบูรณาการ เคยมีงานอะไรชนะมาแล้วบ้าง", "service.integration", "examples"),
        # A branch by another word, its parts, and the first of them.
        ("กลุ่มบริการแยกย่อยเป็นอะไรบ้าง", "service", "definition"),
        ("กลุ่มบริการแยกย่อยเป็นอะไรบ้าง|อันแรก เงื่อนไขอะไร", "service.innovation", "conditions"),
        ("มีสาขาอะไรบ้าง|แล้วสาขามีส่วนร่วมล่ะ", "participation", "definition"),
        # Of the office and of how one applies.
        ("ขอดูเช็กลิสต์หน่อยค่ะ", "awards", "documents"),
        ("เลิศรัฐคืออะไร|จะเช็คคุณสมบัติได้จากใคร", "awards", "contact"),
        ("งั้นเอาเลิศรัฐก็ได้ เริ่มขั้นตอนยังไง", "awards", "apply"),
    ],
)
def test_what_is_meant_is_found(services: Services, said: str, subjects: str, attribute: str) -> None:
    answer = last(services, said)
    assert (" ".join(answer.subjects or ("awards",)), answer.attribute) == (subjects, attribute)


@pytest.mark.parametrize(
    ("said", "subjects", "attribute"),
    [
        # Of a whole branch, though one of its categories was just on offer.
        ("เปิดใจกับบูรณาการข้อมูลต่างกันยังไง|ประเภทของสาขาบริการมีอะไรบ้าง", "service", "definition"),
        ("รางวัลขยายผลคืออะไร|รางวัลสาขามีส่วนร่วมคืออะไร", "participation", "definition"),
        # Of something else about the same work, which is not forgotten.
        ("เราทำระบบจองคิว ใช้มา 2 ปี ส่งอะไรดี|เอาเรื่องสมัครดีกว่า", "service.responsive", "apply"),
        ("เราทำระบบจองคิว ใช้มา 2 ปี ส่งอะไรดี|เอาเรื่องหวยดีกว่า งวดนี้ออกเลขเด็ด", "awards", "out_of_scope"),
        # A number that is a condition's, a level that is an award's, a date that is asked for.
        ("เงื่อนไขบูรณาการข้อมูล|ข้อ 2. หมายความว่ายังไง", "service.integration", "conditions"),
        ("เลิศรัฐมีกี่ระดับ", "awards", "definition"),
        ("เริ่มสมัครเดือนอะไร", "awards", "deadline"),
        ("ผลงานไปส่งตรงไหนได้", "awards", "apply"),
        # Nobody's award of honour where another is asked for.
        ("กรมไหนได้ดีเด่นปี 67", "awards", "examples"),
        # Strangers.
        ("โรงเรียนลูกนะ มีประชุมผู้ปกครองพรุ่งนี้เช้า", "awards", "out_of_scope"),
        ("หนูมี question ค่ะ", "awards", "smalltalk"),
        # The same condition of another category, and only one of them.
        ("บูรณาการข้อมูลใช้กี่ปี|ของนวัตกรรมบริการเท่ากันไหม", "service.innovation", "conditions"),
        ("เงื่อนไขนวัตกรรมบริการ|เอาแค่เปิดใจพอ", "participation.open", "conditions"),
        ("โอเคครับเดี๋ยวผมเอาไปคุยกับปลัดก่อน", "awards", "smalltalk"),
    ],
)
def test_what_looks_alike_is_told_apart(services: Services, said: str, subjects: str, attribute: str) -> None:
    answer = last(services, said)
    assert (" ".join(answer.subjects or ("awards",)), answer.attribute) == (subjects, attribute)


def test_a_change_that_a_work_brought_is_no_other_work(services: Services) -> None:
    talk, _ = talked(services, "เราทำระบบจองคิว ใช้มา 2 ปี ส่งอะไรดี|เดิมชาวบ้านต้องมาเอง เราเปลี่ยนเป็นระบบไลน์แทน")
    assert talk.conversation.facts["months_in_use"] == 24


@pytest.mark.parametrize("said", ["หลักเกณฑ์มีอะไรบ้าง", "ขอหลักเกณฑ์ทั้งหมด"])
def test_rules_without_a_round_are_not_those_of_the_next(services: Services, said: str) -> None:
    assert "รอบหลังปี 2568" not in last(services, said).gist
    assert "รอบหลังปี 2568" in last(services, "หลักเกณฑ์รอบใหม่เป็นยังไง").gist


def test_a_point_that_a_category_does_not_settle_is_no_verdict(services: Services) -> None:
    answer = last(services, "อนุญาตก่อสร้างเร็วขึ้น ทำแค่ใบเดียว ส่งยกระดับความสะดวกได้ไหม|ต้องใช้มาครบปีก่อนหรือเปล่าคะ")
    assert (answer.subjects, answer.status) == (("service.facilitation",), "unknown")


def test_what_counts_is_a_question_though_it_supposes(services: Services) -> None:
    answer = last(services, "เชื่อม 3 กรม ใช้มา 2 ปี ส่งบูรณาการได้ไหม|ถ้ามีบริษัทเอกชนร่วมด้วย นับเป็นหน่วยงานได้ไหม")
    assert answer.subjects == ("service.integration",)
    assert answer.gist != NOT_READ


def test_what_was_forgotten_is_told_of_the_work(services: Services) -> None:
    talk, turn = talked(services, "เราทำตลาดชุมชน ส่งอะไรดี|ลืมบอก ทำมาแค่ 10 เดือน")
    assert turn.replies[0].attribute in ("recommend", "conditions")
    assert talk.conversation.facts["months_in_use"] == 10


def test_who_has_won_the_award_of_honour_is_told_with_where_it_was_read(services: Services) -> None:
    answer = last(services, "ปี 2567 ใครได้เกียรติยศเลิศรัฐบ้าง")
    assert answer.status == "answered"
    assert any("กรมอนามัย" in line for block in answer.blocks for line in block.lines)
    assert any("ไม่ได้อยู่ในสไลด์" in note for note in answer.notes)


@pytest.mark.parametrize("said", ["พิธีมอบปี 67 วันไหน", "ขอวันพิธีมอบของปี 67 กับปี 66"])
def test_a_round_before_all_that_are_known_gets_no_other_rounds_date(services: Services, said: str) -> None:
    answer = last(services, said)
    assert answer.status == "unknown"
    assert "2567" in answer.gist


def test_what_a_word_means_is_asked_in_the_middle_of_the_quiz_and_chooses_nothing(services: Services) -> None:
    before = talked(services, "เริ่มแบบทดสอบ|งานบริการประชาชน")[0].conversation.quiz
    talk, turn = talked(services, "เริ่มแบบทดสอบ|งานบริการประชาชน|เดี๋ยวนะ pain point ในความหมายเค้าคืออะไร")
    assert turn.replies[0].subjects == ("service.responsive",)
    assert before is not None
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses == before.responses


def test_another_work_instead_forgets_what_was_told(services: Services) -> None:
    first = "เทศบาลเราทำธนาคารขยะกับชาวบ้าน ทำมา 3 ปี"
    assert talked(services, first)[0].conversation.facts["months_in_use"] == 36
    talk, turn = talked(services, f"{first}|ไม่เอาขยะละ เปลี่ยนเป็นศูนย์ดูแลผู้สูงอายุที่ทำกับวัดแทน")
    assert turn.replies[0].attribute == "recommend"
    assert "months_in_use" not in talk.conversation.facts


def test_another_category_is_looked_for_than_the_one_that_did_not_take_it(services: Services) -> None:
    failed = "เชื่อมข้อมูล 3 กรม ส่งบูรณาการข้อมูลได้ไหม|ยังไม่ได้วัดความพึงพอใจ"
    assert last(services, failed).gist.startswith("ยังไม่เข้าเกณฑ์")
    assert "service.integration" not in last(services, f"{failed}|งั้นมีที่ไหนพอส่งได้").subjects
    # Asked in general it is named with what it lacks.
    assert "service.integration" in last(services, f"{failed}|สรุปส่งตัวไหนดี").subjects


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        ("ชาวบ้านขุดคลองกันเอง เทศบาลช่วยเงิน 4 ปีแล้ว", "recommend"),
        ("ประชาชนร่วมกันร้องเรียนเทศบาล เรื่องน้ำท่วม", "out_of_scope"),
    ],
)
def test_what_villagers_do_with_an_office_is_a_work(services: Services, said: str, attribute: str) -> None:
    assert last(services, said).attribute == attribute


def test_conditions_and_examples_in_one_message_are_both_told(services: Services) -> None:
    _, turn = talked(services, "ขอเงื่อนไขสัมฤทธิผล พร้อมตัวอย่างที่ได้ดีเด่นด้วยค่ะ")
    assert [answer.attribute for answer in turn.replies] == ["conditions", "examples"]


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("งานผมคือออกใบรับรอง", "งานผมคือออกใบรับรอง"),
        ("มากกกก", "มาก"),
        ("เสียดายแฮะ", "เสียดายแฮะ"),
        ("ถ้าทำตามเค้า มันใหม่ไหม", "ถ้าทำตามเค้า มันใหม่ไหม"),
        ("ราคาสินค้า", "ราคาสินค้า"),
        ("ระดับไหนมั่ง", "ระดับไหนบ้าง"),
        ("มีส่วนร่วมเลเวลไหน", "มีส่วนร่วมระดับไหน"),
    ],
)
def test_words_that_end_like_particles_stay_whole(typed: str, read: str) -> None:
    assert plain(clean(typed)) == read


def test_a_remark_gets_a_word_and_changes_nothing(services: Services) -> None:
    talk, turn = talked(services, "เงื่อนไขนวัตกรรมบริการ|เฮ้อ เหนื่อยแต่ก็ต้องสู้ต่อ")
    assert (turn.replies[0].status, turn.replies[0].attribute) == ("command", "smalltalk")
    assert turn.replies[0].gist == wording.REMARKED.gist
    assert talk.conversation.subjects == ("service.innovation",)
    assert talk.conversation.misses == 0
    in_the_quiz = talked(services, "เริ่มแบบทดสอบ|เหนื่อยจัง")[0].conversation.quiz
    assert in_the_quiz == talked(services, "เริ่มแบบทดสอบ")[0].conversation.quiz
