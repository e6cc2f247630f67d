"""An Entry's keys as a form, and back. What a kind of Entry has is told by bot.admin.entry_fields."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar

from flask import request
from wtforms import (
    BooleanField,
    Field,
    HiddenField,
    IntegerField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
)
from wtforms.validators import DataRequired, Optional
from wtforms.widgets import CheckboxInput, ListWidget

from bot.admin import rule_fields
from bot.admin.entry_fields import Spec
from bot.admin.forms import Form, TextField, choices
from bot.admin.rule_fields import BadRule, Node
from bot.admin.thai_time import MONTHS
from bot.limits import grapheme_length, utf16_length
from knowledge.facts import Fact

Keys = Mapping[str, Any]
LONGEST_LIST = 2000
EVEN_LABEL = "0 ปี"  # what a limit in a label is counted as, as knowledge/schema_parts.py does


@dataclass(frozen=True)
class Context:
    """What the choices of a form are, and the facts that rules look at."""

    choices: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    facts: Mapping[str, Fact] = field(default_factory=dict)


class EntryForm(Form):
    """The fields that every Entry has; those of its kind are added by `form_of`."""

    version = HiddenField()
    seen = HiddenField()


class LinesField(TextAreaField):
    """A text of one item a line."""

    def lines(self) -> list[str]:
        """The items, cleaned, each once."""
        found = (" ".join(_clean(line).split()) for line in (self.data or "").splitlines())
        return list(dict.fromkeys(filter(None, found)))[:LONGEST_LIST]


class BoxesField(SelectMultipleField):
    """Several of a list, as boxes to tick."""

    widget = ListWidget(prefix_label=False)
    option_widget = CheckboxInput()


def form_of(specs: tuple[Spec, ...], context: Context, keys: Keys | None = None) -> EntryForm:
    """The form of an Entry: filled with `keys`, or with what was sent where that is None."""
    fields: dict[str, Field] = {}
    for spec in specs:
        fields |= _fields(spec, context)
    made: type[EntryForm] = type("ThisForm", (EntryForm,), fields)
    if keys is None:
        return made()
    shown: dict[str, Any] = {}
    for spec in specs:
        shown |= _filled(spec, keys)
    return made(formdata=None, data=shown)


def fill_in(form: EntryForm, specs: tuple[Spec, ...], keys: Keys) -> None:
    """Put an Entry's keys into a form that was sent: after somebody else's change."""
    for spec in specs:
        for name, value in _filled(spec, keys).items():
            form[name].data = value


def names_of(spec: Spec) -> list[str]:
    """The names of a key's fields."""
    if spec.sort == "date":
        return [f"{spec.key}_day", f"{spec.key}_month", f"{spec.key}_year"]
    if spec.sort == "source":
        return ["source_lines", "source_urls"]
    return [] if spec.sort == "rule" else [spec.key or "list"]


def validated(form: EntryForm, specs: tuple[Spec, ...]) -> bool:
    """Whether all that was typed is within LINE's limits, and what is required is there; errors stand at the fields."""
    good: bool = form.validate()
    for spec in specs:
        if spec.sort == "source" and spec.required and not (form.source_lines.data or form.source_urls.lines()):
            _refuse(form.source_lines, "กรุณาระบุที่มา: บรรทัดในสไลด์ หรือลิงก์ อย่างใดอย่างหนึ่ง")
            good = False
        if spec.most and spec.sort in ("line", "text"):
            one = form[spec.key]
            count = counted(one.data or "", spec)
            if count > spec.most:
                _refuse(one, f"ยาวเกินที่ LINE แสดงได้ ({count} จาก {spec.most}) กรุณาย่อให้สั้นลง")
                good = False
    return good


def counted(text: str, spec: Spec) -> int:
    """How long LINE finds a text."""
    if spec.graphemes:
        from knowledge.schema_parts import _LIMIT

        return grapheme_length(_LIMIT.sub(EVEN_LABEL, text))
    return utf16_length(text)


def keys_of(form: EntryForm, specs: tuple[Spec, ...], context: Context, node: Node | None) -> dict[str, Any]:
    """The keys that the form says; None for those that it leaves out. BadRule."""
    return {spec.key: _value(form, spec, node) for spec in specs if spec.sort != "rule" or context.facts}


def changes_of(said: Keys, seen: Keys, specs: tuple[Spec, ...], rule_shown: bool = True) -> dict[str, Any]:
    """What of it differs from what the form showed."""
    changed: dict[str, Any] = {}
    for spec in specs:
        if spec.key not in said or (spec.sort == "rule" and not rule_shown):
            continue
        before, now = seen.get(spec.key), said[spec.key]
        if spec.sort == "rule":
            before = rule_fields.plain(before)
        if (spec.default if before is None else before) != (spec.default if now is None else now) and not (
            before in (None, "", [], {}) and now in (None, "", [], {})
        ):
            changed[spec.key] = now
    return changed


