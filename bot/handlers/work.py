"""A message that tells of a work: may it be entered for a category (a what-if), or which one fits (a short list)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import regex

from bot import quiz_wording as wording
from bot.dispatch import Request
from bot.handlers.expecting import expected, leans
from bot.handlers.parting import asks
from bot.turn import Answer, Block, Button, Conversation, Turn
from bot.what_ifs import (
    branch_named,
    branches_told,
    by_facts,
    deciding_facts,
    kind_meant,
    likely_categories,
    nothing_fits,
    short_list,
    what_if,
)
from intents.entities import Mention
from intents.facts import several_works
from intents.increments import increments
from intents.match import Match
from intents.normalize import clean, plain
from intents.references import asks_may, asks_of_the_rules, enters, is_what_if
from intents.scope import gives_orders
from intents.signs import asks_its_name, asks_what_it_won, attributes_told
from knowledge.eligibility import categories
from knowledge.facts import merged
from knowledge.model import Condition, Gap, Round
from knowledge.quiz import FOCUS

# What a message asks that may be about a work of which nothing is told in it.
_OF_A_WORK = ("conditions", "recommend", "quiz")
# With more of its weight in words that our own phrasings know (0 to 1), a question describes nothing of its own.
_GENERAL_FROM = 0.9
# Told facts do not make a question ours that is so surely refused (0 to 1).
_SURELY_NOT_OURS = 0.8
# What is asked of a point that has a topic of its own, so surely, is answered though a work was told of before.
_SURE_OF_THE_POINT = 0.8
_EARLIER_AWARD = ("builds_on_awarded_work", "prior_level", "prior_category", "prior_award_year")
_ASKS_WHICH = regex.compile(r"(?:ประเภท|รางวัล|สาขา|อัน|ตัว)(?:ไหน|ใด|อะไร)|อะไร(?:ได้)?(?:บ้าง|ดี)|ส่งอะไร")
NOTHING = regex.compile(r"ไม่(?!เกิน|น้อย|ต่ำ|ก่อน)(?:\S{0,16}|(?:มี|เคย)\s?\S{0,12}\s?)(?:อะไร|ไหน|ใด|ใคร)(?!\S*(?:ดี|บ้าง))")
_OTHERWISE = regex.compile(r"^(?:(?:แล้ว|งั้น)?ถ้า(?:เป็น|ได้|มี)?|(?:แล้ว|งั้น)(?:เป็น)?(?=\s?\d))\s*(?<what>.+?)\s*(?:ล่ะ|ละ)?$")
_ASKS_A_POINT = regex.compile(r"ไหน|กี่|เท่าไหร่|เมื่อไหร่|อะไร|หมายถึง|ยังไง|คือ")
_CHANGES = regex.compile(r"^(?:แล้ว)?(?:ถ้า|สมมติ|สมมุติ|หาก)")
_GOES_ON = regex.compile(r"^(?:แต่|เพิ่ม|บวก)")
_MUST_BE = regex.compile(r"ต้อง(?:เป็น|มาจาก|ต่อ|ขยาย|ได้|เคย|มี|ใช้)|ต้อง.*ปี(?:ไหน|อะไร|ใด)")
_MUST_IT = regex.compile(r"^(?:แล้ว)?(?:จำเป็น)?ต้อง(?!ส่ง|สมัคร|ลง).*ไหม$")
_MUST_BESIDE = regex.compile(r"(?:ต้อง|นับ|ถือว่า|ถือเป็น).*ไหม$")
_HAS_WON = regex.compile(r"\s?(?:ก็|นี่)?เคย(?:ได้|ส่ง|ชนะ)")
_INCLUDES = regex.compile(r"รวม.+ไหม")
# "งั้นมีที่ไหนพอส่งได้" after a category that does not take the work.
_ELSEWHERE = regex.compile(
    r"(?:ทาง|ที่|ช่อง|ตัว|อัน|รางวัล|ประเภท)อื่น|แทน|^(?:แล้ว|งั้น|ถ้างั้น)?\s?(?:พอ)?มี(?:ที่|ช่อง|ตัว|อัน|ประเภท|รางวัล)ไหน"
)
_OWN_AWARD = regex.compile(r"เรา|ผม|หนู|ดิฉัน|เคย|เดิม|ต่อยอด|ขยาย|ชนะ")
_OF_THE_KIND = regex.compile(r"(?:แล้ว|งั้น|ถ้างั้น|ส่วน|ถ้าเป็น)*(?:เป็น)?แบบ\S{4,24}(?:ล่ะ|ละ)?")
_ASKS_A_DATE = regex.compile(r"วันไหน|วันใด|วันที่เท่าไหร่|เมื่อไหร่|เดือนไหน|กี่วัน|กำหนดการ")
_OWN = regex.compile(r"เรา|ผม|หนู|ใช้(?:จริง)?มา|ทำมา|ที่(?:กรม|กอง|นี่)")
# What is asked in so many words, however much its words sound like a work's.
_NOT_OF_A_WORK = ("examples", "advice", "definition", "deadline", "scoring", "documents")
_ASKABLE = (
    "conditions",
    "recommend",
    "definition",
    "advice",
    "quiz",
    "examples",
    "deadline",
    "smalltalk",
    "out_of_scope",
)


def work(request: Request, match: Match, text: str) -> Turn | None:
    """The Turn for `text` where it tells of a work and asks what that is good for; None where it does not."""
    if gives_orders(match.understanding.text) or _of_strangers(request, match):
        return None
    likely_told = expected(request, match)
    tellings = request.tellings(text, likely_told)
    bare = _OTHERWISE.match(plain(clean(text))) if likely_told and not tellings else None
    if bare:
        # "ถ้าเป็น 80 ล่ะ": what stands inside is a short answer.
        tellings = request.tellings(bare["what"], likely_told)
    told = {telling.fact: telling.value for telling in tellings}
    told |= increments(plain(clean(text)), request.conversation.facts)
    if not told and match.finding.by == "context" and len(match.best.subjects) > 1:
        # "สรุปเงื่อนไขของสองประเภทนี้"
        return None
    carried = _carried(request, match, text, told)
    facts = merged(carried, told, request.round.facts)
    if carried and not told and _changes_something(match, text) and not _asks_what_must_be(match, text):
        # The same verdict once more would answer a question that was not read.
        return Turn(request.conversation, (_not_read(request, match),))
    parts = several_works(clean(text))
    if len(parts) > 1 and match.best.attribute in _ASKABLE and _of_works(request, match, parts):
        return _which_work(request, match, parts)
    round_ = request.rules(match.year or request.asked_year)
    if not facts:
        return _fits_nothing(request, match, text, round_)
    subject = _category(request, match, round_, facts if told else carried, carried)
    if subject and facts.get("prior_category") == subject and not _prior_named_beside(match, subject):
        facts = {name: value for name, value in facts.items() if name != "prior_category"}
    conversation = _after(request, match, text, facts)
    deciding = set(facts) & deciding_facts(round_, subject) if subject else set()
    place = match.understanding.reference.ordinal
    kind = kind_meant(round_, subject, plain(clean(text)), told, place) if subject else ""
    if subject and deciding and (told or carried) and _asks_about_work(match, text, told, carried, round_, kind):
        answer = what_if(round_, subject, facts, request.today, match.best.confidence, kind)
        offered = request.conversation.talked_about(subject)
        return Turn(replace(conversation, subjects=(subject,), attribute="conditions", offered=offered), (answer,))
    which = _asks_which_one(text)
    shared = match.finding.by == "ambiguous" and _names(match) and not which
    if subject or shared or branches_told(facts) == ["organization"] or not _asks_which(match, text, facts):
        return None
    branch = branch_named(match, round_)
    likely = likely_categories(match, round_, branch if branches_told(facts) in ([], [branch]) else "")
    pointed = {s: words for s, words in likely.items() if s != facts.get("prior_category")}
    before = request.conversation
    after_one = before.attribute == "conditions" and len(before.subjects) == 1 and _ELSEWHERE.search(match.normalized)
    besides = before.subjects[0] if after_one else ""
    answer_ = short_list(round_, tellings, facts, pointed, request.today, match.best.confidence, branch, besides)
    if answer_ is None or (answer_.gist in wording.NO_CATEGORY and match.finding.by == "content"):
        # "ถ้าไม่ใช่นวัตกรรมใหม่ ควรไปประเภทไหนแทน": the content has an answer of its own to just that.
        return None
    subjects = answer_.subjects if answer_.subjects != ("awards",) else ()
    return Turn(replace(conversation, subjects=subjects[:1], offered=subjects, attribute="recommend"), (answer_,))


def _of_strangers(request: Request, match: Match) -> bool:
    """Whether the message is so surely a stranger's that what it tells is of nothing of ours."""
    surely = match.decision == "refuse" and match.best.confidence >= _SURELY_NOT_OURS
    return surely and not request.conversation.facts and not _names(match)


