"""Every setting of the program, read once from the environment (and a `.env` file), each with default and help."""

from __future__ import annotations

import os
import secrets
import tempfile
from contextlib import suppress
from datetime import datetime
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import BeforeValidator, Field, ValidationError, field_validator, model_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

LINE_API = "https://api.line.me"
LINE_DATA_API = "https://api-data.line.me"


class SettingsError(Exception):
    """A missing or wrong setting. The text is one line: the setting, what is wrong, what to do."""


class _WrongSettingError(ValueError):
    """A finding about one named setting, raised where the rule spans several fields."""


def _switch(value: object) -> object:
    """`on`, `off` and the other usual spellings, whatever their case."""
    return value.strip().lower() if isinstance(value, str) else value


Switch = Annotated[bool, BeforeValidator(_switch)]


class Settings(BaseSettings):
    """All settings. Names in the environment are the field names in capitals; an empty value counts as unset."""

    model_config = SettingsConfigDict(
        frozen=True, env_file=".env", env_file_encoding="utf-8", env_ignore_empty=True, extra="ignore"
    )

    line_channel_secret: str = Field(
        default="",
        repr=False,
        description="Channel secret of the LINE Messaging API channel. Unset: `lertrat run` starts the LINE stand-in.",
    )
    line_channel_access_token: str = Field(
        default="", repr=False, description="Long-lived channel access token of the same channel."
    )
    line_api_host: str = Field(default=LINE_API, description="Address of the LINE Messaging API.")
    line_data_api_host: str = Field(
        default="",
        description=f"Address of LINE's content API. Unset: LINE_API_HOST when that is set, else {LINE_DATA_API}.",
    )
    redis_url: str = Field(
        default="",
        repr=False,
        description="redis://, rediss:// or unix:// address. Unset: `lertrat run` starts a private Redis.",
    )
    database_url: str = Field(
        default="",
        repr=False,
        description="postgresql:// or sqlite:/// address. Unset: SQLite in VAR_DIR.",
    )
    var_dir: Path = Field(default=Path("var"), description="Directory for everything that the program keeps.")
    secret_key: str = Field(
        default="",
        repr=False,
        description="Signs cookies and pseudonyms, at least 16 characters. Unset: made once and kept under VAR_DIR.",
    )
    port: int = Field(default=8000, ge=1, le=65535, description="Port of the web process.")
    public_url: str = Field(
        default="", description="https address under which the outside world reaches the web process."
    )
    push_fallback: Switch = Field(
        default=False,
        description="Answer by a push message, which counts to LINE's monthly quota, when the reply token has expired.",
    )
    alert_chat: str = Field(default="", description="LINE chat id that is told when something needs a person.")
    lertrat_clock: str = Field(
        default="",
        description="For fault runs only: start time and speed, `2025-08-01T08:00:00+07:00 60`, or `@FILE` that holds them and "
        "may change. Refused unless LINE_API_HOST is a loopback address.",
    )
    web_threads: int = Field(default=8, ge=1, le=200, description="Threads of the web process.")
    worker_threads: int = Field(default=8, ge=1, le=200, description="Threads of the worker: chats answered at once.")
    conversation_hours: int = Field(
        default=24, ge=1, le=720, description="Hours until a quiet chat's short state is forgotten."
    )
    quiz_hours: int = Field(
        default=12,
        ge=1,
        le=720,
        description="Hours until an unfinished quiz is over; less than CONVERSATION_HOURS, so that the person can be told.",
    )
    unanswered_days: int = Field(
        default=365, ge=1, le=3650, description="Days that an unanswered question (kept without its asker) is kept."
    )
    handover_days: int = Field(
        default=90,
        ge=1,
        le=3650,
        description="Days that a closed hand-over to a person is kept, and that an open one keeps the assistant quiet.",
    )
    delivery_days: int = Field(
        default=90, ge=1, le=3650, description="Days that is kept who a reminder or broadcast was sent to."
    )
    send_workers: int = Field(
        default=2, ge=1, le=100, description="Threads of each worker that may be busy sending broadcasts at once."
    )
    send_parallel: int = Field(default=4, ge=1, le=64, description="Calls to LINE that each of them makes at once.")
    multicasts_per_second: int = Field(
        default=200,
        ge=0,
        le=100_000,
        description="Multicast calls that all machines together make in a second: LINE's limit. 0: as many as they can, "
        "only on a loopback address.",
    )
    broadcast_test_chats: str = Field(
        default="", description="LINE chat ids, separated by commas: the test list for broadcasts."
    )
    console_hours: int = Field(
        default=12, ge=1, le=168, description="Hours after which the console asks an administrator to sign in again."
    )
    console_idle_minutes: int = Field(
        default=60, ge=5, le=1440, description="Minutes without a click after which it does so."
    )
    trusted_proxies: int = Field(
        default=0,
        ge=0,
        le=5,
        description="Reverse proxies in front of the web process that set X-Forwarded-For and X-Forwarded-Proto.",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field(
        default="warning", description="Least severity that is logged: `debug`, `info`, `warning` or `error`."
    )
    log_format: Literal["auto", "text", "json"] = Field(
        default="auto", description="`text` for people, `json` for machines; `auto` is text in a terminal."
    )

    @field_validator("line_api_host", "line_data_api_host", "public_url")
    @classmethod
    def _http_address(cls, value: str) -> str:
        parts = urlsplit(value)
        if value and (parts.scheme not in ("http", "https") or not parts.hostname):
            raise ValueError("is not a web address; write it with https://, such as https://api.line.me")
        return value.rstrip("/")

    @field_validator("redis_url")
    @classmethod
    def _redis_address(cls, value: str) -> str:
        if value and not value.startswith(("redis://", "rediss://", "unix://")):
            raise ValueError("is not a Redis address; write redis://host:6379/0 or leave it out")
        return value

    @field_validator("database_url")
    @classmethod
    def _database_address(cls, value: str) -> str:
        """Hosts hand out `postgres://`, which SQLAlchemy does not take; the driver is always psycopg 3."""
        scheme, mark, rest = value.partition("://")
        if not value or (scheme == "sqlite" and mark):
            return value
        if mark and scheme in ("postgres", "postgresql", "postgresql+psycopg"):
            return f"postgresql+psycopg://{rest}"
        raise ValueError("is not a database address; write postgresql://user:password@host/name or sqlite:///file.db")

    @field_validator("secret_key")
    @classmethod
    def _long_enough(cls, value: str) -> str:
        if value and len(value) < 16:
            raise ValueError("is too short; use at least 16 random characters or leave it out")
        return value

    @field_validator("lertrat_clock")
    @classmethod
    def _readable_clock(cls, value: str) -> str:
        if value:
            parse_clock(value)
        return value

    @model_validator(mode="before")
    @classmethod
    def _data_host_follows_api_host(cls, values: dict[str, Any]) -> dict[str, Any]:
        if not values.get("line_data_api_host"):
            values["line_data_api_host"] = values.get("line_api_host") or LINE_DATA_API
        return values

    @model_validator(mode="after")
    def _no_false_clock_on_real_line(self) -> Settings:
        if self.lertrat_clock and not is_loopback(self.line_api_host):
            raise _WrongSettingError(
                "LERTRAT_CLOCK: only for fault runs against a local stand-in; unset it, "
                "or point LINE_API_HOST to a loopback address"
            )
        return self

    @model_validator(mode="after")
    def _no_more_than_line_takes(self) -> Settings:
        if not 1 <= self.multicasts_per_second <= 200 and not is_loopback(self.line_api_host):
            raise _WrongSettingError("MULTICASTS_PER_SECOND: LINE takes 200 at most; write 1 to 200")
        return self

    @property
    def test_chats(self) -> tuple[str, ...]:
        """BROADCAST_TEST_CHATS, each once."""
        return tuple(dict.fromkeys(filter(None, self.broadcast_test_chats.replace(",", " ").split())))

    @property
    def database(self) -> str:
        """The SQLAlchemy address in use: DATABASE_URL, else a SQLite file under VAR_DIR."""
        return self.database_url or f"sqlite:///{self.var_dir.absolute() / 'lertrat.db'}"

    @property
    def has_line(self) -> bool:
        """Whether both LINE secrets are set. Exactly one of them is a SettingsError."""
        if bool(self.line_channel_secret) != bool(self.line_channel_access_token):
            missing = "LINE_CHANNEL_ACCESS_TOKEN" if self.line_channel_secret else "LINE_CHANNEL_SECRET"
            other = "LINE_CHANNEL_SECRET" if self.line_channel_secret else "LINE_CHANNEL_ACCESS_TOKEN"
            raise SettingsError(
                f"{missing}: missing while {other} is set; set both (LINE Developers console) or neither"
            )
        return bool(self.line_channel_secret)

    def require_line(self) -> None:
        """SettingsError unless both LINE secrets are set."""
        if not self.has_line:
            raise SettingsError(
                "LINE_CHANNEL_SECRET and LINE_CHANNEL_ACCESS_TOKEN: missing; copy both from the channel in the "
                "LINE Developers console"
            )

    def require_redis(self) -> None:
        """SettingsError unless REDIS_URL is set."""
        if not self.redis_url:
            raise SettingsError("REDIS_URL: missing; set it, or start everything with `lertrat run`")


def parse_clock(value: str) -> tuple[datetime, float, float | None]:
    """`START [SPEED [SINCE]]` → start with its time zone, speed (1 = real time), real start in Unix seconds or None.

    `@FILE` is read for it, and has to have all three. ValueError when it cannot be read.
    """
    try:
        parts = (
            (Path(value[1:]).read_text(encoding="ascii") if value.startswith("@") else value).replace(",", " ").split()
        )
        start = datetime.fromisoformat(parts[0])
        speed = float(parts[1]) if len(parts) > 1 else 1.0
        since = float(parts[2]) if len(parts) > 2 else None
    except (ValueError, IndexError, OSError):
        start, speed, since = datetime.min, 0.0, None
    if value.startswith("@") and since is None:
        raise ValueError("names no file with a start time, a speed and the Unix seconds when it started")
    if start.tzinfo is None or not 0 < speed <= 1_000_000 or len(parts) > 3:
        raise ValueError("is not a start time and a speed; write 2025-08-01T08:00:00+07:00 60")
    return start, speed, since


def is_loopback(address: str) -> bool:
    """Whether a web address points to this very machine."""
    host = urlsplit(address).hostname or ""
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def load_settings(**overrides: Any) -> Settings:
    """Settings from the environment; `overrides` win. SettingsError names the first wrong setting in one line."""
    try:
        return Settings(**overrides)
    except ValidationError as error:
        raise SettingsError(_one_line(error)) from None


def _one_line(error: ValidationError) -> str:
    first = error.errors()[0]
    message = str(first.get("ctx", {}).get("error") or "")
    if not first["loc"]:
        return message
    name = str(first["loc"][0])
    if not message:
        message = f"{first['msg'][0].lower()}{first['msg'][1:]}; see `lertrat settings`"
    return f"{name.upper()}: {message}"


def secret_key(settings: Settings) -> str:
    """SECRET_KEY, else the key kept in VAR_DIR/secret_key, made at the first call (readable by the owner only)."""
    if settings.secret_key:
        return settings.secret_key
    path = settings.var_dir / "secret_key"
    if not path.exists():
        settings.var_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
        # Linked into place whole, so that of two processes starting at once both read the same key.
        handle, draft = tempfile.mkstemp(dir=settings.var_dir, prefix="secret_key.")
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(secrets.token_urlsafe(32))
        with suppress(FileExistsError):
            os.link(draft, path)
        os.unlink(draft)
    return path.read_text(encoding="ascii").strip()


def settings_table() -> str:
    """The settings as a Markdown table, for the README and `lertrat settings`."""
    lines = ["| setting | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = "off" if field.default is False else str(field.default)
        lines.append(f"| `{name.upper()}` | {f'`{default}`' if default else ''} | {field.description} |")
    return "\n".join(lines)
