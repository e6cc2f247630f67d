"""The quiz's turns: an answer in words or by a tap, a control, a question in between, and nonsense that moves nothing."""

from __future__ import annotations

import hashlib
from dataclasses import replace
from typing import Any

import regex
from rapidfuzz import fuzz

from bot import quiz_wording as wording
from bot.dispatch import Request
from bot.handlers.understood import understood
from bot.quiz_cards import (
    MORE,
    PREFIX,
    changes_card,
    counts,
    facts_line,
    pmqa_card,
    question_card,
    result_card,
)
from bot.turn import Answer, Block, Conversation, Quiz, Turn
from bot.wording import OLD_BUTTON
from intents.calendar_asks import calendar_ask
from intents.controls import Control, asks_for_quiz
from intents.normalize import clean, plain, skeleton
from intents.references import asks_may, asks_of_the_rules
from intents.signs import asks_meaning
from knowledge.facts import Known, merged
from knowledge.model import QuizQuestion, Round
from knowledge.quiz import (
    FOCUS,
    TOLD,
    Progress,
    Response,
    chosen,
    collected,
    next_question,
    progress,
    question_again,
    still_asked,
    unsure,
)

_NUMBERS = regex.compile(
    r"(?:(?:ข้อ|เลือก|ตอบ|หมายเลข|อัน)\s?(?:ที่)?\s?)?\d{1,2}(?:\s?(?:,|และ|กับ|/|\+|\s|ข้อ|ที่)+\s?\d{1,2})*"
)
_ASKS = regex.compile(r"ไหม|(?<!เ)กี่|อะไร|ยังไง|เท่าไหร่|ไหน|เมื่อไหร่|ใคร|คือ(?!$)|หรือยัง|[?？]|(?:ล่ะ|หรือ)$")
# "ไม่เคยมีใครทำ", "ไม่ได้ทำอะไร": no question is asked.
_NOBODY = regex.compile(r"ไม่\S{0,10}(?:ใคร|อะไร|ที่ไหน|ไหน(?=\s|$|เลย|ทำ))")
# A label of eight letters with one wrong (87) is still that label.
_SAME_LABEL = 86.0
# From this likeness (0 to 1) on, a text is one of our own phrasings: "ปฏิทิน", "เอกสาร".
_OUR_OWN_WORDS = 0.95
# Below this (0 to 1) a text that tells nothing and names nothing is no question of ours.
_SURELY_A_QUESTION = 0.5


def quiz(request: Request) -> Turn | None:
    """The Turn of a quiz under way or finished; None for what is not said to it."""
    state, event = request.conversation.quiz, request.event
    if event.kind == "postback" and not event.text:
        return _tapped(request, event.postback) if event.postback.startswith(PREFIX) else None
    if event.kind != "text":
        return None
    control = request.control
    if state is None:
        if control and control.name == "continue":
            return start(request, {})
        if control and control.name == "restart":
            return start(replace(request, conversation=replace(request.conversation, facts={})), {})
        if control and control.name in ("result", "change"):
            return Turn(request.conversation, (wording.NONE_UNDER_WAY,))
        return _described(request)
    turns = _Turns(request, state)
    if control is not None:
        turn = turns.controlled(control)
        if turn is not None:
            return turn
    return turns.answered() if turns.question is not None else _described(request)


def _described(request: Request) -> Turn | None:
    """A quiz begun by a message that asks for it and describes the work at once."""
    if not asks_for_quiz(request.event.text):
        return None
    told = request.told()
    # "ช่วยกรอกแบบประเมิน PMQA" asks for something else.
    return start(request, told) if set(told) - {FOCUS} and request.match.decision != "refuse" else None


def start(request: Request, facts: dict[str, Any]) -> Turn:
    """A new quiz, with what was told already: in this message, and of the work that is being talked about."""
    told = merged(request.conversation.facts, facts)
    branches = told.get(FOCUS)
    year = request.asked_year
    state = Quiz(_id(request), year, (Response(TOLD, told),) if told else (), request.seconds)
    known = facts_line(request.rules(year), {k: v for k, v in told.items() if k != FOCUS or isinstance(branches, list)})
    return _Turns(request, state).ask(taken=known, first=True)


def _id(request: Request) -> str:
    return hashlib.sha256(f"{request.event.id}:{request.seconds}".encode()).hexdigest()[:8]


