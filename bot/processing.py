"""The shell round one event: lock its chat, load, dispatch, carry out, save, reply. Everything impure meets here."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import Any, Literal, Protocol
from uuid import NAMESPACE_URL, uuid5

import structlog
from redis import Redis

from bot.conversation import ConversationStore, Remembered
from bot.events import ERASING, MESSAGES
from bot.groups import for_group
from bot.inbox import ChatLock, LockLostError, Received, SavedTurn, erased_messages, is_erased, unix_milliseconds
from bot.limits import MESSAGES_PER_CALL
from bot.line import PermanentError, RetryableError
from bot.logs import failure, pseudonym
from bot.turn import (
    Answer,
    Conversation,
    Effect,
    EraseChat,
    EraseMessage,
    Event,
    KeepFollower,
    RecordUnanswered,
    Turn,
)

log = structlog.get_logger(__name__)

Message = dict[str, Any]

TOKEN_SECONDS = 55  # a reply token lives for a minute from the webhook on
PUSH_SECONDS = 600  # how long a push is tried when its turn has come
EVENTS_AT_ONCE = 25  # then other chats get the worker
MOST_STARTS = 3  # an event that brought down so many workers is not tried again
RETURN_SECONDS = 600  # how long a chat waits for the storage that has to take back what rode
RETURN_FIRST_SECONDS = 10  # the same while nothing is answered yet
MOST_WAITING = 10  # messages kept while no reply token is at hand
APOLOGIZED = MESSAGES | {"postback", "follow"}
# Seconds for which an erasure is tried while the storage is away. What follows in a chat has to wait meanwhile.
ERASURE_PATIENCE = {"unsend": 60, "unfollow": 86_400, "leave": 86_400}
# The same for a tap that ends reminders while another program has the channel: nobody can be asked to tap again.
STANDBY_PATIENCE = 86_400

SORRY: Message = {
    "type": "text",
    "text": "ขออภัยค่ะ ระบบขัดข้อง ตอบข้อความนี้ไม่ได้ กรุณาลองถามใหม่อีกครั้งค่ะ",
}
NOT_SAVED: Message = {
    "type": "text",
    "text": "ขออภัยค่ะ ตอนนี้ระบบยังบันทึกให้ไม่ได้ กรุณาส่งข้อความเดิมใหม่อีกครั้งในภายหลังค่ะ",
}


class Sender(Protocol):
    """LINE, as far as answers go: bot.line.Line. Raises RetryableError or PermanentError."""

    def reply(self, token: str, messages: Sequence[Message]) -> None: ...
    def push(self, to: str, messages: Sequence[Message], retry_key: str) -> None: ...


class Effects(Protocol):
    """What a Turn wants done in the storage; doing it twice for one event's id does it once. Raises when it cannot."""

    def perform(self, effect: Effect, event: Event) -> None: ...


class Rides(Protocol):
    """Reminders that ride on replies: bot.riding.Riding. `returned` raises when the storage is away, the others never."""

    def board(
        self, event: Event, ride_id: str, effects: Sequence[Effect], answer: Sequence[Message]
    ) -> tuple[Message, ...]: ...
    def arrived(self, ride_id: str) -> None: ...
    def returned(self, ride_id: str) -> None: ...


class Counts(Protocol):
    """What the dashboard shows: bot.counting.Counting. Never raises, waits for nothing."""

    def turn(self, event: Event, before: Conversation, turn: Turn, *, failed: bool) -> None: ...
    def replied(self, milliseconds: int) -> None: ...


class NoRides:
    """Nothing rides."""

    def board(
        self, event: Event, ride_id: str, effects: Sequence[Effect], answer: Sequence[Message]
    ) -> tuple[Message, ...]:
        """Nothing."""
        return ()

    def arrived(self, ride_id: str) -> None:
        """Nothing to settle."""

    def returned(self, ride_id: str) -> None:
        """Nothing to settle."""


class _PostponedError(Exception):
    """What has to be tried again in a while; `unharmed` when the starts on the event do not tell of a dead worker."""

    def __init__(self, *, unharmed: bool = True) -> None:
        self.unharmed = unharmed


