"""Puts misspelt words right: towards the words of our own phrasings, and only towards them.

Three things go wrong when people type in a hurry. All tone marks are left out: then every word is looked up without them.
A tone mark is lost in a long word, which falls apart into short ones: then it is put together again. Or a letter is wrong,
missing, doubled or swapped with the next: then what stands round the part that no dictionary knows is read anew as the
likeliest row of words, each at most one slip away from one of ours. What the dictionary knows is touched nowhere else.
"""

from __future__ import annotations

import itertools
import math
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Protocol

import regex
from rapidfuzz.distance import OSA

from intents.lookup import by_beginning, occurrences
from intents.normalize import PARTICLES, skeleton, skeleton_with_places, with_marks

# A Thai text of so many letters without any tone mark was typed without them: of our phrasings so long one in 50 has none.
_TONELESS_FROM = 12
_TONE = regex.compile(r"[\u0E48-\u0E4B]")
_TONES = regex.compile(r"[\u0E47-\u0E4C]")
_THAI = regex.compile(r"[\u0E00-\u0E7F]")
_LATIN = regex.compile(r"(?<![a-z0-9])[a-z]{6,}(?![a-z0-9])")
_MIXED = regex.compile(r"[A-Za-z]")
_LETTERS = regex.compile(r"[\u0E01-\u0E2E]")
_MARK = regex.compile(r"[\p{M}ะาำๅ]")
# A word that the dictionary knows and that is so long is no part of a misspelt one; a shorter one may be one by chance.
_SURELY_A_WORD = 8
# Letters without tone marks from which on a word of ours is told from a row of others that sound like it.
_SURELY_ONE = 6
# How many letters of words beside the part that no dictionary knows may belong to what was misspelt.
_BESIDE = 9
_LONGEST = 16
# How often a name counts as spoken (by hand): as often as the hundred words that are used most.
_NAME_SPOKEN = 60
# What a slip costs beside a word's rarity (both as -log of a probability, set by hand on the tuning sets): marks are lost
# most easily, and a letter doubled or swapped leaves more to tell the word by than one that is another or missing.
_MARKS, _DOUBLED, _SLIP = 2.0, 4.0, 7.0
# A shorter word is told by a doubled or swapped letter alone: another letter makes another word.
_LEAST_FOR_A_SLIP = 4
# A slip in the first letter is believed of long words only: what begins otherwise is another word.
_LEAST_FOR_THE_FIRST = 7
# What no word explains: for its being there at all, and for each of its letters.
_STRANGE, _STRANGE_LETTER = 7.0, 2.5
# A word that only the dictionary has, against one that our phrasings have once.
_NOT_OURS = 3.0
_SURE_LETTERS = 6


class Dictionary(Protocol):
    """What parts text into words and knows them."""

    def parted(self, text: str, only: frozenset[str] | None = None) -> Sequence[str]:
        """The text in pieces that make it up again; by the words of `only` where that is given."""

    def knows(self, word: str) -> bool:
        """Whether it is a word."""


