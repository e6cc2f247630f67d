"""`lertrat benchmark intents`: how well the assistant's model finds the labels of texts, beside the plain methods."""

from __future__ import annotations

import json
import random
import resource
import statistics
import sys
import time
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from intents.noise import KINDS, noisy

if TYPE_CHECKING:
    from intents.baselines import Fit, Predict

# Without --draws.
_DRAWS = 10
# What the libraries load late, and the first touch of every page, is no query's time.
_WARM_UP = 20
_NOISE_SEED = 0


class Example(BaseModel):
    """A text as it was typed, with its label."""

    model_config = ConfigDict(frozen=True, strict=True)

    text: str = Field(pattern=r"\S")
    label: str = Field(pattern=r"\S")


@dataclass(frozen=True)
class Draw:
    """What one method did that had learnt from one draw of the training texts."""

    accuracy: float
    macro_f1: float
    lost_to_noise: dict[str, int]
    """Of the texts that were mistyped too: by how many fewer were right then, by kind."""
    fit_seconds: float
    milliseconds: list[float]


@click.command()
@click.option(
    "--train",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help='The texts to learn from: {"text", "label"} a line.',
)
@click.option(
    "--test",
    required=True,
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="The texts to find the labels of, in the same form. A label that --train lacks counts as missed.",
)
@click.option("--shots", type=click.IntRange(min=1), help="Learn from so many texts a label only, drawn by chance.")
@click.option("--draws", type=click.IntRange(min=1), help=f"How often --shots are drawn.  [default: {_DRAWS}]")
@click.option("--baselines", is_flag=True, help="Measure the plain methods too, on the same draws.")
def command(train: Path, test: Path, shots: int | None, draws: int | None, baselines: bool) -> None:
    """Learn labelled texts, find the labels of others, and print one JSON object.

    "accuracy", "accuracy_sd" (over the draws; 0 without --shots) and "macro_f1" (over the labels of --test) are shares
    from 0 to 1, not percent; "noise" has the accuracy on --test mistyped in each way (docs/benchmark.md). "fit_s" is in
    seconds; "p50_ms" and "p95_ms" are of one text at a time, its clean-up included; "peak_mb" is the most memory that
    the process held before the baselines. "baselines" has the same for each plain method, without "peak_mb".

    With --shots, the draws have the seeds 0, 1, …, each is tested on the whole of --test, and the figures are their
    means. The mistyped texts are shared out among the draws, each is asked once: "noise" is the accuracy less what
    mistyping lost there.
    """
    if draws is not None and shots is None:
        raise click.UsageError("--draws needs --shots")
    learnt, asked = _read(train), _read(test)
    if len({example.label for example in learnt}) < 2:
        raise click.ClickException(f"{train.name}: there is one label only, so there is nothing to find")
    # Imported here: the help needs no scikit-learn.
    from intents.ranking_text import classifier, general_tokenizer

    # What every method shares is no method's time.
    general_tokenizer()

    def ours(texts: Sequence[str], labels: Sequence[str], /) -> Predict:
        return classifier(texts, labels).best

    drawn = [_drawn(learnt, shots, seed) for seed in range(draws or _DRAWS)] if shots else [learnt]
    try:
        result = _measured("ours", ours, drawn, asked)
        result["peak_mb"] = round(peak_megabytes(), 1)
        result["baselines"] = {}
        if baselines:
            from intents.baselines import BASELINES

            result["baselines"] = {name: _measured(name, fit, drawn, asked) for name, fit in BASELINES.items()}
    except ValueError as error:
        # No text that a model could learn from.
        raise click.ClickException(f"{train.name}: {error}") from None
    click.echo(json.dumps(result, ensure_ascii=False))


def _read(path: Path) -> list[Example]:
    """The examples of a file, empty lines passed over; ClickException naming file and line."""
    examples = []
    # By bytes: a text may hold what Python takes for the end of a line.
    for number, line in enumerate(path.read_bytes().removeprefix(b"\xef\xbb\xbf").split(b"\n"), start=1):
        if line.strip():
            try:
                examples.append(Example.model_validate_json(line))
            except ValidationError as error:
                first = error.errors()[0]
                where = "".join(f"{place}: " for place in first["loc"])
                raise click.ClickException(
                    f'{path.name}:{number}: {where}{first["msg"]}; a line is {{"text": "…", "label": "…"}}'
                ) from None
    if not examples:
        raise click.ClickException(f"{path.name}: there is no line in it")
    return examples


