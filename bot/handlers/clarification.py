"""The answer to the assistant's own question: one of the buttons, tapped, typed, numbered or half typed."""

from __future__ import annotations

from dataclasses import replace

import regex
from rapidfuzz import fuzz

from bot import wording
from bot.dispatch import Request
from bot.handlers.understood import understood
from bot.turn import Answer, Button, Conversation, Turn
from intents.normalize import clean, plain, skeleton
from intents.references import reference

_NUMBER = regex.compile(r"^(?:ข้อ|อัน|ตัวเลือก|เลือก|หมายเลข)?\s?(?:ที่)?\s?(\d{1,2})\s?$")
# A label of eight letters with one wrong (87) still counts. Where two labels reach it, the nearer one is meant.
_SAME_LABEL = 85.0
# Part of a label, with letters left out ("มาตฐานบริการ", 86), names it when no other label's part comes near.
_HALF_LABEL, _APART, _SHORTEST_HALF = 83.0, 15.0, 6


def choose_option(request: Request) -> Turn | None:
    """The Turn of the option that was chosen; None when the text chooses none."""
    conversation = request.conversation
    if not conversation.options or not request.event.text:
        return None
    chosen = _chosen(request.event.text, conversation.options)
    if chosen is None:
        beyond = _NUMBER.match(plain(clean(request.event.text)))
        return Turn(conversation, (_asked_again(conversation),)) if beyond else None
    asked = replace(request.event, text=chosen)
    fresh = replace(conversation, options=(), offered=())
    turn = understood(replace(request, event=asked, conversation=fresh))
    after = turn.conversation
    if not after.offered and set(after.subjects) & set(conversation.offered):
        # "No, the other one": what was offered can still be pointed at.
        turn = replace(turn, conversation=replace(after, offered=conversation.offered))
    return turn


def _asked_again(conversation: Conversation) -> Answer:
    buttons = tuple(Button(*option.split("\t", 1)) for option in conversation.options)
    subjects, attribute = conversation.offered or ("awards",), conversation.attribute or "definition"
    return Answer("clarify", wording.choose_up_to(len(buttons)), subjects, attribute, buttons=buttons)


def _chosen(text: str, options: tuple[str, ...]) -> str | None:
    """The question behind the option that `text` names; options are "label\\tquestion"."""
    said = plain(clean(text))
    pairs = [tuple(option.split("\t", 1)) for option in options]
    number = _NUMBER.match(said)
    ordinal = int(number[1]) - 1 if number else reference(said).ordinal if reference(said).bare else None
    if ordinal == -1:
        # "The last one" is the last of the meanings: the way to a person stands below them.
        person = (wording.ASK_A_PERSON.label, wording.ASK_A_PERSON.text)
        return next((pair[1] for pair in reversed(pairs) if pair != person), None)
    if ordinal is not None and 0 <= ordinal < len(pairs):
        return pairs[ordinal][1]
    key = skeleton(said)
    scores = [max(fuzz.ratio(key, skeleton(part)) for part in pair) for pair in pairs]
    best = max(range(len(pairs)), key=lambda i: scores[i])
    if scores[best] >= _SAME_LABEL:
        return pairs[best][1]
    halves = sorted(((_half(key, skeleton(label)), question) for label, question in pairs), reverse=True)
    apart = len(halves) < 2 or halves[0][0] - halves[1][0] >= _APART
    return halves[0][1] if halves[0][0] >= _HALF_LABEL and apart else None


def _half(said: str, label: str) -> float:
    """How like (0 to 100) what was said is to the part of a label that is most like it; 0 when too short to tell."""
    if not _SHORTEST_HALF <= len(said) < len(label):
        return 0.0
    longest = len(said) * 7 // 5
    return max(fuzz.ratio(said, label[start : start + longest]) for start in range(len(label) - len(said) + 1))
