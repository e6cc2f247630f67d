"""The last evaluation of a file: kept whole or not at all."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.kept_runs import keep, last_run, path_for
from intents.past_run import Run, run_of
from tests.intents.judged import several


def run(*rights: bool) -> Run:
    return run_of(several(*rights), [], datetime(2025, 6, 1, tzinfo=UTC), b"questions")


def test_what_was_kept_comes_back_and_the_next_takes_its_place(tmp_path: Path) -> None:
    path = path_for(tmp_path / "var", tmp_path / "asked.tsv")
    assert last_run(path) is None
    for each in (run(True), run(True, False)):
        keep(path, each)
        assert last_run(path) == each
    assert [kept.name for kept in (tmp_path / "var" / "evaluations").iterdir()] == [path.name]


def test_files_of_one_name_in_two_places_do_not_mix(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    here, there = tmp_path / "asked.tsv", tmp_path / "there" / "asked.tsv"
    assert path_for(tmp_path, here).name.startswith("asked-")
    assert path_for(tmp_path, here) != path_for(tmp_path, there)
    monkeypatch.chdir(tmp_path)
    assert path_for(tmp_path, Path("asked.tsv")) == path_for(tmp_path, here)


def test_a_run_that_cannot_be_put_in_place_leaves_the_last_one(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = path_for(tmp_path, tmp_path / "asked.tsv")
    keep(path, run(True))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "replace", full)
    with pytest.raises(OSError, match="No space"):
        keep(path, run(False))
    assert last_run(path) == run(True)
    assert list(path.parent.iterdir()) == [path]


def test_where_there_can_be_no_folder_there_is_no_last_run(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    path = path_for(tmp_path / "var", tmp_path / "asked.tsv")
    assert last_run(path) is None
    with pytest.raises(OSError, match=r"Not a directory|File exists"):
        keep(path, run(True))


def test_something_else_in_its_place_is_an_error(tmp_path: Path) -> None:
    path = path_for(tmp_path, tmp_path / "asked.tsv")
    path.parent.mkdir()
    path.write_text("{}")
    with pytest.raises(ValueError, match="date"):
        last_run(path)
