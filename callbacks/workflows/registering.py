"""A caller on the hotline: the line is written down, his key becomes a ticket and a held call-back, his number is kept.

Each step commits before anything is said of it, and finds its own traces when the same request comes again.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from callbacks.ports import Services
from callbacks.rules.keyed_numbers import KeyedNumber, parse_keyed
from callbacks.rules.overload import Busy, how_busy
from callbacks.rules.phone_numbers import parse_caller_id
from callbacks.rules.promise import Range
from callbacks.rules.queue_order import Standing
from callbacks.store import callers, legs, other_numbers, promises, tickets
from callbacks.store.load import load
from callbacks.store.promises import IN_THE_QUEUE
from callbacks.store.transitions import Cause, move_callback, record_birth
from callbacks.workflows import knowing_requests, releasing
from callbacks.workflows.emails import queue_confirmation
from callbacks.workflows.opening import Opening, opening
from callbacks.workflows.placing import place_of
from callbacks.workflows.promising import promise
from models.callback import Callback, CallLeg
from models.ticket import Ticket
from models.vocabulary import FINAL_LEGS, CallbackState, Channel, Language, Option, Subject

WHO = "caller"
RACES = 3
SUBJECTS = {Option.OUTAGE: "ticket_subject_outage", Option.QUESTION: "ticket_subject_question"}
NOT_CLAIMED = (CallbackState.HELD, CallbackState.WAITING, CallbackState.NEEDS_HUMAN)
"""While nobody rings for it yet, a number that the caller confirmed may still be taken."""
NOT_DIALLED = (CallbackState.HELD, CallbackState.NEEDS_HUMAN)
"""Only here may a number stand that nobody confirmed: a waiting call-back is dialled as it is, mistyped or not."""

T = TypeVar("T")


@dataclass(frozen=True)
class Line:
    """A call to the hotline. `number` is the caller ID where it may be dialled, `ticket` what was made of the call.

    `callback_id` is the call-back it is about: its own, or an open one its caller rings about.
    """

    call_sid: str
    language: Language
    number: str | None
    ticket: int | None
    callback_id: int | None = None


@dataclass(frozen=True)
class Farewell:
    """What is committed, and therefore may be said: the ticket, the number (None: a person must look), the mail.

    `promise` is from when until when we call; None where nobody can foresee it. `busy`: there is too much to do to
    say it aloud; it is in the mail, where there is a promise and a mail that goes.
    """

    ticket: int
    number: str | None
    promise: Range | None
    mail: bool
    opening: Opening
    busy: Busy | None = None


def meets(services: Services, call_sid: str, caller_id: str) -> Line:
    """Return the line of a request, written down when it is heard of for the first time."""
    known = recalls(services, call_sid)
    if known is not None:
        return known
    number = parse_caller_id(caller_id)
    now = services.clock.now()

    def write(session: Session) -> Line:
        language = callers.recognise(session, number).language
        return _line(session, services, callers.open_line(session, call_sid, number, language, now), now)

    return _committed(services, write)


def recalls(services: Services, call_sid: str) -> Line | None:
    """Return what is known of a line, without writing anything; None for one never heard of."""
    with services.database.read() as session:
        leg = callers.line(session, call_sid)
        return None if leg is None else _line(session, services, leg, services.clock.now())


def speaks(services: Services, line: Line, language: Language, event: str) -> Line:
    """Go on in another language; what was chosen already keeps its own."""
    now = services.clock.now()

    def write(session: Session) -> Line:
        if line.ticket is None and legs.first_time(session, event, now):
            callers.speak(session, line.call_sid, language)
        leg = callers.line(session, line.call_sid)
        return line if leg is None else _line(session, services, leg, now)

    return _committed(services, write)


def chooses(services: Services, line: Line, option: Option, event: str) -> Line:
    """Make a ticket and a held call-back of the caller's key, in one transaction; one a call, however often asked.

    Where his number may have no call-back more for this reason, none is made: the line is about the latest of them, and
    has no ticket. Where the call ended meanwhile, nobody will say goodbye any more: what was chosen is let go
    at once.
    """
    now = services.clock.now()

    def write(session: Session) -> bool:
        # Locked, or on PostgreSQL the end of the call could look for a call-back while this one is not committed yet,
        # find none, and leave it held.
        leg = callers.open_line(session, line.call_sid, line.number, line.language, now, lock=True)
        if _callback(session, line.call_sid) is None:
            is_new = legs.first_time(session, event, now) or leg.about_id is None
            cause = Cause(now, WHO, f"pressed {option.value}: {option.name.lower()}")
            if is_new and not knowing_requests.attach(session, services.rules, leg, option, cause):
                _register(session, services, leg, option, cause)
        return leg.status in FINAL_LEGS

    if _committed(services, write):
        releasing.release(services, line.call_sid, "hotline", "the call to the hotline had ended")
    return meets(services, line.call_sid, line.number or "")


def keys_in(services: Services, line: Line, keys: str, event: str) -> KeyedNumber:
    """Keep a number as the caller keyed it in, not confirmed yet, and return it.

    Raises NumberRefused with the reason to say; nothing is kept then.
    """
    keyed = parse_keyed(keys, services.rules.allowed_countries)
    now = services.clock.now()

    def write(session: Session) -> None:
        callers.check(session, services.rules, keyed.number, now)
        option = _option(_callback(session, line.call_sid))
        knowing_requests.check_room(session, services.rules, keyed.number, line.call_sid, option)
        if legs.first_time(session, event, now):
            _set_number(session, line.call_sid, keyed.number, keyed.extension, confirmed=False)

    _committed(services, write)
    return keyed


def keyed_number(services: Services, line: Line) -> KeyedNumber | None:
    """Return the number to call as it is kept now; None for one that was never keyed in, and is not to be spoken."""
    with services.database.read() as session:
        callback = _callback(session, line.call_sid)
        if callback is None or callback.number is None or legs.was_seen(session, _taken_from_file(line)):
            return None
        return KeyedNumber(callback.number, callback.extension)


def has_another_number(services: Services, line: Line) -> bool:
    """Say whether the caller may be called on another number that we know of him. It is never told which."""
    now = services.clock.now()
    with services.database.read() as session:
        number = other_numbers.of_his_own(session, services.rules, line.number, now)
        if number is None:
            return False
        option = _option(_callback(session, line.call_sid))
        return not knowing_requests.is_full(session, services.rules, number, line.call_sid, option)


def takes_known_number(services: Services, line: Line) -> bool:
    """Take the number we know of the caller besides the one he rings from; False where there is none (any more)."""
    now = services.clock.now()

    def write(session: Session) -> bool:
        number = other_numbers.of_his_own(session, services.rules, line.number, now)
        callback = _callback(session, line.call_sid, lock=True)
        if number is None or callback is None:
            return False
        if knowing_requests.is_full(session, services.rules, number, line.call_sid, callback.option, lock=True):
            return False
        if legs.first_time(session, _taken_from_file(line), now):
            _set_number(session, line.call_sid, number, confirmed=False)
        return True

    return _committed(services, write)


def concludes(services: Services, line: Line, event: str, *, confirmed: bool) -> Farewell | None:
    """Settle the number and promise the mail, and return what may be said; None where nothing was chosen.

    `confirmed`: the caller said that the number is right. If not, his own caller ID is taken, as when he hangs up.
    """
    now = services.clock.now()

    def write(session: Session) -> tuple[Farewell, bool] | None:
        callback = _callback(session, line.call_sid, lock=True)
        if callback is None:
            return None
        if callback.closed_at is not None:
            return _nothing_promised(session, services, callback, now), False
        late = False
        if legs.first_time(session, event, now) and confirmed and callback.number is not None:
            late = _confirm(session, callback, Cause(now, WHO, "the caller confirmed the number"))
        elif not callback.number_confirmed and line.number is not None:
            _set_number(session, line.call_sid, line.number, confirmed=False)
        session.refresh(callback)
        sure = callback.number_confirmed or callback.number == line.number
        can_call = sure and callback.number is not None and callback.state in IN_THE_QUEUE
        rules = services.rules
        busy = how_busy(load(session, rules, now), rules.overload_queue, rules.overload_wait) if can_call else None
        # Not said aloud, it is told by the mail alone.
        when = promise(session, services, callback.id, now, told=busy is None) if can_call else None
        mail = queue_confirmation(session, services, callback.ticket_id, now)
        number = session.get_one(Ticket, callback.ticket_id).number
        hours_now = opening(session, services, now)
        if busy and mail:
            promises.tell(session, callback.id)
        return Farewell(number, callback.number if sure else None, when, mail, hours_now, busy), late

    done = _committed(services, write)
    if done is None:
        return None
    farewell, late = done
    if farewell.mail:
        services.bell.ring("mail")
    if late:
        services.bell.ring("dispatch")
    return farewell


def _nothing_promised(session: Session, services: Services, callback: Callback, now: datetime) -> Farewell:
    """Return what may be said where a call-back is over before its caller has heard of it: its ticket, to come back to.

    Without a number nothing is said of a call; nor is a mail written that would confirm one.
    """
    number = session.get_one(Ticket, callback.ticket_id).number
    return Farewell(number, None, None, mail=False, opening=opening(session, services, now))


def gives_up(services: Services, line: Line) -> None:
    """Put a caller who chose nothing on the missed-calls list."""
    now = services.clock.now()

    def write(session: Session) -> None:
        leg = callers.line(session, line.call_sid, lock=True)
        if leg is not None and _callback(session, line.call_sid) is None:
            callers.miss(session, leg, now)

    _committed(services, write)


def _register(session: Session, services: Services, leg: CallLeg, option: Option, cause: Cause) -> None:
    language = leg.language or callers.HOUSE_LANGUAGE
    known = callers.recognise(session, leg.number)
    subject = services.texts.text(language, SUBJECTS[option])
    report = tickets.Report(Channel.HOTLINE, option, language, subject, known.customer_id, known.contact_id)
    order, why = place_of(session, services, Standing(cause.at, option, known.agreement), cause)
    callback = Callback(
        ticket_id=tickets.open_ticket(session, report, cause).id,
        state=CallbackState.HELD,
        option=option,
        language=language,
        number=callers.dialable(session, services.rules, leg.number, cause.at),
        inbound_sid=leg.call_sid,
        arrived_at=cause.at,
        rank=order,
        why=why,
    )
    session.add(callback)
    session.flush()
    record_birth(
        session, Subject.CALLBACK, callback.id, CallbackState.HELD, Cause(cause.at, cause.who, why), callback.id
    )
    callers.unmiss(session, leg.call_sid, cause.at)


def _committed(services: Services, work: Callable[[Session], T]) -> T:
    """Do the work in one transaction; where the same request came twice at once, the second looks again.

    The first has committed by the time the unique index refuses the second, which then finds everything done.
    """
    for _ in range(RACES - 1):
        try:
            with services.database.write() as session:
                return work(session)
        except IntegrityError:
            continue
    with services.database.write() as session:
        return work(session)


def _line(session: Session, services: Services, leg: CallLeg, now: datetime) -> Line:
    made = select(Callback.id, Ticket.number).join(Ticket, Ticket.id == Callback.ticket_id)
    row = session.execute(made.where(Callback.inbound_sid == leg.call_sid)).first()
    own = callers.dialable(session, services.rules, leg.number, now)
    ticket, callback_id = (row.number, row.id) if row else (None, leg.about_id)
    return Line(leg.call_sid, leg.language or callers.HOUSE_LANGUAGE, own, ticket, callback_id)


def _callback(session: Session, call_sid: str, *, lock: bool = False) -> Callback | None:
    statement = select(Callback).where(Callback.inbound_sid == call_sid)
    return session.scalar(statement.with_for_update() if lock else statement)


def _option(callback: Callback | None) -> Option:
    return callback.option if callback else Option.QUESTION


def _confirm(session: Session, callback: Callback, cause: Cause) -> bool:
    """Keep the number as the caller's own word. True where this came after the end of his call and frees it now."""
    _set_number(session, str(callback.inbound_sid), str(callback.number), callback.extension, confirmed=True)
    return move_callback(session, callback.id, {CallbackState.NEEDS_HUMAN}, CallbackState.WAITING, cause)


def _taken_from_file(line: Line) -> str:
    return f"{line.call_sid}|number-on-file"


def _set_number(
    session: Session,
    call_sid: str,
    number: str,
    extension: str | None = None,
    *,
    confirmed: bool,
) -> None:
    states = NOT_CLAIMED if confirmed else NOT_DIALLED
    session.execute(
        update(Callback)
        .where(Callback.inbound_sid == call_sid, Callback.state.in_(states))
        .values(number=number, extension=extension, number_confirmed=confirmed),
    )
