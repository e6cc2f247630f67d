"""The quiet "ไม่ตรงคำถาม" under every answer: what it carries, and what comes of tapping or typing it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any, cast

import pytest

from bot import wording
from bot.dispatch import Services
from bot.events import parse
from bot.flex import plain, render
from bot.limits import POSTBACK_DATA_UTF16, utf16_length
from bot.rating import NOT_WHAT_I_ASKED, Rated, message_of, offered, rated
from bot.simulator.validation import check_messages
from bot.turn import Answer, Conversation, Event, RecordUnanswered, Turn
from tests.bot.talk import Talk, event

ASKED = "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง"


@pytest.fixture
def talk(services: Services) -> Talk:
    """A chat that has not begun."""
    return Talk(services)


def tap(data: str, **more: Any) -> Event:
    """A tap as LINE tells of it."""
    (found,) = parse(
        {
            "events": [
                {
                    "type": "postback",
                    "webhookEventId": "tap",
                    "source": {"type": "user", "userId": "U" + "a" * 32},
                    "timestamp": 0,
                    "postback": {"data": data},
                }
            ]
        }
    )
    return replace(found, **more)


def test_every_answer_can_be_rated_and_nothing_else(talk: Talk) -> None:
    assert talk.answer(ASKED).rating
    assert talk.answer("ปิดรับสมัครวันไหน").rating
    assert not talk.answer("สวัสดีค่ะ").rating
    assert not talk.answer("ราคาทองวันนี้").rating
    assert not talk.answer("ขยายผลมีเงื่อนไขอะไรบ้าง").rating


def test_the_quiet_button_stands_once_at_the_end_of_the_card(talk: Talk) -> None:
    answer = talk.answer(ASKED)
    (message,) = render([answer])
    assert check_messages([message]) is None
    contents = cast("dict[str, Any]", message["contents"])
    last = contents["contents"][-1] if contents["type"] == "carousel" else contents
    action = last["body"]["contents"][-1]["action"]
    assert action == {
        "type": "postback",
        "label": NOT_WHAT_I_ASKED,
        "data": answer.rating,
        "displayText": NOT_WHAT_I_ASKED,
    }
    assert str(message).count(f"'label': '{NOT_WHAT_I_ASKED}'") == 1
    assert plain([answer]).endswith(f"[{NOT_WHAT_I_ASKED}]")


def test_a_tap_keeps_the_question_with_how_it_was_read_and_thanks(talk: Talk) -> None:
    data = talk.turn(event(text=ASKED, message_id="4711")).replies[0].rating
    found = tap(data)
    assert (found.message_id, found.text) == ("4711", "")
    turn = talk.turn(found)
    assert turn.replies == (wording.RATED,)
    assert turn.effects == (RecordUnanswered(ASKED, "unhelpful", ("service.innovation",), "conditions", 2568),)


def test_a_tap_on_an_old_card_is_about_its_own_question(talk: Talk) -> None:
    old = talk.answer(ASKED).rating
    talk.say("ขอตัวอย่างบูรณาการข้อมูล")
    (effect,) = talk.turn(tap(old)).effects
    assert isinstance(effect, RecordUnanswered)
    assert effect.question == ASKED


def test_tapping_again_counts_once(talk: Talk) -> None:
    data = talk.answer(ASKED).rating
    talk.turn(tap(data))
    again = talk.turn(tap(data))
    assert (again.replies, again.effects) == ((wording.RATED_BEFORE,), ())


@pytest.mark.parametrize("typed", ["ไม่ตรงคำถาม", "ไม่ตรงคำถามค่ะ", " ไม่ตรงคำถาม ครับ "])
def test_it_can_be_typed_too(talk: Talk, typed: str) -> None:
    turn = talk.say(ASKED, typed)
    (effect,) = turn.effects
    assert isinstance(effect, RecordUnanswered)
    assert (effect.question, effect.reason, effect.attribute) == (ASKED, "unhelpful", "conditions")
    assert turn.replies == (wording.RATED,)
    assert talk.say(typed).effects == ()


def test_typed_with_nothing_asked_before_the_question_is_asked_for(talk: Talk) -> None:
    turn = talk.say("ไม่ตรงคำถาม")
    assert (turn.replies, turn.effects) == ((wording.RATED_NOTHING,), ())


def test_a_question_with_these_words_in_it_is_a_question(talk: Talk) -> None:
    answer = talk.answer("ถ้าเขียนใบสมัครไม่ตรงคำถามในแบบฟอร์มนวัตกรรมบริการจะเป็นอะไรไหม")
    assert answer not in (wording.RATED, wording.RATED_NOTHING)


def test_while_an_officer_has_the_chat_a_tap_counts_but_nothing_is_said(talk: Talk) -> None:
    data = talk.answer(ASKED).rating
    talk.conversation = replace(talk.conversation, handover="open")
    turn = talk.turn(tap(data))
    assert (turn.replies, len(turn.effects)) == ((), 1)
    assert talk.turn(tap(data, active=False)).replies == ()


@pytest.mark.parametrize(
    "data",
    ["rate:no:", "rate:no:::::", "rate:no:2568:x:y", "rate:yes:2568:service:conditions:1:a", "", "rate:no:" * 30],
)
def test_data_of_another_program_is_never_a_question(data: str) -> None:
    assert rated(data) is None
    assert message_of(data) == ""


def test_what_subjects_are_not_ours_is_left_out(talk: Talk) -> None:
    turn = talk.turn(tap("rate:no:2568:<script>|service:conditions:1:<script>alert(1)</script>"))
    assert turn.effects == (
        RecordUnanswered("<script>alert(1)</script>", "unhelpful", ("service",), "conditions", 2568),
    )


def test_a_long_question_is_cut_to_what_line_takes() -> None:
    long = event(text="เงื่อนไข 😀 ของ: " * 60, message_id="1" * 19)
    answer = Answer("answered", "x", ("service", "pmqa", "best", "honor"), "conditions", year=2568)
    (shown,) = offered(Turn(Conversation(), (answer,)), long, "question").replies
    assert utf16_length(shown.rating) <= POSTBACK_DATA_UTF16
    found = rated(shown.rating)
    assert found is not None
    assert found.question.startswith("เงื่อนไข 😀 ของ: เงื่อนไข")
    assert found == Rated(found.question, ("service", "pmqa", "best"), "conditions", 2568)


def test_of_a_chosen_option_the_question_behind_it_is_kept(talk: Talk) -> None:
    button = talk.answer("ขยายผลมีเงื่อนไขอะไรบ้าง").buttons[0]
    found = rated(talk.answer("1").rating)
    assert found is not None
    assert found.question == button.text
