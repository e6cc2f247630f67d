"""Revisions are numbered, kept whole, and never overtaken unseen, on both databases."""

from __future__ import annotations

import threading
from datetime import UTC, datetime

import pytest
from sqlalchemy import Engine

from bot.storage import revisions
from bot.storage.database import make_engine
from bot.storage.revisions import OutdatedError, Revision

MOMENT = datetime(2025, 8, 1, 1, 2, 3, tzinfo=UTC)
DOCUMENTS = {"phrases.yaml": '\ufeffก: "\\u0000"\r\n', "2568/best.yaml": "{s} 😀"}


def publish(engine: Engine, documents: dict[str, str], based_on: int | None) -> int:
    with engine.begin() as connection:
        return revisions.publish(
            connection, documents, based_on=based_on, note="เหตุ", author="somchai", published_at=MOMENT
        )


def newest(engine: Engine) -> int | None:
    with engine.connect() as connection:
        return revisions.newest_id(connection)


def test_before_the_first_nothing_is_published(engine: Engine) -> None:
    with engine.connect() as connection:
        assert revisions.has_table(connection)
        assert revisions.newest_id(connection) is None
        assert revisions.documents_of(connection, 1) is None
        assert revisions.listed(connection) == []


def test_a_revision_is_kept_as_it_was_published(engine: Engine) -> None:
    assert publish(engine, DOCUMENTS, None) == 1
    assert publish(engine, {}, 1) == 2
    with engine.connect() as connection:
        assert revisions.documents_of(connection, 1) == DOCUMENTS
        assert list(revisions.documents_of(connection, 1) or ()) == list(DOCUMENTS)
        assert revisions.newest_id(connection) == 2
        assert revisions.listed(connection) == [
            Revision(2, "เหตุ", "somchai", MOMENT),
            Revision(1, "เหตุ", "somchai", MOMENT),
        ]


@pytest.mark.parametrize(
    ("based_on", "message"),
    [
        (None, "revision 2 was published by somchai, but this is based on no revision"),
        (1, "revision 2 was published by somchai, but this is based on revision 1"),
        (7, "revision 2 was published by somchai, but this is based on revision 7"),
    ],
)
def test_what_is_based_on_another_revision_than_the_published_one_is_refused(
    engine: Engine, based_on: int | None, message: str
) -> None:
    publish(engine, DOCUMENTS, None)
    publish(engine, DOCUMENTS, 1)
    with pytest.raises(OutdatedError) as refused:
        publish(engine, {"phrases.yaml": "another"}, based_on)
    assert str(refused.value) == message
    assert refused.value.published == Revision(2, "เหตุ", "somchai", MOMENT)
    assert newest(engine) == 2


def test_what_is_based_on_a_revision_that_never_was_is_refused(engine: Engine) -> None:
    with pytest.raises(OutdatedError, match=r"^nothing is published, but this is based on revision 3$"):
        publish(engine, DOCUMENTS, 3)


def test_of_many_that_publish_at_once_one_succeeds(engine: Engine, database_url: str) -> None:
    publish(engine, DOCUMENTS, None)
    together = threading.Barrier(6)
    outcomes: list[object] = []

    def hurry(number: int) -> None:
        own = make_engine(database_url)
        together.wait()
        try:
            outcomes.append(publish(own, {"phrases.yaml": str(number)}, 1))
        except OutdatedError as refused:
            outcomes.append(str(refused))
        own.dispose()

    threads = [threading.Thread(target=hurry, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    refused = "revision 2 was published by somchai, but this is based on revision 1"
    assert sorted(map(str, outcomes)) == ["2", *[refused] * 5]
    assert newest(engine) == 2
