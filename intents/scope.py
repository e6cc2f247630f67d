"""Whether a question that names nothing of ours is about the awards at all.

A text like "ต้องกี่คะแนน" may be ours, "TQA ต้องกี่คะแนน" is not: what decides is how near the text is to the phrasings
of both kinds, and how much of its weight lies in words that our own phrasings know.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass

import regex

from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, YEAR_MARK, Phrasing

# Logistic regression over ScopeSigns, fitted on the questions of tests/questions/tune.tsv that name none of our
# subjects (docs/decisions/). The order is that of the fields.
_WEIGHTS = (3.58, -4.05, 3.66, -3.23, -1.04, 1.44)
_BIAS = 2.14


# The assistant tells about the awards; it does not write what is sent in.
_WRITING = regex.compile(
    r"(?:เขียน|ร่าง|แต่ง|กรอก|พิมพ์|จัดทำ|ทำ(?:สไลด์|พาวเวอร์|พรีเซน|ppt|เล่ม|รายงาน)|เรียบเรียง)(?!ยังไง|อย่างไร|แบบ|ได้)\S*(?:\s\S+)*?\s?(?:ให้(?:หน่อย|ที|ด้วย|ทั้ง|เลย|ฉัน|ผม|หนู|ได้ไหม|$|\s)|แทน)"
)


def asks_to_write(text: str) -> bool:
    """Whether cleaned `text` asks to have an application, a slide deck or the like written."""
    return bool(_WRITING.search(text))


@dataclass(frozen=True)
class ScopeSigns:
    """What speaks for and against; likenesses are cosines, all are 0 to 1 but `cues`, a count up to 2."""

    stranger_probability: float
    likeness_to_ours: float
    likeness_to_strangers: float
    known_words: float
    cues: int
    smalltalk_probability: float

    def strangeness(self) -> float:
        """Probability (0 to 1) that the question is not about the awards."""
        score = _BIAS + sum(weight * float(sign) for weight, sign in zip(_WEIGHTS, astuple(self), strict=True))
        return 1 / (1 + math.exp(-score))


class KnownWords:
    """The words of our own phrasings, weighted by rarity."""

    def __init__(self, rows: Sequence[Phrasing], words: Callable[[str], list[str]]) -> None:
        ours = [row.text for row in rows if row.label != OUT_OF_SCOPE]
        self._words = words
        self._counts = Counter(word for text in ours for word in set(words(text)))
        self._texts = len(ours)

    def share(self, text: str) -> float:
        """Share (0 to 1) of the text's inverse document frequency that lies in words known here; 1 without words."""
        words = [word for word in self._words(text) if word not in (SUBJECT_MARK, YEAR_MARK)]
        weights = [math.log(self._texts / (self._counts[word] + 1)) for word in words]
        known = sum(weight for word, weight in zip(words, weights, strict=True) if word in self._counts)
        return known / sum(weights) if words else 1.0
