"""The numbers that decide between readings: learnt from labelled questions by `lertrat learn`, kept in learnt.json.

What a number is for is said at its field; what it is was measured (docs/learning.md). Beliefs, likenesses and
probabilities are 0 to 1 unless a field says otherwise.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from functools import cache
from pathlib import Path
from typing import Any

FILE = Path(__file__).with_name("learnt.json")


@dataclass(frozen=True)
class Logistic:
    """A logistic regression over named signs. `weights` is keyed by the sign's name."""

    bias: float
    weights: Mapping[str, float]

    def probability(self, signs: Any) -> float:
        """The probability (0 to 1) for a dataclass whose fields are the signs, numbers or truths."""
        score = self.bias + sum(weight * float(getattr(signs, name)) for name, weight in self.weights.items())
        return 1 / (1 + math.exp(-max(-50.0, min(50.0, score))))


@dataclass(frozen=True)
class Learnt:
    """All learnt numbers. The defaults are where learning began."""

    # -- what is asked ---------------------------------------------------------------------------------------------------
    telling_word: float = 0.4
    """Added to the attribute that a word leaves no doubt about."""
    carried_attribute: float = 0.4
    """Added to the attribute talked about, when a question leans on the turn before."""
    comparing_word: float = 0.5
    """Added to `comparison` when the question says that it compares."""
    point_from: float = 0.4
    """A topic as probable as this is the point in which several subjects are asked about."""
    recommended: float = 0.5
    """Share of P(conditions) that goes to `recommend` where a category's words, but not its name, were said."""
    recommended_what_if: float = 0.8
    """The same where "may we?" was asked of work that was described."""

    # -- which piece of content ------------------------------------------------------------------------------------------
    topic_from: float = 0.35
    """A topic less probable than this is not taken for asked."""
    topic_weight: float = 0.7
    """Weight of an entry's topic beside the likeness to its phrasings."""
    likeness_weight: float = 0.6
    """Weight of that likeness."""
    entry_from: float = 0.42
    """An entry as good as this answers by itself; below, the whole attribute is answered."""
    general_weight: float = 0.6
    """… and it must reach this share of the probability that the attribute was asked about as a whole."""
    also_from: float = 0.25
    """Further conditions as good as this, that a what-if touches, are told too."""
    also_share: float = 0.4
    """… if they reach this share of the best one."""
    beside_from: float = 0.22
    """From here on, what may have been meant is told beside the whole attribute."""
    gap_nearer_by: float = 0.25
    """A gap speaks before a condition on its topic when it is nearer by this much."""
    gap_from: float = 0.55
    """Saying that something is not known takes more than saying what is."""
    gap_what_if_from: float = 0.8
    """… and still more where a work was described: then the conditions are what helps."""
    elsewhere_from: float = 0.6
    """From this probability on, a topic that the subject has nothing on is looked for above it."""
    figure_from: float = 0.5
    """A figure as near as this is the one asked for …"""
    figure_of_known_from: float = 0.3
    """… when its work is known, as near as this."""

    # -- which subject ---------------------------------------------------------------------------------------------------
    entry_speaks_from: float = 0.55
    """A piece of content whose phrasing is as near as this speaks for its subject."""
    topic_speaks_from: float = 0.4
    """So does a topic as probable as this."""
    topic_elsewhere_from: float = 0.5
    """A topic as probable as this, that only another subject has, ends what was talked about."""
    entry_elsewhere_from: float = 0.75
    """So does another subject's piece of content as near as this."""
    as_a_whole_from: float = 0.6
    """From this probability on, a question without a subject asks for all of an attribute, and so for whose."""
    nearly: float = 0.08
    """Two subjects whose beliefs differ by no more than this are suggested together."""
    clearer_by: float = 0.6
    """A name that several subjects share means one of them when so much more speaks for it."""

    # -- whether to answer -----------------------------------------------------------------------------------------------
    ambiguous_from: float = 0.8
    """A question as near as this to one that is ambiguous by itself is asked back."""
    strange_from: float = 0.4
    """A question that names nothing of ours is refused from this probability on that it is a stranger."""
    unclear_to: float = 0.1
    """With no more of its weight in known words, a refused text is called not understood rather than not ours."""
    answer_from: float = 0.34
    """Asked back below this confidence of the best reading …"""
    answer_named_from: float = 0.24
    """… or this, where the subject is certain: a wrong attribute does less harm and shows at once …"""
    answer_command_from: float = 0.2
    """… or this for a command, which takes one word to say no to."""
    ask_back_from: float = 0.16
    """Refused as not understood below this."""

    strangeness: Logistic = field(
        default_factory=lambda: Logistic(
            2.14,
            {
                "stranger_probability": 3.58,
                "likeness_to_ours": -4.05,
                "likeness_to_strangers": 3.66,
                "known_words": -3.23,
                "garbled": 0.0,
                "cues": -1.04,
                "smalltalk_probability": 1.44,
            },
        )
    )
    """Probability that a question which names nothing of ours is not about the awards (scope.ScopeSigns)."""
    certainty: Logistic = field(default_factory=lambda: Logistic(0.0, {"confidence": 1.0}))
    """Probability that the answer is right (decision.CertaintySigns): the confidence that is shown."""


NUMBERS = tuple(f.name for f in fields(Learnt) if f.type == "float")
"""The fields that `lertrat learn` searches one by one."""


def read_learnt(path: Path = FILE) -> Learnt:
    """The numbers kept in `path`. ValueError naming the file when it is not as `write_learnt` left it."""
    try:
        kept = json.loads(path.read_text("utf-8"))
        values: dict[str, Any] = {name: float(kept[name]) for name in NUMBERS}
        for name in ("strangeness", "certainty"):
            weights = {key: float(weight) for key, weight in kept[name]["weights"].items()}
            values[name] = Logistic(float(kept[name]["bias"]), weights)
        return Learnt(**values)
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(f"{path}: cannot be read ({error!r}); make it anew with `lertrat learn`") from error


def write_learnt(learnt: Learnt, path: Path = FILE) -> None:
    """Keep the numbers in `path`, rounded to four places."""

    def rounded(value: object) -> object:
        if isinstance(value, dict):
            return {key: rounded(inner) for key, inner in value.items()}
        return round(value, 4) if isinstance(value, float) else value

    path.write_text(json.dumps(rounded(asdict(learnt)), indent=1) + "\n", "utf-8")


@cache
def learnt() -> Learnt:
    """The program's own numbers, read once."""
    return read_learnt()
