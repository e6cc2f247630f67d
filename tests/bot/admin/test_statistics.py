"""The dashboard's figures: what they come to, how they look, and the report that is handed on."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from datetime import date, datetime, timedelta
from xml.etree import ElementTree

import pytest
from openpyxl import load_workbook
from redis import Redis
from sqlalchemy import Engine

from bot.admin.charts import lines, stacked_bars
from bot.admin.figures import Period, day_of, figures, percentile, week_of, weeks_up_to
from bot.admin.reports import daily, names_of, workbook
from bot.admin.spreadsheets import Sheet, as_csv, as_xlsx, safe
from bot.counting import CLASSES, SLOWER, reply_class
from bot.now import BANGKOK
from bot.storage import statistics
from bot.storage.statistics import Counted
from knowledge.loader import load_knowledge
from tests.bot.admin.conftest import Client

MONDAY = date(2026, 11, 23)
TUESDAY = MONDAY + timedelta(days=1)
WEEK = week_of(MONDAY)


def some(day: date, times: int = 1) -> dict[Counted, int]:
    """A day of use."""
    return {
        Counted(day, "people", "day"): 4 * times,
        Counted(day, "answer", "answered"): 8 * times,
        Counted(day, "answer", "clarify"): 1 * times,
        Counted(day, "answer", "unknown"): 3 * times,
        Counted(day, "answer", "out_of_scope"): 2 * times,
        Counted(day, "subject", "service.innovation"): 5 * times,
        Counted(day, "subject", "pmqa"): 1 * times,
        Counted(day, "attribute", "conditions"): 6 * times,
        Counted(day, "reply_ms", reply_class(150)): 9 * times,
        Counted(day, "reply_ms", reply_class(2000)): 1 * times,
        Counted(day, "quiz_started"): 3 * times,
        Counted(day, "quiz_at", "done"): 1 * times,
        Counted(day, "quiz_at", "focus"): 2 * times,
        Counted(day, "handover"): 1 * times,
        Counted(day, "kept", "unhelpful"): 1 * times,
    }


def keep(engine: Engine, counts: Mapping[Counted, int]) -> None:
    with engine.begin() as connection:
        statistics.add(connection, counts)


def today() -> date:
    return datetime.now(BANGKOK).date()


# What they come to


def test_a_weeks_figures_are_the_sum_of_its_days() -> None:
    rows = (
        some(MONDAY) | some(TUESDAY, 2) | {Counted(MONDAY, "people", "week"): 7} | some(MONDAY - timedelta(days=1), 50)
    )
    week = figures(WEEK, rows)
    assert (week.questions, week.answered, week.clarified, week.unknown, week.out_of_scope) == (42, 24, 3, 9, 6)
    assert week.answered_percent == 57
    assert (week.quizzes_started, week.quizzes_finished, week.quiz_stops) == (9, 3, (("focus", 6),))
    assert week.subjects == (("service.innovation", 15), ("pmqa", 3))
    assert (week.handovers, week.unhelpful) == (3, 3)
    assert week.people == 7, "who came on two days is one person of the week"
    assert [figures(day, rows).people for day in WEEK.days()[:3]] == [4, 8, 0]


def test_people_cannot_be_told_of_other_periods() -> None:
    assert figures(Period(MONDAY, TUESDAY), some(MONDAY)).people is None


def test_a_quiz_taken_along_from_the_day_before_is_not_less_than_none() -> None:
    found = figures(day_of(MONDAY), {Counted(MONDAY, "quiz_at", "focus"): -1, Counted(MONDAY, "quiz_at", "done"): -1})
    assert (found.quiz_stops, found.quizzes_finished) == ((), 0)


def test_a_percentile_lies_within_its_class() -> None:
    classes = {int(reply_class(150)): 90, int(reply_class(2000)): 10}
    upper = int(reply_class(150))
    lower = CLASSES[CLASSES.index(upper) - 1]
    median, slow = percentile(classes, 0.5), percentile(classes, 0.95)
    assert median is not None
    assert slow is not None
    assert lower < median <= upper
    assert abs(slow - 2000) < 2000 * 0.15
    assert percentile({}, 0.5) is None
    assert percentile({SLOWER: 3}, 0.95) == CLASSES[-1]


def test_the_percentiles_are_near_those_of_the_times_themselves() -> None:
    import random
    from collections import Counter
    from statistics import quantiles

    chance = random.Random(7)
    times = [round(chance.lognormvariate(5.3, 0.7)) for _ in range(5000)]
    classes = Counter(int(reply_class(one)) for one in times)
    exact = quantiles(times, n=100)
    for share in (0.5, 0.95):
        told = percentile(classes, share)
        assert told is not None
        assert abs(told - exact[round(share * 100) - 1]) < 0.05 * exact[round(share * 100) - 1]


def test_weeks_are_counted_back_from_this_one() -> None:
    assert [one.first.isoformat() for one in weeks_up_to(TUESDAY, 3)] == ["2026-11-09", "2026-11-16", "2026-11-23"]
    assert day_of(TUESDAY).label == "อ. 24"
    assert WEEK.name == "23 พ.ย. 2569 ถึง 29 พ.ย. 2569"


# Charts


@pytest.mark.parametrize("draw", [stacked_bars, lines])
def test_a_chart_is_a_picture_without_script_style_or_address(draw: object) -> None:
    hostile = "</svg><script>alert(1)</script>\"'&"
    drawn = str(draw([hostile, "อ."], {hostile: [1, 2], "ข": [3, 4]}, hostile))  # type: ignore[operator]
    root = ElementTree.fromstring(drawn)
    tags = {element.tag.rpartition("}")[2] for element in root.iter()}
    assert tags <= {"svg", "defs", "g", "rect", "path", "text", "circle"}
    names = {name for element in root.iter() for name in element.attrib}
    assert "style" not in names
    assert not [name for name in names if name.startswith("on") or "href" in name]
    assert root.get("aria-label") == hostile
    assert root.get("role") == "img"


def test_a_chart_of_nothing_can_be_drawn() -> None:
    assert "<svg" in stacked_bars(["จ.", "อ."], {"ตอบได้": [0, 0]}, "ว่าง")
    assert "<svg" in lines(["จ.", "อ."], {"ค่ากลาง": [None, None]}, "ว่าง")


# The report

ATTACKS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "  =1", "=cmd|' /C calc'!A0", "＝1+1", "\u202e=1"]


@pytest.mark.parametrize("text", ATTACKS)
def test_no_text_starts_a_formula(text: str) -> None:
    sheet = Sheet("ทดสอบ", ("คำถาม", "จำนวน"), [(text, 3)])
    [[_, _], [in_csv, number]] = list(csv.reader(io.StringIO(as_csv(sheet).decode("utf-8-sig"), newline="")))
    assert in_csv.startswith("'")
    assert number == "3"
    page = load_workbook(io.BytesIO(as_xlsx([sheet]))).worksheets[0]
    assert page["A2"].data_type == "s"
    assert str(page["A2"].value).startswith("'")
    assert page["B2"].value == 3


@pytest.mark.parametrize("text", ["นวัตกรรมการบริการ", "เบอร์ 02-123", "a=b", "'", "", 'อ้าง "คำพูด", จุลภาค\nบรรทัดใหม่'])
def test_other_texts_stay_as_they_are(text: str) -> None:
    assert safe(text) == text
    [[_], [read]] = (
        list(csv.reader(io.StringIO(as_csv(Sheet("ก", ("ข",), [(text,)])).decode("utf-8-sig"), newline="")))
        if text
        else [[""], [""]]
    )
    assert read == text


def test_what_a_file_cannot_hold_is_left_out() -> None:
    book = load_workbook(io.BytesIO(as_xlsx([Sheet("ก/ข:[1]" * 9, ("=หัว",), [("ก\x00ข\x0b",), (None,), (-3,)])])))
    [page] = book.worksheets
    assert [row[0] for row in page.iter_rows(values_only=True)] == ["'=หัว", "กข", None, -3]


def test_a_subject_whose_name_is_a_formula_does_no_harm() -> None:
    names = names_of(None)
    rows = {Counted(MONDAY, "subject", '=HYPERLINK("x")'): 2}
    book = load_workbook(io.BytesIO(as_xlsx(workbook(WEEK, rows, names))))
    assert book["เรื่องที่ถาม"]["A2"].value == '\'=HYPERLINK("x")'
    assert book["เรื่องที่ถาม"]["A2"].data_type == "s"


def test_the_report_names_subjects_and_questions() -> None:
    knowledge = load_knowledge()
    question = knowledge.newest.questions[0]
    rows = some(MONDAY) | {Counted(MONDAY, "quiz_at", question.id): 9}
    sheets = {sheet.name: sheet for sheet in workbook(WEEK, rows, names_of(knowledge))}
    assert sheets["เรื่องที่ถาม"].rows[0] == (knowledge.newest.subjects["service.innovation"].name, 5)
    assert sheets["แบบตรวจสอบหยุดที่"].rows[0][0] == question.ask
    assert sheets["สิ่งที่ถาม"].rows[0] == ("เงื่อนไข", 6)


def test_the_daily_table_has_a_row_a_day_and_the_sum() -> None:
    sheet = daily(WEEK, some(MONDAY) | some(TUESDAY))
    assert len(sheet.rows) == 8
    assert sheet.rows[0][:4] == ["23 พ.ย. 2569", 4, 14, 8]
    assert sheet.rows[-1][:4] == ["รวม", 0, 28, 16]
    assert all(len(row) == len(sheet.headings) for row in sheet.rows)


# Over HTTP, on both databases


def test_the_dashboard_tells_today(viewer: Client, engine: Engine) -> None:
    keep(engine, some(today()))
    page = viewer.get("/admin/").text
    assert "<dt>คนที่ใช้</dt><dd>4</dd>" in page
    assert "<dt>คำถาม</dt><dd>14</dd>" in page
    assert "57%" in page
    assert "เริ่มแบบตรวจสอบ 3 ครั้ง ทำจบ 1 ครั้ง" in page


def test_a_dashboard_without_any_figure_is_a_page_all_the_same(viewer: Client) -> None:
    answer = viewer.get("/admin/")
    assert answer.status_code == 200
    assert "<dt>ครึ่งหนึ่งตอบภายใน</dt><dd>–</dd>" in answer.text


def test_statistics_of_an_earlier_week(viewer: Client, engine: Engine) -> None:
    keep(engine, some(MONDAY) | {Counted(MONDAY, "people", "week"): 4})
    page = viewer.get("/admin/statistics/?week=2026-11-25").text
    assert "สัปดาห์ 23 พ.ย. 2569 ถึง 29 พ.ย. 2569" in page
    assert load_knowledge().newest.subjects["service.innovation"].name in page
    for odd in ("x", "0001-01-01", "2026-13-01", "9999-12-31"):
        assert viewer.get(f"/admin/statistics/?week={odd}").status_code == 200


def test_the_report_as_csv_and_as_xlsx(viewer: Client, engine: Engine) -> None:
    keep(engine, some(MONDAY))
    days = "since=23/11/2569&until=24 พ.ย. 69"
    answer = viewer.get(f"/admin/statistics/report?{days}&format=csv")
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="lertrat-2026-11-23-2026-11-24.csv"'
    rows = list(csv.reader(io.StringIO(answer.data.decode("utf-8-sig"), newline="")))
    assert rows[1][:4] == ["23 พ.ย. 2569", "4", "14", "8"]
    answer = viewer.get(f"/admin/statistics/report?{days}&format=xlsx")
    assert load_workbook(io.BytesIO(answer.data))["รายวัน"]["C2"].value == 14


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ("since=24/11/2569&until=23/11/2569", "วันสุดท้ายต้องไม่มาก่อนวันแรก"),
        ("since=1/1/2563&until=23/11/2569", "ไม่เกิน 366 วัน"),
        ("since=x&until=23/11/2569", "อ่านวันที่"),
        ("since=พ.ย. 2569&until=23/11/2569", "กรุณาเขียนวัน เดือน และปี"),
        ("since=&until=23/11/2569", "กรุณากรอกช่องนี้"),
        ("", "กรุณากรอกช่องนี้"),
    ],
)
def test_a_report_of_odd_days_is_refused_in_thai(viewer: Client, asked: str, told: str) -> None:
    answer = viewer.get(f"/admin/statistics/report?{asked}&format=csv")
    assert answer.content_type.startswith("text/html")
    assert told in answer.text


def test_there_is_no_other_kind_of_file(viewer: Client) -> None:
    assert viewer.get("/admin/statistics/report?since=23/11/2569&until=24 พ.ย. 69&format=exe").status_code == 404


def test_adding_up_and_raising_do_as_they_say(engine: Engine) -> None:
    people, asked = Counted(MONDAY, "people", "day"), Counted(MONDAY, "answer", "answered")
    for number in (5, 3):
        with engine.begin() as connection:
            statistics.add(connection, {asked: number})
            statistics.raise_to(connection, {people: number})
    with engine.connect() as connection:
        assert statistics.between(connection, MONDAY, MONDAY) == {asked: 8, people: 5}


def test_many_figures_at_once(engine: Engine, redis: Redis) -> None:
    counts = {Counted(MONDAY, "subject", str(number)): number for number in range(1, 1200)}
    for _ in range(2):
        keep(engine, counts)
    with engine.connect() as connection:
        assert statistics.between(connection, MONDAY, MONDAY) == {key: 2 * value for key, value in counts.items()}
