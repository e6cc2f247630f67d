"""The answers about eligibility stay as good as they were: floors under two independently written sets.

Both were held out when first measured (docs/decisions/0015, the closing note of their issue) and read afterwards.
"""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path
from typing import Any

from bot.assistant import Session
from bot.dispatch import Services

SETS = Path(__file__).parents[1] / "eligibility"
VERDICTS = {"ยังไม่เข้าเกณฑ์": "fail", "ต้องตรวจสอบเพิ่ม": "unknown", "เข้าเกณฑ์เบื้องต้น": "pass"}
TELLINGS_FLOOR = 0.95
WHAT_IFS_FLOOR = 0.95


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SETS / name).read_text("utf-8").splitlines()]


def test_facts_are_taken_from_free_text_as_well_as_before(services: Services) -> None:
    finder = services.matchers[services.knowledge.newest.year].facts
    right = []
    for row in rows("tellings_test.jsonl"):
        found = {
            told.fact: told.value
            for told in finder.find(row["text"], date.fromisoformat(row["today"]), row["round"], row.get("asked", ()))
        }
        told = all(same(found.get(name), value, row) for name, value in row["facts"].items() if name in found)
        complete = set(row["facts"]) <= set(found)
        trapped = any(found.get(name) is not None for name in row.get("not", []))
        right.append(told and complete and not trapped)
    assert sum(right) / len(right) >= TELLINGS_FLOOR


def same(found: Any, expected: Any, row: dict[str, Any]) -> bool:
    """Whether a value is the expected one; a focus may be whole or in part, a range counted from today a little off."""
    if isinstance(expected, dict) and "includes" in expected:
        return set(expected["includes"]) <= set(found["includes"] if isinstance(found, dict) else found)
    slack = row.get("tolerance_months", 0)
    if slack and isinstance(expected, dict) and isinstance(found, dict):
        return all(abs(expected.get(end, 0) - found.get(end, 0)) <= slack for end in {*expected, *found})
    return bool(found == expected)


def test_what_ifs_are_answered_as_well_as_before_and_no_wrong_verdict_is_said(services: Services) -> None:
    session = Session(services)
    right, wrong = [], []
    for number, row in enumerate(rows("what_ifs_test.jsonl")):
        for before in row.get("before", []):
            session.ask(before, str(number))
        shown = session.ask(row["question"], str(number)).as_json()
        text = str(shown["text"])
        said = next((verdict for words, verdict in VERDICTS.items() if text.startswith(words)), None)
        if row.get("clarify"):
            right.append(shown["status"] == "clarify")
            continue
        held = all(any(part in text for part in ([c] if isinstance(c, str) else c)) for c in row.get("contains", []))
        clean = not any(part in text for part in row.get("not_contains", []))
        right.append(held and clean and (row.get("verdict") is None or said == row["verdict"]))
        # "To be checked" is a doubt; a pass for a fail, or the other way round, is not.
        if row.get("verdict") and said in ("pass", "fail") and said != row["verdict"]:
            wrong.append(row["question"])
    assert wrong == []
    assert sum(right) / len(right) >= WHAT_IFS_FLOOR
