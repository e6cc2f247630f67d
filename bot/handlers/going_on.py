"""What is told of a work, or said on of it, in words that ask nothing by themselves: "เราทำระบบ…", "วัดแล้ว", "สรุปส่งได้ยัง"."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import regex

from bot import wording
from bot.dispatch import Request
from bot.handlers.expecting import YEARS_OF_A_WORK, expected
from bot.handlers.parting import asks
from bot.handlers.work import NOTHING
from bot.quiz_wording import NO_CATEGORY
from bot.turn import Conversation, Turn
from bot.what_ifs import branch_named, deciding_facts, likely_categories, short_list, what_if
from intents.bare_answers import NUMBERS
from intents.facts import Told
from intents.increments import increments
from intents.match import Match
from intents.normalize import clean, plain
from intents.scope import asks_to_write, gives_orders
from intents.signs import attributes_told
from intents.works import describes_own_work, says_who_and_what, says_who_only, several_works
from knowledge.eligibility import categories
from knowledge.facts import merged
from knowledge.model import Condition, Round
from knowledge.quiz import FOCUS
from knowledge.rules import facts_in

# Read by a rule, and as sure as a rule is (0 to 1).
_SURE = 0.97
# So much of what was described is remembered, in characters: what a category is guessed by.
_REMEMBERED = 400
# More facts than that at once tell of another work.
_FEW = 3
# After a verdict a remark is no piece of a description where it is surer than that of meaning something else (0 to 1).
_DOUBTFUL = 0.6
# As sure as that of being a stranger's (0 to 1), or of fewer letters, a message describes nothing.
_SURELY_NOTHING, _LEAST_LETTERS = 0.8, 12
# As sure as a rule is that something else is wanted (0 to 1).
_BEYOND_DOUBT = 0.96
# "งานหนูคือระบบนัด…", "ปัญหาเดิมคือต้องเดินทาง": what stands behind tells, and asks nothing.
_TELLS_WHAT_IT_IS = regex.compile(r"คือ(?=\s?[ก-๙a-z]{4})")
# "ให้ชาวบ้านโหวตว่าจะเอางบไปทำอะไร"
_OTHERS_ASK = regex.compile(r"(?<=โหวต|เลือก|ตัดสินใจ|หารือ|กำหนด|เสนอ)ว่า(?:จะ|ควร|อยาก)\S+(?:อะไร|ไหน|ยังไง)$")
# "ไม่เอาขยะละ เปลี่ยนเป็นศูนย์ดูแลผู้สูงอายุแทน", "เอาเรื่องน้ำดีกว่า ชาวบ้านบริหารเอง"
_INSTEAD = regex.compile(
    r"^(?!.*(?:เดิม|เมื่อก่อน|แต่ก่อน|จาก|เคย))(?:(?:.*(?:ไม่เอา|เปลี่ยนใจ).*?|(?:งั้น|ขอ)?)เปลี่ยน(?:เป็น|ไป|เรื่อง)|.*?เอา(?=เรื่อง|งาน|โครงการ|ระบบ))\s?(?:ส่ง)?(?P<work>(?:เรื่อง|งาน|โครงการ|ระบบ|ผลงาน|ศูนย์|แอป|ตลาด|คลินิก)(?!นี้|นั้น|เดิม|อื่น|ที่)\S{2}.*?)(?:แทน|ดีกว่า)"
    r"(?P<more>\s\S.{4,})?$"
)
_TURNS_AWAY = regex.compile(r"ไม่เอา|ช่างมัน|เปลี่ยนใจ")
_LEADS_UP = r"(?:อันนี้|ข้อนี้|ตรงนี้|ของเรา|งานเรา|เรา|ก็|แต่|อ๋อ|อ่อ|อ้อ|\s)*"
# "วัดแล้ว", "ยังไม่ได้ทำ", "3": the answer to the condition that was just told, though nobody asked for it.
_STATES = regex.compile(
    rf"{_LEADS_UP}(?:(?:มี|วัด|ทำ|จด|สำรวจ|เก็บ|เชื่อม|เปิด|ประเมิน|ผ่าน|ใช้|เคย)\S{{0,16}}?(?:แล้ว|อยู่|ครบ|เรียบร้อย)"
    r"|ยัง(?:เลย|ไม่(?:ได้|เคย|มี|ทำ|วัด|จด|สำรวจ|เก็บ)\S{0,16})?|ไม่(?:เคย|ได้(?:ทำ|วัด|จด|สำรวจ|เก็บ))\S{0,16}|ไม่มี|มี|เคย|\d{1,3}(?:\.\d+)?\s?%?)(?:เลย|จริง)?"
)
_STATES_NOT = regex.compile(rf"{_LEADS_UP}(?:ยังไม่|ยังเลย|ไม่)")
# "สรุปส่งได้ยัง": of the work as a whole.
_ALL_IN_ALL = regex.compile(
    r"(?:(?:สรุป|ตกลง|งั้น|ถ้างั้น|แบบนี้|อย่างนี้|งี้|แล้ว|โดยรวม)(?:ว่า|คือ|ก็)?\s?)+(?:ผลงาน|งาน|ของ)?(?:เรา|นี้)?\s?(?:จะ)?"
    r"(?:ส่ง|สมัคร|ยื่น|ลง|ผ่าน|เข้าเกณฑ์|เข้าข่าย|มีสิทธิ์?)(?:ได้|เกณฑ์)?\s?(?:แล้ว)?(?:ไหม|หรือยัง|ยัง)"
)
# "ส่งปีหน้าล่ะ": the same work in another round.
_IN_ANOTHER_ROUND = regex.compile(
    r"(?:แล้ว|งั้น)?(?:ถ้า)?(?:จะ)?(?:ส่ง|ยื่น|สมัคร|เสนอ|คิด|นับ|ดู)?\s?(?:เป็น|ใน|ตาม|ของ|รอบ)?(?:ปี|รอบ)\s?(?:หน้า|ถัดไป|\d{2}|\d{4})\s?(?:แทน)?(?:ได้ไหม|ไหม|ล่ะ|ละ)?"
)
_SUPPOSES = regex.compile(r"^(?:แล้ว)?(?:ถ้า|สมมติ|สมมุติ|หาก)|ล่ะ$")
_WHICH = regex.compile(
    r"(?:สรุป|ตกลง)(?:ว่า|คือ|แล้ว)?\s?(?:ส่ง|ลง|เป็น)?(?:อัน|ตัว|ประเภท)ไหน|(?:ส่ง|ลง|สมัคร|ยื่น|เสนอ|เหมาะ|ควร|เข้า)(?:กับ|ใน|เป็น|ได้|ประเภท|รางวัล|สาขา|อัน|ตัว|\s)*(?<!ที่)(?:ไหน|อะไร|ใด)|(?:ประเภท|รางวัล|สาขา|หมวด)(?:ไหน|อะไร|ใด)\S{0,6}(?:ดี|เหมาะ|ได้)|เอา(?:ยังไง|ไง)ดี|ไปทางไหน"
)
# "ได้ปี 2565 ไม่ใช่ 2566": what was not meant.
_NOT_THAT_NUMBER = regex.compile(
    r"ไม่ใช่\s?(?:ปี)?\s?(?P<number>\d+)\s?%?(?=\s|$)|^(?:(?:ขอโทษ|โทษ)(?:ที)?\s?)?(?:พิมพ์|พูด|เขียน)ผิด\s?|\s?(?:ขอ)?โทษที$"
)
# "ไม่ใช่ๆ 90 ครับ": what stands behind is what was meant.
_CORRECTS = regex.compile(r"^(?:ไม่ใช่|ผิด|พิมพ์ผิด|เอ้ย|เอ๊ย|แก้(?:เป็น)?|โทษที|[ๆ\s])+(?=\d)")
# What is told of one's own: "ใช้มา 14 เดือนแล้ว", "เราเชื่อม 3 กรม".
_OF_ONES_OWN = regex.compile(
    r"^(?=.*(?:ใช้|ทำ|เปิด|เริ่ม|เชื่อม|ดำเนิน|บริการ|วัด|สำรวจ|ขยาย|ลด|พัฒนา|survey|live))"
    r"(?=.*(?:แล้ว|มา|เพิ่ง|พึ่ง|เรา|ผม|หนู|ดิฉัน|ข้าพเจ้า|(?<!แ)ละ$|ยังไม่|ไม่ได้|ไม่เคย))"
)
# Of the person or the day, and not of a work.
_REMARKS = regex.compile(r"งง(?!าน)|ไม่เข้าใจ|สงสัย|ลา(?:ไป|ออก|พัก|ป่วย|กิจ|งาน)|เวลา\s?\d|(?:มี|เหลือ)เวลา|ในสังกัด")
_STILL_ASKS = regex.compile(
    r"(?:หน่อย|ให้ที|ทำไง)$|อยาก(?:รู้|ทราบ|ดู|เห็น|ถาม)|^(?:ขอ)?(?:สอบ|เรียน)ถาม|(?<!แบบ)สอบถาม$|(?:^|\s)ช่วย(?:บอก|เตือน|แนะ|เช็ค|เช็ก)|แนะนำ(?:ที|หน่อย|ด้วย)|(?:หรือ|ใด|เช่นไร)$|(?:อัน|ประเภท|ตัว|รางวัล|แบบ|สาขา)ใด"
)
_LEADS_IN = regex.compile(r"^(?:คือ|พอดี|ก็)(?:ว่า|ที่)?\s?")
_PRESENTS_ITSELF = regex.compile(r"\S{2,30}(?:\s\S{2,20})?\s?(?:ครับ|คับ|ค่ะ|คะ|ค่า|จ้า|จ้ะ|ฮะ)\s")
_OURS = regex.compile(r"เรา|ผม|หนู|ดิฉัน|ข้าพเจ้า")
_OF_ONESELF = regex.compile(rf"^(?:เป็น|อยู่)|{_OURS.pattern}")
_TOGETHER = regex.compile(r"กับ|ร่วม|และ|แล้วก็")
_ANOTHER_WORK = regex.compile(r"อีก(?:งาน|โครงการ|ผลงาน|ระบบ|เรื่อง)")
# "ไม่ใช่งานบริการ เป็นความร่วมมือ"
_SAYS_WHAT_IT_IS = regex.compile(r"^(?:ไม่ใช่|ไม่ได้).+(?:แต่|\s)(?:เป็น|คือ)")
_NUMBER_OF = regex.compile(r"\d\s?[ก-๙]{2}")
_FIGURE = regex.compile(r"\d")
_LETTER = regex.compile(r"\p{L}")
_OWN_WORDS = regex.compile(r"(?:^|เรา|ผม|หนู)(?:ทำ(?!ไม)|พัฒนา|ใช้|เปิด|ลด|เพิ่ม(?!เติม)|แก้)")


def going_on(request: Request) -> Turn | None:
    """The Turn of a message that goes on about the person's work; None for anything that means something by itself."""
    if request.event.kind != "text":
        return None
    said = plain(clean(request.event.text, request.matcher.tokenizer.coverage))
    if asks_to_write(said) or gives_orders(said) or several_works(said) or _ANOTHER_WORK.search(said):
        return None
    return (
        _another(request, said)
        or _of_the_whole(request, said)
        or _of_the_point(request, said)
        or _more_of_it(request, said)
        or _told_in_pieces(request, said)
        or _begins(request, said)
    )


