"""Segmentation with the domain's words."""

from __future__ import annotations

import pytest

from intents.tokenize import Tokenizer


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("วันไหนคะ", ["วัน", "ไหน", "คะ"]),
        ("ส่งผลงานเลิศรัฐ", ["ส่ง", "ผลงาน", "เลิศรัฐ"]),
        ("ก.พ.ร.", ["ก.พ.ร."]),
        ("pmqa 4.0?", ["pmqa", "4.0"]),
        ("  ", []),
        ("", []),
    ],
)
def test_words_are_parted_as_the_domain_means_them(tokenizer: Tokenizer, text: str, words: list[str]) -> None:
    assert tokenizer.words(text) == tuple(words)


def test_a_word_that_is_added_stays_whole(tokenizer: Tokenizer) -> None:
    made_up = "ทดลองขาดตัวชี้"
    assert made_up not in tokenizer.words(f"บริการ{made_up}")
    assert Tokenizer([made_up]).words(f"บริการ{made_up}") == ("บริการ", made_up)


def test_coverage_tells_thai_from_noise(tokenizer: Tokenizer) -> None:
    assert tokenizer.coverage("อยากรู้เงื่อนไข") == 1.0
    assert tokenizer.coverage("ฟหกดฌฆฤ") < 0.5
    assert tokenizer.coverage("") == 0.0
