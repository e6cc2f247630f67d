"""`lertrat rules`."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Sequence

import click

from bot import rulebook
from bot.content import published_documents
from bot.rulebook import Category, Chapter, Provision
from bot.settings import load_settings
from knowledge.loader import ContentError, load_knowledge
from knowledge.model import Round
from knowledge.schema_parts import FIRST_YEAR, LAST_YEAR, suggestion

_NAMES = (rulebook.RULE, rulebook.QUESTIONS, rulebook.SOURCE, rulebook.CAUTION)
_INDENT = "    "


@click.command()
@click.argument("subject", required=False)
@click.option(
    "--round",
    "year",
    type=click.IntRange(FIRST_YEAR, LAST_YEAR),
    help="The award round, in Buddhist Era (default: the newest).",
)
def command(subject: str | None, year: int | None) -> None:
    """Show the rule book: every condition with its source and questions.

    SUBJECT is one category, such as service.innovation.
    """
    try:
        knowledge = load_knowledge(published_documents(load_settings()))
    except ContentError as error:
        raise click.ClickException(str(error)) from None
    round_ = knowledge.round_for(year)
    if round_ is None:
        oldest = min(knowledge.rounds)
        raise click.BadParameter(f"no rules are known for {year}; the oldest are of {oldest}", param_hint="'--round'")
    found = rulebook.chapters(round_)
    if subject is not None:
        known = [category.key for chapter in found for category in chapter.categories]
        if subject not in known:
            raise click.BadParameter(
                f"unknown category '{subject}'; {suggestion(subject, known)}", param_hint="'SUBJECT'"
            )
    click.echo("\n".join(_shown(round_, found, subject)))


def _shown(round_: Round, found: Sequence[Chapter], subject: str | None) -> Iterator[str]:
    yield click.style(rulebook.heading(round_), bold=True)
    if rulebook.borrowed(round_):
        yield click.style(rulebook.borrowed(round_), fg="yellow")
    for chapter in found:
        wanted = [category for category in chapter.categories if subject in (None, category.key)]
        if wanted:
            yield ""
            yield click.style(f"━━ {chapter.name}", bold=True)
        for category in wanted:
            yield from _category(category)
    if subject is None:
        yield ""
        yield f"{rulebook.NOTHING_TO_CHECK}: {', '.join(rulebook.without_rules(round_))}"


def _category(category: Category) -> Iterator[str]:
    yield ""
    yield f"{click.style(category.name, fg='green', bold=True)}  {click.style(category.key, dim=True)}"
    for part in category.parts:
        if part.title:
            yield ""
            yield "  " + click.style(part.title, bold=True, underline=True)
        for provision in part.judged:
            yield from _provision(provision)
        if part.unjudged:
            yield ""
            yield "  " + click.style(rulebook.UNJUDGED, bold=True)
        for provision in part.unjudged:
            yield from _provision(provision)


def _provision(provision: Provision) -> Iterator[str]:
    advice = click.style(f"  [{rulebook.ADVICE}]", fg="yellow") if provision.advice else ""
    asked = [q.ask + (f" ({rulebook.COMBINED})" if q.combined else "") for q in provision.questions]
    lead, *rest = provision.rule or ("",)
    yield ""
    yield f"  • {click.style(provision.label, bold=True)}{advice}"
    if provision.text:
        yield _INDENT + provision.text
    yield from _named(rulebook.RULE, [lead, *(f"- {line}" for line in rest)] if lead else [], "cyan")
    yield from _named(rulebook.QUESTIONS, asked)
    yield from _named(rulebook.SOURCE, provision.sources)
    yield from _named(rulebook.CAUTION, provision.cautions, "yellow")


def _named(name: str, lines: Sequence[str], colour: str | None = None) -> Iterator[str]:
    """The lines beside their name, all beginning at the same column."""
    column = max(map(_width, _NAMES)) + 2
    for index, line in enumerate(lines):
        head = "" if index else name
        yield _INDENT + click.style(head, dim=True) + " " * (column - _width(head)) + click.style(line, fg=colour)


def _width(text: str) -> int:
    """Columns in a terminal: Thai vowels and tones above and below a letter take none."""
    return sum(unicodedata.category(character) != "Mn" for character in text)
