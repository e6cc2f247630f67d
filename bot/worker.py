"""The worker process: `dramatiq bot.worker:start` loads everything here, then answers chats with several threads."""

from __future__ import annotations

import os
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING

import dramatiq
import structlog
from redis import Redis, RedisError
from sqlalchemy import Engine

from bot.admin.worker_tasks import Office, carry_out
from bot.alerts import Alerts
from bot.chat_codes import coder
from bot.connections import connect_redis
from bot.conversation import ConversationStore
from bot.effects import Effects
from bot.following import Following
from bot.health import WORKER_KEYS, WORKER_SECONDS
from bot.line import Line
from bot.logs import configure_logs
from bot.memory import settle
from bot.now import make_now
from bot.processing import Processor
from bot.published import Published, UnusableError
from bot.rate import PUSHES_PER_SECOND, Limiter
from bot.sending import Sender
from bot.settings import Settings, SettingsError, load_settings, secret_key
from bot.slots import SlotSender
from bot.storage.chats import StoredChats
from bot.storage.database import make_engine
from bot.tasks import declare_process_chat, declare_send_broadcast, declare_work_for_console, make_broker
from bot.turn import Conversation, Event, Turn
from knowledge.documents import Documents

if TYPE_CHECKING:
    from bot.counting import Counting
    from bot.dispatch import Services

log = structlog.get_logger(__name__)

REDIS_SECONDS = 5.0  # a worker is in no hurry to give Redis up
SEEN_EVERY_SECONDS = 5.0


def start() -> None:
    """Load the knowledge, declare the tasks, and only then say that a worker is there. SettingsError without LINE;
    SystemExit while nothing can be loaded."""
    settings = load_settings()
    configure_logs(settings.log_level, settings.log_format)
    settings.require_line()
    redis = connect_redis(settings, timeout=REDIS_SECONDS)
    broker = make_broker(redis)
    try:
        engine = make_engine(settings.database)
        understanding = make_understanding(settings, engine)
    except (SettingsError, UnusableError) as error:
        log.error("worker_cannot_start", problem=str(error))
        raise SystemExit(1) from None
    counting = make_counting(settings, redis, engine, understanding.published)
    processor = make_processor(settings, redis, engine, understanding.published, counting)
    office = Office(settings, engine, redis, make_now(settings), understanding.published, understanding.compile)
    declare_process_chat(broker, processor.process, secret_key(settings))
    declare_send_broadcast(broker, make_slot_sender(settings, redis).send)
    declare_work_for_console(broker, partial(carry_out, office))
    broker.add_middleware(AtTheEnd(counting.flush))
    counting.start()
    dramatiq.set_broker(broker)
    announce(redis)


@dataclass(frozen=True)
class Understanding:
    """What answers now, and how any other content would be made to."""

    published: Published[Services]
    compile: Callable[[Documents | None], Services]


def make_understanding(settings: Settings, engine: Engine) -> Understanding:
    """The published knowledge, compiled. Takes some seconds; another Revision that is published later is served without a
    restart. SettingsError, published.UnusableError."""
    # What takes seconds to import is left to the process that needs it.
    from bot.assistant import INSTALLED, load_services
    from bot.fitting import fit_aside

    now = make_now(settings)
    folder = settings.var_dir / "fitted"

    def compile(documents: Documents | None, previous: Services | None) -> Services:
        # What is new is answered at once, by a fit that is brought up to date; the whole fit follows.
        return load_services(
            now,
            settings.quiz_hours,
            documents,
            kept=(folder, INSTALLED),
            keep_in=folder,
            soon=True,
            before=previous,
            public_url=settings.public_url,
        )

    def complete(documents: Documents | None, services: Services) -> Services | None:
        if all(matcher.fitted.whole for matcher in services.matchers.values()):
            return None
        if not fit_aside(documents, settings.var_dir):
            return None
        return load_services(
            now, settings.quiz_hours, documents, kept=(folder, INSTALLED), public_url=settings.public_url
        )

    def compile_aside(documents: Documents | None) -> Services:
        return load_services(
            now,
            settings.quiz_hours,
            documents,
            kept=(folder, INSTALLED),
            soon=True,
            before=published.current(),
            public_url=settings.public_url,
        )

    published = Published(engine, compile, complete, swapped=settle)
    published.start()
    return Understanding(published, compile_aside)


def make_counting(settings: Settings, redis: Redis, engine: Engine, published: Published[Services]) -> Counting:
    """What is counted for the dashboard; it writes nothing by itself before its `start`."""
    from bot.counting import Counting, quiz_position

    return Counting(engine, redis, make_now(settings), lambda quiz: quiz_position(published.current().knowledge, quiz))


def make_processor(
    settings: Settings,
    redis: Redis,
    engine: Engine,
    published: Published[Services],
    counting: Counting | None = None,
) -> Processor:
    """The Processor with the published knowledge, storage and LINE."""
    from bot.dispatch import dispatch
    from bot.flex import render
    from bot.riding import Riding

    def answer(event: Event, conversation: Conversation) -> Turn:
        # Of one Revision from the first word to the last, whatever is published meanwhile.
        return dispatch(event, conversation, published.current(), stored=stored)

    key = secret_key(settings)
    stored = StoredChats(engine, coder(key))
    conversations = ConversationStore.of(redis, settings)
    effects = Effects(engine, key, conversations.forget)
    return Processor(
        redis,
        conversations,
        answer,
        render,
        Line(settings.line_channel_access_token, settings.line_api_host, key),
        effects,
        log_key=key,
        push_fallback=settings.push_fallback,
        rides=Riding(engine, lambda: published.current().knowledge, make_now(settings)),
        follows=Following(effects),
        counts=counting,
    )


def make_slot_sender(settings: Settings, redis: Redis) -> SlotSender:
    """What sends Broadcasts, with connections of its own. SettingsError."""
    engine = make_engine(settings.database)
    line = Line(settings.line_channel_access_token, settings.line_api_host, secret_key(settings))
    sender = Sender(
        engine,
        line,
        Limiter(redis, "multicast", settings.multicasts_per_second),
        Limiter(redis, "push", PUSHES_PER_SECOND if settings.multicasts_per_second else 0),
        make_now(settings),
        Alerts(redis, line, settings.alert_chat),
        parallel=settings.send_parallel,
    )
    return SlotSender(redis, engine, sender, settings.send_workers)


class AtTheEnd(dramatiq.Middleware):
    """Does what is left when the worker has taken up its last task."""

    def __init__(self, finish: Callable[[], None]) -> None:
        self._finish = finish

    def after_worker_shutdown(self, broker: dramatiq.Broker, worker: dramatiq.Worker) -> None:
        """Called by Dramatiq, once its threads have ended."""
        self._finish()


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
