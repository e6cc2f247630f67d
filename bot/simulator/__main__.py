"""`python -m bot.simulator --port P --webhook-url URL [--state FILE]`: the stand-in as a process of its own.

Secrets come from LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN; LERTRAT_SIMULATOR=1 must be set. Ends on SIGTERM
or Ctrl-C with 0, and with 2 and one line on a wrong setting.
"""

from __future__ import annotations

import argparse
import os
import signal
import sys
import threading
from pathlib import Path

from bot.simulator.app import save_state
from bot.simulator.config import SimulatorRefused, from_environment
from bot.simulator.server import HOST, build_server


def main() -> int:
    """Serve until told to stop; the exit status."""
    parser = argparse.ArgumentParser(prog="python -m bot.simulator", description="LINE stand-in, development only")
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--webhook-url", required=True, help="http://127.0.0.1:…/webhook")
    parser.add_argument("--state", type=Path, default=None, help="keep the chats in this JSON file")
    options = parser.parse_args()
    try:
        config = from_environment(os.environ, options.webhook_url, options.state)
        server = build_server(config, options.port)
    except (SimulatorRefused, OSError) as error:
        print(f"simulator: {error}", file=sys.stderr)
        return 2
    world = server.app.extensions["simulator"]  # type: ignore[attr-defined]

    def stop(*_: object) -> None:
        # shutdown() waits for the serving loop, which this very thread runs.
        threading.Thread(target=server.shutdown, daemon=True).start()

    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, stop)
    print(f"simulator: http://{HOST}:{server.port}/ sends webhooks to {config.webhook_url}", flush=True)
    server.serve_forever(poll_interval=0.1)
    world.stop()
    server.server_close()
    if config.state_file:
        save_state(world, config.state_file)
    return 0


if __name__ == "__main__":
    sys.exit(main())
