"""The calendar: what comes, what is over, whom it concerns, when reminders are due, and all of it in Thai words."""

from __future__ import annotations

import calendar as months
from collections.abc import Iterable
from dataclasses import replace
from datetime import date, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.calendar import (
    DEFAULT_LEADS,
    Lead,
    applies_to,
    closing_of,
    closings_of,
    covers,
    date_text,
    day_text,
    days_left,
    due_leads,
    first_day,
    is_closed,
    is_on,
    is_past,
    last_day,
    leads_due,
    longest_first,
    matching_subjects,
    milestones,
    next_milestone,
    not_announced,
    open_or_next_round,
    parsed_leads,
    passed,
    remind_day,
    short_day,
    span_text,
    upcoming,
    when_text,
)
from knowledge.loader import load_knowledge
from knowledge.model import Knowledge, Milestone, MilestoneDate, Round
from tests.knowledge.dated_round import dated, dated_knowledge, step

DAYS = st.dates(date(1957, 1, 1), date(2157, 12, 31))


@pytest.fixture(scope="module")
def knowledge() -> Knowledge:
    return dated_knowledge()


@pytest.fixture(scope="module")
def blank() -> Round:
    return load_knowledge().newest


def ids(found: Iterable[Milestone]) -> list[str]:
    return [m.id.rpartition("2569.")[2].removeprefix("awards.") for m in found]


# -- lead times ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lead", "day", "before"),
    [
        ("1m", date(2026, 3, 31), date(2026, 2, 28)),
        ("1m", date(2024, 3, 31), date(2024, 2, 29)),
        ("1m", date(2026, 3, 28), date(2026, 2, 28)),
        ("1m", date(2026, 1, 15), date(2025, 12, 15)),
        ("1m", date(2026, 5, 31), date(2026, 4, 30)),
        ("2m", date(2026, 4, 30), date(2026, 2, 28)),
        ("12m", date(2024, 2, 29), date(2023, 2, 28)),
        ("12m", date(2026, 12, 31), date(2025, 12, 31)),
        ("30d", date(2026, 3, 1), date(2026, 1, 30)),
        ("1d", date(2024, 3, 1), date(2024, 2, 29)),
        ("365d", date(2025, 1, 1), date(2024, 1, 2)),
        ("0d", date(2026, 3, 31), date(2026, 3, 31)),
    ],
)
def test_a_lead_time_counts_back_and_stays_within_the_month(lead: str, day: date, before: date) -> None:
    assert Lead.parse(lead).before(day) == before


@given(DAYS, st.integers(1, 12))
def test_months_before_any_day_is_the_same_day_so_many_months_earlier_or_that_months_last(
    day: date, count: int
) -> None:
    before = Lead(count, "m").before(day)
    assert (day.year - before.year) * 12 + day.month - before.month == count
    assert before.day == min(day.day, months.monthrange(before.year, before.month)[1])


@given(DAYS, st.integers(1, 12))
def test_a_later_day_is_never_reminded_of_earlier(day: date, count: int) -> None:
    assert Lead(count, "m").before(day) <= Lead(count, "m").before(day + timedelta(days=1))


@given(DAYS, st.integers(0, 365))
def test_days_before_are_days(day: date, count: int) -> None:
    assert (day - Lead(count).before(day)).days == count


@given(st.one_of(st.builds(Lead, st.integers(0, 365)), st.builds(Lead, st.integers(1, 12), st.just("m"))))
def test_a_lead_time_reads_back_as_it_is_written(lead: Lead) -> None:
    assert Lead.parse(str(lead)) == lead


@pytest.mark.parametrize(
    "text", ["", "7", "d", "-1d", "366d", "0m", "13m", "1w", "7 d", "7D", " 7d", "๗d", "1000d", "1.5d"]
)
def test_what_is_no_lead_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is no lead time"):
        Lead.parse(text)


def test_lead_times_in_words_and_in_order() -> None:
    assert [lead.text() for lead in DEFAULT_LEADS] == ["30 วัน", "7 วัน", "1 วัน", "ในวันนั้น"]
    assert Lead(1, "m").text() == "1 เดือน"
    leads = parsed_leads(" 0d 7d 1m 14d 30d 7d ")
    assert [str(lead) for lead in leads] == ["1m", "30d", "14d", "7d", "0d"]
    assert longest_first(DEFAULT_LEADS) == DEFAULT_LEADS
    assert parsed_leads("  ") == ()


