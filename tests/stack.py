"""The whole program, running: web and worker processes, Redis, SQLite, and the LINE stand-in that they talk to."""

from __future__ import annotations

import http.client
import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import pytest
from redis import Redis
from redis.exceptions import RedisError
from sqlalchemy import Engine

from bot.embedded import redis_command, redis_server
from bot.inbox import PENDING
from bot.settings import Settings
from bot.simulator.config import MARKER, SimulatorConfig
from bot.simulator.delivery import signature
from bot.simulator.server import Running, running
from bot.simulator.world import World, user_id
from bot.storage.database import make_engine, migrate
from tests.bot.eventually import eventually
from tests.ports import HOST, free_port

Json = dict[str, Any]

SECRET = "channel-secret-of-the-tests"
TOKEN = "channel-token-of-the-tests"
READY_SECONDS = 240  # a busy machine loads the knowledge for a while
ANSWER_SECONDS = 20.0
# What somebody wrote is looked for in the logs; shorter words stand there for other reasons.
TELLING_LENGTH = 8


class Stack:
    """One running program with its stand-in. `environment` makes any other command join in; `more` are settings."""

    def __init__(self, directory: Path, fitted: Path, simulator: Running, port: int, **more: str) -> None:
        self.directory = directory
        self.address = f"http://{HOST}:{port}"
        self.page = simulator.url
        self.world: World = simulator.world
        self.said: set[str] = set()
        self._data = directory / "redis"
        self._data.mkdir()
        self._socket = directory / "r.sock"
        self._redis_process: subprocess.Popen[bytes] | None = None
        self.redis = Redis(unix_socket_path=str(self._socket))
        var = directory / "var"
        var.mkdir()
        (var / "fitted").symlink_to(fitted)
        database = f"sqlite:///{directory / 'lertrat.db'}"
        self.environment = {
            "LINE_CHANNEL_SECRET": SECRET,
            "LINE_CHANNEL_ACCESS_TOKEN": TOKEN,
            "LINE_API_HOST": simulator.url,
            "REDIS_URL": f"unix://{self._socket}",
            "DATABASE_URL": database,
            "VAR_DIR": str(var),
            "SECRET_KEY": "secret-key-of-the-tests",
            "PORT": str(port),
            "LOG_LEVEL": "debug",
            "LOG_FORMAT": "json",
            **more,
        }
        migrate(database)
        self.engine: Engine = make_engine(database)

    # The processes

    def start_redis(self) -> None:
        """Redis as `lertrat run` starts it, with what it kept."""
        command = redis_command(redis_server(), self._data, self._socket)
        self._redis_process = subprocess.Popen(command, stdout=subprocess.DEVNULL)
        eventually(self._redis_answers)

    def stop_redis(self) -> None:
        """As a restart of a real one: what was accepted is kept."""
        assert self._redis_process is not None
        self._redis_process.terminate()
        self._redis_process.wait(20)

    @contextmanager
    def command(self, *arguments: str) -> Iterator[subprocess.Popen[bytes]]:
        """`lertrat …` as a process of its own; its log is what `log_lines` reads."""
        inherited = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
        with (self.directory / f"{arguments[0]}.log").open("ab") as log:
            process = subprocess.Popen(
                [sys.executable, "-m", "bot.cli", *arguments], env=inherited | self.environment, stderr=log, stdout=log
            )
        try:
            yield process
        finally:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait(5)

    def is_ready(self) -> bool:
        """Whether it says so itself."""
        try:
            return get(f"{self.address}/readyz")[0] == 200
        except OSError:
            return False

    def _redis_answers(self) -> bool:
        try:
            return bool(self.redis.ping())
        except RedisError:
            return False

    # People

    def act(self, user: str, type: str, **more: Any) -> Json:
        """What one person does at the stand-in; what its control route answers."""
        return self.act_together([{"user": user, "type": type, **more}])

    def act_together(self, actions: list[Json], copies: int = 1) -> Json:
        """Several actions in one webhook, delivered `copies` times."""
        self.said.update(str(action["text"]) for action in actions if action.get("text"))
        done = post_json(f"{self.page}/simulator/actions", {"actions": actions, "copies": copies})
        ids = {event["webhookEventId"] for event in done["events"]}
        done["delivered"] = lambda: len([w for w in self.webhooks() if ids & {*w["events"]}]) >= copies
        return done

    def answers(self, chat: str, after: int, seconds: float = ANSWER_SECONDS) -> list[Json]:
        """The assistant's messages in a chat after version `after`; waits until there is one."""
        status, body = get(f"{self.page}/simulator/messages?chat={quote(chat)}&after={after}&wait={seconds}")
        assert status == 200, body
        return [m for m in json.loads(body)["messages"] if m["author"] == "bot"]

    def settle(self) -> None:
        """Wait until no chat has anything left to do."""
        eventually(lambda: self.redis.zcard(PENDING) == 0, seconds=60)

    def ask(self, chat: str, text: str) -> list[Json]:
        """What a person is answered to one text, once all is done."""
        done = self.act(chat, "text", text=text)
        self.answers(chat, done["version"])
        self.settle()
        return self.answers(chat, done["version"], 0)

    # Raw webhooks

    def post(self, body: bytes, signed: str | None = None) -> int:
        """One webhook body as it is; the HTTP status. `signed` "" leaves the signature out."""
        connection = http.client.HTTPConnection(urlsplit(self.address).netloc, timeout=20)
        headers = {"x-line-signature": signature(SECRET, body) if signed is None else signed}
        try:
            connection.request("POST", "/webhook", body, {k: v for k, v in headers.items() if v})
            response = connection.getresponse()
            response.read()
            return response.status
        finally:
            connection.close()

    def post_events(self, *events: Json) -> int:
        """Events as LINE would put them into one webhook."""
        return self.post(json.dumps({"destination": self.world.bot_id, "events": list(events)}).encode())

    def token(self, chat: str) -> str:
        """A reply token that the stand-in takes once."""
        known = self.world.find(chat) or self.world.add_user(chat[:7], chat)
        return self.world.issue_token(known, self.world.clock())

    # What was seen

    def calls(self) -> list[Json]:
        """The calls that the stand-in received since the test began."""
        return self.world.log_of(self.world.calls)

    def refused_calls(self) -> list[Json]:
        """Those that it did not take."""
        return [call for call in self.calls() if call["status"] >= 400]

    def replies_by(self, *tokens: str) -> list[int]:
        """How many replies were taken for each token."""
        taken = [call["body"]["replyToken"] for call in self.calls() if call["status"] == 200 and "body" in call]
        return [taken.count(token) for token in tokens]

    def webhooks(self) -> list[Json]:
        """The webhooks that were delivered since the test began."""
        return [w for w in self.world.log_of(self.world.webhooks) if w["outcome"] == "200"]

    def log_sizes(self) -> dict[Path, int]:
        """Where each log ends now."""
        return {path: path.stat().st_size for path in self.directory.glob("*.log")}

    def log_since(self, sizes: dict[Path, int]) -> str:
        """What the processes logged since."""
        return "".join(
            path.read_bytes()[sizes.get(path, 0) :].decode() for path in sorted(self.directory.glob("*.log"))
        )


