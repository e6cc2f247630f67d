"""Serves the stand-in on a loopback port, from the command line or inside a test."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from werkzeug.serving import BaseWSGIServer, make_server

from bot.simulator.app import create_app, save_state
from bot.simulator.config import SimulatorConfig
from bot.simulator.world import World

HOST = "127.0.0.1"


@dataclass(frozen=True)
class Running:
    """A stand-in that answers at `url` ("http://127.0.0.1:…")."""

    url: str
    world: World


def build_server(config: SimulatorConfig, port: int = 0) -> BaseWSGIServer:
    """A server on a loopback address only, with a (daemon) thread for each connection; port 0 takes a free one."""
    # The page's waiting requests would fill the log with a line every few seconds.
    logging.getLogger("werkzeug").setLevel(logging.WARNING)
    return make_server(HOST, port, create_app(config), threaded=True)


@contextmanager
def running(config: SimulatorConfig, port: int = 0) -> Iterator[Running]:
    """A stand-in in a thread of this process, for tests; gone at the end of the block."""
    server = build_server(config, port)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    world: World = server.app.extensions["simulator"]  # type: ignore[attr-defined]
    try:
        yield Running(f"http://{HOST}:{server.port}", world)
    finally:
        world.stop()
        server.shutdown()
        server.server_close()
        thread.join()
        if config.state_file:
            save_state(world, config.state_file)
