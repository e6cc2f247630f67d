"""More of what was told before, as new values of the same facts."""

from __future__ import annotations

from typing import Any

import pytest

from intents.increments import increments

BEFORE = {"agency_count": 2, "months_in_use": 8, "digital_data_integration": True, "expansion_percent": {"min": 50}}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("เพิ่มบัญชีกลางมาอีกกรม", {"agency_count": 3}),
        ("ถ้าเพิ่มอีก 2 หน่วยงานล่ะ", {"agency_count": 4}),
        ("ดึงมาอีกสองกรม", {"agency_count": 4}),
        ("ชวนเข้ามาอีกกรมนึง", {"agency_count": 3}),
        ("มีอีกแห่ง", {"agency_count": 3}),
        ("ถ้ารออีก 4 เดือนล่ะ", {"months_in_use": 12}),
        ("ใช้ต่ออีกปีนึง", {"months_in_use": 20}),
        ("แล้ว wait อีก 7 months ล่ะ", {"months_in_use": 15}),
        ("อีก 1 year", {"months_in_use": 20}),
        ("อีก 4 เดือน กับอีกกรม", {"months_in_use": 12, "agency_count": 3}),
        ("ศาลถอนตัวไปกรมนึง เหลือ 1", {"agency_count": 1}),
        # Other things that grow fewer, or that are added.
        ("ลดเวลาเหลือ 1 วัน", {}),
        ("ตัดค่าใช้จ่ายออกเหลือ 1 ล้าน", {}),
        ("ลดขั้นตอนเหลือ 2 ขั้นตอน", {}),
        ("เพิ่มช่องทางไลน์เข้ามาด้วย", {}),
        ("ดึงข้อมูลประชาชนมาด้วย", {}),
        ("รวมใบอนุญาตเป็น 1 ที่", {}),
        ("ถ้าดึง สสจ. เข้ามาเป็น 3 ที่ล่ะ", {"agency_count": 3}),
        ("ถ้าดึง สปสช. มาด้วยล่ะ", {"agency_count": 3}),
        # Of what was not told before, of what is asked, and of other things there is no more.
        ("ขยายอีก 3 จังหวัด", {}),
        ("อีกกี่เดือน", {}),
        ("มีอีกกรมไหนบ้าง", {}),
        ("อีกประเภทนึงล่ะ", {}),
        ("เหมือนอีกปีก่อน", {}),
    ],
)
def test_more_of_what_was_told(text: str, told: dict[str, int]) -> None:
    assert increments(text, BEFORE) == told


def test_a_range_moves_as_a_whole() -> None:
    # "เราทำกับ 2 กรม" may count the own one or not.
    assert increments("เพิ่มอีกกรม", {"agency_count": {"min": 2, "max": 3}}) == {"agency_count": {"min": 3, "max": 4}}
    assert increments("เพิ่มอีกกรม", {"agency_count": {"min": 3}}) == {"agency_count": {"min": 4}}


@pytest.mark.parametrize("before", [{}, {"agency_count": True}, {"agency_count": None}])
def test_what_is_no_number_is_not_added_to(before: dict[str, Any]) -> None:
    assert increments("เพิ่มอีกกรม", before) == {}
    assert increments("ถ้าดึง สปสช. มาด้วยล่ะ", before) == {}
    assert increments("ศาลถอนตัวเหลือ 2", before) == {}
