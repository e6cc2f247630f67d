"""`lertrat ask --explain` and what it is made of."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.assistant import Session
from bot.cli import lertrat
from bot.dispatch import Services
from bot.explaining import explained


def test_every_step_is_shown_with_its_score_and_the_answer_last(services: Services) -> None:
    session = Session(services)
    asked = session.ask("ใช้มา 8 เดือน เชื่อม 2 กรม ส่งบูรณาการได้ป่าว")
    shown = explained(session, asked)
    steps = [line[:14].strip() for line in shown.splitlines() if line[:1].strip() and len(line) > 14]
    wanted = [
        "question",
        "normalised",
        "as ranked",
        "words",
        "names",
        "attributes",
        "nearest",
        "subjects by",
        "readings",
    ]
    assert [step for step in steps if step in wanted] == wanted
    assert "“บูรณาการ” → service.integration" in shown
    assert "months_in_use = 8" in shown
    assert "decision      answer" in shown
    assert shown.index("answered by") < shown.index(asked.answers[0].gist)


@pytest.mark.parametrize("question", ["", "😀", "ราคาทองวันนี้", "ขอคุยกับเจ้าหน้าที่", "TQA ต้องกี่คะแนน", "ต้องกี่ปี"])
def test_anything_can_be_explained(services: Services, question: str) -> None:
    session = Session(services)
    shown = explained(session, session.ask(question))
    assert shown.startswith("question")
    assert "strangeness" in shown


def test_it_is_for_one_question() -> None:
    done = CliRunner().invoke(lertrat, ["ask", "--jsonl", "--explain"])
    assert done.exit_code == 2
    assert "--explain is for one QUESTION" in done.stderr