def _of_works(request: Request, match: Match, parts: tuple[str, ...]) -> bool:
    """Whether the parts tell of works; "the first one's example" points at what was offered."""
    return match.finding.by != "context" or any(request.tellings(part, ()) for part in parts)


def _fits_nothing(request: Request, match: Match, text: str, round_: Round) -> Turn | None:
    """The Turn for something that was described and asked about, and of which no word points to any category."""
    found = match.understanding
    by = match.finding.by
    if not _asks_which_one(text) or by != "default" or found.names or found.cues or asks_what_it_won(found.text):
        return None
    if found.signs.known_words >= _GENERAL_FROM or match.decision == "refuse":
        return None
    return Turn(_after(request, match, text, {}), (nothing_fits(round_, {}, match.best.confidence),))


def _asks_which_one(text: str) -> bool:
    """Whether a raw text asks which award; "ไม่เคยได้รางวัลอะไร" does not."""
    return bool(_ASKS_WHICH.search(NOTHING.sub("", plain(clean(text)))))


def _changes_something(match: Match, text: str) -> bool:
    """Whether the message asks what if something were otherwise, and names neither a category nor a round."""
    return bool(_CHANGES.search(plain(clean(text)))) and not _names(match) and match.year is None


def _asks_what_must_be(match: Match, text: str) -> bool:
    """Whether a point of the rules is surely asked for beside ("ถ้าขยายเชิงคุณภาพ ยังต้องถึง 80 ไหม")."""
    sure = match.best.topic is not None and match.best.confidence >= _SURE_OF_THE_POINT
    return sure and _MUST_BESIDE.search(plain(clean(text))) is not None


