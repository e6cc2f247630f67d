"""Documents come from anywhere, lead nowhere else, and none takes the program down."""

from __future__ import annotations

from pathlib import Path

import pytest

from knowledge.documents import files_in, is_path, parsed


@pytest.mark.parametrize("path", ["phrases.yaml", "2568/best.yaml", "2568/service.innovation.yaml", "2568/a.yml"])
def test_a_document_stands_in_a_rounds_folder_or_is_the_phrasebook(path: str) -> None:
    assert is_path(path)


@pytest.mark.parametrize(
    "path",
    [
        "best.yaml",
        "../best.yaml",
        "2568/../best.yaml",
        "/etc/best.yaml",
        "2568/a/best.yaml",
        "2568/.best.yaml",
        "./best.yaml",
        "2568/best.yaml\n",
        "2568/best.txt",
        "2568\\best.yaml",
        "",
    ],
)
def test_a_document_stands_nowhere_else(path: str) -> None:
    assert not is_path(path)


def test_a_directory_gives_its_yaml_files_as_they_are_and_says_which_cannot_be_read(tmp_path: Path) -> None:
    for path in ("2568/best.yaml", "2567/a.yml", "phrases.yaml", ".git/c.yaml", "2568/.d.yaml", "2568/notes.txt"):
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_bytes(b"a: 1\r\n")
    (tmp_path / "2568" / "folder.yaml").mkdir()
    found = files_in(tmp_path)
    refused = found.pop("2568/folder.yaml")
    assert found == {"phrases.yaml": b"a: 1\r\n", "2567/a.yml": b"a: 1\r\n", "2568/best.yaml": b"a: 1\r\n"}
    assert parsed(refused) == (None, [("cannot be read (Is a directory)", "make it a readable file")])


def test_text_and_bytes_are_read_alike_with_or_without_a_byte_order_mark() -> None:
    assert parsed("\ufeffa: ก") == parsed("a: ก".encode("utf-8-sig")) == ({"a": "ก"}, [])


def test_a_part_may_be_repeated() -> None:
    assert parsed("a: &x [1, 2]\nb: *x") == ({"a": [1, 2], "b": [1, 2]}, [])


LAUGHS = "a: &a [x, x, x, x, x, x, x, x, x]\n" + "".join(
    f"{name}: &{name} [{', '.join([f'*{before}'] * 9)}]\n" for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        (LAUGHS, "more than 200000 values"),
        ("a: &a [*a]", "'*a' stands inside what it repeats"),
        ("a: " + "[" * 100_000, "groups are nested more than 20 deep"),
    ],
)
def test_a_document_that_would_fill_the_memory_is_refused(text: str, problem: str) -> None:
    value, [(found, _)] = parsed(text)
    assert value is None
    assert problem in found
