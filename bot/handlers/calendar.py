"""A question about dates: answered from the calendar of the round that it is about, said to be closed, or not announced."""

from __future__ import annotations

from dataclasses import replace

from bot import calendar_wording, wording
from bot.answers import Composer
from bot.calendar_answers import Calendar, month_answer, side_by_side
from bot.calendar_rounds import has_dates, round_after, round_asked
from bot.dispatch import Request
from bot.handlers.handover import after_a_miss
from bot.handlers.parting import several
from bot.handlers.work import work
from bot.now import BANGKOK
from bot.turn import Answer, Conversation, RecordUnanswered, Turn
from intents.calendar_asks import CalendarAsk, calendar_ask
from intents.match import Match
from intents.namings import only_adds
from knowledge.model import MILESTONE_KINDS, Milestone, Text

# What a question's point is called in the content, by the kind of the milestone.
_KINDS = {"documents_due": "documents"} | {kind: kind for kind in MILESTONE_KINDS if kind != "other"}

_TOPICS = {kind: topic for topic, kind in _KINDS.items()} | {"documents": "documents_due"}


def calendar(request: Request) -> Turn | None:
    """The Turn of a message that asks for dates and for nothing else; None where bot.handlers.question has to part it, or
    see whether a work is told of."""
    if request.event.kind != "text":
        return None
    match = request.match
    ask = calendar_ask(match.normalized)
    if not _asked(match, ask) or _is_more(request, ask):
        return None
    return _told(request, match, ask)


def dates(request: Request, match: Match) -> Turn | None:
    """The Turn of one question of a message; None where it is not about dates, or only the content's own words on what is
    not known answer it."""
    ask = calendar_ask(match.normalized)
    return _told(request, match, ask) if _asked(match, ask) else None


def _told(request: Request, match: Match, ask: CalendarAsk) -> Turn | None:
    ask = _with_point(request, match, ask)
    year = _year(request, match, ask)
    subjects = _subjects(match)
    answer = _answer(request, match, ask, year, subjects)
    if answer is not None:
        return _turn(request, match, replace(answer, confidence=match.best.confidence), year, ask.kind)
    newest = request.services.knowledge.newest
    if match.best.attribute != "deadline" or (year not in request.services.knowledge.rounds and has_dates(newest)):
        return _no_dates(request, match, year)
    if year == (match.year or request.year or newest.year):
        return None
    # The words mean another round than the clock would say.
    composer = Composer(request.services.knowledge.round_for(year) or request.round, year)
    return _turn(request, match, composer.answer(match), year)


def _subjects(match: Match) -> tuple[str, ...]:
    if match.finding.by in ("content", "cue"):
        # "เหลือกี่วัน" has words of a past work and names nothing: the round's own dates are meant.
        return ("awards",)
    about = match.best.attribute == "deadline" or match.understanding.names
    return (match.best.subjects if about else ()) or ("awards",)


def _asked(match: Match, ask: CalendarAsk) -> bool:
    if match.decision == "answer" and match.best.attribute == "deadline":
        return True
    if not ask.sure or match.command is not None or match.ambiguity is not None:
        return False
    # "PMQA มีนามีอะไรบ้าง"; what else is asked of a name is asked about that.
    return ask.mode == "month" or not match.understanding.names


def _is_more(request: Request, ask: CalendarAsk) -> bool:
    """Whether the message tells of a work, or asks several things at once."""
    if not ask.sure and work(request, request.match, request.event.text.strip()) is not None:
        return True
    return bool(several(request))


def _with_point(request: Request, match: Match, ask: CalendarAsk) -> CalendarAsk:
    """`ask` with the step that the matcher found, where the words name none."""
    reading = match.best
    if ask.kind or reading.attribute != "deadline" or ask.mode not in ("date", "days_left"):
        return ask
    entry = next((e for e in request.round.entries if e.id == reading.entry), None)
    topic = reading.topic or (entry.topic if entry else None)
    before = request.conversation
    goes_on = match.understanding.reference.follow_up or only_adds(match.understanding)
    if topic is None and goes_on and before.attribute == "deadline":
        topic = before.topic
    kind = entry.kind if isinstance(entry, Milestone) else _KINDS.get(topic or "")
    if kind:
        return replace(ask, kind=kind)
    return replace(ask, mode="whole") if ask.mode == "date" else ask


