"""The phrasings that train the matcher: well formed, broad enough, and none under two keys."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml

from intents.entities import Strangers
from intents.normalize import clean, plain
from intents.phrasebook import prepare
from knowledge.model import ATTRIBUTE_KEYS

PHRASES = yaml.safe_load((Path(__file__).parents[2] / "intents" / "phrases.yaml").read_text(encoding="utf-8"))
ATTRIBUTES: dict[str, list[str]] = PHRASES["attributes"]
COMMANDS: dict[str, dict[str, object]] = PHRASES["commands"]
STRANGERS: dict[str, list[str]] = PHRASES["out_of_scope"]
CONTENT = Path(__file__).parents[2] / "knowledge" / "content"
# The matcher's fit is cubic in the number of training texts.
MOST_PHRASINGS = 7_600


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


def texts_in(value: object) -> Iterator[str]:
    if isinstance(value, dict):
        yield from (text for part in value.values() for text in texts_in(part))
    elif isinstance(value, list):
        yield from (text for part in value for text in texts_in(part))
    elif isinstance(value, str):
        yield value


def test_a_strangers_name_can_be_found_in_a_question_that_ends_with_it() -> None:
    strangers = Strangers(STRANGERS["names"])
    assert [name for name in STRANGERS["names"] if not strangers.spans(plain(clean(f"อยากถามเรื่อง {name}")))] == []


def test_no_strangers_name_stands_in_what_we_hold_or_are_asked() -> None:
    strangers = Strangers(STRANGERS["names"])
    ours = [phrasing for key, phrasing in everything() if key not in STRANGERS]
    held = [t for file in CONTENT.rglob("*.yaml") for t in texts_in(yaml.safe_load(file.read_text(encoding="utf-8")))]
    assert [text for text in (*ours, *held) if strangers.spans(prepare(text))] == []


def test_no_strangers_name_begins_inside_an_everyday_word() -> None:
    strangers = Strangers(STRANGERS["names"])
    everyday = ["5สาขา", "5 สาขา", "ส่ง 5สาขา", "ช่องทางรัฐ", "hand", "capital", "ก.พ.ร.", "สมศักดิ์", "อสรพิษ", "หมอก"]
    assert [word for word in everyday if strangers.spans(word)] == []


def test_the_phrasings_stay_few_enough_to_fit() -> None:
    assert len(everything()) <= MOST_PHRASINGS
