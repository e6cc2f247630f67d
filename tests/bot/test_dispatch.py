"""The first handler that takes an event answers it, in the order that HANDLERS shows."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot import handlers
from bot.dispatch import Request, Services, dispatch
from bot.turn import Answer, Conversation, Turn
from tests.bot.talk import event

ASKED = event(text="เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง")


def said(text: str) -> Turn:
    return Turn(Conversation(), (Answer("answered", text),))


def test_the_first_handler_that_takes_it_wins(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    called: list[str] = []

    def declines(request: Request) -> Turn | None:
        called.append("declines")
        return None

    def takes(request: Request) -> Turn | None:
        called.append("takes")
        return said("ก")

    def never(request: Request) -> Turn | None:
        called.append("never")
        return said("ข")

    monkeypatch.setattr(handlers, "HANDLERS", (declines, takes, never))
    assert dispatch(ASKED, Conversation(), services).replies[0].gist == "ก"
    assert called == ["declines", "takes"]


def test_nobody_s_event_is_kept_quiet(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(handlers, "HANDLERS", (lambda request: None,))
    before = Conversation(subjects=("pmqa",))
    assert dispatch(ASKED, before, services) == Turn(before)


def test_the_order_is_taps_ratings_events_handover_consent_options_points_again_quiz_reminders_works_dates_commands_questions() -> (
    None
):
    names = [handler.__name__ for handler in handlers.HANDLERS]
    assert names == [
        "reminder_tap",
        "rating",
        "lifecycle",
        "handover",
        "reminder_consent",
        "choose_option",
        "point",
        "again",
        "quiz",
        "reminders",
        "going_on",
        "calendar",
        "command",
        "question",
    ]


def test_a_text_that_was_understood_leaves_what_it_was_understood_as(services: Services) -> None:
    turn = dispatch(ASKED, Conversation(), services)
    assert turn.match is not None
    assert turn.match.best.subjects == ("service.innovation",)


def test_a_sticker_is_not_understood_at_all(services: Services) -> None:
    blind = replace(services, matchers={})
    assert dispatch(event("sticker"), Conversation(), blind).match is None


@pytest.mark.parametrize(("asked", "rules"), [(None, 2568), (2570, 2568), (2568, 2568), (2560, 2568)])
def test_the_newest_earlier_rules_answer_for_any_round(services: Services, asked: int | None, rules: int) -> None:
    assert Request(ASKED, Conversation(), services, asked).round.year == rules


def test_the_round_that_was_talked_about_lasts(services: Services) -> None:
    request = Request(ASKED, Conversation(year=2570), services)
    assert (request.context.year, request.round.year) == (2570, 2568)


def test_handlers_change_nothing_that_they_are_given(services: Services) -> None:
    before = Conversation(subjects=("pmqa",), offered=("pmqa.four",), options=("ก\tข",), misses=1)
    copy = replace(before)
    first = dispatch(ASKED, before, services)
    assert before == copy
    assert dispatch(ASKED, before, services).replies == first.replies
