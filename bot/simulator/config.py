"""What the stand-in is told at its start, and the checks that keep it on a developer's machine."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from ipaddress import ip_address
from pathlib import Path
from urllib.parse import urlsplit

MARKER = "LERTRAT_SIMULATOR"


class SimulatorRefused(RuntimeError):
    """The stand-in was asked to run where it must not, or without what it needs. The text says what to change."""


@dataclass(frozen=True)
class SimulatorConfig:
    """One stand-in. Times are seconds; `monthly_quota` None means a plan without a limit.

    `redelivery_delays` are the waits before each further attempt at a webhook that was not answered with 2xx, so their
    number bounds the attempts; real LINE waits longer. `clock` gives seconds since 1970.
    """

    webhook_url: str
    channel_secret: str
    channel_access_token: str
    state_file: Path | None = None
    monthly_quota: int | None = 300
    reply_token_seconds: float = 60.0
    webhook_timeout_seconds: float = 2.0
    redelivery: bool = True
    redelivery_delays: tuple[float, ...] = (1.0, 3.0, 10.0, 30.0)
    fault_hold_seconds: float = 30.0
    clock: Callable[[], float] = time.time

    def __post_init__(self) -> None:
        require_loopback_url(self.webhook_url)
        if not self.channel_secret or not self.channel_access_token:
            raise SimulatorRefused(
                "LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN must both be set for the stand-in"
            )


def from_environment(environ: Mapping[str, str], webhook_url: str, state_file: Path | None) -> SimulatorConfig:
    """The configuration of `python -m bot.simulator`. Raises SimulatorRefused."""
    require_marker(environ)
    return SimulatorConfig(
        webhook_url=webhook_url,
        channel_secret=environ.get("LINE_CHANNEL_SECRET", ""),
        channel_access_token=environ.get("LINE_CHANNEL_ACCESS_TOKEN", ""),
        state_file=state_file,
    )


def require_marker(environ: Mapping[str, str]) -> None:
    """Raises SimulatorRefused unless whoever starts the stand-in said that this is development."""
    if environ.get(MARKER) != "1":
        raise SimulatorRefused(f"the LINE stand-in is for development only: set {MARKER}=1 to start it on purpose")


def require_loopback_url(url: str) -> None:
    """Raises SimulatorRefused unless `url` is plain HTTP to this very machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not is_loopback(parts.hostname or ""):
        raise SimulatorRefused(f"the webhook URL must be http:// on a loopback address such as 127.0.0.1, not {url!r}")


def is_loopback(host: str) -> bool:
    """Whether a host name or address without a port means this machine, without asking a resolver."""
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