def _another(request: Request, said: str) -> Turn | None:
    """Another work instead of the one that was told of ("เปลี่ยนเป็นศูนย์ผู้สูงอายุแทน"): what was told of that one is forgotten."""
    before = request.conversation
    turns_away = before.attribute == "conditions" and _TURNS_AWAY.search(said) is not None
    if not (before.attribute == "recommend" or before.facts or turns_away) or request.match.understanding.names:
        return None
    instead = _INSTEAD.search(said)
    if instead is None or _asks(said) or any(attributes_told(said)) or _surely_not_ours(request.match):
        return None
    if instead["work"].startswith("เรื่อง") and not instead["more"]:
        # "เอาเรื่องสมัครดีกว่า": what is talked about, and no work.
        return None
    anew = replace(before, facts={}, subjects=(), offered=(), attribute="recommend", last_question="")
    work = instead["work"] + (instead["more"] or "")
    other = replace(request, event=replace(request.event, text=work), conversation=anew)
    fits = _fits_so_far(other, other.tellings(work), work)
    return fits or tells_of_it(other)


def _asks(said: str) -> bool:
    return asks(_OTHERS_ASK.sub("", _TELLS_WHAT_IT_IS.sub("", NOTHING.sub("", said))))


def _of_the_whole(request: Request, said: str) -> Turn | None:
    before = request.conversation
    subject = _category(before, request.round)
    another_round = request.match.year is not None and _IN_ANOTHER_ROUND.fullmatch(said) is not None
    if subject is None or not before.facts or not (another_round or _ALL_IN_ALL.fullmatch(said)):
        return None
    return _verdict(request, subject, before.facts)


