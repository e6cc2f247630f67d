"""A person's rights over what is stored of their chat: found by its code, handed over, erased. Each is written down."""

from __future__ import annotations

import json
import secrets
from collections.abc import Callable
from contextlib import closing
from dataclasses import asdict, dataclass
from typing import Any, cast

from redis import Redis
from sqlalchemy import Engine

from bot.admin import audit
from bot.admin.accounts import Refused
from bot.admin.audit import Actor
from bot.admin.chat_hold import held
from bot.chat_codes import as_written, is_of
from bot.conversation import ConversationStore
from bot.now import utc_now
from bot.storage import erasure, personal

CONVERSATIONS = "lertrat:conversation:"
NOT_A_CODE = "รหัสไม่ถูกต้อง รหัสมี 12 ตัว เช่น 7K2M-Q9XA-4T0C กรุณาตรวจแล้วกรอกใหม่"
NOT_FOUND = "ไม่พบข้อมูลของรหัสนี้ อาจถูกลบไปแล้วหรือกรอกรหัสไม่ตรง ผู้ใช้ดูรหัสได้โดยพิมพ์ “ข้อมูลของฉัน” ในแชท"
BUSY = "แชทนี้กำลังมีการตอบอยู่ กรุณาลองลบอีกครั้งในอีกสักครู่"


@dataclass(frozen=True)
class Found:
    """A chat, its code, and all that is stored of it. `chat` is LINE's id and goes to no page, file or log."""

    chat: str
    code: str
    stored: dict[str, Any]

    @property
    def kind(self) -> str:
        """Whose chat it is."""
        return {"U": "แชทส่วนตัว", "C": "กลุ่ม", "R": "ห้องแชท"}.get(self.chat[:1], "แชท")


class PersonalData:
    """What an owner may do. `code` everywhere is as somebody typed it; Refused where it is none, or nothing is kept."""

    def __init__(
        self,
        engine: Engine,
        redis: Redis,
        secret: str,
        conversations: ConversationStore,
        enqueue: Callable[[str], None],
    ) -> None:
        self._engine = engine
        self._redis = redis
        self._secret = secret
        self._conversations = conversations
        self._enqueue = enqueue

    def find(self, user: Actor, code: str) -> tuple[Found, str]:
        """What is stored, and the number under which it was looked up. RedisError."""
        try:
            found = self._found(code)
        except Refused:
            self._note(user, "privacy.find", {"ผล": "ไม่พบ"})
            raise
        return found, self._note(user, "privacy.find", {"ผล": "พบ"})

    def export(self, user: Actor, code: str) -> bytes:
        """The same as a file to hand over, in JSON. RedisError."""
        found = self._found(code)
        number = self._note(user, "privacy.export")
        whole = {
            "about": "ข้อมูลทั้งหมดที่ระบบผู้ช่วยรางวัลเลิศรัฐเก็บไว้ของแชทนี้ ไม่รวมรหัสผู้ใช้ของ LINE ซึ่งใช้ส่งข้อความเท่านั้น",
            "code": found.code,
            "reference": number,
            "exported_at": utc_now().isoformat(),
            **found.stored,
        }
        return json.dumps(whole, ensure_ascii=False, indent=2).encode()

    def erase(self, user: Actor, code: str) -> str:
        """Erase all of it, as "ลบข้อมูลของฉัน" in the chat does; the number to note on the person's request.

        Refused while the chat is being answered. RedisError, and nothing is erased.
        """
        found = self._found(code)
        number = _number()
        with held(self._redis, found.chat, self._enqueue, BUSY):
            with self._engine.begin() as connection:
                erased = erasure.erase_rows(connection, found.chat)
                audit.record(connection, user, "privacy.erase", f"เลขที่ {number}", _thai(erased))
            self._conversations.forget(found.chat)
        return number

    def _found(self, code: str) -> Found:
        wanted = as_written(code)
        if not wanted:
            raise Refused(NOT_A_CODE, "code")
        chat = self._chat(wanted)
        if chat is None:
            raise Refused(NOT_FOUND, "code")
        with self._engine.connect() as connection:
            stored: dict[str, Any] = dict(personal.of_chat(connection, chat))
        remembered = self._conversations.recall(chat)
        stored["conversation"] = _plain(asdict(remembered.conversation))
        return Found(chat, wanted, stored)

    def _chat(self, code: str) -> str | None:
        """Codes are kept nowhere: that of every chat is worked out until one is it."""
        matches = is_of(self._secret, code)
        with self._engine.connect() as connection, closing(personal.chats(connection)) as chats:
            for chat in filter(matches, chats):
                return chat
        for key in self._redis.scan_iter(match=f"{CONVERSATIONS}*", count=5000):
            chat = cast(bytes, key).decode().removeprefix(CONVERSATIONS)
            if matches(chat):
                return chat
        return None

    def _note(self, user: Actor, action: str, detail: dict[str, Any] | None = None) -> str:
        number = _number()
        with self._engine.begin() as connection:
            audit.record(connection, user, action, f"เลขที่ {number}", detail)
        return number


# What each kind of `personal.of_chat` is called.
KINDS = {
    "follower": "เป็นผู้ติดตาม",
    "consents": "ความยินยอม",
    "reminders": "การเตือนที่ขอไว้",
    "handovers": "การคุยกับเจ้าหน้าที่",
    "sent": "ข้อความที่ส่งถึง",
    "rides": "การเตือนที่แนบไปกับคำตอบ",
}


def _thai(counts: dict[str, int]) -> dict[str, int]:
    return {KINDS[kind]: number for kind, number in counts.items() if number}


def _plain(conversation: dict[str, Any]) -> dict[str, Any]:
    """What is really kept of a conversation: what is empty says nothing."""
    return {name: value for name, value in conversation.items() if value not in ((), "", None, {}, 0, [])}


def _number() -> str:
    """A number for one act, by which the log's line is found from the paper and no person from the line."""
    return f"{utc_now():%y%m%d}-{secrets.token_hex(3).upper()}"
