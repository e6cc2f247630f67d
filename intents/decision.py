"""What to do with ranked readings: answer the first, ask which was meant, or refuse; and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass, replace

from intents.entities import Mention
from intents.finding import Finding
from intents.learnt import Learnt
from intents.match import Context, Match, Reading
from intents.phrasebook import OUT_OF_SCOPE
from intents.references import enters, tells_of_work
from intents.scope import asks_to_write, gives_orders, is_anothers
from intents.understanding import Understanding

_COMMANDS = ("smalltalk", "contact", "quiz", "reminder")
# Refused by a rule (another award's name, a wish to have something written): as sure as a rule is.
_BY_RULE = 0.97
# Short for categories of ours, and words of every award ("SE-AM หมวดจัดการนวัตกรรม").
_EVERYBODYS = frozenset({"นวัตกรรม", "บูรณาการ", "ขยายผล", "บริการ", "มีส่วนร่วม", "innovation", "integration"})
# What is asked so clearly of what was just talked about needs no word of ours (set by hand).
_CLEARLY_ASKED = 0.7
# "ถามเรื่องอะไรได้" has the words of a stranger's question, but what is asked is what we can do (set by hand).
_SURELY_SMALLTALK = 0.95


@dataclass(frozen=True)
class CertaintySigns:
    """What speaks for an answer being right. All are 0 to 1."""

    confidence: float
    """Of the best reading: belief in its subjects times P(attribute)."""
    margin: float
    """What it has before the best reading that asks for something else."""
    named: bool
    carried: bool
    by_content: bool
    likeness: float
    """Cosine to the nearest of our phrasings."""
    known_words: float
    strangeness: float


def certainty_signs(
    readings: tuple[Reading, ...], found: Understanding, finding: Finding, strangeness: float
) -> CertaintySigns:
    """The signs of ranked readings."""
    best = readings[0]
    other = next((r for r in readings[1:] if (r.subjects, r.attribute) != (best.subjects, best.attribute)), None)
    return CertaintySigns(
        confidence=min(1.0, best.confidence),
        margin=min(1.0, best.confidence - (other.confidence if other else 0.0)),
        named=finding.by in ("name", "example"),
        carried=finding.by == "context",
        by_content=finding.by in ("content", "cue"),
        likeness=found.signs.likeness_to_ours,
        known_words=found.signs.known_words,
        strangeness=strangeness,
    )


def decide(match: Match, found: Understanding, finding: Finding, context: Context, learnt: Learnt) -> Match:
    """`match` with its decision, and with confidences that are probabilities of being right."""
    decided, sure = _decided(match, found, finding, context, learnt)
    best = match.best.confidence
    # What else may have been meant keeps its distance to the best reading.
    scale = sure / best if best > 0 else 0.0
    readings = tuple(replace(r, confidence=min(sure, r.confidence * scale)) for r in match.readings)
    return replace(decided, readings=readings)


def _decided(
    match: Match, found: Understanding, finding: Finding, context: Context, learnt: Learnt
) -> tuple[Match, float]:
    best = match.best
    if not found.words:
        return replace(match, decision="refuse", reason="unclear"), _BY_RULE
    leaned = finding.by == "context"
    ours = {s for m in found.names if m.score == 1 and not _is_everybodys(m, found.text) for s in m.name.subjects}
    # Beside another award's name, only a category of ours makes the question ours.
    if (found.stranger and ours <= {"awards"}) or any(
        is_none_of_ours(found.text)
        for is_none_of_ours in (
            asks_to_write,
            gives_orders,
            *(() if leaned and tells_of_work(found.text) else (is_anothers,)),
        )
    ):
        return replace(match, decision="refuse", reason=OUT_OF_SCOPE), _BY_RULE
    leaning = bool(context.subjects or context.offered) and (found.reference.follow_up or found.reference.bare)
    strangeness = learnt.strangeness.probability(found.signs)
    own_work = context.attribute == "recommend" and tells_of_work(found.text)
    # What goes on about a work, or asks for a figure of it, needs no word of ours.
    goes_on = leaned and (best.figure is not None or tells_of_work(found.text) or best.confidence >= _CLEARLY_ASKED)
    unnamed = not found.names or finding.by == "ambiguous"
    said_to_us = best.attribute == "smalltalk" and found.signs.smalltalk_probability >= _SURELY_SMALLTALK
    strange = unnamed and not (leaning or own_work or goes_on or said_to_us) and strangeness > learnt.strange_from
    if (best.attribute == OUT_OF_SCOPE and not own_work) or strange:
        reason = "unclear" if found.signs.known_words < learnt.unclear_to else OUT_OF_SCOPE
        return replace(match, decision="refuse", reason=reason), max(strangeness, best.confidence)
    signs = certainty_signs(match.readings, found, finding, strangeness)
    match, sure = replace(match, certainty=signs), learnt.certainty.probability(signs)
    if found.ambiguity and found.ambiguity[1] >= learnt.ambiguous_from and set(context.subjects) <= {"awards"}:
        return replace(match, decision="ask_back", ambiguity=found.ambiguity[0]), sure
    if finding.by in ("ambiguous", "nothing") and best.attribute not in _COMMANDS:
        return replace(match, decision="ask_back"), sure
    if best.attribute in ("quiz", "reminder", "contact") and best.confidence >= learnt.answer_command_from:
        return match, sure
    certain = finding.by in ("name", "example", "context")
    if best.confidence >= (learnt.answer_named_from if certain else learnt.answer_from):
        return match, sure
    if best.confidence >= learnt.ask_back_from or finding.by in ("name", "example"):
        return replace(match, decision="ask_back"), sure
    return replace(match, decision="refuse", reason="unclear"), 1 - sure


def _is_everybodys(mention: Mention, text: str) -> bool:
    """Whether a name of ours is a word of every award here; "ส่งขยายผลได้ไหม" means ours."""
    return mention.name.text in _EVERYBODYS and not enters(text[: mention.start])
