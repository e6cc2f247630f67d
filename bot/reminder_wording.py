"""The sentences round reminders: the consent, what was set, what is kept, what was ended, and what rides on a reply."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn import Answer, Block, Button
from knowledge.leads import MOST_DAYS, MOST_MONTHS, Lead

CONSENT_VERSION = 1
"""Which wording of CONSENT was agreed to; raise it when what is kept, or why, changes."""

REMINDERS_OF = "เรื่องที่เตือน"
BEFOREHAND = "เตือนล่วงหน้า"
DATES = "กำหนดการที่จะเตือน"
KEPT = "เก็บเฉพาะรหัสแชท LINE นี้กับเรื่องที่ขอ ไว้ส่งข้อความเตือนเท่านั้น จนกว่าจะยกเลิก และสั่งลบได้ทุกเมื่อ"
HOW_TO_STOP = "เลิกได้ทุกเมื่อ พิมพ์ “ยกเลิกการเตือน” หรือแตะปุ่มเลิกเตือนท้ายข้อความเตือน"
HOW_TO_CHANGE = "เปลี่ยนได้ เช่น พิมพ์ “เตือนก่อน 3 วันพอ”"
NO_DATES = "ตอนนี้ยังไม่ประกาศวันรับสมัคร เมื่อประกาศแล้วจะแจ้งในแชทนี้"

YES, NO = "ยินยอม", "ไม่ยินยอม"
NOT_THIS, NOT_ALL = "เลิกเตือนเรื่องนี้", "ยกเลิกเตือนทั้งหมด"
LIST = Button("การเตือนของฉัน", "เตือนเรื่องอะไรไว้บ้าง")
SET = Button("ตั้งเตือน", "ตั้งเตือน")
STOP_ALL = Button("ยกเลิกเตือนทั้งหมด", "ยกเลิกเตือนทั้งหมด")
CALENDAR = Button("ปฏิทินทั้งหมด", "ขอปฏิทินทั้งหมด")

NOT_KEPT = Answer(
    "command",
    "รับทราบค่ะ ไม่ได้ตั้งเตือน และไม่ได้เก็บข้อมูลไว้ ถามเรื่องอื่นต่อได้เลย",
    attribute="reminder",
    buttons=(CALENDAR,),
)
NOTHING_SET = Answer(
    "command",
    "แชทนี้ยังไม่ได้ตั้งเตือนเรื่องใดไว้ค่ะ",
    attribute="reminder",
    blocks=(Block("paragraph", ("ตั้งได้ เช่น พิมพ์ “เตือนก่อนปิดรับ 7 วัน” หรือ “ตั้งเตือนนวัตกรรมบริการ”",)),),
    buttons=(SET, CALENDAR),
)
NOTHING_TO_CANCEL = Answer("command", "แชทนี้ไม่มีการเตือนค้างอยู่แล้วค่ะ", attribute="reminder", buttons=(SET, CALENDAR))
TOO_LONG = Answer(
    "command",
    f"เตือนล่วงหน้าได้ไม่เกิน {MOST_DAYS} วัน หรือ {MOST_MONTHS} เดือนค่ะ รบกวนบอกใหม่ เช่น “เตือนก่อน 30 วัน”",
    attribute="reminder",
)


def everything(name: str) -> str:
    """The name of the scheme, as what a chat is reminded of."""
    return f"{name}ทุกประเภท"


def leads_text(leads: Sequence[Lead]) -> str:
    """Lead times in a row: "30 วัน, 7 วัน, 1 วัน และในวันนั้น"."""
    *most, last = [lead.text() for lead in leads]
    if not most:
        return last
    return f"{', '.join(most)} และ{'' if last.startswith('ใน') else ' '}{last}"


def consent(names: Sequence[str], leads: Sequence[Lead], *, group: bool, yes: str, no: str) -> Answer:
    """The question that comes before a chat is kept for reminders. `yes` and `no` are the buttons' data."""
    whose = "กลุ่มนี้" if group else "คุณ"
    return Answer(
        "command",
        f"ก่อนตั้งเตือน ขอเก็บรหัสแชท LINE ของ{whose}ไว้ส่งข้อความเตือน ยินยอมไหมคะ",
        attribute="reminder",
        blocks=(
            Block("pairs", (f"{REMINDERS_OF}\t{' · '.join(names)}", f"{BEFOREHAND}\t{leads_text(leads)}")),
            Block("paragraph", (KEPT,)),
        ),
        buttons=(Button(YES, YES, yes), Button(NO, NO, no)),
    )


