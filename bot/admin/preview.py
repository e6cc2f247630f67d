"""An Entry as its card would look on LINE, made the way that the assistant makes it, of keys that nobody has saved yet."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from knowledge.model import Entry, Knowledge, Round

Keys = Mapping[str, Any]
SHOWN = ("texts", "conditions", "examples", "figures", "gaps", "milestones")
"""The sections whose Entries are answers."""


class CannotShow(Exception):
    """The keys do not make an Entry yet; `problems` are knowledge.loader.Problem."""

    def __init__(self, problems: tuple[Any, ...] = ()) -> None:
        super().__init__("no entry yet")
        self.problems = problems


def messages(
    knowledge: Knowledge, path: str, section: str, keys: Keys, example: Keys | None = None
) -> list[dict[str, Any]]:
    """LINE's messages for the Entry. `example` has the keys of the work that a figure belongs to. CannotShow."""
    from bot.answers import Composer
    from bot.flex import render
    from intents.match import Reading
    from knowledge.templates import TemplateError, applied_to

    folder, _, file = path.rpartition("/")
    subject = file.removesuffix(".yaml")
    round_ = knowledge.rounds.get(int(folder)) if folder.isdigit() else None
    if round_ is None or section not in SHOWN or subject not in round_.subjects:
        raise CannotShow
    figure = str(keys.get("id")) if section == "figures" else None
    whole = {**(example or {}), "figures": [dict(keys)]} if figure else dict(keys)
    entry = _entry(round_, subject, "examples" if figure else section, whole)
    template = round_.template or round_
    others = tuple(other for other in template.entries if other.id != entry.id)
    try:
        applied = applied_to(replace(template, entries=(*others, entry)), round_.asked)
    except TemplateError as error:
        raise CannotShow((error,)) from None
    reading = Reading((subject,), entry.attribute, 1.0, topic=entry.topic, entry=entry.id, figure=figure)
    composer = Composer(applied)
    shown = next(one for one in applied.entries if one.id == entry.id)
    answer = composer.of_reading(reading) if figure else composer.framed(composer.entry(shown), reading)
    return [dict(message) for message in render([answer])]


def _entry(round_: Round, subject: str, section: str, keys: Keys) -> Entry:
    """The Entry that the keys make, its limits still to be filled in."""
    from pydantic import ValidationError

    from knowledge.assembly import entries_of
    from knowledge.rule_schema import RuleError
    from knowledge.schema import SubjectFile

    try:
        # Shown however it is published, so that it can be looked at before.
        file = SubjectFile.model_validate(
            {"subject": subject, "name": "-", "label": "-", section: [{**keys, "published": True}]}
        )
        return next(iter(entries_of(file, round_.facts)))
    except (ValidationError, RuleError, ValueError) as error:
        raise CannotShow((error,)) from None