# -- one milestone -------------------------------------------------------------------------------------------------


def test_reminders_count_to_the_first_day_of_a_span_and_to_the_last_of_a_closing() -> None:
    visits = step("site_visit", (2569, 5, 25), until=(2569, 6, 12))
    closing = step("closing", (2569, 3, 1), until=(2569, 3, 31))
    assert (first_day(visits), last_day(visits), remind_day(visits)) == (
        date(2026, 5, 25),
        date(2026, 6, 12),
        date(2026, 5, 25),
    )
    assert remind_day(closing) == date(2026, 3, 31)
    assert days_left(closing, date(2026, 3, 1)) == 30
    assert days_left(closing, date(2026, 3, 31)) == 0
    assert days_left(closing, date(2026, 4, 1)) == -1


def test_what_has_no_day_has_no_days_left_and_no_reminder() -> None:
    for undated in (step("results", (2569, 8)), step("results")):
        assert (first_day(undated), last_day(undated), remind_day(undated)) == (None, None, None)
        assert days_left(undated, date(2026, 7, 1)) is None
        assert due_leads(undated, date(2026, 8, 1)) == ()


@pytest.mark.parametrize(
    ("milestone", "over_on"),
    [
        (step("closing", (2569, 3, 31)), date(2026, 4, 1)),
        (step("site_visit", (2569, 5, 25), until=(2569, 6, 12)), date(2026, 6, 13)),
        (step("results", (2569, 8)), date(2026, 9, 1)),
        (step("results", (2571, 2)), date(2028, 3, 1)),
        (step("results", (2569, 12)), date(2027, 1, 1)),
    ],
)
def test_a_milestone_is_over_from_the_day_behind_its_last(milestone: Milestone, over_on: date) -> None:
    assert is_past(milestone, over_on)
    assert not is_past(milestone, over_on - timedelta(days=1))
    assert not is_past(milestone, over_on - timedelta(days=1), time(23, 59))  # it has no time of its own


def test_on_its_last_day_a_milestone_is_over_once_its_time_has_passed() -> None:
    closing = step("closing", (2569, 3, 1), until=(2569, 3, 31), time="16:30")
    day = date(2026, 3, 31)
    assert not is_past(closing, day)
    assert not is_past(closing, day, time(16, 29, 59))
    assert is_past(closing, day, time(16, 30))
    assert not is_past(closing, date(2026, 3, 1), time(23))
    assert is_on(closing, day)
    assert not is_on(closing, date(2026, 4, 1))
    assert not is_past(step("closing"), day)


def test_the_lead_times_that_are_due_on_a_day() -> None:
    closing = step("closing", (2569, 3, 31))
    due = {
        str(day): [str(lead) for lead in leads_due(closing, day, DEFAULT_LEADS)]
        for day in (date(2026, 2, 20) + timedelta(days=n) for n in range(50))
    }
    assert {day: leads for day, leads in due.items() if leads} == {
        "2026-03-01": ["30d"],
        "2026-03-24": ["7d"],
        "2026-03-30": ["1d"],
        "2026-03-31": ["0d"],
    }
    assert [str(lead) for lead in due_leads(closing, date(2026, 2, 28))] == ["31d", "1m"]
    assert [str(lead) for lead in due_leads(closing, date(2026, 4, 1))] == []
    assert [str(lead) for lead in due_leads(closing, date(2025, 3, 31))] == ["365d", "12m"]
    assert due_leads(closing, date(2024, 3, 31)) == ()


def test_nothing_is_due_of_what_is_cancelled_or_not_published() -> None:
    for hidden in ({"cancelled": True}, {"published": False}):
        assert due_leads(step("closing", (2569, 3, 31), **hidden), date(2026, 3, 30)) == ()


@given(st.dates(date(1960, 1, 1), date(2100, 12, 31)), st.integers(0, 366))
def test_every_day_of_the_year_before_has_exactly_one_lead_time_in_days(day: date, ahead: int) -> None:
    closing = step("closing", (day.year + 543, day.month, day.day))
    today = day - timedelta(days=ahead)
    due = due_leads(closing, today)
    assert [lead.count for lead in due if lead.unit == "d"] == ([ahead] if ahead <= 365 else [])
    assert all(lead.before(day) == today for lead in due)


# -- whom it concerns ----------------------------------------------------------------------------------------------


