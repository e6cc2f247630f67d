"""Clean-up of Thai as it is typed: one spelling for what looks or sounds the same, and nothing else touched."""

from __future__ import annotations

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from intents.normalize import MAX_QUESTION, clean, plain, skeleton
from intents.tokenize import Tokenizer

# Any text at all, and text that looks like what people type: Thai with marks in any order, spaces, digits, emoji.
ANY_TEXT = st.one_of(
    st.text(),
    st.text(alphabet=st.sampled_from([*map(chr, range(0x0E00, 0x0E7F)), *"aZ5 .?ๆ\u200b\ufeff\n🙏９％"])),
)
# Pieces of what people type, joined in any order.
TYPED = (
    *["เงื่อนไข", "นํ้า", "เเ", "ก่่อน", "มากกกก", "๒๕๖๘", "PMQA", "ｐ", "555+", "ๆ", " ", "  ", "\n", "\u200b", "🙏"],
    *["คะ", "นะ", "ไหม", "?", "!!!!", "...", "80%", "ก.พ.ร.", "รึป่าว", "ทำ", "ไม้"],
)
# What US-QWERTY keys write on a Thai Kedmanee keyboard, typed by hand from its table.
IN_ENGLISH = {
    "vpkdi^h": "อยากรู้",
    "ik';y]g]bLiy{8nvvtwi": "รางวัลเลิศรัฐคืออะไร",
    "o;y9dii,[ibdki 9hv'me,kdujxu": "นวัตกรรมบริการ ต้องทำมากี่ปี",
}


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("น\u0e49\u0e4d\u0e32", "น้ำ"),
        ("น\u0e4d\u0e49\u0e32", "น้ำ"),
        ("เเล้ว", "แล้ว"),
        ("ตย", "ตัวอย่าง"),
        ("ขอ ตย ด้วย", "ขอ ตัวอย่าง ด้วย"),
        ("มีตย.ปะ", "มีตัวอย่างปะ"),
        ("ผลงานปีก่อนๆ", "ผลงานปีเก่า"),
        ("ก\u0e48\u0e48อน", "ก่อน"),
        ("ก\u0e48\u0e49อน", "ก่อน"),
        ("ดี\u0e35\u0e35", "ดี"),
        ("มากกกกกก", "มาก"),
        # Where a word ends in two of what the next begins with, the third is no elongation.
        ("ระบบบริการ", "ระบบบริการ"),
        ("แบบบูรณาการ", "แบบบูรณาการ"),
        ("คะแนนนวัตกรรม", "คะแนนนวัตกรรม"),
        ("จัดสรรรายได้", "จัดสรรรายได้"),
        ("ระบบบบบ ใช้", "ระบบ ใช้"),
        ("คะแนนนนน", "คะแนน"),
        # Dialect, before anything is taken for a slip.
        ("ส่งอันใด๋", "ส่งอันไหน"),
        ("ปิดมื้อใด๋", "ปิดวันไหน"),
        ("ต่างกันพรือ", "ต่างกันยังไง"),
        ("มีไหรมั่ง", "มีอะไรมั่ง"),
        ("เท่าไหร", "เท่าไหร"),
        ("เฮ็ดมาจักปี", "เฮ็ดมากี่ปี"),
        ("ข้อ 4.0 จากที่", "ข้อ 4.0 จากที่"),
        ("ปี ๒๕๖๘", "ปี 2568"),
        ("เลิศ\u200bรัฐ\ufeff", "เลิศรัฐ"),
        ("รางวัล🏆🏆ดีเด่น🙏", "รางวัล ดีเด่น"),
        ("ＰＭＱＡ ４.０", "pmqa 4.0"),
        ("เงื่อนไข\r\n  อะไร\tบ้าง", "เงื่อนไข อะไร บ้าง"),
        ("ประเภทต่าง ๆ", "ประเภทต่าง"),
        ("55555+ เข้าใจแล้ว", "เข้าใจแล้ว"),
        ("", ""),
        ("😀😀\u200b", ""),
    ],
)
def test_one_spelling_for_what_looks_the_same(typed: str, meant: str) -> None:
    assert clean(typed) == meant


