"""A small LINE over real HTTP: one-use reply tokens, retry keys, and the failures that a test orders."""

from __future__ import annotations

import json
import threading
import time
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

REPLY = "/v2/bot/message/reply"
PUSH = "/v2/bot/message/push"
INVALID_TOKEN = (400, {"message": "Invalid reply token"})


@dataclass
class Call:
    path: str
    body: Any
    headers: dict[str, str]
    status: int
    at: float


@dataclass
class LineServer:
    """`failures` are taken first, one a call: (status, body), "hang" (accepts, never answers), "cut" (accepts, then
    closes the connection) or "drop" (closes it and accepts nothing)."""

    calls: list[Call] = field(default_factory=list)
    failures: list[Any] = field(default_factory=list)
    answers: dict[str, Any] = field(default_factory=dict)
    spent: set[str] = field(default_factory=set)
    connections: int = 0

    def __post_init__(self) -> None:
        self._mutex = threading.Lock()
        self._over = threading.Event()
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True)
        self._thread.start()

    @property
    def host(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def accepted(self, path: str = REPLY) -> list[Any]:
        """The bodies of the calls that went through."""
        with self._mutex:
            return [call.body for call in self.calls if call.path == path and call.status == 200]

    def stop(self) -> None:
        self._over.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def respond(self, path: str, body: Any, headers: dict[str, str]) -> tuple[Any, Any]:
        with self._mutex:
            failure = self.failures.pop(0) if self.failures else None
            status, answer = self._judge(path, body, headers) if failure in (None, "hang", "cut") else (0, None)
            if isinstance(failure, tuple):
                status, answer = failure
            self.calls.append(Call(path, body, headers, status, time.monotonic()))
        return failure, (status, answer)

    def _judge(self, path: str, body: Any, headers: dict[str, str]) -> tuple[int, Any]:
        key = body.get("replyToken") if path == REPLY else headers.get("x-line-retry-key")
        if key in self.spent or (path == REPLY and str(key).startswith("expired")):
            return INVALID_TOKEN if path == REPLY else (409, {"message": "The retry key is already accepted"})
        if key:
            self.spent.add(key)
        return 200, self.answers.get(path, {"sentMessages": [{"id": "1", "quoteToken": "q"}]})

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        line = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            wbufsize = 65536  # head and body in one packet: two would wait 40 ms for each other

            def setup(self) -> None:
                line.connections += 1
                super().setup()

            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("content-length", 0)))
                self._answer(json.loads(raw or b"{}"))

            def do_GET(self) -> None:
                self._answer({})

            def _answer(self, body: Any) -> None:
                headers = {name.lower(): value for name, value in self.headers.items()}
                failure, (status, answer) = line.respond(self.path, body, headers)
                if failure == "hang":
                    line._over.wait(30)
                if failure in ("hang", "cut", "drop"):
                    self.close_connection = True
                    return
                data = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
                self.send_response(status)
                self.send_header("Content-Type", "application/json")
                self.send_header("Content-Length", str(len(data)))
                self.send_header("x-line-request-id", "request-1")
                self.end_headers()
                self.wfile.write(data)

            def log_message(self, format: str, *args: Any) -> None:
                pass

        return Handler
