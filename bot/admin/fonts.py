"""The console's Thai font: Sarabun, from the package that carries it (SIL Open Font License), served by ourselves."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from flask import Blueprint, Response, abort, send_from_directory

from bot.admin.roles import ANYONE, needs

WEIGHTS = ("Regular", "SemiBold")
_A_MONTH = 30 * 24 * 3600


def serve(admin: Blueprint) -> None:
    """`/admin/font/Sarabun-Regular.ttf` and the other weights."""

    @admin.get("/font/Sarabun-<weight>.ttf")
    @needs(ANYONE)
    def font(weight: str) -> Response:
        if weight not in WEIGHTS:
            abort(404)
        return send_from_directory(_folder(), f"Sarabun-{weight}.ttf", max_age=_A_MONTH)


def _folder() -> Path:
    # Found, not imported: the package's code would load the font into memory.
    found = find_spec("fontpkg_sarabun")
    if found is None or found.origin is None:
        abort(404)
    return Path(found.origin).parent / "files"
