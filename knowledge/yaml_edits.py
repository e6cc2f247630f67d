"""One Entry of a YAML document changed, added or removed where it stands; every other byte stays as it was.

So comments, order and layout survive, and what differs in Git is what somebody changed. (ruamel.yaml, which keeps comments
too, lays out 197 of the 184 lines of service.innovation.yaml anew, and takes 7 s for phrases.yaml; this takes 0.4 s.)
Whatever is written is read back and compared with what was meant: a document of a shape that this cannot edit is refused,
never damaged.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import yaml

from knowledge import entries
from knowledge.documents import YamlLoader, parsed
from knowledge.entries import FIGURES, HEAD, Keys

WIDTH = 110  # columns; a Thai mark counts as one though it takes none
_BEFORE = ("phrasings", FIGURES)  # a new key stands before these long ones
_BOM = "\ufeff"


class CannotEditError(ValueError):
    """The document is not YAML, or written in a way that cannot be edited in place; import the whole file instead."""


def changed(text: str, name: str, changes: Keys) -> str:
    """`text` with some keys of one Entry set anew; None takes a key out. NoEntryError, CannotEditError."""
    return all_changed(text, {name: changes})


def all_changed(text: str, changes: Mapping[str, Keys]) -> str:
    """The same for several Entries by name."""
    document = _document(text)
    wanted = entries.with_all_changes(document, changes)
    known = {place.name: place.keys for place in entries.places(document)}
    editor = _Editor(text)
    for name, keys in changes.items():
        for key, value in keys.items():
            if known[name].get(key) != value or (key in known[name]) != (value is not None):
                editor.set(name, key, value)
    return _checked(editor.text, wanted)


def added(text: str, section: str, keys: Keys, example: str = "") -> str:
    """`text` with a new Entry at the end of a section (made where it is missing); a figure goes into `example`."""
    wanted = entries.with_entry(_document(text), section, keys, example)
    editor = _Editor(text)
    editor.append(section, keys, example)
    return _checked(editor.text, wanted)


def removed(text: str, name: str) -> str:
    """`text` without one Entry."""
    wanted = entries.without_entry(_document(text), name)
    editor = _Editor(text)
    editor.remove(name)
    return _checked(editor.text, wanted)


def _document(text: str) -> dict[str, Any]:
    document, mistakes = parsed(text)
    if document is None or mistakes:
        raise CannotEditError("; ".join(problem for problem, _ in mistakes) or "no keys")
    return document


def _checked(text: str, wanted: Mapping[str, Any]) -> str:
    found, _ = parsed(text)
    if found != wanted:
        raise CannotEditError("the file is laid out in a way that cannot be edited in place")
    return text


class _Editor:
    """A text, where its nodes stand, and what is to be spliced into it, all at once since places move."""

    def __init__(self, text: str) -> None:
        self._mark, self._text = (_BOM, text[1:]) if text.startswith(_BOM) else ("", text)
        self._line = "\r\n" if "\r\n" in text else "\n"
        self._splices: list[tuple[int, int, str]] = []
        self._composed: yaml.MappingNode | None = None

    @property
    def text(self) -> str:
        """What it has become."""
        self._flush()
        return self._mark + self._text

    def set(self, name: str, key: str, value: Any) -> None:
        """One key of an Entry; None takes it out."""
        if key == "":
            section, _, part = name.partition(".")
            self._set_pair(_pairs(_value(self._root(), section)), part, value)
            return
        mapping = self._root() if name == HEAD else self._entry(name)
        if value is None:
            if any(known.value == key for known, _ in mapping.value):
                self._take_out(mapping, key)
        elif any(known.value == key for known, _ in mapping.value):
            self._set_pair(mapping, key, value)
        else:
            self._insert_pair(mapping, key, value)

    def append(self, section: str, keys: Keys, example: str) -> None:
        """A new item at the end of a section."""
        owner = self._entry(example) if example else self._root()
        listed = next((value for key, value in owner.value if key.value == section), None)
        if listed is None or not isinstance(listed, yaml.SequenceNode) or not listed.value:
            if listed is not None:
                self._take_out(owner, section)
                self._flush()
                owner = self._entry(example) if example else self._root()
            self._insert_section(owner, section, keys)
        elif listed.flow_style:
            self._splice(self._end(listed.value[-1]), self._end(listed.value[-1]), ", " + _flow(dict(keys)))
        else:
            column = listed.start_mark.column
            at = self._end(listed)
            self._splice(at, at, f"\n{' ' * column}- {self._mapping(keys, column + 2)}")

    def remove(self, name: str) -> None:
        """An item of a list, with what was written above it; the section too when it was the last."""
        outer, _, inner = name.partition(" / ")
        section, _, key = name.partition(".")
        root = self._root()
        owner = self._entry(outer) if inner else root
        for known, value in owner.value:
            if isinstance(value, yaml.SequenceNode):
                index = next((i for i, item in enumerate(value.value) if _id(item) == (inner or name)), None)
                if index is not None:
                    if len(value.value) == 1:
                        self._take_out(owner, known.value)
                    else:
                        self._take_out_item(value, index)
                    return
            elif known.value == section and not inner and isinstance(value, yaml.MappingNode):
                self._take_out(value, key)
                return
        raise CannotEditError(name)

    # -- where things stand

    def _root(self) -> yaml.MappingNode:
        if self._composed is None:
            self._composed = _pairs(yaml.compose(self._text, YamlLoader))
        return self._composed

    def _entry(self, name: str) -> yaml.MappingNode:
        outer, _, inner = name.partition(" / ")
        root = self._root()
        section, _, key = name.partition(".")
        for known, value in root.value:
            if isinstance(value, yaml.SequenceNode):
                item = next((item for item in value.value if _id(item) == outer), None)
                if item is not None:
                    if not inner:
                        return _pairs(item)
                    figures = _value(_pairs(item), FIGURES)
                    return _pairs(next(figure for figure in figures.value if _id(figure) == inner))
            elif known.value == section and isinstance(value, yaml.MappingNode):
                found = next((part for at, part in value.value if at.value == key), None)
                if found is not None:
                    return _pairs(found)
        raise CannotEditError(name)

    def _end(self, node: Any) -> int:
        """Right behind a node's last character: marks of blocks go on to whatever comes next."""
        if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
            last = node.value[-1]
            return self._end(last[1] if isinstance(last, tuple) else last)
        end: int = node.end_mark.index
        if isinstance(node, yaml.ScalarNode) and node.style in ("|", ">"):
            return len(self._text[:end].rstrip())
        return end

    def _written(self, node: Any) -> str:
        return self._text[node.start_mark.index : self._end(node)]

    # -- how it is changed

    def _splice(self, start: int, end: int, new: str) -> None:
        self._splices.append((start, end, new if self._line == "\n" else new.replace("\n", self._line)))

    def _flush(self) -> None:
        # From the end, so that the places before stay right; of two insertions at one place the first comes first.
        for _, (start, end, new) in sorted(enumerate(self._splices), key=lambda s: (s[1][0], s[0]), reverse=True):
            self._text = self._text[:start] + new + self._text[end:]
        if self._splices:
            self._splices, self._composed = [], None

    def _set_pair(self, mapping: yaml.MappingNode, key: str, value: Any) -> None:
        at, old = next(pair for pair in mapping.value if pair[0].value == key)
        as_block = isinstance(old, yaml.SequenceNode) and not old.flow_style
        column = mapping.value[0][0].start_mark.column
        step = max(old.start_mark.column - column, 0) if as_block else 2
        if isinstance(old, yaml.SequenceNode) and isinstance(value, list) and old.value:
            written = {item.value: self._written(item) for item in old.value if isinstance(item, yaml.ScalarNode)}
            if not as_block and value[: len(old.value)] == [*written]:
                # What only grows is not laid out anew.
                end = self._end(old.value[-1])
                self._splice(end, end, "".join(f", {_flow(item)}" for item in value[len(old.value) :]))
                return
        else:
            written = {}
        shown = _shown(value, column, in_flow=bool(mapping.flow_style), as_block=as_block, step=step, written=written)
        self._splice(at.end_mark.index, self._end(old), f":{shown}")

    def _insert_pair(self, mapping: yaml.MappingNode, key: str, value: Any) -> None:
        first = mapping.value[0][0]
        column = first.start_mark.column
        shown = f"{key}:{_shown(value, column, in_flow=bool(mapping.flow_style))}"
        behind = next((at for at, _ in mapping.value[1:] if at.value in _BEFORE and key not in _BEFORE), None)
        if behind is not None:
            separator = ", " if mapping.flow_style else f"\n{' ' * column}"
            self._splice(behind.start_mark.index, behind.start_mark.index, shown + separator)
            return
        end = self._end(mapping.value[-1][1])
        self._splice(end, end, (", " if mapping.flow_style else f"\n{' ' * column}") + shown)

    def _insert_section(self, owner: yaml.MappingNode, section: str, keys: Keys) -> None:
        end = self._end(owner.value[-1][1])
        if owner.flow_style:
            self._splice(end, end, f", {section}: [{_flow(dict(keys))}]")
            return
        column = owner.value[0][0].start_mark.column
        indent = " " * column
        gap = "\n\n" if column == 0 else "\n"
        self._splice(end, end, f"{gap}{indent}{section}:\n{indent}  - {self._mapping(keys, column + 4)}")

    def _mapping(self, keys: Keys, column: int) -> str:
        lines = [f"{key}:{_shown(value, column)}" for key, value in keys.items() if value is not None]
        return f"\n{' ' * column}".join(lines)

    def _take_out(self, mapping: yaml.MappingNode, key: str) -> None:
        index = next(i for i, (at, _) in enumerate(mapping.value) if at.value == key)
        if index:
            start, end = self._end(mapping.value[index - 1][1]), self._end(mapping.value[index][1])
        elif len(mapping.value) > 1:
            start, end = mapping.value[0][0].start_mark.index, mapping.value[1][0].start_mark.index
        else:
            raise CannotEditError(f"'{key}' is all there is")
        self._splice(start, end, "")

    def _take_out_item(self, listed: yaml.SequenceNode, index: int) -> None:
        if index:
            start, end = self._end(listed.value[index - 1]), self._end(listed.value[index])
        else:
            start, end = listed.value[0].start_mark.index, listed.value[1].start_mark.index
        self._splice(start, end, "")


