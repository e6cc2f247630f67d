"""What-ifs and short lists: the verdict in the first words, by the same rules as everything else."""

from __future__ import annotations

import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from bot import quiz_wording as wording
from bot.dispatch import Services
from bot.flex import plain
from bot.turn import Answer
from knowledge.eligibility import verdicts
from knowledge.loader import CONTENT, load_knowledge
from tests.bot.talk import Talk, labels

PASSES, FAILS, TO_CHECK = "เข้าเกณฑ์เบื้องต้น", "ยังไม่เข้าเกณฑ์", "ต้องตรวจสอบเพิ่ม"
INTEGRATION = "เชื่อมข้อมูล 2 กรม ใช้มา 8 เดือน ส่งบูรณาการได้มั้ย"


@pytest.fixture
def talk(services: Services) -> Talk:
    return Talk(services)


def shown(answer: Answer) -> str:
    return plain([answer])


def test_a_what_if_says_the_verdict_the_shortfall_what_is_unknown_and_offers_the_quiz(talk: Talk) -> None:
    answer = talk.answer(INTEGRATION)
    assert labels(answer) == ("answered", ("service.integration",), "conditions")
    assert answer.gist.startswith(FAILS)
    assert "ต้อง 12 เดือน ของท่าน 8 เดือน ขาดอีก 4 เดือน" in answer.gist
    text = shown(answer)
    assert "จะครบ 1 ปีเดือนตุลาคม 2568" in text
    assert "ต้องทราบเพิ่ม: หน่วยงานทำงานแทนกันได้" in text
    assert "(สไลด์ 134-135)" in text
    assert answer.buttons[0] == wording.CONTINUE


@pytest.mark.parametrize(
    ("question", "subject", "verdict", "said"),
    [
        ("เชื่อม ๔ กรม ใช้มา ๒ ปีกว่า วัดความพึงพอใจแล้ว ส่งบูรณาการได้มั้ย", "service.integration", PASSES, "24-35 เดือน"),
        ("2 หน่วยงานทำงานแทนกันได้ ใช้ 1 ปี สำรวจความพึงพอใจแล้ว ส่งบูรณาการได้ไหม", "service.integration", PASSES, "12 เดือน"),
        ("ยังไม่ได้สำรวจความพึงพอใจ ส่งบูรณาการได้ป่าว", "service.integration", FAILS, "วัดผลความพึงพอใจ"),
        ("ใช้มา 14 เดือน ส่งบูรณาการได้ไหม", "service.integration", TO_CHECK, "ใช้จริงแล้ว 1 ปี"),
        ("ได้ดีปี 65 ขยายไป 80% ส่งขยายผลมาตรฐานได้ไหม", "service.expansion", FAILS, "ต้องมากกว่าร้อยละ 80 ของท่าน ร้อยละ 80"),
        ("ได้ดีเด่นปี 62 ขยายผล 90% ส่งขยายผลมาตรฐานการบริการได้ไหม", "service.expansion", FAILS, "6 ปีก่อนรอบ 2568 เกิน 5 ปี"),
        ("แค่ลดเวลาจาก 30 วันเหลือ 15 วัน ใช้มา 2 ปี ส่งนวัตกรรมบริการได้มั้ย", "service.innovation", FAILS, "30 วัน"),
        ("ใบอนุญาตเดียว ส่งยกระดับการอำนวยความสะดวกได้ไหม", "service.facilitation", FAILS, "ภาพรวมองค์กร"),
        ("งานนี้เคยได้รางวัลสาขามีส่วนร่วมแล้ว ส่งสัมฤทธิผลได้ไหม", "participation.effective", FAILS, "ต้องไม่เคยได้รับรางวัล"),
    ],
)  # fmt: skip
def test_a_what_if_is_judged_by_the_rules(talk: Talk, question: str, subject: str, verdict: str, said: str) -> None:
    answer = talk.answer(question)
    assert labels(answer) == ("answered", (subject,), "conditions"), shown(answer)
    assert answer.gist.startswith(verdict), answer.gist
    assert said in shown(answer)


