"""Finds the named things in a question: subjects and example works by their names, and years with their part in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import numpy as np
import regex
from rapidfuzz import fuzz

from intents.lookup import by_beginning, occurrences, pairs
from intents.normalize import skeleton, skeleton_with_places, with_marks
from knowledge.model import Example, Round

# Names shorter than this are looked up only exactly: one slip in five letters makes another word.
_FUZZY_LENGTH = 6
# "ต้องมีส่วนร่วม" asks what must be, and names nothing; "ตรงไหน" is no "ตรงใจ".
_MUST = skeleton("ต้อง")
_WHICH = skeleton("ไหน")
# A name cut short says so by its sign, or stands alone: "ยกระดับคุณภาพชีวิต" is no "ยกระดับฯ".
_CUT_SHORT = "ฯ"
_SOMETHING_ELSE = regex.compile(
    r"[\u0E47-\u0E4E]?(?:คุณภาพ|มาตรฐาน|ศักยภาพ|ระบบ|เศรษฐกิจ|รายได้|ทักษะ|ผลิตภัณฑ์|สินค้า|ชีวิต|การ(?!อำ|ให้)|ความ(?!สะ|สด))"
)
# Set by hand: a letter lost inside a longer name passes, two slips in a name of thirteen (85) do not.
_FUZZY_CUTOFF = 86.0
# A name one or two slips away still has this share of its pairs of letters, so that few need the slow comparison: one slip
# in six letters leaves two pairs of five.
_SHARED_PAIRS = 0.4
# English words share their beginnings ("smart farmer", "Smart FDA").
_LATIN_CUTOFF = 93.0
# A whole message of so many letters may be a name's beginning, if few subjects' names begin so.
_HALF_WRITTEN, _LONGEST_HALF, _FEW = 4, 12, 3
_BEFORE_ITS_CONSONANT = frozenset("เแโไใ")
# Of a name so long the first letter may be the one that was mistyped, where all the rest is right.
_SURE_WITHOUT_THE_FIRST = 10
# Short names must begin and end where a word does.
_WHOLE_WORD_LENGTH = 5
# A longer name is a phrase: its parts are words already.
_LONGEST_WORD = 24

# "สาขามีส่วนร่วม", "สาขาบริการภาครัฐ": the word in the middle is how a branch is called beside another one.
_BRANCH_LABEL = regex.compile(r"สาขา(.+?)(?:ภาครัฐ)?")
_BRANCH_WORD = (
    r"(?:(?:(?:^|\s|แล้ว|อัน|เอา|กับ|กะ|ตัว|แบบ|หมายถึง|เป็น)(?:ของ|ฝั่ง|ทาง)(?:สาขา|งาน|ฝั่ง)?|(?:ย่อย|บ้าง|มั่ง)ของ|(?:^|\s)(?:ขอ)?(?:เอา(?:เป็น)?(?:แค่)?|(?:เอา)?(?:แค่|เฉพาะ))\s?(?:ของ)?)(?P<word>WORD)"
    r"(?=$|\s|[.?!]|มัน|ล่ะ|อ่ะ|อะ|น่ะ|นะ|ค|ละ|ต้อง|กับ|มี|กี่|คือ|เป็น|ได้|ใช้|ส่ง|ไม่|ด้วย|ก่อน|แทน|ดีกว่า|เริ่ม|เคย))"
    r"|(?:(?:^|\s)(?:แล้ว|ละ|ส่วน)?(?P<word>WORD)(?=มี(?:กี่|อะไร|ประเภท)|แบ่ง|\s?ล่ะ))"
)


@dataclass(frozen=True)
class Name:
    """One way to name subjects. `kind` is "name", "old", "example" or "cue"; several subjects make it ambiguous."""

    text: str
    subjects: tuple[str, ...]
    kind: str
    entry: str | None = None


@dataclass(frozen=True)
class Mention:
    """A Name found in a text at [start, end); `score` is 0 to 1, 1 for the exact name."""

    start: int
    end: int
    name: Name
    score: float


class Gazetteer:
    """The names of one round's subjects and examples, found exactly first and by likeness second."""

    def __init__(self, round_: Round) -> None:
        found: dict[tuple[str, str], tuple[str, list[str], str | None]] = {}

        def add(text: str, subject: str, kind: str, entry: str | None = None) -> None:
            key = skeleton(text)
            if len(key) < 2:
                return
            _kind, subjects, _entry = found.setdefault((key, "cue" if kind == "cue" else "name"), (kind, [], entry))
            if subject not in subjects:
                subjects.append(subject)

        for subject in round_.subjects.values():
            for text in (subject.name, subject.label, subject.english, *subject.aliases):
                add(text, subject.key, "name")
            for text in subject.old_names:
                add(text, subject.key, "old")
        for entry in round_.entries:
            if isinstance(entry, Example) and entry.published:
                for text in (entry.title, entry.label, *entry.aliases):
                    add(text, entry.subject, "example", entry.id)
        for subject in round_.subjects.values():
            for text in subject.cues:
                add(text, subject.key, "cue")
        self.shared = tuple(
            tuple(subjects) for kind, subjects, _ in found.values() if kind == "name" and len(subjects) > 1
        )
        names = [Name(key, tuple(subjects), kind, entry) for (key, _), (kind, subjects, entry) in found.items()]
        self._names = by_beginning((name.text, name) for name in names)
        subjects = round_.subjects.values()
        self._branch_words = [
            (regex.compile(_BRANCH_WORD.replace("WORD", regex.escape(word[1]))), s.key)
            for s in subjects
            if round_.children(s.key) and (word := _BRANCH_LABEL.fullmatch(s.label))
        ]
        spoken = {word for s in subjects for word in (s.name, *s.aliases, *s.old_names, *s.cues)}
        self.words = {word.lower() for word in spoken if 2 < len(word) <= _LONGEST_WORD}
        """The names that stand as single words in a question, for the tokenizer's dictionary."""
        works = {text for e in round_.entries if isinstance(e, Example) for text in (e.label, *e.aliases)}
        self.spoken = {word for word in self.words | works if " " not in word and len(word) <= _LONGEST_WORD}
        """The same, and what past works are called by."""
        self.keys = tuple(sorted(f"{name.text} {name.kind}" for name in names))
        """All names as they are looked up, with their kinds."""
        self._misspellable = [n for n in names if n.kind != "cue" and len(n.text) >= _FUZZY_LENGTH]
        having: dict[str, list[int]] = defaultdict(list)
        for place, name in enumerate(self._misspellable):
            for pair in pairs(name.text):
                having[pair].append(place)
        self._having = {pair: np.array(places, dtype=np.intp) for pair, places in having.items()}
        self._enough = np.array([_SHARED_PAIRS * len(pairs(name.text)) for name in self._misspellable])

    def mentions(
        self, text: str, boundaries: frozenset[int], *, misspelt: bool = True
    ) -> tuple[list[Mention], list[Mention]]:
        """Names and cues of cleaned `text`, each in order of place; names do not overlap each other.

        `boundaries` are the indexes where a word begins or ends; without `misspelt` only exact names are found.
        """
        key, places = skeleton_with_places(text)
        names: list[Mention] = []
        cues: list[Mention] = []
        exact: set[str] = set()
        for start, end, name in occurrences(key, self._names):
            if _stands_alone(text, places, start, end, boundaries):
                mention = Mention(places[start], with_marks(text, places[end - 1] + 1), name, 1.0)
                (cues if name.kind == "cue" else names).append(mention)
                exact.add(name.text)
        if misspelt:
            names += self._misspelt(text, key, places, boundaries, exact)
        names += self._branches_by_their_word(text)
        return _longest_first(names), sorted(cues, key=lambda mention: mention.start)

    def begun(self, text: str) -> list[Mention]:
        """The name, or those of a few subjects, that a text is nothing but the beginning of ("สัมฤท"); else none."""
        key = skeleton(text)
        if not _HALF_WRITTEN <= len(key) <= _LONGEST_HALF:
            return []
        names = [name for name in self._misspellable if name.kind == "name" and name.text.startswith(key)]
        subjects = tuple(dict.fromkeys(subject for name in names for subject in name.subjects))
        return [Mention(0, len(text), Name(key, subjects, "name"), 0.9)] if 0 < len(subjects) <= _FEW else []

    def _misspelt(
        self, text: str, key: str, places: list[int], boundaries: frozenset[int], exact: set[str]
    ) -> Iterator[Mention]:
        """The names that `key`, the text's skeleton, holds almost."""
        having = [self._having[pair] for pair in pairs(key) if pair in self._having]
        if not having:
            return
        shared = np.bincount(np.concatenate(having), minlength=len(self._misspellable))
        for place in np.flatnonzero((shared >= self._enough) & (shared > 0)).tolist():
            name = self._misspellable[place]
            name_key = name.text
            if name_key in exact:
                continue
            score = fuzz.partial_ratio(name_key, key, score_cutoff=_FUZZY_CUTOFF)
            if not score or (name_key.isascii() and score < _LATIN_CUTOFF):
                continue
            alignment = fuzz.partial_ratio_alignment(name_key, key)
            # A question shorter than the name must be almost all of it; else "บริการ" would name every service.
            if alignment is None or alignment.dest_end - alignment.dest_start < len(name_key) * 0.8:
                continue
            span = (alignment.dest_start, alignment.dest_end)
            if key[span[1] - 1] in _BEFORE_ITS_CONSONANT and name_key[-1] != key[span[1] - 1]:
                # "เปิดใช้" is no "เปิดใจ": the vowel belongs to the letter behind it.
                continue
            # A slip seldom hits the first letter; another word does ("ของมีส่วนร่วม", "ต้องมีส่วนร่วม").
            without_first = len(name_key) >= _SURE_WITHOUT_THE_FIRST and key[span[0] : span[1]].endswith(name_key[1:])
            if key[span[0]] != name_key[0] and not without_first:
                # Of two places as good as each other the first was taken, which may begin a letter too soon.
                span = (span[0] + 1, min(span[1] + 1, len(key)))
                score = fuzz.ratio(name_key, key[slice(*span)], score_cutoff=_FUZZY_CUTOFF)
                if not score or key[span[0]] != name_key[0]:
                    continue
            if name_key.isascii() and not _stands_alone(text, places, *span, boundaries):
                continue
            if any(at < span[1] and span[0] < at + len(_WHICH) for at in _places(_WHICH, key)):
                # "ตรงไหน" is no "ตรงใจ".
                continue
            if _CALLED.search(text, 0, places[span[0]] + 2):
                # "เรียกระดับร่วมมือ" is no "ยกระดับ…".
                continue
            if key.startswith(_MUST, span[0]) and not name_key.startswith(_MUST):
                continue
            if name_key.endswith(_CUT_SHORT) and _SOMETHING_ELSE.match(text, places[span[0]] + len(name_key) - 1):
                continue
            yield Mention(places[span[0]], with_marks(text, places[span[1] - 1] + 1), name, score / 100)

    def _branches_by_their_word(self, text: str) -> Iterator[Mention]:
        """Branches called by the word that is too common to be their name elsewhere: "ของบริการล่ะ", "มีส่วนร่วมมีกี่ประเภท"."""
        for pattern, subject in self._branch_words:
            for match in pattern.finditer(text):
                name = Name(skeleton(match["word"]), (subject,), "name")
                yield Mention(match.start("word"), match.end("word"), name, 0.95)


