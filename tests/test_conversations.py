"""Whole conversations as staff would have them, from tests/conversations/*.yaml, through the program as it runs.

A transcript has `about` and `turns`. A turn is one action (`say`, `tap`, `send`, `postback`, `unsend`, `burst`, `follow`,
`unfollow`, `join`, `leave`) of `who` (default สมศรี), `in` a group where named, `mention` or `standby`, delivered `copies`
times, and what to `expect`: `contains` and `not_contains` of all that was answered, `buttons` that can be tapped,
`in_order` of several answers, `replies` (how many, default 1), `silent`, and what is `stored` of the chat.
"""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml
from sqlalchemy import func, select

from bot.storage.tables import consents, followers, handover_messages, handovers, subscriptions, unanswered
from tests.stack import Json, Stack, buttons, person, post_json, words

TRANSCRIPTS = sorted((Path(__file__).parent / "conversations").glob("*.yaml"))
ACTIONS = {"say", "tap", "send", "postback", "unsend", "burst", "follow", "unfollow", "join", "leave"}
DETAILS = {"who", "in", "mention", "standby", "copies", "expect"}
EXPECTATIONS = {"contains", "not_contains", "buttons", "in_order", "replies", "silent", "stored"}
SOMEBODY = "สมศรี"


class Transcript:
    """One conversation under way; its people are in no other."""

    def __init__(self, stack: Stack, name: str) -> None:
        self._stack = stack
        self._name = name
        self._said: set[str] = set()
        self._groups: dict[str, str] = {}
        self._shown: dict[str, Json] = {}

    def play(self, turn: Json) -> None:
        """Do one turn and check what came of it."""
        (kind,) = ACTIONS & turn.keys()
        assert turn.keys() <= ACTIONS | DETAILS, turn
        expect: Json = turn["expect"]
        assert expect, turn
        assert expect.keys() <= EXPECTATIONS, turn
        user = person(f"{self._name}:{turn.get('who', SOMEBODY)}")
        chat = self._chat(turn, user)
        actions = self._actions(kind, turn, user, chat)
        self._said.update(action["text"] for action in actions if "text" in action)
        done = self._stack.act_together(actions, turn.get("copies", 1))
        silent = expect.get("silent", False)
        if not silent:
            self._stack.answers(chat, done["version"])
        assert self._stack.world.wait_for(done["delivered"], 20), "the webhook was not delivered"
        self._stack.settle()
        self._check(expect, self._stack.answers(chat, done["version"], 0), chat, turn)

    def _chat(self, turn: Json, user: str) -> str:
        self._stack.world.add_user(f"{turn.get('who', SOMEBODY)} {user[:7]}", user)
        if "in" not in turn:
            return user
        name = f"{turn['in']} {self._name}"
        if name not in self._groups:
            made = post_json(f"{self._stack.page}/simulator/groups", {"name": name, "members": [user]})
            self._groups[name] = made["id"]
        return self._groups[name]

    def _actions(self, kind: str, turn: Json, user: str, chat: str) -> list[Json]:
        base: Json = {"user": user, "chat": chat}
        if turn.get("standby"):
            base["mode"] = "standby"
        if turn.get("mention"):
            base["mention"] = True
        value = turn[kind]
        match kind:
            case "say":
                return [{**base, "type": "text", "text": value}]
            case "burst":
                return [{**base, "type": "text", "text": text} for text in value]
            case "tap":
                offered = buttons(self._shown[chat])
                assert value in offered, f"{value} is not among {list(offered)}"
                action = offered[value]
                if action["type"] == "postback":
                    return [{**base, **action}]
                assert action["type"] == "message"
                return [{**base, "type": "text", "text": action["text"]}]
            case "send":
                return [{**base, "type": value}]
            case "postback":
                return [{**base, "type": "postback", "data": value}]
            case "unsend":
                (sent,) = [
                    message.id
                    for message in self._stack.world.chats[chat].messages
                    if message.author == user and message.content.get("text") == value
                ]
                return [{**base, "type": "unsend", "messageId": sent}]
            case _:
                return [{**base, "type": kind}]

    def _check(self, expect: Json, shown: list[Json], chat: str, turn: Json) -> None:
        told = "\n".join(words(message) for message in shown)
        for needed in expect.get("contains", []):
            assert needed in told, f"{turn}: {needed!r} is not in:\n{told}"
        for unwanted in expect.get("not_contains", []):
            assert unwanted not in told, f"{turn}: {unwanted!r} is in:\n{told}"
        position = -1
        for needed in expect.get("in_order", []):
            position = told.find(needed, position + 1)
            assert position >= 0, f"{turn}: {needed!r} does not follow in:\n{told}"
        # Only the last message of a reply tells the time that the reply took.
        replies = len([message for message in shown if message["ms"] is not None])
        assert replies == (0 if expect.get("silent") else expect.get("replies", 1)), f"{turn}: {told}"
        if shown:
            self._shown[chat] = shown[-1]
        offered = buttons(shown[-1]) if shown else {}
        missing = set(expect.get("buttons", [])) - offered.keys()
        assert not missing, f"{turn}: no {missing} among {list(offered)}"
        for table, count in expect.get("stored", {}).items():
            assert self._stored(table, chat) == count, f"{turn}: {table}"

    def _stored(self, table: str, chat: str) -> int:
        queries: dict[str, Any] = {
            "handovers": select(func.count()).select_from(handovers).where(handovers.c.chat == chat),
            "waiting": select(func.count())
            .select_from(handovers)
            .where(handovers.c.chat == chat, handovers.c.state != "closed"),
            "handover_messages": select(func.count())
            .select_from(handover_messages.join(handovers))
            .where(handovers.c.chat == chat),
            "subscriptions": select(func.count()).select_from(subscriptions).where(subscriptions.c.chat == chat),
            "consents": select(func.count()).select_from(consents).where(consents.c.chat == chat),
            "followers": select(func.count()).select_from(followers).where(followers.c.chat == chat),
            # Nobody's name is kept with these, so a transcript asks what no other asks.
            "unanswered": select(func.count()).select_from(unanswered).where(unanswered.c.question.in_(self._said)),
        }
        with self._stack.engine.connect() as connection:
            return int(connection.execute(queries[table]).scalar_one())


