"""Who a Broadcast goes to, as the JSON that is kept with it, read a page at a time in the byte order of the chats.

- `{"kind": "subjects", "subjects": […], "leads": ["7d", …]}`: who wishes to hear of one of them (with one of these lead
  times if there are any)
- `{"kind": "everyone"}`: the people who follow the account
- `{"kind": "chats", "chats": […]}`: these chats, a test list
- `{"kind": "told", "broadcasts": [ids], "states": […], "subjects": […], "ahead": ""}`: whom these Broadcasts' Deliveries in
  these states went to, and who still wishes to hear of one of the subjects; `ahead` begins the keys of reminders that rode
  on replies before they had a Broadcast
"""

from __future__ import annotations

import heapq
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby, islice
from typing import Any

from sqlalchemy import Connection

from bot.storage import broadcasts, deliveries, followers, rides, subscriptions
from knowledge.model import SUBJECT_KEYS

Audience = dict[str, Any]

SUBJECTS, EVERYONE, CHATS, TOLD = "subjects", "everyone", "chats", "told"
RIDDEN = "ridden"  # among the states of `told`: also whom it rode to


@dataclass(frozen=True)
class Page:
    """Some chats, each once, and the last one that was looked at; `more`: there may be others behind it, if only none."""

    chats: list[str]
    last: str
    more: bool


def of_subjects(subjects: Iterable[str], *leads: str) -> Audience:
    """Who wishes to hear of one of the subjects, with one of those lead times if given."""
    return {"kind": SUBJECTS, "subjects": sorted(subjects), "leads": sorted(leads)}


def of_subject(subject: str) -> Audience:
    """Who wishes to hear of a subject, or of one above or below it."""

    def covers(above: str, below: str) -> bool:
        return above in ("awards", below) or below.startswith(f"{above}.")

    return of_subjects(key for key in SUBJECT_KEYS if covers(key, subject) or covers(subject, key))


def of_everyone() -> Audience:
    """Who follows the account."""
    return {"kind": EVERYONE}


def of_chats(chats: Iterable[str]) -> Audience:
    """These chats."""
    return {"kind": CHATS, "chats": sorted(set(chats))}


def of_told(numbers: Iterable[int], states: Collection[str], subjects: Iterable[str], ahead: str = "") -> Audience:
    """Whom these Broadcasts reached."""
    return {
        "kind": TOLD,
        "broadcasts": sorted(numbers),
        "states": sorted(states),
        "subjects": sorted(subjects),
        "ahead": ahead,
    }


def upto(connection: Connection, audience: Audience) -> int | None:
    """The id that separates those who are there now from those who come later; None where that makes no difference."""
    if audience["kind"] == SUBJECTS:
        return subscriptions.last_id(connection)
    return followers.last_id(connection) if audience["kind"] == EVERYONE else None


def page(connection: Connection, audience: Audience, *, after: str, upto: int | None, limit: int) -> Page:
    """The chats behind `after`. ValueError for an audience of a kind that this program does not know."""
    match audience["kind"]:
        case "subjects":
            chats = subscriptions.chats_matching(
                connection, audience["subjects"], audience["leads"], after=after, upto=upto, limit=limit
            )
        case "everyone":
            chats = followers.chats_after(connection, after=after, upto=upto, limit=limit)
        case "chats":
            chats = [chat for chat in sorted(audience["chats"]) if chat > after][:limit]
        case "told":
            told = list(islice(_told(connection, audience, after), limit))
            wishing = subscriptions.still_wishing(connection, told, audience["subjects"])
            return Page([chat for chat in told if chat in wishing], told[-1] if told else after, len(told) == limit)
        case other:
            raise ValueError(f"unknown audience '{other}'")
    return Page(chats, chats[-1] if chats else after, bool(chats))


def count(connection: Connection, audience: Audience) -> tuple[int, int]:
    """How many users, and how many groups and rooms, it holds at this moment."""
    if audience["kind"] == SUBJECTS:
        return subscriptions.count_matching(connection, audience["subjects"], audience["leads"])
    if audience["kind"] == EVERYONE:
        return followers.count(connection), 0
    users = groups = 0
    after, more = "", True
    while more:
        found = page(connection, audience, after=after, upto=None, limit=10_000)
        of_users = sum(chat.startswith("U") for chat in found.chats)
        users, groups = users + of_users, groups + len(found.chats) - of_users
        after, more = found.last, found.more
    return users, groups


def _told(connection: Connection, audience: Audience, after: str) -> Iterator[str]:
    states = [state for state in audience["states"] if state != RIDDEN]
    streams = [
        deliveries.chats_reached(connection, number, states, after) for number in audience["broadcasts"] if states
    ]
    if RIDDEN in audience["states"]:
        found = (broadcasts.by_id(connection, number) for number in audience["broadcasts"])
        streams.append(_ridden(connection, [one.key for one in found if one], audience["ahead"], after))
    return (chat for chat, _ in groupby(heapq.merge(*streams)))


def _ridden(connection: Connection, keys: Collection[str], ahead: str, after: str) -> Iterator[str]:
    while chats := rides.ridden(connection, keys, ahead, after=after, limit=1000):
        yield from chats
        after = chats[-1]
