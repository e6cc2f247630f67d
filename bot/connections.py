"""How every process reaches Redis, its queue too: with time limits, so that a Redis that hangs is noticed."""

from __future__ import annotations

from redis import Redis
from redis.backoff import NoBackoff
from redis.retry import Retry

from bot.settings import Settings

REDIS_SECONDS = 1.0  # LINE waits 2 s for its webhook's answer


def connect_redis(settings: Settings, timeout: float = REDIS_SECONDS) -> Redis:
    """A thread-safe client; answers are bytes. SettingsError without REDIS_URL; nothing is opened yet."""
    settings.require_redis()
    return Redis.from_url(
        settings.redis_url,
        socket_timeout=timeout,
        socket_connect_timeout=timeout,
        # One immediate second try heals a connection that died idle.
        retry=Retry(NoBackoff(), 1),
    )
