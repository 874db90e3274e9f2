"""What a person of the desk has still to do for a ticket: written down, and ticked off."""

from datetime import datetime

from sqlalchemy import select, update

from callbacks.errors import RefusedInput, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules import local_times
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, note
from callbacks.workflows.noting import locked, written
from models.ticket import FollowUp, Ticket
from models.vocabulary import Subject

LONGEST = 500


def add(services: Services, ticket_number: int, body: str, due_on: str, who: Person) -> bool:
    """Write down what is to be done, by the day `due_on` ("2026-12-24", or nothing).

    False where the same is open already; one that is open for another day moves to this one. Raises RuleRefused where
    nothing was written, or the day cannot be read.
    """
    text, due = written(body, LONGEST, "body"), _day(services, due_on)
    now = services.clock.now()
    with services.database.write() as session:
        ticket = locked(session, ticket_number)
        open_already = select(FollowUp).where(
            FollowUp.ticket_id == ticket.id,
            FollowUp.agent_id == who.id,
            FollowUp.body == text,
            FollowUp.done_at.is_(None),
        )
        twin = session.scalar(open_already.limit(1).with_for_update())
        if twin is not None and twin.due_at == due:
            return False
        if twin is not None:
            twin.due_at = due
        else:
            session.add(FollowUp(ticket_id=ticket.id, agent_id=who.id, body=text, entered_at=now, due_at=due))
        note(session, Subject.TICKET, ticket.id, ticket.state, Cause(now, who.name, f"to follow up: {text}"))
    return True


def tick_off(services: Services, follow_up_id: int, who: Person) -> None:
    """Say that it is done, whoever had it to do; done twice, it stays done. Raises RefusedInput where there is none."""
    now = services.clock.now()
    with services.database.write() as session:
        found = session.get(FollowUp, follow_up_id)
        if found is None:
            message = f"there is no follow-up {follow_up_id}"
            raise RefusedInput(message)
        done = session.execute(
            update(FollowUp)
            .where(FollowUp.id == follow_up_id, FollowUp.done_at.is_(None))
            .values(done_at=now)
            .returning(FollowUp.id)
            .execution_options(synchronize_session=False),
        ).all()
        if done:
            ticket = session.get_one(Ticket, found.ticket_id)
            note(session, Subject.TICKET, ticket.id, ticket.state, Cause(now, who.name, f"followed up: {found.body}"))


def _day(services: Services, text: str) -> datetime | None:
    if not text.strip():
        return None
    try:
        return local_times.starts_at(text, services.rules.zone)
    except RefusedInput:
        raise RuleRefused(Rule.MOMENT_UNREADABLE, f"{text!r} is no day", "due") from None
