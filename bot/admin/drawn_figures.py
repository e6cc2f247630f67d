"""The charts of the figures, with what is read out instead of them."""

from __future__ import annotations

from collections.abc import Sequence

from markupsafe import Markup

from bot.admin.charts import lines, stacked_bars
from bot.admin.figures import Figures

# In the order of the colours of charts.css.
ANSWERS = ("ตอบได้", "ถามกลับ", "ไม่มีข้อมูล", "นอกขอบเขต")


def answers_by_day(found: Sequence[Figures]) -> Markup:
    """What came of the questions of each period."""
    columns = [(one.answered, one.clarified, one.unknown, one.out_of_scope) for one in found]
    series = {name: [column[place] for column in columns] for place, name in enumerate(ANSWERS)}
    told = ", ".join(f"{one.period.label} {one.questions} คำถาม" for one in found)
    return stacked_bars([one.period.label for one in found], series, f"กราฟจำนวนคำถามและผลการตอบ: {told}")


def people_by_period(found: Sequence[Figures]) -> Markup:
    """How many people there were in each."""
    told = ", ".join(f"{one.period.label} {one.people or 0} คน" for one in found)
    return stacked_bars(
        [one.period.label for one in found], {"คน": [one.people or 0 for one in found]}, f"กราฟจำนวนคน: {told}"
    )


def reply_times(found: Sequence[Figures]) -> Markup:
    """How fast answers were, in seconds."""
    series = {
        "ครึ่งหนึ่งตอบภายใน": [_seconds(one.median) for one in found],
        "95% ตอบภายใน": [_seconds(one.slowest_twentieth) for one in found],
    }
    told = ", ".join(
        f"{one.period.label} {_seconds(one.median)} และ {_seconds(one.slowest_twentieth)} วินาที"
        for one in found
        if one.median is not None
    )
    return lines([one.period.label for one in found], series, f"กราฟเวลาตอบ ของครึ่งหนึ่งและของ 95%: {told or 'ยังไม่มีข้อมูล'}")


def _seconds(milliseconds: int | None) -> float | None:
    return None if milliseconds is None else round(milliseconds / 1000, 2)
