"""Everything found in one question by itself: the value between finding and deciding."""

from __future__ import annotations

from dataclasses import dataclass

from intents.entities import Mention, YearMention
from intents.references import Reference
from intents.scope import ScopeSigns


@dataclass(frozen=True)
class Understanding:
    """Everything found in one question, for the decision and for people who ask why."""

    text: str
    marked: str
    asked: str
    """`marked` without the words that only tie it to what was said before: what was ranked."""
    words: tuple[str, ...]
    names: tuple[Mention, ...]
    cues: tuple[Mention, ...]
    denied: tuple[Mention, ...]
    """Names said not to apply ("ไม่มีนวัตกรรม")."""
    years: tuple[YearMention, ...]
    reference: Reference
    attributes: dict[str, float]
    topics: dict[str, float]
    told: dict[str, float]
    """Topics that a unit or a year speaks for, with a belief."""
    commands: dict[str, float]
    general: dict[str, float]
    """P(attribute without any topic): that it is asked about as a whole."""
    likeness: dict[str, float]
    """Cosine (0 to 1) to the nearest phrasing, by the id of an entry or a figure."""
    ambiguity: tuple[str, float] | None
    """The content's own ambiguity whose phrasings are nearest, and the cosine (0 to 1)."""
    stranger: bool
    signs: ScopeSigns
