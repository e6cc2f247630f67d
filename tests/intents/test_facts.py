"""What staff write of their own work, as Facts."""

from __future__ import annotations

import time
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from intents.entities import Gazetteer
from intents.facts import FactFinder, several_works
from intents.normalize import clean
from intents.tellings import load_tellings
from intents.tokenize import Tokenizer
from knowledge.loader import ContentError, load_knowledge

TODAY = date(2025, 6, 1)
YEAR = 2568


@pytest.fixture(scope="session")
def finder() -> FactFinder:
    gazetteer = Gazetteer(load_knowledge().newest)
    return FactFinder(gazetteer, Tokenizer(gazetteer.words))


def facts(finder: FactFinder, text: str, *asked: str) -> dict[str, Any]:
    """What is told, without the branch that it implies."""
    told = {told.fact: told.value for told in finder.find(text, TODAY, YEAR, asked)}
    if "focus" not in asked:
        told.pop("focus", None)
    return told


def beside_parents(finder: FactFinder, text: str, asked: str, expected: dict[str, Any]) -> dict[str, Any]:
    """What is told; of an answer to a question without the parents of its facts, where those are not expected."""
    told = facts(finder, text, *asked.split())
    parents = {"builds_on_awarded_work", "digital_data_integration", "satisfaction_measured"} - set(expected)
    return {fact: value for fact, value in told.items() if not asked or fact not in parents}


def over(least: int, most: int | None = None) -> dict[str, int]:
    return {"min": least} if most is None else {"min": least, "max": most}


def under(most: int) -> dict[str, int]:
    return {"max": most}


@pytest.mark.parametrize(
    ("text", "months"),
    [
        ("ใช้มา 8 เดือน", 8),
        ("ใช้มา8เดือนแล้วค่ะ", 8),
        ("ใช้มา ๒ ปีกว่า", over(24, 35)),
        ("ใชมาสองปีกวาแลว", over(24, 35)),
        ("ระบบนี้ใช้มาปีครึ่งแล้ว", 18),
        ("เปิดใช้ได้ครึ่งปี", 6),
        ("ทำมาปีกว่าๆ แล้วครับ", over(12, 23)),
        ("ใช้งานจริงสิบสองเดือน", 12),
        ("ดำเนินการมา 1 ปี 3 เดือน", 15),
        ("ใช้มา 2 ปีครึ่ง", 30),
        ("ใช้มา 1.5 ปี", 18),
        ("ใช้มาปีเดียวเอง", 12),
        ("ใช้มาได้ปีนึงละ", 12),
        ("ใช้มาเกือบปี", under(11)),
        ("ใช้มาไม่ถึงปีเลยค่ะ", under(11)),
        ("ใช้มายังไม่ครบปี", under(11)),
        ("ใช้มาเกือบ 2 ปี", over(12, 23)),
        ("ใช้มาไม่ถึง 6 เดือน", under(5)),
        ("ใช้มาหลายปีแล้ว", over(24)),
        ("ใช้มาเกิน 2 ปี", over(24)),
        ("ใช้งานมากกว่า 2 ปี", over(24)),
        ("ใช้มาอย่างน้อย 1 ปี", over(12)),
        ("ใช้มา 2 ปีขึ้นไป", over(24)),
        ("ใช้มา 1-2 ปี", over(12, 24)),
        ("ใช้มาสองสามปี", over(24, 36)),
        ("ใช้มาประมาณ 1 ปี", over(11, 13)),
        ("น่าจะ 2 ปี", 24),
        ("เพิ่งเริ่มใช้เองค่ะ", under(3)),
        ("พึ่งเปิดตัว", under(3)),
        ("เพิ่งเปิดตัวเดือนที่แล้ว", over(0, 1)),
        ("เพิ่งใช้ได้ 3 เดือน", 3),
        ("ใช้มา 18 ด.", 18),
        ("เปิดใช้มา 6 สัปดาห์", 1),
        ("ใช้มา 45 วัน", 1),
        ("ยังไม่ได้ใช้จริง", 0),
        ("ยังไม่เปิดให้บริการเลย", 0),
        ("ตั้งแต่ปี 2566", over(17, 29)),
        ("เริ่มใช้ปี 66", over(17, 29)),
        ("เปิดใช้เมื่อปี ๒๕๖๖", over(17, 29)),
        ("ใช้มาตั้งแต่ปี 2023", over(17, 29)),
        ("ใช้ตั้งแต่ ม.ค. 67", over(16, 17)),
        ("เริ่มใช้เดือนมกราคม 2567", over(16, 17)),
        ("ใช้มาตั้งแต่ตุลา 66", over(19, 20)),
        ("เริ่มใช้ปีงบ 66", over(20, 32)),
        ("เริ่มใช้ปีที่แล้ว", over(5, 17)),
        ("พัฒนา 2 ปี ใช้จริง 6 เดือน", 6),
        ("8 เดือนส่งนวัตกรรมได้ไหม", 8),
        ("ถ้า 8 เดือนล่ะ", 8),
        ("แล้วถ้าใช้แค่ 6 เดือนล่ะคะ", 6),
        ("นวัตกรรมบริการ ใช้มา 8 เดือน ได้มั้ย", 8),
        ("ไม่แน่ใจว่า 8 เดือนส่งได้ไหม", 8),
        ("8 เดือน เอ้ย 18 เดือน", 18),
        ("18 เดือน ไม่ใช่ 8 เดือน", 18),
        ("ไม่ใช่ 8 เดือนแต่เป็น 18 เดือน", 18),
        ("ตอนแรก 6 เดือน ตอนนี้ 2 ปีแล้ว", 24),
        ("ยังไม่แน่ใจว่าใช้มากี่เดือน น่าจะปีนึง", 12),
        ("ใช้ได้สองปีละ", 24),
        ("เพิ่งจะเริ่มใช้งานเมื่อ 5 เดือนก่อน", over(4, 5)),
        ("เมื่อ 2 ปีก่อนเริ่มใช้", 24),
        ("ใช้มาเข้าปีที่ 3 แล้ว", over(24, 35)),
        ("ใช้มาไม่เกินปี", under(12)),
        ("อีก 4 เดือนครบปี", 8),
        ("ขาดอีกเดือนเดียวครบปี", 11),
        ("เหลืออีก 4 เดือนถึงจะครบปี", 8),
        ("ถ้ายังไม่ครบปีทำไง", under(11)),
        ("ใช้มาแล้ว ๓ ปี ๒ เดือน", 38),
        ("นำร่องมา 3 เดือน ใช้จริง 1 ปี", 12),
        ("ระบบเราถูกต้องตามระเบียบ ใช้มา 2 ปี", 24),
        ("เปลี่ยนใหม่หมด ใช้มาแล้ว 14 เดือน", 14),
        ("อยากรู้ว่างานที่ใช้มา 8 เดือนส่งนวัตกรรมได้ไหม", 8),
        ("ต้องทำยังไง ถ้าใช้มาแค่ 8 เดือน", 8),
        ("vpkdi^h ใช้มา 2 ปี", 24),
        ("ไม่รู้ว่าใช้มากี่ปีแล้ว", None),
        ("จำไม่ได้ว่าเริ่มใช้เมื่อไหร่", None),
    ],
)
def test_how_long_a_work_has_been_in_use(finder: FactFinder, text: str, months: object) -> None:
    assert facts(finder, text) == {"months_in_use": months}


@pytest.mark.parametrize(
    "text",
    [
        "ลดจาก 30 วันเหลือ 15 วัน",
        "ประชาชนต้องรอ 2 เดือน",
        "รอคิว 2 เดือน",
        "ใช้เวลาพิจารณา 3 เดือน",
        "ย้อนหลังไม่เกิน 5 ปี",
        "ต้องใช้มากี่ปี",
        "ต้อง 1 ปีไหม",
        "ต้องใช้จริง 1 ปีใช่ไหมคะ",
        "ใช้มากี่ปีถึงส่งได้",
        "พัฒนามา 2 ปี",
        "โครงการ 3 ปี",
        "แผน 5 ปีของกรม",
        "ผู้สูงอายุ อายุ 60 ปีขึ้นไป",
        "รายงานทุก 6 เดือน",
        "ทดลองใช้ 3 เดือน",
        "จัดปีละ 2 ครั้ง",
        "เกณฑ์ 1 ปีนับยังไง",
        "ส่งรางวัลรอบ 2568 ปิดเมื่อไหร่",
        "ใช้เกณฑ์ปี 2568 ไหม",
        "ใช้งบปี 66",
        "วันที่ 2 เดือนหน้า",
    ],
)
def test_other_times_are_not_the_time_of_use(finder: FactFinder, text: str) -> None:
    assert facts(finder, text) == {}


