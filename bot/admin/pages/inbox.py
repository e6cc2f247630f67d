"""The inbox: questions that were asked in vain, and what to make of each. Hand-overs: inbox_handovers.py."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from wtforms import SelectField, TextAreaField
from wtforms.validators import DataRequired, Length

from bot.admin import drafts, inbox, knowledge, new_answer, teaching
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, TextField, typed
from bot.admin.inbox import Group
from bot.admin.inbox_groups import ATTACHABLE
from bot.admin.pages.inbox_handovers import add_handovers
from bot.admin.pages.inbox_lessons import add_lessons
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.storage import handovers, unanswered

A_PAGE = 20
FOUND_SHOWN = 12
TEASER_SECONDS = 3.0


class TeachForm(Form):
    """How the question is taught."""

    phrasing = TextField(
        "วลีที่จะสอน",
        [DataRequired(), Length(max=teaching.LONGEST_PHRASING)],
        description="แก้ให้สั้นและไม่มีข้อมูลส่วนบุคคลได้",
    )


class AnswerForm(Form):
    """A new answer."""

    subject = SelectField("รางวัลหรือประเภท", choices=[])
    attribute = SelectField("ถามเรื่องอะไร", choices=[])
    gist = TextField("คำตอบบรรทัดแรก", [DataRequired(), Length(max=200)], description="อ่านแล้วได้คำตอบทันที")
    text = TextAreaField("รายละเอียด", [Length(max=1500)])
    source = TextField(
        "ที่มา", [DataRequired(), Length(max=400)], description="บรรทัดของสไลด์ เช่น 94-105 หรือที่อยู่เว็บที่ขึ้นต้นด้วย https://"
    )
    phrasings = TextAreaField(
        "คำถามที่ใช้คำตอบนี้", [DataRequired(), Length(max=1000)], description="บรรทัดละ 1 แบบ อย่าใส่ข้อมูลส่วนบุคคล"
    )


def page(console: Console) -> Blueprint:
    """`/admin/inbox/` and below."""
    blueprint = Blueprint("inbox", __name__, url_prefix="/inbox")
    engine = console.engine

    @blueprint.record_once
    def for_the_dashboard(state: object) -> None:
        state.app.jinja_env.globals["inbox_teaser"] = _teaser  # type: ignore[attr-defined]

    def _teaser() -> dict[str, object]:
        found = inbox.inbox(console, TEASER_SECONDS)
        with engine.connect() as connection:
            waiting = handovers.count_unclosed(connection)
        return {"group": next(iter(found.groups), None), "groups": len(found.groups), "waiting": waiting}

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        found = inbox.inbox(console)
        reason = request.args.get("reason", "")
        groups = [g for g in found.groups if not reason or any(q.reason == reason for q in g.questions)]
        last = max(1, -(-len(groups) // A_PAGE))
        number = min(max(request.args.get("page", 1, type=int), 1), last)
        with engine.connect() as connection:
            waiting = handovers.count_unclosed(connection)
        return render_template(
            "admin/inbox.html",
            groups=groups[(number - 1) * A_PAGE : number * A_PAGE],
            count=len(groups),
            questions=sum(group.count for group in groups),
            by_likeness=found.by_likeness,
            reasons=inbox.REASONS,
            reason=reason,
            number=number,
            last=last,
            waiting=waiting,
        )

    @blueprint.get("/<int:number>")
    @needs("viewer")
    def show(number: int) -> ResponseReturnValue:
        return _one(_group(number), TeachForm(formdata=None))

    @blueprint.post("/<int:number>/teach")
    @needs("editor")
    def teach(number: int) -> ResponseReturnValue:
        group, form = _group(number), TeachForm()
        if "phrasing" not in request.form and group.phrasing:
            form.phrasing.data = group.phrasing  # the dashboard's button takes the wording as it is
        if not form.validate():
            return _one(group, form)
        path, _, name = request.form.get("entry", "").partition("|")
        try:
            with engine.begin() as connection:
                _, base = drafts.published(connection)
                lesson = teaching.lesson(base, group.ids, path, name, [typed(form.phrasing)])
                job = teaching.begin(connection, console.worker, who().user, lesson)
        except Refused as refused:
            form.refuse(refused)
            return _one(group, form)
        console.worker.queue(job)
        return redirect(url_for("admin.inbox.lesson", job=job))

    @blueprint.get("/<int:number>/answer")
    @needs("editor")
    def answer(number: int) -> ResponseReturnValue:
        group = _group(number)
        return _answer(group, _answer_form(group, formdata=None))

    @blueprint.post("/<int:number>/answer")
    @needs("editor")
    def write_answer(number: int) -> ResponseReturnValue:
        group = _shown(number)
        form = _answer_form(group)
        if not form.validate():
            return _answer(group, form)
        try:
            new_answer.write(
                engine,
                who().user,
                group.ids,
                path=form.subject.data,
                attribute=form.attribute.data,
                gist=typed(form.gist),
                text=typed(form.text),
                source=typed(form.source),
                phrasings=typed(form.phrasings).splitlines(),
            )
        except (Refused, drafts.Conflict) as refused:
            form.refuse(refused if isinstance(refused, Refused) else Refused(str(refused)))
            return _answer(group, form)
        flash("เก็บคำตอบใหม่ไว้ในฉบับร่างแล้ว ผู้ช่วยจะใช้เมื่อเผยแพร่", "success")
        return redirect(url_for("admin.knowledge_publish.index"))

    @blueprint.post("/<int:number>/out-of-scope")
    @needs("editor")
    def out_of_scope(number: int) -> ResponseReturnValue:
        group = _shown(number)
        try:
            count, drafted = inbox.out_of_scope(engine, who().user, group)
        except drafts.Conflict as conflict:
            flash(str(conflict), "warning")
            return redirect(url_for(".show", number=number))
        more = " และเพิ่มไว้ในฉบับร่าง เมื่อเผยแพร่แล้วผู้ช่วยจะบอกว่าเรื่องนี้อยู่นอกขอบเขต" if drafted else ""
        return _settled(count, f"ทำเครื่องหมายว่าอยู่นอกขอบเขตแล้ว {count} คำถาม{more}")

    @blueprint.post("/<int:number>/dismiss")
    @needs("editor")
    def dismiss(number: int) -> ResponseReturnValue:
        count = inbox.settle(engine, who().user, _shown(number).ids, unanswered.DISMISSED)
        return _settled(count, f"ปิดเรื่องแล้ว {count} คำถาม")

    @blueprint.get("/settled")
    @needs("viewer")
    def settled() -> ResponseReturnValue:
        with engine.connect() as connection:
            found = unanswered.listed(connection, inbox.STATES, limit=200)
        found.sort(key=lambda question: question.settled_at or question.asked_at, reverse=True)
        return render_template(
            "admin/inbox_settled.html", questions=found[:100], states=inbox.STATES, shown=inbox.shown
        )

    @blueprint.post("/settled/<int:number>/reopen")
    @needs("editor")
    def reopen(number: int) -> ResponseReturnValue:
        if inbox.reopen(engine, who().user, number):
            flash("นำคำถามกลับเข้ากล่องแล้ว", "success")
        return redirect(url_for(".settled"))

    def _settled(count: int, sentence: str) -> ResponseReturnValue:
        if count:
            flash(sentence, "success")
        else:
            flash("มีผู้อื่นจัดการคำถามนี้ไปแล้ว", "warning")
        return redirect(url_for("admin.inbox.index"))

    def _group(number: int) -> Group:
        found = inbox.inbox(console).group_of(number)
        if found is None:
            abort(404)
        return found

    def _shown(number: int) -> Group:
        """What the form had shown of it; the named question alone where the form does not say."""
        found = inbox.as_shown(_group(number), request.form.get("shown", str(number)))
        if found is None:
            abort(404)
        return found

    def _one(group: Group, form: TeachForm) -> str:
        words = request.args.get("q", "").strip()[:200]
        with engine.connect() as connection:
            draft = drafts.draft(connection)
        found = []
        said = inbox.as_said(console)
        if words:
            listed = knowledge.listed(draft, knowledge.Wanted(words))
            wanted = [item for item in listed if item.section in ATTACHABLE and item.change != "added"]
            found = [inbox.proposal_of(item, False, said) for item in wanted[:FOUND_SHOWN]]
        if form.phrasing.data is None:
            form.phrasing.data = group.phrasing
        return render_template("admin/inbox_group.html", group=group, form=form, words=words, found=found)

    def _answer(group: Group, form: AnswerForm) -> str:
        return render_template("admin/inbox_answer.html", group=group, form=form)

    def _answer_form(group: Group, **more: object) -> AnswerForm:
        with engine.connect() as connection:
            draft = drafts.draft(connection)
        year = next(iter(knowledge.years(draft)), "")
        subjects = knowledge.subjects(draft, year)
        first = next((key for q in group.questions for key in q.subjects if key in subjects), "awards")
        attribute = next((q.attribute for q in group.questions if q.attribute in new_answer.ATTRIBUTES), "definition")
        form = AnswerForm(subject=f"{year}/{first}.yaml", attribute=attribute, phrasings=group.phrasing, **more)
        form.subject.choices = [(f"{year}/{key}.yaml", label) for key, label in subjects.items()]
        form.attribute.choices = [(key, _attribute_names()[key]) for key in new_answer.ATTRIBUTES]
        return form

    add_lessons(blueprint, console)
    add_handovers(blueprint, console)
    return blueprint


def _attribute_names() -> dict[str, str]:
    from bot.wording import ATTRIBUTE_NAMES

    return ATTRIBUTE_NAMES