def _stands_alone(text: str, places: list[int], start: int, end: int, boundaries: frozenset[int]) -> bool:
    # A vowel after the name makes another word ("อย" in "อยู่").
    first, last = places[start], with_marks(text, places[end - 1] + 1)
    after = text[last : last + 1]
    if regex.match(r"\p{M}|[ะาำๅ]", after) or text[first:last].isdigit():
        # "40 หลังคาเรือน" is no "4.0".
        return False
    if regex.match(r"[a-z0-9]", text[first]) and regex.match(r"[a-z0-9]", text[first - 1 : first] if first else ""):
        return False
    same_kind = text[last - 1].isalpha() == after.isalpha()
    if regex.match(r"[a-z0-9]", text[last - 1]) and regex.match(r"[a-z0-9]", after) and same_kind:
        return False
    if end - start >= _WHOLE_WORD_LENGTH or not regex.search(r"\p{Thai}", text[first:last]):
        return True
    # An abbreviation's full stop belongs to its word ("อย.").
    return first in boundaries and (last in boundaries or (after == "." and last + 1 in boundaries))


def _places(part: str, key: str) -> Iterator[int]:
    at = key.find(part)
    while at >= 0:
        yield at
        at = key.find(part, at + 1)


def _longest_first(mentions: Iterable[Mention]) -> list[Mention]:
    kept: list[Mention] = []
    for mention in sorted(mentions, key=lambda m: (-(m.end - m.start) * m.score**4, m.start)):
        if all(mention.end <= other.start or mention.start >= other.end for other in kept):
            kept.append(mention)
    return sorted(kept, key=lambda mention: mention.start)


