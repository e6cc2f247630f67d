"""Every way a call to LINE can end, over real HTTP."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from bot.line import BotInfo, Line, PermanentError, Profile, Quota, RetryableError
from tests.bot.line_server import INVALID_TOKEN, PUSH, REPLY, LineServer

HELLO = {"type": "text", "text": "สวัสดีค่ะ"}
KEY = "123e4567-e89b-12d3-a456-426614174000"
FLEX: dict[str, Any] = {
    "type": "flex",
    "altText": "คำตอบ",
    "contents": {
        "type": "bubble",
        "size": "mega",
        "body": {
            "type": "box",
            "layout": "vertical",
            "paddingAll": "lg",
            "contents": [
                {"type": "text", "text": "หัวข้อ", "weight": "bold", "wrap": True, "color": "#1a1a1a"},
                {"type": "separator", "margin": "md"},
                {"type": "button", "action": {"type": "message", "label": "ถาม", "text": "ถามอะไร"}, "height": "sm"},
            ],
        },
    },
    "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "ก", "text": "ข"}}]},
}


@pytest.fixture(scope="module")
def make_line() -> Callable[[LineServer], Line]:
    return lambda server: Line("token-of-the-channel", server.host, "key-of-the-logs", timeout=(1.0, 2.0))


@pytest.fixture
def line(line_server: LineServer, make_line: Callable[[LineServer], Line]) -> Line:
    return make_line(line_server)


def test_a_reply_arrives_as_it_was_given(line: Line, line_server: LineServer) -> None:
    line.reply("token-1", [HELLO, FLEX])

    [sent] = line_server.accepted()
    assert sent["replyToken"] == "token-1"
    assert sent["messages"] == [HELLO, FLEX]
    assert line_server.calls[0].headers["authorization"] == "Bearer token-of-the-channel"
    assert "x-line-retry-key" not in line_server.calls[0].headers


def test_a_push_repeated_with_its_key_counts_as_accepted(line: Line, line_server: LineServer) -> None:
    line.push("U1", [HELLO], KEY)
    line.push("U1", [HELLO], KEY)

    assert [call.status for call in line_server.calls] == [200, 409]
    assert len(line_server.accepted(PUSH)) == 1


def test_a_multicast_has_its_recipients_and_its_key(line: Line, line_server: LineServer) -> None:
    line.multicast(["U1", "U2"], [HELLO], KEY)

    assert line_server.calls[0].body["to"] == ["U1", "U2"]
    assert line_server.calls[0].headers["x-line-retry-key"] == KEY


def test_loading_is_shown(line: Line, line_server: LineServer) -> None:
    line.show_loading("U1")

    assert line_server.calls[0].body == {"chatId": "U1", "loadingSeconds": 5}


def test_what_line_tells_is_read(line: Line, line_server: LineServer) -> None:
    line_server.answers = {
        "/v2/bot/profile/U1": {"displayName": "สมหญิง", "userId": "U1", "language": "th"},
        "/v2/bot/message/quota": {"type": "limited", "value": 300},
        "/v2/bot/message/quota/consumption": {"totalUsage": 12},
        "/v2/bot/info": {
            "userId": "U0",
            "basicId": "@lertrat",
            "displayName": "เลิศรัฐ",
            "chatMode": "bot",
            "markAsReadMode": "auto",
        },
    }

    assert line.profile("U1") == Profile("สมหญิง", "th")
    assert line.quota() == Quota(limit=300, used=12)
    assert line.bot_info() == BotInfo("U0", "@lertrat", "เลิศรัฐ")


def test_an_answer_that_lacks_what_was_asked_for_is_permanent(line: Line, line_server: LineServer) -> None:
    line_server.answers = {"/v2/bot/profile/U1": {}}

    with pytest.raises(PermanentError):
        line.profile("U1")


@pytest.mark.parametrize(
    ("failure", "unsure"),
    [
        ((500, {"message": "x"}), True),
        ((503, b"\xff not UTF-8"), True),
        ((429, {"message": "The API rate limit has been exceeded"}), False),
        ("hang", True),
        ("cut", True),
        ("drop", True),
    ],
)
def test_what_may_succeed_later_is_retryable(line: Line, line_server: LineServer, failure: Any, unsure: bool) -> None:
    line_server.failures = [failure]

    with pytest.raises(RetryableError) as caught:
        line.reply("token-1", [HELLO])

    assert caught.value.unsure is unsure
    assert len(line_server.calls) == 1


def test_nobody_listening_is_retryable_and_surely_not_accepted(line: Line, line_server: LineServer) -> None:
    line_server.stop()

    with pytest.raises(RetryableError) as caught:
        line.reply("token-1", [HELLO])

    assert not caught.value.unsure


@pytest.mark.parametrize(
    ("failure", "status"),
    [
        ((400, {"message": "The request body has 1 error(s)"}), 400),
        ((401, {"message": "Authentication failed"}), 401),
        ((403, {"message": "x"}), 403),
        ((404, b""), 404),
        ((429, {"message": "You have reached your monthly limit."}), 429),
    ],
)
def test_what_will_never_succeed_is_permanent(line: Line, line_server: LineServer, failure: Any, status: int) -> None:
    line_server.failures = [failure]

    with pytest.raises(PermanentError) as caught:
        line.reply("token-1", [HELLO])

    assert caught.value.status == status
    assert caught.value.monthly_limit is (status == 429)
    assert not caught.value.token_spent


def test_a_spent_token_is_told_apart(line: Line, line_server: LineServer) -> None:
    line_server.failures = [INVALID_TOKEN]

    with pytest.raises(PermanentError) as caught:
        line.reply("token-1", [HELLO])

    assert caught.value.token_spent


@pytest.mark.parametrize("answer", [{}, [], b"", b"<html>", b"\xff", {"sentMessages": [{}]}])
def test_what_line_accepted_stays_accepted_whatever_it_says(line: Line, line_server: LineServer, answer: Any) -> None:
    line_server.answers = {REPLY: answer}

    line.reply("token-1", [HELLO])

    assert len(line_server.accepted()) == 1


@pytest.mark.parametrize(
    "messages",
    [[], [HELLO] * 6, [{"type": "hologram"}], [{"text": "x"}], [{"type": "flex", "altText": "x"}], [None]],
)
def test_what_the_sdk_refuses_is_permanent_and_never_sent(line: Line, line_server: LineServer, messages: Any) -> None:
    with pytest.raises(PermanentError):
        line.reply("token-1", messages)

    assert line_server.calls == []


def test_calls_share_a_connection_and_logs_hide_who(
    line: Line, line_server: LineServer, capsys: pytest.CaptureFixture[str]
) -> None:
    line.push("U-secret", [HELLO], KEY)
    line.reply("token-1", [HELLO])
    output = capsys.readouterr().out

    assert "U-secret" not in output
    assert HELLO["text"] not in output
    assert "request-1" in output
    assert line_server.connections == 1
