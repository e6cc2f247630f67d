"""How staff's typing differs from clean text, done to a clean text on purpose: to measure how much of it does harm.

Each kind is one habit by itself. Nothing here looks at what the clean-up (normalize.py) undoes, and it must not: the
spellings that nobody thought of there are the ones that measure something.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable

import regex

# A keyboard's rows from the top: how many keys' widths the row stands to the right, then what its keys type in English
# (QWERTY) and in Thai (Kedmanee, as TIS 820-2538 and Windows have it), each without and with shift.
_ROWS = (
    (0.0, "`1234567890-=", "~!@#$%^&*()_+", "_ๅ/-ภถุึคตจขช", "%+๑๒๓๔ู฿๕๖๗๘๙"),
    (1.5, "qwertyuiop[]\\", "QWERTYUIOP{}|", "ๆไำพะัีรนยบลฃ", '๐"ฎฑธํ๊ณฯญฐ,ฅ'),
    (1.75, "asdfghjkl;'", 'ASDFGHJKL:"', "ฟหกดเ้่าสวง", "ฤฆฏโฌ็๋ษศซ."),
    (2.25, "zxcvbnm,./", "ZXCVBNM<>?", "ผปแอิืทมใฝ", "()ฉฮฺ์?ฒฬฦ"),
)
# PyThaiNLP's `thai_to_eng` is the same table without ๅ and +.
_IN_ENGLISH = str.maketrans(
    {
        thai: english
        for _, plain, shifted, thai_plain, thai_shifted in _ROWS
        for thai, english in zip(thai_plain + thai_shifted, plain + shifted, strict=True)
    }
)
# Keys' widths from the middle of one key to that of another that a finger still hits by mistake: the six around it.
_NEAR = 1.3
# What a letter or mark is: a slip never types a digit or a sign, which would say something else.
_LETTER = regex.compile(r"[A-Za-z\u0E01-\u0E3A\u0E40-\u0E4E]")


def _neighbours() -> dict[str, str]:
    """Each letter's likely slips: the letters of the keys around its own, and of its own key with shift held or not."""
    slips: dict[str, str] = {}
    for language in (1, 3):
        places = [
            (key, row[0] + column, depth, shift)
            for depth, row in enumerate(_ROWS)
            for shift in (0, 1)
            for column, key in enumerate(str(row[language + shift]))
            if _LETTER.match(key)
        ]
        for key, x, y, shift in places:
            slips[key] = "".join(
                other
                for other, other_x, other_y, other_shift in places
                if other != key and math.hypot(x - other_x, y - other_y) <= (_NEAR if shift == other_shift else 0)
            )
    return slips


_NEIGHBOURS = _neighbours()
# A number with the separators inside it and the letters that touch it: without one of those it could join the next.
_NUMBER = regex.compile(r"\D?\d(?:[\d\s.,:/-]*\d)?\D?")
# One letter in 25, about two slips a question: nearly twice the 2.3 % of letters that people on phones leave wrong
# (Palin et al. 2019, "How do People Type on Mobile Devices?", 37,000 people).
_LETTERS_AN_EDIT = 25

_TONE_MARKS = regex.compile(r"[\u0E48-\u0E4B]")
_SPACES = regex.compile(r"(?<=\d)(\s+)(?=\d)|\s+")
_LATIN = regex.compile(r"[A-Za-z]")
_THAI = regex.compile(r"[\u0E00-\u0E7F]")
_ON_NUMBER_PAD = regex.compile(r"([0-9](?:[0-9.,:/-]*[0-9])?)")
_THAI_DIGITS = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")

