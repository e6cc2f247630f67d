"""What LINE accepts as an action: of a quick reply, a template or a flex component."""

from __future__ import annotations

import re

from bot.simulator.findings import Findings, Place

URI_SCHEMES = ("http", "https", "line", "tel")
IN_TEMPLATES = ("postback", "message", "uri", "datetimepicker", "clipboard")
IN_QUICK_REPLIES = (*IN_TEMPLATES, "camera", "cameraRoll", "location")
_MOMENT = {
    "date": re.compile(r"\d{4}-\d\d-\d\d"),
    "time": re.compile(r"\d\d:\d\d"),
    "datetime": re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d"),
}


def check_action(
    found: Findings, place: Place, action: object, allowed: tuple[str, ...], label_limit: int, *, label_required: bool
) -> None:
    """Add what LINE would refuse; limits are in UTF-16 units, the label's in grapheme clusters."""
    if not isinstance(action, dict):
        found.add(place, "must be specified" if place.pointer else "May not be empty")
        return
    if not found.choice(place.key("type"), action.get("type"), allowed):
        return
    found.label(place.key("label"), action.get("label"), label_limit, required=label_required)
    match action["type"]:
        case "message":
            found.text(place.key("text"), action.get("text"), 300)
        case "postback":
            _check_postback(found, place, action)
        case "uri":
            found.uri(place.key("uri"), action.get("uri"), 1000, URI_SCHEMES)
            desktop = action.get("altUri")
            if desktop is not None:
                found.uri(
                    place.key("altUri").key("desktop"),
                    desktop.get("desktop") if isinstance(desktop, dict) else None,
                    1000,
                    URI_SCHEMES,
                )
        case "datetimepicker":
            _check_picker(found, place, action)
        case "clipboard":
            found.text(place.key("clipboardText"), action.get("clipboardText"), 1000)


def _check_postback(found: Findings, place: Place, action: dict[str, object]) -> None:
    found.text(place.key("data"), action.get("data"), 300)
    for name in ("displayText", "text", "fillInText"):
        found.text(place.key(name), action.get(name), 300, required=False)
    if action.get("displayText") is not None and action.get("text") is not None:
        found.add(place.key("displayText"), "displayText and text cannot be used together")
    if action.get("inputOption") is not None:
        options = ("closeRichMenu", "openRichMenu", "openKeyboard", "openVoice")
        found.choice(place.key("inputOption"), action["inputOption"], options)
    if action.get("fillInText") is not None and action.get("inputOption") != "openKeyboard":
        found.add(place.key("fillInText"), "fillInText needs inputOption openKeyboard")


def _check_picker(found: Findings, place: Place, action: dict[str, object]) -> None:
    found.text(place.key("data"), action.get("data"), 300)
    mode = action.get("mode")
    if not found.choice(place.key("mode"), mode, tuple(_MOMENT)):
        return
    for name in ("initial", "max", "min"):
        value = action.get(name)
        if value is not None and not (isinstance(value, str) and _MOMENT[str(mode)].fullmatch(value)):
            found.add(place.key(name), "invalid format")
