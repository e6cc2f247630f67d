"""Puts misspelt words right: towards the words of our own phrasings, and only towards them.

Two things go wrong when people type in a hurry. All tone marks are left out: then every word is looked up without them.
Or a letter is wrong, missing or too much: then what no dictionary knows is looked up one edit away. A word that the
dictionary knows is never touched, unless the whole text bears no tone mark.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import regex
from rapidfuzz.distance import OSA

from intents.normalize import skeleton

# Shorter words are too many to tell one from another by what is left of them.
_LEAST_LETTERS = 4
# A Thai text of so many letters without any tone mark was typed without them: of our phrasings so long one in 50 has none.
_TONELESS_FROM = 12
_TONE = regex.compile(r"[\u0E48-\u0E4B]")
_TONES = regex.compile(r"[\u0E47-\u0E4C]")
_THAI = regex.compile(r"[\u0E00-\u0E7F]")
# Whoever mistypes a letter still types most of a word: one slip in five letters can be told from another word.
_LEAST_FOR_A_SLIP = 5
# A word that the dictionary knows and that is so long is no part of a misspelt one.
_SURELY_A_WORD = 5
# How far a misspelt word may reach into what stands beside the part that no dictionary knows.
_BESIDE = 2


class Dictionary(Protocol):
    """What parts text into words and knows them."""

    def parted(self, text: str, only: frozenset[str] | None = None) -> Sequence[str]:
        """The text in pieces that make it up again; by the words of `only` where that is given."""

    def knows(self, word: str) -> bool:
        """Whether it is a word."""


class Speller:
    """Repairs texts towards `words`, each with how often our phrasings have it. Safe to share between threads."""

    def __init__(self, words: Mapping[str, int], dictionary: Dictionary) -> None:
        self._dictionary = dictionary
        ours = sorted((word for word in words if dictionary.knows(word) and _THAI.search(word)), key=lambda w: words[w])
        # Of words that look alike the one that we use most is meant: the last one stays.
        self._toneless = {_TONES.sub("", word): word for word in ours}
        self._as_words = frozenset(self._toneless)
        self._near: dict[str, list[str]] = defaultdict(list)
        for word in reversed(ours):
            key = skeleton(word)
            if len(key) >= _LEAST_LETTERS:
                for variant in _shorter(key):
                    self._near[variant].append(word)

    def repaired(self, text: str) -> str:
        """Cleaned `text` with its misspelt words put right."""
        if not _TONE.search(text) and len(_THAI.findall(text)) >= _TONELESS_FROM:
            text = "".join(self._toneless.get(part, part) for part in self._dictionary.parted(text, self._as_words))
        parts = list(self._dictionary.parted(text))
        strange = [bool(_THAI.match(part)) and not self._is_word(part) for part in parts]
        if not any(strange):
            return text
        return "".join(self._respelt(parts, strange))

    def _is_word(self, part: str) -> bool:
        return len(part) > 1 and self._dictionary.knows(part)

    def _respelt(self, parts: Sequence[str], strange: Sequence[bool]) -> Iterable[str]:
        place = 0
        while place < len(parts):
            # Where the misspelt word begins is not known: of those that fit, the nearest and longest.
            fits = [
                (found, start)
                for start in range(place, place + _BESIDE + 1)
                if (found := self._best(parts, strange, start))
            ]
            if not fits:
                yield parts[place]
                place += 1
                continue
            (_, word, end), start = max(fits, key=lambda fit: (fit[0][0], -fit[1]))
            yield from parts[place:start]
            yield word
            place = end

    def _best(
        self, parts: Sequence[str], strange: Sequence[bool], start: int
    ) -> tuple[tuple[int, int], str, int] | None:
        """The word that the parts from `start` on are most likely to mean, how well it fits, and the place after them."""
        best: tuple[tuple[int, int], str, int] | None = None
        for end in range(start + 1, min(start + 2 * _BESIDE + 1, len(parts)) + 1):
            part = parts[end - 1]
            if part == " " or (not strange[end - 1] and len(part) >= _SURELY_A_WORD):
                break
            key = skeleton("".join(parts[start:end]))
            if not any(strange[start:end]) or len(key) < _LEAST_LETTERS - 1:
                continue
            for slips, word in self._meant(key):
                # The nearest, and of those the longest: it leaves the least unexplained.
                rank = (-slips, len(word))
                if best is None or rank > best[0]:
                    best = (rank, word, end)
        return best

    def _meant(self, key: str) -> Iterable[tuple[int, str]]:
        """The words that `key` may have been meant for, with the number of slips: those alike first, then one slip away."""
        for variant in _shorter(key):
            for word in self._near.get(variant, ()):
                wanted = skeleton(word)
                slips = OSA.distance(key, wanted, score_cutoff=1)
                # The first letter is seldom mistyped; what begins otherwise is another word.
                if slips == 0 or (slips == 1 and len(wanted) >= _LEAST_FOR_A_SLIP and wanted[0] == key[0]):
                    yield slips, word


def _shorter(key: str) -> list[str]:
    """`key` and all that is left of it without one of its letters: two keys one edit apart have one of these in common."""
    return [key, *(key[:i] + key[i + 1 :] for i in range(len(key)))]
