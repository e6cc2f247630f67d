"""Reminders of a chat: set, changed, listed, ended; the consent that is asked for once; and the buttons of all that."""

from __future__ import annotations

from dataclasses import replace

import regex

from bot import reminder_taps as taps
from bot import reminder_wording as wording
from bot.calendar_answers import Calendar
from bot.calendar_rounds import round_asked
from bot.dispatch import Request
from bot.events import STOP_REMINDERS
from bot.handlers.handover import plain_answer
from bot.now import BANGKOK
from bot.stored import Kept
from bot.turn import Answer, Button, CancelReminderWishes, Conversation, RecordReminderWish, Turn, Wish
from bot.wording import OLD_BUTTON
from intents.match import Match
from intents.reminder_asks import MOST_LEADS, leads_said, means_all
from knowledge.calendar import applies_to, concerns, upcoming, when_text
from knowledge.leads import DEFAULT_LEADS, Lead, longest_first, parsed_leads
from knowledge.model import Milestone, Round

WHOLE_SCHEME = "awards"
_MOST_DATES = 6


# -- what was tapped or answered ---------------------------------------------------------------------------------------


def reminder_tap(request: Request) -> Turn | None:
    """The Turn of a reminder's button: to stop, also while somebody else has the chat, or the answer about consent."""
    event = request.event
    if event.kind != "postback" or not event.postback.startswith((STOP_REMINDERS, taps.REMIND)):
        return None
    if event.postback.startswith(STOP_REMINDERS):
        return _stopped(request, event.postback)
    if not event.active or request.conversation.handover == "open":
        return Turn(request.conversation)
    if event.postback == taps.NO:
        return _declined(request)
    wish = taps.agreed(event.postback)
    if wish is None or not set(wish.subjects) <= request.round.subjects.keys():
        return Turn(request.conversation, (OLD_BUTTON,))
    return _keep(request, wish, consent=True)


def reminder_consent(request: Request) -> Turn | None:
    """The Turn of a plain yes or no to the question for consent; None for anything else, which withdraws the question."""
    wish = request.conversation.wish
    if wish is None or request.event.kind != "text":
        return None
    agreed = plain_answer(request)
    if agreed is None:
        return None
    return _keep(request, wish, consent=True) if agreed else _declined(request)


def _declined(request: Request) -> Turn:
    return Turn(replace(_settled(request.conversation), wish=None), (_labelled(request, wording.NOT_KEPT),))


def _stopped(request: Request, data: str) -> Turn:
    wishes = request.stored.wishes(request.event.chat)
    told = taps.stopped(data)
    if not wishes:
        return _said(request, wording.NOTHING_TO_CANCEL)
    if data == taps.STOP_ALL:
        return _cancelled(request, wishes, tuple(wish.subject for wish in wishes))
    round_ = request.services.knowledge.rounds.get(told[0]) if told else None
    milestone = next((e for e in round_.entries if told and e.id == told[1]), None) if round_ else None
    if round_ is None or not isinstance(milestone, Milestone):
        # Of a date that is no longer in the calendar: what is set is shown, with its own buttons to stop.
        return _listed(request, wishes)
    # One that closes by itself now may have been reminded of this closing before.
    concerned = {subject for subject in round_.subjects if applies_to(milestone, subject, round_)}
    return _cancelled(request, wishes, tuple(wish.subject for wish in wishes if wish.subject in concerned))


# -- what was typed ----------------------------------------------------------------------------------------------------

# "เอาก่อน 3 วันได้ไหม"; "ใช้มา 2 เดือน" tells of a work.
_OTHER_LEADS = regex.compile(
    r"(?:เอา|ขอ|เป็น|เปลี่ยนใจ|เปลี่ยน|แค่|ให้|เตือน|แก้|\s)*(?:ล่วงหน้า|ก่อน)\s?\S{0,6}?\s?\d"
    r"|(?:เอา|ขอ|เป็น|เปลี่ยนใจ|เปลี่ยน|แค่|แก้|\s)+(?:สัก|ซัก)?\s?\d+\s?(?:วัน|สัปดาห์|อาทิตย์|เดือน)\s?(?:ก่อน|ล่วงหน้า|พอ|แทน|ดีกว่า|ได้ไหม|ด้วย|เลย|ก็)*$"
)
# "ไม่เอา 3 วัน เอา 7 วัน": what is not wanted.
_NOT_THESE = regex.compile(r"^ไม่(?:เอา|ใช่)\s?(?:ก่อน|ล่วงหน้า)?\s?\d+\s?(?:วัน|สัปดาห์|อาทิตย์|เดือน)(?:แล้ว)?\s?")


