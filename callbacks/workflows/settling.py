"""A person settles what is left over: a customer nobody reached, a ticket nobody works on, a mail that went nowhere."""

import re
from datetime import datetime
from typing import Any

from sqlalchemy import update
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError, Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import hours
from callbacks.store.transitions import Cause, move_mail, note
from callbacks.workflows.closing import close_in
from callbacks.workflows.customer_side import has_open_callback
from callbacks.workflows.noting import locked
from callbacks.workflows.taking_in_hand import check_number, check_reason
from callbacks.workflows.wrapping_up import call_anew
from models.callback import Attempt, Callback
from models.outbox import OutboxMail
from models.ticket import Ticket
from models.vocabulary import AttemptState, CallbackState, MailState, Subject, TicketState

ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+")
LONGEST_ADDRESS = 254


def call_again(services: Services, callback_id: int, who: str, why: str = "") -> None:
    """Give a customer who was not reached a new call-back, as soon as we are open. Raises RuleRefused.

    His tries begin anew, and he stands where his arrival put him.
    """
    now = services.clock.now()
    cause = Cause(now, who, f"call again: {why.strip()}" if why.strip() else "call again")
    with services.database.write() as session:
        before = session.get(Callback, callback_id)
        ticket = session.get(Ticket, before.ticket_id, with_for_update=True) if before else None
        if before is None or ticket is None or before.state is not CallbackState.UNREACHED:
            message = "this call-back is not one of a customer who was not reached"
            raise RuleRefused(Rule.NO_OPEN_CALLBACK, message)
        # Its ticket is locked: of two who want it, the second finds what the first has made.
        if ticket.state is TicketState.CLOSED or has_open_callback(session, ticket.id):
            message = f"ticket {ticket.number}: somebody else has just decided"
            raise RuleRefused(Rule.JUST_DECIDED, message, ticket=ticket.number)
        check_number(session, services, before, now)
        rank = hours.reckon(session, services.rules, before, by_arrival=True)
        call_anew(session, before, _next_open(session, services, now), rank, cause)
    services.bell.wake_clock()


def close_ticket(services: Services, ticket_number: int, why: str, who: str, *, tell: bool = False) -> None:
    """Close a ticket about which nobody is going to be called; `tell`: with the mail that closes it.

    Raises RuleRefused without a reason, where it is closed already, and while a call-back is open.
    """
    now = services.clock.now()
    cause = Cause(now, who, check_reason(why))
    with services.database.write() as session:
        mail = close_in(session, services, locked(session, ticket_number), cause, tell=tell)
    if mail:
        services.bell.ring("mail")


def send_again(services: Services, mail_id: int, who: str, recipient: str = "") -> None:
    """Send a mail that could not be delivered once more, to another address where one is given. Raises RuleRefused."""
    now = services.clock.now()
    address = recipient.strip()
    if address and (len(address) > LONGEST_ADDRESS or not ADDRESS.fullmatch(address)):
        message = f"{address!r} is no e-mail address"
        raise RuleRefused(Rule.NOT_AN_ADDRESS, message, field="recipient")
    # Counted anew: the day of tries that is behind it says nothing about this one.
    columns: dict[str, Any] = {"due_at": now, "tries": 0, "lease_from": None, "last_error": None}
    if address:
        columns["recipient"] = address
    with services.database.write() as session:
        cause = Cause(now, who, "sent again, to another address" if address else "sent again")
        unsettled = OutboxMail.settled_at.is_(None)
        if not move_mail(session, mail_id, {MailState.DEAD}, MailState.PENDING, cause, unsettled, **columns):
            raise _mail_is_settled()
    services.bell.ring("mail")


def settle_mail(services: Services, mail_id: int, who: str) -> None:
    """Write down that somebody has dealt with a mail that could not be delivered. Raises RuleRefused."""
    now = services.clock.now()
    with services.database.write() as session:
        settled = session.execute(
            update(OutboxMail)
            .where(OutboxMail.id == mail_id, OutboxMail.state == MailState.DEAD, OutboxMail.settled_at.is_(None))
            .values(settled_at=now, settled_by=who)
            .returning(OutboxMail.id)
            .execution_options(synchronize_session=False),
        ).all()
        if not settled:
            raise _mail_is_settled()
        note(session, Subject.MAIL, mail_id, MailState.DEAD, Cause(now, who, "dealt with"))


def ask_provider(services: Services, attempt_id: int, who: str) -> None:
    """Ask the telephone provider soon about an attempt of which nobody knows whether a telephone rang.

    The question itself is the upkeep worker's: a provider that hangs must not hang the page. Raises RuleRefused.
    """
    now = services.clock.now()
    with services.database.write() as session:
        attempt = session.get(Attempt, attempt_id)
        if attempt is None or attempt.state is not AttemptState.UNKNOWN:
            message = "this is no longer in doubt"
            raise RuleRefused(Rule.NOT_IN_DOUBT, message)
        cause = Cause(now, who, "asked the telephone provider")
        note(session, Subject.ATTEMPT, attempt_id, AttemptState.UNKNOWN, cause, attempt.callback_id)
    services.bell.ring("upkeep")


def _next_open(session: Session, services: Services, now: datetime) -> datetime:
    try:
        return hours.calendar(session, services.rules).next_open(now)
    except RingbackError as error:
        message = "nobody knows when we are open again"
        raise RuleRefused(Rule.OUTSIDE_HOURS, message) from error


def _mail_is_settled() -> RuleRefused:
    message = "somebody else has just dealt with this mail"
    return RuleRefused(Rule.MAIL_SETTLED, message)
