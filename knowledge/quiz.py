"""The quiz: responses in, the next question or the verdicts out.

Only responses are kept; they are replayed through whatever questions there are now, so a new version of the questions
breaks no quiz under way. A question is asked while one of its facts can still decide a category that is neither passed
nor failed, and the one that is likely to settle most comes first.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from knowledge.eligibility import Verdict, categories, requirements, verdicts
from knowledge.facts import INCLUDES, Facts, Known, Value, merged, readable
from knowledge.model import QuizAnswer, QuizQuestion, Round
from knowledge.rules import Outcome, Unless, comparisons, facts_in, undecided

TOLD = ""
"""The question of a response that no question asked for: what a person told by themselves."""
FOCUS = "focus"
_MOST_STEPS = 40


@dataclass(frozen=True)
class Response:
    """What was said to one question (its id, or TOLD) as facts; None is unsure."""

    question: str
    facts: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Progress:
    """Which question this is, counted from 1, and about how many there will be."""

    number: int
    about: int


def collected(round_: Round, responses: Sequence[Response]) -> dict[str, Value]:
    """The facts that the responses come to; later ones correct earlier ones. What is no fact any more is left out, and so
    is what was told only vaguely, unasked, where that settles nothing: it is asked for."""
    facts: dict[str, Value] = {}
    for response in responses:
        question = question_again(round_, response.question)
        asked = question.facts if question else ()
        told = readable(round_.facts, response.facts)
        facts = merged(facts, {n: v for n, v in told.items() if n in asked or not _too_vague(round_, n, v)})
    return facts


def _too_vague(round_: Round, name: str, value: Value) -> bool:
    """Whether a range lies across a limit that a rule holds the fact against."""
    if not isinstance(value, Mapping) or INCLUDES in value:
        return False
    known = Known(round_.facts, {name: value})
    rules = (entry.rule for subject in categories(round_) for entry in requirements(round_, subject) if entry.rule)
    tests = (c for rule in rules for c in comparisons(rule) if c.fact == name and c.limit.fact is None)
    return any(c.outcome(known, round_.asked) is Outcome.UNKNOWN for c in tests)


def next_question(round_: Round, facts: Facts) -> QuizQuestion | None:
    """The next question, with only those answers that still decide something; None when there is nothing left to ask.

    Of those that could be asked it is the one whose answers leave the fewest facts to ask for, each answer as likely as
    the next; the content's order decides between equals. Measured: docs/decisions/0014-one-rule-book.md.
    """
    return _next(round_, json.dumps(facts, sort_keys=True))


@lru_cache(maxsize=20_000)
def _next(round_: Round, told: str) -> QuizQuestion | None:
    facts: Facts = json.loads(told)
    questions = _askable_now(round_, facts)
    if len(questions) < 2 or FOCUS not in facts:
        return questions[0] if questions else None
    return min(questions, key=lambda question: _left_after(round_, question, facts))


def _askable_now(round_: Round, facts: Facts) -> list[QuizQuestion]:
    wanted, welcome = _open_facts(round_, facts)
    asked = (_asked_now(round_, question, facts, wanted, welcome) for question in round_.questions)
    return [question for question in asked if question is not None]


def _left_after(round_: Round, question: QuizQuestion, facts: Facts) -> float:
    """How many facts would still be wanted, the mean over the question's answers."""
    answers = [chosen(question, [place]) or {} for place in range(len(question.answers))]
    left = [len(_open_facts(round_, {**facts, **unsure(question), **answer})[0]) for answer in answers]
    return sum(left) / len(left)


def still_asked(round_: Round, facts: Facts, question_id: str) -> QuizQuestion | None:
    """That question as it would be asked now, where it still decides something."""
    return next((question for question in _askable_now(round_, facts) if question.id == question_id), None)


def question_again(round_: Round, question_id: str) -> QuizQuestion | None:
    """A question with all its answers, to change what was said to it; None when there is none of that name any more."""
    return next((question for question in round_.questions if question.id == question_id), None)


def chosen(question: QuizQuestion, picks: Sequence[int]) -> dict[str, Value] | None:
    """The facts of the answers at `picks` (from 0); None where they cannot be chosen together or are not there."""
    picks = list(dict.fromkeys(picks))
    if not picks or not all(0 <= pick < len(question.answers) for pick in picks):
        return None
    if len(picks) > 1 and not question.several:
        return None
    facts = dict(question.otherwise)
    for pick in picks:
        answer = question.answers[pick]
        if len(picks) > 1 and not answer.facts:
            return None  # "none of these", and one of these
        for name, value in answer.facts.items():
            both = isinstance(value, list) and isinstance(facts.get(name), list)
            facts[name] = [*facts[name], *(v for v in value if v not in facts[name])] if both else value
    return facts


