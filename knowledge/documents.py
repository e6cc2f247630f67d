"""The content as documents: the text of every YAML file by its path, such as "2568/service.yaml" or "phrases.yaml".

A Revision is a set of them. They come from a directory or from a database; whoever loads them cannot tell.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

try:
    from yaml import CSafeLoader as _BaseLoader  # ten times as fast as the Python one
except ImportError:  # pragma: no cover - libyaml is missing
    from yaml import SafeLoader as _BaseLoader  # type: ignore[assignment]

PHRASES = "phrases.yaml"
"""Where the phrasebook stands among the documents: how people ask is part of what is published."""

Documents = Mapping[str, str]
File = str | bytes | OSError
"""A document that is still to be checked: its text, its bytes, or why it could not be read."""

_PATH = re.compile(r"[\w-]+/[\w-][\w.-]*\.ya?ml")
_MAX_DEPTH = 20
_MAX_SIZE = 200_000  # values in a document; the largest of the program's own has some thousands


def is_path(path: str) -> bool:
    """Whether a document may stand there. Such a path never leads out of the content's directory."""
    return path == PHRASES or _PATH.fullmatch(path) is not None


def files_in(directory: Path) -> dict[str, File]:
    """The YAML files of a directory and of the folders in it, by path, in order; hidden ones are passed over.

    OSError when the directory itself cannot be read.
    """
    folders = [directory, *sorted(p for p in directory.iterdir() if p.is_dir() and not p.name.startswith((".", "_")))]
    found: dict[str, File] = {}
    for folder in folders:
        for path in sorted(folder.glob("*.y*ml")):
            if path.name.startswith(".") or (folder == directory and path.is_dir()):
                continue
            try:
                found[path.relative_to(directory).as_posix()] = path.read_bytes()
            except OSError as error:
                found[path.relative_to(directory).as_posix()] = error
    return found


def parsed(file: File) -> tuple[dict[Any, Any] | None, list[tuple[str, str]]]:
    """The keys of one YAML file (None: there are none to be had), and what is wrong with it as (problem, fix)."""
    if isinstance(file, OSError):
        return None, [(f"cannot be read ({file.strerror or file})", "make it a readable file")]
    try:
        text = (file.decode("utf-8") if isinstance(file, bytes) else file).removeprefix("\ufeff")
        _check_shape(text)
        loader = YamlLoader(text)
        value = loader.get_single_data()
    except UnicodeDecodeError as error:
        line = error.object.count(b"\n", 0, error.start) + 1
        return None, [(f"line {line} is not UTF-8", "save the file as UTF-8")]
    except yaml.MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        return None, [(f"line {line}: {error.problem or 'not YAML'}", "correct the YAML near that line")]
    except (yaml.YAMLError, ValueError) as error:
        return None, [(f"not YAML that can be read: {error}", "correct the YAML")]
    if not isinstance(value, dict):
        return None, [("the file holds no keys", "write 'key: value' lines, see docs/content.md")]
    return value, [
        (f"line {line}: the key '{key}' stands twice in one group", "keep one of them") for key, line in loader.repeated
    ]


def parsed_once(file: File) -> tuple[dict[Any, Any] | None, list[tuple[str, str]]]:
    """As `parsed`, for readers that change nothing of it: of a Revision with one corrected document the others are known."""
    if isinstance(file, bytes):  # what is installed and what is published are the same text
        try:
            file = file.decode()
        except UnicodeDecodeError:
            return parsed(file)
    return _parsed_text(file) if isinstance(file, str) else parsed(file)


@lru_cache(maxsize=64)
def _parsed_text(text: str) -> tuple[dict[Any, Any] | None, list[tuple[str, str]]]:
    return parsed(text)


class YamlLoader(_BaseLoader):
    """Notes keys that stand twice in one mapping; YAML would silently keep the last."""

    def __init__(self, stream: str) -> None:
        super().__init__(stream)
        self.repeated: list[tuple[str, int]] = []

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        seen: set[str] = set()
        for key, _ in node.value:
            name = str(key.value)
            if name in seen:
                self.repeated.append((name, key.start_mark.line + 1))
            seen.add(name)
        return super().construct_mapping(node, deep)


def _check_shape(text: str) -> None:
    # The C loader recurses, and would take the whole process down with it on a file of ten thousand brackets; a few
    # lines of parts that repeat each other would fill the memory of whoever writes them out.
    sizes: dict[str, int] = {}  # of the parts that are named to be repeated, repetitions counted
    open_parts: list[tuple[str | None, int]] = []
    size = 0
    for event in yaml.parse(text, YamlLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            open_parts.append((event.anchor, size))
        elif isinstance(event, yaml.CollectionEndEvent):
            anchor, before = open_parts.pop()
            if anchor is not None:
                sizes[anchor] = size - before
        elif isinstance(event, yaml.AliasEvent):
            size += sizes.get(event.anchor or "", 0)
            if event.anchor in {anchor for anchor, _ in open_parts}:
                raise ValueError(f"'*{event.anchor}' stands inside what it repeats")
        size += isinstance(event, yaml.NodeEvent)
        if len(open_parts) > _MAX_DEPTH:
            raise ValueError(f"groups are nested more than {_MAX_DEPTH} deep")
        if size > _MAX_SIZE:
            raise ValueError(f"more than {_MAX_SIZE} values")
