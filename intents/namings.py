"""How the names stand in a question: aside, as an earlier award, compared, or tied to a branch."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from intents.entities import Mention
from intents.understanding import Understanding

# A subject named as the source of an earlier work, or as a part of the one asked about, is not what is asked about.
_ASIDE = regex.compile(
    r"(?:(?:เคย)?(?<!ก็)ได้(?:รับ)?|ชนะ|(?:ผลงาน|ของ|งาน|โครงการ)เดิม\S{0,12}|ต่อยอด(?:จาก|(?:ผล)?งาน)|มาจาก|(?<!ต่าง)จาก|รวม(?:ถึง)?|นอกจาก|skip|ข้าม|พัก)\s?(?:รับ)?(?:ระดับ)?(?:ดีเด่น|ชมเชย)?\s?(?:รางวัล)?\s?(?:เลิศรัฐ)?\s?(?:ประเภท|สาขา|ของ)?\s?$"
)
_HAS_IT = regex.compile(r"ได้(?:รับ)?(?:รางวัล)?\s?$")
_OF_ALL_BRANCHES = "best"
# "เปิดใจเอาไปต่อยอดส่งเลื่องลือ", "งานสัมฤทธิผลเดิมเอามาส่ง…": what it was becomes something else.
_MADE_INTO_ANOTHER = regex.compile(
    r"\s?(?:(?:เดิม|เก่า)\s?)?(?:ใกล้ชิด|เดิม)?(?:เอา|นำ)(?:ไป|มา)?\s?(?:ต่อยอด|ขยาย|ส่ง|ลง|สมัคร|ทำ|ใช้)|\s?(?:ไป|มา)ต่อยอด"
)
# An award of the work before says nothing of what is asked while another category is talked about.
_EARLIER = regex.compile(
    r"(?:เคย(?:ได้|ชนะ)(?:รับ)?(?:มา|มัน|แต่)*(?:คือ|เป็น)?(?:ของ)?|รางวัลเดิม(?:ต้อง)?(?:คือ|เป็น|มาจาก)?|(?:^|\s|ถ้า|หาก)เดิม(?:ที)?(?:เรา)?(?:เคย)?(?:ได้(?:รับ)?|เป็น|คือ)|(?:ผลงาน|ของ|งาน|โครงการ)เดิม\S{0,12}|ต่อยอด(?:จาก|(?:ผล)?งาน)|มาจาก|(?<!ต่าง)(?<!เปลี่ยน)จาก(?:(?:ผล)?งาน|โครงการ)?(?:ที่)?(?:เคย)?(?:ได้(?:รับ)?)?|^รวม(?:ถึง)?)\s?(?:รางวัล)?\s?(?:เลิศรัฐ)?\s?(?:ประเภท|สาขา|ของ)?\s?$"
)
# "ของบริการ", "ฝั่งมีส่วนร่วม": the one of those in question that is of this branch.
_OF_THE_BRANCH = regex.compile(
    r"(?:^|\s|แล้ว|อัน|เอา|กับ|กะ|ตัว|หมายถึง)(?:ของ|ฝั่ง|ทาง)(?:เดิม|เก่า)?(?:เป็น|อยู่)?(?:สาขา|งาน)?$"
)
# What stands before a branch's name when the branch itself is meant.
_OFFICIAL = regex.compile(r"(?:สาขา|รางวัล|ประเภท|หมวด|ของ|pmqa|เลิศรัฐ)\S*$")
# What is more like ours than like a stranger's must be so like it (cosine), to be asked of as the thing before.
_OURS_FROM = 0.5
# Whose award it is that is asked for, or what was never won and is asked about for itself.
_ASKED_FOR = regex.compile(
    r"(?:รายชื่อ\S*|ใคร|(?:หน่วยงาน|กรม|กระทรวง|จังหวัด)(?:ไหน|ใด|ที่)|ที่ไหน)(?:บ้าง|ที่)?\s?(?:เคย)?ได้(?:รับ)?(?:รางวัล)?\s?$|ไม่เคยได้(?:รับ)?\s$"
)
# "PMQA รวมด้วยไหม": of the whole that was talked about.
_INCLUDED = regex.compile(r"\s?(?:นี่|ก็|เนี่ย)?\s?(?:(?:รวม|นับ)(?:อยู่)?(?:ด้วย)?(?:ใน(?:นี้|นั้น))?|อยู่ใน(?:นี้|นั้น))(?:ด้วย)?ไหม")
_WHOLES = ("best", "branch")
_SAME = regex.compile(r"เดียวกั[บน]")
_COMPARES = regex.compile(
    r"ต่าง(?:กัน|จาก|กะ|กับ|ยังไง|ไง|ตรง)|แยก(?:กัน|ออก)?(?:ยัง)?ไง|คนละ(?:อัน|ตัว|รางวัล|แบบ|อย่าง|ประเภท)|(?:อัน|ตัว|รางวัล|อย่าง)เดียวกั[บน](?!เนี่ย|นี้|นี่|มัน)|(?:ใหญ่|สูง|ยาก|ง่าย|เหนือ)กว่ากัน|แตกต่าง|ความต่าง|เปรียบเทียบ|เทียบ|เหมือนกัน(?:ไหม|ยังไง)|ไม่เหมือนกัน|(?<![a-z])diff(?:er|erence)?(?![a-z])|(?:^|\s)vs\.?(?:\s|$)"
)
# "smart farmer นี่นวัตกรรมหรือขับเคลื่อน": which of the two that are named.
_THIS = regex.compile(r"(?:นี่|เนี่ย|เนี้ย)\s?(?:เป็น|คือ)?\s?$")
_OR = regex.compile(r"\s?หรือ(?:ว่า)?\s?(?:เป็น)?\s?")


# "แล้วนวัตกรรมบริการก็ 1 ปีเหมือนกันไหม": asks whether it is so there too.
_LIKEWISE = regex.compile(
    r"^(?:แล้ว|ละ)?(?:ของ)?\S+เท่ากัน(?:ไหม|หรือ)$|(?:ก็|ล่ะ|ละ).*เหมือนกัน(?:ไหม|หรือ|ใช่ไหม)$|^(?:แล้ว)?\S+ต้อง\S*เหมือนกันไหม$"
)


def compares(found: Understanding) -> bool:
    """Whether the question says in so many words that it compares."""
    if len(found.names) == 2 and found.names[1].end == len(found.text):
        first, second = found.names
        if _OR.fullmatch(found.text, first.end, second.start) and _THIS.search(found.text[: first.start]):
            return True
    return bool(_COMPARES.search(found.text)) and not asks_if_one(found) and not asks_likewise(found)


def asks_likewise(found: Understanding) -> bool:
    """Whether the question is if what was said holds for the one that it names too."""
    return len(found.names) == 1 and bool(_LIKEWISE.search(found.text))


def asks_if_one(found: Understanding) -> bool:
    """Whether the question is if two names are of the same, as they are: it asks what that is."""
    subjects = {m.name.subjects for m in found.names}
    return len(found.names) > 1 and len(subjects) == 1 and bool(_SAME.search(found.text))


# "แล้วรัฐวิสาหกิจล่ะ": a thing, and nothing asked of it.
_ADDS = regex.compile(r"^(?:แล้ว|ละ|ส่วน|งั้น)(?:ถ้า)?(?:เป็น)?\s?(?<thing>\S{2,24})\s?(?:ล่ะ|ละ|หล่ะ)$")
_ASKING = regex.compile(r"อะไร|ไหน|ไหม|กี่|ยังไง|เท่าไหร่|เมื่อไหร่|ใคร|ทำไม|ขอ|อยาก")


_BODY = r"(?:(?:โรงเรียน|มหาวิทยาลัย|มหาลัย)(?:เอกชน|ในกำกับ|ของรัฐ)?|รัฐวิสาหกิจ|องค์การมหาชน|เทศบาล|อบต\.?|อบจ\.?|อปท\.?|ท้องถิ่น|เอกชน|โรงพยาบาล|รพ\.?|จังหวัด|มูลนิธิ)"
# "โรงเรียนล่ะ" after who may apply.
_ADDS_A_BODY = regex.compile(
    rf"(?:แล้ว|ละ|ส่วน|งั้น)?(?:ถ้า)?(?:เป็น|พวก)?\s?{_BODY}\s?(?:ล่ะ|ละ|หล่ะ)|(?:แล้ว|ส่วน)(?:ถ้า)?(?:เป็น|พวก)?\s?(?:โรงเรียน|มหาวิทยาลัย|มหาลัย)(?:เอกชน|ในกำกับ|ของรัฐ)"
)
# "ที่ไหนคะ" after a date: of that.
_BARE_QUESTION = regex.compile(r"(?:แล้ว)?(?:ที่ไหน|ตรงไหน|กี่โมง|วันไหน|เดือนไหน|เมื่อไหร่)(?:ล่ะ|ละ)?")


def only_adds(found: Understanding) -> bool:
    """Whether a question says no more than a thing that the question before is to be asked of, and that is more like
    ours than like a stranger's."""
    if _BARE_QUESTION.fullmatch(found.text):
        return True
    if _ADDS_A_BODY.fullmatch(found.text):
        return True
    match = _ADDS.match(found.text)
    if match is None or _ASKING.search(match["thing"]):
        return False
    return found.signs.likeness_to_ours >= max(_OURS_FROM, found.signs.likeness_to_strangers) or bool(found.cues)


