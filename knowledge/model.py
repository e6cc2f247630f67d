"""What is known about the awards, as frozen values.

Everything here is plain data: `loader.py` validates YAML into it, and the rest of the program only reads it. Years are
Buddhist Era (2568). Texts are Thai and ready to show; a text never names its own round or source, because whoever
shows it adds both.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

from knowledge.facts import Fact, Facts
from knowledge.rules import Rule

SUBJECT_KEYS = (
    "awards",
    "best",
    "honor",
    "branch",
    "pmqa",
    "pmqa.excellent",
    "pmqa.category",
    "pmqa.four",
    "service",
    "service.innovation",
    "service.expansion",
    "service.integration",
    "service.responsive",
    "service.facilitation",
    "service.agenda",
    "participation",
    "participation.open",
    "participation.effective",
    "participation.expanded",
)
ATTRIBUTE_KEYS = (
    "definition",
    "conditions",
    "deadline",
    "examples",
    "comparison",
    "documents",
    "apply",
    "scoring",
    "advice",
    "recommend",
    "quiz",
    "reminder",
    "contact",
    "smalltalk",
    "out_of_scope",
)
ERA = 543
"""What a year of the Buddhist Era is ahead of the Gregorian one."""
MILESTONE_KINDS = ("briefing", "opening", "closing", "documents", "site_visit", "results", "ceremony", "other")


class Certainty(StrEnum):
    """How far an entry can be relied on; anything but CERTAIN is shown with the entry's caution."""

    CERTAIN = "certain"
    UNCERTAIN = "uncertain"
    TO_CONFIRM = "to_confirm"


@dataclass(frozen=True)
class Source:
    """Where a fact stands: line numbers of the round's briefing slides ("94-105", "27-34;66-90"), or public addresses."""

    lines: str | None = None
    urls: tuple[str, ...] = ()


@dataclass(frozen=True)
class Topic:
    """One thing that is asked of several subjects ("how long in use?"); conditions, gaps and texts refer to it by key.

    `name` is a short Thai noun phrase that can stand in a sentence; `phrasings` are the ways staff ask for it, with no
    subject named.
    """

    key: str
    name: str
    attribute: str
    phrasings: tuple[str, ...]


@dataclass(frozen=True)
class Entry:
    """One editable piece of knowledge about one subject and attribute.

    `phrasings` are questions that ask for just this entry; `caution` is the Thai sentence that is shown with it when
    it is not certain; an unpublished entry is never shown to staff.
    """

    id: str
    subject: str
    attribute: str
    source: Source
    certainty: Certainty = Certainty.CERTAIN
    caution: str = ""
    topic: str | None = None
    phrasings: tuple[str, ...] = ()
    published: bool = True


@dataclass(frozen=True)
class Text(Entry):
    """An answer in words: `gist` is its first line and stands alone; `items` are the parts of a list, in order.

    With a `rule` it counts in verdicts though it is not one of the listed conditions: what a speaker advised.
    """

    gist: str = ""
    text: str = ""
    items: tuple[str, ...] = ()
    numbered: bool = False
    rule: Rule | None = None


@dataclass(frozen=True)
class Condition(Entry):
    """One requirement: `label` names it in a few words, `text` states it whole, `rule` decides it where facts can.

    `other_rounds` stands in the text's place when another round is asked about, where the text reckons with this round's
    year; `kind` is the one of the subject's kinds that it is required of, empty for all. Without what is `essential` a work is not
    of the subject's sort at all; what else it lacks, it may still reach.
    """

    label: str = ""
    text: str = ""
    other_rounds: str = ""
    kind: str = ""
    rule: Rule | None = None
    essential: bool = False


@dataclass(frozen=True)
class Figure:
    """One fact or number of an Example. `text` is a sentence that can be the first line of an answer."""

    id: str
    label: str
    text: str
    source: Source
    phrasings: tuple[str, ...] = ()
    certainty: Certainty = Certainty.CERTAIN
    caution: str = ""


@dataclass(frozen=True)
class Example(Entry):
    """A work that won: `year` is the award's year in Buddhist Era, `level` is empty where the source names none."""

    title: str = ""
    label: str = ""
    agency: str = ""
    year: int = 0
    level: str = ""
    summary: str = ""
    aliases: tuple[str, ...] = ()
    figures: tuple[Figure, ...] = ()


@dataclass(frozen=True)
class Gap(Entry):
    """Something staff ask that the sources do not say. `text` says plainly what is not known (never a guess);
    `question` is what an administrator has to settle."""

    text: str = ""
    question: str = ""


@dataclass(frozen=True)
class MilestoneDate:
    """A day (`day` set) or only a month; months are 1-12, years Buddhist Era. Asia/Bangkok."""

    year: int
    month: int
    day: int | None = None

    def as_date(self) -> date | None:
        """The Gregorian day, or None for a month."""
        return date(self.year - ERA, self.month, self.day) if self.day else None


