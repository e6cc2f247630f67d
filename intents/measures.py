"""What is measured over judged questions: shares by group, what was confused, calibration, and what noise costs."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from statistics import fmean
from typing import Literal

from intents.evaluation import Judged, Labelled
from intents.noise import noisy

Measure = Literal["labels", "subject", "attribute", "status", "content"]
# Statuses that give an answer, and so stand or fall with how sure the assistant was of it.
ANSWERS = ("answered", "unknown", "command")
_EDGES = (0.0, 0.5, 0.7, 0.8, 0.9, 0.95, 1.0)
# Of fewer questions of one subject no share says anything.
_LEAST_OF_A_SUBJECT = 3


@dataclass(frozen=True)
class Share:
    """So many right of so many asked."""

    right: int
    asked: int

    @classmethod
    def of(cls, values: Iterable[bool | None]) -> Share:
        """Of values in which None was not asked for."""
        asked = [value for value in values if value is not None]
        return cls(sum(asked), len(asked))

    @property
    def value(self) -> float:
        """From 0 to 1. ZeroDivisionError where nothing was asked."""
        return self.right / self.asked

    def points_above(self, other: Share) -> float:
        """The difference in points of percent. ZeroDivisionError as above."""
        # Divided once: 95 % is 5 points below 100 %, where floats say a little more.
        return 100 * (self.right * other.asked - other.right * self.asked) / (self.asked * other.asked)


def groups(judged: Sequence[Judged]) -> dict[str, list[Judged]]:
    """The questions by the groups that are reported, in the report's order."""
    found: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        found["everything"].append(j)
        found["in conversations" if j.labelled.conversation else "single questions"].append(j)
    by_subject: dict[str, list[Judged]] = defaultdict(list)
    for j in judged:
        by_subject["|".join(sorted(j.labelled.subjects[0])) or "–"].append(j)
    for j in sorted(judged, key=lambda j: j.labelled.statuses[0]):
        found[f"status {j.labelled.statuses[0]}"].append(j)
    for j in sorted(judged, key=lambda j: j.labelled.attributes[0]):
        found[f"attribute {j.labelled.attributes[0]}"].append(j)
    for subject, chosen in sorted(by_subject.items()):
        if len(chosen) >= _LEAST_OF_A_SUBJECT:
            found[f"subject {subject}"] = chosen
    return dict(found)


def confused_attributes(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """How often each attribute (the first acceptable one) was taken for another: (expected, got)."""
    return Counter((j.labelled.attributes[0], j.outcome.attribute) for j in judged if not j.attribute)


def confused_statuses(judged: Iterable[Judged]) -> Counter[tuple[str, str]]:
    """How often each status (the first acceptable one) was answered as another: (expected, got)."""
    return Counter((j.labelled.statuses[0], j.outcome.status) for j in judged if not j.status)


@dataclass(frozen=True)
class Sureness:
    """Answers of which the assistant was about as sure: their mean confidence (0 to 1), and how many had right labels."""

    confidence: float
    labels: Share

    @classmethod
    def of(cls, judged: Sequence[Judged]) -> Sureness | None:
        """None where there are no answers."""
        if not judged:
            return None
        return cls(fmean(j.outcome.confidence for j in judged), Share.of(j.labels for j in judged))


@dataclass(frozen=True)
class Calibration:
    """Whether confidences are what they say: of the answers given with 0.9, are 90 % right?

    `bins` have their lower edge as key; `expected_error` is the mean over the answers of the distance between their
    bin's confidence and its share of right ones (Naeini et al. 2015, AAAI), `brier` the mean of the squared distance
    between confidence and right (1) or wrong (0) (Brier 1950). Both are 0 to 1, less is better.
    """

    bins: dict[float, Sureness]
    whole: Sureness
    expected_error: float
    brier: float


def calibration(judged: Iterable[Judged]) -> Calibration | None:
    """Of the answers given; None where there are none."""
    answers = [j for j in judged if j.outcome.status in ANSWERS]
    whole = Sureness.of(answers)
    if whole is None:
        return None
    bins = {}
    for low, high in bin_edges():
        inside = [j for j in answers if low <= j.outcome.confidence < high or (high == j.outcome.confidence == 1.0)]
        if sureness := Sureness.of(inside):
            bins[low] = sureness
    distances = (abs(b.confidence - b.labels.value) * b.labels.asked for b in bins.values())
    return Calibration(
        bins,
        whole,
        expected_error=sum(distances) / len(answers),
        brier=fmean((j.outcome.confidence - j.labels) ** 2 for j in answers),
    )


def bin_edges() -> list[tuple[float, float]]:
    """The bins of confidence from the least on: from the first up to the second, which only the last bin includes."""
    return list(pairwise(_EDGES))


@dataclass(frozen=True)
class NoiseCost:
    """One kind of noise: the questions that it changes, asked clean and asked noisy (all three labels)."""

    kind: str
    clean: Share
    noisy: Share


def noised(rows: Iterable[Labelled], kind: str) -> list[Labelled]:
    """The rows as typed with one of noise.KINDS: of the chats (a single question is one) in which that changes anything.

    What is drawn depends on the row's question and conversation only, not on its place in the file.
    """
    chats: dict[tuple[str, int], list[Labelled]] = defaultdict(list)
    for row in rows:
        chats[(row.conversation, 0) if row.conversation else ("", row.line)].append(row)
    typed = []
    for chat in chats.values():
        noised_chat = [replace(row, question=noisy(row.question, kind, row.conversation or "")) for row in chat]
        if noised_chat != chat:
            typed += noised_chat
    return typed


def noise_cost(kind: str, clean: Iterable[Judged], typed: Iterable[Judged]) -> NoiseCost:
    """Compare the questions that the noise changed, and no others, with the same ones of the clean run."""
    as_meant = {j.labelled.line: j for j in clean}
    changed = [j for j in typed if j.labelled.question != as_meant[j.labelled.line].labelled.question]
    return NoiseCost(
        kind, Share.of(as_meant[j.labelled.line].labels for j in changed), Share.of(j.labels for j in changed)
    )
