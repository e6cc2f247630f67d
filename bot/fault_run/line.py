"""A second, small LINE for fault runs and benchmarks, in a process of its own; it shares no code with the program or its
simulator. It keeps retry keys as LINE does, counts what each chat got, and fails by chance as it is told.

Usage: python -m bot.fault_run.line [--seed N] [--light]. Its port is the first line on stdout; it ends with its stdin.
`--light` counts recipients without looking at them, for benchmarks.

Besides LINE's calls: `PUT /_plan` takes {"rates": {fault: share of the calls}, "monthly": bool, "per_second": multicasts or
0, "quota": messages or null}, whatever is to change; `GET /_account` tells everything that was seen.
"""

from __future__ import annotations

import argparse
import asyncio
import hashlib
import json
import os
import random
import socket
import struct
import sys
import time
import uuid
from collections import Counter, deque
from dataclasses import dataclass, field
from typing import Any

MULTICAST, PUSH = "/v2/bot/message/multicast", "/v2/bot/message/push"
# What may befall a call. Those that end in "after" accept it first.
FAULTS = ("500", "503", "429", "reset before", "500 after", "reset after", "timeout after")
HANG_SECONDS = 30.0  # longer than anybody waits
MOST_RECIPIENTS, MOST_MESSAGES = 500, 5

Answer = tuple[int, Any]


@dataclass
class Account:
    """What LINE knows. `delivered`: by the digest of the messages, how often each chat got them."""

    seed: int = 0
    light: bool = False
    rates: dict[str, float] = field(default_factory=dict)
    monthly: bool = False
    per_second: int = 0
    quota: int | None = None
    used: int = 0
    recipients: int = 0
    calls: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)
    keys: dict[str, str] = field(default_factory=dict)
    titles: dict[str, str] = field(default_factory=dict)
    delivered: dict[str, Counter[str]] = field(default_factory=dict)
    complaints: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)  # noqa: S311 - drawn the same each time on purpose
        self._lately: deque[float] = deque()
        self._bodies: dict[str, str] = {}

    def drawn(self) -> str:
        """What befalls the next call, "" for nothing."""
        point = self._random.random()
        for fault in FAULTS:
            point -= self.rates.get(fault, 0.0)
            if point < 0:
                return fault
        return ""

    def send(self, path: str, raw: bytes, key: str, fault: str) -> Answer:
        """A push or multicast, with the fault that befalls it before or after LINE accepts it."""
        self.calls[path] += 1
        if fault and not fault.endswith("after"):
            self.faults[fault] += 1
            return _refusal(fault)
        digest = hashlib.blake2b(raw, digest_size=8).hexdigest()
        if self._bodies.setdefault(key, digest) != digest:
            self.complaints.append(f"another body under a retry key that was used before: {key}")
        if key in self.keys:
            self.faults["409"] += 1
            return 409, {"message": "The retry key is already accepted"}
        if self._too_fast(path):
            self.faults["429 too fast"] += 1
            return _refusal("429")
        to, messages, problem = (raw, [], "") if self.light else _read(path, raw, key)
        if problem:
            self.complaints.append(problem)
            return 400, {"message": problem}
        count = raw.count(b'"U', 0, raw.rfind(b'"messages"')) if self.light else len(to)
        if self.monthly or (self.quota is not None and self.used + count > self.quota):
            self.faults["429 monthly"] += 1
            return 429, {"message": "You have reached your monthly limit."}
        self.keys[key] = digest
        self.used += count
        self.recipients += count
        if not self.light:
            self._deliver([str(chat) for chat in to], messages)
        if fault:
            self.faults[fault] += 1
            return _refusal(fault)
        return 200, {}

    def ask(self, path: str) -> Answer:
        """What is asked for by GET."""
        if path == "/v2/bot/message/quota":
            return 200, {"type": "none"} if self.quota is None else {"type": "limited", "value": self.quota}
        if path == "/v2/bot/message/quota/consumption":
            return 200, {"totalUsage": self.quota if self.monthly and self.quota is not None else self.used}
        if path == "/_account":
            return 200, {
                "used": self.used,
                "recipients": self.recipients,
                "calls": self.calls,
                "faults": self.faults,
                "titles": self.titles,
                "delivered": self.delivered,
                "complaints": self.complaints,
            }
        return 404, {"message": "Not found"}

    def plan(self, wanted: dict[str, Any]) -> None:
        """Change what is to befall the next calls."""
        for name in ("rates", "monthly", "per_second", "quota"):
            if name in wanted:
                setattr(self, name, wanted[name])

    def _too_fast(self, path: str) -> bool:
        if path != MULTICAST or not self.per_second:
            return False
        now = time.monotonic()
        while self._lately and now - self._lately[0] >= 1:
            self._lately.popleft()
        if len(self._lately) >= self.per_second:
            return True
        self._lately.append(now)
        return False

    def _deliver(self, chats: list[str], messages: list[Any]) -> None:
        digest = hashlib.blake2b(json.dumps(messages, sort_keys=True).encode(), digest_size=8).hexdigest()
        first = messages[0]
        self.titles.setdefault(digest, str(first.get("altText") or first.get("text") or ""))
        self.delivered.setdefault(digest, Counter()).update(chats)


