"""What the assistant does with each kind of event and text: real handlers on the real knowledge."""

from __future__ import annotations

import pytest

from bot import wording
from bot.dispatch import Services, dispatch
from bot.flex import plain
from bot.handlers.handover import erases
from bot.stored import NothingStored
from bot.turn import (
    Button,
    CloseHandover,
    Conversation,
    EraseChat,
    EraseMessage,
    KeepHandoverMessage,
    OpenHandover,
    RecordUnanswered,
    Turn,
)
from tests.bot.talk import Talk, event, labels

ASKED = "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง"
AMBIGUOUS = "ขยายผลมีเงื่อนไขอะไรบ้าง"
BUSY = Conversation(
    subjects=("pmqa",),
    attribute="definition",
    offered=("pmqa.four",),
    options=("ก\tข",),
    last_question="ถามไว้",
    misses=1,
)


@pytest.fixture
def talk(services: Services) -> Talk:
    return Talk(services)


def words(turn: Turn) -> str:
    """All that the turn's replies show, buttons left out."""
    return "\n".join(
        part
        for reply in turn.replies
        for part in (
            reply.header,
            reply.gist,
            *(line for block in reply.blocks for line in (block.title, *block.lines)),
            *reply.notes,
            *reply.sources,
        )
    )


# -- lifecycle ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("source", "mentions"), [("user", "พิมพ์ถาม"), ("group", "แท็ก")])
@pytest.mark.parametrize("kind", ["follow", "join"])
def test_somebody_new_is_greeted_with_a_menu_and_what_is_kept(
    talk: Talk, kind: str, source: str, mentions: str
) -> None:
    talk.conversation = BUSY
    turn = talk.turn(event(kind, source=source))
    (greeting,) = turn.replies
    assert greeting.buttons
    assert mentions in words(turn)
    assert "ลบข้อมูลของฉัน" in words(turn)
    (kept,) = [block for block in greeting.blocks if block.lines == wording.PRIVACY_LINES]
    assert len(kept.lines) == 2
    assert turn.conversation == Conversation()


@pytest.mark.parametrize("kind", ["unfollow", "leave"])
def test_who_leaves_is_forgotten_without_a_word(talk: Talk, kind: str) -> None:
    talk.conversation = BUSY
    assert talk.turn(event(kind)) == Turn(Conversation(), effects=(EraseChat(),))


def test_a_message_taken_back_is_erased_with_what_was_kept_of_it(talk: Talk) -> None:
    talk.conversation = BUSY
    turn = talk.turn(event("unsend", message_id="m1"))
    assert (turn.replies, turn.effects) == ((), (EraseMessage("m1"),))
    assert "ถามไว้" not in repr(turn.conversation)


@pytest.mark.parametrize("kind", ["text", "image", "sticker", "follow", "join", "postback"])
def test_nothing_is_said_in_standby(talk: Talk, kind: str) -> None:
    talk.conversation = BUSY
    assert talk.turn(event(kind, ASKED, active=False)) == Turn(BUSY)


@pytest.mark.parametrize("kind", ["unfollow", "unsend"])
def test_what_has_to_be_erased_is_erased_in_standby_too(talk: Talk, kind: str) -> None:
    assert talk.turn(event(kind, message_id="m1", active=False)).effects


@pytest.mark.parametrize("kind", ["text", "image", "sticker", "audio"])
def test_a_group_is_answered_only_when_the_assistant_is_addressed(talk: Talk, kind: str) -> None:
    talk.conversation = BUSY
    assert talk.turn(event(kind, ASKED, source="group", addressed=False)) == Turn(BUSY)


def test_a_group_that_mentions_the_assistant_is_answered(talk: Talk) -> None:
    (reply,) = talk.turn(event("text", ASKED, source="group", addressed=True)).replies
    assert labels(reply) == ("answered", ("service.innovation",), "conditions")


@pytest.mark.parametrize(
    ("kind", "name"),
    [
        ("image", "รูปภาพ"),
        ("video", "วิดีโอ"),
        ("audio", "เสียง"),
        ("file", "ไฟล์"),
        ("sticker", "สติกเกอร์"),
        ("location", "ตำแหน่ง"),
    ],
)
def test_what_is_no_text_gets_a_kind_hint_by_its_name(talk: Talk, kind: str, name: str) -> None:
    (hint,) = talk.turn(event(kind)).replies
    assert name in hint.gist
    assert hint.buttons


@pytest.mark.parametrize("kind", ["memberJoined", "memberLeft", "videoPlayComplete", "messageEdited", "anything"])
def test_what_asks_for_nothing_gets_no_reply(talk: Talk, kind: str) -> None:
    talk.conversation = BUSY
    assert talk.turn(event(kind)) == Turn(BUSY)


