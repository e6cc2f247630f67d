"""An evaluation as text for a person, 120 columns wide."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from statistics import median

from intents.evaluation import Judged
from intents.measures import (
    ANSWERS,
    Measure,
    NoiseCost,
    Share,
    Sureness,
    bin_edges,
    calibration,
    confused_attributes,
    confused_statuses,
    groups,
)
from intents.past_run import Changes
from intents.plain_answers import PlainResult

# A kind of noise that costs more points than this is marked.
TOLERATED_POINTS = 5
_MOST_CHANGED = 20
_NAME = 36
_LETTERS = 5


def report(
    judged: Sequence[Judged],
    misses: int = 20,
    *,
    noise: Sequence[NoiseCost] = (),
    plain: Sequence[PlainResult] = (),
    milliseconds: Sequence[float] = (),
    changes: Changes | None = None,
) -> str:
    """The measurements, at most `misses` of the wrong answers shown.

    `plain` are the plain methods on the same questions, `milliseconds` what each question took, and `changes` compares
    with the last run.
    """
    if not judged:
        return "no questions"
    parts = (
        _head(judged, changes),
        _groups(judged, changes),
        _confusions(judged),
        _calibration(judged, changes),
        _noise(noise, changes),
        _plain(judged, plain, milliseconds),
        _changed(changes),
        _misses(judged, misses),
        [_times(milliseconds)] if milliseconds else [],
    )
    return "\n\n".join("\n".join(lines) for lines in map(list, parts) if lines)


def _head(judged: Sequence[Judged], changes: Changes | None) -> Iterator[str]:
    yield f"{len(judged)} questions"
    if changes is None:
        return
    yield f"Changes (+ and -) are in points against the last run, {_date(changes.last.date)}."
    if not changes.same_file:
        yield (
            f"The questions file has changed since: {changes.new} new, {changes.gone} gone, "
            f"{changes.relabelled} with other labels; the changes count the {len(changes.before)} questions in both."
        )


def _groups(judged: Sequence[Judged], changes: Changes | None) -> Iterator[str]:
    def changed(chosen: Sequence[Judged], measure: Measure) -> str:
        return _points(changes.points(chosen, measure)) if changes else ""

    change = f"{'':>7}" if changes else ""
    yield f"{'':<{_NAME}} {'n':>4}  {'all 3':>6}{change}  {'subj.':>6}  {'attr.':>6}  {'status':>6}  {'content':>7}"
    for name, chosen in groups(judged).items():
        shares = {measure: Share.of(getattr(j, measure) for j in chosen) for measure in _SHOWN}
        content = Share.of(j.content for j in chosen)
        yield (
            f"{_cut(name, _NAME):<{_NAME}} {len(chosen):>4}  {_percent(shares['labels'])}{changed(chosen, 'labels')}  "
            f"{_percent(shares['subject'])}  {_percent(shares['attribute'])}  {_percent(shares['status'])}   "
            f"{_percent(content)}"
            + (f" of {content.asked:<4}{changed(chosen, 'content')}".rstrip() if content.asked else "")
        )


_SHOWN: tuple[Measure, ...] = ("labels", "subject", "attribute", "status")


def _confusions(judged: Sequence[Judged]) -> Iterator[str]:
    confused = confused_attributes(judged)
    if confused:
        asked = sorted({expected for expected, _ in confused})
        got = sorted({got for _, got in confused})
        yield "attributes that were asked for (rows) and taken for another (columns):"
        yield f"{'':<13}{'asked':>6}{'right':>6} " + "".join(f"{_short(name):>{_LETTERS + 1}}" for name in got)
        for expected in asked:
            rows = [j for j in judged if j.labelled.attributes[0] == expected]
            cells = "".join(f"{confused[expected, name] or '·':>{_LETTERS + 1}}" for name in got)
            yield f"{expected:<13}{len(rows):>6}{sum(j.attribute for j in rows):>6} {cells}"
    statuses = confused_statuses(judged).most_common()
    if statuses:
        yield "statuses that were expected, and what was given:"
        yield from (f"{count:>5}  {expected} → {got}" for (expected, got), count in statuses)


def _calibration(judged: Sequence[Judged], changes: Changes | None) -> Iterator[str]:
    measured = calibration(judged)
    yield f"calibration of the answers given ({', '.join(ANSWERS)}), right in all 3 labels:"
    if measured:
        yield f"  {'confidence':<22}{'n':>5}  {'mean':>6}  {'right':>6}  {'difference':>10}"
        for low, high in bin_edges():
            if low in measured.bins:
                yield _sureness(f"{low:.2f} to {high:.2f}", measured.bins[low])
        yield _sureness("all", measured.whole)
        last = changes.last.calibration if changes and changes.same_file else None
        before = (f" (was {last.expected_error:.3f})", f" (was {last.brier:.3f})") if last else ("", "")
        yield (
            f"  expected calibration error {measured.expected_error:.3f}{before[0]}, "
            f"Brier score {measured.brier:.3f}{before[1]}"
        )
    for name, status in (("refused", "out_of_scope"), ("asked back", "clarify")):
        if sureness := Sureness.of([j for j in judged if j.outcome.status == status]):
            yield _sureness(f"{name} ({status})", sureness)


def _sureness(name: str, sureness: Sureness) -> str:
    difference = (sureness.labels.value - sureness.confidence) * 100
    return (
        f"  {name:<22}{sureness.labels.asked:>5}  {sureness.confidence:6.1%}  {_percent(sureness.labels)}  "
        f"{difference:>+10.1f}"
    )


def _noise(costs: Sequence[NoiseCost], changes: Changes | None) -> Iterator[str]:
    if not costs:
        return
    past = changes.last.noise if changes and changes.same_file else None
    yield "noise, on the questions that it changes (all 3 labels):"
    if past and changes and past.date != changes.last.date:
        yield f"  The noisy ones are compared with those of {_date(past.date)}, when noise was measured last."
    yield f"  {'kind':<12}{'n':>5}  {'clean':>6}  {'noisy':>6}{'':>{7 if past else 0}}  {'difference':>10}"
    whole = NoiseCost(
        "all kinds",
        Share(sum(c.clean.right for c in costs), sum(c.clean.asked for c in costs)),
        Share(sum(c.noisy.right for c in costs), sum(c.noisy.asked for c in costs)),
    )
    for cost in (*costs, whole):
        line = f"  {cost.kind:<12}{cost.noisy.asked:>5}  {_percent(cost.clean)}  {_percent(cost.noisy)}"
        if past and changes:
            line += _points(changes.noise_points(cost))
        if cost.noisy.asked:
            difference = cost.noisy.points_above(cost.clean)
            line += f"  {difference:>+10.1f}"
            line += f"  more than {TOLERATED_POINTS} points below" if difference < -TOLERATED_POINTS else ""
        yield line.rstrip()


def _plain(judged: Sequence[Judged], plain: Sequence[PlainResult], ours: Sequence[float]) -> Iterator[str]:
    if not plain:
        return
    single = sum(j.labelled.conversation is None for j in judged)
    yield f"plain methods, taught the same {plain[0].taught} phrasings; each question as it stands, no answer is a refusal:"
    all_questions, singles = f"all {len(judged)} questions", f"{single} single"
    yield f"  {'':<12}{all_questions:<30}  {singles:<30}  ms"
    heads = f"{'all 3':>6}  {'subj.':>6}  {'attr.':>6}  {'status':>6}"
    yield f"  {'':<12}{heads}  {heads}  {'median':>6}"
    for name, answers, times in (("ours", judged, ours), *((p.name, p.judged, p.milliseconds) for p in plain)):
        alone = [j for j in answers if j.labelled.conversation is None]
        columns = [
            _percent(Share.of(getattr(j, measure) for j in chosen)) for chosen in (answers, alone) for measure in _SHOWN
        ]
        took = f"{median(times):6.2f}" if times else "–"
        yield f"  {name:<12}{'  '.join(columns)}  {took:>6}"


def _changed(changes: Changes | None) -> Iterator[str]:
    if changes is None:
        return
    for name, right in (("right", True), ("wrong", False)):
        found = changes.became(right=right)
        yield f"became {name} since the last run: {len(found)}" + (
            f", the first {_MOST_CHANGED}:" if len(found) > _MOST_CHANGED else ":" if found else ""
        )
        for j in found[:_MOST_CHANGED]:
            relabelled = "  (other labels now)" if changes.is_relabelled(j) else ""
            yield f"  {_where(j)}: {j.labelled.question}{relabelled}"


def _misses(judged: Sequence[Judged], most: int) -> Iterator[str]:
    wrong = sorted((j for j in judged if not j.right), key=lambda j: -j.outcome.confidence)
    yield f"misses, the most confident first ({len(wrong)}):"
    for j in wrong[:most]:
        labelled, outcome = j.labelled, j.outcome
        expected = "/".join("|".join(sorted(s)) or "–" for s in labelled.subjects)
        wanted = f"{expected} {'/'.join(labelled.attributes)} {'/'.join(labelled.statuses)}"
        got = f"{'|'.join(outcome.subjects) or '–'} {outcome.attribute} {outcome.status}"
        lacks = "; lacks " + ", ".join("/".join(pieces) for pieces in j.missing) if j.missing and j.labels else ""
        yield f"  {_where(j)}: {labelled.question}"
        yield f"      wanted {wanted}; got {got} ({outcome.confidence:.2f}){lacks}"
        yield from (f"      {line}" for line in outcome.understood.splitlines())


def _where(judged: Judged) -> str:
    conversation = judged.labelled.conversation
    return f"{judged.labelled.line}{f' [{conversation}]' if conversation else ''}"


def _times(milliseconds: Iterable[float]) -> str:
    times = sorted(milliseconds)
    return f"ms a question: median {times[len(times) // 2]:.1f}, 99th percentile {times[int(len(times) * 0.99)]:.1f}"


def _percent(share: Share) -> str:
    return f"{share.value:6.1%}" if share.asked else f"{'–':>6}"


def _points(points: float | None) -> str:
    """A change of a share, seven columns wide; "=" where there is none, and nothing where there is nothing to compare."""
    if points is None:
        return f"{'':>7}"
    return f"{'=' if abs(points) < 0.05 else f'{points:+.1f}':>7}"


def _short(attribute: str) -> str:
    return attribute[:_LETTERS]


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else f"{name[: width - 1]}…"


def _date(date: datetime) -> str:
    return f"{date:%Y-%m-%d %H:%M}"