@pytest.mark.parametrize(
    ("text", "count", "linked"),
    [
        ("เชื่อม 2 กรม", 2, True),
        ("เชื่อมข้อมูลสามกรม", 3, True),
        ("เชือมขอมูล ๓ หนวยงาน", 3, True),
        ("3 หน่วยงานขึ้นไป", over(3), False),
        ("ร่วมกับอีก 2 หน่วยงาน", 3, False),
        ("กรมเรากับอีก 2 กรมใช้ข้อมูลร่วมกัน", 3, True),
        ("เชื่อมกับ 2 กรม", over(2, 3), True),
        ("เชื่อม api กับ 5 หน่วยงาน", over(5, 6), True),
        ("เชื่อมกับ 3 หน่วยงาน รวมเราด้วย", 3, True),
        ("เชื่อม 3 หน่วยงาน ไม่รวมเรา", 4, True),
        ("หลายหน่วยงาน", over(2), False),
        ("เชื่อมข้อมูลกับหน่วยงานอื่น", over(2), True),
        ("ทำกรมเดียว", 1, False),
        ("ทำหน่วยงานเดียว", 1, False),
        ("ทำกันภายในกรม", 1, False),
        ("น่าจะ 3 กรม", 3, False),
        ("2-3 กรม", over(2, 3), False),
        ("2 หรือ 3 กรม", over(2, 3), False),
        ("เชื่อม 10 กว่าหน่วยงาน", over(11, 19), True),
        ("สามหน่วยงานแชร์ข้อมูลกัน", 3, True),
        ("แลกเปลี่ยนข้อมูลระหว่าง 4 กระทรวง", 4, True),
        ("เชื่อมระบบ 4 แห่ง", 4, True),
        ("3 กรมได้ไหม", 3, False),
        ("ถ้าเป็น 3 กรมล่ะ", 3, False),
        ("แล้วถ้า 2 กรมล่ะ", 2, False),
        ("ไม่ใช่ 2 กรม 3 กรม", 3, False),
        ("2 กรม เอ้ย 3 กรม", 3, False),
        ("หน่อยงานร่วม 3 หน่วยาน", 3, False),
    ],
)
def test_how_many_agencies_take_part(finder: FactFinder, text: str, count: object, linked: bool) -> None:
    assert facts(finder, text) == {"agency_count": count} | ({"digital_data_integration": True} if linked else {})


@pytest.mark.parametrize(
    "text",
    [
        "ต้องกี่หน่วยงาน",
        "บูรณาการต้อง 3 หน่วยงานใช่ไหมคะ",
        "เกณฑ์ 3 หน่วยงานขึ้นไป",
        "3 หมวดมีอะไรบ้าง",
        "อบรมไปแล้ว 30 หน่วยงาน",
        "มีผู้ใช้ 20 หน่วยงาน",
        "จะเชื่อมข้อมูล 3 กรมปีหน้า",
        "อยากเชื่อมข้อมูลกับกรมอื่น",
        "ขอตัวอย่างงานที่เชื่อม 3 กรม",
        "เชื่อม 2 กอง",
        "มี 4 แห่ง",
        "ส่งบูรณาการได้ไหม",
        "สมัครประเภทบูรณาการข้อมูลยังไง",
        "บูรณาการข้อมูลคืออะไร",
        "เชื่อมข้อมูลกับใครได้บ้าง",
        "บูรณาการข้อมูลกับนวัตกรรมบริการต่างกันยังไง",
        "คำว่าทำงานแทนกันคืออะไร",
        "งบปี 70 กรมบัญชีกลาง",
    ],
)
def test_rules_plans_and_other_peoples_works_tell_no_agencies(finder: FactFinder, text: str) -> None:
    assert facts(finder, text) == {}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ทำงานแทนกันได้", {"digital_data_integration": True, "works_on_behalf_of_each_other": True}),
        ("เรากับอีกกรมนึงทำแทนกัน", {"agency_count": 2, "digital_data_integration": True, "works_on_behalf_of_each_other": True}),
        ("แค่เชื่อมข้อมูล ไม่ได้ทำแทนกัน", {"digital_data_integration": True, "works_on_behalf_of_each_other": False}),
        ("แค่เชื่อมข้อมูล", {"digital_data_integration": True, "works_on_behalf_of_each_other": False}),
        ("ทำแทนกันไม่ได้นะ", {"works_on_behalf_of_each_other": False}),
        ("ไม่แน่ใจว่าทำแทนกันได้ไหม", {"works_on_behalf_of_each_other": None}),
        ("ไม่รู้ว่าเชื่อมข้อมูลไหม", {"digital_data_integration": None}),
        ("ไม่ได้เชื่อมข้อมูลกับใครเลย", {"digital_data_integration": False}),
        ("เชื่อมข้อมูลยังไม่ได้ทำ", {"digital_data_integration": False}),
        ("ไม่รู้ว่ากี่หน่วยงาน", {"agency_count": None}),
        ("ต้องทำงานแทนกันได้ไหม", {}),
        ("ทำงานแทนกันหมายถึงอะไร", {}),
    ],
)  # fmt: skip
def test_linked_data_and_work_for_each_other(finder: FactFinder, text: str, expected: dict[str, object]) -> None:
    assert facts(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "measured", "statistics"),
    [
        ("พอใจ 91%", True, True),
        ("ความพึงพอใจร้อยละ 85", True, True),
        ("ความพึงพอจัย ๙๐ เปอเซ็น", True, True),
        ("ประชาชนพอใจร้อยละแปดสิบห้า", True, True),
        ("ผู้รับบริการ 91% พอใจ", True, True),
        ("พึงพอใจมาก 4.8 เต็ม 5", True, True),
        ("มีสถิติความพึงพอใจ", True, True),
        ("สถิติมีครบค่ะ", True, True),
        ("วัดความพึงพอใจแล้ว", True, ...),
        ("มีผลสำรวจความพึงพอใจ", True, ...),
        ("มีแบบสอบถามให้ประชาชนตอบแล้ว", True, ...),
        ("ไม่ใช่ว่าไม่ได้วัดความพึงพอใจนะ", True, ...),
        ("สำรวจแล้วแต่ยังไม่ทำสถิติ", True, False),
        ("วัดความพึงพอใจแล้วแต่ยังไม่ทำสถิติ", True, False),
        ("ความพึงพอใจวัดแล้ว สถิติยังไม่ได้ทำ", True, False),
        ("สำรวจความพึงพอใจทุกปี แต่ไม่ได้ทำเป็นสถิติ", True, False),
        ("ความพึงพอใจยังไม่ได้วัดเป็นสถิติ", ..., False),
        ("ยังไม่ได้สำรวจ", False, ...),
        ("ไม่ได้วัด", False, ...),
        ("ยังไม่เคยวัดความพึงพอใจเลย", False, ...),
        ("ความพึงพอใจยังไม่ได้วัดค่ะ", False, ...),
        ("ไม่มีแบบสอบถามเลย", False, ...),
        ("ไม่ได้วัดความพึงพอใจส่งได้ไหม", False, ...),
        ("ไม่แน่ใจว่าวัดความพึงพอใจไหม", None, ...),
        ("ความพึงพอใจไม่แน่ใจว่าวัดหรือยัง", None, ...),
        ("ไม่รู้ว่ามีสถิติไหม", ..., None),
        ("ต้องวัดความพึงพอใจไหม", ..., ...),
        ("ไม่ต้องวัดความพึงพอใจใช่ไหม", ..., ...),
        ("วัดความพึงพอใจยังไง", ..., ...),
        ("วัดความพึงพอใจกี่คน", ..., ...),
        ("กำลังจะสำรวจความพึงพอใจ", ..., ...),
        ("ความพึงพอใจคืออะไร", ..., ...),
        ("ไม่แน่ใจว่าต้องวัดความพึงพอใจไหม", ..., ...),
    ],
)
def test_satisfaction(finder: FactFinder, text: str, measured: object, statistics: object) -> None:
    pairs = {"satisfaction_measured": measured, "satisfaction_statistics": statistics}
    assert facts(finder, text) == {fact: value for fact, value in pairs.items() if value is not ...}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ยังไม่มีใครทำมาก่อน เป็นที่แรกของประเทศ", {"is_new_or_derived_innovation": True}),
        ("เอาของเดิมมาประยุกต์จนเป็นนวัตกรรมใหม่", {"is_new_or_derived_innovation": True}),
        ("เราคิดค้นเอง", {"is_new_or_derived_innovation": True}),
        ("ที่อื่นเขาก็ทำกันแล้ว", {"is_new_or_derived_innovation": False}),
        ("ไม่มีนวัตกรรมใหม่", {"is_new_or_derived_innovation": False}),
        ("ไม่แน่ใจว่าเป็นนวัตกรรมไหม", {"is_new_or_derived_innovation": None}),
        ("แบบนี้ถือเป็นนวัตกรรมไหม", {}),
        ("นวัตกรรมคืออะไร", {}),
        ("ส่งนวัตกรรมบริการได้ไหม", {}),
        ("แค่ลดเวลา", {"only_claim_is_shorter_time": True}),
        ("ลดจาก 30 เหลือ 15 วันอย่างเดียว", {"only_claim_is_shorter_time": True}),
        ("ลดเวลาจาก 30 วันเหลือ 15 วัน แค่นั้น", {"only_claim_is_shorter_time": True}),
        ("แค่ทำให้เร็วขึ้นเฉยๆ", {"only_claim_is_shorter_time": True}),
        ("ไม่ใช่แค่ลดเวลานะ", {"only_claim_is_shorter_time": False}),
        ("งานเราไม่มีอะไรใหม่ แค่เร็วขึ้น", {"is_new_or_derived_innovation": False, "only_claim_is_shorter_time": True}),
        ("แก้ปัญหาทั้งกระบวนการ", {"pain_point_end_to_end": True}),
        ("แก้ pain point แบบ end to end ในกรมเดียว", {"pain_point_end_to_end": True, "agency_count": 1}),
        ("แก้แค่บางขั้นตอน", {"pain_point_end_to_end": False}),
        ("ยังไม่ครบทั้งกระบวนการ", {"pain_point_end_to_end": False}),
        ("end to end คืออะไร", {}),
        ("ปรับทุกใบอนุญาตของกรม", {"permits_whole_organisation": True}),
        ("ปรับใบอนุญาตทั้งองค์กร อ้างอิงคู่มือประชาชน", {"permits_whole_organisation": True, "cites_citizen_manual": True}),
        ("ใบอนุญาตแค่ใบเดียว", {"permits_whole_organisation": False}),
        ("ไม่ได้อ้างคู่มือประชาชน", {"cites_citizen_manual": False}),
        ("เป็นงานด้านเกษตร", {"agenda_issue": 1}),
        ("ส่งเสริมการท่องเที่ยว", {"agenda_issue": 2}),
        ("ยกระดับการศึกษา", {"agenda_issue": 3}),
        ("เอา AI มาช่วยตอบคำถาม", {"agenda_issue": 4}),
        ("ระบบสาธารณสุข", {"agenda_issue": 5}),
        ("แก้ปัญหาความยากจน", {"agenda_issue": 6}),
        ("ส่งเสริมพลังงานสะอาด", {"agenda_issue": 7}),
        ("ด้านความมั่นคงของประเทศ", {"agenda_issue": 8, "global_change_areas": ["security"]}),
        ("ไม่ตรงประเด็นไหนเลย", {"agenda_issue": 0}),
        ("ตรงประเด็นไหนบ้าง", {}),
        ("ผลกระทบในวงกว้าง ใช้ data analytics ด้วย", {"wide_impact": True, "data_analytics": True}),
        ("ไม่ได้วิเคราะห์ข้อมูลอะไร", {"data_analytics": False}),
        ("ใช้กันทั่วประเทศ", {"wide_impact": True}),
    ],
)  # fmt: skip
def test_what_kind_of_service_it_is(finder: FactFinder, text: str, expected: dict[str, object]) -> None:
    assert facts(finder, text) == expected


