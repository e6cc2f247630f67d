"""`lertrat run`: every part on one machine, under one process that starts, watches and ends them."""

from __future__ import annotations

import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from http.client import HTTPException
from pathlib import Path
from urllib.error import HTTPError, URLError
from urllib.request import ProxyHandler, build_opener

import redis

from bot import embedded
from bot.health import WORKER_KEYS
from bot.now import anchored
from bot.processes import DEATHS_WINDOW_SECONDS, Child, KeepsFailing, stop_all
from bot.rundir import RunDirectory
from bot.settings import Settings, SettingsError, secret_key
from bot.storage.database import migrate

LOOPBACK = "127.0.0.1"
READY_SECONDS = 300.0  # a slow machine loads the knowledge for a while
PATIENCE_SECONDS = 15.0
POLL_SECONDS = 0.1

# Talks to this machine only, so a proxy of the environment must not get in between.
_local = build_opener(ProxyHandler({}))


class NotReady(Exception):
    """The parts did not become ready in time. The text is one line that says what is missing."""


def run(settings: Settings, *, simulator: bool) -> None:
    """Start everything, print the address, and come back when SIGINT, SIGTERM or SIGHUP has ended everything.

    `simulator` False insists on LINE. SettingsError, KeepsFailing and NotReady end the start with nothing left over.
    """
    if not simulator:
        settings.require_line()
    stand_in = not settings.has_line
    stop = threading.Event()
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: stop.set())
    directory = RunDirectory(settings.var_dir.absolute())
    lock_file = directory.acquire()
    supervisor = _Supervisor(settings, directory, lock_file, stand_in=stand_in, stop=stop)
    try:
        supervisor.start()
        supervisor.watch()
    finally:
        supervisor.stop()
        directory.release()


