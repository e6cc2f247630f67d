"""The figures as a report to hand on: a table a sheet. Sums only; nothing that anybody typed is in it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from bot.admin.figures import Figures, Period, figures
from bot.admin.spreadsheets import Cell, Sheet
from bot.admin.thai_time import thai_date
from bot.storage.statistics import Counted
from bot.wording import ATTRIBUTE_NAMES
from knowledge.model import Knowledge

LONGEST_DAYS = 366
EXPLAINED = (
    ("คน", "จำนวนคนที่ใช้ในวันนั้น นับด้วยรหัสที่สุ่มใหม่ทุกวันและทิ้งเมื่อสิ้นวัน จึงระบุตัวหรือรวมข้ามวันไม่ได้ คลาดเคลื่อนได้ราวร้อยละ 1"),
    ("คำถาม", "ผลรวมของ ตอบได้ ถามกลับ ไม่มีข้อมูล และนอกขอบเขต (ไม่นับคำทักทาย การเตือน และแบบตรวจสอบ)"),
    ("ถามกลับ", "ระบบถามกลับเพราะยังไม่แน่ใจว่าหมายถึงเรื่องใด"),
    ("ไม่มีข้อมูล", "ถามเรื่องรางวัลเลิศรัฐ แต่ยังไม่มีคำตอบในระบบ"),
    (
        "เวลาตอบ",
        "ตั้งแต่ LINE ส่งข้อความมาถึงจนรับคำตอบไป “ครึ่งหนึ่งตอบภายใน” คือค่ากลาง “95% ตอบภายใน” คือ 95 ใน 100 คำตอบเร็วกว่านี้ (โดยประมาณ)",
    ),
    ("แบบตรวจสอบ", "จำนวนครั้งที่เริ่ม ทำจนจบ และข้อที่หยุดไว้ นับตามวันที่ทำครั้งล่าสุด"),
)


@dataclass(frozen=True)
class Names:
    """How keys are called on the screen; a key that the knowledge has no more stays as it is."""

    subject: Callable[[str], str]
    question: Callable[[str], str]
    attribute: Callable[[str], str]


def names_of(knowledge: Knowledge | None) -> Names:
    """The names of the newest round. None: nobody can tell them at the moment."""
    subjects = {key: one.name for key, one in knowledge.newest.subjects.items()} if knowledge else {}
    questions = {one.id: one.ask for one in knowledge.newest.questions} if knowledge else {}
    return Names(
        lambda key: subjects.get(key, key),
        lambda key: questions.get(key, key),
        lambda key: ATTRIBUTE_NAMES.get(key, key),
    )


def daily(period: Period, rows: Mapping[Counted, int]) -> Sheet:
    """A row a day, and their sum."""
    found = [figures(day, rows) for day in period.days()]
    lines: list[list[Cell]] = [[thai_date(one.period.first), *_row(one)] for one in found]
    lines.append(["รวม", *_row(figures(period, rows))])
    headings = (
        "วันที่",
        "คน",
        "คำถาม",
        "ตอบได้",
        "ถามกลับ",
        "ไม่มีข้อมูล",
        "นอกขอบเขต",
        "ขัดข้อง",
        "ครึ่งหนึ่งตอบภายใน (มิลลิวินาที)",
        "95% ตอบภายใน (มิลลิวินาที)",
        "เริ่มแบบตรวจสอบ",
        "ทำแบบตรวจสอบจบ",
        "ขอคุยกับเจ้าหน้าที่",
        "บอกว่าไม่ตรงคำถาม",
    )
    return Sheet("รายวัน", headings, lines, (16, *(13,) * 13))


def workbook(period: Period, rows: Mapping[Counted, int], names: Names) -> list[Sheet]:
    """Everything: by day, what was asked about, where quizzes stopped, and what the figures mean."""
    whole = figures(period, rows)
    return [
        daily(period, rows),
        Sheet("เรื่องที่ถาม", ("เรื่อง", "จำนวน"), [(names.subject(k), n) for k, n in whole.subjects], (50, 12)),
        Sheet("สิ่งที่ถาม", ("สิ่งที่ถาม", "จำนวน"), [(names.attribute(k), n) for k, n in whole.attributes], (40, 12)),
        Sheet(
            "แบบตรวจสอบหยุดที่", ("คำถามที่หยุด", "จำนวน"), [(names.question(k), n) for k, n in whole.quiz_stops], (70, 12)
        ),
        Sheet("คำอธิบาย", ("คำ", "ความหมาย"), EXPLAINED, (20, 90)),
    ]


def _row(one: Figures) -> list[Cell]:
    return [
        one.people,
        one.questions,
        one.answered,
        one.clarified,
        one.unknown,
        one.out_of_scope,
        one.failed,
        one.median,
        one.slowest_twentieth,
        one.quizzes_started,
        one.quizzes_finished,
        one.handovers,
        one.unhelpful,
    ]