class Processor:
    """Answers the waiting events of a chat. One for all threads of a worker."""

    def __init__(
        self,
        redis: Redis,
        conversations: ConversationStore,
        dispatch: Callable[[Event, Conversation], Turn],
        render: Callable[[Sequence[Answer]], list[Message]],
        line: Sender,
        effects: Effects,
        *,
        log_key: str,
        push_fallback: bool = False,
        now: Callable[[], int] = unix_milliseconds,
        rides: Rides | None = None,
        follows: Callable[[Event], None] | None = None,
        counts: Counts | None = None,
    ) -> None:
        self._redis = redis
        self._conversations = conversations
        self._dispatch = dispatch
        self._render = render
        self._line = line
        self._effects = effects
        self._log_key = log_key
        self._push_fallback = push_fallback
        self._now = now
        self._rides = rides or NoRides()
        self._follows = follows or (lambda event: None)
        self._counts = counts

    def process(self, chat: str) -> float | None:
        """Work through the chat's events in order, unless another worker does.

        Gives the seconds after which to call again (LINE or the storage is away), or None. Raises redis.RedisError.
        """
        again, left = None, True
        while left and again is None:
            lock = ChatLock.seize(self._redis, chat)
            if lock is None:
                break  # its holder looks again after releasing
            try:
                again = self._work(lock)
            except LockLostError:
                log.warning("chat_lost_to_another_worker", chat=pseudonym(chat, self._log_key))
                break
            finally:
                left = lock.release()
        return again

    def _work(self, lock: ChatLock) -> float | None:
        for _ in range(EVENTS_AT_ONCE):
            received = lock.first()
            if received is None:
                return None
            lock.renew()
            again = self._one(lock, received)
            if again is not None:
                return again
        return 0.0

    def _one(self, lock: ChatLock, received: Received) -> float | None:
        event = received.event
        if event.message_id and event.kind != "unsend" and is_erased(self._redis, event.message_id):
            log.info("event_taken_back", event_id=event.id)
            lock.done(event.id)
            return None
        saved = lock.saved_turn(event.id)
        if saved is not None:
            if not saved.messages:
                return self._done(lock, received, saved)
            return self._send(lock, received, saved, taken_over=True)
        try:
            turn, erased = self._answer(lock, received)
        except _PostponedError as postponed:
            if postponed.unharmed:
                lock.survived(event.id)
            return 5.0
        again = self._send(lock, received, turn, taken_over=False) if turn.messages else None
        if not erased:
            self._follows(event)
        return again

    def _answer(self, lock: ChatLock, received: Received) -> tuple[SavedTurn, bool]:
        """Dispatch the event, carry out its effects and save what came of it; what has no reply is then done. Also whether
        the chat was erased."""
        event = received.event
        before = self._conversations.recall(event.chat)
        start = lock.starts(event.id)
        for earlier in range(1, min(start, MOST_STARTS + 1)):
            # Its reply was never saved, so nobody was told.
            if not self._returned(received, _ride_id(event, earlier), RETURN_FIRST_SECONDS):
                raise _PostponedError(unharmed=False)
        if start > MOST_STARTS:
            log.error("event_given_up", event_id=event.id, kind=event.kind)
            turn, messages = Turn(before.conversation), _apology(event, SORRY)
        else:
            turn, messages = self._result(lock, received, before)
        after = self._remembered(before, turn, event)
        # The shell owns what waits: a handler neither sees to it nor loses it.
        waiting = after.conversation.waiting
        lead = waiting[: MESSAGES_PER_CALL - len(messages)] if messages else ()
        rest = waiting[len(lead) :]
        after = replace(after, conversation=replace(after.conversation, waiting=rest))
        answer = (*lead, *messages)
        ride = _ride_id(event, start)
        riding = self._rides.board(event, ride, turn.effects, answer)
        if event.source != "user":
            riding = tuple(for_group(message) for message in riding)
        outgoing = SavedTurn((*answer, *riding), carried=len(lead), riding=len(riding), ride=ride if riding else "")
        try:
            lock.save(
                event.id,
                outgoing if outgoing.messages else None,
                lambda pipe: self._conversations.put(pipe, event.chat, after),
            )
        except LockLostError:
            if riding:
                self._returned(received, ride)
            raise
        if self._counts is not None:
            self._counts.turn(event, before.conversation, turn, failed=bool(messages and not turn.replies))
        return outgoing, any(isinstance(effect, EraseChat) for effect in turn.effects)

    def _result(self, lock: ChatLock, received: Received, before: Remembered) -> tuple[Turn, tuple[Message, ...]]:
        """The Turn with its messages; an apology that leaves the Conversation alone when something failed."""
        event, unchanged = received.event, Turn(before.conversation)
        try:
            turn = self._dispatch(event, before.conversation)
            messages = tuple(self._render(turn.replies)) if turn.replies and event.active else ()
            if event.source != "user":
                messages = tuple(for_group(message) for message in messages)
        except Exception as error:  # whatever failed, the person is told and the chat goes on
            log.error("event_failed", event_id=event.id, kind=event.kind, **failure(error))
            return unchanged, _apology(event, SORRY)
        for effect in turn.effects:
            lock.renew()  # a busy database is waited for, and several effects add up
            try:
                self._effects.perform(effect, event)
            except Exception as error:  # the storage is away, in whichever way
                log.error("effect_failed", event_id=event.id, effect=type(effect).__name__, **failure(error))
                if isinstance(effect, RecordUnanswered | KeepFollower):
                    continue
                if self._age(received) < _patience(event):
                    raise _PostponedError from None
                return unchanged, _apology(event, NOT_SAVED)
        return turn, messages

    def _remembered(self, before: Remembered, turn: Turn, event: Event) -> Remembered:
        """What is kept of the chat after a Turn, without what was to be erased."""
        if any(isinstance(effect, EraseChat) for effect in turn.effects):
            return Remembered()
        conversation = replace(turn.conversation, waiting=before.conversation.waiting)
        asked_in = before.asked_in
        if conversation.last_question != before.conversation.last_question:
            asked_in = ()
        if conversation.last_question and (not asked_in or conversation.last_question == event.text):
            asked_in = (*asked_in, event.message_id)[-MOST_WAITING:] if event.message_id else asked_in
        erased = {effect.message_id for effect in turn.effects if isinstance(effect, EraseMessage)}
        if erased:
            erased_messages(self._redis, erased)
        if erased & {*before.asked_in, *asked_in}:
            return Remembered(replace(conversation, last_question="", waiting=()))
        return Remembered(conversation, asked_in)

    def _send(self, lock: ChatLock, received: Received, turn: SavedTurn, *, taken_over: bool) -> float | None:
        event = received.event
        if event.reply_token is None:
            return self._without_token(lock, received, turn)
        lock.renew()
        try:
            self._line.reply(event.reply_token, turn.messages)
        except RetryableError as error:
            unsure = error.unsure or turn.attempts == "unsure"
            return self._later(lock, received, replace(turn, attempts="unsure" if unsure else "refused"))
        except PermanentError as error:
            if not error.token_spent:
                return self._refused(lock, received, turn, error)
            if turn.attempts != "unsure" and not (taken_over and turn.attempts == "none"):
                return self._without_token(lock, received, turn)
            log.info("event_answered_before", event_id=event.id)
        else:
            milliseconds = self._now() - received.at
            log.info("event_answered", event_id=event.id, kind=event.kind, ms=milliseconds)
            if self._counts is not None:
                self._counts.replied(milliseconds)
        return self._done(lock, received, turn)

    def _done(self, lock: ChatLock, received: Received, turn: SavedTurn) -> float | None:
        """The event leaves with its reply, once its rides are settled."""
        event = received.event
        if turn.riding:
            self._rides.arrived(turn.ride)
        elif turn.ride and not self._returned(received, turn.ride):
            lock.save(event.id, SavedTurn((), ride=turn.ride))
            return 5.0
        lock.done(event.id)
        return None

    def _returned(self, received: Received, ride: str, patience: float = RETURN_SECONDS) -> bool:
        """Let what rode be sent after all; whether that is done, or was tried for `patience` seconds in vain."""
        try:
            self._rides.returned(ride)
        except Exception as error:  # the storage is away, in whichever way
            log.error("ride_not_returned", event_id=received.event.id, **failure(error))
            return self._age(received) >= patience
        return True

    def _later(self, lock: ChatLock, received: Received, turn: SavedTurn) -> float | None:
        age = self._age(received)
        if age >= TOKEN_SECONDS:
            return self._without_token(lock, received, turn)
        lock.save(received.event.id, turn)
        # No thread waits here: the chat is queued again, and others get their answers meanwhile.
        return 0.5 if age < 2 else 1.5 if age < 10 else 4.0

    def _refused(self, lock: ChatLock, received: Received, turn: SavedTurn, error: PermanentError) -> float | None:
        """LINE does not take the answer as it is: without what rides on it, or else in words that it takes."""
        event = received.event
        log.error("reply_refused", event_id=event.id, status=error.status, reason=error.message)
        if turn.riding:
            bare = turn.without_ride()
            lock.save(event.id, bare)
            return self._send(lock, received, bare, taken_over=False)
        if event.reply_token is not None and turn.messages != (SORRY,):
            try:
                self._line.reply(event.reply_token, (SORRY,))
            except (RetryableError, PermanentError) as second:
                log.error("apology_refused", event_id=event.id, status=second.status)
        return self._done(lock, received, turn)

    def _without_token(self, lock: ChatLock, received: Received, turn: SavedTurn) -> float | None:
        """No reply token is left: push where that is allowed, else keep the answer for the next reply."""
        event = received.event
        if self._push_fallback:
            lock.renew()
            try:
                self._line.push(event.chat, turn.messages, str(uuid5(NAMESPACE_URL, f"lertrat:answer:{event.id}")))
            except RetryableError:
                if self._age(received) < PUSH_SECONDS:
                    lock.save(event.id, replace(turn, attempts=_never_none(turn.attempts)))
                    return 5.0
            except PermanentError as error:
                log.error("push_refused", event_id=event.id, status=error.status, reason=error.message)
            else:
                log.info("event_answered_by_push", event_id=event.id, ms=self._now() - received.at)
                return self._done(lock, received, turn)
        # What reminds is sent by itself rather than wait.
        turn = turn.without_ride()
        remembered = self._conversations.recall(event.chat)
        carried, new = turn.messages[: turn.carried], turn.messages[turn.carried :]
        waiting = (*carried, *remembered.conversation.waiting, *new)
        kept = replace(remembered, conversation=replace(remembered.conversation, waiting=waiting[-MOST_WAITING:]))
        left = SavedTurn((), ride=turn.ride) if turn.ride else None
        lock.save(event.id, left, lambda pipe: self._conversations.put(pipe, event.chat, kept))
        dropped = max(0, len(waiting) - MOST_WAITING)
        log.warning("answer_waits", event_id=event.id, kind=event.kind, waiting=len(waiting) - dropped, dropped=dropped)
        return self._done(lock, received, left) if left else None

    def _age(self, received: Received) -> float:
        """Seconds since the event's latest delivery."""
        return (self._now() - received.at) / 1000


def _ride_id(event: Event, start: int) -> str:
    """The name of the rides on one start's reply to an event: a worker that was overtaken settles only its own."""
    return f"{hashlib.sha256(event.id.encode()).hexdigest()[:32]}.{start}"


def _patience(event: Event) -> int:
    unheard = 0 if event.active or event.kind in ERASING else STANDBY_PATIENCE
    return ERASURE_PATIENCE.get(event.kind, unheard)


def _apology(event: Event, message: Message) -> tuple[Message, ...]:
    wanted = event.active and event.addressed and event.kind in APOLOGIZED and event.kind not in ERASING
    return (message,) if wanted else ()


def _never_none(attempts: Literal["none", "refused", "unsure"]) -> Literal["refused", "unsure"]:
    return "unsure" if attempts == "unsure" else "refused"
