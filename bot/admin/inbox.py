"""The inbox as its pages show it: open questions in groups, masked; and what can be made of a group.

Which questions belong together is asked of a worker and kept in Redis as numbers, until the open questions or what is
published change. Without a worker the same words are one group, and nothing is proposed.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any, cast

from redis import RedisError
from sqlalchemy import Connection, Engine

from bot.admin import audit, drafts, knowledge
from bot.admin.ask_worker import WorkerAway
from bot.admin.audit import Actor
from bot.admin.console import Console
from bot.admin.inbox_groups import AWAY_KEY, KEY, stamp_of, wording
from bot.admin.masking import masked, without_personal_data
from bot.now import utc_now
from bot.storage import unanswered
from bot.storage.unanswered import Question

GROUPS = "inbox_groups"
AWAY_SECONDS = 15  # for how long a worker that did not answer is not waited for again
LONGEST_SHOWN = 600
_TITLES = ("label", "gist", "title", "name", "text")
NEAR_SCOPE = "out_of_scope.near"
REASONS = {
    "unknown": "ยังไม่มีข้อมูล",
    "unclear": "ผู้ช่วยไม่เข้าใจ",
    "out_of_scope": "ผู้ช่วยเห็นว่าอยู่นอกเรื่อง",
    "unhelpful": "ผู้ถามบอกว่าไม่ตรงคำถาม",
}
STATES = {
    unanswered.TAUGHT: "สอนแล้ว",
    unanswered.FAQ: "เขียนคำตอบใหม่แล้ว",
    unanswered.OUT_OF_SCOPE: "อยู่นอกขอบเขต",
    unanswered.DISMISSED: "ไม่ต้องทำอะไร",
}


@dataclass(frozen=True)
class Proposal:
    """An Entry that a group may be attached to; `likely` where its phrasings are like the question, so that one click may do."""

    path: str
    name: str
    title: str
    kind: str
    subject: str
    text: str
    likely: bool

    @property
    def value(self) -> str:
        """How a form names it."""
        return f"{self.path}|{self.name}"


@dataclass(frozen=True)
class Wording:
    """One way in which a question was put, masked, and how often."""

    text: str
    count: int


@dataclass(frozen=True)
class Group:
    """Questions that ask for the same, newest first. `now` is the status that they would get today, "" where nobody knows."""

    questions: tuple[Question, ...]
    wordings: tuple[Wording, ...]
    proposals: tuple[Proposal, ...]
    now: str

    @property
    def id(self) -> int:
        """The newest question's number: names the group as long as it is open."""
        return self.questions[0].id

    @property
    def ids(self) -> list[int]:
        """All of them."""
        return [question.id for question in self.questions]

    @property
    def count(self) -> int:
        """How many were asked."""
        return len(self.questions)

    @property
    def newest(self) -> datetime:
        """When it was asked last."""
        return self.questions[0].asked_at

    @property
    def title(self) -> str:
        """The wording that stands for all."""
        return self.wordings[0].text

    @property
    def phrasing(self) -> str:
        """The same as it may be taught: without personal data."""
        from bot.admin.teaching import LONGEST_PHRASING

        return without_personal_data(wording(self.questions))[:LONGEST_PHRASING].strip()

    @property
    def reasons(self) -> list[str]:
        """Why they are here, the most frequent first, in Thai."""
        return [REASONS.get(key, key) for key, _ in Counter(q.reason for q in self.questions).most_common()]

    @property
    def shown(self) -> str:
        """The same numbers for a form, which sends them back: what was asked since has been seen by nobody."""
        return ",".join(map(str, self.ids))

    @property
    def likeliest(self) -> Proposal | None:
        """What it may be answered with by one click."""
        return next((one for one in self.proposals[:1] if one.likely), None)

    @property
    def is_answered_now(self) -> bool:
        """Whether it would be answered today, and nobody complained."""
        return self.now == "answered" and all(question.reason != "unhelpful" for question in self.questions)


@dataclass(frozen=True)
class Inbox:
    """All groups, and whether a worker put them together."""

    groups: tuple[Group, ...]
    by_likeness: bool

    def group_of(self, question: int) -> Group | None:
        """The group in which a question is."""
        return next((group for group in self.groups if question in group.ids), None)


def inbox(console: Console, seconds: float = 15.0) -> Inbox:
    """The inbox as it stands; a worker is waited for as long as that where its last answer is outdated."""
    with console.engine.connect() as connection:
        questions = {question.id: question for question in unanswered.listed(connection)}
        stamp = stamp_of(connection)
        draft = drafts.draft(connection)
    items = {(item.path, item.name): item for item in knowledge.items(draft)}
    said = as_said(console)
    found = _groups(console, stamp, seconds) if questions else []
    groups, seen = [], set[int]()
    for one in found or ():
        together = tuple(questions[number] for number in one["ids"] if number in questions)
        seen.update(question.id for question in together)
        if together:
            proposals = tuple(
                proposal_of(items[each["path"], each["name"]], each.get("likely", False), said)
                for each in one["proposals"]
                if (each["path"], each["name"]) in items
            )
            groups.append(Group(together, _wordings(together), proposals, one["now"]))
    groups += _by_words([question for number, question in questions.items() if number not in seen])
    groups.sort(key=lambda group: (group.newest, group.id), reverse=True)
    return Inbox(tuple(groups), found is not None)