# Colloquial, sounded-out, misspelt and shortened forms in which common words are met in chats of staff.
_SPELLINGS = {
    # question words and particles
    "ไหม": ("มั้ย", "ป่าว", "มัย", "ไม๊", "ป่ะ"),
    "ใช่ไหม": ("ช่ายมั้ย", "ใช่ป่ะ", "ใช่มะ"),
    "หรือเปล่า": ("รึป่าว", "รึเปล่า", "หรือป่าว", "ป่าว"),
    "หรือไม่": ("รึไม่", "หรือม่าย", "มั้ย"),
    "หรือยัง": ("รึยัง", "ยัง"),
    "หรือ": ("รึ", "หรื"),
    "อย่างไร": ("ยังไง", "ไง", "ยังงัย", "อย่างไง"),
    "ยังไง": ("ไง", "ยังงัย", "ยังงาย"),
    "เท่าไร": ("เท่าไหร่", "เท่าไหล่", "เท่าหร่าย"),
    "เท่าไหร่": ("เท่าไร", "เท่าไหล่", "เท่าหร่าย"),
    "เมื่อไร": ("เมื่อไหร่", "เมื่อไหล่", "เมื่อรัย"),
    "เมื่อไหร่": ("เมื่อไร", "เมื่อไหล่", "เมื่อรัย"),
    "อะไร": ("ไร", "อะรัย", "อาไร"),
    "ทำไม": ("ทามไม", "ทำมัย", "ไม"),
    "ครับ": ("คับ", "คัฟ", "ค้าบ"),
    "ค่ะ": ("คะ", "คร่ะ", "ค่า"),
    "นะคะ": ("นะค่ะ", "น่ะค่ะ", "นะค้า"),
    # words of every day
    "ฉัน": ("ชั้น",),
    "ก็": ("ก้อ",),
    "แล้ว": ("แร้ว", "เเล้ว", "ละ"),
    "เลย": ("เรย",),
    "จริง": ("จิง",),
    "กรุณา": ("กรุนา",),
    "ขอบคุณ": ("ขอบคุน", "ขอบคุง"),
    "เดี๋ยว": ("เด๋ว", "เดียว"),
    "ตอนนี้": ("ตอนเนี้ย", "ตอนนี่"),
    "วันนี้": ("วันเนี้ย", "วันนี่"),
    "พรุ่งนี้": ("พรุ้งนี้", "พุ่งนี้"),
    "อาทิตย์": ("อาทิต", "อาทิด"),
    "สัปดาห์": ("สัปดา", "สัปดาร์"),
    "อยาก": ("หยาก",),
    "อนุญาต": ("อนุญาติ",),
    "โอกาส": ("โอกาศ",),
    "ปรากฏ": ("ปรากฎ",),
    "สังเกต": ("สังเกตุ",),
    "โทรศัพท์": ("โทรสับ", "โทรศัพ", "โทสับ"),
    "อีเมล": ("อีเมล์", "เมล", "อีเมว"),
    "เว็บไซต์": ("เวปไซต์", "เว็บไซด์", "เว็บ"),
    "ดาวน์โหลด": ("ดาวโหลด", "โหลด"),
    "ลิงก์": ("ลิงค์", "ลิ้ง"),
    "วิดีโอ": ("วีดีโอ", "วิดิโอ"),
    "แอปพลิเคชัน": ("แอพ", "แอพพลิเคชั่น"),
    # words of the office
    "รางวัล": ("รางวัน", "รางวัล์"),
    "เลิศรัฐ": ("เลิศรัด", "เลิดรัฐ", "เลิสรัฐ"),
    "เกณฑ์": ("เกณท์", "เกน", "เกณ"),
    "เงื่อนไข": ("เงือนไข", "เงื่อนใข", "เงื่อนไค"),
    "คุณสมบัติ": ("คุนสมบัติ", "คุณสมบัต"),
    "นวัตกรรม": ("นวัฒกรรม", "นวตกรรม", "นวัตกรม"),
    "บูรณาการ": ("บูรนาการ", "บูรณการ"),
    "ประสิทธิภาพ": ("ประสิทธิ์ภาพ", "ประสิดธิภาพ"),
    "พัฒนา": ("พัทนา", "พัตนา"),
    "คะแนน": ("คะเเนน", "คแนน"),
    "กำหนด": ("กําหนด",),
    "กฎหมาย": ("กฏหมาย",),
    "สมัคร": ("สมัค", "สะหมัคร"),
    "เอกสาร": ("เอกสาน", "เอกะสาร"),
    "ตัวอย่าง": ("ตย.", "ตัวย่าง"),
    "ตัวชี้วัด": ("ตัวชีวัด", "ตชว."),
    "ความพึงพอใจ": ("ความพึงพอจัย", "พึงพอใจ"),
    "หน่วยงาน": ("หน่วย", "หน่วยงาร"),
    "ประชาชน": ("ปชช", "ปชช."),
    "เจ้าหน้าที่": ("จนท.", "จนท", "เจ้าหน้าที"),
    "ข้าราชการ": ("ขรก.", "ขรก"),
    "คณะกรรมการ": ("คกก.", "คกก"),
    "จังหวัด": ("จว.", "จังหวด"),
    "โรงพยาบาล": ("รพ.", "รพ", "โรงบาล"),
    "โรงเรียน": ("รร.", "รร"),
    "มหาวิทยาลัย": ("มหาลัย", "มหาวิทลัย"),
    "สำนักงาน": ("สนง.", "สนง"),
    "องค์กรปกครองส่วนท้องถิ่น": ("อปท.", "อปท"),
    "ส่วนราชการ": ("ส่วนราชกาน", "ราชการ"),
    "ผู้อำนวยการ": ("ผอ.", "ผอ"),
    "งบประมาณ": ("งบ", "งปม."),
}
# The longest first; a mark after the word makes another word of it ("ไหม้").
_WORD = regex.compile(
    "(?:" + "|".join(sorted(_SPELLINGS, key=len, reverse=True)) + r")(?![\u0E31\u0E34-\u0E3A\u0E47-\u0E4E])"
)

