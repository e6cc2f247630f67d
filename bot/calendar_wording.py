"""The sentences round the dates of the calendar. Days are Gregorian days in Bangkok; years in texts are Buddhist Era."""

from __future__ import annotations

from bot.turn import Button

UPCOMING = "กำหนดการที่จะถึง"
PASSED = "ผ่านไปแล้ว"
NOT_ANNOUNCED = "ยังไม่ประกาศวัน"
CANCELLED = "ยกเลิกแล้ว"
AFTERWARDS = "หลังจากนั้น"
OWN_CLOSINGS = "ปิดรับต่างวันออกไป"
NEXT_ROUND = "รอบถัดไป"
WHERE = "สถานที่"
LINK = "ลิงก์"
NOTE = "หมายเหตุ"

WHOLE_CALENDAR = Button("ปฏิทินทั้งหมด", "ขอปฏิทินทั้งหมด")
REMIND_ME = Button("ตั้งเตือน", "ตั้งเตือน")
KIND_NAMES = {
    "briefing": "วันประชุมชี้แจง",
    "opening": "วันเปิดรับสมัคร",
    "closing": "วันปิดรับสมัคร",
    "documents": "วันส่งเอกสาร",
    "site_visit": "ช่วงตรวจประเมินในพื้นที่",
    "results": "วันประกาศผล",
    "ceremony": "วันมอบรางวัล",
}


def header(name: str, year: int) -> str:
    """The small line that says whose calendar it is."""
    return f"{name} · กำหนดการรอบปี {year}" if name else f"กำหนดการรอบปี {year}"


def remind_of(name: str) -> Button:
    """The wish to be reminded of one subject."""
    return Button("ตั้งเตือน", f"ตั้งเตือน{name}")


def calendar_of(year: int) -> Button:
    """Another round's whole calendar."""
    return Button(f"ปฏิทินรอบ {year}", f"ขอปฏิทินรอบ {year}")


def file_of(address: str) -> Button:
    """The calendar's file, to be opened outside LINE, whose own browser does not hand such files on."""
    return Button("เพิ่มลงปฏิทินมือถือ", "เพิ่มลงปฏิทินมือถือ", link=f"{address}?openExternalBrowser=1")


def left(days: int) -> str:
    """How far away a day is: "อีก 12 วัน", "พรุ่งนี้", "วันนี้", "ผ่านไปแล้ว"."""
    if days < 0:
        return PASSED
    return ("วันนี้", "พรุ่งนี้")[days] if days < 2 else f"อีก {days} วัน"


def on_until(day: str) -> str:
    """Said of a span that has begun."""
    return f"อยู่ในช่วงนี้ ถึง {day}"


def days_left(days: int, name: str, when: str) -> str:
    """The first line for how many days are left until something."""
    if days == 0:
        return f"วันนี้แล้วค่ะ {name} {when}"
    if days == 1:
        return f"เหลืออีก 1 วัน (พรุ่งนี้) {name} {when}"
    return f"เหลืออีก {days} วัน {name} {when}"


def is_over(name: str, year: int, when: str) -> str:
    """Said of a date that has passed."""
    return f"{name} รอบปี {year} ผ่านไปแล้วค่ะ ({when})"


def closed(name: str, year: int, when: str) -> str:
    """Said of a round to which nothing can be sent any more."""
    return f"รอบปี {year} ปิดรับแล้วค่ะ ({name} {when})"


def still_open(name: str, when: str, left_: str) -> str:
    """Said while applications are taken."""
    return f"ยังเปิดรับค่ะ {name} {when} ({left_})"


def open_without_end() -> str:
    """Said while applications are taken and nobody has said until when."""
    return "เปิดรับแล้วค่ะ แต่ยังไม่ประกาศวันปิดรับ"


def not_open_yet(name: str, when: str, left_: str) -> str:
    """Said before applications are taken."""
    return f"ยังไม่เปิดรับค่ะ {name} {when} ({left_})"


def next_is(name: str, when: str, left_: str) -> str:
    """The first line for what is next."""
    return f"ถัดไป: {name} {when} ({left_})"


def all_over(year: int) -> str:
    """Said when nothing of a round is left."""
    return f"กำหนดการรอบปี {year} ที่ประกาศไว้ ผ่านไปหมดแล้วค่ะ"


def nothing_passed(year: int) -> str:
    """Said when nothing of a round is over."""
    return f"กำหนดการรอบปี {year} ยังไม่มีรายการที่ผ่านไปค่ะ"


def passed_of(year: int, count: int) -> str:
    """The first line over what has passed."""
    return f"กำหนดการรอบปี {year} ที่ผ่านไปแล้ว {count} รายการ"


def whole_of(year: int) -> str:
    """The first line over a round's whole calendar."""
    return f"ปฏิทินรางวัลเลิศรัฐ รอบปี {year}"


def in_month(month: str, count: int) -> str:
    """The first line over a month."""
    return f"เดือน{month} มีกำหนดการ {count} รายการ"


def nothing_in_month(month: str) -> str:
    """Said of a month without dates."""
    return f"เดือน{month} ไม่มีกำหนดการที่ประกาศไว้ค่ะ"


def not_announced(what: str, year: int) -> str:
    """Said of one date that nobody has announced."""
    return f"{what} รอบปี {year} ยังไม่ประกาศค่ะ"


def no_dates(year: int) -> str:
    """Said when nothing of a round is announced."""
    return f"ยังไม่ประกาศกำหนดการของรอบปี {year} ค่ะ เมื่อประกาศแล้วให้ช่วยเตือนได้"


def next_round(year: int, name: str, when: str) -> str:
    """When the next round begins."""
    return f"รอบปี {year} {name} {when}"


def next_round_unknown(year: int) -> str:
    """Said when the next round is not announced."""
    return f"รอบปี {year} ยังไม่ประกาศกำหนดการ เมื่อประกาศแล้วให้ช่วยเตือนได้"