def _of_the_point(request: Request, said: str) -> Turn | None:
    """The verdict once the condition that was just told is answered."""
    before = request.conversation
    subject = _category(before, request.round)
    if subject is None or before.attribute != "conditions" or not _STATES.fullmatch(said):
        return None
    asked = _facts_of_the_point(request.round, before, subject)
    told = {fact: value for fact, value in request.told(asked).items() if fact in asked}
    facts = request.round.facts
    if not told and len(asked) == 1 and facts[asked[0]].type == "bool" and _STATES_NOT.match(said):
        # "ยังไม่ได้สำรวจ": in other words than the condition's.
        told = {asked[0]: False}
        if (parent := facts[asked[0]].parent) in facts and facts[parent].type == "bool":
            told[parent] = False
    return _verdict(request, subject, merged(before.facts, told, facts)) if told else None


def _more_of_it(request: Request, said: str) -> Turn | None:
    """The verdict once more is told of a work that had one ("เริ่มปี 66", "เดิมได้สัมฤทธิผลปี 64")."""
    before = request.conversation
    subject = _category(before, request.round)
    meant = _meant(said)
    if (
        subject is None
        or before.attribute != "conditions"
        or not before.facts
        or _asks(meant)
        or _SUPPOSES.search(said)
    ):
        return None
    asked = expected(request, request.match)
    if "เริ่ม" in said and "months_in_use" not in deciding_facts(request.round, subject):
        asked = (*asked, "expansion_start_year")
    if _NUMBER_OF.search(said):
        # "2 อำเภอ" by itself counts what the category counts.
        asked = (*asked, *(f for f in deciding_facts(request.round, subject) if f in NUMBERS))
    if meant != said:
        asked = (*asked, *_corrected(before, said))
    told = {t.fact: t.value for t in request.tellings(meant, asked)}
    told |= increments(said, before.facts)
    if not told and request.match.best.confidence < _DOUBTFUL and _describes_on(request.match, said):
        # "AI ซื้อมา แต่เอามาเทรนต่อเอง": of the work, though no rule looks at it.
        return _verdict(request, subject, before.facts)
    if not 0 < len(told) <= _FEW or _names_another(request, told):
        return None
    return _verdict(request, subject, merged(before.facts, told, request.round.facts))


