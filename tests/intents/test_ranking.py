"""The ranker by itself, on texts that have nothing to do with awards."""

from __future__ import annotations

import numpy as np
import pytest

from intents.features import Features
from intents.ranking import Ranker
from tests.intents.spaced import SPACED

TEXTS = ("กิน ข้าว ที่ไหน", "ร้าน ข้าว อยู่ ไหน", "ฝน ตก ไหม", "วันนี้ ฝน จะ ตก ไหม", "รถเมล์ สาย อะไร", "ขึ้น รถเมล์ ยังไง")
LABELS = ("food", "food", "rain", "rain", "bus", "bus")


def fitted(texts: tuple[str, ...] = TEXTS, labels: tuple[str, ...] = LABELS) -> Ranker:
    features = Features.fit(texts, SPACED)
    return Ranker.fit(features, features.of(texts), labels)


def best(ranker: Ranker, text: str) -> str:
    return ranker.labels[int(np.argmax(ranker.read(text)[0]))]


def test_the_likeliest_label_is_found_and_all_probabilities_sum_to_one() -> None:
    ranker = fitted()
    probabilities, _ = ranker.read("พรุ่งนี้ ฝน ตก หรือเปล่า")
    assert best(ranker, "พรุ่งนี้ ฝน ตก หรือเปล่า") == "rain"
    assert set(ranker.labels) == {"food", "rain", "bus"}
    assert probabilities.sum() == pytest.approx(1.0, abs=1e-5)
    assert probabilities.min() > 0


def test_a_text_is_wholly_like_itself_and_not_at_all_like_nothing() -> None:
    _, cosines = fitted().read(TEXTS[2])
    assert int(np.argmax(cosines)) == 2
    assert cosines[2] == pytest.approx(1.0, abs=1e-5)
    assert fitted().read("zzz")[1].max() == 0.0


def test_dropped_tone_marks_take_little_away() -> None:
    _, cosines = fitted().read("ขึน รถเมล ยังไง")
    assert int(np.argmax(cosines)) == 5


def test_two_fits_read_alike() -> None:
    first, second = (fitted().read("ข้าว ร้าน ไหน") for _ in range(2))
    assert np.array_equal(first[0], second[0])
    assert np.array_equal(first[1], second[1])


def test_what_is_kept_as_arrays_reads_alike() -> None:
    ranker = fitted()
    again = Ranker.from_arrays(ranker.arrays(), SPACED)
    for text in (*TEXTS, "ข้าว ร้าน ไหน", "zzz"):
        assert np.array_equal(ranker.read(text)[0], again.read(text)[0])
    assert again.labels == ranker.labels


def test_an_added_text_and_its_near_like_get_its_label_at_once() -> None:
    ranker = fitted().updated(range(len(TEXTS)), ["รถไฟ ออก กี่โมง"], [*LABELS, "train"])
    assert best(ranker, "รถไฟ ออก กี่โมง") == "train"
    assert best(ranker, "รถไฟ จะ ออก กี่โมง") == "train"
    assert [best(ranker, text) for text in TEXTS] == list(LABELS)


def test_an_added_text_may_contradict_what_was_fitted() -> None:
    ranker = fitted().updated(range(len(TEXTS)), ["ฝน ตก ไหม คะ"], [*LABELS, "food"])
    assert best(ranker, "ฝน ตก ไหม คะ") == "food"
    assert [best(ranker, text) for text in TEXTS[:2] + TEXTS[4:]] == ["food", "food", "bus", "bus"]


def test_what_comes_or_goes_leaves_what_has_nothing_in_common_with_it_as_it_was() -> None:
    before = fitted()
    added = before.updated(range(len(TEXTS)), ["กขค งจฉ"], [*LABELS, "food"])
    removed = before.updated(range(len(TEXTS) - 1), [], LABELS[:-1])
    for text in TEXTS[:4]:
        assert np.allclose(before.read(text)[0], added.read(text)[0], atol=0.01)
    strange = "กขค งจฉ"
    assert np.allclose(before.read(strange)[0], removed.read(strange)[0], atol=0.01)


def test_a_text_that_was_taken_out_is_like_nothing_any_more() -> None:
    ranker = fitted().updated([0, 1, 4, 5], [], ["food", "food", "bus", "bus"])
    _, cosines = ranker.read(TEXTS[2])
    assert len(cosines) == 4
    assert cosines.max() < 0.5
    assert ranker.labels == ("bus", "food")


def test_a_ranker_brought_up_to_date_can_be_kept_too() -> None:
    ranker = fitted().updated([0, 2, 3], ["รถไฟ ออก กี่โมง"], ["food", "rain", "rain", "train"])
    again = Ranker.from_arrays(ranker.arrays(), SPACED)
    assert np.array_equal(ranker.read("รถไฟ กี่โมง")[0], again.read("รถไฟ กี่โมง")[0])
