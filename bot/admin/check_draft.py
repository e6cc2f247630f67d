"""What a draft would answer differently: the labelled questions and some more, asked of what is published and of the draft.

Done by a worker, as a job of bot.admin.publishing.CHECK. The result:

    {"before": 498, "after": 499, "total": 527, "regressions": 0, "improvements": 1,
     "changes": [{"question", "about", "sort", "before": {"status", "text"}, "after": {…}, "missing": [pieces]}…],
     "left_out": 0, "asked": 611}

`sort`: worse (was right, would be wrong), better, edited (says what the edited Entry says now, in place of what the label
quotes of it), same (as right or wrong as before), unlabelled (a phrasing of a changed Entry, or a question of the inbox).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from sqlalchemy import Connection, select

from bot.admin import date_changes, drafts
from bot.admin.accounts import Refused
from bot.admin.ask_worker import Json
from bot.admin.calendar_view import MILESTONES, as_milestone
from bot.admin.masking import masked
from bot.storage import revisions
from bot.storage.tables import unanswered
from knowledge.calendar import when_text

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.dispatch import Services
    from intents.evaluation import Judged, Labelled
    from knowledge.documents import Documents

Progress = Callable[[int], None]

PHRASINGS_OF_ONE = 8
PHRASINGS = 120
FROM_INBOX = 200
CHANGES_KEPT = 400
LONGEST_TEXT = 1200
SHORTEST_WORDS = 8  # in an answer, fewer characters are there by chance
_ORDER = ("worse", "edited", "unlabelled", "same", "better")
# Shares of the progress bar: understanding the draft, then the two rounds of questions.
_COMPILED, _BEFORE, _AFTER = 15, 55, 95


@dataclass(frozen=True)
class _Asked:
    """One question without labels, and why it is asked."""

    question: str
    about: str


@dataclass(frozen=True)
class _Edited:
    """All words that a draft takes out or writes anew, and the lines that it brings; squeezed."""

    gone: str
    came: frozenset[str]


@dataclass(frozen=True)
class _Answered:
    status: str
    text: str


def check(office: Office, request: Json, progress: Progress) -> Json:
    """Measure the draft, a Revision to go back to, or one date; {"outdated": true} when it is not what was asked about."""
    with office.engine.connect() as connection:
        try:
            based_on, base, documents = _documents(connection, request)
        except Refused:  # the date's entry is gone
            return {"outdated": True}
        inbox = _inbox(connection)
    if drafts.digest_of(documents, based_on) != request["digest"]:
        return {"outdated": True}
    before = _services(office, based_on, base)
    after = office.compile(documents)
    progress(_COMPILED)
    return compared(before, after, base, documents, inbox, progress)


def compared(
    before: Services, after: Services, base: Documents, documents: Documents, inbox: Sequence[str], progress: Progress
) -> Json:
    """The result above, of what is published and of the draft."""
    from intents.evaluation import own_labelled

    labelled = own_labelled()
    more = [*_phrasings(base, documents), *(_Asked(question, "กล่องคำถาม") for question in inbox)]
    edited = _edited(base, documents)
    old = _round(before, labelled, more, lambda share: progress(round(_COMPILED + (_BEFORE - _COMPILED) * share)))
    new = _round(after, labelled, more, lambda share: progress(round(_BEFORE + (_AFTER - _BEFORE) * share)))
    changes = [*_labelled_changes(old[0], new[0], edited), *_other_changes(more, old[1], new[1])]
    changes.sort(key=lambda change: _ORDER.index(change["sort"]))
    return {
        "before": sum(judged.right for judged in old[0]),
        "after": sum(judged.right for judged in new[0]),
        "total": len(labelled),
        "regressions": sum(change["sort"] == "worse" for change in changes),
        "improvements": sum(change["sort"] == "better" for change in changes),
        "asked": len(labelled) + len(more),
        "left_out": max(len(changes) - CHANGES_KEPT, 0),
        "changes": changes[:CHANGES_KEPT],
    }


def _documents(connection: Connection, request: Json) -> tuple[int | None, Documents, Documents]:
    if "date" in request:
        return date_changes.documents_with(connection, request["date"])
    if request.get("revision") is None:
        draft = drafts.draft(connection)
        return draft.based_on, draft.base, draft.documents
    based_on, base = drafts.published(connection)
    return based_on, base, revisions.documents_of(connection, request["revision"]) or {}


def _services(office: Office, based_on: int | None, base: Documents) -> Services:
    serving = office.published.serving
    if serving is not None and serving.revision == based_on:
        return serving.compiled
    return office.compile(base)


def _round(
    services: Services, labelled: Sequence[Labelled], more: Sequence[_Asked], progress: Callable[[float], None]
) -> tuple[list[Judged], list[_Answered]]:
    """Every question asked once; those with labels in their conversations, each of the others alone."""
    from bot.assistant import Session
    from bot.judging import outcome
    from intents.evaluation import evaluate

    session, total = Session(services), max(len(labelled) + len(more), 1)
    judged = []
    for number, found in enumerate(evaluate(labelled, lambda text, chat: outcome(session.ask(text, chat)))):
        judged.append(found)
        if number % 50 == 0:
            progress(number / total)
    answered = []
    for one in more:
        said = outcome(session.ask(one.question))
        answered.append(_Answered(said.status, said.text))
    progress(1)
    return judged, answered


def _labelled_changes(old: Sequence[Judged], new: Sequence[Judged], edited: _Edited) -> Iterator[Json]:
    for before, after in zip(old, new, strict=True):
        was, now = before.outcome, after.outcome
        if (was.status, was.text) == (now.status, now.text):
            continue
        yield _change(
            before.labelled.question,
            before.labelled.conversation.rpartition("/")[2] if before.labelled.conversation else "",
            _sort(before, after, edited),
            _Answered(was.status, was.text),
            _Answered(now.status, now.text),
            ["/".join(pieces) for pieces in after.missing],
        )


def _sort(before: Judged, after: Judged, edited: _Edited) -> str:
    if before.right == after.right:
        return "same"
    if after.right:
        return "better"
    # The label quotes what the edited Entry used to say, or that nobody knew: then it is the label that is outdated.
    quoted = all(any(_bare(piece) in edited.gone for piece in pieces) for pieces in after.missing)
    if after.labels and after.missing and quoted:
        return "edited"
    known = (
        after.subject and after.attribute and (before.outcome.status, after.outcome.status) == ("unknown", "answered")
    )
    text = _bare(after.outcome.text)
    return "edited" if known and any(words in text for words in edited.came) else "worse"


def _other_changes(more: Sequence[_Asked], old: Sequence[_Answered], new: Sequence[_Answered]) -> Iterator[Json]:
    for asked, before, after in zip(more, old, new, strict=True):
        if before != after:
            yield _change(asked.question, asked.about, "unlabelled", before, after, [])


def _change(question: str, about: str, sort: str, before: _Answered, after: _Answered, missing: list[str]) -> Json:
    return {
        "question": question,
        "about": about,
        "sort": sort,
        "before": {"status": before.status, "text": before.text[:LONGEST_TEXT]},
        "after": {"status": after.status, "text": after.text[:LONGEST_TEXT]},
        "missing": missing,
    }


def _phrasings(base: Documents, documents: Documents) -> Iterator[_Asked]:
    """How people ask for the Entries that changed, as whole questions."""
    count = 0
    for path, text in documents.items():
        if base.get(path) == text or not path[:4].isdigit():
            continue
        old, new = drafts.parsed_document(base.get(path, "")) or {}, drafts.parsed_document(text) or {}
        for name, section, keys, about in _changed(old, new):
            for phrasing in list(keys.get("phrasings") or ())[:PHRASINGS_OF_ONE]:
                if count < PHRASINGS:
                    count += 1
                    yield _Asked(f"{about} {phrasing}".strip(), name)
            if section == MILESTONES:  # how people ask for it stands with its topic
                yield _Asked(f"{keys.get('name', '')} วันไหน", name)


def _changed(old: dict[str, Any], new: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any], str]]:
    """(name, section, keys, what to name in a question) of every Entry that differs; of one that went, as it was."""
    from knowledge.entries import places

    before = {place.name: place for place in places(old)}
    after = {place.name: place for place in places(new)}
    labels = {name: str(place.keys.get("label", "")) for name, place in {**before, **after}.items()}
    subject = str(new.get("name") or old.get("name") or "")
    for name in dict.fromkeys((*before, *after)):
        place = after.get(name) or before[name]
        if before.get(name) != after.get(name) and name != "head":
            example = name.partition(" / ")[0] if " / " in name else ""
            about = labels.get(example, "") if example else subject if place.section != "topics" else ""
            yield name, place.section, place.keys, about


def _edited(base: Documents, documents: Documents) -> _Edited:
    from knowledge.differences import differences

    lines = [line for one in differences(base, documents) for line in one.lines]
    gone, came = ([line.text for line in lines if line.sign == sign] for sign in "-+")
    gone += _dates(base, documents)
    came += _dates(documents, base)
    long_enough = {words for text in came if len(words := _bare(text)) >= SHORTEST_WORDS}
    return _Edited("\n".join(map(_bare, gone)), frozenset(long_enough))


def _dates(documents: Documents, others: Documents) -> Iterator[str]:
    """The dates of the milestones that stand only in `documents`, or otherwise in `others`, as answers tell them."""
    for path, text in documents.items():
        if others.get(path) == text or not path[:4].isdigit():
            continue
        there, elsewhere = (_milestones(one.get(path, "")) for one in (documents, others))
        for name, keys in there.items():
            milestone = as_milestone(keys, path)
            if keys != elsewhere.get(name) and milestone is not None and milestone.date:
                yield when_text(milestone)


def _milestones(text: str) -> dict[str, dict[str, Any]]:
    from knowledge.entries import places

    return {
        place.name: place.keys for place in places(drafts.parsed_document(text) or {}) if place.section == MILESTONES
    }


def _bare(text: str) -> str:
    from intents.evaluation import squeezed

    return squeezed(text)


def _inbox(connection: Connection) -> list[str]:
    """The newest questions of the inbox, masked: the result is kept, shown to everybody who may look, and not erased when
    somebody takes a message back."""
    statement = select(unanswered.c.question).order_by(unanswered.c.asked_at.desc()).limit(FROM_INBOX)
    return list(dict.fromkeys(map(masked, connection.execute(statement).scalars())))
