"""The program's own matcher, compiled once."""

from __future__ import annotations

import pytest

from bot.dispatch import Services
from intents.entities import Gazetteer
from intents.matcher import Matcher
from intents.tokenize import Tokenizer
from knowledge.model import Round


@pytest.fixture(scope="session")
def matcher(services: Services) -> Matcher:
    """The newest round's matcher."""
    return services.matchers[services.knowledge.newest.year]


@pytest.fixture(scope="session")
def round_(matcher: Matcher) -> Round:
    """The newest round."""
    return matcher.round


@pytest.fixture(scope="session")
def gazetteer(matcher: Matcher) -> Gazetteer:
    """The newest round's names."""
    return matcher.gazetteer


@pytest.fixture(scope="session")
def tokenizer(matcher: Matcher) -> Tokenizer:
    """The matcher's tokenizer, which knows the round's words."""
    return matcher.tokenizer
