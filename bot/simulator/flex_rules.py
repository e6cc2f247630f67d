"""What LINE accepts as the contents of a flex message.

Which property belongs to which component is a table; LINE refuses every other one as "unknown field".
"""

from __future__ import annotations

import re
from collections.abc import Callable

from bot.simulator.actions import IN_TEMPLATES, check_action
from bot.simulator.findings import Findings, Place, json_bytes, utf16_units

BUBBLE_BYTES = 30_000
CAROUSEL_BYTES = 50_000
CAROUSEL_BUBBLES = 12

Rule = Callable[[Findings, Place, object], None]

_STEPS = "none|xs|sm|md|lg|xl|xxl"
_FONT = "xxs|xs|sm|md|lg|xl|xxl|3xl|4xl|5xl"
_PX = r"\d+(\.\d+)?px"
_SIGNED_PX = r"-?\d+(\.\d+)?px"
_PERCENT = r"\d+(\.\d+)?%"
_SIGNED_PERCENT = r"-?\d+(\.\d+)?%"


def _matching(pattern: str, message: str) -> Rule:
    compiled = re.compile(pattern)

    def rule(found: Findings, place: Place, value: object) -> None:
        if not (isinstance(value, str) and compiled.fullmatch(value)):
            found.add(place, message)

    return rule


def _one_of(*choices: str) -> Rule:
    def rule(found: Findings, place: Place, value: object) -> None:
        found.choice(place, value, choices)

    return rule


def _boolean(found: Findings, place: Place, value: object) -> None:
    if not isinstance(value, bool):
        found.add(place, "must be boolean")


def _whole_number(found: Findings, place: Place, value: object) -> None:
    if not isinstance(value, int) or isinstance(value, bool) or value < 0:
        found.add(place, "must be a non-negative integer")


def _text(found: Findings, place: Place, value: object) -> None:
    # A single blank is a text to LINE (people use it as a spacer); an empty string is not.
    if not isinstance(value, str) or not value:
        found.add(place, "must be non-empty text")


def _ratio(found: Findings, place: Place, value: object) -> None:
    match = re.fullmatch(r"(\d{1,6}(?:\.\d+)?):(\d{1,6}(?:\.\d+)?)", value) if isinstance(value, str) else None
    numbers = [float(n) for n in match.groups()] if match else []
    if not numbers or not all(1 <= n <= 100_000 for n in numbers) or numbers[1] > 3 * numbers[0]:
        found.add(place, "invalid aspect ratio")


def _https(found: Findings, place: Place, value: object) -> None:
    found.uri(place, value, 2000, ("https",))


def _tap(found: Findings, place: Place, value: object) -> None:
    check_action(found, place, value, IN_TEMPLATES, 40, label_required=False)


def _press(found: Findings, place: Place, value: object) -> None:
    check_action(found, place, value, IN_TEMPLATES, 40, label_required=True)


def _gradient(found: Findings, place: Place, value: object) -> None:
    if not isinstance(value, dict) or value.get("type") != "linearGradient":
        found.add(place.key("type"), "Must be one of the following values: [linearGradient]")
        return
    _fields(found, place, value, _GRADIENT, required=("angle", "startColor", "endColor"))


def _styles(found: Findings, place: Place, value: object) -> None:
    if not isinstance(value, dict):
        found.add(place, "invalid property")
        return
    for name, style in value.items():
        if name not in ("header", "hero", "body", "footer"):
            found.add(place.key(name), "unknown field")
        elif not isinstance(style, dict):
            found.add(place.key(name), "invalid property")
        else:
            _fields(found, place.key(name), style, _BLOCK_STYLE)


_COLOR = _matching(r"#[0-9A-Fa-f]{6}([0-9A-Fa-f]{2})?", "invalid color")
_MARGIN = _matching(f"{_STEPS}|{_PX}", "invalid size")
_OFFSET = _matching(f"{_STEPS}|{_SIGNED_PX}|{_SIGNED_PERCENT}", "invalid size")
_PADDING = _matching(f"{_STEPS}|{_PX}|{_PERCENT}", "invalid size")
_LENGTH = _matching(f"{_PX}|{_PERCENT}", "invalid size")
_FONT_SIZE = _matching(f"{_FONT}|{_PX}", "invalid size")

