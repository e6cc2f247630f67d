"""What a person does on the page, turned into LINE's webhook events."""

from __future__ import annotations

import secrets
from typing import Any

from bot.simulator.world import BOT_NAME, Chat, Json, Message, World

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_STANDING = {"follow": "friend", "unfollow": "blocked", "join": "joined", "leave": "left"}
_NOTICE = {
    "follow": "เพิ่มผู้ช่วยเป็นเพื่อนแล้ว",
    "unfollow": "บล็อกผู้ช่วยแล้ว",
    "join": "เชิญผู้ช่วยเข้ากลุ่มแล้ว",
    "leave": "นำผู้ช่วยออกจากกลุ่มแล้ว",
}


class ActionRefused(ValueError):
    """What a person cannot do now, in Thai, for the page."""


def perform(world: World, action: Json) -> list[Json]:
    """Carry out one action of a person in the world and return the events that LINE would send (at most one).

    `action`: `type` ("text", "sticker", "image", "video", "audio", "file", "location", "follow", "unfollow", "join",
    "leave", "unsend", "postback"), `user` (id or name) and, where it applies, `chat` (a group's id or name; default the
    user's own chat), `text`, `mention` (bool), `messageId`, `data`, `displayText`, `params`, `mode` ("standby").
    Raises ActionRefused.
    """
    kind = str(action.get("type", ""))
    user = _person(world, str(action.get("user", "")))
    wanted = action.get("chat")
    chat = world.find(str(wanted)) if wanted else user
    if chat is None or (chat.kind == "user" and chat is not user):
        raise ActionRefused("ไม่พบห้องแชตนี้")
    if kind in _STANDING:
        return _change_standing(world, kind, user, chat, action)
    if chat.standing == "blocked":
        raise ActionRefused("บล็อกผู้ช่วยอยู่ กรุณาเลิกบล็อกก่อนส่งข้อความ")
    if kind == "unsend":
        return _unsend(world, user, chat, action)
    if kind == "postback":
        return _postback(world, user, chat, action)
    return _say(world, kind, user, chat, action)


def _person(world: World, wanted: str) -> Chat:
    user = world.find(wanted)
    if user is None and len(wanted) == 33 and wanted[0] == "U":
        user = world.add_user(wanted[:7], wanted)
    if user is None or user.kind != "user":
        raise ActionRefused("ไม่พบผู้ใช้นี้")
    return user


def _change_standing(world: World, kind: str, user: Chat, chat: Chat, action: Json) -> list[Json]:
    if (kind in ("follow", "unfollow")) != (chat.kind == "user"):
        raise ActionRefused("ทำรายการนี้ในห้องแชตนี้ไม่ได้")
    before = chat.standing
    if before == _STANDING[kind]:
        raise ActionRefused("อยู่ในสถานะนี้แล้ว")
    world.set_standing(chat, _STANDING[kind])
    more: Json = {"follow": {"isUnblocked": before == "blocked"}} if kind == "follow" else {}
    # LINE tells who wrote a message in a group, but not who invited or removed the assistant.
    source = _source(user, chat) if chat.kind == "user" else {"type": "group", "groupId": chat.id}
    event = _event(world, kind, source, chat, action, reply=kind in ("follow", "join"), **more)
    world.say(chat, "system", {"type": "text", "text": _NOTICE[kind]}, event_id=event["webhookEventId"])
    return [event]


def _unsend(world: World, user: Chat, chat: Chat, action: Json) -> list[Json]:
    message = world.message(chat, str(action.get("messageId", "")))
    if message is None or message.author != user.id or message.unsent:
        raise ActionRefused("ยกเลิกข้อความนี้ไม่ได้")
    world.unsend(message)
    if not _hears(chat):
        return []
    return [_event(world, "unsend", _source(user, chat), chat, action, unsend={"messageId": message.id})]


