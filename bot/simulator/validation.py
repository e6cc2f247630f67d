"""Refuses the messages that LINE refuses, in LINE's words.

Written from LINE's documentation and kept apart from bot/flex.py on purpose: what renders a message and what checks it
must not share a way of counting. LINE answers in two shapes: mistakes in the request's own properties
("The request body has 2 error(s)", `messages[0].text`), and mistakes inside one flex or template message
("A message (messages[0]) in the request body is invalid", `/body/contents/0/text`).
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from bot.simulator.actions import IN_QUICK_REPLIES, IN_TEMPLATES, check_action
from bot.simulator.findings import Findings, Place
from bot.simulator.flex_rules import check_alt_text, check_flex

Json = dict[str, Any]

MESSAGES_PER_CALL = 5
RECIPIENTS_PER_CALL = 500
QUICK_REPLIES = 13


def check_messages(messages: object) -> Json | None:
    """LINE's answer (the body of a 400) to a call's `messages`, or None when it would send them."""
    found = Findings()
    items = found.count(Place("messages"), messages, 1, MESSAGES_PER_CALL)
    for index, message in enumerate(items):
        _check_message(found, Place("messages").item(index), message)
    if found.details:
        return errors(found)
    for index, message in enumerate(items):
        inside = Findings()
        match message:
            case {"type": "flex", "contents": contents}:
                check_flex(inside, contents)
            case {"type": "template", "template": dict(template)}:
                _check_template(inside, template)
        if inside.details:
            return {
                "message": f"A message (messages[{index}]) in the request body is invalid",
                "details": inside.details,
            }
    return None


def errors(found: Findings) -> Json:
    """LINE's answer to mistakes in a request's own properties."""
    return {"message": f"The request body has {len(found.details)} error(s)", "details": found.details}


def _check_message(found: Findings, place: Place, message: object) -> None:
    if not isinstance(message, dict):
        found.add(place, "May not be empty")
        return
    if not found.choice(place.key("type"), message.get("type"), tuple(_KINDS)):
        return
    _KINDS[message["type"]](found, place, message)
    if message.get("quickReply") is not None:
        _check_quick_reply(found, place.key("quickReply"), message["quickReply"])
    sender = message.get("sender")
    if isinstance(sender, dict):
        found.label(place.key("sender").key("name"), sender.get("name"), 20, required=False)
        if sender.get("iconUrl") is not None:
            found.uri(place.key("sender").key("iconUrl"), sender["iconUrl"], 2000, ("https",))


def _check_quick_reply(found: Findings, place: Place, quick_reply: object) -> None:
    items = quick_reply.get("items") if isinstance(quick_reply, dict) else None
    for index, item in enumerate(found.count(place.key("items"), items, 1, QUICK_REPLIES)):
        inside = place.key("items").item(index)
        if not isinstance(item, dict):
            found.add(inside, "May not be empty")
            continue
        if item.get("type", "action") != "action":
            found.add(inside.key("type"), "Must be one of the following values: [action]")
        if item.get("imageUrl") is not None:
            found.uri(inside.key("imageUrl"), item["imageUrl"], 2000, ("https",))
        check_action(found, inside.key("action"), item.get("action"), IN_QUICK_REPLIES, 20, label_required=True)


def _text(found: Findings, place: Place, message: Json) -> None:
    found.text(place.key("text"), message.get("text"), 5000)


def _sticker(found: Findings, place: Place, message: Json) -> None:
    for name in ("packageId", "stickerId"):
        found.text(place.key(name), message.get(name), 20)


def _https_of(*names: str) -> Callable[[Findings, Place, Json], None]:
    def check(found: Findings, place: Place, message: Json) -> None:
        for name in names:
            found.uri(place.key(name), message.get(name), 2000, ("https",))

    return check


def _audio(found: Findings, place: Place, message: Json) -> None:
    _https_of("originalContentUrl")(found, place, message)
    if not isinstance(message.get("duration"), int) or message["duration"] <= 0:
        found.add(place.key("duration"), "must be greater than or equal to 1")


def _location(found: Findings, place: Place, message: Json) -> None:
    for name in ("title", "address"):
        found.text(place.key(name), message.get(name), 100)
    for name, limit in (("latitude", 90), ("longitude", 180)):
        value = message.get(name)
        if not isinstance(value, int | float) or abs(value) > limit:
            found.add(place.key(name), "May not be empty")


def _imagemap(found: Findings, place: Place, message: Json) -> None:
    _https_of("baseUrl")(found, place, message)
    check_alt_text(found, place.key("altText"), message.get("altText"))
    if not isinstance(message.get("baseSize"), dict):
        found.add(place.key("baseSize"), "May not be empty")
    found.count(place.key("actions"), message.get("actions"), 1, 50)


def _card(name: str) -> Callable[[Findings, Place, Json], None]:
    def check(found: Findings, place: Place, message: Json) -> None:
        check_alt_text(found, place.key("altText"), message.get("altText"))
        if not isinstance(message.get(name), dict):
            found.add(place.key(name), "May not be empty")

    return check


def _coupon(found: Findings, place: Place, message: Json) -> None:
    found.text(place.key("couponId"), message.get("couponId"), 100)


_KINDS: dict[str, Callable[[Findings, Place, Json], None]] = {
    "text": _text,
    "textV2": _text,
    "sticker": _sticker,
    "image": _https_of("originalContentUrl", "previewImageUrl"),
    "video": _https_of("originalContentUrl", "previewImageUrl"),
    "audio": _audio,
    "location": _location,
    "imagemap": _imagemap,
    "template": _card("template"),
    "flex": _card("contents"),
    "coupon": _coupon,
}


def _check_template(found: Findings, template: Json) -> None:
    place = Place("template", pointer=True)
    kinds = ("buttons", "confirm", "carousel", "image_carousel")
    if not found.choice(place.key("type"), template.get("type"), kinds):
        return
    match template["type"]:
        case "buttons":
            _check_column(found, place, template, lengths=(160, 60), most_actions=4)
        case "confirm":
            found.text(place.key("text"), template.get("text"), 240)
            _check_actions(found, place, template, 2, 2)
        case "carousel":
            columns = found.count(place.key("columns"), template.get("columns"), 1, 10)
            for index, column in enumerate(columns):
                inside = place.key("columns").item(index)
                if isinstance(column, dict):
                    _check_column(found, inside, column, lengths=(120, 60), most_actions=3)
                else:
                    found.add(inside, "must be specified")
            if len({len(column.get("actions") or ()) for column in columns if isinstance(column, dict)}) > 1:
                found.add(place.key("columns"), "all columns must have the same number of actions")
        case "image_carousel":
            for index, column in enumerate(found.count(place.key("columns"), template.get("columns"), 1, 10)):
                inside = place.key("columns").item(index)
                image: Json = column if isinstance(column, dict) else {}
                found.uri(inside.key("imageUrl"), image.get("imageUrl"), 2000, ("https",))
                action = image.get("action")
                check_action(found, inside.key("action"), action, IN_TEMPLATES, 12, label_required=False)


def _check_column(found: Findings, place: Place, column: Json, lengths: tuple[int, int], most_actions: int) -> None:
    """`lengths`: of the text alone, and of the text beside a title or an image."""
    plain, beside = lengths
    found.label(place.key("title"), column.get("title"), 40, required=False)
    image = column.get("thumbnailImageUrl")
    if image is not None:
        found.uri(place.key("thumbnailImageUrl"), image, 2000, ("https",))
    found.text(place.key("text"), column.get("text"), beside if column.get("title") or image else plain)
    _check_actions(found, place, column, 1, most_actions)


def _check_actions(found: Findings, place: Place, holder: Json, least: int, most: int) -> None:
    for index, action in enumerate(found.count(place.key("actions"), holder.get("actions"), least, most)):
        check_action(found, place.key("actions").item(index), action, IN_TEMPLATES, 20, label_required=True)
