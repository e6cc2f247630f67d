"""What is asked for: P(attribute) of a question, from its wording, what it names and the turn before."""

from __future__ import annotations

import regex

from intents.finding import Finding
from intents.leaning import FEW_WORDS, supposes_ours
from intents.learnt import Learnt
from intents.match import Context
from intents.namings import asks_if_one, asks_likewise, compares, only_adds
from intents.narrowing import Narrower
from intents.phrasebook import OUT_OF_SCOPE
from intents.references import asks_may, is_what_if, supposes, tells_of_work
from intents.reminder_asks import tells_of_warnings
from intents.signs import asks_if_it_passes, asks_its_level, asks_who_may, attributes_told, is_past
from intents.stated import WHICH, top
from intents.subjects import SubjectFinder
from intents.understanding import Understanding
from knowledge.model import Round

# From this probability on, that a question with an example's name in it is a stranger, it asks for something else (set by
# hand: the examples' own questions reach 0.11).
_ANOTHER_SERVICE_FROM = 0.13
_WHAT_IT_TAKES = regex.compile(r"(?:เอา|ขอ|ต้องมี|ต้องใช้|ดู|กำหนด)อะไรบ้าง$")
# "จัดมากี่ปีแล้ว": of the award, and no limit.
_SO_FAR = regex.compile(r"(?:จัด|มี|แจก|ให้)(?:กัน)?มา(?:แล้ว)?\s?กี่|กี่\S{0,6}แล้ว")
_MUST_BE_SO_MANY = regex.compile(
    r"\d\s?(?:หน่วยงาน|กรม|พื้นที่|จังหวัด)\s?(?:ก็|พอ|ได้)|(?:ต้อง|ขั้นต่ำ|อย่างน้อย|ไม่น้อยกว่า).*กี่|กี่\S+(?:ขั้นต่ำ|ขึ้นไป|ถึงจะ|ถึงส่ง)|ต้อง(?:มี|ทำ|ขยาย)?\s?(?:สอง|สาม|\d)\s?(?:พื้นที่|หน่วยงาน|กรม)"
)
_OF_RULES = regex.compile(r"เกณฑ์|เงื่อนไข|กติกา|คุณสมบัติ")
_OF_AN_AWARD = regex.compile(r"รางวัล|เลิศรัฐ|เกณฑ์|ผลงาน")
# What is told of the work is nearly as near to the question as any stranger's.
_NEARLY_AS_NEAR = 0.9


