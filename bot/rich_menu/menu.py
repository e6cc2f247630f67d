"""The rich menu as it is shipped: one description of its areas, from which both the image and what LINE is told are made.

Positions are pixels of the image, from its upper left corner.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

WIDTH, HEIGHT = 2500, 1686
CHAT_BAR_TEXT = "เมนูเลิศรัฐ"  # 14 at most
NAME_PREFIX = "lertrat rich menu "
IMAGE = Path(__file__).with_name("menu.png")
TEMPLATE = Path(__file__).with_name("menu.html")


@dataclass(frozen=True)
class Area:
    """A part that can be tapped: `lines` is what the image says, `text` what the person then says to the assistant.

    A text is one that is understood at any time, also as an aside in the middle of a quiz.
    """

    key: str
    lines: tuple[str, ...]
    text: str
    x: int
    y: int
    width: int
    height: int

    @property
    def label(self) -> str:
        """What a screen reader says, and LINE on a computer shows."""
        return "".join(self.lines)


AREAS = (
    Area("ask", ("ถามคำถาม",), "ขอถามหน่อย", 0, 0, 1250, 843),
    Area("quiz", ("ตรวจสอบคุณสมบัติ",), "เริ่มทำแบบตรวจสอบ", 1250, 0, 1250, 843),
    Area("calendar", ("ปฏิทิน", "รางวัล"), "ปฏิทินมีอะไรบ้าง", 0, 843, 833, 843),
    Area("reminders", ("การเตือน", "ของฉัน"), "เตือนเรื่องอะไรไว้บ้าง", 833, 843, 834, 843),
    Area("person", ("คุยกับ", "เจ้าหน้าที่"), "ขอคุยกับเจ้าหน้าที่", 1667, 843, 833, 843),
)


def image() -> bytes:
    """The shipped PNG."""
    return IMAGE.read_bytes()


def description() -> dict[str, Any]:
    """LINE's rich menu object, without its name."""
    return {
        "size": {"width": WIDTH, "height": HEIGHT},
        "selected": True,
        "chatBarText": CHAT_BAR_TEXT,
        "areas": [
            {
                "bounds": {"x": area.x, "y": area.y, "width": area.width, "height": area.height},
                "action": {"type": "message", "label": area.label, "text": area.text},
            }
            for area in AREAS
        ],
    }


@cache
def name() -> str:
    """The name under which LINE keeps this very menu: another image or another area makes another name."""
    told = json.dumps(description(), ensure_ascii=False, sort_keys=True).encode()
    return NAME_PREFIX + sha256(told + image()).hexdigest()[:12]


def line_object() -> dict[str, Any]:
    """What LINE is told to create."""
    return {"name": name(), **description()}


def drawn_from() -> str:
    """A digest of everything that the image is drawn from; the image carries it, so that a stale one is found."""
    areas = [[area.key, area.lines, area.x, area.y, area.width, area.height] for area in AREAS]
    told = json.dumps([WIDTH, HEIGHT, areas], ensure_ascii=False).encode()
    return sha256(told + TEMPLATE.read_bytes()).hexdigest()
