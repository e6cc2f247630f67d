"""`lertrat facts`."""

from __future__ import annotations

import json
from typing import Any

import click

from bot.content import published_documents
from bot.settings import load_settings
from knowledge.facts import Fact
from knowledge.loader import ContentError, load_knowledge
from knowledge.model import Round


@click.command()
@click.option("--json", "as_json", is_flag=True, help="One JSON object, for programs.")
def command(as_json: bool) -> None:
    """List every Fact that rules look at: its type, unit, choices, parent and question."""
    try:
        round_ = load_knowledge(published_documents(load_settings())).newest
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    facts = {name: _described(round_, fact) for name, fact in round_.facts.items()}
    if as_json:
        click.echo(json.dumps(facts, ensure_ascii=False, indent=1))
        return
    for name, described in facts.items():
        parts = [described["type"], described["unit"], described["parent"] and f"under {described['parent']}"]
        click.echo(f"{name}: {', '.join(part for part in parts if part)}")
        click.echo(f"    {described['question']}")
        for choice in described["choices"]:
            click.echo(f"    - {choice['value']}: {choice['label']}")


def _described(round_: Round, fact: Fact) -> dict[str, Any]:
    question = round_.question_for(fact.name)
    return {
        "type": fact.type,
        "unit": fact.unit,
        "choices": [{"value": choice.value, "label": choice.label} for choice in fact.choices],
        "parent": fact.parent,
        "question": question.ask if question else "",
        "label": fact.label,
        "least": fact.least,
        "most": fact.most,
    }
