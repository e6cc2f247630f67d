"""A bot as small as can be: it checks the signature, notes what came, and answers through the API."""

from __future__ import annotations

import base64
import hashlib
import hmac
import http.client
import json
import threading
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

SECRET = "channel-secret"
TOKEN = "channel-token"

Json = dict[str, Any]


@dataclass(frozen=True)
class Answer:
    status: int
    body: Json
    headers: dict[str, str]


def call(
    url: str, method: str, path: str, body: object = None, *, token: str | None = TOKEN, retry_key: str | None = None
) -> Answer:
    """One HTTP call; `body` is sent as JSON (a string as it is)."""
    headers = {"Content-Type": "application/json"}
    if token:
        headers["Authorization"] = f"Bearer {token}"
    if retry_key:
        headers["X-Line-Retry-Key"] = retry_key
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=5)
    try:
        sent = body if isinstance(body, str) else json.dumps(body)
        connection.request(method, path, sent.encode(), headers)
        response = connection.getresponse()
        told = response.read()
        found = {name.lower(): value for name, value in response.getheaders()}
        is_json = "json" in found.get("content-type", "")
        return Answer(response.status, json.loads(told) if is_json else {"text": told.decode()}, found)
    finally:
        connection.close()


def text(words: str, *chips: str) -> Json:
    message: Json = {"type": "text", "text": words}
    if chips:
        actions = [{"type": "message", "label": chip, "text": chip} for chip in chips]
        message["quickReply"] = {"items": [{"type": "action", "action": action} for action in actions]}
    return message


@dataclass
class EchoBot:
    """`statuses` answer the next webhooks, then 200; `answers` maps a text to messages, "" stands for every other."""

    api: str = ""
    statuses: list[int] = field(default_factory=list)
    hanging: threading.Event = field(default_factory=threading.Event)
    hang: bool = False
    answers: dict[str, list[Json]] = field(default_factory=dict)
    webhooks: list[Json] = field(default_factory=list)
    bad_signatures: int = 0
    arrived: threading.Condition = field(default_factory=threading.Condition)

    @property
    def events(self) -> list[Json]:
        return [event for webhook in self.webhooks for event in webhook["events"]]

    def wait_for(self, count: int, seconds: float = 5) -> list[Json]:
        """The events so far, once there are `count` of them."""
        with self.arrived:
            assert self.arrived.wait_for(lambda: len(self.events) >= count, seconds), self.events
            return self.events

    def take(self, raw: bytes, signature: str) -> int:
        expected = base64.b64encode(hmac.new(SECRET.encode(), raw, hashlib.sha256).digest()).decode()
        with self.arrived:
            if not hmac.compare_digest(expected, signature):
                self.bad_signatures += 1
                return 400
            self.webhooks.append(json.loads(raw))
            self.arrived.notify_all()
        if self.hang:
            self.hanging.wait(5)
        if self.statuses:
            return self.statuses.pop(0)
        for event in json.loads(raw)["events"]:
            self.answer(event)
        return 200

    def answer(self, event: Json) -> None:
        said = event.get("message", {}).get("text", event.get("postback", {}).get("data", ""))
        messages = self.answers.get(said, self.answers.get("", []))
        if "replyToken" in event and messages and not event["deliveryContext"]["isRedelivery"]:
            call(self.api, "POST", "/v2/bot/message/reply", {"replyToken": event["replyToken"], "messages": messages})

    def serve(self) -> ThreadingHTTPServer:
        """A server on a free loopback port, not yet running."""
        bot = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(bot.take(raw, self.headers["x-line-signature"]))
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                """Quiet."""

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        server.daemon_threads = True
        return server
