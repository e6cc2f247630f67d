"""The facts that a message about a work is likely to tell, by what was told of it before."""

from __future__ import annotations

import regex

from bot.dispatch import Request
from bot.what_ifs import deciding_facts
from intents.match import Match
from knowledge.eligibility import categories
from knowledge.facts import Fact

YEARS_OF_A_WORK = ("prior_award_year", "expansion_start_year")
"""The facts that are years in Buddhist Era."""
_COUNTED_PLACES = regex.compile(r"\d\s?(?:ที่|แห่ง|เจ้า)")
_ASKS_A_YEAR = regex.compile(r"ปี(?:ไหน|อะไร|ไร|ใด|เท่าไหร่|เท่าไร)")


def expected(request: Request, match: Match) -> tuple[str, ...]:
    """The facts that a follow-up is likely to be about: those told before ("and if it began in 2567?").

    Of the years only the beginning, where one is spoken of: a bare year could be any of them.
    """
    if _COUNTED_PLACES.search(match.question) and "agency_count" in _deciding(request, match):
        # "ต่อกัน 2 แห่ง", "เป็น 3 ที่" of a category that counts agencies.
        return (*_expected(request, match), "agency_count")
    return _expected(request, match)


def _expected(request: Request, match: Match) -> tuple[str, ...]:
    before = request.conversation.facts
    begins = "เริ่ม" in match.question and _counts_from_a_start(request, match)
    # "ได้รางวัลปี 2566 ต้องเริ่มไม่เกินปีไหน": the year of the beginning is what is asked for.
    begins &= _ASKS_A_YEAR.search(match.question) is None
    if not before or not leans(match):
        return ("expansion_start_year",) if begins else ()
    facts = request.round.facts
    yes_or_no = tuple(name for name in before if name in facts and facts[name].type == "bool")
    begun = begins or ("expansion_start_year" in before and "เริ่ม" in match.question)
    if match.understanding.reference.correction:
        # "เอ้ย 2566 พิมพ์ผิด": the one year that was told is told anew.
        told_years = [name for name in before if name in YEARS_OF_A_WORK]
        if len(told_years) == 1 and len(match.understanding.years) == 1:
            return tuple(told_years)
    counted = tuple(n for n in before if n in facts and _is_counted(facts[n]))
    if "prior_level" in before:
        # "ถ้าเป็นระดับดีล่ะ"
        counted = (*counted, "prior_level")
    return (*yes_or_no, *counted, *(("expansion_start_year",) if begun else ()))


def _is_counted(fact: Fact) -> bool:
    """Whether a bare number may be so many of it; one of eight issues is no count ("ถ้าไม่มี dashboard ล่ะ")."""
    return fact.type == "number" and fact.unit != "months" and fact.name != "agenda_issue"


def _counts_from_a_start(request: Request, match: Match) -> bool:
    """Whether the one category that is asked about limits when an expansion began, and not how long a work is in use."""
    deciding = _deciding(request, match)
    return "expansion_start_year" in deciding and "months_in_use" not in deciding


def _deciding(request: Request, match: Match) -> set[str]:
    """The facts that decide on the one category that is asked about."""
    subjects = match.best.subjects
    known = len(subjects) == 1 and subjects[0] in categories(request.round)
    return deciding_facts(request.round, subjects[0]) if known else set()


def leans(match: Match) -> bool:
    """Whether the message leans on what was said before, by a word of it or since it asks nothing by itself."""
    reference = match.understanding.reference
    return reference.follow_up or reference.demonstrative or reference.correction or reference.bare
