"""What is still open for a telephone number: asked of who rings again, and by who must not count him as missed."""

from dataclasses import dataclass

from sqlalchemy import ScalarSelect, and_, case, or_, select, union
from sqlalchemy.orm import Session

from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import OPEN_CALLBACKS, CallbackState, CustomerOutcome, LegKind

BEING_CALLED = frozenset({CallbackState.PREPARING, CallbackState.ACTIVE})
MISSED_BY_HIM = (CustomerOutcome.BUSY, CustomerOutcome.NO_ANSWER, CustomerOutcome.MACHINE)
TRIED = (*MISSED_BY_HIM, CustomerOutcome.FAILED, CustomerOutcome.BRIDGED)


@dataclass(frozen=True)
class OpenRequest:
    """One open call-back. `missed`: our last call did not reach him, and he has not been called since."""

    callback_id: int
    state: CallbackState
    missed: bool


def of_number(session: Session, number: str | None, call_sid: str) -> list[OpenRequest]:
    """Return the open call-backs to this number, or asked for from it, but not by the call `call_sid` itself.

    The one that is called first stands first: being called now, missed by the customer, then by rank.
    """
    if number is None:
        return []
    asked_from_it = select(CallLeg.call_sid).where(CallLeg.number == number, CallLeg.kind == LegKind.INBOUND)
    # Two look-ups by index: an OR over both would read every open call-back on PostgreSQL.
    of_it = union(
        select(Callback.id).where(Callback.number == number),
        select(Callback.id).where(Callback.inbound_sid.in_(asked_from_it)),
    )
    is_missed = and_(
        _last_try().in_(MISSED_BY_HIM),
        # Who chose another moment since has said when he wants to be called.
        Callback.booked_from.is_(None),
        or_(
            Callback.state == CallbackState.RESTING,
            and_(Callback.state == CallbackState.WAITING, Callback.rang_back_at.is_not(None)),
        ),
    )
    turn = case((Callback.state.in_(BEING_CALLED), 0), (is_missed, 1), else_=2)
    rows = session.execute(
        select(Callback.id, Callback.state, turn)
        .where(
            Callback.id.in_(of_it),
            Callback.state.in_(OPEN_CALLBACKS),
            or_(Callback.inbound_sid.is_(None), Callback.inbound_sid != call_sid),
        )
        .order_by(turn, Callback.rank, Callback.id),
    )
    return [OpenRequest(callback_id, state, turn == 1) for callback_id, state, turn in rows]


def is_known(session: Session, leg: CallLeg) -> bool:
    """Say whether a caller is shown already, by an open call-back or by the one his call was about."""
    return leg.about_id is not None or bool(of_number(session, leg.number, leg.call_sid))


def _last_try() -> ScalarSelect[CustomerOutcome | None]:
    """Return what became of the last call to the customer; one that an agent declined was none."""
    outcome = select(Attempt.customer_outcome).where(
        Attempt.callback_id == Callback.id, Attempt.customer_outcome.in_(TRIED)
    )
    return outcome.order_by(Attempt.n.desc()).limit(1).correlate(Callback).scalar_subquery()