def asked_about(found: Understanding) -> list[Mention]:
    """The names that the question is about, without those said aside; all of them when nothing would be left."""
    asked = [
        m
        for m in found.names
        if not (_ASIDE.search(found.text[: m.start]) or _MADE_INTO_ANOTHER.match(found.text, m.end))
    ]
    of_others = [m for m in found.names if m.name.kind == "example"]
    whole = [m for m in found.names if m.name.subjects in (("best",), ("honor",), ("branch",))]
    if of_others and whole and _HAS_IT.search(found.text[: whole[-1].start]) and found.text.endswith("ไหม"):
        # "อย. เคยได้เกียรติยศเลิศรัฐไหม": of that award, not of the work that won another.
        return whole
    best = [m for m in found.names if m.name.subjects == (_OF_ALL_BRANCHES,)]
    if best and "ดีเด่น" in found.text and not compares(found):
        # "ได้ดีเด่นสาขาบริการและ PMQA จะได้ยอดเยี่ยมไหม": the others are what it is made of.
        return best
    return asked if asked and len(asked) < len(found.names) else list(found.names)


# "ได้สัมฤทธิผลปี 66 เริ่มขยาย…": won in that year.
_WON = regex.compile(r"(?<!ส่ง|ลง|ก็|สมัคร|ยื่น|เข้า|เอา|ใช้|จะ|อยาก)ได้(?:รับ)?(?:รางวัล)?\s?$")
_IN_A_YEAR = regex.compile(r"\s?(?:มา)?(?:ตอน|เมื่อ)?\s?(?:ปี|พ\.?ศ\.?)\s?(?:25)?\d\d")


