"""The assistant without LINE: its services loaded from files, and conversations that live in memory."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

from bot.content import phrasebook_in
from bot.dispatch import Services, dispatch
from bot.flex import plain
from bot.now import BANGKOK
from bot.stored import InMemory
from bot.turn import Answer, Conversation, Event
from intents.match import Match
from intents.matcher import fit, fit_soon
from knowledge.documents import Documents
from knowledge.loader import load_knowledge

INSTALLED = Path(sys.prefix) / "share" / "lertrat" / "fitted"
"""Where the fit of the program's own content is kept by its installation (`lertrat fit --installed`)."""


def load_services(
    now: Callable[[], datetime] = lambda: datetime.now(BANGKOK),
    quiz_hours: float = 12,
    documents: Documents | None = None,
    *,
    kept: Sequence[Path] = (INSTALLED,),
    keep_in: Path | None = None,
    soon: bool = False,
    before: Services | None = None,
    public_url: str = "",
) -> Services:
    """The knowledge and phrasebook of `documents` (default: the program's own), compiled. Raises
    knowledge.loader.ContentError.

    Takes seconds where one of the folders `kept` has the fit of this content, else a minute; then the fit is kept in
    `keep_in`. With `soon`, a fit in `before`, or one that was kept of other content, is brought up to date instead
    (Matcher.fitted.whole is false then).
    """
    knowledge = load_knowledge(documents)
    book = phrasebook_in(documents)
    older = before.matchers if before else {}
    matchers = {
        year: fit_soon(round_, book, kept, keep_in, older.get(year)) if soon else fit(round_, book, kept, keep_in)
        for year, round_ in knowledge.rounds.items()
    }
    # The first question would otherwise wait for what the libraries load late.
    for matcher in matchers.values():
        matcher.match("รางวัลเลิศรัฐคืออะไร")
    return Services(knowledge, matchers, now, quiz_hours, public_url)


@dataclass(frozen=True)
class Asked:
    """One question and what came of it; `answers` is empty while a hand-over keeps the assistant quiet."""

    question: str
    answers: tuple[Answer, ...]
    match: Match | None
    milliseconds: float
    handler: str = ""

    def as_json(self, candidates: int = 3) -> dict[str, object]:
        """The contract's object of `lertrat ask --jsonl`."""
        first = self.answers[0] if self.answers else Answer("command", "", attribute="contact")
        readings = self.match.readings[:candidates] if self.match else ()
        return {
            "question": self.question,
            "status": first.status,
            "subjects": list(first.subjects),
            "attribute": first.attribute,
            "confidence": round(first.confidence, 4),
            "candidates": [
                {"subjects": list(r.subjects), "attribute": r.attribute, "confidence": round(r.confidence, 4)}
                for r in readings
            ],
            "text": plain(self.answers),
            "sources": [source for answer in self.answers for source in answer.sources],
            "round": first.year,
            "ms": round(self.milliseconds, 3),
        }


@dataclass
class Session:
    """Conversations by id, for as long as the process lives. The same handlers as on LINE; nothing is written."""

    services: Services
    _conversations: dict[str, Conversation] = field(default_factory=dict)
    _stored: InMemory = field(default_factory=InMemory)
    _count: int = 0

    def ask(self, question: str, conversation: str | None = None, year: int | None = None) -> Asked:
        """Answer one text; without a conversation's id it stands alone. `year` asks for one round (Buddhist Era)."""
        self._count += 1
        before = self._conversations.get(conversation, Conversation()) if conversation else Conversation()
        event = Event(str(self._count), "text", conversation or "alone", "user", 0, user="someone", text=question)
        started = time.perf_counter()
        # What stands alone neither finds nor leaves anything.
        stored = self._stored if conversation else InMemory()
        turn = dispatch(event, before, self.services, year, stored)
        stored.take(event.chat, turn.effects)
        answers = tuple(
            answer if answer.year else replace(answer, year=year or self.services.knowledge.newest.year)
            for answer in turn.replies
        )
        milliseconds = (time.perf_counter() - started) * 1000
        if conversation:
            self._conversations[conversation] = turn.conversation
        return Asked(question, answers, turn.match, milliseconds, turn.handler)
