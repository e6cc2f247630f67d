"""A round's Milestones → Answer: what is next, when it closes, how many days are left, what has passed, the whole.

Where the calendar says nothing of what is asked, there is no answer here (None): the content's own words on what is not
known (answers.Composer) then speak.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, time

from bot import calendar_wording as wording
from bot.calendar_rounds import has_dates, openings, round_after
from bot.citing import cited
from bot.turn import Answer, Block, Button
from bot.wording import ASK_A_PERSON, REMIND_WHEN_ANNOUNCED
from intents.calendar_asks import CalendarAsk
from knowledge.calendar import (
    closing_of,
    closings_of,
    days_left,
    earliest,
    is_closed,
    is_on,
    is_past,
    last_day,
    latest,
    milestones,
    next_milestone,
    not_announced,
    passed,
    short_day,
    subjects_of,
    upcoming,
    when_text,
)
from knowledge.date_texts import month_text
from knowledge.model import ERA, Knowledge, Milestone, Round

_MOST_AFTERWARDS = 3


@dataclass(frozen=True)
class Calendar:
    """One round's calendar as it is told to somebody who asks about `subject`. `today` and `at` are the day and the time
    in Bangkok; `public_url` is where the calendar's file can be fetched, "" for nowhere."""

    knowledge: Knowledge
    round: Round
    subject: str
    today: date
    at: time
    public_url: str = ""

    def answer(self, ask: CalendarAsk) -> Answer | None:
        """The answer to what is asked; None where the calendar has nothing on it."""
        match ask.mode:
            case "next":
                return self.next()
            case "passed":
                return self.passed()
            case "whole":
                return self.whole()
            case "days_left" | "state" | "date" if ask.kind in ("", "closing") and (ask.kind or ask.mode != "date"):
                return self.closing(ask)
            case "state":
                return self.closing(ask) or self.dates("opening", ask)
            case "days_left" | "date" if ask.kind:
                return self.dates(ask.kind, ask)
            case "date":
                return self.whole()
        return None

    # -- what is asked -------------------------------------------------------------------------------------------------

    def next(self) -> Answer | None:
        """What comes next, and a few that follow."""
        following = next_milestone(self.round, self.today, self.subject, self.at)
        if following is None:
            return self.over() if milestones(self.round, self.subject) and has_dates(self.round) else None
        others = [m for m in upcoming(self.round, self.today, self.subject, self.at) if m is not following]
        later = others[:_MOST_AFTERWARDS]
        blocks = [*self._details(following), *self._pairs(later, wording.AFTERWARDS)]
        gist = wording.next_is(following.name, when_text(following), self.left(following))
        return self._made(gist, [following, *later], blocks)

    def over(self) -> Answer:
        """Nothing dated is left: what is not announced yet, and the next round."""
        past = passed(self.round, self.today, self.subject, self.at)
        blocks = [*self._undated(), *self._next_round()]
        return self._made(wording.all_over(self.round.year), past, blocks, self._next_buttons())

    def passed(self) -> Answer | None:
        """What is over."""
        past = passed(self.round, self.today, self.subject, self.at)
        if not past:
            return self._made(wording.nothing_passed(self.round.year), []) if has_dates(self.round) else None
        gist = wording.passed_of(self.round.year, len(past))
        return self._made(gist, past, self._pairs(past, "", left=False))

    def whole(self) -> Answer | None:
        """The whole calendar as one card."""
        if not has_dates(self.round):
            return None
        shown = milestones(self.round, self.subject)
        ahead = upcoming(self.round, self.today, self.subject, self.at)
        past = passed(self.round, self.today, self.subject, self.at)
        cancelled = [m for m in shown if m.cancelled]
        blocks = [
            *self._pairs(ahead, wording.UPCOMING),
            *self._undated(),
            *self._pairs(past, wording.PASSED, left=False),
            *self._pairs(cancelled, wording.CANCELLED, left=False),
        ]
        if not ahead:
            blocks += self._next_round()
        return self._made(wording.whole_of(self.round.year), shown, blocks, () if ahead else self._next_buttons())

    def closing(self, ask: CalendarAsk) -> Answer | None:
        """When applications close, how many days are left, or that they are over."""
        closings = [m for m in closings_of(self.round, self.subject) if m.date]
        main = closing_of(self.round, self.subject)
        main = main if main and main.date else (closings[-1] if len(closings) == 1 else None)
        if not closings:
            return self._without_closing() if ask.mode in ("state", "days_left") else None
        if is_closed(self.round, self.subject, self.today, self.at):
            return self._closed(main or closings[-1], closings)
        first = next((m for m in openings(self.round, self.subject) if m.date), None)
        if ask.mode == "state" and first is not None and (earliest(first) or self.today) > self.today:
            gist = wording.not_open_yet(first.name, when_text(first), self.left(first))
            return self._made(gist, [first, *closings], self._pairs(closings, wording.KIND_NAMES["closing"]))
        if main is None:
            return self._made(wording.KIND_NAMES["closing"], closings, self._pairs(closings, ""))
        if is_past(main, self.today, self.at):
            # What is still open comes first.
            main = next(m for m in closings if not is_past(m, self.today, self.at))
        others = [m for m in closings if m is not main]
        blocks = [*self._details(main), *self._pairs(others, wording.OWN_CLOSINGS)]
        return self._made(self._closing_gist(main, ask), [main, *others], blocks)

    def _closing_gist(self, main: Milestone, ask: CalendarAsk) -> str:
        days = days_left(main, self.today)
        if ask.mode == "state":
            return wording.still_open(main.name, when_text(main), self.left(main))
        if ask.mode == "days_left" and days is not None and days >= 0:
            return wording.days_left(days, main.name, when_text(main))
        return self.line(main)

    def _closed(self, main: Milestone, closings: Sequence[Milestone]) -> Answer:
        later = upcoming(self.round, self.today, self.subject, self.at)[:_MOST_AFTERWARDS]
        others = [m for m in closings if m is not main]
        blocks = [
            *self._pairs(others, wording.OWN_CLOSINGS, left=False),
            *self._pairs(later, wording.UPCOMING),
            *self._next_round(),
        ]
        gist = wording.closed(main.name, self.round.year, when_text(main))
        return self._made(gist, [main, *others, *later], blocks, self._next_buttons())

    def _without_closing(self) -> Answer | None:
        """Whether it is open, where no closing is announced."""
        first = next((m for m in openings(self.round, self.subject) if m.date), None)
        if first is None:
            return None
        if (latest(first) or self.today) <= self.today:
            return replace(
                self._made(wording.open_without_end(), [first], self._pairs([first], "", left=False)), status="unknown"
            )
        return self._made(wording.not_open_yet(first.name, when_text(first), self.left(first)), [first])

    def dates(self, kind: str, ask: CalendarAsk) -> Answer | None:
        """One step of the calendar."""
        found = [m for m in milestones(self.round, self.subject) if m.kind == kind]
        dated = [m for m in found if m.date and not m.cancelled]
        if not dated and kind == "documents":
            return self.closing(ask)
        if not dated:
            gone = [m for m in found if m.cancelled]
            if gone:
                return self._made(f"{wording.CANCELLED}: {self.line(gone[0], left=False)}", gone)
            undated = [m for m in found if not m.cancelled]
            return self._unknown(undated[0]) if undated else None
        ahead = [m for m in dated if not is_past(m, self.today, self.at)]
        first, *others = ahead or dated
        blocks = [*self._details(first), *self._pairs(others, wording.AFTERWARDS if ahead else "", left=bool(ahead))]
        days = days_left(first, self.today)
        if not ahead:
            gist = wording.is_over(first.name, self.round.year, when_text(first))
            return self._made(gist, dated, [*blocks, *self._next_round()], self._next_buttons())
        counts = ask.mode == "days_left" and days is not None and days >= 0
        gist = wording.days_left(days or 0, first.name, when_text(first)) if counts else self.line(first)
        return self._made(gist, [first, *others], blocks)

    def in_brief(self) -> tuple[Block, ...]:
        """What is next in this round, or that it is over, for an answer about another one."""
        ahead = upcoming(self.round, self.today, self.subject, self.at)[:_MOST_AFTERWARDS]
        title = wording.header("", self.round.year)
        if ahead:
            return tuple(self._pairs(ahead, title))
        return (Block("paragraph", (wording.all_over(self.round.year),), title),)

    # -- parts -----------------------------------------------------------------------------------------------------

    def line(self, milestone: Milestone, *, left: bool = True) -> str:
        """A milestone with its date and how far away it is."""
        text = f"{milestone.name} {when_text(milestone)}"
        return f"{text} ({self.left(milestone)})" if left and milestone.date else text

    def left(self, milestone: Milestone) -> str:
        """How far away it is: "อีก 12 วัน"; of a month only that it has passed or is to come."""
        if is_past(milestone, self.today, self.at):
            return wording.PASSED
        last = last_day(milestone)
        if is_on(milestone, self.today) and last is not None and last > self.today:
            return wording.on_until(short_day(last))
        days = days_left(milestone, self.today)
        return wording.left(max(days, 0)) if days is not None else wording.NOT_ANNOUNCED

    def _pairs(self, shown: Sequence[Milestone], title: str, *, left: bool = True) -> list[Block]:
        lines = tuple(
            f"{self._named(m)}\t{when_text(m)}{f' ({self.left(m)})' if left and days_left(m, self.today) is not None else ''}"
            for m in shown
        )
        return [Block("pairs", lines, title)] if lines else []

    def _named(self, milestone: Milestone) -> str:
        """Its name, with whom it is for where that is not all who were asked about."""
        subjects = [s for s in subjects_of(milestone) if s != "awards"]
        labels = [self.round.subjects[s].label for s in subjects]
        # "ปิดรับสมัคร PMQA" says that it is the award of that name.
        told = all(label.removeprefix("สาขา").removeprefix("รางวัล").strip() in milestone.name for label in labels)
        return milestone.name if told or self.subject in subjects else f"{milestone.name} ({', '.join(labels)})"

    def _details(self, milestone: Milestone) -> list[Block]:
        parts = (
            (wording.WHERE, milestone.place),
            (wording.LINK, milestone.link),
            (wording.NOTE, milestone.note),
        )
        lines = tuple(f"{label}\t{value}" for label, value in parts if value)
        return [Block("pairs", lines)] if lines else []

    def _undated(self) -> list[Block]:
        names = tuple(m.name for m in not_announced(self.round, self.subject))
        return [Block("bullets", names, wording.NOT_ANNOUNCED)] if names else []

    def _unknown(self, milestone: Milestone) -> Answer:
        ahead = upcoming(self.round, self.today, self.subject, self.at)
        gist = wording.not_announced(milestone.name, self.round.year)
        blocks = self._pairs(ahead[: _MOST_AFTERWARDS + 1], wording.UPCOMING)
        answer = self._made(gist, [milestone, *ahead], blocks, (REMIND_WHEN_ANNOUNCED, ASK_A_PERSON))
        return replace(answer, status="unknown")

    def _next_year(self) -> int:
        return round_after(self.knowledge, self.round.year, self.today)

    def _next_round(self) -> list[Block]:
        """When the next round opens, or that nobody has said."""
        year = self._next_year()
        known = self.knowledge.rounds.get(year)
        first = next((m for m in openings(known, self.subject) if m.date), None) if known else None
        text = wording.next_round(year, first.name, when_text(first)) if first else wording.next_round_unknown(year)
        return [Block("paragraph", (text,), wording.NEXT_ROUND)]

    def _next_buttons(self) -> tuple[Button, ...]:
        year = self._next_year()
        known = self.knowledge.rounds.get(year)
        return (wording.calendar_of(year),) if known and has_dates(known) else (REMIND_WHEN_ANNOUNCED,)

    def _made(
        self,
        gist: str,
        used: Sequence[Milestone],
        blocks: Sequence[Block] = (),
        buttons: tuple[Button, ...] = (),
    ) -> Answer:
        own = self.round.subjects[self.subject]
        ahead = any(not is_past(m, self.today, self.at) and not m.cancelled for m in used)
        if ahead and not buttons:
            buttons = (wording.remind_of("" if self.subject == "awards" else own.name),)
        if gist != wording.whole_of(self.round.year) and self.round is self.knowledge.newest:
            buttons = (*buttons, wording.WHOLE_CALENDAR)
        answer = Answer(
            "answered",
            gist,
            (self.subject,),
            "deadline",
            header=wording.header("" if self.subject == "awards" else own.label, self.round.year),
            blocks=tuple(blocks),
            buttons=(*buttons, *self.file_button()),
            year=self.round.year,
            rules_year=self.round.year,
        )
        return cited(answer, self.round, [m for m in used if m.date])

    def file_button(self) -> tuple[Button, ...]:
        """The calendar's file, where the outside world can fetch it and something in it is to come."""
        if not self.public_url or not any(last_day(m) for m in upcoming(self.round, self.today)):
            return ()
        return (wording.file_of(f"{self.public_url}/calendar/{self.round.year}.ics"),)