def test_a_milestone_of_a_branch_concerns_what_is_above_and_below_it_and_no_other(blank: Round) -> None:
    service = step("closing", (2569, 4, 17), subjects=("service",))
    assert matching_subjects(service, blank) == {
        "awards",
        "service",
        "service.innovation",
        "service.expansion",
        "service.integration",
        "service.responsive",
        "service.facilitation",
        "service.agenda",
    }
    assert not applies_to(service, "pmqa.four", blank)
    assert covers(service, "service.agenda", blank)
    assert not covers(service, "awards", blank)


def test_the_closing_of_all_does_not_concern_what_closes_by_itself(blank: Round) -> None:
    everyone = step("closing", (2569, 3, 31))
    own = step("closing", (2569, 3, 13), id="own", subjects=("pmqa",))
    round_ = dated(blank, everyone, own)
    assert matching_subjects(everyone, round_) == {s for s in round_.subjects if not s.startswith("pmqa")}
    assert matching_subjects(own, round_) == {"awards", *(s for s in round_.subjects if s.startswith("pmqa"))}
    assert milestones(round_, "pmqa.four") == (own,)
    assert milestones(round_, "awards") == (own, everyone)
    # Once its own closing is withdrawn, that of all holds again.
    withdrawn = dated(blank, everyone, replace(own, cancelled=True))
    assert "pmqa.four" in matching_subjects(everyone, withdrawn)


def test_a_milestone_of_all_concerns_everyone_and_one_of_a_category_few(blank: Round) -> None:
    assert matching_subjects(step("opening", (2569, 2, 2)), blank) == set(blank.subjects)
    two = step("closing", (2569, 2, 2), subjects=("pmqa.four", "service.agenda"))
    assert matching_subjects(two, blank) == {"awards", "pmqa", "pmqa.four", "service", "service.agenda"}
    assert matching_subjects(Milestone("x", "best", "deadline", step("opening").source), blank) == {"awards", "best"}


# -- a round's calendar --------------------------------------------------------------------------------------------


def test_the_calendar_is_in_the_order_of_its_days_and_what_is_not_announced_comes_last(knowledge: Knowledge) -> None:
    assert ids(milestones(knowledge.rounds[2569])) == [
        "briefing",
        "opening",
        "closing.pmqa",
        "closing",
        "closing.service",
        "documents",
        "visits",
        "results",
        "ceremony",
        "other",
    ]
    assert ids(milestones(knowledge.rounds[2569], "best")) == [
        "briefing",
        "opening",
        "closing",
        "results",
        "ceremony",
        "other",
    ]
    assert ids(not_announced(knowledge.rounds[2569])) == ["other"]


def test_what_comes_and_what_is_over_make_up_all_that_is_dated(knowledge: Knowledge) -> None:
    round_ = knowledge.rounds[2569]
    today = date(2026, 6, 1)  # in the middle of the site visits
    assert ids(upcoming(round_, today)) == ["visits", "results", "ceremony"]
    assert ids(passed(round_, today)) == [
        "briefing",
        "opening",
        "closing.pmqa",
        "closing",
        "closing.service",
        "documents",
    ]
    assert ids(upcoming(round_, today, "best")) == ["results", "ceremony"]
    assert ids(upcoming(round_, date(2026, 3, 31), "best", time(17))) == ["results", "ceremony"]


@given(st.dates(date(2025, 10, 1), date(2026, 10, 31)))
def test_on_no_day_is_anything_lost(knowledge: Knowledge, today: date) -> None:
    round_ = knowledge.rounds[2569]
    told = [*passed(round_, today), *upcoming(round_, today), *not_announced(round_)]
    assert sorted(ids(told)) == sorted(ids(milestones(round_)))


def test_the_next_is_what_begins_next_or_ends_before_that(knowledge: Knowledge) -> None:
    round_ = knowledge.rounds[2569]
    expected = {
        date(2026, 1, 1): "briefing",
        date(2026, 1, 14): "briefing",
        date(2026, 3, 1): "closing.pmqa",
        date(2026, 5, 25): "visits",
        date(2026, 6, 12): "visits",  # ends, while results are still to come
        date(2026, 6, 13): "results",
        date(2026, 8, 20): "results",
        date(2026, 9, 1): "ceremony",
        date(2026, 9, 12): None,
    }
    found = {day: next_milestone(round_, day) for day in expected}
    assert {day: m and ids([m])[0] for day, m in found.items()} == expected
    mine = next_milestone(round_, date(2026, 3, 1), "participation.open")
    assert mine is not None
    assert mine.id == "2569.closing"


