"""One module a kind of turn. Each handler takes a Request and returns a Turn, or None for what is not its own."""

from __future__ import annotations

from bot.handlers.again import again
from bot.handlers.calendar import calendar
from bot.handlers.clarification import choose_option
from bot.handlers.commands import command
from bot.handlers.going_on import going_on
from bot.handlers.handover import handover
from bot.handlers.lifecycle import lifecycle
from bot.handlers.point import point
from bot.handlers.question import question
from bot.handlers.quiz import quiz
from bot.handlers.rating import rating
from bot.handlers.reminders import reminder_consent, reminder_tap, reminders

# The order is the behaviour: the first that returns a Turn wins.
HANDLERS = (
    reminder_tap,
    rating,
    lifecycle,
    handover,
    reminder_consent,
    choose_option,
    point,
    again,
    quiz,
    reminders,
    going_on,
    calendar,
    command,
    question,
)
