"""LINE's webhook JSON → Events, one event at a time, tolerant of whatever LINE adds, leaves out or spells anew."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import asdict, fields
from typing import Any

import structlog

from bot import rating
from bot.groups import said
from bot.turn import Event

log = structlog.get_logger(__name__)

MESSAGES = frozenset({"text", "image", "video", "audio", "file", "location", "sticker"})
OTHERS = frozenset(
    {"messageEdited", "unsend", "follow", "unfollow", "join", "leave", "memberJoined", "memberLeft", "postback"}
)
# What has to be erased is erased even while another program answers for the channel.
ERASING = frozenset({"unsend", "unfollow", "leave"})
STOP_REMINDERS = "stop:"  # how the postback of a button begins that ends reminders

LONGEST_TEXT = 10_000  # characters; LINE's own apps send no more
LONGEST_ID = 200
LATEST_TIMESTAMP = 9_000_000_000_000  # milliseconds: the year 2255, so that a thousandfold still fits a Redis score
FIELDS = frozenset(field.name for field in fields(Event))


def parse(body: dict[str, Any]) -> list[Event]:
    """The events of one webhook body that concern the assistant, in the body's order.

    Never raises: an event that is odd, of an unknown kind or without a chat is logged and left out.
    """
    raw_events = body.get("events")
    events = []
    for raw in raw_events if isinstance(raw_events, list) else []:
        try:
            event = _parse_one(raw)
        except Exception as error:  # whatever one event holds, the others of the webhook are to be answered
            log.warning("event_unreadable", error=type(error).__name__)
            continue
        if event is None:
            kind = raw.get("type") if isinstance(raw, dict) else None
            log.debug("event_ignored", kind=kind[:40] if isinstance(kind, str) else type(raw).__name__)
        else:
            events.append(event)
    return events


def is_done_in_standby(event: Event) -> bool:
    """Whether it has its effect even while another program answers for the channel: what erases, and the tap that ends
    reminders, since more of them would come. Nothing is answered then."""
    return event.kind in ERASING or event.postback.startswith(STOP_REMINDERS)


def encode(event: Event) -> str:
    """One line of JSON that `decode` reads back."""
    return json.dumps(asdict(event), ensure_ascii=False)


def decode(text: str) -> Event:
    """The Event of `encode`, also when another version of the program wrote it. ValueError or TypeError when broken."""
    return Event(**{name: value for name, value in json.loads(text).items() if name in FIELDS})


def _parse_one(raw: Any) -> Event | None:
    if not isinstance(raw, dict):
        return None
    source = _table(raw.get("source"))
    source_type = _word(source.get("type"))
    chat = _word(source.get({"user": "userId", "group": "groupId", "room": "roomId"}.get(source_type, "")))
    message = _table(raw.get("message"))
    kind = _word(raw.get("type"))
    if kind == "message":
        kind = _word(message.get("type"))
        known = kind in MESSAGES
    else:
        known = kind in OTHERS
    if not known or not chat:
        return None
    written = kind == "text" or kind == "messageEdited"
    text, mentioned = _without_own_mention(message) if written else ("", False)
    postback = _clean(_table(raw.get("postback")).get("data"))
    tapped = said(postback) if kind == "postback" else ""
    # A rating belongs to the message that asked: when that is taken back, so is what was rated.
    message_id = message.get("id") if kind != "unsend" else _table(raw.get("unsend")).get("messageId")
    return Event(
        id=_word(raw.get("webhookEventId")) or _made_id(raw),
        # A button that carries a text says it for the person who tapped it.
        kind="text" if tapped else kind,
        chat=chat,
        source=source_type,
        timestamp=_milliseconds(raw.get("timestamp")),
        user=_word(source.get("userId")) or None,
        reply_token=_word(raw.get("replyToken")) or None,
        text=tapped or text,
        message_id=_word(message_id) or rating.message_of(postback) or None,
        postback=postback,
        redelivery=_table(raw.get("deliveryContext")).get("isRedelivery") is True,
        addressed=source_type == "user" or mentioned or (kind not in MESSAGES and kind != "messageEdited"),
        # A mode that LINE may invent one day is no leave to send.
        active=raw.get("mode") in (None, "active"),
        unblocked=_table(raw.get("follow")).get("isUnblocked") is True,
    )


def _without_own_mention(message: dict[str, Any]) -> tuple[str, bool]:
    """The text without the assistant's own @name, and whether it was mentioned. LINE counts in UTF-16 units."""
    text = message.get("text")
    units = (text if isinstance(text, str) else "").encode("utf-16-le", "surrogatepass")
    spans = sorted(_own_mentions(message), reverse=True)
    for start, length in spans:
        if min(start, length) >= 0 and 2 * (start + length) <= len(units):
            units = units[: 2 * start] + units[2 * (start + length) :]
    plain = _clean(units.decode("utf-16-le", "replace"))
    return plain.strip() if spans else plain, bool(spans)


def _own_mentions(message: dict[str, Any]) -> Iterator[tuple[int, int]]:
    mentionees = _table(message.get("mention")).get("mentionees")
    for mentionee in mentionees if isinstance(mentionees, list) else []:
        if _table(mentionee).get("isSelf") is True:
            start, length = mentionee.get("index"), mentionee.get("length")
            whole = isinstance(start, int) and isinstance(length, int)
            yield (start, length) if whole else (0, 0)


def _made_id(raw: dict[str, Any]) -> str:
    """A stable id for an event that came without a usable one: the same event redelivered gives the same id."""
    lasting = {key: value for key, value in raw.items() if key != "deliveryContext"}
    return f"made-{hashlib.sha256(json.dumps(lasting, sort_keys=True).encode()).hexdigest()[:32]}"


def _table(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _word(value: Any) -> str:
    """An id, a token or a kind; empty when it is none."""
    usable = isinstance(value, str) and len(value) <= LONGEST_ID and value.isprintable() and value.strip() == value
    return value if usable else ""


def _clean(value: Any) -> str:
    """Text that every store takes: no half surrogates (UTF-8), no NUL (PostgreSQL), no more than LINE's apps send."""
    if not isinstance(value, str):
        return ""
    whole = value[: 2 * LONGEST_TEXT].encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return whole.replace("\0", "")[:LONGEST_TEXT]


def _milliseconds(value: Any) -> int:
    return min(max(value, 0), LATEST_TIMESTAMP) if isinstance(value, int) else 0