def test_a_follow_up_changes_one_fact_and_keeps_the_others(talk: Talk) -> None:
    talk.say(INTEGRATION)
    agencies = talk.answer("แล้วถ้าเป็น 3 กรมล่ะ")
    assert "ของท่าน 3 หน่วยงาน" in shown(agencies)
    assert "ของท่าน 8 เดือน" in shown(agencies)
    longer = talk.answer("แล้วถ้าใช้มา 14 เดือนล่ะ")
    assert longer.gist.startswith(TO_CHECK)
    assert "ของท่าน 14 เดือน" in shown(longer)


def test_another_topic_drops_the_facts(talk: Talk) -> None:
    talk.say(INTEGRATION, "เงื่อนไขขับเคลื่อนเห็นผลมีอะไรบ้าง")
    assert talk.conversation.facts == {}


@pytest.mark.parametrize(
    ("question", "attribute"),
    [("มีตัวอย่างไหม", "examples"), ("บูรณาการข้อมูลคืออะไร", "definition"), ("ขอคุยกับเจ้าหน้าที่", "contact")],
)
def test_another_question_after_a_what_if_is_answered_as_itself(talk: Talk, question: str, attribute: str) -> None:
    talk.say(INTEGRATION)
    assert talk.answer(question).attribute == attribute


def test_a_short_follow_up_with_a_number_alone_is_read(talk: Talk) -> None:
    talk.say("เลิศรัฐระดับดีปี 64 ขยายผล 75% ส่งขยายผลมาตรฐานการบริการได้มั้ย")
    assert "ของท่าน ร้อยละ 85" in shown(talk.answer("ถ้าเป็น 85 ล่ะ"))


def test_the_round_that_is_named_is_the_one_judged_for(talk: Talk) -> None:
    question = "งานเดิมได้สัมฤทธิผลปี 2565 เริ่มขยายผลปี 2568 ไป 3 พื้นที่ ส่งเลื่องลือรอบ 2570 ได้ไหม"
    answer = talk.answer(question)
    assert (answer.year, answer.rules_year) == (2570, 2568)
    assert answer.gist.startswith((PASSES, TO_CHECK))
    assert "อย่างช้าปี 2568" in shown(answer)
    assert "เกณฑ์รอบปี 2568" in shown(answer)


def test_a_shared_name_is_settled_by_the_facts_or_asked_back_and_the_facts_are_kept(talk: Talk) -> None:
    assert talk.answer("ขยายผล 85% ได้ระดับดีปี 65 ส่งขยายผลได้มั้ย").subjects == ("service.expansion",)
    asked = Talk(talk.services)
    assert asked.answer("งานเดิมได้รางวัลปี 65 ส่งขยายผลได้ไหม").status == "clarify"
    chosen = asked.answer("ขยายผลมาตรฐานบริการ")
    assert chosen.gist.startswith(TO_CHECK)
    assert "ของท่าน ปี 2565" in shown(chosen)


@pytest.mark.parametrize(
    "question",
    [
        "มีสองงาน งานแรกใช้มา 2 ปี อีกงาน 6 เดือน ส่งนวัตกรรมบริการได้ไหม",
        "โครงการ ก ขยายไป 60% โครงการ ข ขยายไป 95% ได้ดีเด่นปี 65 ทั้งคู่ ขยายผลมาตรฐานการบริการได้ไหม",
        "ระบบแรกเชื่อม 2 กรม ระบบสองเชื่อม 4 กรม ส่งบูรณาการได้ไหม",
    ],
)
def test_two_works_in_one_message_ask_back(talk: Talk, question: str) -> None:
    answer = talk.answer(question)
    assert answer.status == "clarify"
    assert len(answer.buttons) == 2


