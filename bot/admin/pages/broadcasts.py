"""Messages to many: written, looked at, tested, sent or scheduled, watched, stopped; and what of them needs a person."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from redis import RedisError
from sqlalchemy import Connection

from bot import audiences, broadcasts
from bot.admin import audit, drafts
from bot.admin.accounts import Refused
from bot.admin.ask_worker import WorkerAway
from bot.admin.attention import attention, held_advice
from bot.admin.broadcast_words import beginning, is_soon, newest_round, sent_to, state_told
from bot.admin.console import Console
from bot.admin.date_changes import subject_name
from bot.admin.pages.broadcast_forms import MessageForm, ScheduleForm
from bot.admin.roles import needs
from bot.admin.signed_in import who
from bot.admin.thai_time import thai_moment
from bot.broadcast_wording import BROADCAST_STATES, DELIVERY_STATES, KINDS
from bot.broadcasts import RefusedError, Report
from bot.quiet import is_quiet, next_waking
from bot.storage import broadcasts as stored
from bot.storage import deliveries
from bot.storage.broadcasts import Broadcast
from knowledge.model import SUBJECT_KEYS

PER_PAGE = 25
NAMES_SECONDS = 5.0
TESTS_PER_HOUR = "30 per hour"
_FIELD_OF = {"การ์ด": "card_title", "ลิงก์": "card_link", "ปุ่ม": "card_button", "ข้อความยาว": "text"}


def page(console: Console) -> Blueprint:
    """`/admin/broadcasts` and below."""
    blueprint = Blueprint("broadcasts", __name__, url_prefix="/broadcasts")
    engine, settings = console.engine, console.settings

    # -- looking

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        number = max(request.args.get("page", 1, int), 1)
        with engine.connect() as connection:
            count = stored.count(connection)
            last = max(-(-count // PER_PAGE), 1)
            found = stored.newest(connection, PER_PAGE, (min(number, last) - 1) * PER_PAGE)
            reports = [broadcasts.report(connection, one.id) for one in found]
            waiting = attention(connection).count
        return render_template(
            "admin/broadcasts.html", reports=reports, number=min(number, last), last=last, waiting=waiting, **_words()
        )

    @blueprint.get("/<int:number>")
    @needs("viewer")
    def show(number: int) -> ResponseReturnValue:
        return _one(number)

    @blueprint.get("/<int:number>/progress")
    @needs("viewer")
    def progress(number: int) -> ResponseReturnValue:
        with engine.connect() as connection:
            found = _report(connection, number)
        return jsonify(
            state=found.broadcast.state,
            stage=BROADCAST_STATES[found.broadcast.state],
            planned=found.broadcast.planned_at is not None,
            total=found.recipients() + found.rides,
            over=found.over + found.rides,
            final=found.is_final,
            counts={state: found.recipients(state) for state in DELIVERY_STATES} | {"rides": found.rides},
        )

    @blueprint.get("/attention")
    @needs("viewer")
    def needing() -> ResponseReturnValue:
        with engine.connect() as connection:
            found = attention(connection)
        now = console.now()
        return render_template(
            "admin/attention.html", found=found, held_advice=lambda held: held_advice(held, now), **_words()
        )

    # -- composing

    @blueprint.get("/new")
    @needs("editor")
    def new() -> ResponseReturnValue:
        return _form_page(MessageForm(formdata=None))

    @blueprint.post("/new")
    @needs("editor")
    def create() -> ResponseReturnValue:
        form = _offered(MessageForm())
        if form.validate():
            try:
                number = broadcasts.create(
                    engine,
                    text=form.words,
                    card=form.card,
                    audience=form.chosen(settings.test_chats),
                    title=_title(form),
                    now=console.now(),
                    by=who().user.name,
                    also=_noting("broadcast.create"),
                )
                flash("บันทึกร่างแล้ว ยังไม่ได้ส่ง", "success")
                return redirect(url_for("admin.broadcasts.show", number=number))
            except (Refused, RefusedError) as refused:
                _refuse(form, refused)
        return _form_page(form)

    @blueprint.get("/<int:number>/edit")
    @needs("editor")
    def edit(number: int) -> ResponseReturnValue:
        one = _found(number)
        if not _is_draft(one):
            return _no_draft(number)
        return _form_page(_offered(MessageForm(formdata=None)).show(one), one)

    @blueprint.post("/<int:number>/edit")
    @needs("editor")
    def rewrite(number: int) -> ResponseReturnValue:
        one, form = _found(number), _offered(MessageForm())
        if not _is_draft(one):
            return _no_draft(number)
        if form.validate():
            try:
                broadcasts.rewrite(
                    engine,
                    number,
                    text=form.words,
                    card=form.card,
                    audience=form.chosen(settings.test_chats),
                    title=_title(form),
                    seen=request.form.get("seen", ""),
                    also=_noting("broadcast.edit"),
                )
                flash("บันทึกร่างแล้ว ยังไม่ได้ส่ง", "success")
                return redirect(url_for("admin.broadcasts.show", number=number))
            except (Refused, RefusedError) as refused:
                _refuse(form, refused)
        return _form_page(form, one)

    @blueprint.post("/preview")
    @needs("editor")
    def preview() -> ResponseReturnValue:
        """The messages of what is typed, for static/broadcast_form.js."""
        form = _offered(MessageForm())
        try:
            messages = broadcasts.compose(form.words, form.card)
        except RefusedError as refused:
            return jsonify(messages=[], problem=refused.thai)
        try:
            audience = form.chosen(settings.test_chats)
        except Refused as refused:
            return jsonify(messages=messages, problem=str(refused))
        with engine.connect() as connection:
            users, groups = audiences.count(connection, audience)
        return jsonify(messages=messages, problem="", users=users, groups=groups)

    @blueprint.get("/<int:number>/test")
    @needs("editor")
    def choose_test(number: int) -> ResponseReturnValue:
        one, chats = _found(number), _test_chats()
        try:
            names = console.worker.ask("line_names", {"chats": chats}, NAMES_SECONDS)["names"] if chats else []
        except (WorkerAway, RedisError):
            names = [""] * len(chats)
        targets = [
            (index, name or f"รายชื่อทดสอบลำดับที่ {index + 1}", f"ลงท้ายด้วย {chat[-4:]}")
            for index, (chat, name) in enumerate(zip(chats, names, strict=True))
        ]
        return render_template("admin/broadcast_test.html", one=one, targets=targets)

    @blueprint.post("/<int:number>/test")
    @needs("editor")
    @console.limiter.limit(TESTS_PER_HOUR, key_func=lambda: f"broadcast-test:{who().user.id}")
    def send_test(number: int) -> ResponseReturnValue:
        _found(number)
        chats, index = _test_chats(), request.form.get("target", type=int)
        if index is None or not 0 <= index < len(chats):
            abort(400)
        with engine.begin() as connection:
            audit.record(connection, who().user, "broadcast.test", f"#{number}")
        try:
            told = console.worker.ask("line_test_send", {"number": number, "chat": chats[index]})
        except (WorkerAway, RedisError) as error:
            told = {"refused": f"{error if isinstance(error, WorkerAway) else 'คิวงานไม่ตอบ'} กรุณาดูในแชตก่อนส่งซ้ำ"}
        flash(told.get("refused", "ส่งทดสอบแล้ว กรุณาเปิดดูในแชต LINE"), "danger" if told else "success")
        return redirect(url_for("admin.broadcasts.show", number=number))

    # -- sending

    @blueprint.post("/<int:number>/send")
    @needs("publisher")
    def send(number: int) -> ResponseReturnValue:
        return _step(
            number,
            lambda: broadcasts.send_now(
                engine,
                number,
                now=console.now(),
                seen=request.form.get("seen", ""),
                also=_noting("broadcast.send"),
            ),
            lambda one: "สั่งส่งแล้ว " + beginning(one, console.now()),
        )

    @blueprint.post("/<int:number>/schedule")
    @needs("publisher")
    def schedule(number: int) -> ResponseReturnValue:
        form = ScheduleForm()
        if form.validate():
            try:
                at = form.moment()
                broadcasts.schedule(
                    engine,
                    number,
                    at=at,
                    now=console.now(),
                    seen=request.form.get("seen", ""),
                    also=_noting("broadcast.schedule", at=thai_moment(at)),
                )
                flash("ตั้งเวลาส่งแล้ว", "success")
                return redirect(url_for("admin.broadcasts.show", number=number))
            except Refused as refused:
                form.refuse(refused)
            except RefusedError as refused:
                form.refuse(Refused(refused.thai))
        return _one(number, form)

    @blueprint.post("/<int:number>/pause")
    @needs("publisher")
    def pause(number: int) -> ResponseReturnValue:
        return _step(number, lambda: broadcasts.pause(engine, number, also=_noting("broadcast.pause")))

    @blueprint.post("/<int:number>/resume")
    @needs("publisher")
    def resume(number: int) -> ResponseReturnValue:
        return _step(number, lambda: broadcasts.resume(engine, number, also=_noting("broadcast.resume")))

    @blueprint.post("/<int:number>/cancel")
    @needs("publisher")
    def cancel(number: int) -> ResponseReturnValue:
        also = _noting("broadcast.cancel")
        return _step(number, lambda: broadcasts.cancel(engine, number, now=console.now(), also=also))

    @blueprint.post("/deliveries/<int:number>/settle")
    @needs("publisher")
    def settle(number: int) -> ResponseReturnValue:
        wanted = request.form.get("state", "")
        new = {"sent": deliveries.SENT, "failed": deliveries.FAILED, "again": deliveries.CREATED}.get(wanted)
        if new is None:
            abort(400)
        try:
            found = {"sent": "arrived", "failed": "not arrived"}.get(wanted, wanted)
            also = _noting("broadcast.settle", delivery=number, settled=found)
            broadcasts.settle(engine, number, new, now=console.now(), also=also)
            flash("บันทึกแล้ว ระบบจะส่งอีกครั้ง" if wanted == "again" else "บันทึกแล้ว", "success")
        except RefusedError as refused:
            flash(refused.thai, "danger")
        back = request.form.get("back", type=int)
        return redirect(url_for("admin.broadcasts.show", number=back) if back else url_for("admin.broadcasts.needing"))

    # -- parts

    def _one(number: int, form: ScheduleForm | None = None) -> ResponseReturnValue:
        now = console.now()
        with engine.connect() as connection:
            report = _report(connection, number)
            # Later it is known by its Deliveries.
            waits = report.broadcast.state in (stored.DRAFT, stored.SCHEDULED)
            users, groups = audiences.count(connection, report.broadcast.audience) if waits else (0, 0)
            needs_person = attention(connection, number)
            _, base = drafts.published(connection)
        return render_template(
            "admin/broadcast.html",
            report=report,
            one=report.broadcast,
            users=users,
            groups=groups,
            seen=broadcasts.digest(report.broadcast),
            form=form or ScheduleForm(formdata=None),
            quiet=is_quiet(now),
            soon=is_soon(report.broadcast, now),
            beginning=beginning(report.broadcast, now),
            waking=next_waking(now),
            needing=needs_person,
            held_advice=lambda held: held_advice(held, now),
            to=sent_to(report.broadcast, base),
            **_words(),
        )

    def _step(
        number: int, step: Callable[[], Broadcast], told: Callable[[Broadcast], str] = state_told
    ) -> ResponseReturnValue:
        _found(number)
        try:
            flash(told(step()), "success")
        except RefusedError as refused:
            flash(refused.thai, "danger")
        return redirect(url_for("admin.broadcasts.show", number=number))

    def _form_page(form: MessageForm, one: Broadcast | None = None) -> ResponseReturnValue:
        seen = request.form.get("seen") or (broadcasts.digest(one) if one else "")
        return render_template("admin/broadcast_form.html", form=_offered(form), one=one, seen=seen)

    def _offered(form: MessageForm) -> MessageForm:
        with engine.connect() as connection:
            _, base = drafts.published(connection)
        return form.offer([(key, subject_name(base, newest_round(base), key)) for key in SUBJECT_KEYS])

    def _found(number: int) -> Broadcast:
        with engine.connect() as connection:
            return _report(connection, number).broadcast

    def _no_draft(number: int) -> ResponseReturnValue:
        flash("แก้ไขได้เฉพาะร่าง ข้อความนี้ไม่ใช่ร่างแล้ว", "warning")
        return redirect(url_for("admin.broadcasts.show", number=number))

    def _test_chats() -> list[str]:
        return list(dict.fromkeys(filter(None, (*settings.test_chats, settings.alert_chat))))

    return blueprint


def _is_draft(one: Broadcast) -> bool:
    return one.kind == stored.MESSAGE and one.state == stored.DRAFT


def _report(connection: Connection, number: int) -> Report:
    if stored.by_id(connection, number) is None:
        abort(404)
    return broadcasts.report(connection, number)


def _noting(action: str, **detail: Any) -> broadcasts.Also:
    """Writes a step into the log, in its transaction."""

    def note(connection: Connection, one: Broadcast) -> None:
        audit.record(connection, who().user, action, f"#{one.id} {one.title}"[:200], detail)

    return note


def _refuse(form: MessageForm, refused: Refused | RefusedError) -> None:
    if isinstance(refused, RefusedError):
        field = next((name for word, name in _FIELD_OF.items() if word in refused.thai), "")
        refused = Refused(refused.thai, field)
    form.refuse(refused)


def _title(form: MessageForm) -> str:
    words = form.title.data or (form.card.title if form.card else "") or form.words
    return " ".join(str(words).split())


def _words() -> dict[str, Any]:
    return {"stages": BROADCAST_STATES, "delivery_states": DELIVERY_STATES, "kind_names": KINDS}
