"""One entry of a YAML document changed where it stands, everything else byte for byte as it was."""

from __future__ import annotations

import difflib
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge import entries, yaml_edits
from knowledge.documents import files_in, parsed
from knowledge.entries import NoEntryError
from knowledge.loader import CONTENT
from knowledge.yaml_edits import CannotEditError

OWN = {path: text.decode() for path, text in files_in(CONTENT).items() if isinstance(text, bytes)}
SMALL = """\
# หมายเหตุบนสุด
subject: best
name: ชื่อ  # ข้างบรรทัด
aliases: [ก, ข]

texts:
  # ก่อนรายการแรก
  - id: best.one
    gist: หนึ่ง
    source: {lines: "1"}
    phrasings: [ถามหนึ่ง]
  - id: best.two
    gist: >-
      สอง
      บรรทัด
    source: {lines: "2"}

examples:
  - id: best.work
    label: งาน
    figures:
      - {id: best.work.a, label: ก, text: "มี 1 ชิ้น", source: {lines: "3"}}
      - {id: best.work.b, label: ข, text: "มี 2 ชิ้น", source: {lines: "4"}}
"""


def changed_lines(before: str, after: str) -> list[str]:
    return [line for line in difflib.ndiff(before.splitlines(), after.splitlines()) if line[0] in "+-"]


def test_one_key_is_changed_and_nothing_else() -> None:
    after = yaml_edits.changed(SMALL, "best.work / best.work.b", {"text": "มี 3 ชิ้น: ใหม่"})
    assert changed_lines(SMALL, after) == [
        '-       - {id: best.work.b, label: ข, text: "มี 2 ชิ้น", source: {lines: "4"}}',
        "+       - {id: best.work.b, label: ข, text: 'มี 3 ชิ้น: ใหม่', source: {lines: \"4\"}}",
    ]


def test_keys_come_before_the_phrasings_and_go_with_their_line() -> None:
    with_caution = yaml_edits.changed(SMALL, "best.one", {"certainty": "to_confirm", "caution": "รอก่อน\nสองบรรทัด"})
    assert changed_lines(SMALL, with_caution) == [
        "+     certainty: to_confirm",
        "+     caution: |-",
        "+       รอก่อน",
        "+       สองบรรทัด",
    ]
    assert yaml_edits.changed(with_caution, "best.one", {"certainty": None, "caution": None}) == SMALL


def test_a_list_that_only_grows_is_not_laid_out_anew() -> None:
    after = yaml_edits.changed(SMALL, "best.one", {"phrasings": ["ถามหนึ่ง", "[ถาม] สอง", "ถาม, สาม"]})
    assert "    phrasings: [ถามหนึ่ง, '[ถาม] สอง', 'ถาม, สาม']\n" in after


def test_a_block_list_keeps_the_words_of_its_items_as_they_were_written() -> None:
    text = 'attributes:\n  deadline:\n    - "{s}ปิดเมื่อไร"\n    - วันไหน\n'
    after = yaml_edits.changed(text, "attributes.deadline", {"": ["{s}ปิดเมื่อไร", "{s} หมดเขต"]})
    assert after == "attributes:\n  deadline:\n    - \"{s}ปิดเมื่อไร\"\n    - '{s} หมดเขต'\n"


def test_the_head_of_a_file_is_an_entry_too() -> None:
    after = yaml_edits.changed(SMALL, "head", {"aliases": ["ค"], "english": "Best"})
    assert changed_lines(SMALL, after) == ["- aliases: [ก, ข]", "+ aliases: [ค]", "+ english: Best"] or (
        parsed(after)[0] == {**(parsed(SMALL)[0] or {}), "aliases": ["ค"], "english": "Best"}
    )


