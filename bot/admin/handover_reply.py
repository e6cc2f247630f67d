"""An officer's answer to somebody who asked for a person: written down first, then pushed by a worker, with one retry key.

The answer that LINE may or may not have got is sent again under the same key, so that nobody reads it twice.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from redis import Redis
from sqlalchemy import Engine

from bot.admin import audit
from bot.admin.accounts import Refused
from bot.admin.ask_worker import Json, WorkerAway, WorkerDoor
from bot.admin.audit import Actor
from bot.admin.chat_hold import held
from bot.inbox import LockLostError
from bot.limits import TEXT_UTF16, utf16_length
from bot.now import utc_now
from bot.storage import handovers
from bot.storage.handovers import Handover, OfficeMessage
from bot.turn import Conversation

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.conversation import ConversationStore

SEND = "handover_send"
SEND_SECONDS = 20.0
KEY_LASTS = timedelta(hours=23)  # LINE forgets a retry key after 24
BUSY = "แชตนี้กำลังมีการตอบอยู่ จึงยังไม่ได้ปิดคำขอ กรุณาลองใหม่ในอีกสักครู่"
_WHY = {
    "monthly limit": "โควตาข้อความของเดือนนี้หมดแล้ว ข้อความถูกเก็บไว้ ส่งใหม่ได้เมื่อขึ้นเดือนใหม่หรือเพิ่มโควตา",
    "permanent": "LINE ไม่รับข้อความนี้ ผู้ถามอาจบล็อกหรือออกจากแชตแล้ว ข้อความถูกเก็บไว้ในระบบ",
    "retryable": "LINE ยังไม่ตอบรับ ข้อความถูกเก็บไว้แล้ว กด “ส่งอีกครั้ง” ได้ ผู้ถามจะไม่ได้รับซ้ำ",
}


class NotSent(Exception):
    """The answer is kept, but not sent (yet). The text is one polite sentence in Thai."""


def reply(engine: Engine, worker: WorkerDoor, user: Actor, number: int, text: str) -> None:
    """Push `text` to the chat of a hand-over. Refused when it cannot be sent at all; NotSent when it is kept for later."""
    text = text.strip()
    if not text:
        raise Refused("กรุณาเขียนข้อความที่จะส่ง", "text")
    if utf16_length(text) > TEXT_UTF16:
        raise Refused(f"ข้อความยาวเกิน {TEXT_UTF16:,} ตัวอักษรของ LINE กรุณาแบ่งส่ง", "text")
    with engine.begin() as connection:
        found = handovers.by_id(connection, number)
        if found is None or found.state == "closed":
            raise Refused("คำขอนี้ปิดไปแล้ว จึงส่งข้อความไม่ได้")
        message = handovers.draft_answer(connection, number, text, utc_now())
        audit.record(connection, user, "inbox.reply", f"คำขอที่ {number}", {"characters": len(text)})
    _push(worker, number, message)


def again(engine: Engine, worker: WorkerDoor, user: Actor, number: int, message_id: int) -> None:
    """Send once more what LINE has not taken, under its own key. Refused, NotSent."""
    with engine.begin() as connection:
        found = handovers.by_id(connection, number)
        message = handovers.unsent(connection, number, message_id)
        if found is None or found.state == "closed" or message is None:
            raise Refused("ข้อความนี้ส่งไปแล้ว หรือคำขอปิดไปแล้ว")
        audit.record(connection, user, "inbox.reply", f"คำขอที่ {number}", {"again": True})
    _push(worker, number, message)


def close(
    engine: Engine,
    redis: Redis,
    conversations: ConversationStore,
    enqueue: Callable[[str], None],
    user: Actor,
    number: int,
) -> bool:
    """Close a hand-over: the assistant answers in that chat again. False when it was closed before; Refused while a message
    of the chat is being processed, since the worker would write back that it is to be quiet."""
    with engine.connect() as connection:
        found = handovers.by_id(connection, number)
    if found is None:
        return False
    try:
        with held(redis, found.chat, enqueue, BUSY) as lock, engine.begin() as connection:
            if not handovers.close(connection, number, utc_now()):
                return False
            audit.record(connection, user, "inbox.close", f"คำขอที่ {number}")
            # Inside the transaction: when Redis is away, or the chat is not held any more, the request stays open and can be
            # closed again.
            lock.renew()
            conversations.update(found.chat, given_back)
    except LockLostError:
        raise Refused(BUSY) from None
    return True


def given_back(conversation: Conversation) -> Conversation:
    """The chat's state once the office has left it."""
    return replace(conversation, handover="", misses=0)


def waiting_minutes(found: Handover) -> int:
    """How long somebody has been waiting."""
    return max(0, int((utc_now() - found.opened_at).total_seconds() // 60))


def _push(worker: WorkerDoor, number: int, message: OfficeMessage) -> None:
    if utc_now() - message.written_at > KEY_LASTS:
        raise NotSent("ข้อความนี้ค้างมานานเกิน 23 ชั่วโมง จึงส่งซ้ำไม่ได้ เพราะผู้ถามอาจได้รับแล้ว กรุณาเขียนข้อความใหม่")
    try:
        told = worker.ask(SEND, {"handover": number, "message": message.id}, seconds=SEND_SECONDS)
    except WorkerAway:
        raise NotSent(_WHY["retryable"]) from None
    if why := told.get("problem"):
        raise NotSent(_WHY.get(why, _WHY["retryable"]))


def send(office: Office, request: Json) -> Json:
    """The worker's side: push one message of the office; {"problem"} where LINE did not take it."""
    from bot.line import Line, PermanentError, RetryableError
    from bot.settings import secret_key

    with office.engine.connect() as connection:
        found = handovers.by_id(connection, request["handover"])
        message = handovers.unsent(connection, request["handover"], request["message"])
    if found is None or message is None:
        return {}
    settings = office.settings
    line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
    try:
        line.push(found.chat, [{"type": "text", "text": message.text}], message.retry_key)
    except PermanentError as error:
        return {"problem": "monthly limit" if error.monthly_limit else "permanent"}
    except RetryableError:
        return {"problem": "retryable"}
    with office.engine.begin() as connection:
        handovers.answer_sent(connection, found.id, message.id, utc_now())
    return {}
