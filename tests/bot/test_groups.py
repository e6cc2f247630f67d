"""Buttons in a group say their text without a mention, and LINE takes them."""

from __future__ import annotations

from bot.flex import render
from bot.groups import for_group, said
from bot.simulator.validation import check_messages
from bot.turn import Answer, Button

ANSWER = Answer("answered", "คำตอบ", buttons=(Button("เงื่อนไข", "เงื่อนไขนวัตกรรมบริการ"), Button("ยาว", "ก" * 300)))


def test_a_button_becomes_a_postback_that_says_its_text() -> None:
    messages = for_group(render([ANSWER]))

    assert check_messages(messages) is None
    first, second = [item["action"] for item in messages[-1]["quickReply"]["items"]]
    assert first == {
        "type": "postback",
        "label": "เงื่อนไข",
        "data": "say:เงื่อนไขนวัตกรรมบริการ",
        "displayText": "เงื่อนไขนวัตกรรมบริการ",
    }
    assert said(first["data"]) == "เงื่อนไขนวัตกรรมบริการ"
    # Too long for a postback: as good as it gets is a button that writes.
    assert second["type"] == "message"


def test_what_is_no_button_stays_as_it_is() -> None:
    assert for_group({"type": "text", "text": "message", "label": 7}) == {"type": "text", "text": "message", "label": 7}
    assert said("quiz=3") == ""
    assert said("") == ""
