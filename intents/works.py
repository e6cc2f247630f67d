"""Texts that speak of more than one work."""

from __future__ import annotations

import regex

_WORK = r"(?:ผลงาน|งาน|โครงการ|ระบบ|อัน|ตัว|ชิ้น)"
# "งานแรก … อีกงาน …"; "ต่อยอดจากงานแรก", "เป็นระบบแรกของประเทศ" and "ใช้งาน 2 ปี" speak of one.
_BEGINS = regex.compile(
    rf"(?<!จาก)(?<!ต่อยอด)(?<!เป็น)(?<!กับ)(?<!เชื่อม)(?:ส่วน|แล้วก็|และ)?\s?(?:"
    rf"(?<!อีก){_WORK}(?:แรก(?!ของ|ใน)|ที่\s?(?:แรก|หนึ่ง|สอง|สาม|[123](?!\d))|หนึ่ง(?!\s?(?:ใน|ปี|เดือน))|\s?[ab](?![a-z]))"
    rf"|อีก\s?{_WORK}(?:หนึ่ง|นึง)?)"
)
_LETTER = regex.compile(r"\p{L}")


def several_works(text: str) -> tuple[str, ...]:
    """The parts of a cleaned text that speak of different works ("งานแรกใช้มา 2 ปี อีกงาน 6 เดือน"); empty when it is one work."""
    starts = [match.start() for match in _BEGINS.finditer(text)]
    if not starts:
        return ()
    # What leads up to two works that are named speaks of neither ("เรามี 2 งาน").
    if starts[0] > 0 and len(starts) == 1:
        starts.insert(0, 0)
    parts = [text[start:end].strip() for start, end in zip(starts, [*starts[1:], len(text)], strict=True)]
    telling = [part for part in parts if len(_LETTER.findall(part)) >= 4]
    return tuple(telling) if len(telling) > 1 else ()
