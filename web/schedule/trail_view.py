"""The trail as people read it: a line for each step, in words of their language; the stored reasons as they are."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import singledispatch
from itertools import groupby

from callbacks.store.trail import Deed, Given, Leg, Noted, Settled, Step, Worked
from models.vocabulary import AttemptState, CallbackState, LegKind, MailState, PromiseResult, Subject, TicketState
from web.words import Words

GOOD, BUSY, BAD, QUIET = "good", "busy", "bad", "quiet"
_BAD_STATES = {
    CallbackState.NEEDS_HUMAN,
    CallbackState.UNREACHED,
    AttemptState.UNKNOWN,
    AttemptState.REJECTED,
    AttemptState.NOT_PLACED,
    MailState.DEAD,
}
_GOOD_STATES = {CallbackState.DONE, AttemptState.BRIDGED, MailState.SENT, TicketState.CLOSED}
_RESULTS = {PromiseResult.KEPT: GOOD, PromiseResult.EARLY: GOOD, PromiseResult.LATE: BAD}


@dataclass(frozen=True)
class Line:
    """One step: when, what of it (`tone` colours the word), by whom, and the reason that was kept."""

    at: str
    what: str
    tone: str
    who: str = ""
    why: str = ""


@dataclass(frozen=True)
class Day:
    """The steps of one day."""

    name: str
    lines: Sequence[Line]


def days(steps: Sequence[Step], words: Words) -> list[Day]:
    """Return the steps by day, in the order in which they happened."""
    of_days = groupby(steps, key=lambda step: step.at.astimezone(words.zone).date())
    return [_day(list(rows), words) for _, rows in of_days]


def _day(steps: Sequence[Step], words: Words) -> Day:
    return Day(words.date(steps[0].at), [line(step, words) for step in steps])


@singledispatch
def line(step: object, words: Words) -> Line:
    """Return what a step says. Raises TypeError for what is none."""
    del words
    raise TypeError(step)


@line.register
def _(step: Deed, words: Words) -> Line:
    what = _deed(step, words)
    tone = BAD if step.new in _BAD_STATES else GOOD if step.new in _GOOD_STATES else QUIET
    return Line(words.clock_seconds(step.at), what, QUIET if step.old == step.new else tone, step.who, step.why)


@line.register
def _(step: Leg, words: Words) -> Line:
    number = "" if step.kind is LegKind.INBOUND and step.number is None else words.number(step.number)
    what = words.say(f"trail_leg_{step.kind}", number=number)
    status = words.say(f"trail_leg_status_{step.status}")
    lasted = words.talk(step.seconds) if step.seconds else ""
    until = words.say("trail_until", time=words.clock_seconds(step.ended_at)) if step.ended_at else ""
    return Line(words.clock_seconds(step.at), what, BUSY, "", " · ".join(filter(None, (status, lasted, until))))


@line.register
def _(step: Given, words: Words) -> Line:
    told = words.say("trail_told" if step.told else "trail_not_told")
    what = words.say("trail_promised", starts=words.moment(step.starts, step.at), ends=words.clock(step.ends))
    return Line(words.clock_seconds(step.at), what, QUIET, step.who, told)


@line.register
def _(step: Settled, words: Words) -> Line:
    what = words.say(f"trail_promise_{step.result}")
    starts, ends = words.moment(step.starts, step.at), words.clock(step.ends)
    return Line(words.clock_seconds(step.at), what, _RESULTS.get(step.result, QUIET), "", f"{starts}–{ends}")


@line.register
def _(step: Worked, words: Words) -> Line:
    return Line(words.clock_seconds(step.at), worked(step, words), QUIET, step.agent, step.why or "")


@line.register
def _(step: Noted, words: Words) -> Line:
    return Line(words.clock_seconds(step.at), words.say("trail_noted"), QUIET, step.who, step.body)


def worked(step: Worked, words: Words) -> str:
    """Return what time was written, and what was measured where a person has corrected it."""
    said = words.say(f"trail_work_{step.kind}", time=words.talk(step.seconds))
    if step.measured is None or step.measured == step.seconds:
        return said
    return f"{said} ({words.say('trail_measured', time=words.talk(step.measured))})"


def _deed(step: Deed, words: Words) -> str:
    if step.subject is Subject.MAIL:
        kind = words.say(f"trail_mail_{step.mail}") if step.mail else words.say("trail_mail")
        return f"{kind}: {words.say(f'trail_mail_state_{step.new}')}"
    if step.subject is Subject.ATTEMPT:
        return words.say("trail_attempt", n=step.attempt or "?", state=words.say(f"attempt_{step.new}"))
    if step.old != step.new and step.subject is Subject.TICKET:
        return words.say(f"trail_ticket_{step.new}")
    if step.old != step.new and step.subject is Subject.CALLBACK:
        return words.say(f"trail_callback_{step.new}")
    return words.say("trail_changed")