def _not_read(request: Request, match: Match) -> Answer:
    return Answer(
        "clarify",
        wording.NOT_READ,
        subjects=request.conversation.subjects or ("awards",),
        attribute="conditions",
        buttons=(wording.CONTINUE,),
        confidence=match.best.confidence,
    )


def _carried(request: Request, match: Match, text: str, told: dict[str, Any]) -> dict[str, Any]:
    """The facts told before, where this message goes on about the same work."""
    before = request.conversation.facts
    if not before:
        return {}
    asks = asks_may(plain(clean(text)))
    if told and _GOES_ON.match(plain(clean(text))):
        return before
    if request.conversation.quiz is not None and told and len(told) <= 3:
        # After the quiz a fact by itself is another fact of the same work.
        return before
    return before if leans(match) or (asks and len(told) <= 2) or (told and len(told) <= 1 and not asks) else {}


def _category(
    request: Request, match: Match, round_: Round, facts: dict[str, Any], carried: dict[str, Any]
) -> str | None:
    """The one category that is asked about: named (not as the earlier award's), or talked about while the same work is."""
    known = categories(round_)
    finding = match.finding
    by = finding.by
    best = match.best.subjects
    if match.best.attribute == "recommend" and by != "name":
        return None
    target = _target(match, known)
    if target is None and _asks_which_one(match.question):
        return None
    if by in ("name", "context") and len(best) == 1 and best[0] in known and best[0] != facts.get("prior_category"):
        return best[0]
    if by == "content" and best == request.conversation.subjects and asks_may(plain(clean(match.question))):
        # "ได้รางวัล 64 เริ่มขยายปี 67 ส่งได้ไหม" in the words of what is talked about.
        return best[0] if len(best) == 1 and best[0] in known else None
    if target:
        return target
    every = [s for s in finding.named if s in known]
    # A category that stands alone is the one asked about, though it reads like the earlier award's.
    named = [s for s in every if s != facts.get("prior_category")] or every
    if len(named) == 1:
        return str(named[0])
    if by == "ambiguous" and _names(match):
        return by_facts(match, round_, facts)
    if by == "content" and match.best.attribute == "definition":
        # "ด้านการศึกษาอยู่ด้านสังคมใช่ไหม" is asked of what says so.
        return None
    before = request.conversation.subjects
    return before[0] if carried and by != "name" and len(before) == 1 and before[0] in known else None