@pytest.mark.parametrize("text", ["", "   ", "\n\t"])
def test_an_empty_text_is_asked_for_words(talk: Talk, text: str) -> None:
    (reply,) = talk.turn(event(text=text)).replies
    assert reply.status == "clarify"


def test_an_old_button_says_that_it_is_old(talk: Talk) -> None:
    (reply,) = talk.turn(event("postback", postback="v0:gone")).replies
    assert (reply.status, reply.gist) == ("clarify", wording.OLD_BUTTON.gist)


# -- hand-over ---------------------------------------------------------------------------------------------------------


def test_a_person_is_asked_for_consent_before_anything_is_kept(talk: Talk) -> None:
    turn = talk.say("ขอคุยกับเจ้าหน้าที่")
    (asks,) = turn.replies
    assert labels(asks) == ("command", ("awards",), "contact")
    assert "เก็บ" in asks.gist
    assert [button.text for button in asks.buttons] == ["ยินยอม", "ไม่ยินยอม"]
    assert (turn.effects, turn.conversation.handover) == ((), "offered")


@pytest.mark.parametrize("yes", ["ยินยอม", "ยินยอมค่ะ", "ตกลงครับ", "ได้ค่ะ", "OK", "ใช่"])
def test_consent_opens_the_handover_with_the_question_that_was_open(talk: Talk, yes: str) -> None:
    turn = talk.say("ปิดรับสมัครวันไหน", "ขอคุยกับเจ้าหน้าที่", yes)
    assert turn.effects == (OpenHandover("ปิดรับสมัครวันไหน"),)
    assert turn.conversation.handover == "open"
    assert "เจ้าหน้าที่จะตอบ" in words(turn)
    assert "คุยกับบอทต่อ" in words(turn)


@pytest.mark.parametrize("no", ["ไม่ยินยอม", "ไม่ครับ", "ไม่เอา", "ยกเลิก"])
def test_a_refusal_keeps_nothing(talk: Talk, no: str) -> None:
    turn = talk.say("ขอคุยกับเจ้าหน้าที่", no)
    assert (turn.effects, turn.conversation.handover) == ((), "")
    assert len(turn.replies) == 1


def test_a_question_instead_of_consent_is_answered_and_nothing_is_kept(talk: Talk) -> None:
    turn = talk.say("ขอคุยกับเจ้าหน้าที่", ASKED)
    (reply,) = turn.replies
    assert labels(reply) == ("answered", ("service.innovation",), "conditions")
    assert (turn.effects, turn.conversation.handover) == ((), "")
    # "Yes" later on agrees to nothing any more.
    assert not any(isinstance(effect, OpenHandover) for effect in talk.say("ยินยอม").effects)


@pytest.mark.parametrize("text", ["ส่งเอกสารที่ไหน", "สวัสดีค่ะ", "ขอคุยกับเจ้าหน้าที่", "2"])
def test_an_open_handover_keeps_the_assistant_quiet_and_the_words_for_the_officer(talk: Talk, text: str) -> None:
    talk.say("ขอคุยกับเจ้าหน้าที่", "ยินยอม")
    turn = talk.say(text)
    assert (turn.replies, turn.effects) == ((), (KeepHandoverMessage(text),))
    assert turn.conversation.handover == "open"


@pytest.mark.parametrize("kind", ["image", "sticker", "file"])
def test_an_open_handover_gives_no_hints_about_pictures(talk: Talk, kind: str) -> None:
    talk.say("ขอคุยกับเจ้าหน้าที่", "ยินยอม")
    assert talk.turn(event(kind)).replies == ()


def test_the_person_calls_the_assistant_back(talk: Talk) -> None:
    turn = talk.say("ขอคุยกับเจ้าหน้าที่", "ยินยอม", "คุยกับบอทต่อ")
    assert (turn.effects, turn.conversation.handover) == ((CloseHandover(),), "")
    assert len(turn.replies) == 1
    assert talk.answer(ASKED).status == "answered"


def test_erasing_works_while_a_handover_is_offered(talk: Talk) -> None:
    turn = talk.say("ขอคุยกับเจ้าหน้าที่", "ลบข้อมูลของฉัน")
    assert (turn.effects, turn.conversation) == ((EraseChat(),), Conversation())


