"""The webhook side: what a person's actions make LINE send, and how often."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable

import pytest

from bot.simulator.delivery import signature
from bot.simulator.server import Running
from tests.bot.simulator.conftest import Api
from tests.bot.simulator.echo_bot import SECRET, EchoBot, Json

SOMSRI = "สมศรี (กรม)"
ANAN = "อนันต์ (อบต.)"
GROUP = "กลุ่มทีมรางวัล"

Act = Callable[..., Json]


def test_a_text_is_signed_and_has_all_that_line_sends(act: Act, bot: EchoBot, simulator: Running) -> None:
    act(SOMSRI, "text", text="สวัสดี 😀")
    event = bot.wait_for(1)[0]
    assert bot.bad_signatures == 0
    assert bot.webhooks[0]["destination"] == simulator.world.bot_id
    assert event["type"] == "message"
    assert event["mode"] == "active"
    assert event["deliveryContext"] == {"isRedelivery": False}
    assert event["timestamp"] == simulator.world.now_ms()
    assert event["source"]["type"] == "user"
    assert re.fullmatch(r"U[0-9a-f]{32}", event["source"]["userId"])
    assert re.fullmatch(r"[0-7][0-9A-HJKMNP-TV-Z]{25}", event["webhookEventId"])
    message = event["message"]
    assert (message["type"], message["text"]) == ("text", "สวัสดี 😀")
    assert message["id"].isdigit()
    assert message["quoteToken"]
    assert event["replyToken"]


@pytest.mark.parametrize(
    ("kind", "fields"),
    [
        ("sticker", {"packageId", "stickerId", "stickerResourceType", "quoteToken"}),
        ("image", {"contentProvider", "quoteToken"}),
        ("video", {"contentProvider", "quoteToken", "duration"}),
        ("audio", {"contentProvider", "duration"}),
        ("file", {"fileName", "fileSize"}),
        ("location", {"latitude", "longitude"}),
    ],
)
def test_each_kind_of_message_has_its_fields(act: Act, bot: EchoBot, kind: str, fields: set[str]) -> None:
    act(SOMSRI, kind)
    message = bot.wait_for(1)[0]["message"]
    assert message["type"] == kind
    assert fields <= message.keys()


def test_the_sdk_parses_every_event(act: Act, bot: EchoBot) -> None:
    from linebot.v3 import WebhookParser

    kinds = ["text", "sticker", "image", "video", "audio", "file", "location", "postback", "follow", "unfollow"]
    for kind in kinds:
        act(SOMSRI, kind, text="x", data="x=1")
    act(ANAN, "join", chat=GROUP)
    act(ANAN, "text", chat=GROUP, text="x", mention=True)
    act(ANAN, "leave", chat=GROUP)
    bot.wait_for(13)
    for webhook in bot.webhooks:
        raw = json.dumps(webhook)
        parsed = WebhookParser(SECRET).parse(raw, signature(SECRET, raw.encode()))
        assert type(parsed[0]).__name__ != "UnknownEvent"


def test_follow_block_and_unblock(act: Act, bot: EchoBot) -> None:
    for number, kind in enumerate(("follow", "unfollow", "follow")):
        act(SOMSRI, kind)
        bot.wait_for(number + 1)
    first, second, third = bot.events
    assert (first["type"], first["follow"]) == ("follow", {"isUnblocked": False})
    assert (second["type"], "replyToken" in second) == ("unfollow", False)
    assert (third["type"], third["follow"]) == ("follow", {"isUnblocked": True})


def test_who_blocked_cannot_write(act: Act, api: Api) -> None:
    act(SOMSRI, "unfollow")
    answer = api("POST", "/simulator/actions", {"user": SOMSRI, "type": "text", "text": "x"})
    assert (answer.status, "เลิกบล็อก" in answer.body["error"]) == (400, True)


def test_a_message_taken_back_is_gone(act: Act, api: Api, bot: EchoBot) -> None:
    identity = act(SOMSRI, "text", text="ความลับ")["events"][0]["message"]["id"]
    act(SOMSRI, "unsend", messageId=identity)
    unsend = next(e for e in bot.wait_for(2) if e["type"] == "unsend")
    assert unsend["unsend"] == {"messageId": identity}
    assert "ความลับ" not in json.dumps(api("GET", "/simulator/updates").body, ensure_ascii=False)


def test_only_ones_own_message_can_be_taken_back(act: Act, api: Api) -> None:
    identity = act(SOMSRI, "text", text="x")["events"][0]["message"]["id"]
    answer = api("POST", "/simulator/actions", {"user": ANAN, "type": "unsend", "messageId": identity})
    assert answer.status == 400


def test_a_postback_carries_its_data(act: Act, bot: EchoBot) -> None:
    act(SOMSRI, "postback", data="quiz=1", displayText="เริ่ม")
    event = bot.wait_for(1)[0]
    assert (event["type"], event["postback"]) == ("postback", {"data": "quiz=1"})


def test_a_group_is_heard_only_once_joined(act: Act, bot: EchoBot) -> None:
    assert act(SOMSRI, "text", chat=GROUP, text="x")["events"] == []
    act(SOMSRI, "join", chat=GROUP)
    bot.wait_for(1)
    act(SOMSRI, "text", chat=GROUP, text="x")
    join, message = bot.wait_for(2)
    assert join["source"].keys() == {"type", "groupId"}
    assert message["source"].keys() == {"type", "groupId", "userId"}
    assert "mention" not in message["message"]


def test_a_mention_points_at_the_assistant(act: Act, bot: EchoBot, simulator: Running) -> None:
    act(SOMSRI, "join", chat=GROUP)
    act(SOMSRI, "text", chat=GROUP, text="มีกี่ประเภท", mention=True)
    message = next(e for e in bot.wait_for(2) if e["type"] == "message")["message"]
    (mentionee,) = message["mention"]["mentionees"]
    assert mentionee["isSelf"] is True
    assert mentionee["userId"] == simulator.world.bot_id
    called = message["text"][mentionee["index"] : mentionee["index"] + mentionee["length"]]
    assert (called, message["text"]) == ("@ผู้ช่วยเลิศรัฐ", "@ผู้ช่วยเลิศรัฐ มีกี่ประเภท")


def test_standby_has_no_reply_token(act: Act, bot: EchoBot) -> None:
    act(SOMSRI, "text", text="x", mode="standby")
    event = bot.wait_for(1)[0]
    assert (event["mode"], "replyToken" in event) == ("standby", False)


def test_several_people_in_one_webhook(api: Api, bot: EchoBot) -> None:
    actions = [{"user": name, "type": "text", "text": "x"} for name in (SOMSRI, ANAN)]
    api("POST", "/simulator/actions", {"actions": actions})
    bot.wait_for(2)
    assert [len(webhook["events"]) for webhook in bot.webhooks] == [2]
    assert len({event["source"]["userId"] for event in bot.events}) == 2


def test_a_duplicate_on_demand_is_the_same_event(act: Act, bot: EchoBot) -> None:
    act(SOMSRI, "text", text="x", copies=3)
    assert len({event["webhookEventId"] for event in bot.wait_for(3)}) == 1
    assert [event["deliveryContext"]["isRedelivery"] for event in bot.events] == [False] * 3


def test_every_event_twice_while_switched_on(api: Api, act: Act, bot: EchoBot) -> None:
    api("PUT", "/simulator/settings", {"duplicate": True})
    act(SOMSRI, "text", text="x")
    assert len({event["webhookEventId"] for event in bot.wait_for(2)}) == 1


def outcomes(simulator: Running) -> list[str]:
    """How each attempt went, once every attempt was made."""
    for thread in threading.enumerate():
        if thread.name == "webhook":
            thread.join(10)
    return [webhook["outcome"] for webhook in simulator.world.webhooks]


def test_a_webhook_that_failed_is_delivered_again_and_then_given_up(act: Act, bot: EchoBot, simulator: Running) -> None:
    bot.statuses = [500] * 9
    act(SOMSRI, "text", text="x")
    assert outcomes(simulator) == ["500", "500", "500"]
    assert [event["deliveryContext"]["isRedelivery"] for event in bot.events] == [False, True, True]
    assert len({(event["webhookEventId"], event["replyToken"]) for event in bot.events}) == 1


def test_a_webhook_that_succeeds_the_second_time_comes_twice(act: Act, bot: EchoBot, simulator: Running) -> None:
    bot.statuses = [503]
    act(SOMSRI, "text", text="x")
    assert outcomes(simulator) == ["503", "200"]


def test_a_webhook_without_answer_in_time_is_delivered_again(act: Act, bot: EchoBot, simulator: Running) -> None:
    bot.hang = True
    act(SOMSRI, "text", text="x")
    bot.wait_for(1)
    bot.hang = False
    assert outcomes(simulator) == ["timeout", "200"]


def test_without_redelivery_a_webhook_comes_once(api: Api, act: Act, bot: EchoBot, simulator: Running) -> None:
    api("PUT", "/simulator/settings", {"redelivery": False})
    bot.statuses = [500] * 9
    act(SOMSRI, "text", text="x")
    assert outcomes(simulator) == ["500"]
    message = api("GET", "/simulator/messages?user=" + simulator.world.find(SOMSRI).id).body["messages"][0]  # type: ignore[union-attr]
    assert message["webhook"] == "500"


def test_a_connectivity_check_has_no_events(api: Api, bot: EchoBot) -> None:
    answer = api("POST", "/v2/bot/channel/webhook/test", {})
    assert (answer.body["success"], answer.body["statusCode"]) == (True, 200)
    assert bot.webhooks[0]["events"] == []


def test_new_people_come_by_name_or_by_id(api: Api, act: Act) -> None:
    made = api("POST", "/simulator/users", {"name": "มานี"}).body["id"]
    assert act("มานี", "text", text="x")["events"][0]["source"]["userId"] == made
    assert api("POST", "/simulator/users", {"name": "มานี"}).status == 400
    stranger = "U" + "ab" * 16
    assert act(stranger, "text", text="x")["events"][0]["source"]["userId"] == stranger


@pytest.mark.parametrize(
    "action",
    [
        {},
        {"user": "ไม่มีใคร", "type": "text", "text": "x"},
        {"user": SOMSRI, "type": "text", "text": " "},
        {"user": SOMSRI, "type": "dance"},
        {"user": SOMSRI, "type": "text", "text": "x", "chat": ANAN},
        {"user": SOMSRI, "type": "join"},
    ],
)
def test_what_makes_no_sense_is_refused_in_thai(api: Api, action: Json) -> None:
    answer = api("POST", "/simulator/actions", action)
    assert answer.status == 400
    assert re.search("[ก-๙]", answer.body["error"])
