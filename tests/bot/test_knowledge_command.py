"""`lertrat knowledge import|export|diff|history`: content goes in checked, comes out byte for byte, and is compared."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from sqlalchemy import Engine

from bot.cli import lertrat
from bot.settings import Settings, SettingsError
from bot.storage import revisions
from bot.storage.database import make_engine, migrate
from tests.bot.published_content import CONDITION, INTEGRATION, own_documents, publish, with_months

Lertrat = Callable[..., Result]

BORROWED = "phrases.yaml: not in {}, so the program's own is taken\n"


@pytest.fixture
def database(database_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """DATABASE_URL names an empty database of each kind."""
    monkeypatch.setenv("DATABASE_URL", database_url)
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    return database_url


@pytest.fixture
def knowledge(database: str) -> Lertrat:
    return run


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(lertrat, ["knowledge", *map(str, arguments)])


@pytest.fixture
def content(tmp_path: Path) -> Path:
    """A directory with the program's own content."""
    return written(tmp_path / "content", own_documents())


def written(directory: Path, documents: dict[str, str]) -> Path:
    for path, text in documents.items():
        (directory / path).parent.mkdir(parents=True, exist_ok=True)
        (directory / path).write_bytes(text.encode())
    return directory


def files(directory: Path) -> dict[str, bytes]:
    return {p.relative_to(directory).as_posix(): p.read_bytes() for p in directory.rglob("*") if p.is_file()}


def newest(database: str) -> int | None:
    engine = make_engine(database)
    with engine.connect() as connection:
        found = revisions.newest_id(connection)
    engine.dispose()
    return found


def edit(content: Path, path: str, old: str, new: str) -> None:
    text = (content / path).read_text(encoding="utf-8")
    assert old in text
    (content / path).write_text(text.replace(old, new, 1), encoding="utf-8")


def test_an_import_says_what_changed_and_the_revisions_number(knowledge: Lertrat, content: Path) -> None:
    first = knowledge("import", content, "--note", "แรก")
    assert (first.exit_code, first.output) == (
        0,
        "revision 1: published, compared with the program's own content (nothing is published): no difference\n",
    )
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 18}")
    edit(content, "phrases.yaml", '    - "{s}คืออะไร"\n', '    - "{s}คืออิหยัง"\n')
    second = knowledge("import", content, "--note", "18 เดือน\x1b[31m")
    assert second.exit_code == 0
    assert second.output.splitlines() == [
        INTEGRATION,
        f"  ~ {CONDITION}",
        '      - rule: {"fact": "months_in_use", "at_least": 12}',
        '      + rule: {"fact": "months_in_use", "at_least": 18}',
        "phrases.yaml",
        "  ~ attributes.definition",
        "      - {s}คืออะไร",
        "      + {s}คืออิหยัง",
        "revision 2: published, compared with revision 1: 2 changed",
    ]
    listed = knowledge("history").output.splitlines()
    assert [line.split()[0] for line in listed] == ["2", "1"]
    assert listed[0].endswith("18 เดือน [31m")
    assert listed[1].endswith("แรก")


def test_what_is_published_already_is_not_published_again(knowledge: Lertrat, content: Path, database: str) -> None:
    knowledge("import", content)
    again = knowledge("import", content)
    assert (again.exit_code, again.output) == (0, "revision 1 holds just this; nothing to publish\n")
    assert newest(database) == 1


def test_with_any_mistake_each_is_a_line_and_nothing_is_published(
    knowledge: Lertrat, content: Path, database: str
) -> None:
    knowledge("import", content)
    edit(content, INTEGRATION, "\nname:", "\nnmae:")
    edit(content, "phrases.yaml", "attribute: smalltalk", "attribute: chatter")
    (content / "2568" / "best.yaml").write_bytes(b"\xff")
    (content / "phrase.yaml").write_bytes(b"a: 1")
    done = knowledge("import", content)
    assert done.exit_code == 1
    lines = done.stdout.splitlines()
    for beginning in (
        "2568/best.yaml: whole file: line 1 is not UTF-8 → ",
        f"{INTEGRATION}: nmae: unknown key 'nmae' → did you mean 'name'?",
        "phrases.yaml: commands.",
        "phrase.yaml: whole file: is no place for a content file → ",
    ):
        assert any(line.startswith(beginning) for line in lines), beginning
    assert done.stderr == f"{len(lines)} problem(s) found, nothing is published\n"
    assert newest(database) == 1


