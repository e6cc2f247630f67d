"""Open questions put together by likeness, each group with the Entries that it most likely asks for. Done by a worker.

The result holds numbers only, no question: {"groups": [{"ids": […], "now": "answered", "proposals": [{"path", "name",
"score"}…]}…]}, the group with the newest question first. `now` is the status that the question would get today.
"""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from sqlalchemy import Connection

from bot.admin import drafts
from bot.admin.ask_worker import Json
from bot.storage import revisions, unanswered
from bot.storage.unanswered import Question
from knowledge.entries import figure_name, places
from knowledge.model import Entry, Example, Gap

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.dispatch import Services
    from intents.matcher import Matcher
    from knowledge.documents import Documents

KEY = "lertrat:console:inbox"
AWAY_KEY = f"{KEY}:away"
KEPT_SECONDS = 86_400
READ_BY_LIKENESS = 600  # different wordings; the oldest beyond them are put together only where they are the same
PROPOSED_FOR = 60  # groups
PROPOSALS = 5
# How like (0 to 1) two wordings are, on the average of their groups, to be one question (set by hand: "ส่งได้กี่เรื่อง" and
# "ส่งได้กี่ผลงาน" are 0.5 alike, "ค่าสมัครเท่าไหร่" and "สมัครยังไง" 0.25).
LIKE_FROM = 0.42
# A proposal is weighed by its phrasings' likeness, and by whether it is about what was named.
_BY_LIKENESS, _BY_SUBJECT = 0.7, 0.3
# From which likeness on a phrasing is evidence for its Entry ("ใช้งานมาแค่ครึ่งปี" is 0.3 like "ใช้มานานแค่ไหน"); below it,
# only what is about a name that was said is offered, and nothing by one click.
LIKELY_FROM = 0.3


@dataclass(frozen=True)
class _Read:
    """What of a question decides with which others it goes."""

    asked: str
    named: tuple[str, ...]


# Reading takes milliseconds, and most questions were there the last time. Goes with its matcher.
_READ: WeakKeyDictionary[Matcher, dict[str, _Read]] = WeakKeyDictionary()


def answer(office: Office, request: Json) -> Json:
    """The groups of all that is open; kept for whoever looks next, since who asked may have waited no longer."""
    with office.engine.connect() as connection:
        questions = unanswered.listed(connection)
        _, documents = drafts.published(connection)
        stamp = stamp_of(connection)
    services = office.published.current()
    groups = grouped(services, questions)
    places_of = _places(tuple(sorted(documents.items())))
    found = []
    for number, group in enumerate(groups):
        one: Json = {"ids": [question.id for question in group], "now": "", "proposals": []}
        if number < PROPOSED_FOR:
            one |= proposed(services, group, places_of)
        found.append(one)
    with office.redis.pipeline() as pipe:
        pipe.set(KEY, json.dumps({"stamp": stamp, "groups": found}), ex=KEPT_SECONDS)
        pipe.delete(AWAY_KEY)
        pipe.execute()
    return {"groups": found}


def stamp_of(connection: Connection) -> list[int | None]:
    """Changes whenever the groups may: with the open questions, and with what is published. Cheap."""
    now = unanswered.stamp(connection)
    return [now.count, now.newest, revisions.newest_id(connection)]


def grouped(services: Services, questions: Sequence[Question]) -> list[list[Question]]:
    """The questions (newest first) by likeness; in a group the newest first, and the groups by their newest."""
    matcher = services.matchers[services.knowledge.newest.year]
    same: dict[tuple[str, tuple[str, ...]], list[Question]] = defaultdict(list)
    for question in questions:
        same[" ".join(question.text.split()).lower(), question.subjects].append(question)
    blocks: dict[tuple[str, ...], list[tuple[str, list[Question]]]] = defaultdict(list)
    rest: list[list[Question]] = []
    for number, ((_, subjects), alike) in enumerate(same.items()):
        if number >= READ_BY_LIKENESS:
            rest.append(alike)
            continue
        read = _read(matcher, alike[0].text)
        blocks[read.named or subjects].append((read.asked, alike))
    groups = [group for block in blocks.values() for group in _alike(matcher, block)] + rest
    for group in groups:
        group.sort(key=lambda question: (question.asked_at, question.id), reverse=True)
    return sorted(groups, key=lambda group: (group[0].asked_at, group[0].id), reverse=True)


