"""Draws the menu's image: `make rich-menu`, after a change of menu.py or menu.html. For developers, in a checkout.

The template is laid out by Debian's Chromium with fonts-thai-tlwg. What does not fit into its area, or is too large for
LINE, is not written.
"""

from __future__ import annotations

import struct
import sys
import zlib
from pathlib import Path

from flask import Flask, render_template_string

from bot.rich_menu import menu

CHROMIUM = "/usr/bin/chromium"
SIGNATURE = b"\x89PNG\r\n\x1a\n"
LARGEST_BYTES = 1_000_000  # LINE says 1 MB
NOTE = "drawn-from"

# Each label's rectangle must lie inside its area with some air, so that a phone's rounded screen cuts nothing.
_CUT = """air => [...document.querySelectorAll('.area')].flatMap(area => {
  const outer = area.getBoundingClientRect();
  return [...area.querySelectorAll('.line, svg')].filter(part => {
    const range = document.createRange();
    range.selectNodeContents(part);
    const inner = part.tagName === 'svg' ? part.getBoundingClientRect() : range.getBoundingClientRect();
    return inner.left < outer.left + air || inner.right > outer.right - air
      || inner.top < outer.top + air || inner.bottom > outer.bottom - air;
  }).map(() => area.dataset.key);
})"""
AIR = 40  # pixels


def page() -> str:
    """The image as HTML, of the template and the areas."""
    with Flask(__name__).app_context():
        template = menu.TEMPLATE.read_text(encoding="utf-8")
        return render_template_string(template, areas=menu.AREAS, width=menu.WIDTH, height=menu.HEIGHT)


def draw() -> bytes:
    """The image as PNG. ValueError when something does not fit."""
    # Part of what the tests need, not of the program.
    from playwright.sync_api import sync_playwright

    arguments = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=arguments)
        tab = browser.new_page(viewport={"width": menu.WIDTH, "height": menu.HEIGHT}, device_scale_factor=1)
        tab.set_content(page())
        tab.evaluate("document.fonts.ready")
        cut = tab.evaluate(_CUT, AIR)
        drawn = tab.screenshot()
        browser.close()
    if cut:
        raise ValueError(f"does not fit into its area: {', '.join(cut)}")
    png = with_note(drawn, menu.drawn_from())
    if len(png) > LARGEST_BYTES:
        raise ValueError(f"{len(png):,} bytes are more than LINE's {LARGEST_BYTES:,}")
    return png


def with_note(png: bytes, digest: str) -> bytes:
    """`png` with a text chunk behind its head that says what it was drawn from."""
    body = b"tEXt" + NOTE.encode() + b"\0" + digest.encode()
    chunk = struct.pack(">I", len(body) - 4) + body + struct.pack(">I", zlib.crc32(body))
    head = len(SIGNATURE) + 25  # the head's own chunk always has 13 bytes, and 12 around them
    return png[:head] + chunk + png[head:]


def note_of(png: bytes) -> str:
    """What an image says that it was drawn from; "" when it says nothing."""
    at = len(SIGNATURE)
    while at + 8 <= len(png):
        length, kind = struct.unpack(">I4s", png[at : at + 8])
        body = png[at + 8 : at + 8 + length]
        if kind == b"tEXt" and body.startswith(NOTE.encode() + b"\0"):
            return body[len(NOTE) + 1 :].decode("ascii")
        at += length + 12
    return ""


def size_of(png: bytes) -> tuple[int, int]:
    """Width and height in pixels. ValueError when it is no PNG."""
    if png[:8] != SIGNATURE or png[12:16] != b"IHDR":
        raise ValueError("not a PNG")
    width, height = struct.unpack(">II", png[16:24])
    return width, height


def main(path: Path = menu.IMAGE) -> int:
    """Draw and write; the exit status."""
    try:
        png = draw()
    except ValueError as error:
        print(f"rich menu: {error}", file=sys.stderr)
        return 1
    path.write_bytes(png)
    print(f"{path}: {menu.WIDTH} x {menu.HEIGHT}, {len(png):,} bytes")
    return 0


if __name__ == "__main__":
    sys.exit(main())
