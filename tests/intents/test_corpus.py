"""What a wording asks for, by phrasings that are fitted."""

from __future__ import annotations

import pytest

from intents.corpus import Corpus
from intents.features import Features
from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, Phrasing
from intents.ranking import Ranker
from tests.intents.spaced import SPACED

ROWS = [
    Phrasing("เงื่อนไข อะไร", "conditions"),
    Phrasing("ต้อง กี่ปี", "conditions:duration", "a.duration"),
    Phrasing("ตัวอย่าง อะไร", "examples", "a.work", "a.work.days"),
    Phrasing("วัน ไหน", "deadline"),
    Phrasing("เดือน ไหน", "deadline"),
    Phrasing("ทดสอบ หน่อย", "!quiz"),
    Phrasing("ราคา ทอง", OUT_OF_SCOPE),
]


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    texts = [row.text for row in ROWS]
    features = Features.fit(texts, SPACED)
    ranker = Ranker.fit(features, features.of(texts), [row.label for row in ROWS])
    return Corpus(ROWS, ranker, {"quiz": "quiz"})


def test_known_words_weigh_by_rarity_and_strangers_teach_none(corpus: Corpus) -> None:
    def share(text: str) -> float:
        return corpus.known_share(text.split())

    assert share("เงื่อนไข อะไร") == 1.0
    assert share("ราคา ทอง") == 0.0
    assert 0 < share("อะไร ทอง") < share("เงื่อนไข ทอง") < 1
    assert share("") == share(SUBJECT_MARK) == 1.0


def test_a_label_says_its_attribute_its_topic_or_its_command(corpus: Corpus) -> None:
    duration, command = corpus.read("ต้อง กี่ปี"), corpus.read("ทดสอบ")
    assert max(duration.attributes, key=lambda key: duration.attributes[key]) == "conditions"
    assert duration.topics["duration"] > duration.general["conditions"]
    assert duration.attributes["conditions"] == pytest.approx(
        duration.topics["duration"] + duration.general["conditions"]
    )
    assert command.commands["quiz"] == pytest.approx(command.attributes["quiz"])
    assert sum(command.attributes.values()) == pytest.approx(1.0, abs=1e-5)


def test_an_entry_and_its_figure_are_as_like_as_their_nearest_phrasing(corpus: Corpus) -> None:
    read = corpus.read("ตัวอย่าง")
    assert read.likeness["a.work"] == read.likeness["a.work.days"] == pytest.approx(float(read.cosines[2]))
    assert "a.duration" not in read.likeness


def test_likeness_to_strangers_is_told_apart(corpus: Corpus) -> None:
    ours, strange = corpus.read("วัน ไหน"), corpus.read("ราคา ทอง")
    assert ours.likeness_to_ours == pytest.approx(1.0, abs=1e-5)
    assert strange.likeness_to_strangers == pytest.approx(1.0, abs=1e-5)
    assert ours.likeness_to_strangers < 0.3
    assert strange.likeness_to_ours < 0.3


def test_the_nearest_phrasings_come_best_first(corpus: Corpus) -> None:
    found = list(corpus.nearest("เดือน ไหน", 2))
    assert [row.text for row, _ in found] == ["เดือน ไหน", "วัน ไหน"]
    assert found[0][1] == pytest.approx(1.0, abs=1e-5)
