"""Bad input and failing parts, through the program as it runs: always an answer or a quiet 200, never a 5xx."""

from __future__ import annotations

import copy
import csv
import http.client
import json
import sqlite3
import statistics
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

from bot.simulator.delivery import signature
from bot.simulator.events import ulid
from tests.stack import SECRET, Json, Stack, person, post_json, words

QUESTION = "รางวัลเลิศรัฐมีกี่ประเภท"
ANSWER = "6 ประเภทรางวัล"
QUESTIONS = Path(__file__).parent / "questions" / "test.tsv"
# What the assistant does not read, so that an event without it is answered all the same.
NEEDLESS = {
    ("destination",),
    ("events", 0, "deliveryContext"),
    ("events", 0, "deliveryContext", "isRedelivery"),
    ("events", 0, "timestamp"),
    ("events", 0, "webhookEventId"),
    ("events", 0, "message", "id"),
    ("events", 0, "message", "quoteToken"),
}
GONE = object()
REPLACEMENTS: tuple[Any, ...] = (GONE, None, 7, -1.5, True, "", "x", "\ud800", [], [[]], {}, {"x": None}, 10**18)


def event(stack: Stack, chat: str, text: str = QUESTION, **more: Any) -> Json:
    """A text message as LINE would deliver it, with a reply token that works; `more` replaces its fields."""
    stack.said.add(text)
    now = stack.world.now_ms()
    made: Json = {
        "type": "message",
        "message": {"type": "text", "id": ulid(now), "quoteToken": "q", "text": text},
        "webhookEventId": ulid(now),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": now,
        "source": {"type": "user", "userId": chat},
        "replyToken": stack.token(chat),
        "mode": "active",
    }
    return made | more


def shown(stack: Stack, chat: str) -> str:
    """All that the assistant said in a chat."""
    return "\n".join(words(message) for message in stack.answers(chat, 0, 0))


# The envelope


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"null",
        b"7",
        b'"x"',
        b"[]",
        b"{}",
        b'{"events": null}',
        b'{"events": {}}',
        b'{"events": "x"}',
        b'{"events": []}',
        b'{"events": [null, 7, "x", [], {}, [[]], true]}',
        b'{"events": [{"type": "message"}]}',
        b"\xff\xfe\x00",
        b'\xef\xbb\xbf{"events": []}',
        '{"events": []}'.encode("utf-16"),
        b'{"events": [NaN, Infinity]}',
        b'{"events": [' + b"9" * 10_000 + b"]}",
        b'{"events": ' + b"[" * 200_000,
        b'{"events": [' + b'{"source": ' * 100_000 + b"1" + b"}" * 100_000 + b"]}",
        b'{"events": [], "events": {}}',
        b"\x00" * 1000,
        b'{"events": [{"type": "\\u0000", "source": {"type": "user", "userId": "U\\u0000"}}]}',
    ],
    ids=range(23),
)
def test_a_signed_body_of_any_kind_gets_200(stack: Stack, body: bytes) -> None:
    assert stack.post(body) == 200
    assert stack.calls() == []


@pytest.mark.parametrize("signed", ["", "x", "=", "AAAA", "ลายเซ็น".encode().decode("latin-1"), "a" * 7000])
def test_a_wrong_signature_gets_400_and_nothing_else(stack: Stack, signed: str) -> None:
    chat = person("not signed")
    body = json.dumps({"events": [event(stack, chat)]}).encode()

    assert stack.post(body, signed) == 400

    stack.settle()
    assert stack.calls() == []
    # Nothing was claimed: the same body with its signature is answered.
    assert stack.post(body) == 200
    stack.settle()
    assert ANSWER in shown(stack, chat)


def test_a_body_changed_after_signing_gets_400(stack: Stack) -> None:
    body = json.dumps({"events": [event(stack, person("changed"))]}).encode()
    assert stack.post(body + b" ", signature(SECRET, body)) == 400
    assert stack.post(body, signature("another secret", body)) == 400
    assert stack.post(body, signature(SECRET, body) + "=") == 400


def test_a_body_that_is_too_large_is_turned_away(stack: Stack) -> None:
    connection = http.client.HTTPConnection(urlsplit(stack.address).netloc, timeout=20)
    # Told by its announced size alone: nobody reads what is too large.
    connection.putrequest("POST", "/webhook")
    connection.putheader("Content-Length", str(9 * 1024 * 1024))
    connection.endheaders()
    assert connection.getresponse().status == 413
    connection.close()
    assert ANSWER in words(stack.ask(person("after the large one"), QUESTION)[-1])


# Events