def proposed(services: Services, group: Sequence[Question], places_of: Mapping[str, tuple[str, str]]) -> Json:
    """What the group's wording would be answered now, and the Entries that it may be attached to, the likeliest first."""
    from bot.assistant import Session

    text = wording(group)
    asked = Session(services).ask(text)
    first = asked.answers[0] if asked.answers else None
    matcher = services.matchers[services.knowledge.newest.year]
    match = asked.match or matcher.match(text, today=services.now().date())
    beliefs: dict[str, float] = defaultdict(float)
    for subjects, belief in match.finding.alternatives:
        for subject in subjects:
            beliefs[subject] = max(beliefs[subject], belief)
    for subject in group[0].subjects:
        beliefs[subject] = max(beliefs[subject], 0.5)
    complained = any(question.reason == "unhelpful" for question in group)
    likeness = dict(match.understanding.likeness)
    for row, cosine in matcher.corpus.nearest(match.understanding.asked, 40):
        # What several subjects are asked: each has an Entry of its own on that topic.
        _, _, topic = row.label.partition(":")
        for entry in matcher.round.entries if topic and not row.entry else ():
            if entry.topic == topic:
                likeness[entry.id] = max(likeness.get(entry.id, 0.0), cosine)
    named = match.finding.by == "name" or bool(group[0].subjects)
    scores: dict[str, tuple[float, bool, str]] = {}

    def weigh(key: str, entry: Entry, like: float, about: float) -> None:
        if like >= LIKELY_FROM or (named and about):
            # Of those that are as good as each other, what it is comes first.
            order = "" if getattr(entry, "attribute", "") == "definition" else key
            scores[key] = (_BY_LIKENESS * like + _BY_SUBJECT * about, like >= LIKELY_FROM, order)

    for entry in matcher.round.entries:
        if not entry.published or entry.id not in places_of or isinstance(entry, Gap):
            continue
        # What was shown and did not help is not shown again.
        if complained and entry.id == match.best.entry and match.decision == "answer":
            continue
        about = beliefs.get(entry.subject, 0.0)
        weigh(entry.id, entry, likeness.get(entry.id, 0.0), about)
        for figure in entry.figures if isinstance(entry, Example) else ():
            key = figure_name(entry.id, figure.id)
            if figure.id in likeness and key in places_of:
                weigh(key, entry, likeness[figure.id], about)
    best = sorted(scores.items(), key=lambda item: (-item[1][0], item[1][2], item[0]))[:PROPOSALS]
    return {
        "now": first.status if first else "",
        "proposals": [
            {"path": places_of[key][0], "name": places_of[key][1], "score": round(score, 3), "likely": likely}
            for key, (score, likely, _) in best
        ],
    }


def wording(group: Iterable[Question]) -> str:
    """The wording that stands for a group: the most frequent one, of several the shortest."""
    counts: dict[str, int] = defaultdict(int)
    for question in group:
        counts[" ".join(question.text.split())] += 1
    return min(counts, key=lambda text: (-counts[text], len(text), text))


def _alike(matcher: Matcher, block: Sequence[tuple[str, list[Question]]]) -> list[list[Question]]:
    """Those of a block that are alike, together."""
    # Imported here: what the web process reads of this module needs none of it.
    import numpy as np
    from sklearn.cluster import AgglomerativeClustering

    if len(block) == 1:
        return [block[0][1]]
    features = matcher.corpus.ranker.features
    rows = features.of([asked for asked, _ in block])
    cosines = np.clip(features.cosines(rows, rows.T.tocsr()), 0.0, 1.0)
    found = AgglomerativeClustering(
        n_clusters=None, metric="precomputed", linkage="average", distance_threshold=1 - LIKE_FROM
    ).fit_predict(1.0 - (cosines + cosines.T) / 2)
    together: dict[int, list[Question]] = defaultdict(list)
    for label, (_, alike) in zip(found.tolist(), block, strict=True):
        together[label].extend(alike)
    return list(together.values())


def _read(matcher: Matcher, text: str) -> _Read:
    """A question as it is put beside others."""
    known = _READ.setdefault(matcher, {})
    if text not in known:
        match = matcher.match(text)
        named = match.finding.alternatives[0][0] if match.finding.by == "name" else ()
        known[text] = _Read(match.understanding.asked, tuple(sorted(named)))
    return known[text]


@lru_cache(maxsize=2)
def _places(documents: tuple[tuple[str, str], ...]) -> dict[str, tuple[str, str]]:
    """Where each Entry of the newest round stands: path and name, by its id or its figure's name."""
    content: Documents = dict(documents)
    newest = max((path.partition("/")[0] for path in content if path[:4].isdigit()), default="")
    return {
        place.name: (path, place.name)
        for path, text in documents
        if path.startswith(f"{newest}/")
        for place in places(drafts.parsed_document(text) or {})
        if place.section in ATTACHABLE
    }


ATTACHABLE = ("texts", "conditions", "examples", "figures", "gaps", "milestones", "topics")
"""Sections whose Entries have phrasings."""