def reminders(request: Request) -> Turn | None:
    """The Turn of a text about this chat's reminders; None for any other."""
    if request.event.kind != "text":
        return None
    match = request.match
    pending = request.conversation.wish
    wanted = _NOT_THESE.sub("", match.normalized)
    if pending is not None and _OTHER_LEADS.match(wanted) and (said := leads_said(wanted)).leads:
        # While it is asked whether the wish may be kept.
        return _ask_consent(request, replace(pending, leads=tuple(map(str, said.leads))))
    if pending is not None and match.understanding.names and match.understanding.reference.bare and match.best.subjects:
        # "เอาเฉพาะนวัตกรรมบริการ", while it is asked for.
        shared = _shared(match)
        if len(shared) > 1:
            return _which(request, shared, tuple(_leads(pending.leads)))
        return _ask_consent(request, replace(pending, subjects=match.best.subjects))
    if match.decision != "answer" or match.best.attribute != "reminder":
        return None
    if match.command == "cancel_reminders":
        return _cancel(request, match)
    if match.command == "list_reminders":
        return _listed(request, request.stored.wishes(request.event.chat))
    return _set(request, match) if match.command == "set_reminder" else None


def _set(request: Request, match: Match) -> Turn:
    said = leads_said(match.normalized)
    if said.beyond and not said.leads:
        return _said(request, wording.TOO_LONG)
    wishes = request.stored.wishes(request.event.chat)
    shared = _shared(match)
    if len(shared) > 1:
        return _which(request, shared, said.leads)
    named = bool(match.understanding.names) or means_all(match.normalized)
    if wishes and said.leads and not named:
        return _change(request, wishes, said.leads, adds=said.adds)
    subjects = (WHOLE_SCHEME,) if means_all(match.normalized) else match.best.subjects or (WHOLE_SCHEME,)
    wish = Wish(subjects, tuple(map(str, said.leads)))
    if said.adds and said.leads:
        before = {lead for kept in wishes if kept.subject in subjects for lead in _leads(kept.leads)}
        wish = Wish(subjects, tuple(map(str, longest_first({*said.leads, *before})[:MOST_LEADS])))
    if request.stored.has_consented(request.event.chat):
        return _keep(request, wish)
    return _ask_consent(request, wish)


def _ask_consent(request: Request, wish: Wish) -> Turn:
    kept = replace(_settled(request.conversation), wish=wish)
    question = wording.consent(
        _names(request.round, wish.subjects),
        _leads(wish.leads),
        group=request.event.source != "user",
        yes=taps.yes(wish),
        no=taps.NO,
    )
    return Turn(kept, (_labelled(request, question, wish.subjects),))


def _keep(request: Request, wish: Wish, *, consent: bool = False) -> Turn:
    """The wish, kept; lead times that were set before stay where none are named now."""
    before = {kept.subject: kept.leads for kept in request.stored.wishes(request.event.chat)}
    version = wording.CONSENT_VERSION if consent else None
    leads = {subject: wish.leads or before.get(subject, ()) for subject in wish.subjects}
    already = not consent and all(subject in before for subject in wish.subjects) and not wish.leads
    effects = tuple(RecordReminderWish((subject,), leads[subject], version) for subject in wish.subjects)
    if len(set(leads.values())) == 1:
        effects = (RecordReminderWish(wish.subjects, next(iter(leads.values())), version),)
    told = [(_name(request.round, subject), _leads(leads[subject])) for subject in wish.subjects]
    changed = all(subject in before for subject in wish.subjects) and not already
    dates, awaited = _dates(request, wish.subjects)
    answer = wording.kept(told, dates, awaited=awaited, changed=changed, already=already)
    conversation = replace(_settled(request.conversation), wish=None)
    return Turn(conversation, (_labelled(request, answer, wish.subjects),), () if already else effects)


def _change(request: Request, wishes: tuple[Kept, ...], leads: tuple[Lead, ...], *, adds: bool) -> Turn:
    """Other lead times for all that is set; with `adds`, beside those set before."""
    told, effects = [], []
    for kept in wishes:
        new = longest_first({*leads, *_leads(kept.leads)})[:MOST_LEADS] if adds else leads
        told.append((_name(request.round, kept.subject), new))
        effects.append(RecordReminderWish((kept.subject,), tuple(map(str, new))))
    subjects = tuple(kept.subject for kept in wishes)
    dates, awaited = _dates(request, subjects)
    answer = wording.kept(told, dates, awaited=awaited, changed=True)
    return Turn(_settled(request.conversation), (_labelled(request, answer, subjects),), tuple(effects))


def _listed(request: Request, wishes: tuple[Kept, ...]) -> Turn:
    if not wishes:
        return _said(request, wording.NOTHING_SET)
    shown = [(_name(request.round, k.subject), _label(request.round, k.subject), _leads(k.leads)) for k in wishes]
    dates, awaited = _dates(request, tuple(kept.subject for kept in wishes))
    return _said(request, wording.listed(shown, dates, awaited=awaited))


