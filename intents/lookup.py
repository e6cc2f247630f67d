"""Finds which of many fixed strings stand in a text, in the time of one pass over it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from typing import TypeVar

T = TypeVar("T")


def by_beginning(named: Iterable[tuple[str, T]]) -> dict[str, list[tuple[str, T]]]:
    """Strings of two letters or more, each with what it stands for, by their first two letters."""
    grouped: dict[str, list[tuple[str, T]]] = defaultdict(list)
    for text, value in named:
        grouped[text[:2]].append((text, value))
    return dict(grouped)


def pairs(text: str) -> frozenset[str]:
    """Every two letters that stand side by side."""
    return frozenset(map(str.__add__, text, text[1:]))


def occurrences(text: str, grouped: Mapping[str, list[tuple[str, T]]]) -> Iterator[tuple[int, int, T]]:
    """Every place where `text` holds one of the strings: start, end and what it stands for."""
    for start in range(len(text) - 1):
        for string, value in grouped.get(text[start : start + 2], ()):
            if text.startswith(string, start):
                yield start, start + len(string), value
