"""`lertrat ask`: the assistant on the command line."""

from __future__ import annotations

import sys
from functools import partial
from typing import Any

import click

from bot.assistant import Session, load_services
from bot.content import published_documents
from bot.explaining import explained
from bot.flex import plain
from bot.jsonl import stream, year_of
from bot.memory import settle
from bot.now import make_now
from bot.settings import load_settings
from knowledge.loader import ContentError


@click.command()
@click.argument("question", required=False)
@click.option("--jsonl", is_flag=True, help="One JSON object a line on stdin, one out for each.")
@click.option("--explain", is_flag=True, help="Show every step of understanding with its scores, then the answer.")
@click.option("--round", "year", type=int, default=None, help="The award round, in Buddhist Era (default: the newest).")
def command(question: str | None, jsonl: bool, explain: bool, year: int | None) -> None:
    """Answer QUESTION, or with --jsonl every {"question", "conversation"?, "round"?} on stdin.

    The same answers as on LINE, without network or Redis; conversations live as long as the process. What it knows is the
    published revision where DATABASE_URL is set, else the program's own content.
    """
    if jsonl == (question is not None):
        raise click.UsageError("give a QUESTION, or --jsonl and questions on stdin")
    if jsonl and explain:
        raise click.UsageError("--explain is for one QUESTION")
    try:
        settings = load_settings()
        documents = published_documents(settings)
        services = load_services(
            make_now(settings), quiz_hours=settings.quiz_hours, documents=documents, public_url=settings.public_url
        )
        session = Session(services)
        settle()  # as the worker does
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    if question is not None:
        asked = session.ask(question, year=year)
        click.echo(explained(session, asked) if explain else plain(asked.answers))
        return
    good = stream(sys.stdin.buffer, partial(answered, session, default_year=year))
    raise click.exceptions.Exit(0 if good else 1)


def answered(session: Session, item: dict[str, Any], default_year: int | None = None) -> dict[str, Any]:
    """The object that one line of --jsonl gives. ValueError where the line is not as it should be."""
    question, conversation, year = _parsed(item)
    return session.ask(question, conversation, year or default_year).as_json()


def _parsed(item: dict[str, Any]) -> tuple[str, str | None, int | None]:
    """The question, conversation and round of one line. Raises ValueError saying what is wrong."""
    if not isinstance(item.get("question"), str):
        raise ValueError('a line is an object with "question" as a string')
    conversation = item.get("conversation")
    if conversation is not None and not isinstance(conversation, str | int):
        raise ValueError('"conversation" is a string')
    return item["question"], None if conversation is None else str(conversation), year_of(item)
