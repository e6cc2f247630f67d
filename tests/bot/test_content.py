"""The content of a command: checked in one go, kept byte for byte, and read from the database that is named."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.content import as_documents, checked, files_of, own_files, published_documents
from bot.settings import Settings, SettingsError
from bot.storage.database import make_engine, migrate
from knowledge.documents import PHRASES, File
from knowledge.loader import ContentError
from tests.bot.published_content import own_documents, publish, with_months


def problems(files: dict[str, File]) -> list[str]:
    with pytest.raises(ContentError) as caught:
        checked(files)
    return [str(problem) for problem in caught.value.problems]


def test_the_programs_own_content_is_sound_and_has_its_phrasebook() -> None:
    knowledge, book = checked(own_files())
    assert knowledge.newest.year == 2568
    assert "greeting" in book.commands
    assert PHRASES in own_documents()


def test_mistakes_of_the_rounds_and_of_the_phrasebook_are_found_in_one_go() -> None:
    files = own_files() | {"2568/best.yaml": b"\xff", PHRASES: "attributes: 5"}
    found = problems(files)
    assert any(line.startswith("2568/best.yaml: whole file: line 1 is not UTF-8") for line in found)
    assert any(line.startswith("phrases.yaml: attributes: ") for line in found)


def test_a_command_that_the_program_has_not_got_and_one_that_is_left_out_are_named() -> None:
    phrases = own_documents()[PHRASES]
    assert problems(own_files() | {PHRASES: phrases.replace("\n  greeting:", "\n  greting:")}) == [
        "phrases.yaml: commands.greting: unknown command 'greting' → did you mean 'greeting'?",
        "phrases.yaml: commands.greeting: the command 'greeting' is missing → add its attribute and phrasings",
    ]


SHORTER = "only_claim_is_shorter_time"


@pytest.mark.parametrize(
    ("changes", "fact", "problem"),
    [
        ([("work_won_participation_award", "won_an_award")], "work_won_participation_award", "the fact is missing"),
        (
            [("\\binvolve\\b", "involved")],
            "participation_level",
            "the choice 'involve' is missing",
        ),
        (
            [
                (f"{SHORTER}: {{type: bool", f"{SHORTER}: {{type: number"),
                (f"{SHORTER}, is: true", f"{SHORTER}, more_than: 0"),
                (f"{SHORTER}: true", f"{SHORTER}: 1"),
                (f"{SHORTER}: false", f"{SHORTER}: 0"),
            ],
            SHORTER,
            "the type was 'bool' and is 'number'",
        ),
    ],
)
def test_a_fact_that_chats_under_way_may_hold_cannot_be_taken_away(
    changes: list[tuple[str, str]], fact: str, problem: str
) -> None:
    changed = own_documents()
    for old, new in changes:
        changed = {path: re.sub(old, new, text) for path, text in changed.items()}
    fix = "put it back: chats under way and other programs go by it"
    assert problems(dict(changed)) == [f"2568/facts.yaml: facts.{fact}: {problem} → {fix}"]


def test_a_directory_without_a_phrasebook_borrows_the_programs_own(tmp_path: Path) -> None:
    files, borrowed = files_of(tmp_path)
    assert (as_documents(files), borrowed) == ({PHRASES: own_documents()[PHRASES]}, True)
    (tmp_path / PHRASES).write_text("a: 1", encoding="utf-8")
    assert files_of(tmp_path) == ({PHRASES: b"a: 1"}, False)
    with pytest.raises(ContentError, match="cannot be read"):
        files_of(tmp_path / "nowhere")


def test_documents_are_the_bytes_of_the_files_or_a_named_mistake() -> None:
    text = "\ufeffก: 1\r\n"
    assert as_documents({"2568/best.yaml": text.encode()})["2568/best.yaml"].encode() == text.encode()
    with pytest.raises(ContentError) as caught:
        as_documents({"b.yaml": b"a: 1\n\xff", "a.yaml": PermissionError(13, "Permission denied"), "c.yaml": "a"})
    assert [str(problem) for problem in caught.value.problems] == [
        "a.yaml: whole file: cannot be read (Permission denied) → make it a readable file",
        "b.yaml: whole file: line 2 is not UTF-8 → save the file as UTF-8",
    ]


def test_what_is_published_is_read_from_the_database_that_is_named(database_url: str) -> None:
    settings = Settings(database_url=database_url)
    migrate(database_url)
    assert published_documents(settings) is None
    engine = make_engine(database_url)
    publish(engine, own_documents())
    publish(engine, with_months(18))
    engine.dispose()
    assert published_documents(settings) == with_months(18)


def test_without_a_name_the_programs_own_content_counts_whatever_is_under_var(tmp_path: Path) -> None:
    settings = Settings(var_dir=tmp_path)
    migrate(settings.database)
    engine = make_engine(settings.database)
    publish(engine, with_months(18))
    engine.dispose()
    assert published_documents(settings) is None


def test_a_database_that_was_never_migrated_is_one_line(database_url: str) -> None:
    engine = make_engine(database_url)
    engine.connect().close()  # SQLite: now the file is there
    engine.dispose()
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: .* no table of revisions; run `lertrat migrate`$"):
        published_documents(Settings(database_url=database_url))


@pytest.mark.parametrize("address", ["sqlite:////nowhere/lertrat.db", "postgresql://nobody@127.0.0.1:1/nothing"])
def test_a_database_that_is_away_is_one_line(address: str) -> None:
    with pytest.raises(SettingsError, match=r"^DATABASE_URL: the database cannot be reached \(.+\); check it$") as told:
        published_documents(Settings(database_url=address))
    assert "\n" not in str(told.value)