def test_a_directory_without_phrases_takes_the_programs_own_and_says_so(
    knowledge: Lertrat, content: Path, tmp_path: Path
) -> None:
    own = (content / "phrases.yaml").read_bytes()
    edit(content, "phrases.yaml", '    - "{s}คืออะไร"\n', '    - "{s}คืออิหยัง"\n')
    knowledge("import", content)
    (content / "phrases.yaml").unlink()
    done = knowledge("import", content)
    assert done.stderr == BORROWED.format(content)
    assert "      - {s}คืออิหยัง\n" in done.stdout
    knowledge("export", tmp_path / "out")
    assert (tmp_path / "out" / "phrases.yaml").read_bytes() == own


def test_files_of_an_older_revision_do_not_overwrite_what_was_published_since(
    knowledge: Lertrat, content: Path, database: str
) -> None:
    knowledge("import", content)
    engine = make_engine(database)
    publish(engine, with_months(18))
    engine.dispose()
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 24}")
    refused = knowledge("import", content, "--based-on", "1")
    assert refused.exit_code == 1
    assert refused.stderr.startswith("Error: revision 2 was published by ก, but this is based on revision 1; ")
    assert newest(database) == 2
    assert knowledge("import", content, "--based-on", "2").exit_code == 0
    assert newest(database) == 3


def test_an_export_is_what_was_imported_byte_for_byte(knowledge: Lertrat, content: Path, tmp_path: Path) -> None:
    text = (content / INTEGRATION).read_text(encoding="utf-8")
    (content / INTEGRATION).write_bytes(("\ufeff# ข้อสังเกต\n" + text).replace("\n", "\r\n").encode())
    assert knowledge("import", content).exit_code == 0
    out = tmp_path / "out" / "deep"
    done = knowledge("export", out)
    assert (done.exit_code, done.output) == (0, f"revision 1: {len(files(content))} files are in {out}\n")
    assert files(out) == files(content)


def test_an_older_revision_can_be_exported(knowledge: Lertrat, content: Path, tmp_path: Path) -> None:
    before = files(content)
    knowledge("import", content)
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 18}")
    knowledge("import", content)
    knowledge("export", tmp_path / "out", "--revision", "1")
    assert files(tmp_path / "out") == before
    missing = knowledge("export", tmp_path / "none", "--revision", "3")
    assert (missing.exit_code, missing.stderr) == (
        1,
        "Error: there is no revision 3; see `lertrat knowledge history`\n",
    )
    assert not (tmp_path / "none").exists()


def test_an_export_writes_over_nothing_unless_it_is_told_to(knowledge: Lertrat, content: Path, tmp_path: Path) -> None:
    knowledge("import", content)
    out = tmp_path / "out"
    (out / "2567").mkdir(parents=True)
    (out / "phrases.yaml").write_bytes(b"mine")
    (out / "2567" / "round.yaml").write_bytes(b"mine")
    refused = knowledge("export", out)
    assert refused.exit_code == 2
    assert "is not empty" in refused.stderr
    assert (out / "phrases.yaml").read_bytes() == b"mine"
    done = knowledge("export", out, "--force")
    assert done.exit_code == 0
    assert done.stderr == "2567/round.yaml: was there before and is not of revision 1; take it away before you import\n"
    assert files(out) == files(content) | {"2567/round.yaml": b"mine"}


def test_a_document_that_would_leave_the_directory_is_not_written(
    knowledge: Lertrat, database: str, tmp_path: Path
) -> None:
    migrate(database)
    engine = make_engine(database)
    publish(engine, {"2568/best.yaml": "a: 1", "../../evil.yaml": "a: 1"})
    engine.dispose()
    done = knowledge("export", tmp_path / "a" / "b")
    assert done.exit_code == 1
    assert "'../../evil.yaml', where none may stand" in done.stderr
    assert not list(tmp_path.rglob("*.yaml"))


@pytest.mark.parametrize("command", ["export", "diff", "history"])
def test_reading_commands_never_migrate(knowledge: Lertrat, tmp_path: Path, database: str, command: str) -> None:
    engine = make_engine(database)
    engine.connect().close()
    engine.dispose()
    done = knowledge(command, *([tmp_path / "out"] if command == "export" else []))
    assert isinstance(done.exception, SettingsError)
    assert str(done.exception) == "DATABASE_URL: the database has no table of revisions; run `lertrat migrate`"