def _meant(said: str) -> str:
    """What is said without the number that was wrong: "ได้ปี 2565" of "พิมพ์ผิด ได้ปี 2565 ไม่ใช่ 2566"."""
    without = _NOT_THAT_NUMBER.sub("", said)
    return _CORRECTS.sub("", without if _FIGURE.search(without) else said)


def _corrected(before: Conversation, said: str) -> tuple[str, ...]:
    """The facts whose value is said to be wrong ("ได้ปี 2565 ไม่ใช่ 2566", "พิมพ์ผิด ปี 2565")."""
    years = [name for name in YEARS_OF_A_WORK if name in before.facts]
    denied = next((m["number"] for m in _NOT_THAT_NUMBER.finditer(said) if m["number"]), None)
    if denied is None:
        return tuple(years) if len(years) == 1 else ()
    number = int(denied)
    return tuple(
        name for name, value in before.facts.items() if type(value) is int and value in (number, number + 2500)
    )


def _names_another(request: Request, told: dict[str, Any]) -> bool:
    """Whether a subject is named that is not the earlier award's, nor that one's branch."""
    prior = told.get("prior_category")
    of_the_prior = set(request.round.ancestors(prior)) if prior in request.round.subjects else set()
    return any(of_the_prior.isdisjoint(m.name.subjects) for m in request.match.understanding.names)


