"""Which fields the form of each kind of Entry has, with the keys of the content that they stand for."""

from __future__ import annotations

from dataclasses import dataclass

from bot.admin.knowledge import CERTAINTIES
from bot.limits import LABEL_GRAPHEMES, TEXT_UTF16

TOP_UTF16 = 240  # what fits into the coloured top of a card, bot.flex.TOP_GIST_UTF16
PIECE_UTF16 = 1000


@dataclass(frozen=True)
class Spec:
    """One field. `sort`: line, text, lines (one a line), number, bool, choice, several, date, time, source, rule, options.

    `least` is the limit that is only advice, `most` the one that holds; both counted as LINE counts them: `graphemes` for
    labels, else UTF-16 units. `default` is what the key's absence means.
    """

    key: str
    label: str
    sort: str = "line"
    help: str = ""
    required: bool = False
    advised: int = 0
    most: int = 0
    graphemes: bool = False
    choices: str | dict[str, str] = ""
    default: object = None


def _label(key: str = "label", label: str = "ป้ายชื่อสั้น") -> Spec:
    return Spec(key, label, required=True, most=LABEL_GRAPHEMES, graphemes=True, help="ใช้เป็นข้อความบนปุ่มใน LINE")


_CERTAINTY = Spec("certainty", "ความแน่ชัด", "choice", choices=CERTAINTIES, default="certain")
_CAUTION = Spec(
    "caution",
    "ข้อควรระวังที่แสดงกับคำตอบ",
    "text",
    "ต้องเขียนเมื่อยังไม่ยืนยัน เช่น ต้องตรวจสอบกับเจ้าหน้าที่ก่อน",
    advised=PIECE_UTF16,
    most=TEXT_UTF16,
)
_PHRASINGS = Spec("phrasings", "คำถามที่ตรงกับรายการนี้", "lines", "บรรทัดละหนึ่งคำถาม ไม่ต้องใส่ชื่อรางวัล")
_TOPIC = Spec("topic", "หัวข้อร่วม", "choice", "เลือกเมื่อเรื่องนี้ถามได้กับหลายรางวัล เช่น ต้องทำมาแล้วกี่ปี", choices="topics")
_SOURCE = Spec("source", "ที่มา", "source", required=True)
_SHOWN = Spec("published", "แสดงให้ผู้ใช้เห็น", "bool", default=True)
_TAIL = (_SOURCE, _CERTAINTY, _CAUTION, _PHRASINGS, _TOPIC, _SHOWN)
_RULE = Spec("rule", "เกณฑ์ที่ระบบใช้ตรวจ", "rule")

_KIND_OF_MILESTONE = {
    "briefing": "ประชุมชี้แจง",
    "opening": "เปิดรับสมัคร",
    "closing": "ปิดรับสมัคร",
    "documents": "ส่งเอกสาร",
    "site_visit": "ตรวจพื้นที่",
    "results": "ประกาศผล",
    "ceremony": "พิธีมอบรางวัล",
    "other": "อื่น ๆ",
}