@pytest.mark.parametrize("path", TRANSCRIPTS, ids=lambda path: path.stem)
def test_a_conversation_goes_as_written(path: Path, stack: Stack) -> None:
    written = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert written.keys() == {"about", "turns"}
    before = stack.log_sizes()
    transcript = Transcript(stack, path.stem)

    for turn in written["turns"]:
        transcript.play(turn)

    assert stack.refused_calls() == []
    assert [line for line in stack.log_since(before).splitlines() if '"warning"' in line or '"error"' in line] == []


def test_an_officer_sees_a_request_answers_and_closes_it(stack: Stack) -> None:
    chat = person("waits for an officer")
    stack.ask(chat, "ค่าสมัครเท่าไหร่")
    stack.ask(chat, "ขอคุยกับเจ้าหน้าที่")
    stack.ask(chat, "ยินยอม")
    stack.act(chat, "text", text="เป็นผลงานของโรงพยาบาลชุมชน")
    stack.settle()
    stack.said.clear()  # what the office reads stands in its output, not in a log

    listed = office(stack, "list")
    (number,) = [line[1:].split()[0] for line in listed.splitlines() if line.endswith(chat[-6:])]
    assert "คำถาม: ค่าสมัครเท่าไหร่" in listed
    assert "ผู้ถาม: เป็นผลงานของโรงพยาบาลชุมชน" in listed

    before = stack.world.version
    office(stack, "answer", number, "ยังไม่ประกาศค่าสมัครค่ะ")
    assert [(words(m), m["via"]) for m in stack.answers(chat, before)] == [("ยังไม่ประกาศค่าสมัครค่ะ", "push")]

    office(stack, "close", number)
    assert "6 ประเภทรางวัล" in words(stack.ask(chat, "รางวัลเลิศรัฐมีกี่ประเภท")[0])
    assert stack.refused_calls() == []


def office(stack: Stack, *arguments: str) -> str:
    """What `lertrat handovers …` prints."""
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", "handovers", *arguments],
        env=os.environ | stack.environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert done.returncode == 0, done.stderr
    return done.stdout
