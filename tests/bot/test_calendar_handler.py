"""Questions about dates: from the calendar of the round that is meant, or that nothing is announced."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from bot.calendar_wording import REMIND_ME, WHOLE_CALENDAR
from bot.dispatch import Services
from bot.flex import plain, render
from bot.now import BANGKOK
from bot.turn import RecordUnanswered
from bot.wording import REMIND_WHEN_ANNOUNCED
from tests.bot.published_content import own_documents
from tests.bot.remembering import Remembering
from tests.bot.talk import labels
from tests.knowledge.dated_round import documents

# The days of the calendar in tests/knowledge/dated_round.py, as one asks about them.
BEFORE_IT_OPENS = (2026, 1, 5, 10, 0)
OPEN = (2026, 3, 10, 10, 0)
LAST_HOURS = (2026, 3, 31, 16, 0)
PARTLY_CLOSED = (2026, 4, 1, 10, 0)
CLOSED = (2026, 4, 18, 10, 0)
ALL_OVER = (2026, 10, 5, 10, 0)


@pytest.fixture(scope="module")
def dated(fitted_folder: Path) -> Services:
    """The seed, and the round of 2569 with its dates."""
    from bot.assistant import INSTALLED, load_services

    return load_services(documents=own_documents() | documents(), kept=[fitted_folder, INSTALLED], soon=True)


def talk(services: Services, moment: tuple[int, int, int, int, int], **changes: str) -> Remembering:
    now = datetime(*moment, tzinfo=BANGKOK)
    return Remembering(replace(services, now=lambda: now, **changes))  # type: ignore[arg-type]


def words(services: Services, moment: tuple[int, int, int, int, int], *texts: str) -> str:
    return plain(talk(services, moment).say(*texts).replies)


@pytest.mark.parametrize(
    ("moment", "question", "gist"),
    [
        (OPEN, "ปิดรับสมัครวันไหน", "ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น. (อีก 21 วัน)"),
        (OPEN, "ปีนี้ปิดเมื่อไหร่", "ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น. (อีก 21 วัน)"),
        (OPEN, "เหลืออีกกี่วัน", "เหลืออีก 21 วัน ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (OPEN, "เหลือกี่วัน", "เหลืออีก 21 วัน ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (OPEN, "เหลือกี่วันคะ", "เหลืออีก 21 วัน ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (OPEN, "ขอไฟล์ ics", "ปฏิทินรางวัลเลิศรัฐ รอบปี 2569"),
        (OPEN, "pmqa เหลืออีกกี่วัน", "เหลืออีก 3 วัน ปิดรับสมัคร PMQA วันศุกร์ที่ 13 มีนาคม 2569"),
        (OPEN, "นวัตกรรมบริการปิดรับวันไหน", "ปิดรับสมัครบริการภาครัฐ วันศุกร์ที่ 17 เมษายน 2569"),
        (OPEN, "เลื่องลือขยายผลปิดวันไหน", "ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (OPEN, "ปิดรับไปยัง", "ยังเปิดรับค่ะ ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (OPEN, "ต่อไปมีอะไร", "ถัดไป: ปิดรับสมัคร PMQA วันศุกร์ที่ 13 มีนาคม 2569 (อีก 3 วัน)"),
        (OPEN, "มีนามีอะไรบ้าง", "เดือนมีนาคม 2569 มีกำหนดการ 2 รายการ"),
        (OPEN, "เดือนหน้ามีอะไรบ้าง", "เดือนเมษายน 2569 มีกำหนดการ 2 รายการ"),
        (OPEN, "กุมภามีอะไรบ้าง", "เดือนกุมภาพันธ์ 2569 มีกำหนดการ 1 รายการ"),
        (OPEN, "ธันวามีอะไรบ้าง", "เดือนธันวาคม 2569 ไม่มีกำหนดการที่ประกาศไว้ค่ะ"),
        (OPEN, "มิถุนามีอะไรบ้าง", "เดือนมิถุนายน 2569 มีกำหนดการ 1 รายการ"),
        (OPEN, "ขอปฏิทินทั้งหมด", "ปฏิทินรางวัลเลิศรัฐ รอบปี 2569"),
        (OPEN, "อะไรผ่านไปแล้วบ้าง", "กำหนดการรอบปี 2569 ที่ผ่านไปแล้ว 2 รายการ"),
        (OPEN, "ประกาศผลเมื่อไหร่", "ประกาศผลรางวัล เดือนสิงหาคม 2569"),
        (OPEN, "กรรมการลงพื้นที่เมื่อไหร่", "ตรวจประเมิน ณ พื้นที่ 25 พฤษภาคม – 12 มิถุนายน 2569"),
        (OPEN, "เปิดรับเมื่อไหร่", "เปิดรับสมัคร รอบปี 2569 ผ่านไปแล้วค่ะ"),
        (OPEN, "ส่งเอกสารถึงวันไหน", "ส่งเอกสารเพิ่มเติม วันพฤหัสบดีที่ 30 เมษายน 2569"),
        (BEFORE_IT_OPENS, "รอบหน้าเปิดวันไหน", "เปิดรับสมัคร วันจันทร์ที่ 2 กุมภาพันธ์ 2569 (อีก 28 วัน)"),
        (BEFORE_IT_OPENS, "ปิดรับไปยัง", "ยังไม่เปิดรับค่ะ เปิดรับสมัคร วันจันทร์ที่ 2 กุมภาพันธ์ 2569 (อีก 28 วัน)"),
        (LAST_HOURS, "เหลืออีกกี่วัน", "วันนี้แล้วค่ะ ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569"),
        (PARTLY_CLOSED, "ปิดรับไปยัง", "ยังเปิดรับค่ะ ปิดรับสมัครบริการภาครัฐ วันศุกร์ที่ 17 เมษายน 2569"),
        (PARTLY_CLOSED, "pmqa ปิดวันไหน", "รอบปี 2569 ปิดรับแล้วค่ะ (ปิดรับสมัคร PMQA วันศุกร์ที่ 13 มีนาคม 2569)"),
        (CLOSED, "ยังสมัครทันไหม", "รอบปี 2569 ปิดรับแล้วค่ะ"),
        (CLOSED, "เหลืออีกกี่วันปิดรับ", "รอบปี 2569 ปิดรับแล้วค่ะ"),
        (CLOSED, "ต่อไปมีอะไร", "ถัดไป: ส่งเอกสารเพิ่มเติม วันพฤหัสบดีที่ 30 เมษายน 2569 (อีก 12 วัน)"),
        (ALL_OVER, "ต่อไปมีอะไร", "กำหนดการรอบปี 2569 ที่ประกาศไว้ ผ่านไปหมดแล้วค่ะ"),
        (ALL_OVER, "มอบรางวัลวันไหน", "พิธีมอบรางวัลเลิศรัฐ รอบปี 2569 ผ่านไปแล้วค่ะ"),
        (OPEN, "ปี 68 มอบรางวัลวันไหน", "พิธีมอบรางวัลเลิศรัฐ รอบปี 2568 ผ่านไปแล้วค่ะ (วันศุกร์ที่ 12 กันยายน 2568)"),
    ],
)
def test_the_first_line_answers(
    dated: Services, moment: tuple[int, int, int, int, int], question: str, gist: str
) -> None:
    answer = talk(dated, moment).answer(question)
    assert answer.gist.startswith(gist)
    assert (answer.status, answer.attribute) == ("answered", "deadline")
    assert answer.sources or "ไม่มี" in answer.gist


@pytest.mark.parametrize("moment", [OPEN, CLOSED, ALL_OVER])
@pytest.mark.parametrize("question", ["ปฏิทินรอบ 70", "รอบ 2570 เปิดวันไหน", "รอบหน้าเปิดวันไหน"])
def test_a_round_without_dates_says_so_and_offers_to_tell(
    dated: Services, moment: tuple[int, int, int, int, int], question: str
) -> None:
    turn = talk(dated, moment).say(question)
    answer = turn.replies[0]
    assert labels(answer) == ("unknown", ("awards",), "deadline")
    assert answer.gist.startswith("ยังไม่ประกาศกำหนดการของรอบปี 2570")
    assert (answer.year, REMIND_WHEN_ANNOUNCED in answer.buttons) == (2570, True)
    (kept,) = turn.effects
    assert isinstance(kept, RecordUnanswered)
    assert kept.year == 2570


def test_a_closed_round_offers_the_next(dated: Services) -> None:
    answer = talk(dated, CLOSED).answer("ปิดรับสมัครวันไหน")
    assert "รอบปี 2570 ยังไม่ประกาศกำหนดการ" in plain([answer])
    assert REMIND_WHEN_ANNOUNCED in answer.buttons


def test_an_earlier_round_offers_the_one_that_is_dated(dated: Services) -> None:
    text = words(dated, BEFORE_IT_OPENS, "ปี 68 มอบรางวัลวันไหน")
    assert "รอบปี 2569 เปิดรับสมัคร วันจันทร์ที่ 2 กุมภาพันธ์ 2569" in text
    assert "[ปฏิทินรอบ 2569]" in text


def test_the_closing_names_those_that_close_on_other_days(dated: Services) -> None:
    text = words(dated, OPEN, "ปิดรับสมัครวันไหน")
    assert "ปิดรับสมัคร PMQA: วันศุกร์ที่ 13 มีนาคม 2569 (อีก 3 วัน)" in text
    assert "ปิดรับสมัครบริการภาครัฐ: วันศุกร์ที่ 17 เมษายน 2569 เวลา 16.30 น. (อีก 38 วัน)" in text


def test_the_whole_calendar_is_one_card_of_what_comes_what_is_open_and_what_is_over(dated: Services) -> None:
    answer = talk(dated, OPEN, public_url="https://bot.example").answer("ขอปฏิทินทั้งหมด")
    assert [block.title for block in answer.blocks] == ["กำหนดการที่จะถึง", "ยังไม่ประกาศวัน", "ผ่านไปแล้ว"]
    assert [len(block.lines) for block in answer.blocks] == [7, 1, 2]
    (message,) = render([answer])
    assert message["type"] == "flex"


def test_the_file_is_handed_out_where_the_outside_world_can_fetch_it(dated: Services) -> None:
    assert not any(b.link for b in talk(dated, OPEN).answer("ขอปฏิทินทั้งหมด").buttons)
    answer = talk(dated, OPEN, public_url="https://bot.example").answer("ขอปฏิทินทั้งหมด")
    (button,) = (b for b in answer.buttons if b.link)
    assert button.link == "https://bot.example/calendar/2569.ics?openExternalBrowser=1"
    footer = render([answer])[0]["contents"]["footer"]  # type: ignore[index]
    assert footer["contents"][0]["action"] == {"type": "uri", "label": button.label, "uri": button.link}


def test_a_subject_that_was_talked_about_is_meant_by_the_next_question(dated: Services) -> None:
    text = words(dated, OPEN, "เงื่อนไขนวัตกรรมบริการ", "แล้วปิดรับวันไหน")
    assert text.startswith("ปิดรับสมัครบริการภาครัฐ วันศุกร์ที่ 17 เมษายน 2569")


def test_a_follow_up_names_another_subject(dated: Services) -> None:
    text = words(dated, OPEN, "นวัตกรรมบริการปิดรับวันไหน", "แล้วสาขามีส่วนร่วมล่ะ")
    assert text.startswith("ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569")


def test_reminders_name_the_dates_that_will_be_reminded_of(dated: Services) -> None:
    text = words(dated, OPEN, "ตั้งเตือน PMQA", "ยินยอม")
    assert "ปิดรับสมัคร PMQA: วันศุกร์ที่ 13 มีนาคม 2569 (อีก 3 วัน)" in text
    assert "บริการภาครัฐ: วันศุกร์ที่ 17" not in text
    assert "31 มีนาคม" not in text
    assert "ยังไม่ประกาศวันรับสมัคร" not in text


def test_the_button_of_a_date_sets_a_reminder(dated: Services) -> None:
    chat = talk(dated, OPEN)
    button = next(b for b in chat.answer("นวัตกรรมบริการปิดรับวันไหน").buttons if b.label == REMIND_ME.label)
    chat.say(button.text, "ยินยอม")
    assert list(chat.wishes) == ["service.innovation"]


def test_two_questions_are_both_answered(dated: Services) -> None:
    turn = talk(dated, OPEN).say("มอบรางวัลเดือนไหน แล้วสมัครยังไง")
    assert [reply.attribute for reply in turn.replies] == ["deadline", "apply"]
    assert "11 กันยายน 2569" in plain(turn.replies)


def test_a_date_among_several_questions_is_told_with_the_days_that_are_left(dated: Services) -> None:
    turn = talk(dated, OPEN).say("ปิดรับเมื่อไหร่ แล้วต้องเตรียมอะไรบ้าง")
    assert turn.replies[0].attribute == "deadline"
    assert len(turn.replies) == 2
    assert turn.replies[0].gist == "ปิดรับสมัคร วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น. (อีก 21 วัน)"
    assert REMIND_ME.label in [button.label for button in turn.replies[0].buttons]


def test_several_questions_lean_on_each_other_and_not_on_the_round_asked_about_before(dated: Services) -> None:
    turn = talk(dated, OPEN).say("รอบ 2570 ปิดวันไหน", "ประกาศผลเมื่อไหร่ แล้วมอบรางวัลวันไหน")
    assert [reply.year for reply in turn.replies] == [2569, 2569]


def test_who_closes_by_itself_is_not_told_the_closing_of_the_others(dated: Services) -> None:
    text = words(dated, PARTLY_CLOSED, "pmqa ปิดวันไหน")
    assert "ปิดรับแล้ว" in text
    assert "17 เมษายน" not in text
    before = words(dated, OPEN, "pmqa ปิดวันไหน")
    assert "13 มีนาคม 2569" in before
    assert "31 มีนาคม" not in before


def test_a_date_among_several_questions_of_a_closed_round_says_that_it_is_closed(dated: Services) -> None:
    turn = talk(dated, CLOSED).say("ต้องเตรียมเอกสารอะไรบ้าง แล้วปิดรับเมื่อไหร่")
    assert turn.replies[-1].gist.startswith("รอบปี 2569 ปิดรับแล้วค่ะ")


def test_a_work_that_is_described_gets_its_verdict(dated: Services) -> None:
    answer = talk(dated, OPEN).answer("เชื่อมข้อมูล 2 กรม ใช้มา 8 เดือน ส่งบูรณาการทันไหม")
    assert answer.attribute == "conditions"


@pytest.mark.parametrize(
    "question", ["ต่อไปมีอะไร", "มีนามีอะไรบ้าง", "ขอปฏิทินทั้งหมด", "ปิดรับไปยัง", "เหลืออีกกี่วัน", "ปีนี้ปิดเมื่อไหร่", "รอบหน้าเปิดวันไหน"]
)
def test_the_seed_knows_no_dates_to_come_and_says_so(services: Services, question: str) -> None:
    answer = talk(services, (2026, 11, 27, 10, 0)).answer(question)
    assert (answer.status, answer.attribute) == ("unknown", "deadline")
    assert REMIND_WHEN_ANNOUNCED in answer.buttons


def test_this_round_and_the_next_go_by_the_clock_while_the_calendar_is_silent(services: Services) -> None:
    chat = talk(services, (2026, 11, 27, 10, 0))
    assert chat.answer("รอบหน้าเปิดวันไหน").year == 2570
    assert chat.answer("ปีนี้ปิดเมื่อไหร่").year == 2569


def test_no_answer_offers_its_own_question(dated: Services) -> None:
    assert WHOLE_CALENDAR not in talk(dated, OPEN).answer("ขอปฏิทินทั้งหมด").buttons
