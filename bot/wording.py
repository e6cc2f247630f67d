"""The assistant's own sentences: everything it says that is not a fact of the awards."""

from __future__ import annotations

from collections.abc import Sequence

from bot.turn import Answer, Block, Button

ATTRIBUTE_NAMES = {
    "definition": "ความหมายและรายละเอียด",
    "conditions": "เงื่อนไข",
    "deadline": "กำหนดการ",
    "examples": "ตัวอย่างผลงาน",
    "comparison": "การเปรียบเทียบ",
    "documents": "เอกสารและแบบฟอร์ม",
    "apply": "วิธีสมัคร",
    "scoring": "เกณฑ์คะแนน",
    "advice": "คำแนะนำ",
    "recommend": "การเลือกประเภทรางวัล",
    "quiz": "แบบตรวจสอบเบื้องต้น",
    "reminder": "การเตือน",
    "contact": "ช่องทางติดต่อ",
    "smalltalk": "การทักทาย",
    "out_of_scope": "เรื่องอื่น",
}

STATED_CONDITIONS = "เงื่อนไขที่ระบุไว้"
FIGURES = "ผลลัพธ์และตัวเลขสำคัญ"
WHAT_IS_KNOWN = "ส่วนที่ทราบ"
BESIDE = "เรื่องที่เกี่ยวข้อง"
OTHER_CONDITIONS = "เงื่อนไขอื่นของประเภทนี้"
FIGURE_AT_HAND = "ตัวเลขที่มี"
RELATED_FIGURES = "ตัวเลขที่เกี่ยวข้อง"
WHAT = "คืออะไร"
CONDITION = "เงื่อนไข"
CHOOSE_BY_WORK = "เลือกประเภทจากลักษณะงานได้ดังนี้"

ASK_A_PERSON = Button("คุยกับเจ้าหน้าที่", "ขอคุยกับเจ้าหน้าที่")
REMIND_WHEN_ANNOUNCED = Button("เตือนเมื่อประกาศวัน", "เตือนฉันเมื่อประกาศวันรับสมัคร")
MENU = Button("เมนู", "เมนู")


def rules_of(year: int) -> str:
    """Which round's rules an answer follows, for its header."""
    return f"เกณฑ์รอบปี {year}"


def of_round(year: int) -> str:
    """The title over what is known of one round."""
    return f"ข้อมูลของรอบปี {year}"


def other_round(asked: int, known: int) -> str:
    """Said when the round asked about has no rules of its own here."""
    if asked < known:
        return f"ยังไม่มีข้อมูลเกณฑ์รอบปี {asked} ในระบบ คำตอบนี้เป็นเกณฑ์รอบปี {known}"
    return f"ยังไม่มีข้อมูลเกณฑ์รอบปี {asked} คำตอบนี้เป็นเกณฑ์รอบปี {known} ซึ่งเป็นรอบล่าสุดที่มีข้อมูล อาจมีการเปลี่ยนแปลง"


def slides(title: str, lines: Sequence[str]) -> str:
    """A source among the round's slides; `lines` are numbers and ranges ("94", "96-105") that may overlap."""
    numbers = {number for part in lines for number in _numbers(part)}
    starts = sorted(n for n in numbers if n - 1 not in numbers)
    ends = sorted(n for n in numbers if n + 1 not in numbers)
    ranges = (f"{a}-{b}" if a < b else f"{a}" for a, b in zip(starts, ends, strict=True))
    return f"{title} (บรรทัด {', '.join(ranges)})"


def _numbers(lines: str) -> range:
    first, _, last = lines.partition("-")
    return range(int(first), int(last or first) + 1)


def public_page(url: str) -> str:
    """A source outside the slides."""
    return f"แหล่งสาธารณะ (ไม่ใช่สไลด์): {url}"


def points_up_to(count: int) -> str:
    """Asked for a point that the list before does not have."""
    return f"รายการก่อนหน้านี้มี {count} ข้อค่ะ ต้องการดูข้อไหน"


def point(number: int, line: str) -> str:
    """One point of a list by itself."""
    return f"ข้อ {number}: {line}"


def choose_up_to(count: int) -> str:
    """Said to a number that none of the offered choices has."""
    return f"มีให้เลือก {count} ข้อค่ะ รบกวนเลือกใหม่"


def nothing_stated(what: str) -> str:
    """The first line where none of several subjects says anything of what was asked."""
    return f"ยังไม่มีข้อมูลเรื่อง{what}"


def may_be_entered(name: str) -> str:
    """The question behind a button that names the category which a described work is meant for."""
    return f"ผลงานแบบนี้ส่ง{name}ได้ไหม"


def more_pages(count: int) -> str:
    """Said of public pages that are not listed."""
    return f"และแหล่งสาธารณะอื่นอีก {count} แห่ง"


