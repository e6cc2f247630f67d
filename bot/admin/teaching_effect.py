"""What a new phrasing would change: the published knowledge with it, understood and measured by a worker, before anyone
publishes it.

The result is bot.admin.check_draft's, and beside it

    {"digest", "based_on", "problems": [Thai sentence], "answers": [{"id", "before": status, "after": status, "right": bool}]}

`right`: the question is then answered by the Entry that the phrasing was attached to.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from bot.admin import drafts
from bot.admin.ask_worker import Json
from bot.admin.teaching import Lesson, documents_with
from bot.storage import unanswered

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.dispatch import Services
    from bot.storage.unanswered import Question


def measure(office: Office, request: Json, progress: Callable[[int], None]) -> Json:
    """The effect of one lesson (bot.admin.teaching.Lesson as JSON) on what is published now."""
    from bot.admin import check_draft, problem_wording, publishing

    lesson = Lesson.of(request)
    with office.engine.connect() as connection:
        based_on, base = drafts.published(connection)
        questions = unanswered.by_ids(connection, lesson.ids)
    documents = documents_with(base, lesson)
    told: Json = {"digest": drafts.digest_of(documents, based_on), "based_on": based_on}
    problems = publishing.problems_of(documents)
    if problems:
        return {**told, "problems": [problem_wording.told(problem).sentence for problem in problems[:10]]}
    serving = office.published.serving
    before = serving.compiled if serving and serving.revision == based_on else office.compile(base)
    after = office.compile(documents)
    progress(15)
    answers = answered(before, after, questions, lesson)
    return {
        **check_draft.compared(before, after, base, documents, [], progress),
        **told,
        "problems": [],
        "answers": answers,
    }


def answered(before: Services, after: Services, questions: Sequence[Question], lesson: Lesson) -> list[Json]:
    """Each question, asked of both."""
    from bot.assistant import Session

    old, new = Session(before), Session(after)
    kept: dict[str, Json] = {}
    found = []
    for question in questions:
        text = " ".join(question.text.split())
        if text not in kept:
            now = new.ask(text)
            status = now.answers[0].status if now.answers else ""
            right = status in ("answered", "unknown") and now.match is not None and _meant(now.match.best, lesson.name)
            was = old.ask(text)
            kept[text] = {"before": was.answers[0].status if was.answers else "", "after": status, "right": right}
        found.append({"id": question.id, **kept[text]})
    return found


def _meant(reading: object, name: str) -> bool:
    """Whether a reading leads to the Entry of that name (knowledge/entries.py)."""
    example, _, figure = name.partition(" / ")
    if figure:
        return getattr(reading, "figure", None) == figure
    if name.startswith("topics."):
        return getattr(reading, "topic", None) == name.partition(".")[2]
    also = getattr(reading, "also", ())
    return getattr(reading, "entry", None) == example or example in also
