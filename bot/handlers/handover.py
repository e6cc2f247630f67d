"""A person asks for a person: consent, the quiet while an officer has the chat, and the way back."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot import wording
from bot.dispatch import Request
from bot.turn import Answer, Block, CloseHandover, KeepHandoverMessage, OpenHandover, RecordUnanswered, Turn
from intents.normalize import clean, plain

_YES = ("ยินยอม", "1", "ตกลง", "ใช่", "ได้", "โอเค", "ok", "yes", "เอา", "ต้องการ", "เค", "จ้า", "อืม")
_NO = ("ไม่ยินยอม", "2", "ไม่", "ไม่เอา", "ไม่ต้อง", "no", "ยกเลิก")

# "ไม่เป็นไรแล้ว" is a no, "ไม่มีนวัตกรรมส่งได้ไหม" the next question.
_LONGEST_NO = 14


# "ข้อมูลของฉัน" alone asks to see it; what cannot be undone is done only to who says so.
_ERASES = regex.compile(
    r"ลบ|ล้าง|เคลียร์|ลืม|ทิ้ง|ถอน|(?:อย่า|ห้าม|ไม่ให้|ไม่ต้อง|ไม่อยากให้|หยุด|เลิก)\s?(?:เก็บ|จำ|บันทึก)|เอา.*ออก|ทำลาย"
    r"|delete|erase|forget|clear|remove|wipe",
    regex.IGNORECASE,
)


def handover(request: Request) -> Turn | None:
    """The Turn while a hand-over is open or offered; None otherwise."""
    conversation, event = request.conversation, request.event
    if conversation.handover == "open":
        command = _command(request) if event.kind == "text" else None
        if command == "resume":
            back = replace(conversation, handover="", misses=0)
            return Turn(back, (wording.RESUMED,), (CloseHandover(),))
        if command == "erase" and erases(event.text):
            # The right to be forgotten does not wait for an officer.
            return None
        kept = (KeepHandoverMessage(event.text),) if event.text else ()
        return Turn(conversation, effects=kept)
    if conversation.handover == "offered":
        agreed = plain_answer(request)
        if agreed:
            opened = replace(conversation, handover="open", misses=0, options=())
            return Turn(opened, (wording.HANDED_OVER,), (OpenHandover(conversation.last_question),))
        if agreed is False:
            return Turn(replace(conversation, handover="", misses=0, options=()), (wording.NOT_HANDED_OVER,))
        # Anything else goes on as if nothing had been offered.
        return None
    return None


def erases(text: str) -> bool:
    """Whether a text that seems to be about one's own data really says that it is to go."""
    return bool(_ERASES.search(plain(clean(text))))


def plain_answer(request: Request) -> bool | None:
    """Whether the text is a plain yes or a plain no to a question for consent; None for anything else."""
    said = plain(clean(request.event.text, request.matcher.tokenizer.coverage))
    # Consent is a plain yes and nothing else.
    if said in _YES:
        return True
    if said in _NO or (said.startswith(("ไม่", "ยังไม่")) and len(said) <= _LONGEST_NO):
        return False
    return None


def ask_consent(request: Request) -> Turn:
    """The question that comes before who asked is kept."""
    asked = replace(request.conversation, handover="offered", options=())
    return Turn(asked, (wording.HANDOVER_CONSENT,))


def after_a_miss(request: Request, answer: Answer, effect: RecordUnanswered | None) -> Turn:
    """A question that was not answered; the second in a row offers a person."""
    misses = request.conversation.misses + 1
    conversation = replace(
        request.conversation, misses=misses, last_question=request.event.text, handover="", options=()
    )
    effects = (effect,) if effect else ()
    if misses >= 2:
        answer = replace(answer, blocks=(*answer.blocks, Block("paragraph", (wording.OFFER_A_PERSON,))))
        if wording.ASK_A_PERSON not in answer.buttons:
            answer = replace(answer, buttons=(wording.ASK_A_PERSON, *answer.buttons))
    return Turn(conversation, (answer,), effects)


def _command(request: Request) -> str | None:
    match = request.match
    return match.command if match.decision == "answer" else None
