"""LINE's limits, each with the way LINE counts it.

Texts are counted in UTF-16 code units, labels and titles in grapheme clusters, containers in bytes of JSON. `len()` is
wrong for all three: a Thai vowel or tone mark is a code point of its own, but no cluster of its own.
Source: LINE's Messaging API reference, as summed up for this project in August 2026.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from typing import Final

import regex

MESSAGES_PER_CALL: Final = 5
RECIPIENTS_PER_MULTICAST: Final = 500

TEXT_UTF16: Final = 5000
ALT_TEXT_UTF16: Final = 1500
ACTION_TEXT_UTF16: Final = 300
POSTBACK_DATA_UTF16: Final = 300
URI_UTF16: Final = 1000

QUICK_REPLIES: Final = 13
LABEL_GRAPHEMES: Final = 20
FLEX_LABEL_GRAPHEMES: Final = 40
SENDER_NAME_GRAPHEMES: Final = 20

CAROUSEL_BUBBLES: Final = 12
# LINE says "30 KB" and "50 KB"; the smaller reading of a KB is safe under both.
BUBBLE_BYTES: Final = 30_000
CAROUSEL_BYTES: Final = 50_000

ELLIPSIS: Final = "…"

Count = Callable[[str], int]


def utf16_length(text: str) -> int:
    """Length in UTF-16 code units, as LINE counts texts: an emoji is usually 2. A lone surrogate counts 1."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def graphemes(text: str) -> Iterator[str]:
    r"""The grapheme clusters of `text` in order (regex's \X): "ที่" is one."""
    return (match.group() for match in regex.finditer(r"\X", text))


def grapheme_length(text: str) -> int:
    """Length in grapheme clusters, as LINE counts labels and titles."""
    return sum(1 for _ in graphemes(text))


def json_bytes(value: object) -> int:
    """Size in bytes of `value` as it goes over the wire, where a Thai letter is an escape of 6 bytes (UTF-8 has 3).

    LINE does not say which of the two it counts, so this is the larger.
    """
    return len(json.dumps(value))


def shorten(text: str, limit: int, count: Count = utf16_length) -> str:
    """`text` itself when `count` finds at most `limit` in it, else its beginning with "…", together at most `limit`.

    Never cuts inside a grapheme cluster, and cuts at a space where one stands in the last third. A limit below 1
    gives "".
    """
    if limit < 1:
        return ""
    if count(text) <= limit:
        return text
    kept: list[str] = []
    room = limit - count(ELLIPSIS)
    for cluster in graphemes(text):
        room -= count(cluster)
        if room < 0:
            break
        kept.append(cluster)
    space = next((i for i in range(len(kept) - 1, len(kept) * 2 // 3, -1) if kept[i].isspace()), len(kept))
    return "".join(kept[:space]).rstrip() + ELLIPSIS


def split(text: str, limit: int) -> list[str]:
    """`text` in pieces of at most `limit` (2 or more) UTF-16 units; only white space at the seams is lost.

    A seam falls on a line's end or a space where one stands in the last third of a piece, and never inside a grapheme
    cluster, unless one cluster alone is longer than `limit`.
    """
    pieces: list[str] = []
    rest = text.strip()
    while utf16_length(rest) > limit:
        size = end = space = newline = 0
        for cluster in graphemes(rest):
            size += utf16_length(cluster)
            if size > limit:
                break
            end += len(cluster)
            if end > limit * 2 // 3 and cluster.isspace():
                space = end
                newline = end if "\n" in cluster else newline
        # A cluster of hundreds of marks is no writing that a seam could harm; a code point is at most two units.
        seam = newline or space or end or limit // 2
        pieces.append(rest[:seam].strip())
        rest = rest[seam:].strip()
    return [piece for piece in [*pieces, rest] if piece]