# -- misses ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "misses", [("ราคาทองวันนี้", "ฝนตกไหม"), ("ปิดรับสมัครวันไหน", "ขอเบอร์โทร"), ("ราคาทองวันนี้", "ขอเบอร์โทร")]
)
def test_two_misses_in_a_row_offer_a_person(talk: Talk, misses: tuple[str, str]) -> None:
    first, second = talk.say(misses[0]), talk.say(misses[1])
    assert wording.OFFER_A_PERSON not in words(first)
    assert wording.OFFER_A_PERSON in words(second)
    assert wording.ASK_A_PERSON in second.replies[0].buttons


def test_an_answer_in_between_starts_the_count_anew(talk: Talk) -> None:
    turn = talk.say("ราคาทองวันนี้", ASKED, "ฝนตกไหม")
    assert wording.OFFER_A_PERSON not in words(turn)


@pytest.mark.parametrize(
    ("question", "reason"), [("ราคาทองวันนี้", "out_of_scope"), ("ปิดรับสมัครวันไหน", "unknown"), ("😀😀", "unclear")]
)
def test_what_could_not_be_answered_is_recorded_once_without_who_asked(talk: Talk, question: str, reason: str) -> None:
    (effect,) = talk.say(question).effects
    assert isinstance(effect, RecordUnanswered)
    assert (effect.question, effect.reason) == (question, reason)


def test_what_was_answered_leaves_no_record(talk: Talk) -> None:
    assert talk.say(ASKED).effects == ()


def test_an_unanswered_question_is_recorded_with_the_round_asked_about(talk: Talk) -> None:
    (effect,) = talk.say("ปิดรับสมัครปี 2570 วันไหน").effects
    assert isinstance(effect, RecordUnanswered)
    assert effect.year == 2570


def test_out_of_scope_says_what_can_be_asked(talk: Talk) -> None:
    turn = talk.say("ราคาทองวันนี้")
    (reply,) = turn.replies
    assert labels(reply) == ("out_of_scope", (), "out_of_scope")
    assert all(ability in words(turn) for ability in wording.ABILITIES)
    assert reply.buttons


# -- commands ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "gist"),
    [
        ("สวัสดีค่ะ", wording.HELLO.gist),
        ("ขอบคุณค่ะ", wording.THANKS.gist),
        ("เมนู", wording.menu(2568).gist),
        ("คุณเป็นใคร", wording.IDENTITY.gist),
        ("เก็บข้อมูลอะไรบ้าง", wording.privacy("").gist),
        ("ข้อมูลของฉัน", wording.privacy("").gist),
    ],
)
def test_a_command_is_obeyed_without_a_record(talk: Talk, said: str, gist: str) -> None:
    turn = talk.say(said)
    (reply,) = turn.replies
    assert (reply.status, reply.gist, turn.effects) == ("command", gist, ())


def test_my_data_are_erased_on_demand_with_the_conversation(talk: Talk) -> None:
    turn = talk.say(ASKED, "ลบข้อมูลของฉัน")
    assert (turn.effects, turn.conversation) == ((EraseChat(),), Conversation())
    assert turn.replies == (wording.ERASED,) or turn.replies[0].gist == wording.ERASED.gist


def test_who_asks_for_their_data_is_told_the_code_and_loses_nothing(services: Services) -> None:
    class Coded(NothingStored):
        def code(self, chat: str) -> str:
            return f"of-{chat[:2]}"

    turn = dispatch(event(text="ข้อมูลของฉัน"), Conversation(), services, stored=Coded())
    assert turn.effects == ()
    assert "of-Ua" in words(turn)


@pytest.mark.parametrize("said", ["ลบข้อมูลของฉัน", "ช่วยลืมที่คุยกัน", "อย่าเก็บข้อมูลฉัน", "ถอนความยินยอม", "Delete my data"])
def test_what_says_that_data_are_to_go_is_known(said: str) -> None:
    assert erases(said)


@pytest.mark.parametrize("said", ["ข้อมูลของฉัน", "ขอดูข้อมูลของฉัน", "รหัสข้อมูลของฉัน", "my data", "ต้องเก็บสถิติกี่ปี"])
def test_what_asks_about_data_does_not_erase_them(said: str) -> None:
    assert not erases(said)


def test_a_complaint_records_the_question_that_it_is_about(talk: Talk) -> None:
    turn = talk.say(ASKED, "ตอบไม่ตรงเลย")
    (effect,) = turn.effects
    assert isinstance(effect, RecordUnanswered)
    assert effect.question == ASKED
    assert wording.ASK_A_PERSON in turn.replies[0].buttons


# -- the assistant's own question --------------------------------------------------------------------------------------


