"""A new answer for questions that nothing answers: a text Entry in the shared draft, with the question as its phrasing."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import regex
from sqlalchemy import Engine

from bot.admin import audit, drafts, entry_saving
from bot.admin.accounts import Refused
from bot.admin.audit import Actor
from bot.now import utc_now
from bot.storage import unanswered

# An answer may be about these; the others are commands, or made of Entries of their own kind.
ATTRIBUTES = (
    "definition",
    "conditions",
    "deadline",
    "documents",
    "apply",
    "scoring",
    "advice",
    "recommend",
    "comparison",
    "contact",
)
_LINES = regex.compile(r"\d+(?:-\d+)?(?:\s?[;,]\s?\d+(?:-\d+)?)*")
_URL = regex.compile(r"https?://\S+")


def source_of(typed: str) -> dict[str, Any]:
    """Slide lines ("94-105;126") or web addresses, as the content files have them. Refused for anything else."""
    typed = typed.strip().removeprefix("บรรทัด").strip()
    addresses = _URL.findall(typed)
    if addresses:
        return {"urls": addresses}
    if _LINES.fullmatch(typed):
        return {"lines": regex.sub(r"\s?[;,]\s?", ";", typed)}
    raise Refused("กรุณาระบุที่มาเป็นบรรทัดของสไลด์ เช่น 94-105 หรือที่อยู่เว็บที่ขึ้นต้นด้วย https://", "source")


def write(
    engine: Engine,
    user: Actor,
    ids: Iterable[int],
    *,
    path: str,
    attribute: str,
    gist: str,
    text: str,
    source: str,
    phrasings: Iterable[str],
) -> str:
    """Put the answer into the draft and settle the questions; the new Entry's id. Refused when it breaks the content."""
    keys: dict[str, Any] = {
        "attribute": attribute,
        "gist": gist.strip(),
        "text": text.strip() or None,
        "source": source_of(source),
        "phrasings": [part for one in phrasings if (part := " ".join(one.split()))],
    }
    if not keys["phrasings"]:
        raise Refused("กรุณาเขียนคำถามอย่างน้อย 1 แบบ", "phrasings")
    with engine.begin() as connection:
        entry = drafts.new_id(connection, path, "faq")
        keys = {"id": entry, **{key: value for key, value in keys.items() if value is not None}}
        draft = drafts.draft(connection)
        try:
            entry_saving.check(draft, entry_saving.with_new(draft, path, "texts", keys), path, entry)
        except entry_saving.Broken as broken:
            raise Refused("บันทึกไม่ได้: " + " · ".join(one.sentence for one in broken.problems[:3])) from None
        drafts.add_entry(connection, user, path, "texts", keys)
        settled = unanswered.settle(connection, ids, unanswered.FAQ, user.name, utc_now(), f"{path}: {entry}")
        audit.record(connection, user, "inbox.faq", f"{path}: {entry}", {"questions": settled})
    return entry
