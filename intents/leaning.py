"""What a question leans on: the subjects that the turn before was about, or listed."""

from __future__ import annotations

import regex

from intents.content_index import ContentIndex
from intents.learnt import Learnt
from intents.match import Context
from intents.namings import asked_about, compares, only_adds, only_earlier
from intents.references import asks_may, supposes, tells_of_work
from intents.signs import attributes_told
from intents.stated import WHICH, top
from intents.understanding import Understanding
from knowledge.model import Example

# Asked without a name, these are about the scheme as a whole.
OF_THE_SCHEME = frozenset({"deadline", "documents", "apply", "contact", "reminder", "quiz", "recommend", "scoring"})
OF_NOTHING = frozenset({"smalltalk", "out_of_scope"})
_TOLD_FROM = 0.5
# With so much (0 to 1) speaking for something else, nothing of ours is supposed.
_STRANGE = 0.3
_BUT = regex.compile(r"แต่(?:ว่า)?(?!ละ|ถ้า)")
_COUNTED = r"\s?(?:อัน|ประเภท|ตัว|อย่าง|รางวัล|ข้อ)(?:นี้|นั้น)"
_TWO = regex.compile(rf"ทั้ง(?:สอง|2|คู่)|(?:สอง|2){_COUNTED}")
_THREE = regex.compile(rf"ทั้ง(?:สาม|3)|(?:สาม|3){_COUNTED}")
_KIND_NUMBER = regex.compile(r"ประเภท(?:ที่)?\s?\d(?!\d|\s?ใน)")
_POINT_NUMBER = regex.compile(r"ข้อ(?:ที่)?\s?\d(?!\d|\s?ใน)")
_BRANCHES = regex.compile(r"(?:สาขา|ด้าน|หมวด|ระดับ)ทั้ง|ทั้ง(?:สาม|สอง|3|2)(?:สาขา|ด้าน|หมวด|ระดับ)")
_OURS = regex.compile(r"^งาน|เรา|ผม|หนู|ดิฉัน|ข้าพเจ้า")
_THE_NEXT = regex.compile(r"(?:อัน|ประเภท|ข้อ|ตัว)(?:ถัดไป|ต่อไป|ถัดมา)")
_AMONG = regex.compile(r"ใน\s?(?:สาม|สอง|2|3|ทั้ง)")
_WITH_ONE = regex.compile(r"(?:กับ|กะ|จาก)\s?(?:อัน|ตัว|ประเภท|ข้อ)(?:ที่)?\s?(?:แรก|หลัง|สุดท้าย|สอง|สาม|\d)")
_NUMBER = regex.compile(r"(?:^|\s|แล้ว|ละ)(?:ข้อ|อัน|ประเภท|ตัว)(?:ที่)?\s?(?:แรก(?!ที่|สุด)|สุดท้าย|สอง|สาม|สี่|ห้า|หก|[1-6](?!\d))")
_OF_ITS_BRANCH = regex.compile(r"(?:ของ|ใน)(?:สาขา|ด้าน)(?:นี้|นั้น|เดียวกัน)")
_WHICH_IS_IT_IN = regex.compile(
    r"^(?:แล้ว)?(?:มัน|(?:ผล)?งาน(?:นี้|นั้น|ชิ้นนี้)|อัน(?:นี้|นั้น)|เรื่อง(?:นี้|นั้น)|เค้า|เขา)\s?(?:อยู่|ได้|เข้า|เป็น|ของ|จัดอยู่|ส่ง(?:เข้า)?)(?:ใน)?(?:รางวัล)?(?:ประเภท|สาขา|รางวัล)(?:ไหน|อะไร|ใด)$"
)
# "Of the one before", "the one that I asked about first".
_ONE_BEFORE = regex.compile(r"(?:อัน|ตัว|ประเภท|เรื่อง)(?:ที่(?:ถาม|คุย|ว่า))?(?:ก่อนหน้า|ก่อนนี้)")
_THIS_AND_THAT = regex.compile(
    r"(?:อัน|ตัว|ประเภท)นี้\s?(?:กับ|กะ|และ|ต่างจาก|ต่างกับ)\s?(?:อัน|ตัว|ประเภท)(?:เมื่อกี้|ตะกี้|ก่อน|ที่แล้ว|เมื่อตะกี้)"
    r"|(?:อัน|ตัว|ประเภท)(?:เมื่อกี้|ตะกี้|ก่อน|ที่แล้ว|เมื่อตะกี้)\s?(?:กับ|กะ|และ|ต่างจาก|ต่างกับ)\s?(?:อัน|ตัว|ประเภท)นี้"
)
_FIRST_ASKED = regex.compile(r"(?:อัน|ตัว|ประเภท|รางวัล|เรื่อง)?ที่(?:ถาม|คุย|พูดถึง)(?:ถึง)?(?:ไป)?(?:ตอน|อัน|ครั้ง)?แรก")
_THE_ONE = regex.compile(
    r"(?:อัน|ตัว|ประเภท|พวก)(?:ที่)?(?:เป็น|เกี่ยวกับ|เรื่อง|ว่า|แก้|ทำ|มี|ใช้|เน้น|ปรับปรุง|พัฒนา|รับ|ให้|ดู)?\s?(?:การ)?$"
)
# "ตัวที่อยู่สาขาบริการ", "อันของฝั่งมีส่วนร่วม".
_THE_ONE_IN = regex.compile(r"(?:อัน|ตัว)(?:ที่)?(?:อยู่|ของ|ทาง|ฝั่ง|ใน|ด้าน|สาขา|\s)+$")
_ALL_OF_IT = regex.compile(r"กี่|ทั้งหมด|ทุก|บ้าง")
# So short a text says no more than the figure that is wanted ("เฉพาะอาหาร").
FEW_WORDS = 3


