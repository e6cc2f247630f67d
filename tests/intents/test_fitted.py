"""Fits that are made, kept in a file, read back and brought up to date; a spoilt file is never more than a cost in time."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from intents import fitted as module
from intents.fitted import Fitted, Material, keep, kept, kept_like, make, obtain, obtain_soon, update
from intents.phrasebook import Phrasing
from tests.intents.spaced import SPACED

ROWS = (
    Phrasing("ต้อง ทำ มา แล้ว กี่ปี", "conditions:duration", "a.duration"),
    Phrasing("ต้อง ใช้ มา แล้ว กี่ปี", "conditions"),
    Phrasing("มี เงื่อนไข อะไรบ้าง", "conditions"),
    Phrasing("xsubjectx คืออะไร", "definition", "a.definition"),
    Phrasing("คืออะไร", "definition"),
    Phrasing("ลด เหลือ กี่ขั้นตอน", "examples", "a.work", "a.work.steps"),
    Phrasing("ราคา ทอง", "out_of_scope"),
)
QUESTIONS = ("ใช้ มา กี่ปี", "คืออะไร", "ลด กี่ขั้นตอน", "ทอง", "อะไรบ้าง", "zzz")


def material(rows: Sequence[Phrasing] = ROWS, names: tuple[str, ...] = ()) -> Material:
    return Material(tuple(rows), str, SPACED, names, {})


def same(one: Fitted, other: Fitted) -> bool:
    reads = [(one.corpus.read(q), other.corpus.read(q)) for q in QUESTIONS]
    return all(a.attributes == b.attributes and a.likeness == b.likeness for a, b in reads)


def files(folder: Path) -> list[Path]:
    return sorted(folder.glob("*"))


def test_topics_are_shared_out_and_what_any_subject_could_be_asked_teaches_no_entry() -> None:
    rows = make(material()).corpus.rows
    assert [row.label for row in rows if row.text == "ต้อง ใช้ มา แล้ว กี่ปี"] == ["conditions:duration"]
    assert [row.entry for row in rows if row.label == "definition"] == [None]


def test_a_fit_is_the_same_each_time() -> None:
    assert same(make(material()), make(material()))


def test_what_was_kept_is_read_back_as_it_was_made(tmp_path: Path) -> None:
    made = make(material())
    keep(made, material(), tmp_path / "new" / "fitted")
    read = kept(material(), [tmp_path, tmp_path / "new" / "fitted"])
    assert read is not None
    assert (read.phrasings, read.corpus.rows, read.places) == (made.phrasings, made.corpus.rows, made.places)
    assert read.whole
    assert same(made, read)


@pytest.mark.parametrize(
    "other",
    [
        material([replace(ROWS[0], text="ต้อง ทำ มา นาน แค่ไหน"), *ROWS[1:]]),
        material([replace(ROWS[0], label="conditions"), *ROWS[1:]]),
        material([replace(ROWS[0], entry="b.duration"), *ROWS[1:]]),
        material([replace(ROWS[0], figure="a.figure"), *ROWS[1:]]),
        material(names=("a name more",)),
    ],
)
def test_the_fit_of_anything_else_is_not_taken_for_it(tmp_path: Path, other: Material) -> None:
    keep(make(material()), material(), tmp_path)
    assert kept(other, [tmp_path]) is None
    assert kept_like(other, [tmp_path]) is not None


def test_the_fit_of_another_program_is_not_taken(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    keep(make(material()), material(), tmp_path)
    monkeypatch.setattr(module, "_program", lambda: "another")
    assert kept(material(), [tmp_path]) is None
    assert kept_like(material(), [tmp_path]) is None


@pytest.mark.parametrize("size", [0, 1, 100, 3000, -1])
def test_a_file_that_was_cut_short_is_made_again(tmp_path: Path, size: int) -> None:
    made = obtain(material(), [tmp_path], tmp_path)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    file.write_bytes(whole[:size])
    assert kept(material(), [tmp_path]) is None
    assert same(obtain(material(), [tmp_path], tmp_path), made)
    assert file.read_bytes() == whole


def test_a_spoilt_byte_is_found(tmp_path: Path) -> None:
    made = obtain(material(), [tmp_path], tmp_path)
    (file,) = files(tmp_path)
    whole = file.read_bytes()
    for place in range(200, len(whole) - 200, len(whole) // 20):
        file.write_bytes(whole[:place] + bytes([whole[place] ^ 0xFF]) + whole[place + 1 :])
        read = kept(material(), [tmp_path])
        assert read is None or same(read, made), place


def test_a_folder_that_cannot_be_made_costs_only_time(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("not a folder")
    assert same(obtain(material(), [tmp_path / "file" / "fitted"], tmp_path / "file" / "fitted"), make(material()))
    assert (tmp_path / "file").read_text() == "not a folder"
    with pytest.raises(OSError, match="file"):
        keep(make(material()), material(), tmp_path / "file" / "fitted")


def test_a_disk_that_is_full_leaves_nothing_behind(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(file: object, **arrays: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(np, "savez", full)
    with pytest.raises(OSError, match="No space"):
        keep(make(material()), material(), tmp_path)
    assert files(tmp_path) == []


def test_only_the_newest_fits_stay(tmp_path: Path) -> None:
    made = make(material())
    for number in range(9):
        keep(made, material(names=(str(number),)), tmp_path)
    assert len(files(tmp_path)) == 6
    assert kept(material(names=("8",)), [tmp_path]) is not None


def test_an_update_takes_in_what_came_and_leaves_out_what_went() -> None:
    before = make(material())
    now = material(
        [*ROWS[:-1], Phrasing("จอดรถ ได้ ตรงไหน", "contact", "a.parking"), Phrasing("ต้อง ใช้ แล้ว กี่ปี", "conditions")]
    )
    after = update(before, now)
    assert not after.whole
    assert after.phrasings == now.phrasings
    assert "ราคา ทอง" not in [row.text for row in after.corpus.rows]
    assert after.corpus.read("จอดรถ ตรงไหน").likeness["a.parking"] > 0.6
    assert max(after.corpus.read("จอดรถ ตรงไหน").attributes.items(), key=lambda item: item[1])[0] == "contact"
    # A wording that came is given the topic of what is near to it, as in a whole fit.
    assert [row.label for row in after.corpus.rows if row.text == "ต้อง ใช้ แล้ว กี่ปี"] == ["conditions:duration"]
    assert [now.phrasings[place].text for place in after.places] == [row.text for row in after.corpus.rows]


def test_updates_can_follow_one_another_and_end_where_they_began() -> None:
    before = make(material())
    more = update(before, material([*ROWS, Phrasing("จอดรถ ได้ ตรงไหน", "contact")]))
    back = update(more, material())
    assert back.corpus.rows == before.corpus.rows
    for question in QUESTIONS:
        one, other = before.corpus.read(question), back.corpus.read(question)
        assert one.likeness == pytest.approx(other.likeness, abs=1e-5)
        assert one.attributes == pytest.approx({k: other.attributes[k] for k in one.attributes}, abs=0.05)


def test_whoever_has_no_whole_fit_gets_an_updated_one(tmp_path: Path) -> None:
    now = material([*ROWS, Phrasing("จอดรถ ได้ ตรงไหน", "contact")])
    keep(make(material()), material(), tmp_path)
    assert not obtain_soon(now, [tmp_path]).whole
    assert not obtain_soon(now, [], None, make(material())).whole
    assert obtain(now, [tmp_path]).whole
    assert obtain_soon(now).whole  # nothing to bring up to date
    keep(make(now), now, tmp_path)
    assert obtain_soon(now, [tmp_path], None, make(material())).whole


def test_what_changed_no_phrasing_keeps_the_fit_that_there_is(tmp_path: Path) -> None:
    made = make(material())
    assert obtain_soon(material(), [tmp_path], None, made) is made
    now = material([*ROWS, Phrasing("จอดรถ ได้ ตรงไหน", "contact")])
    updated = obtain_soon(now, [tmp_path], None, made)
    assert obtain_soon(now, [tmp_path], None, updated) is updated
    keep(make(now), now, tmp_path)
    assert obtain_soon(now, [tmp_path], None, updated).whole, "the whole one is there meanwhile"


def test_a_kept_fit_of_other_phrasings_is_known_as_such(tmp_path: Path) -> None:
    keep(make(material()), material(), tmp_path)
    now = material([*ROWS, Phrasing("จอดรถ ได้ ตรงไหน", "contact")])
    like = module.kept_like(now, [tmp_path])
    assert like is not None
    assert like.digest == material().digest
    assert not obtain_soon(now, [], None, like).whole
