"""What labelled questions have to teach: the misread ones, unless all other phrasings speak against them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import pytest

from intents.corpus import Corpus
from intents.evaluation import Labelled
from intents.features import Features
from intents.fitted import Material, left_out
from intents.lessons import Lesson, misread, spoken_for
from intents.matcher import Matcher
from intents.phrasebook import Phrasing
from intents.ranking import Ranker

TODAY = date(2025, 6, 1)
COMMANDS = {"thanks": "smalltalk"}


def labelled(
    question: str, attributes: Sequence[str], statuses: Sequence[str] = ("answered",), conversation: str | None = None
) -> Labelled:
    return Labelled(2, question, (frozenset({"awards"}),), tuple(attributes), tuple(statuses), (), conversation)


def lessons(matcher: Matcher, *rows: Labelled) -> list[tuple[str, str]]:
    return [(lesson.text, lesson.attribute) for lesson in misread("a.tsv", rows, matcher, TODAY)]


ODD = "ฟิ้วฟ้าวเงื่อนยำพิกล ปี 2568"


def test_what_is_misread_is_a_lesson_with_its_names_and_years_marked(matcher: Matcher) -> None:
    assert lessons(matcher, labelled(f"{ODD} นวัตกรรมบริการ", ["scoring"])) == [("ฟิ้วฟ้าวเงื่อนยำพิกล ปี 2568 {s}", "scoring")]
    (lesson,) = misread("a.tsv", [labelled(ODD, ["scoring"])], matcher, TODAY)
    assert (lesson.file, lesson.line) == ("a.tsv", 2)


def test_what_is_read_right_already_teaches_nothing(matcher: Matcher) -> None:
    assert lessons(matcher, labelled("เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง", ["conditions"])) == []


@pytest.mark.parametrize(
    "row",
    [
        # Commands: a phrasing of one says which.
        labelled(ODD, ["smalltalk"], ["command"]),
        # A work that is told of is read from its facts.
        labelled(ODD, ["recommend", "quiz", "conditions"]),
        # Too little to go by, in a conversation more than alone.
        labelled("นวัตกรรมบริการ", ["scoring"]),
        labelled("อันแรก ฟิ้วฟ้าว", ["scoring"], conversation="c"),
        # Refused or not, both are right.
        labelled(ODD, ["out_of_scope", "scoring"], ["out_of_scope", "answered"]),
        # The name of another award says by itself that it is none of ours.
        labelled("ฟิ้วฟ้าวเงื่อนยำพิกล UNPSA", ["out_of_scope"], ["out_of_scope"]),
    ],
)
def test_what_has_nothing_to_teach(matcher: Matcher, row: Labelled) -> None:
    assert lessons(matcher, row) == []


def test_a_follow_up_teaches_without_the_words_that_tie_it(matcher: Matcher) -> None:
    assert lessons(matcher, labelled(f"แล้ว{ODD}ล่ะ", ["scoring"], conversation="c")) == [(ODD, "scoring")]


DATES = ["ปิดรับวันไหน", "ปิดรับเมื่อไหร่", "หมดเขตวันไหน", "เปิดรับวันไหน", "เปิดรับเมื่อไหร่", "หมดเขตเมื่อไหร่"]
FORMS = ["ขอแบบฟอร์ม", "แบบฟอร์มอยู่ไหน", "ใบสมัครอยู่ไหน", "ขอใบสมัคร", "โหลดแบบฟอร์มตรงไหน", "โหลดใบสมัครตรงไหน"]
THANKS = ["ขอบคุณ", "ขอบคุณมาก", "ขอบใจ", "ขอบใจมาก", "ขอบคุณจ้า", "ขอบใจจ้า"]


class _Letters:
    """Splits texts between letters: enough for a ranker of few texts."""

    def words(self, text: str) -> list[str]:
        return list(text)


@pytest.fixture(scope="module")
def few() -> Material:
    labels = {"deadline": DATES, "documents": FORMS, "!thanks": THANKS}
    phrasings = tuple(Phrasing(text, label) for label, texts in labels.items() for text in texts)
    return Material(phrasings, lambda text: text, _Letters(), (), COMMANDS)


def test_left_out_a_phrasing_is_told_by_the_others(few: Material) -> None:
    contrary = replace(few, phrasings=(*few.phrasings, Phrasing("เปิดรับวันไหนล่ะ", "documents")))
    probable = left_out(contrary)
    assert set(probable) == set(range(len(contrary.phrasings)))
    assert all(0 <= p <= 1 for p in probable.values())
    agreed = [probable[place] for place in range(len(few.phrasings))]
    assert sum(p > 0.5 for p in agreed) >= len(agreed) - 2
    assert probable[len(few.phrasings)] < min(agreed)


def test_a_command_is_told_by_its_attribute(few: Material) -> None:
    other = replace(few, phrasings=(*few.phrasings, Phrasing("ขอบคุณขอบใจ", "smalltalk")))
    assert left_out(other)[len(few.phrasings)] > 0.5


def test_what_all_others_speak_against_is_no_lesson(few: Material) -> None:
    given = [
        Lesson("ขอแบบฟอร์มอยู่ไหนน้า", "documents", "a.tsv", 2),
        Lesson("เปิดรับวันไหนเมื่อไหร่", "documents", "a.tsv", 3),
        Lesson("ปิดรับวันไหน", "documents", "a.tsv", 4),
        Lesson("ขอแบบฟอร์มอยู่ไหนน้า", "documents", "a.tsv", 5),
    ]
    kept = list(spoken_for(given, few))
    assert [(lesson.text, lesson.line) for lesson in kept] == [("ขอแบบฟอร์มอยู่ไหนน้า", 5)]
    assert kept[0].probability > 0.5


def test_the_ranker_left_out_and_fitted_have_the_same_labels(few: Material) -> None:
    texts = [row.text for row in few.phrasings]
    features = Features.fit(texts, _Letters())
    labels = [row.label for row in few.phrasings]
    names, probabilities = Ranker.left_out(features, features.of(texts), labels)
    ranker = Ranker.fit(features, features.of(texts), labels)
    assert names == ranker.labels
    assert probabilities.shape == (len(texts), len(names))
    assert probabilities.sum(axis=1) == pytest.approx(1, abs=1e-4)
    fitted = Corpus(few.phrasings, ranker, COMMANDS).read("ปิดรับวันไหน").attributes["deadline"]
    assert fitted > probabilities[0, names.index("deadline")]
