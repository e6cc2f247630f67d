"""The forms that set a date: a quick one for the date alone, and one for all that is known of a milestone."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

from wtforms import BooleanField, HiddenField, RadioField, SelectField, SelectMultipleField, TextAreaField
from wtforms.validators import InputRequired, Length

from bot.admin.accounts import Refused
from bot.admin.calendar_view import CERTAINTIES, KINDS, NAMES, Step, as_milestone
from bot.admin.date_changes import Wanted
from bot.admin.forms import Form, TextField, choices, typed
from knowledge.model import Milestone, MilestoneDate
from knowledge.typed_dates import EXAMPLES, TypedDate, UnreadableError, read_date, typed_text

_LINES = re.compile(r"\d+(?:-\d+)?(?:[;,]\s*\d+(?:-\d+)?)*")
_ADDRESS = re.compile(r"https?://[^\s/]+\.[^\s]+")
_SOURCE_HELP = "ลิงก์ของประกาศ (ขึ้นต้นด้วย https://) หรือเลขบรรทัดในสไลด์ เช่น 53-54"
SAID_OTHERWISE = "ที่มานี้ใช้ไม่ได้ กรุณาใส่ลิงก์ที่ขึ้นต้นด้วย https:// หรือเลขบรรทัดในสไลด์ เช่น 53-54"


class QuickForm(Form):
    """What, when, and who says so."""

    what = SelectField("เรื่อง", validators=[InputRequired()], validate_choice=False)
    when = TextField(
        "วันที่ (พ.ศ.)",
        [InputRequired(), Length(max=80)],
        description=f"{EXAMPLES} ใส่เวลาต่อท้ายได้ เช่น 16.30 น.",
    )
    source = TextField("ที่มา", [Length(max=500)], description=f"{_SOURCE_HELP} หากเว้นว่างจะใช้ที่มาเดิม")

    def offer(self, offered: Sequence[tuple[str, str]]) -> QuickForm:
        """Fill the list; the first is chosen."""
        self.what.choices = choices(offered)
        return self

    def wanted(self, steps: Sequence[Step]) -> Wanted:
        """What was asked for; Refused, with the field, for what cannot be read."""
        path, _, entry = typed(self.what).partition("|")
        known = {step.key: step for step in steps}.get(typed(self.what))
        if known is None and not (entry.startswith(NEW) and entry.removeprefix(NEW) in NAMES):
            raise Refused("กรุณาเลือกเรื่องจากรายการ", "what")
        keys = date_keys(typed(self.when), "", "when")
        had_source = known is not None and bool(known.shown.source.lines or known.shown.source.urls)
        source = source_keys(typed(self.source), "source")
        if source is not None:
            # Who names a source for a date has confirmed it.
            keys |= {"source": source, "certainty": None, "caution": None}
        elif keys["date"] and not had_source:
            raise Refused("กรุณาใส่ที่มาของวันที่ เพื่อให้ผู้รับตรวจสอบได้", "source")
        if known is not None:
            return Wanted(path, entry, keys)
        kind = entry.removeprefix(NEW)
        return Wanted(path, "", {"kind": kind, "name": NAMES[kind], **keys})


NEW = "new:"


class MilestoneForm(Form):
    """All that is known of one milestone."""

    version = HiddenField()
    seen = HiddenField()
    name = TextField("ชื่อ", [InputRequired(), Length(max=120)], description="ชื่อที่ผู้รับการแจ้งเตือนเห็น")
    kind = SelectField("ประเภท", [InputRequired()], choices=choices(KINDS.items()))
    when = TextField("วันที่ (พ.ศ.)", [Length(max=80)], description=f"{EXAMPLES} เว้นว่างหากยังไม่ประกาศ")
    time = TextField("เวลา", [Length(max=20)], description="เช่น 16.30 น.")
    subjects = SelectMultipleField("ใช้กับ", validate_choice=False)
    place = TextField("สถานที่", [Length(max=300)])
    link = TextField("ลิงก์", [Length(max=900)], description="หน้าเว็บที่ผู้รับกดเปิดได้ เช่น หน้ารับสมัคร")
    note = TextAreaField("หมายเหตุ", [Length(max=1000)])
    source_urls = TextAreaField("ลิงก์ที่มา", [Length(max=2000)], description="หนึ่งลิงก์ต่อหนึ่งบรรทัด")
    source_lines = TextField("เลขบรรทัดในสไลด์", [Length(max=100)], description="เช่น 53-54")
    certainty = RadioField("ความแน่นอน", choices=choices(CERTAINTIES.items()), default="certain")
    caution = TextField("ข้อควรระวัง", [Length(max=500)], description="ประโยคที่แสดงคู่กับวันนี้ จำเป็นเมื่อยังไม่แน่นอน")
    cancelled = BooleanField("ยกเลิกกำหนดการนี้", description="ผู้ที่เคยได้รับแจ้งวันนี้จะได้รับแจ้งว่ายกเลิก")

    def show(self, keys: dict[str, Any], shown: Milestone | None) -> MilestoneForm:
        """Fill the fields from the YAML's keys, and from what they make."""
        source = keys.get("source") or {}
        for name in ("name", "kind", "place", "link", "note", "caution", "cancelled"):
            if name in keys:
                self[name].data = keys[name]
        self.when.data = typed_text(shown.date, shown.until) if shown else ""
        self.time.data = str(keys.get("time", "")).replace(":", ".")
        self.subjects.data = list(keys.get("subjects", ()))
        self.certainty.data = keys.get("certainty", "certain")
        self.source_urls.data = "\n".join(source.get("urls", ()))
        self.source_lines.data = source.get("lines") or ""
        return self

    def wanted(self, path: str, entry: str, subjects: Sequence[str]) -> Wanted:
        """What was asked for; `subjects` are those that may be chosen. Refused, with the field, for what cannot be read."""
        keys: dict[str, Any] = {"kind": self.kind.data, "name": typed(self.name)}
        keys |= date_keys(typed(self.when), typed(self.time), "when")
        keys["subjects"] = [key for key in subjects if key in (self.subjects.data or ())] or None
        for name in ("place", "link"):
            keys[name] = typed(self[name]) or None
        keys["note"] = _lines(typed(self.note)) or None
        if keys["link"] and not _ADDRESS.fullmatch(keys["link"]):
            raise Refused("ลิงก์นี้ใช้ไม่ได้ กรุณาใส่ที่อยู่เว็บเต็ม ขึ้นต้นด้วย https://", "link")
        certain = self.certainty.data == "certain"
        keys["certainty"] = None if certain else self.certainty.data
        keys["caution"] = typed(self.caution) or None
        if not certain and not keys["caution"]:
            raise Refused("ยังไม่แน่นอน กรุณาเขียนประโยคที่จะแสดงให้ผู้ถามระวัง", "caution")
        keys["cancelled"] = True if self.cancelled.data else None
        urls = source_keys(typed(self.source_urls), "source_urls") or {}
        lines = source_keys(typed(self.source_lines), "source_lines") or {}
        if "lines" in urls:
            raise Refused("ช่องนี้ใส่ได้เฉพาะลิงก์", "source_urls")
        if "urls" in lines:
            raise Refused("ช่องนี้ใส่ได้เฉพาะเลขบรรทัด เช่น 53-54", "source_lines")
        keys["source"] = {**lines, **urls} or None
        if keys["date"] and not keys["source"]:
            raise Refused("กรุณาใส่ที่มาของวันที่ เพื่อให้ผู้รับตรวจสอบได้", "source_urls")
        return Wanted(path, entry, keys)

    def changed(self, path: str, entry: str, subjects: Sequence[str]) -> Wanted:
        """The same without what was sent back as it was shown: that may be somebody's draft, which nobody asked to publish."""
        wanted, seen = self.wanted(path, entry, subjects), self._seen()
        if not entry or seen is None:
            return wanted
        try:
            # As this form reads what it showed: a file may write the same otherwise.
            shown = (
                MilestoneForm(formdata=None)
                .show(seen, as_milestone({**seen, "id": entry}, path))
                .wanted(path, entry, subjects)
                .keys
            )
        except (Refused, AttributeError, TypeError, ValueError):
            shown = seen
        different = {key for key, value in wanted.keys.items() if value != shown.get(key)}
        if different & {"date", "until"}:  # one field
            different |= {"date", "until"}
        return Wanted(path, entry, {key: wanted.keys[key] for key in wanted.keys if key in different}, seen)

    def _seen(self) -> dict[str, Any] | None:
        try:
            found = json.loads(self.seen.data or "null")
        except ValueError:
            return None
        return found if isinstance(found, dict) else None


