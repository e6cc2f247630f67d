"""What-ifs and short lists: what the rules say of the work that a message describes, without any quiz."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import regex

from bot import quiz_wording as wording
from bot.citing import cautions, sources
from bot.quiz_cards import facts_line, missing_names
from bot.turn import Answer, Block, Button
from bot.verdicts import (
    deciding,
    failing,
    is_of_its_sort,
    line,
    own_points,
    short_name,
    shortfall,
    stated,
)
from bot.wording import ASK_A_PERSON, CHOOSE_BY_WORK, other_round, rules_of
from intents.facts import Told
from intents.match import Match
from knowledge.eligibility import Checked, Verdict, categories, requirements, verdicts
from knowledge.facts import INCLUDES, Facts
from knowledge.model import Condition, Entry, Gap, Round, Text
from knowledge.quiz import FOCUS
from knowledge.rules import Outcome, facts_in

_MOST_SUGGESTED = 3
_LONGEST_REASONS = 150


def deciding_facts(round_: Round, subject: str) -> set[str]:
    """The facts that the rules of one category look at, its branch's scope left aside."""
    return {name for entry in requirements(round_, subject) if entry.rule for name in facts_in(entry.rule)} - {FOCUS}


def assumed(round_: Round, subject: str, facts: Facts) -> dict[str, Any]:
    """The facts, with the branch that somebody who asks about `subject` has in mind."""
    branch = round_.subjects[subject].parent
    fact = round_.facts.get(FOCUS)
    told = facts.get(FOCUS)
    if fact is None or branch is None or fact.choice(branch) is None or isinstance(told, list):
        return dict(facts)
    included = told[INCLUDES] if isinstance(told, Mapping) else []
    return {**facts, FOCUS: {INCLUDES: list(dict.fromkeys([*included, branch]))}}


def what_if(round_: Round, subject: str, told: Facts, today: date, confidence: float, kind: str = "") -> Answer:
    """The verdict on one category (or the `kind` of it that is meant) first, then each requirement: "may we, with work
    like ours?"."""
    facts = assumed(round_, subject, told)
    found = verdicts(round_, facts)
    verdict, name = deciding(round_, {k: v for k, v in found.items() if not kind or k == f"{subject}:{kind}"}, subject)
    points = own_points(round_, verdict, facts)
    ordered = sorted(points, key=lambda c: [Outcome.FAIL, Outcome.UNKNOWN, Outcome.PASS].index(c.outcome))
    blocks = [Block("checks", tuple(line(round_, c, facts, today) for c in ordered))]
    blocks += _other_kinds(round_, found, verdict, facts, today) if not kind else []
    gaps = _not_limited(round_, subject, told, points)
    blocks += [Block("paragraph", (gap.text,)) for gap in gaps]
    used: list[Entry] = [*(c.entry for c in points), *gaps]
    notes = [wording.not_certified(round_.asked)]
    if round_.asked != round_.year:
        notes.insert(0, other_round(round_.asked, round_.year))
    official = round_.subjects[subject].name
    return Answer(
        "answered",
        _gist(round_, verdict, name, facts, today),
        subjects=(subject,),
        attribute="conditions",
        header=f"{round_.subjects[subject].label} · {rules_of(round_.year)}",
        blocks=tuple(blocks),
        notes=(*notes, *cautions(used)),
        sources=sources(round_, used),
        buttons=(
            wording.CONTINUE,
            Button("เงื่อนไข", f"เงื่อนไข{official}"),
            Button("ตัวอย่างผลงาน", f"ตัวอย่างผลงาน{official}"),
            ASK_A_PERSON,
        ),
        year=round_.asked,
        rules_year=round_.year,
        confidence=confidence,
    )


def _other_kinds(round_: Round, found: Mapping[str, Verdict], best: Verdict, facts: Facts, today: date) -> list[Block]:
    """What was told that another kind of the same category fails by: it may be the kind that was meant."""
    subject = best.subject.partition(":")[0]
    own = {c.entry.id for c in best.checked}
    blocks = []
    for key, verdict in found.items():
        name, _, kind = key.partition(":")
        if (
            name != subject
            or key == best.subject
            or best.outcome is Outcome.FAIL
            or verdict.outcome is not Outcome.FAIL
        ):
            continue
        failed = [c for c in own_points(round_, verdict, facts) if c.outcome is Outcome.FAIL and c.entry.id not in own]
        lines = tuple(line(round_, c, facts, today) for c in failed if shortfall(round_, c, facts))
        if lines:
            blocks.append(Block("checks", lines, wording.fails_as(round_.subjects[subject].kinds[kind])))
    return blocks


