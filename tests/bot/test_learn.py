"""`lertrat learn`: it needs enough questions of each kind, and writes only what it has learnt."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import lertrat
from bot.commands import learn as command
from bot.dispatch import Services
from intents.learnt import learnt, read_learnt

HEADER = "question\tsubjects\tattribute\tstatus\n"
RIGHT = ("รางวัลเลิศรัฐคืออะไร", "เลิศรัฐคือรางวัลอะไร", "รางวัลเลิศรัฐมีกี่ประเภท", "เลิศรัฐแบ่งเป็นกี่ประเภท")
WRONG = ("ปิดรับวันไหน", "ขอแบบฟอร์ม", "สมัครยังไง", "คะแนนเต็มเท่าไหร่")
STRANGE = ("ราคาทองวันนี้", "พรุ่งนี้ฝนตกไหม", "สั่งพิซซ่าหน่อย", "เขียนโค้ดให้หน่อย")


@pytest.fixture
def compiled(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """The command's own copies of the matchers that are compiled already."""
    own = {year: matcher.with_numbers(learnt()) for year, matcher in services.matchers.items()}
    monkeypatch.setattr(command, "load_services", lambda: replace(services, matchers=own))


def write(path: Path, rows: list[str]) -> Path:
    path.write_text(HEADER + "".join(f"{row}\n" for row in rows), encoding="utf-8")
    return path


@pytest.mark.usefixtures("compiled")
def test_too_few_questions_say_so_and_write_nothing(tmp_path: Path) -> None:
    file = write(tmp_path / "few.tsv", ["ราคาทองวันนี้\t\tout_of_scope\tout_of_scope"])
    done = CliRunner().invoke(lertrat, ["learn", str(file), "--to", str(tmp_path / "learnt.json")])
    assert done.exit_code == 1
    assert "there must be 10 of each kind" in done.stderr
    assert not (tmp_path / "learnt.json").exists()


@pytest.mark.usefixtures("compiled")
def test_numbers_are_learnt_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "search", lambda numbers, quality, rounds: iter(()))
    rows = [f"{question}\tawards\tdefinition\tanswered" for question in (*RIGHT, *WRONG)]
    rows += [f"{question}\t\tout_of_scope\tout_of_scope" for question in STRANGE]
    file = write(tmp_path / "asked.tsv", rows)
    done = CliRunner().invoke(lertrat, ["learn", str(file), "--to", str(tmp_path / "learnt.json")])
    assert done.exit_code == 0, done.output
    kept = read_learnt(tmp_path / "learnt.json")
    assert kept.strangeness.weights["stranger_probability"] > 0
    assert kept.certainty != learnt().certainty
    assert kept.entry_from == learnt().entry_from
