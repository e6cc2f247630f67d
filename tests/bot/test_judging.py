"""What an answer is judged by, and what is told of how it came about."""

from __future__ import annotations

from bot.assistant import Asked, Session
from bot.dispatch import Services
from bot.judging import outcome
from bot.turn import Answer


def test_the_first_answer_is_judged_with_the_text_of_all() -> None:
    answers = (
        Answer("unknown", "ยังไม่มีข้อมูลนี้", ("pmqa",), "deadline", confidence=0.8),
        Answer("answered", "ได้แก่", ("service",), "definition"),
    )
    judged = outcome(Asked("ถาม", answers, None, 1.0))
    assert (judged.subjects, judged.attribute, judged.status, judged.confidence) == (
        ("pmqa",),
        "deadline",
        "unknown",
        0.8,
    )
    assert "ยังไม่มีข้อมูลนี้" in judged.text
    assert "ได้แก่" in judged.text
    assert judged.understood == ""


def test_a_quiet_turn_is_a_command() -> None:
    judged = outcome(Asked("มีใครอยู่ไหม", (), None, 1.0))
    assert (judged.subjects, judged.attribute, judged.status, judged.confidence) == ((), "contact", "command", 1.0)


def test_what_was_understood_names_the_text_as_read_the_names_the_readings_and_the_decision(services: Services) -> None:
    read, readings = outcome(Session(services).ask("เงื่อนไขนวัตกรรมบริการรร มีอะไรบ้างคะ")).understood.splitlines()
    assert "เงื่อนไขนวัตกรรมบริการ มีอะไรบ้าง" in read
    assert "นวัตกรรมบริการ = service.innovation" in read
    assert readings.startswith("by name: service.innovation conditions")
    assert readings.endswith(" → answer")
    confidences = [float(reading.split()[-1]) for reading in readings.partition(" → ")[0].split(", ")]
    assert confidences == sorted(confidences, reverse=True)


def test_a_refusal_says_why(services: Services) -> None:
    understood = outcome(Session(services).ask("กกกกกก ฟฟฟฟ หหหห")).understood
    assert understood.endswith((" → refuse (unclear)", " → refuse (out_of_scope)"))
    assert "names: none" in understood
