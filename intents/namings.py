"""How the names stand in a question: aside, as an earlier award, compared, or tied to a branch."""

from __future__ import annotations

from collections.abc import Sequence

import regex

from intents.entities import Mention
from intents.understanding import Understanding

# A subject named as the source of an earlier work, or as a part of the one asked about, is not what is asked about.
_ASIDE = regex.compile(
    r"(?:(?:เคย)?ได้(?:รับ)?|ชนะ|ผลงานเดิม\S{0,12}|ต่อยอดจาก|มาจาก|(?<!ต่าง)จาก|รวม(?:ถึง)?|นอกจาก)\s?(?:รับ)?\s?(?:รางวัล)?\s?(?:เลิศรัฐ)?\s?(?:ประเภท|สาขา|ของ)?\s?$"
)
# An award of the work before says nothing of what is asked while another category is talked about.
_EARLIER = regex.compile(
    r"(?:เคย(?:ได้|ชนะ)(?:รับ)?|รางวัลเดิม(?:คือ|เป็น)?|ผลงานเดิม\S{0,12}|ต่อยอดจาก|มาจาก|(?<!ต่าง)(?<!เปลี่ยน)จาก|^รวม(?:ถึง)?)\s?(?:รางวัล)?\s?(?:เลิศรัฐ)?\s?(?:ประเภท|สาขา|ของ)?\s?$"
)
# "ของบริการ", "ฝั่งมีส่วนร่วม": the one of those in question that is of this branch.
_OF_THE_BRANCH = regex.compile(r"(?:^|\s|แล้ว|อัน|เอา|กับ|กะ|ตัว|หมายถึง)(?:ของ|ฝั่ง|ทาง)(?:สาขา|งาน)?$")
# What stands before a branch's name when the branch itself is meant.
_OFFICIAL = regex.compile(r"(?:สาขา|รางวัล|ประเภท|หมวด|ของ|pmqa|เลิศรัฐ)\S*$")
_SAME = regex.compile(r"เดียวกั[บน]")
_COMPARES = regex.compile(
    r"ต่าง(?:กัน|จาก|กะ|กับ|ยังไง|ไง|ตรง)|แยก(?:กัน|ออก)?(?:ยัง)?ไง|คนละ(?:อัน|ตัว|รางวัล|แบบ|อย่าง|ประเภท)|(?:อัน|ตัว|รางวัล|อย่าง)เดียวกั[บน]|แตกต่าง|ความต่าง|เปรียบเทียบ|เทียบ|เหมือนกัน(?:ไหม|ยังไง)|ไม่เหมือนกัน|(?:^|\s)vs\.?(?:\s|$)"
)


def compares(found: Understanding) -> bool:
    """Whether the question says in so many words that it compares."""
    return bool(_COMPARES.search(found.text)) and not asks_if_one(found)


def asks_if_one(found: Understanding) -> bool:
    """Whether the question is if two names are of the same, as they are: it asks what that is."""
    subjects = {m.name.subjects for m in found.names}
    return len(found.names) > 1 and len(subjects) == 1 and bool(_SAME.search(found.text))


def asked_about(found: Understanding) -> list[Mention]:
    """The names that the question is about, without those said aside; all of them when nothing would be left."""
    asked = [m for m in found.names if not _ASIDE.search(found.text[: m.start])]
    return asked if asked and len(asked) < len(found.names) else list(found.names)


def only_earlier(found: Understanding, subject: str) -> bool:
    """Whether all that is named are other awards than `subject`, which an earlier work or a part of it won."""
    return not compares(found) and all(
        subject not in m.name.subjects and _EARLIER.search(found.text[: m.start]) for m in found.names
    )


def all_earlier(found: Understanding) -> bool:
    """Whether all that is named are awards that an earlier work won."""
    return not compares(found) and all(_EARLIER.search(found.text[: m.start]) for m in found.names)


def of_a_branch(mentions: Sequence[Mention], found: Understanding) -> bool:
    """Whether a name is put as "that of the branch" ("ของบริการ"); the word may belong to the name."""
    return any(
        _OF_THE_BRANCH.search(found.text[: m.start]) or found.text[m.start : m.end].startswith(("ของ", "ฝั่ง"))
        for m in mentions
    )


def named_officially(mention: Mention, found: Understanding) -> bool:
    """Whether a branch's name stands where the branch itself is meant ("สาขามีส่วนร่วม")."""
    return bool(_OFFICIAL.search(found.text[: mention.end]))
