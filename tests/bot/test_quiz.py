"""The quiz in a chat: taps, numbers, free text, controls, questions in between, nonsense, and the result."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot import quiz_wording as wording
from bot.conversation import Remembered, _read
from bot.dispatch import Services
from bot.flex import plain
from bot.now import BANGKOK
from bot.turn import Answer, Button, Conversation, Quiz, Turn
from knowledge.quiz import Response
from tests.bot.talk import Talk, event, labels

START = "เริ่มทำแบบตรวจสอบ"
# A work that passes บูรณาการข้อมูล: what is answered to whichever question comes.
ANSWERS = {
    "focus": "บริการประชาชน/ธุรกิจ",
    "strengths": "เชื่อมข้อมูลดิจิทัล",
    "builds_on_awarded_work": "ไม่เคยค่ะ",
    "months_in_use": "ปีครึ่ง",
    "integration": "3 กรม",
    "agency_count": "3 กรม",
    "works_on_behalf_of_each_other": "แค่เชื่อมข้อมูล",
    "satisfaction_measured": "สำรวจแล้ว",
}


class QuizTalk(Talk):
    """A chat in which the question now asked can be looked at and answered."""

    @property
    def asked(self) -> str:
        """The id of the question that the last card asked, "" when it asked none."""
        data = next((b.data for b in self.last.buttons if b.data.count(":") == 3 and "!" not in b.data), "")
        return data.split(":")[2] if data else ""

    @property
    def last(self) -> Answer:
        return self._last

    def turn(self, event_: object, year: int | None = None) -> Turn:  # type: ignore[override]
        turn = super().turn(event_, year)  # type: ignore[arg-type]
        if turn.replies:
            self._last = turn.replies[-1]
        return turn

    def tap(self, label: str, of: Answer | None = None) -> Answer:
        """Tap a button of the last card (or of an earlier one)."""
        (button,) = [b for b in (of or self.last).buttons if b.label == label]
        self.turn(event("postback", postback=button.data) if button.data else event(text=button.text))
        return self.last

    def finish(self, answers: dict[str, str]) -> Answer:
        """Answer whatever is asked until nothing is."""
        for _ in range(15):
            if not self.asked:
                return self.last
            self.say(answers.get(self.asked, "ไม่แน่ใจ"))
        raise AssertionError("the quiz does not end")


@pytest.fixture
def talk(services: Services) -> QuizTalk:
    return QuizTalk(services)


def shown(answer: Answer) -> str:
    return plain([answer])


def test_it_asks_for_facts_with_progress_and_ends_in_a_result_that_can_be_forwarded(talk: QuizTalk) -> None:
    first = talk.answer(START)
    assert labels(first) == ("command", (), "quiz")
    assert "ข้อ 1 จากประมาณ" in first.header
    result = talk.finish(ANSWERS)
    assert labels(result) == ("command", ("service.integration",), "quiz")
    assert result.gist == "เข้าเกณฑ์เบื้องต้น 1 ประเภท: บูรณาการข้อมูลในรูปแบบดิจิทัล"
    text = shown(result)
    assert "ของท่าน 18 เดือน (สไลด์ 134-135)" in text
    assert "ผลเบื้องต้นตามเกณฑ์รอบ 2568 ไม่ใช่การรับรอง" in text
    assert {"เงื่อนไข", "ตัวอย่างผลงาน", "เตือนฉัน", "แก้คำตอบ", "เริ่มใหม่"} <= {b.label for b in result.buttons}


def test_the_same_by_taps(talk: QuizTalk) -> None:
    talk.say(START)
    talk.tap("บริการประชาชน/ธุรกิจ")
    assert talk.asked == "strengths"
    picked = talk.tap("เชื่อมข้อมูลดิจิทัล")
    assert "เลือกแล้ว: เชื่อมข้อมูลดิจิทัล" in shown(picked)
    talk.tap("แก้ปัญหาทั้งกระบวนการ")
    talk.tap("เท่านี้")
    assert talk.conversation.quiz is not None
    facts = talk.conversation.quiz.responses[-1].facts
    assert (facts["digital_data_integration"], facts["pain_point_end_to_end"]) == (True, True)
    assert facts["is_new_or_derived_innovation"] is False


def test_several_numbers_are_several_answers(talk: QuizTalk) -> None:
    talk.say(START, "1", "ข้อ 1 กับ 3")
    assert talk.conversation.quiz is not None
    facts = talk.conversation.quiz.responses[-1].facts
    assert [name for name, value in facts.items() if value is True] == [
        "is_new_or_derived_innovation",
        "pain_point_end_to_end",
    ]


def test_a_description_at_the_start_is_taken_and_not_asked_again(talk: QuizTalk) -> None:
    first = talk.answer("ขอทำควิซ ระบบเชื่อมข้อมูล 4 กรม ใช้มา 2 ปีแล้ว วัดความพึงพอใจแล้ว")
    assert "รับทราบ" in shown(first)
    assert "24 เดือน" in shown(first)
    asked: list[str] = []
    while talk.asked:
        assert talk.asked not in asked
        asked.append(talk.asked)
        talk.say(ANSWERS.get(talk.asked, "ไม่แน่ใจ"))
    assert not {"months_in_use", "agency_count", "integration", "satisfaction_measured", "focus"} & set(asked)


def test_traits_told_in_words_are_several_answers_and_the_others_count_as_no(talk: QuizTalk) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", "เชื่อมข้อมูลกันหลายหน่วยงาน และแก้ปัญหาทั้งกระบวนการ end to end ค่ะ")
    assert talk.conversation.quiz is not None
    facts = talk.conversation.quiz.responses[-1].facts
    assert (facts["digital_data_integration"], facts["pain_point_end_to_end"]) == (True, True)
    assert facts["permits_whole_organisation"] is False


def test_facts_that_were_not_asked_for_yet_are_kept_and_the_question_stays(talk: QuizTalk) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", "2")
    before = talk.asked
    told = talk.answer("ใช้มา 14 เดือนแล้วค่ะ" if before != "months_in_use" else "3 กรม")
    assert talk.asked == before
    assert "รับทราบ" in shown(told)


@pytest.mark.parametrize("said", ["ย้อนกลับ", "ข้อก่อนหน้า", "กดผิดค่ะ"])
def test_back_asks_the_question_before_again(talk: QuizTalk, said: str) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ")
    talk.say(said)
    assert talk.asked == "focus"
    assert "ข้อ 1 จาก" in talk.last.header


@pytest.mark.parametrize("said", ["ทั้งสองอย่าง", "ทั้งคู่ค่ะ", "บริการกับมีส่วนร่วมทั้งสองอย่าง", "3"])
def test_an_answer_is_known_by_other_words_too(talk: QuizTalk, said: str) -> None:
    talk.say(START, said)
    assert talk.conversation.quiz is not None
    assert set(talk.conversation.quiz.responses[0].facts["focus"]) == {"service", "participation"}


def test_an_answer_with_a_question_s_letters_in_it_is_no_question(talk: QuizTalk) -> None:
    talk.say(START, "ประชาชนมีส่วนร่วม")
    assert talk.asked == "awarded_before"
    talk.say("เกี่ยวค่ะ ขยายผลจากงานที่ได้ดีเด่นปี 63")
    assert talk.asked not in ("awarded_before", "")


def test_a_result_of_nothing_known_is_short_and_rejects_nothing(talk: QuizTalk) -> None:
    talk.say(START)
    result = talk.finish({})
    assert result.gist.startswith("ต้องตรวจสอบเพิ่มก่อนสรุป")
    assert wording.TOO_LITTLE in shown(result)
    assert len(shown(result)) < 900
    assert "✗" not in shown(result)


def test_an_answer_to_something_else_does_not_answer_the_open_question(talk: QuizTalk) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", "เชื่อมข้อมูลกันระหว่างหน่วยงาน")
    assert talk.asked == "integration", "a vague count that settles nothing is asked for"
    talk.say("น่าจะ 2 กรม")
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses[-1].facts == {"agency_count": 2}
    while talk.asked and talk.asked != "works_on_behalf_of_each_other":
        talk.say(ANSWERS.get(talk.asked, "ไม่แน่ใจ"))
    talk.say("สำรวจแล้ว")
    assert talk.asked == "works_on_behalf_of_each_other"
    talk.say("แค่เชื่อมข้อมูล")
    result = talk.finish(ANSWERS)
    assert "ยังไม่เข้าเกณฑ์" in result.gist


@pytest.mark.parametrize("said", ["เป็นนวัตกรรมใหม่ ไม่เคยมีใครทำ", "ยังไม่มีที่ไหนทำเลยค่ะ"])
def test_nobody_and_nowhere_are_no_questions(talk: QuizTalk, said: str) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", said)
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses[-1].facts["is_new_or_derived_innovation"] is True


def test_start_again_after_cancelling_starts_again(talk: QuizTalk) -> None:
    talk.say(START, "1", "ยกเลิก", "เริ่มใหม่")
    assert talk.asked == "focus"


def test_facts_of_a_branch_that_the_work_is_not_about_are_left_out(talk: QuizTalk) -> None:
    talk.say(START, "ประชาชนมีส่วนร่วม")
    while talk.asked and talk.asked != "direction":
        talk.say({"participation_level": "ร่วมมือ", "awarded_before": "ไม่เกี่ยว"}.get(talk.asked, "ไม่แน่ใจ"))
    told = talk.answer("ด้านสิ่งแวดล้อมค่ะ")
    assert "ประเด็น" not in shown(told).split("ข้อ ")[0]
    assert talk.conversation.quiz is not None
    assert "agenda_issue" not in talk.conversation.quiz.responses[-1].facts


def test_back_at_the_first_question_says_so(talk: QuizTalk) -> None:
    assert "ข้อแรกแล้ว" in shown(talk.answer(START, "ย้อนกลับ"))


@pytest.mark.parametrize("said", ["ข้าม", "ไม่รู้อะ", "ไม่แน่ใจค่ะ", "ข้ามไปก่อน"])
def test_unsure_goes_on_and_rejects_nothing(talk: QuizTalk, said: str) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", "2")
    before = talk.asked
    talk.say(said)
    assert talk.asked != before
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses[-1] == Response(
        before, dict.fromkeys(talk.conversation.quiz.responses[-1].facts)
    )


@pytest.mark.parametrize("said", ["ยกเลิก", "เลิกทำ", "พอแล้วค่ะ", "ไว้ก่อนนะคะ"])
def test_cancel_ends_it(talk: QuizTalk, said: str) -> None:
    assert shown(talk.answer(START, "1", said)).startswith("หยุดแบบตรวจสอบแล้วค่ะ")
    assert talk.conversation.quiz is None


def test_restart_forgets_the_answers(talk: QuizTalk) -> None:
    talk.say(START, "1", "2")
    assert "ข้อ 1 จาก" in talk.answer("เริ่มใหม่").header
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses == ()


def test_a_question_in_the_middle_is_answered_with_its_own_labels_and_the_quiz_goes_on(talk: QuizTalk) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ")
    aside = talk.answer("เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง")
    assert labels(aside) == ("answered", ("service.innovation",), "conditions")
    assert wording.STILL_OPEN in shown(aside)
    assert aside.buttons[0] == Button("ทำต่อ", "ทำต่อ")
    talk.say("ทำต่อ")
    assert talk.asked == "strengths"
    talk.say("ตัวอย่างผลงานบูรณาการข้อมูลมีไหม", "2")
    assert talk.asked not in ("", "strengths"), "the answer is taken without ทำต่อ too"


@pytest.mark.parametrize(
    ("said", "attribute"),
    [
        ("ปฏิทิน", "deadline"),
        ("กำหนดการ", "deadline"),
        ("ขอไฟล์ ics", "deadline"),
        ("เมนู", "smalltalk"),
        ("ถามอะไรได้บ้าง", "smalltalk"),
    ],
)
def test_one_word_for_something_else_is_answered_in_the_middle(talk: QuizTalk, said: str, attribute: str) -> None:
    talk.say("เริ่มทำแบบตรวจสอบ")
    aside = talk.answer(said)
    assert aside.attribute == attribute
    assert wording.STILL_OPEN in shown(aside)
    assert aside.buttons[0] == Button("ทำต่อ", "ทำต่อ")


def test_ones_own_work_can_be_asked_about_in_the_middle(talk: QuizTalk) -> None:
    talk.say("เริ่มทำแบบตรวจสอบ", "เดี๋ยวก่อน นวัตกรรมบริการต้องทำมากี่ปี")
    answer = talk.answer("ของเราแค่ลดเวลาจาก 30 วันเหลือ 15 วัน ได้ไหม")
    assert (answer.status, answer.subjects, answer.attribute) == ("answered", ("service.innovation",), "conditions")
    assert talk.answer("ไม่ใช่คำถาม บริการประชาชน/ธุรกิจ").attribute == "quiz"


def test_a_person_can_be_asked_for_in_the_middle(talk: QuizTalk) -> None:
    assert "ยินยอมไหมคะ" in shown(talk.answer(START, "1", "ขอคุยกับเจ้าหน้าที่"))


@pytest.mark.parametrize("said", ["กขฟหกด", "asdf qwer", "อิอิ", "🙂🙂 55555"])
def test_nonsense_asks_again_without_moving(talk: QuizTalk, said: str) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ")
    before = talk.conversation.quiz
    again = talk.answer(said)
    assert labels(again) == ("clarify", (), "quiz")
    assert talk.asked == "strengths"
    assert before is not None
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses == before.responses


def test_a_button_of_an_old_quiz_says_so_and_answers_nothing(talk: QuizTalk) -> None:
    old = talk.answer(START)
    later = Talk(replace(talk.services, now=lambda: talk.services.now() + timedelta(minutes=1)), talk.conversation)
    later.say("เริ่มใหม่")
    before = later.conversation
    (button,) = [b for b in old.buttons if b.label == "ประชาชนมีส่วนร่วม"]
    turn = later.turn(event("postback", postback=button.data))
    assert "ชุดก่อน" in shown(turn.replies[0])
    assert turn.conversation == before
    gone = Talk(talk.services).turn(event("postback", postback=button.data))
    assert "ชุดก่อน" in shown(gone.replies[0])


def test_a_button_of_an_earlier_question_corrects_it(talk: QuizTalk) -> None:
    first = talk.answer(START)
    talk.tap("บริการประชาชน/ธุรกิจ")
    talk.tap("ประชาชนมีส่วนร่วม", first)
    assert talk.conversation.quiz is not None
    assert talk.conversation.quiz.responses == (Response("focus", {"focus": ["participation"]}),)


@pytest.mark.parametrize(
    "data", ["quiz:", "quiz:a:b", "quiz:x:focus:0", "quiz:x:!back:", "quiz:x:focus:,,,", "quiz:::::"]
)
def test_odd_buttons_are_answered_politely(talk: QuizTalk, data: str) -> None:
    talk.say(START)
    assert talk.conversation.quiz is not None
    turn = talk.turn(event("postback", postback=data.replace(":x:", f":{talk.conversation.quiz.id}:")))
    assert turn.replies


def test_an_answer_can_be_changed_at_the_end_and_the_others_stay(talk: QuizTalk) -> None:
    talk.say(START)
    talk.finish(ANSWERS)
    choices = talk.answer("แก้คำตอบ")
    assert choices.gist == wording.WHICH_ANSWER
    assert talk.conversation.quiz is not None
    place = [r.question for r in talk.conversation.quiz.responses].index("months_in_use") + 1
    talk.say(f"แก้ข้อ {place}")
    assert talk.asked == "months_in_use"
    result = talk.answer("8 เดือน")
    assert result.gist.startswith("ยังไม่เข้าเกณฑ์")
    assert "ต้อง 12 เดือน ของท่าน 8 เดือน ขาดอีก 4 เดือน จะครบ 1 ปีเดือนตุลาคม 2568" in shown(result)


@pytest.mark.parametrize("said", ["ผลควิซเมื่อกี้", "ขอดูผลอีกที", "สรุปผล"])
def test_the_result_can_be_asked_for_again(talk: QuizTalk, said: str) -> None:
    talk.say(START)
    result = talk.finish(ANSWERS)
    talk.say("ขอบคุณค่ะ", "เงื่อนไขขับเคลื่อนเห็นผล")
    assert talk.answer(said).gist == result.gist


def test_the_result_can_be_compared_with_another_round(talk: QuizTalk) -> None:
    talk.say(START)
    talk.finish(ANSWERS)
    other = talk.answer("แล้วรอบ 2570 ล่ะ")
    text = shown(other)
    assert other.year == 2570
    assert "เทียบกับรอบ 2568" in text
    assert "ผลเบื้องต้นตามเกณฑ์รอบ 2570" in text


def test_a_what_if_after_the_result_changes_one_fact(talk: QuizTalk) -> None:
    talk.say(START)
    talk.finish(ANSWERS)
    answer = talk.answer("แล้วถ้าใช้มา 8 เดือนล่ะ")
    assert labels(answer) == ("answered", ("service.integration",), "conditions")
    assert answer.gist.startswith("ยังไม่เข้าเกณฑ์")


def test_work_on_the_organisation_is_explained_and_handed_over(talk: QuizTalk) -> None:
    result = talk.answer(START, "ระบบบริหารองค์กร")
    assert result.subjects == ("pmqa",)
    assert "คุยกับเจ้าหน้าที่" in [b.label for b in result.buttons]


def test_an_unfinished_quiz_ends_politely_when_its_time_is_over_and_can_be_taken_up(services: Services) -> None:
    start = datetime(2025, 6, 1, 10, tzinfo=BANGKOK)
    talk = QuizTalk(replace(services, now=lambda: start))
    first = talk.answer(START)
    talk.services = replace(services, now=lambda: start + timedelta(hours=services.quiz_hours, minutes=1))
    assert "หมดเวลา" in shown(talk.answer("บริการประชาชน/ธุรกิจ"))
    (button,) = [b for b in first.buttons if b.label == "ประชาชนมีส่วนร่วม"]
    assert "หมดเวลา" in shown(talk.turn(event("postback", postback=button.data)).replies[0])
    assert labels(talk.answer("เงื่อนไขนวัตกรรมบริการ"))[2] == "conditions", "other questions are answered as ever"
    talk.say("ทำต่อ")
    assert talk.asked == "focus"
    talk.say("บริการประชาชน/ธุรกิจ")
    assert talk.asked == "strengths"


def test_asking_for_a_result_without_a_quiz_offers_one(talk: QuizTalk) -> None:
    answer = talk.answer("ผลควิซเมื่อกี้")
    assert answer.gist == wording.NONE_UNDER_WAY.gist
    assert wording.START in answer.buttons


def test_the_state_is_the_responses_and_survives_being_written_down(talk: QuizTalk) -> None:
    talk.say(START, "บริการประชาชน/ธุรกิจ", "1 2")
    from pydantic import TypeAdapter

    kept = TypeAdapter(Remembered).dump_json(Remembered(talk.conversation))
    assert _read(kept).conversation == talk.conversation


def test_a_quiz_kept_by_a_version_with_other_questions_goes_on(services: Services) -> None:
    responses = (
        Response("a_question_that_is_gone", {"gone": 1}),
        Response("focus", {"focus": ["service", "a branch that is gone"]}),
        Response("months_in_use", {"months_in_use": 18}),
    )
    quiz = Quiz("old", 2568, responses, int(services.now().timestamp()))
    talk = QuizTalk(services, Conversation(quiz=quiz))
    talk.say("ทำต่อ")
    assert talk.asked == "focus", "what cannot be read any more is asked again"


@settings(max_examples=30, deadline=None)
@given(said=st.text(min_size=1, max_size=60) | st.text("กขคงจ่้ไมุ0123456789ปีเดือน กรม?", min_size=1, max_size=40))
def test_whatever_is_typed_into_a_quiz_is_answered_and_never_loses_it(services: Services, said: str) -> None:
    talk = QuizTalk(services)
    talk.say(START, "บริการประชาชน/ธุรกิจ")
    before = talk.conversation.quiz
    turn = talk.say(said)
    # Hypothesis shows the services as well, and hides what was typed behind them.
    assert turn.replies, repr(said)
    assert before is not None
    assert talk.conversation.quiz is not None, repr(said)
    assert talk.conversation.quiz.responses[: len(before.responses)] == before.responses, repr(said)


@settings(max_examples=30, deadline=None)
@given(data=st.text(":,+!?0123456789abc", max_size=30))
def test_whatever_a_button_carries_is_answered(services: Services, data: str) -> None:
    talk = QuizTalk(services)
    talk.say(START)
    assert talk.conversation.quiz is not None
    assert talk.turn(event("postback", postback=f"quiz:{talk.conversation.quiz.id}:{data}")).replies


def test_a_round_without_rules_of_its_own_is_asked_by_the_newest_ones(talk: QuizTalk) -> None:
    talk.say("รอบ 2571 มีเงื่อนไขอะไรบ้าง")
    talk.say(START)
    assert talk.asked == "focus"
    assert "2568" in talk.last.header
    assert "2571" not in talk.last.header
