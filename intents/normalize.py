"""Clean-up of Thai as people type it on a phone: one spelling for what looks or sounds the same.

Nothing here guesses at meaning, but that "ปีก่อนๆ" is not the year before. `clean` gives readable text, `skeleton` a key in which tone marks and sound-alike
consonants no longer differ, for looking names up.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from functools import lru_cache

import regex
from pythainlp.util import eng_to_thai
from pythainlp.util import normalize as order_marks

MAX_QUESTION = 1000
"""Longest text, in characters, that is understood; what comes after is not read (no question needs more)."""

_THAI_DIGITS = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
_INVISIBLE = regex.compile(r"[\p{Cf}\p{Cc}\p{Co}\p{Cs}\uFE00-\uFE0F]")
_PICTURE = regex.compile(r"[\p{Emoji_Presentation}\p{Extended_Pictographic}\p{So}]")
# Three or more of a letter are elongation ("มากกกก"), but where one word ends in two of what the next begins with
# ("ระบบบริหาร", "แบบบูรณาการ", "คะแนนนวัตกรรม", "จัดสรรรายได้", "คือออก", "ขอออก"). Digits may repeat.
_DOUBLE_END = regex.compile(r"(?<=ระ|แ)บ{3,}|(?<=คะแ|ถ)น{3,}|(?<=ส)ร{3,}")
_ELONGATED = regex.compile(r"([^\d\s.])\1{2,}(?<!(?<=ระ|แ)บบบ|(?<=คะแ|ถ)นนน|(?<=ส)รรร|อออ(?=ก))")
_REPEATED_MARK = regex.compile(r"([\u0E31\u0E34-\u0E3A\u0E47-\u0E4E])\1+")
# Two different tone marks on one letter are a slip of the thumb: the first counts.
_STACKED_TONES = regex.compile(r"([\u0E48-\u0E4B])[\u0E48-\u0E4B]+")
# Any of them, where "ปีก่อน" is last year.
_YEARS_BEFORE = regex.compile(r"(?:ปี|รอบ)(?:ก่อน(?:หน้า)?|ที่แล้ว)\s?ๆ")
_REPETITION_SIGN = regex.compile(r"\s*ๆ(?:\s*ๆ)*")
# Dialect that a search for slips of the thumb would take for something else.
_OF_A_REGION = tuple(
    (regex.compile(pattern), plain)
    for pattern, plain in (
        (
            r"(?:จั๊ก|(?<=^|\s|ได้|ต้อง|มี|ส่ง|เอา|ใช้|ทำ|มา|เป็น)จัก)(?=\s?(?:เรื่อง|ปี|เดือน|หมวด|ประเภท|ข้อ|คน|หน่วย|กรม|อัน|แห่ง|ที่|วัน|ตัว|รางวัล|สาขา|ครั้ง|โครงการ|ผลงาน|ระดับ|พื้นที่|ร้อยละ|เปอร์))",
            "กี่",
        ),
        (r"(?<!์)เฮา(?!ส์)", "เรา"),
        (r"(?<!ร์)ตี้(?=ได้|เคย|เกย|ส่ง|เอา|ทำ|มี|เป็น|ต้อง|ไหน|นี่|นั่น)", "ที่"),
        (r"เกย(?=ได้|ส่ง|มี|ชนะ|ทำ|ลง)", "เคย"),
        (r"บ่ใจ้|บ่แม่น", "ไม่ใช่"),
        (r"(?:มื้อ|วัน)(?:ใด๋|ได๋)", "วันไหน"),
        (r"จั่งสิ", "ถึงจะ"),
        (r"จั่ง(?:ใด๋|ได๋)", "ยังไง"),
        (r"(?<=ทาง|อัน|ที่|ตัว|แบบ|หน่วย)ได๋|ใด๋", "ไหน"),
        (r"บ่(?=ได้|มี|เคย|ต้อง|ใช่|ทำ|ถาม|เอา)", "ไม่"),
        (r"เบิ่ง(?:แน)?", "ดู"),
        (r"(?<=^|\s)สิ(?=ส่ง|ได้|เอา)", "จะ"),
        (r"(?<!เท่า|เมื่อ|เมือ|เทา|ตอ)ไหร(?=มั่ง|บ้าง|$|\s|เลย|นะ|ได้|ดี)", "อะไร"),
        (r"พันพรื[้่]?อ", "เป็นยังไง"),
        (r"(?<![0-9ก-๙]|\d\s)พันนี้", "แบบนี้"),
        (r"พรื[้่]?อ(?!ง)", "ยังไง"),
    )
)
_EXAMPLE = regex.compile(r"ตย\.|(?<![\u0E00-\u0E7F])ตย(?![\u0E00-\u0E7F])")
_LAUGHTER = regex.compile(r"(?<!\d)5{3,}\+*(?!\d)")
_SPACES = regex.compile(r"\s+")
_THAI = regex.compile(r"[\u0E00-\u0E7F]")
# Two letters are too few to tell a left keyboard from English.
_LATIN_WORD = regex.compile(r"(?=\S*[A-Za-z])[A-Za-z0-9\[\];:'/.,`\-=^<>\"]{3,}")

# Particles carry politeness, not meaning. Longest first, so that "นะคะ" goes before "คะ".
PARTICLES = (
    "นะคร้าบ", "นะครับผม", "ด้วยนะคะ", "หน่อยนะคะ", "นะครับ", "นะคับ", "นะค่ะ", "นะค้า", "นะคะ", "ครับผม", "คร้าบ", "ค้าบ",
    "ครัช", "งับ", "เด้", "เนาะ", "ขอรับ", "เจ้าค่ะ", "นะจ๊ะ", "นะจ้ะ", "นะจ้า", "ค่า", "ค้ะ", "ครับ", "คับ", "ค่ะ", "คะ", "ค้า", "จ้า", "จ้ะ", "จ๊ะ", "ฮะ",
    "ฮับ", "เด้อ", "เจ้า", "อ่ะ", "อ่า", "อะ", "ว่ะ", "วะ", "น้า", "นะ", "เนอะ", "หน่ะ", "น่ะ",
)  # fmt: skip
# One spelling for the question words that are written in many: the classifier then needs to see each only once.
_COLLOQUIAL = tuple(
    (regex.compile(pattern), plain)
    for pattern, plain in (
        (r"(หรือ|รึ|รึ่|หรื|เหรอ|หรอ)\s?(เปล่า|ป่าว|เปล่ว|ปล่าว|ปาว|ป่ะ)|(?<=[ก-ฮะาิีึืุู้่์ๅa-z0-9])\s?(ป่าว|ปะ|ป่ะ|ปล่าว)(?=\s|$|[?ค])", "ไหม"),
        (r"มั้ย|(?<!ส|อนา)มัย(?!ยิ)|ไม๊|มั๊ย|ไม้(?=\s|$|[?ค])|ไหมม|ไหมอ่ะ|หรือไม่|รึไม่", "ไหม"),
        (r"(?<!รร)มะ(?=\s|$|[?]|ค[ะรับ่])", "ไหม"),
        (r"(?<=อะไร|ไหน|ใคร|ใด|กี่\S{1,8}|ยังไง)\s?มั่ง(?!มี|คั่ง)", "บ้าง"),
        (r"(?<=ส่วนร่วม|รางวัล|ได้|ชนะ)\s?เลเวล(?=อะไร|ไหน|ใด|ดี|กลาง|สูง|\s?\d)", "ระดับ"),
        (r"patents?(?![a-z])", "สิทธิบัตร"),
        (r"(?<![a-z])(?:types?|categor(?:y|ies))\s?(?=ไหน|อะไร|ใด)", "ประเภท"),
        (r"(?<![a-z])(?:samples?|examples?)(?![a-z])", "ตัวอย่าง"),
        (r"(?<=ใช่|ได้|มี|เอา|ไป|ส่ง|บอก|ดู|หน่อย|วัน)ดิ(?=\s|$|[?])", ""),
        # Of the north-east: "ส่งได้บ่", "แม่นหยัง", "เฮา".
        (r"(?<=ได้|แม่น|มี|ใช่|ผ่าน|ทัน|แล้ว|ครบ)ก่อ(?=\s|$|[?]|เจ้า|ครับ|คับ|ค่ะ|คะ)", "ไหม"),
        (r"(?<=[ก-๙])\s?บ่(?=\s|$|[?]|ค[ะรับ่า]|จ้า|น้อ|เด้)", "ไหม"),
        (r"หยัง(?!ราก|ลึก|รู้)", "อะไร"),
        (r"(?<=นั่น|นี่|นี้|นั้น|เลิศรัฐ|ประชาชน|บริการ|ขยายผล|ข้อมูล)\s?แม่นอะไร", "คืออะไร"),
        (r"เฮ็ด", "ทำ"),
        (r"ฮู้", "รู้"),
        # Of the north: "จาวบ้านฮ่วมกัน สามปี๋แล้วเจ้า".
        (r"จาวบ้าน", "ชาวบ้าน"),
        (r"ฮ่วม", "ร่วม"),
        (r"ปี๋", "ปี"),
        # "If", of the north-east and of offices, and the end of an office's "and of that one?".
        (r"^คัน(?=เริ่ม|เดิม|เป็น|ได้|มี|ไม่|บ่|เรา|เฮา|ส่ง|ทำ|เฮ็ด|ขยาย|เคย|ใช้)", "ถ้า"),
        (r"(?<![ก-๙])หาก(?=\s|เรา|ส่ง|มี|ไม่|ได้|เคย|เป็น|ใช้|ทำ|จะ|ต้อง|หน่วยงาน|ผลงาน|ปรับ|ยัง|เพิ่ม|ขยาย|เชื่อม|ลด|ปี|ดำเนิน|วัด|สำรวจ|เพียง|เริ่ม|เพิ่ง)", "ถ้า"),
        (r"(?<=^(?:แล้ว)?(?:ถ้า|รอบ|ปี|ส่วน|ของ|อัน|ประเภท|สาขา|รางวัล).+)เล่า(?=$|ครับ|คะ|ค่ะ)", "ล่ะ"),
        # Of the south.
        (r"(?<=[ก-๙])(?<!แม่|พ่อ|หญิง|ละ|ห)(?:หม้าย|ม่าย|ม้าย)(?=\s|$|[?])", "ไหม"),
        # "ได้ยัง", "เข้าเกณฑ์ยัง": not yet, or yet?
        (r"(?<=(?:ได้|พอ|ผ่าน|ทัน|ครบ|ถึง|เข้า\S{2,30})\s?)(?<!หรือ|รึ|แต่|ก็)ยัง(?=\s*(?:$|[?]|คับ|ครับ|คะ|ค่ะ|อะ|อ่ะ))", "หรือยัง"),
        (r"เหรอ|หรอ(?!ก)|หรือคะ|หรือครับ|เร๊อ", "หรือ"),
        (r"อย่างไร|อย่างไง|ยังงัย|ยังไงง|ยังงาย|ไงบ้าง|ยังไงบ้าง", "ยังไง"),
        (r"เท่าไหร่|เท่าไหล่|เท่าไร|เท่าใด|เท่าหร่|เท่าไหร|เทาไหร่|เทาไร", "เท่าไหร่"),
        (r"เมื่อไหร่|เมื่อไร|เมื่อใด|เมือไหร่|เมือไร|ตอนไหน|เมื่อไหล่", "เมื่อไหร่"),
        (r"(?<=เกี่ยว|เดียว|ต่าง|พร้อม|เหมือน|คุย|ร่วม|เทียบ|ทำ|เชื่อม|แชร์|ประสาน|พื้นที่|ไป)กะ(?![ะ-ู]|ทัน)", "กับ"),
        (r"(?<=คือ|มี|ต้อง|ใช้|ทำ|ส่ง|เอา|ดู|เกี่ยว|รางวัล|ชื่อ|ประเภท|เงื่อนไข|เกณฑ์|เรื่อง|เลือก|เพราะ|ได้|ขอ|เดือน|วัน|เลข|ปี|แบบ|ข้อ|สาขา|ระดับ|ด้าน|หมวด|เอกสาร|เป็น|จาก|งาน)ไร(?![้่])", "อะไร"),
    )
)  # fmt: skip
_TONES = regex.compile(r"[\u0E47-\u0E4E]")
# Consonants of one sound, and the two spellings of the vowel ai: what homophone slips confuse (เกณท์, รางวัน are left to
# the fuzzy search, since they change a sound's spelling at the end of a syllable only).
_SOUNDS = str.maketrans("ศษณฬใฎฏฐฑธภฌญ", "สสนลไดตถททพชย")
_NOT_IN_SKELETON = regex.compile(r"[^\p{L}\p{M}\p{N}%]")

Coverage = Callable[[str], float]


# Each handler of a turn asks for the same text's clean form.
@lru_cache(maxsize=1024)
def clean(text: str, coverage: Coverage | None = None) -> str:
    """`text` in one spelling: marks ordered, Thai digits as 0-9, no emoji, no invisible characters, Latin in lower case.

    With `coverage` (share of a Thai text's characters that stand in dictionary words) a text typed with the keyboard
    left in English is turned into the Thai that was meant.
    """
    text = unicodedata.normalize("NFC", text[:MAX_QUESTION])
    text = _INVISIBLE.sub(lambda m: " " if m[0] in "\n\r\t\v\f" else "", text)
    text = _PICTURE.sub(" ", text)
    if coverage is not None:
        text = repair_layout(text, coverage)
    text = text.translate(_THAI_DIGITS).replace("เเ", "แ")
    text = "".join(_narrow(character) for character in text)
    text = _STACKED_TONES.sub(r"\1", _REPEATED_MARK.sub(r"\1", text))
    text = _YEARS_BEFORE.sub("ปีเก่า", text)
    text = _LAUGHTER.sub(" ", _REPETITION_SIGN.sub("", text))
    text = _ELONGATED.sub(r"\1", _DOUBLE_END.sub(_doubled, text))
    # What one step takes away may leave marks for another to order; two or three rounds settle any text.
    for _ in range(4):
        settled = _REPEATED_MARK.sub(r"\1", order_marks(text))
        if settled == text:
            break
        text = settled
    # The one abbreviation that people here write for what they ask; as a word it hides in the next one ("มีตย.ปะ").
    text = _EXAMPLE.sub("ตัวอย่าง", text)
    for pattern, word in _OF_A_REGION:
        text = pattern.sub(word, text)
    return _SPACES.sub(" ", text).strip().lower()


def _doubled(match: regex.Match[str]) -> str:
    """Two of the letter that a word ends in, and a third where another word goes on with it."""
    letter = match[0][0]
    return letter * (3 if _THAI.match(match.string, match.end()) else 2)


def _narrow(character: str) -> str:
    """Full-width forms as their ordinary ones; NFKC would take ำ apart."""
    return unicodedata.normalize("NFKC", character) if "\uff00" <= character <= "\uffef" else character


def repair_layout(text: str, coverage: Coverage) -> str:
    """A Latin text as the Thai of the same keys, where that makes words: "vpkdi^h" is อยากรู้.

    0.75 was measured on Thai and English questions: 97 % of such texts found, 0.5 % of English ones changed.
    """
    if _THAI.search(text) or not _LATIN_WORD.search(text):
        return text
    thai = eng_to_thai(text)
    return thai if coverage(thai) >= 0.75 else text


# "สวัสดีค่ะ รบกวนสอบถามเรื่อง…": courtesy before a question; alone it is a greeting.
_COURTESY = regex.compile(
    r"^(?:(?:สวัสดี|หวัดดี|เห้ย|เฮ้ย|โห(?![ก-๙])|เรียน|รบกวน|ขออนุญาต|ขอ(?=สอบถาม|ถาม)|สอบถาม|ถาม(?!ใคร|ได้|ที่ไหน|ทาง|กับ)|อยาก(?:จะ)?(?:ทราบ|รู้(?!จัก))|หน่อย|ว่า|เรื่อง(?!ลือ)|แอดมิน|พี่บ่าว|น้องบ่าว|พี่|น้อง|(?:นาย|หัวหน้า|ผอ\.?|ท่าน|ปลัด|ผู้ว่าฯ?)?(?:ถามต่อ|ฝากถาม|ให้ถาม)(?:ว่า|อีก|มา)*|ลืมบอก(?:ไป)?(?:ว่า)?|ท่าน|ค่ะ|คะ(?!แนน)|ครับ|คับ|นะ|จ้า)[\s,]*)+(?=.{6,})"
)


# "ขอบคุณครับ อีกเรื่องนึง …": what comes before a new question says nothing of it.
_PREAMBLE = regex.compile(
    r"^(?:โอเค|โอเช|ok(?:ay)?|เข้าใจแล้ว|รับทราบ|ได้เลย)(?:ค่ะ|คะ|ครับ|คับ|นะ|จ้า|ค่า)*\s+(?=(?:แล้ว|งั้น(?!ถ้า)|ส่วน).{5,}(?:ล่ะ|ละ)$)"
    r"|^(?:(?:ขอบคุณ|เดี๋ยวก่อน|อีก(?:เรื่อง|คำถาม)(?:นึง|หนึ่ง)?)(?:มาก)?(?:ค่ะ|คะ|ครับ|คับ|นะ|จ้า|ค่า)*\s+)+"
    r"(?=.{6,}$)(?=.*(?:คือ|ไร(?!้)|ไหน|กี่|ไง|ไหม|มั้ย|เมื่อ|เท่า|ขอ(?!บ)|บ้าง))"
)


# "ข้อ 3.เอาแชตบอตมาปรับ นับเป็นนวัตกรรมไหม": the number of a question of one's own.
_NUMBERED = regex.compile(
    r"^(?:ข้อ(?:ที่)?\s?)?\d[.)]\s?(?=\D.{11,})(?!.*(?:หมายถึง|หมายความ|คืออะไร|อธิบาย|แปลว่า|ขยายความ))"
)


@lru_cache(maxsize=1024)
def plain(text: str) -> str:
    """Cleaned `text` with question words in one spelling and without particles; what the classifier reads."""
    # Of a text that is nothing but courtesy, the courtesy is what is said.
    return _plain(_NUMBERED.sub("", _COURTESY.sub("", _PREAMBLE.sub("", text)))) or _plain(text)


def _plain(text: str) -> str:
    for pattern, word in _COLLOQUIAL:
        text = pattern.sub(word, text)
    return _SPACES.sub(" ", _PARTICLE.sub(" ", text)).strip(" ?!.,~…")


# The ends of words that look like particles: หน้า, ชนะ, สถานะ, ขณะ, คุณค่า, มูลค่า, สินค้า, การค้า, เยอะ, ระงับ.
_WORD_BEFORE = {
    "ฮะ": "แ",
    "น้า": "ห",
    "นะ": "ชาข",
    "ค่า": "ณลา",
    "ค้า": "รนเ",
    "อะ": "ย",
    "วะ": "าียหศแัิ",
    "เนาะ": "อช",
    "อ่า": "่",
    "งับ": "ะ",
    "จ้า": "เ",
    "เจ้า": "ะงน่ยกล 0-9",
    "ครับ": "",
    "คะ": "ณ",
}
_PARTICLES = "|".join(
    f"(?<![{_WORD_BEFORE[particle]}]){particle}" if _WORD_BEFORE.get(particle) else particle for particle in PARTICLES
)
# A particle counts only at the end of a phrase: "คะแนน" begins with one.
_PARTICLE = regex.compile(rf"(?:{_PARTICLES})(?=[\s?!.,…~)]|$|(?:{_PARTICLES})(?:[\s?!.,…~)]|$))")


def skeleton(text: str) -> str:
    """`text` without spaces, punctuation and tone marks, sound-alike consonants alike: a key for names."""
    return _NOT_IN_SKELETON.sub("", _TONES.sub("", text.lower())).translate(_SOUNDS)


_DROPPED_MARKS = frozenset("\u0e47\u0e48\u0e49\u0e4a\u0e4b\u0e4c\u0e4d\u0e4e")
_skeleton_of = lru_cache(maxsize=4096)(skeleton)


def skeleton_with_places(text: str) -> tuple[str, list[int]]:
    """The skeleton of `text` and, for each of its characters, the index in `text` that it came from."""
    characters: list[str] = []
    places: list[int] = []
    for index, character in enumerate(text):
        for kept in _skeleton_of(character):
            characters.append(kept)
            places.append(index)
    return "".join(characters), places


def with_marks(text: str, end: int) -> int:
    """`end`, after the marks that the skeleton drops but that still belong to the letter before."""
    while end < len(text) and text[end] in _DROPPED_MARKS:
        end += 1
    return end