class AttributeFinder:
    """Tells what is asked for, by one round's content."""

    def __init__(self, round_: Round, finder: SubjectFinder, narrower: Narrower, learnt: Learnt) -> None:
        self._round = round_
        self._finder = finder
        self._narrower = narrower
        self._learnt = learnt

    def probabilities(self, found: Understanding, finding: Finding, context: Context) -> dict[str, float]:
        """P(attribute), 0 to 1 and 1 in sum, with what the named things and the turn before say about it."""
        scores = dict(found.attributes)
        if supposes(found.text):
            # "ถ้าดึง สปสช. มาด้วยล่ะ" is no wish to be reminded.
            scores["reminder"] = 0.0
        leaning = found.reference
        told = tuple(attributes_told(found.text))
        warns = tells_of_warnings(found.text)
        if warns:
            told = tuple(attribute for attribute in told if attribute != "reminder")
        # "ขอใบอนุญาต อย. …": the agency of an example is asked for its own service.
        elsewhere = (
            finding.by == "example"
            and scores[OUT_OF_SCOPE] >= _ANOTHER_SERVICE_FROM
            and not (_OF_AN_AWARD.search(found.text) or _told_of(found, finding))
        )
        if elsewhere:
            scores[OUT_OF_SCOPE] += 1.0
        elif (
            finding.example
            and top(scores) not in ("comparison", "documents")
            and not (top(scores) == "conditions" and _OF_RULES.search(found.text))
        ):
            scores["examples"] = scores.get("examples", 0.0) + 1.0
        if self._narrower.asks_figure(found, finding, context):
            # "ความพึงพอใจอะ" after a past work asks for its figure, whatever the rules say of that.
            short = leaning.follow_up or len(found.words) <= FEW_WORDS
            scores["examples"] = scores.get("examples", 0.0) + (1.0 if short else self._learnt.telling_word)
            scores[OUT_OF_SCOPE] *= 0.3
        if context.attribute == "examples" and finding.by == "context" and asks_its_level(found.text):
            # "อันนั้นได้ดีเด่นเลยไหม" after a past work: of that.
            scores["examples"] = scores.get("examples", 0.0) + self._learnt.telling_word + scores.pop("conditions", 0.0)
            scores["examples"] += scores.pop("definition", 0.0)
        if compares(found):
            scores["comparison"] = scores.get("comparison", 0.0) + self._learnt.comparing_word
        elif asks_likewise(found):
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop("comparison", 0.0)
            if context.attribute == "conditions":
                scores["conditions"] += scores.pop("definition", 0.0)
        elif asks_if_one(found):
            scores["definition"] = scores.get("definition", 0.0) + scores.pop("comparison", 0.0)
        pointed = leaning.ordinal is not None or leaning.other
        carries = leaning.follow_up or leaning.correction or pointed or not context.subjects
        # After "อยากเห็นผลงานจริง" of all awards, the name of one narrows that.
        of_all = [self._round.subjects[key].parent is None for key in context.subjects]
        carries |= of_all == [True] and context.attribute not in (None, "definition", "recommend")
        # So does one of several that the last answer was about.
        carries |= len(context.subjects) > 1 and bool(finding.named) and set(finding.named) < set(context.subjects)
        # So does the next of several that were offered, once one of them was told.
        carries |= len(context.offered) > 2 and bool(finding.named) and set(finding.named) < set(context.offered)
        if leaning.bare and (found.names or pointed or leaning.both or (finding.by == "context" and carries)):
            # After a finished answer a bare name starts anew; after the assistant's own question it answers that.
            if finding.example:
                return {"examples": 1.0}
            before = context.attribute if carries and context.attribute else "definition"
            if before == "comparison" and len(finding.named) == 1 and len(context.subjects) > 1:
                # "แล้วรางวัลเลิศรัฐสาขาล่ะ" after two were compared: what that is.
                before = "definition"
            return {before: 1.0}
        if finding.by == "context" and finding.attribute:
            return {finding.attribute: 1.0}
        if finding.by == "context" and context.attribute and not told and self._says_more(found, context, scores):
            scores[context.attribute] = scores.get(context.attribute, 0.0) + 1.0
            scores[OUT_OF_SCOPE] = scores["smalltalk"] = 0.0
        elif finding.by == "context" and context.attribute in scores and leaning.follow_up and not told:
            scores[context.attribute] += self._learnt.carried_attribute * (1 - max(scores.values()))
        # "ตำรวจขยายผล…": a name that several share is a common word, and no sign by itself that ours are meant.
        if found.names and not elsewhere and finding.by != "ambiguous":
            for key in (OUT_OF_SCOPE, "smalltalk"):
                scores[key] = scores.get(key, 0.0) * 0.3
        if (
            not compares(found)
            and len(finding.named) > 1
            and found.topics.get(top(found.topics), 0.0) >= self._learnt.point_from
        ):
            # "Which of the two must …?" asks for that one point of both.
            point = self._round.topics[top(found.topics)].attribute
            scores[point] = scores.get(point, 0.0) + 0.5
        if "examples" not in told and context.attribute != "examples" and self._limit_asked(found, finding, scores):
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop(top(scores))
        if context.attribute == "recommend" and not told and tells_of_work(found.text) and not is_what_if(found.text):
            # "Which one fits?", and then the work is told of.
            scores["recommend"] = scores.get("recommend", 0.0) + self._learnt.telling_word
            scores[OUT_OF_SCOPE] *= 0.3
        for attribute in (*told, finding.attribute) if finding.attribute else told:
            scores[attribute] = scores.get(attribute, 0.0) + self._learnt.telling_word
        if "contact" in told and "ใคร" in found.text:
            # "จะเช็คคุณสมบัติได้จากใคร": somebody, and no test.
            scores["quiz"] = 0.0
        if "recommend" in told and context.attribute == "conditions":
            # "แล้วมีทางอื่นไหม" after one that it may not be: no other example.
            scores["examples"] *= 0.3
        who_may = asks_who_may(found.text)
        if who_may:
            # "ชาวบ้านธรรมดาส่งได้ไหม": whatever the rules say of the work.
            scores["apply"] = scores.get("apply", 0.0) + self._learnt.telling_word + scores.pop("conditions", 0.0)
        if (
            finding.by == "context"
            and len(context.subjects) == 1
            and not who_may
            and asks_may(found.text)
            and tells_of_work(found.text)
        ):
            # "เชื่อมข้อมูลกับกรมเดียว จะเสนอผลงานได้ไหม" is no question about how to apply, nor for another one.
            moved = scores.pop("apply", 0.0) + (0.0 if WHICH.search(found.text) else scores.pop("recommend", 0.0))
            scores["conditions"] = scores.get("conditions", 0.0) + moved
        may = finding.by == "name" and len(finding.named) == 1 and not {"recommend", "quiz"} & {*told}
        passes = asks_if_it_passes(found.text)
        if (
            may
            and (passes or asks_may(found.text) or _WHAT_IT_TAKES.search(found.text))
            and not WHICH.search(found.text)
        ):
            # "May we?", "what does it take?" about a named category is about its conditions.
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop("recommend", 0.0)
            if passes:
                scores["conditions"] += scores.pop("definition", 0.0) + scores.pop("comparison", 0.0)
            if "examples" not in told and asks_may(found.text) and tells_of_work(found.text):
                # "เราเอาหุ่นยนต์มาใช้ ลงนวัตกรรมบริการได้ไหม": like a past work, and not one.
                scores["conditions"] += scores.pop("examples", 0.0)
        elif leaning.ordinal is not None and asks_may(found.text) and len(finding.named) < 2:
            # "อันแรกใช้กับงานภายในหน่วยเดียวได้ไหม"
            scores["conditions"] = scores.get("conditions", 0.0) + scores.pop("definition", 0.0)
        # What is described without a category's name asks for one.
        what_if = is_what_if(found.text) and tells_of_work(found.text) and not self._of_the_scheme(found)
        if (finding.by == "cue" or (finding.by == "content" and what_if)) and scores.get(
            "conditions", 0.0
        ) + scores.get("recommend", 0.0) > 0.5:
            moved = (self._learnt.recommended_what_if if what_if else self._learnt.recommended) * scores.get(
                "conditions", 0.0
            )
            scores["recommend"] = scores.get("recommend", 0.0) + moved
            scores["conditions"] = scores.get("conditions", 0.0) - moved
        if warns:
            # "ระบบแจ้งเตือนผู้ป่วย ส่งได้ไหม": what a work does is no wish.
            scores["reminder"] = 0.0
        total = sum(scores.values())
        return {key: value / total for key, value in scores.items()}

    @staticmethod
    def _says_more(found: Understanding, context: Context, scores: dict[str, float]) -> bool:
        """Whether a question that leans on the one before asks nothing by itself: it names a thing to ask that of, or tells
        of the work."""
        if top(scores) == "examples" and found.text.startswith("ของเรา"):
            # "ของเราทำใน รพ. ที่เดียว": like a past work, and one's own.
            if context.attribute not in ("conditions", "recommend"):
                return False
            scores["examples"] = 0.0
            return True
        if top(scores) not in (OUT_OF_SCOPE, "smalltalk"):
            return False
        tells = tells_of_work(found.text) or supposes_ours(found)
        return only_adds(found) or (context.attribute in ("conditions", "recommend") and tells)

    def _of_the_scheme(self, found: Understanding) -> bool:
        """ "ปี 70 ใช้เกณฑ์เดิมไหม": a point of all awards, of which no category has a condition."""
        topic = top(found.topics)
        return found.topics.get(topic, 0.0) >= self._learnt.point_from and not self._finder.states(
            [topic], tuple(self._round.subjects)
        )

    def _limit_asked(self, found: Understanding, finding: Finding, scores: dict[str, float]) -> bool:
        """ "เลื่องลือกี่พื้นที่": a number that the subject has a condition on, though works have figures of the kind."""
        topics = [topic for topic, belief in found.told.items() if belief >= 0.5]
        first = top(scores)
        so_many = "กี่" in found.text and not _SO_FAR.search(found.text)
        must = first == "definition" and (so_many or _MUST_BE_SO_MANY.search(found.text) is not None)
        return (
            (first == "examples" or must)
            and not finding.example
            and not is_past(found.text)
            and any(self._finder.states(topics, subjects) for subjects, _ in finding.alternatives)
        )


def _told_of(found: Understanding, finding: Finding) -> bool:
    """Whether something that is told of the work that was named is as near as any stranger's question."""
    nearest = max((found.likeness.get(work, 0.0) for work in finding.examples), default=0.0)
    return nearest > 0 and nearest >= _NEARLY_AS_NEAR * found.signs.likeness_to_strangers
