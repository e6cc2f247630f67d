"""The Entries of one parsed document by name: where each stands, what keys it has, and the document with one changed.

    service.innovation.duration                            an item of a section, by its id
    service.innovation.robot / service.innovation.robot.staff   a figure of an example
    topics.duration   attributes.deadline   facts.agency_count  a part that is named by its key
    head                                                   what stands at the top of a file: name, label, aliases …

A part that is a list (the phrasings of an attribute) has the one key "".
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

HEAD = "head"
FIGURES = "figures"
_INSIDE = " / "
_NAMED = ("topics", "attributes", "commands", "out_of_scope", "facts")
"""The sections whose parts are named by their keys."""

Keys = Mapping[str, Any]


class NoEntryError(LookupError):
    """There is no Entry of that name, or already one."""


@dataclass(frozen=True)
class Place:
    """One Entry: its name, the section of the file that it stands in ("" for the head), and its keys."""

    name: str
    section: str
    keys: dict[str, Any]


def figure_name(example: str, figure: str) -> str:
    """What a figure of an example is called."""
    return f"{example}{_INSIDE}{figure}"


def places(document: Mapping[str, Any]) -> Iterator[Place]:
    """Every Entry of a document, in file order; the head first."""
    yield Place(HEAD, "", _head(document))
    for section, part in document.items():
        if section in _NAMED and isinstance(part, dict):
            for key, value in part.items():
                yield Place(f"{section}.{key}", section, value if isinstance(value, dict) else {"": value})
        elif _has_ids(part):
            for item in part:
                figures = item.get(FIGURES) if _has_ids(item.get(FIGURES)) else None
                yield Place(str(item["id"]), section, {k: v for k, v in item.items() if not (figures and k == FIGURES)})
                for figure in figures or ():
                    yield Place(figure_name(item["id"], figure["id"]), FIGURES, figure)


def place_of(document: Mapping[str, Any], name: str) -> Place | None:
    """The Entry of that name."""
    return next((place for place in places(document) if place.name == name), None)


def with_changes(document: Mapping[str, Any], name: str, changes: Keys) -> dict[str, Any]:
    """A copy with some keys of one Entry set anew; None takes a key out. NoEntryError."""
    return with_all_changes(document, {name: changes})


def with_all_changes(document: Mapping[str, Any], changes: Mapping[str, Keys]) -> dict[str, Any]:
    """The same for several Entries by name."""
    made: dict[str, Any] = _copy(document)
    for name, keys in changes.items():
        if name == HEAD:
            _set(made, keys)
            continue
        owner, key = _owner(made, name)
        if isinstance(owner[key], dict):
            _set(owner[key], keys)
        elif "" in keys:
            owner[key] = keys[""]
    return made


def with_entry(document: Mapping[str, Any], section: str, keys: Keys, example: str = "") -> dict[str, Any]:
    """A copy with a new Entry at the end of a section; a figure goes into `example`. NoEntryError when there is one of
    its id, or no such example."""
    made: dict[str, Any] = _copy(document)
    name = figure_name(example, keys["id"]) if example else str(keys["id"])
    if place_of(made, name) is not None:
        raise NoEntryError(name)
    owner: Any = made
    if example:
        outer, index = _owner(made, example)
        owner = outer[index]
    owner[section] = [*(owner.get(section) or []), dict(keys)]
    return made


def without_entry(document: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A copy without one Entry; a section that becomes empty goes too. NoEntryError."""
    made: dict[str, Any] = _copy(document)
    owner, key = _owner(made, name)
    del owner[key]
    if not owner:
        _drop_empty(made, owner)
    return made


def _head(document: Mapping[str, Any]) -> dict[str, Any]:
    return {
        key: value
        for key, value in document.items()
        if not (key in _NAMED and isinstance(value, dict)) and not _has_ids(value)
    }


def _has_ids(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(item, dict) and "id" in item for item in part)


def _copy(value: Any) -> Any:
    """A copy that shares nothing, not even what YAML says by an anchor: changing one Entry is not to change another."""
    if isinstance(value, Mapping):
        return {key: _copy(part) for key, part in value.items()}
    return [_copy(part) for part in value] if isinstance(value, list) else value


def _set(keys: dict[str, Any], changes: Keys) -> None:
    for key, value in changes.items():
        if value is None:
            keys.pop(key, None)
        else:
            keys[key] = _copy(value)


def _owner(document: dict[str, Any], name: str) -> tuple[Any, Any]:
    """The list or mapping that holds the Entry, and its index or key there."""
    outer, _, inner = name.partition(_INSIDE)
    if inner:
        owner, index = _owner(document, outer)
        return _in_list(owner[index].get(FIGURES), inner, name)
    section, _, key = name.partition(".")
    if section in _NAMED and isinstance(document.get(section), dict) and key in document[section]:
        return document[section], key
    for part in document.values():
        if _has_ids(part) and any(item["id"] == name for item in part):
            return _in_list(part, name, name)
    raise NoEntryError(name)


def _in_list(listed: Any, wanted: str, name: str) -> tuple[Any, int]:
    for index, item in enumerate(listed if _has_ids(listed) else ()):
        if item["id"] == wanted:
            return listed, index
    raise NoEntryError(name)


def _drop_empty(document: dict[str, Any], owner: Any) -> None:
    for section in [key for key, value in document.items() if value is owner]:
        del document[section]
    for part in document.values():
        for item in part if _has_ids(part) else ():
            if item.get(FIGURES) is owner:
                del item[FIGURES]
