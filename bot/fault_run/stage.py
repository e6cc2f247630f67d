"""Everything that a fault run or a benchmark runs on: a directory, a database, Redis, the small LINE, and the program's own
worker and clock processes. On loopback and Unix sockets only."""

from __future__ import annotations

import http.client
import json
import os
import secrets
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from redis import Redis, RedisError
from redis.backoff import NoBackoff
from redis.retry import Retry
from sqlalchemy import Engine, select

from bot import embedded
from bot.fault_run.parts import Part, program
from bot.health import workers_alive
from bot.settings import Settings, SettingsError, load_settings
from bot.storage.database import make_engine, migrate
from bot.storage.tables import broadcasts, subscriptions

READY_SECONDS = 300.0  # a machine without the kept fit fits for a while
Json = dict[str, Any]


class StageError(Exception):
    """It could not be set up, or did not come to rest. The text is one line."""


class Stage:
    """A context: what it started has ended with it, whatever happens. `database` "" is SQLite in its own directory.
    `logs` is where the logs are kept, None: nowhere. `more` are settings of the processes."""

    def __init__(
        self,
        database: str = "",
        *,
        seed: int = 0,
        light: bool = False,
        workers: int = 2,
        clocks: int = 2,
        logs: Path | None = None,
        **more: str,
    ) -> None:
        self._workers = workers
        self._clocks = clocks
        self._logs = logs
        self._database = database
        self._light = light
        self._seed = seed
        self._more = more
        self.parts: dict[str, Part] = {}

    def __enter__(self) -> Stage:
        # A short path: that of a Unix socket may have 107 bytes at most.
        self.directory = embedded.make_socket_directory()
        try:
            self._set_up()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        # What they keep goes with the directory, so that there is no end in order to wait for.
        for part in self.parts.values():
            part.kill()
        if hasattr(self, "redis"):
            self.redis.close()
        if hasattr(self, "engine"):
            self.engine.dispose()
        shutil.rmtree(self.directory, ignore_errors=True)

    def _set_up(self) -> None:
        logs = self._logs or self.directory / "logs"
        var = self.directory / "var"
        (self.directory / "redis").mkdir()
        logs.mkdir(parents=True, exist_ok=True)
        var.mkdir()
        kept = load_settings().var_dir.absolute() / "fitted"
        kept.mkdir(mode=0o700, parents=True, exist_ok=True)
        (var / "fitted").symlink_to(kept)
        self.database = load_settings(database_url=self._database or f"sqlite:///{var / 'lertrat.db'}").database
        migrate(self.database)
        self.engine: Engine = make_engine(self.database)
        with self.engine.connect() as connection:
            if any(connection.execute(select(t.c.id).limit(1)).first() for t in (broadcasts, subscriptions)):
                raise SettingsError("--database: holds data already; name an empty database")
        line = [sys.executable, "-m", "bot.fault_run.line", "--seed", str(self._seed), *(["--light"] * self._light)]
        plain = {name: value for name, value in os.environ.items() if name.lower() not in Settings.model_fields}
        plain["PYTHONPATH"] = os.pathsep.join(filter(None, [str(Path(__file__).parents[2]), plain.get("PYTHONPATH")]))
        self._plain = plain
        self._add("line", line, plain, logs).start()
        self.port = int(self.parts["line"].first_line() or 0)
        socket = self.directory / "r.sock"
        command = embedded.redis_command(embedded.redis_server(), self.directory / "redis", socket)
        self._add("redis", command, plain, logs).start()
        self.redis = Redis(unix_socket_path=str(socket), socket_timeout=1, retry=Retry(NoBackoff(), 1))
        self.wait(self.redis_answers, 30, "Redis does not answer")
        self.clock_file = self.directory / "clock"
        environment = plain | {
            "LINE_CHANNEL_SECRET": secrets.token_hex(16),
            "LINE_CHANNEL_ACCESS_TOKEN": secrets.token_hex(24),
            "LINE_API_HOST": f"http://127.0.0.1:{self.port}",
            "REDIS_URL": f"unix://{socket}",
            "DATABASE_URL": self.database,
            "VAR_DIR": str(var),
            "SECRET_KEY": secrets.token_hex(16),
            "LOG_FORMAT": "json",
            "LERTRAT_CLOCK": f"@{self.clock_file}",
            **self._more,
        }
        for number in range(1, self._workers + 1):
            self._add(f"worker {number}", program("worker"), environment, logs)
        for number in range(1, self._clocks + 1):
            self._add(f"clock {number}", program("clock"), environment, logs)

    def _add(self, name: str, command: list[str], environment: dict[str, str], logs: Path) -> Part:
        self.parts[name] = Part(name, command, environment, logs)
        return self.parts[name]

    def fit(self, documents: Mapping[str, str]) -> None:
        """See to it that the fit of the content is kept: seconds where it is, else a minute. StageError."""
        done = subprocess.run(  # noqa: S603 - the program's own command
            [sys.executable, "-m", "bot.fault_run.fitted", str(self.directory / "var" / "fitted")],
            input=json.dumps(dict(documents)),
            text=True,
            env=self._plain,
            stdout=subprocess.DEVNULL,
            check=False,
        )
        if done.returncode:
            raise StageError("the content could not be fitted; see above")

    def bare(self, name: str, calls: int, recipients: int, threads: int, messages: str) -> Part:
        """A started process that will make so many bare multicasts (bot/fault_run/bare.py)."""
        host = f"http://127.0.0.1:{self.port}"
        command = [sys.executable, "-m", "bot.fault_run.bare", host, *map(str, (calls, recipients, threads)), messages]
        part = self._add(name, command, self._plain, self._logs or self.directory / "logs")
        part.start()
        return part

    def set_clock(self, start: datetime, speed: float) -> None:
        """From now on it is `start` for all processes, and time runs `speed` times as fast."""
        handle, draft = tempfile.mkstemp(dir=self.directory)
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(f"{start.isoformat()} {speed:g} {time.time():.6f}")
        os.replace(draft, self.clock_file)

    def wait(self, condition: Callable[[], object], seconds: float, problem: str) -> None:
        """Until it is true. StageError after so many seconds."""
        until = time.monotonic() + seconds
        while not condition():
            if time.monotonic() > until:
                raise StageError(f"{problem} (after {seconds:.0f} s)")
            time.sleep(0.05)

    def wait_for_workers(self, count: int) -> None:
        """Until so many workers have loaded the knowledge."""
        self.wait(
            lambda: self.redis_answers() and workers_alive(self.redis) >= count, READY_SECONDS, "no worker is ready"
        )

    def redis_answers(self) -> bool:
        """Whether it does."""
        try:
            return bool(self.redis.ping())
        except (RedisError, OSError):
            return False

    def tell_line(self, **plan: Any) -> None:
        """Change what the small LINE does from now on."""
        self._line("PUT", "/_plan", plan)

    def account(self) -> Json:
        """What the small LINE saw and delivered."""
        return self._line("GET", "/_account")

    def _line(self, method: str, path: str, body: Json | None = None) -> Json:
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=30)
        try:
            connection.request(method, path, None if body is None else json.dumps(body))
            answer: Json = json.loads(connection.getresponse().read())
        finally:
            connection.close()
        return answer