_GRADIENT: dict[str, Rule] = {
    "type": _one_of("linearGradient"),
    "angle": _matching(r"\d+(\.\d+)?deg", "invalid angle"),
    "startColor": _COLOR,
    "endColor": _COLOR,
    "centerColor": _COLOR,
    "centerPosition": _matching(_PERCENT, "invalid size"),
}
_BLOCK_STYLE: dict[str, Rule] = {"backgroundColor": _COLOR, "separator": _boolean, "separatorColor": _COLOR}
_PLACED: dict[str, Rule] = {
    "margin": _MARGIN,
    "position": _one_of("relative", "absolute"),
    "offsetTop": _OFFSET,
    "offsetBottom": _OFFSET,
    "offsetStart": _OFFSET,
    "offsetEnd": _OFFSET,
}
_GROWS: dict[str, Rule] = {"flex": _whole_number}
_ALIGNED: dict[str, Rule] = {"align": _one_of("start", "end", "center"), "gravity": _one_of("top", "bottom", "center")}
_LETTERS: dict[str, Rule] = {
    "text": _text,
    "size": _FONT_SIZE,
    "color": _COLOR,
    "weight": _one_of("regular", "bold"),
    "style": _one_of("normal", "italic"),
    "decoration": _one_of("none", "underline", "line-through"),
}

_COMPONENTS: dict[str, dict[str, Rule]] = {
    "box": {
        **_PLACED,
        **_GROWS,
        "layout": _one_of("horizontal", "vertical", "baseline"),
        "spacing": _MARGIN,
        "backgroundColor": _COLOR,
        "borderColor": _COLOR,
        "borderWidth": _matching(f"none|light|normal|medium|semi-bold|bold|{_PX}", "invalid size"),
        "cornerRadius": _MARGIN,
        **dict.fromkeys(("width", "maxWidth", "height", "maxHeight"), _LENGTH),
        **{f"padding{side}": _PADDING for side in ("All", "Top", "Bottom", "Start", "End")},
        "action": _tap,
        "justifyContent": _one_of("center", "flex-start", "flex-end", "space-between", "space-around", "space-evenly"),
        "alignItems": _one_of("center", "flex-start", "flex-end"),
        "background": _gradient,
    },
    "button": {
        **_PLACED,
        **_GROWS,
        "color": _COLOR,
        "style": _one_of("primary", "secondary", "link"),
        "action": _press,
        "gravity": _one_of("top", "bottom", "center"),
        "height": _one_of("md", "sm"),
        "adjustMode": _one_of("shrink-to-fit"),
        "scaling": _boolean,
    },
    "image": {
        **_PLACED,
        **_GROWS,
        **_ALIGNED,
        "url": _https,
        "size": _matching(f"{_FONT}|full|{_PX}|{_PERCENT}", "invalid size"),
        "aspectRatio": _ratio,
        "aspectMode": _one_of("fit", "cover"),
        "backgroundColor": _COLOR,
        "action": _tap,
        "animated": _boolean,
    },
    "video": {"url": _https, "previewUrl": _https, "aspectRatio": _ratio, "action": _tap},
    "icon": {
        **_PLACED,
        "url": _https,
        "size": _matching(f"{_FONT}|{_PX}|{_PERCENT}", "invalid size"),
        "aspectRatio": _ratio,
        "scaling": _boolean,
    },
    "text": {
        **_PLACED,
        **_GROWS,
        **_ALIGNED,
        **_LETTERS,
        "wrap": _boolean,
        "lineSpacing": _matching(_PX, "invalid size"),
        "maxLines": _whole_number,
        "action": _tap,
        "adjustMode": _one_of("shrink-to-fit"),
        "scaling": _boolean,
    },
    "span": dict(_LETTERS),
    "separator": {"margin": _MARGIN, "color": _COLOR},
    "filler": dict(_GROWS),
}
_REQUIRED = {
    "box": ("layout",),
    "button": ("action",),
    "image": ("url",),
    "video": ("url", "previewUrl"),
    "icon": ("url",),
    "span": ("text",),
}
_IN_BOX = ("box", "button", "image", "text", "separator", "filler")
_IN_BASELINE = ("icon", "text", "filler")
_BLOCKS = {"header": ("box",), "hero": ("box", "image", "video"), "body": ("box",), "footer": ("box",)}
_BUBBLE: dict[str, Rule] = {
    "size": _one_of("nano", "micro", "deca", "hecto", "kilo", "mega", "giga"),
    "direction": _one_of("ltr", "rtl"),
    "styles": _styles,
    "action": _tap,
}


def check_flex(found: Findings, contents: object) -> None:
    """Add what LINE would refuse in a flex message's `contents`; places are JSON pointers into it."""
    place = Place("", pointer=True)
    if not isinstance(contents, dict):
        found.add(place, "must be specified")
    elif found.choice(place.key("type"), contents.get("type"), ("bubble", "carousel")):
        if contents["type"] == "bubble":
            _check_bubble(found, place, contents)
        else:
            _check_carousel(found, place, contents)


