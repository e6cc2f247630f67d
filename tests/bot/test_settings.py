"""Settings come from the environment, and a wrong one is a line that says what to do."""

from __future__ import annotations

import os
import re
import stat
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load_settings, secret_key, settings_table

CONTRACT = [
    "LINE_CHANNEL_SECRET",
    "LINE_CHANNEL_ACCESS_TOKEN",
    "LINE_API_HOST",
    "LINE_DATA_API_HOST",
    "REDIS_URL",
    "DATABASE_URL",
    "VAR_DIR",
    "SECRET_KEY",
    "PORT",
    "PUBLIC_URL",
    "PUSH_FALLBACK",
    "ALERT_CHAT",
    "LERTRAT_CLOCK",
]
ROOT = Path(__file__).parents[2]


def test_every_setting_of_the_contract_exists_with_a_meaning() -> None:
    assert {name.lower() for name in CONTRACT} <= set(Settings.model_fields)
    assert all(field.description for field in Settings.model_fields.values())


def test_nothing_has_to_be_set() -> None:
    settings = load_settings()
    assert (settings.port, settings.push_fallback, settings.line_api_host) == (8000, False, "https://api.line.me")
    assert settings.line_data_api_host == "https://api-data.line.me"
    assert settings.database == f"sqlite:///{Path('var').absolute()}/lertrat.db"
    assert not settings.has_line


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [
        ("PORT", "abc", "PORT: input should be a valid integer"),
        ("PORT", "70000", "PORT: input should be less than or equal to 65535"),
        ("PUSH_FALLBACK", "maybe", "PUSH_FALLBACK: input should be a valid boolean"),
        ("LINE_API_HOST", "api.line.me", "LINE_API_HOST: is not a web address; write it with https://"),
        ("REDIS_URL", "localhost:6379", "REDIS_URL: is not a Redis address; write redis://"),
        ("DATABASE_URL", "mysql://db/x", "DATABASE_URL: is not a database address; write postgresql://"),
        ("SECRET_KEY", "short", "SECRET_KEY: is too short; use at least 16"),
        ("LERTRAT_CLOCK", "tomorrow", "LERTRAT_CLOCK: is not a start time and a speed; write 2025-08-01"),
        ("LERTRAT_CLOCK", "2025-08-01T08:00:00 60", "LERTRAT_CLOCK: is not a start time and a speed"),
        ("LERTRAT_CLOCK", "2025-08-01T08:00:00+07:00 60", "LERTRAT_CLOCK: only for fault runs"),
        ("LOG_LEVEL", "loud", "LOG_LEVEL: input should be 'debug'"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_the_setting(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, line: str
) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError) as caught:
        load_settings()
    assert str(caught.value).startswith(line)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("given", ["LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"])
def test_one_line_secret_alone_names_the_other(monkeypatch: pytest.MonkeyPatch, given: str) -> None:
    monkeypatch.setenv(given, "x" * 32)
    missing = ({"LINE_CHANNEL_SECRET", "LINE_CHANNEL_ACCESS_TOKEN"} - {given}).pop()
    with pytest.raises(SettingsError, match=f"^{missing}: missing while {given} is set"):
        _ = load_settings().has_line


def test_an_empty_value_counts_as_unset(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PORT", "")
    monkeypatch.setenv("LINE_CHANNEL_SECRET", "")
    assert load_settings() == Settings()


def test_the_data_host_follows_the_api_host(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINE_API_HOST", "http://127.0.0.1:9000/")
    assert load_settings().line_data_api_host == "http://127.0.0.1:9000"


def test_a_false_clock_is_taken_on_a_loopback_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LINE_API_HOST", "http://127.0.0.1:9000")
    monkeypatch.setenv("LERTRAT_CLOCK", "2025-08-01T08:00:00+07:00 60")
    assert load_settings().lertrat_clock == "2025-08-01T08:00:00+07:00 60"


@pytest.mark.parametrize("scheme", ["postgres", "postgresql", "postgresql+psycopg"])
def test_postgres_addresses_of_hosts_reach_psycopg_3(scheme: str) -> None:
    assert load_settings(database_url=f"{scheme}://u:p@db/x").database == "postgresql+psycopg://u:p@db/x"


def test_secrets_do_not_show_in_the_settings_own_text() -> None:
    settings = load_settings(line_channel_secret="hush-1", line_channel_access_token="hush-2", secret_key="hush" * 5)
    assert "hush" not in repr(settings)


def test_a_secret_key_is_made_once_and_only_for_the_owner(tmp_path: Path) -> None:
    settings = load_settings(var_dir=tmp_path / "var")
    key = secret_key(settings)
    assert len(key) >= 32
    assert secret_key(settings) == key
    assert stat.S_IMODE(os.stat(tmp_path / "var" / "secret_key").st_mode) == 0o600


def test_a_wrong_setting_ends_the_command_with_status_2(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "bot.cli", "run"]
    done = subprocess.run(
        command, env=os.environ | {"PORT": "x", "VAR_DIR": str(tmp_path)}, capture_output=True, text=True, check=False
    )
    assert (done.returncode, done.stdout) == (2, "")
    assert re.fullmatch(r"lertrat: PORT: [^\n]+\n", done.stderr)


def test_the_readme_shows_every_setting() -> None:
    readme = ROOT / "README.md"
    if not readme.exists() or "LINE_CHANNEL_SECRET` |" not in readme.read_text(encoding="utf-8"):
        pytest.skip("README.md has no settings table yet; put the output of `lertrat settings` there")
    assert settings_table() in readme.read_text(encoding="utf-8")
