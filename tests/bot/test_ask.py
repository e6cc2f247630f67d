"""`lertrat ask`, as other programs call it: a real process, one line in, one line out."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import IO, Any

import pytest
from click.testing import CliRunner

from bot.assistant import Session
from bot.cli import lertrat
from bot.commands import ask
from bot.dispatch import Services
from bot.jsonl import stream

ASK = [sys.executable, "-m", "bot.cli", "ask"]
QUESTION = "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง"
FIELDS = {"question", "status", "subjects", "attribute", "confidence", "candidates", "text", "sources", "round", "ms"}


def environment() -> dict[str, str]:
    # A machine without a Thai locale, as most servers are.
    return os.environ | {"LC_ALL": "C", "PYTHONPATH": str(Path(__file__).parents[2])}


class Asking:
    """A running `lertrat ask --jsonl`, asked one line at a time: each answer is read before the next line is written."""

    def __init__(self, process: subprocess.Popen[bytes]) -> None:
        assert process.stdin
        assert process.stdout
        self._in: IO[bytes] = process.stdin
        self._out: IO[bytes] = process.stdout

    def send(self, line: bytes) -> Any:
        self._in.write(line + b"\n")
        self._in.flush()
        return json.loads(self._out.readline())

    def ask(self, question: str, **more: object) -> dict[str, Any]:
        answer = self.send(json.dumps({"question": question} | more, ensure_ascii=False).encode())
        assert set(answer) == FIELDS, answer
        return dict(answer)


@pytest.fixture(scope="module")
def asking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Asking]:
    """One process for all tests of this module, in a directory of its own that must stay empty."""
    directory = tmp_path_factory.mktemp("ask")
    environ = environment() | {"VAR_DIR": str(directory / "var")}
    with subprocess.Popen(
        [*ASK, "--jsonl"],
        cwd=directory,
        env=environ,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
    ) as process:
        yield Asking(process)
        rest, errors = process.communicate()
        assert (rest, errors) == (b"", b"")
        # Bad lines were among those asked.
        assert process.returncode == 1
    assert list(directory.iterdir()) == []


def test_an_answer_has_the_contracts_fields(asking: Asking) -> None:
    answer = asking.ask(QUESTION)
    assert (answer["question"], answer["status"]) == (QUESTION, "answered")
    assert (answer["subjects"], answer["attribute"]) == (["service.innovation"], "conditions")
    assert 0 < answer["confidence"] <= 1
    assert {"subjects", "attribute", "confidence"} == set(answer["candidates"][0])
    assert answer["round"] == 2568
    assert answer["ms"] > 0
    assert answer["sources"]
    assert all(source in answer["text"] for source in answer["sources"])


def test_the_text_ends_with_the_buttons(asking: Asking) -> None:
    last = asking.ask(QUESTION)["text"].splitlines()[-1]
    assert last.startswith("[")
    assert last.endswith("]")
    assert "[ตัวอย่างผลงาน]" in last


def test_a_question_back_lists_its_candidates(asking: Asking) -> None:
    answer = asking.ask("ขยายผลมีเงื่อนไขอะไรบ้าง")
    assert answer["status"] == "clarify"
    assert {"service.expansion", "participation.expanded"} <= {s for c in answer["candidates"] for s in c["subjects"]}


@pytest.mark.parametrize(
    ("question", "status", "attribute"),
    [
        ("ราคาทองวันนี้", "out_of_scope", "out_of_scope"),
        ("ปิดรับสมัครวันไหน", "unknown", "deadline"),
        ("สวัสดีค่ะ", "command", "smalltalk"),
    ],
)
def test_each_status_has_its_name(asking: Asking, question: str, status: str, attribute: str) -> None:
    answer = asking.ask(question)
    assert (answer["status"], answer["attribute"]) == (status, attribute)


def test_a_conversation_is_remembered_and_no_other_one(asking: Asking) -> None:
    asking.ask(QUESTION, conversation="a")
    asking.ask("PMQA คืออะไร", conversation="b")
    assert asking.ask("แล้วบูรณาการข้อมูลล่ะ", conversation="a")["attribute"] == "conditions"
    assert asking.ask("แล้วตัวเมื่อกี้มีเงื่อนไขอะไร", conversation="b")["subjects"] == ["pmqa"]
    assert asking.ask("แล้วเงื่อนไขล่ะ")["status"] == "clarify"


def test_a_conversation_may_be_named_by_a_number(asking: Asking) -> None:
    asking.ask(QUESTION, conversation=7)
    assert asking.ask("แล้วเงื่อนไขล่ะ", conversation=7)["subjects"] == ["service.innovation"]


def test_a_handover_keeps_quiet_and_still_gives_its_line(asking: Asking) -> None:
    for said in ("ขอคุยกับเจ้าหน้าที่", "ยินยอม"):
        assert asking.ask(said, conversation="h")["attribute"] == "contact"
    assert asking.ask("มีใครอยู่ไหม", conversation="h")["text"] == ""


def test_another_round_is_answered_by_the_newest_rules_and_says_so(asking: Asking) -> None:
    answer = asking.ask(QUESTION, round=2570)
    assert answer["round"] == 2570
    assert "2570" in answer["text"]
    assert "2568" in answer["text"]
    assert asking.ask(QUESTION, round=2568)["round"] == 2568


@pytest.mark.parametrize("question", ["", " ", "😀", "<script>", "ก" * 5000])
def test_an_odd_question_is_answered_like_any_other(asking: Asking, question: str) -> None:
    answer = asking.send(json.dumps({"question": question}).encode())
    assert answer["status"] in ("clarify", "out_of_scope")
    assert answer["text"]


@pytest.mark.parametrize(
    "line",
    [
        b"not json",
        b'"text"',
        b"[]",
        b"{}",
        b'{"question": 5}',
        b'{"question": "x", "round": "2568"}',
        b'{"question": "x", "round": 2025}',
        b'{"question": "x", "round": true}',
        b'{"question": "x", "conversation": []}',
        b"\xff\xfe",
    ],
)
def test_a_bad_line_gives_its_error_in_its_place_and_the_next_is_answered(asking: Asking, line: bytes) -> None:
    error = asking.send(line)
    assert set(error) == {"error"}
    assert error["error"]
    assert asking.ask(QUESTION)["status"] == "answered"


@pytest.mark.parametrize("line", [b'{"question": "\\ud800"}', b"[" * 100_000])
def test_a_hostile_line_does_not_end_the_stream(
    services: Services, capsys: pytest.CaptureFixture[str], line: bytes
) -> None:
    stream([line, json.dumps({"question": QUESTION}).encode()], partial(ask.answered, Session(services)))
    first, second = capsys.readouterr().out.splitlines()
    assert json.loads(first)
    assert json.loads(second)["status"] == "answered"


def test_one_question_prints_its_answer_and_ends_with_zero(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    # The knowledge that is compiled already.
    monkeypatch.setattr(ask, "load_services", lambda now, quiz_hours, documents, public_url: services)
    done = CliRunner().invoke(lertrat, ["ask", QUESTION, "--round", "2570"])
    assert (done.exit_code, done.stderr) == (0, "")
    shown = done.stdout.splitlines()
    assert "นวัตกรรมบริการ" in shown[0]
    assert any("2570" in line for line in shown)
    assert shown[-1].startswith("[")


@pytest.mark.parametrize("arguments", [[], ["ถาม", "--jsonl"], ["--nonsense"]])
def test_wrong_usage_is_a_line_and_two(arguments: list[str]) -> None:
    done = CliRunner().invoke(lertrat, ["ask", *arguments])
    assert done.exit_code == 2
    assert "Error: " in done.stderr
