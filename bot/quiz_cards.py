"""The quiz as answers: its question, and the result that can be forwarded to the boss."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from bot import quiz_wording as wording
from bot.citing import cautions, sources
from bot.turn import Answer, Block, Button, Quiz
from bot.verdicts import deciding, is_of_its_sort, line, own_points, short_name, source_of, told_words
from bot.wording import ASK_A_PERSON, rules_of
from knowledge.eligibility import Checked, Verdict, best_kind, categories, verdicts
from knowledge.facts import Facts
from knowledge.model import QuizQuestion, Round
from knowledge.quiz import FOCUS, TOLD, Progress
from knowledge.rules import Outcome

PREFIX = "quiz:"  # in front of a button's data
MORE = "+"  # behind the picks of a tap that may be followed by another
_MOST_NEAR = 3
_MOST_CHECKED = 4


def data(quiz: Quiz, what: str, picks: str = "") -> str:
    """The data of a button: which quiz, which question (or "!control"), which answers."""
    return f"{PREFIX}{quiz.id}:{what}:{picks}"


def question_card(
    quiz: Quiz,
    question: QuizQuestion,
    progress: Progress,
    rules_year: int,
    *,
    first: bool = False,
    taken: str = "",
    picked: Sequence[int] = (),
    nonsense: bool = False,
    counted: bool = False,
) -> Answer:
    """A question with its numbered answers, by the rules of `rules_year` (Buddhist Era). `taken` is what was understood just
    now, `picked` are answers tapped already; after `nonsense` it is asked again in other words; where something is
    `counted`, the answers bear no numbers."""
    blocks = []
    if taken:
        blocks.append(Block("paragraph", (f"{wording.TAKEN}: {taken}",)))
    if picked:
        names = " · ".join(question.answers[i].label for i in picked)
        blocks.append(Block("paragraph", (f"{wording.PICKED}: {names} — {wording.PICK_MORE}",)))
    lines = tuple(f"{a.label} ({a.more})" if a.more else a.label for a in question.answers)
    blocks.append(Block("bullets" if counted else "numbered", lines))
    hints = [question.hint, wording.FIRST_HINT if first else ""]
    blocks += [Block("paragraph", (hint,)) for hint in hints if hint]
    return Answer(
        "clarify" if nonsense else "command",
        f"{wording.NOT_AN_ANSWER} — {question.ask}" if nonsense else question.ask,
        attribute="quiz",
        header=f"{wording.step(progress.number, progress.about)} · {rules_of(rules_year)}",
        blocks=tuple(blocks),
        buttons=_answer_buttons(quiz, question, picked, first),
        year=quiz.year,
        rules_year=rules_year,
    )


def _answer_buttons(quiz: Quiz, question: QuizQuestion, picked: Sequence[int], first: bool) -> tuple[Button, ...]:
    more = MORE if question.several and not question.one_tap else ""
    buttons = []
    if picked:
        buttons.append(Button(wording.ENOUGH, wording.ENOUGH, data(quiz, question.id, _joined(picked))))
    for index, answer in enumerate(question.answers):
        if index in picked or (picked and not answer.facts):
            continue
        # "None of these" is never one of several.
        goes_on = more if answer.facts else ""
        buttons.append(Button(answer.label, answer.label, data(quiz, question.id, _joined((*picked, index)) + goes_on)))
    if not picked:
        buttons.append(Button(wording.NOT_SURE, wording.NOT_SURE, data(quiz, question.id, "?")))
    if not first:
        buttons.append(Button(wording.BACK, wording.BACK, data(quiz, "!back")))
    buttons.append(Button(wording.STOP, wording.STOP, data(quiz, "!cancel")))
    return tuple(buttons[:13])


def _joined(picks: Sequence[int]) -> str:
    return ",".join(map(str, picks))


def counts(round_: Round, question: QuizQuestion) -> bool:
    """Whether a bare number answers the question by itself: how many, how long, which year."""
    first = round_.facts[question.facts[0]]
    return not question.several and first.type in ("number", "year") and first.most != len(question.answers) - 1


def facts_line(round_: Round, facts: Facts) -> str:
    """Facts in one line, for saying what was understood: "ระยะเวลาที่ใช้จริงและมีผล: 18 เดือน · …"."""
    return " · ".join(f"{round_.facts[name].label}: {told_words(round_, name, value)}" for name, value in facts.items())


def changes_card(quiz: Quiz, round_: Round) -> Answer:
    """What was answered, each with a button that asks it once more."""
    lines, buttons = [], []
    asked = [r for r in quiz.responses if r.question != TOLD]
    for number, response in enumerate(asked, start=1):
        said = {name: value for name, value in response.facts.items() if value not in (False, 0, [])} or response.facts
        lines.append(facts_line(round_, {k: v for k, v in said.items() if k in round_.facts}))
        buttons.append(Button(f"แก้ข้อ {number}", f"แก้ข้อ {number}", data(quiz, "!change", response.question)))
    return Answer(
        "command",
        wording.WHICH_ANSWER,
        attribute="quiz",
        blocks=(Block("numbered", tuple(lines)),),
        buttons=(*buttons[:11], wording.RESULT),
        year=quiz.year,
    )


class _Result:
    """The verdicts of one work, sorted as a person wants to read them."""

    def __init__(self, round_: Round, facts: Facts) -> None:
        self.found = verdicts(round_, facts)
        self.passing: list[str] = []
        self.checking: list[str] = []
        self.near: list[str] = []
        self.others: list[str] = []
        for subject in categories(round_):
            verdict, _ = deciding(round_, self.found, subject)
            if verdict.outcome is Outcome.PASS:
                self.passing.append(subject)
            elif not is_of_its_sort(verdict):
                self.others.append(subject)
            elif verdict.outcome is Outcome.UNKNOWN:
                self.checking.append(subject)
            else:
                self.near.append(subject)
        if isinstance(facts.get(FOCUS), dict):
            # Of a branch that was never asked about, nothing is said.
            self.checking = [s for s in self.checking if _scope_passes(self.found[s])]
        # Of what nothing is known, a list of everything that is required would only bury the rest.
        self.unknown = [s for s in self.checking if not self._has_something(round_, s, facts)]
        self.checking = [s for s in self.checking if s not in self.unknown]
        self.checking.sort(key=lambda s: len(deciding(round_, self.found, s)[0].of(Outcome.UNKNOWN)))
        self.near.sort(key=lambda s: len(deciding(round_, self.found, s)[0].of(Outcome.FAIL)))
        self.unknown = self.checking[_MOST_CHECKED:] + self.unknown
        self.checking = self.checking[:_MOST_CHECKED]
        self.others += self.near[_MOST_NEAR:]
        self.near = self.near[:_MOST_NEAR]

    def _has_something(self, round_: Round, subject: str, facts: Facts) -> bool:
        """Whether a point of the category's own is met."""
        verdict = best_kind(self.found, subject)
        return any(c.outcome is Outcome.PASS for c in own_points(round_, verdict, facts))