def places(value: Any, here: tuple[str | int, ...] = ()) -> Iterator[tuple[str | int, ...]]:
    """The path of every value inside `value`."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for key, one in inner:
        yield (*here, key)
        yield from places(one, (*here, key))


def changed(value: Json, place: tuple[str | int, ...], replacement: Any) -> Json:
    """A copy with one value replaced, or gone."""
    made = copy.deepcopy(value)
    parent: Any = made
    for key in place[:-1]:
        parent = parent[key]
    if replacement is GONE:
        del parent[place[-1]]
    else:
        parent[place[-1]] = replacement
    return made


def webhooks(stack: Stack, chat: str) -> list[Json]:
    """One valid webhook of each kind that is treated differently."""
    group = {"type": "group", "groupId": stack.world.add_group("ทีม", [chat]).id, "userId": chat}
    mention = {"mentionees": [{"index": 0, "length": 3, "type": "user", "userId": "x", "isSelf": True}]}
    in_group = {"type": "text", "id": "1", "text": f"@บอท {QUESTION}", "mention": mention}
    kinds: list[Json] = [
        {},
        {"source": group, "message": in_group},
        {"type": "postback", "postback": {"data": "x", "params": {"date": "2025-01-01"}}},
        {"type": "follow", "follow": {"isUnblocked": False}},
        {"type": "unsend", "unsend": {"messageId": "1"}},
        {"type": "memberJoined", "source": group, "joined": {"members": [{"type": "user", "userId": chat}]}},
        {"message": {"type": "sticker", "id": "1", "packageId": "1", "stickerId": "2", "keywords": ["a"]}},
    ]
    return [{"destination": "x", "events": [event(stack, chat, **kind)]} for kind in kinds]


def test_a_webhook_with_any_one_value_gone_or_odd_gets_200_and_at_most_one_reply(stack: Stack) -> None:
    variants = []
    chats = [person(f"odd {number}") for number in range(8)]
    for kind, sample in enumerate(webhooks(stack, chats[0])):
        for place in places(sample):
            for replacement in REPLACEMENTS if kind == 0 else REPLACEMENTS[:2]:
                variants.append((kind, place, replacement))  # noqa: PERF401 - three loops read best as loops
    assert 200 < len(variants) < 500
    needless, issued = [], set()
    for number, (kind, place, replacement) in enumerate(variants):
        sample = webhooks(stack, chats[number % len(chats)])[kind]
        token = sample["events"][0]["replyToken"]
        issued.add(token)
        if kind == 0 and place in NEEDLESS:
            needless.append(token)
        assert stack.post(json.dumps(changed(sample, place, replacement)).encode()) == 200, (place, replacement)

    stack.settle()
    assert stack.replies_by(*needless) == [1] * len(needless)
    # What was refused are tokens that LINE never gave out.
    assert [call for call in stack.refused_calls() if call["body"].get("replyToken") in issued] == []
    assert ANSWER in words(stack.ask(chats[0], QUESTION)[-1])


KINDS = (
    *("videoPlayComplete", "beacon", "accountLink", "membership", "module", "activated", "deactivated"),
    *("botSuspended", "botResumed", "delivery", "memberJoined", "memberLeft", "messageEdited", "unfollow", "things"),
    *("", "MESSAGE", "x" * 5000, "__class__", "\ud800"),
)


@pytest.mark.parametrize("number", range(len(KINDS)))
def test_an_event_that_asks_for_nothing_gets_no_reply_and_harms_no_other(stack: Stack, number: int) -> None:
    chat = person(f"kind {number}")
    odd, plain = event(stack, chat, type=KINDS[number]), event(stack, chat)
    if KINDS[number] == "messageEdited":
        odd["message"]["text"] = "แก้ข้อความแล้ว"

    assert stack.post_events(odd, plain) == 200

    stack.settle()
    assert stack.replies_by(odd["replyToken"], plain["replyToken"]) == [0, 1]


@pytest.mark.parametrize("mode", ["standby", "x", "", 7, ["active"]])
def test_nothing_is_sent_unless_the_channel_is_ours(stack: Stack, mode: Any) -> None:
    chat = person("mode")
    assert stack.post_events(event(stack, chat, mode=mode), event(stack, chat, type="follow", mode=mode)) == 200
    stack.settle()
    assert stack.calls() == []


def test_an_unknown_message_kind_gets_no_reply(stack: Stack) -> None:
    chat = person("message kind")
    messages: list[Any] = [{"type": "hologram", "id": "1"}, {"type": "text"}, {"id": "1"}, {}, None, [], "x"]
    odd = [event(stack, chat, message=message) for message in messages]
    assert stack.post_events(*odd, event(stack, chat)) == 200
    stack.settle()
    # A text without its text is an empty one, which is told so.
    assert stack.replies_by(*(e["replyToken"] for e in odd)) == [0, 1, 0, 0, 0, 0, 0]
    assert "ยังไม่เห็นข้อความ" in shown(stack, chat)
    assert ANSWER in shown(stack, chat)


# Texts


TEXTS = {
    "a mebibyte of Thai": "รางวัลเลิศรัฐคืออะไร " * 18_000,
    "a mebibyte of one letter": "ก" * (1024 * 1024 // 3),
    "a mebibyte of tone marks": "ก" + "่" * (1024 * 1024 // 3),
    "a mebibyte of spaces": " " * (1024 * 1024),
    "a mebibyte of digits": "9" * (1024 * 1024),
    "5,000 characters": (QUESTION + " เพราะหัวหน้าอยากทราบรายละเอียด ") * 90,
    "5,000 words of Latin": "award " * 5000,
    "zero width only": "\u200b\u200c\u200d\u2060\ufeff",
    "direction marks": "\u202e\u2066" + QUESTION + "\u2069\u202c\u200f",
    "lone surrogates": "\ud83d" + QUESTION + "\udc4d\ud800",
    "control characters": "\x00\x01\x1b[31m" + QUESTION + "\x7f\r\n\t",
    "combining marks only": "ี่ัิ้็์ํ๊๋",
    "emoji": "👩‍👩‍👧‍👦🇹🇭🙏🏽" * 50,
    "markup": "<script>alert(1)</script><img src=x onerror=alert(1)>",
    "templates": "{{7*7}} ${7*7} %s %n {0.__class__}",
    "SQL": "'; DROP TABLE subscriptions; --",
    "many lines": "รางวัลเลิศรัฐคืออะไร?\n" * 500,
    "many question marks": "?" * 5000,
    "a path": "../../../../etc/passwd",
    "brackets": "(" * 5000 + ")" * 5000,
    "full-width": "ｌｅｒｔｒａｔ　２５６８",
    "digits of many scripts": "๒๕๖๘ ２５６８ ٢٥٦٨ ²⁵⁶⁸ Ⅻ",
}


@pytest.mark.parametrize("name", TEXTS)
def test_any_text_gets_one_reply_that_line_takes(stack: Stack, name: str) -> None:
    chat = person(name)
    asked = event(stack, chat, TEXTS[name])
    asked["message"]["text"] = TEXTS[name]
    stack.said.add(TEXTS[name][:30])

    assert stack.post_events(asked) == 200

    (answer, *_) = stack.answers(chat, 0)
    stack.settle()
    assert answer["ms"] < 20_000
    assert stack.refused_calls() == []
    assert stack.replies_by(asked["replyToken"]) == [1]
    assert "script" not in shown(stack, chat)
    assert "ระบบขัดข้อง" not in shown(stack, chat)


@pytest.mark.parametrize("name", ["direction marks", "lone surrogates", "control characters", "5,000 characters"])
def test_a_question_among_rubbish_is_understood(stack: Stack, name: str) -> None:
    chat = person(f"{name}, understood")
    assert stack.post_events(event(stack, chat, TEXTS[name])) == 200
    stack.answers(chat, 0)
    assert ANSWER in shown(stack, chat)


# Many at once


def test_a_hundred_events_of_ten_people_are_each_answered_once_and_in_order(stack: Stack) -> None:
    chats = [person(f"crowd {number}") for number in range(10)]
    events = [event(stack, chats[number % 10], QUESTION if number < 90 else "ขอบคุณค่ะ") for number in range(100)]

    assert stack.post_events(*events) == 200

    stack.settle()
    assert stack.replies_by(*(e["replyToken"] for e in events)) == [1] * 100
    for chat in chats:
        said = [words(message) for message in stack.answers(chat, 0, 0)]
        assert [ANSWER in one for one in said] == [True] * 9 + [False]
        assert "ยินดีค่ะ" in said[-1]


def test_one_id_several_times_in_a_webhook_is_one_event(stack: Stack) -> None:
    chat = person("same ids")
    first = event(stack, chat)
    again = [event(stack, chat, webhookEventId=first["webhookEventId"]) for _ in range(4)]

    assert stack.post_events(first, *again) == 200
    assert stack.post_events(*again) == 200

    stack.settle()
    assert len(stack.calls()) == 1
    assert stack.refused_calls() == []


def test_events_are_answered_in_line_s_order_however_they_come(stack: Stack) -> None:
    chat = person("out of order")
    earlier, later = event(stack, chat, "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง"), event(stack, chat, "ขอบคุณค่ะ")
    later["timestamp"] = earlier["timestamp"] + 1

    assert stack.post_events(later, earlier) == 200

    stack.settle()
    told = shown(stack, chat)
    assert 0 <= told.find("เงื่อนไขของนวัตกรรมบริการ") < told.find("ยินดีค่ะ")


def test_people_who_write_at_the_same_moment_are_each_answered_once(stack: Stack) -> None:
    chats = [person(f"same moment {number}") for number in range(40)]
    events = [event(stack, chat) for chat in chats]

    with ThreadPoolExecutor(40) as threads:
        assert set(threads.map(stack.post_events, events)) == {200}

    stack.settle()
    assert stack.replies_by(*(e["replyToken"] for e in events)) == [1] * 40
    assert all(ANSWER in shown(stack, chat) for chat in chats)
    milliseconds = [m["ms"] for chat in chats for m in stack.answers(chat, 0, 0)]
    print(f"\n40 people at once: median {statistics.median(milliseconds):.0f} ms, greatest {max(milliseconds)} ms")


def test_a_person_in_a_hurry_is_answered_once_for_each_message(stack: Stack) -> None:
    chat = person("in a hurry")
    events = [event(stack, chat) for _ in range(20)]

    with ThreadPoolExecutor(20) as threads:
        assert set(threads.map(stack.post_events, events)) == {200}

    stack.settle()
    assert stack.replies_by(*(e["replyToken"] for e in events)) == [1] * 20
    assert stack.refused_calls() == []


# Parts that fail


@pytest.mark.parametrize("kind", ["500", "503", "429", "reset", "reset_after"])
def test_a_call_that_line_fails_is_made_again_and_the_person_reads_one_answer(stack: Stack, kind: str) -> None:
    chat = person(f"fault {kind}")
    post_json(f"{stack.page}/simulator/faults", {"kind": kind, "path": "/v2/bot/message/reply"})

    assert [ANSWER in words(message) for message in stack.ask(chat, QUESTION)] == [True]

    assert len(stack.calls()) == 2


def test_while_redis_is_away_line_is_told_to_come_again_and_then_answered_once(stack: Stack) -> None:
    chat = person("redis away")
    stack.stop_redis()
    try:
        assert stack.post_events(event(stack, chat)) == 503
        done = stack.act(chat, "text", text=QUESTION)
        with stack.world.changed:
            first = stack.world.wait_for(lambda: len(stack.world.webhooks) == 1, 10)
        assert first
        assert stack.world.webhooks[0]["outcome"] == "503"
        assert stack.post(b"{}", "wrong") == 400
    finally:
        stack.start_redis()

    assert stack.world.wait_for(done["delivered"], 20)
    # The worker looks for Redis again only every few seconds.
    assert [ANSWER in words(message) for message in stack.answers(chat, done["version"])] == [True]
    stack.settle()
    assert len(stack.calls()) == 1


def test_without_its_database_it_answers_questions_and_says_what_it_cannot_keep(stack: Stack) -> None:
    chat = person("database away")
    stack.ask(chat, "ขอคุยกับเจ้าหน้าที่")
    database = sqlite3.connect(stack.environment["DATABASE_URL"].removeprefix("sqlite:///"), isolation_level=None)
    database.execute("BEGIN EXCLUSIVE")
    try:
        assert ANSWER in words(stack.ask(person("needs no database"), QUESTION)[-1])
        assert "ยังบันทึกให้ไม่ได้" in words(stack.ask(chat, "ยินยอม")[-1])
    finally:
        database.execute("ROLLBACK")
        database.close()
    assert "ส่งเรื่องให้เจ้าหน้าที่แล้ว" in words(stack.ask(chat, "ยินยอม")[-1])


# Time


def test_single_questions_are_answered_in_time(stack: Stack) -> None:
    with QUESTIONS.open(encoding="utf-8", newline="") as file:
        rows = [row["question"] for row in csv.DictReader(file, delimiter="\t") if not row["conversation"]]
    chosen = rows[:: max(1, len(rows) // 50)][:50]
    assert len(chosen) == 50
    milliseconds = []
    for number, question in enumerate(chosen):
        (answer, *_) = [m for m in stack.ask(person(f"timed {number}"), question) if m["ms"] is not None]
        milliseconds.append(answer["ms"])

    print(f"\nwebhook to reply of 50 questions: median {statistics.median(milliseconds):.0f} ms, ", end="")
    print(f"greatest {max(milliseconds)} ms")
    # LINE's limit is 2 s; a machine that does other things as well may be slow once.
    assert statistics.median(milliseconds) < 2000
    assert max(milliseconds) < 20_000
