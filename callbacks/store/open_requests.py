"""The open call-backs of one telephone number."""

from sqlalchemy import and_, func, or_, select
from sqlalchemy.orm import Session

from models.callback import Callback, CallLeg
from models.vocabulary import OPEN_CALLBACKS, CallbackState, LegKind

STILL_TO_CALL = OPEN_CALLBACKS - {CallbackState.WRAP_UP}
"""After the talk nothing is left to promise: a question asked then is another one."""


def about(session: Session, number: str, call_sid: str, *, lock: bool = True) -> list[int]:
    """Return the open call-backs of a number, the oldest first, without the one made on this line.

    Counted are those that will ring it, those that fall back to it while their caller is still on the line, and those
    of its calls that have no number to ring. `lock`: nobody else counts those of this number before the end of this
    transaction, which has to be a writing one.
    """
    if lock:
        _take_turn(session, number)
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
    return list(session.scalars(statement))


def _take_turn(session: Session, number: str) -> None:
    """Let one caller at a time count: two at once would count the same, and each make one more.

    Rows could not be locked instead: a number that calls for the first time has none. On SQLite writers are alone.
    """
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_advisory_xact_lock(func.hashtext(number))))
