"""One round's content as the subjects of a question are found in it."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from intents.learnt import Learnt
from intents.references import supposes
from intents.signs import asks_who_may, attributes_told
from intents.stated import Stated, top
from intents.understanding import Understanding
from knowledge.model import Condition, Entry, Example, Round


class ContentIndex:
    """The entries of one round: `entries` by id, `having` by topic (published ones), and which subjects state what."""

    def __init__(self, round_: Round, learnt: Learnt) -> None:
        self.round = round_
        self._learnt = learnt
        self.entries = {entry.id: entry for entry in round_.entries}
        self.examples = [entry for entry in round_.entries if isinstance(entry, Example)]
        self.having: dict[str, list[Entry]] = defaultdict(list)
        for entry in round_.entries:
            if entry.topic and entry.published:
                self.having[entry.topic].append(entry)
        self.stated = Stated(round_)

    def attribute(self, found: Understanding) -> str:
        """What is asked, by the ranker and by the words that leave no doubt."""
        scores = dict(found.attributes)
        for told in attributes_told(found.text):
            scores[told] = scores.get(told, 0.0) + self._learnt.telling_word
        if asks_who_may(found.text):
            return "apply"
        if supposes(found.text):
            # "ถ้าใช้โดรนบินรังวัดด้วยล่ะ" is no wish.
            scores["reminder"] = 0.0
        return top(scores)

    def states(self, topics: Iterable[str], subjects: tuple[str, ...]) -> bool:
        """Whether `subjects`, or what belongs to them, have a condition on one of `topics`."""
        return any(
            isinstance(e, Condition) and set(subjects) & set(self.round.ancestors(e.subject))
            for topic in topics
            for e in self.having.get(topic, ())
        )

    def nearest(self, found: Understanding) -> str:
        """The id of the entry whose phrasings are nearest, "" when none is near."""
        return top({key: value for key, value in found.likeness.items() if key in self.entries})
