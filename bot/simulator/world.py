"""Everything that the stand-in remembers: people, groups, chats, reply tokens, retry keys, quota and faults.

One lock guards it all, because the LINE side, the page and the webhook threads touch it at once. A change wakes
whoever waits for news; every message carries the `seq` of its last change, so that a reader asks for what is newer.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from datetime import datetime
from hashlib import sha256
from typing import Any
from zoneinfo import ZoneInfo

from bot.simulator.config import SimulatorConfig
from bot.simulator.rich_menus import RichMenus

Json = dict[str, Any]

BOT_NAME = "ผู้ช่วยเลิศรัฐ"
DEFAULT_PEOPLE = ("สมศรี (กรม)", "อนันต์ (อบต.)")
DEFAULT_GROUP = "กลุ่มทีมรางวัล"
KEPT_MESSAGES = 500
RETRY_KEY_SECONDS = 24 * 3600
# A redelivered event's token works for its minute only up to 20 minutes after the event.
TOKEN_LIFE_SECONDS = 20 * 60


@dataclass
class Message:
    """One line of a chat. `author` is a user id, "bot" or "system"; `at` is in milliseconds.

    `via` names the call that sent it; `ms` is the time from the event to the reply, on a reply's last message;
    `webhook` is how the webhook of a person's message went ("200", "500", "timeout", "unreachable").
    """

    id: str
    seq: int
    author: str
    content: Json
    at: int
    via: str = ""
    ms: int | None = None
    unsent: bool = False
    webhook: str = ""
    event_id: str = ""


@dataclass
class Chat:
    """A chat. `standing` is "new", "friend" or "blocked" for a user's, "new", "joined" or "left" for a group's."""

    id: str
    kind: str
    name: str
    standing: str = "new"
    members: list[str] = field(default_factory=list)
    messages: list[Message] = field(default_factory=list)
    typing_until: float = 0.0


@dataclass
class ReplyToken:
    """`event_at` and `delivered_at` are seconds since 1970; the minute counts from the newest delivery."""

    chat: str
    event_at: float
    delivered_at: float
    used: bool = False


@dataclass
class Fault:
    """The next `count` API calls whose path starts with `path` go wrong; `seconds` is how long a timeout hangs."""

    kind: str
    count: int
    path: str = "/v2/"
    seconds: float = 30.0


@dataclass
class Settings:
    """What the tools drawer switches while the stand-in runs."""

    webhook_url: str
    redelivery: bool
    duplicate: bool
    quota: int | None


class World:
    """The stand-in's memory. Every public method takes the lock by itself."""

    def __init__(self, config: SimulatorConfig) -> None:
        self.config = config
        self.clock: Callable[[], float] = config.clock
        self.lock = threading.RLock()
        self.changed = threading.Condition(self.lock)
        self.stopping = threading.Event()
        self.epoch = secrets.token_hex(8)
        self.bot_id = user_id("bot:" + config.channel_secret)
        self.faults: list[Fault] = []
        self.calls: deque[Json] = deque(maxlen=1000)
        self.webhooks: deque[Json] = deque(maxlen=1000)
        # The account's, not a chat's: it stays when the chats are cleared. Not kept over a restart.
        self.rich_menus = RichMenus()
        self.clear()

    def clear(self) -> None:
        """Back to two people and a group who have not said anything."""
        with self.lock:
            self.version = 0
            self.epoch = secrets.token_hex(8)
            self.chats: dict[str, Chat] = {}
            self.tokens: dict[str, ReplyToken] = {}
            self.retry_keys: dict[str, Json] = {}
            self.used: dict[str, int] = {}
            self.settings = Settings(
                self.config.webhook_url, self.config.redelivery, duplicate=False, quota=self.config.monthly_quota
            )
            self.faults.clear()
            self.calls.clear()
            self.webhooks.clear()
            people = [self.add_user(name) for name in DEFAULT_PEOPLE]
            self.add_group(DEFAULT_GROUP, [person.id for person in people])

    # People and groups

    def add_user(self, name: str, id: str | None = None) -> Chat:
        """A person who has not added the assistant yet; the same id or name gives the same person."""
        return self._add(Chat(id or user_id(name), "user", name))

    def add_group(self, name: str, members: list[str], id: str | None = None) -> Chat:
        """A group that the assistant is not in yet."""
        return self._add(Chat(id or "C" + user_id("group:" + name)[1:], "group", name, members=list(members)))

    def _add(self, chat: Chat) -> Chat:
        with self.changed:
            known = self.chats.setdefault(chat.id, chat)
            self.touch()
            return known

    def find(self, wanted: str) -> Chat | None:
        """A chat by its id or its exact name."""
        with self.lock:
            return self.chats.get(wanted) or next((c for c in self.chats.values() if c.name == wanted), None)

    def set_standing(self, chat: Chat, standing: str) -> None:
        """Follow, block, join or leave."""
        with self.lock:
            chat.standing = standing
            self.touch()

    # Messages

    def say(self, chat: Chat, author: str, content: Json, **details: Any) -> Message:
        """Append one message and return it; the oldest beyond KEPT_MESSAGES are dropped."""
        with self.lock:
            message = Message(
                details.pop("id", None) or message_id(), self.touch(), author, content, self.now_ms(), **details
            )
            chat.messages.append(message)
            del chat.messages[:-KEPT_MESSAGES]
            return message

    def deliver(self, chat: Chat, contents: list[Json], via: str, ms: int | None = None) -> list[Json]:
        """What the assistant sent, as LINE's `sentMessages`. Someone who blocked it sees nothing."""
        with self.lock:
            sent = []
            for index, content in enumerate(contents):
                identity = message_id()
                sent.append({"id": identity, "quoteToken": secrets.token_urlsafe(24)})
                if chat.standing not in ("blocked", "left"):
                    last = index == len(contents) - 1
                    self.say(chat, "bot", content, id=identity, via=via, ms=ms if last else None)
            chat.typing_until = 0.0
            return sent

    def message(self, chat: Chat, identity: str) -> Message | None:
        """A message of a chat by its id."""
        with self.lock:
            return next((m for m in chat.messages if m.id == identity), None)

    def unsend(self, message: Message) -> None:
        """Take a message back: its content is gone."""
        with self.lock:
            message.unsent, message.content = True, {"type": message.content["type"]}
            message.seq = self.touch()

    def note_webhook(self, event_ids: set[str], outcome: str) -> None:
        """Write under each message how its webhook went."""
        with self.lock:
            for chat in self.chats.values():
                for message in reversed(chat.messages):
                    if message.event_id in event_ids:
                        message.webhook, message.seq = outcome, self.touch()

    def show_typing(self, chat: Chat, seconds: int) -> None:
        """The loading animation, which the assistant's next message ends."""
        with self.lock:
            chat.typing_until = self.clock() + seconds
            self.touch()

    # Reply tokens, retry keys, quota, faults

    def issue_token(self, chat: Chat, event_at: float) -> str:
        """A reply token for one event; its minute starts when the event is delivered."""
        with self.lock:
            token = secrets.token_hex(16)
            # The oldest come first; those past every use are forgotten, so that a long run does not grow.
            while self.tokens and event_at - next(iter(self.tokens.values())).event_at > TOKEN_LIFE_SECONDS:
                del self.tokens[next(iter(self.tokens))]
            self.tokens[token] = ReplyToken(chat.id, event_at, event_at)
            return token

    def token_delivered(self, token: str | None) -> None:
        """The minute starts anew with a delivery of the event."""
        with self.lock:
            if token in self.tokens:
                self.tokens[token].delivered_at = self.clock()

    def take_token(self, token: str) -> ReplyToken | None:
        """Use a token up. None when it is unknown, used or too old; then nothing changes."""
        with self.lock:
            known, now = self.tokens.get(token), self.clock()
            if known is None or known.used:
                return None
            if now - known.delivered_at > self.config.reply_token_seconds or now - known.event_at > TOKEN_LIFE_SECONDS:
                return None
            known.used = True
            return known

    def accepted_before(self, key: str) -> Json | None:
        """What was answered to this retry key within the last 24 hours."""
        with self.lock:
            known = self.retry_keys.get(key)
            return known if known and self.clock() - known["at"] < RETRY_KEY_SECONDS else None

    def month(self) -> str:
        """The month that the quota counts in, "2026-01"."""
        return datetime.fromtimestamp(self.clock(), ZoneInfo("Asia/Bangkok")).strftime("%Y-%m")

    def quota_used(self) -> int:
        """Messages that counted this month."""
        with self.lock:
            return self.used.get(self.month(), 0)

    def spend(self, recipients: int) -> bool:
        """Count recipients against the quota; False, and nothing counted, when they do not fit."""
        with self.lock:
            used = self.quota_used()
            if self.settings.quota is not None and used + recipients > self.settings.quota:
                return False
            self.used[self.month()] = used + recipients
            self.touch()
            return True

    def next_fault(self, path: str) -> Fault | None:
        """The fault for this call, counted down."""
        with self.lock:
            for fault in self.faults:
                if path.startswith(fault.path):
                    fault.count -= 1
                    if fault.count <= 0:
                        self.faults.remove(fault)
                    self.touch()
                    return fault
            return None

    # What went over the wire

    def log(self, kept: deque[Json], **entry: Any) -> None:
        """Add a line to `calls` or `webhooks`."""
        with self.lock:
            kept.append({**entry, "at": self.now_ms()})
            self.touch()

    def log_of(self, kept: deque[Json]) -> list[Json]:
        """`calls` or `webhooks`, oldest first."""
        with self.lock:
            return list(kept)

    # News

    def touch(self) -> int:
        """Mark a change and wake whoever waits; the new version."""
        with self.changed:
            self.version += 1
            self.changed.notify_all()
            return self.version

    def wait_for(self, ready: Callable[[], bool], seconds: float) -> bool:
        """Block until `ready` (called with the lock held) or the time is up or the stand-in stops."""
        deadline = time.monotonic() + seconds
        with self.changed:
            while not ready() and not self.stopping.is_set():
                left = deadline - time.monotonic()
                if left <= 0:
                    break
                self.changed.wait(left)
            return ready()

    def stop(self) -> None:
        """Let every waiting request and webhook thread go."""
        self.stopping.set()
        with self.changed:
            self.changed.notify_all()

    def now_ms(self) -> int:
        """The clock in LINE's milliseconds."""
        return int(self.clock() * 1000)

    # Kept over a restart

    def dump(self) -> Json:
        """What survives a restart, as JSON."""
        with self.lock:
            return {
                "chats": [asdict(chat) for chat in self.chats.values()],
                "tokens": {token: asdict(value) for token, value in self.tokens.items() if not value.used},
                "retry_keys": dict(self.retry_keys),
                "used": dict(self.used),
                "version": self.version,
            }

    def load(self, data: Json) -> None:
        """The opposite of `dump`. Raises KeyError or TypeError on data of another shape, and then changes nothing."""
        chats = [Chat(**{**c, "messages": [Message(**m) for m in c["messages"]]}) for c in data["chats"]]
        tokens = {token: ReplyToken(**value) for token, value in data["tokens"].items()}
        with self.lock:
            self.chats = {chat.id: chat for chat in chats}
            self.tokens, self.retry_keys, self.used = tokens, data["retry_keys"], data["used"]
            self.version = data["version"]


def user_id(name: str) -> str:
    """A user id of LINE's shape that is the same for the same name."""
    return "U" + sha256(name.encode()).hexdigest()[:32]


def message_id() -> str:
    """A message id of LINE's shape: 18 digits."""
    return str(secrets.randbelow(9 * 10**17) + 10**17)
