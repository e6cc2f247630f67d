"""LINE counts texts in UTF-16 units and labels in grapheme clusters; cutting respects both."""

from __future__ import annotations

import pytest
import regex
from hypothesis import given
from hypothesis import strategies as st

from bot.limits import Count, grapheme_length, json_bytes, shorten, split, utf16_length

LINES_OWN_EXAMPLE = "ตรวจสอบสิทธิ์เบี้ยยังชีพผู้สูงอายุ"
THAI = st.text(alphabet=st.sampled_from("กขงที่น้ำเก็ผู้สูงโปร่ง ใส😀👨‍👩‍👧\n1a"), max_size=200)


def test_counts_clusters_where_len_counts_code_points() -> None:
    assert (len(LINES_OWN_EXAMPLE), grapheme_length(LINES_OWN_EXAMPLE)) == (34, 23)


@pytest.mark.parametrize(("text", "units"), [("", 0), ("ที่", 3), ("😀", 2), ("a\ud800", 2)])
def test_counts_utf16_units(text: str, units: int) -> None:
    assert utf16_length(text) == units


def test_counts_bytes_as_they_go_over_the_wire() -> None:
    assert json_bytes({"text": "ก"}) == len('{"text": "\\u0e01"}')


def test_keeps_what_fits_to_the_unit() -> None:
    assert shorten("กขค", 3) == "กขค"
    assert shorten("กขคง", 3) == "กข…"


def test_never_leaves_a_vowel_or_tone_mark_behind() -> None:
    assert shorten("กำหนดที่นี่", 7) == "กำหนด…"
    assert shorten("ที่ที่ที่", 2, grapheme_length) == "ที่…"


def test_cuts_at_a_space_near_the_end() -> None:
    assert shorten("เลือกประเภท รางวัลบริการภาครัฐ", 14) == "เลือกประเภท…"


def test_never_cuts_an_emoji_in_half() -> None:
    assert shorten("😀😀😀", 4) == "😀…"


def test_has_no_room_for_anything() -> None:
    assert [shorten("กข", 1), shorten("กข", 0)] == ["…", ""]


@given(THAI | st.text(max_size=100), st.integers(1, 60), st.sampled_from([utf16_length, grapheme_length]))
def test_a_shortened_text_fits_and_is_a_beginning_of_whole_clusters(text: str, limit: int, count: Count) -> None:
    short = shorten(text, limit, count)
    assert count(short) <= limit
    if short != text:
        kept = short.removesuffix("…")
        clusters = regex.findall(r"\X", text)
        assert any("".join(clusters[:n]).rstrip() == kept for n in range(len(clusters) + 1))


@given(THAI | st.text(max_size=300), st.integers(2, 60))
def test_pieces_fit_and_lose_only_white_space(text: str, limit: int) -> None:
    pieces = split(text, limit)
    assert all(0 < utf16_length(piece) <= limit for piece in pieces)
    assert "".join("".join(pieces).split()) == "".join(text.split())


def test_splits_at_the_end_of_a_line_before_a_space() -> None:
    assert split("กกกกกก\nข ขข ขขขข", 12) == ["กกกกกก\nข ขข", "ขขขข"]
    assert split("กกกกกกกก\nข ขข ขขขข", 12) == ["กกกกกกกก", "ข ขข ขขขข"]


def test_splits_even_one_endless_cluster() -> None:
    pieces = split("ก" + "\u0e49" * 1000, 100)
    assert "".join(pieces) == "ก" + "\u0e49" * 1000
    assert max(map(utf16_length, pieces)) <= 100