def test_an_ambiguous_question_is_asked_back_with_a_button_each(talk: Talk) -> None:
    answer = talk.answer(AMBIGUOUS)
    assert (answer.status, set(answer.subjects)) == ("clarify", {"service.expansion", "participation.expanded"})
    assert [(b.label, b.text) for b in answer.buttons] == [tuple(o.split("\t")) for o in talk.conversation.options]


@pytest.mark.parametrize("choice", ["1", "ข้อ 1", "๑", "อันแรก", "เลือกข้อ 1 ค่ะ"])
def test_an_option_is_chosen_by_its_number(talk: Talk, choice: str) -> None:
    first = talk.answer(AMBIGUOUS).buttons[0]
    chosen = talk.answer(choice)
    by_button = Talk(talk.services)
    assert chosen.gist == by_button.answer(AMBIGUOUS, first.text).gist
    assert chosen.status == "answered"


def button_of(talk: Talk, question: str, subject: str) -> Button:
    name = talk.services.knowledge.newest.subjects[subject].label
    return next(button for button in talk.answer(question).buttons if button.label == name)


@pytest.mark.parametrize(
    ("subject", "half"), [("service.expansion", "ขยายผลมาตรฐาน"), ("participation.expanded", "เลื่องลือ")]
)
def test_an_option_is_chosen_by_its_label_its_question_or_half_of_it(talk: Talk, subject: str, half: str) -> None:
    button = button_of(talk, AMBIGUOUS, subject)
    for choice in (button.label, button.text, half):
        talk.conversation = Conversation()
        assert labels(talk.answer(AMBIGUOUS, choice)) == ("answered", (subject,), "conditions"), choice


@pytest.mark.parametrize("choice", ["อันหลัง", "อันสุดท้าย", "2", "ข้อสอง"])
def test_the_last_option_is_chosen_by_its_place(talk: Talk, choice: str) -> None:
    options = talk.answer(AMBIGUOUS).subjects
    assert talk.answer(choice).subjects == (options[1],)


def test_the_contents_own_question_back_is_answered_by_its_label(talk: Talk) -> None:
    assert talk.answer("มีกี่หมวด").status == "clarify"
    answer = talk.answer("หมวดของ PMQA")
    assert labels(answer) == ("answered", ("pmqa.category",), "definition")
    assert "การนำองค์การ" in plain([answer])


def test_another_question_instead_of_a_choice_is_answered(talk: Talk) -> None:
    answer = talk.answer(AMBIGUOUS, "PMQA คืออะไร")
    assert labels(answer) == ("answered", ("pmqa",), "definition")
    assert talk.conversation.options == ()


@pytest.mark.parametrize("question", ["รางวัลเลิศรัฐมีกี่ประเภท อะไรบ้าง", "PMQA มีกี่ประเภท มีอะไรบ้างคะ"])
def test_how_many_and_which_is_one_question(talk: Talk, question: str) -> None:
    assert talk.answer(question).attribute == "definition"


def test_how_many_and_which_stands_beside_another_question(talk: Talk) -> None:
    turn = talk.say("PMQA มีกี่ประเภท อะไรบ้าง? ปิดรับสมัครวันไหนคะ")
    assert [reply.attribute for reply in turn.replies] == ["definition", "deadline"]


def test_a_number_after_an_answer_chooses_nothing(talk: Talk) -> None:
    talk.say(AMBIGUOUS, "1")
    assert talk.answer("2").status != "answered"


def test_a_number_beyond_the_options_asks_the_same_again(talk: Talk) -> None:
    asked, again = talk.answer(AMBIGUOUS), talk.answer("ข้อ 9")
    assert (labels(again), again.buttons) == (labels(asked), asked.buttons)
    assert talk.answer("1").status == "answered"


# -- questions ---------------------------------------------------------------------------------------------------------


def test_several_questions_in_one_message_are_all_answered(talk: Talk) -> None:
    turn = talk.say(f"{ASKED}คะ ปิดรับสมัครวันไหน")
    assert [labels(reply) for reply in turn.replies] == [
        ("answered", ("service.innovation",), "conditions"),
        ("unknown", ("awards",), "deadline"),
    ]
    assert len([e for e in turn.effects if isinstance(e, RecordUnanswered)]) == 1


def test_a_later_question_of_the_message_leans_on_the_first(talk: Talk) -> None:
    turn = talk.say("PMQA คืออะไร? มีเงื่อนไขอะไรบ้าง?")
    assert [reply.subjects[0].split(".")[0] for reply in turn.replies] == ["pmqa", "pmqa"]


def test_a_long_description_is_one_question(talk: Talk) -> None:
    turn = talk.say("หน่วยงานทำระบบเชื่อมข้อมูล 4 หน่วยงาน ใช้มา 2 ปี ควรส่งประเภทไหน")
    assert len(turn.replies) == 1