def _tapped(request: Request, payload: str) -> Turn:
    """A button of the quiz: of this one, or of one that is over."""
    state = request.conversation.quiz
    parts = payload.removeprefix(PREFIX).split(":")
    if len(parts) != 3:
        return Turn(request.conversation, (OLD_BUTTON,))
    session, what, picks = parts
    if state is None or state.id != session:
        return Turn(request.conversation, (wording.OLD_QUIZ,))
    turns = _Turns(request, state)
    if turns.expired:
        return Turn(request.conversation, (wording.TIME_OVER,))
    if what == "!change":
        return turns.change(picks)
    if what.startswith("!"):
        return turns.controlled(Control(what[1:])) or turns.ask()
    return turns.tapped(what, picks)


class _Turns:
    """What can come of one event in the quiz `state`."""

    def __init__(self, request: Request, state: Quiz) -> None:
        self.request = request
        self.state = state
        self.round: Round = request.rules(state.year)
        self.facts = collected(self.round, state.responses)
        self.question: QuizQuestion | None = self._kept() or next_question(self.round, self.facts)

    def _kept(self) -> QuizQuestion | None:
        """The question that is asked once more: to change its answer, or because something else was told meanwhile."""
        again = self.state.again
        if any(r.question == again != TOLD for r in self.state.responses):
            return question_again(self.round, again)
        return still_asked(self.round, self.facts, again) if again else None

    @property
    def expired(self) -> bool:
        """Whether the quiz was left unfinished for too long."""
        late = self.request.seconds - self.state.seen > self.request.services.quiz_hours * 3600
        return late and self.question is not None

    @property
    def progress(self) -> Progress:
        """Which question this is, and about how many there will be; one that is asked again keeps its number."""
        ahead = progress(self.round, self.state.responses)
        asked = [r.question for r in self.state.responses if r.question != TOLD]
        return replace(ahead, number=asked.index(self.state.again) + 1) if self.state.again in asked else ahead

    # -- what comes next ---------------------------------------------------------------------------------------------

    def ask(
        self, taken: str = "", *, first: bool = False, nonsense: bool = False, picked: list[int] | None = None
    ) -> Turn:
        """The question now due, or the result where none is."""
        conversation = self._conversation()
        if self.question is None:
            return replace_facts(Turn(conversation, (self.result(),)), self.facts)
        number = self.progress
        first = first or not self.state.responses
        card = question_card(
            self.state,
            self.question,
            number,
            self.round.year,
            first=first,
            taken=taken,
            picked=picked or (),
            nonsense=nonsense,
            counted=counts(self.round, self.question),
        )
        return Turn(conversation, (card,))

    def result(self, year: int | None = None) -> Answer:
        """The result, for the quiz's round or another year's."""
        if self.facts.get(FOCUS) == ["organization"]:
            return pmqa_card(self.round, self.state)
        today = self.request.today
        if year is None or year == self.state.year:
            return result_card(self.round, self.state, self.facts, today)
        return result_card(self.request.rules(year), self.state, self.facts, today, home=self.round)

    def _conversation(self) -> Conversation:
        seen = replace(self.state, seen=self.request.seconds)
        kept = self.request.conversation
        return replace(
            kept, quiz=seen, options=(), misses=0, handover="", subjects=(), offered=(), entry=None, topic=None
        )

    def moved(self, response: Response) -> Turn:
        """The turn after a response: what was said to the same question before is corrected."""
        kept = [r for r in self.state.responses if r.question != response.question or r.question == TOLD]
        place = next(
            (i for i, r in enumerate(self.state.responses) if r.question == response.question != TOLD), len(kept)
        )
        kept.insert(place, response)
        again = self.question.id if response.question == TOLD and self.question else ""
        after = _Turns(self.request, replace(self.state, responses=tuple(kept), again=again))
        if all(value is None for value in response.facts.values()):
            return after.ask(taken=wording.SKIPPED)
        told = facts_line(self.round, {k: v for k, v in response.facts.items() if _worth_saying(k, v)})
        return after.ask(taken=told or facts_line(self.round, response.facts))

    # -- controls --------------------------------------------------------------------------------------------------------

    def controlled(self, control: Control) -> Turn | None:
        """The turn of a control; None where it means nothing here."""
        if control.name == "restart":
            fresh = Quiz(_id(self.request), self.request.asked_year, (), self.request.seconds)
            return _Turns(self.request, fresh).ask(first=True)
        if control.name == "result":
            return replace_facts(Turn(self._conversation(), (self.result(control.number),)), self.facts)
        if control.name == "change":
            return self._change_number(control.number)
        if control.name == "continue":
            return start(self.request, {}) if self.question is None else self.ask()
        if control.name == "round":
            known = self.question is None and self.request.services.knowledge.round_for(control.number) is not None
            return Turn(self._conversation(), (self.result(control.number),)) if known else None
        if self.question is None:
            return self._back() if control.name == "back" else None
        if control.name == "cancel":
            return Turn(replace(self.request.conversation, quiz=None, options=()), (wording.CANCELLED,))
        if control.name == "resume":
            return self.ask()
        if self.expired:
            return Turn(self.request.conversation, (wording.TIME_OVER,))
        if control.name == "skip":
            return self.moved(Response(self.question.id, unsure(self.question)))
        return self._back() if control.name == "back" else None

    def _back(self) -> Turn:
        """The question before, with its answer taken back."""
        asked = [r for r in self.state.responses if r.question != TOLD]
        if not asked:
            turn = self.ask()
            return replace(turn, replies=(replace(turn.replies[0], notes=(wording.FIRST_QUESTION,)),))
        kept = tuple(r for r in self.state.responses if r is not asked[-1])
        return _Turns(self.request, replace(self.state, responses=kept, again=asked[-1].question)).ask()

    def change(self, question_id: str) -> Turn:
        """One question once more; the other answers stay."""
        if not any(r.question == question_id for r in self.state.responses):
            return Turn(self._conversation(), (changes_card(self.state, self.round),))
        return _Turns(self.request, replace(self.state, again=question_id)).ask()

    def _change_number(self, number: int | None) -> Turn:
        asked = [r.question for r in self.state.responses if r.question != TOLD]
        if not asked:
            return self.ask()
        if number is None or not 1 <= number <= len(asked):
            return Turn(self._conversation(), (changes_card(self.state, self.round),))
        return self.change(asked[number - 1])

    # -- answers ---------------------------------------------------------------------------------------------------------

    def tapped(self, question_id: str, picks: str) -> Turn:
        """An answer's button, of the question now due or of one before it, which is then corrected."""
        due = self.question if self.question and self.question.id == question_id else None
        question = due or question_again(self.round, question_id)
        answered = any(r.question == question_id for r in self.state.responses)
        if question is None or (due is None and not answered):
            turn = self.ask()
            return replace(turn, replies=(replace(turn.replies[0], notes=(wording.NOT_ASKED_NOW,)),))
        if picks == "?":
            return self.moved(Response(question_id, unsure(question)))
        numbers = [int(part) for part in picks.removesuffix(MORE).split(",") if part.isdecimal()]
        facts = chosen(question, numbers)
        if facts is None:
            return self.ask(nonsense=True)
        if picks.endswith(MORE) and due is not None:
            return self.ask(picked=numbers)
        return self.moved(Response(question_id, facts))

    def answered(self) -> Turn | None:
        """The turn of a text while a question is open."""
        assert self.question is not None  # noqa: S101 - the caller saw to it
        request = self.request
        said = plain(clean(request.event.text, request.matcher.tokenizer.coverage))
        counted = counts(self.round, self.question)
        asks = bool(_ASKS.search(_NOBODY.sub("", said))) and not _picked(self.question, said, counted)
        facts = _picked_facts(self.question, said, counted)
        told = {} if facts is not None else request.told(tuple(self.question.facts))
        told = self._with_otherwise(self._of_its_branches(told))
        fits = bool(set(told) & set(self.question.facts))
        if self.expired:
            return Turn(request.conversation, (wording.TIME_OVER,)) if facts is not None or told else None
        if facts is not None:
            return self.moved(Response(self.question.id, {**told, **facts}))
        # "pain point คืออะไร" asks for a word of the answers and chooses none.
        meaning = asks_meaning(said) or "คืออะไร" in said
        if asks and (not fits or meaning or _is_about_a_category(request, said)):
            return self._aside()
        if told:
            return self.moved(Response(self.question.id if fits else TOLD, told))
        match = request.match
        if match.decision == "answer" and match.command == "cancel" and match.best.confidence >= _SURELY_A_QUESTION:
            # "หยุดก่อน ไม่ทำแล้ว": no control's own words, and no answer either.
            return self.controlled(Control("cancel"))
        sure = match.decision == "answer" and match.best.confidence >= _SURELY_A_QUESTION
        if asks or (sure and (match.command not in (None, "yes", "no", "cancel") or _names_anything(request))):
            return self._aside()
        branch = request.told((FOCUS,))
        if branch.get(FOCUS) and FOCUS not in self.facts:
            # "การมีส่วนร่วม" answers another question than the one asked, but it is an answer.
            return self.moved(Response(TOLD, branch))
        return self.ask(nonsense=True)

    def _of_its_branches(self, told: dict[str, Any]) -> dict[str, Any]:
        """What was told, without facts of a branch that the work is known not to be about ("ด้านสิ่งแวดล้อม")."""
        known = Known(self.round.facts, self.facts)
        return {name: v for name, v in told.items() if not known.denied(self.round.facts[name].parent)}

    def _with_otherwise(self, told: dict[str, Any]) -> dict[str, Any]:
        """Of a question that takes several answers, those that were not named count as no, as with a tap."""
        assert self.question is not None  # noqa: S101 - the caller saw to it
        whole = question_again(self.round, self.question.id)
        named = whole is not None and any(told.get(name) for name in whole.facts)
        return {**self.question.otherwise, **told} if self.question.several and named else told

    def _aside(self) -> Turn | None:
        """A real question or command in the middle: answered, with the way back to the quiz."""
        turn = understood(self.request)
        if turn.conversation.quiz is None or turn.conversation.handover or not turn.replies or self.question is None:
            return turn
        last = turn.replies[-1]
        number = self.progress
        note = Block(
            "paragraph", (f"{self.question.ask} ({wording.step(number.number, number.about)})",), wording.STILL_OPEN
        )
        shown = replace(last, blocks=(*last.blocks, note), buttons=(wording.RESUME, *last.buttons))
        kept = replace(turn.conversation, quiz=replace(self.state, seen=self.request.seconds))
        return replace(turn, conversation=kept, replies=(*turn.replies[:-1], shown))


