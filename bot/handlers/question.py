"""A question about the awards: answered, asked back, or refused with what the assistant can do."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot import wording
from bot.answers import Composer
from bot.dispatch import Request
from bot.handlers.calendar import dates
from bot.handlers.going_on import describes, tells_of_it
from bot.handlers.handover import after_a_miss
from bot.handlers.parting import asked_at_the_end, asks, several
from bot.handlers.work import work
from bot.turn import Answer, Button, Conversation, RecordUnanswered, Turn
from intents.match import Match, Reading
from intents.normalize import clean, plain
from intents.reminder_asks import tells_of_warnings
from intents.scope import asks_to_write, gives_orders
from intents.subjects import ANY_EXAMPLE

# "👍👍": a nod, which asks nothing.
_NODS = regex.compile(r"(?:[👍👌🙏🙂😊🤝❤🆗]|\p{Emoji_Modifier}|[\uFE0F\s])+")
_LETTER = regex.compile(r"[ก-ฮ\p{Latin}]")
_GREETS = regex.compile(r"\s*(?:สวัสดี|หวัดดี|ดี(?:ค่ะ|คะ|ครับ|คับ|จ้า)|hello|hi\b)", regex.IGNORECASE)
# A reading of the scheme as a whole that is less sure than this (0 to 1) is no answer to anything.
_WORTH_AN_ANSWER = 0.26
# All awards beside each other are a long answer to what may not have asked for it.
_WORTH_COMPARING = 0.5
_LEAST_LETTERS = 3  # of a word, to be looked for in ours


def question(request: Request) -> Turn:
    """The Turn for any text that no other handler took."""
    parts = several(request)
    if parts:
        return _several(request, parts)
    return _one(request, asked_at_the_end(request) or request.match)


def _several(request: Request, matches: list[Match]) -> Turn:
    turns = []
    for match in matches:
        turns.append(_one(request, match))
        request = replace(request, conversation=turns[-1].conversation)
    return Turn(
        turns[-1].conversation,
        tuple(reply for turn in turns for reply in turn.replies),
        tuple(effect for turn in turns for effect in turn.effects),
    )


def _one(request: Request, match: Match) -> Turn:
    about_work = work(request, match, match.question)
    if about_work is not None:
        return about_work
    about_dates = dates(request, match)
    if about_dates is not None:
        return about_dates
    if _is_work_that_warns(match):
        told = replace(request.conversation, facts=request.told(), attribute="recommend", subjects=(), options=())
        return Turn(replace(told, last_question=request.event.text, misses=0, handover=""), (_asked_what(match),))
    # "คับ" says nothing else.
    no_more = match.decision != "refuse" or (not match.understanding.text and bool(_LETTER.search(match.question)))
    if (no_more and match.best.attribute == "smalltalk") or _NODS.fullmatch(match.question):
        # Small talk that is no command says nothing that could be answered; what was talked about stays.
        heard = replace(wording.CANCELLED, confidence=match.best.confidence)
        return Turn(replace(request.conversation, misses=0, handover=""), (heard,))
    if match.decision == "refuse" and _GREETS.match(match.question) and not asks(plain(clean(match.question))):
        # "สวัสดีค่ะ เป็นพยาบาลอยู่ รพ.": who says hello and who they are has not asked anything yet.
        return Turn(replace(request.conversation, misses=0, handover=""), (wording.HELLO,))
    if match.decision == "refuse" and _may_be_ours(request, match):
        if describes(match, match.understanding.text):
            return tells_of_it(request)
        return Turn(replace(request.conversation, misses=0, handover=""), (_asked_what(match),))
    if match.decision == "refuse":
        answer = wording.OUT_OF_SCOPE if match.reason == "out_of_scope" else wording.NOT_UNDERSTOOD
        answer = replace(answer, confidence=match.best.confidence)
        return after_a_miss(request, answer, RecordUnanswered(request.event.text, match.reason))
    if match.decision == "ask_back" and (match.ambiguity or len(_alternatives(match)) > 1):
        return _ask_back(request, match)
    least = _WORTH_COMPARING if match.best.attribute == "comparison" else _WORTH_AN_ANSWER
    if match.decision == "ask_back" and match.best.subjects == ("awards",) and match.best.confidence < least:
        # About the awards, it seems, but nothing in particular: show what can be asked.
        answer = replace(wording.WHAT_ABOUT, confidence=match.best.confidence)
        return Turn(replace(request.conversation, last_question=request.event.text, options=(), handover=""), (answer,))
    asked = match.year or request.year
    composer = Composer(request.services.knowledge.round_for(asked) or request.round, asked)
    answer = composer.answer(match)
    if (
        match.best.subjects == ("awards",)
        and match.best.attribute == "examples"
        and ANY_EXAMPLE.fullmatch(match.understanding.text)
    ):
        # "ขอตัวอย่างหน่อย" says not of what: the list asks back by its buttons.
        answer = replace(answer, status="clarify", gist=wording.works_of_what(answer.gist))
    conversation = _after(request.conversation, match, composer, request.event.text)
    if answer.status == "unknown":
        kept = RecordUnanswered(request.event.text, "unknown", answer.subjects, answer.attribute, answer.year)
        return after_a_miss(replace(request, conversation=conversation), answer, kept)
    return Turn(replace(conversation, misses=0), (answer,))


def _is_work_that_warns(match: Match) -> bool:
    """ "ระบบแจ้งเตือนผู้ป่วย ส่งได้ไหม": a work is described, and neither a category nor what to know of it is named."""
    found = match.understanding
    if match.best.attribute == "recommend" or (found.names and asks(found.text)):
        return False
    return tells_of_warnings(found.text)


def _may_be_ours(request: Request, match: Match) -> bool:
    """Whether a message without a question tells of the person's own work, or is one word that our content has."""
    found = match.understanding
    if found.stranger or asks(found.text) or asks_to_write(found.text) or gives_orders(found.text):
        return False
    if describes(match, found.text):
        return True
    words = [word for word in found.words if _LETTER.search(word)]
    known = request.matcher.corpus.words
    if match.best.attribute == "smalltalk" or len(words) != 1 or len(words[0]) < _LEAST_LETTERS:
        return False
    return words[0] in known or any(words[0] in cue for cue in request.matcher.gazetteer.words)


