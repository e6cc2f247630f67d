"""phrases.yaml as a phrasebook: its mistakes are explained, its texts are prepared as questions are."""

from __future__ import annotations

from pathlib import Path

import pytest

from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, load_phrasebook, phrasebook_of, phrasings, prepare
from knowledge.loader import ContentError
from knowledge.model import Round

SOUND = """
attributes: {definition: ["{s}คืออะไรคะ"]}
commands: {greeting: {attribute: smalltalk, phrasings: [สวัสดี]}}
out_of_scope: {near: [ราคาทอง], far: [abc], names: [TQA]}
"""


def problem(tmp_path: Path, text: str | bytes) -> str:
    file = tmp_path / "phrases.yaml"
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(ContentError) as raised:
        load_phrasebook(file)
    return str(raised.value)


def test_a_sound_file_is_read_in_order(tmp_path: Path) -> None:
    file = tmp_path / "phrases.yaml"
    file.write_text(SOUND, encoding="utf-8")
    book = load_phrasebook(file)
    assert book.attributes == {"definition": ("{s}คืออะไรคะ",)}
    assert book.commands["greeting"].attribute == "smalltalk"
    assert book.out_of_scope == ("ราคาทอง", "abc")
    assert book.strangers == ("TQA",)


def test_a_text_is_read_as_a_file_is(tmp_path: Path) -> None:
    file = tmp_path / "phrases.yaml"
    file.write_text(SOUND, encoding="utf-8")
    assert phrasebook_of(SOUND) == load_phrasebook(file)


def test_every_mistake_is_found_in_one_go() -> None:
    wrong = SOUND.replace("smalltalk", "chatter").replace("definition:", "definitoin:").replace("[abc]", '[" "]')
    with pytest.raises(ContentError) as raised:
        phrasebook_of(wrong)
    assert [(p.file, p.entry, p.problem) for p in raised.value.problems] == [
        ("phrases.yaml", "definitoin", "'definitoin' is not an attribute"),
        ("phrases.yaml", "commands.greeting", "'chatter' is not an attribute"),
        ("phrases.yaml", "out_of_scope.far", "a phrasing is empty"),
    ]


@pytest.mark.parametrize(
    ("broken", "entry"),
    [
        (SOUND.replace("definition:", "definitoin:"), "definitoin"),
        (SOUND.replace("smalltalk", "chatter"), "chatter"),
        (SOUND.replace("phrasings:", "phrases:"), "commands.greeting"),
        (SOUND.replace('["{s}คืออะไรคะ"]', "5"), "attributes.definition"),
        (SOUND + "extra: 1\n", "extra"),
    ],
)
def test_a_mistake_names_the_file_the_entry_and_the_fix(tmp_path: Path, broken: str, entry: str) -> None:
    message = problem(tmp_path, broken)
    assert message.startswith("phrases.yaml: ")
    assert entry in message
    assert " → " in message


@pytest.mark.parametrize("broken", ["attributes: [", b"\xff\xfe\xff", ""])
def test_a_file_that_is_no_yaml_is_one_readable_mistake(tmp_path: Path, broken: str | bytes) -> None:
    message = problem(tmp_path, broken)
    assert message.startswith("phrases.yaml")
    assert " → " in message


def test_a_file_that_is_not_there_is_a_content_error(tmp_path: Path) -> None:
    with pytest.raises(ContentError, match=r"gone\.yaml"):
        load_phrasebook(tmp_path / "gone.yaml")


def test_a_slot_becomes_the_subjects_mark_and_particles_go() -> None:
    assert prepare("{s}คืออะไรคะ") == f"{SUBJECT_MARK} คืออะไร"


def test_only_published_content_teaches(round_: Round) -> None:
    hidden = {entry.id for entry in round_.entries if not entry.published}
    assert hidden
    rows = list(phrasings(round_, load_phrasebook()))
    assert hidden.isdisjoint({row.entry for row in rows})
    assert {row.label for row in rows} >= {"definition", "!greeting", OUT_OF_SCOPE}
    figures = {row.figure for row in rows if row.figure}
    assert {row.label for row in rows if row.figure in figures and row.figure} == {"examples"}