def date_keys(when: str, time: str, field: str) -> dict[str, Any]:
    """The YAML's keys of a typed date. Refused, with the field, for what is none."""
    try:
        read = read_date(f"{when} เวลา {time}" if time and when else when)
        if time and when and not read.time:
            raise Refused("อ่านเวลานี้ไม่ได้ กรุณาเขียน เช่น 16.30 น.", "time")
        if time and read.date is None:
            raise Refused("มีเวลาแต่ไม่มีวันที่ กรุณาระบุวันที่ด้วย หรือเอาเวลาออก", field)
    except UnreadableError as error:
        raise Refused(str(error), field) from None
    return keys_of(read)


def keys_of(read: TypedDate) -> dict[str, Any]:
    """A date as the YAML has it."""

    def part(day: MilestoneDate | None) -> dict[str, int] | None:
        if day is None:
            return None
        return {"year": day.year, "month": day.month, **({"day": day.day} if day.day else {})}

    return {"date": part(read.date), "until": part(read.until), "time": read.time or None}


def source_keys(text: str, field: str) -> dict[str, Any] | None:
    """The YAML's source of what was typed; None for nothing. Refused for what is neither address nor lines."""
    text = " ".join(text.split())
    if not text:
        return None
    if _LINES.fullmatch(text):
        ranges = [[int(one) for one in part.split("-")] for part in re.split(r"[;,]\s*", text)]
        if all(0 < part[0] <= part[-1] for part in ranges):
            return {"lines": ";".join("-".join(map(str, part)) for part in ranges)}
    urls = text.split()
    if all(_ADDRESS.fullmatch(url) for url in urls):
        return {"urls": list(dict.fromkeys(urls))}
    raise Refused(SAID_OTHERWISE, field)


def _lines(text: str) -> str:
    return "\n".join(line.strip() for line in text.replace("\r", "").split("\n") if line.strip())
