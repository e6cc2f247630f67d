"""Numbers with their units as people say them: "ปีกว่า", "2-3 กรม", "เกือบ 80%", "ตั้งแต่ ม.ค. 67".

Everything is found in a Reading's key, so that spelling slips and number words are settled before. A vague number is
`{"min": …, "max": …}`, both ends possible.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import regex

from intents.entities import years
from intents.reading import Reading, folded

Number = int | float | dict[str, Any]

BUDDHIST = 543
"""Years from the Christian to the Buddhist Era."""

YEARS = ("prior_award_year", "expansion_start_year")
"""The facts that are years, the earlier first."""


@dataclass(frozen=True)
class Quantity:
    """A number found at key[start:end). `exact` is whether it was said without "about", "over", "almost"."""

    value: Number
    unit: str
    start: int
    end: int

    @property
    def exact(self) -> bool:
        return not isinstance(self.value, dict)


# What stands before a number and widens it.
_BEFORE = {
    "under": "ยังไม่ถึง|ยังไม่ครบ|ยังไม่เต็ม|ไม่ถึง|ไม่ครบ|ไม่เต็ม|ใกล้(?:จะ)?(?:ครบ|ถึง)?|จวน(?:จะ)?(?:ครบ)?",
    "almost": "เกือบ(?:จะ)?(?:ครบ|ถึง)?",
    "less": "น้อยกว่า|ต่ำกว่า|<",
    "at_most": "ไม่เกิน(?:กว่า)?|ไม่มากกว่า|≤",
    "at_least": "อย่างน้อย|อย่างต่ำ|ไม่น้อยกว่า|ไม่ต่ำกว่า|ขั้นต่ำ|≥|>=",
    "more": "มากกว่า|เกิน(?:กว่า)?|(?<!มา)กว่า|>",
    "about": "ประมาณ|ปะมาณ|ประมาน|ราว|สัก|แถว",
}
_BEFORE_PATTERN = "|".join(f"(?P<{name}>{pattern})" for name, pattern in _BEFORE.items())
_COUNT = r"(?P<low>\d{1,7}(?:\.\d{1,4})?)(?:(?:-|ถึง|หรือ(?:ไม่ก็)?) ?(?P<high>\d{1,7}(?:\.\d{1,4})?))?"


def _amount(match: regex.Match[str], size: int, least_step: int) -> Number | None:
    """What `match` says, in steps of which a unit has `size` (12 months a year); None for nonsense.

    `least_step` is what "more than n" adds at least: 1 where only whole units are counted, 0 where time passes.
    """
    low = float(match["low"])
    if match["high"]:
        high = float(match["high"])
        return {"min": _whole(low * size), "max": _whole(high * size)} if low < high else None
    exact = _whole(low * size)
    if match["over"] or match["rounded"]:
        decade = 10 if match["rounded"] or (size == 1 and low % 10 == 0 and low > 0) else 1
        if size == 1 and decade == 1:
            return exact if least_step == 0 else {"min": exact + 1}
        return {"min": exact + (1 if size == 1 and least_step else 0), "max": _whole((low + decade) * size) - 1}
    if match["under"] or match["less"]:
        return {"max": exact - 1} if exact > 0 else None
    if match["almost"]:
        below = _whole((low - (1 if size > 1 else max(1, low // 10))) * size)
        return {"max": exact - 1} if below <= 0 else {"min": below, "max": exact - 1}
    if match["at_most"]:
        return {"max": exact}
    if match["at_least"] or match["up"]:
        return {"min": exact}
    if match["more"]:
        return {"min": exact + least_step}
    # People say "about" of what they have counted; only of time does a little more or less matter.
    if match["about"] and least_step == 0:
        slack = 1 if size > 1 or low < 20 else 2
        return {"min": max(0, exact - slack), "max": exact + slack}
    return exact


def _whole(number: float) -> int | float:
    """A whole number as one."""
    return int(number) if number == int(number) else number


def _counted(units: str) -> regex.Pattern[str]:
    return regex.compile(
        folded(
            rf"(?:{_BEFORE_PATTERN})?(?P<sign>(?:ร้อยละ(?:ประมาณ|ราว|สัก)?|%)?)(?<![\d./])(?<!ปี ?)(?:{_COUNT})(?P<rounded>กว่า)? ?(?P<unit>{units})?(?P<over>กว่า|เศษ)?(?P<up>ขึ้นไป|อัพ|อัป|\+)?"
        )
    )


_DURATION = regex.compile(
    folded(
        rf"(?:{_BEFORE_PATTERN})?(?<![\d./])(?:{_COUNT})(?P<rounded>กว่า)?(?P<unit>ปี(?! ?(?:25|20)\d\d|ละ(?:\d|ครั้ง|หน|รอบ|หลาย)|งบ)|เดือน(?!ละ(?:\d|ครั้ง))|ด(?=\.|$|แล้ว|ได้|ส่ง|ครับ|ค่ะ|คะ|นะ)\.?|สัปดาห์?|อาทิต(?:ย์)?|วีค|วัน(?!ที่)|yrs?|years?|months?|mths?|mo(?![a-z])|weeks?|days?)"
        r"(?P<half>ครึ่ง)?(?P<over>กว่า|เศษ)?(?:(?:กับ|และ|บวก)?(?P<rest>\d{1,2})(?P<rest_over>กว่า)? ?(?:เดือน|ด(?![ก-๎])))?(?P<up>ขึ้นไป|อัพ|อัป|\+)?"
    )
)
_MONTHS_A_UNIT = {"ปี": 12, "y": 12, "เด": 1, "ด": 1, "mo": 1, "mt": 1}
_DAYS_A_UNIT = {"สัป": 7, "อาทิต": 7, "วีค": 7, "week": 7, "วัน": 1, "day": 1}
# Durations without a number of their own.
_YEAR_WORD = r"ปี(?! ?\d|ละ|งบ|ที่|นี้|หน้า|ก่อน|แรก|ไหน|ใด|เดียวกัน|ต่อ|ถัด)"
_SPOKEN = tuple(
    (regex.compile(folded(pattern)), value)
    for pattern, value in (
        (rf"(?:{_BEFORE['under']}|{_BEFORE['almost']}|{_BEFORE['less']}){_YEAR_WORD}", {"max": 11}),
        (rf"ไม่เกิน{_YEAR_WORD}", {"max": 12}),
        (rf"ครึ่ง{_YEAR_WORD}", 6),
        (r"(?<!\d ?)(?<!หลาย)ปีครึ่ง", 18),
        (r"(?<!\d ?)(?<!หลาย)ปี(?:กว่า|เศษ)(?!จะ)", {"min": 12, "max": 23}),
        (r"(?<!\d ?)ปี(?:เดียว|หนึ่ง|นึง)(?!กัน|กับ)", 12),
        (rf"(?<!ไม่)(?:มากกว่า|เกิน){_YEAR_WORD}", {"min": 12}),
        (rf"(?<!จะ|ใกล้|ไม่|เกือบ|เดือน|ถึง)(?:ครบ|เต็ม){_YEAR_WORD}", 12),
        (r"(?<=รอ(?:ให้|จน|กว่า|จะ|กระทั่ง)*)(?:ครบ|เต็ม)ปี(?=ก่อน)", 12),
        (r"หลายปี", {"min": 24}),
        (r"(?<!\d ?)เดือน(?:กว่า|เศษ|ครึ่ง)", {"min": 1, "max": 2}),
        (r"(?<!\d ?)(?<!ครึ่ง)เดือน(?:เดียว|หนึ่ง|นึง)(?!กัน)", 1),
        (r"ครึ่งเดือน|ไม่(?:ถึง|ครบ)เดือน", 0),
        (r"ไม่กี่เดือน", {"max": 11}),
        (r"หลายเดือน", {"min": 2}),
    )
)  # fmt: skip
_NTH_YEAR = regex.compile(folded(r"(?:เข้า|ขึ้น|เป็น|ใช้มา|ใช้|ทำมา)(?:สู่)?ปีที่ ?(?P<low>[1-9])(?!\d)"))
# More years than a service has been run are someone's age.
_MOST_YEARS = 40


def durations(reading: Reading) -> Iterator[Quantity]:
    """Durations in whole months; the unit is "year", "month" or "day", the coarsest that was said."""
    taken: list[tuple[int, int]] = []
    for match in _DURATION.finditer(reading.key):
        months, unit = _months(match)
        if months is not None:
            taken.append(match.span())
            yield Quantity(months, unit, *match.span())
    for match in _NTH_YEAR.finditer(reading.key):
        months = int(match["low"]) * 12
        yield Quantity({"min": months - 12, "max": months - 1}, "year", *match.span())
    for pattern, value in _SPOKEN:
        for match in pattern.finditer(reading.key):
            if all(match.end() <= start or match.start() >= end for start, end in taken):
                taken.append(match.span())
                yield Quantity(dict(value) if isinstance(value, dict) else value, "year", *match.span())


def _months(match: regex.Match[str]) -> tuple[Number | None, str]:
    unit = match["unit"]
    for prefix, days in _DAYS_A_UNIT.items():
        if unit.startswith(prefix):
            return int(float(match["low"]) * days * 12 / 365), "day"
    size = next(size for prefix, size in _MONTHS_A_UNIT.items() if unit.startswith(prefix))
    name = "year" if size == 12 else "month"
    if float(match["low"]) * size > _MOST_YEARS * 12:
        return None, name
    if match["half"] or match["rest"]:
        exact = int(float(match["low"]) * size) + (int(match["rest"] or 0) if match["rest"] else size // 2)
        if match["under"] or match["less"] or match["almost"]:
            return {"max": exact - 1}, name
        if match["at_least"] or match["more"] or match["up"]:
            return {"min": exact}, name
        if match["about"]:
            return {"min": exact - 1, "max": exact + 1}, name
        return exact, name
    amount = _amount(match, size, 0)
    if isinstance(amount, float):
        amount = int(amount)
    elif isinstance(amount, dict):
        amount = {key: int(value) for key, value in amount.items()}
    return amount, name


_AGENCIES = _counted(
    r"หน่วยงาน|หน่วย(?!วัด|ละ|กิต)|กรม(?!ธรรม)|กระทรวง|องค์กร|ส่วนราชการ|สำนัก(?!พิมพ์)|แห่ง|ที่(?=แล้ว|$|ล่ะ|ละ|นะ|ส่ง|ได้|นั้น|ทำ|เชื่อม|คือ|ครับ|คับ|ค่ะ|คะ)|agenc(?:y|ies)|ฝ่าย(?=เชื่อม)"
)
_AREAS = _counted(r"พื้นที่|จังหวัด|จว\.?|อำเภอ|ตำบล|หมู่บ้าน|ชุมชน|เขต|สาขา|แห่ง|จุด|ที่(?=แล้ว|$)")
_ONE_AREA = regex.compile(folded(r"(?P<unit>พื้นที่|จังหวัด|อำเภอ|ตำบล|หมู่บ้าน|ชุมชน|แห่ง|จุด|ที่)เดียว"))
_PERCENTS = _counted(r"%|เปอร์?เซ็?[นด]ต?์?|percent|เปอร์(?!เซ)")


def agencies(reading: Reading) -> Iterator[Quantity]:
    """Counted agencies; the unit is the word that was counted."""
    return _counts(reading, _AGENCIES)


def areas(reading: Reading) -> Iterator[Quantity]:
    """Counted areas; the unit is the word that was counted."""
    yield from _counts(reading, _AREAS)
    for match in _ONE_AREA.finditer(reading.key):
        yield Quantity(1, match["unit"], *match.span())


def percents(reading: Reading) -> Iterator[Quantity]:
    """Percentages up to 100, after "ร้อยละ" or before "%"."""
    for match in _PERCENTS.finditer(reading.key):
        if (match["sign"] or match["unit"]) and float(match["high"] or match["low"]) <= 100:
            amount = _amount(match, 1, 1)
            if amount is not None:
                yield Quantity(amount, "percent", *match.span())


def _counts(reading: Reading, pattern: regex.Pattern[str]) -> Iterator[Quantity]:
    for match in pattern.finditer(reading.key):
        if match["unit"] and "." not in match["low"] and float(match["low"]) < 10_000:
            amount = _amount(match, 1, 1)
            if amount is not None:
                yield Quantity(amount, match["unit"], *match.span())


_BARE = regex.compile(
    folded(
        rf"(?:ไม่(?:ค่อย)?แน่ใจ(?=น่าจะ|คง|ประมาณ|\d)|น่าจะ|คงจะ|คง|มี|ก็|รวม|ทั้งหมด|ทั้งสิ้น|ได้|แค่|อยู่|ที่|ปี|พ.?ศ.?|ครับ|คะ|ค่ะ|ตอนนี้|ขยาย(?:ไป)?|เป็น|มา|แล้ว|ประเด็น|ข้อ)*(?:{_BEFORE_PATTERN})?(?:ร้อยละ)?(?:{_COUNT})(?P<rounded>กว่า)?(?P<over>)(?P<up>ขึ้นไป|\+)?(?:เอง|แล้ว|มั้ง|อะ|แหละ|ละ|ละมั้ง|นี่แหละ|ที่|\.)*"
    )
)


def bare_number(reading: Reading) -> Number | None:
    """The number that is all of a text: the answer to "how many?"."""
    match = _BARE.fullmatch(reading.key)
    return _amount(match, 1, 1) if match else None


@dataclass(frozen=True)
class When:
    """A time in the past at key[start:end): somewhere from `first` to `last`; `year` in Buddhist Era."""

    year: int
    first: date
    last: date
    start: int
    end: int
    role: str = "other"


_MONTHS = (
    "มกราคม|มกรา|ม.ค|มค", "กุมภาพันธ์|กุมภา|ก.พ(?!.ร)|กพ(?!ร)", "มีนาคม|มีนา|มี.ค|มีค", "เมษายน|เมษา|เม.ย|เมย",
    "พฤษภาคม|พฤษภา|พ.ค|พค", "มิถุนายน|มิถุนา|มิ.ย|มิย", "กรกฎาคม|กรกฎา|กรกดา|ก.ค|กค", "สิงหาคม|สิงหา|ส.ค|สค",
    "กันยายน|กันยา|ก.ย|กย", "ตุลาคม|ตุลา|ต.ค|ตค", "พฤศจิกายน|พฤศจิกา|พฤศจิ|พ.ย|พย", "ธันวาคม|ธันวา|ธ.ค|ธค",
)  # fmt: skip
_MONTH = "|".join(f"(?P<m{i}>{names.replace('.', '[.]')})" for i, names in enumerate(_MONTHS, 1))
_MONTH_YEAR = regex.compile(
    folded(
        rf"(?:{_MONTH})\.?(?:ปี)?(?:(?P<year>(?:25|20)?[0-9]\d)(?!\d|%|จังหวัด|กรม|หน่วย|ราย)|(?P<last>ปี(?:ที่แล้ว|ก่อน|กลาย))|(?P<this>(?:ปี)?นี้|ที่ผ่านมา))"
    )
)
_YEARS_AGO = regex.compile(folded(r"(?<![\d.])(?P<low>\d{1,2})ปี(?:ที่แล้ว|ก่อน|ที่ผ่านมา)"))
_MONTHS_AGO = regex.compile(
    folded(
        r"(?:(?P<low>(?<!\d)\d{1,2}))?เดือน(?:ที่แล้ว|ก่อน|ที่ผ่านมา)|(?P<this>เดือนนี้|สัปดาห์(?:นี้|ก่อน|ที่แล้ว)|อาทิตย์(?:นี้|ก่อน|ที่แล้ว)|เมื่อวาน)"
    )
)
_MARKED_YEAR = regex.compile(
    folded(
        r"(?:ปี|เมื่อ|พ.?ศ.?|ตั้งแต่|ดีเด่น|ระดับดี|รางวัล|ขยายผล|ขยาย|เริ่ม|เริ่มใช้|เอ้ย|ไม่ใช่สิ|แก้เป็น) ?(?P<year>5\d|[67]\d)(?!\d| ?(?:%|เปอร์|ร้อย|ปี|เดือน|วัน|ราย|คน|กรม|หน่วย|จังหวัด|พื้นที่|แห่ง))"
    )
)
_FISCAL = regex.compile(folded(r"งบ(?:ประมาณ)?(?:ปี)?(?:ที่)?\.?$|ปีงบ"))


def times(reading: Reading, today: date) -> list[When]:
    """The years and months named in a Reading, in order, without the ones still to come."""
    found: list[When] = []

    def add(year: int, first: date, last: date, start: int, end: int, role: str = "other") -> None:
        if first <= today and all(end <= other.start or start >= other.end for other in found):
            found.append(When(year, first, min(last, today), start, end, role))

    this_year = today.year + BUDDHIST
    for match in _MONTH_YEAR.finditer(reading.key):
        month = next(i for i in range(1, 13) if match[f"m{i}"])
        year = buddhist(int(match["year"])) if match["year"] else this_year - (1 if match["last"] else 0)
        if year is not None:
            first = date(year - BUDDHIST, month, 1)
            add(year, first, _last_day(first), *match.span())
    for match in _YEARS_AGO.finditer(reading.key):
        there = _months_before(today, int(match["low"]) * 12)
        add(there.year + BUDDHIST, there, there, *match.span())
    for match in _MONTHS_AGO.finditer(reading.key):
        first = _months_before(today, 0 if match["this"] else int(match["low"] or 1)).replace(day=1)
        add(first.year + BUDDHIST, first, _last_day(first), *match.span())
    for mention in years(reading.text, this_year, today.month):
        start, end = reading.place(mention.start), reading.place(mention.end)
        fiscal = bool(_FISCAL.search(reading.key[max(0, start - 12) : start + 5]))
        add(mention.year, *_span(mention.year, fiscal), start, end, mention.role)
    for match in _MARKED_YEAR.finditer(reading.key):
        year = 2500 + int(match["year"])
        add(year, *_span(year, False), match.start("year"), match.end())
    return sorted(found, key=lambda when: when.start)


def buddhist(year: int) -> int | None:
    """A year as people write it (64, 2564, 2021) in Buddhist Era; None when it is none of the last decades."""
    if 40 <= year <= 99:
        return 2500 + year
    if 2540 <= year <= 2600:
        return year
    return year + BUDDHIST if 2000 <= year <= 2050 else None


def months_since(when: When, today: date) -> Number:
    """Whole months from `when` to today: a range where its day is not known."""
    most, least = _months_between(when.first, today), _months_between(when.last, today)
    return most if most == least else {"min": least, "max": most}


def _span(year: int, fiscal: bool) -> tuple[date, date]:
    """First and last day of a Buddhist-era year; a fiscal year begins in October of the year before."""
    western = year - BUDDHIST
    return (date(western - 1, 10, 1), date(western, 9, 30)) if fiscal else (date(western, 1, 1), date(western, 12, 31))


def _months_between(first: date, last: date) -> int:
    return max(0, (last.year - first.year) * 12 + last.month - first.month - (last.day < first.day))


def _months_before(day: date, months: int) -> date:
    index = day.year * 12 + day.month - 1 - months
    return date(index // 12, index % 12 + 1, min(day.day, 28))


def _last_day(first: date) -> date:
    return date.fromordinal(date(first.year + first.month // 12, first.month % 12 + 1, 1).toordinal() - 1)