def _pairs(node: Any) -> yaml.MappingNode:
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise CannotEditError("a group of keys was expected")
    return node


def _value(mapping: yaml.MappingNode, key: str) -> Any:
    for known, value in mapping.value:
        if known.value == key:
            return value
    raise CannotEditError(f"'{key}' is missing")


def _id(item: Any) -> str | None:
    if not isinstance(item, yaml.MappingNode):
        return None
    return next((value.value for key, value in item.value if key.value == "id"), None)


# -- how values are written


def _shown(
    value: Any,
    column: int,
    *,
    in_flow: bool = False,
    as_block: bool = False,
    step: int = 2,
    written: Mapping[str, str] | None = None,
) -> str:
    """A value as it stands behind "key:", with the space before it; `written` has how items of a list were written."""
    before = written or {}
    if isinstance(value, str) and "\n" in value and not in_flow:
        return _literal(value, column)
    if isinstance(value, list) and value and not in_flow:
        if as_block or any(isinstance(item, dict) for item in value):
            indent = f"\n{' ' * (column + step)}- "
            return "".join(indent + _item(item, before, block=True) for item in value)
        return " " + _wrapped([_item(item, before) for item in value], column + 2)
    return " " + (_flow(value) if in_flow or isinstance(value, list | dict) else _scalar(value))