# Where a key is held: the last letter of a phrase, or of a word that is drawn out in speech. No word is closed by a
# second ์, and nobody holds the sign of repetition.
_DRAWN_OUT = regex.compile(
    r"[A-Za-z\u0E01-\u0E3A\u0E40-\u0E45\u0E47-\u0E4B](?=[\s?!.,]|$)|(?:(?<!ห)มาก|นาน|เลย|ด้วย|หน่อย|ที่สุด|เยอะ|ด่วน)(?![\u0E31\u0E34-\u0E3A\u0E47-\u0E4E])"
)

# What a woman, a man and anybody puts before a question and after it.
_WOMAN = (
    ("รบกวนสอบถามค่ะ", "สวัสดีค่ะ", "ขอสอบถามหน่อยค่ะ", "แอดมินคะ", "พี่คะ", "ขออนุญาตสอบถามนะคะ"),
    ("ค่ะ", "คะ", "นะคะ", "คร่า", "จ้า", "หน่อยค่ะ", "ขอบคุณค่ะ"),
)
_MAN = (
    ("รบกวนสอบถามครับ", "สวัสดีครับ", "ขอสอบถามหน่อยครับ", "แอดมินครับ", "พี่ครับ", "เรียนสอบถามครับ"),
    ("ครับ", "คับ", "ครับผม", "นะครับ", "ค้าบ", "ด้วยครับ", "ขอบคุณครับ"),
)
_ANYBODY = (
    ("เอ่อ", "คือว่า", "อยากทราบว่า", "พอดีว่า", "สอบถามหน่อย"),
    ("อ่ะ", "อะ", "น้า", "เนอะ", "หน่อย", "จ้ะ", "555"),
)
_ENDS_POLITELY = regex.compile(r"(?:(ค่ะ|คะ|จ้า)|(ครับ|คับ))[\s?!.]*$")


