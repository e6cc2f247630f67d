"""Sends webhooks to the bot as LINE does: signed, given two seconds, and again when they were not answered with 2xx."""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import http.client
import json
import threading
import time
from urllib.parse import urlsplit

from bot.simulator.config import require_loopback_url
from bot.simulator.world import Json, World


class Courier:
    """Delivers webhooks, each in a thread of its own, so that a bot that hangs holds up nobody else."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.last: list[Json] = []

    def send(self, events: list[Json], copies: int = 1) -> None:
        """Hand events over as one webhook, `copies` times at once."""
        if not events:
            return
        self.last = events
        for _ in range(copies):
            threading.Thread(target=self._deliver, args=(events,), name="webhook", daemon=True).start()

    def send_again(self, redelivery: bool) -> int:
        """The last webhook once more, as a redelivery or as a plain duplicate; the number of its events."""
        events = copy.deepcopy(self.last)
        for event in events:
            event["deliveryContext"]["isRedelivery"] = redelivery
        if events:
            threading.Thread(target=self._deliver, args=(events,), name="webhook", daemon=True).start()
        return len(events)

    def _deliver(self, events: list[Json]) -> None:
        events = copy.deepcopy(events)
        for attempt, delay in enumerate((0.0, *self.world.config.redelivery_delays)):
            if attempt:
                if not self.world.settings.redelivery or self.world.stopping.wait(delay):
                    return
                for event in events:
                    event["deliveryContext"]["isRedelivery"] = True
            outcome = self.post(events, attempt)
            if len(outcome) == 3 and outcome.startswith("2"):
                return

    def post(self, events: list[Json], attempt: int = 0) -> str:
        """One signed POST. The status ("200"), "timeout" or "unreachable"."""
        world = self.world
        for event in events:
            world.token_delivered(event.get("replyToken"))
        body = json.dumps(
            {"destination": world.bot_id, "events": events}, ensure_ascii=False, separators=(",", ":")
        ).encode()
        started = time.monotonic()
        outcome = _post(
            world.settings.webhook_url,
            body,
            signature(world.config.channel_secret, body),
            world.config.webhook_timeout_seconds,
        )
        ids = [event["webhookEventId"] for event in events]
        ms = round((time.monotonic() - started) * 1000)
        world.log(world.webhooks, events=ids, attempt=attempt, outcome=outcome, ms=ms)
        world.note_webhook(set(ids), outcome)
        return outcome


def signature(secret: str, body: bytes) -> str:
    """LINE's `x-line-signature`: base64 of the HMAC-SHA256 of the raw body."""
    return base64.b64encode(hmac.new(secret.encode(), body, hashlib.sha256).digest()).decode()


def _post(url: str, body: bytes, signed: str, timeout: float) -> str:
    # Checked again right before sending: the address can be changed while the stand-in runs.
    require_loopback_url(url)
    parts = urlsplit(url)
    connection = http.client.HTTPConnection(parts.hostname or "", parts.port or 80, timeout=timeout)
    headers = {
        "Content-Type": "application/json; charset=utf-8",
        "User-Agent": "LineBotWebhook/2.0",
        "x-line-signature": signed,
    }
    try:
        connection.request("POST", parts.path or "/", body, headers)
        return str(connection.getresponse().status)
    except TimeoutError:
        return "timeout"
    except (OSError, http.client.HTTPException):
        return "unreachable"
    finally:
        connection.close()