def test_a_long_span_does_not_hide_what_happens_within_it(blank: Round) -> None:
    steps = (step("opening", (2569, 2, 1), until=(2569, 4, 30)), step("briefing", (2569, 3, 5)))
    found = next_milestone(dated(blank, *steps), date(2026, 3, 1))
    assert found is not None
    assert found.id == "briefing"


def test_cancelled_milestones_neither_come_nor_pass(blank: Round) -> None:
    round_ = dated(blank, step("briefing", (2569, 1, 14), cancelled=True))
    assert ids(milestones(round_)) == ["briefing"]
    assert (upcoming(round_, date(2026, 1, 1)), passed(round_, date(2026, 2, 1))) == ((), ())
    assert next_milestone(round_, date(2026, 1, 1)) is None


@pytest.mark.parametrize(
    ("subject", "one", "all_"),
    [
        ("service.innovation", "closing.service", ["closing.service"]),
        ("pmqa", "closing.pmqa", ["closing.pmqa"]),
        ("participation.open", "closing", ["closing"]),
        ("best", "closing", ["closing"]),
        ("awards", "closing", ["closing.pmqa", "closing", "closing.service"]),
    ],
)
def test_the_closing_of_a_subject_is_that_of_the_nearest_that_has_one(
    knowledge: Knowledge, subject: str, one: str, all_: list[str]
) -> None:
    found = closing_of(knowledge.rounds[2569], subject)
    assert found is not None
    assert found.id == f"2569.{one}"
    assert ids(closings_of(knowledge.rounds[2569], subject)) == all_


def test_where_only_parts_have_a_closing_none_holds_for_the_whole(blank: Round) -> None:
    steps = (
        step("closing", (2569, 3, 1), id="a", subjects=("pmqa",)),
        step("closing", (2569, 3, 2), id="b", subjects=("service",)),
    )
    round_ = dated(blank, *steps)
    assert closing_of(round_, "awards") is None
    assert ids(closings_of(round_, "awards")) == ["a", "b"]
    assert closings_of(round_, "participation") == ()
    assert not is_closed(round_, "awards", date(2026, 3, 2))
    assert is_closed(round_, "awards", date(2026, 3, 3))
    assert not is_closed(round_, "participation", date(2026, 3, 3)), "nobody has said that it is"


def test_a_subject_is_closed_once_all_that_decides_it_is_over(knowledge: Knowledge) -> None:
    round_ = knowledge.rounds[2569]
    day = date(2026, 4, 1)
    closed = {subject for subject in round_.subjects if is_closed(round_, subject, day)}
    assert "service" not in closed
    assert "awards" not in closed, "บริการภาครัฐ is still open"
    assert {"pmqa", "pmqa.four", "best", "participation.open"} <= closed
    assert is_closed(round_, "awards", date(2026, 4, 18))
    assert not is_closed(round_, "service", date(2026, 4, 17), time(16, 29))
    assert is_closed(round_, "service", date(2026, 4, 17), time(16, 30))


def test_a_round_that_opens_again_is_open(blank: Round) -> None:
    steps = (step("opening", (2569, 2, 2)), step("closing", (2569, 3, 1)), step("opening", (2569, 6, 1), id="again"))
    round_ = dated(blank, *steps)
    assert is_closed(round_, "awards", date(2026, 5, 31))
    assert not is_closed(round_, "awards", date(2026, 6, 1))


def test_a_closing_that_is_cancelled_or_not_announced_closes_nothing(blank: Round) -> None:
    assert not is_closed(dated(blank, step("closing", (2569, 3, 1), cancelled=True)), "awards", date(2026, 5, 1))
    assert not is_closed(dated(blank, step("closing")), "awards", date(2026, 5, 1))


# -- all rounds ----------------------------------------------------------------------------------------------------


