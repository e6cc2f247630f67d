"""What the assistant is told rather than asked: hello, menu, a person, erase my data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from bot import wording
from bot.dispatch import Request
from bot.handlers.handover import after_a_miss, ask_consent, erases
from bot.turn import Answer, Conversation, EraseChat, RecordUnanswered, Turn
from intents.match import Match


def command(request: Request) -> Turn | None:
    """The Turn of a command; None when the text is none."""
    match = request.match
    if match.decision != "answer" or match.command is None:
        return None
    make = _COMMANDS.get(match.command)
    return make(request, match) if make else None


def _say(answer: Answer) -> Callable[[Request, Match], Turn]:
    def turn(request: Request, match: Match) -> Turn:
        labelled = replace(answer, attribute=match.best.attribute, confidence=match.best.confidence)
        return Turn(replace(request.conversation, misses=0, handover="", options=()), (labelled,))

    return turn


def _menu(request: Request, match: Match) -> Turn:
    return _say(wording.menu(request.round.year))(request, match)


def _person(request: Request, match: Match) -> Turn:
    turn = ask_consent(request)
    if not turn.conversation.last_question:
        turn = replace(turn, conversation=replace(turn.conversation, last_question=request.event.text))
    return turn


def _privacy(request: Request, match: Match) -> Turn:
    return _say(wording.privacy(request.stored.code(request.event.chat)))(request, match)


def _erase(request: Request, match: Match) -> Turn:
    if not erases(request.event.text):
        # "ข้อมูลของฉัน": what cannot be undone is done only to who says so.
        return _privacy(request, match)
    return Turn(Conversation(), (wording.ERASED,), (EraseChat(),))


def _complaint(request: Request, match: Match) -> Turn:
    asked = request.conversation.last_question
    effect = RecordUnanswered(asked, "unhelpful", request.conversation.subjects) if asked else None
    turn = after_a_miss(request, wording.SORRY_WRONG, effect)
    return replace(turn, conversation=replace(turn.conversation, last_question=asked))


def _quiz(request: Request, match: Match) -> Turn:
    # Imported here: the quiz answers commands in its middle.
    from bot.handlers.quiz import start

    return start(request, request.told())


_COMMANDS: dict[str, Callable[[Request, Match], Turn]] = {
    "start_quiz": _quiz,
    "person": _person,
    "resume": _say(wording.RESUMED),
    "erase": _erase,
    "privacy": _privacy,
    "greeting": _say(wording.HELLO),
    "thanks": _say(wording.THANKS),
    "goodbye": _say(wording.GOODBYE),
    "help": _menu,
    "identity": _say(wording.IDENTITY),
    "praise": _say(wording.THANKS),
    "remark": _say(wording.REMARKED),
    "complaint": _complaint,
    "yes": _menu,
    "no": _menu,
    "cancel": _say(wording.CANCELLED),
}