def _worth_saying(name: str, value: Any) -> bool:
    """Whether a fact is acknowledged: what was left out of several, and a branch only told in passing, are not."""
    return value not in (False, 0, [], None) and not (name == FOCUS and isinstance(value, dict))


def replace_facts(turn: Turn, facts: dict[str, Any]) -> Turn:
    """The turn with the work's facts at hand for the what-ifs that follow."""
    subjects = turn.replies[0].subjects[:1] if turn.replies else ()
    return replace(
        turn, conversation=replace(turn.conversation, facts=facts, subjects=subjects, attribute="conditions")
    )


def _is_about_a_category(request: Request, said: str) -> bool:
    """Whether a question is about a category: by its name, or "ของเรา… ได้ไหม" about the one asked for in the middle."""
    match = request.match
    return bool(match.best.subjects) and (
        _names_category(request) or asks_of_the_rules(said) or (match.finding.by == "context" and asks_may(said))
    )


def _names_category(request: Request) -> bool:
    return bool(request.match.understanding.names)


def _names_anything(request: Request) -> bool:
    match = request.match
    ask = calendar_ask(match.normalized)
    if ask.sure or ask.file:
        return True
    own = match.understanding.signs.likeness_to_ours >= _OUR_OWN_WORDS and match.best.attribute != "smalltalk"
    return own or _names_category(request) or match.decision == "refuse"


def _picked(question: QuizQuestion, said: str, counted: bool) -> list[int] | None:
    """The answers that a text names by number or by label, from 0; None where it names none.

    Where something is `counted`, a bare number is an answer by itself and not one's place.
    """
    if _NUMBERS.fullmatch(said) and not counted:
        return [int(number) - 1 for number in regex.findall(r"\d+", said)]
    key = skeleton(said)
    scores = [
        max(fuzz.ratio(key, skeleton(name)) for name in (a.label, f"{a.label} {a.more}", *a.also))
        for a in question.answers
    ]
    best = max(range(len(scores)), key=lambda i: scores[i])
    return [best] if scores[best] >= _SAME_LABEL else None


def _picked_facts(question: QuizQuestion, said: str, counted: bool) -> dict[str, Any] | None:
    if skeleton(said) == skeleton(wording.NOT_SURE):
        return unsure(question)
    picks = _picked(question, said, counted)
    return chosen(question, picks) if picks else None
