"""How people ask, fitted: what a wording asks for, and how near it is to each piece of content's own phrasings."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from intents.features import Floats
from intents.phrasebook import OUT_OF_SCOPE, SUBJECT_MARK, YEAR_MARK, Phrasing
from intents.ranking import Ranker
from intents.references import reference

# A piece of content is like a question from this cosine (0 to 1) on; below, all are like it a little.
_LIKE_FROM = 0.2


@dataclass(frozen=True)
class Wording:
    """What a marked text asks for. All numbers are probabilities or cosines, 0 to 1.

    `general` is P(attribute without any topic): that it is asked about as a whole. `likeness` is to the nearest phrasing,
    by the id of an entry or a figure; `cosines` to every phrasing of the corpus.
    """

    attributes: dict[str, float]
    topics: dict[str, float]
    commands: dict[str, float]
    general: dict[str, float]
    likeness: dict[str, float]
    likeness_to_ours: float
    likeness_to_strangers: float
    cosines: Floats


class Corpus:
    """The phrasings of one round, and the ranker fitted on them. `rows` are in the ranker's order.

    `commands` gives the attribute of each command.
    """

    def __init__(self, rows: Sequence[Phrasing], ranker: Ranker, commands: Mapping[str, str]) -> None:
        self.rows = tuple(rows)
        self.ranker = ranker
        self._commands = commands
        self._labels = [_parsed(label, commands) for label in ranker.labels]
        self._strange = np.array([row.label == OUT_OF_SCOPE for row in rows])
        keyed = [
            (place, key)
            for place, row in enumerate(rows)
            if row.entry and not _names_only(row.text)
            for key in (row.entry, row.figure)
            if key
        ]
        self._keys = tuple(dict.fromkeys(key for _, key in keyed))
        number = {key: i for i, key in enumerate(self._keys)}
        # Ordered by key, so that one pass takes the greatest of each.
        keyed.sort(key=lambda item: number[item[1]])
        self._keyed = np.array([place for place, _ in keyed], dtype=np.intp)
        self._starts = np.searchsorted([number[key] for _, key in keyed], np.arange(len(self._keys)))
        self._known = self._rarity()

    def read(self, text: str) -> Wording:
        """What marked `text` asks for."""
        probabilities, cosines = self.ranker.read(text)
        attributes: dict[str, float] = defaultdict(float)
        topics: dict[str, float] = defaultdict(float)
        commands: dict[str, float] = {}
        general: dict[str, float] = {}
        for (attribute, topic, command), probability in zip(self._labels, probabilities.tolist(), strict=True):
            attributes[attribute] += probability
            if command:
                commands[command] = probability
            elif topic:
                topics[topic] += probability
            else:
                general[attribute] = probability
        best = np.maximum.reduceat(cosines[self._keyed], self._starts) if self._keys else np.zeros(0)
        return Wording(
            attributes=dict(attributes),
            topics=dict(topics),
            commands=commands,
            general=general,
            likeness={self._keys[place]: float(best[place]) for place in np.flatnonzero(best > _LIKE_FROM)},
            likeness_to_ours=float(cosines[~self._strange].max(initial=0.0)),
            likeness_to_strangers=float(cosines[self._strange].max(initial=0.0)),
            cosines=cosines,
        )

    def nearest(self, text: str, most: int) -> Iterator[tuple[Phrasing, float]]:
        """The phrasings nearest to marked `text` with their cosines, best first."""
        _, cosines = self.ranker.read(text)
        return ((self.rows[place], float(cosines[place])) for place in np.argsort(-cosines, kind="stable")[:most])

    def _rarity(self) -> dict[str, float]:
        """How rare each word of our own phrasings is: the logarithm of their number over that of those with the word."""
        ours = self.ranker.rows[np.flatnonzero(~self._strange)]
        having = np.bincount(ours.indices, minlength=ours.shape[1])
        self._texts = ours.shape[0]
        words = self.ranker.features.vocabularies[0]
        self.words = {w: int(having[p]) for w, p in words.items() if having[p] and " " not in w}
        """The words of our own phrasings, with how many of those have each."""
        return {w: math.log(self._texts / (count + 1)) for w, count in self.words.items()}

    def known_share(self, words: Sequence[str]) -> float:
        """Share (0 to 1) of the inverse document frequency of `words` in words that our phrasings have; 1 without words."""
        weights = [
            (self._known.get(word), math.log(self._texts)) for word in words if word not in (SUBJECT_MARK, YEAR_MARK)
        ]
        known = sum(rarity for rarity, _ in weights if rarity is not None)
        total = known + sum(unheard for rarity, unheard in weights if rarity is None)
        return known / total if total else 1.0


@lru_cache(maxsize=20_000)
def _names_only(text: str) -> bool:
    """Whether a phrasing asks for nothing beside the names in it."""
    return reference(text).bare


def asks_for(label: str, commands: Mapping[str, str]) -> str:
    """The attribute of a ranker's label; `commands` gives that of each command."""
    return _parsed(label, commands)[0]


def _parsed(label: str, commands: Mapping[str, str]) -> tuple[str, str, str]:
    """A label's attribute, topic and command."""
    if label.startswith("!"):
        return commands[label[1:]], "", label[1:]
    attribute, _, topic = label.partition(":")
    return attribute, topic, ""
