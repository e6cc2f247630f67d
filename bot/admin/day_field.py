"""A field for one day, typed as people write it in Thailand: "31/3/2569", "31 มี.ค. 69"."""

from __future__ import annotations

from datetime import date

from bot.admin.forms import TextField, typed


def day_of(field: TextField) -> date | None:
    """The day that was typed; None for nothing, and where the field now says what is wrong with it."""
    from knowledge.typed_dates import EXAMPLES, UnreadableError, read_date

    if field.errors or not typed(field):
        return None
    try:
        read = read_date(typed(field))
        day = read.date.as_date() if read.date else None
        if day is None or read.until is not None:
            raise UnreadableError(f"กรุณาเขียนวัน เดือน และปี {EXAMPLES}")
        return day
    except UnreadableError as error:
        field.errors = [*field.errors, str(error)]
        return None


def as_typed(day: date) -> str:
    """What `day_of` reads as this day."""
    return f"{day.day}/{day.month}/{day.year + 543}"
