"""The waiting call-backs and the free agents, and the claim that joins one of each."""

from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, bindparam, exists, func, select, text
from sqlalchemy.orm import Session

from callbacks.errors import RingbackError
from callbacks.ports import HouseRules
from callbacks.rules.dispatch_plan import FreeAgent, Pair, WaitingCall
from callbacks.store import agents as agent_store
from callbacks.store.transitions import Cause, move_agent, move_callback, record_birth
from models.agent import Agent
from models.base import Word
from models.callback import LIVE, Attempt, Callback, CallLeg
from models.ticket import Ticket
from models.vocabulary import (
    FINAL_LEGS,
    AgentOutcome,
    AgentState,
    AttemptState,
    CallbackState,
    LegKind,
    Option,
    Role,
    Subject,
)

HEAD_OF_QUEUE = 20
REFUSALS = frozenset({AgentOutcome.DECLINED, AgentOutcome.NO_ANSWER, AgentOutcome.BUSY, AgentOutcome.FAILED})


class LostRace(RingbackError):
    """Somebody else took the agent, the call-back or the number first; the whole claim is rolled back."""

    permanent = False


def free_agents(session: Session, now: datetime) -> list[FreeAgent]:
    """Return every agent who can be rung now; one who is on the line with the hotline himself cannot."""
    rows = session.scalars(
        select(Agent).where(
            Agent.state == AgentState.FREE,
            Agent.role == Role.AGENT,
            Agent.phone.is_not(None),
            agent_store.rested(now),
            ~rings_us(),
        ),
    )
    return [FreeAgent(agent.id, frozenset(agent_store.languages(agent)), agent.state_since) for agent in rows]


def is_waiting() -> ColumnElement[bool]:
    """Return the condition of the queue's index.

    The word stands in the statement itself: SQLite takes a partial index for no parameter, and would sort the table.
    """
    return Callback.state == bindparam(None, CallbackState.WAITING, Word(CallbackState), literal_execute=True)


def on_the_line() -> ColumnElement[bool]:
    """Return the condition that a leg is somebody's call to the hotline that goes on.

    No instant takes part: the wall clock may be moved in the middle of a call. A call whose end nobody told is ended
    by the sweep that asks about it (workflows/reconciling.py).
    """
    return and_(CallLeg.kind == LegKind.INBOUND, CallLeg.status.not_in(FINAL_LEGS))


def rings_us() -> ColumnElement[bool]:
    """Return the condition that an agent's own telephone is on the line with the hotline."""
    return exists().where(on_the_line(), CallLeg.number == Agent.phone).correlate(Agent)


def callers(session: Session) -> frozenset[str]:
    """Return the numbers that are on the hotline at this moment."""
    calling = session.scalars(select(CallLeg.number).where(on_the_line()))
    return frozenset(number for number in calling if number)


def busy_numbers(session: Session) -> frozenset[str]:
    """Return customers' numbers that are on a leg of ours already."""
    # In the words of its index, or the whole table would be read.
    live = session.scalars(select(Attempt.customer_number).where(text(LIVE)))
    return frozenset(live) | callers(session)


def head(session: Session, rules: HouseRules, busy: frozenset[str], now: datetime) -> list[WaitingCall]:
    """Return the first waiting call-backs in order of rank, whose number is not busy.

    Where appointments are among them, the first outages are too, however many appointments stand before them: the last
    free agent may be kept for one.
    """
    wanted = (
        select(Callback, Ticket.owner_id)
        .join(Ticket, Ticket.id == Callback.ticket_id)
        .where(is_waiting(), Callback.number.is_not(None), Callback.number.not_in(busy))
        .order_by(Callback.rank, Callback.id)
    )
    rows = list(session.execute(wanted.limit(HEAD_OF_QUEUE)))
    if rules.last_agent_for_outage and len(rows) == HEAD_OF_QUEUE and any(row.Callback.booked_from for row in rows):
        read = [row.Callback.id for row in rows]
        outages = wanted.where(Callback.option == Option.OUTAGE, Callback.id.not_in(read))
        rows += session.execute(outages.limit(HEAD_OF_QUEUE))
    barred = _barred(session, [row.Callback.id for row in rows], rules, now)
    prepared = _who_may_be_waited_for(session, {row.Callback.pinned_agent_id for row in rows} - {None})
    return [
        WaitingCall(
            id=row.Callback.id,
            fence=row.Callback.fence,
            number=row.Callback.number,
            language=row.Callback.language,
            owner_id=row.owner_id,
            pinned_id=_pin(row.Callback.pinned_agent_id, prepared - barred.get(row.Callback.id, frozenset())),
            barred=barred.get(row.Callback.id, frozenset()),
            outage=row.Callback.option is Option.OUTAGE,
            yields=_can_still_be_kept(row.Callback, now),
        )
        for row in rows
    ]