def _check_carousel(found: Findings, place: Place, carousel: dict[str, object]) -> None:
    bubbles = found.count(place.key("contents"), carousel.get("contents"), 1, CAROUSEL_BUBBLES)
    for name in carousel.keys() - {"type", "contents"}:
        found.add(place.key(name), "unknown field")
    for index, bubble in enumerate(bubbles):
        inside = place.key("contents").item(index)
        if isinstance(bubble, dict) and bubble.get("type") == "bubble":
            _check_bubble(found, inside, bubble)
        else:
            found.add(inside.key("type"), "Must be one of the following values: [bubble]")
    if len({bubble.get("size", "mega") for bubble in bubbles if isinstance(bubble, dict)}) > 1:
        found.add(place.key("contents"), "bubbles in a carousel must have the same size")
    if json_bytes(carousel) > CAROUSEL_BYTES:
        found.add(place, f"size must be at most {CAROUSEL_BYTES} bytes")


def _check_bubble(found: Findings, place: Place, bubble: dict[str, object]) -> None:
    _fields(found, place, bubble, {**_BUBBLE, **dict.fromkeys(_BLOCKS, _skip)})
    if not any(name in bubble for name in _BLOCKS):
        found.add(place, "at least one block must be specified")
    for name, allowed in _BLOCKS.items():
        if name in bubble:
            block = bubble[name]
            _check_component(found, place.key(name), block, allowed)
            if isinstance(block, dict) and block.get("contents") == [] and block.get("type") == "box":
                found.add(place.key(name).key("contents"), "must not be empty")
    if json_bytes(bubble) > BUBBLE_BYTES:
        found.add(place, f"size must be at most {BUBBLE_BYTES} bytes")


def _check_component(found: Findings, place: Place, component: object, allowed: tuple[str, ...]) -> None:
    if not isinstance(component, dict) or component.get("type") not in allowed:
        found.add(place, "invalid property")
        return
    kind = component["type"]
    nested = {"box": ("contents",), "text": ("contents",), "video": ("altContent",)}.get(kind, ())
    rules = {**_COMPONENTS[kind], **dict.fromkeys(nested, _skip)}
    _fields(found, place, component, rules, required=_REQUIRED.get(kind, ()))
    if kind == "box":
        _check_box(found, place, component)
    elif kind == "text":
        _check_spans(found, place, component)
    elif kind == "video":
        _check_component(found, place.key("altContent"), component.get("altContent"), ("box", "image"))


def _check_box(found: Findings, place: Place, box: dict[str, object]) -> None:
    contents = box.get("contents")
    if not isinstance(contents, list):
        found.add(place.key("contents"), "must be specified")
        return
    baseline = box.get("layout") == "baseline"
    # An empty box inside a card is a drawn line or dot; an empty line of text is a mistake.
    if baseline and not contents:
        found.add(place.key("contents"), "must not be empty")
    for index, child in enumerate(contents):
        _check_component(found, place.key("contents").item(index), child, _IN_BASELINE if baseline else _IN_BOX)


def _check_spans(found: Findings, place: Place, text: dict[str, object]) -> None:
    spans = text.get("contents")
    if spans is None or spans == []:
        if "text" not in text:
            found.add(place.key("text"), "must be non-empty text")
        return
    if not isinstance(spans, list):
        found.add(place.key("contents"), "invalid property")
        return
    for index, span in enumerate(spans):
        _check_component(found, place.key("contents").item(index), span, ("span",))


def _fields(
    found: Findings,
    place: Place,
    component: dict[str, object],
    rules: dict[str, Rule],
    required: tuple[str, ...] = (),
) -> None:
    for name, value in component.items():
        if name == "type":
            continue
        rule = rules.get(name)
        if rule is None:
            found.add(place.key(name), "unknown field")
        else:
            rule(found, place.key(name), value)
    for name in required:
        if name not in component:
            found.add(place.key(name), "must be specified")


def _skip(found: Findings, place: Place, value: object) -> None:
    """A nested part, which is checked by itself."""


def check_alt_text(found: Findings, place: Place, value: object) -> None:
    """The text of the notification and of devices that draw no cards: 1 to 1,500 UTF-16 units."""
    if not isinstance(value, str) or not value.strip():
        found.add(place, "May not be empty")
    elif utf16_units(value) > 1500:
        found.add(place, "Length must be between 0 and 1500")