FIELDS: dict[str, tuple[Spec, ...]] = {
    "texts": (
        Spec("gist", "คำตอบบรรทัดแรก", "text", "อ่านแล้วรู้เรื่องในตัวเอง", True, TOP_UTF16, TEXT_UTF16),
        Spec("text", "รายละเอียด", "text", "", False, PIECE_UTF16, TEXT_UTF16),
        Spec("items", "รายการย่อย", "lines", "บรรทัดละหนึ่งข้อ"),
        Spec("numbered", "ใส่เลขข้อหน้ารายการย่อย", "bool", default=False),
        Spec("attribute", "ตอบเรื่องอะไร", "choice", required=True, choices="attributes"),
        _RULE,
        *_TAIL,
    ),
    "conditions": (
        _label(),
        Spec(
            "text",
            "เงื่อนไขฉบับเต็ม",
            "text",
            "ตัวเลขที่ระบบตรวจให้เขียนเป็นชื่อในวงเล็บปีกกา เช่น {months_in_use}",
            True,
            TOP_UTF16,
            TEXT_UTF16,
        ),
        _RULE,
        Spec("essential", "ถ้าขาดข้อนี้ถือว่าไม่ใช่งานประเภทนี้", "bool", default=False),
        Spec("other_rounds", "ข้อความเมื่อถามถึงรอบอื่น", "text", "", False, PIECE_UTF16, TEXT_UTF16),
        Spec("kind", "ใช้เฉพาะแบบ", "choice", choices="kinds"),
        *_TAIL,
    ),
    "examples": (
        Spec("title", "ชื่อผลงาน", "text", required=True, most=TEXT_UTF16),
        _label(),
        Spec("agency", "หน่วยงาน"),
        Spec("year", "ปีที่ได้รางวัล (พ.ศ.)", "number", required=True),
        Spec("level", "ระดับรางวัล"),
        Spec("summary", "สรุปผลงาน", "text", "", True, TOP_UTF16, TEXT_UTF16),
        Spec("aliases", "ชื่ออื่นที่คนเรียกผลงานนี้", "lines", "บรรทัดละหนึ่งชื่อ"),
        *_TAIL,
    ),
    "figures": (
        Spec("text", "ข้อความพร้อมตัวเลข", "text", "เขียนเป็นประโยคที่อ่านรู้เรื่องในตัวเอง", True, TOP_UTF16, TEXT_UTF16),
        _label(),
        _SOURCE,
        _CERTAINTY,
        _CAUTION,
        _PHRASINGS,
    ),
    "gaps": (
        Spec("text", "บอกผู้ถามว่ายังไม่ทราบอะไร", "text", "", True, TOP_UTF16, TEXT_UTF16),
        Spec("question", "คำถามที่เจ้าหน้าที่ต้องหาคำตอบ", "text", "", True),
        Spec("attribute", "เรื่อง", "choice", required=True, choices="attributes"),
        Spec("source", "ที่มา", "source"),
        Spec("certainty", "ความแน่ชัด", "choice", choices=CERTAINTIES, default="to_confirm"),
        _CAUTION,
        _PHRASINGS,
        _TOPIC,
        _SHOWN,
    ),
    "milestones": (
        Spec("name", "ชื่อกำหนดการ", required=True),
        Spec("kind", "ชนิด", "choice", required=True, choices=_KIND_OF_MILESTONE),
        Spec("date", "วันที่ หรือวันแรก", "date", "เว้นว่างเมื่อยังไม่ประกาศ ถ้ารู้แค่เดือนให้เว้นวัน"),
        Spec("until", "ถึงวันที่", "date", "เฉพาะกำหนดการหลายวัน"),
        Spec("time", "เวลา", "time", "เช่น 16:30"),
        Spec("subjects", "ใช้กับ", "several", "ไม่เลือกเลย หมายถึงเรื่องของหน้านี้", choices="subjects"),
        Spec("place", "สถานที่"),
        Spec("link", "ลิงก์", help="ขึ้นต้นด้วย https://"),
        Spec("note", "หมายเหตุ", "text", most=TEXT_UTF16),
        Spec("cancelled", "ยกเลิกแล้ว", "bool", "เก็บวันเดิมไว้ เพื่อแจ้งผู้ที่เคยได้รับแจ้ง", default=False),
        Spec("source", "ที่มา", "source", "ต้องมีเมื่อใส่วันที่"),
        *_TAIL[1:],
    ),
    "topics": (
        Spec("name", "ชื่อหัวข้อ", required=True),
        Spec("attribute", "เรื่อง", "choice", required=True, choices="attributes"),
        Spec("phrasings", "วิธีถาม", "lines", "บรรทัดละหนึ่งคำถาม ไม่ต้องใส่ชื่อรางวัล"),
    ),
    "ambiguities": (
        Spec("ask", "คำถามที่ถามกลับ", "text", required=True, most=TEXT_UTF16),
        Spec("options", "ตัวเลือก", "options", "บรรทัดละหนึ่งตัวเลือก: ข้อความบนปุ่ม | คำถามเต็ม", True),
        Spec("phrasings", "คำถามที่ต้องถามกลับ", "lines", "บรรทัดละหนึ่งคำถาม", True),
        Spec("subject", "เรื่อง", "choice", required=True, choices="subjects"),
        Spec("attribute", "ด้าน", "choice", required=True, choices="attributes"),
    ),
    "questions": (
        Spec("ask", "คำถาม", "text", required=True, most=TEXT_UTF16),
        Spec("hint", "คำอธิบายใต้คำถาม", "text", most=TEXT_UTF16),
    ),
    "facts": (Spec("label", "ชื่อที่แสดง", required=True),),
    "commands": (Spec("phrasings", "วิธีสั่ง", "lines", "บรรทัดละหนึ่งข้อความ", True),),
    "attributes": (Spec("", "วิธีถาม", "lines", "บรรทัดละหนึ่งคำถาม ใช้ {s} แทนชื่อรางวัล", True),),
    "out_of_scope": (Spec("", "คำถามนอกเรื่อง", "lines", "บรรทัดละหนึ่งคำถาม", True),),
    "": (
        Spec("name", "ชื่อทางการ", required=True),
        _label(),
        Spec("english", "ชื่อภาษาอังกฤษ"),
        Spec("aliases", "ชื่ออื่นที่ใช้เรียก", "lines", "บรรทัดละหนึ่งชื่อ"),
        Spec("old_names", "ชื่อเดิม", "lines", "บรรทัดละหนึ่งชื่อ"),
        Spec("cues", "คำในผลงานที่ชี้มาเรื่องนี้", "lines", "บรรทัดละหนึ่งคำ"),
    ),
    "round": (
        Spec("name", "ชื่อรอบ", required=True),
        Spec("slides", "ชื่อเอกสารที่มา", required=True, help="แสดงท้ายคำตอบทุกข้อที่อ้างเอกสารนี้"),
    ),
}
"""The fields by section of the content; "" for the head of a subject's file, "round" for that of round.yaml."""

NEW = {
    "texts": "คำถามที่พบบ่อย หรือข้อความ",
    "conditions": "เงื่อนไข",
    "examples": "ตัวอย่างผลงาน",
    "milestones": "กำหนดการ",
    "gaps": "เรื่องที่ยังไม่มีข้อมูล",
}
"""What can be added to a subject."""


def fields_of(path: str, section: str) -> tuple[Spec, ...]:
    """The fields of an Entry."""
    return FIELDS.get("round" if section == "" and path.endswith("/round.yaml") else section, ())
