"""`lertrat ask`: the assistant on the command line."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterable
from typing import Any

import click

from bot.assistant import Session, load_services
from bot.flex import plain
from bot.now import make_now
from bot.settings import load_settings
from knowledge.loader import ContentError


@click.command()
@click.argument("question", required=False)
@click.option("--jsonl", is_flag=True, help="One JSON object a line on stdin, one out for each.")
@click.option("--round", "year", type=int, default=None, help="The award round, in Buddhist Era (default: the newest).")
def command(question: str | None, jsonl: bool, year: int | None) -> None:
    """Answer QUESTION, or with --jsonl every {"question", "conversation"?, "round"?} on stdin.

    The same answers as on LINE, without network, Redis or database; conversations live as long as the process.
    """
    if jsonl == (question is not None):
        raise click.UsageError("give a QUESTION, or --jsonl and questions on stdin")
    try:
        session = Session(load_services(make_now(load_settings())))
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    if question is not None:
        click.echo(plain(session.ask(question, year=year).answers))
        return
    raise click.exceptions.Exit(0 if _stream(session, sys.stdin.buffer, year) else 1)


def _stream(session: Session, lines: Iterable[bytes], default_year: int | None) -> bool:
    """Answer each line in order; whether all of them were good."""
    good = True
    for line in lines:
        if not line.strip():
            continue
        try:
            question, conversation, year = _parsed(line)
            result: dict[str, Any] = session.ask(question, conversation, year or default_year).as_json()
        except ValueError as error:
            result, good = {"error": str(error)}, False
        # Half a surrogate pair, which JSON can name, is no text that can be written.
        sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return good


def _parsed(line: bytes) -> tuple[str, str | None, int | None]:
    """The question, conversation and round of one line. Raises ValueError saying what is wrong."""
    try:
        item = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not a JSON object in UTF-8: {error}") from None
    if not isinstance(item, dict) or not isinstance(item.get("question"), str):
        raise ValueError('a line is an object with "question" as a string')
    conversation, year = item.get("conversation"), item.get("round")
    if conversation is not None and not isinstance(conversation, str | int):
        raise ValueError('"conversation" is a string')
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or not 2500 <= year <= 2700):
        raise ValueError('"round" is a year in Buddhist Era, such as 2568')
    return item["question"], None if conversation is None else str(conversation), year
