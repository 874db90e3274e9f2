"""Who is on the hotline: the line itself, and the customer a number belongs to."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from callbacks.ports import HouseRules
from callbacks.rules.phone_numbers import NumberRefused, Refusal, check_dialable
from callbacks.store import agents, missed_calls, number_guards, open_requests
from callbacks.store.missed_calls import Told
from callbacks.store.transitions import Cause
from models.callback import CallLeg
from models.customer import Contact, ContactNumber, Customer
from models.ticket import MissedCall
from models.vocabulary import FINAL_LEGS, Agreement, Language, LegKind, LegStatus

HOUSE_LANGUAGE = Language.NL


@dataclass(frozen=True)
class Recognised:
    """Whose number it is, as far as the number alone tells; None where it may be any of several."""

    customer_id: int | None = None
    contact_id: int | None = None
    agreement: Agreement | None = None
    language: Language = HOUSE_LANGUAGE


def recognise(session: Session, number: str | None) -> Recognised:
    """Return whose number it is.

    One person: he and his company. Several people of one company (a switchboard): the company. Several companies:
    nobody, since a wrong name on a ticket is worse than none. The language is theirs where they all share one; an
    unknown number's that of its last call.
    """
    if number is None:
        return Recognised()
    rows = session.execute(
        select(Contact.id, Contact.language, Contact.customer_id, Customer.agreement)
        .join(ContactNumber, ContactNumber.contact_id == Contact.id)
        .join(Customer, Customer.id == Contact.customer_id)
        .where(ContactNumber.number == number),
    ).all()
    if not rows:
        return Recognised(language=_last_spoken(session, number))
    tongues = {row.language for row in rows}
    language = tongues.pop() if len(tongues) == 1 else HOUSE_LANGUAGE
    if len({row.customer_id for row in rows}) != 1:
        return Recognised(language=language)
    only = rows[0].id if len(rows) == 1 else None
    return Recognised(rows[0].customer_id, only, rows[0].agreement, language)


def line(session: Session, call_sid: str, *, lock: bool = False) -> CallLeg | None:
    """Return the hotline call with this SID, if it was ever heard of.

    `lock`: nobody else changes it before this transaction ends, and it is read afresh. The row is taken before its
    call-back, everywhere: in the other order two requests could wait for each other.
    """
    statement = select(CallLeg).where(CallLeg.call_sid == call_sid, CallLeg.kind == LegKind.INBOUND)
    if lock:
        statement = statement.with_for_update().execution_options(populate_existing=True)
    return session.scalar(statement)


def open_line(
    session: Session,
    call_sid: str,
    number: str | None,
    language: Language,
    now: datetime,
    *,
    lock: bool = False,
) -> CallLeg:
    """Write down a call that has just come in; one that is known already is returned as it is, locked if wanted."""
    known = line(session, call_sid, lock=lock)
    if known is not None:
        return known
    leg = CallLeg(
        call_sid=call_sid,
        kind=LegKind.INBOUND,
        number=number,
        language=language,
        status=LegStatus.IN_PROGRESS,
        sequence=-1,
        started_at=now,
    )
    session.add(leg)
    session.flush()
    return leg


def speak(session: Session, call_sid: str, language: Language) -> None:
    """Go on in another language on this line, and remember it of a caller who can be only one contact."""
    session.execute(update(CallLeg).where(CallLeg.call_sid == call_sid).values(language=language))
    number = session.scalar(select(CallLeg.number).where(CallLeg.call_sid == call_sid))
    contact_id = recognise(session, number).contact_id
    if contact_id is not None:
        session.execute(update(Contact).where(Contact.id == contact_id).values(language=language))


def close_line(session: Session, call_sid: str, now: datetime) -> None:
    """Mark a line as ended, because its last document hangs up; the provider's own word may come before or after."""
    session.execute(
        update(CallLeg)
        .where(CallLeg.call_sid == call_sid, CallLeg.status.not_in(FINAL_LEGS))
        .values(status=LegStatus.COMPLETED, ended_at=now),
    )


def unprove_lines(session: Session, number: str) -> None:
    """Let nobody count as proven any more on the calls to the hotline that go on from this number."""
    session.execute(
        update(CallLeg)
        .where(CallLeg.number == number, CallLeg.kind == LegKind.INBOUND, CallLeg.status.not_in(FINAL_LEGS))
        .values(agent_id=None),
    )


def miss(session: Session, leg: CallLeg, now: datetime) -> None:
    """Put a call that chose nothing on the missed-calls list, once; not of a caller whose request is shown already."""
    if session.get(MissedCall, leg.call_sid) is None and not open_requests.is_known(session, leg):
        language = leg.language or HOUSE_LANGUAGE
        session.add(MissedCall(call_sid=leg.call_sid, number=leg.number, language=language, at=now))
        missed_calls.tell(session, Told.MISSED, Cause(now, "telephone", leg.call_sid))
        session.flush()


def unmiss(session: Session, call_sid: str, now: datetime) -> None:
    """Take a call off the missed-calls list: its key was on the way while its end was told."""
    gone = delete(MissedCall).where(MissedCall.call_sid == call_sid).returning(MissedCall.call_sid)
    if session.execute(gone).all():
        missed_calls.tell(session, Told.NOT_MISSED, Cause(now, "telephone", call_sid))


def dialable(session: Session, rules: HouseRules, number: str | None, now: datetime) -> str | None:
    """Return the number if it may be dialled for a customer, else None. To be asked again right before dialling."""
    if number is None:
        return None
    try:
        check(session, rules, number, now)
    except NumberRefused:
        return None
    return number


def check(session: Session, rules: HouseRules, number: str, now: datetime) -> None:
    """Raise NumberRefused unless the number may be dialled now.

    Not ours, no agent's, ordinary, in an allowed country, and not on the list of numbers that are never dialled.
    """
    check_dialable(number, rules.allowed_countries, rules.own_numbers, agents.phones(session))
    if number_guards.guard_of(session, number, now) is not None:
        raise NumberRefused(Refusal.GUARDED)


def _last_spoken(session: Session, number: str) -> Language:
    """Return the language in which the latest call from a number ended."""
    calls = select(CallLeg.language).where(
        CallLeg.number == number,
        CallLeg.kind == LegKind.INBOUND,
        CallLeg.language.is_not(None),
    )
    return session.scalar(calls.order_by(CallLeg.started_at.desc()).limit(1)) or HOUSE_LANGUAGE
