"""The buttons of reminders, as the data that their postbacks carry.

stop:2569/2569.closing   end the reminders that this milestone of the round belongs to
stop:all                 end all of the chat's
remind:yes:SUBJECTS:LEADS   "service.innovation,pmqa" and "7d,1d" (empty: the default ones): the consent, with the wish
remind:no                no consent
"""

from __future__ import annotations

from bot.events import STOP_REMINDERS
from bot.reminder_texts import STOP_ALL as STOP_ALL
from bot.turn import Wish
from knowledge.leads import parsed_leads
from knowledge.model import SUBJECT_KEYS

REMIND = "remind:"
NO = f"{REMIND}no"
_YES = f"{REMIND}yes:"
# All of these, with eight lead times, stay within LINE's 300 characters.
_MOST_SUBJECTS = 8


def stopped(data: str) -> tuple[int, str] | None:
    """The round and the milestone's id of reminder_texts.stop_data; None for other data."""
    year, slash, milestone = data.removeprefix(STOP_REMINDERS).partition("/")
    return (int(year), milestone) if slash and year.isdecimal() and len(year) == 4 else None


def yes(wish: Wish) -> str:
    """The data of a button that agrees to being kept for this wish."""
    subjects = wish.subjects if len(wish.subjects) <= _MOST_SUBJECTS else ("awards",)
    return f"{_YES}{','.join(subjects)}:{','.join(wish.leads)}"


def agreed(data: str) -> Wish | None:
    """The wish of `yes`; None for other data, or one that another version of the program wrote."""
    subjects, _, leads = data.removeprefix(_YES).partition(":")
    wish = Wish(tuple(subjects.split(",")), tuple(leads.split(",")) if leads else ())
    try:
        parsed_leads(" ".join(wish.leads))
    except ValueError:
        return None
    return wish if data.startswith(_YES) and set(wish.subjects) <= set(SUBJECT_KEYS) else None
