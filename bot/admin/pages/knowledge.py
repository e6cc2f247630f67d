"""Browsing the knowledge, and changing one Entry of the shared draft."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from flask import Blueprint, abort, flash, jsonify, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from bot.admin import (
    differing,
    drafts,
    entry_fields,
    entry_forms,
    entry_saving,
    knowledge,
    preview,
    publishing,
    rule_fields,
)
from bot.admin.accounts import Refused
from bot.admin.console import Console
from bot.admin.drafts import Conflict, Draft, DraftEntry
from bot.admin.entry_fields import Spec
from bot.admin.entry_forms import BadRule, Context, EntryForm
from bot.admin.entry_saving import Broken
from bot.admin.knowledge import Wanted
from bot.admin.roles import needs
from bot.admin.rule_fields import Node
from bot.admin.signed_in import who

if TYPE_CHECKING:
    from knowledge.model import Knowledge

PER_PAGE = 30
QUICK = 6
_STEMS = {
    "texts": "faq",
    "conditions": "condition",
    "examples": "work",
    "gaps": "gap",
    "milestones": "date",
    "figures": "figure",
}


def page(console: Console) -> Blueprint:
    """`/admin/knowledge/` and the forms below it."""
    blueprint = Blueprint("knowledge", __name__, url_prefix="/knowledge")
    engine = console.engine

    @blueprint.get("/")
    @needs("viewer")
    def index() -> ResponseReturnValue:
        asked = request.args
        wanted = Wanted(
            words=asked.get("q", "").strip()[:200],
            subject=asked.get("subject", ""),
            attribute=asked.get("attribute", ""),
            certainty=asked.get("certainty", ""),
            year=asked.get("round", ""),
            kind=asked.get("kind", ""),
            changed=asked.get("changed") == "yes",
        )
        with engine.connect() as connection:
            draft = drafts.draft(connection)
        found = knowledge.filled(knowledge.listed(draft, wanted), _published())
        last = max(-(-len(found) // PER_PAGE), 1)
        number = min(max(asked.get("page", 1, type=int), 1), last)
        kept = {key: value for key, value in asked.items() if key != "page" and value}
        return render_template(
            "admin/knowledge.html",
            items=found[(number - 1) * PER_PAGE : number * PER_PAGE],
            count=len(found),
            wanted=wanted,
            draft=draft,
            number=number,
            last=last,
            kept=kept,
            years=knowledge.years(draft),
            year_choices={year: year for year in knowledge.years(draft)},
            new_kinds=entry_fields.NEW,
            context=entry_saving.context_of(draft, ""),
            names=knowledge,
            kinds={key or knowledge.HEAD: text for key, text in knowledge.KINDS.items()},
        )

    @blueprint.get("/found")
    @needs("viewer")
    def found() -> ResponseReturnValue:
        words = request.args.get("q", "").strip()[:200]
        with engine.connect() as connection:
            draft = drafts.draft(connection)
        listed = knowledge.listed(draft, Wanted(words=words))[:QUICK] if words else []
        listed = knowledge.filled(listed, _published())
        return jsonify(
            found=[
                {
                    "title": item.title,
                    "about": " · ".join(filter(None, (item.kind, item.subject_label, item.text[:120]))),
                    "address": url_for(".entry", path=item.path, name=item.name),
                }
                for item in listed
            ]
        )

    @blueprint.get("/entry")
    @needs("viewer")
    def entry() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _found(connection)
        context = entry_saving.context_of(draft, found.path)
        specs = _specs(found, context)
        form = entry_forms.form_of(specs, context, found.keys)
        _show(form, found, specs)
        return _page(draft, found, form, context, rule_fields.node_of(found.keys.get("rule"), context.facts))

    @blueprint.post("/entry")
    @needs("editor")
    def save() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _found(connection)
        context = entry_saving.context_of(draft, found.path)
        specs = _specs(found, context)
        form = entry_forms.form_of(specs, context)
        try:
            node = entry_forms.node_sent(context)
        except BadRule as error:
            form.form_errors.append(str(error))
            return _page(draft, found, form, context, None)
        more = _rule_button(node, context)
        if more is not None:
            return _page(draft, found, form, context, more)
        if not entry_forms.validated(form, specs):
            return _page(draft, found, form, context, node)
        seen = entry_forms.seen_in(form)
        try:
            said = entry_forms.keys_of(form, specs, context, node)
            shown = rule_fields.node_of(seen.get("rule"), context.facts) is not None or not seen.get("rule")
            mine = entry_forms.changes_of(said, seen, specs, shown)
            version = _version(form)
            with engine.connect() as connection:
                current = drafts.version_of(connection, found.path, found.name)
            # What is published by itself (a lesson, a date) has no row and thus no version.
            if current[0] != version or drafts.overtaken(_shown(found, specs), seen, mine):
                return _conflict(draft, found, form, context, mine, seen, specs)
            entry_saving.check(
                draft, entry_saving.with_changes(draft, found.path, found.name, mine), found.path, found.name
            )
            with engine.begin() as connection:
                drafts.put_entry(connection, who().user, found.path, found.name, mine, version, seen)
                job = publishing.start_check(connection, console.worker, who().user) if _publishes() else None
        except Conflict:
            with engine.connect() as connection:
                draft, found = _found(connection)
            return _conflict(draft, found, form, context, mine, seen, specs)
        except (BadRule, Refused, Broken) as error:
            _tell(form, error)
            return _page(draft, found, form, context, node)
        return _saved(job, found.path, found.name)

    @blueprint.get("/new")
    @needs("editor")
    def new() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _begun(connection)
        context = entry_saving.context_of(draft, found.path)
        specs = _specs(found, context)
        form = entry_forms.form_of(specs, context, found.keys)
        _show(form, found, specs)
        return _page(draft, found, form, context, None, is_new=True)

    @blueprint.post("/new")
    @needs("editor")
    def add() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _begun(connection)
        context = entry_saving.context_of(draft, found.path)
        specs = _specs(found, context)
        form = entry_forms.form_of(specs, context)
        node: Node | None = None
        try:
            node = entry_forms.node_sent(context)
            more = _rule_button(node, context)
            if more is not None or not entry_forms.validated(form, specs):
                return _page(draft, found, form, context, more or node, is_new=True)
            said = entry_forms.keys_of(form, specs, context, node)
            keys = {"id": found.keys["id"], **{key: value for key, value in said.items() if value is not None}}
            example = request.args.get("example", "")
            documents = entry_saving.with_new(draft, found.path, found.section, keys, example)
            entry_saving.check(draft, documents, found.path, str(keys["id"]))
            with engine.begin() as connection:
                drafts.add_entry(connection, who().user, found.path, found.section, keys, example)
                job = publishing.start_check(connection, console.worker, who().user) if _publishes() else None
        except (BadRule, Refused, Broken, Conflict) as error:
            _tell(form, error)
            return _page(draft, found, form, context, node, is_new=True)
        return _saved(job, found.path, f"{example} / {keys['id']}" if example else str(keys["id"]))

    @blueprint.post("/remove")
    @needs("editor")
    def remove() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _found(connection)
        try:
            entry_saving.check(draft, entry_saving.without(draft, found.path, found.name), found.path, found.name)
            with engine.begin() as connection:
                version = request.form.get("version", 0, type=int)
                drafts.remove_entry(connection, who().user, found.path, found.name, version)
        except Broken as error:
            flash("ลบไม่ได้ เพราะรายการอื่นยังอ้างถึง: " + " · ".join(one.sentence for one in error.problems[:3]), "danger")
            return redirect(url_for(".entry", path=found.path, name=found.name))
        except (Refused, Conflict) as error:
            flash(str(error), "danger")
            return redirect(url_for(".entry", path=found.path, name=found.name))
        flash("ลบในฉบับร่างแล้ว จะหายจากคำตอบเมื่อเผยแพร่", "success")
        return redirect(url_for(".index"))

    @blueprint.post("/preview")
    @needs("viewer")
    def show() -> ResponseReturnValue:
        with engine.connect() as connection:
            draft, found = _begun(connection) if request.args.get("section") else _found(connection)
            work = entry_saving.work_of(connection, found.path, found.name)
        context = entry_saving.context_of(draft, found.path)
        specs = _specs(found, context)
        form = entry_forms.form_of(specs, context)
        known = entry_saving.knowledge_of(draft, _published(), found.path)
        try:
            said = entry_forms.keys_of(form, specs, context, entry_forms.node_sent(context))
            keys = {key: value for key, value in {**_kept(found), **said}.items() if value is not None}
            if known is None:
                raise preview.CannotShow
            return jsonify(messages=preview.messages(known, found.path, found.section, keys, work))
        except (preview.CannotShow, BadRule, ValueError):
            return jsonify(messages=[], told="กรอกข้อมูลให้ครบก่อน ตัวอย่างจะแสดงที่นี่")

    @blueprint.get("/version")
    @needs("viewer")
    def version() -> ResponseReturnValue:
        with engine.connect() as connection:
            number, author = drafts.version_of(connection, request.args.get("path", ""), request.args.get("name", ""))
        return jsonify(version=number, author=author)

    def _published() -> Knowledge | None:
        console.published.refresh()
        serving = console.published.serving
        return serving.compiled if serving else None

    def _found(connection: Any) -> tuple[Draft, DraftEntry]:
        path, name = request.args.get("path", ""), request.args.get("name", "")
        found = drafts.entry_of(connection, path, name)
        if found is None or not entry_fields.fields_of(path, found.section):
            abort(404)
        return drafts.draft(connection), found

    def _begun(connection: Any) -> tuple[Draft, DraftEntry]:
        """A new Entry: its section and id, nothing else."""
        path, section = request.args.get("path", ""), request.args.get("section", "")
        draft, example = drafts.draft(connection), request.args.get("example", "")
        if path not in draft.documents or section not in _STEMS or (section == "figures") != bool(example):
            abort(404)
        if example and drafts.entry_of(connection, path, example) is None:
            abort(404)
        made = drafts.new_id(connection, path, _STEMS[section])
        return draft, DraftEntry(path, f"{example} / {made}" if example else made, section, {"id": made}, 0, None)

    def _page(
        draft: Draft, found: DraftEntry, form: EntryForm, context: Context, node: Node | None, **more: Any
    ) -> str:
        specs = _specs(found, context)
        items = [i for i in knowledge.items(draft) if (i.path, i.name) == (found.path, found.name)]
        item = next(iter(knowledge.filled(items, _published())), None)
        figures = [i for i in knowledge.items(draft) if i.path == found.path and i.name.startswith(f"{found.name} / ")]
        locked = bool(found.keys.get("rule")) and rule_fields.node_of(found.keys.get("rule"), context.facts) is None
        return render_template(
            "admin/knowledge_entry.html",
            found=found,
            item=item,
            form=form,
            specs=specs,
            context=context,
            node=node,
            rules=rule_fields,
            rule_is_locked=locked,
            figures=figures,
            names=knowledge,
            said=lambda key, value: differing.said(key, value, context.facts, found.path),
            forms=entry_forms,
            shows_card=found.section in preview.SHOWN,
            **more,
        )

    def _conflict(
        draft: Draft,
        found: DraftEntry,
        form: EntryForm,
        context: Context,
        mine: dict[str, Any],
        seen: dict[str, Any],
        specs: tuple[Spec, ...],
    ) -> ResponseReturnValue:
        """The form again, with both changes in it, and the other's told; saving it then is a decision."""
        together = entry_saving.merged(seen, mine, found)
        form = entry_forms.form_of(specs, context, together.keys)
        _show(form, found, specs)
        node = rule_fields.node_of(together.keys.get("rule"), context.facts)
        return _page(draft, found, form, context, node, conflict=together, labels={s.key: s.label for s in specs}), 409

    def _saved(job: int | None, path: str, name: str) -> ResponseReturnValue:
        if job is not None:
            console.worker.queue(job)
            return redirect(url_for("admin.knowledge_publish.index"))
        flash("บันทึกในฉบับร่างแล้ว ผู้ใช้จะเห็นเมื่อเผยแพร่", "success")
        return redirect(url_for(".entry", path=path, name=name))

    return blueprint


