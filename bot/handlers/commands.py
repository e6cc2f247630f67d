"""What the assistant is told rather than asked: hello, menu, a person, reminders, erase my data."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace

from bot import wording
from bot.dispatch import Request
from bot.handlers.handover import after_a_miss, ask_consent
from bot.turn import Answer, CancelReminderWishes, Conversation, EraseChat, RecordReminderWish, RecordUnanswered, Turn
from intents.match import Match

_DAYS = re.compile(r"(\d{1,3})\s*(?:วัน)")
_WEEKS = re.compile(r"(\d{1,2}|หนึ่ง|สอง|สาม|สี่)\s*(?:สัปดาห์|อาทิตย์|วีค)")
_MONTHS = re.compile(r"(\d{1,2}|หนึ่ง|สอง|สาม)\s*เดือน")
_NUMBERS = {"หนึ่ง": 1, "สอง": 2, "สาม": 3, "สี่": 4}


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


def _erase(request: Request, match: Match) -> Turn:
    return Turn(Conversation(), (wording.ERASED,), (EraseChat(),))


def _complaint(request: Request, match: Match) -> Turn:
    asked = request.conversation.last_question
    effect = RecordUnanswered(asked, "unclear", request.conversation.subjects) if asked else None
    turn = after_a_miss(request, wording.SORRY_WRONG, effect)
    return replace(turn, conversation=replace(turn.conversation, last_question=asked))


def _quiz(request: Request, match: Match) -> Turn:
    # Imported here: the quiz answers commands in its middle.
    from bot.handlers.quiz import start

    return start(request, request.told())


def _set_reminder(request: Request, match: Match) -> Turn:
    subjects = match.best.subjects or ("awards",)
    days = lead_days(match.normalized)
    names = " และ ".join(request.round.subjects[key].name for key in subjects)
    answer = replace(wording.reminder_kept(names, days), subjects=subjects, confidence=match.best.confidence)
    return Turn(replace(request.conversation, misses=0, options=()), (answer,), (RecordReminderWish(subjects, days),))


def _cancel_reminders(request: Request, match: Match) -> Turn:
    subjects = match.best.subjects or ("awards",)
    answer = replace(wording.REMINDERS_CANCELLED, subjects=subjects, confidence=match.best.confidence)
    return Turn(replace(request.conversation, misses=0, options=()), (answer,), (CancelReminderWishes(),))


def lead_days(text: str) -> tuple[int, ...]:
    """The lead times in days that cleaned `text` names, greatest first; a week is 7 days, a month 30."""

    def number(word: str) -> int:
        return _NUMBERS.get(word) or int(word)

    days = {int(d) for d in _DAYS.findall(text)}
    days |= {7 * number(w) for w in _WEEKS.findall(text)} | {30 * number(m) for m in _MONTHS.findall(text)}
    return tuple(sorted((d for d in days if d <= 365), reverse=True))


_COMMANDS: dict[str, Callable[[Request, Match], Turn]] = {
    "start_quiz": _quiz,
    "set_reminder": _set_reminder,
    "list_reminders": _say(wording.REMINDERS_LISTED),
    "cancel_reminders": _cancel_reminders,
    "person": _person,
    "resume": _say(wording.RESUMED),
    "erase": _erase,
    "privacy": _say(wording.PRIVACY),
    "greeting": _say(wording.HELLO),
    "thanks": _say(wording.THANKS),
    "goodbye": _say(wording.GOODBYE),
    "help": _menu,
    "identity": _say(wording.IDENTITY),
    "praise": _say(wording.THANKS),
    "complaint": _complaint,
    "yes": _menu,
    "no": _menu,
    "cancel": _say(wording.CANCELLED),
}
