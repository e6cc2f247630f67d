"""What one question is understood to mean, on what is published and on the draft: every step with its figures. By a worker.

    {"published": side, "draft": side | None, "draft_problem": "", "same": bool}

A side is what the page shows, as JSON: texts, scores (0 to 1), LINE's messages. Nothing is kept of the question.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TYPE_CHECKING, Any

from bot.admin import drafts
from bot.admin.ask_worker import Json
from bot.now import BANGKOK

if TYPE_CHECKING:
    from bot.admin.worker_tasks import Office
    from bot.assistant import Asked
    from bot.dispatch import Services
    from intents.facts import Told
    from intents.match import Match, Reading
    from intents.matcher import Matcher
    from knowledge.documents import Documents
    from knowledge.model import Round

MOST = 5
_NEGLIGIBLE = 0.005
_A_NAME = "‹ชื่อรางวัล›"
# What the same draft was compiled to, so that the second question does not wait for it.
_compiled: list[tuple[str, Services]] = []


def answer(office: Office, request: Json) -> Json:
    """Ask both; `draft` is None where there is none, or it cannot be understood (then `draft_problem` says so in Thai)."""
    question, year = str(request["question"]), request.get("year")
    with office.engine.connect() as connection:
        draft = drafts.draft(connection)
    published = side(office.published.current(), question, year)
    if not draft.rows:
        return {"published": published, "draft": None, "draft_problem": "", "same": True}
    services = _of_draft(office, draft.digest, draft.documents)
    if services is None:
        problem = "ฉบับร่างมีข้อผิดพลาด จึงยังลองไม่ได้ ดูรายละเอียดที่หน้าเผยแพร่"
        return {"published": published, "draft": None, "draft_problem": problem, "same": False}
    drafted = side(services, question, year)
    return {
        "published": published,
        "draft": drafted,
        "draft_problem": "",
        "same": published["text"] == drafted["text"],
    }


def side(services: Services, question: str, year: int | None = None) -> Json:
    """How one set of knowledge understands and answers a question that stands alone."""
    from bot.assistant import Session
    from bot.flex import plain, render

    asked = Session(services).ask(question, year=year)
    shown = asked.answers[0].year if asked.answers else None
    round_ = services.knowledge.round_for(shown or services.knowledge.newest.year) or services.knowledge.newest
    matcher = services.matchers.get(round_.year, services.matchers[services.knowledge.newest.year])
    today = services.now().astimezone(BANGKOK).date()
    # A control of the quiz is not understood as a question; it is explained all the same.
    match = asked.match or matcher.match(question, today=today)
    told = matcher.facts.find(question, today, round_.year)
    return {
        **_read(match, matcher),
        "facts": [_fact(round_, one) for one in told],
        "rules": _rules(round_, match, told),
        "candidates": [_candidate(round_, reading) for reading in match.readings[:MOST]],
        "decision": match.decision,
        "why": match.ambiguity or match.reason,
        **_weighed(match, matcher),
        "handler": asked.handler,
        "milliseconds": round(asked.milliseconds, 1),
        "statuses": [one.status for one in asked.answers],
        "labels": _labels(round_, asked),
        "text": plain(asked.answers),
        "messages": render(asked.answers),
    }


def _read(match: Match, matcher: Matcher) -> Json:
    from intents.phrasebook import SUBJECT_MARK

    found = match.understanding
    return {
        "question": match.question,
        "normalised": found.text,
        "ranked": found.asked.replace(SUBJECT_MARK, _A_NAME),
        "words": [word.replace(SUBJECT_MARK, _A_NAME) for word in found.words],
        "names": [
            {
                "words": found.text[m.start : m.end],
                "subjects": _names(matcher.round, m.name.subjects),
                "score": round(m.score, 3),
                "denied": m in found.denied,
            }
            for m in (*found.names, *found.cues, *found.denied)
        ],
        "years": [{"year": year.year, "role": year.role} for year in found.years],
        "stranger": found.stranger,
        "attributes": _best(found.attributes),
        "topics": [
            {**one, "name": matcher.round.topics[one["key"]].name}
            for one in _best(found.topics)
            if one["key"] in matcher.round.topics
        ],
        "nearest": [
            {"text": row.text, "label": row.label, "entry": row.entry or "", "score": round(score, 3)}
            for row, score in matcher.corpus.nearest(found.asked, MOST)
        ],
    }


def _weighed(match: Match, matcher: Matcher) -> Json:
    learnt, found = matcher.learnt, match.understanding
    return {
        "confidence": round(match.certainty.confidence, 3) if match.certainty else round(match.best.confidence, 3),
        "certainty": round(learnt.certainty.probability(match.certainty), 3) if match.certainty else None,
        "strangeness": round(learnt.strangeness.probability(found.signs), 3),
        "thresholds": {
            "answer": round(learnt.answer_from, 3),
            "answer_named": round(learnt.answer_named_from, 3),
            "ask_back": round(learnt.ask_back_from, 3),
            "strange": round(learnt.strange_from, 3),
        },
    }


def _candidate(round_: Round, reading: Reading) -> Json:
    entry = next((e for e in round_.entries if e.id == reading.entry), None) if reading.entry else None
    topic = round_.topics.get(reading.topic or "")
    return {
        "subjects": _names(round_, reading.subjects),
        "attribute": reading.attribute,
        "topic": topic.name if topic else "",
        "entry": _title(entry) if entry else "",
        "entry_id": reading.entry or "",
        "confidence": round(reading.confidence, 3),
    }


def _labels(round_: Round, asked: Asked) -> list[Json]:
    return [
        {"subjects": _names(round_, one.subjects), "attribute": one.attribute, "sources": list(one.sources)}
        for one in asked.answers
    ]


def _fact(round_: Round, one: Told) -> Json:
    question = round_.question_for(one.fact)
    fact = round_.facts.get(one.fact)
    names = {choice.value: choice.label for choice in fact.choices} if fact else {}
    value: Any = one.value
    if isinstance(value, dict) and "includes" in value:
        value = [names.get(each, each) for each in value["includes"]]
    elif isinstance(value, str):
        value = names.get(value, value)
    return {"fact": one.fact, "question": question.ask if question else "", "value": value, "words": one.words}


def _rules(round_: Round, match: Match, told: Iterable[Told]) -> list[Json]:
    """What the rules make of the facts, of the categories that the question is about; of those decided, where it names none."""
    from bot.verdicts import stated
    from knowledge.eligibility import verdicts
    from knowledge.facts import readable

    facts = readable(round_.facts, {one.fact: one.value for one in told})
    if not facts:
        return []
    named = {subject for reading in match.readings[:1] for subject in reading.subjects}
    found = []
    for key, verdict in verdicts(round_, facts).items():
        subject, _, kind = key.partition(":")
        if named - {"awards"} and not named & {subject, *round_.ancestors(subject)}:
            continue
        checked = [
            {"text": stated(one), "outcome": one.outcome.value}
            for one in verdict.checked
            if one.outcome.value != "unknown" or named & {subject}
        ]
        if checked:
            name = round_.subjects[subject].name
            name += f" ({round_.subjects[subject].kinds.get(kind, kind)})" if kind else ""
            found.append({"subject": name, "outcome": verdict.outcome.value, "checked": checked})
    return found


def _names(round_: Round, subjects: Iterable[str]) -> list[str]:
    return [round_.subjects[key].label if key in round_.subjects else key for key in subjects]


def _title(entry: Any) -> str:
    for name in ("label", "gist", "title", "name", "question", "text"):
        if title := getattr(entry, name, ""):
            return str(title)
    return str(entry.id)


def _best(scores: Mapping[str, float]) -> list[Json]:
    ranked = sorted(scores.items(), key=lambda item: -item[1])[:MOST]
    return [{"key": key, "score": round(score, 3)} for key, score in ranked if score >= _NEGLIGIBLE]


def _of_draft(office: Office, digest: str, documents: Documents) -> Services | None:
    from knowledge.loader import ContentError

    for known, services in _compiled:
        if known == digest:
            return services
    try:
        services = office.compile(documents)
    except ContentError:
        return None
    _compiled[:] = [(digest, services)]
    return services


def thai_value(value: object) -> str:
    """A fact's value for people."""
    if value is None:
        return "ไม่แน่ใจ"
    if isinstance(value, bool):
        return "ใช่" if value else "ไม่ใช่"
    if isinstance(value, Mapping):
        least, most = value.get("min"), value.get("max")
        return " ".join(filter(None, (f"ตั้งแต่ {least}" if least is not None else "", f"ไม่เกิน {most}" if most else "")))
    if isinstance(value, list | tuple | set | frozenset):
        return ", ".join(map(str, value))
    return value.isoformat() if isinstance(value, date) else str(value)
