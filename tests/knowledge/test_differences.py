"""What differs is told entry by entry, so that somebody can look through it before it is published."""

from __future__ import annotations

import pytest

from knowledge.differences import WHOLE_FILE, Difference, Line, differences

SUBJECT = """
name: บูรณาการข้อมูล
aliases: [บูรณาการ, เชื่อมข้อมูล]
conditions:
  - id: service.integration.duration
    text: ต้องใช้มาแล้ว
    rule: {fact: months_in_use, at_least: 12}
    phrasings: [กี่ปี, กี่เดือน]
examples:
  - id: service.integration.work
    title: ผลงาน
    figures:
      - {id: steps, text: ลดขั้นตอน}
"""
PHRASES = """
attributes:
  definition: ["{s}คืออะไร"]
commands:
  greeting: {attribute: smalltalk, phrasings: [สวัสดี]}
out_of_scope:
  near: [ราคาทอง]
"""
FILE = "2568/service.integration.yaml"
DURATION = "service.integration.duration"


def changed(old: str, new: str, text: str = SUBJECT, file: str = FILE) -> list[Difference]:
    assert old in text
    return differences({file: text}, {file: text.replace(old, new)})


def test_nothing_differs_from_itself() -> None:
    assert differences({FILE: SUBJECT}, {FILE: SUBJECT}) == []


def test_phrasings_are_told_one_by_one() -> None:
    assert changed("[กี่ปี, กี่เดือน]", "[กี่ปี, นานไหม]") == [
        Difference(FILE, DURATION, "changed", (Line("-", "phrasings", "กี่เดือน"), Line("+", "phrasings", "นานไหม")))
    ]


def test_a_text_and_a_rule_are_told_as_they_were_and_are() -> None:
    assert changed("ต้องใช้มาแล้ว", "ใช้มาแล้ว")[0].lines == (
        Line("-", "text", "ต้องใช้มาแล้ว"),
        Line("+", "text", "ใช้มาแล้ว"),
    )
    assert changed("at_least: 12", "at_least: 18")[0].lines == (
        Line("-", "rule", '{"fact": "months_in_use", "at_least": 12}'),
        Line("+", "rule", '{"fact": "months_in_use", "at_least": 18}'),
    )


def test_a_date_is_told_as_people_write_it() -> None:
    milestone = "milestones:\n  - {id: m, date: {year: 2569, month: 3, day: 31}, until: {year: 2569, month: 4}}\n"
    [found] = changed("day: 31", "day: 30", milestone)
    assert found.lines == (
        Line("-", "date", "วันอังคารที่ 31 มีนาคม 2569"),
        Line("+", "date", "วันจันทร์ที่ 30 มีนาคม 2569"),
    )
    [found] = changed("month: 4", "month: 5", milestone)
    assert [line.text for line in found.lines] == ["เดือนเมษายน 2569", "เดือนพฤษภาคม 2569"]
    # What is no date is shown as it stands.
    [found] = changed("day: 31", "day: 32", milestone)
    assert found.lines[1].text == '{"year": 2569, "month": 3, "day": 32}'


def test_a_value_that_is_no_list_is_told_whole() -> None:
    [found] = changed("published: true", "published: false", "texts:\n  - {id: t, published: true}\n")
    assert found.lines == (Line("-", "published", "true"), Line("+", "published", "false"))
    [found] = changed(", published: false", "", "texts:\n  - {id: t, published: false}\n")
    assert found.lines == (Line("-", "published", "false"),)


def test_a_key_that_came_or_went_is_told_once() -> None:
    [found] = changed("    text: ต้องใช้มาแล้ว\n", "")
    assert found.lines == (Line("-", "text", "ต้องใช้มาแล้ว"),)
    [found] = changed("    text: ต้อง", "    topic: duration\n    text: ต้อง")
    assert found.lines == (Line("+", "topic", "duration"),)


def test_an_entry_that_came_or_went_is_named() -> None:
    assert [(d.entry, d.change) for d in changed("id: service.integration.work", "id: service.integration.other")] == [
        ("service.integration.work", "removed"),
        ("service.integration.work / steps", "removed"),
        ("service.integration.other", "added"),
        ("service.integration.other / steps", "added"),
    ]


def test_a_figure_is_told_apart_from_its_example() -> None:
    [found] = changed("ลดขั้นตอน", "ลด 3 ขั้นตอน")
    assert (found.entry, [line.text for line in found.lines]) == (
        "service.integration.work / steps",
        ["ลดขั้นตอน", "ลด 3 ขั้นตอน"],
    )


def test_an_entry_that_moved_to_another_part_is_told() -> None:
    [found] = changed("conditions:", "texts:")
    assert found.lines == (Line("-", "section", "conditions"), Line("+", "section", "texts"))


@pytest.mark.parametrize(
    ("old", "new", "entry", "key"),
    [
        ('["{s}คืออะไร"]', "[]", "attributes.definition", ""),
        ("[สวัสดี]", "[หวัดดี]", "commands.greeting", "phrasings"),
        ("[ราคาทอง]", "[ราคาทอง, หวย]", "out_of_scope.near", ""),
    ],
)
def test_the_phrasebook_is_told_by_what_its_phrasings_ask_for(old: str, new: str, entry: str, key: str) -> None:
    [found] = changed(old, new, PHRASES, "phrases.yaml")
    assert (found.entry, {line.key for line in found.lines}) == (entry, {key})


def test_a_file_that_came_or_went_is_told_as_a_whole() -> None:
    assert differences({FILE: SUBJECT}, {"2569/round.yaml": "year: 2569"}) == [
        Difference(FILE, WHOLE_FILE, "removed"),
        Difference("2569/round.yaml", WHOLE_FILE, "added"),
    ]


@pytest.mark.parametrize(
    ("old", "new", "note"),
    [
        ("\nname:", "\n# official\nname:", "its form only: comments, spacing, order of keys"),
        ("conditions:\n", "conditions: [\n", "one of the two cannot be read entry by entry"),
    ],
)
def test_what_cannot_be_told_by_entries_is_told_of_the_file(old: str, new: str, note: str) -> None:
    assert changed(old, new) == [Difference(FILE, WHOLE_FILE, "changed", note=note)]


def test_another_order_is_no_other_entry() -> None:
    one, two = "  - {id: a, text: ก}\n", "  - {id: b, text: ข}\n"
    [found] = differences({FILE: f"texts:\n{one}{two}"}, {FILE: f"texts:\n{two}{one}"})
    assert (found.entry, found.note) == (WHOLE_FILE, "the order of its entries")


def test_an_id_that_stands_twice_hides_nothing() -> None:
    twice = "texts:\n  - {id: a, text: ก}\n  - {id: a, text: ข}\n"
    [found] = differences({FILE: twice}, {FILE: twice.replace("ข", "ค")})
    assert (found.entry, found.lines) == ("a #2", (Line("-", "text", "ข"), Line("+", "text", "ค")))