def _specs(found: DraftEntry, context: Context) -> tuple[Spec, ...]:
    """The fields of its kind; without a choice between nothing."""
    specs = entry_fields.fields_of(found.path, found.section)
    return tuple(spec for spec in specs if spec.choices != "kinds" or context.choices["kinds"])


def _show(form: EntryForm, found: DraftEntry, specs: tuple[Spec, ...]) -> None:
    form.version.data = str(found.version)
    form.seen.data = json.dumps(_shown(found, specs), ensure_ascii=False)


def _shown(found: DraftEntry, specs: tuple[Spec, ...]) -> dict[str, Any]:
    return {spec.key: found.keys[spec.key] for spec in specs if spec.key in found.keys}


def _kept(found: DraftEntry) -> dict[str, Any]:
    """The keys that no form changes."""
    return {key: value for key, value in found.keys.items() if key in ("id", "kinds", "figures")}


def _version(form: EntryForm) -> int:
    sent = form.version.data or ""
    return int(sent) if sent.isdigit() else -1


def _publishes() -> bool:
    return request.form.get("do") == "publish"


def _rule_button(node: Node | None, context: Context) -> Node | None:
    """The rule with one more part, when that button was pressed; None otherwise."""
    at = request.form.get("do", "").partition("rule:")[2]
    fact = context.facts.get(request.form.get(f"rule.new.{at}", "")) if at else None
    return rule_fields.with_part(node, at, fact) if fact else None


def _tell(form: EntryForm, error: Exception) -> None:
    if isinstance(error, Refused):
        form.refuse(error)
    elif isinstance(error, Broken):
        for one in error.problems[:8]:
            form.refuse(Refused(one.sentence, one.field))
    else:
        form.form_errors.append(str(error))
