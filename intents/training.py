"""The phrasings as the ranker takes them: names and years marked, and each with the topic that it asks for."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np
from scipy import sparse

from intents.entities import Mention, YearMention
from intents.features import Features, Floats
from intents.phrasebook import SUBJECT_MARK, YEAR_MARK, Phrasing
from knowledge.model import ATTRIBUTE_KEYS

Mark = Callable[[str], str]
"""A phrasing as the ranker sees it: prepared as a question would be, its names and years marked."""

# A wording as near as this (cosine, 0 to 1) to one of a topic's own is taken for the topic's.
TOPICAL_FROM = 0.52
# A content's wording around a name is no more than general from this likeness to a general one on.
GENERAL_FROM = 0.6


def marked(phrasings: Sequence[Phrasing], mark_text: Mark) -> list[tuple[int, Phrasing]]:
    """The phrasings marked, each with its place in `phrasings`, without those of one entry that any subject could be
    asked with: they say nothing about the entry."""

    def key(text: str) -> str:
        return text.replace(SUBJECT_MARK, "").replace(" ", "")

    rows = [replace(row, text=mark_text(row.text)) for row in phrasings]
    general = {key(row.text) for row in rows if row.entry is None and ":" not in row.label}
    # Within one work, "พึงพอใจกี่เปอร์เซ็นต์" does tell which figure is meant.
    return [
        (place, row)
        for place, row in enumerate(rows)
        if row.entry is None or row.figure or key(row.text) not in general
    ]


def with_topics(
    rows: Sequence[Phrasing], vectors: sparse.csr_matrix, features: Features, first: int = 0
) -> list[Phrasing]:
    """The rows from `first` on with the content's topics shared out by likeness. `vectors` has their features.

    phrases.yaml says which attribute a wording asks for, the content which topic: a wording of an attribute that is
    near to one of its topics' gets that topic. And a content's wording of which nothing but a subject's name was its
    own ("ลด ละ เลิกคืออะไร") gives its topic up, since every name looks alike here.
    """
    general = [i for i, row in enumerate(rows) if row.entry is None and row.label in ATTRIBUTE_KEYS]
    topical = [i for i, row in enumerate(rows) if ":" in row.label or row.entry]
    attributes = np.array([row.label.partition(":")[0] for row in rows])
    # Names are left out: they stand in most of the one kind and in few of the other. (Of what is old, not again.)
    named = [i for i in range(first, len(rows)) if SUBJECT_MARK in rows[i].text]
    unnamed = sparse.vstack([vectors, features.of([rows[i].text.replace(SUBJECT_MARK, " ") for i in named])], "csr")
    place = np.arange(len(rows))
    place[named] = len(rows) + np.arange(len(named))
    shared = list(rows)
    own = np.array([SUBJECT_MARK not in rows[i].text for i in topical])

    def likeness(of: Sequence[int], to: Sequence[int]) -> Floats:
        alike = attributes[list(of)][:, None] == attributes[list(to)][None, :]
        return np.where(alike, features.cosines(unnamed[place[list(of)]], unnamed[place[list(to)]].T.tocsr()), 0.0)

    changing = [i for i, is_own in zip(topical, own, strict=True) if i >= first and not is_own]
    if changing and general:
        for i, nearest in zip(changing, likeness(changing, general).max(axis=1), strict=True):
            if nearest >= GENERAL_FROM:
                shared[i] = Phrasing(rows[i].text, str(attributes[i]))
    teaching = [i for i, is_own in zip(topical, own, strict=True) if is_own]
    learning = [i for i in general if i >= first]
    if learning and teaching:
        near = likeness(learning, teaching)
        for row, i in enumerate(learning):
            nearest = int(near[row].argmax())
            if near[row, nearest] >= TOPICAL_FROM:
                shared[i] = replace(rows[i], label=rows[teaching[nearest]].label)
    return shared[first:]


def mark(text: str, names: Sequence[Mention], named_years: Sequence[YearMention]) -> str:
    """`text` with every name replaced by the subject's mark and every year by the year's."""
    marks = [(m.start, m.end, SUBJECT_MARK) for m in names]
    marks += [
        (y.start, y.end, YEAR_MARK) for y in named_years if not any(m.start < y.end and y.start < m.end for m in names)
    ]
    for start, end, word in sorted(marks, reverse=True):
        text = f"{text[:start]} {word} {text[end:]}"
    return " ".join(text.split())
