"""Content for tests to publish: the program's own with a word changed here and there."""

from __future__ import annotations

from sqlalchemy import Engine

from bot.content import as_documents, own_files
from bot.now import utc_now
from bot.storage import revisions
from knowledge.documents import Documents

INTEGRATION = "2568/service.integration.yaml"
CONDITION = "service.integration.duration"


def own_documents() -> dict[str, str]:
    """The program's own content."""
    return as_documents(own_files())


def with_months(months: int) -> dict[str, str]:
    """The same, but บูรณาการข้อมูล demands so many months in use. No phrasing differs, so that no matcher is fitted anew."""
    documents = own_documents()
    assert "at_least: 12}" in documents[INTEGRATION]
    documents[INTEGRATION] = documents[INTEGRATION].replace("at_least: 12}", f"at_least: {months}}}")
    return documents


def publish(engine: Engine, documents: Documents, note: str = "") -> int:
    """Publish them over what is published; the Revision's number."""
    with engine.begin() as connection:
        return revisions.publish(
            connection,
            documents,
            based_on=revisions.newest_id(connection),
            note=note,
            author="ก",
            published_at=utc_now(),
        )
