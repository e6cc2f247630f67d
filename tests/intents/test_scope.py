"""Whether a question that names nothing of ours is about the awards."""

from __future__ import annotations

from dataclasses import replace

import pytest

from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, Phrasing
from intents.scope import KnownWords, ScopeSigns

MIDDLING = ScopeSigns(0.5, 0.5, 0.5, 0.5, 0, 0.0)


@pytest.mark.parametrize(
    ("stranger", "ours"),
    [
        (replace(MIDDLING, stranger_probability=1.0), replace(MIDDLING, stranger_probability=0.0)),
        (replace(MIDDLING, likeness_to_ours=0.0), replace(MIDDLING, likeness_to_ours=1.0)),
        (replace(MIDDLING, likeness_to_strangers=1.0), replace(MIDDLING, likeness_to_strangers=0.0)),
        (replace(MIDDLING, known_words=0.0), replace(MIDDLING, known_words=1.0)),
        (replace(MIDDLING, cues=0), replace(MIDDLING, cues=2)),
    ],
)
def test_each_sign_speaks_in_its_direction(stranger: ScopeSigns, ours: ScopeSigns) -> None:
    assert 0 <= ours.strangeness() < stranger.strangeness() <= 1


def test_known_words_weigh_by_rarity_and_strangers_teach_none() -> None:
    rows = [
        Phrasing("เงื่อนไข อะไร", "conditions"),
        Phrasing("ตัวอย่าง อะไร", "examples"),
        Phrasing("วัน ไหน", "deadline"),
        Phrasing("เดือน ไหน", "deadline"),
        Phrasing("ราคา ทอง", OUT_OF_SCOPE),
    ]
    known = KnownWords(rows, str.split)
    assert known.share("เงื่อนไข อะไร") == 1.0
    assert known.share("ราคา ทอง") == 0.0
    assert 0 < known.share("อะไร ทอง") < known.share("เงื่อนไข ทอง") < 1
    assert known.share("") == known.share(SUBJECT_MARK) == 1.0
