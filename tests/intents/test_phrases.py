"""The phrasings that train the matcher: well formed, broad enough, and none under two keys."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
import yaml

from knowledge.model import ATTRIBUTE_KEYS

PHRASES = yaml.safe_load((Path(__file__).parents[2] / "intents" / "phrases.yaml").read_text(encoding="utf-8"))
ATTRIBUTES: dict[str, list[str]] = PHRASES["attributes"]
COMMANDS: dict[str, dict[str, object]] = PHRASES["commands"]
STRANGERS: dict[str, list[str]] = PHRASES["out_of_scope"]


def phrasings_of(command: str) -> list[str]:
    phrasings = COMMANDS[command]["phrasings"]
    assert isinstance(phrasings, list)
    return phrasings


def everything() -> list[tuple[str, str]]:
    keys = {**ATTRIBUTES, **{command: phrasings_of(command) for command in COMMANDS}, **STRANGERS}
    return [(key, phrasing) for key, phrasings in keys.items() for phrasing in phrasings]


def test_every_phrasing_is_text_without_a_slot_but_the_subjects() -> None:
    odd = [p for _, p in everything() if not isinstance(p, str) or not p.strip() or "{" in p.replace("{s}", "")]
    # A template injection is out of scope, and looks like a slot.
    assert odd == ["{{7*7}}"]


def test_no_phrasing_stands_under_two_keys_or_twice_under_one() -> None:
    plain = Counter(phrasing.replace(" ", "").lower() for _, phrasing in everything())
    assert [phrasing for phrasing, count in plain.items() if count > 1] == []


def test_a_phrasing_without_its_slot_still_belongs_to_one_key() -> None:
    keys: dict[str, set[str]] = {}
    for key, phrasing in everything():
        keys.setdefault(phrasing.replace("{s}", "").replace(" ", "").lower(), set()).add(key)
    assert {phrasing: owners for phrasing, owners in keys.items() if len(owners) > 1} == {}


@pytest.mark.parametrize("attribute", [a for a in ATTRIBUTE_KEYS if a not in ("smalltalk", "out_of_scope")])
def test_an_attribute_is_asked_for_in_many_ways(attribute: str) -> None:
    assert len(ATTRIBUTES[attribute]) >= 35


@pytest.mark.parametrize("command", COMMANDS)
def test_a_command_has_a_contract_attribute_and_a_dozen_wordings(command: str) -> None:
    assert COMMANDS[command]["attribute"] in ("quiz", "reminder", "contact", "smalltalk")
    assert len(phrasings_of(command)) >= 12


def test_no_stranger_names_one_of_our_subjects() -> None:
    assert [p for p in STRANGERS["near"] + STRANGERS["far"] if "เลิศรัฐ" in p or "pmqa" in p.lower()] == []