def _drawn(examples: Sequence[Example], shots: int, seed: int) -> list[Example]:
    """So many examples of each label, all of a label that has fewer; the same for the same seed."""
    draw = random.Random(seed)  # noqa: S311 - drawn the same each time on purpose
    by_label: dict[str, list[Example]] = defaultdict(list)
    for example in examples:
        by_label[example.label].append(example)
    return [e for label in sorted(by_label) for e in draw.sample(by_label[label], min(shots, len(by_label[label])))]


def _measured(name: str, fit: Fit, drawn: Sequence[Sequence[Example]], asked: Sequence[Example]) -> dict[str, Any]:
    """One method's part of the result, over all draws."""
    draws = []
    for number, learnt in enumerate(drawn):
        which = f"{name}, draw {number + 1} of {len(drawn)}" if len(drawn) > 1 else name
        draws.append(_draw(which, fit, learnt, asked, asked[number :: len(drawn)]))
    times = [each for draw in draws for each in draw.milliseconds]
    accuracy = statistics.mean(draw.accuracy for draw in draws)
    lost = {kind: sum(draw.lost_to_noise[kind] for draw in draws) / len(asked) for kind in KINDS}
    return {
        "accuracy": round(accuracy, 4),
        "accuracy_sd": round(statistics.pstdev(draw.accuracy for draw in draws), 4),
        "macro_f1": round(statistics.mean(draw.macro_f1 for draw in draws), 4),
        # What is lost on a draw's share of the texts may be more than the mean of all draws has.
        "noise": {kind: round(min(1.0, max(0.0, accuracy - lost[kind])), 4) for kind in KINDS},
        "fit_s": round(statistics.mean(draw.fit_seconds for draw in draws), 2),
        "p50_ms": round(statistics.median(times), 3),
        "p95_ms": round(percentile(times, 0.95), 3),
    }


def _draw(
    name: str, fit: Fit, learnt: Sequence[Example], asked: Sequence[Example], mistyped: Sequence[Example]
) -> Draw:
    """One method on one draw: all texts as they are, and those to be mistyped in each way."""
    click.echo(f"{name}: learning {len(learnt)} texts", err=True)
    started = time.perf_counter()
    predict = fit([example.text for example in learnt], [example.label for example in learnt])
    fitted = time.perf_counter() - started
    # Not with texts that are asked below: the clean-up remembers what it saw last.
    for example in learnt[:_WARM_UP]:
        predict(example.text)
    times: list[float] = []
    found: dict[str, str | None] = {}
    lost = dict.fromkeys(KINDS, 0)
    steps = len(asked) + len(mistyped) * len(KINDS)
    with click.progressbar(length=steps, label=name, file=sys.stderr, update_min_steps=50) as bar:
        for example in asked:
            started = time.perf_counter()
            found[example.text] = predict(example.text)
            times.append((time.perf_counter() - started) * 1000)
            bar.update(1)
        for kind in KINDS:
            for example in mistyped:
                typed = noisy(example.text, kind, _NOISE_SEED)
                # Most texts have no digits to change, say: what was asked before is not asked again.
                now = found[typed] if typed in found else predict(typed)
                lost[kind] += (found[example.text] == example.label) - (now == example.label)
                bar.update(1)
    labels, answers = [example.label for example in asked], [found[example.text] for example in asked]
    return Draw(_accuracy(labels, answers), macro_f1(labels, answers), lost, fitted, times)


def _accuracy(labels: Sequence[str], found: Sequence[str | None]) -> float:
    return sum(a == b for a, b in zip(labels, found, strict=True)) / len(labels)


def macro_f1(labels: Sequence[str], found: Sequence[str | None]) -> float:
    """The mean, over the labels that are asked for, of the harmonic mean of precision and recall; None is no answer."""
    scores = []
    for label in sorted(set(labels)):
        right = sum(a == b == label for a, b in zip(labels, found, strict=True))
        scores.append(2 * right / (labels.count(label) + found.count(label)))
    return statistics.mean(scores)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which that share (0 to 1) of the values lie."""
    return sorted(values)[min(len(values) - 1, int(len(values) * share))]


def peak_megabytes() -> float:
    """The most memory that this process has held, in MB; macOS counts bytes where Linux counts KiB."""
    unit = 1 if sys.platform == "darwin" else 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * unit / 1e6
