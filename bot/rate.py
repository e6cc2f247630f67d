"""LINE's rate limits, kept together by every process on every machine, so that no call is made only to be refused.

Calls are spaced evenly (a leaky bucket without a burst): whatever second LINE counts, no more than the limit fall in it.
"""

from __future__ import annotations

import threading
import time

import structlog
from redis import Redis, RedisError

log = structlog.get_logger(__name__)

PUSHES_PER_SECOND = 2000
SLACK = 1.01  # calls reach LINE a little closer together or further apart than they left
_KEEP_MILLISECONDS = 60_000

# Book ARGV[2] turns ARGV[1] µs apart, by Redis's clock; the answer is how many µs to wait for the first of them.
_BOOK = """
local told = redis.call('TIME')
local now = told[1] * 1000000 + told[2]
local free = math.max(tonumber(redis.call('GET', KEYS[1]) or 0), now)
redis.call('SET', KEYS[1], string.format('%.0f', free + ARGV[1] * ARGV[2]), 'PX', ARGV[3])
return free - now
"""


class Limiter:
    """Turns for one kind of call; safe to share between threads. `per_second` 0 means no limit."""

    def __init__(self, redis: Redis, name: str, per_second: float) -> None:
        self._key = f"lertrat:rate:{name}"
        self._step = SLACK / per_second if per_second else 0.0
        self._script = redis.register_script(_BOOK)
        self._own_free = 0.0
        self._lock = threading.Lock()

    def book(self, turns: int) -> list[float]:
        """When each of the next `turns` calls may be made, on time.monotonic's clock; does not wait."""
        if not self._step:
            return [0.0] * turns
        began = time.monotonic()
        try:
            wait = int(self._script(keys=[self._key], args=[round(self._step * 1e6), turns, _KEEP_MILLISECONDS])) / 1e6
        except RedisError as error:
            # Then nobody is given new work either: keeping this process's own pace does no harm.
            log.warning("rate_not_shared", error=type(error).__name__)
            with self._lock:
                wait = max(self._own_free - began, 0.0)
                self._own_free = began + wait + self._step * turns
        return [began + wait + self._step * turn for turn in range(turns)]
