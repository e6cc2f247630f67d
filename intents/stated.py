"""Which subjects state a condition on a topic: what "which ones must …?" asks for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping

import regex

from intents.references import is_what_if, tells_of_work
from intents.signs import attributes_told
from intents.understanding import Understanding
from knowledge.model import SUBJECT_KEYS, Condition, Round

WHICH = regex.compile(
    r"(?:ประเภท|อัน|สาขา|รางวัล|หมวด|ตัว|แบบ|เรื่อง)(?:ไหน|ใด|ใหน|หนาย)|ไหนบ้าง|(?:ประเภท|รางวัล)อะไรบ้าง|ทุก(?:อัน|ประเภท|สาขา|รางวัล)|^(?:แล้ว)?(?:พวก|อัน|ตัว)?ที่ไม่(?:ได้|มี|มีการ)?(?:ต้อง|กำหนด|บังคับ|จำกัด)\S{0,20}(?:ล่ะ|ละ)$"
)
# "Which need not …?" asks for those that do not state it.
_NEED_NOT = regex.compile(r"ไม่(?:ได้|มีการ)?(?:ต้อง|กำหนด|บังคับ|จำเป็น|จำกัด)")
_YEARS = regex.compile(r"(\d+)\s?ปี")
# In a question for those that state a point, it is asked for from this probability on, when it leads by as much.
_ASKED_FROM, _LEADS_BY = 0.035, 2.0
# So probable, a topic that is no condition is what is asked for.
_ANOTHER_FROM = 0.5


def top(scores: Mapping[str, float]) -> str:
    """The key of the greatest value, "" of an empty mapping."""
    return max(scores, key=lambda key: scores[key], default="")


class Stated:
    """The conditions of one round, by topic."""

    def __init__(self, round_: Round) -> None:
        self._round = round_
        self._conditions: dict[str, list[Condition]] = defaultdict(list)
        for entry in round_.entries:
            if entry.topic and entry.published and isinstance(entry, Condition):
                self._conditions[entry.topic].append(entry)
        stating = {entry.subject for entry in round_.entries if isinstance(entry, Condition)}
        self._branches = [
            s.key for s in round_.children("awards") if any(c.key in stating for c in round_.children(s.key))
        ]

    def on(self, topic: str, found: Understanding, below: str = "awards") -> tuple[str, ...]:
        """The subjects that have a condition on `topic`, in order; of those with the years asked for, if any have."""
        conditions = self._below(topic, below)
        asked = _YEARS.search(found.text)
        if asked:
            conditions = _of_years(conditions, asked[1]) or conditions
        stating = {e.subject for e in conditions}
        return tuple(key for key in SUBJECT_KEYS if key in stating)

    def asked_of_which(self, found: Understanding) -> str:
        """The condition's topic in "which ones must …?", "" of any other question."""
        if not WHICH.search(found.text) or top(found.attributes) not in ("conditions", "definition"):
            return ""
        if "recommend" in attributes_told(found.text) or (is_what_if(found.text) and tells_of_work(found.text)):
            return ""
        likely = top(found.topics)
        if found.topics.get(likely, 0.0) >= _ANOTHER_FROM and self._round.topics[likely].attribute != "conditions":
            # "มีประเภทไหนบ้าง" asks what there is.
            return ""
        beliefs = {
            topic: max(p, found.told.get(topic, 0.0))
            for topic, p in found.topics.items()
            if self._round.topics[topic].attribute == "conditions"
        }
        first = top(beliefs)
        second = max((p for topic, p in beliefs.items() if topic != first), default=0.0)
        sure = beliefs.get(first, 0.0)
        return first if sure >= _ASKED_FROM and sure >= _LEADS_BY * second else ""

    def answering(self, topic: str, found: Understanding, below: str = "awards") -> tuple[str, ...]:
        """The subjects that answer "which must …?" on `topic`: those that state it, of "which need not …?" the others."""
        if not _NEED_NOT.search(found.text):
            asked = _YEARS.search(found.text)
            if asked and not _of_years(self._below(topic, below), asked[1]):
                # "Which has to do with 3 years?": whatever they count from.
                topic = next((t for t in self._conditions if _of_years(self._below(t, below), asked[1])), topic)
            return self.on(topic, found, below)
        stating = {e.subject for e in self._below(topic, below)}
        branches = self._branches if below == "awards" else [below]
        every = (child.key for branch in branches for child in self._round.children(branch))
        return tuple(key for key in every if key not in stating)

    def _below(self, topic: str, below: str) -> list[Condition]:
        return [e for e in self._conditions.get(topic, ()) if below in self._round.ancestors(e.subject)]


def _of_years(conditions: list[Condition], years: str) -> list[Condition]:
    return [e for e in conditions if regex.search(rf"(?<!\d){years} ปี", e.text)]
