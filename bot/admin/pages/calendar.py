"""The round's calendar: what is on it, dates set and moved, and what will be sent because of them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from sqlalchemy import Connection

from bot.admin import audit, date_changes, differing, drafts, publishing
from bot.admin.accounts import Refused
from bot.admin.calendar_view import KINDS, NAMES, Step, as_milestone, standing, steps
from bot.admin.console import Console
from bot.admin.date_changes import Checked, Wanted, subject_name
from bot.admin.pages.calendar_forms import NEW, MilestoneForm, QuickForm
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.admin.timeline import timeline
from bot.now import BANGKOK
from bot.storage import console_jobs
from bot.storage.console_jobs import Job
from knowledge.calendar import is_past, last_day, when_text
from knowledge.model import SUBJECT_KEYS

if TYPE_CHECKING:
    from knowledge.documents import Documents

SHOWN_DAYS = (30, 90, 365)
NEXT = 4
QUICK = "quick"
NOT_KEPT = ("csrf_token", "version", "digest", "reason", "look")
"""What a page that was checked does not send again as it was."""


def page(console: Console) -> Blueprint:
    """`/admin/calendar` and below; and `next_dates()` for the dashboard's admin/_next_dates.html."""
    blueprint = Blueprint("calendar", __name__, url_prefix="/calendar")
    engine = console.engine

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        from bot.forecast import forecast

        now = console.now()
        console.published.refresh()
        days = request.args.get("days", SHOWN_DAYS[0], int)
        days = days if days in SHOWN_DAYS else SHOWN_DAYS[0]
        with engine.connect() as connection:
            _, base = drafts.published(connection)
            years = _years(connection, base)
            year = request.args.get("round", years[0], int)
            if year not in years:
                abort(404)
            found = steps(connection, year, base)
            coming = forecast(connection, console.published.current(), now, days)
        today = now.astimezone(BANGKOK).date()
        return render_template(
            "admin/calendar.html",
            year=year,
            years=years,
            steps=found,
            drawing=timeline(found, today),
            coming=coming,
            days=days,
            choices=SHOWN_DAYS,
            is_published=f"{year}/round.yaml" in base,
            names=_names(base, year),
            form=QuickForm(formdata=None).offer(_offered(found, year)),
            **_words(now),
        )

    @blueprint.get("/date")
    @needs("editor")
    def edit() -> ResponseReturnValue:
        path, entry = request.args.get("path", ""), request.args.get("entry", "")
        with engine.connect() as connection:
            seen, form = _opened(connection, path, entry), MilestoneForm(formdata=None)
            if seen is None:
                form.kind.data = kind = request.args.get("kind", "other")
                if kind not in KINDS:
                    abort(404)
                form.name.data = NAMES.get(kind, "")
                form.version.data = "0"
            else:
                shown = as_milestone(seen.keys, path)
                form.show(seen.keys, shown)
                form.seen.data = json.dumps({key: seen.keys[key] for key in date_changes.KEYS if key in seen.keys})
                form.version.data = str(seen.version)
            return _form_page(connection, form, path, entry)

    @blueprint.post("/check")
    @needs("editor")
    def check() -> ResponseReturnValue:
        with engine.connect() as connection:
            asked = _asked(connection)
            if not isinstance(asked, Wanted):
                return asked
            try:
                if request.form.get("form") != QUICK:  # it shows what the draft has before it is asked here
                    date_changes.refuse_if_drafted_since(connection, asked, _version())
                found = date_changes.check(connection, asked, console.now())
            except Refused as refused:
                return _again(connection, refused)
            if found.problems:
                return _again(connection, *(Refused(problem, "when") for problem in found.problems))
        job = _measured(asked, found) if found.can_be_published else None
        kept = [(name, value) for name, value in request.form.items(multi=True) if name not in NOT_KEPT]
        result = job.result if job is not None and publishing.is_measured(job) else {}
        return render_template(
            "admin/calendar_check.html",
            checked=found,
            wanted=asked,
            job=job,
            result=result,
            sorts=differing.sorted_by_kind(result.get("changes", [])),
            statuses=differing.STATUSES,
            year=_year(asked.path),
            kept=[*kept, ("version", found.version)],
            **_words(console.now()),
        )

    @blueprint.post("/publish")
    @needs("publisher")
    def publish() -> ResponseReturnValue:
        with engine.connect() as connection:
            asked = _asked(connection)
            if not isinstance(asked, Wanted):
                return asked
        try:
            number = date_changes.publish(
                engine, who().user, asked, request.form.get("digest", ""), _version(), request.form.get("reason", "")
            )
        except Refused as refused:
            with engine.connect() as connection:
                return _again(connection, refused)
        console.published.refresh()
        flash(f"เผยแพร่แล้ว (ฉบับที่ {number}) ผู้ช่วยตอบด้วยวันใหม่ทันที", "success")
        return redirect(url_for("admin.calendar.index", round=_year(asked.path)))

    @blueprint.post("/draft")
    @needs("editor")
    def keep() -> ResponseReturnValue:
        with engine.connect() as connection:
            asked = _asked(connection)
            if not isinstance(asked, Wanted):
                return asked
        try:
            with engine.begin() as connection:
                entry = date_changes.keep(connection, who().user, asked, _version())
                audit.record(connection, who().user, "calendar.draft", f"{asked.path}: {entry}")
        except (Refused, drafts.Conflict) as refused:
            with engine.connect() as connection:
                return _again(connection, Refused(str(refused)))
        flash("บันทึกในฉบับร่างแล้ว ยังไม่เผยแพร่ ผู้เผยแพร่ตรวจและเผยแพร่ได้จากหน้านี้หรือหน้าความรู้", "success")
        return redirect(url_for("admin.calendar.index", round=_year(asked.path)))

    @blueprint.app_context_processor
    def for_the_dashboard() -> dict[str, Any]:
        return {"next_dates": next_dates}

    def next_dates() -> dict[str, Any]:
        """What admin/_next_dates.html shows."""
        now = console.now()
        with engine.connect() as connection:
            _, base = drafts.published(connection)
            year = _years(connection, base)[0]
            found = steps(connection, year, base)
        today = now.astimezone(BANGKOK).date()
        open_ = [step for step in found if not step.shown.cancelled and (last_day(step.shown) or today) >= today]
        return {
            "year": year,
            "steps": open_[:NEXT],
            "form": QuickForm(formdata=None).offer(_offered(found, year)),
            **_words(now),
        }

    def _measured(asked: Wanted, found: Checked) -> Job | None:
        """The worker's check of it: begun at the first look, as far as it is at the next ones, be it that it failed."""
        with engine.begin() as connection:
            known = publishing.check_of(connection, found.digest) if request.form.get("look") else None
            if known is not None:
                return known
            number = date_changes.start_check(connection, console.worker, who().user, asked, found.digest)
            job = console_jobs.by_id(connection, number)
        if job is not None and job.state == "waiting":
            console.worker.queue(number)
            with engine.connect() as connection:
                job = console_jobs.by_id(connection, number)
        return job

    def _asked(connection: Connection) -> Wanted | ResponseReturnValue:
        """What the form asks for, or the form again with what is wrong."""
        if request.form.get("form") == QUICK:
            form: QuickForm | MilestoneForm = QuickForm()
            year, found = _round_of_quick(connection)
            assert isinstance(form, QuickForm)  # noqa: S101
            form.offer(_offered(found, year))
            try:
                if form.validate():
                    return form.wanted(found)
            except Refused as refused:
                form.refuse(refused)
            return _quick_page(form, year)
        form = MilestoneForm()
        path, entry = request.form.get("path", ""), request.form.get("entry", "")
        _opened(connection, path, entry)
        try:
            if form.validate():
                return form.changed(path, entry, SUBJECT_KEYS)
        except Refused as refused:
            form.refuse(refused)
        return _form_page(connection, form, path, entry)

    def _again(connection: Connection, *refused: Refused) -> ResponseReturnValue:
        """The form once more, with what is wrong."""
        if request.form.get("form") == QUICK:
            year, found = _round_of_quick(connection)
            form = QuickForm().offer(_offered(found, year))
            for one in refused:
                form.refuse(one)
            return _quick_page(form, year)
        whole = MilestoneForm()
        for one in refused:
            whole.refuse(one)
        return _form_page(connection, whole, request.form.get("path", ""), request.form.get("entry", ""))

    def _round_of_quick(connection: Connection) -> tuple[int, list[Step]]:
        _, base = drafts.published(connection)
        folder = request.form.get("what", "").partition("/")[0]
        years = _years(connection, base)
        year = int(folder) if folder.isascii() and folder.isdigit() and int(folder) in years else years[0]
        return year, steps(connection, year, base)

    def _quick_page(form: QuickForm, year: int) -> ResponseReturnValue:
        return render_template("admin/calendar_quick.html", form=form, year=year)

    def _form_page(connection: Connection, form: MilestoneForm, path: str, entry: str) -> ResponseReturnValue:
        documents = drafts.draft(connection).documents
        year = _year(path)
        named = [
            (key, subject_name(documents, str(year), key)) for key in SUBJECT_KEYS if f"{year}/{key}.yaml" in documents
        ]
        return render_template("admin/calendar_date.html", subjects=named, form=form, path=path, entry=entry, year=year)

    return blueprint


