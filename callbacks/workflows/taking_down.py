"""What came in by another way than the hotline is taken down: a ticket and, where he is to be called, his call-back.

As on the hotline, all of it is one transaction: the ticket, the place in the queue, the promise, and the mail that
tells of it.
"""

from dataclasses import dataclass

from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.rules.keyed_numbers import KeyedNumber, parse_keyed
from callbacks.rules.queue_order import Standing
from callbacks.rules.slots import Slot
from callbacks.store import callers, contacts, legs, promises, tickets
from callbacks.store.contacts import Known
from callbacks.store.signin import Person
from callbacks.store.transitions import Cause, record_birth
from callbacks.workflows import booking, handling_missed, knowing_requests
from callbacks.workflows.emails import queue_confirmation
from callbacks.workflows.placing import place_of
from callbacks.workflows.promising import promise
from models.callback import Callback
from models.ticket import Ticket, TicketNote
from models.vocabulary import CallbackState, Channel, Language, Option, Subject

NO_CALL = ""
"""No call to the hotline of this name exists: of the call-backs of a number, all are others'."""


@dataclass(frozen=True)
class Report:
    """What somebody of the desk was told, and by whom, where that is known.

    Where nothing is said of him, his number tells who he is, as on the hotline; `is_stranger` says that it does not.
    `number` is as he typed it. `calls_back`: the customer is to be called, at `moment` where he chose one. `missed` is
    the missed call it came of. `form` names the sheet it was written on: sent twice, it is taken down once.
    """

    option: Option
    language: Language
    subject: str
    form: str
    number: str = ""
    contact_id: int | None = None
    customer_id: int | None = None
    is_stranger: bool = False
    note: str = ""
    calls_back: bool = True
    moment: Slot | None = None
    missed: str = ""


def take_down(services: Services, report: Report, who: Person) -> int:
    """Write a report down, and return the number of its ticket.

    Raises NumberRefused for a number that may not be dialled or has too many open call-backs, RuleRefused for anything
    else that is missing or was taken by somebody else; nothing is kept then.
    """
    cause = Cause(services.clock.now(), who.name, "taken down at the desk")
    if not report.subject:
        message = "say what it is about"
        raise RuleRefused(Rule.NO_SUBJECT, message, field="subject")
    with services.database.write() as session:
        _only_once(session, report, cause)
        ticket, mail = _write(session, services, report, who, cause)
        number = ticket.number
    if mail:
        services.bell.ring("mail")
    if report.calls_back:
        services.bell.ring("dispatch")
        services.bell.wake_clock()
    return number


def _only_once(session: Session, report: Report, cause: Cause) -> None:
    try:
        if legs.first_time(session, f"desk|{report.form}", cause.at):
            return
    except IntegrityError:
        # The same form at the same moment: the other one has committed.
        pass
    message = "this form was sent before; its ticket is there"
    raise RuleRefused(Rule.ALREADY_SENT, message)


def _write(session: Session, services: Services, report: Report, who: Person, cause: Cause) -> tuple[Ticket, bool]:
    keyed = _number(session, services, report, cause) if report.calls_back else None
    whom = _whom(session, report, keyed)
    ticket = tickets.open_ticket(
        session,
        tickets.Report(
            Channel.DESK,
            report.option,
            report.language,
            report.subject,
            whom.customer_id if whom else None,
            whom.contact_id if whom else None,
        ),
        cause,
    )
    # Without a call-back there is no other place for the number.
    noted = "\n".join(part for part in (report.note, "" if keyed else report.number) if part)
    if noted:
        session.add(TicketNote(ticket_id=ticket.id, agent_id=who.id, written_at=cause.at, body=noted))
        session.flush()
    if report.missed:
        handling_missed.settle(session, report.missed, who.name, cause.at, ticket.id)
    return ticket, keyed is not None and _promise_call(session, services, report, ticket, whom, keyed, cause)


def _promise_call(
    session: Session,
    services: Services,
    report: Report,
    ticket: Ticket,
    whom: Known | None,
    keyed: KeyedNumber,
    cause: Cause,
) -> bool:
    """Put him in the queue, and say whether a mail goes that tells him when he is called."""
    standing = Standing(cause.at, report.option, whom.agreement if whom else None)
    order, why = place_of(session, services, standing, cause)
    callback = Callback(
        ticket_id=ticket.id,
        state=CallbackState.WAITING,
        option=report.option,
        language=report.language,
        number=keyed.number,
        extension=keyed.extension,
        number_confirmed=True,
        arrived_at=cause.at,
        rank=order,
        why=why,
    )
    session.add(callback)
    session.flush()
    born = Cause(cause.at, cause.who, why)
    record_birth(session, Subject.CALLBACK, callback.id, CallbackState.WAITING, born, callback.id)
    callback_id, ticket_id = callback.id, ticket.id
    if report.moment is None:
        promise(session, services, callback_id, cause.at, told=False)
    elif not _takes(session, services, callback, report.moment, cause):
        message = "this moment is not free any more"
        raise RuleRefused(Rule.MOMENT_TAKEN, message, field="moment")
    mail = queue_confirmation(session, services, ticket_id, cause.at)
    if mail:
        promises.tell(session, callback_id)
    return mail


def _takes(session: Session, services: Services, callback: Callback, moment: Slot, cause: Cause) -> bool:
    try:
        return booking.takes(session, services, callback, moment, Cause(cause.at, cause.who, "a moment was chosen"))
    except RingbackError:
        # Of a calendar that cannot answer, no moment is known to be free.
        return False


def _whom(session: Session, report: Report, keyed: KeyedNumber | None) -> Known | None:
    """Return whom it is about. Raises RuleRefused for somebody who is not there."""
    contact_id, customer_id = report.contact_id, report.customer_id
    if contact_id is None and customer_id is None and keyed is not None and not report.is_stranger:
        caller = callers.recognise(session, keyed.number)
        contact_id, customer_id = caller.contact_id, caller.customer_id
    if contact_id is not None:
        found = contacts.contact(session, contact_id)
    elif customer_id is not None:
        found = contacts.company(session, customer_id)
    else:
        return None
    if found is None:
        message = "there is no such contact"
        raise RuleRefused(Rule.NO_SUCH_CONTACT, message, field="contact")
    return found


def _number(session: Session, services: Services, report: Report, cause: Cause) -> KeyedNumber:
    if not report.number:
        message = "give the number to call"
        raise RuleRefused(Rule.NO_NUMBER_TO_CALL, message, field="number")
    keyed = parse_keyed(report.number, services.rules.allowed_countries)
    callers.check(session, services.rules, keyed.number, cause.at)
    knowing_requests.check_room(session, services.rules, keyed.number, NO_CALL, report.option)
    return keyed
