"""What the daily sums come to: the figures of a day, a week or several, without anybody's identity."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from bot import counting
from bot.admin.thai_time import thai_date
from bot.storage.statistics import Counted

DAYS = ("จ.", "อ.", "พ.", "พฤ.", "ศ.", "ส.", "อา.")
WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Period:
    """Some days in a row, both ends included."""

    first: date
    last: date

    @property
    def is_day(self) -> bool:
        """Whether it is one day alone."""
        return self.first == self.last

    @property
    def is_week(self) -> bool:
        """Whether it is one week from Monday to Sunday."""
        return self.first.weekday() == 0 and self.last - self.first == WEEK - timedelta(days=1)

    @property
    def label(self) -> str:
        """Short, for the foot of a chart: `จ. 24`, or `24/11` for what begins on that day."""
        if self.is_day:
            return f"{DAYS[self.first.weekday()]} {self.first.day}"
        return f"{self.first.day}/{self.first.month}"

    @property
    def name(self) -> str:
        """Whole, for a table."""
        return thai_date(self.first) if self.is_day else f"{thai_date(self.first)} ถึง {thai_date(self.last)}"

    def days(self) -> list[Period]:
        """Its days, each by itself."""
        return [day_of(self.first + timedelta(days=number)) for number in range((self.last - self.first).days + 1)]


def day_of(day: date) -> Period:
    """One day."""
    return Period(day, day)


def week_of(day: date) -> Period:
    """The week from Monday to Sunday that a day is in."""
    first = counting.monday(day)
    return Period(first, first + WEEK - timedelta(days=1))


def weeks_up_to(day: date, number: int) -> list[Period]:
    """The last `number` weeks, the one that `day` is in being the last."""
    return [week_of(day - WEEK * back) for back in reversed(range(number))]


@dataclass(frozen=True)
class Figures:
    """A period's. Times are in milliseconds and told to within a tenth or so; `people` is None for a period that is neither
    a day nor a week, since nobody can be recognised from one to the next. `quiz_stops`, `subjects` and `attributes` are
    (key, how many), the most first."""

    period: Period
    people: int | None
    answered: int
    clarified: int
    unknown: int
    out_of_scope: int
    failed: int
    median: int | None
    slowest_twentieth: int | None
    quizzes_started: int
    quizzes_finished: int
    quiz_stops: tuple[tuple[str, int], ...]
    subjects: tuple[tuple[str, int], ...]
    attributes: tuple[tuple[str, int], ...]
    handovers: int
    unhelpful: int

    @property
    def questions(self) -> int:
        """All that was asked about the awards or instead of them."""
        return self.answered + self.clarified + self.unknown + self.out_of_scope

    @property
    def answered_percent(self) -> int | None:
        """How many of a hundred questions were answered."""
        return round(100 * self.answered / self.questions) if self.questions else None


def figures(period: Period, rows: Mapping[Counted, int]) -> Figures:
    """Add up what `rows` have of the period."""
    sums: dict[str, Counter[str]] = {}
    for counted, value in rows.items():
        if period.first <= counted.day <= period.last and counted.name != counting.PEOPLE:
            sums.setdefault(counted.name, Counter())[counted.key] += value
    answers, quizzes = sums.get(counting.ANSWER, Counter()), sums.get(counting.QUIZ_AT, Counter())
    classes = {int(key): value for key, value in sums.get(counting.REPLY_MS, Counter()).items()}
    return Figures(
        period=period,
        people=_people(period, rows),
        answered=answers["answered"],
        clarified=answers["clarify"],
        unknown=answers["unknown"],
        out_of_scope=answers["out_of_scope"],
        failed=sums.get(counting.FAILED, Counter()).total(),
        median=percentile(classes, 0.5),
        slowest_twentieth=percentile(classes, 0.95),
        quizzes_started=sums.get(counting.QUIZ_STARTED, Counter()).total(),
        # A quiz of the day before that goes on today takes its mark away from there.
        quizzes_finished=max(0, quizzes[counting.DONE]),
        quiz_stops=_most(Counter({key: n for key, n in quizzes.items() if key != counting.DONE})),
        subjects=_most(sums.get(counting.SUBJECT, Counter())),
        attributes=_most(sums.get(counting.ATTRIBUTE, Counter())),
        handovers=sums.get(counting.HANDOVER, Counter()).total(),
        unhelpful=sums.get(counting.KEPT, Counter())["unhelpful"],
    )


def percentile(classes: Mapping[int, int], share: float) -> int | None:
    """The time below which that share of all replies stayed; None without replies.

    Within its class the time is taken to grow evenly. What took longer than every class counts as the longest one.
    """
    total = sum(classes.values())
    if not total:
        return None
    wanted, before, lower = share * total, 0, 0
    for upper in (*counting.CLASSES, counting.SLOWER):
        here = classes.get(upper, 0)
        if here and before + here >= wanted:
            top = counting.CLASSES[-1] if upper == counting.SLOWER else upper
            return round(lower + (top - lower) * (wanted - before) / here)
        before, lower = before + here, upper if upper != counting.SLOWER else lower
    return lower


def _people(period: Period, rows: Mapping[Counted, int]) -> int | None:
    if period.is_day:
        return rows.get(Counted(period.first, counting.PEOPLE, "day"), 0)
    if period.is_week:
        return rows.get(Counted(period.first, counting.PEOPLE, "week"), 0)
    return None


def _most(counts: Counter[str]) -> tuple[tuple[str, int], ...]:
    positive = [(key, number) for key, number in counts.items() if number > 0]
    return tuple(sorted(positive, key=lambda one: (-one[1], one[0])))


def largest(rows: Sequence[tuple[str, int]]) -> int:
    """The largest figure of a list, at least 1: what its bars are measured by."""
    return max([number for _, number in rows], default=1) or 1
