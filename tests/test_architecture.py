"""The layout's promises: imports point one way, outside systems have one door each, modules stay short."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = ("knowledge", "intents", "bot")
MODULES = sorted(path for package in PACKAGES for path in (ROOT / package).rglob("*.py"))
LONGEST_MODULE = 400  # lines


def name_of(path: Path) -> str:
    return str(path.relative_to(ROOT))


def imported_by(path: Path) -> set[str]:
    """Top-level names of everything that a module imports, wherever in the module it does so."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names.update(alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}: relative imports hide the direction"
            names.add((node.module or "").partition(".")[0])
    return names


def importers(package: str) -> set[str]:
    return {name_of(path) for path in MODULES if package in imported_by(path)}


def test_there_is_something_to_check() -> None:
    assert {name_of(path).partition("/")[0] for path in MODULES} == set(PACKAGES)


def test_knowledge_knows_nothing_of_the_rest() -> None:
    outside = {"bot", "intents", "flask", "redis", "linebot", "pythainlp", "sqlalchemy", "dramatiq", "sklearn"}
    assert {name_of(p): imported_by(p) & outside for p in MODULES if p.is_relative_to(ROOT / "knowledge")} == {
        name_of(p): set() for p in MODULES if p.is_relative_to(ROOT / "knowledge")
    }


def test_understanding_knows_nothing_of_the_bot_or_any_server() -> None:
    outside = {"bot", "flask", "redis", "linebot", "sqlalchemy", "dramatiq"}
    found = {name_of(p): imported_by(p) & outside for p in MODULES if p.is_relative_to(ROOT / "intents")}
    assert {name: names for name, names in found.items() if names} == {}


def test_the_line_sdk_has_one_door() -> None:
    assert importers("linebot") == {"bot/line.py"}


def test_pythainlp_has_one_door() -> None:
    assert importers("pythainlp") <= {"intents/tokenize.py", "intents/normalize.py"}


@pytest.mark.parametrize("name", ["line", "bare"])
def test_the_line_of_fault_runs_and_the_bare_calls_share_nothing_with_the_program(name: str) -> None:
    assert not {"bot", "intents", "knowledge"} & imported_by(ROOT / "bot" / "fault_run" / f"{name}.py")


def test_the_stand_in_shares_nothing_with_the_program_that_it_tests() -> None:
    for path in (ROOT / "bot" / "simulator").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("bot."):
                assert node.module is not None
                assert node.module.startswith("bot.simulator"), f"{name_of(path)} imports {node.module}"


@pytest.mark.parametrize("path", MODULES, ids=name_of)
def test_a_module_is_one_idea(path: Path) -> None:
    lines = len(path.read_text(encoding="utf-8").splitlines())
    assert lines <= LONGEST_MODULE, f"{name_of(path)} has {lines} lines; split it by idea"
    assert path.stem not in {"utils", "helpers", "common", "misc"}
