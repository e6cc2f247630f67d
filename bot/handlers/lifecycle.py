"""Events that are not a question: somebody comes, goes, takes a message back, or sends a picture."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.dispatch import Request
from bot.quiz_cards import PREFIX
from bot.turn import Answer, Conversation, EraseChat, EraseMessage, KeepFollower, Turn

_ARRIVALS = {"follow", "join"}
_DEPARTURES = {"unfollow", "leave"}
_ATTACHMENTS = {
    "image": "รูปภาพ",
    "video": "วิดีโอ",
    "audio": "เสียง",
    "file": "ไฟล์",
    "sticker": "สติกเกอร์",
    "location": "ตำแหน่งที่ตั้ง",
}


def lifecycle(request: Request) -> Turn | None:
    """A Turn for every event without a text to answer; None for texts and postbacks that are meant for us."""
    event, conversation = request.event, request.conversation
    if event.kind in _DEPARTURES:
        return Turn(Conversation(), effects=(EraseChat(),))
    if event.kind == "unsend":
        kept = replace(conversation, last_question="", options=())
        return Turn(kept, effects=(EraseMessage(event.message_id or ""),))
    if not event.active:
        # Only what has to be erased is done while another program has the channel.
        return Turn(conversation)
    if event.kind in _ARRIVALS:
        follows = (KeepFollower(),) if event.kind == "follow" else ()
        return Turn(Conversation(), (wording.greeting(request.round.year, group=event.source != "user"),), follows)
    if not event.addressed:
        return Turn(conversation)
    if conversation.handover == "open" and not _visible(event.text):
        # While an officer has the chat, nothing but the call back is answered.
        return Turn(conversation)
    if event.kind == "postback":
        return None if event.text or event.postback.startswith(PREFIX) else Turn(conversation, (wording.OLD_BUTTON,))
    if event.kind in _ATTACHMENTS:
        what = _ATTACHMENTS[event.kind]
        return Turn(conversation, (Answer("command", wording.only_text(what), buttons=wording.MENU_BUTTONS),))
    if event.kind == "text":
        return None if _visible(event.text) else Turn(conversation, (wording.EMPTY_TEXT,))
    # Everything else (a member joined, a video was watched …) asks for nothing.
    return Turn(conversation)


def _visible(text: str) -> bool:
    """Whether there is anything to read; zero-width and direction marks are not."""
    return any(c.isprintable() and not c.isspace() for c in text)