def test_a_difference_is_told_and_is_a_finding(knowledge: Lertrat, content: Path) -> None:
    knowledge("import", content)
    same = knowledge("diff")
    assert (same.exit_code, same.output) == (
        0,
        "from revision 1 to the program's own content:\nno difference\n",
    )
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 18}")
    (content / "phrases.yaml").unlink()
    found = knowledge("diff", content)
    assert found.exit_code == 1
    assert found.stderr == BORROWED.format(content)
    assert found.stdout.splitlines() == [
        f"from revision 1 to {content}:",
        INTEGRATION,
        f"  ~ {CONDITION}",
        '      - rule: {"fact": "months_in_use", "at_least": 12}',
        '      + rule: {"fact": "months_in_use", "at_least": 18}',
        "1 changed",
    ]


def test_two_revisions_are_compared_by_their_numbers(knowledge: Lertrat, content: Path) -> None:
    knowledge("import", content)
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 18}")
    knowledge("import", content)
    back = knowledge("diff", "--from", "2", "--to", "1")
    assert back.exit_code == 1
    assert back.stdout.startswith("from revision 2 to revision 1:\n")
    assert '      + rule: {"fact": "months_in_use", "at_least": 12}\n' in back.stdout
    assert knowledge("diff", "--from", "1").exit_code == 0
    assert knowledge("diff", "--to", "9").exit_code == 1
    assert knowledge("diff", content, "--to", "1").exit_code == 2


def test_before_the_first_the_programs_own_content_stands_for_what_is_published(
    knowledge: Lertrat, database: str, content: Path, tmp_path: Path
) -> None:
    migrate(database)
    assert knowledge("history").output == "nothing is published; the program's own content answers\n"
    assert knowledge("diff", content).exit_code == 0
    assert knowledge("export", tmp_path / "out").exit_code == 0
    assert files(tmp_path / "out") == files(content)


def test_with_nothing_configured_it_is_the_database_of_lertrat_run(
    content: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VAR_DIR", str(tmp_path / "var"))
    assert run("history").output == "nothing is published; the program's own content answers\n"
    assert run("diff", content).exit_code == 0
    assert not (tmp_path / "var").exists()
    assert run("import", content).exit_code == 0
    assert newest(Settings(var_dir=tmp_path / "var").database) == 1


def test_a_database_that_is_away_is_one_line(content: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing")
    for arguments in (("import", content), ("history",), ("diff",)):
        done = run(*arguments)
        assert isinstance(done.exception, SettingsError)
        assert str(done.exception).startswith("DATABASE_URL: the database cannot be reached (")


@pytest.mark.parametrize("months", [12, 18])
def test_every_command_that_answers_goes_by_what_is_published(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch, months: int
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    publish(engine, with_months(months))
    asked = json.dumps({"facts": {"focus": ["service"], "months_in_use": 15}})
    judged = CliRunner().invoke(lertrat, ["check-eligibility", "--jsonl"], input=asked)
    conditions = json.loads(judged.stdout)["verdicts"]["service.integration"]["conditions"]
    [verdict] = [condition["verdict"] for condition in conditions if condition["id"] == CONDITION]
    assert verdict == ("pass" if months == 12 else "fail")
    shown = CliRunner().invoke(lertrat, ["rules", "service.integration"]).output
    assert ("1 ปี 6 เดือน" in shown) == (months == 18)


def test_the_facts_are_those_that_are_published(
    engine: Engine, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", database_url)
    documents = own_documents()
    facts = documents["2568/facts.yaml"]
    label = json.loads(CliRunner().invoke(lertrat, ["facts", "--json"]).stdout)["agency_count"]["label"]
    publish(engine, documents | {"2568/facts.yaml": facts.replace(f"label: {label}", "label: กี่แห่ง")})
    shown = json.loads(CliRunner().invoke(lertrat, ["facts", "--json"]).stdout)
    assert shown["agency_count"]["label"] == "กี่แห่ง"


@pytest.mark.parametrize("command", [["check-eligibility", "--jsonl"], ["rules"], ["facts"], ["ask", "ถาม"]])
def test_no_command_answers_from_the_programs_own_content_while_the_named_database_is_away(
    tmp_path: Path, command: list[str]
) -> None:
    environment = os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path}/gone/lertrat.db"}
    done = subprocess.run(
        [sys.executable, "-m", "bot.cli", *command], env=environment, input="", capture_output=True, text=True
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("lertrat: DATABASE_URL: the database cannot be reached (")
    assert done.stderr.count("\n") == 1
    assert list(tmp_path.iterdir()) == []


def test_checking_and_comparing_is_done_in_a_moment(content: Path, tmp_path: Path) -> None:
    # Measured 0.4 s of processor; whoever publishes waits for it.
    began = time.process_time()
    edit(content, INTEGRATION, "at_least: 12}", "at_least: 18}")
    assert run("diff", content).exit_code == 1
    assert run("check", content).exit_code == 0
    assert time.process_time() - began < 5
