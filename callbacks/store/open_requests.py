"""The open call-backs of one telephone number."""

from sqlalchemy import and_, or_, select
from sqlalchemy.orm import Session

from models.callback import Callback, CallLeg
from models.vocabulary import OPEN_CALLBACKS, CallbackState, LegKind

STILL_TO_CALL = OPEN_CALLBACKS - {CallbackState.WRAP_UP}
"""After the talk nothing is left to promise: a question asked then is another one."""


def about(session: Session, number: str, call_sid: str, *, lock: bool = True) -> list[int]:
    """Return the open call-backs of a number, the oldest first, without the one made on this line.

    Counted are those that will ring it, those that fall back to it while their caller is still on the line, and those
    of its calls that have no number to ring. `lock`: two calls at once would count the same on PostgreSQL, and both
    make one more; so the rows are locked, and counted anew once they are ours.
    """
    rings_from_it = select(CallLeg.call_sid).where(CallLeg.number == number, CallLeg.kind == LegKind.INBOUND)
    may_fall_back = or_(Callback.state == CallbackState.HELD, Callback.number.is_(None))
    statement = (
        select(Callback.id)
        .where(
            Callback.state.in_(STILL_TO_CALL),
            or_(Callback.number == number, and_(may_fall_back, Callback.inbound_sid.in_(rings_from_it))),
            or_(Callback.inbound_sid.is_(None), Callback.inbound_sid != call_sid),
        )
        .order_by(Callback.id)
    )
    if lock:
        session.scalars(statement.with_for_update(of=Callback)).all()
    return list(session.scalars(statement))
