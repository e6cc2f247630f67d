"""The web process tells whether it can answer, and is light enough to start at once."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from flask.testing import FlaskClient
from redis import Redis
from sqlalchemy import Engine

from bot.app import create_app
from bot.settings import Settings, SettingsError
from bot.storage.database import make_engine

SECRET = "the-secret-of-the-tests"


def settings_for(redis_url: str, tmp_path: Path) -> Settings:
    return Settings(
        line_channel_secret=SECRET,
        line_channel_access_token="token",
        redis_url=redis_url,
        var_dir=tmp_path,
    )


@pytest.fixture
def client(redis: Redis, redis_url: str, engine: Engine, tmp_path: Path) -> FlaskClient:
    return create_app(settings_for(redis_url, tmp_path), redis=redis, engine=engine).test_client()


def test_it_lives_without_anything_else(tmp_path: Path) -> None:
    app = create_app(settings_for(f"unix://{tmp_path}/no-redis", tmp_path))
    answer = app.test_client().get("/healthz")
    assert (answer.status_code, answer.json) == (200, {"status": "ok"})


def test_it_is_ready_with_redis_a_migrated_database_and_a_worker(client: FlaskClient, redis: Redis) -> None:
    redis.set("lertrat:worker:1", "1", ex=30)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json) == (200, {"status": "ready"})


def test_without_a_worker_it_is_not_ready_and_says_so(client: FlaskClient) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert list(answer.json["missing"]) == ["worker"]


def test_without_redis_and_without_tables_it_names_both(tmp_path: Path) -> None:
    app = create_app(settings_for(f"unix://{tmp_path}/no-redis", tmp_path))
    answer = app.test_client().get("/readyz")
    assert answer.status_code == 503
    assert answer.json is not None
    assert set(answer.json["missing"]) == {"redis", "database"}


def test_a_signed_event_is_queued_for_the_worker(client: FlaskClient, redis: Redis) -> None:
    event = {
        "type": "message",
        "mode": "active",
        "timestamp": 1_754_000_000_000,
        "webhookEventId": "01HEVENT",
        "deliveryContext": {"isRedelivery": False},
        "source": {"type": "user", "userId": "U" + "1" * 32},
        "replyToken": "r" * 32,
        "message": {"id": "1", "type": "text", "text": "รางวัลเลิศรัฐคืออะไร", "quoteToken": "q"},
    }
    body = json.dumps({"destination": "U" + "0" * 32, "events": [event]}).encode()
    signature = base64.b64encode(hmac.new(SECRET.encode(), body, hashlib.sha256).digest()).decode()
    assert client.post("/webhook", data=body, headers={"X-Line-Signature": signature}).status_code == 200
    assert redis.zcard("lertrat:pending") == 1
    assert redis.llen("lertrat-tasks:chats") == 1


def test_the_figures_show_requests_and_what_waits(client: FlaskClient, redis: Redis) -> None:
    redis.zadd("lertrat:pending", {"U1": 1})
    client.get("/healthz")
    text = client.get("/metrics").text
    assert 'lertrat_http_requests_total{endpoint="healthz",status="200"}' in text
    assert "lertrat_chats_waiting 1.0" in text
    assert "lertrat_unanswered 0.0" in text
    assert "lertrat_dead_letters 0.0" in text


def test_the_figures_go_on_while_redis_is_away(tmp_path: Path) -> None:
    app = create_app(settings_for(f"unix://{tmp_path}/no-redis", tmp_path))
    answer = app.test_client().get("/metrics")
    assert answer.status_code == 200
    assert "lertrat_workers" not in answer.text


@pytest.mark.parametrize("path", ["/", "/wp-login.php", "/webhook/../etc/passwd", "/<script>"])
def test_an_unknown_address_gets_a_short_plain_404(client: FlaskClient, path: str) -> None:
    answer = client.get(path)
    assert (answer.status_code, answer.mimetype, answer.text) == (404, "text/plain", "not found\n")


def test_a_wrong_method_says_which_is_right(client: FlaskClient) -> None:
    answer = client.get("/webhook")
    assert answer.status_code == 405
    assert "POST" in answer.headers["Allow"]


def test_every_answer_carries_the_security_headers(client: FlaskClient) -> None:
    for path in ("/healthz", "/nowhere"):
        headers = client.get(path).headers
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_it_does_not_start_without_the_line_secrets(redis_url: str, tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=r"^LINE_CHANNEL_SECRET"):
        create_app(Settings(redis_url=redis_url, var_dir=tmp_path), engine=make_engine("sqlite://"))


def test_the_web_process_loads_nothing_that_understands_or_sends(redis_url: str, tmp_path: Path) -> None:
    program = """
import sys
from bot.app import create_app
create_app()
heavy = {"intents", "yaml", "linebot", "pythainlp", "sklearn", "numpy", "rapidfuzz", "alembic"}
print(sorted(heavy & {name.partition(".")[0] for name in sys.modules}))
"""
    environment = os.environ | {
        "REDIS_URL": redis_url,
        "VAR_DIR": str(tmp_path),
        "LINE_CHANNEL_SECRET": SECRET,
        "LINE_CHANNEL_ACCESS_TOKEN": "token",
    }
    done = subprocess.run([sys.executable, "-c", program], env=environment, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