_KIND = regex.compile(r"แบบ(?:ที่)?\s?(?<which>\S{4,}?)(?=ได้|ต้อง|ล่ะ|ละ|ไหม|\s|$)")


def kind_meant(round_: Round, subject: str, text: str, told: Facts, ordinal: int | None) -> str:
    """The kind of a category that cleaned `text` names ("แบบต่อยอด"), points at by its place ("แบบแรก") or tells a fact of
    that only its rules look at; "" where none is."""
    kinds = round_.subjects[subject].kinds
    named = next((kind for kind, name in kinds.items() if name in text), "")
    part = _KIND.search(text)
    if not named and part:
        named = next((kind for kind, name in kinds.items() if part["which"] in name), "")
    if named or not kinds:
        return named
    if ordinal is not None and "แบบ" in text and max(ordinal, 0) < len(kinds):
        return list(kinds)[ordinal]
    conditions = [e for e in round_.of(subject, "conditions") if isinstance(e, Condition) and e.kind]
    having = {e.kind for e in conditions if e.rule and set(facts_in(e.rule)) & set(told)}
    return str(having.pop()) if len(having) == 1 else ""


def _gist(round_: Round, verdict: Verdict, name: str, facts: Facts, today: date) -> str:
    if verdict.outcome is Outcome.PASS:
        return wording.passes(name)
    if verdict.outcome is Outcome.FAIL:
        failed = tuple(c for c in own_points(round_, verdict, facts) if c.outcome is Outcome.FAIL) or verdict.of(
            Outcome.FAIL
        )
        # What a number says is said first; a shortfall says more than a condition.
        failed = tuple(sorted(failed, key=lambda c: failing(round_, c, facts) is None))
        reasons = [_why(round_, c, facts) for c in failed[:2]]
        # A first line longer than this no longer fits into a card's top.
        both = " และ".join(reasons)
        return wording.fails(name, both if len(both) <= _LONGEST_REASONS else reasons[0])
    passed = [c for c in own_points(round_, verdict, facts) if c.outcome is Outcome.PASS]
    return wording.to_check(name, ", ".join(short_name(c) for c in passed), missing_names(round_, verdict, facts))


def _why(round_: Round, checked: Checked, facts: Facts) -> str:
    gap = shortfall(round_, checked, facts)
    return f"{wording.STUCK_AT} “{short_name(checked)}” {gap}" if gap else stated(checked)


def _not_limited(round_: Round, subject: str, told: Facts, points: Sequence[Checked]) -> list[Gap]:
    """What was told although the category's rules do not limit it, where the content says just that."""
    decided = {name for c in points for name in facts_in(c.rule)}
    topics = {
        e.topic
        for e in round_.entries
        if isinstance(e, Condition) and e.rule and e.topic and set(facts_in(e.rule)) & (set(told) - decided)
    }
    own = {c.entry.topic for c in points}
    return [
        e
        for e in round_.of(subject, "conditions")
        if isinstance(e, Gap) and e.topic in topics - own and e.topic != "duration_counting"
    ]


def branch_named(match: Match, round_: Round) -> str:
    """The one branch that the message names ("งานเราอยู่สาขาบริการ"), or ""."""
    named = {m.name.subjects[0] for m in match.understanding.names if len(m.name.subjects) == 1}
    branches = [key for key in named if round_.subjects[key].parent == "awards" and round_.children(key)]
    return branches[0] if len(branches) == 1 else ""