def _postback(world: World, user: Chat, chat: Chat, action: Json) -> list[Json]:
    postback: Json = {"data": str(action.get("data", ""))}
    if action.get("params"):
        postback["params"] = action["params"]
    event = _event(world, "postback", _source(user, chat), chat, action, reply=True, postback=postback)
    shown = str(action.get("displayText") or "")
    if shown:
        world.say(chat, user.id, {"type": "text", "text": shown}, event_id=event["webhookEventId"])
    return [event]


def _say(world: World, kind: str, user: Chat, chat: Chat, action: Json) -> list[Json]:
    content = _content(world, kind, action)
    message: Message = world.say(chat, user.id, {k: v for k, v in content.items() if k in _SHOWN})
    if not _hears(chat):
        return []
    content["id"] = message.id
    event = _event(world, "message", _source(user, chat), chat, action, reply=True, message=content)
    message.event_id = event["webhookEventId"]
    return [event]


_SHOWN = ("type", "text", "fileName", "fileSize", "packageId", "stickerId", "duration", "title", "address")


def _content(world: World, kind: str, action: Json) -> Json:
    quote = {"quoteToken": secrets.token_urlsafe(24), "markAsReadToken": secrets.token_urlsafe(24)}
    stored: Json = {"contentProvider": {"type": "line"}}
    if kind == "text":
        text = str(action.get("text", ""))
        if not text.strip():
            raise ActionRefused("กรุณาพิมพ์ข้อความก่อนส่ง")
        content: Json = {"type": "text", "text": text, **quote}
        if action.get("mention"):
            called = f"@{BOT_NAME}"
            content["text"] = f"{called} {text}"
            mentioned = {"index": 0, "length": utf16_length(called), "type": "user"}
            content["mention"] = {"mentionees": [{**mentioned, "userId": world.bot_id, "isSelf": True}]}
        return content
    kinds: dict[str, Json] = {
        "sticker": {"packageId": "446", "stickerId": "1988", "stickerResourceType": "STATIC", **quote},
        "image": {**stored, **quote},
        "video": {**stored, "duration": 12000, **quote},
        "audio": {**stored, "duration": 4200, "markAsReadToken": quote["markAsReadToken"]},
        "file": {
            "fileName": str(action.get("fileName") or "แบบฟอร์ม.pdf"),
            "fileSize": 182044,
            "markAsReadToken": quote["markAsReadToken"],
        },
        "location": {"title": "ตำแหน่งที่ตั้ง", "latitude": 13.75, "longitude": 100.5},
    }
    if kind not in kinds:
        raise ActionRefused(f"ไม่รู้จักรายการชนิด {kind!r}")
    return {"type": kind, **kinds[kind]}


def _hears(chat: Chat) -> bool:
    return chat.kind == "user" or chat.standing == "joined"


def _source(user: Chat, chat: Chat) -> Json:
    if chat.kind == "group":
        return {"type": "group", "groupId": chat.id, "userId": user.id}
    return {"type": "user", "userId": user.id}


def _event(
    world: World, kind: str, source: Json, chat: Chat, action: Json, *, reply: bool = False, **more: Any
) -> Json:
    at = world.clock()
    event: Json = {
        "type": kind,
        **more,
        "webhookEventId": ulid(int(at * 1000)),
        "deliveryContext": {"isRedelivery": False},
        "timestamp": int(at * 1000),
        "source": source,
        "mode": "standby" if action.get("mode") == "standby" else "active",
    }
    # Standby means that another module answers, so LINE hands out no token.
    if reply and event["mode"] == "active":
        event["replyToken"] = world.issue_token(chat, at)
    return event


def ulid(at_ms: int) -> str:
    """A ULID: 48 bits of milliseconds and 80 random bits in 26 characters of Crockford's base 32."""
    number = (at_ms << 80) | secrets.randbits(80)
    return "".join(_CROCKFORD[(number >> shift) & 31] for shift in range(125, -1, -5))


def utf16_length(text: str) -> int:
    """Length in UTF-16 units, LINE's measure for positions in a text."""
    return len(text.encode("utf-16-le")) // 2
