"""Two call-backs of one customer become one: he is called once, about both tickets."""

from datetime import datetime

from sqlalchemy import or_, select, update
from sqlalchemy.orm import Session

from callbacks.errors import Rule, RuleRefused
from callbacks.ports import Services
from callbacks.store import hours, in_hand, promises
from callbacks.store.in_hand import InHand
from callbacks.store.transitions import Cause, move_callback, move_ticket, note
from callbacks.workflows.customer_side import has_open_callback
from callbacks.workflows.taking_in_hand import AT_REST, Wish, check_state, take
from models.callback import Callback
from models.ticket import Ticket
from models.vocabulary import OPEN_TICKETS, CallbackState, Option, PromiseResult, Subject, TicketState


def merge(services: Services, wish: Wish, other: int) -> int:
    """Merge a call-back with the open one of another ticket, and return the number of the ticket that stays.

    The one that would be called first stays, counts from the arrival of the earlier, and is an outage where either is.
    The other is cancelled, its ticket closed without a mail: its customer is still going to be called. Raises
    RuleRefused where they are of two numbers or of two chosen moments, or a telephone rings for one of them.
    """
    now = services.clock.now()
    with services.database.write() as session:
        here, there = _both(session, wish, other)
        stays, goes = sorted((here, there), key=_turn)
        _take_over(session, services, stays, goes, wish, now)
        number = stays.ticket.number
    services.bell.ring("dispatch")
    services.bell.wake_clock()
    return number


def _both(session: Session, wish: Wish, other: int) -> tuple[InHand, InHand]:
    """Return both call-backs, locked in the order of their ids: two supervisors must not wait for each other."""
    other_id = in_hand.open_of_ticket(session, other)
    if other_id is None or other_id == wish.callback_id:
        message = f"ticket {other} has no other open call-back"
        raise RuleRefused(Rule.NOTHING_TO_MERGE, message, field="other", ticket=other)
    session.execute(
        select(Callback.id)
        .where(Callback.id.in_((wish.callback_id, other_id)))
        .order_by(Callback.id)
        .with_for_update(),
    )
    here = take(session, wish, AT_REST)
    there = in_hand.take(session, other_id)
    if there is None:
        message = f"ticket {other} has no other open call-back"
        raise RuleRefused(Rule.NOTHING_TO_MERGE, message, field="other", ticket=other)
    check_state(there, AT_REST)
    if here.callback.number is None or here.callback.number != there.callback.number:
        message = f"ticket {other} is to be called at another number"
        raise RuleRefused(Rule.OTHER_NUMBER, message, field="other", ticket=other)
    if here.callback.booked_from != there.callback.booked_from:
        # Whichever stayed, a customer would lose the moment he chose, or be called at one he did not choose for this.
        message = f"ticket {other}: only one of the two is to be called at a chosen moment, or each at another"
        raise RuleRefused(Rule.OTHER_MOMENT, message, field="other", ticket=other)
    return here, there


def _turn(each: InHand) -> tuple[bool, bool, float, int, int]:
    """Return its place among the two. What rests is called after what waits, however its rank will put it then."""
    callback = each.callback
    rests = callback.state is CallbackState.RESTING
    until = callback.not_before.timestamp() if rests and callback.not_before else 0.0
    return callback.state is CallbackState.NEEDS_HUMAN, rests, until, callback.rank, callback.id


def _take_over(session: Session, services: Services, stays: InHand, goes: InHand, wish: Wish, now: datetime) -> None:
    kept, over = stays.callback, goes.callback
    kept_ticket, over_ticket = stays.ticket.number, goes.ticket.number
    merged = wish.cause(now, f"merged into ticket {kept_ticket}")
    arrived = min(kept.arrived_at, over.arrived_at)
    move_callback(session, over.id, AT_REST, CallbackState.CANCELLED, merged)
    promises.settle(session, over.id, now, PromiseResult.LAPSED)
    if not has_open_callback(session, over.ticket_id):
        # With those that were merged into it before: what was said about them is asked of the ticket that goes on.
        goes_on = or_(Ticket.id == over.ticket_id, Ticket.merged_into_id == over.ticket_id)
        session.execute(update(Ticket).where(goes_on).values(merged_into_id=kept.ticket_id))
        move_ticket(session, over.ticket_id, OPEN_TICKETS, TicketState.CLOSED, merged)
    option = Option.OUTAGE if Option.OUTAGE in {kept.option, over.option} else kept.option
    session.execute(update(Callback).where(Callback.id == kept.id).values(arrived_at=arrived, option=option))
    if option is not stays.ticket.option:
        session.execute(update(Ticket).where(Ticket.id == kept.ticket_id).values(option=option))
    session.refresh(kept)
    kept.rank = hours.reckon(session, services.rules, kept)
    session.flush()
    told = Cause(now, wish.who, f"ticket {over_ticket} merged into this one")
    note(session, Subject.CALLBACK, kept.id, kept.state, told, kept.id)
