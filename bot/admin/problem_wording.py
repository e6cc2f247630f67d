"""What the content checks find, in Thai for people who are no programmers: a sentence, and the form's field it belongs to.

Whatever has no sentence of its own here is told as it is, behind a Thai beginning.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from knowledge.loader import Problem


@dataclass(frozen=True)
class Told:
    """One mistake. `entry` is a name of knowledge/entries.py where it is one; `field` "" where no field is meant."""

    path: str
    entry: str
    sentence: str
    field: str
    technical: str


# Pattern, sentence (with the pattern's groups), field. The first that fits is taken.
_SENTENCES: tuple[tuple[str, str, str], ...] = (
    (r"the label '(.*)' has (\d+) characters .* more than (\d+)", "ป้ายชื่อยาว {1} ตัวอักษร ต้องไม่เกิน {2}", "label"),
    (r"it is '\w+' but has no caution", "ยังไม่ยืนยัน จึงต้องเขียนข้อควรระวังด้วย", "caution"),
    (r"the source is empty", "กรุณาระบุที่มา: บรรทัดในสไลด์ หรือลิงก์ อย่างใดอย่างหนึ่ง", "source_lines"),
    (r"the source lines '(.*)' are malformed", "บรรทัดในสไลด์ต้องเขียนแบบ 95-98 หรือ 27-34;66-90", "source_lines"),
    (r"'(.*)' is not a web address", "“{0}” ไม่ใช่ลิงก์ กรุณาใส่ทั้งหมด ขึ้นต้นด้วย https://", ""),
    (r"it has a date and no source", "มีวันที่แล้ว จึงต้องระบุที่มาด้วย", "source_lines"),
    (r"month (\d+) of (\d+) has no day (\d+), its last is (\d+)", "เดือนนี้ไม่มีวันที่ {2} วันสุดท้ายคือ {3}", "date_day"),
    (r"there is no month", "กรุณาเลือกเดือน", "date_month"),
    (r"the span has a last day and no first", "มีวันสุดท้ายแต่ไม่มีวันแรก", "date_day"),
    (r"the span runs over months, not days", "กำหนดการหลายวันต้องใส่วันที่ทั้งวันแรกและวันสุดท้าย", "until_day"),
    (r"the span runs backwards", "วันสุดท้ายอยู่ก่อนวันแรก", "until_day"),
    (r"'(.*)' is not a time of day", "เวลาต้องเขียนแบบ 09:00 หรือ 16:30", "time"),
    (r"it has the time (.*) and no day", "มีเวลา {0} แต่ไม่มีวันที่", "time"),
    (r"(\S+) is far from the round (\d+)", "วันที่ {0} ห่างจากรอบปี {1} มากเกินไป กรุณาตรวจปี พ.ศ.", "date_year"),
    (r"'(.*)' closes on (\S+), before it opens on (\S+)", "วันปิดรับ {1} อยู่ก่อนวันเปิดรับ {2}", "date_day"),
    (r"(\d+) is not a year of the Buddhist Era", "“{0}” ไม่ใช่ปี พ.ศ. กรุณาใส่ปีสี่หลัก เช่น 2568", ""),
    (r"the id '(.*)' stands twice", "มีรหัส {0} ซ้ำกันสองรายการ", ""),
    (r"the id '(.*)' is malformed", "รหัส {0} ใช้ได้เฉพาะตัวอักษรอังกฤษ ตัวเลข จุด ขีดล่าง และขีด", ""),
    (r"unknown topic '(.*)'", "ไม่มีหัวข้อร่วมชื่อ {0}", "topic"),
    (r"unknown (?:kind|attribute|subject|certainty|type) '(.*)'", "“{0}” ไม่อยู่ในรายการที่เลือกได้", ""),
    (r"the rule can never pass", "เกณฑ์นี้ไม่มีทางผ่านได้เลย กรุณาตรวจตัวเลข", "rule"),
    (r"the rules .*can never pass together", "เกณฑ์ของเรื่องนี้ขัดกันเอง ไม่มีผลงานใดผ่านได้ครบ กรุณาตรวจตัวเลข", "rule"),
    (r"the rule needs '(.*)', which no question asks for alone", "แบบตรวจสอบยังไม่มีคำถามสำหรับ {0} จึงใช้ตรวจไม่ได้", "rule"),
    (r"'(.*)': '(.*)' has no rule", "ข้อความอ้างถึง {0} แต่รายการ {1} ไม่มีเกณฑ์ตัวเลขให้อ้าง", ""),
    (r"'(.*)': the rule has no such limit", "ข้อความอ้างถึง {0} แต่เกณฑ์ไม่มีตัวเลขนั้น", ""),
    (r"'(.*)' names no limit", "ในวงเล็บปีกกา “{0}” ต้องเป็นชื่อตัวเลขของเกณฑ์ เช่น {{months_in_use}}", ""),
    (r"'(.*)' is empty", "มีช่องที่ว่างอยู่ ({0})", ""),
    (r"the key '(.*)' is missing", "ยังขาดข้อมูล ({0})", ""),
    (r"'(.*)' has too few items", "ต้องมีรายการมากกว่านี้ ({0})", ""),
    (r"unknown key '(.*)'", "มีชื่อข้อมูลที่ระบบไม่รู้จัก ({0})", ""),
    (r"'(.*)' should be (.*), found (.*)", "ข้อมูล {0} เป็นชนิดที่ไม่ถูกต้อง", ""),
    (r"a phrasing is empty", "มีคำถามที่ว่างอยู่", "list"),
    (r"the file is missing", "ขาดไฟล์นี้", ""),
    (r"the subject '(.*)' is missing", "ขาดไฟล์ของเรื่อง {0}", ""),
    (r"the file is not named after a subject", "ชื่อไฟล์ไม่ตรงกับเรื่องใด", ""),
    (r"is no place for a content file", "วางไฟล์ผิดที่ ต้องอยู่ในโฟลเดอร์ชื่อปี เช่น 2568", ""),
    (r"line (\d+) is not UTF-8", "บรรทัดที่ {0} ไม่ได้บันทึกเป็น UTF-8", ""),
    (r"line (\d+): the key '(.*)' stands twice", "บรรทัดที่ {0} มีชื่อ {1} ซ้ำ", ""),
    (
        r"line (\d+): could not determine a constructor for the tag",
        "บรรทัดที่ {0} มีคำสั่งพิเศษของ YAML (ขึ้นต้นด้วย !) ซึ่งไม่รับ",
        "",
    ),
    (r"line (\d+): ", "บรรทัดที่ {0} เขียนไม่ถูกรูปแบบ YAML", ""),
    (r"not YAML that can be read: .* nested more", "ข้อมูลในไฟล์ซ้อนกันลึกเกินไป", ""),
    (r"not YAML that can be read: more than", "ไฟล์มีข้อมูลมากเกินไป", ""),
    (r"not YAML that can be read: .* stands inside what it repeats", "ข้อมูลในไฟล์อ้างถึงตัวเองวนไม่รู้จบ", ""),
    (r"not YAML that can be read|the file holds no keys", "อ่านเป็นไฟล์ YAML ไม่ได้", ""),
    (r"the year (\d+) is not that of the directory '(.*)'", "ปี {0} ในไฟล์ไม่ตรงกับโฟลเดอร์ {1}", ""),
    (
        r"the (?:fact|command '.*') is missing|the choice '.*' is missing|the type was",
        "ข้อมูลที่โปรแกรมต้องใช้หายไปหรือเปลี่ยนชนิด ไม่สามารถลบได้",
        "",
    ),
)
_COMPILED = tuple((re.compile(pattern), sentence, field) for pattern, sentence, field in _SENTENCES)
_ELSE = "ข้อมูลไม่ถูกต้อง"


def told(problem: Problem) -> Told:
    """One mistake in Thai."""
    technical = f"{problem.problem} → {problem.fix}"
    for pattern, sentence, field in _COMPILED:
        found = pattern.match(problem.problem)
        if found:
            return Told(problem.file, problem.entry, sentence.format(*found.groups()), field, technical)
    return Told(problem.file, problem.entry, _ELSE, "", technical)
