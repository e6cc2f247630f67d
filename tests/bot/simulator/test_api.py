"""The LINE side: what a bot may call, and what it is told."""

from __future__ import annotations

import http.client
import json
import socket
import uuid
from collections.abc import Callable
from urllib.parse import quote, urlsplit

import pytest

from bot.simulator.server import Running
from tests.bot.simulator.conftest import Api, Clock
from tests.bot.simulator.echo_bot import TOKEN, EchoBot, Json, call, text

SOMSRI = "สมศรี (กรม)"
ANAN = "อนันต์ (อบต.)"
GROUP = "กลุ่มทีมรางวัล"
REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
MULTICAST = "/v2/bot/message/multicast"

Act = Callable[..., Json]


def identity(simulator: Running, name: str) -> str:
    chat = simulator.world.find(name)
    assert chat is not None
    return chat.id


def said(api: Api, user: str) -> list[str]:
    """What the assistant said to a person."""
    messages = api("GET", f"/simulator/messages?user={quote(user)}").body["messages"]
    return [m["content"].get("text", m["content"]["type"]) for m in messages if m["author"] == "bot"]


def token_of(act: Act) -> str:
    return str(act(SOMSRI, "text", text="สวัสดี")["events"][0]["replyToken"])


def test_each_answer_has_a_request_id_of_its_own(api: Api) -> None:
    ids = {api("GET", "/v2/bot/info").headers["x-line-request-id"] for _ in range(3)}
    assert len(ids) == 3


@pytest.mark.parametrize("token", [None, "wrong"])
def test_a_wrong_token_is_401(api: Api, token: str | None) -> None:
    answer = api("GET", "/v2/bot/info", token=token)
    assert (answer.status, answer.body["message"][:22]) == (401, "Authentication failed.")


def test_an_unknown_route_is_404_in_json(api: Api) -> None:
    answer = api("POST", "/v2/bot/insight/followers", {})
    assert (answer.status, answer.body) == (404, {"message": "Not found"})


