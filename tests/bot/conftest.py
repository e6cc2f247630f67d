"""A small LINE to talk to."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.bot.line_server import LineServer


@pytest.fixture
def line_server() -> Iterator[LineServer]:
    """A stand-in for LINE's sending side."""
    server = LineServer()
    yield server
    server.stop()
