"""`lertrat teach`: prints what labelled questions have to teach, as lines of phrases.yaml."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml
from click.testing import CliRunner

from bot.cli import lertrat
from bot.commands import teach as command
from bot.dispatch import Services
from intents.fitted import Material
from intents.lessons import Lesson

HEADER = "question\tsubjects\tattribute\tstatus\tsource_lines\tcontains\tconversation"


@pytest.fixture(autouse=True)
def quick(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    """What all phrasings say of a lesson takes a whole fit, and is tested with few of them in tests/intents."""

    def kept(lessons: Iterable[Lesson], _: Material) -> Iterator[Lesson]:
        return (replace(lesson, probability=0.5) for lesson in lessons if "ไม่เอา" not in lesson.text)

    monkeypatch.setattr(command, "spoken_for", kept)
    monkeypatch.setattr(command, "load_services", lambda: services)


def test_lessons_are_printed_as_they_go_into_phrases(tmp_path: Path) -> None:
    file = tmp_path / "new.tsv"
    rows = (
        'ฟิ้วฟ้าวเงื่อน "ยำ" พิกล\tawards\tscoring\tanswered\t\t\t',
        "ไม่เอาวุ้นเส้นฟิ้วฟ้าว\tawards\tscoring\tanswered\t\t\t",
        "เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง\tservice.innovation\tconditions\tanswered\t\t\t",
    )
    file.write_text("\n".join((HEADER, *rows, "")), encoding="utf-8")
    done = CliRunner().invoke(lertrat, ["teach", str(file)])
    assert done.exit_code == 0, done.output
    assert yaml.safe_load(done.stdout) == {"scoring": ['ฟิ้วฟ้าวเงื่อน "ยำ" พิกล']}
    assert "# new.tsv:2 0.50" in done.stdout
    assert done.stderr.strip() == "2 misread by their words alone, 1 of them to teach"


def test_a_file_that_cannot_be_read_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "new.tsv"
    file.write_text("question\tsubjects\n", encoding="utf-8")
    done = CliRunner().invoke(lertrat, ["teach", str(file)])
    assert done.exit_code == 1
    assert done.stderr == "Error: new.tsv: the header lacks attribute, status\n"
