"""An answer becomes messages that LINE takes, whatever it holds, and nothing of it is lost."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any

import linebot.v3.messaging as sdk
import pytest
import regex
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from bot import flex
from bot.flex import PAGE_BYTES, plain
from bot.turn import Answer, Block, Button

LONG = "หน่วยงานต้องนำระบบไปใช้จริงมาแล้วไม่น้อยกว่าหนึ่งปี "
CARD = Answer(
    status="answered",
    gist="ต้องมี 3 หน่วยงานขึ้นไป",
    header="บูรณาการข้อมูล",
    blocks=(
        Block("paragraph", ("นำข้อมูลมาเชื่อมกัน",), "ลักษณะ"),
        Block("bullets", ("ใช้จริง", "วัดความพึงพอใจ"), "เงื่อนไข"),
        Block("numbered", ("ข้อแรก", "ข้อสอง")),
        Block("pairs", ("ระดับ\tดีเด่น", "ปี\t2567"), "ตัวอย่าง"),
    ),
    notes=("ยังต้องยืนยัน",),
    sources=("สไลด์รอบปี 2568",),
    buttons=(Button("ตัวอย่าง", "ขอตัวอย่าง"), Button("คุยกับเจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่")),
)


def render(answers: list[Answer]) -> list[dict[str, Any]]:
    return flex.render(answers)


# An independent reading of LINE's limits: it shares no code with bot/limits.py.


def utf16(text: str) -> int:
    return sum(2 if ord(c) > 0xFFFF else 1 for c in text)


def clusters(text: str) -> int:
    return len(regex.findall(r"\X", text))


def size(value: object) -> int:
    return max(len(json.dumps(value)), len(json.dumps(value, ensure_ascii=False).encode()))


def nodes(value: object) -> Iterator[dict[str, Any]]:
    if isinstance(value, dict):
        yield value
        for child in value.values():
            yield from nodes(child)
    elif isinstance(value, list):
        for child in value:
            yield from nodes(child)


def assert_within_limits(messages: list[dict[str, Any]]) -> None:
    assert len(messages) <= 5
    for message in messages:
        assert set(message) <= {"type", "text", "altText", "contents", "quickReply"}
        if message["type"] == "text":
            assert message["text"].strip()
            assert utf16(message["text"]) <= 5000
        else:
            assert message["type"] == "flex"
            assert message["altText"].strip()
            assert utf16(message["altText"]) <= 1500
            assert_container(message["contents"])
        assert 0 < len(message.get("quickReply", {"items": [0]})["items"]) <= 13
        for node in nodes(message.get("quickReply", {})):
            if node.get("type") == "message":
                assert clusters(node["label"]) <= 20
        for node in nodes(message):
            if node.get("type") == "message":
                assert node["label"].strip()
                assert node["text"].strip()
                assert utf16(node["text"]) <= 300
    json.dumps(messages, ensure_ascii=False).encode("utf-8")


def assert_container(container: dict[str, Any]) -> None:
    bubbles = [container]
    if container["type"] == "carousel":
        bubbles = container["contents"]
        assert 1 < len(bubbles) <= 12
        assert size(container) <= 50_000
    for bubble in bubbles:
        assert bubble["type"] == "bubble"
        assert size(bubble) <= 30_000
        for node in nodes(bubble):
            if node.get("type") == "text":
                assert node["text"].strip()
                assert node["wrap"] is True
                assert not any(ord(c) < 32 and c != "\n" for c in node["text"])
            if node.get("type") == "box":
                assert node["contents"]
            if node.get("type") == "button":
                assert clusters(node["action"]["label"]) <= 40


def bubbles_of(messages: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [node for message in messages for node in nodes(message) if node.get("type") == "bubble"]


def texts_of(part: object) -> list[str]:
    return [node["text"] for node in nodes(part) if node.get("type") == "text"]


def card_words(messages: list[dict[str, Any]]) -> str:
    """What cards and texts show from top to bottom, without white space; a later page's top only repeats, so it is
    left out."""
    shown: list[str] = []
    pages = bubbles_of(messages)
    for message in messages:
        if message["type"] == "text":
            shown.append(message["text"])
        for bubble in bubbles_of([message]):
            top = texts_of(bubble.get("header"))
            number = 1 + next(i for i, page in enumerate(pages) if page is bubble)
            counted = regex.search(rf"(?:^| · ){number}/\d+$", top[-1]) if top and len(pages) > 1 else None
            if counted:
                top = [*top[:-1], top[-1][: counted.start()]] if number == 1 else []
            shown += [*top, *texts_of(bubble["body"])]
    return "".join("".join(shown).split())


def expected_words(answer: Answer) -> str:
    """The words of an answer with a short first line in reading order, without white space."""
    parts = [answer.gist, answer.header]
    for block in answer.blocks:
        parts.append(block.title)
        for number, line in enumerate(block.lines, start=1):
            parts += [{"bullets": "•", "numbered": f"{number}."}.get(block.kind, ""), line]
    for note in answer.notes:
        parts += ["⚠", note]
    return "".join("".join([*parts, *answer.sources]).split())


# Looks.


def test_a_card_shows_gist_header_blocks_notes_and_sources_in_this_order() -> None:
    (message,) = render([CARD])
    bubble = message["contents"]
    assert isinstance(bubble, dict)
    assert (bubble["size"], message["altText"]) == ("mega", CARD.gist)
    assert texts_of(bubble["header"]) == [CARD.gist, "บูรณาการข้อมูล"]
    assert card_words([message]) == expected_words(CARD)


def test_plain_reads_as_the_card_and_ends_with_the_buttons() -> None:
    assert plain([CARD]) == (
        "ต้องมี 3 หน่วยงานขึ้นไป\nบูรณาการข้อมูล\nลักษณะ\nนำข้อมูลมาเชื่อมกัน\nเงื่อนไข\n• ใช้จริง\n• วัดความพึงพอใจ\n"
        "1. ข้อแรก\n2. ข้อสอง\nตัวอย่าง\nระดับ: ดีเด่น\nปี: 2567\n⚠ ยังต้องยืนยัน\nสไลด์รอบปี 2568\n"
        "[ตัวอย่าง] [คุยกับเจ้าหน้าที่]"
    )


def test_a_very_simple_answer_is_a_text_message_with_quick_replies() -> None:
    (message,) = render([Answer("command", "สวัสดีค่ะ", buttons=(Button("เมนู", "เมนู"),))])
    assert message == {
        "type": "text",
        "text": "สวัสดีค่ะ",
        "quickReply": {"items": [{"type": "action", "action": {"type": "message", "label": "เมนู", "text": "เมนู"}}]},
    }


def test_a_simple_answer_keeps_its_header() -> None:
    (message,) = render([Answer("unknown", "ยังไม่มีข้อมูลนี้", header="PMQA 4.0")])
    assert message["text"] == "ยังไม่มีข้อมูลนี้\nPMQA 4.0" == plain([Answer("unknown", "ยังไม่มีข้อมูลนี้", header="PMQA 4.0")])


def test_a_long_first_line_stands_on_white_below_what_the_card_is_about() -> None:
    long = Answer("answered", LONG * 8, header="บูรณาการข้อมูล", sources=("สไลด์รอบปี 2568",))
    (message,) = render([long])
    (bubble,) = bubbles_of([message])
    assert texts_of(bubble["header"]) == ["บูรณาการข้อมูล"]
    assert texts_of(bubble["body"]) == [(LONG * 8).strip(), "สไลด์รอบปี 2568"]
    assert plain([long]).splitlines() == ["บูรณาการข้อมูล", (LONG * 8).strip(), "สไลด์รอบปี 2568"]


def test_pages_without_a_header_do_not_repeat_the_first_line() -> None:
    pages = bubbles_of(render([Answer("answered", "สรุป", blocks=(Block("numbered", (LONG * 8,) * 12),))]))
    tops = [texts_of(page["header"]) for page in pages]
    assert tops == [["สรุป", f"1/{len(pages)}"], *([f"{n}/{len(pages)}"] for n in range(2, len(pages) + 1))]
    assert len(pages) > 1


def test_a_question_back_shows_its_question_in_the_body_and_what_it_is_about_below() -> None:
    question = Answer("clarify", "หมายถึงเรื่องไหนคะ", header="ขยายผล", buttons=CARD.buttons)
    (message,) = render([question])
    (bubble,) = bubbles_of([message])
    assert "header" not in bubble
    assert texts_of(bubble["body"]) == ["หมายถึงเรื่องไหนคะ", "ขยายผล"]


def test_a_question_back_keeps_up_to_four_options_on_the_card_when_the_quick_replies_are_gone() -> None:
    options = tuple(Button(f"ข้อ {n}", f"คำถาม {n}") for n in range(6))
    (message,) = render([Answer("clarify", "หมายถึงเรื่องไหนคะ", buttons=options)])
    footer = bubbles_of([message])[0]["footer"]
    assert [node["action"]["text"] for node in nodes(footer) if node.get("type") == "button"] == [
        "คำถาม 0",
        "คำถาม 1",
        "คำถาม 2",
        "คำถาม 3",
    ]
    # What the card keeps does not stand there twice.
    assert [item["action"]["text"] for item in message["quickReply"]["items"]] == ["คำถาม 4", "คำถาม 5"]
    assert plain([Answer("clarify", "หมายถึงเรื่องไหนคะ", buttons=options)]).count("[") == 6


def test_the_buttons_of_all_answers_stand_once_each_on_the_last_message() -> None:
    again = Answer("command", "ค่ะ", buttons=(Button("ตัวอย่าง", "ขอตัวอย่าง"), Button("เมนู", "เมนู")))
    first, last = render([CARD, again])
    assert "quickReply" not in first
    labels = [node["label"] for node in nodes(last["quickReply"]) if "label" in node]
    assert labels == ["ตัวอย่าง", "คุยกับเจ้าหน้าที่", "เมนู"]
    assert plain([CARD, again]).splitlines()[-1] == "[ตัวอย่าง] [คุยกับเจ้าหน้าที่] [เมนู]"


def test_a_long_label_is_cut_between_clusters() -> None:
    button = Button("ตรวจสอบสิทธิ์เบี้ยยังชีพผู้สูงอายุ", "ตรวจ")
    (message,) = render([Answer("command", "ค่ะ", buttons=(button,))])
    (label,) = [node["label"] for node in nodes(message) if "label" in node]
    assert label.endswith("…")
    assert clusters(label) == 20
    assert button.label.startswith(label[:-1])


def test_short_pairs_stand_in_two_columns_and_long_ones_below_each_other() -> None:
    short = Block("pairs", ("ระดับ\tดีเด่น", "ปี\t2567"))
    long = Block("pairs", ("ระดับ\tดีเด่น", f"ลักษณะ\t{(LONG * 2).strip()}"))
    (message,) = render([Answer("answered", "สรุป", blocks=(short, long))])
    rows = bubbles_of([message])[0]["body"]["contents"]
    assert [row["layout"] for row in rows] == ["horizontal", "horizontal", "vertical", "vertical"]
    assert [texts_of(row) for row in rows[2:]] == [["ระดับ", "ดีเด่น"], ["ลักษณะ", (LONG * 2).strip()]]


def test_no_line_and_no_space_stand_between_the_top_of_a_card_and_its_first_part() -> None:
    (message,) = render([Answer("answered", "สรุป", sources=("สไลด์รอบปี 2568",))])
    body = bubbles_of([message])[0]["body"]["contents"]
    assert [(part["type"], "margin" in part) for part in body] == [("text", False)]
    (message,) = render([Answer("answered", "สรุป", notes=("ยังต้องยืนยัน",), sources=("สไลด์รอบปี 2568",))])
    note, source = bubbles_of([message])[0]["body"]["contents"]
    assert "margin" not in note
    assert [part["type"] for part in source["contents"]] == ["separator", "text"]


# What may come from a chat.


def test_control_characters_and_direction_marks_do_not_reach_the_card() -> None:
    (message,) = render([Answer("command", "ก\x00ข\x1b\u202eค\ud800\r\nง\tจ")])
    assert message["text"] == "กขค\nง จ"


@pytest.mark.parametrize("nothing", ["", "  \n", "\x00", "\u200b\u00a0", "\ud83d"])
def test_nothing_to_see_gives_no_empty_text(nothing: str) -> None:
    empty = Answer(
        "command", nothing, header=nothing, notes=(nothing,), blocks=(Block("bullets", (nothing,), nothing),)
    )
    assert render([empty]) == []
    assert plain([empty]) == ""
    assert len(render([empty, CARD, empty])) == 1


def test_a_card_without_a_gist_is_announced_by_its_first_words() -> None:
    (message,) = render([Answer("answered", "", blocks=(Block("bullets", ("ใช้จริง",), "เงื่อนไข"),))])
    assert message["altText"] == "เงื่อนไข\n• ใช้จริง"


def test_a_button_needs_a_label_or_a_text() -> None:
    buttons = (Button("", ""), Button("เมนู", " "), Button("\x07", "ขอเมนู"))
    (message,) = render([Answer("command", "ค่ะ", buttons=buttons)])
    actions = [(node["label"], node["text"]) for node in nodes(message) if "label" in node]
    assert actions == [("เมนู", "เมนู"), ("ขอเมนู", "ขอเมนู")]


# Length.


def test_a_long_answer_becomes_a_carousel_that_loses_nothing() -> None:
    answer = Answer("answered", "สรุป", header="นวัตกรรมบริการ", blocks=(Block("numbered", (LONG * 8,) * 12, "เงื่อนไข"),))
    messages = render([answer])
    assert_within_limits(messages)
    assert card_words(messages) == expected_words(answer)
    first, *later = [texts_of(bubble["header"]) for bubble in bubbles_of(messages)]
    pages = len(later) + 1
    assert pages > 1
    assert first == ["สรุป", f"นวัตกรรมบริการ · 1/{pages}"]
    assert later == [[f"นวัตกรรมบริการ · {n}/{pages}"] for n in range(2, pages + 1)]
    assert all(size(bubble) < PAGE_BYTES + 2_000 for bubble in bubbles_of(messages))


def test_the_pages_of_an_answer_are_about_equally_long() -> None:
    lines = tuple(LONG * 2 for _ in range(14))
    pages = bubbles_of(render([Answer("answered", "สรุป", blocks=(Block("numbered", lines),))]))
    assert [len(page["body"]["contents"]) for page in pages] == [7, 7]


def test_an_ordinary_answer_is_a_single_bubble() -> None:
    conditions = tuple(LONG * 2 for _ in range(9))
    (message,) = render([Answer("answered", "มี 9 ข้อ", blocks=(Block("numbered", conditions),))])
    assert message["contents"]["type"] == "bubble"


def test_a_heading_is_never_the_last_line_of_a_page() -> None:
    for length in range(60, 90):
        blocks = (Block("paragraph", (LONG * length,)), Block("bullets", ("ใช้จริง",), "หัวข้อ"))
        for bubble in bubbles_of(render([Answer("answered", "สรุป", blocks=blocks)])):
            assert texts_of(bubble["body"])[-1] != "หัวข้อ"


def test_what_five_messages_cannot_hold_ends_with_an_ellipsis() -> None:
    endless = Answer("answered", "สรุป", blocks=(Block("paragraph", (LONG * 4000,)),))
    messages = render([endless])
    assert_within_limits(messages)
    assert len(messages) == 5
    shown = card_words(messages)
    assert shown.endswith("…")
    assert expected_words(endless).startswith(shown[:-1])
    assert len(shown) > 25_000


def test_an_endless_plain_text_ends_with_an_ellipsis_too() -> None:
    for length in (30_000, 1_000_000):
        messages = render([Answer("command", "ก" * length)])
        assert_within_limits(messages)
        assert len(messages) == 5
        assert messages[-1]["text"].endswith("…")


def test_an_endless_answer_leaves_every_other_answer_its_message() -> None:
    endless = Answer("answered", "ยาว", blocks=(Block("paragraph", (LONG * 4000,)),))
    messages = render([endless, CARD, CARD])
    assert_within_limits(messages)
    assert [message["altText"] for message in messages] == ["ยาว", "ยาว", "ยาว", CARD.gist, CARD.gist]


def test_more_answers_than_messages_share_the_last_message() -> None:
    answers = [Answer("answered", f"คำตอบที่ {n}", sources=("สไลด์",)) for n in range(8)]
    messages = render(answers)
    assert_within_limits(messages)
    assert len(messages) == 5
    assert card_words(messages) == "".join(expected_words(answer) for answer in answers)


def test_the_longest_text_that_is_read_at_all_is_more_than_five_messages_show() -> None:
    endless = Answer("answered", "สรุป", blocks=(Block("paragraph", ("a" * 1_000_000,)),))
    messages = render([endless])
    assert_within_limits(messages)
    assert card_words(messages).endswith("…")


def test_a_tower_of_marks_fits_as_well() -> None:
    tower = "ก" + "\u0e49" * 40_000
    answer = Answer("clarify", tower, header=tower, notes=(tower,), buttons=(Button(tower, tower),))
    assert_within_limits(render([answer]))
    assert_within_limits(render([Answer("clarify", "ค่ะ", blocks=(Block("pairs", (f"{tower}\t{tower}",)),))]))


# Any answer.

WORDS = st.text(max_size=40) | st.sampled_from(["ที่นี่ ", LONG, LONG * 30, "😀" * 700, "กำหนด\n\nส่ง", '"\\' * 300])
LINES = st.lists(WORDS, max_size=5).map(tuple)
BLOCKS = st.builds(
    Block,
    st.sampled_from(["paragraph", "bullets", "numbered", "pairs"]),
    LINES | LINES.map(lambda lines: tuple(f"{line}\t{line}" for line in lines)),
    WORDS,
)
BUTTONS = st.lists(st.builds(Button, WORDS, WORDS), max_size=16).map(tuple)
ANSWERS = st.builds(
    Answer,
    status=st.sampled_from(["answered", "unknown", "clarify", "out_of_scope", "command"]),
    gist=WORDS,
    header=WORDS,
    blocks=st.lists(BLOCKS, max_size=4).map(tuple),
    notes=LINES,
    sources=LINES,
    buttons=BUTTONS,
)


@settings(max_examples=150, deadline=None)
@given(st.lists(ANSWERS, max_size=7))
def test_any_answers_stay_within_limits(answers: list[Answer]) -> None:
    assert_within_limits(render(answers))


def test_plain_tells_every_button_that_a_question_back_shows() -> None:
    buttons = tuple(Button(f"ข้อ {n}", f"คำถามที่ {n}") for n in range(1, 20))
    answer = Answer("clarify", "หมายถึงเรื่องไหนคะ", buttons=buttons)
    messages = render([answer])
    seen = {node["text"] for message in messages for node in nodes(message) if node.get("type") == "message"}
    # Four on the card and thirteen quick replies under it.
    assert seen == {button.text for button in buttons[:17]}
    assert plain([answer]).endswith(" ".join(f"[{button.label}]" for button in buttons[:17]))


@settings(max_examples=100, deadline=None)
@given(ANSWERS)
def test_plain_has_the_words_of_the_card(answer: Answer) -> None:
    messages = render([answer])
    *lines, told_buttons = plain([answer]).split("\n")
    actions = [
        node for part in (bubbles_of(messages), messages) for node in nodes(part) if node.get("type") == "message"
    ]
    labels = list({action["text"]: action["label"] for action in actions}.values())
    if not labels:
        lines.append(told_buttons)
    else:
        for label in labels:
            # A card has room for a longer label than a quick reply.
            end = len(label) + 1 if clusters(label) <= 20 else told_buttons.index("…]")
            assert told_buttons[0] == "["
            assert label.startswith(told_buttons[1:end])
            told_buttons = told_buttons[end:].removeprefix("…").removeprefix("]").lstrip()
        assert told_buttons == ""
    told = "".join("".join(lines).replace(": ", "").split())
    shown = card_words(messages).replace(": ", "")
    if not shown.endswith("…"):
        assert told.replace(":", "") == shown.replace(":", "")


# LINE's own descriptions.

SAMPLES = [
    [CARD],
    [Answer("command", "สวัสดีค่ะ", buttons=CARD.buttons)],
    [Answer("clarify", "หมายถึงเรื่องไหนคะ", header="ขยายผล", buttons=CARD.buttons)],
    [Answer("answered", "สรุป", header="บริการ", blocks=(Block("bullets", (LONG * 8,) * 20, "เงื่อนไข"),)), CARD],
]


def without_nulls(value: object) -> object:
    if isinstance(value, dict):
        return {key: without_nulls(child) for key, child in value.items() if child is not None}
    return [without_nulls(child) for child in value] if isinstance(value, list) else value


@pytest.mark.parametrize("answers", SAMPLES)
def test_the_sdk_reads_each_message_and_gives_it_back_whole(answers: list[Answer]) -> None:
    for message in render(answers):
        typed = sdk.Message.from_dict(message)
        assert isinstance(typed, sdk.FlexMessage if message["type"] == "flex" else sdk.TextMessage)
        assert without_nulls(typed.to_dict()) == message


@cache
def message_validator(path: str) -> Draft202012Validator:
    with open(path, encoding="utf-8") as file:
        document = yaml.safe_load(file)
    schemas = document["components"]["schemas"]
    for name, schema in schemas.items():
        # A mapping alone lets everything pass: each of its names must lead to that very schema. The kinds refer back to
        # their base, which therefore keeps its own name, and every other reference goes to the choice.
        mapping = schema.get("discriminator", {}).get("mapping")
        if mapping:
            kind = schema["discriminator"]["propertyName"]
            schemas[name] = {k: v for k, v in schema.items() if k != "discriminator"}
            choices = [
                {"allOf": [{"$ref": ref}, {"properties": {kind: {"const": value}}, "required": [kind]}]}
                for value, ref in mapping.items()
            ]
            document.setdefault("choices", {})[name] = {"oneOf": choices}
    choices_of = document.get("choices", {})

    def aim(value: Any, inside: str) -> Any:
        if isinstance(value, dict):
            name = str(value.get("$ref", "")).rpartition("/")[2]
            if name in choices_of and inside != "allOf":
                return {"$ref": f"#/choices/{name}"}
            return {key: aim(child, key) for key, child in value.items()}
        return [aim(child, inside) for child in value] if isinstance(value, list) else value

    document["components"]["schemas"] = {name: aim(schema, "") for name, schema in schemas.items()}
    return Draft202012Validator({**document, "$ref": "#/choices/Message"})


@pytest.mark.skipif("LINE_OPENAPI" not in os.environ, reason="LINE_OPENAPI names no copy of messaging-api.yml")
@pytest.mark.parametrize("answers", SAMPLES)
def test_lines_own_description_accepts_each_message(answers: list[Answer]) -> None:
    validator = message_validator(os.environ["LINE_OPENAPI"])
    for message in render(answers):
        validator.validate(message)
        # It sees down to the last leaf, else it would say nothing.
        for right, wrong in (('"wrap": true', '"wrap": "yes"'), ('"type": "message"', '"type": "massage"')):
            body = json.dumps(message)
            assert right not in body or not validator.is_valid(json.loads(body.replace(right, wrong)))