def no_winners_of(year: int) -> str:
    """Said when the works of another year were asked for."""
    return f"ยังไม่มีข้อมูลผลงานที่ได้รับรางวัลปี {year} ในระบบ"


def conditions_of(name: str, count: int) -> str:
    """The first line over all conditions of a subject."""
    return f"เงื่อนไขของ{name} มี {count} ข้อ"


def some_conditions_of(name: str) -> str:
    """The first line over those conditions of a subject that a question touches."""
    return f"เงื่อนไขของ{name}ที่เกี่ยวข้อง"


def several(what: str, count: int) -> str:
    """The first line over the same point of several subjects."""
    return f"{what} แยกตามประเภท ({count} ประเภท)"


def not_stated(what: str, name: str) -> str:
    """Said when the rules of a subject do not speak of what was asked."""
    return f"เกณฑ์ของ{name}ที่มีอยู่ ไม่ได้ระบุเรื่อง{what}ไว้"


def nothing_known(what: str, name: str) -> str:
    """Said when nothing is known."""
    return f"ยังไม่มีข้อมูล{what}{f'ของ{name}' if name else ''}ในระบบ"


def works(count: int) -> str:
    """The first line over a list of past works."""
    return f"ตัวอย่างผลงานที่เคยได้รับรางวัล {count} เรื่อง"


def works_of_what(gist: str) -> str:
    """The first line over a list of works of every category, where it was not said of which one."""
    return f"อยากดูตัวอย่างเรื่องไหนคะ {gist}"


def awarded(subject: str, year: int, level: str) -> str:
    """Which award a work won."""
    known = f"ระดับ{level}" if level else "ต้นฉบับไม่ระบุระดับรางวัล"
    return f"รางวัล: {subject} ปี {year} ({known})"


def no_figure_of(year: int) -> str:
    """Said when a work's figure is known for another year only."""
    return f"ยังไม่มีตัวเลขของปี {year} ในระบบ"


def compared(names: Sequence[str]) -> str:
    """The first line over a comparison."""
    return f"เปรียบเทียบ {' กับ '.join(names)}" if len(names) <= 3 else f"เปรียบเทียบ {len(names)} ประเภท"


def might_fit(names: str) -> str:
    """The first line of a suggestion by the kind of work."""
    return f"งานลักษณะนี้ใกล้เคียงกับ {names}"


def preliminary(year: int) -> str:
    """The caution under every suggestion."""
    return f"เป็นคำแนะนำเบื้องต้นตามเกณฑ์รอบปี {year} ไม่ใช่การรับรองผล"


def no_dates_yet(year: int | None) -> str:
    """Said when another round's dates are asked for."""
    return f"ยังไม่มีกำหนดการของรอบปี {year} ในระบบ"


def not_announced(name: str) -> str:
    """Said of a milestone without a date."""
    return f"{name}: ยังไม่ประกาศวัน"


def calendar_of(name: str) -> str:
    """The title of a round's calendar; `name` is the round's."""
    return f"กำหนดการ {name}"


def meant_for(names: Sequence[str]) -> str:
    """Which subjects a milestone is for, where it is not for all."""
    return f"สำหรับ {', '.join(names)}"


def cancelled(what: str) -> str:
    """Said of a milestone that will not take place; `what` names it and when it would have been."""
    return f"ยกเลิกแล้ว: {what}"


MENU_BUTTONS = (
    Button("รางวัลมีอะไรบ้าง", "รางวัลเลิศรัฐมีกี่ประเภท อะไรบ้าง"),
    Button("ตรวจสอบว่าส่งอะไรได้", "เริ่มทำแบบตรวจสอบ"),
    Button("ส่งประเภทไหนดี", "ผลงานแบบไหนควรส่งประเภทไหน"),
    Button("กำหนดการ", "ปิดรับสมัครวันไหน"),
    Button("ตัวอย่างผลงาน", "ตัวอย่างผลงานทั้งหมด"),
    ASK_A_PERSON,
)


