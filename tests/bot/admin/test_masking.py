"""Personal data in questions: what is hidden, and what is not since it is none."""

from __future__ import annotations

import pytest

from bot.admin.masking import masked, without_personal_data


@pytest.mark.parametrize(
    ("typed", "shown"),
    [
        ("โทรกลับ 081-234-5678 นะคะ", "โทรกลับ [เบอร์โทร] นะคะ"),
        ("เบอร์ ๐๘๑ ๒๓๔ ๕๖๗๘", "เบอร์ [เบอร์โทร]"),
        ("โทร (02) 141 9000 ต่อ 12", "โทร ([เบอร์โทร] ต่อ 12"),
        ("+66812345678", "[เบอร์โทร]"),
        ("เลขบัตร 1-2345-67890-12-3 ใช้ได้ไหม", "เลขบัตร [เลขยาว] ใช้ได้ไหม"),
        ("เลขบัตร 1234567890123", "เลขบัตร [เลขยาว]"),
        ("บัญชี 1234567 นะ", "บัญชี [เลขยาว] นะ"),
        ("ส่งมาที่ somchai.j@opdc.go.th ได้เลย", "ส่งมาที่ [อีเมล] ได้เลย"),
        ("ผมนายสมชาย ใจดี ส่งได้ไหม", "ผมนาย[ชื่อ] ส่งได้ไหม"),
        ("นายสมชาย ใจดี ส่งได้ไหม", "นาย[ชื่อ] ส่งได้ไหม"),
        ("ติดต่อ นางสาวกานดา รักงาน ได้ที่ไหน", "ติดต่อ นางสาว[ชื่อ] ได้ที่ไหน"),
        ("คุณวิภา อยู่ไหมคะ", "คุณ[ชื่อ] อยู่ไหมคะ"),
        ("ดร.สมหญิง เป็นกรรมการไหม", "ดร.[ชื่อ] เป็นกรรมการไหม"),
        ("ผมชื่อสมชาย อยากส่งผลงาน", "ผมชื่อ[ชื่อ] อยากส่งผลงาน"),
        ("line id: somchai99", "line id: [ไอดี LINE]"),
        ("แอดมาที่ @somchai99", "แอดมาที่ [ไอดี LINE]"),
        ("U" + "0123456789abcdef" * 2, "[ไอดี LINE]"),
        ("ดู https://forms.example.go.th/edit?user=somchai&id=7 ยังไง", "ดู [ลิงก์] ยังไง"),
    ],
)
def test_personal_data_are_hidden(typed: str, shown: str) -> None:
    assert masked(typed) == shown


@pytest.mark.parametrize(
    "question",
    [
        "คุณสมบัติของผู้สมัครมีอะไรบ้าง",
        "คุณภาพการบริการวัดยังไง",
        "คุณครับ ขอถามหน่อย",
        "นายกรัฐมนตรีมามอบรางวัลไหม",
        "ปี 2568 ปิดรับวันไหน",
        "ผู้ใช้บริการ 1,234,567 คน",
        "ลดเวลาจาก 30 วันเหลือ 15 วัน",
        "ชื่อรางวัลคืออะไร",
        "ชื่อผลงานยาวได้กี่ตัวอักษร",
        "เว็บ www.opdc.go.th เปิดไม่ได้",
        "PMQA 4.0 คืออะไร",
        "ระยะเวลา 2566-2568 นับยังไง",
        "สมาชิกทีมกี่คน",
        "ส่งให้คุณภาพดีขึ้นได้ไหม",
    ],
)
def test_what_is_no_personal_data_stays(question: str) -> None:
    assert masked(question) == question


def test_a_phrasing_keeps_nothing_of_them() -> None:
    assert without_personal_data("นายสมชาย ใจดี โทร 0812345678 ส่งได้กี่ผลงาน") == "โทร ส่งได้กี่ผลงาน"
    assert without_personal_data("ส่งได้กี่ผลงาน") == "ส่งได้กี่ผลงาน"


def test_masking_twice_changes_nothing_more() -> None:
    once = masked("คุณวิภา 081 234 5678 a@b.co https://x.y/?q=1")
    assert masked(once) == once
