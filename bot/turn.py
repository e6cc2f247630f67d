"""The values that pass between the shell and the handlers: an event in, a Turn out.

Handlers are pure: they take an Event, a Conversation and the Services, and return a Turn. The shell saves the
conversation, carries out the effects and sends the replies.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from knowledge.quiz import Response

if TYPE_CHECKING:
    from intents.match import Match


@dataclass(frozen=True)
class Button:
    """A suggestion under a reply: tapping it sends `text` (which can be typed just as well) as the person's own message.

    With `data` the tap is a postback that carries it, and `text` is only what is shown as said: a button that must not
    answer another question than its own. With `link` it opens a web address instead, and always stands on the card.
    """

    label: str
    text: str
    data: str = ""
    link: str = ""


@dataclass(frozen=True)
class Block:
    """One part of an answer's body. `kind` is "paragraph" (one line of `lines`), "bullets", "numbered", "pairs" (each line
    "label\\tvalue") or "checks" (each line "mark\\ttext", the mark one of ✓ ✗ ?); `title` may be empty."""

    kind: str
    lines: tuple[str, ...]
    title: str = ""


@dataclass(frozen=True)
class Answer:
    """What the assistant says, before any looks.

    `gist` is the first line and stands alone; `header` is the small line under it (the subject's name); `notes` are
    cautions; `sources` are ready to show; `status`, `subjects` and `attribute` are the contract's labels; `year` is the
    round that was asked about, `rules_year` the round whose knowledge was used (both Buddhist Era).
    """

    status: str
    gist: str
    subjects: tuple[str, ...] = ()
    attribute: str = "smalltalk"
    header: str = ""
    blocks: tuple[Block, ...] = ()
    notes: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    buttons: tuple[Button, ...] = ()
    year: int | None = None
    rules_year: int | None = None
    confidence: float = 1.0
    rating: str = ""
    """What a tap on "not what I asked" carries (bot.rating); "" where the card does not ask."""


@dataclass(frozen=True)
class Event:
    """One webhook event, reduced to what the assistant uses.

    `kind` is LINE's event type, or the message's type for messages ("text", "image" …); `chat` is the group, room or
    user id that a reply goes to and `user` the sender where LINE tells; `timestamp` is LINE's milliseconds;
    `addressed` is False in a group where the assistant was not mentioned; `text` has the mention itself removed;
    `active` is False while another program has the channel (LINE's standby); `unblocked` tells a follow after a block.
    """

    id: str
    kind: str
    chat: str
    source: str
    timestamp: int
    user: str | None = None
    reply_token: str | None = None
    text: str = ""
    message_id: str | None = None
    postback: str = ""
    redelivery: bool = False
    addressed: bool = True
    active: bool = True
    unblocked: bool = False


@dataclass(frozen=True)
class RecordUnanswered:
    """Keep a question that was not answered well, without who asked it. `reason`: "unknown", "out_of_scope", "unclear",
    "unhelpful" (somebody said so of an answer);
    `year` is the round asked about (Buddhist Era)."""

    question: str
    reason: str
    subjects: tuple[str, ...] = ()
    attribute: str = ""
    year: int | None = None


@dataclass(frozen=True)
class OpenHandover:
    """A person asked for a person and agreed that who asked is kept."""

    question: str


@dataclass(frozen=True)
class KeepHandoverMessage:
    """What the person wrote while the hand-over was open, for whoever takes it; without one it is dropped."""

    text: str


@dataclass(frozen=True)
class CloseHandover:
    """The person called the assistant back."""


@dataclass(frozen=True)
class RecordReminderWish:
    """A wish to be reminded, kept until it is cancelled. `leads` are texts of knowledge.leads.Lead ("7d"), empty means
    the default ones; `consent` is the version of the wording with which the chat agreed just now to being kept."""

    subjects: tuple[str, ...]
    leads: tuple[str, ...] = ()
    consent: int | None = None


@dataclass(frozen=True)
class CancelReminderWishes:
    """End the reminders of this chat for these subjects; None: all of them."""

    subjects: tuple[str, ...] | None = None


@dataclass(frozen=True)
class KeepFollower:
    """Somebody in a chat of their own with the assistant follows it."""


@dataclass(frozen=True)
class EraseChat:
    """Erase all that is stored of this chat, its conversation included."""


@dataclass(frozen=True)
class EraseMessage:
    """Erase what was stored of one message that its sender took back."""

    message_id: str


Effect = (
    RecordUnanswered
    | OpenHandover
    | KeepHandoverMessage
    | CloseHandover
    | RecordReminderWish
    | CancelReminderWishes
    | KeepFollower
    | EraseChat
    | EraseMessage
)


@dataclass(frozen=True)
class Quiz:
    """A quiz of one chat: what was answered, and nothing that follows from it.

    `id` marks its buttons; `year` is the round that it is for (Buddhist Era); `seen` is the time of its last turn (Unix
    seconds); `again` is the question that is asked once more: to change its answer, or since something else was told.
    """

    id: str
    year: int
    responses: tuple[Response, ...] = ()
    seen: int = 0
    again: str = ""


@dataclass(frozen=True)
class Wish:
    """What a chat wants to be reminded of: `subjects`, and `leads` as texts of knowledge.leads.Lead ("7d"), empty for the
    default ones."""

    subjects: tuple[str, ...]
    leads: tuple[str, ...] = ()


# What can still be pointed at: "both", "all three", "the one before".
_MOST_RECENT = 3


@dataclass(frozen=True)
class Conversation:
    """The short state of one chat. Kept in Redis with a time limit; a new `VERSION` starts afresh rather than misread.

    `subjects` … `recent` mirror intents.match.Context; `options` are the texts of the last buttons, for "ข้อ 2";
    `misses` counts questions in a row that were not answered; `handover` is "", "offered" (consent asked) or "open"
    (the assistant keeps quiet); `wish` is a reminder that waits for the consent that was asked for; `facts` are those told of the work that is being talked about; `waiting` is a rendered answer that no valid reply token was left for; `rated` is a digest of the answer that was rated last, so that tapping again counts once.
    """

    subjects: tuple[str, ...] = ()
    attribute: str | None = None
    topic: str | None = None
    entry: str | None = None
    year: int | None = None
    offered: tuple[str, ...] = ()
    recent: tuple[str, ...] = ()
    options: tuple[str, ...] = ()
    last_question: str = ""
    misses: int = 0
    handover: str = ""
    quiz: Quiz | None = None
    facts: dict[str, Any] = field(default_factory=dict)
    wish: Wish | None = None
    rated: str = ""
    waiting: tuple[dict[str, object], ...] = ()

    def talked_about(self, subject: str) -> tuple[str, ...]:
        """What can be pointed at ("the first one") once `subject` is talked about: what it was listed with, else the one
        that was talked about before it, and itself."""
        if subject in self.offered:
            return self.offered
        before = self.subjects if len(self.subjects) == 1 and self.subjects[0] not in ("awards", subject) else ()
        return (*before, subject) if before else ()

    def after(self, before: Conversation) -> Conversation:
        """This, with what was talked about lately as it stands now; `before` is the state of the turn before."""
        if len(self.subjects) != 1 or self.subjects == ("awards",) or self.subjects == before.subjects:
            return self
        (subject,) = self.subjects
        first, *latest = before.recent or (subject,)
        latest = [*(key for key in latest if key != subject), subject]
        return replace(self, recent=(first, *latest[-_MOST_RECENT:]))


@dataclass(frozen=True)
class Turn:
    """A handler's result. No replies means that the assistant keeps quiet on purpose."""

    conversation: Conversation
    replies: tuple[Answer, ...] = ()
    effects: tuple[Effect, ...] = ()
    match: Match | None = None
    """What the text was understood to mean, for whoever asks why; None where nothing was understood."""
    handler: str = field(default="", compare=False)
    """The name of the handler that took the event, for the same."""
