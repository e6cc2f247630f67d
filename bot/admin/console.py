"""What every page of the console is given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from flask_limiter import Limiter
from redis import Redis
from sqlalchemy import Engine

from bot.admin.ask_worker import WorkerDoor
from bot.now import Now
from bot.published import Published
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.line import Line
    from knowledge.model import Knowledge


@dataclass(frozen=True)
class Console:
    """The outside that pages work with. `published` is the Knowledge alone, without what understands questions."""

    settings: Settings
    engine: Engine
    redis: Redis
    published: Published[Knowledge]
    worker: WorkerDoor
    limiter: Limiter
    now: Now

    def line(self) -> Line:
        """LINE's door; it takes a second to load, which only a page that sends should wait for."""
        from bot.line import Line
        from bot.settings import secret_key

        return Line(self.settings.line_channel_access_token, self.settings.line_api_host, secret_key(self.settings))