def _can_still_be_kept(callback: Callback, now: datetime) -> bool:
    """Say whether a chosen moment is less than half over.

    Where agents come free one at a time, each is the last, and outages would put an appointment off for ever.
    """
    if callback.booked_from is None or callback.booked_to is None:
        return False
    return now < callback.booked_from + (callback.booked_to - callback.booked_from) / 2


def _pin(agent_id: int | None, may_be_waited_for: frozenset[int]) -> int | None:
    return agent_id if agent_id in may_be_waited_for else None


def _who_may_be_waited_for(session: Session, agent_ids: set[int]) -> frozenset[int]:
    """Return those of these agents who can be rung now, or after their wrap-up: nobody waits longer for one man."""
    if not agent_ids:
        return frozenset()
    return frozenset(session.scalars(select(Agent.id).where(Agent.id.in_(agent_ids), is_soon_free())))


def is_soon_free() -> ColumnElement[bool]:
    """Return the condition that an agent can be rung now, or once his minutes after a talk are over."""
    return and_(
        Agent.state.in_((AgentState.FREE, AgentState.WRAP_UP)),
        Agent.wants_off_duty.is_(False),
        Agent.role == Role.AGENT,
        Agent.phone.is_not(None),
        ~rings_us(),
    )


def claim(session: Session, pair: Pair, rules: HouseRules, now: datetime) -> int:
    """Take one call-back and one agent in this transaction; return the attempt's id. Raises LostRace.

    The caller must let the exception roll the transaction back: half a claim is never committed. The unique indexes
    on live attempts raise IntegrityError beside it, which means the same.
    """
    agent = session.get_one(Agent, pair.agent_id)
    callback = session.get_one(Callback, pair.callback_id)
    if agent.phone is None or callback.number is None:
        message = "no number to ring"
        raise LostRace(message)
    phone, number = agent.phone, callback.number
    wait = rules.preparation if agent_store.desk_is_open(agent, now) else 0
    cause = Cause(now, "dispatch", f"offered to {agent.name}")
    n = 1 + (session.scalar(select(func.max(Attempt.n)).where(Attempt.callback_id == callback.id)) or 0)
    moved = move_callback(
        session,
        pair.callback_id,
        {CallbackState.WAITING},
        CallbackState.PREPARING,
        cause,
        Callback.fence == pair.fence,
        fence=pair.fence + 1,
        not_before=None,
        # Offered once, he is waited for no more: who declines would keep the customer from everybody else.
        pinned_agent_id=None,
    ) and move_agent(session, pair.agent_id, {AgentState.FREE}, AgentState.RESERVED, cause, ~rings_us())
    if not moved:
        message = "taken by somebody else"
        raise LostRace(message)
    attempt = Attempt(
        callback_id=pair.callback_id,
        n=n,
        fence=pair.fence + 1,
        state=AttemptState.RESERVED,
        state_since=now,
        agent_id=pair.agent_id,
        agent_phone=phone,
        customer_number=number,
        reserved_at=now,
        ring_at=now + timedelta(seconds=wait),
        lease_until=now + timedelta(seconds=wait + rules.lease),
    )
    session.add(attempt)
    session.flush()
    record_birth(session, Subject.ATTEMPT, attempt.id, AttemptState.RESERVED, cause, pair.callback_id)
    return attempt.id


def _barred(
    session: Session,
    callback_ids: list[int],
    rules: HouseRules,
    now: datetime,
) -> dict[int, frozenset[int]]:
    if not callback_ids:
        return {}
    rows = session.execute(
        select(Attempt.callback_id, Attempt.agent_id).where(
            Attempt.callback_id.in_(callback_ids),
            Attempt.state == AttemptState.ENDED,
            Attempt.agent_outcome.in_(REFUSALS),
            Attempt.ended_at.between(now - timedelta(seconds=rules.offer_cool_off), now),
        ),
    ).all()
    barred: dict[int, set[int]] = {}
    for row in rows:
        barred.setdefault(row.callback_id, set()).add(row.agent_id)
    return {callback_id: frozenset(agents) for callback_id, agents in barred.items()}
