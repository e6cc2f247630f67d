"""A chat's reminders in conversation: consent, setting, changing, listing and ending, by words and by taps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import reminder_wording as wording
from bot.dispatch import Services
from bot.flex import plain
from bot.reminder_texts import STOP_ALL, stop_data
from bot.turn import CancelReminderWishes, Conversation, RecordReminderWish, Turn, Wish
from bot.wording import OLD_BUTTON
from tests.bot.remembering import Remembering
from tests.bot.talk import CHAT, event, labels

DEFAULT = ("30d", "7d", "1d", "0d")
SET = "ตั้งเตือนเลื่องลือขยายผล"


@pytest.fixture
def talk(services: Services) -> Remembering:
    return Remembering(services)


@pytest.fixture
def agreed(talk: Remembering) -> Remembering:
    """Somebody who agreed before and has nothing set."""
    talk.say(SET, "ยินยอม", "ยกเลิกเตือนทั้งหมด")
    assert talk.wishes == {}
    return talk


def words(turn: Turn) -> str:
    return plain(turn.replies)


# -- consent -----------------------------------------------------------------------------------------------------------


def test_nothing_is_kept_before_consent_and_the_question_says_what_will_be(talk: Remembering) -> None:
    turn = talk.say("เตือนก่อนปิดรับ 7 วัน")
    assert turn.effects == ()
    assert labels(turn.replies[0]) == ("command", ("awards",), "reminder")
    assert all(told in words(turn) for told in ("ยินยอมไหมคะ", "รางวัลเลิศรัฐทุกประเภท", "7 วัน", wording.KEPT))
    assert turn.conversation.wish == Wish(("awards",), ("7d",))


@pytest.mark.parametrize("yes", ["ยินยอม", "ได้ค่ะ", "โอเค", "ตกลงครับ", "1"])
def test_a_plain_yes_keeps_the_wish_with_the_consent(talk: Remembering, yes: str) -> None:
    turn = talk.say(SET, yes)
    assert turn.effects == (RecordReminderWish(("participation.expanded",), (), wording.CONSENT_VERSION),)
    assert turn.conversation.wish is None
    assert all(
        told in words(turn) for told in ("ตั้งเตือนแล้วค่ะ: เลื่องลือขยายผล", "30 วัน, 7 วัน, 1 วัน และในวันนั้น", "เลิกได้ทุกเมื่อ")
    )
    assert talk.wishes == {"participation.expanded": DEFAULT}


@pytest.mark.parametrize("no", ["ไม่ยินยอม", "ไม่เอา", "ไม่ค่ะ"])
def test_without_consent_nothing_is_kept(talk: Remembering, no: str) -> None:
    turn = talk.say(SET, no)
    assert (turn.effects, turn.conversation.wish) == ((), None)
    assert "ไม่ได้เก็บข้อมูล" in words(turn)


def test_who_goes_on_about_something_else_has_not_agreed(talk: Remembering) -> None:
    turn = talk.say(SET, "เงื่อนไขนวัตกรรมบริการ", "ได้")
    assert turn.effects == ()
    assert talk.wishes == {}


def test_consent_is_asked_for_once(agreed: Remembering) -> None:
    turn = agreed.say("ตั้งเตือนนวัตกรรมบริการ")
    assert turn.effects == (RecordReminderWish(("service.innovation",)),)
    assert "ยินยอม" not in words(turn)


def test_the_buttons_of_the_question_carry_the_wish_however_late_they_are_tapped(talk: Remembering) -> None:
    yes, no = talk.answer("เตือนเลื่องลือขยายผลก่อน 10 วัน").buttons
    talk.conversation = Conversation()
    assert talk.tap(no.data).effects == ()
    turn = talk.tap(yes.data)
    assert turn.effects == (RecordReminderWish(("participation.expanded",), ("10d",), wording.CONSENT_VERSION),)
    assert "10 วัน" in words(turn)


@pytest.mark.parametrize("data", ["remind:yes:unknown.subject:", "remind:yes:awards:999d", "remind:", "remind:yes"])
def test_a_button_that_nobody_made_sets_nothing(talk: Remembering, data: str) -> None:
    turn = talk.tap(data)
    assert (turn.effects, turn.replies) == ((), (OLD_BUTTON,))


def test_in_a_group_it_is_the_group_that_is_kept(services: Services) -> None:
    talk = Remembering(services)
    group = {"chat": "C" + "1" * 32, "source": "group"}
    asked = talk.turn(event(text=SET, **group))
    assert "กลุ่มนี้" in words(asked)
    # A typed yes that mentions nobody is not for the assistant; the button is.
    assert talk.turn(event(text="ยินยอม", addressed=False, **group)).replies == ()
    yes = asked.replies[0].buttons[0]
    done = talk.turn(event("postback", postback=yes.data, **group))
    assert isinstance(done.effects[0], RecordReminderWish)


@pytest.mark.parametrize(
    "said",
    [
        "ระบบแจ้งเตือนผู้ป่วย ส่งได้ไหม",
        "ระบบเตือนภัยน้ำท่วม ส่งสาขาไหนดี",
        "แอปเตือนกินยา ใช้มา 2 ปี",
        "โครงการแจ้งเตือนภัยพิบัติล่วงหน้า 3 วัน",
        "นวัตกรรมเตือนไฟป่า",
        "แจ้งเตือนผู้ป่วย",
    ],
)
def test_a_work_that_reminds_others_is_asked_about_and_no_consent_is_asked_for(talk: Remembering, said: str) -> None:
    turn = talk.say(said)
    assert turn.conversation.wish is None
    assert turn.replies[0].attribute == "recommend"


# -- setting and changing ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "wishes"),
    [
        ("เตือนฉันเมื่อประกาศวันรับสมัคร", {"awards": DEFAULT}),
        ("เตือนก่อนปิดรับ 7 วัน", {"awards": ("7d",)}),
        ("เตือนล่วงหน้าสองสัปดาห์", {"awards": ("14d",)}),
        ("เตือนล่วงหน้า 7 วัน กับ 2 สัปดาห์", {"awards": ("14d", "7d")}),
        ("ตั้งเตือนเลื่องลือขยายผล 1 เดือน", {"participation.expanded": ("1m",)}),
        ("ตั้งเตือนทุกประเภท", {"awards": DEFAULT}),
        ("ช่วยเตื่อนก่อนปิดลับ 3 วันนะคะ", {"awards": ("3d",)}),
        ("ตั้งเตือนสาขาบริการภาครัฐหน่อยครับ", {"service": DEFAULT}),
        ("อย่าลืมเตือน PMQA ก่อนสิบวันด้วยนะ", {"pmqa": ("10d",)}),
    ],
)
def test_a_wish_is_understood_as_it_is_typed(
    agreed: Remembering, said: str, wishes: dict[str, tuple[str, ...]]
) -> None:
    agreed.say(said)
    assert agreed.wishes == wishes


def test_other_lead_times_replace_those_of_all_that_is_set(agreed: Remembering) -> None:
    turn = agreed.say(SET, "ตั้งเตือนนวัตกรรมบริการ", "เตือนก่อน 3 วันพอ")
    assert agreed.wishes == {"participation.expanded": ("3d",), "service.innovation": ("3d",)}
    assert "เปลี่ยนการเตือนแล้วค่ะ: เลื่องลือขยายผล · นวัตกรรมบริการ" in words(turn)


def test_more_lead_times_come_beside_them(agreed: Remembering) -> None:
    agreed.say("ตั้งเตือนนวัตกรรมบริการ 7 วัน", "เพิ่มเตือนก่อน 3 วัน")
    assert agreed.wishes == {"service.innovation": ("7d", "3d")}


def test_a_named_subject_changes_alone(agreed: Remembering) -> None:
    agreed.say(SET, "ตั้งเตือนนวัตกรรมบริการ", "เตือนนวัตกรรมบริการก่อน 5 วัน")
    assert agreed.wishes == {"participation.expanded": DEFAULT, "service.innovation": ("5d",)}


def test_the_same_wish_again_changes_nothing_and_says_so(agreed: Remembering) -> None:
    turn = agreed.say("ตั้งเตือนนวัตกรรมบริการ 5 วัน", "ตั้งเตือนนวัตกรรมบริการ")
    assert turn.effects == ()
    assert "อยู่แล้ว" in words(turn)
    assert "5 วัน" in words(turn)


def test_too_long_a_lead_time_is_explained(agreed: Remembering) -> None:
    turn = agreed.say("เตือนก่อน 500 วัน")
    assert (turn.effects, turn.replies[0].gist) == ((), wording.TOO_LONG.gist)


@pytest.mark.parametrize("choice", ["2", "อันหลัง", "เลื่องลือขยายผล", "ตั้งเตือนเลื่องลือขยายผล"])
def test_a_name_that_two_share_is_asked_back_and_chosen(agreed: Remembering, choice: str) -> None:
    asked = agreed.answer("ตั้งเตือนขยายผล 5 วัน")
    assert labels(asked) == ("clarify", ("service.expansion", "participation.expanded"), "reminder")
    agreed.say(choice)
    assert agreed.wishes in ({"participation.expanded": ("5d",)}, {"participation.expanded": DEFAULT})


def test_with_no_date_announced_it_says_so(agreed: Remembering) -> None:
    assert wording.NO_DATES in words(agreed.say(SET))


# -- listing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("said", ["เตือนเรื่องอะไรไว้บ้าง", "ดูการแจ้งเตือน", "การเตือนของฉันมีอะไรบ้าง"])
def test_what_is_set_is_listed_with_a_way_to_end_each(agreed: Remembering, said: str) -> None:
    turn = agreed.say(SET, "ตั้งเตือนนวัตกรรมบริการ 3 วัน", said)
    assert all(told in words(turn) for told in ("ตั้งเตือนไว้ 2 เรื่อง", "เลื่องลือขยายผล: 30 วัน", "นวัตกรรมบริการ: 3 วัน"))
    texts = [button.text for button in turn.replies[0].buttons]
    assert texts[:3] == ["ยกเลิกเตือนเลื่องลือขยายผล", "ยกเลิกเตือนนวัตกรรมบริการ", "ยกเลิกเตือนทั้งหมด"]
    agreed.say(texts[0])
    assert list(agreed.wishes) == ["service.innovation"]


def test_an_empty_list_says_how_to_set_one(talk: Remembering) -> None:
    assert talk.answer("เตือนเรื่องอะไรไว้บ้าง").gist == wording.NOTHING_SET.gist


# -- ending ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "said", ["ยกเลิกเตือนทั้งหมด", "ไม่ต้องเตือนแล้ว", "เลิกเตือนซักที", "ปิดแจ้งเตือน", "unsubscribe", "ยกเลิกการเตือน"]
)
def test_all_is_ended(agreed: Remembering, said: str) -> None:
    turn = agreed.say(SET, "ตั้งเตือนนวัตกรรมบริการ", said)
    assert turn.effects == (CancelReminderWishes(None),)
    assert agreed.wishes == {}


def test_one_is_ended_and_the_others_stay(agreed: Remembering) -> None:
    turn = agreed.say("ตั้งเตือนบูรณาการข้อมูล", SET, "เลิกเตือนบูรณาการ")
    assert turn.effects == (CancelReminderWishes(("service.integration",)),)
    assert "ยังเตือนเรื่อง" in words(turn)
    assert list(agreed.wishes) == ["participation.expanded"]


def test_a_branch_ends_its_categories(agreed: Remembering) -> None:
    agreed.say("ตั้งเตือนนวัตกรรมบริการ", SET, "ยกเลิกเตือนสาขาบริการภาครัฐ")
    assert list(agreed.wishes) == ["participation.expanded"]


def test_a_shared_name_ends_the_one_that_is_set(agreed: Remembering) -> None:
    agreed.say(SET, "ตั้งเตือน PMQA", "เลิกเตือนขยายผล")
    assert list(agreed.wishes) == ["pmqa"]


def test_the_whole_scheme_beside_others_ends_alone(agreed: Remembering) -> None:
    agreed.say("ตั้งเตือนทุกประเภท", SET, "ยกเลิกเตือนรางวัลเลิศรัฐ")
    assert list(agreed.wishes) == ["participation.expanded"]


def test_one_that_is_covered_by_a_wider_wish_is_explained(agreed: Remembering) -> None:
    turn = agreed.say("ตั้งเตือนทุกประเภท", "เลิกเตือนบูรณาการ")
    assert turn.effects == ()
    assert "จึงยังเตือนเรื่องนี้ด้วย" in words(turn)


def test_nothing_to_end_is_said(talk: Remembering) -> None:
    assert talk.answer("ยกเลิกเตือนทั้งหมด").gist == wording.NOTHING_TO_CANCEL.gist


# -- the buttons of reminders --------------------------------------------------------------------------------------------


def test_one_tap_ends_what_the_milestone_belongs_to(agreed: Remembering) -> None:
    agreed.say(SET, "ตั้งเตือนทุกประเภท")
    turn = agreed.tap(stop_data(2568, "awards.ceremony"))
    assert agreed.wishes == {}
    assert turn.replies[0].attribute == "reminder"


def test_one_tap_leaves_what_it_does_not_concern(agreed: Remembering, services: Services) -> None:
    round_ = services.knowledge.newest
    entries = tuple(
        replace(entry, subjects=("pmqa",)) if entry.id == "awards.ceremony" else entry for entry in round_.entries
    )
    knowledge = replace(services.knowledge, rounds={2568: replace(round_, entries=entries)})
    talk = Remembering(replace(services, knowledge=knowledge), stored=agreed.stored)
    talk.say(SET, "ตั้งเตือน PMQA")
    assert talk.tap(stop_data(2568, "awards.ceremony")).effects == (CancelReminderWishes(("pmqa",)),)


def test_one_tap_ends_all(agreed: Remembering) -> None:
    agreed.say(SET)
    assert agreed.tap(STOP_ALL).effects == (CancelReminderWishes(None),)
    assert agreed.tap(STOP_ALL).replies[0].gist == wording.NOTHING_TO_CANCEL.gist


@pytest.mark.parametrize("data", ["stop:2568/gone", "stop:1/x", "stop:", "stop:abcd/x"])
def test_a_button_of_a_date_that_is_gone_shows_what_can_be_ended(agreed: Remembering, data: str) -> None:
    turn = agreed.say(SET) and agreed.tap(data)
    assert turn.effects == ()
    assert wording.STOP_ALL in turn.replies[0].buttons


def test_a_tap_to_stop_works_while_an_officer_has_the_chat_and_in_standby(agreed: Remembering) -> None:
    agreed.say(SET)
    agreed.conversation = replace(agreed.conversation, handover="open")
    turn = agreed.tap(STOP_ALL)
    assert (turn.effects, turn.conversation.handover) == ((CancelReminderWishes(None),), "open")
    agreed.conversation = Conversation()
    agreed.say(SET)
    assert agreed.turn(event("postback", postback=STOP_ALL, active=False)).effects == (CancelReminderWishes(None),)


def test_in_the_middle_of_a_quiz_reminders_are_an_aside(agreed: Remembering) -> None:
    turn = agreed.say("เริ่มทำแบบตรวจสอบ", "ช่วยเตือนก่อนปิดรับ 5 วันด้วย")
    assert agreed.wishes == {"awards": ("5d",)}
    assert turn.conversation.quiz is not None


def test_in_memory_an_erased_chat_is_forgotten(agreed: Remembering) -> None:
    agreed.say(SET, "ลบข้อมูลของฉัน")
    assert (agreed.wishes, agreed.stored.has_consented(CHAT)) == ({}, False)