def likely_categories(match: Match, round_: Round, branch: str = "") -> dict[str, str]:
    """The categories (of `branch` where one is given) that words of the message point to, best first, each with its words."""
    found = match.understanding
    weights: dict[str, float] = {}
    words: dict[str, str] = {}
    for cue in found.cues:
        for subject in cue.name.subjects:
            if subject in categories(round_) and branch in ("", round_.subjects[subject].parent):
                weights[subject] = weights.get(subject, 0) + len(cue.name.text) ** 0.5 / len(cue.name.subjects)
                words.setdefault(subject, found.text[cue.start : cue.end])
    found_likely = {subject: words[subject] for subject in sorted(weights, key=lambda subject: -weights[subject])}
    by = match.finding.by
    if match.best.attribute == "recommend" and by in ("cue", "content"):
        found_likely |= {s: "" for s in match.best.subjects if s in categories(round_) and s not in found_likely}
    return found_likely


def by_facts(match: Match, round_: Round, facts: Facts) -> str | None:
    """Of categories that share a name, the one whose rules the told facts are for."""
    choices = [r.subjects[0] for r in match.readings if len(r.subjects) == 1 and r.subjects[0] in categories(round_)]
    choices = list(dict.fromkeys(choices))
    deciding = {subject: deciding_facts(round_, subject) for subject in choices}
    # Any category's earlier award may be told of; what else is told is of the category that asks for it.
    told = {fact for fact in facts if not fact.startswith("prior_")}
    only = {
        subject: len({f for f in told if f in own and not any(f in deciding[o] for o in choices if o != subject)})
        for subject, own in deciding.items()
    }
    branches = branches_told(facts)
    if len(branches) == 1:
        for subject in choices:
            only[subject] += round_.subjects[subject].parent == branches[0]
    ranked = sorted(only, key=lambda subject: -only[subject])
    return ranked[0] if len(ranked) > 1 and only[ranked[0]] > only[ranked[1]] else None


def _of_the_branch(
    round_: Round, ranked: list[tuple[str, Verdict]], branch: str, facts: Facts
) -> list[tuple[str, Verdict]]:
    """Of the categories that a work comes near, those of its branch, if any are: the named one, or its earlier award's."""
    prior = facts.get("prior_category")
    branch = branch or (str(round_.subjects[prior].parent) if prior in round_.subjects else "")
    return [(s, verdict) for s, verdict in ranked if round_.subjects[s].parent == branch] or ranked


def short_list(
    round_: Round,
    tellings: Sequence[Told],
    facts: Facts,
    likely: Mapping[str, str],
    today: date,
    confidence: float,
    branch: str = "",
    besides: str = "",
) -> Answer | None:
    """The categories that a described work comes near, each with why and with what it would still need.

    `likely` are categories that words of the description point to, best first, with those words; `tellings` are what was told in this
    message; `branch` is the one that was named, `besides` the category that another one is looked for than. None where nothing was told that any rule looks at.
    """
    ranked = _of_the_branch(round_, _ranked(round_, facts, list(likely)), branch, facts)
    ranked = [(subject, verdict) for subject, verdict in ranked if subject != besides]
    words = {told.fact: told.words for told in tellings}
    if not ranked:
        return nothing_fits(round_, facts, confidence) if facts else None
    blocks, used = [], []
    for subject, verdict in ranked:
        _, name = deciding(round_, verdicts(round_, assumed(round_, subject, facts)), subject)
        points = own_points(round_, verdict, facts)
        quoted = list(dict.fromkeys(f"“{words[n]}”" for c in points for n in facts_in(c.rule) if n in words))
        if not quoted and likely.get(subject):
            quoted = [f"“{likely[subject]}”"]
        lines = [wording.because(" ".join(quoted))] if quoted else []
        lines += [line(round_, c, facts, today).replace("\t", " ") for c in points if c.outcome is Outcome.FAIL]
        needed = [short_name(c) for c in points if c.outcome is Outcome.UNKNOWN]
        if needed:
            lines.append(wording.would_need(", ".join(needed)))
        elif verdict.outcome is Outcome.PASS:
            lines.append(wording.OUTCOMES["pass"])
        blocks.append(Block("bullets", tuple(lines), name))
        used += [c.entry for c in points]
    names = [round_.subjects[subject].name for subject, _ in ranked]
    notes = [wording.not_certified(round_.asked)]
    if round_.asked != round_.year:
        notes.insert(0, other_round(round_.asked, round_.year))
    return Answer(
        "answered",
        wording.shortlist(names),
        subjects=tuple(subject for subject, _ in ranked),
        attribute="recommend",
        header=rules_of(round_.year),
        blocks=tuple(blocks),
        notes=(*notes, *cautions(used)),
        sources=sources(round_, used),
        buttons=(
            wording.CONTINUE,
            *(Button(round_.subjects[s].label, f"เงื่อนไข{round_.subjects[s].name}") for s, _ in ranked),
        ),
        year=round_.asked,
        rules_year=round_.year,
        confidence=confidence,
    )


