"""What the assistant answered, as evaluation judges it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from intents.evaluation import Outcome

if TYPE_CHECKING:
    from bot.assistant import Asked
    from intents.match import Match, Reading

_READINGS = 3
_WORTH_TELLING = 0.01


def outcome(asked: Asked) -> Outcome:
    """The labels of the first answer, the text of all, and what the question was understood to mean."""
    shown = asked.as_json()
    first = asked.answers[0] if asked.answers else None
    return Outcome(
        first.subjects if first else (),
        str(shown["attribute"]),
        str(shown["status"]),
        str(shown["text"]),
        first.confidence if first else 1.0,
        understood(asked.match) if asked.match else "",
    )


def understood(match: Match) -> str:
    """Two lines: the text as it was read with the names found in it, and the first readings with what was decided."""
    text = match.normalized
    names = [
        f"{text[m.start : m.end]} = {'|'.join(m.name.subjects)}" + ("" if m.score == 1 else f" ({m.score:.2f})")
        for m in match.understanding.names
    ]
    why = match.ambiguity or match.reason
    likely = [r for r in match.readings[:_READINGS] if r is match.best or r.confidence >= _WORTH_TELLING]
    readings = ", ".join(_reading(reading) for reading in likely)
    return (
        f"read “{text}”, names: {', '.join(names) or 'none'}\n"
        f"by {match.finding.by}: {readings} → {match.decision}{f' ({why})' if why else ''}"
    )


def _reading(reading: Reading) -> str:
    attribute = f"{reading.attribute}:{reading.topic}" if reading.topic else reading.attribute
    return f"{'|'.join(reading.subjects) or '–'} {attribute} {reading.confidence:.2f}"
