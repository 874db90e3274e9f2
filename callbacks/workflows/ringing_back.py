"""A customer who missed our call rings back: he is next in line, for the agent who had prepared."""

from datetime import datetime

from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import Services
from callbacks.store import hours, legs, open_requests
from callbacks.store.transitions import Cause, move_callback
from models.agent import Agent
from models.callback import Attempt, Callback
from models.vocabulary import AgentState, CallbackState

WHO = "caller"


def ring_back(services: Services, callback_id: int, call_sid: str) -> bool:
    """Put the call-back first in line where it rests because its customer was not reached; say whether it stands there.

    `call_sid` is the hotline call he rings on; told again of the same call, nothing changes. He is called once he has
    hung up: while he is on the line the dispatcher passes over him. Who chose a moment of his own keeps that.
    """
    now = services.clock.now()
    try:
        with services.database.write() as session:
            callback = session.get(Callback, callback_id, with_for_update=True)
            return callback is not None and _ring_back(session, services, callback, call_sid, now)
    except RingbackError:
        # A calendar that cannot answer costs no caller his call: he rests as before.
        return False


def _ring_back(session: Session, services: Services, callback: Callback, call_sid: str, now: datetime) -> bool:
    if callback.state is CallbackState.RESTING and callback.booked_from is None:
        last = open_requests.missed_try(session, callback.id)
        if last is not None and legs.first_time(session, f"{call_sid}|ring-back|{callback.id}", now):
            _next_in_line(session, services, callback, last, Cause(now, WHO, "rang back after missing our call"))
    return callback.state is CallbackState.WAITING and callback.rang_back_at is not None


def _next_in_line(session: Session, services: Services, callback: Callback, last: Attempt, cause: Cause) -> None:
    callback.rang_back_at = cause.at
    session.flush()
    move_callback(
        session,
        callback.id,
        {CallbackState.RESTING},
        CallbackState.WAITING,
        cause,
        rank=hours.reckon(session, services.rules, callback),
        not_before=None,
        pinned_agent_id=_if_on_duty(session, last.agent_id),
    )
    session.refresh(callback)


def _if_on_duty(session: Session, agent_id: int) -> int | None:
    agent = session.get_one(Agent, agent_id)
    return None if agent.state is AgentState.OFF_DUTY or agent.wants_off_duty else agent.id