def _version() -> int:
    """The version of the draft's row that was shown; 0 for none."""
    return request.form.get("version", 0, type=int)


def _opened(connection: Connection, path: str, entry: str) -> drafts.DraftEntry | None:
    """The milestone that a form is for, None for a new one; 404 where there is none, or no such document."""
    if entry:
        seen = drafts.entry_of(connection, path, entry)
        if seen is None or seen.section != "milestones":
            abort(404)
        return seen
    if not path.endswith("/awards.yaml") or path not in drafts.draft(connection).documents:
        abort(404)
    return None


def _years(connection: Connection, base: Documents) -> list[int]:
    """The rounds, published or drafted, the newest published one first."""
    folders = {path.partition("/")[0] for path in base if path.endswith("/round.yaml")}
    drafted = {path.partition("/")[0] for path in drafts.draft(connection).documents if path.endswith("/round.yaml")}
    published = sorted((int(one) for one in folders if one.isdigit()), reverse=True)
    return [*published, *sorted({int(one) for one in drafted - folders if one.isdigit()}, reverse=True)]


def _offered(found: Sequence[Step], year: int) -> list[tuple[str, str]]:
    """What the quick form can set: first what lacks a date, the closing before all, then what has one."""
    there = {step.shown.kind for step in found}
    new = [(f"{year}/awards.yaml|{NEW}{kind}", f"{KINDS[kind]} (ยังไม่มีในปฏิทิน)") for kind in NAMES if kind not in there]
    known = [
        (step.key, f"{step.shown.name} ({when_text(step.shown)})", step.shown.date is not None, step.shown.kind)
        for step in found
        if not step.removed
    ]
    # What closes next is what most people come for.
    first = [(key, label) for key, label, _, kind in known if kind == "closing"]
    first += [one for one in new if one[0].endswith(f"{NEW}closing")]
    rest = [*new, *((key, label) for key, label, dated, _ in known if not dated)]
    rest += [(key, label) for key, label, dated, _ in known if dated]
    return list(dict.fromkeys([*first, *rest]))


def _names(base: Documents, year: int) -> dict[str, str]:
    return {key: subject_name(base, str(year), key) for key in SUBJECT_KEYS}


def _words(now: Any) -> dict[str, Any]:
    """How templates tell dates."""
    local = now.astimezone(BANGKOK)
    return {
        "when_text": when_text,
        "standing": lambda one: standing(one, local.date(), local.time()),
        "is_over": lambda one: is_past(one, local.date(), local.time()),
    }


def _year(path: str) -> int:
    folder = path.partition("/")[0]
    return int(folder) if folder.isascii() and folder.isdigit() else 0
