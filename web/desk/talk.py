"""What an agent does about the call-back that is his: notes, outcome, time. Shown in the live middle of his desk."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.store import talks, work
from callbacks.store.talks import Talk
from callbacks.store.work import Note
from callbacks.workflows import calling_again
from models.vocabulary import Option, TalkOutcome
from web.access import person
from web.words import Words

SHOWN_NOTES = 3
SHOWN_SLOTS = 24


@dataclass(frozen=True)
class Choices:
    """What may be said of a talk: each outcome with its button, and the moments at which to call again by day.

    A moment's value is what somebody would type for it, "2026-11-25 10:30".
    """

    outcomes: Sequence[tuple[TalkOutcome, str]]
    next_opening: str
    days: Sequence[tuple[str, Sequence[tuple[str, str]]]]


@dataclass(frozen=True)
class Panel:
    """The call-back in the live middle of the desk; `choices` where its outcome may be said now.

    `notes` are those written since it began; what was before stands in the dossier.
    """

    talk: Talk
    notes: Sequence[Note]
    other_option: Option
    choices: Choices | None
    who: int


def panel(services: Services, words: Words, attempt_id: int) -> dict[str, object]:
    """Return what the panel shows of the call-back of this attempt: the values that its template wants."""
    with services.database.read() as session:
        talk = talks.one(session, attempt_id)
        notes = work.notes(session, talk.ticket_id, SHOWN_NOTES) if talk else ()
    if talk is None:
        return {"talk": None}
    notes = [note for note in notes if note.at >= talk.at]
    asked = choices(services, words) if talk.waits else None
    return {"talk": Panel(talk, notes, other(talk.option), asked, person().id)}


def other(option: Option) -> Option:
    """Return what a ticket is not."""
    return Option.QUESTION if option is Option.OUTAGE else Option.OUTAGE


def choices(services: Services, words: Words) -> Choices:
    """Return what an agent may say of a talk now."""
    now = services.clock.now()
    slots = calling_again.offers(services, SHOWN_SLOTS)
    local = [(slot.starts.astimezone(words.zone), slot) for slot in slots]
    days = [
        (
            words.date(day[0][1].starts),
            [(f"{at:%Y-%m-%d %H:%M}", f"{words.clock(slot.starts)}–{words.clock(slot.ends)}") for at, slot in day],
        )
        for day in (list(group) for _, group in groupby(local, key=lambda each: each[0].date()))
    ]
    outcomes = [
        (TalkOutcome.SOLVED, words.say("talk_solved")),
        (TalkOutcome.VISIT, words.say("talk_visit")),
        (TalkOutcome.WRONG_PERSON, words.say("talk_wrong_person")),
        (TalkOutcome.WRONG_NUMBER, words.say("talk_wrong_number")),
    ]
    return Choices(outcomes, _next_opening(services, words, now), days)


def became(talk: Talk, words: Words) -> tuple[str, str]:
    """Return in a word what became of a try, and its colour."""
    if talk.waits:
        return words.say("outcome_unstated"), "bad"
    if talk.outcome is not None:
        return words.say(f"outcome_{talk.outcome}"), "good" if talk.outcome is TalkOutcome.SOLVED else "busy"
    if talk.customer_outcome is not None:
        return words.say(f"customer_{talk.customer_outcome}"), "quiet"
    if talk.agent_outcome is not None and not talk.goes_on:
        return words.say(f"agent_outcome_{talk.agent_outcome}"), "quiet"
    return words.say(f"attempt_{talk.state}"), "busy" if talk.goes_on else "quiet"


def _next_opening(services: Services, words: Words, now: datetime) -> str:
    try:
        with services.database.read() as session:
            return words.moment(calling_again.next_opening(session, services, now), now)
    except RingbackError:
        # A calendar that cannot answer: the outcome is refused with that when it is said.
        return ""
