"""How long before somebody wants to be reminded, as people type it."""

from __future__ import annotations

import pytest

from intents.normalize import clean, plain
from intents.reminder_asks import MOST_LEADS, leads_said, means_all


def read(text: str) -> list[str]:
    return [str(lead) for lead in leads_said(plain(clean(text))).leads]


@pytest.mark.parametrize(
    ("text", "leads"),
    [
        ("เตือนก่อนปิดรับ 7 วัน", ["7d"]),
        ("เตือนก่อน 3 วันพอค่ะ", ["3d"]),
        ("เตือนล่วงหน้าสองสัปดาห์", ["14d"]),
        ("เตือนล่วงหน้า ๑๕ วัน", ["15d"]),
        ("เตือน 3 วันกับ 30 วัน", ["30d", "3d"]),
        ("เตือนก่อน 30, 7 และ 1 วันนะคะ", ["30d", "7d", "1d"]),
        ("ขอเตือน 30 7 1 วัน", ["30d", "7d", "1d"]),
        ("เตือน 30/7/1 วัน", ["30d", "7d", "1d"]),
        ("เตือน 1 เดือนก่อน", ["1m"]),
        ("เตือนก่อนเดือนนึง", ["1m"]),
        ("เตือนก่อนครึ่งเดือน", ["15d"]),
        ("เตือนก่อนสักอาทิตย์", ["7d"]),
        ("เตือนก่อนอาทิตย์นึงกับวันเดียว", ["7d", "1d"]),
        ("เตือนก่อนยี่สิบเอ็ดวัน", ["21d"]),
        ("เตือนก่อนสิบวัน", ["10d"]),
        ("เตือนก่อนเจดวัน", ["7d"]),
        ("เตือนก่อน 2 สัปดา", ["14d"]),
        ("เตือน 2 สัปดาห์ กับวันนั้นเลย", ["14d", "0d"]),
        ("เตือนในวันนั้น", ["0d"]),
        ("เตือนก่อนวันสุดท้าย 3 วัน", ["3d"]),
        ("remind me 2 weeks before", ["14d"]),
        ("remind me 1 day before", ["1d"]),
        ("ตั้งเตือนรอบ 70 7 วัน", ["7d"]),
        ("เตือนรอบปี 2570 ก่อน 5 วัน", ["5d"]),
        ("เตือนหน่อย", []),
        ("เตือนวันที่ 5 วันปิดรับ", []),
        ("เตือนทุกวันสำคัญ", []),
        ("เตือนวันประกาศผลด้วย", []),
    ],
)
def test_lead_times_are_read_as_people_type_them(text: str, leads: list[str]) -> None:
    assert read(text) == leads


@pytest.mark.parametrize("text", ["เตือนก่อน 366 วัน", "เตือนล่วงหน้า 13 เดือน", "เตือน 9999 วัน", "เตือน 60 สัปดาห์"])
def test_what_is_too_long_is_said_to_be(text: str) -> None:
    said = leads_said(text)
    assert (said.leads, said.beyond) == ((), True)


def test_so_many_lead_times_are_not_kept() -> None:
    assert len(read(f"เตือน {' '.join(map(str, range(1, 40)))} วัน")) == MOST_LEADS


@pytest.mark.parametrize(
    ("text", "adds"), [("เพิ่มเตือนก่อน 3 วัน", True), ("เตือนก่อน 3 วันอีกอัน", True), ("เตือนก่อน 3 วันด้วย", False)]
)
def test_another_one_is_told_from_another_one_instead(text: str, adds: bool) -> None:
    assert leads_said(text).adds is adds


@pytest.mark.parametrize(
    ("text", "all_"), [("ยกเลิกเตือนทั้งหมด", True), ("เตือนทุกประเภท", True), ("ตั้งเตือนนวัตกรรมบริการ", False)]
)
def test_everything_is_heard(text: str, all_: bool) -> None:
    assert means_all(text) is all_
