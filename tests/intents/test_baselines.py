"""The plain methods: each finds what it can find, and no more."""

from __future__ import annotations

import pytest

from intents.baselines import BASELINES

TEXTS = ("กินข้าวที่ไหน", "ร้านข้าวอยู่ไหน", "ฝนตกไหม", "วันนี้ฝนจะตกไหม", "รถเมล์สายอะไร", "ขึ้นรถเมล์ยังไง")
LABELS = ("food", "food", "rain", "rain", "bus", "bus")


def test_they_come_from_the_plainest_on() -> None:
    assert list(BASELINES) == ["keywords", "rapidfuzz", "linear"]


@pytest.mark.parametrize("name", BASELINES)
def test_each_knows_what_it_was_given(name: str) -> None:
    predict = BASELINES[name](TEXTS, LABELS)
    assert [predict(text) for text in TEXTS] == list(LABELS)


def test_keywords_answer_the_stored_text_only() -> None:
    predict = BASELINES["keywords"](["ฝนตกไหม", "ฝนตกไหม"], ["rain", "bus"])
    assert predict("ฝนตกไหม") == "rain"
    assert [predict(text) for text in ("ฝนตกไหม ", "ฝนตกไหมคะ", "ฝนตก", "")] == [None] * 4


@pytest.mark.parametrize("name", ["rapidfuzz", "linear"])
def test_the_others_answer_what_is_near(name: str) -> None:
    predict = BASELINES[name](TEXTS, LABELS)
    assert predict("พรุ่งนี้ฝนตกไหมคะ") == "rain"
    assert predict("ขึ้นรถเมล์สายไหน") == "bus"
    assert predict("") in LABELS


def test_the_nearest_text_decides_by_its_letters_whatever_it_means() -> None:
    predict = BASELINES["rapidfuzz"](["ข้าวสวย", "ฝนตกหนักมากไหมวันนี้"], ["food", "rain"])
    assert predict("คนสวย") == "food"


def test_a_linear_model_needs_two_labels() -> None:
    with pytest.raises(ValueError, match="at least 2 classes"):
        BASELINES["linear"](["ฝนตก", "ฝนจะตก"], ["rain", "rain"])
