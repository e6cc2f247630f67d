"""The assistant's own sentences about eligibility: verdicts, the quiz, what-ifs. Facts and limits are the content's."""

from __future__ import annotations

from bot.turn import Answer, Button
from bot.wording import MENU
from knowledge.date_texts import month_text

YOURS = "ของท่าน"
LACKING = "ขาดอีก"
AT_MOST = "ไม่เกิน"
UNSURE = "ไม่แน่ใจ"
TRUE = "ใช่"
FALSE = "ไม่ใช่"
NONE_OF_THEM = "ไม่มี"
SLIDES = "สไลด์"
PUBLIC = "แหล่งสาธารณะ"
STILL_TO_KNOW = "ต้องทราบเพิ่ม: "
BY_THIS = "ตามข้อนี้"
NEEDS = {"at_least": "ต้อง", "more_than": "ต้องมากกว่า", "at_most": "ต้องไม่เกิน", "less_than": "ต้องน้อยกว่า"}
NEEDS_YEAR = {
    "at_least": "ต้องตั้งแต่ปี",
    "more_than": "ต้องหลังปี",
    "at_most": "ต้องไม่เกินปี",
    "less_than": "ต้องก่อนปี",
}
OUTCOMES = {"pass": "เข้าเกณฑ์เบื้องต้น", "fail": "ยังไม่เข้าเกณฑ์", "unknown": "ต้องตรวจสอบเพิ่ม"}


def years_before_round(distance: int, year: int, allowed: int, early: bool) -> str:
    """How far a year lies from the round, where the limit is so many years before it."""
    if not allowed:
        return ""
    if early:
        return f" ({distance} ปีก่อนรอบ {year} เกิน {allowed} ปี)"
    return f" ({max(distance, 0)} ปีก่อนรอบ {year} ไม่ถึง {allowed} ปี)"


def years_after(distance: int, allowed: int) -> str:
    """How long after another year something began, where it may be so many years."""
    return f" (หลังได้รางวัล {distance} ปี เกิน {allowed} ปี)"


def reached(what: str, month: int, year: int) -> str:
    """When a duration will be complete; `month` counts from 0, `year` is Buddhist Era."""
    return f"จะครบ {what}เดือน{month_text(year, month + 1)}"


def from_round(year: int) -> str:
    """The first round for which it would be early enough."""
    return f"ใช้ส่งได้ตั้งแต่รอบ {year} (นับแบบเดียวกัน)"


# The quiz.

START = Button("เริ่มตรวจสอบ", "เริ่มทำแบบตรวจสอบ")
RESUME = Button("ทำต่อ", "ทำต่อ")
RESTART = Button("เริ่มใหม่", "เริ่มทำแบบตรวจสอบใหม่")
CHANGE = Button("แก้คำตอบ", "แก้คำตอบ")
CONTINUE = Button("ตรวจต่อทีละข้อ", "ตรวจต่อทีละข้อ")
RESULT = Button("ดูผลอีกครั้ง", "ผลแบบตรวจสอบเมื่อกี้")
NOT_SURE = "ไม่แน่ใจ"
BACK = "ย้อนกลับ"
STOP = "ยกเลิก"
ENOUGH = "เท่านี้"
TAKEN = "รับทราบ"
SKIPPED = "ข้ามข้อนี้ ไม่มีผลให้ตกเกณฑ์"
TOO_LITTLE = "ข้อมูลยังไม่พอ"
PICKED = "เลือกแล้ว"
PICK_MORE = "เลือกเพิ่มได้ หรือแตะ “เท่านี้”"
NOT_AN_ANSWER = "ขออภัยค่ะ ยังไม่เข้าใจคำตอบ แตะปุ่ม พิมพ์หมายเลข หรือพิมพ์ “ข้าม” ได้"
FIRST_HINT = "ตอบด้วยปุ่ม หมายเลข หรือพิมพ์เล่าเองได้ ข้ามหรือหยุดเมื่อใดก็ได้"
STILL_OPEN = "แบบตรวจสอบยังทำค้างอยู่"
FIRST_QUESTION = "ข้อนี้เป็นข้อแรกแล้วค่ะ"
PASSING = "เข้าเกณฑ์เบื้องต้น"
TO_CHECK = "ต้องตรวจสอบเพิ่ม"
NEAR = "ใกล้เคียง แต่ยังขาด"
NOT_ITS_SORT = "ไม่ตรงลักษณะงาน"
NO_RULES = "ข้ออื่นที่ดูจากเนื้อหาผลงาน"
MORE_THAN_ONE = "สไลด์ไม่ได้ระบุว่าผลงานเดียวส่งได้หลายประเภทหรือไม่ ควรสอบถามเจ้าหน้าที่"
BRANCH_TOO = "ตรวจเฉพาะสาขาที่เล่ามา ถ้าต้องการดูทั้งสองสาขา แตะ “เริ่มใหม่”"
COMPARED = "เทียบกับรอบ"
SAME_IN_ROUND = "ผลเหมือนกันทุกประเภท"
YOUR_FACTS = "จากคำตอบของท่าน"
WHICH_ANSWER = "ต้องการแก้คำตอบข้อใด"
PMQA_ONLY = "PMQA เป็นรางวัลด้านระบบบริหารองค์กร ระบบยังไม่มีเกณฑ์ให้ตรวจ จึงขอส่งต่อให้เจ้าหน้าที่"

