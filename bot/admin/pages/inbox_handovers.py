"""Hand-overs: who asked for a person, what was said, and answering. What they wrote is shown as it is: they asked for it."""

from __future__ import annotations

from flask import Blueprint, abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError
from wtforms import TextAreaField
from wtforms.validators import DataRequired, Length

from bot.admin import handover_reply, quota
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.forms import Form, typed
from bot.admin.handover_reply import NotSent
from bot.admin.quota import Quota
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.conversation import ConversationStore
from bot.storage import handovers
from bot.storage.handovers import Handover
from bot.tasks import chat_queue, make_broker


class ReplyForm(Form):
    """What the office writes."""

    text = TextAreaField("ข้อความถึงผู้ถาม", [DataRequired("กรุณาเขียนข้อความที่จะส่ง"), Length(max=5000)])


def add_handovers(blueprint: Blueprint, console: Console) -> None:
    """`/admin/inbox/people/…`."""
    engine = console.engine
    conversations = ConversationStore.of(console.redis, console.settings)
    queue_chat = chat_queue(make_broker(console.redis))

    @blueprint.get("/people")
    @needs("viewer")
    def people() -> ResponseReturnValue:
        with engine.connect() as connection:
            waiting = handovers.unclosed(connection)
            closed = handovers.recently_closed(connection)
        return render_template("admin/handovers.html", waiting=waiting, closed=closed, minutes=_waiting)

    @blueprint.get("/people/<int:number>")
    @needs("editor")
    def person(number: int) -> ResponseReturnValue:
        return _one(_handover(number), ReplyForm(formdata=None))

    @blueprint.post("/people/<int:number>/reply")
    @needs("editor")
    def reply(number: int) -> ResponseReturnValue:
        found, form = _handover(number), ReplyForm()
        if found.state == "closed":
            flash("คำขอนี้ปิดไปแล้ว จึงส่งข้อความไม่ได้", "warning")
            return redirect(url_for(".person", number=number))
        if not form.validate():
            return _one(found, form)
        try:
            handover_reply.reply(engine, console.worker, who().user, number, typed(form.text))
        except Refused as refused:
            form.refuse(refused)
            return _one(found, form)
        except NotSent as kept:
            flash(str(kept), "warning")
        else:
            flash("ส่งข้อความถึงผู้ถามแล้ว ผู้ช่วยจะยังเงียบจนกว่าจะปิดคำขอ", "success")
        return redirect(url_for(".person", number=number))

    @blueprint.post("/people/<int:number>/again/<int:message>")
    @needs("editor")
    def send_again(number: int, message: int) -> ResponseReturnValue:
        try:
            handover_reply.again(engine, console.worker, who().user, number, message)
        except (Refused, NotSent) as kept:
            flash(str(kept), "warning")
        else:
            flash("ส่งข้อความถึงผู้ถามแล้ว", "success")
        return redirect(url_for(".person", number=number))

    @blueprint.post("/people/<int:number>/close")
    @needs("editor")
    def close(number: int) -> ResponseReturnValue:
        _handover(number)
        try:
            done = handover_reply.close(engine, console.redis, conversations, queue_chat, who().user, number)
        except Refused as refused:
            flash(str(refused), "warning")
            return redirect(url_for(".person", number=number))
        except RedisError:
            flash("ระบบยังไม่พร้อม จึงยังปิดคำขอไม่ได้ กรุณาลองใหม่ในอีกสักครู่", "danger")
            return redirect(url_for(".person", number=number))
        flash("ปิดคำขอแล้ว ผู้ช่วยกลับมาตอบในแชตนี้" if done else "คำขอนี้ปิดไปแล้ว", "success" if done else "warning")
        return redirect(url_for(".people"))

    def _handover(number: int) -> Handover:
        with engine.connect() as connection:
            found = handovers.by_id(connection, number)
        if found is None:
            abort(404)
        return found

    def _one(found: Handover, form: ReplyForm) -> str:
        with engine.connect() as connection:
            said = handovers.thread(connection, found.id)
        return render_template("admin/handover.html", one=found, said=said, form=form, quota=_quota(), minutes=_waiting)

    def _quota() -> Quota | None:
        try:
            return quota.kept(console.redis)
        except RedisError:
            return None


def _waiting(found: Handover) -> str:
    minutes = handover_reply.waiting_minutes(found)
    if minutes < 60:
        return f"{minutes} นาที"
    return f"{minutes // 60} ชั่วโมง" if minutes < 2880 else f"{minutes // 1440} วัน"
