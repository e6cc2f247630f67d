"""An evaluation as it is kept for the next one, and what changed between the two.

What is kept holds no question: a row is known by its line and by a digest.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import get_args

from pydantic import AwareDatetime, BaseModel, ConfigDict

from intents.evaluation import Judged, Labelled
from intents.measures import Calibration, Measure, NoiseCost, Share, calibration, groups

MEASURES: tuple[Measure, ...] = get_args(Measure)


class _Kept(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class PastRow(_Kept):
    """What of one row was right. `question` and `expected` are digests of what was asked and of its labels."""

    line: int
    question: str
    expected: str
    subject: bool
    attribute: bool
    status: bool
    content: bool | None

    @property
    def labels(self) -> bool:
        """As Judged.labels."""
        return self.subject and self.attribute and self.status

    @property
    def right(self) -> bool:
        """As Judged.right."""
        return self.labels and self.content is not False


class PastNoise(_Kept):
    """What each kind of noise left right of the questions that it changes; `date` is when that was measured."""

    date: AwareDatetime
    kinds: dict[str, Share]


class Run(_Kept):
    """One evaluation: `file` is the digest of the questions' file, `groups` the shares by group and measure."""

    date: AwareDatetime
    file: str
    groups: dict[str, dict[str, Share]]
    noise: PastNoise | None
    calibration: Calibration | None
    rows: tuple[PastRow, ...]


def digest(data: bytes) -> str:
    """By which two files or rows are held to be the same."""
    return hashlib.sha256(data).hexdigest()[:16]


def run_of(
    judged: Sequence[Judged], noise: Sequence[NoiseCost], date: datetime, file: bytes, last: Run | None = None
) -> Run:
    """What to keep of an evaluation of `file`, its bytes.

    A run without noise hands on what the `last` one of the same file measured of it.
    """
    kept_noise = last.noise if last and last.file == digest(file) else None
    if noise:
        kept_noise = PastNoise(date=date, kinds={cost.kind: cost.noisy for cost in noise})
    return Run(
        date=date,
        file=digest(file),
        groups={
            name: {measure: Share.of(getattr(j, measure) for j in chosen) for measure in MEASURES}
            for name, chosen in groups(judged).items()
        },
        noise=kept_noise,
        calibration=calibration(judged),
        rows=tuple(
            PastRow(
                line=j.labelled.line,
                question=question,
                expected=_expected(j.labelled),
                subject=j.subject,
                attribute=j.attribute,
                status=j.status,
                content=j.content,
            )
            for j, question in zip(judged, _questions([j.labelled for j in judged]), strict=True)
        ),
    )


def _questions(rows: Iterable[Labelled]) -> list[str]:
    """A digest of each row's question, conversation and how often both stood before: the row's own, wherever it moves."""
    seen: Counter[tuple[str, str]] = Counter()
    keys = []
    for row in rows:
        asked = (row.conversation or "", row.question)
        keys.append(digest("\0".join((*asked, str(seen[asked]))).encode()))
        seen[asked] += 1
    return keys


def _expected(row: Labelled) -> str:
    subjects = [sorted(choice) for choice in row.subjects]
    return digest(repr((subjects, row.attributes, row.statuses, row.contains)).encode())


@dataclass(frozen=True)
class Changes:
    """An evaluation beside the last one of the same file. `before` has what was right then, by the row's line now."""

    last: Run
    same_file: bool
    judged: Sequence[Judged]
    before: Mapping[int, PastRow]

    @property
    def new(self) -> int:
        """How many rows were not asked the last time."""
        return len(self.judged) - len(self.before)

    @property
    def gone(self) -> int:
        """How many rows of the last time are no longer there."""
        return len(self.last.rows) - len(self.before)

    @property
    def relabelled(self) -> int:
        """How many of the same questions have other labels now."""
        return sum(self.is_relabelled(j) for j in self.judged if j.labelled.line in self.before)

    def is_relabelled(self, judged: Judged) -> bool:
        """Whether a question of both times has other labels now."""
        return self.before[judged.labelled.line].expected != _expected(judged.labelled)

    def points(self, chosen: Iterable[Judged], measure: Measure) -> float | None:
        """By how many points of percent the share of right ones changed, over the rows of both times; None without."""
        both = [(self.before[j.labelled.line], j) for j in chosen if j.labelled.line in self.before]
        then = Share.of(getattr(past, measure) for past, _ in both)
        now = Share.of(getattr(j, measure) for _, j in both)
        return now.points_above(then) if then.asked and now.asked else None

    def became(self, *, right: bool) -> list[Judged]:
        """The questions that became right, or wrong."""
        both = (j for j in self.judged if j.labelled.line in self.before)
        return [j for j in both if j.right is right and self.before[j.labelled.line].right is not right]

    def noise_points(self, cost: NoiseCost) -> float | None:
        """By how many points what that noise leaves right changed; None where it was not measured on the same file."""
        past = self.last.noise.kinds.get(cost.kind) if self.last.noise and self.same_file else None
        return cost.noisy.points_above(past) if past and past.asked and cost.noisy.asked else None


def changes(judged: Sequence[Judged], file: bytes, last: Run) -> Changes:
    """An evaluation of `file`, its bytes, beside the last one."""
    past = {row.question: row for row in last.rows}
    keys = zip(judged, _questions([j.labelled for j in judged]), strict=True)
    before = {j.labelled.line: past[key] for j, key in keys if key in past}
    return Changes(last, last.file == digest(file), judged, before)
