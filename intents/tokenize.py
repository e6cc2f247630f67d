"""Thai word segmentation with the domain's own words: the only user of PyThaiNLP's tokenizer."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache, partial

import regex
from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import word_tokenize
from pythainlp.util import Trie

# The dictionary's "นคะ" turns "วันไหนคะ" into วัน|ไห|นคะ.
_HARMFUL = {"นคะ"}
_DOMAIN = {
    "เลิศรัฐ",
    "ตัวชี้วัด",
    "ก.พ.ร.",
    "กพร",
    "อปท",
    "อปท.",
    "อบต",
    "อบต.",
    "ปชช",
    "มั้ย",
    "ควิซ",
    "พึงพอใจ",
    "หน่วยงาน",
    "ขยายผล",
    "เดดไลน์",
    "แดชบอร์ด",
}
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]")


@lru_cache(maxsize=4)
def _trie(words: frozenset[str]) -> Trie:
    """Building one takes half a second, and few revisions bring a new name."""
    return Trie(words)


def _pieces(text: str, trie: Trie) -> tuple[str, ...]:
    return tuple(word_tokenize(text, custom_dict=trie))


class Tokenizer:
    """Splits cleaned text into words; `words` are added to the dictionary. Safe to share between threads."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._dictionary = (set(thai_words()) | _DOMAIN | {word for word in words if " " not in word}) - _HARMFUL
        # The library's own Tokenizer class would build this again from a copy, which takes as long.
        self._trie = _trie(frozenset(self._dictionary))
        # One question is segmented for several purposes.
        self._cut = lru_cache(maxsize=1024)(partial(_pieces, trie=self._trie))

    def words(self, text: str) -> tuple[str, ...]:
        """The words of `text` in order, without spaces and punctuation."""
        return tuple(piece for piece in self._cut(text) if _WORD.search(piece))

    def parted(self, text: str, only: frozenset[str] | None = None) -> tuple[str, ...]:
        """`text` in pieces that make it up again, spaces among them; by the words of `only` where that is given."""
        return self._cut(text) if only is None else _pieces(text, _trie(only))

    def knows(self, word: str) -> bool:
        """Whether `word` is in the dictionary or one of the domain's."""
        return word in self._dictionary

    def garbled(self, text: str) -> float:
        """Share (0 to 1) of the Thai letters of `text` that stand in no word of two or more; 0 without Thai."""
        tokens = [token for token in self.words(text) if not token.isascii()]
        letters = sum(map(len, tokens))
        return sum(len(t) for t in tokens if len(t) == 1 or not self.knows(t)) / letters if letters else 0.0

    def coverage(self, text: str) -> float:
        """Share (0 to 1) of the letters of `text` that stand in dictionary words of two or more characters."""
        tokens = self.words(text)
        letters = sum(len(token) for token in tokens)
        known = sum(len(token) for token in tokens if len(token) > 1 and token in self._dictionary)
        return known / letters if letters else 0.0
