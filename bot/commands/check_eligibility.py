"""`lertrat check-eligibility`."""

from __future__ import annotations

import sys
from typing import Any

import click

from bot.content import published_documents
from bot.jsonl import stream, year_of
from bot.settings import load_settings
from bot.verdicts import stated
from knowledge.eligibility import verdicts
from knowledge.facts import checked
from knowledge.loader import ContentError, load_knowledge
from knowledge.model import Knowledge


@click.command()
@click.option("--jsonl", is_flag=True, required=True, help="One JSON object a line on stdin, one out for each.")
def command(jsonl: bool) -> None:
    """Say what the rules make of every {"round"?, "facts": {…}} on stdin.

    Gives {"verdicts": {subject: {"verdict": "pass"|"fail"|"unknown", "conditions": [{"id", "verdict", "text"}]}}}.
    `lertrat facts` lists the facts; one that is absent or null is unsure, and unsure never rejects.
    """
    try:
        knowledge = load_knowledge(published_documents(load_settings()))
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    good = stream(sys.stdin.buffer, lambda item: _judged(knowledge, item))
    raise click.exceptions.Exit(0 if good else 1)


def _judged(knowledge: Knowledge, item: dict[str, Any]) -> dict[str, Any]:
    year = year_of(item)
    round_ = knowledge.round_for(year)
    if round_ is None:
        raise ValueError(f"no rules are known for the round {year}; the oldest is {min(knowledge.rounds)}")
    found = verdicts(round_, checked(round_.facts, item.get("facts")))
    return {
        "round": round_.asked,
        "verdicts": {
            subject: {
                "verdict": verdict.outcome.value,
                "conditions": [
                    {"id": c.entry.id, "verdict": c.outcome.value, "text": stated(c)} for c in verdict.checked
                ],
            }
            for subject, verdict in found.items()
        },
    }