_LATIN = frozenset("abcdefghijklmnopqrstuvwxyz0123456789")


class Strangers:
    """The names of other awards and schemes; Latin ones count only as words of their own."""

    def __init__(self, names: Iterable[str]) -> None:
        self._names = by_beginning((name, name.isascii()) for name in map(str.lower, names))

    def spans(self, text: str) -> list[tuple[int, int]]:
        """Where they stand in cleaned `text`: [start, end), the longest of those at one place."""
        found: dict[int, int] = {}
        for start, end, latin in occurrences(text, self._names):
            if latin and (text[start - 1 : start] in _LATIN or text[end : end + 1] in _LATIN):
                continue
            found[start] = max(end, found.get(start, 0))
        return list(found.items())


@dataclass(frozen=True)
class YearMention:
    """A year in Buddhist Era. `role` is "round" (which rules), "award" (won in), "start" (begun in) or "other"."""

    year: int
    role: str
    start: int
    end: int


_CALLED = regex.compile(r"เรียก$")
_YEAR = regex.compile(
    r"(?<![\d/])(?<full>2[45]\d\d)(?![\d/])|(?<![\d/])(?<western>20[12]\d)(?![\d/])"
    r"|(?:รอบ|ปี|พ\.?ศ\.?|งบ|ประมาณ|เลิศรัฐ|ของ(?=\s?[67]\d\s?(?:ล่ะ|ละ|ด้วย|$)))\s?(?:ที่|ปี|พ\.?ศ\.?|ประมาณ|งบ|งบประมาณ)?\s?[''’]?(?<short>[67]\d)(?!\d|\s?(?:%|เปอร์|ราย|คน|วัน(?!ที่|ไหน|ใด|อะไร)|ครั้ง|แห่ง|เดือน(?!อะไร|ไร|ไหน|ใด)))"
    r"|(?<this>(?:ปี|รอบ)(?:งบ(?:ประมาณ)?)?นี้)|(?<next>(?:ปี|รอบ)(?:หน้า|ต่อไป|ถัดไป)|รอบใหม่|ปีใหม่นี้)|(?<!จาก|กว่า|เทียบ|เทียบกับ|ครบ|เต็ม)(?<last>(?:ปี|รอบ)(?:ที่แล้ว|ก่อน|ที่ผ่านมา))"
)
# What a year belongs to is told by the nearest of these words before it.
_ROLES = regex.compile(
    r"(?<award>ที่ได้(?=\s?$)|ได้รางวัล|ได้รับ|ได้ดีเด่น|ได้ระดับ|ได้ดี|เคยได้|ชนะ|ผลงานเดิม|ดีเด่น|ระดับดี)"
    r"|(?<start>เริ่ม|ตั้งแต่|ใช้มา|เปิดใช้|ดำเนินการ)"
    r"|(?<round>รอบ|ประจำปี|ส่ง|สมัคร|เกณฑ์|เงื่อนไข|ทัน|ประกวด|ยื่น|กติกา)"
)

