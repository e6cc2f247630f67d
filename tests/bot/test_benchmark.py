"""`lertrat benchmark matching` measures and says what it measured; how fast a machine is, is no test."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from click.testing import CliRunner

from bot.cli import lertrat
from bot.dispatch import Services
from intents import fitted

HEADER = "question\tsubjects\tattribute\tstatus\n"


def test_matching_is_measured_on_a_files_questions(
    tmp_path: Path, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The fit that is made already.
    monkeypatch.setattr(fitted, "make", lambda material: services.matchers[services.knowledge.newest.year].fitted)
    file = tmp_path / "asked.tsv"
    file.write_text(HEADER + "รางวัลเลิศรัฐคืออะไร\tawards\tdefinition\tanswered\n" * 30, encoding="utf-8")
    done = CliRunner().invoke(lertrat, ["benchmark", "matching", "--file", str(file)])
    assert done.exit_code == 0, done.output
    fields = dict(re.split(r" {2,}", line, maxsplit=1) for line in done.stdout.splitlines())
    assert fields["questions"] == "30"
    assert int(fields["phrasings"]) > 1000
    units = {
        "fit": "s",
        "one more": "s",
        "median": "ms",
        "99th percentile": "ms",
        "max": "ms",
        "peak memory": "MB",
        "rapidfuzz ratio, median": "ms",
    }
    assert {name: fields[name].split()[1] for name in units} == units
    assert (
        float(fields["median"].split()[0])
        <= float(fields["99th percentile"].split()[0])
        <= float(fields["max"].split()[0])
    )
    assert float(fields["questions/s"]) > 0
    assert float(fields["ours / rapidfuzz"]) > 0


def test_a_file_without_questions_or_with_a_mistake_is_one_line(tmp_path: Path) -> None:
    for text, said in ((HEADER, "no questions"), (HEADER + "ถาม\tawards\tprice\tanswered\n", "asked.tsv:2: attribute")):
        file = tmp_path / "asked.tsv"
        file.write_text(text, encoding="utf-8")
        done = CliRunner().invoke(lertrat, ["benchmark", "matching", "--file", str(file)])
        assert done.exit_code == 1
        assert done.stderr.startswith("Error: ")
        assert said in done.stderr
        assert done.stderr.count("\n") == 1