def _asked_what(match: Match) -> Answer:
    text = match.understanding.text
    of_work = describes(match, text) or tells_of_warnings(text)
    answer = wording.WHAT_OF_THE_WORK if of_work else wording.WHAT_ABOUT
    return replace(answer, confidence=1 - match.best.confidence)


def _after(conversation: Conversation, match: Match, composer: Composer, text: str) -> Conversation:
    """The conversation once `match` was answered: its topic lasts, and what was listed can be pointed at."""
    reading = match.best
    offered = _listed(reading, conversation, composer)
    return replace(
        conversation,
        subjects=reading.subjects or conversation.subjects,
        attribute=reading.attribute,
        topic=reading.topic,
        entry=reading.entry,
        year=match.year,
        offered=offered,
        facts=conversation.facts if reading.subjects == conversation.subjects else {},
        options=(),
        last_question=text,
        handover="",
    )


def _listed(reading: Reading, before: Conversation, composer: Composer) -> tuple[str, ...]:
    """The subjects that can be pointed at next: those just listed, else those talked about so far."""
    if len(reading.subjects) != 1:
        return reading.subjects or before.offered
    subject = reading.subjects[0]
    children = tuple(child.key for child in composer.round.children(subject))
    if children and (
        reading.attribute in ("definition", "conditions", "comparison", "recommend") or before.offered == children
    ):
        return children
    return before.talked_about(subject)


def _ask_back(request: Request, match: Match) -> Turn:
    round_ = request.round
    if match.ambiguity:
        ambiguity = next(a for a in round_.ambiguities if a.id == match.ambiguity)
        buttons = tuple(Button(option.label, option.question) for option in ambiguity.options)
        answer = Answer("clarify", ambiguity.ask, (ambiguity.subject,), ambiguity.attribute, buttons=buttons)
        offered: tuple[str, ...] = ()
    else:
        readings = _alternatives(match)
        told = request.told()
        buttons = tuple(_button(request, reading, bool(told)) for reading in readings)
        offered = tuple(dict.fromkeys(s for reading in readings for s in reading.subjects))
        # Where nothing was named, the question is about the scheme until it is answered.
        subjects = ("awards",) if match.unnamed else offered
        answer = Answer(
            "clarify", wording.WHICH_ONE, subjects, match.best.attribute, buttons=(*buttons, wording.ASK_A_PERSON)
        )
    answer = replace(answer, confidence=match.best.confidence)
    conversation = replace(
        request.conversation,
        # What is doubtful of one subject may be what is asked of it; the subject stays.
        subjects=offered if len(offered) == 1 else (),
        attribute=match.best.attribute,
        topic=match.best.topic,
        entry=None,
        year=match.year,
        offered=offered,
        facts=request.told(),
        options=tuple(f"{button.label}\t{button.text}" for button in answer.buttons),
        last_question=request.event.text,
        handover="",
    )
    return Turn(conversation, (answer,))


def _alternatives(match: Match) -> list[Reading]:
    """The best reading of each set of subjects where those differ, else the best attributes; at most four."""
    by_subjects: dict[tuple[str, ...], Reading] = {}
    for reading in match.readings:
        by_subjects.setdefault(reading.subjects, reading)
    if len(by_subjects) > 1:
        attribute = match.best.attribute
        return [replace(r, attribute=attribute, topic=match.best.topic) for r in by_subjects.values() if r.subjects][:4]
    known = [r for r in match.readings if r.attribute not in ("smalltalk", "out_of_scope", "quiz", "reminder")]
    return known[:3] or [match.best]


def _button(request: Request, reading: Reading, of_a_work: bool) -> Button:
    round_ = request.round
    names = "กับ".join(round_.subjects[key].name for key in reading.subjects)
    topic = round_.topics.get(reading.topic or "")
    what = topic.name if topic else wording.ATTRIBUTE_NAMES[reading.attribute]
    label = "/".join(round_.subjects[key].label for key in reading.subjects) or what
    if of_a_work and len(reading.subjects) == 1:
        # What was told of the work is kept, and judged once it is known for which category.
        return Button(label, wording.may_be_entered(round_.subjects[reading.subjects[0]].name))
    distinct = len({r.subjects for r in request.match.readings}) > 1
    return Button(label if distinct else what, f"{what}{names}")