class TestReply:
    def test_reaches_the_chat_with_the_time_it_took(self, api: Api, act: Act, clock: Clock) -> None:
        token = token_of(act)
        clock.now += 1.5
        answer = api("POST", REPLY, {"replyToken": token, "messages": [text("หนึ่ง"), text("สอง")]})
        assert answer.status == 200
        assert len(answer.body["sentMessages"]) == 2
        messages = api("GET", f"/simulator/messages?user={quote(SOMSRI)}").body["messages"]
        assert [(m["content"]["text"], m["ms"]) for m in messages if m["author"] == "bot"] == [
            ("หนึ่ง", None),
            ("สอง", 1500),
        ]

    def test_works_once(self, api: Api, act: Act) -> None:
        body = {"replyToken": token_of(act), "messages": [text("x")]}
        assert api("POST", REPLY, body).status == 200
        again = api("POST", REPLY, body)
        assert (again.status, again.body) == (400, {"message": "Invalid reply token"})
        assert said(api, SOMSRI) == ["x"]

    def test_works_for_one_minute(self, api: Api, act: Act, clock: Clock, bot: EchoBot) -> None:
        token = token_of(act)
        bot.wait_for(1)
        clock.now += 61
        answer = api("POST", REPLY, {"replyToken": token, "messages": [text("x")]})
        assert (answer.status, answer.body) == (400, {"message": "Invalid reply token"})

    def test_has_a_minute_from_a_redelivery(self, api: Api, act: Act, clock: Clock, bot: EchoBot) -> None:
        token = token_of(act)
        bot.wait_for(1)
        clock.now += 100
        api("POST", "/simulator/redeliver", {"redelivery": True})
        bot.wait_for(2)
        assert api("POST", REPLY, {"replyToken": token, "messages": [text("x")]}).status == 200

    def test_ends_twenty_minutes_after_the_event(self, api: Api, act: Act, clock: Clock, bot: EchoBot) -> None:
        token = token_of(act)
        bot.wait_for(1)
        clock.now += 1201
        api("POST", "/simulator/redeliver", {"redelivery": True})
        bot.wait_for(2)
        assert api("POST", REPLY, {"replyToken": token, "messages": [text("x")]}).status == 400

    def test_a_refused_message_leaves_the_token(self, api: Api, act: Act) -> None:
        token = token_of(act)
        assert api("POST", REPLY, {"replyToken": token, "messages": [text("")]}).status == 400
        assert api("POST", REPLY, {"replyToken": token, "messages": [text("x")]}).status == 200

    def test_takes_no_retry_key(self, api: Api, act: Act) -> None:
        body = {"replyToken": token_of(act), "messages": [text("x")]}
        assert api("POST", REPLY, body, retry_key=str(uuid.uuid4())).status == 400

    def test_costs_no_quota(self, api: Api, act: Act) -> None:
        api("POST", REPLY, {"replyToken": token_of(act), "messages": [text("x")]})
        assert api("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 0}

    @pytest.mark.parametrize("body", ["not json", "[]", {"messages": [text("x")]}])
    def test_needs_a_token_in_a_json_object(self, api: Api, body: object) -> None:
        answer = api("POST", REPLY, body)
        assert answer.status == 400
        assert answer.body["details"] == [{"message": "May not be empty", "property": "replyToken"}]


class TestPush:
    def test_reaches_a_person_and_counts(self, api: Api, simulator: Running) -> None:
        answer = api("POST", PUSH, {"to": identity(simulator, SOMSRI), "messages": [text("x"), text("y")]})
        assert (answer.status, len(answer.body["sentMessages"])) == (200, 2)
        assert api("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 1}
        assert said(api, SOMSRI) == ["x", "y"]

    @pytest.mark.parametrize("to", ["U" + "0" * 32, SOMSRI, "x"])
    def test_to_an_unknown_person_is_400(self, api: Api, to: str) -> None:
        assert api("POST", PUSH, {"to": to, "messages": [text("x")]}).status == 400

    def test_with_a_key_that_was_accepted_is_409(self, api: Api, simulator: Running) -> None:
        body, key = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}, str(uuid.uuid4())
        first = api("POST", PUSH, body, retry_key=key)
        again = api("POST", PUSH, body, retry_key=key)
        assert (first.status, again.status) == (200, 409)
        assert again.headers["x-line-accepted-request-id"] == first.headers["x-line-request-id"]
        assert again.body == {"message": "The retry key is already accepted", **first.body}
        assert said(api, SOMSRI) == ["x"]

    def test_a_key_is_forgotten_after_a_day(self, api: Api, simulator: Running, clock: Clock) -> None:
        body, key = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}, str(uuid.uuid4())
        api("POST", PUSH, body, retry_key=key)
        clock.now += 24 * 3600 + 1
        assert api("POST", PUSH, body, retry_key=key).status == 200

    def test_a_key_that_failed_may_be_used_again(self, api: Api, simulator: Running) -> None:
        body, key = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}, str(uuid.uuid4())
        api("POST", "/simulator/faults", {"kind": "500"})
        assert [api("POST", PUSH, body, retry_key=key).status for _ in range(2)] == [500, 200]

    def test_a_key_is_a_uuid(self, api: Api, simulator: Running) -> None:
        body = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}
        assert api("POST", PUSH, body, retry_key="key-1").status == 400

    def test_to_who_blocked_is_200_unseen_and_free(self, api: Api, simulator: Running, act: Act) -> None:
        act(SOMSRI, "follow")
        act(SOMSRI, "unfollow")
        body = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}
        assert api("POST", PUSH, body).status == 200
        assert said(api, SOMSRI) == []
        assert api("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 0}

    def test_a_group_must_be_joined_and_counts_by_heads(self, api: Api, simulator: Running, act: Act) -> None:
        body = {"to": identity(simulator, GROUP), "messages": [text("x")]}
        assert api("POST", PUSH, body).status == 400
        act(SOMSRI, "join", chat=GROUP)
        assert api("POST", PUSH, body).status == 200
        assert api("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 2}


class TestMulticast:
    def test_reaches_each_person_once(self, api: Api, simulator: Running) -> None:
        to = [identity(simulator, SOMSRI), identity(simulator, ANAN), identity(simulator, SOMSRI), "U" + "0" * 32]
        answer = api("POST", MULTICAST, {"to": to, "messages": [text("x")]})
        assert (answer.status, answer.body) == (200, {})
        assert (said(api, SOMSRI), said(api, ANAN)) == (["x"], ["x"])
        assert api("GET", "/v2/bot/message/quota/consumption").body == {"totalUsage": 2}

    def test_takes_500_people_at_most(self, api: Api, simulator: Running) -> None:
        to = [f"U{number:032x}" for number in range(500)]
        assert api("POST", MULTICAST, {"to": to, "messages": [text("x")]}).status == 200
        more = api("POST", MULTICAST, {"to": [*to, "U" + "f" * 32], "messages": [text("x")]})
        assert (more.status, more.body["details"]) == (
            400,
            [{"message": "Size must be between 1 and 500", "property": "to"}],
        )

    def test_takes_no_group(self, api: Api, simulator: Running, act: Act) -> None:
        act(SOMSRI, "join", chat=GROUP)
        assert api("POST", MULTICAST, {"to": [identity(simulator, GROUP)], "messages": [text("x")]}).status == 400

    def test_the_quota_takes_all_or_nobody(self, api: Api, simulator: Running) -> None:
        api("PUT", "/simulator/settings", {"quota": 10, "used": 9})
        to = [identity(simulator, SOMSRI), identity(simulator, ANAN)]
        key = str(uuid.uuid4())
        answer = api("POST", MULTICAST, {"to": to, "messages": [text("x")]}, retry_key=key)
        assert (answer.status, answer.body) == (429, {"message": "You have reached your monthly limit."})
        assert said(api, SOMSRI) == []
        api("PUT", "/simulator/settings", {"quota": 11})
        assert api("POST", MULTICAST, {"to": to, "messages": [text("x")]}, retry_key=key).status == 200


def test_the_quota_begins_anew_each_month(api: Api, simulator: Running, clock: Clock) -> None:
    api("PUT", "/simulator/settings", {"quota": 1})
    body = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}
    assert [api("POST", PUSH, body).status for _ in range(2)] == [200, 429]
    clock.now += 31 * 24 * 3600
    assert api("POST", PUSH, body).status == 200


def test_the_quota_is_told(api: Api) -> None:
    assert api("GET", "/v2/bot/message/quota").body == {"type": "limited", "value": 300}
    api("PUT", "/simulator/settings", {"quota": None})
    assert api("GET", "/v2/bot/message/quota").body == {"type": "none"}


@pytest.mark.parametrize(
    ("kind", "status", "message"),
    [
        ("500", 500, "Internal Server Error"),
        ("503", 503, "Service Unavailable"),
        ("429", 429, "The API rate limit has been exceeded. Try again later."),
        ("429_monthly", 429, "You have reached your monthly limit."),
    ],
)
def test_faults_come_as_often_as_asked_for(api: Api, simulator: Running, kind: str, status: int, message: str) -> None:
    api("POST", "/simulator/faults", {"kind": kind, "count": 2, "path": PUSH})
    body = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}
    assert api("GET", "/v2/bot/info").status == 200
    answers = [api("POST", PUSH, body) for _ in range(3)]
    assert [a.status for a in answers] == [status, status, 200]
    assert answers[0].body == {"message": message}