# So does what follows it: "ปี 68 มอบรางวัลเมื่อไหร่".
_OF_A_ROUND = regex.compile(r"\s?(?:จะ|เค้า|เขา|มีพิธี|พิธี|งาน)?(?:มอบ|(?:ขึ้น)?รับโล่|ปิดรับ|เปิดรับ|รับสมัคร|ประกาศผล)")


def years(text: str, today_year: int, today_month: int) -> list[YearMention]:
    """Years named in cleaned `text`, in order. `today_*` is today in Asia/Bangkok, Buddhist Era.

    A round is named for the year of its ceremony, in September: from October on, the next round is next year's.
    """
    coming = today_year + (1 if today_month > 9 else 0)
    found: list[YearMention] = []
    for match in _YEAR.finditer(text):
        word = match[0]
        if match["full"]:
            year = int(match["full"])
        elif match["western"]:
            year = int(match["western"]) + 543
        elif match["short"]:
            year = 2500 + int(match["short"])
        elif match["this"]:
            year = coming if word.startswith("รอบ") else today_year
        elif match["next"]:
            year = max(coming, today_year + 1) if word.startswith("ปี") else coming
        else:
            year = (coming if word.startswith("รอบ") else today_year) - 1
        # A word that says what the year before belongs to says nothing of this one ("รอบ 2570 … ปี 64").
        since = found[-1].end if found and (found[-1].role == "round" or match["next"]) else 0
        role = _role(text, match, word, since)
        if match["next"] and role != "start":
            # No award was won in a year to come: "เคยได้ระดับดีปี 65 ปีหน้าส่งทันไหม".
            role = "round"
        found.append(YearMention(year, role, match.start(), match.end()))
    return found


def _role(text: str, match: regex.Match[str], word: str, since: int) -> str:
    if word.startswith("รอบ"):
        return "round"
    if _OF_A_ROUND.match(text, match.end()):
        return "round"
    before = list(_ROLES.finditer(text[max(since, match.start() - 40) : match.start()]))
    return before[-1].lastgroup or "other" if before else "other"
