"""Free text about one's own work as Facts: "3 กรม ใช้มา 2 ปีแล้ว ยังไม่ได้วัดความพึงพอใจ"."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import regex

from intents.bare_answers import bare_answers
from intents.counted import Counted, counted_facts
from intents.entities import Gazetteer
from intents.normalize import clean, plain
from intents.reading import Reading, folded, read
from intents.stance import Stance, stance
from intents.tellings import ABOUT, Hit, load_tellings
from intents.tokenize import Tokenizer
from intents.works import several_works

__all__ = ["FactFinder", "Told", "Value", "several_works"]

Value = bool | int | float | str | list[str] | dict[str, Any] | None
"""Plain JSON values of the contract."""


@dataclass(frozen=True)
class Told:
    """One fact that a text tells. `value` is the contract's JSON value; None means the person said that they are unsure.

    `words` are the person's own words for it, a slice of the cleaned text.
    """

    fact: str
    value: Value
    words: str


_THIS_WORK_WON = regex.compile(folded(r"(?:งาน|ผลงาน|โครงการ|ระบบ|อัน|ตัว)นี้(?:ก็|เอง|ของเรา)?(?:เคย|ได้)(?:รับ|ได้)?"))
_NO_FIRST = regex.compile(folded("(?:ไม่ใช่|เปล่า|ไม่)(?:ครับ|ค่ะ|คะ)?"))
# "Collaborate กับ Consult ต่างกันยังไง" names things without saying anything of a work.
_COMPARED = regex.compile(folded("ต่าง(?:กัน|จาก)"))
_FIELD = regex.compile(folded("ด้าน|มิติ"))
_EXPANDED = regex.compile(folded("(?<!เลื่องลือ)ขยาย(?!ผลมาตรฐาน)|ต่อยอด"))
# "ได้ดีเด่น 2 สาขา จะได้ยอดเยี่ยมไหม" and "หน่วยงานเคยได้ แต่คนละโครงการ" tell of an agency, not of the work.
_OF_AN_AGENCY = regex.compile(folded(r"ยอดเยี่ยม|(?<!\d)\dสาขา|(?:สอง|สาม|อีก)สาขา|คนละ(?:งาน|ผลงาน|โครงการ|เรื่อง)"))
# "หน่วยงานเคยได้รางวัล ส่งผลงานใหม่ได้ไหม": what is entered is another work, unless it is said to expand the one that won.
_OF_ANOTHER_WORK = regex.compile(
    folded(
        r"(?:ส่ง|สมัคร|ยื่น|เสนอ|ลง|แต่|นี้|รอบนี้|ปีนี้|อันนี้|คราวนี้)(?:เป็น|คือ|มี|จะส่ง|ประกวด|ด้วย|เข้า){0,2}(?:ผลงาน|งาน|โครงการ|ระบบ|เรื่อง|ตัว|อัน|ชิ้น)(?:ที่)?(?:ใหม่|อื่น)"
        r"|อีก(?:ผลงาน|งาน|โครงการ|ชิ้น|เรื่อง)|คนละ(?:ตัว|ระบบ|อัน|ชิ้น)"
    )
)
_BUILT_ON = regex.compile(folded(r"(?<!เลื่องลือ|ไม่ได้|ไม่|ลือ)(?:ขยาย(?!ผลมาตรฐาน)|ต่อยอด|พัฒนาต่อ|ทำต่อ)|(?:ของ|งาน)เดิมมา"))
_OWN_WORK = regex.compile(
    folded(
        r"เรา|ผม|หนู|ดิฉัน|พี่|(?:งาน|ผลงาน|โครงการ|ระบบ|แอป)นี้|ใช้มา|ทำมา|เปิดมา|เปิดใช้|ถ้า|ส่ง|สมัคร|ลงประ|เข้าเกณฑ์|เข้าข่าย|ผ่านไหม|คล้าย|เหมือน|แบบเดียว"
    )
)
# An agency or place beside a number may be anyone's: "เชื่อมข้อมูลกับกรมควบคุมโรค".
_AGENCY_OR_PLACE = regex.compile(folded(r"กรม|สำนัก|จังหวัด|กระทรวง|บริษัท|ศูนย์"))
_WITH_OR_AT = regex.compile(folded(r"(?:กับ|ไป|จาก|ที่|ใน|โดย|ของ|ให้|ร่วม|เป็น|และ)$"))
_AWARD = regex.compile(folded(r"ได้|(?:ต่อยอด|ขยายผล|ขยาย|พัฒนา|มา)จาก|(?:งาน|โครงการ|ของ)(?:เดิม|เก่า)"))
# What leads from the words for an earlier award to its category: "ได้รางวัลระดับดีปี 64 สาขาบริการ ประเภท…".
_AWARDED_BEFORE = regex.compile(
    folded(
        r"(?:(?<!ไม่เคย|ไม่|ให้|อยาก|จะ|ยังไม่)ได้(?:รับ)?|(?:ต่อยอด|ขยายผล|ขยาย|พัฒนา|มา)จาก|(?:งาน|โครงการ|ของ)(?:เดิม|เก่า))"
        r"(?:ผลงาน|งาน|โครงการ|รางวัล|ประเภท|สาขา|เลิศรัฐ|ระดับ|ดีเด่น|ดี|เดิม|เก่า|ของ|ที่|ได้|เคย|มา|ใน|ด้าน|เป็น|คือ|บริการ|ภาครัฐ|การ|มีส่วนร่วม|ตอน|เมื่อ|ปี|ชมเชย|\d|\s)*$"
    )
)
# "งานสัมฤทธิผลเคยได้รางวัลปี 2563".
_AWARDED_AFTER = regex.compile(
    folded(
        r"^.{0,4}?ที่(?:เคย)?ได้|^(?:ประชาชน|ฯ|ของเรา|เรา|เดิม|เก่า|นี้|ก็|ประชาชนมีส่วนร่วม)*(?:เคย)?(?:ได้(?:รับ)?|คว้า|ชนะ)(?:ราง|ดี|ระดับดี|เลิศรัฐ|ชมเชย|มา(?!ย))(?!วัล(?:อะไร|ไหม|มั้ย|กี่|เท่า|ยังไง|ยัง|หรือ|รึ|ไร))"
    )
)
_WHICH = regex.compile(folded(r"อะไรบ้าง|ใครบ้าง|ใคร(?:ได้|เคย)|(?:งาน|กรม|หน่วยงาน)ไหน|ที่ไหนบ้าง|ตัวอย่าง"))
_TARGET = regex.compile(
    folded(r"(?:ส่ง|สมัคร|ลง|ยื่น|เข้า|เสนอ|ประกวด|เอามา|นำมา)(?:เข้า|เป็น|ใน|ด้าน|เรื่อง|ประเภท|รางวัล|สาขา|ที่|ตัว)*$")
)
_ONLY = regex.compile(folded(r"(?:อย่างเดียว|เท่านั้น|ล้วน)(?!ที่)"))
_NO_PARTICIPATION = regex.compile(
    folded(r"(?:ไม่เกี่ยว|ไม่ได้เกี่ยว|ไม่ใช่|ไม่มี|ไม่ได้)(?:กับ|เรื่อง|งาน|การ|ด้าน|ทำ|เน้น|ข้อง)*มีส่วนร่วม")
)
_OF_EARLIER_WORK = ("builds_on_awarded_work", "prior_level", "prior_category", "prior_award_year")
_PARTICIPATION = ("participation_level", "discloses_information", "public_policy_input", "work_won_participation_award")


# A national issue may be served by works of the participation branch as well.
_OF_EITHER_BRANCH = ("agenda_issue", "wide_impact", "data_analytics")


class FactFinder:
    """Finds the facts that a text tells. Safe to share between threads."""

    def __init__(self, gazetteer: Gazetteer, tokenizer: Tokenizer) -> None:
        self._gazetteer = gazetteer
        self._tokenizer = tokenizer
        self._tellings = load_tellings()

    def find(self, text: str, today: date, year: int, asked: Sequence[str] = ()) -> tuple[Told, ...]:
        """Facts told in raw `text`, each once, in the order of their words.

        `today` in Asia/Bangkok; `year` is the round's (Buddhist Era); `asked` are the facts that the assistant has just
        asked for.
        """
        cleaned = clean(text, self._tokenizer.coverage)
        reading = read(cleaned, self._tellings.spellings)
        candidates = [*counted_facts(reading, today, year, asked), *self._said(reading, asked)]
        categories = list(self._prior_category(reading, asked))
        # The words of a category's name tell nothing by themselves.
        candidates = [c for c in candidates if not any(n.start <= c.start and c.end <= n.end for n in categories)]
        candidates += categories
        chosen = _chosen(candidates, several=bool(several_works(cleaned)))
        if "global_change_areas" not in asked:
            _only_areas_of_participation(reading, chosen)
        if chosen and not asked and self._of_an_example(reading, chosen):
            return ()
        _settle(reading, chosen)
        implied = self._implied(chosen)
        for fact in _of_own_award(reading, chosen, asked):
            chosen.pop(fact, None)
            implied.pop(fact, None)
        chosen = implied | chosen
        _join_focus(chosen, implied, reading, asked)
        if asked:
            bare = read(plain(cleaned), self._tellings.spellings, bare=True)
            spans = [(c.start, c.end) for c in chosen.values()]
            for fact, value in bare_answers(bare, asked, chosen, spans, today):
                chosen.setdefault(fact, Counted(fact, value, 0, len(reading.key)))
        ordered = sorted(chosen.values(), key=lambda told: (told.start, told.fact))
        return tuple(Told(told.fact, told.value, reading.words(told.start, told.end)) for told in ordered)

    def _said(self, reading: Reading, asked: Sequence[str]) -> Iterator[Counted]:
        """What the phrases of tellings.yaml tell: of overlapping ones of a fact the longest."""
        if _COMPARED.search(reading.key):
            return
        kept: list[Hit] = []
        for hit in sorted(
            self._tellings.hits(reading, asked), key=lambda h: (h.start - h.end, h.phrase.value == ABOUT, h.start)
        ):
            others = (other for other in kept if other.phrase.fact == hit.phrase.fact)
            if all(hit.end <= other.start or hit.start >= other.end for other in others):
                kept.append(hit)
        for hit in kept:
            phrase = hit.phrase
            stands = stance(reading, hit.start, hit.end, named_only=phrase.value == ABOUT, aimed=True)
            value = phrase.value
            if stands is Stance.NOT_TOLD:
                continue
            if stands is Stance.UNSURE:
                value = None
            elif value == ABOUT:
                if phrase.fact not in self._tellings.booleans:
                    continue
                value = stands is Stance.TOLD
            elif stands is Stance.DENIED and not (phrase.value is False and _answers(reading, hit.start, asked)):
                if not isinstance(value, bool):
                    continue
                value = not value
            yield Counted(phrase.fact, value, hit.start, hit.end)

    def _prior_category(self, reading: Reading, asked: Sequence[str]) -> Iterator[Counted]:
        """The category of an earlier award: a category named beside the words for winning or building on."""
        named = "prior_category" in asked
        if not (named or _AWARD.search(reading.key)):
            return
        tokens = self._tokenizer.words(reading.text)
        boundaries = _boundaries(reading.text, tokens)
        exact, _ = self._gazetteer.mentions(reading.text, boundaries, misspelt=False)
        for mention in exact or self._gazetteer.mentions(reading.text, boundaries)[0]:
            subjects = [s for s in mention.name.subjects if "." in s and not s.startswith("pmqa")]
            start, end = reading.place(mention.start), reading.place(mention.end)
            before = reading.key[max(0, start - 40) : start]
            if (
                len(mention.name.subjects) != 1
                or not subjects
                or mention.name.kind == "example"
                or _TARGET.search(before)
            ):
                continue
            won = _AWARDED_AFTER.search(reading.key[end : end + 40]) and not _WHICH.search(reading.key)
            if not (named or _AWARDED_BEFORE.search(before) or won):
                continue
            stands = stance(reading, start, end)
            if stands is Stance.TOLD:
                yield Counted("prior_category", subjects[0], start, end)

    def _of_an_example(self, reading: Reading, chosen: Mapping[str, Counted]) -> bool:
        """Whether a text speaks of a published example alone: "DBD e-Service พอใจ 92.5% ใช่มั้ย"."""
        if _OWN_WORK.search(reading.key):
            return False
        boundaries = _boundaries(reading.text, self._tokenizer.words(reading.text))
        first = min(told.start for told in chosen.values())
        for mention in self._gazetteer.mentions(reading.text, boundaries, misspelt=False)[0]:
            start = reading.place(mention.start)
            if (
                mention.name.kind == "example"
                and start <= first
                and not _AGENCY_OR_PLACE.match(reading.key, start)
                and not _WITH_OR_AT.search(reading.key[max(0, start - 8) : start])
            ):
                return True
        return False

    def _implied(self, chosen: dict[str, Counted]) -> dict[str, Counted]:
        """What the chosen facts say of others, where those are not told themselves."""
        implied: dict[str, Counted] = {}
        participates = _participates(chosen)
        for told in chosen.values():
            if told.value in (None, False, 0, "none") or (participates and told.fact in _OF_EITHER_BRANCH):
                continue
            for fact, value in self._tellings.implies.get(told.fact, ()):
                if value is None or (fact in chosen and fact != "focus"):
                    continue
                there = implied.get(fact)
                if fact == "focus" and there is not None and isinstance(there.value, dict):
                    value = {"includes": sorted({*there.value["includes"], *value["includes"]})}
                implied[fact] = Counted(fact, value, told.start, told.end)
        return implied


def _answers(reading: Reading, start: int, asked: Sequence[str]) -> bool:
    """Whether all before `start` is the answer to what was asked, which the words there go on with ("ไม่ใช่ งานใหม่")."""
    return bool(asked) and start in reading.gaps and _NO_FIRST.fullmatch(reading.key, 0, start) is not None


def _participates(chosen: Mapping[str, Counted]) -> bool:
    """Whether something is told of the participation of the people."""
    return any(fact in chosen for fact in _PARTICIPATION) or "participation" in str(chosen.get("focus"))


def _only_areas_of_participation(reading: Reading, chosen: dict[str, Counted]) -> None:
    """Drops a field that a work merely touches ("ผู้สูงอายุ") where no participation is told, nor "ด้าน…" said."""
    areas = chosen.get("global_change_areas")
    if areas is not None and not _participates(chosen) and not _FIELD.search(reading.key, areas.start, areas.end):
        del chosen["global_change_areas"]


def _of_own_award(reading: Reading, chosen: dict[str, Counted], asked: Sequence[str]) -> tuple[str, ...]:
    """The facts that are not of an earlier work: a work that won itself builds on no other, until it is expanded."""
    another = not asked and _OF_ANOTHER_WORK.search(reading.key) and not _BUILT_ON.search(reading.key)
    if another or _OF_AN_AGENCY.search(reading.key):
        told = chosen.get("builds_on_awarded_work")
        return _OF_EARLIER_WORK if told is None or told.value else _OF_EARLIER_WORK[1:]
    if _EXPANDED.search(reading.key):
        return ()
    won = chosen.get("work_won_participation_award")
    if won is not None and won.value is True:
        return _OF_EARLIER_WORK
    return ("builds_on_awarded_work",) if _THIS_WORK_WON.search(reading.key) else ()


def _boundaries(text: str, tokens: Sequence[str]) -> frozenset[int]:
    """The indexes of `text` where a word begins or ends."""
    found: set[int] = set()
    index = 0
    for token in tokens:
        index = text.index(token, index)
        found |= {index, index + len(token)}
        index += len(token)
    return frozenset(found)


def _chosen(candidates: Sequence[Counted], *, several: bool) -> dict[str, Counted]:
    """One candidate a fact: the last that is sure, for people correct themselves; lists and sets add up.

    Of several works each has its own values: what differs between them is told of none.
    """
    chosen: dict[str, Counted] = {}
    mixed: set[str] = set()
    for told in sorted(candidates, key=lambda c: (c.start, c.end)):
        before = chosen.get(told.fact)
        if before is None or before.value is None:
            chosen[told.fact] = told
        elif told.value is None:
            continue
        elif isinstance(told.value, list) and isinstance(before.value, list):
            both = [*before.value, *(v for v in told.value if v not in before.value)]
            chosen[told.fact] = Counted(told.fact, both, before.start, told.end)
        elif told.fact == "focus" and isinstance(told.value, dict) and isinstance(before.value, dict):
            both = [
                *before.value["includes"],
                *(v for v in told.value["includes"] if v not in before.value["includes"]),
            ]
            chosen[told.fact] = Counted(told.fact, {"includes": both}, before.start, told.end)
        elif told.value != before.value and told.fact != "agenda_issue" and not _vaguer(told.value, before.value):
            if several:
                mixed.add(told.fact)
            chosen[told.fact] = told
    return {fact: told for fact, told in chosen.items() if fact not in mixed}


def _vaguer(value: Any, before: Any) -> bool:
    """Whether a range says no more than the number that it holds."""
    if not isinstance(value, dict) or not isinstance(before, int | float):
        return False
    return bool(value.get("min", before) <= before <= value.get("max", before))


def _join_focus(
    chosen: dict[str, Counted], implied: dict[str, Counted], reading: Reading, asked: Sequence[str]
) -> None:
    """What is told and what is implied of the focus as one: all of it when it was asked for or said to be all."""
    told = chosen.get("focus")
    if told is None or not isinstance(told.value, dict):
        return
    also = implied.get("focus")
    includes = list(told.value["includes"])
    if also is not None and isinstance(also.value, dict):
        includes += [v for v in also.value["includes"] if v not in includes]
    only = _ONLY.match(reading.key, told.end) or _NO_PARTICIPATION.search(reading.key)
    whole = told is not also and ("focus" in asked or only is not None)
    chosen["focus"] = Counted("focus", includes if whole else {"includes": includes}, told.start, told.end)


_OTHERS_DID_IT = regex.compile(
    folded(r"(?:กรม|หน่วยงาน|ที่|คน|จังหวัด|กระทรวง)อื่น(?:ๆ)?(?:ก็)?(?:เคย|เขา)?(?:ทำ|มี)(?:มา|ไป|กัน)?(?:ก่อน|อยู่|แล้ว)")
)
_EXTENDED = regex.compile(folded("ต่อยอด|ขยาย"))
_NOT_AWARDED = regex.compile(folded(r"เกือบได้(?!ครบ|ถึง|\d)|(?:สุดท้าย|แต่|แล้ว|ก็)(?:ก็)?ไม่ได้(?:รับ)?รางวัล(?!สาขา)"))
_PATENT = regex.compile(folded("สิทธิบัตร"))
_WHOLE = ("pain_point_end_to_end", "permits_whole_organisation", "discloses_information")
_ALMOST = regex.compile(folded("เกือบ|แทบจะ"))
_EXCEPT = regex.compile(folded(r"^.{0,8}(?:ยกเว้น|เว้นแต่|ขาด(?:แค่|เพียง|อีก)|แต่(?:ยัง)?ไม่ครบ|(?:ยัง)?ไม่ครบถ้วน)"))
_CATEGORY_NAME = regex.compile(folded("(?:ไม่ได้.{0,12})?บูรณาการ"))
_LINKS = regex.compile(folded(r"เชื่อม(?:ข้อมูล|ระบบ|กัน|\d)|แชร์ข้อมูล"))
_DIVISIONS = regex.compile(folded(r"\dกอง(?!ทุน|ทัพ)"))
_YEAR_AFTER = regex.compile(folded(r"^(?:เมื่อ|ใน|ประจำ)?ปี(?P<year>25\d\d|[56]\d)(?!\d)"))
_FULL_YEAR = regex.compile(folded(r"(?<!ไม่)(?<!อีก)(?<!จะ)(?<!ถึง)(?:ครบ|เต็ม)(?:1)?ปี(?!\d|หน้า|งบ)"))
_TELLS_EXPANSION = ("expansion_start_year", "expansion_areas", "expansion_percent")


def _settle(reading: Reading, chosen: dict[str, Counted]) -> None:
    """Facts that several words tell together, put right in place."""
    builds = chosen.get("builds_on_awarded_work")
    denied = builds is not None and builds.value is False and _EXTENDED.search(reading.key, builds.start, builds.end)
    if builds is not None and denied and any(chosen[f].value for f in _TELLS_EXPANSION if f in chosen):
        # "ขยายไปพื้นที่เดียว ไม่ได้ต่อยอดอะไร": expanded it was; what is denied is the other kind.
        del chosen["builds_on_awarded_work"]
        chosen.setdefault("quality_extension", Counted("quality_extension", False, builds.start, builds.end))
    if _NOT_AWARDED.search(reading.key):
        # "เกือบได้ดีเด่น แต่สุดท้ายไม่ได้รางวัล": there is no earlier award, whatever was said of it.
        for fact in ("prior_level", "prior_category", "prior_award_year"):
            chosen.pop(fact, None)
        chosen["builds_on_awarded_work"] = Counted("builds_on_awarded_work", False, 0, len(reading.key))
    for fact, told in list(chosen.items()):
        # "เกือบทั้งกระบวนการ", "ทั้งกระบวนการยกเว้น…": neither yes nor no.
        about = reading.key[max(0, told.start - 12) : told.end], reading.key[told.end : told.end + 24]
        if told.value is True and fact in _WHOLE and (_ALMOST.search(about[0]) or _EXCEPT.search(about[1])):
            chosen[fact] = Counted(fact, None, told.start, told.end)
    new = chosen.get("is_new_or_derived_innovation")
    if new is not None and new.value is False and _PATENT.search(reading.key, new.start, new.end):
        # What has no patent may be new all the same.
        del chosen["is_new_or_derived_innovation"]
    digital = chosen.get("digital_data_integration")
    beside = digital is not None and digital.value is False and _CATEGORY_NAME.match(reading.key, digital.start)
    links = _LINKS.search(reading.key) if beside else None
    if links is not None:
        # "ยังไม่ได้วัด บูรณาการข้อมูลได้ไหม": what is denied stands before the category's name.
        told = Counted("digital_data_integration", True, links.start(), links.end())
        chosen["digital_data_integration"] = told
    agencies = chosen.get("agency_count")
    if agencies is not None and agencies.value == 1 and _DIVISIONS.search(reading.key):
        # Whether divisions of one department count as agencies is left open by the rules.
        del chosen["agency_count"]
    others = _OTHERS_DID_IT.search(reading.key)
    if others is not None:
        told = Counted("is_new_or_derived_innovation", False, others.start(), others.end())
        chosen.setdefault("is_new_or_derived_innovation", told)
    category = chosen.get("prior_category")
    after = _YEAR_AFTER.search(reading.key[category.end :]) if category else None
    if category and after and "prior_award_year" not in chosen:
        year = int(after["year"])
        where = (category.end + after.start("year"), category.end + after.end("year"))
        chosen["prior_award_year"] = Counted("prior_award_year", year if year > 100 else year + 2500, *where)
    full = _FULL_YEAR.search(reading.key)
    if full is not None and not {"months_in_use", *_TELLS_EXPANSION} & set(chosen):
        chosen["months_in_use"] = Counted("months_in_use", 12, full.start(), full.end())