def _item(item: Any, written: Mapping[str, str], *, block: bool = False) -> str:
    known = written.get(item) if isinstance(item, str) else None
    if known is not None and "\n" not in known:
        return known
    return _scalar(item) if block and not isinstance(item, dict | list) else _flow(item)


def _literal(value: str, column: int) -> str:
    indent = f"\n{' ' * (column + 2)}"
    shown = " |-" + "".join(indent + line if line else "\n" for line in value.split("\n"))
    try:
        read = yaml.safe_load(f"k:{shown}\n")
    except yaml.YAMLError:  # it begins with a space, or holds what no literal may
        read = None
    return shown if read == {"k": value} else " " + json.dumps(value, ensure_ascii=False)


def _wrapped(items: list[str], column: int) -> str:
    lines, room = ["["], WIDTH - column
    for index, item in enumerate(items):
        piece = item + ("]" if index == len(items) - 1 else ",")
        if len(lines[-1]) > 1 and len(lines[-1]) + len(piece) + 1 > room:
            lines.append(piece)
        else:
            lines[-1] += piece if lines[-1].endswith("[") else f" {piece}"
    return f"\n{' ' * column}".join(lines)


def _flow(value: Any) -> str:
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}: {_flow(part)}" for key, part in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(_flow, value)) + "]"
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value, ensure_ascii=False)
    return _dumped([value], flow=True)[1:-1]


def _scalar(value: Any) -> str:
    if isinstance(value, str) and "\n" in value:
        return json.dumps(value, ensure_ascii=False)
    return _dumped(value, flow=False).removesuffix("\n...")


def _dumped(value: Any, flow: bool) -> str:
    dumped: str = yaml.safe_dump(value, default_flow_style=flow or None, allow_unicode=True, width=10**9)
    return dumped.strip()