def test_a_timeout_comes_after_acceptance(api: Api, simulator: Running) -> None:
    api("POST", "/simulator/faults", {"kind": "timeout", "seconds": 30})
    connection = http.client.HTTPConnection(urlsplit(simulator.url).netloc, timeout=0.3)
    key = str(uuid.uuid4())
    headers = {"Authorization": f"Bearer {TOKEN}", "X-Line-Retry-Key": key}
    again = {"to": identity(simulator, SOMSRI), "messages": [text("x")]}
    connection.request("POST", PUSH, json.dumps(again), headers)
    with pytest.raises(TimeoutError):
        connection.getresponse()
    connection.close()
    assert said(api, SOMSRI) == ["x"]
    assert api("POST", PUSH, again, retry_key=key).status == 409


@pytest.mark.parametrize(("kind", "heard"), [("reset", []), ("reset_after", ["x"])])
def test_a_connection_can_be_reset_before_or_after_acceptance(
    api: Api, simulator: Running, kind: str, heard: list[str]
) -> None:
    api("POST", "/simulator/faults", {"kind": kind})
    with pytest.raises((ConnectionError, http.client.BadStatusLine)):
        api("POST", PUSH, {"to": identity(simulator, SOMSRI), "messages": [text("x")]})
    assert said(api, SOMSRI) == heard
    assert api("GET", "/v2/bot/info").status == 200


