"""Which subjects a question was found to be about, and what the words of a work say of that."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass

from intents.understanding import Understanding


@dataclass(frozen=True)
class Finding:
    """The subjects found. `alternatives` pairs subject sets with a belief (0 to 1), best first, never empty.

    `by` says how: "name", "ambiguous" (the alternatives are equal), "example", "context", "content", "cue", "default"
    (the scheme) or "nothing" (a subject is needed and none was given); `examples` are ids of the works named.
    """

    alternatives: tuple[tuple[tuple[str, ...], float], ...]
    by: str
    named: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()
    attribute: str = ""
    """What is asked, where the way to the subjects tells it."""

    @property
    def example(self) -> bool:
        """Whether a past work was named."""
        return bool(self.examples)


def both_likely(finding: Finding, nearly: float) -> Finding:
    """The two best subjects as one answer where the second is nearly as likely."""
    (first, belief), *others = finding.alternatives
    if others and others[0][1] >= belief - nearly:
        return Finding((((*first, *others[0][0]), belief),), finding.by)
    return finding


def by_cue(found: Understanding) -> Finding | None:
    weights: dict[str, float] = defaultdict(float)
    for cue in found.cues:
        for subject in cue.name.subjects:
            weights[subject] += len(cue.name.text) ** 0.5 / len(cue.name.subjects)
    if not weights:
        return None
    ranked = sorted(weights.items(), key=lambda item: -item[1])
    total = sum(weights.values())
    return Finding(tuple(((subject,), 0.5 + 0.4 * weight / total) for subject, weight in ranked[:3]), "cue")
