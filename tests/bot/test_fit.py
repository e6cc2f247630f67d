"""The whole fit, made by `lertrat fit` and by a worker aside."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner

from bot.assistant import load_services
from bot.cli import lertrat
from bot.content import as_documents, own_files
from bot.dispatch import Services
from bot.fitting import fit_aside
from intents.fitted import is_kept
from tests.bot.eventually import eventually


def documents() -> dict[str, str]:
    """The program's own content, small enough to be fitted in a moment."""
    found = as_documents(own_files())
    lines = found["phrases.yaml"].splitlines(keepends=True)
    kept, taken = [], 0
    for line in lines:
        taken = taken + 1 if line.startswith("    - ") or line.startswith("      - ") else 0
        if taken <= 12:
            kept.append(line)
    found["phrases.yaml"] = "".join(kept)
    return found


def test_a_fit_is_made_aside_and_taken_from_its_folder(tmp_path: Path) -> None:
    content = documents()
    assert fit_aside(content, tmp_path)
    services = load_services(documents=content, kept=[tmp_path / "fitted"], soon=True)
    assert all(matcher.fitted.whole for matcher in services.matchers.values())
    assert all(is_kept(matcher.material, tmp_path / "fitted") for matcher in services.matchers.values())


def test_what_cannot_be_fitted_is_said_and_changes_nothing(tmp_path: Path) -> None:
    assert not fit_aside({"2568/round.yaml": "year: x"}, tmp_path)
    assert list((tmp_path / "fitted").glob("*.npz")) == []


@pytest.mark.parametrize("given", ["", "[]", json.dumps({"a": 1}), json.dumps({"phrases.yaml": "x: ["})])
def test_what_is_no_content_is_one_clear_error(tmp_path: Path, given: str) -> None:
    done = CliRunner().invoke(lertrat, ["fit", "--stdin"], input=given, env={"VAR_DIR": str(tmp_path)})
    assert done.exit_code == 1
    assert done.stderr.startswith("Error: ")


def test_a_folder_that_cannot_be_written_is_said(tmp_path: Path, services: Services) -> None:
    (tmp_path / "file").write_text("no folder")
    done = CliRunner().invoke(lertrat, ["fit"], env={"VAR_DIR": str(tmp_path / "file")})
    assert done.exit_code == 1
    assert "check VAR_DIR" in done.stderr


def test_a_phrasing_that_is_added_works_at_once_with_its_near_likes(services: Services) -> None:
    content = as_documents(own_files())
    content["phrases.yaml"] = content["phrases.yaml"].replace(
        "  contact:\n", "  contact:\n    - วันรับรางวัลจอดรถตรงไหนได้บ้างคะ\n", 1
    )
    before = services.matchers[2568].match("วันรับรางวัลจอดรถตรงไหนได้บ้างคะ")
    updated = load_services(documents=content, kept=(), soon=True, before=services)
    matcher = updated.matchers[2568]
    assert not matcher.fitted.whole
    for question in ("วันรับรางวัลจอดรถตรงไหนได้บ้างคะ", "วันรับรางวัลจอดรถตรงไหนได้", "จอดรถตรงไหนวันรับรางวัล"):
        assert matcher.match(question).best.attribute == "contact", question
    assert before.best.attribute != "contact"
    # … and nothing else changes.
    for question in ("รางวัลเลิศรัฐคืออะไร", "บูรณาการข้อมูลต้องมีกี่หน่วยงาน", "ราคาทองวันนี้"):
        one, other = services.matchers[2568].match(question), matcher.match(question)
        assert (one.decision, one.best.subjects, one.best.attribute) == (
            other.decision,
            other.best.subjects,
            other.best.attribute,
        )


def test_a_fit_ends_with_the_worker_that_wanted_it(tmp_path: Path) -> None:
    wanted = f"from pathlib import Path; from bot.fitting import fit_aside; fit_aside(None, Path({str(tmp_path)!r}))"
    with subprocess.Popen([sys.executable, "-c", wanted]) as worker:
        fits: list[psutil.Process] = []

        def is_fitting() -> bool:
            fits[:] = [one for one in psutil.Process(worker.pid).children() if "-I" not in one.cmdline()]
            return bool(fits) and "--stdin" in fits[0].cmdline()

        eventually(is_fitting, 60)
        worker.kill()
    eventually(lambda: not fits[0].is_running() or fits[0].status() == psutil.STATUS_ZOMBIE, 30)
    assert not [*tmp_path.rglob("*.npz")]