def as_shown(group: Group, sent: str) -> Group | None:
    """The group without the questions that a form had not shown (`shown`); None when none of them is open."""
    seen = set(sent.split(","))
    kept = tuple(question for question in group.questions if str(question.id) in seen)
    return replace(group, questions=kept, wordings=_wordings(kept)) if kept else None


def settle(engine: Engine, user: Actor, ids: Iterable[int], state: str) -> int:
    """Mark questions as seen to; how many were still open."""
    with engine.begin() as connection:
        count = unanswered.settle(connection, ids, state, user.name, utc_now())
        if count:
            audit.record(connection, user, f"inbox.{state}", "", {"questions": count})
        return count


def out_of_scope(engine: Engine, user: Actor, group: Group) -> tuple[int, bool]:
    """Mark a group as none of ours; how many, and whether its wording joined the draft of what is refused as such."""
    with engine.begin() as connection:
        count = unanswered.settle(connection, group.ids, unanswered.OUT_OF_SCOPE, user.name, utc_now())
        if not count:
            return 0, False
        audit.record(connection, user, "inbox.out_of_scope", "", {"questions": count})
        taught = _refuse_in_draft(connection, user, group)
    return count, taught


def reopen(engine: Engine, user: Actor, number: int) -> bool:
    """Put a question back into the inbox."""
    with engine.begin() as connection:
        if not unanswered.reopen(connection, [number]):
            return False
        audit.record(connection, user, "inbox.reopen", "", {"questions": 1})
        return True


def shown(text: str) -> str:
    """A question as people may see it."""
    return masked(text[:LONGEST_SHOWN]) + ("…" if len(text) > LONGEST_SHOWN else "")


def _refuse_in_draft(connection: Connection, user: Actor, group: Group) -> bool:
    # Imported here: the web process serves without reading YAML.
    from knowledge.documents import PHRASES

    if all(question.reason == "out_of_scope" for question in group.questions) or not group.phrasing:
        return False  # it is refused as such already
    seen = drafts.entry_of(connection, PHRASES, NEAR_SCOPE)
    if seen is None or group.phrasing in (seen.keys.get("") or ()):
        return False
    phrasings = [*(seen.keys.get("") or ()), group.phrasing]
    drafts.put_entry(connection, user, PHRASES, NEAR_SCOPE, {"": phrasings}, seen.version)
    return True


def _groups(console: Console, stamp: list[int | None], seconds: float) -> list[dict[str, Any]] | None:
    """What the worker says, or said when all was as it is now; None where nobody says anything."""
    try:
        kept = cast("bytes | None", console.redis.get(KEY))
        before = json.loads(kept) if kept else {}
        if before.get("stamp") == stamp:
            return cast("list[dict[str, Any]]", before["groups"])
        if console.redis.exists(AWAY_KEY):
            return cast("list[dict[str, Any]] | None", before.get("groups"))
        try:
            found = console.worker.ask(GROUPS, {}, seconds=seconds)["groups"]
        except WorkerAway:
            console.redis.set(AWAY_KEY, "1", ex=AWAY_SECONDS)
            return cast("list[dict[str, Any]] | None", before.get("groups"))
        return cast("list[dict[str, Any]]", found)
    except RedisError:
        return None


def as_said(console: Console) -> dict[str, str]:
    """The first words of each published Entry as staff read them, its limits filled in, by its id."""
    console.published.refresh()
    serving = console.published.serving
    entries = serving.compiled.newest.entries if serving else ()
    found = {}
    for entry in entries:
        found[entry.id] = next(filter(None, (getattr(entry, key, "") for key in _TITLES)), entry.id)
    return found


def proposal_of(item: knowledge.Item, likely: bool, said: Mapping[str, str] | None = None) -> Proposal:
    """An Entry as something to attach to; `said` is what as_said gives."""
    title = (said or {}).get(item.name, item.title) if "{" in item.title else item.title
    text = "" if "{" in item.text else item.text
    return Proposal(item.path, item.name, title, item.kind, item.subject_label, text, likely)


def _by_words(questions: Sequence[Question]) -> list[Group]:
    together: dict[str, list[Question]] = {}
    for question in questions:
        together.setdefault(" ".join(question.text.split()).lower(), []).append(question)
    return [Group(tuple(group), _wordings(group), (), "") for group in together.values()]


def _wordings(questions: Sequence[Question]) -> tuple[Wording, ...]:
    first = shown(wording(questions))
    counts = Counter(shown(_one_line(question.text)) for question in questions)
    rest = sorted((text for text in counts if text != first), key=lambda text: -counts[text])
    return tuple(Wording(text, counts[text]) for text in (first, *rest))


def _one_line(text: str) -> str:
    return " ".join(text.split())