@dataclass(frozen=True)
class Milestone(Entry):
    """A dated step of a round; `date` is None while it is not announced, and only a month while no day is.

    `kind` is one of MILESTONE_KINDS; `until` is the last day of a span (both then are days); `time` is "16:30" in
    Asia/Bangkok, or empty; `subjects` are whom it is for, `awards` standing for all (empty: the entry's own subject).
    A cancelled one keeps its date, so that whoever was told of it can be told again.
    """

    kind: str = ""
    name: str = ""
    date: MilestoneDate | None = None
    until: MilestoneDate | None = None
    time: str = ""
    subjects: tuple[str, ...] = ()
    place: str = ""
    link: str = ""
    note: str = ""
    cancelled: bool = False


@dataclass(frozen=True)
class Subject:
    """An award, branch or category that can be asked about.

    `name` is the official name, `label` fits a button (at most 20 grapheme clusters), `aliases` name the subject and
    nothing else of this round unless the same alias stands under several subjects (then it is ambiguous); `cues` are
    words of a work or a condition that point to it without naming it. `kinds` are the ways in which one work can qualify
    (key → Thai name); `scope` is what a work must be about for any category of a branch.
    """

    key: str
    name: str
    label: str
    parent: str | None
    english: str = ""
    aliases: tuple[str, ...] = ()
    old_names: tuple[str, ...] = ()
    cues: tuple[str, ...] = ()
    kinds: dict[str, str] = field(default_factory=dict)
    scope: Condition | None = None


@dataclass(frozen=True)
class QuizAnswer:
    """One offered answer: what tapping it says, and the facts that it fills. `more` explains it under the question, `also`
    are other ways to say it."""

    label: str
    facts: Facts
    more: str = ""
    also: tuple[str, ...] = ()


@dataclass(frozen=True)
class QuizQuestion:
    """One message of the quiz. `several` answers may be given at once, and `otherwise` is what those not given say;
    with `one_tap` a single tap is enough all the same."""

    id: str
    ask: str
    facts: tuple[str, ...]
    answers: tuple[QuizAnswer, ...]
    hint: str = ""
    several: bool = False
    one_tap: bool = False
    otherwise: Facts = field(default_factory=dict)


@dataclass(frozen=True)
class Option:
    """One reading of an ambiguous question: a button's label and the full question that it stands for."""

    label: str
    question: str


@dataclass(frozen=True)
class Ambiguity:
    """A question that has several readings however clear it is: asked back with `ask` and its options."""

    id: str
    phrasings: tuple[str, ...]
    ask: str
    options: tuple[Option, ...]
    subject: str
    attribute: str


@dataclass(frozen=True, eq=False)  # by identity, so that what is worked out of a round can be remembered
class Round:
    """One award year and all that is known of it.

    `year` is the round whose content this is; `asked` the one that the rules are applied to and the texts are worded for
    (`templates.applied_to`); `template` is the same round as written, with the limits still to be filled in.
    """

    year: int
    name: str
    slides: str
    subjects: dict[str, Subject]
    topics: dict[str, Topic]
    entries: tuple[Entry, ...]
    ambiguities: tuple[Ambiguity, ...] = ()
    facts: dict[str, Fact] = field(default_factory=dict)
    questions: tuple[QuizQuestion, ...] = ()
    asked: int = 0
    template: Round | None = None

    def children(self, key: str) -> tuple[Subject, ...]:
        """The subjects right below `key`, in the order of SUBJECT_KEYS."""
        return tuple(s for s in self.subjects.values() if s.parent == key)

    def of(self, subject: str, attribute: str) -> tuple[Entry, ...]:
        """The published entries of one subject and attribute, in file order."""
        return tuple(e for e in self.entries if e.subject == subject and e.attribute == attribute and e.published)

    def conditions(self, subject: str) -> tuple[Condition, ...]:
        """The published conditions of one subject, in file order."""
        return tuple(e for e in self.of(subject, "conditions") if isinstance(e, Condition))

    def question_for(self, fact: str) -> QuizQuestion | None:
        """The question that asks for this fact alone."""
        return next((q for q in self.questions if q.facts == (fact,)), None)

    def ancestors(self, key: str) -> Iterator[str]:
        """`key`, its parent, and so on up to `awards`."""
        current: str | None = key
        while current is not None:
            yield current
            current = self.subjects[current].parent


@dataclass(frozen=True)
class Knowledge:
    """All rounds; the newest with content answers by default."""

    rounds: dict[int, Round] = field(default_factory=dict)
    _applied: dict[int, Round] = field(default_factory=dict, compare=False, repr=False)

    @property
    def newest(self) -> Round:
        """The round of the greatest year."""
        return self.rounds[max(self.rounds)]

    def round_for(self, year: int | None) -> Round | None:
        """The newest round up to `year`, its rules and texts for that year; the newest of all for None, and None when all
        are later."""
        # Imported here: templates.py takes the values of this module.
        from knowledge.templates import applied_to

        if year is None:
            return self.newest
        if year not in self._applied:
            earlier = [known for known in self.rounds if known <= year]
            if not earlier:
                return None
            self._applied[year] = applied_to(self.rounds[max(earlier)], year)
        return self._applied[year]