def only_earlier(found: Understanding, subject: str) -> bool:
    """Whether all that is named are other awards than `subject`, which an earlier work or a part of it won."""
    return not compares(found) and all(
        subject not in m.name.subjects
        and (
            _is_earlier(found.text[: m.start])
            or (_WON.search(found.text[: m.start]) and _IN_A_YEAR.match(found.text, m.end))
            or _MADE_INTO_ANOTHER.match(found.text, m.end)
            or (subject in _WHOLES and _INCLUDED.match(found.text, m.end))
        )
        for m in found.names
    )


def all_earlier(found: Understanding) -> bool:
    """Whether all that is named are awards that an earlier work won."""
    return not compares(found) and all(_is_earlier(found.text[: m.start]) for m in found.names)


def _is_earlier(before: str) -> bool:
    return bool(_EARLIER.search(before)) and not _ASKED_FOR.search(before)


def of_a_branch(mentions: Sequence[Mention], found: Understanding) -> bool:
    """Whether a name is put as "that of the branch" ("ของบริการ"); the word may belong to the name."""
    return any(
        _OF_THE_BRANCH.search(found.text[: m.start]) or found.text[m.start : m.end].startswith(("ของ", "ฝั่ง"))
        for m in mentions
    )


def named_officially(mention: Mention, found: Understanding) -> bool:
    """Whether a branch's name stands where the branch itself is meant ("สาขามีส่วนร่วม")."""
    return bool(_OFFICIAL.search(found.text[: mention.end]))
