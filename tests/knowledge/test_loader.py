"""Each kind of mistake in a content file is named by file, entry, problem and fix; all are found in one go."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge.loader import ContentError, Problem, load_knowledge
from knowledge.model import SUBJECT_KEYS, Certainty, Condition, Example, Gap, Milestone, MilestoneDate, Source, Text

Change = Callable[[dict[str, Any]], object]

ROUND = {
    "year": 2568,
    "name": "รางวัลเลิศรัฐ",
    "slides": "สไลด์ชี้แจง",
    "topics": {"duration": {"name": "ระยะเวลา", "attribute": "conditions", "phrasings": ["ต้องทำมากี่ปี"]}},
    "ambiguities": [
        {
            "id": "which_count",
            "phrasings": ["มีกี่หมวด"],
            "ask": "หมายถึงเรื่องไหน",
            "subject": "awards",
            "attribute": "definition",
            "options": [{"label": "ก", "question": "ถาม ก"}, {"label": "ข", "question": "ถาม ข"}],
        }
    ],
}

FACTS = {
    "facts": {
        "months": {"type": "number", "unit": "months", "label": "ระยะเวลา", "most": 100},
        "won": {"type": "bool", "label": "เคยได้รางวัล"},
        "won_in": {"type": "year", "label": "ปีที่ได้", "parent": "won"},
        "begun_in": {"type": "year", "label": "ปีที่เริ่ม", "parent": "won"},
        "level": {"type": "choice", "label": "ระดับ", "choices": [{"value": "good", "label": "ดี"}]},
        "areas": {"type": "set", "label": "ด้าน", "choices": [{"value": "society", "label": "สังคม"}]},
    },
    "questions": [
        {"id": name, "ask": "ถาม", "facts": [name], "answers": [{"label": "ไม่ทราบ", "facts": {}}]}
        for name in ("months", "won", "won_in", "begun_in", "level", "areas")
    ],
}


def _subject(key: str) -> dict[str, Any]:
    """A subject file with one entry of each kind."""
    file: dict[str, Any] = {
        "subject": key,
        "name": f"ชื่อ {key}",
        "label": "ป้าย",
        "aliases": ["ชื่อเล่น"],
        "texts": [
            {"id": f"{key}.definition", "attribute": "definition", "gist": "คือรางวัล", "source": {"lines": "3-47"}}
        ],
        "conditions": [
            {
                "id": f"{key}.duration",
                "label": "ระยะเวลา",
                "text": "ต้องทำมาแล้ว",
                "topic": "duration",
                "source": {"lines": "98", "urls": ["https://example.go.th/a?p=1"]},
                "phrasings": ["กี่ปี"],
            }
        ],
        "examples": [
            {
                "id": f"{key}.work",
                "title": "ผลงาน",
                "label": "ผลงาน",
                "year": 2567,
                "summary": "สรุป",
                "source": {"lines": "161-180"},
                "figures": [{"id": "staff", "label": "คน", "text": "ลดคน", "source": {"lines": "168"}}],
            }
        ],
        "gaps": [
            {"id": f"{key}.gap", "attribute": "conditions", "text": "ไม่ได้ระบุ", "question": "ถามใคร", "source": {}}
        ],
        "milestones": [
            {"id": f"{key}.open", "kind": "opening", "name": "เปิดรับสมัคร", "source": {}},
            {
                "id": f"{key}.ceremony",
                "kind": "ceremony",
                "name": "มอบรางวัล",
                "date": {"year": 2568, "month": 9},
                "source": {"lines": "53-54"},
            },
        ],
    }
    if key != "awards":
        file["parent"] = key.rpartition(".")[0] or "awards"
    return file


def _dumped(value: object) -> str:
    return yaml.safe_dump(value, allow_unicode=True, sort_keys=False)


def _write(path: Path, value: object) -> None:
    path.write_text(_dumped(value), encoding="utf-8")


@pytest.fixture(scope="module")
def faultless() -> dict[str, str]:
    """The text of each file of a round without mistakes."""
    shared = {"round.yaml": _dumped(ROUND), "facts.yaml": _dumped(FACTS)}
    return shared | {f"{key}.yaml": _dumped(_subject(key)) for key in SUBJECT_KEYS}


@pytest.fixture
def content(tmp_path: Path, faultless: dict[str, str]) -> Path:
    """A directory with one faultless round."""
    folder = tmp_path / "2568"
    folder.mkdir()
    for name, text in faultless.items():
        (folder / name).write_text(text, encoding="utf-8")
    return tmp_path


def _problems(content: Path) -> tuple[Problem, ...]:
    with pytest.raises(ContentError) as caught:
        load_knowledge(content)
    return caught.value.problems


def _changed(content: Path, name: str, change: Change) -> tuple[Problem, ...]:
    path = content / "2568" / name
    value = yaml.safe_load(path.read_text(encoding="utf-8"))
    change(value)
    _write(path, value)
    return _problems(content)


def _set(path: list[Any], value: object) -> Change:
    def change(root: Any) -> None:
        for step in path[:-1]:
            root = root[step]
        root[path[-1]] = value

    return change


def _drop(path: list[Any]) -> Change:
    def change(root: Any) -> None:
        for step in path[:-1]:
            root = root[step]
        del root[path[-1]]

    return change


def test_a_faultless_round_becomes_the_frozen_values(content: Path) -> None:
    award_round = load_knowledge(content).newest
    assert tuple(award_round.subjects) == SUBJECT_KEYS
    assert award_round.subjects["service.innovation"].parent == "service"
    assert award_round.subjects["awards"].parent is None
    kinds = [type(entry) for entry in award_round.entries if entry.subject == "best"]
    assert kinds == [Text, Condition, Example, Gap, Milestone, Milestone]
    condition = award_round.of("best", "conditions")[0]
    assert isinstance(condition, Condition)
    assert condition.source == Source("98", ("https://example.go.th/a?p=1",))
    assert condition.certainty is Certainty.CERTAIN
    assert condition.phrasings == ("กี่ปี",)
    example = award_round.of("best", "examples")[0]
    assert isinstance(example, Example)
    assert example.figures[0].source == Source("168")
    opening, ceremony = award_round.of("best", "deadline")
    assert isinstance(opening, Milestone)
    assert opening.date is None
    assert isinstance(ceremony, Milestone)
    assert ceremony.date == MilestoneDate(2568, 9)
    assert award_round.topics["duration"].phrasings == ("ต้องทำมากี่ปี",)
    assert award_round.ambiguities[0].options[1].question == "ถาม ข"


def test_a_gap_is_to_confirm_and_needs_no_caution(content: Path) -> None:
    gap = next(entry for entry in load_knowledge(content).newest.entries if isinstance(entry, Gap))
    assert (gap.certainty, gap.caution, gap.source) == (Certainty.TO_CONFIRM, "", Source())


FILE = "service.innovation.yaml"
CONDITION = "service.innovation.duration"


@pytest.mark.parametrize(
    ("change", "entry", "problem", "fix"),
    [
        (_set(["alias"], ["ก"]), "alias", "unknown key 'alias'", "did you mean 'aliases'?"),
        (_set(["conditions", 0, "labell"], "ก"), CONDITION, "unknown key 'labell'", "did you mean 'label'?"),
        (_set(["conditions", 0, "attribute"], "advice"), CONDITION, "unknown key 'attribute'", "use one of: "),
        (_drop(["name"]), "name", "the key 'name' is missing", "add 'name:'"),
        (_drop(["conditions", 0, "text"]), CONDITION, "the key 'text' is missing", "add 'text:'"),
        (_drop(["gaps", 0, "question"]), "service.innovation.gap", "the key 'question' is missing", "add 'question:'"),
        (_set(["conditions", 0, "source", "lines"], 98), CONDITION, "'source.lines' should be text", "in quotes"),
        (_set(["conditions", 0, "phrasings"], "กี่ปี"), CONDITION, "'phrasings' should be a list, found text", "- item"),
        (_set(["conditions", 0, "published"], "yes"), CONDITION, "should be true or false", "without quotes"),
        (_set(["conditions", 0], "กี่ปี"), "conditions", "should be a group of keys", "'key: value'"),
        (_set(["aliases"], None), "aliases", "should be a list, found nothing", "[a, b]"),
        (_set(["subject"], "service.inovation"), "subject", "unknown subject", "did you mean 'service.innovation'?"),
        (_set(["parent"], "servise"), "parent", "unknown subject 'servise'", "did you mean 'service'?"),
        (_set(["parent"], "participation"), "parent", "the parent of 'service.innovation' is", "'parent: service'"),
        (_set(["texts", 0, "attribute"], "definitions"), ".definition", "unknown attribute", "mean 'definition'?"),
        (_set(["conditions", 0, "topic"], "durations"), CONDITION, "unknown topic 'durations'", "mean 'duration'?"),
        (
            _set(["conditions", 0, "certainty"], "unsure"),
            CONDITION,
            "unknown certainty 'unsure'",
            "use one of: certain",
        ),
        (_set(["conditions", 0, "certainty"], "to_confirm"), CONDITION, "has no caution", "add 'caution'"),
        (_set(["examples", 0, "figures", 0, "certainty"], "uncertain"), "work / staff", "no caution", "add 'caution'"),
        (_set(["conditions", 0, "id"], "service.innovation.gap"), "innovation.gap", "stands twice", "another id"),
        (_set(["conditions", 0, "id"], "best.duration"), "best.duration", "also in best.yaml", "another id"),
        (_set(["conditions", 0, "id"], "ระยะเวลา"), "ระยะเวลา", "the id 'ระยะเวลา' is malformed", "Latin letters"),
        (_set(["label"], "ก" * 21), "label", "has 21 characters", "shorten it to at most 20"),
        (_set(["conditions", 0, "label"], "ที่" * 21), CONDITION, "has 21 characters", "shorten it"),
        (_set(["conditions", 0, "source"], {}), CONDITION, "the source is empty", "give lines"),
        (_set(["conditions", 0, "source", "lines"], "L98"), CONDITION, "source lines 'L98' are malformed", "95-98"),
        (_set(["conditions", 0, "source", "lines"], "98-95"), CONDITION, "'98-95' are malformed", "95-98"),
        (_set(["conditions", 0, "source", "lines"], "27-34;"), CONDITION, "'27-34;' are malformed", "27-34;66-90"),
        (_set(["conditions", 0, "source", "urls"], ["opdc.go.th"]), CONDITION, "is not a web address", "https://"),
        (_set(["conditions", 0, "source", "urls"], ["https://["]), CONDITION, "is not a web address", "https://"),
        (_set(["conditions", 0, "source", "urls"], ["https://a b.go.th"]), CONDITION, "not a web address", "https://"),
        (_set(["examples", 0, "year"], 2024), ".work", "2024 is not a year of the Buddhist Era", "write 2567"),
        (_set(["examples", 0, "year"], 25670), ".work", "25670 is not a year", "from 2500 to 2700"),
        (_set(["milestones", 1, "date", "month"], 13), ".ceremony", "there is no month 13", "from 1 to 12"),
        (
            _set(["milestones", 1, "date"], {"year": 2568, "month": 2, "day": 31}),
            ".ceremony",
            "month 2 of 2568 has no day 31",
            "correct the day",
        ),
        (_set(["milestones", 1, "date", "year"], 2025), ".ceremony", "2025 is not a year", "write 2568"),
        (_set(["conditions", 0, "text"], "  "), CONDITION, "'text' is empty", "write it"),
        (_set(["conditions", 0, "phrasings", 0], ""), CONDITION, "'phrasings.1' is empty", "write it"),
    ],
)
def test_a_mistake_in_a_subject_file_is_named(
    content: Path, change: Change, entry: str, problem: str, fix: str
) -> None:
    found = [p for p in _changed(content, FILE, change) if problem in p.problem]
    assert len(found) == 1
    assert found[0].file == f"2568/{FILE}"
    assert entry in found[0].entry
    assert fix in found[0].fix


@pytest.mark.parametrize(
    ("change", "entry", "problem", "fix"),
    [
        (_set(["topics", "duration", "atribute"], "x"), "topics.duration", "unknown key 'atribute'", "'attribute'?"),
        (_set(["topics", "duration", "attribute"], "x"), "topics.duration", "unknown attribute 'x'", "use one of"),
        (_set(["ambiguities", 0, "subject"], "award"), "which_count", "unknown subject 'award'", "'awards'?"),
        (_set(["ambiguities", 0, "options"], []), "which_count", "'options' has too few items", "at least 2"),
        (_set(["ambiguities", 0, "options", 0, "label"], "ก" * 30), "which_count", "30 characters", "at most 20"),
        (_set(["year"], 2569), "year", "the year 2569 is not that of the directory '2568'", "directory 2569"),
        (_drop(["slides"]), "slides", "the key 'slides' is missing", "add 'slides:'"),
    ],
)
def test_a_mistake_in_round_yaml_is_named(content: Path, change: Change, entry: str, problem: str, fix: str) -> None:
    found = [p for p in _changed(content, "round.yaml", change) if problem in p.problem]
    assert len(found) == 1
    assert found[0].file == "2568/round.yaml"
    assert entry in found[0].entry
    assert fix in found[0].fix


@pytest.mark.parametrize(
    ("raw", "problem", "fix"),
    [
        (b"subject: best\nname: [a\nlabel: b\n", "line 3: ", "near that line"),
        (b"subject: best\nname: a\nname: b\n", "line 3: the key 'name' stands twice", "keep one"),
        ("name: ก\nlabel: ".encode() + b"\xe0\xb8", "line 2 is not UTF-8", "save the file as UTF-8"),
        (b"name: \x01\n", "not YAML that can be read", "correct the YAML"),
        (b"year: 2568-13-45\n", "not YAML that can be read", "correct the YAML"),
        (b"[" * 100_000, "not YAML that can be read", "correct the YAML"),
        (b"- a\n- b\n", "the file holds no keys", "'key: value'"),
        (b"", "the file holds no keys", "'key: value'"),
    ],
)
def test_a_file_that_is_not_good_yaml_is_named(content: Path, raw: bytes, problem: str, fix: str) -> None:
    (content / "2568" / "best.yaml").write_bytes(raw)
    found = [p for p in _problems(content) if problem in p.problem]
    assert [(p.file, p.entry) for p in found] == [("2568/best.yaml", "whole file")]
    assert fix in found[0].fix


def test_a_file_that_cannot_be_read_is_named(content: Path) -> None:
    path = content / "2568" / "best.yaml"
    path.unlink()
    path.mkdir()
    assert [str(p) for p in _problems(content)] == [
        "2568/best.yaml: whole file: cannot be read (Is a directory) → make it a readable file"
    ]


def test_a_missing_subject_and_a_missing_round_file_are_named(content: Path) -> None:
    (content / "2568" / "pmqa.four.yaml").unlink()
    (content / "2568" / "round.yaml").unlink()
    missing = {(p.file, p.problem) for p in _problems(content)}
    assert missing == {
        ("2568/round.yaml", "the file is missing"),
        ("2568/pmqa.four.yaml", "the subject 'pmqa.four' is missing"),
    }


def test_a_file_under_another_name_is_named(content: Path) -> None:
    folder = content / "2568"
    (folder / "best.yaml").rename(folder / "besst.yaml")
    problems = _problems(content)
    assert ("2568/besst.yaml", "did you mean 'best.yaml'?") in {(p.file, p.fix) for p in problems}
    assert ("2568/best.yaml", "the subject 'best' is missing") in {(p.file, p.problem) for p in problems}


def test_a_subject_in_the_file_of_another_is_named(content: Path) -> None:
    problems = _changed(content, "best.yaml", _set(["subject"], "honor"))
    assert ("the file holds the subject 'honor'", "name it honor.yaml") in {(p.problem, p.fix) for p in problems}


def test_a_directory_without_rounds_is_named(tmp_path: Path) -> None:
    assert [p.problem for p in _problems(tmp_path)] == ["holds no round"]
    assert "cannot be read" in _problems(tmp_path / "nowhere")[0].problem


def test_documents_load_as_the_directory_that_they_came_from(faultless: dict[str, str]) -> None:
    documents = {f"2568/{name}": text for name, text in faultless.items()} | {"phrases.yaml": "not looked at"}
    assert tuple(load_knowledge(documents).newest.subjects) == SUBJECT_KEYS


def test_a_mistake_in_documents_is_the_one_in_a_file(content: Path, faultless: dict[str, str]) -> None:
    wrong = {**faultless, "best.yaml": faultless["best.yaml"].replace("label:", "lable:"), "awards.yaml": "a: [\n"}
    for name, text in wrong.items():
        (content / "2568" / name).write_text(text, encoding="utf-8")
    in_files = _problems(content)
    assert len(in_files) > 3
    with pytest.raises(ContentError) as caught:
        load_knowledge({f"2568/{name}": text for name, text in wrong.items()})
    assert caught.value.problems == in_files


def test_a_document_outside_of_any_round_is_named(faultless: dict[str, str]) -> None:
    documents = {f"2568/{name}": text for name, text in faultless.items()} | {"../phrase.yaml": "a: 1"}
    with pytest.raises(ContentError) as caught:
        load_knowledge(documents)
    assert [(p.file, p.problem) for p in caught.value.problems] == [
        ("../phrase.yaml", "is no place for a content file")
    ]
    with pytest.raises(ContentError, match="holds no round"):
        load_knowledge({})


def test_all_mistakes_are_found_in_one_go_even_in_one_entry(content: Path) -> None:
    def several(value: Any) -> None:
        value["conditions"][0].update(certainty="uncertain", topic="nothing", label="ก" * 21, text="", extra=1)
        value["gaps"][0]["source"] = {"lines": "x"}

    problems = _changed(content, FILE, several)
    assert len(problems) == 6
    assert {p.entry for p in problems} == {CONDITION, "service.innovation.gap"}


def test_a_label_is_counted_as_people_see_it(content: Path) -> None:
    path = content / "2568" / FILE
    value = _subject("service.innovation")
    value["label"] = "ที่" * 20
    _write(path, value)
    assert load_knowledge(content).newest.subjects["service.innovation"].label == "ที่" * 20


def test_a_problem_is_one_line() -> None:
    assert str(Problem("a.yaml", "b", "two\nlines", "fix")) == "a.yaml: b: two lines → fix"


RULES: list[tuple[object, str, str]] = [
    ({"fact": "month", "at_least": 12}, "unknown fact 'month'", "did you mean 'months'?"),
    ({"at_least": 12}, "names no fact", "begin it with 'fact:'"),
    ({"fact": "areas", "at_least": 3}, "'areas' is a set, which 'at_least' does not test", "includes"),
    ({"fact": "areas", "includes": 3}, "compared with 3, not with a list", "[a, b]"),
    ({"fact": "areas", "includes": []}, "can never pass", "list the values"),
    ({"fact": "areas", "includes": ["societies"]}, "has no value 'societies'", "did you mean 'society'?"),
    ({"fact": "months", "includes": ["society"]}, "'months' is a number, which 'includes' does not test", "at_least"),
    ({"fact": "months", "at_least": "12"}, "held against '12', which is no number", "write a number"),
    ({"fact": "months", "atleast": 12}, "unknown key 'atleast'", "at_least"),
    ({"fact": "months", "at_least": {"round": -2}}, "is no year", "give a number"),
    ({"fact": "months", "at_least": {"fact": "won_in"}}, "not of one sort", "years with years"),
    ({"fact": "won_in", "at_least": 2563}, "a fixed year", "{round: -2}"),
    ({"fact": "won", "is": "yes"}, "neither true nor false", "is: true"),
    ({"fact": "won"}, "nothing is asked of 'won'", "is"),
    ({"any": {"fact": "won", "is": True}}, "'any' is not a list", "any: ["),
    ({"all": [{"fact": "won", "is": True}], "fact": "months"}, "'all' stands beside other keys", "two rules"),
    ("months >= 12", "a rule is a group of keys", "{fact: months_in_use, at_least: 12}"),
    ({"fact": "months", "at_least": 12, "less_than": 12}, "can never pass", "correct its limits"),
    ({"fact": "months", "at_least": 101}, "can never pass", "correct its limits"),
    ({"all": [{"fact": "won", "is": True}, {"fact": "won", "is": False}]}, "can never pass", "correct its limits"),
    ({"fact": "won_in", "at_least": {"round": 0}, "at_most": {"round": -5}}, "can never pass", "correct its limits"),
]


@pytest.mark.parametrize(("rule", "problem", "fix"), RULES)
def test_a_rule_that_cannot_be_right_is_named(content: Path, rule: object, problem: str, fix: str) -> None:
    found = _changed(content, "service.agenda.yaml", _set(["conditions", 0, "rule"], rule))
    assert [(p.file, p.entry) for p in found] == [("2568/service.agenda.yaml", "service.agenda.duration")]
    assert problem in found[0].problem
    assert fix in found[0].fix


def test_two_rules_that_contradict_each_other_are_named(content: Path) -> None:
    def change(file: dict[str, Any]) -> None:
        first = file["conditions"][0]
        second = {**first, "id": "service.agenda.other", "rule": {"fact": "months", "less_than": 6}}
        file["conditions"] = [{**first, "rule": {"fact": "months", "at_least": 6}}, second]

    found = _changed(content, "service.agenda.yaml", change)
    assert [(p.entry, p.problem) for p in found] == [("conditions", "the rules can never pass together")]


def test_a_rule_whose_fact_no_question_asks_for_is_named(content: Path) -> None:
    path = content / "2568" / "facts.yaml"
    _write(path, {**FACTS, "questions": [q for q in FACTS["questions"] if q["id"] != "months"]})
    found = _changed(content, "service.yaml", _set(["conditions", 0, "rule"], {"fact": "months", "at_least": 6}))
    assert "no question asks for alone" in found[0].problem


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("ต้อง {months}", "has no rule"),
        ("ต้อง {service.honor/months}", "'service.honor' has no rule"),
        ("ต้อง {Months!}", "names no limit"),
    ],
)
def test_a_text_with_a_limit_that_no_rule_has_is_named(content: Path, text: str, problem: str) -> None:
    (found,) = _changed(content, "honor.yaml", _set(["conditions", 0, "text"], text))
    assert (found.file, found.entry) == ("2568/honor.yaml", "honor.duration")
    assert problem in found.problem


@pytest.mark.parametrize(
    ("change", "entry", "problem", "fix"),
    [
        (_set(["facts", "won_in", "parent"], "wn"), "won_in", "unknown parent 'wn'", "did you mean 'won'?"),
        (_set(["facts", "won", "parent"], "won_in"), "won", "its own parent", "circle"),
        (_set(["facts", "months", "type"], "numbr"), "facts.months", "unknown type 'numbr'", "did you mean 'number'?"),
        (_set(["facts", "level", "choices"], []), "level", "its type is 'choice'", "choices"),
        (_set(["questions", 0, "facts"], ["moths"]), "months", "unknown fact 'moths'", "did you mean 'months'?"),
        (_set(["questions", 1, "id"], "months"), "months", "stands twice", "another id"),
        (_set(["questions", 1, "answers", 0, "facts"], {"won": 3}), "won", "'won' is true or false", "correct"),
        (_set(["questions", 1, "answers", 0, "facts"], {"months": 3}), "won", "fills 'months'", "list it in 'facts'"),
    ],
)
def test_a_mistake_in_facts_yaml_is_named(content: Path, change: Change, entry: str, problem: str, fix: str) -> None:
    found = [p for p in _changed(content, "facts.yaml", change) if problem in p.problem]
    assert found
    assert found[0].file == "2568/facts.yaml"
    assert entry in found[0].entry
    assert fix in found[0].fix