def _year(request: Request, match: Match, ask: CalendarAsk) -> int:
    numbered = [m for m in match.understanding.years if any(c.isdecimal() for c in match.normalized[m.start : m.end])]
    now = request.services.now().astimezone(BANGKOK)
    relative = "" if numbered or ask.mode == "month" else ask.relative
    # "พิธีมอบปี 67 วันไหน": of a round before all that are known, and not the newest one's.
    earlier = max(match.years, default=0)
    before_all = earlier if 0 < earlier < min(request.services.knowledge.rounds) else None
    named = None if ask.mode == "month" else match.year or request.year or before_all
    return round_asked(
        request.services.knowledge, request.today, now.time(), named=named, relative=relative, clock=match.year
    )


def _answer(request: Request, match: Match, ask: CalendarAsk, year: int, subjects: tuple[str, ...]) -> Answer | None:
    knowledge = request.services.knowledge
    round_ = knowledge.rounds.get(year)
    reading = match.best
    entry = next((e for e in request.round.entries if e.id == reading.entry), None)
    if round_ is None or (reading.attribute == "deadline" and isinstance(entry, Text)):
        return None
    now = request.services.now().astimezone(BANGKOK)
    told = [
        Calendar(knowledge, round_, subject, request.today, now.time(), request.services.public_url)
        for subject in subjects
        if subject in round_.subjects
    ]
    if ask.mode == "month":
        numbered = next((m.year for m in match.understanding.years if m.role != "start"), None)
        return month_answer(told[0], ask, numbered)
    if len(told) > 1:
        return side_by_side(told, ask.kind) if ask.kind else replace(told[0], subject="awards").answer(ask)
    answer = told[0].answer(ask)
    if answer is not None and ask.file:
        # Who asks for the file sees it first.
        answer = replace(answer, buttons=(*told[0].file_button(), *answer.buttons))
    return answer


def _no_dates(request: Request, match: Match, year: int) -> Turn:
    """That nothing of a round is announced, with what is next in the one that is."""
    knowledge = request.services.knowledge
    if year in knowledge.rounds:
        year = round_after(knowledge, year, request.today)
    now = request.services.now().astimezone(BANGKOK)
    newest = Calendar(knowledge, knowledge.newest, "awards", request.today, now.time())
    answer = Answer(
        "unknown",
        calendar_wording.no_dates(year),
        _subjects(match),
        "deadline",
        blocks=newest.in_brief() if has_dates(knowledge.newest) else (),
        buttons=(wording.REMIND_WHEN_ANNOUNCED, wording.ASK_A_PERSON),
        year=year,
        rules_year=knowledge.newest.year,
        confidence=match.best.confidence,
    )
    return _turn(request, match, answer, year)


def _turn(request: Request, match: Match, answer: Answer, year: int, kind: str = "") -> Turn:
    conversation = _after(request, match, answer, kind)
    if answer.status == "unknown":
        kept = RecordUnanswered(request.event.text, "unknown", answer.subjects, answer.attribute, year)
        return after_a_miss(replace(request, conversation=conversation), answer, kept)
    return Turn(replace(conversation, misses=0), (answer,))


def _after(request: Request, match: Match, answer: Answer, kind: str) -> Conversation:
    """The conversation once a date was told: its subject and step last, and so does a round that was named."""
    before, reading = request.conversation, match.best
    about = reading.attribute == "deadline"
    return replace(
        before,
        subjects=answer.subjects,
        attribute="deadline",
        topic=(reading.topic if about else None) or _TOPICS.get(kind),
        entry=reading.entry if about else None,
        year=match.year,
        facts=before.facts if answer.subjects == before.subjects else {},
        options=(),
        last_question=request.event.text,
        handover="",
    )