def _read(path: str, raw: bytes, key: str) -> tuple[list[Any], list[Any], str]:
    """Recipients and messages of a call, and what is wrong with it."""
    try:
        uuid.UUID(key)
        body = json.loads(raw)
        to, messages = body["to"], body["messages"]
    except (ValueError, KeyError, TypeError) as error:
        return [], [], f"a call that cannot be read: {type(error).__name__}"
    chats = [to] if path == PUSH else to
    users_only = path == PUSH or all(str(chat).startswith("U") for chat in chats)
    if not 1 <= len(chats) <= MOST_RECIPIENTS or not users_only or len(set(chats)) != len(chats):
        return [], [], "wrong recipients"
    if not 1 <= len(messages) <= MOST_MESSAGES:
        return [], [], "wrong number of messages"
    return chats, messages, ""


def _refusal(fault: str) -> Answer:
    """The status that a fault ends in: 0 cuts the connection, -1 never answers."""
    if fault.startswith("reset"):
        return 0, None
    if fault.startswith("timeout"):
        return -1, None
    status = int(fault[:3])
    texts = {429: "The API rate limit has been exceeded. Try again later."}
    return status, {"message": texts.get(status, "Internal error")}


class Connection(asyncio.Protocol):
    """One HTTP/1.1 connection that stays open."""

    def __init__(self, account: Account) -> None:
        self._account = account
        self._received = bytearray()
        self._transport: Any = None

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody connected."""
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        """Answer every request that is whole."""
        self._received += data
        while (end := self._received.find(b"\r\n\r\n")) >= 0:
            head = bytes(self._received[:end]).decode("latin-1").split("\r\n")
            headers = {
                name.strip().lower(): value.strip() for name, _, value in (one.partition(":") for one in head[1:])
            }
            length = int(headers.get("content-length", 0))
            if len(self._received) < end + 4 + length:
                return
            raw = bytes(self._received[end + 4 : end + 4 + length])
            del self._received[: end + 4 + length]
            method, path, _ = head[0].split(" ", 2)
            self._answer(*self._judge(method, path, raw, headers.get("x-line-retry-key", "")))

    def _judge(self, method: str, path: str, raw: bytes, key: str) -> Answer:
        account = self._account
        if method == "PUT" and path == "/_plan":
            account.plan(json.loads(raw))
            return 200, {}
        if method == "POST" and path in (MULTICAST, PUSH):
            return account.send(path, raw, key, account.drawn())
        if method == "GET":
            # The quota fails as well, now and then.
            fault = account.drawn() if path.startswith("/v2/") else ""
            if fault in ("500", "503"):
                account.faults[f"quota {fault}"] += 1
                return _refusal(fault)
            return account.ask(path)
        return 404, {"message": "Not found"}

    def _answer(self, status: int, body: Any) -> None:
        if status > 0:
            data = json.dumps(body).encode()
            head = f"HTTP/1.1 {status} -\r\nContent-Type: application/json\r\nContent-Length: {len(data)}\r\n\r\n"
            self._transport.write(head.encode() + data)
        elif status == 0:
            opened = self._transport.get_extra_info("socket")
            opened.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._transport.abort()
        else:
            asyncio.get_running_loop().call_later(HANG_SECONDS, self._transport.abort)


async def serve(account: Account) -> None:
    """Answer on a free port of this machine, told on stdout, until stdin ends."""
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: Connection(account), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    over = asyncio.Event()

    def heard() -> None:
        if not os.read(sys.stdin.fileno(), 64):
            over.set()

    loop.add_reader(sys.stdin.fileno(), heard)
    await over.wait()


def main() -> None:
    """Entry point."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--light", action="store_true")
    given = parser.parse_args()
    asyncio.run(serve(Account(given.seed, given.light)))


if __name__ == "__main__":
    main()
