"""The form that every page's forms are made of: protected against forgery, with its errors in Thai."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from flask_wtf import FlaskForm
from wtforms import Field, StringField
from wtforms.fields import SelectChoice  # type: ignore[attr-defined]

from bot.admin.accounts import Refused

# WTForms' own sentences; those that are not here stand in no form.
_THAI = {
    "This field is required.": "กรุณากรอกช่องนี้",
    "Not a valid choice.": "กรุณาเลือกจากรายการ",
    "Not a valid choice": "กรุณาเลือกจากรายการ",
    "Invalid Choice: could not coerce.": "กรุณาเลือกจากรายการ",
    "Not a valid integer value.": "กรุณากรอกเป็นจำนวนเต็ม",
    "Not a valid decimal value.": "กรุณากรอกเป็นตัวเลข",
    "Not a valid float value.": "กรุณากรอกเป็นตัวเลข",
    "Not a valid date value.": "กรุณากรอกวันที่ให้ถูกต้อง",
    "Not a valid datetime value.": "กรุณากรอกวันและเวลาให้ถูกต้อง",
    "Not a valid time value.": "กรุณากรอกเวลาให้ถูกต้อง",
    "Invalid input.": "ข้อมูลไม่ถูกต้อง",
    "Field must be equal to %(other_name)s.": "กรุณากรอกให้ตรงกันทั้งสองช่อง",
    "Field must be at least %(min)d character long.": "กรุณากรอกอย่างน้อย %(min)d ตัวอักษร",
    "Field must be at least %(min)d characters long.": "กรุณากรอกอย่างน้อย %(min)d ตัวอักษร",
    "Field cannot be longer than %(max)d character.": "กรุณากรอกไม่เกิน %(max)d ตัวอักษร",
    "Field cannot be longer than %(max)d characters.": "กรุณากรอกไม่เกิน %(max)d ตัวอักษร",
    "Field must be between %(min)d and %(max)d characters long.": "กรุณากรอก %(min)d ถึง %(max)d ตัวอักษร",
    "Number must be between %(min)s and %(max)s.": "กรุณากรอกตัวเลขตั้งแต่ %(min)s ถึง %(max)s",
    "Number must be at least %(min)s.": "กรุณากรอกตัวเลขตั้งแต่ %(min)s ขึ้นไป",
    "Number must be at most %(max)s.": "กรุณากรอกตัวเลขไม่เกิน %(max)s",
}


class _Thai:
    def gettext(self, text: str) -> str:
        """One sentence."""
        return _THAI.get(text, text)

    def ngettext(self, singular: str, plural: str, n: int) -> str:
        """The same: Thai has no plural."""
        return self.gettext(singular if n == 1 else plural)


class Form(FlaskForm):  # type: ignore[misc]
    """A form of the console. Its buttons stand in the template; `{{ form.hidden_tag() }}` carries the token."""

    class Meta(FlaskForm.Meta):  # type: ignore[misc]
        """Thai sentences, whatever the browser prefers."""

        locales: ClassVar[list[str]] = ["th"]

        def get_translations(self, form: Any) -> _Thai:
            """The table above."""
            return _Thai()

    def refuse(self, refused: Refused) -> None:
        """Show what the work behind the form says, at its field where it names one, else above the form."""
        field: Field | None = self._fields.get(refused.field)
        if field is None:
            self.form_errors.append(str(refused))
        else:
            field.errors = [*field.errors, str(refused)]


class TextField(StringField):
    """A line of text without spaces at its ends and without control characters."""

    def process_formdata(self, valuelist: list[str]) -> None:
        """Clean what was typed."""
        super().process_formdata(valuelist)
        self.data = "".join(c for c in self.data or "" if c.isprintable() or c == "\n").strip()


def choices(pairs: Iterable[tuple[str, str]]) -> list[Any]:
    """What a list or a row of buttons offers, of (value, label)."""
    return [SelectChoice(value, label) for value, label in pairs]


def typed(field: Field) -> str:
    """What stands in a field of text; "" for nothing."""
    return field.data or ""
