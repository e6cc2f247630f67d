"""Streams of JSON objects, a line in and a line out: in order, flushed, and a bad line answered in its place."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable
from typing import Any


def stream(lines: Iterable[bytes], answer: Callable[[dict[str, Any]], dict[str, Any]]) -> bool:
    """Write `answer` of each line's object to stdout; whether all lines were good.

    A line that is no JSON object, or for which `answer` raises ValueError, gives {"error": …}. Empty lines are passed over.
    """
    good = True
    for line in lines:
        if not line.strip():
            continue
        try:
            result = answer(_object(line))
        except ValueError as error:
            result, good = {"error": str(error)}, False
        # Half a surrogate pair, which JSON can name, is no text that can be written.
        sys.stdout.buffer.write(json.dumps(result, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
        sys.stdout.buffer.flush()
    return good


def year_of(item: dict[str, Any], key: str = "round") -> int | None:
    """The year in Buddhist Era under `key`, None where there is none. ValueError where it is none."""
    year = item.get(key)
    if year is not None and (not isinstance(year, int) or isinstance(year, bool) or not 2500 <= year <= 2700):
        raise ValueError(f'"{key}" is a year in Buddhist Era, such as 2568')
    return year


def _object(line: bytes) -> dict[str, Any]:
    try:
        item = json.loads(line)
    except (UnicodeDecodeError, json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not a JSON object in UTF-8: {error}") from None
    if not isinstance(item, dict):
        raise ValueError("a line is a JSON object")
    return item