@pytest.mark.parametrize("kept", ["2555", "1000000", "12,000,000 บาท", "ร้อยละ 80%", "ก.พ.ร.", "é", "วรรค", "สัมมนา"])
def test_what_is_no_slip_stays(kept: str) -> None:
    assert clean(kept) == kept


@pytest.mark.parametrize(("typed", "meant"), IN_ENGLISH.items())
def test_thai_typed_with_the_keyboard_left_in_english_is_read(tokenizer: Tokenizer, typed: str, meant: str) -> None:
    assert clean(typed, tokenizer.coverage) == meant


@pytest.mark.parametrize(
    "english",
    [
        "hello",
        "pmqa 4.0",
        "what is open governance",
        "public sector excellence award",
        "big rock",
        "e-service",
        "how to apply",
        "thank you",
        "2568",
        "dashboard api",
    ],
)
def test_english_stays_english(tokenizer: Tokenizer, english: str) -> None:
    assert clean(english, tokenizer.coverage) == english


def test_a_short_english_word_stays_english(tokenizer: Tokenizer) -> None:
    assert clean("ok", tokenizer.coverage) == "ok"


def test_a_text_that_has_thai_is_not_taken_for_a_wrong_keyboard(tokenizer: Tokenizer) -> None:
    assert clean("vpkdi^h เงื่อนไข", tokenizer.coverage) == "vpkdi^h เงื่อนไข"


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("เงื่อนไขมีอะไรบ้างคะ", "เงื่อนไขมีอะไรบ้าง"),
        ("ขอตัวอย่างหน่อยนะคะ", "ขอตัวอย่าง"),
        ("สมัครได้รึป่าวครับ", "สมัครได้ไหม"),
        ("สมัครได้มั้ย", "สมัครได้ไหม"),
        ("ขอเบอร์เจ้าหน้าที่", "ขอเบอร์เจ้าหน้าที่"),
        ("สมัครได้บ่", "สมัครได้ไหม"),
        ("เฮ็ดมาสามปี๋แล้วเจ้า", "ทำมาสามปีแล้ว"),
        ("จาวบ้านฮ่วมกัน", "ชาวบ้านร่วมกัน"),
        ("ส่งพรือ", "ส่งยังไง"),
        ("ขอ sample ของ smart", "ขอ ตัวอย่าง ของ smart"),
        ("ไม่ใช่ดิ", "ไม่ใช่"),
        ("ต้องใช้จั๊กปี", "ต้องใช้กี่ปี"),
        ("อันนี้แม่นหยัง", "อันนี้คืออะไร"),
        ("คนที่พิมพ์แม่นอะไร", "คนที่พิมพ์แม่นอะไร"),
        ("เฮาส่งได้บ่เด้อ", "เราส่งได้ไหม"),
        ("ต้องมี patent ไหม", "ต้องมี สิทธิบัตร ไหม"),
        ("สมัครได้หรือไม่", "สมัครได้ไหม"),
        ("ปิดเมื่อไรคับ", "ปิดเมื่อไหร่"),
        ("ส่งได้มะคับ", "ส่งได้ไหม"),
        ("เข้าข้อนี้มะ", "เข้าข้อนี้ไหม"),
        ("ผลงานเข้าเกณฑ์ยังคะ", "ผลงานเข้าเกณฑ์หรือยัง"),
        ("แจกกันเดือนไรอะ", "แจกกันเดือนอะไร"),
        ("ทำกะชาวบ้าน", "ทำกับชาวบ้าน"),
        ("ทำอย่างไร", "ทำยังไง"),
        ("กี่ปีคะครับ", "กี่ปี"),
        ("ครับผม", ""),
    ],
)
def test_question_words_get_one_spelling_and_particles_go(typed: str, read: str) -> None:
    assert plain(clean(typed)) == read


@pytest.mark.parametrize(
    "word",
    [
        "สมัยก่อน",
        "กรมอนามัย",
        "หยั่งรู้",
        "ได้บ่อย",
        "เฮาส์",
        "จักรยาน",
        "ไม่รู้จักรางวัล",
        "ทำความรู้จักประเภทนวัตกรรม",
        "อยากรู้จักสาขาบริการ",
        "แวร์เฮาส",
        "ธรรมะ",
        "ขั้นตอนยังไม่ครบ",
        "กำไร",
        "ทำกะทันหัน",
        "กี่คะแนน",
        "ขอคะแนน",
        "แนะนำ",
        "คณะกรรมการ",
        "ลักษณะงาน",
        "เฉพาะ",
        "สาธารณะ",
        "หรอก",
    ],
)
def test_a_particle_inside_a_word_is_left_alone(word: str) -> None:
    assert plain(clean(word)) == word


