"""The day as the schedule page shows it: which row stands under which window, and what each one says."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from callbacks.rules.queue_order import explanation
from callbacks.store.day_rows import Caller, Day, Promise, Try
from models.vocabulary import (
    AgentState,
    AttemptState,
    CallbackState,
    CustomerOutcome,
    TalkOutcome,
)
from web.open_time import waited
from web.words import Words

MINUTE = timedelta(minutes=1)
GOOD, BUSY, BAD, QUIET = "good", "busy", "bad", "quiet"
TONES = {AttemptState.CUSTOMER_ANSWERED: GOOD, AttemptState.BRIDGED: GOOD, AttemptState.UNKNOWN: BAD}
"""Of what is going on; anything else is under way."""


@dataclass(frozen=True)
class Line:
    """One row: when, about whom, by whom, what of it (`tone` colours the word; the word says it too)."""

    at: str
    caller: Caller
    agent: str
    word: str
    tone: str
    note: str = ""
    talk: str = ""


@dataclass(frozen=True)
class Place:
    """One row of the queue."""

    place: int
    caller: Caller
    since: str
    waited: str
    tries: int
    note: str
    why: str
    promised: str
    late: bool
    planned: str


def rows(day: Day) -> list[Promise | Try]:
    """Return every row of the page that is about a ticket."""
    promises: list[Promise | Try] = [*day.queue, *day.held, *day.resting, *day.needs_human]
    return [*promises, *day.running, *day.tries, *day.without_outcome]


def oldest_wait(day: Day, words: Words) -> str:
    """Return the longest wait in the queue, in open time."""
    return words.span(waited(day.calendar, day.oldest_arrival, day.now)) if day.oldest_arrival else "–"


def free(day: Day) -> int:
    """Return how many people could be rung now."""
    return sum(1 for colleague in day.colleagues if colleague.state is AgentState.FREE and not colleague.wants_off_duty)


def on_duty(day: Day) -> int:
    """Return how many people are at work."""
    return sum(1 for colleague in day.colleagues if colleague.state is not AgentState.OFF_DUTY)


def places(day: Day, words: Words, agents: Mapping[int, str]) -> list[Place]:
    """Return the page of the queue; `agents` are the names of those whom somebody may be kept for."""
    return [
        Place(
            place=each.place or 0,
            caller=each.caller,
            since=words.moment(each.arrived_at, day.now),
            waited=words.span(waited(day.calendar, each.arrived_at, day.now)),
            tries=each.tries,
            note=_notes(each, words, day.now, agents),
            why=explanation(each.standing, day.head_starts, words.language),
            promised=_promised(each, words, day.now),
            late=each.promised is not None and each.promised[1] < day.now,
            planned=_planned(each, words, day.now),
        )
        for each in day.queue
    ]


def _notes(row: Promise, words: Words, now: datetime, agents: Mapping[int, str]) -> str:
    agent = agents.get(row.pinned_id) if row.pinned_id is not None else None
    pinned = words.say("queue_pinned", agent=agent) if agent else ""
    return " · ".join(note for note in (pinned, _last_try(row, words), _from(row, words, now)) if note)


def _promised(row: Promise, words: Words, now: datetime) -> str:
    """Return the range told to the customer: 14:15 to 14:45, with its day where that is not today."""
    if row.promised is None:
        return words.say("not_promised")
    start, end = row.promised
    return f"{words.moment(start, now)}–{words.clock(end)}"


def _planned(row: Promise, words: Words, now: datetime) -> str:
    if row.planned is None:
        return words.say("not_planned")
    return words.say("planned", time=words.moment(row.planned.at, now), agent=row.planned.agent)


def running_line(row: Try, words: Words, now: datetime) -> Line:
    """Say what is going on: the agent's telephone, the customer's, the talk, or the writing down after it."""
    if row.callback_state is CallbackState.WRAP_UP:
        word, tone = words.say("attempt_wrap_up"), QUIET
    else:
        word = words.say(f"attempt_{row.state}")
        tone = TONES.get(row.state, BUSY)
    lasted = now - row.since
    key = "since" if lasted >= MINUTE else "since_short"
    since = words.say(key, time=words.moment(row.since, now), span=words.span(lasted))
    return Line(words.moment(row.at, now), row.caller, row.agent, word, tone, since, _talk(row, words))


def ended_line(row: Try, words: Words, now: datetime) -> Line:
    """Say how a try ended, and what became of the promise where that is the end of it."""
    word, tone = _ending(row, words)
    note = ""
    if row.customer_outcome is CustomerOutcome.BRIDGED and row.talk_outcome is not None:
        note = words.say(f"outcome_{row.talk_outcome}")
        tone = BUSY if row.talk_outcome in {TalkOutcome.UNSTATED, TalkOutcome.VISIT} else tone
    elif row.callback_state in {CallbackState.UNREACHED, CallbackState.NEEDS_HUMAN, CallbackState.CANCELLED}:
        note = words.say(f"callback_{row.callback_state}")
    if row.key_pressed is not None:
        word = words.say("with_key" if row.key_pressed else "without_key", ending=word)
    return Line(words.moment(row.at, now), row.caller, row.agent, word, tone, note, _talk(row, words))


def resting_line(row: Promise, words: Words, now: datetime) -> Line:
    """Say until when a call-back rests, and after what."""
    at = words.moment(row.not_before, now) if row.not_before else "–"
    return Line(at, row.caller, "", words.say("callback_resting", time=at), QUIET, _last_try(row, words))


def held_line(row: Promise, words: Words, now: datetime) -> Line:
    """Say that the caller is still on the hotline."""
    return Line(words.moment(row.arrived_at, now), row.caller, "", words.say("callback_held"), BUSY)


def _ending(row: Try, words: Words) -> tuple[str, str]:
    if row.customer_outcome is CustomerOutcome.BRIDGED:
        return words.say("customer_bridged"), GOOD
    if row.customer_outcome not in {None, CustomerOutcome.NOT_DIALLED}:
        return words.say(f"customer_{row.customer_outcome}"), BAD
    if row.agent_outcome is not None and row.state is AttemptState.ENDED:
        word = "customer_not_dialled" if row.agent_outcome == "accepted" else f"agent_outcome_{row.agent_outcome}"
        return words.say(word), BAD
    return words.say(f"attempt_{row.state}"), QUIET if row.state is AttemptState.WITHDRAWN else BAD


def _talk(row: Try, words: Words) -> str:
    return words.talk(row.talk_seconds) if row.talk_seconds else ""


def _last_try(row: Promise, words: Words) -> str:
    return words.say(f"customer_{row.last_outcome}") if row.tries and row.last_outcome else ""


def _from(row: Promise, words: Words, now: datetime) -> str:
    if row.not_before is None or row.not_before <= now:
        return ""
    return words.say("not_before", time=words.moment(row.not_before, now))