def test_the_round_that_is_open_or_comes_next(knowledge: Knowledge, blank: Round) -> None:
    expected = {
        date(2025, 6, 1): 2569,  # the next
        date(2026, 2, 2): 2569,
        date(2026, 4, 17): 2569,
        date(2026, 4, 18): None,  # closed, and no other round is announced
    }
    assert {day: open_or_next_round(knowledge, day) for day in expected} == expected
    assert open_or_next_round(load_knowledge(), date(2025, 6, 1)) is None, "its calendar knows of no application"
    older = dated(blank, step("opening", (2568, 2, 1)), step("closing", (2568, 3, 1)), year=2568)
    both = Knowledge({2568: older, 2569: knowledge.rounds[2569]})
    assert open_or_next_round(both, date(2025, 2, 15)) == 2568
    assert open_or_next_round(both, date(2025, 3, 2)) == 2569


@pytest.mark.parametrize(
    ("steps", "day", "year"),
    [
        ((step("opening", (2569, 2, 2)),), date(2026, 5, 1), 2569),  # nobody has said when it closes
        ((step("opening", (2569, 2, 2)), step("results", (2569, 4))), date(2026, 5, 1), None),
        ((step("opening", (2569, 2)),), date(2026, 2, 15), 2569),  # open, or about to be
        ((step("opening", (2569, 2)),), date(2026, 1, 15), 2569),
        ((step("opening", (2569, 2)),), date(2026, 3, 1), 2569),
        ((step("closing", (2569, 2, 2)),), date(2026, 1, 1), 2569),
        ((step("opening", (2569, 2, 2), cancelled=True),), date(2026, 1, 1), None),
        ((step("ceremony", (2569, 9, 1)),), date(2026, 1, 1), None),
    ],
)
def test_what_a_sparse_calendar_tells_of_the_round(
    blank: Round, steps: tuple[Milestone, ...], day: date, year: int | None
) -> None:
    assert open_or_next_round(Knowledge({2569: dated(blank, *steps)}), day) == year


# -- Thai words ----------------------------------------------------------------------------------------------------


def test_days_are_told_in_thai_with_their_buddhist_year() -> None:
    assert day_text(date(2025, 9, 12)) == "วันศุกร์ที่ 12 กันยายน 2568"
    assert short_day(date(2025, 9, 12)) == "12 ก.ย. 2568"
    assert date_text(MilestoneDate(2568, 9)) == "เดือนกันยายน 2568"
    assert date_text(MilestoneDate(2567, 2, 29)) == "วันพฤหัสบดีที่ 29 กุมภาพันธ์ 2567"
    assert [short_day(date(2026, month, 1)).split()[1] for month in range(1, 13)] == (
        ["ม.ค.", "ก.พ.", "มี.ค.", "เม.ย.", "พ.ค.", "มิ.ย.", "ก.ค.", "ส.ค.", "ก.ย.", "ต.ค.", "พ.ย.", "ธ.ค."]
    )


@pytest.mark.parametrize(
    ("milestone", "text"),
    [
        (step("closing"), "ยังไม่ประกาศ"),
        (step("closing", (2569, 8)), "เดือนสิงหาคม 2569"),
        (step("closing", (2569, 3, 31)), "วันอังคารที่ 31 มีนาคม 2569"),
        (step("closing", (2569, 3, 31), time="16:30"), "วันอังคารที่ 31 มีนาคม 2569 เวลา 16.30 น."),
        (step("closing", (2569, 3, 1), until=(2569, 3, 15)), "1–15 มีนาคม 2569"),
        (step("closing", (2569, 2, 28), until=(2569, 3, 3)), "28 กุมภาพันธ์ – 3 มีนาคม 2569"),
        (step("closing", (2568, 12, 28), until=(2569, 1, 3)), "28 ธันวาคม 2568 – 3 มกราคม 2569"),
        (step("closing", (2568, 3, 28), until=(2569, 3, 3)), "28 มีนาคม 2568 – 3 มีนาคม 2569"),
        (step("closing", (2569, 3, 1), until=(2569, 3, 1)), "วันอาทิตย์ที่ 1 มีนาคม 2569"),
        (step("closing", (2569, 3, 1), until=(2569, 3, 2), time="09:00"), "1–2 มีนาคม 2569 เวลา 09.00 น."),
    ],
)
def test_when_a_milestone_is(milestone: Milestone, text: str) -> None:
    assert when_text(milestone) == text


@given(DAYS, st.integers(0, 800))
def test_a_span_names_both_its_days_and_no_gregorian_year(first: date, length: int) -> None:
    last = first + timedelta(days=length)
    text = span_text(first, last)
    assert str(last.year + 543) in text
    assert f"{last.day} " in text
    assert str(first.day) in text
    assert (str(first.year + 543) in text) or first.year == last.year