def _names(match: Match) -> tuple[Mention, ...]:
    return match.understanding.names


def _prior_named_beside(match: Match, subject: str) -> bool:
    """Whether the subject is named twice, once as the earlier award's."""
    return len([m for m in _names(match) if m.name.subjects == (subject,)]) > 1


def _target(match: Match, known: tuple[str, ...]) -> str | None:
    """The category that a work is to be entered for, by the word before its name: "…ส่งเลื่องลือขยายผลได้ไหม"."""
    found = match.understanding
    targets = [m.name.subjects[0] for m in _names(match) if len(m.name.subjects) == 1 and enters(found.text[: m.start])]
    return str(targets[0]) if len(set(targets)) == 1 and targets[0] in known else None


def _asks_about_work(
    match: Match, text: str, told: dict[str, Any], carried: dict[str, Any], round_: Round, kind: str
) -> bool:
    """Whether the message wants a verdict, rather than one condition explained."""
    said = plain(clean(text))
    if carried and not told and (match.understanding.reference.bare or (kind and _goes_on_of(match, said))):
        # "เลื่องลือค่ะ", "ทำไมอะ", "งั้นส่งแบบต่อยอดได้ไหม": the same work once more.
        return True
    if match.best.attribute not in (_ASKABLE if told else _OF_A_WORK) or _asks_something_else(match, said):
        return False
    if carried and (_MUST_IT.search(said) or ((not told or "กี่" in said) and _of_one_point(match, round_))):
        # "ต้องใช้มาครบปีก่อนไหม", "งานเดียวส่งหลายประเภทได้ไหม": one point, whatever was told of the work before.
        return False
    if match.best.attribute == "definition" and match.best.topic and _INCLUDES.search(said):
        # "ด้านสังคมรวมการศึกษาด้วยไหม": what a word of the rules takes in.
        return False
    if asks_may(said) or is_what_if(said):
        return True
    if told and match.finding.by == "context" and match.best.attribute in _OF_A_WORK and not asks(said):
        # "ใช้มา 8 เดือน" after the conditions of a category: is that enough?
        return True
    if carried:
        # "And how many years must it be?" asks for the condition, not for the verdict once more.
        return bool(told) or not _ASKS_A_POINT.search(said)
    # "ร้อยละ 80 คิดจากอะไร": what the rules leave open is told, and no verdict made of it.
    open_point = any(isinstance(entry, Gap) and entry.id == match.best.entry for entry in round_.entries)
    return match.best.attribute in _OF_A_WORK and len(set(told) - {FOCUS}) > 1 and not open_point


def _goes_on_of(match: Match, said: str) -> bool:
    """Whether one kind of a category is asked of the same work: "งั้นส่งแบบต่อยอดได้ไหม", "แล้วแบบต่อยอดล่ะ"."""
    if asks_of_the_rules(said):
        # "นับโรงเรียนเป็นพื้นที่ได้ไหม"
        return False
    return asks_may(said) or (match.understanding.reference.follow_up and _OF_THE_KIND.fullmatch(said) is not None)


