"""Who follows the account is kept from any event of a chat of their own, and never at the cost of an answer."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

import pytest
from sqlalchemy import Engine

from bot.effects import Effects
from bot.following import PAUSE_SECONDS, Following
from bot.storage import followers
from bot.turn import Effect, EraseChat, Event, KeepFollower

EVENT = Event("e-1", "text", "U1", "user", timestamp=1_751_000_000_000, user="U1")


def count(engine: Engine) -> int:
    with engine.connect() as connection:
        return followers.count(connection)


@pytest.mark.parametrize("kind", ["follow", "text", "sticker", "postback", "unsend"])
def test_any_event_of_ones_own_chat_keeps_a_follower_once(engine: Engine, kind: str) -> None:
    following = Following(Effects(engine, "key"))
    for number in range(3):
        following(replace(EVENT, kind=kind, id=f"e-{number}"))
    assert count(engine) == 1


@pytest.mark.parametrize(
    "event",
    [
        replace(EVENT, kind="unfollow"),
        replace(EVENT, source="group", chat="C1"),
        replace(EVENT, source="room", chat="R1", kind="leave"),
    ],
)
def test_who_leaves_and_groups_are_no_followers(engine: Engine, event: Event) -> None:
    Following(Effects(engine, "key"))(event)
    assert count(engine) == 0


def test_unfollowing_ends_it(engine: Engine) -> None:
    effects = Effects(engine, "key")
    effects.perform(KeepFollower(), EVENT)
    effects.perform(EraseChat(), replace(EVENT, kind="unfollow"))
    assert count(engine) == 0


@dataclass
class Away:
    """A storage that cannot be reached."""

    asked: list[Effect] = field(default_factory=list)

    def perform(self, effect: Effect, event: Event) -> None:
        self.asked.append(effect)
        raise ConnectionError("away")


def test_a_storage_that_is_away_is_asked_again_after_a_while(capsys: pytest.CaptureFixture[str]) -> None:
    away, seconds = Away(), [0.0]
    following = Following(away, lambda: seconds[0])
    for second in (0.0, 1.0, PAUSE_SECONDS - 1, PAUSE_SECONDS + 1):
        seconds[0] = second
        following(EVENT)
    assert len(away.asked) == 2
    assert "U1" not in capsys.readouterr().out
