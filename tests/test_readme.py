"""The README keeps to the program: its settings, its files, its commands and its pictures are those that exist."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import cast

import click
import pytest

from bot.cli import COMMANDS, lertrat
from bot.settings import Settings, settings_table

ROOT = Path(__file__).parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PNG = b"\x89PNG\r\n\x1a\n"

FILES_OF_A_MESSAGE = re.findall(
    r"`((?:bot|intents|knowledge)/[\w/.]+)`", README.partition("## Life of a message")[2].partition("\n## ")[0]
)
# Every call that is quoted: "lertrat ask --jsonl", "lertrat handovers answer 1 …".
CALLS = sorted(set(re.findall(r"(?:`|\$ |/)lertrat ([^`\n<…]+)", README)))
LINKS = sorted(set(re.findall(r"(?:\]\(|src=\")(?!https?:)([^)#\"]+)", README)))


def command_of(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and the words left for it; AssertionError when there is none."""
    command: click.Command = lertrat
    while isinstance(command, click.Group) and words and not words[0].startswith("-"):
        found = command.get_command(click.Context(command), words[0])
        assert found is not None, f"there is no `lertrat … {words[0]}`"
        command, words = found, words[1:]
    return command, words


def test_the_settings_table_is_the_programs() -> None:
    table = [line for line in README.partition("## Settings")[2].partition("\n## ")[0].splitlines() if line[:1] == "|"]
    assert table == settings_table().splitlines()


def test_the_life_of_a_message_is_told_in_numbered_steps_from_webhook_to_reply() -> None:
    life = README.partition("## Life of a message")[2].partition("\n## ")[0]
    steps = [int(number) for number in re.findall(r"^(\d+)\. ", life, re.MULTILINE)]
    assert steps == list(range(1, len(steps) + 1))
    assert FILES_OF_A_MESSAGE[0] == "bot/webhook.py"
    assert FILES_OF_A_MESSAGE.index("bot/processing.py") < FILES_OF_A_MESSAGE.index("bot/line.py")


@pytest.mark.parametrize("path", sorted(set(FILES_OF_A_MESSAGE)))
def test_every_file_of_the_life_of_a_message_exists(path: str) -> None:
    assert (ROOT / path).exists()


def test_every_handler_is_named_in_the_order_in_which_they_are_asked() -> None:
    from bot.handlers import HANDLERS

    asked = [f"{handler.__module__.replace('.', '/')}.py" for handler in HANDLERS]
    assert [path for path in FILES_OF_A_MESSAGE if path in asked] == asked


@pytest.mark.parametrize("call", CALLS)
def test_every_command_exists_with_its_options(call: str) -> None:
    command, rest = command_of(shlex.split(call))
    known = {name for parameter in command.params for name in (*parameter.opts, *parameter.secondary_opts)}
    assert {word for word in rest if word.startswith("--")} <= known | {"--help"}


def test_every_command_of_the_program_is_told_of() -> None:
    assert {call.split()[0] for call in CALLS} == set(COMMANDS)
    for name in ("handovers", "knowledge", "rich-menu"):
        group = cast(click.Group, command_of([name])[0])
        assert {f"{name} {part}" for part in group.list_commands(click.Context(group))} <= {
            " ".join(call.split()[:2]) for call in CALLS
        }


@pytest.mark.parametrize("link", LINKS)
def test_every_link_leads_somewhere(link: str) -> None:
    target = ROOT / link
    assert target.exists()
    if target.suffix == ".png":
        assert target.read_bytes()[:8] == PNG


def test_a_picture_stands_before_the_first_heading() -> None:
    opening = README.partition("\n## ")[0]
    assert opening.index("docs/images/") < opening.index("make run") < opening.index("make test")


def test_the_example_environment_names_settings_only() -> None:
    lines = (ROOT / ".env.example").read_text(encoding="utf-8").splitlines()
    examples = dict(line.split("=", 1) for line in lines if line and not line.startswith("#"))
    defaults = {name.upper(): str(field.default) for name, field in Settings.model_fields.items()}
    assert {name: defaults.get(name) for name in examples} == examples
