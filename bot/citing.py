"""Where an answer's facts come from, and what to be careful about, in words for staff."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

from bot import wording
from bot.turn import Answer
from knowledge.model import Certainty, Condition, Entry, Figure, Round

# More addresses than this push the answer itself off a phone's screen.
_MOST_ADDRESSES = 3


def cited(answer: Answer, round_: Round, entries: Sequence[Entry | Figure]) -> Answer:
    """`answer` with the sources and cautions of the content that it was made from."""
    return replace(answer, sources=sources(round_, entries), notes=(*answer.notes, *cautions(entries)))


def sources(round_: Round, entries: Iterable[Entry | Figure]) -> tuple[str, ...]:
    """The slides' lines as one source, then each public address once."""
    lines: dict[str, None] = {}
    urls: dict[str, None] = {}
    for entry in entries:
        if entry.source.lines:
            lines |= dict.fromkeys(part.strip() for part in entry.source.lines.split(";"))
        urls |= dict.fromkeys(entry.source.urls)
    shown = [wording.slides(round_.slides, sorted(lines, key=_first_line))] if lines else []
    first, *more = urls or ("",)
    if first:
        shown += [wording.public_page(first), *more[: _MOST_ADDRESSES - 1]]
    if len(urls) > _MOST_ADDRESSES:
        shown.append(wording.more_pages(len(urls) - _MOST_ADDRESSES))
    return tuple(shown)


def _first_line(lines: str) -> tuple[int, ...]:
    return tuple(int(number) for number in lines.split("-"))


def cautions(entries: Iterable[Entry | Figure]) -> tuple[str, ...]:
    """The cautions of what is not certain, each once; where several conditions are told, each names its own."""
    told = list(entries)
    several = sum(isinstance(entry, Condition) for entry in told) > 1
    shown = []
    for entry in told:
        if entry.certainty is not Certainty.CERTAIN and entry.caution:
            about = f"{entry.label}: " if several and isinstance(entry, Condition) else ""
            shown.append(about + entry.caution)
    return tuple(dict.fromkeys(shown))