CANCELLED = Answer("command", "หยุดแบบตรวจสอบแล้วค่ะ เริ่มใหม่ได้ทุกเมื่อ", attribute="quiz", buttons=(START, MENU))
NONE_UNDER_WAY = Answer("command", "ยังไม่มีแบบตรวจสอบที่ทำค้างหรือผลที่เก็บไว้ค่ะ", attribute="quiz", buttons=(START, MENU))
OLD_QUIZ = Answer(
    "clarify",
    "ปุ่มนี้เป็นของแบบตรวจสอบชุดก่อน ใช้ตอบไม่ได้แล้วค่ะ",
    attribute="quiz",
    buttons=(RESUME, START),
)
NOT_ASKED_NOW = "ข้อนั้นไม่ต้องตอบแล้วค่ะ"
TIME_OVER = Answer(
    "clarify",
    "แบบตรวจสอบที่ทำค้างไว้หมดเวลาแล้วค่ะ คำตอบเดิมยังอยู่ จะทำต่อหรือเริ่มใหม่ก็ได้",
    attribute="quiz",
    buttons=(RESUME, RESTART, MENU),
)
NOT_READ = "ขออภัยค่ะ ยังไม่เข้าใจว่าเปลี่ยนเรื่องใดของผลงาน พิมพ์เป็นตัวเลขหรือบอกให้ครบ เช่น “ถ้าใช้มา 14 เดือนล่ะ”"
STUCK_AT = "ติดข้อ"
TWO_WORKS = "ดูเหมือนมีมากกว่าหนึ่งผลงาน ขอดูทีละผลงานค่ะ เริ่มจากงานไหนก่อน"


def step(number: int, about: int) -> str:
    """How far the quiz is."""
    return f"ข้อ {number} จากประมาณ {max(about, number)}"


def result_gist(passing: list[str], checking: list[str], near: list[str]) -> str:
    """The first line of a result: what the boss wants to know."""
    if passing:
        return f"เข้าเกณฑ์เบื้องต้น {len(passing)} ประเภท: {', '.join(passing)}"
    if checking:
        return f"ต้องตรวจสอบเพิ่มก่อนสรุป: {_some(checking)}"
    if near:
        return f"ยังไม่เข้าเกณฑ์ครบทุกข้อ ใกล้ที่สุดคือ {_some(near)}"
    return "จากคำตอบนี้ ยังไม่มีประเภทที่เข้าเกณฑ์"


def _some(names: list[str]) -> str:
    """The first names, and how many more there are: a first line is read on a phone."""
    more = f" และอีก {len(names) - 3} ประเภท" if len(names) > 3 else ""
    return f"{', '.join(names[:3])}{more}"


def not_certified(year: int) -> str:
    """The caution under every verdict."""
    return f"ผลเบื้องต้นตามเกณฑ์รอบ {year} ไม่ใช่การรับรอง"


def _polite(name: str) -> str:
    return f"{name} ค่ะ" if name.endswith(")") else f"{name}ค่ะ"


def passes(name: str) -> str:
    """A what-if whose every condition is met."""
    return f"เข้าเกณฑ์เบื้องต้นของ{_polite(name)} ครบทุกข้อที่ตรวจได้"


def fails_as(kind: str) -> str:
    """Over what another kind of the same category lacks."""
    return f"ถ้าส่งแบบ{kind} ยังไม่เข้าเกณฑ์"


def fails(name: str, by: str) -> str:
    """A what-if that a condition rejects."""
    return f"ยังไม่เข้าเกณฑ์{_polite(name)} {by}"


def to_check(name: str, so_far: str, missing: str) -> str:
    """A what-if that is not settled yet."""
    good = f"ข้อที่บอกมาผ่าน ({so_far}) " if so_far else ""
    return f"ต้องตรวจสอบเพิ่มสำหรับ{_polite(name)} {good}ยังต้องทราบ: {missing}"


def shortlist(names: list[str]) -> str:
    """The first line over the categories that a described work comes near."""
    return f"จากที่เล่ามา ใกล้เคียงที่สุดคือ {' รองลงมา '.join(names)}"


NOTHING_FITS = "จากที่เล่ามา ยังไม่พบประเภทที่ตรงกับผลงานค่ะ"
TOO_LITTLE_TOLD = "จากที่เล่ามา ยังบอกไม่ได้ว่าตรงกับประเภทไหนค่ะ"
NO_CATEGORY = (NOTHING_FITS, TOO_LITTLE_TOLD)
NOTHING_FITS_MORE = "เล่าเพิ่มได้ว่าทำอะไรให้ใคร ใช้มานานเท่าใด หรือตอบทีละข้อเพื่อดูให้ครบทุกประเภท"


def because(words: str) -> str:
    """Why a category is suggested, in the person's own words."""
    return f"เพราะท่านบอกว่า {words}"


def would_need(what: str) -> str:
    """What a suggested category still has to be shown to have."""
    return f"ยังต้องมี: {what}"
