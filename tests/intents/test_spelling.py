"""Misspelt words are put right towards our own words, and only towards them."""

from __future__ import annotations

import pytest

from intents.matcher import Matcher
from intents.spelling import Speller
from intents.tokenize import Tokenizer

WORDS = {
    "เงื่อนไข": 90,
    "ต้อง": 80,
    "ได้": 70,
    "หน่วยงาน": 60,
    "ตัวอย่าง": 50,
    "พึงพอใจ": 40,
    "ความ": 30,
    "ข้าว": 1,
    "ผลงาน": 20,
    "บ้าง": 50,
    "governance": 3,
}


@pytest.fixture(scope="module")
def speller() -> Speller:
    return Speller(WORDS, Tokenizer(), {"ดีเอสไอ"})


def test_a_name_without_any_tone_is_no_row_of_words_without_theirs() -> None:
    speller = Speller({**WORDS, "พี่": 70}, Tokenizer(), {"พีเอ็มคิวเอ"})
    assert speller.repaired("พีเอ็มคิวเอหนวยงาน") == "พีเอ็มคิวเอหน่วยงาน"


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("เงือนไขตองไดหน่วยงาน", "เงื่อนไขตองไดหน่วยงาน"),  # one tone mark is there: short words may be meant so
        ("เงือนไขตองไดหนวยงาน", "เงื่อนไขต้องได้หน่วยงาน"),
        ("ขอเงื่นไข", "ขอเงื่อนไข"),
        ("มีตัวอย่งไหม", "มีตัวอย่างไหม"),
        ("ความพึงพใอจ", "ความพึงพอใจ"),
        ("ตัวอย่งมีหนวยงาน", "ตัวอย่างมีหน่วยงาน"),  # two slips in two words
        ("งื่อนไขผลงาน", "เงื่อนไขผลงาน"),  # the vowel before the first consonant
        ("หนวยงานครับ", "หน่วยงานครับ"),  # several short words that sound like one of ours
        ("ดีเอไสอ ได้รางวัล", "ดีเอสไอ ได้รางวัล"),
        ("ควิสต์ govenance กับ governance", "ควิสต์ governance กับ governance"),
        ("smart farmer", "smart farmer"),
        ("ผลงาน 3 กรม", "ผลงาน 3 กรม"),
        ("", ""),
    ],
)
def test_what_no_dictionary_knows_is_taken_for_our_word_that_is_one_slip_away(
    speller: Speller, typed: str, meant: str
) -> None:
    assert speller.repaired(typed) == meant


def test_a_word_that_a_dictionary_knows_stays(speller: Speller) -> None:
    assert speller.repaired("ข่าววันนี้ว่าไง") == "ข่าววันนี้ว่าไง"
    assert speller.repaired("ตองอ่อนใบใหญ่") == "ตองอ่อนใบใหญ่"


def test_only_our_words_are_repaired_to() -> None:
    assert Speller({}, Tokenizer()).repaired("ขอเงื่นไข") == "ขอเงื่นไข"


def test_a_question_is_left_as_it_was_typed_where_nothing_is_wrong(matcher: Matcher) -> None:
    question = "นวัตกรรมบริการ\nต้องใช้มาแล้วกี่ปี 😀"
    assert matcher.repaired(question) == question


@pytest.mark.parametrize("typed", ["นวัตกรรมบริการมีเงื่นไขอะไรบ้าง", "นวัตกรรมบริการ มีเงือนไขอะไรบาง"])
def test_a_misspelt_question_is_read_as_the_right_one(matcher: Matcher, typed: str) -> None:
    match = matcher.match(typed)
    assert (match.decision, match.best.subjects, match.best.attribute) == (
        "answer",
        ("service.innovation",),
        "conditions",
    )
