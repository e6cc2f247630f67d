"""What a tap on "ไม่ตรงคำถาม" carries: the question and how it was read, so that nothing is kept until somebody taps.

rate:no:2568:service.innovation|service.expansion:conditions:MESSAGE-ID:the question
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, replace
from typing import Final

from bot.limits import POSTBACK_DATA_UTF16, shorten, utf16_length
from bot.turn import Answer, Event, Turn
from knowledge.model import ATTRIBUTE_KEYS

NOT_WHAT_I_ASKED: Final = "ไม่ตรงคำถาม"
_PREFIX: Final = "rate:no:"
_RATED: Final = frozenset({"answered", "unknown"})
# A verdict of the quiz answers a dozen taps, none of which is a question.
_OF_THE_QUIZ: Final = frozenset({"quiz", "recommend"})
_FIELDS: Final = 4
_MOST_SUBJECTS: Final = 3


@dataclass(frozen=True)
class Rated:
    """An answer that did not help: the question as it was typed, and what it was taken to ask."""

    question: str
    subjects: tuple[str, ...]
    attribute: str
    year: int | None


def is_rating(data: str) -> bool:
    """Whether a postback's data rates an answer."""
    return data.startswith(_PREFIX)


def offered(turn: Turn, event: Event, handler: str) -> Turn:
    """The Turn with each answer to a question ready to be rated."""
    if event.kind != "text" or not any(answer.status in _RATED for answer in turn.replies):
        return turn
    # "ข้อ 2" chose a question, and that is the one that was answered.
    question = turn.conversation.last_question if handler == "choose_option" else event.text
    replies = tuple(
        replace(answer, rating=_data(answer, question or event.text, event.message_id or ""))
        if answer.status in _RATED and not (handler == "quiz" and answer.attribute in _OF_THE_QUIZ)
        else answer
        for answer in turn.replies
    )
    return replace(turn, replies=replies)


def _data(answer: Answer, question: str, message_id: str) -> str:
    subjects = "|".join(answer.subjects[:_MOST_SUBJECTS])
    head = f"{_PREFIX}{answer.year or answer.rules_year or ''}:{subjects}:{answer.attribute}:{message_id}:"
    words = " ".join(question.split())
    return head + shorten(words, POSTBACK_DATA_UTF16 - utf16_length(head))


def rated(data: str) -> Rated | None:
    """What `offered` put into a postback; None for other data, or what another version of the program wrote."""
    fields = data.removeprefix(_PREFIX).split(":", _FIELDS)
    if not is_rating(data) or len(fields) != _FIELDS + 1 or not fields[-1].strip():
        return None
    year, subjects, attribute, _, question = fields
    if attribute not in ATTRIBUTE_KEYS:
        return None
    return Rated(
        question.strip(),
        tuple(filter(None, subjects.split("|"))),
        attribute,
        int(year) if year.isdecimal() and len(year) == 4 else None,
    )


def message_of(data: str) -> str:
    """The id of the message whose answer is rated; "" for other data."""
    fields = data.removeprefix(_PREFIX).split(":", _FIELDS) if is_rating(data) else []
    return fields[3] if len(fields) == _FIELDS + 1 and fields[3].isdecimal() else ""


def digest(data: str) -> str:
    """A short name of one rated answer."""
    return hashlib.sha256(data.encode("utf-8", "replace")).hexdigest()[:12]
