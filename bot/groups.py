"""Buttons that work in groups.

A tap on a button of LINE's type "message" writes a text without a mention, which the assistant leaves alone in a group,
as it does with all that is not said to it. There a button is a postback that carries the text.
"""

from __future__ import annotations

from typing import Any

from bot.limits import POSTBACK_DATA_UTF16, utf16_length

SAID = "say:"  # in front of the text, to tell it from the postbacks of other programs and versions


def for_group(value: Any) -> Any:
    """LINE messages (or any part of them) with each action that writes a text made a postback that shows it."""
    if isinstance(value, list):
        return [for_group(one) for one in value]
    if not isinstance(value, dict):
        return value
    if value.get("type") == "message" and "label" in value and fits(value["text"]):
        text = value["text"]
        return {"type": "postback", "label": value["label"], "data": SAID + text, "displayText": text}
    return {key: for_group(one) for key, one in value.items()}


def said(data: str) -> str:
    """The text that a postback of `for_group` carries; empty for any other."""
    return data.removeprefix(SAID) if data.startswith(SAID) else ""


def fits(text: str) -> bool:
    """Whether LINE takes it as a postback's data."""
    return utf16_length(SAID + text) <= POSTBACK_DATA_UTF16
