"""Figures by day and by week, and the report to hand on."""

from __future__ import annotations

from datetime import date

from flask import Blueprint, Response, abort, render_template, request
from flask.typing import ResponseReturnValue
from wtforms.validators import InputRequired, Length

from bot.admin import dashboard, reports
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.day_field import as_typed, day_of
from bot.admin.drawn_figures import answers_by_day, people_by_period, reply_times
from bot.admin.figures import WEEK, Period, figures, week_of, weeks_up_to
from bot.admin.forms import Form, TextField
from bot.admin.roles import needs
from bot.admin.spreadsheets import CSV_TYPE, XLSX_TYPE, as_csv, as_xlsx

WEEKS_SHOWN = 6


class PeriodForm(Form):
    """Which days a report is about; read only, so without a token."""

    class Meta(Form.Meta):
        """Sent by GET."""

        csrf = False

    since = TextField("ตั้งแต่วันที่", [InputRequired(), Length(max=40)], description="เช่น 1/3/2569")
    until = TextField("ถึงวันที่", [InputRequired(), Length(max=40)], description="เช่น 31 มี.ค. 69")

    def period(self) -> Period | None:
        """The days asked for; None where a field says what is wrong."""
        if not self.validate():
            return None
        first, last = day_of(self.since), day_of(self.until)
        if first is None or last is None:
            return None
        if last < first:
            self.refuse(Refused("วันสุดท้ายต้องไม่มาก่อนวันแรก", "until"))
        elif (last - first).days >= reports.LONGEST_DAYS:
            self.refuse(Refused("รายงานหนึ่งฉบับมีได้ไม่เกิน 366 วัน", "until"))
        else:
            return Period(first, last)
        return None


def page(console: Console) -> Blueprint:
    """`/admin/statistics/` and its report."""
    blueprint = Blueprint("statistics", __name__, url_prefix="/statistics")

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        today = dashboard.today_of(console)
        return _shown(week_of(_day(request.args.get("week", "")) or today), _form(today))

    @blueprint.get("/report")
    @needs("viewer")
    def report() -> ResponseReturnValue:
        """The report of the days asked for; `format` is csv or xlsx."""
        kind = request.args.get("format", "xlsx")
        form = PeriodForm(request.args)
        if kind not in ("csv", "xlsx"):
            abort(404)
        period = form.period()
        if period is None:
            return _shown(week_of(dashboard.today_of(console)), form)
        rows = dashboard.rows_of(console, period)
        if kind == "csv":
            body, type_ = as_csv(reports.daily(period, rows)), CSV_TYPE
        else:
            names = reports.names_of(dashboard.knowledge_of(console))
            body, type_ = as_xlsx(reports.workbook(period, rows, names)), XLSX_TYPE
        name = f"lertrat-{period.first.isoformat()}-{period.last.isoformat()}.{kind}"
        response = Response(body, content_type=type_)
        response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
        return response

    def _shown(week: Period, form: PeriodForm) -> str:
        today = dashboard.today_of(console)
        weeks = weeks_up_to(week.first, WEEKS_SHOWN)
        rows = dashboard.rows_of(console, Period(weeks[0].first, week.last))
        days = [figures(day, rows) for day in week.days()]
        by_week = [figures(one, rows) for one in weeks]
        return render_template(
            "admin/statistics.html",
            week=by_week[-1],
            days=days,
            by_week=by_week,
            charts={
                "answers": answers_by_day(days),
                "people": people_by_period(days),
                "times": reply_times(days),
                "weeks": answers_by_day(by_week),
            },
            names=reports.names_of(dashboard.knowledge_of(console)),
            explained=reports.EXPLAINED,
            before=week.first - WEEK,
            after=week.first + WEEK if week.last < today else None,
            form=form,
        )

    return blueprint


def _form(today: date) -> PeriodForm:
    return PeriodForm(since=as_typed(today.replace(day=1)), until=as_typed(today))


def _day(text: str) -> date | None:
    """A day as the page's own links write it; None for anything else, or for a year that no figure is of."""
    try:
        day = date.fromisoformat(text)
    except ValueError:
        return None
    return day if 2000 <= day.year <= 2999 else None
