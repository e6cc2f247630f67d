from __future__ import annotations

import threading
from collections.abc import Callable, Iterator

import pytest

from bot.simulator.config import SimulatorConfig
from bot.simulator.server import Running, running
from tests.bot.simulator.echo_bot import SECRET, TOKEN, Answer, EchoBot, Json, call


class Clock:
    """Seconds since 1970 that a test moves by hand."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def bot() -> Iterator[EchoBot]:
    bot = EchoBot()
    server = bot.serve()
    bot.webhook_url = f"http://127.0.0.1:{server.server_port}/webhook"  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    yield bot
    bot.hanging.set()
    server.shutdown()
    server.server_close()
    thread.join()


@pytest.fixture
def config(bot: EchoBot, clock: Clock) -> SimulatorConfig:
    return SimulatorConfig(
        webhook_url=bot.webhook_url,  # type: ignore[attr-defined]
        channel_secret=SECRET,
        channel_access_token=TOKEN,
        webhook_timeout_seconds=0.5,
        redelivery_delays=(0.02, 0.02),
        fault_hold_seconds=1,
        clock=clock,
    )


@pytest.fixture
def simulator(config: SimulatorConfig, bot: EchoBot, monkeypatch: pytest.MonkeyPatch) -> Iterator[Running]:
    monkeypatch.setenv("LERTRAT_SIMULATOR", "1")
    with running(config) as simulator:
        bot.api = simulator.url
        yield simulator


Api = Callable[..., Answer]


@pytest.fixture
def api(simulator: Running) -> Api:
    """`api("POST", "/v2/…", body)` with the right token."""

    def call_simulator(method: str, path: str, body: object = None, **more: str | None) -> Answer:
        return call(simulator.url, method, path, body, **more)

    return call_simulator


@pytest.fixture
def act(api: Api) -> Callable[..., Json]:
    """`act("สมศรี (กรม)", "text", text="…")` does what a person does; the answer of the control route."""

    def perform(user: str, type: str, **more: object) -> Json:
        answer = api("POST", "/simulator/actions", {"user": user, "type": type, **more})
        assert answer.status == 200, answer.body
        return answer.body

    return perform
