"""The account of a fault run: for every message that was due, what each chat got and what the rows say of the others."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Engine, select

from bot.fault_run.story import Expected
from bot.storage.tables import broadcasts, deliveries, delivery_recipients

# What a row may say of somebody who got nothing; anything else is a silent loss.
SAID = ("held", "expired", "failed", "uncertain", "cancelled")
_TITLE_WIDTH = 44


@dataclass
class Line:
    """One line of the table."""

    expected: Expected
    once: int = 0
    twice: int = 0
    said: Counter[str] = field(default_factory=Counter)
    lost: int = 0
    strangers: int = 0


@dataclass(frozen=True)
class Tally:
    """The whole table. `unexpected` are messages that were due to nobody; `untrue` rows say that nothing was sent
    though LINE delivered it; `unfinished` may still be sent."""

    lines: list[Line]
    unexpected: int
    untrue: int
    unfinished: int
    complaints: list[str]

    @property
    def is_clean(self) -> bool:
        """Nobody got anything twice or unasked, nothing was lost in silence, and no row tells an untruth."""
        wrong = sum(one.twice + one.lost + one.strangers for one in self.lines)
        return not (wrong or self.unexpected or self.untrue or self.unfinished or self.complaints)


def tally(expected: Iterable[Expected], account: Mapping[str, Any], engine: Engine, alert_chat: str) -> Tally:
    """Compare what was due with LINE's account and with the rows."""
    got: dict[str, Counter[str]] = defaultdict(Counter)
    for digest, chats in account["delivered"].items():
        for chat, number in chats.items():
            if chat != alert_chat:
                got[account["titles"][digest]][chat] += number
    rows = _rows(engine)
    lines, told = [], set()
    for one in expected:
        titles = {title for title in {*got, *rows} if one.is_told_by(title)}
        told |= titles
        received: Counter[str] = sum((got[title] for title in titles if title in got), Counter())
        states: dict[str, set[str]] = defaultdict(set)
        for title in titles:
            for chat, found in rows.get(title, {}).items():
                states[chat] |= found
        lines.append(_line(one, received, states))
    unexpected = sum(sum(found.values()) for title, found in got.items() if title not in told)
    untrue = sum(
        chat in got.get(title, ()) and not states & {"sent", "uncertain"}
        for title, kept in rows.items()
        for chat, states in kept.items()
    )
    unfinished = sum(bool(states & {"created", "paused"}) for kept in rows.values() for states in kept.values())
    return Tally(lines, unexpected, untrue, unfinished, list(account["complaints"]))


def _line(expected: Expected, counts: Counter[str], states: Mapping[str, set[str]]) -> Line:
    line = Line(expected)
    for chat in expected.chats:
        if counts[chat] == 1:
            line.once += 1
        elif counts[chat] > 1:
            line.twice += 1
        elif said := next((state for state in SAID if state in states.get(chat, ())), ""):
            line.said[said] += 1
        else:
            line.lost += 1
    line.strangers = sum(chat not in expected.chats for chat in counts)
    return line


def _rows(engine: Engine) -> dict[str, dict[str, set[str]]]:
    """By the text that people read, what the rows say of each chat."""
    found: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
    statement = (
        select(broadcasts.c.messages, deliveries.c.state, delivery_recipients.c.chats)
        .join(deliveries, deliveries.c.broadcast == broadcasts.c.id)
        .join(delivery_recipients, delivery_recipients.c.retry_key == deliveries.c.retry_key)
    )
    with engine.connect() as connection:
        for messages, state, chats in connection.execute(statement):
            title = str(messages[0].get("altText") or messages[0].get("text") or "")
            for chat in chats.split():
                found[title][chat].add(state)
    return found


def table(found: Tally) -> list[str]:
    """The table as it is printed."""
    names = ("due", "once", "twice", *SAID, "LOST")
    width = {name: max(6, len(name) + 1) for name in names}
    rows = [f"{'day':>4}  {_padded('message', _TITLE_WIDTH)}" + "".join(f"{name:>{width[name]}}" for name in names)]
    total: Counter[str] = Counter()
    for one in found.lines:
        numbers = {"due": len(one.expected.chats), "once": one.once, "twice": one.twice, **one.said, "LOST": one.lost}
        total.update(numbers)
        rows.append(_row(f"{one.expected.day:4}", one.expected.title, numbers, width))
    rows.append(_row("    ", "all", total, width))
    return rows


def _row(day: str, title: str, numbers: Mapping[str, int], width: Mapping[str, int]) -> str:
    cells = "".join(f"{numbers.get(name) or '·':>{size}}" for name, size in width.items())
    return f"{day}  {_padded(title, _TITLE_WIDTH)}{cells}"


def _padded(text: str, width: int) -> str:
    # Marks above and below a letter take no width.
    taken = sum(not 0x0E31 <= ord(c) <= 0x0E4E or c in "าำเแโใไๆๅ" for c in text)
    return text + " " * max(0, width - taken)
