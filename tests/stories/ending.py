"""How every story ends: all faults are mended, people are there, time goes on, and then nobody may be left waiting."""

from collections.abc import Callable
from datetime import timedelta
from enum import StrEnum

from sqlalchemy import select

from models.agent import Agent
from models.callback import Attempt, Callback, CallLeg
from models.vocabulary import CLOSED_ATTEMPTS, FINAL_LEGS, AgentState, CallbackState, LegKind, LegStatus
from tests.stories.clocks import next_time, seconds_to_closing
from tests.stories.desk import Desk
from tests.stories.legs import Stage, Trouble
from tests.stories.phonebook import AGENTS

C = CallbackState
AT_AN_END = frozenset({C.DONE, C.CANCELLED, C.UNREACHED, C.NEEDS_HUMAN})
BUSY = frozenset({AgentState.RESERVED, AgentState.ON_CALL, AgentState.WRAP_UP})
ROUNDS = 400


class Ending(StrEnum):
    """What people and network do from now on."""

    EVERYBODY_TALKS = "everybody talks"
    NO_NEWS = "everybody talks, and no news of it arrive"
    NOBODY_ANSWERS = "customers do not answer"


def all_ends_well(desk: Desk, ending: Ending, look_again: Callable[[], None]) -> None:
    """Put everything right and go on until every call-back has ended or needs a person. Raises AssertionError."""
    desk.teller.tells(f"In the end {ending}.")
    _mend(desk)
    for _ in range(ROUNDS):
        desk.step += 1
        for name in AGENTS:
            desk.duty(name, on=True)
        _people_act(desk, ending)
        while desk.network.letters:
            letter = desk.network.letters.pop(0)
            if ending is not Ending.NO_NEWS:
                desk.talks.told(letter)
        desk.upkeep_worker_looks()
        desk.workers_follow()
        look_again()
        left = _left(desk)
        if not left:
            return
        desk.time_passes(_until_something(desk))
    message = f"after {ROUNDS} rounds there is still {', '.join(left)}"
    raise AssertionError(message)


def _mend(desk: Desk) -> None:
    desk.network.trouble = Trouble.NONE
    desk.network.lags = False
    desk.database.spares_everybody()
    desk.talks.asks_again = True
    desk.switches_dialling(on=True)
    for number in list(desk.closures):
        desk.opens_again(number)
    for line in desk.network.live(LegKind.INBOUND):
        desk.network.ends(line, LegStatus.COMPLETED)


def _people_act(desk: Desk, ending: Ending) -> None:
    network, talks = desk.network, desk.talks
    for leg in network.live(LegKind.AGENT):
        if leg.status is LegStatus.RINGING:
            talks.agent_answers(leg)
        if leg.lives and leg.stage is Stage.WHISPER:
            talks.agent_accepts(leg)
    for leg in network.live(LegKind.CUSTOMER):
        if ending is Ending.NOBODY_ANSWERS:
            network.ends(leg, LegStatus.NO_ANSWER)
            continue
        if leg.answered is None:
            talks.customer_answers(leg)
        desk.time_passes(20)
        network.ends(leg, LegStatus.COMPLETED)
    for leg in network.live(LegKind.AGENT):
        if leg.stage is Stage.OUTCOME:
            talks.agent_states(leg, "1")
        if leg.stage is Stage.BYE:
            network.ends(leg, LegStatus.COMPLETED)


def _left(desk: Desk) -> list[str]:
    """Say what is not at its end."""
    with desk.database.real.read() as session:
        open_ones = session.scalars(select(Callback).where(Callback.state.not_in(AT_AN_END))).all()
        live = session.scalars(select(Attempt).where(Attempt.state.not_in(CLOSED_ATTEMPTS))).all()
        busy = session.scalars(select(Agent).where(Agent.state.in_(BUSY))).all()
        unended = session.scalars(select(CallLeg).where(CallLeg.status.not_in(FINAL_LEGS))).all()
        return [
            *(f"call-back {each.id} {each.state} ({each.why})" for each in open_ones),
            *(f"attempt {each.id} {each.state}" for each in live),
            *(f"{each.name} {each.state}" for each in busy),
            *(f"{each.kind} leg {each.call_sid}, as we know it {each.status}" for each in unended),
            *(f"{leg} {leg.status}" for leg in desk.network.legs.values() if leg.lives),
        ]


def _until_something(desk: Desk) -> float:
    """Return how long to wait: little while anything goes on, else until the next moment that matters."""
    now = desk.clock.at
    with desk.database.real.read() as session:
        live = session.scalars(select(Attempt.id).where(Attempt.state.not_in(CLOSED_ATTEMPTS)).limit(1)).first()
        rests = session.scalars(select(Callback.not_before).where(Callback.state == C.RESTING)).all()
        waiting = session.scalars(select(Callback.id).where(Callback.state.in_((C.WAITING, C.HELD))).limit(1)).first()
    if live is not None or any(leg.lives for leg in desk.network.legs.values()):
        return 16.0
    if waiting is not None and seconds_to_closing(now, ()) > 0:
        return 60.0
    moments = [rest for rest in rests if rest is not None and rest > now]
    if waiting is not None or not moments:
        moments.append(next_time(now, (9, 13)))
    return max(16.0, (min(moments) - now + timedelta(seconds=1)).total_seconds())
