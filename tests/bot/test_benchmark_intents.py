"""`lertrat benchmark intents` on small files: what it prints, what it counts, and what it says of a bad line."""

from __future__ import annotations

import json
import math
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from bot.cli import lertrat
from bot.commands.benchmark_intents import macro_f1, percentile
from intents.noise import KINDS

TEXTS = {
    "food": ["กินข้าวที่ไหนดี", "ร้านข้าวอยู่ไหน", "มีร้านอาหารไหม", "อยากกินข้าว", "ร้านไหนอร่อย"],
    "rain": ["ฝนตกไหม", "วันนี้ฝนจะตกไหม", "พรุ่งนี้ฝนตกหรือเปล่า", "ฝนจะตกกี่โมง", "ฝนตกหนักไหม"],
    "bus": ["รถเมล์สายอะไร", "ขึ้นรถเมล์ยังไง", "รถเมล์มากี่โมง", "ป้ายรถเมล์อยู่ไหน", "รถเมล์สายนี้ไปไหน"],
}
TRAIN = [(text, label) for label, texts in TEXTS.items() for text in texts]
TEST = [("ฝนตกไหม", "rain"), ("รถเมล์สาย 8 มาหรือยัง", "bus"), ("อยากกินข้าวร้านอร่อย", "food"), ("ปลุกหน่อย", "alarm")]


def write(path: Path, rows: list[tuple[str, str]]) -> Path:
    lines = [json.dumps({"text": text, "label": label}, ensure_ascii=False) for text, label in rows]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def run(train: Path, test: Path, *options: str) -> Result:
    return CliRunner().invoke(lertrat, ["benchmark", "intents", "--train", str(train), "--test", str(test), *options])


def measured(tmp_path: Path, *options: str) -> dict[str, Any]:
    done = run(write(tmp_path / "A.jsonl", TRAIN), write(tmp_path / "B.jsonl", TEST), *options)
    assert done.exit_code == 0, done.output
    assert done.stdout.count("\n") == 1
    result: dict[str, Any] = json.loads(done.stdout)
    return result


def untimed(result: dict[str, Any]) -> dict[str, Any]:
    return {k: v for k, v in result.items() if k not in ("fit_s", "p50_ms", "p95_ms", "peak_mb", "baselines")}


def test_one_object_says_what_the_model_found_and_what_it_took(tmp_path: Path) -> None:
    result = measured(tmp_path)
    assert list(result) == [
        *("accuracy", "accuracy_sd", "macro_f1", "noise", "fit_s", "p50_ms", "p95_ms", "peak_mb", "baselines"),
    ]
    # Three of four: what was never learnt cannot be found. Its F1 is 0, and it takes another label's precision.
    assert result["accuracy"] == 0.75
    assert result["accuracy_sd"] == 0.0
    assert result["macro_f1"] == pytest.approx((1 + 1 + 2 / 3) / 4, abs=1e-4)
    assert tuple(result["noise"]) == KINDS
    assert all(0 <= share <= 0.75 for share in result["noise"].values())
    # The clean-up undoes these wholly.
    assert result["noise"]["digits"] == result["noise"]["elongation"] == 0.75
    assert 0 < result["p50_ms"] <= result["p95_ms"]
    assert result["fit_s"] > 0
    assert result["peak_mb"] > 50
    assert result["baselines"] == {}


def test_the_plain_methods_are_measured_beside_it(tmp_path: Path) -> None:
    baselines = measured(tmp_path, "--baselines")["baselines"]
    assert list(baselines) == ["keywords", "rapidfuzz", "linear"]
    for result in baselines.values():
        assert list(result) == ["accuracy", "accuracy_sd", "macro_f1", "noise", "fit_s", "p50_ms", "p95_ms"]
    # Of the four, one is stored word for word.
    assert baselines["keywords"]["accuracy"] == 0.25
    assert baselines["keywords"]["macro_f1"] == 0.25
    assert baselines["keywords"]["noise"]["typo"] == 0.0
    assert baselines["linear"]["accuracy"] == 0.75


def test_few_shots_are_drawn_several_times_and_the_same_each_time(tmp_path: Path) -> None:
    first, second = (measured(tmp_path, "--shots", "1", "--draws", "10", "--baselines") for _ in range(2))
    # The one text that is stored word for word is in some draws, and in the others not.
    keywords = first["baselines"]["keywords"]
    drawn = keywords["accuracy"] / 0.25
    assert 0 < drawn < 1
    assert keywords["accuracy_sd"] == pytest.approx(0.25 * math.sqrt(drawn * (1 - drawn)), abs=1e-4)
    # No text has a digit that the clean-up does not undo, so nothing is lost, on whatever draw a text was mistyped.
    assert first["noise"]["digits"] == first["accuracy"]
    assert untimed(first) == untimed(second)
    assert untimed(keywords) == untimed(second["baselines"]["keywords"])