def _typo(text: str, draw: random.Random) -> str:
    """About one slip for twenty-five characters, at least one: a near key, a letter lost, doubled or swapped with the next."""
    numbers = {place for number in _NUMBER.finditer(text) for place in range(*number.span())}
    places = [place for place, letter in enumerate(text) if letter in _NEIGHBOURS and place not in numbers]
    drawn: list[int] = []
    for place in draw.sample(places, len(places)):
        # Slips side by side could undo each other.
        if len(drawn) < max(1, round(len(text) / _LETTERS_AN_EDIT)) and all(abs(place - d) > 2 for d in drawn):
            drawn.append(place)
    # From the end, so that the places before still hold.
    for place in sorted(drawn, reverse=True):
        letter, following = text[place], text[place + 1 : place + 2]
        slips = [(draw.choice(_NEIGHBOURS[letter]), 1), (letter * 2, 1)]
        if len(places) > 1:
            slips.append(("", 1))
        if place + 1 in places and following != letter:
            slips.append((following + letter, 2))
        typed, taken = draw.choice(slips)
        text = text[:place] + typed + text[place + taken :]
    return text


def _tones(text: str, draw: random.Random) -> str:
    """Without ่ ้ ๊ ๋, all of them. The vowel's ็ and the silencer ์ are no tone marks and stay."""
    return _TONE_MARKS.sub("", text)


def _layout(text: str, draw: random.Random) -> str:
    """Every key of a Thai text with the keyboard left in English; Arabic numbers stay, Kedmanee has no keys for them."""
    if _LATIN.search(text) or not _THAI.search(text):
        return text
    pieces = _ON_NUMBER_PAD.split(text)
    return "".join(piece if place % 2 else piece.translate(_IN_ENGLISH) for place, piece in enumerate(pieces))


def _spaces(text: str, draw: random.Random) -> str:
    """Without spaces, but for those that keep two numbers apart."""
    return _SPACES.sub(lambda spaces: " " if spaces[1] else "", text)


def _slang(text: str, draw: random.Random) -> str:
    """Each common word of the table in one of its everyday spellings."""
    return _WORD.sub(lambda word: draw.choice(_SPELLINGS[word[0]]), text)


def _elongation(text: str, draw: random.Random) -> str:
    """One word's last letter three to six times."""
    places = [word.end() for word in _DRAWN_OUT.finditer(text)]
    if not places:
        return text
    place = draw.choice(places)
    return text[: place - 1] + text[place - 1] * draw.randint(3, 6) + text[place:]


def _digits(text: str, draw: random.Random) -> str:
    """Thai digits for Arabic ones."""
    return text.translate(_THAI_DIGITS)


def _particles(text: str, draw: random.Random) -> str:
    """A courtesy or filler before, a particle after, or both; none after where one is already."""
    if not text.strip():
        return text
    polite = _ENDS_POLITELY.search(text)
    before, after = draw.choice((_WOMAN, _MAN, _ANYBODY)) if not polite else _WOMAN if polite[1] else _MAN
    where = "before" if polite else draw.choice(("before", "after", "both"))
    if where != "before":
        said = text.rstrip(" ?!.")
        text = said + draw.choice(("", " ")) + draw.choice(after) + text[len(said) :]
    if where != "after":
        text = draw.choice(before) + draw.choice(("", " ")) + text
    return text


_MADE: dict[str, Callable[[str, random.Random], str]] = {
    "typo": _typo,
    "tones": _tones,
    "layout": _layout,
    "spaces": _spaces,
    "slang": _slang,
    "elongation": _elongation,
    "digits": _digits,
    "particles": _particles,
}
KINDS: tuple[str, ...] = tuple(_MADE)
"""What `noisy` can do to a text."""


def noisy(text: str, kind: str, seed: int | str) -> str:
    """`text` as it is typed with one of KINDS; the text itself where that kind finds nothing in it to change.

    The same text, kind and seed give the same result on every machine. Raises ValueError for another kind.
    """
    if kind not in _MADE:
        raise ValueError(f"{kind!r} is no kind of noise; these are: {', '.join(KINDS)}")
    # Text is drawn from by its SHA-512, not by Python's hash, which differs from run to run.
    return _MADE[kind](text, random.Random(f"{kind} {seed} {text}"))  # noqa: S311 - drawn the same each time on purpose
