"""Decides which subjects a question is about: named, pointed to, carried over from the turn before, or none."""

from __future__ import annotations

from dataclasses import replace

import regex

from intents.content_index import ContentIndex
from intents.finding import Finding, both_likely, by_cue
from intents.leaning import OF_NOTHING, OF_THE_SCHEME, Leaning
from intents.learnt import Learnt
from intents.match import Context
from intents.namings import all_earlier, asked_about, compares, named_officially, of_a_branch, only_earlier
from intents.references import points_back
from intents.signs import asks_its_name, asks_what_it_won
from intents.stated import WHICH, top
from intents.understanding import Understanding
from knowledge.model import SUBJECT_KEYS, Condition, Round

# Whether one work may be entered for several is asked of all awards.
_SCHEMES_POINT = "several_categories"
# Whatever was talked about, all awards are the scheme's.
_WHOLE_SCHEME = regex.compile(r"(?:รางวัล|เลิศรัฐ)ทั้งหมด|ทุกรางวัล|ทั้งหมดมีกี่รางวัล|มี(?:กี่รางวัล|รางวัล(?:อะไร|ไหน)(?:อยู่)?บ้าง)")
_DIFFERS = regex.compile(r"(?:แล้ว)?(?:มัน)?ต่าง")
# "เติมขับเคลื่อนเห็นผลเข้าไปเทียบด้วย"
_ONE_MORE = regex.compile(r"^(?:เติม|เพิ่ม|ใส่|บวก|เอา)\S+.*เทียบ(?:ด้วย|อีก)")
_IT = regex.compile(r"(?:^|\s)(?:แล้ว)?(?:มัน|อันนั้น|ตัวนั้น)ต่าง")
_OF_AWARDS = regex.compile(r"รางวัล|เลิศรัฐ|ประเภท|สาขา|หมวด|ประกวด|โครงการนี้|อะไรบ้าง")
_BRANCH_AWARD = regex.compile(r"(?:^|[\s,])(?:รางวัล)?สาขา(?:$|[\s,]|กับ|และ|ต่าง)")
# "ตัวอย่างงานที่เคยได้ดีเด่น": past works of any category, though one demands an earlier award.
_WON = regex.compile(r"เคย(?:ได้|ชนะ)|ดีเด่น|รางวัล")
_YEARS_ONLY = regex.compile(r"(?:แล้ว|ส่วน)?(?:ที่)?\s?\d+\s?ปี\s?(?:ล่ะ|ละ)?")
# "ประเภทหนึ่งใน…" is one of several, and not the first of them.
_NUMBER_OF = regex.compile(
    r"(?:ประเภท|หมวด|ข้อ|อัน|ตัว)(?:ที่\s?(?:\d|หนึ่ง|สอง|สาม|สี่|ห้า|หก)|\s?\d|แรก|สุดท้าย)\s?(?:ของ|ใน|จาก)"
    r"|^\S+\s(?:ข้อ|ประเภทที่)\s?\d(?!\d)"
)
_KIND_NUMBER = regex.compile(r"(?:ประเภท|ตัว|อัน)ที่")
# So many listed subjects are still talked about each by itself.
_FEW = 3
# What is described and asked the name of is one of ours when so near (cosine) to what is said of it.
_DESCRIBED_FROM = 0.3
# Of the past works, the one told of is so near (cosine), and so much nearer than the next one.
_WORK_FROM, _WORK_LEADS_BY = 0.4, 1.4
# "ขอตัวอย่างหน่อย": of anything; nearness to one example's own phrasings says nothing.
ANY_EXAMPLE = regex.compile(
    r"(?:ขอ|ดู|มี|หา|อยาก(?:ได้|เห็น)?|\s)*(?:ตัวอย่าง|(?:ข้อมูล)?ตัวเลขผลลัพธ์)(?:ผลงาน|ด้วย|หน่อย|ไหม|บ้าง|ให้|ดู|ที|\s)*"
)


