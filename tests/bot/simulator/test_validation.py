"""What LINE refuses, one line a mistake."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from bot.simulator.validation import check_messages
from tests.bot.simulator.cards import bubble, flex
from tests.bot.simulator.echo_bot import text

Json = dict[str, Any]

KO_KAI = "ก"
HIGH_VOWEL = "กี้"  # three code points, one grapheme cluster
EMOJI = "😀"  # one code point, two UTF-16 units


def changed(path: str, value: object) -> Json:
    """The sample card with one property set; `path` is like "body/contents/0/size"."""
    contents = copy.deepcopy(bubble())
    *way, last = path.split("/")
    node: Any = contents
    for step in way:
        node = node[int(step)] if step.isdigit() else node[step]
    if value is None:
        del node[last]
    else:
        node[int(last) if last.isdigit() else last] = value
    return flex(contents)


def with_action(**action: object) -> Json:
    return changed("footer/contents/0/action", action)


def box(*contents: Json, layout: str = "vertical", **more: object) -> Json:
    return {"type": "box", "layout": layout, "contents": list(contents), **more}


def of_size(size: int) -> Json:
    """A bubble of just `size` bytes."""
    one: Json = {"type": "bubble", "body": box({"type": "text", "text": ""})}
    one["body"]["contents"][0]["text"] = "x" * (size - len(json.dumps(one, separators=(",", ":"))))
    return one


ACCEPTED = {
    "a text of 5,000 units": text("x" * 5000),
    "2,500 emoji": text(EMOJI * 2500),
    "13 quick replies": text("x", *[f"ปุ่ม {i}" for i in range(13)]),
    "a label of 20 clusters in 60 code points": text("x", HIGH_VOWEL * 20),
    "the sample card": flex(bubble()),
    "12 bubbles": flex({"type": "carousel", "contents": [{"type": "bubble", "body": box({"type": "filler"})}] * 12}),
    "a bubble of 30,000 bytes": flex(of_size(30_000)),
    "a card label of 40 clusters": with_action(type="message", label=HIGH_VOWEL * 40, text="x"),
    "an action text of 300": with_action(type="message", label="x", text="x" * 300),
    "a telephone": with_action(type="uri", label="โทร", uri="tel:021234567"),
    "a URI of 1,000": with_action(type="uri", label="x", uri="https://example.com/".ljust(1000, "x")),
    "an empty box as a line": changed("body/contents/0", box(height="2px", backgroundColor="#00000080")),
    "a blank as text": changed("body/contents/0/text", " "),
    "a text of spans": changed("body/contents/0", {"type": "text", "contents": [{"type": "span", "text": "x"}]}),
    "a size in pixels": changed("body/contents/0/size", "15px"),
    "padding in percent": changed("body/paddingAll", "5%"),
    "a hero image": changed("hero", {"type": "image", "url": "https://example.com/a.png", "aspectRatio": "20:13"}),
    "a sticker": {"type": "sticker", "packageId": "446", "stickerId": "1988"},
    "a confirm template": {
        "type": "template",
        "altText": "x",
        "template": {
            "type": "confirm",
            "text": "x",
            "actions": [{"type": "message", "label": "x", "text": "x"}] * 2,
        },
    },
}

LONG = "Length must be between 0 and"
REFUSED: dict[str, tuple[Json, str, str]] = {
    "no text": ({"type": "text"}, "messages[0].text", "May not be empty"),
    "an empty text": (text(""), "messages[0].text", "May not be empty"),
    "a blank text": (text(" \n"), "messages[0].text", "May not be empty"),
    "5,001 units": (text("x" * 5001), "messages[0].text", f"{LONG} 5000"),
    "2,501 emoji": (text(EMOJI * 2501), "messages[0].text", f"{LONG} 5000"),
    "an unknown kind": ({"type": "poem"}, "messages[0].type", "Must be one of"),
    "no kind": ({"text": "x"}, "messages[0].type", "Must be one of"),
    "14 quick replies": (
        text("x", *[f"ปุ่ม {i}" for i in range(14)]),
        "messages[0].quickReply.items",
        "Size must be between 1 and 13",
    ),
    "no quick reply": ({**text("x"), "quickReply": {"items": []}}, "messages[0].quickReply.items", "Size"),
    "a label of 21 clusters": (
        text("x", KO_KAI * 21),
        "messages[0].quickReply.items[0].action.label",
        f"{LONG} 20",
    ),
    "an empty label": (
        {**text("x"), "quickReply": {"items": [{"type": "action", "action": {"type": "camera", "label": ""}}]}},
        "messages[0].quickReply.items[0].action.label",
        "May not be empty",
    ),
    "a sender of 21": ({**text("x"), "sender": {"name": "x" * 21}}, "messages[0].sender.name", f"{LONG} 20"),
    "a card without alternative": (flex(bubble(), ""), "messages[0].altText", "May not be empty"),
    "an alternative of 1,501": (flex(bubble(), "x" * 1501), "messages[0].altText", f"{LONG} 1500"),
    "a card without contents": ({"type": "flex", "altText": "x"}, "messages[0].contents", "May not be empty"),
    "an image over http": (
        {"type": "image", "originalContentUrl": "http://example.com/a", "previewImageUrl": "https://example.com/b"},
        "messages[0].originalContentUrl",
        "invalid uri scheme",
    ),
    "an unknown container": (flex({"type": "poster"}), "/type", "Must be one of"),
    "an unknown component": (changed("body/contents/0", {"type": "table"}), "/body/contents/0", "invalid property"),
    "the spacer of old": (changed("body/contents/0", {"type": "spacer"}), "/body/contents/0", "invalid property"),
    "an unknown property": (changed("body/contents/0/colour", "#000000"), "/body/contents/0/colour", "unknown field"),
    "an empty card text": (changed("body/contents/0/text", ""), "/body/contents/0/text", "must be non-empty text"),
    "a missing card text": (changed("body/contents/0/text", None), "/body/contents/0/text", "must be non-empty"),
    "an empty span": (
        changed("body/contents/0", {"type": "text", "contents": [{"type": "span", "text": ""}]}),
        "/body/contents/0/contents/0/text",
        "must be non-empty text",
    ),
    "a colour by name": (changed("body/contents/0/color", "red"), "/body/contents/0/color", "invalid color"),
    "a short colour": (changed("body/contents/0/color", "#fff"), "/body/contents/0/color", "invalid color"),
    "a size of no keyword": (changed("body/contents/0/size", "huge"), "/body/contents/0/size", "invalid size"),
    "a size without unit": (changed("body/contents/0/size", 14), "/body/contents/0/size", "invalid size"),
    "a weight of no keyword": (changed("body/contents/0/weight", "heavy"), "/body/contents/0/weight", "Must be one of"),
    "wrap as text": (changed("body/contents/0/wrap", "true"), "/body/contents/0/wrap", "must be boolean"),
    "flex below zero": (changed("body/contents/0/flex", -1), "/body/contents/0/flex", "non-negative"),
    "a box without layout": (changed("body/layout", None), "/body/layout", "must be specified"),
    "a box with a wrong layout": (changed("body/layout", "grid"), "/body/layout", "Must be one of"),
    "a box without contents": (changed("body/contents", None), "/body/contents", "must be specified"),
    "an empty body": (changed("body/contents", []), "/body/contents", "must not be empty"),
    "an empty line of text": (
        changed("body/contents/0", box(layout="baseline")),
        "/body/contents/0/contents",
        "must not be empty",
    ),
    "a button in a line of text": (
        changed("body/contents/0", box(bubble()["footer"]["contents"][0], layout="baseline")),
        "/body/contents/0/contents/0",
        "invalid property",
    ),
    "an icon in a box": (
        changed("body/contents/0", {"type": "icon", "url": "https://example.com/i.png"}),
        "/body/contents/0",
        "invalid property",
    ),
    "a text as body": (changed("body", {"type": "text", "text": "x"}), "/body", "invalid property"),
    "a bubble without blocks": (flex({"type": "bubble"}), "", "at least one block"),
    "an unknown bubble size": (flex(bubble(size="huge")), "/size", "Must be one of"),
    "a button without action": (changed("footer/contents/0/action", None), "/footer/contents/0/action", "specified"),
    "a button without label": (
        with_action(type="message", text="x"),
        "/footer/contents/0/action/label",
        "must be non-empty text",
    ),
    "a card label of 41": (
        with_action(type="message", label="x" * 41, text="x"),
        "/footer/contents/0/action/label",
        "between 0 and 40",
    ),
    "an action text of 301": (
        with_action(type="message", label="x", text="x" * 301),
        "/footer/contents/0/action/text",
        "between 0 and 300",
    ),
    "data of 301": (
        with_action(type="postback", label="x", data="x" * 301),
        "/footer/contents/0/action/data",
        "between 0 and 300",
    ),
    "an unknown action": (with_action(type="jump", label="x"), "/footer/contents/0/action/type", "Must be one of"),
    "a script as URI": (
        with_action(type="uri", label="x", uri="javascript:alert(1)"),
        "/footer/contents/0/action/uri",
        "invalid uri scheme",
    ),
    "a URI of 1,001": (
        with_action(type="uri", label="x", uri="https://example.com/".ljust(1001, "x")),
        "/footer/contents/0/action/uri",
        "between 0 and 1000",
    ),
    "a tall picture": (
        changed("hero", {"type": "image", "url": "https://example.com/a.png", "aspectRatio": "1:4"}),
        "/hero/aspectRatio",
        "invalid aspect ratio",
    ),
    "a picture over http": (
        changed("hero", {"type": "image", "url": "http://example.com/a.png"}),
        "/hero/url",
        "invalid uri scheme",
    ),
    "a bubble of 30,001 bytes": (flex(of_size(30_001)), "", "at most 30000 bytes"),
    "13 bubbles": (
        flex({"type": "carousel", "contents": [of_size(100)] * 13}),
        "/contents",
        "Size must be between 1 and 12",
    ),
    "a carousel over 50,000 bytes": (
        flex({"type": "carousel", "contents": [of_size(26_000)] * 2}),
        "",
        "at most 50000 bytes",
    ),
    "a carousel of two sizes": (
        flex({"type": "carousel", "contents": [of_size(100), {**of_size(100), "size": "kilo"}]}),
        "/contents",
        "same size",
    ),
    "a title of 41": (
        {
            "type": "template",
            "altText": "x",
            "template": {
                "type": "buttons",
                "title": "x" * 41,
                "text": "x",
                "actions": [{"type": "message", "label": "x", "text": "x"}],
            },
        },
        "template/title",
        "between 0 and 40",
    ),
}


@pytest.mark.parametrize("message", ACCEPTED.values(), ids=ACCEPTED.keys())
def test_what_line_sends_passes(message: Json) -> None:
    assert check_messages([message]) is None


@pytest.mark.parametrize(("message", "place", "words"), REFUSED.values(), ids=REFUSED.keys())
def test_what_line_refuses_is_refused_at_its_place(message: Json, place: str, words: str) -> None:
    refusal = check_messages([message])
    assert refusal is not None
    assert [(d["property"], words in d["message"]) for d in refusal["details"]] == [(place, True)]


def test_mistakes_are_counted_over_all_messages() -> None:
    assert check_messages([text(""), text("x"), {"type": "poem"}]) == {
        "message": "The request body has 2 error(s)",
        "details": [
            {"message": "May not be empty", "property": "messages[0].text"},
            {
                "message": "Must be one of the following values: [text, textV2, sticker, image, video, audio, "
                "location, imagemap, template, flex, coupon]",
                "property": "messages[2].type",
            },
        ],
    }


def test_a_mistake_inside_a_card_names_the_message() -> None:
    refusal = check_messages([text("x"), changed("body/contents/0/text", "")])
    assert refusal is not None
    assert refusal["message"] == "A message (messages[1]) in the request body is invalid"


@pytest.mark.parametrize("messages", [None, [], [text("x")] * 6, "x", [None], ["x"]])
def test_messages_are_one_to_five_objects(messages: object) -> None:
    refusal = check_messages(messages)
    assert refusal is not None
    assert refusal["details"][0]["property"].startswith("messages")
