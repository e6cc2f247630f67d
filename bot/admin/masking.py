"""Personal data taken out of what people typed, before anybody reads it: telephone and long numbers, addresses, names.

A name is only known by what stands before it (นาย, คุณ, "ชื่อ"), so this hides what it can and promises no more.
"""

from __future__ import annotations

from typing import Final

import regex

PHONE: Final = "[เบอร์โทร]"
NUMBER: Final = "[เลขยาว]"
EMAIL: Final = "[อีเมล]"
NAME: Final = "[ชื่อ]"
LINE_ID: Final = "[ไอดี LINE]"
LINK: Final = "[ลิงก์]"

# Thai digits count too. Between two digits of one number people type a space, a dash, a dot or brackets.
_DIGIT: Final = r"[0-9๐-๙]"
_GAP: Final = r"[\s.()‐-―-]{0,3}"
_NAME_PART: Final = r"[\p{Thai}a-zA-Z][\p{Thai}\p{M}a-zA-Z.]*"
# Who gives a first name goes on with a surname, or with what is wanted.
_SURNAME: Final = (
    r"(?:\s(?!ส่ง|เป็น|อยู่|อยาก|ขอ|จะ|ได้|โทร|ต้อง|มี|ถาม|สอบถาม|สมัคร|ค่ะ|ครับ|คะ|จาก|ที่|และ|กับ|ตำแหน่ง|เบอร์|ทำ|มา|ไป|ใช้|ช่วย|รบกวน|เคย|ยัง)"
    rf"{_NAME_PART}(?=\s|$))?"
)
# Thai has no spaces: a title may follow these words at once, and within any other word it is none.
_BEFORE_TITLE: Final = (
    r"(?:(?<![\p{Thai}\p{M}a-zA-Z])|(?<=ผม|ดิฉัน|หนู|คือ|ชื่อ|กับ|ของ|และ|โดย|เป็น|ให้|ว่า|ติดต่อ|ถึง|แจ้ง|ถาม|หา|พบ))"
)
_TITLES: Final = (
    r"นางสาว|น\.?ส\.|นาย|นาง|เด็กชาย|เด็กหญิง|ด\.?[ชญ]\.|ว่าที่\s?(?:ร้อยตรี|ร\.ต\.)(?:หญิง)?|(?:พล|พัน|ร้อย)(?:ตำรวจ)?(?:เอก|โท|ตรี)"
    r"|[พร]\.?ต\.?[อทต]\.|ดร\.|ดอกเตอร์|ผศ\.|รศ\.|ศ\.|นพ\.|พญ\.|Mr\.?|Mrs\.?|Ms\.?|Miss|Dr\."
)
# "คุณสมบัติ", "คุณภาพ", "นายกฯ", "นางงาม" and the like begin like a title and are none.
_NO_NAME: Final = (
    r"(?!(?:สมบัติ|ภาพ|ธรรม|ค่า|ประโยชน์|ลักษณะ|วุฒิ|ูปการ|ครับ|คะ|ค่ะ|จะ|มี|ช่วย|ว่า|คิด|ต้อง|ได้|เป็น|คือ|อยู่|รู้|ทราบ|ตอบ|บอก|แน่|หมอ|แม่|พ่อ|ครู"
    r"|ก(?:รัฐมนตรี|เทศ|ฯ|อบ|สมาคม|องค์การ|เมือง)|จ้าง|ทะเบียน|อำเภอ|ตรวจ|ทหาร|แบบ|งาน|ฟ้า|พยาบาล))"
)

_RULES: Final = (
    (regex.compile(r"(?:mailto:)?[\w.+-]{1,64}\s?@\s?[\w-]{1,63}(?:\.[\w-]{1,63})+", regex.IGNORECASE), EMAIL),
    # An address with a query or a fragment may carry who opened it; without them it only says where.
    (regex.compile(r"(?:https?://|www\.)[^\s<>\"']*[?#&=][^\s<>\"']*", regex.IGNORECASE), LINK),
    (regex.compile(r"(?<![\w/.])(?:line\.me|lin\.ee)/\S+", regex.IGNORECASE), LINK),
    (regex.compile(r"\b[UCR][0-9a-f]{32}\b"), LINE_ID),
    (
        regex.compile(
            r"(?P<k>(?:ไอดี\s?ไลน์|ไลน์\s?ไอดี|ไอดี\s?line|line\s?id|id\s?line|ไลน์ไอดี)\s*(?:คือ|:|=|\s)\s*)@?[\w.-]{3,}",
            regex.IGNORECASE,
        ),
        rf"\g<k>{LINE_ID}",
    ),
    (regex.compile(r"(?<![\w@.])@[A-Za-z0-9][\w.-]{2,}"), LINE_ID),
    (regex.compile(rf"(?<!{_DIGIT})(?:\+66|0|๐)(?:{_GAP}{_DIGIT}){{8,9}}(?!{_DIGIT})"), PHONE),
    # Years, percentages and amounts are shorter, or have commas; what is longer names somebody or something of theirs.
    (regex.compile(rf"(?<![0-9๐-๙,]){_DIGIT}(?:[\s-]?{_DIGIT}){{8,}}(?!{_DIGIT})"), NUMBER),
    (regex.compile(rf"(?<!{_DIGIT}){_DIGIT}{{7,}}"), NUMBER),
    (
        regex.compile(
            rf"{_BEFORE_TITLE}(?P<t>{_TITLES})\s?{_NO_NAME}{_NAME_PART}{_SURNAME}",
            regex.IGNORECASE,
        ),
        rf"\g<t>{NAME}",
    ),
    (regex.compile(rf"{_BEFORE_TITLE}(?P<t>คุณ)\s?{_NO_NAME}{_NAME_PART}{_SURNAME}"), rf"\g<t>{NAME}"),
    (
        regex.compile(
            rf"(?P<t>(?<![\p{{Thai}}\p{{M}}])(?:ผม|หนู|ดิฉัน|ดิชั้น|เรา)?ชื่อ(?:จริง|เล่น)?(?:-?\s?(?:นามสกุล|สกุล))?\s?(?:คือ|ว่า|:)?\s?)"
            rf"(?!รางวัล|ผลงาน|โครงการ|หน่วยงาน|ประเภท|เรื่อง|อะไร|ไหน|เต็ม|หมวด|สาขา|งาน|นวัตกรรม|ระบบ|ย่อ|ภาษา|ของ|ทีม)"
            rf"{_NAME_PART}{_SURNAME}"
        ),
        rf"\g<t>{NAME}",
    ),
    (regex.compile(rf"(?P<t>นามสกุล|สกุล)\s?(?:คือ|:)?\s?(?!อะไร|ไหม|ด้วย|ใหม่){_NAME_PART}"), rf"\g<t>{NAME}"),
)
_MARKS: Final = (PHONE, NUMBER, EMAIL, NAME, LINE_ID, LINK)


def masked(text: str) -> str:
    """`text` with a word in brackets in place of each piece of personal data."""
    for pattern, mark in _RULES:
        text = pattern.sub(mark, text)
    return text


def without_personal_data(text: str) -> str:
    """What is left of `text` when all of that is taken out, on one line: for a phrasing that is to be published."""
    text = masked(text)
    for title_and_name in regex.findall(rf"(?:{_TITLES}|คุณ)?{regex.escape(NAME)}", text):
        text = text.replace(title_and_name, " ")
    for mark in _MARKS:
        text = text.replace(mark, " ")
    return " ".join(text.split())