def unsure(question: QuizQuestion) -> dict[str, Value]:
    """The facts of "I am not sure"."""
    return dict.fromkeys(question.facts)


def progress(round_: Round, responses: Sequence[Response]) -> Progress:
    """How far the quiz is: the number of the question to come, and the mean of the two ways on that answer yes or no."""
    answered = len({response.question for response in responses} - {TOLD})
    facts = collected(round_, responses)
    ahead = [_steps(round_, facts, place) for place in (0, -1)]
    return Progress(answered + 1, answered + max(1, -(-sum(ahead) // len(ahead))))


def _steps(round_: Round, facts: Facts, place: int) -> int:
    """How many questions are left when each gets its first (0) or last (-1) answer."""
    steps = 0
    # In the content's order, which is a little longer and much faster to foresee.
    while steps < _MOST_STEPS and (questions := _askable_now(round_, facts)):
        question = questions[0]
        facts = {**facts, **unsure(question), **(chosen(question, [place % len(question.answers)]) or {})}
        steps += 1
    return steps


# What still decides.


def _open_facts(round_: Round, facts: Facts) -> tuple[set[str], set[str]]:
    """The facts that can still decide an open category, and those that only count when they are told."""
    known = Known(round_.facts, facts)
    wanted: set[str] = set()
    welcome: set[str] = set()
    for verdict in _open_verdicts(round_, facts):
        for checked in verdict.checked:
            names = undecided(checked.rule, known, round_.asked) if checked.outcome is Outcome.UNKNOWN else set()
            wanted |= {name for name in names if name not in facts}
            if isinstance(checked.rule, Unless) and checked.outcome is Outcome.PASS:
                welcome |= {name for name in facts_in(checked.rule) if name not in facts}
    # Who does not know whether there is a parent is not asked about its children.
    wanted = {name for name in wanted if not _parent_unsure(round_, name, facts)}
    wanted |= {parent for name in wanted for parent in _parents(round_, name) if parent not in facts}
    return wanted, welcome


def _open_verdicts(round_: Round, facts: Facts) -> list[Verdict]:
    found = verdicts(round_, facts)
    decided = {key for key, verdict in found.items() if verdict.outcome is not Outcome.UNKNOWN}
    open_ones = []
    for key, verdict in found.items():
        subject = key.partition(":")[0]
        whole = subject == key and any(other.startswith(f"{key}:") for other in found)
        # Of a category with kinds, the kinds are asked about, until one of them settles it.
        if key in decided or subject in decided or whole or not _pursued(round_, verdict, facts):
            continue
        open_ones.append(verdict)
    return open_ones


def _pursued(round_: Round, verdict: Verdict, facts: Facts) -> bool:
    """Whether the category's branch is one that the work is about; where only a part of that was told, that part is."""
    if not isinstance(facts.get(FOCUS), Mapping):
        return True
    scope = {s.scope.id for k in round_.ancestors(verdict.subject.partition(":")[0]) if (s := round_.subjects[k]).scope}
    return all(c.outcome is Outcome.PASS for c in verdict.checked if c.entry.id in scope)


def _parents(round_: Round, name: str) -> list[str]:
    found = []
    parent = round_.facts[name].parent
    while parent in round_.facts:
        found.append(parent)
        parent = round_.facts[parent].parent
    return found


def _parent_unsure(round_: Round, name: str, facts: Facts) -> bool:
    return any(parent in facts and facts[parent] is None for parent in _parents(round_, name))


def _asked_now(
    round_: Round, question: QuizQuestion, facts: Facts, wanted: set[str], welcome: set[str]
) -> QuizQuestion | None:
    """The question as it is asked now, or None while it is not."""
    open_ones = [name for name in question.facts if name in wanted]
    if not open_ones or not all(_askable(round_, name, question, facts) for name in open_ones):
        return None
    if len(question.facts) == 1:
        return question
    if len(open_ones) < 2 or any(name in facts for name in question.facts if not question.several):
        return None
    if not question.several:
        return question if len(open_ones) == len(question.facts) else None
    allowed = {*open_ones, *(name for name in question.facts if name in welcome)}
    return _narrowed(question, allowed)


def _askable(round_: Round, name: str, question: QuizQuestion, facts: Facts) -> bool:
    """Whether its parent is known already or asked for in the same message."""
    return all(parent in facts or parent in question.facts for parent in _parents(round_, name))


def _narrowed(question: QuizQuestion, allowed: set[str]) -> QuizQuestion:
    answers: tuple[QuizAnswer, ...] = tuple(a for a in question.answers if set(a.facts) <= allowed)
    facts = tuple(name for name in question.facts if name in allowed)
    otherwise = {name: value for name, value in question.otherwise.items() if name in allowed}
    return replace(question, answers=answers, facts=facts, otherwise=otherwise)
