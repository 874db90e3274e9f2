"""Outage mode: one failure that many report is opened, its callers are marked, answered and closed together."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

from sqlalchemy import select

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import announcements, incident_reporters, incidents, outbox, promises
from callbacks.store.transitions import Cause, move_callback
from callbacks.workflows import announcing
from callbacks.workflows.closing import close_in
from callbacks.workflows.letters_of_the_desk import write_answer
from callbacks.workflows.row_by_row import each
from callbacks.workflows.taking_in_hand import AT_REST
from models.callback import Callback
from models.incident import Incident
from models.ticket import Ticket
from models.vocabulary import (
    CallbackState,
    Language,
    MailKind,
    PromiseResult,
    TalkOutcome,
    TicketState,
)

TITLE_LIMIT = 200
ANSWER_LIMIT = 4000


@dataclass(frozen=True)
class Answered:
    """How many mails go, the tickets whose customer has no address, and those whose mail could not be written."""

    mails: int
    without_address: list[int]
    failed: list[int]


@dataclass(frozen=True)
class Seen:
    """What was shown to whoever closes an incident: the marks of its open tickets and of the announcement."""

    tickets: str
    announcement: int


@dataclass(frozen=True)
class Closed:
    """How many tickets were closed, and those still open: their customer is on the telephone, or something failed."""

    tickets: int
    remaining: list[int]


def open_incident(services: Services, title: str, texts: Mapping[Language, str], who: str) -> int:
    """Open an incident and return its number; `texts`, where given, are announced on the hotline at once.

    Raises RuleRefused without a title, for a text that cannot be said, and where an open incident has this title
    already; then nothing is opened.
    """
    if not title.strip():
        message = "give the incident a title"
        raise RuleRefused(Rule.NO_TITLE, message, field="title")
    announcing.checked(texts)
    with services.database.write() as session:
        cause = Cause(services.clock.now(), who, title.strip())
        named = title.strip()[:TITLE_LIMIT]
        if incidents.is_open(session, named):
            message = f"an incident {named!r} is open already"
            raise RuleRefused(Rule.SAME_INCIDENT, message, field="title")
        incident_id = incidents.open_one(session, named, cause)
    if texts:
        announcing.announce(services, texts, None, who)
    return incident_id


def mark(services: Services, incident_id: int, numbers: Collection[int], who: str) -> int:
    """Let these tickets report the incident, and return how many are new to it.

    All or none: raises RuleRefused for a number that is no open ticket, for a ticket of another open incident, and
    without any.
    """
    if not numbers:
        message = "name a ticket"
        raise RuleRefused(Rule.NOTHING_MARKED, message, field="ticket")
    now = services.clock.now()
    with services.database.write() as session:
        incident = _locked(incidents.lock_open(session, incident_id))
        found = incidents.ids_of(session, numbers)
        others = {failure.id for failure in incidents.still_open(session)} - {incident_id}
        marked = 0
        for number in sorted(numbers):
            ticket_id, state, origin = found.get(number, (0, TicketState.CLOSED, None))
            _check(number, known=number in found, state=state, elsewhere=origin in others)
            if origin == incident_id:
                continue
            if not incidents.join(session, ticket_id, incident_id, origin, Cause(now, who, _name(incident))):
                message = f"ticket {number}: somebody else has just marked it"
                raise RuleRefused(Rule.JUST_DECIDED, message, field="ticket", ticket=number)
            marked += 1
    return marked


def unmark(services: Services, incident_id: int, ticket_number: int, who: str) -> None:
    """Let a ticket report the incident no more. Raises RuleRefused where it does not."""
    with services.database.write() as session:
        incident = _locked(incidents.lock_open(session, incident_id))
        ticket_id, *_ = incidents.ids_of(session, [ticket_number]).get(ticket_number, (0,))
        if not incidents.leave(session, ticket_id, incident_id, Cause(services.clock.now(), who, _name(incident))):
            message = f"ticket {ticket_number}: somebody else has just decided"
            raise RuleRefused(Rule.JUST_DECIDED, message, ticket=ticket_number)


def answer_all(services: Services, incident_id: int, texts: Mapping[Language, str], times: int, who: str) -> Answered:
    """Write one mail to the customer of every open ticket of the incident, each in his language where there is a text.

    `times` is how many answers there were when the text was written: the same form sent twice writes once. All mails
    are in the outbox or none is: a process that dies in between leaves nothing that looks answered. Raises RuleRefused
    without a text, for one too long, and where another answer came between.
    """
    given = {language: text.strip() for language, text in texts.items() if text.strip()}
    _check_answer(given)
    now = services.clock.now()
    done: set[int] = set()
    with services.database.write() as session:
        _locked(incidents.lock_open(session, incident_id))
        if incidents.times_answered(session, incident_id) != times:
            message = "somebody has just answered; read it first"
            raise RuleRefused(Rule.JUST_ANSWERED, message)
        incidents.note_answer(session, incident_id, Cause(now, who, " / ".join(given.values())))
        tickets = {row.id: row for row in incident_reporters.still_open(session, incident_id)}

        def answer(ticket_id: int) -> bool:
            text = given.get(tickets[ticket_id].language) or next(given[each] for each in Language if each in given)
            with session.begin_nested():
                copy = outbox.count(session, ticket_id, MailKind.ANSWER)
                write_answer(session, services, ticket_id, text, copy, now)
            done.add(ticket_id)
            return True

        # On SQLite nobody else writes meanwhile: rows only, two seconds for a thousand of them.
        mails = each((row.id for row in tickets.values() if row.has_address), answer)
    services.bell.ring("mail")
    return Answered(
        mails,
        [row.number for row in tickets.values() if not row.has_address],
        [row.number for row in tickets.values() if row.has_address and row.id not in done],
    )


def close_all(services: Services, incident_id: int, who: str, *, silence: bool, seen: Seen | None = None) -> Closed:
    """Close every ticket of the incident with its own mail, end its call-back, and the incident where none is left.

    A customer who is on the telephone at this moment, with us or with the hotline, keeps his ticket, and the incident
    stays open for it; to be closed again later. `silence` takes the announcement away. `seen` is what was shown to
    whoever decided. Raises RuleRefused for an incident that is closed, or whose tickets or announcement are no longer
    those that were shown.
    """
    now = services.clock.now()
    with services.database.read() as session:
        incident = _locked(session.scalar(select(Incident).where(Incident.id == incident_id)))
        cause = Cause(now, who, f"{_name(incident)} solved")
        as_shown = seen is None or (
            incident_reporters.mark(incident_reporters.reporters(session, incident_id)) == seen.tickets
            and (not silence or announcements.mark(session) == seen.announcement)
        )
        everybody = [row.id for row in incident_reporters.still_open(session, incident_id)]
    if not as_shown:
        message = "its tickets or the announcement have changed since; see first how it stands"
        raise RuleRefused(Rule.NOT_AS_SHOWN, message)

    def close(ticket_id: int) -> bool:
        try:
            return _close(services, ticket_id, incident_id, cause)
        except RuleRefused:
            return False

    tickets = each(everybody, close)
    with services.database.write() as session:
        # Whoever marks a ticket holds the incident's row: what was marked meanwhile is seen here, or comes too late.
        incidents.lock_open(session, incident_id)
        incidents.close_one(session, incident_id, cause)
        remaining = [row.number for row in incident_reporters.still_open(session, incident_id)]
    if silence:
        announcing.fall_silent(services, who)
    services.bell.ring("mail")
    services.bell.ring("dispatch")
    return Closed(tickets, remaining)


def _close(services: Services, ticket_id: int, incident_id: int, cause: Cause) -> bool:
    """Close one ticket, all of it or nothing. Raises RuleRefused while its customer is on the telephone.

    False for one that somebody has taken out of the incident, or closed: it is left as he wanted it.
    """
    with services.database.write() as session:
        ticket = session.get_one(Ticket, ticket_id)
        if ticket.incident_id != incident_id or ticket.state is TicketState.CLOSED:
            return False
        # The call-backs before their ticket, as every webhook does: the other order could stand in its way for ever.
        for callback_id in session.scalars(
            select(Callback.id).where(Callback.ticket_id == ticket_id, Callback.closed_at.is_(None))
        ).all():
            if not move_callback(session, callback_id, AT_REST, CallbackState.CANCELLED, cause):
                message = f"ticket {ticket.number}: the customer is on the telephone"
                raise RuleRefused(Rule.BEING_CALLED, message, ticket=ticket.number)
            promises.settle(session, callback_id, cause.at, PromiseResult.LAPSED)
        close_in(session, services, ticket, cause, TalkOutcome.SOLVED)
    return True


def _locked(incident: Incident | None) -> Incident:
    if incident is None or incident.closed_at is not None:
        message = "this incident is closed, or never was"
        raise RuleRefused(Rule.INCIDENT_OVER, message)
    return incident


def _name(incident: Incident) -> str:
    return f"incident {incident.id}: {incident.title}"


def _check(number: int, *, known: bool, state: TicketState, elsewhere: bool) -> None:
    if not known:
        message = f"there is no ticket {number}"
        raise RuleRefused(Rule.NO_SUCH_TICKET, message, field="ticket", ticket=number)
    if state is TicketState.CLOSED:
        message = f"ticket {number} is closed"
        raise RuleRefused(Rule.TICKET_CLOSED, message, field="ticket", ticket=number)
    if elsewhere:
        message = f"ticket {number} reports another incident; take it out there first"
        raise RuleRefused(Rule.OTHER_INCIDENT, message, field="ticket", ticket=number)


def _check_answer(texts: Mapping[Language, str]) -> None:
    if not texts:
        message = "write a text"
        raise RuleRefused(Rule.NO_TEXT, message, field=f"answer-{Language.NL}")
    for language, text in texts.items():
        if len(text) > ANSWER_LIMIT:
            message = f"the text in {language} is too long"
            raise RuleRefused(Rule.TEXT_TOO_LONG, message, field=f"answer-{language}", limit=ANSWER_LIMIT)