class _Supervisor:
    def __init__(
        self, settings: Settings, directory: RunDirectory, lock_file: int, *, stand_in: bool, stop: threading.Event
    ) -> None:
        self._settings = settings
        self._directory = directory
        self._lock_file = lock_file
        self._stand_in = stand_in
        self._stop = stop
        self._redis: list[Child] = []
        self._parts: list[Child] = []
        self._menu: subprocess.Popen[str] | None = None
        self._socket_directory: Path | None = None

    def start(self) -> None:
        """Migrate, start the parts, wait until they are ready and say where they are reached."""
        settings = self._settings
        host = LOOPBACK if self._stand_in else "0.0.0.0"  # noqa: S104 - LINE has to reach it
        _require_free_port(host, settings.port)
        _say("กำลังเริ่มระบบ … / Starting: " + ("LINE stand-in" if self._stand_in else settings.line_api_host))
        migrate(settings.database)
        environment = self._environment()
        if not settings.redis_url:
            environment["REDIS_URL"] = self._start_redis(environment)
        simulator_address = ""
        if self._stand_in:
            simulator_address = f"http://{LOOPBACK}:{_free_port(settings.port + 1)}"
            environment |= {
                "LINE_CHANNEL_SECRET": secrets.token_hex(16),
                "LINE_CHANNEL_ACCESS_TOKEN": secrets.token_urlsafe(48),
                "LINE_API_HOST": simulator_address,
                "LINE_DATA_API_HOST": simulator_address,
            }
        self._publish(environment)
        program = [sys.executable, "-m", "bot.cli"]
        self._add("web", [*program, "web", "--host", host], environment)
        self._add("worker", [*program, "worker"], environment)
        self._add("clock", [*program, "clock"], environment)
        if self._stand_in:
            self._add("simulator", self._simulator_command(simulator_address), environment | {"LERTRAT_SIMULATOR": "1"})
        if self._stand_in:
            self._wait(lambda: _status(f"{simulator_address}/") == 200, "the LINE stand-in does not answer")
            self._put_up_menu([*program, "rich-menu", "upload"], environment)
        ready = f"http://{LOOPBACK}:{settings.port}/readyz"
        self._wait(lambda: _status(ready) == 200, f"see {ready}")
        self._wait(self._menu_is_up, "the menu of the LINE stand-in is not up")
        if self._stop.is_set():
            return
        if self._stand_in:
            _say("พร้อมใช้งาน เปิดหน้าแชตทดลองได้ที่ / Ready. No LINE secret is set, so this is the stand-in's chat page:")
            print(f"{simulator_address}/", flush=True)
        else:
            _say(f"พร้อมใช้งานกับ LINE ที่ {settings.line_api_host} / Ready for LINE. Webhook URL:")
            print(f"{settings.public_url or f'http://{LOOPBACK}:{settings.port}'}/webhook", flush=True)

    def watch(self) -> None:
        """Restart what dies until someone says stop."""
        while not self._stop.wait(POLL_SECONDS):
            self._restart_dead()

    def stop(self) -> None:
        """End every part, Redis last, so that what they still write is kept."""
        if self._menu is not None:
            self._menu.kill()
            self._menu.communicate()
        stop_all(self._parts)
        stop_all(self._redis)
        if self._socket_directory is not None:
            shutil.rmtree(self._socket_directory, ignore_errors=True)

    def _environment(self) -> dict[str, str]:
        settings = self._settings
        metrics = settings.var_dir.absolute() / "metrics"
        shutil.rmtree(metrics, ignore_errors=True)
        metrics.mkdir(parents=True)
        text = settings.log_format == "text" or (settings.log_format == "auto" and sys.stderr.isatty())
        environment = os.environ | {
            "VAR_DIR": str(settings.var_dir.absolute()),
            "DATABASE_URL": settings.database,
            "SECRET_KEY": secret_key(settings),
            "PORT": str(settings.port),
            "LOG_FORMAT": "text" if text else "json",
            "PROMETHEUS_MULTIPROC_DIR": str(metrics),
            "PYTHONUNBUFFERED": "1",
        }
        if settings.lertrat_clock:
            environment["LERTRAT_CLOCK"] = anchored(settings.lertrat_clock)
        return environment

    def _start_redis(self, environment: dict[str, str]) -> str:
        server = embedded.redis_server()
        data = self._settings.var_dir.absolute() / "redis"
        data.mkdir(mode=0o700, exist_ok=True)
        self._socket_directory = embedded.make_socket_directory()
        path = self._socket_directory / "redis.sock"
        child = Child("redis", embedded.redis_command(server, data, path), environment, self._lock_file)
        self._redis.append(child)
        child.start()
        with redis.Redis(unix_socket_path=str(path)) as client:
            self._wait(lambda: _answers(client), f"Redis did not start; see {data / 'redis.log'}")
            # Workers of the run before are gone, whatever its Redis remembers.
            for key in client.scan_iter(match=WORKER_KEYS) if not self._stop.is_set() else ():
                client.delete(key)
        return f"unix://{path}"

    def _publish(self, environment: dict[str, str]) -> None:
        names = ("REDIS_URL", "LINE_API_HOST", "LINE_DATA_API_HOST", "LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN")
        self._directory.publish(
            {name: environment[name] for name in names if environment.get(name)}, self._socket_directory
        )

    def _simulator_command(self, address: str) -> list[str]:
        return [
            *(sys.executable, "-m", "bot.simulator"),
            *("--port", address.rpartition(":")[2]),
            *("--webhook-url", f"http://{LOOPBACK}:{self._settings.port}/webhook"),
            *("--state", str(self._settings.var_dir.absolute() / "simulator.json")),
        ]

    def _add(self, name: str, command: list[str], environment: dict[str, str]) -> None:
        child = Child(name, command, environment, self._lock_file)
        self._parts.append(child)
        child.start()

    def _restart_dead(self, window: float = DEATHS_WINDOW_SECONDS) -> None:
        for child in (*self._redis, *self._parts):
            child.restart_if_dead(window)

    def _put_up_menu(self, command: list[str], environment: dict[str, str]) -> None:
        """Start the menu's upload beside the loading parts. Only the stand-in gets it unasked: on LINE people see it."""
        # A process of its own: the LINE SDK would stay in this one's memory.
        self._menu = subprocess.Popen(  # noqa: S603 - the program's own command
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
            errors="replace",
        )

    def _menu_is_up(self) -> bool:
        """Whether the upload is over. That it failed is said, and is no reason not to start."""
        if self._menu is None:
            return True
        if self._menu.poll() is None:
            return False
        _, complaints = self._menu.communicate()
        if self._menu.returncode:
            _say(f"ตั้งเมนูในแชตทดลองไม่ได้ / No menu on the chat page: {complaints.strip()[-500:]}")
        self._menu = None
        return True

    def _wait(self, is_ready: Callable[[], bool], problem: str) -> None:
        began = time.monotonic()
        told = began
        while not self._stop.is_set() and not is_ready():
            now = time.monotonic()
            if now - began > READY_SECONDS:
                raise NotReady(f"not ready after {READY_SECONDS:.0f} s: {problem}")
            if now - told > PATIENCE_SECONDS:
                told = now
                _say(f"ยังโหลดไม่เสร็จ ({now - began:.0f} วินาที) … / Still loading; {problem}")
            # Before it was ready once, three deaths are enough, however long the loading took.
            self._restart_dead(window=READY_SECONDS)
            self._stop.wait(POLL_SECONDS)


def _answers(client: redis.Redis) -> bool:
    try:
        return bool(client.ping())
    except redis.RedisError:
        return False


def _status(address: str) -> int:
    try:
        with _local.open(address, timeout=2) as response:
            return int(response.status)
    except HTTPError as error:
        with error:
            return error.code
    except (URLError, HTTPException, OSError):
        return 0


def _require_free_port(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as error:
            raise SettingsError(
                f"PORT: {port} cannot be used ({error.strerror}); stop what uses it, or set PORT to another number"
            ) from None


def _free_port(preferred: int) -> int:
    """`preferred` when it is free, so that the chat page keeps its address; else any."""
    for port in (preferred, 0):
        with socket.socket() as probe, suppress(OSError, OverflowError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind((LOOPBACK, port))
            return int(probe.getsockname()[1])
    raise SettingsError("PORT: no port is free for the LINE stand-in; close other programs")


def _say(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


__all__ = ["KeepsFailing", "NotReady", "run"]
