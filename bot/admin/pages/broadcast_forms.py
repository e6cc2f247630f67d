"""The forms of a message to many: what it says and to whom, and when it is sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, time

from wtforms import RadioField, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length

from bot import audiences
from bot.admin.accounts import Refused
from bot.admin.forms import Form, TextField, choices, typed
from bot.broadcasts import Card
from bot.now import BANGKOK
from bot.storage.broadcasts import Broadcast
from knowledge.model import SUBJECT_KEYS
from knowledge.typed_dates import UnreadableError, read_date

EVERYONE, SUBJECT, TEST = "everyone", "subject", "test"
AUDIENCES = ((EVERYONE, "ทุกคนที่ติดตาม"), (SUBJECT, "ผู้ที่ตั้งเตือนเรื่องใดเรื่องหนึ่ง"), (TEST, "รายชื่อทดสอบ"))


class MessageForm(Form):
    """A draft."""

    title = TextField("ชื่อเรียกในรายการ", [Length(max=60)], description="เห็นเฉพาะในระบบนี้ ผู้รับไม่เห็น")
    text = TextAreaField("ข้อความ", description="ข้อความธรรมดา ยาวได้ไม่เกิน 5,000 ตัวอักษร")
    card_title = TextField("หัวเรื่องของการ์ด", [Length(max=200)])
    card_text = TextAreaField("เนื้อความของการ์ด", [Length(max=2000)])
    card_button = TextField("ข้อความบนปุ่ม", [Length(max=40)], description="เช่น เปิดหน้ารับสมัคร")
    card_link = TextField("ลิงก์ของปุ่ม", [Length(max=1000)], description="ขึ้นต้นด้วย https://")
    audience = RadioField("ส่งถึง", choices=choices(AUDIENCES), default=EVERYONE)
    subject = SelectField("เรื่องที่ตั้งเตือน", choices=[], validate_choice=False)

    def offer(self, subjects: Sequence[tuple[str, str]]) -> MessageForm:
        """The subjects that can be chosen."""
        self.subject.choices = choices(subjects)
        return self

    @property
    def words(self) -> str:
        """The text message, with plain line ends and without control characters."""
        return _clean(typed(self.text))

    @property
    def card(self) -> Card | None:
        """The card; None while nothing of it is filled in."""
        parts = (typed(self.card_title), _clean(typed(self.card_text)), typed(self.card_button), typed(self.card_link))
        return Card(*parts) if any(parts) else None

    def chosen(self, test_chats: Sequence[str]) -> audiences.Audience:
        """Who gets it. Refused, with the field, for nobody."""
        if self.audience.data == EVERYONE:
            return audiences.of_everyone()
        if self.audience.data == TEST:
            if not test_chats:
                raise Refused("ยังไม่ได้ตั้งรายชื่อทดสอบ โปรดแจ้งผู้ดูแลระบบ (BROADCAST_TEST_CHATS)", "audience")
            return audiences.of_chats(test_chats)
        if self.subject.data not in SUBJECT_KEYS:
            raise Refused("กรุณาเลือกเรื่องจากรายการ", "subject")
        return audiences.of_subject(self.subject.data)

    def show(self, one: Broadcast) -> MessageForm:
        """Fill the fields from a draft."""
        written = one.written or {"text": "", "card": None}
        self.title.data, self.text.data = one.title, written["text"]
        for name, value in (written["card"] or {}).items():
            self[f"card_{name}"].data = value
        kind = one.audience["kind"]
        self.audience.data = {audiences.EVERYONE: EVERYONE, audiences.CHATS: TEST}.get(kind, SUBJECT)
        if kind == audiences.SUBJECTS:
            same = [key for key in SUBJECT_KEYS if audiences.of_subject(key)["subjects"] == one.audience["subjects"]]
            self.subject.data = same[0] if same else None
        return self


class ScheduleForm(Form):
    """When a draft is sent."""

    day = TextField(
        "วันที่ส่ง (พ.ศ.)", [InputRequired("กรุณาระบุวันที่ส่ง เช่น 31/3/2569"), Length(max=40)], description="เช่น 31/3/2569"
    )
    at = TextField(
        "เวลา",
        [InputRequired("กรุณาระบุเวลา เช่น 09.00"), Length(max=20)],
        description="ระหว่าง 08.00 ถึง 19.59 น. เช่น 09.00",
    )

    def moment(self) -> datetime:
        """In Bangkok. Refused, with the field, for what cannot be read."""
        try:
            read = read_date(f"{typed(self.day)} เวลา {typed(self.at)}")
        except UnreadableError as error:
            raise Refused(str(error), "day") from None
        day = read.date.as_date() if read.date else None
        if day is None or read.until is not None:
            raise Refused("กรุณาระบุวันที่เพียงวันเดียว เช่น 31/3/2569", "day")
        if not read.time:
            raise Refused("กรุณาระบุเวลา เช่น 09.00", "at")
        return datetime.combine(day, time.fromisoformat(read.time), BANGKOK)


def _clean(text: str) -> str:
    kept = "".join(
        c for c in text.replace("\r\n", "\n").replace("\r", "\n") if c.isprintable() or c == "\n" or _joins(c)
    )
    return kept.strip()


def _joins(character: str) -> bool:
    # Parts of emoji, which are no printable characters by themselves.
    return character in "\u200d\ufe0f\u200b"