PRIVACY_LINES = (
    "เก็บหัวข้อที่คุยล่าสุดไว้ชั่วคราว เพื่อให้ถามต่อเนื่องได้ และเก็บคำถามที่ตอบไม่ได้โดยไม่ระบุตัวผู้ถาม เพื่อปรับปรุงคำตอบ",
    "เก็บรหัสแชท LINE ของผู้ที่เป็นเพื่อนไว้ส่งประกาศ และเมื่อขอให้เตือนหรือขอคุยกับเจ้าหน้าที่ (ถามยินยอมก่อน) บล็อกหรือพิมพ์ “ลบข้อมูลของฉัน” เพื่อลบได้ทุกเมื่อ",
)
ABILITIES = (
    "รางวัลและประเภทต่าง ๆ: คืออะไร มีเงื่อนไขอะไร ต่างกันอย่างไร",
    "ผลงานแบบนี้ควรส่งประเภทไหน และแบบตรวจสอบทีละข้อ",
    "ตัวอย่างผลงานที่เคยได้รับรางวัลและตัวเลขผลลัพธ์",
    "ปฏิทินและวันปิดรับเท่าที่ประกาศแล้ว และเตือนก่อนถึงวัน",
    "คุยกับเจ้าหน้าที่ หรือลบข้อมูลของคุณ",
)
HELLO = Answer(
    "command",
    "สวัสดีค่ะ ถามเรื่องรางวัลเลิศรัฐได้เลย เช่น “เงื่อนไขนวัตกรรมบริการมีอะไรบ้าง”",
    buttons=MENU_BUTTONS,
)
THANKS = Answer("command", "ยินดีค่ะ มีเรื่องรางวัลเลิศรัฐสงสัยอีก ถามได้ตลอดนะคะ")
REMARKED = Answer("command", "รับทราบค่ะ มีอะไรอยากถามต่อเรื่องรางวัลเลิศรัฐ พิมพ์มาได้เลยนะคะ")
GOODBYE = Answer("command", "ขอบคุณที่สอบถามค่ะ ขอให้ผลงานสำเร็จด้วยดีนะคะ")
IDENTITY = Answer(
    "command",
    "เป็นระบบตอบคำถามอัตโนมัติเรื่องรางวัลเลิศรัฐค่ะ ไม่ใช่คน และตอบเฉพาะข้อมูลที่มีแหล่งที่มา",
    buttons=MENU_BUTTONS,
)
ERASED = Answer("command", "ลบข้อมูลของแชทนี้ทั้งหมดแล้วค่ะ เริ่มถามใหม่ได้ทุกเมื่อ", buttons=(MENU,))
CANCELLED = Answer("command", "รับทราบค่ะ ถามเรื่องอื่นได้เลย", buttons=MENU_BUTTONS)
EMPTY_TEXT = Answer("clarify", "ยังไม่เห็นข้อความค่ะ รบกวนพิมพ์คำถามเรื่องรางวัลเลิศรัฐ", buttons=MENU_BUTTONS)
OLD_BUTTON = Answer("clarify", "ปุ่มนี้หมดอายุแล้วค่ะ รบกวนพิมพ์คำถามใหม่", buttons=MENU_BUTTONS)
OUT_OF_SCOPE = Answer(
    "out_of_scope",
    "เรื่องนี้อยู่นอกขอบเขตค่ะ ผู้ช่วยตอบได้เฉพาะเรื่องรางวัลเลิศรัฐ",
    attribute="out_of_scope",
    blocks=(Block("bullets", ABILITIES, "สิ่งที่ผู้ช่วยทำได้"),),
    buttons=MENU_BUTTONS,
)
NOT_UNDERSTOOD = Answer(
    "out_of_scope",
    "ขออภัยค่ะ ยังไม่เข้าใจคำถาม ผู้ช่วยตอบได้เฉพาะเรื่องรางวัลเลิศรัฐ",
    attribute="out_of_scope",
    blocks=(Block("bullets", ABILITIES, "สิ่งที่ผู้ช่วยทำได้"),),
    buttons=MENU_BUTTONS,
)
SORRY_WRONG = Answer(
    "command",
    "ขออภัยที่ตอบไม่ตรงค่ะ ลองพิมพ์คำถามให้ครบ เช่น ชื่อประเภทรางวัลและสิ่งที่อยากทราบ",
    buttons=(ASK_A_PERSON, MENU),
)
RATED = Answer(
    "command",
    "ขอบคุณที่แจ้งค่ะ เจ้าหน้าที่จะนำคำถามนี้ไปปรับปรุงคำตอบ โดยไม่เก็บว่าใครเป็นผู้ถาม",
    buttons=(ASK_A_PERSON, MENU),
)
RATED_BEFORE = Answer("command", "ได้รับแจ้งเรื่องคำตอบนี้แล้ว ขอบคุณค่ะ", buttons=(ASK_A_PERSON, MENU))
RATED_NOTHING = Answer(
    "command", "ขอบคุณที่แจ้งค่ะ รบกวนพิมพ์คำถามอีกครั้ง โดยบอกชื่อประเภทรางวัลและสิ่งที่อยากทราบ", buttons=(ASK_A_PERSON, MENU)
)
WHAT_ABOUT = Answer(
    "clarify",
    "อยากทราบเรื่องใดของรางวัลเลิศรัฐคะ",
    subjects=("awards",),
    attribute="definition",
    buttons=MENU_BUTTONS,
)
WHAT_OF_THE_WORK = Answer(
    "clarify",
    "อยากทราบว่าผลงานนี้ส่งประเภทไหนได้ใช่ไหมคะ เล่าเพิ่มได้เลย เช่น ทำอะไร ใช้มานานเท่าไร",
    subjects=("awards",),
    attribute="recommend",
    buttons=(Button("ตรวจสอบทีละข้อ", "เริ่มแบบตรวจสอบ"), Button("ดูเงื่อนไขทั้งหมด", "เงื่อนไขแต่ละประเภทมีอะไรบ้าง"), MENU),
)
WHICH_ONE = "ขอถามให้แน่ใจค่ะ หมายถึงเรื่องไหน"
OFFER_A_PERSON = "ถ้ายังไม่ได้คำตอบที่ต้องการ พิมพ์ “ขอคุยกับเจ้าหน้าที่” ได้เลยค่ะ"
HANDOVER_CONSENT = Answer(
    "command",
    "ถ้าให้เจ้าหน้าที่ตอบในแชทนี้ ต้องขอเก็บบัญชี LINE และข้อความของคุณไว้ระยะหนึ่งหลังปิดเรื่อง (สั่งลบได้ทุกเมื่อ) ยินยอมไหมคะ",
    subjects=("awards",),
    attribute="contact",
    buttons=(Button("ยินยอม", "ยินยอม"), Button("ไม่ยินยอม", "ไม่ยินยอม")),
)
HANDED_OVER = Answer(
    "command",
    "ส่งเรื่องให้เจ้าหน้าที่แล้วค่ะ เจ้าหน้าที่จะตอบในแชทนี้ พิมพ์รายละเอียดเพิ่มไว้ได้เลย",
    subjects=("awards",),
    attribute="contact",
    blocks=(Block("paragraph", ("ระหว่างนี้ระบบอัตโนมัติจะไม่ตอบ หากต้องการกลับมาถามระบบ พิมพ์ “คุยกับบอทต่อ”",)),),
    buttons=(Button("คุยกับบอทต่อ", "คุยกับบอทต่อ"),),
)
NOT_HANDED_OVER = Answer(
    "command",
    "รับทราบค่ะ ไม่ได้ส่งเรื่อง และไม่ได้เก็บบัญชีของคุณไว้ ถามต่อได้เลย",
    subjects=("awards",),
    attribute="contact",
    buttons=MENU_BUTTONS,
)
RESUMED = Answer("command", "ระบบอัตโนมัติกลับมาตอบแล้วค่ะ ถามได้เลย", attribute="contact", buttons=MENU_BUTTONS)