def start(directory: Path, fitted: Path, **more: str) -> Iterator[Stack]:
    """The stack, ready to answer; `fitted` is where its worker finds the ranker, `more` are settings of its processes."""
    port = free_port()
    config = SimulatorConfig(f"http://{HOST}:{port}/webhook", SECRET, TOKEN, redelivery_delays=(1.0, 2.0, 4.0, 8.0))
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(MARKER, "1")
        simulator = running(config)
        found = simulator.__enter__()
    try:
        stack = Stack(directory, fitted, found, port, **more)
        stack.start_redis()
        with stack.command("worker") as worker, stack.command("web", "--host", HOST) as web:
            eventually(lambda: stack.is_ready() or worker.poll() is not None or web.poll() is not None, READY_SECONDS)
            assert stack.is_ready(), stack.log_since({})
            yield stack
        stack.stop_redis()
        stack.redis.close()
        stack.engine.dispose()
    finally:
        simulator.__exit__(None, None, None)


@pytest.fixture(scope="session")
def whole_stack(fitted_folder: Path) -> Iterator[Stack]:
    """One program for all tests that need a whole one."""
    # A short path: that of a Unix socket may have 107 bytes at most.
    with tempfile.TemporaryDirectory(prefix="lertrat-test-") as directory:
        yield from start(Path(directory), fitted_folder)


@pytest.fixture
def stack(whole_stack: Stack) -> Iterator[Stack]:
    """The running program, at rest. Whatever a test does with it, no log names a person or quotes one."""
    stack = whole_stack
    stack.settle()
    stack.said.clear()
    with stack.world.lock:
        stack.world.calls.clear()
        stack.world.webhooks.clear()
    before = stack.log_sizes()
    yield stack
    telling = {said.strip()[:40] for said in stack.said if len(said.strip()) >= TELLING_LENGTH} | set(stack.world.chats)
    leaks = [line for line in stack.log_since(before).splitlines() if any(told in line for told in telling)]
    assert not leaks, leaks[0]


def person(name: str) -> str:
    """The user id of somebody whom no other test knows."""
    return user_id(name)


def words(message: Json) -> str:
    """Everything to read in a message that the stand-in shows."""
    return "\n".join(_texts(message["content"]))


def buttons(message: Json) -> dict[str, Json]:
    """Every action that can be tapped at a message, by its label."""
    return {action["label"]: action for action in _actions(message["content"])}


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if value.get("type") in ("text", "span") and isinstance(value.get("text"), str):
            yield value["text"]
        for name, inner in value.items():
            if name not in ("action", "quickReply"):
                yield from _texts(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _texts(inner)


def _actions(value: Any) -> Iterator[Json]:
    if isinstance(value, dict):
        if isinstance(value.get("action"), dict) and "label" in value["action"]:
            yield value["action"]
        for inner in value.values():
            yield from _actions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _actions(inner)


def get(url: str) -> tuple[int, bytes]:
    """Status and body."""
    return _request("GET", url, None)


def post_json(url: str, body: Json) -> Json:
    """The JSON answer to a JSON body; anything but 200 fails."""
    status, answer = _request("POST", url, json.dumps(body).encode())
    assert status == 200, answer.decode()
    found: Json = json.loads(answer)
    return found


def _request(method: str, url: str, body: bytes | None) -> tuple[int, bytes]:
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.netloc, timeout=40)
    try:
        target = parts.path + (f"?{parts.query}" if parts.query else "")
        connection.request(method, target, body, {"Content-Type": "application/json"} if body else {})
        response = connection.getresponse()
        return response.status, response.read()
    finally:
        connection.close()