@pytest.mark.parametrize(
    "text",
    [
        "โหลดแบบฟอร์มที่ไหน",
        "โหวตออนไลน์",
        "หากำหนดการไม่เจอ",
        "หากลุ่มเป้าหมาย",
        "ช่วยแม่ม่าย",
        "วิศวะ",
        "จังหวะ",
        "ปอเนาะ",
        "โอ่อ่า",
        "ที่ปรึกษาเล่า",
    ],
)
def test_what_only_looks_like_dialect_or_a_particle_stays(text: str) -> None:
    assert plain(clean(text)) == text


@pytest.mark.parametrize("word", ["ชนะ", "หน่วยงานที่ชนะ"])
def test_to_win_is_not_a_particle(word: str) -> None:
    assert plain(clean(word)) == word


def test_courtesy_does_not_eat_the_beginning_of_a_word() -> None:
    assert plain(clean("คะแนนเท่าไหร่คะ")) == "คะแนนเท่าไหร่"


def test_a_very_long_text_is_cut_and_read_in_no_time() -> None:
    started = time.perf_counter()
    text = plain(clean("ก่้อนๆ5 คะนะ\u200b" * 100_000))
    assert len(text) <= MAX_QUESTION
    # A pattern that backtracks takes minutes here.
    assert time.perf_counter() - started < 2


def test_a_skeleton_is_one_for_spellings_that_sound_alike() -> None:
    assert skeleton("เงื่อนไข") == skeleton("เงือนไข")
    assert skeleton("PMQA 4.0") == skeleton("pmqa4.0") == "pmqa40"
    assert skeleton("ศาล") == skeleton("สาล")
    assert skeleton("บริการ") != skeleton("บริหาร")


@given(st.lists(st.sampled_from(TYPED), max_size=12).map("".join))
@settings(max_examples=300, deadline=None)
def test_what_is_clean_stays_as_it_is(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@pytest.mark.parametrize("text", ["น\u0e4d\u0e45", "ๆ\u0e34"])
def test_marks_that_meet_only_when_clean_are_put_in_order_at_once(text: str) -> None:
    assert clean(clean(text)) == clean(text)


@given(ANY_TEXT)
@settings(max_examples=400, deadline=None)
@example("ๆ" * 50)
@example("\ud800")
@example("ก" * 2000)
def test_any_text_is_cleaned(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= MAX_QUESTION * 2
    assert cleaned == cleaned.strip()
    assert not set("๐๑๒๓๔๕๖๗๘๙\u200b\ufeff\n\t😀") & set(cleaned)
    plain(cleaned)
    skeleton(cleaned)


def test_a_greeting_of_nothing_but_courtesy_stays_a_greeting() -> None:
    assert plain(clean("สวัสดีครับผม")) == "สวัสดี"


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("ขอบคุณครับ อีกเรื่องนึง เกียรติยศคือรางวัลอะไร", "เกียรติยศคือรางวัลอะไร"),
        ("เดี๋ยวก่อน ปิดรับเมื่อไหร่", "ปิดรับเมื่อไหร่"),
        ("ขอบคุณมากค่ะ", "ขอบคุณมาก"),
        ("ขอบคุณครับ ช่วยได้เยอะเลย", "ขอบคุณ ช่วยได้เยอะเลย"),
    ],
)
def test_what_comes_before_a_new_question_is_left_out(text: str, asked: str) -> None:
    assert plain(clean(text)) == asked


@pytest.mark.parametrize(
    ("text", "asked"), [("pmqa ป่าว", "pmqaไหม"), ("เกี่ยวกะเลิศรัฐ", "เกี่ยวกับเลิศรัฐ"), ("ได้รางวัลไร", "ได้รางวัลอะไร")]
)
def test_spoken_words_are_spelt_in_one_way(text: str, asked: str) -> None:
    assert plain(clean(text)) == asked
