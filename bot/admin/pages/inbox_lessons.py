"""A lesson: what teaching one question changes, and publishing it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from wtforms import TextAreaField
from wtforms.validators import Length

from bot.admin import drafts, knowledge, teaching
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, typed
from bot.admin.inbox import shown
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.admin.teaching import Lesson
from bot.storage import console_jobs, unanswered
from bot.storage.console_jobs import Job


class LessonForm(Form):
    """What is said to a lesson that makes something worse."""

    reason = TextAreaField("เหตุผลที่ยังจะเผยแพร่", [Length(max=teaching.LONGEST_REASON)])


def add_lessons(blueprint: Blueprint, console: Console) -> None:
    """`/admin/inbox/lessons/…`."""
    engine = console.engine

    @blueprint.get("/lessons/<int:job>")
    @needs("viewer")
    def lesson(job: int) -> ResponseReturnValue:
        return _page(_job(job), LessonForm(formdata=None))

    @blueprint.post("/lessons/<int:job>/publish")
    @needs("publisher")
    def publish(job: int) -> ResponseReturnValue:
        found, form = _job(job), LessonForm()
        if not form.validate():
            return _page(found, form)
        try:
            number, settled = teaching.publish(engine, who().user, found, typed(form.reason))
        except Refused as refused:
            form.refuse(refused)
            return _page(found, form)
        flash(f"สอนแล้ว และเผยแพร่เป็นฉบับที่ {number} ผู้ช่วยใน LINE ตอบตามนี้ทันที จัดการไป {settled} คำถาม", "success")
        return redirect(url_for("admin.inbox.index"))

    @blueprint.post("/lessons/<int:job>/draft")
    @needs("editor")
    def to_draft(job: int) -> ResponseReturnValue:
        found = _job(job)
        try:
            teaching.join_draft(engine, who().user, Lesson.of(found.request))
        except (Refused, drafts.Conflict) as refused:
            flash(str(refused), "danger")
            return redirect(url_for(".lesson", job=job))
        flash("เพิ่มวลีไว้ในฉบับร่างแล้ว ผู้ช่วยจะใช้เมื่อเผยแพร่", "success")
        return redirect(url_for("admin.knowledge_publish.index"))

    @blueprint.post("/lessons/<int:job>/again")
    @needs("editor")
    def measure_again(job: int) -> ResponseReturnValue:
        with engine.begin() as connection:
            number = teaching.begin(connection, console.worker, who().user, Lesson.of(_job(job).request))
        console.worker.queue(number)
        return redirect(url_for(".lesson", job=number))

    def _job(number: int) -> Job:
        with engine.connect() as connection:
            found = console_jobs.by_id(connection, number)
        if found is None or found.kind != teaching.MEASURE:
            abort(404)
        return found

    def _page(job: Job, form: LessonForm) -> str:
        taught = Lesson.of(job.request)
        with engine.connect() as connection:
            questions = unanswered.by_ids(connection, taught.ids)
            based_on, _ = drafts.published(connection)
            draft = drafts.draft(connection)
            joins = teaching.must_join_draft(connection, taught)
        item = next((i for i in knowledge.items(draft) if (i.path, i.name) == (taught.path, taught.name)), None)
        by_id = {question.id: question for question in questions}
        answers = {shown(by_id[one["id"]].text): one for one in job.result.get("answers", ()) if one["id"] in by_id}
        still_open = any(question.state == unanswered.OPEN for question in questions)
        return render_template(
            "admin/inbox_lesson.html",
            job=job,
            lesson=taught,
            item=item,
            answers=answers,
            form=form,
            joins=joins,
            outdated=job.state == "done" and still_open and job.result.get("based_on") != based_on,
            is_over=not still_open,
            changes=[one for one in job.result.get("changes", ()) if one["sort"] != "unlabelled"],
            shown=shown,
        )