def seen_in(form: EntryForm) -> dict[str, Any]:
    """The keys that the form had shown; {} when nobody can tell."""
    try:
        found = json.loads(form.seen.data or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def node_sent(context: Context) -> Node | None:
    """The rule as it was sent. BadRule."""
    return rule_fields.from_form(request.form, context.facts)


class _AlwaysChosen:
    """Keeps a list that has something chosen from being called optional."""

    field_flags: ClassVar = {"required": True}

    def __call__(self, form: Form, field: Field) -> None:
        """Nothing to check."""


def _fields(spec: Spec, context: Context) -> dict[str, Field]:
    needed: list[Any] = [DataRequired()] if spec.required else [Optional()]
    told: dict[str, Any] = {"label": spec.label, "description": spec.help}
    name = spec.key or "list"
    match spec.sort:
        case "text":
            return {name: TextAreaField(validators=needed, filters=[_cleaned], **told)}
        case "lines" | "options":
            return {name: LinesField(validators=needed, **told)}
        case "number":
            return {name: IntegerField(validators=needed, **told)}
        case "bool":
            return {name: BooleanField(**told)}
        case "choice":
            pairs = list(_choices(spec, context).items())
            if not spec.required and spec.default is None:
                pairs.insert(0, ("", "– ไม่ระบุ –"))
            else:
                needed = [_AlwaysChosen()]
            return {name: SelectField(choices=choices(pairs), validators=needed, **told)}
        case "several":
            return {name: BoxesField(choices=choices(_choices(spec, context).items()), **told)}
        case "date":
            months = [("", "–"), *((str(i), month) for i, month in enumerate(MONTHS, 1))]
            return {
                f"{name}_day": IntegerField(f"{spec.label}: วันที่", [Optional()]),
                f"{name}_month": SelectField("เดือน", choices=choices(months), validators=[Optional()]),
                f"{name}_year": IntegerField("ปี พ.ศ.", [Optional()]),
            }
        case "source":
            return {
                "source_lines": TextField("บรรทัดในสไลด์", description="เช่น 94-101 หรือ 27-34;66-90"),
                "source_urls": LinesField("ลิงก์ที่มา", description="บรรทัดละหนึ่งลิงก์ ขึ้นต้นด้วย https://"),
            }
        case "rule":
            return {}
    return {name: TextField(validators=needed, **told)}


def _choices(spec: Spec, context: Context) -> Mapping[str, str]:
    return context.choices.get(spec.choices, {}) if isinstance(spec.choices, str) else spec.choices


def _filled(spec: Spec, keys: Keys) -> dict[str, Any]:
    value, name = keys.get(spec.key), spec.key or "list"
    match spec.sort:
        case "lines":
            return {name: "\n".join(map(str, value or []))}
        case "options":
            return {name: "\n".join(f"{one.get('label')} | {one.get('question')}" for one in value or [])}
        case "date":
            day = value or {}
            parts = (day.get("day"), str(day.get("month") or ""), day.get("year"))
            return dict(zip(names_of(spec), parts, strict=True))
        case "source":
            source = value or {}
            return {"source_lines": source.get("lines", ""), "source_urls": "\n".join(source.get("urls") or [])}
        case "rule":
            return {}
        case "bool":
            return {name: spec.default if value is None else value}
        case "several":
            return {name: list(value or [])}
    return {name: spec.default if value is None else value}


def _value(form: EntryForm, spec: Spec, node: Node | None) -> Any:
    match spec.sort:
        case "lines":
            return form[spec.key or "list"].lines() or None
        case "options":
            pairs = (line.partition("|") for line in form[spec.key].lines())
            return [{"label": label.strip(), "question": said.strip()} for label, _, said in pairs] or None
        case "date":
            day, month, year = (form[name].data for name in names_of(spec))
            if not (day or month or year):
                return None
            parts = {"year": year, "month": int(month) if month else None, "day": day}
            return {key: part for key, part in parts.items() if part is not None}
        case "source":
            lines, urls = form.source_lines.data, form.source_urls.lines()
            return ({"lines": lines} if lines else {}) | ({"urls": urls} if urls else {})
        case "rule":
            return rule_fields.raw_of(node)
        case "bool":
            return None if form[spec.key].data == spec.default else form[spec.key].data
        case "several" | "number":
            return form[spec.key].data or None
    found = form[spec.key].data or None
    return None if found == spec.default else found


def _cleaned(text: str | None) -> str:
    return _clean((text or "").replace("\r\n", "\n")).strip()


def _clean(text: str) -> str:
    return "".join(c for c in text if c.isprintable() or c in "\n\t")


def _refuse(one: StringField, sentence: str) -> None:
    one.errors = [*one.errors, sentence]


__all__ = ["BadRule", "Context", "EntryForm", "changes_of", "form_of", "keys_of", "node_sent", "seen_in", "validated"]