@pytest.mark.parametrize(
    ("question", "verdict"),
    [
        ("รอบ 2570 ได้ประสิทธิผลเครือข่ายปี 64 เริ่มขยายปี 67 สี่พื้นที่ ลงเลื่องลือขยายผลได้มั้ย", PASSES),
        ("เกือบได้ดีเด่นปี 66 แต่สุดท้ายไม่ได้รางวัล ขยายผล 90% ขยายผลมาตรฐานการบริการได้ไหม", FAILS),
        ("สถิติความพึงพอใจ 90% แก้ปัญหาเกือบทั้งกระบวนการ บริการตอบโจทย์ตรงใจได้ไหม", TO_CHECK),
        ("แก้ปัญหาทั้งกระบวนการยกเว้นขั้นตอนชำระเงิน มีสถิติความพึงพอใจ บริการตอบโจทย์ตรงใจได้ไหม", TO_CHECK),
        ("เกือบทั้งองค์กรปรับการอนุญาตแล้ว อ้างอิงคู่มือประชาชน ยกระดับการอำนวยความสะดวกได้ไหม", TO_CHECK),
        ("เปิดเผยข้อมูลแต่ไม่ครบถ้วน ปรึกษาหารือ ร่วมแก้นโยบายสาธารณะ เปิดใจใกล้ชิดประชาชนได้ไหม", TO_CHECK),
        ("เชื่อมข้อมูลดิจิทัล 3 กองในกรมเดียว ใช้มา 2 ปี วัดความพึงพอใจแล้ว บูรณาการข้อมูลได้ไหม", TO_CHECK),
        ("ผลงานเดิมไม่เคยได้รางวัลเลิศรัฐมาก่อน แต่ขยายไป 6 พื้นที่แล้ว เลื่องลือขยายผลได้มั้ย", FAILS),
    ],
)
def test_doubts_denials_and_the_round_are_heard_in_a_what_if(talk: Talk, question: str, verdict: str) -> None:
    assert talk.answer(question).gist.startswith(verdict)


def test_a_denial_reaches_no_further_than_its_own_words(talk: Talk) -> None:
    text = shown(talk.answer("เชื่อมข้อมูลดิจิทัล 4 กรม ใช้มา 2 ปี ความพึงพอใจยังไม่ได้วัด บูรณาการข้อมูลผ่านมั้ย"))
    assert "✗ ต้องมีการวัดผลความพึงพอใจ" in text
    assert "✓ ต้องบูรณาการข้อมูลผ่านระบบดิจิทัล" in text


def test_a_change_that_was_not_read_asks_instead_of_repeating_the_verdict(talk: Talk) -> None:
    talk.say(INTEGRATION)
    answer = talk.answer("แล้วถ้าดีกว่านี้ล่ะ")
    assert labels(answer) == ("clarify", ("service.integration",), "conditions")
    assert talk.answer("แล้วถ้าครบปีล่ะ").gist.startswith(TO_CHECK)


def test_a_child_that_counts_as_no_is_not_shown_as_the_persons_failure(talk: Talk) -> None:
    text = shown(talk.answer("งานไม่ตรงกับ 8 ประเด็นเลย แต่ผลกระทบวงกว้าง ส่งขับเคลื่อนเห็นผลได้ไหม"))
    assert "✗ ต้องตอบโจทย์ Agenda" in text
    assert "✗ ต้องเน้นผลกระทบ" not in text


def test_the_kind_that_is_named_is_the_one_judged(talk: Talk) -> None:
    question = "ได้เปิดใจใกล้ชิดประชาชนปี 2563 เริ่มขยายปี 2565 ไป 3 พื้นที่ ส่งเลื่องลือขยายผลเชิงพื้นที่ได้ไหม"
    answer = talk.answer(question)
    assert answer.gist.startswith("ยังไม่เข้าเกณฑ์เลื่องลือขยายผล (เชิงพื้นที่) ค่ะ")


@pytest.mark.parametrize(
    "question", ["ซื้อเครื่องถ่ายเอกสารใหม่ให้สำนักงาน ส่งรางวัลอะไรได้บ้าง", "จัดงานเลี้ยงปีใหม่ให้ข้าราชการในกรม เหมาะกับรางวัลไหน"]
)
def test_of_what_no_word_points_to_it_says_that_it_cannot_tell(talk: Talk, question: str) -> None:
    assert talk.answer(question).gist == wording.TOO_LITTLE_TOLD