def _cancel(request: Request, match: Match) -> Turn:
    wishes = request.stored.wishes(request.event.chat)
    if not wishes:
        return _said(request, wording.NOTHING_TO_CANCEL, match.best.subjects)
    named = tuple(dict.fromkeys(s for mention in match.understanding.names for s in mention.name.subjects))
    everything = WHOLE_SCHEME in named and all(wish.subject != WHOLE_SCHEME for wish in wishes)
    if not named or everything or means_all(match.normalized):
        return _cancelled(request, wishes, tuple(wish.subject for wish in wishes))
    # Of the list's entries, "all categories" is one beside the others.
    below = (
        [WHOLE_SCHEME]
        if WHOLE_SCHEME in named
        else [w.subject for w in wishes if _is_within(request, w.subject, named)]
    )
    if below:
        return _cancelled(request, wishes, tuple(below))
    above = {a for subject in named for a in request.round.ancestors(subject)}
    wider = [_name(request.round, wish.subject) for wish in wishes if wish.subject in above]
    others = [wish.subject for wish in wishes]
    return _said(request, wording.not_set_for(_name(request.round, named[0]), wider, others), named[:1])


def _cancelled(request: Request, wishes: tuple[Kept, ...], ended: tuple[str, ...]) -> Turn:
    if not ended:
        return _listed(request, wishes)
    left = _names(request.round, tuple(wish.subject for wish in wishes if wish.subject not in ended))
    effect = CancelReminderWishes(ended if left else None)
    answer = wording.cancelled(_names(request.round, ended), left)
    subjects = ended if left else (WHOLE_SCHEME,)
    return Turn(_settled(request.conversation), (_labelled(request, answer, subjects),), (effect,))


def _which(request: Request, subjects: tuple[str, ...], leads: tuple[Lead, ...]) -> Turn:
    """A name that several subjects share: a button each, which can be typed as well."""
    before = f" เตือนก่อน {' และ '.join(lead.text() for lead in leads)}" if leads else ""
    buttons = [
        Button(_label(request.round, subject), f"ตั้งเตือน{_name(request.round, subject)}{before}") for subject in subjects
    ]
    asked = replace(
        _settled(request.conversation),
        options=tuple(f"{button.label}\t{button.text}" for button in buttons),
        offered=subjects,
        attribute="reminder",
    )
    return Turn(asked, (_labelled(request, wording.which(buttons), subjects),))


# -- parts ---------------------------------------------------------------------------------------------------------


def _shared(match: Match) -> tuple[str, ...]:
    """The subjects of a name that several share, where nothing tells which is meant."""
    if match.finding.by != "ambiguous":
        return ()
    return tuple(dict.fromkeys(s for subjects, _ in match.finding.alternatives for s in subjects))


def _dates(request: Request, subjects: tuple[str, ...]) -> tuple[tuple[str, ...], bool]:
    """The announced dates to come that concern the subjects, as lines of a pairs block; and whether none of them is the
    end of applications."""
    knowledge, today = request.services.knowledge, request.today
    at = request.services.now().astimezone(BANGKOK).time()
    year = round_asked(knowledge, today, at, named=None, relative="", clock=None)
    lines: dict[str, None] = {}
    awaited = True
    for round_ in (knowledge.rounds[year], knowledge.rounds.get(year + 1)):
        if round_ is None:
            continue
        told = Calendar(knowledge, round_, WHOLE_SCHEME, today, at)
        for milestone in upcoming(round_, today, None, at):
            if any(concerns(milestone, subject, round_) for subject in subjects if subject in round_.subjects):
                lines[f"{milestone.name}\t{when_text(milestone)} ({told.left(milestone)})"] = None
                awaited &= milestone.kind != "closing"
    return tuple(lines)[:_MOST_DATES], awaited


def _leads(texts: tuple[str, ...]) -> tuple[Lead, ...]:
    return parsed_leads(" ".join(texts)) or DEFAULT_LEADS


def _is_within(request: Request, subject: str, named: tuple[str, ...]) -> bool:
    return not set(named).isdisjoint(request.round.ancestors(subject))


def _name(round_: Round, subject: str) -> str:
    name = round_.subjects[subject].name if subject in round_.subjects else subject
    return wording.everything(name) if subject == WHOLE_SCHEME else name


def _label(round_: Round, subject: str) -> str:
    return round_.subjects[subject].label if subject in round_.subjects else subject


def _names(round_: Round, subjects: tuple[str, ...]) -> tuple[str, ...]:
    return tuple(_name(round_, subject) for subject in subjects)


def _settled(conversation: Conversation) -> Conversation:
    return replace(
        conversation, misses=0, options=(), handover="" if conversation.handover == "offered" else conversation.handover
    )


def _said(request: Request, answer: Answer, subjects: tuple[str, ...] = ()) -> Turn:
    return Turn(_settled(request.conversation), (_labelled(request, answer, subjects),))


def _labelled(request: Request, answer: Answer, subjects: tuple[str, ...] = ()) -> Answer:
    """The answer with the contract's labels; a tap has no reading of its own."""
    if request.event.kind != "text":
        return replace(answer, subjects=subjects or (WHOLE_SCHEME,))
    best = request.match.best
    about = subjects or best.subjects or (WHOLE_SCHEME,)
    return replace(answer, subjects=about, confidence=best.confidence if best.attribute == "reminder" else 1.0)