def test_each_line_of_a_message_is_answered(talk: Talk) -> None:
    turn = talk.say(f"{ASKED}\nขอตัวอย่างด้วย\nปิดรับสมัครวันไหน")
    assert "ยังไม่มีข้อมูล" in words(turn)


def test_a_name_after_a_question_about_all_awards_narrows_it(talk: Talk) -> None:
    assert labels(talk.answer("อยากเห็นเคสจริงๆ", "บูรณาการ")) == ("answered", ("service.integration",), "examples")
    assert talk.answer("ตอบโจทย์ตรงใจ").attribute == "definition", "after one subject a bare name starts anew"


def test_what_holds_for_all_awards_is_no_work_to_be_placed(talk: Talk) -> None:
    assert labels(talk.answer("รอบ 70 ใช้เกณฑ์เดิมมั้ย")) == ("unknown", ("awards",), "conditions")


def test_a_follow_up_goes_on_with_the_subject(talk: Talk) -> None:
    assert talk.answer(ASKED, "แล้วบูรณาการข้อมูลล่ะ").subjects == ("service.integration",)
    assert labels(talk.answer("ไม่ใช่ หมายถึงขยายผลบริการ")) == ("answered", ("service.expansion",), "conditions")


def test_another_round_is_named_and_lasts_for_the_follow_up(talk: Talk) -> None:
    for question in (f"{ASKED} ปี 2570", "แล้วบูรณาการข้อมูลล่ะ"):
        turn = talk.say(question)
        (reply,) = turn.replies
        assert (reply.year, reply.rules_year) == (2570, 2568)
        assert "2570" in words(turn)
        assert "2568" in words(turn)


def test_the_round_that_the_caller_asks_for_is_named_too(talk: Talk) -> None:
    (reply,) = talk.turn(event(text=ASKED), year=2570).replies
    assert (reply.year, reply.rules_year) == (2570, 2568)
    assert any("2570" in note for note in reply.notes)


def test_the_known_round_needs_no_caution(talk: Talk) -> None:
    assert talk.answer(f"{ASKED} ปี 2568").notes == talk.answer(ASKED).notes


@pytest.mark.parametrize(
    "text", ["<script>alert(1)</script>", "' OR 1=1 --", "ก" * 5000, "{{7*7}}", "\x00\x07", "٣٤٥", "🏳️‍🌈" * 50]
)
def test_nonsense_gets_one_polite_reply(talk: Talk, text: str) -> None:
    turn = talk.say(text)
    assert len(turn.replies) == 1
    assert turn.replies[0].status in ("out_of_scope", "clarify")


# -- what was offered, and small talk between --------------------------------------------------------------------------


def test_the_other_of_two_that_were_offered_can_be_asked_for_after_one_was_chosen(talk: Talk) -> None:
    first = talk.answer("ขยายผลคืออะไร", "อันที่สอง")
    other = talk.answer("ไม่ใช่ๆ อีกอัน")
    assert {*first.subjects, *other.subjects} == {"service.expansion", "participation.expanded"}
    assert other.attribute == "definition"


@pytest.mark.parametrize("said", ["มาตฐานบริการ", "มาตรฐานบริการ", "บริการ"])
def test_half_of_a_button_misspelt_chooses_it(talk: Talk, said: str) -> None:
    assert labels(talk.answer("ขอตัวอย่างขยายผล", said)) == ("answered", ("service.expansion",), "examples")


@pytest.mark.parametrize("said", ["ปิดรับวันไหนก่อน", "ขยายผลอะไรนะ"])
def test_what_is_like_no_button_or_like_several_chooses_none(talk: Talk, said: str) -> None:
    assert talk.say("ขอตัวอย่างขยายผล", said).handler != "choose_option"


def test_the_examples_of_the_first_and_then_of_the_last_are_shown(talk: Talk) -> None:
    talk.say("ตอบโจทย์ตรงใจ กับ ขับเคลื่อนเห็นผล ต่างกันยังไง")
    assert labels(talk.answer("ตัวอย่างอันแรก")) == ("answered", ("service.responsive",), "examples")
    assert labels(talk.answer("อันหลังด้วย")) == ("answered", ("service.agenda",), "examples")


def test_small_talk_between_leaves_what_was_talked_about(talk: Talk) -> None:
    heard = talk.answer(ASKED, "อ๋อ เข้าใจละ")
    assert (heard.status, heard.attribute) == ("command", "smalltalk")
    assert labels(talk.answer("ขอตัวอย่างหน่อย")) == ("answered", ("service.innovation",), "examples")
