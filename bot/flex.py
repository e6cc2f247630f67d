"""Answer → LINE messages: how the assistant's answers look on a phone.

`render` gives plain JSON, each message within LINE's limits whatever the answers hold; `plain` gives the same words as
text. An answer becomes pieces (a paragraph, a bullet, a note), the pieces fill pages (bubbles), the pages fill messages
(a bubble alone, or a carousel). What does not fit into the messages that one call may carry ends with "…".
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, Final, cast

from bot.flex_buttons import (
    GREY,
    action,
    card_buttons,
    footer_button,
    label_of,
    quick_replies,
    quiet_button,
    seen_buttons,
)
from bot.limits import (
    ACTION_TEXT_UTF16,
    ALT_TEXT_UTF16,
    CAROUSEL_BUBBLES,
    CAROUSEL_BYTES,
    ELLIPSIS,
    LABEL_GRAPHEMES,
    MESSAGES_PER_CALL,
    TEXT_UTF16,
    grapheme_length,
    json_bytes,
    shorten,
    split,
    utf16_length,
)
from bot.rating import NOT_WHAT_I_ASKED
from bot.turn import Answer, Block, Button

Json = dict[str, object]

NAVY: Final = "#1D3C6A"
INK: Final = "#1F2933"
PALE: Final = "#D6E0F0"
NOTE_BACKGROUND: Final = "#FFF4D6"
NOTE_INK: Final = "#5C4400"
MARK_COLOURS: Final = {"✓": "#1B6E3C", "✗": "#A61B1B", "?": "#7A5200"}

# A page of about 1,500 Thai letters is as much as one scrolls through on a phone; four of them make a full carousel.
PAGE_BYTES: Final = 11_000
# One text component, so that the largest piece fits on a page: 1,000 units are at most 6,000 bytes of JSON.
PIECE_UTF16: Final = 1000
HEADER_UTF16: Final = 200
# What is longer than two or three lines in its column reads better over the whole width.
COLUMN_GRAPHEMES: Final = 48
# A longer first line reads better on white.
TOP_GIST_UTF16: Final = 240
# A code point is at least a byte, so all messages of a call show less than this of one text; more would only cost time.
TEXT_CODE_POINTS: Final = MESSAGES_PER_CALL * CAROUSEL_BYTES
# Room that the closing "…" needs in a full carousel.
ELLIPSIS_BYTES: Final = 300

_INVISIBLE = {"Cf", "Zs", "Zl", "Zp"}
# Marks that turn the writing direction, and the byte order mark: they come in with pasted text and garble a card.
_DIRECTION_MARKS = frozenset("\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\ufeff")


@dataclass(frozen=True)
class Piece:
    """One part of a card that stays together, and its words as plain text."""

    component: Json
    words: str


def render(answers: Sequence[Answer]) -> list[Json]:
    """One turn's answers as 0 to 5 LINE messages; buttons that no card shows are the quick replies of the last one.

    No answer with a visible word gives no message.
    """
    shown = _shown(answers)
    room = MESSAGES_PER_CALL
    if len(shown) > room:
        # More answers than messages: the last message carries all that is left as one carousel.
        alone, together = shown[: room - 1], shown[room - 1 :]
        pages = [page for answer in together for page in _pages(answer)]
        drafts = [_messages(answer) for answer in alone] + [_flex(pages, _alt_text(together[0]))]
    else:
        drafts = [_messages(answer) for answer in shown]
    spare = room - len(drafts)
    messages: list[Json] = []
    for draft in drafts:
        allowed = min(len(draft), 1 + spare)
        spare -= allowed - 1
        messages += _cut(draft, allowed)
    buttons = quick_replies(shown)
    if messages and buttons:
        messages[-1]["quickReply"] = {"items": [{"type": "action", "action": action(b)} for b in buttons]}
    return messages


def plain(answers: Sequence[Answer]) -> str:
    """Every visible word in reading order, a line a part; each button as `[label]` on the last line."""
    shown = _shown(answers)
    lines = [line for answer in shown for line in (*_top(answer), *(piece.words for piece in _pieces(answer)))]
    labels = [label_of(button, LABEL_GRAPHEMES) for button in seen_buttons(shown)]
    if any(answer.rating and _has_body(answer) for answer in shown):
        labels.append(NOT_WHAT_I_ASKED)
    lines.append(" ".join(f"[{label}]" for label in labels))
    return "\n".join(filter(None, lines))


# Cleaning: what may come from a chat or a content file and LINE refuses or shows badly.


def _visible(text: str) -> str:
    """`text` without control characters, direction marks and lone surrogates; "" when nothing is left to see."""
    lines = text[:TEXT_CODE_POINTS].replace("\r\n", "\n").replace("\r", "\n").replace("\t", " ")
    kept = "".join(
        c for c in lines if c == "\n" or (unicodedata.category(c) not in ("Cc", "Cs") and c not in _DIRECTION_MARKS)
    ).strip()
    return kept if any(c != "\n" and unicodedata.category(c) not in _INVISIBLE for c in kept) else ""


def _shown(answers: Sequence[Answer]) -> list[Answer]:
    """The answers with clean texts and no empty parts; an answer with nothing to see is left out."""
    clean = (
        replace(
            answer,
            header=shorten(" ".join(_visible(answer.header).split()), HEADER_UTF16),
            gist=_visible(answer.gist),
            blocks=tuple(block for block in map(_clean_block, answer.blocks) if block.title or block.lines),
            notes=tuple(filter(None, map(_visible, answer.notes))),
            sources=tuple(filter(None, map(_visible, answer.sources))),
            buttons=tuple(button for button in map(_clean_button, answer.buttons) if button.text),
        )
        for answer in answers
    )
    return [a for a in clean if a.header or a.gist or a.blocks or a.notes or a.sources]


def _clean_block(block: Block) -> Block:
    if block.kind in ("pairs", "checks"):
        pairs = (line.partition("\t") for line in block.lines)
        lines = [f"{_visible(label)}\t{_visible(value)}" for label, _, value in pairs]
    else:
        lines = [_visible(line) for line in block.lines]
    return Block(block.kind, tuple(line for line in lines if line.strip()), _visible(block.title))


def _clean_button(button: Button) -> Button:
    label, text = _visible(button.label), _visible(button.text)
    return replace(button, label=label or text, text=shorten(text or label, ACTION_TEXT_UTF16))


# Pieces.


def _text(text: str, **looks: object) -> Json:
    return {"type": "text", "text": text, "wrap": True, "size": "sm", "color": INK, **looks}


def _has_body(answer: Answer) -> bool:
    """Whether there is more to show than the first line and what it is about."""
    return bool(answer.blocks or answer.notes or answer.sources)


def _top(answer: Answer) -> tuple[str, str]:
    """What stands in the coloured top of a card: the gist, and the small line under it that says what it is about."""
    if not _has_body(answer):
        return "", ""
    return (answer.gist if utf16_length(answer.gist) <= TOP_GIST_UTF16 else ""), answer.header


def _pieces(answer: Answer) -> list[Piece]:
    """The parts of a card below its top, in reading order."""
    gist, about = _top(answer)
    pieces: list[Piece] = []
    if not gist:
        pieces += [Piece(_text(part, weight="bold", lineSpacing="4px"), part) for part in _parts(answer.gist)]
    if answer.header and not about:
        pieces.append(Piece(_text(answer.header, size="xs", color=GREY), answer.header))
    for block in answer.blocks:
        pieces += _block_pieces(block)
    for note in answer.notes:
        pieces += [Piece(_note(f"⚠ {part}"), f"⚠ {part}") for part in _parts(note)]
    first = True
    for source in answer.sources:
        for part in _parts(source):
            component = _text(part, size="xs", color=GREY)
            if first and pieces:
                component = _column({"type": "separator"}, component | {"margin": "md"}, margin="lg")
            pieces.append(Piece(component, part))
            first = False
    return pieces


def _parts(text: str) -> list[str]:
    return split(text, PIECE_UTF16)


def _block_pieces(block: Block) -> list[Piece]:
    title = [Piece(_text(part, weight="bold", color=NAVY, margin="lg"), part) for part in _parts(block.title)]
    lines: list[Piece] = []
    wide = block.kind == "pairs" and any(
        grapheme_length(side) > COLUMN_GRAPHEMES for line in block.lines for side in line.split("\t", 1)
    )
    for number, line in enumerate(block.lines, start=1):
        if block.kind == "pairs":
            label, _, value = line.partition("\t")
            lines += _pair_pieces(label, value, wide)
        elif block.kind in ("bullets", "numbered", "checks"):
            mark, line = _marked(block.kind, number, line)
            first, *rest = _parts(line)
            lines.append(Piece(_item(mark, first), f"{mark} {first}"))
            lines += [Piece(_text(part, lineSpacing="4px"), part) for part in rest]
        else:
            lines += [Piece(_text(part, lineSpacing="4px", margin="md"), part) for part in _parts(line)]
    if title and lines:
        # A heading is never the last line of a page.
        first_line = lines[0]
        headed = _column(title[-1].component | {"margin": "none"}, first_line.component, margin="lg")
        return [*title[:-1], Piece(headed, f"{title[-1].words}\n{first_line.words}"), *lines[1:]]
    return title + lines


def _marked(kind: str, number: int, line: str) -> tuple[str, str]:
    if kind == "checks":
        mark, _, line = line.partition("\t")
        return mark, line
    return ("•" if kind == "bullets" else f"{number}."), line


def _item(mark: str, line: str) -> Json:
    weight = "bold" if mark in MARK_COLOURS else "regular"
    return _row(
        _text(mark, flex=0, color=MARK_COLOURS.get(mark, NAVY), weight=weight), _text(line, flex=1, lineSpacing="4px")
    )


def _pair_pieces(label: str, value: str, wide: bool) -> list[Piece]:
    """A label beside its value, or above it where the block is `wide`; a side too long for one text, or alone, by
    itself."""
    labels, values = _parts(label), _parts(value)
    if len(labels) != 1 or len(values) != 1:
        return [Piece(_text(part, color=GREY), part) for part in labels] + [Piece(_text(part), part) for part in values]
    words = f"{label}: {value}"
    if wide:
        above = _text(label, color=GREY, size="xs", weight="bold")
        return [Piece(_column(above, _text(value, lineSpacing="4px")) | {"spacing": "xs", "margin": "md"}, words)]
    return [Piece(_row(_text(label, flex=4, color=GREY), _text(value, flex=6)), words)]


def _note(text: str) -> Json:
    look: Json = {"backgroundColor": NOTE_BACKGROUND, "cornerRadius": "8px", "paddingAll": "10px", "margin": "lg"}
    return _column(_text(text, color=NOTE_INK)) | look


def _row(*contents: Json) -> Json:
    return {"type": "box", "layout": "horizontal", "spacing": "sm", "contents": list(contents)}


def _column(*contents: Json, margin: str = "none") -> Json:
    return {"type": "box", "layout": "vertical", "spacing": "sm", "margin": margin, "contents": list(contents)}


# Pages and messages.


def _pages(answer: Answer) -> list[Json]:
    """The answer's bubbles: header and page number on top, the quiet button and the footer's under the last one."""
    pieces = _pieces(answer)
    sizes = [json_bytes(piece.component) + 2 for piece in pieces]
    # A carousel is as tall as its tallest page, so the pages share what there is evenly.
    count = -(-sum(sizes) // PAGE_BYTES)
    even = sum(sizes) / count
    pages: list[list[Json]] = [[]]
    size = 0
    for piece, added in zip(pieces, sizes, strict=True):
        enough = len(pages) < count and size + added / 2 > even
        if pages[-1] and (enough or size + added > PAGE_BYTES):
            pages.append([])
            size = 0
        # Space above the first part would only add to the card's own.
        pages[-1].append(piece.component if pages[-1] else {k: v for k, v in piece.component.items() if k != "margin"})
        size += added
    bubbles = [_bubble(answer, contents, number, len(pages)) for number, contents in enumerate(pages, start=1)]
    if quiet := quiet_button(answer):
        cast(dict[str, Any], bubbles[-1]["body"])["contents"].append(quiet)
    if options := card_buttons(answer):
        bubbles[-1]["footer"] = _column(*map(footer_button, options))
    return bubbles


def _bubble(answer: Answer, contents: list[Json], number: int, total: int) -> Json:
    bubble: Json = {"type": "bubble", "size": "mega"}
    gist, about = _top(answer)
    # The gist leads the first page only; every page says what it is about, and which one it is.
    small = [part for part in (about, f"{number}/{total}" if total > 1 else "") if part]
    lines = [line for line in (gist if number == 1 else "", " · ".join(small)) if line]
    if lines:
        look: Json = {"backgroundColor": NAVY, "paddingAll": "14px", "paddingStart": "20px", "paddingEnd": "20px"}
        first = _text(lines[0], color="#FFFFFF", weight="bold", lineSpacing="4px")
        rest = [_text(line, color=PALE, size="xs") for line in lines[1:]]
        bubble["header"] = _column(first, *rest) | look
    bubble["body"] = _column(*contents) | {"spacing": "md", "paddingTop": "14px"}
    return bubble


def _messages(answer: Answer) -> list[Json]:
    """One answer as any number of messages."""
    if _has_body(answer) or card_buttons(answer):
        return _flex(_pages(answer), _alt_text(answer))
    words = "\n".join(filter(None, (answer.gist, answer.header)))
    return [{"type": "text", "text": part} for part in split(words, TEXT_UTF16)]


def _flex(pages: list[Json], alt_text: str) -> list[Json]:
    """Pages as messages: as many to a carousel as LINE takes, a single one on its own."""
    groups: list[list[Json]] = []
    size = 0
    for page in pages:
        added = json_bytes(page) + 2
        full = groups and (len(groups[-1]) == CAROUSEL_BUBBLES or size + added > CAROUSEL_BYTES - ELLIPSIS_BYTES)
        if full or not groups:
            groups.append([])
            size = json_bytes({"type": "carousel", "contents": []})
        groups[-1].append(page)
        size += added
    return [
        {
            "type": "flex",
            "altText": alt_text,
            "contents": group[0] if len(group) == 1 else {"type": "carousel", "contents": group},
        }
        for group in groups
    ]


def _cut(messages: list[Json], allowed: int) -> list[Json]:
    """The first `allowed` messages; when that leaves any out, the last one kept ends with "…"."""
    kept = messages[:allowed]
    if len(messages) == allowed:
        return kept
    last = kept[-1]
    if last["type"] == "text":
        last["text"] = shorten(f"{last['text']}{ELLIPSIS}", TEXT_UTF16)
        return kept
    container = cast(dict[str, Any], last["contents"])
    bubble = container["contents"][-1] if container["type"] == "carousel" else container
    bubble["body"]["contents"].append(_text(ELLIPSIS, color=GREY))
    return kept


def _alt_text(answer: Answer) -> str:
    """What the chat list and a screen reader show instead of the card."""
    return shorten(answer.gist or answer.header or _pieces(answer)[0].words, ALT_TEXT_UTF16)
