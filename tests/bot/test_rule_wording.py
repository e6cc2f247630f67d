"""Rules are worded for people: nothing of a rule is lost, and years are those of the round asked about."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from bot.rule_wording import worded
from knowledge.loader import load_knowledge
from knowledge.model import Condition, Round, Text
from knowledge.rule_schema import rule_of
from knowledge.rules import comparisons, facts_in


@pytest.fixture(scope="module")
def round_() -> Round:
    return load_knowledge().rounds[2568]


def said(round_: Round, raw: dict[str, Any]) -> list[str]:
    return list(worded(rule_of(raw, round_.facts), round_.facts, round_.asked))


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ({"fact": "months_in_use", "at_least": 12}, "ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 1 ปี"),
        ({"fact": "months_in_use", "less_than": 18}, "ระยะเวลาที่ใช้จริงและมีผล น้อยกว่า 1 ปี 6 เดือน"),
        ({"fact": "expansion_percent", "more_than": 80}, "สัดส่วนที่ขยายผลแล้ว มากกว่าร้อยละ 80"),
        ({"fact": "expansion_percent", "more_than": 80.5}, "สัดส่วนที่ขยายผลแล้ว มากกว่าร้อยละ 80.5"),
        ({"fact": "agency_count", "at_most": 3}, "จำนวนหน่วยงานที่ร่วม ไม่เกิน 3 หน่วยงาน"),
        ({"fact": "satisfaction_measured", "is": True}, "สำรวจความพึงพอใจแล้ว: ใช่"),
        ({"fact": "satisfaction_measured", "is": False}, "สำรวจความพึงพอใจแล้ว: ไม่ใช่"),
        ({"fact": "prior_level", "one_of": ["good"]}, "ระดับรางวัลของผลงานเดิม: “ระดับดี”"),
        (
            {"fact": "prior_level", "one_of": ["excellent", "good"]},
            "ระดับรางวัลของผลงานเดิม: “ระดับดีเด่น” หรือ “ระดับดี”",
        ),
        ({"fact": "focus", "includes": ["participation"]}, "เรื่องที่ผลงานเน้น: มี “การมีส่วนร่วมของประชาชน”"),
        (
            {"fact": "global_change_areas", "includes": ["society", "economy", "security"]},
            "การเปลี่ยนแปลงของโลกที่ผลงานสอดคล้อง: มีอย่างน้อยหนึ่งใน “สังคม”, “เศรษฐกิจ” หรือ “ความมั่นคง”",
        ),
        (
            {"unless": {"fact": "only_claim_is_shorter_time", "is": True}},
            "ไม่ผ่านก็ต่อเมื่อทราบแล้วว่า จุดเด่นมีเพียงทำให้เร็วขึ้น: ใช่",
        ),
    ],
)
def test_one_test_is_one_line(round_: Round, raw: dict[str, Any], words: str) -> None:
    assert said(round_, raw) == [words]


def test_values_that_leave_it_open_are_told(round_: Round) -> None:
    (line,) = said(round_, {"fact": "prior_level", "one_of": ["excellent"], "unsure": ["other"]})
    assert line == "ระดับรางวัลของผลงานเดิม: “ระดับดีเด่น” (ถ้าเป็น “ระดับอื่น” ยังสรุปไม่ได้)"


def test_a_year_reckoned_from_the_round_is_that_of_the_round_asked_about(round_: Round) -> None:
    raw = {"fact": "expansion_start_year", "at_most": {"round": -2}}
    assert said(round_, raw) == ["ปีที่เริ่มขยายผล ไม่เกินปี 2566 (รอบปี 2568 − 2 ปี)"]
    assert said(replace(round_, asked=2570), raw) == ["ปีที่เริ่มขยายผล ไม่เกินปี 2568 (รอบปี 2570 − 2 ปี)"]


def test_the_rounds_own_year_is_told_as_such(round_: Round) -> None:
    raw = {"fact": "prior_award_year", "less_than": {"round": 0}}
    assert said(round_, raw) == ["ปีที่ผลงานเดิมได้รางวัล ก่อนปี 2568 (ปีของรอบที่ส่ง)"]


def test_a_year_reckoned_from_another_fact_names_it(round_: Round) -> None:
    raw = {"fact": "expansion_start_year", "at_most": {"fact": "prior_award_year", "plus": 3}}
    assert said(round_, raw) == ["ปีที่เริ่มขยายผล ไม่เกิน ปีที่ผลงานเดิมได้รางวัล + 3 ปี"]


def test_a_number_may_be_held_against_another_one(round_: Round) -> None:
    raw = {"fact": "agency_count", "at_least": {"fact": "expansion_areas"}}
    assert said(round_, raw) == ["จำนวนหน่วยงานที่ร่วม ไม่น้อยกว่า จำนวนพื้นที่ที่ขยายผล"]
    raw = {"fact": "agency_count", "more_than": {"fact": "expansion_areas", "plus": -2}}
    assert said(round_, raw) == ["จำนวนหน่วยงานที่ร่วม มากกว่า จำนวนพื้นที่ที่ขยายผล − 2 หน่วยงาน"]


def test_a_range_names_its_fact_once(round_: Round) -> None:
    raw = {"fact": "months_in_use", "at_least": 6, "at_most": 24}
    assert said(round_, raw) == ["ระยะเวลาที่ใช้จริงและมีผล ไม่น้อยกว่า 6 เดือน และ ไม่เกิน 2 ปี"]


def test_parts_stand_under_what_binds_them(round_: Round) -> None:
    parts = [{"fact": "agency_count", "at_least": 3}, {"fact": "satisfaction_measured", "is": True}]
    lines = ["จำนวนหน่วยงานที่ร่วม ไม่น้อยกว่า 3 หน่วยงาน", "สำรวจความพึงพอใจแล้ว: ใช่"]
    assert said(round_, {"any": parts}) == ["ตรงข้อใดข้อหนึ่งก็พอ", *lines]
    assert said(round_, {"all": parts}) == ["ต้องตรงทุกข้อ", *lines]


def test_alternatives_of_one_number_are_no_range(round_: Round) -> None:
    raw = {"any": [{"fact": "agency_count", "at_least": 3}, {"fact": "agency_count", "at_most": 1}]}
    assert said(round_, raw)[0] == "ตรงข้อใดข้อหนึ่งก็พอ"
    assert len(said(round_, raw)) == 3


def test_brackets_keep_and_apart_from_or(round_: Round) -> None:
    measured = {"fact": "satisfaction_measured", "is": True}
    wide = {"fact": "wide_impact", "is": True}
    either = {"any": [wide, {"fact": "data_analytics", "is": True}]}
    raw = {"any": [measured, {"all": [measured, either]}]}
    assert said(round_, raw)[2] == (
        "สำรวจความพึงพอใจแล้ว: ใช่ และ (เกิดผลกระทบในวงกว้าง: ใช่ หรือ ใช้ข้อมูลวิเคราะห์เพื่อกำหนดนโยบาย: ใช่)"
    )
    (line,) = said(round_, {"unless": {"all": [measured, wide]}})
    assert line.endswith("ทราบแล้วว่า (สำรวจความพึงพอใจแล้ว: ใช่ และ เกิดผลกระทบในวงกว้าง: ใช่)")


def test_every_rule_of_the_content_names_all_that_it_looks_at(round_: Round) -> None:
    scopes = [subject.scope for subject in round_.subjects.values() if subject.scope]
    ruled = [e for e in (*scopes, *round_.entries) if isinstance(e, Condition | Text) and e.rule]
    assert len(ruled) > 20
    for entry in ruled:
        assert entry.rule is not None
        words = "\n".join(worded(entry.rule, round_.facts, round_.asked))
        for name in facts_in(entry.rule):
            assert round_.facts[name].label in words, entry.id
        for test in comparisons(entry.rule):
            for value in (*test.values, *test.unsure):
                choice = round_.facts[test.fact].choice(value) if isinstance(value, str) else None
                assert choice is None or choice.label in words, entry.id
