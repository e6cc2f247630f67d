"""What is remembered of a chat, and what is forgotten rather than misread."""

from __future__ import annotations

from dataclasses import replace

import pytest
from redis import Redis

from bot.conversation import VERSION, ConversationStore, Remembered
from bot.settings import Settings
from bot.turn import Conversation

FULL = Conversation(
    subjects=("service.innovation",),
    attribute="conditions",
    topic="duration",
    entry="service.innovation.duration",
    year=2568,
    offered=("service", "participation"),
    options=("ข้อแรก",),
    last_question="ต้องทำมากี่ปี",
    misses=1,
    handover="offered",
    waiting=({"type": "text", "text": "คำตอบ"},),
)
KEY = "lertrat:conversation:U1"


@pytest.fixture
def store(redis: Redis) -> ConversationStore:
    return ConversationStore(redis, ttl=60)


def test_a_conversation_comes_back_as_it_was(store: ConversationStore, redis: Redis) -> None:
    store.save("U1", FULL)

    assert store.load("U1") == FULL
    assert 0 < redis.ttl(KEY) <= 60
    assert store.load("U2") == Conversation()


def test_an_open_hand_over_outlives_the_quiet_time(redis: Redis) -> None:
    store = ConversationStore.of(redis, Settings(conversation_hours=24, handover_days=90))

    store.save("U1", replace(FULL, handover="open"))
    assert 89 * 86_400 < redis.ttl(KEY) <= 90 * 86_400

    store.update("U1", lambda conversation: replace(conversation, handover=""))
    assert 0 < redis.ttl(KEY) <= 86_400


@pytest.mark.parametrize(
    "stored",
    [
        b"",
        b"{",
        b"\xff",
        b"[]",
        b'{"conversation": {"misses": "many"}}',
        b'{"version": %d, "conversation": {"misses": 3}}' % (VERSION + 1),
    ],
)
def test_what_cannot_be_read_is_forgotten(store: ConversationStore, redis: Redis, stored: bytes) -> None:
    redis.set(KEY, stored)

    assert store.load("U1") == Conversation()


def test_a_field_of_a_newer_program_is_passed_over(store: ConversationStore, redis: Redis) -> None:
    redis.set(KEY, b'{"version": %d, "conversation": {"misses": 3, "mood": "good"}}' % VERSION)

    assert store.load("U1") == Conversation(misses=3)


def test_a_fresh_conversation_takes_no_room(store: ConversationStore, redis: Redis) -> None:
    store.save("U1", FULL)
    store.save("U1", Conversation())

    assert redis.exists(KEY) == 0


def test_a_forgotten_conversation_is_gone(store: ConversationStore, redis: Redis) -> None:
    store.save("U1", FULL)
    store.forget("U1")

    assert redis.exists(KEY) == 0


def test_an_update_from_outside_keeps_the_rest_and_loses_no_race(store: ConversationStore, redis: Redis) -> None:
    store.put(redis, "U1", Remembered(FULL, asked_in=("m1",)))
    raced: list[int] = []

    def close(conversation: Conversation) -> Conversation:
        if not raced:
            raced.append(1)
            store.put(redis, "U1", Remembered(replace(FULL, misses=2), asked_in=("m1",)))
        return replace(conversation, handover="")

    store.update("U1", close)

    assert store.recall("U1") == Remembered(replace(FULL, misses=2, handover=""), asked_in=("m1",))
