"""Events between LINE's webhook and their reply, in Redis: claimed once, in order by chat, one worker a chat.

A chat's events wait in a sorted set of ids (by LINE's timestamp) and a hash of bodies; `pending` lists the chats that
have any. An event leaves only after its reply. Its rendered reply, once saved, stands in the chat's hash of turns, so
that whoever takes over from a dead worker sends that very reply again. All keys have a time limit.
"""

from __future__ import annotations

import json
import secrets
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any, Literal, cast

import structlog
from redis import Redis, WatchError
from redis.client import Pipeline

from bot.events import decode, encode
from bot.turn import Event

log = structlog.get_logger(__name__)

PREFIX = "lertrat:"
PENDING = PREFIX + "pending"
KEPT_SECONDS = 25 * 3600  # a little longer than LINE goes on redelivering
LOCK_MILLISECONDS = 12_000  # less than the 15 s after which a dead worker's task is taken over
SWEPT_AT_ONCE = 500

# KEYS: pending. ARGV: prefix, now (ms), seconds kept, then of each event: id, chat, order, body.
# Gives the chats that have something to do, with how many of the events were new in front.
ACCEPT = """
local prefix, now, kept = ARGV[1], ARGV[2], ARGV[3]
local chats, seen, fresh = {}, {}, 0
for i = 4, #ARGV, 4 do
  local id, chat, order, body = ARGV[i], ARGV[i + 1], ARGV[i + 2], ARGV[i + 3]
  local waiting, bodies = prefix .. 'inbox:' .. chat, prefix .. 'events:' .. chat
  if redis.call('SET', prefix .. 'claim:' .. id, '1', 'NX', 'EX', kept) then
    redis.call('ZADD', waiting, order, id)
    redis.call('HSET', bodies, id, body)
    redis.call('EXPIRE', waiting, kept)
    redis.call('EXPIRE', bodies, kept)
    fresh = fresh + 1
  elseif redis.call('HEXISTS', bodies, id) == 1 then
    redis.call('HSET', bodies, id, body)
  end
  if not seen[chat] and redis.call('EXISTS', waiting) == 1 then
    seen[chat] = true
    chats[#chats + 1] = chat
    redis.call('ZADD', KEYS[1], now, chat)
    redis.call('EXPIRE', KEYS[1], kept)
  end
end
table.insert(chats, 1, tostring(fresh))
return chats
"""

# KEYS: lock. ARGV: token, milliseconds.
RENEW = "return redis.call('GET', KEYS[1]) == ARGV[1] and redis.call('PEXPIRE', KEYS[1], ARGV[2]) or 0"

# KEYS: lock, inbox, pending. ARGV: token, chat. Gives whether events are left: what arrives later finds no lock.
RELEASE = """
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('DEL', KEYS[1])
if redis.call('EXISTS', KEYS[2]) == 1 then return 1 end
redis.call('ZREM', KEYS[3], ARGV[2])
return 0
"""

# KEYS: pending. ARGV: prefix, now (ms), older than (ms), how many.
SWEEP = """
local found = {}
for _, chat in ipairs(redis.call('ZRANGEBYSCORE', KEYS[1], '-inf', ARGV[2] - ARGV[3], 'LIMIT', 0, ARGV[4])) do
  if redis.call('EXISTS', ARGV[1] .. 'inbox:' .. chat) == 0 then
    redis.call('ZREM', KEYS[1], chat)
  elseif redis.call('EXISTS', ARGV[1] .. 'lock:' .. chat) == 0 then
    redis.call('ZADD', KEYS[1], ARGV[2], chat)
    found[#found + 1] = chat
  end
end
return found
"""


class LockLostError(Exception):
    """Another worker has the chat: whoever finds this out leaves everything as it is."""


@dataclass(frozen=True)
class Received:
    """An event with the moment at which its latest delivery came in (Unix milliseconds)."""

    event: Event
    at: int


@dataclass(frozen=True)
class SavedTurn:
    """The LINE messages that answer one event, after `carried` ones that had waited and before `riding` ones that remind,
    whose rides are called `ride`; with a `ride` and none `riding` the rides are still to be returned. `attempts` is "none" before a failed one, "refused" when all failed for certain, "unsure"
    when LINE may have accepted one."""

    messages: tuple[dict[str, Any], ...]
    attempts: Literal["none", "refused", "unsure"] = "none"
    carried: int = 0
    riding: int = 0
    ride: str = ""

    def without_ride(self) -> SavedTurn:
        """The answer alone, with the rides to be returned."""
        return replace(self, messages=self.messages[: len(self.messages) - self.riding], riding=0)


class Inbox:
    """The webhook's side: takes events in. `enqueue` queues a chat's task (raises what the queue raises)."""

    def __init__(self, redis: Redis, enqueue: Callable[[str], None]) -> None:
        self._redis = redis
        self._enqueue = enqueue
        self._accept = redis.register_script(ACCEPT)

    def accept(self, events: Sequence[Event], now: int) -> int:
        """Claim the events, put the new ones into their chats' inboxes, queue a task a chat; how many were new.

        `now` is in Unix milliseconds. Raises redis.RedisError: then LINE should deliver again, which is harmless.
        """
        if not events:
            return 0
        arguments: list[str | int] = [PREFIX, now, KEPT_SECONDS]
        for position, event in enumerate(events):
            # Events of one millisecond keep the webhook's order.
            order = event.timestamp * 1000 + min(position, 999)
            body = json.dumps({"at": now, "event": encode(event)}, ensure_ascii=False)
            arguments += [event.id, event.chat, order, body]
        fresh, *chats = cast("list[bytes]", self._accept(keys=[PENDING], args=arguments))
        for chat in chats:
            self._enqueue(_text(chat))
        return int(fresh)