def _scope_passes(verdict: Verdict) -> bool:
    return all(c.outcome is Outcome.PASS for c in verdict.checked if c.entry.id.endswith(".scope"))


def result_card(round_: Round, quiz: Quiz, facts: Facts, today: date, home: Round | None = None) -> Answer:
    """The verdicts of a quiz for `round_`: what passes, what is to be checked, what is near, each line with its source.

    With `home`, the round that the quiz was for, the card says what differs between the two.
    """
    result = _Result(round_, facts)
    label = {key: round_.subjects[key].name for key in categories(round_)}
    blocks: list[Block] = []
    shown: list[Checked] = []
    for title, subjects in (
        (wording.PASSING, result.passing),
        (wording.TO_CHECK, result.checking),
        (wording.NEAR, result.near),
    ):
        for subject in subjects:
            verdict, name = deciding(round_, result.found, subject)
            points = own_points(round_, verdict, facts)
            shown += points
            blocks.append(Block("checks", tuple(line(round_, c, facts, today) for c in points), f"{title}: {name}"))
            blocks += _unruled(round_, verdict)
    if home is not None and home.asked != round_.asked:
        blocks.insert(0, _difference(round_, home, result.found, facts))
    if result.unknown:
        blocks.append(Block("paragraph", (", ".join(label[s] for s in result.unknown),), wording.TOO_LITTLE))
    if result.others and not _only_organisation(facts):
        names = ", ".join(label[s] for s in result.others)
        blocks.append(Block("paragraph", (names,), wording.NOT_ITS_SORT))
    notes = [wording.not_certified(round_.asked)]
    if len(result.passing) > 1:
        notes.append(wording.MORE_THAN_ONE)
    if isinstance(facts.get(FOCUS), dict):
        notes.append(wording.BRANCH_TOO)
    entries = [c.entry for c in shown]
    told_of = tuple([*result.passing, *result.checking, *result.near][:6])
    return Answer(
        "command",
        wording.result_gist(
            [label[s] for s in result.passing],
            [label[s] for s in (*result.checking, *result.unknown)],
            [label[s] for s in result.near],
        ),
        subjects=told_of,
        attribute="quiz",
        header=rules_of(round_.year),
        blocks=tuple(blocks),
        notes=(*notes, *cautions(entries)),
        sources=sources(round_, entries),
        buttons=_result_buttons(round_, told_of),
        year=round_.asked,
        rules_year=round_.year,
    )