def _of_one_point(match: Match, round_: Round) -> bool:
    """Whether the message surely asks for a point of its own, on which no rule decides."""
    topic = match.best.topic
    decides = any(isinstance(e, Condition) and e.rule and e.topic == topic for e in round_.entries)
    return topic is not None and not decides and match.best.confidence >= _SURE_OF_THE_POINT


def _asks_which(match: Match, text: str, facts: dict[str, Any]) -> bool:
    """Whether the message describes a work to have a category for it."""
    enough = {name for name, value in facts.items() if name != FOCUS and value is not None}
    said = plain(clean(text))
    if len(enough) > 1 and not _names(match) and asks_its_name(said):
        # "พวกที่เชื่อมข้อมูลสามหน่วยงาน อันนั้นชื่อประเภทอะไร"
        return True
    if _asks_something_else(match, said):
        return False
    if enough and enough.issubset(_EARLIER_AWARD) and not (_asks_which_one(text) or _OWN_AWARD.search(said)):
        # "ขอรายชื่องานที่ได้รางวัลปี 67": awards that others won.
        return False
    if match.best.attribute == "recommend":
        return bool(enough) or (
            match.finding.by == "default" and len(branches_told(facts)) == 1 and _asks_which_one(text)
        )
    if match.best.attribute == "definition" and match.best.entry:
        # "ด้านความมั่นคงมีเรื่องอะไรบ้าง": a piece of content is asked for by words that a work could be told in.
        return False
    if match.best.attribute == "conditions" and match.finding.by in ("name", "content") and _MUST_BE.search(said):
        # "เลื่องลือต่อยอด ต้องมาจากรางวัลเดิมตัวไหน": the category is named; which award it must be is its condition.
        return False
    if match.best.attribute == "advice" and not any(facts[name] for name in enough):
        # "ไม่เคยได้รางวัลเลย ควรปรับตรงไหน": nothing is told that a category could be chosen by.
        return False
    return match.best.attribute in _ASKABLE and len(enough) >= 2


def _asks_something_else(match: Match, said: str) -> bool:
    """Whether the message asks for past works, advice or the like, and tells of none of the person's own."""
    best = match.best.attribute
    others = any(m.name.kind == "example" and _HAS_WON.match(match.understanding.text[m.end :]) for m in _names(match))
    if match.finding.by == "example" and best == "examples" and (others or not is_what_if(said)):
        # "เพราะเหตุใดคดีแชร์ลูกโซ่จึงได้ดีเด่น", "ดีเอสไอเคยได้อันนี้ไหม": a past work is named.
        return True
    told = set(attributes_told(said))
    if told == {"deadline"} and _ASKS_A_DATE.search(said) and not asks_may(said) and not _asks_which_one(said):
        # A long description, and then "ขอทราบว่าต้องส่งภายในวันไหน".
        return True
    if _OWN.search(said):
        return False
    return asks_of_the_rules(said) or (best in _NOT_OF_A_WORK and best in told) or told == {"examples"}


def _which_work(request: Request, match: Match, parts: tuple[str, ...]) -> Turn:
    """Two works in one message: each is looked at by itself."""
    buttons = tuple(Button(f"งานที่ {number}", part) for number, part in enumerate(parts[:4], start=1))
    subjects = match.best.subjects or ("awards",)
    answer = Answer(
        "clarify",
        wording.TWO_WORKS,
        subjects=subjects,
        attribute="conditions",
        blocks=(Block("numbered", parts[:4]),),
        buttons=buttons,
        confidence=match.best.confidence,
    )
    kept = replace(
        request.conversation,
        subjects=match.best.subjects,
        facts={},
        options=tuple(f"{button.label}\t{button.text}" for button in buttons),
        last_question=request.event.text,
        handover="",
    )
    return Turn(kept, (answer,))


def _after(request: Request, match: Match, text: str, facts: dict[str, Any]) -> Conversation:
    return replace(
        request.conversation,
        facts=facts,
        topic=None,
        entry=None,
        year=match.year or request.conversation.year,
        offered=(),
        options=(),
        last_question=text,
        misses=0,
        handover="",
    )
