"""Somebody says that an answer is not what was asked: it is kept for the office, without who said so."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.dispatch import Request
from bot.rating import NOT_WHAT_I_ASKED, digest, is_rating, rated
from bot.turn import RecordUnanswered, Turn
from intents.normalize import clean, plain


def rating(request: Request) -> Turn | None:
    """The Turn of a tap on "ไม่ตรงคำถาม", or of the same words typed; None for anything else."""
    event, conversation = request.event, request.conversation
    if event.kind == "postback" and is_rating(event.postback):
        return _tapped(request)
    typed = event.kind == "text" and event.addressed and event.active and conversation.handover != "open"
    if not typed or len(event.text) > 3 * len(NOT_WHAT_I_ASKED) or plain(clean(event.text)) != NOT_WHAT_I_ASKED:
        return None
    question = conversation.last_question
    if not question:
        return Turn(conversation, (wording.RATED_NOTHING,))
    mark = digest(question)
    if mark == conversation.rated:
        return Turn(conversation, (wording.RATED_BEFORE,))
    effect = RecordUnanswered(
        question, "unhelpful", conversation.subjects, conversation.attribute or "", conversation.year
    )
    return Turn(replace(conversation, rated=mark, options=()), (wording.RATED,), (effect,))


def _tapped(request: Request) -> Turn:
    event, conversation = request.event, request.conversation
    found = rated(event.postback)
    # While an officer or another program has the chat, the tap counts, but nothing is said.
    quiet = not event.active or conversation.handover == "open"
    if found is None:
        return Turn(conversation, () if quiet else (wording.OLD_BUTTON,))
    mark = digest(found.question)
    if mark == conversation.rated:
        return Turn(conversation, () if quiet else (wording.RATED_BEFORE,))
    known = request.round.subjects
    subjects = tuple(key for key in found.subjects if key in known)
    effect = RecordUnanswered(found.question, "unhelpful", subjects, found.attribute, found.year)
    return Turn(replace(conversation, rated=mark), () if quiet else (wording.RATED,), (effect,))
