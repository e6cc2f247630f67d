"""More of what was told before, or so many now: "เพิ่มบัญชีกลางมาอีกกรม", "ถ้ารออีก 4 เดือนล่ะ", "ศาลถอนตัวเหลือ 2"."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import regex

_WORDS = {"หนึ่ง": 1, "นึง": 1, "สอง": 2, "สาม": 3, "สี่": 4, "ห้า": 5, "หก": 6, "เจ็ด": 7, "แปด": 8, "เก้า": 9, "สิบ": 10}
_MORE = regex.compile(
    rf"อีก(?:ซัก|สัก|ประมาณ|แค่|ตั้ง|เป็น|\s)*(?P<number>\d{{1,3}}|{'|'.join(_WORDS)})?\s?(?:ครึ่ง)?"
    r"(?P<unit>กรม|หน่วยงาน|หน่วย|สำนัก(?:งาน)?|กระทรวง|จังหวัด|อำเภอ|ตำบล|พื้นที่|ชุมชน|แห่ง|ที่|เจ้า|เดือน|ปี|months?|years?)"
    r"(?!ไหน|ใด|อะไร|นี้|นั้น|หน้า|ก่อน)"
)
# "ศาลถอนตัวเหลือ 2", "ดึงเข้ามาเป็น 3 ที่": so many agencies now.
_AGENCIES = r"(?:ที่|แห่ง|เจ้า|หน่วย(?:งาน)?|กรม)"
_NOW = regex.compile(
    rf"ถอน(?:ตัว|ออก)?[^\d]{{0,16}}เหลือ(?:แค่|เพียง)?\s?(?P<left>\d{{1,2}})(?=$|ล่ะ|ละ|\s?{_AGENCIES})"
    rf"|(?:ดึง|ชวน)[^\d]{{0,24}}เป็น\s?(?P<now>\d{{1,2}})\s?{_AGENCIES}"
)
# "ถ้าดึง สปสช. มาด้วยล่ะ": one more, by the name or the letters of a body.
_JOINS = regex.compile(
    r"(?:ดึง|ชวน)\s?(?:(?:กรม|สำนัก|กระทรวง|โรงพยาบาล|รพ\.?|เทศบาล|อบต\.?|ตำรวจ|ศาล|ธนาคาร|มหาวิทยาลัย)[^\d\s]{0,16}?|[ก-ฮ.]{2,6})\s?(?:มา|เข้า)(?:มา|ร่วม)*(?:ด้วย|อีก)"
)
# What a unit counts; the first fact that was told before is meant.
_COUNTS = {
    **dict.fromkeys(("กรม", "หน่วยงาน", "หน่วย", "สำนัก", "สำนักงาน", "กระทรวง", "เจ้า"), ("agency_count",)),
    **dict.fromkeys(("จังหวัด", "อำเภอ", "ตำบล", "พื้นที่", "ชุมชน"), ("expansion_areas",)),
    **dict.fromkeys(("แห่ง", "ที่"), ("agency_count", "expansion_areas")),
    **dict.fromkeys(("เดือน", "ปี", "month", "months", "year", "years"), ("months_in_use",)),
}
_MONTHS = {"ปี": 12, "year": 12, "years": 12}


def increments(text: str, before: Mapping[str, Any]) -> dict[str, Any]:
    """New values of facts of which cleaned `text` tells that there are more than `before`, or so many now."""
    found: dict[str, Any] = {}
    for match in _MORE.finditer(text):
        fact = next((name for name in _COUNTS[match["unit"]] if _is_counted(before.get(name))), None)
        if fact is None:
            continue
        number = match["number"]
        more = int(number) if number and number.isdigit() else _WORDS.get(number or "", 1)
        more *= _MONTHS.get(match["unit"], 1)
        was = found.get(fact, before[fact])
        found[fact] = {end: value + more for end, value in was.items()} if isinstance(was, dict) else was + more
    if _JOINS.search(text) and type(before.get("agency_count")) is int and not found:
        found["agency_count"] = before["agency_count"] + 1
    now = _NOW.search(text)
    if now and type(before.get("agency_count")) is int:
        found["agency_count"] = int(now["left"] or now["now"])
    return found


def _is_counted(value: object) -> bool:
    """Whether a fact's value is a number, or a range of such."""
    return isinstance(value, dict) or (isinstance(value, int) and not isinstance(value, bool))
