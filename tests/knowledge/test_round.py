"""What the content of the 2568 round must hold, and what it must never say."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

import pytest
import regex

from knowledge.loader import load_knowledge
from knowledge.model import Certainty, Condition, Entry, Example, Gap, Milestone, Round, Text

THAI_MONTHS = "มกราคม|กุมภาพันธ์|มีนาคม|เมษายน|พฤษภาคม|มิถุนายน|กรกฎาคม|สิงหาคม|กันยายน|ตุลาคม|พฤศจิกายน|ธันวาคม"
SHORT_MONTHS = r"ม\.ค\.|ก\.พ\.(?!ร)|มี\.ค\.|เม\.ย\.|พ\.ค\.|มิ\.ย\.|ก\.ค\.|ส\.ค\.|ก\.ย\.|ต\.ค\.|พ\.ย\.|ธ\.ค\."
A_DAY = regex.compile(rf"\d{{1,2}}\s*(?:{THAI_MONTHS}|{SHORT_MONTHS})|\d{{1,2}}/\d{{1,2}}/\d{{2,4}}")
A_MONTH = regex.compile(rf"{THAI_MONTHS}|{SHORT_MONTHS}")
DATA_CUT_OFF = regex.compile(r"ณ\s*(?:วันที่\s*)?$")
A_PHONE_NUMBER = regex.compile(r"0-?\d{4}-?\d{4}|0\d-\d{3}-?\d{4}")
POLITE_PARTICLE = regex.compile(r"ค่ะ|ครับ|นะคะ")


@pytest.fixture(scope="module")
def year() -> Round:
    return load_knowledge().rounds[2568]


def shown(entry: Entry) -> Iterator[str]:
    """Every text of an entry that staff can read."""
    yield entry.caution
    if isinstance(entry, Text):
        yield from (entry.gist, entry.text, *entry.items)
    elif isinstance(entry, Condition):
        yield from (entry.label, entry.text)
    elif isinstance(entry, Gap):
        yield entry.text
    elif isinstance(entry, Milestone):
        yield from (entry.name, entry.place, entry.note)
    elif isinstance(entry, Example):
        yield from (entry.title, entry.label, entry.summary)
        for figure in entry.figures:
            yield from (figure.label, figure.text, figure.caution)


def published(year: Round) -> Iterator[tuple[Entry, str]]:
    for entry in year.entries:
        if entry.published:
            for text in shown(entry):
                yield entry, text


def test_every_topic_is_answered_by_an_entry_and_has_enough_phrasings(year: Round) -> None:
    used = {entry.topic for entry in year.entries if entry.published}
    assert {key for key in year.topics if key not in used} == set()
    few_or_many = {key: len(t.phrasings) for key, t in year.topics.items() if not 20 <= len(t.phrasings) <= 28}
    assert few_or_many == {}


def test_an_entry_that_is_asked_for_by_itself_has_enough_phrasings(year: Round) -> None:
    asked: dict[str, tuple[str, ...]] = {
        e.id: e.phrasings for e in year.entries if e.published and isinstance(e, Condition | Gap | Milestone)
    }
    asked |= {f.id: f.phrasings for e in year.entries if isinstance(e, Example) for f in e.figures}
    assert {key: len(texts) for key, texts in asked.items() if len(texts) < 6} == {}


def test_all_phrasings_of_a_round_can_be_learnt_in_seconds(year: Round) -> None:
    texts = [p for topic in year.topics.values() for p in topic.phrasings]
    texts += [p for e in year.entries for p in e.phrasings]
    texts += [p for e in year.entries if isinstance(e, Example) for f in e.figures for p in f.phrasings]
    assert 3000 < len(texts) < 5500


def test_an_entry_with_a_topic_is_not_asked_for_by_what_any_subject_is_asked(year: Round) -> None:
    general = {"คืออะไร", "หมายถึงอะไร", "อธิบายหน่อย", "เงื่อนไขคืออะไร", "เงื่อนไขมีอะไรบ้าง", "มีเงื่อนไขอะไร", "มีอะไรบ้าง"}
    assert [e.id for e in year.entries if e.topic and general & set(e.phrasings)] == []


def test_no_entry_takes_a_wording_of_another_topic(year: Round) -> None:
    owners = {p: key for key, topic in year.topics.items() for p in topic.phrasings}
    taken = [(e.id, p) for e in year.entries for p in e.phrasings if owners.get(p, e.topic) != e.topic]
    # An award that has kinds of its own is asked for them as a branch is for its categories.
    assert {key for key, _ in taken} <= {"participation.expanded.kinds"}


def test_an_entry_has_the_attribute_of_its_topic(year: Round) -> None:
    odd = [e.id for e in year.entries if e.topic and e.attribute != year.topics[e.topic].attribute]
    assert odd == []


def test_no_phrasing_of_a_topic_names_a_subject_or_stands_under_two_topics(year: Round) -> None:
    names = {subject.name for subject in year.subjects.values()}
    named = [p for topic in year.topics.values() for p in topic.phrasings if any(name in p for name in names)]
    assert named == []
    counted = Counter(p for topic in year.topics.values() for p in topic.phrasings)
    assert [p for p, count in counted.items() if count > 1] == []


def test_every_way_out_of_an_ambiguity_is_a_question_of_its_own(year: Round) -> None:
    assert year.ambiguities
    asked_back = {p for ambiguity in year.ambiguities for p in ambiguity.phrasings}
    for ambiguity in year.ambiguities:
        questions = [option.question for option in ambiguity.options]
        assert len(set(questions)) == len(questions) >= 2
        assert all(question.strip() and question not in asked_back for question in questions)


def test_every_label_fits_a_button(year: Round) -> None:
    labels = [option.label for ambiguity in year.ambiguities for option in ambiguity.options]
    labels += [subject.label for subject in year.subjects.values()]
    labels += [e.label for e in year.entries if isinstance(e, Condition | Example)]
    labels += [figure.label for e in year.entries if isinstance(e, Example) for figure in e.figures]
    assert [label for label in labels if not 1 <= len(regex.findall(r"\X", label)) <= 20] == []


def test_labels_of_one_subjects_conditions_differ(year: Round) -> None:
    counted = Counter((e.subject, e.label) for e in year.entries if isinstance(e, Condition))
    assert [label for label, count in counted.items() if count > 1] == []


def test_figures_are_named_once_in_the_whole_round(year: Round) -> None:
    counted = Counter(figure.id for e in year.entries if isinstance(e, Example) for figure in e.figures)
    assert [name for name, count in counted.items() if count > 1] == []


def test_the_only_announced_day_is_the_ceremony(year: Round) -> None:
    milestones = [e for e in year.entries if isinstance(e, Milestone) and e.published and e.date]
    assert [(m.id, m.date.year, m.date.month, m.date.day) for m in milestones if m.date] == [
        ("awards.ceremony", 2568, 9, 12)
    ]
    assert milestones[0].source.lines == "53-54"
    assert milestones[0].source.urls
    assert milestones[0].certainty is not Certainty.CERTAIN, "the slides give only the month"


def test_no_text_states_a_day_but_the_day_of_an_examples_data(year: Round) -> None:
    found = [
        (entry.id, text)
        for entry, text in published(year)
        for day in A_DAY.finditer(text)
        if not (isinstance(entry, Example) and DATA_CUT_OFF.search(text[: day.start()]))
    ]
    assert found == []


def test_the_yearly_rhythm_of_earlier_rounds_is_not_told(year: Round) -> None:
    told = [
        (entry.id, text)
        for entry, text in published(year)
        if A_MONTH.search(text) and not isinstance(entry, Example | Milestone)
    ]
    assert told == []


def test_the_telephone_number_waits_for_an_administrator(year: Round) -> None:
    numbers = [e for e in year.entries if any(A_PHONE_NUMBER.search(text) for text in shown(e))]
    assert [(e.id, e.published, e.certainty) for e in numbers] == [
        ("awards.phone_unconfirmed", False, Certainty.TO_CONFIRM)
    ]


@pytest.mark.parametrize("attribute", ["deadline", "documents", "apply", "scoring", "contact"])
def test_what_the_slides_leave_out_is_said_to_be_unknown(year: Round, attribute: str) -> None:
    unknown = [e for e in year.of("awards", attribute) if isinstance(e, Gap)]
    assert unknown
    assert all("ไม่มี" in e.text or "ไม่ได้" in e.text for e in unknown)
    assert not [e for e in year.of("awards", attribute) if isinstance(e, Text | Condition)]


def test_what_comes_only_from_public_pages_carries_a_caution(year: Round) -> None:
    bare = [
        e.id
        for e in year.entries
        if not isinstance(e, Gap) and e.source.urls and (e.certainty is Certainty.CERTAIN or not e.caution)
    ]
    assert bare == []


def test_texts_leave_the_particle_to_whoever_shows_them(year: Round) -> None:
    assert [(entry.id, text) for entry, text in published(year) if POLITE_PARTICLE.search(text)] == []


def test_the_first_line_of_an_answer_stays_short(year: Round) -> None:
    gists = {e.id: len(regex.findall(r"\X", e.gist)) for e in year.entries if isinstance(e, Text)}
    assert {key: length for key, length in gists.items() if length > 90} == {}


def test_a_duration_is_demanded_of_four_categories_only(year: Round) -> None:
    demanded = {e.subject for e in year.entries if isinstance(e, Condition) and e.topic == "duration"}
    assert demanded == {
        "service.innovation",
        "service.integration",
        "participation.effective",
        "participation.expanded",
    }


def test_expansion_alone_is_ambiguous(year: Round) -> None:
    assert {s.key for s in year.subjects.values() if "ขยายผล" in s.aliases} == {
        "service.expansion",
        "participation.expanded",
    }


def test_the_service_branch_is_not_the_branch_award(year: Round) -> None:
    assert not [a for a in year.subjects["branch"].aliases if "บริการ" in a or "มีส่วนร่วม" in a]


@pytest.mark.parametrize(
    ("example", "figures"),
    [
        ("participation.open.trade_index", ["500,000", "20,000"]),
        ("participation.effective.ohpoi_market", ["144,897", "44.28", "39 ล้าน", "44.44"]),
        (
            "participation.expanded.community_welfare",
            ["43,998", "16 แห่ง", "20 พื้นที่", "87", "57", "6 แห่ง", "118", "37", "22", "5.8", "26,619", "9,432", "7.9"],
        ),
    ],
)
def test_the_participation_examples_hold_every_figure_of_the_slides(
    year: Round, example: str, figures: list[str]
) -> None:
    work = next(e for e in year.entries if e.id == example)
    told = " ".join(shown(work))
    assert [figure for figure in figures if figure not in told] == []