class SubjectFinder:
    """Finds subjects by one round's content. `shared` are the names that several subjects have."""

    def __init__(self, round_: Round, shared: tuple[tuple[str, ...], ...], learnt: Learnt) -> None:
        self._round = round_
        self._learnt = learnt
        self._shared = shared
        self._index = ContentIndex(round_, learnt)
        self._leaning = Leaning(self._index, learnt)
        self.states = self._index.states
        self._judged = {entry.subject for entry in round_.entries if isinstance(entry, Condition)}

    def find(self, found: Understanding, context: Context) -> Finding:
        """The subjects of an understood question; see Finding."""
        asked = asked_about(found)
        examples = tuple(dict.fromkeys(m.name.entry for m in asked if m.name.kind == "example" and m.name.entry))
        pointed = self._leaning.pointed_to(found, context)
        if pointed:
            return Finding(((pointed, 1.0),), "context", pointed, examples)
        if found.names:
            return self._named(found, context, examples)
        reference, before = found.reference, bool(context.subjects or context.offered)
        if reference.bare and reference.ordinal is not None and self._leaning.has_kinds(context):
            # "แบบหลังล่ะ": of the kinds of what is talked about.
            return Finding(((context.subjects, 0.95),), "context")
        if reference.bare and (reference.ordinal is not None or reference.both or (reference.other and not before)):
            # "The first one", "the other one", of nothing that was listed.
            return self._nothing()
        if points_back(found.text) and not (before or (found.cues and asks_its_name(found.text))):
            return self._nothing()
        if reference.ordinal is not None and not before and _KIND_NUMBER.search(found.text):
            return self._of_number(reference.ordinal)
        if context.subjects and self._leaning.asks_where_it_is(found, context):
            return Finding(((context.subjects, 0.95),), "context", attribute="examples")
        if _WHOLE_SCHEME.search(found.text) and not found.reference.demonstrative:
            return self._unnamed(found)
        if self._leaning.asks_of_all(found, context):
            return self._unnamed(found)
        if context.topic and len(context.subjects) > 1 and _YEARS_ONLY.fullmatch(found.text):
            # "แล้ว 2 ปีล่ะ" after those that must have done it for one.
            stating = self._index.stated.on(context.topic, found)
            if stating:
                return Finding(((stating, 0.9),), "content", attribute="conditions")
        if self._of_all_awards(found, context):
            # "ส่งงานเดียวหลายประเภทได้ไหม", whatever was talked about.
            return Finding(((("awards",), 0.95),), "content")
        if self._leaning.leans(found, context):
            subjects = self._within(self._leaning.branch_of(context, found), found)
            return Finding(((self._of_the_pair(subjects, found, context), 0.95),), "context")
        return self._unnamed(found)

    def _of_the_pair(self, subjects: tuple[str, ...], found: Understanding, context: Context) -> tuple[str, ...]:
        """ "อันไหนต้องย้อนหลังไม่เกิน 5 ปี" after two were compared: those of them that state it, where any does."""
        which = self._index.stated.asked_of_which(found) if context.attribute == "comparison" else ""
        answering = self._index.stated.answering(which, found) if which else ()
        return tuple(s for s in subjects if s in answering) or subjects

    def _of_all_awards(self, found: Understanding, context: Context) -> bool:
        """Whether it surely asks for a point of the scheme's that no branch settles, and does not point back."""
        topic = top(found.topics)
        if topic != _SCHEMES_POINT or found.topics[topic] < self._learnt.topic_elsewhere_from:
            return False
        return context.subjects not in ((), ("awards",)) and not found.reference.demonstrative

    # -- names ---------------------------------------------------------------------------------------------------------

    def _named(self, found: Understanding, context: Context, examples: tuple[str, ...]) -> Finding:
        mentions = asked_about(found)
        if (
            WHICH.search(found.text)
            and not examples
            and self._index.attribute(found) == "recommend"
            and all_earlier(found)
        ):
            # "ต่อยอดงานที่เคยได้ … ควรส่งอันไหน": the award that it has won is not the one that is looked for.
            branch = self._round.subjects[mentions[0].name.subjects[0]].parent or "awards"
            return by_cue(found) or Finding((((branch,), 0.9),), "content")
        if len(context.subjects) == 1 and context.subjects[0] != "awards" and only_earlier(found, context.subjects[0]):
            return Finding(((context.subjects, 0.95),), "context")
        sure: dict[str, float] = {}
        unsure: list[tuple[str, ...]] = []
        for mention in mentions:
            if len(mention.name.subjects) == 1:
                subject = mention.name.subjects[0]
                sure[subject] = max(sure.get(subject, 0.0), mention.score)
            else:
                unsure.append(mention.name.subjects)
        for subjects in unsure:
            if any(s in sure for s in subjects):
                continue
            # A branch that was named beside an ambiguous name settles it.
            below = [s for s in subjects if any(parent in sure for parent in self._parents(s))]
            if len(below) == 1:
                sure[below[0]] = 0.95
                continue
            if compares(found):
                sure |= dict.fromkeys(subjects, 0.95)
                continue
            beliefs = self._evidence(found, context, subjects)
            best, second = sorted(beliefs.values(), reverse=True)[:2]
            if best - second < self._learnt.clearer_by:
                # What speaks for one no more than a little is no reason to put it first.
                ranked = sorted(beliefs.items(), key=lambda item: -round(item[1], 1))
                return Finding(tuple(((subject,), 0.5) for subject, _ in ranked), "ambiguous", (), examples)
            sure[top(beliefs)] = 0.9
        named = [s for s in sure if not any(s in self._parents(other) for other in sure if other != s)]
        works = {m.name.subjects[0] for m in mentions if m.name.kind == "example"}
        if works:
            named = [s for s in named if s != "awards"] or named
        ordered = tuple(sorted(named, key=list(sure).index))
        if len(ordered) == 1 and (found.reference.bare or of_a_branch(mentions, found)) and not compares(found):
            ordered = (self._counterpart(ordered[0], context),)
        if compares(found) and {"best", "honor"} & {*ordered} and _BRANCH_AWARD.search(found.text):
            # "ยอดเยี่ยม เกียรติยศ สาขา ต่างกันยังไง"
            ordered = (*ordered, *(s for s in ("branch",) if s not in ordered))
        if len(ordered) == 1 and found.reference.ordinal is not None and _NUMBER_OF.search(found.text):
            ordered = (self._part(ordered[0], found.reference.ordinal),)
        parent = self._round.subjects[ordered[0]].parent if ordered else None
        if parent and len(ordered) > 2 and {s.key for s in self._round.children(parent)} == set(ordered):
            # All the parts of one whole are that whole.
            ordered = (parent,)
        by = "example" if works and set(ordered) <= works else "name"
        belief = min((sure.get(s, 0.95) for s in ordered), default=0.9)
        # The scheme's name alone says little: what is asked may still point to one subject.
        if ordered == ("awards",):
            content = self._by_content(found)
            if content and content.alternatives[0][0] != ("awards",) and not self._known_of("awards", found):
                return content
        if len(ordered) == 1 and len(context.subjects) == 1 and ordered[0] in self._parents(context.subjects[0]):
            # "ต้องมีส่วนร่วมระดับไหน" after one category speaks of that category, "สาขามีส่วนร่วม" of the branch.
            mention = next(m for m in mentions if ordered[0] in m.name.subjects)
            if not found.reference.bare and not named_officially(mention, found):
                return Finding(((context.subjects, 0.95),), "context")
        topic = top({**found.topics, **found.told}) if len(ordered) > 1 else top(found.topics)
        belief_in_it = max(found.topics.get(topic, 0.0), found.told.get(topic, 0.0))
        asked = belief_in_it >= self._learnt.topic_from and not compares(found)
        if len(ordered) > 1 and asked and {e.subject for e in self._index.having.get(topic, ())} == {"awards"}:
            # A point that only the scheme has ("both with one work?"), asked of some.
            return Finding(((ordered, 0.95),), "name", ordered)
        added = _ONE_MORE.search(found.text) or (
            found.reference.follow_up and found.text.startswith(("แล้วกับ", "กับ", "และ", "แล้วถ้ากับ"))
        )
        if compares(found) and len(ordered) == 1 and len(context.subjects) == 1 and by == "name":
            other = context.subjects[0]
            if other == "awards" and context.offered and _IT.search(found.text):
                # "มันต่างกับ … ยังไง" after a list: the first thing listed.
                other = next((s for s in context.offered if s != ordered[0]), other)
            # "… differs how?" after one subject compares it with the one named now.
            if other not in (ordered[0], "awards") and (
                not self._round.children(ordered[0]) or _DIFFERS.match(found.text)
            ):
                ordered = (other, *ordered)
        if added and context.attribute == "comparison" and len(ordered) == 1 and ordered[0] not in context.subjects:
            ordered = (*context.subjects[:2], *ordered)
        return Finding(((self._within(ordered, found), belief),), by, ordered, examples)

    def _parents(self, key: str) -> tuple[str, ...]:
        return tuple(parent for parent in self._round.ancestors(key) if parent != key)

    def _part(self, branch: str, ordinal: int) -> str:
        """ "ประเภทที่ 3 ของรางวัลบริการภาครัฐ": one part of a branch by its place (-1 is the last), else the branch."""
        parts = self._round.children(branch)
        return parts[ordinal].key if len(parts) > max(ordinal, 0) else branch

    def _counterpart(self, branch: str, context: Context) -> str:
        """ "ของมีส่วนร่วม", where one of those in question has its like under that branch; else the branch itself."""
        # A whole branch's list is no talk of each of its parts.
        talked_about = {*context.subjects, *(context.offered if len(context.offered) <= _FEW else ())}
        below = [s for s in context.offered if branch in self._parents(s)]
        if len(below) == 1:
            return below[0]
        for subjects in self._shared:
            like = [s for s in subjects if branch in self._parents(s)]
            if len(like) == 1 and talked_about & set(subjects):
                return like[0]
        return branch

    def _evidence(self, found: Understanding, context: Context, subjects: tuple[str, ...]) -> dict[str, float]:
        """How much else in the question speaks for each of `subjects`; a whole point each for clear signs."""
        beliefs = dict.fromkeys(subjects, 0.0)
        spans = [(m.start, m.end) for m in found.names]
        for subject in subjects:
            for cue in found.cues:
                inside = any(start <= cue.start and cue.end <= end for start, end in spans)
                spoken_for = [s for s in subjects if {s, *self._parents(s)} & {*cue.name.subjects}]
                if subject in spoken_for and not inside and len(spoken_for) < len(subjects):
                    beliefs[subject] += 1.0
            if subject in context.subjects:
                beliefs[subject] += 0.8
            topics = {
                e.topic for e in self._index.entries.values() if e.subject == subject and isinstance(e, Condition)
            }
            others = {e.topic for e in self._index.entries.values() if e.subject in subjects and e.subject != subject}
            beliefs[subject] += sum(p for topic, p in found.topics.items() if topic in topics - others)
        nearest = self._index.nearest(found)
        if nearest and found.likeness[nearest] >= self._learnt.entry_elsewhere_from:
            # What only one of them has, asked for nearly in its own words.
            owner = self._index.entries[nearest].subject
            if owner in beliefs:
                beliefs[owner] += found.likeness[nearest]
        return beliefs

    def _within(self, subjects: tuple[str, ...], found: Understanding) -> tuple[str, ...]:
        """A branch asked about a point that only its categories settle stands for those categories."""
        if len(subjects) != 1 or not self._round.children(subjects[0]):
            return subjects
        which = self._index.stated.asked_of_which(found)
        if which:
            return self._index.stated.answering(which, found, subjects[0]) or subjects
        topic = top(found.topics)
        if found.topics.get(topic, 0.0) < self._learnt.topic_speaks_from:
            return subjects
        if self._known_of(subjects[0], found):
            return subjects
        if self._round.topics[topic].attribute == "definition":
            # "PMQA หมวด 4": what only one of the branch's parts has is asked of that part.
            below = {e.subject for e in self._index.having.get(topic, ()) if subjects[0] in self._parents(e.subject)}
            return tuple(below) if len(below) == 1 and found.topics[topic] >= 0.5 else subjects
        if self._round.topics[topic].attribute != "conditions":
            return subjects
        return self._index.stated.on(topic, found, subjects[0]) or subjects

    def _known_of(self, subject: str, found: Understanding) -> bool:
        topic = top(found.topics)
        return any(e.subject == subject for e in self._index.having.get(topic, ()))

    # -- without a name --------------------------------------------------------------------------------------------------

    def _unnamed(self, found: Understanding) -> Finding:
        attribute = self._index.attribute(found)
        if found.denied and attribute in ("recommend", "conditions"):
            # "We have no innovation, what fits?": something else of the same branch.
            parent = self._round.subjects[found.denied[0].name.subjects[0]].parent or "awards"
            return Finding((((parent,), 0.9),), "content")
        needs_one = (
            attribute in ("conditions", "comparison") and found.attributes[attribute] >= self._learnt.topic_speaks_from
        )
        if ANY_EXAMPLE.fullmatch(found.text):
            return Finding(((("awards",), 0.75),), "default")
        which = self._index.stated.asked_of_which(found)
        answering = self._index.stated.answering(which, found) if which else ()
        if answering:
            return Finding(((answering, 0.9),), "content", attribute="conditions")
        as_a_whole = needs_one and found.general.get(attribute, 0.0) >= self._learnt.as_a_whole_from and not found.cues
        by_content = None if as_a_whole else self._by_content(found)
        if by_content:
            return by_content
        cued = by_cue(_without_what_it_won(found) if attribute == "examples" else found)
        if cued and attribute == "recommend":
            return both_likely(cued, self._learnt.nearly)
        if cued and attribute not in OF_THE_SCHEME - {"recommend"} | OF_NOTHING:
            return cued
        if attribute == "comparison" and len(found.years) > 1:
            # "เกณฑ์ปี 68 กับปี 69 ต่างกันไหม": rounds are compared, of all awards.
            return Finding(((("awards",), 0.75),), "default")
        if needs_one:
            return self._nothing()
        if attribute == "definition" and not _OF_AWARDS.search(found.text) and not found.cues:
            # "นิยามว่าไง", "ขอรายละเอียดเพิ่มเติม": of what was not said.
            return self._nothing()
        return Finding(((("awards",), 0.9 if attribute in OF_THE_SCHEME else 0.75),), "default")

    def _nothing(self) -> Finding:
        branches = tuple(s.key for s in self._round.children("awards") if self._round.children(s.key))
        return Finding(tuple(((key,), 0.5) for key in branches), "nothing")

    def _of_number(self, ordinal: int) -> Finding:
        """ "ประเภทที่ 3", of nothing that was listed: the third one of either branch."""
        branches = [
            [part for part in self._round.children(s.key) if part.key in self._judged]
            for s in self._round.children("awards")
        ]
        numbered = tuple(parts[ordinal].key for parts in branches if len(parts) > max(ordinal, 0))
        return Finding(tuple(((key,), 0.5) for key in numbered), "ambiguous") if len(numbered) > 1 else self._nothing()

    def _by_content(self, found: Understanding) -> Finding | None:
        """The subject of the one piece of content that the question asks for, or all that state its topic."""
        attribute = self._index.attribute(found)
        if attribute == "recommend":
            best = self._index.nearest(found)
            if (
                best
                and self._index.entries[best].attribute == attribute
                and found.likeness[best] >= self._learnt.entry_speaks_from
            ):
                return Finding((((self._index.entries[best].subject,), 0.9),), "content")
        if attribute in {"recommend", "advice", "quiz", "reminder", *OF_NOTHING}:
            return None
        topic = top(found.topics)
        sure = found.topics.get(topic, 0.0)
        if topic and sure >= self._learnt.topic_speaks_from and self._round.topics[topic].attribute == attribute:
            having = {e.subject for e in self._index.having.get(topic, ())}
            stating = self._index.stated.on(topic, found)
            belief = min(1.0, sure + 0.3)
            if stating and WHICH.search(found.text):
                return Finding(((stating, belief),), "content")
            if "awards" in having:
                return Finding(((("awards",), belief),), "content")
            if len(having) == 1:
                return Finding(((tuple(having), belief),), "content")
            cued = by_cue(found)
            if cued and cued.alternatives[0][0][0] in having:
                return Finding(cued.alternatives[:1], "content")
            if len(stating) == 1:
                return Finding(((stating, min(belief, 0.8)),), "content")
            if 1 < len(stating) <= 3:
                return Finding(((stating, belief),), "content")
            if stating or having:
                choices = stating or tuple(key for key in SUBJECT_KEYS if key in having)
                return Finding(tuple(((s,), 0.5) for s in choices[:6]), "ambiguous")
        if asks_what_it_won(found.text):
            # No example is named: that its own questions sound alike says nothing.
            return None
        best = self._index.nearest(found)
        least = _DESCRIBED_FROM if asks_its_name(found.text) else self._learnt.entry_speaks_from
        if best and found.likeness[best] >= least:
            return Finding((((self._index.entries[best].subject,), max(found.likeness[best], 0.6)),), "content")
        return self._work_described(found) if attribute == "examples" else None

    def _work_described(self, found: Understanding) -> Finding | None:
        """The subject of the one past work that the question tells of without its name."""
        works = {e.id: found.likeness[e.id] for e in self._index.examples if e.id in found.likeness}
        if not works:
            return None
        best, *others = sorted(works, key=lambda work: -works[work])
        next_best = max((works[work] for work in others), default=0.0)
        if works[best] < _WORK_FROM or works[best] < _WORK_LEADS_BY * next_best:
            return None
        return Finding((((self._index.entries[best].subject,), works[best]),), "content")


def _without_what_it_won(found: Understanding) -> Understanding:
    return replace(found, cues=tuple(cue for cue in found.cues if not _WON.search(found.text[cue.start : cue.end])))