class ChatLock:
    """The worker's side: one chat's events, held by one worker at a time.

    As a context manager it frees the chat in the end. `seize` gives None while another worker holds the chat.
    """

    def __init__(self, redis: Redis, chat: str, token: str) -> None:
        self.chat = chat
        self._redis = redis
        self._token = token
        self._lock = f"{PREFIX}lock:{chat}"
        self._inbox = f"{PREFIX}inbox:{chat}"
        self._bodies = f"{PREFIX}events:{chat}"
        self._turns = f"{PREFIX}turns:{chat}"
        self._starts = f"{PREFIX}starts:{chat}"

    @classmethod
    def seize(cls, redis: Redis, chat: str) -> ChatLock | None:
        """The chat's lock, or None."""
        token = secrets.token_hex(8)
        lock = cls(redis, chat, token)
        return lock if redis.set(lock._lock, token, nx=True, px=LOCK_MILLISECONDS) else None

    def renew(self) -> None:
        """Hold on for another 12 s. LockLostError when another worker may have taken over."""
        if not self._redis.eval(RENEW, 1, self._lock, self._token, str(LOCK_MILLISECONDS)):
            raise LockLostError

    def release(self) -> bool:
        """Free the chat; whether events are left in it."""
        keys = (self._lock, self._inbox, PENDING)
        return bool(self._redis.eval(RELEASE, len(keys), *keys, self._token, self.chat))

    def first(self) -> Received | None:
        """The earliest event that waits, or None. One that cannot be read is logged and dropped."""
        while ids := cast("list[bytes]", self._redis.zrange(self._inbox, 0, 0)):
            event_id = _text(ids[0])
            body = cast("bytes | None", self._redis.hget(self._bodies, event_id))
            try:
                stored = json.loads(body or b"null")
                return Received(decode(stored["event"]), int(stored["at"]))
            except (ValueError, TypeError, KeyError, AttributeError) as error:
                log.error("inbox_event_unreadable", event_id=event_id, error=type(error).__name__)
                self.done(event_id)
        return None

    def starts(self, event_id: str) -> int:
        """Count a start on an event, and give the count: a worker that dies of an event leaves its count behind."""
        with self._redis.pipeline() as pipe:
            pipe.hincrby(self._starts, event_id, 1)
            pipe.expire(self._starts, KEPT_SECONDS)
            return int(pipe.execute()[0])

    def survived(self, event_id: str) -> None:
        """Forget the starts on an event that did no harm, though it is not done."""
        self._redis.hdel(self._starts, event_id)

    def saved_turn(self, event_id: str) -> SavedTurn | None:
        """The reply that was saved for an event, or None."""
        body = cast("bytes | None", self._redis.hget(self._turns, event_id))
        if body is None:
            return None
        stored = json.loads(body)
        # An older version of the program knew no rides.
        riding, ride = stored.get("riding", 0), stored.get("ride", "")
        return SavedTurn(tuple(stored["messages"]), stored["attempts"], stored["carried"], riding, ride)

    def save(self, event_id: str, turn: SavedTurn | None, also: Callable[[Pipeline], None] = lambda pipe: None) -> None:
        """Keep an event's turn (None: the event is done and leaves), and what `also` adds, all or nothing.

        LockLostError, and nothing kept, when another worker has the chat.
        """
        with self._redis.pipeline() as pipe:
            pipe.watch(self._lock)  # type: ignore[no-untyped-call]
            if _text(cast("bytes | None", pipe.get(self._lock)) or b"") != self._token:
                raise LockLostError
            pipe.multi()
            also(pipe)
            if turn is None:
                self._remove(pipe, event_id)
            else:
                pipe.hset(self._turns, event_id, json.dumps(asdict(turn), ensure_ascii=False))
                pipe.expire(self._turns, KEPT_SECONDS)
            try:
                pipe.execute()
            except WatchError:
                raise LockLostError from None

    def done(self, event_id: str) -> None:
        """Drop an event with all that was kept for it."""
        with self._redis.pipeline() as pipe:
            self._remove(pipe, event_id)
            pipe.execute()

    def _remove(self, pipe: Pipeline, event_id: str) -> None:
        pipe.zrem(self._inbox, event_id)
        for kept in (self._bodies, self._turns, self._starts):
            pipe.hdel(kept, event_id)


def unix_milliseconds() -> int:
    """The real time, whatever clock the reminders go by: LINE's tokens and the locks know no other."""
    return time.time_ns() // 1_000_000


def sweep(redis: Redis, enqueue: Callable[[str], None], older_than: float, now: int) -> int:
    """Queue again the chats whose events wait for more than `older_than` seconds with no worker on them; how many.

    Heals a crash between accepting and queueing, and a worker's death. `now` is in Unix milliseconds.
    """
    arguments: list[str | int] = [PREFIX, now, int(older_than * 1000), SWEPT_AT_ONCE]
    chats = cast("list[bytes]", redis.register_script(SWEEP)(keys=[PENDING], args=arguments))
    for chat in chats:
        enqueue(_text(chat))
    if chats:
        log.warning("chats_taken_up_again", chats=len(chats))
    return len(chats)


def erased_messages(redis: Redis, message_ids: Iterable[str]) -> None:
    """Remember that messages were taken back, so that one delivered late is not answered."""
    with redis.pipeline() as pipe:
        for message_id in message_ids:
            pipe.set(f"{PREFIX}unsent:{message_id}", "1", ex=KEPT_SECONDS)
        pipe.execute()


def is_erased(redis: Redis, message_id: str) -> bool:
    """Whether a message was taken back."""
    return bool(redis.exists(f"{PREFIX}unsent:{message_id}"))


def _text(value: bytes | str) -> str:
    return value.decode() if isinstance(value, bytes) else value
