"""The time of a ticket, put right by the person who spent it, and work that no telephone measured."""

from datetime import timedelta

from sqlalchemy import func, select, update

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.durations import as_typed, seconds_of
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, note, record_birth
from callbacks.workflows.noting import locked, written
from models.callback import Attempt
from models.ticket import Ticket, TimeEntry
from models.vocabulary import Subject, WorkKind

LONGEST_REASON = 200
SENT_TWICE = timedelta(minutes=1)


def correct(services: Services, entry_id: int, *, typed: str, was: int, why: str, who: Person) -> int:
    """Let an entry count as long as was typed, and return the number of its ticket.

    What was measured is kept beside it. `was` is how many seconds the person saw: where it is something else by now,
    nothing is changed. Raises RuleRefused for that, for another's entry, no duration or no reason.
    """
    seconds = seconds_of(typed)
    if seconds is None:
        raise RuleRefused(Rule.NO_DURATION, f"{typed!r} is no time", "duration")
    if not why.strip():
        raise RuleRefused(Rule.NO_REASON, "a correction needs a reason", "why")
    reason, now = written(why, LONGEST_REASON, "why"), services.clock.now()
    with services.database.write() as session:
        entry = session.get(TimeEntry, entry_id)
        if entry is None or entry.agent_id != who.id:
            raise RuleRefused(Rule.NOT_YOURS, "this is somebody else's time")
        number = session.scalar(select(Ticket.number).where(Ticket.id == entry.ticket_id)) or 0
        measured = func.coalesce(TimeEntry.measured_seconds, TimeEntry.seconds) if entry.attempt_id else None
        changed = session.execute(
            update(TimeEntry)
            .where(TimeEntry.id == entry_id, TimeEntry.seconds == was)
            .values(seconds=seconds, measured_seconds=measured, why=reason)
            .returning(TimeEntry.id)
            .execution_options(synchronize_session=False),
        ).all()
        if not changed:
            raise RuleRefused(Rule.JUST_DECIDED, "it was just changed", "duration", ticket=number)
        callback_id = session.scalar(select(Attempt.callback_id).where(Attempt.id == entry.attempt_id))
        cause = Cause(now, who.name, f"{as_typed(was)} → {as_typed(seconds)} min: {reason}")
        note(session, Subject.TIME_ENTRY, entry_id, entry.kind, cause, callback_id)
    return number


def add(services: Services, ticket_number: int, *, typed: str, what: str, who: Person) -> bool:
    """Write down work that no telephone measured, ending now; False where the same was sent a moment ago.

    Raises RuleRefused for no duration, or without a word on what was done.
    """
    seconds = seconds_of(typed)
    if not seconds:
        raise RuleRefused(Rule.NO_DURATION, f"{typed!r} is no time", "duration")
    work, now = written(what, LONGEST_REASON, "what"), services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        began = now - timedelta(seconds=seconds)
        twin = select(TimeEntry.id).where(
            TimeEntry.ticket_id == ticket.id,
            TimeEntry.agent_id == who.id,
            TimeEntry.kind == WorkKind.WORK,
            TimeEntry.seconds == seconds,
            TimeEntry.why == work,
            TimeEntry.started_at.between(began - SENT_TWICE, began),
        )
        if session.scalar(twin.limit(1)) is not None:
            return False
        entry = TimeEntry(
            ticket_id=ticket.id, agent_id=who.id, kind=WorkKind.WORK, started_at=began, seconds=seconds, why=work
        )
        session.add(entry)
        session.flush()
        cause = Cause(now, who.name, f"{as_typed(seconds)} min: {work}")
        record_birth(session, Subject.TIME_ENTRY, entry.id, WorkKind.WORK, cause)
    return True


def ticket_of(services: Services, entry_id: int) -> int:
    """Return the number of the ticket an entry is of. Raises RefusedInput where there is no such entry."""
    with services.database.read() as session:
        entry = select(Ticket.number).join(TimeEntry, TimeEntry.ticket_id == Ticket.id)
        number = session.scalar(entry.where(TimeEntry.id == entry_id))
    if number is None:
        message = f"there is no time entry {entry_id}"
        raise RefusedInput(message)
    return number