def month_answer(calendar: Calendar, ask: CalendarAsk, year: int | None) -> Answer:
    """What is dated in one month, whichever round it belongs to. `year` is the month's own, Buddhist Era, if one was said.

    A month without a year is the one to come; the last one where nothing is dated in that.
    """
    today = calendar.today
    if ask.months_from_now is not None:
        count = today.year * 12 + today.month - 1 + ask.months_from_now
        western, month = count // 12, count % 12 + 1
    else:
        month = ask.month or today.month
        western = year - ERA if year else today.year + (month < today.month)
    found = _in_month(calendar, western, month)
    if not found and year is None and ask.months_from_now is None:
        before = [(w, shown) for w in range(western - 1, western - 3, -1) if (shown := _in_month(calendar, w, month))]
        western, found = before[0] if before else (western, [])
    name = month_text(western + ERA, month)
    if not found:
        made = replace(calendar._made(wording.nothing_in_month(name), []), header="")
        if has_dates(calendar.round):
            return made
        return replace(made, status="unknown", buttons=(REMIND_WHEN_ANNOUNCED, *made.buttons))
    blocks = calendar._pairs([m for _, m in found], "")
    made = calendar._made(wording.in_month(name, len(found)), [m for _, m in found], blocks)
    return replace(made, year=found[0][0].year, rules_year=found[0][0].year)


