"""A fit that is kept in a file: the same readings as a new one, and never more than a cost in time."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intents import fitted as module
from intents.fitted import fitted
from intents.phrasebook import Phrasing
from intents.ranking import Features, Ranker

ROWS = [
    Phrasing("ต้องทำมาแล้วกี่ปี", "conditions:duration", "a.duration"),
    Phrasing("ใช้งานมากี่ปี", "conditions"),
    Phrasing("มีเงื่อนไขอะไรบ้าง", "conditions"),
    Phrasing("xsubjectx คืออะไร", "definition", "a.definition"),
    Phrasing("คืออะไร", "definition"),
    Phrasing("ลดเหลือกี่ขั้นตอน", "examples", "a.work", "a.work.steps"),
    Phrasing("ราคาทอง", "out_of_scope"),
]
FEATURES = Features([row.text for row in ROWS], str.split)


class Fits:
    """How often a ranker was made anew."""

    def __init__(self) -> None:
        self.count = 0

    def made(self, *arguments: object) -> Ranker:
        self.count += 1
        return Ranker(*arguments)  # type: ignore[arg-type]

    of = staticmethod(Ranker.of)


@pytest.fixture
def fits(monkeypatch: pytest.MonkeyPatch) -> Fits:
    counted = Fits()
    made: Callable[..., Ranker] = lambda *arguments: counted.made(*arguments)  # noqa: E731
    made.of = Ranker.of  # type: ignore[attr-defined]
    monkeypatch.setattr(module, "Ranker", made)
    return counted


def kept_in(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_what_was_kept_is_read_back_as_it_was_made(tmp_path: Path, fits: Fits) -> None:
    rows, ranker = fitted(ROWS, FEATURES, tmp_path / "fitted")
    again, read = fitted(ROWS, FEATURES, tmp_path / "fitted")
    assert fits.count == 1
    assert again == rows
    assert read.labels == ranker.labels
    assert np.array_equal(read.coefficients, ranker.coefficients)
    assert rows != ROWS  # topics were shared out, so that they are kept too


@pytest.mark.parametrize("size", [0, 1, 100, -1])
def test_a_file_that_was_cut_short_is_made_again(tmp_path: Path, fits: Fits, size: int) -> None:
    rows, ranker = fitted(ROWS, FEATURES, tmp_path)
    (file,) = kept_in(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    again, made = fitted(ROWS, FEATURES, tmp_path)
    assert fits.count == 2
    assert again == rows
    assert np.array_equal(made.coefficients, ranker.coefficients)
    fitted(ROWS, FEATURES, tmp_path)
    assert fits.count == 2


def test_a_spoilt_byte_is_found(tmp_path: Path, fits: Fits) -> None:
    fitted(ROWS, FEATURES, tmp_path)
    (file,) = kept_in(tmp_path)
    spoilt = bytearray(file.read_bytes())
    spoilt[len(spoilt) // 2] ^= 0xFF
    file.write_bytes(spoilt)
    _, ranker = fitted(ROWS, FEATURES, tmp_path)
    assert np.array_equal(
        ranker.coefficients, Ranker(FEATURES.rows, [r.label for r in fitted(ROWS, FEATURES, None)[0]]).coefficients
    )


@pytest.mark.parametrize(
    "change", [{"text": "ต้องทำมานานแค่ไหน"}, {"label": "conditions"}, {"entry": "b.duration"}, {"figure": "a.figure"}]
)
def test_other_texts_are_fitted_anew_and_the_old_file_goes(tmp_path: Path, fits: Fits, change: dict[str, str]) -> None:
    fitted(ROWS, FEATURES, tmp_path)
    before = kept_in(tmp_path)
    others = [replace(ROWS[0], **change), *ROWS[1:]]
    fitted(others, Features([row.text for row in others], str.split), tmp_path)
    assert fits.count == 2
    assert len(kept_in(tmp_path)) == 1
    assert kept_in(tmp_path) != before


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path, fits: Fits) -> None:
    (tmp_path / "file").write_text("not a folder")
    for _ in range(2):
        rows, _ = fitted(ROWS, FEATURES, tmp_path / "file" / "fitted")
        assert rows == fitted(ROWS, FEATURES, None)[0]
    assert fits.count == 4
    assert (tmp_path / "file").read_text() == "not a folder"


def test_without_a_folder_nothing_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fits: Fits) -> None:
    monkeypatch.chdir(tmp_path)
    fitted(ROWS, FEATURES, None)
    fitted(ROWS, FEATURES, None)
    assert fits.count == 2
    assert kept_in(tmp_path) == []