def _facts_of_the_point(round_: Round, before: Conversation, subject: str) -> tuple[str, ...]:
    conditions = [e for e in round_.of(subject, "conditions") if isinstance(e, Condition) and e.rule]
    told = [e for e in conditions if e.id == before.entry] or [
        e for e in conditions if before.topic and e.topic == before.topic
    ]
    return tuple(dict.fromkeys(fact for entry in told if entry.rule for fact in facts_in(entry.rule)))


def _told_in_pieces(request: Request, said: str) -> Turn | None:
    """What is told bit by bit of a work that a category is looked for: all of it counts."""
    before = request.conversation
    match = request.match
    after_verdict = before.attribute == "conditions" and before.facts and _WHICH.search(said)
    if not (before.attribute == "recommend" or after_verdict) or not before.last_question:
        return None
    tellings = request.tellings(request.event.text)
    if _names_another(request, {telling.fact: telling.value for telling in tellings}):
        return None
    if match.understanding.stranger or match.understanding.reference.ordinal is not None:
        return None
    if match.decision == "refuse" and match.best.confidence >= _BEYOND_DOUBT:
        return None
    which = not tellings and _WHICH.search(said) is not None and not match.understanding.names
    # "ลาป่วย 3 วัน" is refused as ever, "ลดจาก 3 ชม. เหลือ 10 นาที" is a piece of a description that no rule looks at.
    tells = bool(tellings) or (
        match.command is None and match.decision != "refuse" and _FIGURE.search(said) is not None
    )
    tells |= match.command is None and (_OWN_WORDS.search(said) is not None or _describes_on(match, said))
    if not which and (_asks(said) or _STILL_ASKS.search(said) or not tells or _SUPPOSES.search(said)):
        return None
    described = f"{before.last_question} {request.event.text}"[-_REMEMBERED:]
    fits = _fits_so_far(request, tellings, described)
    if fits is None and not which:
        kept = _kept(request, before.facts, described)
        return Turn(replace(kept, subjects=(), offered=(), attribute="recommend"), (wording.WHAT_OF_THE_WORK,))
    return fits


def _describes_on(match: Match, said: str) -> bool:
    """Whether words that nobody would refuse for sure go on with a description ("ชาวบ้านบริหารเอง เราช่วยวิชาการ")."""
    if _REMARKS.search(said) or len(_LETTER.findall(said)) < _LEAST_LETTERS:
        return False
    # "หัวหน้าผมดุมาก" is said to us.
    to_us = match.best.attribute == "smalltalk"
    doubtful = match.decision == "refuse" and not (to_us or _surely_not_ours(match))
    return (
        doubtful
        or describes_own_work(said)
        or (match.finding.by == "cue" and _SAYS_WHAT_IT_IS.search(said) is not None)
    )


def describes(match: Match, text: str) -> bool:
    """Whether a work of the person's own is told of."""
    if describes_own_work(text):
        return True
    if not says_who_and_what(text):
        return False
    # "เกษตรอำเภอครับ ทำแพลตฟอร์ม…" speaks of oneself, "โรงพยาบาลศิริราช เปิดรับสมัครพยาบาล" of others.
    presents_itself = _PRESENTS_ITSELF.match(match.question) is not None
    return presents_itself or (_OF_ONESELF.search(text) is not None and not _surely_not_ours(match))


def _surely_not_ours(match: Match) -> bool:
    return match.decision == "refuse" and match.best.confidence >= _SURELY_NOTHING