def _ranked(round_: Round, facts: Facts, likely: Sequence[str]) -> list[tuple[str, Verdict]]:
    """The categories that something told speaks for and nothing essential speaks against, best first."""
    candidates: list[tuple[tuple[bool, float, float], str, Verdict]] = []
    for place, subject in enumerate(categories(round_)):
        branch = round_.subjects[subject].parent
        branches = branches_told(facts)
        if branches and branch not in branches and subject not in likely:
            continue
        verdict, _ = deciding(round_, verdicts(round_, assumed(round_, subject, facts)), subject)
        points = own_points(round_, verdict, facts)
        passed = [c for c in points if c.outcome is Outcome.PASS]
        essential = [c for c in passed if isinstance(c.entry, Condition) and c.entry.essential]
        pointed = subject in likely
        if not is_of_its_sort(verdict) or not (essential or pointed or len(passed) > 1):
            continue
        failed = [c for c in points if c.outcome is Outcome.FAIL]
        score = (
            2.0 * len(essential)
            + len(passed)
            + (1.5 - 0.3 * likely.index(subject) if subject in likely else 0)
            - 1.5 * len(failed)
        )
        candidates.append(((not (essential or pointed), -score, float(place)), subject, verdict))
    # What many works have ("in use for two years") suggests a category only where nothing of its own does.
    if any(not weak for (weak, *_), _, _ in candidates):
        candidates = [c for c in candidates if not c[0][0]]
    return [(subject, verdict) for _, subject, verdict in sorted(candidates, key=lambda c: c[0])[:_MOST_SUGGESTED]]


def nothing_fits(round_: Round, facts: Facts, confidence: float) -> Answer:
    """Said of a work that no category is for, as far as it was told; or of which too little was told to choose by."""
    told = {k: v for k, v in facts.items() if k != FOCUS}
    branches = branches_told(facts)
    undecided = not any(_speaks_against(name, value) for name, value in told.items())
    understood = facts_line(round_, told)
    blocks = [Block("paragraph", (wording.NOTHING_FITS_MORE,))]
    if undecided:
        # What was not recognised may be there all the same: what fits which helps to see.
        fits = [e for key in round_.subjects for e in round_.of(key, "recommend")[:1] if isinstance(e, Text)]
        lines = tuple(
            f"{round_.subjects[e.subject].name}\t{e.gist}"
            for e in fits
            if (e.subject == "pmqa" and not branches)
            or ("." in e.subject and (not branches or round_.subjects[e.subject].parent in branches))
        )
        blocks.append(Block("pairs", lines, CHOOSE_BY_WORK))
    if understood:
        blocks.insert(0, Block("paragraph", (understood,), wording.YOUR_FACTS))
    return Answer(
        "answered",
        wording.TOO_LITTLE_TOLD if undecided else wording.NOTHING_FITS,
        subjects=tuple(branches) if undecided and len(branches) == 1 else ("awards",),
        attribute="recommend",
        header=rules_of(round_.year),
        blocks=tuple(blocks),
        notes=(wording.not_certified(round_.asked),),
        buttons=(wording.CONTINUE, ASK_A_PERSON),
        year=round_.asked,
        rules_year=round_.year,
        confidence=confidence,
    )


def branches_told(facts: Facts) -> list[str]:
    """The branches that a work is known to be about."""
    focus = facts.get(FOCUS)
    return list(focus[INCLUDES]) if isinstance(focus, Mapping) else list(focus or ())


def _speaks_against(name: str, value: Any) -> bool:
    """Whether what was told of a work is a reason against some category."""
    return value in (False, 0, "none", []) or name == "only_claim_is_shorter_time"