@pytest.mark.parametrize(
    "question",
    ["ต้องวัดความพึงพอใจไหม บูรณาการ", "บูรณาการต้องกี่หน่วยงาน", "นวัตกรรมบริการต้องใช้มากี่ปี", "ขยายผลมาตรฐานการบริการคืออะไร"],
)
def test_a_question_about_the_rules_alone_gets_no_verdict(talk: Talk, question: str) -> None:
    assert "ไม่ใช่การรับรอง" not in shown(talk.answer(question))


def test_a_described_work_gets_a_short_list_with_its_own_words_and_what_it_still_needs(talk: Talk) -> None:
    answer = talk.answer("แอปจองคิวโรงพยาบาล ใช้มา 2 ปี พอใจ 91%")
    assert (answer.status, answer.attribute) == ("answered", "recommend")
    assert {"service.responsive", "service.innovation", "service.agenda"} & set(answer.subjects)
    text = shown(answer)
    assert "เพราะท่านบอกว่า “พอใจ 91" in text
    assert "ยังต้องมี" in text
    assert answer.buttons[0] == wording.CONTINUE
    first = talk.answer("ตรวจต่อทีละข้อ")
    assert "24 เดือน" in shown(first), "the quiz goes on from what was told"


def test_it_says_when_nothing_fits(talk: Talk) -> None:
    answer = talk.answer("งานสารบรรณภายใน ไม่เคยได้รางวัล ไม่ได้เชื่อมข้อมูล ส่งอะไรได้บ้าง")
    assert answer.gist == wording.NOTHING_FITS


@pytest.mark.parametrize(
    ("question", "subject", "listed", "not_listed"),
    [
        ("ทำโครงการนี้มา 2 ปีแล้ว เข้าประเภทไหนดี", "awards", "สัมฤทธิผลประชาชนมีส่วนร่วม", None),
        ("ทำไลน์ให้ชาวบ้านแจ้งซ่อมไฟทาง ใช้มา 2 ปี เข้าประเภทไหนดี", "service", "นวัตกรรมบริการ", "สัมฤทธิผลประชาชนมีส่วนร่วม"),
        (
            "งานจาวบ้านฮ่วมกันเฝ้าระวังไฟป่ากับอำเภอ สามปี๋แล้วเจ้า ส่งอันใดดี",
            "participation",
            "สัมฤทธิผลประชาชนมีส่วนร่วม",
            "นวัตกรรมบริการ",
        ),
        ("รพ.ทำระบบนัดคิวผ่านไลน์ ควรส่งประเภทไหน", "service", "นวัตกรรมบริการ", "สัมฤทธิผลประชาชนมีส่วนร่วม"),
    ],
)
def test_where_too_little_is_told_it_says_so_and_what_each_category_is_for(
    talk: Talk, question: str, subject: str, listed: str, not_listed: str | None
) -> None:
    answer = talk.answer(question)
    assert labels(answer) == ("answered", (subject,), "recommend")
    assert answer.gist == wording.TOO_LITTLE_TOLD
    text = shown(answer)
    assert listed in text
    assert not_listed is None or not_listed not in text


def test_the_branch_that_a_work_is_said_to_be_in_bounds_the_short_list(talk: Talk) -> None:
    answer = talk.answer("งานเราอยู่สาขาบริการ เคยได้ระดับดีเมื่อปี 66 เอาไปขยายผลต่อ ควรส่งอันไหน")
    assert labels(answer) == ("answered", ("service.expansion",), "recommend")


def test_a_category_that_is_described_is_named(talk: Talk) -> None:
    answer = talk.answer("แล้วพวกที่เอาข้อมูลมาเชื่อมกันสามหน่วยงานน่ะ อันนั้นชื่อประเภทอะไร")
    assert labels(answer) == ("answered", ("service.integration",), "recommend")


def test_a_count_of_works_is_no_work(talk: Talk) -> None:
    answer = talk.answer("เรามีสองผลงาน อันแรกระบบเชื่อมข้อมูล 4 หน่วยงาน ใช้มา 2 ปี วัดความพึงพอใจแล้ว ส่งอะไรได้")
    assert labels(answer) == ("answered", ("service.integration",), "recommend")
    assert talk.answer("ระหว่างรอ ถามอีกอัน ขับเคลื่อนเห็นผลคืออะไร").attribute == "definition"


