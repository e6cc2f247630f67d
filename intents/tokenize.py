"""Thai word segmentation with the domain's own words: the only user of PyThaiNLP's tokenizer."""

from __future__ import annotations

from collections.abc import Iterable

import regex
from pythainlp.corpus.common import thai_words
from pythainlp.tokenize import Tokenizer as DictionaryTokenizer
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
}
_WORD = regex.compile(r"[\p{L}\p{M}\p{N}]")


class Tokenizer:
    """Splits cleaned text into words; `words` are added to the dictionary. Safe to share between threads."""

    def __init__(self, words: Iterable[str] = ()) -> None:
        self._dictionary = (set(thai_words()) | _DOMAIN | {word for word in words if " " not in word}) - _HARMFUL
        self._tokenizer = DictionaryTokenizer(Trie(self._dictionary), engine="newmm")

    def words(self, text: str) -> list[str]:
        """The words of `text` in order, without spaces and punctuation."""
        return [token for token in self._tokenizer.word_tokenize(text) if _WORD.search(token)]

    def coverage(self, text: str) -> float:
        """Share (0 to 1) of the letters of `text` that stand in dictionary words of two or more characters."""
        tokens = self.words(text)
        letters = sum(len(token) for token in tokens)
        known = sum(len(token) for token in tokens if len(token) > 1 and token in self._dictionary)
        return known / letters if letters else 0.0