def _in_month(calendar: Calendar, western: int, month: int) -> list[tuple[Round, Milestone]]:
    """The milestones that fall into a month (of a Gregorian year), each with its round, in order."""
    start = date(western, month, 1)
    end = date(western + month // 12, month % 12 + 1, 1)
    return [
        (round_, m)
        for _, round_ in sorted(calendar.knowledge.rounds.items())
        for m in milestones(round_, calendar.subject)
        if not m.cancelled and (first := earliest(m)) and (last := latest(m)) and first < end and last >= start
    ]


def side_by_side(calendars: Sequence[Calendar], kind: str) -> Answer | None:
    """One step of the calendar for several subjects, a line each; None where nothing of it is dated."""
    first = calendars[0]
    lines, used = [], []
    for calendar in calendars:
        own = closing_of(calendar.round, calendar.subject) if kind == "closing" else None
        found = [own] if own else [m for m in milestones(calendar.round, calendar.subject) if m.kind == kind]
        dated = [m for m in found if m.date and not m.cancelled]
        used += dated
        told = " · ".join(f"{when_text(m)} ({calendar.left(m)})" for m in dated) or wording.NOT_ANNOUNCED
        lines.append(f"{calendar.round.subjects[calendar.subject].name}\t{told}")
    if not used:
        return None
    made = replace(first, subject="awards")._made(
        wording.KIND_NAMES.get(kind, kind), list(dict.fromkeys(used)), [Block("pairs", tuple(lines))]
    )
    return replace(made, subjects=tuple(calendar.subject for calendar in calendars))
