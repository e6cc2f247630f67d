"""The round of 2568 as it is shipped: nothing lost, nothing that must not be said, every source inside the slides."""

import re
import time
from collections.abc import Iterator
from dataclasses import fields, is_dataclass

import pytest

from knowledge.loader import CONTENT, load_knowledge
from knowledge.model import (
    SUBJECT_KEYS,
    Certainty,
    Condition,
    Entry,
    Example,
    Figure,
    Gap,
    Knowledge,
    Round,
    Source,
    Text,
)

SLIDE_LINES = 644
CATEGORIES = tuple(key for key in SUBJECT_KEYS if key.startswith("service."))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return load_knowledge()


@pytest.fixture(scope="module")
def award_round(knowledge: Knowledge) -> Round:
    return knowledge.rounds[2568]


def _figures(award_round: Round) -> dict[str, Figure]:
    return {f.id: f for e in award_round.entries if isinstance(e, Example) for f in e.figures}


def _said(value: object) -> Iterator[str]:
    """Every string inside a value, but no source addresses."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for part in value.values():
            yield from _said(part)
    elif isinstance(value, tuple):
        for part in value:
            yield from _said(part)
    elif is_dataclass(value) and not isinstance(value, Source):
        for field in fields(value):
            if field.name == "template":
                continue  # the same round with its limits not filled in
            yield from _said(getattr(value, field.name))


def test_every_subject_is_there_and_has_something_to_say(award_round: Round) -> None:
    assert tuple(award_round.subjects) == SUBJECT_KEYS
    for key in SUBJECT_KEYS:
        assert award_round.of(key, "definition"), key


def test_every_source_line_is_one_of_the_slides(award_round: Round) -> None:
    sources = [e.source for e in award_round.entries] + [f.source for f in _figures(award_round).values()]
    numbers = [int(number) for source in sources for number in re.findall(r"\d+", source.lines or "")]
    assert len(numbers) > 200
    assert 1 <= min(numbers) <= max(numbers) <= SLIDE_LINES


@pytest.mark.parametrize(
    ("figure", "said"),
    [
        ("service.innovation.robot.staff", "จาก 6 คนเหลือ 2 คน"),
        ("service.innovation.robot.patients", "140,000 ราย"),
        ("service.innovation.robot.drugs", "24 ชนิด"),
        ("service.innovation.robot.cases", "4,249 ราย"),
        ("service.innovation.robot.error", "ศูนย์"),
        ("service.innovation.robot.delivery", "3 ชั่วโมง"),
        ("service.expansion.dsi.steps", "จาก 11 ขั้นตอนเหลือ 3 ขั้นตอน"),
        ("service.expansion.dsi.areas", "10 เขต"),
        ("service.expansion.dsi.accused", "54 คน คดีที่ขยายผลมี 892 คน"),
        ("service.expansion.dsi.victims", "2,653 คน คดีที่ขยายผลมี 3,413 คน"),
        ("service.expansion.dsi.damage", "574,188,781.22 บาทในคดีต้นแบบ และ 1,558,120,345.82 บาทในคดีที่ขยายผล"),
        ("service.expansion.dsi.files", "266 แฟ้ม คดีที่ขยายผลมี 392 แฟ้ม"),
        ("service.expansion.dsi.seized", "29,174,076.76 บาท"),
        ("service.expansion.dsi.budget", "จาก 2,393,095 บาทในคดีต้นแบบ เหลือ 271,220 บาทในคดีที่ขยายผล"),
        ("service.expansion.dsi.savings", "71.88-91.70"),
        ("service.expansion.dsi.time", "20 นาทีต่อคน"),
        ("service.expansion.dsi.satisfaction", "ร้อยละ 85 เป็นร้อยละ 95.70"),
        ("service.responsive.dbd.satisfaction", "92.5"),
        ("service.responsive.dbd.hours", "06.00-21.00 น."),
        ("service.facilitation.smart_fda.satisfaction", "96.35"),
        ("service.facilitation.smart_fda.time", "58.32"),
        ("service.facilitation.smart_fda.food", "78 วันทำการเหลือ 44 วันทำการ"),
        ("service.facilitation.smart_fda.drug", "310 วันเหลือ 90 วัน"),
        ("service.facilitation.smart_fda.release", "24 ชั่วโมง"),
        ("service.facilitation.smart_fda.laws", "22 ฉบับ"),
        ("service.facilitation.smart_fda.fees", "8 ใบอนุญาต"),
        ("service.agenda.pangmapha.travel", "2-3 ชั่วโมงหรือมากกว่า ระยะทาง 30-50 กิโลเมตร"),
        ("service.agenda.pangmapha.cost", "1,500-3,000 บาท"),
        ("service.agenda.pangmapha.opd", "13,008 ราย รอคอยเฉลี่ย 40 นาที และผู้ป่วยนอกพึงพอใจร้อยละ 90"),
        ("service.agenda.pangmapha.er", "3,690 ครั้ง คัดแยกตามความรุนแรงได้ร้อยละ 100"),
        ("service.agenda.pangmapha.ipd", "1,184 ราย ผู้ป่วยในพึงพอใจร้อยละ 92"),
        ("service.agenda.pangmapha.telemed", "196 ราย"),
    ],
)
def test_a_figure_of_the_service_branch_is_exact(award_round: Round, figure: str, said: str) -> None:
    assert said in _figures(award_round)[figure].text


@pytest.mark.parametrize(
    "figure",
    ["500,000", "20,000", "144,897", "44.28", "39 ล้าน", "44.44", "43,998", "26,619", "9,432", "5.8 ล้าน", "7.9 ล้าน"],
)
def test_a_figure_of_the_participation_branch_is_there(award_round: Round, figure: str) -> None:
    assert any(figure in f.text for f in _figures(award_round).values())


@pytest.mark.parametrize(
    "forbidden",
    [
        "156",
        "99476",
        "8 มีนาคม 2567",
        "93.78",
        "578",
        "1,269",
        "1,998",
        "4,173",
        "1,773",
        "5,867",
        "2,175",
        "4,094",
        "วงศ์กิจ",
        "ผู้ใหญ่บ้านหมู่",
        "Hosmer",
        "กคร.",
        "วชิราลงกรณธัญบุรี",
        "มะเร็งอุบล",
    ],
)
def test_what_is_doubtful_or_private_stands_nowhere(knowledge: Knowledge, forbidden: str) -> None:
    # A longer number may hold the digits of a forbidden one.
    alone = re.compile(rf"(?<![\d,.]){re.escape(forbidden)}(?![\d,])")
    assert [text for text in _said(knowledge.rounds) if alone.search(text)] == []


@pytest.mark.parametrize(
    "figure",
    [
        "service.innovation.robot.value",
        "service.innovation.robot.patent",
        "service.innovation.robot.cost",
        "service.innovation.robot.sites",
        "service.expansion.dsi.state_savings",
    ],
)
def test_a_doubtful_figure_can_be_asked_for_and_is_not_told(award_round: Round, figure: str) -> None:
    held = _figures(award_round)[figure]
    assert held.certainty is Certainty.TO_CONFIRM
    assert "ยังไม่เผยแพร่" in held.text
    assert not re.search(r"\d", held.text)
    assert held.caution
    assert len(held.phrasings) >= 6


def test_the_check_for_forbidden_figures_sees_the_texts(knowledge: Knowledge) -> None:
    assert any("96.35" in text for text in _said(knowledge.rounds))


@pytest.mark.parametrize(
    ("condition", "lines", "topic", "said"),
    [
        ("service.innovation.novelty", "95-97;99-101", "novelty", "ยังไม่มีหน่วยงานใดเคยทำ"),
        ("service.innovation.duration", "97-98", "duration", "ไม่น้อยกว่า 1 ปี"),
        ("service.expansion.prior_level", "128-129", "prior_level", "ระดับดีเด่นหรือระดับดี"),
        ("service.expansion.prior_age", "129", "prior_age", "ไม่เกิน 5 ปี"),
        ("service.expansion.percent", "126-127", "expansion_percent", "มากกว่าร้อยละ 80"),
        ("service.integration.agencies", "132-134", "agency_count", "3 หน่วยงานขึ้นไป หรือทำงานแทนกันใน 2 หน่วยงานขึ้นไป"),
        ("service.integration.duration", "134-135", "duration", "ไม่น้อยกว่า 1 ปี"),
        ("service.integration.satisfaction", "135", "satisfaction", "ความพึงพอใจ"),
        ("service.responsive.end_to_end", "116-118", "end_to_end", "ทั้งกระบวนการ (End to End Process)"),
        ("service.responsive.satisfaction", "119-120", "satisfaction", "เชิงสถิติ"),
        ("service.facilitation.whole_organisation", "122-123", "whole_organisation", "ภาพรวมองค์กร"),
        ("service.facilitation.citizen_manual", "123-124", "citizen_manual", "www.info.go.th"),
        ("service.agenda.wide_impact", "138", "wide_impact", "วงกว้าง"),
        ("service.agenda.data_analytics", "138-140", "data_analytics", "Data analytics"),
    ],
)
def test_a_condition_has_its_lines_and_topic(
    award_round: Round, condition: str, lines: str, topic: str, said: str
) -> None:
    entry = next(e for e in award_round.entries if e.id == condition)
    assert isinstance(entry, Condition)
    assert (entry.source.lines, entry.topic) == (lines, topic)
    assert said in entry.text


def test_only_the_categories_with_a_stated_duration_demand_one(award_round: Round) -> None:
    # The slides name a year for these alone; anything more would be made up.
    stated = {e.subject for e in award_round.entries if isinstance(e, Condition) and e.topic == "duration"}
    open_points = {e.subject for e in award_round.entries if isinstance(e, Gap) and e.topic == "duration"}
    assert stated >= {"service.innovation", "service.integration"}
    assert open_points >= {"service.expansion", "service.responsive", "service.facilitation", "service.agenda"}
    assert not stated & open_points


def test_the_six_categories_and_the_eight_issues_are_listed_in_order(award_round: Round) -> None:
    texts = {e.id: e for e in award_round.entries if isinstance(e, Text)}
    assert texts["service.parts"].items == tuple(award_round.subjects[key].name for key in CATEGORIES)
    issues = texts["service.agenda.issues"].items
    assert len(issues) == 8
    assert issues[3] == "การนำ AI มาใช้ในบริการภาครัฐ"


@pytest.mark.parametrize("key", CATEGORIES)
def test_a_category_can_be_recommended_and_has_a_work_that_won(award_round: Round, key: str) -> None:
    assert any(e.id == f"{key}.fits" for e in award_round.of(key, "recommend"))
    works = [e for e in award_round.of(key, "examples") if isinstance(e, Example)]
    assert [work.year for work in works] == [2567]
    assert len(works[0].figures) >= 7


def test_only_the_two_works_whose_level_is_on_the_slides_have_one(award_round: Round) -> None:
    levels = {e.subject: e.level for e in award_round.entries if isinstance(e, Example) and e.subject in CATEGORIES}
    assert {key for key, level in levels.items() if level} == {"service.expansion", "service.facilitation"}


@pytest.mark.parametrize(
    "gap",
    [
        "service.expansion.percent_base",
        "service.expansion.percent_exactly",
        "service.expansion.percent_quality",
        "service.expansion.age_count",
        "service.expansion.prior_category",
        "service.integration.what_is_agency",
        "service.integration.what_is_behalf",
        "service.integration.share_link_use",
        "service.agenda.four_areas",
    ],
)
def test_an_open_point_is_a_gap_to_confirm(award_round: Round, gap: str) -> None:
    entry = next(e for e in award_round.entries if e.id == gap)
    assert isinstance(entry, Gap)
    assert entry.certainty is not Certainty.CERTAIN
    assert entry.question


def test_everything_asked_for_by_itself_has_words_to_ask_for_it(award_round: Round) -> None:
    asked: list[Entry | Figure] = [e for e in award_round.entries if e.subject in CATEGORIES]
    asked += [f for e in asked if isinstance(e, Example) for f in e.figures]
    assert [entry.id for entry in asked if len(entry.phrasings) < 3] == []


def test_an_entry_has_the_attribute_of_its_topic(award_round: Round) -> None:
    wrong = [e.id for e in award_round.entries if e.topic and award_round.topics[e.topic].attribute != e.attribute]
    assert wrong == []


def test_an_alias_names_one_subject_but_where_it_is_ambiguous_on_purpose(award_round: Round) -> None:
    owners: dict[str, set[str]] = {}
    for subject in award_round.subjects.values():
        for alias in (subject.name, *subject.aliases, *subject.old_names):
            owners.setdefault(alias, set()).add(subject.key)
    shared = {alias: keys for alias, keys in owners.items() if len(keys) > 1}
    assert shared["ขยายผล"] == {"service.expansion", "participation.expanded"}
    assert not any(alias in shared for alias in (s.name for s in award_round.subjects.values()))


def test_the_texts_leave_polite_particles_to_the_composer(award_round: Round) -> None:
    texts = [t for e in award_round.entries for t in (getattr(e, "gist", ""), getattr(e, "text", ""))]
    assert [text for text in texts if re.search(r"(ค่ะ|ครับ|นะคะ)\s*$", text)] == []


def test_loading_is_fast_enough_for_every_start() -> None:
    # Measured 0.1-0.2 s; the best of three, because the machine may be busy.
    times = []
    for _ in range(3):
        start = time.process_time()
        load_knowledge(CONTENT)
        times.append(time.process_time() - start)
    assert min(times) < 0.5
