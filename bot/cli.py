"""`lertrat`: the command line. Each group of commands is a module of bot/commands, loaded only when it is called.

Exit status: 0 done, 1 a finding or a failure, 2 wrong usage or setting. A mistake is one line on stderr.
"""

from __future__ import annotations

import os
import sys
from importlib import import_module
from importlib.util import find_spec

import click

from bot.logs import configure_logs
from bot.settings import SettingsError

# Name → what it does. The module bot/commands/<name, dashes as underscores>.py holds the click command `command`.
COMMANDS = {
    "run": "Start everything on this machine; Ctrl-C ends it.",
    "ask": "Answer a question, or a stream of them (--jsonl).",
    "check-eligibility": "Say what the rules make of the facts of a work (--jsonl).",
    "facts": "List every fact that the rules look at.",
    "rules": "Show the rule book: every condition with its source and questions.",
    "evaluate": "Measure the answers against a file of labelled questions.",
    "learn": "Learn what decides between readings from labelled questions.",
    "teach": "Say which labelled questions to take into phrases.yaml.",
    "fit": "Fit the content and keep the fit, so that starts are quick.",
    "benchmark": "Measure how fast questions are understood, and reminders sent.",
    "fault-run": "Kill processes and break LINE while reminders are sent, and count who got what.",
    "knowledge": "Check, publish and compare the knowledge files.",
    "broadcast": "Write to many: draft, test, schedule, send, stop, report.",
    "reminders": "Say who would get which reminder, when, and what it costs.",
    "handovers": "See, answer and close the requests for a person.",
    "admin": "Open and repair the console's accounts.",
    "rich-menu": "Put up, check and take down the menu under every chat.",
    "settings": "Print every setting with its default and meaning.",
    "migrate": "Bring the database up to date.",
    "web": "Start the web process (needs REDIS_URL and the LINE secrets).",
    "worker": "Start the worker process (needs REDIS_URL and the LINE secrets).",
    "clock": "Start the clock process (needs REDIS_URL).",
}


# One question's numbers are few: several threads at them only wait for each other, and for the other questions'. numpy reads the
# setting when it is imported.
_OF_MANY_THREADS = ("fit", "benchmark")


class _Commands(click.Group):
    """Loads a command's module when it is called, so that `knowledge check` does not wait for scikit-learn."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The commands whose module is there, in the order of COMMANDS."""
        return [name for name in COMMANDS if find_spec(_module(name)) is not None]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """One command, or None when there is no such command."""
        if cmd_name not in COMMANDS or find_spec(_module(cmd_name)) is None:
            return None
        if cmd_name not in _OF_MANY_THREADS:
            os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
        command: click.Command = import_module(_module(cmd_name)).command
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """The list in the help, without loading anything."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


def _module(name: str) -> str:
    return f"bot.commands.{name.replace('-', '_')}"


@click.command(cls=_Commands, context_settings={"help_option_names": ["-h", "--help"]})
def lertrat() -> None:
    """The เลิศรัฐ assistant: answers questions about the Public Sector Excellence Awards on LINE."""
    # Before any setting is read: stdout belongs to what a command prints.
    configure_logs()


def main() -> None:
    """Entry point: run a command; a wrong setting is one line and status 2."""
    # What the program keeps is about people: only its own user may read it.
    os.umask(0o077)
    try:
        lertrat(prog_name="lertrat")
    except SettingsError as error:
        click.echo(f"lertrat: {error}", err=True)
        sys.exit(2)


if __name__ == "__main__":
    main()
