"""The buttons of an answer: on its card, under the last message, and the quiet one that says "not what I asked"."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

from bot.limits import (
    FLEX_LABEL_GRAPHEMES,
    LABEL_GRAPHEMES,
    POSTBACK_DATA_UTF16,
    QUICK_REPLIES,
    grapheme_length,
    shorten,
    utf16_length,
)
from bot.rating import NOT_WHAT_I_ASKED
from bot.turn import Answer, Button

Json = dict[str, object]

# A label's clusters may be stacked with marks without end; its bytes may not.
LABEL_UTF16: Final = 120
FOOTER_BUTTONS: Final = 4
GREY: Final = "#5F6B7A"


def _all(answers: Sequence[Answer]) -> list[Button]:
    """The buttons of a turn: each answer's in order, none twice."""
    by_text: dict[str, Button] = {}
    for answer in answers:
        for button in answer.buttons:
            by_text.setdefault(button.text, button)
    return list(by_text.values())


def quick_replies(answers: Sequence[Answer]) -> list[Button]:
    """The quick replies: what no card shows already, as many as LINE takes."""
    on_cards = {option.text for answer in answers for option in card_buttons(answer)}
    return [button for button in _all(answers) if button.text not in on_cards][:QUICK_REPLIES]


def seen_buttons(answers: Sequence[Answer]) -> list[Button]:
    """Every button that a person sees, on the cards and under them, in order."""
    seen = {button.text for button in quick_replies(answers)}
    seen |= {option.text for answer in answers for option in card_buttons(answer)}
    return [button for button in _all(answers) if button.text in seen]


def card_buttons(answer: Answer) -> tuple[Button, ...]:
    """What stands on the card itself: the options of a question back, which outlast the quick replies, and links."""
    shown = _all([answer])
    return tuple(
        shown[:FOOTER_BUTTONS] if answer.status == "clarify" else [b for b in shown if b.link][:FOOTER_BUTTONS]
    )


def label_of(button: Button, limit: int) -> str:
    """A label on one line that LINE takes: at most `limit` grapheme clusters."""
    return shorten(shorten(" ".join(button.label.split()), limit, grapheme_length), LABEL_UTF16)


def action(button: Button, limit: int = LABEL_GRAPHEMES) -> Json:
    """LINE's action of a button."""
    label = label_of(button, limit)
    if button.link:
        return {"type": "uri", "label": label, "uri": button.link}
    if button.data and utf16_length(button.data) <= POSTBACK_DATA_UTF16:
        return {"type": "postback", "label": label, "data": button.data, "displayText": button.text}
    return {"type": "message", "label": label, "text": button.text}


def footer_button(button: Button) -> Json:
    """A button on the card itself."""
    return {"type": "button", "style": "link", "height": "sm", "action": action(button, FLEX_LABEL_GRAPHEMES)}


def quiet_button(answer: Answer) -> Json | None:
    """The small line under a card by which its reader says that it is not what was asked; None where it is not offered."""
    if not answer.rating:
        return None
    words: Json = {"type": "text", "text": NOT_WHAT_I_ASKED, "size": "xs", "color": GREY, "align": "end"}
    tap: Json = {
        "type": "postback",
        "label": NOT_WHAT_I_ASKED,
        "data": answer.rating,
        "displayText": NOT_WHAT_I_ASKED,
    }
    # The room round it makes it large enough for a finger.
    return {
        "type": "box",
        "layout": "vertical",
        "margin": "none",
        "paddingTop": "11px",
        "paddingBottom": "11px",
        "action": tap,
        "contents": [words],
    }