def greeting(year: int, group: bool) -> Answer:
    """The first words to somebody new: what the assistant does, and in two lines what is kept and why."""
    how = "ในกลุ่ม ให้แท็กชื่อผู้ช่วยก่อนพิมพ์คำถาม" if group else "พิมพ์ถามได้เลย หรือแตะปุ่มด้านล่าง"
    return Answer(
        "command",
        "สวัสดีค่ะ ผู้ช่วยตอบคำถามรางวัลเลิศรัฐ ยินดีให้บริการ",
        header=rules_of(year),
        blocks=(
            Block("paragraph", (how,)),
            Block("bullets", PRIVACY_LINES, "ข้อมูลส่วนบุคคล"),
        ),
        buttons=MENU_BUTTONS,
    )


def privacy(code: str) -> Answer:
    """What is kept and why; `code` (may be empty) is the one by which an officer finds what is kept of this chat."""
    told = (Block("pairs", (f"รหัส\t{code}",), "รหัสข้อมูลของแชทนี้"),) if code else ()
    notes = ("แจ้งรหัสนี้กับเจ้าหน้าที่ เพื่อขอสำเนาหรือขอลบข้อมูลของแชทนี้",) if code else ()
    return Answer(
        "command",
        "ข้อมูลที่เก็บและเหตุผล",
        blocks=(Block("bullets", PRIVACY_LINES), *told),
        notes=notes,
        buttons=(Button("ลบข้อมูลของฉัน", "ลบข้อมูลของฉัน"),),
    )


def menu(year: int) -> Answer:
    """What the assistant can do."""
    return Answer(
        "command",
        "ผู้ช่วยตอบเรื่องรางวัลเลิศรัฐได้ดังนี้ค่ะ",
        header=rules_of(year),
        blocks=(Block("bullets", ABILITIES),),
        buttons=MENU_BUTTONS,
    )


def only_text(what: str) -> str:
    """Said when something other than a text was sent."""
    return f"ได้รับ{what}แล้ว แต่ผู้ช่วยยังอ่านได้เฉพาะข้อความค่ะ รบกวนพิมพ์คำถามเป็นข้อความ"
