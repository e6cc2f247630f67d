"""The ranker by itself, on texts that have nothing to do with awards."""

from __future__ import annotations

import numpy as np
import pytest

from intents.ranking import Features, Ranker

TEXTS = ("กินข้าวที่ไหน", "ร้านข้าวอยู่ไหน", "ฝนตกไหม", "วันนี้ฝนจะตกไหม", "รถเมล์สายอะไร", "ขึ้นรถเมล์ยังไง")
LABELS = ("food", "food", "rain", "rain", "bus", "bus")


def test_the_likeliest_label_comes_first_and_all_sum_to_one() -> None:
    features = Features(TEXTS, str.split)
    ranking = Ranker(features.rows, LABELS).rank(features.of(["พรุ่งนี้ฝนตกหรือเปล่า"]))
    assert ranking.labels[0] == "rain"
    assert set(ranking.labels) == {"food", "rain", "bus"}
    assert sum(ranking.probabilities) == pytest.approx(1.0)
    assert list(ranking.probabilities) == sorted(ranking.probabilities, reverse=True)


def test_a_text_is_wholly_like_itself_and_not_at_all_like_nothing() -> None:
    features = Features(TEXTS, str.split)
    cosines = features.likeness(features.of([TEXTS[2]]))
    assert int(np.argmax(cosines)) == 2
    assert cosines[2] == pytest.approx(1.0, abs=1e-5)
    assert features.likeness(features.of(["zzz"])).max() == 0.0


def test_two_fits_rank_alike() -> None:
    features = [Features(TEXTS, str.split) for _ in range(2)]
    first, second = (Ranker(f.rows, LABELS).rank(f.of(["ข้าวร้านไหน"])) for f in features)
    assert first == second
