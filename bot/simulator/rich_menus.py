"""The rich menus that the stand-in keeps, and what LINE refuses of them. Written from LINE's documentation alone."""

from __future__ import annotations

import secrets
import struct
from dataclasses import dataclass, field
from typing import Any

from bot.simulator.actions import IN_TEMPLATES, check_action
from bot.simulator.findings import Findings, Place

Json = dict[str, Any]

MENUS_PER_CHANNEL = 1000
AREAS_PER_MENU = 20
WIDTHS = (800, 2500)
LEAST_HEIGHT = 250
LEAST_RATIO = 1.45  # of width to height
IMAGE_BYTES = 1024 * 1024
IMAGE_TYPES = ("image/png", "image/jpeg")
ACTIONS = (*IN_TEMPLATES, "richmenuswitch")


@dataclass
class RichMenu:
    """One menu. `told` is what LINE was told at its creation; the image follows in a call of its own."""

    id: str
    told: Json
    image: bytes = b""
    image_type: str = ""


@dataclass
class RichMenus:
    """All menus of the channel, by id, and the one that everyone sees ("": none). Guarded by the World's lock."""

    kept: dict[str, RichMenu] = field(default_factory=dict)
    default: str = ""

    def create(self, told: Json) -> RichMenu:
        """Keep a menu, under an id of LINE's shape."""
        menu = RichMenu("richmenu-" + secrets.token_hex(16), told)
        self.kept[menu.id] = menu
        return menu

    def delete(self, menu: RichMenu) -> None:
        """Forget a menu; who saw it sees none."""
        del self.kept[menu.id]
        if self.default == menu.id:
            self.default = ""

    def shown(self) -> Json | None:
        """What the chat page draws under each friend's chat; None when there is no default."""
        menu = self.kept.get(self.default)
        return {"richMenuId": menu.id, **menu.told} if menu else None


def check_menu(body: Json) -> Findings:
    """What LINE would refuse of a menu that is to be created."""
    found = Findings()
    _check_size(found, body.get("size"))
    if not isinstance(body.get("selected"), bool):
        found.add(Place("selected"), "May not be empty")
    found.text(Place("name"), body.get("name"), 300)
    found.text(Place("chatBarText"), body.get("chatBarText"), 14)
    areas = body.get("areas")
    if not isinstance(areas, list) or len(areas) > AREAS_PER_MENU:
        found.add(Place("areas"), f"Size must be between 0 and {AREAS_PER_MENU}")
        return found
    for index, area in enumerate(areas):
        place = Place("areas").item(index)
        if not isinstance(area, dict):
            found.add(place, "May not be empty")
            continue
        _check_bounds(found, place.key("bounds"), area.get("bounds"), body.get("size"))
        check_action(found, place.key("action"), area.get("action"), ACTIONS, 20, label_required=False)
    return found


def _check_size(found: Findings, size: object) -> None:
    place = Place("size")
    width, height = (size.get(name) for name in ("width", "height")) if isinstance(size, dict) else (None, None)
    if not isinstance(width, int) or not isinstance(height, int):
        found.add(place, "May not be empty")
        return
    if not WIDTHS[0] <= width <= WIDTHS[1]:
        found.add(place.key("width"), f"must be between {WIDTHS[0]} and {WIDTHS[1]}")
    if height < LEAST_HEIGHT:
        found.add(place.key("height"), f"must be greater than or equal to {LEAST_HEIGHT}")
    elif width / height < LEAST_RATIO:
        found.add(place, f"the aspect ratio (width / height) must be at least {LEAST_RATIO}")


def _check_bounds(found: Findings, place: Place, bounds: object, size: object) -> None:
    values = [bounds.get(name) for name in ("x", "y", "width", "height")] if isinstance(bounds, dict) else []
    numbers = [value for value in values if isinstance(value, int) and not isinstance(value, bool)]
    if len(numbers) != 4 or min(numbers) < 0 or min(numbers[2:]) < 1:
        found.add(place, "May not be empty")
    elif isinstance(size, dict) and isinstance(size.get("width"), int) and isinstance(size.get("height"), int):
        x, y, width, height = numbers
        if x + width > size["width"] or y + height > size["height"]:
            found.add(place, "must be inside the rich menu")


def check_image(menu: RichMenu, content_type: str, data: bytes) -> tuple[int, str] | None:
    """Status and text with which LINE would refuse an image of `menu`; None when it would take it.

    The words are the stand-in's own: LINE's documentation gives the conditions, not the texts.
    """
    if content_type not in IMAGE_TYPES:
        return 415, f"The content type must be one of {', '.join(IMAGE_TYPES)}"
    if len(data) > IMAGE_BYTES:
        return 413, "The image is larger than 1 MB"
    if menu.image:
        return 400, "An image has already been uploaded to the richmenu"
    size = _size_of(data)
    if size is None or (size[0] == "image/png") != (content_type == "image/png"):
        return 400, f"The image is not {content_type}"
    told = menu.told["size"]
    if size[1:] != (told["width"], told["height"]):
        return 400, f"The image must be as large as the richmenu: {told['width']} x {told['height']}"
    return None


def _size_of(data: bytes) -> tuple[str, int, int] | None:
    """Type, width and height of a PNG or JPEG; None when it is neither."""
    if data[:8] == b"\x89PNG\r\n\x1a\n" and data[12:16] == b"IHDR" and len(data) > 33:
        return "image/png", *struct.unpack(">II", data[16:24])
    at = 2 if data[:2] == b"\xff\xd8" else len(data)
    while at + 9 <= len(data) and data[at] == 0xFF:
        marker, length = data[at + 1], int.from_bytes(data[at + 2 : at + 4], "big")
        # The frame headers, which hold the size, are C0 to CF without the tables among them.
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            height, width = struct.unpack(">HH", data[at + 5 : at + 9])
            return "image/jpeg", width, height
        at += 2 + length
    return None