BUILT = {"builds_on_awarded_work": True}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ได้ดีเด่นปี 64", {**BUILT, "prior_level": "excellent", "prior_award_year": 2564}),
        ("ได้ดีเดนปี๖๔", {**BUILT, "prior_level": "excellent", "prior_award_year": 2564}),
        ("ได้ดีเด่น 64", {**BUILT, "prior_level": "excellent", "prior_award_year": 2564}),
        ("ได้ระดับดี ปี 2565", {**BUILT, "prior_level": "good", "prior_award_year": 2565}),
        ("ปี 2565 ได้ระดับดี", {**BUILT, "prior_level": "good", "prior_award_year": 2565}),
        ("ได้รางวัลชมเชยเมื่อปี 2021", {**BUILT, "prior_level": "other", "prior_award_year": 2564}),
        ("ได้รางวัลมา 3 ปีแล้ว", {**BUILT, "prior_award_year": 2565}),
        ("ได้รางวัลเมื่อ 4 ปีที่แล้ว", {**BUILT, "prior_award_year": 2564}),
        ("ต่อยอดจากงานสัมฤทธิผล ขยายไปจังหวัดเดียว", {**BUILT, "prior_category": "participation.effective", "expansion_areas": 1}),
        ("ได้ดีเด่นนวัตกรรมบริการปี 2565", {**BUILT, "prior_level": "excellent", "prior_category": "service.innovation", "prior_award_year": 2565}),
        ("ต่อยอดจากงานสัมฤทธิผลที่ได้ปี 63 เริ่มขยายปี 66 สองจังหวัด", {**BUILT, "prior_category": "participation.effective", "prior_award_year": 2563, "expansion_start_year": 2566, "expansion_areas": 2}),
        ("ต่อยอดจากประสิทธิผลเครือข่ายที่ได้รางวัลปี 64", {**BUILT, "prior_category": "network_effectiveness", "prior_award_year": 2564}),
        ("งานเดิมได้รางวัลสัมฤทธิผลระดับดีเมื่อปี 2563 ปี 2566 เริ่มขยายผลไป 2 พื้นที่", {**BUILT, "prior_category": "participation.effective", "prior_level": "good", "prior_award_year": 2563, "expansion_start_year": 2566, "expansion_areas": 2}),
        ("ได้ดีเด่นบูรณาการข้อมูลปี 64", {**BUILT, "prior_level": "excellent", "prior_category": "service.integration", "prior_award_year": 2564}),
        ("เคยได้รางวัล UN", {}),
        ("เราเคยได้รางวัลเลิศรัฐ ระดับดี ปี 2563 สาขามีส่วนร่วม ขยายผลไป 3 จังหวัดตั้งแต่ปี 65", {**BUILT, "prior_level": "good", "prior_award_year": 2563, "expansion_areas": 3, "expansion_start_year": 2565}),
        ("ได้ระดับดีปี 65 ขยายไปร้อยละ 90 จะส่งขยายผลมาตรฐานการบริการปี 68 ได้มั้ยคับ", {**BUILT, "prior_level": "good", "prior_award_year": 2565, "expansion_percent": 90}),
        ("ปีที่ได้จำไม่ได้ ได้ดีเด่น", {**BUILT, "prior_level": "excellent", "prior_award_year": None}),
        ("ได้ดีเด่น 2 สาขา จะได้ยอดเยี่ยมไหม", {}),
        ("หน่วยงานเคยได้สัมฤทธิผลแล้ว แต่คนละโครงการ", {"work_won_participation_award": False}),
        ("รางวัลเลิศรัฐปี 68 มีกี่ประเภท", {}),
        ("ผลงานเดิมต้องได้รางวัลระดับไหน", {}),
        ("พัฒนาต่อยอดอย่างยั่งยืน หมายถึงอะไร", {}),
        ("งานนี้ได้ดีเด่นแล้ว", {"prior_level": "excellent"}),
        ("ขยายไปแล้วร้อยละ 85 จากทั้งหมด 100 แห่ง", {**BUILT, "expansion_percent": 85}),
        ("ไม่แน่ใจว่าได้ดีเด่นหรือเปล่า", {"prior_level": None}),
        ("ได้ดีเด่นสัมฤทธิผลปี 64 จะส่งเลื่องลือได้ไหม", {**BUILT, "prior_level": "excellent", "prior_category": "participation.effective", "prior_award_year": 2564}),
        ("ขยายผลมา 2 ปี", {**BUILT, "expansion_start_year": 2566}),
        ("เริ่มขยายผลตั้งแต่ปี 2566", {**BUILT, "expansion_start_year": 2566}),
        ("ขยายผลตั้งแต่ปี 66 ไป 5 อำเภอ", {**BUILT, "expansion_start_year": 2566, "expansion_areas": 5}),
        ("ขยายไปแล้ว 85 เปอร์เซ็นต์", {**BUILT, "expansion_percent": 85}),
        ("ขยายผลร้อยละแปดสิบห้า", {**BUILT, "expansion_percent": 85}),
        ("ขยายไปเกิน 80%", {**BUILT, "expansion_percent": over(81)}),
        ("ขยายไปอีก 2 หมู่บ้าน", {**BUILT, "expansion_areas": 2}),
        ("ขยาย 2-3 ตำบล", {**BUILT, "expansion_areas": over(2, 3)}),
        ("ต่อยอดเชิงคุณภาพด้วย", {**BUILT, "quality_extension": True}),
        ("ผลงานเดิมได้ระดับดีปี 62 ขยายไป 85% คนพอใจ 92%", {**BUILT, "prior_level": "good", "prior_award_year": 2562, "expansion_percent": 85, "satisfaction_measured": True, "satisfaction_statistics": True}),
        ("ไม่เคยได้รางวัล", {"builds_on_awarded_work": False, "work_won_participation_award": False}),
        ("ไม่เคยได้รางวัลอะไรเลยค่ะ", {"builds_on_awarded_work": False, "work_won_participation_award": False}),
        ("เป็นงานใหม่ ไม่ได้ต่อยอดจากงานเดิม", {"builds_on_awarded_work": False}),
        ("ผลงานนี้เคยได้รางวัลสาขามีส่วนร่วมมาแล้ว", {"work_won_participation_award": True}),
        ("ผลงานนี้ได้สัมฤทธิผลปี 65 มาแล้ว", {"work_won_participation_award": True}),
        ("โครงการนี้ไม่เคยได้รางวัลสาขามีส่วนร่วม", {"work_won_participation_award": False}),
        ("จำไม่ได้ว่าได้ปีไหน", {"prior_award_year": None}),
        ("จำไม่ได้ว่าได้ระดับอะไร", {"prior_level": None}),
        ("ใครได้ดีเด่นปี 67 บ้าง", {}),
        ("มีหน่วยงานไหนได้ดีเด่นปี 2566", {}),
        ("อยากได้ดีเด่น", {}),
        ("ต้องได้ระดับดีเด่นมาก่อนไหม", {}),
        ("ระดับดีกับดีเด่นต่างกันยังไง", {}),
        ("ขยายผลคืออะไร", {}),
        ("ต้องขยายกี่จังหวัด", {}),
        ("ต้องขยายเกินร้อยละ 80 ใช่ไหม", {}),
        ("เลื่องลือขยายผลส่งยังไง", {}),
    ],
)  # fmt: skip
def test_an_earlier_award_and_what_became_of_it(finder: FactFinder, text: str, expected: dict[str, object]) -> None:
    assert facts(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("ร่วมมือกับชาวบ้านในพื้นที่", {"participation_level": "collaborate"}),
        ("เราแค่ให้ข้อมูลและรับฟังความเห็นประชาชน", {"participation_level": "inform_consult"}),
        ("ทำประชาพิจารณ์", {"participation_level": "inform_consult"}),
        ("ให้ชุมชนตัดสินใจเอง", {"participation_level": "empower"}),
        ("ชาวบ้านไม่ได้มีส่วนร่วมเลย", {"participation_level": "none"}),
        ("เปิดเผยข้อมูลบนเว็บ", {"discloses_information": True}),
        ("ไม่ได้เปิดเผยข้อมูล", {"discloses_information": False}),
        ("ชาวบ้านร่วมแก้ข้อบัญญัติ", {"public_policy_input": True}),
        ("เป็นภารกิจหลักของกรม", {"core_mission_or_large_project": True}),
        ("ไม่ใช่ภารกิจหลัก", {"core_mission_or_large_project": False}),
        ("เป็นโครงการขนาดใหญ่", {"core_mission_or_large_project": True}),
        ("ด้านสังคมกับด้านเศรษฐกิจ", {"global_change_areas": ["society", "economy"]}),
        ("ตามนโยบายรัฐบาล", {"follows_government_policy": True}),
        ("ต้องเป็นภารกิจหลักไหม", {}),
        ("ต้องร่วมมือกับประชาชนระดับไหน", {}),
    ],
)
def test_the_participation_of_the_people(finder: FactFinder, text: str, expected: dict[str, object]) -> None:
    assert facts(finder, text) == expected


