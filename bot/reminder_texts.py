"""What reminders, announcements and changes say: Thai, and whole without the cards around them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from bot.events import STOP_REMINDERS
from bot.flex import Json, render
from bot.groups import for_group
from bot.reminder_wording import CALENDAR, NOT_ALL, NOT_THIS
from bot.turn import Answer, Block, Button
from knowledge.calendar import days_left, remind_day, short_day, subjects_of, when_text
from knowledge.model import Milestone, MilestoneDate, Round, Source

MOST_LISTED = 10
STOP_ALL = f"{STOP_REMINDERS}all"
# Quick replies vanish with the next message; a reminder must be stopped with one tap whenever it is read again. The card of
# a question back keeps its buttons.
ON_CARD = "clarify"
LAST_BUTTONS = (CALENDAR, Button(NOT_ALL, NOT_ALL, STOP_ALL))
_NAMELESS = Milestone("", "awards", "deadline", Source())


def rendered(answer: Answer) -> list[Json]:
    """One answer as messages that do the same in a group as in a chat with one person."""
    messages: list[Json] = for_group(render([answer]))
    return messages


def stop_data(year: int, milestone: str) -> str:
    """The postback of the button that ends the subscriptions behind one reminder."""
    return f"{STOP_REMINDERS}{year}/{milestone}"


def reminder(milestone: Milestone, round_: Round, day: date) -> tuple[str, list[Json]]:
    """Title and messages of the reminder that is sent on `day` (Bangkok)."""
    left = days_left(milestone, day) or 0
    answer = Answer(
        ON_CARD,
        f"{_in_days(left)} {_deadline(milestone)}{milestone.name}",
        attribute="reminder",
        header=_header(milestone, round_),
        blocks=(_details(milestone),),
        notes=_notes(milestone),
        buttons=_buttons(milestone, round_),
        year=round_.year,
    )
    return f"{milestone.name} ({_in_days(left)})", rendered(answer)


def ride(milestone: Milestone, day: date) -> str:
    """The same in one sentence, to stand under another answer on `day`."""
    left = days_left(milestone, day) or 0
    return f"ขอแจ้งด้วยว่า {_in_days(left)} {_deadline(milestone)}{milestone.name} ({when_text(milestone)}) ค่ะ"


def announcement(milestones: Sequence[Milestone], round_: Round) -> tuple[str, list[Json]]:
    """Title and messages that tell dates for the first time."""
    one = milestones[0]
    if len(milestones) == 1:
        answer = Answer(
            ON_CARD,
            f"ประกาศวันแล้ว: {one.name}",
            attribute="reminder",
            header=_header(one, round_),
            blocks=(_details(one),),
            notes=_notes(one),
            buttons=_buttons(one, round_),
            year=round_.year,
        )
        return f"ประกาศวัน: {one.name}", rendered(answer)
    lines = [f"{m.name}\t{when_text(m)}" for m in milestones[:MOST_LISTED]]
    if len(milestones) > MOST_LISTED:
        lines.append(f"และอีก {len(milestones) - MOST_LISTED} รายการ\tดูในปฏิทินทั้งหมด")
    answer = Answer(
        ON_CARD,
        f"ประกาศกำหนดการรางวัลเลิศรัฐ พ.ศ. {round_.year} แล้ว {len(milestones)} รายการ",
        attribute="reminder",
        header=f"รางวัลเลิศรัฐ พ.ศ. {round_.year}",
        blocks=(Block("pairs", tuple(lines)),),
        buttons=LAST_BUTTONS,
        year=round_.year,
    )
    return f"ประกาศกำหนดการ {len(milestones)} รายการ", rendered(answer)


def change(milestone: Milestone | None, name: str, old: str, round_: Round) -> tuple[str, list[Json]]:
    """Title and messages that tell that a date which was told no longer holds. `old` is its Thai text; `milestone` is as it
    is now, None when the calendar no longer has it."""
    if milestone is not None and milestone.cancelled:
        gist, now = f"ยกเลิก: {name}", "ยกเลิกแล้ว"
    elif milestone is None or milestone.date is None:
        gist, now = f"เปลี่ยนแปลงกำหนดการ: {name}", "ยังไม่ประกาศวันใหม่"
    else:
        gist, now = f"เลื่อนกำหนดการ: {name}", when_text(milestone)
    pairs = (f"เดิม\t{old}", f"ปัจจุบัน\t{now}")
    answer = Answer(
        ON_CARD,
        gist,
        attribute="reminder",
        header=_header(milestone, round_) if milestone else f"รางวัลเลิศรัฐ พ.ศ. {round_.year}",
        blocks=(Block("pairs", pairs),),
        notes=() if milestone is None else _notes(milestone),
        buttons=LAST_BUTTONS,
        year=round_.year,
    )
    return gist, rendered(answer)


def known_text(day: str) -> str:
    """The Thai text of a date as known_dates keeps it: "2569-03-01..2569-03-15 16:30"."""
    days, _, time = day.partition(" ")
    first, _, last = days.partition("..")
    return when_text(replace(_NAMELESS, date=_date(first), until=_date(last) if last else None, time=time))


def known_day(milestone: Milestone) -> str:
    """A milestone's whole date as known_dates keeps it, in the Buddhist Era; "" without one."""
    if milestone.date is None:
        return ""
    text = _written(milestone.date)
    if milestone.until is not None:
        text += f"..{_written(milestone.until)}"
    return f"{text} {milestone.time}".strip()


def _written(day: MilestoneDate) -> str:
    return f"{day.year}-{day.month:02}" + (f"-{day.day:02}" if day.day else "")


def _date(text: str) -> MilestoneDate:
    year, month, *day = map(int, text.split("-"))
    return MilestoneDate(year, month, day[0] if day else None)


def _in_days(left: int) -> str:
    return {0: "วันนี้", 1: "พรุ่งนี้"}.get(left, f"อีก {left} วัน")


def _deadline(milestone: Milestone) -> str:
    # A span that closes is counted to its end, whatever its name says.
    return "วันสุดท้ายของ" if milestone.kind == "closing" and milestone.until else ""


def _details(milestone: Milestone) -> Block:
    lines = [f"เมื่อ\t{when_text(milestone)}"]
    day = remind_day(milestone)
    if milestone.kind == "closing" and milestone.until and day:
        lines.append(f"วันสุดท้าย\t{short_day(day)}")
    if milestone.place:
        lines.append(f"ที่\t{milestone.place}")
    return Block("pairs", tuple(lines))


def _notes(milestone: Milestone) -> tuple[str, ...]:
    return tuple(text for text in (milestone.note, milestone.caution) if text)


def _header(milestone: Milestone, round_: Round) -> str:
    named = [round_.subjects[key].name for key in subjects_of(milestone) if key in round_.subjects and key != "awards"]
    scheme = f"รางวัลเลิศรัฐ พ.ศ. {round_.year}"
    return f"{', '.join(named)} · {scheme}" if named else scheme


def _buttons(milestone: Milestone, round_: Round) -> tuple[Button, ...]:
    link = (Button("เปิดลิงก์", "เปิดลิงก์", link=milestone.link),) if milestone.link else ()
    stop = Button(NOT_THIS, f"{NOT_THIS}: {milestone.name}", stop_data(round_.year, milestone.id))
    return (*link, stop, *LAST_BUTTONS)
