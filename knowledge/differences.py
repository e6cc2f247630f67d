"""What differs between two sets of documents, entry by entry where they can be read, for people to look through."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from knowledge.date_texts import date_text
from knowledge.documents import Documents, parsed
from knowledge.milestone_schema import DatePart
from knowledge.model import MilestoneDate

WHOLE_FILE = "whole file"
SECTION = "section"
"""The part of a file that an entry stands in ("conditions"), compared like a key of the entry."""


@dataclass(frozen=True)
class Line:
    """One value that went ("-") or came ("+"): a phrasing of a list, or all that a key held. `value` is that as YAML gives
    it, where `text` had to be made of it."""

    sign: Literal["-", "+"]
    key: str
    text: str
    value: Any = field(default=None, compare=False)


@dataclass(frozen=True)
class Difference:
    """One entry that was added, removed or changed; `lines` say what of it changed, old before new.

    `entry` is an entry's id ("example / figure" for a figure), the part of a file that has no ids
    ("attributes.deadline"), or WHOLE_FILE.
    """

    file: str
    entry: str
    change: Literal["added", "removed", "changed"]
    lines: tuple[Line, ...] = ()
    note: str = ""


def differences(before: Documents, after: Documents) -> list[Difference]:
    """What became of `before` in `after`, in the order of the files."""
    found: list[Difference] = []
    for file in sorted({*before, *after}):
        if file not in before:
            found.append(Difference(file, WHOLE_FILE, "added"))
        elif file not in after:
            found.append(Difference(file, WHOLE_FILE, "removed"))
        elif before[file] != after[file]:
            found += _of_file(file, before[file], after[file])
    return found


def _of_file(file: str, before: str, after: str) -> list[Difference]:
    old, _ = parsed(before)
    new, _ = parsed(after)
    if old is None or new is None:
        return [Difference(file, WHOLE_FILE, "changed", note="one of the two cannot be read entry by entry")]
    if old == new:
        return [Difference(file, WHOLE_FILE, "changed", note="its form only: comments, spacing, order of keys")]
    return list(_of_entries(file, _entries(old), _entries(new))) or [
        Difference(file, WHOLE_FILE, "changed", note="the order of its entries")
    ]


def _of_entries(file: str, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Difference]:
    for entry in dict.fromkeys((*old, *new)):
        if entry not in old:
            yield Difference(file, entry, "added")
        elif entry not in new:
            yield Difference(file, entry, "removed")
        elif old[entry] != new[entry]:
            yield Difference(file, entry, "changed", tuple(_lines(old[entry], new[entry])))


def _entries(document: Mapping[Any, Any]) -> dict[str, dict[str, Any]]:
    """The parts of one file by name, each with its keys: entries by id, and what has none by where it stands."""
    found: dict[str, dict[str, Any]] = {}

    def add(name: str, keys: Mapping[Any, Any]) -> None:
        repeated = sum(known == name or known.startswith(f"{name} #") for known in found)
        found[f"{name} #{repeated + 1}" if repeated else name] = {str(key): value for key, value in keys.items()}

    for key, part in document.items():
        if isinstance(part, list) and part and all(isinstance(item, dict) and "id" in item for item in part):
            for item in part:
                figures = item.get("figures")
                apart = isinstance(figures, list) and all(isinstance(f, dict) and "id" in f for f in figures)
                add(str(item["id"]), {k: v for k, v in item.items() if not (apart and k == "figures")} | {SECTION: key})
                for figure in figures if apart and figures else ():
                    add(f"{item['id']} / {figure['id']}", figure)
        elif isinstance(part, dict) and all(isinstance(item, dict | list) for item in part.values()):
            for name, item in part.items():
                add(f"{key}.{name}", item if isinstance(item, dict) else {"": item})
        else:
            add(str(key), part if isinstance(part, dict) else {"": part})
    return found


def _lines(old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Line]:
    for key in dict.fromkeys((*old, *new)):
        before, after = old.get(key), new.get(key)
        if before == after and (key in old) == (key in new):
            continue
        if _is_texts(before) and _is_texts(after) and Counter(before) != Counter(after):
            yield from (Line("-", key, text) for text in _more(before, after))
            yield from (Line("+", key, text) for text in _more(after, before))
            continue
        if key in old:
            yield Line("-", key, _shown(before), before)
        if key in new:
            yield Line("+", key, _shown(after), after)


def _date(value: Any) -> MilestoneDate | None:
    """A milestone's date, as its schema reads one; None for anything else, and for a day that there is not."""
    try:
        part = DatePart.model_validate(value)
    except ValueError:
        return None
    return MilestoneDate(part.year, part.month, part.day)


def _is_texts(value: Any) -> bool:
    """Whether it is a list of texts; one that is not there is an empty one."""
    return value is None or (isinstance(value, list) and all(isinstance(item, str) for item in value))


def _more(these: list[str] | None, than: list[str] | None) -> Iterator[str]:
    left = Counter(than)
    for text in these or ():
        if left[text]:
            left[text] -= 1
        else:
            yield text


def _shown(value: Any) -> str:
    day = _date(value)
    if day is not None:
        return date_text(day)
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)
