"""The worker process: `dramatiq bot.worker:start` loads everything here, then answers chats with several threads."""

from __future__ import annotations

import os
import secrets
import threading
import time
from functools import partial

import dramatiq
import structlog
from redis import Redis, RedisError

from bot.connections import connect_redis
from bot.conversation import ConversationStore
from bot.effects import Effects
from bot.health import WORKER_KEYS, WORKER_SECONDS
from bot.line import Line
from bot.logs import configure_logs
from bot.now import make_now
from bot.processing import Processor
from bot.settings import Settings, load_settings, secret_key
from bot.storage.database import make_engine
from bot.tasks import declare_process_chat, make_broker

log = structlog.get_logger(__name__)

REDIS_SECONDS = 5.0  # a worker is in no hurry to give Redis up
SEEN_EVERY_SECONDS = 5.0


def start() -> None:
    """Load the knowledge, declare the tasks, and only then say that a worker is there. SettingsError without LINE."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    settings.require_line()
    redis = connect_redis(settings, timeout=REDIS_SECONDS)
    broker = make_broker(settings.redis_url, timeout=REDIS_SECONDS)
    declare_process_chat(broker, make_processor(settings, redis).process, secret_key(settings))
    dramatiq.set_broker(broker)
    announce(redis)


def make_processor(settings: Settings, redis: Redis) -> Processor:
    """The Processor with the program's own knowledge, storage and LINE. Takes some seconds."""
    # What takes seconds to import is left to the process that needs it.
    from bot.assistant import load_services
    from bot.dispatch import dispatch
    from bot.flex import render

    key = secret_key(settings)
    conversations = ConversationStore.of(redis, settings)
    return Processor(
        redis,
        conversations,
        partial(dispatch, services=load_services(make_now(settings), settings.var_dir / "fitted", settings.quiz_hours)),
        render,
        Line(settings.line_channel_access_token, settings.line_api_host, key),
        Effects(make_engine(settings.database), key, conversations.forget),
        log_key=key,
        push_fallback=settings.push_fallback,
    )


def announce(redis: Redis) -> None:
    """Keep this process's key among health.WORKER_KEYS, from now on, as long as the process lives."""
    name = WORKER_KEYS.replace("*", f"{os.getpid()}-{secrets.token_hex(4)}")

    def keep() -> None:
        while True:
            try:
                redis.set(name, "1", ex=WORKER_SECONDS)
            except RedisError as error:
                log.warning("worker_not_announced", error=type(error).__name__)
            time.sleep(SEEN_EVERY_SECONDS)

    threading.Thread(target=keep, name="announce", daemon=True).start()