def test_a_body_that_comes_late_is_read_before_the_connection_is_reset(api: Api, simulator: Running) -> None:
    api("POST", "/simulator/faults", {"kind": "reset"})
    body = json.dumps({"to": identity(simulator, SOMSRI), "messages": [text("x")]}).encode()
    head = f"POST {PUSH} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {TOKEN}\r\nContent-Length: {len(body)}\r\n\r\n"
    with socket.create_connection((urlsplit(simulator.url).hostname, urlsplit(simulator.url).port)) as connection:
        connection.sendall(head.encode())
        connection.settimeout(0.2)
        with pytest.raises(TimeoutError):
            connection.recv(1)
        connection.settimeout(5)
        connection.sendall(body)
        with pytest.raises(ConnectionResetError):
            connection.recv(1)
    simulator.world.wait_for(lambda: len(simulator.world.calls) > 0, 5)
    (logged,) = api("GET", "/simulator/calls").body["calls"]
    assert (logged["fault"], logged["body"]["messages"]) == ("reset", [text("x")])


@pytest.mark.parametrize(("seconds", "status"), [(5, 202), (60, 202), (7, 400), (65, 400), (0, 400), ("5", 400)])
def test_the_loading_animation_takes_steps_of_five(api: Api, simulator: Running, seconds: object, status: int) -> None:
    body = {"chatId": identity(simulator, SOMSRI), "loadingSeconds": seconds}
    assert api("POST", "/v2/bot/chat/loading/start", body).status == status


def test_the_loading_animation_is_not_for_groups(api: Api, simulator: Running) -> None:
    assert api("POST", "/v2/bot/chat/loading/start", {"chatId": identity(simulator, GROUP)}).status == 400


def test_a_profile_is_told_of_who_did_not_block(api: Api, simulator: Running, act: Act) -> None:
    person = identity(simulator, SOMSRI)
    assert api("GET", f"/v2/bot/profile/{person}").body == {"userId": person, "displayName": SOMSRI, "language": "th"}
    act(SOMSRI, "unfollow")
    assert api("GET", f"/v2/bot/profile/{person}").status == 404


@pytest.mark.parametrize("kind", ["reply", "push", "multicast"])
def test_messages_can_be_checked_without_sending(api: Api, kind: str) -> None:
    path = f"/v2/bot/message/validate/{kind}"
    assert api("POST", path, {"messages": [text("x")]}).status == 200
    assert api("POST", path, {"messages": [text("")]}).status == 400


def test_a_broadcast_reaches_everyone(api: Api) -> None:
    assert api("POST", "/v2/bot/message/broadcast", {"messages": [text("x")]}).status == 200
    assert (said(api, SOMSRI), said(api, ANAN)) == (["x"], ["x"])


def test_the_webhook_address_stays_on_this_machine(api: Api) -> None:
    path = "/v2/bot/channel/webhook/endpoint"
    assert api("PUT", path, {"endpoint": "http://127.0.0.1:9/webhook"}).status == 200
    assert api("PUT", path, {"endpoint": "https://example.com/webhook"}).status == 400
    assert api("GET", path).body["endpoint"] == "http://127.0.0.1:9/webhook"


def test_calls_are_noted_for_tests(api: Api, act: Act) -> None:
    api("POST", REPLY, {"replyToken": token_of(act), "messages": [text("x")]})
    noted = api("GET", "/simulator/calls").body["calls"]
    assert [(c["path"], c["status"]) for c in noted] == [(REPLY, 200)]


def test_nobody_but_this_machine_is_answered(simulator: Running) -> None:
    port = urlsplit(simulator.url).port or 0
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"GET / HTTP/1.0\r\nHost: evil.example.com\r\n\r\n")
        assert b" 403 " in connection.recv(100)
    with socket.create_connection(("127.0.0.1", port)) as connection:
        connection.sendall(b"POST /simulator/reset HTTP/1.0\r\nOrigin: https://evil.example.com\r\n\r\n")
        assert b" 403 " in connection.recv(100)
    assert call(simulator.url, "GET", "/simulator/health").status == 200


def test_the_sdk_talks_to_it(simulator: Running, act: Act) -> None:
    from linebot.v3.messaging import ApiClient, Configuration, MessagingApi, ReplyMessageRequest, TextMessage

    with ApiClient(Configuration(access_token=TOKEN, host=simulator.url)) as client:
        sent = MessagingApi(client).reply_message(
            ReplyMessageRequest(
                replyToken=token_of(act),
                messages=[TextMessage(text="x", quickReply=None, quoteToken=None)],
                notificationDisabled=False,
            ),
            _request_timeout=5,
        )
    assert len(sent.sent_messages) == 1
