"""Noise made on purpose: each kind does what it says, nothing else, and the same on every machine."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pythainlp.util import thai_to_eng
from rapidfuzz.distance import OSA

from intents.evaluation import read_labelled
from intents.noise import KINDS, noisy
from intents.normalize import clean, plain, repair_layout
from intents.tokenize import Tokenizer

QUESTION = "หน่วยงานเราสมัครรางวัล ปี 2568 ได้ไหม"
# Questions of staff, as they were written for tuning.
QUESTIONS = [row.question for row in read_labelled(Path(__file__).parents[1] / "questions" / "tune.tsv")]
TEXT = st.text(alphabet=st.sampled_from([*map(chr, range(0x0E01, 0x0E5C)), *"aZ059 .,:-/?!\n🙏"]))
SEED = st.one_of(st.integers(), st.text(max_size=5))


def made(text: str, kind: str, seeds: int = 300) -> set[str]:
    """Everything that the first seeds make of a text."""
    return {noisy(text, kind, seed) for seed in range(seeds)}


@pytest.mark.parametrize(
    ("kind", "typed"),
    [
        ("typo", "หน่วยงานเราสัมครรางวัล ปี 2568 ได้ไหม"),
        ("tones", "หนวยงานเราสมัครรางวัล ปี 2568 ไดไหม"),
        ("layout", "soj;p'kogikl,y8iik';y] xu 2568 wfhws,"),
        ("spaces", "หน่วยงานเราสมัครรางวัลปี2568ได้ไหม"),
        ("slang", "หน่วยงารเราสมัครางวัล์ ปี 2568 ได้มัย"),
        ("elongation", "หน่วยงานเราสมัครรางวัลลลล ปี 2568 ได้ไหม"),
        ("digits", "หน่วยงานเราสมัครรางวัล ปี ๒๕๖๘ ได้ไหม"),
        ("particles", "พอดีว่า หน่วยงานเราสมัครรางวัล ปี 2568 ได้ไหม จ้ะ"),
    ],
)
def test_a_text_a_kind_and_a_seed_always_give_the_same(kind: str, typed: str) -> None:
    assert noisy(QUESTION, kind, 1) == noisy(QUESTION, kind, 1) == typed


def test_another_seed_gives_another_slip_and_a_seed_may_be_a_word() -> None:
    assert len(made(QUESTION, "typo", 50)) > 40
    assert noisy(QUESTION, "typo", "train") != noisy(QUESTION, "typo", "test")
    assert noisy(QUESTION, "typo", "1") == noisy(QUESTION, "typo", 1)


def test_another_kind_is_refused_with_the_kinds_that_there_are() -> None:
    with pytest.raises(ValueError, match=r"'caps' is no kind of noise; these are: typo, tones, layout"):
        noisy(QUESTION, "caps", 1)


@pytest.mark.parametrize("kind", KINDS)
def test_where_a_kind_finds_nothing_to_change_the_text_comes_back(kind: str) -> None:
    for text in ("", " ", "12 30", "🙏 2,500.75", "²"):
        if kind not in ("particles", "digits", "spaces"):
            assert noisy(text, kind, 1) == text
    assert noisy("", kind, 1) == ""


# What each kind needs to find in a question before it can change it.
@pytest.mark.parametrize(
    ("kind", "needs", "share"),
    [
        ("typo", r".", 0.99),
        ("tones", r"[่้๊๋]", 1.0),
        ("layout", r"^[^A-Za-z]*[ก-๎][^A-Za-z]*$", 1.0),
        ("spaces", r"\S \D", 1.0),
        ("slang", r".", 0.6),
        ("elongation", r"[ก-๋]$", 0.99),
        ("digits", r"[0-9]", 1.0),
        ("particles", r".", 1.0),
    ],
)
def test_every_kind_changes_real_questions(kind: str, needs: str, share: float) -> None:
    able = [question for question in QUESTIONS if re.search(needs, question)]
    changed = sum(noisy(question, kind, 1) != question for question in able)
    assert len(able) > 50
    assert changed / len(able) >= share


@given(TEXT, SEED)
def test_no_kind_but_digits_touches_a_number(text: str, seed: int | str) -> None:
    numbers = re.findall(r"\d+", text)
    for kind in ("typo", "tones", "spaces", "slang", "elongation"):
        assert re.findall(r"\d+", noisy(text, kind, seed)) == numbers, kind
    assert [int(number) for number in re.findall(r"\d+", noisy(text, "digits", seed))] == [int(n) for n in numbers]


@given(TEXT, SEED)
def test_there_is_a_slip_for_about_twelve_characters(text: str, seed: int | str) -> None:
    assert OSA.distance(text, noisy(text, "typo", seed)) <= max(1, round(len(text) / 12))


def test_a_slip_is_a_key_beside_or_a_letter_lost_doubled_or_swapped() -> None:
    # By hand from a picture of the keyboard: the keys around ก and around g, and the same key with shift.
    beside = {"ำ", "พ", "ห", "ด", "ป", "แ", "ฏ"}
    assert made("ก", "typo") == {*beside, "กก"}
    assert made("g", "typo") == {"f", "h", "t", "y", "v", "b", "G", "gg"}
    assert made("ก็", "typo") >= {*(f"{key}็" for key in beside), "กก็", "็", "็ก", "ก็็", "ก"}


def test_numbers_with_their_separators_are_no_place_for_a_slip() -> None:
    for text in ("ผ่าน 4.0 ใน 2,500 แห่ง", "ปี 2567 2568 ก"):
        kept = re.findall(r"[\d.,]*\d", text)
        assert all(re.findall(r"[\d.,]*\d", typed) == kept for typed in made(text, "typo"))


def test_only_tone_marks_are_dropped() -> None:
    assert noisy("เก็บเกณฑ์ ไม้โท ป๊ะ ป๋า", "tones", 1) == "เก็บเกณฑ์ ไมโท ปะ ปา"


@given(
    st.text(alphabet=st.sampled_from("".join(map(chr, [*range(0x0E01, 0x0E3B), *range(0x0E40, 0x0E4E)]))), min_size=1)
)
def test_the_layout_is_that_of_pythainlp_and_the_one_key_that_it_lacks(text: str) -> None:
    assert noisy(text, "layout", 1) == thai_to_eng(text).replace("ๅ", "1")


def test_a_text_with_latin_letters_was_not_typed_on_the_wrong_keyboard() -> None:
    assert noisy("PMQA คืออะไร", "layout", 1) == "PMQA คืออะไร"


def test_a_left_keyboard_is_what_the_clean_up_repairs(tokenizer: Tokenizer) -> None:
    able = [question for question in QUESTIONS if re.fullmatch(r"[ก-๎ ]{6,}", question)]
    repaired = sum(repair_layout(noisy(question, "layout", 1), tokenizer.coverage) == question for question in able)
    assert len(able) > 300
    assert repaired / len(able) > 0.99


@pytest.mark.parametrize(
    ("text", "typed"),
    [("เปิด รับ สมัคร", "เปิดรับสมัคร"), ("ปี 2567 2568 หรือ  2569", "ปี2567 2568หรือ2569"), ("1  2", "1 2")],
)
def test_no_space_is_left_but_between_numbers(text: str, typed: str) -> None:
    assert noisy(text, "spaces", 1) == typed


def test_common_words_get_the_spellings_of_chats() -> None:
    assert made("ได้ไหม", "slang") == {"ได้มั้ย", "ได้ป่าว", "ได้มัย", "ได้ไม๊", "ได้ป่ะ"}
    assert {"รางวันอะรัย", "รางวันไร"} <= made("รางวัลอะไร", "slang")
    assert made("ไฟไหม้", "slang") == {"ไฟไหม้"}
    assert made("หรือเปล่า", "slang") == {"รึป่าว", "รึเปล่า", "หรือป่าว", "ป่าว"}


def test_a_last_letter_is_held_three_to_six_times() -> None:
    assert made("ดีค่ะ", "elongation") == {"ดีค่" + "ะ" * times for times in (3, 4, 5, 6)}
    assert {"ขอบคุณณณ มากค่ะ", "ขอบคุณ มากกกค่ะ", "ขอบคุณ มากค่ะะะ"} <= made("ขอบคุณ มากค่ะ", "elongation")
    assert made("ไปเว็บไซต์", "elongation") == {"ไปเว็บไซต์"}


@given(st.sampled_from(QUESTIONS), st.integers(0, 1000))
def test_particles_stand_before_and_after_and_the_question_stays_whole(question: str, seed: int) -> None:
    typed = noisy(question, "particles", seed)
    assert question.rstrip(" ?!.") in typed
    assert len(typed) > len(question)


def test_who_has_spoken_politely_speaks_on_as_the_same_person() -> None:
    assert all("ครับ" not in typed and typed.endswith("ไหมคะ") for typed in made("ได้ไหมคะ", "particles"))
    assert all("ค่ะ" not in typed and typed.endswith("ไหมครับ?") for typed in made("ได้ไหมครับ?", "particles"))


def test_the_clean_up_undoes_digits_and_elongation() -> None:
    for question in QUESTIONS:
        assert clean(noisy(question, "digits", 1)) == clean(question)
    held = [plain(clean(noisy(question, "elongation", 1))) == plain(clean(question)) for question in QUESTIONS]
    assert sum(held) / len(held) > 0.9
