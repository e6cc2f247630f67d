"""`lertrat rules` prints the rule book for people, whole or of one category."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from bot.cli import lertrat
from bot.commands.rules import _width
from bot.rulebook import chapters
from knowledge.eligibility import categories
from knowledge.loader import load_knowledge


def rules(*arguments: str, color: bool = False) -> str:
    done = CliRunner().invoke(lertrat, ["rules", *arguments], color=color)
    assert done.exit_code == 0, done.output
    return done.output


def test_it_shows_every_category_and_what_is_not_checked() -> None:
    output = rules()
    round_ = load_knowledge().newest
    assert output.startswith("เกณฑ์รางวัลเลิศรัฐ รอบปี 2568\n")
    for key in categories(round_):
        assert f"{round_.subjects[key].name}  {key}\n" in output
    assert output.splitlines()[-1].startswith("ไม่มีเกณฑ์ให้ตรวจในระบบ: รางวัลเลิศรัฐยอดเยี่ยม, ")


def test_every_text_rule_question_source_and_caution_is_printed() -> None:
    output = rules()
    for chapter in chapters(load_knowledge().newest):
        for category in chapter.categories:
            for part in category.parts:
                for one in (*part.judged, *part.unjudged):
                    asks = [question.ask for question in one.questions]
                    for words in (one.label, one.text, *one.rule, *asks, *one.sources, *one.cautions):
                        assert words in output, one.id


def test_one_category_is_shown_alone() -> None:
    output = rules("service.innovation")
    assert "นวัตกรรมบริการ  service.innovation" in output
    assert "[คำแนะนำของวิทยากร]" in output
    assert "service.agenda" not in output
    assert "ไม่มีเกณฑ์ให้ตรวจในระบบ" not in output


def test_all_that_stands_beside_a_name_begins_at_one_column() -> None:
    output = rules("service.expansion")
    names = ("ระบบตรวจ", "คำถาม", "ที่มา", "ข้อควรระวัง")
    starts = set()
    for line in output.splitlines():
        name = next((name for name in names if line.startswith(f"    {name} ")), None)
        if name:
            value = line.removeprefix(f"    {name}").lstrip()
            starts.add(_width(line.removesuffix(value)))
    assert len(starts) == 1


def test_another_round_says_whose_rules_they_are() -> None:
    output = rules("participation.expanded", "--round", "2570")
    assert "เกณฑ์รางวัลเลิศรัฐ รอบปี 2570" in output
    assert "ที่แสดงนี้คือเกณฑ์รอบปี 2568" in output
    assert "ไม่เกินปี 2568 (รอบปี 2570 − 2 ปี)" in output


def test_colours_are_for_a_terminal_only() -> None:
    assert "\x1b" not in rules()
    assert "\x1b[" in rules(color=True)


@pytest.mark.parametrize(
    ("arguments", "complaint"),
    [
        (["service.inovation"], "unknown category 'service.inovation'; did you mean 'service.innovation'?"),
        (["pmqa"], "unknown category 'pmqa'; use one of: service.innovation, "),
        (["--round", "2560"], "no rules are known for 2560; the oldest are of 2568"),
        (["--round", "25"], "25 is not in the range"),
    ],
)
def test_a_mistake_is_wrong_usage_and_says_what_to_do(arguments: list[str], complaint: str) -> None:
    done = CliRunner().invoke(lertrat, ["rules", *arguments])
    assert done.exit_code == 2
    assert complaint in done.output
