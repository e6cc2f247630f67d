"""Wires the stand-in together. Never imported by the bot itself: it is a process of its own, for development."""

from __future__ import annotations

import json
import os
import tempfile
import threading
from pathlib import Path

from flask import Flask, Response, request

from bot.simulator.api import line_api, loopback_host
from bot.simulator.config import SimulatorConfig, is_loopback, require_marker
from bot.simulator.delivery import Courier
from bot.simulator.page import chat_page
from bot.simulator.world import World

_POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src 'self' data:"


def create_app(config: SimulatorConfig) -> Flask:
    """The stand-in as a Flask app; `app.extensions["simulator"]` is its World.

    Raises SimulatorRefused unless LERTRAT_SIMULATOR=1 is set. Answers nobody but this machine.
    """
    require_marker(os.environ)
    world = World(config)
    if config.state_file:
        keep_state(world, config.state_file)
    courier = Courier(world)
    # The page brings its own static route, so that no other app's files are served.
    app = Flask("bot.simulator", static_folder=None)
    app.config["MAX_CONTENT_LENGTH"] = 2 * 1024 * 1024
    app.json.ensure_ascii = False  # type: ignore[attr-defined]
    app.extensions["simulator"] = world

    @app.before_request
    def only_this_machine() -> tuple[str, int] | None:
        # The Host check keeps other web pages from reaching in through a DNS name that points here, Origin their forms.
        origin = request.headers.get("Origin")
        hosts = [request.remote_addr or "", loopback_host(request.host)] + ([loopback_host(origin)] if origin else [])
        return None if all(is_loopback(host) for host in hosts) else ("loopback only", 403)

    @app.after_request
    def guard(response: Response) -> Response:
        response.headers["Content-Security-Policy"] = _POLICY
        response.headers["X-Content-Type-Options"] = "nosniff"
        response.headers["Cache-Control"] = "no-store"
        return response

    app.register_blueprint(line_api(world, config, courier))
    app.register_blueprint(chat_page(world, courier))
    return app


def keep_state(world: World, path: Path) -> None:
    """Load the chats from `path` where it is readable, and from now on write every change there, atomically."""
    try:
        world.load(json.loads(path.read_text("utf-8")))
    except FileNotFoundError:
        pass
    except (ValueError, KeyError, TypeError):
        # A state of another version is of no use, but a developer may want to look at it.
        path.replace(path.with_suffix(".unreadable"))

    def write_changes() -> None:
        written = -1
        while not world.stopping.is_set():
            if world.wait_for(lambda seen=written: world.version != seen, 60):  # type: ignore[misc]
                written = world.version
                save_state(world, path)
                # Many changes come together; one write a fifth of a second is plenty.
                world.stopping.wait(0.2)
        save_state(world, path)

    threading.Thread(target=write_changes, name="state", daemon=True).start()


def save_state(world: World, path: Path) -> None:
    """Write the state so that a reader sees the old file or the new one, never half of one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    text = json.dumps(world.dump(), ensure_ascii=False)
    with tempfile.NamedTemporaryFile("w", encoding="utf-8", dir=path.parent, delete=False) as file:
        file.write(text)
    Path(file.name).replace(path)