def supposes_ours(found: Understanding) -> bool:
    """Whether something is supposed that may be of a work ("ถ้าใช้โดรนด้วยล่ะ"), and not of the person ("ถ้าแฟนขอเลิกล่ะ")."""
    return supposes(found.text) and found.attributes["out_of_scope"] < _STRANGE


class Leaning:
    """Tells what is carried over, by one round's content."""

    def __init__(self, index: ContentIndex, learnt: Learnt) -> None:
        self._index = index
        self._learnt = learnt

    def pointed_to(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "The second one", "both", "how do they differ": among the subjects that were listed or talked about, or one by its
        number in their branch."""
        reference = found.reference
        lately = self._lately(found, context)
        if lately:
            return lately
        described = self._described(found, context)
        if described:
            return described
        sibling = self._sibling(found, context)
        if sibling:
            return sibling
        of_branch = self._of_named_branch(found) or self._one_of_a_branch(found, context)
        if of_branch:
            return of_branch
        if len(context.offered) < 2 or any(m.name.kind != "name" for m in found.names):
            return ()
        if len(reference.ordinals) > 1 and all(place < len(context.offered) for place in reference.ordinals):
            return tuple(dict.fromkeys(context.offered[place] for place in reference.ordinals))
        count = 2 if _TWO.search(found.text) else 3 if _THREE.search(found.text) else len(context.offered)
        if reference.both and count != len(context.offered) and _BRANCHES.search(found.text):
            # "สาขาทั้งสามได้แก่อะไรบ้าง" after two awards: no number of those.
            return ()
        if reference.both and not (reference.ordinal is not None and _AMONG.search(found.text)):
            # "เปิดใจกับสัมฤทธิผล ทั้งสองประเภท": those that are named.
            return () if len({m.name.subjects for m in found.names}) > 1 else context.offered
        if reference.ordinal is not None and reference.ordinal < len(context.offered):
            pointed = context.offered[reference.ordinal]
            beside = context.subjects[0] if len(context.subjects) == 1 else ""
            if beside in context.offered and beside != pointed and self._compared_with_it(found):
                # "compare กับอันแรกให้ด้วย", "ต่างจากอันแรกยังไง" after one of the list.
                return (beside, pointed)
            named = {s for m in found.names if len(m.name.subjects) == 1 for s in m.name.subjects}
            if compares(found) and len(found.names) == len(named) == 1 and pointed not in named:
                # "เปิดใจกับตัวสุดท้ายต่างกันยังไง"
                return (*named, pointed)
            # "เงื่อนไขของอันแรก นวัตกรรมน่ะ": the name says which one is meant.
            return () if not compares(found) and self._names_one(found, pointed) else (pointed,)
        beyond = self._beyond(found, context)
        if beyond:
            return beyond
        others = tuple(s for s in context.offered if s not in context.subjects)
        if reference.other and len(others) == 1 and len(context.subjects) == 1:
            return others
        if not found.names and self._index.attribute(found) == "comparison" and len(context.offered) <= 3:
            return context.offered
        return ()

    def _beyond(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "แล้วอันที่สามล่ะ" after the first two of a branch were compared: the third one of that branch."""
        parents = {self._index.round.subjects[s].parent for s in context.offered}
        parent = parents.pop() if len(parents) == 1 else None
        place = found.reference.ordinal
        if parent in (None, "awards") or place is None or not _NUMBER.search(found.text):
            return ()
        parts = self._index.round.children(parent)
        return (parts[place].key,) if len(context.offered) <= place < len(parts) else ()

    def _compared_with_it(self, found: Understanding) -> bool:
        return bool(_WITH_ONE.search(found.text)) and not found.names and self._index.attribute(found) == "comparison"

    def _of_named_branch(self, found: Understanding) -> tuple[str, ...]:
        """ "กลับมาสาขาบริการ ข้อ 2 คืออะไร": those of a branch that are named by their places in it."""
        place = found.reference.ordinal
        named = {subject for mention in found.names for subject in mention.name.subjects}
        if place is None or len(named) != 1 or not _NUMBER.search(found.text):
            return ()
        (branch,) = named
        parts = self._index.round.children(branch) if branch != "awards" else ()
        if len(found.reference.ordinals) > 1 and all(p < len(parts) for p in found.reference.ordinals):
            return tuple(parts[p].key for p in found.reference.ordinals)
        if compares(found):
            return ()
        return (parts[place].key,) if parts and place < len(parts) else ()

    def _one_of_a_branch(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "หมายถึงตัวที่อยู่สาขาบริการ" after two of different branches: the one of that branch."""
        if _ALL_OF_IT.search(found.text):
            return ()
        places = [m for m in (*found.names, *found.cues) if _THE_ONE_IN.search(found.text[: m.start])]
        branches = {subject for mention in places for subject in mention.name.subjects}
        inside = [s for s in context.offered if self._index.round.subjects[s].parent in branches]
        return (inside[0],) if len(inside) == 1 and len(context.offered) > 1 else ()

    def _lately(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "Both" of two that were picked from a longer list one by one; "the one before"; "the one that I asked about first"."""
        if any(m.name.kind == "name" for m in found.names) or not context.recent:
            return ()
        first, *latest = context.recent
        count = 2 if _TWO.search(found.text) else 3 if _THREE.search(found.text) else 0
        if found.reference.both and count and len(context.offered) != count and len(latest) >= count:
            return tuple(latest[-count:])
        if compares(found) and _THIS_AND_THAT.search(found.text) and len(latest) > 1:
            return tuple(latest[-2:])
        if _ONE_BEFORE.search(found.text) and len(latest) > 1:
            return (latest[-2],)
        return (first,) if _FIRST_ASKED.search(found.text) else ()

    def _described(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "อันเชื่อมข้อมูล", "อีกอันที่เป็นอนุมัติอนุญาต": one of what is talked about, or of their branch, by a word of it."""
        if found.names or not context.subjects or context.subjects == ("awards",):
            return ()
        cues = [c for c in found.cues if len(c.name.subjects) == 1 and _THE_ONE.search(found.text[: c.start])]
        subjects = {subject for cue in cues for subject in cue.name.subjects}
        if len(subjects) != 1:
            return ()
        (subject,) = subjects
        branches = {self._index.round.subjects[s].parent for s in context.subjects}
        near = subject in context.offered or self._index.round.subjects[subject].parent in branches
        return (subject,) if near else ()

    def _sibling(self, found: Understanding, context: Context) -> tuple[str, ...]:
        """ "ประเภทที่ 5" after one category: of its branch, whether that was listed or not. "ข้อ 5" only after past works:
        else it is a point of what was just told."""
        place = found.reference.ordinal
        following = _THE_NEXT.search(found.text)
        # "ข้อถัดไป" after the conditions of a category is the next of those.
        of_points = following is not None and following[0].startswith("ข้อ") and context.attribute == "conditions"
        if following and not of_points and len(context.subjects) == 1 and not found.names:
            row = context.offered if len(context.offered) > 2 else ()
            parent = self._index.round.subjects[context.subjects[0]].parent
            row = row or tuple(c.key for c in self._index.round.children(parent or "awards") if parent != "awards")
            after = row.index(context.subjects[0]) + 1 if context.subjects[0] in row else len(row)
            return row[after : after + 1]
        of_the_branch = bool(_OF_ITS_BRANCH.search(found.text))
        numbered = (
            of_the_branch
            or _KIND_NUMBER.search(found.text)
            or (context.attribute == "examples" and _POINT_NUMBER.search(found.text))
        )
        if place is None or len(context.subjects) != 1 or found.names or not numbered:
            return ()
        parent = self._index.round.subjects[context.subjects[0]].parent
        branch = self._index.round.children(parent) if parent not in (None, "awards") else ()
        if of_the_branch and branch and place < len(branch):
            return (branch[place].key,)
        if len(context.offered) > max(place, 1) or not 0 <= place < len(branch):
            return ()
        return (branch[place].key,)

    def _names_one(self, found: Understanding, pointed: str) -> bool:
        """Whether one category is named for itself at the end ("… นวัตกรรมน่ะ"), and not inside what is asked of `pointed`."""
        *_, last = found.names or [None]
        if last is None or last.end < len(found.text) or not (last.start == 0 or found.text[last.start - 1] == " "):
            return False
        named = {subject for mention in asked_about(found) for subject in mention.name.subjects}
        return len(named) == 1 and not only_earlier(found, pointed) and not self._index.round.children(*named)

    def leans(self, found: Understanding, context: Context) -> bool:
        """Whether a question that names nothing is about what was said before."""
        if not context.subjects:
            return False
        reference, attribute = found.reference, self._index.attribute(found)
        if context.attribute == "conditions" and "recommend" in attributes_told(found.text):
            # "แล้วส่งอะไรได้บ้าง" after one that it may not be: others.
            return False
        if context.subjects == ("awards",) and found.cues and attribute in ("definition", "conditions"):
            # "แล้วรางวัลที่ให้หน่วยงานที่เด่นทุกสาขาชื่ออะไร" after the scheme: one of its awards is described.
            return False
        of_the_office = attribute in ("contact", "reminder") and found.attributes[attribute] >= _TOLD_FROM
        if of_the_office and not (reference.demonstrative or reference.bare or reference.both):
            # "งั้นรบกวนแจ้งทางนี้ด้วย": whom to call, and what to be told of, is the scheme's unless it is pointed at.
            return False
        points = reference.follow_up or reference.demonstrative or reference.correction or reference.bare
        if only_adds(found) or (points and (attribute not in OF_NOTHING or reference.bare or found.years)):
            return True
        if attribute == "examples" or (context.attribute == "examples" and self._tells_of_a_work(found, context)):
            return True
        but = _BUT.match(found.text) is not None and attribute not in OF_THE_SCHEME
        if context.attribute == "conditions" and but and not WHICH.search(found.text):
            # "แต่ว่าปลัดออกใบแทนเราได้เลย"
            return True
        tells = tells_of_work(found.text) or supposes_ours(found)
        if context.attribute in ("conditions", "recommend") and attribute in OF_NOTHING and tells:
            # "เราทำ 2 ใบจาก 15 ใบ" after the conditions of a category.
            return True
        parent = self._index.round.subjects[context.subjects[0]].parent if len(context.subjects) == 1 else None
        if (
            parent not in (None, "awards")
            and asks_may(found.text)
            and _OURS.search(found.text)
            and not WHICH.search(found.text)
        ):
            # "lab เรา share ผลวิเคราะห์ดินกับ ธกส เข้าไหม" after one category: into that one.
            return True
        # The calendar, forms and contacts are the scheme's, unless the person points back.
        if attribute in OF_NOTHING or (attribute in OF_THE_SCHEME - {"scoring", "apply"}):
            return False
        return not self._content_elsewhere(found, context)

    @staticmethod
    def asks_where_it_is(found: Understanding, context: Context) -> bool:
        """ "มันอยู่ประเภทไหน" after a past work."""
        return (
            context.attribute == "examples"
            and context.subjects != ("awards",)
            and bool(_WHICH_IS_IT_IN.search(found.text))
        )

    def has_kinds(self, context: Context) -> bool:
        """Whether the one subject that was talked about has kinds, which can be pointed at."""
        return len(context.subjects) == 1 and bool(self._index.round.subjects[context.subjects[0]].kinds)

    def asks_of_all(self, found: Understanding, context: Context) -> bool:
        """ "แล้วอันไหนต้อง 2 ปี": which of all, not of those just told, unless these are of one branch or compared."""
        if not context.subjects or found.reference.demonstrative or context.attribute == "comparison":
            return False
        if not self._index.stated.asked_of_which(found) or any(self._index.round.children(s) for s in context.subjects):
            return False
        branches = {self._index.round.subjects[s].parent for s in context.subjects}
        return len(context.subjects) == 1 or len(branches) > 1

    def _tells_of_a_work(self, found: Understanding, context: Context) -> bool:
        """Whether the question is in nearly the words for a past work of what is talked about."""
        nearest = self._index.entries.get(self._index.nearest(found))
        return (
            isinstance(nearest, Example)
            and nearest.subject in context.subjects
            and found.likeness[nearest.id]
            >= (
                self._learnt.figure_of_known_from
                if found.reference.follow_up or len(found.words) <= FEW_WORDS
                else self._learnt.figure_from
            )
        )

    def branch_of(self, context: Context, found: Understanding) -> tuple[str, ...]:
        """ "Which of them …?" after several of one branch asks about the whole branch."""
        subjects = context.subjects
        if not WHICH.search(found.text) or context.attribute == "comparison":
            # Of two that were compared, it is one of them.
            return subjects
        if set(subjects) < set(context.offered):
            subjects = context.offered
        parents = {self._index.round.subjects[key].parent for key in subjects}
        parent = parents.pop() if len(parents) == 1 else None
        return (parent,) if parent and len(subjects) > 1 else context.subjects

    def _content_elsewhere(self, found: Understanding, context: Context) -> bool:
        """Whether the question asks for a piece of content that only another subject has."""
        if found.ambiguity and found.ambiguity[1] >= self._learnt.ambiguous_from:
            return False
        told = [topic for topic, belief in found.told.items() if belief >= _TOLD_FROM]
        if told and self._index.states(told, context.subjects):
            # "ทำในกองเดียวได้ไหม": by its unit it speaks of a condition of what is talked about.
            return False
        topic = top(found.topics)
        if found.topics.get(topic, 0.0) >= self._learnt.topic_elsewhere_from:
            having = {e.subject for e in self._index.having.get(topic, ())}
            related = {key for s in context.subjects for key in self._index.round.ancestors(s)}
            return len(having) == 1 and not having & related
        best = self._index.nearest(found)
        if (
            not best
            or found.likeness[best] < self._learnt.entry_elsewhere_from
            or self._index.entries[best].subject in context.subjects
        ):
            return False
        shared = self._index.having.get(self._index.entries[best].topic or "", ())
        return not any(e.subject in context.subjects for e in shared)
