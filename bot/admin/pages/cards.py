"""What draws LINE cards in the console: the files of the stand-in's chat page, so that there is one picture of a card.

A page shows messages with `<div class="line-preview" data-messages='{{ messages | tojson }}'></div>`, the style sheets
`url_for('admin.cards.file', name='flex.css')` and static knowledge.css, and static card.js as a module.
"""

from __future__ import annotations

from pathlib import Path

from flask import Blueprint, abort, send_from_directory
from flask.typing import ResponseReturnValue

import bot
from bot.admin.console import Console
from bot.admin.roles import needs

FOLDER = Path(bot.__file__).parent / "simulator" / "static"
FILES = ("flex.js", "flex.css")


def page(console: Console) -> Blueprint:
    """`/admin/card/flex.js` and `flex.css`."""
    blueprint = Blueprint("cards", __name__, url_prefix="/card")

    @blueprint.get("/<name>")
    @needs("viewer")
    def file(name: str) -> ResponseReturnValue:
        if name not in FILES:
            abort(404)
        return send_from_directory(FOLDER, name)

    return blueprint