class Speller:
    """Repairs texts towards `words`, each with how often our phrasings have it. Safe to share between threads."""

    def __init__(self, words: Mapping[str, int], dictionary: Dictionary, names: Collection[str] = ()) -> None:
        """`names` are words of ours that `dictionary` need not know."""
        self._dictionary = dictionary
        # Of a name in several spellings the fullest is the right one; particles are left out of what is ranked.
        fullest = {skeleton(name): name for name in sorted(names, key=len)}
        spoken = (*(name for name in fullest.values() if not _MIXED.search(name)), *PARTICLES)
        words = {**dict.fromkeys(spoken, _NAME_SPOKEN), **words}
        known = (word for word in words if (dictionary.knows(word) or word in spoken) and _LETTERS.search(word))
        ours = sorted(known, key=lambda w: words[w])
        # Of words that look alike the one that we use most is meant: the last one stays.
        # "พีเอ็มคิวเอ" has a short vowel's mark and no tone.
        self._toneless = {
            marks.sub("", word): word for word in ours if word not in PARTICLES for marks in (_TONE, _TONES)
        }
        self._as_words = frozenset(self._toneless)
        self._abbreviations = frozenset(name for name in names if len(name) == 2)
        total = sum(words.values()) + 1
        self._cost = {word: -math.log((words[word] + 1) / total) for word in ours}
        self._not_ours = math.log(total) + _NOT_OURS
        self._near: dict[str, list[tuple[str, str]]] = defaultdict(list)
        for word in reversed(ours):
            key = skeleton(word)
            if len(key) >= 2:
                for variant in _shorter(key):
                    self._near[variant].append((word, key))
        self._latin = {word for word in words if _LATIN.fullmatch(word)}
        self._latin_near: dict[str, list[str]] = defaultdict(list)
        for word in sorted(self._latin):
            for variant in _shorter(word):
                self._latin_near[variant].append(word)
        self._long = by_beginning((skeleton(word), word) for word in ours if len(skeleton(word)) >= _SURELY_ONE)

    def repaired(self, text: str) -> str:
        """Cleaned `text` with its misspelt words put right."""
        if not _TONE.search(text) and len(_THAI.findall(text)) >= _TONELESS_FROM:
            text = "".join(self._toneless.get(part, part) for part in self._dictionary.parted(text, self._as_words))
        text = _LATIN.sub(lambda word: self._latin_word(word[0]), self._joined(text))
        parts = list(self._dictionary.parted(text))
        strange = [bool(_THAI.match(part)) and not self._is_word(part) for part in parts]
        strange = [is_strange or self._is_shard(parts, place) for place, is_strange in enumerate(strange)]
        if not any(strange):
            return text
        return "".join(self._respelt(parts, strange))

    def _joined(self, text: str) -> str:
        """`text` with our own long words put right where a lost or wrong tone mark made several other words of them
        ("เจ้าหนาที่")."""
        key, places = skeleton_with_places(text)
        ends = {0, *itertools.accumulate(map(len, self._dictionary.parted(text)))}
        found: list[tuple[int, int, str]] = []
        for start, end, word in occurrences(key, self._long):
            first, last = places[start], with_marks(text, places[end - 1] + 1)
            typed = text[first:last]
            # "มีสิทธิบัตร" is no "มีสิทธิ์": what begins or ends inside a word is no word.
            if len(typed) >= len(word) or self._dictionary.knows(typed) or not {first, last} <= ends:
                continue
            if not found or first >= found[-1][1]:
                found.append((first, last, word))
        for first, last, word in reversed(found):
            parts = self._dictionary.parted(text[first:last])
            if len(parts) > 1 and not any(len(part) >= _SURELY_A_WORD for part in parts):
                text = text[:first] + word + text[last:]
        return text

    def _latin_word(self, typed: str) -> str:
        """The one Latin word of ours that is a slip away from one that is none of ours; else what was typed."""
        if typed in self._latin:
            return typed
        near = {w for variant in _shorter(typed) for w in self._latin_near.get(variant, ()) if w[0] == typed[0]}
        meant = [w for w in near if OSA.distance(typed, w, score_cutoff=1) == 1]
        return meant[0] if len(meant) == 1 else typed

    def _is_word(self, part: str) -> bool:
        return len(part) > 1 and self._dictionary.knows(part)

    def _is_shard(self, parts: Sequence[str], place: int) -> bool:
        """Whether one of our abbreviations stands between letters: by itself it would stand alone ("หน่อ|อย|ค่ะ")."""
        beside = (*parts[max(0, place - 1) : place], *parts[place + 1 : place + 2])
        return parts[place] in self._abbreviations and any(_THAI.match(part) for part in beside)

    def _respelt(self, parts: Sequence[str], strange: Sequence[bool]) -> Iterator[str]:
        """The parts, those round a strange one read anew."""
        again = [False] * len(parts)
        for place, is_strange in enumerate(strange):
            if not is_strange:
                continue
            again[place] = True
            for side in (range(place - 1, -1, -1), range(place + 1, len(parts))):
                letters = 0
                for beside in side:
                    sure = not strange[beside] and len(parts[beside]) >= _SURELY_A_WORD
                    letters += len(parts[beside])
                    if sure or letters > _BESIDE or not _THAI.match(parts[beside]):
                        break
                    again[beside] = True
        row = ""
        for part, anew in zip(parts, again, strict=True):
            if anew:
                row += part
                continue
            if row:
                yield self._likeliest(row)
            row = ""
            yield part
        if row:
            yield self._likeliest(row)

    def _likeliest(self, row: str) -> str:
        """The likeliest words that Thai letters without a space may have been meant for."""
        best: list[tuple[float, str]] = [(0.0, ""), *[(math.inf, "")] * len(row)]
        in_strange = [False] * (len(row) + 1)
        for start in range(len(row)):
            cost, said = best[start]
            # What no word explains, letter by letter.
            letter = cost + _STRANGE_LETTER + (0.0 if in_strange[start] else _STRANGE)
            if letter < best[start + 1][0]:
                best[start + 1], in_strange[start + 1] = (letter, said + row[start]), True
            for end in range(start + 2, min(start + _LONGEST, len(row)) + 1):
                if end < len(row) and _MARK.match(row[end]):
                    continue
                for more, word in self._meant(row[start:end]):
                    if cost + more < best[end][0]:
                        best[end], in_strange[end] = (cost + more, said + word), False
        return best[-1][1]

    def _meant(self, typed: str) -> Iterator[tuple[float, str]]:
        """The words that `typed` may be, each with its cost."""
        own = self._cost.get(typed)
        if own is not None:
            yield own, typed
        elif self._dictionary.knows(typed):
            # A long word is no accident.
            yield self._not_ours - min(_SURE_LETTERS, len(typed) - 2), typed
            return
        key = skeleton(typed)
        if own is None and len(key) >= 2:
            for variant in _shorter(key):
                for word, wanted in self._near.get(variant, ()):
                    slip = _slip(key, wanted)
                    if slip is not None:
                        yield self._cost[word] + slip, word


def _slip(key: str, wanted: str) -> float | None:
    """The cost of typing `key` for `wanted`, both without tone marks; None where they are too far apart."""
    if key == wanted:
        return _MARKS
    if OSA.distance(key, wanted, score_cutoff=1) > 1:
        return None
    if len(key) == len(wanted) + 1:
        place = next((i for i in range(len(wanted)) if key[i] != wanted[i]), len(wanted))
        if key[place] == key[place - 1]:
            return _DOUBLED
    if len(key) == len(wanted) and sorted(key) == sorted(wanted) and len(wanted) > 2:
        return _DOUBLED
    if len(wanted) < _LEAST_FOR_A_SLIP:
        return None
    if len(wanted) < _LEAST_FOR_THE_FIRST and _first(key) != _first(wanted):
        return None
    return _SLIP


def _first(key: str) -> str:
    """The consonant that a word begins with: a vowel before it is as easily lost as any other letter."""
    return key.lstrip("เแโใไ")[:1]


def _shorter(key: str) -> list[str]:
    """`key` and all that is left of it without one of its letters: two keys one edit apart have one of these in common."""
    return [key, *(key[:i] + key[i + 1 :] for i in range(len(key)))]