def test_an_entry_is_added_at_the_end_of_its_section_or_in_a_new_one() -> None:
    keys: dict[str, Any] = {"id": "best.three", "gist": "สาม", "source": {"lines": "5"}}
    after = yaml_edits.added(SMALL, "texts", keys)
    assert changed_lines(SMALL, after) == ["+   - id: best.three", "+     gist: สาม", "+     source: {lines: '5'}"]
    fresh = yaml_edits.added(SMALL, "gaps", keys)
    assert fresh == f"{SMALL.rstrip()}\n\ngaps:\n  - id: best.three\n    gist: สาม\n    source: {{lines: '5'}}\n"
    figure = yaml_edits.added(SMALL, "figures", {"id": "best.work.c", "text": "มี 4"}, "best.work")
    assert changed_lines(SMALL, figure) == ["+       - id: best.work.c", "+         text: มี 4"]


def test_entries_are_removed_the_last_one_with_its_section() -> None:
    after = yaml_edits.removed(SMALL, "best.one")
    assert "best.one" not in after
    assert "# ก่อนรายการแรก" in after
    after = yaml_edits.removed(yaml_edits.removed(SMALL, "best.work / best.work.a"), "best.work / best.work.b")
    assert "figures" not in after
    assert "examples" not in yaml_edits.removed(SMALL, "best.work")


def test_line_ends_and_the_byte_order_mark_stay() -> None:
    text = "\ufeff" + SMALL.replace("\n", "\r\n")
    after = yaml_edits.changed(text, "best.one", {"gist": "ใหม่", "caution": "ก\nข"})
    assert after.startswith("\ufeff#")
    assert "\n" not in after.replace("\r\n", "")


@pytest.mark.parametrize("name", ["best.none", "best.work / best.work.z", "topics.none", "", "texts", "0"])
def test_what_is_not_there_cannot_be_changed(name: str) -> None:
    with pytest.raises(NoEntryError):
        yaml_edits.changed(SMALL, name, {"gist": "ก"})


def test_an_id_stands_once() -> None:
    with pytest.raises(NoEntryError):
        yaml_edits.added(SMALL, "texts", {"id": "best.one"})


@pytest.mark.parametrize(
    "text",
    [
        "subject: [",
        "ไม่มีกุญแจ",
        "base: &a {id: best.one, gist: ก}\ntexts: [*a]\n",
        "texts:\n  - {id: best.one, gist: ก, gist: ข}\n",
    ],
)
def test_a_document_that_cannot_be_edited_safely_is_refused_not_damaged(text: str) -> None:
    with pytest.raises((CannotEditError, NoEntryError)):
        yaml_edits.changed(text, "best.one", {"gist": "ใหม่", "caution": "อีก"})


@pytest.mark.parametrize("path", sorted(OWN))
def test_every_entry_of_our_own_content_can_be_changed_in_place(path: str) -> None:
    document, _ = parsed(OWN[path])
    assert document is not None
    found = list(entries.places(document))
    changes = {
        place.name: {key: "ใหม่: {ข}" for key in place.keys if key in ("text", "gist", "label", "ask")}
        for place in found
    }
    after = yaml_edits.all_changed(OWN[path], {name: keys for name, keys in changes.items() if keys})
    untouched = [line for line in OWN[path].splitlines() if line.lstrip().startswith("#")]
    assert [line for line in after.splitlines() if line.lstrip().startswith("#")] == untouched


VALUES = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), min_size=1, max_size=30).map(str.strip).filter(bool),
    st.lists(
        st.sampled_from(["ก", "- ข", "yes", "12", "16:30", "a: b", "#", "{s}", "'", '"', "null", "*", "ยาว " * 9]),
        min_size=1,
    ),
    st.integers(0, 10**6),
    st.booleans(),
    st.just("สอง\nบรรทัด\n\nเว้น"),
    st.just("  นำด้วยช่องว่าง\nและท้าย  "),
)


@settings(deadline=None)
@given(value=VALUES, name=st.sampled_from(["best.one", "best.two", "best.work / best.work.a", "head"]))
def test_whatever_is_written_reads_back_as_it_was_meant(value: Any, name: str) -> None:
    after = yaml_edits.changed(SMALL, name, {"note": value, "gist": value})
    place = entries.place_of(parsed(after)[0] or {}, name)
    assert place is not None
    assert (place.keys["note"], place.keys["gist"]) == (value, value)
    again = yaml_edits.changed(after, name, {"note": None})
    left = entries.place_of(parsed(again)[0] or {}, name)
    assert left is not None
    assert "note" not in left.keys
