"""A text that is meant for itself: a command or a question, whatever stands round it (a quiz, a choice)."""

from __future__ import annotations

from bot.dispatch import Request
from bot.handlers.calendar import calendar
from bot.handlers.commands import command
from bot.handlers.question import question
from bot.handlers.reminders import reminders
from bot.turn import Turn


def understood(request: Request) -> Turn:
    """The Turn of the first that takes it, in the order of bot.handlers.HANDLERS.

    What only goes on about a work (bot.handlers.going_on) is left out: a button's text and a quiz's aside stand for
    themselves.
    """
    return reminders(request) or calendar(request) or command(request) or question(request)