def _begins(request: Request, said: str) -> Turn | None:
    """A work that is told of before anything is asked ("จังหวัดเราทำระบบ… เชื่อม 3 กรม", "ใช้มา 2 ปีแล้ว"): what fits so far."""
    before = request.conversation
    match = request.match
    if (
        match.understanding.stranger
        or match.command is not None
        or before.quiz is not None
        or says_who_only(match.understanding.text)
    ):
        return None
    if match.understanding.names and not (_of_own_award(request) or _only_partners(match)):
        return None
    said = _LEADS_IN.sub("", said)
    if _asks(said) or _STILL_ASKS.search(said) or _SUPPOSES.search(said) or _REMARKS.search(said):
        return None
    if (
        match.understanding.reference.ordinal is not None
        or _category(before, request.round) is not None
        or before.options
    ):
        # It is told of a category, or answers what was asked.
        return None
    tellings = request.tellings(request.event.text)
    described = describes(match, _LEADS_IN.sub("", match.understanding.text))
    told = {telling.fact for telling in tellings} - {FOCUS}
    own = described or _OF_ONES_OWN.search(said) is not None or (bool(told) and match.decision == "refuse")
    own |= bool(match.understanding.names)
    if not described and not (tellings and own):
        return None
    if not told and not before.facts:
        # Too little to choose by.
        return tells_of_it(request)
    fits = _fits_so_far(request, tellings, request.event.text[-_REMEMBERED:])
    if fits is not None and (described or fits.replies[0].gist not in NO_CATEGORY):
        return fits
    # "ใช้มาปีครึ่ง" by itself: where nothing is answered by it, what is asked back keeps it as well.
    return tells_of_it(request) if described or match.decision == "answer" else None


def _of_own_award(request: Request) -> bool:
    """Whether the awards that are named are what the person's own work won ("เราได้เปิดใจใกล้ชิดดีเด่นมาเมื่อปี 64")."""
    names = request.match.understanding.names
    told = request.told()
    own = "prior_category" in told and _OURS.search(request.match.understanding.text) is not None
    return own and all(m.name.kind == "name" for m in names) and not _names_another(request, told)


def _only_partners(match: Match) -> bool:
    """Whether those that are named are only worked with ("เราเชื่อมข้อมูลกับกรมที่ดินและกรมพัฒน์")."""
    text, names = match.understanding.text, match.understanding.names
    ours = _OURS.search(text)
    return ours is not None and all(
        m.name.kind == "example" and _TOGETHER.search(text[ours.end() : m.start]) for m in names
    )


def _fits_so_far(request: Request, tellings: Sequence[Told], described: str) -> Turn | None:
    """The categories that all that was told comes near; None where nothing points to any."""
    before = request.conversation
    match = request.match
    facts = merged(before.facts, {telling.fact: telling.value for telling in tellings}, request.round.facts)
    round_ = request.rules(match.year or request.asked_year)
    found = request.understand(described)
    pointed = {s: words for s, words in likely_categories(found, round_).items() if s != facts.get("prior_category")}
    if not facts and not pointed:
        return None
    answer = short_list(round_, tellings, facts, pointed, request.today, _SURE, branch_named(found, round_))
    if answer is None:
        return None
    subjects = answer.subjects if answer.subjects != ("awards",) else ()
    kept = _kept(request, facts, described)
    return Turn(replace(kept, subjects=subjects[:1], offered=subjects, attribute="recommend"), (answer,))


def tells_of_it(request: Request) -> Turn:
    """What to ask of a work that was told of without a question; what was told is kept."""
    kept = _kept(request, request.told(), request.event.text)
    return Turn(replace(kept, subjects=(), offered=(), attribute="recommend"), (wording.WHAT_OF_THE_WORK,))


def _category(before: Conversation, round_: Round) -> str | None:
    subject = before.subjects[0] if len(before.subjects) == 1 else None
    return subject if subject in categories(round_) else None


def _verdict(request: Request, subject: str, facts: dict[str, Any]) -> Turn:
    answer = what_if(request.rules(request.match.year or request.asked_year), subject, facts, request.today, _SURE)
    kept = replace(_kept(request, facts, request.event.text), offered=request.conversation.talked_about(subject))
    return Turn(replace(kept, subjects=(subject,), attribute="conditions"), (answer,))


def _kept(request: Request, facts: dict[str, Any], question: str) -> Conversation:
    return replace(
        request.conversation,
        facts=facts,
        year=request.match.year or request.conversation.year,
        topic=None,
        entry=None,
        options=(),
        last_question=question,
        misses=0,
        handover="",
    )
