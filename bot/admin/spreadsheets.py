"""Tables as files for spreadsheet programs: CSV and XLSX, in which no text is ever taken for a formula."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

Cell = str | int | float | None

CSV_TYPE = "text/csv; charset=utf-8"
XLSX_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
# What a spreadsheet program takes for the start of a formula or of another cell, also in the wide forms that some of them
# read alike, and behind spaces that they skip.
_FORMULA = re.compile(r"\s*[=+\-@＝＋－＠\t\r\n|]")
# What XML cannot hold, and marks that turn the direction of what follows.
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
_LONGEST_CELL = 32_767


@dataclass(frozen=True)
class Sheet:
    """One table: a name, its headings, its rows. `widths` are in letters, for XLSX."""

    name: str
    headings: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    widths: Sequence[int] = field(default=())


def safe(cell: Cell) -> Cell:
    """A cell that is shown as it is: numbers stay numbers, a text that could start a formula gets an apostrophe in front."""
    if not isinstance(cell, str):
        return cell
    cleaned = _CONTROL.sub("", cell)
    if _FORMULA.match(cleaned) or cleaned[:1] in ("\t", "\r", "\n"):
        cleaned = f"'{cleaned}"
    return cleaned[:_LONGEST_CELL]


def as_csv(sheet: Sheet) -> bytes:
    """UTF-8 with the mark by which Excel knows it, lines end as RFC 4180 has it."""
    text = io.StringIO(newline="")
    writer = csv.writer(text, quoting=csv.QUOTE_MINIMAL, lineterminator="\r\n")
    writer.writerow([safe(heading) for heading in sheet.headings])
    writer.writerows([safe(cell) for cell in row] for row in sheet.rows)
    return text.getvalue().encode("utf-8-sig")


def as_xlsx(sheets: Sequence[Sheet]) -> bytes:
    """A workbook without formulas, links or macros."""
    # Only who asks for one pays for it.
    from openpyxl import Workbook
    from openpyxl.styles import Alignment, Font
    from openpyxl.utils import get_column_letter

    book = Workbook()
    book.remove(book.worksheets[0])
    for sheet in sheets:
        page = book.create_sheet(_sheet_name(sheet.name))
        for number, row in enumerate([sheet.headings, *sheet.rows], 1):
            for place, value in enumerate(row, 1):
                cell = page.cell(number, place)
                cell.value = safe(value)
                if isinstance(value, str):
                    cell.data_type = "s"  # whatever it begins with
                    cell.alignment = Alignment(wrap_text=True, vertical="top")
                if number == 1:
                    cell.font = Font(bold=True)
        page.freeze_panes = "A2"
        for place, width in enumerate(sheet.widths, 1):
            page.column_dimensions[get_column_letter(place)].width = width
    file = io.BytesIO()
    book.save(file)
    return file.getvalue()


def _sheet_name(name: str) -> str:
    return re.sub(r"[\[\]:*?/\\']", " ", name)[:31] or "1"
