"""LINE's events as they come, and as they should never come."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.events import LONGEST_TEXT, MESSAGES, OTHERS, decode, encode, parse
from bot.turn import Event

USER = "U" + "1" * 32
GROUP = "C" + "2" * 32


def message(text: Any = "รางวัลเลิศรัฐมีกี่ประเภท", **changes: Any) -> dict[str, Any]:
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_751_000_000_000,
        "source": {"type": "user", "userId": USER},
        "webhookEventId": "01H0000000000000000000000A",
        "deliveryContext": {"isRedelivery": False},
        "replyToken": "token-1",
        "message": {"id": "m1", "type": "text", "quoteToken": "q", "text": text},
    }
    return event | changes


def parsed(*events: Any) -> list[Event]:
    return parse({"destination": USER, "events": list(events)})


def mentioned(text: str, index: Any, length: Any, **mentionee: Any) -> dict[str, Any]:
    mention = {"mentionees": [{"type": "user", "isSelf": True, "index": index, "length": length} | mentionee]}
    return message(
        source={"type": "group", "groupId": GROUP, "userId": USER},
        message={"id": "m1", "type": "text", "text": text, "mention": mention},
    )


def test_a_text_message_of_a_user() -> None:
    assert parsed(message()) == [
        Event(
            id="01H0000000000000000000000A",
            kind="text",
            chat=USER,
            source="user",
            timestamp=1_751_000_000_000,
            user=USER,
            reply_token="token-1",
            text="รางวัลเลิศรัฐมีกี่ประเภท",
            message_id="m1",
        )
    ]


def test_an_event_survives_being_stored() -> None:
    event = parsed(mentioned("😀@บอต ถามหน่อย", 2, 4))[0]

    assert decode(encode(event)) == event


def test_what_a_newer_version_stored_can_be_read() -> None:
    event = parsed(message())[0]

    assert decode(encode(event)[:-1] + ', "invented_later": 1}') == event


def test_a_group_is_the_chat_and_an_unmentioned_message_is_not_addressed() -> None:
    event = parsed(message(source={"type": "group", "groupId": GROUP, "userId": USER}))[0]

    assert (event.chat, event.user, event.addressed) == (GROUP, USER, False)


def test_a_room_without_a_user_id_is_a_chat() -> None:
    event = parsed(message(source={"type": "room", "roomId": "R1"}))[0]

    assert (event.chat, event.source, event.user) == ("R1", "room", None)


@pytest.mark.parametrize(
    ("text", "index", "length", "rest"),
    [
        ("@เลิศรัฐ มีกี่ประเภท", 0, 8, "มีกี่ประเภท"),
        ("😀😀@บอต มีกี่ประเภท", 4, 4, "😀😀 มีกี่ประเภท"),
        ("ถาม @บอต", 4, 4, "ถาม"),
        ("@บอต", 0, 4, ""),
        ("สั้น", 2, 40, "สั้น"),
        ("สั้น", -1, 2, "สั้น"),
        ("สั้น", None, "2", "สั้น"),
    ],
)
def test_the_own_mention_is_cut_out_by_utf_16_units(text: str, index: Any, length: Any, rest: str) -> None:
    event = parsed(mentioned(text, index, length))[0]

    assert (event.text, event.addressed) == (rest, True)


def test_the_mention_of_somebody_else_stays_and_does_not_address() -> None:
    event = parsed(mentioned("@สมชาย ว่าไง", 0, 6, isSelf=False))[0]

    assert (event.text, event.addressed) == ("@สมชาย ว่าไง", False)


def test_a_mention_of_all_does_not_address() -> None:
    event = parsed(mentioned("@All ประชุม", 0, 4, type="all", isSelf=None))[0]

    assert not event.addressed


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ({"type": "unsend", "unsend": {"messageId": "m9"}}, {"kind": "unsend", "message_id": "m9"}),
        ({"type": "follow", "follow": {"isUnblocked": True}}, {"kind": "follow", "unblocked": True}),
        ({"type": "follow"}, {"kind": "follow", "unblocked": False}),
        ({"type": "unfollow"}, {"kind": "unfollow"}),
        ({"type": "join"}, {"kind": "join", "addressed": True}),
        ({"type": "leave"}, {"kind": "leave"}),
        ({"type": "memberJoined", "joined": {"members": []}}, {"kind": "memberJoined"}),
        ({"type": "memberLeft", "left": {"members": []}}, {"kind": "memberLeft"}),
        ({"type": "postback", "postback": {"data": "quiz=1"}}, {"kind": "postback", "postback": "quiz=1"}),
        (
            {"type": "messageEdited", "message": {"id": "m1", "type": "text", "text": "แก้แล้ว"}},
            {"kind": "messageEdited", "text": "แก้แล้ว", "message_id": "m1"},
        ),
        ({"message": {"id": "m1", "type": "sticker", "stickerId": "1"}}, {"kind": "sticker", "text": ""}),
        ({"mode": "standby"}, {"active": False}),
        ({"mode": "a mode of tomorrow"}, {"active": False}),
        ({"mode": None}, {"active": True}),
        ({"deliveryContext": {"isRedelivery": True}}, {"redelivery": True}),
        ({"timestamp": None}, {"timestamp": 0}),
        ({"replyToken": 7}, {"reply_token": None}),
        ({"message": {"id": 5, "type": "text", "text": ["x"]}}, {"text": "", "message_id": None}),
        ({"message": {"type": "text", "text": "a\ud83d\0b"}}, {"text": "a\ufffdb"}),
    ],
)
def test_each_kind_and_oddity_is_read(raw: dict[str, Any], expected: dict[str, Any]) -> None:
    event = parsed(message() | raw)[0]

    assert {name: getattr(event, name) for name in expected} == expected


@pytest.mark.parametrize(
    "raw",
    [
        message(type="videoPlayComplete"),
        message(type="an event of tomorrow"),
        message(type=None),
        message(message={"type": "hologram", "id": "m1"}),
        message(message=None),
        message(source=None),
        message(source={"type": "group", "userId": USER}),
        message(source={"type": "user", "userId": ["U"]}),
        {"type": "botSuspended", "mode": "active", "timestamp": 1, "webhookEventId": "e"},
        None,
        "text",
        [],
    ],
)
def test_what_is_not_for_us_is_left_out_and_the_rest_is_kept(raw: Any) -> None:
    assert [event.kind for event in parsed(raw, message())] == ["text"]


def test_an_event_without_an_id_gets_the_same_one_when_it_is_redelivered() -> None:
    first, again, other = (
        parsed(raw)[0]
        for raw in (
            message(webhookEventId=None),
            message(webhookEventId=None, deliveryContext={"isRedelivery": True}),
            message("อื่น", webhookEventId=None),
        )
    )

    assert first.id == again.id
    assert first.id != other.id


def test_a_text_longer_than_line_sends_is_cut() -> None:
    assert len(parsed(message("ก" * 1_000_000))[0].text) == LONGEST_TEXT


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(st.characters(), max_size=20),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=10), inner, max_size=3),
    max_leaves=10,
)


@st.composite
def odd_events(draw: st.DrawFn) -> Any:
    """A good event with some parts, at any depth, replaced by anything."""
    event = mentioned("@บอต ถาม", 0, 4)
    event["type"] = draw(st.sampled_from(["message", *sorted(OTHERS)]))
    event["message"]["type"] = draw(st.sampled_from(sorted(MESSAGES)))
    for key in draw(st.lists(st.sampled_from(sorted(event)), max_size=3)):
        event[key] = draw(JSON)
    for path in draw(st.lists(st.sampled_from(["message", "source", "mention", "mentionee"]), max_size=2)):
        table = event.get("message") if path != "source" else event.get("source")
        if path.startswith("mention") and isinstance(table, dict):
            table = table.get("mention")
        if isinstance(table, dict) and table:
            table[draw(st.sampled_from(sorted(table)))] = draw(JSON)
    return event


@settings(max_examples=300, deadline=None)
@given(st.lists(JSON | odd_events(), max_size=4))
def test_parse_never_raises_and_what_it_gives_can_be_stored(events: list[Any]) -> None:
    for event in parse({"events": events}):
        assert decode(encode(event)) == event
        assert encode(event).encode()
        assert event.id
        assert event.chat
