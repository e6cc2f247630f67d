"""Where in a request something is wrong, and how LINE says so; and the measures that LINE counts text with."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from urllib.parse import urlsplit

import regex


@dataclass(frozen=True)
class Place:
    """A position in a request: "messages[0].text", or "/body/contents/0/text" inside a flex or template message."""

    text: str
    pointer: bool = False

    def key(self, name: str) -> Place:
        """The place of a property."""
        joint = "/" if self.pointer else "." if self.text else ""
        return Place(f"{self.text}{joint}{name}", self.pointer)

    def item(self, index: int) -> Place:
        """The place of an array's element."""
        return Place(f"{self.text}/{index}" if self.pointer else f"{self.text}[{index}]", self.pointer)


@dataclass
class Findings:
    """What is wrong with a request, in the order in which it was found."""

    details: list[dict[str, str]] = field(default_factory=list)

    def add(self, place: Place, message: str) -> None:
        """Record one mistake."""
        self.details.append({"message": message, "property": place.text})

    def text(self, place: Place, value: object, limit: int, *, required: bool = True) -> None:
        """A string of at most `limit` UTF-16 units; empty only where it is not required."""
        if value is None and not required:
            return
        if not isinstance(value, str) or (required and not value.strip()):
            self.add(place, "must be non-empty text" if place.pointer else "May not be empty")
        elif utf16_units(value) > limit:
            self._too_long(place, limit)

    def label(self, place: Place, value: object, limit: int, *, required: bool = True) -> None:
        """A string of at most `limit` grapheme clusters."""
        if value is None and not required:
            return
        if not isinstance(value, str) or (required and not value.strip()):
            self.add(place, "must be non-empty text" if place.pointer else "May not be empty")
        elif graphemes(value) > limit:
            self._too_long(place, limit)

    def uri(self, place: Place, value: object, limit: int, schemes: tuple[str, ...]) -> None:
        """A URI of at most `limit` UTF-16 units in one of `schemes`, with something after the scheme."""
        if not isinstance(value, str) or not value:
            self.add(place, "must be non-empty text" if place.pointer else "May not be empty")
            return
        if utf16_units(value) > limit:
            self._too_long(place, limit)
        try:
            parts = urlsplit(value)
        except ValueError:
            self.add(place, "invalid uri")
            return
        if parts.scheme not in schemes:
            self.add(place, "invalid uri scheme")
        elif any(c.isspace() for c in value) or not (parts.netloc or (parts.path and parts.scheme == "tel")):
            self.add(place, "invalid uri")

    def choice(self, place: Place, value: object, choices: tuple[str, ...]) -> bool:
        """One of some words; True when it is."""
        if isinstance(value, str) and value in choices:
            return True
        self.add(place, f"Must be one of the following values: [{', '.join(choices)}]")
        return False

    def count(self, place: Place, value: object, least: int, most: int) -> list[object]:
        """An array of `least` to `most` elements: its elements, none when it is something else."""
        if not isinstance(value, list):
            self.add(place, "May not be empty")
            return []
        if not least <= len(value) <= most:
            self.add(place, f"Size must be between {least} and {most}")
        return value

    def _too_long(self, place: Place, limit: int) -> None:
        self.add(place, f"{'length' if place.pointer else 'Length'} must be between 0 and {limit}")


def utf16_units(text: str) -> int:
    """LINE's measure of a text: an emoji beyond the first plane counts two."""
    return sum(2 if ord(character) > 0xFFFF else 1 for character in text)


def graphemes(text: str) -> int:
    """LINE's measure of a label: what a person sees as one character, so a Thai vowel sign is not counted by itself."""
    return len(regex.findall(r"\X", text))


def json_bytes(value: object) -> int:
    """The size of a JSON value on the wire."""
    return len(json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode())