def test_shots_are_drawn_ten_times_unless_said_otherwise(tmp_path: Path) -> None:
    train, test = write(tmp_path / "A.jsonl", TRAIN), write(tmp_path / "B.jsonl", TEST)
    done = run(train, test, "--shots", "1")
    assert "ours, draw 10 of 10: learning 3 texts" in done.stderr
    assert "draw 11" not in done.stderr


def test_more_shots_than_a_label_has_are_all_that_it_has(tmp_path: Path) -> None:
    train = write(tmp_path / "A.jsonl", TRAIN[:6])
    done = run(train, write(tmp_path / "B.jsonl", TEST), "--shots", "3", "--draws", "2")
    assert "ours, draw 2 of 2: learning 4 texts" in done.stderr
    everything = [run(train, tmp_path / "B.jsonl", *options) for options in ((), ("--shots", "99", "--draws", "2"))]
    accuracies = [json.loads(done.stdout)["accuracy"] for done in everything]
    assert accuracies[0] == accuracies[1]


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ('{"text": "ฝน"}', "B.jsonl:3: label: Field required"),
        ('{"text": 5, "label": "rain"}', "B.jsonl:3: text: Input should be a valid string"),
        ('{"text": " ", "label": "rain"}', "B.jsonl:3: text: "),
        ('["ฝน", "rain"]', "B.jsonl:3: "),
        ("ฝน\train", "B.jsonl:3: Invalid JSON"),
        ('{"text": "ฝน", "label": "rain"', "B.jsonl:3: Invalid JSON"),
        (b'{"text": "\xe0\xb8", "label": "rain"}', "B.jsonl:3: Invalid JSON"),
    ],
)
def test_a_bad_line_is_told_by_file_and_number(tmp_path: Path, bad: str | bytes, said: str) -> None:
    train, test = write(tmp_path / "A.jsonl", TRAIN), tmp_path / "B.jsonl"
    # An empty line counts as a line, and is no mistake.
    good = '{"text": "ฝนตก", "label": "rain"}\n\n'.encode()
    test.write_bytes(good + (bad if isinstance(bad, bytes) else bad.encode()) + b"\n" + good)
    done = run(train, test)
    assert done.exit_code == 1
    assert done.stderr.startswith(f"Error: {said}")
    assert done.stderr.endswith('; a line is {"text": "…", "label": "…"}\n')
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


@pytest.mark.parametrize(
    ("train", "test", "said"),
    [
        ([], TEST, "A.jsonl: there is no line in it"),
        (TRAIN, [], "B.jsonl: there is no line in it"),
        (TRAIN[:5], TEST, "A.jsonl: there is one label only"),
        ([("?!", "food"), ("...", "rain")], TEST, "A.jsonl: empty vocabulary"),
    ],
)
def test_files_that_nothing_can_be_learnt_from_are_one_line(
    tmp_path: Path, train: list[tuple[str, str]], test: list[tuple[str, str]], said: str
) -> None:
    done = run(write(tmp_path / "A.jsonl", train), write(tmp_path / "B.jsonl", test))
    assert done.exit_code == 1
    assert done.stderr.splitlines()[-1].startswith(f"Error: {said}")
    assert done.stdout == ""


@pytest.mark.parametrize("options", [("--draws", "3"), ("--shots", "0"), ("--shots", "8", "--draws", "0")])
def test_wrong_options_are_wrong_usage(tmp_path: Path, options: tuple[str, ...]) -> None:
    done = run(write(tmp_path / "A.jsonl", TRAIN), write(tmp_path / "B.jsonl", TEST), *options)
    assert done.exit_code == 2
    assert run(tmp_path / "A.jsonl", tmp_path / "missing.jsonl").exit_code == 2


def test_a_text_may_hold_any_character_and_a_file_a_byte_order_mark(tmp_path: Path) -> None:
    test = tmp_path / "B.jsonl"
    test.write_bytes(
        b'\xef\xbb\xbf{"text": "\\u0e1d\xe2\x80\xa8\xc2\x85\xf0\x9f\x8c\xa7", "label": "rain", "id": 1}\r\n'
    )
    done = run(write(tmp_path / "A.jsonl", TRAIN), test)
    assert done.exit_code == 0, done.output


def test_macro_f1_is_the_mean_over_the_labels_asked_for() -> None:
    assert macro_f1(["a", "a", "b"], ["a", "a", "b"]) == 1
    # a: precision 1/2, recall 1/2; b: precision 1, recall 1/2. "c" was not asked for.
    assert macro_f1(["a", "a", "b", "b"], ["a", "c", "a", "b"]) == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert macro_f1(["a", "b"], [None, None]) == 0


def test_a_percentile_is_one_of_the_values() -> None:
    assert [percentile([5.0, 1.0, 3.0, 2.0], share) for share in (0.0, 0.5, 0.95, 1.0)] == [1.0, 3.0, 5.0, 5.0]