@pytest.mark.parametrize(
    ("text", "focus"),
    [
        ("เป็นงานบริการประชาชน", {"includes": ["service"]}),
        ("งานบริการอย่างเดียว", ["service"]),
        ("เน้นบริการ ไม่เกี่ยวกับการมีส่วนร่วม", ["service"]),
        ("ประชาชนเข้ามามีส่วนร่วม", {"includes": ["participation"]}),
        ("เป็นงานภายในองค์กร ทำ pmqa", {"includes": ["organization"]}),
        ("พอใจ 91%", {"includes": ["service"]}),
        ("ร่วมมือกับชุมชน", {"includes": ["participation"]}),
        ("งานบริการ และร่วมมือกับชุมชน", {"includes": ["service", "participation"]}),
    ],
)
def test_what_is_told_says_which_branch_it_is(finder: FactFinder, text: str, focus: object) -> None:
    assert {t.fact: t.value for t in finder.find(text, TODAY, YEAR)}["focus"] == focus


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("3 กรม ใช้มา 2 ปีแล้ว", {"agency_count": 3, "months_in_use": 24}),
        ("ใช้มา 1 ปี 3 เดือน เชื่อม 3 กรม พอใจ 88%", {"months_in_use": 15, "agency_count": 3, "digital_data_integration": True, "satisfaction_measured": True, "satisfaction_statistics": True}),
        ("ทำระบบคิวออนไลน์ ใช้มาปีกว่าแล้วค่ะ ยังไม่เคยวัดความพึงพอใจเลย", {"months_in_use": over(12, 23), "satisfaction_measured": False}),
        ("งานเราเชื่อมข้อมูล 2 กรม แต่ไม่ได้ทำแทนกันนะ ใช้มา 3 ปีแล้ว", {"agency_count": 2, "digital_data_integration": True, "works_on_behalf_of_each_other": False, "months_in_use": 36}),
        ("โครงการนี้ร่วมมือกับชาวบ้าน เป็นภารกิจหลักของกรม ทำมา 2 ปี", {"participation_level": "collaborate", "core_mission_or_large_project": True, "months_in_use": 24}),
    ],
)  # fmt: skip
def test_one_message_may_tell_several_facts(finder: FactFinder, text: str, expected: dict[str, object]) -> None:
    assert facts(finder, text) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("months_in_use", "18 เดือน", {"months_in_use": 18}),
        ("months_in_use", "ปีครึ่ง", {"months_in_use": 18}),
        ("months_in_use", "สองปี", {"months_in_use": 24}),
        ("months_in_use", "๑ ปี", {"months_in_use": 12}),
        ("months_in_use", "8", {}),
        ("months_in_use", "ไม่รู้อะ", {"months_in_use": None}),
        ("months_in_use", "ปี 66", {"months_in_use": over(17, 29)}),
        ("agency_count", "3", {"agency_count": 3}),
        ("agency_count", "สาม", {"agency_count": 3}),
        ("agency_count", "๓ ครับ", {"agency_count": 3}),
        ("agency_count", "น่าจะ 3", {"agency_count": 3}),
        ("agency_count", "2-3", {"agency_count": over(2, 3)}),
        ("agency_count", "ไม่แน่ใจ น่าจะ 3", {"agency_count": 3}),
        ("agency_count", "3 แห่ง", {"agency_count": 3}),
        ("agency_count", "หลาย", {"agency_count": over(2)}),
        ("agency_count", "0", {}),
        ("works_on_behalf_of_each_other", "ไม่น่าจะใช่", {"works_on_behalf_of_each_other": False}),
        ("works_on_behalf_of_each_other", "แค่ดูข้อมูล", {"works_on_behalf_of_each_other": False}),
        ("works_on_behalf_of_each_other", "คืออะไร", {}),
        ("satisfaction_statistics", "90%", {"satisfaction_statistics": True}),
        ("satisfaction_statistics", "มีค่ะ ร้อยละ 90", {"satisfaction_statistics": True}),
        ("satisfaction_measured", "ใช่", {"satisfaction_measured": True}),
        ("satisfaction_measured", "มีจ้า", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ทำแล้ว", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ได้", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ไม่", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยัง", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังไม่ได้ทำ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "เปล่า", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ไม่ได้ครับ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ไม่แน่ใจ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "น่าจะไม่แน่ใจ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "ข้ามไม่ตอบ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "จำไม่ได้", {"satisfaction_measured": None}),
        ("satisfaction_measured", "งง", {"satisfaction_measured": None}),
        ("satisfaction_measured", "ใช่ ใช้มา 2 ปีแล้ว", {"satisfaction_measured": True, "months_in_use": 24}),
        ("satisfaction_measured", "รางวัลนี้ปิดรับเมื่อไหร่", {}),
        ("satisfaction_measured", "ได้รางวัลแล้วได้อะไร", {}),
        ("builds_on_awarded_work", "เคยครับ", {"builds_on_awarded_work": True}),
        ("builds_on_awarded_work", "ไม่เคย", {"builds_on_awarded_work": False}),
        ("builds_on_awarded_work", "ไม่ใช่ งานใหม่", {"builds_on_awarded_work": False}),
        ("builds_on_awarded_work", "เคย ปี 63", {"builds_on_awarded_work": True, "prior_award_year": 2563}),
        ("prior_award_year", "64", {"prior_award_year": 2564}),
        ("prior_award_year", "ปี 64", {"prior_award_year": 2564}),
        ("prior_award_year", "2564", {"prior_award_year": 2564}),
        ("prior_award_year", "2021", {"prior_award_year": 2564}),
        ("prior_award_year", "ปีที่แล้ว", {"prior_award_year": 2567}),
        ("prior_award_year", "ไม่ใช่ปี 64 ปี 65", {"prior_award_year": 2565}),
        ("prior_award_year", "63 หรือ 64", {"prior_award_year": over(2563, 2564)}),
        ("prior_award_year", "จำไม่ได้ค่ะว่าปีไหน", {"prior_award_year": None}),
        ("prior_award_year", "จำปีไม่ได้", {"prior_award_year": None}),
        ("prior_award_year expansion_start_year", "63 กับ 66", {"prior_award_year": 2563, "expansion_start_year": 2566}),
        ("expansion_percent", "85", {"expansion_percent": 85}),
        ("expansion_percent", "แปดสิบห้า", {"expansion_percent": 85}),
        ("expansion_percent", "เกิน 80", {"expansion_percent": over(81)}),
        ("expansion_areas", "สองจังหวัด", {"expansion_areas": 2}),
        ("prior_level", "ดี", {"prior_level": "good"}),
        ("prior_level", "ดีเด่นครับ", {"prior_level": "excellent"}),
        ("prior_category", "สัมฤทธิผล", {"prior_category": "participation.effective"}),
        ("participation_level", "ร่วมมือ", {"participation_level": "collaborate"}),
        ("focus", "บริการ", {"focus": ["service"]}),
        ("focus", "ทั้งบริการและมีส่วนร่วม", {"focus": ["service", "participation"]}),
        ("focus", "ไม่ใช่บริการ เป็นมีส่วนร่วม", {"focus": ["participation"]}),
        ("agenda_issue", "4", {"agenda_issue": 4}),
        ("agenda_issue", "เกษตร", {"agenda_issue": 1}),
        ("agency_count works_on_behalf_of_each_other", "ใช่", {}),
        ("agency_count works_on_behalf_of_each_other", "3 กรม แทนกันได้", {"agency_count": 3, "works_on_behalf_of_each_other": True}),
        ("agency_count works_on_behalf_of_each_other", "ไม่แน่ใจ", {"agency_count": None, "works_on_behalf_of_each_other": None}),
    ],
)  # fmt: skip
def test_short_answers_to_what_was_asked(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    told = facts(finder, text, *asked.split())
    parents = {"builds_on_awarded_work", "digital_data_integration", "satisfaction_measured"} - set(expected)
    assert {fact: value for fact, value in told.items() if fact not in parents} == expected


def test_the_words_are_the_persons_own(finder: FactFinder) -> None:
    told = finder.find("ระบบคิว ใช้มา ๒ ปีกว่า เชื่อมข้อมูลสามกรมค่ะ", TODAY, YEAR)
    words = {t.fact: t.words for t in told}
    assert words["months_in_use"] == "2 ปีกว่า"
    assert words["agency_count"] == "สามกรม"
    assert all(t.words and t.words in clean("ระบบคิว ใช้มา ๒ ปีกว่า เชื่อมข้อมูลสามกรมค่ะ") for t in told)


@pytest.mark.parametrize(
    ("text", "parts"),
    [
        ("งานแรกใช้มา 2 ปี อีกงาน 6 เดือน", ("งานแรกใช้มา 2 ปี", "อีกงาน 6 เดือน")),
        ("ใช้มา 2 ปีแล้ว ส่วนอีกโครงการเพิ่งเริ่ม", ("ใช้มา 2 ปีแล้ว", "ส่วนอีกโครงการเพิ่งเริ่ม")),
        ("ผลงานที่ 1 เชื่อม 3 กรม ผลงานที่ 2 ทำกรมเดียว", ("ผลงานที่ 1 เชื่อม 3 กรม", "ผลงานที่ 2 ทำกรมเดียว")),
        ("เรามี 2 งาน งานแรก 8 เดือน งานที่สอง 2 ปี", ("งานแรก 8 เดือน", "งานที่สอง 2 ปี")),
        ("ระบบคิวใช้งาน 2 ปี แล้วค่ะ", ()),
        ("เป็นระบบแรกของประเทศ ใช้มา 2 ปี", ()),
        ("กรมเชื่อมกับอีกระบบหนึ่ง", ()),
        ("ใช้มา 2 ปี", ()),
        ("ต่อยอดจากงานแรกที่ได้รางวัล", ()),
        ("", ()),
    ],
)
def test_a_text_may_speak_of_several_works(text: str, parts: tuple[str, ...]) -> None:
    assert several_works(text) == parts


@pytest.mark.parametrize("text", ["งานแรกใช้มา 2 ปี อีกงาน 6 เดือน", "เรามี 2 งาน งานแรก 8 เดือน งานที่สอง 2 ปี"])
def test_what_differs_between_two_works_is_told_of_neither(finder: FactFinder, text: str) -> None:
    assert facts(finder, text) == {}


def test_a_work_won_in_a_later_year_than_the_round_is_no_earlier_award(finder: FactFinder) -> None:
    told = finder.find("ได้ดีเด่นปี 67", TODAY, 2565)
    assert "prior_award_year" not in {t.fact for t in told}


@given(st.text(max_size=300))
def test_any_text_is_read_without_an_error(finder: FactFinder, text: str) -> None:
    told = finder.find(text, TODAY, YEAR, ("agency_count", "satisfaction_measured"))
    assert len({t.fact for t in told}) == len(told)


_PIECES = ["ใช้มา", "ไม่", "ได้", "ปี", "เดือน", "2", "๓", "64", " ", "กรม", "%", "ร้อยละ", "ขยาย", "ดีเด่น", "-", ".", "กว่า",
           "แต่", "ไหม", "ไม่แน่ใจว่า", "วัดความพึงพอใจ", "สาม", "สิบ", "เกือบ", "ตั้งแต่", "ม.ค.", "อีก", "งาน", "ๆ", "่", "99999999"]  # fmt: skip


@given(
    st.lists(st.sampled_from(_PIECES), max_size=40),
    st.sampled_from(["", "months_in_use", "prior_award_year", "expansion_percent"]),
)
def test_any_mixture_of_its_words_is_read_without_an_error(finder: FactFinder, pieces: list[str], asked: str) -> None:
    text = "".join(pieces)
    for told in finder.find(text, TODAY, YEAR, (asked,) if asked else ()):
        assert told.words in clean(text)
        if isinstance(told.value, dict) and {"min", "max"} <= set(told.value):
            assert 0 <= told.value["min"] <= told.value["max"]


@pytest.mark.parametrize(
    "piece", ["ไม่", "ต้อง", "1 ", "ขยาย 2 ปี ", "ได้ดีเด่นปี 64 ", "ความพึงพอใจ", "งานแรก ", "กกก", "1-", "ยังไม่แน่ใจว่า"]
)
def test_the_longest_text_is_read_at_once(finder: FactFinder, piece: str) -> None:
    text = (piece * 1000)[:1000]
    finder.find(text, TODAY, YEAR, ("months_in_use",))
    began = time.perf_counter()
    finder.find(text, TODAY, YEAR, ("months_in_use",))
    assert time.perf_counter() - began < 0.5


@pytest.mark.parametrize(
    ("content", "entry", "problem"),
    [
        ("facts: [", "", "cannot be read"),
        ("facts: {months_in_use: {tell: []}}", "facts.months_in_use.tell", "Extra inputs"),
        ("facts: {months_in_use: {about: ['(ใช้มา']}}", "facts.months_in_use: (ใช้มา", "brackets do not pair"),
        ("facts: {months_in_use: {about: ['…']}}", "facts.months_in_use: …", "says nothing"),
        ("facts: {a: {about: [ก], implies: [{fact: b, value: true}]}}", "facts.a.implies", "has no tellings"),
    ],
)
def test_a_mistake_in_the_phrases_is_named_with_its_place(
    tmp_path: Path, content: str, entry: str, problem: str
) -> None:
    path = tmp_path / "tellings.yaml"
    path.write_text(content, "utf-8")
    with pytest.raises(ContentError) as raised:
        load_tellings(path)
    found = raised.value.problems[0]
    assert (found.file, found.entry) == ("tellings.yaml", entry)
    assert problem in found.problem
    assert found.fix


# Each of these is a pattern of misses, with variants.
@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("months_in_use", "8", {}),
    ],
)  # fmt: skip
def test_a_bare_number_is_no_time_of_use(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("works_on_behalf_of_each_other", "ไม่แน่ใจค่ะ ต้องไปถามพี่อีกคน", {"works_on_behalf_of_each_other": None}),
        ("months_in_use", "ไม่รู้อะ เดี๋ยวไปถามหัวหน้าก่อนนะ", {"months_in_use": None}),
        ("agency_count works_on_behalf_of_each_other", "ไม่ทราบเลยค่ะ พอดีเพิ่งย้ายมาทำ", {"agency_count": None, "works_on_behalf_of_each_other": None}),
        ("satisfaction_measured", "จำไม่ได้แล้ว ขอไปเช็คเอกสารก่อน", {"satisfaction_measured": None}),
        ("expansion_percent", "อันนี้ไม่แน่ใจเลยครับ เพราะอีกทีมดูแล", {"expansion_percent": None}),
        ("satisfaction_measured", "ต้องไปถามพี่อีกคนก่อนค่ะ", {"satisfaction_measured": None}),
        ("agency_count", "ไม่แน่ใจค่ะ น่าจะสัก 3 กรม", {"agency_count": 3}),
        ("satisfaction_measured", "ไม่แน่ใจว่าต้องส่งเมื่อไหร่", {}),
        ("satisfaction_measured", "ไม่รู้ว่าปิดรับสมัครวันไหน", {}),
        ("satisfaction_measured", "ไม่แน่ใจค่ะ คืออะไรคะ", {}),
        ("satisfaction_measured", "ไม่แน่ใจค่ะ น่าจะมีนะ", {"satisfaction_measured": True}),
        ("months_in_use", "จำไม่ได้ค่ะ ประมาณ 2 ปี", {"months_in_use": {"min": 23, "max": 25}}),
        ("months_in_use", "ไม่รู้สิ พี่เขาเป็นคนทำ หนูเพิ่งมา", {"months_in_use": None}),
        ("satisfaction_measured", "ยังไม่แน่ใจนะคะ รอถามทีมไอทีอีกที", {"satisfaction_measured": None}),
        ("wide_impact", "งงค่ะ ไม่เข้าใจคำถาม", {"wide_impact": None}),
        ("satisfaction_measured", "เดี๋ยวขอไปดูก่อนนะคะ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "ขอถามหน่อยค่ะ ปิดรับเมื่อไหร่", {}),
        ("prior_award_year", "ไม่แน่ใจ ปี 64 มั้ง", {"prior_award_year": 2564}),
    ],
)  # fmt: skip
def test_who_is_unsure_first_and_chats_on_is_unsure(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "ขยายผลไปประมาณ ๘๕ เปอร์เซ็นต์", {"builds_on_awarded_work": True, "expansion_percent": 85}),
        ("expansion_percent", "ประมาณ ๘๕ เปอร์เซ็นต์", {"expansion_percent": 85}),
        ("expansion_percent", "ราวๆ 90", {"expansion_percent": 90}),
        ("", "ขยายผลไปราว 10 จังหวัด", {"builds_on_awarded_work": True, "expansion_areas": 10}),
        ("", "เชื่อมข้อมูลสัก 5 หน่วยงาน", {"agency_count": 5, "digital_data_integration": True}),
        ("", "ใช้มาประมาณ 1 ปี", {"months_in_use": {"min": 11, "max": 13}}),
        ("agency_count", "ประมาณ 4 แห่ง", {"agency_count": 4}),
        ("expansion_percent", "เกือบ 80%", {"expansion_percent": {"min": 72, "max": 79}}),
        ("expansion_percent", "80 กว่าเปอร์เซ็นต์", {"expansion_percent": {"min": 81, "max": 89}}),
        ("expansion_percent", "80-90%", {"expansion_percent": {"min": 80, "max": 90}}),
        ("", "พอใจประมาณ 90%", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "ใช้มาราว 12 เดือน", {"months_in_use": {"min": 11, "max": 13}}),
        ("", "ใช้มาสัก 2 ปี", {"months_in_use": {"min": 23, "max": 25}}),
        ("expansion_percent", "น่าจะประมาณ 85", {"expansion_percent": 85}),
        ("agency_count", "สัก 3", {"agency_count": 3}),
        ("", "ขยายผลร้อยละประมาณ 85", {"builds_on_awarded_work": True, "expansion_percent": 85}),
        ("", "ขยายได้ประมาณร้อยละ 82", {"builds_on_awarded_work": True, "expansion_percent": 82}),
    ],
)  # fmt: skip
def test_about_a_count_or_a_share_is_the_number_itself(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "เอาผลงานที่ได้รางวัลปี 2563 มาพัฒนาต่อยอดเชิงคุณภาพ เริ่มปี 2565", {"builds_on_awarded_work": True, "prior_award_year": 2563, "quality_extension": True, "expansion_start_year": 2565}),
        ("", "ต่อยอดจากงานเดิมที่ได้รางวัลสัมฤทธิผลปี 62 เริ่ม 2565", {"builds_on_awarded_work": True, "prior_award_year": 2562, "prior_category": "participation.effective", "expansion_start_year": 2565}),
        ("", "ขยายผลงานที่เคยได้ดีเด่นไป 3 จังหวัด เริ่มตั้งแต่ปี 66", {"builds_on_awarded_work": True, "prior_level": "excellent", "expansion_areas": 3, "expansion_start_year": 2566}),
        ("", "ขยายผลไป 4 อำเภอ เริ่มเมื่อปี 2565 ค่ะ", {"builds_on_awarded_work": True, "expansion_areas": 4, "expansion_start_year": 2565}),
        ("", "ต่อยอดเชิงคุณภาพ เริ่มทำปี 2565", {"builds_on_awarded_work": True, "quality_extension": True, "expansion_start_year": 2565}),
        ("expansion_start_year", "แล้วถ้าเริ่มปี 2567 ล่ะ", {"expansion_start_year": 2567}),
        ("expansion_start_year", "เริ่ม 2566", {"expansion_start_year": 2566}),
        ("expansion_start_year", "เริ่มตั้งแต่ปี 65 ค่ะ", {"expansion_start_year": 2565}),
        ("prior_award_year expansion_start_year", "ได้ปี 63 เริ่ม 66", {"prior_award_year": 2563, "expansion_start_year": 2566}),
        ("", "เริ่มใช้ปี 66", {"months_in_use": {"min": 17, "max": 29}}),
        ("", "ระบบเริ่มใช้ปี 2564 ต่อมาขยายผลไป 2 จังหวัด", {"builds_on_awarded_work": True, "expansion_areas": 2, "months_in_use": {"min": 41, "max": 53}}),
        ("", "เอางานเดิมที่ได้รางวัลปี 63 มาทำต่อ เริ่มปี 65", {"builds_on_awarded_work": True, "prior_award_year": 2563, "expansion_start_year": 2565}),
        ("", "ต่อยอดจากงานที่ได้ดีเด่นปี 2562 เริ่มใช้ปี 66", {"builds_on_awarded_work": True, "prior_level": "excellent", "prior_award_year": 2562, "months_in_use": {"min": 17, "max": 29}}),
        ("", "ใช้มาตั้งแต่ปี 2563 แล้วขยายผลไป 3 จังหวัด", {"builds_on_awarded_work": True, "expansion_areas": 3, "months_in_use": {"min": 53, "max": 65}}),
        ("", "เลื่องลือขยายผล เริ่มปีไหนได้บ้าง", {}),
        ("", "ส่งขยายผล ระบบเริ่มปี 2566", {"months_in_use": {"min": 17, "max": 29}}),
        ("expansion_start_year prior_award_year prior_category", "ถ้าเริ่มขยายปี 2567 ล่ะ", {"expansion_start_year": 2567}),
        ("expansion_start_year months_in_use", "แล้วถ้าเริ่มปี 2567 ล่ะ", {"expansion_start_year": 2567}),
        ("months_in_use", "แล้วถ้าเริ่มปี 2567 ล่ะ", {"months_in_use": {"min": 5, "max": 17}}),
    ],
)  # fmt: skip
def test_what_begins_after_an_expansion_is_told_is_the_expansion(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "เริ่มขยายผลเมื่อปี 2566 จากรางวัลปี 2564", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2564}),
        ("", "เริ่มขยายปี 66 ต่อจากงานที่ได้ดีเด่นปี 63", {"builds_on_awarded_work": True, "prior_level": "excellent", "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "ขยายผลตั้งแต่ 2565 รางวัลได้ปี 2562", {"builds_on_awarded_work": True, "expansion_start_year": 2565, "prior_award_year": 2562}),
        ("", "รางวัลปี 2563 ขยายผลปี 2566", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "ปี 2564 ได้รางวัล แล้วปี 2566 ขยายผล", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2564}),
        ("", "ได้รางวัลปี 2563 ขยายผลปี 2566", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "เริ่มขยายผลปี 2566 งานได้รางวัลปี 2563", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "ขยายผลปี 66 จากงานที่ได้สัมฤทธิผลปี 63", {"builds_on_awarded_work": True, "prior_category": "participation.effective", "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "ได้ดีเด่นเมื่อ 2563 และเริ่มขยายผล 2565", {"builds_on_awarded_work": True, "prior_level": "excellent", "expansion_start_year": 2565, "prior_award_year": 2563}),
        ("", "ปี 66 เริ่มขยายผล ปี 63 ได้รางวัล", {"builds_on_awarded_work": True, "expansion_start_year": 2566, "prior_award_year": 2563}),
        ("", "ส่งรางวัลปี 2568 งานขยายผลปี 2566", {"builds_on_awarded_work": True, "expansion_start_year": 2566}),
        ("", "รางวัลเลิศรัฐปี 2568 เปิดรับเมื่อไหร่", {}),
    ],
)  # fmt: skip
def test_each_year_has_its_nearest_role(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "สำรวจพึงพอจัยแล้ว เปนสถิติเรียบร้อย", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "วัดความพึงพอจัยแล้วออกมาเปนสถิติ", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "มีความพึงพอไจเปนร้อยละ 90", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "ยังไม่ทำเปนสถิติ", {"satisfaction_statistics": False}),
        ("", "เเก้painpointของคนมาติดต่อทั้งกระบวนการ end to end", {"pain_point_end_to_end": True}),
        ("", "แก้pain pointประชาชนแบบendtoend", {"pain_point_end_to_end": True}),
        ("", "แก้เพนพอยท์ทั้งกระบวนการ", {"pain_point_end_to_end": True}),
        ("", "ใช้dataanalyticsวิเคราะห์", {"data_analytics": True}),
        ("", "เชื่อมapi 3กรม", {"agency_count": 3, "digital_data_integration": True}),
        ("", "เเก้painpoint ให้ประชาชน ดูแลทั้งกระบวนการ", {"pain_point_end_to_end": True}),
        ("", "เเก้painpointทั้งกระบวนการ", {"pain_point_end_to_end": True}),
        ("", "แก้ painpoint เรื่องการรอคิวนานของผู้ป่วยนอก แบบครบวงจร end-to-end", {"pain_point_end_to_end": True}),
        ("", "สำหรวจความพอใจเเล้วเปนสถิติ", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "ผลพึงพอจัย92%", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "ใช้AIช่วยวิเคราะห์dataทั่วประเทศ", {"agenda_issue": 4, "wide_impact": True, "data_analytics": True}),
        ("", "ทำopendataให้ประชาชน", {"discloses_information": True}),
        ("", "pain point คืออะไร", {}),
    ],
)  # fmt: skip
def test_slips_and_latin_words_glued_to_thai(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "เราปรับปรุงการอนุญาต แต่ปรับปรุงแค่บางใบอนุญาต", {"permits_whole_organisation": False}),
        ("", "ใบอนุญาตเดียว", {"permits_whole_organisation": False}),
        ("permits_whole_organisation", "ใบเดียว", {"permits_whole_organisation": False}),
        ("", "ถ้าใบอนุญาตเดียวส่งยกระดับได้มั้ย", {"permits_whole_organisation": False}),
        ("", "ปรับปรุงใบอนุญาตเพียง 2 ใบ", {"permits_whole_organisation": False}),
        ("permits_whole_organisation", "แค่บางใบค่ะ", {"permits_whole_organisation": False}),
        ("permits_whole_organisation", "ถ้าทั้งกรมล่ะ", {"permits_whole_organisation": True}),
        ("permits_whole_organisation", "ทั้งองค์กร", {"permits_whole_organisation": True}),
        ("", "ทุกใบอนุญาตทั้งกรม", {"permits_whole_organisation": True}),
        ("", "ปรับปรุงงานอนุญาต ทำครบทั้งหน่วยงานเลย", {"permits_whole_organisation": True}),
        ("", "ปรับกระบวนการออกใบอนุญาต แบบยกทั้งกรม", {"permits_whole_organisation": True}),
        ("permits_whole_organisation", "ไม่ทั้งกรม", {"permits_whole_organisation": False}),
        ("", "ทำทั้งกรม", {}),
        ("", "ระบบคิวใช้ทั้งองค์กร", {}),
        ("", "ใบอนุญาตใบเดียว", {"permits_whole_organisation": False}),
        ("", "ทำใบอนุญาตแค่ 3 ใบจาก 20 ใบ", {"permits_whole_organisation": False}),
        ("", "ปรับไม่กี่ใบอนุญาต", {"permits_whole_organisation": False}),
        ("", "ปรับใบอนุญาตเดียวเอง ส่งยกระดับการอำนวยความสะดวกได้ป่ะ", {"permits_whole_organisation": False}),
        ("permits_whole_organisation", "ถ้าใบเดียวล่ะ", {"permits_whole_organisation": False}),
        ("permits_whole_organisation", "ครบทุกใบเลยค่ะ", {"permits_whole_organisation": True}),
        ("", "ต้องทุกใบอนุญาตทั้งกรมมั้ย", {}),
        ("permits_whole_organisation", "ต้องทั้งกรมเลยเหรอ", {}),
        ("", "ใบอนุญาตเดียวกันทั้งกรม", {"permits_whole_organisation": True}),
        ("", "ยังไม่ได้ปรับใบอนุญาตทั้งกรม", {"permits_whole_organisation": False}),
    ],
)  # fmt: skip
def test_one_permit_or_those_of_the_whole_organisation(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "ยังไม่ให้ปชชเข้าร่วมทำนโยบาย", {"public_policy_input": False}),
        ("", "ไม่ได้ให้ประชาชนร่วมทำนโยบาย", {"public_policy_input": False}),
        ("", "ยังไม่เคยให้ชาวบ้านมาร่วมแก้ข้อบัญญัติ", {"public_policy_input": False}),
        ("", "ไม่ได้เปิดให้ประชาชนเสนอกฎหมาย", {"public_policy_input": False}),
        ("", "ให้ปชชเข้าร่วมทำนโยบาย", {"public_policy_input": True}),
        ("", "ไม่ให้ชุมชนตัดสินใจเอง", {}),
        ("", "ยังไม่เปิดให้ชุมชนร่วมร่างกฎหมาย", {"public_policy_input": False}),
        ("", "ไม่ได้เปิดโอกาสให้ประชาชนร่วมเสนอนโยบายสาธารณะ", {"public_policy_input": False}),
    ],
)  # fmt: skip
def test_what_the_people_are_not_let_do(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "ระดับดีส่งขยายผลได้มั้ย", {"builds_on_awarded_work": True, "prior_level": "good"}),
        ("", "ดีเด่นส่งขยายผลมาตรฐานได้ไหม", {"builds_on_awarded_work": True, "prior_level": "excellent"}),
        ("", "ถ้าได้ชมเชยส่งขยายผลได้ป่าว", {"builds_on_awarded_work": True, "prior_level": "other"}),
        ("", "แค่ระดับดี ส่งเลื่องลือได้มั้ยคะ", {"builds_on_awarded_work": True, "prior_level": "good"}),
        ("", "เลิศรัฐดีเด่นปี 65", {"builds_on_awarded_work": True, "prior_level": "excellent", "prior_award_year": 2565}),
        ("", "เลิศรัฐระดับดี ปี 2564", {"builds_on_awarded_work": True, "prior_level": "good", "prior_award_year": 2564}),
        ("", "ดีเด่นปี 65 ขยายผล 85%", {"builds_on_awarded_work": True, "prior_level": "excellent", "prior_award_year": 2565, "expansion_percent": 85}),
        ("", "ระดับดีกับดีเด่นส่งขยายผลต่างกันไหม", {}),
        ("", "ต้องระดับดีเด่นถึงส่งขยายผลได้ใช่ไหม", {}),
        ("", "ส่งนวัตกรรมแล้วได้ระดับดีเด่นยากไหม", {}),
        ("", "ถ้าระดับดีสมัครขยายผลได้มั้ย", {"builds_on_awarded_work": True, "prior_level": "good"}),
        ("", "งานระดับดีจะส่งเลื่องลือได้ไหม", {"builds_on_awarded_work": True, "prior_level": "good"}),
        ("", "เลิศรัฐดีเด่น 2564 เอามาขยายต่อ", {"builds_on_awarded_work": True, "prior_level": "excellent", "prior_award_year": 2564}),
        ("", "รางวัลเลิศรัฐ ดีเด่น ปี 63", {"builds_on_awarded_work": True, "prior_level": "excellent", "prior_award_year": 2563}),
        ("", "ผลงานดีเด่นปี 67 มีอะไรบ้าง", {}),
        ("", "รางวัลดีเด่นคืออะไร", {}),
        ("", "รางวัลเลิศรัฐดีเด่นกับยอดเยี่ยมต่างกันยังไง", {}),
        ("", "อยากได้เลิศรัฐดีเด่น ต้องทำยังไง", {}),
        ("", "เลิศรัฐมีระดับดีเด่นกับระดับดีใช่ไหม", {}),
    ],
)  # fmt: skip
def test_a_level_named_before_entering_or_a_year(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "หน่วยงานเคยได้รางวัลเลิศรัฐปีก่อน ส่งผลงานใหม่ได้มั้ย", {}),
        ("", "กรมเราเคยได้รางวัลเลิศรัฐแล้ว อยากส่งงานใหม่", {}),
        ("", "ปีที่แล้วกรมเคยได้รางวัล ปีนี้ส่งอีกงานได้ไหม", {}),
        ("", "จังหวัดเราเคยได้ดีเด่นปี 65 จะส่งผลงานอื่นได้ไหม", {}),
        ("", "หน่วยงานเคยได้รางวัลเลิศรัฐปี 64 แล้วเอามาขยายผล 85%", {"builds_on_awarded_work": True, "prior_award_year": 2564, "expansion_percent": 85}),
        ("", "DBD e-Service พอใจ 92.5% ใช่มั้ย", {}),
        ("", "DBD e-Service พอใจ 92.5%", {}),
        ("", "องค์กรเราเคยได้รางวัลมาแล้ว ปีนี้จะส่งโครงการใหม่", {}),
        ("", "เคยได้รางวัลเลิศรัฐปี 64 แต่จะส่งผลงานใหม่ ได้ไหม", {}),
        ("", "หน่วยงานเคยได้รางวัล แล้วเอาผลงานเดิมมาพัฒนาต่อ", {"builds_on_awarded_work": True}),
        ("", "ต่อยอดจากงานที่ได้รางวัล ส่งเป็นงานใหม่ได้ไหม", {"builds_on_awarded_work": True}),
        ("", "หุ่นยนต์ผสมยาได้ดีเด่นปี 67 ใช่ไหม", {}),
        ("", "Smart FDA ลดเวลาเหลือ 15 วันเท่านั้น", {}),
        ("", "ระบบเราเหมือน DBD e-Service พอใจ 92.5%", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "เชื่อมข้อมูลกับกรมควบคุมโรค ใช้มา 2 ปี", {"digital_data_integration": True, "months_in_use": 24}),
        ("", "กรมการแพทย์ ใช้มา 2 ปี เชื่อม 3 กรม", {"months_in_use": 24, "agency_count": 3, "digital_data_integration": True}),
        ("", "ขยายผลไปอุดรธานี 2 อำเภอ", {"builds_on_awarded_work": True, "expansion_areas": 2}),
    ],
)  # fmt: skip
def test_what_an_agency_won_or_an_example_shows_tells_nothing(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "อีก 2 เดือนจะครบ 1 ปี", {"months_in_use": 10}),
        ("", "อีก 3 เดือนจะครบปี", {"months_in_use": 9}),
        ("", "อีกสองเดือนก็ครบ 2 ปีแล้ว", {"months_in_use": 22}),
        ("", "ขาดอีก 1 เดือนจะครบ 12 เดือน", {"months_in_use": 11}),
        ("", "ถ้ารอให้ครบ 12 เดือนแล้วส่งได้ไหม", {"months_in_use": 12}),
        ("", "ถ้ารอจนครบ 1 ปีล่ะ", {"months_in_use": 12}),
        ("", "รอให้ครบปีก่อนค่อยส่งได้มั้ย", {"months_in_use": 12}),
        ("", "ประชาชนต้องรอ 2 เดือน", {}),
        ("", "เหลืออีก 15 วันจะครบกำหนด", {}),
        ("", "อีก 5 เดือนถึงจะครบปี ส่งปีนี้ทันไหม", {"months_in_use": 7}),
        ("", "เหลืออีก 3 เดือนครบ 1 ปี", {"months_in_use": 9}),
        ("", "อีกเดือนเดียวจะครบปี", {"months_in_use": 11}),
        ("", "ใช้มา 10 เดือน อีก 2 เดือนครบปี", {"months_in_use": 10}),
        ("", "ถ้ารอครบ 1 ปีก่อนล่ะ", {"months_in_use": 12}),
        ("", "อีก 2 เดือนจะปิดรับ", {}),
        ("", "อีก 2 เดือนจะเกษียณครบ 60 ปี", {}),
        ("", "ต้องรอให้ครบ 12 เดือนไหม", {}),
    ],
)  # fmt: skip
def test_what_is_missing_or_waited_for(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("", "งานสัมฤทธิผลเคยได้รางวัลปี 2563", {"builds_on_awarded_work": True, "prior_category": "participation.effective", "prior_award_year": 2563}),
        ("", "งานสัมฤทธิผลได้รางวัลปี 2563 เริ่มขยายผล 2566 ไป 2 พื้นที่ ส่งเลื่องลือได้มั้ย", {"builds_on_awarded_work": True, "prior_category": "participation.effective", "prior_award_year": 2563, "expansion_start_year": 2566, "expansion_areas": 2}),
        ("", "ผลงานเปิดใจใกล้ชิดประชาชนที่ได้รางวัลปี 64 ส่งเลื่องลือขยายผลได้ไหม", {"builds_on_awarded_work": True, "prior_category": "participation.open", "prior_award_year": 2564}),
        ("", "นวัตกรรมบริการได้ดีเด่นปี 65 จะส่งขยายผลมาตรฐานการบริการ", {"builds_on_awarded_work": True, "prior_category": "service.innovation", "prior_level": "excellent", "prior_award_year": 2565}),
        ("", "บูรณาการข้อมูลเคยได้ระดับดี ปี 2564 ขยายไป 90%", {"builds_on_awarded_work": True, "prior_category": "service.integration", "prior_level": "good", "prior_award_year": 2564, "expansion_percent": 90}),
        ("", "ส่งสัมฤทธิผลได้รางวัลอะไรบ้าง", {}),
        ("", "งานเปิดใจได้รางวัลปี 2562 อยากส่งเลื่องลือขยายผล", {"builds_on_awarded_work": True, "prior_category": "participation.open", "prior_award_year": 2562}),
        ("", "โครงการสัมฤทธิผลของเราได้ดีเด่นเมื่อปี 64", {"builds_on_awarded_work": True, "prior_category": "participation.effective", "prior_level": "excellent", "prior_award_year": 2564}),
        ("", "นวัตกรรมบริการเคยได้รางวัลไหม", {}),
        ("", "นวัตกรรมบริการได้รางวัลปี 67 มีใครบ้าง", {}),
        ("", "จะส่งเลื่องลือ งานเก่าสัมฤทธิผลได้รางวัลปี 63", {"builds_on_awarded_work": True, "prior_category": "participation.effective", "prior_award_year": 2563}),
    ],
)  # fmt: skip
def test_a_category_before_the_words_for_winning(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("satisfaction_measured", "ไม่มี", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังไม่เคยทำแบบสอบถามเลย", {"satisfaction_measured": False}),
        ("", "ยังไม่เคยทำแบบสอบถามเลย", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ทำแบบสอบถามแล้ว ได้ 4.5 เต็ม 5", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "แจกแบบประเมินไป ได้คะแนน 4.2 จาก 5", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("", "สำรวจแล้วได้ 4.6/5", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("satisfaction_statistics", "4.5 เต็ม 5", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("satisfaction_measured", "ไม่รู้เหมือนกันอะ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "ก็น่าจะนะ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "คงงั้นแหละ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ก็คิดว่านะ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "คิดว่าไม่", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ไม่น่านะ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังๆ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังค่ะๆ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "เรียบร้อยแล้ว", {"satisfaction_measured": True}),
        ("satisfaction_measured", "เรียบร้อยค่ะ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "มีครบ", {"satisfaction_measured": True}),
        ("satisfaction_measured satisfaction_statistics", "มีครบ", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("satisfaction_measured satisfaction_statistics", "ทั้งสองอย่าง", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("wide_impact data_analytics", "ทั้งคู่เลยค่ะ", {"wide_impact": True, "data_analytics": True}),
        ("wide_impact data_analytics", "มีทั้งสองอย่างครับ", {"wide_impact": True, "data_analytics": True}),
        ("wide_impact data_analytics", "ไม่มีทั้งคู่", {"wide_impact": False, "data_analytics": False}),
        ("wide_impact data_analytics", "ไม่มีสักอย่าง", {"wide_impact": False, "data_analytics": False}),
        ("satisfaction_measured", "เรียบร้อยแล้วส่งได้เมื่อไหร่", {}),
        ("satisfaction_measured", "ยังค่ะ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "น่าจะยังนะ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "คิดว่ามีนะคะ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "น่าจะมี", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ทำเรียบร้อยแล้วครับ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "เสร็จเรียบร้อย", {"satisfaction_measured": True}),
        ("satisfaction_measured", "ไม่ทราบเหมือนกันค่ะ", {"satisfaction_measured": None}),
        ("satisfaction_measured", "ไม่มีค่ะ", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังไม่เคยเลย", {"satisfaction_measured": False}),
        ("satisfaction_measured", "ยังไม่ได้สำรวจเลย", {"satisfaction_measured": False}),
        ("satisfaction_measured", "สำรวจแล้ว คะแนน 4.7/5", {"satisfaction_measured": True, "satisfaction_statistics": True}),
        ("wide_impact data_analytics", "มีทั้งสองข้อ", {"wide_impact": True, "data_analytics": True}),
        ("wide_impact data_analytics", "ไม่มีทั้งสองอย่าง", {"wide_impact": False, "data_analytics": False}),
        ("wide_impact data_analytics", "ครบทั้งสอง", {"wide_impact": True, "data_analytics": True}),
        ("wide_impact data_analytics", "ยังไม่มีทั้งคู่ค่ะ", {"wide_impact": False, "data_analytics": False}),
        ("discloses_information public_policy_input", "ทำทั้งสองอย่างเลย", {"discloses_information": True, "public_policy_input": True}),
        ("satisfaction_measured", "ประชาชนน่าจะชอบนะ", {}),
        ("is_new_or_derived_innovation", "ไม่มี", {"is_new_or_derived_innovation": False}),
        ("agenda_issue", "ไม่มี", {"agenda_issue": 0}),
        ("expansion_areas", "ไม่มี", {"expansion_areas": 0}),
        ("participation_level", "ไม่มี", {"participation_level": "none"}),
    ],
)  # fmt: skip
def test_answers_in_a_few_words(finder: FactFinder, asked: str, text: str, expected: dict[str, Any]) -> None:
    assert beside_parents(finder, text, asked, expected) == expected


@pytest.mark.parametrize(
    ("text", "works"),
    [
        ("แอปคิวใช้ 8 เดือน กับระบบนัดหมอใช้ 3 ปี ส่งได้ทั้งคู่มั้ย", 2),
        ("ระบบ A ใช้มา 2 ปี ส่วนระบบ B ใช้ 6 เดือน", 2),
        ("ระบบจองคิวใช้มา 2 ปีแล้ว แล้วก็แอปร้องเรียนเพิ่งใช้ได้ 3 เดือน", 2),
        ("แชทบอทเปิดมา 5 เดือน ส่วนเว็บจองคิวเปิดมา 2 ปีครึ่ง", 2),
        ("ผลงานคลินิกใช้ 1 ปี และผลงานร้านยาใช้ 4 เดือน", 2),
        ("ใช้มา 2 ปี ขยายผลมา 1 ปี", 0),
        ("ใช้มา 2 ปี และขยายผลมา 1 ปี", 0),
        ("ใช้มา 2 ปี แล้วก็ขยายผลมา 1 ปี", 0),
        ("8 เดือน เอ้ย 18 เดือน", 0),
        ("เชื่อม 2 กรม กับอีก 1 กรม", 0),
        ("ใช้มา 1 ปี กับ 3 เดือน", 0),
        ("ใช้มา 1 ปีกับอีก 3 เดือน", 0),
        ("พัฒนา 2 ปี และใช้จริง 6 เดือน", 0),
        ("ระบบคิวพัฒนา 2 ปี แล้วก็ใช้จริง 6 เดือน", 0),
        ("ระบบใช้มา 2 ปี และลดเวลารอจาก 3 เดือนเหลือ 1 เดือน", 0),
        ("ระบบใช้มา 2 ปี ส่วนความพึงพอใจวัดทุก 6 เดือน", 0),
        ("นำร่องมา 3 เดือน และระบบใช้จริง 1 ปี", 0),
        ("ใช้มา 2 ปี กับระบบเก่าที่ใช้มา 5 ปี", 0),
        ("ระบบนี้ใช้มา 2 ปี และเชื่อมกับระบบของกรมอื่นมา 1 ปี", 0),
        ("ระบบจองคิวใช้มาปีครึ่ง และระบบจ่ายยาใช้ 3 เดือน ส่งอันไหนดี", 2),
        ("โครงการปลูกป่าทำมา 3 ปี กับโครงการคัดแยกขยะเพิ่งเริ่ม 4 เดือน", 2),
        ("คลินิกใช้ 1 ปี ส่วนร้านยาใช้ 4 เดือน", 2),
        ("เว็บจองคิวเปิดมาสองปี, แอปแจ้งเหตุเปิดมาหกเดือน", 2),
        ("ระบบคิวใช้มา 2 ปี ส่วนผลสำรวจทำมา 1 ปี", 0),
        ("ระบบคิวใช้มา 2 ปี ส่วนการขยายผลเริ่มมา 1 ปี", 0),
        ("ระบบคิวใช้มา 2 ปี และระบบคิวเชื่อม 3 กรม", 0),
        ("ระบบคิวใช้มา 8 เดือน เอ้ย 18 เดือน", 0),
        ("ระบบใช้มา 2 ปี ส่วนงบใช้ปีละ 3 ล้าน", 0),
        ("ใช้งานมา 1 ปี กับ 2 เดือน", 0),
        ("งานบริการใช้มา 2 ปี และใช้ทั่วประเทศมา 1 ปี", 0),
        ("โครงการได้รางวัลปี 63 และโครงการขยายผลเริ่มใช้ 2 ปี", 0),
    ],
)
def test_two_things_with_their_own_time_are_two_works(finder: FactFinder, text: str, works: int) -> None:
    assert len(several_works(clean(text))) == works
    if works:
        assert "months_in_use" not in facts(finder, text)


@pytest.mark.parametrize(
    ("asked", "text", "expected"),
    [
        ("agency_count works_on_behalf_of_each_other", "น่าจะ 2 กรม", {"agency_count": 2}),
        ("agency_count works_on_behalf_of_each_other", "2 กรมครับ น่าจะ", {"agency_count": 2}),
        ("works_on_behalf_of_each_other", "สำรวจแล้ว", {}),
        ("builds_on_awarded_work", "สำรวจความพึงพอใจแล้ว", {}),
        ("satisfaction_measured", "มีค่ะ", {"satisfaction_measured": True}),
        ("satisfaction_measured", "มี ใช้มา 2 ปีแล้ว", {"satisfaction_measured": True}),
    ],
)
def test_what_answers_another_question_is_no_yes_to_the_one_asked(
    finder: FactFinder, asked: str, text: str, expected: dict[str, Any]
) -> None:
    found = {told.fact: told.value for told in finder.find(text, TODAY, YEAR, asked.split())}
    assert {name: found[name] for name in asked.split() if name in found} == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("แล้วถ้าครบปีล่ะ", {"months_in_use": 12}),
        ("ได้เปิดใจใกล้ชิดประชาชนปี 2564 เริ่มขยายปี 2565", {"prior_award_year": 2564, "expansion_start_year": 2565}),
        ("เริ่มขยายผลปี 2564 แค่พื้นที่เดียว ไม่ได้ต่อยอดอะไร", {"builds_on_awarded_work": True, "quality_extension": False}),
        ("กรมอื่นทำมาก่อนแล้ว", {"is_new_or_derived_innovation": False}),
        ("โครงการภารกิจหลัก ทำกับชุมชน", {"core_mission_or_large_project": True}),
        ("นวัตกรรมใหม่ ใช้มา 20 เดือน", {"is_new_or_derived_innovation": True, "months_in_use": 20}),
    ],
)
def test_words_that_tell_something_together(finder: FactFinder, text: str, expected: dict[str, Any]) -> None:
    found = {told.fact: told.value for told in finder.find(text, TODAY, YEAR)}
    assert {name: found.get(name) for name in expected} == expected
