"""A text as phrases are looked up in it: one key for all its spellings, which knows where each part of it came from."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

import regex

from intents.normalize import skeleton

# Letters that a number or a question needs; all other punctuation only parts the words.
_NEW = "\ue000"
_KEPT = frozenset(f"%-/.?+<>≥≤{_NEW}")
_DASHES = str.maketrans("–—−~", "----")

_ONES = {
    "หนึ่ง": 1, "หนึง": 1, "นึง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "เจด": 7, "แปด": 8, "เก้า": 9,
    "เอ็ด": 1, "เอด": 1, "ยี่": 2, "ยี": 2,
}  # fmt: skip
_ONE = "หนึ่ง|หนึง|สอง|สาม|สี่|ห้า|หก|เจ็ด|เจด|แปด|เก้า"
_WORDED = rf"(?P<tens>(?:{_ONE}|ยี่|ยี)?สิบ)(?P<tail>เอ็ด|เอด|{_ONE})?|(?P<hundreds>(?:{_ONE})?ร้อย)(?!ละ)|(?P<low>{_ONE})(?:\s?(?P<high>{_ONE}))?"
_UNIT = r"ปี|เดือน|วัน|สัปดาห|อาทิตย|กรม|กระทรวง|หน่วย|หนวย|องค์กร|องคกร|แห่ง|แหง|สำนัก|ส่วนราชการ|พื้นที่|พื้นที|พืนที่|จังหวัด|อำเภอ|ตำบล|หมู่บ้าน|ชุมชน|เขต|เปอร|เปอเซ|%"
# A number word counts before a unit ("สองกรม", "สิบกว่าปี") and after "ร้อยละ"; elsewhere it may be part of a word.
_NUMBER_WORD = regex.compile(
    rf"(?:{_WORDED})(?=\s?(?:กว่า|กวา|เศษ|ถึง|หรือ|-|คูณ)?\s?(?:{_UNIT}|(?:{_ONE}|ยี่|\d)\S*\s?(?:{_UNIT})))"
    rf"|(?<=ร้อยละ\s?)(?:{_WORDED})|(?<=\d\s?(?:ถึง|หรือ|-)\s?)(?:{_WORDED})"
)
_ANY_NUMBER_WORD = regex.compile(rf"(?<![\u0E40-\u0E44]|เรียบ)(?:{_WORDED})(?![\u0E31\u0E34-\u0E3A\u0E47-\u0E4E])")


Spelling = tuple[regex.Pattern[str], str]


@lru_cache(maxsize=4096)
def fold(character: str) -> str:
    """One character of a key; empty for tone marks, spaces and punctuation."""
    character = character.translate(_DASHES)
    return character if character in _KEPT else skeleton(character)


def folded(pattern: str) -> str:
    """A regular expression over Thai text as one over keys: its Thai letters folded, all else untouched."""
    return "".join(fold(c) if "\u0e00" <= c <= "\u0e7f" else c for c in marked(pattern))


def marked(text: str) -> str:
    """`text` where "ใหม่" (new) keeps apart from "ไหม", which would make a question of it."""
    return text.replace("ใหม่", f"{_NEW}หม่")


@dataclass(frozen=True)
class Reading:
    """`key` holds cleaned `text` without spaces and tone marks, number words as digits.

    Character i of the key came from text[starts[i]:ends[i]]; `gaps` are the places in the key before which something
    parted the words. Two numbers keep the space between them.
    """

    text: str
    key: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    gaps: frozenset[int]

    def words(self, start: int, end: int) -> str:
        """The person's own words for key[start:end], tone marks included."""
        if start >= end:
            return ""
        first, last = self.starts[start], self.ends[end - 1]
        while last < len(self.text) and ("\u0e47" <= self.text[last] <= "\u0e4e" or self.text[last] == "%"):
            last += 1
        return self.text[first:last].strip()

    def place(self, index: int) -> int:
        """The place in the key of text[index]."""
        return next((i for i, start in enumerate(self.starts) if start >= index), len(self.key))


def read(text: str, spellings: Iterable[Spelling] = (), *, bare: bool = False) -> Reading:
    """The Reading of cleaned `text`, misspelt words (`spellings`: pattern and key of the right one) put right.

    `bare` takes every number word as a number, as the answer to "how many?" may be one.
    """
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    gaps: set[int] = set()
    numbers = {m.start(): m for m in (_ANY_NUMBER_WORD if bare else _NUMBER_WORD).finditer(text)}
    index, parted = 0, False
    while index < len(text):
        if match := numbers.get(index):
            kept, step = _digits(match), len(match[0])
        else:
            kept, step = fold(_NEW if text.startswith("ใหม่", index) else text[index]), 1
        if not kept:
            parted = parted or not "\u0e47" <= text[index] <= "\u0e4e"
        else:
            if parted and characters:
                if kept[0].isdigit() and characters[-1].isdigit() and text[index - 1] != ",":
                    characters.append(" ")
                    starts.append(index - 1)
                    ends.append(index)
                gaps.add(len(characters))
            parted = False
            for character in kept:
                characters.append(character)
                starts.append(index)
                ends.append(index + step)
        index += step
    reading = Reading(text, "".join(characters), tuple(starts), tuple(ends), frozenset(gaps))
    for pattern, right in spellings:
        for match in reversed(list(pattern.finditer(reading.key))):
            reading = _respelt(reading, match.start(), match.end(), right)
    return reading


def _respelt(reading: Reading, start: int, end: int, right: str) -> Reading:
    """`reading` with `right` for key[start:end), each letter of which comes from all the person's letters there."""
    longer = len(right) - (end - start)
    return Reading(
        reading.text,
        reading.key[:start] + right + reading.key[end:],
        (*reading.starts[:start], *[reading.starts[start]] * len(right), *reading.starts[end:]),
        (*reading.ends[:start], *[reading.ends[end - 1]] * len(right), *reading.ends[end:]),
        frozenset(gap if gap <= start else gap + longer for gap in reading.gaps if not start < gap < end),
    )


def _digits(match: regex.Match[str]) -> str:
    """A number word in digits: "สิบสอง" is 12, "สองสาม" is 2-3."""
    if match["tens"]:
        tens = match["tens"].removesuffix("สิบ")
        return str((_ONES[tens] if tens else 1) * 10 + (_ONES[match["tail"]] if match["tail"] else 0))
    if match["hundreds"]:
        ones = match["hundreds"].removesuffix("ร้อย")
        return str((_ONES[ones] if ones else 1) * 100)
    low = str(_ONES[match["low"]])
    return f"{low}-{_ONES[match['high']]}" if match["high"] else low
