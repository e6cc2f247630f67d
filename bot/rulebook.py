"""The rule book of one round, for people: every condition, how the program decides it, its source and its questions."""

from __future__ import annotations

from dataclasses import dataclass

from bot.citing import cautions, sources
from bot.rule_wording import worded
from knowledge.eligibility import Requirement, categories, requirements
from knowledge.model import Condition, Round, Text
from knowledge.rules import facts_in

ADVICE = "คำแนะนำของวิทยากร"
UNJUDGED = "ดูที่เนื้อหาผลงาน ระบบไม่ตัดสิน"
RULE, QUESTIONS, SOURCE, CAUTION = "ระบบตรวจ", "คำถาม", "ที่มา", "ข้อควรระวัง"
COMBINED = "ถามรวมกับเรื่องอื่น"
FOR_EVERY_KIND = "เงื่อนไขร่วมของทุกแบบ"
NOTHING_TO_CHECK = "ไม่มีเกณฑ์ให้ตรวจในระบบ"


@dataclass(frozen=True)
class Question:
    """A question of the quiz; `combined` asks for other facts in the same breath."""

    id: str
    ask: str
    combined: bool


@dataclass(frozen=True)
class Provision:
    """One condition as it is shown. `rule` is as `rule_wording.worded` gives it, empty where no facts decide it; `advice`
    is what a speaker recommended and no rule of the award."""

    id: str
    label: str
    text: str
    rule: tuple[str, ...]
    sources: tuple[str, ...]
    cautions: tuple[str, ...]
    questions: tuple[Question, ...]
    advice: bool


@dataclass(frozen=True)
class Part:
    """What holds for all of a category (`title` empty where it has no kinds) or for one of its kinds."""

    title: str
    judged: tuple[Provision, ...]
    unjudged: tuple[Provision, ...]


@dataclass(frozen=True)
class Category:
    """What a work can be entered for. `key` is its subject's."""

    key: str
    name: str
    english: str
    parts: tuple[Part, ...]


@dataclass(frozen=True)
class Chapter:
    """A branch and its categories."""

    key: str
    name: str
    categories: tuple[Category, ...]


def chapters(round_: Round) -> tuple[Chapter, ...]:
    """The branches whose categories have rules, as they hold for the round asked about."""
    branches: dict[str, list[Category]] = {}
    for key in categories(round_):
        branches.setdefault(round_.subjects[key].parent or key, []).append(_category(round_, key))
    return tuple(Chapter(key, round_.subjects[key].name, tuple(found)) for key, found in branches.items())


def without_rules(round_: Round) -> tuple[str, ...]:
    """The names of the awards and branches that nothing is checked for."""
    ruled = {ancestor for key in categories(round_) for ancestor in round_.ancestors(key)}
    return tuple(s.name for s in round_.children("awards") if s.key not in ruled)


def heading(round_: Round) -> str:
    """The title of the whole."""
    return f"เกณฑ์รางวัลเลิศรัฐ รอบปี {round_.asked}"


def borrowed(round_: Round) -> str:
    """What to know where these are another round's rules; else empty."""
    if round_.asked == round_.year:
        return ""
    return (
        f"ยังไม่มีเกณฑ์ของรอบปี {round_.asked} ในระบบ ที่แสดงนี้คือเกณฑ์รอบปี {round_.year} "
        f"โดยนับปีตามรอบปี {round_.asked} อาจมีการเปลี่ยนแปลง"
    )


def _category(round_: Round, key: str) -> Category:
    subject = round_.subjects[key]
    if not subject.kinds:
        return Category(key, subject.name, subject.english, (_part(round_, key, "", ""),))
    kinds = {"": FOR_EVERY_KIND} | {kind: f"แบบ{name}" for kind, name in subject.kinds.items()}
    parts = tuple(_part(round_, key, kind, title) for kind, title in kinds.items())
    return Category(key, subject.name, subject.english, parts)


def _part(round_: Round, key: str, kind: str, title: str) -> Part:
    """The conditions of just this kind; those that every kind shares for an empty one."""
    ruled = [entry for entry in requirements(round_, key) if _kind(entry) == kind]
    # What the award demands comes before what a speaker advised.
    ruled.sort(key=lambda entry: isinstance(entry, Text))
    open_ones = [entry for entry in round_.conditions(key) if entry.rule is None and entry.kind == kind]
    return Part(
        title,
        tuple(_provision(round_, entry) for entry in ruled),
        tuple(_provision(round_, entry) for entry in open_ones),
    )


def _kind(entry: Requirement) -> str:
    return entry.kind if isinstance(entry, Condition) else ""


def _provision(round_: Round, entry: Requirement) -> Provision:
    advice = isinstance(entry, Text)
    return Provision(
        id=entry.id,
        label=entry.gist if isinstance(entry, Text) else entry.label,
        text=" ".join(filter(None, (entry.text, *entry.items))) if isinstance(entry, Text) else entry.text,
        rule=worded(entry.rule, round_.facts, round_.asked) if entry.rule else (),
        sources=sources(round_, [entry]),
        cautions=cautions([entry]),
        questions=_questions(round_, set(facts_in(entry.rule))) if entry.rule else (),
        advice=advice,
    )


def _questions(round_: Round, facts: set[str]) -> tuple[Question, ...]:
    """The questions that feed these facts, those that ask for one fact alone first."""
    feeding = [question for question in round_.questions if facts & set(question.facts)]
    feeding.sort(key=lambda question: len(question.facts) > 1)
    return tuple(Question(question.id, question.ask, len(question.facts) > 1) for question in feeding)