def _unruled(round_: Round, verdict: Verdict) -> list[Block]:
    """The conditions of a passing category that no rule decides: the person has to look at those."""
    if verdict.outcome is not Outcome.PASS:
        return []
    subject, _, kind = verdict.subject.partition(":")
    unruled = [c for c in round_.conditions(subject) if c.rule is None and c.kind in ("", kind)]
    left = [f"{c.text} {source_of(c)}".rstrip() for c in unruled]
    return [Block("bullets", tuple(left), wording.NO_RULES)] if left else []


def _difference(round_: Round, home: Round, found: dict[str, Verdict], facts: Facts) -> Block:
    before = verdicts(home, facts)
    lines = [
        f"{round_.subjects[s].name}\t{wording.OUTCOMES[before[s].outcome.value]} → {wording.OUTCOMES[found[s].outcome.value]}"
        for s in categories(round_)
        if before[s].outcome is not found[s].outcome
    ]
    title = f"{wording.COMPARED} {home.asked}"
    return Block("pairs", tuple(lines), title) if lines else Block("paragraph", (wording.SAME_IN_ROUND,), title)


def _only_organisation(facts: Facts) -> bool:
    return facts.get(FOCUS) == ["organization"]


def _result_buttons(round_: Round, subjects: Sequence[str]) -> tuple[Button, ...]:
    buttons = []
    for subject in subjects[:1]:
        name = round_.subjects[subject].name
        buttons += [Button("เงื่อนไข", f"เงื่อนไข{name}"), Button("ตัวอย่างผลงาน", f"ตัวอย่างผลงาน{name}")]
        buttons.append(Button("เตือนฉัน", f"เตือนเรื่อง{name}"))
    return (*buttons, wording.CHANGE, wording.RESTART, ASK_A_PERSON)


def missing_names(round_: Round, verdict: Verdict, facts: Facts) -> str:
    """What is still unknown of a category, by the requirements' names."""
    return ", ".join(short_name(c) for c in own_points(round_, verdict, facts) if c.outcome is Outcome.UNKNOWN)


def pmqa_card(round_: Round, quiz: Quiz) -> Answer:
    """For work on the organisation itself: what PMQA is called, and a person, since there are no rules to check by."""
    names = tuple(child.name for child in round_.children("pmqa"))
    entry = round_.of("pmqa", "definition")[:1]
    return Answer(
        "command",
        wording.PMQA_ONLY,
        subjects=("pmqa",),
        attribute="quiz",
        header=rules_of(round_.year),
        blocks=(Block("bullets", names),),
        sources=sources(round_, entry),
        buttons=(ASK_A_PERSON, Button("PMQA คืออะไร", "PMQA คืออะไร"), wording.CHANGE, wording.RESTART),
        year=quiz.year,
        rules_year=round_.year,
    )
