"""What a fault run expects agrees with the calendar's own rules, which it does not use."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.content import as_documents, own_files
from bot.fault_run import story
from bot.fault_run.story import Subscriber
from knowledge.calendar import leads_due, matching_subjects, milestones
from knowledge.leads import Lead
from knowledge.loader import load_knowledge


@pytest.mark.parametrize("moved", [False, True])
def test_who_is_due_what_is_what_the_calendar_says(moved: bool) -> None:
    round_ = load_knowledge(story.documents(as_documents(own_files()), moved=moved)).rounds[story.YEAR]
    people = story.subscribers(300, 5)
    found = {(one.day, one.contains): one.chats for one in story.reminders(people, 40, -1 if moved else None)}
    due: dict[tuple[int, str], frozenset[str]] = {}
    for day in range(41):
        for step in milestones(round_):
            subjects = matching_subjects(step, round_)
            chats = frozenset(
                one.chat
                for one in people
                for subject, leads in one.wishes.items()
                if subject in subjects
                and leads_due(step, story.FIRST_DAY + timedelta(days=day), map(Lead.parse, leads))
            )
            if chats:
                due[day, step.name] = chats
    assert found == due
    assert len(due) > 15


def test_the_subscribers_are_of_every_kind_and_the_same_each_time() -> None:
    people = story.subscribers(1000, 3)
    assert people == story.subscribers(1000, 3)
    assert {one.chat[0] for one in people} == {"U", "C", "R"}
    assert {len(one.wishes) for one in people} == {1, 2, 3}
    assert len({one.chat for one in people}) == 1000


def test_every_message_is_told_from_the_others() -> None:
    every = [story.announced([]), story.changed(frozenset(), 1)]
    every += story.reminders([Subscriber("U1", {"awards": tuple(f"{day}d" for day in range(60))})], 40, None)
    texts = [f"{one.begins}{one.contains}" for one in every]
    assert [[one for one in every if one.is_told_by(text)] for text in texts] == [[one] for one in every]


def test_a_longer_run_lives_through_more_mornings() -> None:
    assert story.mornings(1) == [0]
    assert story.mornings(3) == [0, 1, 30]
    assert len(story.mornings(99)) == story.MOST_MORNINGS