def kept(
    wishes: Sequence[tuple[str, Sequence[Lead]]],
    dates: Sequence[str],
    *,
    awaited: bool,
    changed: bool = False,
    already: bool = False,
) -> Answer:
    """Said once a wish is kept. `wishes` are names with their lead times; `dates` lines of a pairs block, `awaited` when
    nobody has said when applications close."""
    names = " · ".join(name for name, _ in wishes)
    if already:
        gist = f"ตั้งเตือน{names}ไว้อยู่แล้วค่ะ"
    elif changed:
        gist = f"เปลี่ยนการเตือนแล้วค่ะ: {names}"
    else:
        gist = f"ตั้งเตือนแล้วค่ะ: {names}"
    told = {leads_text(leads) for _, leads in wishes}
    lines = tuple(f"{name}\t{leads_text(leads)}" for name, leads in wishes)
    if len(told) == 1:
        lines = (f"{BEFOREHAND}\t{told.pop()}",)
    return Answer(
        "command",
        gist,
        attribute="reminder",
        blocks=(
            Block("pairs", lines),
            *_dates(dates, awaited=awaited),
            Block("paragraph", (HOW_TO_CHANGE, HOW_TO_STOP)),
        ),
        buttons=(LIST, STOP_ALL),
    )


def listed(wishes: Sequence[tuple[str, str, Sequence[Lead]]], dates: Sequence[str], *, awaited: bool) -> Answer:
    """What a chat is reminded of. `wishes` are names, labels for a button, and lead times."""
    lines = tuple(f"{name}\t{leads_text(leads)}" for name, _, leads in wishes)
    buttons = (
        [Button(f"เลิกเตือน{label}", f"ยกเลิกเตือน{name}") for name, label, _ in wishes[:6]] if len(wishes) > 1 else []
    )
    return Answer(
        "command",
        f"ตั้งเตือนไว้ {len(wishes)} เรื่องค่ะ",
        attribute="reminder",
        blocks=(
            Block("pairs", lines, BEFOREHAND),
            *_dates(dates, awaited=awaited),
            Block("paragraph", (HOW_TO_CHANGE,)),
        ),
        buttons=(*buttons, STOP_ALL, CALENDAR),
    )


def cancelled(names: Sequence[str], left: Sequence[str]) -> Answer:
    """Said once reminders are ended; `left` are those that stay."""
    rest = (Block("bullets", tuple(left), "ยังเตือนเรื่อง"),) if left else ()
    gist = f"เลิกเตือนแล้วค่ะ: {' · '.join(names)}" if left else "ยกเลิกการเตือนทั้งหมดของแชทนี้แล้วค่ะ"
    return Answer(
        "command",
        gist,
        attribute="reminder",
        blocks=rest,
        buttons=(LIST, STOP_ALL) if left else (Button("ตั้งเตือนใหม่", "ตั้งเตือน"), CALENDAR),
    )


def not_set_for(name: str, wider: Sequence[str], others: Sequence[str]) -> Answer:
    """Said when the one to be ended was not set by itself; `wider` are those that cover it, `others` what else is set."""
    if wider:
        gist = f"ไม่ได้ตั้งเตือน{name}แยกไว้ค่ะ แต่ตั้งเตือน{' · '.join(wider)}ไว้ จึงยังเตือนเรื่องนี้ด้วย"
        buttons = (*(Button("เลิกเตือนเรื่องนั้น", f"ยกเลิกเตือน{one}") for one in wider[:1]), LIST)
    else:
        gist = f"ไม่ได้ตั้งเตือน{name}ไว้ค่ะ"
        buttons = (LIST,) if others else (SET,)
    return Answer("command", gist, attribute="reminder", buttons=buttons)


def which(buttons: Sequence[Button]) -> Answer:
    """Asked back where a name is shared by several subjects."""
    return Answer("clarify", "ให้เตือนเรื่องไหนคะ", attribute="reminder", buttons=tuple(buttons))


def several_rides(sentences: Sequence[str]) -> str:
    """What is told beside an answer: one sentence of reminder_texts.ride, or several under one opening."""
    if len(sentences) == 1:
        return sentences[0]
    opening = "ขอแจ้งด้วยว่า"
    return "\n".join((opening, *(f"• {one.removeprefix(opening).strip()}" for one in sentences)))


def _dates(dates: Sequence[str], *, awaited: bool) -> tuple[Block, ...]:
    announced = (Block("pairs", tuple(dates), DATES),) if dates else ()
    return (*announced, Block("paragraph", (NO_DATES,))) if awaited else announced