def test_what_was_told_but_is_not_limited_is_said_so(talk: Talk) -> None:
    answer = talk.answer("หน่วยงานเดียว แก้ทั้งกระบวนการ มีสถิติความพึงพอใจ ใช้มา 6 เดือน ส่งบริการตอบโจทย์ตรงใจได้ไหม")
    assert answer.gist.startswith(PASSES)
    assert "ไม่ได้ระบุระยะเวลา" in shown(answer)


def test_one_changed_limit_changes_the_answer_the_quiz_the_what_if_and_the_verdict(
    services: Services, tmp_path: Path
) -> None:
    shutil.copytree(CONTENT, tmp_path / "content")
    path = tmp_path / "content" / "2568" / "service.integration.yaml"
    path.write_text(path.read_text("utf-8").replace("at_least: 12", "at_least: 24"), "utf-8")
    # The matcher stays as it was fitted: only the knowledge changed.
    stricter = replace(services, knowledge=load_knowledge(tmp_path / "content"))
    condition = "บูรณาการข้อมูลต้องใช้มาแล้วกี่ปี"
    work = "เชื่อมข้อมูล 3 กรม ใช้มา 18 เดือน วัดความพึงพอใจแล้ว ส่งบูรณาการได้ไหม"
    assert "ไม่น้อยกว่า 1 ปี" in Talk(services).answer(condition).gist
    assert "ไม่น้อยกว่า 2 ปี" in Talk(stricter).answer(condition).gist

    assert Talk(services).answer(work).gist.startswith(PASSES)
    failed = Talk(stricter).answer(work)
    assert failed.gist.startswith(FAILS)
    assert "ต้อง 24 เดือน ของท่าน 18 เดือน ขาดอีก 6 เดือน" in failed.gist

    told = ("เริ่มทำแบบตรวจสอบ", "บริการประชาชน/ธุรกิจ", "เชื่อมข้อมูลดิจิทัล", "3 กรม ใช้มา 18 เดือน วัดความพึงพอใจแล้ว ไม่เคยได้รางวัล")
    assert Talk(services).answer(*told).gist.startswith(PASSES)
    assert Talk(stricter).answer(*told).gist.startswith(FAILS) or "ยังไม่มีประเภท" in Talk(stricter).answer(*told).gist

    facts = {
        "focus": ["service"], "digital_data_integration": True, "agency_count": 3,
        "months_in_use": 18, "satisfaction_measured": True,
    }  # fmt: skip
    found = [verdicts(s.knowledge.newest, facts)["service.integration"].outcome.value for s in (services, stricter)]
    assert found == ["pass", "fail"]


def test_a_question_for_a_condition_is_not_answered_by_the_verdict_once_more(talk: Talk) -> None:
    talk.say("งานเรื่อง pm2.5 ส่งขับเคลื่อนเห็นผลได้ไหม", "แต่ไม่ได้ใช้ data analytics")
    assert labels(talk.answer("แล้วต้องทำมากี่ปี")) == ("unknown", ("service.agenda",), "conditions")


def test_a_year_mistyped_is_told_anew(talk: Talk) -> None:
    failed = talk.answer("ได้ระดับดีปี 2560 ส่งขยายผลมาตรฐานการบริการปี 68 ได้ไหม")
    assert failed.gist.startswith(FAILS)
    corrected = talk.answer("เอ้ย 2566 พิมพ์ผิด")
    assert labels(corrected) == ("answered", ("service.expansion",), "conditions")
    assert not corrected.gist.startswith(FAILS)


def test_what_the_rules_leave_open_is_told_and_no_verdict_made_of_it(talk: Talk) -> None:
    answer = talk.answer("ขยายผลร้อยละ 80 คิดจากอะไรครับ จำนวนสาขาหรือจำนวนผู้รับบริการ")
    assert (answer.status, answer.subjects) == ("unknown", ("service.expansion",))
