"""Free ports for programs that are told where to listen."""

from __future__ import annotations

import itertools
import os
import re
import socket
from contextlib import ExitStack

HOST = "127.0.0.1"

# Below the range from which Linux takes the ports of outgoing connections (32768 and up): a port of that range may be
# free when it is looked for and be taken by any connection before the program listens. Each test process has a part
# of its own, so that two of them never choose the same; two runs at once begin at different places of it.
_FIRST = 12_000
_EACH = 2_000
_worker = int("".join(re.findall(r"\d+", os.environ.get("PYTEST_XDIST_WORKER", ""))) or 0)
_next = itertools.count(_FIRST + _worker % 10 * _EACH + os.getpid() % (_EACH // 2))


def free_port(following: int = 0) -> int:
    """A port on 127.0.0.1 that is free, as are the `following` ones after it; never one that was given before."""
    while True:
        port = next(_next)
        with ExitStack() as probes:
            try:
                for number in range(port, port + following + 1):
                    probes.enter_context(socket.socket()).bind((HOST, number))
            except OSError:
                continue
            for _ in range(following):
                next(_next)
            return port
